//! Situations: from plain statements ("Haftar leads the LNA") and from what events begin, end or show.

use super::arguments::arguments;
use super::reading::{Noted, Reading, Stated, TimexRelation};
use super::{time, transitions, triggers};
use crate::facts::{
    EntityKind, Event, EventId, Facts, Iri, Locator, MentionForm, Modality, Party, Situation, SituationSide,
    TimeBounds, TimePrecision, TimeSpan,
};
use crate::language::{Deprel, Span};
use crate::ontology::terms::{class, property};
use crate::ontology::{ChangeKind, Ontology, SituationChange};

/// The situations of an article whose events are already facts; in the order they are read.
pub(super) fn situations(
    reading: &Reading<'_>,
    locator: &Locator<'_>,
    ontology: &Ontology,
    facts: &Facts,
) -> Vec<Situation> {
    let mut found: Vec<Situation> = Vec::new();
    let mut past = Vec::new();
    for stated in &reading.situations {
        if let Some(situation) = from_statement(reading, locator, facts, stated) {
            add(&mut found, situation);
            // One that was told before in the same words stays as it was.
            if found.len() > past.len() {
                past.push(transitions::is_past(reading.document, stated.trigger));
            }
        }
    }
    for (index, event) in facts.events.iter().enumerate() {
        for change in ontology.situation_changes(&event.class) {
            let holds = event.modality == Modality::Actual
                || change.even_if.iter().any(|m| triggers::modality(m) == Some(event.modality));
            if holds {
                if claims_event(ontology, change) {
                    claimed(reading, locator, ontology, facts, index, change, &mut found);
                } else {
                    from_event(reading, locator, ontology, index, event, change, &mut found);
                }
            }
        }
    }
    transitions::end_earlier(&mut found, &past);
    transitions::bound_ends(&mut found, reading.article.published);
    found
}

/// Whether the object of a situation that an event begins is an event.
fn claims_event(ontology: &Ontology, change: &SituationChange) -> bool {
    ontology.situation(&change.situation).is_some_and(|kind| kind.object_role.as_ref() == property::CONTENT.as_str())
}

/// Who claims responsibility, and for what: the event that the claim names, else the one that the article is about.
fn claimed(
    reading: &Reading<'_>,
    locator: &Locator<'_>,
    ontology: &Ontology,
    facts: &Facts,
    claim: EventId,
    change: &SituationChange,
    found: &mut Vec<Situation>,
) {
    let event = &facts.events[claim];
    let Some(act) = claimed_event(reading, locator, ontology, facts, claim) else { return };
    let trigger = facts.events[act].trigger;
    let name = locator.span(trigger).of(reading.document.text()).to_owned();
    for subject in sides(reading, locator, ontology, event, &change.subject_from) {
        let object = SituationSide { party: Party::Event(act), evidence: trigger, name: name.clone() };
        let begin = match &event.time {
            Some(TimeSpan::At(at)) => Some(at.clone()),
            _ => None,
        };
        add(
            found,
            Situation {
                kind: change.situation.clone(),
                subject,
                object,
                begin,
                end: None,
                ended: false,
                begun_by: Some(claim),
                ended_by: None,
                according_to: event.according_to,
                evidence: event.trigger,
            },
        );
    }
}

fn claimed_event(
    reading: &Reading<'_>,
    locator: &Locator<'_>,
    ontology: &Ontology,
    facts: &Facts,
    claim: EventId,
) -> Option<EventId> {
    let document = reading.document;
    let violent =
        |event: &Event| event.modality.is_asserted() && ontology.is_subclass(&event.class, class::VIOLENCE.as_str());
    let trigger = locator.span(facts.events[claim].trigger);
    let told = reading.events.iter().find(|t| super::finish::trigger_span(reading, t) == trigger)?;
    // "claimed responsibility for Monday's bombing": what its own words tell.
    let named = arguments(document, told.trigger)
        .into_iter()
        .map(|a| a.word)
        .flat_map(|word| std::iter::once(word).chain(document.children_by(word, Deprel::Nmod)));
    for word in named {
        let Some(event) = reading.events.iter().find(|t| t.trigger == word && t.trigger != told.trigger) else {
            continue;
        };
        let at = locator.evidence(super::finish::trigger_span(reading, event));
        let act = facts.events.iter().position(|e| violent(e) && (e.trigger == at || e.mentions.contains(&at)));
        if act.is_some() {
            return act;
        }
    }
    // The events stand in the order of their salience.
    facts.events.iter().position(|e| violent(e) && !e.background)
}

