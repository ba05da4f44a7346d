//! Packs the lines that `places.py` writes into the compact file the gazetteer reads.
//!
//!     cargo run --release --example pack-places -- places.tsv seeds/places/places.bin
#![expect(clippy::print_stderr, reason = "a tool run by hand says what it made")]

use anyhow::{Context, Result, bail};
use belligraph::lexicon::spelling::{fold, similar_key, unify_articles, without_article};
use belligraph::lexicon::{NameUse, PlaceId, PlaceKind, Point, RECORD, Record, SECTIONS, Section, join_sections};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

struct Row<'t> {
    kind: PlaceKind,
    name: &'t str,
    point: Option<Point>,
    country: &'t str,
    admin1: &'t str,
    admin2: &'t str,
    population: u32,
    geonames: Option<u32>,
    seats: u8,
    names: Vec<&'t str>,
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(source), Some(target)) = (arguments.next(), arguments.next()) else {
        bail!("usage: pack-places LINES FILE");
    };
    let text = std::fs::read_to_string(&source).with_context(|| format!("reading `{source}`"))?;
    let file = pack(&text)?;
    std::fs::write(&target, file).with_context(|| format!("writing `{target}`"))
}

fn pack(text: &str) -> Result<Vec<u8>> {
    let lines: Vec<Vec<&str>> = text.lines().map(|l| l.split('\t').collect()).collect();
    let mut keys: HashMap<&str, u32> = HashMap::new();
    let mut rows = Vec::new();
    for cells in lines.iter().filter(|c| c[0] == "P") {
        let [_, key, kind, name, lat, lon, country, admin1, admin2, population, geonames, flags, names] = cells[..]
        else {
            bail!("a line of a place has {} cells: `{}`", cells.len(), cells.join(" "));
        };
        let point = match (lat.parse(), lon.parse()) {
            (Ok(latitude), Ok(longitude)) => Some(Point { latitude, longitude }),
            _ => None,
        };
        keys.insert(key, rows.len() as u32);
        rows.push(Row {
            kind: PlaceKind::from_name(kind).with_context(|| format!("kind `{kind}`"))?,
            name,
            point,
            country,
            admin1,
            admin2,
            population: population.parse()?,
            geonames: geonames.parse().ok(),
            seats: u8::from(flags.contains('c'))
                | (u8::from(flags.contains('1')) << 1)
                | (u8::from(flags.contains('2')) << 2),
            names: names.split('|').filter(|n| !n.is_empty()).collect(),
        });
    }
    let arabic: HashSet<&str> = lines.iter().filter(|c| c[0] == "X").map(|c| c[1]).collect();

    let (records, names) = table(&rows, &keys)?;
    let mut by_name: BTreeMap<String, Vec<NameUse>> = BTreeMap::new();
    let mut by_sound: BTreeMap<String, Vec<NameUse>> = BTreeMap::new();
    for (id, row) in rows.iter().enumerate() {
        index_names(id as u32, row, &arabic, &mut by_name, &mut by_sound);
    }
    // Not every alternate name tells something new by its sound.
    by_sound.retain(|key, _| key.len() > 3);
    let (name_index, name_lists) = finite_state(&mut by_name, &rows)?;
    let (similar_index, similar_lists) = finite_state(&mut by_sound, &rows)?;

    let id = |key: &str| keys.get(key).copied().with_context(|| format!("no place `{key}`"));
    let mut sections: [Vec<u8>; SECTIONS] = std::array::from_fn(|_| Vec::new());
    let mut put = |section: Section, bytes: Vec<u8>| {
        eprintln!("{section:?}: {} bytes", bytes.len());
        sections[section as usize] = bytes;
    };
    put(Section::Records, records);
    put(Section::Names, names);
    put(Section::NameIndex, name_index);
    put(Section::NameLists, name_lists);
    put(Section::SimilarIndex, similar_index);
    put(Section::SimilarLists, similar_lists);

    let (mut members, mut demonyms, mut heads) = (String::new(), Vec::new(), String::new());
    for cells in &lines {
        match cells[0] {
            "M" => {
                let ids: Vec<String> =
                    cells[1..].iter().map(|k| id(k).map(|i| i.to_string())).collect::<Result<_>>()?;
                writeln!(members, "{}", ids.join("\t"))?;
            }
            "D" => demonyms.push((cells[1], id(cells[2])?, cells[3])),
            "H" => writeln!(heads, "{}\t{}", cells[1], cells[2])?,
            _ => {}
        }
    }
    // The most populous bearer of a demonym first.
    demonyms
        .sort_by_key(|&(word, place, form)| (word, std::cmp::Reverse(rows[place as usize].population), place, form));
    let mut demonym_lines = String::new();
    for (word, place, form) in demonyms {
        writeln!(demonym_lines, "{word}\t{place}\t{form}")?;
    }
    let mut countries = String::new();
    for (i, row) in rows.iter().enumerate().filter(|(_, r)| r.kind == PlaceKind::Country) {
        let names: Vec<&str> = row.names.iter().map(|n| n.trim_start_matches(['*', '~'])).collect();
        writeln!(countries, "{i}\t{}\t{}", row.country, names.join("\t"))?;
    }
    put(Section::Members, members.into_bytes());
    put(Section::Demonyms, demonym_lines.into_bytes());
    put(Section::Heads, heads.into_bytes());
    put(Section::Countries, countries.into_bytes());
    eprintln!("{} places, {} names, {} sounds", rows.len(), by_name.len(), by_sound.len());
    Ok(join_sections(&sections))
}

