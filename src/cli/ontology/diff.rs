//! `belligraph ontology diff`: what changed between two versions of an ontology, and what that means.

use super::super::output::Output;
use super::super::{Global, Outcome, report};
use crate::authoring::diff::{Diff, Fate, Step, TermChange, Usage, add_usage};
use crate::authoring::rdf;
use crate::graph::DEFAULT_BASE;
use crate::ontology::Ontology;
use crate::sparql::{Prefixes, saved};
use crate::store::{Access, Store, StoreError};
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use oxrdf::{NamedNode, Triple};
use serde_json::json;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The name of the ontology in the program, in place of a path.
const EMBEDDED: &str = "embedded";
/// How much of a value is shown, in characters.
const SHOWN: usize = 160;

/// Show what changed between two versions of an ontology
#[derive(Args, Debug)]
#[command(long_about = "Show what changed between two versions of an ontology

Each version is a file, a folder of files, or `embedded`, the ontology in the program. Terms are compared by what is said of \
them; how blank nodes are called does not matter. Each change is major (data or queries may break), minor (more than \
before) or patch (words for people); the greatest tells the version that the new one must have. Where there is a store, uses of \
what changed are counted in it, and the saved queries that name it are listed.")]
#[command(after_help = "\
Examples:
  belligraph ontology diff embedded my-ontology
  belligraph --ontology power-grid ontology diff embedded
  belligraph ontology diff --format markdown --check old.ttl new.ttl")]
pub(super) struct Difference {
    /// The old version
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The new version [default: the ontology that the other commands work with, overlays included]
    #[arg(value_name = "NEW")]
    new: Option<PathBuf>,
    /// How it is written
    #[arg(long, short, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Exit code 1 if the version that the new one states is lower than the changes ask for
    #[arg(long)]
    check: bool,
    /// Do not look for uses in the store
    #[arg(long)]
    no_usage: bool,
    /// Where it is written [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Markdown,
    Json,
}

impl Difference {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let old = read(&self.old)?;
        let new = match &self.new {
            Some(path) => read(path)?,
            None => statements(super::load(global)?),
        };
        let mut diff = Diff::new(&old, &new);
        if !self.no_usage && !diff.changes.is_empty() {
            match Store::open(&global.store, Access::Read) {
                Ok(store) => {
                    let queries: Vec<_> =
                        saved::EMBEDDED.iter().map(|(name, text)| saved::SavedQuery::new(*name, *text)).collect();
                    add_usage(&mut diff, &store, &queries)?;
                }
                Err(StoreError::Missing(_)) => {}
                Err(error @ StoreError::Locked { .. }) => report::tell("uses are not counted", &error),
                Err(error) => return Err(error.into()),
            }
        }
        let names = Names(Prefixes::of_base(DEFAULT_BASE));
        let text = match self.format {
            Format::Text => text(&diff, &names),
            Format::Markdown => markdown(&diff, &names),
            Format::Json => serde_json::to_string_pretty(&as_json(&diff))? + "\n",
        };
        let mut output = Output::open(self.output.as_deref(), None)?;
        output.write_all(text.as_bytes())?;
        output.finish()?;
        if self.check && diff.is_version_high_enough().is_none() {
            bail!("the versions cannot be compared: state `owl:versionInfo` as in \"1.2.0\" in both");
        }
        let is_too_low = diff.is_version_high_enough() == Some(false);
        Ok(if self.check && is_too_low { Outcome::Rejected } else { Outcome::Done })
    }
}

fn read(path: &Path) -> Result<Vec<Triple>> {
    if path.as_os_str() == EMBEDDED && !path.exists() {
        return Ok(statements(Ontology::embedded()));
    }
    Ok(rdf::read(path)?)
}

fn statements(ontology: &Ontology) -> Vec<Triple> {
    ontology.statements().into_iter().map(|statement| statement.triple).collect()
}

/// Writes IRIs short.
struct Names(Prefixes);

