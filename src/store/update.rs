//! SPARQL updates by users, kept from breaking what the store keeps.
//!
//! What the articles say is changed by loading and removing articles; an update by hand there would be undone, or would undo the
//! promises of the store. So an update writes only to graphs of the user's own, the unnamed one included, which it must name (`INSERT
//! DATA { GRAPH <…> { … } }`). What it says there counts: a triple that an article implies too moves to the user's graph,
//! and back when the user deletes it. A triple that an article's own graph, the seeds or the ontology hold
//! already is refused, since every query would meet it twice.

use super::difference::Difference;
use super::implied::settle;
use super::run::graph_label;
use super::{Run, Store, StoreError, version};
use oxigraph::sparql::{QueryEvaluationError, QueryResults, SparqlEvaluator, UpdateEvaluationError};
use oxigraph::store::Transaction;
use oxrdf::{GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, QuadRef, Term, Triple, Variable};
use spargebra::algebra::{GraphPattern, GraphTarget, QueryDataset};
use spargebra::term::{GraphName as TargetName, GraphNamePattern};
use spargebra::{GraphUpdateOperation, Update};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use thiserror::Error;

/// Why an update was refused or failed. The store is as it was then.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// It writes to a graph the store keeps.
    #[error(
        "the update would change `{0}`, which Belligraph keeps itself; write to a graph of your own, such as `{1}my/notes`"
    )]
    Kept(String, String),
    /// It clears all graphs, and who asks may not.
    #[error("`{0}` clears all graphs of all users; name the graphs to clear")]
    Everything(String),
    /// It loads a document.
    #[error("`LOAD` is not supported: an update reads no other documents")]
    Load,
    /// It says what another graph says.
    #[error("{graph} holds this already, and queries would find it twice: {triple}")]
    Twice {
        /// The other graph.
        graph: String,
        /// What it holds.
        triple: Box<Triple>,
    },
    /// Its evaluation failed.
    #[error("the update failed")]
    Evaluation(#[from] UpdateEvaluationError),
    /// The evaluation of its `WHERE` failed.
    #[error("the update failed")]
    Query(#[from] QueryEvaluationError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How an update is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpdateOptions {
    /// Its `WHERE` sees the union of all graphs; else only the unnamed graph, and graphs of users may say the same.
    pub union: bool,
    /// `CLEAR ALL` and the like are allowed. They mean all graphs of users: those the store keeps are not theirs to clear.
    pub everything: bool,
}

/// How many triples an update changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Updated {
    /// Triples that are there now and were not.
    pub inserted: usize,
    /// Triples that were there and are not now.
    pub removed: usize,
}

impl Run<'_> {
    /// Carries out an update in one transaction. What it writes goes to the graphs it names, or to the unnamed graph.
    ///
    /// # Errors
    ///
    /// If it would write to a graph the store keeps, or say what another graph says, or if it fails.
    pub fn update(
        &mut self,
        evaluator: &SparqlEvaluator,
        update: Update,
        options: UpdateOptions,
    ) -> Result<Updated, UpdateError> {
        let mut changes = Changes::begin(self.store, options.union)?;
        changes.carry_out(evaluator, update, options)?;
        changes.commit(self.iri.as_ref())
    }

    /// Puts triples into a graph of a user's, in place of what it holds or beside it, in one transaction. Tells whether the
    /// graph is new.
    ///
    /// # Errors
    ///
    /// As [`Self::update`].
    pub fn write_graph(
        &mut self,
        graph: &GraphName,
        triples: &[Triple],
        replace: bool,
        options: UpdateOptions,
    ) -> Result<bool, UpdateError> {
        let mut changes = Changes::begin(self.store, options.union)?;
        let is_new = !changes.has(graph)?;
        if replace {
            changes.target(graph)?;
            changes.clear(graph)?;
        } else {
            changes.name(graph)?;
        }
        if let GraphName::NamedNode(name) = graph {
            changes.transaction.insert_named_graph(name);
        }
        for triple in triples {
            let Triple { subject, predicate, object } = triple;
            let quad = QuadRef::new(subject, predicate, object, graph);
            if !replace {
                changes.touch(quad)?;
            }
            changes.transaction.insert(quad);
        }
        changes.commit(self.iri.as_ref())?;
        Ok(is_new)
    }

    /// Takes a graph of a user's out of the store, in one transaction. Tells whether it was there; the unnamed graph always is.
    ///
    /// # Errors
    ///
    /// As [`Self::update`].
    pub fn drop_graph(&mut self, graph: &GraphName) -> Result<bool, UpdateError> {
        let mut changes = Changes::begin(self.store, false)?;
        changes.target(graph)?;
        if !changes.has(graph)? {
            return Ok(false);
        }
        changes.clear(graph)?;
        if let GraphName::NamedNode(name) = graph {
            changes.transaction.remove_named_graph(name).map_err(StoreError::from)?;
        }
        changes.commit(self.iri.as_ref())?;
        Ok(true)
    }
}

