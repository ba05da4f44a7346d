//! What articles that are sent are read and extracted by: a process of its own, which is ended when it takes too long or when nobody
//! waits any more.
//!
//! [`extract`] hands the body of a request as it was sent to that process, one request at a time, and gets back what each article puts into the store
//! and what is told of it ([`Taken`]). [`read_articles`] is the whole of such a process. It keeps the models and the words of the ontology, so
//! that the server need not; where the server has no such processes it does the same by itself.

use super::context::Context;
use super::failure::Failure;
use super::form;
use super::pieces::{PIECE, Pieces};
use super::readers::{Readers, Unread};
use super::stream::abandonment;
use super::watchdog::IsAbandoned;
use super::worker::{Bound, Ended, Frames, Watch, WorkerError};
use crate::article::{Article, Format, ReadError, ReadFailure, ReadOptions, parse_date, read_bytes};
use crate::authoring::validate::{Gate, Severity};
use crate::graph::exchange;
use crate::ontology::Ontology;
use crate::pipeline::Chain;
use crate::store::ArticleGraph;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use oxrdf::{NamedNode, Triple};
use oxttl::{NTriplesParser, NTriplesSerializer};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::io::{self, BufRead, BufWriter, Write};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How many articles one request may bring.
const MOST: usize = 1000;

/// The longest text of an article, in bytes: a hundred times that of a long report.
const LONGEST: usize = 1024 * 1024;

/// How many requests may wait until theirs are extracted, and for how long.
const QUEUE: usize = 8;
const PATIENCE: Duration = Duration::from_mins(1);

/// How much more than the longest body what is read from it may come to, in bytes.
const SWELLING: usize = 4;

/// How much of the memory of a query the extraction may take.
const MEMORY: u64 = 2;

/// What a request brings besides its body.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Sent {
    content_type: String,
    parameters: String,
    /// Of the article, if the address names it.
    key: Option<String>,
    /// The longest body, in bytes.
    longest: usize,
    /// How long the body is.
    length: usize,
    /// How long it may take to be read.
    milliseconds: u64,
    /// The version of the ontology that the server works with.
    ontology: String,
}

impl Sent {
    pub(super) fn new(headers: &HeaderMap, parameters: Option<String>, key: Option<String>) -> Self {
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let parameters = parameters.unwrap_or_default();
        Self { content_type: content_type.to_owned(), parameters, key, ..Self::default() }
    }

    fn time(&self) -> Duration {
        Duration::from_millis(self.milliseconds)
    }
}

/// An article read, and what it puts into the store; or why it was not taken.
#[derive(Debug, Deserialize, Serialize)]
pub(super) enum Taken {
    Ready {
        key: String,
        #[serde(with = "as_statements")]
        graph: ArticleGraph,
        extracted: Value,
        warnings: Vec<Value>,
    },
    Refused(Value),
}

/// What was read of a body, and what was read only in part.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Extracted {
    pub(super) taken: Vec<Taken>,
    pub(super) warnings: Vec<String>,
}