/// Adds a situation unless the same two mentions already stand in the same one.
fn add(found: &mut Vec<Situation>, situation: Situation) {
    let same = |s: &Situation| {
        s.kind == situation.kind
            && s.subject.party == situation.subject.party
            && s.object.party == situation.object.party
            && s.subject.evidence == situation.subject.evidence
            && s.object.evidence == situation.object.evidence
    };
    if situation.subject.party != situation.object.party && !found.iter().any(same) {
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
        Some(SituationSide { party: Party::Entity(entity), evidence: locator.evidence(noted.span), name })
    };
    let (mut begin, mut end) = (None, None);
    for &timex in &stated.times {
        let time = &reading.times[timex];
        let then = time::is_when(reading.document, time, stated.trigger);
        match if then { TimexRelation::At } else { time.relation } {
            // "has vanished since 2015": it was there then, and came to its end in the time since.
            TimexRelation::Since | TimexRelation::After if stated.over => {
                let latest = reading.article.published.filter(|p| time.bounds.earliest.is_none_or(|e| e <= *p));
                end = Some(TimeBounds { latest, precision: TimePrecision::Longer, ..time.bounds.clone() });
                begin = time.bounds.latest.map(|_| TimeBounds { earliest: None, ..time.bounds.clone() });
            }
            // "vanished in 2015": the time is that of the end.
            TimexRelation::At if stated.over => {
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
                // What a fight shows was so when it began, and who knows how long before.
                ChangeKind::Shows => {
                    let begin = at.clone().filter(|t| t.latest.is_some()).map(|t| TimeBounds { earliest: None, ..t });
                    add(found, Situation { begin, ..situation });
                }
            }
        }
    }
}

/// Ends a situation that the article told before, or notes one that the event ended.
fn end(found: &mut Vec<Situation>, situation: Situation, event: usize, at: Option<TimeBounds>) {
    let open = found.iter_mut().find(|s| {
        s.kind == situation.kind
            && s.subject.party == situation.subject.party
            && s.object.party == situation.object.party
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
        let span = locator.span(p.evidence);
        let noted = reading.mentions.iter().find(|m| m.span == span);
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
                    party: Party::Entity(inner.entity?),
                    evidence: locator.evidence(inner.span),
                    name: inner.span.of(reading.document.text()).to_owned(),
                })
            }
            Some(noted) if is_bystander(noted, ontology) => None,
            _ => Some(SituationSide { party: Party::Entity(p.entity), evidence: p.evidence, name: p.name.clone() }),
        }
    });
    let places = event.places.iter().filter(|p| p.role.as_ref() == Some(role)).map(|p| SituationSide {
        party: Party::Entity(p.entity),
        evidence: p.evidence,
        name: p.name.clone(),
    });
    participants.chain(places).collect()
}

/// Whether a mention speaks of people who are no side of anything: "20 civilians", "a man".
fn is_bystander(noted: &Noted, ontology: &Ontology) -> bool {
    let of = |class: &str| noted.class.as_deref().is_some_and(|c| ontology.is_subclass(c, class));
    noted.form == MentionForm::Nominal
        && (noted.kind == EntityKind::Person && !of(class::ARMED_ACTOR.as_str()) || of(class::CIVILIANS.as_str()))
}

/// Whether a mention speaks of somebody who can act; a country acts for its state.
fn is_actor(noted: &Noted) -> bool {
    match noted.kind {
        EntityKind::Person | EntityKind::Organization | EntityKind::Nationality => true,
        EntityKind::Place => noted.country.is_some() || noted.class.as_deref() == Some(class::COUNTRY.as_str()),
        _ => false,
    }
}
