//! The store over HTTP: SPARQL queries and the things the store's IRIs name.
//!
//! [`serve`] answers until it is told to stop. It reads a [`Checkpoint`] of the store, renewed after others have written, so that
//! `load` and `serve` are neighbours; a request keeps the checkpoint it began with. [`router`] puts together one file for each
//! kind of resource. Queries run on threads of their own, and their results are streamed.

mod negotiation;
mod resource;
mod sparql;
mod stream;

use crate::sparql::Prefixes;
use crate::store::{Checkpoint, StoreError};
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_http::compression::CompressionLayer;
use tower_http::cors::CorsLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::trace::TraceLayer;

/// How often to look whether somebody has written.
const RENEWAL: Duration = Duration::from_secs(2);

/// The longest request body: a query, and nobody types a longer one.
const LONGEST_BODY: usize = 1024 * 1024;

/// What is served, and how.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The store.
    pub store: PathBuf,
    /// Where to listen.
    pub bind: SocketAddr,
    /// How long a query may take.
    pub timeout: Duration,
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
    Bind(SocketAddr, #[source] io::Error),
    /// The connection.
    #[error("serving broke off")]
    Io(#[from] io::Error),
}

/// What the handlers share.
#[derive(Clone, Debug)]
struct Shared {
    current: Arc<RwLock<Arc<Checkpoint>>>,
    /// As many queries at a time as there are permits; the others wait.
    queries: Arc<Semaphore>,
    prefixes: Arc<Prefixes>,
    timeout: Duration,
}

impl Shared {
    /// The store as it is now; whoever has it keeps it as it is.
    fn checkpoint(&self) -> Arc<Checkpoint> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Serves a store until `stop` is ready, then lets running requests end. `ready` is told the address.
///
/// # Errors
///
/// If the store cannot be read or the address not be listened on.
pub async fn serve(
    options: ServeOptions,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let checkpoint = Checkpoint::of(&options.store)?;
    let listener = TcpListener::bind(options.bind).await.map_err(|error| ServeError::Bind(options.bind, error))?;
    ready(listener.local_addr()?);
    let parallel = std::thread::available_parallelism().map_or(2, usize::from);
    let shared = Shared {
        prefixes: Arc::new(Prefixes::of_base(checkpoint.store().base())),
        current: Arc::new(RwLock::new(Arc::new(checkpoint))),
        queries: Arc::new(Semaphore::new(2 * parallel)),
        timeout: options.timeout,
    };
    let renewal = tokio::spawn(renew(shared.clone()));
    axum::serve(listener, router(shared)).with_graceful_shutdown(stop).await?;
    renewal.abort();
    Ok(())
}

/// All resources.
fn router(shared: Shared) -> Router {
    Router::new()
        .route("/sparql", get(sparql::by_get).post(sparql::by_post))
        .fallback_service(get(resource::about).with_state(shared.clone()))
        .with_state(shared)
        .layer(RequestBodyLimitLayer::new(LONGEST_BODY))
        .layer(CompressionLayer::new())
        .layer(CorsLayer::permissive())
        .layer(TraceLayer::new_for_http())
}

/// Puts a new checkpoint in place of the current one whenever the store has changed and nobody is writing.
async fn renew(shared: Shared) {
    loop {
        tokio::time::sleep(RENEWAL).await;
        let current = shared.checkpoint();
        match tokio::task::spawn_blocking(move || current.renewed()).await {
            Ok(Ok(Some(renewed))) => {
                tracing::info!("the store has changed: serving it as it is now");
                *shared.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(renewed);
            }
            Ok(Ok(None)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "cannot look whether the store has changed"),
            Err(error) => tracing::warn!(%error, "the renewal broke off"),
        }
    }
}

/// What a client is told when a request cannot be answered.
#[derive(Clone, Debug)]
struct Failure {
    status: StatusCode,
    message: String,
}

impl Failure {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, format!("{}\n", self.message)).into_response()
    }
}
