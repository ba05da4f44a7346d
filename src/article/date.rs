//! Reads the day of publication in the many ways it is written; entry point [`parse_date`].
//!
//! The day is taken as written, in the publisher's own time zone: it is what readers of the article take "on Friday"
//! to be relative to. Month names are English. A date that can mean two days is not guessed at.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;

/// A date that could not be read, or could be read in two ways.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnreadableDate {
    /// Not a date.
    #[error("unreadable date `{0}` (write it as 2018-01-31)")]
    Unknown(String),
    /// Day and month cannot be told apart.
    #[error("date `{0}` can be read with the day or the month first (write it as 2018-01-31)")]
    Ambiguous(String),
}

/// The day a text names: an ISO date or date and time, RFC 2822, `3 January 2018`, `Jan. 3, 2018`, `25/12/2018`,
/// `31.12.2018` (day first), `20180103`, or a Unix time in seconds or milliseconds (then the day in UTC).
///
/// # Errors
///
/// [`UnreadableDate`] if there is no day in it, or if `03/04/2018` leaves open which number is the month.
///
/// # Examples
///
/// ```
/// use belligraph::article::parse_date;
/// use jiff::civil::date;
///
/// assert_eq!(parse_date("2018-01-03T23:50:00-05:00")?, date(2018, 1, 3));
/// assert_eq!(parse_date("Wed, 3 Jan 2018 08:00:00 GMT")?, date(2018, 1, 3));
/// assert_eq!(parse_date("January 3rd, 2018")?, date(2018, 1, 3));
/// assert!(parse_date("03/04/2018").is_err());
/// # Ok::<(), belligraph::article::UnreadableDate>(())
/// ```
pub fn parse_date(text: &str) -> Result<Date, UnreadableDate> {
    const SHOWN: usize = 60;
    let trimmed = text.trim();
    let shown = || trimmed.chars().take(SHOWN).collect::<String>();
    match read(trimmed) {
        Some(Found::Day(date)) => Ok(date),
        Some(Found::Ambiguous) => Err(UnreadableDate::Ambiguous(shown())),
        None => Err(UnreadableDate::Unknown(shown())),
    }
}

enum Found {
    Day(Date),
    Ambiguous,
}

fn read(text: &str) -> Option<Found> {
    /// Longer texts are not dates; the bound keeps the work small on junk.
    const LONGEST: usize = 200;
    if text.len() > LONGEST {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return all_digits(text).map(Found::Day);
    }
    let tokens: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()).collect();
    let separator = text.find(|c: char| !c.is_ascii_digit()).and_then(|at| text[at..].chars().next());
    if let (Some(separator @ ('-' | '/' | '.')), [first, second, third, ..]) = (separator, tokens.as_slice())
        && let Some(found) = numeric(separator, first, second, third)
    {
        return Some(found);
    }
    tokens.windows(3).find_map(worded).map(Found::Day)
}

fn all_digits(text: &str) -> Option<Date> {
    let number: i64 = text.parse().ok()?;
    let utc = |timestamp: Timestamp| timestamp.to_zoned(TimeZone::UTC).date();
    match text.len() {
        8 => day(number / 10_000, number / 100 % 100, number % 100),
        10 => Timestamp::from_second(number).ok().map(utc),
        13 => Timestamp::from_millisecond(number).ok().map(utc),
        _ => None,
    }
}

fn numeric(separator: char, first: &str, second: &str, third: &str) -> Option<Found> {
    // `2018-01-03T10:00` is split after the day's number only where a separator stands.
    let third = third.find(|c: char| !c.is_ascii_digit()).map_or(third, |at| &third[..at]);
    let number = |token: &str| token.parse::<i64>().ok();
    let (a, b, c) = (number(first)?, number(second)?, number(third)?);
    if first.len() == 4 && second.len() <= 2 && third.len() <= 2 {
        return day(a, b, c).map(Found::Day);
    }
    if third.len() != 4 || first.len() > 2 || second.len() > 2 {
        return None;
    }
    if separator == '.' || a > 12 || a == b {
        return day(c, b, a).map(Found::Day);
    }
    if b > 12 {
        return day(c, a, b).map(Found::Day);
    }
    Some(Found::Ambiguous)
}

