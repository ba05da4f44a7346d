//! Questions the pages ask of the graph: SPARQL in files of its own, answered in process.

use super::links::Links;
use super::vocabulary::Vocabulary;
use crate::sparql::{Options, Prefixes, Query, SparqlError, evaluate};
use crate::store::Store;
use jiff::civil::Date;
use oxrdf::{NamedNode, Term, Variable};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// What a question has whose answer is asked for in parts.
const PART: &str = "LIMIT 1 OFFSET 0";

/// The store as one page sees it.
///
/// Who asks for a page chooses values of parameters, never the question: each reads what the events of one thing, or of the store, are, in
/// proportion to their number, and holds no more than their IRIs and dates. So the questions are answered in this process, by
/// [`Context::turn`](crate::http::context::Context::turn) only as many pages at a time as queries, and all of a page within the time of one query.
#[derive(Debug)]
pub(super) struct Graph<'s> {
    pub(super) store: &'s Store,
    pub(super) prefixes: &'s Prefixes,
    /// When all questions of the page must have been answered, and how long that is from its begin.
    end: Instant,
    timeout: Duration,
    pub(super) links: Links,
    pub(super) vocabulary: Vocabulary,
}

impl<'s> Graph<'s> {
    pub(super) fn of(store: &'s Store, prefixes: &'s Prefixes, timeout: Duration) -> Result<Self, SparqlError> {
        let links = Links::of(store.base());
        let end = Instant::now() + timeout;
        let mut graph = Self { store, prefixes, end, timeout, links, vocabulary: Vocabulary::default() };
        graph.vocabulary = Vocabulary::read(&graph)?;
        Ok(graph)
    }

    /// Answers one of the questions of `queries/`. Lines that end in `# given: name` are left out unless `name` is among the
    /// parameters.
    pub(super) fn ask(&self, source: &str, parameters: &[(&str, Term)]) -> Result<Vec<Row>, SparqlError> {
        self.rows(source, parameters)?.collect()
    }

    /// Some rows of an answer, `most` from `start` on: they take the place of the `LIMIT 1 OFFSET 0` in the question.
    pub(super) fn ask_part(
        &self,
        source: &str,
        parameters: &[(&str, Term)],
        start: usize,
        most: usize,
    ) -> Result<Vec<Row>, SparqlError> {
        debug_assert!(source.contains(PART), "{source} has no part");
        self.ask(&source.replace(PART, &format!("LIMIT {most} OFFSET {start}")), parameters)
    }

    /// The number that a question has for an answer.
    pub(super) fn count(&self, source: &str, parameters: &[(&str, Term)]) -> Result<usize, SparqlError> {
        let rows = self.ask(source, parameters)?;
        Ok(rows.first().and_then(|row| row.number("count")).unwrap_or(0))
    }

    /// The same as [`Self::ask`], row by row, for answers as long as the store.
    pub(super) fn rows(
        &self,
        source: &str,
        parameters: &[(&str, Term)],
    ) -> Result<impl Iterator<Item = Result<Row, SparqlError>> + use<'s>, SparqlError> {
        let text = given(source, parameters);
        let mut query = Query::parse(&text, self.prefixes)?;
        for (name, value) in parameters {
            // A parameter may only choose lines; one that does not even do that is a slip.
            let is_set = query.set(&Variable::new_unchecked(*name), value).is_ok();
            debug_assert!(
                is_set || source.contains(&format!("# given: {name}\n")),
                "`{name}` is no parameter of {source}"
            );
        }
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(SparqlError::TimedOut(self.timeout));
        }
        let options = Options { timeout: Some(left), ..Options::default() };
        let (names, rows) = evaluate(self.store, &query, options)?.into_rows();
        Ok(rows.map(move |row| {
            let terms = names.iter().cloned().zip(row?).filter_map(|(name, term)| Some((name, term?)));
            Ok(Row(terms.collect()))
        }))
    }

    /// Answers a question about some things, which take the place of the empty `VALUES ?name {}` in it.
    pub(super) fn ask_of<'t>(
        &self,
        text: &str,
        name: &str,
        things: impl IntoIterator<Item = &'t NamedNode>,
    ) -> Result<Vec<Row>, SparqlError> {
        let mut values = format!("VALUES ?{name} {{");
        for thing in things {
            // Writing to a string does not fail.
            let _ = write!(values, " {thing}");
        }
        values.push_str(" }");
        self.ask(&text.replace(&format!("VALUES ?{name} {{}}"), &values), &[])
    }
}

fn given(text: &str, parameters: &[(&str, Term)]) -> String {
    let mut kept = String::with_capacity(text.len());
    for line in text.lines() {
        let condition = line.split_once("# given: ").map(|(_, name)| name.trim());
        if condition.is_none_or(|name| parameters.iter().any(|(given, _)| *given == name)) {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// One row of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row(BTreeMap<String, Term>);

impl Row {
    pub(super) fn term(&self, name: &str) -> Option<&Term> {
        self.0.get(name)
    }

    pub(super) fn iri(&self, name: &str) -> Option<&NamedNode> {
        match self.0.get(name) {
            Some(Term::NamedNode(node)) => Some(node),
            _ => None,
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.0.get(name) {
            Some(Term::Literal(literal)) => Some(literal.value()),
            _ => None,
        }
    }

    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.text(name)?.parse().ok()
    }

    pub(super) fn date(&self, name: &str) -> Option<Date> {
        self.text(name)?.get(..10)?.parse().ok()
    }

    pub(super) fn is_true(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }
}

#[cfg(test)]
mod tests {
    use super::given;
    use oxrdf::Literal;

    #[test]
    fn lines_depend_on_parameters() {
        let text = "SELECT * {\n?a ?b ?c . # given: c\n?a ?b ?d . # given: d\n}";
        assert_eq!(given(text, &[("c", Literal::from(1).into())]), "SELECT * {\n?a ?b ?c . # given: c\n}\n");
    }
}
