//! `belligraph validate`: the store, or RDF files, against the shapes of the ontology.

use super::output::Output;
use super::report;
use super::{Global, Outcome};
use crate::authoring::rdf;
use crate::authoring::validate::{
    Checked, Classes, Finding, Graph, Layered, MemoryGraph, ReportWriter, Severity, Shapes, StoreGraph,
    ValidationResult, Validator, sentence,
};
use crate::pipeline::{Reported, known_actors, known_places};
use crate::sparql::Prefixes;
use crate::store::{Access, DEFAULT_BASE, Store};
use anyhow::Result;
use clap::{Args, ValueEnum};
use oxrdf::{NamedNode, Term};
use oxrdfio::RdfFormat;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

/// The namespace of the shapes that the program ships.
const SHAPES: &str = "https://w3id.org/belligraph/shape#";
/// How much of a sentence is shown, in characters.
const SENTENCE: usize = 160;

/// Check the store, or RDF files, against the shapes of the ontology (SHACL)
#[derive(Args, Debug)]
#[command(long_about = "Check the store, or RDF files, against the shapes of the ontology (SHACL)

Without a file, the whole store is checked, node by node, in a memory that does not grow with it. Files are checked \
together, over the ontology and the known actors. The exit code is 1 if a shape is violated.")]
#[command(after_help = "\
Examples:
  belligraph validate
  belligraph validate --format turtle --output report.ttl
  belligraph validate --shapes my-shapes.ttl --fail-on warning article.ttl")]
pub(super) struct Validate {
    /// RDF files or folders of them [default: the store]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Shapes in place of those of the ontology: a file, or a folder of them; can be repeated
    #[arg(long, value_name = "PATH")]
    shapes: Vec<PathBuf>,
    /// How the report is written
    #[arg(long, short, value_enum, default_value_t = ReportFormat::Text)]
    format: ReportFormat,
    /// Where it is written; compressed if the name ends in .gz or .zst [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How severe a result must be for the exit code 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Violation)]
    fail_on: FailOn,
    /// How many results the text tells one by one; the others are counted
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    limit: u64,
}

/// The formats of a report: text for people, the others a `sh:ValidationReport`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    Text,
    Turtle,
    Jsonld,
    Ntriples,
    Rdfxml,
    /// One JSON object: the verdict and the results, with their sentences
    Json,
}

impl ReportFormat {
    fn rdf(self) -> Option<RdfFormat> {
        Some(match self {
            Self::Text | Self::Json => return None,
            Self::Turtle => RdfFormat::Turtle,
            Self::Jsonld => RdfFormat::JsonLd { profile: oxrdfio::JsonLdProfileSet::default() },
            Self::Ntriples => RdfFormat::NTriples,
            Self::Rdfxml => RdfFormat::RdfXml,
        })
    }
}

/// From which severity on a validation has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Info,
    Warning,
    Violation,
}

impl FailOn {
    fn severity(self) -> Severity {
        match self {
            Self::Info => Severity::Info,
            Self::Warning => Severity::Warning,
            Self::Violation => Severity::Violation,
        }
    }
}

/// How many results of each severity there are.
#[derive(Default)]
struct Counts(BTreeMap<Severity, u64>);

impl Counts {
    fn of(&self, severity: Severity) -> u64 {
        self.0.get(&severity).copied().unwrap_or_default()
    }
}

impl Validate {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let ontology = super::ontology::load(global)?;
        let mut shapes = Vec::new();
        for path in &self.shapes {
            shapes.extend(rdf::read(path)?);
        }
        if self.shapes.is_empty() {
            shapes = rdf::ontology(ontology);
        }
        let shapes = Shapes::new(shapes)?;
        if self.files.is_empty() {
            let store = Store::open(&global.store, Access::Read)?;
            let graph = StoreGraph::new(&store);
            let classes = Classes::new(&shapes, &graph)?;
            return self.check(&shapes, &classes, &graph, &Prefixes::of_base(store.base()));
        }
        let mut triples = Vec::new();
        for path in &self.files {
            triples.extend(rdf::read(path)?);
        }
        let top = MemoryGraph::new(triples);
        let known = rdf::ontology(ontology)
            .into_iter()
            .chain(known_actors(DEFAULT_BASE, ontology))
            .chain(known_places(DEFAULT_BASE, ontology));
        let below = MemoryGraph::new(known);
        let graph = Layered::new(&top, &below);
        let classes = Classes::new(&shapes, &graph)?;
        self.check(&shapes, &classes, &graph, &Prefixes::of_base(DEFAULT_BASE))
    }

    fn check(&self, shapes: &Shapes, classes: &Classes, graph: &dyn Graph, prefixes: &Prefixes) -> Result<Outcome> {
        let validator = Validator::new(shapes, classes, graph);
        let mut output = Output::open(self.output.as_deref(), None)?;
        let mut counts = Counts::default();
        if let Some(format) = self.format.rdf() {
            let mut writer = ReportWriter::new(&mut output, format, prefixes.iter().chain([("shape", SHAPES)]));
            validator.run(|result| {
                *counts.0.entry(result.severity()).or_default() += 1;
                writer.result(&result)
            })?;
            writer.finish()?;
        } else if self.format == ReportFormat::Json {
            let mut first = true;
            write!(output, "{{\"results\": [")?;
            let checked = validator.run(|result| {
                *counts.0.entry(result.severity()).or_default() += 1;
                let sentence = sentence(graph, &result.focus)?;
                let object = json(&Finding { result, sentence });
                write!(output, "{}\n  {object}", if first { "" } else { "," })?;
                first = false;
                Ok(())
            })?;
            writeln!(output, "\n], \"conforms\": {first}, \"checked\": {}}}", checked.nodes)?;
        } else {
            let mut told = 0;
            let mut by_shape: BTreeMap<String, u64> = BTreeMap::new();
            let checked = validator.run(|result| {
                *counts.0.entry(result.severity()).or_default() += 1;
                told += 1;
                if told <= self.limit {
                    let sentence = sentence(graph, &result.focus)?;
                    write!(output, "{}", described(&Finding { result, sentence }, prefixes))?;
                } else {
                    for inner in result.innermost() {
                        let message = format!("{}: {}", shape_name(inner, prefixes), inner.message());
                        *by_shape.entry(message).or_default() += 1;
                    }
                }
                Ok(())
            })?;
            for (message, count) in &by_shape {
                writeln!(output, "{count} more of {message}")?;
            }
            writeln!(output, "{}", verdict(shapes, checked, &counts))?;
        }
        output.finish()?;
        let worst = counts.0.keys().next_back();
        Ok(if worst.is_some_and(|worst| *worst >= self.fail_on.severity()) { Outcome::Rejected } else { Outcome::Done })
    }
}

