//! The pages for people: what a browser gets where programs get data.
//!
//! Each function makes one page from the store, on a thread where it may wait; the handlers beside this module decide when a page
//! is wanted and add the headers. A page is an HTML document that needs no script and asks nothing of another host: the questions
//! behind it are SPARQL in `queries/`, its form is in `templates/`, which escape every text, and its map and timeline are SVG
//! drawn here. [`routes`] has the pages that are no document on a thing.

mod accounts;
mod ask;
mod assets;
mod casualties;
mod chart;
mod console;
mod described;
mod events;
mod evidence;
mod feed;
mod home;
mod layout;
mod links;
mod map;
mod parts;
mod pictures;
mod search;
mod things;
mod timeline;
mod vocabulary;
mod when;

use super::context::Context;
use super::evaluation::Question;
use super::failure::Failure;
use super::latest::Made;
use super::validators::Validators;
use super::watchdog::IsAbandoned;
use crate::store::{Checkpoint, Store};
use ask::Graph;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
pub(super) use console::Sent;
use jiff::Timestamp;
use layout::Layout;
use oxrdf::NamedNodeRef;
pub(super) use parts::Part;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::spawn_blocking;

/// What a browser may do with what it gets from here: show it with our own style and script, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A remark on what something covers.
const SCOPE_NOTE: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#scopeNote");

/// The pages that are no document on a thing.
pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/", get(front))
        .route("/assets/{name}", get(assets::asset))
        .route("/search", get(search::search))
        .route("/sparql/terms.json", get(terms))
        .route("/events", get(events::events))
        .route("/events.html", get(events::events))
        .route("/events.atom", get(events::events))
        .route("/events.json", get(events::events))
        .route("/events.csv", get(events::events))
        .route("/events.geojson", get(events::events))
}

/// Adds the headers that keep a browser from doing what we did not mean.
pub(super) async fn guarded(mut response: Response) -> Response {
    let head = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        head.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Brings the search index and the first page up to the store as it is now, in the background, so that nobody has to wait for it.
pub(super) fn make_ready(context: &Context) {
    let context = context.clone();
    spawn_blocking(move || {
        if let Err(failure) = search::index(&context) {
            tracing::warn!(error = failure.message, "there is no search index");
        }
        if let Err(failure) = first(&context) {
            tracing::warn!(error = failure.message, "the first page cannot be made");
        }
    });
}

/// What a page is of, beside the store.
#[derive(Clone, Copy, Debug)]
struct Asked<'r> {
    uri: &'r Uri,
    headers: &'r HeaderMap,
    media_type: &'static str,
}

impl Asked<'_> {
    /// Of a page that follows from its address and from what has this revision.
    fn validators(&self, revision: &str, changed: Option<Timestamp>) -> Validators {
        let target = self.uri.path_and_query().map(PathAndQuery::as_str).unwrap_or_default();
        let parts = [revision, target, self.media_type, layout::version(), env!("CARGO_PKG_VERSION")];
        Validators::of(&parts.map(str::as_bytes), changed)
    }

    /// Who has the page already gets none.
    fn respond(&self, validators: &Validators, page: String) -> Response {
        let mut response = page.into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        validators.settle(response, self.headers)
    }
}

/// Answers with a page that follows from the store and from its address. Who has it already, of the store as it is now, is told so, and
/// nothing is made.
async fn answer(
    context: &Context,
    asked: Asked<'_>,
    make: impl FnOnce(&Context, &Store) -> Result<String, Failure> + Send + 'static,
) -> Result<Response, Failure> {
    let checkpoint = context.checkpoint();
    let validators = asked.validators(checkpoint.revision(), checkpoint.changed());
    let page =
        if validators.are_known(asked.headers) { String::new() } else { context.compose_of(checkpoint, make).await? };
    Ok(asked.respond(&validators, page))
}

const HTML: &str = "text/html; charset=utf-8";

async fn front(State(context): State<Context>, uri: Uri, headers: HeaderMap) -> Result<Response, Failure> {
    let asked = Asked { uri: &uri, headers: &headers, media_type: HTML };
    let made = spawn_blocking(move || first(&context)).await.map_err(Failure::fault)??;
    let validators = asked.validators(&made.revision, made.changed);
    let page = if validators.are_known(&headers) { String::new() } else { made.what.clone() };
    Ok(asked.respond(&validators, page))
}

/// What the first page may take, which is made of all that there is, and in the background where that takes long.
const FIRST: Duration = Duration::from_mins(10);

fn first(context: &Context) -> Result<Arc<Made<String>>, Failure> {
    let prefixes = context.prefixes().clone();
    let make = move |checkpoint: &Checkpoint| home::home(&Graph::of(checkpoint.store(), &prefixes, FIRST)?);
    context.front().of(&context.checkpoint(), make)
}

async fn terms(State(context): State<Context>) -> Result<Response, Failure> {
    let terms = context.compose(|context, store| console::terms(&graph(context, store)?)).await?;
    Ok(([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "max-age=600")], terms).into_response())
}

/// The page of a thing.
pub(super) fn thing(
    context: &Context,
    store: &Store,
    thing: NamedNodeRef<'_>,
    part: Option<Part>,
) -> Result<String, Failure> {
    let page = things::thing(&graph(context, store)?, thing, part)?;
    page.ok_or_else(|| Failure::missing(format!("nothing is known of `{}`", thing.as_str())))
}

/// The page that says why there is nothing to show.
pub(super) fn refusal(status: StatusCode, reason: &str, request: &str) -> Result<String, Failure> {
    let title = match status {
        StatusCode::NOT_FOUND => "There is nothing here",
        StatusCode::SERVICE_UNAVAILABLE => "Not now",
        status if status.is_server_error() => "That went wrong",
        _ => "That cannot be answered",
    };
    page(&RefusalPage {
        layout: Layout::new("", title, "Why there is nothing to show."),
        status: status.to_string(),
        reason: sentence(reason),
        request: request.to_owned(),
    })
}

#[derive(Template)]
#[template(path = "refusal.html")]
struct RefusalPage {
    layout: Layout,
    status: String,
    reason: Vec<evidence::Piece>,
    request: String,
}

/// A message of the program as a sentence for people: what stands between grave accents is code, an odd piece.
fn sentence(message: &str) -> Vec<evidence::Piece> {
    let mut text = accounts::capitalized(message.trim_end());
    if !text.ends_with(['.', '!', '?', ':']) {
        text.push('.');
    }
    let mark = |n: usize| (n % 2 == 1).then(evidence::Mark::default);
    let pieces = text.split('`').enumerate();
    pieces.map(|(n, piece)| evidence::Piece { text: piece.to_owned(), mark: mark(n) }).collect()
}

/// The page at which queries are typed.
pub(super) fn ask(context: &Context, sent: &Sent) -> Result<String, Failure> {
    console::form(context, sent)
}

/// The page with the results of a query, until it is abandoned.
pub(super) fn results(
    context: &Context,
    store: &Store,
    question: Question,
    sent: &Sent,
    is_abandoned: IsAbandoned,
) -> Result<(StatusCode, String), Failure> {
    console::results(context, store, question, sent, is_abandoned)
}

fn graph<'s>(context: &'s Context, store: &'s Store) -> Result<Graph<'s>, Failure> {
    Ok(Graph::of(store, context.prefixes(), context.settings().limits.timeout)?)
}

fn page(template: &impl Template) -> Result<String, Failure> {
    template.render().map_err(Failure::fault)
}
