//! Where events took place: what their own words say, else what the text around them says.
//!
//! A place named in the event's own phrase or clause is its place. An event told without one ("At least nine people
//! died") happened where the article is: at the places of its sentence, else of what was told before it, back to the
//! headline and the dateline. Such a place is marked as inherited.

mod carry;
mod clauses;
mod width;

use crate::extract::arguments::{Preposition, preposition};
use crate::extract::finish::Found;
use crate::extract::merging::{Group, country_names};
use crate::extract::reading::{Noted, Reading};
use crate::extract::triggers::Triggers;
use crate::facts::{Entity, EntityKind, MentionForm};
use crate::language::{Deprel, Upos, WordId};
use crate::ontology::Ontology;
use crate::ontology::terms::{class, property};
use oxrdf::NamedNodeRef;
use std::collections::{BTreeMap, BTreeSet};

/// The places of an article, for its events to happen at.
pub(in crate::extract) struct Scene<'a> {
    reading: &'a Reading<'a>,
    entities: &'a [Entity],
    ontology: &'a Ontology,
    triggers: &'a Triggers,
    /// For each sentence, the mentions of places where something may have happened.
    stages: Vec<Vec<usize>>,
    /// The country that most places of the article lie in.
    country: Option<&'a str>,
    /// The names of the countries of the article.
    countries: BTreeSet<&'a str>,
    /// The mention of the place of the dateline.
    dateline: Option<usize>,
}

/// The country that most mentions of places are in.
fn main_country(entities: &[Entity]) -> Option<&str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for entity in entities.iter().filter(|e| e.kind == EntityKind::Place) {
        if let Some(country) = entity.country.as_deref() {
            *counts.entry(country).or_default() += entity.mentions.len();
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(country, _)| country)
}

/// The place that opens the body and has lost its dash: "BEIRUT A bomb …". Behind it the sentence begins, with a capital
/// where there is no name: an article, a number, a preposition, a demonym.
fn unmarked_dateline(reading: &Reading<'_>) -> Option<usize> {
    let document = reading.document;
    let first = document.sentences().iter().find(|s| !s.headline)?.words.start;
    let index = reading.mentions.iter().position(|m| m.words.start == first)?;
    let noted = &reading.mentions[index];
    let next = first + 1;
    let begins = document.words().get(next).is_some_and(|_| {
        document.form(next).starts_with(char::is_uppercase)
            && matches!(document.upos(next), Upos::Det | Upos::Num | Upos::Adp | Upos::Pron | Upos::Adj)
    });
    let place = noted.kind == EntityKind::Place && noted.form == MentionForm::Name && noted.words.len() == 1;
    (place && begins && noted.entity.is_some()).then_some(index)
}

impl<'a> Scene<'a> {
    pub(in crate::extract) fn new(
        reading: &'a Reading<'a>,
        entities: &'a [Entity],
        ontology: &'a Ontology,
        triggers: &'a Triggers,
    ) -> Self {
        let mut scene = Self {
            reading,
            entities,
            ontology,
            triggers,
            stages: vec![Vec::new(); reading.document.sentences().len()],
            country: main_country(entities),
            countries: country_names(entities),
            dateline: reading
                .mentions
                .iter()
                .position(|m| m.kind == EntityKind::Place && m.entity.is_some() && reading.dateline.contains(&m.head))
                .or_else(|| unmarked_dateline(reading)),
        };
        for (index, noted) in reading.mentions.iter().enumerate() {
            if noted.kind == EntityKind::Place && scene.dateline != Some(index) && scene.is_stage(noted) {
                scene.stages[reading.document.sentence_of(noted.head)].push(index);
            }
        }
        scene
    }

    /// Whether a mention of a place says where something is, and is no part of an actor's description.
    fn is_stage(&self, noted: &Noted) -> bool {
        let document = self.reading.document;
        if noted.entity.is_none() || self.reading.dateline.contains(&noted.head) {
            return false;
        }
        if self.tells_whence(noted.head) {
            return false;
        }
        match document.deprel(noted.head) {
            Deprel::Obl | Deprel::Nmod | Deprel::Advcl => {
                self.is_beside(noted)
                    || preposition(document, noted.head).is_none_or(|p| !self.is_elsewhere_preposition(&p))
            }
            Deprel::Obj
            | Deprel::NsubjPass
            | Deprel::Appos
            | Deprel::OblUnmarked
            | Deprel::NmodUnmarked
            | Deprel::List
            | Deprel::Root => true,
            // "citizens from Jordan and *Iraq*": what is said of the first is said of all.
            Deprel::Conj => match document.head(noted.head).and_then(|first| self.reading.mention_at[first]) {
                Some(first) if preposition(document, noted.head).is_none() => {
                    let first = &self.reading.mentions[first];
                    first.kind != EntityKind::Place || self.is_stage(first)
                }
                _ => preposition(document, noted.head).is_none_or(|p| !self.is_elsewhere_preposition(&p)),
            },
            // "Kisii town: about 300 youths marched"; what stands in capitals there is a dateline.
            Deprel::Parataxis => {
                let capitals = |w: WordId| document.form(w).chars().all(|c| c.is_uppercase() || !c.is_alphabetic());
                noted.form == MentionForm::Name && !noted.words.clone().all(capitals)
            }
            // "Aleppo clashes", "Syria's Idlib": not "Syria's army".
            Deprel::Compound | Deprel::NmodPoss | Deprel::Flat | Deprel::Amod | Deprel::Nsubj => {
                noted.form == MentionForm::Name
                    && !self.is(noted, class::COUNTRY)
                    && !self.describes_actor(noted.head)
                    && !self.is_namesake(noted)
            }
            _ => false,
        }
    }

