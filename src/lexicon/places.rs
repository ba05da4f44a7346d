//! The table of places: what is known of each, read in place from the compact file in `seeds/places`.
//!
//! The file is one run of sections (see [`Section`]); every place is a record of fixed length, so that looking one up
//! is arithmetic and opening the file costs nothing. `seeds/places/pack.rs` writes it with the same constants.

use super::gazetteer::GazetteerError;

/// Index of a place in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(pub u32);

/// What kind of place it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceKind {
    /// A country or dependent territory with an ISO 3166 code.
    Country,
    /// A region that is no unit of administration: the Sahel, Darfur, Europe.
    Region,
    /// A sea, strait, river or lake.
    Water,
    /// A first-level division: a province, governorate, state.
    Admin1,
    /// A second-level division: a district, county.
    Admin2,
    /// A city, town or village.
    Populated,
}

impl PlaceKind {
    /// The name in the files of `seeds/places`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Region => "region",
            Self::Water => "water",
            Self::Admin1 => "admin1",
            Self::Admin2 => "admin2",
            Self::Populated => "populated",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Country, Self::Region, Self::Water, Self::Admin1, Self::Admin2, Self::Populated]
            .into_iter()
            .find(|k| k.as_str() == name)
    }
}

/// A point on the earth, WGS 84.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

impl Point {
    /// Distance along the surface in kilometres (haversine formula on a sphere).
    pub fn distance_km(self, other: Self) -> f64 {
        const EARTH_RADIUS_KM: f64 = 6371.0;
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let (dlat, dlon) = (b - a, (other.longitude - self.longitude).to_radians());
        let h = (dlat / 2.0).sin().powi(2) + a.cos() * b.cos() * (dlon / 2.0).sin().powi(2);
        2.0 * EARTH_RADIUS_KM * h.sqrt().min(1.0).asin()
    }
}

/// What is known of a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place<'g> {
    /// Its index in the table.
    pub id: PlaceId,
    /// Its name of first choice.
    pub name: &'g str,
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// Where it is: for a division or a country the middle of its populated places; none if it has none we know.
    pub point: Option<Point>,
    /// ISO 3166-1 alpha-2 code of the country it is or lies in; none for a region of several countries.
    pub country: Option<&'g str>,
    /// The first-level division it lies in.
    pub admin1: Option<PlaceId>,
    /// The second-level division it lies in, where the source says.
    pub admin2: Option<PlaceId>,
    /// Inhabitants; for a division those of its populated places; 0 if unknown.
    pub population: u32,
    /// `GeoNames` identifier, where the source gives one.
    pub geonames: Option<u32>,
    /// Whether it is the capital of its country.
    pub is_capital: bool,
    /// Whether a first-level division is named after it, which is mostly its seat.
    pub is_admin1_seat: bool,
    /// Whether a second-level division is named after it.
    pub is_admin2_seat: bool,
}

/// The sections of the file, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Records of [`RECORD`] bytes, one for each place.
    Records,
    /// Names of first choice, one after another.
    Names,
    /// Finite-state map from a folded name to a place or a list of them.
    NameIndex,
    /// The lists of places that share a name.
    NameLists,
    /// Finite-state map from a key of similar spellings to a list.
    SimilarIndex,
    /// The lists of places of similar names.
    SimilarLists,
    /// Lines: what a region contains.
    Members,
    /// Lines: demonyms.
    Demonyms,
    /// Lines: words that say what kind of place a name is.
    Heads,
    /// Lines: the names of each country.
    Countries,
}

/// How many sections there are.
pub const SECTIONS: usize = 10;
/// Length of a record in bytes.
pub const RECORD: usize = 28;
/// What the file begins with; the last byte is the version of the layout.
pub const MAGIC: [u8; 8] = *b"BGPLACE\x01";

const NONE16: u16 = u16::MAX;
const NO_POINT: i32 = i32::MIN;
const SCALE: f64 = 1e5;

/// A place as the record holds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record {
    /// Where its name starts in [`Section::Names`].
    pub name: u32,
    /// Length of the name in bytes.
    pub name_length: u8,
    /// See [`Place::kind`].
    pub kind: PlaceKind,
    /// See [`Place::point`].
    pub point: Option<Point>,
    /// Index of the country.
    pub country: Option<u16>,
    /// Index of the first-level division.
    pub admin1: Option<u16>,
    /// Index of the second-level division.
    pub admin2: Option<u16>,
    /// See [`Place::population`].
    pub population: u32,
    /// See [`Place::geonames`].
    pub geonames: Option<u32>,
    /// Capital, seat of a first-level, of a second-level division: bits 0, 1, 2.
    pub seats: u8,
}

