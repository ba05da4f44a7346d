//! Turns inputs into articles one at a time: entry points [`read`] and [`read_bytes`].
//!
//! Everything is an iterator over one open input, so that memory holds one article, however large the input; directories
//! are listed beforehand, which is also what makes a progress bar possible.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use encoding_rs::{Encoding, UTF_8};
use jiff::civil::Date;
use url::Url;

use super::column::{ColumnMap, Reading};
use super::compression::{self, Opened};
use super::encoding::{self, Transcoded};
use super::format::{Format, detect, extension_of};
use super::input::{Input, list};
use super::outcome::{Place, ReadError, ReadFailure, Warning};
use super::web::{Page, Web, WebFailure, WebOptions};
use super::{Article, feed, html, json, markdown, table, text};

/// How to read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// The format to read everything as; found out for each input if `None`.
    pub format: Option<Format>,
    /// Names of fields beside the usual ones.
    pub columns: ColumnMap,
    /// The day of publication of articles that give none. An article that gives one that cannot be read stays undated.
    pub published: Option<Date>,
    /// The largest article in bytes, unpacked; in JSON lines, lists and tables, of one object or row.
    pub max_bytes: u64,
    /// The most that each input may come to in bytes, unpacked, all of its articles together; no bound if `None`.
    pub max_unpacked: Option<u64>,
    /// Whether addresses in private networks and on this machine are fetched, and proxies used.
    pub allow_private: bool,
    /// How long a web page may take.
    pub timeout: Duration,
}

impl ReadOptions {
    /// The default of [`max_bytes`](Self::max_bytes): 64 MiB.
    pub const DEFAULT_MAX_BYTES: u64 = 64 << 20;
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            format: None,
            columns: ColumnMap::default(),
            published: None,
            max_bytes: Self::DEFAULT_MAX_BYTES,
            max_unpacked: None,
            allow_private: false,
            timeout: Duration::from_secs(30),
        }
    }
}

/// How far reading has come, in bytes as stored; can be asked from another thread.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    read: AtomicU64,
    total: AtomicU64,
}

impl Meter {
    /// Bytes read so far.
    pub fn read(&self) -> u64 {
        self.0.read.load(Ordering::Relaxed)
    }

    /// Bytes of all files named; web pages and standard input count nothing.
    pub fn total(&self) -> u64 {
        self.0.total.load(Ordering::Relaxed)
    }
}

/// Reads all articles of the inputs, in their order; the files of a directory sorted by path.
///
/// # Examples
///
/// ```
/// use belligraph::article::{Input, ReadOptions, read};
///
/// for article in read([Input::Path("no/such/file.txt".into())], ReadOptions::default()) {
///     match article {
///         Ok(article) => println!("{}", article.headline),
///         Err(error) => assert_eq!(error.reason(), "no such file or directory"),
///     }
/// }
/// ```
pub fn read(inputs: impl IntoIterator<Item = Input>, options: ReadOptions) -> Articles {
    let mut articles = Articles::new(options);
    for input in inputs {
        match input {
            Input::Path(path) if path.is_dir() => articles.queue_directory(&path),
            Input::Path(path) => articles.queue_file(path),
            Input::Url(url) => articles.pending.push_back(Pending::Url(url)),
            Input::Stdin => articles.pending.push_back(Pending::Stdin),
        }
    }
    articles
}

/// Reads all articles of bytes at hand; `name` stands for the file in messages, and its extension tells the format.
///
/// # Examples
///
/// ```
/// use belligraph::article::{ReadOptions, read_bytes};
///
/// let text = "Army takes the town\n\nThe army took the town on Friday.\n";
/// let articles: Vec<_> = read_bytes("a.txt", text, ReadOptions::default()).collect::<Result<_, _>>()?;
/// assert_eq!(articles[0].headline, "Army takes the town");
/// assert_eq!(articles[0].body, "The army took the town on Friday.");
/// # Ok::<(), belligraph::article::ReadError>(())
/// ```
pub fn read_bytes(name: &str, bytes: impl Into<Vec<u8>>, options: ReadOptions) -> Articles {
    let mut articles = Articles::new(options);
    articles.pending.push_back(Pending::Bytes(name.to_owned(), bytes.into()));
    articles
}

