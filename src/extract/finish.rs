//! The last step: what was noted with word indices becomes facts with evidence.

use super::reading::{Filler, Reading, Told};
use crate::facts::{
    CasualtyReport, Entity, EntityId, Event, EventPlace, Evidence, Facts, Iri, Locator, Mention, MentionForm,
    Participant, TimeSpan,
};
use crate::language::Span;

/// What the steps found for one event beside what is in [`Told`].
#[derive(Debug)]
pub(super) struct Findings {
    /// Index of the event in [`Reading::events`].
    pub told: usize,
    /// Further triggers that were merged into it, as indices into [`Reading::events`].
    pub merged: Vec<usize>,
    /// Its class, as fine as all its tellings together tell.
    pub class: Iri,
    /// Who takes part according to all its tellings.
    pub fillers: Vec<Filler>,
    /// When.
    pub time: Option<TimeSpan>,
    /// Places, the most specific first.
    pub places: Vec<Found>,
    /// Its casualty reports.
    pub casualties: Vec<CasualtyReport>,
    /// How much the article is about it.
    pub salience: f64,
    /// Whether all its tolls are of earlier days than the news.
    pub past: bool,
}

/// A place found for an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Index of the mention.
    pub mention: usize,
    /// Whether the text says only that it was near there.
    pub near: bool,
    /// The role it fills if not simply where it happened: what was captured, where somebody went.
    pub role: Option<Iri>,
    /// Whether the event's own words do not say it, but the text around them.
    pub inherited: bool,
}

/// The facts of a reading; `findings` are its events, the most salient first.
pub(super) fn finish(
    reading: &Reading<'_>,
    locator: &Locator<'_>,
    entities: Vec<Entity>,
    findings: Vec<Findings>,
) -> Facts {
    let text = reading.document.text();
    let mentions = reading
        .mentions
        .iter()
        .map(|m| Mention {
            evidence: locator.evidence(m.span),
            text: m.span.of(text).to_owned(),
            form: m.form,
            kind: m.kind,
            entity: m.entity,
        })
        .collect();
    let events = findings.into_iter().map(|f| event(reading, locator, &entities, f)).collect();
    Facts { mentions, entities, events, situations: Vec::new(), notes: Vec::new() }
}

fn event(reading: &Reading<'_>, locator: &Locator<'_>, entities: &[Entity], findings: Findings) -> Event {
    let told = &reading.events[findings.told];
    let named = |mention: usize| -> Option<(EntityId, Evidence, String)> {
        let noted = &reading.mentions[mention];
        let entity = noted.entity?;
        // A pronoun names nobody: the entity's name says whom it stands for.
        let name = match noted.form {
            MentionForm::Pronoun => entities[entity].name.clone(),
            _ => noted.span.of(reading.document.text()).to_owned(),
        };
        Some((entity, locator.evidence(noted.span), name))
    };
    let mut participants: Vec<Participant> = findings
        .fillers
        .iter()
        .filter(|filler| !findings.places.iter().any(|p| p.mention == filler.mention && p.role.is_some()))
        .filter_map(|filler| {
            let (entity, evidence, name) = named(filler.mention)?;
            Some(Participant { role: filler.role.clone(), entity, evidence, name })
        })
        .collect();
    // People and bodies before things.
    participants.sort_by_key(|p| !entities[p.entity].kind.is_actor());
    let places = findings
        .places
        .iter()
        .filter_map(|found| {
            let (entity, evidence, mut name) = named(found.mention)?;
            if reading.mentions[found.mention].form != MentionForm::Name && entities[entity].named {
                name.clone_from(&entities[entity].name);
            }
            Some(EventPlace {
                entity,
                evidence,
                name,
                near: found.near,
                role: found.role.clone(),
                inherited: found.inherited,
            })
        })
        .collect();
    Event {
        class: findings.class.clone(),
        frame: told.frame.clone(),
        trigger: locator.evidence(trigger_span(reading, told)),
        mentions: findings
            .merged
            .iter()
            .map(|&m| locator.evidence(trigger_span(reading, &reading.events[m])))
            .collect(),
        modality: told.modality,
        according_to: told.source.and_then(|m| reading.mentions[m].entity),
        background: told.background || findings.past,
        time: findings.time,
        places,
        participants,
        casualties: findings.casualties,
        salience: findings.salience,
    }
}

/// The characters of a trigger: all its words if they stand together, else the word that evokes.
fn trigger_span(reading: &Reading<'_>, told: &Told) -> Span {
    let words = reading.document.words();
    let mut span = words[told.trigger].span;
    let mut sorted = told.trigger_words.clone();
    sorted.sort_unstable();
    if sorted.last().zip(sorted.first()).is_some_and(|(last, first)| last - first < sorted.len() + 1) {
        for word in sorted {
            span = span.cover(words[word].span);
        }
    }
    span
}
