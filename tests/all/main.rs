//! The integration tests, in one binary.

mod actor_names;
mod architecture;
mod bad_input;
mod casualties;
mod cli;
mod entities;
mod gazetteer;
mod http;
mod language;
mod ontology_check;
mod ontology_diff;
mod ontology_docs;
mod ontology_load;
mod ontology_terms;
mod overlays;
mod quantities;
mod readers;
mod readme;
mod search;
mod seeds;
mod shacl;
mod sides;
mod sparql;
mod store;
mod time;
mod web_pages;
