//! The evidence on the names of an article that no list knows, summed over all their mentions.

use super::model;
use crate::extract::entities::names::Tokens;
use crate::facts::EntityKind;
use std::collections::{BTreeMap, BTreeSet};

/// The evidence on each unlisted name, summed over its mentions.
#[derive(Debug, Default)]
pub(super) struct Pools {
    index: BTreeMap<Tokens, usize>,
    pub(super) summed: Vec<Pool>,
    /// The last words of names of persons that a title settles.
    pub(super) persons: BTreeSet<Box<str>>,
    /// Names that the noun beside them says are places' ("the town of Ariha").
    pub(super) places: BTreeSet<Tokens>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    phrase: model::Scores,
    context: model::Scores,
    mentions: f32,
    pub(super) joined: Option<usize>,
}

impl Pools {
    pub(super) fn add(&mut self, name: Tokens, phrase: &model::Scores, context: &model::Scores) -> usize {
        let next = self.summed.len();
        let index = *self.index.entry(name).or_insert(next);
        if index == next {
            self.summed.push(Pool::default());
        }
        let pool = &mut self.summed[index];
        for i in 0..model::CLASSES {
            pool.phrase[i] += phrase[i];
            pool.context[i] += context[i];
        }
        pool.mentions += 1.0;
        index
    }

    pub(super) fn add_person(&mut self, name: &Tokens) {
        self.persons.extend(name.last().map(Into::into));
    }

    /// The kind of a name that its words elsewhere in the article settle.
    pub(super) fn settled(&self, name: &Tokens) -> Option<EntityKind> {
        if self.places.contains(name) {
            return Some(EntityKind::Place);
        }
        name.last().is_some_and(|last| self.persons.contains(last)).then_some(EntityKind::Person)
    }

    /// A one-word name that is the last word of exactly one longer name shares its evidence ("Ghadiya", "Abu Ghadiya").
    pub(super) fn join_short_names(&mut self) {
        let mut by_last: BTreeMap<&str, Option<usize>> = BTreeMap::new();
        for (name, &index) in &self.index {
            if name.len() > 1
                && let Some(last) = name.last()
            {
                by_last.entry(last).and_modify(|e| *e = None).or_insert(Some(index));
            }
        }
        let mut joins = Vec::new();
        for (name, &index) in &self.index {
            if name.len() == 1
                && let Some(last) = name.last()
                && let Some(&Some(longer)) = by_last.get(last)
            {
                joins.push((index, longer));
            }
        }
        for (short, long) in joins {
            let Pool { phrase, context, mentions, .. } = self.summed[short].clone();
            let pool = &mut self.summed[long];
            for i in 0..model::CLASSES {
                pool.phrase[i] += phrase[i];
                pool.context[i] += context[i];
            }
            pool.mentions += mentions;
            self.summed[short].joined = Some(long);
        }
    }

    /// The scores of a name: its words on average, its contexts growing with the root of their number.
    pub(super) fn scores(&self, index: usize) -> model::Scores {
        let pool = &self.summed[self.summed[index].joined.unwrap_or(index)];
        let mut scores = pool.phrase;
        for (score, context) in scores.iter_mut().zip(pool.context) {
            *score = *score / pool.mentions + context / pool.mentions.sqrt();
        }
        scores
    }
}
