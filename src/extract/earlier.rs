//! Which events of an article happened before its news: told again as background, as the latest of a row, as a sum.
//!
//! [`settle`] measures every event against the main one, not against the day of publication: a court report tells of
//! years ago, and that is its news. Background events keep their casualties; whoever asks for the toll of the article
//! can leave them out.

use super::finish::Findings;
use super::reading::{Reading, Timex, TimexRelation};
use super::time;
use crate::article::Field;
use crate::facts::{CasualtyReport, Evidence, Outcome, TimeBasis, TimeBounds, TimePrecision, TimeSpan};
use crate::language::{Deprel, Document, WordId};
use crate::ontology::Ontology;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// A stretch of time that begins so many days before the news sums up or looks back.
const BEFORE: i64 = 2;

/// An undated story is of the week before its article.
const WEEK: i64 = 6;

/// A story of so many days ago and more is no news of the day.
const LONG_AGO: i64 = 14;

/// The days within which what happened belongs to one story.
const STORY: i32 = 2;

/// Sentences of the body in which a story says when it took place.
const OPENING: usize = 2;

/// Sentences of the body that tell the news; what killed far more and stands behind them is what the news is beside.
const LEAD: usize = 3;

/// Sentences of the body in which a story of long ago says when it took place.
const PREAMBLE: usize = 4;

/// Whether what an article tells as its news lies long before its publication, as in the findings of a court: the first day that
/// it names is so far back, and is named early, and most others are no days of the news ("one week before").
pub(super) fn tells_of_long_ago(reading: &Reading<'_>) -> bool {
    story_of_long_ago(reading).is_some()
}

/// When the story of an article that [tells of long ago](tells_of_long_ago) begins.
fn story_of_long_ago(reading: &Reading<'_>) -> Option<TimeBounds> {
    let limit = reading.article.published.and_then(|day| day.checked_sub(LONG_AGO.days()).ok())?;
    let document = reading.document;
    let headlines = document.sentences().iter().take_while(|s| s.headline).count();
    let days = reading.times.iter().filter(|t| {
        t.relation == TimexRelation::At && t.bounds.precision == TimePrecision::Day && t.bounds.latest.is_some()
    });
    let first = days.clone().next()?;
    let is_old = |t: &&Timex| t.bounds.latest.is_some_and(|d| d < limit);
    let old = days.clone().filter(is_old).count();
    let told_early = document.sentence_of(first.head) < headlines + PREAMBLE;
    (told_early && is_old(&first) && old * 2 >= days.count()).then(|| first.bounds.clone())
}

/// Takes what an article tells of the days of its story, which lie long before its publication, for no background.
pub(super) fn tell_as_news(reading: &mut Reading<'_>) {
    let Some(story) = story_of_long_ago(reading) else { return };
    let Some((first, last)) = story.earliest.zip(story.latest) else { return };
    let of_story = |bounds: &TimeBounds| {
        let near = |day: Date, limit: Date| day.since(limit).is_ok_and(|gap| gap.get_days().abs() <= STORY);
        bounds.earliest.zip(bounds.latest).is_some_and(|(e, l)| near(e, first) && near(l, last))
    };
    let times: Vec<bool> = reading.times.iter().map(|t| of_story(&t.bounds)).collect();
    for told in &mut reading.events {
        told.background &= told.times.is_empty() || !told.times.iter().any(|&t| times[t]);
    }
}

/// The one day on which the body's opening has things happen, speech apart.
fn opening_day(reading: &Reading<'_>, ontology: &Ontology, others: &[Findings]) -> Option<TimeBounds> {
    let document = reading.document;
    let headlines = document.sentences().iter().take_while(|s| s.headline).count();
    let mut days = others
        .iter()
        .filter(|f| {
            let told = &reading.events[f.told];
            let sentence = document.sentence_of(told.trigger);
            (headlines..=headlines + OPENING).contains(&sentence)
                && told.modality.is_asserted()
                && !told.background
                && !ontology.is_speech(&told.class)
        })
        .filter_map(|f| bounds(f.time.as_ref()?))
        .filter(|b| b.precision == TimePrecision::Day && b.latest.is_some() && b.basis != TimeBasis::PublicationWindow);
    let first = days.next()?;
    days.all(|day| day.earliest == first.earliest).then(|| first.clone())
}

