//! The words that speak of casualties, compiled from the lexicon (`bg:HarmWord`, `bg:VictimWord`).

use crate::facts::{Outcome, VictimClass};
use crate::language::{Document, Upos, WordId};
use crate::lexicon::entries::{Entries, Entry};
use std::collections::{BTreeMap, BTreeSet};

/// How a word speaks of casualties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// A verb whose object is harmed; with an object given, only by way of it ("claimed the lives of").
    Harm(Vec<Box<str>>),
    /// A verb that harms so only with words behind its object ("beat two men to death", "shot him dead").
    HarmUntil(Vec<Box<str>>),
    /// A verb whose subject is harmed; with objects given, only with one of them ("lost their lives").
    Suffer(Vec<Box<str>>),
    /// An adjective or participle that says how people are.
    State,
    /// A noun that counts people harmed.
    Count,
    /// A noun that takes the number as its value.
    Toll,
    /// A noun for the dead that are found.
    Body,
}

/// A word that speaks of casualties, found in a text.
#[derive(Clone, Debug)]
pub(super) struct Cue<'a> {
    pub(super) usage: &'a Use,
    pub(super) outcome: Outcome,
    /// Number of words.
    pub(super) len: usize,
}

#[derive(Clone, Debug)]
struct CueEntry {
    rest: Vec<Box<str>>,
    usage: Use,
    outcome: Outcome,
}

/// The words before the last of a noun for people, last first, and who they are.
type VictimNoun = (Vec<Box<str>>, VictimClass);

/// The words of a phrase behind its first, and what it says of a figure.
type StandingPhrase = (Vec<Box<str>>, Standing);

/// The casualty words of the lexicon.
#[derive(Clone, Debug, Default)]
pub struct CasualtyWords {
    cues: BTreeMap<Box<str>, Vec<CueEntry>>,
    /// Inflected forms of the harming verbs, for words that the tagger took for something else.
    forms: BTreeMap<Box<str>, Box<str>>,
    /// Nouns for people by their last word; the words before it, last first.
    victims: BTreeMap<Box<str>, Vec<VictimNoun>>,
    parts: BTreeMap<Box<str>, Vec<Vec<Box<str>>>>,
    crowds: BTreeSet<Box<str>>,
    wars: BTreeSet<Box<str>>,
    battles: BTreeSet<Box<str>>,
    accidents: BTreeSet<Box<str>>,
    collectives: BTreeSet<Box<str>>,
    members: BTreeSet<Box<str>>,
    /// Phrases by their first word that sum up a longer time.
    sums: BTreeMap<Box<str>, Vec<Vec<Box<str>>>>,
    /// Ordinal numbers.
    ordinals: BTreeMap<Box<str>, u32>,
    /// Phrases by their first word, of each kind of [`Standing`].
    standings: BTreeMap<Box<str>, Vec<StandingPhrase>>,
}

/// How a statement of a figure stands to others of its article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// An early figure that others may correct ("first reports").
    Initial,
    /// What the author of the text holds to ("the Chamber retains").
    Finding,
    /// What somebody else says ("the indictment gives").
    Claim,
    /// What is less certain than another figure ("feared dead").
    Doubtful,
    /// What the text says it does not count.
    Uncounted,
    /// Another incident, told beside the one that the text is about ("coded separately").
    Elsewhere,
}

impl CasualtyWords {
    /// Compiles the entries of the lexicon.
    pub fn new(entries: &Entries) -> Self {
        let mut words = Self::default();
        for entry in entries.of("HarmWord") {
            words.add_cue(entry);
        }
        for entry in entries.of("VictimWord") {
            words.add_victim(entry);
        }
        for list in words.cues.values_mut() {
            list.sort_by_key(|c| std::cmp::Reverse(c.rest.len()));
        }
        for list in words.victims.values_mut() {
            list.sort_by_key(|(before, _)| std::cmp::Reverse(before.len()));
        }
        for list in words.parts.values_mut() {
            list.sort_by_key(|rest| std::cmp::Reverse(rest.len()));
        }
        words
    }

