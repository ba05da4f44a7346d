//! When an event happened: the expressions that modify it, its clause, its sentence, the story before it.

use super::resolve::moved;
use crate::article::Article;
use crate::extract::arguments::preposition;
use crate::extract::reading::{Reading, Timex, TimexRelation};
use crate::facts::{TimeBasis, TimeBounds, TimePrecision, TimeSpan};
use crate::language::{Deprel, Document, Upos, WordId};

/// The window in which an undated main event of a dated article lies: the two days up to publication.
pub fn publication_window(article: &Article) -> Option<TimeBounds> {
    let published = article.published?;
    Some(TimeBounds {
        earliest: published.yesterday().ok(),
        latest: Some(published),
        precision: TimePrecision::Day,
        basis: TimeBasis::PublicationWindow,
        words: None,
        partial: None,
    })
}

/// When the event with the trigger `trigger` happened, as far as the article says; `before` is the time of the event told
/// before it, for expressions like "two days later". For what lasts (a siege, an offensive) the span has a begin and an end.
pub fn of_event(reading: &Reading<'_>, trigger: WordId, lasting: bool, before: Option<&TimeSpan>) -> Option<TimeSpan> {
    let document = reading.document;
    let clause = clause_of(document, trigger);
    let mut own: Vec<(u8, &Timex)> = reading
        .times_beside(trigger)
        .iter()
        .filter(|t| t.relation != TimexRelation::Duration)
        .filter(|t| !reading.dateline.contains(&t.words.start) && !dates_another(reading, t, trigger))
        .filter_map(|t| Some((distance(document, t.head, trigger, clause)?, t)))
        .collect();
    own.sort_by_key(|(d, t)| (*d, t.head.abs_diff(trigger)));
    let begin = own.iter().find(|(_, t)| t.relation == TimexRelation::Since);
    let end = own.iter().find(|(_, t)| t.relation == TimexRelation::Until);
    if lasting && (begin.is_some() || end.is_some()) {
        return Some(TimeSpan::Lasting {
            begin: begin.map(|(_, t)| t.bounds.clone()),
            end: end.map(|(_, t)| t.bounds.clone()),
        });
    }
    let stated = own.iter().find_map(|(_, t)| {
        let moment = Timex { relation: TimexRelation::At, ..(*t).clone() };
        let bounds = at(reading, if is_when(document, t, trigger) { &moment } else { t }, before)?;
        let later = follows(document, t.head, trigger) || clause.is_some_and(|c| has_since(document, c, trigger));
        Some(if later && t.relation == TimexRelation::At { from_then(reading, bounds) } else { bounds })
    });
    stated.or_else(|| beside(reading, trigger)).or_else(|| opening(reading, trigger)).map(TimeSpan::At)
}

/// Whether a clause with "when" right behind a time tells what happened then, whatever ties the time to the clause before:
/// "has shrunk since 2015, when the group *held* the coast".
pub(in crate::extract) fn is_when(document: &Document, timex: &Timex, trigger: WordId) -> bool {
    let mut when = timex.words.end;
    if document.words().get(when).is_some_and(|_| document.form(when) == ",") {
        when += 1;
    }
    let adverb = document.words().get(when).is_some_and(|w| w.xpos == "WRB" && document.lemma(when) == "when");
    let clause = if adverb && trigger > when { document.head(when) } else { None };
    clause.is_some_and(|clause| document.subtree(clause).contains(&trigger))
}

/// Bounds of what came after a time, up to the day of publication.
fn from_then(reading: &Reading<'_>, bounds: TimeBounds) -> TimeBounds {
    let latest = reading.article.published.filter(|p| bounds.earliest.is_none_or(|e| e <= *p));
    TimeBounds { latest, precision: TimePrecision::Longer, ..bounds }
}

/// Whether a time dates what a trigger came after: "following the declaration in *July*, many fled".
fn follows(document: &Document, timex: WordId, trigger: WordId) -> bool {
    let mut word = timex;
    while let Some(head) = document.head(word).filter(|&h| word != trigger && h != trigger) {
        if is_predicate(document, head) {
            return is_after_as_participle(document, head) || word != timex && is_after(document, word);
        }
        word = head;
    }
    word != timex && word != trigger && is_after(document, word)
}

/// Whether the parser took the preposition "following" for a verb.
fn is_after_as_participle(document: &Document, verb: WordId) -> bool {
    document.form(verb).eq_ignore_ascii_case("following") && document.deprel(verb) == Deprel::Advcl
}

/// Whether a noun says what something came after: "following *the declaration*".
pub(in super::super) fn is_after(document: &Document, noun: WordId) -> bool {
    preposition(document, noun).is_some_and(|p| p.is("after") || p.is("following"))
}

/// Whether the clause of a trigger says that it has lasted from then on: "clashes have continued ever since".
fn has_since(document: &Document, clause: WordId, trigger: WordId) -> bool {
    let adverb = |w: WordId| document.children_by(w, Deprel::Advmod).any(|a| document.lemma(a) == "since");
    let verbs = std::iter::once(clause).chain(document.children_by(clause, Deprel::Xcomp));
    verbs.chain([trigger]).any(adverb)
}

