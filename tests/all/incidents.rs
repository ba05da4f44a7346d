//! What short incident notes are about, from `tests/cases/incidents.md`.

use belligraph::article::Article;
use belligraph::extract::Extractor;
use belligraph::language::Pipeline;
use belligraph::ontology::Ontology;
use std::collections::BTreeSet;

const CASES: &str = include_str!("../cases/incidents.md");

fn cases() -> impl Iterator<Item = (&'static str, &'static str)> {
    CASES.lines().filter(|l| l.starts_with("| ") && !l.starts_with("| note")).filter_map(|row| {
        let (note, code) = row.trim_matches('|').split_once('|')?;
        Some((note.trim(), code.trim()))
    })
}

#[test]
fn the_first_event_of_a_note_has_its_code() {
    let ontology = Ontology::embedded();
    let extractor = Extractor::new(ontology);
    let mut wrong = Vec::new();
    for (note, code) in cases() {
        let article = Article { body: note.to_owned(), ..Article::default() };
        let document = Pipeline::embedded().analyse(&article.headline, &article.body);
        let facts = extractor.extract(&article, &document);
        let found = facts.events.first().and_then(|e| ontology.acled(&e.class));
        if found != Some(code) {
            wrong.push(format!("{note}\n  expected {code}\n  found    {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_sub_event_types_occur() {
    let codes: BTreeSet<&str> = cases().map(|(_, code)| code).collect();
    assert_eq!(codes.len(), 25, "{codes:?}");
}
