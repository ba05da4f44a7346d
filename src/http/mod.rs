//! The store over HTTP: SPARQL queries and the things the store's IRIs name.
//!
//! [`serve`] answers until it is told to stop. It reads a [`Checkpoint`] of the store, renewed after others have written, so that
//! `load` and `serve` are neighbours; a request keeps the checkpoint it began with. [`router`] puts together one file for each
//! kind of resource: `sparql` (the protocol), `graphs` (whole graphs), `things` (linked data), `dataset` (what the server says of
//! itself), `articles` (to be read, by `intake`), `pages` (for people). What they share is the
//! `Context`; which form of a resource a client gets is for `negotiation`. Queries run on threads of their own, all of them through
//! `evaluation`, and their results are streamed.

mod addresses;
mod articles;
mod context;
mod dataset;
mod description;
mod evaluation;
mod failure;
mod form;
mod graphs;
mod intake;
mod jsonld;
mod latest;
mod layers;
mod listening;
mod memory;
mod negotiation;
mod operations;
mod pages;
mod pieces;
mod rdf;
mod readers;
mod refusals;
mod services;
mod sparql;
mod statistics;
mod stream;
mod things;
mod tokens;
mod update;
mod validators;
mod watchdog;
mod worker;
mod workers;
mod writing;

pub use intake::read_articles;
pub use listening::{Address, LAST_REQUESTS};
pub use memory::available_memory;
pub use tokens::TokenError;
pub use worker::{WorkerError, work};
pub use workers::WorkerProgram;

use crate::ontology::Ontology;
use crate::sparql::DefaultGraph;
use crate::store::{Checkpoint, StoreError};
use axum::Router;
use axum::http::header::LOCATION;
use axum::http::{StatusCode, Uri};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use context::{Context, Settings};
use evaluation::Limits;
use failure::Failure;
use listening::{Listener, notify};
use services::Services;
use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::time::Duration;
use thiserror::Error;
use tokens::Tokens;
use tower::Layer;
use tower::util::MapRequestLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// How often to look whether somebody has written.
const RENEWAL: Duration = Duration::from_secs(2);

/// What is served, and how.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The store.
    pub store: PathBuf,
    /// Where to listen.
    pub bind: Address,
    /// The path that clients know the server by, such as `/kg/`; that of the store's base IRI if none.
    pub path: Option<String>,
    /// How many connections there may be at a time; the next ones wait.
    pub connections: usize,
    /// A query that takes longer is logged.
    pub slow: Duration,
    /// How long a query may take.
    pub timeout: Duration,
    /// How long the articles that a request brings may take to be read.
    pub reading: Duration,
    /// What the default graph is for a query that does not say.
    pub default_graph: DefaultGraph,
    /// The IRI of the licence that the data is given under.
    pub licence: String,
    /// What drives the extraction from articles that are sent.
    pub ontology: &'static Ontology,
    /// The file with the tokens of those who may change the store; nobody may if none.
    pub tokens: Option<PathBuf>,
    /// Whether reading needs a token too.
    pub private: bool,
    /// The other endpoints that `SERVICE` may ask; none if empty.
    pub services: Vec<String>,
    /// Whether those may be on this machine and in private networks.
    pub private_services: bool,
    /// The longest body of a request, in bytes.
    pub longest: usize,
    /// How to start the processes that answer queries; without, they are answered in this one, and what Oxigraph does not
    /// cancel goes on to its end.
    pub workers: Option<WorkerProgram>,
    /// How many queries are evaluated at a time.
    pub parallel: usize,
    /// How many further queries may wait for their turn.
    pub queue: usize,
}

