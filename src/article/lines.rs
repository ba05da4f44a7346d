//! The lines of a stream, numbered, each of a bounded length: what JSON lines of any kind are read from.
//!
//! [`NumberedLines::open`] unpacks gzip and Zstandard and reads one line at a time, so that memory does not grow with the
//! stream. A line that is too long is skipped to its end, and the reading goes on after it.

use super::compression::{self, Stream};
use super::outcome::{ReadError, ReadFailure};
use super::{Input, outcome};
use std::fs::File;
use std::io::{self, BufRead};
use std::path::Path;

/// The lines of one stream that are not blank.
pub struct NumberedLines {
    source: String,
    stream: Stream,
    compression: Option<&'static str>,
    limit: u64,
    line: u64,
    buffer: Vec<u8>,
    finished: bool,
}

impl std::fmt::Debug for NumberedLines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NumberedLines").field("source", &self.source).field("line", &self.line).finish_non_exhaustive()
    }
}

impl NumberedLines {
    /// Opens a file or standard input, packed or not; a line may have `limit` bytes.
    ///
    /// # Errors
    /// What cannot be opened, a directory, or a web address, which has no lines to count.
    pub fn open(input: &Input, limit: u64) -> Result<Self, ReadError> {
        let (source, opened) = match input {
            Input::Path(path) => {
                let source = path.display().to_string();
                let file = open_file(path).map_err(|failure| ReadError::new(&source, None, failure))?;
                (source, compression::open(file))
            }
            Input::Stdin => ("standard input".to_owned(), compression::open(io::stdin())),
            Input::Url(url) => {
                let failure = ReadFailure::Io(io::Error::other("a web address; fetch it to a file first"));
                return Err(ReadError::new(url, None, failure));
            }
        };
        Ok(Self { source, ..Self::new(opened.stream, opened.compression, limit) })
    }

    /// The lines of bytes at hand, packed or not; `name` stands for the file in messages.
    pub fn of_bytes(name: &str, bytes: impl Into<Vec<u8>>, limit: u64) -> Self {
        let opened = compression::open(io::Cursor::new(bytes.into()));
        Self { source: name.to_owned(), ..Self::new(opened.stream, opened.compression, limit) }
    }

    pub(super) fn new(stream: Stream, compression: Option<&'static str>, limit: u64) -> Self {
        let source = String::new();
        Self { source, stream, compression, limit, line: 0, buffer: Vec::new(), finished: false }
    }

    /// Where the last line stands.
    pub fn place(&self) -> outcome::Place {
        outcome::Place { source: self.source.clone(), line: Some(self.line) }
    }

    /// The next line that is not blank, without white space around it, and its number counted from 1; `None` at the end.
    pub fn next_line(&mut self) -> Option<(u64, Result<&[u8], ReadFailure>)> {
        while !self.finished {
            self.line += 1;
            match self.read_line() {
                Err(failure) => return Some((self.line, Err(failure))),
                Ok(false) => return None,
                // A borrow that is given away in a loop is not seen to end where it is not given away.
                Ok(true) if trimmed(&self.buffer).is_empty() => {}
                Ok(true) => return Some((self.line, Ok(trimmed(&self.buffer)))),
            }
        }
        None
    }

    /// Reads a line into the buffer; `false` at the end. A line that is too long is skipped to its end.
    fn read_line(&mut self) -> Result<bool, ReadFailure> {
        self.buffer.clear();
        let mut length = 0_u64;
        let mut any = false;
        loop {
            let chunk = match self.stream.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.finished = true;
                    return Err(ReadFailure::of_io(error, self.compression));
                }
            };
            if chunk.is_empty() {
                self.finished = true;
                break;
            }
            any = true;
            let end = memchr::memchr(b'\n', chunk);
            let taken = end.unwrap_or(chunk.len());
            length += taken as u64;
            if length <= self.limit {
                self.buffer.extend_from_slice(&chunk[..taken]);
            }
            let consumed = end.map_or(taken, |end| end + 1);
            self.stream.consume(consumed);
            if end.is_some() {
                break;
            }
        }
        if length > self.limit {
            return Err(ReadFailure::TooLarge { limit: self.limit });
        }
        Ok(any)
    }
}

fn open_file(path: &Path) -> Result<File, ReadFailure> {
    if path.is_dir() {
        return Err(ReadFailure::Io(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory; name its files")));
    }
    File::open(path).map_err(|error| ReadFailure::of_io(error, None))
}

/// Without a byte order mark and the white space around it.
fn trimmed(line: &[u8]) -> &[u8] {
    line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).trim_ascii()
}
