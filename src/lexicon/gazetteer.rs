//! The gazetteer: names of places to places, and what is known of them.
//!
//! [`Gazetteer::embedded`] opens the file compiled into the program; nothing is read or unpacked, the indexes are
//! walked where they lie. A name is looked up as written, then with the Arabic article in one spelling
//! ([`super::spelling`]). One pass over the words of a text finds the longest name at each ([`Gazetteer::scan`]). Which
//! of several places of one name is meant is for [`super::disambiguation`] to say.

use super::places::{NameUse, Place, PlaceId, PlaceKind, RECORD, Record, Section, section};
use super::spelling::{fold, similar_key, unify_articles, unify_joined_articles, without_article};
use crate::facts::Iri;
use fst::raw::Fst;
use smallvec::SmallVec;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// The file made by `seeds/places/places.py` and `seeds/places/pack.rs`.
static EMBEDDED: &[u8] = include_bytes!("../../seeds/places/places.bin");

/// Why a file of places cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GazetteerError {
    /// It is not laid out as it should be.
    #[error("file of places: {0}; make it again with seeds/places/places.py and pack.rs")]
    Format(&'static str),
    /// One of its finite-state maps is broken.
    #[error("file of places: index of names; make it again with seeds/places/places.py and pack.rs")]
    Index(#[from] fst::Error),
}

/// The places a name can stand for, the likeliest first.
pub type NameUses = SmallVec<[NameUse; 4]>;

/// What a demonym speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demonym {
    /// The country or region, the most populous first if the word serves several ("Congolese").
    pub places: Vec<PlaceId>,
    /// ISO 3166-1 alpha-2 code of the first place, or of the country it lies in.
    pub country: Option<&'static str>,
    /// It is an adjective ("Libyan").
    pub is_adjective: bool,
    /// It is a noun for one person ("a Libyan").
    pub is_person: bool,
    /// It is a plural noun for people ("Libyans", "the Sudanese").
    pub is_people: bool,
}

/// The names of a country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountryNames {
    /// The country.
    pub place: PlaceId,
    /// ISO 3166-1 alpha-2 code.
    pub code: &'static str,
    /// The name of first choice, then others.
    pub names: Vec<&'static str>,
}

/// Names of places, and places. See the [module documentation](self).
pub struct Gazetteer {
    pub(super) records: &'static [u8],
    pub(super) names: &'static [u8],
    pub(super) index: Fst<&'static [u8]>,
    pub(super) lists: &'static [u8],
    similar: Fst<&'static [u8]>,
    similar_lists: &'static [u8],
    members: BTreeMap<PlaceId, Vec<PlaceId>>,
    demonyms: HashMap<String, Demonym>,
    heads: HashMap<&'static str, PlaceKind>,
    countries: Vec<CountryNames>,
    by_code: HashMap<&'static str, PlaceId>,
    /// The capitals by the code of their country, looked for when one is first asked for.
    capitals: OnceLock<BTreeMap<&'static str, PlaceId>>,
    /// The IRIs of places that overlays make known.
    pub(super) known: BTreeMap<PlaceId, Iri>,
}

