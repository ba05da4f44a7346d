//! A process that answers queries for the server, and tells what updates would change, one after the other, and can be ended without harm to anybody else.
//!
//! Oxigraph looks at its cancellation token only when it reads the dataset, and nothing bounds the memory of a query; only the end of
//! a process ends every query and gives all of its memory back. [`work`] is the whole of such a process: it opens a checkpoint, bounds
//! its own memory, and answers the questions that come in, each a line of JSON ([`Asked`]), by [`Frame`]s.

use super::evaluation::{self, Limits, Question};
use super::failure::Failure;
use super::memory;
use super::pieces::{PIECE, Pieces, Recipient};
use super::services::Services;
use super::update::{self, Change};
use crate::sparql::{Dataset, DefaultGraph, Format, Prefixes};
use crate::store::{Store, StoreError, UpdateOptions};
use axum::http::StatusCode;
use oxrdf::{NamedNode, Term, Variable};
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, BufWriter, Read, Write};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use thiserror::Error;

/// The stack of the thread that evaluates: the deeper a query is nested, the more it takes.
const STACK: usize = 64 * 1024 * 1024;

/// The exit code of a process that has given up by itself because its time was over.
pub(super) const OVERDUE: i32 = 124;

/// What the process takes before it is asked anything, in bytes, where the system does not tell.
const TAKEN: u64 = 256 * 1024 * 1024;

/// What a copy of the store takes besides, that can be written to.
const SCRATCH: u64 = 64 * 1024 * 1024;

/// How much longer than its time a question may go on before the process gives up by itself: its server should have
/// ended it by then.
const ORPHANED: u32 = 3;

/// Why a worker could not begin or go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WorkerError {
    /// The checkpoint.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server at the other end.
    #[error("the server is gone")]
    Io(#[from] io::Error),
    /// A question that the server of this program would not send.
    #[error("what was asked is no question: {0}")]
    Question(String),
}

/// The IRIs of the default graph and of the named graphs.
type Graphs = (Vec<String>, Vec<String>);

/// A question on its way to a worker.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Asked {
    text: String,
    /// If the request names them.
    dataset: Option<Graphs>,
    union: bool,
    milliseconds: u64,
    services: Services,
    kind: Kind,
}

/// What is asked for.
#[derive(Debug, Deserialize, Serialize)]
enum Kind {
    /// The results of a query.
    Results {
        /// Variables without `?`, values as N-Triples has them.
        parameters: Vec<(String, String)>,
        format: String,
    },
    /// What an update would change.
    Difference { everything: bool },
}

/// What a worker is to do.
enum Task {
    Answer(Question),
    Change(Change),
}

impl Asked {
    fn of(text: &str, dataset: Option<&Dataset>, union: bool, limits: &Limits, kind: Kind) -> Self {
        let iris = |nodes: &[NamedNode]| nodes.iter().map(|node| node.as_str().to_owned()).collect();
        Self {
            text: text.to_owned(),
            dataset: dataset.map(|dataset| (iris(&dataset.default), iris(&dataset.named))),
            union,
            milliseconds: limits.timeout.as_millis().try_into().unwrap_or(u64::MAX),
            services: limits.services.clone(),
            kind,
        }
    }

    /// Asks for the results of a query.
    pub(super) fn query(question: &Question, limits: &Limits) -> Self {
        let parameters = question.parameters.iter();
        let kind = Kind::Results {
            parameters: parameters.map(|(variable, value)| (variable.as_str().to_owned(), value.to_string())).collect(),
            format: question.format.name().to_owned(),
        };
        let union = question.default_graph == DefaultGraph::Union;
        Self::of(&question.text, question.dataset.as_ref(), union, limits, kind)
    }

    /// Asks for what an update would change.
    pub(super) fn change(change: &Change, limits: &Limits) -> Self {
        let kind = Kind::Difference { everything: change.options.everything };
        Self::of(&change.text, change.using.as_ref(), change.options.union, limits, kind)
    }

