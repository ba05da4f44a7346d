//! What the parser looks at: words, tags and arcs around the top of the stack and the front of the buffer
//! (after Zhang and Nivre 2011).

use super::super::atoms::Atoms;
use super::super::hashing::feature;
use super::state::{NONE, Node, State};

/// The words and tags of a sentence.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Sentence<'a> {
    pub(in super::super) atoms: &'a [Atoms],
    pub(in super::super) tags: &'a [u16],
}

const NO_WORD: u32 = 1;
const NO_TAG: u32 = 0xFFFF;

impl Sentence<'_> {
    #[inline]
    fn word(&self, i: u16) -> u32 {
        self.atoms.get(i as usize).map_or(NO_WORD + u32::from(i != NONE), |a| a.lower)
    }

    #[inline]
    fn tag(&self, i: u16) -> u32 {
        self.tags.get(i as usize).map_or(NO_TAG - u32::from(i != NONE), |&t| u32::from(t))
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

/// The keys of the features of a state.
pub(in super::super) fn extract(sentence: &Sentence<'_>, state: &State, keys: &mut Vec<u32>) {
    let node = |i: u16| state.nodes.get(i as usize);
    let label = |i: u16| node(i).map_or(0xFF, |n| n.label as u32);
    let child = |i: u16, pick: fn(&Node) -> u16| node(i).map_or(NONE, pick);
    let (s0, s1, s2) = (state.top(0), state.top(1), state.top(2));
    let length = state.length() as u16;
    let ahead = |by: u16| if state.next + by <= length { state.next + by } else { NONE };
    let (b0, b1, b2) = (state.next, ahead(1), ahead(2));
    let (w, t) = (|i| sentence.word(i), |i| sentence.tag(i));
    let (s0w, s1w, s2w, b0w, b1w, b2w) = (w(s0), w(s1), w(s2), w(b0), w(b1), w(b2));
    let (s0t, s1t, s2t, b0t, b1t, b2t) = (t(s0), t(s1), t(s2), t(b0), t(b1), t(b2));
    let (s0l, s0r) = (child(s0, |n| n.left[0]), child(s0, |n| n.right[0]));
    let (s0l2, s0r2) = (child(s0, |n| n.left[1]), child(s0, |n| n.right[1]));
    let (s1l, s1r) = (child(s1, |n| n.left[0]), child(s1, |n| n.right[0]));
    let (s1l2, s1r2) = (child(s1, |n| n.left[1]), child(s1, |n| n.right[1]));
    let (b0l, b0l2) = (child(b0, |n| n.left[0]), child(b0, |n| n.left[1]));
    let (s0m, s1m) = (child(s0, |n| n.marker), child(s1, |n| n.marker));
    let counts = |i: u16| node(i).map_or(0, |n| u32::from(n.left_count.min(3)) << 2 | u32::from(n.right_count.min(3)));
    let set = |i: u16| node(i).map_or((0, 0), |n| (n.labels as u32, (n.labels >> 32) as u32));
    let (d01, ds) = (distance(s0, b0), distance(s1, s0));
    let (s0c, s1c, b0c) = (counts(s0), counts(s1), counts(b0));
    let two = |a: u32, b: u32| a << 16 | b;
    keys.clear();
    let mut add = |a: u32, b: u32, c: u32| keys.push(feature(600 + keys.len() as u32, a, b, c));
    // Single words.
    add(s0w, s0t, 0);
    add(s0w, 0, 0);
    add(s0t, 0, 0);
    add(s1w, s1t, 0);
    add(s1w, 0, 0);
    add(s1t, 0, 0);
    add(s2t, s2w, 0);
    add(b0w, b0t, 0);
    add(b0w, 0, 0);
    add(b0t, 0, 0);
    add(b1w, b1t, 0);
    add(b1t, 0, 0);
    add(b2w, b2t, 0);
    add(b2t, 0, 0);
    // Pairs.
    add(s0w, b0w, two(s0t, b0t));
    add(s0w, b0t, s0t);
    add(s0t, b0w, b0t);
    add(s0t, b0t, 0);
    add(s0t, b0t, d01);
    add(s0w, s1w, two(s0t, s1t));
    add(s0w, s1t, s0t);
    add(s1w, s0t, s1t);
    add(s0t, s1t, 0);
    add(s0t, s1t, ds);
    add(s1t, b0t, 0);
    add(s1w, b0w, 0);
    add(s1w, b0t, 0);
    add(s1t, b0w, 0);
    add(s0w, s1w, b0t);
    add(b0t, b1t, 0);
    add(b0w, b1t, b0t);
    add(b0t, b1w, 0);
    // Three.
    add(two(s0t, s1t), two(b0t, b1t), 0);
    add(s0t, s1t, b0t);
    add(s0t, b0t, b1t);
    add(two(b0t, b1t), b2t, s0t);
    add(s0t, s1t, s2t);
    add(s0w, s1t, b0t);
    add(s0t, s1w, b0t);
    add(s0t, s1t, b0w);
    add(s0w, b0t, b1t);
    add(s0t, b0w, b1t);
    // Distance and the number of dependents.
    add(s0w, d01, 0);
    add(b0w, d01, 0);
    add(s1w, ds, 0);
    add(s0w, ds, 0);
    add(s0w, s0c, 0);
    add(s0t, s0c, 0);
    add(s1w, s1c, 0);
    add(s1t, s1c, 0);
    add(b0w, b0c, 0);
    add(b0t, b0c, 0);
    add(s0t, b0t, s0c << 4 | b0c);
    add(s0t, s1t, s0c << 4 | s1c);
    // Relations of the dependents.
    let (a, b) = set(s0);
    add(s0t, a, b);
    add(s0w, a, b);
    let (a, b) = set(s1);
    add(s1t, a, b);
    add(s1w, a, b);
    let (a, b) = set(b0);
    add(b0t, a, b);
    add(b0w, a, b);
    // Dependents.
    add(w(s0l), two(t(s0l), label(s0l)), 0);
    add(w(s0r), two(t(s0r), label(s0r)), 0);
    add(t(s0l), label(s0l), s0t);
    add(t(s0r), label(s0r), s0t);
    add(t(s0l2), label(s0l2), s0t);
    add(t(s0r2), label(s0r2), s0t);
    add(w(s1l), two(t(s1l), label(s1l)), 0);
    add(w(s1r), two(t(s1r), label(s1r)), 0);
    add(t(s1l), label(s1l), s1t);
    add(t(s1r), label(s1r), s1t);
    add(t(s1l2), label(s1l2), s1t);
    add(t(s1r2), label(s1r2), s1t);
    add(w(b0l), two(t(b0l), label(b0l)), 0);
    add(t(b0l), label(b0l), b0t);
    add(t(b0l2), label(b0l2), b0t);
    add(two(s0t, t(s0l)), two(t(s0l2), 0), b0t);
    add(two(s0t, t(s0r)), two(t(s0r2), 0), b0t);
    add(two(s1t, t(s1l)), two(t(s1l2), 0), s0t);
    add(two(s1t, t(s1r)), two(t(s1r2), 0), s0t);
    add(two(b0t, t(b0l)), two(t(b0l2), 0), s0t);
    add(two(s0t, t(s0l)), two(label(s0l), b0t), 0);
    add(two(s0t, t(s0r)), two(label(s0r), b0t), 0);
    add(two(s1t, t(s1r)), two(label(s1r), s0t), 0);
    add(two(s1t, t(s1l)), two(label(s1l), s0t), 0);
    add(two(s0t, s1t), two(t(s0l), label(s0l)), t(s1r));
    // Prepositions and conjunctions of the two words on the stack.
    add(w(s0m), s1w, 0);
    add(w(s0m), s1t, s0t);
    add(w(s0m), s1w, s0w);
    add(w(s0m), b0t, s0t);
    add(w(s1m), s0t, s1t);
    add(w(s1m), w(s0m), s1t);
    add(w(s0m), s1t, s2t);
    add(w(s0m), s1w, s2w);
}
