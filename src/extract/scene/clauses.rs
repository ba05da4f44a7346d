//! Whether a place stands in a clause that is about something else than a trigger.

use super::Scene;
use crate::extract::merging::Group;
use crate::language::{Deprel, Upos, WordId};

impl Scene<'_> {
    /// Whether a place stands in a clause behind that of a trigger with a subject of its own ("they fled, and *clashes went on
    /// in Homs*"), or the trigger in one with "whose", which tells of somebody who is elsewhere.
    pub(super) fn is_of_another_clause(&self, mention: usize, trigger: WordId) -> bool {
        let document = self.reading.document;
        let place = self.reading.mentions[mention].head;
        let subjects = |verb: WordId| {
            document
                .children(verb)
                .iter()
                .copied()
                .filter(|&c| matches!(document.deprel(c), Deprel::Nsubj | Deprel::NsubjPass))
        };
        let mut at = place;
        for _ in 0..12 {
            let Some(head) = document.head(at) else { break };
            let coordinate = document.upos(at) == Upos::Verb
                && document.deprel(at) == Deprel::Conj
                && at > trigger
                && subjects(at).next().is_some();
            if coordinate && !document.subtree(at).contains(&trigger) {
                return true;
            }
            at = head;
        }
        place < trigger && self.is_of_owned(trigger)
    }

    /// Whether a place belongs to another event that the sentence only mentions beside a thing, in a clause of its own that an
    /// event is not told in: "hit an airbase *that was used for an attack on a village in Idlib*".
    pub(super) fn is_of_digression(&self, mention: usize, group: &Group) -> bool {
        let document = self.reading.document;
        let own = |w: WordId| group.tellings.iter().any(|&t| self.reading.events[t].trigger == w);
        let (mut at, mut told) = (self.reading.mentions[mention].head, false);
        for _ in 0..12 {
            if own(at) {
                return false;
            }
            told |= self.reading.events.binary_search_by_key(&at, |e| e.trigger).is_ok();
            if told && document.deprel(at) == Deprel::AclRelcl {
                let inside = document.subtree(at);
                return !group.tellings.iter().any(|&t| inside.contains(&self.reading.events[t].trigger));
            }
            let Some(head) = document.head(at) else { return false };
            at = head;
        }
        false
    }

    /// Whether a trigger stands in a clause with "whose".
    pub(super) fn is_of_owned(&self, trigger: WordId) -> bool {
        let document = self.reading.document;
        let Some(sentence) = document.sentences().get(document.sentence_of(trigger)) else { return false };
        let whose = (sentence.words.start..trigger).rev().find(|&w| document.word(w).xpos == "WP$");
        let verbs = |w: WordId| (w + 1..trigger).filter(|&v| document.upos(v) == Upos::Verb).count();
        whose.is_some_and(|w| verbs(w) == 0)
    }

    /// Whether a place stands in a clause that a trigger is told in: "announced in *Maiwut* that he was quitting the movement".
    pub(super) fn is_of_clause_above(&self, mention: usize, trigger: WordId) -> bool {
        let document = self.reading.document;
        let heads = |word: WordId| std::iter::successors(Some(word), |&w| document.head(w)).take(12);
        let verb = heads(self.reading.mentions[mention].head).find(|&w| document.upos(w) == Upos::Verb);
        verb.is_some_and(|verb| heads(trigger).any(|w| w == verb))
    }

    /// Whether the nearest verb above a place is that of a trigger, or one above it with no conjunction in between.
    pub(super) fn shares_clause(&self, mention: usize, trigger: WordId) -> bool {
        let document = self.reading.document;
        let verb = |word: WordId| {
            let mut at = word;
            for _ in 0..12 {
                if document.upos(at) == Upos::Verb {
                    break;
                }
                at = document.head(at).unwrap_or(at);
            }
            at
        };
        let place = verb(self.reading.mentions[mention].head);
        let mut at = verb(trigger);
        for _ in 0..4 {
            if at == place {
                return true;
            }
            let conjunction = document.children_by(at, Deprel::Mark).any(|m| document.upos(m) == Upos::Sconj);
            match document.head(at).filter(|_| !conjunction) {
                Some(head) => at = verb(head),
                None => return false,
            }
        }
        false
    }
}
