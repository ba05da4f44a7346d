//! The documentation of an ontology: an offline site of one page, with everything that can be said of each term.
//!
//! [`Site::new`] gathers it from the ontology and, where one is given, from a store; [`Site::files`] gives the files. The page needs no
//! network and nothing beside it: the style, the search and the diagram are in it. Terms of the ontology have their
//! local name as anchor, so that the page can stand at the ontology's IRI.

mod diagram;
mod gather;
mod page;
mod usage;

pub use page::{File, Site, SiteError};
