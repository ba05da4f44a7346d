//! Articles sent over HTTP: read, extracted and stored like those of `load`, and taken away again.
//!
//! A POST to `/articles` takes an article as text, HTML, Markdown or JSON, or many as JSON lines or a feed, and answers with what was
//! extracted from each, in the format of `belligraph extract`. A PUT to an article's address replaces it under its key. Reading and
//! extraction, by `intake`, come before the store is asked for, so that they hold nobody up.

use super::addresses::iri_of;
use super::context::Context;
use super::failure::Failure;
use super::graphs;
use super::intake::{self, Extracted, Sent, Taken};
use super::layers::empty;
use super::tokens::Right;
use crate::pipeline::Loading;
use crate::store::{Change, RunDescription};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use oxrdf::{GraphName, NamedNode};
use serde_json::{Value, json};

/// POST: stores the articles of a body.
pub(super) async fn add(
    State(context): State<Context>,
    RawQuery(parameters): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    context.permit(&headers, Right::Write)?;
    let sent = Sent::new(&headers, parameters, None);
    let Extracted { taken, warnings } = intake::extract(&context, sent, body).await?;
    let is_single = taken.len() == 1;
    let mut told = store(&context, taken, None).await?;
    if is_single && let Some(one) = told.pop() {
        return Ok(answer_one(&context, one, &warnings));
    }
    let (accepted, rejected): (Vec<_>, Vec<_>) = told.into_iter().partition(|one| one.change.is_some());
    let status = match accepted.iter().find(|one| one.change == Some(Change::Added)) {
        Some(_) => StatusCode::CREATED,
        None if accepted.is_empty() => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let values = |told: Vec<Told>| told.into_iter().map(|one| one.value).collect::<Vec<_>>();
    let body = json!({ "articles": values(accepted), "rejected": values(rejected), "warnings": warnings });
    Ok((status, Json(body)).into_response())
}

/// PUT: stores one article under the key of the address.
pub(super) async fn put(
    State(context): State<Context>,
    RawQuery(parameters): RawQuery,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    context.permit(&headers, Right::Write)?;
    let (article, key) = key(&context, &uri)?;
    let sent = Sent::new(&headers, parameters, Some(key));
    let Extracted { mut taken, warnings } = intake::extract(&context, sent, body).await?;
    if taken.len() > 1 {
        let message = format!("{} articles for one address; POST them to /articles", taken.len());
        return Err(Failure::bad(message));
    }
    let Some(one) = taken.pop() else { return Err(Failure::bad("there is no article in the body")) };
    let mut told = store(&context, vec![one], Some((article, headers))).await?;
    told.pop().map(|one| answer_one(&context, one, &warnings)).ok_or_else(|| Failure::fault("nothing was stored"))
}

/// DELETE: takes an article away, and what only it said.
pub(super) async fn remove(State(context): State<Context>, uri: Uri, headers: HeaderMap) -> Result<Response, Failure> {
    context.permit(&headers, Right::Write)?;
    let (article, _) = key(&context, &uri)?;
    context
        .write(move |store| {
            graphs::demand(store, &GraphName::from(article.clone()), &headers)?;
            if !store.contains_article(article.as_ref())? {
                return Err(Failure::missing(format!("there is no article `{}`", article.as_str())));
            }
            let mut run = store.begin_run(&RunDescription::new("remove over http"))?;
            run.remove_article(article.as_ref())?;
            run.finish()?;
            Ok(empty(StatusCode::NO_CONTENT))
        })
        .await
}

/// The article that an address names, and its key: what follows `article/`.
fn key(context: &Context, uri: &Uri) -> Result<(NamedNode, String), Failure> {
    let wrong =
        || Failure::bad(format!("`{}` is no address of an article: `/article/KEY`, without a suffix", uri.path()));
    let article = iri_of(context.base(), uri.path()).ok_or_else(wrong)?;
    let key = article.as_str().strip_prefix(context.base()).and_then(|local| local.strip_prefix("article/"));
    let is_good = |key: &&str| {
        !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '~')) && key.len() <= 200
    };
    let key = key.filter(is_good).ok_or_else(wrong)?.to_owned();
    Ok((article, key))
}

/// What is told of one article.
struct Told {
    /// None if it was refused.
    change: Option<Change>,
    article: String,
    value: Value,
}

/// Stores what was taken; under what a client demands of the one article it names.
async fn store(
    context: &Context,
    taken: Vec<Taken>,
    demanded: Option<(NamedNode, HeaderMap)>,
) -> Result<Vec<Told>, Failure> {
    let ontology = context.settings().ontology;
    if taken.iter().all(|one| matches!(one, Taken::Refused(_))) {
        return Ok(taken.into_iter().filter_map(refused).collect());
    }
    context
        .write(move |store| {
            if let Some((article, headers)) = &demanded {
                graphs::demand(store, &GraphName::from(article.clone()), headers)?;
            }
            let mut loading = Loading::begin(store, ontology, "load over http")?;
            let mut told = Vec::new();
            for one in taken {
                match one {
                    Taken::Ready { key, graph, extracted, warnings } => {
                        let article = graph.article.as_str().to_owned();
                        let change = loading.put(graph)?;
                        let done = match change {
                            Change::Added => "added",
                            Change::Replaced => "replaced",
                            Change::Unchanged => "unchanged",
                        };
                        let value = json!({
                            "article": article, "key": key, "change": done, "findings": warnings, "extracted": extracted,
                        });
                        told.push(Told { change: Some(change), article, value });
                    }
                    one @ Taken::Refused(_) => told.extend(refused(one)),
                }
            }
            loading.finish()?;
            Ok(told)
        })
        .await
}

fn refused(taken: Taken) -> Option<Told> {
    match taken {
        Taken::Ready { .. } => None,
        Taken::Refused(value) => Some(Told { change: None, article: String::new(), value }),
    }
}

fn answer_one(context: &Context, told: Told, warnings: &[String]) -> Response {
    let Told { change, article, mut value } = told;
    if let Value::Object(value) = &mut value {
        value.insert("warnings".to_owned(), json!(warnings));
    }
    let status = match change {
        Some(Change::Added) => StatusCode::CREATED,
        Some(_) => StatusCode::OK,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut response = (status, Json(value)).into_response();
    let location = context.path_of(&article).and_then(|path| HeaderValue::try_from(path).ok());
    if let Some(location) = location.filter(|_| change == Some(Change::Added)) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}
