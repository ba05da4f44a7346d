//! Reads JSON objects one at a time, from lines ([`Lines`]) or from a list or a sequence of any layout ([`Objects`]).
//!
//! Both keep no more than one object in memory. A list is cut into its objects by following strings and braces, each is
//! then parsed by itself, so that one that cannot be read costs only itself.

use std::io::{self, BufRead};

use serde_json::{Map, Value};

use super::column::{ColumnMap, Reading};
use super::compression::Stream;
use super::encoding::decode_piece;
use super::lines::NumberedLines;
use super::outcome::ReadFailure;

/// An object, or what was wrong with it, with its first line.
pub(super) type Item = (u64, Result<Reading, ReadFailure>);

/// The objects of a stream of lines.
pub(super) struct Lines {
    lines: NumberedLines,
    columns: ColumnMap,
}

impl Lines {
    pub(super) fn new(stream: Stream, compression: Option<&'static str>, columns: ColumnMap, limit: u64) -> Self {
        Self { lines: NumberedLines::new(stream, compression, limit), columns }
    }
}

impl Iterator for Lines {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let (number, line) = self.lines.next_line()?;
        Some((number, line.and_then(|bytes| read_object(bytes, &self.columns, true))))
    }
}

/// The objects of a list, or of a sequence of objects and lists.
pub(super) struct Objects {
    stream: Stream,
    compression: Option<&'static str>,
    columns: ColumnMap,
    limit: u64,
    line: u64,
    buffer: Vec<u8>,
    /// The articles of an object that only wraps a list of them.
    listed: std::vec::IntoIter<Value>,
    listed_line: u64,
    finished: bool,
}

impl Objects {
    pub(super) fn new(stream: Stream, compression: Option<&'static str>, columns: ColumnMap, limit: u64) -> Self {
        Self {
            stream,
            compression,
            columns,
            limit,
            line: 1,
            buffer: Vec::new(),
            listed: Vec::new().into_iter(),
            listed_line: 0,
            finished: false,
        }
    }

    /// Skips to the next object and reads it into the buffer; gives its first line, or `None` at the end.
    fn next_object(&mut self) -> Result<Option<u64>, ReadFailure> {
        self.buffer.clear();
        let mut scan = Scan::default();
        let mut first_line = 0;
        let mut length = 0_u64;
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
                if scan.depth == 0 {
                    return Ok(None);
                }
                self.line = first_line;
                let message = "the input ends in the middle of this object".to_owned();
                return Err(ReadFailure::Json { message, lines: false });
            }
            let mut consumed = 0;
            let mut kept_from = if scan.depth > 0 { Some(0) } else { None };
            let mut stop = None;
            for (at, &byte) in chunk.iter().enumerate() {
                consumed = at + 1;
                self.line += u64::from(byte == b'\n');
                if scan.depth == 0 {
                    match byte {
                        b'{' => {
                            scan.depth = 1;
                            first_line = self.line;
                            kept_from = Some(at);
                        }
                        // A list is only a row of objects, whatever stands between them.
                        b'[' | b']' | b',' | 0xEF | 0xBB | 0xBF => {}
                        byte if byte.is_ascii_whitespace() => {}
                        byte => {
                            stop = Some(Err(byte));
                            break;
                        }
                    }
                } else if scan.ends_with(byte) {
                    stop = Some(Ok(()));
                    break;
                }
            }
            if let Some(from) = kept_from {
                let piece = &chunk[from..consumed];
                length += piece.len() as u64;
                if length <= self.limit {
                    self.buffer.extend_from_slice(piece);
                }
            }
            self.stream.consume(consumed);
            match stop {
                None => {}
                Some(Ok(())) if length > self.limit => {
                    return Err(ReadFailure::TooLarge { limit: self.limit });
                }
                Some(Ok(())) => return Ok(Some(first_line)),
                Some(Err(byte)) => {
                    // Nothing after a stray character can be told apart safely.
                    self.finished = true;
                    let message = format!("unexpected `{}` between objects", byte.escape_ascii());
                    return Err(ReadFailure::Json { message, lines: false });
                }
            }
        }
    }

    fn read_buffer(&mut self, line: u64) -> Option<Item> {
        let object = match parse(&self.buffer, false) {
            Ok(object) => object,
            Err(failure) => return Some((line, Err(failure))),
        };
        match self.columns.article_of_object(&object) {
            Err(ReadFailure::NoText { fields }) => match wrapped_list(object) {
                Some(list) => {
                    self.listed = list.into_iter();
                    self.listed_line = line;
                    None
                }
                None => Some((line, Err(ReadFailure::NoText { fields }))),
            },
            outcome => Some((line, outcome)),
        }
    }
}

impl Iterator for Objects {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(value) = self.listed.next() {
                return Some((self.listed_line, read_value(value, &self.columns)));
            }
            if self.finished {
                return None;
            }
            match self.next_object() {
                Ok(None) => return None,
                Err(failure) => return Some((self.line, Err(failure))),
                Ok(Some(line)) => {
                    if let Some(item) = self.read_buffer(line) {
                        return Some(item);
                    }
                }
            }
        }
    }
}

/// Where in an object a scan stands.
#[derive(Default)]
struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Scan {
    /// Takes the next byte; whether it closes the object.
    fn ends_with(&mut self, byte: u8) -> bool {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth -= 1,
            _ => {}
        }
        self.depth == 0
    }
}

/// The list of an object that has exactly one list of objects and no article of its own, as news services answer.
fn wrapped_list(object: Map<String, Value>) -> Option<Vec<Value>> {
    let is_list = |value: &Value| matches!(value, Value::Array(items) if items.first().is_some_and(Value::is_object));
    let mut lists = object.into_iter().map(|(_, value)| value).filter(is_list);
    match (lists.next(), lists.next()) {
        (Some(Value::Array(items)), None) => Some(items),
        _ => None,
    }
}

fn read_object(bytes: &[u8], columns: &ColumnMap, lines: bool) -> Result<Reading, ReadFailure> {
    columns.article_of_object(&parse(bytes, lines)?)
}

fn read_value(value: Value, columns: &ColumnMap) -> Result<Reading, ReadFailure> {
    match value {
        Value::Object(object) => columns.article_of_object(&object),
        other => Err(ReadFailure::NotAnObject { found: kind_of(&other) }),
    }
}

fn parse(bytes: &[u8], lines: bool) -> Result<Map<String, Value>, ReadFailure> {
    let parsed = match std::str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str::<Value>(text),
        Err(_) => serde_json::from_str::<Value>(&decode_piece(bytes).text),
    };
    match parsed {
        Ok(Value::Object(object)) => Ok(object),
        Ok(other) => Err(ReadFailure::NotAnObject { found: kind_of(&other) }),
        Err(error) => Err(ReadFailure::Json { message: message_of(&error, lines), lines }),
    }
}

/// What the parser says; the line it names is one of the piece, so it is left out where the piece is one line.
fn message_of(error: &serde_json::Error, lines: bool) -> String {
    let message = error.to_string();
    match message.split_once(" at line ") {
        Some((what, _)) if lines => format!("{what} at column {}", error.column()),
        Some((what, _)) => format!("{what} at line {} of the object, column {}", error.line(), error.column()),
        None => message,
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "truth value",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}
