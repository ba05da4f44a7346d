//! Literals as values: whether one is of its datatype, and which of two is less, as SPARQL's operators have it.

use oxrdf::vocab::{rdf, xsd};
use oxrdf::{Literal, NamedNodeRef, Term};
use oxsdatatypes::{
    Boolean, Date, DateTime, DayTimeDuration, Decimal, Double, Duration, Float, GDay, GMonth, GMonthDay, GYear,
    GYearMonth, Time, YearMonthDuration,
};
use std::cmp::Ordering;

/// The namespace of XML Schema's datatypes.
const XSD: &str = "http://www.w3.org/2001/XMLSchema#";

/// Whether a term is a literal of this datatype, and written as one of it is.
pub(super) fn is_of(term: &Term, datatype: NamedNodeRef<'_>) -> bool {
    let Term::Literal(literal) = term else { return false };
    literal.datatype() == datatype && is_well_formed(literal)
}

/// Whether the characters of a literal are of its datatype's lexical space. What is not known is taken to be.
fn is_well_formed(literal: &Literal) -> bool {
    let text = literal.value();
    let datatype = literal.datatype();
    let Some(name) = datatype.as_str().strip_prefix(XSD) else { return true };
    match name {
        "boolean" => text.parse::<Boolean>().is_ok(),
        "decimal" => is_decimal(text),
        "float" => text.parse::<Float>().is_ok(),
        "double" => text.parse::<Double>().is_ok(),
        "dateTime" => text.parse::<DateTime>().is_ok(),
        "dateTimeStamp" => text.parse::<DateTime>().is_ok_and(|value| value.timezone_offset().is_some()),
        "date" => text.parse::<Date>().is_ok(),
        "time" => text.parse::<Time>().is_ok(),
        "gYear" => text.parse::<GYear>().is_ok(),
        "gYearMonth" => text.parse::<GYearMonth>().is_ok(),
        "gMonth" => text.parse::<GMonth>().is_ok(),
        "gMonthDay" => text.parse::<GMonthDay>().is_ok(),
        "gDay" => text.parse::<GDay>().is_ok(),
        "duration" => text.parse::<Duration>().is_ok(),
        "dayTimeDuration" => text.parse::<DayTimeDuration>().is_ok(),
        "yearMonthDuration" => text.parse::<YearMonthDuration>().is_ok(),
        "hexBinary" => text.len().is_multiple_of(2) && text.bytes().all(|b| b.is_ascii_hexdigit()),
        "language" => text.split('-').enumerate().all(|(i, part)| {
            (1..=8).contains(&part.len())
                && part.bytes().all(|b| b.is_ascii_alphabetic() || (i > 0 && b.is_ascii_digit()))
        }),
        "normalizedString" => !text.contains(['\t', '\n', '\r']),
        "token" => {
            !text.contains(['\t', '\n', '\r']) && !text.contains("  ") && !text.starts_with(' ') && !text.ends_with(' ')
        }
        other => integer_bounds(other).is_none_or(|bounds| is_integer(text, bounds)),
    }
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    (!whole.is_empty() || !fraction.is_empty()) && (whole.bytes().chain(fraction.bytes())).all(|b| b.is_ascii_digit())
}

/// The least and the greatest value of one of the integer types, where there is one.
fn integer_bounds(name: &str) -> Option<(Option<i128>, Option<i128>)> {
    Some(match name {
        "integer" => (None, None),
        "long" => (Some(i64::MIN.into()), Some(i64::MAX.into())),
        "int" => (Some(i32::MIN.into()), Some(i32::MAX.into())),
        "short" => (Some(i16::MIN.into()), Some(i16::MAX.into())),
        "byte" => (Some(i8::MIN.into()), Some(i8::MAX.into())),
        "nonNegativeInteger" => (Some(0), None),
        "positiveInteger" => (Some(1), None),
        "nonPositiveInteger" => (None, Some(0)),
        "negativeInteger" => (None, Some(-1)),
        "unsignedLong" => (Some(0), Some(u64::MAX.into())),
        "unsignedInt" => (Some(0), Some(u32::MAX.into())),
        "unsignedShort" => (Some(0), Some(u16::MAX.into())),
        "unsignedByte" => (Some(0), Some(u8::MAX.into())),
        _ => return None,
    })
}

fn is_integer(text: &str, (least, greatest): (Option<i128>, Option<i128>)) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    match text.parse::<i128>() {
        Ok(value) => least.is_none_or(|least| value >= least) && greatest.is_none_or(|greatest| value <= greatest),
        // A number of forty digits: only its sign can be wrong.
        Err(_) => {
            if text.starts_with('-') {
                least.is_none()
            } else {
                greatest.is_none()
            }
        }
    }
}

