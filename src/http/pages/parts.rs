//! Parts of the page of a thing that are too long for it, page by page: the sentences that name it, the situations it is in, and what
//! leads to it.
//!
//! A page of a thing shows the first of each, says how many there are, and leads here; nothing is left out without a word.

use super::accounts::{Fact, Holding, column_part, holdings, titles};
use super::ask::Graph;
use super::described::{Name, Thing};
use super::evidence::{self, Sentence};
use super::layout::Layout;
use super::links::Link;
use super::page;
use crate::http::failure::Failure;
use crate::sparql::SparqlError;
use askama::Template;
use oxrdf::{NamedNode, Term};
use std::collections::{BTreeMap, BTreeSet};

/// How many links a page shows, and how many sentences and situations.
pub(super) const LINKS: usize = 100;
const SENTENCES: usize = 50;
const SITUATIONS: usize = 100;

/// A page of a part, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) struct Part {
    kind: Kind,
    page: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Links,
    Sentences,
    Situations,
}

impl Part {
    /// What leads to the thing.
    pub(in crate::http) fn links(page: usize) -> Self {
        Self { kind: Kind::Links, page }
    }

    pub(super) fn sentences(page: usize) -> Self {
        Self { kind: Kind::Sentences, page }
    }

    pub(super) fn situations(page: usize) -> Self {
        Self { kind: Kind::Situations, page }
    }

    /// The part of this name.
    pub(in crate::http) fn named(name: &str, page: usize) -> Option<Self> {
        let kind = [Kind::Links, Kind::Sentences, Kind::Situations].into_iter().find(|kind| kind.name() == name);
        kind.map(|kind| Self { kind, page })
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Links => "links",
            Self::Sentences => "sentences",
            Self::Situations => "situations",
        }
    }

    /// How many stand on a page.
    fn size(self) -> usize {
        match self {
            Self::Links => LINKS,
            Self::Sentences => SENTENCES,
            Self::Situations => SITUATIONS,
        }
    }
}

/// Where a part of the page of a thing is.
pub(super) fn address(graph: &Graph<'_>, iri: &NamedNode, part: Part) -> String {
    let page = if part.page > 1 { format!("&page={}", part.page) } else { String::new() };
    let path = graph.links.page(iri.as_ref());
    // What stands in a text is not the thing's document but the text's.
    match path.split_once('#') {
        Some((path, fragment)) => format!("{path}.html?part={}{page}#{fragment}", part.kind.name()),
        None => format!("{path}.html?part={}{page}", part.kind.name()),
    }
}

#[derive(Template)]
#[template(path = "part.html")]
struct PartPage {
    layout: Layout,
    thing: Link,
    summary: String,
    sentences: Vec<Sentence>,
    holdings: Vec<Holding>,
    links: Vec<Fact>,
    previous: String,
    next: String,
}

/// The page of a part.
pub(super) fn part(graph: &Graph<'_>, iri: &NamedNode, thing: Option<&Thing>, part: Part) -> Result<String, Failure> {
    let Part { kind, page: number } = part;
    let size = kind.size();
    let start = (number - 1).saturating_mul(size);
    let (mut said, mut held, mut links) = (Vec::new(), Vec::new(), Vec::new());
    let all = match kind {
        Kind::Links => {
            links = inverse(graph, iri, (start, size))?;
            inverse_count(graph, iri)?
        }
        Kind::Sentences => {
            let (sentences, all) = sentences(graph, iri, (start, size))?;
            said = sentences;
            all
        }
        Kind::Situations => {
            let (situations, all) = situations(graph, iri, (start, size))?;
            held = holdings(graph, &situations)?;
            all
        }
    };
    let name = thing.and_then(Thing::name);
    let name = name.unwrap_or_else(|| graph.prefixes.shorten(iri.as_str()).replace('\\', ""));
    let (title, noun) = match kind {
        Kind::Links => (format!("What leads to {name}"), "links"),
        Kind::Sentences => (format!("{name} in the words of the articles"), "sentences"),
        Kind::Situations => (format!("What holds or held with {name}"), "situations"),
    };
    let end = all.min(start.saturating_add(size));
    page(&PartPage {
        summary: if start >= all {
            format!("There are {all} {noun}; none of them on this page.")
        } else {
            format!("{} to {end} of {all} {noun}.", start + 1)
        },
        layout: Layout::new("", title.clone(), title),
        thing: Link { text: name, href: graph.links.page(iri.as_ref()) },
        sentences: said,
        holdings: held,
        links,
        previous: if number > 1 { address(graph, iri, Part { kind, page: number - 1 }) } else { String::new() },
        next: if end < all { address(graph, iri, Part { kind, page: number + 1 }) } else { String::new() },
    })
}

