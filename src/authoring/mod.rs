//! The tools of those who write ontologies: what is wrong with one, what a graph breaks of its shapes, what changed
//! between two versions, and the pages that show it.
//!
//! They stand apart from extraction, which they only watch. [`check`] judges an ontology, [`validate`] a graph, [`diff`] compares
//! two versions, [`document`] makes the pages, [`rdf`] reads the files. [`validate`] and [`diff`] work on any RDF, not only on the ontology that the program ships.

pub mod check;
pub mod diff;
pub mod document;
pub mod rdf;
pub mod validate;
