//! What a change means: which step of the version it asks for, and why.
//!
//! The measure is what people have: data that was valid, queries that gave rows, programs that read codes. Where any of these may
//! break, the step is major; where there is more than before, minor; where only words for people changed, patch.

use super::description::{Description, Descriptions};
use super::{Fate, TermKind};
use crate::ontology::terms::{external, property};
use oxrdf::vocab::{rdf, rdfs};
use oxrdf::{NamedNodeRef, Term};
use std::collections::BTreeSet;

/// A step of the version, after semantic versioning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Nothing changed.
    None,
    /// Words for people.
    Patch,
    /// More than before; what was valid is valid still.
    Minor,
    /// Data or queries may break.
    Major,
}

impl Step {
    /// The step in one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// Whether data or queries may break.
    pub fn is_breaking(self) -> bool {
        self == Self::Major
    }
}

const SHACL: &str = "http://www.w3.org/ns/shacl#";
const OWL: &str = "http://www.w3.org/2002/07/owl#";

/// What the old version holds, as far as it decides what a change means.
pub(super) struct World {
    terms: BTreeSet<String>,
}

impl World {
    pub(super) fn new(before: &Descriptions) -> Self {
        Self { terms: before.named.keys().cloned().collect() }
    }
}

/// A term that came or went as a whole.
pub(super) fn of_term(description: &Description, fate: Fate, world: &World) -> (Step, &'static str) {
    match (fate, description.kind()) {
        (Fate::Removed, TermKind::Class) => {
            (Step::Major, "data and queries that use the class have nothing to stand on")
        }
        (Fate::Removed, TermKind::Property) => {
            (Step::Major, "data and queries that use the property have nothing to stand on")
        }
        (Fate::Removed, TermKind::Concept) => {
            (Step::Major, "data and queries that use the code have nothing to stand on")
        }
        (Fate::Removed, TermKind::Shape) => (Step::Minor, "less is asked of data"),
        (Fate::Removed, TermKind::Words) => (Step::Minor, "less is read from articles"),
        (Fate::Removed, TermKind::Ontology | TermKind::Other) => {
            (Step::Minor, "statements about a term of elsewhere went")
        }
        (_, TermKind::Shape) => {
            let target = NamedNodeRef::new_unchecked("http://www.w3.org/ns/shacl#targetClass");
            let mut targets = description.objects(target);
            let old = targets.any(|t| matches!(t, Term::NamedNode(t) if world.terms.contains(t.as_str())));
            if old {
                (Step::Major, "a new shape asks more of a class that data may have")
            } else {
                (Step::Minor, "the shape is for nothing that was there before")
            }
        }
        (_, TermKind::Words) => (Step::Minor, "more is read from articles"),
        _ => (Step::Minor, "it is new"),
    }
}

/// A statement that came or went.
pub(super) struct Change<'c> {
    pub(super) is_added: bool,
    pub(super) predicate: &'c str,
    pub(super) value: &'c str,
    pub(super) old: &'c Description,
    pub(super) new: &'c Description,
    pub(super) kind: TermKind,
}

impl Change<'_> {
    fn is(&self, predicate: NamedNodeRef<'_>) -> bool {
        self.predicate == predicate.as_str()
    }

    fn is_owl(&self, name: &str) -> bool {
        self.predicate.strip_prefix(OWL) == Some(name)
    }
}

