//! Places that overlays make known, beside those of the gazetteer or in place of one of them.
//!
//! [`Gazetteer::of_ontology`] is the entry point. The table of places and the index of names are made anew with the
//! added places at their end, so that looking up and scanning need not know of them. A place whose IRI is that of one
//! of the gazetteer (`urn:belligraph:place:geonames-88319`) takes over its record, and its names are the new ones only.

use super::gazetteer::Gazetteer;
use super::places::{NameUse, PlaceId, PlaceKind, Point, RECORD, Record};
use super::spelling::{fold, unify_articles, without_article};
use crate::facts::Iri;
use crate::ontology::Ontology;
use crate::ontology::terms::{class, external, property};
use fst::raw::{Builder, Fst};
use fst::{IntoStreamer as _, Streamer as _};
use oxrdf::vocab::rdf;
use oxrdf::{NamedOrBlankNode, Term, Triple};
use std::collections::{BTreeMap, BTreeSet};

/// A place that an overlay describes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownPlace {
    /// Its IRI (`urn:belligraph:place:…`).
    pub iri: Iri,
    /// Its classes in the ontology.
    pub classes: Vec<Iri>,
    /// The name it is best known by.
    pub name: Box<str>,
    /// Other names that mean it wherever they stand.
    pub other_names: Vec<Box<str>>,
    /// Names that are ordinary words or mean other things as well.
    pub ambiguous_names: Vec<Box<str>>,
    /// ISO 3166-1 alpha-2 code of the country it lies in.
    pub country: Option<Box<str>>,
    /// Where it is.
    pub point: Option<Point>,
    /// How many people live there.
    pub population: u32,
}

impl KnownPlace {
    /// The places that the overlays of an ontology describe, in the order of their IRIs.
    pub fn of_ontology(ontology: &Ontology) -> Vec<Self> {
        let triples = ontology.known_places();
        let mut points: BTreeMap<String, Point> = BTreeMap::new();
        for triple in triples {
            if triple.predicate == external::GEO_AS_WKT
                && let Term::Literal(text) = &triple.object
                && let Some((longitude, latitude)) = crate::ontology::wkt_point(text.value())
            {
                points.insert(triple.subject.to_string(), Point { latitude, longitude });
            }
        }
        let mut places: BTreeMap<Iri, Self> = BTreeMap::new();
        for triple in triples {
            let NamedOrBlankNode::NamedNode(subject) = &triple.subject else { continue };
            let iri = Iri::from(subject.as_str());
            let place = places.entry(iri.clone()).or_insert_with(|| Self { iri, ..Self::default() });
            place.take(triple, &points);
        }
        // A geometry may be a subject of its own.
        places.into_values().filter(|p| !p.name.is_empty()).collect()
    }

    fn take(&mut self, triple: &Triple, points: &BTreeMap<String, Point>) {
        match &triple.object {
            Term::Literal(literal) => {
                let text: Box<str> = literal.value().into();
                match triple.predicate.as_ref() {
                    p if p == external::SKOS_PREF_LABEL => self.name = text,
                    p if p == external::SKOS_ALT_LABEL => self.other_names.push(text),
                    p if p == property::AMBIGUOUS_LABEL => self.ambiguous_names.push(text),
                    p if p == property::COUNTRY_CODE => self.country = Some(text),
                    p if p == property::POPULATION => self.population = text.parse().unwrap_or(0),
                    _ => {}
                }
            }
            Term::NamedNode(node) if triple.predicate == rdf::TYPE => self.classes.push(Iri::from(node.as_str())),
            other if triple.predicate == external::GEO_HAS_GEOMETRY => {
                self.point = points.get(&other.to_string()).copied();
            }
            _ => {}
        }
    }

    /// The number in `GeoNames` of the place of the gazetteer that this one takes the place of.
    fn geonames(&self) -> Option<u32> {
        self.iri.rsplit_once(":geonames-")?.1.parse().ok()
    }

