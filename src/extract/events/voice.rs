//! Verbs whose voice the tree has wrong: their arguments as those of the voice that they must be in.

use super::matching::Matcher;
use crate::extract::arguments::Argument;
use crate::language::{Deprel, WordId};
use crate::ontology::terms::property;
use crate::ontology::{Slot, SlotRelation};

impl<'a> Matcher<'a> {
    /// The arguments of a verb of harm that has no object, its subject as what it would be: by their slots such verbs make
    /// doer and target of subject and object, and they are never without an object in the active, so that notes and
    /// headlines that say "two gunmen killed" leave out "were".
    pub(super) fn reduced_passive<'s>(
        &self,
        slots: &(impl Iterator<Item = &'s Slot> + Clone),
        verb: WordId,
        arguments: &[Argument<'a>],
    ) -> Option<Vec<Argument<'a>>> {
        let document = self.document();
        let takes = |wanted: Deprel, role: &str| {
            let relation = |r: &SlotRelation| matches!(r, SlotRelation::Dependent { relation, preposition: None } if *relation == wanted);
            slots.clone().any(|s| s.role.as_deref() == Some(role) && s.relations.iter().any(relation))
        };
        let harms = takes(Deprel::Obj, property::TARGET.as_str()) && takes(Deprel::Nsubj, property::INITIATOR.as_str());
        let bare = matches!(document.word(verb).xpos, "VBD" | "VBN")
            && !document.children(verb).iter().any(|&c| {
                matches!(document.deprel(c), Deprel::Aux | Deprel::AuxPass | Deprel::OblAgent | Deprel::NsubjPass)
            });
        let object = arguments.iter().any(|a| matches!(a.relation, Deprel::Obj | Deprel::Ccomp | Deprel::Xcomp));
        let subject = |a: &Argument<'_>| a.relation == Deprel::Nsubj && a.distance == 0;
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
}