/// A transaction that knows what the graphs it writes to held before.
pub(super) struct Changes<'s> {
    store: &'s Store,
    union: bool,
    transaction: Transaction<'s>,
    /// By the names of the graphs.
    before: BTreeMap<String, Before>,
}

/// A graph before it was written to.
struct Before {
    graph: GraphName,
    is_there: bool,
    held: Held,
}

/// What is known of what a graph held.
enum Held {
    /// All of it.
    All(HashSet<Quad>),
    /// Of the quads that are written or removed by name, whether it held them: a graph may be large, and what is said of it little.
    Named(HashMap<Quad, bool>),
}

impl<'s> Changes<'s> {
    pub(super) fn begin(store: &'s Store, union: bool) -> Result<Self, UpdateError> {
        let transaction = store.database().start_transaction().map_err(StoreError::from)?;
        Ok(Self { store, union, transaction, before: BTreeMap::new() })
    }

    /// Carries out an update in the transaction.
    pub(super) fn carry_out(
        &mut self,
        evaluator: &SparqlEvaluator,
        update: Update,
        options: UpdateOptions,
    ) -> Result<(), UpdateError> {
        let Update { base_iri, operations } = update;
        // One by one, because what the graphs of one are called may depend on what the one before wrote.
        for operation in operations {
            for operation in self.admit(operation, evaluator, options)? {
                let update = Update { base_iri: base_iri.clone(), operations: vec![operation] };
                let mut prepared = evaluator.clone().for_update(update);
                if options.union {
                    for dataset in prepared.using_datasets_mut().filter(|dataset| dataset.is_default_dataset()) {
                        dataset.set_default_graph_as_union();
                    }
                }
                prepared.on_transaction(&mut self.transaction).execute()?;
            }
        }
        Ok(())
    }

    /// Notes what a graph holds before it is written to; refuses one that the store keeps.
    fn target(&mut self, graph: &GraphName) -> Result<(), UpdateError> {
        let before = self.name(graph)?;
        if let Held::Named(named) = &before.held {
            let named = named.clone();
            let mut all = contents(&self.transaction, graph)?;
            // As it was before the first change, not as it is by now.
            all.retain(|quad| named.get(quad) != Some(&false));
            all.extend(named.into_iter().filter_map(|(quad, was_there)| was_there.then_some(quad)));
            self.name(graph)?.held = Held::All(all);
        }
        Ok(())
    }

    /// What is noted of a graph that is written to; refuses one that the store keeps.
    fn name(&mut self, graph: &GraphName) -> Result<&mut Before, UpdateError> {
        if let GraphName::NamedNode(node) = graph
            && self.store.graphs.is_kept(node.as_ref())
        {
            return Err(UpdateError::Kept(node.as_str().to_owned(), self.store.base().to_owned()));
        }
        let is_there = self.has(graph)?;
        let new = || Before { graph: graph.clone(), is_there, held: Held::Named(HashMap::new()) };
        Ok(self.before.entry(graph.to_string()).or_insert_with(new))
    }

    /// Notes whether a quad is there before it is written or removed.
    fn touch(&mut self, quad: QuadRef<'_>) -> Result<(), UpdateError> {
        let is_there = self.transaction.contains(quad).map_err(StoreError::from)?;
        let quad = quad.into_owned();
        if let Held::Named(named) = &mut self.name(&quad.graph_name)?.held {
            named.entry(quad).or_insert(is_there);
        }
        Ok(())
    }