/// The day in the trigger's sentence that no other predicate stands between it and, wherever the parser hung it: "stormed a
/// camp near the border late on Tuesday, the army said". Not the day on which somebody said so.
fn beside(reading: &Reading<'_>, trigger: WordId) -> Option<TimeBounds> {
    let document = reading.document;
    let days = reading.times_beside(trigger).iter().filter(|t| {
        t.relation == TimexRelation::At
            && t.bounds.precision == TimePrecision::Day
            && !reading.dateline.contains(&t.words.start)
    });
    let free = |t: &&Timex| {
        let between = if t.words.start > trigger { trigger + 1..t.words.start } else { t.words.end..trigger };
        !is_of_verb_before(document, t, trigger)
            && !dates_another(reading, t, trigger)
            && !between.clone().any(|w| {
                document.upos(w) == Upos::Verb && !matches!(document.deprel(w), Deprel::Amod | Deprel::Compound)
            })
    };
    let mut found = days.filter(free);
    let day = found.next()?;
    found.next().is_none().then(|| at(reading, day, None)).flatten()
}

/// Whether a time with "of" tells which of several another event is: "condemned the coup of *5 September*", not "on the
/// night of 5 September".
fn dates_another(reading: &Reading<'_>, timex: &Timex, trigger: WordId) -> bool {
    let document = reading.document;
    let Some(noun) = document.head(timex.head) else { return false };
    let evokes =
        || reading.events[reading.events_in(reading.sentence_words(trigger))].iter().any(|e| e.trigger == noun);
    document.deprel(timex.head) == Deprel::Nmod
        && noun != trigger
        && matches!(document.upos(noun), Upos::Noun | Upos::Propn)
        && preposition(document, timex.head).is_some_and(|p| p.is("of"))
        && !document.subtree(noun).contains(&trigger)
        && evokes()
}

/// Whether a time stands right behind a verb that has it, another than the trigger: "the army said on Tuesday".
fn is_of_verb_before(document: &Document, timex: &Timex, trigger: WordId) -> bool {
    document.head(timex.head).is_some_and(|h| {
        h < timex.words.start && h + 3 >= timex.words.start && h != trigger && document.upos(h) == Upos::Verb
    })
}

/// The day at the opening of a sentence, for what its clauses tell behind what is put in: "On 16 December, the commission
/// finds, units shelled the hills". Not for what a relative clause adds, nor for what somebody said that day.
fn opening(reading: &Reading<'_>, trigger: WordId) -> Option<TimeBounds> {
    let document = reading.document;
    let sentence = &document.sentences()[document.sentence_of(trigger)];
    let opens = |t: &&Timex| t.words.start <= sentence.words.start + OPENING && t.words.end <= trigger;
    let mut days = days_in(reading, trigger);
    let day = days.next().filter(opens)?;
    let sets_off = document.words().get(day.words.end).is_some() && matches!(document.form(day.words.end), "," | ":");
    if !sets_off || days.next().is_some() {
        return None;
    }
    let mut word = trigger;
    while let Some(head) = document.head(word) {
        // "On Friday, the army said that it had attacked": the day is that of the word.
        let put_in = head < word && document.words().get(head + 1).is_some() && document.form(head + 1) == ",";
        match document.deprel(word) {
            Deprel::AclRelcl | Deprel::Acl | Deprel::AdvclRelcl => return None,
            Deprel::Ccomp if !put_in => return None,
            _ => word = head,
        }
    }
    at(reading, day, None)
}

/// The days that the sentence of a word names as times of something, the dateline's aside.
fn days_in<'r>(reading: &'r Reading<'_>, word: WordId) -> impl Iterator<Item = &'r Timex> {
    reading.times_beside(word).iter().filter(|t| {
        t.relation == TimexRelation::At
            && t.bounds.precision == TimePrecision::Day
            && t.bounds.earliest.is_some()
            && !reading.dateline.contains(&t.words.start)
    })
}

/// The only day that the sentence of a trigger names, if it is neither that of another event nor the one on which
/// somebody said so.
pub fn only_day(reading: &Reading<'_>, trigger: WordId) -> Option<TimeBounds> {
    let document = reading.document;
    let mut days = days_in(reading, trigger);
    let day = days.next().filter(|_| days.next().is_none())?;
    let of_another = reading.events[reading.events_in(reading.sentence_words(trigger))]
        .iter()
        .filter(|e| e.trigger != trigger)
        .any(|e| e.times.iter().any(|&t| reading.times[t].words == day.words));
    let own = !of_another && !is_of_verb_before(document, day, trigger) && !dates_another(reading, day, trigger);
    own.then(|| at(reading, day, None)).flatten()
}

