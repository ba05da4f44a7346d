//! Tolls that no event of the text explains: each tells of an event by itself.
//!
//! "Its statement spoke of 41 dead" has no word for what happened, and a toll stated as a fact is none of an attack that is
//! only planned. [`tell`] gives such tolls an event of the class that the ontology has for their outcome.

use super::Toll;
use crate::extract::reading::{Filler, Reading, Told};
use crate::facts::{Iri, Modality, Outcome};
use crate::language::WordId;
use crate::ontology::Ontology;
use crate::ontology::terms::{class, concept, property};
use std::collections::BTreeMap;

/// For each outcome the class of events of which nothing but the outcome is known, a frame that evokes it, and its concept.
#[derive(Debug)]
pub struct BareEvents(Vec<(Outcome, [Iri; 3])>);

impl BareEvents {
    /// The most general classes of violence that frames with an outcome evoke.
    pub fn new(ontology: &Ontology) -> Self {
        let outcomes = [(Outcome::Killed, concept::KILLED), (Outcome::Injured, concept::INJURED)];
        let most_general = |outcome: &str| {
            ontology
                .frames()
                .iter()
                .filter(|f| f.outcome.as_deref() == Some(outcome) && ontology.folds(&f.evokes))
                .filter(|f| ontology.is_subclass(&f.evokes, class::VIOLENCE.as_str()))
                .min_by_key(|f| ontology.superclasses(&f.evokes).len())
                .map(|f| (f.evokes.clone(), f.iri.clone()))
        };
        let found = outcomes.into_iter().filter_map(|(outcome, iri)| {
            let (class, frame) = most_general(iri.as_str())?;
            Some((outcome, [class, frame, iri.as_str().into()]))
        });
        Self(found.collect())
    }

    fn of(&self, outcome: Outcome) -> Option<(&Iri, &Iri, &Iri)> {
        let outcome = if outcome == Outcome::Harmed { Outcome::Injured } else { outcome };
        let (_, [class, frame, concept]) = self.0.iter().find(|(o, _)| *o == outcome)?;
        Some((class, frame, concept))
    }
}

/// The first event with a trigger.
fn event_at(reading: &Reading<'_>, trigger: WordId) -> Option<usize> {
    Some(reading.events_in(&(trigger..trigger + 1))).filter(|found| !found.is_empty()).map(|found| found.start)
}

/// Adds an event for each toll that belongs to none; `modality` tells how the words at a toll's trigger are told.
pub fn tell(
    reading: &mut Reading<'_>,
    tolls: &mut [Toll],
    bare: &BareEvents,
    modality: impl Fn(&Reading<'_>, usize) -> Modality,
) {
    let mut added: BTreeMap<usize, Told> = BTreeMap::new();
    for toll in tolls.iter().filter(|t| t.event.is_none() && t.part_of.is_none()) {
        let Some((class, frame, outcome)) = bare.of(toll.outcome) else { continue };
        if added.contains_key(&toll.trigger) || event_at(reading, toll.trigger).is_some() {
            continue;
        }
        let victim = reading.mention_at.get(toll.head).copied().flatten();
        let fillers = victim.map(|mention| Filler { role: property::VICTIM.as_str().into(), mention });
        let told = Told {
            class: class.clone(),
            evoked: class.clone(),
            frame: frame.clone(),
            trigger: toll.trigger,
            trigger_words: vec![toll.trigger],
            modality: modality(reading, toll.trigger),
            source: None,
            background: false,
            fillers: fillers.into_iter().collect(),
            places: Vec::new(),
            times: Vec::new(),
            outcome: Some(outcome.clone()),
            depth: 1,
            weight: None,
        };
        added.insert(toll.trigger, told);
    }
    if added.is_empty() {
        return;
    }
    // Events stand in the order of their triggers, and tolls name them by position.
    let mut moved: Vec<usize> = vec![0; reading.events.len()];
    let mut all: Vec<(Option<usize>, Told)> = reading.events.drain(..).enumerate().map(|(i, e)| (Some(i), e)).collect();
    all.extend(added.into_values().map(|told| (None, told)));
    all.sort_by_key(|(_, told)| told.trigger);
    for (now, (before, _)) in all.iter().enumerate() {
        if let Some(before) = before {
            moved[*before] = now;
        }
    }
    reading.events = all.into_iter().map(|(_, told)| told).collect();
    for toll in tolls.iter_mut() {
        toll.event = match toll.event {
            Some(event) => moved.get(event).copied(),
            None => event_at(reading, toll.trigger),
        };
    }
    // Parts belong where their wholes do.
    for index in 0..tolls.len() {
        if let Some(whole) = tolls[index].part_of {
            tolls[index].event = tolls[whole].event;
        }
    }
}
