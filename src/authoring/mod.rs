//! The tools of those who write ontologies: what is wrong with one, what a graph breaks of its shapes, what changed
//! between two versions.
//!
//! They stand apart from extraction, which they only watch. [`check`] judges an ontology, [`validate`] a graph, [`diff`] compares
//! two versions, [`rdf`] reads the files. [`validate`] and [`diff`] work on any RDF, not only on the ontology that the program ships.

pub mod check;
pub mod diff;
pub mod rdf;
pub mod validate;
