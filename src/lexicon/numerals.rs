//! The number words of the lexicon (`bg:NumberWord`).

use super::entries::{Entries, Entry};
use crate::language::numbers::{Bound, NumberWord, NumberWords};

/// Compiles the entries of class `bg:NumberWord`; entries without a kind that is known are passed over.
pub fn number_words(entries: &Entries) -> NumberWords {
    NumberWords::new(
        entries
            .of("NumberWord")
            .filter_map(|entry| Some((entry, word(entry)?)))
            .flat_map(|(entry, word)| entry.all("word").map(move |form| (form, word))),
    )
}

fn word(entry: &Entry) -> Option<NumberWord> {
    Some(match entry.one("wordKind")? {
        "unit" => NumberWord::Unit(entry.number("number")?),
        "tens" => NumberWord::Tens(entry.number("number")?),
        "scale" => NumberWord::Scale(entry.number("number")?),
        "one" => NumberWord::One,
        "vague" => NumberWord::Vague { min: entry.number("lower")?, max: entry.number("upper") },
        "bound" => NumberWord::Bound(bound(entry)),
        "behind" => NumberWord::Behind(bound(entry)),
        "or so" => NumberWord::Behind(rounded(false, true)),
        "nearly" => NumberWord::Bound(rounded(true, false)),
        // Data sets code "about 50" as 50, which is then the least, as with "just over 50".
        "about" | "just over" => NumberWord::Bound(rounded(false, true)),
        "range" => NumberWord::Between,
        "additional" => NumberWord::Additional,
        "share" => NumberWord::Percent,
        _ => return None,
    })
}

fn bound(entry: &Entry) -> Bound {
    Bound {
        min_share: entry.number("minShare"),
        max_share: entry.number("maxShare"),
        min_offset: entry.number("minOffset").unwrap_or(0),
        max_offset: entry.number("maxOffset").unwrap_or(0),
        rounded: false,
    }
}

fn rounded(below: bool, above: bool) -> Bound {
    let share = |side: bool| side.then_some(1.0);
    Bound { min_share: share(below), max_share: share(above), min_offset: 0, max_offset: 0, rounded: true }
}
