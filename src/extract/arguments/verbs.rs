//! The arguments of verbs: passives, participles, relatives, control and coordination undone.

use super::referents::{has_relative_owner, is_relative_pronoun, modified};
use super::{Argument, conjuncts, has, is_participle, is_passive, is_verbal, preposition, push};
use crate::language::{Deprel, Document, Upos, WordId};

pub(super) fn verb_arguments<'d>(document: &'d Document, verb: WordId, found: &mut Vec<Argument<'d>>, depth: u8) {
    let displaced = displaced_object(document, verb);
    let passive = displaced.is_none() && is_passive(document, verb);
    let near = u8::from(depth > 0);
    if let Some(object) = displaced {
        push(found, document, Deprel::Obj, object, near);
    }
    let transitive = document.children_by(verb, Deprel::Obj).next().is_some();
    let owned = owned_subject(document, verb);
    if let Some(subject) = owned {
        push(found, document, if passive { Deprel::Obj } else { Deprel::Nsubj }, subject, near);
    }
    for &child in document.children(verb) {
        let relation = document.deprel(child);
        let child = match relation {
            Deprel::Nsubj | Deprel::NsubjPass => owned.unwrap_or(child),
            _ => child,
        };
        match relation {
            Deprel::Nsubj | Deprel::NsubjOuter => {
                // The parser misses some passives without an auxiliary ("12 killed in blast").
                let role = if passive && is_participle(document, verb) { Deprel::Obj } else { Deprel::Nsubj };
                push(found, document, role, child, near);
            }
            Deprel::NsubjPass if displaced.is_some() => push(found, document, Deprel::Nsubj, child, near),
            Deprel::NsubjPass => push(found, document, Deprel::Obj, child, near),
            // A noun phrase right after an active verb is its object, though the parser may take it for a predicate
            // ("called off a strike").
            Deprel::Xcomp if !passive && !transitive && is_plain_object(document, child) => {
                push(found, document, Deprel::Obj, child, near);
            }
            // "…, killing nine and wounding 80, medics said": the parser takes who says it for an object.
            Deprel::Obj if speaks(document, child) => {}
            Deprel::Obj if passive && has(found, Deprel::Obj) => push(found, document, Deprel::Iobj, child, near),
            Deprel::Obj | Deprel::Iobj | Deprel::Xcomp | Deprel::Ccomp | Deprel::Advcl => {
                push(found, document, relation, child, near);
            }
            Deprel::OblAgent => push(found, document, Deprel::Nsubj, child, near),
            Deprel::Obl | Deprel::Nmod => {
                let by = preposition(document, child).is_some_and(|p| p.is("by"));
                if passive && by && !has(found, Deprel::Nsubj) {
                    push(found, document, Deprel::Nsubj, child, near);
                } else {
                    push(found, document, Deprel::Obl, child, near);
                }
            }
            Deprel::OblUnmarked | Deprel::NmodUnmarked => push(found, document, Deprel::OblUnmarked, child, near),
            _ => {}
        }
    }
    if depth < 4 {
        missing_arguments(document, verb, passive, found, depth);
    }
}

/// The noun with "whose" that is the subject of the verb behind it: of "the council and the party, whose leader was arrested",
/// the leader alone, though the parser may take it for one more of those before.
fn owned_subject(document: &Document, verb: WordId) -> Option<WordId> {
    let start = document.sentences().get(document.sentence_of(verb))?.words.start;
    let whose = (start..verb).rev().find(|&w| is_relative_pronoun(document, w) && document.word(w).xpos == "WP$")?;
    let noun = document.head(whose).filter(|&n| n < verb && has_relative_owner(document, n))?;
    let between = document.subtree(noun).end.max(noun + 1)..verb;
    let auxiliary = |w: WordId| matches!(document.upos(w), Upos::Aux | Upos::Adv | Upos::Part);
    (between.start <= verb && between.into_iter().all(auxiliary)).then_some(noun)
}