    fn add_cue(&mut self, entry: &Entry) {
        let objects = || entry.all("object").map(Into::into).collect::<Vec<Box<str>>>();
        let usage = match entry.one("wordKind") {
            Some("harm") => Use::Harm(Vec::new()),
            Some("harm with") => Use::Harm(objects()),
            Some("harm until") => Use::HarmUntil(objects()),
            Some("suffer") => Use::Suffer(Vec::new()),
            Some("suffer with") => Use::Suffer(objects()),
            Some("state") => Use::State,
            Some("count") => Use::Count,
            Some("toll") => Use::Toll,
            Some("body") => Use::Body,
            _ => return,
        };
        let outcome = match entry.one("outcome") {
            Some("killed") => Outcome::Killed,
            Some("injured") => Outcome::Injured,
            Some("harmed") => Outcome::Harmed,
            Some("captured") => Outcome::Captured,
            Some("missing") => Outcome::Missing,
            Some("displaced") => Outcome::Displaced,
            _ => return,
        };
        for word in entry.all("word") {
            let mut parts = word.split(' ').map(Box::<str>::from);
            let Some(first) = parts.next() else { continue };
            let rest: Vec<_> = parts.collect();
            if matches!(&usage, Use::Harm(objects) if objects.is_empty()) && rest.is_empty() {
                for form in inflected(&first) {
                    self.forms.insert(form.into(), first.clone());
                }
            }
            self.cues.entry(first).or_default().push(CueEntry { rest, usage: usage.clone(), outcome });
        }
    }

    fn add_victim(&mut self, entry: &Entry) {
        if let Some(class) = entry.one("victimClass") {
            let class = match class {
                "civilian" | "child" | "woman" => VictimClass::Civilian,
                "combatant" => VictimClass::Combatant,
                "mixedVictims" => VictimClass::Mixed,
                _ => VictimClass::Unknown,
            };
            for word in entry.all("word") {
                let mut parts = word.rsplit(' ').map(|w| Box::<str>::from(w.to_lowercase()));
                let Some(last) = parts.next() else { continue };
                self.victims.entry(last).or_default().push((parts.collect(), class));
            }
        }
        for word in entry.all("word") {
            match entry.one("wordKind") {
                Some("part") => {
                    let mut parts = word.split(' ').map(Box::<str>::from);
                    let Some(first) = parts.next() else { continue };
                    self.parts.entry(first).or_default().push(parts.collect());
                }
                Some("sum") => {
                    let mut parts = word.split(' ').map(Box::<str>::from);
                    let Some(first) = parts.next() else { continue };
                    self.sums.entry(first).or_default().push(parts.collect());
                }
                Some("ordinal") => {
                    let number = entry.one("number").and_then(|n| n.parse().ok()).unwrap_or(0);
                    self.ordinals.insert(word.into(), number);
                }
                Some(kind) if standing(kind).is_some() => {
                    let mut parts = word.split(' ').map(Box::<str>::from);
                    let (Some(first), Some(standing)) = (parts.next(), standing(kind)) else { continue };
                    self.standings.entry(first).or_default().push((parts.collect(), standing));
                }
                Some("crowd") => {
                    self.crowds.insert(word.into());
                }
                Some("war") => {
                    self.wars.insert(word.into());
                }
                Some("collective") => {
                    self.collectives.insert(word.into());
                }
                Some("member") => {
                    self.members.insert(word.into());
                }
                Some("battle") => {
                    self.battles.insert(word.into());
                }
                Some("accident") => {
                    self.accidents.insert(word.into());
                }
                _ => {}
            }
        }
    }

