//! Words to frames: an index from the head word of a trigger to what it triggers, and its match against a tree.
//!
//! [`TriggerIndex`] is the entry point, for frames ([`TriggerIndex::frames`]) and in the same way for light verbs, cues
//! and nouns. Looking up a word costs one hash of its lemma; only triggers of several words look at its
//! neighbours. Of several triggers of one entry the longest match counts.
//!
//! # Examples
//!
//! ```
//! use belligraph::lexicon::frames::TriggerIndex;
//! use belligraph::ontology::{Ontology, TriggerKind};
//!
//! let ontology = Ontology::embedded();
//! let index = TriggerIndex::frames(ontology);
//! let frames: Vec<_> = index.with_head("ambush", TriggerKind::Verb).map(|i| &ontology.frames()[i]).collect();
//! assert!(frames.iter().any(|f| f.evokes.ends_with("#Ambush")));
//! ```

use crate::language::{Deprel, Document, Upos, WordId};
use crate::ontology::{Ontology, Trigger, TriggerKind};
use smallvec::SmallVec;
use std::collections::HashMap;

/// A trigger found in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Index of the frame (light verb, cue, …) in the ontology's list.
    pub entry: usize,
    /// What kind of word the trigger is.
    pub kind: TriggerKind,
    /// The words of the trigger in text order, its head among them.
    pub words: SmallVec<[WordId; 4]>,
}

/// The words of one trigger around its head.
#[derive(Clone, Debug)]
struct Words {
    owner: u32,
    before: Box<[Box<str>]>,
    after: Box<[Box<str>]>,
}

/// An index from the head words of triggers to what they trigger.
#[derive(Debug, Default)]
pub struct TriggerIndex {
    by_head: [HashMap<Box<str>, Vec<Words>>; TriggerKind::ALL.len()],
}

