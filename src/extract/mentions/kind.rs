//! What sort of thing a phrase speaks of, as far as grammar tells.

use super::knowledge::{Knowledge, Names};
use super::model::{self, Scores, Sort};
use crate::extract::arguments::preposition;
use crate::facts::{EntityKind, MentionForm};
use crate::language::{Deprel, Document, Upos, WordId};
use smallvec::SmallVec;

/// The kind of a personal pronoun; none for others and for pronouns that may be empty ("it is said").
pub(super) fn of_pronoun(document: &Document, word: WordId) -> Option<EntityKind> {
    if document.feat(word, "PronType") != Some("Prs") || document.deprel(word) == Deprel::Expl {
        return None;
    }
    let plural = document.feat(word, "Number") == Some("Plur");
    match document.feat(word, "Person") {
        Some("1") => Some(if plural { EntityKind::Organization } else { EntityKind::Person }),
        Some("3") if plural => Some(EntityKind::Organization),
        Some("3") => match document.feat(word, "Gender") {
            Some("Neut") => Some(EntityKind::Organization),
            Some(_) => Some(EntityKind::Person),
            None => None,
        },
        _ => None,
    }
}

/// Whether an adjective stands for people: "the wounded".
pub(super) fn stands_for_people(document: &Document, word: WordId) -> bool {
    let argument = matches!(
        document.deprel(word),
        Deprel::Nsubj | Deprel::NsubjPass | Deprel::Obj | Deprel::Obl | Deprel::OblAgent | Deprel::Nmod
    );
    match document.upos(word) {
        Upos::Adj => argument && document.children_by(word, Deprel::Det).next().is_some(),
        _ => false,
    }
}

/// A single human being is a person, several are a group that acts.
pub(super) fn counted(document: &Document, head: WordId, kind: EntityKind) -> EntityKind {
    if kind == EntityKind::Person && is_plural(document, head) { EntityKind::Organization } else { kind }
}

/// Whether a noun speaks of several: by its form, or by a number before it.
pub(super) fn is_plural(document: &Document, head: WordId) -> bool {
    document.feat(head, "Number") == Some("Plur")
        || matches!(document.word(head).xpos, "NNS" | "NNPS")
        || document
            .children_by(head, Deprel::Nummod)
            .any(|n| n < head && !matches!(document.lemma(n), "one" | "1") && !document.form(n).contains(':'))
}

/// Whether a noun or adjective that modifies another noun is a mention of its own: a name is, unless it only opens
/// the name of something else ("*Mosul* University"), and so is who does what the noun tells ("a *coalition* air strike").
pub(super) fn modifier_is_mention(document: &Document, knowledge: &Knowledge, names: &Names, word: WordId) -> bool {
    if document.deprel(word) == Deprel::NmodDesc {
        return false;
    }
    let Some(head) = document.head(word) else { return false };
    if document.upos(head) == Upos::Propn {
        return false;
    }
    // "the *Islamist* ranks", "a *Jihadist* commander": what people are called before what they are, whatever its tag.
    let calls = document.upos(head) == Upos::Noun
        && document.deprel(word) == Deprel::Compound
        && document.children(word).is_empty()
        && document.form(word).chars().skip(1).all(char::is_lowercase)
        && knowledge.noun(document, word).is_some_and(|n| n.kind == EntityKind::Person && !n.title)
        && names.naming(document, word).is_none();
    if !calls && document.upos(word) == Upos::Propn || names.naming(document, word).is_some() {
        return true;
    }
    // "the *insurgency* threat": what goes on does nothing.
    let actor = knowledge.noun(document, word).is_some_and(|n| n.force) && !knowledge.is_event(document.lemma(word));
    actor
        && document.deprel(word) == Deprel::Compound
        && document.upos(head) == Upos::Noun
        // "a *coalition* air strike", "*army* helicopters", "*police* checkpoint": not "*rebel* leader", nor
        // what people are called before a noun that nobody knows, though it be tagged as a name: "the *Islamist* ranks".
        && knowledge.noun(document, head).map_or(document.upos(word) != Upos::Propn, |n| {
            matches!(n.kind, EntityKind::Vehicle | EntityKind::Weapon | EntityKind::Place)
        })
}

