//! What the steps of extraction share while one article is read: words are still word indices here, and become
//! [`crate::facts::Evidence`] only at the end.

use crate::article::Article;
use crate::facts::{EntityId, EntityKind, Iri, MentionForm, Modality, TimeBounds};
use crate::language::{Document, Span, Upos, WordId};
use crate::lexicon::ActorUse;
use std::collections::BTreeSet;
use std::ops::Range;

/// A mention while its article is being read.
#[derive(Clone, Debug)]
pub struct Noted {
    /// The words of the whole noun phrase without trailing clauses.
    pub words: Range<WordId>,
    /// The characters: from the first to the last of the words, a trailing possessive "'s" left off.
    pub span: Span,
    /// The syntactic head of the phrase.
    pub head: WordId,
    /// The characters of the name in it, without determiners and titles, if it names.
    pub name: Option<Span>,
    /// How it refers.
    pub form: MentionForm,
    /// What sort of thing it speaks of.
    pub kind: EntityKind,
    /// Its class in the ontology, as exact as its words tell.
    pub class: Option<Iri>,
    /// How many, for a counted or plural phrase ("three soldiers", "dozens of militants").
    pub quantity: Option<Quantity>,
    /// ISO 3166 code a demonym or country name in the phrase gives ("Algerian security forces").
    pub country: Option<String>,
    /// Whether its words name a country, a capital or a people, so that a place may stand for a state.
    pub speaks_of_state: bool,
    /// The known actors its name can stand for, those it means by itself first.
    pub actors: Vec<ActorUse>,
    /// The entity it was resolved to.
    pub entity: Option<EntityId>,
}

/// A number of people or things, with its bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// At least so many.
    pub min: u32,
    /// At most so many; none if open above.
    pub max: Option<u32>,
    /// The words of the number with its bound ("at least 12").
    pub words: Range<WordId>,
}

/// A time expression found in the text.
#[derive(Clone, Debug)]
pub struct Timex {
    /// Its words.
    pub words: Range<WordId>,
    /// Its characters.
    pub span: Span,
    /// The syntactic head.
    pub head: WordId,
    /// What it denotes, resolved against the day of publication as far as that goes.
    pub bounds: TimeBounds,
    /// How it bounds the event it modifies: at it, since it, until it, for so long.
    pub relation: TimexRelation,
    /// Days from another event of the article, for what is said relative to one ("two days later", "the same day").
    pub from_event: Option<(i32, i32)>,
}

/// How a time expression bounds what it modifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimexRelation {
    /// It happened at or within the time.
    At,
    /// It began then and lasted ("since 2011").
    Since,
    /// It lasted until then.
    Until,
    /// Before then.
    Before,
    /// After then.
    After,
    /// It is a duration or a frequency, no point in time ("for two weeks", "every day").
    Duration,
}

/// Who fills a role of an event.
#[derive(Clone, Debug)]
pub struct Filler {
    /// The role property.
    pub role: Iri,
    /// Index of the mention in [`Reading::mentions`].
    pub mention: usize,
}

/// An event while its article is being read.
#[derive(Clone, Debug)]
pub struct Told {
    /// The class of the ontology, as fine as the fillers of its roles tell.
    pub class: Iri,
    /// The class its frame evokes, before the fillers are looked at.
    pub evoked: Iri,
    /// The frame that evoked it.
    pub frame: Iri,
    /// The word that evokes it.
    pub trigger: WordId,
    /// All words of the trigger.
    pub trigger_words: Vec<WordId>,
    /// How the text presents it.
    pub modality: Modality,
    /// Index of the mention of who says so.
    pub source: Option<usize>,
    /// Whether it is told as past background.
    pub background: bool,
    /// Who takes part.
    pub fillers: Vec<Filler>,
    /// Where: index of the mention, and whether "near".
    pub places: Vec<(usize, bool)>,
    /// Indices of the time expressions that modify it, in [`Reading::times`].
    pub times: Vec<usize>,
    /// What its frame says became of the target, a concept of the ontology (`…#killed` for "kill").
    pub outcome: Option<Iri>,
    /// In how many clauses and phrases below its sentence's main clause it is told.
    pub depth: u8,
    /// How much such an event counts, where its frame says so and not only its class.
    pub weight: Option<i32>,
}

/// A situation while its article is being read.
#[derive(Clone, Debug)]
pub struct Stated {
    /// The class of the ontology.
    pub kind: Iri,
    /// The frame that evoked it.
    pub frame: Iri,
    /// The word that evokes it.
    pub trigger: WordId,
    /// All words of the trigger.
    pub trigger_words: Vec<WordId>,
    /// Index of the mention of its subject: the controller, the leader, the member.
    pub subject: usize,
    /// Index of the mention of its object.
    pub object: usize,
    /// How the text presents it.
    pub modality: Modality,
    /// Index of the mention of who says so.
    pub source: Option<usize>,
    /// Indices of the time expressions that modify it, in [`Reading::times`].
    pub times: Vec<usize>,
    /// Whether it is said to be over.
    pub over: bool,
}

