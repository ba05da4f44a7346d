//! Words beside the frames: light verbs, cues of modality and source, nouns, casualty and quantity words.

use super::descriptions::Descriptions;
use super::frame::{self, Slot, SlotRelation, Trigger};
use super::terms::{self, class, property};
use super::{Iri, Problem};

/// A verb or phrase that lends grammar to an event noun without meaning of its own ("carried out an air strike").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LightVerb {
    /// Its IRI.
    pub iri: Iri,
    /// Its words.
    pub triggers: Vec<Trigger>,
    /// The relation of the event noun to it.
    pub scope: Vec<SlotRelation>,
    /// The roles that its other dependents play in the noun's event.
    pub slots: Vec<Slot>,
    /// The modality it gives to the noun's event ("plan an attack"), if any.
    pub modality: Option<Iri>,
}

/// A word that says that what is in its scope is not simply a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModalityCue {
    /// Its IRI.
    pub iri: Iri,
    /// Its words.
    pub triggers: Vec<Trigger>,
    /// The relations in which what it speaks of stands to it; [`SlotRelation::Governor`] for auxiliaries, conjunctions,
    /// adverbs and determiners, whose scope is the word they depend on.
    pub scope: Vec<SlotRelation>,
    /// The modality it gives (`…#feared`).
    pub gives: Iri,
    /// The relation of whoever says, fears or plans it.
    pub source: Vec<SlotRelation>,
}

/// A word of saying or reporting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceCue {
    /// Its IRI.
    pub iri: Iri,
    /// Its words.
    pub triggers: Vec<Trigger>,
    /// The relations in which what is said stands to it.
    pub scope: Vec<SlotRelation>,
    /// The relations of the source; [`SlotRelation::Own`] for "according to", whose source is the noun it marks.
    pub source: Vec<SlotRelation>,
}

/// Nouns that denote a kind of entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NounEntry {
    /// Its IRI.
    pub iri: Iri,
    /// Lemmas in lower case; of several words the last is the head.
    pub words: Vec<Trigger>,
    /// The kind of entity (`…#NonStateCombatants`).
    pub denotes: Iri,
    /// The kind of entity in the singular, where it differs (`…#Person`).
    pub singular_denotes: Option<Iri>,
    /// What class of victim such people are (`…#combatant`), if any.
    pub victim_class: Option<Iri>,
    /// Whether the nouns stand before a person's name as a rank or office.
    pub title: bool,
    /// Whether the nouns denote such an entity only where it is named whose they are.
    pub needs_owner: bool,
}

pub(super) fn light_verbs(read: &Descriptions<'_>, problems: &mut Vec<Problem>) -> Vec<LightVerb> {
    let ids: Vec<_> = read.of_type(class::LIGHT_VERB).collect();
    ids.into_iter()
        .map(|id| LightVerb {
            iri: read.iri(id),
            triggers: frame::triggers(read, id),
            scope: frame::relations(read, id, id, property::SCOPE, problems),
            slots: frame::slots(read, id, property::SLOT, problems),
            modality: read.object(id, property::GIVES),
        })
        .collect()
}

pub(super) fn modality_cues(read: &Descriptions<'_>, problems: &mut Vec<Problem>) -> Vec<ModalityCue> {
    let ids: Vec<_> = read.of_type(class::MODALITY_CUE).collect();
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(gives) = read.object(id, property::GIVES) else {
            let message = format!("the cue `{}` gives no modality", read.iri(id));
            read.report(id, message, "add `bg:gives` with a modality", problems);
            continue;
        };
        found.push(ModalityCue {
            iri: read.iri(id),
            triggers: frame::triggers(read, id),
            scope: frame::relations(read, id, id, property::SCOPE, problems),
            gives,
            source: frame::relations(read, id, id, property::SOURCE, problems),
        });
    }
    found
}

pub(super) fn source_cues(read: &Descriptions<'_>, problems: &mut Vec<Problem>) -> Vec<SourceCue> {
    let ids: Vec<_> = read.of_type(class::SOURCE_CUE).collect();
    ids.into_iter()
        .map(|id| SourceCue {
            iri: read.iri(id),
            triggers: frame::triggers(read, id),
            scope: frame::relations(read, id, id, property::SCOPE, problems),
            source: frame::relations(read, id, id, property::SOURCE, problems),
        })
        .collect()
}

pub(super) fn nouns(read: &Descriptions<'_>, problems: &mut Vec<Problem>) -> Vec<NounEntry> {
    let mut ids: Vec<_> = read.of_type(class::NOUN_ENTRY).collect();
    // Of two entries with the same noun the first counts: an overlay's goes before the embedded one.
    ids.sort_by_key(|&id| std::cmp::Reverse(read.layer(id)));
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(denotes) = read.object(id, property::DENOTES) else {
            let message = format!("the nouns of `{}` denote nothing", read.iri(id));
            read.report(id, message, "add `bg:denotes` with a class", problems);
            continue;
        };
        found.push(NounEntry {
            iri: read.iri(id),
            words: frame::triggers(read, id),
            denotes,
            singular_denotes: read.object(id, property::SINGULAR_DENOTES),
            victim_class: read.object(id, property::VICTIM_CLASS),
            title: read.text(id, property::IS_TITLE) == Some("true"),
            needs_owner: read.text(id, property::NEEDS_OWNER) == Some("true"),
        });
    }
    found
}

/// A preposition that says where something happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacePreposition {
    /// Its words in lower case.
    pub words: Box<str>,
    /// Whether it means only nearness.
    pub near: bool,
}

pub(super) fn place_prepositions(read: &Descriptions<'_>) -> Vec<PlacePreposition> {
    let mut found = Vec::new();
    for id in read.of_type(class::PLACE_PREPOSITION) {
        let near =
            read.object(id, property::PLACE_PRECISION).is_some_and(|p| *p == *terms::concept::NEAR_PLACE.as_str());
        for words in read.literals(id, property::ADPOSITION) {
            found.push(PlacePreposition { words: words.to_lowercase().into(), near });
        }
    }
    found
}
