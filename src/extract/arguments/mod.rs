//! The arguments of a predicate in terms of its plain active pattern.
//!
//! A frame names who does what by the relations of the simplest sentence there is: subject, object, obliques with
//! their preposition. Text uses passives, relative clauses, participles, control, coordination and nominalisation.
//! [`arguments`] undoes these, so that frames need not repeat them: in "the town taken by rebels who fled Homs" the
//! town is the `obj` and the rebels the `nsubj` of "take", and the rebels the `nsubj` of "flee".

mod nouns;
mod referents;
mod verbs;

pub use nouns::{subject_of_nominal, subject_of_phrase};

use crate::language::{Deprel, Document, Upos, WordId};
use crate::ontology::SlotRelation;
use nouns::noun_arguments;
use referents::{has_relative_owner, referent};
use verbs::{stray_obliques, verb_arguments};

/// One argument of a predicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument<'d> {
    /// The relation in the plain active pattern, subtypes as frames name them (`nsubj`, `obj`, `obl`, `nmod:poss`, …).
    pub relation: Deprel,
    /// The preposition of an oblique or nominal modifier, in lower case; several words joined by spaces.
    pub preposition: Option<Preposition<'d>>,
    /// The head word of the filler.
    pub word: WordId,
    /// How far the argument was sought: 0 on the predicate itself, 1 by control, coordination or gap,
    /// 2 on a neighbour to which an attachment error may have led.
    pub distance: u8,
}

/// A preposition of one to three words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preposition<'d> {
    words: [&'d str; 3],
}

impl Preposition<'_> {
    /// Whether it is the one a frame names, for instance `in front of`.
    pub fn is(&self, named: &str) -> bool {
        let mut parts = named.split(' ');
        self.words.iter().all(|w| {
            let part = parts.next().unwrap_or("");
            w.eq_ignore_ascii_case(part)
        })
    }

    /// Its words as written.
    pub fn text(&self) -> String {
        self.words.iter().filter(|w| !w.is_empty()).copied().collect::<Vec<_>>().join(" ")
    }

    /// Its first word as written.
    pub fn first(&self) -> &str {
        self.words[0]
    }
}

impl Argument<'_> {
    /// Whether this argument stands in the relation a slot names. A phrase that an attachment error may have led astray
    /// (distance 2) stands in `obl` and `nmod` alike.
    pub fn stands_in(&self, relation: &SlotRelation) -> bool {
        let SlotRelation::Dependent { relation, preposition } = relation else { return false };
        match preposition {
            Some(wanted) => {
                self.preposition.as_ref().is_some_and(|p| p.is(wanted))
                    && (self.relation == *relation
                        || self.distance == 2 && matches!(relation, Deprel::Obl | Deprel::Nmod))
            }
            None => self.relation == *relation && (self.preposition.is_none() || self.distance < 2),
        }
    }
}

/// The preposition of a nominal: its `case` children before it, with their fixed parts.
pub fn preposition(document: &Document, word: WordId) -> Option<Preposition<'_>> {
    let mut words = [""; 3];
    let mut count = 0;
    for case in document.children_by(word, Deprel::Case) {
        if case > word {
            continue;
        }
        for part in std::iter::once(case).chain(document.children_by(case, Deprel::Fixed)) {
            if count < words.len() {
                words[count] = document.form(part);
                count += 1;
            }
        }
        if count > 0 && document.children_by(case, Deprel::Fixed).next().is_some() {
            break;
        }
    }
    (count > 0).then_some(Preposition { words })
}

/// Whether a verb form is passive: it has a passive subject or auxiliary, or is a bare past participle that modifies
/// a noun.
pub fn is_passive(document: &Document, verb: WordId) -> bool {
    // "15 were killed and 12 others injured": the auxiliary holds for both.
    if document.deprel(verb) == Deprel::Conj
        && is_participle(document, verb)
        && let Some(first) = document.head(verb)
        && document.children_by(first, Deprel::AuxPass).next().is_some()
        && !document.children(verb).iter().any(|&c| matches!(document.deprel(c), Deprel::Aux | Deprel::Obj))
    {
        return true;
    }
    let mut subject = false;
    let mut finite = false;
    for &child in document.children(verb) {
        match document.deprel(child) {
            Deprel::NsubjPass | Deprel::CsubjPass | Deprel::AuxPass | Deprel::OblAgent => return true,
            Deprel::Nsubj | Deprel::Csubj => subject = true,
            Deprel::Aux => finite = true,
            _ => {}
        }
    }
    // The tree decides where it says anything; the feature only for a bare participle.
    let bare = !subject && !finite;
    bare && is_participle(document, verb)
        && (document.feat(verb, "Voice") == Some("Pass")
            || matches!(document.deprel(verb), Deprel::Acl | Deprel::Amod | Deprel::Advcl | Deprel::Root))
}

