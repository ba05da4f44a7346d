//! What whoever runs the server wants to know: whether it lives and is ready, its numbers for Prometheus, and a log of requests and of
//! slow queries.
//!
//! [`observe`] sees every request: it gives it an id, counts and times it, and logs it under the target `belligraph::access`. The
//! queries count themselves by [`Metrics::query`].

use super::addresses::root;
use super::context::Context;
use super::failure::Failure;
use super::listening::Peer;
use super::memory;
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, USER_AGENT};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The header that names a request, in the log and for who asked.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How much of a slow query is logged, in characters.
const SHOWN: usize = 2000;

type Labels = Vec<(&'static str, String)>;

/// The numbers of a running server.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    request_time: Family<Labels, Histogram, fn() -> Histogram>,
    queries: Family<Labels, Counter>,
    query_time: Histogram,
    running: Gauge,
    waiting: Gauge,
    store_bytes: Gauge,
    store_changed: Gauge,
    memory: Gauge,
    numbers: AtomicU64,
}

fn times() -> Histogram {
    Histogram::new(exponential_buckets(0.001, 4.0, 9))
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("belligraph");
        let requests = Family::<Labels, Counter>::default();
        registry.register("http_requests", "Requests that were answered", requests.clone());
        let request_time = Family::<Labels, Histogram, fn() -> Histogram>::new_with_constructor(times);
        let help = "Time until the head of the answer";
        registry.register_with_unit("http_request_duration", help, Unit::Seconds, request_time.clone());
        let queries = Family::<Labels, Counter>::default();
        let help = "Queries and updates, by how they ended: done, refused, timeout, memory, cut, abandoned, failed";
        registry.register("queries", help, queries.clone());
        let query_time = times();
        let help = "Time until the last result was written";
        registry.register_with_unit("query_duration", help, Unit::Seconds, query_time.clone());
        let mut gauge = |name: &str, help: &str, unit: Option<Unit>| {
            let gauge = Gauge::default();
            match unit {
                Some(unit) => registry.register_with_unit(name, help, unit, gauge.clone()),
                None => registry.register(name, help, gauge.clone()),
            }
            gauge
        };
        let running = gauge("queries_running", "Queries that are evaluated now", None);
        let waiting = gauge("queries_waiting", "Queries that wait for their turn", None);
        let store_bytes = gauge("store", "Size of the store on the disk", Some(Unit::Bytes));
        let store_changed =
            gauge("store_changed_timestamp", "When the store that is served was written", Some(Unit::Seconds));
        let memory = gauge("resident_memory", "Memory of the server, its workers not counted", Some(Unit::Bytes));
        Self {
            registry,
            requests,
            request_time,
            queries,
            query_time,
            running,
            waiting,
            store_bytes,
            store_changed,
            memory,
            numbers: AtomicU64::new(0),
        }
    }
}

/// A query that is evaluated. One that is dropped before its end was told, nobody waits for any more.
#[derive(Debug)]
pub(super) struct Running {
    gauge: Gauge,
    queries: Family<Labels, Counter>,
    since: Instant,
    outcome: &'static str,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.gauge.dec();
        self.queries.get_or_create(&vec![("outcome", self.outcome.to_owned())]).inc();
    }
}

impl Metrics {
    /// Counts and times a query, and logs it if it took longer than `slow`.
    pub(super) fn query(
        &self,
        text: &str,
        slow: Duration,
        evaluate: impl FnOnce() -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let running = self.begin();
        let answered = evaluate();
        self.ended(running, text, slow, answered.as_ref().err());
        answered
    }

    /// Counts a query as running, until what this gives is dropped.
    pub(super) fn begin(&self) -> Running {
        self.running.inc();
        Running {
            gauge: self.running.clone(),
            queries: self.queries.clone(),
            since: Instant::now(),
            outcome: Failure::abandoned().outcome(),
        }
    }

    /// Counts and times a query that has ended, and logs it if it took longer than `slow`.
    pub(super) fn ended(&self, mut running: Running, text: &str, slow: Duration, failure: Option<&Failure>) {
        let took = running.since.elapsed();
        let outcome = failure.map_or("done", Failure::outcome);
        running.outcome = outcome;
        self.query_time.observe(took.as_secs_f64());
        if took >= slow {
            let query: String = text.chars().take(SHOWN).collect();
            tracing::warn!(target: "belligraph::slow", seconds = took.as_secs_f64(), outcome, query, "a slow query");
        }
    }

    /// Counts a query that waits, until what it gives is dropped.
    pub(super) fn wait(&self) -> impl Drop + use<> {
        struct Waiting(Gauge);
        impl Drop for Waiting {
            fn drop(&mut self) {
                self.0.dec();
            }
        }
        self.waiting.inc();
        Waiting(self.waiting.clone())
    }

    /// A name for a request that no other has.
    fn id(&self) -> String {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
        format!("{now:x}-{number:x}")
    }
}

