//! The integration tests, in one binary.

mod ontology_load;
mod ontology_terms;
mod quantities;
mod seeds;
mod store;
