//! What the lists of names and nouns say of a document: one view of gazetteer, known actors and the noun lexicon.

use super::model::Known;
use crate::extract::grammar::GrammarWords;
use crate::facts::{EntityKind, Iri};
use crate::language::{Deprel, Document, Upos, WordId};
use crate::lexicon::entries::Entries;
use crate::lexicon::{ActorId, ActorMatch, ActorNames, ActorUse, Gazetteer, KnownActor, NameMatch, PlaceKind};
use crate::ontology::terms::{class, property};
use crate::ontology::{Ontology, Slot, SlotRelation, TriggerKind};
use oxrdf::NamedNodeRef;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Range;

/// What a listed name is a name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Listed {
    /// A country.
    Country,
    /// Any other place.
    Place,
    /// A first- or second-level division or a region.
    Division,
    /// The capital of a country, whose name may stand for its government.
    Capital,
    /// A place's name that is more often something else ("May", "Ahmad").
    Homonym,
    /// A known body.
    Organization,
    /// A known person.
    Person,
    /// The adjective of a country or people ("Libyan").
    Demonym,
}

/// A listed name found in a document.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    /// Its words.
    pub(crate) words: Range<WordId>,
    /// What it is a name of.
    pub(crate) listed: Listed,
    /// ISO 3166 code of the country it is, lies in or belongs to, if that is certain.
    pub(crate) country: Option<Box<str>>,
    /// The class of a known actor.
    pub(crate) class: Option<Iri>,
    /// The known actors it can stand for.
    pub(crate) actors: Vec<ActorUse>,
}

/// The listed names of a document, the longest where they overlap.
#[derive(Debug, Default)]
pub(crate) struct Names {
    found: Vec<Listing>,
    at: Vec<u32>,
}

impl Names {
    /// Puts listings in order; of two that overlap the longer wins, of two equally long the first given.
    pub(crate) fn new(mut found: Vec<Listing>, words: usize) -> Self {
        found.sort_by_key(|l| (std::cmp::Reverse(l.words.len()), l.words.start));
        let mut at = vec![0; words];
        let mut kept: Vec<Listing> = Vec::with_capacity(found.len());
        for listing in found {
            if at[listing.words.clone()].iter().all(|&i| i == 0) {
                kept.push(listing);
                let index = kept.len() as u32;
                at[kept[kept.len() - 1].words.clone()].fill(index);
            }
        }
        Self { found: kept, at }
    }

    /// The listing that covers a word.
    pub(crate) fn at(&self, word: WordId) -> Option<&Listing> {
        let index = *self.at.get(word)?;
        self.found.get((index as usize).checked_sub(1)?)
    }

    /// The listing that names the phrase headed by `head`: it covers the head and the parts of its name.
    pub(crate) fn naming(&self, document: &Document, head: WordId) -> Option<&Listing> {
        let listing = self.at(head)?;
        if listing.words.len() > 1 && Self::head_of(document, listing) != head {
            return None;
        }
        let covered = document.children(head).iter().all(|&c| {
            let part = match document.deprel(c) {
                Deprel::Flat | Deprel::Goeswith => true,
                Deprel::Compound => document.upos(c) == Upos::Propn && listing.listed != Listed::Demonym,
                _ => false,
            };
            !part || listing.words.contains(&c) || is_title_like(document, c)
        });
        // "the Syrian *Arab Coalition*" is another body than the Arab Coalition; a person's name may have titles.
        let bare = listing.listed == Listed::Person || listing.listed == Listed::Country || {
            !document.children(head).iter().any(|&c| {
                c < listing.words.start
                    && matches!(document.deprel(c), Deprel::Amod | Deprel::Compound)
                    && document.form(c).starts_with(char::is_uppercase)
                    && document.form(c + 1) != "-"
            })
        };
        (covered && bare).then_some(listing)
    }

    /// The first word of a listed name whose head stands outside it.
    pub(crate) fn head_of(document: &Document, listing: &Listing) -> WordId {
        let words = &listing.words;
        words.clone().find(|&w| document.head(w).is_none_or(|h| !words.contains(&h))).unwrap_or(words.start)
    }

    /// Whether a word is inside a listed name of several words that another word heads.
    pub(crate) fn is_inside(&self, document: &Document, word: WordId) -> bool {
        self.at(word).is_some_and(|l| l.words.len() > 1 && Self::head_of(document, l) != word)
    }

