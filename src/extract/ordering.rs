//! What the article is about: the order of its events.

use super::merging::Group;
use super::reading::Reading;
use crate::facts::Modality;
use crate::language::{Deprel, Upos, WordId};
use crate::ontology::Ontology;
use crate::ontology::terms::class;

/// How far up the tree another act is sought.
const HEIGHT: usize = 6;

/// What it counts to be told by the verb of the main clause.
const MAIN_CLAUSE: f64 = 1.2;

/// What an event did to people, as its casualty reports have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Harm {
    None,
    Other,
    Deadly,
}

impl Harm {
    /// The harm of an event with so many reports of which none tells of dead.
    pub(super) fn of(reports: usize) -> Self {
        if reports > 0 { Self::Other } else { Self::None }
    }
}

/// How salient a group of tellings is; higher is more.
///
/// The headline and the lead say what an article is about, the main clause says more than a subordinate one, and an
/// analyst cares more for an air strike than for the statement that reports it (`bg:salience` of the class).
/// `class` is the class that it has by all its tellings.
pub(super) fn salience(reading: &Reading<'_>, ontology: &Ontology, group: &Group, class: &str, harm: Harm) -> f64 {
    let document = reading.document;
    let lead = &reading.events[group.lead];
    let own = lead.weight.filter(|_| *lead.class == *class);
    let weight = own.unwrap_or_else(|| ontology.salience(class));
    let mut score = f64::from(weight) / 10.0;
    let first = &reading.events[group.tellings[0]];
    let sentence = document.sentence_of(first.trigger);
    if document.sentences()[sentence].headline {
        score += 6.0;
    }
    let body = document.sentences().iter().take_while(|s| s.headline).count();
    // The first telling in the body.
    let first_body = group
        .tellings
        .iter()
        .map(|&t| document.sentence_of(reading.events[t].trigger))
        .find(|&s| s >= body)
        .map_or(12, |s| s - body);
    score += 5.0 / (1.0 + first_body as f64);
    // Told again, not told with its outcomes.
    let again = group.tellings.iter().filter(|&&t| t != group.lead && !ontology.folds(&reading.events[t].evoked));
    score += (again.count() as f64).min(4.0) * 0.7;
    let depth = group.tellings.iter().map(|&t| reading.events[t].depth).min().unwrap_or(0);
    score -= f64::from(depth.min(4)) * 1.2;
    if group.tellings.iter().all(|&t| is_subordinate(reading, ontology, reading.events[t].trigger)) {
        score -= 3.0;
    }
    score += (super::merging::fillers(reading, ontology, group).len() as f64).min(4.0) * 0.7;
    score += match harm {
        Harm::Deadly => 2.6,
        Harm::Other => 2.0,
        Harm::None => 0.0,
    };
    if document.upos(lead.trigger) == Upos::Verb && lead.depth == 0 {
        score += MAIN_CLAUSE;
    }
    if lead.background {
        score -= 6.0;
    }
    match lead.modality {
        Modality::Actual | Modality::Alleged => {}
        Modality::Negated | Modality::Hypothetical | Modality::Feared => score -= 2.5,
        Modality::Threatened | Modality::Demanded => score -= 2.0,
        Modality::Planned | Modality::Attempted => score -= 1.0,
    }
    score
}

/// Whether a noun says what another one is about: "negotiations on a *pullback*", "the call for a *strike*".
fn is_about(document: &crate::language::Document, noun: WordId) -> bool {
    document.deprel(noun) == Deprel::Nmod
        && super::arguments::preposition(document, noun)
            .is_some_and(|p| ["on", "about", "for", "over", "into", "of", "to"].iter().any(|about| p.is(about)))
}

/// Whether an event is only spoken of, or the occasion, in another act that is no violence: the attack in "condemned
/// the attack", the resignation in "agreed to resign". That act is then what is reported.
fn is_subordinate(reading: &Reading<'_>, ontology: &Ontology, trigger: WordId) -> bool {
    let document = reading.document;
    let mut at = trigger;
    for _ in 0..HEIGHT {
        let Some(head) = document.head(at) else { return false };
        let own = matches!(document.deprel(at), Deprel::Nsubj | Deprel::Conj | Deprel::Parataxis | Deprel::AclRelcl);
        // Events stand in the order of their triggers.
        if let Ok(found) = reading.events.binary_search_by_key(&head, |e| e.trigger)
            && !own
            && (document.upos(head) == Upos::Verb || is_about(document, at))
        {
            // "rioted, torching cars": what accompanies an act of one's own is a part of it.
            let accompanies = document.deprel(at) == Deprel::Advcl && document.word(at).xpos == "VBG";
            return accompanies || !ontology.is_subclass(&reading.events[found].class, class::VIOLENCE.as_str());
        }
        at = head;
    }
    false
}
