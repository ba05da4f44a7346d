//! When it happened: whether the day of the gold lies within the bounds of the first event (*top*) or of any event, which may
//! be at most three days apart; *within1* allows a day more on either side.

use super::{Metric, Tally, first_event};
use crate::eval::prediction::{Event, Prediction};
use crate::eval::scores::Section;
use crate::eval::{Annotations, Miss};
use jiff::ToSpan;
use jiff::civil::Date;

/// How many days may lie between the bounds.
const LONGEST: i64 = 3;

#[derive(Debug)]
pub(super) struct Dates {
    tally: Tally<4>,
}

impl Default for Dates {
    fn default() -> Self {
        Self { tally: Tally::new(["top", "any", "top_within1", "any_within1"]) }
    }
}

fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// The bounds of an event's time, if they are close enough to say something.
fn bounds(event: &Event) -> Option<(Date, Date)> {
    let time = event.time.as_ref()?;
    let first = time.earliest.as_deref()?;
    let last = time.latest.as_deref().filter(|latest| !latest.is_empty()).unwrap_or(first);
    let (first, last) = (day(first)?, day(last)?);
    let days = first.duration_until(last).as_hours() / 24;
    (0..=LONGEST).contains(&days).then_some((first, last))
}

impl Metric for Dates {
    fn add(&mut self, gold: &Annotations, predicted: &Prediction, misses: &mut Vec<Miss>) {
        let Some(date) = gold.date else { return };
        let events: Vec<Option<(Date, Date)>> = predicted.events.iter().map(bounds).collect();
        let exact = |bounds: &Option<(Date, Date)>| bounds.is_some_and(|(first, last)| first <= date && date <= last);
        let near = |bounds: &Option<(Date, Date)>| {
            bounds.is_some_and(|(first, last)| {
                first.saturating_sub(1.day()) <= date && date <= last.saturating_add(1.day())
            })
        };
        let top = events.first().is_some_and(exact);
        self.tally.add([top, events.iter().any(exact), events.first().is_some_and(near), events.iter().any(near)]);
        if !top {
            let read = match predicted.events.first() {
                None => "there is no event".to_owned(),
                Some(event) => format!("{} is {}", first_event(&predicted.events), told(event)),
            };
            let miss = Miss::new("date.top", format!("{date} expected, {read}"));
            misses.push(match predicted.events.first() {
                Some(event) => miss.predicted(&event.trigger),
                None => miss,
            });
        }
    }

    fn section(&self) -> Option<Section> {
        super::section("date", self.tally.figures(&[], "top"))
    }
}

/// The time of an event in words.
fn told(event: &Event) -> String {
    let time = event.time.clone().unwrap_or_default();
    match (time.earliest, time.latest) {
        (None, None) => "undated".to_owned(),
        (Some(first), Some(last)) if first == last => format!("on {first}"),
        (first, last) => {
            let open = |bound: Option<String>| bound.unwrap_or_else(|| "unknown".to_owned());
            format!("from {} to {}", open(first), open(last))
        }
    }
}