    /// Looks where an operation writes; gives what is to be carried out for it.
    fn admit(
        &mut self,
        operation: GraphUpdateOperation,
        evaluator: &SparqlEvaluator,
        options: UpdateOptions,
    ) -> Result<Vec<GraphUpdateOperation>, UpdateError> {
        match &operation {
            GraphUpdateOperation::InsertData { data } => {
                for quad in data {
                    let graph = target(&quad.graph_name);
                    match (&quad.subject, &quad.object) {
                        (NamedOrBlankNode::NamedNode(subject), Term::NamedNode(_) | Term::Literal(_)) => {
                            self.touch(QuadRef::new(subject, &quad.predicate, &quad.object, &graph))?;
                        }
                        // Blank nodes become others.
                        _ => self.target(&graph)?,
                    }
                }
            }
            GraphUpdateOperation::DeleteData { data } => {
                for quad in data {
                    let (graph, object) = (target(&quad.graph_name), Term::from(quad.object.clone()));
                    self.touch(QuadRef::new(&quad.subject, &quad.predicate, &object, &graph))?;
                }
            }
            GraphUpdateOperation::DeleteInsert { delete, insert, using, pattern } => {
                let deleted = delete.iter().map(|quad| &quad.graph_name);
                let mut variables = BTreeSet::new();
                for name in deleted.chain(insert.iter().map(|quad| &quad.graph_name)) {
                    match name {
                        GraphNamePattern::NamedNode(node) => self.target(&node.clone().into())?,
                        GraphNamePattern::DefaultGraph => self.target(&GraphName::DefaultGraph)?,
                        GraphNamePattern::Variable(variable) => {
                            variables.insert(variable.clone());
                        }
                    }
                }
                for variable in variables {
                    for graph in self.values(evaluator, using.clone(), pattern, &variable)? {
                        self.target(&graph.into())?;
                    }
                }
            }
            GraphUpdateOperation::Load { silent: true, .. } => return Ok(Vec::new()),
            GraphUpdateOperation::Load { .. } => return Err(UpdateError::Load),
            GraphUpdateOperation::Clear { graph, silent } => {
                let (graph, silent) = (graph.clone(), *silent);
                return self.each(&operation, &graph, options, |graph| GraphUpdateOperation::Clear { silent, graph });
            }
            GraphUpdateOperation::Drop { graph, silent } => {
                let (graph, silent) = (graph.clone(), *silent);
                return self.each(&operation, &graph, options, |graph| GraphUpdateOperation::Drop { silent, graph });
            }
            GraphUpdateOperation::Create { graph, .. } => self.target(&graph.clone().into())?,
        }
        Ok(vec![operation])
    }

    /// The same operation for each of the users' graphs that a target stands for.
    fn each(
        &mut self,
        operation: &GraphUpdateOperation,
        target: &GraphTarget,
        options: UpdateOptions,
        with: impl Fn(GraphTarget) -> GraphUpdateOperation,
    ) -> Result<Vec<GraphUpdateOperation>, UpdateError> {
        let targets = match target {
            GraphTarget::NamedNode(_) | GraphTarget::DefaultGraph => vec![target.clone()],
            GraphTarget::NamedGraphs | GraphTarget::AllGraphs => {
                if !options.everything {
                    return Err(UpdateError::Everything(operation.to_string()));
                }
                let mut targets = self.users_graphs()?;
                if *target == GraphTarget::AllGraphs {
                    targets.push(GraphTarget::DefaultGraph);
                }
                targets
            }
        };
        for target in &targets {
            match target {
                GraphTarget::NamedNode(node) => self.target(&node.clone().into())?,
                _ => self.target(&GraphName::DefaultGraph)?,
            }
        }
        Ok(targets.into_iter().map(with).collect())
    }

    /// The named graphs that the store does not keep.
    fn users_graphs(&self) -> Result<Vec<GraphTarget>, UpdateError> {
        let mut graphs = Vec::new();
        for graph in self.transaction.named_graphs() {
            if let NamedOrBlankNode::NamedNode(node) = graph.map_err(StoreError::from)?
                && !self.store.graphs.is_kept(node.as_ref())
            {
                graphs.push(GraphTarget::NamedNode(node));
            }
        }
        Ok(graphs)
    }

    /// The IRIs that a pattern binds a variable to, as things stand in the transaction.
    fn values(
        &self,
        evaluator: &SparqlEvaluator,
        dataset: Option<QueryDataset>,
        pattern: &GraphPattern,
        variable: &Variable,
    ) -> Result<Vec<NamedNode>, UpdateError> {
        let inner = Box::new(pattern.clone());
        let inner = Box::new(GraphPattern::Project { inner, variables: vec![variable.clone()] });
        let pattern = GraphPattern::Distinct { inner };
        let query = spargebra::Query::Select { dataset, pattern, base_iri: None };
        let mut prepared = evaluator.clone().for_query(query);
        if self.union && prepared.dataset().is_default_dataset() {
            prepared.dataset_mut().set_default_graph_as_union();
        }
        let mut values = Vec::new();
        if let QueryResults::Solutions(solutions) = prepared.on_transaction(&self.transaction).execute()? {
            for solution in solutions {
                if let Some(Term::NamedNode(node)) = solution?.get(variable) {
                    values.push(node.clone());
                }
            }
        }
        Ok(values)
    }

