//! `belligraph stats`: what the store holds.

use super::output::Output;
use super::{Global, Outcome};
use crate::ontology::Ontology;
use crate::ontology::terms::{class, local_name};
use crate::pipeline::{Chain, stale};
use crate::store::{Access, Statistics, Store, Sum};
use anyhow::Result;
use clap::Args;
use oxrdf::{NamedNode, NamedNodeRef};
use std::io::Write;

/// Show how much the store holds
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  belligraph stats
  belligraph stats --verify
  belligraph stats --json | jq .articles")]
pub(super) struct Stats {
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Also check that no triple is in two graphs and that what articles imply is there; exit code 1 if not
    #[arg(long)]
    verify: bool,
}

impl Stats {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let store = Store::open(&global.store, Access::Read)?;
        let ontology = super::ontology::load(global)?;
        let statistics = store.statistics()?;
        let stale = stale(&store, &Chain::new(ontology))?.len();
        let problems = if self.verify { store.verify()? } else { Vec::new() };
        let mut output = Output::stdout()?;
        if self.json {
            write_json(&mut output, &store, &statistics, stale)?;
        } else {
            write_text(&mut output, &store, &statistics, stale, ontology)?;
        }
        for problem in &problems {
            super::report::tell("problem", problem);
        }
        output.finish()?;
        Ok(if problems.is_empty() { Outcome::Done } else { Outcome::Rejected })
    }
}

fn count(statistics: &Statistics, class: NamedNodeRef<'_>) -> usize {
    statistics.classes.get(&class.into_owned()).copied().unwrap_or_default()
}

fn write_text(
    output: &mut impl Write,
    store: &Store,
    statistics: &Statistics,
    stale: usize,
    ontology: &Ontology,
) -> Result<()> {
    writeln!(output, "base: {}", store.base())?;
    writeln!(output, "articles: {}, {stale} of them stale", statistics.articles)?;
    let (events, unrealized) = (count(statistics, class::EVENT), count(statistics, class::UNREALIZED_EVENT));
    writeln!(output, "events: {events}, and {unrealized} planned, feared, denied or the like")?;
    for (depth, class, count) in tree(statistics, ontology, class::EVENT) {
        let label = ontology.label(class.as_str()).unwrap_or(class.as_str());
        writeln!(output, "  {count:>6}  {:indent$}{label}", "", indent = 2 * (depth - 1))?;
    }
    let (actors, places) = (count(statistics, class::ACTOR), count(statistics, class::PLACE));
    writeln!(output, "actors: {actors}, places: {places}, situations: {}", count(statistics, class::SITUATION))?;
    for (outcome, Sum { min, max, is_open }) in &statistics.casualties {
        let label = ontology.label(outcome.as_str()).unwrap_or(outcome.as_str());
        let open = if *is_open { " or more" } else { "" };
        let to = if min == max { String::new() } else { format!(" to {max}") };
        writeln!(output, "{label}: {min}{to}{open} (as the articles report, added up)")?;
    }
    writeln!(output, "triples: {}", statistics.graphs.values().sum::<usize>())?;
    for (graph, count) in &statistics.graphs {
        writeln!(output, "  {count:>8}  {graph}")?;
    }
    Ok(())
}

/// The classes below `root` with their depth below it and their count, each class after the one above it.
fn tree<'s>(
    statistics: &'s Statistics,
    ontology: &Ontology,
    root: NamedNodeRef<'_>,
) -> Vec<(usize, &'s NamedNode, usize)> {
    let mut rows = Vec::new();
    for (class, count) in &statistics.classes {
        let above = ontology.superclasses(class.as_str());
        if let Some(depth) = above.iter().position(|other| &**other == root.as_str()) {
            let mut path: Vec<&str> = above[..depth].iter().rev().map(|class| &**class).collect();
            path.push(class.as_str());
            rows.push((path.iter().map(|class| (*class).to_owned()).collect::<Vec<_>>(), depth + 1, class, *count));
        }
    }
    rows.sort_unstable_by(|(one, ..), (other, ..)| one.cmp(other));
    rows.into_iter().map(|(_, depth, class, count)| (depth, class, count)).collect()
}

fn write_json(output: &mut impl Write, store: &Store, statistics: &Statistics, stale: usize) -> Result<()> {
    let name = |node: &NamedNode| local_name(node.as_ref()).unwrap_or(node.as_str()).to_owned();
    let classes: serde_json::Map<_, _> =
        statistics.classes.iter().map(|(class, n)| (name(class), (*n).into())).collect();
    let casualties = statistics.casualties.iter().map(|(outcome, sum)| {
        let max = if sum.is_open { serde_json::Value::Null } else { sum.max.into() };
        (name(outcome), serde_json::json!({"min": sum.min, "max": max}))
    });
    let json = serde_json::json!({
        "base": store.base(),
        "articles": statistics.articles,
        "stale": stale,
        "classes": classes,
        "casualties": casualties.collect::<serde_json::Map<_, _>>(),
        "graphs": statistics.graphs,
    });
    serde_json::to_writer_pretty(&mut *output, &json).map_err(std::io::Error::from)?;
    writeln!(output)?;
    Ok(())
}
