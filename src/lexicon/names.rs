//! Names of known actors in a text: one pass, the longest name at each word.
//!
//! [`ActorNames::scan`] walks an index like that of the gazetteer, made at start from `seeds/actors`; states also bear the
//! names that the gazetteer gives their country. Acronyms and names that are ambiguous by themselves count only in their
//! own case of letters ("WHO", "IS", "US").

use super::actors::KnownActor;
use super::gazetteer::Gazetteer;
use super::spelling::{fold, unify_articles, without_article};
use super::walk::{Words, is_upper, longest};
use crate::facts::Iri;
use crate::ontology::terms::class;
use fst::raw::{Builder, Fst};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// Index of an actor in [`ActorNames::actors`].
pub type ActorId = usize;

/// An actor a name can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ActorUse {
    /// The name means the actor only where the article speaks for it.
    pub ambiguous: bool,
    /// The name is a further name made by rule, without the Arabic article it begins with.
    pub shortened: bool,
    /// The actor.
    pub actor: ActorId,
}

/// A name of actors found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorMatch {
    /// Its words.
    pub words: Range<usize>,
    /// The actors it can stand for, those it means by itself first.
    pub actors: Vec<ActorUse>,
}

impl ActorMatch {
    /// The one actor that the name means wherever it stands.
    pub fn certain(&self) -> Option<ActorId> {
        match self.actors[..] {
            [one] if !one.ambiguous => Some(one.actor),
            _ => None,
        }
    }
}

/// How a name in the index is written.
#[derive(Clone, Debug)]
struct Named {
    used: ActorUse,
    /// The letters it must be written with, full stops aside, if their case matters.
    exact: Option<Box<str>>,
}

/// The known actors by their names. See the [module documentation](self).
pub struct ActorNames {
    actors: Vec<KnownActor>,
    by_iri: HashMap<Iri, ActorId>,
    index: Fst<Vec<u8>>,
    lists: Vec<Vec<Named>>,
}

impl ActorNames {
    /// An index of the names of `actors`; a state also gets the names of the country of its code.
    ///
    /// # Panics
    ///
    /// Never: the keys of the index are put in order here.
    pub fn new(actors: &[KnownActor], gazetteer: &Gazetteer) -> Self {
        let countries: HashMap<&str, &[&str]> =
            gazetteer.countries().iter().map(|c| (c.code, c.names.as_slice())).collect();
        let mut keys: BTreeMap<String, Vec<Named>> = BTreeMap::new();
        for (id, actor) in actors.iter().enumerate() {
            let certain = ActorUse { actor: id, ambiguous: false, shortened: false };
            let doubtful = ActorUse { ambiguous: true, ..certain };
            for name in &actor.ambiguous_names {
                add(&mut keys, name, doubtful, cased(name).as_deref());
            }
            for name in &actor.acronyms {
                add(&mut keys, name, certain, Some(&without_stops(name)));
            }
            for name in std::iter::once(&actor.name).chain(&actor.other_names) {
                add(&mut keys, name, certain, cased(name).as_deref());
            }
            if actor.is_a(class::STATE.as_str())
                && let [code] = &actor.countries[..]
            {
                for name in countries.get(&**code).copied().unwrap_or_default() {
                    add(&mut keys, name, certain, cased(name).as_deref());
                }
            }
        }
        let mut builder = Builder::memory();
        let mut lists = Vec::with_capacity(keys.len());
        for (key, mut named) in keys {
            // A name without its article gives way to a name that is listed.
            if named.iter().any(|n| !n.used.shortened) {
                named.retain(|n| !n.used.shortened);
            }
            named.sort_by_key(|n| n.used);
            builder.insert(&key, lists.len() as u64).expect("keys come in order");
            lists.push(named);
        }
        Self {
            by_iri: actors.iter().enumerate().map(|(i, a)| (a.iri.clone(), i)).collect(),
            actors: actors.to_vec(),
            index: builder.into_fst(),
            lists,
        }
    }

    /// All actors, in the order of their IRIs.
    pub fn actors(&self) -> &[KnownActor] {
        &self.actors
    }

    /// The actor of an IRI.
    pub fn by_iri(&self, iri: &str) -> Option<ActorId> {
        self.by_iri.get(iri).copied()
    }

    /// The actors a name can stand for, those it means by itself first.
    pub fn lookup(&self, name: &str) -> Vec<ActorUse> {
        let folded = fold(name);
        let key = folded.strip_prefix("the ").unwrap_or(&folded);
        let unified = unify_articles(key);
        let mut found = Vec::new();
        for key in [Some(unified.as_str()), without_article(&unified)].into_iter().flatten() {
            if let Some(list) = self.index.get(key)
                && found.is_empty()
            {
                found = self.written_as(list.value(), name);
            }
        }
        found
    }

    /// The names of actors in a text, from left to right, none overlapping another; of two that begin at one word the
    /// longer one.
    pub fn scan(&self, words: &[&str]) -> Vec<ActorMatch> {
        let given = words;
        let words = Words::of(words);
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let name = words.begins_word(at).then(|| self.longest_at(&words, given, at)).flatten();
            match name {
                Some((end, name)) => {
                    found.push(name);
                    at = end;
                }
                None => at = words.next_word(at),
            }
        }
        found
    }

    fn longest_at(&self, words: &Words<'_>, given: &[&str], begin: usize) -> Option<(usize, ActorMatch)> {
        longest(&self.index, words, begin, |range, values| {
            let name: String = given[range.clone()].join(" ");
            if !name.chars().any(char::is_uppercase) {
                return None;
            }
            let mut actors: Vec<ActorUse> = Vec::new();
            for value in values {
                for used in self.written_as(value, &name) {
                    // In a text of capitals only, a short name may be any word.
                    let doubtful = words.capitals && used.ambiguous;
                    if !(doubtful || actors.iter().any(|a| a.actor == used.actor)) {
                        actors.push(used);
                    }
                }
            }
            // A name as listed goes before one without its article.
            if actors.iter().any(|a| !a.shortened) {
                actors.retain(|a| !a.shortened);
            }
            actors.sort_unstable();
            (!actors.is_empty()).then_some(ActorMatch { words: range, actors })
        })
    }

    fn written_as(&self, list: u64, name: &str) -> Vec<ActorUse> {
        let plain = without_stops(name);
        self.lists[list as usize]
            .iter()
            .filter(|n| n.exact.as_ref().is_none_or(|exact| **exact == *plain))
            .map(|n| n.used)
            .collect()
    }
}

/// The letters of a name whose case matters: one of capitals only.
fn cased(name: &str) -> Option<Box<str>> {
    (is_upper(name) && !name.contains(' ')).then(|| without_stops(name))
}

fn without_stops(name: &str) -> Box<str> {
    name.chars().filter(|&c| c != '.').collect()
}

fn add(keys: &mut BTreeMap<String, Vec<Named>>, name: &str, used: ActorUse, exact: Option<&str>) {
    let key = unify_articles(&fold(name));
    if key.is_empty() {
        return;
    }
    let mut put = |key: String, used: ActorUse| {
        let list = keys.entry(key).or_default();
        let known =
            list.iter().any(|n| n.used.actor == used.actor && (n.exact.is_none() || n.exact.as_deref() == exact));
        if !known {
            list.push(Named { used, exact: exact.map(Into::into) });
        }
    };
    if let Some(bare) = without_article(&key).filter(|b| b.len() > 3) {
        put(bare.to_owned(), ActorUse { shortened: true, ..used });
    }
    put(key, used);
}
