//! What commands share in talking with a person: colours, widths, names typed by hand.

use crate::sparql::{Prefixes, TableStyle, parse_value};
use anyhow::{Result, bail};
use oxrdf::{NamedNode, Term};
use std::env;
use std::io::{IsTerminal, stdout};

/// Whether standard output is a terminal that wants colours (see <https://no-color.org>).
pub(super) fn colour() -> bool {
    stdout().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// How tables look on standard output: fitted and coloured on a terminal, plain and as wide as they get in a pipe.
pub(super) fn table_style() -> TableStyle {
    let width = if stdout().is_terminal() { comfy_table::Table::new().width() } else { None };
    TableStyle { width, colour: colour() }
}

/// An IRI typed as `http://…`, `<…>` or `prefix:name`.
pub(super) fn iri(text: &str, prefixes: &Prefixes) -> Result<NamedNode> {
    match parse_value(text, prefixes)? {
        Term::NamedNode(node) => Ok(node),
        _ => bail!("`{text}` is not an IRI; write http://…, <…> or prefix:name"),
    }
}
