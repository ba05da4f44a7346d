//! `belligraph ontology check`: what is wrong with the ontology and its overlays.

use super::super::output::Output;
use super::super::{Global, Outcome};
use crate::authoring::check::{self, Level, Options, RULES};
use anyhow::Result;
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::PathBuf;

/// Check the ontology with its overlays, and run the examples of its frames
///
/// Without an overlay, the ontology in the program is checked. With overlays, only what is found in them is told, and
/// what they break. The exit code is 1 if something is found that --fail-on names.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  belligraph ontology check power-grid
  belligraph ontology check --level info --format sarif --output check.sarif power-grid
  belligraph ontology check --checks my-checks/ --fail-on warning power-grid")]
pub(super) struct Check {
    /// Overlays to check, besides those of --ontology
    #[arg(value_name = "DIRECTORY")]
    overlays: Vec<PathBuf>,
    /// How the findings are written
    #[arg(long, short, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Where they are written; compressed if the name ends in .gz or .zst [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The least level of a finding that is told
    #[arg(long, value_enum, default_value_t = Least::Warning)]
    level: Least,
    /// The least level of a finding with which the exit code is 1
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = Least::Error)]
    fail_on: Least,
    /// A SPARQL file, or a folder of them, whose rows of ?entity ?property ?value are findings; can be repeated
    #[arg(long, value_name = "PATH")]
    checks: Vec<PathBuf>,
    /// Do not run the examples of the frames
    #[arg(long)]
    skip_examples: bool,
    /// Tell what is found in the ontology of the program, too, where overlays are checked
    #[arg(long)]
    all: bool,
    /// List the rules and their levels
    #[arg(long)]
    rules: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line for each finding
    Text,
    /// One JSON object
    Json,
    /// `JUnit` XML
    Junit,
    /// SARIF 2.1.0
    Sarif,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Least {
    /// Errors, warnings and notes
    Info,
    /// Errors and warnings
    Warning,
    /// Errors only
    Error,
}

impl Least {
    fn level(self) -> Level {
        match self {
            Self::Info => Level::Info,
            Self::Warning => Level::Warning,
            Self::Error => Level::Error,
        }
    }
}

impl Check {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let mut output = Output::open(self.output.as_deref(), None)?;
        if self.rules {
            for rule in RULES {
                writeln!(output, "{:<8} {:<24} {}", rule.level.as_str(), rule.name, rule.title)?;
            }
            output.finish()?;
            return Ok(Outcome::Done);
        }
        if self.overlays.is_empty() {
            super::warn_of_foreign(global);
        }
        let mut overlays = super::overlays(global);
        for overlay in self.overlays {
            if !overlays.iter().any(|other| super::is_same(other, &overlay)) {
                overlays.push(overlay);
            }
        }
        let options = Options { overlays, custom: self.checks, skip_examples: self.skip_examples, all: self.all };
        let report = check::check(&options)?;
        let format = match self.format {
            Format::Text => check::Format::Text,
            Format::Json => check::Format::Json,
            Format::Junit => check::Format::Junit,
            Format::Sarif => check::Format::Sarif,
        };
        output.write_all(report.write(format, self.level.level()).as_bytes())?;
        output.finish()?;
        Ok(if report.count(self.fail_on.level()) == 0 { Outcome::Done } else { Outcome::Rejected })
    }
}
