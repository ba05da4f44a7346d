//! One event, several tellings: headline, lead, later details and consequences become one event.
//!
//! First the sentence decides: the consequence of an event ("air strikes killed twelve", "shelled the town, killing
//! three") belongs to it. Then the article: a telling joins an earlier one if their kinds agree, nothing speaks
//! against it (place, day, sides), and enough speaks for it (a definite noun, the headline, a shared place or side).

use super::arguments::{arguments, is_passive};
use super::casualties::Toll;
use super::events::is_purpose;
use super::reading::{Filler, Reading, Told};
use crate::facts::{Entity, EntityId, EntityKind, MentionForm, Outcome, PlacePrecision};
use crate::language::{Deprel, Upos, WordId};
use crate::ontology::Ontology;
use crate::ontology::terms::{class, property};
use oxrdf::NamedNodeRef;
use std::collections::{BTreeMap, BTreeSet};

/// Tellings of one event: the one that names it best and the others, as indices into [`Reading::events`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// The telling whose class and trigger the event has.
    pub lead: usize,
    /// All tellings in text order, the lead among them.
    pub tellings: Vec<usize>,
}

/// How many groups back a telling may join.
const REACH: usize = 24;

/// How many sentences behind a protest it is told how it was met.
const RESPONSE: usize = 4;

/// How often one event is told at most: beyond that it is a text that repeats itself, and comparing would take ever longer.
const MOST_TELLINGS: usize = 40;

/// How many tolls of one telling are compared with those of another.
const MOST_TOLLS: usize = 32;

/// Groups the tellings of a reading.
pub(super) fn groups(reading: &Reading<'_>, entities: &[Entity], ontology: &Ontology, tolls: &[Toll]) -> Vec<Group> {
    let mut counted: BTreeMap<usize, Vec<(Outcome, u32)>> = BTreeMap::new();
    for toll in tolls.iter().filter(|t| !t.cumulative && !t.superseded && t.min > 1) {
        if let Some(event) = toll.event {
            let numbers = counted.entry(event).or_default();
            if numbers.len() < MOST_TOLLS {
                numbers.push((toll.outcome, toll.min));
            }
        }
    }
    // What sums up months is no telling of one event: "more than 280,000 have been killed since 2011".
    let mut summed: BTreeMap<usize, bool> = BTreeMap::new();
    for toll in tolls.iter().filter(|t| t.part_of.is_none()) {
        if let Some(event) = toll.event {
            *summed.entry(event).or_insert(true) &= toll.cumulative || toll.past;
        }
    }
    let merger = Merger { summed, reading, entities, ontology, tolls: counted, countries: country_names(entities) };
    let within = merger.within_sentences();
    merger.across_sentences(within)
}

struct Merger<'a> {
    reading: &'a Reading<'a>,
    entities: &'a [Entity],
    ontology: &'a Ontology,
    /// By event that has tolls, whether all of them are sums over a longer time or of earlier days.
    summed: BTreeMap<usize, bool>,
    /// By event, how many came to which harm, as far as the number is evidence.
    tolls: BTreeMap<usize, Vec<(Outcome, u32)>>,
    countries: BTreeSet<&'a str>,
}

/// The names that the countries of an article have in it.
pub(super) fn country_names(entities: &[Entity]) -> BTreeSet<&str> {
    let located = |e: &&Entity| e.location.as_ref().is_some_and(|l| l.precision == PlacePrecision::Country);
    let countries = entities.iter().filter(located);
    countries.flat_map(|e| std::iter::once(&e.name).chain(&e.aliases)).map(String::as_str).collect()
}

/// What is known of a group of tellings, for comparison.
struct Profile {
    places: Vec<EntityId>,
    initiators: Vec<EntityId>,
    targets: Vec<EntityId>,
    headline: bool,
}

