//! Known actors and their names in running text.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use belligraph::lexicon::{ACTOR_FILES, ActorNames, Gazetteer, KnownActor, Lexicon};
use belligraph::ontology::Ontology;
use std::path::Path;
use std::sync::LazyLock;

static NAMES: LazyLock<ActorNames> = LazyLock::new(|| ActorNames::new(KnownActor::embedded(), Gazetteer::embedded()));

/// The local IRI of the one actor a name means.
fn meant(name: &str) -> Option<&'static str> {
    match NAMES.lookup(name)[..] {
        [one] => NAMES.actors()[one.actor].iri.strip_prefix("urn:belligraph:actor:"),
        _ => None,
    }
}

fn scanned(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split(' ').collect();
    NAMES.scan(&words).into_iter().map(|m| words[m.words].join(" ")).collect()
}

#[test]
fn every_file_of_actors_is_in_the_program() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/actors");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "ttl"))
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert_eq!(files, ACTOR_FILES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    assert!(KnownActor::embedded().len() > 1000);
}

#[test]
fn a_state_bears_the_names_of_its_country() {
    for (name, iri) in [
        ("Libya", "libya"),
        ("UAE", "united-arab-emirates"),
        ("Burma", "myanmar"),
        ("the United States", "united-states"),
        ("U.S.", "united-states"),
        ("Britain", "united-kingdom"),
    ] {
        assert_eq!(meant(name), Some(iri), "{name}");
    }
    assert_eq!(meant("Us"), None);
}

#[test]
fn spellings_of_the_article_and_of_hyphens_do_not_matter() {
    let shabaab = meant("al-Shabaab");
    assert!(shabaab.is_some());
    assert_eq!(meant("Al Shabaab"), shabaab);
    assert_eq!(meant("al-Shabab"), shabaab);
    assert_eq!(meant("Ansar ash-Sharia"), meant("Ansar al-Sharia"));
    assert_eq!(
        scanned("fighters of al - Shabaab and the Libyan National Army ( LNA ) met Khalifa Haftar"),
        ["al - Shabaab", "Libyan National Army", "LNA", "Khalifa Haftar"]
    );
}

#[test]
fn acronyms_count_in_their_own_case_only() {
    assert_eq!(scanned("who is with us , asked the WHO"), ["WHO"]);
    assert_eq!(scanned("Is ISIS gone ?"), ["ISIS"]);
}

#[test]
fn an_ambiguous_name_is_marked() {
    let words = ["SDF", "fighters"];
    let found = NAMES.scan(&words);
    assert!(found[0].actors.iter().all(|a| a.ambiguous), "{found:?}");
    assert_eq!(found[0].certain(), None);
    let words = ["Islamic", "State", "fighters"];
    assert!(NAMES.scan(&words)[0].certain().is_some());
}

#[test]
fn the_lexicon_bundles_what_is_known() {
    let lexicon = Lexicon::new(Ontology::embedded());
    assert!(!lexicon.gazetteer.is_empty() && !lexicon.actors.actors().is_empty());
}