/// The articles of some inputs: an iterator that opens one input at a time.
///
/// What could be read only in part (an unreadable date, damaged bytes) is a [`Warning`]; it is logged unless
/// [`on_warning`](Self::on_warning) takes it.
pub struct Articles {
    options: ReadOptions,
    pending: VecDeque<Pending>,
    current: Option<Current>,
    warn: Box<dyn FnMut(Warning) + Send>,
    meter: Meter,
    /// Whether an input was larger than it may be.
    over: Arc<AtomicBool>,
    /// Set up when the first web page is fetched.
    web: Option<Web>,
}

enum Pending {
    File(PathBuf),
    Url(String),
    Stdin,
    Bytes(String, Vec<u8>),
    Warned(Warning),
    Failed(ReadError),
}

struct Current {
    source: String,
    items: Items,
    /// Where it was fetched from, in the end.
    address: Option<Url>,
    /// Whether it has given anything yet.
    began: bool,
}

/// What one open input still gives: a line if the place has one, and the outcome.
type Items = Box<dyn Iterator<Item = (Option<u64>, Result<Reading, ReadFailure>)> + Send>;

impl std::fmt::Debug for Articles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Articles").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Articles {
    fn new(options: ReadOptions) -> Self {
        Self {
            options,
            pending: VecDeque::new(),
            current: None,
            warn: Box::new(|warning| tracing::warn!("{warning}")),
            meter: Meter::default(),
            over: Arc::default(),
            web: None,
        }
    }

    /// Hands warnings to `take` instead of logging them.
    #[must_use]
    pub fn on_warning(mut self, take: impl FnMut(Warning) + Send + 'static) -> Self {
        self.warn = Box::new(take);
        self
    }

    /// How far reading has come.
    pub fn meter(&self) -> Meter {
        self.meter.clone()
    }

    /// Whether an input came to more than [`ReadOptions::max_unpacked`], and was read no further.
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    fn queue_file(&mut self, path: PathBuf) {
        if let Ok(metadata) = fs::metadata(&path) {
            self.meter.0.total.fetch_add(metadata.len(), Ordering::Relaxed);
        }
        self.pending.push_back(Pending::File(path));
    }

    fn queue_directory(&mut self, directory: &Path) {
        let listing = list(directory, self.options.format.is_some());
        let source = directory.display().to_string();
        if let Some(first) = listing.skipped.first() {
            let count = listing.skipped.len();
            let message = format!(
                "left out {count} files of other kinds, such as `{}` (name them to read them)",
                first.display()
            );
            let place = Place { source: source.clone(), line: None };
            self.pending.push_back(Pending::Warned(Warning { place, message }));
        }
        if listing.files.is_empty() && listing.failed.is_empty() {
            self.pending.push_back(Pending::Failed(ReadError::new(&source, None, ReadFailure::NoArticles)));
        }
        for (path, error) in listing.failed {
            let failure = ReadFailure::of_io(error, None);
            self.pending.push_back(Pending::Failed(ReadError::new(&path.display().to_string(), None, failure)));
        }
        for file in listing.files {
            self.queue_file(file);
        }
    }

    fn open(&self, source: String, path: &Path, raw: impl Read + Send + 'static) -> Current {
        let named = extension_of(path).0.and_then(Format::of_extension);
        let mut opened = compression::open(raw);
        if let Some(most) = self.options.max_unpacked {
            opened.bound(most, &self.over);
        }
        let items = items_of(opened, named, None, &self.options).unwrap_or_else(failed);
        Current { source, items, address: None, began: false }
    }

    fn open_url(&mut self, source: String) -> Result<Current, ReadError> {
        match self.fetch(&source) {
            Err(failure) => Err(ReadError::new(&source, None, failure.into())),
            Ok(Page { url, media_type, bytes }) => {
                let path = PathBuf::from(url.path());
                let named = media_type.as_deref().and_then(Format::of_media_type);
                let named = named.or_else(|| extension_of(&path).0.and_then(Format::of_extension));
                let charset =
                    media_type.as_deref().and_then(|media_type| html::declared_charset(media_type.as_bytes()));
                let opened = compression::open(Cursor::new(bytes));
                let items = items_of(opened, named, charset, &self.options).unwrap_or_else(failed);
                Ok(Current { source, items, address: Some(url), began: false })
            }
        }
    }

    fn fetch(&mut self, address: &str) -> Result<Page, WebFailure> {
        let web = match &mut self.web {
            Some(web) => web,
            none => none.insert(Web::new(WebOptions {
                allow_private: self.options.allow_private,
                max_bytes: self.options.max_bytes,
                timeout: self.options.timeout,
            })?),
        };
        web.fetch(address)
    }

    /// Opens the next input; `None` when there is none, an error if it cannot be opened.
    fn open_next(&mut self) -> Option<Result<Current, ReadError>> {
        loop {
            return Some(match self.pending.pop_front()? {
                Pending::File(path) => {
                    let source = path.display().to_string();
                    match File::open(&path) {
                        Ok(file) => {
                            let counted = Counted { inner: file, meter: self.meter.clone() };
                            Ok(self.open(source, &path, counted))
                        }
                        Err(error) => Err(ReadError::new(&source, None, ReadFailure::of_io(error, None))),
                    }
                }
                Pending::Url(url) => self.open_url(url),
                Pending::Stdin => Ok(self.open("standard input".to_owned(), Path::new(""), io::stdin())),
                Pending::Bytes(name, bytes) => {
                    let path = PathBuf::from(&name);
                    Ok(self.open(name, &path, Cursor::new(bytes)))
                }
                Pending::Failed(error) => Err(error),
                Pending::Warned(warning) => {
                    (self.warn)(warning);
                    continue;
                }
            });
        }
    }

    fn finish(&mut self, place: &Place, reading: Reading, address: Option<&Url>) -> Article {
        for message in reading.warnings {
            (self.warn)(Warning { place: place.clone(), message });
        }
        let mut article = reading.article;
        match article.make_legible() {
            0 => {}
            count => {
                let noun = if count == 1 { "character" } else { "characters" };
                let message = format!("{count} control {noun} that no XML document may have replaced, one for one");
                (self.warn)(Warning { place: place.clone(), message });
            }
        }
        if article.published.is_none() && !reading.date_unreadable {
            article.published = self.options.published;
        }
        if let Some(address) = address {
            let own = article.url.as_deref().and_then(|own| Url::parse(own).ok());
            // A page may name its canonical address only on its own site, or it could pass for another's article.
            let trusted = own.is_some_and(|own| site_of(&own) == site_of(address));
            if !trusted {
                article.url = Some(address.to_string());
            }
        }
        article
    }
}