/// What a statement that came or went means.
pub(super) fn of_statement(change: &Change<'_>) -> (Step, &'static str) {
    if is_for_people(change.predicate) {
        return (Step::Patch, "words for people");
    }
    if change.kind == TermKind::Shape {
        return of_shape(change);
    }
    if change.kind == TermKind::Words {
        return (Step::Minor, "articles are read otherwise");
    }
    let added = change.is_added;
    if change.is_owl("deprecated") {
        return (
            Step::Minor,
            if added { "deprecated: to be used no longer, but there still" } else { "deprecated no longer" },
        );
    }
    if change.is(rdfs::SUB_CLASS_OF) || change.is(rdfs::SUB_PROPERTY_OF) {
        // An anonymous class above is a restriction.
        return match (added, change.value.starts_with('[')) {
            (true, false) => (Step::Minor, "it is now below another term as well"),
            (false, false) => (Step::Major, "queries for the term above find it no longer"),
            (true, true) => (Step::Major, "a new restriction may exclude data"),
            (false, true) => (Step::Minor, "a restriction less"),
        };
    }
    if change.is(rdfs::DOMAIN) || change.is(rdfs::RANGE) {
        let has = |description: &Description| {
            description.statements.iter().any(|(predicate, _)| predicate == change.predicate)
        };
        return if added {
            (
                Step::Major,
                if has(change.old) {
                    "another domain or range may exclude data"
                } else {
                    "a domain or range where there was none may exclude data"
                },
            )
        } else if has(change.new) {
            (Step::Major, "another domain or range may exclude data")
        } else {
            (Step::Minor, "what it is used with is free now")
        };
    }
    if change.is(rdf::TYPE) {
        return match change.value.trim_matches(['<', '>']).strip_prefix(OWL) {
            Some("FunctionalProperty") if added => (Step::Major, "only one value is allowed now"),
            Some("FunctionalProperty") => (Step::Major, "queries that count on one value may meet several"),
            Some("ObjectProperty" | "DatatypeProperty" | "AnnotationProperty" | "Class" | "Ontology") => {
                (Step::Major, "it is another kind of term")
            }
            _ => (Step::Minor, "another characteristic"),
        };
    }
    if change.is_owl("disjointWith")
        || change.is_owl("equivalentClass")
        || change.is_owl("equivalentProperty")
        || change.is_owl("inverseOf")
    {
        let step = if added || !change.is_owl("disjointWith") { Step::Major } else { Step::Minor };
        return (step, "other things follow from data");
    }
    if change.is(external::SKOS_NOTATION) || change.is(property::EXCHANGE_NAME) {
        return if added && !has_predicate(change.old, change.predicate) {
            (Step::Minor, "a code where there was none")
        } else {
            (Step::Major, "programs that read the code meet another")
        };
    }
    let is_mapping = change.predicate.ends_with("Match");
    if is_mapping {
        return (Step::Minor, "it is mapped otherwise to another vocabulary");
    }
    if change.predicate.starts_with("http://www.w3.org/2004/02/skos/core#") {
        return if added {
            (Step::Minor, "it stands elsewhere in its scheme as well")
        } else {
            (Step::Major, "queries along the scheme find it no longer")
        };
    }
    (Step::Minor, "something else is said of it")
}

fn has_predicate(description: &Description, predicate: &str) -> bool {
    description.statements.iter().any(|(p, _)| p == predicate)
}

fn of_shape(change: &Change<'_>) -> (Step, &'static str) {
    let name = change.predicate.strip_prefix(SHACL).unwrap_or_default();
    match (name, change.is_added) {
        ("message" | "name" | "description" | "order" | "group", _) => (Step::Patch, "words for people"),
        ("severity", _) => (Step::Minor, "its results weigh otherwise"),
        // A property shape changed is one gone and one come: what differs decides.
        ("property", _) => property_shape(change),
        // A shape that is switched off asks less.
        ("deactivated", false) | (_, true) if name != "deactivated" || !change.is_added => {
            (Step::Major, "more is asked of data")
        }
        _ => (Step::Minor, "less is asked of data"),
    }
}

/// A property shape that came or went, or one of which some constraints did.
fn property_shape(change: &Change<'_>) -> (Step, &'static str) {
    // Constraints as they are written. Those inside a nested shape may be torn apart, which makes no two sets equal that are not.
    let constraints = |text: &str| -> BTreeSet<String> {
        let inner = text.trim_start_matches("[ ").trim_end_matches(" ]");
        let parts = inner.split(" ; ").filter(|part| !part.starts_with(&format!("<{SHACL}message>")));
        parts.map(str::to_owned).collect()
    };
    let path = |set: &BTreeSet<String>| set.iter().find(|part| part.starts_with(&format!("<{SHACL}path>"))).cloned();
    let own = constraints(change.value);
    let other = if change.is_added { change.old } else { change.new };
    let others = other.statements.iter().filter(|(predicate, _)| predicate == change.predicate);
    let same_path: Vec<_> =
        others.map(|(_, value)| constraints(value)).filter(|other| path(other) == path(&own)).collect();
    let is_covered = same_path.iter().any(|other| own.is_subset(other));
    match (change.is_added, is_covered) {
        (_, true) => (Step::Patch, "what it asks of the property is asked still"),
        (true, false) if same_path.is_empty() => (Step::Major, "a property is constrained that was not"),
        (true, false) => (Step::Major, "more is asked of a property"),
        (false, false) => (Step::Minor, "less is asked of a property"),
    }
}

/// Labels, definitions, examples, notes, dates and names of authors.
fn is_for_people(predicate: &str) -> bool {
    const NOTES: [&str; 12] = [
        "prefLabel",
        "altLabel",
        "hiddenLabel",
        "definition",
        "example",
        "note",
        "scopeNote",
        "editorialNote",
        "changeNote",
        "historyNote",
        "label",
        "comment",
    ];
    let local = predicate.rsplit(['#', '/']).next().unwrap_or(predicate);
    let skos = predicate.starts_with("http://www.w3.org/2004/02/skos/core#");
    let rdfs = predicate.starts_with("http://www.w3.org/2000/01/rdf-schema#");
    ((skos || rdfs) && (NOTES.contains(&local) || local == "seeAlso" || local == "isDefinedBy"))
        || predicate.starts_with("http://purl.org/dc/")
        || predicate.starts_with("http://purl.org/vocab/vann/")
        || matches!(local, "versionInfo" | "versionIRI" | "priorVersion" | "imports")
}
