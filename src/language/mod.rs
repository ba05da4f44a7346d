//! Language analysis: sentences, words, lemmas, parts of speech and dependencies of English news.
//!
//! The entry point is [`Pipeline`]: [`Pipeline::embedded`] gives the models that are part of the program, and
//! [`Pipeline::analyse`] turns an article into a [`Document`], whose trees follow Universal Dependencies. Everything is
//! learned from a treebank by [`train`] and kept as sparse linear weights: they need no runtime, load at once, and read
//! many thousand words a second on one core.
//!
//! # Other languages
//!
//! A language is a pair of model files; nothing about English stands in the code but what the list below names. Training
//! takes a treebank with `SpaceAfter` marks and paragraphs, of the size of UD French GSD, Spanish `AnCora`, Russian `SynTagRus`,
//! Ukrainian IU or Arabic PADT.
//!
//! - French and Spanish train as they are, but for words that a treebank splits without cutting the letters ("du" =
//!   "de" + "le", "dámelo"): a piece of text has one form here, so `segment` would need a list of such expansions.
//! - Russian and Ukrainian need more tags: all features in the tag (some 700 bundles instead of 100 tags) and so a class of
//!   sixteen bits in `weights`, or the features in a reading of their own after the tags.
//! - Arabic needs that too, and cuts inside words (clitics written together), where `segment` asks only between runs of
//!   letters: its classifier would have to be asked after every letter.
//! - Relations beyond those of [`Deprel`] need their names there; `train::variants` knows articles and auxiliaries by their
//!   features, but the present for the past by Penn tags.

mod atoms;
pub mod conllu;
mod document;
pub mod evaluate;
mod hashing;
pub mod identification;
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