impl Merger<'_> {
    fn told(&self, event: usize) -> &Told {
        &self.reading.events[event]
    }

    /// Whether a telling has no named place, no day and no doer of its own.
    fn is_bare(&self, told: &Told, profile: &Profile) -> bool {
        !profile.places.iter().any(|&p| self.entities[p].named)
            && profile.initiators.is_empty()
            && told.times.is_empty()
    }

    fn is_consequence(&self, event: usize) -> bool {
        self.ontology.folds(&self.told(event).evoked)
    }

    fn can_cause(&self, event: usize, consequence: usize) -> bool {
        event != consequence && self.ontology.folds_into(&self.told(consequence).evoked, &self.told(event).class)
    }

    /// Joins consequences to their causes within a sentence.
    fn within_sentences(&self) -> Vec<Group> {
        let document = self.reading.document;
        let events = &self.reading.events;
        let at_word: BTreeMap<WordId, usize> = events.iter().enumerate().map(|(i, t)| (t.trigger, i)).collect();
        let mut into: Vec<usize> = (0..events.len()).collect();
        for (i, told) in events.iter().enumerate() {
            if !self.is_consequence(i) {
                continue;
            }
            let arguments = arguments(document, told.trigger);
            let cause = arguments
                .iter()
                .filter(|a| {
                    a.relation == Deprel::Nsubj
                        || a.relation == Deprel::Obl
                            && a.preposition.as_ref().is_some_and(|p| {
                                ["in", "by", "during", "from", "as", "when", "amid", "under"].iter().any(|w| p.is(w))
                            })
                        || a.relation == Deprel::Nmod
                            && a.preposition
                                .as_ref()
                                .is_some_and(|p| ["in", "by", "during", "from", "of"].iter().any(|w| p.is(w)))
                })
                .filter_map(|a| at_word.get(&a.word).copied())
                .find(|&c| self.can_cause(c, i))
                .or_else(|| self.occasion(told.trigger, i, &at_word))
                .or_else(|| self.matrix(told.trigger, i, &at_word));
            // Two that could each be the other's consequence: the first one found stands.
            if let Some(cause) = cause.filter(|&c| into[c] != i) {
                into[i] = cause;
            }
        }
        // "12 were killed and 14 others wounded when a bomb went off": what is told in one breath has one cause.
        for i in 0..events.len() {
            let paired = document
                .children(events[i].trigger)
                .iter()
                .filter(|&&c| document.deprel(c) == Deprel::Conj)
                .filter_map(|c| at_word.get(c).copied())
                .find(|&j| into[j] != j && into[j] != i && self.is_consequence(j));
            if let Some(cause) =
                paired.map(|j| into[j]).filter(|&c| into[i] == i && into[c] != i && self.can_cause(c, i))
            {
                into[i] = cause;
            }
        }
        // "20 killed 30 others injured in car bomb": what a headline tells to have come of something came of the one thing that
        // it tells, whatever the parser made of it.
        let headline = document.sentences().iter().take_while(|s| s.headline).last().map_or(0, |s| s.words.end);
        let announced: Vec<usize> = (0..events.len()).take_while(|&i| events[i].trigger < headline).collect();
        for &i in announced.iter().filter(|&&i| events[i].outcome.is_some()) {
            let mut causes = announced.iter().copied().filter(|&c| {
                into[c] == c && events[c].outcome.is_none() && events[c].modality.is_asserted() && self.can_cause(c, i)
            });
            let only = causes.next().filter(|_| causes.next().is_none());
            if let Some(cause) = only.filter(|_| into[i] == i) {
                into[i] = cause;
            }
        }
        // "shelled the town with artillery": the instrument is no event of its own.
        let mut tools: BTreeMap<WordId, usize> = BTreeMap::new();
        for (i, told) in events.iter().enumerate() {
            for filler in told.fillers.iter().filter(|f| f.role.as_ref() == property::INSTRUMENT.as_str()) {
                let head = self.reading.mentions[filler.mention].head;
                if head != told.trigger {
                    tools.entry(head).or_insert(i);
                }
            }
        }
        for (i, told) in events.iter().enumerate() {
            let of = tools.get(&told.trigger).copied();
            if let Some(of) = of.filter(|&of| into[i] == i && into[of] != i) {
                into[i] = of;
            }
        }
        let root = |mut i: usize| {
            for _ in 0..6 {
                if into[i] == i {
                    break;
                }
                i = into[i];
            }
            i
        };
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for i in 0..events.len() {
            groups.entry(root(i)).or_default().push(i);
        }
        let mut groups: Vec<Group> = groups.into_iter().map(|(lead, tellings)| Group { lead, tellings }).collect();
        groups.sort_by_key(|g| g.tellings[0]);
        groups
    }

    /// The event of the clause that says at what a consequence came: "were killed when warplanes bombed the town", "died
    /// after a bomb went off"; not "died a day after an air strike".
    fn occasion(&self, trigger: WordId, consequence: usize, at_word: &BTreeMap<WordId, usize>) -> Option<usize> {
        let document = self.reading.document;
        document.children_by(trigger, Deprel::Advcl).filter(|&c| c > trigger).find_map(|clause| {
            let marks = document.children(clause).iter().copied();
            let mut marks = marks
                .filter(|&m| matches!(document.deprel(m), Deprel::Mark | Deprel::Advmod | Deprel::Case) && m < clause);
            let occasion =
                marks.any(|m| ["when", "as", "after"].iter().any(|w| document.form(m).eq_ignore_ascii_case(w)));
            if !occasion || super::earlier::comes_after(self.reading, clause) {
                return None;
            }
            // The verb itself, or the event that it says took place ("when a bomb attack hit").
            let around = std::iter::once(clause).chain(document.children(clause).iter().copied().filter(|&c| {
                matches!(document.deprel(c), Deprel::Nsubj | Deprel::NsubjPass | Deprel::Obj | Deprel::Obl)
            }));
            around.filter_map(|w| at_word.get(&w).copied()).find(|&e| self.can_cause(e, consequence))
        })
    }

    /// The event of the clause that a consequence hangs on: "shelled the town, killing three", "attacked the
    /// village and killed ten".
    fn matrix(&self, trigger: WordId, consequence: usize, at_word: &BTreeMap<WordId, usize>) -> Option<usize> {
        let document = self.reading.document;
        let head = document.head(trigger)?;
        let relation = document.deprel(trigger);
        // "A car bomb killed 34 people on Friday": a verb taken for a participle of what did it.
        if relation == Deprel::Acl
            && matches!(document.word(trigger).xpos, "VBD" | "VBN")
            && let Some(&cause) = at_word.get(&head)
            && self.can_cause(cause, consequence)
        {
            return Some(cause);
        }
        // "beaten to death"
        let result = matches!(relation, Deprel::Obl | Deprel::Nmod)
            && super::arguments::preposition(document, trigger).is_some_and(|p| p.is("to"));
        if result && let Some(&cause) = at_word.get(&head) {
            return Some(cause).filter(|&c| self.can_cause(c, consequence));
        }
        let participle = document.word(trigger).xpos == "VBG";
        let coordinated = relation == Deprel::Conj
            && document.upos(trigger) == Upos::Verb
            && is_passive(document, trigger) == is_passive(document, head);
        if (relation == Deprel::Advcl || relation == Deprel::Acl) && participle || coordinated {
            // The verb itself, or the event noun that is its subject or object ("carried out an attack, killing …").
            let candidates = std::iter::once(head).chain(document.children(head).iter().copied().filter(|&c| {
                matches!(document.deprel(c), Deprel::Obj | Deprel::Nsubj | Deprel::NsubjPass | Deprel::Obl)
            }));
            let cause = candidates.filter_map(|w| at_word.get(&w).copied()).find(|&c| self.can_cause(c, consequence));
            return cause
                .or_else(|| self.report(trigger, head, consequence, at_word))
                .or_else(|| self.clause_above(head, consequence, at_word));
        }
        // "threw a grenade into a bar; three people were killed": a toll of its own beside what led to it.
        let beside = matches!(relation, Deprel::Conj | Deprel::Parataxis | Deprel::Ccomp);
        // "Troops clash with rebels; four killed"
        let reduced = matches!(document.word(trigger).xpos, "VBD" | "VBN")
            && document.children_by(trigger, Deprel::Obj).next().is_none()
            && self.told(consequence).outcome.is_some();
        // "…, killing six in Mlolongo": a participle without a subject has no doer of its own, whatever place it names.
        let bare = participle && document.children_by(trigger, Deprel::Nsubj).next().is_none();
        let told_aside = participle || reduced || is_passive(document, trigger);
        if beside && told_aside && (bare || self.names_nobody_else(consequence)) {
            let own = at_word.get(&head).copied().filter(|&c| self.can_cause(c, consequence));
            let around = || {
                let noun = |c: &WordId| matches!(document.deprel(*c), Deprel::Obj | Deprel::Nsubj | Deprel::NsubjPass);
                document.children(head).iter().copied().filter(noun).filter_map(|w| at_word.get(&w).copied())
            };
            return own
                .or_else(|| around().find(|&c| self.can_cause(c, consequence)))
                .or_else(|| self.report(trigger, head, consequence, at_word));
        }
        None
    }

    /// The event of the clause above the one that a consequence was hung on, where that one tells no cause: "opened fire on
    /// demonstrators protesting against taxes, killing six".
    fn clause_above(&self, word: WordId, consequence: usize, at_word: &BTreeMap<WordId, usize>) -> Option<usize> {
        let document = self.reading.document;
        let mut at = word;
        for _ in 0..4 {
            let modifies = matches!(
                document.deprel(at),
                Deprel::Acl
                    | Deprel::AclRelcl
                    | Deprel::Obj
                    | Deprel::Obl
                    | Deprel::Nmod
                    | Deprel::Advcl
                    | Deprel::Xcomp
                    | Deprel::Conj
            );
            let head = document.head(at).filter(|_| modifies)?;
            if let Some(&cause) = at_word.get(&head)
                && self.can_cause(cause, consequence)
            {
                return Some(cause);
            }
            at = head;
        }
        None
    }

    /// The event of the clause that is reported before a consequence: "a strike hit the school, killing 56, workers said",
    /// where the parser hangs both on the report.
    fn report(
        &self,
        trigger: WordId,
        head: WordId,
        consequence: usize,
        at_word: &BTreeMap<WordId, usize>,
    ) -> Option<usize> {
        let document = self.reading.document;
        let clauses = document.children(head).iter().copied().filter(|&c| {
            c < trigger
                && head > trigger
                && matches!(document.deprel(c), Deprel::Ccomp | Deprel::Parataxis | Deprel::Conj)
        });
        clauses
            .flat_map(|clause| {
                let noun = |c: &WordId| matches!(document.deprel(*c), Deprel::Obj | Deprel::Nsubj | Deprel::NsubjPass);
                std::iter::once(clause).chain(document.children(clause).iter().copied().filter(noun))
            })
            .filter_map(|w| at_word.get(&w).copied())
            .filter(|&c| self.can_cause(c, consequence))
            .max()
    }

    /// Whether a telling has neither a doer nor a place of its own.
    fn names_nobody_else(&self, event: usize) -> bool {
        let told = self.told(event);
        told.places.is_empty()
            && told.fillers.iter().all(|f| !self.ontology.is_subproperty(&f.role, property::INITIATOR.as_str()))
    }

    fn profile(&self, group: &Group) -> Profile {
        let document = self.reading.document;
        let mut profile = Profile { places: Vec::new(), initiators: Vec::new(), targets: Vec::new(), headline: false };
        for &telling in &group.tellings {
            let told = self.told(telling);
            profile.headline |= document.sentences()[document.sentence_of(told.trigger)].headline;
            profile.places.extend(told.places.iter().filter_map(|&(m, _)| self.entity(m)));
            for filler in &told.fillers {
                let Some(entity) = self.entity(filler.mention) else { continue };
                if self.ontology.is_subproperty(&filler.role, property::PLACE.as_str()) {
                    profile.places.push(entity);
                } else if self.ontology.is_subproperty(&filler.role, property::INITIATOR.as_str()) {
                    profile.initiators.push(entity);
                } else if self.ontology.is_subproperty(&filler.role, property::TARGET.as_str()) {
                    profile.targets.push(entity);
                }
            }
        }
        profile
    }

    fn entity(&self, mention: usize) -> Option<EntityId> {
        self.reading.mentions[mention].entity
    }

    /// Joins tellings of one event in different sentences.
    fn across_sentences(&self, groups: Vec<Group>) -> Vec<Group> {
        let mut merged: Vec<Group> = Vec::with_capacity(groups.len());
        for group in groups {
            let profile = self.profile(&group);
            let mut best: Option<(i32, usize)> = None;
            for (index, earlier) in merged.iter().enumerate().rev().take(REACH) {
                if let Some(score) = self.affinity(earlier, &group, &profile)
                    && best.is_none_or(|(b, _)| score > b)
                {
                    best = Some((score, index));
                }
            }
            match best {
                Some((score, index)) if score >= 5 => {
                    let target = &mut merged[index];
                    target.tellings.extend(&group.tellings);
                    target.tellings.sort_unstable();
                    target.lead = self.better_lead(target.lead, group.lead);
                }
                _ => merged.push(group),
            }
        }
        merged
    }

    /// The telling that names the event more exactly: the more special class, else the earlier one.
    fn better_lead(&self, earlier: usize, later: usize) -> usize {
        let (a, b) = (self.told(earlier), self.told(later));
        let special = a.class != b.class
            && (self.ontology.is_subclass(&b.evoked, &a.evoked)
                || self.ontology.folds_into(&a.evoked, &b.class) && !self.ontology.folds_into(&b.evoked, &a.class));
        // Of two words neither of which is the more special, the one for what counts more.
        let related = self.ontology.is_subclass(&a.class, &b.class)
            || self.ontology.is_subclass(&b.class, &a.class)
            || self.ontology.folds_into(&b.evoked, &a.class);
        let special = special || !related && self.ontology.salience(&b.class) > self.ontology.salience(&a.class);
        if special { later } else { earlier }
    }

    /// How much speaks for two groups being one event; none if something speaks against it.
    fn affinity(&self, earlier: &Group, later: &Group, profile: &Profile) -> Option<i32> {
        if earlier.tellings.len() >= MOST_TELLINGS {
            return None;
        }
        let (a, b) = (self.told(earlier.lead), self.told(later.lead));
        // What has no day of its own is as old as what it tells the outcome of.
        let undated = self.is_bare(b, profile) && self.is_outcome(later.lead, earlier.lead);
        if a.background != b.background && !undated
            || a.modality != b.modality && !(a.modality.is_asserted() && b.modality.is_asserted())
        {
            return None;
        }
        let sums = |group: &Group| group.tellings.iter().filter_map(|t| self.summed.get(t)).copied().min();
        if sums(later) == Some(true) && b.outcome.is_some() && sums(earlier) != Some(true) {
            return None;
        }
        let document = self.reading.document;
        if is_purpose(document, a.trigger) != is_purpose(document, b.trigger) {
            return None;
        }
        let (first, second) = (document.sentence_of(a.trigger), document.sentence_of(b.trigger));
        let other = self.profile(earlier);
        if self.is_response(a, b) || self.is_response(b, a) {
            let near = second <= first + RESPONSE || other.headline;
            return (near
                && !self.lie_apart(&other.places, &profile.places)
                && self.same_time(earlier, later).is_some())
            .then_some(6);
        }
        let mut score = if a.class == b.class {
            3
        } else if self.ontology.is_subclass(&a.class, &b.class) || self.ontology.is_subclass(&b.class, &a.class) {
            2
        } else if self.ontology.folds_into(&b.evoked, &a.class) || self.ontology.folds_into(&a.evoked, &b.class) {
            1
        } else if self.ontology.share_parent(&a.class, &b.class, class::EVENT.as_str()) {
            0
        } else {
            return None;
        };
        score += self.compare(&other.places, &profile.places, true)?;
        score += self.compare(&other.initiators, &profile.initiators, false)?;
        score += self.compare(&other.targets, &profile.targets, false)?;
        score += self.same_time(earlier, later)?;
        score += self.same_toll(earlier, later);
        match definiteness(self.reading, b.trigger) {
            Some(true) => score += 2,
            // What the headline told is new to the lead: "An air strike hit …".
            Some(false) if other.headline && earlier.tellings.len() == 1 && second <= first + 1 => {}
            Some(false) => score -= 3,
            None => {}
        }
        if other.headline && second <= first + 3 {
            score += 2;
            // What the first sentence says in its main clause is what the headline announced.
            let body = document.sentences().iter().take_while(|s| s.headline).count();
            score += i32::from(second == body && b.depth == 0);
        }
        if second > first && second <= first + 2 && self.is_given(later) {
            score += 1;
        }
        if first == second {
            score -= 2;
        }
        score += self.follows(earlier, later, profile);
        // "Protests: police kill six" above "Police opened fire on demonstrators": the headline tells the outcome, the first
        // sentence how it came about.
        let body = document.sentences().iter().take_while(|s| s.headline).count();
        if other.headline && second == body && self.is_outcome(earlier.lead, later.lead) {
            score += 3;
        }
        Some(score)
    }

    /// Whether `response` tells how the protest `protest` was met, or what it became: dispersed, shot at, a riot. Those who met
    /// it are other people than those who protested.
    fn is_response(&self, protest: &Told, response: &Told) -> bool {
        let is = |told: &Told, class: NamedNodeRef<'_>| self.ontology.is_subclass(&told.class, class.as_str());
        let met = [class::PROTEST_WITH_INTERVENTION, class::EXCESSIVE_FORCE_AGAINST_PROTESTERS];
        let turned = is(response, class::VIOLENT_DEMONSTRATION);
        is(protest, class::PROTEST)
            && !met.iter().any(|&c| is(protest, c))
            && (turned || met.iter().any(|&c| is(response, c)))
    }

    /// Whether two places that are both known exclude each other.
    fn lie_apart(&self, one: &[EntityId], other: &[EntityId]) -> bool {
        let known = |side: &[EntityId]| side.iter().any(|&e| self.is_located(e));
        let related = |a: EntityId, b: EntityId| a == b || self.contains(a, b) || self.contains(b, a);
        known(one) && known(other) && !one.iter().any(|&a| other.iter().any(|&b| related(a, b)))
    }

    /// Whether those to whom something is done have been told of before: "the column came under fire", "they were shot at".
    fn is_given(&self, group: &Group) -> bool {
        let document = self.reading.document;
        let given = |mention: usize| {
            let noted = &self.reading.mentions[mention];
            let definite = || {
                document
                    .children_by(noted.head, Deprel::Det)
                    .any(|d| document.feat(d, "Definite") == Some("Def") || document.feat(d, "PronType") == Some("Dem"))
            };
            matches!(noted.form, MentionForm::Pronoun | MentionForm::Possessive)
                || noted.form == MentionForm::Nominal && noted.quantity.is_none() && definite()
        };
        let mut targets = group
            .tellings
            .iter()
            .flat_map(|&t| &self.told(t).fillers)
            .filter(|f| self.ontology.is_subproperty(&f.role, property::TARGET.as_str()))
            .peekable();
        targets.peek().is_some() && targets.all(|f| given(f.mention))
    }

    /// +2 for a shared entity, 0 if one side is silent; places that exclude each other forbid, actors that do too.
    fn compare(&self, one: &[EntityId], other: &[EntityId], places: bool) -> Option<i32> {
        if one.is_empty() || other.is_empty() {
            return Some(0);
        }
        if one.iter().any(|e| other.contains(e)) {
            return Some(2);
        }
        let related = one.iter().any(|&a| other.iter().any(|&b| self.contains(a, b) || self.contains(b, a)));
        if places {
            // "a suburb of Tripoli" may be the one that is named elsewhere; only two places that are both known lie apart for
            // certain.
            let named = |side: &[EntityId]| side.iter().any(|&e| self.entities[e].named);
            let known = |side: &[EntityId]| side.iter().any(|&e| self.is_located(e));
            return match related {
                true => Some(1),
                false if known(one) && known(other) => None,
                false if named(one) && named(other) => Some(-2),
                false => Some(0),
            };
        }
        // "Colombia killed", "Colombian troops killed": a state and its own are one side.
        let state = |e: EntityId| {
            let entity = &self.entities[e];
            let class = entity.class.as_deref();
            class
                .is_some_and(|c| {
                    [class::STATE, class::COUNTRY].iter().any(|state| self.ontology.is_subclass(c, state.as_str()))
                })
                .then_some(entity.country.as_deref())
        };
        let one_side = |a: EntityId, b: EntityId| {
            state(a).flatten().is_some_and(|country| self.entities[b].country.as_deref() == Some(country))
        };
        if one.iter().any(|&a| other.iter().any(|&b| one_side(a, b) || one_side(b, a))) {
            return Some(1);
        }
        // Two names for actors are two actors, unless one is only described.
        let both_named = one.iter().any(|&e| self.entities[e].named) && other.iter().any(|&e| self.entities[e].named);
        if both_named { None } else { Some(0) }
    }

    fn contains(&self, outer: EntityId, inner: EntityId) -> bool {
        let mut at = inner;
        for _ in 0..6 {
            match self.entities[at].within {
                Some(next) if next == outer => return true,
                Some(next) if next != at => at = next,
                _ => break,
            }
        }
        let (outer, inner) = (&self.entities[outer], &self.entities[inner]);
        // A country contains what lies in it, and so may a part of it that is only described ("northwest Pakistan").
        outer.kind == EntityKind::Place
            && (outer.class.as_deref() == Some(class::COUNTRY.as_str()) || self.is_stretch(outer))
            && outer.country.is_some()
            && outer.country == inner.country
    }

    /// Whether the gazetteer knows where a place lies, and it is no country.
    fn is_located(&self, entity: EntityId) -> bool {
        self.entities[entity].location.as_ref().is_some_and(|l| l.precision != PlacePrecision::Country)
    }

    /// Whether a place is a stretch of a country without bounds of its own: "northern Syria".
    fn is_stretch(&self, place: &Entity) -> bool {
        let name = place.name.as_str();
        let mut ends = name.match_indices(' ').map(|(space, _)| &name[space + 1..]);
        place.location.is_none() && ends.any(|end| self.countries.contains(end))
    }

    /// How much speaks for the later telling being only the outcome of the earlier one, told with it or soon after it without
    /// a place, a day or a doer of its own: "Soldiers attacked the camp on Friday. Twelve militants were killed."
    fn follows(&self, earlier: &Group, later: &Group, profile: &Profile) -> i32 {
        let document = self.reading.document;
        let sentence = |t: usize| document.sentence_of(self.told(t).trigger);
        let told = self.told(later.lead);
        if !self.is_bare(told, profile) || !self.is_outcome(later.lead, earlier.lead) {
            return 0;
        }
        let own = sentence(later.lead);
        let before = earlier.tellings.iter().copied().filter(|&t| self.told(t).trigger < told.trigger).max();
        match before.map(|t| own - sentence(t)) {
            Some(0) => 6,
            Some(1) => 5,
            Some(2) => 4,
            // Further on in a note, as long as nothing else has happened since.
            Some(3 | 4) if self.is_latest_violence(before, later) => 4,
            _ => 0,
        }
    }

    /// Whether no violence is told between a telling and a later group.
    fn is_latest_violence(&self, before: Option<usize>, later: &Group) -> bool {
        let between = before.map_or(0, |t| t + 1)..later.tellings[0];
        before.is_some()
            && !between.into_iter().any(|t| {
                let told = self.told(t);
                told.outcome.is_none() && self.ontology.is_subclass(&told.class, class::VIOLENCE.as_str())
            })
    }

    /// Whether one event says only what became of people in another, which does not say it itself.
    fn is_outcome(&self, outcome: usize, of: usize) -> bool {
        let (outcome, of) = (self.told(outcome), self.told(of));
        let harm = |told: &Told| told.outcome.is_some();
        self.ontology.folds_into(&outcome.evoked, &of.class)
            && (harm(outcome) && !harm(of) || !self.ontology.folds(&of.evoked))
    }

    /// +4 if both report the same number of people come to the same harm; numbers below two are no evidence.
    fn same_toll(&self, earlier: &Group, later: &Group) -> i32 {
        let of = |group: &Group| -> Vec<(Outcome, u32)> {
            group.tellings.iter().filter_map(|telling| self.tolls.get(telling)).flatten().copied().collect()
        };
        let (one, other) = (of(earlier), of(later));
        if one.iter().any(|t| other.contains(t)) {
            return 4;
        }
        // Two different numbers of dead speak for two events, unless one is a part or a revision of the other.
        let dead = |tolls: &[(Outcome, u32)]| tolls.iter().filter(|t| t.0 == Outcome::Killed).map(|t| t.1).max();
        match (dead(&one), dead(&other)) {
            (Some(_), Some(_)) => -1,
            _ => 0,
        }
    }

    /// +1 if both have a day and it is the same, none if their times exclude each other.
    fn same_time(&self, earlier: &Group, later: &Group) -> Option<i32> {
        let bounds = |group: &Group| {
            group.tellings.iter().flat_map(|&t| &self.told(t).times).find_map(|&t| {
                let bounds = &self.reading.times[t].bounds;
                Some((bounds.earliest?, bounds.latest?))
            })
        };
        match (bounds(earlier), bounds(later)) {
            (Some(a), Some(b)) if a.0 <= b.1 && b.0 <= a.1 => Some(i32::from(a == b)),
            (Some(_), Some(_)) => None,
            _ => Some(0),
        }
    }
}