/// Marks the events that happened before the first of `findings`, the main event; the others are no background.
pub(super) fn settle(reading: &Reading<'_>, findings: &mut [Findings]) {
    let Some((main, others)) = findings.split_first_mut() else { return };
    let old_news = std::mem::take(&mut main.background);
    // What has no date of its own may be as old as the days of the week that others are told of.
    let slack = |b: &TimeBounds| if b.basis == TimeBasis::PublicationWindow { WEEK } else { 0 };
    let first = |b: &TimeBounds| b.earliest?.checked_sub(slack(b).days()).ok();
    let news = main.time.as_ref().and_then(bounds).and_then(|b| Some((first(b)?, b.precision)));
    let document = reading.document;
    let main_sentence = document.sentence_of(reading.events[main.told].trigger);
    let main_day = main.time.as_ref().and_then(bounds).and_then(|b| b.earliest);
    let weighed = Weighed::new(reading, main, others);
    let outweighs = |other: &Findings| weighed.as_ref().is_some_and(|news| news.is_outweighed_by(reading, other));
    for other in others.iter_mut() {
        let told_first = document.sentences()[document.sentence_of(reading.events[other.told].trigger)].headline;
        if other.time.is_none() {
            other.time = other.toll_day.take();
        }
        let own = other.time.as_ref().and_then(bounds);
        other.background = match (news, own) {
            _ if told_first => false,
            _ if tellings(other).any(|t| comes_after(reading, reading.events[t].trigger)) => true,
            (Some(news), Some(own)) if own.latest.is_some() => {
                is_before(news, own) || own.latest < main_day && outweighs(other)
            }
            _ => other.background && !old_news || outweighs(other),
        };
    }
    inherit(reading, main_sentence, others);
}

/// How many people the news killed, where the article opens with it, to weigh its other events by.
struct Weighed {
    killed: u32,
    lead_end: usize,
}

impl Weighed {
    /// What the headline or the first sentence of the body says of the dead; none where they say nothing.
    fn new(reading: &Reading<'_>, main: &Findings, others: &[Findings]) -> Option<Self> {
        let document = reading.document;
        let lead_end = document.sentences().iter().take_while(|s| s.headline).count() + LEAD;
        let opening = reading.article.body.chars().take_while(|c| c.is_whitespace()).count();
        let opens = |said: &Evidence| said.field == Field::Headline || said.sentence_start as usize == opening;
        let asserted = |f: &&Findings| reading.events[f.told].modality.is_asserted();
        let told = std::iter::once(main).chain(others).filter(asserted).flat_map(dead);
        let killed = told.filter(|c| opens(&c.evidence)).map(|c| c.min).max()?;
        let own = dead(main).map(|c| c.min).max().unwrap_or(0);
        (killed > 0).then_some(Self { killed: killed.max(own), lead_end })
    }

    /// Whether an event is first told behind the lead and killed far more than the news: had it happened now, it would be the
    /// news. A toll that is little higher may be the revised one of the same event.
    fn is_outweighed_by(&self, reading: &Reading<'_>, other: &Findings) -> bool {
        let behind = tellings(other).all(|t| reading.document.sentence_of(reading.events[t].trigger) >= self.lead_end);
        behind && dead(other).any(|c| c.min > self.killed.saturating_add(self.killed / 2))
    }
}

/// What an article says of those whom an event killed.
fn dead(found: &Findings) -> impl Iterator<Item = &CasualtyReport> {
    found.casualties.iter().filter(|c| c.outcome == Outcome::Killed && !c.cumulative)
}

/// The time of an undated main event: the only day of its sentence, the day that heads a note, or, in a story of long ago, that
/// of the event told last before it: "Between 23 and 25 April police expelled the villagers. Some 300 men were executed."
pub(super) fn inherited_time(reading: &Reading<'_>, ontology: &Ontology, findings: &[Findings]) -> Option<TimeSpan> {
    let (main, others) = findings.split_first()?;
    let trigger = |event: usize| reading.events[event].trigger;
    let own_day = tellings(main).find_map(|t| time::only_day(reading, trigger(t)));
    // A press release is headed by the day it was published.
    let noted = || time::of_note(reading).filter(|day| day.earliest != reading.article.published);
    if let Some(day) = own_day.or_else(noted) {
        return Some(TimeSpan::At(day));
    }
    let headline = reading.document.sentences()[reading.document.sentence_of(trigger(main.told))].headline;
    // A day of the news is no better known for the body's sake: the headline may speak of the day after.
    let news = time::publication_window(reading.article).and_then(|window| window.earliest);
    let older = |day: &TimeBounds| news.is_none_or(|news| day.latest.is_some_and(|latest| latest < news));
    if let Some(day) = opening_day(reading, ontology, others).filter(|day| headline && older(day)) {
        return Some(TimeSpan::At(TimeBounds { basis: TimeBasis::RelativeToEvent, ..day }));
    }
    let sentence = |event: usize| reading.document.sentence_of(trigger(event));
    let own = sentence(main.told);
    // Without a day of publication nothing tells when, if not the story.
    let (reach, limit) = match reading.article.published {
        Some(published) => (2, Some(published.checked_sub(LONG_AGO.days()).ok()?)),
        None => (6, None),
    };
    let before = others
        .iter()
        .filter(|f| {
            f.told < main.told && sentence(f.told) + reach >= own && reading.events[f.told].modality.is_asserted()
        })
        .filter_map(|f| Some((f.told, bounds(f.time.as_ref()?)?)))
        .filter(|(_, b)| b.latest.is_some() && (limit.is_some() || b.precision == TimePrecision::Day))
        .max_by_key(|(told, _)| *told)?
        .1;
    let old = limit.is_none_or(|limit| before.latest.is_some_and(|latest| latest < limit));
    let next = limit.is_some() && is_of_sentence_before(reading, findings, before);
    (old || next).then(|| TimeSpan::At(TimeBounds { basis: TimeBasis::RelativeToEvent, ..before.clone() }))
}

