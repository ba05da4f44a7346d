//! Extraction: from an analysed article to the facts it states.
//!
//! [`Extractor`] is the entry point. The steps share one [`reading::Reading`], in this order: time expressions and
//! mentions; entities; events and situations from frames; casualties; then the tellings of one event are merged, the
//! events ordered, and everything turned into [`crate::facts`] with its evidence. Extraction does not fail: text that
//! matches nothing gives nothing.

pub mod arguments;
pub mod casualties;
mod earlier;
pub mod entities;
mod events;
mod finish;
mod grammar;
pub mod mentions;
mod merging;
mod ordering;
pub mod quantities;
pub mod reading;
mod responsibility;
mod scene;
mod situations;
pub mod time;
pub mod trace;
mod transitions;
mod triggers;

use crate::article::Article;
use crate::facts::{
    CasualtyReport, Entity, Facts, Locator, MentionForm, Outcome, TimePrecision, TimeSpan, VictimClass,
};
use crate::language::numbers::NumberWords;
use crate::language::{Document, Span};
use crate::ontology::Ontology;
use crate::ontology::terms::{class, property};
use casualties::{BareEvents, CasualtyWords, Toll};
use entities::ReferenceWords;
use finish::Findings;
use mentions::Knowledge;
use merging::Group;
use reading::{Filler, Reading, Told};
use scene::Scene;
use time::TimeWords;
use trace::{Observer, Trace};
use triggers::Triggers;

/// Extracts the facts of analysed articles. Immutable: one serves all threads.
#[derive(Debug)]
pub struct Extractor {
    ontology: &'static Ontology,
    triggers: Triggers,
    knowledge: Knowledge,
    casualty_words: CasualtyWords,
    bare_events: BareEvents,
    number_words: NumberWords,
    reference_words: ReferenceWords,
    time_words: TimeWords,
}

impl Extractor {
    /// An extractor that knows the frames and words of the ontology and the names of the seeds.
    pub fn new(ontology: &'static Ontology) -> Self {
        let entries = &crate::lexicon::entries::Entries::of_ontology(ontology);
        Self {
            ontology,
            triggers: Triggers::new(ontology, grammar::GrammarWords::new(entries)),
            knowledge: Knowledge::new(ontology, crate::lexicon::Gazetteer::of_ontology(ontology)),
            casualty_words: CasualtyWords::new(entries),
            bare_events: BareEvents::new(ontology),
            time_words: TimeWords::new(entries),
            reference_words: ReferenceWords::new(entries),
            number_words: crate::lexicon::numerals::number_words(entries),
        }
    }

