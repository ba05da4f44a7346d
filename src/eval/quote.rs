//! The sentences in which something was missed or misread, with the words marked.

use super::{Passage, Reader};
use crate::article::{Article, Field};
use crate::language::Pipeline;
use std::ops::Range;

/// How much of a sentence is shown on either side of what is marked, in bytes.
const AROUND: usize = 120;
/// What is longer, in bytes, is no word and may be cut.
const WORD: usize = AROUND / 2;

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

    /// The sentences of passages with the passages in brackets, and whose they are. Passages of one sentence are shown
    /// together, and those that are not in the article not at all.
    pub fn quote(&self, passages: &[Passage]) -> Vec<(&'static str, String)> {
        let mut groups: Vec<Group> = Vec::new();
        for passage in passages {
            let Some((label, field, marked)) = self.find(passage) else { continue };
            let sentence = self.sentence(field, &marked);
            let same = |g: &&mut Group| (g.label, g.field) == (label, field) && g.sentence == sentence;
            match groups.iter_mut().find(same) {
                Some(group) => group.marked.push(marked),
                None => groups.push(Group { label, field, sentence, marked: vec![marked] }),
            }
        }
        let mut quotes: Vec<(&'static str, String)> = Vec::new();
        for group in groups {
            let quote = group.quote(self.text(group.field));
            if !quotes.iter().any(|(_, other)| *other == quote) {
                quotes.push((group.label, quote));
            }
        }
        quotes
    }

    /// Whose a passage is, and where it stands.
    fn find(&self, passage: &Passage) -> Option<(&'static str, Field, Range<usize>)> {
        match passage {
            Passage::At { by, field, start, end } => {
                let text = self.text(*field);
                let label = if *by == Reader::Gold { "gold" } else { "read" };
                // What another program says may be anything, an end before its start as well.
                let marked = byte_of(text, *start)?..byte_of(text, *end)?;
                (marked.start <= marked.end).then_some((label, *field, marked))
            }
            Passage::Words(words) => [Field::Body, Field::Headline].into_iter().find_map(|field| {
                let at = position(self.text(field), words)?;
                Some(("text", field, at..at + words.len()))
            }),
        }
    }

    fn sentence(&self, field: Field, marked: &Range<usize>) -> Range<usize> {
        let within = self.sentences.iter().find(|s| field == Field::Body && s.contains(&marked.start));
        let sentence = within.cloned().unwrap_or(0..self.text(field).len());
        sentence.start..sentence.end.max(marked.end)
    }

    fn text(&self, field: Field) -> &'a str {
        match field {
            Field::Headline => &self.article.headline,
            Field::Body => &self.article.body,
        }
    }
}

/// What is marked in one sentence.
struct Group {
    label: &'static str,
    field: Field,
    sentence: Range<usize>,
    marked: Vec<Range<usize>>,
}

impl Group {
    /// The sentence, or the part of it around what is marked.
    fn quote(&self, text: &str) -> String {
        let first = self.marked.iter().map(|m| m.start).min().unwrap_or(self.sentence.start);
        let last = self.marked.iter().map(|m| m.end).max().unwrap_or(self.sentence.end);
        let from = word_start(text, self.sentence.start, first.saturating_sub(AROUND));
        let to = word_end(text, last + AROUND, self.sentence.end);
        // At one place, what ends is closed before what begins is opened.
        let closing = self.marked.iter().map(|m| (m.end, 0, ']'));
        let mut marks: Vec<(usize, u8, char)> = closing.chain(self.marked.iter().map(|m| (m.start, 1, '['))).collect();
        marks.sort_unstable();
        let mut quote = String::from(if from > self.sentence.start { "…" } else { "" });
        let mut at = from;
        for (place, _, mark) in marks {
            quote.push_str(&text[at..place]);
            quote.push(mark);
            at = place;
        }
        quote.push_str(&text[at..to.max(at)]);
        if to < self.sentence.end {
            quote.push('…');
        }
        quote.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The beginning of the first word at or after a byte, if a sentence does not begin after it.
fn word_start(text: &str, sentence: usize, mut at: usize) -> usize {
    if at <= sentence {
        return sentence;
    }
    while !text.is_char_boundary(at) {
        at += 1;
    }
    let gap = text[at..].find(char::is_whitespace).unwrap_or(0);
    // A row of letters without end is cut anywhere.
    if gap < WORD { at + gap } else { at }
}

/// The end of the last word at or before a byte, if a sentence does not end before it.
fn word_end(text: &str, mut at: usize, sentence: usize) -> usize {
    if at >= sentence {
        return sentence;
    }
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let gap = text[..at].rfind(char::is_whitespace).unwrap_or(at);
    if at - gap < WORD { gap } else { at }
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
        let at = |start, end| Passage::At { by: Reader::Gold, field: Field::Body, start, end };
        let quote = |passages: &[Passage]| quotes.quote(passages).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(quote(&[at(23, 27)]), ["A car bomb went off in [Żary]."]);
        assert_eq!(quote(&[at(23, 27), at(0, 10), at(2, 5)]), ["[A [car] bomb] went off in [Żary]."]);
        assert_eq!(quote(&[Passage::Words("12".to_owned())]), ["It killed [12] people, 112 were hurt."]);
        assert_eq!(
            quote(&[Passage::Words("blast".to_owned()), at(23, 27)]),
            ["[Blast]", "A car bomb went off in [Żary]."]
        );
        assert!(quote(&[Passage::Words("13".to_owned()), at(900, 901), at(27, 23)]).is_empty());
        assert_eq!(position("Homsi and homs", "Homs"), Some(10));
    }

    #[test]
    fn long_sentences_are_cut_between_words() {
        let article =
            Article { body: format!("{}here {}", "word ".repeat(100), "é".repeat(500)), ..Article::default() };
        let quotes = Quotes::new(&article, Pipeline::embedded()).quote(&[Passage::Words("here".to_owned())]);
        let quote = &quotes[0].1;
        assert!(
            quote.starts_with("… word word") && quote.contains("word [here] éé") && quote.ends_with("é…"),
            "{quote}"
        );
        assert!(quote.len() < 400, "{quote}");
    }
}
