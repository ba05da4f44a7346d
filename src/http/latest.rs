//! What takes a look at all of the store to make, and is asked for by everybody: its numbers, its first page, its search index.
//!
//! [`Latest::of`] gives what was made of a state of the store, or has it made: once for all who ask. Where that takes long they are
//! given what was made last meanwhile, which says what it is of. After that nothing new is made for as long as it took, so
//! that a store that is written all the time is not read all the time.

use super::failure::Failure;
use crate::store::Checkpoint;
use jiff::Timestamp;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What is made faster than that is waited for, and made whenever somebody asks.
const MOMENT: Duration = Duration::from_secs(3);

/// How long what was made in less than a moment may take the next time before the last is good enough.
const PATIENCE: Duration = Duration::from_secs(15);

/// What was made of a state of the store.
#[derive(Debug)]
pub(super) struct Made<T> {
    pub(super) what: T,
    /// The revision of the store that it is of.
    pub(super) revision: String,
    /// When that was written.
    pub(super) changed: Option<Timestamp>,
    took: Duration,
}

/// The last of a kind.
#[derive(Debug)]
pub(super) struct Latest<T>(Arc<Inner<T>>);

#[derive(Debug)]
struct Inner<T> {
    state: Mutex<State<T>>,
    /// Told whenever something has been made, or could not be.
    settled: Condvar,
}

#[derive(Debug)]
struct State<T> {
    last: Option<Arc<Made<T>>>,
    /// Why the last attempt failed, if it did.
    failure: Option<Failure>,
    attempts: usize,
    is_making: bool,
    /// When the next may be made.
    next: Option<Instant>,
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        let state = State { last: None, failure: None, attempts: 0, is_making: false, next: None };
        Self(Arc::new(Inner { state: Mutex::new(state), settled: Condvar::new() }))
    }
}

impl<T> Inner<T> {
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Send + Sync + 'static> Latest<T> {
    /// What is made of this state of the store, or was made of an earlier one. It may wait, and must be called where that is no harm, on a
    /// thread of the runtime's for what blocks.
    pub(super) fn of(
        &self,
        checkpoint: &Arc<Checkpoint>,
        make: impl FnOnce(&Checkpoint) -> Result<T, Failure> + Send + 'static,
    ) -> Result<Arc<Made<T>>, Failure> {
        let begun = Instant::now();
        let mut make = Some(make);
        let mut state = self.0.state();
        let before = state.attempts;
        // How many attempts there had been when ours was begun.
        let mut ours = None;
        loop {
            let patience = state.last.as_ref().map(|last| if last.took < MOMENT { PATIENCE } else { MOMENT });
            let is_late = patience.is_some_and(|patience| begun.elapsed() >= patience);
            let is_over = ours.is_some_and(|ours| state.attempts > ours);
            let rests = state.next.is_some_and(|next| next > Instant::now());
            match &state.last {
                Some(last) if last.revision == checkpoint.revision() || last.changed > checkpoint.changed() => {
                    return Ok(Arc::clone(last));
                }
                Some(last) if is_over || is_late || rests && !state.is_making => return Ok(Arc::clone(last)),
                // Whoever else failed meanwhile failed for all.
                None if state.attempts > before => {
                    return Err(state.failure.clone().unwrap_or_else(|| Failure::fault("nothing was made")));
                }
                _ => {}
            }
            if !state.is_making
                && let Some(make) = make.take()
            {
                state.is_making = true;
                ours = Some(state.attempts);
                let making = Making { inner: Arc::clone(&self.0), made: None };
                let checkpoint = Arc::clone(checkpoint);
                // A runtime that ends drops it at once, which needs the state.
                drop(state);
                drop(tokio::task::spawn_blocking(move || making.carry_out(&checkpoint, make)));
                state = self.0.state();
                continue;
            }
            // Whoever has an older one looks again by himself.
            let waited = self.0.settled.wait_timeout(state, MOMENT);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// An attempt. When it is dropped it is over, however it ended.
struct Making<T> {
    inner: Arc<Inner<T>>,
    made: Option<Result<Made<T>, Failure>>,
}

impl<T> Making<T> {
    fn carry_out(mut self, checkpoint: &Checkpoint, make: impl FnOnce(&Checkpoint) -> Result<T, Failure>) {
        let begun = Instant::now();
        self.made = Some(make(checkpoint).map(|what| Made {
            what,
            revision: checkpoint.revision().to_owned(),
            changed: checkpoint.changed(),
            took: begun.elapsed(),
        }));
    }
}

impl<T> Drop for Making<T> {
    fn drop(&mut self) {
        let mut state = self.inner.state();
        state.is_making = false;
        state.attempts += 1;
        match self.made.take() {
            Some(Ok(made)) => {
                state.next = (made.took >= MOMENT).then(|| Instant::now() + made.took);
                state.failure = None;
                state.last = Some(Arc::new(made));
            }
            Some(Err(failure)) => state.failure = Some(failure),
            // It panicked, or the server ends.
            None => state.failure = Some(Failure::fault("it broke off")),
        }
        drop(state);
        self.inner.settled.notify_all();
    }
}
