//! Decodes bytes to text without losing a character: entry point [`decode`] for whole files, [`decode_piece`] for a
//! line or a cell of a stream, [`Transcoded`] for a stream in UTF-16.
//!
//! A byte order mark decides; then UTF-8, if the bytes are UTF-8; then the declared character set; then UTF-8 with a
//! few damaged characters; then a guess by `chardetng`, the detector of Firefox. Text that is valid UTF-8 beyond ASCII
//! hardly ever is anything else, which is why a wrong declaration loses against it.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// A text and how it was decoded.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) text: String,
    /// What to tell the user: the bytes were damaged.
    pub(super) warning: Option<String>,
}

/// The encoding that the first bytes give away: a byte order mark, or the zero bytes of ASCII text in UTF-16.
pub(super) fn of_start(head: &[u8]) -> Option<(&'static Encoding, usize)> {
    const LOOKED_AT: usize = 1024;
    if let Some(found) = Encoding::for_bom(head) {
        return Some(found);
    }
    let start = &head[..head.len().min(LOOKED_AT) / 2 * 2];
    let pairs = start.len() / 2;
    if pairs < 2 {
        return None;
    }
    let zeros = |offset: usize| start.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 2 > pairs && even == 0 {
        Some((UTF_16LE, 0))
    } else if even * 2 > pairs && odd == 0 {
        Some((UTF_16BE, 0))
    } else {
        None
    }
}

/// Decodes a whole file; `declared` is the character set that a header or the page itself names.
pub(super) fn decode(bytes: Vec<u8>, declared: Option<&'static Encoding>) -> Decoded {
    if let Some((encoding, mark)) = of_start(&bytes) {
        if encoding != UTF_8 {
            return with(encoding, &bytes[mark..]);
        }
        let mut bytes = bytes;
        bytes.drain(..mark);
        return without_mark(bytes, declared);
    }
    without_mark(bytes, declared)
}

fn without_mark(bytes: Vec<u8>, declared: Option<&'static Encoding>) -> Decoded {
    match String::from_utf8(bytes) {
        Ok(text) => Decoded { text, warning: None },
        Err(error) => {
            let bytes = error.as_bytes();
            match declared.filter(|encoding| *encoding != UTF_8) {
                Some(encoding) => with(encoding, bytes),
                None => with(guess(bytes), bytes),
            }
        }
    }
}

/// Decodes a line or a cell of a stream that has no mark of its encoding.
pub(super) fn decode_piece(bytes: &[u8]) -> Decoded {
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded { text: text.to_owned(), warning: None },
        Err(_) => with(guess(bytes), bytes),
    }
}

/// The likely encoding of bytes that are not valid UTF-8.
fn guess(bytes: &[u8]) -> &'static Encoding {
    // A file in UTF-8 that was cut or patched carelessly has more good sequences than bad ones: in no other
    // encoding do they come about by chance.
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if good > bad {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let warning = damaged.then(|| format!("some bytes are not valid {}: they became `\u{FFFD}`", encoding.name()));
    Decoded { text: text.into_owned(), warning }
}

/// A stream of another encoding read as UTF-8.
pub(super) struct Transcoded<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_start: usize,
    ready: Vec<u8>,
    ready_start: usize,
    finished: bool,
}

impl<R: Read> Transcoded<R> {
    /// Decodes `inner`, which stands after the byte order mark, if it has one.
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_without_bom_handling(),
            raw: Vec::new(),
            raw_start: 0,
            ready: Vec::new(),
            ready_start: 0,
            finished: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        const CHUNK: usize = 32 * 1024;
        let mut last = false;
        if self.raw_start == self.raw.len() {
            self.raw.resize(CHUNK, 0);
            let read = self.inner.read(&mut self.raw)?;
            self.raw.truncate(read);
            self.raw_start = 0;
            last = read == 0;
        }
        self.ready.resize(CHUNK * 3, 0);
        let (result, read, written, _) =
            self.decoder.decode_to_utf8(&self.raw[self.raw_start..], &mut self.ready, last);
        self.raw_start += read;
        self.ready.truncate(written);
        self.ready_start = 0;
        self.finished = last && result == CoderResult::InputEmpty;
        Ok(())
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.ready_start == self.ready.len() && !self.finished {
            self.refill()?;
        }
        let rest = &self.ready[self.ready_start..];
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        self.ready_start += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoded_not_mangled() {
        let text = "“Daesh” fighters left Sirte – the café’s owner said £5 million, naïve";
        let (windows, ..) = encoding_rs::WINDOWS_1252.encode(text);
        assert_eq!(decode(windows.into_owned(), None).text, text);
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(utf16.clone(), None).text, text);
        let mut marked = vec![0xFF, 0xFE];
        marked.extend(&utf16);
        assert_eq!(decode(marked, None).text, text);
        let mut through = String::new();
        assert!(Transcoded::new(utf16.as_slice(), UTF_16LE).read_to_string(&mut through).is_ok());
        assert_eq!(through, text);
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(big, None).text, text);
        assert_eq!(decode(format!("\u{FEFF}{text}").into_bytes(), None).text, text);
    }

    #[test]
    fn one_bad_byte_does_not_mangle_the_rest() {
        let mut bytes = "“curly” and ‘single’".as_bytes().to_vec();
        bytes.push(0xFF);
        let decoded = decode(bytes, None);
        assert_eq!(decoded.text, "“curly” and ‘single’\u{FFFD}");
        assert!(decoded.warning.is_some());
    }

    #[test]
    fn declaration_counts_only_where_utf8_fails() {
        assert_eq!(decode("naïve".as_bytes().to_vec(), Some(encoding_rs::WINDOWS_1252)).text, "naïve");
        assert_eq!(decode(vec![0xC4, 0xE0], Some(encoding_rs::WINDOWS_1251)).text, "Да");
    }
}
