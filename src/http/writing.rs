//! Changes of the store: one thread makes them, one after the other, while requests go on reading.
//!
//! The store is opened when there is something to change and closed again after it, so that `load` and the like have their turn. What
//! waits meanwhile is carried out in the same sitting. Whoever asked is answered when readers see the change: a checkpoint
//! of the store as it is then takes the place of the current one before.

use super::failure::Failure;
use crate::store::{Access, Checkpoint, Store};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, PoisonError, RwLock};
use std::{io, thread};
use tokio::sync::oneshot;

/// How many changes may wait.
const QUEUE: usize = 64;

/// How many changes are made before readers see them.
const SITTING: usize = 32;

/// The store as readers see it.
pub(super) type Current = Arc<RwLock<Arc<Checkpoint>>>;

/// What tells who asked; called when readers see the change.
type Tell = Box<dyn FnOnce() + Send>;

/// A change to make, or to refuse if the store cannot be opened.
type Job = Box<dyn FnOnce(Result<&Store, &Failure>) -> Tell + Send>;

/// Takes changes.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    jobs: SyncSender<Job>,
}

impl Writer {
    /// Starts the thread that writes to the store at `path`. It ends with the last copy of the writer.
    pub(super) fn start(path: PathBuf, current: Current) -> io::Result<Self> {
        let (jobs, waiting) = sync_channel(QUEUE);
        thread::Builder::new().name("writer".to_owned()).spawn(move || write(&path, &waiting, &current))?;
        Ok(Self { jobs })
    }

    /// Makes a change, and waits until readers see it.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Store) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |store| {
            let result = match store {
                Ok(store) => change(store),
                Err(failure) => Err(failure.clone()),
            };
            // Who hung up is not told; the change is made all the same.
            Box::new(move || drop(sender.send(result)))
        });
        self.jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Failure::busy(format!("{QUEUE} changes wait already"), 2),
            TrySendError::Disconnected(_) => Failure::fault("nobody writes any more"),
        })?;
        receiver.await.map_err(|_| Failure::fault("the change broke off; the store is as it was before"))?
    }
}

/// Makes changes until nobody can ask for any.
fn write(path: &Path, waiting: &Receiver<Job>, current: &Current) {
    while let Ok(first) = waiting.recv() {
        let mut jobs = vec![first];
        let mut told = Vec::new();
        let opened = Store::open(path, Access::Write).map_err(Failure::from);
        while let Some(job) = jobs.pop() {
            let made = catch_unwind(AssertUnwindSafe(|| job(opened.as_ref())));
            if let Ok(tell) = made {
                told.push(tell);
            } else {
                tracing::error!("a change of the store broke off: this is a fault");
            }
            if told.len() < SITTING {
                jobs.extend(waiting.try_recv());
            }
        }
        if let Ok(store) = opened {
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
