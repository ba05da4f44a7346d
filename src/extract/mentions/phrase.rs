//! The extent of a noun phrase around its head: determiner, modifiers, name parts and "of" phrases, without trailing
//! clauses, appositions and conjuncts.
//!
//! The rule is that of the grammar, not of a corpus: whatever stands before the head and modifies it belongs to the
//! phrase, a title included ("the Libyan General Khalifa Haftar"); after it come only the rest of a name, a number
//! that belongs to the name, and the "of" phrase, which English uses to say what a thing is ("the city of Mosul",
//! "the Ministry of Defence", "dozens of militants"). Other prepositional phrases say where it was or what it did
//! and may just as well modify the verb.

use crate::language::{Deprel, Document, Span, Upos, WordId};
use std::ops::Range;

/// How deep "of" phrases are followed ("the son of the leader of a faction of …").
const MAX_DEPTH: usize = 4;

/// The words of the noun phrase headed by `head`.
pub fn extent(document: &Document, head: WordId) -> Range<WordId> {
    bounded_extent(document, head, MAX_DEPTH)
}

fn bounded_extent(document: &Document, head: WordId, depth: usize) -> Range<WordId> {
    let start = left_edge(document, head);
    let end = right_edge(document, head, depth);
    start..end
}

fn left_edge(document: &Document, head: WordId) -> WordId {
    let mut start = head;
    for &child in document.children(head).iter().rev() {
        if child > head {
            continue;
        }
        match document.deprel(child) {
            // "wounding 80, emergency services said": a number before a comma counts something else.
            Deprel::Nummod if document.form(child + 1) == "," && document.upos(child + 2) != Upos::Num => break,
            // "whose affiliate": the pronoun takes up what stands before, and names nobody.
            Deprel::NmodPoss
                if document.feat(child, "PronType") == Some("Rel") || document.word(child).xpos == "WP$" =>
            {
                break;
            }
            Deprel::Det
            | Deprel::DetPredet
            | Deprel::Amod
            | Deprel::Nummod
            | Deprel::Compound
            | Deprel::NmodPoss
            | Deprel::NmodDesc
            | Deprel::Flat
            | Deprel::Goeswith => start = start.min(first_of(document, child)),
            // "ISIS-held", "(then) rebel", "20-plus": part of the modifiers only between them.
            Deprel::Punct if is_joint(document, child) => {}
            Deprel::Advmod if modifies_number(document, child) => start = start.min(child),
            Deprel::NmodUnmarked | Deprel::Dep if child + 1 == start => start = start.min(first_of(document, child)),
            _ => break,
        }
    }
    // "SANAA - Saudi-led warplanes": what stands before a dash is another phrase, a dateline or a headline's topic.
    if let Some(dash) = (start..head).rev().find(|&w| is_dash(document, w)) {
        start = dash + 1;
    }
    // What cannot begin a noun phrase got into it by a wrong attachment; "at least" before a number can.
    while start < head && !may_begin(document, start, head) {
        start += 1;
    }
    // Before a determiner stands at most another one ("all the men").
    let determiner = document.children(head).iter().copied().find(|&c| {
        c < head && c > start && document.deprel(c) == Deprel::Det && document.feat(c, "PronType") == Some("Art")
    });
    match determiner {
        Some(d) if !(start..d).all(|w| matches!(document.upos(w), Upos::Det | Upos::Pron | Upos::Num | Upos::Adv)) => d,
        _ => start,
    }
}

