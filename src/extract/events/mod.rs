//! Events and situations from frames: [`find`] looks at every word once, in text order.
//!
//! A word evokes at most one event, the best fitting, and at most one situation of each kind. Light verbs lend an
//! event noun their subject ("the army launched an attack"), modality and source come from the path to the root.

mod matching;
mod modality;
mod owners;
mod positions;
mod silent;
mod suitability;
mod voice;
mod within;

use super::arguments::{Argument, arguments, preposition};
use super::reading::{Filler, Protesters, Reading, Stated, TimexRelation, Told};
use super::time;
use super::trace::{self, Attempt, Link, Observer, Verdict};
use super::triggers::{self, Triggers};
use crate::facts::{Iri, MentionForm, Modality};
use crate::language::{Deprel, Upos, WordId};
use crate::ontology::terms::{class, property};
use crate::ontology::{Frame, LightVerb, Ontology, SlotRelation};
use matching::{Evoked, Filled, Matcher};
pub(super) use modality::is_purpose;
use silent::{inside_names, names_of_bodies};

/// What lies further back than this many days before publication is background.
const PAST_DAYS: i32 = 14;

/// Notes the events and situations of a reading whose mentions and times have been found.
pub(super) fn find(reading: &mut Reading<'_>, ontology: &Ontology, triggers: &Triggers, observer: &mut impl Observer) {
    let (events, situations) = {
        let matcher = Matcher { reading, ontology, triggers };
        let mut named = inside_names(reading);
        names_of_bodies(reading, &mut named);
        let finder = Finder { matcher, named };
        finder.run(observer)
    };
    reading.protesters = protesters(reading, ontology, &events);
    reading.events = events;
    reading.situations = situations;
}

/// Those of whom the events tell that they protest.
fn protesters(reading: &Reading<'_>, ontology: &Ontology, events: &[Told]) -> Protesters {
    let mut found = Protesters::default();
    let protests =
        |told: &&Told| told.modality.is_asserted() && ontology.is_subclass(&told.class, class::PROTEST.as_str());
    for filler in events.iter().filter(protests).flat_map(|told| &told.fillers) {
        if ontology.is_subproperty(&filler.role, property::INITIATOR.as_str()) {
            found.mentions.insert(filler.mention);
            found.entities.extend(reading.mentions[filler.mention].entity);
        }
    }
    found
}

/// How the text presents what a word tells, whether or not a frame knows the word.
pub(super) fn modality_at(reading: &Reading<'_>, ontology: &Ontology, triggers: &Triggers, word: WordId) -> Modality {
    modality::telling(reading.document, ontology, triggers, word, None).modality
}

/// The finer class that an event of the class `evoked` has by what fills its roles in all its tellings.
pub(super) fn refine(
    reading: &Reading<'_>,
    ontology: &Ontology,
    triggers: &Triggers,
    evoked: &Iri,
    fillers: &[Filler],
) -> Iri {
    refined(&Matcher { reading, ontology, triggers }, evoked, fillers)
}

fn refined(matcher: &Matcher<'_>, evoked: &Iri, fillers: &[Filler]) -> Iri {
    let ontology = matcher.ontology;
    ontology.refine(evoked, |condition| {
        fillers.iter().any(|f| ontology.is_subproperty(&f.role, &condition.role) && matcher.meets(f.mention, condition))
    })
}

/// Why an evoked frame gives no event.
#[derive(Clone, Copy, Debug)]
enum Untold {
    Hedge,
    Bare,
}

impl Untold {
    fn verdict(self) -> Verdict {
        match self {
            Self::Hedge => Verdict::Hedge,
            Self::Bare => Verdict::Bare,
        }
    }
}

struct Finder<'a> {
    matcher: Matcher<'a>,
    /// For each word, whether it is part of an actor's name and so evokes nothing ("Islamic State", "Strike Group").
    named: Vec<bool>,
}

/// Whether a frame names the very nouns it wants beside its word: "halted the talks" is a sense of its own, however
/// light "halted" is elsewhere.
fn is_specific(evoked: &Evoked<'_>) -> bool {
    evoked.words.len() > 1 || evoked.frame.requires.iter().any(|slot| !slot.lemmas.is_empty())
}