impl Names {
    fn term(&self, node: &NamedNode) -> String {
        const FURTHER: [(&str, &str); 2] =
            [("http://www.w3.org/ns/shacl#", "sh:"), ("https://w3id.org/belligraph/shape#", "shape:")];
        let further = FURTHER.iter().find_map(|(iri, prefix)| Some((node.as_str().strip_prefix(iri)?, prefix)));
        further.map_or_else(|| self.0.shorten(node.as_str()), |(name, prefix)| format!("{prefix}{name}"))
    }

    /// A value with the IRIs in it short, cut where it gets long.
    fn value(&self, text: &str) -> String {
        let mut short = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['<', '"']) {
            short.push_str(&rest[..at]);
            let opened = &rest[at..];
            let close = if opened.starts_with('<') { opened.find('>') } else { closing_quote(opened) };
            let Some(close) = close else {
                rest = opened;
                break;
            };
            match opened.strip_prefix('<') {
                Some(_) => short.push_str(&self.term(&NamedNode::new_unchecked(&opened[1..close]))),
                None => short.push_str(&opened[..=close]),
            }
            rest = &opened[close + 1..];
        }
        short.push_str(rest);
        if short.chars().count() <= SHOWN {
            return short;
        }
        short.chars().take(SHOWN - 1).chain(['…']).collect()
    }

    fn name(&self, change: &TermChange) -> String {
        match (&change.iri, &change.label) {
            (Some(iri), Some(label)) => format!("{} “{label}”", self.term(iri)),
            (Some(iri), None) => self.term(iri),
            (None, label) => self.value(label.as_deref().unwrap_or_default()),
        }
    }
}

/// Where the literal that begins a text ends.
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().skip(1).find_map(|(at, c)| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes.then_some(at)
    })
}

/// `1.0.0 → 1.1.0: 1 removed, 2 added; this breaks …`.
fn summary(diff: &Diff) -> String {
    let version = |version: &Option<String>| version.clone().unwrap_or_else(|| "no version".to_owned());
    let mut text = format!("{} → {}: ", version(&diff.old_version), version(&diff.new_version));
    if diff.changes.is_empty() {
        return text + "nothing changed";
    }
    let counts: Vec<String> = [Fate::Removed, Fate::Changed, Fate::Added]
        .into_iter()
        .filter_map(|fate| {
            let count = diff.changes.iter().filter(|change| change.fate == fate).count();
            (count > 0).then(|| format!("{count} {}", fate.as_str()))
        })
        .collect();
    text += &counts.join(", ");
    text += match diff.step() {
        Step::Major => "; breaking (major)",
        Step::Minor => "; compatible (minor)",
        Step::Patch => "; compatible (patch)",
        Step::None => "",
    };
    if let Some(next) = diff.next_version() {
        let _ = write!(text, ", so the version must be {next} or higher");
        if diff.is_version_high_enough() == Some(false) {
            let _ = write!(text, ": {} is too low", version(&diff.new_version));
        }
    }
    text
}

fn used(usage: &Usage) -> String {
    let mut text = match usage.data {
        0 => "not used in the store".to_owned(),
        1 => "used once in the store".to_owned(),
        count => format!("used {count} times in the store"),
    };
    if !usage.queries.is_empty() {
        let _ = write!(text, ", and by the queries {}", usage.queries.join(", "));
    }
    text
}