/// Who takes part in an event according to all its tellings, the lead's fillers first: each entity once in a role,
/// and not the event noun itself as the doer of its consequence.
///
/// Where an event has two sides, those whom another telling counts as its dead are casualties of a side, not a third
/// one: "soldiers defeated the militants; 12 militants and one soldier were killed".
pub(super) fn fillers(reading: &Reading<'_>, ontology: &Ontology, group: &Group) -> Vec<Filler> {
    let triggers: Vec<WordId> = group.tellings.iter().map(|&t| reading.events[t].trigger).collect();
    let is_side = |f: &&Filler| reading.mentions[f.mention].kind == EntityKind::Organization;
    let two_sided = reading.events[group.lead].fillers.iter().filter(is_side).count() > 1;
    let order = std::iter::once(group.lead).chain(group.tellings.iter().copied().filter(|&t| t != group.lead));
    let mut fillers: Vec<Filler> = Vec::new();
    for telling in order {
        for filler in &reading.events[telling].fillers {
            let noted = &reading.mentions[filler.mention];
            let repeated = fillers.iter().any(|f| {
                let same = f.mention == filler.mention
                    || noted.entity.is_some() && reading.mentions[f.mention].entity == noted.entity
                    || counts_the_same(reading, f.mention, filler.mention);
                same && (f.role == filler.role || telling != group.lead)
            });
            let victim = two_sided
                && telling != group.lead
                && noted.quantity.is_some()
                && ontology.folds(&reading.events[telling].evoked);
            // "A suicide bomber" is who did it as well as what tells of it.
            if !repeated && !victim && (noted.kind.is_actor() || !triggers.contains(&noted.head)) {
                fillers.push(filler.clone());
            }
        }
    }
    if !fillers.iter().any(|f| f.role.as_ref() == property::INITIATOR.as_str()) {
        fillers.extend(handlers(reading, group, &triggers));
    }
    fillers
}

