//! The processes that answer queries: as many as are asked at a time, kept for the next question, each on a checkpoint of the store.
//!
//! [`Workers::answer`] gives a question to an idle [`super::worker`], or starts one, and hands its answer on. A worker that has not ended
//! when the time of its question is over, or whose client has gone, is killed; one that dies by itself met its bound
//! of memory. Neither harms any other question. `readers` does the same for articles, with [`Worker`].
//!
//! Most answers are short, and to change threads on their way takes as long as to find them: [`Workers::begin`] asks an idle worker
//! without a thread of its own, and only what its first words do not answer is left to a thread that may wait, by [`Workers::go_on`].

use super::failure::Failure;
use super::watchdog::{End, IsAbandoned, kill, watch};
use super::worker::{Asked, Frame, OVERDUE};
use crate::sparql::SparqlError;
use crate::store::Checkpoint;
use axum::http::StatusCode;
use std::ffi::OsString;
use std::io::{self, BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::Interest;

/// How to start a worker.
#[derive(Clone, Debug)]
pub struct WorkerProgram {
    /// The program; it is given the arguments `answer`, the directories of a checkpoint and of the store it is a copy of, and the bound of memory in bytes, and then calls
    /// [`super::work`] on its standard input and output.
    pub program: PathBuf,
    /// How much memory one query may take, in bytes.
    pub memory: u64,
    /// The arguments with which it reads articles; it is then given the base IRI and the bound of memory besides, and calls
    /// [`super::read_articles`].
    pub reading: Vec<OsString>,
}

/// What the last words of a process that met its bound of memory have in them: those of our allocator, of `RocksDB`'s, of the system when it starts no
/// more threads.
/// The last is how `RocksDB` ends where it finds no memory for a thread of its own.
const OUT_OF_MEMORY: [&str; 6] = [
    "memory allocation",
    "bad_alloc",
    "out of memory",
    "Cannot allocate memory",
    "Resource temporarily unavailable",
    "terminate called without an active exception",
];

/// The processes that answer queries.
#[derive(Debug)]
pub(super) struct Workers {
    program: WorkerProgram,
    idle: Mutex<Vec<Worker>>,
    /// How many wait for a question at most: as many as can be asked at a time.
    most: usize,
}

/// A process that answers what it is asked, one question after the other.
#[derive(Debug)]
pub(super) struct Worker {
    pub(super) process: Arc<Mutex<Child>>,
    /// Its standard input and output.
    pub(super) stream: UnixStream,
    complaints: ChildStderr,
    revision: String,
}

/// The first words of a worker, as many as are read at once.
const FIRST: usize = 64 * 1024;

/// How a worker answers a question that it has been given without waiting.
#[derive(Debug)]
pub(super) enum Begun {
    /// This is all.
    Answered(Result<Vec<u8>, Failure>),
    /// There is more to wait for.
    Further(Further),
}

/// An answer that has begun.
#[derive(Debug)]
pub(super) struct Further {
    worker: Worker,
    /// What was read of it.
    read: Vec<u8>,
    /// When it was asked.
    since: Instant,
    ended: Option<End>,
}

/// A worker that is being asked. If nobody waits for its answer any more, it ends, on a thread that may wait for that.
struct Asking(Option<Worker>);

impl Drop for Asking {
    fn drop(&mut self) {
        if let Some(worker) = self.0.take() {
            tokio::task::spawn_blocking(move || drop(worker));
        }
    }
}

impl Workers {
    pub(super) fn new(program: WorkerProgram, most: usize) -> Self {
        Self { program, idle: Mutex::new(Vec::new()), most }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Worker>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has a question answered and writes what comes of it. Waits, so it is for a thread that may; `is_abandoned` tells when
    /// nobody wants the answer any more.
    pub(super) fn answer(
        &self,
        checkpoint: &Checkpoint,
        asked: &Asked,
        timeout: Duration,
        output: &mut impl Write,
        is_abandoned: IsAbandoned,
    ) -> Result<(), Failure> {
        let worker = self.take(checkpoint)?;
        let watched = watch(&worker.process, limit(timeout), is_abandoned);
        let answered = worker.ask(asked).and_then(|()| worker.answer(&[], output));
        let ended = watched.release();
        self.judge(worker, checkpoint, (answered, ended), timeout)
    }

    /// Has an idle worker, if there is one, asked, and waits for its first words without a thread.
    pub(super) async fn begin(&self, checkpoint: &Checkpoint, asked: &Asked, timeout: Duration) -> Option<Begun> {
        let worker = self.take_idle(checkpoint)?;
        let since = Instant::now();
        let watched = watch(&worker.process, limit(timeout), Box::new(|| false));
        let mut asking = Asking(Some(worker));
        let mut read = Vec::new();
        if let Some(worker) = &asking.0 {
            // What fails here fails again for who goes on, and is told by them.
            let _ = worker.first_words(asked, &mut read).await;
        }
        let ended = watched.release();
        let worker = asking.0.take()?;
        let whole = if ended.is_none() { Frame::all(&read) } else { None };
        Some(match whole {
            // Who asks next may wait for it, on a thread.
            Some((answer, outcome)) if worker.stream.set_nonblocking(false).is_ok() => {
                self.put_back(worker, checkpoint);
                Begun::Answered(outcome.outcome().map(|()| answer))
            }
            _ => Begun::Further(Further { worker, read, since, ended }),
        })
    }

    /// Goes on with an answer that has begun; as [`Self::answer`].
    pub(super) fn go_on(
        &self,
        checkpoint: &Checkpoint,
        begun: Further,
        timeout: Duration,
        output: &mut impl Write,
        is_abandoned: IsAbandoned,
    ) -> Result<(), Failure> {
        let Further { worker, read, since, ended } = begun;
        let watched = watch(&worker.process, limit(timeout).saturating_sub(since.elapsed()), is_abandoned);
        let blocking = worker.stream.set_nonblocking(false).map_err(Broken::Worker);
        let answered = blocking.and_then(|()| worker.answer(&read, output));
        let ended = watched.release().or(ended);
        self.judge(worker, checkpoint, (answered, ended), timeout)
    }

    fn judge(
        &self,
        mut worker: Worker,
        checkpoint: &Checkpoint,
        came: (Result<Result<(), Failure>, Broken>, Option<End>),
        timeout: Duration,
    ) -> Result<(), Failure> {
        match came {
            (Ok(outcome), ended) => {
                if ended.is_none() {
                    self.put_back(worker, checkpoint);
                }
                outcome
            }
            (Err(Broken::Output(error)), _) => Err(Failure::of_output(&error)),
            (Err(Broken::Worker(_)), Some(End::Overdue)) => Err(SparqlError::TimedOut(timeout).into()),
            (Err(Broken::Worker(_)), Some(End::Abandoned)) => Err(Failure::abandoned()),
            (Err(Broken::Worker(error)), None) => Err(worker.post_mortem(&error, self.program.memory, timeout)),
        }
    }

    /// An idle worker on this state of the store, or a new one. Those on other states end.
    fn take(&self, checkpoint: &Checkpoint) -> Result<Worker, Failure> {
        self.idle().retain(|worker| worker.revision == checkpoint.revision());
        self.take_idle(checkpoint).map_or_else(|| self.start(checkpoint), Ok)
    }

    /// An idle worker on this state of the store.
    fn take_idle(&self, checkpoint: &Checkpoint) -> Option<Worker> {
        loop {
            let mut idle = self.idle();
            let last = idle.iter().rposition(|worker| worker.revision == checkpoint.revision())?;
            let worker = idle.remove(last);
            drop(idle);
            if worker.is_alive() {
                return Some(worker);
            }
        }
    }

    fn start(&self, checkpoint: &Checkpoint) -> Result<Worker, Failure> {
        let memory = self.program.memory.to_string();
        let arguments = ["answer".into(), checkpoint.directory().into(), checkpoint.original().into(), memory.into()];
        Worker::start(&self.program, &arguments, checkpoint.revision())
    }

    fn put_back(&self, worker: Worker, checkpoint: &Checkpoint) {
        let mut idle = self.idle();
        if idle.len() < self.most && worker.revision == checkpoint.revision() {
            idle.push(worker);
        }
    }

    /// Ends the workers that wait on another state of the store than this, and has one ready.
    pub(super) fn renew(&self, checkpoint: &Checkpoint) {
        self.idle().retain(|worker| worker.revision == checkpoint.revision());
        if self.idle().is_empty()
            && let Ok(worker) = self.start(checkpoint)
        {
            self.put_back(worker, checkpoint);
        }
    }
}

/// When a worker is killed: it should have ended its query by itself a little earlier.
pub(super) fn limit(timeout: Duration) -> Duration {
    timeout.saturating_add((timeout / 2).min(Duration::from_secs(1)))
}

/// What broke while a worker answered.
pub(super) enum Broken {
    /// The worker.
    Worker(io::Error),
    /// The stream its answer was written to.
    Output(io::Error),
}

impl Worker {
    pub(super) fn start(program: &WorkerProgram, arguments: &[OsString], revision: &str) -> Result<Self, Failure> {
        let mut command = Command::new(&program.program);
        command.args(arguments);
        // Memory is taken as it is needed, not in advance, so that its bound is of what the query takes.
        command.env("MIMALLOC_ARENA_EAGER_COMMIT", "0");
        let started = |error: io::Error| Failure::fault(format!("cannot start a process of its own: {error}"));
        let (stream, other) = UnixStream::pair().map_err(started)?;
        let output = other.try_clone().map_err(started)?;
        command.stdin(OwnedFd::from(other)).stdout(OwnedFd::from(output)).stderr(Stdio::piped());
        let mut process = command.spawn().map_err(started)?;
        let Some(complaints) = process.stderr.take() else {
            return Err(Failure::fault("cannot talk to the process that was started"));
        };
        Ok(Self { process: Arc::new(Mutex::new(process)), stream, complaints, revision: revision.to_owned() })
    }

    pub(super) fn is_alive(&self) -> bool {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(process.try_wait(), Ok(None))
    }

    fn ask(&self, asked: &Asked) -> Result<(), Broken> {
        (&self.stream).write_all(&asked.line().map_err(Broken::Worker)?).map_err(Broken::Worker)
    }

    /// Hands an answer on, of which this has been read already.
    pub(super) fn answer(&self, read: &[u8], output: &mut impl Write) -> Result<Result<(), Failure>, Broken> {
        let mut input = BufReader::new(read.chain(&self.stream));
        loop {
            match Frame::read(&mut input).map_err(Broken::Worker)? {
                Frame::Piece(piece) => output.write_all(&piece).map_err(Broken::Output)?,
                Frame::Ended(ended) => return Ok(ended.outcome()),
            }
        }
    }

    /// Asks, and waits until there is something to read.
    async fn first_words(&self, asked: &Asked, read: &mut Vec<u8>) -> io::Result<()> {
        let line = asked.line()?;
        self.stream.set_nonblocking(true)?;
        let stream = tokio::net::UnixStream::from_std(self.stream.try_clone()?)?;
        let mut left = line.as_slice();
        while !left.is_empty() {
            stream.ready(Interest::WRITABLE).await?;
            match stream.try_write(left) {
                Ok(written) => left = left.get(written..).unwrap_or(&[]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        read.resize(FIRST, 0);
        let length = loop {
            stream.ready(Interest::READABLE).await?;
            match stream.try_read(read) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => break result,
            }
        };
        read.truncate(*length.as_ref().unwrap_or(&0));
        length.map(|_| ())
    }

    /// What a worker that ended by itself died of.
    pub(super) fn post_mortem(&mut self, error: &io::Error, memory: u64, timeout: Duration) -> Failure {
        let status = kill(&self.process);
        if status.and_then(|status| status.code()) == Some(OVERDUE) {
            return SparqlError::TimedOut(timeout).into();
        }
        let mut last = Vec::new();
        // What cannot be read tells nothing.
        let _ = (&mut self.complaints).take(16 * 1024).read_to_end(&mut last);
        let last = String::from_utf8_lossy(&last);
        let megabytes = memory / (1024 * 1024);
        // Who has no memory left may have none to say so either: it aborts (6) or meets a page that it may not have (11).
        let silent = last.trim().is_empty() && status.is_some_and(|s| matches!(s.signal(), Some(6 | 11)));
        if silent || OUT_OF_MEMORY.iter().any(|sign| last.contains(sign)) {
            let message =
                format!("the query needs more than the {megabytes} MiB of memory a query may take; narrow it");
            return Failure::new(StatusCode::INSUFFICIENT_STORAGE, message);
        }
        if last.contains("overflowed its stack") {
            return Failure::bad("this is nested too deeply");
        }
        tracing::error!(%error, ?status, stderr = %last.trim(), "a worker died");
        Failure::fault("the evaluation broke off; this is a fault")
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        kill(&self.process);
    }
}