    /// A phrase with the listed names whole that its edges cut through.
    pub(crate) fn whole(&self, words: Range<WordId>) -> Range<WordId> {
        let at = |w: WordId| self.at(w).filter(|l| l.listed != Listed::Demonym).map(|l| l.words.clone());
        let start = at(words.start).map_or(words.start, |l| l.start);
        let end = at(words.end - 1).map_or(words.end, |l| l.end.max(words.end));
        start..end
    }
}

/// Whether a compound before a name is no part of it: a common noun.
fn is_title_like(document: &Document, word: WordId) -> bool {
    document.upos(word) == Upos::Noun
}

/// What the lexicon says of a noun.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Noun<'a> {
    /// What sort of thing it denotes here, singular or plural.
    pub(crate) kind: EntityKind,
    /// Its class in the ontology.
    pub(crate) class: &'a Iri,
    /// The class of several of them ("soldiers", for a soldier, who is a person).
    pub(crate) several: &'a Iri,
    /// Whether it stands before a person's name as a rank or office.
    pub(crate) title: bool,
    /// Whether it denotes those who may do what an event noun tells ("coalition", "rebel", "army").
    pub(crate) force: bool,
}

/// A noun of the lexicon, perhaps of several words.
#[derive(Debug)]
struct Sense {
    /// The words before the head noun.
    before: Box<[Box<str>]>,
    singular: (EntityKind, Iri),
    plural: (EntityKind, Iri),
    title: bool,
    force: bool,
    needs_owner: bool,
}

/// Gazetteer, known actors and noun lexicon, as the steps on mentions need them. Made once, shared between threads.
pub struct Knowledge {
    gazetteer: &'static Gazetteer,
    actors: ActorNames,
    states: HashMap<Box<str>, ActorId>,
    persons: Vec<bool>,
    nouns: HashMap<Box<str>, Vec<Sense>>,
    events: HashSet<Box<str>>,
    saying: HashSet<Box<str>>,
    /// Verbs whose subject acts, in lower case.
    acting: HashSet<Box<str>>,
    /// Names of peoples in lower case.
    peoples: HashSet<Box<str>>,
    grammar: GrammarWords,
}

impl fmt::Debug for Knowledge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Knowledge").field("nouns", &self.nouns.len()).finish_non_exhaustive()
    }
}

