//! Time: the time expressions of an article, and when its events happened.
//!
//! [`find`] reads the expressions and resolves them against the day of publication, or the date of the dateline if the
//! article has none. [`of_event`] gives an event its time from the expressions that modify it. Nothing is made more exact
//! than the words are: "last July" is a month, and without a day of publication a month of no known year.

mod events;
mod grammar;
mod resolve;
mod words;

pub(super) use events::{is_after, is_when};
pub use events::{of_event, of_note, only_day, publication_window};
pub use words::TimeWords;

use super::quantities::words_of;
use super::reading::{Timex, TimexRelation};
use crate::article::Article;
use crate::facts::{TimeBasis, TimeBounds, TimePrecision};
use crate::language::numbers::NumberWords;
use crate::language::pieces::{Piece, pieces};
use crate::language::{Deprel, Document, Sentence, Span, Upos, WordId};
use grammar::{Expression, Grammar};
use jiff::civil::Date;
use resolve::{Tense, resolve};
use std::ops::Range;
use words::TimeWord;

/// How far into the body a dateline may reach, in bytes.
const DATELINE: usize = 120;

/// The time expressions of an article in text order.
pub fn find(article: &Article, document: &Document, words: &TimeWords, numbers: &NumberWords) -> Vec<Timex> {
    let now = article.published.or_else(|| dateline(article, words, numbers));
    let mut found = Vec::new();
    for sentence in document.sentences() {
        let text = sentence.span.of(document.text());
        let pieces = pieces(text);
        let grammar = Grammar { pieces: &pieces, words, numbers };
        let mut at = 0;
        while at < pieces.len() {
            let Some((expression, end)) = grammar.expression(at) else {
                at += 1;
                continue;
            };
            found.extend(timex(document, sentence, &grammar, at..end, expression, now, words));
            at = end;
        }
    }
    found
}

fn timex(
    document: &Document,
    sentence: &Sentence,
    grammar: &Grammar<'_>,
    range: Range<usize>,
    expression: Expression,
    now: Option<Date>,
    words: &TimeWords,
) -> Option<Timex> {
    let base = sentence.span.start as usize;
    let last = &grammar.pieces[range.end - 1];
    let span = Span::new(base + grammar.pieces[range.start].start, base + last.end);
    let covered = words_of(document, sentence.words.clone(), span)?;
    let head = head_of(document, &covered);
    let mut relation = relation(grammar, range.start);
    // "from Saturday's bombing": the day is the bombing's; "before dawn on Saturday" is on Saturday.
    let possessive = matches!(document.deprel(head), Deprel::NmodPoss | Deprel::Compound | Deprel::Amod);
    if possessive || words.word(grammar.pieces, range.start, TimeWord::DayPart).is_some() {
        relation = TimexRelation::At;
    }
    let text = span.of(document.text());
    let bounds = match expression {
        Expression::Duration => {
            relation = TimexRelation::Duration;
            None
        }
        _ => resolve(expression, now, tense(document, head, words), text),
    };
    let from_event = match expression {
        Expression::FromEvent { first, last } => Some((first, last)),
        _ => None,
    };
    let bounds = bounds.unwrap_or_else(|| TimeBounds {
        earliest: None,
        latest: None,
        precision: TimePrecision::Longer,
        basis: if from_event.is_some() { TimeBasis::RelativeToEvent } else { TimeBasis::Unresolved },
        words: Some(text.to_owned()),
        partial: None,
    });
    Some(Timex { words: covered, span, head, bounds, relation, from_event })
}

/// The word of a range on which the others depend.
fn head_of(document: &Document, range: &Range<WordId>) -> WordId {
    range.clone().find(|&w| document.head(w).is_none_or(|h| !range.contains(&h))).unwrap_or(range.start)
}

/// How the words before an expression tie it to the event.
fn relation(grammar: &Grammar<'_>, start: usize) -> TimexRelation {
    for from in (start.saturating_sub(3)..start).rev() {
        let found = grammar.words.find(grammar.pieces, from, |w| match w {
            TimeWord::Since | TimeWord::From => Some(TimexRelation::Since),
            TimeWord::Until => Some(TimexRelation::Until),
            TimeWord::Before | TimeWord::By => Some(TimexRelation::Before),
            TimeWord::After => Some(TimexRelation::After),
            _ => None,
        });
        if let Some((relation, end)) = found
            && end == start
        {
            return relation;
        }
    }
    TimexRelation::At
}

/// The tense of the clause an expression stands in.
fn tense(document: &Document, head: WordId, words: &TimeWords) -> Tense {
    let mut at = head;
    for _ in 0..12 {
        if matches!(document.upos(at), Upos::Verb | Upos::Aux) {
            break;
        }
        let Some(next) = document.head(at) else { break };
        at = next;
    }
    let future_aux = |verb: WordId| {
        document.children_by(verb, Deprel::Aux).any(|c| words.is_future(&document.form(c).to_lowercase()))
            && !document.children_by(verb, Deprel::Aux).any(|c| document.lemma(c) == "have")
    };
    let infinitive = document.children_by(at, Deprel::Mark).any(|c| document.lemma(c) == "to")
        || document.feat(at, "VerbForm") == Some("Inf");
    if future_aux(at) {
        return Tense::Future;
    }
    if infinitive
        && let Some(above) = document.head(at)
        && words.is_planning(document.lemma(above))
    {
        return Tense::Future;
    }
    Tense::Past
}

/// The date that an article without one gives in its dateline: a day with its year at the very beginning of the body.
fn dateline(article: &Article, words: &TimeWords, numbers: &NumberWords) -> Option<Date> {
    let mut end = DATELINE.min(article.body.len());
    while !article.body.is_char_boundary(end) {
        end -= 1;
    }
    let pieces: Vec<Piece> = pieces(&article.body[..end]);
    let grammar = Grammar { pieces: &pieces, words, numbers };
    let mut at = 0;
    while at < pieces.len() {
        if let Some((expression, next)) = grammar.expression(at) {
            if let Expression::Days { year: Some(_), .. } = expression {
                let before = at.checked_sub(1).map_or("", |b| pieces[b].lower.as_str());
                // "On 3 May 2015, …" is the beginning of a story, not a dateline.
                return (!matches!(before, "on" | "since" | "of" | "until" | "by"))
                    .then(|| resolve(expression, None, Tense::Past, "")?.latest)
                    .flatten();
            }
            at = next;
        } else {
            at += 1;
        }
    }
    None
}