impl<'a> Finder<'a> {
    fn run(&self, observer: &mut impl Observer) -> (Vec<Told>, Vec<Stated>) {
        let reading = self.matcher.reading;
        let ontology = self.matcher.ontology;
        let mut situations = Vec::new();
        let mut best_at: Vec<Evoked<'a>> = Vec::new();
        for word in 0..reading.document.words().len() {
            if self.named[word] {
                observer.note(|| self.inside_name(word));
                continue;
            }
            if self.names_a_thing(word) {
                continue;
            }
            let mut best: Option<Evoked<'a>> = None;
            for candidate in self.matcher.evoked(word, observer) {
                if ontology.is_subclass(&candidate.frame.evokes, class::SITUATION.as_str()) {
                    let before = situations.len();
                    self.state(&candidate, &mut situations);
                    observer.note(|| {
                        let verdict = match situations.get(before) {
                            Some(stated) => self.fired(&candidate, stated.modality),
                            None => Verdict::OneSided,
                        };
                        self.noted(&candidate, verdict)
                    });
                } else if best.as_ref().is_none_or(|b| self.rank(&candidate) > self.rank(b)) {
                    if let Some(loser) = best.replace(candidate) {
                        observer.note(|| self.outranked(&loser, best.as_ref()));
                    }
                } else {
                    observer.note(|| self.outranked(&candidate, best.as_ref()));
                }
            }
            let Some(best) = best else { continue };
            if self.only_modifies(&best) {
                observer.note(|| self.noted(&best, Verdict::Hedge));
                continue;
            }
            if is_specific(&best) || !self.is_light(word) {
                best_at.push(best);
            } else {
                observer.note(|| self.noted(&best, Verdict::LightVerb));
            }
        }
        // A word inside a longer trigger evokes nothing by itself: "bomb" in "bomb attack".
        let mut taken: Vec<(usize, Option<&Frame>)> = vec![(0, None); reading.document.words().len()];
        for evoked in &best_at {
            for &word in &evoked.words {
                if evoked.words.len() > taken[word].0 {
                    taken[word] = (evoked.words.len(), Some(evoked.frame));
                }
            }
        }
        let mut events = Vec::with_capacity(best_at.len());
        for mut evoked in best_at {
            let longer = evoked.words.iter().map(|&w| taken[w]).find(|(length, _)| *length > evoked.words.len());
            if let Some((_, other)) = longer {
                observer.note(|| {
                    let other = other.map(|frame| frame.iri.clone()).unwrap_or_default();
                    self.noted(&evoked, Verdict::InsideLonger(other))
                });
                continue;
            }
            self.lend(&mut evoked);
            let doers = self.matcher.doers_beside(&evoked);
            evoked.fillers.extend(doers);
            let owners = self.matcher.owners(&evoked.frame.evokes, &evoked.fillers);
            evoked.fillers.extend(owners);
            let supporters = self.matcher.supporters(&evoked.fillers);
            evoked.fillers.extend(supporters);
            match self.tell(&evoked) {
                Ok(told) => {
                    observer.note(|| self.noted(&evoked, self.fired(&evoked, told.modality)));
                    events.push(told);
                }
                Err(why) => observer.note(|| self.noted(&evoked, why.verdict())),
            }
        }
        self.outermost(&mut situations);
        (events, situations)
    }

    /// Of two statements of one word about one subject, of which the one's object stands inside the other's, only the wider is
    /// meant: who is in "a coalition of militias" is said to be in the coalition.
    fn outermost(&self, situations: &mut Vec<Stated>) {
        let words = |m: usize| self.matcher.reading.mentions[m].words.clone();
        let wider = |one: &Stated, other: &Stated| {
            let (inner, outer) = (words(one.object), words(other.object));
            one.trigger == other.trigger
                && one.kind == other.kind
                && one.subject == other.subject
                && one.object != other.object
                && *one.kind == *class::MEMBERSHIP.as_str()
                && outer.start <= inner.start
                && inner.end <= outer.end
        };
        let kept: Vec<bool> = situations.iter().map(|s| !situations.iter().any(|other| wider(s, other))).collect();
        let mut kept = kept.into_iter();
        situations.retain(|_| kept.next().unwrap_or(true));
    }

