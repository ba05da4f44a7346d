//! `belligraph man`: the manual pages.

use super::output::Output;
use super::{Cli, Outcome};
use anyhow::{Context, Result, bail};
use clap::{Args, CommandFactory};
use clap_mangen::Man as Page;
use std::path::PathBuf;

/// Print the manual page of the program or of one command
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  belligraph man | man -l -
  belligraph man query | man -l -
  belligraph man --all /usr/local/share/man/man1")]
pub(super) struct Man {
    /// The command; the program as a whole if none is named
    command: Option<String>,
    /// Write the pages of the program and of each command into this directory
    #[arg(long, value_name = "DIRECTORY", conflicts_with = "command")]
    all: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(self) -> Result<Outcome> {
        let mut program = Cli::command();
        program.build();
        if let Some(directory) = &self.all {
            std::fs::create_dir_all(directory)
                .with_context(|| format!("cannot make the folder `{}`", directory.display()))?;
            return clap_mangen::generate_to(program, directory)
                .with_context(|| format!("cannot write manual pages into `{}`", directory.display()))
                .map(|()| Outcome::Done);
        }
        let page = match &self.command {
            None => program,
            Some(name) => match program.find_subcommand(name) {
                Some(command) => command.clone(),
                None => bail!("there is no command `{name}`; `belligraph --help` lists them"),
            },
        };
        let mut output = Output::stdout()?;
        Page::new(page).render(&mut output).context("cannot write to standard output")?;
        output.finish()?;
        Ok(Outcome::Done)
    }
}
