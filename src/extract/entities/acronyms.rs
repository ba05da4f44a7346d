//! Acronyms an article introduces: "Syrian Democratic Forces (SDF)".
//!
//! After Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text"
//! (PSB 2003): the characters of the short form are matched from right to left in the words before the bracket, the
//! first one at the beginning of a word.

use crate::language::Span;

/// A short form and what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acronym {
    /// The short form.
    pub short: Span,
    /// The long form.
    pub long: Span,
}

/// The acronyms a text introduces in brackets, in text order.
pub fn find(text: &str) -> Vec<Acronym> {
    let mut found = Vec::new();
    for open in memchr::memchr_iter(b'(', text.as_bytes()) {
        let inside = open + 1;
        let Some(length) = text.as_bytes()[inside..].iter().take(80).position(|b| *b == b')') else { continue };
        // "(SDF; Arabic: …)", "(SDF, the …)": the short form is what comes first.
        let content = &text[inside..inside + length];
        let content = content.split([';', ',', ':', '/']).next().unwrap_or(content);
        let short = content.trim().trim_matches(['"', '\'', '“', '”', '‘', '’']);
        if !is_short_form(short) {
            continue;
        }
        let at = short.as_ptr() as usize - text.as_ptr() as usize;
        let before = text[..open].trim_end();
        if open - before.len() > 2 || before.ends_with(['!', '?']) {
            continue;
        }
        let window = window(before, short);
        if let Some(start) = long_form(short, window) {
            let offset = window.as_ptr() as usize - text.as_ptr() as usize;
            found.push(Acronym {
                short: Span::new(at, at + short.len()),
                long: Span::new(offset + start, offset + window.len()),
            });
        }
    }
    found
}

/// Two to ten characters, at most two words, a letter among them, the first a letter or digit, mostly capitals.
fn is_short_form(text: &str) -> bool {
    let length = text.chars().count();
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    (2..=10).contains(&length)
        && text.split_whitespace().count() <= 2
        && text.chars().next().is_some_and(char::is_alphanumeric)
        && capitals >= 2
        && capitals * 2 >= text.chars().filter(|c| c.is_alphabetic()).count()
}

/// The words before the bracket that may hold the long form: at most `min(|short| + 5, 2 |short|)`, of one line.
fn window<'t>(before: &'t str, short: &str) -> &'t str {
    let length = short.chars().count();
    let mut words = (length + 5).min(length * 2);
    let line = before.rfind('\n').map_or(before, |i| &before[i + 1..]);
    for (index, c) in line.char_indices().rev() {
        if c.is_whitespace() {
            words -= 1;
            if words == 0 {
                return &line[index + c.len_utf8()..];
            }
        }
    }
    line
}

/// The byte at which the long form begins in `window`, if the short form can be read off it.
fn long_form(short: &str, window: &str) -> Option<usize> {
    let letters: Vec<char> = short.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let places: Vec<(usize, char)> = window.char_indices().collect();
    let mut at = places.len();
    for (index, &letter) in letters.iter().enumerate().rev() {
        loop {
            at = at.checked_sub(1)?;
            let (_, c) = places[at];
            let begins = at == 0 || !places[at - 1].1.is_alphanumeric();
            if c.to_lowercase().eq(std::iter::once(letter)) && (index > 0 || begins) {
                break;
            }
        }
    }
    let start = places[at].0;
    let long = &window[start..];
    // Longer than the short form, and not the short form itself.
    let contains = long.split(|c: char| !c.is_alphanumeric()).any(|w| w == short);
    (long.chars().count() > short.chars().count() && !contains).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::find;

    fn pairs(text: &str) -> Vec<(&str, &str)> {
        find(text).into_iter().map(|a| (a.short.of(text), a.long.of(text))).collect()
    }

    #[test]
    fn reads_the_long_form_before_the_bracket() {
        assert_eq!(pairs("The Syrian Democratic Forces (SDF) advanced."), [("SDF", "Syrian Democratic Forces")]);
        assert_eq!(
            pairs("by the Syrian Observatory for Human Rights (SOHR) said"),
            [("SOHR", "Syrian Observatory for Human Rights")]
        );
    }

    #[test]
    fn leaves_other_brackets_alone() {
        assert!(pairs("He said (on Friday) that (12) people").is_empty());
        assert!(pairs("Damascus (Reuters) - Rebels").is_empty());
    }
}
