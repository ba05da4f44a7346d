//! Where a query or an update cannot be parsed, in words for who wrote it.
//!
//! The parser names the place, and all that could stand there: terminals of the grammar with their classes of characters, a screen full of
//! them. [`SyntaxError::of`] tells the place with what is written there, and what is expected only where that is a matter of few words.

use super::Outline;
use oxigraph::sparql::SparqlSyntaxError;
use thiserror::Error;

/// Up to how many things that are expected are told.
const FEW: usize = 4;

/// How much of the text is shown, in characters.
const SHOWN: usize = 30;

/// A text that is no SPARQL.
#[derive(Debug, Error)]
#[error("{message}")]
pub struct SyntaxError {
    message: String,
    source: SparqlSyntaxError,
}

impl SyntaxError {
    /// What is wrong with a text, by what its parser says.
    pub(super) fn of(text: &str, source: SparqlSyntaxError) -> Self {
        let told = source.to_string();
        let message = readable(text, &told).unwrap_or(told);
        Self { message, source }
    }

    /// The same of a text that should be a query.
    pub(super) fn of_query(text: &str, source: SparqlSyntaxError) -> Self {
        if Outline::of(text).form.is_none() {
            let message = "it has none of SELECT, ASK, CONSTRUCT and DESCRIBE".to_owned();
            return Self { message, source };
        }
        Self::of(text, source)
    }
}

/// `error at 1:5: expected …`, read again. None if the parser says something else.
fn readable(text: &str, told: &str) -> Option<String> {
    let (place, expected) = told.strip_prefix("error at ")?.split_once(": expected ")?;
    let (line, column) = place.split_once(':')?;
    let (line, column): (usize, usize) = (line.parse().ok()?, column.parse().ok()?);
    let written = text.lines().nth(line.checked_sub(1)?).unwrap_or_default();
    let before: String = written.chars().take(column.saturating_sub(1)).collect();
    let after: String = written.chars().skip(before.chars().count()).collect();
    let place = format!("line {line}, column {column}");
    if expected.contains("Prefix not found") {
        let name = before.rsplit(|c: char| c.is_whitespace() || "()[]{};,.^/|!*+?".contains(c)).next()?;
        let prefix = name.split_once(':').map_or(name, |(prefix, _)| prefix);
        return Some(format!("{place}: the prefix `{prefix}:` is not declared; begin with `PREFIX {prefix}: <…>`"));
    }
    let next: String = after.trim_start().chars().take(SHOWN).collect();
    let at = match (next.trim_end(), before.trim_end()) {
        ("", "") => "here".to_owned(),
        ("", before) => {
            let length = before.chars().count();
            let last: String = before.chars().skip(length.saturating_sub(SHOWN)).collect();
            // From the begin of a word on.
            match last.trim_start().split_once(char::is_whitespace) {
                Some((_, words)) if length > SHOWN => format!("after `… {words}`"),
                _ => format!("after `{}`", last.trim_start()),
            }
        }
        (next, _) => format!("at `{next}`"),
    };
    let expected = expected.strip_prefix("one of ").unwrap_or(expected);
    let words: Vec<&str> = expected.split(", ").map(str::trim).filter(|word| !word.is_empty()).collect();
    // What begins with a bracket is a class of characters: of a name, of white space.
    let few = words.len() <= FEW && words.iter().all(|word| !word.contains('['));
    let hint = if few { format!("; expected {}", words.join(" or ")) } else { String::new() };
    Some(format!("{place}: something is missing or does not belong {at}{hint}"))
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn the_place_is_shown_and_classes_of_characters_are_not() {
        let cases = [
            (
                "SELECT * {\n ?s ?p }",
                "error at 2:8: expected one of LATERAL, SERVICE, [_]",
                "line 2, column 8: something is missing or does not belong at `}`",
            ),
            (
                "SELEC * {}",
                "error at 1:1: expected one of ASK, SELECT",
                "line 1, column 1: something is missing or does not belong at `SELEC * {}`; expected ASK or SELECT",
            ),
            (
                "ASK {",
                "error at 1:6: expected \"}\"",
                "line 1, column 6: something is missing or does not belong after `ASK {`; expected \"}\"",
            ),
            (
                "ASK { ?s foo:bar ?o }",
                "error at 1:17: expected one of Prefix not found, ['%']",
                "line 1, column 17: the prefix `foo:` is not declared; begin with `PREFIX foo: <…>`",
            ),
        ];
        for (text, told, expected) in cases {
            assert_eq!(readable(text, told).as_deref(), Some(expected));
        }
        let long = readable("SELECT ?x WHERE { ?x a bg:Battle } ORDER BY", "error at 1:44: expected one of \"(\", [_]");
        assert!(long.is_some_and(|told| told.ends_with("after `… { ?x a bg:Battle } ORDER BY`")));
        assert_eq!(readable("", "duplicated blank node"), None);
    }
}
