//! The arguments of a predicate in terms of its plain active pattern.
//!
//! A frame names who does what by the relations of the simplest sentence there is: subject, object, obliques with
//! their preposition. Text uses passives, relative clauses, participles, control, coordination and nominalisation.
//! [`arguments`] undoes these, so that frames need not repeat them: in "the town taken by rebels who fled Homs" the
//! town is the `obj` and the rebels the `nsubj` of "take", and the rebels the `nsubj` of "flee".

use crate::language::{Deprel, Document, Upos, WordId};
use crate::ontology::SlotRelation;

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

fn is_relative_pronoun(document: &Document, word: WordId) -> bool {
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
fn modified(document: &Document, clause: WordId, head: WordId) -> WordId {
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
fn referent(document: &Document, word: WordId) -> WordId {
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
            return std::iter::once(nominal).chain(conjuncts(document, nominal)).collect();
        }
    }
    Vec::new()
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
            let subject = document
                .children(head)
                .iter()
                .copied()
                .find(|&c| matches!(document.deprel(c), Deprel::Nsubj | Deprel::NsubjPass))
                .map(|s| (s, referent(document, s)));
            // "with the town secured and under control, this is a victory" says nothing of "this".
            let fronted = subject.is_some_and(|(at, _)| at > noun);
            if let Some(spoken) = fronted.then(|| absolute(document, noun)).flatten() {
                return Some(spoken);
            }
            let subject = subject.map(|(_, subject)| subject);
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

fn verb_arguments<'d>(document: &'d Document, verb: WordId, found: &mut Vec<Argument<'d>>, depth: u8) {
    let displaced = displaced_object(document, verb);
    let passive = displaced.is_none() && is_passive(document, verb);
    let near = u8::from(depth > 0);
    if let Some(object) = displaced {
        push(found, document, Deprel::Obj, object, near);
    }
    let transitive = document.children_by(verb, Deprel::Obj).next().is_some();
    for &child in document.children(verb) {
        let relation = document.deprel(child);
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
                let order = if object_first {
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
fn stray_obliques<'d>(document: &'d Document, verb: WordId, found: &mut Vec<Argument<'d>>) {
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

fn noun_arguments<'d>(document: &'d Document, noun: WordId, found: &mut Vec<Argument<'d>>) {
    for &child in document.children(noun) {
        let relation = document.deprel(child);
        match relation {
            Deprel::Nmod | Deprel::Obl => push(found, document, Deprel::Nmod, child, 0),
            Deprel::NmodPoss | Deprel::Compound | Deprel::Amod | Deprel::NmodUnmarked | Deprel::NmodDesc => {
                push(found, document, relation, child, 0);
            }
            Deprel::Appos => push(found, document, relation, child, 0),
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
