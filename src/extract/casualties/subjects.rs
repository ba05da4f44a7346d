//! Who a cue speaks of: the subject of a passive or intransitive cue, and the run of phrases coordinated with it.
//!
//! [`SentenceReader::subject_of`] asks the tree first and, where it is lost, the words right before the cue: figures must not
//! be lost with a wrong attachment.

use super::phrase::Phrase;
use super::sentence::{Group, SentenceReader};
use super::words::Use;
use crate::facts::Outcome;
use crate::language::{Deprel, Upos, WordId};

/// Whether the people of a cue stand before or behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    Active,
    Passive,
    Either,
}

impl SentenceReader<'_> {
    /// Whether a harming participle or a state stands right behind: "30 others were injured", "20 wounded".
    pub(super) fn harmed_behind(&self, at: WordId) -> bool {
        let mut next = at;
        while next < self.range.end
            && (matches!(self.document().upos(next), Upos::Aux | Upos::Adv) || self.text_is(next, &["left"]))
        {
            next += 1;
        }
        self.cues.iter().any(|(p, cue)| {
            *p == next
                && match cue.usage {
                    Use::Harm(objects) => objects.is_empty() && self.voice(*p) != Voice::Active,
                    Use::HarmUntil(_) => self.voice(*p) == Voice::Passive,
                    Use::State | Use::Suffer(_) => true,
                    _ => false,
                }
        })
    }

    /// The subject of a passive or intransitive cue, with what is coordinated with it.
    pub(super) fn subject_of(&self, at: WordId) -> Option<Group> {
        let document = self.document();
        // "21 people were detained and at least 14 injured", "four were killed and two seriously wounded": a bare figure right
        // before its word is counted by it.
        let adverbs = (self.range.start..at).rev().take_while(|&w| document.upos(w) == Upos::Adv).count();
        let beside = self.phrases.iter().position(|p| p.words.end == at - adverbs && p.bare && p.figure);
        if let Some(index) = beside
            && index > 0
            && self.harmed_behind(self.phrases[index - 1].words.end)
        {
            return Some(Group { wholes: vec![index], parts: Vec::new() });
        }
        let tree = self
            .tree_subject(at)
            .and_then(|subject| self.phrases.iter().position(|p| p.words.contains(&subject) && p.words.end <= at));
        // "figures had spoken of 44 dead": not those whom the tree has as subject and nobody counts.
        if let (Some(index), Some(subject)) = (beside.filter(|_| adverbs == 0), tree)
            && !self.phrases[subject].figure
        {
            return Some(Group { wholes: vec![index], parts: Vec::new() });
        }
        let index = match tree.filter(|&i| self.phrases[i].is_people() || self.phrases[i].figure) {
            Some(index) => index,
            None => self.subject_before(at).or_else(|| self.subject_of_clause_before(at))?,
        };
        // The tree may have taken the last conjunct, or a modifier, for the whole: go back to where the run begins.
        let mut index = if self.is_age(index) { index - 1 } else { index };
        while index > 0 {
            let (before, this) = (&self.phrases[index - 1], &self.phrases[index]);
            let gap = before.words.end..this.words.start;
            let part = gap.clone().any(|w| self.words.part(self.text, w).is_some());
            let joined = gap.clone().all(|w| {
                matches!(document.upos(w), Upos::Cconj | Upos::Punct) && !self.text_is(w, &[".", ";", ":", "\"", "”"])
            });
            let linked = gap.clone().all(|w| document.upos(w) == Upos::Adp && !self.text_is(w, &["among"]))
                && gap.len() == 1
                && !before.bare;
            let counts = before.is_people()
                && (before.figure || before.quantity.is_some())
                && !self.harmed_behind(before.words.end);
            // "among them an off-duty policeman, and nine wounded"
            let begins = before.words.start;
            let inserted = this.bare
                && gap.len() == 2
                && (begins.saturating_sub(4).max(self.range.start)..begins)
                    .any(|w| self.words.part(self.text, w).is_some_and(|len| w + len + 3 >= begins));
            let apart = self.is_object(before) || self.is_of_other_predicate(before, this, at) || inserted;
            if counts
                && !apart
                && (part || joined && (!gap.is_empty() || this.figure && !before.bare) || linked && before.figure)
            {
                index -= 1;
            } else {
                break;
            }
        }
        let phrase = &self.phrases[index];
        let captured = self.cues.iter().any(|(p, cue)| *p == at && cue.outcome == Outcome::Captured);
        // Who dies lives, whatever the noun: "one rickshaw puller died".
        let dies = || {
            let suffers = |cue: &super::words::Cue<'_>| matches!(cue.usage, Use::Suffer(_));
            self.cues.iter().any(|(p, cue)| *p == at && suffers(cue) && cue.outcome == Outcome::Killed)
                && self.reading.mention_at.get(phrase.head).copied().flatten().is_none()
                && !self.is_in_time(phrase)
        };
        let people = phrase.is_people() || phrase.figure && !captured && (!self.is_time_or_measure(phrase) || dies());
        people.then(|| self.group(index, at))
    }

    /// Whether a word speaks of casualties itself ("294 wounded and 33 dead").
    pub(super) fn is_cue(&self, word: WordId) -> bool {
        self.cues.iter().any(|(p, _)| *p == word)
    }

    /// Whether a phrase is the object of an active harming verb right before it.
    fn is_object(&self, phrase: &Phrase) -> bool {
        self.cues.iter().any(|(p, cue)| {
            matches!(cue.usage, Use::Harm(_)) && p + cue.len == phrase.words.start && self.voice(*p) != Voice::Passive
        })
    }

    /// The people counted of whom the passive clause before a cue speaks, where the cue only goes on: "*twenty-six men* were
    /// marched to a barn at the edge of the village and shot dead".
    fn subject_of_clause_before(&self, at: WordId) -> Option<usize> {
        let document = self.document();
        let goes_on = at > self.range.start && document.upos(at - 1) == Upos::Cconj;
        let verb = (self.range.start..at).rev().filter(|_| goes_on).find(|&w| document.upos(w) == Upos::Verb)?;
        let subject = document.children_by(verb, Deprel::NsubjPass).next()?;
        self.phrases.iter().position(|p| p.words.contains(&subject) && p.figure && p.is_people() && p.words.end <= verb)
    }

    /// Whether a phrase is what the predicate before it says, or stands in that, and the next one the subject of another predicate: "two
    /// became *martyrs*, and five were injured", "shelled the market of *Adigrat*, and nine civilians died".
    fn is_of_other_predicate(&self, before: &Phrase, this: &Phrase, at: WordId) -> bool {
        let document = self.document();
        let mut top = before.head;
        while let (Deprel::Nmod | Deprel::Compound | Deprel::Flat | Deprel::Appos, Some(head)) =
            (document.deprel(top), document.head(top))
        {
            top = head;
        }
        let Some(verb) = document.head(top) else { return false };
        verb < before.words.start
            && verb != at
            && document.upos(verb) == Upos::Verb
            && matches!(document.deprel(top), Deprel::Obj | Deprel::Xcomp | Deprel::Obl)
            && document.head(this.head) == Some(at)
            && matches!(document.deprel(this.head), Deprel::Nsubj | Deprel::NsubjPass)
    }

    fn tree_subject(&self, at: WordId) -> Option<WordId> {
        let document = self.document();
        let own = |word: WordId| {
            document
                .children(word)
                .iter()
                .copied()
                .find(|&c| matches!(document.deprel(c), Deprel::NsubjPass | Deprel::Nsubj) && c < at)
        };
        let mut word = at;
        for _ in 0..3 {
            if let Some(subject) = own(word) {
                // "who were killed": the noun before the relative clause
                if document.word(subject).xpos.starts_with('W') {
                    return document.head(word).filter(|_| document.deprel(word) == Deprel::AclRelcl);
                }
                return Some(subject);
            }
            // A passive with its own auxiliary has its own subject, even where the tree lost it.
            if word == at && document.children(at).iter().any(|&c| document.deprel(c) == Deprel::AuxPass) {
                return None;
            }
            match document.deprel(word) {
                Deprel::Acl | Deprel::AclRelcl | Deprel::Amod => return document.head(word).filter(|h| *h < at),
                Deprel::Conj => word = document.head(word)?,
                Deprel::Xcomp => {
                    let head = document.head(word)?;
                    let object = document.children_by(head, Deprel::Obj).find(|&c| c < at);
                    if object.is_some() {
                        return object;
                    }
                    word = head;
                }
                _ => return None,
            }
        }
        None
    }

    /// The phrase that stands right before the cue and its auxiliaries.
    pub(super) fn subject_before(&self, at: WordId) -> Option<usize> {
        let mut end = at;
        while end > self.range.start {
            let before = end - 1;
            let skip = matches!(self.document().upos(before), Upos::Aux | Upos::Adv | Upos::Part)
                || self.text_is(
                    before,
                    &[
                        ",",
                        "-",
                        "–",
                        "—",
                        "--",
                        ")",
                        "who",
                        "that",
                        "which",
                        "left",
                        "reported",
                        "confirmed",
                        "found",
                        "feared",
                        "believed",
                        "were",
                        "was",
                        "been",
                        "are",
                    ],
                );
            if !skip || self.phrases.iter().any(|p| p.words.end == end) {
                break;
            }
            end = before;
        }
        self.phrases.iter().position(|p| p.words.end == end)
    }

    /// Whether a bare figure stands right behind a pronoun for people told before, and tells their age and not their number:
    /// "five villagers, all of them *over sixty*, lost their lives".
    fn is_age(&self, index: usize) -> bool {
        let phrase = &self.phrases[index];
        let start = phrase.words.start;
        let of_them = (start.saturating_sub(3).max(self.range.start)..start)
            .any(|w| self.words.part(self.text, w).is_some_and(|len| w + len == start));
        phrase.bare && phrase.figure && of_them && index > 0
    }

    /// The run of phrases from `index` on: coordinated ones are wholes, those behind "including" are parts.
    pub(super) fn group(&self, index: usize, limit: WordId) -> Group {
        let document = self.document();
        let mut group = Group { wholes: vec![index], parts: Vec::new() };
        let mut in_parts = false;
        let mut last = index;
        for next in index + 1..self.phrases.len() {
            let (before, this) = (&self.phrases[last], &self.phrases[next]);
            if this.words.end > limit {
                break;
            }
            let gap = before.words.end..this.words.start;
            if gap.len() > 8 || gap.clone().any(|w| self.text_is(w, &[";", ".", ":"])) {
                break;
            }
            // "four people one of them a child", "3 of them and injuring 22"
            let shared =
                this.bare && this.words.end < self.range.end && self.words.part(self.text, this.words.end).is_some();
            if shared || gap.clone().any(|w| self.is_cue(w)) {
                break;
            }
            let part = gap.clone().any(|w| self.words.part(self.text, w).is_some());
            let joint = gap.clone().all(|w| {
                matches!(document.upos(w), Upos::Cconj | Upos::Punct)
                    || self.text_is(w, &["as", "well", "along", "with", "alongside", "plus", "also"])
            });
            let verb = gap
                .clone()
                .any(|w| matches!(document.upos(w), Upos::Verb | Upos::Aux) && self.words.part(self.text, w).is_none());
            let taken = limit == self.range.end && (self.harmed_behind(this.words.end) || self.has_predicate(this));
            if verb && !part || taken || self.is_cue(this.head) {
                break;
            }
            if part {
                in_parts = true;
            }
            let counts = this.is_people() && this.quantity.is_some();
            in_parts |= gap.clone().any(|w| self.text_is(w, &["("])) && before.figure;
            // "a dozen others, a union official said": a comma alone adds only figures.
            let added = this.figure
                || document.deprel(this.head) == Deprel::Conj
                || gap.clone().any(|w| document.upos(w) == Upos::Cconj);
            if joint && !part && !added && !gap.is_empty() {
                break;
            }
            if part
                || joint && (!gap.is_empty() || this.figure && before.figure && !before.bare && limit < self.range.end)
            {
                if counts && in_parts {
                    group.parts.push(next);
                } else if counts && (this.figure || this.quantity.as_ref().is_some_and(|q| q.max.is_some())) {
                    group.wholes.push(next);
                } else if !counts && !part {
                    break;
                }
            } else if !gap
                .clone()
                .all(|w| matches!(document.upos(w), Upos::Adp | Upos::Punct | Upos::Det | Upos::Part | Upos::Adv))
            {
                break;
            }
            last = next;
        }
        group
    }

    /// Whether a finite verb follows, of which the phrase is the subject.
    fn has_predicate(&self, phrase: &Phrase) -> bool {
        let document = self.document();
        phrase.words.end < self.range.end
            && (matches!(document.upos(phrase.words.end), Upos::Aux)
                || document.head(phrase.head).is_some_and(|h| {
                    h > phrase.head && matches!(document.deprel(phrase.head), Deprel::Nsubj | Deprel::NsubjPass)
                }))
    }

    pub(super) fn voice(&self, at: WordId) -> Voice {
        let document = self.document();
        // "fatally wounded": the verb comes behind.
        let at = if document.upos(at) == Upos::Adv && at + 1 < self.range.end { at + 1 } else { at };
        let form = self.text.form(at);
        if form.ends_with("ing") {
            // "are being killed" aside, a participle in -ing is active.
            return if at > self.range.start && self.text_is(at - 1, &["being"]) {
                Voice::Passive
            } else {
                Voice::Active
            };
        }
        let mut before = at;
        while before > self.range.start {
            before -= 1;
            if self.text_is(before, &["was", "were", "been", "being", "be", "is", "are", "get", "got", "gets"]) {
                return Voice::Passive;
            }
            if self.text_is(before, &["have", "has", "had", "having", "to", "did", "'ve"]) {
                return Voice::Active;
            }
            if !matches!(document.upos(before), Upos::Adv) {
                break;
            }
        }
        let tells = |c: WordId| match document.deprel(c) {
            Deprel::AuxPass | Deprel::OblAgent => true,
            // "five were killed and *18* wounded, residents said"
            Deprel::NsubjPass => c < at,
            _ => false,
        };
        if document.children(at).iter().any(|&c| tells(c)) {
            return Voice::Passive;
        }
        let xpos = document.word(at).xpos;
        // "marched to a barn and shot dead": words that harm only together may have been taken for a noun.
        let verb = document.upos(at) == Upos::Verb;
        let participle = form.ends_with("ed") || matches!(xpos, "VBN" | "VBD" | "JJ") || !verb && !form.ends_with('s');
        if participle { Voice::Either } else { Voice::Active }
    }
}
