//! Extraction from texts that only a machine writes: word salads of the lexicon, runs without end, broken marks.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use crate::reading;
use belligraph::facts::Facts;
use belligraph::ontology::Ontology;
use belligraph::pipeline::Chain;
use proptest::prelude::*;
use std::sync::LazyLock;

static CHAIN: LazyLock<Chain> = LazyLock::new(|| Chain::fast(Ontology::embedded()));

fn read(headline: &str, body: &str, published: Option<&str>) -> Facts {
    CHAIN.read(reading::article(headline, body, published.unwrap_or_default()), "http://localhost:7878/").facts
}

#[test]
fn counts_and_days_beyond_any_calendar_are_no_days() {
    let told = "A bomb killed 12 people in Homs on 3 May 2015. ";
    for later in [
        "30,000 years later, rebels attacked Aleppo.",
        "3,000 decades later, rebels attacked Aleppo.",
        "8,000,000 days after the attack, rebels attacked Aleppo.",
        "2147483647 hours ago rebels attacked Aleppo.",
        "2147483647 centuries ago rebels attacked Aleppo.",
        "In the following 4,000,000,000 centuries rebels attacked Aleppo.",
        "In the previous 2,000,000,000 years rebels attacked Aleppo.",
        "More than 2147483647 days earlier rebels attacked Aleppo.",
        "About 10000000000000000000 people were killed in Aleppo, or about 18446744073709551615.",
        "At least 99999999999999999999999999999999999999999 million million people were killed in Aleppo.",
    ] {
        let body = format!("{told}{later}");
        for published in [None, Some("2016-01-05"), Some("0001-01-01"), Some("9999-12-31")] {
            for event in read("", &body, published).events {
                if let Some(belligraph::facts::TimeSpan::At(at)) = event.time {
                    assert!(at.earliest.is_none_or(|day| day.year() > 0), "{body}: {at:?}");
                }
            }
        }
    }
    let hundreds = format!("One{} people were killed in Homs.", " hundred".repeat(30));
    read("", &hundreds, None);
    let millions = format!("Five{} people were killed in Homs.", " million".repeat(30));
    read("", &millions, None);
}

#[test]
fn the_first_and_the_last_day_of_the_calendar_have_neighbours_that_are_none() {
    let near = [
        "yesterday",
        "tomorrow",
        "next year",
        "last year",
        "this year",
        "next month",
        "last month",
        "next week",
        "last winter",
        "next winter",
        "this winter",
        "last Monday",
        "next Sunday",
        "next weekend",
        "overnight",
        "two years ago",
        "two hours ago",
        "in December",
        "on 31 December",
        "on 1 January",
        "last December",
        "in the next two years",
        "in the past two decades",
        "since last year",
        "in early January next year",
    ];
    for published in ["9999-12-31", "9999-01-01", "0001-01-01", "0001-12-31", "-9999-01-01"] {
        for words in near {
            let body = format!("Rebels will attack Aleppo {words}. Rebels attacked Homs {words}, killing 12 people.");
            let published = if published.starts_with('-') { "-009999-01-02" } else { published };
            read("Rebels attack", &body, Some(published));
        }
    }
}

#[test]
fn words_said_over_and_over_are_read_without_end_of_stack_or_time() {
    let count = if cfg!(debug_assertions) { 3_000 } else { 30_000 };
    for words in [
        "early ",
        "the end of ",
        "the morning of ",
        "the first days of ",
        "Monday ",
        "Monday, ",
        "at least ",
        "about ",
        "or more ",
        "between ",
        "another ",
        "hundred ",
        "one hundred ",
        "a dozen ",
        "5 or more ",
        "12 - ",
        "May ",
        "two days later ",
        "killed ",
        "killed and ",
        "of ",
        "including ",
        "Aleppo, ",
        "(",
        "\"",
    ] {
        read("", &words.repeat(count), Some("2016-01-05"));
    }
}

#[test]
fn no_name_goes_on_from_the_headline_into_the_body() {
    let found = read("Sgt", "A\u{c10} | (AFP) Sgt Boko Haram", None);
    assert!(found.mentions.iter().all(|m| !m.text.contains('\n')), "{:?}", found.mentions);
}

