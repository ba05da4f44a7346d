//! Two versions of an ontology side by side: which terms came, went and changed, and which step of the version that asks for.
//!
//! [`Diff::new`] compares the statements of both, term by term. A blank node has no name to compare, so what hangs on it is
//! written into the statement that leads to it; where blank nodes are shared or go round in circles, the descriptions
//! are compared in their canonical form (RDF Dataset Canonicalization, W3C 2024). [`impact`] says what each change means for data and
//! queries, after semantic versioning: what held before and no longer does is breaking.

mod description;
mod impact;
mod usage;

pub use impact::Step;
pub use usage::{Usage, UsageError, add_usage};

use crate::ontology::terms::external;
use description::{Description, describe};
use oxrdf::vocab::{rdf, rdfs};
use oxrdf::{NamedNode, NamedNodeRef, Term, Triple};
use std::collections::{BTreeMap, BTreeSet};

/// What a term is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TermKind {
    /// The ontology's own header.
    Ontology,
    /// A class.
    Class,
    /// A property.
    Property,
    /// A code of a scheme, or the scheme.
    Concept,
    /// A shape.
    Shape,
    /// Words that evoke an event: frames, cues, nouns.
    Words,
    /// Anything else with an IRI, or statements about a term of another vocabulary.
    Other,
}

impl TermKind {
    /// The kind in one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ontology => "ontology",
            Self::Class => "class",
            Self::Property => "property",
            Self::Concept => "concept",
            Self::Shape => "shape",
            Self::Words => "words",
            Self::Other => "other",
        }
    }
}

/// What became of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It went.
    Removed,
    /// Something else is said of it.
    Changed,
    /// It came.
    Added,
}

impl Fate {
    /// The fate in one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Added => "added",
        }
    }
}

/// A statement that came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementChange {
    /// Whether it came.
    pub is_added: bool,
    /// The property.
    pub predicate: NamedNode,
    /// The value; what hangs on a blank node is written out in brackets.
    pub value: String,
    /// What it means.
    pub step: Step,
    /// Why.
    pub reason: &'static str,
}

/// A term that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermChange {
    /// The term; none for what is described without a name.
    pub iri: Option<NamedNode>,
    /// Its label.
    pub label: Option<String>,
    /// What it is.
    pub kind: TermKind,
    /// What became of it.
    pub fate: Fate,
    /// What that means for data and queries.
    pub step: Step,
    /// Why.
    pub reason: &'static str,
    /// What came and went, if it changed.
    pub statements: Vec<StatementChange>,
    /// The term that takes its place: as the ontology says, or by the same label.
    pub successor: Option<NamedNode>,
    /// Where it is used, if that was counted.
    pub usage: Option<Usage>,
}

/// The difference of two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// The version that the old one states.
    pub old_version: Option<String>,
    /// The version that the new one states.
    pub new_version: Option<String>,
    /// What changed: what went, what changed, what came; each by kind and IRI.
    pub changes: Vec<TermChange>,
}