fn may_begin(document: &Document, word: WordId, head: WordId) -> bool {
    match document.upos(word) {
        // "bombed that city": where tag and tree disagree, the tree has seen more.
        Upos::Sconj if document.deprel(word) == Deprel::Det && document.head(word) == Some(head) => true,
        Upos::Punct | Upos::Cconj | Upos::Sconj | Upos::Aux | Upos::Intj => false,
        Upos::Adp | Upos::Part => counts(document, word, head),
        // "Mainly Syrian forces": not "recently captured", "very large" or "more than 20".
        Upos::Adv => {
            let modified = document.words().get(word + 1).map_or(Upos::X, |w| w.upos);
            let name = document.form(word + 1).starts_with(char::is_uppercase);
            counts(document, word, head) && !name && !matches!(modified, Upos::Noun | Upos::Propn | Upos::Det)
        }
        // "damaged 13 supply routes" says what was done to them, "captured rifles" which they were.
        Upos::Verb => {
            let counted = document.words().get(word + 1).is_some_and(|w| matches!(w.upos, Upos::Num | Upos::Det));
            document.word(word).xpos != "VBD" && document.deprel(word) != Deprel::Dep && !counted
        }
        _ => true,
    }
}

/// Whether a word belongs to a number before the head, or to a modifier of its own ("then rebel leader").
fn counts(document: &Document, word: WordId, head: WordId) -> bool {
    let mut at = word;
    for _ in 0..6 {
        match document.head(at) {
            Some(next) if next != head => at = next,
            _ => break,
        }
    }
    matches!(document.deprel(at), Deprel::Nummod | Deprel::Amod | Deprel::Advmod)
        && (document.upos(word) == Upos::Adv || document.deprel(at) != Deprel::Amod)
}

fn right_edge(document: &Document, head: WordId, depth: usize) -> WordId {
    let mut end = head + 1;
    for &child in document.children(head) {
        if child < head {
            continue;
        }
        let reach = match document.deprel(child) {
            Deprel::Flat | Deprel::Compound | Deprel::Goeswith | Deprel::Fixed => {
                right_edge(document, child, depth.saturating_sub(1)).max(last_of_flat(document, child) + 1)
            }
            Deprel::Nummod | Deprel::NmodUnmarked | Deprel::NmodDesc | Deprel::Amod | Deprel::Dep
                if child == end && is_name_part(document, head, child) =>
            {
                child + 1
            }
            Deprel::Nmod if depth > 0 && begins_with_of(document, child, end) => of_phrase_end(document, child, depth),
            // "the Movement for the Emancipation of the Niger Delta", "Physicians for Human Rights".
            Deprel::Nmod if depth > 0 && is_purpose_of_name(document, head, child, end) => {
                of_phrase_end(document, child, depth)
            }
            Deprel::Punct if child == end && is_joint(document, child) => continue,
            _ => break,
        };
        end = end.max(reach);
    }
    end
}

/// The end of an "of" phrase, its conjuncts included ("the Ministry of Health and Population").
fn of_phrase_end(document: &Document, object: WordId, depth: usize) -> WordId {
    let mut end = right_edge(document, object, depth - 1);
    for conjunct in document.children_by(object, Deprel::Conj) {
        let nominal = matches!(document.upos(conjunct), Upos::Noun | Upos::Propn | Upos::Num | Upos::Pron);
        // A conjunct with a preposition of its own begins a phrase of its own.
        let own_case = document.children_by(conjunct, Deprel::Case).any(|c| c < conjunct);
        let right = right_edge(document, conjunct, depth - 1);
        if !nominal || own_case || left_edge(document, conjunct) > end + 2 || begins_clause(document, right) {
            break;
        }
        end = end.max(right);
    }
    end
}

