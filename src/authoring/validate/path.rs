//! Property paths: read from a shapes graph, followed in a data graph, written as SPARQL writes them.

use super::graph::{Graph, MemoryGraph};
use super::{ValidationError, vocabulary as sh};
use oxrdf::vocab::rdf;
use oxrdf::{BlankNode, NamedNode, NamedNodeRef, Term, Triple};
use std::collections::HashSet;
use std::fmt;

/// A path from a focus node to its values (SHACL, section 2.3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Path {
    /// A property.
    Predicate(NamedNode),
    /// A path walked backwards.
    Inverse(Box<Path>),
    /// One path after another.
    Sequence(Vec<Path>),
    /// Any of these.
    Alternative(Vec<Path>),
    /// A path walked any number of times.
    ZeroOrMore(Box<Path>),
    /// At least once.
    OneOrMore(Box<Path>),
    /// At most once.
    ZeroOrOne(Box<Path>),
}

/// Makes a path of the one inside.
type Kind = fn(Box<Path>) -> Path;

impl Path {
    /// Reads a path; the reason if it is none.
    pub(in crate::authoring) fn read(shapes: &MemoryGraph, node: &Term) -> Result<Self, String> {
        Self::read_within(shapes, node, &mut Vec::new())
    }

    fn read_within(shapes: &MemoryGraph, node: &Term, outer: &mut Vec<Term>) -> Result<Self, String> {
        if let Term::NamedNode(predicate) = node {
            return Ok(Self::Predicate(predicate.clone()));
        }
        if !matches!(node, Term::BlankNode(_)) {
            return Err(format!("`{node}` is no path"));
        }
        if outer.contains(node) {
            return Err("a path contains itself".to_owned());
        }
        outer.push(node.clone());
        let all = |head: &Term, outer: &mut Vec<Term>| {
            let members = shapes.list(head).ok_or("a path's list is not well formed")?;
            if members.len() < 2 {
                return Err("a sequence or alternative of paths has at least two".to_owned());
            }
            members.iter().map(|member| Self::read_within(shapes, member, outer)).collect::<Result<Vec<_>, _>>()
        };
        let path = if shapes.value(node, rdf::FIRST).is_some() {
            Self::Sequence(all(node, outer)?)
        } else if let Some(list) = shapes.value(node, sh::ALTERNATIVE_PATH) {
            Self::Alternative(all(list, outer)?)
        } else {
            let kinds: [(NamedNodeRef<'_>, Kind); 4] = [
                (sh::INVERSE_PATH, Self::Inverse),
                (sh::ZERO_OR_MORE_PATH, Self::ZeroOrMore),
                (sh::ONE_OR_MORE_PATH, Self::OneOrMore),
                (sh::ZERO_OR_ONE_PATH, Self::ZeroOrOne),
            ];
            let found = kinds.iter().find_map(|(term, kind)| Some((shapes.value(node, *term)?, kind)));
            let Some((inner, kind)) = found else { return Err("a blank node that is no path".to_owned()) };
            kind(Box::new(Self::read_within(shapes, inner, outer)?))
        };
        outer.pop();
        Ok(path)
    }

    /// The distinct values that a node has by this path.
    pub(super) fn values(&self, graph: &dyn Graph, node: &Term) -> Result<Vec<Term>, ValidationError> {
        match self {
            Self::Predicate(predicate) => graph.objects(node, predicate.as_ref()),
            Self::Inverse(inner) => match &**inner {
                Self::Predicate(predicate) => graph.subjects(predicate.as_ref(), node),
                other => other.inverted().values(graph, node),
            },
            Self::Sequence(steps) => {
                let mut here = vec![node.clone()];
                for step in steps {
                    let mut next = Ordered::default();
                    for node in &here {
                        next.extend(step.values(graph, node)?);
                    }
                    here = next.items;
                }
                Ok(here)
            }
            Self::Alternative(paths) => {
                let mut found = Ordered::default();
                for path in paths {
                    found.extend(path.values(graph, node)?);
                }
                Ok(found.items)
            }
            Self::ZeroOrOne(inner) => {
                let mut found = Ordered::default();
                found.extend([node.clone()]);
                found.extend(inner.values(graph, node)?);
                Ok(found.items)
            }
            Self::ZeroOrMore(inner) => {
                let mut found = Ordered::default();
                found.extend([node.clone()]);
                found.close(graph, inner, 0)
            }
            Self::OneOrMore(inner) => {
                let mut found = Ordered::default();
                found.extend(inner.values(graph, node)?);
                found.close(graph, inner, 0)
            }
        }
    }

    /// The path walked backwards, with the inversion at its predicates.
    fn inverted(&self) -> Self {
        match self {
            Self::Predicate(_) => Self::Inverse(Box::new(self.clone())),
            Self::Inverse(inner) => (**inner).clone(),
            Self::Sequence(steps) => Self::Sequence(steps.iter().rev().map(Self::inverted).collect()),
            Self::Alternative(paths) => Self::Alternative(paths.iter().map(Self::inverted).collect()),
            Self::ZeroOrMore(inner) => Self::ZeroOrMore(Box::new(inner.inverted())),
            Self::OneOrMore(inner) => Self::OneOrMore(Box::new(inner.inverted())),
            Self::ZeroOrOne(inner) => Self::ZeroOrOne(Box::new(inner.inverted())),
        }
    }

    /// Writes the path as triples and gives the node that stands for it; `fresh` gives new blank nodes.
    pub(super) fn write(&self, triples: &mut Vec<Triple>, fresh: &mut dyn FnMut() -> BlankNode) -> Term {
        let (term, inner) = match self {
            Self::Predicate(predicate) => return predicate.clone().into(),
            Self::Sequence(steps) => return list(steps, triples, fresh),
            Self::Alternative(paths) => {
                let head = list(paths, triples, fresh);
                let node = fresh();
                triples.push(Triple::new(node.clone(), sh::ALTERNATIVE_PATH, head));
                return node.into();
            }
            Self::Inverse(inner) => (sh::INVERSE_PATH, inner),
            Self::ZeroOrMore(inner) => (sh::ZERO_OR_MORE_PATH, inner),
            Self::OneOrMore(inner) => (sh::ONE_OR_MORE_PATH, inner),
            Self::ZeroOrOne(inner) => (sh::ZERO_OR_ONE_PATH, inner),
        };
        let inner = inner.write(triples, fresh);
        let node = fresh();
        triples.push(Triple::new(node.clone(), term, inner));
        node.into()
    }

    /// The path as SPARQL writes it, its properties named by `name`.
    pub fn named(&self, name: &dyn Fn(&NamedNode) -> String) -> String {
        let grouped = |path: &Self| match path {
            Self::Sequence(_) | Self::Alternative(_) => format!("({})", path.named(name)),
            _ => path.named(name),
        };
        let joined = |paths: &[Self], by: &str| paths.iter().map(grouped).collect::<Vec<_>>().join(by);
        match self {
            Self::Predicate(predicate) => name(predicate),
            Self::Inverse(inner) => format!("^{}", grouped(inner)),
            Self::Sequence(steps) => joined(steps, "/"),
            Self::Alternative(paths) => joined(paths, "|"),
            Self::ZeroOrMore(inner) => format!("{}*", grouped(inner)),
            Self::OneOrMore(inner) => format!("{}+", grouped(inner)),
            Self::ZeroOrOne(inner) => format!("{}?", grouped(inner)),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.named(&ToString::to_string))
    }
}

fn list(members: &[Path], triples: &mut Vec<Triple>, fresh: &mut dyn FnMut() -> BlankNode) -> Term {
    members.iter().rev().fold(rdf::NIL.into(), |rest: Term, member| {
        let first = member.write(triples, fresh);
        let node = fresh();
        triples.push(Triple::new(node.clone(), rdf::FIRST, first));
        triples.push(Triple::new(node.clone(), rdf::REST, rest));
        node.into()
    })
}

/// A set that remembers in which order it was filled.
#[derive(Default)]
struct Ordered {
    items: Vec<Term>,
    seen: HashSet<Term>,
}

impl Ordered {
    fn extend(&mut self, items: impl IntoIterator<Item = Term>) {
        for item in items {
            if self.seen.insert(item.clone()) {
                self.items.push(item);
            }
        }
    }

    /// Walks the path from every node found, until no more are found.
    fn close(mut self, graph: &dyn Graph, path: &Path, mut at: usize) -> Result<Vec<Term>, ValidationError> {
        while at < self.items.len() {
            let next = path.values(graph, &self.items[at])?;
            self.extend(next);
            at += 1;
        }
        Ok(self.items)
    }
}