/// What a text of nonsense is made of: the words of the lexicon, which reach every rule that looks for them.
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/ontology/lexicon");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "ttl"));
    files.sort();
    let mut words = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        let strings = text.split('"').skip(1).step_by(2);
        words.extend(strings.filter(|s| !s.is_empty() && s.len() <= 30).map(ToOwned::to_owned));
    }
    words.sort();
    words.dedup();
    assert!(words.len() > 1_000);
    words
});

const NAMES: &[&str] = &[
    "Aleppo",
    "Syria",
    "Syrian",
    "Boko Haram",
    "ISIS",
    "Kabul",
    "al-Shabab",
    "Abu Bakr",
    "Gen. Haftar",
    "the LNA",
    "Free Syrian Army (FSA)",
    "Paris",
    "Jordan",
    "U.S.",
    "Iraq's",
    "Reuters",
    "AP",
    "Taliban",
    "Hamas",
];

const NUMBERS: &[&str] = &[
    "1",
    "12",
    "300",
    "12,000",
    "2016",
    "1999",
    "31",
    "3.5",
    "2147483647",
    "4294967295",
    "18446744073709551615",
    "99999999999999999999999",
    "0",
    "1/2",
    "10:30",
    "2016-05-03",
    "3/4/2016",
    "0000-00-00",
    "12-year-old",
    "60-plus",
    "20-30",
    "1st",
    "$3.5m",
    "40km",
];

const MARKS: &[&str] = &[
    ".", ",", ";", ":", "-", "–", "—", " - ", "(", ")", "[", "]", "\"", "“", "”", "'", "’s", "'s", "/", "|", "\n",
    "\n\n", "\t", "…", "?", "!", "%", "&", "*", "=", "•", "--",
];

const BROKEN: &[&str] = &[
    "\u{0}",
    "\u{200b}",
    "\u{202e}",
    "\u{feff}",
    "e\u{301}\u{301}",
    "\u{ad}",
    "👩\u{200d}👩\u{200d}👧",
    "🇸🇾",
    "\u{fffd}",
    "قتل",
    "北京",
    "İ",
    "ß",
    "ﬁ",
    "Ǆ",
    "\u{1f3fb}",
    "\u{10ffff}",
    "ﷺ",
    "½",
    "²",
    "٣",
    "Ⅷ",
    "\u{2028}",
    "\u{85}",
    "a\u{338}",
];

fn chosen(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(words).prop_map(ToOwned::to_owned)
}

/// A word of the lexicon, at times in capitals or with the letter of a name.
fn word() -> impl Strategy<Value = String> {
    (prop::sample::select(WORDS.as_slice()), 0..8_u8).prop_map(|(word, form)| match form {
        0 => word.to_uppercase(),
        1 | 2 => {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
        }
        _ => word.clone(),
    })
}

fn salad(most: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        12 => word(),
        4 => chosen(NAMES),
        4 => chosen(NUMBERS),
        4 => chosen(MARKS),
        1 => chosen(BROKEN),
        1 => any::<String>(),
    ];
    // Some run together, and some come again and again.
    let piece = (piece, prop_oneof![8 => Just(" "), 1 => Just("")], prop_oneof![20 => 1..2_usize, 1 => 2..30_usize])
        .prop_map(|(piece, gap, times)| format!("{piece}{gap}").repeat(times));
    prop::collection::vec(piece, 0..most).prop_map(|pieces| pieces.concat())
}

fn day() -> impl Strategy<Value = Option<&'static str>> {
    prop::sample::select(vec![None, Some("2016-01-05"), Some("2024-02-29"), Some("0001-01-01"), Some("9999-12-31")])
}

/// `PROPTEST_CASES` asks for more than are tried each time.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(24)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    /// No text stops the reading, and whatever is found stands in the text.
    #[test]
    fn no_salad_panics(headline in salad(12), body in salad(120), published in day()) {
        let found = read(&headline, &body, published);
        let (headline, body) = (headline.chars().count(), body.chars().count());
        for event in &found.events {
            let length = if event.trigger.field == belligraph::article::Field::Headline { headline } else { body };
            prop_assert!(event.trigger.start < event.trigger.end && event.trigger.end as usize <= length);
            for toll in &event.casualties {
                prop_assert!(toll.max.is_none_or(|max| toll.min <= max), "{toll:?}");
            }
        }
    }
}
