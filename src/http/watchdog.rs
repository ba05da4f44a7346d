//! Ends processes that take too long, or that nobody waits for any more.
//!
//! One thread looks at all of them, some times a second: a task for each would cost a short query a good part of its time, for it wakes a
//! thread at its begin and at its end. [`watch`] gives a process over to it, [`Watched::release`] takes it back.

use std::collections::BTreeMap;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long it takes at most until it is seen that a process is to be ended.
const TICK: Duration = Duration::from_millis(50);

/// After how many looks without anything to look at the thread rests until it is told.
const IDLE: u32 = 20;

/// Why a process was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It took too long.
    Overdue,
    /// Nobody waits for it.
    Abandoned,
}

/// Tells whether nobody waits any more.
pub(super) type IsAbandoned = Box<dyn FnMut() -> bool + Send>;

struct Entry {
    process: Arc<Mutex<Child>>,
    /// None if no clock reaches it.
    end: Option<Instant>,
    is_abandoned: IsAbandoned,
}

#[derive(Default)]
struct State {
    running: BTreeMap<u64, Entry>,
    ended: BTreeMap<u64, End>,
    number: u64,
    rests: bool,
}

struct Watchdog {
    state: Mutex<State>,
    woken: Condvar,
}

static WATCHDOG: LazyLock<Watchdog> = LazyLock::new(|| {
    thread::spawn(|| WATCHDOG.run());
    Watchdog { state: Mutex::default(), woken: Condvar::new() }
});

/// A process that is looked at.
#[derive(Debug)]
pub(super) struct Watched(u64);

/// Has a process ended when its time is over or when it is abandoned.
pub(super) fn watch(process: &Arc<Mutex<Child>>, time: Duration, is_abandoned: IsAbandoned) -> Watched {
    let end = Instant::now().checked_add(time);
    let mut state = WATCHDOG.state();
    state.number += 1;
    let number = state.number;
    state.running.insert(number, Entry { process: Arc::clone(process), end, is_abandoned });
    if std::mem::take(&mut state.rests) {
        WATCHDOG.woken.notify_one();
    }
    Watched(number)
}

impl Watched {
    /// Takes the process back. Tells why it was ended, if it was or is about to be.
    pub(super) fn release(self) -> Option<End> {
        let mut state = WATCHDOG.state();
        let entry = state.running.remove(&self.0);
        let ended = state.ended.remove(&self.0);
        drop(state);
        drop(entry);
        ended
    }
}

impl Watchdog {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let mut idle = 0;
        let mut state = self.state();
        loop {
            idle = if state.running.is_empty() { idle + 1 } else { 0 };
            state = if idle < IDLE {
                self.woken.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner).0
            } else {
                state.rests = true;
                self.woken.wait_while(state, |state| state.rests).unwrap_or_else(PoisonError::into_inner)
            };
            let now = Instant::now();
            let due = |entry: &mut Entry| match entry.end {
                Some(end) if now >= end => Some(End::Overdue),
                _ => (entry.is_abandoned)().then_some(End::Abandoned),
            };
            let due: Vec<(u64, End)> =
                state.running.iter_mut().filter_map(|(number, entry)| Some((*number, due(entry)?))).collect();
            for (number, end) in due {
                if let Some(entry) = state.running.remove(&number) {
                    // Noted before it dies, so that who reads from it finds the reason.
                    state.ended.insert(number, end);
                    drop(state);
                    kill(&entry.process);
                    state = self.state();
                }
            }
        }
    }
}

/// Ends a process now. Gives how it ended, by this or before.
pub(super) fn kill(process: &Mutex<Child>) -> Option<ExitStatus> {
    let mut process = process.lock().unwrap_or_else(PoisonError::into_inner);
    // One that has ended already cannot be killed.
    let _ = process.kill();
    process.wait().ok()
}
