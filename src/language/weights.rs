//! Sparse linear weights: what a feature says for or against each class.
//!
//! [`Weights`] is what the analysis reads: immutable, 8-bit values companded by a square root (small weights, of
//! which there are most, keep their resolution), found by a 32-bit key. [`TrainingWeights`] is what training
//! changes: whole-number perceptron weights with their running sums, so that averaging is exact and the result the
//! same on every machine.

use super::model_file::{ModelError, Reader, Writer};

/// Trained weights, ready for use.
#[derive(Clone, Debug, Default)]
pub(super) struct Weights {
    /// Key and, packed, where the entries of the key begin (24 bits) and how many there are (8 bits, 0: free slot).
    slots: Vec<[u32; 2]>,
    /// Class (upper half) and weight (lower half, signed).
    entries: Vec<u32>,
    homes: u64,
}

impl Weights {
    /// Adds what the features say to the scores of the classes.
    #[inline]
    pub(super) fn add_scores(&self, keys: &[u32], scores: &mut [i32]) {
        for &key in keys {
            for &entry in self.entries_of(key) {
                if let Some(score) = scores.get_mut((entry >> 16) as usize) {
                    *score += i32::from(entry as u16 as i16);
                }
            }
        }
    }

    #[inline]
    fn entries_of(&self, key: u32) -> &[u32] {
        let mut slot = ((u64::from(key) * self.homes) >> 32) as usize;
        while let Some(&[found, place]) = self.slots.get(slot) {
            if place & 0xFF == 0 {
                break;
            }
            if found == key {
                let start = (place >> 8) as usize;
                return self.entries.get(start..start + (place & 0xFF) as usize).unwrap_or(&[]);
            }
            slot += 1;
        }
        &[]
    }

    /// Builds the table from keys in rising order with their classes and 8-bit weights.
    fn build(rows: &[(u32, u32)], entries: Vec<u32>) -> Self {
        let homes = (rows.len() as u64 * 3 / 2).max(1);
        let mut slots = vec![[0_u32; 2]; homes as usize + 64];
        let mut next = 0;
        let mut start = 0_u32;
        for &(key, count) in rows {
            let home = ((u64::from(key) * homes) >> 32) as usize;
            next = next.max(home);
            if next >= slots.len() {
                slots.resize(next + 64, [0; 2]);
            }
            slots[next] = [key, start << 8 | count];
            next += 1;
            start += count;
        }
        slots.push([0; 2]);
        Self { slots, entries, homes }
    }

    /// Writes the table.
    pub(super) fn write(&self, to: &mut Writer) {
        let rows: Vec<_> = self.slots.iter().filter(|s| s[1] & 0xFF != 0).collect();
        to.number(rows.len() as u64);
        to.number(self.entries.len() as u64);
        let mut before = 0;
        for &&[key, place] in &rows {
            to.number(u64::from(key - before));
            before = key;
            to.number(u64::from(place & 0xFF));
        }
        for &&[_, place] in &rows {
            let start = (place >> 8) as usize;
            for &entry in &self.entries[start..start + (place & 0xFF) as usize] {
                to.byte((entry >> 16) as u8);
                to.byte(compress(entry as u16 as i16) as u8);
            }
        }
    }

    /// Reads a table back.
    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, ModelError> {
        let rows = from.count()?;
        let total = from.count()?;
        let mut table = Vec::with_capacity(rows);
        let mut key = 0_u32;
        let mut sum = 0_u64;
        for i in 0..rows {
            let step = u32::try_from(from.number()?).map_err(|_| from.broken("a key is too large"))?;
            if i > 0 && step == 0 {
                return Err(from.broken("keys do not rise"));
            }
            key = key.checked_add(step).ok_or_else(|| from.broken("keys overflow"))?;
            let count = from.number()?;
            if count == 0 || count > 255 {
                return Err(from.broken("a feature has no or too many classes"));
            }
            sum += count;
            table.push((key, count as u32));
        }
        if sum != total as u64 || sum >= 1 << 24 {
            return Err(from.broken("the number of weights is wrong"));
        }
        let bytes = from.bytes(total * 2)?;
        let entries =
            bytes.chunks_exact(2).map(|b| u32::from(b[0]) << 16 | u32::from(expand(b[1] as i8) as u16)).collect();
        Ok(Self::build(&table, entries))
    }
}

