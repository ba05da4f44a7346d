//! One spelling for names that are written in many ways, so that an index of names needs one entry for each.
//!
//! [`fold`] takes away case, diacritics, apostrophes and hyphens; [`unify_articles`] writes every form of the Arabic
//! article ("el-", "ash-", "az ") as "al"; [`similar_key`] goes further and joins transliterations of one word
//! ("Hodeidah", "Al Hudaydah"), at the price of joining different names as well, so that it serves only where the
//! context vouches for the result.

use unicode_normalization::UnicodeNormalization;

/// The form of a name that the indexes use: lower-case letters and digits, words apart by one space.
///
/// Apostrophes and full stops vanish ("Ta'izz" is "taizz", "U.S." is "us"), all else that is no letter or digit parts
/// words ("Port-au-Prince" is "port au prince").
///
/// # Examples
///
/// ```
/// use belligraph::lexicon::spelling::fold;
/// assert_eq!(fold("Şan‘ā’"), "sana");
/// assert_eq!(fold("Côte d'Ivoire"), "cote divoire");
/// ```
pub fn fold(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    if name.is_ascii() {
        for c in name.chars() {
            push_folded(&mut out, c);
        }
    } else {
        for c in name.nfkd() {
            push_folded(&mut out, c);
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

fn push_folded(out: &mut String, c: char) {
    match c {
        'a'..='z' | '0'..='9' => out.push(c),
        'A'..='Z' => out.push(c.to_ascii_lowercase()),
        '\'' | '’' | '‘' | 'ʼ' | 'ʿ' | 'ʾ' | 'ʻ' | '`' | '´' | '.' | 'ʹ' | 'ʺ' | '\u{300}'..='\u{36f}' => {}
        'ı' | 'İ' => out.push('i'),
        'ł' | 'Ł' => out.push('l'),
        'ø' | 'Ø' => out.push('o'),
        'đ' | 'Đ' | 'ð' | 'Ð' => out.push('d'),
        'ħ' | 'Ħ' => out.push('h'),
        'ß' => out.push_str("ss"),
        'æ' | 'Æ' => out.push_str("ae"),
        'œ' | 'Œ' => out.push_str("oe"),
        'þ' | 'Þ' => out.push_str("th"),
        'ə' | 'Ə' | 'ǝ' | 'Ǝ' => out.push('a'),
        '&' => {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
            out.push_str("and ");
        }
        c if c.is_alphanumeric() => out.extend(c.to_lowercase()),
        _ => {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        }
    }
}

/// Whether `word` is a form of the Arabic article before `next`: a vowel and "l", or a vowel and the consonant that
/// `next` begins with, as the article takes it on ("ar Raqqah", "ash Sham", "ez Zor").
pub fn is_article(word: &str, next: &str) -> bool {
    let Some(rest) = word.strip_prefix(['a', 'e', 'u', 'i']) else { return false };
    match rest {
        "l" => true,
        "" => false,
        _ => rest.len() <= 2 && next.starts_with(rest) && !rest.starts_with(['a', 'e', 'i', 'o', 'u']),
    }
}

/// The noun of a word that begins with the article as it sounds ("ezzor" is "zor", "arraqqa" is "raqqa").
pub fn split_article(word: &str) -> Option<&str> {
    let rest = word.strip_prefix(['a', 'e', 'u'])?;
    let mut letters = rest.chars();
    let (first, second) = (letters.next()?, letters.next()?);
    (first == second && !matches!(first, 'a' | 'e' | 'i' | 'o' | 'u' | 'l') && rest.len() > 3)
        .then(|| &rest[first.len_utf8()..])
}

/// A folded name with every form of the Arabic article written "al".
///
/// # Examples
///
/// ```
/// use belligraph::lexicon::spelling::unify_articles;
/// assert_eq!(unify_articles("deir ez zor"), "deir al zor");
/// ```
pub fn unify_articles(key: &str) -> String {
    let words: Vec<&str> = key.split(' ').collect();
    let mut out = String::with_capacity(key.len() + 2);
    for (i, word) in words.iter().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        let article = words.get(i + 1).is_some_and(|next| is_article(word, next));
        out.push_str(if article { "al" } else { word });
    }
    out
}

/// Like [`unify_articles`], and also where the article is written as one word with the noun ("deir ezzor").
pub fn unify_joined_articles(key: &str) -> String {
    let mut out = String::with_capacity(key.len() + 4);
    for word in key.split(' ') {
        if !out.is_empty() {
            out.push(' ');
        }
        match split_article(word) {
            Some(noun) => {
                out.push_str("al ");
                out.push_str(noun);
            }
            None => out.push_str(word),
        }
    }
    unify_articles(&out)
}

/// A folded name without the Arabic article it begins with, if it does.
pub fn without_article(key: &str) -> Option<&str> {
    let (first, rest) = key.split_once(' ')?;
    let next = rest.split(' ').next().unwrap_or(rest);
    (is_article(first, next) && rest.len() > 2).then_some(rest)
}

/// A key that transliterations of one name mostly share: no articles, no doubled letters, vowels in two classes, a
/// final vowel or "h" dropped, "kh" as "k", "gh" as "g", "q" as "k".
///
/// # Examples
///
/// ```
/// use belligraph::lexicon::spelling::{fold, similar_key};
/// assert_eq!(similar_key(&fold("Hodeidah")), similar_key(&fold("Al Ḩudaydah")));
/// assert_eq!(similar_key(&fold("Deir al-Zour")), similar_key(&fold("Dayr az Zawr")));
/// ```
pub fn similar_key(key: &str) -> String {
    let words: Vec<&str> = key.split(' ').collect();
    let mut out = String::with_capacity(key.len());
    for (i, word) in words.iter().enumerate() {
        if words.get(i + 1).is_some_and(|next| is_article(word, next)) {
            continue;
        }
        let start = out.len();
        push_skeleton(&mut out, if i > 0 { split_article(word).unwrap_or(word) } else { word });
        // A final vowel or the "h" of a feminine ending is written or not.
        while out.len() > start + 2 && out.ends_with(['a', 'u', 'h']) {
            out.pop();
        }
    }
    out
}

fn push_skeleton(out: &mut String, word: &str) {
    let start = out.len();
    let bytes = word.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        let pair = bytes.get(i..i + 2).unwrap_or_default();
        let (sound, length) = match (pair, bytes[i]) {
            (b"kh", _) => ("k", 2),
            (b"gh", _) => ("g", 2),
            (b"dh", _) => ("d", 2),
            (b"th", _) => ("t", 2),
            (b"ph", _) => ("f", 2),
            (b"sh" | b"ch", _) => ("s", 2),
            (b"dj", _) => ("j", 2),
            (b"ou" | b"oo" | b"aw" | b"au" | b"uw" | b"ow", _) => ("u", 2),
            (b"ai" | b"ay" | b"ei" | b"ey" | b"ee" | b"ie" | b"iy" | b"yi" | b"aa", _) => ("a", 2),
            (_, b'q' | b'c') => ("k", 1),
            (_, b'o' | b'u' | b'w') => ("u", 1),
            (_, b'a' | b'e' | b'i' | b'y') => ("a", 1),
            _ => {
                let end = i + word[i..].chars().next().map_or(1, char::len_utf8);
                (&word[i..end], end - i)
            }
        };
        // Doubled letters and vowels of one class in a row count once.
        if !out[start..].ends_with(sound) {
            out.push_str(sound);
        }
        i += length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_told_by_the_sound_they_take_on() {
        assert!(is_article("ash", "sham"));
        assert!(is_article("el", "obeid"));
        assert!(!is_article("an", "hour"));
        assert!(!is_article("and", "deir"));
        assert_eq!(without_article("az zawiyah"), Some("zawiyah"));
        assert_eq!(without_article("zawiyah"), None);
    }

    #[test]
    fn folding_leaves_no_space_at_the_ends() {
        assert_eq!(fold(" - Aleppo - "), "aleppo");
        assert_eq!(fold("Jammu & Kashmir"), "jammu and kashmir");
        assert_eq!(fold("N’Djamena"), "ndjamena");
    }
}
