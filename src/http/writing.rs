//! Changes of the store: one thread makes them, one after the other, while requests go on reading.
//!
//! The store is opened when there is something to change and closed again after it, so that `load` and the like have their turn. What
//! waits meanwhile is carried out in the same sitting. Whoever asked is answered when readers see the change: a checkpoint
//! of the store as it is then takes the place of the current one before.
//!
//! What takes long is found out elsewhere before, on a checkpoint, and only made here, by [`Writer::write_to`], if the store is still as that
//! checkpoint is. Who could not do so because of others takes all turns by [`Writer::alone`]. Nobody waits longer than the writer's patience.

use super::failure::Failure;
use crate::store::{Checkpoint, Store};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use std::{io, thread};
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, oneshot};
use tokio::time::timeout;

/// How many changes may wait.
const QUEUE: usize = 64;

/// How many changes are made before readers see them.
const SITTING: usize = 32;

/// The store as readers see it.
pub(super) type Current = Arc<RwLock<Arc<Checkpoint>>>;

/// The store as it is open for a number of changes.
#[derive(Debug)]
pub(super) struct Sitting {
    store: Store,
    /// The checkpoint that it is still the same as, if it is.
    same: Option<Arc<Checkpoint>>,
}

/// What tells who asked; called when readers see the change.
type Tell = Box<dyn FnOnce() + Send>;

/// A change to make, or to refuse if the store cannot be opened.
type Job = Box<dyn FnOnce(Result<&mut Sitting, &Failure>) -> Option<Tell> + Send>;

/// Takes changes.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    jobs: SyncSender<Job>,
    /// Shared by those who wait for a change, held alone by who must not be disturbed.
    gate: Arc<tokio::sync::RwLock<()>>,
    patience: Duration,
}

/// The right to have changes made.
#[derive(Debug)]
pub(super) enum Turn {
    /// Beside others.
    Shared(#[expect(dead_code, reason = "it is held")] OwnedRwLockReadGuard<()>),
    /// While nobody else has.
    Alone(#[expect(dead_code, reason = "it is held")] OwnedRwLockWriteGuard<()>),
}

impl Writer {
    /// Starts the thread that writes to the store that `current` is a copy of. It ends with the last copy of the writer. Who has to wait
    /// longer than `patience` is told to come back.
    pub(super) fn start(current: Current, patience: Duration) -> io::Result<Self> {
        let (jobs, waiting) = sync_channel(QUEUE);
        thread::Builder::new().name("writer".to_owned()).spawn(move || write(&waiting, &current))?;
        Ok(Self { jobs, gate: Arc::default(), patience })
    }

    fn late(&self) -> Failure {
        let message = format!("other changes took longer than {} s; nothing was changed", self.patience.as_secs_f64());
        Failure::busy(message, 5)
    }

    /// Waits until changes may be made beside those of others.
    pub(super) async fn shared(&self) -> Result<Turn, Failure> {
        let gate = Arc::clone(&self.gate).read_owned();
        timeout(self.patience, gate).await.map(Turn::Shared).map_err(|_| self.late())
    }

    /// Waits until nobody else of this process has changes made.
    pub(super) async fn alone(&self) -> Result<Turn, Failure> {
        let gate = Arc::clone(&self.gate).write_owned();
        timeout(self.patience, gate).await.map(Turn::Alone).map_err(|_| self.late())
    }

    /// Makes a change, and waits until readers see it.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        turn: Turn,
        change: impl FnOnce(&Store) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        self.sit(turn, |sitting| {
            sitting.same = None;
            change(&sitting.store)
        })
        .await
    }

    /// Makes a change if the store is as in this checkpoint, and waits until readers see it. None if the store is not.
    pub(super) async fn write_to<T: Send + 'static>(
        &self,
        turn: Turn,
        checkpoint: Arc<Checkpoint>,
        change: impl FnOnce(&Store) -> Result<T, Failure> + Send + 'static,
    ) -> Result<Option<T>, Failure> {
        self.sit(turn, move |sitting| {
            let is_same = sitting.same.as_ref().is_some_and(|same| same.revision() == checkpoint.revision());
            if !is_same {
                return Ok(None);
            }
            sitting.same = None;
            change(&sitting.store).map(Some)
        })
        .await
    }

    async fn sit<T: Send + 'static>(
        &self,
        turn: Turn,
        change: impl FnOnce(&mut Sitting) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (sender, mut receiver) = oneshot::channel();
        // Whoever sets it first, the writer or who has lost patience, decides whether the change is made.
        let settled = Arc::new(AtomicBool::new(false));
        let begun = Arc::clone(&settled);
        let job: Job = Box::new(move |sitting| {
            // Until it is told, even if nobody waits for that.
            let turn = turn;
            if begun.swap(true, Ordering::SeqCst) {
                return None;
            }
            let result = match sitting {
                Ok(sitting) => change(sitting),
                Err(failure) => Err(failure.clone()),
            };
            // Who hung up is not told; the change is made all the same.
            Some(Box::new(move || {
                drop(turn);
                drop(sender.send(result));
            }))
        });
        self.jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Failure::busy(format!("{QUEUE} changes wait already"), 2),
            TrySendError::Disconnected(_) => Failure::fault("nobody writes any more"),
        })?;
        let told = match timeout(self.patience, &mut receiver).await {
            Ok(told) => told,
            Err(_) if !settled.swap(true, Ordering::SeqCst) => return Err(self.late()),
            // It is being made.
            Err(_) => receiver.await,
        };
        told.map_err(|_| Failure::fault("the change broke off; the store is as it was before"))?
    }
}

/// Makes changes until nobody can ask for any.
fn write(waiting: &Receiver<Job>, current: &Current) {
    while let Ok(first) = waiting.recv() {
        let mut jobs = vec![first];
        let mut told = Vec::new();
        let known = Arc::clone(&current.read().unwrap_or_else(PoisonError::into_inner));
        let mut opened = match Store::open_original(&known) {
            Ok((store, is_same)) => Ok(Sitting { store, same: is_same.then_some(known) }),
            Err(error) => Err(Failure::from(error)),
        };
        while let Some(job) = jobs.pop() {
            let made = catch_unwind(AssertUnwindSafe(|| job(opened.as_mut().map_err(|failure| &*failure))));
            if let Ok(tell) = made {
                told.extend(tell);
            } else {
                tracing::error!("a change of the store broke off: this is a fault");
            }
            if told.len() < SITTING {
                jobs.extend(waiting.try_recv());
            }
        }
        if let Ok(Sitting { store, .. }) = opened {
            match Checkpoint::closing(store) {
                Ok(checkpoint) => *current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(checkpoint),
                Err(error) => tracing::error!(%error, "the changes are made, and not seen until the next"),
            }
        }
        for tell in told {
            tell();
        }
    }
}
