//! Time expressions, from `tests/cases/time.md`.

use belligraph::article::Article;
use belligraph::extract::time::{self, TimeWords};
use belligraph::language::Pipeline;
use belligraph::lexicon::entries::Entries;
use belligraph::lexicon::numerals::number_words;

const CASES: &str = include_str!("../cases/time.md");

/// The expressions of a sentence as `words earliest latest precision basis relation`.
fn expressions(published: &str, sentence: &str) -> Vec<String> {
    let article = Article { body: sentence.to_owned(), published: published.parse().ok(), ..Article::default() };
    let document = Pipeline::embedded().analyse(&article.headline, &article.body);
    let entries = Entries::embedded();
    let show = |date: Option<jiff::civil::Date>| date.map_or("-".to_owned(), |d| d.to_string());
    time::find(&article, &document, &TimeWords::new(entries), &number_words(entries))
        .into_iter()
        .map(|t| {
            let b = &t.bounds;
            format!(
                "{} | {} | {} | {:?} | {:?} | {:?}",
                t.span.of(document.text()),
                show(b.earliest),
                show(b.latest),
                b.precision,
                b.basis,
                t.relation
            )
        })
        .collect()
}

#[test]
fn expressions_denote_what_the_table_says() {
    let mut wrong = Vec::new();
    for row in CASES.lines().filter(|l| l.starts_with("| ") && !l.starts_with("| published")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let expected = cells[2..].join(" | ");
        let found = expressions(cells[0], cells[1]);
        if !found.contains(&expected) {
            wrong.push(format!("{} ({})\n  expected {expected}\n  found    {found:?}", cells[1], cells[0]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ages_verbs_and_counts_are_no_times() {
    for sentence in ["A 12-year-old boy may march.", "Some 2000 people died.", "They sat in the sun."] {
        assert_eq!(expressions("2017-12-19", sentence), Vec::<String>::new(), "{sentence}");
    }
}
