//! Tolls: the article's figure beside the number of the gold, or within its bounds, exactly or by ten in a hundred.
//!
//! Only events that are told to have happened count. *max*: the largest figure of any report, which counts nobody twice and
//! does not depend on the order of events. *`top_sum`*: the sum over the first such event. *combined*: the larger of *max* and,
//! within one event, civilians and combatants together. *zero*: articles without victims, in which an event was read and no
//! victim.

use super::{Metric, Tally};
use crate::eval::gold::Count;
use crate::eval::prediction::{Casualty, Event, Prediction};
use crate::eval::scores::{Figure, Section};
use crate::eval::{Annotations, Miss};

const CIVILIAN: &str = "civilian";
const COMBATANT: &str = "combatant";

/// The reports of an outcome in an event, of some victims or of all.
fn reports<'e>(event: &'e Event, outcome: &str, victims: Option<&str>) -> impl Iterator<Item = &'e Casualty> {
    event.casualties.iter().filter(move |c| c.outcome == outcome && victims.is_none_or(|v| c.victims == v))
}

fn asserted(predicted: &Prediction) -> impl Iterator<Item = &Event> {
    predicted.events.iter().filter(|event| event.is_asserted())
}

/// The report with the largest figure.
fn largest<'p>(predicted: &'p Prediction, outcome: &str, victims: Option<&str>) -> Option<&'p Casualty> {
    let mut best: Option<&Casualty> = None;
    for report in asserted(predicted).flat_map(|event| reports(event, outcome, victims)) {
        if best.is_none_or(|best| report.min > best.min) {
            best = Some(report);
        }
    }
    best
}

fn figure_of(report: Option<&Casualty>) -> u64 {
    report.map_or(0, |report| report.min)
}

fn combined(predicted: &Prediction, outcome: &str) -> u64 {
    let most = |event: &Event, victims| reports(event, outcome, Some(victims)).map(|c| c.min).max().unwrap_or(0);
    let parts = asserted(predicted)
        .map(|event| most(event, CIVILIAN).saturating_add(most(event, COMBATANT)))
        .max()
        .unwrap_or(0);
    parts.max(figure_of(largest(predicted, outcome, None)))
}

/// A toll of one outcome.
#[derive(Debug)]
pub(super) struct Counts {
    outcome: &'static str,
    headline: &'static str,
    of: fn(&Annotations) -> Option<Count>,
    stated: Tally<6>,
    zero: Tally<1>,
}

impl Counts {
    pub(super) fn new(outcome: &'static str, headline: &'static str, of: fn(&Annotations) -> Option<Count>) -> Self {
        let names =
            ["max_exact", "max_within10", "top_sum_exact", "top_sum_within10", "combined_exact", "combined_within10"];
        Self { outcome, headline, of, stated: Tally::new(names), zero: Tally::new(["zero"]) }
    }

    fn miss(&self, least: u64, most: u64, predicted: &Prediction) -> Miss {
        let outcome = self.outcome;
        let right = |report: &Casualty| (least..=most).contains(&report.min);
        let found = largest(predicted, outcome, None);
        let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
        let mut message = match found {
            None => format!("{wanted} expected, no such report was read"),
            Some(report) => format!("{wanted} expected, the largest figure is {}", report.min),
        };
        if asserted(predicted).flat_map(|event| reports(event, outcome, None)).any(right) {
            message.push_str("; a smaller one is right");
        } else if let Some(event) =
            predicted.events.iter().find(|event| !event.is_asserted() && reports(event, outcome, None).any(right))
        {
            message.push_str("; it was read of an event that is ");
            message.push_str(event.modality.as_deref().unwrap_or_default());
        }
        let miss = Miss::new(self.headline, message);
        let miss = if most > 0 { miss.words(&least.to_string()) } else { miss };
        match found {
            Some(report) => miss.predicted(&report.place),
            None => miss,
        }
    }
}

impl Metric for Counts {
    fn add(&mut self, gold: &Annotations, predicted: &Prediction, misses: &mut Vec<Miss>) {
        let Some((least, most)) = (self.of)(gold).map(Count::bounds) else { return };
        let max = figure_of(largest(predicted, self.outcome, None));
        if most == 0 {
            let right = max == 0 && !predicted.events.is_empty();
            self.zero.add([right]);
            if max > 0 {
                misses.push(self.miss(least, most, predicted));
            }
            return;
        }
        let sum = asserted(predicted)
            .next()
            .map_or(0, |event| reports(event, self.outcome, None).fold(0, |sum: u64, c| sum.saturating_add(c.min)));
        let exact = |figure: u64| figure > 0 && (least..=most).contains(&figure);
        let near =
            |figure: u64| figure > 0 && 0.9 * least as f64 <= figure as f64 && figure as f64 <= 1.1 * most as f64;
        let combined = combined(predicted, self.outcome);
        self.stated.add([exact(max), near(max), exact(sum), near(sum), exact(combined), near(combined)]);
        if !exact(max) {
            misses.push(self.miss(least, most, predicted));
        }
    }

    fn section(&self) -> Option<Section> {
        let mut figures: Vec<Figure> = self.stated.figures(&[], "max_exact");
        figures.extend(self.zero.figures(&[], ""));
        super::section(self.outcome, figures)
    }
}

/// The killed by who they were: the largest figure of civilians and of combatants.
#[derive(Debug)]
pub(super) struct ByGroup {
    civilians: Tally<1>,
    noncivilians: Tally<1>,
}

impl Default for ByGroup {
    fn default() -> Self {
        Self { civilians: Tally::new(["exact"]), noncivilians: Tally::new(["exact"]) }
    }
}

impl Metric for ByGroup {
    fn add(&mut self, gold: &Annotations, predicted: &Prediction, misses: &mut Vec<Miss>) {
        for (number, victims, figure, tally) in [
            (gold.killed_by_group.civilians, CIVILIAN, "killed_by_group.civilians.exact", &mut self.civilians),
            (
                gold.killed_by_group.noncivilians,
                COMBATANT,
                "killed_by_group.noncivilians.exact",
                &mut self.noncivilians,
            ),
        ] {
            if number == 0 {
                continue;
            }
            let report = largest(predicted, "killed", Some(victims));
            let right = figure_of(report) == number;
            tally.add([right]);
            if !right {
                let read = report.map_or("none were read".to_owned(), |r| format!("the largest figure is {}", r.min));
                let miss =
                    Miss::new(figure, format!("{number} {victims}s expected, {read}")).words(&number.to_string());
                misses.push(match report {
                    Some(report) => miss.predicted(&report.place),
                    None => miss,
                });
            }
        }
    }

    fn section(&self) -> Option<Section> {
        let mut figures = self.civilians.figures(&["civilians"], "");
        figures.extend(self.noncivilians.figures(&["noncivilians"], ""));
        super::section("killed_by_group", figures)
    }
}
