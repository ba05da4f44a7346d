//! Validation with SHACL: which nodes of a graph break the shapes that an ontology sets up.
//!
//! [`Shapes::new`] compiles a shapes graph, [`Validator::run`] checks a [`Graph`] with them: one in memory
//! ([`MemoryGraph`]), an article over what is known besides ([`Layered`]), or a whole store ([`StoreGraph`]). It covers SHACL Core and
//! `sh:sparql` (Shapes Constraint Language, W3C 2017), and passes the core suite of the W3C. [`Gate`] is what an article passes
//! before it is stored.
//!
//! # Why our own
//!
//! The validators there are in Rust (those of rudof) hold the graph in memory or ask a SPARQL endpoint over HTTP, one query for each
//! constraint; neither serves a store of millions of quads in this process, and they bring eighty crates more, a second HTTP client
//! among them. Compiling the shapes to SPARQL over the store was the other choice: a query for each constraint scans every
//! target once more, while here a node is read once and checked against all that its shape asks. Nodes come from the
//! store's index one after another and are checked in batches, in parallel, so the memory does not grow with the store.

mod article;
mod check;
mod graph;
mod path;
mod result;
mod shapes;
mod sparql;
mod values;
mod vocabulary;

pub use article::{Finding, Gate, sentence};
pub use check::{Checked, Classes, Validator};
pub use graph::{Graph, Layered, MemoryGraph, StoreGraph, Visit};
pub use path::Path;
pub use result::{ReportWriter, Severity, ValidationResult};
pub use shapes::Shapes;

use crate::store::StoreError;
use oxigraph::sparql::QueryEvaluationError;
use std::fmt;
use std::io;
use thiserror::Error;

/// Why a validation could not be carried out.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ValidationError {
    /// The graph could not be read.
    #[error("the graph cannot be read")]
    Store(#[from] StoreError),
    /// A query failed.
    #[error("the query of `{constraint}` failed: {source}")]
    Sparql {
        /// The constraint.
        constraint: String,
        /// What went wrong.
        source: QueryEvaluationError,
    },
    /// The report could not be written.
    #[error("the report cannot be written")]
    Output(#[from] io::Error),
}

/// Something wrong with a shape.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShapeProblem {
    /// The shape, as N-Triples write it.
    pub shape: String,
    /// What is wrong, and what to do.
    pub message: String,
}

impl fmt::Display for ShapeProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.shape, self.message)
    }
}

/// Shapes that cannot be used: everything that is wrong with them.
#[derive(Debug, Error)]
#[error("the shapes are broken:\n{}", .0.iter().map(|problem| format!("  {problem}")).collect::<Vec<_>>().join("\n"))]
pub struct ShapesError(pub Vec<ShapeProblem>);
