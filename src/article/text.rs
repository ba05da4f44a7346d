//! Reads plain text: optional front matter, the headline, a blank line, the body.
//!
//! The first line is the headline if it is at most [`LONGEST_HEADLINE`] characters long and a blank line follows it;
//! a single line that ends as a sentence does is a body without headline. Headline and body are slices of the file.

use super::column::{Cells, Column};
use super::front_matter;

/// The longest first line, in characters, that is taken for a headline.
pub(super) const LONGEST_HEADLINE: usize = 300;

/// Splits a decoded file into its fields.
pub(super) fn read(text: &str) -> Cells {
    let mut cells = Cells::default();
    let rest = front_matter::take(text, &mut cells);
    if cells.article.headline.is_empty() {
        let line = trim_lines(rest);
        let (first, below) = line.split_once('\n').unwrap_or((line, ""));
        let is_headline =
            !first.trim().is_empty() && first.chars().take(LONGEST_HEADLINE + 1).count() <= LONGEST_HEADLINE;
        let below = if is_headline { front_matter::take_below_headline(below, &mut cells) } else { None };
        let (headline, body) = match below {
            Some(body) => (first.trim(), trim_lines(body)),
            None => split_headline(rest),
        };
        cells.set(Column::Headline, headline.to_owned());
        cells.set(Column::Body, body.to_owned());
    } else {
        cells.set(Column::Body, trim_lines(rest).to_owned());
    }
    cells
}

/// The text from its first line that is not blank to its last character that is not white space.
pub(super) fn trim_lines(text: &str) -> &str {
    let text = text.trim_end();
    let first = text.len() - text.trim_start().len();
    let line_start = text[..first].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    &text[line_start..]
}

/// Headline and body; either may be empty.
fn split_headline(text: &str) -> (&str, &str) {
    let text = trim_lines(text);
    let end = text.find(['\n', '\r']).unwrap_or(text.len());
    let (line, rest) = text.split_at(end);
    let line_end = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r'])).unwrap_or(rest);
    let next_line = line_end.split(['\n', '\r']).next().unwrap_or_default();
    let headline = line.trim();
    let is_short = headline.chars().take(LONGEST_HEADLINE + 1).count() <= LONGEST_HEADLINE;
    if rest.is_empty() {
        let is_sentence = headline.trim_end_matches(['"', '\'', '”', '’', ')']).ends_with(['.', '!', '?', '…']);
        return if is_short && !is_sentence { (headline, "") } else { ("", text) };
    }
    if is_short && next_line.trim().is_empty() { (headline, trim_lines(line_end)) } else { ("", text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> (String, String) {
        let article = read(text).article;
        (article.headline, article.body)
    }

    #[test]
    fn headline_and_body_are_slices() {
        let cases = [
            ("Head\n\nOne.\n\nTwo.\n", "Head", "One.\n\nTwo."),
            ("Head\r\n\r\nOne.\r\nTwo.\r\n", "Head", "One.\r\nTwo."),
            ("Head\r\rOne.\r", "Head", "One."),
            ("\n  Head \n \t\n  Indented.\n", "Head", "  Indented."),
            ("Head only", "Head only", ""),
            ("Troops entered the town on Friday.", "", "Troops entered the town on Friday."),
            ("A line\nand its next", "", "A line\nand its next"),
            ("“Dozens”\u{A0}dead\n\nThe\u{A0}army’s…", "“Dozens”\u{A0}dead", "The\u{A0}army’s…"),
        ];
        for (text, headline, body) in cases {
            assert_eq!(split(text), (headline.to_owned(), body.to_owned()), "{text:?}");
        }
        let long = "word ".repeat(80);
        assert_eq!(split(&format!("{long}\n\nMore.")).0, "");
    }
}
