//! Quantities: the figures of a text tied to its words.
//!
//! [`find`] gives every figure with the words it covers; [`of_phrase`] the one that counts a noun phrase.

use super::reading::Quantity;
use crate::language::numbers::{Figure, NumberWords};
use crate::language::{Document, Span, WordId};
use std::ops::Range;

/// A figure of the text and the words it covers.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The figure.
    pub figure: Figure,
    /// The words of the figure with its bound.
    pub words: Range<WordId>,
    /// The words of the number alone.
    pub number: Range<WordId>,
}

impl Counted {
    /// The figure as a quantity.
    pub fn quantity(&self) -> Quantity {
        let fit = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        Quantity { min: fit(self.figure.min), max: self.figure.max.map(fit), words: self.words.clone() }
    }
}

/// Every figure of the document that is not part of one of the `taken` spans (dates, names), both in text order.
pub fn find(document: &Document, words: &NumberWords, taken: &[Span]) -> Vec<Counted> {
    let mut found = Vec::new();
    for sentence in document.sentences() {
        let text = sentence.span.of(document.text());
        for figure in words.figures(text, sentence.span.start as usize) {
            // "a 12-year-old boy", "a 300-strong force": a figure that is part of an adjective counts nothing.
            let behind = document.text().get(figure.span.end as usize..).unwrap_or_default();
            let hyphen = behind.strip_prefix(['-', '‑', '–']);
            if hyphen.is_some_and(|rest| rest.starts_with(char::is_alphabetic)) {
                continue;
            }
            let next = taken.partition_point(|span| span.end <= figure.number.start);
            if taken.get(next).is_some_and(|span| span.overlaps(figure.number)) {
                continue;
            }
            let cover = |span: Span| words_of(document, sentence.words.clone(), span);
            let (Some(all), Some(number)) = (cover(figure.span), cover(figure.number)) else { continue };
            found.push(Counted { figure, words: all, number });
        }
    }
    found
}

/// The words among `within` that a span touches.
pub(super) fn words_of(document: &Document, within: Range<WordId>, span: Span) -> Option<Range<WordId>> {
    let words = document.words();
    let first = within.start + words[within.clone()].partition_point(|w| w.span.end <= span.start);
    let end = within.start + words[within.clone()].partition_point(|w| w.span.start < span.end);
    (first < end).then_some(first..end)
}

/// The quantity of the noun phrase `phrase` with the head `head`: its figure, one for an indefinite singular.
pub fn of_phrase(document: &Document, counted: &[Counted], phrase: &Range<WordId>, head: WordId) -> Option<Quantity> {
    let inside =
        |c: &&Counted| c.words.start < phrase.end && c.words.end > phrase.start.min(head) && c.number.start <= head;
    let first = counted.partition_point(|c| c.words.end <= phrase.start.min(head));
    if let Some(found) =
        counted[first..].iter().take_while(|c| c.words.start < phrase.end).find(inside).filter(|c| !c.figure.percent)
    {
        return Some(found.quantity());
    }
    let article =
        phrase.clone().find(|&w| matches!(document.lemma(w), "a" | "an") && document.head(w) == Some(head))?;
    (document.feat(head, "Number") != Some("Plur")).then(|| Quantity {
        min: 1,
        max: Some(1),
        words: article..article + 1,
    })
}
