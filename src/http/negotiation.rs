//! Which format a client gets: what it asks for by `format=` or a suffix, else what its `Accept` likes best.
//!
//! [`Accept::best`] follows RFC 9110, section 12.5.1: of all media ranges that fit an offered type the most specific gives its quality;
//! the highest quality wins, and of equals the first offered. (What is offered may be of lesser quality at its source.) A resource offers a list of [`Representation`]s; the content type
//! sent is the one the client named, so that who asks for `application/json` is not sent a type it does not know.

use super::failure::Failure;
use crate::sparql::Format;
use axum::http::header::{ACCEPT, VARY};
use axum::http::{HeaderMap, StatusCode};

/// A form in which a resource can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Representation {
    /// Without parameters.
    pub(super) media_type: &'static str,
    pub(super) format: Format,
    /// How well it tells what there is to tell, in percent, which weighs against how much the client likes it.
    fitness: u8,
}

impl Representation {
    const fn new(media_type: &'static str, format: Format) -> Self {
        Self { media_type, format, fitness: 100 }
    }

    /// Less fit than the others: had if the client names it and nothing else, or likes it twice as much.
    const fn less(self) -> Self {
        Self { fitness: 45, ..self }
    }

    /// What to declare: text says that it is UTF-8.
    pub(super) fn content_type(self) -> String {
        if self.media_type.starts_with("text/") {
            format!("{}; charset=utf-8", self.media_type)
        } else {
            self.media_type.to_owned()
        }
    }
}

/// Of rows and truth values.
pub(super) const SOLUTIONS: &[Representation] = &[
    Representation::new("application/sparql-results+json", Format::Json),
    Representation::new("application/sparql-results+xml", Format::Xml),
    Representation::new("text/csv", Format::Csv),
    Representation::new("text/tab-separated-values", Format::Tsv),
    Representation::new("application/json", Format::Json),
    Representation::new("application/xml", Format::Xml),
    Representation::new("text/html", Format::Html),
    Representation::new("application/xhtml+xml", Format::Html),
    Representation::new("text/plain", Format::Table),
    Representation::new("text/xml", Format::Xml),
];

/// Of the triples that a query gives.
pub(super) const TRIPLES: &[Representation] = &[
    Representation::new("text/turtle", Format::Turtle),
    Representation::new("application/n-triples", Format::NTriples),
    Representation::new("application/rdf+xml", Format::RdfXml),
    Representation::new("application/ld+json", Format::JsonLd),
    Representation::new("application/json", Format::JsonLd),
    Representation::new("application/n-quads", Format::NQuads),
    Representation::new("application/trig", Format::TriG),
    Representation::new("application/xml", Format::RdfXml),
    Representation::new("text/html", Format::Html),
    Representation::new("application/xhtml+xml", Format::Html),
    Representation::new("text/csv", Format::Csv),
    Representation::new("text/tab-separated-values", Format::Tsv),
    Representation::new("text/plain", Format::NTriples),
    Representation::new("text/n3", Format::Turtle),
    Representation::new("application/x-turtle", Format::Turtle),
];

/// Of a graph, by the Graph Store Protocol.
pub(super) const GRAPH: &[Representation] = &[
    Representation::new("text/turtle", Format::Turtle),
    Representation::new("application/n-triples", Format::NTriples),
    Representation::new("application/rdf+xml", Format::RdfXml),
    Representation::new("application/ld+json", Format::JsonLd),
    Representation::new("application/json", Format::JsonLd),
    Representation::new("application/n-quads", Format::NQuads).less(),
    Representation::new("application/trig", Format::TriG).less(),
    Representation::new("application/xml", Format::RdfXml),
    Representation::new("text/plain", Format::NTriples),
];

/// Of the document on a thing. Where quads are liked best, as by Comunica, but triples are liked too, triples are sent: whoever asks for
/// a thing looks into the default graph for what is said of it, and finds nothing in a document whose triples stand in the graphs
/// of the articles they come from. The suffixes below name the same formats.
pub(super) const DOCUMENT: &[Representation] = &[
    Representation::new("text/turtle", Format::Turtle),
    Representation::new("text/html", Format::Html),
    Representation::new("application/ld+json", Format::JsonLd),
    Representation::new("application/rdf+xml", Format::RdfXml),
    Representation::new("application/n-triples", Format::NTriples),
    Representation::new("application/trig", Format::TriG).less(),
    Representation::new("application/n-quads", Format::NQuads).less(),
    Representation::new("application/xhtml+xml", Format::Html),
    Representation::new("application/json", Format::JsonLd),
    Representation::new("application/xml", Format::RdfXml),
    Representation::new("text/plain", Format::NTriples),
    Representation::new("text/n3", Format::Turtle),
    Representation::new("application/x-turtle", Format::Turtle),
];

