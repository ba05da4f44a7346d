//! Language analysis (being written).

mod document;
mod relation;
mod span;
mod upos;

pub use document::{Document, Sentence, Word, WordId};
pub use relation::Deprel;
pub use span::Span;
pub use upos::Upos;
