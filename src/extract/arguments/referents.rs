//! Whom or what a relative pronoun speaks of.

use super::conjuncts;
use crate::language::{Deprel, Document, Upos, WordId};

pub(super) fn is_relative_pronoun(document: &Document, word: WordId) -> bool {
    document.feat(word, "PronType") == Some("Rel")
        || (matches!(document.word(word).xpos, "WDT" | "WP" | "WP$")
            && matches!(document.lemma(word), "who" | "which" | "that" | "whose" | "whom"))
}

/// The noun that the relative clause around `word` modifies, if `word` stands in one.
fn antecedent(document: &Document, word: WordId) -> Option<WordId> {
    let mut at = word;
    for _ in 0..12 {
        let head = document.head(at)?;
        if document.deprel(at) == Deprel::AclRelcl {
            return Some(modified(document, at, head));
        }
        at = head;
    }
    None
}

/// The noun that a clause after a coordination modifies: the parser hangs it on the first conjunct, but a singular
/// verb ("militants and the army, which is led by …") speaks of the last one alone.
pub(super) fn modified(document: &Document, clause: WordId, head: WordId) -> WordId {
    let singular = std::iter::once(clause)
        .chain(
            document
                .children(clause)
                .iter()
                .copied()
                .filter(|&c| matches!(document.deprel(c), Deprel::Aux | Deprel::AuxPass | Deprel::Cop)),
        )
        .any(|w| document.feat(w, "Number") == Some("Sing") && document.feat(w, "VerbForm") == Some("Fin"));
    let last = conjuncts(document, head).into_iter().filter(|&c| c < clause).max();
    last.filter(|_| singular).unwrap_or(head)
}

/// The noun right before the comma before a relative pronoun, its first conjunct: "A and B, both of whom".
fn before_comma(document: &Document, pronoun: WordId) -> Option<WordId> {
    let start = document.sentences().get(document.sentence_of(pronoun))?.words.start;
    let comma = (start..pronoun).rev().take(4).find(|&w| document.form(w) == ",")?;
    let noun = comma.checked_sub(1).filter(|&n| n >= start)?;
    let first = if document.deprel(noun) == Deprel::Conj { document.head(noun)? } else { noun };
    matches!(document.upos(first), Upos::Noun | Upos::Propn).then_some(first)
}

/// Whether a noun opens a relative clause with "whose": "the council, *whose leader* was killed". The parser may take it for
/// one more conjunct of what stands before it.
pub(super) fn has_relative_owner(document: &Document, noun: WordId) -> bool {
    relative_owner(document, noun).is_some()
}

/// The "whose" before a noun.
pub(super) fn relative_owner(document: &Document, noun: WordId) -> Option<WordId> {
    document.children_by(noun, Deprel::NmodPoss).find(|&c| c < noun && is_relative_pronoun(document, c))
}

/// The noun right before "whose", a comma apart: of several names the last.
fn owner_before(document: &Document, whose: WordId) -> Option<WordId> {
    let possessive = document.word(whose).xpos == "WP$" || document.deprel(whose) == Deprel::NmodPoss;
    let comma = whose.checked_sub(1).filter(|&w| possessive && document.form(w) == ",")?;
    let mut noun = comma.checked_sub(1)?;
    let nominal = |w: WordId| matches!(document.upos(w), Upos::Noun | Upos::Propn);
    if document.sentence_of(noun) != document.sentence_of(whose) || !nominal(noun) {
        return None;
    }
    // Up to the head of its name, not out of its phrase.
    while matches!(document.deprel(noun), Deprel::Flat | Deprel::Compound | Deprel::Goeswith) {
        noun = document.head(noun).filter(|&h| h < whose)?;
    }
    Some(noun)
}

/// The word an argument speaks of: the antecedent of a relative pronoun, else the word itself.
pub(super) fn referent(document: &Document, word: WordId) -> WordId {
    if is_relative_pronoun(document, word) {
        if let Some(owner) = owner_before(document, word) {
            return owner;
        }
        return antecedent(document, word).or_else(|| before_comma(document, word)).unwrap_or(word);
    }
    // "Egypt and Jordan, both of whom fear", "militants, some of whom fled"
    let counts = matches!(document.upos(word), Upos::Det | Upos::Pron | Upos::Num | Upos::Adj);
    let relative = counts
        .then(|| document.children_by(word, Deprel::Nmod).find(|&c| is_relative_pronoun(document, c)))
        .flatten()
        .and_then(|pronoun| antecedent(document, word).or_else(|| before_comma(document, pronoun)));
    relative.unwrap_or(word)
}
