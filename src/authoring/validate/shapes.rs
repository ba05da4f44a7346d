//! Shapes: a shapes graph read once into what checking needs, with everything that is wrong with it told at once.

use super::graph::MemoryGraph;
use super::path::Path;
use super::{ShapeProblem, ShapesError, vocabulary as sh};
use oxrdf::vocab::{rdf, rdfs, xsd};
use oxrdf::{Literal, NamedNode, NamedNodeRef, Term, TermRef, Triple};
use regex::{Regex, RegexBuilder};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Where a shape stands in its [`Shapes`].
pub(super) type ShapeId = usize;

/// Compiled shapes.
#[derive(Debug)]
pub struct Shapes {
    pub(super) shapes: Vec<Shape>,
    /// The classes that constraints and targets name.
    pub(super) classes: BTreeSet<String>,
}

/// A node shape or property shape.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) node: Term,
    /// The IRI of the shape, or of the one it stands in.
    pub(super) name: Option<NamedNode>,
    pub(super) path: Option<Path>,
    pub(super) targets: Vec<Target>,
    pub(super) severity: NamedNode,
    pub(super) messages: Vec<Literal>,
    pub(super) deactivated: bool,
    pub(super) constraints: Vec<Constraint>,
}

/// What a shape is applied to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Node(Term),
    Class(Term),
    SubjectsOf(NamedNode),
    ObjectsOf(NamedNode),
}

/// How a value stands to a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    MinExclusive,
    MinInclusive,
    MaxExclusive,
    MaxInclusive,
}

/// A constraint of SHACL Core (section 4), or one written in SPARQL (section 5).
#[derive(Debug)]
pub(super) enum Constraint {
    Class(Term),
    Datatype(NamedNode),
    NodeKind(NamedNode),
    MinCount(u64),
    MaxCount(u64),
    Bound(Bound, Term),
    MinLength(u64),
    MaxLength(u64),
    Pattern(Regex),
    LanguageIn(Vec<String>),
    UniqueLang,
    Equals(NamedNode),
    Disjoint(NamedNode),
    LessThan(NamedNode),
    LessThanOrEquals(NamedNode),
    Not(ShapeId),
    And(Vec<ShapeId>),
    Or(Vec<ShapeId>),
    Xone(Vec<ShapeId>),
    Node(ShapeId),
    Property(ShapeId),
    Qualified { shape: ShapeId, min: Option<u64>, max: Option<u64>, siblings: Vec<ShapeId> },
    Closed(BTreeSet<NamedNode>),
    HasValue(Term),
    In(Vec<Term>),
    Sparql(Box<SparqlConstraint>),
}

/// A constraint that is a `SELECT` query whose rows are violations.
#[derive(Debug)]
pub(super) struct SparqlConstraint {
    pub(super) node: Term,
    pub(super) query: spargebra::Query,
    pub(super) messages: Vec<Literal>,
}

impl Shapes {
    /// Compiles the shapes of a graph.
    ///
    /// # Errors
    ///
    /// With everything that is wrong with the shapes that are used.
    pub fn new(triples: impl IntoIterator<Item = Triple>) -> Result<Self, ShapesError> {
        let graph = MemoryGraph::new(triples);
        let mut compiler = Compiler {
            graph: &graph,
            shapes: Vec::new(),
            ids: HashMap::new(),
            classes: BTreeSet::new(),
            problems: Vec::new(),
        };
        for node in graph.described() {
            let targets = compiler.targets(node);
            if !targets.is_empty() {
                let id = compiler.shape(node, None);
                compiler.shapes[id].targets = targets;
            }
        }
        for component in graph.pointing(&sh::CONSTRAINT_COMPONENT.into()) {
            // What goes unchecked would seem to hold.
            if component.0.as_ref() == rdf::TYPE {
                let message =
                    "constraint components written in SPARQL are not supported; write `sh:sparql` in the shape";
                compiler.problem(&component.1, message.to_owned());
            }
        }
        let Compiler { shapes, classes, mut problems, .. } = compiler;
        if problems.is_empty() {
            return Ok(Self { shapes, classes });
        }
        problems.sort();
        problems.dedup();
        Err(ShapesError(problems))
    }

    /// How many shapes have a target, and how many there are with those they lead to.
    pub fn count(&self) -> (usize, usize) {
        (self.shapes.iter().filter(|shape| !shape.targets.is_empty()).count(), self.shapes.len())
    }
}