    fn is_elsewhere_preposition(&self, preposition: &Preposition<'_>) -> bool {
        self.triggers.grammar.is_elsewhere(preposition)
    }

    /// Whether a place of another country than the article's only modifies something: a hospital is called "*Al-Quds*", a
    /// government's plan is "*Moscow's*".
    fn is_namesake(&self, noted: &Noted) -> bool {
        let own = noted.entity.and_then(|e| self.entities[e].country.as_deref());
        own.is_some() && self.country.is_some() && own != self.country
    }

    /// Whether a place only says where somebody is from or what he heads ("a native of *Al-Qaim*", "the mayor of
    /// *Pemba*"), or where the place lies that others were taken to ("taken to a hospital in *Catarman*").
    fn tells_whence(&self, place: WordId) -> bool {
        let document = self.reading.document;
        let Some(head) = document.head(place).filter(|_| document.deprel(place) == Deprel::Nmod) else { return false };
        let Some(above) = self.reading.mention_at[head].map(|m| &self.reading.mentions[m]) else { return false };
        let of = || preposition(document, place).is_some_and(|p| p.is("of") || p.is("from"));
        match above.kind {
            EntityKind::Person => document.feat(head, "Number") == Some("Sing") && of(),
            // "the government in *Damascus*"
            EntityKind::Organization => {
                let seat = self.reading.mention_at[place].is_some_and(|m| self.reading.mentions[m].speaks_of_state);
                seat && self.is(above, class::STATE_ACTOR) && !self.is(above, class::STATE_FORCE)
            }
            EntityKind::Place => {
                let towards =
                    |p: Preposition<'_>| self.is_elsewhere_preposition(&p) && !p.is("from") && !p.is("out of");
                preposition(document, head).is_some_and(towards)
            }
            _ => false,
        }
    }

    /// Whether something is said to lie beside a place: "20 km from *Baidoa*".
    fn is_beside(&self, noted: &Noted) -> bool {
        self.triggers.grammar.is_beside(self.reading.document, noted.words.start)
    }

    /// Whether the words say only that it was near a place.
    fn is_near(&self, mention: usize) -> bool {
        let noted = &self.reading.mentions[mention];
        let preposition = preposition(self.reading.document, noted.head);
        self.is_beside(noted) || preposition.and_then(|p| self.triggers.place_preposition(&p)) == Some(true)
    }

    /// Whether a word modifies a mention of an actor.
    fn describes_actor(&self, word: WordId) -> bool {
        let document = self.reading.document;
        document.head(word).is_some_and(|head| {
            document.upos(head) != Upos::Verb
                && self.reading.mention_at[head].is_some_and(|m| self.reading.mentions[m].kind.is_actor())
        })
    }

    fn is(&self, noted: &Noted, class: NamedNodeRef<'_>) -> bool {
        let own = noted.class.as_deref().or_else(|| self.entities.get(noted.entity?)?.class.as_deref());
        own.is_some_and(|c| self.ontology.is_subclass(c, class.as_str()))
    }

    /// The places that the sentences of an event tell, the most specific first.
    pub(in crate::extract) fn places(&self, group: &Group) -> Vec<Found> {
        let mut found = self.direct(group);
        let direct: Vec<usize> = found.iter().map(|f| f.mention).collect();
        if !self.is_placed(&found) {
            found.extend(self.beside(group, false).filter(|f| self.agrees(f.mention, &direct)));
        }
        if !direct.is_empty() && found.iter().all(|f| f.inherited || self.breadth(f.mention) >= 2) {
            found.extend(self.finer(group, &direct));
        }
        self.ordered(found)
    }

