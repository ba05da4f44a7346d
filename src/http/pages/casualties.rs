//! The dead, the injured and others harmed, as articles report them: each report for itself, with its range and its source.

use super::ask::Graph;
use super::described::{Thing, describe};
use super::links::Link;
use crate::ontology::terms::{concept, property};
use crate::sparql::SparqlError;
use oxrdf::NamedNode;
use std::collections::BTreeMap;

/// One report.
#[derive(Clone, Debug)]
pub(super) struct Report {
    pub(super) page: String,
    /// What happened to them.
    pub(super) outcome: String,
    /// The number or its range.
    pub(super) number: String,
    pub(super) min: Option<u64>,
    pub(super) max: Option<u64>,
    /// The words of the number, where they say more than it.
    pub(super) words: String,
    pub(super) victims: String,
    pub(super) sides: Vec<Link>,
    pub(super) sources: Vec<Link>,
    /// Why it should not be added up with the others.
    pub(super) remark: &'static str,
    is_killed: bool,
}

/// The reports of some events.
pub(super) fn reports<'t>(
    graph: &Graph<'_>,
    events: impl IntoIterator<Item = &'t NamedNode>,
) -> Result<BTreeMap<NamedNode, Vec<Report>>, SparqlError> {
    let rows = graph.ask_of(include_str!("queries/reports.rq"), "event", events)?;
    let described = describe(graph, rows.iter().filter_map(|row| row.iri("report")))?;
    let mut reports: BTreeMap<NamedNode, Vec<Report>> = BTreeMap::new();
    for row in &rows {
        if let (Some(event), Some(thing)) = (row.iri("event"), row.iri("report").and_then(|iri| described.get(iri))) {
            reports.entry(event.clone()).or_default().push(Report::of(graph, thing));
        }
    }
    for list in reports.values_mut() {
        list.sort_by(|one, other| other.is_killed.cmp(&one.is_killed).then(one.remark.cmp(other.remark)));
    }
    Ok(reports)
}

impl Report {
    fn of(graph: &Graph<'_>, thing: &Thing) -> Self {
        let label = |property| {
            thing
                .iri_of(property)
                .map(|concept| graph.vocabulary.label(concept.as_str()).to_owned())
                .unwrap_or_default()
        };
        let links = |property| thing.values(property).iter().map(|value| value.link(graph)).collect();
        let (min, max) = (thing.number(property::MIN), thing.number(property::MAX));
        let number = range(min, max);
        let words = thing.text(property::COUNT_TEXT).unwrap_or_default();
        let remark = if thing.is_true(property::IS_CUMULATIVE) {
            "total of a longer time or several events"
        } else if thing.is_true(property::IS_SUPERSEDED) {
            "corrected in the article, or not held to"
        } else if thing.iri_of(property::PART_OF_REPORT).is_some() {
            "part of another figure here"
        } else {
            ""
        };
        let mut victims = label(property::VICTIM_CLASS);
        if !victims.is_empty() && thing.is_true(property::IS_PRESUMED) {
            victims.push_str(" (presumed)");
        }
        Self {
            page: graph.links.page(thing.iri.as_ref()),
            outcome: label(property::OUTCOME),
            words: if words == number { String::new() } else { words.to_owned() },
            number,
            min,
            max,
            victims,
            sides: links(property::SIDE),
            sources: links(property::ACCORDING_TO),
            remark,
            is_killed: thing.iri_of(property::OUTCOME).is_some_and(|outcome| outcome.as_ref() == concept::KILLED),
        }
    }
}

/// The numbers of the dead among some reports, for a table of events: what is part of another figure is left out.
pub(super) fn killed(reports: &[Report]) -> String {
    let counted = reports.iter().filter(|report| report.is_killed && report.remark.is_empty());
    let mut numbers: Vec<&str> = Vec::new();
    for report in counted {
        if !numbers.contains(&report.number.as_str()) {
            numbers.push(&report.number);
        }
    }
    numbers.join(", ")
}

fn range(min: Option<u64>, max: Option<u64>) -> String {
    match (min, max) {
        (Some(min), Some(max)) if min == max => grouped(min),
        (Some(min), Some(max)) => format!("{}–{}", grouped(min), grouped(max)),
        (Some(min), None) => format!("{} or more", grouped(min)),
        (None, Some(max)) => format!("up to {}", grouped(max)),
        (None, None) => "not told".to_owned(),
    }
}

/// A number with its thousands apart, by a narrow no-break space.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) && digits.len() > 4 {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::{grouped, range};

    #[test]
    fn ranges_keep_what_is_not_known() {
        assert_eq!(range(Some(3), Some(3)), "3");
        assert_eq!(range(Some(3), Some(5)), "3–5");
        assert_eq!(range(Some(40), None), "40 or more");
        assert_eq!(grouped(1234), "1234");
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
    }
}