    fn noted(&self, evoked: &Evoked<'a>, verdict: Verdict) -> Vec<Attempt> {
        vec![self.matcher.attempt(evoked.frame, evoked.trigger, evoked.words.clone(), verdict)]
    }

    fn outranked(&self, loser: &Evoked<'a>, winner: Option<&Evoked<'a>>) -> Vec<Attempt> {
        let winner = winner.map(|w| w.frame.iri.clone()).unwrap_or_default();
        self.noted(loser, Verdict::Outranked(winner))
    }

    /// The frames that a word inside a name would have been tried for.
    fn inside_name(&self, word: WordId) -> Vec<Attempt> {
        let Matcher { reading, ontology, triggers } = &self.matcher;
        let hits = triggers.frames.at(reading.document, word);
        hits.iter()
            .map(|hit| {
                let frame = &ontology.frames()[hit.entry];
                self.matcher.attempt(frame, word, hit.words.to_vec(), Verdict::InsideName)
            })
            .collect()
    }

    fn fired(&self, evoked: &Evoked<'a>, modality: Modality) -> Verdict {
        let reading = self.matcher.reading;
        let link = |role: Option<Iri>, mention: usize| {
            let noted = &reading.mentions[mention];
            let path = trace::path(reading.document, evoked.trigger, noted.head);
            Link { role, words: noted.words.clone(), path }
        };
        let fillers = evoked.fillers.iter().map(|f| link(Some(f.role.clone()), f.mention));
        let places = evoked.places.iter().map(|&(mention, _)| link(None, mention));
        Verdict::Fired { links: fillers.chain(places).collect(), modality }
    }

    /// The better fit first; among equals the more special class.
    fn rank(&self, evoked: &Evoked<'_>) -> (i32, usize) {
        (evoked.score, self.matcher.ontology.superclasses(&evoked.frame.evokes).len())
    }

    /// Adds what a light verb above an event noun says of its roles and places.
    fn lend(&self, evoked: &mut Evoked<'a>) {
        let reading = self.matcher.reading;
        let document = reading.document;
        let noun = evoked.trigger;
        if !matches!(document.upos(noun), Upos::Noun | Upos::Propn) {
            return;
        }
        // The verb above it, or a participle below: "the attack carried out by X".
        let mut verbs: Vec<WordId> = document
            .children(noun)
            .iter()
            .copied()
            .filter(|&c| matches!(document.deprel(c), Deprel::Acl | Deprel::AclRelcl))
            .collect();
        let mut at = noun;
        // "carried out a series of attacks", "launched clashes and attacks": the verb may stand two steps up.
        for _ in 0..3 {
            let Some(head) = document.head(at) else { break };
            if document.upos(head) == Upos::Verb {
                verbs.push(head);
                break;
            }
            let undertaking = document.deprel(at) == Deprel::Compound
                && document.upos(head) == Upos::Noun
                && reading.mention_at[head].is_none();
            let step = undertaking
                || document.deprel(at) == Deprel::Conj
                || document.deprel(at) == Deprel::Nmod
                    && preposition(document, at).is_some_and(|p| p.is("of"))
                    && self.is_share(head);
            if !step {
                break;
            }
            at = head;
        }
        for verb in verbs {
            let mut verb_arguments = arguments(document, verb);
            let Some(own) = verb_arguments.iter().find(|a| a.word == noun || a.word == at).copied() else { continue };
            let lights = self.matcher.triggers.light_verbs(self.matcher.ontology, document, verb);
            let Some(light) = lights.into_iter().find(|l| l.scope.iter().any(|s| own.stands_in(s))) else { continue };
            // "31 people hurt in the attack": not those who hurt.
            if let Some(undone) = self.matcher.reduced_passive(&light.slots.iter(), verb, &verb_arguments) {
                verb_arguments = undone;
            }
            // "completed its investigation", "the withdrawal of troops was ordered by the president": a pronoun names
            // nobody whom the verb does not name better.
            let pronoun = |m: usize| matches!(reading.mentions[m].form, MentionForm::Pronoun | MentionForm::Possessive);
            // "speeded up the withdrawal of its forces": who is moved is not who decides.
            let moved = |m: usize| {
                let head = reading.mentions[m].head;
                document.head(head) == Some(noun)
                    && document.deprel(head) == Deprel::Nmod
                    && preposition(document, head).is_some_and(|p| p.is("of"))
            };
            let known: Vec<Iri> = evoked
                .fillers
                .iter()
                .filter(|f| f.distance == 0 && !pronoun(f.mention) && !moved(f.mention))
                .map(|f| f.role.clone())
                .collect();
            for argument in &verb_arguments {
                if argument.word == noun || argument.word == at {
                    continue;
                }
                self.lend_argument(evoked, light, argument, &known);
            }
            for slot in &light.slots {
                for relation in &slot.relations {
                    if let (SlotRelation::Within(marked), Some(role)) = (relation, &slot.role)
                        && evoked.fillers.iter().all(|f| f.role != *role)
                    {
                        let found =
                            self.matcher.within(slot, marked.as_deref(), noun, &verb_arguments, &evoked.fillers);
                        let filled = |mention| Filled { role: role.clone(), mention, distance: 2 };
                        evoked.fillers.extend(found.into_iter().map(filled));
                    }
                }
            }
        }
    }