    /// What the word at `at` says of casualties, if anything.
    pub(super) fn cue(&self, text: &Lowered<'_>, at: WordId) -> Option<Cue<'_>> {
        self.cues(text, at).into_iter().next()
    }

    /// All that the word at `at` may say of casualties, by what else there is in its clause ("take lives", "take to hospital");
    /// of words of several, the longest.
    pub(super) fn cues(&self, text: &Lowered<'_>, at: WordId) -> Vec<Cue<'_>> {
        let document = text.document;
        let upos = document.upos(at);
        let verbal = matches!(upos, Upos::Verb | Upos::Aux) || is_titled_verb(text, at);
        let by_form = self.forms.get(text.form(at)).map(AsRef::as_ref);
        let keys = [Some(document.lemma(at)), Some(text.form(at)), by_form];
        for (i, key) in keys.into_iter().enumerate() {
            let Some(list) = key.and_then(|k| self.cues.get(k)) else { continue };
            let fits = |cue: &&CueEntry| {
                // Words of several cannot be taken for anything else: "shot dead" is a noun to some taggers.
                let fits = !cue.rest.is_empty()
                    || match cue.usage {
                        Use::Harm(_) => verbal || i == 2 && !matches!(upos, Upos::Propn),
                        Use::HarmUntil(_) | Use::Suffer(_) => verbal,
                        Use::State => !verbal,
                        Use::Count | Use::Body => matches!(upos, Upos::Noun | Upos::Propn),
                        Use::Toll => true,
                    };
                fits && cue.rest.iter().zip(at + 1..).all(|(word, next)| text.is(next, word))
            };
            let Some(first) = list.iter().find(fits) else { continue };
            let alike = list.iter().filter(fits).filter(|cue| cue.rest.len() == first.rest.len());
            let only = |cue: &CueEntry| !matches!(&cue.usage, Use::Harm(o) | Use::HarmUntil(o) | Use::Suffer(o) if !o.is_empty());
            let cue = |c| -> Cue<'_> {
                let c: &CueEntry = c;
                Cue { usage: &c.usage, outcome: c.outcome, len: 1 + c.rest.len() }
            };
            // What needs no other words goes alone.
            return if only(first) { vec![cue(first)] } else { alike.filter(|c| !only(c)).map(cue).collect() };
        }
        Vec::new()
    }

    /// Whether a word is a verb that harms somebody, however it is tagged.
    pub(super) fn is_harming(&self, text: &Lowered<'_>, at: WordId) -> bool {
        self.cue(text, at).is_some_and(|cue| matches!(cue.usage, Use::Harm(objects) if objects.is_empty()))
    }

    /// Who the people are that the noun ending at `head` stands for; none if it is no noun for people.
    pub(super) fn victims(&self, text: &Lowered<'_>, head: WordId, first: WordId) -> Option<VictimClass> {
        // Names and capitalised nouns keep their form as lemma, so that the plural is undone here too.
        let form = text.form(head);
        let lemma = text.document.lemma(head).to_lowercase();
        let man = form.strip_suffix("men").map(|stem| format!("{stem}man"));
        let singular = form.strip_suffix('s').unwrap_or(form);
        [lemma.as_str(), form, singular, man.as_deref().unwrap_or(form)].into_iter().find_map(|key| {
            self.victims.get(key)?.iter().find_map(|(before, class)| {
                let matches = before
                    .iter()
                    .enumerate()
                    .all(|(i, word)| head.checked_sub(i + 1).is_some_and(|w| w >= first && text.is(w, word)));
                matches.then_some(*class)
            })
        })
    }

    /// Whether the noun says that people belong to a group ("members of …").
    pub(super) fn is_member(&self, text: &Lowered<'_>, at: WordId) -> bool {
        let form = text.form(at);
        self.members.contains(form) || self.members.contains(form.strip_suffix('s').unwrap_or(form))
    }

    /// The number of words of a phrase at `at` behind which people stand who are part of those before it.
    pub(super) fn part(&self, text: &Lowered<'_>, at: WordId) -> Option<usize> {
        self.parts.get(text.form(at))?.iter().find_map(|rest| {
            rest.iter().zip(at + 1..).all(|(word, next)| text.is(next, word)).then_some(rest.len() + 1)
        })
    }

    /// Whether a sentence says that its figures sum up a longer time ("so far this year", "to date").
    pub(super) fn sums_up(&self, text: &Lowered<'_>, sentence: &std::ops::Range<WordId>) -> bool {
        sentence.clone().any(|w| {
            self.sums.get(text.form(w)).is_some_and(|all| {
                all.iter().any(|rest| {
                    w + rest.len() < sentence.end && rest.iter().zip(w + 1..).all(|(word, next)| text.is(next, word))
                })
            })
        })
    }

    /// The number of an ordinal.
    pub(super) fn ordinal(&self, form: &str) -> Option<u32> {
        self.ordinals.get(form).copied()
    }

    /// How the words at `at` make a statement stand to others, in all the ways that they do.
    pub(super) fn standings<'s>(&'s self, text: &'s Lowered<'_>, at: WordId) -> impl Iterator<Item = Standing> + 's {
        let lemma = text.document.lemma(at);
        let keys = [Some(text.form(at)), Some(lemma).filter(|l| *l != text.form(at))];
        keys.into_iter().flatten().filter_map(|key| self.standings.get(key)).flatten().filter_map(
            move |(rest, kind)| rest.iter().zip(at + 1..).all(|(word, next)| text.is(next, word)).then_some(*kind),
        )
    }

    /// Whether civilians are to be found where this word is true.
    pub(super) fn is_crowd(&self, text: &Lowered<'_>, at: WordId) -> bool {
        self.crowds.contains(text.document.lemma(at)) || self.crowds.contains(text.form(at))
    }

    /// Whether the word tells of fighting or of a military target.
    pub(super) fn is_battle(&self, text: &Lowered<'_>, at: WordId) -> bool {
        self.battles.contains(text.document.lemma(at))
    }

    /// Whether a noun is something that kills without being part of a conflict ("earthquake").
    pub(super) fn is_accident(&self, text: &Lowered<'_>, at: WordId) -> bool {
        self.accidents.contains(text.document.lemma(at))
    }

    /// Whether a noun in the singular stands for several people ("staff", "family").
    pub(super) fn is_collective(&self, text: &Lowered<'_>, at: WordId) -> bool {
        self.collectives.contains(text.document.lemma(at)) || self.collectives.contains(text.form(at))
    }

    /// Whether the noun is a conflict as a whole.
    pub(super) fn is_war(&self, text: &Lowered<'_>, at: WordId) -> bool {
        self.wars.contains(text.document.lemma(at))
    }
}

