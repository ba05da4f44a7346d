//! Parts of speech: two averaged perceptrons that read a sentence from left to right, one after the other.
//!
//! A tag is a pair of universal and Penn part of speech; words that the treebank always tags alike take their tag from
//! the lexicon without being scored. The features are the words around, their endings and shapes, what tags the
//! lexicon knows for them, and the tags already given; the second reading also sees what the first said of the words
//! that follow.

use super::Upos;
use super::atoms::{Atoms, capitals};
use super::hashing::feature;
use super::intern::intern;
use super::lookup::Lookup;
use super::model_file::{ModelError, Reader, Writer};
use super::weights::{Scores, Weights};

/// A pair of universal and Penn part of speech.
pub(super) type Tag = (Upos, &'static str);

/// The trained tagger.
#[derive(Clone, Debug, Default)]
pub(super) struct Tagger {
    pub(super) tags: Vec<Tag>,
    pub(super) lexicon: Lexicon,
    pub(super) first: Weights,
    pub(super) second: Weights,
    /// A tag of the first reading that beats the next by less, in steps of the perceptron, is read again.
    pub(super) again: f32,
    /// A tag of the second reading that beats the next by less is in doubt.
    pub(super) doubt: f32,
}

/// What tags the treebank gives a word.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon {
    /// Hash of the form in lower case → number of its set of tags, plus [`Self::SURE`] + tag if always that tag.
    pub(super) words: Lookup,
}

/// What the lexicon says of a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Of the word in any case.
    pub(super) lower: u32,
    /// Of the word as it is written, if it has a capital.
    pub(super) form: u32,
}

const UNKNOWN: Known = Known { lower: EDGE, form: EDGE };

impl Lexicon {
    /// What it says of the words of a sentence.
    pub(super) fn look_up(&self, atoms: &[Atoms], known: &mut Vec<Known>) {
        known.clear();
        known.extend(atoms.iter().map(|a| {
            let lower = self.entry(a.lower);
            let form = if a.form == a.lower { lower } else { self.entry(a.form) };
            Known { lower, form }
        }));
    }

    /// Values from here on name the one tag of a word that always has the same.
    pub(super) const SURE: u32 = 1 << 16;

    /// The one tag of a word that is always tagged alike.
    pub(super) fn sure(&self, atoms: &Atoms) -> Option<u16> {
        let entry = self.entry(atoms.lower).checked_sub(1)?;
        entry.checked_sub(Self::SURE).map(|tag| tag as u16)
    }

    pub(super) fn entry(&self, lower: u32) -> u32 {
        self.words.value(lower).map_or(0, |v| v + 1)
    }
}

const LIMIT: usize = (Lexicon::SURE as usize) * 2;
const EDGE: u32 = 0xFFFF;

impl Tagger {
    /// Tags a sentence.
    pub(super) fn tag(&self, atoms: &[Atoms], tags: &mut Vec<u16>, scratch: &mut Scratch) {
        self.tag_once(atoms, tags, scratch);
        std::mem::swap(&mut scratch.before, tags);
        self.tag_again(atoms, tags, scratch);
    }

    /// Tags a sentence in one reading, and notes by how much each tag beat the next.
    pub(super) fn tag_once(&self, atoms: &[Atoms], tags: &mut Vec<u16>, scratch: &mut Scratch) {
        self.lexicon.look_up(atoms, &mut scratch.lexical);
        self.read_once(&self.lexicon, atoms, tags, scratch);
    }

    /// The same with another lexicon, by which the words have been looked up.
    pub(super) fn read_once(&self, lexicon: &Lexicon, atoms: &[Atoms], tags: &mut Vec<u16>, scratch: &mut Scratch) {
        tags.clear();
        scratch.margins.clear();
        let context = Context { atoms, capitals: capitals(atoms) };
        for (i, word) in atoms.iter().enumerate() {
            let (tag, margin) = if let Some(tag) = lexicon.sure(word) {
                (tag, f32::INFINITY)
            } else {
                context.features(&scratch.lexical, tags, i, &mut scratch.keys);
                let (tag, _, margin) = self.decide(&self.first, scratch);
                (tag, margin)
            };
            tags.push(tag);
            scratch.margins.push(margin);
        }
    }

