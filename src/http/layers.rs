//! What applies to every answer: other origins may ask, compressed answers have tags of their own, reading may need a token.

use super::context::Context;
use super::failure::Failure;
use super::tokens::{Right, Tokens};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, CONTENT_ENCODING,
    CONTENT_LENGTH, ETAG, IF_MATCH, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::body::Body as _;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The longest form with a query: three bytes for each that is percent-encoded.
const LONGEST_FORM: usize = 3 * 1024 * 1024;

/// The codings of content that answers are compressed with.
const CODINGS: [&str; 2] = ["gzip", "br"];

/// Lets scripts of all origins ask, as for all the public has: nothing here rests on cookies. Answers `OPTIONS`.
pub(super) async fn origins(request: Request, next: Next) -> Response {
    let asks_before = request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let methods = methods(request.uri().path());
    let mut response = if request.method() == Method::OPTIONS {
        let mut response = StatusCode::NO_CONTENT.into_response();
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(methods));
        response
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if asks_before {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
        let allowed = "accept, authorization, content-type, if-match, if-none-match, if-modified-since, \
            if-unmodified-since, slug";
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(allowed));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    } else {
        let shown = "allow, content-location, etag, last-modified, link, location, retry-after, www-authenticate, x-request-id, \
             x-total-count";
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(shown));
    }
    response
}

/// What can be done at a path.
fn methods(path: &str) -> &'static str {
    match path.trim_end_matches('/') {
        "/sparql" => "GET, HEAD, POST, OPTIONS",
        "/articles" => "POST, OPTIONS",
        path if path == "/gsp" || path.starts_with("/gsp/") => "GET, HEAD, PUT, POST, DELETE, OPTIONS",
        path if path.starts_with("/article/") => "GET, HEAD, PUT, DELETE, OPTIONS",
        _ => "GET, HEAD, OPTIONS",
    }
}

/// Gives a compressed answer a tag of its own, since a strong tag is of the bytes sent; and knows it again when it comes back.
pub(super) async fn tags(mut request: Request, next: Next) -> Response {
    let came = request.headers().get(IF_NONE_MATCH).cloned();
    for name in [IF_MATCH, IF_NONE_MATCH] {
        plain(request.headers_mut(), &name);
    }
    let mut response = next.run(request).await;
    let head = response.headers_mut();
    let coding = head.get(CONTENT_ENCODING).and_then(|coding| coding.to_str().ok()).map(str::to_owned);
    if let (Some(coding), Some(tag)) = (coding, head.get(ETAG).and_then(|tag| tag.to_str().ok()))
        && let Some(tag) = tag.strip_suffix('"')
        && !tag.starts_with("W/")
        && let Ok(tag) = HeaderValue::try_from(format!("{tag}-{coding}\""))
    {
        head.insert(ETAG, tag);
    }
    // The client has the compressed form, and is told that it is still good under the name it knows.
    if response.status() == StatusCode::NOT_MODIFIED
        && let (Some(came), Some(tag)) =
            (came.and_then(|c| c.to_str().ok().map(str::to_owned)), response.headers().get(ETAG))
        && let Ok(tag) = tag.to_str()
        && !came.contains(tag)
    {
        let stem = tag.trim_end_matches('"');
        let known = CODINGS.iter().map(|coding| format!("{stem}-{coding}\"")).find(|tag| came.contains(tag));
        if let Some(known) = known.and_then(|known| HeaderValue::try_from(known).ok()) {
            response.headers_mut().insert(ETAG, known);
        }
    }
    response
}

/// Takes the names of codings off the tags in a header.
fn plain(headers: &mut HeaderMap, name: &HeaderName) {
    let Some(value) = headers.get(name).and_then(|value| value.to_str().ok()) else { return };
    let mut value = value.to_owned();
    for coding in CODINGS {
        value = value.replace(&format!("-{coding}\""), "\"");
    }
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}

/// Where not everybody may read, asks for a token. Whether the server is well is told elsewhere, without one.
pub(super) async fn privacy(State(context): State<Context>, request: Request, next: Next) -> Response {
    if context.settings().private
        && request.method() != Method::OPTIONS
        && let Err(failure) = Tokens::permit(context.settings().tokens.as_ref(), request.headers(), Right::Read)
    {
        return failure.into_response();
    }
    next.run(request).await
}

/// Looks at who asks before anything is read of a body: a change without the right to it is refused at once, and who may not
/// change anything sends queries, which are short.
pub(super) async fn admission(State(context): State<Context>, mut request: Request, next: Next) -> Response {
    let permitted = context.permit(request.headers(), Right::Write);
    let (path, method) = (request.uri().path(), request.method());
    let changes = matches!(*method, Method::PUT | Method::DELETE | Method::POST)
        && !path.starts_with("/sparql")
        && methods(path).contains(method.as_str());
    let longest = match permitted {
        Ok(()) => context.settings().longest,
        Err(failure) if changes => return failure.into_response(),
        Err(_) => LONGEST_FORM,
    };
    let announced =
        request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > longest) {
        let message = format!("the body is longer than the {longest} bytes that are taken here");
        return Failure::new(StatusCode::PAYLOAD_TOO_LARGE, message).into_response();
    }
    let room = if request.body().is_end_stream() {
        None
    } else {
        let length = announced.unwrap_or(longest);
        let room = if longest > LONGEST_FORM { &context.rooms().large } else { &context.rooms().small };
        let Some(room) = room.take(length) else {
            let failure = Failure::busy("too much is being sent at once; send it again in a moment", 10);
            return failure.into_response();
        };
        Some(room)
    };
    DefaultBodyLimit::max(longest).apply(&mut request);
    let response = next.run(request).await;
    drop(room);
    response
}

/// How much memory the bodies of requests may take together.
#[derive(Debug)]
pub(super) struct Rooms {
    /// For those who may change something.
    large: Room,
    /// For everybody else, who so cannot take the place of those.
    small: Room,
}

impl Rooms {
    pub(super) fn new(longest: usize) -> Self {
        Self { large: Room::new(longest.saturating_mul(4)), small: Room::new(LONGEST_FORM * 32) }
    }
}

/// Memory in pieces of a kibibyte.
#[derive(Debug)]
struct Room(Arc<Semaphore>);

impl Room {
    fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new((bytes / 1024 + 1).min(Semaphore::MAX_PERMITS))))
    }

    fn take(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let pieces = u32::try_from(bytes / 1024).unwrap_or(u32::MAX);
        Arc::clone(&self.0).try_acquire_many_owned(pieces).ok()
    }
}

/// An answer without a body.
pub(super) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