fn standing(kind: &str) -> Option<Standing> {
    match kind {
        "initial" => Some(Standing::Initial),
        "finding" => Some(Standing::Finding),
        "claim" => Some(Standing::Claim),
        "doubtful" => Some(Standing::Doubtful),
        "uncounted" => Some(Standing::Uncounted),
        "elsewhere" => Some(Standing::Elsewhere),
        _ => None,
    }
}

/// Regular forms of a verb.
fn inflected(verb: &str) -> Vec<String> {
    let stem = verb.strip_suffix('e').unwrap_or(verb);
    vec![format!("{verb}s"), format!("{stem}ed"), format!("{stem}ing")]
}

/// Whether a capitalised word of a title-case headline has the form of a verb in the present: "Kills", "Kill", with what can
/// be its object right behind.
fn is_titled_verb(text: &Lowered<'_>, at: WordId) -> bool {
    let document = text.document;
    let next = at + 1;
    let title = document.sentences()[document.sentence_of(at)].headline || text.is_titled(at);
    document.upos(at) == Upos::Propn
        && title
        && next < document.words().len()
        && (matches!(document.upos(next), Upos::Num | Upos::Adv)
            || document.form(next).starts_with(|c: char| c.is_ascii_digit()))
}

/// A document with the lower-case form of each word.
#[derive(Debug)]
pub(super) struct Lowered<'a> {
    pub(super) document: &'a Document,
    forms: Vec<Box<str>>,
}

impl<'a> Lowered<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let forms = (0..document.words().len()).map(|w| document.form(w).to_lowercase().into_boxed_str()).collect();
        Self { document, forms }
    }

    /// Whether the words around one are capitalised, as in a title that stands in the body.
    fn is_titled(&self, at: WordId) -> bool {
        let capital = |w: WordId| self.document.form(w).starts_with(char::is_uppercase);
        let around = (at.saturating_sub(3)..at).chain(at + 1..(at + 5).min(self.document.words().len()));
        let letters = around.filter(|&w| self.document.form(w).len() > 3);
        let (some, titled) = letters.fold((0, 0), |(n, c), w| (n + 1, c + usize::from(capital(w))));
        some >= 3 && titled == some
    }

    pub(super) fn form(&self, word: WordId) -> &str {
        &self.forms[word]
    }

    /// Whether a word's form or lemma is `other`.
    pub(super) fn is(&self, word: WordId, other: &str) -> bool {
        self.forms.get(word).is_some_and(|form| **form == *other || self.document.lemma(word) == other)
    }

    pub(super) fn is_any(&self, word: WordId, others: &[&str]) -> bool {
        others.iter().any(|other| *self.forms[word] == **other)
    }
}