fn expand(stored: i8) -> i16 {
    i16::from(stored) * i16::from(stored).abs()
}

fn compress(weight: i16) -> i8 {
    let root = f64::from(weight.unsigned_abs()).sqrt().round() as i8;
    if weight < 0 { -root } else { root }
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
    /// The sum of the weights so far and up to which step.
    cold: Vec<(i64, u32)>,
    step: u32,
}

const ROOM: u32 = 2;

impl TrainingWeights {
    /// All weights zero.
    pub(super) fn new() -> Self {
        Self { slots: vec![[0; 2]; 1 << 16], rows: 0, hot: vec![0], cold: vec![(0, 0)], step: 0 }
    }

    /// Marks that one more example has been seen, over which the weights are averaged.
    pub(super) fn tick(&mut self) {
        self.step += 1;
    }

    /// Adds what the features say to the scores of the classes.
    pub(super) fn add_scores(&self, keys: &[u32], scores: &mut [i32]) {
        for &key in keys {
            let row = self.find(key);
            if row != 0 {
                let count = (self.hot[row] & 0xFFFF) as usize;
                for &entry in &self.hot[row + 1..=row + count] {
                    scores[(entry >> 16) as usize] += i32::from(entry as u16 as i16);
                }
            }
        }
    }

    /// Changes the weights of the features for one class.
    pub(super) fn update(&mut self, keys: &[u32], class: usize, by: i32) {
        for &key in keys {
            let row = self.find_or_add(key);
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

    fn find_or_add(&mut self, key: u32) -> usize {
        let row = self.find(key);
        if row != 0 {
            return row;
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
        row
    }

    /// The averages, companded; weights that are small beside the largest fall away.
    pub(super) fn average(&self) -> Weights {
        let steps = f64::from(self.step.max(1));
        let mut averages = Vec::with_capacity(self.rows);
        for &[key, row] in self.slots.iter().filter(|s| s[1] != 0) {
            let row = row as usize;
            let count = (self.hot[row] & 0xFFFF) as usize;
            let mean = |i: usize| {
                let weight = i32::from(self.hot[i] as u16 as i16);
                let (sum, changed) = self.cold[i];
                (sum as f64 + f64::from(weight) * f64::from(self.step - changed)) / steps
            };
            averages.push((key, (row + 1..=row + count).map(|i| ((self.hot[i] >> 16) as u16, mean(i))).collect()));
        }
        averages.sort_unstable_by_key(|row: &(u32, Vec<(u16, f64)>)| row.0);
        freeze(&averages)
    }
}

/// Compands averaged weights and puts them in a table. The rows are in the order of their keys.
pub(super) fn freeze(averages: &[(u32, Vec<(u16, f64)>)]) -> Weights {
    let largest = averages.iter().flat_map(|r| &r.1).fold(1e-9_f64, |m, e| m.max(e.1.abs()));
    let mut rows = Vec::new();
    let mut entries = Vec::new();
    for (key, row) in averages {
        let before = entries.len();
        let mut row = row.clone();
        row.sort_unstable_by_key(|e| e.0);
        for (class, weight) in row {
            let root = ((weight.abs() / largest).sqrt() * 127.0).round() as i8;
            if root != 0 {
                let stored = if weight < 0.0 { -root } else { root };
                entries.push(u32::from(class) << 16 | u32::from(expand(stored) as u16));
            }
        }
        if entries.len() > before {
            rows.push((*key, (entries.len() - before) as u32));
        }
    }
    Weights::build(&rows, entries)
}
