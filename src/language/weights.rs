//! Sparse linear weights: what a feature says for or against each class.
//!
//! [`Weights`] is what the analysis reads: immutable, 8-bit values companded by a square root (small weights, of
//! which there are most, keep their resolution), found by a 32-bit key. [`TrainingWeights`] is what training
//! changes: whole-number perceptron weights with their running sums, so that averaging is exact and the result the
//! same on every machine.

use super::model_file::{ModelError, Reader, Writer};

/// Something that scores classes by features.
pub(super) trait Scores {
    /// Adds what the features say to the scores of the classes.
    fn add_scores(&self, keys: &[u32], scores: &mut [i32]);
}

/// Trained weights, ready for use.
///
/// The rows of some four features stand together in a bucket. A row is the lower half of the key, the number of its
/// entries, and for each entry the class and the companded weight; one with many entries ([`MANY`]) is instead the number of
/// a full row in `full`, which is added as a whole. Much of the time goes into waiting for memory: so an
/// index says where a bucket begins and, in one bit of 32, whether it can hold a key at all, and the places of
/// many features are fetched before the first is used.
#[derive(Clone, Debug, Default)]
pub(super) struct Weights {
    /// What a score of one is worth in steps of the perceptron.
    pub(super) unit: f32,
    /// One place for each bucket, and one more for the end.
    index: Vec<Place>,
    rows: Vec<u8>,
    /// What the features with many entries say of each of the first [`CLASSES`] classes, companded.
    full: Vec<[i8; CLASSES]>,
}

/// Where a bucket begins in the rows, and a bit for each key it holds.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    start: u32,
    keys: u32,
}

/// No model has more classes.
pub(super) const CLASSES: usize = 128;
/// A row of at least so many entries is quicker to add as a whole.
const MANY: usize = 24;
/// Stands in a row for the number of its entries, and says that it is a full one.
const FULL: u8 = 255;
/// The bytes of a row before its entries, and those of the number of a full row.
const HEAD: usize = 3;
const NUMBER: usize = 4;

impl Scores for Weights {
    fn add_scores(&self, keys: &[u32], scores: &mut [i32]) {
        const TOGETHER: usize = 64;
        const LAST: usize = TOGETHER - 1;
        let (mut starts, mut ends, mut lows) = ([0_u32; TOGETHER], [0_u32; TOGETHER], [0_u16; TOGETHER]);
        let mut full = [0_u32; TOGETHER];
        let buckets = self.index.len().saturating_sub(1);
        for keys in keys.chunks(TOGETHER) {
            let mut count = 0;
            for &key in keys {
                if let Some(&[here, next]) = self.index[bucket_of(key, buckets)..].first_chunk::<2>() {
                    starts[count & LAST] = here.start;
                    ends[count & LAST] = next.start;
                    lows[count & LAST] = key as u16;
                    count += ((here.keys >> (key & 31)) & 1) as usize;
                }
            }
            let touch = starts[..count].iter().map(|&start| self.rows.get(start as usize).copied().unwrap_or(0));
            std::hint::black_box(touch.fold(0, |all, byte| all ^ byte));
            let mut many = 0;
            for ((&start, &end), &key) in starts[..count].iter().zip(&ends).zip(&lows) {
                match self.row(start, end, key) {
                    Row::Absent => {}
                    Row::Full(number) => {
                        full[many & LAST] = number;
                        many += 1;
                    }
                    Row::Sparse(entries) => {
                        for entry in entries.chunks_exact(2) {
                            if let Some(score) = scores.get_mut(entry[0] as usize) {
                                *score += i32::from(EXPANDED[entry[1] as usize]);
                            }
                        }
                    }
                }
            }
            let mut full = full[..many].iter().filter_map(|&number| self.full.get(number as usize));
            let touch = full.clone().map(|row| row[0] ^ row[CLASSES / 2]);
            std::hint::black_box(touch.fold(0, |all, byte| all ^ byte));
            while let Some(one) = full.next() {
                add_two(one, full.next().unwrap_or(&[0; CLASSES]), scores);
            }
        }
    }
}