/// The predicates that make a subject a shape.
const PARAMETERS: &[NamedNodeRef<'_>] = &[
    sh::PATH,
    sh::CLASS,
    sh::DATATYPE,
    sh::NODE_KIND,
    sh::MIN_COUNT,
    sh::MAX_COUNT,
    sh::MIN_EXCLUSIVE,
    sh::MIN_INCLUSIVE,
    sh::MAX_EXCLUSIVE,
    sh::MAX_INCLUSIVE,
    sh::MIN_LENGTH,
    sh::MAX_LENGTH,
    sh::PATTERN,
    sh::LANGUAGE_IN,
    sh::UNIQUE_LANG,
    sh::EQUALS,
    sh::DISJOINT,
    sh::LESS_THAN,
    sh::LESS_THAN_OR_EQUALS,
    sh::NOT,
    sh::AND,
    sh::OR,
    sh::XONE,
    sh::NODE,
    sh::PROPERTY,
    sh::QUALIFIED_VALUE_SHAPE,
    sh::CLOSED,
    sh::HAS_VALUE,
    sh::IN,
    sh::SPARQL,
];

/// The IRI of the class of classes that ontologies use; it is one of RDF Schema's as well, though few shapes graphs say so.
const OWL_CLASS: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("http://www.w3.org/2002/07/owl#Class");

struct Compiler<'g> {
    graph: &'g MemoryGraph,
    shapes: Vec<Shape>,
    ids: HashMap<Term, ShapeId>,
    classes: BTreeSet<String>,
    problems: Vec<ShapeProblem>,
}

