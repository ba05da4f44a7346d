//! The checker of ontologies: what is broken, what is missing, and what is likely not meant.
//!
//! [`check`] is the entry point. It reads the ontology with its overlays, applies the rules of [`RULES`], runs the
//! example sentences of the frames, and the checks that authors write in SPARQL. Each finding has a file, a line and a
//! hint. Everything but the examples takes time in proportion to the ontology, so that one of 50,000 classes is
//! checked in seconds.

mod custom;
mod examples;
mod finding;
mod frames;
mod graph;
mod mappings;
mod report;
mod rules;
mod shapes;
mod terms;

pub use custom::CustomError;
pub use finding::{Finding, Level};
pub use report::Format;
pub use rules::{RULES, Rule};

use crate::ontology::{Ontology, OntologyError, Replacement};
use finding::Findings;
use graph::Graph;
use std::path::PathBuf;

/// What is checked, and how.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The folders laid over the embedded ontology.
    pub overlays: Vec<PathBuf>,
    /// SPARQL files, or folders of them, with further checks.
    pub custom: Vec<PathBuf>,
    /// Leave out the example sentences, which take most of the time.
    pub skip_examples: bool,
    /// Tell all of the embedded ontology as well where overlays are checked; else only its errors.
    pub all: bool,
}

/// What a check found.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was found, by file and line.
    pub findings: Vec<Finding>,
    /// How many classes, properties and frames were looked at.
    pub counts: Counts,
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Classes.
    pub classes: usize,
    /// Properties.
    pub properties: usize,
    /// Frames.
    pub frames: usize,
    /// Example and counter-example sentences that were run.
    pub examples: usize,
}

/// Checks the ontology with overlays.
///
/// An ontology that cannot be loaded gives what is wrong with it as findings, and nothing else.
///
/// # Errors
///
/// If a file of custom checks cannot be read or is no query.
pub fn check(options: &Options) -> Result<Report, CustomError> {
    let custom = custom::read(&options.custom)?;
    let ontology = match Ontology::load(&options.overlays) {
        Ok(ontology) => ontology,
        Err(OntologyError::Invalid(problems)) => {
            let findings = problems.into_iter().map(Finding::broken).collect();
            return Ok(Report { findings, counts: Counts::default() });
        }
    };
    // Extraction wants an ontology that stays; there is one in a run of the program.
    let ontology: &'static Ontology = Box::leak(Box::new(ontology));
    let graph = Graph::new(ontology);
    let mut findings = Findings::new(&graph);
    terms::check(&graph, &mut findings);
    shapes::check(&graph, &mut findings);
    mappings::check(&graph, &mut findings);
    frames::check(&graph, &mut findings);
    for replacement in ontology.replaced() {
        replaced(replacement, &mut findings);
    }
    custom::run(&custom, &graph, &mut findings)?;
    let examples = if options.skip_examples { 0 } else { examples::check(&graph, &mut findings) };
    let mut findings = findings.into_list();
    if ontology.has_overlays() && !options.all {
        let embedded = |finding: &Finding| ontology.sources().iter().any(|s| s.layer == 0 && s.path == finding.file);
        findings.retain(|finding| finding.level == Level::Error || !embedded(finding));
    }
    let counts = Counts {
        classes: ontology.classes().count(),
        properties: ontology.properties().count(),
        frames: ontology.frames().len(),
        examples,
    };
    Ok(Report { findings, counts })
}

fn replaced(replacement: &Replacement, findings: &mut Findings<'_>) {
    let Replacement { iri, file, line, old_file, old_line, lost } = replacement;
    let old_line = old_line.map(|line| format!(":{line}")).unwrap_or_default();
    let message = format!("replaces the description in {old_file}{old_line}");
    findings.at("replaced", iri, file, *line, message, "");
    if !lost.is_empty() {
        let names: Vec<String> = lost.iter().map(|p| format!("`{}`", findings.shorten(p))).collect();
        let message = format!("the description it replaces also had {}", names.join(", "));
        findings.at(
            "lost",
            iri,
            file,
            *line,
            message,
            "an overlay replaces a whole description; repeat what still holds",
        );
    }
}