/// Adds two full rows to the scores: the squares of two roots together fit in 16 bits, of which a machine adds more at once
/// than of 32.
#[inline]
fn add_two(one: &[i8; CLASSES], other: &[i8; CLASSES], scores: &mut [i32]) {
    const LANES: usize = 16;
    let rows = one.as_chunks::<LANES>().0.iter().zip(other.as_chunks::<LANES>().0);
    for ((one, other), scores) in rows.zip(scores.chunks_mut(LANES)) {
        let mut both = [0_i16; LANES];
        for ((both, &one), &other) in both.iter_mut().zip(one).zip(other) {
            *both = expanded(one).wrapping_add(expanded(other));
        }
        // The same twice: where the length is known, the machine adds all of them at once.
        match scores.as_mut_array::<LANES>() {
            Some(scores) => scores.iter_mut().zip(both).for_each(|(score, both)| *score += i32::from(both)),
            None => scores.iter_mut().zip(both).for_each(|(score, both)| *score += i32::from(both)),
        }
    }
}

/// What a feature says.
enum Row<'a> {
    Absent,
    /// Class and companded weight, one after the other.
    Sparse(&'a [u8]),
    /// The number of the full row.
    Full(u32),
}

/// How many features share a bucket on average.
const BUCKET: usize = 4;

#[inline]
fn bucket_of(key: u32, buckets: usize) -> usize {
    ((u64::from(key) * buckets as u64) >> 32) as usize
}

impl Weights {
    /// Puts a table together from its rows as they are stored and from where its buckets begin, and after the last where
    /// it ends.
    fn new(unit: f32, starts: &[u32], stored_rows: &[u8]) -> Self {
        let mut index = Vec::with_capacity(starts.len() + 1);
        let mut rows = Vec::with_capacity(stored_rows.len());
        let mut full = Vec::new();
        // Rows stay as they are stored, and are copied together up to the next one that becomes a full row.
        let mut copied = 0;
        for pair in starts.windows(2) {
            let mut at = pair[0] as usize;
            let bucket = stored_rows.get(..pair[1] as usize).unwrap_or(&[]);
            let mut place = Place { start: (rows.len() + at.saturating_sub(copied)) as u32, keys: 0 };
            while let Some(&[low, _, count]) = bucket.get(at..at + HEAD) {
                let begin = at + HEAD;
                let Some(entries) = bucket.get(begin..begin + 2 * count as usize) else { break };
                place.keys |= 1 << (low & 31);
                at = begin + entries.len();
                if count as usize >= MANY && entries.chunks_exact(2).all(|entry| usize::from(entry[0]) < CLASSES) {
                    rows.extend_from_slice(bucket.get(copied..begin - 1).unwrap_or(&[]));
                    rows.push(FULL);
                    rows.extend_from_slice(&(full.len() as u32).to_le_bytes());
                    let mut row = [0; CLASSES];
                    for entry in entries.chunks_exact(2) {
                        row[entry[0] as usize] = entry[1] as i8;
                    }
                    full.push(row);
                    copied = at;
                }
            }
            index.push(place);
        }
        rows.extend_from_slice(stored_rows.get(copied..).unwrap_or(&[]));
        // The end, twice, so that every bucket and even an empty table has a place after it.
        let end = Place { start: rows.len() as u32, keys: 0 };
        index.resize((index.len() + 1).max(2), end);
        rows.shrink_to_fit();
        Self { unit, index, rows, full }
    }

