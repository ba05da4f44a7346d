//! Entities: spans of the body with their types.
//!
//! *exact*: the same span and type. *overlap*: the same type and at least one character in common; precision counts what was
//! predicted and touches something of the gold, recall what is in the gold and was touched. *micro* is over organizations,
//! places and persons; *untyped* the same spans whatever their types.

use super::{Metric, overlap};
use crate::eval::prediction::{Prediction, Span};
use crate::eval::scores::{Figure, Section, Value};
use crate::eval::{Annotations, Miss, Options};
use std::collections::{BTreeMap, BTreeSet};

/// The types that *micro* is over.
const CORE: [&str; 3] = ["Organization", "Place", "Person"];

/// The types of re3d under the names the program has for them.
fn product_type(name: &str) -> &str {
    match name {
        "Organisation" => "Organization",
        "Location" => "Place",
        "Temporal" => "Time",
        "MilitaryPlatform" => "Vehicle",
        "DocumentReference" => "Document",
        name => name,
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    exact: usize,
    right: usize,
    predicted: usize,
    found: usize,
    gold: usize,
}

impl Counts {
    fn add(&mut self, gold: &BTreeSet<Span>, predicted: &BTreeSet<Span>) {
        self.gold += gold.len();
        self.predicted += predicted.len();
        self.exact += gold.intersection(predicted).count();
        self.right += touching(predicted, gold);
        self.found += touching(gold, predicted);
    }

    fn figures(self, above: &[&str], headline: bool) -> [Figure; 2] {
        let Self { exact, right, predicted, found, gold } = self;
        let path = |name: &str| above.iter().copied().chain([name]).map(ToOwned::to_owned).collect();
        [
            Figure {
                path: path("exact"),
                value: Value::Overlap { right: exact, predicted, found: exact, gold },
                headline,
            },
            Figure { path: path("overlap"), value: Value::Overlap { right, predicted, found, gold }, headline: false },
        ]
    }

    fn plus(self, other: Self) -> Self {
        Self {
            exact: self.exact + other.exact,
            right: self.right + other.right,
            predicted: self.predicted + other.predicted,
            found: self.found + other.found,
            gold: self.gold + other.gold,
        }
    }
}

/// How many of `these` have a character in common with one of `those`.
fn touching(these: &BTreeSet<Span>, those: &BTreeSet<Span>) -> usize {
    these.iter().filter(|one| those.iter().any(|other| overlap(**one, *other))).count()
}

#[derive(Debug)]
pub(super) struct Entities {
    options: Options,
    any: bool,
    untyped: Counts,
    types: BTreeMap<String, Counts>,
}

impl Entities {
    pub(super) fn new(options: Options) -> Self {
        Self { options, any: false, untyped: Counts::default(), types: BTreeMap::new() }
    }
}

/// Spans by their types.
type ByType<'t> = BTreeMap<&'t str, BTreeSet<Span>>;

fn core(spans: &ByType<'_>) -> BTreeSet<Span> {
    CORE.iter().filter_map(|kind| spans.get(kind)).flatten().copied().collect()
}

impl Metric for Entities {
    fn add(&mut self, annotations: &Annotations, prediction: &Prediction, misses: &mut Vec<Miss>) {
        let Some(entities) = &annotations.entities else { return };
        let unsure = annotations.entities_low_confidence.iter().filter(|_| self.options.all_annotations);
        let mut gold = ByType::new();
        for entity in entities.iter().chain(unsure) {
            gold.entry(product_type(&entity.kind)).or_default().insert((entity.start, entity.end));
        }
        let mut predicted = ByType::new();
        for mention in &prediction.mentions {
            if let Some(span) = mention.place.in_body() {
                predicted.entry(product_type(&mention.kind)).or_default().insert(span);
            }
        }
        self.any |= !gold.is_empty();
        self.untyped.add(&core(&gold), &core(&predicted));
        let none = BTreeSet::new();
        for kind in gold.keys().chain(predicted.keys()).copied().collect::<BTreeSet<&str>>() {
            let counts = self.types.entry(kind.to_owned()).or_default();
            counts.add(gold.get(kind).unwrap_or(&none), predicted.get(kind).unwrap_or(&none));
        }
        tell(&gold, &predicted, prediction, misses);
    }

    fn section(&self) -> Option<Section> {
        if !self.any {
            return None;
        }
        let sum = |sum: Counts, kind: &&str| sum.plus(self.types.get(*kind).copied().unwrap_or_default());
        let micro = CORE.iter().fold(Counts::default(), sum);
        let mut figures = Vec::new();
        figures.extend(micro.figures(&["micro"], true));
        figures.extend(self.untyped.figures(&["untyped"], false));
        for (kind, counts) in self.types.iter().filter(|(_, counts)| counts.gold > 0) {
            figures.extend(counts.figures(&["types", kind], false));
        }
        Some(Section { name: "entities", notes: Vec::new(), figures })
    }
}

/// Tells what was missed, what was read as another type or with another extent, and what is no entity.
fn tell(gold: &ByType<'_>, predicted: &ByType<'_>, prediction: &Prediction, misses: &mut Vec<Miss>) {
    let types_at = |spans: &ByType<'_>, at: Span| -> BTreeSet<String> {
        let touched = |(kind, spans): (&&str, &BTreeSet<Span>)| {
            spans.iter().any(|span| overlap(*span, at)).then(|| (*kind).to_owned())
        };
        spans.iter().filter_map(touched).collect()
    };
    let place_of = |kind: &str, at: Span| {
        let mut mentions = prediction.mentions.iter().filter(|m| product_type(&m.kind) == kind);
        mentions.find(|m| m.place.in_body().is_some_and(|span| overlap(span, at))).map(|m| &m.place)
    };
    for (kind, spans) in gold {
        for &span in spans {
            let read = types_at(predicted, span);
            if predicted.get(kind).is_some_and(|spans| spans.contains(&span)) {
                continue;
            }
            let miss = if read.contains(*kind) {
                Miss::new("entities.micro.exact", format!("{kind} of another extent"))
            } else if let Some(other) = read.first() {
                Miss::new("entities.micro.overlap", format!("{kind} was read as {other}"))
            } else {
                Miss::new("entities.micro.overlap", format!("{kind} was missed"))
            };
            let other = read.get(*kind).or(read.first()).and_then(|read| place_of(read, span));
            let miss = miss.gold(span);
            misses.push(if let Some(place) = other { miss.predicted(place) } else { miss });
        }
    }
    for (kind, spans) in predicted {
        for &span in spans.iter().filter(|_| CORE.contains(kind) || gold.contains_key(kind)) {
            if types_at(gold, span).is_empty()
                && let Some(place) = place_of(kind, span)
            {
                let miss = Miss::new("entities.micro.overlap", format!("{kind} that the gold does not have"));
                misses.push(miss.predicted(place));
            }
        }
    }
}
