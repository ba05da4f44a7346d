//! `/sparql`: queries and updates by the SPARQL 1.1 Protocol.
//!
//! [`by_get`] and [`by_post`] make an [`Operation`] of a request, of whichever of the protocol's three forms; without any parameter
//! the endpoint describes itself, to a browser by a form.

use super::context::Context;
use super::evaluation::Question;
use super::failure::Failure;
use super::negotiation::{Accept, SOLUTIONS, TRIPLES, negotiate};
use super::stream::{self, abandonment};
use super::tokens::Right;
use super::update::{self, Change};
use super::{dataset, form, pages};
use crate::sparql::{Dataset, Format, parse_value};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::{ALLOW, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use oxrdf::{NamedNode, Term, Variable};

const QUERY: &str = "application/sparql-query";
const UPDATE: &str = "application/sparql-update";

/// The longest query: nobody types a longer one.
const LONGEST_QUERY: usize = 1024 * 1024;

/// A query in the address; without one, what there is to know of the endpoint.
pub(super) async fn by_get(
    State(context): State<Context>,
    RawQuery(parameters): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let encoded = parameters.unwrap_or_default();
    let request = Request::new(&encoded)?;
    if request.update.is_some() {
        let message = "an update changes the store and is sent by POST";
        return Err(Failure::new(StatusCode::METHOD_NOT_ALLOWED, message).with(ALLOW, "GET, HEAD, POST"));
    }
    if request.query.is_none() && request.dataset == Dataset::default() {
        if request.format.is_none() && Accept::of(&headers).prefers_html() {
            let mut response = Html(pages::ask(&context, &pages::Sent::new(&encoded)?)?).into_response();
            response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
            return Ok(response);
        }
        return dataset::service(&context, request.format.as_deref(), &headers).await;
    }
    request.carry_out(&context, &headers, &encoded).await
}

/// A query or an update in the body: a form, or the text itself.
pub(super) async fn by_post(
    State(context): State<Context>,
    RawQuery(parameters): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let mut encoded = parameters.unwrap_or_default();
    let mut request = Request::new(&encoded)?;
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (media_type, charset) = form::media_type(content_type);
    if charset.is_some_and(|charset| !charset.eq_ignore_ascii_case("utf-8")) {
        return Err(unsupported("queries and updates are sent in UTF-8"));
    }
    let text = std::str::from_utf8(&body).map_err(|_| Failure::bad("the body is not UTF-8"))?;
    match media_type.as_str() {
        "application/x-www-form-urlencoded" => {
            request.add(text)?;
            // Values of parameters may stand in the address too.
            encoded =
                [encoded.as_str(), text].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
        }
        QUERY => set(&mut request.query, text.to_owned(), "query")?,
        UPDATE => set(&mut request.update, text.to_owned(), "update")?,
        "" => return Err(unsupported("the request has no Content-Type")),
        other => return Err(unsupported(&format!("`{other}` is not understood"))),
    }
    request.carry_out(&context, &headers, &encoded).await
}

fn unsupported(message: &str) -> Failure {
    let message = format!("{message}: send {QUERY}, {UPDATE} or application/x-www-form-urlencoded, in UTF-8");
    Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
}

fn set(parameter: &mut Option<String>, value: String, name: &str) -> Result<(), Failure> {
    if parameter.replace(value).is_some() {
        return Err(Failure::bad(format!("more than one {name}")));
    }
    Ok(())
}

/// The parameters of a request.
#[derive(Debug, Default)]
struct Request {
    query: Option<String>,
    update: Option<String>,
    format: Option<String>,
    /// Values of the query's variables.
    values: Vec<(String, String)>,
    /// Of a query.
    dataset: Dataset,
    /// Of an update.
    using: Dataset,
}

impl Request {
    fn new(encoded: &str) -> Result<Self, Failure> {
        let mut request = Self::default();
        request.add(encoded)?;
        Ok(request)
    }

    fn add(&mut self, encoded: &str) -> Result<(), Failure> {
        for (name, value) in form::pairs(encoded)? {
            let graph = || {
                NamedNode::new(&value).map_err(|_| Failure::bad(format!("`{value}`, given as {name}, is not an IRI")))
            };
            match name.as_str() {
                "query" => set(&mut self.query, value, "query")?,
                "update" => set(&mut self.update, value, "update")?,
                "format" => self.format = Some(value).filter(|format| !format.is_empty()),
                // Not of the protocol: `$place=…` gives the query's variable `?place` a value.
                name if name.starts_with('$') && !value.is_empty() => self.values.push((name[1..].to_owned(), value)),
                "default-graph-uri" => self.dataset.default.push(graph()?),
                "named-graph-uri" => self.dataset.named.push(graph()?),
                "using-graph-uri" => self.using.default.push(graph()?),
                "using-named-graph-uri" => self.using.named.push(graph()?),
                // The protocol allows further parameters, and says nothing on unknown ones.
                _ => {}
            }
        }
        Ok(())
    }

    async fn carry_out(self, context: &Context, headers: &HeaderMap, encoded: &str) -> Result<Response, Failure> {
        let none = Dataset::default();
        match (&self.query, &self.update) {
            (Some(_), Some(_)) => Err(Failure::bad("a query and an update in one request")),
            (None, None) => Err(Failure::bad("the parameter `query` or `update` is missing")),
            (Some(_), None) if self.using != none => Err(Failure::bad(
                "`using-graph-uri` and `using-named-graph-uri` belong to updates; queries have `default-graph-uri` and `named-graph-uri`",
            )),
            (None, Some(_)) if self.dataset != none => Err(Failure::bad(
                "`default-graph-uri` and `named-graph-uri` belong to queries; updates have `using-graph-uri` and `using-named-graph-uri`",
            )),
            (Some(_), None) => self.query(context, headers, encoded).await,
            (None, Some(_)) => self.update(context, headers).await,
        }
    }

    async fn query(self, context: &Context, headers: &HeaderMap, encoded: &str) -> Result<Response, Failure> {
        if self.query.as_ref().is_some_and(|query| query.len() > LONGEST_QUERY) {
            let message = format!("the query is longer than {LONGEST_QUERY} bytes");
            return Err(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, message));
        }
        let mut question = Question {
            text: self.query.unwrap_or_default(),
            dataset: (self.dataset != Dataset::default()).then_some(self.dataset),
            default_graph: context.settings().default_graph,
            parameters: values(&self.values, context)?,
            format: Format::Json,
        };
        let offer = if question.gives_triples() { TRIPLES } else { SOLUTIONS };
        let representation = negotiate(headers, self.format.as_deref(), offer)?;
        if representation.format == Format::Html {
            let sent = pages::Sent::new(encoded)?;
            let turn = context.turn().await?;
            let (_here, gone) = abandonment();
            let page = context.read(move |context, store| {
                let _turn = turn;
                pages::results(context, store, question, &sent, gone)
            });
            let (status, page) = page.await?;
            return Ok((status, Html(page)).into_response());
        }
        question.format = representation.format;
        stream::results(context, question, representation).await
    }

    async fn update(self, context: &Context, headers: &HeaderMap) -> Result<Response, Failure> {
        context.permit(headers, Right::Write)?;
        let everything = context.permit(headers, Right::Admin).is_ok();
        let change = Change {
            text: self.update.unwrap_or_default(),
            using: (self.using != Dataset::default()).then_some(self.using),
            options: context.update_options(everything),
        };
        let updated = update::carry_out(context, change).await?;
        Ok(format!("{} inserted, {} removed\n", updated.inserted, updated.removed).into_response())
    }
}

fn values(given: &[(String, String)], context: &Context) -> Result<Vec<(Variable, Term)>, Failure> {
    let value = |(name, value): &(String, String)| {
        let variable =
            Variable::new(name).map_err(|_| Failure::bad(format!("`{name}` is not the name of a variable")))?;
        let value = parse_value(value, context.prefixes()).map_err(|error| Failure::bad(error.to_string()))?;
        Ok((variable, value))
    };
    given.iter().map(value).collect()
}
