//! The graphs that are validated, behind one trait: a graph in memory, one layered over another, the union of a store.
//!
//! [`Graph`] asks only for what validation needs: the values of one node, and the nodes of a target one after another. So a store
//! is never read into memory, and a target of ten million nodes costs no more of it than one of ten.

use super::ValidationError;
use crate::store::{Store, StoreError};
use oxigraph::store::Store as Database;
use oxrdf::vocab::rdf;
use oxrdf::{
    GraphNameRef, NamedNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Quad, QuadRef, Term, TermRef, Triple,
};
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A statement without its subject (or, looked at from the other side, without its object).
pub(super) type Edge = (NamedNode, Term);

/// What is done with each node of a target.
pub type Visit<'v> = dyn FnMut(Term) -> Result<(), ValidationError> + 'v;

/// A graph that can be validated. A node of a target is visited once however often it is one.
pub trait Graph: Sync {
    /// The distinct values of a property.
    ///
    /// # Errors
    ///
    /// If the graph cannot be read; so of all methods.
    fn objects(&self, subject: &Term, predicate: NamedNodeRef<'_>) -> Result<Vec<Term>, ValidationError>;
    /// The distinct nodes that have this value of a property.
    ///
    /// # Errors
    ///
    /// See [`Self::objects`].
    fn subjects(&self, predicate: NamedNodeRef<'_>, object: &Term) -> Result<Vec<Term>, ValidationError>;
    /// Whether the graph says so.
    ///
    /// # Errors
    ///
    /// See [`Self::objects`].
    fn contains(&self, subject: &Term, predicate: NamedNodeRef<'_>, object: &Term) -> Result<bool, ValidationError>;
    /// All that is said of a node.
    ///
    /// # Errors
    ///
    /// See [`Self::objects`].
    fn outgoing(&self, subject: &Term) -> Result<Vec<(NamedNode, Term)>, ValidationError>;
    /// Visits the nodes that a target can reach: those with this property, and this value of it if one is given.
    ///
    /// # Errors
    ///
    /// See [`Self::objects`]; also the first of the visits.
    fn each_subject(
        &self,
        predicate: NamedNodeRef<'_>,
        object: Option<&Term>,
        visit: &mut Visit<'_>,
    ) -> Result<(), ValidationError>;
    /// Visits the values of a property.
    ///
    /// # Errors
    ///
    /// See [`Self::each_subject`].
    fn each_object(&self, predicate: NamedNodeRef<'_>, visit: &mut Visit<'_>) -> Result<(), ValidationError>;
    /// The graph as a database, for what can only be asked in SPARQL.
    ///
    /// # Errors
    ///
    /// If its statements cannot be put into one.
    fn database(&self) -> Result<Database, ValidationError>;
}

/// A graph in memory.
#[derive(Debug, Default)]
pub struct MemoryGraph {
    outgoing: HashMap<Term, Vec<Edge>>,
    incoming: HashMap<Term, Vec<Edge>>,
    /// The subjects in the order in which they first occurred.
    subjects: Vec<Term>,
    copy: OnceLock<DatabaseCopy>,
}

impl MemoryGraph {
    /// The graph of these triples.
    pub fn new(triples: impl IntoIterator<Item = Triple>) -> Self {
        let mut graph = Self::default();
        for triple in triples {
            let subject = Term::from(triple.subject);
            let edges = graph.outgoing.entry(subject.clone()).or_default();
            if edges.is_empty() {
                graph.subjects.push(subject.clone());
            }
            edges.push((triple.predicate.clone(), triple.object.clone()));
            graph.incoming.entry(triple.object).or_default().push((triple.predicate, subject));
        }
        // A statement made twice is one.
        for subject in &graph.subjects {
            if let Some(edges) = graph.outgoing.get_mut(subject) {
                deduplicate(edges);
            }
        }
        graph
    }

    /// The nodes of which something is said.
    pub fn described(&self) -> &[Term] {
        &self.subjects
    }

    /// How many statements there are.
    pub fn len(&self) -> usize {
        self.subjects.iter().filter_map(|subject| self.outgoing.get(subject)).map(Vec::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.subjects.is_empty()
    }

    /// The values of a property.
    pub(in crate::authoring) fn values<'g>(
        &'g self,
        subject: &Term,
        predicate: NamedNodeRef<'g>,
    ) -> impl Iterator<Item = &'g Term> + use<'g> {
        let edges = self.outgoing.get(subject).map(Vec::as_slice).unwrap_or_default();
        edges.iter().filter(move |(p, _)| p.as_ref() == predicate).map(|(_, object)| object)
    }

    /// The first value of a property.
    pub(in crate::authoring) fn value(&self, subject: &Term, predicate: NamedNodeRef<'_>) -> Option<&Term> {
        let edges = self.outgoing.get(subject)?;
        edges.iter().find(|(p, _)| p.as_ref() == predicate).map(|(_, object)| object)
    }

    /// All that is said of a node.
    pub(in crate::authoring) fn edges(&self, subject: &Term) -> &[Edge] {
        self.outgoing.get(subject).map(Vec::as_slice).unwrap_or_default()
    }

    /// What points at a node, with the property by which it does.
    pub(in crate::authoring) fn pointing(&self, object: &Term) -> &[Edge] {
        self.incoming.get(object).map(Vec::as_slice).unwrap_or_default()
    }

    /// The members of an RDF list, `None` if it is not well formed.
    pub(in crate::authoring) fn list(&self, head: &Term) -> Option<Vec<Term>> {
        let mut members = Vec::new();
        let mut seen = BTreeSet::new();
        let mut node = head.clone();
        while node.as_ref() != TermRef::from(rdf::NIL) {
            if !seen.insert(node.to_string()) {
                return None;
            }
            members.push(self.value(&node, rdf::FIRST)?.clone());
            node = self.value(&node, rdf::REST)?.clone();
        }
        Some(members)
    }
}

/// Drops what occurs again. Nearly all lists are short, so that comparing each with each is fastest.
fn deduplicate<T: Eq + Hash + Clone>(items: &mut Vec<T>) {
    const SHORT: usize = 32;
    if items.len() <= SHORT {
        let mut kept = 0;
        for at in 0..items.len() {
            if !items[..kept].contains(&items[at]) {
                items.swap(kept, at);
                kept += 1;
            }
        }
        items.truncate(kept);
    } else {
        let mut seen = std::collections::HashSet::with_capacity(items.len());
        items.retain(|item| seen.insert(item.clone()));
    }
}

impl Graph for MemoryGraph {
    fn objects(&self, subject: &Term, predicate: NamedNodeRef<'_>) -> Result<Vec<Term>, ValidationError> {
        Ok(self.values(subject, predicate).cloned().collect())
    }

    fn subjects(&self, predicate: NamedNodeRef<'_>, object: &Term) -> Result<Vec<Term>, ValidationError> {
        let edges = self.pointing(object).iter().filter(|(p, _)| p.as_ref() == predicate);
        let mut found = edges.map(|(_, subject)| subject.clone()).collect();
        deduplicate(&mut found);
        Ok(found)
    }

    fn contains(&self, subject: &Term, predicate: NamedNodeRef<'_>, object: &Term) -> Result<bool, ValidationError> {
        Ok(self.values(subject, predicate).any(|value| value == object))
    }

    fn outgoing(&self, subject: &Term) -> Result<Vec<Edge>, ValidationError> {
        Ok(self.edges(subject).to_vec())
    }

    fn each_subject(
        &self,
        predicate: NamedNodeRef<'_>,
        object: Option<&Term>,
        visit: &mut Visit<'_>,
    ) -> Result<(), ValidationError> {
        if let Some(object) = object {
            return self.subjects(predicate, object)?.into_iter().try_for_each(visit);
        }
        let with = self.subjects.iter().filter(|subject| self.value(subject, predicate).is_some());
        with.cloned().try_for_each(visit)
    }

    fn each_object(&self, predicate: NamedNodeRef<'_>, visit: &mut Visit<'_>) -> Result<(), ValidationError> {
        let mut found: Vec<Term> =
            self.subjects.iter().flat_map(|subject| self.values(subject, predicate)).cloned().collect();
        deduplicate(&mut found);
        found.into_iter().try_for_each(visit)
    }

    fn database(&self) -> Result<Database, ValidationError> {
        copied(&self.copy, &[self])
    }
}

/// The statements of graphs in a database, put there when it is first asked for.
fn copied(copy: &OnceLock<DatabaseCopy>, graphs: &[&MemoryGraph]) -> Result<Database, ValidationError> {
    if let Some(DatabaseCopy(database)) = copy.get() {
        return Ok(database.clone());
    }
    let database = Database::new().map_err(StoreError::from)?;
    for graph in graphs {
        for subject in &graph.subjects {
            let Some(node) = node(subject) else { continue };
            for (predicate, object) in graph.edges(subject) {
                let quad = QuadRef::new(node, predicate, object, GraphNameRef::DefaultGraph);
                database.insert(quad).map_err(StoreError::from)?;
            }
        }
    }
    Ok(copy.get_or_init(|| DatabaseCopy(database)).0.clone())
}

/// Oxigraph's store, which cannot be shown.
struct DatabaseCopy(Database);

impl std::fmt::Debug for DatabaseCopy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseCopy")
    }
}

/// A graph whose nodes are validated, with what is known besides: classes, actors.
#[derive(Debug)]
pub struct Layered<'g> {
    top: &'g MemoryGraph,
    below: &'g MemoryGraph,
    copy: OnceLock<DatabaseCopy>,
}

