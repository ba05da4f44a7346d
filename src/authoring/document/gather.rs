//! What the page says of each term, gathered from the statements of the ontology.

use crate::authoring::validate::MemoryGraph;
use crate::ontology::terms::{NAMESPACE, external, property};
use crate::ontology::{Ontology, Statement};
use crate::sparql::Prefixes;
use oxrdf::vocab::{rdf, rdfs};
use oxrdf::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple};
use std::collections::{BTreeMap, BTreeSet};

const SKOS: &str = "http://www.w3.org/2004/02/skos/core#";
const OWL: &str = "http://www.w3.org/2002/07/owl#";
const SHACL: &str = "http://www.w3.org/ns/shacl#";
/// Prefixes of the ontology's own that queries have no use for.
const FURTHER: [(&str, &str); 7] = [
    ("https://w3id.org/belligraph/shape#", "shape:"),
    ("https://w3id.org/belligraph/frame#", "frame:"),
    ("https://w3id.org/belligraph/pattern#", "pattern:"),
    ("https://w3id.org/belligraph/code/acled#", "acled:"),
    ("https://w3id.org/belligraph/code/plover#", "plover:"),
    ("https://w3id.org/belligraph/code/ucdp#", "ucdp:"),
    (SHACL, "sh:"),
];

/// A term that is spoken of, and where it is described.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Link {
    /// Label, or the short IRI.
    pub(super) text: String,
    /// An anchor of the page, or an IRI of elsewhere.
    pub(super) href: String,
    /// The short IRI.
    pub(super) title: String,
}

/// A property as a class uses it.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) link: Link,
    pub(super) ranges: Vec<Link>,
    pub(super) definition: String,
}

/// How a term stands to one of another vocabulary.
#[derive(Clone, Debug)]
pub(super) struct Alignment {
    pub(super) how: String,
    pub(super) link: Link,
    pub(super) note: String,
}

/// Words that evoke a class.
#[derive(Clone, Debug)]
pub(super) struct FrameView {
    pub(super) name: String,
    pub(super) words: Vec<(String, String)>,
    pub(super) roles: Vec<(Link, String)>,
    pub(super) conditions: Vec<String>,
    pub(super) examples: Vec<String>,
    pub(super) counter_examples: Vec<String>,
}

/// What a shape asks of a property.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) path: String,
    pub(super) asks: String,
    pub(super) message: String,
}

/// A shape.
#[derive(Clone, Debug)]
pub(super) struct ShapeView {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) targets: Vec<Link>,
    pub(super) includes: Vec<Link>,
    pub(super) rules: Vec<Rule>,
}

/// Everything said of a term.
#[derive(Clone, Debug, Default)]
pub(super) struct TermView {
    pub(super) id: String,
    pub(super) iri: String,
    pub(super) curie: String,
    pub(super) label: String,
    pub(super) other_labels: Vec<(String, String)>,
    pub(super) kind: &'static str,
    pub(super) definition: String,
    pub(super) examples: Vec<String>,
    pub(super) notes: Vec<String>,
    pub(super) notation: String,
    pub(super) deprecated: bool,
    pub(super) module: String,
    pub(super) path: Vec<Link>,
    pub(super) parents: Vec<Link>,
    pub(super) children: Vec<Link>,
    pub(super) domains: Vec<Link>,
    pub(super) ranges: Vec<Link>,
    pub(super) traits: Vec<String>,
    pub(super) uses: Vec<Use>,
    pub(super) inherited: Vec<(Link, Vec<Link>)>,
    pub(super) value_of: Vec<Link>,
    pub(super) alignments: Vec<Alignment>,
    pub(super) frames: Vec<FrameView>,
    pub(super) shapes: Vec<Link>,
    pub(super) codes: Vec<TermView>,
    /// From a store, by `usage`.
    pub(super) count: Option<u64>,
    pub(super) sentence: Option<String>,
    pub(super) query: Option<String>,
    pub(super) saved: Vec<(String, String)>,
}

