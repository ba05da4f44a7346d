//! `belligraph completions`: what a shell needs to complete commands and options.

use super::output::Output;
use super::{Cli, Outcome};
use anyhow::Result;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// Print the completions for a shell
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  belligraph completions bash > ~/.local/share/bash-completion/completions/belligraph
  belligraph completions fish > ~/.config/fish/completions/belligraph.fish")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> Result<Outcome> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "belligraph", &mut text);
        let mut output = Output::stdout()?;
        std::io::Write::write_all(&mut output, &text)?;
        output.finish()?;
        Ok(Outcome::Done)
    }
}
