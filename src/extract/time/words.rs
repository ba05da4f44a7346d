//! The words of time expressions, compiled from the lexicon (`bg:TimeWord`).

use crate::language::pieces::{Phrases, Piece};
use crate::lexicon::entries::{Entries, Entry};
use std::collections::BTreeSet;

/// What a word does in a time expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeWord {
    Month(i8),
    Weekday(i8),
    Season(i8),
    /// A unit by the days it spans; 0 for less than a day.
    Unit(i32),
    Weekend,
    /// Days after the day of speaking.
    Day(i32),
    Overnight,
    DayPart,
    NamedDay(i8, i8),
    Last,
    Previous,
    Next,
    Following,
    This,
    Same,
    Recent,
    Ago,
    Later,
    Earlier,
    Every,
    Early,
    Mid,
    Late,
    First,
    Final,
    At,
    Within,
    Since,
    Until,
    Before,
    By,
    After,
    From,
    Between,
    For,
}

/// The time words of the lexicon.
#[derive(Clone, Debug, Default)]
pub struct TimeWords {
    phrases: Phrases<TimeWord>,
    planning: BTreeSet<Box<str>>,
    future: BTreeSet<Box<str>>,
}

impl TimeWords {
    /// Compiles the entries of the lexicon.
    pub fn new(entries: &Entries) -> Self {
        let list = |kind: &str| {
            let of_kind = entries.of("TimeWord").filter(|e| e.one("wordKind") == Some(kind));
            of_kind.flat_map(|e| e.all("word").map(Into::into)).collect()
        };
        Self {
            phrases: Phrases::new(
                entries
                    .of("TimeWord")
                    .filter_map(|entry| Some((entry, word(entry)?)))
                    .flat_map(|(entry, word)| entry.all("word").map(move |form| (form, word))),
            ),
            planning: list("planning"),
            future: list("future"),
        }
    }

    /// The first meaning of a phrase at `at` that `pick` takes, and the piece behind it.
    pub(super) fn find<R>(
        &self,
        pieces: &[Piece],
        at: usize,
        pick: impl Fn(TimeWord) -> Option<R>,
    ) -> Option<(R, usize)> {
        self.phrases.all(pieces, at).find_map(|(word, end)| Some((pick(word)?, end)))
    }

    /// Where a phrase of exactly this meaning at `at` ends.
    pub(super) fn word(&self, pieces: &[Piece], at: usize, wanted: TimeWord) -> Option<usize> {
        self.find(pieces, at, |word| (word == wanted).then_some(())).map(|((), end)| end)
    }

    /// Whether an infinitive under this lemma lies in the future.
    pub(super) fn is_planning(&self, lemma: &str) -> bool {
        self.planning.contains(lemma)
    }

    /// Whether an auxiliary puts its verb into the future.
    pub(super) fn is_future(&self, form: &str) -> bool {
        self.future.contains(form)
    }
}

fn word(entry: &Entry) -> Option<TimeWord> {
    Some(match entry.one("wordKind")? {
        "month" => TimeWord::Month(entry.number("number")?),
        "weekday" => TimeWord::Weekday(entry.number("number")?),
        "season" => TimeWord::Season(entry.number("number")?),
        "unit" => TimeWord::Unit(entry.number("number")?),
        "weekend" => TimeWord::Weekend,
        "day" => TimeWord::Day(entry.number("number")?),
        "overnight" => TimeWord::Overnight,
        "day part" => TimeWord::DayPart,
        "named day" => TimeWord::NamedDay(entry.number("number")?, entry.number("dayOfMonth")?),
        "last" => TimeWord::Last,
        "previous" => TimeWord::Previous,
        "next" => TimeWord::Next,
        "following" => TimeWord::Following,
        "this" => TimeWord::This,
        "same" => TimeWord::Same,
        "recent" => TimeWord::Recent,
        "ago" => TimeWord::Ago,
        "later" => TimeWord::Later,
        "earlier" => TimeWord::Earlier,
        "every" => TimeWord::Every,
        "early" => TimeWord::Early,
        "mid" => TimeWord::Mid,
        "late" => TimeWord::Late,
        "first" => TimeWord::First,
        "final" => TimeWord::Final,
        "at" => TimeWord::At,
        "within" => TimeWord::Within,
        "since" => TimeWord::Since,
        "until" => TimeWord::Until,
        "before" => TimeWord::Before,
        "by" => TimeWord::By,
        "after" => TimeWord::After,
        "from" => TimeWord::From,
        "between" => TimeWord::Between,
        "for" => TimeWord::For,
        _ => return None,
    })
}
