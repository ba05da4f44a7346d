//! Parts of speech: an averaged perceptron that reads a sentence from left to right.
//!
//! A tag is a pair of universal and Penn part of speech; words that the treebank always tags alike take their tag from
//! the lexicon without being scored. The features are the words around, their endings and shapes, what tags the
//! lexicon knows for them, and the tags already given.

use super::Upos;
use super::atoms::Atoms;
use super::hashing::feature;
use super::intern::intern;
use super::lookup::Lookup;
use super::model_file::{ModelError, Reader, Writer};
use super::weights::Weights;

/// A pair of universal and Penn part of speech.
pub(super) type Tag = (Upos, &'static str);

/// The trained tagger.
#[derive(Clone, Debug, Default)]
pub(super) struct Tagger {
    pub(super) tags: Vec<Tag>,
    pub(super) lexicon: Lexicon,
    pub(super) weights: Weights,
}

/// What tags the treebank gives a word.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon {
    /// Hash of the form in lower case → number of its set of tags, plus [`Self::SURE`] + tag if always that tag.
    pub(super) words: Lookup,
}

impl Lexicon {
    /// Values from here on name the one tag of a word that always has the same.
    pub(super) const SURE: u32 = 1 << 16;

    pub(super) fn entry(&self, lower: u32) -> u32 {
        self.words.value(lower).map_or(0, |v| v + 1)
    }
}

const LIMIT: usize = (Lexicon::SURE as usize) * 2;
const EDGE: u32 = 0xFFFF;

impl Tagger {
    /// The one tag of a word that is always tagged alike.
    pub(super) fn sure(&self, atoms: &Atoms) -> Option<u16> {
        let entry = self.lexicon.entry(atoms.lower).checked_sub(1)?;
        entry.checked_sub(Lexicon::SURE).map(|tag| tag as u16)
    }

    /// Tags a sentence.
    pub(super) fn tag(&self, atoms: &[Atoms], tags: &mut Vec<u16>, scratch: &mut Scratch) {
        tags.clear();
        scratch.lexical.clear();
        scratch.lexical.extend(atoms.iter().map(|a| self.lexicon.entry(a.lower)));
        for i in 0..atoms.len() {
            let tag = self.sure(&atoms[i]).unwrap_or_else(|| {
                features(atoms, &scratch.lexical, tags, i, &mut scratch.keys);
                scratch.scores.clear();
                scratch.scores.resize(self.tags.len(), 0);
                self.weights.add_scores(&scratch.keys, &mut scratch.scores);
                best(&scratch.scores) as u16
            });
            tags.push(tag);
        }
    }

    pub(super) fn write(&self, to: &mut Writer) {
        to.number(self.tags.len() as u64);
        for (upos, xpos) in &self.tags {
            to.byte(*upos as u8);
            to.string(xpos);
        }
        self.lexicon.words.write(to);
        self.weights.write(to);
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, ModelError> {
        let mut tags = Vec::new();
        for _ in 0..from.count()? {
            let upos = Upos::ALL.get(from.byte()? as usize).copied();
            tags.push((upos.ok_or_else(|| from.broken("an unknown part of speech"))?, intern(from.string()?)));
        }
        let words = Lookup::read(from, LIMIT)?;
        let weights = Weights::read(from)?;
        Ok(Self { tags, lexicon: Lexicon { words }, weights })
    }
}

/// Buffers of the tagger, used again for every sentence.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    pub(super) lexical: Vec<u32>,
    pub(super) keys: Vec<u32>,
    pub(super) scores: Vec<i32>,
}

/// The first class with the highest score.
#[inline]
pub(super) fn best(scores: &[i32]) -> usize {
    let mut best = 0;
    for (class, &score) in scores.iter().enumerate() {
        if score > scores[best] {
            best = class;
        }
    }
    best
}

/// What the tag of word `i` is decided by.
pub(super) fn features(atoms: &[Atoms], lexical: &[u32], tags: &[u16], i: usize, keys: &mut Vec<u32>) {
    let edge = Atoms::default();
    let word = |offset: isize| i.checked_add_signed(offset).and_then(|i| atoms.get(i)).unwrap_or(&edge);
    let known = |offset: isize| i.checked_add_signed(offset).and_then(|i| lexical.get(i)).copied().unwrap_or(EDGE);
    let tag = |back: usize| i.checked_sub(back).map_or(EDGE, |i| u32::from(tags[i]));
    let (w, p1, p2, n1, n2) = (word(0), word(-1), word(-2), word(1), word(2));
    let (k0, kp, kn, kn2) = (known(0), known(-1), known(1), known(2));
    let (t1, t2) = (tag(1), tag(2));
    let start = u32::from(i == 0);
    keys.clear();
    let mut add = |a: u32, b: u32, c: u32| keys.push(feature(400 + keys.len() as u32, a, b, c));
    add(0, 0, 0);
    add(w.form, 0, 0);
    add(w.lower, 0, 0);
    add(w.lower, t1, 0);
    add(w.lower, n1.lower, 0);
    add(w.lower, p1.lower, 0);
    add(w.suffix[0], w.flags, 0);
    add(w.suffix[1], w.flags, 0);
    add(w.suffix[2], w.flags, 0);
    add(w.suffix[3], 0, 0);
    add(w.suffix[4], 0, 0);
    add(w.suffix[2], t1, 0);
    add(w.suffix[1], t1, kn);
    add(w.prefix[0], 0, 0);
    add(w.prefix[1], 0, 0);
    add(w.prefix[2], 0, 0);
    add(w.prefix[3], 0, 0);
    add(w.shape, start, 0);
    add(w.shape, w.suffix[1], 0);
    add(w.shape, p1.shape, n1.shape);
    add(w.flags, p1.flags, n1.flags);
    add(w.flags, start, k0);
    add(t1, 0, 0);
    add(t1, t2, 0);
    add(t1, t2, w.lower);
    add(t1, t2, k0);
    add(t1, k0, kn);
    add(t1, kn, 0);
    add(t1, n1.lower, 0);
    add(k0, 0, 0);
    add(k0, kn, 0);
    add(k0, kp, kn);
    add(k0, kn, kn2);
    add(k0, t1, 0);
    add(k0, n1.lower, 0);
    add(k0, p1.lower, 0);
    add(p1.lower, 0, 0);
    add(p2.lower, 0, 0);
    add(n1.lower, 0, 0);
    add(n2.lower, 0, 0);
    add(p1.lower, n1.lower, 0);
    add(p1.suffix[2], 0, 0);
    add(n1.suffix[2], 0, 0);
    add(n1.suffix[1], kn, k0);
    add(p1.lower, p2.lower, k0);
    add(n1.shape, 0, 0);
    add(kn, kn2, 0);
}
