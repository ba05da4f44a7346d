//! Which mentions of an article speak of the same thing.
//!
//! Sieves from the surest to the least sure, after Raghunathan et al. (2010), "A multi-pass sieve for coreference
//! resolution" (EMNLP): equal names; acronyms the article introduces; appositions and predicates; short forms of
//! exactly one longer name; definite descriptions; pronouns. A wrong merge is worse than a missed one: where two
//! antecedents are equally good, none is taken. Descriptions and pronouns have files of their own.

use super::acronyms;
use super::names::Tokens;
use super::reference::ReferenceWords;
use crate::extract::mentions::{Knowledge, name_span};
use crate::extract::reading::{Noted, Reading};
use crate::facts::{EntityKind, MentionForm};
use crate::language::{Deprel, Document, Span, Upos, WordId};
use crate::ontology::Ontology;
use std::collections::{BTreeMap, BTreeSet};

/// A word that more names than this share tells nothing about which one is meant.
const MANY: usize = 64;

/// What the sieves know of a mention.
#[derive(Debug)]
pub(super) struct Profile {
    /// Its folded name; empty if it is no name.
    name: Tokens,
    pub(super) sentence: usize,
    /// Bytes of the name.
    span: Span,
    pub(super) plural: bool,
    pub(super) definite: bool,
    /// Folded premodifiers that tell which one is meant.
    pub(super) modifiers: Tokens,
}

/// What is known outside the text.
pub(super) struct Context<'k> {
    pub(super) ontology: &'k Ontology,
    pub(super) knowledge: &'k Knowledge,
    pub(super) words: &'k ReferenceWords,
    /// The countries the article speaks of, and how often.
    pub(super) countries: &'k BTreeMap<Box<str>, u32>,
}

/// A set of mentions found to speak of one thing.
#[derive(Clone, Debug, Default)]
pub(super) struct Cluster {
    /// Indices of its mentions, in text order.
    pub(super) mentions: Vec<usize>,
    /// Lemmas that describe it ("commander", "group").
    roles: Vec<Box<str>>,
}

/// Groups the mentions of a reading; mentions with equal `keys` name one known actor or place.
pub(super) fn clusters(reading: &Reading<'_>, keys: &[Option<Box<str>>], context: &Context<'_>) -> Vec<Cluster> {
    let document = reading.document;
    let profiles: Vec<Profile> = reading.mentions.iter().map(|m| profile(document, m)).collect();
    let mut sieve = Sieve { reading, document, context, profiles, parent: (0..reading.mentions.len()).collect() };
    sieve.equal_names();
    sieve.known_names(keys);
    sieve.introduced_acronyms();
    sieve.constructions();
    sieve.short_names(keys);
    sieve.spellings();
    sieve.descriptions();
    sieve.pronouns();
    sieve.finish()
}

fn profile(document: &Document, noted: &Noted) -> Profile {
    let span = name_span(noted);
    let name = match noted.form {
        MentionForm::Name => Tokens::of(span.of(document.text())),
        _ => Tokens::default(),
    };
    let determiner = document.children_by(noted.head, Deprel::Det).next();
    let definite = determiner
        .is_some_and(|d| document.feat(d, "Definite") == Some("Def") || document.feat(d, "PronType") == Some("Dem"));
    let mut modifiers = String::new();
    for &child in document.children(noted.head) {
        if matches!(document.deprel(child), Deprel::Amod | Deprel::Compound | Deprel::NmodPoss)
            || document.deprel(child) == Deprel::Nmod && noted.words.contains(&child)
        {
            modifiers.push_str(document.lemma(child));
            modifiers.push(' ');
        }
    }
    Profile {
        name,
        sentence: document.sentence_of(noted.head),
        span,
        plural: document.feat(noted.head, "Number") == Some("Plur"),
        definite,
        modifiers: Tokens::of(&modifiers),
    }
}

pub(super) struct Sieve<'r, 'a> {
    reading: &'r Reading<'a>,
    pub(super) document: &'a Document,
    pub(super) context: &'r Context<'r>,
    pub(super) profiles: Vec<Profile>,
    parent: Vec<usize>,
}

impl Sieve<'_, '_> {
    pub(super) fn root(&self, mut mention: usize) -> usize {
        while self.parent[mention] != mention {
            mention = self.parent[mention];
        }
        mention
    }

