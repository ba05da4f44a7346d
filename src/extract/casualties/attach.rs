//! What ties a toll to the rest of the article: its side, its event, its victims' class, whether it is cumulative.

use super::Toll;
use super::words::{CasualtyWords, Lowered};
use crate::extract::reading::{Reading, Timex, TimexRelation, Told};
use crate::extract::time;
use crate::facts::{EntityKind, Outcome, TimeBounds, TimePrecision, TimeSpan, VictimClass};
use crate::language::{Deprel, Document, Upos, WordId};
use jiff::ToSpan;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

/// How many events before and behind a toll's sentence may be the one it belongs to.
const REACH: usize = 32;

/// The days before publication that news is about.
const NEWS: i64 = 7;

/// A figure so large that it sums up a conflict: no single incident of the recent ones that event data sets list comes near.
const BEYOND_ONE_EVENT: u32 = 10_000;

/// Finds the side of the victims: an organisation or a state named inside their phrase ("12 ISIS militants", "soldiers of
/// the LNA", "its fighters"), else the entity that the phrase itself speaks of.
pub(super) fn sides(reading: &Reading<'_>, tolls: &mut [Toll]) {
    let document = reading.document;
    for toll in tolls {
        let inside = |w: WordId| {
            let mention = reading.mention_at.get(w).copied().flatten()?;
            matches!(reading.mentions[mention].kind, EntityKind::Organization | EntityKind::Nationality)
                .then_some(mention)
        };
        let named = toll.words.clone().filter(|&w| w != toll.head).find_map(inside);
        let of = || {
            document.children_by(toll.head, Deprel::Nmod).find_map(|modifier| {
                let of =
                    document.children_by(modifier, Deprel::Case).any(|c| matches!(document.lemma(c), "of" | "from"));
                if of { inside(modifier) } else { None }
            })
        };
        toll.side = named.or_else(of).or_else(|| {
            let mention = reading.mention_at.get(toll.head).copied().flatten()?;
            let group = reading.mentions[mention].kind == EntityKind::Organization;
            (toll.victims == VictimClass::Combatant && group).then_some(mention)
        });
    }
}

/// Marks the tolls of one sentence, from index `from` on, that sum up more than one event: since some time ago, over
/// months, in a war as a whole.
pub(super) fn mark_cumulative(
    reading: &Reading<'_>,
    text: &Lowered<'_>,
    words: &CasualtyWords,
    sentence: &Range<WordId>,
    tolls: &mut [Toll],
    from: usize,
) {
    let document = reading.document;
    for slot in &mut tolls[from..] {
        let toll = &*slot;
        let long_time = reading.times[reading.times_in(sentence)].iter().any(|time| {
            let within = time.words.end <= sentence.end;
            within
                && same_clause(document, toll, time.words.start)
                && match time.relation {
                    TimexRelation::Since => {
                        time.bounds.precision > TimePrecision::Day || is_perfect(document, toll.trigger)
                    }
                    // "has killed 300 people this year"
                    TimexRelation::At => {
                        time.bounds.precision >= TimePrecision::Week && is_perfect(document, toll.trigger)
                    }
                    TimexRelation::Duration => is_perfect(document, toll.trigger),
                    _ => false,
                }
        });
        // "Since January, 19 members of the forces have been killed", "In all, since May, the army claims to have killed 80".
        let opening = reading.times[reading.times_in(sentence)].iter().any(|time| {
            time.relation == TimexRelation::Since
                && time.words.start < first_words(sentence, 8)
                && time.words.end <= toll.words.start.min(toll.trigger)
                && is_perfect(document, toll.trigger)
        });
        let start = sentence.start..first_words(sentence, 8);
        let opening = opening
            || start.clone().any(|w| text.is_any(w, &["since"]) && document.deprel(w) == Deprel::Case)
                && is_perfect(document, toll.trigger);
        let summed = words.sums_up(text, sentence);
        let since = sentence.clone().any(|w| text.is_any(w, &["since"]) && same_clause(document, toll, w));
        let is_war = |w: WordId| words.is_war(text, w) && matches!(document.upos(w), Upos::Noun | Upos::Propn);
        let war = sentence.clone().any(|w| is_war(w) && governs(document, toll, w))
            || of_war(document, toll.trigger, &is_war);
        // "has bombed the province for weeks, killing scores": a vague figure in the perfect sums up.
        let summary = toll.vague && perfect_above(document, toll.trigger);
        slot.cumulative = long_time || opening || summed || since || war || summary || toll.min >= BEYOND_ONE_EVENT;
    }
    for index in from..tolls.len() {
        if let Some(whole) = tolls[index].part_of {
            tolls[index].cumulative |= tolls[whole].cumulative;
        }
    }
}

