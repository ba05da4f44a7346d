//! The tools of those who write ontologies: what a graph breaks of the shapes, what changed between two versions, pages
//! that show what there is.
//!
//! They stand apart from extraction, which they only watch: [`validate`] is the way in for graphs, [`rdf`] reads the files. Each works on any RDF, not only on
//! the ontology that the program ships.

pub mod check;
pub mod rdf;
pub mod validate;
