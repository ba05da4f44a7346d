//! What a validation found: one result, and the report as RDF.

use super::path::Path;
use super::{ValidationError, vocabulary as sh};
use oxrdf::vocab::rdf;
use oxrdf::{BlankNode, Literal, NamedNode, NamedNodeRef, Term, Triple};
use oxrdfio::{RdfFormat, RdfSerializer, WriterQuadSerializer};
use std::io::Write;

/// How much a result matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// To know.
    Info,
    /// To look at.
    Warning,
    /// An error; also severities of an author's own.
    Violation,
}

/// One thing that a node breaks (SHACL, section 3.4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidationResult {
    /// The node.
    pub focus: Term,
    /// By which path its values were reached.
    pub path: Option<Path>,
    /// The value that is wrong, if it is one.
    pub value: Option<Term>,
    /// The severity as the shape names it.
    pub severity: NamedNode,
    /// The kind of constraint.
    pub component: NamedNode,
    /// The shape that has the constraint.
    pub shape: Term,
    /// The IRI of that shape, or of the one it stands in.
    pub shape_name: Option<NamedNode>,
    /// The constraint, if it is a node of its own.
    pub constraint: Option<Term>,
    /// What the shape says of it.
    pub messages: Vec<Literal>,
    /// What is wrong, in words of the validator's.
    pub detail: String,
    /// Where the node does not conform to another shape: what it breaks of that one.
    pub reasons: Vec<ValidationResult>,
}

impl ValidationResult {
    /// How much it matters.
    pub fn severity(&self) -> Severity {
        match self.severity.as_str().strip_prefix(sh::NAMESPACE) {
            Some("Info") => Severity::Info,
            Some("Warning") => Severity::Warning,
            _ => Severity::Violation,
        }
    }

    /// The shape's message, English if there is one; what the validator says otherwise.
    pub fn message(&self) -> &str {
        let english = self.messages.iter().find(|m| m.language().is_none_or(|tag| tag.starts_with("en")));
        english.or(self.messages.first()).map_or(&self.detail, |message| message.value())
    }

    /// The results that tell what is wrong: the reasons, as deep as it takes to come to one with a message.
    pub fn innermost(&self) -> Vec<&Self> {
        if self.reasons.is_empty() || !self.messages.is_empty() {
            vec![self]
        } else {
            self.reasons.iter().flat_map(Self::innermost).collect()
        }
    }

    /// Writes the result as triples, hung onto the report; `fresh` gives new blank nodes.
    pub fn write(&self, report: &BlankNode, fresh: &mut dyn FnMut() -> BlankNode) -> Vec<Triple> {
        let mut triples = Vec::new();
        self.write_below(report, sh::RESULT, &mut triples, fresh);
        triples
    }

    fn write_below(
        &self,
        above: &BlankNode,
        by: NamedNodeRef<'_>,
        triples: &mut Vec<Triple>,
        fresh: &mut dyn FnMut() -> BlankNode,
    ) {
        let result = fresh();
        triples.extend([
            Triple::new(above.clone(), by, result.clone()),
            Triple::new(result.clone(), rdf::TYPE, sh::VALIDATION_RESULT),
            Triple::new(result.clone(), sh::FOCUS_NODE, self.focus.clone()),
            Triple::new(result.clone(), sh::RESULT_SEVERITY, self.severity.clone()),
            Triple::new(result.clone(), sh::SOURCE_CONSTRAINT_COMPONENT, self.component.clone()),
            Triple::new(result.clone(), sh::SOURCE_SHAPE, self.shape.clone()),
        ]);
        if let Some(value) = &self.value {
            triples.push(Triple::new(result.clone(), sh::VALUE, value.clone()));
        }
        if let Some(constraint) = &self.constraint {
            triples.push(Triple::new(result.clone(), sh::SOURCE_CONSTRAINT, constraint.clone()));
        }
        if self.messages.is_empty() {
            triples.push(Triple::new(result.clone(), sh::RESULT_MESSAGE, Literal::from(self.detail.as_str())));
        }
        for message in &self.messages {
            triples.push(Triple::new(result.clone(), sh::RESULT_MESSAGE, message.clone()));
        }
        if let Some(path) = &self.path {
            let node = path.write(triples, fresh);
            triples.push(Triple::new(result.clone(), sh::RESULT_PATH, node));
        }
        for reason in &self.reasons {
            reason.write_below(&result, sh::DETAIL, triples, fresh);
        }
    }
}

/// A report written result by result, so that a long one takes no memory.
pub struct ReportWriter<W: Write> {
    serializer: WriterQuadSerializer<W>,
    report: BlankNode,
    minted: u64,
    any: bool,
}

impl<W: Write> std::fmt::Debug for ReportWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReportWriter").field("minted", &self.minted).finish_non_exhaustive()
    }
}

impl<W: Write> ReportWriter<W> {
    /// A report in an RDF format; `prefixes` shorten its IRIs where the format can.
    pub fn new<'p>(writer: W, format: RdfFormat, prefixes: impl IntoIterator<Item = (&'p str, &'p str)>) -> Self {
        let mut serializer = RdfSerializer::from_format(format);
        for (name, iri) in prefixes.into_iter().chain([("sh", sh::NAMESPACE)]) {
            if let Ok(with_prefix) = serializer.clone().with_prefix(name, iri) {
                serializer = with_prefix;
            }
        }
        Self {
            serializer: serializer.for_writer(writer),
            report: BlankNode::new_unchecked("report"),
            minted: 0,
            any: false,
        }
    }

    /// Writes a result.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn result(&mut self, result: &ValidationResult) -> Result<(), ValidationError> {
        self.any = true;
        let minted = &mut self.minted;
        let triples = result.write(&self.report, &mut || {
            *minted += 1;
            BlankNode::new_unchecked(format!("r{minted}"))
        });
        triples.iter().try_for_each(|triple| Ok(self.serializer.serialize_triple(triple)?))
    }

    /// Writes the verdict and ends the report.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn finish(mut self) -> Result<W, ValidationError> {
        let conforms = Literal::from(!self.any);
        for triple in [
            Triple::new(self.report.clone(), rdf::TYPE, sh::VALIDATION_REPORT),
            Triple::new(self.report.clone(), sh::CONFORMS, conforms),
        ] {
            self.serializer.serialize_triple(&triple)?;
        }
        Ok(self.serializer.finish()?)
    }
}
