//! Reads tables with a header: CSV, TSV and their kin, one row an article.
//!
//! Rows are read as bytes and decoded one by one, so that a stray Latin-1 row does not spoil the others. A row with more
//! or fewer cells than the header is an error of its own.

use std::io::{self, Read};

use csv::{ByteRecord, ErrorKind, Reader, ReaderBuilder};

use super::column::{Cells, Column, ColumnMap, Reading};
use super::compression::Stream;
use super::encoding::decode_piece;
use super::outcome::ReadFailure;

/// The rows of a table.
pub(super) struct Rows {
    reader: Reader<Bounded>,
    compression: Option<&'static str>,
    limit: u64,
    header: Vec<String>,
    /// Which cell is which column.
    positions: Vec<(Column, usize)>,
    row: ByteRecord,
    finished: bool,
}

impl Rows {
    /// Reads the header; `head` is the beginning of the stream, in which the delimiter is looked for.
    pub(super) fn new(
        stream: Stream,
        compression: Option<&'static str>,
        head: &str,
        tabs: bool,
        columns: &ColumnMap,
        limit: u64,
    ) -> Result<Self, ReadFailure> {
        let delimiter = if tabs { b'\t' } else { delimiter_of(head) };
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(Bounded { stream, left: limit.saturating_add(BUFFERED) });
        let header: Vec<String> = match reader.byte_headers() {
            Ok(header) => header.iter().map(|name| decode_piece(name).text.trim().to_owned()).collect(),
            Err(error) => return Err(failure_of(error, compression, limit)),
        };
        let names: Vec<&str> = header.iter().map(String::as_str).collect();
        let positions: Vec<(Column, usize)> = Column::ALL
            .into_iter()
            .filter_map(|column| columns.position(column, &names).map(|position| (column, position)))
            .collect();
        if !positions.iter().any(|(column, _)| matches!(column, Column::Headline | Column::Body)) {
            return Err(ReadFailure::NoText { fields: header });
        }
        Ok(Self { reader, compression, limit, header, positions, row: ByteRecord::new(), finished: false })
    }

    fn reading(&self) -> Result<Reading, ReadFailure> {
        if self.row.len() != self.header.len() {
            return Err(ReadFailure::Table(format!(
                "a row of {} cells under a header of {}: a quotation mark or a delimiter may be missing or too many",
                self.row.len(),
                self.header.len()
            )));
        }
        let mut cells = Cells::default();
        for &(column, position) in &self.positions {
            if let Some(cell) = self.row.get(position) {
                let decoded = decode_piece(cell);
                cells.warnings.extend(decoded.warning);
                cells.set(column, decoded.text);
            }
        }
        cells.finish()
    }
}

/// What the reader may have read ahead of the row it gives.
const BUFFERED: u64 = 64 * 1024;

impl Iterator for Rows {
    type Item = (u64, Result<Reading, ReadFailure>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.finished {
            return None;
        }
        self.reader.get_mut().left = self.limit.saturating_add(BUFFERED);
        let line = self.reader.position().line();
        match self.reader.read_byte_record(&mut self.row) {
            Ok(false) => {
                self.finished = true;
                None
            }
            Ok(true) => {
                let line = self.row.position().map_or(line, csv::Position::line);
                Some((line, self.reading()))
            }
            Err(error) => {
                // All that can go wrong here is the stream itself, as rows of any width are taken.
                self.finished = true;
                Some((line, Err(failure_of(error, self.compression, self.limit))))
            }
        }
    }
}

fn failure_of(error: csv::Error, compression: Option<&'static str>, limit: u64) -> ReadFailure {
    match error.into_kind() {
        ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => ReadFailure::Table(format!(
            "a row larger than the limit of {limit} bytes for one article: a closing quotation mark may be missing"
        )),
        ErrorKind::Io(error) => ReadFailure::of_io(error, compression),
        other => ReadFailure::Table(format!("{other:?}")),
    }
}

/// The delimiter that occurs most in the header.
fn delimiter_of(head: &str) -> u8 {
    let header = head.trim_start().lines().next().unwrap_or_default();
    let count = |delimiter: u8| header.bytes().filter(|byte| *byte == delimiter).count();
    // The comma comes last because the last of equals wins.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

/// Stops a row that never ends, as an unclosed quotation mark makes, from filling the memory.
struct Bounded {
    stream: Stream,
    left: u64,
}

impl Read for Bounded {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(into)?;
        self.left = self.left.checked_sub(read as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(read)
    }
}
