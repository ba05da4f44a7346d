//! Articles sent over HTTP: read, extracted and stored like those of `load`, and taken away again.
//!
//! A POST to `/articles` takes an article as text, HTML, Markdown or JSON, or many as JSON lines or a feed, and answers with what was
//! extracted from each, in the format of `belligraph extract`. A PUT to an article's address replaces it under its key. Reading and
//! extraction come before the store is asked for, so that they hold nobody up.

use super::addresses::iri_of;
use super::context::Context;
use super::failure::Failure;
use super::form;
use super::graphs;
use super::layers::empty;
use super::tokens::Right;
use crate::article::{Article, Format, ReadError, ReadFailure, ReadOptions, parse_date, read_bytes};
use crate::authoring::validate::{Gate, Severity};
use crate::graph::exchange;
use crate::ontology::Ontology;
use crate::pipeline::{Chain, Loading, Reported};
use crate::store::{ArticleGraph, Change, RunDescription};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use oxrdf::{GraphName, NamedNode};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How many articles one request may bring.
const MOST: usize = 1000;

/// The longest text of an article, in bytes: a hundred times that of a long report, and little enough to be read in a few seconds.
const LONGEST: usize = 1024 * 1024;

/// How many requests may wait until theirs are extracted, and for how long.
const QUEUE: usize = 8;
const PATIENCE: Duration = Duration::from_mins(1);

/// How long the extraction for one request may take.
const EXTRACTION: Duration = Duration::from_mins(2);

/// What turns an article into triples; made when the first article comes.
#[derive(Debug)]
pub(super) struct Intake {
    ontology: &'static Ontology,
    base: String,
    made: OnceLock<Result<Made, String>>,
    /// One request is extracted at a time, by all processors.
    turn: Arc<Semaphore>,
    /// That one, and those that wait.
    admitted: Arc<Semaphore>,
}

#[derive(Debug)]
struct Made {
    chain: Chain,
    gate: Gate,
}

impl Intake {
    pub(super) fn new(ontology: &'static Ontology, base: &str) -> Self {
        let (turn, admitted) = (Arc::new(Semaphore::new(1)), Arc::new(Semaphore::new(1 + QUEUE)));
        Self { ontology, base: base.to_owned(), made: OnceLock::new(), turn, admitted }
    }

    /// Waits until this request may be extracted; for as long as what it gives is kept, no other is.
    async fn turn(&self) -> Result<(OwnedSemaphorePermit, OwnedSemaphorePermit), Failure> {
        let busy = || Failure::busy("others have sent articles that are not read yet; send these again in a while", 20);
        let admitted = Arc::clone(&self.admitted).try_acquire_owned().map_err(|_| busy())?;
        match timeout(PATIENCE, Arc::clone(&self.turn).acquire_owned()).await {
            Ok(Ok(turn)) => Ok((turn, admitted)),
            _ => Err(busy()),
        }
    }

    fn made(&self) -> Result<&Made, Failure> {
        let made = self.made.get_or_init(|| {
            let gate = Gate::new(self.ontology, &self.base).map_err(|error| error.to_string())?;
            Ok(Made { chain: Chain::new(self.ontology), gate })
        });
        made.as_ref().map_err(Failure::fault)
    }
}

/// An article read, and what it puts into the store; or why it was not taken.
enum Taken {
    Ready { reported: Box<Reported>, graph: ArticleGraph, warnings: Vec<Value> },
    Refused(Value),
}

