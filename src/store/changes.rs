//! What a change comes to, found out quad by quad while it is carried out.
//!
//! [`Changes`] carries out the operations of an update and notes of each quad that they name whether the store held it before and holds it
//! after: as much as the change is large, whatever the graphs hold. A graph that is cleared is noted as one. An update of one
//! operation sees the store as it is; only one of several needs a transaction, so that each sees what those before have done.

use super::difference::{Difference, STEP};
use super::run::graph_label;
use super::template::{self, Fresh};
use super::update::{UpdateError, UpdateOptions, Updated, target};
use super::{Store, StoreError};
use oxigraph::sparql::{QueryResults, SparqlEvaluator, UpdateEvaluationError};
use oxigraph::store::{QuadIter, Transaction};
use oxrdf::vocab::xsd;
use oxrdf::{GraphName, NamedNodeRef, NamedOrBlankNode, Quad, Term, Triple};
use spargebra::algebra::{GraphPattern, GraphTarget, QueryDataset};
use spargebra::term::{GraphNamePattern, GroundQuadPattern, QuadPattern};
use spargebra::{GraphUpdateOperation, Update};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A change in the making.
pub(super) struct Changes<'s> {
    store: &'s Store,
    options: UpdateOptions,
    /// None if nothing has to see what was done before.
    transaction: Option<Transaction<'s>>,
    /// The graphs that are written to, by their names.
    graphs: BTreeMap<String, Written>,
    /// The quads that are.
    held: HashMap<Quad, Held>,
}

/// A graph that is written to.
pub(super) struct Written {
    graph: GraphName,
    pub(super) was_there: bool,
    pub(super) is_there: bool,
    /// It has lost all that it held before.
    is_cleared: bool,
}

/// Whether the store holds a quad.
#[derive(Clone, Copy)]
struct Held {
    before: bool,
    now: bool,
}

impl Held {
    fn is_now(self, quad: &Quad, transaction: Option<&Transaction<'_>>) -> Result<bool, StoreError> {
        transaction.map_or(Ok(self.now), |transaction| Ok(transaction.contains(quad)?))
    }
}

impl<'s> Changes<'s> {
    /// `is_one` if the change is of one operation, or if none of them reads anything.
    pub(super) fn begin(store: &'s Store, options: UpdateOptions, is_one: bool) -> Result<Self, UpdateError> {
        let transaction = (!is_one).then(|| store.database().start_transaction()).transpose();
        let transaction = transaction.map_err(StoreError::from)?;
        Ok(Self { store, options, transaction, graphs: BTreeMap::new(), held: HashMap::new() })
    }

    /// Carries out an update.
    pub(super) fn carry_out(&mut self, evaluator: &SparqlEvaluator, update: Update) -> Result<(), UpdateError> {
        for operation in update.operations {
            match operation {
                GraphUpdateOperation::InsertData { data } => {
                    let mut fresh = Fresh::default();
                    data.iter().try_for_each(|quad| self.put(fresh.quad(quad)))?;
                }
                GraphUpdateOperation::DeleteData { data } => {
                    for quad in data {
                        let graph = target(&quad.graph_name);
                        self.take(Quad::new(quad.subject, quad.predicate, Term::from(quad.object), graph))?;
                    }
                }
                GraphUpdateOperation::DeleteInsert { delete, insert, using, pattern } => {
                    self.replace(evaluator, (&delete, &insert), using, *pattern)?;
                }
                GraphUpdateOperation::Load { silent: true, .. } => {}
                GraphUpdateOperation::Load { .. } => return Err(UpdateError::Load),
                GraphUpdateOperation::Clear { ref graph, silent } => {
                    let graphs = self.targets(&operation, graph, silent)?;
                    graphs.iter().try_for_each(|graph| self.clear(graph))?;
                }
                GraphUpdateOperation::Drop { ref graph, silent } => {
                    let graphs = self.targets(&operation, graph, silent)?;
                    graphs.iter().try_for_each(|graph| self.drop(graph))?;
                }
                GraphUpdateOperation::Create { graph, silent } => {
                    let name = GraphName::from(graph.clone());
                    if !self.written(&name)?.is_there {
                        self.make(&name)?;
                    } else if !silent {
                        return Err(UpdateEvaluationError::GraphAlreadyExists(graph).into());
                    }
                }
            }
        }
        Ok(())
    }

