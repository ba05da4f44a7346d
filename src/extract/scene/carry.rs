//! Which place an event takes over from another sentence.

use super::Scene;
use crate::extract::finish::{Findings, Found};
use crate::extract::merging::{Group, definiteness};
use crate::extract::reading::Told;
use crate::facts::{EntityKind, Modality, TimeSpan};
use crate::language::{Deprel, Upos, WordId};
use crate::ontology::terms::property;
use std::cmp::Reverse;

/// How many sentences back the place of the main event is sought.
const BACK: usize = 3;

/// Of how many sentences of the body the headline may take over the place.
const LEAD: usize = 2;

impl Scene<'_> {
    /// Takes over places from other sentences; the first of `findings` is the main event.
    pub(in crate::extract) fn carry(&self, findings: &mut [Findings]) {
        if let Some(closer) = self.told_later(findings) {
            let mut places = findings[0].places.clone();
            places.push(closer);
            findings[0].places = self.ordered(places);
        }
        for index in 0..findings.len() {
            let found = &findings[index];
            if self.is_placed(&found.places) {
                continue;
            }
            let group = group(found);
            // Where the main event happened is not lost, though only another clause of its sentence tells it.
            let carried = match index {
                0 => self.beside(&group, true).map(|f| vec![f]).or_else(|| self.of_main(&group)),
                _ => self.continued(findings, index, &group),
            };
            let dateline =
                || self.dateline.filter(|_| index == 0 && !found.background).map(|m| vec![self.inherited(m)]);
            let wide = || self.wide(&group, index == 0).map(|f| vec![f]);
            let Some(carried) = carried.or_else(wide).or_else(dateline) else { continue };
            let direct: Vec<usize> = found.places.iter().map(|f| f.mention).collect();
            let mut places = found.places.clone();
            places.extend(carried.into_iter().filter(|f| self.agrees(f.mention, &direct)));
            findings[index].places = self.ordered(places);
        }
    }

    /// Whether the text around an event cannot tell where it happened: an accusation is not made where that plays, and what is
    /// told as background happened elsewhere than what it is the background of.
    fn stands_apart(&self, told: &Told) -> bool {
        told.background
            || self.ontology.is_speech(&told.class)
            || self.ontology.is_apart(&told.class)
            || self.is_of_owned(told.trigger)
    }

    /// The best known place of the nearest sentence before the main event, else of the beginning of the article.
    fn of_main(&self, group: &Group) -> Option<Vec<Found>> {
        let document = self.reading.document;
        if self.stands_apart(&self.reading.events[group.lead]) {
            return None;
        }
        let first = self.sentences(group).into_iter().min().unwrap_or(0);
        let before = (first.saturating_sub(BACK)..first).rev();
        let opening = 0..document.sentences().len().min(first + 4);
        before.chain(opening).find_map(|sentence| {
            let stages = self.stages[sentence].iter().copied().filter(|&m| self.is_located(m));
            let best =
                stages.min_by_key(|&m| (!self.is_known(m), self.breadth(m), Reverse(self.entity_mentions(m)), m));
            best.map(|m| vec![self.inherited(m)])
        })
    }

    /// The settlement that the sentences behind the main event name, where its own name only what that lies in: "burned houses
    /// in a village of Praia district. The gunmen arrived at *Naquitengue*."
    fn told_later(&self, findings: &[Findings]) -> Option<Found> {
        let (main, others) = findings.split_first()?;
        let told = &self.reading.events[main.told];
        let coarse = |f: &Found| self.breadth(f.mention) >= 2 || self.tier(f.mention) > 0;
        let stated = !main.background && told.modality.is_asserted() && !self.ontology.is_speech(&told.class);
        // Without any place of its own it may be that of what is told before.
        let opens = || self.sentence(main.told) < self.body();
        if !stated || !main.places.iter().all(coarse) || main.places.is_empty() && !opens() {
            return None;
        }
        let own: Vec<usize> = main.places.iter().filter(|f| self.is_located(f.mention)).map(|f| f.mention).collect();
        let last = tellings(main).map(|t| self.sentence(t)).filter(|&s| s <= self.body() + LEAD).max()?;
        let mut behind: Vec<&Findings> = others
            .iter()
            .filter(|f| (last + 1..=last + BACK).contains(&self.sentence(f.told)))
            .filter(|f| !self.stands_apart(told) && self.is_source(f, false) || self.is_again(told, f))
            .collect();
        behind.sort_by_key(|f| f.told);
        let next = behind.first()?;
        let closer = |f: &&Found| !f.inherited && self.is_located(f.mention) && self.is_credible(f.mention);
        let mut stated = next.places.iter().filter(closer);
        let place = stated.next()?;
        // "raids on the city of Raqa and the town of Tabqa" is no closer place.
        let around = |m: usize| self.is_within(place.mention, &[m]) || self.breadth(m) >= 2;
        let one = stated.all(|f| around(f.mention) && !self.is_settled(f.mention));
        let inside = self.breadth(place.mention) < 2
            && (own.is_empty() || self.is_within(place.mention, &own) || !self.is_listed(place.mention))
            && own.iter().all(|&m| !self.is_foreign(place.mention, m));
        let then = self.may_be_then(&self.reading.events[next.told], main);
        (inside && one && then).then(|| Found { inherited: true, finer: true, role: None, ..place.clone() })
    }

    /// Whether an event is of the kind of another that stands apart from the scene, and may be the same: "signed a peace accord.
    /// The document was signed in *Addis Ababa*."
    fn is_again(&self, told: &Told, found: &Findings) -> bool {
        let other = &self.reading.events[found.told];
        let related = |one: &str, two: &str| self.ontology.is_subclass(one, two) || self.ontology.is_subclass(two, one);
        self.ontology.is_apart(&told.class)
            && related(&told.class, &other.class)
            && !found.background
            && other.modality.is_asserted()
            && found.places.iter().any(|p| !p.inherited && self.is_located(p.mention))
    }

    /// The country or stretch of land that an event's own sentences name where nothing closer is named.
    fn wide(&self, group: &Group, main: bool) -> Option<Found> {
        let lead = &self.reading.events[group.lead];
        let speech = self.ontology.is_speech(&lead.class) || !main && self.ontology.is_apart(&lead.class);
        let stages = self.sentences(group).into_iter().flat_map(|s| &self.stages[s]).copied();
        let wide = stages.filter(|&m| self.breadth(m) >= 5 && !(speech && self.is_apart_in_sentence(group, m, main)));
        let nearest = wide.min_by_key(|&m| (self.reading.mentions[m].head.abs_diff(lead.trigger), m));
        nearest.map(|m| self.inherited(m))
    }

    /// The place of the event that another one goes on telling of: of the nearest before it that says where it happened, with no
    /// other place named in between. A headline goes on in the first sentences.
    fn continued(&self, findings: &[Findings], index: usize, group: &Group) -> Option<Vec<Found>> {
        let own = &findings[index];
        let lead = &self.reading.events[own.told];
        if own.background || self.stands_apart(lead) || !self.tells_on(lead) || self.names_elsewhere(group) {
            return None;
        }
        let sentence = self.sentence(own.told);
        let body = self.body();
        let goes_on = |told: usize| {
            if sentence < body {
                self.sentence(told) < body + LEAD
            } else {
                told < own.told && self.sentence(told) + BACK >= sentence
            }
        };
        let sources = findings.iter().enumerate().filter(|(i, f)| *i != index && self.is_source(f, *i == 0));
        let mut sources: Vec<(usize, &Findings)> =
            sources.flat_map(|(_, f)| tellings(f).filter(|&t| goes_on(t)).map(move |t| (t, f))).collect();
        sources.sort_by_key(|(told, _)| (told.abs_diff(own.told), *told));
        let (told, source) = sources.first().copied()?;
        let place = source.places.iter().find(|p| self.is_located(p.mention) && self.is_credible(p.mention))?;
        let between = self.sentence(told) + 1..sentence;
        let moved = between.into_iter().any(|s| self.stages[s].iter().any(|&m| self.is_another(m, place.mention)));
        let beside =
            self.sentences(group).into_iter().flat_map(|s| &self.stages[s]).any(|&m| self.is_foreign(m, place.mention));
        let goes_on = !moved && !beside && self.may_be_then(lead, source);
        goes_on.then(|| vec![Found { inherited: true, finer: false, role: None, ..place.clone() }])
    }

    /// Whether an event may give its place to what is told behind it: it says itself where it happened, or is the main event.
    fn is_source(&self, found: &Findings, main: bool) -> bool {
        let lead = &self.reading.events[found.told];
        let stated =
            |f: &Found| (main || !f.inherited || f.finer) && self.is_located(f.mention) && self.is_credible(f.mention);
        !found.background && lead.modality.is_asserted() && !self.stands_apart(lead) && found.places.iter().any(stated)
    }

    /// Whether a telling is one of a story that goes on: of what happened once, not of what happens or has happened over time,
    /// nor said in passing of somebody.
    fn tells_on(&self, told: &Told) -> bool {
        let document = self.reading.document;
        let trigger = told.trigger;
        let passing = |word: WordId| matches!(document.deprel(word), Deprel::Amod | Deprel::Acl | Deprel::AclRelcl);
        let known = definiteness(self.reading, trigger);
        let placed = told.fillers.iter().any(|f| {
            let role = f.role.as_ref();
            self.reading.mentions[f.mention].kind == EntityKind::Place
                && self.ontology.is_subproperty(role, property::PLACE.as_str())
        });
        if !told.modality.is_asserted() || placed {
            return false;
        }
        if known == Some(true) {
            return true;
        }
        let verb = self.verb(trigger);
        let perfect = document.children_by(verb, Deprel::Aux).any(|c| document.lemma(c) == "have");
        // "Artillery shelling was reported": not "with the help of air strikes".
        let bare = document.upos(trigger) != Upos::Verb
            && known.is_none()
            && !matches!(document.deprel(trigger), Deprel::Nsubj | Deprel::NsubjPass);
        !perfect && !bare && !passing(trigger) && told.modality == Modality::Actual
    }

    /// Whether the sentences of an event name a place that they do not tell for its own.
    fn names_elsewhere(&self, group: &Group) -> bool {
        self.sentences(group).into_iter().flat_map(|s| &self.stages[s]).any(|&m| self.is_located(m))
    }

    /// Whether a place that is named below a country is another one than a second, neither in it nor around it.
    fn is_another(&self, mention: usize, other: usize) -> bool {
        let entity = |m: usize| self.reading.mentions[m].entity;
        self.is_located(mention)
            && entity(mention) != entity(other)
            && !self.is_within(mention, &[other])
            && !self.is_within(other, &[mention])
    }

    /// Whether a place lies in another country than a second.
    fn is_foreign(&self, mention: usize, other: usize) -> bool {
        let country = |m: usize| self.reading.mentions[m].entity.and_then(|e| self.entities[e].country.as_deref());
        matches!((country(mention), country(other)), (Some(one), Some(other)) if one != other)
    }

    /// Whether the words do not say that an event took place at another time than a second.
    fn may_be_then(&self, told: &Told, source: &Findings) -> bool {
        let own = told.times.iter().map(|&t| &self.reading.times[t].bounds).find_map(|b| b.earliest.zip(b.latest));
        let then = match &source.time {
            Some(TimeSpan::At(bounds)) => bounds.earliest.zip(bounds.latest),
            _ => None,
        };
        match (own, then) {
            (Some(own), Some(then)) => own.0 <= then.1 && then.0 <= own.1,
            _ => true,
        }
    }

    /// The verb above a word, or the word itself.
    fn verb(&self, word: WordId) -> WordId {
        let document = self.reading.document;
        let mut at = word;
        for _ in 0..4 {
            if document.upos(at) == Upos::Verb {
                return at;
            }
            at = document.head(at).unwrap_or(at);
        }
        at
    }

    fn sentence(&self, told: usize) -> usize {
        self.reading.document.sentence_of(self.reading.events[told].trigger)
    }

    /// The first sentence of the body.
    fn body(&self) -> usize {
        self.reading.document.sentences().iter().take_while(|s| s.headline).count()
    }
}

fn tellings(found: &Findings) -> impl Iterator<Item = usize> + '_ {
    std::iter::once(found.told).chain(found.merged.iter().copied())
}

fn group(found: &Findings) -> Group {
    let mut tellings: Vec<usize> = tellings(found).collect();
    tellings.sort_unstable();
    Group { lead: found.told, tellings }
}