/// POST: stores the articles of a body.
pub(super) async fn add(
    State(context): State<Context>,
    RawQuery(parameters): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    context.permit(&headers, Right::Write)?;
    let request = Request::new(&headers, parameters.as_deref(), context.settings().longest)?;
    let (taken, warnings) = extract(&context, request, body, None).await?;
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
    let request = Request::new(&headers, parameters.as_deref(), context.settings().longest)?;
    let (mut taken, warnings) = extract(&context, request, body, Some(key)).await?;
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

/// What a request says of the articles it brings.
struct Request {
    options: ReadOptions,
    /// Stands for the file in messages; its extension tells the format where the media type does not.
    name: &'static str,
    id: Option<String>,
    publisher: Option<String>,
    author: Option<String>,
    url: Option<String>,
}

impl Request {
    fn new(headers: &HeaderMap, parameters: Option<&str>, longest: usize) -> Result<Self, Failure> {
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (media_type, charset) = form::media_type(content_type);
        if charset.is_some_and(|charset| !charset.eq_ignore_ascii_case("utf-8")) && media_type != "text/html" {
            let message = "articles are sent in UTF-8; only pages may say otherwise";
            return Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
        }
        let (format, name) = match media_type.as_str() {
            "text/plain" => (Format::Text, "body.txt"),
            "text/markdown" => (Format::Markdown, "body.md"),
            "text/html" | "application/xhtml+xml" => (Format::Html, "body.html"),
            "application/json" => (Format::Json, "body.json"),
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/x-jsonlines" => {
                (Format::JsonLines, "body.jsonl")
            }
            "text/csv" => (Format::Csv, "body.csv"),
            "text/tab-separated-values" => (Format::Tsv, "body.tsv"),
            "application/rss+xml" | "application/atom+xml" => (Format::Feed, "body.xml"),
            other => {
                let message = format!(
                    "`{other}` is no form of articles: send text/plain, text/markdown, text/html, application/json, \
                     application/x-ndjson, text/csv, text/tab-separated-values, application/rss+xml or application/atom+xml"
                );
                return Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
            }
        };
        let max_bytes = longest as u64;
        let max_unpacked = Some(max_bytes);
        let options = ReadOptions { format: Some(format), max_bytes, max_unpacked, ..ReadOptions::default() };
        let mut request = Self { options, name, id: None, publisher: None, author: None, url: None };
        for (name, value) in form::pairs(parameters.unwrap_or_default())? {
            match name.as_str() {
                "published" => {
                    let date = parse_date(&value).map_err(|error| Failure::bad(error.to_string()))?;
                    request.options.published = Some(date);
                }
                "id" => request.id = Some(value),
                "publisher" => request.publisher = Some(value),
                "author" => request.author = Some(value),
                "url" => request.url = Some(value),
                other => {
                    let message =
                        format!("`{other}` says nothing of an article: use id, published, publisher, author, url");
                    return Err(Failure::bad(message));
                }
            }
        }
        Ok(request)
    }

    /// Says what the article does not say itself.
    fn complete(&self, article: &mut Article) {
        for (own, given) in [
            (&mut article.id, &self.id),
            (&mut article.publisher, &self.publisher),
            (&mut article.author, &self.author),
            (&mut article.url, &self.url),
        ] {
            if own.is_none() {
                own.clone_from(given);
            }
        }
        // What was given beside the article has not gone through a reader.
        article.make_legible();
    }
}