    /// Whether a noun with "of" stands for the acts behind it, or is one itself: "a *series* of attacks", not "the
    /// *location* of the air strikes".
    fn is_share(&self, noun: WordId) -> bool {
        let document = self.matcher.reading.document;
        document.upos(noun) != Upos::Noun
            || self.matcher.triggers.grammar.is_measure(document.lemma(noun))
            || !self.matcher.triggers.frames.at(document, noun).is_empty()
    }

    /// `known` are the roles that the noun's own dependents fill; several dependents of the verb may fill one role
    /// ("Israel and Lebanon renewed negotiations").
    fn lend_argument(&self, evoked: &mut Evoked<'a>, light: &LightVerb, argument: &Argument<'a>, known: &[Iri]) {
        for slot in &light.slots {
            if let (Some(role), Some(mention)) = (&slot.role, self.matcher.admitted(slot, argument)) {
                // "A bombing at the airport killed 13 soldiers": what was hit does not hide who was.
                let actor = |m: usize| self.matcher.reading.mentions[m].kind.is_actor();
                let beside = role.as_ref() == property::TARGET.as_str()
                    && actor(mention)
                    && !evoked.fillers.iter().any(|f| f.role == *role && f.distance == 0 && actor(f.mention));
                if known.contains(role) && !beside
                    || evoked.fillers.iter().any(|f| f.mention == mention && f.distance == 0)
                {
                    continue;
                }
                let pronoun = |m: usize| {
                    matches!(self.matcher.reading.mentions[m].form, MentionForm::Pronoun | MentionForm::Possessive)
                };
                evoked.fillers.retain(|f| {
                    (f.role != *role && f.mention != mention)
                        || f.distance == 0 && !(f.role == *role && pronoun(f.mention))
                });
                evoked.fillers.push(Filled { role: role.clone(), mention, distance: 0 });
                return;
            }
        }
        if let Some((mention, near)) = self.matcher.place(argument)
            && !evoked.places.iter().any(|p| p.0 == mention)
            && !evoked.fillers.iter().any(|f| f.mention == mention)
        {
            evoked.places.push((mention, near));
        }
    }

