//! The map and the timeline of a page, from what the graph knows of its events.

use super::accounts::Holding;
use super::ask::{Graph, Row};
use super::described::Name;
use super::links::Links;
use super::map::{Map, Point};
use super::timeline::{Moment, Timeline};
use crate::sparql::SparqlError;
use oxrdf::{NamedNode, Term};
use std::collections::{BTreeMap, BTreeSet};

/// Which events: those of an actor, a place or an article, or all.
pub(super) type Of<'a> = &'a [(&'a str, Term)];

/// How many places a map shows: with more, a phone takes long to draw it, and marks hide each other.
const PLACES: usize = 2000;

/// Where the events were, those places with most of them if there are too many to be drawn.
pub(super) fn map(graph: &Graph<'_>, of: Of<'_>, title: &str) -> Result<Option<Map>, SparqlError> {
    let (mut rows, mut places): (Vec<Row>, BTreeSet<NamedNode>) = (Vec::new(), BTreeSet::new());
    for row in graph.rows(include_str!("queries/event-places.rq"), of)? {
        let row = row?;
        let Some(place) = row.iri("place") else { continue };
        places.insert(place.clone());
        if places.len() <= PLACES {
            rows.push(row);
        }
    }
    let left_out = places.len().saturating_sub(PLACES);
    Ok(Map::of(points(graph, &rows), title).map(|map| Map { left_out, ..map }))
}

/// Places with their positions as points, from rows that say what they are called.
pub(super) fn points(graph: &Graph<'_>, rows: &[Row]) -> Vec<Point> {
    let mut places: BTreeMap<NamedNode, (Name, (f64, f64), usize, bool)> = BTreeMap::new();
    for row in rows {
        let (Some(place), Some(name), Some(at)) = (row.iri("place"), Name::of(row), row.text("wkt").and_then(position))
        else {
            continue;
        };
        let events = row.number("events").unwrap_or(0);
        let entry = places.entry(place.clone()).or_insert((name.clone(), at, events, row.term("wide").is_some()));
        entry.0 = entry.0.clone().min(name);
    }
    let points = places.into_iter().map(|(place, (name, (longitude, latitude), events, is_vague))| Point {
        longitude,
        latitude,
        weight: events,
        label: name.into_text(),
        note: match events {
            0 => "place".to_owned(),
            1 => "1 event".to_owned(),
            _ => format!("{events} events"),
        },
        href: graph.links.page(place.as_ref()),
        is_vague,
    });
    points.collect()
}

/// A map of one place by itself.
pub(super) fn map_of(graph: &Graph<'_>, place: &NamedNode, name: &str) -> Result<Option<Map>, SparqlError> {
    let rows = graph.ask_of(include_str!("queries/event-points.rq"), "place", [place])?;
    Ok(Map::of(points(graph, &rows), name))
}

/// When the events were, and what lasted.
pub(super) fn timeline(
    graph: &Graph<'_>,
    of: Of<'_>,
    holdings: &[Holding],
    title: &str,
) -> Result<Option<Timeline>, SparqlError> {
    let mut moments: Vec<Moment> = Vec::new();
    for row in graph.rows(include_str!("queries/event-days.rq"), of)? {
        let row = row?;
        if let (Some(earliest), Some(latest)) = (row.date("earliest"), row.date("latest")) {
            moments.push(Moment { earliest, latest, is_violent: row.is_true("violent") });
        }
    }
    let periods = holdings.iter().filter(|holding| holding.has_time()).map(Holding::period);
    Ok(Timeline::of(&moments, periods.collect(), title))
}

/// Longitude and latitude of `POINT(x y)`, the form of well-known text that places have.
pub(super) fn position(wkt: &str) -> Option<(f64, f64)> {
    // An identifier of the reference system may stand before it.
    let wkt = wkt.rsplit('>').next()?.trim();
    let numbers = wkt.get(..5).filter(|word| word.eq_ignore_ascii_case("point")).and_then(|_| wkt.get(5..))?;
    let numbers = numbers.trim().strip_prefix('(')?.strip_suffix(')')?;
    let mut numbers = numbers.split_whitespace().map(str::parse::<f64>);
    let position = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    (position.0.abs() <= 180.0 && position.1.abs() <= 90.0).then_some(position)
}

/// Where all events of something are listed.
pub(super) fn events_page(name: &str, iri: &NamedNode) -> String {
    Links::to("events", [(name, iri.as_str())])
}

#[cfg(test)]
mod tests {
    use super::position;

    #[test]
    fn points_are_read() {
        assert_eq!(position("POINT(13.19 32.88)"), Some((13.19, 32.88)));
        assert_eq!(position("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> Point (1 -2)"), Some((1.0, -2.0)));
        for bad in ["", "POINT(1)", "POINT(200 1)", "LINESTRING(0 0, 1 1)", "POINT(NaN 1)"] {
            assert_eq!(position(bad), None, "{bad}");
        }
    }
}
