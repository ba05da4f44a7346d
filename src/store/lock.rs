//! The advisory lock beside a store: shared by readers, exclusive for a writer.
//!
//! `RocksDB` forbids two writers but lets a reader open a database that is being written, with undefined results. The lock is
//! the operating system's, on the file `{store}.lock`, so it ends with its process however that ends. Who took it last
//! is written into the file, to tell others whom they wait for.

use super::{Access, StoreError};
use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long to wait for the lock. A question is answered in less, so that a writer seldom fails because of one.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(20);

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    /// None on a file system that nobody can write to.
    _file: Option<File>,
}

impl Lock {
    /// Takes the lock of the store at `path`, waiting a moment for others to end.
    pub(super) fn acquire(path: &Path, access: Access) -> Result<Self, StoreError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(lock) = Self::try_acquire(path, access)? {
                return Ok(lock);
            }
            if Instant::now() >= deadline {
                return Err(Self::refusal(path, access));
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Takes the lock unless somebody else holds it.
    pub(super) fn try_acquire(path: &Path, access: Access) -> Result<Option<Self>, StoreError> {
        let name = file_beside(path, "lock");
        let failed = |source| StoreError::File { action: "lock", path: name.clone(), source };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = match options.open(&name) {
            Ok(file) => file,
            Err(error) if access == Access::Read && error.kind() == ErrorKind::ReadOnlyFilesystem => {
                return Ok(Some(Self { _file: None }));
            }
            Err(error) if access == Access::Read && error.kind() == ErrorKind::PermissionDenied => {
                File::open(&name).map_err(failed)?
            }
            Err(error) => return Err(failed(error)),
        };
        let taken = match access {
            Access::Read => file.try_lock_shared(),
            Access::Write => file.try_lock(),
        };
        match taken {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {
                tracing::warn!(path = %name.display(), "the file system knows no locks: take care that one process at a time writes");
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        // Only a hint for others: where it cannot be written, nothing is lost.
        let _ = note_holder(&mut file);
        Ok(Some(Self { _file: Some(file) }))
    }

    /// The error that tells who holds the lock.
    fn refusal(path: &Path, access: Access) -> StoreError {
        let mut note = String::new();
        let read = File::open(file_beside(path, "lock")).and_then(|mut file| file.read_to_string(&mut note));
        let holder = match (read, note.trim()) {
            (Ok(_), note) if !note.is_empty() => note.to_owned(),
            _ => "another process".to_owned(),
        };
        let how = if access == Access::Read { "being written" } else { "in use" };
        StoreError::Locked { path: path.to_owned(), how, holder }
    }
}

/// Writes who we are into the lock file.
fn note_holder(file: &mut File) -> std::io::Result<()> {
    let arguments: Vec<_> = std::env::args_os().skip(1).take(1).map(|a| a.to_string_lossy().into_owned()).collect();
    let command = arguments.first().map_or_else(String::new, |command| format!(" (`belligraph {command}`)"));
    file.rewind()?;
    file.set_len(0)?;
    writeln!(file, "process {}{command}", std::process::id())
}

/// The file or directory beside a store that has its name and one more extension.
pub(super) fn file_beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.file_name().map_or_else(|| OsString::from("store"), OsString::from);
    name.push(".");
    name.push(extension);
    path.with_file_name(name)
}
