//! Results as a page for a browser: self-contained, no script, everything escaped.

use super::format::{Results, WriteError};
use super::{Prefixes, table};
use oxrdf::Term;
use std::fmt::{self, Display, Formatter};
use std::io::Write;

const STYLE: &str = ":root{color-scheme:light dark}body{font:1rem/1.4 system-ui,sans-serif;margin:1rem}\
table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.25rem .6rem;border-bottom:1px solid #8886}\
td{overflow-wrap:anywhere}";

/// Writes a page with a table.
pub(super) fn write(results: Results<'_>, writer: &mut impl Write, prefixes: &Prefixes) -> Result<(), WriteError> {
    writeln!(writer, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Results</title>")?;
    writeln!(writer, "<meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head><body>")?;
    if let Some(truth) = results.truth() {
        writeln!(writer, "<p>{}</p></body></html>", if truth { "yes" } else { "no" })?;
        return Ok(());
    }
    let (names, rows) = results.into_rows();
    write!(writer, "<table><thead><tr>")?;
    for name in names {
        write!(writer, "<th scope=\"col\">{}</th>", Escaped(&name))?;
    }
    writeln!(writer, "</tr></thead><tbody>")?;
    let mut count = 0_usize;
    for row in rows {
        write!(writer, "<tr>")?;
        for term in row? {
            write!(writer, "<td>")?;
            if let Some(term) = term {
                cell(writer, &term, prefixes)?;
            }
            write!(writer, "</td>")?;
        }
        writeln!(writer, "</tr>")?;
        count += 1;
    }
    writeln!(writer, "</tbody></table><p>{count} {}</p></body></html>", if count == 1 { "row" } else { "rows" })?;
    Ok(())
}

fn cell(writer: &mut impl Write, term: &Term, prefixes: &Prefixes) -> Result<(), WriteError> {
    let text = table::show(term, prefixes);
    match term {
        // Other schemes than these could carry a script.
        Term::NamedNode(node) if node.as_str().starts_with("http://") || node.as_str().starts_with("https://") => {
            write!(writer, "<a href=\"{}\">{}</a>", Escaped(node.as_str()), Escaped(&text))?;
        }
        Term::Literal(literal) if literal.language().is_some() => {
            let language = literal.language().unwrap_or_default();
            write!(writer, "<span lang=\"{}\">{}</span>", Escaped(language), Escaped(&text))?;
        }
        _ => write!(writer, "{}", Escaped(&text))?,
    }
    Ok(())
}

/// A text in HTML, between tags or in a quoted attribute.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(i) = rest.find(['&', '<', '>', '"', '\'']) {
            f.write_str(&rest[..i])?;
            f.write_str(match rest.as_bytes()[i] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &rest[i + 1..];
        }
        f.write_str(rest)
    }
}
