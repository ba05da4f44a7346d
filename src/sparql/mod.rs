//! SPARQL over a store: parse, put parameters in, evaluate within limits, write the results.
//!
//! [`Query::parse`] gives a query in which the well-known prefixes are known, [`Query::set`] puts a parameter's value into its algebra,
//! [`evaluate`] answers it over the union of the store's graphs, and [`Results::write`] writes what came of it in any
//! [`Format`]. The questions the program ships are in [`saved`].

mod deadline;
mod explanation;
mod format;
mod html;
mod outline;
mod prefixes;
pub mod saved;
pub mod search;
mod substitution;
mod syntax;
mod table;
mod value;

pub use deadline::Deadline;
pub use explanation::explain;
pub use format::{Format, Results, TableStyle, WriteError};
pub use outline::{Form, Outline};
pub use prefixes::Prefixes;
pub use substitution::SubstitutionError;
pub use syntax::SyntaxError;
pub use value::{ValueError, parse_value};

use crate::ontology::terms::concept;
use crate::store::Store;
use oxigraph::sparql::{CancellationToken, PreparedSparqlQuery, QueryEvaluationError, SparqlEvaluator};
use oxrdf::{NamedNode, Term, Variable};
use spargeo::GEOSPARQL_EXTENSION_FUNCTIONS;
use std::sync::LazyLock;
use std::time::Duration;
use thiserror::Error;

/// Why a query could not be answered.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SparqlError {
    /// It is no SPARQL.
    #[error("the query cannot be parsed: {0}")]
    Syntax(SyntaxError),
    /// Its evaluation failed.
    #[error("the query failed: {0}")]
    Evaluation(QueryEvaluationError),
    /// It took longer than allowed.
    #[error("the query took longer than {} s; narrow it, add a LIMIT, or allow more time", .0.as_secs_f64())]
    TimedOut(Duration),
}

/// What a query means by the default graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DefaultGraph {
    /// The union of all graphs: what people expect.
    #[default]
    Union,
    /// Only the graph without a name: what the W3C test suites expect.
    Unnamed,
}

/// The graphs a query is asked of, in place of those its `FROM` names (SPARQL 1.1 Protocol, section 2.1.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dataset {
    /// The default graph is the union of these.
    pub default: Vec<NamedNode>,
    /// These are the named graphs.
    pub named: Vec<NamedNode>,
}

/// How a query is evaluated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What the default graph is, for a query without `FROM`.
    pub default_graph: DefaultGraph,
    /// The graphs to ask, if not those the query names.
    pub dataset: Option<Dataset>,
    /// How long it may take; for as long as it wants if none.
    pub timeout: Option<Duration>,
}

/// A parsed query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    algebra: spargebra::Query,
}

impl Query {
    /// Parses a query. The prefixes need no declaration in it; relative IRIs are relative to the store's base.
    ///
    /// # Errors
    ///
    /// If it is no SPARQL.
    ///
    /// # Examples
    ///
    /// ```
    /// use belligraph::sparql::{Prefixes, Query};
    ///
    /// let prefixes = Prefixes::of_base("http://localhost:7878/");
    /// assert!(Query::parse("SELECT ?b { ?b a bg:Battle ; bg:place place:benghazi }", &prefixes).is_ok());
    /// ```
    pub fn parse(text: &str, prefixes: &Prefixes) -> Result<Self, SparqlError> {
        let parsed = prefixes.parser().parse_query(text);
        let algebra = parsed.map_err(|error| SparqlError::Syntax(SyntaxError::of_query(text, error)))?;
        Ok(Self { algebra })
    }

    /// Gives a variable a value, everywhere in the query: in `SELECT`, `ASK`, `CONSTRUCT` and `DESCRIBE`, in subqueries, filters
    /// and aggregates. A variable that is selected is a column of the results still.
    ///
    /// # Errors
    ///
    /// If the query has no such variable, or it stands where only an IRI can and the value is none.
    pub fn set(&mut self, variable: &Variable, value: &Term) -> Result<(), SubstitutionError> {
        substitution::substitute(&mut self.algebra, variable, value)
    }

    /// Whether its results are triples: those of `CONSTRUCT` and `DESCRIBE` are.
    pub fn gives_triples(&self) -> bool {
        matches!(self.algebra, spargebra::Query::Construct { .. } | spargebra::Query::Describe { .. })
    }

    /// Whether it asks for the solutions of one triple pattern, or for what is known of one thing, and for nothing else: the store is read for
    /// every result, so that the time allowed holds, and nothing is kept. A template's triples and the things of a pattern are kept, so that each
    /// comes once: whoever asks for those is no look-up.
    pub fn is_look_up(&self) -> bool {
        use spargebra::algebra::Expression::NamedNode;
        use spargebra::algebra::GraphPattern::{Bgp, Extend, Graph, Project, Slice, Values};
        let (pattern, describes) = match &self.algebra {
            spargebra::Query::Select { pattern, .. } | spargebra::Query::Ask { pattern, .. } => (pattern, false),
            spargebra::Query::Describe { pattern, .. } => (pattern, true),
            spargebra::Query::Construct { .. } => return false,
        };
        let mut inner = pattern;
        while let Project { inner: next, .. } | Slice { inner: next, start: 0, .. } | Graph { inner: next, .. } = inner
        {
            inner = next;
        }
        match inner {
            Bgp { patterns } => patterns.len() <= 1 && !describes,
            Values { bindings, .. } => bindings.len() <= 1,
            // A thing that is named to be described.
            Extend { inner, expression: NamedNode(_), .. } => {
                matches!(&**inner, Bgp { patterns } if patterns.is_empty())
            }
            _ => false,
        }
    }

