//! The casualties of one sentence: cues, the phrases they count, wholes and their parts.

use super::phrase::{Phrase, phrases};
use super::subjects::Voice;
use super::words::{CasualtyWords, Cue, Lowered, Use};
use super::{Toll, TollKind};
use crate::extract::quantities::Counted;
use crate::extract::reading::Reading;
use crate::facts::{EntityKind, Outcome};
use crate::language::{Deprel, Upos, WordId};
use std::ops::Range;

/// How far behind "the death toll" its number may stand: "the toll from the twin bombings in the city of Homs rose to 32".
const REACH: usize = 24;

/// A sentence being read for casualties.
pub(super) struct SentenceReader<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) text: &'a Lowered<'a>,
    pub(super) words: &'a CasualtyWords,
    pub(super) range: Range<WordId>,
    pub(super) phrases: Vec<Phrase>,
    pub(super) cues: Vec<(WordId, Cue<'a>)>,
}

/// What a run of coordinated phrases gives: the wholes and, for each part, the whole it belongs to.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) wholes: Vec<usize>,
    pub(super) parts: Vec<usize>,
}

impl<'a> SentenceReader<'a> {
    pub(super) fn new(
        reading: &'a Reading<'a>,
        text: &'a Lowered<'a>,
        words: &'a CasualtyWords,
        counted: &'a [Counted],
        range: Range<WordId>,
    ) -> Self {
        let phrases = phrases(reading, text, counted, words, &range);
        let mut cues = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let found = words.cues(text, at);
            let len = found.first().map_or(1, |cue| cue.len);
            cues.extend(found.into_iter().map(|cue| (at, cue)));
            at += len;
        }
        Self { reading, text, words, range, phrases, cues }
    }

    /// Adds the tolls of the sentence to `tolls`.
    pub(super) fn read(&self, tolls: &mut Vec<Toll>) {
        let before = tolls.len();
        for (at, cue) in &self.cues {
            if self.is_negated(*at) || self.is_accidental(*at) {
                continue;
            }
            if let Some(index) = self.value_of(*at, cue.len).filter(|_| !matches!(cue.usage, Use::Toll)) {
                // "Killed: 42 (24 patients, 14 staff)": what follows breaks the figure down; "12 civilians, 5 fighters" adds up.
                let mut group = self.group(index, self.range.end);
                if self.phrases[index].bare {
                    group.parts.extend(group.wholes.drain(1..));
                    group.parts.sort_unstable();
                }
                let before = tolls.len();
                self.emit(*at, cue.outcome, &group, tolls);
                if matches!(cue.usage, Use::Count) && self.begins_statement(*at) {
                    for toll in &mut tolls[before..] {
                        toll.kind = if toll.part_of.is_none() { TollKind::Total } else { toll.kind };
                    }
                }
                continue;
            }
            if let Some(group) = self.list_of(*at, cue) {
                self.emit(*at, cue.outcome, &group, tolls);
                continue;
            }
            match cue.usage {
                Use::Harm(objects) => self.harm(*at, cue, objects, tolls),
                Use::HarmUntil(ends) => {
                    // Whoever is taken to hospital is counted, "the wounded" are known.
                    let told = cue.outcome != Outcome::Injured || self.is_counted(*at) || self.counts_object(*at, cue);
                    if told && self.ends_with(*at, ends) {
                        self.harm(*at, cue, &[], tolls);
                    }
                }
                Use::Suffer(objects) => self.suffer(*at, cue, objects, tolls),
                Use::State => self.state(*at, cue, tolls),
                Use::Count | Use::Body => self.count(*at, cue, tolls),
                Use::Toll => self.toll(*at, cue, tolls),
            }
        }
        self.shares(before, tolls);
    }

    /// The figure that is the value of a label right before it: "Killed: 42", "Fatalities - 3", "KIA 6".
    fn value_of(&self, at: WordId, len: usize) -> Option<usize> {
        let after = at + len;
        let label = self.document().form(at);
        if label.len() > 2 && label.chars().all(char::is_uppercase) {
            let index = self.phrase_after(after, 1).filter(|&i| self.phrases[i].figure && self.phrases[i].is_people());
            let counted = at > self.range.start
                && self.phrases.iter().any(|p| p.figure && p.words.end >= at && p.words.start < at);
            if let Some(index) = index.filter(|_| !counted) {
                return Some(index);
            }
        }
        let after = self.label_end(after);
        if !self.text_is(after, &[":", "=", "-", "–"]) {
            return None;
        }
        let index = self.phrase_after(after + 1, 1)?;
        // Behind a dash only a figure that nothing else counts with: "killed - 12 of them children" is something else.
        let alone = self.phrases[index].words.end;
        let ends = alone >= self.range.end || self.text_is(alone, &[",", ";", ".", "(", "|", "/"]);
        (self.phrases[index].figure && (self.text_is(after, &[":", "="]) || ends)).then_some(index)
    }

    /// Where a label ends that says how its figure was settled: "Fatalities *coded at the lower figure*: 12", "Killed
    /// (*confirmed*): 3".
    fn label_end(&self, after: WordId) -> WordId {
        let says = |w: WordId| {
            !self.text_is(w, &[",", ";", ".", ":", "="]) && !self.is_finite(w) && self.document().upos(w) != Upos::Num
        };
        let words = (after..self.range.end.min(after + 7)).take_while(|&w| says(w)).count();
        let end = after + words;
        if words > 0 && self.text_is(end, &[":", "="]) && self.text_is(after, &["coded", "put", "as", "("]) {
            end
        } else {
            after
        }
    }

    /// Whether a word opens its sentence, or what stands between full stops and semicolons in it.
    fn begins_statement(&self, at: WordId) -> bool {
        at == self.range.start || self.text_is(at - 1, &[";", ".", "|", "/", "–", "—", "*", "•"])
    }

    /// The people listed behind a label without figures: "Killed: woman b. 1951, her son b. 1979, one man not yet identified".
    fn list_of(&self, at: WordId, cue: &Cue<'_>) -> Option<Group> {
        let start = at + cue.len;
        if !self.text_is(start, &[":"]) || !matches!(cue.outcome, Outcome::Killed | Outcome::Injured) {
            return None;
        }
        let begins = |p: &Phrase| {
            let first = p.words.start;
            first == start + 1 || first > start + 1 && self.text_is(first - 1, &[",", "and", ";", "&"])
        };
        let mut wholes = Vec::new();
        let mut depth = 0_i32;
        let mut last = start;
        for (index, phrase) in self.phrases.iter().enumerate().filter(|(_, p)| p.words.start > start) {
            for w in last..phrase.words.start {
                depth += i32::from(self.text_is(w, &["(", "["])) - i32::from(self.text_is(w, &[")", "]"]));
            }
            last = phrase.words.start;
            if wholes.is_empty() && phrase.words.start != start + 1 {
                return None;
            }
            if depth == 0 && begins(phrase) && phrase.class.is_some() && !self.is_in_time(phrase) {
                wholes.push(index);
            }
        }
        (!wholes.is_empty()).then_some(Group { wholes, parts: Vec::new() })
    }

    /// Whether those whom a passive verb speaks of are counted.
    fn is_counted(&self, at: WordId) -> bool {
        self.voice(at) == Voice::Passive
            && self.subject_of(at).is_some_and(|group| self.phrases[group.wholes[0]].figure)
    }

    /// Whether the object of an active verb is counted: "received *13 people* with bullet wounds".
    fn counts_object(&self, at: WordId, cue: &Cue<'_>) -> bool {
        self.voice(at) != Voice::Passive
            && self.victims_behind(at + cue.len, cue.outcome).is_some_and(|index| self.phrases[index].figure)
    }

    /// Whether the words that complete a verb stand behind it in its clause.
    fn ends_with(&self, at: WordId, ends: &[Box<str>]) -> bool {
        let clause = (at + 1..self.range.end.min(at + 14)).take_while(|&w| !self.text_is(w, &[";", ".", ":"]));
        let mut clause = clause.take_while(|&w| w == at + 1 || !self.is_finite(w));
        clause.any(|w| {
            ends.iter().any(|end| {
                end.split(' ').zip(w..).all(|(part, word)| word < self.range.end && self.text.is(word, part))
            })
        })
    }

    /// Whether a participle says of those whom a phrase counts what became of them: "48 *injured* people".
    pub(super) fn is_modifier(&self, at: WordId, phrase: &Phrase) -> bool {
        let document = self.document();
        phrase.words.contains(&at)
            && at < phrase.head
            && document.deprel(at) == Deprel::Amod
            && document.head(at) == Some(phrase.head)
            && document.word(at).xpos == "VBN"
    }

    fn harm(&self, at: WordId, cue: &Cue<'_>, objects: &[Box<str>], tolls: &mut Vec<Toll>) {
        let after = at + cue.len;
        if objects.is_empty()
            && let Some(index) = self.phrases.iter().position(|p| p.figure && self.is_modifier(at, p))
        {
            self.emit(at, cue.outcome, &Group { wholes: vec![index], parts: Vec::new() }, tolls);
            return;
        }
        if !objects.is_empty() {
            // "claimed the lives of 12 people", "claimed 12 lives"
            let Some(index) = self.phrase_after(after, 4) else { return };
            let phrase = &self.phrases[index];
            if !objects.iter().any(|o| self.text.is(phrase.head, o)) {
                return;
            }
            let theirs = || {
                let before = self.phrases.iter().rposition(|p| p.words.end <= at && p.figure && p.is_people());
                before.filter(|&i| !self.is_in_time(&self.phrases[i]))
            };
            if phrase.figure {
                self.emit(at, cue.outcome, &Group { wholes: vec![index], parts: Vec::new() }, tolls);
            } else if self.text_is(phrase.words.start, &["their"])
                && let Some(before) = theirs()
            {
                // "singled out nine men and cut their throats"
                self.emit(at, cue.outcome, &Group { wholes: vec![before], parts: Vec::new() }, tolls);
            } else if self.text.is(phrase.words.end, "of")
                && let Some(index) = self.phrase_after(phrase.words.end + 1, 1)
            {
                self.emit(at, cue.outcome, &self.group(index, self.range.end), tolls);
            }
            return;
        }
        let cue_behind = self.cue_joined_behind(at, after);
        let after = cue_behind.map_or(after, |(next, _)| next);
        let active = match self.voice(at) {
            Voice::Active => true,
            Voice::Passive => false,
            // "8 killed 58 others injured": who stands behind has a word of their own.
            Voice::Either => self.victims_behind(after, cue.outcome).is_some_and(|index| {
                !(self.subject_before(at).is_some() && self.harmed_behind(self.phrases[index].words.end))
            }),
        };
        let outcome = Self::joined_outcome(cue.outcome, cue_behind.map(|(_, outcome)| outcome));
        let found = if active {
            self.victims_behind(after, outcome).map(|index| self.group(index, self.range.end))
        } else {
            self.subject_of(at)
        };
        if let Some(group) = found {
            // The second of "killed and wounded" adds nothing to the first.
            if !self.is_second_of_joined(at) {
                self.emit(at, outcome, &group, tolls);
            }
        }
    }

    /// "killed and wounded 12" counts both together; "killed or captured" too.
    fn joined_outcome(first: Outcome, second: Option<Outcome>) -> Outcome {
        match second {
            Some(second) if second != first => Outcome::Harmed,
            _ => first,
        }
    }

    /// A harming verb joined directly behind another: the word behind it and its outcome.
    fn cue_joined_behind(&self, at: WordId, after: WordId) -> Option<(WordId, Outcome)> {
        let mut next = after;
        if !self.text_is(next, &["and", "or", "/", ","]) {
            return None;
        }
        next += 1;
        if self.text_is(next, &["/", "or", "and"]) {
            next += 1;
        }
        let (position, cue) = self.cues.iter().find(|(p, _)| *p == next)?;
        let same = matches!(cue.usage, Use::Harm(o) if o.is_empty()) && *position < self.range.end;
        let same_form = self.document().word(*position).xpos == self.document().word(at).xpos;
        (same && same_form && cue.outcome != Outcome::Captured).then_some((next + cue.len, cue.outcome))
    }

    fn is_second_of_joined(&self, at: WordId) -> bool {
        self.cues.iter().any(|(p, cue)| {
            *p < at
                && matches!(cue.usage, Use::Harm(o) if o.is_empty())
                && self.cue_joined_behind(*p, p + cue.len).is_some_and(|(next, _)| next > at)
        })
    }

    fn suffer(&self, at: WordId, cue: &Cue<'_>, objects: &[Box<str>], tolls: &mut Vec<Toll>) {
        if !objects.is_empty() {
            let window = at + 1..self.range.end.min(at + 6);
            if !window.clone().any(|w| objects.iter().any(|o| self.text.is(w, o))) {
                return;
            }
        }
        if let Some(group) = self.subject_of(at) {
            let counted = group.wholes.iter().any(|&i| self.phrases[i].figure || self.phrases[i].class.is_some());
            // Who flees is reported only where people are counted.
            if counted && (cue.outcome != Outcome::Displaced || self.phrases[group.wholes[0]].figure) {
                self.emit(at, cue.outcome, &group, tolls);
            }
        }
    }

    fn state(&self, at: WordId, cue: &Cue<'_>, tolls: &mut Vec<Toll>) {
        let document = self.document();
        // "30 wounded civilians", "a wounded medic": the state stands inside the phrase.
        let one = |p: &Phrase| {
            p.quantity.as_ref().is_some_and(|q| q.max == Some(1) && document.upos(q.words.start) == Upos::Det)
        };
        if let Some(index) =
            self.phrases.iter().position(|p| p.words.contains(&at) && (p.figure || one(p)) && p.head >= at)
        {
            self.emit(at, cue.outcome, &self.group(index, self.range.end), tolls);
            return;
        }
        if let Some(group) = self.subject_of(at)
            && (self.phrases[group.wholes[0]].figure || self.is_predicate(at) || self.is_left(group.wholes[0]))
            && self.is_of_people(group.wholes[0])
        {
            self.emit(at, cue.outcome, &group, tolls);
        }
    }

    /// Whether a phrase is of people, or of what has a name ("12 Kurds").
    fn is_of_people(&self, index: usize) -> bool {
        let phrase = &self.phrases[index];
        phrase.is_people() || matches!(self.document().upos(phrase.head), Upos::Propn | Upos::Adj)
    }

    /// Whether people are what something left: "left a child dead and a woman injured".
    fn is_left(&self, index: usize) -> bool {
        let start = self.phrases[index].words.start;
        let from = start.saturating_sub(8).max(self.range.start);
        let leaves = |w: WordId| self.document().lemma(w) == "leave";
        (from..start)
            .rev()
            .take_while(|&w| self.text_is(w, &["and", ","]) || !self.is_finite(w) || leaves(w))
            .any(leaves)
    }

    pub(super) fn is_finite(&self, word: WordId) -> bool {
        matches!(self.document().upos(word), Upos::Verb | Upos::Aux)
            && self.document().feat(word, "VerbForm") == Some("Fin")
    }

    /// Whether an adjective is said of somebody ("he was dead", "left him dead"), and not a modifier.
    fn is_predicate(&self, at: WordId) -> bool {
        !matches!(
            self.document().deprel(at),
            Deprel::Amod | Deprel::Compound | Deprel::Conj | Deprel::Nsubj | Deprel::Obl
        )
    }

    fn count(&self, at: WordId, cue: &Cue<'_>, tolls: &mut Vec<Toll>) {
        if let Some(index) = self.phrases.iter().position(|p| p.head == at && p.figure) {
            let group = self.group(index, self.range.end);
            // "12 bodies of civilians"
            self.emit(at, cue.outcome, &group, tolls);
            return;
        }
        // "the death of 12 people", "bodies of 12 men", "the killing of a journalist"
        let after = at + cue.len;
        if self.text_is(after, &["of", "to"])
            && let Some(index) = self.phrase_after(after + 1, 1)
            && self.phrases[index].is_people()
        {
            let mut group = self.group(index, self.range.end);
            group.wholes.retain(|&i| {
                self.phrases[i].figure || self.phrases[i].quantity.as_ref().is_some_and(|q| q.max == Some(1))
            });
            if !group.wholes.is_empty() {
                self.emit(at, cue.outcome, &group, tolls);
            }
            return;
        }
        // "Fatalities coded as 7", "deaths put at 12"
        let plural = self.document().feat(at, "Number") == Some("Plur");
        let reach = self.range.end.min(after + 4);
        let value = (after + 1..reach).find(|&w| self.phrases.iter().any(|p| p.words.start == w && p.bare && p.figure));
        let put =
            |w: WordId| matches!(self.document().upos(w), Upos::Verb | Upos::Aux | Upos::Adp | Upos::Adv | Upos::Sconj);
        if let Some(value) =
            value.filter(|&v| plural && (after..v).all(put) && self.text_is(v - 1, &["as", "at", "to"]))
            && let Some(index) = self.phrase_after(value, 1)
        {
            self.emit(at, cue.outcome, &Group { wholes: vec![index], parts: Vec::new() }, tolls);
        }
    }

    fn toll(&self, at: WordId, cue: &Cue<'_>, tolls: &mut Vec<Toll>) {
        let limit = self.range.end.min(at + cue.len + REACH);
        let found = self.phrases.iter().position(|p| {
            p.figure
                && p.words.start >= at + cue.len
                && p.words.start < limit
                && p.is_people()
                && !self.text_is_before(p.words.start, "from")
        });
        let Some(index) = found else { return };
        // Another cue between the noun and the number takes the number.
        let start = self.phrases[index].words.start;
        if self.cues.iter().any(|(p, c)| *p > at && *p < start && !matches!(c.usage, Use::State)) {
            return;
        }
        let outcome = if cue.outcome == Outcome::Killed && self.toll_of_injured(at, cue.len) {
            Outcome::Injured
        } else {
            cue.outcome
        };
        let before = tolls.len();
        self.emit(at, outcome, &Group { wholes: vec![index], parts: self.group(index, self.range.end).parts }, tolls);
        for toll in &mut tolls[before..] {
            toll.kind = TollKind::Total;
        }
    }

    fn toll_of_injured(&self, at: WordId, len: usize) -> bool {
        (at + len..self.range.end.min(at + len + 4)).any(|w| self.text.is_any(w, &["injured", "wounded", "injuries"]))
    }

    pub(super) fn last(&self) -> WordId {
        self.range.end - 1
    }

    /// The phrase that begins within `reach` words behind `at`.
    pub(super) fn phrase_after(&self, at: WordId, reach: usize) -> Option<usize> {
        self.phrases.iter().position(|p| p.words.start >= at && p.words.start < at + reach)
    }

    /// The victims that stand behind a harming verb as its object.
    fn victims_behind(&self, after: WordId, outcome: Outcome) -> Option<usize> {
        let mut at = after;
        while at < self.range.end {
            if let Some(index) = self.phrases.iter().position(|p| p.words.start == at) {
                let phrase = &self.phrases[index];
                let fits = phrase.is_people()
                    || phrase.figure && outcome != Outcome::Captured && !self.is_time_or_measure(phrase);
                let own_cue = phrase.bare && self.harmed_behind(phrase.words.end);
                // "18 wounded, residents said"
                let own_verb = at > after && self.is_subject_of_what_follows(phrase);
                return (fits && !own_cue && !own_verb && !self.is_in_time(phrase)).then_some(index);
            }
            let skip = matches!(self.document().upos(at), Upos::Adv | Upos::Punct | Upos::Part)
                && !self.text_is(at, &[".", ";", "(", ")", ":", "not"])
                || self.text_is(at, &["some", "as", "many"]);
            if !skip {
                return None;
            }
            at += 1;
        }
        None
    }

    fn is_subject_of_what_follows(&self, phrase: &Phrase) -> bool {
        let document = self.document();
        matches!(document.deprel(phrase.head), Deprel::Nsubj | Deprel::NsubjPass)
            && document.head(phrase.head).is_some_and(|verb| verb >= phrase.words.end)
    }

    pub(super) fn is_in_time(&self, phrase: &Phrase) -> bool {
        self.reading.times_beside(phrase.head).iter().any(|t| t.words.contains(&phrase.head))
    }

    pub(super) fn is_time_or_measure(&self, phrase: &Phrase) -> bool {
        let thing = self.reading.mention_at.get(phrase.head).copied().flatten().is_some_and(|m| {
            !matches!(
                self.reading.mentions[m].kind,
                EntityKind::Person | EntityKind::Organization | EntityKind::Nationality | EntityKind::Quantity
            )
        });
        thing && phrase.class.is_none() && !phrase.bare
            || self.is_in_time(phrase)
            || phrase.class.is_none()
                && self.document().feat(phrase.head, "Number") == Some("Sing")
                && !self.is_of_a_people(phrase)
    }

    /// Whether a figure above one counts a name in the plural, whatever the tagger says: "five elderly Serbs".
    fn is_of_a_people(&self, phrase: &Phrase) -> bool {
        let document = self.document();
        document.upos(phrase.head) == Upos::Propn
            && document.form(phrase.head).ends_with('s')
            && phrase.quantity.as_ref().is_some_and(|q| q.min > 1)
    }

    /// Whether an accident is what a cue has as its cause: "a rail *disaster* that killed 57", "died in a *crash*".
    fn is_accidental(&self, at: WordId) -> bool {
        let document = self.document();
        let mut word = at;
        for _ in 0..3 {
            let named = document.children(word).iter().any(|&c| {
                matches!(document.deprel(c), Deprel::Nsubj | Deprel::Obl | Deprel::OblAgent | Deprel::Nmod)
                    && self.words.is_accident(self.text, c)
            });
            if named {
                return true;
            }
            let Some(head) = document.head(word) else { return false };
            match document.deprel(word) {
                Deprel::Acl | Deprel::AclRelcl => return self.words.is_accident(self.text, head),
                Deprel::Conj | Deprel::Obj | Deprel::Xcomp => word = head,
                _ => return false,
            }
        }
        false
    }

    fn is_negated(&self, at: WordId) -> bool {
        let start = at.saturating_sub(3).max(self.range.start);
        // "not fewer than 300 were killed" bounds the figure.
        let bounds = |w: WordId| self.phrases.iter().any(|p| p.figure && p.words.contains(&w));
        (start..at).any(|w| {
            self.text_is(w, &["not", "n't", "n’t", "never", "without"]) && !self.text.is(w + 1, "only") && !bounds(w)
        }) || start < at && self.text_is(at - 1, &["no"])
    }

    pub(super) fn text_is(&self, at: WordId, others: &[&str]) -> bool {
        at < self.range.end && self.text.is_any(at, others)
    }

    pub(super) fn text_is_before(&self, at: WordId, other: &str) -> bool {
        at > self.range.start && self.text.is(at - 1, other)
    }

    pub(super) fn document(&self) -> &'a crate::language::Document {
        self.text.document
    }
}
