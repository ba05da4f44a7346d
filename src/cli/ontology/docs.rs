//! `belligraph ontology docs`: the documentation of the ontology as a site.

use super::super::output::Output;
use super::super::{Global, Outcome, report};
use crate::authoring::document::Site;
use crate::store::{Access, Store, StoreError};
use anyhow::{Context, Result};
use clap::Args;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

/// Write the documentation of the ontology: one page for the browser, its diagram, and the ontology to download
#[derive(Args, Debug)]
#[command(
    long_about = "Write the documentation of the ontology: one page for the browser, its diagram, and the ontology to download

The page needs no network. With overlays, it shows them as well. Where there is a store, the page counts what it has of each \
class and property, quotes a sentence, and gives a query."
)]
#[command(after_help = "\
Examples:
  belligraph ontology docs site
  belligraph --ontology power-grid --store libya.db ontology docs site")]
pub(super) struct Docs {
    /// The folder, which is made if it is not there; files of the same names are written over
    #[arg(value_name = "DIRECTORY")]
    to: PathBuf,
    /// Say nothing of what the store has
    #[arg(long)]
    no_usage: bool,
}

impl Docs {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let ontology = super::load(global)?;
        let store = if self.no_usage { None } else { store(global)? };
        let site = Site::new(ontology, store.as_ref())?;
        fs::create_dir_all(&self.to).with_context(|| format!("cannot make the folder `{}`", self.to.display()))?;
        for file in site.files()? {
            let path = self.to.join(file.name);
            fs::write(&path, &file.content).with_context(|| format!("cannot write `{}`", path.display()))?;
        }
        let mut output = Output::stdout()?;
        writeln!(output, "{}", self.to.join("index.html").display())?;
        output.finish()?;
        Ok(Outcome::Done)
    }
}

fn store(global: &Global) -> Result<Option<Store>> {
    match Store::open(&global.store, Access::Read) {
        Ok(store) => Ok(Some(store)),
        Err(StoreError::Missing(_)) => Ok(None),
        Err(error @ StoreError::Locked { .. }) => {
            report::tell("nothing is counted", &error);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