fn verdict(shapes: &Shapes, checked: Checked, counts: &Counts) -> String {
    let found: Vec<String> = [
        (Severity::Violation, "violation", "violations"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Info, "note", "notes"),
    ]
    .into_iter()
    .filter_map(|(severity, one, many)| {
        let count = counts.of(severity);
        (count > 0).then(|| format!("{count} {}", if count == 1 { one } else { many }))
    })
    .collect();
    let found = if found.is_empty() { "all conform".to_owned() } else { found.join(", ") };
    format!("checked {} nodes against {} shapes: {found}", checked.nodes, shapes.count().0)
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Violation => "violation",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn short(term: &Term, prefixes: &Prefixes) -> String {
    match term {
        Term::NamedNode(node) => short_iri(node, prefixes),
        Term::Literal(literal) if literal.value().chars().count() > SENTENCE => cut(literal.value()),
        other => other.to_string(),
    }
}

fn short_iri(node: &NamedNode, prefixes: &Prefixes) -> String {
    match node.as_str().strip_prefix(SHAPES) {
        Some(name) => format!("shape:{name}"),
        None => prefixes.shorten(node.as_str()),
    }
}

fn shape_name(result: &ValidationResult, prefixes: &Prefixes) -> String {
    let name = result.shape_name.as_ref();
    name.map_or_else(|| "a shape without a name".to_owned(), |name| short_iri(name, prefixes))
}

/// A result for people: what is wrong with which node, by which shape, and the sentence it was read from.
fn described(finding: &Finding, prefixes: &Prefixes) -> String {
    let Finding { result, sentence } = finding;
    let (severity, focus) = (word(result.severity()), short(&result.focus, prefixes));
    let mut text = String::new();
    for inner in result.innermost() {
        let _ = writeln!(text, "{severity}: {focus}: {}", inner.message());
        let _ = write!(text, "  by {}", shape_name(inner, prefixes));
        if let Some(path) = &inner.path {
            let _ = write!(text, ", {}", path.named(&|node| short_iri(node, prefixes)));
        }
        if let Some(value) = inner.value.as_ref().filter(|value| **value != inner.focus) {
            let _ = write!(text, ": {}", short(value, prefixes));
        }
        if !inner.messages.is_empty() {
            let _ = write!(text, " ({})", inner.detail);
        }
        text.push('\n');
    }
    if let Some(sentence) = sentence {
        let _ = writeln!(text, "  in \u{201c}{}\u{201d}", cut(sentence));
    }
    text
}

fn cut(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= SENTENCE {
        return one_line;
    }
    let head: String = one_line.chars().take(SENTENCE - 1).collect();
    format!("{head}\u{2026}")
}

fn json(finding: &Finding) -> serde_json::Value {
    let mut object = json_of(&finding.result);
    object["sentence"] = finding.sentence.as_deref().into();
    object
}

fn json_of(result: &ValidationResult) -> serde_json::Value {
    let bare = |term: &Term| match term {
        Term::NamedNode(node) => node.as_str().to_owned(),
        Term::Literal(literal) => literal.value().to_owned(),
        Term::BlankNode(node) => node.to_string(),
    };
    serde_json::json!({
        "severity": word(result.severity()),
        "focus": bare(&result.focus),
        "path": result.path.as_ref().map(ToString::to_string),
        "value": result.value.as_ref().map(bare),
        "component": result.component.as_str(),
        "shape": result.shape_name.as_ref().map(NamedNode::as_str),
        "message": result.message(),
        "detail": result.detail,
        "reasons": result.reasons.iter().map(json_of).collect::<Vec<_>>(),
    })
}

/// Tells what an article that is being loaded breaks, and whether it is left out for that.
pub(super) fn tell_of_article(reported: &Reported, findings: &[Finding], is_rejected: bool, base: &str) {
    let prefixes = Prefixes::of_base(base);
    let article = &reported.article;
    let headline = if article.headline.is_empty() { &article.body } else { &article.headline };
    let mut text = format!("\u{201c}{}\u{201d} ({})", cut(headline), reported.iris.article());
    let violations = findings.iter().filter(|finding| finding.result.severity() == Severity::Violation).count();
    if is_rejected {
        let _ = write!(text, " breaks the shapes of the ontology in {violations} places; nothing of it is stored");
    }
    text.push('\n');
    for finding in findings {
        for line in described(finding, &prefixes).lines() {
            let _ = writeln!(text, "  {line}");
        }
    }
    report::tell(if is_rejected { "rejected" } else { "warning" }, &text.trim_end());
}