    /// As a line of JSON.
    pub(super) fn line(&self) -> io::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }

    fn task(self) -> Result<(Task, Limits), WorkerError> {
        let wrong = |what: &str| WorkerError::Question(what.to_owned());
        let nodes = |iris: Vec<String>| -> Vec<NamedNode> { iris.into_iter().map(NamedNode::new_unchecked).collect() };
        let Self { text, dataset, union, milliseconds, services, kind } = self;
        let dataset = dataset.map(|(default, named)| Dataset { default: nodes(default), named: nodes(named) });
        let limits = Limits { timeout: Duration::from_millis(milliseconds), services };
        let task = match kind {
            Kind::Results { parameters, format } => {
                let parameters = parameters.into_iter().map(|(variable, value)| {
                    let value = Term::from_str(&value).map_err(|_| wrong(&value))?;
                    Ok((Variable::new_unchecked(variable), value))
                });
                Task::Answer(Question {
                    text,
                    dataset,
                    default_graph: if union { DefaultGraph::Union } else { DefaultGraph::Unnamed },
                    parameters: parameters.collect::<Result<_, WorkerError>>()?,
                    format: Format::of_name(&format).ok_or_else(|| wrong(&format))?,
                })
            }
            Kind::Difference { everything } => {
                Task::Change(Change { text, using: dataset, options: UpdateOptions { union, everything } })
            }
        };
        Ok((task, limits))
    }
}

/// How a question ended.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Ended {
    /// The status and message of the failure, if it failed.
    failure: Option<(u16, String)>,
}

impl Ended {
    pub(super) fn of(failure: Option<Failure>) -> Self {
        Self { failure: failure.map(|failure| (failure.status.as_u16(), failure.message)) }
    }

    /// Writes it as the last frame of an answer.
    pub(super) fn write(&self, output: &mut impl Write) -> io::Result<()> {
        let ended = serde_json::to_vec(self)?;
        output.write_all(&0_u32.to_le_bytes())?;
        output.write_all(&(ended.len() as u32).to_le_bytes())?;
        output.write_all(&ended)?;
        output.flush()
    }

    pub(super) fn outcome(self) -> Result<(), Failure> {
        let Some((status, message)) = self.failure else { return Ok(()) };
        Err(match StatusCode::from_u16(status) {
            Ok(StatusCode::SERVICE_UNAVAILABLE) => Failure::busy(message, 60),
            Ok(status) => Failure::new(status, message),
            Err(_) => Failure::fault(message),
        })
    }
}

/// What a worker says: the length of what follows, four bytes, the last first; zero, and another such length, before the end.
#[derive(Debug)]
pub(super) enum Frame {
    /// A piece of the results.
    Piece(Vec<u8>),
    /// No more of them.
    Ended(Ended),
}

impl Frame {
    /// All pieces together and the end, if that is what these bytes are.
    pub(super) fn all(mut bytes: &[u8]) -> Option<(Vec<u8>, Ended)> {
        let mut all = Vec::new();
        loop {
            match Self::read(&mut bytes).ok()? {
                Self::Piece(piece) if all.is_empty() => all = piece,
                Self::Piece(piece) => all.extend(piece),
                Self::Ended(ended) => return Some((all, ended)),
            }
        }
    }

    /// The next of them.
    pub(super) fn read(input: &mut impl Read) -> io::Result<Self> {
        match read_length(input)? {
            0 => {
                let length = read_length(input)?;
                let ended = read_exact(input, length)?;
                Ok(Self::Ended(serde_json::from_slice(&ended)?))
            }
            length => Ok(Self::Piece(read_exact(input, length)?)),
        }
    }
}

fn read_length(input: &mut impl Read) -> io::Result<u32> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    Ok(u32::from_le_bytes(length))
}

fn read_exact(input: &mut impl Read, length: u32) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length as usize];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Where the frames go. What is written is kept until there is a whole piece, so that a short answer goes in one with its end.
#[derive(Debug)]
pub(super) struct Frames<'o, O: Write> {
    output: &'o mut O,
}

impl<'o, O: Write> Frames<'o, O> {
    pub(super) fn new(output: &'o mut O) -> Self {
        Self { output }
    }
}

