//! The formats articles come in, and how one is told from another.
//!
//! The extension decides where it names a format; the content decides where it does not (no extension, `.txt`,
//! standard input), and between formats that share an extension.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::column::ColumnMap;

/// A format articles are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// A web page.
    Html,
    /// JSON objects: one, several, or a list of them.
    Json,
    /// One JSON object a line.
    JsonLines,
    /// Comma-separated values with a header (also separated by `;`, `|` or tabs).
    Csv,
    /// Tab-separated values with a header.
    Tsv,
    /// RSS or Atom.
    Feed,
}

impl Format {
    /// All formats, in the order they are documented.
    pub const ALL: [Self; 8] =
        [Self::Text, Self::Markdown, Self::Html, Self::Json, Self::JsonLines, Self::Csv, Self::Tsv, Self::Feed];

    /// The name that `--format` takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Json => "json",
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Feed => "feed",
        }
    }

    /// The format an extension stands for, if it stands for one. `.xml` is taken for a feed until its content is seen.
    pub(super) fn of_extension(extension: &str) -> Option<Self> {
        Some(match extension.to_ascii_lowercase().as_str() {
            "txt" | "text" => Self::Text,
            "md" | "markdown" => Self::Markdown,
            "html" | "htm" | "xhtml" => Self::Html,
            "json" => Self::Json,
            "jsonl" | "ndjson" => Self::JsonLines,
            "csv" => Self::Csv,
            "tsv" => Self::Tsv,
            "xml" | "rss" | "atom" => Self::Feed,
            _ => return None,
        })
    }

    /// The format of a media type, the parameters left out; `None` if it says nothing (as `application/octet-stream`).
    pub(super) fn of_media_type(media_type: &str) -> Option<Self> {
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Some(match essence.as_str() {
            "text/html" | "application/xhtml+xml" => Self::Html,
            "text/markdown" => Self::Markdown,
            "text/csv" => Self::Csv,
            "text/tab-separated-values" => Self::Tsv,
            "application/x-ndjson" | "application/jsonl" | "application/x-jsonlines" => Self::JsonLines,
            "text/xml" | "application/xml" | "application/rss+xml" | "application/atom+xml" | "application/rdf+xml" => {
                Self::Feed
            }
            other if other == "application/json" || other.ends_with("+json") => Self::Json,
            _ => return None,
        })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown format `{0}`: known are text, markdown, html, json, jsonl, csv, tsv and feed")]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// The extension that tells the format, and whether one that tells the compression stands after it.
pub(super) fn extension_of(path: &Path) -> (Option<&str>, bool) {
    let extension = path.extension().and_then(|extension| extension.to_str());
    if extension.is_some_and(|extension| {
        ["gz", "gzip", "zst", "zstd"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    }) {
        let inner = path.file_stem().map(Path::new).and_then(|stem| stem.extension()).and_then(|inner| inner.to_str());
        return (inner, true);
    }
    (extension, false)
}

/// The format of an input, from what its extension or media type says and the beginning of its text.
pub(super) fn detect(named: Option<Format>, head: &str, columns: &ColumnMap) -> Format {
    let start = head.trim_start();
    match named {
        Some(Format::Json | Format::JsonLines) => json_kind(start, named == Some(Format::JsonLines)),
        Some(Format::Feed) if opens_html(start) => Format::Html,
        Some(Format::Text) | None => {
            if opens_html(start) {
                Format::Html
            } else if opens_feed(start) {
                Format::Feed
            } else if opens_json(start) {
                json_kind(start, false)
            } else if named.is_none() {
                table_kind(start, columns).unwrap_or(Format::Text)
            } else {
                Format::Text
            }
        }
        Some(other) => other,
    }
}

fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.as_bytes().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

fn opens_html(start: &str) -> bool {
    let mut rest = start;
    // An XML declaration and comments may stand before the document type or the root.
    loop {
        let end = if rest.starts_with("<?") {
            rest.find("?>").map(|at| at + 2)
        } else if rest.starts_with("<!--") {
            rest.find("-->").map(|at| at + 3)
        } else {
            break;
        };
        match end {
            Some(end) => rest = rest[end..].trim_start(),
            None => return false,
        }
    }
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|opening| starts_with_ignoring_case(rest, opening))
}

fn opens_feed(start: &str) -> bool {
    ["<?xml", "<rss", "<feed", "<rdf:RDF"].iter().any(|opening| start.starts_with(opening))
}

fn opens_json(start: &str) -> bool {
    let mut bytes = start.bytes().filter(|byte| !byte.is_ascii_whitespace());
    matches!((bytes.next(), bytes.next()), (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{')))
}

fn json_kind(start: &str, named_lines: bool) -> Format {
    if start.starts_with('[') {
        return Format::Json;
    }
    let Some((line, _)) = start.split_once('\n') else {
        return if named_lines { Format::JsonLines } else { Format::Json };
    };
    let line = line.trim_end();
    let complete = serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok();
    // An object spread over lines opens with a line that ends in the middle of it.
    if complete || (named_lines && line.ends_with('}')) || (named_lines && !line.ends_with(['{', '[', ','])) {
        Format::JsonLines
    } else {
        Format::Json
    }
}

fn table_kind(start: &str, columns: &ColumnMap) -> Option<Format> {
    let header = start.lines().next()?;
    let is_header = |delimiter: char| {
        let names: Vec<&str> = header.split(delimiter).map(|name| name.trim().trim_matches('"')).collect();
        names.len() > 1 && columns.is_header(&names)
    };
    if is_header('\t') {
        return Some(Format::Tsv);
    }
    [',', ';', '|'].into_iter().any(is_header).then_some(Format::Csv)
}