    /// Tags a sentence in a second reading; the first must just have been made, its tags being in `scratch.before`. Only
    /// words that the first was not certain of are read.
    pub(super) fn tag_again(&self, atoms: &[Atoms], tags: &mut Vec<u16>, scratch: &mut Scratch) {
        tags.clear();
        scratch.others.clear();
        let context = Context { atoms, capitals: capitals(atoms) };
        around(&self.tags, &scratch.before, &mut scratch.around);
        for i in 0..atoms.len() {
            let (tag, other, margin) = if scratch.margins[i] >= self.again {
                let tag = scratch.before[i];
                (tag, tag, f32::INFINITY)
            } else {
                context.features(&scratch.lexical, tags, i, &mut scratch.keys);
                context.features_after(&scratch.before, tags, scratch.around[i], i, &mut scratch.keys);
                self.decide(&self.second, scratch)
            };
            tags.push(tag);
            scratch.others.push(if margin < self.doubt { other } else { tag });
            scratch.margins[i] = margin;
        }
    }

    /// The best tag, the next, and by how much it is better.
    fn decide(&self, weights: &Weights, scratch: &mut Scratch) -> (u16, u16, f32) {
        scratch.scores.clear();
        scratch.scores.resize(self.tags.len(), 0);
        weights.add_scores(&scratch.keys, &mut scratch.scores);
        let tag = best(&scratch.scores);
        let highest = scratch.scores[tag];
        scratch.scores[tag] = i32::MIN;
        let other = best(&scratch.scores);
        let margin = highest.saturating_sub(scratch.scores[other]);
        (tag as u16, other as u16, margin as f32 * weights.unit)
    }

    pub(super) fn write(&self, to: &mut Writer) {
        to.number(self.tags.len() as u64);
        for (upos, xpos) in &self.tags {
            to.byte(*upos as u8);
            to.string(xpos);
        }
        self.lexicon.words.write(to);
        self.first.write(to);
        self.second.write(to);
        to.number(u64::from(self.again.to_bits()));
        to.number(u64::from(self.doubt.to_bits()));
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, ModelError> {
        let mut tags = Vec::new();
        for _ in 0..from.count()? {
            let upos = Upos::ALL.get(from.byte()? as usize).copied();
            tags.push((upos.ok_or_else(|| from.broken("an unknown part of speech"))?, intern(from.string()?)));
        }
        let words = Lookup::read(from, LIMIT)?;
        let (first, second) = (Weights::read(from)?, Weights::read(from)?);
        let again = f32::from_bits(from.number()? as u32);
        let doubt = f32::from_bits(from.number()? as u32);
        Ok(Self { tags, lexicon: Lexicon { words }, first, second, again, doubt })
    }
}

/// Buffers of the tagger, used again for every sentence.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    pub(super) lexical: Vec<Known>,
    pub(super) keys: Vec<u32>,
    pub(super) scores: Vec<i32>,
    /// The tags of the first reading.
    pub(super) before: Vec<u16>,
    /// What clause the first reading sees each word in.
    pub(super) around: Vec<Around>,
    /// For each word the next likely tag, or the same again if the tag is not in doubt.
    pub(super) others: Vec<u16>,
    /// By how much each tag beat the next.
    pub(super) margins: Vec<f32>,
}

/// What the first reading has to each side of a word: a clause has one finite verb, so whether another is near says
/// much about whether "gathered" is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Around {
    before: u32,
    after: u32,
}

/// What bounds a clause or makes it one, of what the tag says.
fn landmark((upos, xpos): Tag) -> Option<u32> {
    match xpos {
        "MD" | "VBD" | "VBP" | "VBZ" => Some(FINITE),
        "WDT" | "WP" | "WP$" | "WRB" => Some(3),
        "CC" => Some(4),
        "TO" => Some(5),
        "." => Some(6),
        _ if upos == Upos::Sconj => Some(7),
        _ if upos == Upos::Punct => Some(8),
        _ => None,
    }
}

const FINITE: u32 = 2;

/// The nearest landmark to each side of every word, and whether there is a finite verb anywhere on that side.
pub(super) fn around(tags: &[Tag], before: &[u16], around: &mut Vec<Around>) {
    let pass = |seen: &mut u32, tag: u16| {
        let now = *seen;
        if let Some(landmark) = tags.get(usize::from(tag)).copied().and_then(landmark) {
            *seen = landmark << 1 | u32::from(landmark == FINITE) | *seen & 1;
        }
        now
    };
    around.clear();
    let mut seen = 0;
    around.extend(before.iter().map(|&tag| Around { before: pass(&mut seen, tag), after: 0 }));
    seen = 0;
    for (&tag, around) in before.iter().zip(around).rev() {
        around.after = pass(&mut seen, tag);
    }
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

/// What a tag is decided by: the words of the sentence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub(super) atoms: &'a [Atoms],
    pub(super) capitals: u32,
}