impl<O: Write> Recipient for Frames<'_, O> {
    fn send(&mut self, piece: &mut Vec<u8>) -> io::Result<()> {
        self.output.write_all(&(piece.len() as u32).to_le_bytes())?;
        self.output.write_all(piece)
    }
}

/// Answers the questions that come in by `input`, until there are no more. `original` is the store that the
/// checkpoint is a copy of. `query_memory` is what a query may take, in bytes; the process must not be used for
/// anything else.
///
/// # Errors
///
/// If the checkpoint cannot be opened, or the server is gone.
pub fn work(
    checkpoint: &Path,
    original: &Path,
    query_memory: u64,
    input: impl BufRead + Send,
    output: impl Write + Send,
) -> Result<(), WorkerError> {
    let store = Store::open_checkpoint(checkpoint, original)?;
    let bound = Bound::beyond_what_is_taken(query_memory.saturating_add(STACK as u64));
    bound.set(0);
    let watch = Watch::start();
    // A short answer and its end are one write; whole pieces are not held back.
    let output = BufWriter::with_capacity(PIECE, output);
    thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(STACK);
        let worker = builder.spawn_scoped(scope, || converse(&store, &watch, bound, input, output))?;
        worker.join().map_err(|_| io::Error::other("the evaluation broke off"))?
    })
}

/// How much memory the process may take, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound(u64);

impl Bound {
    /// So much more than the process takes now.
    pub(super) fn beyond_what_is_taken(more: u64) -> Self {
        let taken = memory::of_this_process("VmData").unwrap_or(TAKEN);
        Self(more.saturating_add(taken))
    }

    /// Bounds the process, with so much more for now.
    pub(super) fn set(self, more: u64) {
        let (now, most) = (self.0.saturating_add(more), self.0.saturating_add(SCRATCH));
        // What cannot be bounded here is bounded by nothing; the process still ends in time.
        if let Err(error) = rlimit::setrlimit(rlimit::Resource::DATA, now, most) {
            tracing::warn!(%error, "the memory of queries is not bounded");
        }
    }
}

fn converse(
    store: &Store,
    watch: &Watch,
    bound: Bound,
    input: impl BufRead,
    mut output: impl Write,
) -> Result<(), WorkerError> {
    let prefixes = Prefixes::of_base(store.base());
    for line in input.lines() {
        let asked: Asked = serde_json::from_str(&line?).map_err(|error| WorkerError::Question(error.to_string()))?;
        let (task, limits) = asked.task()?;
        watch.expect(limits.timeout.saturating_mul(ORPHANED));
        let mut frames = Pieces::new(Frames::new(&mut output));
        let answered = match task {
            Task::Answer(question) => evaluation::answer(store, &prefixes, &question, &limits, &mut frames),
            Task::Change(change) => {
                bound.set(SCRATCH);
                update::answer(store, &prefixes, &change, &limits, &mut frames)
            }
        };
        bound.set(0);
        if answered.is_ok() {
            frames.send()?;
        }
        Ended::of(answered.err()).write(&mut output)?;
        watch.rest();
    }
    Ok(())
}

/// Ends the process when a question goes on for ever and nobody is there to end it.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    begun: Instant,
    /// In milliseconds since then; zero while nothing is asked.
    end: Arc<AtomicU64>,
}

impl Watch {
    pub(super) fn start() -> Self {
        let watch = Self { begun: Instant::now(), end: Arc::new(AtomicU64::new(0)) };
        let watched = watch.clone();
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_millis(500));
                let end = watched.end.load(Ordering::Relaxed);
                if end != 0 && watched.now() > end {
                    std::process::exit(OVERDUE);
                }
            }
        });
        watch
    }

    fn now(&self) -> u64 {
        self.begun.elapsed().as_millis().try_into().unwrap_or(u64::MAX)
    }

    pub(super) fn expect(&self, time: Duration) {
        let time = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.end.store(self.now().saturating_add(time).saturating_add(1000), Ordering::Relaxed);
    }

    pub(super) fn rest(&self) {
        self.end.store(0, Ordering::Relaxed);
    }
}
