//! A map from 32-bit hashes to small numbers that is read much and never changed.

use super::model_file::{ModelError, Reader, Writer};
use std::collections::BTreeMap;

/// The map: open addressing, the home of a key being its place in the order of keys.
#[derive(Clone, Debug, Default)]
pub(super) struct Lookup {
    /// Key, and value plus one (0: free).
    slots: Vec<[u32; 2]>,
    homes: u64,
}

impl Lookup {
    /// Builds the map.
    pub(super) fn new(values: &BTreeMap<u32, u32>) -> Self {
        let sorted: Vec<(u32, u32)> = values.iter().map(|(&key, &value)| (key, value)).collect();
        Self::from_sorted(&sorted)
    }

    /// Builds the map from keys in rising order.
    fn from_sorted(values: &[(u32, u32)]) -> Self {
        let homes = (values.len() as u64 * 2).max(1);
        let mut slots = vec![[0_u32; 2]; homes as usize];
        let mut next = 0;
        for &(key, value) in values {
            next = next.max(((u64::from(key) * homes) >> 32) as usize);
            if next >= slots.len() {
                slots.resize(next + 16, [0; 2]);
            }
            slots[next] = [key, value + 1];
            next += 1;
        }
        slots.push([0; 2]);
        Self { slots, homes }
    }

    /// The value of a key.
    #[inline]
    pub(super) fn value(&self, key: u32) -> Option<u32> {
        let mut slot = ((u64::from(key) * self.homes) >> 32) as usize;
        loop {
            let &[found, value] = self.slots.get(slot)?;
            if value == 0 {
                return None;
            }
            if found == key {
                return Some(value - 1);
            }
            slot += 1;
        }
    }

    pub(super) fn write(&self, to: &mut Writer) {
        let full: Vec<_> = self.slots.iter().filter(|s| s[1] != 0).collect();
        to.number(full.len() as u64);
        let mut before = 0;
        for &&[key, value] in &full {
            to.number(u64::from(key - before));
            to.number(u64::from(value - 1));
            before = key;
        }
    }

    /// Reads a map whose values are below `limit`.
    pub(super) fn read(from: &mut Reader<'_>, limit: usize) -> Result<Self, ModelError> {
        let count = from.count()?;
        let mut values = Vec::with_capacity(count);
        let mut key = 0_u32;
        for _ in 0..count {
            let step = u32::try_from(from.number()?).ok().and_then(|step| key.checked_add(step));
            key = step.ok_or_else(|| from.broken("keys overflow"))?;
            let value = from.number()?;
            if value >= limit as u64 {
                return Err(from.broken("a value is out of range"));
            }
            values.push((key, value as u32));
        }
        Ok(Self::from_sorted(&values))
    }
}
