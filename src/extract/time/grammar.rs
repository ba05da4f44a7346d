//! The grammar of time expressions: from words to what they mean, not yet resolved against a calendar.

use super::words::{TimeWord, TimeWords};
use crate::language::numbers::NumberWords;
use crate::language::pieces::Piece;

/// Which part of a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Early,
    Mid,
    Late,
}

/// How an expression is placed from the day of speaking, or from another event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shift {
    None,
    Last,
    This,
    Next,
    Recent,
    /// "August last year".
    OfLastYear,
}

/// What a time expression means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Expression {
    /// One day of a month, or several in a row.
    Days {
        year: Option<i16>,
        month: i8,
        first: i8,
        last_month: i8,
        last: i8,
    },
    Month {
        year: Option<i16>,
        month: i8,
        shift: Shift,
        part: Part,
    },
    Years {
        first: i16,
        last: i16,
        part: Part,
    },
    Season {
        month: i8,
        year: Option<i16>,
        shift: Shift,
        part: Part,
    },
    Weekday {
        day: i8,
        shift: Shift,
    },
    Weekend {
        shift: Shift,
    },
    /// Days from the day of speaking.
    Offset {
        first: i32,
        last: i32,
    },
    /// "last week", "the past two months", "this year".
    Unit {
        shift: Shift,
        least: i32,
        most: i32,
        unit: i32,
        part: Part,
    },
    /// "two days ago".
    Ago {
        least: i32,
        most: i32,
        unit: i32,
    },
    /// Days from another event: "two days later", "the same day".
    FromEvent {
        first: i32,
        last: i32,
    },
    /// A length of time or a frequency.
    Duration,
    /// A part of a day and the like: a time, but no day.
    DayPart,
}

/// How deep expressions stand in one another at most: "the end of the first week of early May" is three.
const DEPTH: u8 = 3;

/// Reads expressions from the pieces of a sentence.
pub(super) struct Grammar<'a> {
    pub(super) pieces: &'a [Piece],
    pub(super) words: &'a TimeWords,
    pub(super) numbers: &'a NumberWords,
}

