//! What extraction looked at: which words could have evoked which frames, what came of it, and why nothing did.
//!
//! [`super::Extractor::trace`] gives a [`Trace`] beside the facts. It is for authors of frames and for whoever debugs.
//! The steps note things through the trait [`Observer`], whose implementation for `()` is empty: an extraction without
//! a trace is compiled without a trace of it.

use super::arguments::{Argument, preposition};
use crate::facts::{Iri, Modality};
use crate::language::{Deprel, Document, WordId};
use crate::ontology::Slot;
use crate::ontology::terms::short;
use std::ops::Range;

/// What was looked at in one article.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Every frame that words could have evoked, in text order.
    pub attempts: Vec<Attempt>,
    /// For each event of [`crate::facts::Facts::events`], the trigger words of its tellings, the leading one first.
    pub events: Vec<Vec<WordId>>,
}

/// One frame tried on one word.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The frame.
    pub frame: Iri,
    /// What it evokes.
    pub evokes: Iri,
    /// The head word of the trigger.
    pub trigger: WordId,
    /// All words of the trigger, in text order.
    pub words: Vec<WordId>,
    /// What stands around the trigger, as frames name it: the relation in the plain active sentence, and the word.
    pub arguments: Vec<(String, WordId)>,
    /// What came of it.
    pub verdict: Verdict,
}

/// What came of a frame.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It gave an event or a situation.
    Fired {
        /// Who fills which role.
        links: Vec<Link>,
        /// How the event is told.
        modality: Modality,
    },
    /// A slot that must be filled is not.
    Missing {
        /// The slot.
        slot: Slot,
        /// Words that stand in its relation and do not suit it, with the class of what they stand for.
        unsuited: Vec<(WordId, Option<Iri>)>,
    },
    /// A slot that must not be filled is.
    Forbidden {
        /// The slot.
        slot: Slot,
        /// The word that fills it.
        by: Option<WordId>,
    },
    /// The word is part of a name.
    InsideName,
    /// The verb only lends its grammar to an event noun.
    LightVerb,
    /// Another frame of the same word fits better.
    Outranked(Iri),
    /// The word is part of a longer trigger of another frame.
    InsideLonger(Iri),
    /// The word only hedges a noun ("suspected militants").
    Hedge,
    /// A verb that found nobody and nothing.
    Bare,
    /// A situation of which only one side was found, or neither.
    OneSided,
}

impl Verdict {
    /// Why a frame did not fire, in words.
    pub fn reason(&self, document: &Document) -> String {
        let described = |word: WordId, class: Option<&Iri>| {
            let class = class.map(|c| format!(" (bg:{})", short(c))).unwrap_or_default();
            format!("`{}`{class}", document.form(word))
        };
        match self {
            Self::Fired { .. } => "it fired".to_owned(),
            Self::Missing { slot, unsuited } if unsuited.is_empty() => format!("requires {slot}"),
            Self::Missing { slot, unsuited } => {
                let words: Vec<String> =
                    unsuited.iter().map(|(word, class)| described(*word, class.as_ref())).collect();
                format!("requires {slot}; there is {}", words.join(", "))
            }
            Self::Forbidden { slot, by: None } => format!("forbids {slot}"),
            Self::Forbidden { slot, by: Some(word) } => format!("forbids {slot}; there is {}", described(*word, None)),
            Self::InsideName => "the word is part of a name".to_owned(),
            Self::LightVerb => "the verb only lends its grammar to an event noun".to_owned(),
            Self::Outranked(other) => format!("frame:{} fits better", short(other)),
            Self::InsideLonger(other) => format!("the word is part of a longer trigger of frame:{}", short(other)),
            Self::Hedge => "the word only hedges a noun".to_owned(),
            Self::Bare => "a verb that found nobody and nothing".to_owned(),
            Self::OneSided => "of the two sides of the situation not both were found".to_owned(),
        }
    }
}

/// What fills a role, with the way from the trigger to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The role; none for the place of an event.
    pub role: Option<Iri>,
    /// The words of the mention.
    pub words: Range<WordId>,
    /// The way through the tree: `↓nsubj`, `↑conj ↓obl:from`.
    pub path: String,
}

/// Who watches an extraction.
pub(super) trait Observer {
    /// Takes note of attempts; they are made only if somebody watches.
    fn note(&mut self, attempts: impl FnOnce() -> Vec<Attempt>);
    /// Takes note of the tellings of the events, in the order of the facts.
    fn tellings(&mut self, events: impl FnOnce() -> Vec<Vec<WordId>>);
}

impl Observer for () {
    fn note(&mut self, _attempts: impl FnOnce() -> Vec<Attempt>) {}
    fn tellings(&mut self, _events: impl FnOnce() -> Vec<Vec<WordId>>) {}
}

impl Observer for Trace {
    fn note(&mut self, attempts: impl FnOnce() -> Vec<Attempt>) {
        self.attempts.extend(attempts());
    }

    fn tellings(&mut self, events: impl FnOnce() -> Vec<Vec<WordId>>) {
        self.events = events();
    }
}

impl Trace {
    /// Whether a frame fired on some word.
    pub fn fired(&self, frame: &str) -> bool {
        self.attempts.iter().any(|a| *a.frame == *frame && matches!(a.verdict, Verdict::Fired { .. }))
    }
}

/// The arguments of a trigger as frames name them, those sought elsewhere than on itself last.
pub(super) fn named(arguments: &[Argument<'_>]) -> Vec<(String, WordId)> {
    let mut sorted: Vec<&Argument<'_>> = arguments.iter().collect();
    sorted.sort_by_key(|a| a.distance);
    sorted
        .into_iter()
        .map(|a| {
            let preposition = a.preposition.as_ref().map(|p| format!(":{}", p.text().to_lowercase()));
            (format!("{}{}", a.relation.as_str(), preposition.unwrap_or_default()), a.word)
        })
        .collect()
}

/// The way through the tree from one word to another.
pub(super) fn path(document: &Document, from: WordId, to: WordId) -> String {
    let above = |word: WordId| -> Vec<WordId> {
        let mut line = vec![word];
        // A tree has no more levels than words.
        while let Some(head) = line.last().and_then(|&w| document.head(w)) {
            if line.len() > document.words().len() {
                break;
            }
            line.push(head);
        }
        line
    };
    let (up, down) = (above(from), above(to));
    let Some(meet) = up.iter().copied().find(|w| down.contains(w)) else { return "another sentence".to_owned() };
    let relation = |word: WordId| {
        let relation = document.deprel(word);
        let preposition = matches!(relation.universal(), Deprel::Obl | Deprel::Nmod)
            .then(|| preposition(document, word))
            .flatten()
            .map(|p| format!(":{}", p.text().to_lowercase()));
        format!("{}{}", relation.as_str(), preposition.unwrap_or_default())
    };
    let ups = up.iter().take_while(|w| **w != meet).map(|&w| format!("↑{}", document.deprel(w).as_str()));
    let mut downs: Vec<String> =
        down.iter().take_while(|w| **w != meet).map(|&w| format!("↓{}", relation(w))).collect();
    downs.reverse();
    let steps: Vec<String> = ups.chain(downs).collect();
    if steps.is_empty() { "itself".to_owned() } else { steps.join(" ") }
}