impl<'g> Layered<'g> {
    /// `top` is the graph whose nodes are looked at, `below` what helps to judge them.
    pub fn new(top: &'g MemoryGraph, below: &'g MemoryGraph) -> Self {
        Self { top, below, copy: OnceLock::new() }
    }
}

impl Graph for Layered<'_> {
    fn objects(&self, subject: &Term, predicate: NamedNodeRef<'_>) -> Result<Vec<Term>, ValidationError> {
        let mut found: Vec<Term> =
            self.top.values(subject, predicate).chain(self.below.values(subject, predicate)).cloned().collect();
        deduplicate(&mut found);
        Ok(found)
    }

    fn subjects(&self, predicate: NamedNodeRef<'_>, object: &Term) -> Result<Vec<Term>, ValidationError> {
        let mut found = self.top.subjects(predicate, object)?;
        found.extend(self.below.subjects(predicate, object)?);
        deduplicate(&mut found);
        Ok(found)
    }

    fn contains(&self, subject: &Term, predicate: NamedNodeRef<'_>, object: &Term) -> Result<bool, ValidationError> {
        Ok(self.top.contains(subject, predicate, object)? || self.below.contains(subject, predicate, object)?)
    }

    fn outgoing(&self, subject: &Term) -> Result<Vec<Edge>, ValidationError> {
        let mut found = self.top.outgoing(subject)?;
        found.extend_from_slice(self.below.edges(subject));
        deduplicate(&mut found);
        Ok(found)
    }

    fn each_subject(
        &self,
        predicate: NamedNodeRef<'_>,
        object: Option<&Term>,
        visit: &mut Visit<'_>,
    ) -> Result<(), ValidationError> {
        self.top.each_subject(predicate, object, visit)
    }

    fn each_object(&self, predicate: NamedNodeRef<'_>, visit: &mut Visit<'_>) -> Result<(), ValidationError> {
        self.top.each_object(predicate, visit)
    }

    fn database(&self) -> Result<Database, ValidationError> {
        copied(&self.copy, &[self.top, self.below])
    }
}