/// The suffixes of documents; the first of a format is the one links bear.
pub(super) const SUFFIXES: &[(&str, Format)] = &[
    ("html", Format::Html),
    ("ttl", Format::Turtle),
    ("jsonld", Format::JsonLd),
    ("rdf", Format::RdfXml),
    ("nt", Format::NTriples),
    ("trig", Format::TriG),
    ("nq", Format::NQuads),
    ("json", Format::JsonLd),
    ("xml", Format::RdfXml),
];

/// The suffix of a format's documents.
pub(super) fn suffix(format: Format) -> Option<&'static str> {
    SUFFIXES.iter().find(|(_, of)| *of == format).map(|(suffix, _)| *suffix)
}

/// The format to answer in: the one asked for by name, media type or suffix, else the best accepted.
pub(super) fn negotiate(
    headers: &HeaderMap,
    asked: Option<&str>,
    offer: &[Representation],
) -> Result<Representation, Failure> {
    let Some(asked) = asked else {
        return Accept::of(headers).best(offer).ok_or_else(|| none_of(offer));
    };
    // Clients send names, suffixes, media types, and lists of those.
    let named = asked.split(',').map(str::trim).find_map(|name| named(name, offer));
    let chosen = named.or_else(|| asked.contains('/').then(|| Accept::parse(asked).best(offer)).flatten());
    chosen.ok_or_else(|| {
        let mut names: Vec<_> = offer.iter().map(|one| one.format.name()).collect();
        names.sort_unstable();
        names.dedup();
        Failure::bad(format!("`{asked}` is no format for this: use {}", names.join(", ")))
    })
}

/// Other names that clients have for formats.
const ALIASES: &[(&str, Format)] = &[
    ("n3", Format::Turtle),
    ("json-ld", Format::JsonLd),
    ("rdf+xml", Format::RdfXml),
    ("rdf/xml", Format::RdfXml),
    ("n-triples", Format::NTriples),
    ("n-quads", Format::NQuads),
];

/// The representation of this name in an offer.
fn named(name: &str, offer: &[Representation]) -> Option<Representation> {
    let other = || SUFFIXES.iter().chain(ALIASES).find(|(other, _)| *other == name).map(|(_, format)| *format);
    // `xml` and `json` name the formats of rows, and of triples those with the same notation.
    let format = match Format::of_name(name).or_else(other) {
        Some(Format::Json) if !offers(offer, Format::Json) => Some(Format::JsonLd),
        Some(Format::Xml) if !offers(offer, Format::Xml) => Some(Format::RdfXml),
        Some(Format::JsonLd) if !offers(offer, Format::JsonLd) => Some(Format::Json),
        format => format,
    };
    offer.iter().find(|one| one.media_type == name || Some(one.format) == format).copied()
}

/// None of the offer is accepted: here is the list.
pub(super) fn none_of(offer: &[Representation]) -> Failure {
    let types: Vec<_> = offer.iter().map(|one| one.media_type).collect();
    let message = format!("this can be had as:\n{}", types.join("\n"));
    Failure::new(StatusCode::NOT_ACCEPTABLE, message).with(VARY, "accept")
}

fn offers(offer: &[Representation], format: Format) -> bool {
    offer.iter().any(|one| one.format == format)
}

/// What a client accepts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Accept {
    ranges: Vec<Range>,
}

#[derive(Clone, Debug, PartialEq)]
struct Range {
    media_type: String,
    quality: f32,
}

impl Accept {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
        Self { ranges: values.flat_map(|value| split(value, ',')).filter_map(Range::parse).collect() }
    }

    fn parse(value: &str) -> Self {
        Self { ranges: split(value, ',').filter_map(Range::parse).collect() }
    }

    /// The first of the offer with the highest quality, in which its fitness counts too; its first if the client says nothing. None if it accepts none.
    pub(super) fn best(&self, offer: &[Representation]) -> Option<Representation> {
        let mut best: Option<(f32, Representation)> = None;
        for one in offer {
            let quality = self.quality(one.media_type) * f32::from(one.fitness) / 100.0;
            if quality > 0.0 && best.is_none_or(|(highest, _)| quality > highest) {
                best = Some((quality, *one));
            }
        }
        best.map(|(_, representation)| representation)
    }

    /// How much a media type is liked, from 0 to 1.
    pub(super) fn quality(&self, media_type: &str) -> f32 {
        if self.ranges.is_empty() {
            return 1.0;
        }
        let fitting = self.ranges.iter().filter(|range| range.fits(media_type));
        fitting.max_by_key(|range| range.specificity()).map_or(0.0, |range| range.quality)
    }

    /// Whether a media type is named, not merely covered by a range, and liked.
    pub(super) fn names(&self, media_type: &str) -> bool {
        self.ranges.iter().any(|range| range.media_type == media_type && range.quality > 0.0)
    }

    /// Whether a page is liked at least as much as data: that is how browsers ask, and no other client.
    pub(super) fn prefers_html(&self) -> bool {
        let named = |range: &&Range| range.media_type == "text/html" || range.media_type == "application/xhtml+xml";
        self.ranges.iter().find(named).is_some_and(|html| {
            html.quality > 0.0
                && self.ranges.iter().all(|other| other.quality <= html.quality || other.fits("text/html"))
        })
    }
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = split(text, ';');
        let media_type = parts.next().map(str::trim).filter(|range| !range.is_empty())?.to_ascii_lowercase();
        // Other parameters (a character set, a JSON-LD profile) narrow a choice that we do not have.
        let quality = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse::<f32>().ok())?
        });
        Some(Self { media_type, quality: quality.filter(|q| q.is_finite()).map_or(1.0, |q| q.clamp(0.0, 1.0)) })
    }

    fn fits(&self, media_type: &str) -> bool {
        match self.media_type.strip_suffix("/*") {
            Some("*") => true,
            Some(kind) => media_type.split_once('/').is_some_and(|(of, _)| of == kind),
            None => self.media_type == media_type || self.media_type == "*",
        }
    }

    fn specificity(&self) -> u8 {
        match self.media_type.as_str() {
            "*" | "*/*" => 0,
            range if range.ends_with("/*") => 1,
            _ => 2,
        }
    }
}