/// Whether a noun right before a finite verb that is taken for an infinitive or participle is the subject of that verb.
fn speaks(document: &Document, noun: WordId) -> bool {
    let verb = noun + 1;
    document.words().get(verb).is_some_and(|w| w.xpos == "VBD" && w.upos == Upos::Verb)
        && document.deprel(verb) == Deprel::Xcomp
        && document.children(verb).iter().all(|&c| !matches!(document.deprel(c), Deprel::Nsubj | Deprel::NsubjPass))
}

/// Subjects and objects that stand elsewhere: antecedents, controllers, first conjuncts.
fn missing_arguments<'d>(
    document: &'d Document,
    verb: WordId,
    passive: bool,
    found: &mut Vec<Argument<'d>>,
    depth: u8,
) {
    let Some(head) = document.head(verb) else { return };
    let subject_missing = !has(found, Deprel::Nsubj) && !passive;
    // "both of whom fearing …": the participle hangs on the pronoun.
    if subject_missing && is_relative_pronoun(document, head) && head < verb {
        push(found, document, Deprel::Nsubj, head, 1);
        return;
    }
    let object_missing = !has(found, Deprel::Obj);
    match document.deprel(verb) {
        Deprel::AclRelcl => {
            let head = modified(document, verb, head);
            let already = found.iter().any(|a| a.word == head);
            if !already {
                if object_missing && (passive || !subject_missing) {
                    push(found, document, Deprel::Obj, head, 1);
                } else if subject_missing {
                    push(found, document, Deprel::Nsubj, head, 1);
                }
            }
        }
        Deprel::Acl | Deprel::Amod => {
            if passive && object_missing {
                push(found, document, Deprel::Obj, head, 1);
            } else if document.word(verb).xpos == "VBG" && subject_missing {
                if let Some(first) = counted_before(document, verb, head).filter(|_| depth < 2) {
                    let mut arguments = Vec::with_capacity(6);
                    verb_arguments(document, first, &mut arguments, depth + 1);
                    if let Some(subject) = arguments.iter().find(|a| a.relation == Deprel::Nsubj) {
                        push(found, document, Deprel::Nsubj, subject.word, 1);
                    }
                    return;
                }
                push(found, document, Deprel::Nsubj, head, 1);
            } else if subject_missing && is_infinitive(document, verb) {
                // "operations to capture Benghazi were launched by Haftar": who launched them captures.
                infinitive_subject(document, head, found, depth);
            }
        }
        Deprel::Xcomp => {
            let wanted = if passive { Deprel::Obj } else { Deprel::Nsubj };
            if !has(found, wanted) {
                let mut matrix = Vec::with_capacity(6);
                predicate_arguments(document, head, &mut matrix, depth + 1);
                let controller = [Deprel::Obj, Deprel::Iobj, Deprel::Nsubj]
                    .into_iter()
                    .find_map(|r| matrix.iter().find(|a| a.relation == r && a.word != verb));
                if let Some(controller) = controller {
                    push(found, document, wanted, controller.word, 1);
                }
            }
        }
        Deprel::Advcl => {
            let wanted = if passive { Deprel::Obj } else { Deprel::Nsubj };
            if let Some(noun) = noun_before(document, verb).filter(|_| passive && object_missing) {
                push(found, document, Deprel::Obj, noun, 1);
            } else if !has(found, wanted) {
                let mut matrix = Vec::with_capacity(6);
                predicate_arguments(document, head, &mut matrix, depth + 1);
                let marked = |mark: &str| document.children_by(verb, Deprel::Mark).any(|m| document.form(m) == mark);
                // "accused the army of shelling Homs": the object shells.
                let object_first = marked("of") || marked("from") || (marked("for") && head < verb);
                // "Despite being captured by the army, he was decorated by the king": one and the same subject.
                let order = if object_first || passive && is_passive(document, head) {
                    [Deprel::Obj, Deprel::Nsubj]
                } else if is_passive(document, head) {
                    // "The town was shelled, killing three": the shelling kills, not the town.
                    [Deprel::Nsubj, Deprel::Nsubj]
                } else {
                    [Deprel::Nsubj, Deprel::Obj]
                };
                let controller = order.into_iter().find_map(|r| matrix.iter().find(|a| a.relation == r));
                if let Some(controller) = controller {
                    push(found, document, wanted, controller.word, 1);
                }
            }
        }
        Deprel::Conj if is_verbal(document, head) => {
            let mut first = Vec::with_capacity(6);
            verb_arguments(document, head, &mut first, depth + 1);
            let head_passive = is_passive(document, head);
            for argument in first {
                let share = match argument.relation {
                    // In the first conjunct's own terms: what was its surface subject is shared.
                    Deprel::Nsubj => subject_missing && !head_passive,
                    Deprel::Obj if head_passive => object_missing || subject_missing,
                    Deprel::Obl | Deprel::OblUnmarked => argument.word < head && argument.word < verb,
                    _ => false,
                };
                if share {
                    let relation = match argument.relation {
                        Deprel::Obj if !passive => Deprel::Nsubj,
                        Deprel::Nsubj if passive => Deprel::Obj,
                        other => other,
                    };
                    if relation == Deprel::Obl || relation == Deprel::OblUnmarked || !has(found, relation) {
                        found.push(Argument { relation, distance: 1, ..argument });
                    }
                }
            }
        }
        _ => {}
    }
    // "attacked and looted the village": the object of the first conjunct stands after the last.
    if !has(found, Deprel::Obj) && !passive && document.deprel(verb) != Deprel::Conj {
        let last = document.children_by(verb, Deprel::Conj).filter(|&c| is_verbal(document, c)).last();
        if let Some(last) = last
            && document.children_by(verb, Deprel::Cc).next().is_none()
            && last == verb + 2
        {
            for object in document.children_by(last, Deprel::Obj) {
                push(found, document, Deprel::Obj, object, 1);
            }
        }
    }
}

