//! `belligraph remove`: takes articles out of the store.

use super::output::Output;
use super::{Global, Outcome, terminal};
use crate::sparql::Prefixes;
use crate::store::{Access, RunDescription, Store};
use anyhow::{Context, Result};
use clap::Args;
use oxrdf::NamedNode;
use std::io::Write;

/// Take articles out of the store, and what only they said
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  belligraph remove http://localhost:7878/article/example-17
  belligraph remove example-17")]
pub(super) struct Remove {
    /// The article's IRI, or what follows `article/` in it
    #[arg(required = true, value_name = "ARTICLE")]
    articles: Vec<String>,
}

impl Remove {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let store = Store::open(&global.store, Access::Write)?;
        let prefixes = Prefixes::of_base(store.base());
        let mut run = store.begin_run(&RunDescription::new("remove"))?;
        let mut output = Output::stdout()?;
        let mut outcome = Outcome::Done;
        for article in &self.articles {
            let iri = if article.contains(':') {
                terminal::iri(article, &prefixes)?
            } else {
                NamedNode::new(format!("{}{article}", store.graphs().article_prefix()))
                    .with_context(|| format!("`{article}` cannot be part of an IRI"))?
            };
            if run.remove_article(iri.as_ref())? {
                writeln!(output, "removed {}", iri.as_str())?;
            } else {
                writeln!(output, "not in the store: {}", iri.as_str())?;
                outcome = Outcome::Rejected;
            }
        }
        run.finish()?;
        output.finish()?;
        Ok(outcome)
    }
}
