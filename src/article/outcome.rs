//! What reading can answer besides an article: an error with its place, reason and hint, or a warning.

use std::error::Error;
use std::fmt;
use std::io;

use super::web::WebFailure;

/// Where in the input something stands: a file, URL or `standard input`, and the line if it has one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The path or URL as the user gave it, or `standard input`.
    pub source: String,
    /// The line, counted from 1, of the decompressed input.
    pub line: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.source),
            None => f.write_str(&self.source),
        }
    }
}

/// Something that was read all the same, but not wholly: an unreadable date, bytes that could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Where.
    pub place: Place,
    /// What, in one sentence.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// An input, or one article of it, that could not be read; it prints as `place: reason (hint)`.
#[derive(Debug)]
pub struct ReadError {
    /// Where.
    pub place: Place,
    /// Why.
    pub failure: ReadFailure,
}

impl ReadError {
    pub(super) fn new(source: &str, line: Option<u64>, failure: ReadFailure) -> Self {
        Self { place: Place { source: source.to_owned(), line }, failure }
    }

    /// Why it could not be read, without the place and the hint.
    pub fn reason(&self) -> String {
        self.failure.to_string()
    }

    /// What to do about it, where that is known.
    pub fn hint(&self) -> Option<String> {
        self.failure.hint()
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.failure)?;
        self.hint().map_or(Ok(()), |hint| write!(f, " ({hint})"))
    }
}

impl Error for ReadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.failure.source()
    }
}

/// Why an input, or one article of it, could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadFailure {
    /// There is no such file.
    #[error("no such file or directory")]
    NotFound,
    /// The file may not be read.
    #[error("permission denied")]
    PermissionDenied,
    /// The system could not read the file.
    #[error("cannot be read: {0}")]
    Io(#[source] io::Error),
    /// A directory without a single article.
    #[error("directory without articles")]
    NoArticles,
    /// Nothing in it.
    #[error("empty: there is nothing to read")]
    Empty,
    /// Larger than allowed.
    #[error("larger than the limit of {limit} bytes for one article")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// Not text.
    #[error("{0}, not text")]
    Binary(&'static str),
    /// Compressed, but damaged.
    #[error("damaged {kind} data: {source}")]
    Compression {
        /// The name of the compression.
        kind: &'static str,
        /// What the decompressor says.
        source: io::Error,
    },
    /// Not JSON.
    #[error("not valid JSON: {message}")]
    Json {
        /// What is wrong, with the column.
        message: String,
        /// Whether it was read line by line.
        lines: bool,
    },
    /// JSON, but not an article.
    #[error("a JSON {found} where an object was expected")]
    NotAnObject {
        /// What stands there.
        found: &'static str,
    },
    /// An article without text.
    #[error("no text: it has {}", listed(.fields))]
    NoText {
        /// The fields or columns that it has.
        fields: Vec<String>,
    },
    /// A field holds what cannot be a text.
    #[error("`{field}` is {found}, not a text")]
    NotAText {
        /// The field.
        field: String,
        /// What it holds.
        found: &'static str,
    },
    /// Both headline and body are blank.
    #[error("no text: headline and body are blank")]
    Blank,
    /// A row or a table that cannot be read.
    #[error("{0}")]
    Table(String),
    /// A page in which no text was found.
    #[error("no article text found in the page")]
    NoMainText,
    /// A page that no browser would show whole.
    #[error("elements nested more than 512 deep, as in no page")]
    TooNested,
    /// A feed that cannot be read.
    #[error("not a readable feed: {0}")]
    Feed(String),
    /// XML of another kind.
    #[error("XML, but neither a feed nor a page: its root is `{0}`")]
    OtherXml(String),
    /// A web page that could not be fetched.
    #[error(transparent)]
    Web(#[from] WebFailure),
}

fn listed(fields: &[String]) -> String {
    const SHOWN: usize = 12;
    if fields.is_empty() {
        return "no fields".to_owned();
    }
    let names: Vec<String> = fields.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = if fields.len() > SHOWN { ", …" } else { "" };
    format!("the fields {}{more}", names.join(", "))
}

impl ReadFailure {
    pub(super) fn of_io(error: io::Error, compression: Option<&'static str>) -> Self {
        match (error.kind(), compression) {
            (io::ErrorKind::NotFound, _) => Self::NotFound,
            (io::ErrorKind::PermissionDenied, _) => Self::PermissionDenied,
            (
                io::ErrorKind::UnexpectedEof
                | io::ErrorKind::InvalidData
                | io::ErrorKind::InvalidInput
                | io::ErrorKind::Other,
                Some(kind),
            ) => Self::Compression { kind, source: error },
            _ => Self::Io(error),
        }
    }

    /// What to do about it, where that is known.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NotFound => "check the spelling of the path",
            Self::PermissionDenied => "the file must be readable for the user who runs the command",
            Self::NoArticles => {
                "files are taken by their extension: .txt .md .html .json .jsonl .csv .tsv .xml, also with .gz or .zst; \
                 hidden files and READMEs are not; `--input-format` takes them all"
            }
            Self::TooLarge { .. } | Self::Web(WebFailure::TooLarge { .. }) => "raise it with `--max-size`",
            Self::Binary(_) => "convert it to text or HTML first",
            Self::Compression { .. } => "the file may be cut off: fetch or compress it again",
            Self::Json { lines: true, .. } => "each line must be one JSON object",
            Self::NotAnObject { .. } => "an article is an object such as {\"headline\": …, \"text\": …}",
            Self::NoText { .. } => "name the field that holds it with `--map body=NAME`",
            Self::NotAText { .. } => "name another field with `--map`",
            Self::NoMainText => "save the article's text as a .txt file and read that",
            Self::Web(WebFailure::Private { .. }) => "`--allow-private` fetches it all the same",
            Self::Web(WebFailure::Timeout(_) | WebFailure::Connection { .. }) => {
                "check the address and the connection; a proxy is used only with `--allow-private`"
            }
            Self::Web(WebFailure::Status(status)) if matches!(status.as_u16(), 401 | 402 | 403 | 451) => {
                "the site does not give it to programs: save the page with a browser and read the file"
            }
            Self::OtherXml(_) => "a format can be forced with `--input-format`",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}
