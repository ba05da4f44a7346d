//! Whether an event is told as a fact: cues of negation, plan, fear, threat, condition and hearsay whose scope it
//! stands in, and who says so.

use crate::extract::arguments::{arguments, preposition};
use crate::extract::triggers::{self, Triggers};
use crate::facts::Modality;
use crate::language::{Deprel, Document, Upos, WordId};
use crate::ontology::terms::{class, concept};
use crate::ontology::{ModalityCue, Ontology, SlotRelation};

/// How far up the tree a cue is sought.
const HEIGHT: usize = 10;

/// How an event is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Telling {
    /// The modality of the closest cue; actual without one.
    pub modality: Modality,
    /// The head word of whoever is said to say, plan, fear or deny it.
    pub source: Option<WordId>,
    /// How many clauses the trigger is embedded in, reporting clauses not counted.
    pub depth: u8,
}

/// Follows the path from a trigger to the root of its sentence and applies the cues on the way.
///
/// `class` is the class of event that the trigger tells of, if it is known.
pub(super) fn telling(
    document: &Document,
    ontology: &Ontology,
    triggers: &Triggers,
    trigger: WordId,
    class: Option<&str>,
) -> Telling {
    let path = Path { document, ontology, triggers };
    path.follow(trigger, class)
}

/// Whether the word above a trigger says that what the trigger tells of is over ("its presence was eliminated").
pub(super) fn is_over(document: &Document, ontology: &Ontology, triggers: &Triggers, trigger: WordId) -> bool {
    let path = Path { document, ontology, triggers };
    document.head(trigger).is_some_and(|head| {
        path.follow(head, None).modality.is_asserted()
            && triggers.cues(ontology, document, head).into_iter().any(|c| {
                *c.gives == *concept::ENDED.as_str() && c.scope.iter().any(|s| path.in_scope(s, head, trigger))
            })
    })
}

/// "has", "had", "was", "were": not "will be", "be".
fn is_past_auxiliary(document: &Document, word: WordId) -> bool {
    matches!(document.word(word).xpos, "VBD" | "VBZ" | "VBP")
        && matches!(document.lemma(word), "have" | "be")
        && !(document.lemma(word) == "be" && document.word(word).xpos != "VBD")
}

/// Whether a verb tells what something is done for ("advanced cautiously to oust the militants"), not what was done.
pub(in crate::extract) fn is_purpose(document: &Document, verb: WordId) -> bool {
    document.deprel(verb) == Deprel::Advcl
        && document.children_by(verb, Deprel::Mark).any(|m| document.upos(m) == Upos::Part)
}

struct Path<'a> {
    document: &'a Document,
    ontology: &'a Ontology,
    triggers: &'a Triggers,
}