    /// What a feature says, by its bucket.
    #[inline]
    fn row(&self, start: u32, end: u32, key: u16) -> Row<'_> {
        let Some(mut rows) = self.rows.get(start as usize..end as usize) else { return Row::Absent };
        while let Some((&[low, high, count], rest)) = rows.split_first_chunk::<HEAD>() {
            let here = u16::from_le_bytes([low, high]) == key;
            if count == FULL {
                let Some((&number, rest)) = rest.split_first_chunk::<NUMBER>() else { break };
                if here {
                    return Row::Full(u32::from_le_bytes(number));
                }
                rows = rest;
                continue;
            }
            let Some((entries, rest)) = rest.split_at_checked(2 * count as usize) else { break };
            if here {
                return Row::Sparse(entries);
            }
            rows = rest;
        }
        Row::Absent
    }

    /// Writes the table.
    pub(super) fn write(&self, to: &mut Writer) {
        let mut rows = Vec::with_capacity(self.rows.len());
        let mut lengths = Vec::with_capacity(self.index.len());
        for pair in self.index.windows(2) {
            let begin = rows.len();
            self.store(pair[0].start, pair[1].start, &mut rows);
            lengths.push(rows.len() - begin);
        }
        to.number(u64::from(self.unit.to_bits()));
        to.number(rows.len() as u64);
        to.number(self.index.len() as u64);
        for length in lengths {
            to.number(length as u64);
        }
        to.raw(&rows);
    }

    /// Adds the rows of a bucket as they are stored, the full ones with their entries.
    fn store(&self, start: u32, end: u32, to: &mut Vec<u8>) {
        let mut rows = self.rows.get(start as usize..end as usize).unwrap_or(&[]);
        while let Some((&[low, high, count], rest)) = rows.split_first_chunk::<HEAD>() {
            if count == FULL {
                let Some((&number, rest)) = rest.split_first_chunk::<NUMBER>() else { break };
                let full = self.full.get(u32::from_le_bytes(number) as usize).into_iter().flatten();
                let entries = (0_u8..).zip(full).filter(|(_, weight)| **weight != 0);
                let entries: Vec<u8> = entries.flat_map(|(class, &root)| [class, root as u8]).collect();
                to.extend_from_slice(&[low, high, (entries.len() / 2) as u8]);
                to.extend_from_slice(&entries);
                rows = rest;
            } else {
                let Some((row, rest)) = rows.split_at_checked(HEAD + 2 * count as usize) else { break };
                to.extend_from_slice(row);
                rows = rest;
            }
        }
    }

    /// Reads a table back.
    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, ModelError> {
        Ok(StoredWeights::read(from)?.unpack())
    }
}

/// Weights as they stand in a model file.
pub(super) struct StoredWeights<'a> {
    unit: f32,
    starts: Vec<u32>,
    rows: &'a [u8],
}

impl<'a> StoredWeights<'a> {
    /// Finds where a table begins and ends in a file.
    pub(super) fn read(from: &mut Reader<'a>) -> Result<Self, ModelError> {
        let unit = f32::from_bits(from.number()? as u32);
        let length = from.count()?;
        let buckets = from.count()?;
        let mut starts = Vec::with_capacity(buckets);
        let mut start = 0_u32;
        for bucket in 0..buckets {
            starts.push(start);
            if bucket + 1 < buckets {
                let step = u32::try_from(from.number()?).ok().and_then(|step| start.checked_add(step));
                start = step.ok_or_else(|| from.broken("a table of weights is too large"))?;
            }
        }
        if start as usize != length {
            return Err(from.broken("a table of weights has not the length it states"));
        }
        Ok(Self { unit, starts, rows: from.bytes(length)? })
    }

    /// Makes them ready for use, which is most of the work of reading.
    pub(super) fn unpack(self) -> Weights {
        Weights::new(self.unit, &self.starts, self.rows)
    }
}

/// The weights that are stored as their square roots.
const EXPANDED: [i16; 256] = {
    let mut expanded_weights = [0; 256];
    let mut stored = 0;
    while stored < 256 {
        expanded_weights[stored] = expanded(stored as u8 as i8);
        stored += 1;
    }
    expanded_weights
};

/// The weight whose square root is stored. Roots are made with at most 127, and so squares of 15 bits.
const fn expanded(root: i8) -> i16 {
    let root = root as i16;
    root.wrapping_mul(root.wrapping_abs())
}

/// Weights while they are being trained.
///
/// The entries of a feature lie together in `hot`, behind a word that says how many there are and how many have room;
/// what only averaging needs lies at the same place in `cold`, out of the way of scoring.
#[derive(Clone, Debug)]
pub(super) struct TrainingWeights {
    /// Key, and the place of its row in `hot` (0: free slot).
    slots: Vec<[u32; 2]>,
    rows: usize,
    /// Class (upper half) and weight (lower half, signed).
    hot: Vec<u32>,
    /// The sum of the weights so far and up to which step; in the place of a row's head, how often the feature was seen.
    cold: Vec<(i64, u32)>,
    step: u32,
    /// How often a feature without weights was to be changed, by a part of its key.
    asked: Vec<u8>,
    /// A feature gets weights only when it is to be changed this often (after Goldberg and Elhadad 2011): what was
    /// needed once will hardly be needed again, and most features are such.
    patience: u8,
}

const ROOM: u32 = 2;

impl TrainingWeights {
    /// All weights zero.
    pub(super) fn new(patience: u8) -> Self {
        let asked = vec![0; 1 << 24];
        Self { slots: vec![[0; 2]; 1 << 16], rows: 0, hot: vec![0], cold: vec![(0, 0)], step: 0, asked, patience }
    }

