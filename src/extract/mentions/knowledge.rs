//! What the lists of names and nouns say of a document: one view of gazetteer, known actors and the noun lexicon.

use super::model::Known;
use crate::facts::{EntityKind, Iri};
use crate::language::{Deprel, Document, Upos, WordId};
use crate::lexicon::{Gazetteer, PlaceKind};
use crate::ontology::terms::class;
use crate::ontology::{Ontology, TriggerKind};
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
        let covered = document.children(head).iter().all(|&c| {
            let part = match document.deprel(c) {
                Deprel::Flat | Deprel::Goeswith => true,
                Deprel::Compound => document.upos(c) == Upos::Propn && listing.listed != Listed::Demonym,
                _ => false,
            };
            !part || listing.words.contains(&c) || is_title_like(document, c)
        });
        covered.then_some(listing)
    }
}

/// A compound before a name that is no part of it: lower-case words.
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
    /// Whether it stands before a person's name as a rank or office.
    pub(crate) title: bool,
}

/// A noun of the lexicon, perhaps of several words.
#[derive(Debug)]
struct Sense {
    /// The words before the head noun.
    before: Box<[Box<str>]>,
    singular: (EntityKind, Iri),
    plural: (EntityKind, Iri),
    title: bool,
}

/// Gazetteer and noun lexicon, as the steps on mentions need them. Made once, shared between threads.
pub struct Knowledge {
    gazetteer: &'static Gazetteer,
    nouns: HashMap<Box<str>, Vec<Sense>>,
    saying: HashSet<Box<str>>,
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
                });
            }
        }
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
        Self { gazetteer, nouns, saying }
    }

    /// The gazetteer.
    pub(crate) fn gazetteer(&self) -> &'static Gazetteer {
        self.gazetteer
    }

    /// The listed names of a document.
    pub(crate) fn names_in(&self, document: &Document) -> Names {
        let mut found = Vec::new();
        let mut forms: Vec<&str> = Vec::new();
        for sentence in document.sentences() {
            forms.clear();
            forms.extend(sentence.words.clone().map(|w| document.form(w)));
            for name in self.gazetteer.scan(&forms) {
                let words = name.words.start + sentence.words.start..name.words.end + sentence.words.start;
                // A name is a proper noun somewhere; "of" or "march" in lower case is none.
                if !words.clone().any(|w| matches!(document.upos(w), Upos::Propn | Upos::X)) {
                    continue;
                }
                let Some(&first) = name.candidates.first() else { continue };
                let place = self.gazetteer.place(first);
                let listed = match place.kind {
                    PlaceKind::Country => Listed::Country,
                    _ if name.homonym => Listed::Homonym,
                    _ if place.is_capital => Listed::Capital,
                    PlaceKind::Admin1 | PlaceKind::Admin2 | PlaceKind::Region => Listed::Division,
                    _ => Listed::Place,
                };
                let same = name.candidates.iter().all(|&c| self.gazetteer.place(c).country == place.country);
                let country = place.country.filter(|_| same || listed == Listed::Country).map(Into::into);
                found.push(Listing { words, listed, country, class: None });
            }
            for word in sentence.words.clone() {
                if let Some(country) = self.country_without_apostrophe(document, word) {
                    found.push(Listing { words: word..word + 1, listed: Listed::Country, country, class: None });
                }
                if let Some(demonym) = self.gazetteer.demonym(document.form(word)) {
                    let country = demonym.country.map(Into::into);
                    found.push(Listing { words: word..word + 1, listed: Listed::Demonym, country, class: None });
                }
            }
        }
        Names::new(found, document.words().len())
    }

    /// "Syrias" for "Syria's", where a text has lost its apostrophes: the code of the country.
    fn country_without_apostrophe(&self, document: &Document, word: WordId) -> Option<Option<Box<str>>> {
        let stem = document.form(word).strip_suffix('s').filter(|_| document.upos(word) == Upos::Propn)?;
        if stem.len() < 4 || !self.gazetteer.uses(document.form(word)).is_empty() {
            return None;
        }
        let place = self.gazetteer.place(self.gazetteer.uses(stem).first()?.place);
        (place.kind == PlaceKind::Country).then(|| place.country.map(Into::into))
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
        let plural = document.feat(word, "Number") == Some("Plur");
        let (kind, class) = if plural { &sense.plural } else { &sense.singular };
        Some(Noun { kind: *kind, class, title: sense.title })
    }

    /// What is known of a phrase, as features of the model.
    pub(super) fn known(&self, document: &Document, head: WordId, names: &Names) -> Known {
        let noun = match self.noun(document, head).map(|n| n.kind) {
            None => 0,
            Some(EntityKind::Person) => 1,
            Some(EntityKind::Organization) => 2,
            Some(EntityKind::Place) => 3,
            Some(EntityKind::Weapon | EntityKind::Vehicle) => 4,
            Some(EntityKind::Document) => 5,
            Some(EntityKind::Time) => 6,
            Some(_) => 7,
        };
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
    } else {
        EntityKind::Other
    }
}
