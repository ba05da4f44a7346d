//! SPARQL updates by users, kept from breaking what the store keeps.
//!
//! What the articles say is changed by loading and removing articles; an update by hand there would be undone, or would undo the
//! promises of the store. So an update writes only to graphs of the user's own, the unnamed one included, which it must name (`INSERT
//! DATA { GRAPH <…> { … } }`). What it says there counts: a triple that an article implies too moves to the user's graph,
//! and back when the user deletes it. A triple that an article's own graph, the seeds or the ontology hold
//! already is refused, since every query would meet it twice.

use super::implied::settle;
use super::run::graph_label;
use super::{Run, Store, StoreError};
use oxigraph::sparql::{SparqlEvaluator, UpdateEvaluationError};
use oxigraph::store::Transaction;
use oxrdf::{GraphName, NamedNodeRef, Quad, Triple};
use spargebra::algebra::GraphTarget;
use spargebra::term::{GraphName as TargetName, GraphNamePattern};
use spargebra::{GraphUpdateOperation, Update};
use std::collections::{BTreeMap, HashSet};
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
    /// It does not say where it writes.
    #[error("the update writes to graphs it does not name (`{0}`); name each graph it writes to")]
    Unnamed(String),
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
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
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
    /// Carries out an update in one transaction. Its `WHERE` sees the union of all graphs, or only the unnamed graph if `union`
    /// is false; what it writes goes to the graphs it names, or to the unnamed graph.
    ///
    /// # Errors
    ///
    /// If it would write to a graph the store keeps, or say what another graph says, or if it fails.
    pub fn update(&mut self, evaluator: SparqlEvaluator, update: Update, union: bool) -> Result<Updated, UpdateError> {
        let targets = targets(self.store, &update)?;
        let mut transaction = self.store.database().start_transaction().map_err(StoreError::from)?;
        let before = contents(&transaction, &targets)?;
        let mut prepared = evaluator.for_update(update);
        if union {
            for dataset in prepared.using_datasets_mut().filter(|dataset| dataset.is_default_dataset()) {
                dataset.set_default_graph_as_union();
            }
        }
        prepared.on_transaction(&mut transaction).execute()?;
        let after = contents(&transaction, &targets)?;
        let inserted: Vec<&Quad> = after.difference(&before).collect();
        let removed: Vec<&Quad> = before.difference(&after).collect();
        for quad in &inserted {
            refuse_twice(self.store, &transaction, quad)?;
        }
        for quad in inserted.iter().chain(&removed) {
            let triple = Triple::from((*quad).clone());
            settle(&mut transaction, &self.store.graphs, &triple).map_err(StoreError::from)?;
        }
        let updated = Updated { inserted: inserted.len(), removed: removed.len() };
        transaction.commit().map_err(StoreError::from)?;
        Ok(updated)
    }
}

/// The graphs an update writes to, in the order of their names.
fn targets(store: &Store, update: &Update) -> Result<Vec<GraphName>, UpdateError> {
    let mut names = BTreeMap::new();
    let mut add = |name: GraphName| -> Result<(), UpdateError> {
        if let GraphName::NamedNode(node) = &name
            && store.graphs.is_kept(node.as_ref())
        {
            return Err(UpdateError::Kept(node.as_str().to_owned(), store.base().to_owned()));
        }
        names.insert(name.to_string(), name);
        Ok(())
    };
    let pattern = |name: &GraphNamePattern| match name {
        GraphNamePattern::NamedNode(node) => Ok(GraphName::from(node.clone())),
        GraphNamePattern::DefaultGraph => Ok(GraphName::DefaultGraph),
        GraphNamePattern::Variable(variable) => Err(UpdateError::Unnamed(format!("GRAPH {variable}"))),
    };
    for operation in &update.operations {
        match operation {
            GraphUpdateOperation::InsertData { data } => {
                data.iter().try_for_each(|quad| add(target(&quad.graph_name)))?;
            }
            GraphUpdateOperation::DeleteData { data } => {
                data.iter().try_for_each(|quad| add(target(&quad.graph_name)))?;
            }
            GraphUpdateOperation::DeleteInsert { delete, insert, .. } => {
                for name in delete.iter().map(|quad| &quad.graph_name).chain(insert.iter().map(|quad| &quad.graph_name))
                {
                    add(pattern(name)?)?;
                }
            }
            GraphUpdateOperation::Load { .. } => return Err(UpdateError::Load),
            GraphUpdateOperation::Clear { graph, .. } | GraphUpdateOperation::Drop { graph, .. } => match graph {
                GraphTarget::NamedNode(node) => add(node.clone().into())?,
                GraphTarget::DefaultGraph => add(GraphName::DefaultGraph)?,
                GraphTarget::NamedGraphs | GraphTarget::AllGraphs => {
                    return Err(UpdateError::Unnamed(graph.to_string()));
                }
            },
            GraphUpdateOperation::Create { graph, .. } => add(graph.clone().into())?,
        }
    }
    Ok(names.into_values().collect())
}

fn target(name: &TargetName) -> GraphName {
    match name {
        TargetName::NamedNode(node) => node.clone().into(),
        TargetName::DefaultGraph => GraphName::DefaultGraph,
    }
}

/// What the target graphs hold. Users' graphs are small beside the articles.
fn contents(transaction: &Transaction<'_>, targets: &[GraphName]) -> Result<HashSet<Quad>, StoreError> {
    let mut quads = HashSet::new();
    for graph in targets {
        for quad in transaction.quads_for_pattern(None, None, None, Some(graph.as_ref())) {
            quads.insert(quad?);
        }
    }
    Ok(quads)
}

/// Refuses a triple that also stands where it cannot be moved from.
fn refuse_twice(store: &Store, transaction: &Transaction<'_>, quad: &Quad) -> Result<(), UpdateError> {
    let same = transaction.quads_for_pattern(
        Some(quad.subject.as_ref()),
        Some(NamedNodeRef::from(&quad.predicate)),
        Some(quad.object.as_ref()),
        None,
    );
    for other in same {
        let other = other.map_err(StoreError::from)?;
        if other.graph_name != quad.graph_name && !store.graphs.is_implied(other.graph_name.as_ref()) {
            let graph = graph_label(&other.graph_name);
            return Err(UpdateError::Twice { graph, triple: Box::new(other.into()) });
        }
    }
    Ok(())
}
