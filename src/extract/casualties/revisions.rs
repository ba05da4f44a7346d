//! How the figures of an article stand to each other: counted on one by one, corrected, not held to, of another incident.
//!
//! [`add_up_ordinals`] gives the number that an ordinal implies, [`supersede`] marks what the article itself corrects. Nothing
//! is taken out: whoever asks for the toll leaves superseded figures aside.

use super::words::{CasualtyWords, Lowered, Standing};
use super::{Toll, TollKind};
use crate::facts::Outcome;
use crate::language::{Document, WordId};
use std::ops::Range;

/// How many tolls before an ordinal may be those it counts on from.
const REACH: usize = 8;

/// Adds the total that an ordinal implies: "Four officers died at the scene and *a fifth* in hospital" makes five, of whom
/// those told before are parts.
pub(super) fn add_up_ordinals(tolls: &mut Vec<Toll>) {
    let mut index = 0;
    while index < tolls.len() {
        let toll = &tolls[index];
        let (Some(ordinal), outcome) = (toll.ordinal.filter(|&n| n > 1), toll.outcome) else {
            index += 1;
            continue;
        };
        let harmed = matches!(outcome, Outcome::Killed | Outcome::Injured);
        let counts = |t: &Toll| t.outcome == outcome && t.part_of.is_none() && !t.cumulative && !t.past;
        let before = (index.saturating_sub(REACH)..index).rev().filter(|_| harmed);
        let before = before.filter(|&i| counts(&tolls[i])).find(|&i| tolls[i].min + 1 == ordinal);
        if let Some(first) = before {
            let mut total = tolls[first].clone();
            total.min = ordinal;
            total.max = total.max.map(|_| ordinal);
            total.wording = tolls[index].wording.clone();
            total.kind = TollKind::Sum;
            total.ordinal = None;
            for toll in tolls.iter_mut() {
                toll.part_of = toll.part_of.map(|whole| whole + usize::from(whole >= first));
            }
            tolls.insert(first, total);
            index += 1;
            tolls[first + 1].part_of = Some(first);
            tolls[index].part_of = Some(first);
            let class = tolls[index].victims;
            if class != tolls[first].victims && class != crate::facts::VictimClass::Unknown {
                tolls[first].victims = crate::facts::VictimClass::Unknown;
            }
        }
        index += 1;
    }
}

/// Marks the figures that the article corrects, or does not hold to.
///
/// - What first reports gave, where a smaller figure stands beside it.
/// - What is said not to count ("five more presumed dead, not counted"), or is less certain than another figure.
/// - What others say, where the author of the text settles for less ("the indictment gives 800; the Chamber retains that 300
///   were killed", "Fatalities: 17").
///
/// And takes what is told of another incident ("coded separately") for past.
pub(super) fn supersede(text: &Lowered<'_>, words: &CasualtyWords, tolls: &mut [Toll]) {
    let triggers: Vec<WordId> = tolls.iter().map(|t| t.trigger).collect();
    let standings = |toll: &Toll| segment(text, toll, &triggers).flat_map(|w| words.standings(text, w)).collect();
    let stands: Vec<Vec<Standing>> = tolls.iter().map(standings).collect();
    let is = |index: usize, standing: Standing| stands[index].contains(&standing);
    for (index, toll) in tolls.iter_mut().enumerate() {
        toll.past |= is(index, Standing::Elsewhere);
    }
    let surer = |toll: &Toll| {
        let other = |(i, t): (usize, &Toll)| t.outcome == toll.outcome && !is(i, Standing::Doubtful) && !t.past;
        tolls.iter().enumerate().any(other)
    };
    let doubtful = |(i, t): (usize, &Toll)| is(i, Standing::Uncounted) || is(i, Standing::Doubtful) && surer(t);
    let doubtful: Vec<bool> = tolls.iter().enumerate().map(doubtful).collect();
    for (toll, doubtful) in tolls.iter_mut().zip(doubtful) {
        toll.superseded |= doubtful;
    }
    let settles = |t: &Toll, i: usize| t.kind == TollKind::Total && is_label(text, t) || is(i, Standing::Finding);
    let mut marked = vec![false; tolls.len()];
    for (index, toll) in tolls.iter().enumerate() {
        if toll.part_of.is_some() || toll.cumulative || toll.past || toll.superseded {
            continue;
        }
        let said = is(index, Standing::Claim) && !is(index, Standing::Finding);
        marked[index] = tolls.iter().enumerate().any(|(other, settled)| {
            let beside = other != index
                && settled.outcome == toll.outcome
                && settled.part_of.is_none()
                && settled.min < toll.min
                && !settled.cumulative
                && !settled.past
                && !settled.superseded;
            let label = settled.kind == TollKind::Total && is_label(text, settled);
            beside
                && (is(index, Standing::Initial) && !is(other, Standing::Initial) && toll.vague == settled.vague
                    || label && (said || settled.trigger > toll.trigger && !is_label(text, toll))
                    || settles(settled, other) && said && !toll.vague)
        });
    }
    for (toll, marked) in tolls.iter_mut().zip(marked) {
        toll.superseded |= marked;
    }
    for index in 0..tolls.len() {
        if let Some(whole) = tolls[index].part_of {
            tolls[index].superseded |= tolls[whole].superseded;
        }
    }
}

/// For each sentence of a document, whether it tells of another incident than the one the article is about ("coded
/// separately", "reminder: 115 people died in the massacre of 3 October").
pub(in crate::extract) fn told_elsewhere(document: &Document, words: &CasualtyWords) -> Vec<bool> {
    let text = &Lowered::new(document);
    let elsewhere = |w: WordId| words.standings(text, w).any(|s| s == Standing::Elsewhere);
    document.sentences().iter().map(|s| !s.headline && s.words.clone().any(elsewhere)).collect()
}

/// Whether a toll is the value of a label, which has no verb: "Fatalities: 4", "Fatalities=4", "Fatalities coded as 7".
fn is_label(text: &Lowered<'_>, toll: &Toll) -> bool {
    let between = toll.trigger + 1..toll.words.start;
    !between.is_empty() && between.clone().any(|w| text.is_any(w, &[":", "=", "coded"]))
}

/// The words that speak of the same figure: between the brackets or semicolons around it, and a bracket behind it unless
/// another figure stands there.
fn segment(text: &Lowered<'_>, toll: &Toll, triggers: &[WordId]) -> Range<WordId> {
    let sentence = &text.document.sentences()[text.document.sentence_of(toll.trigger)].words;
    let first = toll.words.start.min(toll.trigger);
    let last = toll.words.end.max(toll.trigger + 1);
    let opens = (sentence.start..first).rev().find(|&w| text.is_any(w, &["(", ")", ";"]));
    let bracketed = opens.is_some_and(|w| text.is_any(w, &["("]));
    let ends = |w: WordId| {
        let other = || {
            let close = (w..sentence.end).find(|&c| text.is_any(c, &[")"])).unwrap_or(sentence.end);
            triggers.iter().any(|t| (w..close).contains(t))
        };
        text.is_any(w, &[";"]) || bracketed && text.is_any(w, &[")"]) || !bracketed && text.is_any(w, &["("]) && other()
    };
    let closes = (last..sentence.end).find(|&w| ends(w));
    opens.map_or(sentence.start, |w| w + 1)..closes.unwrap_or(sentence.end)
}
