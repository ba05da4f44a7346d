//! Verbs whose voice the tree has wrong: their arguments as those of the voice that they must be in.

use super::matching::Matcher;
use crate::extract::arguments::Argument;
use crate::language::{Deprel, Upos, WordId};
use crate::ontology::terms::{concept, property};
use crate::ontology::{Frame, Slot, SlotRelation};

impl<'a> Matcher<'a> {
    /// The arguments of a verb with its subject as its object, where slots make them doer and target and the verb has
    /// neither an object nor an auxiliary.
    pub(super) fn undo_short_passive(
        &self,
        slots: &[Slot],
        word: WordId,
        arguments: &[Argument<'a>],
    ) -> Option<Vec<Argument<'a>>> {
        let document = self.document();
        let takes = |wanted: Deprel, role: &str| {
            slots.iter().any(|s| {
                let relation = |r: &SlotRelation| {
                    matches!(r, SlotRelation::Dependent { relation, preposition: None } if *relation == wanted)
                };
                s.role.as_deref() == Some(role) && s.relations.iter().any(relation)
            })
        };
        let harms = matches!(document.word(word).xpos, "VBD" | "VBN")
            && takes(Deprel::Obj, property::TARGET.as_str())
            && takes(Deprel::Nsubj, property::INITIATOR.as_str());
        let bare = !document.children(word).iter().any(|&c| {
            matches!(document.deprel(c), Deprel::Aux | Deprel::AuxPass | Deprel::OblAgent | Deprel::NsubjPass)
        });
        let object = arguments.iter().any(|a| matches!(a.relation, Deprel::Obj | Deprel::Ccomp | Deprel::Xcomp));
        let subject = |a: &Argument<'_>| a.relation == Deprel::Nsubj && a.distance < 2;
        if !harms || !bare || object || !arguments.iter().any(subject) {
            return None;
        }
        let undone = arguments.iter().map(|a| if subject(a) { Argument { relation: Deprel::Obj, ..*a } } else { *a });
        Some(undone.collect())
    }

    /// The arguments of what the tree has as the participle of the noun that a sentence without another finite verb consists of
    /// ("Hundreds of people | gathered outside the ministry"), as those of a verb in the past: a verb that
    /// takes no object has no passive participle, and so where a frame refuses the noun as its object, the noun is its subject.
    pub(super) fn past_for_participle(&self, verb: WordId, arguments: &[Argument<'a>]) -> Option<Vec<Argument<'a>>> {
        let document = self.document();
        // "Dozens of students | marched": on either noun.
        let noun = document.head(verb).filter(|&noun| noun < verb)?;
        let of_root = document.deprel(noun) == Deprel::Nmod
            && document.head(noun).is_some_and(|whole| document.deprel(whole) == Deprel::Root);
        if !of_root && document.deprel(noun) != Deprel::Root {
            return None;
        }
        let own = document.subtree(verb);
        let sentence = &document.sentences()[document.sentence_of(verb)];
        let finite = |word: WordId| matches!(document.word(word).xpos, "VBD" | "VBP" | "VBZ" | "MD");
        let participle = document.word(verb).xpos == "VBN" && document.deprel(verb) == Deprel::Acl;
        if !participle || sentence.words.clone().any(|word| !own.contains(&word) && finite(word)) {
            return None;
        }
        let subject = |a: &Argument<'a>| match a.relation {
            Deprel::Obj if a.word < verb => Argument { relation: Deprel::Nsubj, ..*a },
            _ => *a,
        };
        Some(arguments.iter().map(subject).collect())
    }

    /// The arguments of a verb of harm that has no object, its subject as what it would be: such verbs are never without one in
    /// the active, so that notes and headlines that say "two gunmen killed" leave out "were".
    pub(super) fn reduced_passive(
        &self,
        frame: &Frame,
        verb: WordId,
        arguments: &[Argument<'a>],
    ) -> Option<Vec<Argument<'a>>> {
        let document = self.document();
        let outcome = frame.outcome.as_deref()?;
        let harms = [concept::KILLED, concept::INJURED, concept::ARRESTED, concept::CAPTURED, concept::ABDUCTED];
        let object =
            |s: &Slot| s.relations.iter().any(|r| matches!(r, SlotRelation::Dependent { relation: Deprel::Obj, .. }));
        let own = |relation: Deprel| arguments.iter().any(|a| a.relation == relation && a.distance == 0);
        let reduced = harms.iter().any(|h| h.as_str() == outcome)
            && document.upos(verb) == Upos::Verb
            && matches!(document.word(verb).xpos, "VBD" | "VBN")
            && frame.slots.iter().chain(&frame.requires).any(object)
            && own(Deprel::Nsubj)
            && !arguments.iter().any(|a| matches!(a.relation, Deprel::Obj | Deprel::Ccomp | Deprel::Xcomp))
            && document.children_by(verb, Deprel::Aux).next().is_none();
        reduced.then(|| {
            let object = |a: &Argument<'a>| match a.relation {
                Deprel::Nsubj if a.distance == 0 => Argument { relation: Deprel::Obj, ..*a },
                _ => *a,
            };
            arguments.iter().map(object).collect()
        })
    }
}