    /// Joins two mentions; the earlier one stands for both.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let (first, second) = (a.min(b), a.max(b));
        self.parent[second] = first;
    }

    pub(super) fn mention(&self, index: usize) -> &Noted {
        &self.reading.mentions[index]
    }

    pub(super) fn mention_at(&self, word: WordId) -> Option<usize> {
        self.reading.mention_at[word]
    }

    pub(super) fn is_pronoun(&self, index: usize) -> bool {
        matches!(self.mention(index).form, MentionForm::Pronoun | MentionForm::Possessive)
    }

    /// Actors and places stay apart even under one name: Syria that accuses is not the Syria that is bombed.
    fn compatible(&self, a: usize, b: usize) -> bool {
        self.mention(a).kind == self.mention(b).kind
    }

    fn equal_names(&mut self) {
        let mut first: BTreeMap<(EntityKind, Tokens), usize> = BTreeMap::new();
        for index in 0..self.profiles.len() {
            let name = &self.profiles[index].name;
            if name.is_empty() {
                continue;
            }
            let earlier = *first.entry((self.mention(index).kind, name.clone())).or_insert(index);
            self.join(earlier, index);
        }
    }

    fn known_names(&mut self, keys: &[Option<Box<str>>]) {
        let mut first: BTreeMap<(EntityKind, &str), usize> = BTreeMap::new();
        for (index, key) in keys.iter().enumerate() {
            if let Some(key) = key {
                let earlier = *first.entry((self.mention(index).kind, key)).or_insert(index);
                self.join(earlier, index);
            }
        }
    }

    /// One mention of each different name, in text order.
    fn names(&self) -> Vec<usize> {
        let mut seen: BTreeSet<(EntityKind, &Tokens)> = BTreeSet::new();
        (0..self.profiles.len())
            .filter(|&i| {
                let name = &self.profiles[i].name;
                !name.is_empty() && seen.insert((self.mention(i).kind, name))
            })
            .collect()
    }

    fn introduced_acronyms(&mut self) {
        let text = self.document.text();
        let introduced = acronyms::find(text);
        let mut by_end: BTreeMap<u32, usize> = BTreeMap::new();
        if !introduced.is_empty() {
            for (index, profile) in self.profiles.iter().enumerate() {
                if !profile.name.is_empty() {
                    let best = by_end.entry(profile.span.end).or_insert(index);
                    if profile.span.len() > self.profiles[*best].span.len() {
                        *best = index;
                    }
                }
            }
        }
        for acronym in introduced {
            if let (Some(&long), Some(&short)) = (by_end.get(&acronym.long.end), by_end.get(&acronym.short.end)) {
                self.join(long, short);
            }
        }
        // "LNA" without an introduction: the initials of exactly one name.
        let names = self.names();
        let mut initials: BTreeMap<(EntityKind, String), Option<usize>> = BTreeMap::new();
        for &long in &names {
            let name = &self.profiles[long].name;
            if name.len() > 2 {
                let root = self.root(long);
                initials
                    .entry((self.mention(long).kind, name.initials()))
                    .and_modify(|e| *e = e.filter(|&l| self.root(l) == root))
                    .or_insert(Some(long));
            }
        }
        let mut joins = Vec::new();
        for &short in &names {
            let form = self.profiles[short].span.of(text);
            let acronym = self.profiles[short].name.len() == 1
                && (3..=6).contains(&form.chars().count())
                && !form.chars().any(char::is_lowercase);
            if acronym && let Some(&Some(long)) = initials.get(&(self.mention(short).kind, form.to_lowercase())) {
                joins.push((long, short));
            }
        }
        for (long, short) in joins {
            self.join(long, short);
        }
    }

    /// Appositions ("Khalifa Haftar, the army's commander") and predicates ("X is an armed group").
    fn constructions(&mut self) {
        let document = self.document;
        for index in 0..self.profiles.len() {
            let head = self.mention(index).head;
            let Some(governor) = document.head(head) else { continue };
            let other = match document.deprel(head) {
                Deprel::Appos => Some(governor),
                Deprel::Nsubj if document.children_by(governor, Deprel::Cop).next().is_some() => Some(governor),
                _ => None,
            };
            let negated = document.children(governor).iter().any(|&c| document.feat(c, "Polarity") == Some("Neg"));
            let Some(other) = other.and_then(|o| self.reading.mention_at[o]) else { continue };
            let both_named = !self.profiles[index].name.is_empty() && !self.profiles[other].name.is_empty();
            let pronoun = self.is_pronoun(index);
            let listed = document.children_by(governor, Deprel::Appos).nth(1).is_some();
            let same_number = self.profiles[index].plural == self.profiles[other].plural;
            if !negated && !pronoun && !listed && self.compatible(index, other) && same_number {
                // Two places side by side are one in the other ("Homs, Syria"); two different names are two things
                // unless one is in brackets.
                // So are two described by names ("Barlonyo camp, Lira district", "Mamfe (Manyu department)").
                let places = self.mention(index).kind == EntityKind::Place;
                let division = document.upos(head) == Upos::Noun;
                if places && self.has_name(index) && self.has_name(other) && (division || !self.bracketed(index)) {
                    continue;
                }
                if both_named && (self.mention(index).kind == EntityKind::Place || !self.bracketed(index)) {
                    continue;
                }
                self.join(index, other);
            }
        }
    }

    /// Whether a phrase contains a name, of whatever.
    fn has_name(&self, mention: usize) -> bool {
        self.mention(mention).words.clone().any(|w| self.document.upos(w) == Upos::Propn)
    }

    fn bracketed(&self, mention: usize) -> bool {
        self.document.text()[..self.mention(mention).span.start as usize].ends_with('(')
    }

    /// A name whose words are all in exactly one longer name of its kind ("Haftar", "Khalifa Haftar").
    fn short_names(&mut self, keys: &[Option<Box<str>>]) {
        let names = self.names();
        let mut with_token: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for &name in &names {
            for token in self.profiles[name].name.iter() {
                with_token.entry(token).or_default().push(name);
            }
        }
        let mut joins = Vec::new();
        for &short in &names {
            let name = &self.profiles[short].name;
            let kind = self.mention(short).kind;
            let Some(sharing) = name.last().and_then(|t| with_token.get(t)) else { continue };
            // What is known by the short name itself is nobody else ("the Arab Coalition", "the Syrian Arab Coalition").
            if sharing.len() > MANY || kind == EntityKind::Organization && keys[short].is_some() {
                continue;
            }
            let mut long: Vec<usize> = sharing
                .iter()
                .copied()
                .filter(|&l| {
                    let longer = &self.profiles[l].name;
                    longer.len() > name.len() && self.mention(l).kind == kind && Self::is_short_form(name, longer, kind)
                })
                .map(|l| self.root(l))
                .collect();
            long.sort_unstable();
            long.dedup();
            if let [long] = long[..] {
                joins.push((long, short));
            }
        }
        for (long, short) in joins {
            self.join(long, short);
        }
    }

    fn is_short_form(short: &Tokens, long: &Tokens, kind: EntityKind) -> bool {
        match kind {
            EntityKind::Person => short.is_within(long),
            // A body is called by the last word of its name ("the Observatory") or by its first words ("Boko").
            EntityKind::Organization => {
                short.is_within(long)
                    && (short.last() == long.last() || short.iter().next() == long.iter().next() && short.len() > 1)
            }
            _ => false,
        }
    }

    /// Two spellings of one name that differ only by transliteration.
    fn spellings(&mut self) {
        let mut first: BTreeMap<(EntityKind, String), usize> = BTreeMap::new();
        for name in self.names() {
            if self.profiles[name].span.len() >= 5 {
                let key = (self.mention(name).kind, self.profiles[name].name.sound());
                let earlier = *first.entry(key).or_insert(name);
                self.join(earlier, name);
            }
        }
    }

    fn finish(self) -> Vec<Cluster> {
        let mut clusters: BTreeMap<usize, Cluster> = BTreeMap::new();
        for index in 0..self.profiles.len() {
            let cluster = clusters.entry(self.root(index)).or_default();
            cluster.mentions.push(index);
            if self.mention(index).form == MentionForm::Nominal {
                cluster.roles.push(self.document.lemma(self.mention(index).head).into());
            }
        }
        clusters.into_values().collect()
    }
}

/// Whether a clause right behind a noun says which one is meant ("the group that claimed the attack").
pub(super) fn restrictive_clause(document: &Document, noun: WordId) -> bool {
    document.children(noun).iter().any(|&c| {
        let clause = matches!(document.deprel(c), Deprel::AclRelcl | Deprel::Acl);
        clause && c > noun && (noun + 1..c).take(3).all(|w| document.form(w) != ",")
    })
}

/// The predicate a word belongs to.
pub(super) fn clause_of(document: &Document, word: WordId) -> Option<WordId> {
    let mut at = document.head(word)?;
    for _ in 0..16 {
        if matches!(document.upos(at), Upos::Verb | Upos::Aux) {
            return Some(at);
        }
        at = document.head(at)?;
    }
    None
}
