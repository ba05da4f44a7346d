//! Whole graphs: the SPARQL 1.1 Graph Store Protocol.
//!
//! `/gsp?graph=IRI` and `/gsp?default` name a graph indirectly; whatever lies below `/gsp/` is the name of a graph itself, and a POST
//! to `/gsp` makes a new one there. All graphs of the store can be read; written are those of users, for the articles'
//! graphs change with the articles. `default` is the graph without a name, whatever queries take for the default graph.

use super::addresses::iri_of;
use super::context::Context;
use super::failure::Failure;
use super::layers::empty;
use super::negotiation::{GRAPH, negotiate, none_of};
use super::things::{names_graphs, serializer};
use super::tokens::Right;
use super::update::make;
use super::validators::Validators;
use super::{form, rdf, stream};
use crate::sparql::{DefaultGraph, Format, Prefixes};
use crate::store::{Store, UpdateError, UpdateOptions, XmlCharacters};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::{LOCATION, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use oxrdf::{GraphName, GraphNameRef, NamedNode};
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How the log calls a change of one.
const DESCRIPTION: &str = "graph store protocol";

/// Where graphs are named directly.
const ROOT: &str = "/gsp";

/// Tells the graphs apart that one process makes.
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// GET and HEAD: what a graph holds.
pub(super) async fn read(
    State(context): State<Context>,
    RawQuery(parameters): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let graph = named(&context, &uri, parameters.as_deref())?.ok_or_else(unnamed)?;
    let asked = form::parameter(parameters.as_deref(), "format")?;
    let chosen = negotiate(&headers, asked.as_deref(), GRAPH)?;
    let checkpoint = context.checkpoint();
    let found = {
        let (checkpoint, graph) = (Arc::clone(&checkpoint), graph.clone());
        context.read(move |_, _| Ok(checkpoint.store().version(graph.as_ref())?)).await?
    };
    let version = found.ok_or_else(|| missing(&graph))?;
    let modified = version.changed.or_else(|| checkpoint.changed());
    let validators = Validators::of_version(&version.name, &[chosen.media_type.as_bytes()], modified);
    if validators.are_known(&headers) {
        let mut response = validators.settle(empty(StatusCode::NOT_MODIFIED), &headers);
        response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
        return Ok(response);
    }
    let written = move |output: &mut _| write(checkpoint.store(), graph.as_ref(), chosen.format, output);
    let body = stream::whole(&context, written).await?;
    Ok(validators.settle(stream::response(body, chosen), &headers))
}

/// PUT, POST and DELETE: changes of a graph.
pub(super) async fn change(
    State(context): State<Context>,
    RawQuery(parameters): RawQuery,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    context.permit(&headers, Right::Write)?;
    let (graph, is_fresh) = match named(&context, &uri, parameters.as_deref())? {
        Some(graph) => (graph, false),
        None if method == Method::POST => (fresh(&context), true),
        None => return Err(unnamed()),
    };
    let options = context.update_options(false);
    let written = graph.clone();
    let status = if method == Method::DELETE {
        context
            .write(move |store| {
                demand(store, &written, &headers)?;
                let found = store.difference_without_graph(&written).map_err(refused)?;
                make(store, &found.ok_or_else(|| missing(&written))?, DESCRIPTION)?;
                Ok(StatusCode::NO_CONTENT)
            })
            .await?
    } else {
        let base = match &graph {
            GraphName::NamedNode(node) => node.as_str().to_owned(),
            _ => context.base().to_owned(),
        };
        let (triples, headers) =
            tokio::task::spawn_blocking(move || rdf::triples(&headers, &body, &base).map(|triples| (triples, headers)))
                .await
                .map_err(Failure::fault)??;
        let replace = method == Method::PUT;
        context
            .write(move |store| {
                demand(store, &written, &headers)?;
                let found = store.difference_of_graph(&written, triples, replace, options).map_err(refused)?;
                make(store, &found, DESCRIPTION)?;
                Ok(if found.made.is_empty() { StatusCode::NO_CONTENT } else { StatusCode::CREATED })
            })
            .await?
    };
    let mut response = status.into_response();
    if is_fresh
        && let GraphName::NamedNode(node) = &graph
        && let Some(location) = context.path_of(node.as_str()).and_then(|path| HeaderValue::try_from(path).ok())
    {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// The graph that a request names; none if it names none at all.
fn named(context: &Context, uri: &Uri, parameters: Option<&str>) -> Result<Option<GraphName>, Failure> {
    let pairs = form::pairs(parameters.unwrap_or_default())?;
    let mut graph = None;
    for (name, value) in pairs {
        let named = match name.as_str() {
            "default" => GraphName::DefaultGraph,
            "graph" => absolute(context.base(), &value)?.into(),
            _ => continue,
        };
        if graph.replace(named).is_some() {
            return Err(Failure::bad("more than one graph: write `?graph=IRI` or `?default`"));
        }
    }
    let below = uri.path().strip_prefix(ROOT).is_some_and(|below| below.len() > 1);
    match (graph, below) {
        (Some(_), true) => Err(Failure::bad("the address names a graph, and so does its query")),
        (None, true) => {
            let named = iri_of(context.base(), uri.path());
            named.map(|node| Some(node.into())).ok_or_else(|| Failure::bad(format!("`{uri}` makes no IRI")))
        }
        (graph, false) => Ok(graph),
    }
}

/// An IRI that may be relative to the server.
fn absolute(base: &str, value: &str) -> Result<NamedNode, Failure> {
    let wrong = || Failure::bad(format!("`{value}` is not the IRI of a graph"));
    if let Ok(node) = NamedNode::new(value) {
        return Ok(node);
    }
    if value.is_empty() {
        return Err(wrong());
    }
    let path = if value.starts_with('/') { value.to_owned() } else { format!("/{value}") };
    iri_of(base, &path).ok_or_else(wrong)
}

fn fresh(context: &Context) -> GraphName {
    let (now, number) = (Timestamp::now().as_nanosecond(), NUMBER.fetch_add(1, Ordering::Relaxed));
    NamedNode::new_unchecked(format!("{}gsp/{now:x}-{number}", context.base())).into()
}

fn unnamed() -> Failure {
    Failure::bad("which graph? write `?graph=IRI` or `?default`, or an address below `/gsp/`")
}

fn missing(graph: &GraphName) -> Failure {
    Failure::missing(format!("there is no graph {graph}"))
}

/// How a refused change is told.
pub(super) fn refused(error: UpdateError) -> Failure {
    let status = match &error {
        UpdateError::Kept(..) | UpdateError::Everything(_) | UpdateError::Load => StatusCode::FORBIDDEN,
        UpdateError::Twice { .. } => StatusCode::CONFLICT,
        UpdateError::Store(_) => match error {
            UpdateError::Store(error) => return error.into(),
            error => return Failure::fault(error),
        },
        UpdateError::Evaluation(cause) => return Failure::bad(format!("{error}: {cause}")),
        UpdateError::Query(cause) => return Failure::bad(format!("{error}: {cause}")),
    };
    Failure::new(status, error.to_string())
}

/// Sees to what the client demands before a change, which the writer is about to make: the tag may be of any form of the graph.
pub(super) fn demand(store: &Store, graph: &GraphName, headers: &HeaderMap) -> Result<(), Failure> {
    if !Validators::are_demanded(headers) || Validators::permit(store.version(graph.as_ref())?.as_ref(), headers) {
        return Ok(());
    }
    let message = format!("{graph} is not as the request demands; read it again");
    Err(Failure::new(StatusCode::PRECONDITION_FAILED, message))
}

/// Writes what a graph holds; a format that knows graphs gets its name too.
pub(super) fn write<'g>(
    store: &Store,
    graph: impl Into<GraphNameRef<'g>>,
    format: Format,
    output: &mut impl Write,
) -> Result<(), Failure> {
    let format = format.triples().ok_or_else(|| none_of(GRAPH))?;
    let mut serializer =
        serializer(format, &Prefixes::of_base(store.base())).for_writer(XmlCharacters::of(output, format));
    for quad in store.quads(None, None, None, Some(graph.into())) {
        let quad = quad?;
        let written = if names_graphs(format) {
            serializer.serialize_quad(&quad)
        } else {
            serializer.serialize_triple(quad.as_ref())
        };
        written.map_err(|error| Failure::of_output(&error))?;
    }
    serializer.finish().map_err(|error| Failure::of_output(&error))?;
    Ok(())
}

impl Context {
    /// How updates are carried out for who asks.
    pub(super) fn update_options(&self, everything: bool) -> UpdateOptions {
        UpdateOptions { union: self.settings().default_graph == DefaultGraph::Union, everything }
    }
}