/// Sentences that name a thing, as many as are asked for from the first that is, and how many there are.
pub(super) fn sentences(
    graph: &Graph<'_>,
    iri: &NamedNode,
    (start, most): (usize, usize),
) -> Result<(Vec<Sentence>, usize), SparqlError> {
    let this = [("this", Term::from(iri.clone()))];
    let rows = graph.ask_part(include_str!("queries/mentioned.rq"), &this, start, most)?;
    let sentences = evidence::sentences(graph, &rows.iter().collect::<Vec<_>>(), "self");
    Ok((sentences, graph.count(include_str!("queries/mentioned-count.rq"), &this)?))
}

/// Situations that a thing is in, as many as are asked for from the first that is, and how many there are.
pub(super) fn situations(
    graph: &Graph<'_>,
    iri: &NamedNode,
    part: (usize, usize),
) -> Result<(Vec<NamedNode>, usize), SparqlError> {
    let this = [("this", Term::from(iri.clone()))];
    column_part(graph, include_str!("queries/situations.rq"), "situation", &this, part)
}

/// How much leads to a thing.
pub(super) fn inverse_count(graph: &Graph<'_>, iri: &NamedNode) -> Result<usize, SparqlError> {
    graph.count(include_str!("queries/inverse-count.rq"), &[("this", Term::from(iri.clone()))])
}

/// What leads to a thing, as many links as are asked for from the first that is, by their properties.
pub(super) fn inverse(
    graph: &Graph<'_>,
    iri: &NamedNode,
    (start, most): (usize, usize),
) -> Result<Vec<Fact>, SparqlError> {
    let this = [("this", Term::from(iri.clone()))];
    let rows = graph.ask_part(include_str!("queries/inverse.rq"), &this, start, most)?;
    // Events have no names; what happened is told instead.
    let unnamed: BTreeSet<NamedNode> =
        rows.iter().filter(|row| Name::of(row).is_none()).filter_map(|row| row.iri("other").cloned()).collect();
    let titles = titles(graph, &unnamed.into_iter().collect::<Vec<_>>())?;
    let mut inverse: BTreeMap<String, Fact> = BTreeMap::new();
    for row in rows {
        let Some(property) = row.iri("property") else { continue };
        let label = graph.vocabulary.words(property.as_str());
        let fact = inverse.entry(property.as_str().to_owned()).or_insert_with(|| Fact {
            label: format!("“{label}” of"),
            definition: graph.vocabulary.definition(property.as_str()).to_owned(),
            values: Vec::new(),
        });
        let link = match (Name::of(&row), row.iri("other"), row.term("other")) {
            (name, Some(other), _) => Link {
                text: name
                    .map(Name::into_text)
                    .or_else(|| titles.get(other).cloned())
                    .unwrap_or_else(|| graph.prefixes.shorten(other.as_str()).replace('\\', "")),
                href: graph.links.page(other.as_ref()),
            },
            // A blank node of the user's leads nowhere.
            (_, None, Some(other)) => Link { text: other.to_string(), href: String::new() },
            (_, None, None) => continue,
        };
        if !fact.values.contains(&link) {
            fact.values.push(link);
        }
    }
    Ok(inverse.into_values().collect())
}
