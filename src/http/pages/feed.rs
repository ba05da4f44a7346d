//! Lists of events for programs: Atom (RFC 4287), JSON, CSV (RFC 4180) and `GeoJSON` (RFC 7946), with the same fields in each.

use super::accounts::Account;
use super::ask::Graph;
use super::described::Value as Named;
use super::events::List;
use super::pictures::position;
use crate::http::addresses::root;
use crate::http::failure::Failure;
use crate::http::negotiation::Accept;
use crate::ontology::terms::property;
use crate::store::XmlCharacters;
use askama::Template;
use oxrdf::{NamedNode, NamedNodeRef};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// A form of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Html,
    Atom,
    Json,
    Csv,
    GeoJson,
}

impl Shape {
    /// Those for programs.
    pub(super) const FEEDS: [Self; 4] = [Self::Atom, Self::Json, Self::Csv, Self::GeoJson];

    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Html].into_iter().chain(Self::FEEDS).find(|shape| shape.ending() == name)
    }

    /// The form a client likes best; a page if it has no preference.
    pub(super) fn accepted(accept: &Accept) -> Self {
        if accept.prefers_html() {
            return Self::Html;
        }
        let liked = |shape: &Self| accept.quality(shape.media_type().split(';').next().unwrap_or_default());
        let mut best = (Self::Html, liked(&Self::Html));
        for shape in Self::FEEDS {
            if liked(&shape) > best.1 {
                best = (shape, liked(&shape));
            }
        }
        best.0
    }

    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Atom => "atom",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::GeoJson => "geojson",
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Html => "HTML",
            Self::Atom => "Atom",
            Self::Json => "JSON",
            Self::Csv => "CSV",
            Self::GeoJson => "GeoJSON",
        }
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::GeoJson => "application/geo+json",
        }
    }
}

/// Writes a list.
pub(super) fn write(graph: &Graph<'_>, list: &List, shape: Shape) -> Result<String, Failure> {
    let places: BTreeSet<&NamedNode> =
        list.events.iter().flat_map(|event| event.thing.values(property::PLACE)).filter_map(Named::iri).collect();
    let mut points: BTreeMap<NamedNode, (f64, f64)> = BTreeMap::new();
    for row in graph.ask_of(include_str!("queries/event-points.rq"), "place", places)? {
        if let (Some(place), Some(at)) = (row.iri("place"), row.text("wkt").and_then(position)) {
            points.insert(place.clone(), at);
        }
    }
    let articles: BTreeSet<&NamedNode> =
        list.events.iter().filter_map(|event| event.thing.iri_of(property::IN_ARTICLE)).collect();
    let mut published: BTreeMap<NamedNode, String> = BTreeMap::new();
    for row in graph.ask_of(include_str!("queries/published.rq"), "article", articles)? {
        if let (Some(article), Some(date)) = (row.iri("article"), row.text("published")) {
            published.insert(article.clone(), date.to_owned());
        }
    }
    let items: Vec<Item<'_>> =
        list.events.iter().map(|event| Item { graph, event, points: &points, published: &published }).collect();
    let name = format!("events.{}", shape.ending());
    match shape {
        Shape::Csv => csv(&items),
        Shape::Atom => atom(graph, list, &items, &name),
        Shape::GeoJson => {
            let unplaced: Vec<&str> = items.iter().filter(|item| item.point().is_none()).map(Item::iri).collect();
            let features = items.iter().filter_map(|item| {
                let (longitude, latitude) = item.point()?;
                let geometry = json!({ "type": "Point", "coordinates": [longitude, latitude] });
                Some(json!({ "type": "Feature", "id": item.iri(), "geometry": geometry, "properties": item.json() }))
            });
            let features: Vec<Value> = features.collect();
            // The list goes on where `next` leads; an event without a known place is in no feature, but named.
            text(&json!({
                "type": "FeatureCollection", "features": features, "unplaced": unplaced,
                "total": list.all, "page": list.filters.page, "next": list.next(&name),
            }))
        }
        _ => {
            let events: Vec<Value> = items.iter().map(Item::json).collect();
            text(&json!({ "total": list.all, "page": list.filters.page, "next": list.next(&name), "events": events }))
        }
    }
}

fn text(value: &Value) -> Result<String, Failure> {
    serde_json::to_string_pretty(value).map_err(Failure::fault)
}

struct Item<'a> {
    graph: &'a Graph<'a>,
    event: &'a Account,
    points: &'a BTreeMap<NamedNode, (f64, f64)>,
    published: &'a BTreeMap<NamedNode, String>,
}

