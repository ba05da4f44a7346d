//! Findings: what a rule found, how bad it is, where, and what to do.

use super::graph::Graph;
use super::rules;
use crate::ontology::Problem;
use crate::sparql::Prefixes;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Most likely not meant.
    Warning,
    /// Broken.
    Error,
}

impl Level {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The level of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Info, Self::Warning, Self::Error].into_iter().find(|level| level.as_str() == name)
    }
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// The rule: one of [`super::RULES`], or the name of a custom check.
    pub rule: String,
    /// What it is about, as a prefixed name where there is one; empty for a file as a whole.
    pub entity: String,
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: Option<u64>,
    /// What is wrong.
    pub message: String,
    /// What to do about it; empty if there is nothing to say.
    pub hint: String,
}

impl Finding {
    /// A problem that keeps the ontology from being loaded.
    pub(super) fn broken(problem: Problem) -> Self {
        let Problem { file, line, message, hint } = problem;
        Self { level: Level::Error, rule: "broken".to_owned(), entity: String::new(), file, line, message, hint }
    }
}

/// Findings being collected.
pub(super) struct Findings<'g> {
    graph: &'g Graph,
    prefixes: Prefixes,
    list: Vec<Finding>,
}

impl<'g> Findings<'g> {
    pub(super) fn new(graph: &'g Graph) -> Self {
        Self { graph, prefixes: Prefixes::of_base(crate::graph::DEFAULT_BASE), list: Vec::new() }
    }

    /// A finding of a rule about a subject, on the line of its description that has `words`.
    pub(super) fn about(&mut self, rule: &str, subject: &str, words: &str, message: String, hint: &str) {
        let (file, line) = self.graph.place(subject, words);
        self.at(rule, subject, &file, line, message, hint);
    }

    /// A finding of a rule in a place.
    pub(super) fn at(&mut self, rule: &str, subject: &str, file: &str, line: Option<u64>, message: String, hint: &str) {
        let level = rules::level(rule);
        self.add(level, rule, subject, (file.to_owned(), line), message, hint);
    }

    /// A finding with a level of its own.
    pub(super) fn add(
        &mut self,
        level: Level,
        rule: &str,
        subject: &str,
        place: (String, Option<u64>),
        message: String,
        hint: &str,
    ) {
        let entity = if subject.is_empty() { String::new() } else { self.shorten(subject) };
        let (file, line) = place;
        self.list.push(Finding { level, rule: rule.to_owned(), entity, file, line, message, hint: hint.to_owned() });
    }

    /// The prefixed name of an IRI.
    pub(super) fn shorten(&self, iri: &str) -> String {
        for (prefix, namespace) in [("frame", super::graph::FRAMES), ("pattern", super::graph::PATTERNS)] {
            if let Some(local) = iri.strip_prefix(namespace) {
                return format!("{prefix}:{local}");
            }
        }
        self.prefixes.shorten(iri)
    }

    /// All of them, by file and line.
    pub(super) fn into_list(mut self) -> Vec<Finding> {
        self.list.sort_by(|a, b| {
            (&a.file, a.line, std::cmp::Reverse(a.level), &a.rule, &a.message).cmp(&(
                &b.file,
                b.line,
                std::cmp::Reverse(b.level),
                &b.rule,
                &b.message,
            ))
        });
        self.list.dedup();
        self.list
    }
}
