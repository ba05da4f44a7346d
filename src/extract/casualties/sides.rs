//! On whose side the victims were, where their own phrase does not name it.
//!
//! "ISIS militants fought the army. 12 militants and one soldier were killed": the twelve belong to the participant of the
//! event that the same noun describes, else to the only one whose class fits theirs.

use super::{Toll, TollKind};
use crate::extract::mentions::Knowledge;
use crate::extract::merging::Group;
use crate::extract::reading::Reading;
use crate::facts::{Entity, EntityId, EntityKind, MentionForm, VictimClass};
use crate::ontology::Ontology;
use crate::ontology::terms::class;
use std::collections::{BTreeMap, BTreeSet};

/// How many sentences before a toll the same people may have been named.
const REACH: usize = 2;
/// How many steps lead from people to the body they belong to.
const STEPS: usize = 3;

/// Gives the tolls of combatants the side that the participants of their event and the memberships stated tell.
pub(in crate::extract) fn take_sides(
    reading: &Reading<'_>,
    entities: &[Entity],
    ontology: &Ontology,
    knowledge: &Knowledge,
    groups: &[Group],
    tolls: &mut [Toll],
) {
    let sides = Sides { reading, entities, ontology, knowledge, groups: memberships(reading) };
    let mut counted = vec![false; reading.document.words().len()];
    for toll in tolls.iter() {
        counted[toll.words.clone()].fill(true);
    }
    let group_of: BTreeMap<usize, &Group> =
        groups.iter().flat_map(|group| group.tellings.iter().map(move |&telling| (telling, group))).collect();
    for toll in tolls.iter_mut() {
        let named = toll.side.is_some_and(|m| sides.is_named(m));
        if named || toll.victims != VictimClass::Combatant {
            continue;
        }
        let Some(group) = toll.event.and_then(|e| group_of.get(&e)) else { continue };
        let participants: Vec<usize> = group
            .tellings
            .iter()
            .flat_map(|&t| &reading.events[t].fillers)
            .map(|f| f.mention)
            .filter(|&m| !counted[reading.mentions[m].head])
            .collect();
        let side = sides.same_noun(toll, &participants).or_else(|| sides.fitting(toll, &participants));
        toll.side = side.or(toll.side);
    }
    // "12 militants and one soldier": a sum over both sides is on neither.
    let mut of_parts: BTreeMap<usize, BTreeSet<Option<EntityId>>> = BTreeMap::new();
    for toll in tolls.iter() {
        if let Some(whole) = toll.part_of.filter(|&whole| tolls[whole].kind == TollKind::Sum) {
            of_parts.entry(whole).or_default().insert(toll.side.and_then(|m| sides.entity(m)));
        }
    }
    for (whole, sides) in of_parts {
        if sides.len() > 1 {
            tolls[whole].side = None;
        }
    }
}

/// By subject, what people are said to be members of: by their mention and by their entity.
fn memberships(reading: &Reading<'_>) -> Memberships {
    let mut found = Memberships::default();
    for (index, stated) in reading.situations.iter().enumerate() {
        if *stated.kind == *class::MEMBERSHIP.as_str() {
            found.by_mention.entry(stated.subject).or_insert(index);
            if let Some(entity) = reading.mentions[stated.subject].entity {
                found.by_entity.entry(entity).or_insert(index);
            }
        }
    }
    found
}

/// The first statement of a membership of each mention and each entity, as indices in [`Reading::situations`].
#[derive(Debug, Default)]
struct Memberships {
    by_mention: BTreeMap<usize, usize>,
    by_entity: BTreeMap<EntityId, usize>,
}

struct Sides<'a> {
    reading: &'a Reading<'a>,
    entities: &'a [Entity],
    ontology: &'a Ontology,
    knowledge: &'a Knowledge,
    groups: Memberships,
}

impl Sides<'_> {
    fn entity(&self, mention: usize) -> Option<EntityId> {
        self.reading.mentions[mention].entity
    }

    fn is_named(&self, mention: usize) -> bool {
        self.entity(mention).is_some_and(|e| self.entities[e].named)
    }

    /// The body of the people whom the same noun described, in the event or shortly before.
    fn same_noun(&self, toll: &Toll, participants: &[usize]) -> Option<usize> {
        let document = self.reading.document;
        let lemma = document.lemma(toll.head);
        let same = |m: &usize| document.lemma(self.reading.mentions[*m].head) == lemma;
        if let Some(side) = self.only(participants.iter().copied().filter(same)) {
            return Some(side);
        }
        let sentence = document.sentence_of(toll.head);
        let first = document.sentences()[sentence.saturating_sub(REACH)].words.start;
        let before = self.reading.mentions_in(&(first..toll.words.start.max(first))).filter(|m| {
            let noted = &self.reading.mentions[*m];
            noted.head < toll.words.start && noted.form == MentionForm::Nominal && same(m)
        });
        self.only(before)
    }

    /// The only participant that such people may belong to.
    fn fitting(&self, toll: &Toll, participants: &[usize]) -> Option<usize> {
        let people = self.knowledge.noun(self.reading.document, toll.head)?.several;
        let both = |actor: &str, ancestor: oxrdf::NamedNodeRef<'_>| {
            self.ontology.is_subclass(people, ancestor.as_str()) && self.ontology.is_subclass(actor, ancestor.as_str())
        };
        let fits = |m: &usize| {
            let noted = &self.reading.mentions[*m];
            let own = self.entity(*m).and_then(|e| self.entities[e].class.as_deref()).or(noted.class.as_deref());
            noted.kind == EntityKind::Organization
                && own.is_some_and(|c| both(c, class::STATE_ACTOR) || both(c, class::NON_STATE_ARMED_ACTOR))
        };
        self.only(participants.iter().copied().filter(fits))
    }

    /// The body to which all of some mentions belong, if it is one.
    fn only(&self, mentions: impl Iterator<Item = usize>) -> Option<usize> {
        let mut bodies: BTreeMap<EntityId, usize> = BTreeMap::new();
        for mention in mentions {
            if let Some(body) = self.body(mention)
                && let Some(entity) = self.entity(body)
            {
                bodies.entry(entity).or_insert(body);
            }
        }
        let mut found = bodies.into_values();
        found.next().filter(|_| found.next().is_none())
    }

    /// The named body that a mention speaks of or belongs to.
    fn body(&self, mut mention: usize) -> Option<usize> {
        for _ in 0..STEPS {
            if self.is_named(mention) {
                return Some(mention);
            }
            let noted = &self.reading.mentions[mention];
            // "ISIS militants"
            let inside = self.reading.mentions_in(self.reading.sentence_words(noted.head)).find(|&m| {
                let inner = &self.reading.mentions[m];
                noted.words.contains(&inner.head)
                    && inner.kind == EntityKind::Organization
                    && inner.form == MentionForm::Name
                    && self.is_named(m)
            });
            mention = inside.or_else(|| self.group_of(mention))?;
        }
        None
    }

    /// The group that people are said to be members of.
    fn group_of(&self, mention: usize) -> Option<usize> {
        let own = self.groups.by_mention.get(&mention);
        let shared = self.entity(mention).and_then(|entity| self.groups.by_entity.get(&entity));
        own.into_iter().chain(shared).min().map(|&first| self.reading.situations[first].object)
    }
}
