//! The process that reads articles: kept for the next request, ended like those that answer queries (`workers`).

use super::failure::Failure;
use super::watchdog::{End, IsAbandoned, watch};
use super::workers::{Broken, Worker, WorkerProgram};
use axum::http::StatusCode;
use std::ffi::OsString;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Has articles read, one request at a time.
#[derive(Debug)]
pub(super) struct Readers {
    program: WorkerProgram,
    base: String,
    idle: Mutex<Option<Worker>>,
}

/// Why nothing was read.
#[derive(Debug)]
pub(super) enum Unread {
    /// It took too long.
    Overdue,
    /// It took more memory than it may.
    Memory,
    /// Something else.
    Failed(Failure),
}

impl Readers {
    pub(super) fn new(program: WorkerProgram, base: String) -> Self {
        Self { program, base, idle: Mutex::new(None) }
    }

    /// Has what is sent read and writes what comes of it; waits for it, for `time` at most and for as long as it is not abandoned.
    pub(super) fn ask(
        &self,
        time: Duration,
        sent: &[&[u8]],
        output: &mut impl Write,
        is_abandoned: IsAbandoned,
    ) -> Result<(), Unread> {
        let mut worker = self.take().map_err(Unread::Failed)?;
        let watched = watch(&worker.process, time, is_abandoned);
        let written = sent.iter().try_for_each(|part| (&worker.stream).write_all(part));
        let answered = written.map_err(Broken::Worker).and_then(|()| worker.answer(&[], output));
        match (answered, watched.release()) {
            (Ok(outcome), ended) => {
                if ended.is_none() {
                    *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = Some(worker);
                }
                outcome.map_err(Unread::Failed)
            }
            (Err(Broken::Output(error)), _) => Err(Unread::Failed(Failure::of_output(&error))),
            (Err(Broken::Worker(_)), Some(End::Overdue)) => Err(Unread::Overdue),
            (Err(Broken::Worker(_)), Some(End::Abandoned)) => Err(Unread::Failed(Failure::abandoned())),
            (Err(Broken::Worker(error)), None) => Err(match worker.post_mortem(&error, self.program.memory, time) {
                failure if failure.status == StatusCode::INSUFFICIENT_STORAGE => Unread::Memory,
                failure if failure.status == StatusCode::SERVICE_UNAVAILABLE => Unread::Overdue,
                failure => Unread::Failed(failure),
            }),
        }
    }

    /// The process that waits, or a new one.
    fn take(&self) -> Result<Worker, Failure> {
        let found = self.idle.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(worker) = found.filter(Worker::is_alive) {
            return Ok(worker);
        }
        let given = [OsString::from(&self.base), self.program.memory.to_string().into()];
        let arguments: Vec<OsString> = self.program.reading.iter().cloned().chain(given).collect();
        Worker::start(&self.program, &arguments, "")
    }
}
