//! The integration tests, in one binary.

mod ontology_terms;
mod store;