/// How many nodes a part of the cache holds before it begins anew.
const CACHED: usize = 128;
/// The parts of the cache, so that threads seldom wait for each other.
const PARTS: usize = 16;
/// A node of which more is said is not kept: a place a hundred thousand articles mention would fill the memory.
const SMALL: usize = 256;

/// What is said of a node, kept if it is little.
type Description = Option<Arc<Vec<Edge>>>;

/// The union of a store's graphs, read as it is needed.
#[derive(Debug)]
pub struct StoreGraph<'s> {
    store: &'s Store,
    cache: Vec<Mutex<HashMap<Term, Description>>>,
}

impl<'s> StoreGraph<'s> {
    /// The graph of a store.
    pub fn new(store: &'s Store) -> Self {
        Self { store, cache: (0..PARTS).map(|_| Mutex::default()).collect() }
    }

    fn description(&self, subject: &Term) -> Result<Description, ValidationError> {
        let Some(node) = node(subject) else { return Ok(Some(Arc::default())) };
        let mut hasher = DefaultHasher::new();
        subject.hash(&mut hasher);
        let part = &self.cache[hasher.finish() as usize % PARTS];
        if let Some(found) = part.lock().unwrap_or_else(PoisonError::into_inner).get(subject) {
            return Ok(found.clone());
        }
        let mut edges = Vec::new();
        let mut description = None;
        let mut quads = self.store.quads(Some(node), None, None, None);
        while edges.len() <= SMALL {
            let Some(quad) = quads.next() else {
                deduplicate(&mut edges);
                description = Some(Arc::new(edges));
                break;
            };
            let quad = quad?;
            edges.push((quad.predicate, quad.object));
        }
        let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
        if part.len() >= CACHED {
            part.clear();
        }
        part.insert(subject.clone(), description.clone());
        Ok(description)
    }
}

