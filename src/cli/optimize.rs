//! `belligraph optimize`: compacts the store, or rebuilds it.

use super::{Global, Outcome};
use crate::store::{Access, Store};
use anyhow::Result;
use clap::Args;

/// Make the store smaller and faster to read
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  belligraph optimize
  belligraph optimize --rewrite")]
pub(super) struct Optimize {
    /// Rebuild the store from scratch, so that no text of removed articles stays on the disk
    ///
    /// Needs as much free disk as the store takes. If it is cut short, the store is as it was.
    #[arg(long)]
    rewrite: bool,
}

impl Optimize {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        if self.rewrite {
            Store::rewrite(&global.store)?;
        } else {
            Store::open(&global.store, Access::Write)?.optimize()?;
        }
        Ok(Outcome::Done)
    }
}
