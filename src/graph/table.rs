//! One row an event, for spreadsheets: the columns analysts know from ACLED and UCDP GED.

use super::Iris;
use super::exchange::{basis, precision, time_precision};
use crate::article::{Article, Field};
use crate::facts::{Event, Facts, Outcome, TimeBounds, TimeSpan};
use crate::ontology::Ontology;
use crate::ontology::terms::property;
use crate::ontology::terms::short;

/// The names of the columns.
pub const COLUMNS: [&str; 25] = [
    "event_id",
    "event_date",
    "event_date_latest",
    "date_precision",
    "date_basis",
    "event_type",
    "sub_event_type",
    "class",
    "modality",
    "actor1",
    "actor2",
    "other_actors",
    "location",
    "country",
    "latitude",
    "longitude",
    "geo_precision",
    "fatalities_low",
    "fatalities_high",
    "injured_low",
    "injured_high",
    "according_to",
    "notes",
    "source",
    "source_url",
];

/// The rows of an article's events, the most salient first.
pub fn rows(article: &Article, facts: &Facts, iris: &Iris, ontology: &Ontology) -> Vec<[String; 25]> {
    facts.events.iter().map(|event| row(article, facts, iris, ontology, event)).collect()
}

fn row(article: &Article, facts: &Facts, iris: &Iris, ontology: &Ontology, event: &Event) -> [String; 25] {
    let names = |role: &str| {
        let mut names: Vec<&str> = Vec::new();
        for p in event.participants.iter().filter(|p| ontology.is_subproperty(&p.role, role)) {
            let name = facts.entities[p.entity].name.as_str();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    };
    let (first, second) = (names(property::INITIATOR.as_str()), names(property::TARGET.as_str()));
    let others: Vec<&str> = names(property::PARTICIPANT.as_str())
        .into_iter()
        .filter(|n| !first.contains(n) && !second.contains(n))
        .collect();
    let place = event.places.first();
    let entity = place.map(|p| &facts.entities[p.entity]);
    let location = entity.and_then(|e| e.location.as_ref());
    let coded = ontology.acled(&event.class).unwrap_or_default();
    let (kind, sub_kind) = split_code(coded);
    let time = point(event.time.as_ref());
    let date = |d: Option<jiff::civil::Date>| d.map(|d| d.to_string()).unwrap_or_default();
    let killed = figures(event, Outcome::Killed);
    let injured = figures(event, Outcome::Injured);
    [
        iris.event(event),
        date(time.as_ref().and_then(|t| t.earliest)),
        date(time.as_ref().and_then(|t| t.latest)),
        time.as_ref().map(|t| time_precision(t.precision).to_owned()).unwrap_or_default(),
        time.as_ref().map(|t| basis(t.basis).to_owned()).unwrap_or_default(),
        kind.to_owned(),
        sub_kind.to_owned(),
        short(&event.class).to_owned(),
        event.modality.as_str().to_owned(),
        first.join("; "),
        second.join("; "),
        others.join("; "),
        entity.map(|e| e.name.clone()).unwrap_or_default(),
        entity.and_then(|e| e.country.clone()).unwrap_or_default(),
        location.map(|l| l.latitude.to_string()).unwrap_or_default(),
        location.map(|l| l.longitude.to_string()).unwrap_or_default(),
        place
            .zip(location)
            .map(|(p, l)| if p.near { "near" } else { precision(l.precision) }.to_owned())
            .unwrap_or_default(),
        killed.0,
        killed.1,
        injured.0,
        injured.1,
        event.according_to.map(|e| facts.entities[e].name.clone()).unwrap_or_default(),
        sentence(article, event),
        article.publisher.clone().unwrap_or_default(),
        article.url.clone().unwrap_or_default(),
    ]
}

/// A code `type/sub-type` in its two parts; the type may itself hold a slash ("Explosions/Remote violence").
fn split_code(code: &str) -> (&str, &str) {
    match code.strip_prefix("Explosions/Remote violence") {
        Some(rest) => (&code[..code.len() - rest.len()], rest.trim_start_matches('/')),
        None => code.split_once('/').unwrap_or((code, "")),
    }
}

/// The one pair of bounds of a row: when it happened, or from its begin to its end.
fn point(time: Option<&TimeSpan>) -> Option<TimeBounds> {
    match time? {
        TimeSpan::At(at) => Some(at.clone()),
        TimeSpan::Lasting { begin, end } => {
            let first = begin.clone().or_else(|| end.clone())?;
            Some(TimeBounds { latest: end.as_ref().and_then(|e| e.latest), ..first })
        }
    }
}

/// The lowest and highest figure that the accounts of an event give of one outcome.
///
/// Parts of a larger figure are no accounts of the whole. A figure under half of the highest is taken for one of a part
/// that the text does not mark as such, or of one side: "about 30", "more than 40" and "45" are three accounts of one toll,
/// "12 militants" and "one soldier" are not.
fn figures(event: &Event, outcome: Outcome) -> (String, String) {
    let wholes: Vec<_> = event
        .casualties
        .iter()
        .filter(|c| c.outcome == outcome && !c.cumulative && !c.superseded && c.part_of.is_none())
        .collect();
    let Some(most) = wholes.iter().map(|c| c.min).max() else { return (String::new(), String::new()) };
    let low = wholes.iter().map(|c| c.min).filter(|&m| m > most / 2).min().unwrap_or(most);
    let high = wholes.iter().map(|c| c.max).max_by_key(|m| m.unwrap_or(u32::MAX)).flatten();
    (low.to_string(), high.map(|h| h.to_string()).unwrap_or_default())
}

fn sentence(article: &Article, event: &Event) -> String {
    let text = match event.trigger.field {
        Field::Headline => &article.headline,
        Field::Body => &article.body,
    };
    let (start, end) = (event.trigger.sentence_start as usize, event.trigger.sentence_end as usize);
    let words: String = text.chars().skip(start).take(end - start).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
