//! Recognises gzip and Zstandard by their first bytes and unpacks them as they are read.

use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What every reader reads from.
pub(super) type Stream = Box<dyn BufRead + Send>;

/// How much of an input is looked at before its format is decided, in bytes.
const HEAD: usize = 64 * 1024;

/// An unpacked stream whose beginning is known.
pub(super) struct Opened {
    /// The first bytes, unpacked, at most 64 KiB.
    pub(super) head: Vec<u8>,
    /// The whole, the first bytes included.
    pub(super) stream: Stream,
    /// The name of the compression that was undone.
    pub(super) compression: Option<&'static str>,
}

impl Opened {
    /// Lets no more than `most` bytes be read, unpacked; tells in `over` if there are more.
    pub(super) fn bound(&mut self, most: u64, over: &Arc<AtomicBool>) {
        let stream = std::mem::replace(&mut self.stream, Box::new(io::empty()));
        self.stream = Box::new(Bounded { stream, left: most, over: Arc::clone(over) });
    }
}

/// A stream that fails when more was read than may be.
struct Bounded {
    stream: Stream,
    left: u64,
    over: Arc<AtomicBool>,
}

impl Read for Bounded {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Bounded {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let buffer = self.stream.fill_buf()?;
        if self.left == 0 && !buffer.is_empty() {
            self.over.store(true, Ordering::Relaxed);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger, unpacked, than it may be"));
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        Ok(buffer.get(..most).unwrap_or(buffer))
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount as u64);
        self.stream.consume(amount);
    }
}

/// Looks at the beginning of a stream and unpacks it if it is compressed.
pub(super) fn open(raw: impl Read + Send + 'static) -> Opened {
    let (magic, raw) = look_ahead(raw, 4);
    if magic.starts_with(&[0x1F, 0x8B]) {
        // The bufread decoder goes on after the end of a member, as `zcat` does.
        return opened(flate2::bufread::MultiGzDecoder::new(BufReader::new(raw)), Some("gzip"));
    }
    if magic == [0x28, 0xB5, 0x2F, 0xFD] {
        return match zstd::stream::read::Decoder::new(raw) {
            Ok(decoder) => opened(decoder, Some("zstd")),
            Err(error) => opened(Failing(Some(error)), Some("zstd")),
        };
    }
    opened(raw, None)
}

fn opened(unpacked: impl Read + Send + 'static, compression: Option<&'static str>) -> Opened {
    let (head, stream) = look_ahead(unpacked, HEAD);
    Opened { head, stream: Box::new(BufReader::with_capacity(HEAD, stream)), compression }
}

/// The first `count` bytes and the stream as it was. An error met while looking comes again after what was read before
/// it, so that nothing readable is lost.
fn look_ahead<R: Read>(mut reader: R, count: usize) -> (Vec<u8>, impl Read + use<R>) {
    let mut head = Vec::new();
    let failure = reader.by_ref().take(count as u64).read_to_end(&mut head).err();
    let again = Cursor::new(head.clone()).chain(Failing(failure)).chain(reader);
    (head, again)
}

/// Fails once, if it has an error to fail with, and is empty otherwise.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _into: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// What bytes are that are not text, if they are not.
pub(super) fn binary_kind(head: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 14] = [
        (b"%PDF-", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive or an office document"),
        (b"\x89PNG", "a PNG image"),
        (b"\xFF\xD8\xFF", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"\xD0\xCF\x11\xE0", "an old office document"),
        (b"{\\rtf", "an RTF document"),
        (b"BZh", "bzip2 data"),
        (b"\xFD7zXZ", "xz data"),
        (b"7z\xBC\xAF", "a 7z archive"),
        (b"\x7FELF", "a program"),
        (b"SQLite format 3", "an SQLite database"),
        (b"PAR1", "a Parquet table"),
        (b"\x1F\x8B", "data compressed twice"),
    ];
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(kind);
    }
    if head.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
        return Some("data compressed twice");
    }
    if super::encoding::of_start(head).is_some() {
        return None;
    }
    // Text has no zero bytes and next to no control characters besides white space.
    let controls = head.iter().filter(|byte| matches!(byte, 0x01..=0x08 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F)).count();
    (head.contains(&0) || controls * 10 > head.len()).then_some("binary data")
}