/// An article's graph on its way between processes.
mod as_statements {
    use super::{ArticleGraph, NTriplesParser, NTriplesSerializer, NamedNode, Triple};
    use serde::de::Error as _;
    use serde::ser::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(graph: &ArticleGraph, serializer: S) -> Result<S::Ok, S::Error> {
        let written = |triples: &[Triple]| {
            let mut writer = NTriplesSerializer::new().for_writer(Vec::new());
            triples.iter().try_for_each(|triple| writer.serialize_triple(triple)).map_err(S::Error::custom)?;
            String::from_utf8(writer.finish()).map_err(S::Error::custom)
        };
        let parts = [written(&graph.triples)?, written(&graph.shared)?, written(&graph.known)?];
        (graph.article.as_str(), parts).serialize(serializer)
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<ArticleGraph, D::Error> {
        let (article, [triples, shared, known]) = <(String, [String; 3])>::deserialize(deserializer)?;
        let read = |text: String| {
            let triples = NTriplesParser::new().lenient().for_slice(&text);
            triples.collect::<Result<Vec<Triple>, _>>().map_err(D::Error::custom)
        };
        let article = NamedNode::new_unchecked(article);
        Ok(ArticleGraph { article, triples: read(triples)?, shared: read(shared)?, known: read(known)? })
    }
}

/// Where articles are read.
#[derive(Debug)]
pub(super) struct Intake {
    /// What reads them here if there are no processes for it.
    reader: OnceLock<Result<Reader, String>>,
    /// One request is extracted at a time, by all processors.
    turn: Arc<Semaphore>,
    /// That one, and those that wait.
    admitted: Arc<Semaphore>,
}

impl Intake {
    pub(super) fn new() -> Self {
        let (turn, admitted) = (Arc::new(Semaphore::new(1)), Arc::new(Semaphore::new(1 + QUEUE)));
        Self { reader: OnceLock::new(), turn, admitted }
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
}

/// Reads and extracts the articles of a body.
pub(super) async fn extract(context: &Context, mut sent: Sent, body: Bytes) -> Result<Extracted, Failure> {
    sent.longest = context.settings().longest;
    sent.length = body.len();
    sent.milliseconds = context.settings().reading.as_millis().try_into().unwrap_or(u64::MAX);
    context.settings().ontology.version().clone_into(&mut sent.ontology);
    // What cannot be read at all need not wait.
    Request::new(&sent, sent.longest)?;
    let turn = context.intake().turn().await?;
    let context = context.clone();
    let (_here, gone) = abandonment();
    let extracted = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        if let Some(readers) = context.readers() {
            return elsewhere(readers, &sent, &body, gone);
        }
        let ontology = context.settings().ontology;
        let reader = context.intake().reader.get_or_init(|| Reader::new(ontology, context.base()));
        reader.as_ref().map_err(Failure::fault)?.read(&sent, body)
    });
    extracted.await.map_err(Failure::fault)?
}

/// Has a process read a body.
fn elsewhere(readers: &Readers, sent: &Sent, body: &[u8], gone: IsAbandoned) -> Result<Extracted, Failure> {
    let mut received = Received { bytes: Vec::new(), is_full: false, most: sent.longest.saturating_mul(SWELLING) };
    let mut line = serde_json::to_vec(sent).map_err(Failure::fault)?;
    line.push(b'\n');
    let read = readers.ask(sent.time(), &[line.as_slice(), body], &mut received, gone);
    read.map_err(|unread| match unread {
        Unread::Overdue => too_long(sent.time()),
        Unread::Memory => {
            let message = "what was sent needs more memory than there is to read it; nothing is stored: send fewer";
            Failure::new(StatusCode::PAYLOAD_TOO_LARGE, message)
        }
        Unread::Failed(_) if received.is_full => {
            let message = "what was read is too much for one request; nothing is stored: send fewer articles";
            Failure::new(StatusCode::PAYLOAD_TOO_LARGE, message)
        }
        Unread::Failed(failure) => failure,
    })?;
    serde_json::from_slice(&received.bytes).map_err(Failure::fault)
}

fn too_long(time: Duration) -> Failure {
    let seconds = time.as_secs_f64();
    let message = format!(
        "what was sent could not be read in {seconds} s; nothing is stored: send fewer articles, or shorter ones"
    );
    Failure::new(StatusCode::PAYLOAD_TOO_LARGE, message)
}

/// What a process says, up to a length.
struct Received {
    bytes: Vec<u8>,
    is_full: bool,
    most: usize,
}