fn text(diff: &Diff, names: &Names) -> String {
    let mut text = summary(diff) + "\n";
    for fate in [Fate::Removed, Fate::Changed, Fate::Added] {
        let mut changes = diff.changes.iter().filter(|change| change.fate == fate).peekable();
        if changes.peek().is_some() {
            let _ = writeln!(text, "\n{}", fate.as_str());
        }
        for change in changes {
            let kind = change.kind.as_str();
            let _ = writeln!(text, "  {} {kind} {}", change.step.as_str(), names.name(change));
            if change.statements.is_empty() && fate != Fate::Added {
                let _ = writeln!(text, "      {}", change.reason);
            }
            for statement in &change.statements {
                let sign = if statement.is_added { '+' } else { '-' };
                let (predicate, value) = (names.term(&statement.predicate), names.value(&statement.value));
                let _ = write!(text, "    {sign} {predicate} {value}");
                if statement.step > Step::Patch {
                    let _ = write!(text, "  ({}: {})", statement.step.as_str(), statement.reason);
                }
                text.push('\n');
            }
            if let Some(successor) = &change.successor {
                let _ = writeln!(text, "      replaced by {}", names.term(successor));
            }
            if let Some(usage) = change.usage.as_ref().filter(|_| fate != Fate::Added) {
                let _ = writeln!(text, "      {}", used(usage));
            }
        }
    }
    text
}

fn markdown(diff: &Diff, names: &Names) -> String {
    let code = |text: &str| format!("`{}`", text.replace('`', "'"));
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    let mut text = format!("# Changes\n\n{}.\n", summary(diff));
    for fate in [Fate::Removed, Fate::Changed, Fate::Added] {
        let changes: Vec<_> = diff.changes.iter().filter(|change| change.fate == fate).collect();
        if changes.is_empty() {
            continue;
        }
        let title = fate.as_str();
        let has_usage = fate != Fate::Added && changes.iter().any(|change| change.usage.is_some());
        let _ = write!(text, "\n## {}{}\n\n| term | kind | step | why |", title[..1].to_uppercase(), &title[1..]);
        text += if has_usage { " used |\n|---|---|---|---|---|\n" } else { "\n|---|---|---|---|\n" };
        for change in changes {
            let name = change.iri.as_ref().map_or_else(|| names.name(change), |iri| names.term(iri));
            let label =
                change.label.as_ref().filter(|_| change.iri.is_some()).map(|l| format!(" {l}")).unwrap_or_default();
            let mut why = change.reason.to_owned();
            for statement in &change.statements {
                let sign = if statement.is_added { "added" } else { "removed" };
                let line = format!("{} {}", names.term(&statement.predicate), names.value(&statement.value));
                let _ = write!(why, "<br>{sign} {}", code(&line));
            }
            if let Some(successor) = &change.successor {
                let _ = write!(why, "<br>replaced by {}", code(&names.term(successor)));
            }
            let _ = write!(
                text,
                "| {}{} | {} | {} | {} |",
                code(&cell(&name)),
                cell(&label),
                change.kind.as_str(),
                change.step.as_str(),
                cell(&why)
            );
            if has_usage {
                let _ = write!(text, " {} |", change.usage.as_ref().map(used).unwrap_or_default());
            }
            text.push('\n');
        }
    }
    text
}

fn as_json(diff: &Diff) -> serde_json::Value {
    let change = |change: &TermChange| {
        let statement = |s: &crate::authoring::diff::StatementChange| {
            json!({
                "change": if s.is_added { "added" } else { "removed" },
                "predicate": s.predicate.as_str(),
                "value": s.value,
                "step": s.step.as_str(),
                "reason": s.reason,
            })
        };
        json!({
            "iri": change.iri.as_ref().map(NamedNode::as_str),
            "label": change.label,
            "kind": change.kind.as_str(),
            "change": change.fate.as_str(),
            "step": change.step.as_str(),
            "breaking": change.step.is_breaking(),
            "reason": change.reason,
            "statements": change.statements.iter().map(statement).collect::<Vec<_>>(),
            "replacedBy": change.successor.as_ref().map(NamedNode::as_str),
            "usage": change.usage.as_ref().map(|usage| json!({ "data": usage.data, "queries": usage.queries })),
        })
    };
    json!({
        "oldVersion": diff.old_version,
        "newVersion": diff.new_version,
        "step": diff.step().as_str(),
        "breaking": diff.step().is_breaking(),
        "nextVersion": diff.next_version(),
        "versionIsHighEnough": diff.is_version_high_enough(),
        "changes": diff.changes.iter().map(change).collect::<Vec<_>>(),
    })
}
