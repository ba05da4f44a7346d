//! The graph model: IRIs, the mapping of facts to quads, tables and the exchange format.

mod exchange;
mod iris;
mod quads;
mod table;

pub use exchange::{basis, exchange, precision, time_precision};
pub use iris::{DEFAULT_BASE, Iris, KNOWN_ACTOR, KNOWN_PLACE, is_shared, slug};
pub use quads::{ArticleGraph, Versions, article_graph};
pub use table::{COLUMNS, rows};
