//! What authors see: the reading of a sentence, the reasons behind facts, the terms in a terminal.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use belligraph::article::Article;
use belligraph::extract::Extractor;
use belligraph::extract::trace::Verdict;
use belligraph::language::Pipeline;
use belligraph::ontology::Ontology;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Runs the program in an empty folder: exit code, standard output, standard error.
fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let folder = TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_belligraph"));
    let command = command.args(arguments).current_dir(folder.path()).env_remove("BELLIGRAPH_STORE");
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_sentence_shows_its_tree_its_mentions_and_its_frames() {
    let (code, shown, told) = run(&["parse", "Rebels ambushed an army convoy near Goma, but they took a photo."]);
    assert_eq!(code, Some(0), "{told}");
    for expected in [
        "VERB  root",
        "mentions\n  Rebels  described, bg:NonStateCombatants",
        "fires frame:ambush: ambush (actual)",
        "initiator: \"Rebels\"  ↓nsubj",
        "not   frame:capture-place: forbids obj with \"photo\"",
    ] {
        assert!(shown.contains(expected), "{expected}\n{shown}");
    }
}

#[test]
fn a_word_that_is_no_file_is_told_so() {
    let (code, _, told) = run(&["parse", "nowhere"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("`nowhere`"), "{told}");
}

#[test]
fn facts_are_explained_and_so_is_what_gave_nothing() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("article.txt");
    std::fs::write(
        &path,
        "Ambush near Goma\n\nRebels ambushed an army convoy near Goma on Monday. The general took a photo.\n",
    )
    .unwrap();
    let (code, shown, told) = run(&["extract", "--explain", "--published", "2024-05-14", path.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{told}");
    for expected in [
        "ambush (bg:Ambush), actual",
        "by frame:ambush",
        "in: Rebels ambushed an army convoy near Goma on Monday.",
        "when: 2024-05-13 to 2024-05-13, read from",
        "words that gave nothing",
        "took  frame:capture-place: forbids obj",
    ] {
        assert!(shown.contains(expected), "{expected}\n{shown}");
    }
}

#[test]
fn a_trace_changes_no_fact() {
    let extractor = Extractor::new(Ontology::embedded());
    let body =
        "Militants attacked an army base in the north-east, killing ten soldiers, officials said. The army denied it.";
    let article = Article { body: body.to_owned(), ..Article::default() };
    let document = Pipeline::embedded().analyse("", body);
    let (facts, trace) = extractor.trace(&article, &document);
    let untraced = extractor.extract(&article, &document);
    assert_eq!((&facts.events, &facts.situations), (&untraced.events, &untraced.situations));
    assert_eq!((&facts.entities, &facts.mentions), (&untraced.entities, &untraced.mentions));
    assert_eq!(facts.events.len(), trace.events.len());
    assert!(trace.attempts.iter().any(|a| matches!(a.verdict, Verdict::Fired { .. })));
    assert!(trace.attempts.iter().all(|a| a.words.contains(&a.trigger)));
}

#[test]
fn terms_are_listed_and_found() {
    let (code, tree, _) = run(&["ontology", "terms", "--below", "bg:Protest"]);
    assert_eq!(code, Some(0));
    assert!(tree.contains("peaceful protest (PeacefulProtest)"), "{tree}");
    let (code, found, _) = run(&["ontology", "terms", "ambush"]);
    assert_eq!(code, Some(0));
    assert!(found.starts_with("ambush  Ambush  class"), "{found}");
    assert!(found.contains("codes: ACLED Battles/Armed clash, PLOVER ASSAULT"), "{found}");
    assert!(found.contains("evoked by: ambush, waylay"), "{found}");
    let (_, json, _) = run(&["ontology", "terms", "--json", "ambush"]);
    let first: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert!(first["iri"].as_str().unwrap().contains("ontology#"));
    let (code, _, told) = run(&["ontology", "terms", "zyzzyva"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("no term"), "{told}");
}
