//! Definite descriptions: what "the group", "the militants", "the city" and "Iraqi forces" take up.
//!
//! An antecedent is an earlier mention with the same noun, or a name that the noun describes. Candidates are weighed by how well their
//! class or size fits the noun, how far back they stand, how often they are spoken of and whether they are subjects.

use super::coreference::{Sieve, restrictive_clause};
use super::reference::{BodyNoun, PlaceNoun, Refers};
use crate::extract::mentions::name_span;
use crate::facts::{EntityKind, MentionForm};
use crate::language::{Deprel, Upos};
use std::collections::{BTreeMap, BTreeSet};

/// How many sentences back a description may look for a name.
const REACH: usize = 4;
/// How many sentences back it may look where only one name fits.
const ONLY_REACH: usize = 12;
/// How many mentions back anything may look, so that one sentence of a million names costs no more than its length.
const WINDOW: usize = 80;
/// How many of the places that share a name are looked at.
const NAMESAKES: usize = 4;

impl Sieve<'_, '_> {
    /// "the group", "the commander", "the militants": an earlier mention with the same noun, or a name it describes.
    pub(super) fn descriptions(&mut self) {
        let mut spoken: BTreeMap<usize, i32> = BTreeMap::new();
        for index in 0..self.profiles.len() {
            *spoken.entry(self.root(index)).or_default() += 1;
        }
        for index in 0..self.profiles.len() {
            if self.mention(index).form == MentionForm::Nominal
                && self.root(index) == index
                && let Some(antecedent) = self.described(index, &spoken)
            {
                self.join(antecedent, index);
                *spoken.entry(self.root(index)).or_default() += 1;
            }
        }
    }

    fn described(&self, index: usize, spoken: &BTreeMap<usize, i32>) -> Option<usize> {
        let document = self.document;
        let noted = self.mention(index);
        let profile = &self.profiles[index];
        let named_modifier = document
            .children(noted.head)
            .iter()
            .any(|&c| document.upos(c) == Upos::Propn && document.deprel(c) == Deprel::Compound);
        let counted = self.is_counted(index);
        // "Iraqi forces" each time it is said, but not "three soldiers" or "militants".
        let standing = (named_modifier || noted.country.is_some()) && !counted && profile.plural;
        if !profile.definite && !standing {
            return None;
        }
        let refers = self.refers(index).filter(|_| profile.definite && !counted);
        let mut best: Option<(i32, usize)> = None;
        let mut fitting: BTreeSet<usize> = BTreeSet::new();
        for earlier in (index.saturating_sub(WINDOW)..index).rev() {
            let other = self.mention(earlier);
            let kind =
                other.kind == noted.kind || self.is_country_as_place(index, refers) && other.kind == EntityKind::Place;
            if !kind || self.is_pronoun(earlier) || noted.words.end == other.words.end {
                continue;
            }
            let apart = profile.sentence - self.profiles[earlier].sentence.min(profile.sentence);
            let near = 20 - 2 * i32::try_from(apart.min(ONLY_REACH)).unwrap_or(0);
            let score = if self.same_noun(index, earlier) {
                // "the militants" after "12 militants were killed" are more likely those that were spoken of before.
                Some(near + 3 - if self.is_counted(earlier) && !counted { 12 } else { 0 })
            } else if self.is_coargument(index, earlier) {
                None
            } else if self.has_title(index, earlier) {
                (apart <= REACH).then_some(near)
            } else {
                let fit = refers.and_then(|r| self.fit(r, earlier));
                if fit.is_some() {
                    fitting.insert(self.root(earlier));
                }
                fit.filter(|_| apart <= ONLY_REACH).map(|fit| {
                    let root = self.root(earlier);
                    let subject =
                        matches!(document.deprel(other.head), Deprel::Nsubj | Deprel::NsubjPass | Deprel::NmodPoss);
                    near + fit + 2 * i32::from(subject) + spoken.get(&root).copied().unwrap_or(1).min(6)
                        - if apart > REACH { 5 } else { 0 }
                })
            };
            if let Some(score) = score.filter(|s| *s > 0)
                && best.is_none_or(|(b, _)| score > b)
            {
                best = Some((score, earlier));
            }
        }
        let (_, antecedent) = best?;
        // People stand for their body only where no other body may be meant.
        let members = matches!(refers, Some(Refers::Members(_)));
        if members && !self.same_noun(index, antecedent) && fitting.len() > 1 {
            return None;
        }
        Some(antecedent)
    }

