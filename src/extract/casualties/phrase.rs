//! Noun phrases that may count people, found by their parts of speech.
//!
//! They are cut from the run of words, not from the tree: a wrong attachment must not turn "killed 12 people" into
//! twelve of something else, and texts that lost their commas have no reliable trees.

use super::words::{CasualtyWords, Lowered};
use crate::extract::quantities::Counted;
use crate::extract::reading::{Quantity, Reading};
use crate::facts::{EntityKind, VictimClass};
use crate::language::{Deprel, Upos, WordId};
use std::ops::Range;

/// A noun phrase, a bare figure or a reflexive pronoun.
#[expect(clippy::struct_excessive_bools, reason = "each tells a thing of its own, none excludes another")]
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    pub(super) words: Range<WordId>,
    /// The word that carries it; the last word of the figure if it has no noun.
    pub(super) head: WordId,
    /// How many.
    pub(super) quantity: Option<Quantity>,
    /// Whether a figure counts it.
    pub(super) figure: bool,
    /// Who they are; none if it does not stand for people.
    pub(super) class: Option<VictimClass>,
    /// Whether its figure is a vague one ("dozens").
    pub(super) vague: bool,
    /// Whether it is a figure without a noun ("12 were killed").
    pub(super) bare: bool,
    /// "himself".
    pub(super) reflexive: bool,
    /// Which of those counted one by one it is: "a *fifth*", "a *second* victim".
    pub(super) ordinal: Option<u32>,
}

impl Phrase {
    /// So many people of whom the article told before, counted without a noun.
    fn of_known(words: Range<WordId>, count: u32) -> Self {
        Self {
            head: words.end - 1,
            quantity: Some(Quantity { min: count, max: Some(count), words: words.clone() }),
            words,
            figure: true,
            vague: false,
            class: Some(VictimClass::Unknown),
            bare: true,
            reflexive: false,
            ordinal: None,
        }
    }

    /// Whether it can be people: by its noun, or since nothing says what was counted.
    pub(super) fn is_people(&self) -> bool {
        self.class.is_some() || self.bare
    }
}

/// Marks that open a quotation.
const QUOTES: &[&str] = &["\"", "“", "„", "``", "'", "‘", "«"];

