//! Frames against trees: which frame a word evokes, and who fills its roles.
//!
//! [`evoked`] tries every frame that a word (with its neighbours, for triggers of several words) could trigger,
//! fills the slots of each from the word's arguments in plain active terms, and scores the result: a frame that finds
//! the fillers it asks for wins over one that does not, a longer trigger over a shorter one.

use crate::extract::arguments::{self, Argument, arguments, preposition};
use crate::extract::reading::{Noted, Reading};
use crate::extract::trace::{self, Attempt, Observer, Verdict};
use crate::extract::triggers::Triggers;
use crate::facts::{EntityKind, Iri, MentionForm};
use crate::language::{Deprel, Document, Upos, WordId};
use crate::lexicon::frames::is;
use crate::ontology::terms::{class, concept, property};
use crate::ontology::{Condition, Frame, Ontology, Slot, SlotRelation};

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
    fn past_for_participle(&self, verb: WordId, arguments: &[Argument<'a>]) -> Option<Vec<Argument<'a>>> {
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
        let harmed = self.reduced_passive(frame, word, arguments);
        let arguments = harmed.as_deref().unwrap_or(arguments);
        let mut evoked =
            Evoked { frame, trigger: word, words: Vec::new(), fillers: Vec::new(), places: Vec::new(), score: 0 };
        let mut used = vec![false; arguments.len()];
        for slot in &frame.forbids {
            let by = arguments.iter().find(|a| a.distance < 2 && self.admits(slot, a).is_some()).map(|a| a.word);
            if by.is_some() || self.around(slot, word).is_some() {
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

    /// The arguments of a verb of harm that has no object, its subject as what it would be: such verbs are never without one in
    /// the active, so that notes and headlines that say "two gunmen killed" leave out "were".
    fn reduced_passive(&self, frame: &Frame, verb: WordId, arguments: &[Argument<'a>]) -> Option<Vec<Argument<'a>>> {
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

    /// Whether an argument may fill a slot, and the mention it would fill it with.
    fn admits(&self, slot: &Slot, argument: &Argument<'_>) -> Option<Fit> {
        if !slot.relations.iter().any(|r| argument.stands_in(r)) {
            return None;
        }
        // "Burkina Faso's worst attack" is one in the country.
        let document = self.document();
        let ranked = argument.relation == Deprel::NmodPoss
            && document.head(argument.word).is_some_and(|h| {
                document.children_by(h, Deprel::Amod).any(|c| document.feat(c, "Degree") == Some("Sup"))
            })
            && self.reading.mention_at[argument.word]
                .is_some_and(|m| self.reading.mentions[m].class.as_deref().is_some_and(|c| self.is_land(c)));
        if ranked {
            return None;
        }
        // A place for its people or its state acts and is acted upon; "from Tunisia", "in Syria" are places.
        let placed = argument.preposition.as_ref().is_some_and(|p| {
            p.is("from") || self.triggers.place_preposition(p).is_some_and(|_| !p.is("by") && !p.is("between"))
        });
        // "MOGADISHU TRUCK BOMB": a city before an event noun is where, a country who.
        let city = argument.relation == Deprel::Compound
            && argument.preposition.is_none()
            && self.reading.mention_at[argument.word].is_some_and(|m| {
                let noted = &self.reading.mentions[m];
                let state =
                    |c: &str| [class::COUNTRY, class::STATE].iter().any(|s| self.ontology.is_subclass(c, s.as_str()));
                noted.kind == EntityKind::Place
                    && !noted.class.as_deref().is_some_and(state)
                    && self.is_weapon(document.head(argument.word))
            });
        let fit = self.suits(slot, argument.word).or_else(|| self.suits(slot, self.wider(argument)?));
        fit.filter(|fit| fit.exact || !placed && !city)
    }

    /// Whether a word names a weapon, or something that is named after one.
    fn is_weapon(&self, word: Option<WordId>) -> bool {
        let weapon = |m: usize| matches!(self.reading.mentions[m].kind, EntityKind::Weapon | EntityKind::Vehicle);
        word.and_then(|w| self.reading.mention_at[w]).is_some_and(weapon)
    }

    /// Whether a class is of a place or of the state that a place stands for.
    fn is_land(&self, class: &str) -> bool {
        [class::PLACE, class::STATE].iter().any(|c| self.ontology.is_subclass(class, c.as_str()))
    }

    /// The noun above the one that a relative clause was hung on: "a coalition of groups that included the party" may be
    /// about the coalition, if the groups do not suit.
    fn wider(&self, argument: &Argument<'_>) -> Option<WordId> {
        let document = self.document();
        let relative = document.children_by(argument.word, Deprel::AclRelcl).next().is_some();
        let of = document.deprel(argument.word) == Deprel::Nmod
            && preposition(document, argument.word).is_some_and(|p| p.is("of"));
        (relative && of).then(|| document.head(argument.word)).flatten()
    }

    /// The arguments of a word. What the parser hung on a time expression beside a verb belongs to the verb: in
    /// "threatened Monday to resume attacks" and "demanded Friday that they leave" the day has no clause of its own.
    fn arguments(&self, word: WordId) -> Vec<Argument<'a>> {
        let document = self.reading.document;
        let mut found = arguments(document, word);
        // "mediation mission between A and B", "a bombing campaign against C": the head that only names an undertaking
        // has the arguments.
        if document.deprel(word) == Deprel::Compound
            && let Some(head) = document.head(word)
            && document.upos(head) == Upos::Noun
            && self.reading.mention_at[head].is_none()
        {
            let above = arguments(document, head);
            found.extend(
                above.into_iter().filter(|a| a.word != word).map(|a| Argument { distance: a.distance.max(1), ..a }),
            );
        }
        // "a US-led air strike": who leads it does it.
        for &child in document.children(word) {
            if document.deprel(child) == Deprel::Amod
                && self.triggers.grammar.is_leading(document.form(child))
                && let Some(doer) = stem(document, child)
            {
                found.push(Argument { relation: Deprel::Compound, preposition: None, word: doer, distance: 0 });
            }
        }
        let times: Vec<WordId> = found
            .iter()
            .filter(|a| a.distance == 0 && a.relation != Deprel::Nsubj)
            .map(|a| a.word)
            .filter(|&w| self.reading.mention_at[w].is_some_and(|m| self.reading.mentions[m].kind == EntityKind::Time))
            .collect();
        for time in times {
            found.retain(|a| a.word != time);
            for &child in document.children(time) {
                let relation = match document.deprel(child) {
                    Deprel::Acl | Deprel::AclRelcl | Deprel::Ccomp
                        if document.children_by(child, Deprel::Nsubj).next().is_some() =>
                    {
                        Deprel::Ccomp
                    }
                    Deprel::Acl | Deprel::Advcl | Deprel::Xcomp => Deprel::Xcomp,
                    Deprel::Nmod | Deprel::Obl => Deprel::Obl,
                    _ => continue,
                };
                let preposition = (relation == Deprel::Obl).then(|| preposition(document, child)).flatten();
                found.push(Argument { relation, preposition, word: child, distance: 0 });
            }
        }
        // The infinitive of what is asked, promised or refused is often taken for one of purpose.
        if !found.iter().any(|a| matches!(a.relation, Deprel::Xcomp | Deprel::Ccomp)) {
            let purpose = found.iter().find(|a| a.relation == Deprel::Advcl && a.distance == 0).copied();
            found.extend(
                purpose
                    .filter(|a| document.children_by(a.word, Deprel::Mark).any(|m| document.lemma(m) == "to"))
                    .map(|a| Argument { relation: Deprel::Xcomp, ..a }),
            );
        }
        found
    }

    /// The fillers of a slot that stand below an argument; of several paths the first that leads anywhere.
    fn at_paths(&self, slot: &Slot, arguments: &[Argument<'_>]) -> Vec<Fit> {
        let paths = slot.relations.iter().filter_map(|r| if let SlotRelation::Path(p) = r { Some(p) } else { None });
        for path in paths {
            let words = self.below(path, arguments);
            let fits: Vec<Fit> = words.into_iter().filter_map(|w| self.suits(slot, w)).collect();
            if !fits.is_empty() {
                return fits;
            }
        }
        Vec::new()
    }

    /// The words at the end of a path that begins at one of `arguments`.
    fn below(&self, path: &[SlotRelation; 2], from: &[Argument<'_>]) -> Vec<WordId> {
        let document = self.document();
        let [first, then] = path;
        let mut found = Vec::new();
        for argument in from.iter().filter(|a| a.distance < 2 && a.stands_in(first)) {
            match then {
                SlotRelation::Path(rest) => found.extend(self.below(rest, &arguments(document, argument.word))),
                // Auxiliaries are no arguments: "must" in "said that Libya must".
                SlotRelation::Dependent { relation: Deprel::Aux, .. } => {
                    found.extend(document.children_by(argument.word, Deprel::Aux));
                }
                _ => {
                    let below = arguments(document, argument.word);
                    found.extend(below.iter().filter(|a| a.stands_in(then)).map(|a| a.word));
                    // The subject of a predicate that is no verb: "that the United States must be ready".
                    let subject = matches!(then, SlotRelation::Dependent { relation: Deprel::Nsubj, .. });
                    if subject && !below.iter().any(|a| a.relation == Deprel::Nsubj) {
                        found.extend(document.children_by(argument.word, Deprel::Nsubj));
                    }
                }
            }
        }
        found
    }

    /// The filler of a slot that is not a dependent: the trigger's own referent, the word it modifies, or the first
    /// part of the compound it ends.
    fn around(&self, slot: &Slot, trigger: WordId) -> Option<Fit> {
        let document = self.document();
        slot.relations.iter().find_map(|relation| {
            let word = match relation {
                SlotRelation::Dependent { .. } | SlotRelation::Path(_) | SlotRelation::Within(_) => return None,
                SlotRelation::Own => {
                    let fit = Some(self.spoken_of(trigger)).filter(|&w| w != trigger);
                    return fit.and_then(|w| self.suits(slot, w)).or_else(|| self.suits(slot, trigger));
                }
                SlotRelation::Doer => self.doer(trigger)?,
                SlotRelation::Subject => arguments::subject_of_phrase(document, trigger)?,
                SlotRelation::Governor => return self.governors(trigger).find_map(|w| self.suits(slot, w)),
                SlotRelation::Stem => stem(document, trigger)?,
            };
            self.suits(slot, word)
        })
    }

    /// The word that a trigger depends on, and those above that where the trigger is only one of several or what something
    /// is made up of: "found *a stock of mines*", "seized rifles and *a grenade*".
    fn governors(&self, trigger: WordId) -> impl Iterator<Item = WordId> {
        let document = self.document();
        let mut at = trigger;
        std::iter::from_fn(move || {
            let head = document.head(at)?;
            Some((std::mem::replace(&mut at, head), head))
        })
        .take(4)
        .scan(true, move |open, (below, head)| {
            if !*open {
                return None;
            }
            let of = document.deprel(below) == Deprel::Nmod && preposition(document, below).is_some_and(|p| p.is("of"));
            *open = of || matches!(document.deprel(below), Deprel::Conj | Deprel::Compound);
            Some(head)
        })
    }

    /// The subject of the light verb that a noun is the object of.
    fn doer(&self, noun: WordId) -> Option<WordId> {
        let document = self.document();
        let verb = document.head(noun).filter(|&v| document.upos(v) == Upos::Verb)?;
        let found = arguments(document, verb);
        let own = found.iter().find(|a| a.word == noun)?;
        let lights = self.triggers.light_verbs(self.ontology, document, verb);
        let light = own.relation == Deprel::Obj && lights.iter().any(|l| l.scope.iter().any(|s| own.stands_in(s)));
        found.iter().find(|a| light && a.relation == Deprel::Nsubj).map(|a| a.word)
    }

    /// Whether a word may fill a slot, whatever its relation.
    pub(super) fn suits(&self, slot: &Slot, word: WordId) -> Option<Fit> {
        if self.is_dateline(word) {
            return None;
        }
        if !slot.lemmas.is_empty() && !slot.lemmas.iter().any(|l| self.ends_with(word, l)) {
            return None;
        }
        let mention = self.reading.mention_at[word].map(|m| self.named_beside(word, m));
        if slot.accepts.is_empty() {
            return Some(Fit { mention, exact: true });
        }
        match mention.and_then(|m| self.is_kind(m, &slot.accepts)) {
            Some(exact) => Some(Fit { mention, exact }),
            None if slot.reaches_into => self.inside(slot, word).or_else(|| self.part_of(slot, word)),
            None => self.made_of(slot, word).or_else(|| self.part_of(slot, word)),
        }
    }

    /// Whether a word stands in the dateline of a paragraph: "KABUL, 27 August 2021 - …".
    fn is_dateline(&self, word: WordId) -> bool {
        let document = self.document();
        let words = &document.sentences()[document.sentence_of(word)].words;
        if word > words.start + DATELINE {
            return false;
        }
        let named = |w: WordId| matches!(document.upos(w), Upos::Propn | Upos::Num | Upos::Punct | Upos::X);
        let dash = |w: WordId| matches!(document.form(w), "-" | "–" | "—" | "--");
        let spaced = |w: WordId| {
            let span = document.word(w).span;
            document.text()[..span.start as usize].ends_with(char::is_whitespace)
                && document.text()[span.end as usize..].starts_with(char::is_whitespace)
        };
        (word + 1..words.end.min(words.start + DATELINE + 2))
            .find(|&w| dash(w) && spaced(w))
            .is_some_and(|end| (words.start..end).all(named))
    }

    /// A crowd that is of the kind of those who make it up: "*hundreds* of families", "*a crowd* of protesters".
    fn made_of(&self, slot: &Slot, word: WordId) -> Option<Fit> {
        let document = self.document();
        let crowd = self.reading.mention_at[word].filter(|&m| {
            let noted = &self.reading.mentions[m];
            noted.kind.is_actor() && noted.form == MentionForm::Nominal && noted.class.is_none()
        })?;
        let of = |c: &WordId| preposition(document, *c).is_some_and(|p| p.is("of"));
        let members = self.reading.mention_at[document.children_by(word, Deprel::Nmod).find(of)?]?;
        self.is_kind(members, &slot.accepts).map(|exact| Fit { mention: Some(crowd), exact })
    }

    /// The whole of which a noun names only a share: "part of *a stronghold*", "one third of *the guerrillas*".
    fn part_of(&self, slot: &Slot, word: WordId) -> Option<Fit> {
        let document = self.document();
        let share = matches!(document.upos(word), Upos::Noun | Upos::Num | Upos::Adj)
            && self.reading.mention_at[word].is_none_or(|m| self.reading.mentions[m].kind == EntityKind::Quantity)
            && slot.lemmas.is_empty()
            && self.triggers.frames.at(document, word).is_empty();
        let of = |c: &WordId| preposition(document, *c).is_some_and(|p| p.is("of"));
        let whole = document.children_by(word, Deprel::Nmod).filter(|_| share).find(of)?;
        let mention = self.reading.mention_at[whole]?;
        self.is_kind(mention, &slot.accepts).map(|exact| Fit { mention: Some(mention), exact })
    }

    /// Whom a description names right after itself: "his brother *Bashar al-Assad*", "rebel group *Ansar Dine*".
    fn named_beside(&self, word: WordId, mention: usize) -> usize {
        let noted = &self.reading.mentions[mention];
        if noted.form != MentionForm::Nominal || !(noted.kind.is_actor() || noted.kind == EntityKind::Place) {
            return mention;
        }
        self.document()
            .children_by(word, Deprel::Appos)
            .filter_map(|c| self.reading.mention_at[c])
            .find(|&m| {
                let name = &self.reading.mentions[m];
                name.form == MentionForm::Name
                    && name.kind == noted.kind
                    && (name.kind == EntityKind::Person && name.words.start > noted.head
                        || name.words.start == noted.head + 1)
            })
            .unwrap_or(mention)
    }

    /// An accepted entity inside a phrase that is not one itself: "ISIL" of "ISIL targets", "the group's return", "the
    /// return of the group".
    fn inside(&self, slot: &Slot, word: WordId) -> Option<Fit> {
        let document = self.document();
        let parts = document.children(word).iter().copied().filter(|&c| match document.deprel(c) {
            Deprel::Compound | Deprel::NmodPoss | Deprel::Amod => true,
            Deprel::Nmod => preposition(document, c).is_some_and(|p| p.is("of") || p.is("by")),
            _ => false,
        });
        parts
            .filter_map(|c| self.reading.mention_at[c])
            .find(|&m| self.is_kind(m, &slot.accepts).is_some())
            .map(|m| Fit { mention: Some(m), exact: false })
    }

    /// The word for whom or what a noun describes: in "Haftar, commander of the army", "Haftar was its commander",
    /// "army commander Haftar" and "the commander of the army, Haftar", it is Haftar; else the noun itself.
    fn spoken_of(&self, noun: WordId) -> WordId {
        let document = self.document();
        let mentioned = |w: WordId| self.reading.mention_at[w].is_some();
        let named =
            |w: WordId| self.reading.mention_at[w].is_some_and(|m| self.reading.mentions[m].form == MentionForm::Name);
        if let Some(head) = document.head(noun) {
            let describes = match document.deprel(noun) {
                Deprel::Appos => mentioned(head),
                Deprel::Compound | Deprel::NmodDesc => named(head) && document.upos(head) == Upos::Propn,
                _ => false,
            };
            if describes {
                return head;
            }
        }
        if document.children_by(noun, Deprel::Cop).next().is_some()
            && let Some(subject) = arguments::subject_of_nominal(document, noun).filter(|&s| mentioned(s))
        {
            return subject;
        }
        if named(noun) && document.upos(noun) == Upos::Propn {
            return noun;
        }
        if let Some(name) = self.beside(noun) {
            return name;
        }
        document.children_by(noun, Deprel::Appos).find(|&c| c > noun && named(c)).unwrap_or(noun)
    }

    /// The person named right after a noun, or before or after its phrase between commas: an apposition, whatever the
    /// parser made of it.
    fn beside(&self, noun: WordId) -> Option<WordId> {
        let document = self.document();
        let phrase = &self.reading.mentions[self.reading.mention_at[noun]?];
        if phrase.form == MentionForm::Name || document.deprel(noun) == Deprel::Conj {
            return None;
        }
        let comma = |w: WordId| document.words().get(w).is_some() && document.form(w) == ",";
        let person = |at: &dyn Fn(&Noted) -> bool| {
            self.reading.mentions[self.reading.mentions_in(self.reading.sentence_words(noun))]
                .iter()
                .find(|m| m.form == MentionForm::Name && m.kind == EntityKind::Person && at(m))
                .map(|m| m.head)
        };
        let (start, end) = (phrase.words.start, phrase.words.end);
        // "rebel leader Abu X", taken for two phrases.
        if end == noun + 1
            && let Some(name) = person(&|m| m.words.start == end)
        {
            return Some(name);
        }
        if start > 1 && comma(start - 1) {
            return person(&|m| m.words.end == start - 1);
        }
        comma(end).then(|| person(&|m| m.words.start == end + 1))?
    }

    /// Whether a noun with its modifiers ends in the words given ("fighter jet").
    fn ends_with(&self, word: WordId, words: &str) -> bool {
        let document = self.document();
        let mut parts = words.rsplit([' ', '-']);
        if !parts.next().is_some_and(|last| is(document, word, last)) {
            return false;
        }
        let mut at = word;
        for part in parts {
            let Some(before) = at.checked_sub(1) else { return false };
            at = if document.form(before) == "-" { before.saturating_sub(1) } else { before };
            if !is(document, at, part) {
                return false;
            }
        }
        true
    }

    /// Whether a mention meets a condition on the filler of a role.
    pub(super) fn meets(&self, mention: usize, condition: &Condition) -> bool {
        let protesters =
            || condition.kinds.iter().any(|k| **k == *class::PROTESTERS.as_str()) && self.protests(mention);
        let fighters = || {
            self.reading.combatants.contains(&mention)
                && condition.kinds.iter().any(|k| **k == *class::ARMED_ACTOR.as_str())
        };
        (condition.kinds.is_empty() || self.is_surely(mention, &condition.kinds) || protesters() || fighters())
            && (condition.lemmas.is_empty()
                || condition.lemmas.iter().any(|l| self.ends_with(self.reading.mentions[mention].head, l)))
    }

    /// Whether the article says that those of a mention protest: "opened fire on supporters who were demonstrating".
    fn protests(&self, mention: usize) -> bool {
        let crowd = &self.reading.protesters;
        let entity = self.reading.mentions[mention].entity;
        crowd.mentions.contains(&mention) || entity.is_some_and(|e| crowd.entities.contains(&e))
    }

    /// Whether a mention is of one of the kinds: `Some(true)` if so, `Some(false)` if only by metonymy (a country for
    /// its state, a state for its territory).
    fn is_kind(&self, mention: usize, kinds: &[Iri]) -> Option<bool> {
        let noted = &self.reading.mentions[mention];
        let ontology = self.ontology;
        let of = |class: &str| kinds.iter().any(|k| ontology.is_subclass(class, k));
        let mut own = noted.class.as_deref().unwrap_or_else(|| default_class(noted.kind));
        if let Some(force) = self.force_of(noted) {
            if of(force) {
                return Some(true);
            }
            own = class::GROUP.as_str();
        }
        if of(own) {
            return Some(true);
        }
        let territory = noted.speaks_of_state || ontology.is_subclass(own, class::COUNTRY.as_str());
        match noted.kind {
            EntityKind::Place if territory && of(class::STATE.as_str()) => Some(false),
            EntityKind::Organization if own == class::STATE.as_str() && of(class::COUNTRY.as_str()) => Some(false),
            EntityKind::Nationality if of(class::STATE.as_str()) => Some(false),
            _ => None,
        }
    }

    /// The class of the armed force whose people a mention is: "sixty men of *the Eagle Force*" are no civilians.
    fn force_of(&self, noted: &Noted) -> Option<&'a str> {
        let document = self.document();
        let people = noted.form == MentionForm::Nominal
            && noted.class.as_deref().is_none_or(|c| self.ontology.is_subclass(c, class::CIVILIANS.as_str()))
            && noted.kind.is_actor();
        let of = |c: &WordId| preposition(document, *c).is_some_and(|p| p.is("of") || p.is("from"));
        let named = document.children_by(noted.head, Deprel::Nmod).filter(|_| people).find(of)?;
        let force = self.reading.mentions[self.reading.mention_at[named]?].class.as_deref()?;
        let armed = [class::STATE_FORCE, class::NON_STATE_ARMED_ACTOR];
        armed.iter().any(|c| self.ontology.is_subclass(force, c.as_str())).then_some(force)
    }

    /// The mention with which an argument may fill a slot.
    pub(super) fn admitted(&self, slot: &Slot, argument: &Argument<'_>) -> Option<usize> {
        self.admits(slot, argument)?.mention
    }

    /// Whether a mention is known to be of one of the kinds, not by metonymy or for want of knowledge.
    pub(super) fn is_surely(&self, mention: usize, kinds: &[Iri]) -> bool {
        self.is_kind(mention, kinds) == Some(true)
            || self.reading.mentions[mention].kind == EntityKind::Place && self.is_kind(mention, kinds) == Some(false)
    }

    /// The place an argument names, by a preposition of place or as the first part of a compound.
    pub(super) fn place(&self, argument: &Argument<'_>) -> Option<(usize, bool)> {
        let mut beside = false;
        let mention = self.reading.mention_at[argument.word].or_else(|| {
            // "on the outskirts of Bauchi", "north of Gori": what lies beside a place is near it.
            let document = self.document();
            let of = |c: &WordId| preposition(document, *c).is_some_and(|p| p.is("of") || p.is("from"));
            let named = document
                .children(argument.word)
                .iter()
                .copied()
                .filter(|&c| matches!(document.deprel(c), Deprel::Nmod | Deprel::Obl))
                .find(of)
                .filter(|_| self.triggers.grammar.is_relative(document, argument.word))?;
            beside = true;
            self.reading.mention_at[named]
        })?;
        let noted = &self.reading.mentions[mention];
        let ontology = self.ontology;
        let state = noted.class.as_deref().is_some_and(|c| ontology.is_subclass(c, class::STATE.as_str()));
        if noted.kind != EntityKind::Place && !state {
            return None;
        }
        match (&argument.preposition, argument.relation) {
            (Some(preposition), _) => {
                let near = self.triggers.place_preposition(preposition)?;
                Some((mention, near || beside))
            }
            (None, Deprel::Compound | Deprel::NmodPoss) if noted.form == MentionForm::Name && !state => {
                Some((mention, false))
            }
            _ => None,
        }
    }
}

/// How many words a dateline has at most.
const DATELINE: usize = 9;

/// What fills a slot.
pub(super) struct Fit {
    /// The mention, if the filler is one.
    pub(super) mention: Option<usize>,
    /// Whether it is of an accepted kind itself, not by metonymy.
    pub(super) exact: bool,
}

fn default_class(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => class::PERSON.as_str(),
        EntityKind::Organization => class::ORGANIZATION.as_str(),
        EntityKind::Place => class::PLACE.as_str(),
        EntityKind::Weapon => class::WEAPON.as_str(),
        EntityKind::Vehicle => class::VEHICLE.as_str(),
        EntityKind::Quantity | EntityKind::Money => class::QUANTITY.as_str(),
        EntityKind::Time => class::TIME_EXPRESSION.as_str(),
        EntityKind::Document => class::DOCUMENT.as_str(),
        EntityKind::Nationality | EntityKind::Other => class::ENTITY.as_str(),
    }
}

/// The first part of a hyphenated compound: "Saudi" of "backed" in "Saudi-backed".
fn stem(document: &Document, word: WordId) -> Option<WordId> {
    let hyphen = word.checked_sub(1)?;
    matches!(document.form(hyphen), "-" | "\u{2010}" | "\u{2011}").then(|| hyphen.checked_sub(1))?
}