    /// Marks that one more example has been seen, over which the weights are averaged.
    pub(super) fn tick(&mut self) {
        self.step += 1;
    }

    /// Counts that the features were seen: [`Self::average`] prefers the frequent ones.
    pub(super) fn note(&mut self, keys: &[u32]) {
        for &key in keys {
            let row = self.find(key);
            if row != 0 {
                self.cold[row].0 += 1;
            }
        }
    }

    /// Changes the weights of the features for one class.
    pub(super) fn update(&mut self, keys: &[u32], class: usize, by: i32) {
        for &key in keys {
            let Some(row) = self.find_or_add(key) else { continue };
            let count = (self.hot[row] & 0xFFFF) as usize;
            let class = class as u32;
            match (row + 1..=row + count).find(|&i| self.hot[i] >> 16 == class) {
                Some(i) => {
                    let weight = i32::from(self.hot[i] as u16 as i16);
                    let (sum, changed) = &mut self.cold[i];
                    *sum += i64::from(weight) * i64::from(self.step - *changed);
                    *changed = self.step;
                    self.hot[i] = class << 16 | u32::from((weight + by) as i16 as u16);
                }
                None => self.push(key, row, class << 16 | u32::from(by as i16 as u16)),
            }
        }
    }

    fn push(&mut self, key: u32, mut row: usize, entry: u32) {
        let (count, room) = (self.hot[row] & 0xFFFF, self.hot[row] >> 16);
        if count == room {
            let moved = self.hot.len();
            self.hot.extend_from_within(row..=row + count as usize);
            self.cold.extend_from_within(row..=row + count as usize);
            self.hot.resize(moved + 1 + 2 * room as usize, 0);
            self.cold.resize(moved + 1 + 2 * room as usize, (0, 0));
            self.hot[moved] = (2 * room) << 16 | count;
            let slot = self.slot(key);
            self.slots[slot] = [key, moved as u32];
            row = moved;
        }
        self.hot[row] += 1;
        self.hot[row + 1 + count as usize] = entry;
        self.cold[row + 1 + count as usize] = (0, self.step);
    }

    /// The slot of a key, or the free one where it would be.
    #[inline]
    fn slot(&self, key: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = key.wrapping_mul(0x9E37_79B1) as usize & mask;
        while self.slots[slot][1] != 0 && self.slots[slot][0] != key {
            slot = (slot + 1) & mask;
        }
        slot
    }

    #[inline]
    fn find(&self, key: u32) -> usize {
        self.slots[self.slot(key)][1] as usize
    }

    fn find_or_add(&mut self, key: u32) -> Option<usize> {
        let row = self.find(key);
        if row != 0 {
            return Some(row);
        }
        let asked = &mut self.asked[key as usize >> 8];
        *asked = asked.saturating_add(1);
        if *asked < self.patience {
            return None;
        }
        if (self.rows + 1) * 2 > self.slots.len() {
            let doubled = vec![[0; 2]; self.slots.len() * 2];
            for [key, row] in std::mem::replace(&mut self.slots, doubled) {
                if row != 0 {
                    let slot = self.slot(key);
                    self.slots[slot] = [key, row];
                }
            }
        }
        self.rows += 1;
        let row = self.hot.len();
        self.hot.resize(row + 1 + ROOM as usize, 0);
        self.cold.resize(row + 1 + ROOM as usize, (0, 0));
        self.hot[row] = ROOM << 16;
        let slot = self.slot(key);
        self.slots[slot] = [key, row as u32];
        Some(row)
    }

    /// The mean over the trained weights of their averages, companded, as many as go into so many bytes. What matters most
    /// is kept: large weights, and of two that are alike the one of the more frequent feature.
    pub(super) fn average(all: &[Self], bytes: usize) -> Weights {
        let mut rows: Vec<Average> = all.iter().flat_map(Self::averages).collect();
        rows.sort_by_key(|row| row.key);
        let mut averages: Vec<Average> = Vec::with_capacity(rows.len());
        for row in rows {
            match averages.last_mut().filter(|last| last.key == row.key) {
                Some(last) => last.add(&row),
                None => averages.push(row),
            }
        }
        let least = least_importance(&averages, bytes);
        for row in &mut averages {
            let seen = row.seen;
            row.entries.retain(|e| e.1.abs() * seen >= least);
        }
        freeze(&averages)
    }