impl TermView {
    /// What the search looks in.
    pub(super) fn searched(&self) -> String {
        let words = self.frames.iter().flat_map(|frame| &frame.words).map(|(_, words)| words.as_str());
        let codes = self.codes.iter().map(|code| code.label.as_str());
        let labels = self.other_labels.iter().map(|(_, label)| label.as_str());
        let all =
            [self.label.as_str(), &self.curie, &self.definition].into_iter().chain(labels).chain(words).chain(codes);
        all.collect::<Vec<_>>().join(" ").to_lowercase()
    }
}

/// A node of the tree of classes or properties.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub(super) link: Link,
    pub(super) below: Vec<Branch>,
    pub(super) size: usize,
}

/// The ontology as a graph, with what the page needs to name things.
pub(super) struct Source<'o> {
    pub(super) ontology: &'o Ontology,
    pub(super) graph: MemoryGraph,
    statements: Vec<Statement>,
    prefixes: Prefixes,
    /// The subjects that the page describes, with their anchors.
    anchors: BTreeMap<String, String>,
}

impl<'o> Source<'o> {
    pub(super) fn new(ontology: &'o Ontology) -> Self {
        let statements = ontology.statements();
        let graph = MemoryGraph::new(statements.iter().map(|statement| statement.triple.clone()));
        let prefixes = Prefixes::of_base(crate::graph::DEFAULT_BASE);
        let mut source = Self { ontology, graph, statements, prefixes, anchors: BTreeMap::new() };
        let mut anchors = BTreeMap::new();
        for node in source.graph.described() {
            if let Term::NamedNode(node) = node
                && source.kind(node).is_some()
            {
                anchors.insert(node.as_str().to_owned(), source.anchor(node));
            }
        }
        source.anchors = anchors;
        source
    }

    pub(super) fn triples(&self) -> impl Iterator<Item = &Triple> {
        self.statements.iter().map(|statement| &statement.triple)
    }

    fn anchor(&self, node: &NamedNode) -> String {
        match node.as_str().strip_prefix(NAMESPACE) {
            Some(local) => local.to_owned(),
            None => self.curie(node).replace([':', '/', '#', '<', '>'], "-").trim_matches('-').to_owned(),
        }
    }

    /// The short form of an IRI.
    pub(super) fn curie(&self, node: &NamedNode) -> String {
        let further = FURTHER.iter().find_map(|(iri, prefix)| Some((node.as_str().strip_prefix(iri)?, prefix)));
        further.map_or_else(|| self.prefixes.shorten(node.as_str()), |(name, prefix)| format!("{prefix}{name}"))
    }

    pub(super) fn link(&self, node: &NamedNode) -> Link {
        let title = self.curie(node);
        match self.anchors.get(node.as_str()) {
            Some(anchor) => {
                let text = self.text(node, rdfs::LABEL).or_else(|| self.text(node, external::SKOS_PREF_LABEL));
                Link { text: text.unwrap_or_else(|| title.clone()), href: format!("#{anchor}"), title }
            }
            // What the prefixes of queries cannot shorten is shown without its brackets.
            None => Link {
                text: title.trim_start_matches('<').trim_end_matches('>').to_owned(),
                href: node.as_str().to_owned(),
                title: node.as_str().to_owned(),
            },
        }
    }

