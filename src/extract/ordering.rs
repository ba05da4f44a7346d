//! What the article is about: the order of its events.
//!
//! [`salience`] is a weighted sum. The headline and the lead say what an article is about; the main clause says more than a
//! subordinate one; an event told again and again, with those who did it and with its toll, is more than one told in passing;
//! an analyst cares more for an air strike than for the statement that reports it (`bg:salience` of the class); background, and
//! what did not take place, is not the news. The weights were set by looking at all the annotated sets together, one feature
//! at a time, and a change was kept only where no set lost by it: the events that fit an article's annotation in kind, sides, place,
//! toll and day are to come before its others.

use super::merging::Group;
use super::reading::Reading;
use crate::facts::Modality;
use crate::language::{Deprel, Upos, WordId};
use crate::ontology::Ontology;
use crate::ontology::terms::{class, property};

/// How far up the tree another act is sought.
const HEIGHT: usize = 6;

/// The sentence of the body in which an event counts as told that the body does not tell.
const FAR: usize = 12;

/// What an event did to people, as its casualty reports have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Harm {
    None,
    Other,
    Deadly,
}

/// What is known of an event beside its tellings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tally<'a> {
    /// The class that it has by all its tellings.
    pub class: &'a str,
    /// What became of people.
    pub harm: Harm,
    /// Whether all its tolls are of earlier days, or sum up more than one event.
    pub earlier: bool,
    /// Whether the article tells of days long before it, so that what lies far back is its news.
    pub long_ago: bool,
}

/// How salient a group of tellings is; higher is more: the sum of what speaks for it, each feature with its weight.
pub(super) fn salience(reading: &Reading<'_>, ontology: &Ontology, group: &Group, tally: Tally<'_>) -> f64 {
    features(reading, ontology, group, tally).iter().map(|(weight, value)| weight * value).sum()
}

/// The features with their weights. See the head of this file.
fn features(reading: &Reading<'_>, ontology: &Ontology, group: &Group, tally: Tally<'_>) -> [(f64, f64); 16] {
    let document = reading.document;
    let lead = &reading.events[group.lead];
    let flag = |yes: bool| f64::from(u8::from(yes));
    let trigger = |t: usize| reading.events[t].trigger;
    let sentence_of = |t: usize| document.sentence_of(trigger(t));
    let headlines = document.sentences().iter().take_while(|s| s.headline).count();
    let first_in_body = group.tellings.iter().map(|&t| sentence_of(t)).find(|&s| s >= headlines);
    let nearness = 1.0 / (1.0 + first_in_body.map_or(FAR, |s| s - headlines) as f64);
    let depth = group.tellings.iter().map(|&t| reading.events[t].depth).min().unwrap_or(0);
    let subordinate = group.tellings.iter().all(|&t| is_subordinate(reading, ontology, trigger(t)));
    let fillers = super::merging::fillers(reading, ontology, group);
    let doer = fillers.iter().any(|f| ontology.is_subproperty(&f.role, property::INITIATOR.as_str()));
    // A frame may weigh its events otherwise than their class does.
    let weight = lead.weight.filter(|_| *lead.class == *tally.class).unwrap_or_else(|| ontology.salience(tally.class));
    // Told again, not told with its outcomes.
    let again =
        group.tellings.iter().filter(|&&t| t != group.lead && !ontology.folds(&reading.events[t].evoked)).count();
    let told = |modalities: &[Modality]| flag(modalities.contains(&lead.modality));
    [
        (1.5, f64::from(weight) / 10.0),
        (6.0, flag(sentence_of(group.tellings[0]) < headlines)),
        (7.0, nearness),
        (0.95, (again as f64).min(4.0)),
        (-0.95, f64::from(depth.min(4))),
        (-3.0, flag(subordinate)),
        (1.2, flag(document.upos(lead.trigger) == Upos::Verb && lead.depth == 0)),
        (0.7, (fillers.len() as f64).min(4.0)),
        (1.0, flag(doer)),
        (2.0, flag(tally.harm != Harm::None)),
        (0.6, flag(tally.harm == Harm::Deadly)),
        (-4.0, flag(tally.earlier)),
        (-6.0, flag(lead.background && !tally.long_ago)),
        (-2.0, told(&[Modality::Alleged, Modality::Threatened, Modality::Demanded])),
        (-2.5, told(&[Modality::Negated, Modality::Hypothetical, Modality::Feared])),
        (-1.0, told(&[Modality::Planned, Modality::Attempted])),
    ]
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
    // Events stand in the order of their triggers.
    let is_event = |word: WordId| reading.events.binary_search_by_key(&word, |e| e.trigger).is_ok();
    let mut at = trigger;
    for _ in 0..HEIGHT {
        let Some(head) = document.head(at) else { return false };
        let own = matches!(document.deprel(at), Deprel::Nsubj | Deprel::Conj | Deprel::Parataxis | Deprel::AclRelcl);
        if let Ok(found) = reading.events.binary_search_by_key(&head, |e| e.trigger)
            && !own
            && (document.upos(head) == Upos::Verb || is_about(document, at))
        {
            // "rioted, torching cars": what accompanies an act of one's own is a part of it.
            let accompanies = document.deprel(at) == Deprel::Advcl && document.word(at).xpos == "VBG";
            // "set fire to the offices following the killing": what came before is not what is reported.
            return accompanies
                || super::time::is_after(document, at)
                || !ontology.is_subclass(&reading.events[found].class, class::VIOLENCE.as_str());
        }
        // "reimposed a blockade after two deaths": the act may be the verb's object.
        let objects = document.children(head).iter().filter(|&&c| document.deprel(c) == Deprel::Obj);
        if super::time::is_after(document, at) && objects.into_iter().any(|c| is_event(*c)) {
            return true;
        }
        at = head;
    }
    false
}
