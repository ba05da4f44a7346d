//! Points and stretches of time, as uncertain as the source left them.

use jiff::civil::Date;

/// How exact a point in time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimePrecision {
    /// One day.
    Day,
    /// A few days or a week.
    Week,
    /// A month.
    Month,
    /// A season, a quarter, several months.
    Season,
    /// A year.
    Year,
    /// Longer, or open on one side.
    Longer,
}

/// What a point in time was worked out from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeBasis {
    /// The text gives the date.
    Explicit,
    /// Relative to the day of publication ("on Friday", "last July").
    RelativeToPublication,
    /// Relative to, or the same as, another event of the article.
    RelativeToEvent,
    /// Nothing but the day of publication: the two days up to it.
    PublicationWindow,
    /// Relative words, but no day of publication to resolve them against.
    Unresolved,
}

/// Bounds of one point in time, both inclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeBounds {
    /// Not before this day; none if open or unresolved.
    pub earliest: Option<Date>,
    /// Not after this day; none if open or unresolved.
    pub latest: Option<Date>,
    /// How exact it is.
    pub precision: TimePrecision,
    /// What it was worked out from.
    pub basis: TimeBasis,
    /// The words, if any ("last July"); what is known when the basis is unresolved.
    pub words: Option<String>,
    /// Of a date whose year is unresolved, its month, and its day where that is told.
    pub partial: Option<(i8, Option<i8>)>,
}

/// When something happened, or from when to when it lasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeSpan {
    /// It happened once, within these bounds.
    At(TimeBounds),
    /// It lasted; either side may be unknown.
    Lasting {
        /// When it began.
        begin: Option<TimeBounds>,
        /// When it ended.
        end: Option<TimeBounds>,
    },
}