/// The verb before a participle that hangs on its counted object and has a counted object itself: "killing 2 people injuring 7
/// others" where a comma is lost.
fn counted_before(document: &Document, verb: WordId, noun: WordId) -> Option<WordId> {
    let counted = |w: WordId| document.children_by(w, Deprel::Nummod).next().is_some();
    let object = document.children_by(verb, Deprel::Obj).any(|o| counted(o) || document.upos(o) == Upos::Num);
    let first = document.head(noun).filter(|&h| h < noun && document.upos(h) == Upos::Verb)?;
    (object && counted(noun) && document.deprel(noun) == Deprel::Obj).then_some(first)
}

/// A noun with a modifier and neither preposition, copula nor marker.
fn is_plain_object(document: &Document, word: WordId) -> bool {
    let mut modified = false;
    for &child in document.children(word) {
        match document.deprel(child) {
            Deprel::Case | Deprel::Cop | Deprel::Mark | Deprel::Nsubj => return false,
            Deprel::Det | Deprel::Amod | Deprel::Compound | Deprel::NmodPoss | Deprel::Nummod => modified = true,
            _ => {}
        }
    }
    modified && document.upos(word) == Upos::Noun
}

/// The object of a verb that the parser has given to a later one: in "Zambia extradited the militant on Sunday, officials said" it may
/// take the militant for the subject of "said", in "groups that included the militia, whose leader has been killed" the militia for
/// that of "killed".
fn displaced_object(document: &Document, verb: WordId) -> Option<WordId> {
    /// How far behind a verb the head of its object may stand.
    const REACH: usize = 8;
    if document.upos(verb) != Upos::Verb {
        return None;
    }
    let head = match document.deprel(verb) {
        Deprel::Ccomp => document.head(verb).filter(|&h| h > verb)?,
        Deprel::AclRelcl => {
            let end = document.sentences().get(document.sentence_of(verb))?.words.end;
            (verb + 1..end.min(verb + REACH)).find_map(|w| {
                let taken = matches!(document.deprel(w), Deprel::Nsubj | Deprel::NsubjPass);
                document.head(w).filter(|&head| taken && head > w)
            })?
        }
        _ => return None,
    };
    let own = |w: &WordId| matches!(document.deprel(*w), Deprel::Obj | Deprel::AuxPass | Deprel::Xcomp | Deprel::Ccomp);
    if document.children(verb).iter().any(own) {
        return None;
    }
    let object = document.children(head).iter().copied().find(|&c| {
        c > verb
            && c < head
            && matches!(document.deprel(c), Deprel::Nsubj | Deprel::NsubjPass | Deprel::Obj)
            && matches!(document.upos(c), Upos::Noun | Upos::Propn)
    })?;
    let comma = |range: std::ops::Range<WordId>| range.into_iter().any(|w| document.form(w) == ",");
    let start = document.subtree(object).start.max(verb + 1);
    (start == verb + 1 && !comma(verb..object) && comma(object..head)).then_some(object)
}

