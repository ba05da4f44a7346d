//! Situations: from plain statements ("Haftar leads the LNA") and from what events begin, end or show.

use super::reading::{Noted, Reading, Stated, TimexRelation};
use super::triggers;
use crate::facts::{
    EntityKind, Event, Facts, Iri, Locator, MentionForm, Modality, Situation, SituationSide, TimeBounds, TimeSpan,
};
use crate::language::Span;
use crate::ontology::terms::class;
use crate::ontology::{ChangeKind, Ontology, SituationChange};

/// The situations of an article whose events are already facts; in the order they are read.
pub(super) fn situations(
    reading: &Reading<'_>,
    locator: &Locator<'_>,
    ontology: &Ontology,
    facts: &Facts,
) -> Vec<Situation> {
    let mut found: Vec<Situation> = Vec::new();
    for stated in &reading.situations {
        if let Some(situation) = from_statement(reading, locator, facts, stated) {
            add(&mut found, situation);
        }
    }
    for (index, event) in facts.events.iter().enumerate() {
        for change in ontology.situation_changes(&event.class) {
            let holds = event.modality == Modality::Actual
                || change.even_if.iter().any(|m| triggers::modality(m) == Some(event.modality));
            if holds {
                from_event(reading, locator, ontology, index, event, change, &mut found);
            }
        }
    }
    found
}

/// Adds a situation unless the same two mentions already stand in the same one.
fn add(found: &mut Vec<Situation>, situation: Situation) {
    let same = |s: &Situation| {
        s.kind == situation.kind
            && s.subject.entity == situation.subject.entity
            && s.object.entity == situation.object.entity
            && s.subject.evidence == situation.subject.evidence
            && s.object.evidence == situation.object.evidence
    };
    if situation.subject.entity != situation.object.entity && !found.iter().any(same) {
        found.push(situation);
    }
}

fn from_statement(reading: &Reading<'_>, locator: &Locator<'_>, facts: &Facts, stated: &Stated) -> Option<Situation> {
    if !matches!(stated.modality, Modality::Actual | Modality::Alleged) {
        return None;
    }
    let text = reading.document.text();
    let side = |mention: usize| {
        let noted = &reading.mentions[mention];
        let entity = noted.entity?;
        let name = match noted.form {
            MentionForm::Pronoun | MentionForm::Possessive => facts.entities[entity].name.clone(),
            _ => noted.span.of(text).to_owned(),
        };
        Some(SituationSide { entity, evidence: locator.evidence(noted.span), name })
    };
    let (mut begin, mut end) = (None, None);
    for &time in &stated.times {
        let time = &reading.times[time];
        match time.relation {
            // "has vanished since 2015": the time is that of the end.
            TimexRelation::Since | TimexRelation::After | TimexRelation::At if stated.over => {
                end = Some(time.bounds.clone());
            }
            TimexRelation::Since | TimexRelation::After => begin = Some(time.bounds.clone()),
            TimexRelation::Until | TimexRelation::Before => end = Some(time.bounds.clone()),
            // "In 2015 the group held the town": it began then or before.
            TimexRelation::At if time.bounds.latest.is_some() => {
                begin = Some(TimeBounds { earliest: None, ..time.bounds.clone() });
            }
            TimexRelation::At | TimexRelation::Duration => {}
        }
    }
    let words = reading.document.words();
    let span = stated.trigger_words.iter().fold(words[stated.trigger].span, |s: Span, &w| s.cover(words[w].span));
    Some(Situation {
        kind: stated.kind.clone(),
        subject: side(stated.subject)?,
        object: side(stated.object)?,
        ended: stated.over || end.is_some(),
        begin,
        end,
        begun_by: None,
        ended_by: None,
        according_to: stated.source.and_then(|m| reading.mentions[m].entity),
        evidence: locator.evidence(span),
    })
}