    fn averages(&self) -> impl Iterator<Item = Average> + '_ {
        let steps = f64::from(self.step.max(1));
        self.slots.iter().filter(|slot| slot[1] != 0).map(move |&[key, row]| {
            let row = row as usize;
            let count = (self.hot[row] & 0xFFFF) as usize;
            let mean = |i: usize| {
                let weight = i32::from(self.hot[i] as u16 as i16);
                let (sum, changed) = self.cold[i];
                (sum as f64 + f64::from(weight) * f64::from(self.step - changed)) / steps
            };
            let seen = (self.cold[row].0 as f64 + 1.0).sqrt();
            let entries = (row + 1..=row + count).map(|i| ((self.hot[i] >> 16) as u16, mean(i))).collect();
            Average { key, seen, entries }
        })
    }
}

/// The averaged weights of a feature.
struct Average {
    key: u32,
    /// The root of how often it was seen.
    seen: f64,
    /// Class and weight.
    entries: Vec<(u16, f64)>,
}

impl Average {
    /// Adds what other weights say of the same feature.
    fn add(&mut self, other: &Self) {
        self.seen = self.seen.max(other.seen);
        for &(class, weight) in &other.entries {
            match self.entries.iter_mut().find(|e| e.0 == class) {
                Some(entry) => entry.1 += weight,
                None => self.entries.push((class, weight)),
            }
        }
    }
}

/// How important weights must be for all that are as important to go into so many bytes.
fn least_importance(averages: &[Average], bytes: usize) -> f64 {
    let size = |least: f64| -> usize {
        let kept = |row: &Average| row.entries.iter().filter(|e| e.1.abs() * row.seen >= least).count();
        averages.iter().map(kept).filter(|&n| n > 0).map(|n| 2 * n + 4).sum()
    };
    let (mut low, mut high) = (0.0, 1e6);
    if size(low) <= bytes {
        return low;
    }
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if size(middle) > bytes { low = middle } else { high = middle }
    }
    high
}

impl Scores for TrainingWeights {
    fn add_scores(&self, keys: &[u32], scores: &mut [i32]) {
        const TOGETHER: usize = 64;
        let mut found = [0_u32; TOGETHER];
        for keys in keys.chunks(TOGETHER) {
            let mut count = 0;
            for &key in keys {
                found[count] = self.find(key) as u32;
                count += usize::from(found[count] != 0);
            }
            let found = &found[..count];
            std::hint::black_box(found.iter().fold(0, |all, &row| all ^ self.hot[row as usize]));
            for &row in found {
                let row = row as usize;
                let count = (self.hot[row] & 0xFFFF) as usize;
                for &entry in &self.hot[row + 1..=row + count] {
                    scores[(entry >> 16) as usize] += i32::from(entry as u16 as i16);
                }
            }
        }
    }
}

/// Compands averaged weights and puts them in a table. The rows are in the order of their keys.
fn freeze(averages: &[Average]) -> Weights {
    let largest = averages.iter().flat_map(|r| &r.entries).fold(1e-9_f64, |m, e| m.max(e.1.abs()));
    let kept: Vec<(u32, Vec<u8>)> = averages
        .iter()
        .filter_map(|row| {
            let mut weights = row.entries.clone();
            weights.sort_unstable_by_key(|e| e.0);
            let mut entries = Vec::new();
            for (class, weight) in weights {
                let root = ((weight.abs() / largest).sqrt() * 127.0).round() as i8;
                if root > 0 {
                    entries.push(class as u8);
                    entries.push(if weight < 0.0 { -root } else { root } as u8);
                }
            }
            (!entries.is_empty()).then_some((row.key, entries))
        })
        .collect();
    let buckets = kept.len() / BUCKET + 1;
    let mut rows = Vec::new();
    let mut starts = vec![0];
    for (key, entries) in kept {
        while starts.len() <= bucket_of(key, buckets) {
            starts.push(rows.len() as u32);
        }
        rows.extend_from_slice(&(key as u16).to_le_bytes());
        rows.push((entries.len() / 2) as u8);
        rows.extend_from_slice(&entries);
    }
    starts.resize(buckets + 1, rows.len() as u32);
    Weights::new((largest / f64::from(EXPANDED[127])) as f32, &starts, &rows)
}
