//! `belligraph ontology`: what authors of ontologies need; and which ontology the other commands work with.

mod check;
mod diff;
mod docs;
mod export;
mod terms;

use super::{Global, Outcome};
use crate::ontology::{Found, OVERLAY_FOLDER, found_in};
use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

/// Export, check and look up the ontology
///
/// The ontology in the program can be extended and overridden by overlays: folders of Turtle, RDF/XML or JSON-LD given
/// with --ontology, and the folder `ontology` beside the store, if it names a term of Belligraph. An overlay adds subjects, or replaces a subject's whole
/// description.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  belligraph ontology terms ambush
  belligraph ontology export my-ontology
  belligraph ontology check my-ontology
  belligraph --ontology power-grid load seeds/articles")]
pub(super) struct Ontology {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Diff(diff::Difference),
    Docs(docs::Docs),
    Export(export::Export),
    Check(check::Check),
    Terms(terms::Terms),
}

impl Ontology {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        match self.command {
            Command::Diff(command) => command.run(global),
            Command::Docs(command) => command.run(global),
            Command::Export(command) => command.run(global),
            Command::Check(command) => command.run(global),
            Command::Terms(command) => command.run(global),
        }
    }
}

/// The folders to lay over the embedded ontology: `ontology` beside the store, then those asked for.
pub(super) fn overlays(global: &Global) -> Vec<PathBuf> {
    let beside = beside(global).filter(|folder| found_in(folder) == Found::Overlay);
    let beside = beside.into_iter().filter(|folder| !global.overlays.iter().any(|other| is_same(folder, other)));
    beside.chain(global.overlays.iter().cloned()).collect()
}

/// Whether two paths lead to the same folder.
fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// The folder in which an overlay is looked for without being asked for.
fn beside(global: &Global) -> Option<PathBuf> {
    Some(global.store.parent()?.join(OVERLAY_FOLDER))
}

/// Says that the folder beside the store is passed over, if it holds somebody else's ontology.
pub(super) fn warn_of_foreign(global: &Global) {
    if let Some(folder) = beside(global)
        && global.overlays.is_empty()
        && found_in(&folder) == Found::Foreign
    {
        tracing::warn!(
            "`{}` is not taken as an overlay, since nothing in it names a term of Belligraph; if it is one, say --ontology {0}",
            folder.display()
        );
    }
}

/// The ontology that a command works with: the embedded one with the overlays. It lives as long as the program.
pub(super) fn load(global: &Global) -> Result<&'static crate::ontology::Ontology> {
    let overlays = overlays(global);
    if overlays.is_empty() {
        return Ok(crate::ontology::Ontology::embedded());
    }
    let names: Vec<String> = overlays.iter().map(|folder| format!("`{}`", folder.display())).collect();
    tracing::info!("overlays: {}", names.join(", "));
    let loaded = crate::ontology::Ontology::load(&overlays)
        .with_context(|| format!("cannot lay {} over the ontology; nothing was changed", names.join(" and ")))?;
    Ok(Box::leak(Box::new(loaded)))
}
