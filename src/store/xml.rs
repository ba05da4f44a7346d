//! Characters that no XML document may have, kept out of the documents that are written.
//!
//! XML 1.0 forbids most control characters, U+FFFE and U+FFFF, even as character references, and a reader gives up at the first one. The
//! serializers write the texts of literals as they are, and users may put anything into these. [`XmlCharacters`] stands between
//! a serializer and where it writes, and replaces each by U+FFFD: one character for one, so that offsets still count.
//!
//! Source: XML 1.0 (fifth edition), section 2.2.

use oxrdfio::RdfFormat;
use std::io::{self, Write};

/// The replacement character, U+FFFD.
const REPLACEMENT: [u8; 3] = [0xEF, 0xBF, 0xBD];

/// A writer of UTF-8 that replaces what XML forbids.
#[derive(Debug)]
pub struct XmlCharacters<W> {
    writer: W,
    is_xml: bool,
    /// How many bytes of `EF BF`, with which U+FFFE and U+FFFF begin, have just gone by.
    begun: u8,
    piece: Vec<u8>,
}

impl<W: Write> XmlCharacters<W> {
    /// Writes on to `writer`; without change unless `is_xml`.
    pub fn new(writer: W, is_xml: bool) -> Self {
        Self { writer, is_xml, begun: 0, piece: Vec::new() }
    }

    /// Writes a document of this format on to `writer`.
    pub fn of(writer: W, format: RdfFormat) -> Self {
        Self::new(writer, format == RdfFormat::RdfXml)
    }

    /// Where it wrote.
    pub fn into_inner(self) -> W {
        self.writer
    }
}

impl<W: Write> Write for XmlCharacters<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_xml {
            return self.writer.write(bytes);
        }
        let is_plain = |byte: &u8| *byte >= b' ' && *byte != 0xEF || matches!(byte, b'\t' | b'\n' | b'\r');
        if self.begun == 0 && bytes.iter().all(is_plain) {
            return self.writer.write(bytes);
        }
        self.piece.clear();
        for &byte in bytes {
            let is_last_of_noncharacter = self.begun == 2 && byte >= 0xBE;
            self.begun = match (self.begun, byte) {
                (_, 0xEF) => 1,
                (1, 0xBF) => 2,
                _ => 0,
            };
            if is_last_of_noncharacter {
                self.piece.push(REPLACEMENT[2]);
            } else if byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') {
                self.piece.extend(REPLACEMENT);
            } else {
                self.piece.push(byte);
            }
        }
        self.writer.write_all(&self.piece)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::XmlCharacters;
    use std::io::Write;

    #[test]
    fn what_xml_forbids_is_replaced_one_for_one() {
        let text = "a\0b\u{1}\tc\r\n\u{B}\u{1F}\u{7F}\u{85}\u{FFFC}\u{FFFD}\u{FFFE}\u{FFFF}\u{FB00}\u{1FFFE}ö";
        let expected = "a�b�\tc\r\n��\u{7F}\u{85}\u{FFFC}���\u{FB00}\u{1FFFE}ö";
        // In pieces of any length, for a serializer may cut where it likes.
        for length in 1..5 {
            let mut writer = XmlCharacters::new(Vec::new(), true);
            for piece in text.as_bytes().chunks(length) {
                assert!(writer.write_all(piece).is_ok());
            }
            assert_eq!(String::from_utf8_lossy(&writer.into_inner()), expected);
        }
        let mut plain = XmlCharacters::new(Vec::new(), false);
        assert!(plain.write_all(text.as_bytes()).is_ok());
        assert_eq!(plain.into_inner(), text.as_bytes());
    }
}
