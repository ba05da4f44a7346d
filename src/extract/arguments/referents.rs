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

/// The word an argument speaks of: the antecedent of a relative pronoun, else the word itself.
pub(super) fn referent(document: &Document, word: WordId) -> WordId {
    if is_relative_pronoun(document, word) {
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
