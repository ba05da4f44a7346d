//! The reports that a cue gives: wholes, their sum where there are several, and the parts of them.
//!
//! [`SentenceReader::emit`] writes those of one cue, [`SentenceReader::shares`] those said of a figure without a verb.

use super::phrase::Phrase;
use super::sentence::{Group, SentenceReader};
use super::words::Use;
use super::{Toll, TollKind};
use crate::extract::reading::Quantity;
use crate::facts::{Outcome, VictimClass};
use crate::language::{Upos, WordId};
use std::ops::Range;

impl SentenceReader<'_> {
    /// Parts said of a figure of the sentence without a verb: "seven of them children", "most of them women" (not a count).
    pub(super) fn shares(&self, before: usize, tolls: &mut Vec<Toll>) {
        let taken: Vec<Range<WordId>> = tolls[before..].iter().map(|t| t.words.clone()).collect();
        for phrase in &self.phrases {
            let Some(quantity) = phrase.quantity.clone() else { continue };
            let end = phrase.words.end;
            let behind = if phrase.bare && self.text.is(end.min(self.last()), "of") && end < self.range.end {
                self.words.part(self.text, end).map(|len| end + len)
            } else {
                None
            };
            let Some(behind) = behind else { continue };
            if taken.iter().any(|t| t.start < end && phrase.words.start < t.end) {
                continue;
            }
            let whole = (before..tolls.len())
                .rev()
                .find(|&i| tolls[i].part_of.is_none() && tolls[i].words.start < phrase.words.start);
            let whole = whole.or_else(|| {
                // "Seven of them were children" speaks of the last figure of the sentence before.
                (0..before).rev().take(4).find(|&i| tolls[i].part_of.is_none())
            });
            let Some(whole) = whole else { continue };
            let mut people = behind;
            while people < self.range.end && matches!(self.document().upos(people), Upos::Aux | Upos::Adv) {
                people += 1;
            }
            let Some(index) = self.phrase_after(people, 1) else { continue };
            let Some(class) = self.phrases[index].class else { continue };
            // More than a whole are no part of it, however open it is above: "2,200 left, 400 of them fighters".
            let most = tolls[whole].max.unwrap_or(tolls[whole].min);
            let fits = tolls[whole].vague || quantity.min <= most;
            if fits && quantity.min > 0 {
                let outcome = tolls[whole].outcome;
                let trigger = tolls[whole].trigger;
                let mut part = Self::toll_of(phrase, quantity, outcome, trigger);
                part.victims = class;
                part.words = phrase.words.start..self.phrases[index].words.end;
                part.part_of = Some(whole);
                tolls.push(part);
            }
        }
    }

    /// How many a phrase counts; a bare singular behind a label is one: "Killed: teacher, 2 pupils".
    fn quantity_of(&self, index: usize) -> Option<Quantity> {
        let phrase = &self.phrases[index];
        let listed = || {
            let first = phrase.words.start;
            let single = self.document().feat(phrase.head, "Number") != Some("Plur") && phrase.class.is_some();
            (single && first > self.range.start && self.text_is(first - 1, &[":", ",", ";", "and", "&"]))
                .then(|| Quantity { min: 1, max: Some(1), words: phrase.head..phrase.head + 1 })
        };
        phrase.quantity.clone().or_else(listed)
    }

    /// Writes the reports of a group: each whole, their sum if there are several, and the parts of the last.
    pub(super) fn emit(&self, trigger: WordId, outcome: Outcome, group: &Group, tolls: &mut Vec<Toll>) {
        let counted: Vec<(usize, Quantity)> = group
            .wholes
            .iter()
            .filter(|&&i| self.phrases[i].class.is_some() || self.phrases[i].figure && !self.is_event(i))
            .filter(|&&i| !self.is_otherwise_harmed(i, outcome))
            .filter_map(|&i| Some((i, self.quantity_of(i)?)))
            .filter(|(i, q)| q.min > 0 && !self.text_is_before(self.phrases[*i].words.start, "no"))
            .collect();
        if counted.is_empty() {
            return;
        }
        let reflexive = counted.iter().any(|(i, _)| self.phrases[*i].reflexive);
        let total = (counted.len() > 1 && !reflexive).then(|| {
            let first = &self.phrases[counted[0].0];
            let last = &self.phrases[counted[counted.len() - 1].0];
            let quantity = Quantity {
                min: counted.iter().fold(0, |sum, (_, q)| sum.saturating_add(q.min)),
                max: counted.iter().try_fold(0_u32, |sum, (_, q)| q.max.map(|m| sum.saturating_add(m))),
                words: counted[0].1.words.start..last.words.end,
            };
            let mut toll = Self::toll_of(first, quantity, outcome, trigger);
            toll.kind = TollKind::Sum;
            toll.words = first.words.start..last.words.end;
            toll.victims = counted
                .iter()
                .map(|(i, _)| self.phrases[*i].class.unwrap_or(VictimClass::Unknown))
                .reduce(joined)
                .unwrap_or(VictimClass::Unknown);
            toll
        });
        let whole = total.map(|toll| {
            tolls.push(toll);
            tolls.len() - 1
        });
        let mut last = None;
        for (index, quantity) in counted {
            let mut toll = Self::toll_of(&self.phrases[index], quantity, outcome, trigger);
            toll.part_of = whole;
            last = Some(tolls.len());
            tolls.push(toll);
        }
        let parent = whole.or(last);
        if let Some(index) = self.ordinal_behind(trigger, group) {
            let phrase = &self.phrases[index];
            if let Some(quantity) = phrase.quantity.clone() {
                tolls.push(Self::toll_of(phrase, quantity, outcome, trigger));
            }
        }
        let behind = if group.parts.is_empty() { self.parts_behind(trigger, group) } else { Vec::new() };
        for &index in group.parts.iter().chain(&behind) {
            let phrase = &self.phrases[index];
            // "including women and children" counts nobody.
            let counted = |q: &Quantity| phrase.figure || q.max.is_some();
            let Some(quantity) = phrase.quantity.clone().filter(|q| phrase.is_people() && counted(q)) else { continue };
            let mut toll = Self::toll_of(phrase, quantity, outcome, trigger);
            toll.part_of = parent;
            tolls.push(toll);
        }
    }

    /// Whether a phrase says itself that something else became of those it counts: "the bodies of 29 children and *48 injured
    /// people*".
    fn is_otherwise_harmed(&self, index: usize, outcome: Outcome) -> bool {
        let phrase = &self.phrases[index];
        self.cues.iter().any(|(at, cue)| {
            let state = matches!(cue.usage, Use::State) || self.is_modifier(*at, phrase);
            let inside = phrase.words.contains(at) && *at < phrase.head && state;
            inside && !matches!((cue.outcome, outcome), (one, other) if one == other || other == Outcome::Harmed)
        })
    }

    /// Whether what a phrase counts is what happened: "*56 airstrikes* 60 militants killed", where a comma is lost.
    fn is_event(&self, index: usize) -> bool {
        let phrase = &self.phrases[index];
        let events = self.reading.events_in(&phrase.words);
        !phrase.bare && self.reading.events[events].iter().any(|told| told.trigger == phrase.head)
    }

    /// Who is counted on behind a cue without one of their own: "Four officers died at the scene and *a fifth* in hospital".
    fn ordinal_behind(&self, trigger: WordId, group: &Group) -> Option<usize> {
        let after = group.wholes.iter().map(|&i| self.phrases[i].words.end).max()?.max(trigger + 1);
        let joined = |p: &Phrase| p.words.start > after && self.text_is(p.words.start - 1, &["and", ",", "while"]);
        let index = self.phrases.iter().position(|p| p.ordinal.is_some() && p.bare && joined(p))?;
        let start = self.phrases[index].words.start;
        let next = self.cues.iter().map(|(p, _)| *p).find(|&p| p > trigger && p < start);
        let limit = self.range.end.min(self.phrases[index].words.end + 12);
        let own = |w: WordId| self.is_cue(w) || self.is_finite(w);
        let clause = (start..limit).take_while(|&w| !self.text_is(w, &[";", ".", ","]));
        (next.is_none() && !clause.into_iter().any(own)).then_some(index)
    }

    /// The parts that stand apart from their whole: "22 people were killed in the raid, including 11 children".
    fn parts_behind(&self, trigger: WordId, group: &Group) -> Vec<usize> {
        let end = group.wholes.iter().map(|&i| self.phrases[i].words.end).max().unwrap_or(trigger + 1).max(trigger + 1);
        for at in end..self.range.end {
            if self.is_cue(at) || self.text_is(at, &[";", "while", "when", "but"]) {
                break;
            }
            if let Some(len) = self.words.part(self.text, at) {
                let Some(index) = self.phrase_after(at + len, 2) else { break };
                let mut found = self.group(index, self.range.end).wholes;
                found.retain(|&i| self.phrases[i].is_people());
                return found;
            }
        }
        Vec::new()
    }

    fn toll_of(phrase: &Phrase, quantity: Quantity, outcome: Outcome, trigger: WordId) -> Toll {
        Toll {
            outcome,
            victims: phrase.class.unwrap_or(VictimClass::Unknown),
            presumed: false,
            side: None,
            min: quantity.min,
            max: quantity.max,
            wording: quantity.words,
            words: phrase.words.clone(),
            head: phrase.head,
            trigger,
            kind: TollKind::Stated,
            cumulative: false,
            superseded: false,
            ordinal: phrase.ordinal,
            when: None,
            past: false,
            vague: phrase.vague,
            part_of: None,
            event: None,
        }
    }
}

/// The class of two kinds of victims counted together.
fn joined(a: VictimClass, b: VictimClass) -> VictimClass {
    match (a, b) {
        (a, b) if a == b => a,
        (VictimClass::Unknown, _) | (_, VictimClass::Unknown) => VictimClass::Unknown,
        _ => VictimClass::Mixed,
    }
}
