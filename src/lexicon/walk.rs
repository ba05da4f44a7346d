//! Walking a finite-state index of folded names over the words of a text.
//!
//! [`Words`] folds a text once; [`longest`] follows the index from one word as far as it goes. Hyphens may stand as words
//! of their own ("Deir", "ez", "-", "Zor") or inside one. At an Arabic article the walk branches: as written, as "al",
//! and without it. Indexes of places and of actors are walked alike.

use super::spelling::{fold, is_article, split_article};
use fst::raw::{Fst, Output};
use smallvec::SmallVec;
use std::ops::Range;

/// A run of letters of a folded word; a word with a hyphen inside has several.
struct Part {
    text: String,
    word: usize,
    /// The last part of its word, where a name may end.
    ends_word: bool,
    /// Joined to the next part by a hyphen.
    hyphen_after: bool,
}

/// The words of a text, folded.
pub(super) struct Words<'w> {
    given: &'w [&'w str],
    parts: Vec<Part>,
    /// The whole text is in capitals, so that capitals say nothing.
    pub(super) capitals: bool,
}

/// A walk through an index.
#[derive(Clone, Copy)]
struct Walk {
    /// The node it is at.
    node: usize,
    /// What it has put out.
    output: Output,
    /// It may end here: not after an article alone.
    may_end: bool,
}

/// Values of an index at which a name ends.
pub(super) type Values = SmallVec<[u64; 2]>;

impl<'w> Words<'w> {
    pub(super) fn of(given: &'w [&'w str]) -> Self {
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
            if !folded.contains(' ') {
                parts.push(Part { text: folded, word, ends_word: true, hyphen_after: false });
                continue;
            }
            let count = folded.split(' ').count();
            for (i, piece) in folded.split(' ').enumerate() {
                let ends_word = i + 1 == count;
                parts.push(Part { text: piece.to_owned(), word, ends_word, hyphen_after: !ends_word });
            }
        }
        let letters = |w: &&str| w.chars().filter(|c| c.is_alphabetic()).count() > 1;
        let (mut long, mut upper) = (0, 0);
        for word in given.iter().filter(|w| letters(w)) {
            long += 1;
            upper += usize::from(is_upper(word));
        }
        Self { given, parts, capitals: long >= 4 && upper * 10 >= long * 6 }
    }

    /// How many parts there are.
    pub(super) fn len(&self) -> usize {
        self.parts.len()
    }

    /// The words of a range as given, hyphens left out.
    pub(super) fn given(&self, range: Range<usize>) -> impl Iterator<Item = &'w str> + use<'w> {
        self.given[range].iter().copied().filter(|w| !is_hyphen(w))
    }

    /// Whether nothing but a hyphen stands between two parts that follow one another.
    fn joined(&self, left: usize, right: usize) -> bool {
        let (a, b) = (self.parts[left].word, self.parts[right].word);
        self.given[a + 1..b.max(a + 1)].iter().all(|w| is_hyphen(w))
    }

    /// The first part of the word after the one a part belongs to.
    pub(super) fn next_word(&self, at: usize) -> usize {
        let word = self.parts[at].word;
        (at + 1..self.parts.len()).find(|&i| self.parts[i].word != word).unwrap_or(self.parts.len())
    }

    /// Whether a part begins its word.
    pub(super) fn begins_word(&self, at: usize) -> bool {
        at == 0 || self.parts[at - 1].word != self.parts[at].word
    }

    /// Whether a name may begin at a part: it begins its word, which has a capital or may stand before one.
    pub(super) fn may_begin(&self, at: usize) -> bool {
        if !self.begins_word(at) {
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
}

/// The longest name in `index` that begins at a part and that `accept` takes, with the part after it. `accept` is
/// given the words of the name and the values of the index at which it ends, one for each way to read its articles.
pub(super) fn longest<D: AsRef<[u8]>, T>(
    index: &Fst<D>,
    words: &Words<'_>,
    begin: usize,
    mut accept: impl FnMut(Range<usize>, Values) -> Option<T>,
) -> Option<(usize, T)> {
    let root = Walk { node: index.root().addr(), output: Output::zero(), may_end: false };
    let mut walks: SmallVec<[Walk; 4]> = SmallVec::from_iter([root]);
    let mut best = None;
    for at in begin..words.parts.len() {
        let part = &words.parts[at];
        if at > begin && !words.joined(at - 1, at) {
            break;
        }
        let mut next: SmallVec<[Walk; 4]> = SmallVec::new();
        let article =
            words.parts.get(at + 1).is_some_and(|n| is_article(&part.text, &n.text) && words.joined(at, at + 1));
        for &walk in &walks {
            // The root is left without a space: nothing stands before it.
            let from = if walk.node == root.node { Some(walk) } else { step(index, walk, " ") };
            let Some(from) = from else { continue };
            next.extend(step(index, from, &part.text));
            if article && part.text != "al" {
                next.extend(step(index, from, "al").map(|w| Walk { may_end: false, ..w }));
            }
            if at > begin
                && let Some(noun) = split_article(&part.text)
            {
                next.extend(step(index, from, "al ").and_then(|w| step(index, w, noun)));
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
            let ends = |w: &&Walk| w.may_end && index.node(w.node).is_final();
            let value = |w: &Walk| w.output.cat(index.node(w.node).final_output()).value();
            let values: Values = walks.iter().filter(ends).map(value).collect();
            if !values.is_empty()
                && let Some(found) = accept(words.parts[begin].word..part.word + 1, values)
            {
                best = Some((at + 1, found));
            }
        }
    }
    best
}

fn step<D: AsRef<[u8]>>(index: &Fst<D>, from: Walk, text: &str) -> Option<Walk> {
    let mut node = index.node(from.node);
    let mut output = from.output;
    for &byte in text.as_bytes() {
        let transition = node.transition(node.find_input(byte)?);
        output = output.cat(transition.out);
        node = index.node(transition.addr);
    }
    Some(Walk { node: node.addr(), output, may_end: true })
}

fn is_hyphen(word: &str) -> bool {
    matches!(word, "-" | "‐" | "‑" | "–")
}

fn is_possessive(word: &str) -> bool {
    matches!(word, "'s" | "’s" | "'S" | "’S" | "'" | "’")
}

/// Whether all letters of a word, of which there are some, are capitals.
pub(super) fn is_upper(word: &str) -> bool {
    word.chars().any(char::is_uppercase) && !word.chars().any(char::is_lowercase)
}
