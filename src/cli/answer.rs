//! `belligraph answer`: a process that answers queries for `serve`; not for people.

use super::Outcome;
use crate::http::work;
use anyhow::Result;
use clap::Args;
use std::fs::File;
use std::io::{BufReader, stdin, stdout};
use std::os::fd::AsFd;
use std::path::PathBuf;

/// Answer queries for `serve`, one after the other
#[derive(Args, Debug)]
pub(super) struct Answer {
    /// The directory of a checkpoint
    checkpoint: PathBuf,
    /// The store it is a copy of
    original: PathBuf,
    /// How much memory the process may take, in bytes
    memory: u64,
}

impl Answer {
    pub(super) fn run(self) -> Result<Outcome> {
        // As a file: the standard output of the library sends every line by itself.
        let output = File::from(stdout().as_fd().try_clone_to_owned()?);
        work(&self.checkpoint, &self.original, self.memory, BufReader::new(stdin()), output)?;
        Ok(Outcome::Done)
    }
}
