//! Actors by name: whether one is among the first four participants of the first event (*main*), takes part in any event
//! (*participant*), or is mentioned at all (*any*). *main* is the one to read, as the others reward listing everybody.

use super::{Metric, Tally, first_event, listed};
use crate::eval::names::same_name;
use crate::eval::prediction::Prediction;
use crate::eval::scores::Section;
use crate::eval::{Annotations, Miss};

/// How many participants of the first event are looked at.
const FOREMOST: usize = 4;

#[derive(Debug)]
pub(super) struct Actors {
    tally: Tally<3>,
}

impl Default for Actors {
    fn default() -> Self {
        Self { tally: Tally::new(["main", "participant", "any"]) }
    }
}

impl Metric for Actors {
    fn add(&mut self, gold: &Annotations, predicted: &Prediction, misses: &mut Vec<Miss>) {
        let foremost: Vec<&str> = match predicted.events.first() {
            Some(event) => event.participants.iter().take(FOREMOST).map(|p| p.name.as_str()).collect(),
            None => Vec::new(),
        };
        for name in gold.actors() {
            let mut participants = predicted.events.iter().flat_map(|e| &e.participants);
            let main = foremost.iter().any(|read| same_name(name, read));
            let participant = participants.any(|p| same_name(name, &p.name));
            let any = participant || predicted.mentions.iter().any(|m| same_name(name, &m.text));
            self.tally.add([main, participant, any]);
            if !main {
                let read = if predicted.events.is_empty() {
                    "there is no event".to_owned()
                } else {
                    format!("{} has {}", first_event(&predicted.events), listed(foremost.iter().copied()))
                };
                let elsewhere = match (participant, any) {
                    (true, _) => "; it takes part in another event",
                    (false, true) => "; it is mentioned, but takes part in no event",
                    (false, false) => "",
                };
                let miss = Miss::new("actor.main", format!("`{name}` expected, {read}{elsewhere}")).words(name);
                misses.push(match predicted.events.first() {
                    Some(event) => miss.predicted(&event.trigger),
                    None => miss,
                });
            }
        }
    }

    fn section(&self) -> Option<Section> {
        super::section("actor", self.tally.figures(&[], "main"))
    }
}