impl Graph for StoreGraph<'_> {
    fn objects(&self, subject: &Term, predicate: NamedNodeRef<'_>) -> Result<Vec<Term>, ValidationError> {
        if let Some(edges) = self.description(subject)? {
            return Ok(edges
                .iter()
                .filter(|(p, _)| p.as_ref() == predicate)
                .map(|(_, object)| object.clone())
                .collect());
        }
        let Some(subject) = node(subject) else { return Ok(Vec::new()) };
        let quads = self.store.quads(Some(subject), Some(predicate), None, None);
        let mut found = quads.map(|quad| Ok(quad?.object)).collect::<Result<Vec<_>, ValidationError>>()?;
        deduplicate(&mut found);
        Ok(found)
    }

    fn subjects(&self, predicate: NamedNodeRef<'_>, object: &Term) -> Result<Vec<Term>, ValidationError> {
        let quads = self.store.quads(None, Some(predicate), Some(object.as_ref()), None);
        let mut found = quads.map(|quad| Ok(quad?.subject.into())).collect::<Result<Vec<_>, ValidationError>>()?;
        deduplicate(&mut found);
        Ok(found)
    }

    fn contains(&self, subject: &Term, predicate: NamedNodeRef<'_>, object: &Term) -> Result<bool, ValidationError> {
        if let Some(edges) = self.description(subject)? {
            return Ok(edges.iter().any(|(p, o)| p.as_ref() == predicate && o == object));
        }
        let Some(subject) = node(subject) else { return Ok(false) };
        Ok(self.store.quads(Some(subject), Some(predicate), Some(object.as_ref()), None).next().transpose()?.is_some())
    }

    fn outgoing(&self, subject: &Term) -> Result<Vec<Edge>, ValidationError> {
        if let Some(edges) = self.description(subject)? {
            return Ok(edges.to_vec());
        }
        let Some(subject) = node(subject) else { return Ok(Vec::new()) };
        let quads = self.store.quads(Some(subject), None, None, None);
        let edge = |quad: Result<Quad, _>| quad.map(|quad| (quad.predicate, quad.object));
        let mut found = quads.map(edge).collect::<Result<Vec<_>, _>>()?;
        deduplicate(&mut found);
        Ok(found)
    }

    // On disk, the index that answers these is in the order of predicate, object and subject, so that the same statement of
    // two graphs comes twice in a row. In memory there is no such order.
    fn each_subject(
        &self,
        predicate: NamedNodeRef<'_>,
        object: Option<&Term>,
        visit: &mut Visit<'_>,
    ) -> Result<(), ValidationError> {
        let in_order = object.is_some() && self.store.path().is_some();
        let mut last: Option<NamedOrBlankNode> = None;
        for quad in self.store.quads(None, Some(predicate), object.map(Term::as_ref), None) {
            let quad = quad?;
            // A node that has the property several times counts where its first statement is met.
            let subject = quad.subject.as_ref();
            if last.as_ref() == Some(&quad.subject)
                || !in_order
                    && !is_first(
                        &quad,
                        self.store.quads(Some(subject), Some(predicate), object.map(Term::as_ref), None),
                    )?
            {
                continue;
            }
            visit(quad.subject.clone().into())?;
            last = Some(quad.subject);
        }
        Ok(())
    }

    fn each_object(&self, predicate: NamedNodeRef<'_>, visit: &mut Visit<'_>) -> Result<(), ValidationError> {
        let in_order = self.store.path().is_some();
        let mut last: Option<Term> = None;
        for quad in self.store.quads(None, Some(predicate), None, None) {
            let quad = quad?;
            if last.as_ref() == Some(&quad.object)
                || !in_order
                    && !is_first(&quad, self.store.quads(None, Some(predicate), Some(quad.object.as_ref()), None))?
            {
                continue;
            }
            visit(quad.object.clone())?;
            last = Some(quad.object);
        }
        Ok(())
    }

    fn database(&self) -> Result<Database, ValidationError> {
        Ok(self.store.database().clone())
    }
}

fn is_first(quad: &Quad, mut all: impl Iterator<Item = Result<Quad, StoreError>>) -> Result<bool, ValidationError> {
    Ok(all.next().transpose()?.is_none_or(|first| first == *quad))
}

/// The term as a subject, if it can be one.
pub(super) fn node(term: &Term) -> Option<NamedOrBlankNodeRef<'_>> {
    match term {
        Term::NamedNode(node) => Some(node.into()),
        Term::BlankNode(node) => Some(node.into()),
        Term::Literal(_) => None,
    }
}
