//! Whose thing took part: "a *Syrian* warplane bombed", "a missile fired by *the army* hit", "*Islamic State* positions
//! were shelled".
//!
//! Warplanes, guns and missiles act for those who have them, and who hits a convoy or a position hits those whose it is.
//! A frame names only what its grammar names; [`Matcher::owners`] adds those behind the things, [`Matcher::supporters`]
//! those beside the doers, [`Matcher::doers_beside`] who stands before a noun.

use super::matching::{Evoked, Filled, Matcher};
use crate::extract::arguments::{arguments, is_passive, preposition};
use crate::extract::reading::Noted;
use crate::facts::{EntityKind, Iri, MentionForm};
use crate::language::{Deprel, Upos, WordId};
use crate::ontology::terms::{class, property};

/// Which side of an event a thing is on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Doer,
    Hit,
}

impl Matcher<'_> {
    /// The actors behind the things among the fillers of an event's roles, with the roles that they thereby have.
    pub(super) fn owners(&self, class: &str, fillers: &[Filled]) -> Vec<Filled> {
        let ontology = self.ontology;
        let violent = ontology.is_subclass(class, class::VIOLENCE.as_str());
        let is_doer = |role: &Iri| ontology.is_subproperty(role, property::INITIATOR.as_str());
        let is_hit = |role: &Iri| ontology.is_subproperty(role, property::TARGET.as_str());
        // "burned *a house of the tribe*": what is destroyed is somebody's.
        let is_ruined = |f: &Filled| violent && f.role.as_ref() == property::ITEM.as_str();
        let noted = |f: &Filled| &self.reading.mentions[f.mention];
        let done = fillers.iter().any(|f| is_doer(&f.role) && noted(f).kind.is_actor());
        let mut found: Vec<Filled> = Vec::new();
        for filler in fillers {
            let thing = noted(filler);
            let armed = matches!(thing.kind, EntityKind::Vehicle | EntityKind::Weapon);
            let instrument = filler.role.as_ref() == property::INSTRUMENT.as_str();
            let side = if armed && !done && (is_doer(&filler.role) || instrument) {
                Side::Doer
            } else if is_hit(&filler.role) && (armed || self.is_site(thing)) || is_ruined(filler) {
                Side::Hit
            } else {
                continue;
            };
            let role: Iri = match side {
                Side::Doer => property::INITIATOR.as_str().into(),
                Side::Hit if is_ruined(filler) => property::TARGET.as_str().into(),
                Side::Hit => filler.role.clone(),
            };
            for mention in self.owner(thing.head, side) {
                let entity = self.reading.mentions[mention].entity;
                let known = fillers.iter().chain(&found).any(|f| {
                    f.mention == mention || entity.is_some() && self.reading.mentions[f.mention].entity == entity
                });
                if !known {
                    found.push(Filled { role: role.clone(), mention, distance: 1 });
                }
            }
        }
        found
    }

    /// Who is named before a noun of violence whose frame found no doer: "an *army* rocket attack".
    pub(super) fn doers_beside(&self, evoked: &Evoked<'_>) -> Vec<Filled> {
        let document = self.document();
        let ontology = self.ontology;
        let sided = |f: &Filled| {
            ontology.is_subproperty(&f.role, property::INITIATOR.as_str())
                || f.role.as_ref() == property::PARTICIPANT.as_str()
        };
        let noun = matches!(document.upos(evoked.trigger), Upos::Noun | Upos::Propn);
        if !noun
            || !ontology.is_subclass(&evoked.frame.evokes, class::VIOLENCE.as_str())
            || ontology.folds(&evoked.frame.evokes)
            || evoked.frame.outcome.is_some()
            || evoked.fillers.iter().any(sided)
        {
            return Vec::new();
        }
        let takes_doer =
            evoked.frame.slots.iter().chain(&evoked.frame.requires).any(|slot| {
                slot.role.as_ref().is_some_and(|r| ontology.is_subproperty(r, property::INITIATOR.as_str()))
            });
        let before = evoked.words.iter().flat_map(|&w| document.children(w)).copied().filter(|c| {
            matches!(document.deprel(*c), Deprel::Compound | Deprel::Amod | Deprel::NmodPoss)
                && *c < evoked.trigger
                && !evoked.words.contains(c)
        });
        before
            .filter_map(|c| self.reading.mention_at[c])
            .filter(|&m| takes_doer && self.is_force(m) && !evoked.fillers.iter().any(|f| f.mention == m))
            .map(|mention| Filled { role: property::INITIATOR.as_str().into(), mention, distance: 1 })
            .collect()
    }

    /// Whether a mention is surely of those who use force, or of a people for its state.
    fn is_force(&self, mention: usize) -> bool {
        let noted = &self.reading.mentions[mention];
        let armed: [Iri; 2] = [class::ARMED_ACTOR.as_str().into(), class::NON_STATE_COMBATANTS.as_str().into()];
        noted.kind == EntityKind::Nationality || noted.kind.is_actor() && self.is_surely(mention, &armed)
    }

    /// Who is said beside a doer to have acted with him or helped him: "police *together with* soldiers", "rebels *backed by* the
    /// militia".
    pub(super) fn supporters(&self, fillers: &[Filled]) -> Vec<Filled> {
        let document = self.document();
        let doers = fillers.iter().filter(|f| self.ontology.is_subproperty(&f.role, property::INITIATOR.as_str()));
        let mut found: Vec<Filled> = Vec::new();
        for doer in doers {
            for &child in document.children(self.reading.mentions[doer.mention].head) {
                let grammar = &self.triggers.grammar;
                let lemma = document.lemma(child);
                // "militiamen accompanied by soldiers": both did it; "troops backed by militiamen" were helped.
                let backing = document.deprel(child) == Deprel::Acl && grammar.is_backing(lemma);
                let role = if backing { property::SUPPORTER } else { property::INITIATOR };
                let helpers: Vec<WordId> = match document.deprel(child) {
                    Deprel::Acl if is_passive(document, child) && (backing || grammar.is_accompanying(lemma)) => {
                        arguments(document, child)
                            .iter()
                            .filter(|a| a.relation == Deprel::Nsubj)
                            .map(|a| a.word)
                            .collect()
                    }
                    Deprel::Nmod if preposition(document, child).is_some_and(|p| grammar.is_together(&p)) => {
                        std::iter::once(child).chain(document.children_by(child, Deprel::Conj)).collect()
                    }
                    _ => continue,
                };
                for helper in helpers {
                    if let Some(mention) = self.reading.mention_at[helper].filter(|&m| self.may_own(m))
                        && !fillers.iter().chain(&found).any(|f| f.mention == mention)
                    {
                        found.push(Filled { role: role.as_str().into(), mention, distance: 1 });
                    }
                }
            }
        }
        found
    }

    /// Whether a mention describes a place that somebody has built or holds: a base, a position, a checkpoint; not a town.
    fn is_site(&self, noted: &Noted) -> bool {
        let facility = |c: &str| self.ontology.is_subclass(c, class::FACILITY.as_str());
        noted.kind == EntityKind::Place && noted.class.as_deref().is_some_and(facility)
    }

    /// Who has the thing that a noun denotes: who is named before it, behind "of" or "belonging to", or as the one who
    /// fired, dropped or drove it.
    fn owner(&self, thing: WordId, side: Side) -> Vec<usize> {
        let document = self.document();
        let mut found = Vec::new();
        let mut add = |word: WordId| {
            if let Some(mention) = self.reading.mention_at[word].filter(|&m| self.may_own(m)) {
                found.push(mention);
            }
        };
        for &child in document.children(thing) {
            match document.deprel(child) {
                Deprel::Compound | Deprel::Amod | Deprel::NmodPoss => {
                    add(child);
                    document.children_by(child, Deprel::Conj).for_each(&mut add);
                }
                Deprel::Nmod => {
                    let owns = preposition(document, child)
                        .is_some_and(|p| self.triggers.grammar.is_owner(&p, side == Side::Doer));
                    if owns {
                        add(child);
                        document.children_by(child, Deprel::Conj).for_each(&mut add);
                    }
                }
                Deprel::Acl | Deprel::AclRelcl if is_passive(document, child) => {
                    arguments(document, child).iter().filter(|a| a.relation == Deprel::Nsubj).for_each(|a| add(a.word));
                }
                _ => {}
            }
        }
        found
    }

    /// Whether a mention is of an actor, or names a country for its state.
    fn may_own(&self, mention: usize) -> bool {
        let noted = &self.reading.mentions[mention];
        let pronoun = matches!(noted.form, MentionForm::Pronoun | MentionForm::Possessive);
        noted.entity.is_some()
            && match noted.kind {
                EntityKind::Nationality => true,
                EntityKind::Organization => !pronoun,
                EntityKind::Person => noted.form == MentionForm::Name,
                _ => false,
            }
    }
}
