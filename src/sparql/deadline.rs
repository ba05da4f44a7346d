//! The time a query may take.
//!
//! One thread of the process watches over all deadlines: a thread for each would cost a look-up as much as its evaluation. Nor is it
//! woken for each: while there are queries, it looks by itself every few milliseconds, and a deadline may be that late.

use super::SparqlError;
use oxigraph::sparql::{CancellationToken, QueryEvaluationError};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long after the last look the thread looks again while deadlines come in: so much later a deadline may be seen.
const TICK: Duration = Duration::from_millis(10);

/// Cancels an evaluation when its time is over, unless it is dropped before.
#[derive(Debug)]
pub struct Deadline {
    timeout: Option<Duration>,
    over: Arc<AtomicBool>,
    watched: Option<Moment>,
}

/// When a deadline is, and a number that no other has.
type Moment = (Instant, u64);

/// What waits for its deadline.
struct Waiting {
    over: Arc<AtomicBool>,
    token: CancellationToken,
}

/// All deadlines.
#[derive(Default)]
struct All {
    /// In the order in which they come.
    waiting: BTreeMap<Moment, Waiting>,
    number: u64,
    /// Whether there were new ones since the thread looked.
    added: bool,
    /// When the thread looks next, if it does without being told.
    next: Option<Instant>,
}

struct Clock {
    all: Mutex<All>,
    /// Told when there is a deadline well before the thread looks next, which is seldom: to wake it for every query would cost
    /// each a change of threads.
    changed: Condvar,
}

static CLOCK: LazyLock<Clock> = LazyLock::new(|| {
    thread::spawn(|| CLOCK.run());
    Clock { all: Mutex::default(), changed: Condvar::new() }
});

impl Clock {
    fn all(&self) -> MutexGuard<'_, All> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, end: Instant, waiting: Waiting) -> Moment {
        let mut all = self.all();
        all.number += 1;
        let moment = (end, all.number);
        all.waiting.insert(moment, waiting);
        all.added = true;
        if all.next.is_none_or(|next| end + TICK < next) {
            self.changed.notify_one();
        }
        moment
    }

    fn remove(&self, moment: &Moment) {
        // If it was the first, the thread wakes in vain once, which costs less than to tell it each time.
        self.all().waiting.remove(moment);
    }

    fn run(&self) {
        let mut all = self.all();
        loop {
            let now = Instant::now();
            while let Some(first) = all.waiting.first_entry().filter(|first| first.key().0 <= now) {
                let Waiting { over, token } = first.remove();
                over.store(true, Ordering::Relaxed);
                token.cancel();
            }
            let first = all.waiting.first_key_value().map(|((end, _), _)| *end);
            let again = std::mem::take(&mut all.added).then(|| now + TICK);
            all.next = first.into_iter().chain(again).min();
            all = match all.next {
                Some(end) => {
                    let wait = end.saturating_duration_since(now);
                    self.changed.wait_timeout(all, wait).unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(all).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

impl Deadline {
    pub(super) fn new(timeout: Option<Duration>, token: CancellationToken) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        // A time that no clock reaches is no limit.
        let end = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let watched = end.map(|end| CLOCK.add(end, Waiting { over: Arc::clone(&over), token }));
        Self { timeout, over, watched }
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

impl Drop for Deadline {
    fn drop(&mut self) {
        if let Some(moment) = &self.watched {
            CLOCK.remove(moment);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Arc, CancellationToken, Deadline, Duration, Ordering};
    use std::thread::sleep;

    #[test]
    fn each_deadline_comes_in_its_time_and_none_that_was_dropped() {
        let within = |timeout| Deadline::new(timeout, CancellationToken::new());
        let long = within(Some(Duration::from_hours(1)));
        let dropped = within(Some(Duration::from_millis(20)));
        let over = Arc::clone(&dropped.over);
        drop(dropped);
        let (short, endless, never) =
            (within(Some(Duration::from_millis(20))), within(Some(Duration::MAX)), within(None));
        sleep(Duration::from_millis(500));
        assert!(short.is_over());
        assert!(!long.is_over() && !endless.is_over() && !never.is_over());
        assert!(!over.load(Ordering::Relaxed));
    }
}
