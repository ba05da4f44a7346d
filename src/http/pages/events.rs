//! `/events`: the events that fit some filters, page by page, as a page for people and as a feed: Atom, JSON, CSV, `GeoJSON`.

use super::accounts::{Account, accounts, column_part};
use super::ask::Graph;
use super::feed;
use super::layout::{Form, Layout};
use super::links::Links;
use super::map::Map;
use super::{Asked, answer, page};
use crate::http::context::Context;
use crate::http::failure::Failure;
use crate::http::form;
use crate::http::negotiation::Accept;
use crate::ontology::terms;
use crate::sparql::parse_value;
use crate::store::Store;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::header::{HeaderName, LINK, VARY};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::Response;
use jiff::civil::Date;
use oxrdf::vocab::xsd;
use oxrdf::{Literal, NamedNode, Term};
use std::sync::{Arc, OnceLock};

const EVENTS: &str = include_str!("queries/events.rq");

/// The header that says how many events fit, of which the answer has a page.
const TOTAL: HeaderName = HeaderName::from_static("x-total-count");

/// How many events a page has, and a feed at most if it asks for more.
const PAGE: usize = 40;
const LONGEST: usize = 1000;

/// The filters as they are typed. Empty ones do not restrict.
#[derive(Clone, Debug, Default)]
pub(super) struct Filters {
    kind: String,
    actor: String,
    place: String,
    from: String,
    to: String,
    deaths: String,
    precision: String,
    modality: String,
    pub(super) page: usize,
    size: usize,
}

/// A list of events, as pages and feeds show it.
#[derive(Debug)]
pub(super) struct List {
    pub(super) events: Vec<Account>,
    pub(super) all: usize,
    pub(super) filters: Filters,
}

impl Filters {
    fn read(parameters: Option<&str>) -> Result<Self, Failure> {
        let mut filters = Self { page: 1, size: PAGE, ..Self::default() };
        for (name, value) in form::pairs(parameters.unwrap_or_default())? {
            let value = value.trim().to_owned();
            let number = || {
                let number = value.parse::<usize>().ok().filter(|number| (1..10_000_000).contains(number));
                number.ok_or_else(|| Failure::bad(format!("`{value}`, given as {name}, is not a number from 1 on")))
            };
            match name.as_str() {
                "page" if !value.is_empty() => filters.page = number()?,
                "limit" if !value.is_empty() => {
                    filters.size = number()?;
                    if filters.size > LONGEST {
                        let reason = format!(
                            "`{value}`, given as limit, is more than {LONGEST}; the next ones are on the next page"
                        );
                        return Err(Failure::bad(reason));
                    }
                }
                "type" => filters.kind = value,
                "actor" => filters.actor = value,
                "place" => filters.place = value,
                "from" => filters.from = value,
                "to" => filters.to = value,
                "deaths" => filters.deaths = value,
                "precision" => filters.precision = value,
                "modality" => filters.modality = value,
                _ => {}
            }
        }
        Ok(filters)
    }

