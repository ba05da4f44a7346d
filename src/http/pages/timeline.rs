//! Timelines, drawn on the server as SVG: what happened as columns, what lasted as bars above them.
//!
//! [`Timeline::of`] chooses the unit of time so that the columns can be told apart. What is uncertain looks so: an event known
//! only to a season or a year is pale, and a bar is pale between the bounds of its begin and of its end.

use super::links::Links;
use jiff::ToSpan;
use jiff::civil::Date;

/// Width of the view in the units of its `viewBox`.
const WIDTH: f64 = 720.0;

/// Room at both sides, for the letters of the first and last tick.
const MARGIN: f64 = 14.0;

/// How high a lane with a bar is, and the columns are at most.
const LANE: f64 = 36.0;
const COLUMNS: f64 = 96.0;

/// The height of an event where there are few.
const EVENT: f64 = 9.0;

/// The most columns, and the most bars.
const MOST_COLUMNS: i64 = 150;
const MOST_BARS: usize = 24;

/// The least distance of two ticks.
const TICK: f64 = 92.0;

/// Something that happened, on a day between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) earliest: Date,
    pub(super) latest: Date,
    pub(super) is_violent: bool,
}

/// Something that lasted. A bound that is not known is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) label: String,
    pub(super) note: String,
    pub(super) href: String,
    pub(super) begin: Option<(Date, Date)>,
    pub(super) end: Option<(Date, Date)>,
}

/// A timeline, ready to be written by its template.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each stands for a sentence of the caption")]
pub(super) struct Timeline {
    pub(super) title: String,
    pub(super) width: f64,
    pub(super) height: f64,
    /// Where the line of time is.
    pub(super) base: f64,
    pub(super) bars: Vec<Bar>,
    pub(super) columns: Vec<Column>,
    pub(super) ticks: Vec<Tick>,
    /// Whether some events are pale because they could have happened in several of the columns.
    pub(super) has_vague: bool,
    pub(super) has_violent: bool,
    pub(super) has_other: bool,
    pub(super) has_open: bool,
    /// How many periods there was no room for.
    pub(super) left_out: usize,
}

/// A bar in its lane: pale from `x` to `right`, full from `sure` to `sure_right`.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) right: f64,
    pub(super) sure: f64,
    pub(super) sure_right: f64,
    pub(super) text_x: f64,
    /// `start`, `middle` or `end`: which end of the text is at `text_x`.
    pub(super) anchor: &'static str,
    pub(super) period: Period,
}

impl Bar {
    pub(super) fn width(&self) -> f64 {
        round((self.right - self.x).max(2.0))
    }

    pub(super) fn sure_width(&self) -> f64 {
        round((self.sure_right - self.sure).max(0.0))
    }
}

/// The events of one unit of time.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) x: f64,
    pub(super) width: f64,
    /// The stacked pieces: class, y, height.
    pub(super) pieces: Vec<(&'static str, f64, f64)>,
    pub(super) note: String,
    /// The first and the last day.
    pub(super) from: Date,
    pub(super) to: Date,
}

impl Column {
    /// Where its events are listed.
    pub(super) fn href(&self) -> String {
        Links::to("events", [("from", self.from.to_string().as_str()), ("to", self.to.to_string().as_str())])
    }
}

/// A mark on the line of time.
#[derive(Debug)]
pub(super) struct Tick {
    pub(super) x: f64,
    pub(super) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Day,
    Month,
    Quarter,
    Year,
}

impl Unit {
    fn first_day(self, date: Date) -> Date {
        match self {
            Self::Day => date,
            Self::Month => date.first_of_month(),
            Self::Quarter => {
                let month = date.month() - (date.month() - 1) % 3;
                date.with().month(month).day(1).build().unwrap_or(date)
            }
            Self::Year => date.first_of_year(),
        }
    }

    fn after(self, date: Date, count: i64) -> Date {
        let span = match self {
            Self::Day => count.days(),
            Self::Month => count.months(),
            Self::Quarter => (3 * count).months(),
            Self::Year => count.years(),
        };
        date.saturating_add(span)
    }

    /// How many of them there are about in so many days.
    fn in_days(self, days: i64) -> i64 {
        match self {
            Self::Day => days,
            Self::Month => days / 30,
            Self::Quarter => days / 91,
            Self::Year => days / 365,
        }
    }

    fn name(self, date: Date) -> String {
        match self {
            Self::Day => date.strftime("%-d %b %Y").to_string(),
            Self::Month => date.strftime("%b %Y").to_string(),
            Self::Quarter => format!("{}–{}", date.strftime("%b"), Self::Month.after(date, 2).strftime("%b %Y")),
            Self::Year => date.strftime("%Y").to_string(),
        }
    }
}

/// The line of time: days to units of the view.
struct Scale {
    first: Date,
    days: f64,
}