impl Item<'_> {
    fn iri(&self) -> &str {
        self.event.thing.iri.as_str()
    }

    fn places(&self) -> impl Iterator<Item = &NamedNode> {
        self.event.thing.values(property::PLACE).iter().filter_map(Named::iri)
    }

    /// Where it was: the first of its places whose position is known.
    fn point(&self) -> Option<(f64, f64)> {
        self.places().find_map(|place| self.points.get(place)).copied()
    }

    fn names(&self, property: NamedNodeRef<'_>) -> Vec<String> {
        self.event.thing.values(property).iter().map(|value| value.link(self.graph).text).collect()
    }

    fn text(&self, property: NamedNodeRef<'_>) -> Option<&str> {
        self.event.thing.text(property)
    }

    fn label(&self, property: NamedNodeRef<'_>) -> Option<&str> {
        self.event.thing.iri_of(property).map(|concept| self.graph.vocabulary.label(concept.as_str()))
    }

    fn article(&self) -> Option<&NamedNode> {
        self.event.thing.iri_of(property::IN_ARTICLE)
    }

    fn published(&self) -> Option<&str> {
        self.published.get(self.article()?).map(String::as_str)
    }

    fn things(&self, property: NamedNodeRef<'_>) -> Vec<Value> {
        let value = |value: &Named| {
            let at = value.iri().and_then(|iri| self.points.get(iri));
            json!({
                "iri": value.iri().map(NamedNode::as_str),
                "name": value.link(self.graph).text,
                "longitude": at.map(|at| at.0),
                "latitude": at.map(|at| at.1),
            })
        };
        let mut things: Vec<Value> = self.event.thing.values(property).iter().map(value).collect();
        for thing in &mut things {
            if let Some(object) = thing.as_object_mut() {
                object.retain(|_, value| !value.is_null());
            }
        }
        things
    }

    fn json(&self) -> Value {
        let casualties: Vec<Value> = self
            .event
            .reports
            .iter()
            .map(|report| {
                let sources: Vec<&str> = report.sources.iter().map(|source| source.text.as_str()).collect();
                json!({
                    "outcome": report.outcome, "min": report.min, "max": report.max, "words": report.words,
                    "victims": report.victims, "accordingTo": sources, "remark": report.remark,
                })
            })
            .collect();
        json!({
            "iri": self.iri(),
            "kind": self.event.kind,
            "title": self.event.title(),
            "isViolent": self.event.is_violent,
            "modality": self.label(property::MODALITY),
            "earliest": self.text(property::EARLIEST),
            "latest": self.text(property::LATEST),
            "precision": self.label(property::TIME_PRECISION),
            "initiators": self.things(property::INITIATOR),
            "targets": self.things(property::TARGET),
            "places": self.things(property::PLACE),
            "casualties": casualties,
            "article": {
                "iri": self.article().map(NamedNode::as_str),
                "headline": self.event.article.text,
                "published": self.published(),
            },
        })
    }
}

fn csv(items: &[Item<'_>]) -> Result<String, Failure> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let head = [
        "event",
        "kind",
        "modality",
        "earliest",
        "latest",
        "precision",
        "initiators",
        "targets",
        "places",
        "longitude",
        "latitude",
        "killed",
        "article",
        "headline",
        "published",
    ];
    writer.write_record(head).map_err(Failure::fault)?;
    for item in items {
        let at = item.point();
        let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
        let own = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let record = [
            item.iri().to_owned(),
            item.event.kind.clone(),
            own(item.label(property::MODALITY)),
            own(item.text(property::EARLIEST)),
            own(item.text(property::LATEST)),
            own(item.label(property::TIME_PRECISION)),
            item.names(property::INITIATOR).join("; "),
            item.names(property::TARGET).join("; "),
            item.names(property::PLACE).join("; "),
            number(at.map(|at| at.0)),
            number(at.map(|at| at.1)),
            item.event.killed.clone(),
            own(item.article().map(NamedNode::as_str)),
            item.event.article.text.clone(),
            own(item.published()),
        ];
        writer.write_record(record).map_err(Failure::fault)?;
    }
    String::from_utf8(writer.into_inner().map_err(Failure::fault)?).map_err(Failure::fault)
}

#[derive(Template)]
#[template(path = "events.atom.xml")]
struct Atom {
    id: String,
    own: String,
    next: Option<String>,
    previous: Option<String>,
    total: usize,
    updated: String,
    entries: Vec<Entry>,
}

struct Entry {
    id: String,
    title: String,
    updated: String,
    summary: String,
    kind: String,
}

fn atom(graph: &Graph<'_>, list: &List, items: &[Item<'_>], name: &str) -> Result<String, Failure> {
    let base = graph.store.base();
    let absolute =
        |address: String| format!("{base}{}", address.strip_prefix(root()).unwrap_or(&address).trim_start_matches('/'));
    // An entry was last changed when its article was published, as far as the graph knows.
    let moment = |item: &Item<'_>| {
        let date = item.published().or_else(|| item.text(property::LATEST)).unwrap_or("1970-01-01").to_owned();
        if date.len() > 10 { date } else { format!("{date}T00:00:00Z") }
    };
    let entries: Vec<Entry> = items
        .iter()
        .map(|item| {
            let event = item.event;
            let parts = [event.when.clone(), dead(&event.killed), event.article.text.clone()];
            Entry {
                id: item.iri().to_owned(),
                title: event.title(),
                updated: moment(item),
                summary: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
                kind: event.kind.clone(),
            }
        })
        .collect();
    let updated = entries.iter().map(|entry| entry.updated.clone()).max();
    let atom = Atom {
        id: absolute(list.filters.address("events", 1)),
        own: absolute(list.filters.address(name, list.filters.page)),
        next: list.next(name).map(absolute),
        previous: list.previous(name).map(absolute),
        total: list.all,
        updated: updated.unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned()),
        entries,
    };
    let document = atom.render().map_err(Failure::fault)?;
    let mut writer = XmlCharacters::new(Vec::new(), true);
    writer.write_all(document.as_bytes()).map_err(Failure::fault)?;
    String::from_utf8(writer.into_inner()).map_err(Failure::fault)
}

fn dead(killed: &str) -> String {
    if killed.is_empty() { String::new() } else { format!("{killed} dead") }
}
