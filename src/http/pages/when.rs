//! Times in words, as uncertain as they are: the bounds of a point in time, and how it was worked out.

use super::ask::Graph;
use super::described::Thing;
use crate::ontology::terms::property;
use jiff::ToSpan;
use jiff::civil::Date;
use oxrdf::NamedNodeRef;

/// The properties of a point in time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    earliest: NamedNodeRef<'static>,
    latest: NamedNodeRef<'static>,
}

/// When an event happened.
pub(super) const HAPPENED: Point = Point { earliest: property::EARLIEST, latest: property::LATEST };
/// When what lasts began.
pub(super) const BEGAN: Point = Point { earliest: property::BEGIN_EARLIEST, latest: property::BEGIN_LATEST };
/// When what lasts ended.
pub(super) const ENDED: Point = Point { earliest: property::END_EARLIEST, latest: property::END_LATEST };

impl Point {
    /// The bounds; if only one is known, it is both.
    pub(super) fn bounds(self, thing: &Thing) -> Option<(Date, Date)> {
        let (earliest, latest) = (thing.date(self.earliest), thing.date(self.latest));
        Some((earliest.or(latest)?, latest.or(earliest)?))
    }

    /// The time in words, empty if nothing is known.
    pub(super) fn words(self, thing: &Thing) -> String {
        match (thing.date(self.earliest), thing.date(self.latest)) {
            (Some(earliest), Some(latest)) => between(earliest, latest),
            (Some(earliest), None) => format!("{} or later", day(earliest)),
            (None, Some(latest)) => format!("{} or earlier", day(latest)),
            (None, None) => thing.text(property::PARTIAL_DATE).map(partial).unwrap_or_default(),
        }
    }
}

/// How the time of an event was worked out, in words.
pub(super) fn basis(graph: &Graph<'_>, thing: &Thing) -> String {
    let basis = thing.iri_of(property::TIME_BASIS).map(|basis| graph.vocabulary.label(basis.as_str()));
    match (basis, thing.text(property::TIME_TEXT)) {
        (Some(basis), Some(words)) => format!("from “{words}”, {basis}"),
        (Some(basis), None) => basis.to_owned(),
        (None, Some(words)) => format!("from “{words}”"),
        (None, None) => String::new(),
    }
}

/// A day in words.
pub(super) fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// The time between two days in as few words as say it.
pub(super) fn between(from: Date, to: Date) -> String {
    if from == to {
        return day(from);
    }
    let is_whole = |first: Date, after: Date| from == first && to.saturating_add(1.day()) == after;
    let year = from.first_of_year();
    if is_whole(year, year.saturating_add(1.year())) {
        return from.strftime("%Y").to_string();
    }
    let month = from.first_of_month();
    if is_whole(month, month.saturating_add(1.month())) {
        return from.strftime("%B %Y").to_string();
    }
    // A no-break space and an en dash hold the two together.
    let begin = match (from.year() == to.year(), from.month() == to.month()) {
        (true, true) => from.strftime("%-d").to_string(),
        (true, false) => from.strftime("%-d %B").to_string(),
        _ => day(from),
    };
    let dash = if begin.contains(' ') { " – " } else { "–" };
    format!("{begin}{dash}{}", day(to))
}

/// A date without its year, `--07` or `--07-04`, in words.
fn partial(text: &str) -> String {
    let mut parts = text.trim_start_matches('-').split('-').map(str::parse::<i8>);
    let date = |month, day| Date::new(2000, month, day).ok();
    match (parts.next(), parts.next()) {
        (Some(Ok(month)), Some(Ok(number))) => {
            date(month, number).map(|d| d.strftime("%-d %B, year not told").to_string())
        }
        (Some(Ok(month)), None) => date(month, 1).map(|d| d.strftime("%B, year not told").to_string()),
        _ => None,
    }
    .unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{between, partial};
    use jiff::civil::date;

    #[test]
    fn times_are_told_as_people_tell_them() {
        for (from, to, words) in [
            (date(2019, 7, 2), date(2019, 7, 2), "2 July 2019"),
            (date(2019, 7, 2), date(2019, 7, 5), "2–5 July 2019"),
            (date(2019, 6, 28), date(2019, 7, 5), "28 June – 5 July 2019"),
            (date(2018, 12, 31), date(2019, 1, 1), "31 December 2018 – 1 January 2019"),
            (date(2019, 2, 1), date(2019, 2, 28), "February 2019"),
            (date(2019, 1, 1), date(2019, 12, 31), "2019"),
        ] {
            assert_eq!(between(from, to), words);
        }
        assert_eq!(partial("--07"), "July, year not told");
        assert_eq!(partial("--07-04"), "4 July, year not told");
        assert_eq!(partial("soon"), "soon");
    }
}