impl Scale {
    fn x(&self, date: Date) -> f64 {
        MARGIN + (WIDTH - 2.0 * MARGIN) * (days(self.first, date) as f64 / self.days).clamp(0.0, 1.0)
    }
}

fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

impl Timeline {
    /// A timeline; none if nothing has a date.
    pub(super) fn of(moments: &[Moment], periods: Vec<Period>, title: impl Into<String>) -> Option<Self> {
        let bounds = |period: &Period| [period.begin, period.end].into_iter().flatten().collect::<Vec<_>>();
        let periods: Vec<Period> = periods.into_iter().filter(|period| !bounds(period).is_empty()).collect();
        let all: Vec<Date> = moments
            .iter()
            .flat_map(|moment| [moment.earliest, moment.latest])
            .chain(periods.iter().flat_map(|period| bounds(period).into_iter().flat_map(|(one, other)| [one, other])))
            .collect();
        let (first, last) = (*all.iter().min()?, *all.iter().max()?);
        let units = [Unit::Day, Unit::Month, Unit::Quarter];
        let unit = units.into_iter().find(|unit| unit.in_days(days(first, last)) <= MOST_COLUMNS);
        let unit = unit.unwrap_or(Unit::Year);
        // Some time before and after, so that nothing stands at the edge; what is not over goes on to there.
        let padding = (days(first, last) / 30).max(1);
        let first = unit.first_day(first.saturating_sub(padding.days()));
        let last = unit.after(unit.first_day(last.saturating_add(padding.days())), 1);
        let scale = Scale { first, days: days(first, last).max(1) as f64 };
        let left_out = periods.len().saturating_sub(MOST_BARS);
        let has_open = periods.iter().any(|period| period.begin.is_none() || period.end.is_none());
        let bars: Vec<Bar> =
            periods.into_iter().take(MOST_BARS).enumerate().map(|(lane, period)| bar(&scale, lane, period)).collect();
        let lanes = bars.len() as f64 * LANE;
        let is_vague = |moment: &Moment| days(moment.earliest, moment.latest) > 45.max(padding);
        let (columns, height) = columns(&scale, unit, moments, &is_vague);
        let base = lanes + if bars.is_empty() { 4.0 } else { 10.0 } + height;
        let columns = columns.into_iter().map(|column| stand_on(column, base)).collect();
        Some(Self {
            title: title.into(),
            width: WIDTH,
            height: base + 32.0,
            base,
            bars,
            columns,
            ticks: ticks(&scale, last),
            has_vague: moments.iter().any(is_vague),
            has_violent: moments.iter().any(|moment| moment.is_violent),
            has_other: moments.iter().any(|moment| !moment.is_violent),
            has_open,
            left_out,
        })
    }
}

fn bar(scale: &Scale, lane: usize, period: Period) -> Bar {
    let (left, right) = (MARGIN / 2.0, WIDTH - MARGIN / 2.0);
    let (x, sure) = period.begin.map_or((left, None), |(e, l)| (scale.x(e), Some(scale.x(l))));
    let (sure_right, right) = period.end.map_or((None, right), |(e, l)| (Some(scale.x(e)), scale.x(l)));
    let right = right.max(x + 3.0);
    // Where one side is not known, it is sure only at the other.
    let (sure, sure_right) = match (sure, sure_right) {
        (Some(sure), Some(sure_right)) => (sure, sure_right.max(sure)),
        (Some(sure), None) => (sure, right),
        (None, Some(sure_right)) => (sure_right, sure_right),
        (None, None) => (x, x),
    };
    let (text_x, anchor) = if x < WIDTH * 0.45 {
        (x, "start")
    } else if right > WIDTH * 0.55 {
        (right, "end")
    } else {
        (f64::midpoint(x, right), "middle")
    };
    let y = lane as f64 * LANE;
    Bar {
        x: round(x),
        y,
        right: round(right),
        sure: round(sure),
        sure_right: round(sure_right),
        text_x: round(text_x),
        anchor,
        period,
    }
}

