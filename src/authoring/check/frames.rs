//! Frames: their words, their constraints, and the classes they evoke.

use super::finding::Findings;
use super::graph::Graph;
use crate::ontology::terms::class;
use crate::ontology::{Frame, NounEntry, Trigger, TriggerKind};
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(super) fn check(graph: &Graph, findings: &mut Findings<'_>) {
    let ontology = graph.ontology;
    let mut by_words: BTreeMap<(TriggerKind, String), Vec<&Frame>> = BTreeMap::new();
    for frame in ontology.frames() {
        let mut own: BTreeSet<(TriggerKind, String)> = BTreeSet::new();
        for trigger in &frame.triggers {
            let words = text(trigger);
            if own.insert((trigger.kind, words.clone())) {
                by_words.entry((trigger.kind, words)).or_default().push(frame);
            } else {
                let message = format!("it names \"{words}\" twice");
                findings.about("duplicate-trigger", &frame.iri, &words, message, "name it once");
            }
        }
        if frame.examples.is_empty() {
            let hint = "add `bg:example \"…\"`: a sentence in which it fires";
            findings.about("frame-without-example", &frame.iri, "", "it has no example".to_owned(), hint);
        }
        if !frame.forbids.is_empty() && frame.counter_examples.is_empty() {
            let message = "it forbids something and shows no sentence in which it must not fire".to_owned();
            findings.about("no-counter-example", &frame.iri, "forbids", message, "add `bg:counterExample \"…\"`");
        }
        if frame.slots.iter().any(|slot| slot.role.is_none()) {
            let hint = "add `bg:role`, or make it a `bg:requires` or `bg:forbids`";
            findings.about("idle-slot", &frame.iri, "slot", "one of its slots fills no role".to_owned(), hint);
        }
    }
    for ((_, words), frames) in &by_words {
        shared(graph, words, frames, findings);
    }
    nouns(graph, findings);
    evoked(graph, findings);
}

/// Nouns to which an overlay gives two kinds, and those it takes from an embedded entry.
fn nouns(graph: &Graph, findings: &mut Findings<'_>) {
    let ontology = graph.ontology;
    let layer = |iri: &str| {
        let sources = ontology.sources().iter().filter(|source| source.line_of(iri).is_some());
        sources.map(|source| source.layer).max().unwrap_or(0)
    };
    let entries: Vec<_> = ontology.nouns().iter().map(|entry| (layer(&entry.iri), entry)).collect();
    let mut first: BTreeMap<String, &(usize, &NounEntry)> = BTreeMap::new();
    for entry in &entries {
        for words in entry.1.words.iter().map(text) {
            let Some((over, winner)) = first.get(&words) else {
                first.insert(words, entry);
                continue;
            };
            if *over == 0 || winner.denotes == entry.1.denotes {
                continue;
            }
            let other = findings.shorten(&entry.1.iri);
            if *over == entry.0 {
                let message = format!("shares \"{words}\" with `{other}`, which denotes another kind; this one counts");
                findings.about("shared-noun", &winner.iri, &words, message, "take the noun from one of them");
            } else {
                let message = format!("takes \"{words}\" from `{other}`");
                findings.about("replaced", &winner.iri, &words, message, "");
            }
        }
    }
}

fn text(trigger: &Trigger) -> String {
    trigger.words.join(" ")
}

/// Two frames that share a word and nothing tells apart.
fn shared(graph: &Graph, words: &str, frames: &[&Frame], findings: &mut Findings<'_>) {
    let ontology = graph.ontology;
    let is_situation = |frame: &Frame| ontology.is_subclass(&frame.evokes, class::SITUATION.as_str());
    for (i, one) in frames.iter().enumerate() {
        for other in &frames[i + 1..] {
            let related = ontology.is_subclass(&one.evokes, &other.evokes)
                || ontology.is_subclass(&other.evokes, &one.evokes)
                || ontology.share_parent(&one.evokes, &other.evokes, class::EVENT.as_str());
            let constrained = [one, other].iter().any(|f| !f.requires.is_empty() || !f.forbids.is_empty());
            // A word may evoke an event and a situation at once.
            if !related && !constrained && is_situation(one) == is_situation(other) {
                let message =
                    format!("shares \"{words}\" with `{}`, and nothing tells them apart", findings.shorten(&one.iri));
                let hint = "add `bg:requires` or `bg:forbids` to one of them, or take the word from one";
                findings.about("shared-trigger", &other.iri, words, message, hint);
            }
        }
    }
}

/// Event classes that nothing can ever give.
fn evoked(graph: &Graph, findings: &mut Findings<'_>) {
    let ontology = graph.ontology;
    let mut given: HashMap<&str, bool> = HashMap::new();
    let own = ontology.frames().iter().map(|f| &f.evokes).chain(ontology.refinements().iter().map(|r| &r.to));
    for class in own {
        given.insert(class, true);
        for above in ontology.superclasses(class) {
            given.insert(above, true);
        }
    }
    for class in ontology.classes() {
        if ontology.is_subclass(class, class::EVENT.as_str()) && !given.contains_key(class.as_ref()) {
            let message = "no frame evokes it, and nothing refines to it".to_owned();
            findings.about("not-evoked", class, "", message, "add a `bg:Frame` that has `bg:evokes` with it");
        }
    }
}
