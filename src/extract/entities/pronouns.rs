//! Third-person pronouns: the subject of the clause for possessives, else the nearest fitting subject, then object.

use super::coreference::{Sieve, clause_of};
use crate::extract::arguments::{arguments, preposition};
use crate::facts::{EntityKind, MentionForm};
use crate::language::{Deprel, Upos, WordId};

/// How many sentences back a pronoun may look.
const REACH: usize = 2;
/// How many mentions back anything may look.
const WINDOW: usize = 80;

impl Sieve<'_, '_> {
    /// Joins the pronouns to what they stand for.
    pub(super) fn pronouns(&mut self) {
        for index in 0..self.profiles.len() {
            if !self.is_pronoun(index) || self.root(index) != index {
                continue;
            }
            if self.document.feat(self.mention(index).head, "Person") != Some("3") {
                continue;
            }
            if let Some(antecedent) = self.antecedent(index) {
                self.join(antecedent, index);
            }
        }
    }

    fn antecedent(&self, index: usize) -> Option<usize> {
        let document = self.document;
        let pronoun = self.mention(index);
        let sentence = self.profiles[index].sentence;
        let possessive = pronoun.form == MentionForm::Possessive;
        let reflexive = document.feat(pronoun.head, "Reflex") == Some("Yes");
        let plural = document.feat(pronoun.head, "Number") == Some("Plur");
        let clause = clause_of(document, pronoun.head);
        // Who is the subject of its clause, through relatives and control: "Haftar, who made no secret of his desire".
        let subjects: Vec<WordId> = clause
            .map(|verb| arguments(document, verb))
            .unwrap_or_default()
            .iter()
            .filter(|a| a.relation == Deprel::Nsubj)
            .map(|a| a.word)
            .collect();
        if !plural && document.feat(pronoun.head, "Gender") == Some("Neut") && self.resumes_an_act(index, clause) {
            return None;
        }
        if plural && self.is_whole(index) {
            return self.counted_before(index);
        }
        let mut best: Option<(i32, usize)> = None;
        for earlier in (index.saturating_sub(WINDOW)..index).rev() {
            let other = self.mention(earlier);
            let apart = sentence - self.profiles[earlier].sentence.min(sentence);
            if apart > REACH {
                break;
            }
            if other.span.end > pronoun.span.start || !self.agrees(index, earlier) {
                continue;
            }
            let relation = document.deprel(other.head);
            let resumed = subjects.contains(&other.head);
            let subject = resumed || matches!(relation, Deprel::Nsubj | Deprel::NsubjPass);
            let same_clause = resumed || clause_of(document, other.head) == clause && clause.is_some();
            // "he told him": an object is not the subject of its own clause.
            if same_clause && !possessive && !reflexive {
                continue;
            }
            let topic = preposition(document, other.head).is_some_and(|p| self.context.words.is_topic(&p));
            let rank = match relation {
                _ if topic => 40,
                _ if resumed => 30,
                Deprel::Nsubj | Deprel::NsubjPass => 30,
                Deprel::Obj | Deprel::OblAgent => 15,
                // "the army's offensive … its soldiers"
                Deprel::NmodPoss => 10,
                _ => 5,
            };
            let named = if other.form == MentionForm::Nominal { 0 } else { 4 };
            let near = if possessive && same_clause && subject { 20 } else { 0 };
            // "they" are rather the militants than a body, and neither of two that are named side by side.
            let number = match (plural, self.profiles[earlier].plural) {
                (true, true) => 6,
                (true, false) if self.is_coordinated(earlier) => -10,
                _ => 0,
            };
            // Those who came to harm are rarely spoken of again.
            let counted = if plural && self.is_counted(earlier) { -4 } else { 0 };
            // "condemned the bombings and said that they must not go on": not the one who condemned.
            if plural && !self.profiles[earlier].plural && !topic && self.has_plural_between(earlier, index) {
                continue;
            }
            // "…, the monitor said. They seized the town": whoever reports is rarely who acts in the next sentence, but goes on
            // to report.
            let reports = subject && apart > 0 && !topic && self.speaks(other.head);
            let report = match (reports, self.speaks(pronoun.head)) {
                (true, true) => 6,
                (true, false) => -14,
                _ => 0,
            };
            let score = rank + named + near + number + counted + report - 12 * i32::try_from(apart).unwrap_or(0);
            if best.is_none_or(|(s, _)| score > s) {
                best = Some((score, earlier));
            }
        }
        best.filter(|(score, _)| *score > 0).map(|(_, m)| m)
    }

