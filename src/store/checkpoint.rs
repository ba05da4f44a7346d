//! A copy of the store as it is at a moment, to be read while others write: what lets `serve` and `load` be neighbours.
//!
//! Under the shared lock nobody writes, so the directory stands still: its data files, which `RocksDB` never changes once written,
//! are linked, the few small others copied. The store itself is not opened and not touched.

use super::difference::complete_at;
use super::lock::{Lock, file_beside};
use super::{Access, Store, StoreError, layout, rewrite};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

/// A read-only copy of a store. Its directory, beside the store, goes when it is dropped.
#[derive(Debug)]
pub struct Checkpoint {
    /// Before the directory, so that it is closed first.
    store: Store,
    state: State,
    revision: String,
    original: PathBuf,
    directory: Directory,
}

/// The files of a store with their sizes and times: another state, another list.
type State = Vec<(OsString, u64, Option<SystemTime>)>;

/// Tells the checkpoints of one process apart.
static NUMBER: AtomicU64 = AtomicU64::new(0);

impl Checkpoint {
    /// Copies the store at `path`, waiting a moment if it is being written.
    ///
    /// # Errors
    ///
    /// If there is no store, if another process goes on writing, or if the disk fails.
    pub fn of(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        rewrite::recover(path)?;
        layout::expect_database(path)?;
        complete_at(path)?;
        let lock = Lock::acquire(path, Access::Read)?;
        Self::locked(path, &lock)
    }

    /// Closes a store that was open for writing, and copies it before anybody else can write to it.
    ///
    /// # Errors
    ///
    /// If it lives in memory, or if the disk fails.
    pub fn closing(store: Store) -> Result<Self, StoreError> {
        let Store { database, path, _lock: lock, .. } = store;
        drop(database);
        match (path, lock) {
            (Some(path), Some(lock)) => Self::locked(&path, &lock),
            _ => Err(StoreError::ReadOnly),
        }
    }

    fn locked(path: &Path, _lock: &Lock) -> Result<Self, StoreError> {
        clear_left_over(path)?;
        let state = state(path)?;
        let directory = copy(path, &state, path)?;
        let mut store = Store::open_private(&directory.path, Access::Read)?;
        store.original = Some(path.to_owned());
        Ok(Self { store, revision: revision(&state), state, original: path.to_owned(), directory })
    }

    /// A name of the state of the store that was copied: another state, another name.
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// Where the copy lies, for [`Store::open_checkpoint`]; it goes when the checkpoint is dropped.
    pub fn directory(&self) -> &Path {
        &self.directory.path
    }

    /// Where the store lies that was copied.
    pub fn original(&self) -> &Path {
        &self.original
    }

    /// How large the store's files are, in bytes.
    pub fn size(&self) -> u64 {
        self.state.iter().map(|(_, size, _)| size).sum()
    }

    /// When the store was last written, as far as the file system knows.
    pub fn changed(&self) -> Option<Timestamp> {
        self.state.iter().filter_map(|(_, _, time)| Timestamp::try_from((*time)?).ok()).max()
    }

    /// The copy.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Whether the original is still as it was when it was copied. To be asked by who holds its lock.
    pub(super) fn is_of_now(&self) -> Result<bool, StoreError> {
        Ok(state(&self.original)? == self.state)
    }

    /// Removes the copies that were made by processes which have been killed.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    pub fn clear_left_over(&self) -> Result<(), StoreError> {
        clear_left_over(&self.original)
    }

    /// A new copy, if the original has changed since this one was made and nobody is writing to it now.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    pub fn renewed(&self) -> Result<Option<Self>, StoreError> {
        let path = &self.original;
        if !path.exists() {
            return Ok(None);
        }
        complete_at(path)?;
        if state(path)? == self.state {
            return Ok(None);
        }
        match Lock::try_acquire(path, Access::Read)? {
            Some(lock) => Self::locked(path, &lock).map(Some),
            None => Ok(None),
        }
    }
}