/// Where whatever watches over a server asks without a proxy between: they are there whatever the root is.
pub(super) const CHECKS: [&str; 2] = ["/health/live", "/health/ready"];

/// Whether the server lives, whether it can answer, its numbers, its description. They need no token: what watches over a server has none.
pub(super) fn routes(context: Context) -> Router {
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(description))
        .route("/robots.txt", get(robots))
        .with_state(context)
}

/// What crawlers are asked to leave alone (RFC 9309): what is made anew for every question, and what is there in one piece.
async fn robots() -> Response {
    let root = root();
    let text = format!(
        "# All of the graph in one file: {root}/dump.nq; what it holds: {root}/.well-known/void\n\
        User-agent: *\nDisallow: {root}/sparql?\nDisallow: {root}/search?\nDisallow: {root}/events?\nDisallow: {root}/gsp\n"
    );
    let mut response = told(StatusCode::OK, "text/plain; charset=utf-8", text);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}

async fn live() -> Response {
    told(StatusCode::OK, "application/json", "{\"status\":\"live\"}\n".to_owned())
}

/// Ready is who can read the store.
async fn ready(State(context): State<Context>) -> Response {
    let read = context.read(|_, store| Ok(store.content_version(store.graphs().ontology())?)).await;
    match read {
        Ok(_) => told(StatusCode::OK, "application/json", "{\"status\":\"ready\"}\n".to_owned()),
        Err(failure) => {
            tracing::error!(error = failure.message, "the store cannot be read");
            told(
                StatusCode::SERVICE_UNAVAILABLE,
                "application/json",
                "{\"status\":\"the store cannot be read\"}\n".to_owned(),
            )
        }
    }
}

/// What the server can do besides SPARQL, by the `OpenAPI` Specification 3.1.
async fn description() -> Response {
    let text = include_str!("openapi.json").replacen("\"VERSION\"", concat!("\"", env!("CARGO_PKG_VERSION"), "\""), 1);
    // Where the paths of the description begin.
    let text = text.replacen("\"url\": \"/\"", &format!("\"url\": \"{}/\"", root()), 1);
    let mut response = told(StatusCode::OK, "application/json", text);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}

async fn metrics(State(context): State<Context>) -> Result<Response, Failure> {
    context
        .read(|context, _| {
            let metrics = context.metrics();
            let checkpoint = context.checkpoint();
            metrics.store_bytes.set(checkpoint.size().try_into().unwrap_or(i64::MAX));
            metrics.store_changed.set(checkpoint.changed().map_or(0, jiff::Timestamp::as_second));
            let resident = memory::of_this_process("VmRSS").unwrap_or_default();
            metrics.memory.set(resident.try_into().unwrap_or(i64::MAX));
            let mut text = String::new();
            encode(&mut text, &metrics.registry).map_err(Failure::fault)?;
            Ok(told(StatusCode::OK, "application/openmetrics-text; version=1.0.0; charset=utf-8", text))
        })
        .await
}

fn told(status: StatusCode, media_type: &'static str, text: String) -> Response {
    let mut response = (status, text).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Names, counts, times and logs a request.
pub(super) async fn observe(State(context): State<Context>, mut request: Request, next: Next) -> Response {
    let metrics = context.metrics();
    let begun = Instant::now();
    let given = request.headers().get(&REQUEST_ID).and_then(|id| id.to_str().ok()).filter(|id| is_sane(id));
    let id = given.map_or_else(|| metrics.id(), str::to_owned);
    let name = HeaderValue::try_from(&id).unwrap_or_else(|_| HeaderValue::from_static("-"));
    request.headers_mut().insert(REQUEST_ID, name.clone());
    let method = request.method().clone();
    let uri = request.uri().clone();
    let peer = request.extensions().get::<Peer>().and_then(|peer| peer.0);
    let route = request.extensions().get::<MatchedPath>().map_or("things", MatchedPath::as_str).to_owned();
    let agent = request.headers().get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default().to_owned();
    let mut response = next.run(request).await;
    let took = begun.elapsed();
    response.headers_mut().insert(REQUEST_ID, name);
    let status = response.status().as_u16();
    let method = known(method.as_str());
    let labels = vec![("method", method.to_owned()), ("route", route.clone()), ("status", status.to_string())];
    metrics.requests.get_or_create(&labels).inc();
    metrics.request_time.get_or_create(&vec![("route", route)]).observe(took.as_secs_f64());
    let length = response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()).unwrap_or("-");
    let peer = peer.map_or_else(|| "-".to_owned(), |peer| peer.ip().to_string());
    tracing::info!(
        target: "belligraph::access",
        id, peer, method, uri = %uri, status, length, milliseconds = took.as_millis() as u64, agent, "request"
    );
    response
}

/// An id that others gave is kept if nothing in it can harm a log.
fn is_sane(id: &str) -> bool {
    (1..=128).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':'))
}

/// A method by its name if it is one that is known: others would be labels without end.
fn known(method: &str) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"].into_iter().find(|known| *known == method).unwrap_or("other")
}
