//! Places that overlays make known, beside those of the gazetteer.
//!
//! [`Gazetteer::of_ontology`] is the entry point. The table of places and the index of names are made anew with the
//! added places at their end, so that looking up and scanning need not know of them.

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
use std::collections::BTreeMap;

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

    fn kind(&self, ontology: &Ontology) -> PlaceKind {
        let is = |ancestor: &str| self.classes.iter().any(|c| ontology.is_subclass(c, ancestor));
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
        for place in places {
            let id = PlaceId((records.len() / RECORD) as u32);
            let length = place.name.len().min(usize::from(u8::MAX));
            let end = place.name.floor_char_boundary(length);
            let record = Record {
                name: names.len() as u32,
                name_length: end as u8,
                kind: place.kind(ontology),
                point: place.point,
                country: place.country.as_deref().and_then(|c| self.country(c)).map(|c| c.0 as u16),
                admin1: None,
                admin2: None,
                population: place.population,
                geonames: None,
                seats: 0,
            };
            names.extend_from_slice(&place.name.as_bytes()[..end]);
            records.extend_from_slice(&record.to_bytes());
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
        // A place made known on purpose goes before others of its name.
        for (key, uses) in &mut added {
            if let Some(old) = self.index.get(key) {
                uses.extend(self.uses_at(old.value()));
            }
            uses.dedup_by_key(|u| u.place);
        }
        let mut values: BTreeMap<String, u64> = BTreeMap::new();
        for (key, uses) in added {
            values.insert(key, listed(&mut lists, &uses));
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

/// An index with further keys, and other values for some.
fn joined(old: &Fst<&'static [u8]>, new: BTreeMap<String, u64>) -> Fst<&'static [u8]> {
    let mut builder = Builder::memory();
    let mut new = new.into_iter().peekable();
    let mut stream = old.stream().into_stream();
    // Keys come in order from both sides, so that inserting cannot fail.
    while let Some((key, value)) = stream.next() {
        while let Some((other, value)) = new.next_if(|(other, _)| other.as_bytes() < key) {
            let _ = builder.insert(other, value);
        }
        let value = new.next_if(|(other, _)| other.as_bytes() == key).map_or(value.value(), |(_, value)| value);
        let _ = builder.insert(key, value);
    }
    for (key, value) in new {
        let _ = builder.insert(key, value);
    }
    let bytes: &'static [u8] = builder.into_inner().unwrap_or_default().leak();
    Fst::new(bytes).unwrap_or_else(|_| old.clone())
}
