//! The arguments of nouns: their modifiers, those of what they are coordinated with, and what hangs on the verb above; and
//! what a noun is said of.

use super::referents::referent;
use super::{Argument, has, is_participle, is_verbal, preposition, push};
use crate::language::{Deprel, Document, Upos, WordId};

pub(super) fn noun_arguments<'d>(document: &'d Document, noun: WordId, found: &mut Vec<Argument<'d>>) {
    for &child in document.children(noun) {
        let relation = document.deprel(child);
        match relation {
            Deprel::Nmod | Deprel::Obl => push(found, document, Deprel::Nmod, child, 0),
            Deprel::NmodPoss | Deprel::Compound | Deprel::Amod | Deprel::NmodUnmarked | Deprel::NmodDesc => {
                push(found, document, relation, child, 0);
            }
            Deprel::Appos => push(found, document, relation, child, 0),
            // Reached only by frames that ask for it: "dropped bombs *containing* gas", "the town, which rebels *held*".
            Deprel::Acl | Deprel::AclRelcl => push(found, document, Deprel::Acl, child, 0),
            _ => {}
        }
    }
    // "army commander Haftar": what stands before the title is the title's.
    if matches!(document.deprel(noun), Deprel::Compound | Deprel::NmodDesc)
        && let Some(name) = document.head(noun).filter(|&h| document.upos(h) == Upos::Propn)
    {
        for &child in document.children(name) {
            let relation = document.deprel(child);
            if child < noun && matches!(relation, Deprel::NmodPoss | Deprel::Compound | Deprel::Amod) {
                push(found, document, relation, child, 1);
            }
        }
    }
    // "clashes and shelling in Homs": modifiers of one conjunct hold for the other.
    if document.deprel(noun) == Deprel::Conj
        && let Some(first) = document.head(noun)
        && !is_verbal(document, first)
    {
        for &child in document.children(first) {
            let relation = document.deprel(child);
            if matches!(relation, Deprel::Nmod | Deprel::NmodPoss) && !has(found, relation) {
                push(found, document, relation, child, 1);
            }
        }
    }
    for conjunct in document.children_by(noun, Deprel::Conj) {
        for child in document.children_by(conjunct, Deprel::Nmod) {
            if !has(found, Deprel::Nmod) {
                push(found, document, Deprel::Nmod, child, 1);
            }
        }
    }
    // Prepositional phrases that the parser hung on the governing verb: "launched an attack overnight on Homs".
    if let Some(governor) = document.head(noun)
        && is_verbal(document, governor)
        && matches!(document.deprel(noun), Deprel::Obj | Deprel::Nsubj | Deprel::NsubjPass | Deprel::Obl)
    {
        for child in document.children_by(governor, Deprel::Obl) {
            if child != noun
                && let Some(preposition) = preposition(document, child)
            {
                found.push(Argument {
                    relation: Deprel::Nmod,
                    preposition: Some(preposition),
                    word: child,
                    distance: 2,
                });
            }
        }
    }
}

/// The subject of a predicate noun: "Haftar" of "Haftar is the commander", the antecedent of "who is the commander".
pub fn subject_of_nominal(document: &Document, noun: WordId) -> Option<WordId> {
    let subject = document.children_by(noun, Deprel::Nsubj).next();
    match subject {
        Some(subject) => Some(referent(document, subject)),
        None if document.deprel(noun) == Deprel::AclRelcl => document.head(noun),
        None => None,
    }
}

/// What a noun in a phrase with a preposition is said of: the town in "the town is under control", "fell under
/// control", "with the town secured and under control", "a town under control".
pub fn subject_of_phrase(document: &Document, noun: WordId) -> Option<WordId> {
    if let Some(subject) = subject_of_nominal(document, noun) {
        return Some(subject);
    }
    preposition(document, noun)?;
    let head = document.head(noun)?;
    match document.deprel(noun) {
        Deprel::Nmod | Deprel::Acl if !is_verbal(document, head) => Some(head),
        Deprel::Obl | Deprel::Conj | Deprel::Xcomp | Deprel::Nmod => {
            // "Around 5.40 hrs, volunteers came under fire": of two subjects that of the clause stands next to the verb.
            let subjects = document.children(head).iter().copied();
            let subject = subjects
                .filter(|&c| matches!(document.deprel(c), Deprel::Nsubj | Deprel::NsubjPass))
                .min_by_key(|&c| (c > head, c.abs_diff(head)))
                .map(|s| (s, referent(document, s)));
            // "with the town secured and under control, this is a victory" says nothing of "this".
            let fronted = subject.is_some_and(|(at, _)| at > noun);
            if let Some(spoken) = fronted.then(|| absolute(document, noun)).flatten() {
                return Some(spoken);
            }
            // "the town, stabilised and under control".
            let modified = || {
                let joined = document.deprel(noun) == Deprel::Conj && document.deprel(head) == Deprel::Acl;
                joined.then(|| document.head(head)).flatten()
            };
            let subject = subject.map(|(_, subject)| subject).or_else(modified);
            // "with the town secured": the parser takes what is spoken of for an oblique of the participle.
            subject.or_else(|| {
                let joined = document.deprel(noun) == Deprel::Conj;
                document.children_by(head, Deprel::Obl).find(|&c| {
                    let absolute = preposition(document, c).is_some_and(|p| p.is("with"));
                    is_participle(document, head) && c < head && c != noun && (joined || absolute)
                })
            })
        }
        _ => None,
    }
}

/// What "with" is said of before a word, at the beginning of a sentence: the town in "with the town secured and under control, …".
fn absolute(document: &Document, word: WordId) -> Option<WordId> {
    let start = document.sentences().get(document.sentence_of(word))?.words.start;
    if document.lemma(start) != "with" && !document.form(start).eq_ignore_ascii_case("with") {
        return None;
    }
    let named = document.head(start).filter(|&head| head > start && head < word)?;
    matches!(document.upos(named), Upos::Noun | Upos::Propn).then_some(named)
}
