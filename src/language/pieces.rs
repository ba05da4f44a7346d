//! A text cut into words, digits and signs, independent of the parser's tokens, and phrases looked up in it.
//!
//! Numbers and dates are read from [`pieces`], because tokenisers disagree on "20-30", "Dec.14th" and "mid-2012".

use std::collections::BTreeMap;

/// A stretch of the text that is a number in digits, a word, or a sign.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    /// First byte in the text.
    pub(crate) start: usize,
    /// One past its last byte.
    pub(crate) end: usize,
    /// The value, for digits that are a number of their own.
    pub(crate) digits: Option<f64>,
    /// Its characters in lower case.
    pub(crate) lower: String,
    /// Whether it begins with a capital letter.
    pub(crate) capital: bool,
}

/// Phrases of one or more words and what each stands for; the longest match wins.
#[derive(Clone, Debug)]
pub(crate) struct Phrases<T> {
    by_first: BTreeMap<Box<str>, Vec<Phrase<T>>>,
}

#[derive(Clone, Debug)]
struct Phrase<T> {
    rest: Vec<Box<str>>,
    value: T,
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self { by_first: BTreeMap::new() }
    }
}

impl<T: Copy> Phrases<T> {
    /// The phrases given, in lower case; they are cut as texts are.
    pub(crate) fn new<S: AsRef<str>>(entries: impl IntoIterator<Item = (S, T)>) -> Self {
        let mut by_first: BTreeMap<Box<str>, Vec<Phrase<T>>> = BTreeMap::new();
        for (form, value) in entries {
            let mut words = pieces(form.as_ref()).into_iter().map(|p| p.lower.into_boxed_str());
            let Some(first) = words.next() else { continue };
            by_first.entry(first).or_default().push(Phrase { rest: words.collect(), value });
        }
        for list in by_first.values_mut() {
            list.sort_by_key(|p| std::cmp::Reverse(p.rest.len()));
        }
        Self { by_first }
    }

    /// What each phrase that begins at piece `at` stands for, the longest first, and the piece behind it.
    pub(crate) fn all<'a>(&'a self, pieces: &'a [Piece], at: usize) -> impl Iterator<Item = (T, usize)> + 'a {
        let list = pieces.get(at).and_then(|p| self.by_first.get(p.lower.as_str()));
        list.into_iter().flatten().filter_map(move |phrase| {
            let end = at + 1 + phrase.rest.len();
            let matches = pieces.get(at + 1..end)?.iter().zip(&phrase.rest).all(|(p, w)| p.lower == **w);
            matches.then_some((phrase.value, end))
        })
    }

    /// What the longest phrase that begins at piece `at` stands for, and the piece behind it.
    pub(crate) fn at(&self, pieces: &[Piece], at: usize) -> Option<(T, usize)> {
        self.all(pieces, at).next()
    }
}

/// Cuts a text into words, digits and signs. Digits that belong to a name ("M4", "F-16", "7th") are words.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some(&(start, c)) = rest.peek() {
        if c.is_whitespace() {
            rest.next();
            continue;
        }
        let mut end = start + c.len_utf8();
        if !c.is_alphanumeric() {
            rest.next();
            out.push(Piece { start, end, digits: None, lower: c.to_string(), capital: false });
            continue;
        }
        if c.is_ascii_digit() {
            // "On July 12 200 people" has two numbers.
            let spaced = !out.last().is_some_and(|p| p.capital);
            end = start + digits_end(&text[start..], spaced);
        }
        let number_end = end;
        while let Some(next) = text[end..].chars().next().filter(|n| n.is_alphanumeric()) {
            end += next.len_utf8();
        }
        while rest.peek().is_some_and(|&(i, _)| i < end) {
            rest.next();
        }
        let glued = out.last().is_some_and(|p| {
            p.end == start
                && (matches!(p.lower.as_str(), "." | ":" | "/" | "#" | "+") && p.start > 0
                    || p.lower == "-" && text[..p.start].chars().next_back().is_some_and(char::is_alphabetic))
        });
        let clock = text[end..].starts_with(':') && text[end + 1..].starts_with(|c: char| c.is_ascii_digit());
        let digits = (c.is_ascii_digit() && end == number_end && !glued && !clock)
            .then(|| text[start..end].replace(|c: char| !c.is_ascii_digit() && c != '.', "").parse().ok())
            .flatten();
        out.push(Piece { start, end, digits, lower: text[start..end].to_lowercase(), capital: c.is_uppercase() });
    }
    out
}

/// Length in bytes of the number in digits at the start of `text`, separators of thousands and a decimal part included.
fn digits_end(text: &str, spaced: bool) -> usize {
    let run = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut end = run(0);
    if end <= 3 {
        // Thousands are set off by a comma or by a space; an ordinary space only where nothing else is meant.
        while let Some(separator) = text[end..].chars().next() {
            let after = end + separator.len_utf8();
            if !(matches!(separator, ',' | '\u{a0}' | '\u{2009}' | '\u{202f}') || spaced && separator == ' ')
                || run(after) != 3
            {
                break;
            }
            end = after + 3;
        }
    }
    if text[end..].starts_with('.') && run(end + 1) > 0 {
        end += 1 + run(end + 1);
    }
    end
}
