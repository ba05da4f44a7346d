//! `belligraph backup`: a copy of the store that is a store itself.

use super::{Global, Outcome};
use crate::store::{Access, Store};
use anyhow::{Context, Result};
use clap::Args;
use std::path::PathBuf;

/// Copy the store into a new directory
///
/// The copy is a store itself: use it with `--store`. On the same file system it costs little, the files being hard links.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  belligraph backup backups/2026-11-22
  belligraph --store backups/2026-11-22 stats")]
pub(super) struct Backup {
    /// The directory to make
    #[arg(value_name = "DIRECTORY")]
    directory: PathBuf,
}

impl Backup {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let store = Store::open(&global.store, Access::Write)?;
        store.backup(&self.directory).with_context(|| format!("cannot back up to `{}`", self.directory.display()))?;
        Ok(Outcome::Done)
    }
}