/// The head of the noun phrase that ends right before a participle, a comma apart: "the town of Zawiya, located on the
/// coast" is about the town, wherever the parser hangs the participle.
fn noun_before(document: &Document, verb: WordId) -> Option<WordId> {
    let mut at = verb.checked_sub(1)?;
    if document.form(at) == "," {
        at = at.checked_sub(1)?;
    } else {
        return None;
    }
    if document.children_by(verb, Deprel::Mark).next().is_some()
        || document.sentence_of(at) != document.sentence_of(verb)
    {
        return None;
    }
    let nominal = |w: WordId| matches!(document.upos(w), Upos::Noun | Upos::Propn);
    if !nominal(at) {
        return None;
    }
    // Up to the head of the whole phrase, but not out of it.
    while let Some(head) = document.head(at).filter(|&h| nominal(h) && h < verb) {
        at = head;
    }
    Some(at)
}

fn is_infinitive(document: &Document, verb: WordId) -> bool {
    document.children_by(verb, Deprel::Mark).any(|m| document.form(m).eq_ignore_ascii_case("to"))
}

fn infinitive_subject<'d>(document: &'d Document, noun: WordId, found: &mut Vec<Argument<'d>>, depth: u8) {
    if let Some(owner) = document.children_by(noun, Deprel::NmodPoss).next() {
        push(found, document, Deprel::Nsubj, owner, 1);
        return;
    }
    if let Some(governor) = document.head(noun)
        && is_verbal(document, governor)
        && matches!(document.deprel(noun), Deprel::Obj | Deprel::NsubjPass | Deprel::Obl)
    {
        let mut matrix = Vec::with_capacity(6);
        verb_arguments(document, governor, &mut matrix, depth + 1);
        if let Some(subject) = matrix.iter().find(|a| a.relation == Deprel::Nsubj) {
            push(found, document, Deprel::Nsubj, subject.word, 1);
        }
    }
}

fn predicate_arguments<'d>(document: &'d Document, word: WordId, found: &mut Vec<Argument<'d>>, depth: u8) {
    if is_verbal(document, word) {
        verb_arguments(document, word, found, depth);
    } else {
        // A predicate adjective or noun: "was able to seize".
        for &child in document.children(word) {
            if matches!(document.deprel(child), Deprel::Nsubj | Deprel::NsubjPass) {
                push(found, document, Deprel::Nsubj, child, 1);
            }
        }
    }
}

/// Prepositional phrases that the parser may have hung on the object although they belong to the verb.
pub(super) fn stray_obliques<'d>(document: &'d Document, verb: WordId, found: &mut Vec<Argument<'d>>) {
    let own = found.len();
    for i in 0..own {
        let argument = found[i];
        if matches!(argument.relation, Deprel::Obj | Deprel::Obl | Deprel::Nsubj) && argument.distance == 0 {
            // The last of several coordinated objects may have it: "rifles and mortars from the group".
            let last =
                conjuncts(document, argument.word).into_iter().max().filter(|_| argument.relation == Deprel::Obj);
            let own = document.children_by(argument.word, Deprel::Nmod);
            for child in own.chain(last.into_iter().flat_map(|c| document.children_by(c, Deprel::Nmod))) {
                if child > verb
                    && let Some(preposition) = preposition(document, child)
                    && !preposition.is("of")
                {
                    found.push(Argument {
                        relation: Deprel::Obl,
                        preposition: Some(preposition),
                        word: child,
                        distance: 2,
                    });
                }
            }
        }
    }
}
