//! The sentences in which something was missed or misread, with the words marked.

use super::{Passage, Reader};
use crate::article::{Article, Field};
use crate::language::Pipeline;
use std::ops::Range;

/// How much of a sentence is shown on either side of what is marked, in bytes.
const AROUND: usize = 120;

/// Quotes passages of one article.
#[derive(Debug)]
pub struct Quotes<'a> {
    article: &'a Article,
    /// The sentences of the body, in bytes.
    sentences: Vec<Range<usize>>,
}

impl<'a> Quotes<'a> {
    /// Cuts an article into its sentences.
    pub fn new(article: &'a Article, language: &Pipeline) -> Self {
        let sentences = language.sentences(&article.body);
        Self { article, sentences: sentences.into_iter().map(|s| s.start as usize..s.end as usize).collect() }
    }

    /// The sentence of a passage with the passage in brackets, and whose it is; nothing if it is not in the article.
    pub fn quote(&self, passage: &Passage) -> Option<(&'static str, String)> {
        let (label, field, marked) = match passage {
            Passage::At { by, field, start, end } => {
                let text = self.text(*field);
                let label = if *by == Reader::Gold { "gold" } else { "read" };
                (label, *field, byte_of(text, *start)?..byte_of(text, *end)?)
            }
            Passage::Words(words) => {
                let body = position(&self.article.body, words).map(|at| (Field::Body, at));
                let (field, at) =
                    body.or_else(|| position(&self.article.headline, words).map(|at| (Field::Headline, at)))?;
                ("text", field, at..at + words.len())
            }
        };
        let text = self.text(field);
        let whole = 0..text.len();
        let sentence = match field {
            Field::Headline => &whole,
            Field::Body => self.sentences.iter().find(|s| s.contains(&marked.start)).unwrap_or(&whole),
        };
        let end = sentence.end.max(marked.end);
        let (from, cut_before) = forward(text, marked.start.saturating_sub(AROUND).max(sentence.start));
        let (to, cut_after) = forward(text, (marked.end + AROUND).min(end));
        let before = if from > sentence.start || cut_before { "…" } else { "" };
        let after = if to < end || cut_after { "…" } else { "" };
        let quote = format!(
            "{before}{}[{}]{}{after}",
            &text[from..marked.start.max(from)],
            &text[marked.clone()],
            &text[marked.end..to.max(marked.end)]
        );
        Some((label, quote.split_whitespace().collect::<Vec<_>>().join(" ")))
    }

    fn text(&self, field: Field) -> &'a str {
        match field {
            Field::Headline => &self.article.headline,
            Field::Body => &self.article.body,
        }
    }
}

/// The next place at or after a byte where a character begins, and whether it had to be moved.
fn forward(text: &str, mut at: usize) -> (usize, bool) {
    let first = at;
    while !text.is_char_boundary(at) {
        at += 1;
    }
    (at, at != first)
}

/// The byte at which a code point begins, or the end.
fn byte_of(text: &str, code_point: usize) -> Option<usize> {
    let ends = std::iter::once((text.len(), ' '));
    text.char_indices().chain(ends).nth(code_point).map(|(at, _)| at)
}

/// Where whole words stand in a text first, whatever the case of ASCII letters.
fn position(text: &str, words: &str) -> Option<usize> {
    let lower = (text.to_ascii_lowercase(), words.to_ascii_lowercase());
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    lower.0.match_indices(&lower.1).map(|(at, _)| at).find(|&at| {
        !words.is_empty() && !inside(text[..at].chars().next_back()) && !inside(text[at + words.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::{Quotes, position};
    use crate::article::{Article, Field};
    use crate::eval::{Passage, Reader};
    use crate::language::Pipeline;

    #[test]
    fn passages_are_marked_in_their_sentence() {
        let article = Article {
            headline: "Blast".to_owned(),
            body: "A car bomb went off in Żary. It killed 12 people, 112 were hurt.".to_owned(),
            ..Article::default()
        };
        let quotes = Quotes::new(&article, Pipeline::embedded());
        let at = Passage::At { by: Reader::Gold, field: Field::Body, start: 23, end: 27 };
        assert_eq!(quotes.quote(&at), Some(("gold", "A car bomb went off in [Żary].".to_owned())));
        let words = Passage::Words("12".to_owned());
        assert_eq!(quotes.quote(&words), Some(("text", "It killed [12] people, 112 were hurt.".to_owned())));
        assert_eq!(quotes.quote(&Passage::Words("blast".to_owned())), Some(("text", "[Blast]".to_owned())));
        assert_eq!(quotes.quote(&Passage::Words("13".to_owned())), None);
        assert_eq!(quotes.quote(&Passage::At { by: Reader::Gold, field: Field::Body, start: 900, end: 901 }), None);
        assert_eq!(position("Homsi and homs", "Homs"), Some(10));
    }
}
