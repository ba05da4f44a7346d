//! The format of a model file: a header that says what it is, with checksums, then numbers, strings and tables.
//!
//! Numbers are written seven bits at a time, so that small ones are short, and all is compressed with Zstandard, in parts that
//! are unpacked at the same time. Reading checks the magic number, the format version, the lengths and the checksums
//! before anything else, and every count against what is left, so that a damaged or foreign file is refused with its name and
//! the reason and never makes the program allocate without bound.

/// The format written and read by this version.
pub(super) const VERSION: u32 = 7;
/// How hard it is compressed; reading takes the same time whatever it is.
const LEVEL: i32 = 19;
/// The most that a file may hold when it is no longer compressed, in bytes.
const LIMIT: u64 = 1 << 27;
/// The bytes that a part holds when it is no longer compressed; the last holds what is left.
const PART: usize = 7 << 20;
const MAGIC: &[u8; 8] = b"BGLANG\r\n";

/// Why a model was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// Not a model file at all.
    #[error("model `{name}` is not a Belligraph language model: it does not begin with the magic number")]
    Foreign {
        /// Name of the model.
        name: String,
    },
    /// Another format version.
    #[error(
        "model `{name}` has format version {found}, this program reads version {VERSION}: train it again with `belligraph train`"
    )]
    OtherVersion {
        /// Name of the model.
        name: String,
        /// The version found.
        found: u32,
    },
    /// The content does not hold together.
    #[error("model `{name}` (format version {VERSION}) is damaged: {reason}")]
    Damaged {
        /// Name of the model.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// The file could not be read or written.
    #[error("model `{name}`: {source}")]
    Io {
        /// Name of the model.
        name: String,
        /// What the operating system said.
        source: std::io::Error,
    },
}

/// A 64-bit checksum (FNV-1a over eight bytes at a time, in lanes of which a machine follows several at once).
fn checksum(bytes: &[u8]) -> u64 {
    const LANES: usize = 4;
    let add = |hash: u64, word: u64| {
        let hash = (hash ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        hash ^ (hash >> 29)
    };
    let mut lanes = [0xCBF2_9CE4_8422_2325_u64; LANES];
    let (words, rest) = bytes.as_chunks::<8>();
    let (blocks, words) = words.as_chunks::<LANES>();
    for block in blocks {
        for (lane, &word) in lanes.iter_mut().zip(block) {
            *lane = add(*lane, u64::from_le_bytes(word));
        }
    }
    let hash = lanes.into_iter().fold(bytes.len() as u64, add);
    let hash = words.iter().fold(hash, |hash, &word| add(hash, u64::from_le_bytes(word)));
    rest.iter().fold(hash, |hash, &byte| add(hash, u64::from(byte)))
}

/// Writes a model.
#[derive(Debug, Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(super) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    pub(super) fn string(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    pub(super) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The whole file.
    pub(super) fn finish(self, name: &str) -> Result<Vec<u8>, ModelError> {
        let failed = |source| ModelError::Io { name: name.to_owned(), source };
        let parts = self.bytes.chunks(PART).map(|part| zstd::bulk::compress(part, LEVEL));
        let parts = parts.collect::<Result<Vec<_>, _>>().map_err(failed)?;
        let mut file = MAGIC.to_vec();
        file.extend_from_slice(&VERSION.to_le_bytes());
        file.extend_from_slice(&(self.bytes.len() as u64).to_le_bytes());
        for part in &parts {
            file.extend_from_slice(&(part.len() as u64).to_le_bytes());
            file.extend_from_slice(&checksum(part).to_le_bytes());
        }
        file.extend(parts.into_iter().flatten());
        Ok(file)
    }
}

