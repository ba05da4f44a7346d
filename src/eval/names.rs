//! When two names are taken to be the same, and which known name a misspelt one is like.
//!
//! Names in gold and prediction differ in spelling, articles and titles. What counts as the same is part of the
//! definition of the figures, so that it is fixed here and not a matter of the ontology.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// Words that tell nothing of a name.
const EMPTY_WORDS: [&str; 9] = ["of", "the", "a", "an", "and", "in", "for", "force", "forces"];
/// Marks inside a word that some writers leave out.
const APOSTROPHES: [char; 6] = ['\'', '\u{2018}', '\u{2019}', '\u{2bc}', '\u{2bb}', '`'];

/// In lower case, without diacritics, with single spaces for punctuation.
pub(super) fn normal(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfd().filter(|c| canonical_combining_class(*c) == 0).flat_map(char::to_lowercase) {
        if APOSTROPHES.contains(&c) {
            continue;
        }
        if c == 'ß' || c.is_alphanumeric() {
            if gap && !normal.is_empty() {
                normal.push(' ');
            }
            gap = false;
            if c == 'ß' { normal.push_str("ss") } else { normal.push(c) }
        } else {
            gap = true;
        }
    }
    normal
}

/// Whether the words of `inner` stand in a row in `outer`; both are [`normal`].
pub(super) fn contains(outer: &str, inner: &str) -> bool {
    !inner.is_empty() && format!(" {outer} ").contains(&format!(" {inner} "))
}

/// The words that tell something, without what stands in parentheses.
fn words(name: &str) -> Vec<String> {
    let mut bare = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('(') {
        let Some((_, after)) = after.split_once(')') else { break };
        bare.push_str(before);
        bare.push(' ');
        rest = after;
    }
    bare.push_str(rest);
    let normal = normal(&bare);
    let all: Vec<&str> = normal.split(' ').filter(|word| !word.is_empty()).collect();
    let telling: Vec<&str> = all.iter().copied().filter(|word| !EMPTY_WORDS.contains(word)).collect();
    (if telling.is_empty() { all } else { telling }).into_iter().map(ToOwned::to_owned).collect()
}

/// Equal words, or forms of one stem ("Syria" and "Syrian").
fn same_word(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (length, other_length) = (one.chars().count(), other.chars().count());
    if length < 4 || other_length < 4 {
        return false;
    }
    let common = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    common >= (length.min(other_length) - 1).max(4)
}

/// Whether at least half of the telling words of the gold name are found in a predicted name. Of a gold name with a
/// colon, a semicolon or a dash, each part may match by itself.
pub(super) fn same_name(gold: &str, predicted: &str) -> bool {
    let found = words(predicted);
    let matches = |name: &str| {
        let wanted = words(name);
        let hits = wanted.iter().filter(|word| found.iter().any(|f| same_word(word, f))).count();
        !wanted.is_empty() && 2 * hits >= wanted.len()
    };
    matches(gold) || parts(gold).iter().any(|part| matches(part))
}

/// The parts of a name around `:`, `;` and a dash between spaces.
fn parts(name: &str) -> Vec<&str> {
    let characters: Vec<(usize, char)> = name.char_indices().collect();
    let mut parts = Vec::new();
    let mut start = 0;
    for (i, (at, c)) in characters.iter().enumerate() {
        let white = |i: Option<usize>| i.and_then(|i| characters.get(i)).is_some_and(|(_, c)| c.is_whitespace());
        let cuts = matches!(c, ':' | ';') || *c == '-' && white(i.checked_sub(1)) && white(Some(i + 1));
        if cuts {
            parts.push(&name[start..*at]);
            start = at + c.len_utf8();
        }
    }
    parts.push(&name[start..]);
    parts
}

/// The name most like a misspelt one, if it is like one at all: about one change in three letters.
pub(super) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let name: Vec<char> = name.to_lowercase().chars().collect();
    known
        .map(|known| (distance(&name, &known.to_lowercase().chars().collect::<Vec<_>>()), known))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance * 3 <= name.len() + 1)
        .map(|(_, known)| known)
}

/// How many characters must be put in, taken out or exchanged to turn one into the other (Levenshtein 1965).
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let cost = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{contains, nearest, normal, same_name};

    #[test]
    fn spelling_does_not_matter() {
        assert_eq!(normal("Dayr az-Zawr’s  İdlib"), "dayr az zawrs idlib");
        assert!(contains(&normal("the city of Homs"), &normal("Homs")));
        assert!(!contains(&normal("Homsi"), &normal("Homs")));
        assert!(!contains("homs", ""));
    }

    #[test]
    fn half_of_the_telling_words_make_a_name() {
        assert!(same_name("Police Forces of Kenya (2013-)", "Kenyan police"));
        assert!(same_name("LRA: Lord's Resistance Army", "the LRA"));
        assert!(same_name("Boko Haram - Wilayat Gharb Ifriqiyyah", "Boko Haram"));
        assert!(same_name("Syrian army", "the Syrian Arab Army"));
        assert!(!same_name("Al Shabaab", "police"));
        assert!(!same_name("Free Syrian Army brigade", "the regime"));
        assert!(!same_name("", "police"));
    }

    #[test]
    fn misspelt_names_are_known_again() {
        assert_eq!(nearest("kiled", ["killed", "date"].into_iter()), Some("killed"));
        assert_eq!(nearest("cause_of_death", ["killed", "date"].into_iter()), None);
        assert_eq!(nearest("mode", ["date"].into_iter()), None);
    }
}
