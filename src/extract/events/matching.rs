//! Frames against trees: which frame a word evokes, and who fills its roles.
//!
//! [`evoked`] tries every frame that a word (with its neighbours, for triggers of several words) could trigger,
//! fills the slots of each from the word's arguments in plain active terms, and scores the result: a frame that finds
//! the fillers it asks for wins over one that does not, a longer trigger over a shorter one. Where fillers stand is told
//! in `positions`, what may be one in `suitability`.

use super::suitability::{Fit, default_class};
use crate::extract::arguments::Argument;
use crate::extract::reading::Reading;
use crate::extract::trace::{self, Attempt, Observer, Verdict};
use crate::extract::triggers::Triggers;
use crate::facts::Iri;
use crate::language::{Document, WordId};
use crate::ontology::terms::class;
use crate::ontology::{Frame, Ontology, Slot, SlotRelation};

/// A frame that a word evokes, with its fillers.
#[derive(Clone, Debug)]
pub(super) struct Evoked<'l> {
    pub frame: &'l Frame,
    /// The evoking word.
    pub trigger: WordId,
    /// All words of the trigger.
    pub words: Vec<WordId>,
    /// Role, mention, and the word that fills.
    pub fillers: Vec<Filled>,
    /// Mention, and whether it is only near there.
    pub places: Vec<(usize, bool)>,
    /// How well it fits; higher is better.
    pub score: i32,
}

/// A filled role.
#[derive(Clone, Debug)]
pub(super) struct Filled {
    pub role: Iri,
    pub mention: usize,
    pub distance: u8,
}

/// Why a frame does not fit a word.
#[derive(Clone, Copy, Debug)]
enum Refusal<'l> {
    /// A slot that must be filled is not.
    Missing(&'l Slot),
    /// A slot that must not be filled is, by this word where it is an argument.
    Forbidden(&'l Slot, Option<WordId>),
}

/// What matching needs to know of one article.
pub(super) struct Matcher<'a> {
    pub reading: &'a Reading<'a>,
    pub ontology: &'a Ontology,
    pub triggers: &'a Triggers,
}

