//! Casualties, from `tests/cases/casualties.md`.

use belligraph::article::Article;
use belligraph::extract::casualties::{self, CasualtyWords};
use belligraph::extract::quantities;
use belligraph::extract::reading::Reading;
use belligraph::extract::time::{self, TimeWords};
use belligraph::language::{Pipeline, Span};
use belligraph::lexicon::entries::Entries;
use belligraph::lexicon::numerals::number_words;

const CASES: &str = include_str!("../cases/casualties.md");

fn reports(sentence: &str) -> Vec<String> {
    let article = Article { body: sentence.to_owned(), ..Article::default() };
    let document = Pipeline::embedded().analyse(&article.headline, &article.body);
    let entries = Entries::embedded();
    let numbers = number_words(entries);
    let mut reading = Reading::new(&article, &document);
    reading.times = time::find(&article, &document, &TimeWords::new(entries), &numbers);
    let dated: Vec<Span> = reading.times.iter().map(|t| t.span).collect();
    let counted = quantities::find(&document, &numbers, &dated);
    casualties::find(&reading, &counted, &CasualtyWords::new(entries))
        .into_iter()
        .map(|t| {
            let max = t.max.map(|m| m.to_string()).unwrap_or_default();
            let mut report = format!("{} {} {}..{max}", t.outcome.as_str(), t.victims.as_str(), t.min);
            for (mark, holds) in [(" ?", t.presumed), (" *", t.cumulative), (" <", t.part_of.is_some())] {
                if holds {
                    report.push_str(mark);
                }
            }
            report
        })
        .collect()
}

#[test]
fn sentences_give_what_the_table_says() {
    let mut wrong = Vec::new();
    for row in CASES.lines().filter(|l| l.starts_with("| ") && !l.starts_with("| sentence")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let expected: Vec<&str> = cells[1].split("; ").filter(|r| !r.is_empty()).collect();
        let found = reports(cells[0]);
        if found != expected {
            wrong.push(format!("{}\n  expected {expected:?}\n  found    {found:?}", cells[0]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
