//! One pass over the words of a text that finds the names of places in it.
//!
//! [`Gazetteer::scan`] walks the finite-state index from each word that may begin a name and keeps the longest name.
//! Hyphens may stand as words of their own ("Deir", "ez", "-", "Zor") or inside one. At an Arabic article the walk
//! branches: as written, as "al", and without it.

use super::gazetteer::{Gazetteer, NameUses};
use super::places::{NameUse, PlaceId, PlaceKind};
use super::spelling::{fold, is_article, split_article};
use fst::raw::Output;
use smallvec::SmallVec;
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

/// A run of letters of a folded word; a word with a hyphen inside has several.
struct Part {
    text: String,
    word: usize,
    /// The last part of its word, where a name may end.
    ends_word: bool,
    /// Joined to the next part by a hyphen.
    hyphen_after: bool,
}

struct Words<'w> {
    given: &'w [&'w str],
    parts: Vec<Part>,
    /// The whole text is in capitals, so that capitals say nothing.
    capitals: bool,
}

/// A walk through the index.
#[derive(Clone, Copy)]
struct Walk {
    /// The node it is at.
    node: usize,
    /// What it has put out.
    output: Output,
    /// It may end here: not after an article alone.
    may_end: bool,
}

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
        while at < words.parts.len() {
            match words.may_begin(at).then(|| self.longest(&words, at)).flatten() {
                Some((end, name)) => {
                    found.push(name);
                    at = end;
                }
                None => at = words.next_word(at),
            }
        }
        found
    }

    /// The longest name that begins at a part, with the part after it.
    fn longest(&self, words: &Words<'_>, begin: usize) -> Option<(usize, NameMatch)> {
        let root = Walk { node: self.index.root().addr(), output: Output::zero(), may_end: false };
        let mut walks: SmallVec<[Walk; 4]> = SmallVec::from_iter([root]);
        let mut best = None;
        for at in begin..words.parts.len() {
            let part = &words.parts[at];
            if at > begin && !words.joined(at - 1, at) {
                break;
            }
            let mut next: SmallVec<[Walk; 4]> = SmallVec::new();
            let article =
                words.parts.get(at + 1).is_some_and(|n| words.joined(at, at + 1) && is_article(&part.text, &n.text));
            for &walk in &walks {
                // The root is left without a space: nothing stands before it.
                let from = if walk.node == root.node { Some(walk) } else { self.step(walk, " ") };
                let Some(from) = from else { continue };
                next.extend(self.step(from, &part.text));
                if article && part.text != "al" {
                    next.extend(self.step(from, "al").map(|w| Walk { may_end: false, ..w }));
                }
                if at > begin
                    && let Some(noun) = split_article(&part.text)
                {
                    next.extend(self.step(from, "al ").and_then(|w| self.step(w, noun)));
                }
            }
            // Without the article only where it is plainly one: "el", "al", or bound by a hyphen, not "As" in "As Syria".
            if article && at == begin && (part.hyphen_after || part.text.ends_with('l')) {
                next.push(root);
            }
            walks = next;
            if walks.is_empty() {
                break;
            }
            if part.ends_word {
                let mut uses = NameUses::new();
                for walk in walks.iter().filter(|w| w.may_end) {
                    let node = self.index.node(walk.node);
                    if node.is_final() {
                        self.merge(&mut uses, self.uses_at(walk.output.cat(node.final_output()).value()));
                    }
                }
                let range = words.parts[begin].word..part.word + 1;
                words.keep_plausible(self, &range, &mut uses);
                if !uses.is_empty() {
                    let homonym = uses.iter().all(|u| u.homonym);
                    let candidates = uses.iter().map(|u| u.place).collect();
                    best = Some((at + 1, NameMatch { words: range, candidates, homonym }));
                }
            }
        }
        best
    }

    fn step(&self, from: Walk, text: &str) -> Option<Walk> {
        let mut node = self.index.node(from.node);
        let mut output = from.output;
        for &byte in text.as_bytes() {
            let transition = node.transition(node.find_input(byte)?);
            output = output.cat(transition.out);
            node = self.index.node(transition.addr);
        }
        Some(Walk { node: node.addr(), output, may_end: true })
    }
}