    /// Removes and inserts what the templates come to for each solution of the pattern; all of them before anything is changed.
    fn replace(
        &mut self,
        evaluator: &SparqlEvaluator,
        (delete, insert): (&[GroundQuadPattern], &[QuadPattern]),
        dataset: Option<QueryDataset>,
        pattern: GraphPattern,
    ) -> Result<(), UpdateError> {
        // What it may not write to is refused also if there is nothing to write.
        for name in delete.iter().map(|quad| &quad.graph_name).chain(insert.iter().map(|quad| &quad.graph_name)) {
            if let GraphNamePattern::NamedNode(node) = name {
                self.admit(&node.clone().into())?;
            }
        }
        let variables = template::variables(delete, insert);
        let pattern = GraphPattern::Project { inner: Box::new(pattern), variables };
        let query = spargebra::Query::Select { dataset, pattern, base_iri: None };
        let mut prepared = evaluator.clone().for_query(query);
        if self.options.union && prepared.dataset().is_default_dataset() {
            prepared.dataset_mut().set_default_graph_as_union();
        }
        let (mut removed, mut inserted) = (Vec::new(), Vec::new());
        {
            let results = match &self.transaction {
                Some(transaction) => prepared.on_transaction(transaction).execute()?,
                None => prepared.on_store(self.store.database()).execute()?,
            };
            let QueryResults::Solutions(solutions) = results else { return Ok(()) };
            for solution in solutions {
                let solution = solution?;
                let mut fresh = Fresh::default();
                removed.extend(delete.iter().filter_map(|quad| template::delete(quad, &solution)));
                inserted.extend(insert.iter().filter_map(|quad| template::insert(quad, &solution, &mut fresh)));
            }
        }
        removed.into_iter().try_for_each(|quad| self.take(quad))?;
        inserted.into_iter().try_for_each(|quad| self.put(quad))
    }

