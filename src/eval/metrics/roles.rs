//! Who did it and to whom: which source actors of the gold are initiators of the first event (*top*) or of any, and which
//! target actors its targets; *`all_roles`*: the articles of which all actors are found in one event.

use super::{Metric, Tally, first_event, listed};
use crate::eval::names::same_name;
use crate::eval::prediction::{Event, Prediction};
use crate::eval::scores::Section;
use crate::eval::{Annotations, Miss};

const FIGURES: [&str; 2] = ["top", "any"];

#[derive(Debug)]
pub(super) struct Roles {
    source: Tally<2>,
    target: Tally<2>,
    all: Tally<2>,
}

impl Default for Roles {
    fn default() -> Self {
        let tally = || Tally::new(FIGURES);
        Self { source: tally(), target: tally(), all: tally() }
    }
}

fn names<'e>(event: &'e Event, roles: &[&str]) -> Vec<&'e str> {
    let in_role = event.participants.iter().filter(|p| roles.contains(&p.role.as_str()));
    in_role.map(|p| p.name.as_str()).collect()
}

impl Metric for Roles {
    fn add(&mut self, gold: &Annotations, predicted: &Prediction, misses: &mut Vec<Miss>) {
        let mut complete = vec![true; predicted.events.len()];
        let mut any = false;
        for (actors, own, figure, tally) in [
            (&gold.source_actors, "initiator", "roles.source.top", &mut self.source),
            (&gold.target_actors, "target", "roles.target.top", &mut self.target),
        ] {
            // Where each is both, it does not matter who is told to have begun.
            let roles: &[&str] = if gold.reciprocal { &["initiator", "target", "participant"] } else { &[own] };
            for name in actors.iter().flatten() {
                any = true;
                let has = |event: &Event| names(event, roles).iter().any(|read| same_name(name, read));
                let hits: Vec<bool> = predicted.events.iter().map(has).collect();
                for (complete, hit) in complete.iter_mut().zip(&hits) {
                    *complete &= hit;
                }
                let top = hits.first() == Some(&true);
                tally.add([top, hits.contains(&true)]);
                if !top {
                    misses.push(missed(figure, own, name, roles, predicted, hits.contains(&true)));
                }
            }
        }
        if any {
            self.all.add([complete.first() == Some(&true), complete.contains(&true)]);
        }
    }

    fn section(&self) -> Option<Section> {
        let mut figures = self.source.figures(&["source"], "");
        figures.extend(self.target.figures(&["target"], ""));
        figures.extend(self.all.figures(&["all_roles"], "top"));
        super::section("roles", figures)
    }
}

fn missed(
    figure: &'static str,
    own: &str,
    name: &str,
    roles: &[&str],
    predicted: &Prediction,
    elsewhere: bool,
) -> Miss {
    let read = match predicted.events.first() {
        None => "there is no event".to_owned(),
        Some(event) => format!("{} has {}", first_event(&predicted.events), listed(names(event, roles))),
    };
    let elsewhere = if elsewhere { "; another event has it" } else { "" };
    let miss = Miss::new(figure, format!("{own} `{name}` expected, {read}{elsewhere}")).words(name);
    match predicted.events.first() {
        Some(event) => miss.predicted(&event.trigger),
        None => miss,
    }
}
