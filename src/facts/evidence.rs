//! Where in the article a fact was read.

use crate::article::Field;
use crate::language::{Document, Span};

/// A stretch of an article's headline or body, in Unicode code points of that field exactly as given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence {
    /// Which part of the article the offsets count in.
    pub field: Field,
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
    /// First code point of the sentence it stands in.
    pub sentence_start: u32,
    /// One past the last code point of that sentence.
    pub sentence_end: u32,
}

/// Turns byte spans of a document into [`Evidence`].
///
/// A document's text is the headline, an empty line and the body (the body alone without a headline).
#[derive(Debug)]
pub struct Locator<'a> {
    document: &'a Document,
    body_start: u32,
    /// Code points before each 64th byte of the text, so that a conversion scans at most 63 bytes.
    marks: Vec<u32>,
}

impl<'a> Locator<'a> {
    /// A locator for a document whose headline is `headline_len` bytes long (0: none).
    pub fn new(document: &'a Document, headline_len: usize) -> Self {
        let text = document.text().as_bytes();
        let mut marks = Vec::with_capacity(text.len() / 64 + 1);
        let mut count = 0;
        for (i, byte) in text.iter().enumerate() {
            if i % 64 == 0 {
                marks.push(count);
            }
            if !is_continuation(*byte) {
                count += 1;
            }
        }
        let body_start = if headline_len == 0 { 0 } else { headline_len as u32 + 2 };
        Self { document, body_start, marks }
    }

    /// Code points before a byte offset of the text.
    fn code_points(&self, byte: u32) -> u32 {
        let text = self.document.text().as_bytes();
        let mark = (byte as usize / 64).min(self.marks.len().saturating_sub(1));
        let Some(&before) = self.marks.get(mark) else { return 0 };
        before + text[mark * 64..byte as usize].iter().filter(|b| !is_continuation(**b)).count() as u32
    }

    /// The byte at which a code point of the text begins, or the end of the text.
    fn byte(&self, code_point: u32) -> u32 {
        let text = self.document.text().as_bytes();
        let mark = self.marks.partition_point(|before| *before <= code_point).saturating_sub(1);
        let mut count = self.marks.get(mark).copied().unwrap_or(0);
        for (at, byte) in text.iter().enumerate().skip(mark * 64) {
            if is_continuation(*byte) {
                continue;
            }
            if count == code_point {
                return at as u32;
            }
            count += 1;
        }
        text.len() as u32
    }

    /// The span of bytes that an evidence was made of.
    pub fn span(&self, evidence: Evidence) -> Span {
        let base = if evidence.field == Field::Headline { 0 } else { self.code_points(self.body_start) };
        Span { start: self.byte(base + evidence.start), end: self.byte(base + evidence.end) }
    }

    /// The evidence of a span of bytes; the sentence is the one its first byte stands in.
    pub fn evidence(&self, span: Span) -> Evidence {
        let field = if span.start < self.body_start { Field::Headline } else { Field::Body };
        let base = if field == Field::Headline { 0 } else { self.code_points(self.body_start) };
        let sentences = self.document.sentences();
        let index = sentences.partition_point(|s| s.span.end <= span.start);
        let sentence = sentences.get(index).map_or(span, |s| s.span.cover(span));
        Evidence {
            field,
            start: self.code_points(span.start) - base,
            end: self.code_points(span.end) - base,
            sentence_start: self.code_points(sentence.start) - base,
            sentence_end: self.code_points(sentence.end) - base,
        }
    }
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

#[cfg(test)]
mod tests {
    use super::Locator;
    use crate::article::Field;
    use crate::language::{Document, Span};

    #[test]
    fn spans_come_back_from_their_evidence() {
        let headline = "Überfall in Żary";
        let text = format!("{headline}\n\n{}", "Am Montag überfielen Männer das Dorf – niemand starb. ".repeat(9));
        let document = Document::new(text.clone(), Vec::new(), Vec::new());
        let locator = Locator::new(&document, headline.len());
        let starts: Vec<u32> = text.char_indices().map(|(at, _)| at as u32).collect();
        for pair in starts.windows(2) {
            let span = Span { start: pair[0], end: pair[1] };
            assert_eq!(locator.span(locator.evidence(span)), span);
        }
        let last = Span { start: text.len() as u32 - 1, end: text.len() as u32 };
        let evidence = locator.evidence(last);
        assert_eq!((evidence.field, locator.span(evidence)), (Field::Body, last));
    }
}