/// Reads and extracts the articles of a body. Gives also what was read only in part.
async fn extract(
    context: &Context,
    request: Request,
    body: Bytes,
    key: Option<String>,
) -> Result<(Vec<Taken>, Vec<String>), Failure> {
    let intake = Arc::clone(context.intake());
    let turn = intake.turn().await?;
    let extracted = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let Made { chain, gate } = intake.made()?;
        let end = Instant::now() + EXTRACTION;
        let warned = Arc::new(Mutex::new(Vec::new()));
        let warnings = Arc::clone(&warned);
        let mut articles = read_bytes(request.name, body, request.options.clone()).on_warning(move |warning| {
            warned.lock().unwrap_or_else(PoisonError::into_inner).push(warning.to_string());
        });
        let mut read: Vec<Result<Article, ReadError>> = articles.by_ref().take(MOST + 1).collect();
        if articles.is_over() {
            let most = request.options.max_bytes;
            let message =
                format!("what was sent comes to more than {most} bytes when it is unpacked; send it in several");
            return Err(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, message));
        }
        if read.len() > MOST {
            let message = format!("more than {MOST} articles in one request; send them in several");
            return Err(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, message));
        }
        if read.len() == 1
            && let Some(Err(error)) = read.pop_if(|one| one.is_err())
        {
            return Err(unreadable(&error));
        }
        let too_long = |article: &Article| article.headline.len() + article.body.len() > LONGEST;
        let reason = format!("the text of an article may have {LONGEST} bytes");
        if let [Ok(article)] = read.as_slice()
            && too_long(article)
        {
            return Err(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, reason));
        }
        let taken: Result<Vec<Taken>, Failure> = read
            .into_par_iter()
            .map(|article| match article {
                Err(error) => {
                    Ok(Taken::Refused(json!({ "place": error.place.to_string(), "reason": error.to_string() })))
                }
                Ok(_) if Instant::now() >= end => {
                    let seconds = EXTRACTION.as_secs();
                    let message =
                        format!("the articles could not be read in {seconds} s; nothing is stored: send fewer");
                    Err(Failure::busy(message, 60))
                }
                Ok(article) if too_long(&article) => Ok(Taken::Refused(
                    json!({ "headline": article.headline.chars().take(200).collect::<String>(), "reason": reason }),
                )),
                Ok(mut article) => {
                    request.complete(&mut article);
                    take(chain, gate, &intake.base, article, key.as_deref())
                }
            })
            .collect();
        let warnings = std::mem::take(&mut *warnings.lock().unwrap_or_else(PoisonError::into_inner));
        Ok((taken?, warnings))
    });
    extracted.await.map_err(Failure::fault)?
}

fn take(chain: &Chain, gate: &Gate, base: &str, article: Article, key: Option<&str>) -> Result<Taken, Failure> {
    let reported = match key {
        Some(key) => chain.read_as(article, key, base),
        None => chain.read(article, base),
    };
    let graph = chain.graph(&reported);
    let findings = gate.check(&graph).map_err(Failure::fault)?;
    let is_broken = findings.iter().any(|finding| finding.result.severity() == Severity::Violation);
    let told = findings.iter().map(|finding| {
        json!({ "node": finding.result.focus.to_string(), "message": finding.result.message(), "sentence": finding.sentence })
    });
    let findings: Vec<Value> = told.collect();
    if is_broken {
        let reason = "what was extracted breaks the shapes of the ontology; nothing of it is stored";
        return Ok(Taken::Refused(
            json!({ "article": reported.iris.article(), "reason": reason, "findings": findings }),
        ));
    }
    Ok(Taken::Ready { reported: Box::new(reported), graph, warnings: findings })
}

/// The single article of a request could not be read.
fn unreadable(error: &ReadError) -> Failure {
    let status = match &error.failure {
        ReadFailure::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        ReadFailure::Json { .. } | ReadFailure::Compression { .. } | ReadFailure::Binary(_) | ReadFailure::Empty => {
            StatusCode::BAD_REQUEST
        }
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Failure::new(status, error.to_string())
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
    let intake = Arc::clone(context.intake());
    if taken.iter().all(|one| matches!(one, Taken::Refused(_))) {
        return Ok(taken.into_iter().filter_map(refused).collect());
    }
    context
        .write(move |store| {
            if let Some((article, headers)) = &demanded {
                graphs::demand(store, &GraphName::from(article.clone()), headers)?;
            }
            let chain = &intake.made()?.chain;
            let mut loading = Loading::begin(store, chain, "load over http")?;
            let mut told = Vec::new();
            for one in taken {
                match one {
                    Taken::Ready { reported, graph, warnings } => {
                        let change = loading.add(&reported, graph)?;
                        let Reported { article, facts, iris } = &*reported;
                        let done = match change {
                            Change::Added => "added",
                            Change::Replaced => "replaced",
                            Change::Unchanged => "unchanged",
                        };
                        let value = json!({
                            "article": iris.article(), "key": iris.key(), "change": done, "findings": warnings,
                            "extracted": exchange(article, facts, iris, chain.ontology()),
                        });
                        told.push(Told { change: Some(change), article: iris.article(), value });
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