/// Whether a finite verb without a subject of its own stands at `next`, whose subject what ends there must be: "life returned
/// to parts of the city and *trade* has resumed".
fn begins_clause(document: &Document, next: WordId) -> bool {
    let finite = |w: WordId| {
        document.words().get(w).is_some_and(|word| matches!(word.xpos, "VBZ" | "VBP" | "VBD" | "MD"))
            && matches!(document.upos(w), Upos::Verb | Upos::Aux)
    };
    if !finite(next) {
        return false;
    }
    let verb = (next..document.words().len().min(next + 5))
        .take_while(|&w| matches!(document.upos(w), Upos::Verb | Upos::Aux | Upos::Adv | Upos::Part))
        .find(|&w| document.upos(w) == Upos::Verb);
    verb.is_some_and(|verb| {
        !document.children(verb).iter().any(|&c| {
            matches!(document.deprel(c), Deprel::Nsubj | Deprel::NsubjPass | Deprel::Csubj | Deprel::CsubjPass)
        }) && matches!(
            document.deprel(verb),
            Deprel::Advcl | Deprel::Conj | Deprel::Parataxis | Deprel::Ccomp | Deprel::Root
        )
    })
}

/// Whether `child`'s phrase begins right at `end` with "of".
fn begins_with_of(document: &Document, child: WordId, end: WordId) -> bool {
    document.children_by(child, Deprel::Case).next().is_some_and(|case| {
        // "accused the forces of *dropping* bombs": a clause, whatever the parser made of it.
        let clause = document.words().get(case + 1).is_some_and(|w| w.xpos == "VBG" && w.upos == Upos::Verb);
        case == end
            && !clause
            && document.lemma(case) == "of"
            && document.children_by(case, Deprel::Fixed).next().is_none()
    })
}

/// Whether a name goes on with what it is for: both the head and what follows "for" are capitalised.
fn is_purpose_of_name(document: &Document, head: WordId, child: WordId, end: WordId) -> bool {
    let name = |w: WordId| document.upos(w) == Upos::Propn && document.form(w).starts_with(char::is_uppercase);
    name(head)
        && name(child)
        && document.children_by(child, Deprel::Case).next().is_some_and(|c| c == end && document.form(c) == "for")
}

/// A number or word after a capitalised head that completes a name ("Task Force 50", "Battalion 101").
fn is_name_part(document: &Document, head: WordId, child: WordId) -> bool {
    document.upos(head) == Upos::Propn && matches!(document.upos(child), Upos::Num | Upos::Propn)
}

/// A dash with a space on either side.
fn is_dash(document: &Document, word: WordId) -> bool {
    let text = document.text();
    let span = document.word(word).span;
    matches!(document.form(word), "-" | "–" | "—" | "--")
        && text[..span.start as usize].ends_with(char::is_whitespace)
        && text[span.end as usize..].starts_with(char::is_whitespace)
}

/// Punctuation that joins words: hyphens, slashes, full stops of abbreviations, quotes around a nickname.
fn is_joint(document: &Document, word: WordId) -> bool {
    document
        .form(word)
        .chars()
        .all(|c| matches!(c, '-' | '‐' | '‑' | '–' | '/' | '.' | '"' | '“' | '”' | '\'' | '’' | '‘'))
}

fn modifies_number(document: &Document, adverb: WordId) -> bool {
    document
        .words()
        .get(adverb + 1)
        .is_some_and(|next| matches!(next.deprel, Deprel::Nummod | Deprel::Advmod) || next.upos == Upos::Num)
}

fn first_of(document: &Document, word: WordId) -> WordId {
    document.subtree(word).start
}

fn last_of_flat(document: &Document, word: WordId) -> WordId {
    document
        .children(word)
        .iter()
        .copied()
        .filter(|&c| matches!(document.deprel(c), Deprel::Flat | Deprel::Compound | Deprel::Goeswith))
        .max()
        .unwrap_or(word)
        .max(word)
}

/// The characters of a range of words.
pub fn span(document: &Document, words: &Range<WordId>) -> Span {
    let mut span = document.word(words.start).span.cover(document.word(words.end - 1).span);
    // Marks that are not seen (directions of writing, zero-width spaces) belong to no name.
    let text = span.of(document.text());
    span.end -= (text.len() - text.trim_end_matches(is_unseen).len()) as u32;
    let text = span.of(document.text());
    span.start += (text.len() - text.trim_start_matches(is_unseen).len()) as u32;
    span
}

fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}
