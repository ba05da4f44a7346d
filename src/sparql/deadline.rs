//! The time a query may take.

use super::SparqlError;
use oxigraph::sparql::{CancellationToken, QueryEvaluationError};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// Cancels an evaluation when its time is over, unless it is dropped before.
#[derive(Debug)]
pub struct Deadline {
    timeout: Option<Duration>,
    over: Arc<AtomicBool>,
    /// Dropped with the deadline, which ends the thread that waits.
    _ended: Option<Sender<()>>,
}

impl Deadline {
    pub(super) fn new(timeout: Option<Duration>, token: CancellationToken) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let ended = timeout.map(|timeout| {
            let (sender, receiver) = channel();
            let over = Arc::clone(&over);
            thread::spawn(move || {
                if receiver.recv_timeout(timeout) == Err(RecvTimeoutError::Timeout) {
                    over.store(true, Ordering::Relaxed);
                    token.cancel();
                }
            });
            sender
        });
        Self { timeout, over, _ended: ended }
    }

    /// Whether the time is over.
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    /// What an error of the evaluation means.
    pub(super) fn judge(&self, error: QueryEvaluationError) -> SparqlError {
        match (error, self.timeout) {
            (QueryEvaluationError::Cancelled, Some(timeout)) if self.over.load(Ordering::Relaxed) => {
                SparqlError::TimedOut(timeout)
            }
            (error, _) => SparqlError::Evaluation(error),
        }
    }
}