    fn tell(&self, evoked: &Evoked<'a>) -> Result<Told, Untold> {
        let reading = self.matcher.reading;
        let document = reading.document;
        let telling = self.telling(evoked.trigger, &evoked.frame.evokes);
        let times = self.times(evoked.trigger, &evoked.words);
        let headline = document.sentences()[document.sentence_of(evoked.trigger)].headline;
        // A verb that found nobody and nothing says no more than the word itself.
        let verbal = document.upos(evoked.trigger) == Upos::Verb;
        // "suspected militants", "the alleged attack": a hedge before a noun is no event.
        let hedge = document.deprel(evoked.trigger) == Deprel::Amod
            && !self.matcher.triggers.cues(self.matcher.ontology, document, evoked.trigger).is_empty();
        // "accused men", "requested aid": what is said in passing of somebody is none either, short of violence.
        // "insurgency-hit", "war-torn": what the first part did, it did at no particular time.
        let passing = verbal
            && document.deprel(evoked.trigger) == Deprel::Amod
            && (!self.matcher.ontology.is_subclass(&evoked.frame.evokes, class::VIOLENCE.as_str())
                || self.is_hyphenated(evoked.trigger));
        if hedge || passing {
            return Err(Untold::Hedge);
        }
        let sure = evoked.frame.requires.iter().any(|slot| !slot.lemmas.is_empty());
        if verbal && evoked.fillers.is_empty() && evoked.places.is_empty() && !headline && !sure {
            return Err(Untold::Bare);
        }
        // "Indictment", "Statement on the attack", "Alert 12": a title says what kind of text this is.
        let title = headline && !verbal && self.matcher.ontology.is_speech(&evoked.frame.evokes);
        if title && evoked.fillers.is_empty() {
            return Err(Untold::Bare);
        }
        let fillers: Vec<Filler> =
            evoked.fillers.iter().map(|f| Filler { role: f.role.clone(), mention: f.mention }).collect();
        let mut modality = telling.modality;
        if modality == Modality::Negated && self.is_answered(evoked) {
            modality = Modality::Actual;
        }
        if modality == Modality::Actual {
            modality = evoked.frame.modality.as_deref().and_then(triggers::modality).unwrap_or(Modality::Actual);
        }
        // "The envoy arrives tomorrow."
        let present = matches!(document.word(evoked.trigger).xpos, "VBZ" | "VBP");
        if modality == Modality::Actual && verbal && present && !headline && self.is_to_come(&times) {
            modality = Modality::Planned;
        }
        let class = refined(&self.matcher, &evoked.frame.evokes, &fillers);
        Ok(Told {
            weight: evoked.frame.salience.filter(|_| class == evoked.frame.evokes),
            class,
            evoked: evoked.frame.evokes.clone(),
            frame: evoked.frame.iri.clone(),
            trigger: evoked.trigger,
            trigger_words: evoked.words.clone(),
            modality,
            source: telling.source.and_then(|w| reading.mention_at[w]),
            background: !headline && self.is_past(&times),
            fillers,
            places: evoked.places.clone(),
            times,
            outcome: evoked.frame.outcome.clone(),
            depth: telling.depth,
        })
    }

    /// Whether what has been said is only answered with a no: "rejected the rebels' *demand*" does not say that they
    /// demanded nothing.
    fn is_answered(&self, evoked: &Evoked<'a>) -> bool {
        let Matcher { reading, ontology, triggers } = &self.matcher;
        let document = reading.document;
        let noun = evoked.trigger;
        let answers = |verb: WordId| {
            let cues = triggers.cues(ontology, document, verb);
            cues.iter().any(|c| triggers::modality(&c.gives) == Some(Modality::Negated) && !c.source.is_empty())
        };
        document.upos(noun) == Upos::Noun
            && ontology.is_speech(&evoked.frame.evokes)
            && matches!(document.deprel(noun), Deprel::Obj | Deprel::NsubjPass | Deprel::Obl)
            && document.head(noun).is_some_and(answers)
    }

    /// Whether the times of an event lie well before the article: it is told as background, not as news.
    fn is_past(&self, times: &[usize]) -> bool {
        let reading = self.matcher.reading;
        let Some(published) = reading.article.published else { return false };
        let days_before = |day: jiff::civil::Date| published.since(day).map_or(0, |age| age.get_days());
        times.iter().any(|&t| {
            let time = &reading.times[t];
            match time.relation {
                TimexRelation::Duration => false,
                // "has seen car bombs since 2011" looks back over years.
                TimexRelation::Since | TimexRelation::After => {
                    time.bounds.earliest.is_some_and(|d| days_before(d) > 365)
                }
                _ => time.bounds.latest.is_some_and(|d| days_before(d) > PAST_DAYS),
            }
        })
    }

