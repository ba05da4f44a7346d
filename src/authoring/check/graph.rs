//! The ontology as the checker sees it: subjects with what is said of them, and the ways back from objects.

use crate::ontology::terms::external;
use crate::ontology::{Ontology, Source};
use oxrdf::vocab::{rdf, rdfs};
use oxrdf::{Literal, NamedNodeRef, NamedOrBlankNode, Term};
use std::collections::{BTreeSet, HashMap, HashSet};

pub(super) const FRAMES: &str = "https://w3id.org/belligraph/frame#";
pub(super) const PATTERNS: &str = "https://w3id.org/belligraph/pattern#";

/// One statement about a subject.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) predicate: String,
    pub(super) object: Term,
    pub(super) source: usize,
}

/// What is said of one subject.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// Its IRI, or the label of a blank node after `_:`.
    pub(super) name: String,
    pub(super) said: Vec<Said>,
}

/// All of it.
pub(super) struct Graph {
    pub(super) ontology: &'static Ontology,
    pub(super) subjects: Vec<Subject>,
    index: HashMap<String, usize>,
    /// For each blank node, the subject it belongs to.
    owner: HashMap<String, usize>,
}

impl Graph {
    pub(super) fn new(ontology: &'static Ontology) -> Self {
        let mut graph = Self { ontology, subjects: Vec::new(), index: HashMap::new(), owner: HashMap::new() };
        for statement in ontology.statements() {
            let name = match &statement.triple.subject {
                NamedOrBlankNode::NamedNode(node) => node.as_str().to_owned(),
                NamedOrBlankNode::BlankNode(node) => format!("_:{}", node.as_str()),
            };
            let id = *graph.index.entry(name).or_insert_with_key(|name| {
                graph.subjects.push(Subject { name: name.clone(), said: Vec::new() });
                graph.subjects.len() - 1
            });
            if let Term::BlankNode(node) = &statement.triple.object {
                graph.owner.insert(format!("_:{}", node.as_str()), id);
            }
            graph.subjects[id].said.push(Said {
                predicate: statement.triple.predicate.into_string(),
                object: statement.triple.object,
                source: statement.source,
            });
        }
        graph
    }

    /// A subject by its IRI or label.
    pub(super) fn subject(&self, name: &str) -> Option<&Subject> {
        self.index.get(name).map(|&id| &self.subjects[id])
    }

    /// The named subject that a subject is or belongs to.
    pub(super) fn owner<'g>(&'g self, name: &'g str) -> &'g str {
        let mut at = name;
        for _ in 0..16 {
            if !at.starts_with("_:") {
                break;
            }
            match self.owner.get(at) {
                Some(&owner) => at = &self.subjects[owner].name,
                None => break,
            }
        }
        at
    }

    /// The subjects with an IRI that are terms: classes, properties, concepts.
    pub(super) fn terms(&self) -> impl Iterator<Item = (&Subject, TermKind)> {
        self.subjects.iter().filter(|s| !s.name.starts_with("_:")).filter_map(|s| Some((s, s.kind()?)))
    }

    /// The subjects of a type, blank nodes among them.
    pub(super) fn of_type<'g>(&'g self, class: NamedNodeRef<'g>) -> impl Iterator<Item = &'g Subject> {
        self.subjects.iter().filter(move |s| s.iris(rdf::TYPE).any(|c| c == class.as_str()))
    }