fn table(rows: &[Row<'_>], keys: &HashMap<&str, u32>) -> Result<(Vec<u8>, Vec<u8>)> {
    let (mut records, mut names) = (Vec::with_capacity(rows.len() * RECORD), Vec::new());
    // A name that many places bear is stored once.
    let mut stored: HashMap<&str, u32> = HashMap::new();
    let index = |key: &str| -> Result<Option<u16>> {
        match keys.get(key) {
            Some(&i) => Ok(Some(u16::try_from(i).context("too many countries and divisions")?)),
            None => Ok(None),
        }
    };
    for row in rows {
        let at = *stored.entry(row.name).or_insert_with(|| {
            let at = names.len() as u32;
            names.extend_from_slice(row.name.as_bytes());
            at
        });
        let record = Record {
            name: at,
            name_length: u8::try_from(row.name.len()).with_context(|| format!("name too long: `{}`", row.name))?,
            kind: row.kind,
            point: row.point,
            country: index(row.country)?,
            admin1: index(row.admin1)?,
            admin2: index(row.admin2)?,
            population: row.population,
            geonames: row.geonames,
            seats: row.seats,
        };
        records.extend_from_slice(&record.to_bytes());
    }
    Ok((records, names))
}

fn index_names(
    id: u32,
    row: &Row<'_>,
    arabic: &HashSet<&str>,
    by_name: &mut BTreeMap<String, Vec<NameUse>>,
    by_sound: &mut BTreeMap<String, Vec<NameUse>>,
) {
    let add = |index: &mut BTreeMap<String, Vec<NameUse>>, key: String, new: NameUse| {
        let uses = index.entry(key).or_default();
        match uses.iter_mut().find(|u| u.place == new.place) {
            Some(old) => {
                old.primary |= new.primary;
                old.acronym &= new.acronym;
                old.homonym &= new.homonym;
            }
            None => uses.push(new),
        }
    };
    let with_article = arabic.contains(row.country) || row.country.is_empty();
    for marked in &row.names {
        let name = marked.trim_start_matches(['*', '~']);
        let marks = &marked[..marked.len() - name.len()];
        let acronym = name.len() < 8 && name.chars().any(char::is_alphabetic) && !name.chars().any(char::is_lowercase);
        let new = NameUse { place: PlaceId(id), primary: marks.contains('*'), acronym, homonym: marks.contains('~') };
        let folded = fold(name);
        let key = if with_article { unify_articles(&folded) } else { folded };
        if with_article && let Some(bare) = without_article(&key) {
            add(by_name, bare.to_owned(), NameUse { primary: false, ..new });
        }
        if !acronym {
            add(by_sound, similar_key(&key), new);
        }
        add(by_name, key, new);
    }
}

/// How likely a name means this place when nothing else is known; orders the lists.
fn weight(u: NameUse, rows: &[Row<'_>]) -> f64 {
    let row = &rows[u.place.0 as usize];
    row.kind.prominence(row.population, row.seats & 1 != 0, row.seats & 2 != 0) - u.penalty()
}

/// The finite-state map of an index and the lists its values point to.
fn finite_state(index: &mut BTreeMap<String, Vec<NameUse>>, rows: &[Row<'_>]) -> Result<(Vec<u8>, Vec<u8>)> {
    let mut map = fst::raw::Builder::memory();
    let mut lists: Vec<u8> = Vec::new();
    let mut stored: HashMap<Vec<u8>, u64> = HashMap::new();
    for (key, uses) in index.iter_mut() {
        uses.sort_by(|a, b| weight(*b, rows).total_cmp(&weight(*a, rows)).then(a.place.cmp(&b.place)));
        let value = if let [one] = uses[..] {
            u64::from(one.to_bits()) << 1
        } else {
            let mut list = Vec::new();
            put_number(&mut list, uses.len() as u32);
            for u in uses.iter() {
                put_number(&mut list, u.to_bits());
            }
            // Places with the same alternate names share their lists.
            let at = *stored.entry(list).or_insert_with_key(|list| {
                let at = lists.len() as u64;
                lists.extend_from_slice(list);
                at
            });
            (at << 1) | 1
        };
        map.insert(key, value)?;
    }
    Ok((map.into_inner()?, lists))
}

/// Appends a number, seven bits to the byte, low bits first.
fn put_number(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
