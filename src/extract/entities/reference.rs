//! The nouns that take up something named before ("the group", "the city"), compiled from the lexicon
//! (`bg:ReferringNoun`, `bg:ReferenceWord`). Entry point: [`ReferenceWords::new`].

use crate::language::{Document, WordId};
use crate::lexicon::entries::{Entries, Entry};
use crate::lexicon::{Place, PlaceKind};
use crate::ontology::Ontology;
use crate::ontology::terms::NAMESPACE;
use std::collections::{BTreeMap, BTreeSet};

/// What a referring noun stands for.
#[derive(Clone, Debug)]
pub(super) enum Refers {
    /// A body of one of these classes.
    Body(BodyNoun),
    /// The body whose members such people are.
    Members(BodyNoun),
    /// A place.
    Place(PlaceNoun),
}

/// The classes of what a noun for a body takes up.
#[derive(Clone, Debug, Default)]
pub(super) struct BodyNoun {
    resumes: Vec<Box<str>>,
    excepts: Vec<Box<str>>,
    prefers: Vec<Box<str>>,
}

impl BodyNoun {
    /// How well something of a class fits: none if not at all.
    pub(super) fn fit(&self, ontology: &Ontology, class: &str) -> Option<i32> {
        let of = |classes: &[Box<str>]| classes.iter().any(|c| ontology.is_subclass(class, c));
        let bare = class == crate::ontology::terms::class::ORGANIZATION.as_str();
        if of(&self.excepts) || !of(&self.resumes) {
            return None;
        }
        Some(if of(&self.prefers) { 6 } else { -i32::from(bare) })
    }

    /// Whether it takes up any body, also one of which no list tells what it is.
    pub(super) fn is_general(&self) -> bool {
        self.resumes.iter().any(|c| **c == *crate::ontology::terms::class::ORGANIZATION.as_str())
    }
}

/// A noun for a place.
#[derive(Clone, Debug)]
pub(super) struct PlaceNoun {
    sort: PlaceSort,
    at_least: u32,
    at_most: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PlaceSort {
    Settlement,
    Division,
    Country,
    Capital,
}

impl PlaceNoun {
    /// How well a place fits: none if it is of another sort.
    pub(super) fn fit(&self, place: &Place<'_>) -> Option<i32> {
        let fits = match self.sort {
            PlaceSort::Settlement => place.kind == PlaceKind::Populated,
            PlaceSort::Capital => place.kind == PlaceKind::Populated && place.is_capital,
            PlaceSort::Division => matches!(place.kind, PlaceKind::Admin1 | PlaceKind::Admin2),
            PlaceSort::Country => place.kind == PlaceKind::Country,
        };
        let size = place.population == 0 || (self.at_least..=self.at_most).contains(&place.population);
        fits.then_some(if size { 0 } else { -6 })
    }

    /// Whether a place that no list knows may be meant.
    pub(super) fn may_be_unlisted(&self) -> bool {
        matches!(self.sort, PlaceSort::Settlement | PlaceSort::Division) && self.at_least == 0
    }

    /// Whether it stands for a country.
    pub(super) fn is_country(&self) -> bool {
        self.sort == PlaceSort::Country
    }
}

/// The words before the last one of a noun, and what it takes up.
type Noun = (Vec<Box<str>>, Refers);

/// The words by which a text takes up what it has named before.
#[derive(Clone, Debug, Default)]
pub struct ReferenceWords {
    /// By the last word; the words before it.
    nouns: BTreeMap<Box<str>, Vec<Noun>>,
    topics: Vec<Box<str>>,
    act_objects: BTreeSet<Box<str>>,
    act_subjects: BTreeSet<Box<str>>,
}

impl ReferenceWords {
    /// Compiles the entries of the lexicon.
    pub fn new(entries: &Entries) -> Self {
        let mut words = Self::default();
        for entry in entries.of("ReferringNoun") {
            let refers = refers(entry);
            for noun in entry.all("word") {
                let mut parts: Vec<Box<str>> = noun.split(' ').map(Into::into).collect();
                let Some(last) = parts.pop() else { continue };
                words.nouns.entry(last).or_default().push((parts, refers.clone()));
            }
        }
        for list in words.nouns.values_mut() {
            list.sort_by_key(|(before, _)| std::cmp::Reverse(before.len()));
        }
        for entry in entries.of("ReferenceWord") {
            let found = entry.all("word").map(Box::from);
            match entry.one("wordKind") {
                Some("topic") => words.topics.extend(found),
                Some("act object") => words.act_objects.extend(found),
                Some("act subject") => words.act_subjects.extend(found),
                _ => {}
            }
        }
        words
    }

    /// What the noun at `word` stands for where it is definite, and of how many words before it the noun is made.
    pub(super) fn of(&self, document: &Document, word: WordId) -> Option<(&Refers, usize)> {
        let lemma = document.lemma(word);
        self.nouns.get(lemma)?.iter().find_map(|(before, refers)| {
            let start = word.checked_sub(before.len())?;
            let fits = before.iter().zip(start..word).all(|(b, w)| document.lemma(w).eq_ignore_ascii_case(b));
            fits.then_some((refers, before.len()))
        })
    }

    /// Whether a noun stands for a capital.
    pub(super) fn is_capital(&self, document: &Document, word: WordId) -> bool {
        matches!(self.of(document, word), Some((Refers::Place(noun), _)) if noun.sort == PlaceSort::Capital)
    }

    /// Whether "it" as the object or the subject of a verb takes up what was said or done.
    pub(super) fn is_act(&self, verb: &str, subject: bool) -> bool {
        if subject { self.act_subjects.contains(verb) } else { self.act_objects.contains(verb) }
    }

    /// Whether a preposition says what the clause is about.
    pub(super) fn is_topic(&self, preposition: &crate::extract::arguments::Preposition<'_>) -> bool {
        self.topics.iter().any(|t| preposition.is(t))
    }
}

fn refers(entry: &Entry) -> Refers {
    let classes =
        |property: &str| entry.all(property).map(|local| format!("{NAMESPACE}{local}").into_boxed_str()).collect();
    let body = || BodyNoun { resumes: classes("resumes"), excepts: classes("excepts"), prefers: classes("prefers") };
    let sort = match entry.one("wordKind") {
        Some("settlement") => PlaceSort::Settlement,
        Some("division") => PlaceSort::Division,
        Some("country") => PlaceSort::Country,
        Some("capital") => PlaceSort::Capital,
        Some("members") => return Refers::Members(body()),
        _ => return Refers::Body(body()),
    };
    Refers::Place(PlaceNoun {
        sort,
        at_least: entry.number("minInhabitants").unwrap_or(0),
        at_most: entry.number("maxInhabitants").unwrap_or(u32::MAX),
    })
}