impl TriggerIndex {
    /// An index of lists of triggers; the position of a list is the entry that its triggers lead to.
    pub fn new<'t>(lists: impl IntoIterator<Item = &'t [Trigger]>) -> Self {
        let mut index = Self::default();
        for (i, triggers) in lists.into_iter().enumerate() {
            for trigger in triggers {
                let Some(head) = trigger.words.get(trigger.head) else { continue };
                index.by_head[trigger.kind as usize].entry(head.clone()).or_default().push(Words {
                    owner: i as u32,
                    before: trigger.words[..trigger.head].into(),
                    after: trigger.words[trigger.head + 1..].into(),
                });
            }
        }
        index
    }

    /// An index to [`Ontology::frames`].
    pub fn frames(ontology: &Ontology) -> Self {
        Self::new(ontology.frames().iter().map(|f| f.triggers.as_slice()))
    }

    /// An index to [`Ontology::light_verbs`].
    pub fn light_verbs(ontology: &Ontology) -> Self {
        Self::new(ontology.light_verbs().iter().map(|f| f.triggers.as_slice()))
    }

    /// An index to [`Ontology::modality_cues`].
    pub fn modality_cues(ontology: &Ontology) -> Self {
        Self::new(ontology.modality_cues().iter().map(|f| f.triggers.as_slice()))
    }

    /// An index to [`Ontology::source_cues`].
    pub fn source_cues(ontology: &Ontology) -> Self {
        Self::new(ontology.source_cues().iter().map(|f| f.triggers.as_slice()))
    }

    /// An index to [`Ontology::nouns`].
    pub fn nouns(ontology: &Ontology) -> Self {
        Self::new(ontology.nouns().iter().map(|f| f.words.as_slice()))
    }

    /// The entries that have a trigger, of any length, with the given head.
    pub fn with_head<'i>(&'i self, lemma: &str, kind: TriggerKind) -> impl Iterator<Item = usize> + use<'i> {
        self.by_head[kind as usize].get(lemma).into_iter().flatten().map(|e| e.owner as usize)
    }

    /// The triggers whose head is the given word; for each entry and kind the longest only.
    pub fn at(&self, document: &Document, word: WordId) -> SmallVec<[Hit; 2]> {
        let mut hits = SmallVec::new();
        let lemma = document.lemma(word).to_lowercase();
        for kind in kinds(document, word) {
            if kind == TriggerKind::Suffix {
                self.suffix(document, word, &mut hits);
                continue;
            }
            if matches!(kind, TriggerKind::Adposition | TriggerKind::Conjunction) {
                // "according" has the lemma of the verb.
                let form = document.form(word).to_lowercase();
                for entry in self.by_head[kind as usize].get(form.as_str()).into_iter().flatten() {
                    if let Some(words) = entry.matches(document, word, kind, &[]) {
                        keep_longest(&mut hits, Hit { entry: entry.owner as usize, kind, words });
                    }
                }
                continue;
            }
            // "air-strike" as one word is the head "strike" with "air" before it.
            let parts: SmallVec<[&str; 3]> = lemma.split('-').filter(|p| !p.is_empty()).collect();
            let (inner, head) = match (kind, parts.as_slice()) {
                (_, []) => continue,
                (TriggerKind::Noun | TriggerKind::Adjective, [inner @ .., last]) => (inner, *last),
                (_, [first, ..]) => (&[][..], if parts.len() == 1 { *first } else { lemma.as_str() }),
            };
            let Some(entries) = self.entries(document, word, kind, head) else { continue };
            for entry in entries {
                if let Some(words) = entry.matches(document, word, kind, inner) {
                    keep_longest(&mut hits, Hit { entry: entry.owner as usize, kind, words });
                }
            }
        }
        hits
    }

    /// The triggers of several words that have the given word as their head and are not complete around it: entry and
    /// words.
    pub fn longer(&self, document: &Document, word: WordId) -> Vec<(usize, String)> {
        let lemma = document.lemma(word).to_lowercase();
        let mut found = Vec::new();
        for kind in kinds(document, word) {
            let Some(entries) = self.by_head[kind as usize].get(lemma.as_str()) else { continue };
            for entry in entries.iter().filter(|e| !(e.before.is_empty() && e.after.is_empty())) {
                if entry.matches(document, word, kind, &[]).is_none() {
                    let head = std::iter::once(lemma.as_str());
                    let all =
                        entry.before.iter().map(AsRef::as_ref).chain(head).chain(entry.after.iter().map(AsRef::as_ref));
                    found.push((entry.owner as usize, all.collect::<Vec<&str>>().join(" ")));
                }
            }
        }
        found
    }

    /// The triggers with a head, also where its lemma kept a plural ("troops") or lost a letter ("shelled" as "shel").
    fn entries(&self, document: &Document, word: WordId, kind: TriggerKind, head: &str) -> Option<&Vec<Words>> {
        let map = &self.by_head[kind as usize];
        if let Some(entries) = map.get(head) {
            return Some(entries);
        }
        match kind {
            TriggerKind::Noun => map.get(head.strip_suffix('s')?),
            TriggerKind::Verb => {
                // "raided" as "raide", "exploded" as "explod": a word nobody knows keeps or loses an e.
                let with_e = || map.get(format!("{head}e").as_str());
                if let Some(entries) = head.strip_suffix('e').and_then(|bare| map.get(bare)).or_else(with_e) {
                    return Some(entries);
                }
                // "controlled" as "controll".
                let last = head.chars().next_back()?;
                if let Some(entries) =
                    head.strip_suffix(last).filter(|bare| bare.ends_with(last)).and_then(|bare| map.get(bare))
                {
                    return Some(entries);
                }
                let doubled = format!("{head}{last}");
                document.form(word).to_lowercase().starts_with(&doubled).then(|| map.get(doubled.as_str()))?
            }
            _ => None,
        }
    }

    /// "Saudi-backed", as three words or as one.
    fn suffix(&self, document: &Document, word: WordId, hits: &mut SmallVec<[Hit; 2]>) {
        let form = document.form(word).to_lowercase();
        let last = form.rsplit('-').next().unwrap_or(&form);
        for entry in self.by_head[TriggerKind::Suffix as usize].get(last).into_iter().flatten() {
            keep_longest(
                hits,
                Hit { entry: entry.owner as usize, kind: TriggerKind::Suffix, words: SmallVec::from_slice(&[word]) },
            );
        }
    }
}

fn keep_longest(hits: &mut SmallVec<[Hit; 2]>, hit: Hit) {
    match hits.iter_mut().find(|h| h.entry == hit.entry && h.kind == hit.kind) {
        Some(old) if old.words.len() < hit.words.len() => *old = hit,
        Some(_) => {}
        None => hits.push(hit),
    }
}