/// The phrases of the words `sentence`, in text order.
pub(super) fn phrases(
    reading: &Reading<'_>,
    text: &Lowered<'_>,
    counted: &[Counted],
    words: &CasualtyWords,
    sentence: &Range<WordId>,
) -> Vec<Phrase> {
    let mut found = Vec::new();
    let mut at = sentence.start;
    let first_figure = counted.partition_point(|c| c.words.end <= sentence.start);
    let mut figures = counted[first_figure..].iter().take_while(|c| c.words.start < sentence.end).peekable();
    while at < sentence.end {
        while figures.peek().is_some_and(|c| c.words.start < at) {
            figures.next();
        }
        let figure = figures.peek().copied().filter(|c| c.words.start == at);
        let next_figure = {
            let mut rest = figures.clone();
            rest.find(|c| c.words.start > at).map_or(sentence.end, |c| c.words.start)
        };
        match phrase_at(reading, text, words, at, figure, next_figure) {
            Some((phrase, end)) => {
                found.extend(phrase);
                at = end.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

/// The phrase that begins at `at` and where to go on; no phrase where a figure counts no people ("12 kilometres").
fn phrase_at(
    reading: &Reading<'_>,
    text: &Lowered<'_>,
    words: &CasualtyWords,
    at: WordId,
    figure: Option<&Counted>,
    limit: WordId,
) -> Option<(Option<Phrase>, WordId)> {
    let document = text.document;
    if figure.is_none() && document.feat(at, "Reflex") == Some("Yes") {
        let quantity = (document.feat(at, "Number") != Some("Plur") && !text.form(at).ends_with("selves"))
            .then(|| Quantity { min: 1, max: Some(1), words: at..at + 1 });
        let phrase = Phrase {
            words: at..at + 1,
            head: at,
            quantity,
            figure: false,
            vague: false,
            class: Some(VictimClass::Combatant),
            bare: false,
            reflexive: true,
            ordinal: None,
        };
        return Some((Some(phrase), at + 1));
    }
    // "shot him", "he died": one person, if the article told of one.
    let pronoun = document.feat(at, "PronType") == Some("Prs") && document.feat(at, "Number") == Some("Sing");
    if figure.is_none() && pronoun && document.feat(at, "Poss").is_none() && is_person(reading, at) {
        let phrase = Phrase { figure: false, bare: false, ..Phrase::of_known(at..at + 1, 1) };
        return Some((Some(phrase), at + 1));
    }
    // "both died", "both of them lay dead": two who were told of before.
    if figure.is_none() && text.is_any(at, &["both"]) && stands_for_two(text, at, limit) {
        return Some((Some(Phrase::of_known(at..at + 1, 2)), at + 1));
    }
    // "a fifth on arrival", "an eighth, a boy aged 15, was wounded"
    if figure.is_none()
        && text.is_any(at, &["a", "an"])
        && at + 1 < limit
        && let Some(ordinal) = words.ordinal(text.form(at + 1))
        && !counts_on(text, at + 2, limit)
    {
        let phrase = Phrase { ordinal: Some(ordinal), ..Phrase::of_known(at..at + 2, 1) };
        return Some((Some(phrase), at + 2));
    }
    let mut end = figure.map_or(at, |c| c.words.end);
    // "dozens of people", "12 of its fighters"
    if figure.is_some() && end + 1 < limit && text.is(end, "of") {
        let vague = figure.is_some_and(|c| c.figure.vague);
        let determined = matches!(document.upos(end + 1), Upos::Det | Upos::Pron | Upos::Propn)
            && words.part(text, end).is_none()
            && document.deprel(end + 1) != Deprel::Nmod;
        if vague || determined {
            end += 1;
        }
    }
    // "35 years old", "aged 35": how old somebody is counts nobody.
    let age = || {
        is_years_old(text, end, limit)
            || at > 0 && text.is_any(at - 1, &["aged"])
            || is_aside(text, at, end)
            || is_age_of(text, words, at)
            || is_age_limit(reading, text, at, end)
    };
    if figure.is_some() && age() {
        return Some((None, end + 1));
    }
    // "2 x soldiers", as notes write it.
    if figure.is_some() && end + 1 < limit && text.is_any(end, &["x", "×"]) {
        end += 1;
    }
    let mut article = None;
    let mut head = None;
    let mut noun_start = end;
    while end < limit {
        let upos = document.upos(end);
        let opens = end == noun_start;
        let counts = words.cue(text, end).is_some();
        match upos {
            // "54 The army killed 23 militants": a figure counts nothing that has an article.
            Upos::Det if opens && figure.is_some_and(|c| c.words.end == end) => break,
            Upos::Det | Upos::Pron
                if opens && (document.deprel(end) != Deprel::Nsubj) && is_determiner(document.deprel(end)) =>
            {
                if text.is_any(end, &["a", "an", "one", "another"]) {
                    article = Some(end);
                }
                noun_start = end + 1;
            }
            Upos::Num if figure.is_none() && opens => {}
            Upos::Noun | Upos::Propn => {
                let letters = document.form(end).chars().all(char::is_uppercase);
                let other = document.upos(end) != Upos::Noun || letters;
                let verb = other && (head.is_some() || letters || words.is_harming(text, end));
                if counts && verb {
                    break;
                }
                head = Some(end);
                // Behind a plural for people the phrase is over, unless the tree says that it modifies what follows.
                let plural = document.feat(end, "Number") == Some("Plur");
                let compound = matches!(document.deprel(end), Deprel::Compound | Deprel::Flat | Deprel::Amod)
                    && document.head(end) == Some(end + 1);
                if plural && !compound && words.victims(text, end, noun_start).is_some() {
                    end += 1;
                    break;
                }
            }
            // "two policemen and a civilian were killed": some nouns for people look like adjectives.
            Upos::Adj if !follows_noun(text, end, limit) && words.victims(text, end, noun_start).is_some() => {
                head = Some(end);
            }
            Upos::Adj if !counts || follows_noun(text, end, limit) => {}
            Upos::Adv if !opens || figure.is_some() => {
                // "12 more", "eight other badly wounded men"
                if document.deprel(end) != Deprel::Advmod || document.head(end).is_none_or(|h| h <= end || h >= limit) {
                    break;
                }
                if !matches!(document.upos(end + 1), Upos::Adj | Upos::Noun) {
                    break;
                }
            }
            Upos::Verb
                if document.deprel(end) == Deprel::Amod && document.head(end).is_some_and(|h| h > end && h < limit) => {
            }
            // "120 IS fighters": the name of the group looks like the verb.
            Upos::Aux | Upos::Verb
                if document.form(end) == "IS"
                    && end + 1 < limit
                    && matches!(document.upos(end + 1), Upos::Noun | Upos::Propn | Upos::Adj) => {}
            // "70 regime and rebel fighters": the noun that counts comes behind the conjunction.
            Upos::Cconj
                if figure.is_some()
                    && head.is_some_and(|h| words.victims(text, h, noun_start).is_none())
                    && shared_noun(text, words, end + 1, limit) => {}
            // 'sixteen "terrorists"'
            Upos::Punct if opens && figure.is_some() && text.is_any(end, QUOTES) => noun_start = end + 1,
            Upos::Part if text.is_any(end, &["'s", "’s", "'", "’"]) && head.is_some() => noun_start = end + 1,
            Upos::Punct
                if text.is_any(end, &["-", "–", "/"])
                    && end > at
                    && end + 1 < limit
                    && document.word(end).span.start == document.word(end - 1).span.end => {}
            _ => break,
        }
        end += 1;
    }
    let Some(head) = head else {
        // No noun: a figure alone, or a figure with "others", "more".
        let figure = figure?;
        let follows = figure.words.end;
        let end = end.max(follows);
        if figure.figure.percent {
            return Some((None, end));
        }
        let pronoun = text.form(follows.min(text.document.words().len() - 1)).to_owned();
        let more = matches!(pronoun.as_str(), "others" | "more" | "other") && follows < limit;
        let phrase = Phrase {
            words: at..if more { follows + 1 } else { follows },
            head: figure.number.end - 1,
            quantity: Some(figure.quantity()),
            figure: true,
            vague: figure.figure.vague,
            class: more.then_some(VictimClass::Unknown),
            bare: true,
            reflexive: false,
            ordinal: None,
        };
        let end = phrase.words.end;
        return Some((Some(phrase), end));
    };
    if figure.is_some_and(|c| c.figure.percent) {
        return Some((None, end));
    }
    let mut class = words.victims(text, head, noun_start);
    let noted = reading.mention_at.get(head).copied().flatten().map(|m| &reading.mentions[m]);
    let plural = document.feat(head, "Number") == Some("Plur");
    if class.is_none() && noted.is_some_and(|n| n.kind == EntityKind::Person) {
        class = Some(VictimClass::Unknown);
    }
    // "14 VDP", "2 x SNA": as many of a body that is called by its letters.
    let letters = document.form(head);
    let called = letters.len() > 1 && letters.chars().all(char::is_uppercase);
    if class.is_none() && figure.is_some() && called && noted.is_some_and(|n| n.kind == EntityKind::Organization) {
        class = Some(VictimClass::Combatant);
    }
    // A modifier tells who they are: "12 Islamist members", "four civilian victims", "three Taliban".
    if class == Some(VictimClass::Unknown) {
        class = (noun_start..head)
            .rev()
            .filter(|&w| matches!(document.upos(w), Upos::Adj | Upos::Noun | Upos::Propn | Upos::Verb))
            .find_map(|w| words.victims(text, w, noun_start).filter(|c| *c != VictimClass::Unknown))
            .or(class);
    }
    // Members of something with a name belong to a party to the conflict, as far as the words tell.
    if class == Some(VictimClass::Unknown) && words.is_member(text, head) {
        let named = |w: WordId| document.upos(w) == Upos::Propn;
        let inside = (noun_start..head).any(named);
        let of = document
            .children_by(head, Deprel::Nmod)
            .any(|m| named(m) || document.children(m).iter().any(|&c| named(c)));
        // "11 members of the security forces"
        let force = document.children_by(head, Deprel::Nmod).any(|m| {
            document.children_by(m, Deprel::Case).any(|c| text.is_any(c, &["of", "from"]))
                && words.victims(text, m, head + 1) == Some(VictimClass::Combatant)
        });
        if inside || of || force {
            class = Some(VictimClass::Combatant);
        }
    }
    let quantity = match figure {
        Some(figure) => Some(figure.quantity()),
        None if class.is_some() && words.is_collective(text, head) => None,
        None if class.is_some() => match article {
            Some(article) if !plural => Some(Quantity { min: 1, max: Some(1), words: article..article + 1 }),
            _ if plural => Some(Quantity { min: 2, max: None, words: head..head + 1 }),
            _ if is_single(reading, text, head) && (at < head || document.upos(head) == Upos::Propn) => {
                Some(Quantity { min: 1, max: Some(1), words: head..head + 1 })
            }
            _ => None,
        },
        None => None,
    };
    let phrase = Phrase {
        words: at..end,
        head,
        quantity,
        figure: figure.is_some(),
        vague: figure.is_some_and(|c| c.figure.vague),
        class,
        bare: false,
        reflexive: false,
        ordinal: article.filter(|_| class.is_some()).and_then(|a| words.ordinal(text.form((a + 1).min(head)))),
    };
    Some((Some(phrase), end))
}

/// Whether a figure behind "of" is the age of the one before it: "a girl of *12*", not "a group of 12".
fn is_age_of(text: &Lowered<'_>, words: &CasualtyWords, at: WordId) -> bool {
    let Some(noun) = at.checked_sub(2).filter(|_| text.is_any(at - 1, &["of"])) else { return false };
    let document = text.document;
    document.upos(noun) == Upos::Noun
        && document.feat(noun, "Number") != Some("Plur")
        && words.victims(text, noun, noun).is_some()
        && !words.is_collective(text, noun)
        && !words.is_member(text, noun)
        && words.cue(text, noun).is_none()
}

/// Whether the run of nouns and adjectives from `at` on ends in a plural noun for people.
fn shared_noun(text: &Lowered<'_>, words: &CasualtyWords, at: WordId, limit: WordId) -> bool {
    let run =
        (at..limit.min(at + 4)).take_while(|&w| matches!(text.document.upos(w), Upos::Noun | Upos::Propn | Upos::Adj));
    run.last().is_some_and(|w| text.document.feat(w, "Number") == Some("Plur") && words.victims(text, w, at).is_some())
}

/// Whether "both" stands for two people by itself, and not beside a noun ("both sides") or a conjunction ("both in A and B").
fn stands_for_two(text: &Lowered<'_>, at: WordId, limit: WordId) -> bool {
    let document = text.document;
    let next = if at + 2 < limit && text.is_any(at + 1, &["of"]) && text.is_any(at + 2, &["them", "whom"]) {
        at + 3
    } else {
        at + 1
    };
    next < limit
        && matches!(document.upos(next), Upos::Verb | Upos::Aux | Upos::Adv)
        && !matches!(document.deprel(at), Deprel::CcPreconj | Deprel::Advmod)
}

/// Whether a noun or another adjective stands at `at`, so that an ordinal before it counts that: "a second grenade".
fn counts_on(text: &Lowered<'_>, at: WordId, limit: WordId) -> bool {
    at < limit
        && (matches!(text.document.upos(at), Upos::Noun | Upos::Propn | Upos::Adj | Upos::Num)
            || text.is_any(at, &["of", "-", "–", "time"]))
}

/// Whether the words at `at` say that a number before them is an age.
fn is_years_old(text: &Lowered<'_>, at: WordId, limit: WordId) -> bool {
    at + 1 < limit && text.is(at, "year") && text.is_any(at + 1, &["old", "of"])
}

/// Whether a bare number behind "over" or "under" says of those just named how old they are: "all of them over sixty",
/// "women under 40".
fn is_age_limit(reading: &Reading<'_>, text: &Lowered<'_>, at: WordId, end: WordId) -> bool {
    let document = text.document;
    let bare = end >= document.words().len()
        || !matches!(document.upos(end), Upos::Noun | Upos::Propn | Upos::Adj | Upos::Verb | Upos::Aux | Upos::Num);
    // The bound may be a part of the figure.
    let is_bound = |word: WordId| text.is_any(word, &["over", "under", "above", "below"]);
    let bound = if is_bound(at) { at } else { at.saturating_sub(1) };
    let people = |word: WordId| match document.upos(word) {
        Upos::Pron | Upos::Det => true,
        Upos::Noun => reading.mention_at[word].is_some_and(|m| reading.mentions[m].kind.is_actor()),
        _ => false,
    };
    bound > 0 && bare && is_bound(bound) && people(bound - 1)
}

/// Whether a number stands alone between commas behind one person: "a woman, 19, died".
fn is_aside(text: &Lowered<'_>, at: WordId, end: WordId) -> bool {
    let document = text.document;
    at > 1
        && end < document.words().len()
        && text.is_any(at - 1, &[","])
        && text.is_any(end, &[",", ")"])
        && matches!(document.upos(at - 2), Upos::Noun | Upos::Propn)
        && document.feat(at - 2, "Number") == Some("Sing")
}

fn is_determiner(relation: Deprel) -> bool {
    matches!(
        relation,
        Deprel::Det | Deprel::DetPredet | Deprel::NmodPoss | Deprel::Nummod | Deprel::Advmod | Deprel::Amod
    )
}

/// Whether a noun comes within the next two words.
fn follows_noun(text: &Lowered<'_>, at: WordId, limit: WordId) -> bool {
    (at + 1..limit.min(at + 3)).any(|w| matches!(text.document.upos(w), Upos::Noun))
}

/// Whether a word is a mention of a person.
fn is_person(reading: &Reading<'_>, word: WordId) -> bool {
    reading.mention_at.get(word).copied().flatten().is_some_and(|m| reading.mentions[m].kind == EntityKind::Person)
}

/// Whether a singular noun for people stands for one of them, and not for a body of people ("the police").
fn is_single(reading: &Reading<'_>, text: &Lowered<'_>, head: WordId) -> bool {
    let document = text.document;
    let noted = reading.mention_at.get(head).copied().flatten().map(|m| reading.mentions[m].kind);
    match document.upos(head) {
        Upos::Propn => noted == Some(EntityKind::Person),
        _ => noted.is_none_or(|kind| kind == EntityKind::Person) && document.feat(head, "Number") == Some("Sing"),
    }
}