    /// Whether whatever its evaluation does is to read the store or to give a result: it joins two triple patterns at most, has
    /// further ones as `OPTIONAL` or in `UNION`, and filters, sorts and counts nothing. Time and the length of the results bound such an
    /// evaluation from its first moment on.
    pub fn is_light(&self) -> bool {
        use spargebra::algebra::GraphPattern::{Project, Slice};
        let (spargebra::Query::Select { pattern, .. } | spargebra::Query::Ask { pattern, .. }) = &self.algebra else {
            return self.is_look_up();
        };
        let mut inner = pattern;
        while let Project { inner: next, .. } | Slice { inner: next, start: 0, .. } = inner {
            inner = next;
        }
        gives_all(inner) || self.is_look_up()
    }

    /// The algebra.
    pub fn algebra(&self) -> &spargebra::Query {
        &self.algebra
    }
}

impl From<spargebra::Query> for Query {
    fn from(algebra: spargebra::Query) -> Self {
        Self { algebra }
    }
}

/// Whether each solution that a part of the pattern has leads to one of the whole.
fn gives_all(pattern: &spargebra::algebra::GraphPattern) -> bool {
    use spargebra::algebra::GraphPattern::{Bgp, Graph, LeftJoin, Union};
    match pattern {
        Bgp { patterns } => patterns.len() <= 2,
        Graph { inner, .. } => gives_all(inner),
        Union { left, right } => gives_all(left) && gives_all(right),
        LeftJoin { left, right, expression: None } => {
            gives_all(left) && matches!(&**right, Bgp { patterns } if patterns.len() <= 1)
        }
        _ => false,
    }
}

/// Parses an update, with the same prefixes as a query.
///
/// # Errors
///
/// If it is no SPARQL.
pub fn parse_update(text: &str, prefixes: &Prefixes) -> Result<spargebra::Update, SparqlError> {
    prefixes.parser().parse_update(text).map_err(|error| SparqlError::Syntax(SyntaxError::of(text, error)))
}

/// An evaluator that knows the `geof:` functions. It reaches no service.
pub fn evaluator() -> SparqlEvaluator {
    static EVALUATOR: LazyLock<SparqlEvaluator> = LazyLock::new(|| {
        GEOSPARQL_EXTENSION_FUNCTIONS.into_iter().fold(SparqlEvaluator::new(), |evaluator, (name, function)| {
            evaluator.with_custom_function(name.into_owned(), function)
        })
    });
    EVALUATOR.clone()
}

/// The same evaluator, which also answers `SERVICE bg:search` about a store as it is now.
pub fn searching(evaluator: SparqlEvaluator, store: &Store) -> SparqlEvaluator {
    evaluator.with_service_handler(concept::SEARCH, search::Service::of(store))
}

/// The same evaluator, which gives up when the time is over; it may be used for as long as the [`Deadline`] is kept.
pub fn evaluator_within(timeout: Duration) -> (SparqlEvaluator, Deadline) {
    let token = CancellationToken::new();
    let deadline = Deadline::new(Some(timeout), token.clone());
    (evaluator().with_cancellation_token(token), deadline)
}

/// Answers a query.
///
/// The time allowed is looked at whenever the evaluation reads the store; the results may fail with
/// [`SparqlError::TimedOut`] while they are read.
///
/// # Errors
///
/// If the evaluation cannot begin, or took too long already.
///
/// # Examples
///
/// ```
/// use belligraph::sparql::{Format, Options, Prefixes, Query, TableStyle, evaluate};
/// use belligraph::store::Store;
///
/// let store = Store::in_memory("http://localhost:7878/")?;
/// let prefixes = Prefixes::of_base(store.base());
/// let query = Query::parse("SELECT (1 + 1 AS ?two) {}", &prefixes)?;
/// let mut csv = Vec::new();
/// evaluate(&store, &query, Options::default())?.write(&mut csv, Format::Csv, &prefixes, TableStyle::default())?;
/// assert_eq!(csv, b"two\r\n2\r\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn evaluate<'s>(store: &'s Store, query: &Query, options: Options) -> Result<Results<'s>, SparqlError> {
    evaluate_by(evaluator(), store, query, options)
}

/// Answers a query by an evaluator that knows more than ours, other endpoints for instance.
///
/// # Errors
///
/// As [`evaluate`].
pub fn evaluate_by<'s>(
    evaluator: SparqlEvaluator,
    store: &'s Store,
    query: &Query,
    options: Options,
) -> Result<Results<'s>, SparqlError> {
    let (prepared, deadline) = prepare(evaluator, store, query, options);
    let results = prepared.on_store(store.database()).execute().map_err(|error| deadline.judge(error))?;
    Ok(Results::new(results, deadline))
}

fn prepare(
    evaluator: SparqlEvaluator,
    store: &Store,
    query: &Query,
    options: Options,
) -> (PreparedSparqlQuery, Deadline) {
    let token = CancellationToken::new();
    let deadline = Deadline::new(options.timeout, token.clone());
    let mut prepared = searching(evaluator, store).with_cancellation_token(token).for_query(query.algebra.clone());
    if let Some(Dataset { default, named }) = options.dataset {
        let dataset = prepared.dataset_mut();
        dataset.set_default_graph(default.into_iter().map(Into::into).collect());
        dataset.set_available_named_graphs(named.into_iter().map(Into::into).collect());
    } else if options.default_graph == DefaultGraph::Union && prepared.dataset().is_default_dataset() {
        prepared.dataset_mut().set_default_graph_as_union();
    }
    (prepared, deadline)
}
