//! When an event happened: the expressions that modify it, its clause, its sentence, the story before it.

use crate::article::Article;
use crate::extract::reading::{Reading, Timex, TimexRelation};
use crate::facts::{TimeBasis, TimeBounds, TimePrecision, TimeSpan};
use crate::language::{Deprel, Document, Upos, WordId};
use jiff::ToSpan;

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
    let sentence = &document.sentences()[document.sentence_of(trigger)];
    let clause = clause_of(document, trigger);
    let mut own: Vec<(u8, &Timex)> = reading
        .times
        .iter()
        .filter(|t| sentence.words.contains(&t.words.start) && t.relation != TimexRelation::Duration)
        .filter(|t| !reading.dateline.contains(&t.words.start))
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
    let stated = own.iter().find_map(|(_, t)| at(reading, t, before));
    stated.or_else(|| beside(reading, trigger)).map(TimeSpan::At)
}

/// The day in the trigger's sentence that no other predicate stands between it and, wherever the parser hung it: "stormed a
/// camp near the border late on Tuesday, the army said". Not the day on which somebody said so.
fn beside(reading: &Reading<'_>, trigger: WordId) -> Option<TimeBounds> {
    let document = reading.document;
    let sentence = &document.sentences()[document.sentence_of(trigger)];
    let days = reading.times.iter().filter(|t| {
        sentence.words.contains(&t.words.start)
            && t.relation == TimexRelation::At
            && t.bounds.precision == TimePrecision::Day
            && !reading.dateline.contains(&t.words.start)
    });
    let free = |t: &&Timex| {
        let between = if t.words.start > trigger { trigger + 1..t.words.start } else { t.words.end..trigger };
        let reported =
            document.head(t.head).is_some_and(|h| h < t.words.start && h + 3 >= t.words.start && h != trigger)
                && document.head(t.head).is_some_and(|h| document.upos(h) == Upos::Verb);
        !reported
            && !between.clone().any(|w| {
                document.upos(w) == Upos::Verb && !matches!(document.deprel(w), Deprel::Amod | Deprel::Compound)
            })
    };
    let mut found = days.filter(free);
    let day = found.next()?;
    found.next().is_none().then(|| at(reading, day, None)).flatten()
}

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
    let moved = |day: Option<jiff::civil::Date>, by: i32| day?.checked_add(by.days()).ok();
    Some(TimeBounds {
        earliest: Some(moved(anchor.earliest, first)?),
        latest: Some(moved(anchor.latest, last)?),
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
        if is_predicate(document, at) {
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
