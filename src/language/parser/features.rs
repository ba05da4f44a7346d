//! What the parser looks at: words, tags and dependents around the top of the stack and the front of the buffer.
//!
//! The templates follow Zhang and Nivre (2011) and, for what stands between two words, `McDonald`, Crammer and
//! Pereira (2005). They are in groups, each of which depends only on what `group_key` names; so hypotheses of a beam that agree
//! in it share the group's scores.

use super::super::atoms::Atoms;
use super::super::hashing::feature;
use super::super::tagger::Tag;
use super::super::{Deprel, Upos};
use super::state::{Child, NONE, Node, View};

/// How many groups of features there are.
pub(in super::super) const GROUPS: usize = 7;
/// The group of what a guide says, which only sentences with one have.
pub(in super::super) const GUIDED: usize = GROUPS - 1;

/// A word as the parser sees it.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Token {
    /// Hash of the form in lower case.
    form: u32,
    /// Hash of the lemma.
    lemma: u32,
    /// Hash of the last three characters.
    suffix: u32,
    /// Number of the tag, and of the next likely tag or [`NO_TAG`].
    tag: u32,
    other: u32,
    /// How many verbs, marks, conjunctions, nouns and prepositions there are up to this word.
    so_far: [u16; 5],
    advice: Advice,
}

/// What a parser that read the sentence the other way says of a word.
#[derive(Clone, Copy, Debug)]
struct Advice {
    head: u16,
    label: u8,
    /// The last of the word's dependents, or the word itself.
    last: u16,
}

const NO_ADVICE: Advice = Advice { head: NONE, label: 0x3F, last: 0 };

/// Stands for no tag.
pub(in super::super) const NO_TAG: u32 = 0xFF;
const ROOT_TAG: u32 = 0xFE;
const OUTSIDE: Token =
    Token { form: 1, lemma: 1, suffix: 1, tag: NO_TAG, other: NO_TAG, so_far: [0; 5], advice: NO_ADVICE };

/// The words of a sentence; the last is the root.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Sentence {
    tokens: Vec<Token>,
    /// Whether there is [`Advice`].
    advised: bool,
}

impl Sentence {
    /// Begins a new sentence.
    pub(in super::super) fn clear(&mut self) {
        self.tokens.clear();
        self.advised = false;
    }

    /// Makes this the sentence `other` read from its end.
    pub(in super::super) fn reverse_of(&mut self, other: &Self) {
        self.clear();
        self.tokens.extend(other.tokens.iter().rev());
        let all = other.tokens.last().map_or([0; 5], |t| t.so_far);
        for (at, token) in self.tokens.iter_mut().enumerate() {
            let before = (other.tokens.len() - 1 - at).checked_sub(1).map_or([0; 5], |i| other.tokens[i].so_far);
            token.so_far = std::array::from_fn(|kind| all[kind] - before[kind]);
        }
    }

    /// Notes the arcs that a guide found, in which the root's head is its own number.
    pub(in super::super) fn advise(&mut self, arcs: impl Iterator<Item = (usize, Deprel)>) {
        self.advised = true;
        let length = self.tokens.len();
        for (i, token) in self.tokens.iter_mut().enumerate() {
            token.advice.last = i as u16;
        }
        for (i, (head, label)) in arcs.enumerate() {
            let head = if head == i { length } else { head };
            self.tokens[i].advice.head = head as u16;
            self.tokens[i].advice.label = label as u8;
            if let Some(head) = self.tokens.get_mut(head) {
                head.advice.last = head.advice.last.max(i as u16);
            }
        }
    }

    /// Where the guide has the head of a word, seen from two others.
    fn way(&self, word: u16, near: u16, far: u16) -> u32 {
        let head = self.token(word).advice.head;
        match head {
            NONE => 0,
            _ if head == near => 1,
            _ if head == far => 2,
            _ if head as usize == self.tokens.len() => 3,
            _ if far != NONE && head < far.min(near) => 4,
            _ if head < word => 5,
            _ if far == NONE || head > far.max(near) => 6,
            _ => 7,
        }
    }

    /// How many groups of features the sentence has.
    pub(in super::super) fn groups(&self) -> usize {
        if self.advised { GROUPS } else { GUIDED }
    }

