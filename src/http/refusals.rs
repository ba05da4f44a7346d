//! Refusals and faults in the form a client can read: a page for a browser, `application/problem+json` (RFC 9457) for who reads JSON,
//! else a line of text. Each names the request, as the log does.

use super::negotiation::Accept;
use super::operations::REQUEST_ID;
use super::pages;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::json;

/// What went wrong, in a sentence: goes with the answer to where its form is chosen.
#[derive(Clone, Debug)]
pub(super) struct Reason(pub(super) String);

/// The media types of who reads JSON.
const JSON: [&str; 2] = ["application/problem+json", "application/json"];

/// Writes the body of every answer that is an error and has none but its reason.
pub(super) async fn written(request: Request, next: Next) -> Response {
    let is_head = request.method() == Method::HEAD;
    let path = request.uri().path().to_owned();
    let mut asked = HeaderMap::new();
    for (name, value) in request.headers().iter().filter(|(name, _)| **name == ACCEPT || **name == REQUEST_ID) {
        asked.append(name, value.clone());
    }
    let mut response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let reason = match response.extensions_mut().remove::<Reason>() {
        Some(Reason(reason)) => reason,
        // Of a layer or of the router; what has a body of its own keeps it.
        None if response.headers().get(CONTENT_TYPE).is_none() => usual(status).to_owned(),
        None => return response,
    };
    let request = asked.get(&REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    let accept = Accept::of(&asked);
    let (media_type, body) = if accept.prefers_html() {
        let page = pages::refusal(status, &reason, request);
        page.map_or_else(
            |_| ("text/plain; charset=utf-8", format!("{reason}\n")),
            |page| ("text/html; charset=utf-8", page),
        )
    } else if JSON.into_iter().any(|json| accept.names(json)) {
        let problem = json!({
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or("Error"),
            "status": status.as_u16(),
            "detail": reason,
            "instance": path,
            "requestId": request,
        });
        ("application/problem+json", format!("{problem}\n"))
    } else {
        ("text/plain; charset=utf-8", format!("{reason}\n"))
    };
    if status.is_server_error() {
        tracing::warn!(id = request, path, status = status.as_u16(), reason, "a request failed");
    }
    let head = response.headers_mut();
    head.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    head.remove(CONTENT_LENGTH);
    head.insert(VARY, HeaderValue::from_static("accept"));
    *response.body_mut() = if is_head { Body::empty() } else { Body::from(body) };
    response
}

/// What is said where nobody said more.
fn usual(status: StatusCode) -> &'static str {
    match status {
        StatusCode::METHOD_NOT_ALLOWED => "this cannot be done here; OPTIONS tells what can",
        StatusCode::REQUEST_TIMEOUT => "the request came too slowly",
        StatusCode::PAYLOAD_TOO_LARGE => "the body is longer than what is taken here",
        StatusCode::NOT_FOUND => "there is nothing here",
        status => status.canonical_reason().unwrap_or("the request cannot be answered"),
    }
}
