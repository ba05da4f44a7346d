//! Strings of a model that live as long as the program, so that a word can name its tag without owning it.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The one copy of a string. There are a few hundred different ones, however many models are loaded.
pub(super) fn intern(text: &str) -> &'static str {
    static STRINGS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut strings = STRINGS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = strings.get(text) {
        return known;
    }
    let new: &'static str = Box::leak(text.to_owned().into_boxed_str());
    strings.insert(new);
    new
}
