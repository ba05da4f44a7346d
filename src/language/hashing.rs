//! Hashes of words and of feature combinations.
//!
//! The models know features only by a 32-bit key, so the hash is part of the model format: it must be the same on
//! every machine and in every version that reads the same model.

const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// Hash of a byte string.
pub(super) fn hash_bytes(bytes: &[u8]) -> u32 {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for &byte in bytes {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    }
    finish(hash)
}

/// Hash of a string in lower case.
pub(super) fn hash_lower(text: &str) -> u32 {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    let mut add = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    if text.is_ascii() {
        text.bytes().for_each(|b| add(b.to_ascii_lowercase()));
    } else {
        let mut buffer = [0_u8; 4];
        for c in text.chars().flat_map(char::to_lowercase) {
            c.encode_utf8(&mut buffer).bytes().for_each(&mut add);
        }
    }
    finish(hash)
}

/// Key of a feature: the template's number and up to three values.
#[inline]
pub(super) fn feature(template: u32, a: u32, b: u32, c: u32) -> u32 {
    let mut hash = (u64::from(template) << 32 | u64::from(a)).wrapping_mul(MULTIPLIER);
    hash = (hash ^ (hash >> 32) ^ (u64::from(b) << 32 | u64::from(c))).wrapping_mul(MULTIPLIER);
    finish(hash)
}

#[inline]
fn finish(hash: u64) -> u32 {
    let mixed = (hash ^ (hash >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed >> 32) as u32
}
