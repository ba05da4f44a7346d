//! On whose side the victims were, where their own phrase does not name it.
//!
//! "ISIS militants fought the army. 12 militants and one soldier were killed": the twelve belong to the participant of the
//! event that the same noun describes, else to the only one whose class fits theirs.

use super::Toll;
use crate::extract::mentions::Knowledge;
use crate::extract::merging::Group;
use crate::extract::reading::Reading;
use crate::facts::{Entity, EntityId, EntityKind, MentionForm, VictimClass};
use crate::language::WordId;
use crate::ontology::Ontology;
use crate::ontology::terms::class;
use std::collections::BTreeMap;

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
    let sides = Sides { reading, entities, ontology, knowledge };
    let counted: Vec<std::ops::Range<WordId>> = tolls.iter().map(|t| t.words.clone()).collect();
    for toll in tolls.iter_mut() {
        let named = toll.side.is_some_and(|m| sides.is_named(m));
        if named || toll.victims != VictimClass::Combatant {
            continue;
        }
        let Some(group) = toll.event.and_then(|e| groups.iter().find(|g| g.tellings.contains(&e))) else { continue };
        let participants: Vec<usize> = group
            .tellings
            .iter()
            .flat_map(|&t| &reading.events[t].fillers)
            .map(|f| f.mention)
            .filter(|&m| !counted.iter().any(|words| words.contains(&reading.mentions[m].head)))
            .collect();
        let side = sides.same_noun(toll, &participants).or_else(|| sides.fitting(toll, &participants));
        toll.side = side.or(toll.side);
    }
    // "12 militants and one soldier": a sum over both sides is on neither.
    for whole in 0..tolls.len() {
        let mut parts = tolls.iter().filter(|t| t.part_of == Some(whole)).map(|t| t.side.and_then(|m| sides.entity(m)));
        if let Some(first) = parts.next()
            && parts.any(|side| side != first)
        {
            tolls[whole].side = None;
        }
    }
}

struct Sides<'a> {
    reading: &'a Reading<'a>,
    entities: &'a [Entity],
    ontology: &'a Ontology,
    knowledge: &'a Knowledge,
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
        let before = (0..self.reading.mentions.len()).filter(|m| {
            let noted = &self.reading.mentions[*m];
            let at = document.sentence_of(noted.head);
            noted.head < toll.words.start && at + REACH >= sentence && noted.form == MentionForm::Nominal && same(m)
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
            let inside = (0..self.reading.mentions.len()).find(|&m| {
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
        let entity = self.entity(mention);
        self.reading
            .situations
            .iter()
            .find(|s| {
                *s.kind == *class::MEMBERSHIP.as_str()
                    && (s.subject == mention || entity.is_some() && self.entity(s.subject) == entity)
            })
            .map(|s| s.object)
    }
}
