//! `belligraph load`: reads articles into the store.

use super::inputs::Inputs;
use super::output::Output;
use super::progress::Progress;
use super::{Global, Outcome, report, validate};
use crate::authoring::validate::{Gate, Severity};
use crate::ontology::Ontology;
use crate::pipeline::{Chain, Loading, Summary, Toll, in_order};
use crate::store::{DEFAULT_BASE, Store};
use anyhow::{Context, Result};
use clap::Args;
use std::io::Write;
use std::path::Path;

/// How many types of event a summary names.
const SHOWN: usize = 12;

/// Read articles into the store
#[derive(Args, Debug)]
#[command(long_about = "Read articles into the store

An article that is in the store already is replaced. What cannot be read is told with the reason, and so is an article \
whose facts break the shapes of the ontology: nothing of it is stored. The rest is loaded; the exit code is 1 then.")]
#[command(after_help = "\
Examples:
  belligraph load seeds/articles
  belligraph load --published 2018-01-02 article.txt
  belligraph load news.jsonl.gz https://example.org/story.html
  belligraph --store libya.db load --base https://example.org/kg/ articles/")]
pub(super) struct Load {
    #[command(flatten)]
    inputs: Inputs,
    #[arg(long, value_name = "IRI", help = "The base of the IRIs of a new store [default: http://localhost:7878/]")]
    base: Option<String>,
    /// How many articles are read at the same time; 0 is one for each processor
    #[arg(long, short, value_name = "NUMBER", default_value_t = 0)]
    jobs: usize,
    /// Tell what would be loaded, and leave the store alone
    #[arg(long)]
    dry_run: bool,
    /// Store articles without checking what they give against the shapes of the ontology
    #[arg(long)]
    no_validate: bool,
}

impl Load {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(self.jobs).build().context("cannot start threads")?;
        // Before the store is made or opened: a broken overlay leaves nothing behind.
        super::ontology::warn_of_foreign(global);
        let ontology = super::ontology::load(global)?;
        let store = if self.dry_run {
            Store::in_memory(self.base.as_deref().unwrap_or(DEFAULT_BASE))?
        } else {
            Store::open_or_create(&global.store, self.base.as_deref())?
        };
        threads.install(|| self.load(&store, &global.store, ontology))
    }

    fn load(self, store: &Store, path: &Path, ontology: &'static Ontology) -> Result<Outcome> {
        let chain = Chain::new(ontology);
        let articles = self.inputs.articles();
        let progress = Progress::of_bytes(articles.meter());
        let bar = progress.clone();
        let articles = articles.on_warning(move |warning| bar.suspend(|| report::tell("warning", &warning)));
        let mut loading = Loading::begin(store, chain.ontology(), "load")?;
        let mut rejected = 0_usize;
        let base = store.base();
        let gate = if self.no_validate { None } else { Some(Gate::new(chain.ontology(), base)?) };
        let work = |read: Result<crate::article::Article, crate::article::ReadError>| {
            read.map(|article| {
                let reported = chain.read(article, base);
                let graph = chain.graph(&reported);
                let findings = gate.as_ref().map_or_else(|| Ok(Vec::new()), |gate| gate.check(&graph));
                (reported, graph, findings)
            })
        };
        in_order(articles, work, |result| -> Result<()> {
            match result {
                Ok((reported, graph, findings)) => {
                    let findings = findings?;
                    let broken = findings.iter().any(|finding| finding.result.severity() == Severity::Violation);
                    if !findings.is_empty() {
                        progress.suspend(|| validate::tell_of_article(&reported, &findings, broken, base));
                    }
                    if broken {
                        rejected += 1;
                    } else {
                        loading.add(&reported, graph)?;
                    }
                }
                Err(error) => {
                    rejected += 1;
                    progress.suspend(|| report::tell("rejected", &error));
                }
            }
            progress.advance();
            Ok(())
        })?;
        progress.finish();
        let summary = loading.finish()?;
        let mut output = Output::stdout()?;
        if self.dry_run {
            writeln!(output, "nothing was stored: this was a dry run")?;
        } else {
            writeln!(output, "store: {}", path.display())?;
        }
        write_summary(&mut output, &summary, rejected)?;
        output.finish()?;
        Ok(if rejected == 0 { Outcome::Done } else { Outcome::Rejected })
    }
}

/// Writes what was loaded.
pub(super) fn write_summary(output: &mut impl Write, summary: &Summary, rejected: usize) -> Result<()> {
    let Summary { added, replaced, unchanged, .. } = summary;
    let total = added + replaced + unchanged;
    write!(output, "articles: {total} ({added} new, {replaced} changed, {unchanged} as before)")?;
    if rejected > 0 {
        write!(output, ", {rejected} rejected: see above")?;
    }
    writeln!(output)?;
    if !summary.other_languages.is_empty() {
        let skipped: usize = summary.other_languages.values().sum();
        let named: Vec<String> =
            summary.other_languages.iter().map(|(name, count)| format!("{name} {count}")).collect();
        writeln!(output, "not extracted, since not in English: {skipped} ({})", named.join(", "))?;
    }
    if summary.shortened > 0 {
        writeln!(output, "too long, so that only the beginning was read: {}", summary.shortened)?;
    }
    let events: usize = summary.events.values().sum();
    writeln!(output, "events: {events}, and {} planned, feared, denied or the like", summary.unrealized)?;
    let mut types: Vec<_> = summary.events.iter().collect();
    types.sort_by(|(one, n), (other, m)| m.cmp(n).then(one.cmp(other)));
    for (label, count) in types.iter().take(SHOWN) {
        writeln!(output, "  {count:>6}  {label}")?;
    }
    if types.len() > SHOWN {
        let others: usize = types.iter().skip(SHOWN).map(|(_, count)| **count).sum();
        writeln!(output, "  {others:>6}  of {} other types", types.len() - SHOWN)?;
    }
    writeln!(output, "actors: {}, places: {}", summary.actors.len(), summary.places.len())?;
    writeln!(
        output,
        "killed: {}, injured: {} (as the articles report, added up)",
        range(summary.killed),
        range(summary.injured)
    )?;
    Ok(())
}

/// `12`, `12 to 15`, `12 or more`.
fn range(toll: Toll) -> String {
    let Toll { min, max, is_open } = toll;
    match (min == max, is_open) {
        (true, false) => min.to_string(),
        (true, true) => format!("{min} or more"),
        (false, false) => format!("{min} to {max}"),
        (false, true) => format!("{min} to {max} or more"),
    }
}