fn from_event(
    reading: &Reading<'_>,
    locator: &Locator<'_>,
    ontology: &Ontology,
    index: usize,
    event: &Event,
    change: &SituationChange,
    found: &mut Vec<Situation>,
) {
    let at = match &event.time {
        Some(TimeSpan::At(at)) => Some(at.clone()),
        Some(TimeSpan::Lasting { begin, .. }) => begin.clone(),
        None => None,
    };
    let subjects = sides(reading, locator, ontology, event, &change.subject_from);
    let objects = sides(reading, locator, ontology, event, &change.object_from);
    for (i, subject) in subjects.iter().enumerate() {
        // "clashes between A and B": what one role gives on both sides is a pair once.
        let first = if change.subject_from == change.object_from { i + 1 } else { 0 };
        for object in objects.iter().skip(first).cloned() {
            let situation = Situation {
                kind: change.situation.clone(),
                subject: subject.clone(),
                object,
                begin: None,
                end: None,
                ended: change.kind == ChangeKind::Ends,
                begun_by: None,
                ended_by: None,
                according_to: event.according_to,
                evidence: event.trigger,
            };
            match change.kind {
                ChangeKind::Begins => add(found, Situation { begin: at.clone(), begun_by: Some(index), ..situation }),
                ChangeKind::Ends => end(found, situation, index, at.clone()),
                ChangeKind::Shows => add(found, situation),
            }
        }
    }
}

/// Ends a situation that the article told before, or notes one that the event ended.
fn end(found: &mut Vec<Situation>, situation: Situation, event: usize, at: Option<TimeBounds>) {
    let open = found.iter_mut().find(|s| {
        s.kind == situation.kind
            && s.subject.entity == situation.subject.entity
            && s.object.entity == situation.object.entity
            && s.end.is_none()
            && s.ended_by.is_none()
            && s.begun_by != Some(event)
    });
    match open {
        Some(open) => {
            open.end = at;
            open.ended = true;
            open.ended_by = Some(event);
        }
        None => add(found, Situation { end: at, ended_by: Some(event), ..situation }),
    }
}

/// Who fills a role of an event, places included. For a thing or a building it is the actor named in its phrase, if
/// any: who strikes "an ISIL vehicle" is against ISIL.
fn sides(
    reading: &Reading<'_>,
    locator: &Locator<'_>,
    ontology: &Ontology,
    event: &Event,
    role: &Iri,
) -> Vec<SituationSide> {
    let participants = event.participants.iter().filter(|p| p.role == *role).filter_map(|p| {
        let noted = reading.mentions.iter().find(|m| locator.evidence(m.span) == p.evidence);
        match noted {
            Some(noted) if !is_actor(noted) => {
                let inner = reading.mentions.iter().find(|m| {
                    m.kind == EntityKind::Organization
                        && m.entity.is_some()
                        && m.words.start >= noted.words.start
                        && m.words.end <= noted.words.end
                        && m.head != noted.head
                })?;
                Some(SituationSide {
                    entity: inner.entity?,
                    evidence: locator.evidence(inner.span),
                    name: inner.span.of(reading.document.text()).to_owned(),
                })
            }
            Some(noted) if is_bystander(noted, ontology) => None,
            _ => Some(SituationSide { entity: p.entity, evidence: p.evidence, name: p.name.clone() }),
        }
    });
    let places = event.places.iter().filter(|p| p.role.as_ref() == Some(role)).map(|p| SituationSide {
        entity: p.entity,
        evidence: p.evidence,
        name: p.name.clone(),
    });
    participants.chain(places).collect()
}

/// Whether a mention speaks of people who are no side of anything: "20 civilians", "a man".
fn is_bystander(noted: &Noted, ontology: &Ontology) -> bool {
    noted.kind == EntityKind::Person
        && noted.form == MentionForm::Nominal
        && !noted.class.as_deref().is_some_and(|c| ontology.is_subclass(c, class::ARMED_ACTOR.as_str()))
}

/// Whether a mention speaks of somebody who can act; a country acts for its state.
fn is_actor(noted: &Noted) -> bool {
    match noted.kind {
        EntityKind::Person | EntityKind::Organization | EntityKind::Nationality => true,
        EntityKind::Place => noted.country.is_some() || noted.class.as_deref() == Some(class::COUNTRY.as_str()),
        _ => false,
    }
}
