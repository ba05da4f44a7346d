//! What there is in the store, in numbers.

use super::failure::Failure;
use crate::store::Store;
use oxrdf::vocab::rdf;
use oxrdf::{GraphName, GraphNameRef, NamedNode, NamedOrBlankNode, Quad, Term};
use std::collections::BTreeMap;

/// The kinds of things that examples are taken of, by the first part of their path.
const EXAMPLES: [&str; 6] = ["event/", "actor/", "place/", "article/", "report/", "situation/"];

/// Numbers of a store, its own books left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Statistics {
    pub(super) triples: usize,
    pub(super) articles: usize,
    /// Instances of each class, in the order of their IRIs.
    pub(super) classes: BTreeMap<String, usize>,
    /// Triples of each property.
    pub(super) properties: BTreeMap<String, usize>,
    /// Triples of each graph but those of articles; the unnamed graph has no name.
    pub(super) graphs: BTreeMap<Option<String>, usize>,
    /// An IRI of each kind.
    pub(super) examples: Vec<String>,
}

/// Counts what is in a store, all of which it reads.
pub(super) fn count(store: &Store) -> Result<Statistics, Failure> {
    let mut statistics = Statistics::default();
    let books = [store.graphs().meta(), store.graphs().support()].map(GraphNameRef::from);
    let mut properties: BTreeMap<NamedNode, usize> = BTreeMap::new();
    let mut graphs: BTreeMap<Option<NamedNode>, usize> = BTreeMap::new();
    let mut classes: BTreeMap<NamedNode, usize> = BTreeMap::new();
    let mut examples: [Option<String>; EXAMPLES.len()] = Default::default();
    for quad in store.quads(None, None, None, None) {
        let quad = quad?;
        if books.contains(&quad.graph_name.as_ref()) {
            continue;
        }
        statistics.triples += 1;
        note_example(&quad, store.base(), &mut examples);
        if quad.predicate.as_ref() == rdf::TYPE
            && let Term::NamedNode(class) = quad.object
        {
            *classes.entry(class).or_default() += 1;
        }
        *properties.entry(quad.predicate).or_default() += 1;
        match quad.graph_name {
            GraphName::NamedNode(name) if store.graphs().is_article(name.as_ref()) => {}
            GraphName::NamedNode(name) => *graphs.entry(Some(name)).or_default() += 1,
            _ => *graphs.entry(None).or_default() += 1,
        }
    }
    statistics.articles = store.articles()?.len();
    let named = |counts: BTreeMap<NamedNode, usize>| counts.into_iter().map(|(n, c)| (n.into_string(), c)).collect();
    statistics.classes = named(classes);
    statistics.properties = named(properties);
    statistics.graphs = graphs.into_iter().map(|(name, count)| (name.map(NamedNode::into_string), count)).collect();
    statistics.examples = examples.into_iter().flatten().collect();
    Ok(statistics)
}

/// The first subject of a kind that is met is as good an example as any.
fn note_example(quad: &Quad, base: &str, examples: &mut [Option<String>; EXAMPLES.len()]) {
    let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { return };
    let Some(local) = subject.as_str().strip_prefix(base).filter(|local| !local.contains('#')) else { return };
    if let Some(kind) = EXAMPLES.iter().position(|kind| local.starts_with(kind))
        && examples[kind].is_none()
    {
        examples[kind] = Some(subject.as_str().to_owned());
    }
}
