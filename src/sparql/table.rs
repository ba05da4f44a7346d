//! Results as a table for a screen.

use super::Prefixes;
use super::format::{Results, TableStyle, WriteError};
use comfy_table::{Attribute, Cell, CellAlignment, ContentArrangement, Table, presets};
use oxrdf::vocab::xsd;
use oxrdf::{Literal, NamedNodeRef, Term};
use std::io::Write;

/// Writes a table and how many rows it has; for an `ASK`, yes or no.
pub(super) fn write(
    results: Results<'_>,
    writer: &mut impl Write,
    prefixes: &Prefixes,
    style: TableStyle,
) -> Result<(), WriteError> {
    if let Some(truth) = results.truth() {
        writeln!(writer, "{}", if truth { "yes" } else { "no" })?;
        return Ok(());
    }
    let (names, rows) = results.into_rows();
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED.with_rounded_corners());
    table.set_content_arrangement(ContentArrangement::Disabled);
    if let Some(width) = style.width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    if style.colour {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table.set_header(names.iter().map(|name| Cell::new(name).add_attribute(Attribute::Bold)));
    let mut count = 0_usize;
    let mut are_numbers = vec![true; names.len()];
    for row in rows {
        let row = row?;
        for (is_number, term) in are_numbers.iter_mut().zip(&row) {
            *is_number &= term.as_ref().is_none_or(is_numeric);
        }
        table.add_row(row.iter().map(|term| term.as_ref().map(|term| show(term, prefixes)).unwrap_or_default()));
        count += 1;
    }
    for (i, is_number) in are_numbers.into_iter().enumerate() {
        if is_number && let Some(column) = table.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    if !names.is_empty() {
        writeln!(writer, "{table}")?;
    }
    writeln!(writer, "{count} {}", if count == 1 { "row" } else { "rows" })?;
    Ok(())
}

/// A term as a person reads it: IRIs short, literals without quotes and type.
pub(super) fn show(term: &Term, prefixes: &Prefixes) -> String {
    match term {
        Term::NamedNode(node) => prefixes.shorten(node.as_str()),
        Term::BlankNode(node) => node.to_string(),
        Term::Literal(literal) => printable(literal.value()),
    }
}

/// The text with line breaks as spaces and without what could command a terminal.
fn printable(text: &str) -> String {
    let visible = |c: char| match c {
        '\n' | '\r' | '\t' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        // Marks that reorder the text around them.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(visible).collect()
}

fn is_numeric(term: &Term) -> bool {
    const NUMERIC: [NamedNodeRef<'_>; 6] =
        [xsd::INTEGER, xsd::DECIMAL, xsd::DOUBLE, xsd::FLOAT, xsd::INT, xsd::NON_NEGATIVE_INTEGER];
    matches!(term, Term::Literal(literal) if NUMERIC.contains(&Literal::datatype(literal)))
}