/// The parts of a header between separators that stand outside of quoted strings.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c: char| {
        let ends = c == separator && !quoted;
        if escaped {
            escaped = false;
        } else if c == '"' {
            quoted = !quoted;
        } else if c == '\\' && quoted {
            escaped = true;
        }
        ends
    })
}

#[cfg(test)]
mod tests {
    use super::{Accept, DOCUMENT, Format, Representation, SOLUTIONS, TRIPLES};
    use axum::http::header::ACCEPT;
    use axum::http::{HeaderMap, HeaderValue};

    fn best(accept: &'static str, offer: &[Representation]) -> Option<Format> {
        let mut headers = HeaderMap::new();
        if !accept.is_empty() {
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
        }
        Accept::of(&headers).best(offer).map(|one| one.format)
    }

    #[test]
    fn the_best_liked_format_wins() {
        for (accept, solutions, triples) in [
            ("", Some(Format::Json), Some(Format::Turtle)),
            ("*/*", Some(Format::Json), Some(Format::Turtle)),
            ("text/csv", Some(Format::Csv), Some(Format::Csv)),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Some(Format::Html), Some(Format::Html)),
            (
                "application/sparql-results+xml;q=0.5, text/tab-separated-values;q=0.6",
                Some(Format::Tsv),
                Some(Format::Tsv),
            ),
            ("text/*;q=0.1, application/ld+json", Some(Format::Csv), Some(Format::JsonLd)),
            ("application/sparql-results+json;q=0, */*", Some(Format::Xml), Some(Format::Turtle)),
            (
                "application/sparql-results+json;q=0, application/json;q=0, text/csv",
                Some(Format::Csv),
                Some(Format::Csv),
            ),
            ("*/*;q=0.1, application/xml; Q=0.9", Some(Format::Xml), Some(Format::RdfXml)),
            ("text/turtle; charset=utf-8", None, Some(Format::Turtle)),
            ("application/ld+json;profile=\"a,b;q=0\", text/turtle;q=0.2", None, Some(Format::JsonLd)),
            ("image/png", None, None),
            ("*/*;q=0", None, None),
        ] {
            assert_eq!(best(accept, SOLUTIONS), solutions, "{accept}");
            assert_eq!(best(accept, TRIPLES), triples, "{accept}");
        }
    }

    #[test]
    fn triples_go_before_quads_unless_only_quads_will_do() {
        let comunica = "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,\
            text/html;q=0.7,text/turtle;q=0.6,application/rdf+xml;q=0.5";
        for (accept, format) in [
            (comunica, Format::JsonLd),
            ("application/trig", Format::TriG),
            ("application/n-quads, */*;q=0.1", Format::NQuads),
            ("*/*", Format::Turtle),
        ] {
            assert_eq!(best(accept, DOCUMENT), Some(format), "{accept}");
        }
    }

    #[test]
    fn formats_are_asked_for_by_many_names() {
        let ask = |name: &str, offer| super::negotiate(&HeaderMap::new(), Some(name), offer).ok().map(|one| one.format);
        for (name, solutions, triples) in [
            ("json", Some(Format::Json), Some(Format::JsonLd)),
            ("xml", Some(Format::Xml), Some(Format::RdfXml)),
            ("ttl", None, Some(Format::Turtle)),
            ("n3", None, Some(Format::Turtle)),
            ("application/ld+json,application/x-json+ld", None, Some(Format::JsonLd)),
            ("application/sparql-results+json, */*;q=0.1", Some(Format::Json), Some(Format::Turtle)),
            ("docx", None, None),
            ("", None, None),
        ] {
            assert_eq!(ask(name, SOLUTIONS), solutions, "{name}");
            assert_eq!(ask(name, TRIPLES), triples, "{name}");
        }
    }

    #[test]
    fn browsers_are_known_by_what_they_like() {
        for (accept, browser) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("text/html", true),
            ("*/*", false),
            ("text/turtle, text/html;q=0.5", false),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(Accept::of(&headers).prefers_html(), browser, "{accept}");
        }
    }
}