    /// Whether it is known where an event happened, more exactly than in which country.
    fn is_placed(&self, found: &[Found]) -> bool {
        found.iter().any(|f| self.is_located(f.mention) && self.is_credible(f.mention))
    }

    /// Each place once in a role, the most specific first.
    fn ordered(&self, found: Vec<Found>) -> Vec<Found> {
        let entity = |f: &Found| self.reading.mentions[f.mention].entity;
        let mut kept: Vec<Found> = Vec::with_capacity(found.len());
        for place in found.into_iter().filter(|f| entity(f).is_some()) {
            match kept.iter_mut().find(|k| entity(k) == entity(&place) && k.role == place.role) {
                // "bombed Damascus" is near it if it is once said to be near.
                Some(known) => known.near |= place.near && !place.inherited,
                None => kept.push(place),
            }
        }
        let mut found = kept;
        let first = self.told_first(&found);
        found.sort_by_key(|f| {
            let (doubtful, abroad) = (!self.is_credible(f.mention), self.is_abroad(f.mention));
            let far = f.inherited && !f.finer;
            let located = self.reading.mentions[f.mention].entity.is_some_and(|e| self.entities[e].location.is_some());
            let elsewhere = self.is_elsewhere(f.mention, &first);
            let tier = self.tier(f.mention);
            let named = self.has_name(f.mention);
            (tier, elsewhere, doubtful, far, abroad, self.width(f.mention), (!located, !named))
        });
        self.put_inner_first(&mut found);
        found
    }

    /// Puts a named place before the one that the same sentence says it lies in: "in *Kanan*, in Sagaing township".
    fn put_inner_first(&self, found: &mut [Found]) {
        let sentence = |m: usize| self.reading.document.sentence_of(self.reading.mentions[m].head);
        for outer in 0..found.len() {
            let around = found[outer].mention;
            let inside = |f: &Found| {
                let together = sentence(f.mention) == sentence(around) && f.inherited <= found[outer].inherited;
                together && self.tier(f.mention) == 0 && self.is_within(f.mention, &[around])
            };
            let inner = (outer + 1..found.len()).find(|&i| self.tier(around) == 0 && inside(&found[i]));
            if let Some(inner) = inner {
                found[outer..=inner].rotate_right(1);
            }
        }
    }

    /// The named places below a country that the first sentence to name any of an event's tells.
    fn told_first(&self, found: &[Found]) -> Vec<usize> {
        let sentence = |m: usize| self.reading.document.sentence_of(self.reading.mentions[m].head);
        let stated = || found.iter().filter(|f| !f.inherited && self.tier(f.mention) == 0).map(|f| f.mention);
        let Some(first) = stated().map(sentence).min() else { return Vec::new() };
        stated().filter(|&m| sentence(m) == first).collect()
    }

    /// Whether a place of a later sentence is another one than those told first, neither in them nor around them: what is
    /// said of the event later, and seems to be elsewhere, is the more doubtful.
    fn is_elsewhere(&self, mention: usize, first: &[usize]) -> bool {
        let document = self.reading.document;
        let sentence = |m: usize| document.sentence_of(self.reading.mentions[m].head);
        let entity = |m: usize| self.reading.mentions[m].entity;
        let excludes = |m: usize| {
            let known = self.is_known(m) && self.is_known(mention) || self.is_settled(m) && self.is_settled(mention);
            known && entity(m) != entity(mention) && !self.is_within(mention, &[m]) && !self.is_within(m, &[mention])
        };
        first.first().is_some_and(|&m| sentence(m) < sentence(mention)) && first.iter().all(|&m| excludes(m))
    }

    /// Whether a place can be where something happened that is told of some country.
    fn agrees(&self, mention: usize, direct: &[usize]) -> bool {
        let country = |m: usize| self.reading.mentions[m].entity.and_then(|e| self.entities[e].country.as_deref());
        direct.iter().all(|&d| match (country(d), country(mention)) {
            (Some(one), Some(other)) => one == other,
            // What nobody can place is no better than what the words say, unless they say that it is a place to be in.
            (_, None) => {
                let said = self.is_settled(mention) || self.is_known(mention) || self.stands_locatively(mention);
                self.reading.mentions[mention].form == MentionForm::Name && said
            }
            (None, Some(_)) => true,
        })
    }

    /// Whether a place only modifies an event, without a preposition, and lies in another country than the article's: who did it,
    /// not where ("*Moscow's* air strikes").
    fn is_owner_abroad(&self, mention: usize) -> bool {
        let noted = &self.reading.mentions[mention];
        let document = self.reading.document;
        matches!(document.deprel(noted.head), Deprel::NmodPoss | Deprel::Compound)
            && preposition(document, noted.head).is_none()
            && noted.form == MentionForm::Name
            && self.is_namesake(noted)
    }

