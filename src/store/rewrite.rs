//! Compaction, and rewriting the store from scratch: the database never forgets the text of what was removed, a copy does.
//!
//! The copy is made beside the store and swapped in by two renames. If the process ends between them the store
//! lies under its old name with `.old` added, whole; [`recover`], which every opening calls, puts it back.

use super::lock::{Lock, file_beside};
use super::{Access, Store, StoreError};
use oxigraph::store::StorageError;
use std::fs::{self, File};
use std::io;
use std::path::Path;

impl Store {
    /// Merges the database's files, so that reading is fast after many changes.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    pub fn optimize(&self) -> Result<(), StoreError> {
        Ok(self.database().optimize()?)
    }

    /// Rebuilds the store at `path` without what was removed from it, and puts the copy in its place. Needs as
    /// much free disk as the store takes.
    ///
    /// # Errors
    ///
    /// If another process uses the store, or the disk fails; the store is as it was then.
    pub fn rewrite(path: impl AsRef<Path>) -> Result<(), StoreError> {
        let path = path.as_ref();
        let store = Self::open(path, Access::Write)?;
        let new = file_beside(path, "new");
        let old = file_beside(path, "old");
        remove(&new)?;
        {
            let copy = oxigraph::store::Store::open(&new)?;
            let mut loader = copy.bulk_loader();
            loader.load_ok_quads::<_, StorageError>(store.database().iter())?;
            loader.commit()?;
            // A graph can be empty: an article without text still is one.
            for graph in store.database().named_graphs() {
                copy.insert_named_graph(graph?.as_ref())?;
            }
            copy.optimize()?;
            copy.flush()?;
        }
        // The lock lies beside the directory, so it is held through the swap.
        let Self { database, _lock: lock, .. } = store;
        drop(database);
        rename(path, &old)?;
        rename(&new, path)?;
        sync_parent(path)?;
        remove(&old)?;
        drop(lock);
        Ok(())
    }
}

/// How many files a compacted store has: some for each index, and more for what does not fit into those, each of so many bytes.
const FILES: u64 = 20;
const FILE: u64 = 32 * 1024 * 1024;

/// Whether the database at `path` lies in so many files that reading looks into several of them for each row: twice
/// the time of a query, measured.
pub(super) fn is_scattered(path: &Path) -> bool {
    let Ok(entries) = fs::read_dir(path) else { return false };
    let tables = entries.flatten().filter(|entry| entry.path().extension().is_some_and(|extension| extension == "sst"));
    let (count, bytes) = tables.fold((0, 0), |(count, bytes), table| {
        (count + 1, bytes + table.metadata().map_or(0, |metadata| metadata.len()))
    });
    count > FILES + bytes / FILE
}

/// Ends a rewriting that was cut short.
pub(super) fn recover(path: &Path) -> Result<(), StoreError> {
    let old = file_beside(path, "old");
    if !old.join("CURRENT").exists() {
        return Ok(());
    }
    let Some(_lock) = Lock::try_acquire(path, Access::Write)? else { return Ok(()) };
    if path.exists() {
        remove(&old)
    } else if old.join("CURRENT").exists() {
        tracing::warn!(path = %path.display(), "an earlier rewriting of the store was cut short; taking the store as it was before");
        rename(&old, path)?;
        sync_parent(path)
    } else {
        Ok(())
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(|source| StoreError::File { action: "rename", path: from.to_owned(), source })
}

/// Removes a directory, if it is there.
pub(super) fn remove(directory: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(directory) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::File { action: "remove", path: directory.to_owned(), source })
        }
        _ => Ok(()),
    }
}

/// Makes renames last through a loss of power.
fn sync_parent(path: &Path) -> Result<(), StoreError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(parent).and_then(|directory| directory.sync_all()).map_err(|source| StoreError::File {
        action: "write",
        path: parent.to_owned(),
        source,
    })
}