impl Gazetteer {
    /// The gazetteer compiled into the program.
    ///
    /// # Panics
    ///
    /// If the program was built with a broken file of places; a test opens it.
    ///
    /// # Examples
    ///
    /// ```
    /// use belligraph::lexicon::Gazetteer;
    /// let gazetteer = Gazetteer::embedded();
    /// let benghazi = gazetteer.place(gazetteer.lookup("Benghazi")[0]);
    /// assert_eq!(benghazi.country, Some("LY"));
    /// ```
    pub fn embedded() -> &'static Self {
        static OPENED: OnceLock<Gazetteer> = OnceLock::new();
        OPENED.get_or_init(|| Self::open(EMBEDDED).expect("the embedded file of places is whole"))
    }

    /// Opens a file of places.
    ///
    /// # Errors
    ///
    /// The file is not laid out as this version expects.
    pub fn open(file: &'static [u8]) -> Result<Self, GazetteerError> {
        let text = |s| {
            std::str::from_utf8(section(file, s)?).map_err(|_| GazetteerError::Format("a text section is not UTF-8"))
        };
        let mut gazetteer = Self {
            records: section(file, Section::Records)?,
            names: section(file, Section::Names)?,
            index: Fst::new(section(file, Section::NameIndex)?)?,
            lists: section(file, Section::NameLists)?,
            similar: Fst::new(section(file, Section::SimilarIndex)?)?,
            similar_lists: section(file, Section::SimilarLists)?,
            members: BTreeMap::new(),
            demonyms: HashMap::new(),
            heads: HashMap::new(),
            countries: Vec::new(),
            by_code: HashMap::new(),
            capitals: OnceLock::new(),
            known: BTreeMap::new(),
        };
        for line in text(Section::Countries)?.lines() {
            let mut cells = line.split('\t');
            let (Some(place), Some(code)) = (cells.next().and_then(parse_id), cells.next()) else { continue };
            gazetteer.by_code.insert(code, place);
            gazetteer.countries.push(CountryNames { place, code, names: cells.collect() });
        }
        for line in text(Section::Members)?.lines() {
            let mut ids = line.split('\t').filter_map(parse_id);
            if let Some(region) = ids.next() {
                gazetteer.members.insert(region, ids.collect());
            }
        }
        for line in text(Section::Heads)?.lines() {
            if let Some((word, kind)) = line.split_once('\t')
                && let Some(kind) = PlaceKind::from_name(kind)
            {
                gazetteer.heads.insert(word, kind);
            }
        }
        for line in text(Section::Demonyms)?.lines() {
            let mut cells = line.split('\t');
            let (Some(word), Some(place), Some(form)) = (cells.next(), cells.next().and_then(parse_id), cells.next())
            else {
                continue;
            };
            let country = gazetteer.place(place).country;
            let entry = gazetteer.demonyms.entry(fold(word)).or_insert_with(|| Demonym {
                places: Vec::new(),
                country,
                is_adjective: false,
                is_person: false,
                is_people: false,
            });
            if !entry.places.contains(&place) {
                entry.places.push(place);
            }
            match form {
                "a" => entry.is_adjective = true,
                "s" => entry.is_person = true,
                _ => entry.is_people = true,
            }
        }
        Ok(gazetteer)
    }

    /// The same gazetteer, as a value of its own.
    pub(super) fn copied(&self) -> Self {
        Self {
            index: self.index.clone(),
            similar: self.similar.clone(),
            members: self.members.clone(),
            demonyms: self.demonyms.clone(),
            heads: self.heads.clone(),
            countries: self.countries.clone(),
            by_code: self.by_code.clone(),
            capitals: self.capitals.clone(),
            known: self.known.clone(),
            ..*self
        }
    }

    /// The IRI of a place that an overlay makes known; none for those of the gazetteer.
    pub fn known_as(&self, place: PlaceId) -> Option<&Iri> {
        self.known.get(&place)
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.records.len() / RECORD
    }

    /// Whether there is no place at all.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// How many different names lead to a place.
    pub fn names_len(&self) -> usize {
        self.index.len()
    }

    /// What is known of a place.
    ///
    /// # Panics
    ///
    /// If the id is not one of this gazetteer.
    pub fn place(&self, id: PlaceId) -> Place<'static> {
        let at = id.0 as usize * RECORD;
        let record = self.records.get(at..at + RECORD).and_then(Record::from_bytes).expect("a place of this gazetteer");
        let name = self.name_of(record.name as usize, usize::from(record.name_length));
        let country = record.country.and_then(|c| self.code_of(PlaceId(u32::from(c))));
        Place {
            id,
            name,
            kind: record.kind,
            point: record.point,
            country,
            admin1: record.admin1.map(|i| PlaceId(u32::from(i))),
            admin2: record.admin2.map(|i| PlaceId(u32::from(i))),
            population: record.population,
            geonames: record.geonames,
            is_capital: record.seats & 1 != 0,
            is_admin1_seat: record.seats & 2 != 0,
            is_admin2_seat: record.seats & 4 != 0,
        }
    }

    fn name_of(&self, at: usize, length: usize) -> &'static str {
        self.names.get(at..at + length).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or_default()
    }

    /// The ISO code of a country; countries come first in the table, in the order of their codes.
    fn code_of(&self, country: PlaceId) -> Option<&'static str> {
        self.countries.get(country.0 as usize).map(|c| c.code)
    }

    /// The places that bear `name`, the likeliest first. An acronym is found only in capitals.
    ///
    /// # Examples
    ///
    /// ```
    /// use belligraph::lexicon::{Gazetteer, PlaceKind};
    /// let gazetteer = Gazetteer::embedded();
    /// let first = |name| gazetteer.place(gazetteer.lookup(name)[0]);
    /// assert_eq!(first("the United States").kind, PlaceKind::Country);
    /// assert_eq!(first("Dayr az-Zawr").name, first("Deir ez-Zor").name);
    /// ```
    pub fn lookup(&self, name: &str) -> Vec<PlaceId> {
        self.uses(name).iter().map(|u| u.place).collect()
    }

    /// Like [`lookup`](Self::lookup), saying how the name belongs to each place.
    pub fn uses(&self, name: &str) -> NameUses {
        let capitals = name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase);
        let folded = fold(name);
        let key = folded.strip_prefix("the ").unwrap_or(&folded);
        let mut found = self.uses_of_key(key, capitals);
        let unified = unify_articles(key);
        if unified != key {
            self.merge(&mut found, self.uses_of_key(&unified, capitals));
        }
        if let Some(bare) = without_article(&unified) {
            self.merge(&mut found, self.uses_of_key(bare, capitals));
        }
        if found.is_empty() {
            found = self.uses_of_key(&unify_joined_articles(key), capitals);
        }
        found
    }

    fn uses_of_key(&self, key: &str, capitals: bool) -> NameUses {
        let mut found = self.index.get(key).map(|o| self.uses_at(o.value())).unwrap_or_default();
        found.retain(|u| capitals || !u.acronym);
        found
    }

    /// Adds the uses of places that are not there yet, keeping the likeliest first.
    pub(super) fn merge(&self, into: &mut NameUses, more: NameUses) {
        if into.is_empty() {
            *into = more;
            return;
        }
        let before = into.len();
        for u in more {
            if !into.iter().any(|v| v.place == u.place) {
                into.push(u);
            }
        }
        if into.len() > before {
            into.sort_by(|a, b| self.prominence(*b).total_cmp(&self.prominence(*a)).then(a.place.cmp(&b.place)));
        }
    }

    /// How likely the name means this place when nothing else is known, on a logarithmic scale.
    pub(super) fn prominence(&self, u: NameUse) -> f64 {
        let place = self.place(u.place);
        place.kind.prominence(place.population, place.is_capital, place.is_admin1_seat) - u.penalty()
    }

    /// The uses that a value of the index of names stands for.
    pub(super) fn uses_at(&self, value: u64) -> NameUses {
        uses_at(self.lists, value)
    }

    /// The places whose names sound alike when transliterations differ, the likeliest first. Names of different places
    /// often sound alike too: take an answer only if the context speaks for its country.
    pub fn lookup_similar(&self, name: &str) -> Vec<PlaceId> {
        let key = similar_key(&fold(name));
        self.similar
            .get(key)
            .map(|o| uses_at(self.similar_lists, o.value()).iter().map(|u| u.place).collect())
            .unwrap_or_default()
    }

    /// The country of an ISO 3166-1 alpha-2 code.
    pub fn country(&self, code: &str) -> Option<PlaceId> {
        self.by_code.get(code).copied()
    }

    /// The capital of the country of an ISO 3166-1 alpha-2 code.
    pub fn capital(&self, code: &str) -> Option<PlaceId> {
        let capitals = self.capitals.get_or_init(|| {
            let places = (0..self.len() as u32).map(|id| self.place(PlaceId(id)));
            let mut capitals: BTreeMap<&'static str, Place<'static>> = BTreeMap::new();
            for place in places.filter(|p| p.is_capital && p.kind == PlaceKind::Populated) {
                if let Some(code) = place.country
                    && capitals.get(code).is_none_or(|c| c.population < place.population)
                {
                    capitals.insert(code, place);
                }
            }
            capitals.into_iter().map(|(code, place)| (code, place.id)).collect()
        });
        capitals.get(code).copied()
    }

    /// All countries with their names, in the order of their codes.
    pub fn countries(&self) -> &[CountryNames] {
        &self.countries
    }

    /// What a demonym of one or several words speaks of. It must begin with a capital ("Poles" are people, "poles" not).
    pub fn demonym(&self, word: &str) -> Option<&Demonym> {
        word.starts_with(char::is_uppercase).then(|| self.demonyms.get(&fold(word)))?
    }

    /// What kind of place a common noun beside a name says it is ("province", "town").
    pub fn kind_of_head(&self, noun: &str) -> Option<PlaceKind> {
        self.heads.get(fold(noun).as_str()).copied()
    }

    /// The countries and divisions a region contains.
    pub fn members(&self, region: PlaceId) -> &[PlaceId] {
        self.members.get(&region).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether `inner` lies in `outer` and is not `outer`.
    pub fn contains(&self, outer: PlaceId, inner: PlaceId) -> bool {
        if outer == inner {
            return false;
        }
        let (around, place) = (self.place(outer), self.place(inner));
        match around.kind {
            PlaceKind::Country => around.country.is_some() && place.country == around.country,
            PlaceKind::Admin1 => place.admin1 == Some(outer) || self.is_region_inside(inner, outer),
            PlaceKind::Admin2 => place.admin2 == Some(outer),
            PlaceKind::Region => {
                let members = self.members(outer);
                members.contains(&inner)
                    || place.admin1.is_some_and(|a| members.contains(&a))
                    || place.country.and_then(|c| self.country(c)).is_some_and(|c| members.contains(&c))
                    || self.is_region_inside(inner, outer)
            }
            PlaceKind::Water | PlaceKind::Populated => false,
        }
    }

    /// Whether all that the region `inner` contains lies in `outer`.
    fn is_region_inside(&self, inner: PlaceId, outer: PlaceId) -> bool {
        let parts = self.members(inner);
        !parts.is_empty() && parts.iter().all(|&part| part == outer || self.contains(outer, part))
    }
}

/// The uses that a value of an index stands for: one use, or where in `lists` they are.
fn uses_at(lists: &[u8], value: u64) -> NameUses {
    if value & 1 == 0 {
        return SmallVec::from_iter([NameUse::from_bits((value >> 1) as u32)]);
    }
    let mut at = (value >> 1) as usize;
    let mut next = || {
        let (mut number, mut shift) = (0_u32, 0);
        while let Some(&byte) = lists.get(at) {
            at += 1;
            number |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
            shift += 7;
        }
        number
    };
    let count = next();
    (0..count).map(|_| NameUse::from_bits(next())).collect()
}

fn parse_id(cell: &str) -> Option<PlaceId> {
    cell.parse().ok().map(PlaceId)
}