/// Why serving could not begin or go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address.
    #[error("cannot listen on `{0}`; another program may do so, see `--bind`")]
    Bind(Address, #[source] io::Error),
    /// The tokens.
    #[error(transparent)]
    Tokens(#[from] TokenError),
    /// The connection.
    #[error("serving broke off")]
    Io(#[from] io::Error),
}

/// Serves a store until `stop` is ready, then lets running requests end. `ready` is told the address.
///
/// # Errors
///
/// If the store cannot be read or the address not be listened on.
pub async fn serve(
    options: ServeOptions,
    ready: impl FnOnce(&Address),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let tokens = options.tokens.as_deref().map(Tokens::read).transpose()?;
    let checkpoint = Checkpoint::of(&options.store)?;
    let listener =
        Listener::bind(&options.bind).await.map_err(|error| ServeError::Bind(options.bind.clone(), error))?;
    let settings = Settings {
        limits: Limits {
            timeout: options.timeout,
            services: Services {
                allowed: options.services,
                private: options.private_services,
                timeout: options.timeout,
            },
        },
        default_graph: options.default_graph,
        reading: options.reading,
        parallel: options.parallel,
        queue: options.queue,
        workers: options.workers,
        licence: options.licence,
        ontology: options.ontology,
        tokens,
        private: options.private,
        longest: options.longest,
        slow: options.slow,
    };
    let context = Context::new(checkpoint, settings)?;
    addresses::stand_at(options.path.as_deref().unwrap_or(&addresses::path_of_base(context.base())));
    pages::make_ready(&context);
    context.ready_workers();
    let renewal = tokio::spawn(renew(context.clone()));
    ready(&listener.address()?);
    notify("READY=1");
    let stop = async {
        stop.await;
        notify("STOPPING=1");
    };
    listener.run(below_root(router(context)), options.connections, stop).await;
    renewal.abort();
    Ok(())
}

/// All resources.
fn router(context: Context) -> Router {
    let graph = || get(graphs::read).put(graphs::change).post(graphs::change).delete(graphs::change);
    let observed = context.clone();
    let operations = operations::routes(context.clone());
    let router = Router::new()
        .merge(pages::routes())
        .route("/sparql", get(sparql::by_get).post(sparql::by_post))
        .route("/sparql/", get(sparql::by_get).post(sparql::by_post))
        .route("/gsp", graph())
        .route("/gsp/{*path}", graph())
        .route("/articles", post(articles::add))
        .route("/article/{*key}", get(things::about).put(articles::put).delete(articles::remove))
        .route("/.well-known/void", get(dataset::void))
        .route("/dump.{suffix}", get(dataset::dump))
        .fallback(get(things::about))
        .with_state(context.clone())
        .layer(from_fn_with_state(context.clone(), layers::admission))
        .layer(from_fn_with_state(context, layers::privacy))
        .layer(CompressionLayer::new())
        .layer(from_fn(layers::tags));
    // What goes through a fallback has no route of its own until it is merged.
    router
        .merge(operations)
        .layer(from_fn(layers::origins))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(refusals::written))
        .layer(map_response(pages::guarded))
        .layer(from_fn_with_state(observed, operations::observe))
}

/// The same where clients know it: paths that begin with the root are those without, so that a proxy may take it off or not.
fn below_root(router: Router) -> Router {
    let root = addresses::root();
    if root.is_empty() {
        return router;
    }
    let unrooted = move |mut request: axum::extract::Request| {
        if let Some(uri) = rewritten(root, request.uri()) {
            *request.uri_mut() = uri;
        }
        request
    };
    let slash = move || async move { (StatusCode::PERMANENT_REDIRECT, [(LOCATION, format!("{root}/"))]) };
    Router::new().route(root, any(slash)).fallback_service(MapRequestLayer::new(unrooted).layer(router))
}

/// An address without the root, if it begins with that.
fn rewritten(root: &str, uri: &Uri) -> Option<Uri> {
    if operations::CHECKS.contains(&uri.path()) {
        return None;
    }
    let path = addresses::unrooted(root, uri.path()).filter(|path| path.len() < uri.path().len())?;
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(format!("{path}{query}").parse().ok()?);
    Uri::from_parts(parts).ok()
}

/// What is answered when the program has a fault; the log has its place already.
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    Failure::fault("the program has a fault; the log names it").into_response()
}

/// Puts a new checkpoint in place of the current one whenever the store has changed and nobody is writing.
async fn renew(context: Context) {
    let mut seen = context.checkpoint().revision().to_owned();
    loop {
        tokio::time::sleep(RENEWAL).await;
        let current = context.checkpoint();
        let looked = {
            let current = std::sync::Arc::clone(&current);
            tokio::task::spawn_blocking(move || current.renewed()).await
        };
        match looked {
            Ok(Ok(Some(renewed))) => {
                tracing::info!("the store has changed: serving it as it is now");
                context.renew(&current, renewed);
            }
            Ok(Ok(None)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "cannot look whether the store has changed"),
            Err(error) => tracing::warn!(%error, "the renewal broke off"),
        }
        // Also when the server itself has written.
        let current = context.checkpoint();
        if current.revision() != seen {
            current.revision().clone_into(&mut seen);
            context.ready_workers();
            pages::make_ready(&context);
        }
    }
}
