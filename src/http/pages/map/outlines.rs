//! The outlines of land and borders, read from `outlines.bin`; `outlines.py` beside it tells where they are from.

use std::sync::OnceLock;

const BYTES: &[u8] = include_bytes!("outlines.bin");

/// Coordinates count in this part of a degree.
const UNIT: f64 = 200.0;

/// Longitude and latitude in degrees.
pub(super) type Position = (f64, f64);

/// All outlines there are.
#[derive(Debug, Default)]
pub(super) struct Outlines {
    /// Closed lines; land is what an odd number of them surrounds.
    pub(super) land: Vec<Vec<Position>>,
    /// Lines between two countries.
    pub(super) borders: Vec<Vec<Position>>,
    /// Countries, the widest first.
    pub(super) countries: Vec<Country>,
}

/// Where to write the name of a country.
#[derive(Debug)]
pub(super) struct Country {
    pub(super) name: String,
    pub(super) middle: Position,
    /// How wide its largest part is, in degrees.
    pub(super) width: f64,
}

/// The outlines, decoded when they are needed first.
pub(super) fn outlines() -> &'static Outlines {
    static OUTLINES: OnceLock<Outlines> = OnceLock::new();
    // A file that cannot be read would fail the test below; a map without land is better than no page.
    OUTLINES.get_or_init(|| decode(BYTES).unwrap_or_default())
}

fn decode(bytes: &[u8]) -> Option<Outlines> {
    let mut reader = Reader { rest: bytes.strip_prefix(b"BGO1")? };
    let arcs = reader.list(|reader| {
        let (mut x, mut y) = (0, 0);
        reader.list(|reader| {
            x += reader.signed()?;
            y += reader.signed()?;
            Some((x as f64 / UNIT, y as f64 / UNIT))
        })
    })?;
    let land = reader.list(|reader| {
        let mut ring: Vec<Position> = Vec::new();
        for arc in reader.list(Reader::signed)? {
            if arc >= 0 {
                ring.extend(arcs.get(arc as usize)?);
            } else {
                ring.extend(arcs.get(!arc as usize)?.iter().rev());
            }
        }
        Some(ring)
    })?;
    let borders = reader.list(|reader| arcs.get(reader.number()?).cloned())?;
    let countries = reader.list(|reader| {
        let middle = (reader.signed()? as f64 / UNIT, reader.signed()? as f64 / UNIT);
        let width = reader.number()? as f64 / UNIT;
        let length = reader.number()?;
        let (name, rest) = reader.rest.split_at_checked(length)?;
        reader.rest = rest;
        Some(Country { name: std::str::from_utf8(name).ok()?.to_owned(), middle, width })
    })?;
    reader.rest.is_empty().then_some(Outlines { land, borders, countries })
}

struct Reader<'b> {
    rest: &'b [u8],
}

impl Reader<'_> {
    /// A varint (LEB128).
    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in (0..usize::BITS).step_by(7) {
            let (byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            number |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A varint whose lowest bit is the sign (zigzag).
    fn signed(&mut self) -> Option<isize> {
        let number = self.number()?;
        Some((number >> 1) as isize ^ -((number & 1) as isize))
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        (0..self.number()?).map(|_| item(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{BYTES, decode};

    #[test]
    fn the_file_is_whole() {
        let outlines = decode(BYTES);
        assert!(outlines.is_some_and(|o| o.land.len() > 1000 && o.borders.len() > 300 && o.countries.len() > 200));
        assert!(decode(&BYTES[..BYTES.len() - 1]).is_none());
    }
}