/// Which of two values is less; none if they cannot be compared.
pub(super) fn compare(one: &Term, other: &Term) -> Option<Ordering> {
    let (Term::Literal(one), Term::Literal(other)) = (one, other) else { return None };
    Value::of(one)?.compare(&Value::of(other)?)
}

/// A literal's value, of the types that have an order.
enum Value {
    Integer(i128),
    Decimal(Decimal),
    Float(Float),
    Double(Double),
    Boolean(bool),
    Text(String),
    DateTime(DateTime),
    Date(Date),
    Time(Time),
    Duration(Duration),
}

impl Value {
    fn of(literal: &Literal) -> Option<Self> {
        let text = literal.value();
        let datatype = literal.datatype();
        if datatype == xsd::STRING {
            return Some(Self::Text(text.to_owned()));
        }
        if datatype == rdf::LANG_STRING || !is_well_formed(literal) {
            return None;
        }
        Some(match datatype.as_str().strip_prefix(XSD)? {
            "decimal" => Self::Decimal(text.parse().ok()?),
            "float" => Self::Float(text.parse().ok()?),
            "double" => Self::Double(text.parse().ok()?),
            "boolean" => Self::Boolean(matches!(text, "true" | "1")),
            "dateTime" | "dateTimeStamp" => Self::DateTime(text.parse().ok()?),
            "date" => Self::Date(text.parse().ok()?),
            "time" => Self::Time(text.parse().ok()?),
            "duration" => Self::Duration(text.parse().ok()?),
            "dayTimeDuration" => Self::Duration(text.parse::<DayTimeDuration>().ok()?.into()),
            "yearMonthDuration" => Self::Duration(text.parse::<YearMonthDuration>().ok()?.into()),
            name => {
                integer_bounds(name)?;
                Self::Integer(text.parse().ok()?)
            }
        })
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a.partial_cmp(b),
            (Self::Boolean(a), Self::Boolean(b)) => a.partial_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.partial_cmp(b),
            (Self::DateTime(a), Self::DateTime(b)) => a.partial_cmp(b),
            (Self::Date(a), Self::Date(b)) => a.partial_cmp(b),
            (Self::Time(a), Self::Time(b)) => a.partial_cmp(b),
            (Self::Duration(a), Self::Duration(b)) => a.partial_cmp(b),
            (a, b) => match (a.decimal(), b.decimal()) {
                (Some(a), Some(b)) => a.partial_cmp(&b),
                _ => a.double()?.partial_cmp(&b.double()?),
            },
        }
    }

    fn decimal(&self) -> Option<Decimal> {
        match self {
            Self::Integer(value) => i64::try_from(*value).ok().map(Decimal::from),
            Self::Decimal(value) => Some(*value),
            _ => None,
        }
    }

    fn double(&self) -> Option<f64> {
        Some(match self {
            Self::Integer(value) => *value as f64,
            Self::Decimal(value) => f64::from(Double::from(*value)),
            Self::Float(value) => f64::from(f32::from(*value)),
            Self::Double(value) => f64::from(*value),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{compare, is_of};
    use oxrdf::vocab::xsd;
    use oxrdf::{Literal, NamedNodeRef, Term};
    use std::cmp::Ordering;

    fn literal(value: &str, datatype: NamedNodeRef<'_>) -> Term {
        Literal::new_typed_literal(value, datatype).into()
    }

    #[test]
    fn lexical_spaces_are_known() {
        for (value, datatype, good) in [
            ("300", xsd::BYTE, false),
            ("-3", xsd::BYTE, true),
            ("c", xsd::INTEGER, false),
            ("-1", xsd::NON_NEGATIVE_INTEGER, false),
            ("1.", xsd::DECIMAL, true),
            (".", xsd::DECIMAL, false),
            ("1e3", xsd::DECIMAL, false),
            ("2018-02-30", xsd::DATE, false),
            ("2018-02-28", xsd::DATE, true),
            ("yes", xsd::BOOLEAN, false),
        ] {
            assert_eq!(is_of(&literal(value, datatype), datatype), good, "{value} {datatype}");
        }
    }

    #[test]
    fn values_are_compared_across_numeric_types_only() {
        let day = |value| literal(value, xsd::DATE);
        assert_eq!(compare(&literal("1", xsd::INTEGER), &literal("1.5", xsd::DECIMAL)), Some(Ordering::Less));
        assert_eq!(compare(&literal("2", xsd::DOUBLE), &literal("1", xsd::BYTE)), Some(Ordering::Greater));
        assert_eq!(compare(&day("2018-01-02"), &day("2018-01-02")), Some(Ordering::Equal));
        assert_eq!(compare(&literal("1", xsd::STRING), &literal("1", xsd::INTEGER)), None);
    }
}
