//! The last step: what was noted with word indices becomes facts with evidence.

use super::reading::{Filler, Noted, Reading, Told};
use crate::facts::{
    CasualtyReport, Entity, EntityId, Event, EventPlace, Evidence, Facts, Iri, Locator, Mention, MentionForm,
    Participant, TimeSpan,
};
use crate::language::{Deprel, Span};
use crate::ontology::Ontology;
use crate::ontology::terms::property;

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
    /// The day that the words beside its toll give.
    pub toll_day: Option<TimeSpan>,
    /// Places, the most specific first.
    pub places: Vec<Found>,
    /// Its casualty reports.
    pub casualties: Vec<CasualtyReport>,
    /// How much the article is about it.
    pub salience: f64,
    /// Whether it is told as background to the news.
    pub background: bool,
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
    /// Whether it lies in a place that the event's own words say, and so says more exactly where.
    pub finer: bool,
}

/// The facts of a reading; `findings` are its events, the most salient first.
pub(super) fn finish(
    reading: &Reading<'_>,
    locator: &Locator<'_>,
    ontology: &Ontology,
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
    let events = findings.into_iter().map(|f| event(reading, locator, ontology, &entities, f)).collect();
    Facts { mentions, entities, events, ..Facts::default() }
}

fn event(
    reading: &Reading<'_>,
    locator: &Locator<'_>,
    ontology: &Ontology,
    entities: &[Entity],
    findings: Findings,
) -> Event {
    let told = &reading.events[findings.told];
    let named = |mention: usize| -> Option<(EntityId, Evidence, String)> {
        let noted = &reading.mentions[mention];
        let entity = noted.entity?;
        // A pronoun names nobody: the first name that the article gives says whom it stands for.
        let name = match noted.form {
            MentionForm::Pronoun | MentionForm::Possessive => {
                let told = reading.mentions.iter().find(|m| m.entity == Some(entity) && m.form == MentionForm::Name);
                let told = told.and_then(|m| m.name).map(|name| name.of(reading.document.text()).to_owned());
                told.unwrap_or_else(|| entities[entity].name.clone())
            }
            _ => noted.span.of(reading.document.text()).to_owned(),
        };
        Some((entity, locator.evidence(noted.span), name))
    };
    let taking_part: Vec<&Filler> = findings
        .fillers
        .iter()
        .filter(|filler| !findings.places.iter().any(|p| p.mention == filler.mention && p.role.is_some()))
        .filter(|filler| !reading.dateline.contains(&reading.mentions[filler.mention].head))
        .collect();
    let participants: Vec<Participant> = central_first(reading, ontology, entities, &taking_part)
        .into_iter()
        .filter_map(|filler| {
            let (entity, evidence, mut name) = named(filler.mention)?;
            if !entities[entity].named {
                name = described(reading, filler.mention).unwrap_or(name);
            }
            Some(Participant { role: filler.role.clone(), entity, evidence, name })
        })
        .collect();
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
        background: findings.background,
        time: findings.time,
        places,
        participants,
        casualties: findings.casualties,
        salience: findings.salience,
    }
}

/// The participants, the most central first: who acts and who is acted upon by turns, those with a name before those that are
/// only described, a number of victims last, people and bodies before things. A number told twice is one group.
fn central_first<'f>(
    reading: &Reading<'_>,
    ontology: &Ontology,
    entities: &[Entity],
    fillers: &[&'f Filler],
) -> Vec<&'f Filler> {
    let noted = |f: &Filler| -> &Noted { &reading.mentions[f.mention] };
    let is_actor = |f: &Filler| noted(f).entity.map_or(noted(f).kind, |e| entities[e].kind).is_actor();
    let is_named = |f: &Filler| noted(f).entity.is_some_and(|e| entities[e].named);
    let number = |f: &Filler| noted(f).quantity.as_ref().map(|q| (q.min, q.max));
    let mut kept: Vec<&Filler> = Vec::with_capacity(fillers.len());
    for &filler in fillers {
        let again = |f: &&Filler| {
            f.role == filler.role
                && number(f).is_some()
                && number(f) == number(filler)
                && !is_named(f)
                && !is_named(filler)
        };
        if !kept.iter().any(again) {
            kept.push(filler);
        }
    }
    let (actors, things): (Vec<_>, Vec<_>) = kept.into_iter().partition(|f| is_actor(f));
    let (mut targets, mut others): (Vec<_>, Vec<_>) =
        actors.into_iter().partition(|f| ontology.is_subproperty(&f.role, property::TARGET.as_str()));
    let rank = |f: &&Filler| match (is_named(f), number(f)) {
        (true, _) => 0_u8,
        (false, None) => 1,
        (false, Some(_)) => 2,
    };
    let doer = |f: &&Filler| ontology.is_subproperty(&f.role, property::INITIATOR.as_str());
    others.sort_by_key(|f| (rank(f), !doer(f)));
    targets.sort_by_key(rank);
    let mut found = Vec::with_capacity(fillers.len());
    let (mut others, mut targets) = (others.into_iter(), targets.into_iter());
    loop {
        let before = found.len();
        found.extend(others.next());
        found.extend(targets.next());
        if found.len() == before {
            break;
        }
    }
    found.extend(things);
    found
}

/// A description of somebody unnamed before a verb, with the phrases that belong to it for certain: "demonstrators in
/// Baghdad", "doctors from two aid groups".
fn described(reading: &Reading<'_>, mention: usize) -> Option<String> {
    let document = reading.document;
    let noted = &reading.mentions[mention];
    let subject = matches!(document.deprel(noted.head), Deprel::Nsubj | Deprel::NsubjPass)
        && document.head(noted.head).is_some_and(|verb| verb > noted.head);
    if !subject || noted.form != MentionForm::Nominal {
        return None;
    }
    let mut end = noted.words.end;
    for child in document.children_by(noted.head, Deprel::Nmod) {
        let phrase = super::mentions::phrase::extent(document, child);
        let start = document.children_by(child, Deprel::Case).next().unwrap_or(phrase.start).min(phrase.start);
        if start == end {
            end = phrase.end;
        }
    }
    let words = document.words();
    (end > noted.words.end)
        .then(|| words[noted.words.start].span.cover(words[end - 1].span).of(document.text()).to_owned())
}

/// The characters of a trigger: all its words if they stand together, else the word that evokes.
pub(super) fn trigger_span(reading: &Reading<'_>, told: &Told) -> Span {
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