impl Path<'_> {
    fn follow(&self, trigger: WordId, class: Option<&str>) -> Telling {
        let document = self.document;
        let is = |ancestor: &str| class.is_some_and(|c| self.ontology.is_subclass(c, ancestor));
        // "blocked the road to demand water", "went on hunger strike to protest": what is done to say something says it.
        let uttered = class.is_some_and(|c| self.ontology.is_speech(c)) || is(class::PROTEST.as_str());
        let violent = is(class::VIOLENCE.as_str());
        let mut telling = Telling { modality: Modality::Actual, source: None, depth: 0 };
        // "the besieged town", "seized weapons": said in passing.
        if document.deprel(trigger) == Deprel::Amod {
            telling.depth = 2;
        }
        let mut at = trigger;
        // Cues on an ancestor hold for the trigger as long as every step up is a complement without a clause of its own.
        let mut within_clause = true;
        let mut known = false;
        self.nobody(trigger, &mut telling);
        for _ in 0..HEIGHT {
            // "would have condemned the attack": it has taken place, or there were nothing to condemn.
            if violent
                && at != trigger
                && telling.modality == Modality::Actual
                && matches!(document.deprel(trigger), Deprel::Obj)
                && document.head(trigger) == Some(at)
                && self.is_definite(trigger)
                && self.speaks(at)
            {
                telling.depth = telling.depth.saturating_add(1);
                break;
            }
            if within_clause {
                let before = telling.modality;
                self.dependents(at, trigger, &mut telling);
                if known && before == Modality::Actual && telling.modality == Modality::Negated {
                    telling.modality = before;
                }
            }
            let Some(head) = document.head(at) else { break };
            let relation = document.deprel(at);
            // "Newly appointed, the minister has refused to meet him", "Backed by tanks, the army wants to take the town":
            // what a participle beside the clause tells is so, whatever becomes of the clause.
            if relation == Deprel::Advcl && self.is_bare_participle(at) {
                telling.depth = telling.depth.saturating_add(1);
                break;
            }
            self.governor(head, at, &mut telling);
            // "The operations in the valley are not affected": what has an article or an owner is there, whatever is denied
            // of it, unless that it was done at all.
            known |= at == trigger
                && matches!(relation, Deprel::Nsubj | Deprel::NsubjPass)
                && self.is_definite(at)
                && !self.brings_about(head);
            match relation {
                // What a noun's participle or relative clause tells is presupposed: "avoid the mines planted by …".
                Deprel::Acl if !self.is_infinitive(at) => {
                    telling.depth = telling.depth.saturating_add(1);
                    break;
                }
                // "has refused to meet the newly appointed envoy": he has been appointed.
                Deprel::Amod if document.upos(at) == Upos::Verb => break,
                Deprel::AclRelcl | Deprel::AdvclRelcl | Deprel::Appos => {
                    telling.depth = telling.depth.saturating_add(2);
                    // "any aircraft that enters the zone": none need have.
                    let present = matches!(document.word(at).xpos, "VBZ" | "VBP");
                    if present && telling.modality == Modality::Actual && self.is_any(head) {
                        telling.modality = Modality::Hypothetical;
                    }
                    break;
                }
                // "Capturing the city would be a prize": the whole stands under the auxiliary.
                Deprel::Csubj => telling.depth = telling.depth.saturating_add(1),
                Deprel::Obl | Deprel::Nmod
                    if self.is_given(at) || self.is_known(at, head, trigger) || self.is_owned_setting(at, trigger) =>
                {
                    telling.depth = telling.depth.saturating_add(1);
                    break;
                }
                Deprel::Advcl | Deprel::Acl | Deprel::Ccomp => {
                    // "advanced cautiously to oust the militants": what something was done for need not have come about.
                    let purpose =
                        at == trigger && telling.modality == Modality::Actual && is_purpose(document, trigger);
                    if purpose && uttered {
                        telling.depth = telling.depth.saturating_add(2);
                    } else if purpose {
                        telling.modality = Modality::Attempted;
                    }
                    // "No group has said it planted the device."
                    if relation == Deprel::Ccomp
                        && !self.triggers.sources(self.ontology, document, head).is_empty()
                        && self.pronoun_subject(at)
                    {
                        self.nobody(head, &mut telling);
                    }
                    if self.triggers.sources(self.ontology, document, head).is_empty() {
                        telling.depth = telling.depth.saturating_add(1);
                    }
                    within_clause = false;
                }
                Deprel::Xcomp | Deprel::Conj | Deprel::Obj | Deprel::Iobj | Deprel::NsubjPass | Deprel::Compound => {}
                Deprel::Parataxis => within_clause = false,
                _ => {
                    // A nominal in another phrase: only the governor's own scope counts.
                    within_clause = within_clause && matches!(relation, Deprel::Nsubj | Deprel::Obl | Deprel::Nmod);
                    if relation == Deprel::Nmod || relation == Deprel::Obl {
                        telling.depth = telling.depth.saturating_add(1);
                    }
                }
            }
            at = head;
        }
        telling
    }

    /// Whether a phrase with a preposition says what happened before or why: "in retaliation for the bombings".
    fn is_given(&self, noun: WordId) -> bool {
        let document = self.document;
        document.children_by(noun, Deprel::Case).any(|case| {
            let cues = self.triggers.cues(self.ontology, document, case);
            cues.iter().any(|cue| *cue.gives == *concept::ACTUAL.as_str())
        })
    }

    /// Whether a definite noun is only what another noun is about, one that is no cue: "will assess the results of the raid".
    fn is_known(&self, noun: WordId, head: WordId, trigger: WordId) -> bool {
        let document = self.document;
        noun == trigger
            && document.upos(head) == Upos::Noun
            && document.children_by(noun, Deprel::Det).any(|d| document.feat(d, "Definite") == Some("Def"))
            && self.triggers.cues(self.ontology, document, head).is_empty()
    }

    /// Whether a noun is one that is taken as known: it has an article or an owner.
    fn is_definite(&self, noun: WordId) -> bool {
        let document = self.document;
        matches!(document.upos(noun), Upos::Noun | Upos::Propn)
            && document.children(noun).iter().any(|&c| match document.deprel(c) {
                Deprel::Det => document.feat(c, "Definite") == Some("Def"),
                Deprel::NmodPoss => true,
                _ => false,
            })
    }

    /// Whether somebody's own act is only where or when something else is done: "tries to spare civilians in its
    /// *bombing campaigns*".
    fn is_owned_setting(&self, noun: WordId, trigger: WordId) -> bool {
        let document = self.document;
        noun == trigger
            && document.deprel(noun) == Deprel::Obl
            && document.children_by(noun, Deprel::NmodPoss).next().is_some()
            && preposition(document, noun).is_some_and(|p| p.is("in") || p.is("during"))
    }

    /// Whether a predicate says of its subject that it is done, or happens, at all: "was not carried out", "did not
    /// take place".
    fn brings_about(&self, predicate: WordId) -> bool {
        let document = self.document;
        document.upos(predicate) != Upos::Verb
            || !self.triggers.light_verbs(self.ontology, document, predicate).is_empty()
            || !self.triggers.cues(self.ontology, document, predicate).is_empty()
            || self.triggers.grammar.is_occurring(document.lemma(predicate))
    }

    /// A negated doer or victim negates: "no group has claimed the attack", "none of the soldiers was killed".
    fn nobody(&self, trigger: WordId, telling: &mut Telling) {
        let document = self.document;
        let sides = document
            .children(trigger)
            .iter()
            .copied()
            .filter(|&c| matches!(document.deprel(c), Deprel::Nsubj | Deprel::NsubjPass | Deprel::Obj));
        for side in sides {
            let determiner = document.children_by(side, Deprel::Det).next();
            for word in std::iter::once(side).chain(determiner) {
                for cue in self.triggers.cues(self.ontology, document, word) {
                    let negates = triggers::modality(&cue.gives) == Some(Modality::Negated);
                    if negates && cue.scope.contains(&SlotRelation::Governor) {
                        self.apply(cue, word, telling);
                        return;
                    }
                }
            }
        }
    }

    /// Cues that hang on a word and have that word in their scope: auxiliaries, "not", "allegedly", "if", "no".
    fn dependents(&self, word: WordId, trigger: WordId, telling: &mut Telling) {
        let document = self.document;
        for &child in document.children(word) {
            let relation = document.deprel(child);
            // Determiners, prepositions and adjectives speak of the noun they hang on, not of an event above it.
            let clausal = matches!(relation, Deprel::Aux | Deprel::Advmod | Deprel::Mark | Deprel::Cc);
            let nominal = matches!(relation, Deprel::Det | Deprel::Amod | Deprel::Case);
            if clausal || nominal && word == trigger {
                for cue in self.triggers.cues(self.ontology, document, child) {
                    if cue.scope.contains(&SlotRelation::Governor) {
                        // "will not attack" is no plan.
                        let negates = triggers::modality(&cue.gives) == Some(Modality::Negated);
                        if negates && telling.modality == Modality::Planned && word == trigger {
                            telling.modality = Modality::Negated;
                            continue;
                        }
                        self.apply(cue, child, telling);
                    }
                }
            }
            if telling.source.is_none() {
                self.source_below(child, telling);
            }
        }
        // "The troops are to enter the city."
        let to_do = document.children_by(word, Deprel::Mark).any(|m| document.lemma(m) == "to")
            && document
                .children(word)
                .iter()
                .any(|&c| matches!(document.deprel(c), Deprel::Aux | Deprel::Cop) && document.lemma(c) == "be");
        if to_do && telling.modality == Modality::Actual {
            telling.modality = Modality::Planned;
        }
    }

    /// Who says so below a word: "according to the army", "the army attacked, the Observatory said".
    fn source_below(&self, child: WordId, telling: &mut Telling) {
        let document = self.document;
        match document.deprel(child) {
            Deprel::Obl | Deprel::Nmod | Deprel::Advcl => {
                let marked = document.children_by(child, Deprel::Case).any(|case| {
                    self.triggers
                        .sources(self.ontology, document, case)
                        .iter()
                        .any(|s| s.source.contains(&SlotRelation::Own) || s.source.contains(&SlotRelation::Governor))
                });
                if marked {
                    telling.source = Some(child);
                }
            }
            Deprel::Parataxis if !self.triggers.sources(self.ontology, document, child).is_empty() => {
                telling.source = self.subject(child);
            }
            _ => {}
        }
    }

    /// Cues that a word stands under: "plan to attack", "fear of an attack", "denied shelling", "said that …".
    fn governor(&self, head: WordId, dependent: WordId, telling: &mut Telling) {
        let document = self.document;
        // "The operation was ordered by the prosecutor": what has an article is known, so that it took place.
        let known = document.deprel(dependent) == Deprel::NsubjPass
            && document.children_by(dependent, Deprel::Det).any(|d| document.feat(d, "Definite") == Some("Def"));
        for cue in self.triggers.cues(self.ontology, document, head) {
            if known && triggers::modality(&cue.gives) == Some(Modality::Demanded) {
                continue;
            }
            if cue.scope.iter().any(|s| self.in_scope(s, head, dependent)) && !self.is_past_fact(cue, dependent) {
                // "It was not disputed that aircraft bombed the town": what nobody denies is told as a fact.
                if triggers::modality(&cue.gives) == Some(Modality::Negated) && self.is_negated(head) {
                    return;
                }
                self.apply(cue, head, telling);
                return;
            }
        }
        if telling.source.is_none()
            && matches!(document.deprel(dependent), Deprel::Ccomp | Deprel::Parataxis)
            && !self.triggers.sources(self.ontology, document, head).is_empty()
        {
            telling.source = self.subject(head);
        }
    }

    /// Whether "not" or "never" hangs on a word.
    fn is_negated(&self, word: WordId) -> bool {
        self.document.children_by(word, Deprel::Advmod).any(|child| {
            let cues = self.triggers.cues(self.ontology, self.document, child);
            cues.iter().any(|cue| {
                triggers::modality(&cue.gives) == Some(Modality::Negated) && cue.scope.contains(&SlotRelation::Governor)
            })
        })
    }

    /// Whether a clause tells what has happened, where the cue above it speaks of what is to come: no plan, wish or demand
    /// reaches "exchanged vows, killing 32" or "offers help, they have attacked the town".
    fn is_past_fact(&self, cue: &ModalityCue, verb: WordId) -> bool {
        let document = self.document;
        let ahead = matches!(
            triggers::modality(&cue.gives),
            Some(Modality::Planned | Modality::Demanded | Modality::Threatened | Modality::Attempted)
        );
        let clause = matches!(document.deprel(verb), Deprel::Acl | Deprel::Advcl | Deprel::Ccomp | Deprel::Parataxis);
        if !ahead || !clause || document.children_by(verb, Deprel::Mark).any(|m| document.form(m) != "that") {
            return false;
        }
        let perfect = document
            .children(verb)
            .iter()
            .any(|&c| matches!(document.deprel(c), Deprel::Aux | Deprel::AuxPass) && is_past_auxiliary(document, c));
        // Of participles only those that add a clause: "a plan to kill", but "vows, killing 32".
        let adds = document.word(verb).xpos == "VBG" && document.deprel(verb) != Deprel::Ccomp;
        perfect || adds || document.word(verb).xpos == "VBD"
    }

    /// Whether a dependent stands to its head in the relation a cue names, in plain active terms.
    fn in_scope(&self, scope: &SlotRelation, head: WordId, dependent: WordId) -> bool {
        let SlotRelation::Dependent { relation, preposition: wanted } = scope else { return false };
        let document = self.document;
        let own = document.deprel(dependent);
        match wanted {
            Some(wanted) => {
                let marked = match own {
                    Deprel::Obl | Deprel::Nmod => preposition(document, dependent).is_some_and(|p| p.is(wanted)),
                    Deprel::Advcl | Deprel::Acl | Deprel::Ccomp | Deprel::Xcomp => document
                        .children_by(dependent, Deprel::Mark)
                        .any(|m| document.form(m).eq_ignore_ascii_case(wanted)),
                    _ => false,
                };
                marked
                    && (own == *relation
                        || matches!((own, relation), (Deprel::Acl | Deprel::Advcl, Deprel::Obl | Deprel::Nmod)))
            }
            None if own == *relation => true,
            // "the attack was feared": what is the subject of the passive is the object.
            None => *relation == Deprel::Obj && own == Deprel::NsubjPass && document.head(dependent) == Some(head),
        }
    }

    fn apply(&self, cue: &ModalityCue, word: WordId, telling: &mut Telling) {
        let Some(given) = triggers::modality(&cue.gives) else { return };
        // The closest cue decides; a negation of a negation is none, and a negation on top of a plan or a threat leaves it
        // one.
        if telling.modality == Modality::Actual {
            telling.modality = given;
        } else if given == Modality::Negated && telling.modality == Modality::Negated {
            telling.modality = Modality::Actual;
        }
        if telling.source.is_none() && !cue.source.is_empty() {
            let found = arguments(self.document, word);
            telling.source = found.iter().find(|a| cue.source.iter().any(|s| a.stands_in(s))).map(|a| a.word);
        }
    }

    /// Whether a verb is a past participle without subject, auxiliary or conjunction of its own.
    fn is_bare_participle(&self, verb: WordId) -> bool {
        let document = self.document;
        document.word(verb).xpos == "VBN"
            && !document.children(verb).iter().any(|&c| {
                matches!(
                    document.deprel(c),
                    Deprel::Mark | Deprel::Aux | Deprel::AuxPass | Deprel::Nsubj | Deprel::NsubjPass | Deprel::Cop
                )
            })
    }

    /// Whether a noun stands for whoever or whatever there may be: "any aircraft", "anyone".
    fn is_any(&self, noun: WordId) -> bool {
        let document = self.document;
        document.feat(noun, "PronType") != Some("Rel")
            && std::iter::once(noun)
                .chain(document.children_by(noun, Deprel::Det))
                .any(|w| self.triggers.grammar.is_unspecific(document.lemma(w)))
    }

    /// Whether a verb tells of something said or judged.
    fn speaks(&self, verb: WordId) -> bool {
        let hits = self.triggers.frames.at(self.document, verb);
        hits.iter().any(|hit| self.ontology.is_speech(&self.ontology.frames()[hit.entry].evokes))
    }

    fn pronoun_subject(&self, verb: WordId) -> bool {
        self.document.children_by(verb, Deprel::Nsubj).any(|s| self.document.upos(s) == Upos::Pron)
    }

    fn is_infinitive(&self, verb: WordId) -> bool {
        self.document.children_by(verb, Deprel::Mark).next().is_some()
    }

    fn subject(&self, verb: WordId) -> Option<WordId> {
        arguments(self.document, verb).into_iter().find(|a| a.relation == Deprel::Nsubj).map(|a| a.word)
    }
}
