//! SPARQL updates by users, kept from breaking what the store keeps.
//!
//! What the articles say is changed by loading and removing articles; an update by hand there would be undone, or would undo the
//! promises of the store. So an update writes only to graphs of the user's own, the unnamed one included, which it must name (`INSERT
//! DATA { GRAPH <…> { … } }`). What it says there counts: a triple that an article implies too moves to the user's graph,
//! and back when the user deletes it. A triple that an article's own graph, the seeds or the ontology hold
//! already is refused, since every query would meet it twice.
//!
//! What a change comes to is found out by [`Changes`] first, and made then, see [`Difference`].

use super::changes::Changes;
use super::difference::Difference;
use super::{Run, Store, StoreError};
use oxigraph::sparql::{QueryEvaluationError, SparqlEvaluator, UpdateEvaluationError};
use oxrdf::{GraphName, Triple};
use serde::{Deserialize, Serialize};
use spargebra::term::GraphName as TargetName;
use spargebra::{GraphUpdateOperation, Update};
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
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
pub struct Updated {
    /// Triples that are there now and were not.
    pub inserted: usize,
    /// Triples that were there and are not now.
    pub removed: usize,
}

impl Store {
    /// What an update would change. The store is as it was before; it must be open for writing if the update is of several
    /// operations.
    ///
    /// # Errors
    ///
    /// If it would write to a graph the store keeps, or say what another graph says, or if it fails.
    pub fn difference(
        &self,
        evaluator: &SparqlEvaluator,
        update: Update,
        options: UpdateOptions,
    ) -> Result<Difference, UpdateError> {
        let mut changes = Changes::begin(self, options, is_one(&update))?;
        changes.carry_out(evaluator, update)?;
        changes.difference()
    }

    /// What would change if triples were put into a graph of a user's, in place of what it holds or beside it. A new graph is among those
    /// that are made.
    ///
    /// # Errors
    ///
    /// As [`Self::difference`].
    pub fn difference_of_graph(
        &self,
        graph: &GraphName,
        triples: Vec<Triple>,
        replace: bool,
        options: UpdateOptions,
    ) -> Result<Difference, UpdateError> {
        let mut changes = Changes::begin(self, options, true)?;
        changes.make(graph)?;
        if replace {
            changes.set(graph, triples)?;
        } else {
            triples.into_iter().try_for_each(|triple| changes.put(triple.in_graph(graph.clone())))?;
        }
        changes.difference()
    }

    /// What would change if a graph of a user's were taken out of the store. None if there is no such graph; the unnamed one always is.
    ///
    /// # Errors
    ///
    /// As [`Self::difference`].
    pub fn difference_without_graph(&self, graph: &GraphName) -> Result<Option<Difference>, UpdateError> {
        let mut changes = Changes::begin(self, UpdateOptions { union: false, everything: false }, true)?;
        if !changes.written(graph)?.is_there {
            return Ok(None);
        }
        changes.drop(graph)?;
        changes.difference().map(Some)
    }

    /// Whether what an update would change can be found out without writing: in a store that is open for reading only.
    pub fn can_foresee(update: &Update) -> bool {
        is_one(update)
    }
}

/// Whether no operation has to see what another has done.
fn is_one(update: &Update) -> bool {
    let reads_nothing = |operation: &GraphUpdateOperation| {
        use GraphUpdateOperation::{Clear, Create, Drop};
        matches!(operation, Clear { .. } | Create { .. } | Drop { .. })
    };
    update.operations.len() <= 1 || update.operations.iter().all(reads_nothing)
}

impl Run<'_> {
    /// Carries out an update. What it writes goes to the graphs it names, or to the unnamed graph.
    ///
    /// # Errors
    ///
    /// As [`Store::difference`].
    pub fn update(
        &mut self,
        evaluator: &SparqlEvaluator,
        update: Update,
        options: UpdateOptions,
    ) -> Result<Updated, UpdateError> {
        let difference = self.store.difference(evaluator, update, options)?;
        Ok(self.apply(&difference)?)
    }

    /// Puts triples into a graph of a user's, in place of what it holds or beside it. Tells whether the graph is new.
    ///
    /// # Errors
    ///
    /// As [`Store::difference`].
    pub fn write_graph(
        &mut self,
        graph: &GraphName,
        triples: &[Triple],
        replace: bool,
        options: UpdateOptions,
    ) -> Result<bool, UpdateError> {
        let difference = self.store.difference_of_graph(graph, triples.to_vec(), replace, options)?;
        self.apply(&difference)?;
        Ok(!difference.made.is_empty())
    }

    /// Takes a graph of a user's out of the store. Tells whether it was there; the unnamed graph always is.
    ///
    /// # Errors
    ///
    /// As [`Store::difference`].
    pub fn drop_graph(&mut self, graph: &GraphName) -> Result<bool, UpdateError> {
        let Some(difference) = self.store.difference_without_graph(graph)? else { return Ok(false) };
        self.apply(&difference)?;
        Ok(true)
    }
}

/// The graph that a statement of data is in.
pub(super) fn target(name: &TargetName) -> GraphName {
    match name {
        TargetName::NamedNode(node) => node.clone().into(),
        TargetName::DefaultGraph => GraphName::DefaultGraph,
    }
}