/// The word after the last rank or office in a name ("Defense Secretary *Ash* Carter"), if it has one before it or
/// opens with one: then it is a person's.
pub(super) fn after_title(document: &Document, knowledge: &Knowledge, head: WordId) -> Option<WordId> {
    // "the militant *Haroon* Aswad": what one person is called before his name.
    let describes = |w: WordId| {
        document.upos(w) == Upos::Noun
            && w < head
            && document.form(w).starts_with(char::is_lowercase)
            && !is_plural(document, w)
            && knowledge.noun(document, w).is_some_and(|n| n.kind == EntityKind::Person)
            && document.form(head).chars().any(char::is_lowercase)
            && knowledge.gazetteer().lookup(document.form(w + 1)).is_empty()
    };
    let title = |w: WordId| {
        let parts = document.children(w).iter().any(|&c| document.deprel(c) == Deprel::Flat && c > w);
        (document.upos(w) == Upos::Propn || !parts) && knowledge.noun(document, w).is_some_and(|n| n.title)
            || describes(w)
    };
    let mut run: SmallVec<[WordId; 8]> = SmallVec::from_iter([head]);
    run.extend(document.children(head).iter().copied().filter(|&c| {
        matches!(document.deprel(c), Deprel::Flat | Deprel::NmodDesc)
            || document.deprel(c) == Deprel::Compound && c < head
    }));
    run.sort_unstable();
    let last = run.iter().rposition(|&w| title(w))?;
    run.get(last + 1).copied().filter(|&w| document.upos(w) == Upos::Propn)
}

/// The word that says what a name is a name of: the last of its parts ("Tigris *River*"), else the head.
pub(super) fn class_word(document: &Document, head: WordId) -> WordId {
    document
        .children(head)
        .iter()
        .copied()
        .filter(|&c| document.deprel(c) == Deprel::Flat && document.upos(c) == Upos::Propn)
        .max()
        .unwrap_or(head)
        .max(head)
}

/// A demonym: people if it heads a phrase ("the Turks", "an Iraqi"), else a nationality.
pub(super) fn of_demonym(document: &Document, head: WordId, modifier: bool) -> EntityKind {
    if modifier || document.upos(head) == Upos::Adj && !stands_for_people(document, head) {
        EntityKind::Nationality
    } else if is_plural(document, head) || document.upos(head) == Upos::Adj {
        EntityKind::Organization
    } else {
        EntityKind::Person
    }
}

/// Whether a country's name stands for its government: it does something, has something done to it as an actor, or
/// owns what only an actor owns.
pub(super) fn country_acts(document: &Document, knowledge: &Knowledge, names: &Names, head: WordId) -> bool {
    // "Northern Iraq" is a stretch of land, "United" is part of a name.
    let outside = |c: WordId| names.at(head).is_none_or(|l| !l.words.contains(&c));
    if document.children_by(head, Deprel::Amod).any(|c| document.upos(c) == Upos::Adj && outside(c)) {
        return false;
    }
    let Some(governor) = document.head(head) else { return false };
    let predicate = document.upos(governor);
    match document.deprel(head) {
        Deprel::Nsubj | Deprel::NsubjPass | Deprel::Iobj | Deprel::OblAgent | Deprel::Vocative => {
            matches!(predicate, Upos::Verb | Upos::Adj | Upos::Aux)
        }
        Deprel::NmodPoss | Deprel::Compound => {
            knowledge.noun(document, governor).is_none_or(|n| n.kind != EntityKind::Place)
        }
        Deprel::Conj => country_acts(document, knowledge, names, governor),
        _ => {
            let Some(model) = model::Model::shipped() else { return false };
            let words = super::phrase::extent(document, head);
            let scores = model.scores(&model::context_features(
                document,
                head,
                &words,
                knowledge.noun_code(document, document.head(head)),
            ));
            let acts = scores[Sort::Person as usize].max(scores[Sort::Organization as usize]);
            acts > scores[Sort::Place as usize]
        }
    }
}

/// Whether a capital's bare name stands for a government: it says something or does what somebody does, by itself or in a
/// list with one that does ("*Baghdad*, Turkey and Iran rejected the vote").
pub(super) fn capital_acts(document: &Document, knowledge: &Knowledge, head: WordId) -> bool {
    let bare = |w: WordId| {
        document.children(w).iter().all(|&c| {
            matches!(document.deprel(c), Deprel::Conj | Deprel::Cc | Deprel::Punct)
                || document.deprel(c) == Deprel::Appos
        })
    };
    let first = match document.deprel(head) {
        Deprel::Conj => document.head(head).filter(|&f| document.upos(f) == Upos::Propn),
        _ => Some(head),
    };
    let Some(first) = first.filter(|_| bare(head)) else { return false };
    document.deprel(first) == Deprel::Nsubj
        && document.head(first).is_some_and(|verb| {
            let lemma = document.lemma(verb);
            knowledge.is_saying(lemma)
                || knowledge.is_acting(lemma)
                    && !knowledge.grammar().is_scene(lemma)
                    && document.upos(verb) == Upos::Verb
        })
}

/// How likely a name must be one of a person, a body or a place to be taken for a mention.
const NAME_SHARE: f32 = 0.25;

/// How likely a common noun that no list knows must be of one kind to be taken for a mention.
const NOUN_SHARE: f32 = 0.65;

