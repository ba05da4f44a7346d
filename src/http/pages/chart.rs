//! Charts of results: a bar for each row, as long as the number in it.

use super::console::{number, shown};
use super::pictures::position;
use crate::sparql::Prefixes;
use oxrdf::Term;

/// The most bars.
const BARS: usize = 60;

/// Width of the view in the units of its `viewBox`, and the height of a bar with its words.
const WIDTH: f64 = 720.0;
const ROW: f64 = 40.0;

/// Bars, ready to be written by their template.
#[derive(Debug)]
pub(super) struct Chart {
    pub(super) title: String,
    pub(super) height: f64,
    pub(super) bars: Vec<Bar>,
    pub(super) left_out: usize,
}

#[derive(Debug)]
pub(super) struct Bar {
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) label: String,
    pub(super) number: String,
}

impl Chart {
    /// A chart of the numbers that the results are about; none if there are none.
    pub(super) fn of(names: &[String], rows: &[Vec<Option<Term>>], prefixes: &Prefixes) -> Option<Self> {
        let column = measure(names, rows)?;
        let label = |row: &[Option<Term>]| {
            let words =
                row.iter().enumerate().filter(|(at, _)| *at != column).filter_map(|(_, term)| match term.as_ref()? {
                    term if number(term).is_some() => None,
                    Term::NamedNode(node) => Some(shown(node.as_str(), prefixes)),
                    Term::Literal(literal) if position(literal.value()).is_some() => None,
                    Term::Literal(literal) => Some(literal.value().to_owned()),
                    Term::BlankNode(_) => None,
                });
            let text = words.take(2).collect::<Vec<_>>().join(" · ");
            if text.chars().count() > 60 { text.chars().take(59).chain(['…']).collect() } else { text }
        };
        let values: Vec<(String, f64)> =
            rows.iter().filter_map(|row| Some((label(row), number(row.get(column)?.as_ref()?)?))).collect();
        let most = values.iter().map(|(_, value)| *value).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
        let left_out = values.len().saturating_sub(BARS);
        let bars: Vec<Bar> = values
            .into_iter()
            .take(BARS)
            .enumerate()
            .map(|(at, (label, value))| Bar {
                y: at as f64 * ROW,
                width: (value / most * WIDTH * 10.0).round() / 10.0,
                label,
                number: if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") },
            })
            .collect();
        let title = names.get(column).map(|name| format!("?{name}")).unwrap_or_default();
        Some(Self { title, height: bars.len() as f64 * ROW, bars, left_out })
    }
}

/// The column of numbers that results are about: the one they are ordered by, else the first. None of its numbers is negative.
pub(super) fn measure(names: &[String], rows: &[Vec<Option<Term>>]) -> Option<usize> {
    let is_number = |column: usize| {
        let mut terms = rows.iter().filter_map(|row| row.get(column)?.as_ref()).peekable();
        terms.peek().is_some() && terms.all(|term| number(term).is_some_and(|number| number >= 0.0))
    };
    let columns: Vec<usize> = (0..names.len()).filter(|column| is_number(*column)).collect();
    let is_ordered = |column: &&usize| {
        let values: Vec<f64> = rows.iter().filter_map(|row| number(row.get(**column)?.as_ref()?)).collect();
        values.windows(2).all(|two| two[0] >= two[1]) && values.first() != values.last()
    };
    columns.iter().find(is_ordered).or(columns.first()).copied()
}
