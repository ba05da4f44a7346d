//! The integration tests, in one binary.

mod gazetteer;
mod ontology_load;
mod ontology_terms;
mod quantities;
mod readme;
mod seeds;
mod store;