/// The kinds of trigger that a word may be the head of.
fn kinds(document: &Document, word: WordId) -> SmallVec<[TriggerKind; 4]> {
    let mut kinds = SmallVec::new();
    match document.upos(word) {
        Upos::Verb => kinds.extend([TriggerKind::Verb, TriggerKind::Adjective]),
        Upos::Noun | Upos::Propn => kinds.push(TriggerKind::Noun),
        Upos::Adj => kinds.push(TriggerKind::Adjective),
        // "not" is a particle to the treebank.
        Upos::Adv | Upos::Part => kinds.push(TriggerKind::Adverb),
        Upos::Aux => kinds.push(TriggerKind::Auxiliary),
        Upos::Det | Upos::Pron => kinds.push(TriggerKind::Determiner),
        _ => {}
    }
    match document.deprel(word) {
        Deprel::Mark | Deprel::Advmod | Deprel::Cc => kinds.push(TriggerKind::Conjunction),
        Deprel::Case => kinds.extend([TriggerKind::Adposition, TriggerKind::Conjunction]),
        Deprel::Aux if document.upos(word) != Upos::Aux => kinds.push(TriggerKind::Auxiliary),
        _ => {}
    }
    let hyphenated = document.form(word).contains('-')
        || (word > 0 && document.form(word - 1) == "-")
        || (word > 0 && document.form(word - 1).ends_with('-'));
    if hyphenated {
        kinds.push(TriggerKind::Suffix);
    }
    kinds
}

impl Words {
    fn matches(
        &self,
        document: &Document,
        head: WordId,
        kind: TriggerKind,
        inner: &[&str],
    ) -> Option<SmallVec<[WordId; 4]>> {
        let mut words: SmallVec<[WordId; 4]> = SmallVec::new();
        let mut before = &self.before[..];
        // What the head's own hyphenated form gives counts as read.
        for part in inner.iter().rev() {
            match before.split_last() {
                Some((last, rest)) if **last == **part => before = rest,
                _ => break,
            }
        }
        if !before.is_empty() {
            preceding(document, head, before, &mut words)?;
        }
        for wanted in &self.after {
            let found = match kind {
                TriggerKind::Verb | TriggerKind::Auxiliary => below(document, head, wanted, &words, 2),
                _ => {
                    let next = words.iter().copied().max().unwrap_or(head).max(head) + 1;
                    (next < document.words().len() && is(document, next, wanted)).then_some(next)
                }
            };
            words.push(found?);
        }
        words.push(head);
        words.sort_unstable();
        Some(words)
    }
}

/// Whether a word has the lemma, its plural, or is written so.
pub fn is(document: &Document, word: WordId, wanted: &str) -> bool {
    let lemma = document.lemma(word);
    lemma.eq_ignore_ascii_case(wanted)
        || document.form(word).eq_ignore_ascii_case(wanted)
        || lemma.strip_suffix('s').is_some_and(|singular| singular.eq_ignore_ascii_case(wanted))
}

/// The words before a noun: side by side with it, hyphens apart, or its modifiers ("air and drone strikes").
fn preceding(document: &Document, head: WordId, wanted: &[Box<str>], words: &mut SmallVec<[WordId; 4]>) -> Option<()> {
    let sentence = document.sentences().get(document.sentence_of(head)).map_or(0, |s| s.words.start);
    let mut at = head;
    let mut found: SmallVec<[WordId; 4]> = SmallVec::new();
    for want in wanted.iter().rev() {
        while at > sentence && matches!(document.form(at - 1), "-" | "–") {
            at -= 1;
        }
        if at > sentence && is(document, at - 1, want) {
            at -= 1;
            found.push(at);
        } else {
            break;
        }
    }
    if found.len() == wanted.len() {
        words.extend(found);
        return Some(());
    }
    if let [want] = wanted {
        let modifier = document.children(head).iter().copied().find_map(|child| {
            let relation = document.deprel(child).universal();
            if child > head || !matches!(relation, Deprel::Compound | Deprel::Amod | Deprel::Nmod) {
                return None;
            }
            if is(document, child, want) {
                return Some(child);
            }
            document.children_by(child, Deprel::Conj).find(|&c| c < head && is(document, c, want))
        })?;
        words.push(modifier);
        return Some(());
    }
    None
}

/// A dependent of a verb, at most `depth` steps below it, with the lemma.
fn below(document: &Document, head: WordId, wanted: &str, taken: &[WordId], depth: usize) -> Option<WordId> {
    let children = document.children(head);
    let own = children.iter().copied().find(|&c| !taken.contains(&c) && is(document, c, wanted));
    own.or_else(|| {
        // Not into clauses: "the army opened a road that was under fire" is no "open fire".
        let phrases = children.iter().copied().filter(|&c| {
            !matches!(
                document.deprel(c),
                Deprel::Nsubj | Deprel::NsubjPass | Deprel::Advcl | Deprel::Ccomp | Deprel::Conj | Deprel::Parataxis
            )
        });
        if depth > 1 { phrases.into_iter().find_map(|c| below(document, c, wanted, taken, depth - 1)) } else { None }
    })
}