/// One article being read.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The article.
    pub article: &'a Article,
    /// Its analysis.
    pub document: &'a Document,
    /// The mentions found, in text order.
    pub mentions: Vec<Noted>,
    /// For each word, the mention it is the head of.
    pub mention_at: Vec<Option<usize>>,
    /// The time expressions, in text order.
    pub times: Vec<Timex>,
    /// The events, in text order.
    pub events: Vec<Told>,
    /// The situations stated, in text order.
    pub situations: Vec<Stated>,
    /// The mentions of people who are counted as combatants, not merely presumed so.
    pub combatants: BTreeSet<usize>,
    /// Who protests, as the events tell it.
    pub protesters: Protesters,
    /// The words of the dateline ("BOGOTA, May 21 (Reuters) -"): where and when it was written, not where it happened.
    pub dateline: Range<WordId>,
}

/// Those who are told to protest.
#[derive(Clone, Debug, Default)]
pub struct Protesters {
    /// Indices of their mentions.
    pub mentions: BTreeSet<usize>,
    /// What those speak of.
    pub entities: BTreeSet<EntityId>,
}

/// How many words a dateline may have.
const DATELINE: usize = 14;

/// The words before the first dash of a body that opens with nothing but names, numbers and brackets.
fn dateline(document: &Document) -> Range<WordId> {
    let Some(first) = document.sentences().iter().find(|s| !s.headline) else { return 0..0 };
    let words = first.words.start..first.words.end.max(first.words.start + DATELINE).min(document.words().len());
    for word in words.clone().take(DATELINE) {
        let form = document.form(word);
        if matches!(form, "-" | "–" | "—" | "--") && word > words.start {
            let spaced = document.text().as_bytes().get(document.words()[word].span.end as usize) == Some(&b' ');
            return if spaced { words.start..word + 1 } else { 0..0 };
        }
        let name = form.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        // "GOMA, Democratic Republic of Congo -"
        let joint = word > words.start && matches!(document.upos(word), Upos::Adp | Upos::Det | Upos::Cconj);
        if !name && !joint && document.upos(word) != Upos::Punct {
            break;
        }
    }
    0..0
}

impl<'a> Reading<'a> {
    /// A reading that has noted nothing yet.
    pub fn new(article: &'a Article, document: &'a Document) -> Self {
        Self {
            article,
            document,
            mentions: Vec::new(),
            mention_at: vec![None; document.words().len()],
            times: Vec::new(),
            events: Vec::new(),
            situations: Vec::new(),
            combatants: BTreeSet::new(),
            protesters: Protesters::default(),
            dateline: dateline(document),
        }
    }

    /// Indices of the time expressions that begin among some words.
    pub fn times_in(&self, words: &Range<WordId>) -> Range<usize> {
        let first = |word: WordId| self.times.partition_point(|t| t.words.start < word);
        first(words.start)..first(words.end)
    }

    /// The time expressions of the sentence of a word.
    pub fn times_beside(&self, word: WordId) -> &[Timex] {
        &self.times[self.times_in(self.sentence_words(word))]
    }

    /// Indices of the mentions that begin among some words.
    pub fn mentions_in(&self, words: &Range<WordId>) -> Range<usize> {
        let first = |word: WordId| self.mentions.partition_point(|m| m.words.start < word);
        first(words.start)..first(words.end)
    }

    /// Indices of the events whose triggers stand among some words.
    pub fn events_in(&self, words: &Range<WordId>) -> Range<usize> {
        let first = |word: WordId| self.events.partition_point(|e| e.trigger < word);
        first(words.start)..first(words.end)
    }

    /// The words of the sentence that a word stands in.
    pub fn sentence_words(&self, word: WordId) -> &'a Range<WordId> {
        &self.document.sentences()[self.document.sentence_of(word)].words
    }

    /// Takes up the mentions found, in text order.
    pub fn note_mentions(&mut self, mut mentions: Vec<Noted>) {
        for noted in &mut mentions {
            self.end_with_dateline(noted);
        }
        for (index, noted) in mentions.iter().enumerate() {
            let at = &mut self.mention_at[noted.head];
            // Of two mentions with one head the longer speaks of the whole.
            if at.is_none_or(|old: usize| mentions[old].words.len() < noted.words.len()) {
                *at = Some(index);
            }
        }
        self.mentions = mentions;
    }

    /// Cuts a mention that the parser let run over the dash of the dateline ("KABUL - A").
    fn end_with_dateline(&self, noted: &mut Noted) {
        let line = &self.dateline;
        // "London- Warplanes"
        if line.contains(&noted.words.start) && noted.head >= line.end && noted.words.end > line.end {
            let words = self.document.words();
            noted.words.start = line.end;
            noted.span = words[line.end].span.cover(noted.span);
            noted.span.start = words[line.end].span.start;
            noted.name = noted
                .name
                .filter(|name| name.end > noted.span.start)
                .map(|name| Span { start: name.start.max(noted.span.start), end: name.end });
            return;
        }
        let over = line.contains(&noted.words.start) && line.contains(&noted.head) && noted.words.end >= line.end;
        let Some(last) = line.end.checked_sub(2).filter(|&last| over && last >= noted.head) else { return };
        let words = self.document.words();
        noted.words.end = last + 1;
        noted.span = words[noted.words.start].span.cover(words[last].span);
        noted.name = noted
            .name
            .filter(|name| name.start < noted.span.end)
            .map(|name| Span { start: name.start, end: name.end.min(noted.span.end) });
    }
}