/// The kind the model's scores speak for.
pub(super) fn of_scores(document: &Document, head: WordId, form: MentionForm, scores: Scores) -> Option<EntityKind> {
    let mut scores = scores;
    if form == MentionForm::Name && is_acronym(document, head) {
        scores[Sort::Person as usize] = f32::MIN;
    }
    let odds = model::probabilities(scores);
    let best = (0..model::CLASSES).max_by(|&a, &b| odds[a].total_cmp(&odds[b]))?;
    // A name is somebody's or something's: where the model wavers between what can be a mention and what cannot,
    // it is the former.
    let mentionable = [Sort::Person, Sort::Organization, Sort::Place];
    let (best, sure) = if form == MentionForm::Name {
        let likeliest = mentionable.into_iter().max_by(|a, b| odds[*a as usize].total_cmp(&odds[*b as usize]));
        let share: f32 = mentionable.iter().map(|s| odds[*s as usize]).sum();
        (likeliest.map_or(best, |s| s as usize), share >= NAME_SHARE)
    } else {
        (best, odds[best] >= NOUN_SHARE)
    };
    match Sort::ALL[best] {
        Sort::Person if sure => Some(counted(document, head, EntityKind::Person)),
        Sort::Organization if sure => Some(EntityKind::Organization),
        Sort::Place if sure => Some(EntityKind::Place),
        _ => Some(EntityKind::Other),
    }
}

/// Whether a name is explained as that of a place: "Oudong, the former royal *capital*", "Donji Brezik, *municipality* of Vlasenica".
pub(super) fn is_explained_as_place(document: &Document, knowledge: &Knowledge, head: WordId) -> bool {
    let place = |w: WordId| {
        document.upos(w) == Upos::Noun
            && knowledge.noun(document, w).is_some_and(|n| n.kind == EntityKind::Place && !n.force)
    };
    document.upos(head) == Upos::Propn && document.children_by(head, Deprel::Appos).any(place)
}

/// Whether a bare name stands after a preposition that names a place ("in Akhribish"), or in a list with one that does.
pub(super) fn is_located(document: &Document, knowledge: &Knowledge, head: WordId) -> bool {
    if document.deprel(head) == Deprel::Conj
        && document.children_by(head, Deprel::Case).next().is_none()
        && let Some(first) = document.head(head).filter(|&first| document.upos(first) == Upos::Propn)
    {
        return document.upos(head) == Upos::Propn && is_located(document, knowledge, first);
    }
    document.upos(head) == Upos::Propn
        && matches!(document.deprel(head), Deprel::Obl | Deprel::Nmod)
        && document.children_by(head, Deprel::Det).next().is_none()
        && document.children_by(head, Deprel::Case).any(|c| knowledge.grammar().is_locative(document.lemma(c)))
}

/// Whether a bare name is the object of a verb whose object is a place ("entered *Kurmin Gida*").
pub(super) fn is_entered(document: &Document, knowledge: &Knowledge, head: WordId) -> bool {
    document.upos(head) == Upos::Propn
        && document.deprel(head) == Deprel::Obj
        && document.children_by(head, Deprel::Det).next().is_none()
        && document.head(head).is_some_and(|verb| knowledge.grammar().is_entry(document.lemma(verb)))
}

/// Whether the name of a place stands to a verb as places often do ("captured *Aleppo*", "*Aleppo* fell").
pub(super) fn is_taken(document: &Document, knowledge: &Knowledge, head: WordId) -> bool {
    let grammar = knowledge.grammar();
    let Some(above) = document.head(head) else { return false };
    match document.deprel(head) {
        Deprel::Obj | Deprel::NsubjPass => grammar.is_taking(document.lemma(above)),
        Deprel::Nsubj => grammar.is_scene(document.lemma(above)),
        // "captured half of *Daraa*"
        Deprel::Nmod => {
            grammar.is_measure(document.lemma(above))
                && preposition(document, head).is_some_and(|p| p.is("of"))
                && is_taken(document, knowledge, above)
        }
        _ => false,
    }
}

/// Capitals only, by itself, in a text that is not all capitals: a body or a thing, never a person.
fn is_acronym(document: &Document, head: WordId) -> bool {
    let form = document.form(head);
    let letters = form.chars().filter(|c| c.is_alphabetic()).count();
    let shouted = |w: Option<WordId>| {
        w.and_then(|w| document.words().get(w)).is_some_and(|w| {
            let text = w.span.of(document.text());
            text.len() > 3 && text.chars().all(char::is_uppercase)
        })
    };
    (2..=8).contains(&letters)
        && form.chars().filter(|c| c.is_uppercase()).count() * 2 > letters
        && form.chars().all(|c| c.is_uppercase() || !c.is_alphabetic())
        && document
            .children_by(head, Deprel::Flat)
            .all(|c| document.form(c).chars().all(|l| l.is_uppercase() || !l.is_alphabetic()))
        && !(shouted(head.checked_sub(1)) || shouted(Some(head + 1)))
}