    /// File and line of what is said of a subject: the line of its description that has `words`.
    pub(super) fn place(&self, name: &str, words: &str) -> (String, Option<u64>) {
        let name = self.owner(name);
        let Some(subject) = self.subject(name) else { return (String::new(), None) };
        // The file that says what it is, before files that add to it.
        let mut sources: Vec<usize> = subject.said.iter().map(|s| s.source).collect();
        let home = subject.said.iter().find(|s| s.predicate == rdf::TYPE.as_str()).map(|s| s.source);
        sources.sort_by_key(|s| Some(*s) != home);
        sources.dedup();
        let files: Vec<&Source> = sources.iter().map(|&s| &self.ontology.sources()[s]).collect();
        let Some(first) = files.first() else { return (String::new(), None) };
        let begin = first.line_of(name);
        // The words may stand in another file than its home.
        for file in files.iter().filter(|_| !words.is_empty()) {
            let line = file.line_within(name, words);
            if line != file.line_of(name) {
                return (file.path.clone(), line);
            }
        }
        (first.path.clone(), begin)
    }

    /// The namespaces in which the files declare terms: what is used of them must be declared.
    pub(super) fn namespaces(&self) -> BTreeSet<String> {
        self.terms().map(|(s, _)| namespace(&s.name).to_owned()).collect()
    }

    /// Every IRI that some statement of another subject has as predicate or object.
    pub(super) fn referred(&self) -> HashSet<&str> {
        let mut found = HashSet::new();
        for subject in &self.subjects {
            for said in &subject.said {
                found.insert(said.predicate.as_str());
                if let Term::NamedNode(node) = &said.object
                    && node.as_str() != subject.name
                {
                    found.insert(node.as_str());
                }
            }
        }
        found
    }
}

/// What kind of term a subject is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum TermKind {
    Class,
    Property,
    Concept,
}

impl Subject {
    pub(super) fn kind(&self) -> Option<TermKind> {
        let mut kind = None;
        for class in self.iris(rdf::TYPE) {
            let found = match class {
                c if c == external::OWL_CLASS.as_str() || c == rdfs::CLASS.as_str() => TermKind::Class,
                c if c == external::OWL_OBJECT_PROPERTY.as_str()
                    || c == external::OWL_DATATYPE_PROPERTY.as_str()
                    || c == rdf::PROPERTY.as_str()
                    || c.ends_with("#AnnotationProperty") =>
                {
                    TermKind::Property
                }
                c if c == external::SKOS_CONCEPT.as_str() => TermKind::Concept,
                _ => continue,
            };
            kind = Some(kind.map_or(found, |k: TermKind| k.min(found)));
        }
        kind
    }

    /// The objects of a property.
    pub(super) fn objects<'s>(&'s self, predicate: NamedNodeRef<'s>) -> impl Iterator<Item = &'s Term> {
        self.said.iter().filter(move |s| s.predicate == predicate.as_str()).map(|s| &s.object)
    }

    /// The IRIs (or labels of blank nodes) among them.
    pub(super) fn iris<'s>(&'s self, predicate: NamedNodeRef<'s>) -> impl Iterator<Item = &'s str> {
        self.objects(predicate).filter_map(|o| match o {
            Term::NamedNode(node) => Some(node.as_str()),
            _ => None,
        })
    }

    /// The names of the subjects that a property leads to, blank nodes among them.
    pub(super) fn names<'s>(&'s self, predicate: NamedNodeRef<'s>) -> impl Iterator<Item = String> {
        self.objects(predicate).filter_map(|o| match o {
            Term::NamedNode(node) => Some(node.as_str().to_owned()),
            Term::BlankNode(node) => Some(format!("_:{}", node.as_str())),
            Term::Literal(_) => None,
        })
    }

    /// The literals of a property.
    pub(super) fn literals<'s>(&'s self, predicate: NamedNodeRef<'s>) -> impl Iterator<Item = &'s Literal> {
        self.objects(predicate).filter_map(|o| match o {
            Term::Literal(literal) => Some(literal),
            _ => None,
        })
    }

    pub(super) fn has(&self, predicate: NamedNodeRef<'_>) -> bool {
        self.objects(predicate).next().is_some()
    }
}

/// The part of an IRI up to its local name.
pub(super) fn namespace(iri: &str) -> &str {
    let end = iri.rfind(['#', '/', ':']).map_or(iri.len(), |at| at + 1);
    &iri[..end]
}