    /// The places that an event's own words tell.
    fn direct(&self, group: &Group) -> Vec<Found> {
        let reading = self.reading;
        let mut found: Vec<Found> = Vec::new();
        let order = std::iter::once(group.lead).chain(group.tellings.iter().copied().filter(|&t| t != group.lead));
        for telling in order {
            let told = &reading.events[telling];
            let own = told
                .places
                .iter()
                .filter(|(mention, _)| self.dateline != Some(*mention) && !self.is_owner_abroad(*mention));
            for &(mention, near) in own {
                found.push(Found { mention, near, role: None, inherited: false, finer: false });
            }
            for filler in &told.fillers {
                let placed = self.ontology.is_subproperty(&filler.role, property::PLACE.as_str());
                let hit = reading.mentions[filler.mention].kind == EntityKind::Place
                    && self.ontology.is_subproperty(&filler.role, property::TARGET.as_str());
                // Where people are driven or withdraw from is where it happens.
                let left = reading.mentions[filler.mention].kind == EntityKind::Place
                    && filler.role.as_ref() == property::ORIGIN.as_str();
                if placed || hit || left {
                    let role = (placed || left).then(|| filler.role.clone());
                    let near = self.is_near(filler.mention);
                    found.push(Found { mention: filler.mention, near, role, inherited: false, finer: false });
                }
            }
        }
        found
    }

    /// Places of an event's own sentences that lie in those its words tell: "in a field south of Hobyo, in *Mudug*".
    fn finer(&self, group: &Group, direct: &[usize]) -> Vec<Found> {
        let document = self.reading.document;
        let own: Vec<usize> =
            group.tellings.iter().map(|&t| document.sentence_of(self.reading.events[t].trigger)).collect();
        let facility = |m: usize| self.is(&self.reading.mentions[m], class::FACILITY);
        let fits = |m: usize| self.breadth(m) < 2 && self.is_located(m) && !direct.contains(&m) && !facility(m);
        let inside: Vec<usize> = own
            .iter()
            .flat_map(|&s| &self.stages[s])
            .copied()
            .filter(|&m| {
                let unlisted = !self.is_known(m) && (self.is_settled(m) || self.stands_locatively(m));
                fits(m) && (unlisted || self.is_within(m, direct))
            })
            .collect();
        let inside = inside.into_iter();
        inside
            .map(|mention| {
                let near = self.is_near(mention);
                Found { mention, near, role: None, inherited: true, finer: true }
            })
            .collect()
    }

    /// The nearest place that the sentences of an event name in a clause that may be about it; of the main event, in any that
    /// is not about something else.
    fn beside(&self, group: &Group, main: bool) -> Option<Found> {
        let trigger = self.reading.events[group.lead].trigger;
        let apart = |m: usize| self.is_apart_in_sentence(group, m, main);
        self.sentences(group).into_iter().find_map(|sentence| {
            let stages = self.stages[sentence].iter().copied();
            let stages = stages.filter(|&m| self.is_located(m) && !apart(m) && !self.is_of_digression(m, group));
            // "in Hta Naung village (Tabayin township, Sagaing)": the settlement before what it lies in.
            let nearest = stages.min_by_key(|&m| {
                let known = self.is_known(m) || self.is_settled(m);
                (!known, self.breadth(m) >= 2, self.reading.mentions[m].head.abs_diff(trigger), m)
            });
            nearest.map(|m| self.inherited(m))
        })
    }

    /// Whether a place of an event's sentence stands in a clause that is about something else.
    fn is_apart_in_sentence(&self, group: &Group, mention: usize, main: bool) -> bool {
        let lead = &self.reading.events[group.lead];
        // Whom somebody backs or lobbies is no matter of where another clause plays, nor is it where what was agreed on is to be.
        // "Oromia signs an accord": a party is no place.
        let party = || self.reading.document.deprel(self.reading.mentions[mention].head) == Deprel::Nsubj;
        let speech = self.ontology.is_speech(&lead.class);
        let apart = speech || !main && self.ontology.is_apart(&lead.class);
        let shares =
            || self.shares_clause(mention, lead.trigger) || !speech && self.is_of_clause_above(mention, lead.trigger);
        self.is_of_another_clause(mention, lead.trigger) || apart && (party() || !shares())
    }

    fn sentences(&self, group: &Group) -> Vec<usize> {
        let document = self.reading.document;
        group.tellings.iter().map(|&t| document.sentence_of(self.reading.events[t].trigger)).collect()
    }

    fn inherited(&self, mention: usize) -> Found {
        let near = self.is_near(mention);
        Found { mention, near, role: None, inherited: true, finer: false }
    }
}
