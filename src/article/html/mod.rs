//! Reads a web page: its metadata and the text of its main part; entry points [`read`] and [`fragment_text`].
//!
//! Where the main part is, is found by `dom_smoothie`, a port of the readability of Firefox. Its result is walked here
//! once more, because its own plain text joins words across elements. Pages that it cannot make sense of (very short,
//! very large, absurdly nested) are taken whole, without what is never text: scripts, menus, forms, captions.

mod blocks;
mod metadata;

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};
use encoding_rs::Encoding;

use self::metadata::Metadata;
use super::column::{Cells, Column};
use super::outcome::ReadFailure;

/// Beyond these a page is not worth the search for its main part.
const MOST_NODES: usize = 200_000;
const DEEPEST: usize = 300;

/// Browsers do not nest elements deeper than this; the parser takes time in proportion to the depth at each tag.
const DEEPEST_OPEN: usize = 512;

/// Splits a decoded page into its fields; the body is empty if no text was found.
pub(super) fn read(html: &str) -> Result<Cells, ReadFailure> {
    if open_elements(html) > DEEPEST_OPEN {
        return Err(ReadFailure::TooNested);
    }
    let page = Document::from(html);
    let metadata = Metadata::of(&page);
    let mut body = main_text(page, html);
    // Some pages bring the text only in their metadata and build the rest by script.
    if let Some(given) = metadata.body.as_deref().filter(|given| given.len() > 2 * joined_len(&body)) {
        body = if given.contains("</") { fragment_blocks(given) } else { lines(given) };
    }
    if body.first().is_some_and(|first| Some(first) == metadata.headline.as_ref()) {
        body.remove(0);
    }
    let mut cells = Cells::default();
    for date in &metadata.dates {
        if super::parse_date(date).is_ok() {
            cells.set(Column::Published, date.clone());
        }
    }
    if let (None, Some(unreadable)) = (cells.article.published, metadata.dates.first()) {
        cells.set(Column::Published, unreadable.clone());
    }
    let fields = [
        (Column::Headline, metadata.headline),
        (Column::Publisher, metadata.publisher),
        (Column::Author, metadata.author),
        (Column::Url, metadata.url),
        (Column::Language, metadata.language),
    ];
    for (column, value) in fields {
        if let Some(value) = value {
            cells.set(column, value);
        }
    }
    cells.set(Column::Body, body.join("\n\n"));
    Ok(cells)
}

/// The text of a piece of HTML, as feeds carry it: one line for each block, blank lines between them.
pub(super) fn fragment_text(html: &str) -> String {
    fragment_blocks(html).join("\n\n")
}

/// The character set that a page names in its first kilobytes.
pub(super) fn declared_charset(head: &[u8]) -> Option<&'static Encoding> {
    const LOOKED_AT: usize = 4096;
    let head = &head[..head.len().min(LOOKED_AT)];
    let text = head.iter().map(|byte| char::from(byte.to_ascii_lowercase())).collect::<String>();
    ["charset", "encoding"].iter().find_map(|word| {
        text.match_indices(word).find_map(|(at, _)| {
            let value = text[at + word.len()..].trim_start().strip_prefix('=')?.trim_start();
            let value = value.trim_start_matches(['"', '\'']);
            let end = value
                .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':')))
                .unwrap_or(value.len());
            Encoding::for_label(&value.as_bytes()[..end])
        })
    })
}

fn fragment_blocks(html: &str) -> Vec<String> {
    if open_elements(html) > DEEPEST_OPEN {
        return lines(html);
    }
    blocks::of(&Document::fragment(html).root())
}

/// The most elements that are open at once, of those that need an end tag; seen without parsing.
fn open_elements(html: &str) -> usize {
    const ENDLESS: [&str; 32] = [
        "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html", "img", "input",
        "li", "link", "meta", "optgroup", "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th",
        "thead", "tr", "track", "wbr",
    ];
    let (mut open, mut most) = (0_usize, 0_usize);
    for at in memchr::memchr_iter(b'<', html.as_bytes()) {
        let rest = &html.as_bytes()[at + 1..];
        if rest.first() == Some(&b'/') {
            // An end tag of an element without end counts too: unmatched ones only lower the estimate of a page that
            // has them in plenty, which then has few elements open.
            open = open.saturating_sub(usize::from(!is_one_of(&rest[1..], &ENDLESS)));
        } else if rest.first().is_some_and(u8::is_ascii_alphabetic) && !is_one_of(rest, &ENDLESS) {
            open += 1;
            most = most.max(open);
        }
    }
    most
}

/// Whether a tag, from its name on, has one of the names.
fn is_one_of(tag: &[u8], names: &[&str]) -> bool {
    let end = tag.iter().take(12).position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(tag.len().min(12));
    names.iter().any(|name| tag[..end].eq_ignore_ascii_case(name.as_bytes()))
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn joined_len(blocks: &[String]) -> usize {
    blocks.iter().map(String::len).sum()
}

fn main_text(page: Document, html: &str) -> Vec<String> {
    if is_tractable(&page.root()) {
        let config = Config { disable_json_ld: true, ..Config::default() };
        let found = Readability::with_document(page, None, Some(config)).and_then(|mut page| page.parse());
        if let Ok(article) = found {
            let body = blocks::of(&Document::fragment(article.content).root());
            if !body.is_empty() {
                return body;
            }
        }
    }
    // The search has changed the page, so it is parsed again.
    let page = Document::from(html);
    page.body().map(|body| blocks::of(&body)).unwrap_or_default()
}

fn is_tractable(root: &NodeRef<'_>) -> bool {
    let (mut nodes, mut depth, mut deepest) = (0_usize, 0_usize, 0_usize);
    blocks::walk(root, |step| {
        match step {
            blocks::Step::Enter(_) => {
                nodes += 1;
                depth += 1;
                deepest = deepest.max(depth);
            }
            blocks::Step::Leave(_) => depth -= 1,
        }
        nodes <= MOST_NODES && deepest <= DEEPEST
    });
    nodes <= MOST_NODES && deepest <= DEEPEST
}