    /// Adds a word with its tag, the next likely tag (or the same again) and the hash of its lemma.
    pub(in super::super) fn push(&mut self, atoms: &Atoms, tag: u16, other: u16, lemma: u32, (upos, _): Tag) {
        let mut so_far = self.tokens.last().map_or([0; 5], |t| t.so_far);
        let kind = match upos {
            Upos::Verb | Upos::Aux => Some(0),
            Upos::Punct => Some(1),
            Upos::Cconj => Some(2),
            Upos::Noun | Upos::Propn | Upos::Pron => Some(3),
            Upos::Adp | Upos::Sconj => Some(4),
            _ => None,
        };
        if let Some(kind) = kind {
            so_far[kind] += 1_u16;
        }
        let other = if other == tag { NO_TAG } else { u32::from(other) };
        self.tokens.push(Token {
            form: atoms.lower,
            lemma,
            suffix: atoms.suffix[2],
            tag: u32::from(tag),
            other,
            so_far,
            advice: NO_ADVICE,
        });
    }

    /// How many words there are.
    pub(in super::super) fn len(&self) -> usize {
        self.tokens.len()
    }

    #[inline]
    fn token(&self, word: u16) -> Token {
        match self.tokens.get(word as usize) {
            Some(token) => *token,
            None if word as usize == self.tokens.len() => {
                Token { form: 2, lemma: 2, suffix: 2, tag: ROOT_TAG, ..OUTSIDE }
            }
            None => OUTSIDE,
        }
    }

    fn tag(&self, word: u16) -> u32 {
        self.token(word).tag
    }

    /// What stands between two words: one bit for each kind, and how many verbs and marks.
    fn between(&self, left: u16, right: u16) -> u32 {
        if left == NONE || right == NONE || right <= left + 1 {
            return 0;
        }
        let (Some(from), Some(to)) = (self.tokens.get(left as usize), self.tokens.get(right as usize - 1)) else {
            return 0;
        };
        let mut bits = 0;
        for kind in 0..5 {
            bits |= u32::from(to.so_far[kind] > from.so_far[kind]) << kind;
        }
        let count = |kind: usize| u32::from((to.so_far[kind] - from.so_far[kind]).min(3));
        bits | count(0) << 5 | count(1) << 7
    }
}

fn distance(from: u16, to: u16) -> u32 {
    if from == NONE || to == NONE {
        return 0;
    }
    match to.abs_diff(from) {
        d @ 0..=4 => u32::from(d),
        5..=7 => 5,
        8..=12 => 6,
        13..=20 => 7,
        _ => 8,
    }
}

/// All a group's features depend on, as one number.
#[inline]
pub(in super::super) fn group_key(group: usize, view: &View<'_>) -> u64 {
    let (s0, s1, b0) = (u64::from(view.s0.word), u64::from(view.s1.word), u64::from(view.b0.word));
    match group {
        0 => s0 << 16 | b0,
        1 => u64::from(view.s2) << 48 | s1 << 32 | s0 << 16 | b0,
        2 => u64::from(view.s0.identity) << 32 | b0,
        3 => u64::from(view.s1.identity) << 32 | s0 << 16 | b0,
        4 => u64::from(view.b0.identity) << 32 | s1 << 16 | s0,
        GUIDED => u64::from(view.s0.marker) << 48 | s1 << 32 | s0 << 16 | b0,
        _ => {
            u64::from(feature(910, view.s0.identity, u32::from(view.s2), u32::from(view.b0.word))) << 32
                | u64::from(view.s1.identity)
        }
    }
}

/// The keys of the features of a state, all groups.
pub(in super::super) fn extract(sentence: &Sentence, view: &View<'_>, keys: &mut Vec<u32>) {
    keys.clear();
    for group in 0..sentence.groups() {
        extract_group(group, sentence, view, keys);
    }
}

fn four(a: u32, b: u32, c: u32, d: u32) -> u32 {
    a << 24 | b << 16 | c << 8 | d
}

fn counts(node: &Node) -> u32 {
    u32::from(node.left_count.min(3)) << 2 | u32::from(node.right_count.min(3))
}