fn worded(tokens: &[&str]) -> Option<Date> {
    let &[first, second, third] = tokens else { return None };
    if let Some(month) = month_named(second) {
        return match (first.len(), number_of(first), number_of(third)) {
            (1..=4, Some(a), Some(b)) if third.len() == 4 => day(b, month, a),
            (4, Some(a), Some(b)) => day(a, month, b),
            _ => None,
        };
    }
    let month = month_named(first)?;
    if third.len() == 4 { day(number_of(third)?, month, number_of(second)?) } else { None }
}

/// The number of `3`, `3rd` or `2018`.
fn number_of(token: &str) -> Option<i64> {
    let end = token.find(|c: char| !c.is_ascii_digit()).unwrap_or(token.len());
    let ordinal = matches!(token[end..].to_ascii_lowercase().as_str(), "" | "st" | "nd" | "rd" | "th");
    if ordinal { token[..end].parse().ok() } else { None }
}

fn month_named(token: &str) -> Option<i64> {
    let parse = |format: &str, name: &[u8]| BrokenDownTime::parse(format, name).ok().and_then(|time| time.month());
    let name = token.as_bytes();
    let month = parse("%B", name).or_else(|| match name.len() {
        // `Sept` is an abbreviation of its own.
        3 | 4 => parse("%b", &name[..3]),
        _ => None,
    });
    month.map(i64::from)
}

fn day(year: i64, month: i64, day: i64) -> Option<Date> {
    // Years before 1000 are what databases write for "none".
    let year = i16::try_from(year).ok().filter(|year| (1000..=9999).contains(year))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_day_in_many_writings() {
        let expected = jiff::civil::date(2018, 1, 3);
        for written in [
            "2018-01-03",
            " 2018-01-03 ",
            "2018-1-3",
            "2018/01/03",
            "2018.01.03",
            "2018-01-03T00:10:00Z",
            "2018-01-03T23:50:00.123-05:00",
            "2018-01-03 23:50:00 +0000",
            "20180103",
            "1514937600",
            "1514937600000",
            "Wed, 3 Jan 2018 08:00:00 GMT",
            "03 Jan 2018",
            "3 January 2018",
            "3rd January 2018",
            "Wednesday 3 January 2018",
            "January 3, 2018",
            "JANUARY 3, 2018",
            "Jan. 3, 2018 10:00 am EST",
            "Wednesday, January 3rd, 2018",
            "14:30, 3 January 2018",
            "3-Jan-2018",
            "2018 January 3",
            "03.01.2018",
        ] {
            assert_eq!(parse_date(written), Ok(expected), "{written}");
        }
        assert_eq!(parse_date("Sept 11 2012"), Ok(jiff::civil::date(2012, 9, 11)));
        assert_eq!(parse_date("25/12/2018"), Ok(jiff::civil::date(2018, 12, 25)));
        assert_eq!(parse_date("12/25/2018"), Ok(jiff::civil::date(2018, 12, 25)));
        assert_eq!(parse_date("05/05/2018"), Ok(jiff::civil::date(2018, 5, 5)));
    }

    #[test]
    fn no_day_is_made_up() {
        assert_eq!(parse_date("03/04/2018"), Err(UnreadableDate::Ambiguous("03/04/2018".to_owned())));
        for written in [
            "",
            "yesterday",
            "January 2018",
            "2018",
            "2018-13-01",
            "30 February 2018",
            "0001-01-01",
            "3 Mayhem 2018",
            "é",
        ] {
            assert!(matches!(parse_date(written), Err(UnreadableDate::Unknown(_))), "{written}");
        }
    }
}
