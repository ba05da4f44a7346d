//! Which known actor an entity is, and what the article tells about where it plays.
//!
//! A name that several known actors bear goes to the one whose countries the article speaks of; where that does not
//! decide, all of them stay candidates.

use super::coreference::Cluster;
use crate::extract::mentions::{Knowledge, name_span};
use crate::extract::reading::{Noted, Reading};
use crate::facts::{Candidate, Entity, EntityKind, MentionForm};
use crate::lexicon::{ActorId, PlaceId, PlaceKind};
use crate::ontology::terms::class;
use std::collections::BTreeMap;

/// For each mention the key of the known actor or place that its name means wherever it stands.
pub(super) fn keys(reading: &Reading<'_>, knowledge: &Knowledge) -> Vec<Option<Box<str>>> {
    let gazetteer = knowledge.gazetteer();
    let mut known: BTreeMap<&str, Option<Box<str>>> = BTreeMap::new();
    reading
        .mentions
        .iter()
        .map(|m| {
            if let [one] = m.actors[..]
                && !one.ambiguous
            {
                return Some(knowledge.actors().actors()[one.actor].iri.as_ref().into());
            }
            if m.form != MentionForm::Name || !matches!(m.kind, EntityKind::Place | EntityKind::Organization) {
                return None;
            }
            let name = name_span(m).of(reading.document.text());
            let key = known.entry(name).or_insert_with(|| match gazetteer.lookup(name)[..] {
                [one] => Some(format!("place:{}", one.0).into()),
                [first, ..] if gazetteer.place(first).kind == PlaceKind::Country => {
                    Some(format!("place:{}", first.0).into())
                }
                _ => None,
            });
            // A body may bear the name of a place without being its government.
            key.clone().filter(|_| m.kind == EntityKind::Place || is_country(knowledge, name).is_some())
        })
        .collect()
}

fn is_country(knowledge: &Knowledge, name: &str) -> Option<PlaceId> {
    let first = knowledge.gazetteer().lookup(name).first().copied()?;
    (knowledge.gazetteer().place(first).kind == PlaceKind::Country).then_some(first)
}

/// The country that a name means, or whose capital it names: what acts under either name is its government.
fn governed(knowledge: &Knowledge, name: &str) -> Option<PlaceId> {
    let gazetteer = knowledge.gazetteer();
    let capital = || {
        let first = gazetteer.place(gazetteer.lookup(name).first().copied()?);
        first.country.filter(|_| first.is_capital).and_then(|code| gazetteer.country(code))
    };
    is_country(knowledge, name).or_else(capital)
}

/// Resolves the actors among the entities; `clusters` are their mentions.
pub(super) fn resolve(
    reading: &Reading<'_>,
    knowledge: &Knowledge,
    countries: &BTreeMap<Box<str>, u32>,
    clusters: &[Cluster],
    entities: &mut [Entity],
) {
    for (entity, cluster) in entities.iter_mut().zip(clusters) {
        if entity.kind.is_actor() {
            actor(reading, knowledge, countries, cluster, entity);
        }
    }
}

/// The countries an article speaks of, by name, demonym or what belongs to them, and how often.
pub(super) fn countries(reading: &Reading<'_>, knowledge: &Knowledge) -> BTreeMap<Box<str>, u32> {
    let mut countries: BTreeMap<Box<str>, u32> = BTreeMap::new();
    for mention in &reading.mentions {
        // An acronym says little about where an article plays: many bodies share it.
        if is_acronym(reading, mention) {
            continue;
        }
        let known = match mention.actors[..] {
            [one] if !one.ambiguous => match &knowledge.actors().actors()[one.actor].countries[..] {
                [country] => Some(&**country),
                _ => None,
            },
            _ => None,
        };
        if let Some(code) = mention.country.as_deref().or(known) {
            *countries.entry(code.into()).or_default() += 1;
        }
    }
    countries
}

/// Decides which known actor an entity is.
fn actor(
    reading: &Reading<'_>,
    knowledge: &Knowledge,
    countries: &BTreeMap<Box<str>, u32>,
    cluster: &Cluster,
    entity: &mut Entity,
) {
    let actors = knowledge.actors().actors();
    let mut sure: Option<ActorId> = None;
    let mut possible: Vec<ActorId> = Vec::new();
    for &mention in &cluster.mentions {
        let noted = &reading.mentions[mention];
        match noted.actors[..] {
            [one] if !one.ambiguous => sure = sure.or(Some(one.actor)),
            _ => possible.extend(noted.actors.iter().map(|u| u.actor)),
        }
        if noted.form == MentionForm::Name
            && entity.kind == EntityKind::Organization
            && sure.is_none()
            && let Some(country) = governed(knowledge, name_span(noted).of(reading.document.text()))
        {
            let code = knowledge.gazetteer().place(country).country;
            sure = code.and_then(|c| knowledge.state(c));
            entity.class = Some(class::STATE.as_str().into());
        }
    }
    // A bare acronym of a body of a country that the article does not speak of is more likely somebody else's.
    if let Some(id) = sure
        && !actors[id].countries.is_empty()
        && !actors[id].countries.iter().any(|c| countries.contains_key(c))
        && cluster.mentions.iter().all(|&m| {
            let noted = &reading.mentions[m];
            noted.form != MentionForm::Name || is_acronym(reading, noted)
        })
    {
        possible.push(id);
        sure = None;
    }
    possible.sort_unstable();
    possible.dedup();
    if sure.is_none() {
        let support = |id: ActorId| -> u32 { actors[id].countries.iter().filter_map(|c| countries.get(c)).sum() };
        let best = possible.iter().map(|&id| support(id)).max().unwrap_or(0);
        let mut likeliest = possible.iter().copied().filter(|&id| support(id) == best);
        let only = likeliest.next().filter(|_| likeliest.next().is_none());
        let total: u32 = possible.iter().map(|&id| support(id)).sum();
        if best > 0 && best * 3 >= total * 2 {
            sure = only;
        }
        if sure.is_none() {
            let weight = |id: ActorId| f64::from(support(id) + 1);
            let sum: f64 = possible.iter().map(|&id| weight(id)).sum();
            entity.candidates = possible
                .iter()
                .map(|&id| Candidate {
                    iri: actors[id].iri.clone(),
                    name: actors[id].name.to_string(),
                    // One half is kept for "somebody else of that name".
                    score: 0.5 * weight(id) / sum,
                })
                .collect();
        }
    }
    if let Some(id) = sure {
        let known = &actors[id];
        entity.known = Some(known.iri.clone());
        entity.class = known.classes.first().cloned().or(entity.class.take());
        if let [country] = &known.countries[..] {
            entity.country = Some(country.to_string());
        }
        if *entity.name != *known.name {
            let own = std::mem::replace(&mut entity.name, known.name.to_string());
            entity.aliases.retain(|a| *a != entity.name);
            if !entity.aliases.contains(&own) {
                entity.aliases.push(own);
            }
        }
    }
}

/// Whether a mention's name is a short run of capitals.
fn is_acronym(reading: &Reading<'_>, noted: &Noted) -> bool {
    let name = name_span(noted).of(reading.document.text());
    noted.form == MentionForm::Name
        && name.len() <= 6
        && name.chars().all(|c| c.is_uppercase() || !c.is_alphabetic())
        && !noted.actors.is_empty()
}
