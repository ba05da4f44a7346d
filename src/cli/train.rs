//! `belligraph train`: the models of the language analysis, and that of the kinds of entities, from a treebank.

use super::Outcome;
use crate::extract::mentions::{Knowledge, training};
use crate::language::train;
use crate::lexicon::Gazetteer;
use crate::ontology::Ontology;
use anyhow::{Context as _, Result};
use clap::Args;
use std::path::PathBuf;

/// Train the models of the language analysis on a treebank in CoNLL-U
///
/// The same treebank gives the same bytes every time. The program embeds the model at `models/english.bglang`
/// when it is built.
#[derive(Args, Debug)]
pub(super) struct Train {
    /// The treebank
    #[arg(value_name = "TREEBANK.conllu")]
    treebank: PathBuf,
    /// Where the model goes [default: models/english.bglang or models/entity-kinds.bin]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Train the model of the kinds of entities instead, on the entity annotations of GUM
    #[arg(long)]
    entity_kinds: bool,
}

impl Train {
    pub(super) fn run(self) -> Result<Outcome> {
        let or = |default: &str| self.output.clone().unwrap_or_else(|| default.into());
        if self.entity_kinds {
            let output = or("models/entity-kinds.bin");
            let read = |path: &PathBuf| format!("cannot read `{}`", path.display());
            let treebank = std::fs::read_to_string(&self.treebank).with_context(|| read(&self.treebank))?;
            let knowledge = Knowledge::new(Ontology::embedded(), Gazetteer::embedded());
            let model = training::train(&treebank, &knowledge)?;
            std::fs::write(&output, model).with_context(|| format!("cannot write `{}`", output.display()))?;
        } else {
            train::run(&self.treebank, &or("models/english.bglang"), &mut |step| tracing::info!("{step}"))?;
        }
        Ok(Outcome::Done)
    }
}