fn is_participle(document: &Document, verb: WordId) -> bool {
    document.word(verb).xpos == "VBN"
}

/// The arguments of a predicate, in plain active terms, coordinated fillers each by itself.
///
/// The predicate may be a verb (or a participle tagged as an adjective) or an event noun.
pub fn arguments(document: &Document, predicate: WordId) -> Vec<Argument<'_>> {
    let mut found = Vec::with_capacity(8);
    if is_verbal(document, predicate) {
        verb_arguments(document, predicate, &mut found, 0);
        stray_obliques(document, predicate, &mut found);
    } else {
        noun_arguments(document, predicate, &mut found);
    }
    let direct = found.len();
    for i in 0..direct {
        let argument = found[i];
        for conjunct in conjuncts(document, argument.word).into_iter().chain(correlates(document, argument.word)) {
            // A conjunct with a preposition of its own ("in Homs and near Hama") stands in that relation.
            let preposition = preposition(document, conjunct).filter(|_| argument.preposition.is_some());
            found.push(Argument { word: conjunct, preposition: preposition.or(argument.preposition), ..argument });
        }
    }
    found
}

/// Whether the predicate is to be read as a verb: by its tag, or by having a clause's children.
pub fn is_verbal(document: &Document, word: WordId) -> bool {
    match document.upos(word) {
        Upos::Verb | Upos::Aux => true,
        Upos::Adj => document
            .children(word)
            .iter()
            .any(|&c| matches!(document.deprel(c), Deprel::AuxPass | Deprel::NsubjPass | Deprel::OblAgent)),
        _ => false,
    }
}

/// The nominal conjuncts of a word, transitively.
pub fn conjuncts(document: &Document, word: WordId) -> Vec<WordId> {
    // "A, B and C": the parser may take B and C for an apposition to A.
    let listed = document.children_by(word, Deprel::Appos).filter(|&a| {
        document.upos(word) == Upos::Propn
            && document.upos(a) == Upos::Propn
            && document.children_by(a, Deprel::Conj).next().is_some()
    });
    document
        .children_by(word, Deprel::Conj)
        .chain(listed)
        .filter(|&c| !matches!(document.upos(c), Upos::Verb | Upos::Aux))
        .flat_map(|c| std::iter::once(c).chain(document.children_by(c, Deprel::Conj)))
        .filter(|&c| !has_relative_owner(document, c))
        .collect()
}

/// What stands behind the "but" of "in Libya, not only in the east but across Iraq and Syria", wherever the parser hangs it.
fn correlates(document: &Document, word: WordId) -> Vec<WordId> {
    /// How many words may stand between "not only" and "but".
    const REACH: usize = 10;
    let Some(sentence) = document.sentences().get(document.sentence_of(word)) else { return Vec::new() };
    if document.children_by(word, Deprel::Case).next().is_none() {
        return Vec::new();
    }
    let end = sentence.words.end;
    // "not only" stands right before one of the phrases that are joined, or right before one that belongs to them.
    let within = document.children(word).iter().copied().filter(|&c| {
        c > word && matches!(document.deprel(c), Deprel::Nmod | Deprel::Appos) && preposition(document, c).is_some()
    });
    let joined = std::iter::once(word).chain(conjuncts(document, word)).chain(within);
    for phrase in joined {
        let first = document.children_by(phrase, Deprel::Case).min().unwrap_or(phrase).min(phrase);
        let correlative = first >= sentence.words.start + 2
            && document.lemma(first - 2).eq_ignore_ascii_case("not")
            && matches!(document.lemma(first - 1), "only" | "just");
        if !correlative {
            continue;
        }
        let Some(but) = (phrase..end.min(phrase + REACH)).find(|&w| document.lemma(w) == "but") else { continue };
        let nominal = (but + 1..end.min(but + REACH)).find(|&w| {
            matches!(document.upos(w), Upos::Noun | Upos::Propn)
                && document.children_by(w, Deprel::Case).any(|c| c > but)
        });
        if let Some(nominal) = nominal.filter(|n| !conjuncts(document, word).contains(n)) {
            let named = (phrase != word).then_some(phrase);
            return named.into_iter().chain([nominal]).chain(conjuncts(document, nominal)).collect();
        }
    }
    Vec::new()
}

fn push<'d>(found: &mut Vec<Argument<'d>>, document: &'d Document, relation: Deprel, word: WordId, distance: u8) {
    let word = referent(document, word);
    let preposition = match relation {
        Deprel::Obl | Deprel::Nmod => preposition(document, word),
        _ => None,
    };
    if !found.iter().any(|a| a.word == word && a.relation == relation) {
        found.push(Argument { relation, preposition, word, distance });
    }
}

fn has(found: &[Argument<'_>], relation: Deprel) -> bool {
    found.iter().any(|a| a.relation == relation)
}
