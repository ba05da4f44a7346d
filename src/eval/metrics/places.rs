//! Where it happened: whether the first place of the first event (*first*), any of its places (*top*), or a place of any
//! event is called as the gold has it, or has that name in whole words. *lenient*: or the other way round.

use super::{Metric, Tally, first_event, listed};
use crate::eval::names::{contains, normal};
use crate::eval::prediction::{Event, Prediction};
use crate::eval::scores::Section;
use crate::eval::{Annotations, Miss};

#[derive(Debug)]
pub(super) struct Places {
    tally: Tally<5>,
}

impl Default for Places {
    fn default() -> Self {
        Self { tally: Tally::new(["first", "top", "any", "top_lenient", "any_lenient"]) }
    }
}

impl Metric for Places {
    fn add(&mut self, gold: &Annotations, predicted: &Prediction, misses: &mut Vec<Miss>) {
        let wanted: Vec<String> = gold.location.iter().map(|name| normal(name)).filter(|n| !n.is_empty()).collect();
        if wanted.is_empty() {
            return;
        }
        let named = |event: &Event| -> Vec<String> { event.places.iter().map(|p| normal(&p.name)).collect() };
        let events: Vec<Vec<String>> = predicted.events.iter().map(named).collect();
        let strict = |place: &String| wanted.iter().any(|w| contains(place, w));
        let lenient = |place: &String| strict(place) || wanted.iter().any(|w| contains(w, place));
        let top = events.first().map_or(&[][..], Vec::as_slice);
        let first = top.first().is_some_and(strict);
        let any = events.iter().flatten().any(strict);
        self.tally.add([
            first,
            top.iter().any(strict),
            any,
            top.iter().any(lenient),
            events.iter().flatten().any(lenient),
        ]);
        if !first {
            let expected = gold.location.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
            let read = match predicted.events.first() {
                None => "there is no event".to_owned(),
                Some(event) => format!(
                    "{} is at {}",
                    first_event(&predicted.events),
                    listed(event.places.iter().map(|p| p.name.as_str()))
                ),
            };
            let elsewhere = if any && !top.iter().any(strict) { "; another event is there" } else { "" };
            let mut miss = Miss::new("location.first", format!("{expected} expected, {read}{elsewhere}"));
            for name in &gold.location {
                miss = miss.words(name);
            }
            misses.push(match predicted.events.first() {
                Some(event) => miss.predicted(event.places.first().map_or(&event.trigger, |place| &place.place)),
                None => miss,
            });
        }
    }

    fn section(&self) -> Option<Section> {
        super::section("location", self.tally.figures(&[], "first"))
    }
}
