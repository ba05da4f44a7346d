//! The pages for people: what a browser gets where programs get data.
//!
//! Each function makes one page from the store, on a thread where it may wait; the handlers beside this module decide when a page
//! is wanted and add the headers.

use super::context::Context;
use super::evaluation::{Question, answer};
use super::failure::Failure;
use crate::sparql::Format;
use crate::store::Store;
use oxrdf::{NamedNodeRef, Variable};

/// A form that works without script.
const FORM: &str = include_str!("form.html");

/// What is known of a thing, as a table: its facts and what says something of it.
const ABOUT: &str = "SELECT ?subject ?property ?value WHERE { \
    { ?this ?property ?value BIND(?this AS ?subject) } UNION { ?subject ?property ?this BIND(?this AS ?value) } } LIMIT 1000";

/// The page at which queries are typed.
#[expect(clippy::unnecessary_wraps, reason = "pages are made of what the store holds, and that may fail")]
pub(super) fn ask(_context: &Context) -> Result<String, Failure> {
    Ok(FORM.to_owned())
}

/// The page of a thing.
pub(super) fn thing(context: &Context, store: &Store, thing: NamedNodeRef<'_>) -> Result<String, Failure> {
    let question = Question {
        text: ABOUT.to_owned(),
        dataset: None,
        default_graph: crate::sparql::DefaultGraph::Union,
        parameters: vec![(Variable::new_unchecked("this"), thing.into_owned().into())],
        format: Format::Html,
    };
    let mut page = Vec::new();
    answer(store, &question, &context.settings().limits, &mut page)?;
    String::from_utf8(page).map_err(Failure::fault)
}