/// A copy of a checkpoint that can be written to, to see what a change would come to. Nobody else sees it, and its directory goes when it
/// is dropped.
#[derive(Debug)]
pub struct Scratch {
    /// Before the directory, so that it is closed first.
    store: Store,
    _directory: Directory,
}

impl Scratch {
    /// Copies a checkpoint that was opened by [`Store::open_checkpoint`].
    ///
    /// # Errors
    ///
    /// If it is no checkpoint, or if the disk fails.
    pub fn of(checkpoint: &Store) -> Result<Self, StoreError> {
        let (Some(path), Some(original)) = (&checkpoint.path, &checkpoint.original) else {
            return Err(StoreError::ReadOnly);
        };
        let directory = copy(path, &state(path)?, original)?;
        let store = Store::open_private(&directory.path, Access::Write)?;
        Ok(Self { store, _directory: directory })
    }

    /// The copy.
    pub fn store(&self) -> &Store {
        &self.store
    }
}

/// Copies the files of a store into a new directory beside the `original`.
fn copy(path: &Path, state: &State, original: &Path) -> Result<Directory, StoreError> {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let directory = Directory::new(&file_beside(original, &format!("checkpoint-{}-{number}", std::process::id())))?;
    for (name, ..) in state {
        let (from, to) = (path.join(name), directory.path.join(name));
        let linked = is_immutable(name) && fs::hard_link(&from, &to).is_ok();
        if !linked {
            fs::copy(&from, &to).map_err(|source| StoreError::File { action: "copy", path: from, source })?;
        }
    }
    Ok(directory)
}

fn state(path: &Path) -> Result<State, StoreError> {
    let failed = |source| StoreError::File { action: "read", path: path.to_owned(), source };
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        // RocksDB's own log and lock change whenever somebody merely looks.
        let text = name.to_string_lossy();
        if text == "LOCK" || text.starts_with("LOG") {
            continue;
        }
        // A file may go between the two calls while a writer is at work.
        let Ok(metadata) = entry.metadata() else { continue };
        if metadata.is_file() {
            files.push((name, metadata.len(), metadata.modified().ok()));
        }
    }
    files.sort_unstable();
    Ok(files)
}

fn revision(state: &State) -> String {
    let mut hash = Sha256::new();
    for (name, length, time) in state {
        hash.update(format!("{} {length} {time:?};", name.display()));
    }
    let mut revision = String::with_capacity(32);
    for byte in hash.finalize().iter().take(16) {
        let _ = write!(revision, "{byte:02x}");
    }
    revision
}

fn is_immutable(name: &OsString) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "sst" || extension == "blob")
}

/// Removes the copies of processes that ended without doing so. A process marks its own by holding a lock beside it.
fn clear_left_over(path: &Path) -> Result<(), StoreError> {
    let prefix = file_beside(path, "checkpoint-");
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (Some(prefix), Ok(entries)) = (prefix.file_name(), fs::read_dir(parent)) else { return Ok(()) };
    let prefix = prefix.to_string_lossy();
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with(&*prefix) || name.ends_with(".lock") {
            continue;
        }
        if let Some(_lock) = Lock::try_acquire(&entry.path(), Access::Write)? {
            rewrite::remove(&entry.path())?;
            let _ = fs::remove_file(file_beside(&entry.path(), "lock"));
        }
    }
    Ok(())
}

/// A directory that is removed with its lock when it is dropped.
#[derive(Debug)]
struct Directory {
    path: PathBuf,
    _lock: Lock,
}

impl Directory {
    fn new(path: &Path) -> Result<Self, StoreError> {
        let lock = Lock::acquire(path, Access::Write)?;
        fs::create_dir(path).map_err(|source| StoreError::File { action: "make", path: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        if let Err(error) = rewrite::remove(&self.path) {
            tracing::warn!(%error, "a checkpoint stays behind");
        }
        let _ = fs::remove_file(file_beside(&self.path, "lock"));
    }
}