impl Write for Received {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.is_full = self.bytes.len() + buffer.len() > self.most;
        if self.is_full {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.bytes.extend_from_slice(buffer);
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads the articles that come in by `input`, until there are no more: each time a line of JSON and a body. IRIs are minted under `base`;
/// `query_memory` is what a query may take, in bytes. The process must not be used for anything else.
///
/// # Errors
///
/// If the ontology's shapes are broken, or the server is gone.
pub fn read_articles(
    ontology: &'static Ontology,
    base: &str,
    query_memory: u64,
    mut input: impl BufRead,
    output: impl Write,
) -> Result<(), WorkerError> {
    let reader = Reader::new(ontology, base).map_err(WorkerError::Question)?;
    Bound::beyond_what_is_taken(query_memory.saturating_mul(MEMORY)).set(0);
    let watch = Watch::start();
    let mut output = BufWriter::with_capacity(PIECE, output);
    loop {
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let sent: Sent = serde_json::from_str(&line).map_err(|error| WorkerError::Question(error.to_string()))?;
        let mut body = vec![0; sent.length];
        input.read_exact(&mut body)?;
        // The server ends it earlier, if there is one.
        watch.expect(sent.time().saturating_mul(2));
        let mut frames = Pieces::new(Frames::new(&mut output));
        let read = reader.read(&sent, body.into()).and_then(|extracted| {
            serde_json::to_writer(&mut frames, &extracted).map_err(Failure::fault)?;
            frames.send().map_err(Failure::fault)
        });
        Ended::of(read.err()).write(&mut output)?;
        watch.rest();
    }
}

/// What reads articles.
#[derive(Debug)]
struct Reader {
    chain: Chain,
    gate: Gate,
    base: String,
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
    fn new(sent: &Sent, longest: usize) -> Result<Self, Failure> {
        let (media_type, charset) = form::media_type(&sent.content_type);
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
        for (name, value) in form::pairs(&sent.parameters)? {
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

impl Reader {
    fn new(ontology: &'static Ontology, base: &str) -> Result<Self, String> {
        let gate = Gate::new(ontology, base).map_err(|error| error.to_string())?;
        Ok(Self { chain: Chain::new(ontology), gate, base: base.to_owned() })
    }

    /// Reads and extracts the articles of a body.
    fn read(&self, sent: &Sent, body: Bytes) -> Result<Extracted, Failure> {
        if self.chain.ontology().version() != sent.ontology {
            let message = "the ontology was changed after the server was started; it must be started again to read articles by it";
            return Err(Failure::busy(message, 60));
        }
        let request = Request::new(sent, sent.longest)?;
        let end = Instant::now().checked_add(sent.time());
        let warned = Arc::new(Mutex::new(Vec::new()));
        let warnings = Arc::clone(&warned);
        let mut articles = read_bytes(request.name, body, request.options.clone()).on_warning(move |warning| {
            warned.lock().unwrap_or_else(PoisonError::into_inner).push(warning.to_string());
        });
        let mut read: Vec<Result<Article, ReadError>> = articles.by_ref().take(MOST + 1).collect();
        let too_large = |message: String| Err(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, message));
        if articles.is_over() {
            let most = request.options.max_bytes;
            return too_large(format!(
                "what was sent comes to more than {most} bytes when it is unpacked; send it in several"
            ));
        }
        if read.len() > MOST {
            return too_large(format!("more than {MOST} articles in one request; send them in several"));
        }
        if read.len() == 1
            && let Some(Err(error)) = read.pop_if(|one| one.is_err())
        {
            return Err(unreadable(&error));
        }
        let is_too_long = |article: &Article| article.headline.len() + article.body.len() > LONGEST;
        let reason = format!("the text of an article may have {LONGEST} bytes");
        if let [Ok(article)] = read.as_slice()
            && is_too_long(article)
        {
            return too_large(reason);
        }
        let taken: Result<Vec<Taken>, Failure> = read
            .into_par_iter()
            .map(|article| match article {
                Err(error) => {
                    Ok(Taken::Refused(json!({ "place": error.place.to_string(), "reason": error.to_string() })))
                }
                // Who ends the process ends it anyway; where there is none this is what can be done.
                Ok(_) if end.is_some_and(|end| Instant::now() >= end) => Err(too_long(sent.time())),
                Ok(article) if is_too_long(&article) => Ok(Taken::Refused(
                    json!({ "headline": article.headline.chars().take(200).collect::<String>(), "reason": reason }),
                )),
                Ok(mut article) => {
                    request.complete(&mut article);
                    self.take(article, sent.key.as_deref())
                }
            })
            .collect();
        let warnings = std::mem::take(&mut *warnings.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(Extracted { taken: taken?, warnings })
    }

    fn take(&self, article: Article, key: Option<&str>) -> Result<Taken, Failure> {
        let Self { chain, gate, base } = self;
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
        let warnings: Vec<Value> = told.collect();
        if is_broken {
            let reason = "what was extracted breaks the shapes of the ontology; nothing of it is stored";
            return Ok(Taken::Refused(
                json!({ "article": reported.iris.article(), "reason": reason, "findings": warnings }),
            ));
        }
        let extracted = exchange(&reported.article, &reported.facts, &reported.iris, chain.ontology());
        Ok(Taken::Ready { key: reported.iris.key().to_owned(), graph, extracted, warnings })
    }
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