impl<'a> Matcher<'a> {
    pub(super) fn document(&self) -> &'a Document {
        self.reading.document
    }

    /// All frames that `word` evokes, in no particular order; the observer is told why others are not.
    pub(super) fn evoked(&self, word: WordId, observer: &mut impl Observer) -> Vec<Evoked<'a>> {
        let mut found = Vec::new();
        let mut own: Option<Vec<Argument<'a>>> = None;
        for hit in self.triggers.frames.at(self.document(), word) {
            let frame = &self.ontology.frames()[hit.entry];
            let arguments = own.get_or_insert_with(|| self.arguments(word));
            let evoked = self.fill(frame, word, arguments).or_else(|refusal| {
                let finite = self.past_for_participle(word, arguments).ok_or(refusal)?;
                self.fill(frame, word, &finite).map_err(|_| refusal)
            });
            match evoked {
                Ok(mut evoked) => {
                    evoked.score += 6 * (hit.words.len() as i32 - 1);
                    evoked.words = hit.words.to_vec();
                    found.push(evoked);
                }
                Err(refusal) => observer.note(|| {
                    let verdict = self.verdict(refusal, arguments);
                    vec![self.attempt(frame, word, hit.words.to_vec(), verdict)]
                }),
            }
        }
        found
    }

    /// What is noted of a frame that was tried.
    pub(super) fn attempt(&self, frame: &Frame, trigger: WordId, mut words: Vec<WordId>, verdict: Verdict) -> Attempt {
        words.sort_unstable();
        Attempt {
            frame: frame.iri.clone(),
            evokes: frame.evokes.clone(),
            trigger,
            words,
            arguments: trace::named(&self.arguments(trigger)),
            verdict,
        }
    }

    fn verdict(&self, refusal: Refusal<'_>, arguments: &[Argument<'a>]) -> Verdict {
        match refusal {
            Refusal::Forbidden(slot, by) => Verdict::Forbidden { slot: slot.clone(), by },
            Refusal::Missing(slot) => {
                let there = |a: &&Argument<'a>| slot.relations.iter().any(|r| a.stands_in(r));
                let class = |word: WordId| {
                    let noted = &self.reading.mentions[self.reading.mention_at[word]?];
                    Some(noted.class.clone().unwrap_or_else(|| default_class(noted.kind).into()))
                };
                let unsuited = arguments.iter().filter(there).map(|a| (a.word, class(a.word))).collect();
                Verdict::Missing { slot: slot.clone(), unsuited }
            }
        }
    }

    fn fill(&self, frame: &'a Frame, word: WordId, arguments: &[Argument<'a>]) -> Result<Evoked<'a>, Refusal<'a>> {
        let slots = frame.slots.iter().chain(&frame.requires);
        let harmed = frame.outcome.as_ref().and_then(|_| self.reduced_passive(&slots, word, arguments));
        let arguments = harmed.as_deref().unwrap_or(arguments);
        let mut evoked =
            Evoked { frame, trigger: word, words: Vec::new(), fillers: Vec::new(), places: Vec::new(), score: 0 };
        let mut used = vec![false; arguments.len()];
        for slot in &frame.forbids {
            let by = arguments.iter().find(|a| a.distance < 2 && self.admits(slot, a).is_some()).map(|a| a.word);
            let by_path = || !self.at_paths(slot, arguments).is_empty();
            if by.is_some() || self.around(slot, word).is_some() || by_path() {
                return Err(Refusal::Forbidden(slot, by));
            }
        }
        // "Leaders order a force for Niger": what hangs on the verb is not what a leader leads.
        let own_only = [class::LEADERSHIP, class::MEMBERSHIP].iter().any(|c| *frame.evokes == *c.as_str());
        for slot in &frame.requires {
            let mut met = false;
            for (i, argument) in arguments.iter().enumerate().filter(|(_, a)| a.distance < 2 || !own_only) {
                if let Some(fit) = self.admits(slot, argument) {
                    met = true;
                    if let (Some(role), Some(mention)) = (&slot.role, fit.mention) {
                        evoked.fillers.push(Filled { role: role.clone(), mention, distance: argument.distance });
                        used[i] = true;
                    }
                }
            }
            let below = if met { Vec::new() } else { self.at_paths(slot, arguments) };
            for fit in below {
                met = true;
                if let (Some(role), Some(mention)) = (&slot.role, fit.mention) {
                    evoked.fillers.push(Filled { role: role.clone(), mention, distance: 1 });
                }
            }
            if let Some(fit) = self.around(slot, word).filter(|_| !met) {
                met = true;
                if let (Some(role), Some(mention)) = (&slot.role, fit.mention) {
                    evoked.fillers.push(Filled { role: role.clone(), mention, distance: 0 });
                }
            }
            for relation in &slot.relations {
                if !met && let SlotRelation::Within(marked) = relation {
                    let found = self.within(slot, marked.as_deref(), word, arguments, &evoked.fillers);
                    met = !found.is_empty();
                    for mention in found {
                        evoked.fillers.extend(slot.role.clone().map(|role| Filled { role, mention, distance: 2 }));
                    }
                }
            }
            if !met {
                return Err(Refusal::Missing(slot));
            }
            evoked.score += 8;
        }
        for slot in &frame.slots {
            if let (Some(role), Some(Fit { mention: Some(mention), .. })) = (&slot.role, self.around(slot, word)) {
                evoked.fillers.push(Filled { role: role.clone(), mention, distance: 0 });
                evoked.score += 3;
            }
        }
        for distance in 0..=2 {
            for slot in &frame.slots {
                let Some(role) = &slot.role else { continue };
                if distance == 2 && evoked.fillers.iter().any(|f| f.role == *role) {
                    continue;
                }
                for (i, argument) in arguments.iter().enumerate() {
                    if used[i] || argument.distance != distance {
                        continue;
                    }
                    if let Some(Fit { mention: Some(mention), exact }) = self.admits(slot, argument) {
                        used[i] = true;
                        evoked.fillers.push(Filled { role: role.clone(), mention, distance });
                        evoked.score += if exact { 3 } else { 2 } - i32::from(distance);
                    }
                }
            }
        }
        for slot in &frame.slots {
            let Some(role) = &slot.role else { continue };
            if evoked.fillers.iter().any(|f| f.role == *role) {
                continue;
            }
            for fit in self.at_paths(slot, arguments) {
                if let Some(mention) = fit.mention.filter(|m| !evoked.fillers.iter().any(|f| f.mention == *m)) {
                    evoked.fillers.push(Filled { role: role.clone(), mention, distance: 2 });
                    evoked.score += 1;
                }
            }
        }
        for slot in &frame.slots {
            let Some(role) = &slot.role else { continue };
            for relation in &slot.relations {
                if let SlotRelation::Within(marked) = relation
                    && evoked.fillers.iter().all(|f| f.role != *role)
                {
                    let found = self.within(slot, marked.as_deref(), word, arguments, &evoked.fillers);
                    evoked.fillers.extend(found.into_iter().map(|m| Filled {
                        role: role.clone(),
                        mention: m,
                        distance: 2,
                    }));
                }
            }
        }
        for (i, argument) in arguments.iter().enumerate() {
            if used[i] {
                continue;
            }
            if let Some((mention, near)) = self.place(argument)
                && !evoked.places.iter().any(|p| p.0 == mention)
            {
                evoked.places.push((mention, near));
                evoked.score += i32::from(argument.distance == 0);
            }
        }
        Ok(evoked)
    }
}