    /// The ontology it follows.
    pub fn ontology(&self) -> &'static Ontology {
        self.ontology
    }

    /// What an article says. `document` is the analysis of its headline and body.
    pub fn extract(&self, article: &Article, document: &Document) -> Facts {
        self.observed(article, document, &mut ())
    }

    /// The same, with what was looked at on the way.
    pub fn trace(&self, article: &Article, document: &Document) -> (Facts, Trace) {
        let mut trace = Trace::default();
        let facts = self.observed(article, document, &mut trace);
        trace.attempts.sort_by_key(|a| a.trigger);
        (facts, trace)
    }

    fn observed(&self, article: &Article, document: &Document, observer: &mut impl Observer) -> Facts {
        let mut reading = Reading::new(article, document);
        reading.times = time::find(article, document, &self.time_words, &self.number_words);
        let dated: Vec<Span> = reading.times.iter().map(|t| t.span).collect();
        let counted = quantities::find(document, &self.number_words, &dated);
        let mentions = mentions::find(document, &self.knowledge, &reading.times, &counted);
        reading.note_mentions(mentions);
        let mut entities = entities::link(&mut reading, self.ontology, &self.knowledge, &self.reference_words);
        entities::nations(&mut reading, &mut entities, &self.knowledge);
        // What is known of an entity holds for each of its mentions.
        for noted in &mut reading.mentions {
            // "it" is a place where it takes up a place.
            if matches!(noted.form, MentionForm::Pronoun | MentionForm::Possessive)
                && let Some(entity) = noted.entity
            {
                noted.kind = entities[entity].kind;
            }
            if noted.class.is_none() {
                noted.class = noted.entity.and_then(|e| entities[e].class.clone());
            }
        }
        events::find(&mut reading, self.ontology, &self.triggers, observer);
        earlier::tell_as_news(&mut reading);
        let mut tolls = casualties::find(&reading, &counted, &self.casualty_words);
        let modality = |reading: &Reading<'_>, word| events::modality_at(reading, self.ontology, &self.triggers, word);
        let is_fact = |word| modality(&reading, word).is_asserted();
        casualties::attach(&reading, &mut tolls, |told| self.is_violent(told), is_fact);
        casualties::tell(&mut reading, &mut tolls, &self.bare_events, modality);
        let fighters = tolls.iter().filter(|t| t.victims == VictimClass::Combatant && !t.presumed);
        reading.combatants = fighters.filter_map(|t| reading.mention_at[t.head]).collect();
        let elsewhere = casualties::told_elsewhere(document, &self.casualty_words);
        for told in &mut reading.events {
            told.background |= elsewhere[document.sentence_of(told.trigger)];
        }
        let groups = merging::groups(&reading, &entities, self.ontology, &tolls);
        casualties::take_sides(&reading, &entities, self.ontology, &self.knowledge, &groups, &mut tolls);
        let locator = Locator::new(document, article.headline.len());
        let findings = self.findings(&reading, &locator, &entities, &tolls, groups);
        observer.tellings(|| {
            let trigger = |&t: &usize| reading.events[t].trigger;
            findings.iter().map(|f| std::iter::once(&f.told).chain(&f.merged).map(trigger).collect()).collect()
        });
        let mut facts = finish::finish(&reading, &locator, self.ontology, entities, findings);
        facts.situations = situations::situations(&reading, &locator, self.ontology, &facts);
        facts
    }

    fn is_violent(&self, told: &Told) -> bool {
        self.ontology.is_subclass(&told.class, class::VIOLENCE.as_str())
    }

    fn findings(
        &self,
        reading: &Reading<'_>,
        locator: &Locator<'_>,
        entities: &[Entity],
        tolls: &[Toll],
        groups: Vec<Group>,
    ) -> Vec<Findings> {
        let mut before: Option<TimeSpan> = None;
        let scene = Scene::new(reading, entities, self.ontology, &self.triggers);
        let long_ago = earlier::tells_of_long_ago(reading);
        let mut findings = Vec::with_capacity(groups.len());
        let mut doers = responsibility::doers(reading, self.ontology, &groups);
        let mut tolls_of = tolls_by_group(&groups, tolls, reading.events.len());
        let grammar = &self.triggers.grammar;
        for (index, described) in responsibility::perpetrators(reading, self.ontology, grammar, &groups) {
            doers.entry(index).or_default().extend(described);
        }
        for (index, came) in responsibility::comers(reading, self.ontology, &groups) {
            doers.entry(index).or_insert(came);
        }
        let mut lost = responsibility::losers(reading, entities, self.ontology, &groups);
        for (index, addressed) in responsibility::addressees(reading, self.ontology, &groups) {
            lost.entry(index).or_insert(addressed);
        }
        for (index, group) in groups.into_iter().enumerate() {
            let places = scene.places(&group);
            let lasting = self.ontology.lasts(&reading.events[group.lead].class);
            let mut order = group.tellings.clone();
            order.sort_by_key(|&t| t != group.lead);
            let mut times = order
                .iter()
                .filter_map(|&t| time::of_event(reading, reading.events[t].trigger, lasting, before.as_ref()));
            // The first that gives the day, else the first.
            let first = times.next();
            let time = match &first {
                Some(span) if !is_day(span) => times.find(is_day).or(first),
                _ => first,
            };
            if time.is_some() {
                before.clone_from(&time);
            }
            let own = std::mem::take(&mut tolls_of[index]);
            let casualties = reports(reading, locator, tolls, &own, time.as_ref());
            let said = doers.remove(&index).unwrap_or_default();
            let mut fillers = merging::fillers(reading, self.ontology, &group);
            responsibility::add(reading, entities, self.ontology, said, &mut fillers);
            fillers.extend(lost.remove(&index).unwrap_or_default());
            let casualties = claimed_apart(reading, tolls, &own, &fillers, casualties);
            let evoked = &reading.events[group.lead].evoked;
            let fought = fought_by(reading, tolls, &own);
            let known: Vec<Filler> = fillers.iter().cloned().chain(fought).collect();
            let class = events::refine(reading, self.ontology, &self.triggers, evoked, &known);
            let deadly = casualties.iter().any(|c| c.outcome == Outcome::Killed);
            let harm = match deadly {
                true => ordering::Harm::Deadly,
                false if casualties.is_empty() => ordering::Harm::None,
                false => ordering::Harm::Other,
            };
            let past = !own.is_empty() && own.iter().all(|&t| tolls[t].past);
            let sum = !own.is_empty() && own.iter().all(|&t| tolls[t].cumulative);
            let tally = ordering::Tally { class: &class, harm, earlier: past || sum, long_ago };
            let salience = ordering::salience(reading, self.ontology, &group, tally);
            findings.push(Findings {
                class,
                fillers,
                time,
                merged: group.tellings.iter().copied().filter(|&t| t != group.lead).collect(),
                told: group.lead,
                places,
                casualties,
                toll_day: toll_day(tolls, &own),
                background: reading.events[group.lead].background || past,
                salience,
            });
        }
        findings.sort_by(|a, b| b.salience.total_cmp(&a.salience).then(a.told.cmp(&b.told)));
        let undated = findings.first().is_some_and(|main| {
            let told = &reading.events[main.told];
            main.time.is_none() && told.modality.is_asserted() && !told.background
        });
        if undated {
            let inherited = earlier::inherited_time(reading, self.ontology, &findings);
            let window = || time::publication_window(reading.article).filter(|_| !long_ago).map(TimeSpan::At);
            if let Some(main) = findings.first_mut() {
                main.time = inherited.or_else(window);
            }
        }
        earlier::settle(reading, &mut findings);
        scene.carry(&mut findings);
        findings
    }
}

