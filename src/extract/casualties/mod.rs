//! Casualties: how many people were killed, injured, captured, displaced or went missing, as the article says it.
//!
//! [`find`] reads the tolls of an article, [`attach`] ties each to the event it belongs to. A toll is found from a word
//! that says what became of people ([`CasualtyWords`]) and the phrases that it counts. Figures stay as they were stated:
//! a part points to its whole, a total over several events is marked cumulative, and a coordination ("12 militants and one
//! soldier") gives the sum as a whole with each conjunct as its part.

mod attach;
mod phrase;
mod reports;
mod revisions;
mod sentence;
mod sides;
mod subjects;
mod unexplained;
mod words;

pub use attach::attach;
pub(super) use revisions::told_elsewhere;
pub(super) use sides::take_sides;
pub use unexplained::{BareEvents, tell};
pub use words::CasualtyWords;

use super::quantities::Counted;
use super::reading::Reading;
use crate::facts::{Outcome, TimeBounds, VictimClass};
use crate::language::WordId;
use crate::ontology::terms::concept;
use sentence::SentenceReader;
use std::ops::Range;
use words::Lowered;

/// Whether a figure stands beside others or sums up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TollKind {
    /// So many came to harm.
    Stated,
    /// The toll of an event as a whole ("the death toll rose to 43"): later ones revise earlier ones.
    Total,
    /// The sum of what stands beside each other ("12 militants and one soldier"), which are its parts.
    Sum,
}

/// A casualty report while its article is being read.
#[expect(clippy::struct_excessive_bools, reason = "each tells a thing of its own, none excludes another")]
#[derive(Clone, Debug)]
pub struct Toll {
    /// What became of them.
    pub outcome: Outcome,
    /// Who they are.
    pub victims: VictimClass,
    /// Whether the class was presumed from the circumstances, not said.
    pub presumed: bool,
    /// Index in [`Reading::mentions`] of the side they belong to.
    pub side: Option<usize>,
    /// At least so many.
    pub min: u32,
    /// At most so many; none if open above.
    pub max: Option<u32>,
    /// The words of the figure.
    pub wording: Range<WordId>,
    /// The words of the phrase that counts.
    pub words: Range<WordId>,
    /// The word that carries the phrase.
    pub head: WordId,
    /// The word that says what became of them.
    pub trigger: WordId,
    /// Whether it sums up.
    pub kind: TollKind,
    /// Whether it sums up more than one event.
    pub cumulative: bool,
    /// Whether the article corrects it or does not hold to it.
    pub superseded: bool,
    /// Which of those counted one by one this is ("a *fifth* died"), if the words say so.
    pub ordinal: Option<u32>,
    /// Whether the figure is a vague one ("dozens").
    pub vague: bool,
    /// When the people came to harm, as far as the words beside the toll say.
    pub when: Option<TimeBounds>,
    /// Whether it is dated before what the article reports as its news.
    pub past: bool,
    /// Index in the list of tolls of the whole this is a part of.
    pub part_of: Option<usize>,
    /// Index in [`Reading::events`] of the event it belongs to, set by [`attach`].
    pub event: Option<usize>,
}

/// The outcome that a concept of the ontology stands for, as far as the casualties of a text have it.
fn outcome_of(concept: &str) -> Option<Outcome> {
    let all = [
        (concept::KILLED, Outcome::Killed),
        (concept::INJURED, Outcome::Injured),
        (concept::HARMED, Outcome::Harmed),
        (concept::CAPTURED, Outcome::Captured),
        (concept::ARRESTED, Outcome::Captured),
        (concept::ABDUCTED, Outcome::Captured),
        (concept::SURRENDERED, Outcome::Captured),
        (concept::MISSING, Outcome::Missing),
        (concept::DISPLACED, Outcome::Displaced),
    ];
    all.into_iter().find(|(iri, _)| iri.as_str() == concept).map(|(_, outcome)| outcome)
}

/// The casualties an article reports, in text order, parts behind their wholes.
pub fn find(reading: &Reading<'_>, counted: &[Counted], words: &CasualtyWords) -> Vec<Toll> {
    let text = Lowered::new(reading.document);
    let mut tolls = Vec::new();
    for sentence in reading.document.sentences() {
        let before = tolls.len();
        SentenceReader::new(reading, &text, words, counted, sentence.words.clone()).read(&mut tolls);
        attach::sides(reading, &mut tolls[before..]);
        attach::mark_cumulative(reading, &text, words, &sentence.words, &mut tolls, before);
        attach::mark_past(reading, &mut tolls[before..]);
    }
    revisions::add_up_ordinals(&mut tolls);
    revisions::supersede(&text, words, &mut tolls);
    attach::share_classes(&text, words, &mut tolls);
    attach::drop_fleeing(&mut tolls);
    tolls
}
