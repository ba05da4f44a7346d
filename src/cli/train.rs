//! `belligraph train`: the models of the language analysis from a treebank.

use super::Outcome;
use crate::language::train;
use anyhow::Result;
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
    /// Where the model goes
    #[arg(long, short, value_name = "FILE", default_value = "models/english.bglang")]
    output: PathBuf,
}

impl Train {
    pub(super) fn run(self) -> Result<Outcome> {
        train::run(&self.treebank, &self.output, &mut |step| tracing::info!("{step}"))?;
        Ok(Outcome::Done)
    }
}
