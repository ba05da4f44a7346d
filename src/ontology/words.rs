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
}

/// Words that count people harmed ("death toll", "dead").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasualtyWord {
    /// Its IRI.
    pub iri: Iri,
    /// Its words.
    pub triggers: Vec<Trigger>,
    /// What became of them (`…#killed`).
    pub outcome: Iri,
    /// Where the number or the people stand.
    pub slots: Vec<Slot>,
    /// Whether the number is a running total ("death toll").
    pub cumulative: bool,
}

/// A word for a number, or that bounds the number after it.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantityWord {
    /// Its IRI.
    pub iri: Iri,
    /// The words as written, in lower case.
    pub words: Vec<Box<str>>,
    /// What they mean.
    pub meaning: QuantityMeaning,
}

/// What a [`QuantityWord`] stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum QuantityMeaning {
    /// A number by itself, with its bounds ("dozens").
    Amount {
        /// At least so many.
        lower: u32,
        /// At most so many; none if open above.
        upper: Option<u32>,
    },
    /// A bound on the number it stands with ("at least"): each bound is the number times a share plus an offset.
    Bound {
        /// Share and offset of the minimum; none: zero.
        min: Option<(f64, i32)>,
        /// Share and offset of the maximum; none: open above.
        max: Option<(f64, i32)>,
    },
}

impl QuantityWord {
    /// The bounds of the word by itself, or of the number it bounds.
    pub fn bounds(&self, number: Option<u32>) -> Option<(u32, Option<u32>)> {
        match (self.meaning, number) {
            (QuantityMeaning::Amount { lower, upper }, _) => Some((lower, upper)),
            (QuantityMeaning::Bound { min, max }, Some(n)) => {
                let of =
                    |(share, offset): (f64, i32)| (f64::from(n) * share).round().max(0.0) as i64 + i64::from(offset);
                let clamp = |value: i64| u32::try_from(value.max(0)).unwrap_or(u32::MAX);
                Some((min.map_or(0, |m| clamp(of(m))), max.map(|m| clamp(of(m)))))
            }
            (QuantityMeaning::Bound { .. }, None) => None,
        }
    }
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
    let ids: Vec<_> = read.of_type(class::NOUN_ENTRY).collect();
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
        });
    }
    found
}

pub(super) fn casualty_words(read: &Descriptions<'_>, problems: &mut Vec<Problem>) -> Vec<CasualtyWord> {
    let ids: Vec<_> = read.of_type(class::CASUALTY_WORD).collect();
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(outcome) = read.object(id, property::OUTCOME) else {
            let message = format!("the casualty word `{}` has no outcome", read.iri(id));
            read.report(id, message, "add `bg:outcome`", problems);
            continue;
        };
        found.push(CasualtyWord {
            iri: read.iri(id),
            triggers: frame::triggers(read, id),
            outcome,
            slots: frame::slots(read, id, property::SLOT, problems),
            cumulative: read.text(id, property::IS_CUMULATIVE) == Some("true"),
        });
    }
    found
}

pub(super) fn quantity_words(read: &Descriptions<'_>, problems: &mut Vec<Problem>) -> Vec<QuantityWord> {
    let ids: Vec<_> = read.of_type(class::QUANTITY_WORD).collect();
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let number = |p| read.text(id, p).and_then(|s| s.parse::<u32>().ok());
        let bound = |share, offset| {
            let share = read.text(id, share)?.parse::<f64>().ok()?;
            Some((share, read.text(id, offset).and_then(|o| o.parse().ok()).unwrap_or(0)))
        };
        let meaning = match number(property::LOWER) {
            Some(lower) => QuantityMeaning::Amount { lower, upper: number(property::UPPER) },
            None => QuantityMeaning::Bound {
                min: bound(property::MIN_SHARE, property::MIN_OFFSET),
                max: bound(property::MAX_SHARE, property::MAX_OFFSET),
            },
        };
        if meaning == (QuantityMeaning::Bound { min: None, max: None }) {
            let message = format!("the quantity word `{}` has no bounds", read.iri(id));
            read.report(id, message, "add `bg:lower`, or `bg:minShare` or `bg:maxShare`", problems);
        }
        let words = read.literals(id, property::WORD).into_iter().map(|w| w.to_lowercase().into()).collect();
        found.push(QuantityWord { iri: read.iri(id), words, meaning });
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