impl Iterator for Articles {
    type Item = Result<Article, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(current) = &mut self.current {
                if let Some((line, outcome)) = current.items.next() {
                    current.began = true;
                    let place = Place { source: current.source.clone(), line };
                    let address = current.address.clone();
                    return Some(match outcome {
                        Ok(reading) => Ok(self.finish(&place, reading, address.as_ref())),
                        Err(failure) => Err(ReadError { place, failure }),
                    });
                }
                let finished = self.current.take().filter(|current| !current.began);
                if let Some(Current { source, .. }) = finished {
                    return Some(Err(ReadError::new(&source, None, ReadFailure::Empty)));
                }
            }
            match self.open_next()? {
                Ok(current) => self.current = Some(current),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// The host without the prefixes that versions of one site have.
fn site_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    ["www.", "m.", "amp."].iter().find_map(|prefix| host.strip_prefix(prefix)).unwrap_or(host).to_owned()
}

fn one(outcome: Result<Reading, ReadFailure>) -> Items {
    Box::new(std::iter::once((None, outcome)))
}

fn failed(failure: ReadFailure) -> Items {
    one(Err(failure))
}

/// What an opened input gives.
fn items_of(
    opened: Opened,
    named: Option<Format>,
    declared: Option<&'static Encoding>,
    options: &ReadOptions,
) -> Result<Items, ReadFailure> {
    let Opened { head, mut stream, compression } = opened;
    if head.is_empty() {
        // Nothing, or an error before the first byte.
        let mut first = [0];
        return match stream.read(&mut first) {
            Ok(_) => Err(ReadFailure::Empty),
            Err(error) => Err(ReadFailure::of_io(error, compression)),
        };
    }
    if let Some(kind) = compression::binary_kind(&head) {
        return Err(ReadFailure::Binary(kind));
    }
    let start = encoding::decode(head.clone(), declared).text;
    let format = options.format.unwrap_or_else(|| detect(named, &start, &options.columns));
    let limit = options.max_bytes;
    let columns = options.columns.clone();
    let numbered = |(line, outcome)| (Some(line), outcome);
    Ok(match format {
        Format::JsonLines => {
            let stream = utf8(stream, &head, declared);
            Box::new(json::Lines::new(stream, compression, columns, limit).map(numbered))
        }
        Format::Json => {
            let stream = utf8(stream, &head, declared);
            Box::new(json::Objects::new(stream, compression, columns, limit).map(numbered))
        }
        Format::Csv | Format::Tsv => {
            let stream = utf8(stream, &head, declared);
            let tabs = format == Format::Tsv;
            Box::new(table::Rows::new(stream, compression, &start, tabs, &columns, limit)?.map(numbered))
        }
        Format::Text | Format::Markdown | Format::Html | Format::Feed => {
            let charset =
                if matches!(format, Format::Html | Format::Feed) { html::declared_charset(&head) } else { None };
            let decoded = read_whole(stream, compression, declared.or(charset), limit)?;
            let mut cells = match format {
                Format::Feed => {
                    let items = feed::read(&decoded.text)?;
                    return Ok(Box::new(items.into_iter().map(|outcome| (None, outcome))));
                }
                Format::Html => html::read(&decoded.text)?,
                Format::Markdown => markdown::read(&decoded.text),
                _ => text::read(&decoded.text),
            };
            cells.warnings.extend(decoded.warning);
            if format == Format::Html && cells.article.body.is_empty() {
                return Err(ReadFailure::NoMainText);
            }
            one(cells.finish())
        }
    })
}

fn read_whole(
    stream: compression::Stream,
    compression: Option<&'static str>,
    declared: Option<&'static Encoding>,
    limit: u64,
) -> Result<encoding::Decoded, ReadFailure> {
    let mut bytes = Vec::new();
    let taken = stream.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    taken.map_err(|error| ReadFailure::of_io(error, compression))?;
    if bytes.len() as u64 > limit {
        return Err(ReadFailure::TooLarge { limit });
    }
    let decoded = encoding::decode(bytes, declared);
    if decoded.text.trim().is_empty() { Err(ReadFailure::Empty) } else { Ok(decoded) }
}

/// The stream in UTF-8, if its first bytes or a declaration say that it is in another encoding.
fn utf8(mut stream: compression::Stream, head: &[u8], declared: Option<&'static Encoding>) -> compression::Stream {
    match encoding::of_start(head) {
        Some((encoding, mark)) => {
            let mut skipped = [0; 4];
            // The mark is in the head already, so this cannot fail.
            let _ = stream.read_exact(&mut skipped[..mark]);
            if encoding == UTF_8 { stream } else { Box::new(io::BufReader::new(Transcoded::new(stream, encoding))) }
        }
        None => match declared.filter(|encoding| *encoding != UTF_8 && std::str::from_utf8(head).is_err()) {
            Some(encoding) => Box::new(io::BufReader::new(Transcoded::new(stream, encoding))),
            None => stream,
        },
    }
}

/// Counts what is read.
struct Counted<R> {
    inner: R,
    meter: Meter,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.meter.0.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