impl Compiler<'_> {
    fn problem(&mut self, shape: &Term, message: String) {
        let name = self.ids.get(shape).and_then(|id| self.shapes[*id].name.as_ref());
        let shape = match (shape, name) {
            (Term::BlankNode(_), Some(name)) => format!("in {name}"),
            _ => shape.to_string(),
        };
        self.problems.push(ShapeProblem { shape, message });
    }

    fn targets(&mut self, node: &Term) -> Vec<Target> {
        let mut targets = Vec::new();
        for (predicate, object) in self.graph.edges(node) {
            match (predicate.as_ref(), object) {
                (sh::TARGET_NODE, object) => targets.push(Target::Node(object.clone())),
                (sh::TARGET_CLASS, object) => targets.push(Target::Class(object.clone())),
                (sh::TARGET_SUBJECTS_OF, Term::NamedNode(property)) => {
                    targets.push(Target::SubjectsOf(property.clone()));
                }
                (sh::TARGET_OBJECTS_OF, Term::NamedNode(property)) => targets.push(Target::ObjectsOf(property.clone())),
                (sh::TARGET_SUBJECTS_OF | sh::TARGET_OBJECTS_OF, other) => {
                    self.problems.push(ShapeProblem {
                        shape: node.to_string(),
                        message: format!("`{other}` is no property; name one by its IRI"),
                    });
                }
                _ => {}
            }
        }
        if self.is_shape(node) && self.is_class(node) && !targets.contains(&Target::Class(node.clone())) {
            targets.push(Target::Class(node.clone()));
        }
        for target in &targets {
            if let Target::Class(Term::NamedNode(class)) = target {
                self.classes.insert(class.as_str().to_owned());
            }
        }
        targets
    }

    fn is_shape(&self, node: &Term) -> bool {
        let kinds = [TermRef::from(sh::NODE_SHAPE), TermRef::from(sh::PROPERTY_SHAPE)];
        self.graph.values(node, rdf::TYPE).any(|kind| kinds.contains(&kind.as_ref()))
            || self.graph.edges(node).iter().any(|(predicate, _)| PARAMETERS.contains(&predicate.as_ref()))
    }

    /// Whether a node is a class in the shapes graph, so that a shape of the same IRI applies to its instances.
    fn is_class(&self, node: &Term) -> bool {
        let mut kinds: Vec<&Term> = self.graph.values(node, rdf::TYPE).collect();
        let mut at = 0;
        while let Some(kind) = kinds.get(at).copied() {
            if [rdfs::CLASS.into(), OWL_CLASS.into()].contains(&kind.as_ref()) {
                return true;
            }
            for wider in self.graph.values(kind, rdfs::SUB_CLASS_OF) {
                if !kinds.contains(&wider) {
                    kinds.push(wider);
                }
            }
            at += 1;
        }
        false
    }

    /// Compiles a shape, once.
    fn shape(&mut self, node: &Term, outer: Option<&NamedNode>) -> ShapeId {
        if let Some(&id) = self.ids.get(node) {
            return id;
        }
        let id = self.shapes.len();
        self.ids.insert(node.clone(), id);
        let name = match node {
            Term::NamedNode(name) => Some(name.clone()),
            _ => outer.cloned(),
        };
        let severity = match self.graph.value(node, sh::SEVERITY) {
            Some(Term::NamedNode(severity)) => severity.clone(),
            _ => sh::VIOLATION.into_owned(),
        };
        self.shapes.push(Shape {
            node: node.clone(),
            name: name.clone(),
            path: None,
            targets: Vec::new(),
            severity,
            messages: literals(self.graph, node, sh::MESSAGE),
            deactivated: self.graph.value(node, sh::DEACTIVATED).is_some_and(is_true),
            constraints: Vec::new(),
        });
        // A shape that is switched off may be of any form.
        if self.shapes[id].deactivated {
            return id;
        }
        let paths: Vec<Term> = self.graph.values(node, sh::PATH).cloned().collect();
        match &*paths {
            [] => {}
            [path] => match Path::read(self.graph, path) {
                Ok(path) => self.shapes[id].path = Some(path),
                Err(message) => self.problem(node, message),
            },
            _ => self.problem(node, format!("it has {} paths; a property shape has one", paths.len())),
        }
        let constraints = self.constraints(node, id, name.as_ref());
        self.shapes[id].constraints = constraints;
        id
    }

    fn constraints(&mut self, node: &Term, id: ShapeId, name: Option<&NamedNode>) -> Vec<Constraint> {
        let mut constraints = Vec::new();
        // A path that cannot be read has been told of already.
        let is_property = self.graph.value(node, sh::PATH).is_some();
        let graph = self.graph;
        for (predicate, object) in graph.edges(node) {
            let constraint = match predicate.as_ref() {
                sh::CLASS => {
                    if let Term::NamedNode(class) = object {
                        self.classes.insert(class.as_str().to_owned());
                    }
                    Some(Constraint::Class(object.clone()))
                }
                sh::DATATYPE => self.iri(node, predicate, object).map(Constraint::Datatype),
                sh::NODE_KIND => self.iri(node, predicate, object).map(Constraint::NodeKind),
                sh::MIN_COUNT if is_property => self.number(node, predicate, object).map(Constraint::MinCount),
                sh::MAX_COUNT if is_property => self.number(node, predicate, object).map(Constraint::MaxCount),
                sh::MIN_EXCLUSIVE => Some(Constraint::Bound(Bound::MinExclusive, object.clone())),
                sh::MIN_INCLUSIVE => Some(Constraint::Bound(Bound::MinInclusive, object.clone())),
                sh::MAX_EXCLUSIVE => Some(Constraint::Bound(Bound::MaxExclusive, object.clone())),
                sh::MAX_INCLUSIVE => Some(Constraint::Bound(Bound::MaxInclusive, object.clone())),
                sh::MIN_LENGTH => self.number(node, predicate, object).map(Constraint::MinLength),
                sh::MAX_LENGTH => self.number(node, predicate, object).map(Constraint::MaxLength),
                sh::PATTERN => self.pattern(node, object).map(Constraint::Pattern),
                sh::LANGUAGE_IN => self.list(node, predicate, object).map(|tags| {
                    let tag = |tag: &Term| match tag {
                        Term::Literal(tag) => Some(tag.value().to_ascii_lowercase()),
                        _ => None,
                    };
                    Constraint::LanguageIn(tags.iter().filter_map(tag).collect())
                }),
                // Only `true` itself switches it on; the W3C's suite holds that `1` does not.
                sh::UNIQUE_LANG if is_property && matches!(object, Term::Literal(l) if l.value() == "true") => {
                    Some(Constraint::UniqueLang)
                }
                sh::EQUALS => self.iri(node, predicate, object).map(Constraint::Equals),
                sh::DISJOINT => self.iri(node, predicate, object).map(Constraint::Disjoint),
                sh::LESS_THAN if is_property => self.iri(node, predicate, object).map(Constraint::LessThan),
                sh::LESS_THAN_OR_EQUALS if is_property => {
                    self.iri(node, predicate, object).map(Constraint::LessThanOrEquals)
                }
                sh::NOT => Some(Constraint::Not(self.shape(object, name))),
                sh::AND => self.shapes_of(node, predicate, object, name).map(Constraint::And),
                sh::OR => self.shapes_of(node, predicate, object, name).map(Constraint::Or),
                sh::XONE => self.shapes_of(node, predicate, object, name).map(Constraint::Xone),
                sh::NODE => Some(Constraint::Node(self.shape(object, name))),
                sh::PROPERTY => {
                    let property = self.shape(object, name);
                    if self.graph.value(object, sh::PATH).is_none() && !self.shapes[property].deactivated {
                        self.problem(node, "a value of `sh:property` has no `sh:path`".to_owned());
                    }
                    Some(Constraint::Property(property))
                }
                sh::QUALIFIED_VALUE_SHAPE if is_property => self.qualified(node, object, name),
                sh::CLOSED if is_true(object) => Some(self.closed(node)),
                sh::HAS_VALUE => Some(Constraint::HasValue(object.clone())),
                sh::IN => self.list(node, predicate, object).map(Constraint::In),
                sh::SPARQL => self.sparql(node, id, object),
                _ => None,
            };
            constraints.extend(constraint);
        }
        constraints
    }

    fn iri(&mut self, shape: &Term, predicate: &NamedNode, object: &Term) -> Option<NamedNode> {
        if let Term::NamedNode(node) = object {
            return Some(node.clone());
        }
        self.problem(shape, format!("`{}` takes an IRI, not `{object}`", short(predicate)));
        None
    }

    fn number(&mut self, shape: &Term, predicate: &NamedNode, object: &Term) -> Option<u64> {
        if let Term::Literal(literal) = object
            && let Ok(number) = literal.value().parse()
        {
            return Some(number);
        }
        self.problem(shape, format!("`{}` takes a whole number, not `{object}`", short(predicate)));
        None
    }

    fn list(&mut self, shape: &Term, predicate: &NamedNode, object: &Term) -> Option<Vec<Term>> {
        let list = self.graph.list(object);
        if list.is_none() {
            self.problem(shape, format!("`{}` takes a list, written ( … )", short(predicate)));
        }
        list
    }

    fn shapes_of(
        &mut self,
        shape: &Term,
        predicate: &NamedNode,
        object: &Term,
        name: Option<&NamedNode>,
    ) -> Option<Vec<ShapeId>> {
        let members = self.list(shape, predicate, object)?;
        Some(members.iter().map(|member| self.shape(member, name)).collect())
    }

    fn pattern(&mut self, shape: &Term, object: &Term) -> Option<Regex> {
        let Term::Literal(pattern) = object else {
            self.problem(shape, format!("`sh:pattern` takes a text, not `{object}`"));
            return None;
        };
        let flags = match self.graph.value(shape, sh::FLAGS) {
            Some(Term::Literal(flags)) => flags.value(),
            _ => "",
        };
        let text = if flags.contains('q') { regex::escape(pattern.value()) } else { pattern.value().to_owned() };
        let built = RegexBuilder::new(&text)
            .case_insensitive(flags.contains('i'))
            .dot_matches_new_line(flags.contains('s'))
            .multi_line(flags.contains('m'))
            .ignore_whitespace(flags.contains('x'))
            .build();
        match built {
            Ok(regex) => Some(regex),
            Err(error) => {
                self.problem(shape, format!("`{}` is no pattern: {error}", pattern.value()));
                None
            }
        }
    }

    fn qualified(&mut self, node: &Term, object: &Term, name: Option<&NamedNode>) -> Option<Constraint> {
        let bound = |compiler: &mut Self, predicate: NamedNodeRef<'_>| {
            let value = compiler.graph.value(node, predicate)?.clone();
            compiler.number(node, &predicate.into_owned(), &value)
        };
        let (min, max) = (bound(self, sh::QUALIFIED_MIN_COUNT), bound(self, sh::QUALIFIED_MAX_COUNT));
        if min.is_none() && max.is_none() {
            return None;
        }
        let shape = self.shape(object, name);
        let mut siblings = Vec::new();
        if self.graph.value(node, sh::QUALIFIED_VALUE_SHAPES_DISJOINT).is_some_and(is_true) {
            let graph = self.graph;
            let parents = graph.pointing(node).iter().filter(|(p, _)| p.as_ref() == sh::PROPERTY);
            let all = parents
                .flat_map(|(_, parent)| graph.values(parent, sh::PROPERTY))
                .flat_map(|property| graph.values(property, sh::QUALIFIED_VALUE_SHAPE));
            for sibling in all.filter(|sibling| *sibling != object) {
                let sibling = self.shape(sibling, name);
                if !siblings.contains(&sibling) {
                    siblings.push(sibling);
                }
            }
        }
        Some(Constraint::Qualified { shape, min, max, siblings })
    }

    fn closed(&mut self, node: &Term) -> Constraint {
        let graph = self.graph;
        let paths = graph.values(node, sh::PROPERTY).filter_map(|property| graph.value(property, sh::PATH));
        let mut allowed: Vec<Term> = paths.cloned().collect();
        if let Some(list) = graph.value(node, sh::IGNORED_PROPERTIES) {
            allowed.extend(self.list(node, &sh::IGNORED_PROPERTIES.into_owned(), list).unwrap_or_default());
        }
        let named = |term| if let Term::NamedNode(node) = term { Some(node) } else { None };
        Constraint::Closed(allowed.into_iter().filter_map(named).collect())
    }

    fn sparql(&mut self, shape: &Term, id: ShapeId, object: &Term) -> Option<Constraint> {
        if self.graph.value(object, sh::DEACTIVATED).is_some_and(is_true) {
            return None;
        }
        let Some(Term::Literal(select)) = self.graph.value(object, sh::SELECT) else {
            self.problem(shape, "`sh:sparql` takes a constraint with `sh:select`".to_owned());
            return None;
        };
        let mut text = select.value().to_owned();
        if let Some(path) = &self.shapes[id].path {
            text = text.replace("$PATH", &path.to_string());
        }
        let mut parser = spargebra::SparqlParser::new();
        for (prefix, namespace) in self.prefixes(object) {
            match parser.with_prefix(&prefix, &namespace) {
                Ok(with) => parser = with,
                Err(error) => {
                    self.problem(shape, format!("`{namespace}` cannot be the namespace of `{prefix}`: {error}"));
                    return None;
                }
            }
        }
        match parser.parse_query(&text) {
            Ok(spargebra::Query::Select { pattern, .. }) if super::sparql::unsuitable(&pattern).is_some() => {
                let reason = super::sparql::unsuitable(&pattern).unwrap_or_default();
                self.problem(shape, reason.to_owned());
                None
            }
            Ok(query @ spargebra::Query::Select { .. }) => {
                let messages = literals(self.graph, object, sh::MESSAGE);
                let constraint = SparqlConstraint { node: object.clone(), query, messages };
                Some(Constraint::Sparql(Box::new(constraint)))
            }
            Ok(_) => {
                self.problem(shape, "the query of `sh:select` is no SELECT".to_owned());
                None
            }
            Err(error) => {
                self.problem(shape, format!("the query of `sh:select` cannot be parsed: {error}"));
                None
            }
        }
    }

    /// The prefixes declared for a query, those of imported ontologies included.
    fn prefixes(&self, object: &Term) -> BTreeMap<String, String> {
        const IMPORTS: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("http://www.w3.org/2002/07/owl#imports");
        let mut found = BTreeMap::new();
        let mut sources: Vec<&Term> = self.graph.values(object, sh::PREFIXES).collect();
        let mut at = 0;
        while let Some(source) = sources.get(at).copied() {
            for declared in self.graph.values(source, sh::DECLARE) {
                if let (Some(Term::Literal(prefix)), Some(Term::Literal(namespace))) =
                    (self.graph.value(declared, sh::PREFIX), self.graph.value(declared, sh::NAMESPACE_OF_PREFIX))
                {
                    found.insert(prefix.value().to_owned(), namespace.value().to_owned());
                }
            }
            for imported in self.graph.values(source, IMPORTS) {
                if !sources.contains(&imported) {
                    sources.push(imported);
                }
            }
            at += 1;
        }
        found
    }
}

/// A term of SHACL as people write it.
fn short(predicate: &NamedNode) -> String {
    predicate.as_str().strip_prefix(sh::NAMESPACE).map_or_else(|| predicate.to_string(), |name| format!("sh:{name}"))
}

fn is_true(term: &Term) -> bool {
    matches!(term, Term::Literal(literal)
        if literal.datatype() == xsd::BOOLEAN && matches!(literal.value(), "true" | "1"))
}

fn literals(graph: &MemoryGraph, node: &Term, predicate: NamedNodeRef<'_>) -> Vec<Literal> {
    let literal = |term: &Term| if let Term::Literal(literal) = term { Some(literal.clone()) } else { None };
    graph.values(node, predicate).filter_map(literal).collect()
}