impl<'w> Words<'w> {
    fn of(given: &'w [&'w str]) -> Self {
        let mut parts: Vec<Part> = Vec::with_capacity(given.len());
        for (word, text) in given.iter().enumerate() {
            if is_possessive(text) {
                continue;
            }
            if is_hyphen(text) {
                if let Some(last) = parts.last_mut().filter(|p| p.word + 1 == word) {
                    last.hyphen_after = true;
                }
                continue;
            }
            let folded = fold(text);
            if folded.is_empty() {
                continue;
            }
            let count = folded.split(' ').count();
            for (i, piece) in folded.split(' ').enumerate() {
                let ends_word = i + 1 == count;
                parts.push(Part { text: piece.to_owned(), word, ends_word, hyphen_after: !ends_word });
            }
        }
        let letters = |w: &&str| w.chars().filter(|c| c.is_alphabetic()).count() > 1;
        let long: Vec<&&str> = given.iter().filter(|w| letters(w)).collect();
        let upper = long.iter().filter(|w| is_upper(w)).count();
        Self { given, parts, capitals: long.len() >= 4 && upper * 10 >= long.len() * 6 }
    }

    /// Whether nothing but a hyphen stands between two parts that follow one another.
    fn joined(&self, left: usize, right: usize) -> bool {
        let (a, b) = (self.parts[left].word, self.parts[right].word);
        self.given[a + 1..b.max(a + 1)].iter().all(|w| is_hyphen(w))
    }

    fn next_word(&self, at: usize) -> usize {
        let word = self.parts[at].word;
        (at + 1..self.parts.len()).find(|&i| self.parts[i].word != word).unwrap_or(self.parts.len())
    }

    /// Whether a name may begin at a part: it begins its word, which has a capital or may stand before one.
    fn may_begin(&self, at: usize) -> bool {
        if at > 0 && self.parts[at - 1].word == self.parts[at].word {
            return false;
        }
        let part = &self.parts[at];
        let given = self.given[part.word];
        if given.chars().any(char::is_uppercase) || given.starts_with(|c: char| c.is_ascii_digit()) {
            return true;
        }
        // Lower case: an article bound by a hyphen ("al-Bab"), or an adjective of a name ("southern Lebanon").
        let next_capital = self.parts.get(at + 1).is_some_and(|n| self.given[n.word].starts_with(char::is_uppercase));
        next_capital && (part.hyphen_after || part.text.len() > 3)
    }

    /// Leaves the uses that the case of the letters allows.
    fn keep_plausible(&self, gazetteer: &Gazetteer, range: &Range<usize>, uses: &mut NameUses) {
        let words = &self.given[range.clone()];
        if !words.iter().any(|w| w.chars().any(char::is_uppercase)) {
            uses.clear();
        }
        let upper = words.iter().filter(|w| !is_hyphen(w)).all(|w| is_upper(w));
        let short = words.len() == 1 && words[0].chars().filter(|c| c.is_alphabetic()).count() <= ACRONYM_LETTERS;
        uses.retain(|u: &mut NameUse| {
            if u.acronym {
                return upper;
            }
            if !(upper && short) || self.capitals {
                return true;
            }
            let place = gazetteer.place(u.place);
            u.primary
                && (place.kind == PlaceKind::Country || place.population >= DATELINE_POPULATION)
                && words[0].len() > 3
        });
    }
}

fn is_hyphen(word: &str) -> bool {
    matches!(word, "-" | "‐" | "‑" | "–")
}

fn is_possessive(word: &str) -> bool {
    matches!(word, "'s" | "’s" | "'S" | "’S" | "'" | "’")
}

fn is_upper(word: &str) -> bool {
    word.chars().any(char::is_uppercase) && !word.chars().any(char::is_lowercase)
}
