//! Which format a client gets: what it asks for by `format=`, else what its `Accept` likes best (RFC 9110, section 12.5.1).

use super::Failure;
use crate::sparql::Format;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};

/// The media types of each format, the preferred format first.
type Offer = &'static [(&'static str, Format)];

const SOLUTIONS: Offer = &[
    ("application/sparql-results+json", Format::Json),
    ("application/json", Format::Json),
    ("application/sparql-results+xml", Format::Xml),
    ("application/xml", Format::Xml),
    ("text/csv", Format::Csv),
    ("text/tab-separated-values", Format::Tsv),
    ("text/html", Format::Html),
    ("application/xhtml+xml", Format::Html),
    ("text/plain", Format::Table),
    ("text/xml", Format::Xml),
];

const TRIPLES: Offer = &[
    ("text/turtle", Format::Turtle),
    ("application/n-triples", Format::NTriples),
    ("application/rdf+xml", Format::RdfXml),
    ("application/ld+json", Format::JsonLd),
    ("application/json", Format::JsonLd),
    ("application/n-quads", Format::NQuads),
    ("application/trig", Format::TriG),
    ("application/xml", Format::RdfXml),
    ("text/html", Format::Html),
    ("application/xhtml+xml", Format::Html),
    ("text/csv", Format::Csv),
    ("text/tab-separated-values", Format::Tsv),
    ("text/plain", Format::NTriples),
];

/// The format to answer in.
pub(super) fn negotiate(headers: &HeaderMap, asked: Option<&str>, triples: bool) -> Result<Format, Failure> {
    let offer = if triples { TRIPLES } else { SOLUTIONS };
    if let Some(name) = asked {
        let by_type = || offer.iter().find(|(media_type, _)| *media_type == name).map(|(_, format)| *format);
        let format = Format::of_name(name).filter(|format| media_type(*format, triples).is_some()).or_else(by_type);
        return format.ok_or_else(|| {
            let names: Vec<_> =
                Format::ALL.into_iter().filter(|f| media_type(*f, triples).is_some()).map(Format::name).collect();
            Failure::new(StatusCode::BAD_REQUEST, format!("`{name}` is no format for this: use {}", names.join(", ")))
        });
    }
    let accepted: Vec<&str> = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    best(&accepted.join(","), offer).ok_or_else(|| {
        let types: Vec<_> = offer.iter().map(|(media_type, _)| *media_type).collect();
        Failure::new(StatusCode::NOT_ACCEPTABLE, format!("there is only: {}", types.join(", ")))
    })
}

/// The media type to declare.
pub(super) fn media_type(format: Format, triples: bool) -> Option<&'static str> {
    if triples { format.media_type_of_triples() } else { format.media_type_of_solutions() }
}

/// The first of the offer with the highest quality in `accept`; its first if nothing is said.
fn best(accept: &str, offer: Offer) -> Option<Format> {
    let ranges: Vec<_> = accept.split(',').filter_map(range).collect();
    if ranges.is_empty() {
        return offer.first().map(|(_, format)| *format);
    }
    let mut best: Option<(f32, Format)> = None;
    for (media_type, format) in offer {
        // The most specific range that fits decides.
        let quality =
            ranges.iter().filter(|(range, _)| fits(range, media_type)).max_by_key(|(range, _)| specificity(range));
        if let Some((_, quality)) = quality
            && *quality > 0.0
            && best.is_none_or(|(highest, _)| *quality > highest)
        {
            best = Some((*quality, *format));
        }
    }
    best.map(|(_, format)| format)
}

/// A media range and its quality.
fn range(text: &str) -> Option<(String, f32)> {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next().filter(|range| !range.is_empty())?.to_ascii_lowercase();
    let quality = parts.find_map(|part| part.strip_prefix("q=")).and_then(|q| q.parse().ok()).unwrap_or(1.0);
    Some((range, quality))
}

fn fits(range: &str, media_type: &str) -> bool {
    match range.strip_suffix("/*") {
        Some("*") => true,
        Some(kind) => media_type.split_once('/').is_some_and(|(of, _)| of == kind),
        None => range == media_type || range == "*",
    }
}

fn specificity(range: &str) -> u8 {
    match range {
        "*" | "*/*" => 0,
        range if range.ends_with("/*") => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, SOLUTIONS, TRIPLES, best};

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
            ("application/sparql-results+json;q=0, */*", Some(Format::Json), Some(Format::Turtle)),
            ("image/png", None, None),
            ("*/*;q=0", None, None),
        ] {
            assert_eq!(best(accept, SOLUTIONS), solutions, "{accept}");
            assert_eq!(best(accept, TRIPLES), triples, "{accept}");
        }
    }
}
