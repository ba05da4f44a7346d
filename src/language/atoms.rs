//! What a word looks like, as numbers: hashes of its form, affixes and shape, computed once per word and shared by the
//! tagger, the lemmatiser and the parser.

use super::hashing::{hash_bytes, hash_lower};

/// Hashes of one word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Atoms {
    /// The form as written.
    pub(super) form: u32,
    /// The form in lower case.
    pub(super) lower: u32,
    /// Capitals, digits and marks with runs shortened.
    pub(super) shape: u32,
    /// The last one to three characters in lower case.
    pub(super) suffix: [u32; 3],
    /// The first one to four characters in lower case.
    pub(super) prefix: [u32; 4],
    /// Bits: 1 begins with a capital, 2 holds a digit, 4 holds a hyphen, 8 all capitals, 16 holds a letter.
    pub(super) flags: u32,
    /// How the text around writes the word: bits [`SMALL`] and [`CAPITAL`], found by [`Casing`].
    pub(super) elsewhere: u32,
}

/// Somewhere it begins with a small letter.
const SMALL: u32 = 1;
/// Somewhere inside a sentence it begins with a capital.
const CAPITAL: u32 = 2;
/// The flag for a word with a letter.
const LETTERS: u32 = 16;

/// How much of a sentence is in capitals: 0 as usual, 1 most words begin with one (a title), 2 most are in capitals.
pub(super) fn capitals(atoms: &[Atoms]) -> u32 {
    let words = atoms.iter().filter(|a| a.flags & LETTERS != 0).count();
    let count = |flag: u32| atoms.iter().filter(|a| a.flags & (LETTERS | flag) == (LETTERS | flag)).count();
    if words < 3 {
        0
    } else if count(8) * 3 > words * 2 {
        2
    } else {
        u32::from(count(1) * 5 > words * 3)
    }
}

/// So many sentences of a text are taken together to see how words are written.
pub(super) const NEIGHBOURS: usize = 100;

/// How the words of neighbouring sentences are written where their case says something: not at the beginning of a
/// sentence, in titles, in shouting or in sentences without any capital.
#[derive(Debug, Default)]
pub(super) struct Casing {
    /// Hash in lower case and bits [`SMALL`] and [`CAPITAL`], in the order of the hashes once complete.
    seen: Vec<(u32, u32)>,
}

impl Casing {
    /// Begins other sentences.
    pub(super) fn clear(&mut self) {
        self.seen.clear();
    }

    /// Adds a sentence.
    pub(super) fn add(&mut self, sentence: &[Atoms]) {
        if capitals(sentence) != 0 || !sentence.iter().any(|a| a.flags & 1 != 0) {
            return;
        }
        let mut inside = false;
        for word in sentence.iter().filter(|a| a.flags & LETTERS != 0) {
            if word.flags & 1 == 0 {
                self.seen.push((word.lower, SMALL));
            } else if inside {
                self.seen.push((word.lower, CAPITAL));
            }
            inside = true;
        }
    }

    /// Ends adding.
    pub(super) fn complete(&mut self) {
        self.seen.sort_unstable();
        self.seen.dedup_by(|later, first| {
            let same = later.0 == first.0;
            first.1 |= if same { later.1 } else { 0 };
            same
        });
    }

    /// Notes it with words.
    pub(super) fn note(&self, words: &mut [Atoms]) {
        for word in words {
            let found = self.seen.binary_search_by_key(&word.lower, |s| s.0);
            word.elsewhere = found.map_or(0, |at| self.seen[at].1);
        }
    }
}

impl Atoms {
    /// The hashes of a word.
    pub(super) fn of(word: &str) -> Self {
        let mut atoms = Self { form: hash_bytes(word.as_bytes()), lower: hash_lower(word), ..Self::default() };
        let mut shape = [0_u8; 12];
        let mut used = 0;
        let mut last = (0, 0);
        let mut lower = false;
        let mut upper = false;
        for (i, c) in word.chars().enumerate() {
            let class = match c {
                c if c.is_lowercase() => b'x',
                c if c.is_uppercase() => b'X',
                c if c.is_numeric() => b'd',
                '\u{2019}' => b'\'',
                c if c.is_alphabetic() => b'x',
                c if c.is_ascii() => c as u8,
                _ => b'?',
            };
            lower |= class == b'x';
            upper |= class == b'X';
            atoms.flags |= u32::from(class == b'X' && i == 0);
            atoms.flags |= u32::from(class == b'd') << 1;
            atoms.flags |= u32::from(c == '-') << 2;
            last = if last.0 == class { (class, last.1 + 1) } else { (class, 1) };
            if last.1 <= 2 && used < shape.len() {
                shape[used] = class;
                used += 1;
            }
        }
        atoms.flags |= u32::from(upper && !lower) << 3 | u32::from(upper || lower) << 4;
        atoms.shape = hash_bytes(&shape[..used]);
        for (i, (at, _)) in word.char_indices().rev().take(3).enumerate() {
            atoms.suffix[i] = hash_lower(&word[at..]);
        }
        for (i, (at, c)) in word.char_indices().take(4).enumerate() {
            atoms.prefix[i] = hash_lower(&word[..at + c.len_utf8()]);
        }
        atoms
    }
}