    /// Refuses a graph that the store keeps.
    fn admit(&self, graph: &GraphName) -> Result<(), UpdateError> {
        match graph {
            GraphName::NamedNode(node) if self.store.graphs.is_kept(node.as_ref()) => {
                Err(UpdateError::Kept(node.as_str().to_owned(), self.store.base().to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// What is noted of a graph that is written to; refuses one that the store keeps.
    pub(super) fn written(&mut self, graph: &GraphName) -> Result<&mut Written, UpdateError> {
        let name = graph.to_string();
        if !self.graphs.contains_key(&name) {
            self.admit(graph)?;
            let is_there = match graph {
                GraphName::NamedNode(node) => {
                    self.store.database().contains_named_graph(node).map_err(StoreError::from)?
                }
                _ => true,
            };
            let new = Written { graph: graph.clone(), was_there: is_there, is_there, is_cleared: false };
            self.graphs.insert(name.clone(), new);
        }
        self.graphs.get_mut(&name).ok_or_else(|| StoreError::ReadOnly.into())
    }

    /// What is noted of a quad.
    fn held(&mut self, quad: Quad) -> Result<&mut Held, UpdateError> {
        match self.held.entry(quad) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => {
                let is_there = self.store.database().contains(new.key()).map_err(StoreError::from)?;
                Ok(new.insert(Held { before: is_there, now: is_there }))
            }
        }
    }

    /// Inserts a quad.
    pub(super) fn put(&mut self, quad: Quad) -> Result<(), UpdateError> {
        self.written(&quad.graph_name)?.is_there = true;
        if let Some(transaction) = &mut self.transaction {
            transaction.insert(&quad);
        }
        self.held(quad)?.now = true;
        Ok(())
    }

    /// Removes a quad.
    fn take(&mut self, quad: Quad) -> Result<(), UpdateError> {
        self.written(&quad.graph_name)?;
        if let Some(transaction) = &mut self.transaction {
            transaction.remove(&quad);
        }
        self.held(quad)?.now = false;
        Ok(())
    }

    /// Makes a graph.
    pub(super) fn make(&mut self, graph: &GraphName) -> Result<(), UpdateError> {
        self.written(graph)?.is_there = true;
        if let (GraphName::NamedNode(node), Some(transaction)) = (graph, &mut self.transaction) {
            transaction.insert_named_graph(node);
        }
        Ok(())
    }

    /// Takes everything out of a graph.
    pub(super) fn clear(&mut self, graph: &GraphName) -> Result<(), UpdateError> {
        self.written(graph)?.is_cleared = true;
        self.held.retain(|quad, _| quad.graph_name != *graph);
        if let Some(transaction) = &mut self.transaction {
            transaction.clear_graph(graph).map_err(StoreError::from)?;
        }
        Ok(())
    }

    /// Takes a graph away.
    pub(super) fn drop(&mut self, graph: &GraphName) -> Result<(), UpdateError> {
        self.clear(graph)?;
        if let GraphName::NamedNode(node) = graph {
            self.written(graph)?.is_there = false;
            if let Some(transaction) = &mut self.transaction {
                transaction.remove_named_graph(node).map_err(StoreError::from)?;
            }
        }
        Ok(())
    }

    /// The graphs that an operation is about, those of users; fails if the one that it names is missing.
    fn targets(
        &mut self,
        operation: &GraphUpdateOperation,
        target: &GraphTarget,
        silent: bool,
    ) -> Result<Vec<GraphName>, UpdateError> {
        let mut targets = Vec::new();
        match target {
            GraphTarget::DefaultGraph => targets.push(GraphName::DefaultGraph),
            GraphTarget::NamedNode(node) => {
                let graph = GraphName::from(node.clone());
                if self.written(&graph)?.is_there {
                    targets.push(graph);
                } else if !silent {
                    return Err(UpdateEvaluationError::GraphDoesNotExist(node.clone()).into());
                }
            }
            GraphTarget::NamedGraphs | GraphTarget::AllGraphs => {
                if !self.options.everything {
                    return Err(UpdateError::Everything(operation.to_string()));
                }
                for graph in self.store.database().named_graphs() {
                    if let NamedOrBlankNode::NamedNode(node) = graph.map_err(StoreError::from)?
                        && !self.store.graphs.is_kept(node.as_ref())
                    {
                        self.written(&node.into())?;
                    }
                }
                targets.extend(self.graphs.values().filter(|of| of.is_there).map(|of| of.graph.clone()));
                targets.retain(|graph| *graph != GraphName::DefaultGraph);
                if *target == GraphTarget::AllGraphs {
                    targets.push(GraphName::DefaultGraph);
                }
            }
        }
        Ok(targets)
    }

    /// Makes a graph hold these triples and no others. What it holds already stays, unless there is much to remove: then all of it goes.
    pub(super) fn set(&mut self, graph: &GraphName, triples: Vec<Triple>) -> Result<(), UpdateError> {
        self.make(graph)?;
        let new = triples.into_iter().map(|triple| (triple.in_graph(graph.clone()), Held { before: false, now: true }));
        self.held.extend(new);
        let mut removed = 0;
        for quad in self.quads_of(graph) {
            let quad = quad.map_err(StoreError::from)?;
            let held = self.held.entry(quad).or_insert(Held { before: true, now: false });
            held.before = true;
            removed += usize::from(!held.now);
            if removed > STEP {
                self.written(graph)?.is_cleared = true;
                self.held.retain(|_, held| held.now);
                let database = self.store.database();
                return self.held.iter_mut().try_for_each(|(quad, held)| {
                    held.before = database.contains(quad).map_err(StoreError::from)?;
                    Ok(())
                });
            }
        }
        Ok(())
    }

    /// Compares what was with what is, and refuses what would break a promise of the store.
    pub(super) fn difference(self) -> Result<Difference, UpdateError> {
        let mut difference = Difference::default();
        let mut counts = Updated::default();
        for Written { graph, was_there, is_there, is_cleared } in self.graphs.values() {
            match graph {
                GraphName::NamedNode(node) if !was_there && *is_there => difference.made.push(node.clone()),
                GraphName::NamedNode(node) if *was_there && !is_there => difference.dropped.push(node.clone()),
                _ => {}
            }
            if *is_cleared {
                let count = self.quads_of(graph).try_fold(0, |count, quad| quad.map(|_| count + 1));
                counts.removed += count.map_err(StoreError::from)?;
                difference.cleared.push(graph.clone());
            }
        }
        let cleared: HashSet<GraphName> = difference.cleared.iter().cloned().collect();
        self.held.iter().try_for_each(|(quad, held)| {
            if !held.before && held.is_now(quad, self.transaction.as_ref())? {
                self.refuse_twice(quad)?;
            }
            Ok::<_, UpdateError>(())
        })?;
        let mut said_again = Vec::new();
        let Self { held, transaction, options, .. } = self;
        held.into_iter().try_for_each(|(quad, held)| {
            let is_cleared = cleared.contains(&quad.graph_name);
            match (held.before, held.is_now(&quad, transaction.as_ref())?) {
                (false, true) => {
                    counts.inserted += 1;
                    difference.inserted.push(quad);
                }
                (true, true) if is_cleared => {
                    counts.removed = counts.removed.saturating_sub(1);
                    difference.inserted.push(quad);
                }
                (true, true) if is_value(&quad.object) => said_again.push(quad),
                (true, false) if !is_cleared => {
                    counts.removed += 1;
                    difference.removed.push(quad);
                }
                _ => {}
            }
            Ok::<_, UpdateError>(())
        })?;
        if options.union && transaction.is_none() {
            refuse_repeated(&difference.inserted)?;
        }
        if !difference.removed.is_empty() {
            // The same value in another form may be what is removed.
            difference.inserted.append(&mut said_again);
        }
        difference.counts = counts;
        Ok(difference)
    }

    fn quads_of(&self, graph: &GraphName) -> QuadIter<'static> {
        self.store.database().quads_for_pattern(None, None, None, Some(graph.as_ref()))
    }

    /// Refuses a triple that also stands where it cannot be moved from. Where queries see one graph at a time, users' graphs
    /// may say the same.
    fn refuse_twice(&self, quad: &Quad) -> Result<(), UpdateError> {
        let (subject, predicate) = (Some(quad.subject.as_ref()), Some(NamedNodeRef::from(&quad.predicate)));
        let object = Some(quad.object.as_ref());
        let mut same = match &self.transaction {
            Some(transaction) => transaction.quads_for_pattern(subject, predicate, object, None),
            None => self.store.database().quads_for_pattern(subject, predicate, object, None),
        };
        same.try_for_each(|other| {
            let other = other.map_err(StoreError::from)?;
            let of_user = match &other.graph_name {
                GraphName::NamedNode(node) => !self.store.graphs.is_kept(node.as_ref()),
                _ => true,
            };
            let may_be = self.store.graphs.is_implied(other.graph_name.as_ref()) || (of_user && !self.options.union);
            let stays = self.transaction.is_some() || self.held.get(&other).is_none_or(|held| held.now);
            if other.graph_name != quad.graph_name && !may_be && stays {
                return Err(twice(other));
            }
            Ok(())
        })
    }
}

/// Refuses a triple that is inserted into two graphs at once.
fn refuse_repeated(inserted: &[Quad]) -> Result<(), UpdateError> {
    if inserted.windows(2).all(|pair| pair[0].graph_name == pair[1].graph_name) {
        return Ok(());
    }
    let mut graphs = HashMap::new();
    for quad in inserted {
        let other = graphs.insert((&quad.subject, &quad.predicate, &quad.object), &quad.graph_name);
        if let Some(other) = other.filter(|other| **other != quad.graph_name) {
            return Err(twice(Quad { graph_name: other.clone(), ..quad.clone() }));
        }
    }
    Ok(())
}

fn twice(held: Quad) -> UpdateError {
    UpdateError::Twice { graph: graph_label(&held.graph_name), triple: Box::new(held.into()) }
}

/// Whether the database holds this term by its value, so that others of the same value are the same to it: `1.50` and `1.5`.
fn is_value(term: &Term) -> bool {
    matches!(term, Term::Literal(literal) if literal.language().is_none() && literal.datatype() != xsd::STRING)
}