    /// Whether "it" or "its" most likely takes up an act or a state, which is no mention: "the fighting had stalled before it
    /// flared up again".
    fn resumes_an_act(&self, index: usize, clause: Option<WordId>) -> bool {
        let document = self.document;
        let pronoun = self.mention(index);
        let relation = document.deprel(pronoun.head);
        if let Some(governor) = document.head(pronoun.head) {
            let subject = matches!(relation, Deprel::Nsubj | Deprel::NsubjPass);
            if (subject || relation == Deprel::Obj) && self.context.words.is_act(document.lemma(governor), subject) {
                return true;
            }
            // "It is the heaviest loss that the army suffered"
            let predicate =
                document.upos(governor) == Upos::Noun && document.children_by(governor, Deprel::Cop).next().is_some();
            if subject && predicate && self.mention_at(governor).is_none() {
                return true;
            }
        }
        let mut verb = clause;
        for _ in 0..4 {
            let Some(at) = verb else { return false };
            let subject = document
                .children(at)
                .iter()
                .copied()
                .find(|&c| matches!(document.deprel(c), Deprel::Nsubj | Deprel::NsubjPass) && c < pronoun.head);
            if let Some(subject) = subject {
                return document.upos(subject) == Upos::Noun && self.mention_at(subject).is_none();
            }
            let above = matches!(document.deprel(at), Deprel::Advcl | Deprel::Conj | Deprel::Ccomp | Deprel::Xcomp);
            verb = document.head(at).filter(|_| above);
        }
        false
    }

    /// Whether a word is the subject of a verb of saying.
    fn speaks(&self, word: WordId) -> bool {
        let document = self.document;
        document.deprel(word) == Deprel::Nsubj
            && document.head(word).is_some_and(|verb| self.context.knowledge.is_saying(document.lemma(verb)))
    }

    /// Whether a pronoun is the whole that a part is taken from: "40 of them", "most of them".
    fn is_whole(&self, index: usize) -> bool {
        let document = self.document;
        let head = self.mention(index).head;
        document.deprel(head) == Deprel::Nmod
            && preposition(document, head).is_some_and(|p| p.is("of"))
            && document
                .head(head)
                .is_some_and(|h| matches!(document.upos(h), Upos::Num | Upos::Det | Upos::Pron | Upos::Adj | Upos::Adv))
    }

    /// The people counted before, whom such a pronoun takes up.
    fn counted_before(&self, index: usize) -> Option<usize> {
        let sentence = self.profiles[index].sentence;
        (index.saturating_sub(WINDOW)..index).rev().find(|&earlier| {
            let other = self.mention(earlier);
            self.profiles[earlier].plural
                && other.form == MentionForm::Nominal
                && other.kind == EntityKind::Organization
                && other.span.end <= self.mention(index).span.start
                && sentence - self.profiles[earlier].sentence.min(sentence) <= 1
        })
    }

    /// Whether a plural noun that is no actor stands between two mentions of one sentence, as an argument of a verb.
    fn has_plural_between(&self, earlier: usize, index: usize) -> bool {
        let document = self.document;
        let (from, to) = (self.mention(earlier).words.end, self.mention(index).head);
        document.sentence_of(from) == document.sentence_of(to)
            && (from..to).any(|w| {
                document.upos(w) == Upos::Noun
                    && document.feat(w, "Number") == Some("Plur")
                    && matches!(document.deprel(w), Deprel::Obj | Deprel::Nsubj | Deprel::NsubjPass)
                    && self.mention_at(w).is_none_or(|m| !self.mention(m).kind.is_actor())
            })
    }

    /// Whether a mention is one of several named side by side.
    fn is_coordinated(&self, index: usize) -> bool {
        let head = self.mention(index).head;
        self.document.deprel(head) == Deprel::Conj || self.document.children_by(head, Deprel::Conj).next().is_some()
    }

    /// Whether a pronoun agrees with a mention in number and in being a person.
    fn agrees(&self, pronoun: usize, other: usize) -> bool {
        let document = self.document;
        let head = self.mention(pronoun).head;
        let candidate = self.mention(other);
        if self.is_pronoun(other) {
            return document.feat(candidate.head, "Person") == Some("3")
                && document.feat(candidate.head, "Gender") == document.feat(head, "Gender")
                && document.feat(candidate.head, "Number") == document.feat(head, "Number");
        }
        if document.feat(head, "Number") == Some("Plur") {
            return candidate.kind == EntityKind::Organization;
        }
        match document.feat(head, "Gender") {
            Some("Neut") => match candidate.kind {
                EntityKind::Organization => !self.profiles[other].plural || candidate.form == MentionForm::Name,
                EntityKind::Place | EntityKind::Vehicle | EntityKind::Weapon | EntityKind::Document => {
                    !self.profiles[other].plural
                }
                _ => false,
            },
            Some(_) => candidate.kind == EntityKind::Person,
            None => false,
        }
    }
}