/// The content of a model file, after its header and checksums were found right.
pub(super) fn open(name: &str, file: &[u8]) -> Result<Vec<u8>, ModelError> {
    let damaged = |reason: &str| ModelError::Damaged { name: name.to_owned(), reason: reason.to_owned() };
    let Some(file) = file.strip_prefix(MAGIC) else {
        return Err(ModelError::Foreign { name: name.to_owned() });
    };
    let (version, mut file) = file.split_first_chunk::<4>().ok_or_else(|| damaged("it ends in the header"))?;
    let found = u32::from_le_bytes(*version);
    if found != VERSION {
        return Err(ModelError::OtherVersion { name: name.to_owned(), found });
    }
    let mut number = || {
        let (bytes, rest) = file.split_first_chunk::<8>().ok_or_else(|| damaged("it ends in the header"))?;
        file = rest;
        Ok::<u64, ModelError>(u64::from_le_bytes(*bytes))
    };
    let length = number()?;
    if length > LIMIT {
        return Err(damaged("it states that it holds more than any model"));
    }
    let lengths = (0..(length as usize).div_ceil(PART)).map(|_| Ok((number()? as usize, number()?)));
    let lengths = lengths.collect::<Result<Vec<_>, ModelError>>()?;
    let mut content = vec![0; length as usize];
    let mut parts = Vec::with_capacity(lengths.len());
    for ((length, sum), to) in lengths.into_iter().zip(content.chunks_mut(PART)) {
        let (part, rest) = file.split_at_checked(length).ok_or_else(|| damaged(LENGTH))?;
        parts.push((part, sum, to));
        file = rest;
    }
    if !file.is_empty() {
        return Err(damaged(LENGTH));
    }
    std::thread::scope(|scope| {
        let unpacked = parts.into_iter().map(|(part, sum, to)| scope.spawn(move || unpack(part, sum, to)));
        let unpacked: Vec<_> = unpacked.collect();
        unpacked.into_iter().try_for_each(|part| part.join().unwrap_or(Err("it cannot be unpacked")))
    })
    .map_err(damaged)?;
    Ok(content)
}

const LENGTH: &str = "its length is not the length it states";

/// Unpacks a part to where its content belongs, or says why not.
fn unpack(part: &[u8], sum: u64, to: &mut [u8]) -> Result<(), &'static str> {
    if checksum(part) != sum {
        return Err("its checksum is wrong");
    }
    match zstd::bulk::decompress_to_buffer(part, to) {
        Ok(length) if length == to.len() => Ok(()),
        Ok(_) => Err("it holds less than it states"),
        Err(_) => Err("it cannot be decompressed"),
    }
}

/// Reads the content of a model.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    name: &'a str,
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads what [`open`] gave of the model of this name.
    pub(super) const fn new(name: &'a str, content: &'a [u8]) -> Self {
        Self { name, rest: content }
    }

    pub(super) fn broken(&self, reason: &str) -> ModelError {
        ModelError::Damaged { name: self.name.to_owned(), reason: reason.to_owned() }
    }

    /// Reads the name of the kind of model, and refuses another.
    pub(super) fn expect(&mut self, kind: &str) -> Result<(), ModelError> {
        let found = self.string()?;
        if found == kind { Ok(()) } else { Err(self.broken(&format!("it is a model of {found}, not of {kind}"))) }
    }

    pub(super) fn byte(&mut self) -> Result<u8, ModelError> {
        let (&byte, rest) = self.rest.split_first().ok_or_else(|| self.broken("it ends too early"))?;
        self.rest = rest;
        Ok(byte)
    }

    pub(super) fn number(&mut self) -> Result<u64, ModelError> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(self.broken("a number is too long"))
    }

    /// A number of things that each take at least one byte of what is left.
    pub(super) fn count(&mut self) -> Result<usize, ModelError> {
        let count = self.number()?;
        if count > self.rest.len() as u64 {
            return Err(self.broken("a count is larger than the file"));
        }
        Ok(count as usize)
    }

    pub(super) fn bytes(&mut self, count: usize) -> Result<&'a [u8], ModelError> {
        let (bytes, rest) = self.rest.split_at_checked(count).ok_or_else(|| self.broken("it ends too early"))?;
        self.rest = rest;
        Ok(bytes)
    }

    pub(super) fn string(&mut self) -> Result<&'a str, ModelError> {
        let length = self.count()?;
        std::str::from_utf8(self.bytes(length)?).map_err(|_| self.broken("a string is not UTF-8"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fills_several_parts_is_read_back_and_damage_to_any_of_them_is_found() -> Result<(), ModelError> {
        let content: Vec<u8> = (0..PART + 1000).map(|n| (n / 997) as u8).collect();
        let mut writer = Writer::default();
        writer.raw(&content);
        let file = writer.finish("long")?;
        assert!(open("long", &file)? == content);
        for place in [file.len() / 2, file.len() - 1] {
            let mut damaged = file.clone();
            damaged[place] ^= 1;
            assert!(matches!(open("long", &damaged), Err(ModelError::Damaged { .. })));
        }
        assert!(open("long", &file[..file.len() - 1]).is_err());
        assert!(open("long", &[&file[..], b"more"].concat()).is_err());
        Ok(())
    }
}