/// The day that heads a note: "Date: 23 Oct 2018.", "02-Aug-2023: militia took the town", "Derry - 17 November 2022."
pub fn of_note(reading: &Reading<'_>) -> Option<TimeBounds> {
    let document = reading.document;
    let first = document.sentences().iter().find(|s| !s.headline)?;
    let is_day = |t: &&Timex| {
        t.relation == TimexRelation::At && t.bounds.precision == TimePrecision::Day && t.bounds.earliest.is_some()
    };
    let day = reading.times.iter().find(|t| first.words.contains(&t.words.start) && is_day(t))?;
    let verbless = !first.words.clone().any(|w| matches!(document.upos(w), Upos::Verb | Upos::Aux));
    let alone = verbless && day.words.end + 1 >= first.words.end;
    let set_off = document.words().get(day.words.end).is_some()
        && matches!(document.form(day.words.end), ":" | "," | "(" | "-" | "–" | "—" | ".");
    let label = (first.words.start..day.words.start)
        .all(|w| w < first.words.start + OPENING && (document.upos(w) != Upos::Propn || document.form(w + 1) == ":"));
    (alone || set_off && label).then(|| at(reading, day, None)).flatten()
}

/// How many words of a sentence are its opening.
const OPENING: usize = 3;

/// The bounds that an expression sets to what happened once.
fn at(reading: &Reading<'_>, timex: &Timex, before: Option<&TimeSpan>) -> Option<TimeBounds> {
    if let Some((first, last)) = timex.from_event {
        return from_event(timex, first, last, before?);
    }
    let known = timex.bounds.earliest.is_some() || timex.bounds.basis == TimeBasis::Unresolved;
    let day_part = timex.bounds.precision == TimePrecision::Longer && timex.bounds.earliest.is_none();
    if !known || day_part {
        return None;
    }
    let mut bounds = timex.bounds.clone();
    match timex.relation {
        TimexRelation::At => {}
        // What happened since, until or after a time lies on one side of it.
        TimexRelation::Since | TimexRelation::After => {
            bounds.latest = reading.article.published.filter(|p| bounds.earliest.is_none_or(|e| e <= *p));
            bounds.precision = TimePrecision::Longer;
        }
        TimexRelation::Until | TimexRelation::Before => {
            bounds.earliest = None;
            bounds.precision = TimePrecision::Longer;
        }
        TimexRelation::Duration => return None,
    }
    Some(bounds)
}

fn from_event(timex: &Timex, first: i32, last: i32, before: &TimeSpan) -> Option<TimeBounds> {
    let anchor = match before {
        TimeSpan::At(bounds) => bounds,
        TimeSpan::Lasting { begin, end } => begin.as_ref().or(end.as_ref())?,
    };
    Some(TimeBounds {
        earliest: Some(moved(anchor.earliest?, first)?),
        latest: Some(moved(anchor.latest?, last)?),
        precision: if last - first > 1 { anchor.precision.max(TimePrecision::Week) } else { anchor.precision },
        basis: TimeBasis::RelativeToEvent,
        words: timex.bounds.words.clone(),
        partial: None,
    })
}

/// The verb of the clause a word stands in: itself, or the nearest verb above it.
fn clause_of(document: &Document, word: WordId) -> Option<WordId> {
    let mut at = word;
    for _ in 0..16 {
        if is_predicate(document, at) {
            return Some(at);
        }
        at = document.head(at)?;
    }
    None
}

fn is_predicate(document: &Document, word: WordId) -> bool {
    document.upos(word) == Upos::Verb && !matches!(document.deprel(word), Deprel::Amod | Deprel::Compound)
        || document.head(word).is_none()
        || document.children(word).iter().any(|&c| document.deprel(c) == Deprel::Cop)
}

/// How far an expression is from an event: 0 on the trigger's own phrase or clause, more where the clause of the trigger
/// hangs on that of the expression; none where it belongs to another clause.
fn distance(document: &Document, timex: WordId, trigger: WordId, clause: Option<WordId>) -> Option<u8> {
    // "an October bombing that killed 17": the noun that the clause modifies dates it.
    let antecedent =
        clause.filter(|&c| matches!(document.deprel(c), Deprel::Acl | Deprel::AclRelcl)).and_then(|c| document.head(c));
    let mut at = timex;
    for _ in 0..16 {
        if at == trigger {
            return Some(0);
        }
        if Some(at) == antecedent {
            return Some(1);
        }
        if is_predicate(document, at) && !is_after_as_participle(document, at) {
            break;
        }
        at = document.head(at)?;
    }
    let mut own = clause?;
    if own == at {
        return Some(1);
    }
    // A clause that only adds to the one above it shares its time; what somebody said does not.
    for step in 2..5 {
        let shares = matches!(document.deprel(own), Deprel::Advcl | Deprel::Conj | Deprel::Xcomp | Deprel::Acl)
            && document.children_by(own, Deprel::Mark).next().is_none();
        let above = document.head(own).filter(|_| shares)?;
        own = clause_of(document, above)?;
        if own == at {
            return Some(step);
        }
    }
    None
}