/// The columns, their pieces as classes and heights from the ground up, and the height of the highest.
fn columns(scale: &Scale, unit: Unit, moments: &[Moment], is_vague: &dyn Fn(&Moment) -> bool) -> (Vec<Column>, f64) {
    let mut columns: std::collections::BTreeMap<Date, [usize; 4]> = std::collections::BTreeMap::new();
    for moment in moments {
        let middle = moment.earliest.saturating_add((days(moment.earliest, moment.latest) / 2).days());
        let kind = usize::from(!moment.is_violent) + 2 * usize::from(is_vague(moment));
        columns.entry(unit.first_day(middle)).or_default()[kind] += 1;
    }
    let highest = columns.values().map(|counts| counts.iter().sum::<usize>()).max().unwrap_or(0);
    let each = EVENT.min(COLUMNS / highest.max(1) as f64);
    let columns = columns.into_iter().map(|(from, counts)| {
        let next = unit.after(from, 1);
        let (left, right) = (scale.x(from), scale.x(next));
        let width = (right - left).clamp(3.0, 14.0);
        let x = f64::midpoint(left, right) - width / 2.0;
        let classes = ["violent", "other", "violent vague", "other vague"];
        let pieces = classes.into_iter().zip(counts).filter(|(_, count)| *count > 0);
        let pieces = pieces.map(|(class, count)| (class, 0.0, round(count as f64 * each))).collect();
        let (all, violent) = (counts.iter().sum::<usize>(), counts[0] + counts[2]);
        let events = if all == 1 { "event" } else { "events" };
        let note = format!("{}: {all} {events}, {violent} of them violent", unit.name(from));
        let to = next.saturating_sub(1.day());
        Column { x: round(x), width: round((width - 0.8).max(2.0)), pieces, note, from, to }
    });
    (columns.collect(), highest as f64 * each)
}

fn stand_on(mut column: Column, base: f64) -> Column {
    let mut y = base;
    for piece in &mut column.pieces {
        y -= piece.2;
        piece.1 = round(y);
        piece.2 = (piece.2 - 0.6).max(0.6);
    }
    column
}

/// Ticks at the begin of years, months or days, as close as their words allow.
fn ticks(scale: &Scale, last: Date) -> Vec<Tick> {
    let steps = [
        (Unit::Day, 1),
        (Unit::Day, 2),
        (Unit::Day, 7),
        (Unit::Day, 14),
        (Unit::Month, 1),
        (Unit::Month, 2),
        (Unit::Month, 3),
        (Unit::Month, 6),
    ];
    let years = [1, 2, 5, 10, 20, 50, 100, 500].into_iter().map(|years| (Unit::Year, years));
    let per_day = (WIDTH - 2.0 * MARGIN) / scale.days;
    let length = |(unit, count): (Unit, i64)| {
        count as f64
            * per_day
            * match unit {
                Unit::Day => 1.0,
                Unit::Month => 30.0,
                Unit::Quarter => 91.0,
                // A year's name is short.
                Unit::Year => 365.0 * TICK / 60.0,
            }
    };
    let Some((unit, count)) = steps.into_iter().chain(years).find(|step| length(*step) >= TICK) else {
        return Vec::new();
    };
    let mut date = unit.first_day(scale.first);
    if unit == Unit::Year {
        date =
            date.with().year(date.year() - (i64::from(date.year()).rem_euclid(count)) as i16).build().unwrap_or(date);
    } else if unit == Unit::Month {
        date = date.with().month(date.month() - ((i64::from(date.month()) - 1) % count) as i8).build().unwrap_or(date);
    }
    let mut ticks = Vec::new();
    while date <= last && ticks.len() < 30 {
        let x = scale.x(date);
        if date >= scale.first && x > MARGIN + 16.0 && x < WIDTH - MARGIN - 16.0 {
            ticks.push(Tick { x: round(x), text: unit.name(date) });
        }
        date = unit.after(date, count);
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::{Moment, Period, Timeline};
    use jiff::civil::date;

    #[test]
    fn columns_stand_on_the_line_and_ticks_have_room() {
        for years in [0_i32, 1, 3, 12, 60, 900] {
            let moments: Vec<Moment> = (0..50)
                .map(|i| {
                    let day = date(1990 + (years * i / 50) as i16, 1 + (i % 12) as i8, 3);
                    Moment { earliest: day, latest: day, is_violent: i % 2 == 0 }
                })
                .collect();
            let timeline = Timeline::of(&moments, Vec::new(), "t");
            let is_good = timeline.is_some_and(|t| {
                t.columns.iter().all(|c| c.x >= 0.0 && c.x + c.width <= t.width && !c.pieces.is_empty())
                    && t.columns.iter().all(|c| c.pieces.iter().all(|p| p.1 >= 0.0 && p.1 + p.2 <= t.base + 0.1))
                    && t.ticks.windows(2).all(|two| two[1].x - two[0].x > 50.0)
                    && !t.ticks.is_empty()
            });
            assert!(is_good, "{years} years");
        }
    }

    #[test]
    fn an_open_period_goes_on_to_the_edge() {
        let period = Period {
            label: String::new(),
            note: String::new(),
            href: String::new(),
            begin: Some((date(2019, 4, 1), date(2019, 4, 30))),
            end: None,
        };
        let timeline = Timeline::of(&[], vec![period], "t");
        assert!(timeline.is_some_and(|t| t.bars[0].right > 700.0 && t.bars[0].sure > t.bars[0].x && t.has_open));
        assert!(Timeline::of(&[], Vec::new(), "t").is_none());
    }
}