/// Whether an exact day is that of an event told in the sentence before the main event's, which opens the body.
fn is_of_sentence_before(reading: &Reading<'_>, findings: &[Findings], day: &TimeBounds) -> bool {
    let document = reading.document;
    let sentence = |f: &Findings| document.sentence_of(reading.events[f.told].trigger);
    let body = document.sentences().iter().take_while(|s| s.headline).count();
    let own = findings.first().map(sentence);
    day.precision == TimePrecision::Day
        && own == Some(body + 1)
        && findings.iter().any(|f| sentence(f) == body && f.time.as_ref().and_then(bounds) == Some(day))
}

fn bounds(span: &TimeSpan) -> Option<&TimeBounds> {
    match span {
        TimeSpan::At(bounds) => Some(bounds),
        TimeSpan::Lasting { .. } => None,
    }
}

/// Whether a time lies before the news, or is a stretch that begins well before it.
fn is_before(news: (Date, TimePrecision), own: &TimeBounds) -> bool {
    let (first, precision) = news;
    let stretch = precision == TimePrecision::Day && own.precision >= TimePrecision::Week;
    let limit = first.checked_sub(BEFORE.days()).unwrap_or(first);
    own.latest.is_some_and(|latest| latest < first) || stretch && own.earliest.is_some_and(|e| e < limit)
}

fn tellings(found: &Findings) -> impl Iterator<Item = usize> + '_ {
    std::iter::once(found.told).chain(found.merged.iter().copied())
}

/// Whether an event is told as what another one followed: "came a day after strikes killed 26".
pub(super) fn comes_after(reading: &Reading<'_>, trigger: WordId) -> bool {
    let document = reading.document;
    let mut at = trigger;
    for _ in 0..6 {
        let Some(head) = document.head(at) else { return false };
        let marks = document.children(at).iter().copied();
        let mut marks = marks.filter(|&c| c < at && matches!(document.deprel(c), Deprel::Mark | Deprel::Case));
        if marks.any(|mark| follows_time(reading, mark)) {
            return true;
        }
        at = head;
    }
    false
}

/// Whether a conjunction or preposition says "after", and a length of time before it by how long.
fn follows_time(reading: &Reading<'_>, mark: WordId) -> bool {
    let timed = |t: &&super::reading::Timex| {
        let inside = t.words.contains(&mark) && t.words.end == mark + 1;
        let before = t.words.end == mark;
        (inside || before)
            && (t.relation == TimexRelation::Duration || t.from_event.is_some() || t.bounds.earliest.is_none())
    };
    is_after(reading.document, mark) && reading.times_beside(mark).iter().any(|t| timed(&t))
}

fn is_after(document: &Document, mark: WordId) -> bool {
    document.lemma(mark) == "after"
}

/// What is told in the sentence after a background event without a day of its own, and points back to it ("that attack
/// killed hundreds"), is background too.
fn inherit(reading: &Reading<'_>, main_sentence: usize, others: &mut [Findings]) {
    let document = reading.document;
    let sentence_of = |found: &Findings| document.sentence_of(reading.events[found.told].trigger);
    let mut news: BTreeSet<usize> = BTreeSet::from([main_sentence]);
    let mut earlier: BTreeSet<usize> = BTreeSet::new();
    for found in others.iter() {
        if found.background { &mut earlier } else { &mut news }.insert(sentence_of(found));
    }
    let mut order: Vec<usize> = (0..others.len()).collect();
    order.sort_by_key(|&i| others[i].told);
    for index in order {
        let found = &others[index];
        let sentence = sentence_of(found);
        let after = sentence > 0 && earlier.contains(&(sentence - 1));
        if found.background || found.time.is_some() || !found.merged.is_empty() || !after {
            continue;
        }
        let words = document.sentences()[sentence].words.clone();
        let dated = reading.times[reading.times_in(&words)].iter().any(|t| t.bounds.earliest.is_some());
        let points_back = words.clone().any(|w| {
            document.feat(w, "PronType") == Some("Dem") && document.deprel(w) == Deprel::Det
                || document.feat(w, "PronType") == Some("Prs") && document.deprel(w) == Deprel::Nsubj
        });
        if !dated && points_back {
            others[index].background = true;
            earlier.insert(sentence);
        }
    }
}
