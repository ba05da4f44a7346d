//! `belligraph read`: a process that reads articles for `serve`; not for people.

use super::{Global, Outcome};
use crate::http::read_articles;
use anyhow::Result;
use clap::Args;
use std::fs::File;
use std::io::{BufReader, stdin, stdout};
use std::os::fd::AsFd;

/// Read articles for `serve`, one request after the other
#[derive(Args, Debug)]
pub(super) struct Read {
    /// What the IRIs of articles begin with
    base: String,
    /// How much memory a query may take, in bytes
    memory: u64,
}

impl Read {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let ontology = super::ontology::load(global)?;
        // As a file: the standard output of the library sends every line by itself.
        let output = File::from(stdout().as_fd().try_clone_to_owned()?);
        read_articles(ontology, &self.base, self.memory, BufReader::new(stdin()), output)?;
        Ok(Outcome::Done)
    }
}
