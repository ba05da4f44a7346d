//! Events and situations as rows of a table: what, who, where, when, how many dead, and which article says so.

use super::ask::Graph;
use super::casualties::{self, Report, killed};
use super::described::{Thing, describe};
use super::links::Link;
use super::timeline::Period;
use super::when;
use crate::ontology::terms::{class, concept, external, property};
use crate::sparql::SparqlError;
use oxrdf::vocab::{rdf, rdfs};
use oxrdf::{NamedNode, NamedNodeRef};
use std::collections::BTreeMap;

/// One article's account of an event.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) page: String,
    /// What kind of event, in words.
    pub(super) kind: String,
    pub(super) is_violent: bool,
    /// How the article presents what it does not assert: planned, feared, alleged. Empty for what happened.
    pub(super) modality: String,
    pub(super) initiators: Vec<Link>,
    pub(super) targets: Vec<Link>,
    pub(super) places: Vec<Link>,
    pub(super) when: String,
    pub(super) killed: String,
    pub(super) article: Link,
    pub(super) reports: Vec<Report>,
    pub(super) thing: Thing,
}

impl Account {
    fn of(graph: &Graph<'_>, thing: Thing, reports: Vec<Report>) -> Self {
        let links = |property| -> Vec<Link> { thing.values(property).iter().map(|value| value.link(graph)).collect() };
        Self {
            page: graph.links.page(thing.iri.as_ref()),
            kind: capitalized(&kind(graph, &thing)),
            is_violent: thing.is_a(class::VIOLENCE),
            modality: thing
                .iri_of(property::MODALITY)
                .filter(|modality| modality.as_ref() != concept::ACTUAL)
                .map(|modality| graph.vocabulary.label(modality.as_str()).to_owned())
                .unwrap_or_default(),
            initiators: links(property::INITIATOR),
            targets: links(property::TARGET),
            places: links(property::PLACE),
            when: when::HAPPENED.words(&thing),
            killed: killed(&reports),
            article: links(property::IN_ARTICLE).into_iter().next().unwrap_or_default(),
            reports,
            thing,
        }
    }

    /// What happened, in a line.
    pub(super) fn title(&self) -> String {
        let list =
            |links: &[Link]| links.iter().take(2).map(|link| link.text.clone()).collect::<Vec<_>>().join(" and ");
        let mut title = self.kind.clone();
        for (word, links) in [("by", &self.initiators), ("against", &self.targets), ("in", &self.places)] {
            if !links.is_empty() {
                title = format!("{title} {word} {}", list(links));
            }
        }
        title
    }
}

/// The kind of an event, or the kind it would have been.
fn kind(graph: &Graph<'_>, thing: &Thing) -> String {
    let would_be = thing.values(property::WOULD_BE).iter().filter_map(|value| value.iri().map(NamedNode::as_str));
    let finest = graph.vocabulary.finest(would_be).or_else(|| graph.vocabulary.finest(thing.types()));
    graph.vocabulary.label(finest.unwrap_or(class::EVENT.as_str())).to_owned()
}

/// The accounts of these events, in their order.
pub(super) fn accounts(graph: &Graph<'_>, events: &[NamedNode]) -> Result<Vec<Account>, SparqlError> {
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let mut things = describe(graph, events)?;
    let mut reports = casualties::reports(graph, events)?;
    Ok(events
        .iter()
        .filter_map(|event| things.remove(event))
        .map(|thing| {
            let reports = reports.remove(&thing.iri).unwrap_or_default();
            Account::of(graph, thing, reports)
        })
        .collect())
}

/// Something that holds for a while.
#[derive(Clone, Debug)]
pub(super) struct Holding {
    pub(super) page: String,
    pub(super) subject: Link,
    pub(super) relation: String,
    pub(super) object: Link,
    pub(super) since: String,
    pub(super) until: String,
    pub(super) article: Link,
    pub(super) is_control: bool,
    begin: Option<(jiff::civil::Date, jiff::civil::Date)>,
    end: Option<(jiff::civil::Date, jiff::civil::Date)>,
}

impl Holding {
    fn of(graph: &Graph<'_>, thing: &Thing) -> Option<Self> {
        let class = graph.vocabulary.finest(thing.types())?;
        let kind = graph.vocabulary.situation_kind(class)?;
        let side = |role: &NamedNode, nth: usize| thing.values(role.as_ref()).get(nth);
        let subject = side(&kind.subject, 0)?;
        // Both sides of an alliance have the same role.
        let object = if kind.subject == kind.object { side(&kind.object, 1) } else { side(&kind.object, 0) }?;
        let article = thing.values(property::IN_ARTICLE).first().map(|value| value.link(graph)).unwrap_or_default();
        Some(Self {
            page: graph.links.page(thing.iri.as_ref()),
            subject: subject.link(graph),
            relation: graph.vocabulary.label(kind.relation.as_str()).to_owned(),
            object: object.link(graph),
            since: when::BEGAN.words(thing),
            until: when::ENDED.words(thing),
            article,
            is_control: kind.relation.as_ref() == property::CONTROLS,
            begin: when::BEGAN.bounds(thing),
            end: when::ENDED.bounds(thing),
        })
    }

    /// The same as a bar on a timeline.
    pub(super) fn period(&self) -> Period {
        let label = format!("{} {} {}", self.subject.text, self.relation, self.object.text);
        let mut note = label.clone();
        for (word, time) in [("since", &self.since), ("until", &self.until)] {
            if !time.is_empty() {
                note = format!("{note}, {word} {time}");
            }
        }
        Period { label, note, href: self.page.clone(), begin: self.begin, end: self.end }
    }

