//! `/sparql`: queries by the SPARQL 1.1 Protocol.

use super::negotiation::negotiate;
use super::{Failure, Shared, stream};
use crate::sparql::{Dataset, Options, Query};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use oxrdf::NamedNode;

/// A form that works without script.
const FORM: &str = include_str!("form.html");

/// A query in the address.
pub(super) async fn by_get(
    State(shared): State<Shared>,
    RawQuery(parameters): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let request = Request::new(&parameters.unwrap_or_default())?;
    if request.query.is_none() && request.is_empty() && accepts_html(&headers) {
        return Ok(Html(FORM).into_response());
    }
    request.answer(shared, &headers).await
}

/// A query in the body: a form, or the query itself.
pub(super) async fn by_post(
    State(shared): State<Shared>,
    RawQuery(parameters): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let text = |body: &Bytes| {
        let utf8 = std::str::from_utf8(body).map(str::to_owned);
        utf8.map_err(|_| Failure::new(StatusCode::BAD_REQUEST, "the body is not UTF-8"))
    };
    let request = match media_type.as_str() {
        "application/x-www-form-urlencoded" => {
            // The protocol puts all of it into the body; a format in the address is plain enough.
            let mut request = Request::new(&text(&body)?)?;
            request.format = request.format.or(Request::new(&parameters.unwrap_or_default())?.format);
            request
        }
        "application/sparql-query" => {
            let mut request = Request::new(&parameters.unwrap_or_default())?;
            if request.query.replace(text(&body)?).is_some() {
                return Err(bad("a query in the address and one in the body"));
            }
            request
        }
        "application/sparql-update" => {
            return Err(Failure::new(StatusCode::FORBIDDEN, "this server only reads: updates are not allowed"));
        }
        other => {
            let message = format!(
                "`{other}` is not understood: send application/sparql-query or application/x-www-form-urlencoded"
            );
            return Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
        }
    };
    request.answer(shared, &headers).await
}

/// The parameters of a request.
#[derive(Default)]
struct Request {
    query: Option<String>,
    format: Option<String>,
    default: Vec<NamedNode>,
    named: Vec<NamedNode>,
}

impl Request {
    fn new(encoded: &str) -> Result<Self, Failure> {
        let mut request = Self::default();
        for pair in encoded.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            let graph = || NamedNode::new(&value).map_err(|_| bad(format!("`{value}` is not the IRI of a graph")));
            match name.as_str() {
                "query" if request.query.is_some() => return Err(bad("more than one query")),
                "query" => request.query = Some(value),
                "format" => request.format = Some(value),
                "default-graph-uri" => request.default.push(graph()?),
                "named-graph-uri" => request.named.push(graph()?),
                "update" => {
                    return Err(Failure::new(StatusCode::FORBIDDEN, "this server only reads: updates are not allowed"));
                }
                // The protocol allows further parameters, and says nothing on unknown ones.
                _ => {}
            }
        }
        Ok(request)
    }

    fn is_empty(&self) -> bool {
        self.format.is_none() && self.default.is_empty() && self.named.is_empty()
    }

    async fn answer(self, shared: Shared, headers: &HeaderMap) -> Result<Response, Failure> {
        let text = self.query.ok_or_else(|| bad("the parameter `query` is missing"))?;
        let query = Query::parse(&text, &shared.prefixes).map_err(|error| bad(error.to_string()))?;
        let format = negotiate(headers, self.format.as_deref(), query.gives_triples())?;
        let asks_graphs = !(self.default.is_empty() && self.named.is_empty());
        let dataset = asks_graphs.then_some(Dataset { default: self.default, named: self.named });
        let options = Options { dataset, timeout: Some(shared.timeout), ..Options::default() };
        stream::answer(shared, query, options, format).await
    }
}

fn bad(message: impl Into<String>) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, message)
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(axum::http::header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// Undoes the encoding of forms and addresses.
pub(super) fn decode(text: &str) -> Result<String, Failure> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| byte.and_then(|b| char::from(b).to_digit(16));
                match (digit(rest.next()), digit(rest.next())) {
                    (Some(high), Some(low)) => (high * 16 + low) as u8,
                    _ => return Err(bad(format!("`{text}` is not percent-encoded rightly"))),
                }
            }
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| bad("a parameter is not UTF-8"))
}