/// The end of the first `count` words of a sentence.
fn first_words(sentence: &Range<WordId>, count: usize) -> WordId {
    sentence.end.min(sentence.start + count)
}

/// Marks the tolls of what happened longer ago than the news of the article: their clause, or the noun that it modifies,
/// is dated more than [`NEWS`] days before publication.
pub(super) fn mark_past(reading: &Reading<'_>, tolls: &mut [Toll]) {
    let limit = reading.article.published.and_then(|day| day.checked_sub(NEWS.days()).ok());
    for toll in tolls {
        let when =
            time::of_event(reading, toll.trigger, false, None).or_else(|| nearby(reading, toll).map(TimeSpan::At));
        let Some(TimeSpan::At(when)) = when else { continue };
        toll.past = match (when.latest, limit) {
            (Some(latest), Some(limit)) => latest < limit,
            // Without a day of publication only what is dated by the month or more coarsely is surely no news.
            (None, None) => {
                matches!(when.precision, TimePrecision::Month | TimePrecision::Season | TimePrecision::Year)
            }
            _ => false,
        };
        toll.when = Some(when);
    }
}

/// The day that stands near a toll, whatever the tree made of it: at the opening of the sentence ("In early April a monitor
/// said 88 civilians were killed"), or within a few words, no other word of harm between.
fn nearby(reading: &Reading<'_>, toll: &Toll) -> Option<TimeBounds> {
    let sentence = &reading.document.sentences()[reading.document.sentence_of(toll.trigger)];
    let (first, last) = (toll.words.start.min(toll.trigger), toll.words.end.max(toll.trigger + 1));
    let near = |t: &&Timex| {
        let opens = t.words.start >= sentence.words.start && t.words.end <= sentence.words.start + 5;
        let gap = if t.words.start >= last { t.words.start - last } else { first.saturating_sub(t.words.end) };
        let within = gap <= 12 && same_clause(reading.document, toll, t.words.start);
        t.relation == TimexRelation::At
            && t.bounds.precision < TimePrecision::Longer
            && (opens && t.words.start < first || within)
    };
    let mut found: Vec<&Timex> = reading.times_beside(toll.trigger).iter().filter(near).collect();
    found.sort_by_key(|t| std::cmp::Reverse(t.bounds.latest));
    found.first().map(|t| t.bounds.clone())
}

/// Whether the predicate of a toll, or one above it, has a war as its subject or modifies one ("the war that has killed").
fn of_war(document: &Document, cue: WordId, is_war: &impl Fn(WordId) -> bool) -> bool {
    let mut word = cue;
    for _ in 0..4 {
        if document.children(word).iter().any(|&c| document.deprel(c) == Deprel::Nsubj && is_war(c)) {
            return true;
        }
        let Some(head) = document.head(word) else { return false };
        match document.deprel(word) {
            Deprel::AclRelcl | Deprel::Acl => return is_war(head),
            Deprel::Xcomp | Deprel::Conj | Deprel::Obj | Deprel::Advcl | Deprel::Obl | Deprel::Amod | Deprel::Nmod => {
                word = head;
            }
            _ => return false,
        }
    }
    false
}

/// Whether no other predicate stands between a toll and a word of its sentence.
fn same_clause(document: &Document, toll: &Toll, word: WordId) -> bool {
    let first = toll.words.start.min(toll.trigger);
    let last = toll.words.end.max(toll.trigger + 1);
    let between = if word >= last { last..word } else { word + 1..first.max(word + 1) };
    !between
        .clone()
        .any(|w| document.upos(w) == Upos::Verb && !matches!(document.deprel(w), Deprel::Amod | Deprel::Compound))
}

/// Whether a verb stands in the present perfect.
fn is_perfect(document: &Document, verb: WordId) -> bool {
    document.children(verb).iter().any(|&c| document.deprel(c) == Deprel::Aux && document.lemma(c) == "have")
}

/// Whether the clause of a cue, or the one it hangs on, stands in the present perfect.
fn perfect_above(document: &Document, cue: WordId) -> bool {
    let mut word = cue;
    for _ in 0..3 {
        let have = |c: WordId| matches!(document.form(c), "has" | "have" | "Has" | "Have");
        if document.children(word).iter().any(|&c| document.deprel(c) == Deprel::Aux && have(c)) {
            return true;
        }
        let above =
            matches!(document.deprel(word), Deprel::Advcl | Deprel::Conj | Deprel::Xcomp | Deprel::Acl | Deprel::Obj);
        let Some(head) = document.head(word).filter(|_| above) else { return false };
        word = head;
    }
    false
}

/// Whether the noun is the subject of the toll's cue or hangs on it, or on the people counted, by a preposition.
fn governs(document: &Document, toll: &Toll, noun: WordId) -> bool {
    document.head(noun).is_some_and(|head| head == toll.trigger || head == toll.head)
        && matches!(document.deprel(noun), Deprel::Nsubj | Deprel::Obl | Deprel::Nmod | Deprel::OblAgent)
}