impl Record {
    /// The record as bytes.
    pub fn to_bytes(self) -> [u8; RECORD] {
        let mut out = [0; RECORD];
        let kind = match self.kind {
            PlaceKind::Country => 0_u8,
            PlaceKind::Region => 1,
            PlaceKind::Water => 2,
            PlaceKind::Admin1 => 3,
            PlaceKind::Admin2 => 4,
            PlaceKind::Populated => 5,
        };
        let (lat, lon) = self.point.map_or((NO_POINT, NO_POINT), |p| {
            ((p.latitude * SCALE).round() as i32, (p.longitude * SCALE).round() as i32)
        });
        // Name offsets stay under 2^24, which leaves a byte for the length.
        out[0..4].copy_from_slice(&((self.name << 8) | u32::from(self.name_length)).to_le_bytes());
        out[4..8].copy_from_slice(&lat.to_le_bytes());
        out[8..12].copy_from_slice(&lon.to_le_bytes());
        out[12..16].copy_from_slice(&self.population.to_le_bytes());
        out[16..20].copy_from_slice(&self.geonames.unwrap_or(0).to_le_bytes());
        out[20..22].copy_from_slice(&self.country.unwrap_or(NONE16).to_le_bytes());
        out[22..24].copy_from_slice(&self.admin1.unwrap_or(NONE16).to_le_bytes());
        out[24..26].copy_from_slice(&self.admin2.unwrap_or(NONE16).to_le_bytes());
        out[26] = kind;
        out[27] = self.seats;
        out
    }

    /// The record these bytes hold; none if they are too few or no record.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let word = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes);
        let half = |at: usize| bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes);
        let index = |at: usize| half(at).map(|i| (i != NONE16).then_some(i));
        let kind = match bytes.get(26)? {
            0 => PlaceKind::Country,
            1 => PlaceKind::Region,
            2 => PlaceKind::Water,
            3 => PlaceKind::Admin1,
            4 => PlaceKind::Admin2,
            5 => PlaceKind::Populated,
            _ => return None,
        };
        let name = word(0)?;
        let (lat, lon) = (word(4)?.cast_signed(), word(8)?.cast_signed());
        let point =
            (lat != NO_POINT).then(|| Point { latitude: f64::from(lat) / SCALE, longitude: f64::from(lon) / SCALE });
        Some(Self {
            name: name >> 8,
            name_length: (name & 0xff) as u8,
            kind,
            point,
            country: index(20)?,
            admin1: index(22)?,
            admin2: index(24)?,
            population: word(12)?,
            geonames: word(16).filter(|&n| n != 0),
            seats: *bytes.get(27)?,
        })
    }
}

/// The bytes of one section of the file.
///
/// # Errors
///
/// The file does not begin with [`MAGIC`] or ends before the section does.
pub(super) fn section(file: &[u8], section: Section) -> Result<&[u8], GazetteerError> {
    if !file.starts_with(&MAGIC) {
        return Err(GazetteerError::Format("no file of places, or of another version"));
    }
    let bound = |i: usize| {
        let at = MAGIC.len() + 4 * i;
        file.get(at..at + 4).and_then(|b| b.try_into().ok()).map(|b| u32::from_le_bytes(b) as usize)
    };
    let i = section as usize;
    match (bound(i), bound(i + 1)) {
        (Some(start), Some(end)) => file.get(start..end),
        _ => None,
    }
    .ok_or(GazetteerError::Format("the file is cut short"))
}

/// Joins sections into one file.
pub fn join_sections(sections: &[Vec<u8>; SECTIONS]) -> Vec<u8> {
    let mut at = MAGIC.len() + 4 * (SECTIONS + 1);
    let mut out = MAGIC.to_vec();
    for section in sections {
        out.extend_from_slice(&(at as u32).to_le_bytes());
        at += section.len();
    }
    out.extend_from_slice(&(at as u32).to_le_bytes());
    for section in sections {
        out.extend_from_slice(section);
    }
    out
}

/// How a name belongs to a place, with the place; as the lists of the indexes hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameUse {
    /// The place.
    pub place: PlaceId,
    /// A name of first choice of the place.
    pub primary: bool,
    /// The name is an acronym, known only in capitals.
    pub acronym: bool,
    /// The name is also a common word or a person's name.
    pub homonym: bool,
}

impl PlaceKind {
    /// Whether it is a place within a country.
    pub fn is_local(self) -> bool {
        matches!(self, Self::Populated | Self::Admin1 | Self::Admin2)
    }

    /// How likely a name means a place of this kind with so many inhabitants when nothing else is known, on a
    /// logarithmic scale. Countries and regions before all; a division after the town it is named for.
    pub fn prominence(self, population: u32, is_capital: bool, is_seat: bool) -> f64 {
        let kind = match self {
            Self::Country => 4.0,
            Self::Region => 5.0,
            Self::Water => 4.5,
            Self::Admin1 => -1.2,
            Self::Admin2 => -1.6,
            Self::Populated => 0.0,
        };
        kind + f64::from(population.saturating_add(10)).log10()
            + if is_capital { 1.0 } else { 0.0 }
            + if is_seat { 0.5 } else { 0.0 }
    }
}

impl NameUse {
    /// What the name takes away from the prominence of its place: other names than those of first choice are rarer, and
    /// a name that is also a common word rarely means the place.
    pub fn penalty(self) -> f64 {
        (if self.primary { 0.0 } else { 0.7 }) + if self.homonym { 0.5 } else { 0.0 }
    }

    /// As one number.
    pub fn to_bits(self) -> u32 {
        (self.place.0 << 3) | u32::from(self.primary) | (u32::from(self.acronym) << 1) | (u32::from(self.homonym) << 2)
    }

    /// From one number.
    pub fn from_bits(bits: u32) -> Self {
        Self { place: PlaceId(bits >> 3), primary: bits & 1 != 0, acronym: bits & 2 != 0, homonym: bits & 4 != 0 }
    }
}
