//! Language analysis: sentences, words, lemmas, parts of speech and dependencies of English news.
//!
//! The entry point is [`Pipeline`]: [`Pipeline::embedded`] gives the models that are part of the program, and
//! [`Pipeline::analyse`] turns an article into a [`Document`], whose trees follow Universal Dependencies. Everything is
//! learned from a treebank by [`train`] and kept as sparse linear weights: they need no runtime, load at once, and read
//! many thousand words a second on one core.

mod atoms;
pub mod conllu;
mod document;
pub mod evaluate;
mod hashing;
mod intern;
mod lemmas;
mod lookup;
mod model_file;
pub mod numbers;
mod parser;
pub(crate) mod pieces;
mod pipeline;
mod relation;
mod segment;
mod span;
mod tagger;
pub mod train;
mod upos;
mod weights;

pub use document::{Document, Sentence, Word, WordId};
pub use model_file::ModelError;
pub use pipeline::Pipeline;
pub use relation::Deprel;
pub use span::Span;
pub use upos::Upos;