/// Lets tolls of one number share what is known of their victims, and presumes the rest from the circumstances.
///
/// The same number with the same outcome, once of "civilians" and once bare ("12 killed"), speaks of the same people. People
/// of whom nothing is said are presumed civilians, as event data sets do, unless the sentence tells of fighting or of a
/// military target; the presumption is marked.
pub(super) fn share_classes(text: &Lowered<'_>, words: &CasualtyWords, tolls: &mut [Toll]) {
    let number = |t: &Toll| (t.outcome, t.min, t.max, t.part_of.is_none());
    let mut known: BTreeMap<_, VictimClass> = BTreeMap::new();
    for toll in tolls.iter().filter(|t| t.victims != VictimClass::Unknown && t.min > 2) {
        known.entry(number(toll)).or_insert(toll.victims);
    }
    for toll in tolls.iter_mut().filter(|t| t.victims == VictimClass::Unknown) {
        toll.victims = known.get(&number(toll)).copied().unwrap_or(VictimClass::Unknown);
    }
    // "killed 28 and wounded 30 militants": those counted twice in one breath are the same sort of people.
    for index in 1..tolls.len() {
        let (before, this) = (&tolls[index - 1], &tolls[index]);
        let breath = this.trigger >= before.words.end
            && this.trigger <= before.words.end + 2
            && this.words.start > this.trigger
            && before.words == before.wording;
        if breath && before.victims == VictimClass::Unknown && before.outcome != this.outcome {
            let class = this.victims;
            tolls[index - 1].victims = class;
        }
    }
    for toll in tolls.iter_mut() {
        if toll.victims != VictimClass::Unknown
            || !matches!(toll.outcome, Outcome::Killed | Outcome::Injured | Outcome::Harmed)
        {
            continue;
        }
        let sentence = &text.document.sentences()[text.document.sentence_of(toll.trigger)];
        let has = |test: &dyn Fn(WordId) -> bool| sentence.words.clone().any(test);
        // "fired on demonstrators, killing three"; not "three were killed, residents said".
        let civilians = |w: WordId| {
            words.victims(text, w, w) == Some(VictimClass::Civilian)
                && matches!(text.document.upos(w), Upos::Noun)
                && text.document.deprel(w) != Deprel::Nsubj
        };
        let crowd = has(&|w| words.is_crowd(text, w)) || has(&civilians);
        // "rebel-held parts", "troops killed three": where it was and who did it say nothing of the victims.
        let fighting = has(&|w| {
            words.is_battle(text, w)
                && !text.document.words().get(w + 1).is_some_and(|_| text.is_any(w + 1, &["-", "–"]))
                && text.document.deprel(w) != Deprel::Nsubj
        });
        if crowd || !fighting {
            toll.victims = VictimClass::Civilian;
            toll.presumed = true;
        }
    }
}

/// Takes out combatants who fled: they withdrew and are no displaced people. Parts keep pointing to their wholes.
pub(super) fn drop_fleeing(tolls: &mut Vec<Toll>) {
    let fled = |t: &Toll| t.outcome == Outcome::Displaced && t.victims == VictimClass::Combatant;
    let mut kept = 0;
    let new_index: Vec<Option<usize>> = tolls
        .iter()
        .map(|toll| {
            let index = (!fled(toll)).then_some(kept);
            kept += usize::from(index.is_some());
            index
        })
        .collect();
    tolls.retain(|toll| !fled(toll));
    for toll in tolls.iter_mut() {
        toll.part_of = toll.part_of.and_then(|whole| new_index[whole]);
    }
}