    /// Its kind; what it was before if that fits its class as well.
    fn kind(&self, ontology: &Ontology, before: Option<PlaceKind>) -> PlaceKind {
        let is = |ancestor: &str| self.classes.iter().any(|c| ontology.is_subclass(c, ancestor));
        let wide = [PlaceKind::Country, PlaceKind::Region, PlaceKind::Admin1, PlaceKind::Admin2];
        if let Some(before) = before.filter(|before| wide.contains(before))
            && (is(class::REGION.as_str()) || is(class::COUNTRY.as_str()))
        {
            return before;
        }
        if is(class::NATURAL_FEATURE.as_str()) {
            PlaceKind::Water
        } else if is(class::REGION.as_str()) || is(class::COUNTRY.as_str()) {
            PlaceKind::Region
        } else {
            PlaceKind::Populated
        }
    }
}

impl Gazetteer {
    /// The gazetteer with the places that the overlays of an ontology make known; without any, the one compiled into the
    /// program. What is made for an overlay stays until the program ends.
    pub fn of_ontology(ontology: &Ontology) -> &'static Self {
        let places = KnownPlace::of_ontology(ontology);
        if places.is_empty() {
            return Self::embedded();
        }
        Box::leak(Box::new(Self::embedded().with(&places, ontology)))
    }

    /// The gazetteer with further places.
    fn with(&self, places: &[KnownPlace], ontology: &Ontology) -> Self {
        let (mut records, mut names) = (self.records.to_vec(), self.names.to_vec());
        let mut lists = self.lists.to_vec();
        let mut added: BTreeMap<String, Vec<NameUse>> = BTreeMap::new();
        let mut known = BTreeMap::new();
        let replaced = self.numbered(&places.iter().filter_map(KnownPlace::geonames).collect());
        let replaced_ids: BTreeSet<PlaceId> = replaced.values().copied().collect();
        for place in places {
            let old = place.geonames().and_then(|number| replaced.get(&number)).copied();
            let old_record = old.and_then(|id| Record::from_bytes(self.records.get(id.0 as usize * RECORD..)?));
            let id = old.unwrap_or(PlaceId((records.len() / RECORD) as u32));
            let length = place.name.len().min(usize::from(u8::MAX));
            let end = place.name.floor_char_boundary(length);
            let country = place.country.as_deref().and_then(|c| self.country(c)).map(|c| c.0 as u16);
            // The divisions it lies in are kept with the country, and with it only.
            let divisions = old_record.filter(|old| old.country == country);
            let record = Record {
                name: names.len() as u32,
                name_length: end as u8,
                kind: place.kind(ontology, old_record.map(|old| old.kind)),
                point: place.point,
                country,
                admin1: divisions.and_then(|old| old.admin1),
                admin2: divisions.and_then(|old| old.admin2),
                // How many live there tells places of one name apart: what is known is kept unless told otherwise.
                population: if place.population > 0 {
                    place.population
                } else {
                    old_record.map_or(0, |old| old.population)
                },
                geonames: old_record.and_then(|old| old.geonames),
                seats: old_record.map_or(0, |old| old.seats),
            };
            names.extend_from_slice(&place.name.as_bytes()[..end]);
            match old.and_then(|id| records.get_mut(id.0 as usize * RECORD..(id.0 as usize + 1) * RECORD)) {
                Some(place) => place.copy_from_slice(&record.to_bytes()),
                None => records.extend_from_slice(&record.to_bytes()),
            }
            known.insert(id, place.iri.clone());
            let all = std::iter::once(&place.name).chain(&place.other_names).chain(&place.ambiguous_names);
            for (i, name) in all.enumerate() {
                let acronym =
                    name.len() < 8 && name.chars().any(char::is_alphabetic) && !name.chars().any(char::is_lowercase);
                let homonym = place.ambiguous_names.contains(name);
                let new = NameUse { place: id, primary: i == 0, acronym, homonym };
                let key = unify_articles(&fold(name));
                if let Some(bare) = without_article(&key) {
                    added.entry(bare.to_owned()).or_default().push(NameUse { primary: false, ..new });
                }
                added.entry(key).or_default().push(new);
            }
        }
        added.remove("");
        let mut values: BTreeMap<String, Option<u64>> = BTreeMap::new();
        for (key, uses) in self.uses_of(&replaced_ids) {
            let left: Vec<_> = uses.into_iter().filter(|u| !replaced_ids.contains(&u.place)).collect();
            values.insert(key, (!left.is_empty()).then(|| listed(&mut lists, &left)));
        }
        // A place made known on purpose goes before others of its name.
        for (key, mut uses) in added {
            if let Some(old) = self.index.get(&key) {
                uses.extend(self.uses_at(old.value()).into_iter().filter(|u| !replaced_ids.contains(&u.place)));
            }
            uses.dedup_by_key(|u| u.place);
            values.insert(key, Some(listed(&mut lists, &uses)));
        }
        let index = joined(&self.index, values);
        let mut extended = self.copied();
        extended.records = records.leak();
        extended.names = names.leak();
        extended.index = index;
        extended.lists = lists.leak();
        extended.known = known;
        extended
    }

    /// The places of the gazetteer that have these numbers in `GeoNames`.
    fn numbered(&self, numbers: &BTreeSet<u32>) -> BTreeMap<u32, PlaceId> {
        if numbers.is_empty() {
            return BTreeMap::new();
        }
        let records = self.records.chunks_exact(RECORD).enumerate();
        let found = records.filter_map(|(i, bytes)| Some((Record::from_bytes(bytes)?.geonames?, PlaceId(i as u32))));
        found.filter(|(number, _)| numbers.contains(number)).collect()
    }

    /// The names, as they stand in the index, that mean one of these places, with all their uses.
    fn uses_of(&self, places: &BTreeSet<PlaceId>) -> Vec<(String, Vec<NameUse>)> {
        let mut found = Vec::new();
        if places.is_empty() {
            return found;
        }
        let mut stream = self.index.stream().into_stream();
        while let Some((key, value)) = stream.next() {
            let uses = self.uses_at(value.value());
            if uses.iter().any(|u| places.contains(&u.place)) {
                found.push((String::from_utf8_lossy(key).into_owned(), uses.into_iter().collect()));
            }
        }
        found
    }
}