impl Grammar<'_> {
    /// The expression that begins at piece `at` and the piece behind it.
    pub(super) fn expression(&self, at: usize) -> Option<(Expression, usize)> {
        self.nested(at, DEPTH)
    }

    /// The same, with so many expressions inside one another at most, so that "early early early …" takes no time and no stack.
    fn nested(&self, at: usize, depth: u8) -> Option<(Expression, usize)> {
        let inner = |at: usize| depth.checked_sub(1).and_then(|depth| self.nested(at, depth));
        let mut next = at;
        if self.is(next, "the") {
            next += 1;
        }
        // "the first two weeks of July", "the last days of 2015"
        if let Some((part, after)) = self.words.find(self.pieces, next, |w| match w {
            TimeWord::First => Some(Part::Early),
            TimeWord::Final | TimeWord::Last => Some(Part::Late),
            _ => None,
        }) && let Some(of) = self.units(after).map(|(_, _, _, end)| end)
            && self.is(of, "of")
            && let Some((whole, end)) = inner(of + 1)
            && let Some(expression) = with_part(whole, part)
        {
            return Some((expression, end));
        }
        // "early Saturday", "the end of 2015", "mid-May"
        if let Some((part, after)) =
            self.words.find(self.pieces, at, part).or_else(|| self.words.find(self.pieces, next, part))
        {
            let after =
                if self.is(after, "-") || self.is(after, "on") || self.is(after, "in") { after + 1 } else { after };
            if let Some((whole, end)) = inner(after)
                && let Some(expression) = with_part(whole, part)
            {
                return Some((expression, end));
            }
        }
        // "the morning of 12 July", "the night on Friday"
        if let Some(after) = self.words.word(self.pieces, next, TimeWord::DayPart) {
            if (self.is(after, "of") || self.is(after, "on"))
                && let Some((day, end)) = inner(after + 1)
                && !matches!(day, Expression::Duration | Expression::DayPart)
            {
                return Some((day, end));
            }
            return (next > at).then_some((Expression::DayPart, after));
        }
        self.date(next, next > at)
            .or_else(|| {
                self.words.find(self.pieces, next, |w| match w {
                    TimeWord::Day(n) => Some(Expression::Offset { first: n, last: n }),
                    TimeWord::Overnight => Some(Expression::Offset { first: -1, last: 0 }),
                    TimeWord::NamedDay(month, day) => {
                        Some(Expression::Days { year: None, month, first: day, last_month: month, last: day })
                    }
                    _ => None,
                })
            })
            .or_else(|| self.shifted(next))
            .or_else(|| self.counted(next))
            .or_else(|| self.season(next, next > at))
            .or_else(|| {
                let after = self.words.word(self.pieces, next, TimeWord::Every)?;
                let (.., end) = self.units(after).or_else(|| {
                    self.words
                        .find(self.pieces, after, |w| {
                            matches!(w, TimeWord::Weekday(_) | TimeWord::DayPart).then_some(())
                        })
                        .map(|((), end)| (0, 0, 0, end))
                })?;
                Some((Expression::Duration, end))
            })
            .map(|(expression, end)| (expression, self.day_part_behind(end)))
    }

    /// "Friday morning", "yesterday evening" end behind the part of the day.
    fn day_part_behind(&self, end: usize) -> usize {
        self.words.word(self.pieces, end, TimeWord::DayPart).unwrap_or(end)
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.pieces.get(at).is_some_and(|p| p.lower == word)
    }

    fn capital(&self, at: usize) -> bool {
        self.pieces.get(at).is_some_and(|p| p.capital)
    }

    fn year(&self, at: usize) -> Option<i16> {
        let piece = self.pieces.get(at)?;
        let digits = piece.lower.len() == 4 && piece.lower.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| piece.lower.parse().ok()).flatten().filter(|y| (1900..=2100).contains(y))
    }

    fn day(&self, at: usize) -> Option<i8> {
        let piece = self.pieces.get(at)?;
        let digits = piece
            .lower
            .strip_suffix("st")
            .or_else(|| piece.lower.strip_suffix("nd"))
            .or_else(|| piece.lower.strip_suffix("rd"))
            .or_else(|| piece.lower.strip_suffix("th"))
            .unwrap_or(&piece.lower);
        (digits.len() <= 2).then(|| digits.parse().ok()).flatten().filter(|d| (1..=31).contains(d))
    }

    /// A month's name, a point of abbreviation included. "May" and "March" need a neighbour that tells them from verbs.
    fn month(&self, at: usize) -> Option<(i8, usize)> {
        let (month, end) =
            self.words.find(self.pieces, at, |w| if let TimeWord::Month(m) = w { Some(m) } else { None })?;
        if !self.capital(at) {
            return None;
        }
        let before = at.checked_sub(1).map_or("", |b| self.pieces[b].lower.as_str());
        let ambiguous = matches!(self.pieces[at].lower.as_str(), "may" | "march" | "mar" | "sep" | "dec" | "jan");
        let supported = self.day(end).is_some()
            || self.year(end).is_some()
            || self.is(end, ".")
            || matches!(
                before,
                "in" | "on"
                    | "since"
                    | "last"
                    | "next"
                    | "this"
                    | "of"
                    | "by"
                    | "until"
                    | "till"
                    | "before"
                    | "after"
                    | "early"
                    | "late"
                    | "mid"
                    | "-"
                    | "from"
                    | "to"
                    | "and"
                    | "during"
                    | "between"
                    | "through"
                    | "past"
                    | "previous"
            )
            || at > 0 && self.day(at - 1).is_some();
        if ambiguous && !supported {
            return None;
        }
        let name = self.pieces[at].lower.as_str();
        let abbreviated =
            (name.len() == 3 && name != "may" || name == "sept") && self.is(end, ".") && !self.capital(end + 1);
        Some((month, if abbreviated { end + 1 } else { end }))
    }

    fn weekday(&self, at: usize) -> Option<(i8, usize)> {
        let (day, end) =
            self.words.find(self.pieces, at, |w| if let TimeWord::Weekday(d) = w { Some(d) } else { None })?;
        let short = self.pieces[at].lower.len() <= 3;
        let end = if short && self.is(end, ".") { end + 1 } else { end };
        self.capital(at).then_some((day, end))
    }

    /// Dates with numbers, months, weekdays and years.
    fn date(&self, at: usize, determined: bool) -> Option<(Expression, usize)> {
        if let Some((day, end)) = self.weekday(at) {
            let end = self.day_part_behind(end);
            // "Monday, the 3rd of May", "Saturday, on 3 May"
            let mut behind = end;
            while behind < end + 3 && (self.is(behind, ",") || self.is(behind, "the") || self.is(behind, "on")) {
                behind += 1;
            }
            if let Some((date @ Expression::Days { .. }, end)) = self.calendar_date(behind, false) {
                return Some((date, end));
            }
            let shift = if self.is(end, "last") {
                Shift::Last
            } else if self.is(end, "next") {
                Shift::Next
            } else {
                Shift::None
            };
            let end = if shift == Shift::None || self.unit(end + 1).is_some() { end } else { end + 1 };
            return Some((
                Expression::Weekday {
                    day,
                    shift: if shift != Shift::None && self.unit(end + 1).is_some() { Shift::None } else { shift },
                },
                end,
            ));
        }
        self.calendar_date(at, determined)
    }

    /// Dates with numbers, months and years.
    fn calendar_date(&self, at: usize, determined: bool) -> Option<(Expression, usize)> {
        if let Some((month, end)) = self.month(at) {
            return Some(self.after_month(month, end));
        }
        self.numeric_date(at).or_else(|| self.day_first(at)).or_else(|| self.bare_year(at, determined))
    }

    /// What follows a month's name: "12", "12, 2017", "15-24", "2017".
    fn after_month(&self, month: i8, end: usize) -> (Expression, usize) {
        let with_year = |at: usize| {
            let at = if self.is(at, ",") { at + 1 } else { at };
            self.year(at).map(|y| (y, at + 1))
        };
        let Some(first) = self.day(end).filter(|_| !self.counts_people(end)) else {
            let of = if self.is(end, "of") { end + 1 } else { end };
            if self.words.word(self.pieces, of, TimeWord::Last).is_some()
                && let Some((365, behind)) = self.unit(of + 1)
            {
                return (Expression::Month { year: None, month, shift: Shift::OfLastYear, part: Part::Whole }, behind);
            }
            let (year, end) = with_year(of).map_or((None, end), |(y, e)| (Some(y), e));
            return (Expression::Month { year, month, shift: Shift::None, part: Part::Whole }, end);
        };
        let mut last = (month, first);
        let mut end = end + 1;
        if self.is(end, "-") || self.is(end, "–") || self.is(end, "to") || self.is(end, "and") {
            if let Some(day) = self.day(end + 1).filter(|&d| d > first && !self.counts_people(end + 1)) {
                last = (month, day);
                end += 2;
            } else if let Some((later, after)) = self.month(end + 1).filter(|(m, _)| *m >= month)
                && let Some(day) = self.day(after)
            {
                last = (later, day);
                end = after + 1;
            }
        }
        let (year, end) = with_year(end).map_or((None, end), |(y, e)| (Some(y), e));
        (Expression::Days { year, month, first, last_month: last.0, last: last.1 }, end)
    }

    /// Whether a number is followed by what it counts, so that it is no day: "In March 12 people died".
    fn counts_people(&self, at: usize) -> bool {
        let piece = &self.pieces[at];
        piece.digits.is_some()
            && self.pieces.get(at + 1).is_some_and(|next| {
                next.lower.len() > 3
                    && next.lower.ends_with('s')
                    && !next.capital
                    && next.lower.chars().all(char::is_alphabetic)
                    || next.lower == "people"
            })
            && self.year(at + 1).is_none()
    }

    /// "2017-07-12", "12/07/2017" where only one reading is a date.
    fn numeric_date(&self, at: usize) -> Option<(Expression, usize)> {
        let sign = self.pieces.get(at + 1)?.lower.as_str();
        if !matches!(sign, "-" | "/" | ".") || !self.is(at + 3, sign) {
            return None;
        }
        let number = |i: usize| self.pieces.get(i)?.lower.parse::<i8>().ok();
        let (year, month, day) = match (self.year(at), self.year(at + 4)) {
            (Some(year), _) => (year, number(at + 2)?, number(at + 4)?),
            (None, Some(year)) => {
                let (first, second) = (number(at)?, number(at + 2)?);
                match (first > 12, second > 12) {
                    (true, false) => (year, second, first),
                    (false, true) => (year, first, second),
                    _ if first == second => (year, first, second),
                    // Day and month cannot be told apart.
                    _ => return Some((Expression::Years { first: year, last: year, part: Part::Whole }, at + 5)),
                }
            }
            _ => return None,
        };
        ((1..=12).contains(&month) && (1..=31).contains(&day))
            .then_some((Expression::Days { year: Some(year), month, first: day, last_month: month, last: day }, at + 5))
    }

    /// "12 July 2017", "11-13 Dec", "the 12th of July".
    fn day_first(&self, at: usize) -> Option<(Expression, usize)> {
        let first = self.day(at)?;
        let mut end = at + 1;
        let mut last = first;
        if (self.is(end, "-") || self.is(end, "–") || self.is(end, "to") || self.is(end, "and"))
            && let Some(day) = self.day(end + 1).filter(|&d| d > first)
        {
            last = day;
            end += 2;
        }
        // "the 12th of July", "02-Aug-2023"
        let joined = self.is(end, "-") || self.is(end, "/");
        let of = if self.is(end, "of") || joined { end + 1 } else { end };
        let (month, end) = self.month(of)?;
        let behind =
            if self.is(end, ",") || joined && (self.is(end, "-") || self.is(end, "/")) { end + 1 } else { end };
        let (year, end) = self.year(behind).map_or((None, end), |y| (Some(y), behind + 1));
        Some((Expression::Days { year, month, first, last_month: month, last }, end))
    }

    /// A year, or a range of years, where its neighbour says that it is one.
    fn bare_year(&self, at: usize, determined: bool) -> Option<(Expression, usize)> {
        let first = self.year(at)?;
        let before = at.checked_sub(1 + usize::from(determined));
        let supported = before.is_some_and(|b| {
            let piece = &self.pieces[b];
            matches!(piece.lower.as_str(), "(" | "-" | "year")
                || (b.saturating_sub(3)..=b).any(|from| {
                    self.words
                        .find(self.pieces, from, |w| {
                            matches!(
                                w,
                                TimeWord::At
                                    | TimeWord::Since
                                    | TimeWord::Until
                                    | TimeWord::Before
                                    | TimeWord::By
                                    | TimeWord::After
                                    | TimeWord::From
                                    | TimeWord::Between
                                    | TimeWord::Early
                                    | TimeWord::Mid
                                    | TimeWord::Late
                                    | TimeWord::Within
                                    | TimeWord::Season(_)
                            )
                            .then_some(())
                        })
                        .is_some_and(|((), end)| end == b + 1)
                })
                || piece.lower == "and" && b > 0 && self.year(b - 1).is_some()
        });
        let modifier = determined && self.pieces.get(at + 1).is_some_and(|p| p.lower.chars().all(char::is_alphabetic));
        if !supported && !modifier || self.is(at + 1, "people") || self.is(at + 1, "civilians") {
            return None;
        }
        let mut last = first;
        let mut end = at + 1;
        if self.is(end, "-") || self.is(end, "–") {
            let short =
                self.pieces.get(end + 1).filter(|p| p.lower.len() == 2).and_then(|p| p.lower.parse::<i16>().ok());
            let second = self.year(end + 1).or_else(|| short.map(|s| first / 100 * 100 + s));
            if let Some(second) = second.filter(|s| *s > first) {
                last = second;
                end += 2;
            }
        }
        Some((Expression::Years { first, last, part: Part::Whole }, end))
    }

    fn season(&self, at: usize, determined: bool) -> Option<(Expression, usize)> {
        let (month, end) =
            self.words.find(self.pieces, at, |w| if let TimeWord::Season(m) = w { Some(m) } else { None })?;
        let of = if self.is(end, "of") { end + 1 } else { end };
        let year = self.year(of);
        let preposed = at > 0
            && matches!(
                self.pieces[at - 1].lower.as_str(),
                "in" | "since" | "by" | "until" | "during" | "early" | "late"
            );
        (year.is_some() || determined && self.pieces[at].lower != "fall" || preposed).then_some((
            Expression::Season { month, year, shift: Shift::None, part: Part::Whole },
            if year.is_some() { of + 1 } else { end },
        ))
    }

    fn unit(&self, at: usize) -> Option<(i32, usize)> {
        self.words.find(self.pieces, at, |w| if let TimeWord::Unit(days) = w { Some(days) } else { None })
    }

    /// A count and a unit: the least and most units, the unit's days, and the piece behind.
    fn units(&self, at: usize) -> Option<(i32, i32, i32, usize)> {
        if let Some((unit, end)) = self.unit(at) {
            let plural = self.pieces[end - 1].lower.ends_with('s');
            return Some(if plural { (2, 6, unit, end) } else { (1, 1, unit, end) });
        }
        let (least, most, mut end) =
            if self.is(at, "a") && self.unit(at + 1).is_some() || self.is(at, "an") && self.unit(at + 1).is_some() {
                (1, 1, at + 1)
            } else {
                let (figure, end) = self.numbers.figure(self.pieces, at)?;
                let least = i32::try_from(figure.min).ok()?;
                let most = figure.max.and_then(|m| i32::try_from(m).ok());
                let most = most.unwrap_or(least.saturating_mul(2).max(least.saturating_add(1)));
                (least, most.max(least), end)
            };
        // "four more days", "two-day", "20-plus months", "six consecutive days"
        while self.is(end, "-")
            || self.is(end, "more")
            || self.is(end, "consecutive")
            || self.is(end, "straight")
            || self.is(end, "full")
        {
            end += 1;
        }
        let (unit, end) = self.unit(end)?;
        // An age is no time.
        let age = self.is(end, "old") || self.is(end, "-") && self.is(end + 1, "old");
        (!age).then_some((least, most, unit, end))
    }

    /// "last July", "the past two weeks", "this year", "the same day", "recent months".
    fn shifted(&self, at: usize) -> Option<(Expression, usize)> {
        let (word, end) = self.words.find(self.pieces, at, |w| {
            matches!(
                w,
                TimeWord::Last
                    | TimeWord::Previous
                    | TimeWord::Next
                    | TimeWord::Following
                    | TimeWord::This
                    | TimeWord::Same
                    | TimeWord::Recent
            )
            .then_some(w)
        })?;
        let shift = match word {
            TimeWord::Last => Shift::Last,
            TimeWord::Next => Shift::Next,
            TimeWord::This => Shift::This,
            TimeWord::Recent => Shift::Recent,
            _ => Shift::None,
        };
        if shift != Shift::None {
            if let Some((day, end)) = self.weekday(end) {
                return Some((Expression::Weekday { day, shift }, end));
            }
            if let Some((month, end)) = self.month(end) {
                return match self.after_month(month, end) {
                    (Expression::Month { year, month, part, .. }, end) => {
                        Some((Expression::Month { year, month, shift, part }, end))
                    }
                    other => Some(other),
                };
            }
            if let Some((month, end)) =
                self.words.find(self.pieces, end, |w| if let TimeWord::Season(m) = w { Some(m) } else { None })
            {
                return Some((Expression::Season { month, year: None, shift, part: Part::Whole }, end));
            }
            if let Some(end) = self.words.word(self.pieces, end, TimeWord::Weekend) {
                return Some((Expression::Weekend { shift }, end));
            }
            if let Some(end) = self.words.word(self.pieces, end, TimeWord::DayPart) {
                return Some((Expression::Offset { first: if shift == Shift::Last { -1 } else { 0 }, last: 0 }, end));
            }
        }
        // "recent days" has no number; "the last few days" has.
        let (least, most, unit, end) = self.units(end)?;
        let expression = match word {
            TimeWord::Same => Expression::FromEvent { first: 0, last: unit.max(1) - 1 },
            TimeWord::Following => Expression::FromEvent { first: 1, last: days(most, unit.max(1)) },
            TimeWord::Previous => Expression::FromEvent { first: -days(most, unit.max(1)), last: -1 },
            _ => Expression::Unit { shift, least, most, unit, part: Part::Whole },
        };
        Some((expression, end))
    }

    /// "two days later", "a week ago", "three weeks": what a count and a unit mean is decided by what follows.
    fn counted(&self, at: usize) -> Option<(Expression, usize)> {
        let plain_unit = self.unit(at).is_some();
        if plain_unit && !self.pieces[at].lower.ends_with('s') {
            return None;
        }
        let (least, most, unit, end) = self.units(at)?;
        if let Some(after) = self.words.word(self.pieces, end, TimeWord::Ago) {
            return Some((Expression::Ago { least, most, unit }, after));
        }
        let later = self.words.find(self.pieces, end, |w| match w {
            TimeWord::Later => Some(1),
            TimeWord::Earlier => Some(-1),
            _ => None,
        });
        if let Some((sign, after)) = later {
            let (near, far) = (sign * days(least, unit), sign * days(most, unit));
            return Some((Expression::FromEvent { first: near.min(far), last: near.max(far) }, after));
        }
        let conjunction = self.words.find(self.pieces, end, |w| match w {
            TimeWord::After => Some(1),
            TimeWord::Before => Some(-1),
            _ => None,
        });
        // "days after": how many is not said.
        if conjunction.is_some() && plain_unit {
            return Some((Expression::Duration, end));
        }
        if let Some((sign, _)) = conjunction {
            let (near, far) = (sign * days(least, unit), sign * days(most, unit));
            return Some((Expression::FromEvent { first: near.min(far), last: near.max(far) }, end));
        }
        // "Within one year": so long after what was told before. "Within days" says no number.
        let within = (at.saturating_sub(3)..at).any(|from| {
            self.words.find(self.pieces, from, |w| (w == TimeWord::Within).then_some(())).is_some_and(|((), e)| e == at)
        });
        if within && !plain_unit && unit > 0 {
            return Some((Expression::FromEvent { first: 0, last: most * unit }, end));
        }
        (!plain_unit).then_some((Expression::Duration, end))
    }
}