/// Ties each toll to the event it belongs to, among the events for which `is_violent` holds; what is told as a fact, as
/// `is_fact` says of a toll's trigger, is no toll of an event that is only planned or feared.
///
/// In this order: the event that causes it (the subject "air strikes" of "killed", "in a bombing", the verb that "killing 12"
/// modifies, the noun whose relative clause tells the toll), the event of its own cue, the nearest in its sentence, the last
/// one told before it.
pub fn attach(
    reading: &Reading<'_>,
    tolls: &mut [Toll],
    is_violent: impl Fn(&Told) -> bool,
    is_fact: impl Fn(WordId) -> bool,
) {
    let document = reading.document;
    let mut at_word: Vec<Option<usize>> = vec![None; document.words().len()];
    for (index, told) in reading.events.iter().enumerate() {
        for &word in told.trigger_words.iter().chain([&told.trigger]) {
            if at_word[word].is_none() || word == told.trigger {
                at_word[word] = Some(index);
            }
        }
    }
    let told_times: Vec<OnceCell<Option<TimeSpan>>> = vec![OnceCell::new(); reading.events.len()];
    // What may be the event of a toll elsewhere in the text, by outcome: most events are none.
    let mut elsewhere: BTreeMap<Outcome, Vec<usize>> = BTreeMap::new();
    for index in 0..tolls.len() {
        if let Some(whole) = tolls[index].part_of {
            tolls[index].event = tolls[whole].event;
            continue;
        }
        let toll = &tolls[index];
        let fact = is_fact(toll.trigger);
        let fits = |e: usize| {
            let told = &reading.events[e];
            // Who is arrested or driven out is the toll of what did it, violent or not.
            let kindred = told.outcome.as_deref().is_some_and(|o| super::outcome_of(o) == Some(toll.outcome));
            (is_violent(told) || kindred) && (!fact || told.modality.is_asserted())
        };
        let event_at = |word: WordId| at_word[word].filter(|&e| fits(e));
        let sentence = &document.sentences()[document.sentence_of(toll.trigger)];
        let own = event_at(toll.trigger);
        let inside = reading.events_in(&sentence.words);
        // Who was arrested during an operation was arrested; who was killed in one is its toll.
        let harmed = matches!(toll.outcome, Outcome::Killed | Outcome::Injured | Outcome::Harmed);
        let own_first = own.filter(|_| !harmed);
        let event = own_first
            .or_else(|| cause(document, toll, &event_at))
            .or(own)
            .or_else(|| {
                let distance = |e: &usize| reading.events[*e].trigger.abs_diff(toll.trigger);
                inside.clone().filter(|&e| fits(e)).min_by_key(distance)
            })
            .or_else(|| {
                let asserted = |e: &usize| reading.events[*e].modality.is_asserted() && fits(*e);
                let candidates = elsewhere
                    .entry(toll.outcome)
                    .or_insert_with(|| (0..reading.events.len()).filter(asserted).collect());
                let of_day = |e: &usize| {
                    let time = || time::of_event(reading, reading.events[*e].trigger, false, None);
                    toll.when.is_none() || !is_other_day(toll, told_times[*e].get_or_init(time).as_ref())
                };
                let (before, behind) = candidates.split_at(candidates.partition_point(|&e| e < inside.start));
                let nearest = before.iter().rev().take(REACH).copied().find(of_day);
                nearest.or_else(|| behind.iter().take(REACH).copied().find(of_day))
            });
        tolls[index].event = event;
    }
}

/// Whether a toll and an event are both dated, and not alike.
fn is_other_day(toll: &Toll, told: Option<&TimeSpan>) -> bool {
    let Some((first, last)) = toll.when.as_ref().and_then(|w| Some((w.earliest?, w.latest?))) else { return false };
    match told {
        Some(TimeSpan::At(at)) => at.latest.is_some_and(|l| l < first) || at.earliest.is_some_and(|e| last < e),
        _ => false,
    }
}

/// The event that the text names as the cause of a toll.
fn cause(document: &Document, toll: &Toll, event_at: &impl Fn(WordId) -> Option<usize>) -> Option<usize> {
    let cue = toll.trigger;
    let argument = |verb: WordId| {
        document.children(verb).iter().copied().find_map(|child| match document.deprel(child) {
            Deprel::Nsubj | Deprel::Obl | Deprel::OblAgent | Deprel::Nmod if child != toll.head => {
                in_phrase(document, child, event_at)
            }
            _ => None,
        })
    };
    // Its own arguments; for a state ("left 12 dead") or a count those of the verb above it.
    let mut word = cue;
    for _ in 0..3 {
        if let Some(event) = argument(word) {
            return Some(event);
        }
        let head = document.head(word)?;
        match document.deprel(word) {
            // "bombed the town, killing 12": the clause above is the cause, or its subject is.
            Deprel::Advcl => return event_at(head).or_else(|| argument(head)),
            // "an explosion that killed 12", "a blast killing 12"
            Deprel::AclRelcl | Deprel::Acl if head != toll.head => return in_phrase(document, head, event_at),
            Deprel::Conj => {
                if let Some(event) = event_at(head).filter(|_| word == cue) {
                    return Some(event);
                }
            }
            Deprel::Xcomp | Deprel::Obj | Deprel::Nsubj | Deprel::NsubjPass | Deprel::Ccomp => {}
            _ => return None,
        }
        word = head;
    }
    None
}

/// An event told by a noun phrase: by its head, or by a noun it is made of ("a series of air strikes").
fn in_phrase(document: &Document, head: WordId, event_at: &impl Fn(WordId) -> Option<usize>) -> Option<usize> {
    event_at(head).or_else(|| {
        document.children(head).iter().copied().find_map(|child| {
            matches!(document.deprel(child), Deprel::Nmod | Deprel::Compound | Deprel::Conj | Deprel::Appos)
                .then(|| event_at(child))?
        })
    })
}
