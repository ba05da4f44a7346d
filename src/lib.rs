//! Belligraph reads news articles about armed conflict into an RDF knowledge graph.
//!
//! The flow runs one way: [`article`] readers give an [`article::Article`]; [`language`] analyses its text into a
//! [`language::Document`]; [`extract`] finds entities, events, casualties and situations ([`facts`]) in it, driven by
//! the [`ontology`] and by the names and frames compiled in [`lexicon`]; [`graph`] maps the facts to quads; [`store`]
//! keeps them; [`sparql`] answers questions. [`pipeline`] is the only place that orders the stages.

pub mod article;
pub mod authoring;
pub mod cli;
pub mod eval;
pub mod extract;
pub mod facts;
pub mod graph;
pub mod http;
pub mod language;
pub mod lexicon;
pub mod ontology;
pub mod pipeline;
pub mod sparql;
pub mod store;
