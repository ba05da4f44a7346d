//! Numbers in running text, with the words of the lexicon.

use belligraph::lexicon::entries::Entries;
use belligraph::lexicon::numerals::number_words;

/// The figures of a text as `words min..max`, open above as `min..`.
fn figures(text: &str) -> Vec<String> {
    number_words(Entries::embedded())
        .figures(text, 0)
        .into_iter()
        .map(|f| format!("{} {}..{}", f.span.of(text), f.min, f.max.map(|m| m.to_string()).unwrap_or_default()))
        .collect()
}

#[test]
fn digits_words_and_mixtures() {
    for (text, expected) in [
        ("1,200 people", "1,200 1200..1200"),
        ("about to lose 1 200 people", "1 200 1200..1200"),
        ("killed 230000 people", "230000 230000..230000"),
        ("Twenty-two men", "Twenty-two 22..22"),
        ("twenty two men", "twenty two 22..22"),
        ("a dozen men", "a dozen 12..12"),
        ("two dozen men", "two dozen 24..24"),
        ("one hundred and five men", "one hundred and five 105..105"),
        ("a hundred and five men", "a hundred and five 105..105"),
        ("two hundred thousand people", "two hundred thousand 200000..200000"),
        ("3.5 million people", "3.5 million 3500000..3500000"),
        ("three million two hundred thousand", "three million two hundred thousand 3200000..3200000"),
    ] {
        assert_eq!(figures(text), [expected], "{text}");
    }
}

#[test]
fn ranges_and_bounds() {
    for (text, expected) in [
        ("between 500 and 1300 people", "between 500 and 1300 500..1300"),
        ("10 to 15 people", "10 to 15 10..15"),
        ("20-30 people", "20-30 20..30"),
        ("two or three men", "two or three 2..3"),
        ("two to three dozen men", "two to three dozen 24..36"),
        ("at least 12", "at least 12 12.."),
        ("more than 20 militants", "more than 20 20.."),
        ("no fewer than six", "no fewer than six 6.."),
        ("up to 40 people", "up to 40 1..40"),
        ("as many as 40 people", "as many as 40 1..40"),
        ("nearly 50 people", "nearly 50 45..50"),
        ("about 50 people", "about 50 50..55"),
        ("around 15 people", "around 15 15..17"),
        ("some 34 people", "some 34 34..34"),
        ("some 1,300 people", "some 1,300 1300..1350"),
        ("a confirmed 33 militants", "a confirmed 33 33..33"),
        ("a total of 20 people", "a total of 20 20..20"),
        ("the 60-plus nations", "60-plus 60.."),
        ("12 or more", "12 or more 12.."),
        ("another 14 people", "another 14 14..14"),
    ] {
        assert_eq!(figures(text), [expected], "{text}");
    }
}

#[test]
fn vague_amounts_are_open_or_wide() {
    for (text, expected) in [
        ("dozens of people", "dozens 12.."),
        ("scores of people", "scores 20.."),
        ("several people", "several 3..19"),
        ("a few people", "a few 3..9"),
        ("many people", "many 3.."),
        ("several hundred people", "several hundred 300..1900"),
        ("tens of thousands of people", "tens of thousands 10000.."),
        ("at least several dozen people", "at least several dozen 36.."),
    ] {
        assert_eq!(figures(text), [expected], "{text}");
    }
}

#[test]
fn digits_in_names_and_clock_times_are_no_numbers() {
    assert_eq!(figures("an F-16 on the M4 at 10:30 on the 7th"), Vec::<String>::new());
    assert_eq!(figures("It rose from 10 to 15."), ["10 10..10", "15 15..15"]);
    assert_eq!(figures("On July 12 200 people"), ["12 12..12", "200 200..200"]);
}