/// Whether two descriptions count the same people in the same words: "25 civilians" of the headline are those of the text.
fn counts_the_same(reading: &Reading<'_>, one: usize, other: usize) -> bool {
    let (one, other) = (&reading.mentions[one], &reading.mentions[other]);
    let document = reading.document;
    one.quantity.is_some()
        && other.quantity.is_some()
        && one.words.len() == other.words.len()
        && one
            .words
            .clone()
            .zip(other.words.clone())
            .all(|(a, b)| document.form(a).eq_ignore_ascii_case(document.form(b)))
}

/// Who planted, fired or dropped what the event is named after: "a bomb planted by militants hit a bus".
fn handlers(reading: &Reading<'_>, group: &Group, triggers: &[WordId]) -> Vec<Filler> {
    let mut sentences: Vec<usize> = triggers.iter().map(|&t| reading.document.sentence_of(t)).collect();
    sentences.sort_unstable();
    sentences.dedup();
    let near = sentences.into_iter().flat_map(|s| reading.events_in(&reading.document.sentences()[s].words));
    let handled = near.map(|index| (index, &reading.events[index])).filter(|(index, told)| {
        !group.tellings.contains(index)
            && told.modality.is_asserted()
            && told.fillers.iter().any(|f| {
                let thing = [property::ITEM, property::INSTRUMENT].iter().any(|role| f.role.as_ref() == role.as_str());
                thing && triggers.contains(&reading.mentions[f.mention].head)
            })
    });
    handled
        .flat_map(|(_, told)| &told.fillers)
        .filter(|f| f.role.as_ref() == property::INITIATOR.as_str())
        .cloned()
        .collect()
}

