//! From what an expression means to days of the calendar, never more exact than the words.

use super::grammar::{self, Expression, Part, Shift};
use crate::facts::{TimeBasis, TimeBounds, TimePrecision};
use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// Whether what the expression modifies lies before or after the day of speaking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    Past,
    Future,
}

/// Resolves an expression against the day of speaking; none for expressions that are no point in time.
pub(super) fn resolve(expression: Expression, now: Option<Date>, tense: Tense, words: &str) -> Option<TimeBounds> {
    let (days, precision, explicit) = match expression {
        Expression::Days { year, month, first, last_month, last } => {
            let at = |year: i16| Some((valid(year, month, first)?, valid(year, last_month, last)?));
            let days = match year {
                Some(year) => at(year),
                None => now.and_then(|now| nearest_year(now, tense, at)),
            };
            (
                days,
                if month == last_month && first == last { TimePrecision::Day } else { TimePrecision::Week },
                year.is_some(),
            )
        }
        Expression::Month { year, month, shift, part } => {
            let days = match (year, now) {
                (Some(year), _) => month_days(year, month),
                (None, Some(now)) => month_days(shifted_year(now, month, shift, tense), month),
                (None, None) => None,
            };
            let precision = TimePrecision::Month;
            (days.map(|d| partly(d, part)), precision, year.is_some())
        }
        Expression::Years { first, last, part } => {
            let days = valid(first, 1, 1).zip(valid(last, 12, 31));
            let precision = match (first == last, part) {
                (false, _) => TimePrecision::Longer,
                (true, Part::Whole) => TimePrecision::Year,
                (true, _) => TimePrecision::Season,
            };
            (days.map(|d| partly(d, part)), precision, true)
        }
        Expression::Season { month, year, shift, part } => {
            let year_found = year.or_else(|| now.map(|now| shifted_year(now, month, shift, tense)));
            let days = year_found.and_then(|year| {
                // A winter is that of the year in which it begins.
                let begin = valid(year, month, 1)?;
                Some((begin, begin.checked_add(3.months()).ok()?.yesterday().ok()?))
            });
            (days.map(|d| partly(d, part)), TimePrecision::Season, year.is_some())
        }
        Expression::Weekday { day, shift } => {
            let days = now.and_then(|now| weekday(now, day, shift, tense)).map(|d| (d, d));
            (days, TimePrecision::Day, false)
        }
        Expression::Weekend { shift } => {
            let days = now.and_then(|now| {
                let saturday = weekday(now, 6, if shift == Shift::This { Shift::None } else { shift }, tense)?;
                Some((saturday, saturday.tomorrow().ok()?))
            });
            (days, TimePrecision::Week, false)
        }
        Expression::Offset { first, last } => {
            let days = now.and_then(|now| Some((moved(now, first)?, moved(now, last)?)));
            (days, TimePrecision::Day, false)
        }
        Expression::Unit { shift, least: _, most, unit, part } => {
            let days = now.and_then(|now| unit_days(now, shift, most, unit)).map(|d| partly(d, part));
            (days, unit_precision(most, unit), false)
        }
        Expression::Ago { least, most, unit } => {
            let days = now.and_then(|now| ago(now, least, most, unit));
            (days, if unit <= 1 && least == most { TimePrecision::Day } else { unit_precision(1, unit) }, false)
        }
        Expression::FromEvent { .. } | Expression::Duration | Expression::DayPart => return None,
    };
    let partial = match expression {
        Expression::Days { month, first, last_month, last, .. } if month == last_month && first == last => {
            Some((month, Some(first)))
        }
        Expression::Days { month, last_month, .. } if month == last_month => Some((month, None)),
        Expression::Month { month, .. } => Some((month, None)),
        _ => None,
    };
    Some(TimeBounds {
        earliest: days.map(|(first, _)| first),
        latest: days.map(|(_, last)| last),
        precision,
        basis: match (days, explicit) {
            (None, _) => TimeBasis::Unresolved,
            (Some(_), true) => TimeBasis::Explicit,
            (Some(_), false) => TimeBasis::RelativeToPublication,
        },
        words: Some(words.to_owned()),
        partial: partial.filter(|_| days.is_none()),
    })
}

fn valid(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok()
}

/// A day so many days later; none where no calendar of ours reaches ("30,000 years ago").
pub(super) fn moved(day: Date, by: i32) -> Option<Date> {
    let days = Span::new().try_days(by).ok()?;
    day.checked_add(days).ok().filter(|day| day.year() > 0)
}

fn month_days(year: i16, month: i8) -> Option<(Date, Date)> {
    let first = valid(year, month, 1)?;
    Some((first, first.last_of_month()))
}

/// The year in which a day without one lies: the nearest before, or behind, the day of speaking.
fn nearest_year(now: Date, tense: Tense, at: impl Fn(i16) -> Option<(Date, Date)>) -> Option<(Date, Date)> {
    let years = [now.year() - 1, now.year(), now.year() + 1];
    let days = years.into_iter().filter_map(at);
    match tense {
        // An article can be dated a day before what it tells, by its time zone.
        Tense::Past => days.filter(|(first, _)| moved(now, 2).is_some_and(|limit| *first <= limit)).max(),
        Tense::Future => days.filter(|(_, last)| *last >= now).min(),
    }
}