/// The reports of an event, of which those are superseded that only the side says that did it, where somebody else gives a figure:
/// "the group said it killed 30 soldiers; the ministry put the dead at four".
fn claimed_apart(
    reading: &Reading<'_>,
    tolls: &[Toll],
    own: &[usize],
    fillers: &[Filler],
    mut casualties: Vec<CasualtyReport>,
) -> Vec<CasualtyReport> {
    let entity = |m: usize| reading.mentions[m].entity;
    let doers: Vec<_> = fillers
        .iter()
        .filter(|f| f.role.as_ref() == property::INITIATOR.as_str())
        .filter_map(|f| entity(f.mention))
        .collect();
    let is_claim = |report: &CasualtyReport| report.according_to.is_some_and(|said| doers.contains(&said));
    let others = |outcome: Outcome| {
        let counts = |c: &&CasualtyReport| c.outcome == outcome && !is_claim(c) && !c.superseded && !c.cumulative;
        casualties.iter().any(|c| counts(&c)) && own.iter().any(|&t| tolls[t].outcome == outcome)
    };
    let claims: Vec<bool> = casualties.iter().map(|c| is_claim(c) && others(c.outcome)).collect();
    for (report, claim) in casualties.iter_mut().zip(claims) {
        report.superseded |= claim;
    }
    casualties
}

/// The combatants killed in an event in which nobody else was, as its targets: an attack that killed soldiers was one on
/// soldiers, whatever the words call its aim.
fn fought_by(reading: &Reading<'_>, tolls: &[Toll], own: &[usize]) -> Vec<Filler> {
    let killed = || {
        let own = own.iter().map(|&t| &tolls[t]);
        own.filter(|t| t.outcome == Outcome::Killed && t.part_of.is_none() && !t.past)
    };
    if killed().any(|t| t.victims != VictimClass::Combatant || t.presumed) {
        return Vec::new();
    }
    killed()
        .filter_map(|t| reading.mention_at[t.head])
        .map(|mention| Filler { role: property::TARGET.as_str().into(), mention })
        .collect()
}

/// For each group, the indices of its tolls in text order.
fn tolls_by_group(groups: &[Group], tolls: &[Toll], events: usize) -> Vec<Vec<usize>> {
    let mut group_of = vec![None; events];
    for (index, group) in groups.iter().enumerate() {
        for &telling in &group.tellings {
            group_of[telling] = Some(index);
        }
    }
    let mut own = vec![Vec::new(); groups.len()];
    for (index, toll) in tolls.iter().enumerate() {
        if let Some(group) = toll.event.and_then(|e| group_of[e]) {
            own[group].push(index);
        }
    }
    own
}

/// The day that the words beside the first of a group's tolls give.
fn toll_day(tolls: &[Toll], own: &[usize]) -> Option<TimeSpan> {
    let first = &tolls[*own.first()?];
    first.when.clone().filter(|w| w.earliest.is_some()).map(TimeSpan::At)
}

fn is_day(span: &TimeSpan) -> bool {
    matches!(span, TimeSpan::At(at) if at.precision == TimePrecision::Day && at.earliest.is_some())
}

/// The casualty reports of a group of tellings.
fn reports(
    reading: &Reading<'_>,
    locator: &Locator<'_>,
    tolls: &[Toll],
    own: &[usize],
    time: Option<&TimeSpan>,
) -> Vec<CasualtyReport> {
    let words = reading.document.words();
    let mut own = own.to_vec();
    // Tolls of earlier days beside those of the event are told to compare.
    let is_earlier = |t: usize| match (&tolls[t].when, time) {
        (Some(when), Some(TimeSpan::At(at))) if when.latest.is_some() && at.earliest.is_some() => {
            when.latest < at.earliest
        }
        _ => tolls[t].past,
    };
    if own.iter().any(|&t| !is_earlier(t)) {
        own.retain(|&t| !is_earlier(t));
    }
    own.iter()
        .map(|&index| {
            let toll = &tolls[index];
            let span = |range: &std::ops::Range<usize>| {
                words[range.start].span.cover(words[range.end.max(range.start + 1) - 1].span)
            };
            CasualtyReport {
                outcome: toll.outcome,
                victims: toll.victims,
                side: toll.side.and_then(|m| reading.mentions[m].entity),
                min: toll.min,
                max: toll.max,
                wording: span(&toll.wording).of(reading.document.text()).to_owned(),
                cumulative: toll.cumulative,
                superseded: toll.superseded,
                presumed: toll.presumed,
                part_of: toll.part_of.and_then(|whole| own.binary_search(&whole).ok()),
                according_to: toll
                    .event
                    .and_then(|e| reading.events[e].source)
                    .and_then(|m| reading.mentions[m].entity),
                evidence: locator.evidence(span(&toll.words)),
            }
        })
        .collect()
}
