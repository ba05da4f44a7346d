//! Articles as published, and the readers that make them from files, streams and web pages.
//!
//! [`read`] turns paths, URLs and standard input into an iterator of [`Article`]s, one at a time, so that memory does
//! not grow with the input; [`read_bytes`] does the same for bytes already at hand. One bad article is one
//! [`ReadError`] that says where and why, and the reading goes on after it.
//!
//! # What "exactly as given" means
//!
//! Offsets count in the headline and the body as they stand in [`Article`]. These are, for each format:
//!
//! | format | headline | body |
//! |---|---|---|
//! | text | the first line, if at most 300 characters long and followed by a blank line, without surrounding white space | one unbroken slice of the decoded file: from the first character of the first line after it that is not blank, to the last character that is not white space; line ends are kept as they are |
//! | JSON, JSON lines | the decoded string, unchanged | the decoded string, unchanged (a list of strings is joined by blank lines) |
//! | CSV, TSV | the unquoted cell, unchanged | the unquoted cell, unchanged |
//! | Markdown | `title` of the front matter, else the text of the heading or the short paragraph at the start | the text without markup, one line for each block, blank lines between them |
//! | HTML | what the page's metadata name, else its title, white space collapsed | the text of the main part, one line for each block, blank lines between them; white space is collapsed as a browser does, no-break spaces stay, soft hyphens and zero-width spaces go |
//! | feed | the title of the item | as for HTML |
//!
//! Characters are never replaced by others that look alike: curly quotes, dashes and no-break spaces stay what they
//! are. Only what no XML document may have (control characters but tab and line ends, U+FFFE, U+FFFF) is replaced, one character
//! for one so that offsets count as in the input: vertical tab and form feed by a space, the others by U+FFFD. A byte order mark is not part of the text. Bytes that are not UTF-8 are decoded by their byte order mark, the
//! declared character set, or a guess, in this order.

mod column;
mod compression;
mod date;
mod encoding;
mod feed;
mod format;
mod front_matter;
mod html;
mod input;
mod json;
mod key;
mod legible;
mod lines;
mod markdown;
mod outcome;
mod reader;
mod table;
mod text;
mod web;

pub use column::{Column, ColumnMap, ColumnMapError};
pub use date::{UnreadableDate, parse_date};
pub use format::{Format, UnknownFormat};
pub use input::Input;
pub use key::canonical_url;
pub use lines::NumberedLines;
pub use outcome::{Place, ReadError, ReadFailure, Warning};
pub use reader::{Articles, Meter, ReadOptions, read, read_bytes};
pub use web::WebFailure;
pub(crate) use web::{public_client, refuse_private};

use jiff::civil::Date;

/// One article as it was published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Article {
    /// The publisher's own identifier, if the input gave one.
    pub id: Option<String>,
    /// The headline exactly as given; empty if there is none.
    pub headline: String,
    /// The body exactly as given: paragraphs separated by line breaks.
    pub body: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// The day of publication, in the publisher's own time zone.
    pub published: Option<Date>,
    /// Where it was published, as given.
    pub url: Option<String>,
    /// The language it says it is written in, a BCP 47 tag such as `en` or `en-GB`.
    pub language: Option<String>,
}

impl Article {
    /// The article without its text.
    #[must_use]
    pub fn clone_description(&self) -> Self {
        Self {
            id: self.id.clone(),
            headline: String::new(),
            body: String::new(),
            publisher: self.publisher.clone(),
            author: self.author.clone(),
            published: self.published,
            url: self.url.clone(),
            language: self.language.clone(),
        }
    }
}

/// The part of an article an offset counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The headline.
    Headline,
    /// The body.
    Body,
}