/// The days of so many units, no more than any calendar has.
pub(super) fn days(count: i32, unit: i32) -> i32 {
    count.saturating_mul(unit).min(BEYOND)
}

/// More days than lie between any two days of the calendar; far below what adding two of them could overflow.
const BEYOND: i32 = 100_000_000;

fn part(word: TimeWord) -> Option<Part> {
    match word {
        TimeWord::Early => Some(Part::Early),
        TimeWord::Mid => Some(Part::Mid),
        TimeWord::Late => Some(Part::Late),
        _ => None,
    }
}

/// An expression narrowed to a part of it; none where that has no sense.
fn with_part(expression: Expression, part: Part) -> Option<Expression> {
    Some(match expression {
        Expression::Month { year, month, shift, .. } => Expression::Month { year, month, shift, part },
        Expression::Years { first, last, .. } => Expression::Years { first, last, part },
        Expression::Season { month, year, shift, .. } => Expression::Season { month, year, shift, part },
        Expression::Unit { shift, least, most, unit, .. } => Expression::Unit { shift, least, most, unit, part },
        // Early on a day is that day.
        Expression::Weekday { .. }
        | Expression::Days { .. }
        | Expression::Offset { .. }
        | Expression::FromEvent { .. } => expression,
        Expression::Weekend { .. } | Expression::DayPart | Expression::Ago { .. } | Expression::Duration => {
            return None;
        }
    })
}