impl Diff {
    /// Compares two versions.
    ///
    /// # Examples
    ///
    /// ```
    /// use belligraph::authoring::diff::{Diff, Step};
    /// use oxttl::TurtleParser;
    ///
    /// let read = |text: &'static str| TurtleParser::new().for_slice(text).collect::<Result<Vec<_>, _>>();
    /// let old = read("<http://e/A> a <http://www.w3.org/2002/07/owl#Class> .")?;
    /// let new = read("<http://e/B> a <http://www.w3.org/2002/07/owl#Class> .")?;
    /// let diff = Diff::new(&old, &new);
    /// assert_eq!(diff.changes.len(), 2);
    /// assert_eq!(diff.step(), Step::Major);
    /// assert_eq!(Diff::new(&old, &old).step(), Step::None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(old: &[Triple], new: &[Triple]) -> Self {
        let (before, after) = (describe(old), describe(new));
        let world = impact::World::new(&before);
        let mut changes = Vec::new();
        let names: BTreeSet<&String> = before.named.keys().chain(after.named.keys()).collect();
        for name in names {
            let iri = NamedNode::new_unchecked(name.clone());
            let change = match (before.named.get(name), after.named.get(name)) {
                (Some(old), Some(new)) => changed(iri, old, new),
                (Some(old), None) => Some(whole(iri, old, Fate::Removed, &world)),
                (None, Some(new)) => Some(whole(iri, new, Fate::Added, &world)),
                (None, None) => None,
            };
            changes.extend(change);
        }
        changes.extend(unnamed(&before.unnamed, &after.unnamed, Fate::Removed));
        changes.extend(unnamed(&after.unnamed, &before.unnamed, Fate::Added));
        find_successors(&mut changes, &before.named, &after.named);
        changes.sort_by(|a, b| (a.fate, a.kind, &a.iri, &a.label).cmp(&(b.fate, b.kind, &b.iri, &b.label)));
        Self { old_version: version(&before.named), new_version: version(&after.named), changes }
    }

    /// The step of the version that all changes together ask for.
    pub fn step(&self) -> Step {
        self.changes.iter().map(|change| change.step).max().unwrap_or(Step::None)
    }

    /// The version that the new one must have at least, if the old one states one.
    pub fn next_version(&self) -> Option<String> {
        let [major, minor, patch] = numbers(self.old_version.as_deref()?)?;
        let [major, minor, patch] = match self.step() {
            Step::None => [major, minor, patch],
            Step::Patch => [major, minor, patch + 1],
            Step::Minor => [major, minor + 1, 0],
            Step::Major => [major + 1, 0, 0],
        };
        Some(format!("{major}.{minor}.{patch}"))
    }

    /// Whether the version that the new one states is as high as the changes ask for; none if one of them states none.
    pub fn is_version_high_enough(&self) -> Option<bool> {
        let stated = numbers(self.new_version.as_deref()?)?;
        Some(stated >= numbers(&self.next_version()?)?)
    }
}

/// The three numbers of a version, what follows them left out.
fn numbers(version: &str) -> Option<[u64; 3]> {
    let core = version.split(['+', '-']).next()?;
    let mut parts = core.split('.').map(|part| part.parse().ok());
    let numbers = [parts.next()??, parts.next().unwrap_or(Some(0))?, parts.next().unwrap_or(Some(0))?];
    Some(numbers)
}

fn version(described: &BTreeMap<String, Description>) -> Option<String> {
    let mut headers = described.values().filter(|d| d.has_type(external::OWL_ONTOLOGY));
    // Of several modules, the one on which the others build comes first by its IRI.
    headers.find_map(|header| header.text(external::OWL_VERSION_INFO))
}

fn whole(iri: NamedNode, description: &Description, fate: Fate, world: &impact::World) -> TermChange {
    let (step, reason) = impact::of_term(description, fate, world);
    TermChange {
        label: description.text(rdfs::LABEL).or_else(|| description.text(external::SKOS_PREF_LABEL)),
        kind: description.kind(),
        iri: Some(iri),
        fate,
        step,
        reason,
        statements: Vec::new(),
        successor: None,
        usage: None,
    }
}

fn changed(iri: NamedNode, old: &Description, new: &Description) -> Option<TermChange> {
    if old.is_same(new) {
        return None;
    }
    let kind = new.kind();
    let mut statements = Vec::new();
    for (is_added, one, other) in [(false, old, new), (true, new, old)] {
        for (predicate, value) in one.statements.difference(&other.statements) {
            let change = impact::Change { is_added, predicate, value, old, new, kind };
            let (step, reason) = impact::of_statement(&change);
            let predicate = NamedNode::new_unchecked(predicate.clone());
            statements.push(StatementChange { is_added, predicate, value: value.clone(), step, reason });
        }
    }
    statements.sort_by(|a, b| (&a.predicate, a.is_added, &a.value).cmp(&(&b.predicate, b.is_added, &b.value)));
    let worst = statements.iter().max_by_key(|statement| statement.step);
    let (step, reason) =
        worst.map_or((Step::Minor, "blank nodes hang together in another way"), |s| (s.step, s.reason));
    Some(TermChange {
        label: new.text(rdfs::LABEL).or_else(|| new.text(external::SKOS_PREF_LABEL)),
        iri: Some(iri),
        kind,
        fate: Fate::Changed,
        step,
        reason,
        statements,
        successor: None,
        usage: None,
    })
}

