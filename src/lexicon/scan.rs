//! One pass over the words of a text that finds the names of places in it.

use super::gazetteer::{Gazetteer, NameUses};
use super::places::{NameUse, PlaceId, PlaceKind};
use super::walk::{Words, is_upper, longest};
use std::ops::Range;

/// A name found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameMatch {
    /// Its words.
    pub words: Range<usize>,
    /// The places it can stand for, the likeliest first.
    pub candidates: Vec<PlaceId>,
    /// Whether the name is also a common word or a person's name ("May", "Nice", "Ahmad"): take it for a place only if
    /// the syntax or the context says so.
    pub homonym: bool,
}

/// A single word in capitals up to this length is rather an acronym than a name.
const ACRONYM_LETTERS: usize = 5;
/// Unless a place of that name has at least so many inhabitants, for a dateline ("ADEN, Yemen").
const DATELINE_POPULATION: u32 = 50_000;

impl Gazetteer {
    /// The names of places in a text, from left to right, none overlapping another; of two that begin at one word the
    /// longer one.
    ///
    /// # Examples
    ///
    /// ```
    /// use belligraph::lexicon::Gazetteer;
    /// let words = ["Fighters", "left", "Deir", "ez", "-", "Zor", "for", "Iraq", "."];
    /// let found = Gazetteer::embedded().scan(&words);
    /// assert_eq!(found.iter().map(|m| m.words.clone()).collect::<Vec<_>>(), [2..6, 7..8]);
    /// ```
    pub fn scan(&self, words: &[&str]) -> Vec<NameMatch> {
        let words = Words::of(words);
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match words.may_begin(at).then(|| self.longest_at(&words, at)).flatten() {
                Some((end, name)) => {
                    found.push(name);
                    at = end;
                }
                None => at = words.next_word(at),
            }
        }
        found
    }

    fn longest_at(&self, words: &Words<'_>, begin: usize) -> Option<(usize, NameMatch)> {
        longest(&self.index, words, begin, |range, values| {
            let mut uses = NameUses::new();
            for value in values {
                self.merge(&mut uses, self.uses_at(value));
            }
            self.keep_plausible(words, &range, &mut uses);
            (!uses.is_empty()).then(|| NameMatch {
                words: range,
                homonym: uses.iter().all(|u| u.homonym),
                candidates: uses.iter().map(|u| u.place).collect(),
            })
        })
    }

    /// Leaves the uses that the case of the letters allows.
    fn keep_plausible(&self, words: &Words<'_>, range: &Range<usize>, uses: &mut NameUses) {
        if !words.given(range.clone()).any(|w| w.chars().any(char::is_uppercase)) {
            uses.clear();
        }
        let upper = words.given(range.clone()).all(is_upper);
        let letters = words.given(range.clone()).flat_map(str::chars).filter(|c| c.is_alphabetic()).count();
        let short = range.len() == 1 && letters <= ACRONYM_LETTERS;
        uses.retain(|u: &mut NameUse| {
            if u.acronym {
                return upper;
            }
            if !(upper && short) || words.capitals {
                return true;
            }
            let place = self.place(u.place);
            let large = place.kind == PlaceKind::Country || place.population >= DATELINE_POPULATION;
            u.primary && large && letters > 3
        });
    }
}
