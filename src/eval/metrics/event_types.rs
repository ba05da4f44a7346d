//! Event types: whether the first event (*top1*), or any, has the type of the gold.
//!
//! Of PLOVER, the event types are compared (*root*); of ACLED, *type* compares event types and *subtype* event and sub-event
//! types, where the gold fixes both. *labels*: the articles of each type of which the first event has it.

use super::{Metric, Tally, first_event, listed};
use crate::eval::prediction::{Event, Prediction};
use crate::eval::schemes::{Pair, Schemes, Vocabulary};
use crate::eval::scores::{Figure, Section, Value};
use crate::eval::{Annotations, Miss};
use crate::ontology::Ontology;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Debug)]
pub(super) struct EventTypes {
    schemes: Schemes,
    root: Tally<2>,
    main: Tally<2>,
    sub: Tally<2>,
    labels: BTreeMap<String, (usize, usize)>,
}

impl EventTypes {
    pub(super) fn new(ontology: &Ontology) -> Self {
        let tally = || Tally::new(["top1", "any"]);
        Self { schemes: Schemes::new(ontology), root: tally(), main: tally(), sub: tally(), labels: BTreeMap::new() }
    }

    /// The event types of PLOVER and those of ACLED.
    fn parted(&self, labels: &[String]) -> (Vec<String>, Vec<String>) {
        labels.iter().cloned().partition(|label| self.schemes.vocabulary_of(label) == Some(Vocabulary::Plover))
    }

    fn count(&mut self, labels: &[String], hit: bool) {
        for label in labels {
            let (hits, of) = self.labels.entry(label.clone()).or_default();
            *hits += usize::from(hit);
            *of += 1;
        }
    }

    fn plover(&mut self, labels: &[String], predicted: &Prediction) -> bool {
        let wanted: Vec<&str> = labels.iter().filter_map(|label| self.schemes.plover(label)).collect();
        let read = predicted.events.iter().map(|e| e.plover.as_deref().and_then(|label| self.schemes.plover(label)));
        let hits: Vec<bool> = read.map(|root| root.is_some_and(|root| wanted.contains(&root))).collect();
        let top = hits.first() == Some(&true);
        self.root.add([top, hits.contains(&true)]);
        top
    }

    fn acled(&mut self, labels: &[String], sub: Option<&str>, predicted: &Prediction) -> bool {
        let pairs = labels.iter().flat_map(|label| {
            let pairs = self.schemes.acled(label);
            match (sub, pairs.first()) {
                (Some(sub), Some((main, _))) => vec![(main.clone(), Some(sub.trim().to_lowercase()))],
                _ => pairs.to_vec(),
            }
        });
        let wanted: Vec<Pair> = pairs.collect();
        let read: Vec<Option<Pair>> =
            predicted.events.iter().map(|e| self.schemes.acled_pair(e.acled.as_deref()?)).collect();
        let main_hit = |pair: &Option<Pair>| pair.as_ref().is_some_and(|(main, _)| wanted.iter().any(|w| w.0 == *main));
        let hit = |pair: &Option<Pair>| pair.as_ref().is_some_and(|pair| wanted.contains(pair));
        let mut top = read.first().is_some_and(main_hit);
        self.main.add([top, read.iter().any(main_hit)]);
        if wanted.iter().all(|(_, sub)| sub.is_some()) {
            top = read.first().is_some_and(hit);
            self.sub.add([top, read.iter().any(hit)]);
        }
        top
    }
}

impl Metric for EventTypes {
    fn add(&mut self, gold: &Annotations, predicted: &Prediction, misses: &mut Vec<Miss>) {
        let (plover, acled) = self.parted(&gold.event_type);
        let roots: Vec<String> = plover.iter().chain(&gold.plover).cloned().collect();
        let read = |code: fn(&Event) -> Option<&String>| match predicted.events.first() {
            None => "there is no event".to_owned(),
            Some(event) => {
                format!("{} is {}", first_event(&predicted.events), listed(code(event).map(String::as_str)))
            }
        };
        let mut tell = |figure, wanted: String, read: String| {
            let miss = Miss::new(figure, format!("{wanted} expected, {read}"));
            misses.push(match predicted.events.first() {
                Some(event) => miss.predicted(&event.trigger),
                None => miss,
            });
        };
        if !roots.is_empty() {
            let top = self.plover(&roots, predicted);
            self.count(&plover, top);
            if !top {
                tell("event_type.root.top1", listed(roots.iter().map(String::as_str)), read(|e| e.plover.as_ref()));
            }
        }
        if !acled.is_empty() {
            let top = self.acled(&acled, gold.sub_event_type.as_deref(), predicted);
            self.count(&acled, top);
            if !top {
                let wanted = listed(acled.iter().chain(&gold.sub_event_type).map(String::as_str));
                tell("event_type.subtype.top1", wanted, read(|e| e.acled.as_ref()));
            }
        }
    }

    fn section(&self) -> Option<Section> {
        let vocabulary = match (self.root.of, self.main.of) {
            (0, 0) => return None,
            (_, 0) => "plover",
            (0, _) => "acled",
            _ => "acled and plover",
        };
        let mut figures = self.root.figures(&["root"], "top1");
        figures.extend(self.main.figures(&["type"], if self.sub.of == 0 { "top1" } else { "" }));
        figures.extend(self.sub.figures(&["subtype"], "top1"));
        figures.extend(self.labels.iter().map(|(label, (hits, of))| Figure {
            path: vec!["labels".to_owned(), label.clone()],
            value: Value::Share { hits: *hits, of: *of },
            headline: false,
        }));
        Some(Section { name: "event_type", notes: vec![("vocabulary", json!(vocabulary))], figures })
    }
}
