//! `belligraph train`: the models of the language analysis, and that of the kinds of entities, from a treebank.

use super::Outcome;
use crate::extract::mentions::{Knowledge, training};
use crate::language::train;
use crate::lexicon::Gazetteer;
use crate::ontology::Ontology;
use anyhow::{Context as _, Result};
use clap::Args;
use std::path::PathBuf;

/// Train the models of the language analysis on treebanks in CoNLL-U
///
/// Writes one model of the words and two of the dependencies, an accurate and a fast one. The same treebanks give the
/// same bytes every time. The program embeds the models in the folder `models` when it is built.
#[derive(Args, Debug)]
pub(super) struct Train {
    /// The treebanks
    #[arg(value_name = "TREEBANK.conllu", required = true)]
    treebanks: Vec<PathBuf>,
    /// The folder of the models
    #[arg(long, short, value_name = "FOLDER", default_value = "models")]
    output: PathBuf,
    /// What the names of the models begin with
    #[arg(long, default_value = "english")]
    language: String,
    /// Train the model of the kinds of entities instead (`entity-kinds.bin`), on the entity annotations of GUM
    #[arg(long)]
    entity_kinds: bool,
}

impl Train {
    pub(super) fn run(self) -> Result<Outcome> {
        if self.entity_kinds {
            let output = self.output.join("entity-kinds.bin");
            let read = |path: &PathBuf| format!("cannot read `{}`", path.display());
            let folder = || format!("cannot make the folder `{}`", self.output.display());
            std::fs::create_dir_all(&self.output).with_context(folder)?;
            let mut treebank = String::new();
            for path in &self.treebanks {
                treebank += &std::fs::read_to_string(path).with_context(|| read(path))?;
            }
            let knowledge = Knowledge::new(Ontology::embedded(), Gazetteer::embedded());
            let model = training::train(&treebank, &knowledge)?;
            std::fs::write(&output, model).with_context(|| format!("cannot write `{}`", output.display()))?;
        } else {
            train::run(&self.treebanks, &self.output, &self.language, &mut |step| tracing::info!("{step}"))?;
        }
        Ok(Outcome::Done)
    }
}
