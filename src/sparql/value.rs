//! Values of parameters as people type them: the type follows from the syntax.

use super::Prefixes;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use oxrdf::vocab::xsd;
use oxrdf::{Literal, NamedNode, Term};
use std::str::FromStr;
use thiserror::Error;

/// Why a text is no value.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueError {
    /// It is written as an IRI and is none.
    #[error("`{0}` is not an IRI")]
    Iri(String),
    /// It is written as a literal and is none.
    #[error("`{0}` is not a literal; write \"text\", \"text\"@en or \"2018-01-02\"^^xsd:date")]
    Literal(String),
}

/// Reads a value: `<iri>`, `http://…`, `prefix:name` with a known prefix, `"text"`, `"text"@en`, `"…"^^xsd:type`, a number, `true` or
/// `false`, a date `2018-01-02`, a time `2018-01-02T03:04:05Z`; anything else is plain text.
///
/// # Errors
///
/// If it begins as an IRI or a literal and is none.
///
/// # Examples
///
/// ```
/// use belligraph::sparql::{Prefixes, parse_value};
///
/// let prefixes = Prefixes::of_base("http://localhost:7878/");
/// let typed = |text| parse_value(text, &prefixes).unwrap().to_string();
/// assert_eq!(typed("place:benghazi"), "<http://localhost:7878/place/benghazi>");
/// assert_eq!(typed("2018-01-02"), "\"2018-01-02\"^^<http://www.w3.org/2001/XMLSchema#date>");
/// assert_eq!(typed("12"), "\"12\"^^<http://www.w3.org/2001/XMLSchema#integer>");
/// assert_eq!(typed("Benghazi"), "\"Benghazi\"");
/// ```
pub fn parse_value(text: &str, prefixes: &Prefixes) -> Result<Term, ValueError> {
    let bad_iri = || ValueError::Iri(text.to_owned());
    if let Some(iri) = text.strip_prefix('<') {
        let iri = iri.strip_suffix('>').ok_or_else(bad_iri)?;
        let node = NamedNode::new(iri).or_else(|_| NamedNode::new(format!("{}{iri}", prefixes.base())));
        return Ok(node.map_err(|_| bad_iri())?.into());
    }
    if text.starts_with('"') {
        return literal(text, prefixes).map(Term::from).ok_or_else(|| ValueError::Literal(text.to_owned()));
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        return Ok(NamedNode::new(text).map_err(|_| bad_iri())?.into());
    }
    if let Some(datatype) = datatype(text) {
        return Ok(Literal::new_typed_literal(text, datatype).into());
    }
    if let Some(node) = prefixes.expand(text) {
        return Ok(node.into());
    }
    Ok(Literal::from(text).into())
}

/// A literal in quotes.
fn literal(text: &str, prefixes: &Prefixes) -> Option<Literal> {
    let (quoted, datatype) = match text.rsplit_once("\"^^") {
        Some((quoted, datatype)) if !datatype.starts_with('<') => (format!("{quoted}\""), Some(datatype)),
        _ => (text.to_owned(), None),
    };
    let literal = Literal::from_str(&quoted).ok()?;
    match datatype {
        Some(datatype) => Some(Literal::new_typed_literal(literal.value(), prefixes.expand(datatype)?)),
        None => Some(literal),
    }
}

/// The type of an unquoted number, truth value or date.
fn datatype(text: &str) -> Option<oxrdf::NamedNodeRef<'static>> {
    if text == "true" || text == "false" {
        return Some(xsd::BOOLEAN);
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        if digits.bytes().all(|b| b.is_ascii_digit()) {
            return Some(xsd::INTEGER);
        }
        if digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && f64::from_str(digits).is_ok() {
            return Some(xsd::DECIMAL);
        }
        if digits.contains(['e', 'E']) && f64::from_str(digits).is_ok() {
            return Some(xsd::DOUBLE);
        }
    }
    if text.len() == 10 && Date::from_str(text).is_ok() {
        return Some(xsd::DATE);
    }
    if text.len() > 10
        && text.as_bytes()[10] == b'T'
        && (Timestamp::from_str(text).is_ok() || DateTime::from_str(text).is_ok())
    {
        return Some(xsd::DATE_TIME);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::Prefixes;
    use super::{ValueError, parse_value};

    #[test]
    fn the_type_follows_from_the_syntax() {
        let prefixes = Prefixes::of_base("http://b/");
        let xsd = |value: &str, name: &str| format!("\"{value}\"^^<http://www.w3.org/2001/XMLSchema#{name}>");
        for (text, expected) in [
            ("<http://e/x>", "<http://e/x>".to_owned()),
            ("<actor/x>", "<http://b/actor/x>".to_owned()),
            ("https://e/x", "<https://e/x>".to_owned()),
            ("bg:Siege", "<https://w3id.org/belligraph/ontology#Siege>".to_owned()),
            (r"event:a\/1", "<http://b/event/a/1>".to_owned()),
            ("note: this", "\"note: this\"".to_owned()),
            ("\"a\\\"b\"@en", "\"a\\\"b\"@en".to_owned()),
            ("\"2018\"^^xsd:gYear", xsd("2018", "gYear")),
            ("\"1\"^^<http://www.w3.org/2001/XMLSchema#byte>", xsd("1", "byte")),
            ("-3", xsd("-3", "integer")),
            ("2.5", xsd("2.5", "decimal")),
            ("1e3", xsd("1e3", "double")),
            ("true", xsd("true", "boolean")),
            ("2018-01-02", xsd("2018-01-02", "date")),
            ("2018-13-02", "\"2018-13-02\"".to_owned()),
            ("2018-01-02T03:04:05Z", xsd("2018-01-02T03:04:05Z", "dateTime")),
            ("1.2.3", "\"1.2.3\"".to_owned()),
            ("", "\"\"".to_owned()),
            ("' } DROP ALL", "\"' } DROP ALL\"".to_owned()),
        ] {
            assert_eq!(parse_value(text, &prefixes).map(|term| term.to_string()), Ok(expected), "{text}");
        }
        assert_eq!(parse_value("<a b>", &prefixes), Err(ValueError::Iri("<a b>".to_owned())));
        assert_eq!(parse_value("\"a", &prefixes), Err(ValueError::Literal("\"a".to_owned())));
    }
}