impl Context<'_> {
    /// The features of word `i`, the words before it having their tags.
    pub(super) fn features(&self, lexical: &[Known], tags: &[u16], i: usize, keys: &mut Vec<u32>) {
        let atoms = self.atoms;
        let edge = Atoms::default();
        let word = |offset: isize| i.checked_add_signed(offset).and_then(|i| atoms.get(i)).unwrap_or(&edge);
        let known = |offset: isize| i.checked_add_signed(offset).and_then(|i| lexical.get(i)).unwrap_or(&UNKNOWN);
        let case = |w: &Atoms| w.flags | w.elsewhere << 5;
        let tag = |back: usize| i.checked_sub(back).map_or(EDGE, |i| u32::from(tags[i]));
        let (w, p1, p2, n1, n2) = (word(0), word(-1), word(-2), word(1), word(2));
        let (k0, kf, kn, kn2) = (known(0).lower, known(0).form, known(1).lower, known(2).lower);
        let (c0, cp, cp2, cn, cn2) = (case(w), case(p1), case(p2), case(n1), case(n2));
        let (t1, t2) = (tag(1), tag(2));
        let start = u32::from(i == 0) | self.capitals << 1;
        keys.clear();
        let mut add = |a: u32, b: u32, c: u32| keys.push(feature(400 + keys.len() as u32, a, b, c));
        add(w.lower, 0, 0);
        add(w.lower, n1.lower, 0);
        add(w.lower, p1.lower, 0);
        add(w.suffix[0], w.flags, 0);
        add(w.suffix[1], w.flags, 0);
        add(w.suffix[2], w.flags, 0);
        add(w.suffix[1], t1, kn);
        add(w.prefix[0], 0, 0);
        add(w.prefix[1], 0, 0);
        add(w.prefix[2], 0, 0);
        add(w.prefix[3], 0, 0);
        add(w.shape, start, 0);
        add(w.shape, w.suffix[1], 0);
        add(w.shape, p1.shape, n1.shape);
        add(w.flags, p1.flags, n1.flags);
        add(t1, 0, 0);
        add(t1, t2, 0);
        add(k0, 0, 0);
        add(k0, kn, 0);
        add(k0, kn, kn2);
        add(k0, t1, 0);
        add(k0, n1.lower, 0);
        add(p1.lower, 0, 0);
        add(p2.lower, 0, 0);
        add(n1.lower, 0, 0);
        add(n2.lower, 0, 0);
        add(p1.suffix[2], 0, 0);
        add(n1.suffix[2], 0, 0);
        add(p1.lower, p2.lower, k0);
        add(n1.shape, 0, 0);
        add(kn, kn2, 0);
        add(w.suffix[2], start, w.flags);
        add(w.flags, start, t1);
        add(w.prefix[2], w.suffix[1], 0);
        add(w.flags << 10 | p1.flags << 5 | n1.flags, start, w.lower);
        add(c0, start, kf);
        add(c0, cp, cn);
        add(c0 << 16 | cp, cp2, start);
        add(c0 << 16 | cn, cn2, start);
        add(c0, w.suffix[1], start);
        add(c0, k0, t1);
        add(w.suffix[1], n1.lower, c0);
        add(w.suffix[1], p1.lower, c0);
    }

    /// The features that the second reading adds: what the first said of the words around.
    pub(super) fn features_after(&self, before: &[u16], tags: &[u16], around: Around, i: usize, keys: &mut Vec<u32>) {
        let tag = |back: usize| i.checked_sub(back).map_or(EDGE, |i| u32::from(tags[i]));
        let next = |ahead: usize| before.get(i + ahead).map_or(EDGE, |&t| u32::from(t));
        let word = |ahead: usize| self.atoms.get(i + ahead).map_or(0, |a| a.lower);
        let w = word(0);
        let (t1, t2) = (tag(1), tag(2));
        let (b0, b1, b2, b3) = (next(0), next(1), next(2), next(3));
        let first = 500 - keys.len() as u32;
        let mut add = |a: u32, b: u32, c: u32| keys.push(feature(first + keys.len() as u32, a, b, c));
        add(b0, w, 0);
        add(b1, 0, 0);
        add(b1, w, 0);
        add(b1, b2, 0);
        add(b1, b2, w);
        add(b1, b2, b3);
        add(t1, b1, 0);
        add(t1, t2, b1);
        let sides = around.before << 8 | around.after;
        add(sides, b0, b1);
        add(sides, self.atoms[i].suffix[2], b1);
        add(around.after, b0, w);
    }
}