    /// What the page calls a subject: none if it does not describe it.
    fn kind(&self, node: &NamedNode) -> Option<&'static str> {
        let types: Vec<String> = self.nodes(node, rdf::TYPE).iter().map(|t| t.as_str().to_owned()).collect();
        let is = |iri: &str| types.iter().any(|t| t == iri);
        if is(external::OWL_CLASS.as_str()) || is(rdfs::CLASS.as_str()) {
            Some("class")
        } else if is(&format!("{OWL}ObjectProperty")) {
            Some("object property")
        } else if is(&format!("{OWL}DatatypeProperty")) {
            Some("data property")
        } else if is(&format!("{OWL}AnnotationProperty")) || is(rdf::PROPERTY.as_str()) {
            Some("property")
        } else if is(&format!("{SKOS}ConceptScheme")) {
            Some("code list")
        } else if is(&format!("{SKOS}Concept")) {
            Some("code")
        } else if is(&format!("{SHACL}NodeShape")) {
            Some("shape")
        } else {
            None
        }
    }

    pub(super) fn of_kind(&self, kinds: &[&str]) -> Vec<NamedNode> {
        let named =
            self.graph.described().iter().filter_map(|n| if let Term::NamedNode(n) = n { Some(n) } else { None });
        let mut found: Vec<NamedNode> =
            named.filter(|n| self.kind(n).is_some_and(|kind| kinds.contains(&kind))).cloned().collect();
        found.sort_by_cached_key(|node| self.link(node).text.to_lowercase());
        found
    }

    /// The values of a property that have an IRI.
    pub(super) fn nodes(&self, subject: &NamedNode, predicate: NamedNodeRef<'_>) -> Vec<NamedNode> {
        self.nodes_of(&subject.clone().into(), predicate)
    }

    fn nodes_of(&self, subject: &Term, predicate: NamedNodeRef<'_>) -> Vec<NamedNode> {
        let values = self.graph.values(subject, predicate);
        values.filter_map(|value| if let Term::NamedNode(n) = value { Some(n.clone()) } else { None }).collect()
    }

    /// The nodes that point here by a property.
    fn pointing(&self, object: &NamedNode, predicate: NamedNodeRef<'_>) -> Vec<NamedNode> {
        let edges = self.graph.pointing(&object.clone().into()).iter().filter(|(p, _)| p.as_ref() == predicate);
        let named = edges.filter_map(|(_, s)| if let Term::NamedNode(n) = s { Some(n.clone()) } else { None });
        named.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn literals(&self, subject: &Term, predicate: NamedNodeRef<'_>) -> Vec<(String, String)> {
        let values = self.graph.values(subject, predicate);
        values
            .filter_map(|value| match value {
                Term::Literal(l) => Some((l.language().unwrap_or_default().to_owned(), l.value().to_owned())),
                _ => None,
            })
            .collect()
    }

    fn texts(&self, subject: &NamedNode, predicate: NamedNodeRef<'_>) -> Vec<String> {
        self.literals(&subject.clone().into(), predicate).into_iter().map(|(_, text)| text).collect()
    }

    /// The literal of a property, English if there is one.
    pub(super) fn text(&self, subject: &NamedNode, predicate: NamedNodeRef<'_>) -> Option<String> {
        let mut all = self.literals(&subject.clone().into(), predicate);
        all.sort_by_key(|(language, _)| (language != "en", !language.is_empty()));
        all.into_iter().next().map(|(_, text)| text)
    }

    fn links(&self, nodes: &[NamedNode]) -> Vec<Link> {
        let mut links: Vec<Link> = nodes.iter().map(|node| self.link(node)).collect();
        links.sort_by_cached_key(|link| link.text.to_lowercase());
        links.dedup();
        links
    }

    /// The tree below those of `nodes` that have none of them above.
    pub(super) fn tree(&self, nodes: &[NamedNode], up: NamedNodeRef<'_>) -> Vec<Branch> {
        let all: BTreeSet<&NamedNode> = nodes.iter().collect();
        let is_root = |node: &&NamedNode| !self.nodes(node, up).iter().any(|above| all.contains(above));
        nodes.iter().filter(is_root).map(|node| self.branch(node, up, &all, &mut BTreeSet::new())).collect()
    }

    fn branch(
        &self,
        node: &NamedNode,
        up: NamedNodeRef<'_>,
        all: &BTreeSet<&NamedNode>,
        above: &mut BTreeSet<NamedNode>,
    ) -> Branch {
        above.insert(node.clone());
        let mut below: Vec<Branch> = Vec::new();
        for child in self.pointing(node, up) {
            if all.contains(&child) && !above.contains(&child) {
                below.push(self.branch(&child, up, all, above));
            }
        }
        above.remove(node);
        below.sort_by_cached_key(|branch| branch.link.text.to_lowercase());
        let size = below.iter().map(|branch| 1 + branch.size).sum();
        Branch { link: self.link(node), below, size }
    }

    /// Everything said of a term.
    pub(super) fn term(&self, node: &NamedNode) -> TermView {
        let kind = self.kind(node).unwrap_or("term");
        let up = if kind == "class" { rdfs::SUB_CLASS_OF } else { rdfs::SUB_PROPERTY_OF };
        let own = |nodes: Vec<NamedNode>| -> Vec<NamedNode> {
            nodes.into_iter().filter(|n| self.anchors.contains_key(n.as_str())).collect()
        };
        let skos = |name: &str| NamedNode::new_unchecked(format!("{SKOS}{name}"));
        let label = self.text(node, rdfs::LABEL).or_else(|| self.text(node, external::SKOS_PREF_LABEL));
        let mut other_labels = self.literals(&node.clone().into(), rdfs::LABEL);
        other_labels.extend(self.literals(&node.clone().into(), external::SKOS_PREF_LABEL));
        other_labels.retain(|(language, text)| !language.is_empty() && label.as_ref() != Some(text));
        let source = self.declared_in(node);
        let notes = ["scopeNote", "note", "changeNote", "historyNote"];
        let mut view = TermView {
            id: self.anchors.get(node.as_str()).cloned().unwrap_or_default(),
            iri: node.as_str().to_owned(),
            curie: self.curie(node),
            label: label.unwrap_or_else(|| self.curie(node)),
            other_labels,
            kind,
            definition: self
                .text(node, skos("definition").as_ref())
                .or_else(|| self.text(node, rdfs::COMMENT))
                .unwrap_or_default(),
            examples: self.texts(node, skos("example").as_ref()),
            notes: notes.iter().flat_map(|note| self.texts(node, skos(note).as_ref())).collect(),
            notation: self.text(node, external::SKOS_NOTATION).unwrap_or_default(),
            deprecated: self.text(node, NamedNodeRef::new_unchecked("http://www.w3.org/2002/07/owl#deprecated"))
                == Some("true".to_owned()),
            module: source.map(|source| self.ontology.sources()[source].path.clone()).unwrap_or_default(),
            path: self.path(node, up),
            parents: self.links(&own(self.nodes(node, up))),
            children: self.links(&own(self.pointing(node, up))),
            domains: self.links(&self.nodes(node, rdfs::DOMAIN)),
            ranges: self.links(&self.nodes(node, rdfs::RANGE)),
            traits: self.traits(node),
            alignments: self.alignments(node),
            ..TermView::default()
        };
        if kind == "class" {
            view.uses = self.uses(node);
            view.inherited = self.inherited(node);
            view.value_of = self.links(&self.pointing(node, rdfs::RANGE));
            view.frames = self.frames(node);
            view.shapes =
                self.links(&self.pointing(node, NamedNode::new_unchecked(format!("{SHACL}targetClass")).as_ref()));
        }
        if kind == "code list" {
            let in_scheme = skos("inScheme");
            view.codes = self.pointing(node, in_scheme.as_ref()).iter().map(|code| self.term(code)).collect();
            view.codes.sort_by_cached_key(|code| (code.notation.parse::<u64>().ok(), code.label.to_lowercase()));
        }
        if kind == "code" {
            view.parents = self.links(&self.nodes(node, skos("broader").as_ref()));
        }
        view
    }

    /// The way down to a term from the top, by the first term above each.
    fn path(&self, node: &NamedNode, up: NamedNodeRef<'_>) -> Vec<Link> {
        let mut way = Vec::new();
        let mut seen = BTreeSet::from([node.clone()]);
        let mut at = node.clone();
        while let Some(above) = self.nodes(&at, up).into_iter().find(|n| self.anchors.contains_key(n.as_str())) {
            if !seen.insert(above.clone()) {
                break;
            }
            way.push(self.link(&above));
            at = above;
        }
        way.reverse();
        way
    }

    fn traits(&self, node: &NamedNode) -> Vec<String> {
        let known = [
            ("FunctionalProperty", "one value at most"),
            ("InverseFunctionalProperty", "its value names one thing only"),
            ("TransitiveProperty", "transitive"),
            ("SymmetricProperty", "symmetric"),
        ];
        let types = self.nodes(node, rdf::TYPE);
        let has = |name: &str| types.iter().any(|t| t.as_str().strip_prefix(OWL) == Some(name));
        known.iter().filter(|(name, _)| has(name)).map(|(_, words)| (*words).to_owned()).collect()
    }

    fn uses(&self, class: &NamedNode) -> Vec<Use> {
        let mut uses: Vec<Use> = self
            .pointing(class, rdfs::DOMAIN)
            .iter()
            .map(|property| Use {
                link: self.link(property),
                ranges: self.links(&self.nodes(property, rdfs::RANGE)),
                definition: self.text(property, external::SKOS_DEFINITION).unwrap_or_default(),
            })
            .collect();
        uses.sort_by_cached_key(|one| one.link.text.to_lowercase());
        uses
    }

    fn inherited(&self, class: &NamedNode) -> Vec<(Link, Vec<Link>)> {
        let above = self.ontology.superclasses(class.as_str());
        let mut found = Vec::new();
        for class in above {
            let class = NamedNode::new_unchecked(class.to_string());
            let properties = self.links(&self.pointing(&class, rdfs::DOMAIN));
            if !properties.is_empty() {
                found.push((self.link(&class), properties));
            }
        }
        found
    }

    fn alignments(&self, node: &NamedNode) -> Vec<Alignment> {
        let hierarchy = [rdfs::SUB_CLASS_OF.as_str(), rdfs::SUB_PROPERTY_OF.as_str()];
        let mut found = Vec::new();
        for statement in self.statements.iter().filter(|s| s.triple.subject == NamedOrBlankNode::from(node.clone())) {
            let Term::NamedNode(other) = &statement.triple.object else { continue };
            let predicate = statement.triple.predicate.as_str();
            let how = match predicate.strip_prefix(SKOS).or_else(|| predicate.strip_prefix(OWL)) {
                Some("exactMatch") => "is just",
                Some("closeMatch") => "is close to",
                Some("broadMatch") => "is narrower than",
                Some("narrowMatch") => "is wider than",
                Some("relatedMatch") => "is related to",
                Some("equivalentClass" | "equivalentProperty") => "is the same as",
                Some("inverseOf") => "is the inverse of",
                _ if hierarchy.contains(&predicate) && !self.anchors.contains_key(other.as_str()) => "is a kind of",
                _ => continue,
            };
            // The reason stands beside the mapping, in the same file.
            let note = self.statements.iter().find_map(|s| {
                let is_note = s.source == statement.source
                    && s.triple.subject == statement.triple.subject
                    && s.triple.predicate.as_str().strip_prefix(SKOS) == Some("editorialNote");
                match &s.triple.object {
                    Term::Literal(text) if is_note => Some(text.value().to_owned()),
                    _ => None,
                }
            });
            let how = how.to_owned();
            found.push(Alignment { how, link: self.link(other), note: note.unwrap_or_default() });
        }
        found.sort_by(|a, b| (&a.link.title, &a.how).cmp(&(&b.link.title, &b.how)));
        found
    }

    fn frames(&self, class: &NamedNode) -> Vec<FrameView> {
        let mut frames: Vec<FrameView> =
            self.pointing(class, property::EVOKES).iter().map(|frame| self.frame(frame)).collect();
        frames.sort_by(|a, b| a.name.cmp(&b.name));
        frames
    }

    fn frame(&self, frame: &NamedNode) -> FrameView {
        let parts = [(property::VERB, "verbs"), (property::NOUN, "nouns"), (property::ADJECTIVE, "adjectives")];
        let words = parts.iter().filter_map(|(predicate, name)| {
            let words = self.texts(frame, *predicate);
            (!words.is_empty()).then(|| ((*name).to_owned(), words.join(", ")))
        });
        let own = Term::from(frame.clone());
        let mut roles: BTreeMap<Link, BTreeSet<String>> = BTreeMap::new();
        let patterns = self.nodes(frame, property::USES).into_iter().map(Term::from);
        for holder in patterns.chain([own.clone()]) {
            for slot in self.graph.values(&holder, property::SLOT) {
                for role in self.nodes_of(slot, property::ROLE) {
                    let relations = self.literals(slot, property::RELATION).into_iter().map(|(_, text)| text);
                    roles.entry(self.link(&role)).or_default().extend(relations);
                }
            }
        }
        let mut conditions = Vec::new();
        for (predicate, verb) in [(property::REQUIRES, "only with"), (property::FORBIDS, "not with")] {
            for condition in self.graph.values(&own, predicate) {
                let texts = |p| self.literals(condition, p).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
                let kinds: Vec<String> =
                    self.nodes_of(condition, property::ACCEPTS).iter().map(|kind| self.link(kind).text).collect();
                let what = [texts(property::LEMMA), kinds].concat();
                let what = if what.is_empty() { "anything".to_owned() } else { what.join(", ") };
                conditions.push(format!("{verb} {what} as {}", texts(property::RELATION).join(" or ")));
            }
        }
        FrameView {
            name: self.text(frame, rdfs::LABEL).unwrap_or_else(|| self.curie(frame)),
            words: words.collect(),
            roles: roles.into_iter().map(|(role, by)| (role, by.into_iter().collect::<Vec<_>>().join(", "))).collect(),
            conditions,
            examples: self.texts(frame, property::EXAMPLE),
            counter_examples: self.texts(frame, property::COUNTER_EXAMPLE),
        }
    }

    pub(super) fn shapes(&self) -> Vec<ShapeView> {
        let sh = |name: &str| NamedNode::new_unchecked(format!("{SHACL}{name}"));
        let (target, node, property, message) = (sh("targetClass"), sh("node"), sh("property"), sh("message"));
        let mut shapes: Vec<ShapeView> = self
            .of_kind(&["shape"])
            .iter()
            .map(|shape| {
                let own = Term::from(shape.clone());
                let rules = self.graph.values(&own, property.as_ref()).map(|rule| Rule {
                    path: self.graph.value(rule, sh("path").as_ref()).map(|p| self.path_text(p)).unwrap_or_default(),
                    asks: self.asks(rule),
                    message: self
                        .literals(rule, message.as_ref())
                        .into_iter()
                        .next()
                        .map(|(_, m)| m)
                        .unwrap_or_default(),
                });
                ShapeView {
                    name: self.curie(shape),
                    id: self.anchors.get(shape.as_str()).cloned().unwrap_or_default(),
                    targets: self.links(&self.nodes(shape, target.as_ref())),
                    includes: self.links(&self.nodes(shape, node.as_ref())),
                    rules: rules.collect(),
                }
            })
            .collect();
        shapes.sort_by(|a, b| a.name.cmp(&b.name));
        shapes
    }

    /// A path in the words of SPARQL.
    fn path_text(&self, path: &Term) -> String {
        match crate::authoring::validate::Path::read(&self.graph, path) {
            Ok(path) => path.named(&|node| self.curie(node)),
            Err(message) => message,
        }
    }

    /// What a property shape asks, in a few words.
    fn asks(&self, rule: &Term) -> String {
        let number = |name: &str| {
            let predicate = NamedNode::new_unchecked(format!("{SHACL}{name}"));
            self.literals(rule, predicate.as_ref()).into_iter().next().map(|(_, number)| number)
        };
        let mut asks = match (number("minCount").as_deref(), number("maxCount").as_deref()) {
            (Some("1"), Some("1")) => vec!["just one".to_owned()],
            (Some(least), Some(most)) => vec![format!("{least} to {most}")],
            (Some(least), None) => vec![format!("{least} or more")],
            (None, Some("0")) => vec!["none".to_owned()],
            (None, Some(most)) => vec![format!("{most} at most")],
            (None, None) => Vec::new(),
        };
        let left_out = ["path", "message", "minCount", "maxCount", "severity", "nodeKind", "name", "description"];
        for (predicate, value) in self.graph.edges(rule) {
            let Some(name) = predicate.as_str().strip_prefix(SHACL).filter(|name| !left_out.contains(name)) else {
                continue;
            };
            let shown = |term: &Term| match term {
                Term::NamedNode(node) => self.curie(node),
                Term::Literal(literal) => literal.value().to_owned(),
                Term::BlankNode(_) => "…".to_owned(),
            };
            let words = match name {
                "class" | "datatype" | "node" | "hasValue" => shown(value),
                "lessThan" => format!("less than {}", shown(value)),
                "lessThanOrEquals" => format!("at most {}", shown(value)),
                "minInclusive" => format!("at least {}", shown(value)),
                "in" => {
                    let members = self.graph.list(value).unwrap_or_default();
                    format!("one of {}", members.iter().map(shown).collect::<Vec<_>>().join(", "))
                }
                "pattern" => format!("matches {}", shown(value)),
                "minLength" => format!("{} characters or more", shown(value)),
                "or" => self.alternatives(value),
                other => format!("sh:{other}"),
            };
            asks.push(words);
        }
        asks.join("; ")
    }

    /// `sh:or` of shapes that name a class or a datatype.
    fn alternatives(&self, list: &Term) -> String {
        let members = self.graph.list(list).unwrap_or_default();
        members.iter().map(|member| self.asks(member)).collect::<Vec<_>>().join(" or ")
    }
}