    /// What the question is asked with.
    fn parameters(&self, graph: &Graph<'_>) -> Result<Vec<(&'static str, Term)>, Failure> {
        let mut parameters: Vec<(&'static str, Term)> = Vec::new();
        let flag = || Term::from(Literal::from(true));
        if !self.kind.is_empty() {
            let kind = match parse_value(&self.kind, graph.prefixes) {
                Ok(Term::NamedNode(kind)) => kind,
                _ => NamedNode::new(format!("{}{}", terms::NAMESPACE, self.kind))
                    .map_err(|_| Failure::bad(format!("`{}` is not a kind of event", self.kind)))?,
            };
            // What happened bears its wider types too; of what would be, they are found by way of the ontology.
            parameters.push((if self.modality.is_empty() { "type" } else { "anyType" }, kind.into()));
        }
        for (text, thing, name) in [(&self.actor, "actor", "actorName"), (&self.place, "place", "placeName")] {
            if text.is_empty() {
                continue;
            }
            parameters.push(match parse_value(text, graph.prefixes) {
                Ok(Term::NamedNode(iri)) => (thing, iri.into()),
                _ => (name, Literal::from(text.as_str()).into()),
            });
        }
        for (text, name) in [(&self.from, "from"), (&self.to, "to")] {
            if !text.is_empty() {
                let day: Date = text
                    .parse()
                    .map_err(|_| Failure::bad(format!("`{text}`, given as {name}, is not a day; write 2018-01-02")))?;
                parameters.push((name, Literal::new_typed_literal(day.to_string(), xsd::DATE).into()));
            }
        }
        if !self.deaths.is_empty() {
            let deaths: u32 = self
                .deaths
                .parse()
                .map_err(|_| Failure::bad(format!("`{}`, given as deaths, is not a number", self.deaths)))?;
            parameters.push(("deaths", Literal::from(deaths).into()));
        }
        if !self.precision.is_empty() {
            parameters.push(("precision", Literal::from(self.precision.as_str()).into()));
        }
        match self.modality.as_str() {
            "" => parameters.push(("realized", flag())),
            "any" => {}
            "unrealized" => parameters.push(("unrealized", flag())),
            other => parameters.push(("modality", Literal::from(other).into())),
        }
        Ok(parameters)
    }

    /// Names the pages beside this one of a list of so many in the head of an answer (RFC 8288).
    fn link(&self, head: &mut HeaderMap, all: usize, name: &str) {
        let next = (self.page.saturating_mul(self.size) < all).then(|| ("next", self.page + 1));
        let previous = (self.page > 1).then(|| ("prev", self.page - 1));
        for (relation, page) in next.into_iter().chain(previous) {
            if let Ok(link) = HeaderValue::try_from(format!("<{}>; rel=\"{relation}\"", self.address(name, page))) {
                head.append(LINK, link);
            }
        }
    }

    /// The address of the same list elsewhere: as a feed, or another page of it.
    pub(super) fn address(&self, name: &str, page: usize) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let size = if self.size == PAGE { String::new() } else { self.size.to_string() };
        Links::to(
            name,
            [
                ("type", self.kind.as_str()),
                ("actor", &self.actor),
                ("place", &self.place),
                ("from", &self.from),
                ("to", &self.to),
                ("deaths", &self.deaths),
                ("precision", &self.precision),
                ("modality", &self.modality),
                ("limit", &size),
                ("page", &page),
            ],
        )
    }
}

impl List {
    fn read(graph: &Graph<'_>, filters: Filters) -> Result<Self, Failure> {
        let start = (filters.page - 1).saturating_mul(filters.size);
        let (events, all) = column_part(graph, EVENTS, "event", &filters.parameters(graph)?, (start, filters.size))?;
        Ok(Self { events: accounts(graph, &events)?, all, filters })
    }

    /// The address of the page after this one, if there is one.
    pub(super) fn next(&self, name: &str) -> Option<String> {
        (self.filters.page * self.filters.size < self.all).then(|| self.filters.address(name, self.filters.page + 1))
    }

    /// The address of the page before this one, if there is one.
    pub(super) fn previous(&self, name: &str) -> Option<String> {
        (self.filters.page > 1).then(|| self.filters.address(name, self.filters.page - 1))
    }
}

/// A choice of a filter.
struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "events.html")]
struct EventsPage {
    layout: Layout,
    filters: Filters,
    kinds: Vec<Choice>,
    modalities: Vec<Choice>,
    precisions: Vec<Choice>,
    summary: String,
    events: Vec<Account>,
    map: Option<Map>,
    next: String,
    previous: String,
}

/// `/events` and its forms as a feed, which follow from the end of the path, from `format=` or from `Accept`.
pub(super) async fn events(
    State(context): State<Context>,
    uri: Uri,
    RawQuery(parameters): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let asked = uri.path().rsplit_once('.').map(|(_, ending)| ending.to_owned());
    let asked = match asked {
        Some(ending) => Some(ending),
        None => form::parameter(parameters.as_deref(), "format")?.filter(|format| !format.is_empty()),
    };
    let shape = match &asked {
        Some(name) => feed::Shape::named(name).ok_or_else(|| {
            Failure::bad(format!("`{name}` is no form of this list: use html, atom, json, csv or geojson"))
        })?,
        None => feed::Shape::accepted(&Accept::of(&headers)),
    };
    let filters = Filters::read(parameters.as_deref())?;
    let (neighbours, found) = (filters.clone(), Arc::new(OnceLock::new()));
    let count = Arc::clone(&found);
    let make = move |context: &Context, store: &Store| {
        let graph = super::graph(context, store)?;
        let list = List::read(&graph, filters)?;
        let _ = count.set(list.all);
        if shape == feed::Shape::Html { html(&graph, list) } else { feed::write(&graph, &list, shape) }
    };
    let asked = Asked { uri: &uri, headers: &headers, media_type: shape.media_type() };
    let mut response = answer(&context, asked, make).await?;
    let head = response.headers_mut();
    head.insert(VARY, HeaderValue::from_static("accept"));
    // A table has no place for it: the header says of every form how many there are, and where the others are.
    if let Some(all) = found.get() {
        head.insert(TOTAL, HeaderValue::from(*all));
        neighbours.link(head, *all, uri.path().trim_start_matches('/'));
    }
    Ok(response)
}