    fn has(&self, graph: &GraphName) -> Result<bool, UpdateError> {
        Ok(match graph {
            GraphName::NamedNode(node) => self.transaction.contains_named_graph(node).map_err(StoreError::from)?,
            _ => true,
        })
    }

    fn clear(&mut self, graph: &GraphName) -> Result<(), UpdateError> {
        let quads = self.transaction.quads_for_pattern(None, None, None, Some(graph.as_ref()));
        let quads: Vec<Quad> = quads.collect::<Result<_, _>>().map_err(StoreError::from)?;
        for quad in &quads {
            self.transaction.remove(quad);
        }
        Ok(())
    }

    /// Compares what was with what is, and sees to it that the store keeps its promises.
    pub(super) fn difference(&self) -> Result<Difference, UpdateError> {
        let mut difference = Difference::default();
        for Before { graph, is_there, held } in self.before.values() {
            match held {
                Held::All(before) => {
                    let after = contents(&self.transaction, graph)?;
                    let (inserted, removed) = (after.difference(before), before.difference(&after));
                    difference.inserted.extend(inserted.cloned());
                    difference.removed.extend(removed.cloned());
                }
                Held::Named(named) => named.iter().try_for_each(|(quad, was_there)| {
                    match (was_there, self.transaction.contains(quad).map_err(StoreError::from)?) {
                        (false, true) => difference.inserted.push(quad.clone()),
                        (true, false) => difference.removed.push(quad.clone()),
                        _ => {}
                    }
                    Ok::<_, UpdateError>(())
                })?,
            }
            match (graph, is_there, self.has(graph)?) {
                (GraphName::NamedNode(node), false, true) => difference.made.push(node.clone()),
                (GraphName::NamedNode(node), true, false) => difference.dropped.push(node.clone()),
                _ => {}
            }
        }
        for quad in &difference.inserted {
            refuse_twice(self.store, &self.transaction, quad, self.union)?;
        }
        Ok(difference)
    }

    /// Makes it so, for this run.
    fn commit(mut self, run: NamedNodeRef<'_>) -> Result<Updated, UpdateError> {
        let difference = self.difference()?;
        for quad in difference.inserted.iter().chain(&difference.removed) {
            let triple = Triple::from(quad.clone());
            settle(&mut self.transaction, &self.store.graphs, &triple).map_err(StoreError::from)?;
        }
        version::note(&mut self.transaction, &self.store.graphs, run, &difference)?;
        self.transaction.commit().map_err(StoreError::from)?;
        Ok(difference.updated())
    }
}

fn target(name: &TargetName) -> GraphName {
    match name {
        TargetName::NamedNode(node) => node.clone().into(),
        TargetName::DefaultGraph => GraphName::DefaultGraph,
    }
}

/// What a graph holds. Users' graphs are small beside the articles.
fn contents(transaction: &Transaction<'_>, graph: &GraphName) -> Result<HashSet<Quad>, StoreError> {
    let quads = transaction.quads_for_pattern(None, None, None, Some(graph.as_ref()));
    quads.map(|quad| Ok(quad?)).collect()
}

/// Refuses a triple that also stands where it cannot be moved from. Where queries see one graph at a time, users' graphs
/// may say the same.
fn refuse_twice(store: &Store, transaction: &Transaction<'_>, quad: &Quad, union: bool) -> Result<(), UpdateError> {
    let same = transaction.quads_for_pattern(
        Some(quad.subject.as_ref()),
        Some(NamedNodeRef::from(&quad.predicate)),
        Some(quad.object.as_ref()),
        None,
    );
    for other in same {
        let other = other.map_err(StoreError::from)?;
        let of_user = match &other.graph_name {
            GraphName::NamedNode(node) => !store.graphs.is_kept(node.as_ref()),
            _ => true,
        };
        let may_be = store.graphs.is_implied(other.graph_name.as_ref()) || (of_user && !union);
        if other.graph_name != quad.graph_name && !may_be {
            let graph = graph_label(&other.graph_name);
            return Err(UpdateError::Twice { graph, triple: Box::new(other.into()) });
        }
    }
    Ok(())
}