impl Source<'_> {
    /// The properties of a class, by its link.
    pub(super) fn uses_of(&self, link: &Link) -> Vec<Use> {
        let class = self.anchors.iter().find(|(_, anchor)| link.href.strip_prefix('#') == Some(anchor.as_str()));
        class.map(|(iri, _)| self.uses(&NamedNode::new_unchecked(iri.clone()))).unwrap_or_default()
    }

    /// Whether a term only serves to write frames and lists of words: it is declared among them.
    pub(super) fn belongs_to_frames(&self, term: &NamedNode) -> bool {
        const FILES: [&str; 2] = ["frames.ttl", "words.ttl"];
        self.declared_in(term).is_some_and(|source| {
            let source = &self.ontology.sources()[source];
            source.layer == 0 && FILES.contains(&source.path.as_str())
        })
    }

    /// The file that says what kind of term a term is; alignments speak of it as well.
    fn declared_in(&self, term: &NamedNode) -> Option<usize> {
        let own = NamedOrBlankNode::from(term.clone());
        let is_declaration = |s: &&Statement| s.triple.subject == own && s.triple.predicate.as_ref() == rdf::TYPE;
        self.statements.iter().find(is_declaration).map(|statement| statement.source)
    }

    /// The headers of the modules.
    pub(super) fn headers(&self) -> Vec<NamedNode> {
        self.pointing(&external::OWL_ONTOLOGY.into_owned(), rdf::TYPE)
    }
}
