//! Relations between two mentions of the body.
//!
//! One is right if its type agrees and both its sides have a character in common with those of the gold; who opposes or is
//! allied with whom may be told the other way round. *`leads_or_controls`* shows the score of `leads` with `controls` taken for
//! it, as the gold of re3d has one name for both.

use super::{Metric, overlap};
use crate::eval::prediction::{Prediction, Span};
use crate::eval::scores::{Figure, Section, Value};
use crate::eval::{Annotations, Miss, Options};
use std::collections::BTreeSet;

const LEADS: &str = "leads";
const CONTROLS: &str = "controls";
/// The types that are scored.
const SCORED: [&str; 5] = ["opposes", "alliedWith", "supports", "memberOf", LEADS];

/// The types of re3d under the names the program has for them; those have them already.
fn product_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "FightingAgainst" | "Dislikes" => "opposes",
        "AlliesOf" => "alliedWith",
        "Likes" => "supports",
        "BelongsTo" => "memberOf",
        "InChargeOf" => LEADS,
        name => return SCORED.iter().copied().find(|scored| *scored == name),
    })
}

fn goes_both_ways(kind: &str) -> bool {
    matches!(kind, "opposes" | "alliedWith")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Told<'t> {
    kind: &'t str,
    subject: Span,
    object: Span,
}

impl Told<'_> {
    fn agrees(&self, other: &Told<'_>) -> bool {
        let straight = overlap(self.subject, other.subject) && overlap(self.object, other.object);
        let turned =
            goes_both_ways(self.kind) && overlap(self.subject, other.object) && overlap(self.object, other.subject);
        self.kind == other.kind && (straight || turned)
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    right: usize,
    predicted: usize,
    found: usize,
    gold: usize,
}

impl Counts {
    fn add(&mut self, gold: &BTreeSet<Told<'_>>, predicted: &BTreeSet<Told<'_>>) {
        self.gold += gold.len();
        self.predicted += predicted.len();
        self.right += predicted.iter().filter(|p| gold.iter().any(|g| g.agrees(p))).count();
        self.found += gold.iter().filter(|g| predicted.iter().any(|p| g.agrees(p))).count();
    }

    fn value(self) -> Value {
        let Self { right, predicted, found, gold } = self;
        Value::Overlap { right, predicted, found, gold }
    }
}

#[derive(Debug)]
pub(super) struct Relations {
    options: Options,
    any: bool,
    micro: Counts,
    types: [Counts; SCORED.len()],
    leads_or_controls: Counts,
}

impl Relations {
    pub(super) fn new(options: Options) -> Self {
        Self {
            options,
            any: false,
            micro: Counts::default(),
            types: <[Counts; SCORED.len()]>::default(),
            leads_or_controls: Counts::default(),
        }
    }
}

impl Metric for Relations {
    fn add(&mut self, annotations: &Annotations, prediction: &Prediction, misses: &mut Vec<Miss>) {
        let Some(relations) = &annotations.relations else { return };
        let unsure = annotations.relations_low_confidence.iter().filter(|_| self.options.all_annotations);
        self.any |= !relations.is_empty();
        let told = |r: &crate::eval::gold::Relation| {
            product_type(&r.kind).map(|kind| Told { kind, subject: r.source, object: r.target })
        };
        let gold: BTreeSet<Told<'_>> = relations.iter().chain(unsure).filter_map(told).collect();
        let read = prediction.relations.iter().filter_map(|r| {
            let (subject, object) = (r.subject.place.in_body()?, r.object.place.in_body()?);
            Some(Told { kind: &r.kind, subject, object })
        });
        let read: BTreeSet<Told<'_>> = read.collect();
        let scored: BTreeSet<Told<'_>> = read.iter().copied().filter(|r| SCORED.contains(&r.kind)).collect();
        self.micro.add(&gold, &scored);
        let of = |all: &BTreeSet<Told<'_>>, kind: &str| -> Vec<(Span, Span)> {
            all.iter().filter(|r| r.kind == kind).map(|r| (r.subject, r.object)).collect()
        };
        let named = |pairs: Vec<(Span, Span)>, kind: &'static str| -> BTreeSet<Told<'static>> {
            pairs.into_iter().map(|(subject, object)| Told { kind, subject, object }).collect()
        };
        for (kind, counts) in SCORED.into_iter().zip(&mut self.types) {
            counts.add(&named(of(&gold, kind), kind), &named(of(&read, kind), kind));
        }
        let both = of(&read, LEADS).into_iter().chain(of(&read, CONTROLS)).collect();
        self.leads_or_controls.add(&named(of(&gold, LEADS), LEADS), &named(both, LEADS));
        for missed in gold.iter().filter(|g| !scored.iter().any(|p| g.agrees(p))) {
            let miss = Miss::new("relations.micro", format!("{} was missed", missed.kind));
            misses.push(miss.gold(missed.subject).gold(missed.object));
        }
        for relation in &prediction.relations {
            let (Some(subject), Some(object)) = (relation.subject.place.in_body(), relation.object.place.in_body())
            else {
                continue;
            };
            let told = Told { kind: &relation.kind, subject, object };
            if SCORED.contains(&told.kind) && !gold.iter().any(|g| g.agrees(&told)) {
                let names = format!("`{}` {} `{}`", relation.subject.name, told.kind, relation.object.name);
                let miss = Miss::new("relations.micro", format!("{names} is not in the gold"));
                misses.push(miss.predicted(&relation.subject.place).predicted(&relation.object.place));
            }
        }
    }

    fn section(&self) -> Option<Section> {
        if !self.any {
            return None;
        }
        let figure = |path: &[&str], counts: Counts| Figure {
            path: path.iter().map(ToString::to_string).collect(),
            value: counts.value(),
            headline: path == ["micro"],
        };
        let mut figures = vec![figure(&["micro"], self.micro)];
        let types = SCORED.into_iter().zip(self.types).filter(|(_, counts)| counts.gold > 0);
        figures.extend(types.map(|(kind, counts)| figure(&["types", kind], counts)));
        if self.leads_or_controls.gold > 0 {
            figures.push(figure(&["leads_or_controls"], self.leads_or_controls));
        }
        Some(Section { name: "relations", notes: Vec::new(), figures })
    }
}
