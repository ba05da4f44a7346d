//! What ends when something else begins: who captures a place takes it from whoever held it.
//!
//! [`end_earlier`] ends the hold of others on a place when an event gives it to somebody, and [`bound_ends`] says of what is
//! told to be over without a date that it was over when the article appeared.

use crate::facts::{Situation, TimeBasis, TimeBounds, TimePrecision};
use crate::language::{Deprel, Document, WordId};
use crate::ontology::terms::class;
use jiff::civil::Date;

/// Whether what a word tells of is told as past: "had held the town", "the town, which was held by", "rebel-held".
pub(super) fn is_past(document: &Document, trigger: WordId) -> bool {
    let past = |w: WordId| document.feat(w, "Tense") == Some("Past") && document.feat(w, "VerbForm") == Some("Fin");
    let auxiliary = document
        .children(trigger)
        .iter()
        .copied()
        .any(|c| matches!(document.deprel(c), Deprel::Aux | Deprel::AuxPass | Deprel::Cop) && past(c));
    auxiliary || past(trigger) || document.deprel(trigger) == Deprel::Amod
}

/// Ends the control of a place that another actor gained later; `past` tells of the first situations, those stated, whether
/// they are told as past.
pub(super) fn end_earlier(situations: &mut [Situation], past: &[bool]) {
    let control = |s: &Situation| *s.kind == *class::CONTROL.as_str();
    for later in 0..situations.len() {
        let Some(event) = situations[later].begun_by.filter(|_| control(&situations[later])) else { continue };
        let (holder, place) = (situations[later].subject.party, situations[later].object.party);
        let begin = situations[later].begin.clone();
        for (earlier, other) in situations.iter_mut().enumerate() {
            let open =
                control(other) && other.object.party == place && other.subject.party != holder && other.end.is_none();
            let before = match other.begun_by {
                Some(_) => is_before(other.begin.as_ref(), begin.as_ref()),
                None => past.get(earlier).copied().unwrap_or(false) || other.ended,
            };
            if earlier != later && open && before && other.ended_by.is_none() {
                other.ended = true;
                other.ended_by = Some(event);
                other.end.clone_from(&begin);
            }
        }
    }
}

/// Whether one time is surely before another.
fn is_before(one: Option<&TimeBounds>, other: Option<&TimeBounds>) -> bool {
    let latest = one.and_then(|t| t.latest);
    let earliest = other.and_then(|t| t.earliest);
    latest.zip(earliest).is_some_and(|(latest, earliest)| latest < earliest)
}

/// What is over, but not told since when, was over when the article appeared.
pub(super) fn bound_ends(situations: &mut [Situation], published: Option<Date>) {
    for situation in situations.iter_mut().filter(|s| s.ended && s.end.is_none()) {
        situation.end = Some(TimeBounds {
            earliest: None,
            latest: published,
            precision: TimePrecision::Longer,
            basis: if published.is_some() { TimeBasis::PublicationWindow } else { TimeBasis::Unresolved },
            words: None,
            partial: None,
        });
    }
}
