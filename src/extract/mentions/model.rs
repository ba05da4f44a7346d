//! A linear model of what sort of thing a noun phrase speaks of, for nouns and names no lexicon lists.
//!
//! Multinomial logistic regression over hashed features of the phrase and of its place in the tree, trained on the
//! entity types of GUM ([`super::training`]). Features of the phrase and of its context are scored apart: the
//! mentions of one name in an article pool their evidence, and the context alone tells what a country is doing.
//! Weights are one byte each, so that the model stays a few hundred kilobytes and a phrase costs about forty reads.

use crate::language::{Deprel, Document, Upos, WordId};
use smallvec::SmallVec;
use std::ops::Range;
use std::sync::LazyLock;

/// Number of classes the model tells apart.
pub(super) const CLASSES: usize = 7;
/// Number of weight rows; a power of two.
pub(super) const BUCKETS: usize = 1 << 16;
const MAGIC: &[u8; 8] = b"BGKIND1\n";

/// What the model tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// People, one or several.
    Person,
    /// Bodies that act.
    Organization,
    /// Places, natural or built.
    Place,
    /// Times.
    Time,
    /// What happens.
    Event,
    /// Things, animals, plants, substances.
    Object,
    /// Ideas, states, works.
    Abstract,
}

impl Sort {
    pub(super) const ALL: [Self; CLASSES] =
        [Self::Person, Self::Organization, Self::Place, Self::Time, Self::Event, Self::Object, Self::Abstract];
}

/// Log-odds for each [`Sort`], in the order of [`Sort::ALL`].
pub(super) type Scores = [f32; CLASSES];

/// Weights, one row a bucket.
#[derive(Debug)]
pub(super) struct Model {
    scale: f32,
    weights: &'static [u8],
}

/// Feature buckets of one phrase.
pub(super) type Features = SmallVec<[u32; 40]>;

/// What lexicon and gazetteer know of a phrase, as features; zero where nothing is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// Code of what the noun lexicon says of the head.
    pub(super) noun: u8,
    /// Code of what the lists of names say of the whole name.
    pub(super) name: u8,
}

static SHIPPED: LazyLock<Option<Model>> =
    LazyLock::new(|| Model::from_bytes(include_bytes!("../../../models/entity-kinds.bin")));

impl Model {
    /// The model in the binary; none if the file is not one (a test holds that it is).
    pub(super) fn shipped() -> Option<&'static Self> {
        SHIPPED.as_ref()
    }

    pub(super) fn from_bytes(bytes: &'static [u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (scale, weights) = rest.split_first_chunk::<4>()?;
        (weights.len() == BUCKETS * CLASSES).then(|| Self { scale: f32::from_le_bytes(*scale), weights })
    }

    /// The scores of a set of features.
    pub(super) fn scores(&self, features: &[u32]) -> Scores {
        let mut sums = [0_i32; CLASSES];
        for &feature in features {
            let row = feature as usize * CLASSES;
            for (sum, &weight) in sums.iter_mut().zip(&self.weights[row..row + CLASSES]) {
                *sum += i32::from(weight.cast_signed());
            }
        }
        sums.map(|s| s as f32 * self.scale)
    }
}

/// A model file: the weights rounded to a byte each.
pub(super) fn to_bytes(weights: &[[f32; CLASSES]]) -> Vec<u8> {
    let largest = weights.iter().flatten().fold(1e-6_f32, |m, w| m.max(w.abs()));
    let scale = largest / 127.0;
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&scale.to_le_bytes());
    bytes.extend(weights.iter().flatten().map(|w| ((w / scale).round() as i8).cast_unsigned()));
    bytes
}

/// Probabilities from scores.
pub(super) fn probabilities(scores: Scores) -> Scores {
    let largest = scores.iter().fold(f32::MIN, |m, s| m.max(*s));
    let mut odds = scores.map(|s| (s - largest).exp());
    let sum: f32 = odds.iter().sum();
    for o in &mut odds {
        *o /= sum;
    }
    odds
}

/// Hashes a feature: its template and the lower-cased value.
#[derive(Clone, Copy)]
struct Hash(u64);

impl Hash {
    fn template(number: u8) -> Self {
        Self(0xCBF2_9CE4_8422_2325).byte(number)
    }

    fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3))
    }

    fn text(self, text: &str) -> Self {
        let mut hash = self;
        if text.is_ascii() {
            for byte in text.bytes() {
                hash = hash.byte(byte.to_ascii_lowercase());
            }
        } else {
            let mut buffer = [0; 4];
            for c in text.chars().flat_map(char::to_lowercase) {
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    hash = hash.byte(byte);
                }
            }
        }
        hash.byte(0xFF)
    }

    fn bucket(self) -> u32 {
        let mixed = (self.0 ^ (self.0 >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed >> 40) as u32 & (BUCKETS as u32 - 1)
    }
}

