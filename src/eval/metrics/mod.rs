//! The figures, one file for each thing that is scored.
//!
//! A [`Metric`] is given the articles one by one and counts; what it counts is said in its file. What is not annotated in
//! an article is not counted there, and a section in which nothing was counted is left out.

mod actors;
mod casualties;
mod dates;
mod entities;
mod event_types;
mod places;
mod relations;
mod roles;

use super::prediction::{Event, Prediction, Span};
use super::scores::{Figure, Section, Value};
use super::{Annotations, Miss, Options};
use crate::ontology::Ontology;
use std::fmt::Debug;

/// The names of the sections.
pub(super) const SECTIONS: [&str; 11] = [
    "entities",
    "relations",
    "event_type",
    "roles",
    "actor",
    "location",
    "killed",
    "killed_by_group",
    "injured",
    "captured",
    "date",
];

/// Counts what was found of one thing.
pub(super) trait Metric: Debug + Send {
    /// Counts one article, and tells what was missed.
    fn add(&mut self, gold: &Annotations, predicted: &Prediction, misses: &mut Vec<Miss>);

    /// The figures, if anything was counted.
    fn section(&self) -> Option<Section>;
}

/// All metrics, in the order of [`SECTIONS`].
pub(super) fn all(ontology: &Ontology, options: Options) -> Vec<Box<dyn Metric>> {
    vec![
        Box::new(entities::Entities::new(options)),
        Box::new(relations::Relations::new(options)),
        Box::new(event_types::EventTypes::new(ontology)),
        Box::new(roles::Roles::default()),
        Box::new(actors::Actors::default()),
        Box::new(places::Places::default()),
        Box::new(casualties::Counts::new("killed", "killed.max_exact", |gold| gold.killed)),
        Box::new(casualties::ByGroup::default()),
        Box::new(casualties::Counts::new("injured", "injured.max_exact", |gold| gold.injured)),
        Box::new(casualties::Counts::new("captured", "captured.max_exact", |gold| gold.captured)),
        Box::new(dates::Dates::default()),
    ]
}

/// How often each of several ways to be right was.
#[derive(Clone, Debug)]
struct Tally<const N: usize> {
    names: [&'static str; N],
    of: usize,
    hits: [usize; N],
}

impl<const N: usize> Tally<N> {
    fn new(names: [&'static str; N]) -> Self {
        Self { names, of: 0, hits: [0; N] }
    }

    fn add(&mut self, hits: [bool; N]) {
        self.of += 1;
        for (count, hit) in self.hits.iter_mut().zip(hits) {
            *count += usize::from(hit);
        }
    }

    /// The figures below a path; `headline` is the one to quote.
    fn figures(&self, above: &[&str], headline: &str) -> Vec<Figure> {
        if self.of == 0 {
            return Vec::new();
        }
        let figure = |(name, hits): (&&'static str, &usize)| Figure {
            path: above.iter().chain([name]).map(ToString::to_string).collect(),
            value: Value::Share { hits: *hits, of: self.of },
            headline: *name == headline,
        };
        self.names.iter().zip(&self.hits).map(figure).collect()
    }
}

fn section(name: &'static str, figures: Vec<Figure>) -> Option<Section> {
    (!figures.is_empty()).then(|| Section { name, notes: Vec::new(), figures })
}

fn overlap(one: Span, other: Span) -> bool {
    one.0 < other.1 && other.0 < one.1
}

/// Names for a message: "`Homs`, `Idlib`", or "nothing".
fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

/// An event for a message: "the first event (`AirStrike`)".
fn first_event(events: &[Event]) -> String {
    events.first().map_or_else(|| "there is no event".to_owned(), |e| format!("the first event ({})", e.kind))
}