    /// Whether a time of an event lies after the article.
    fn is_to_come(&self, times: &[usize]) -> bool {
        let reading = self.matcher.reading;
        reading.article.published.is_some_and(|published| {
            times.iter().map(|&t| &reading.times[t]).any(|time| {
                time.relation == TimexRelation::At && time.bounds.earliest.is_some_and(|earliest| earliest > published)
            })
        })
    }

    fn telling(&self, trigger: WordId, class: &str) -> modality::Telling {
        let Matcher { reading, ontology, triggers } = &self.matcher;
        modality::telling(reading.document, ontology, triggers, trigger, Some(class))
    }

    /// The time expressions that modify a trigger: its own dependents, those of the verbs that lend it grammar, and
    /// those of the clause above if it is the only event there.
    fn times(&self, trigger: WordId, words: &[WordId]) -> Vec<usize> {
        let reading = self.matcher.reading;
        let document = reading.document;
        let mut found = Vec::new();
        let mut at = trigger;
        for _ in 0..4 {
            for i in reading.times_in(reading.sentence_words(trigger)) {
                let time = &reading.times[i];
                let own = at == trigger && document.head(time.head).is_some_and(|h| words.contains(&h));
                if (own || document.head(time.head) == Some(at)) && !found.contains(&i) {
                    found.push(i);
                }
            }
            let Some(head) = document.head(at) else { break };
            let climbs = matches!(
                document.deprel(at),
                Deprel::Obj
                    | Deprel::Nsubj
                    | Deprel::NsubjPass
                    | Deprel::Obl
                    | Deprel::OblAgent
                    | Deprel::Xcomp
                    | Deprel::Nmod
                    | Deprel::Conj
            );
            if !climbs || !found.is_empty() {
                break;
            }
            at = head;
        }
        if found.is_empty() {
            let beside = reading.times_in(reading.sentence_words(trigger));
            found.extend(beside.filter(|&t| time::is_when(document, &reading.times[t], trigger)));
        }
        found
    }

    /// Notes a situation if both its sides were found.
    fn state(&self, evoked: &Evoked<'a>, situations: &mut Vec<Stated>) {
        let ontology = self.matcher.ontology;
        let Some(kind) = ontology.situation(&evoked.frame.evokes) else { return };
        let telling = self.telling(evoked.trigger, &evoked.frame.evokes);
        let place_role = kind.object_role.as_ref() == property::PLACE.as_str();
        let subjects: Vec<usize> =
            evoked.fillers.iter().filter(|f| f.role == kind.subject_role).map(|f| f.mention).collect();
        let mut objects: Vec<usize> =
            evoked.fillers.iter().filter(|f| f.role == kind.object_role).map(|f| f.mention).collect();
        if place_role && objects.is_empty() {
            objects.extend(evoked.places.iter().map(|p| p.0));
        }
        if kind.symmetric && subjects.len() > 1 && kind.subject_role == kind.object_role {
            for (i, &one) in subjects.iter().enumerate() {
                for &other in &subjects[i + 1..] {
                    situations.push(self.stated(evoked, one, other, telling));
                }
            }
            return;
        }
        for &subject in &subjects {
            for &object in &objects {
                if subject != object {
                    situations.push(self.stated(evoked, subject, object, telling));
                }
            }
        }
    }

    fn stated(&self, evoked: &Evoked<'a>, subject: usize, object: usize, telling: modality::Telling) -> Stated {
        Stated {
            kind: evoked.frame.evokes.clone(),
            frame: evoked.frame.iri.clone(),
            trigger: evoked.trigger,
            trigger_words: evoked.words.clone(),
            subject,
            object,
            modality: if evoked.frame.even_if.iter().any(|m| triggers::modality(m) == Some(telling.modality)) {
                Modality::Actual
            } else {
                telling.modality
            },
            source: telling.source.and_then(|w| self.matcher.reading.mention_at[w]),
            times: self.times(evoked.trigger, &evoked.words),
            over: modality::is_over(
                self.matcher.reading.document,
                self.matcher.ontology,
                self.matcher.triggers,
                evoked.trigger,
            ),
        }
    }
}