/// The value of a name in the index: its one use, or where in `lists` its uses are put.
fn listed(lists: &mut Vec<u8>, uses: &[NameUse]) -> u64 {
    if let [one] = uses {
        return u64::from(one.to_bits()) << 1;
    }
    let at = lists.len() as u64;
    for mut number in std::iter::once(uses.len() as u32).chain(uses.iter().map(|u| u.to_bits())) {
        while number >= 0x80 {
            lists.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        lists.push(number as u8);
    }
    (at << 1) | 1
}

/// An index with further keys, other values for some, and without those that have none.
fn joined(old: &Fst<&'static [u8]>, new: BTreeMap<String, Option<u64>>) -> Fst<&'static [u8]> {
    let mut builder = Builder::memory();
    let mut insert = |key: &[u8], value: Option<u64>| {
        // Keys come in order from both sides, so that inserting cannot fail.
        if let Some(value) = value {
            let _ = builder.insert(key, value);
        }
    };
    let mut new = new.into_iter().peekable();
    let mut stream = old.stream().into_stream();
    while let Some((key, value)) = stream.next() {
        while let Some((other, value)) = new.next_if(|(other, _)| other.as_bytes() < key) {
            insert(other.as_bytes(), value);
        }
        let other = new.next_if(|(other, _)| other.as_bytes() == key);
        insert(key, other.map_or(Some(value.value()), |(_, value)| value));
    }
    for (key, value) in new {
        insert(key.as_bytes(), value);
    }
    let bytes: &'static [u8] = builder.into_inner().unwrap_or_default().leak();
    Fst::new(bytes).unwrap_or_else(|_| old.clone())
}