    /// "the majority of the country", "in the country": a stretch of land, though the noun may stand for the state.
    fn is_country_as_place(&self, index: usize, refers: Option<&Refers>) -> bool {
        matches!(refers, Some(Refers::Place(noun)) if noun.is_country())
            && matches!(self.document.deprel(self.mention(index).head), Deprel::Nmod | Deprel::Obl)
    }

    pub(super) fn is_counted(&self, index: usize) -> bool {
        self.document.children_by(self.mention(index).head, Deprel::Nummod).next().is_some()
    }

    fn same_noun(&self, index: usize, earlier: usize) -> bool {
        let document = self.document;
        let (noted, other) = (self.mention(index), self.mention(earlier));
        let (profile, before) = (&self.profiles[index], &self.profiles[earlier]);
        other.form == MentionForm::Nominal
            && document.lemma(other.head) == document.lemma(noted.head)
            && before.plural == profile.plural
            && (profile.modifiers == before.modifiers || profile.definite && profile.modifiers.is_empty())
            && (!self.is_counted(index) || self.is_counted(earlier))
    }

    /// Whether two mentions are arguments of one predicate: "the army fought the group" tells of two.
    fn is_coargument(&self, index: usize, earlier: usize) -> bool {
        let document = self.document;
        let head = document.head(self.mention(index).head);
        head.is_some() && head == document.head(self.mention(earlier).head)
    }

    /// Whether a bare description is a word of the title of an earlier name ("General Haftar … the general").
    fn has_title(&self, index: usize, earlier: usize) -> bool {
        let (noted, other) = (self.mention(index), self.mention(earlier));
        let lemma = self.document.lemma(noted.head);
        other.form == MentionForm::Name
            && self.profiles[index].definite
            && self.profiles[index].modifiers.is_empty()
            && other.words.clone().any(|w| self.document.lemma(w).eq_ignore_ascii_case(lemma))
    }

    /// What a noun takes up if it stands alone: without a modifier that tells another one apart from what was named.
    fn refers(&self, index: usize) -> Option<&Refers> {
        let document = self.document;
        let noted = self.mention(index);
        let (refers, own) = self.context.words.of(document, noted.head)?;
        let plain = document.children(noted.head).iter().all(|&c| match document.deprel(c) {
            Deprel::Amod | Deprel::Compound => {
                c + own >= noted.head || self.context.knowledge.noun(document, c).is_some_and(|n| n.force)
            }
            Deprel::NmodPoss | Deprel::Nmod | Deprel::Appos => !noted.words.contains(&c),
            _ => true,
        });
        let number = matches!(refers, Refers::Members(_)) == self.profiles[index].plural;
        (plain && number && !restrictive_clause(document, noted.head)).then_some(refers)
    }

    fn fit(&self, refers: &Refers, earlier: usize) -> Option<i32> {
        let other = self.mention(earlier);
        if other.form != MentionForm::Name {
            return None;
        }
        match refers {
            Refers::Body(noun) => self.body(noun, earlier),
            Refers::Members(noun) => other
                .class
                .is_some()
                .then(|| self.body(noun, earlier))
                .flatten()
                .filter(|_| !self.profiles[earlier].plural),
            Refers::Place(noun) => self.place(noun, earlier),
        }
    }

    fn body(&self, noun: &BodyNoun, earlier: usize) -> Option<i32> {
        match self.mention(earlier).class.as_deref() {
            Some(class) => noun.fit(self.context.ontology, class),
            None => noun.is_general().then_some(-3),
        }
    }

    fn place(&self, noun: &PlaceNoun, earlier: usize) -> Option<i32> {
        let other = self.mention(earlier);
        if other.kind != EntityKind::Place {
            return None;
        }
        let gazetteer = self.context.knowledge.gazetteer();
        let places = gazetteer.lookup(name_span(other).of(self.document.text()));
        if places.is_empty() {
            return noun.may_be_unlisted().then_some(-1);
        }
        let fits = places.iter().take(NAMESAKES).filter_map(|&id| {
            let place = gazetteer.place(id);
            // The country and the places of the country that the article speaks of most.
            let spoken = place.country.and_then(|c| self.context.countries.get(c)).copied().unwrap_or(0).min(8);
            let weight = i32::try_from(spoken).unwrap_or(0);
            noun.fit(&place).map(|fit| fit + if noun.is_country() { 2 * weight } else { weight / 2 })
        });
        fits.max()
    }
}