/// Features of the phrase itself: its words and what is known of them.
pub(super) fn phrase_features(document: &Document, head: WordId, words: &Range<WordId>, known: Known) -> Features {
    let mut features = Features::new();
    let mut add = |hash: Hash| features.push(hash.bucket());
    let word = document.word(head);
    let form = document.form(head);
    add(Hash::template(0));
    add(Hash::template(1).text(&word.lemma).byte(word.upos as u8));
    add(Hash::template(2).text(form));
    add(Hash::template(3).text(word.xpos));
    add(Hash::template(4).text(suffix(&word.lemma, 3)).byte(u8::from(word.upos == Upos::Propn)));
    add(Hash::template(5).text(suffix(&word.lemma, 2)).byte(u8::from(word.upos == Upos::Propn)));
    add(Hash::template(6).byte(shape(form)).byte(word.upos as u8));
    add(Hash::template(20).byte(known.noun).byte(u8::from(document.feat(head, "Number") == Some("Plur"))));
    add(Hash::template(21).byte(known.name));
    let mut names = 0_u8;
    for w in words.clone() {
        if document.upos(w) == Upos::Propn {
            names += 1;
        }
    }
    add(Hash::template(7).byte(names.min(4)).byte(word.upos as u8));
    let mut determined = false;
    let mut flat = false;
    for &child in document.children(head) {
        let lemma = document.lemma(child);
        match document.deprel(child) {
            Deprel::Det | Deprel::DetPredet => {
                determined = true;
                add(Hash::template(8).text(lemma).byte(word.upos as u8));
            }
            Deprel::Amod => add(Hash::template(9).text(lemma)),
            Deprel::Compound | Deprel::NmodDesc => {
                add(Hash::template(10).text(lemma));
                add(Hash::template(11).text(suffix(lemma, 3)).byte(u8::from(child < head)));
            }
            Deprel::Flat => {
                flat = true;
                add(Hash::template(12).text(document.form(child)));
                add(Hash::template(13).text(suffix(document.form(child), 3)));
            }
            Deprel::Nummod => add(Hash::template(14).byte(u8::from(child < head))),
            Deprel::NmodPoss => add(Hash::template(15).byte(document.upos(child) as u8)),
            Deprel::Nmod if words.contains(&child) => add(Hash::template(16).text(lemma)),
            _ => {}
        }
    }
    let bare = u8::from(determined) | u8::from(flat) << 1 | names.min(3) << 2;
    add(Hash::template(17).byte(bare).byte(word.upos as u8));
    if names > 0 {
        let first = words.clone().find(|&w| document.upos(w) == Upos::Propn).unwrap_or(head);
        add(Hash::template(18).text(document.form(first)));
        add(Hash::template(19).byte(shape(document.form(first))).byte(names.min(3)));
    }
    features
}

/// Features of where the phrase stands: its relation, preposition and governor, appositions, and neighbours.
/// `governor_noun` is what the lexicon says of the governor ([`Known::noun`]).
pub(super) fn context_features(
    document: &Document,
    head: WordId,
    words: &Range<WordId>,
    governor_noun: u8,
) -> Features {
    let mut features = Features::new();
    let mut add = |hash: Hash| features.push(hash.bucket());
    let relation = document.deprel(head) as u8;
    let governor = document.head(head);
    let governor_lemma = governor.map_or("", |g| document.lemma(g));
    let governor_upos = governor.map_or(Upos::X, |g| document.upos(g)) as u8;
    let case = document.children_by(head, Deprel::Case).find(|&c| c < head).map_or("", |c| document.lemma(c));
    let possessive = document.children_by(head, Deprel::Case).any(|c| c > head);
    add(Hash::template(40).byte(relation));
    add(Hash::template(41).byte(relation).text(case).byte(governor_upos));
    add(Hash::template(42).text(case));
    add(Hash::template(43).byte(relation).text(governor_lemma));
    add(Hash::template(44).text(case).text(governor_lemma));
    add(Hash::template(57).byte(relation).byte(governor_noun));
    add(Hash::template(58).text(case).byte(governor_noun));
    add(Hash::template(45).byte(relation).byte(governor_upos).byte(u8::from(possessive)));
    for &child in document.children(head) {
        match document.deprel(child) {
            Deprel::Appos => add(Hash::template(46).text(document.lemma(child))),
            Deprel::AclRelcl => {
                let opener = document.subtree(child).start;
                add(Hash::template(47).text(document.lemma(opener)));
                add(Hash::template(48).text(document.lemma(child)));
            }
            Deprel::Acl => add(Hash::template(49).text(document.lemma(child))),
            Deprel::Nmod if !words.contains(&child) => {
                let case = document.children_by(child, Deprel::Case).next().map_or("", |c| document.lemma(c));
                add(Hash::template(50).text(case));
            }
            Deprel::Cop => add(Hash::template(51)),
            Deprel::Conj => add(Hash::template(52).text(document.lemma(child))),
            _ => {}
        }
    }
    if let Some(governor) = governor {
        if document.deprel(head) == Deprel::Nsubj && document.upos(governor) == Upos::Noun {
            add(Hash::template(53).text(governor_lemma));
        }
        if document.deprel(head) == Deprel::Conj {
            add(Hash::template(54).byte(document.deprel(governor) as u8));
        }
    }
    let previous = words.start.checked_sub(1).map_or("", |w| document.form(w));
    let next = document.words().get(words.end).map_or("", |w| w.span.of(document.text()));
    add(Hash::template(55).text(previous));
    add(Hash::template(56).text(next));
    features
}

fn suffix(text: &str, count: usize) -> &str {
    text.char_indices().rev().nth(count - 1).map_or(text, |(i, _)| &text[i..])
}

/// How a word is written: 0 lower case, 1 capitalised, 2 all capitals, 3 with digits, 4 mixed, plus 8 if hyphenated.
fn shape(form: &str) -> u8 {
    let mut chars = form.chars().filter(|c| c.is_alphanumeric());
    let Some(first) = chars.next() else { return 5 };
    let (mut upper, mut lower, mut digit) = (0, 0, u8::from(first.is_numeric()));
    for c in chars {
        upper += u8::from(c.is_uppercase() && upper < 200);
        lower += u8::from(c.is_lowercase() && lower < 200);
        digit |= u8::from(c.is_numeric());
    }
    let class = match (first.is_uppercase(), upper, lower, digit) {
        (_, _, _, 1) => 3,
        (true, 1.., 0, _) => 2,
        (true, 0, _, _) => 1,
        (_, 0, _, _) => 0,
        _ => 4,
    };
    class | u8::from(form.contains('-')) << 3
}