/// The year of a month or season without one.
fn shifted_year(now: Date, month: i8, shift: Shift, tense: Tense) -> i16 {
    let year = now.year();
    match (shift, tense) {
        // In January "this winter" is the one that began in December.
        (Shift::This, _) if month == 12 && now.month() <= 2 => year - 1,
        (Shift::This, _) => year,
        (Shift::OfLastYear, _) => year - 1,
        (Shift::Last, _) => {
            if month < now.month() {
                year
            } else {
                year - 1
            }
        }
        (Shift::Next, _) => {
            if month > now.month() {
                year
            } else {
                year + 1
            }
        }
        (Shift::None | Shift::Recent, Tense::Past) => {
            if month <= now.month() {
                year
            } else {
                year - 1
            }
        }
        (Shift::None | Shift::Recent, Tense::Future) => {
            if month >= now.month() {
                year
            } else {
                year + 1
            }
        }
    }
}

/// The weekday of that number (Monday is 1) before, on or after the day of speaking.
fn weekday(now: Date, day: i8, shift: Shift, tense: Tense) -> Option<Date> {
    let today = now.weekday().to_monday_one_offset();
    let back = i32::from((today - day).rem_euclid(7));
    let ahead = i32::from((day - today).rem_euclid(7));
    let by = match (shift, tense) {
        (Shift::Last, _) => {
            if back == 0 {
                -7
            } else {
                -back
            }
        }
        (Shift::Next, _) => {
            if ahead == 0 {
                7
            } else {
                ahead
            }
        }
        (_, Tense::Past) => -back,
        (_, Tense::Future) => ahead,
    };
    moved(now, by)
}

/// "last week" is the week before, "the past two weeks" are the fourteen days up to now.
fn unit_days(now: Date, shift: Shift, count: i32, unit: i32) -> Option<(Date, Date)> {
    let span = days_of(count, unit);
    let monday = moved(now, -i32::from(now.weekday().to_monday_zero_offset()))?;
    match (shift, count, unit) {
        (Shift::Last, 1, 7) => Some((moved(monday, -7)?, moved(monday, -1)?)),
        (Shift::This, 1, 7) => Some((monday, moved(monday, 6)?)),
        (Shift::Next, 1, 7) => Some((moved(monday, 7)?, moved(monday, 13)?)),
        (Shift::Last, 1, 30) => {
            let first = now.first_of_month().checked_sub(1.month()).ok()?;
            Some((first, first.last_of_month()))
        }
        (Shift::This, 1, 30) => Some((now.first_of_month(), now.last_of_month())),
        (Shift::Next, 1, 30) => {
            let first = now.first_of_month().checked_add(1.month()).ok()?;
            Some((first, first.last_of_month()))
        }
        (Shift::Last, 1, 365) => year_days(now.year() - 1),
        (Shift::This, 1, 365) => year_days(now.year()),
        (Shift::Next, 1, 365) => year_days(now.year() + 1),
        (Shift::This, ..) => Some((moved(now, -span)?, moved(now, span)?)),
        (Shift::Next, ..) => Some((now, moved(now, span)?)),
        _ => Some((moved(now, -span)?, now)),
    }
}

fn year_days(year: i16) -> Option<(Date, Date)> {
    valid(year, 1, 1).zip(valid(year, 12, 31))
}

/// "two weeks ago" is some day about then: half a unit on either side.
fn ago(now: Date, least: i32, most: i32, unit: i32) -> Option<(Date, Date)> {
    let slack = unit / 2;
    let least = if unit == 0 && least < 24 { 0 } else { days_of(least, unit) };
    Some((moved(now, -days_of(most, unit) - slack)?, moved(now, -least + slack)?))
}

/// The days that so many units span; hours and less round up to days.
fn days_of(count: i32, unit: i32) -> i32 {
    if unit == 0 { count.saturating_add(23) / 24 } else { grammar::days(count, unit) }
}

fn unit_precision(count: i32, unit: i32) -> TimePrecision {
    match days_of(count, unit) {
        0 | 1 => TimePrecision::Day,
        2..=14 => TimePrecision::Week,
        15..=31 => TimePrecision::Month,
        32..=200 => TimePrecision::Season,
        201..=366 => TimePrecision::Year,
        _ => TimePrecision::Longer,
    }
}

/// The first, middle or last third of a stretch.
fn partly((first, last): (Date, Date), part: Part) -> (Date, Date) {
    let days = (last - first).get_days() + 1;
    let at = |share: i32| moved(first, days * share / 3).unwrap_or(first);
    let before = |day: Date| day.yesterday().unwrap_or(day).max(first);
    match part {
        Part::Whole => (first, last),
        Part::Early => (first, before(at(1))),
        Part::Mid => (at(1), before(at(2))),
        Part::Late => (at(2), last),
    }
}