/// Adds the keys of the features of one group.
pub(in super::super) fn extract_group(group: usize, sentence: &Sentence, view: &View<'_>, keys: &mut Vec<u32>) {
    let mut template = 1000 + 100 * group as u32;
    let mut add = |a: u32, b: u32, c: u32| {
        keys.push(feature(template, a, b, c));
        template += 1;
    };
    let (s0, s1, b0) = (sentence.token(view.s0.word), sentence.token(view.s1.word), sentence.token(view.b0.word));
    let tag = |word: u16, by: i16| if word == NONE { NO_TAG } else { sentence.tag(word.wrapping_add_signed(by)) };
    let child = |child: Child| (sentence.token(child.word), u32::from(child.label));
    match group {
        // The top of the stack and the words ahead.
        0 => {
            let ahead = |by: u16| sentence.token(view.b0.word + by);
            let (b1, b2, b3) = (ahead(1), ahead(2), ahead(3));
            let gap = distance(view.s0.word, view.b0.word);
            let between = sentence.between(view.s0.word, view.b0.word);
            add(s0.lemma, s0.tag, 0);
            add(s0.form, 0, 0);
            add(s0.tag, s0.other, 0);
            add(s0.suffix, s0.tag, 0);
            add(b0.lemma, b0.tag, 0);
            add(b0.tag, 0, 0);
            add(b0.tag, b0.other, 0);
            add(b0.suffix, b0.tag, 0);
            add(b1.tag, 0, 0);
            add(b1.tag, b1.other, 0);
            add(b2.lemma, b2.tag, 0);
            add(b2.tag, 0, 0);
            add(s0.tag, b0.lemma, b0.tag);
            add(s0.tag, b0.tag, 0x1000 | between);
            add(s0.lemma, gap, 0);
            add(b0.tag, b1.tag, 0);
            add(b0.tag, b1.lemma, 0);
            add(four(s0.tag, b0.tag, b1.tag, 0), 0, 0);
            add(four(b0.tag, b1.tag, b2.tag, 0), 0, 0);
            add(four(b0.tag, b1.tag, b2.tag, b3.tag), 0, 0);
            add(s0.lemma, b0.tag, b1.tag);
            add(four(s0.tag, tag(view.s0.word, 1), tag(view.b0.word, -1), b0.tag), 0, 0);
            add(four(s0.tag, tag(view.b0.word, -1), b0.tag, b1.tag), 1, 0);
        }
        // The two words on the top of the stack.
        1 => {
            let (s2, b1) = (sentence.token(view.s2), sentence.token(view.b0.word + 1));
            let gap = distance(view.s1.word, view.s0.word);
            let between = sentence.between(view.s1.word, view.s0.word);
            add(s1.tag, 0, 0);
            add(s2.lemma, s2.tag, 0);
            add(s1.tag, s0.tag, gap);
            add(s1.tag, s0.tag, 0x1000 | between);
            add(s1.lemma, gap, 0);
            add(s1.tag, b0.tag, 0);
            add(s1.lemma, b0.tag, 0);
            add(s1.tag, b0.lemma, 0);
            add(four(s1.tag, s0.tag, b0.tag, b1.tag), 0, 0);
            add(four(s2.tag, s1.tag, s0.tag, b0.tag), 0, 0);
            add(four(s1.tag, tag(view.s1.word, 1), tag(view.s0.word, -1), s0.tag), 0, 0);
            add(four(tag(view.s1.word, -1), s1.tag, s0.tag, tag(view.s0.word, 1)), 0, 0);
        }
        // The top of the stack with its dependents.
        2 => {
            let node = view.s0;
            let (left, left_label) = child(node.left[0]);
            let (right, right_label) = child(node.right[0]);
            let (left2, left2_label) = child(node.left[1]);
            let marker = sentence.token(node.marker);
            let (low, high) = (node.labels as u32, (node.labels >> 32) as u32);
            add(s0.lemma, counts(node), 0);
            add(s0.tag, counts(node), 0);
            add(s0.tag, low, high);
            add(s0.lemma, low, high);
            add(four(s0.tag, b0.tag, 0, 0), low, high);
            add(left.lemma, left.tag, left_label);
            add(right.lemma, right.tag, right_label);
            add(left.tag, left_label, s0.tag);
            add(right.tag, right_label, s0.tag);
            add(left.lemma, left_label, s0.lemma);
            add(right.lemma, right_label, s0.lemma);
            add(left2.tag, left2_label, s0.tag);
            add(four(s0.tag, left.tag, left_label, b0.tag), 0, 0);
            add(four(s0.tag, right.tag, right_label, b0.tag), 0, 0);
            add(marker.lemma, s0.tag, b0.tag);
            add(s0.suffix, low, high);
            add(four(s0.tag, right.tag, right_label, b0.tag), b0.lemma, 0);
        }
        // The second word on the stack with its dependents.
        3 => {
            let node = view.s1;
            let (left, left_label) = child(node.left[0]);
            let (right, right_label) = child(node.right[0]);
            let right2 = child(node.right[1]).0;
            let (low, high) = (node.labels as u32, (node.labels >> 32) as u32);
            add(s1.lemma, counts(node), 0);
            add(s1.tag, counts(node), 0);
            add(s1.lemma, low, high);
            add(left.lemma, left.tag, left_label);
            add(right.lemma, right.tag, right_label);
            add(right.tag, right_label, s1.tag);
            add(four(s1.tag, right.tag, right2.tag, s0.tag), 0, 0);
            add(four(s1.tag, right.tag, right_label, s0.tag), 0, 0);
            add(right.lemma, s1.tag, s0.tag);
            add(s1.tag, right.tag, s0.lemma);
            add(right.lemma, s0.lemma, right_label);
        }
        // The next word with its dependents.
        4 => {
            let node = view.b0;
            let (left, left_label) = child(node.left[0]);
            let (left2, left2_label) = child(node.left[1]);
            let marker = sentence.token(node.marker);
            let (low, high) = (node.labels as u32, (node.labels >> 32) as u32);
            add(b0.lemma, counts(node), 0);
            add(b0.tag, counts(node), 0);
            add(b0.tag, low, high);
            add(four(b0.tag, s0.tag, 0, 0), low, high);
            add(left.lemma, left.tag, left_label);
            add(left.tag, left_label, b0.tag);
            add(left2.tag, left2_label, b0.tag);
            add(four(b0.tag, left.tag, left2.tag, s0.tag), 0, 0);
            add(four(b0.tag, left.tag, left_label, s0.tag), 0, 0);
            add(left.lemma, b0.tag, s0.tag);
            add(s0.lemma, left_label, b0.tag);
            add(marker.lemma, s0.tag, b0.tag);
            add(marker.lemma, s0.lemma, b0.tag);
            add(four(b0.tag, left_label, s0.tag, s1.tag), 0, 0);
        }
        // What the guide says.
        GUIDED => {
            let (at0, at1, at_next) = (view.s0.word, view.s1.word, view.b0.word);
            let waits = |of: &Token| u32::from(of.advice.last >= at_next);
            let w0 = sentence.way(at0, at_next, at1);
            let w1 = sentence.way(at1, at_next, at0);
            let wb = sentence.way(at_next, at0, at1);
            let (l0, l1, lb) = (u32::from(s0.advice.label), u32::from(s1.advice.label), u32::from(b0.advice.label));
            let state = w0 | wb << 3 | waits(&s0) << 6 | waits(&s1) << 7;
            let whole = state | w1 << 8;
            let small = w0 | waits(&s0) << 3;
            let head = sentence.token(s0.advice.head);
            let marker = sentence.token(view.s0.marker);
            add(state, 0, 0);
            add(whole, 0, 0);
            add(state, l0, 0);
            add(whole, l0 | lb << 8 | l1 << 16, 0);
            add(small, l0, s0.tag);
            add(small, l0, b0.tag);
            add(small, l0, s1.tag);
            add(small, l0, s0.lemma);
            add(small, l0, marker.lemma);
            add(state, l0, four(s0.tag, b0.tag, 0, 0));
            add(small, l0, distance(view.s0.word, s0.advice.head));
            add(small, l0, four(head.tag, s0.tag, 0, 0));
            add(small, l0, head.lemma);
            add(small, s1.lemma, marker.lemma);
            add(small, b0.lemma, l0);
            add(small, s1.lemma, l0);
            add(wb | w0 << 3, lb, four(s0.tag, b0.tag, 0, 0));
            add(wb, lb, b0.lemma);
            add(w1 | small << 4, l1, s1.tag);
        }
        // Markers and dependents of several of them together.
        _ => {
            let s2 = sentence.token(view.s2);
            let (m0, m1) = (sentence.token(view.s0.marker), sentence.token(view.s1.marker));
            let left = child(view.s0.left[0]).0;
            let (right, right_label) = child(view.s0.right[0]);
            add(m0.lemma, s1.lemma, 0);
            add(m0.lemma, s1.lemma, s0.lemma);
            add(m0.lemma, four(s1.tag, s0.tag, s2.tag, 0), 0);
            add(m0.lemma, m1.lemma, s1.tag);
            add(m0.lemma, four(s1.tag, s2.tag, 0, 0), s2.lemma);
            add(m0.lemma, m1.lemma, s2.lemma);
            add(m0.lemma, four(s1.tag, b0.tag, s0.tag, 0), 0);
            add(four(s0.tag, s1.tag, right.tag, right_label), 0, 0);
            add(left.lemma, s1.lemma, s0.tag);
            add(left.lemma, s1.tag, s0.tag);
            add(four(s0.tag, s1.tag, counts(view.s0), counts(view.s1)), 0, 0);
        }
    }
}
