//! The sentences facts were read from, with the words that say so marked.

use super::ask::{Graph, Row};
use super::links::Link;
use super::when;
use crate::ontology::terms::short;
use crate::sparql::SparqlError;
use oxrdf::NamedNode;
use std::collections::BTreeMap;

/// A sentence of an article.
#[derive(Clone, Debug, Default)]
pub(super) struct Sentence {
    pub(super) pieces: Vec<Piece>,
    pub(super) article: Link,
    /// Who published it and when.
    pub(super) source: String,
    /// Whether it is the headline.
    pub(super) is_headline: bool,
}

/// A piece of a text: plain, or marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) mark: Option<Mark>,
}

/// Why a piece is marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// `trigger`, `role`, `actor`, `place`…: how it looks.
    pub(super) class: &'static str,
    /// What it is, in a word or two.
    pub(super) note: String,
    /// Where it leads.
    pub(super) href: String,
    /// Its name within the page.
    pub(super) id: String,
}

/// A marked stretch of a text, in code points.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub(super) begin: usize,
    pub(super) end: usize,
    pub(super) mark: Mark,
}

/// The evidence of some things: sentences in which they or what fills their roles are marked.
pub(super) fn evidence<'t>(
    graph: &Graph<'_>,
    things: impl IntoIterator<Item = &'t NamedNode>,
) -> Result<BTreeMap<NamedNode, Vec<Sentence>>, SparqlError> {
    let rows = graph.ask_of(include_str!("queries/evidence.rq"), "thing", things)?;
    let mut by_thing: BTreeMap<NamedNode, Vec<&Row>> = BTreeMap::new();
    for row in &rows {
        if let Some(thing) = row.iri("thing") {
            by_thing.entry(thing.clone()).or_default().push(row);
        }
    }
    Ok(by_thing.into_iter().map(|(thing, rows)| (thing, sentences(graph, &rows, "trigger"))).collect())
}

/// Sentences from rows, one for each marked stretch; `class` is for marks that fill no role.
pub(super) fn sentences(graph: &Graph<'_>, rows: &[&Row], class: &'static str) -> Vec<Sentence> {
    // Sentences stay in the order of the rows.
    let mut order: Vec<&NamedNode> = Vec::new();
    let mut found: BTreeMap<&NamedNode, (&Row, Vec<Span>)> = BTreeMap::new();
    for row in rows {
        let (Some(sentence), Some(start)) = (row.iri("sentence"), row.number("start")) else { continue };
        let (Some(begin), Some(end)) = (row.number("begin"), row.number("end")) else { continue };
        if !found.contains_key(sentence) {
            order.push(sentence);
        }
        let mark = match row.iri("role") {
            Some(role) => {
                Mark { class: "role", note: graph.vocabulary.label(role.as_str()).to_owned(), ..Mark::default() }
            }
            None => Mark { class, ..Mark::default() },
        };
        let (_, spans) = found.entry(sentence).or_insert((row, Vec::new()));
        if let (Some(begin), Some(end)) = (begin.checked_sub(start), end.checked_sub(start)) {
            spans.push(Span { begin, end, mark });
        }
    }
    // A sentence in which only a role is filled is no evidence by itself where others have the thing.
    let has_own = |spans: &[Span]| spans.iter().any(|span| span.mark.class == class);
    let any_own = found.values().any(|(_, spans)| has_own(spans));
    order
        .into_iter()
        .filter_map(|iri| found.remove(iri))
        .filter(|(_, spans)| !any_own || has_own(spans))
        .map(|(row, spans)| {
            let article = row.iri("article").map(|article| graph.links.page(article.as_ref())).unwrap_or_default();
            let headline = row.text("headline").unwrap_or_default().to_owned();
            Sentence {
                pieces: marked(row.text("text").unwrap_or_default(), spans),
                article: Link { text: headline, href: article },
                source: source(row),
                is_headline: row.text("field") == Some("headline"),
            }
        })
        .collect()
}

/// Who published an article and when, from a row that says so.
pub(super) fn source(row: &Row) -> String {
    let published = row.date("published").map(when::day);
    [row.text("publisher").map(str::to_owned), published].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Cuts a text into pieces. Of stretches that overlap, what comes first in `spans`' order of classes wins: triggers, then the
/// longest.
pub(super) fn marked(text: &str, mut spans: Vec<Span>) -> Vec<Piece> {
    spans.sort_by_key(|span| (span.mark.class != "trigger", span.begin.wrapping_sub(span.end), span.begin));
    let length = text.chars().count();
    let mut kept: Vec<Span> = Vec::new();
    for mut span in spans {
        span.end = span.end.min(length);
        if span.begin < span.end && kept.iter().all(|other| span.end <= other.begin || other.end <= span.begin) {
            kept.push(span);
        }
    }
    kept.sort_by_key(|span| span.begin);
    let mut pieces = Vec::new();
    let mut characters = text.chars();
    let mut at = 0;
    let mut take = |to: usize, mark: Option<Mark>| {
        let text: String = characters.by_ref().take(to.saturating_sub(at)).collect();
        at = to.max(at);
        if !text.is_empty() {
            pieces.push(Piece { text, mark });
        }
    };
    for span in kept {
        take(span.begin, None);
        take(span.end, Some(span.mark));
    }
    take(usize::MAX, None);
    pieces
}

/// What a role property is called in a class of the style sheet.
pub(super) fn class_of(what: &str) -> &'static str {
    match short(what) {
        "Event" => "trigger",
        "UnrealizedEvent" => "unrealized",
        "Place" => "place",
        _ => "actor",
    }
}

#[cfg(test)]
mod tests {
    use super::{Mark, Span, marked};

    #[test]
    fn triggers_win_then_the_longest() {
        let span = |begin, end, class| Span { begin, end, mark: Mark { class, ..Mark::default() } };
        let pieces =
            marked("Ünter Beschuss am Tag", vec![span(0, 5, "role"), span(0, 14, "role"), span(18, 21, "trigger")]);
        let texts: Vec<_> = pieces.iter().map(|piece| (piece.text.as_str(), piece.mark.is_some())).collect();
        assert_eq!(texts, [("Ünter Beschuss", true), (" am ", false), ("Tag", true)]);
        let pieces = marked("abc", vec![span(2, 90, "role"), span(40, 50, "trigger")]);
        assert_eq!(pieces.len(), 2);
    }
}