impl Knowledge {
    /// Compiles what mentions need of an ontology and a gazetteer.
    pub fn new(ontology: &Ontology, gazetteer: &'static Gazetteer) -> Self {
        let mut nouns: HashMap<Box<str>, Vec<Sense>> = HashMap::new();
        for entry in ontology.nouns() {
            let singular = entry.singular_denotes.as_ref().unwrap_or(&entry.denotes);
            for words in &entry.words {
                let Some((head, before)) = words.words.split_last() else { continue };
                nouns.entry(head.clone()).or_default().push(Sense {
                    before: before.into(),
                    singular: (kind_of_class(ontology, singular, false), singular.clone()),
                    plural: (kind_of_class(ontology, &entry.denotes, true), entry.denotes.clone()),
                    title: entry.title,
                    needs_owner: entry.needs_owner,
                    force: [class::ARMED_ACTOR, class::STATE_ACTOR, class::COALITION]
                        .iter()
                        .any(|c| ontology.is_subclass(&entry.denotes, c.as_str())),
                });
            }
        }
        let peoples = ontology
            .nouns()
            .iter()
            .filter(|entry| ontology.is_subclass(&entry.denotes, class::PEOPLE.as_str()))
            .flat_map(|entry| &entry.words)
            .filter_map(|words| words.words.first().filter(|_| words.words.len() == 1).cloned())
            .collect();
        // The noun of most words that fits is the one meant.
        let mut all: Vec<&mut Vec<Sense>> = nouns.values_mut().collect();
        for senses in &mut all {
            senses.sort_by_key(|s| std::cmp::Reverse(s.before.len()));
        }
        let saying = ontology
            .source_cues()
            .iter()
            .flat_map(|c| &c.triggers)
            .filter(|t| t.kind == TriggerKind::Verb && t.words.len() == 1)
            .map(|t| t.words[0].clone())
            .collect();
        let events = ontology
            .frames()
            .iter()
            .flat_map(|f| &f.triggers)
            .filter(|t| t.kind == TriggerKind::Noun && t.words.len() == 1)
            .map(|t| t.words[0].clone())
            .collect();
        let acts = |slot: &Slot| {
            let subject = |r: &SlotRelation| matches!(r, SlotRelation::Dependent { relation: Deprel::Nsubj, .. });
            let role = slot.role.as_deref();
            slot.relations.iter().any(subject)
                && role.is_some_and(|r| ontology.is_subproperty(r, property::INITIATOR.as_str()))
        };
        let acting = ontology
            .frames()
            .iter()
            .filter(|f| f.slots.iter().chain(&f.requires).any(acts))
            .flat_map(|f| &f.triggers)
            .filter(|t| t.kind == TriggerKind::Verb && t.words.len() == 1)
            .map(|t| t.words[0].clone())
            .collect();
        let actors = ActorNames::new(&KnownActor::of_ontology(ontology), gazetteer);
        let below = |actor: &KnownActor, ancestor: NamedNodeRef<'_>| {
            actor.classes.iter().any(|c| ontology.is_subclass(c, ancestor.as_str()))
        };
        let persons = actors.actors().iter().map(|a| below(a, class::PERSON)).collect();
        let mut states = HashMap::new();
        for (id, actor) in actors.actors().iter().enumerate() {
            if let [code] = &actor.countries[..]
                && below(actor, class::STATE)
            {
                states.insert(code.clone(), id);
            }
        }
        let grammar = GrammarWords::new(&Entries::of_ontology(ontology));
        Self { gazetteer, actors, states, persons, nouns, events, saying, acting, peoples, grammar }
    }

    /// The closed lists of grammar.
    pub(crate) fn grammar(&self) -> &GrammarWords {
        &self.grammar
    }

    /// The gazetteer.
    pub(crate) fn gazetteer(&self) -> &'static Gazetteer {
        self.gazetteer
    }

    /// The known actors.
    pub(crate) fn actors(&self) -> &ActorNames {
        &self.actors
    }

    /// The known actor that a country is.
    pub(crate) fn state(&self, country: &str) -> Option<ActorId> {
        self.states.get(country).copied()
    }

    /// The listed names of a document.
    pub(crate) fn names_in(&self, document: &Document) -> Names {
        let mut found = Vec::new();
        let mut doubtful = Vec::new();
        let mut forms: Vec<&str> = Vec::new();
        for sentence in document.sentences() {
            let base = sentence.words.start;
            forms.clear();
            forms.extend(sentence.words.clone().map(|w| document.form(w)));
            for name in self.actors.scan(&forms) {
                let words = name.words.start + base..name.words.end + base;
                if let Some(listing) = self.actor_listing(&name, words) {
                    let sure = listing.actors.iter().any(|a| !a.ambiguous);
                    if sure { found.push(listing) } else { doubtful.push(listing) }
                }
            }
            for name in self.gazetteer.scan(&forms) {
                let words = name.words.start + base..name.words.end + base;
                // A name is a proper noun somewhere; "of" or "march" in lower case is none.
                if !self.is_of_people(document, &words)
                    && words.clone().any(|w| matches!(document.upos(w), Upos::Propn | Upos::X))
                    && let Some(listing) = self.place_listing(&name, words)
                {
                    if listing.listed == Listed::Homonym { doubtful.push(listing) } else { found.push(listing) }
                }
            }
            for word in sentence.words.clone() {
                self.demonyms(document, word, sentence.words.end, &mut found);
                if let Some(listing) = self.country_without_apostrophe(document, word) {
                    found.push(listing);
                }
            }
        }
        found.append(&mut doubtful);
        Names::new(found, document.words().len())
    }

    /// Whether a name is the adjective of a country before a common noun, though a place bears it too: "the *Somali* capital",
    /// not "the *Somali* region".
    fn is_of_people(&self, document: &Document, words: &Range<WordId>) -> bool {
        let next = words.end;
        let modifies = document.words().get(next).is_some_and(|w| w.upos == Upos::Noun)
            && document.form(next).starts_with(char::is_lowercase);
        let division = || {
            let kind = self.gazetteer.kind_of_head(document.lemma(next));
            matches!(kind, Some(PlaceKind::Admin1 | PlaceKind::Admin2 | PlaceKind::Region))
        };
        let adjective = || {
            let demonym = self.gazetteer.demonym(document.form(words.start));
            demonym.is_some_and(|d| {
                d.is_adjective && d.places.iter().any(|&p| self.gazetteer.place(p).kind == PlaceKind::Country)
            })
        };
        words.len() == 1 && modifies && adjective() && !division()
    }

    /// States are left to the gazetteer, which knows them as places.
    fn actor_listing(&self, name: &ActorMatch, words: Range<WordId>) -> Option<Listing> {
        let first = name.actors.first()?.actor;
        let actor = &self.actors.actors()[first];
        if actor.is_a(class::STATE.as_str()) {
            return None;
        }
        let agree = |f: &dyn Fn(&KnownActor) -> bool| name.actors.iter().all(|u| f(&self.actors.actors()[u.actor]));
        let person = self.persons[first];
        if !name.actors.iter().all(|u| self.persons[u.actor] == person) {
            return None;
        }
        let country = match &actor.countries[..] {
            [one] if agree(&|a| a.countries == actor.countries) => Some(one.clone()),
            _ => None,
        };
        let listed = if person { Listed::Person } else { Listed::Organization };
        let class = actor.classes.first().filter(|_| agree(&|a| a.classes == actor.classes)).cloned();
        Some(Listing { words, listed, country, class, actors: name.actors.clone() })
    }

    fn place_listing(&self, name: &NameMatch, words: Range<WordId>) -> Option<Listing> {
        let place = self.gazetteer.place(*name.candidates.first()?);
        let listed = match place.kind {
            PlaceKind::Country => Listed::Country,
            _ if name.homonym => Listed::Homonym,
            _ if place.is_capital => Listed::Capital,
            PlaceKind::Admin1 | PlaceKind::Admin2 | PlaceKind::Region => Listed::Division,
            _ => Listed::Place,
        };
        let same = || name.candidates.iter().all(|&c| self.gazetteer.place(c).country == place.country);
        let country = place.country.filter(|_| listed == Listed::Country || same()).map(Into::into);
        let class = None;
        Some(Listing { words, listed, country, class, actors: Vec::new() })
    }

    /// Adjectives and people of a country, of one word or two ("South African").
    fn demonyms(&self, document: &Document, word: WordId, end: WordId, found: &mut Vec<Listing>) {
        let capital = |w: WordId| document.form(w).starts_with(char::is_uppercase);
        if !capital(word) {
            return;
        }
        let mut push = |words: Range<WordId>, text: &str| {
            let demonym = self.gazetteer.demonym(text);
            if let Some(demonym) = demonym {
                // "Somali" is of Somalia, though a region of another country has the name too.
                let mut states = demonym.places.iter().map(|&p| self.gazetteer.place(p));
                let only = demonym.places.len() == 1;
                let state = states.find(|p| p.kind == PlaceKind::Country).and_then(|p| p.country);
                let unrivalled = states.all(|p| p.kind != PlaceKind::Country);
                let country = demonym.country.filter(|_| only).or(state.filter(|_| unrivalled)).map(Into::into);
                found.push(Listing { words, listed: Listed::Demonym, country, class: None, actors: Vec::new() });
            }
            demonym.is_some()
        };
        if word + 1 < end && capital(word + 1) {
            let span = document.word(word).span.cover(document.word(word + 1).span);
            if push(word..word + 2, span.of(document.text())) {
                return;
            }
        }
        if push(word..word + 1, document.form(word)) {
            return;
        }
        let lower = document.form(word).to_lowercase();
        let singular = lower.strip_suffix('s').unwrap_or(&lower);
        if self.peoples.contains(lower.as_str()) || self.peoples.contains(singular) {
            let class = Some(class::PEOPLE.as_str().into());
            found.push(Listing {
                words: word..word + 1,
                listed: Listed::Demonym,
                country: None,
                class,
                actors: Vec::new(),
            });
        }
    }

    /// "Syrias" for "Syria's", where a text has lost its apostrophes: the code of the country.
    fn country_without_apostrophe(&self, document: &Document, word: WordId) -> Option<Listing> {
        let stem = document.form(word).strip_suffix('s').filter(|_| document.upos(word) == Upos::Propn)?;
        if stem.len() < 4 || !self.gazetteer.uses(document.form(word)).is_empty() {
            return None;
        }
        let place = self.gazetteer.place(self.gazetteer.uses(stem).first()?.place);
        (place.kind == PlaceKind::Country).then(|| Listing {
            words: word..word + 1,
            listed: Listed::Country,
            country: place.country.map(Into::into),
            class: None,
            actors: Vec::new(),
        })
    }

    /// Whether a noun is the name of something that happens ("Operation", "offensive").
    pub(crate) fn is_event(&self, lemma: &str) -> bool {
        if lemma.bytes().any(|b| b.is_ascii_uppercase()) {
            // The lemma of what is taken for a name keeps its plural ("Airstrikes").
            let lower = lemma.to_lowercase();
            let singular = [lower.strip_suffix('s'), lower.strip_suffix("es")];
            let mut known = std::iter::once(lower.as_str()).chain(singular.into_iter().flatten());
            known.any(|l| self.events.contains(l))
        } else {
            self.events.contains(lemma)
        }
    }

    /// Whether a verb is one whose subject acts.
    pub(crate) fn is_acting(&self, lemma: &str) -> bool {
        self.acting.contains(&*lemma.to_lowercase())
    }

    /// Whether a verb says or reports something, so that its subject is somebody.
    pub(crate) fn is_saying(&self, lemma: &str) -> bool {
        self.saying.contains(lemma)
    }

    /// What the lexicon says of a noun.
    pub(crate) fn noun(&self, document: &Document, word: WordId) -> Option<Noun<'_>> {
        let lemma = document.lemma(word);
        let senses = if lemma.bytes().any(|b| b.is_ascii_uppercase()) {
            self.nouns.get(lemma.to_lowercase().as_str())
        } else {
            self.nouns.get(lemma)
        }?;
        let sense = senses.iter().find(|s| {
            let mut at = word;
            s.before.iter().rev().all(|wanted| {
                at = match at.checked_sub(1) {
                    Some(before) if document.form(before) == "-" => before.saturating_sub(1),
                    Some(before) => before,
                    None => return false,
                };
                document.lemma(at).eq_ignore_ascii_case(wanted) || document.form(at).eq_ignore_ascii_case(wanted)
            })
        })?;
        let plural = super::kind::is_plural(document, word);
        if sense.needs_owner && !(plural && self.has_owner(document, word)) {
            return None;
        }
        let (kind, class) = if plural { &sense.plural } else { &sense.singular };
        Some(Noun { kind: *kind, class, several: &sense.plural.1, title: sense.title, force: sense.force })
    }

    /// Whether a force or something with a name stands before a noun, or behind "of" or "from" after it.
    fn has_owner(&self, document: &Document, word: WordId) -> bool {
        let force = |w: WordId| document.upos(w) == Upos::Propn || self.noun(document, w).is_some_and(|n| n.force);
        document.children(word).iter().copied().any(|c| match document.deprel(c) {
            Deprel::Compound | Deprel::NmodPoss => force(c),
            Deprel::Nmod => {
                force(c) && document.children_by(c, Deprel::Case).any(|k| matches!(document.lemma(k), "of" | "from"))
            }
            _ => false,
        })
    }

    /// What the lexicon says of a word, as a code for features of the model.
    pub(super) fn noun_code(&self, document: &Document, word: Option<WordId>) -> u8 {
        match word.and_then(|w| self.noun(document, w)).map(|n| n.kind) {
            None => 0,
            Some(EntityKind::Person) => 1,
            Some(EntityKind::Organization) => 2,
            Some(EntityKind::Place) => 3,
            Some(EntityKind::Weapon | EntityKind::Vehicle) => 4,
            Some(EntityKind::Document) => 5,
            Some(EntityKind::Time) => 6,
            Some(_) => 7,
        }
    }

    /// What is known of a phrase, as features of the model.
    pub(super) fn known(&self, document: &Document, head: WordId, names: &Names) -> Known {
        let noun = self.noun_code(document, Some(head));
        let name = match (names.naming(document, head), names.at(head)) {
            (None, None) => 0,
            (None, Some(_)) => 1,
            (Some(l), _) => 2 + l.listed as u8,
        };
        Known { noun, name }
    }
}

/// The kind of what a class denotes: one human being is a person, several are a group that acts.
fn kind_of_class(ontology: &Ontology, iri: &str, plural: bool) -> EntityKind {
    let below = |ancestor: NamedNodeRef<'_>| ontology.is_subclass(iri, ancestor.as_str());
    if below(class::PERSON) && !plural {
        EntityKind::Person
    } else if below(class::ACTOR) {
        EntityKind::Organization
    } else if below(class::PLACE) {
        EntityKind::Place
    } else if below(class::WEAPON) {
        EntityKind::Weapon
    } else if below(class::VEHICLE) {
        EntityKind::Vehicle
    } else if below(class::DOCUMENT) {
        EntityKind::Document
    } else {
        EntityKind::Other
    }
}