/// Descriptions without a name that only one of the versions has.
fn unnamed(one: &BTreeMap<String, usize>, other: &BTreeMap<String, usize>, fate: Fate) -> Vec<TermChange> {
    let only = one.iter().filter(|(text, count)| other.get(*text).copied().unwrap_or_default() < **count);
    only.map(|(text, _)| TermChange {
        iri: None,
        label: Some(text.clone()),
        kind: TermKind::Words,
        fate,
        step: Step::Minor,
        reason: "what is described without a name is no term that data could use",
        statements: Vec::new(),
        successor: None,
        usage: None,
    })
    .collect()
}

/// Tells which term follows one that went or was deprecated: as `dcterms:isReplacedBy` says, or one that came with its label.
fn find_successors(
    changes: &mut [TermChange],
    before: &BTreeMap<String, Description>,
    after: &BTreeMap<String, Description>,
) {
    const REPLACED: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("http://purl.org/dc/terms/isReplacedBy");
    let added: Vec<(NamedNode, TermKind, String)> = changes
        .iter()
        .filter(|change| change.fate == Fate::Added)
        .filter_map(|change| Some((change.iri.clone()?, change.kind, change.label.clone()?.to_lowercase())))
        .collect();
    for change in changes.iter_mut().filter(|change| change.fate != Fate::Added) {
        let Some(iri) = &change.iri else { continue };
        let stated = [after, before].into_iter().find_map(|all| match all.get(iri.as_str())?.object(REPLACED)? {
            Term::NamedNode(node) => Some(node),
            _ => None,
        });
        let by_label = || {
            let label = change.label.as_ref().filter(|_| change.fate == Fate::Removed)?.to_lowercase();
            added.iter().find(|(_, kind, other)| *kind == change.kind && *other == label).map(|(node, ..)| node.clone())
        };
        change.successor = stated.or_else(by_label);
    }
}

impl Description {
    fn kind(&self) -> TermKind {
        const OWL: &str = "http://www.w3.org/2002/07/owl#";
        const SHACL: &str = "http://www.w3.org/ns/shacl#";
        let types: Vec<String> = self
            .objects(rdf::TYPE)
            .filter_map(|t| if let Term::NamedNode(n) = t { Some(n.into_string()) } else { None })
            .collect();
        let is = |iri: &str| types.iter().any(|t| t == iri);
        if is(external::OWL_ONTOLOGY.as_str()) {
            TermKind::Ontology
        } else if is(external::OWL_CLASS.as_str()) || is(rdfs::CLASS.as_str()) {
            TermKind::Class
        } else if is(rdf::PROPERTY.as_str()) || types.iter().any(|t| t.starts_with(OWL) && t.ends_with("Property")) {
            TermKind::Property
        } else if types.iter().any(|t| t.contains("skos/core#Concept")) {
            TermKind::Concept
        } else if types.iter().any(|t| t.starts_with(SHACL)) {
            TermKind::Shape
        } else if has_frame_type(&types) {
            TermKind::Words
        } else {
            TermKind::Other
        }
    }
}

/// Whether one of the types is of those that frames and lists of words are written with.
fn has_frame_type(types: &[String]) -> bool {
    use crate::ontology::terms::class;
    let words = [
        class::FRAME,
        class::PATTERN,
        class::SLOT,
        class::LIGHT_VERB,
        class::MODALITY_CUE,
        class::SOURCE_CUE,
        class::NOUN_ENTRY,
        class::PLACE_PREPOSITION,
    ];
    types.iter().any(|t| words.iter().any(|word| word.as_str() == t))
}
