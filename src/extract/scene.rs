//! Where events took place: what their own words say, else what the text around them says.
//!
//! A place named in the event's own phrase or clause is its place. An event told without one ("At least nine people
//! died") happened where the article is: at the places of its sentence, else of what was told before it, back to the
//! headline and the dateline. Such a place is marked as inherited.

use super::arguments::{Preposition, preposition};
use super::finish::Found;
use super::grammar::GrammarWords;
use super::merging::{Group, country_names};
use super::reading::{Noted, Reading};
use crate::facts::{Entity, EntityKind, MentionForm, PlacePrecision};
use crate::language::{Deprel, Upos, WordId};
use crate::ontology::Ontology;
use crate::ontology::terms::{class, property};
use oxrdf::NamedNodeRef;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How many sentences back a place is sought.
const BACK: usize = 3;

/// The places of an article, for its events to happen at.
pub(super) struct Scene<'a> {
    reading: &'a Reading<'a>,
    entities: &'a [Entity],
    ontology: &'a Ontology,
    grammar: &'a GrammarWords,
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
    pub(super) fn new(
        reading: &'a Reading<'a>,
        entities: &'a [Entity],
        ontology: &'a Ontology,
        grammar: &'a GrammarWords,
    ) -> Self {
        let mut scene = Self {
            reading,
            entities,
            ontology,
            grammar,
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
                    || preposition(document, noted.head).is_none_or(|p| !self.grammar.is_elsewhere(&p))
            }
            Deprel::Obj
            | Deprel::NsubjPass
            | Deprel::Conj
            | Deprel::Appos
            | Deprel::OblUnmarked
            | Deprel::NmodUnmarked
            | Deprel::List
            | Deprel::Root => true,
            // "Kisii town: about 300 youths marched"; what stands in capitals there is a dateline.
            Deprel::Parataxis => {
                let capitals = |w: WordId| document.form(w).chars().all(|c| c.is_uppercase() || !c.is_alphabetic());
                noted.form == MentionForm::Name && !noted.words.clone().all(capitals)
            }
            // "Aleppo clashes", "Syria's Idlib": not "Syria's army".
            Deprel::Compound | Deprel::NmodPoss | Deprel::Flat | Deprel::Amod | Deprel::Nsubj => {
                noted.form == MentionForm::Name && !self.is(noted, class::COUNTRY) && !self.describes_actor(noted.head)
            }
            _ => false,
        }
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
            EntityKind::Place => {
                let towards = |p: Preposition<'_>| self.grammar.is_elsewhere(&p) && !p.is("from") && !p.is("out of");
                preposition(document, head).is_some_and(towards)
            }
            _ => false,
        }
    }

    /// Whether something is said to lie beside a place: "20 km from *Baidoa*".
    fn is_beside(&self, noted: &Noted) -> bool {
        self.grammar.is_beside(self.reading.document, noted.words.start)
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

    /// The places of an event, the most specific first.
    pub(super) fn places(&self, group: &Group) -> Vec<Found> {
        let mut found = self.direct(group);
        let direct: Vec<usize> = found.iter().map(|f| f.mention).collect();
        if !found.iter().any(|f| self.is_located(f.mention) && self.is_credible(f.mention)) {
            let around = self.around(group);
            found.extend(around.into_iter().filter(|f| self.agrees(f.mention, &direct)));
        }
        if !direct.is_empty() && found.iter().all(|f| f.inherited || self.breadth(f.mention) >= 2) {
            found.extend(self.finer(group, &direct));
        }
        let mut seen = Vec::new();
        found.retain(|f| {
            let key = (self.reading.mentions[f.mention].entity, f.role.clone());
            let fresh = key.0.is_some() && !seen.contains(&key);
            seen.push(key);
            fresh
        });
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

    /// Whether a place lies in another country than most places of the article.
    fn is_abroad(&self, mention: usize) -> bool {
        let own = self.reading.mentions[mention].entity.and_then(|e| self.entities[e].country.as_deref());
        own.is_some() && self.country.is_some() && own != self.country
    }

    /// Whether a place is known, or the text says what kind of place it is or what it lies in: not merely a run of
    /// capitalised words.
    fn is_credible(&self, mention: usize) -> bool {
        self.is_known(mention) || self.reading.mentions[mention].class.is_some() || self.stands_locatively(mention)
    }

    /// Whether a name stands right behind a preposition after which a name is a place's.
    fn stands_locatively(&self, mention: usize) -> bool {
        let noted = &self.reading.mentions[mention];
        let document = self.reading.document;
        noted.form == MentionForm::Name
            && noted.words.start.checked_sub(1).is_some_and(|w| self.grammar.is_locative(document.lemma(w)))
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

    /// Named places below a country first, then places that are only described, then countries.
    fn tier(&self, mention: usize) -> u8 {
        let noted = &self.reading.mentions[mention];
        let described = noted.form != MentionForm::Name
            && !self.is_called_after(mention)
            && !self.is_known(mention)
            && !self.is(noted, class::SETTLEMENT)
            && !self.is(noted, class::REGION);
        match self.breadth(mention) {
            5.. => 2,
            3 => 1,
            // "a Somali National Army base"
            _ if described || self.is_called_after_owner(mention) => 1,
            _ => 0,
        }
    }

    /// Whether a place has no name of its own, only that of whose it is or of the country it is in: "*ISIS* stronghold", "a
    /// *Syria* wedding".
    fn is_called_after_owner(&self, mention: usize) -> bool {
        let noted = &self.reading.mentions[mention];
        let common = self.reading.document.upos(noted.head) == Upos::Noun || self.is(noted, class::FACILITY);
        if !common || self.is_known(mention) || self.is(noted, class::SETTLEMENT) || self.is(noted, class::REGION) {
            return false;
        }
        let inner = self.reading.mentions_in(&noted.words).map(|m| &self.reading.mentions[m]);
        let mut inner = inner.filter(|m| m.words.end <= noted.words.end && m.head != noted.head).peekable();
        let owns = |m: &Noted| m.kind != EntityKind::Place || self.is(m, class::COUNTRY) || self.is(m, class::STATE);
        inner.peek().is_some() && inner.all(owns)
    }

    /// Whether a description has the name of a place below a country in it: "the livestock market of *El Fasher*", "the
    /// *Kamenge* neighbourhood".
    fn is_called_after(&self, mention: usize) -> bool {
        let noted = &self.reading.mentions[mention];
        let country = |m: &Noted| self.is(m, class::COUNTRY) || self.is(m, class::STATE);
        noted.form != MentionForm::Name
            && self.reading.mentions_in(&noted.words).any(|m| {
                let inner = &self.reading.mentions[m];
                m != mention
                    && inner.kind == EntityKind::Place
                    && inner.form == MentionForm::Name
                    && inner.words.end <= noted.words.end
                    && !country(inner)
            })
    }

    /// Whether the text says of a name that it is a settlement's ("the village of Gaskindé").
    fn is_settled(&self, mention: usize) -> bool {
        self.is(&self.reading.mentions[mention], class::SETTLEMENT)
    }

    /// The places that an event's own words tell.
    fn direct(&self, group: &Group) -> Vec<Found> {
        let reading = self.reading;
        let mut found: Vec<Found> = Vec::new();
        let order = std::iter::once(group.lead).chain(group.tellings.iter().copied().filter(|&t| t != group.lead));
        for telling in order {
            let told = &reading.events[telling];
            for &(mention, near) in told.places.iter().filter(|(mention, _)| self.dateline != Some(*mention)) {
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
                    found.push(Found { mention: filler.mention, near: false, role, inherited: false, finer: false });
                }
            }
        }
        found
    }

    /// How wide a place is for the order of places: a name of which only a preposition says that it is a place's stands
    /// between settlements and districts.
    fn width(&self, mention: usize) -> u8 {
        let stated = self.is_known(mention) || self.reading.mentions[mention].class.is_some();
        let breadth = self.breadth(mention) * 2;
        if stated { breadth } else { breadth.max(3) }
    }

    /// Whether a description has a name in it: "the east of *Aleppo* city".
    fn has_name(&self, mention: usize) -> bool {
        let document = self.reading.document;
        self.reading.mentions[mention].words.clone().any(|w| document.upos(w) == Upos::Propn)
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
                let near = self.is_beside(&self.reading.mentions[mention]);
                Found { mention, near, role: None, inherited: true, finer: true }
            })
            .collect()
    }

    /// Whether a place lies in one of others, by the words of the text or by the gazetteer.
    fn is_within(&self, mention: usize, others: &[usize]) -> bool {
        let entity = |m: usize| self.reading.mentions[m].entity;
        let mut at = entity(mention);
        for _ in 0..4 {
            at = at.and_then(|e| self.entities[e].within);
            if at.is_some() && others.iter().any(|&o| entity(o) == at) {
                return true;
            }
        }
        false
    }

    /// Whether a mention names a place, or describes one that is named elsewhere, below the level of a country.
    fn is_located(&self, mention: usize) -> bool {
        let noted = &self.reading.mentions[mention];
        let named = noted.entity.is_some_and(|e| self.entities[e].named);
        named && self.breadth(mention) < 5 && !self.is_called_after_owner(mention)
    }

    /// The places that the text around an event tells: of its own sentences, else of the nearest sentence before them,
    /// else of the beginning of the article.
    fn around(&self, group: &Group) -> Vec<Found> {
        let document = self.reading.document;
        let inherited = |mention: usize| {
            let near = self.is_beside(&self.reading.mentions[mention]);
            Found { mention, near, role: None, inherited: true, finer: false }
        };
        let sentences: Vec<usize> =
            group.tellings.iter().map(|&t| document.sentence_of(self.reading.events[t].trigger)).collect();
        let trigger = self.reading.events[group.lead].trigger;
        let lead = &self.reading.events[group.lead];
        // Whom somebody backs or lobbies is no matter of where another clause plays.
        let speech = self.ontology.is_speech(&lead.class);
        let apart_in_sentence =
            |m: usize| self.is_of_another_clause(m, trigger) || speech && !self.shares_clause(m, trigger);
        for &sentence in &sentences {
            let mut stages: Vec<usize> = self.stages[sentence]
                .iter()
                .copied()
                .filter(|&m| self.is_located(m) && !apart_in_sentence(m) && !self.is_of_digression(m, group))
                .collect();
            // "in Hta Naung village (Tabayin township, Sagaing)": the settlement before what it lies in.
            stages.sort_by_key(|&m| {
                let known = self.is_known(m) || self.is_settled(m);
                (!known, self.breadth(m) >= 2, self.reading.mentions[m].head.abs_diff(trigger), m)
            });
            if let Some(&nearest) = stages.first() {
                return vec![inherited(nearest)];
            }
        }
        // An accusation is not made where the text around it plays, and what is told as background happened elsewhere than
        // what it is the background of.
        let apart = lead.background || speech || self.ontology.is_apart(&lead.class) || self.is_of_owned(trigger);
        let first = sentences.iter().copied().min().unwrap_or(0);
        let before = (first.saturating_sub(BACK)..first).rev();
        let opening = 0..document.sentences().len().min(first + 4);
        for sentence in before.chain(opening).filter(|_| !apart) {
            let mut stages: Vec<usize> =
                self.stages[sentence].iter().copied().filter(|&m| self.is_located(m)).collect();
            stages.sort_by_key(|&m| (!self.is_known(m), self.breadth(m), Reverse(self.entity_mentions(m)), m));
            if let Some(&best) = stages.first() {
                return vec![inherited(best)];
            }
        }
        // The dateline is at least where news of it came from.
        let dateline = self.dateline;
        // Nothing closer is named: the country or stretch of land of its own sentences, if they name one.
        let wide = sentences.iter().flat_map(|&s| &self.stages[s]).copied();
        let wide = wide.filter(|&m| self.breadth(m) >= 5 && !(speech && apart_in_sentence(m)));
        let nearest = wide.min_by_key(|&m| (self.reading.mentions[m].head.abs_diff(trigger), m));
        nearest.or(dateline.filter(|_| !lead.background)).map(inherited).into_iter().collect()
    }

    /// Whether the gazetteer knows a place, or the text says in which known place it lies.
    fn is_known(&self, mention: usize) -> bool {
        let Some(entity) = self.reading.mentions[mention].entity.map(|e| &self.entities[e]) else { return false };
        entity.location.is_some() || entity.within.is_some()
    }

    /// Whether a place stands in a clause behind that of a trigger with a subject of its own ("they fled, and *clashes went on
    /// in Homs*"), or the trigger in one with "whose", which tells of somebody who is elsewhere.
    fn is_of_another_clause(&self, mention: usize, trigger: WordId) -> bool {
        let document = self.reading.document;
        let place = self.reading.mentions[mention].head;
        let subjects = |verb: WordId| {
            document
                .children(verb)
                .iter()
                .copied()
                .filter(|&c| matches!(document.deprel(c), Deprel::Nsubj | Deprel::NsubjPass))
        };
        let mut at = place;
        for _ in 0..12 {
            let Some(head) = document.head(at) else { break };
            let coordinate = document.upos(at) == Upos::Verb
                && document.deprel(at) == Deprel::Conj
                && at > trigger
                && subjects(at).next().is_some();
            if coordinate && !document.subtree(at).contains(&trigger) {
                return true;
            }
            at = head;
        }
        place < trigger && self.is_of_owned(trigger)
    }

    /// Whether a place belongs to another event that the sentence only mentions beside a thing, in a clause of its own that an
    /// event is not told in: "hit an airbase *that was used for an attack on a village in Idlib*".
    fn is_of_digression(&self, mention: usize, group: &Group) -> bool {
        let document = self.reading.document;
        let own = |w: WordId| group.tellings.iter().any(|&t| self.reading.events[t].trigger == w);
        let (mut at, mut told) = (self.reading.mentions[mention].head, false);
        for _ in 0..12 {
            if own(at) {
                return false;
            }
            told |= self.reading.events.binary_search_by_key(&at, |e| e.trigger).is_ok();
            if told && document.deprel(at) == Deprel::AclRelcl {
                let inside = document.subtree(at);
                return !group.tellings.iter().any(|&t| inside.contains(&self.reading.events[t].trigger));
            }
            let Some(head) = document.head(at) else { return false };
            at = head;
        }
        false
    }

    /// Whether a trigger stands in a clause with "whose".
    fn is_of_owned(&self, trigger: WordId) -> bool {
        let document = self.reading.document;
        let Some(sentence) = document.sentences().get(document.sentence_of(trigger)) else { return false };
        let whose = (sentence.words.start..trigger).rev().find(|&w| document.word(w).xpos == "WP$");
        let verbs = |w: WordId| (w + 1..trigger).filter(|&v| document.upos(v) == Upos::Verb).count();
        whose.is_some_and(|w| verbs(w) == 0)
    }

    /// Whether the nearest verb above a place is that of a trigger, or one above it with no conjunction in between.
    fn shares_clause(&self, mention: usize, trigger: WordId) -> bool {
        let document = self.reading.document;
        let verb = |word: WordId| {
            let mut at = word;
            for _ in 0..12 {
                if document.upos(at) == Upos::Verb {
                    break;
                }
                at = document.head(at).unwrap_or(at);
            }
            at
        };
        let place = verb(self.reading.mentions[mention].head);
        let mut at = verb(trigger);
        for _ in 0..4 {
            if at == place {
                return true;
            }
            let conjunction = document.children_by(at, Deprel::Mark).any(|m| document.upos(m) == Upos::Sconj);
            match document.head(at).filter(|_| !conjunction) {
                Some(head) => at = verb(head),
                None => return false,
            }
        }
        false
    }

    fn entity_mentions(&self, mention: usize) -> usize {
        self.reading.mentions[mention].entity.map_or(0, |e| self.entities[e].mentions.len())
    }

    /// How wide a place is: facilities and settlements first, countries last.
    fn breadth(&self, mention: usize) -> u8 {
        let noted = &self.reading.mentions[mention];
        let entity = noted.entity.map(|e| &self.entities[e]);
        let named = noted.form == MentionForm::Name || entity.is_some_and(|e| e.named) || self.is_called_after(mention);
        let precision = entity.and_then(|e| e.location.as_ref()).map(|l| l.precision);
        if self.is(noted, class::COUNTRY) || self.is(noted, class::STATE) || precision == Some(PlacePrecision::Country)
        {
            return 6;
        }
        // "northern Syria" is most of a country.
        if precision.is_none() && self.ends_in_country(noted) {
            return 5;
        }
        match precision {
            Some(PlacePrecision::Province) => 4,
            _ if !named => 3,
            Some(PlacePrecision::District) => 2,
            _ if self.is(noted, class::REGION) => 4,
            _ => u8::from(self.is(noted, class::SETTLEMENT)),
        }
    }

    /// Whether the last word of a name is that of a country, as in "northern Syria".
    fn ends_in_country(&self, noted: &Noted) -> bool {
        self.countries.contains(self.reading.document.form(noted.head))
    }
}
