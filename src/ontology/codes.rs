//! The codes of event classes in other schemes: ACLED, PLOVER, UCDP.
//!
//! A class is matched to a concept by `skos:exactMatch`, `skos:closeMatch` or `skos:broadMatch`; a class without a
//! match has the code of its nearest superclass.

use super::Iri;
use super::descriptions::{Descriptions, SubjectId};
use super::hierarchy::Hierarchy;
use super::terms::external::{
    SKOS_ALT_LABEL, SKOS_BROAD_MATCH, SKOS_BROADER, SKOS_CLOSE_MATCH, SKOS_EXACT_MATCH, SKOS_IN_SCHEME, SKOS_NOTATION,
};
use super::terms::property;
use std::collections::BTreeMap;

const ACLED: &str = "https://w3id.org/belligraph/code/acled";
const PLOVER: &str = "https://w3id.org/belligraph/code/plover";
const UCDP: &str = "https://w3id.org/belligraph/code/ucdp";

/// An event type of another scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Its notation, for instance `Armed clash`.
    pub notation: Box<str>,
    /// The notation of the wider type, for instance `Battles`.
    pub broader: Option<Box<str>>,
    /// Names it had in earlier versions of the scheme.
    pub former: Vec<Box<str>>,
}

/// The codes of all event classes.
#[derive(Debug, Default)]
pub struct Codes {
    acled: BTreeMap<Iri, Box<str>>,
    plover: BTreeMap<Iri, (Box<str>, Option<Box<str>>)>,
    ucdp: BTreeMap<Iri, Box<str>>,
    /// PLOVER type and modality to the type of what is said about such an event.
    plover_said: BTreeMap<(Box<str>, Iri), Box<str>>,
    acled_types: Vec<Code>,
    plover_types: Vec<Code>,
}

impl Codes {
    pub(super) fn read(read: &Descriptions<'_>, classes: &Hierarchy) -> Self {
        let (acled_types, plover_types) = (types(read, ACLED), types(read, PLOVER));
        let mut codes = Self { plover_said: said(read), acled_types, plover_types, ..Self::default() };
        for class in classes.all() {
            let line: Vec<SubjectId> =
                std::iter::once(class).chain(classes.above(class)).filter_map(|c| read.find(c)).collect();
            if let Some((broader, own)) = code(read, &line, ACLED) {
                let text = broader.map_or_else(|| own.to_owned(), |b| format!("{b}/{own}"));
                codes.acled.insert(class.clone(), text.into());
            }
            if let Some((broader, own)) = code(read, &line, PLOVER) {
                let pair = broader.map_or((own.into(), None), |b| (b.into(), Some(own.into())));
                codes.plover.insert(class.clone(), pair);
            }
            if let Some((_, own)) = code(read, &line, UCDP) {
                codes.ucdp.insert(class.clone(), own.into());
            }
        }
        codes
    }

    /// ACLED event type and sub-event type (`Battles/Armed clash`), or event type alone.
    pub fn acled(&self, class: &str) -> Option<&str> {
        self.acled.get(class).map(AsRef::as_ref)
    }

    /// PLOVER event type and mode.
    pub fn plover(&self, class: &str) -> Option<(&str, Option<&str>)> {
        self.plover.get(class).map(|(root, mode)| (root.as_ref(), mode.as_deref()))
    }

    /// PLOVER event type of an event told with a modality (its IRI): PLOVER codes a sanction that is announced as a
    /// threat, a visit that is promised as an agreement.
    pub fn plover_said(&self, class: &str, modality: &str) -> Option<&str> {
        let (root, _) = self.plover(class)?;
        let told = self.plover_said.iter().find(|((r, m), _)| **r == *root && **m == *modality);
        Some(told.map_or(root, |(_, said)| said.as_ref()))
    }

    /// The event and sub-event types of ACLED.
    pub fn acled_types(&self) -> &[Code] {
        &self.acled_types
    }

    /// The event types of PLOVER and their modes.
    pub fn plover_types(&self) -> &[Code] {
        &self.plover_types
    }

    /// UCDP type of violence.
    pub fn ucdp(&self, class: &str) -> Option<&str> {
        self.ucdp.get(class).map(AsRef::as_ref)
    }
}

/// What the concepts of PLOVER say of themselves under a modality: `bg:when [ bg:gives … ; skos:exactMatch … ]`.
fn said(read: &Descriptions<'_>) -> BTreeMap<(Box<str>, Iri), Box<str>> {
    let mut found = BTreeMap::new();
    for concept in read.named() {
        let Some(notation) = read.text(concept, SKOS_NOTATION) else { continue };
        for condition in read.nodes(concept, property::WHEN) {
            let other = read.nodes(condition, SKOS_EXACT_MATCH).first().and_then(|&o| read.text(o, SKOS_NOTATION));
            let Some(other) = other else { continue };
            for modality in read.objects(condition, property::GIVES) {
                found.insert((notation.into(), Iri::from(modality)), other.into());
            }
        }
    }
    found
}

/// The concepts of a scheme.
fn types(read: &Descriptions<'_>, scheme: &str) -> Vec<Code> {
    let in_scheme = |concept: &SubjectId| read.objects(*concept, SKOS_IN_SCHEME).any(|s| s == scheme);
    let code = |concept| {
        let broader = read.nodes(concept, SKOS_BROADER).first().and_then(|&b| read.text(b, SKOS_NOTATION));
        Some(Code {
            notation: read.text(concept, SKOS_NOTATION)?.into(),
            broader: broader.map(Into::into),
            former: read.literals(concept, SKOS_ALT_LABEL).into_iter().map(Into::into).collect(),
        })
    };
    read.named().filter(in_scheme).filter_map(code).collect()
}

/// The notations of the first concept in `scheme` that a class of the line is matched to, and of its broader concept.
fn code<'r>(read: &'r Descriptions<'_>, line: &[SubjectId], scheme: &str) -> Option<(Option<&'r str>, &'r str)> {
    for &class in line {
        for relation in [SKOS_EXACT_MATCH, SKOS_CLOSE_MATCH, SKOS_BROAD_MATCH] {
            for concept in read.nodes(class, relation) {
                if read.objects(concept, SKOS_IN_SCHEME).any(|s| s == scheme) {
                    let broader = read.nodes(concept, SKOS_BROADER);
                    let broader = broader.first().and_then(|&b| read.text(b, SKOS_NOTATION));
                    return Some((broader, read.text(concept, SKOS_NOTATION)?));
                }
            }
        }
    }
    None
}
