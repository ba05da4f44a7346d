//! Entities: which mentions speak of the same thing, and which known actor or place it is. Entry point: [`link`].

pub mod acronyms;
mod coreference;
pub(crate) mod names;
mod places;
mod resolution;

use super::mentions::{Knowledge, name_span};
use super::reading::Reading;
use crate::facts::{Entity, EntityKind, MentionForm};

/// Groups the mentions of a reading into entities, tells each mention its entity, and resolves the entities against
/// known actors and places.
pub fn link(reading: &mut Reading<'_>, knowledge: &Knowledge) -> Vec<Entity> {
    let keys = resolution::keys(reading, knowledge);
    let mut clusters = coreference::clusters(reading, &keys);
    let mut entities = Vec::with_capacity(clusters.len());
    clusters.retain(|cluster| {
        let found = entity(reading, cluster);
        let kept = found.is_some();
        entities.extend(found);
        kept
    });
    for (id, cluster) in clusters.iter().enumerate() {
        for &mention in &cluster.mentions {
            reading.mentions[mention].entity = Some(id);
        }
    }
    let countries = resolution::countries(reading, knowledge);
    resolution::resolve(reading, knowledge, &countries, &clusters, &mut entities);
    places::resolve(reading, knowledge, &countries, &mut entities);
    entities
}

/// What a cluster's mentions together say; none for a pronoun nobody could resolve and for bare numbers and times.
fn entity(reading: &Reading<'_>, cluster: &coreference::Cluster) -> Option<Entity> {
    let document = reading.document;
    let mentions = || cluster.mentions.iter().map(|&m| &reading.mentions[m]);
    let first = mentions().find(|m| !matches!(m.form, MentionForm::Pronoun | MentionForm::Possessive))?;
    if matches!(first.kind, EntityKind::Time | EntityKind::Quantity | EntityKind::Money | EntityKind::Nationality) {
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
        class: mentions().find_map(|m| m.class.clone()),
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
