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
    /// The last one to five characters in lower case.
    pub(super) suffix: [u32; 5],
    /// The first one to four characters in lower case.
    pub(super) prefix: [u32; 4],
    /// Bits: 1 begins with a capital, 2 holds a digit, 4 holds a hyphen, 8 all capitals, 16 holds a letter.
    pub(super) flags: u32,
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
        for (i, (at, _)) in word.char_indices().rev().take(5).enumerate() {
            atoms.suffix[i] = hash_lower(&word[at..]);
        }
        for (i, (at, c)) in word.char_indices().take(4).enumerate() {
            atoms.prefix[i] = hash_lower(&word[..at + c.len_utf8()]);
        }
        atoms
    }
}
