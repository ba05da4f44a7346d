//! The evaluation of a query: the one function through which every query of a client goes.
//!
//! [`answer`] takes what is asked, the limits and a stream to write to, and nothing else that belongs to the server, so that it can
//! be carried out elsewhere, in a process of its own for instance.

use super::failure::Failure;
use super::services::Services;
use crate::sparql::{
    Dataset, DefaultGraph, Form, Format, Options, Outline, Prefixes, Query, TableStyle, WriteError, evaluate,
    evaluate_by, evaluator,
};
use crate::store::Store;
use oxrdf::{Term, Variable};
use std::io::{self, Write};
use std::time::Duration;

/// How many brackets a query may open at once.
const DEEP: usize = 200;

/// Up to how many bytes, brackets and groups a query is parsed beside other requests. A look-up has few groups; what has more is not
/// parsed twice.
const SHORT: usize = 4096;
const FLAT: usize = 16;
const GROUPS: usize = 4;

/// What is had at once: within so long, up to so many bytes.
const MOMENT: Duration = Duration::from_millis(5);
const PAGES: usize = 64 * 1024;

/// What is asked.
#[derive(Clone, Debug)]
pub(super) struct Question {
    /// The query as it was sent.
    pub(super) text: String,
    /// The graphs to ask, if the request names them.
    pub(super) dataset: Option<Dataset>,
    /// What the default graph is if nothing says so.
    pub(super) default_graph: DefaultGraph,
    /// Values for variables of the query.
    pub(super) parameters: Vec<(Variable, Term)>,
    /// How the results are written.
    pub(super) format: Format,
}

/// What a query may take.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    pub(super) timeout: Duration,
    /// The other endpoints that `SERVICE` may ask.
    pub(super) services: Services,
}

impl Question {
    /// Which form the results have. The query is not parsed for it: a text made to harm a parser harms a worker only.
    pub(super) fn gives_triples(&self) -> bool {
        Outline::of(&self.text).form.is_some_and(Form::gives_triples)
    }

    /// The query, if it is so short and flat that no parser comes to harm.
    pub(super) fn parsed_if_harmless(&self, prefixes: &Prefixes) -> Option<Query> {
        let outline = Outline::of(&self.text);
        let harmless =
            self.text.len() <= SHORT && outline.depth <= FLAT && outline.groups <= GROUPS && !outline.escapes;
        harmless.then(|| self.parse(prefixes).ok()).flatten()
    }

    /// The query, parsed, with the values of its parameters put in.
    pub(super) fn parse(&self, prefixes: &Prefixes) -> Result<Query, Failure> {
        refuse_deep(&self.text)?;
        let mut query = Query::parse(&self.text, prefixes)?;
        for (variable, value) in &self.parameters {
            query.set(variable, value).map_err(|error| Failure::bad(error.to_string()))?;
        }
        Ok(query)
    }
}

/// Whether a query is a mere look-up whose results are written as they come: what can be answered here as well as in a process of its
/// own.
pub(super) fn is_look_up(query: &Query, format: Format) -> bool {
    format.is_streamed() && query.is_look_up()
}

/// The results of a query that can be had at once: on a thread that others wait for, so within a moment and a few pages. None if they
/// cannot, and are to be had elsewhere, from the beginning.
pub(super) fn at_once(store: &Store, prefixes: &Prefixes, query: &Query, question: &Question) -> Option<Vec<u8>> {
    if !query.is_light() {
        return None;
    }
    let options =
        Options { dataset: question.dataset.clone(), default_graph: question.default_graph, timeout: Some(MOMENT) };
    let results = evaluate(store, query, options).ok()?;
    let mut short = Short(Vec::with_capacity(1024));
    results.write(&mut short, question.format, prefixes, TableStyle::default()).ok()?;
    Some(short.0)
}

/// What takes a few pages and no more.
struct Short(Vec<u8>);

impl Write for Short {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        if self.0.len() + buffer.len() > PAGES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(buffer);
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Refuses what is nested too deeply for a parser.
pub(super) fn refuse_deep(text: &str) -> Result<(), Failure> {
    let depth = Outline::of(text).depth;
    if depth > DEEP {
        let message = format!("this is nested too deeply: {depth} brackets, of which {DEEP} are allowed");
        return Err(Failure::bad(message));
    }
    Ok(())
}

/// Evaluates a query and writes its results to the end. When it fails, what was written is a part of the results, and whoever
/// reads it must be told.
pub(super) fn answer(
    store: &Store,
    prefixes: &Prefixes,
    question: &Question,
    limits: &Limits,
    output: &mut impl Write,
) -> Result<(), Failure> {
    let query = question.parse(prefixes)?;
    answer_parsed(store, prefixes, &query, question, limits, output)
}

/// The same for a query that is parsed already.
pub(super) fn answer_parsed(
    store: &Store,
    prefixes: &Prefixes,
    query: &Query,
    question: &Question,
    limits: &Limits,
    output: &mut impl Write,
) -> Result<(), Failure> {
    let options = Options {
        dataset: question.dataset.clone(),
        default_graph: question.default_graph,
        timeout: Some(limits.timeout),
    };
    let evaluator = evaluator().with_default_service_handler(limits.services.clone());
    let results = evaluate_by(evaluator, store, query, options)?;
    match results.write(output, question.format, prefixes, TableStyle::default()) {
        Ok(()) => Ok(()),
        Err(WriteError::Sparql(error)) => Err(error.into()),
        Err(error @ WriteError::Unsuitable { .. }) => Err(Failure::bad(error.to_string())),
        Err(WriteError::Io(error)) => Err(Failure::of_output(&error)),
    }
}
