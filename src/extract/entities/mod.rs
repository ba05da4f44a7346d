//! Entities: which mentions speak of the same thing, and which known actor or place it is. Entry point: [`link`].

pub mod acronyms;
mod coreference;
mod descriptions;
pub(crate) mod names;
mod places;
mod pronouns;
mod reference;
mod resolution;

pub use reference::ReferenceWords;

use super::mentions::{Knowledge, name_span};
use super::reading::Reading;
use crate::facts::{Entity, EntityKind, MentionForm};
use crate::language::{Deprel, WordId};
use crate::lexicon::PlaceId;
use crate::ontology::Ontology;
use crate::ontology::terms::class;
use std::collections::BTreeMap;

/// Groups the mentions of a reading into entities, tells each mention its entity, and resolves the entities against
/// known actors and places.
pub fn link(
    reading: &mut Reading<'_>,
    ontology: &Ontology,
    knowledge: &Knowledge,
    words: &ReferenceWords,
) -> Vec<Entity> {
    let keys = resolution::keys(reading, knowledge);
    let countries = resolution::countries(reading, knowledge);
    let context = coreference::Context { ontology, knowledge, words, countries: &countries };
    let mut clusters = coreference::clusters(reading, &keys, &context);
    let mut entities = Vec::with_capacity(clusters.len());
    clusters.retain(|cluster| {
        let found = entity(reading, knowledge, cluster);
        let kept = found.is_some();
        entities.extend(found);
        kept
    });
    for (id, cluster) in clusters.iter().enumerate() {
        for &mention in &cluster.mentions {
            reading.mentions[mention].entity = Some(id);
        }
    }
    resolution::resolve(reading, knowledge, &countries, &clusters, &mut entities);
    let decided = places::resolve(reading, knowledge, words, &countries, &mut entities);
    join_resolved(reading, entities, &decided)
}

/// Gives demonyms their entity where one is asked for: "Russian" in "a Russian air strike" speaks of the state. It is the
/// article's own entity for that state, or a new one.
pub fn nations(reading: &mut Reading<'_>, entities: &mut Vec<Entity>, knowledge: &Knowledge) {
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    for (id, entity) in entities.iter().enumerate() {
        let state = entity.class.as_deref() == Some(class::STATE.as_str());
        if let (true, Some(country)) = (state && entity.kind == EntityKind::Organization, &entity.country) {
            states.entry(country.clone()).or_insert(id);
        }
    }
    for index in 0..reading.mentions.len() {
        let noted = &reading.mentions[index];
        if noted.kind != EntityKind::Nationality || noted.entity.is_some() {
            continue;
        }
        let Some(country) = noted.country.clone() else { continue };
        let Some(actor) = knowledge.state(&country).map(|a| &knowledge.actors().actors()[a]) else { continue };
        let id = *states.entry(country.clone()).or_insert_with(|| {
            entities.push(Entity {
                kind: EntityKind::Organization,
                class: Some(class::STATE.as_str().into()),
                name: actor.name.to_string(),
                aliases: Vec::new(),
                named: true,
                known: Some(actor.iri.clone()),
                country: Some(country),
                location: None,
                within: None,
                candidates: Vec::new(),
                mentions: Vec::new(),
            });
            entities.len() - 1
        });
        entities[id].mentions.push(index);
        entities[id].mentions.sort_unstable();
        reading.mentions[index].entity = Some(id);
    }
}

/// Entities that turned out to be one known actor or one place become one.
fn join_resolved(reading: &mut Reading<'_>, entities: Vec<Entity>, decided: &BTreeMap<usize, PlaceId>) -> Vec<Entity> {
    let mut first: BTreeMap<(EntityKind, Box<str>), usize> = BTreeMap::new();
    let mut kept: Vec<Entity> = Vec::with_capacity(entities.len());
    let mut new_id = Vec::with_capacity(entities.len());
    for (id, entity) in entities.into_iter().enumerate() {
        let key = match (&entity.known, decided.get(&id)) {
            (Some(known), _) => Some(Box::from(known.as_ref())),
            (None, Some(place)) => Some(place.0.to_string().into_boxed_str()),
            (None, None) => None,
        };
        let target = match key {
            Some(key) => *first.entry((entity.kind, key)).or_insert(kept.len()),
            None => kept.len(),
        };
        new_id.push(target);
        if target == kept.len() {
            kept.push(entity);
            continue;
        }
        let into = &mut kept[target];
        let names = std::iter::once(entity.name).chain(entity.aliases);
        for name in names {
            if name != into.name && !into.aliases.contains(&name) {
                into.aliases.push(name);
            }
        }
        into.mentions.extend(entity.mentions);
        into.mentions.sort_unstable();
        into.within = into.within.or(entity.within);
    }
    for (id, entity) in kept.iter_mut().enumerate() {
        entity.within = entity.within.map(|w| new_id[w]).filter(|&w| w != id);
    }
    for mention in &mut reading.mentions {
        mention.entity = mention.entity.map(|e| new_id[e]);
    }
    kept
}

/// What a cluster's mentions together say; none for a pronoun nobody could resolve and for bare numbers and times.
fn entity(reading: &Reading<'_>, knowledge: &Knowledge, cluster: &coreference::Cluster) -> Option<Entity> {
    let document = reading.document;
    let mentions = || cluster.mentions.iter().map(|&m| &reading.mentions[m]);
    let first = mentions().find(|m| !matches!(m.form, MentionForm::Pronoun | MentionForm::Possessive))?;
    if matches!(first.kind, EntityKind::Time | EntityKind::Quantity | EntityKind::Money | EntityKind::Nationality) {
        return None;
    }
    // "our people", "your country": of whoever speaks, whom the text need not name; "our troops" fight.
    let spoken = |head: WordId| {
        let mut owners = document.children_by(head, Deprel::NmodPoss);
        owners.any(|c| matches!(document.feat(c, "Person"), Some("1" | "2")))
            && !knowledge.noun(document, head).is_some_and(|n| n.force)
    };
    if mentions().all(|m| m.form != MentionForm::Name && spoken(m.head)) {
        return None;
    }
    let mut names: Vec<&str> =
        mentions().filter(|m| m.form == MentionForm::Name).map(|m| name_span(m).of(document.text())).collect();
    let named = !names.is_empty();
    if !named {
        names = mentions().filter(|m| m.form == MentionForm::Nominal).map(|m| m.span.of(document.text())).collect();
    }
    let name = names.iter().copied().rev().max_by_key(|n| n.chars().count())?.to_owned();
    let mut aliases: Vec<String> = names.into_iter().filter(|n| named && *n != name).map(str::to_owned).collect();
    aliases.sort_unstable();
    aliases.dedup();
    Some(Entity {
        kind: first.kind,
        class: mentions().filter(|m| m.kind == first.kind).find_map(|m| m.class.clone()),
        name,
        aliases,
        named,
        known: None,
        country: mentions().find_map(|m| m.country.clone()),
        location: None,
        within: None,
        candidates: Vec::new(),
        mentions: cluster.mentions.clone(),
    })
}