fn html(graph: &Graph<'_>, list: List) -> Result<String, Failure> {
    let filters = list.filters.clone();
    let mut kinds: Vec<Choice> = graph
        .ask(include_str!("queries/kinds.rq"), &[])?
        .iter()
        .filter_map(|row| {
            let kind = row.iri("type").filter(|kind| graph.vocabulary.knows(kind.as_ref()))?;
            let value = terms::short(kind.as_str()).to_owned();
            let label = format!("{} ({})", graph.vocabulary.label(kind.as_str()), row.text("events")?);
            Some(Choice { is_chosen: filters.kind == value || filters.kind == kind.as_str(), value, label })
        })
        .collect();
    kinds.sort_by(|one, other| one.label.cmp(&other.label));
    let (mut modalities, mut precisions) = (Vec::new(), Vec::new());
    for row in graph.ask(include_str!("queries/notations.rq"), &[])? {
        let (Some(value), Some(concept)) = (row.text("notation"), row.iri("concept")) else { continue };
        let is_modality = row.text("what") == Some("modality");
        let chosen = if is_modality { &filters.modality } else { &filters.precision };
        let label = graph.vocabulary.label(concept.as_str()).to_owned();
        let choice = Choice { is_chosen: chosen == value, value: value.to_owned(), label };
        if is_modality { modalities.push(choice) } else { precisions.push(choice) }
    }
    let places =
        list.events.iter().flat_map(|event| event.thing.values(terms::property::PLACE)).filter_map(|v| v.iri());
    let places: std::collections::BTreeSet<_> = places.collect();
    let points = graph.ask_of(include_str!("queries/event-points.rq"), "place", places)?;
    let mut layout = Layout::new("events", "Events", "Events of armed conflict, with filters and as a feed.");
    layout.forms = feed::Shape::FEEDS
        .map(|shape| Form {
            name: shape.label(),
            media_type: shape.media_type(),
            href: filters.address(&format!("events.{}", shape.ending()), 1),
        })
        .into();
    let shown = list.events.len();
    let start = (filters.page - 1).saturating_mul(filters.size);
    let summary = match (list.all, shown) {
        (0, _) => "No event fits.".to_owned(),
        (1, _) => "1 event.".to_owned(),
        (all, shown) if shown == all => format!("{all} events."),
        (all, 0) => format!("{all} events; this page has none."),
        (all, shown) => format!("{all} events, here {} to {}.", start + 1, start + shown),
    };
    let title = "Where the events on this page happened";
    page(&EventsPage {
        layout,
        kinds,
        modalities,
        precisions,
        summary,
        next: list.next("events").unwrap_or_default(),
        previous: list.previous("events").unwrap_or_default(),
        events: list.events,
        map: Map::of(super::pictures::points(graph, &points), title),
        filters,
    })
}

#[cfg(test)]
mod tests {
    use super::Filters;

    #[test]
    fn filters_keep_what_was_typed() {
        let filters = Filters::read(Some("actor=%3Cscript%3E&page=3&from=2019-01-01&modality="));
        let address = filters.map(|filters| filters.address("events.csv", 2)).ok();
        assert_eq!(address.as_deref(), Some("/events.csv?actor=%3Cscript%3E&from=2019-01-01&page=2"));
        assert!(Filters::read(Some("page=0")).is_err());
        assert!(Filters::read(Some("page=x")).is_err());
    }
}
