//! `belligraph ontology terms`: the terms of the ontology, looked up in a terminal.

use super::super::output::Output;
use super::super::{Global, Outcome, terminal};
use crate::ontology::terms::short;
use crate::ontology::{Ontology, TermDescription};
use anyhow::Result;
use clap::{Args, ValueEnum};
use std::collections::BTreeMap;
use std::io::Write;

/// List and search the terms of the ontology
///
/// Without words, the classes as a tree. With words, the terms whose name, label, definition or triggers have them all,
/// with definition, place in the hierarchy, codes, and the words that evoke them.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  belligraph ontology terms
  belligraph ontology terms ambush
  belligraph ontology terms --kind property role
  belligraph ontology terms --below bg:Protest")]
pub(super) struct Terms {
    /// Words to search for
    #[arg(value_name = "SEARCH")]
    words: Vec<String>,
    /// Only classes, properties or concepts of code lists
    #[arg(long, short, value_enum)]
    kind: Option<Kind>,
    /// Only what is below this term in the hierarchy, and itself
    #[arg(long, value_name = "TERM")]
    below: Option<String>,
    /// As JSON, one object a term
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Classes
    Class,
    /// Properties
    Property,
    /// Concepts of code lists
    Concept,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Property => "property",
            Self::Concept => "concept",
        }
    }
}

impl Terms {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let ontology = super::load(global)?;
        let all = ontology.described_terms();
        let words: Vec<String> = self.words.iter().flat_map(|w| w.split_whitespace()).map(str::to_lowercase).collect();
        let triggers = triggers(ontology);
        let below = self.below.as_deref().map(|name| name.strip_prefix("bg:").unwrap_or(name));
        let is_below = |term: &TermDescription| {
            below.is_none_or(|below| {
                let above = || ontology.superclasses(&term.iri).iter().chain(ontology.superproperties(&term.iri));
                let named = |iri: &str| iri == below || short(iri).eq_ignore_ascii_case(below);
                named(&term.iri) || above().any(|a| named(a))
            })
        };
        let no_words = String::new();
        let found: Vec<&TermDescription> = all
            .iter()
            .filter(|term| self.kind.is_none_or(|kind| term.kind == kind.as_str()) && is_below(term))
            .filter(|term| {
                let evoking = triggers.get(term.iri.as_ref()).unwrap_or(&no_words);
                let labels = term.labels.join(" ");
                let definition = term.definition.as_deref().unwrap_or_default();
                let text = format!("{} {labels} {definition} {evoking}", term.iri).to_lowercase();
                words.iter().all(|word| text.contains(word.as_str()))
            })
            .collect();
        let mut output = Output::stdout()?;
        if found.is_empty() {
            super::super::report::tell("nothing", &"no term has these words; try fewer, or part of a word");
            output.finish()?;
            return Ok(Outcome::Rejected);
        }
        if self.json {
            for term in &found {
                let line = serde_json::json!({
                    "iri": term.iri.as_ref(), "kind": term.kind, "labels": term.labels, "definition": term.definition,
                    "example": term.example, "parents": term.parents.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
                    "evokedBy": triggers.get(term.iri.as_ref()),
                    "acled": ontology.acled(&term.iri), "plover": ontology.plover(&term.iri),
                });
                writeln!(output, "{line}")?;
            }
        } else if words.is_empty() && self.kind.is_none_or(|kind| kind == Kind::Class) {
            tree(&mut output, ontology, &found)?;
        } else {
            let mut ranked = found;
            // A term that is named so goes before one that is only described so.
            ranked.sort_by_key(|t| {
                let label = t.labels.first().map(|l| l.to_lowercase()).unwrap_or_default();
                (label != words.join(" "), !words.iter().all(|w| label.contains(w.as_str())), t.iri.clone())
            });
            for term in ranked {
                describe(&mut output, ontology, term, triggers.get(term.iri.as_ref()))?;
            }
        }
        output.finish()?;
        Ok(Outcome::Done)
    }
}

/// The words that evoke each class, in the order of the frames.
fn triggers(ontology: &Ontology) -> BTreeMap<&str, String> {
    let mut found: BTreeMap<&str, String> = BTreeMap::new();
    for frame in ontology.frames() {
        let words = frame.triggers.iter().map(|t| t.words.join(" ")).collect::<Vec<_>>().join(", ");
        let all = found.entry(&frame.evokes).or_default();
        if !all.is_empty() {
            all.push_str(", ");
        }
        all.push_str(&words);
    }
    found
}

fn describe(
    output: &mut Output,
    ontology: &Ontology,
    term: &TermDescription,
    evoked_by: Option<&String>,
) -> Result<()> {
    let (on, off) = if terminal::colour() { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    writeln!(output, "{on}{}{off}  {}  {}", term.labels.join(", "), short(&term.iri), term.kind)?;
    if let Some(definition) = &term.definition {
        writeln!(output, "  {definition}")?;
    }
    if let Some(example) = &term.example {
        writeln!(output, "  example: {example}")?;
    }
    let label = |iri: &str| ontology.label(iri).unwrap_or(short(iri)).to_owned();
    let mut line: Vec<String> = ontology.superclasses(&term.iri).iter().map(|c| label(c)).collect();
    line.extend(ontology.superproperties(&term.iri).iter().map(|p| label(p)));
    if !line.is_empty() {
        writeln!(output, "  below: {}", line.join(" < "))?;
    }
    let codes = [("ACLED", ontology.acled(&term.iri)), ("PLOVER", ontology.plover(&term.iri))];
    let codes: Vec<String> = codes.into_iter().filter_map(|(name, code)| Some(format!("{name} {}", code?))).collect();
    if !codes.is_empty() {
        writeln!(output, "  codes: {}", codes.join(", "))?;
    }
    if let Some(words) = evoked_by {
        writeln!(output, "  evoked by: {words}")?;
    }
    writeln!(output)?;
    Ok(())
}

/// The classes as a tree, each below its first parent.
fn tree(output: &mut Output, ontology: &Ontology, found: &[&TermDescription]) -> Result<()> {
    let shown: BTreeMap<&str, &TermDescription> = found.iter().map(|t| (t.iri.as_ref(), *t)).collect();
    let mut below: BTreeMap<&str, Vec<&TermDescription>> = BTreeMap::new();
    let mut roots = Vec::new();
    for term in found.iter().filter(|t| t.kind == "class") {
        match term.parents.iter().find(|p| shown.contains_key(p.as_ref())) {
            Some(parent) => below.entry(parent).or_default().push(term),
            None => roots.push(*term),
        }
    }
    let mut open: Vec<(usize, &TermDescription)> = roots.into_iter().rev().map(|t| (0, t)).collect();
    while let Some((depth, term)) = open.pop() {
        let definition = term.definition.as_deref().unwrap_or_default();
        let label = ontology.label(&term.iri).unwrap_or(short(&term.iri));
        writeln!(output, "{:indent$}{label} ({})  {definition}", "", short(&term.iri), indent = 2 * depth)?;
        let children = below.get(term.iri.as_ref()).into_iter().flatten().rev();
        open.extend(children.map(|t| (depth + 1, *t)));
    }
    Ok(())
}