/// Whether an event noun is definite ("the attack", "Monday's bombing"), indefinite ("another strike", "a raid"), or
/// neither.
pub(super) fn definiteness(reading: &Reading<'_>, trigger: WordId) -> Option<bool> {
    let document = reading.document;
    let mut noun = trigger;
    if document.upos(trigger) == Upos::Verb {
        // "the device went off": what acts is known already, and so is what it did.
        let weapon = |w: WordId| reading.mention_at[w].is_some_and(|m| reading.mentions[m].kind == EntityKind::Weapon);
        let subject = document.children_by(trigger, Deprel::Nsubj).find(|&c| weapon(c))?;
        let known = document.children_by(subject, Deprel::Det).any(|d| document.feat(d, "Definite") == Some("Def"));
        return known.then_some(true);
    }
    if document.upos(noun) != Upos::Noun {
        // A trigger of several words has its determiner on the noun it ends in.
        noun = document
            .head(noun)
            .filter(|&h| document.deprel(noun) == Deprel::Compound && document.upos(h) == Upos::Noun)?;
    }
    for &child in document.children(noun) {
        match document.deprel(child) {
            Deprel::Det => {
                return match document.feat(child, "PronType") {
                    Some("Dem") => Some(true),
                    Some("Art") => Some(document.feat(child, "Definite") == Some("Def")),
                    _ => Some(false),
                };
            }
            Deprel::NmodPoss => return Some(true),
            Deprel::Nummod => return Some(false),
            Deprel::Amod if document.feat(child, "NumType") == Some("Ord") => return Some(false),
            _ => {}
        }
    }
    None
}