    /// Since when and until when, in words; empty if neither is told.
    pub(super) fn when(&self) -> String {
        match (self.since.as_str(), self.until.as_str()) {
            ("", "") => String::new(),
            (since, "") => format!("since {since}"),
            ("", until) => format!("until {until}"),
            (since, until) => format!("since {since} until {until}"),
        }
    }

    pub(super) fn has_time(&self) -> bool {
        self.begin.is_some() || self.end.is_some()
    }
}

/// These situations as rows, in their order; what several articles say in the same words stands once.
pub(super) fn holdings(graph: &Graph<'_>, situations: &[NamedNode]) -> Result<Vec<Holding>, SparqlError> {
    if situations.is_empty() {
        return Ok(Vec::new());
    }
    let things = describe(graph, situations)?;
    let mut holdings: Vec<Holding> = Vec::new();
    for holding in situations.iter().filter_map(|iri| Holding::of(graph, things.get(iri)?)) {
        let is_known = holdings.iter().any(|other| {
            other.subject == holding.subject
                && other.object == holding.object
                && other.relation == holding.relation
                && other.since == holding.since
                && other.until == holding.until
                && other.article == holding.article
        });
        if !is_known {
            holdings.push(holding);
        }
    }
    Ok(holdings)
}

/// The IRIs in a column of the answer to one of the questions.
pub(super) fn column(
    graph: &Graph<'_>,
    query: &str,
    name: &str,
    parameters: &[(&str, oxrdf::Term)],
) -> Result<Vec<NamedNode>, SparqlError> {
    let rows = graph.ask(query, parameters)?;
    let mut seen = std::collections::BTreeSet::new();
    Ok(rows.iter().filter_map(|row| row.iri(name)).filter(|iri| seen.insert((*iri).clone())).cloned().collect())
}

/// `most` of the IRIs in such a column, from `start` on, and how many there are. The whole answer is gone through: to count takes as
/// long as to list.
pub(super) fn column_part(
    graph: &Graph<'_>,
    query: &str,
    name: &str,
    parameters: &[(&str, oxrdf::Term)],
    (start, most): (usize, usize),
) -> Result<(Vec<NamedNode>, usize), SparqlError> {
    let (mut part, mut seen) = (Vec::new(), std::collections::BTreeSet::new());
    for row in graph.rows(query, parameters)? {
        let row = row?;
        let Some(iri) = row.iri(name).filter(|iri| seen.insert((*iri).clone())) else { continue };
        if seen.len() > start && part.len() < most {
            part.push(iri.clone());
        }
    }
    Ok((part, seen.len()))
}

/// The first letter as a capital.
pub(super) fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// The properties of a thing as people read them: label and values, without those in `hidden`.
pub(super) fn facts(graph: &Graph<'_>, thing: &Thing, hidden: &[NamedNodeRef<'_>]) -> Result<Vec<Fact>, SparqlError> {
    let shown = |property: &str| !hidden.iter().any(|hidden| hidden.as_str() == property);
    // Events have no names; what happened is told instead.
    let values = thing.properties().filter(|(property, _)| shown(property)).flat_map(|(_, values)| values);
    let events: Vec<NamedNode> =
        values.filter(|value| value.is_unnamed()).filter_map(|value| value.iri().cloned()).collect();
    let titles = titles(graph, &events)?;
    let mut rows: BTreeMap<String, Fact> = BTreeMap::new();
    for (property, values) in thing.properties() {
        if !shown(property) {
            continue;
        }
        let label = capitalized(&graph.vocabulary.words(property));
        let fact = rows.entry(property.to_owned()).or_insert_with(|| Fact {
            label,
            definition: graph.vocabulary.definition(property).to_owned(),
            values: Vec::new(),
        });
        fact.values.extend(values.iter().map(|value| {
            let mut link = value.link(graph);
            if let Some(title) = value.iri().and_then(|iri| titles.get(iri)) {
                title.clone_into(&mut link.text);
            }
            link
        }));
        fact.values.sort();
        fact.values.dedup();
    }
    Ok(rows.into_values().collect())
}

/// What happened, in a line, of those of some things that are events.
pub(super) fn titles(graph: &Graph<'_>, things: &[NamedNode]) -> Result<BTreeMap<NamedNode, String>, SparqlError> {
    Ok(accounts(graph, things)?
        .into_iter()
        .filter(|account| !account.kind.is_empty() && account.thing.iri_of(property::MODALITY).is_some())
        .map(|account| (account.thing.iri.clone(), account.title()))
        .collect())
}

/// A property and its values in words.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) label: String,
    pub(super) definition: String,
    pub(super) values: Vec<Link>,
}

/// What a page tells elsewhere than among the facts: names and kinds.
pub(super) fn labels() -> Vec<NamedNodeRef<'static>> {
    vec![rdf::TYPE, rdfs::LABEL, external::SKOS_PREF_LABEL, external::SKOS_ALT_LABEL]
}

/// The same with times, which pages tell in words.
pub(super) fn bookkeeping() -> Vec<NamedNodeRef<'static>> {
    let mut hidden = labels();
    hidden.extend([
        external::GEO_HAS_GEOMETRY,
        property::NAME,
        property::PARTICIPANT,
        property::RANK,
        property::PLACE_PRECISION,
        property::EARLIEST,
        property::LATEST,
        property::TIME_PRECISION,
        property::TIME_BASIS,
        property::TIME_TEXT,
        property::PARTIAL_DATE,
        property::BEGIN_EARLIEST,
        property::BEGIN_LATEST,
        property::BEGIN_PRECISION,
        property::BEGIN_BASIS,
        property::END_EARLIEST,
        property::END_LATEST,
        property::END_PRECISION,
        property::END_BASIS,
    ]);
    hidden
}
