//! `belligraph update`: changes the user's own graphs by SPARQL.

use super::output::Output;
use super::{Global, Outcome};
use crate::sparql::{Prefixes, evaluator, parse_update, searching};
use crate::store::{RunDescription, Store, UpdateOptions};
use anyhow::{Context, Result};
use clap::Args;
use std::fs;
use std::io::{Read, Write, stdin};

/// Add statements of your own to the store, or change them, by SPARQL update
#[derive(Args, Debug)]
#[command(
    name = "update",
    long_about = "Add statements of your own to the store, or change them, by SPARQL update

An update writes to graphs of your own, which it names, or to the unnamed graph. Article graphs and those under graph: \
are Belligraph's: they change by loading and removing articles. What your graphs say is found by every query, like the rest. \
All of an update happens, or nothing."
)]
#[command(after_help = "\
Examples:
  belligraph update -e 'INSERT DATA { GRAPH <my/notes> { actor:libyan-national-army rdfs:comment \"look closer\" } }'
  belligraph update changes.ru")]
pub(super) struct Change {
    /// A file, or `-` for standard input
    #[arg(value_name = "FILE|-", required_unless_present = "execute")]
    update: Option<String>,
    /// The update itself
    #[arg(short, long, value_name = "SPARQL", conflicts_with = "update")]
    execute: Option<String>,
}

impl Change {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let text = match (self.execute, self.update.as_deref()) {
            (Some(text), _) => text,
            (None, None | Some("-")) => {
                let mut text = String::new();
                stdin().read_to_string(&mut text).context("cannot read the update from standard input")?;
                text
            }
            (None, Some(path)) => {
                fs::read_to_string(path).with_context(|| format!("cannot read the update `{path}`"))?
            }
        };
        let store = Store::open(&global.store, crate::store::Access::Write)?;
        let update = parse_update(&text, &Prefixes::of_base(store.base()))?;
        let mut run = store.begin_run(&RunDescription::new("update"))?;
        let evaluator = searching(evaluator(), &store);
        let updated = run.update(&evaluator, update, UpdateOptions { union: true, everything: false })?;
        run.finish()?;
        let mut output = Output::stdout()?;
        writeln!(output, "{} inserted, {} removed", updated.inserted, updated.removed)?;
        output.finish()?;
        Ok(Outcome::Done)
    }
}
