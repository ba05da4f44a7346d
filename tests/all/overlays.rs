//! Overlays: what they add is extracted, without them nothing is different, and broken ones change nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const GRID: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/overlays/power-grid");

const ARTICLE: &str = "Militants black out Iraqi city

Militants of the Lions of the Marshes blew up a power line near Baghdad on Monday. \
Gunmen attacked a bridge near Qarmat Hills and killed three soldiers.
";

/// Runs the program in a folder: exit code, standard output, standard error.
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_belligraph"));
    let output = command.args(arguments).current_dir(folder).env_remove("BELLIGRAPH_STORE").output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn with_article() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("article.txt"), ARTICLE).unwrap();
    folder
}

fn extracted(folder: &Path, options: &[&str]) -> Value {
    let (code, lines, told) =
        run(folder, &[options, &["extract", "--published", "2024-05-14", "article.txt"]].concat());
    assert_eq!(code, Some(0), "{told}");
    serde_json::from_str(&lines).unwrap()
}

fn classes(article: &Value) -> Vec<&str> {
    article["events"].as_array().unwrap().iter().map(|e| e["type"].as_str().unwrap()).collect()
}

#[test]
fn a_class_with_its_frame_is_extracted_and_nothing_else_changes() {
    let folder = with_article();
    let (without, with) = (extracted(folder.path(), &[]), extracted(folder.path(), &["--ontology", GRID]));
    assert!(!classes(&without).contains(&"PowerGridAttack"), "{without:#}");
    assert!(classes(&with).contains(&"PowerGridAttack"), "{with:#}");
    let others = |article: &Value| -> Vec<String> {
        let events = article["events"].as_array().unwrap().iter();
        events.filter(|e| e["trigger"]["start"] != 38).map(|e| e["type"].to_string()).collect()
    };
    assert_eq!(others(&without), others(&with));
}

#[test]
fn an_article_without_its_words_reads_the_same_with_an_overlay() {
    let folder = with_article();
    fs::write(
        folder.path().join("article.txt"),
        "Clashes in Homs\n\nThe army clashed with rebels in Homs on Friday.\n",
    )
    .unwrap();
    assert_eq!(extracted(folder.path(), &[]), extracted(folder.path(), &["--ontology", GRID]));
}

#[test]
fn known_actors_and_places_come_from_an_overlay() {
    let folder = with_article();
    let (code, turtle, told) =
        run(folder.path(), &["--ontology", GRID, "extract", "--format", "turtle", "article.txt"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(turtle.contains("actor/dhi-qar-lions") || turtle.contains("actor:dhi-qar-lions"), "{turtle}");
    assert!(turtle.contains("place/qarmat-power-station") || turtle.contains("place:qarmat-power-station"), "{turtle}");
}

#[test]
fn a_folder_beside_the_store_is_an_overlay_and_makes_the_articles_stale() {
    let folder = with_article();
    let (code, _, told) = run(folder.path(), &["load", "article.txt"]);
    assert_eq!(code, Some(0), "{told}");
    let count = "SELECT (COUNT(*) AS ?n) { ?e a <http://example.org/power-grid#PowerGridAttack> }";
    let asked = |expected: &str| {
        let (_, answer, told) = run(folder.path(), &["query", "--format", "csv", "-e", count]);
        assert_eq!(answer.trim().lines().last(), Some(expected), "{answer}{told}");
    };
    asked("0");
    let beside = folder.path().join("ontology");
    fs::create_dir(&beside).unwrap();
    fs::copy(Path::new(GRID).join("power-grid.ttl"), beside.join("power-grid.ttl")).unwrap();
    let (_, stats, _) = run(folder.path(), &["stats"]);
    assert!(stats.contains("articles: 1, 1 of them stale"), "{stats}");
    let (code, _, told) = run(folder.path(), &["reextract", "--stale"]);
    assert_eq!(code, Some(0), "{told}");
    asked("1");
    let (_, stats, _) = run(folder.path(), &["stats", "--verify"]);
    assert!(stats.contains("articles: 1, 0 of them stale"), "{stats}");
    // The store shows what it was read with: the class with both labels, the frame, the place.
    let labels =
        "SELECT ?l ?v { <http://example.org/power-grid#PowerGridAttack> rdfs:label ?l . FILTER(LANG(?l) = 'fr')
        ?f bg:evokes <http://example.org/power-grid#PowerGridAttack> ; bg:verb ?v . FILTER(?v = 'sabotage') }";
    let (_, answer, told) = run(folder.path(), &["query", "--format", "csv", "-e", labels]);
    assert!(answer.contains("attaque contre le réseau électrique,sabotage"), "{answer}{told}");
    // Frames are not counted with the reports.
    let counted = "SELECT (COUNT(*) AS ?n) { ?frame a bg:Frame ; bg:outcome ?o }";
    let (_, answer, told) = run(folder.path(), &["query", "--format", "csv", "-e", counted]);
    assert_eq!(answer.trim().lines().last(), Some("0"), "{answer}{told}");
    // Without the overlay all is as before.
    fs::remove_dir_all(&beside).unwrap();
    run(folder.path(), &["reextract", "--stale"]);
    asked("0");
}

/// An overlay of the files given, by their names.
fn overlay(files: &[(&str, &str)]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let path = folder.path().to_owned();
    (folder, path)
}

const PREFIXES: &str = "@prefix bg: <https://w3id.org/belligraph/ontology#> .
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
";

#[test]
fn a_broken_overlay_is_told_in_full_and_leaves_no_store_behind() {
    let folder = with_article();
    let broken = format!("{PREFIXES}ex:A a owl:Class\nex:B a owl:Class .\n");
    let frame = format!("{PREFIXES}ex:f a bg:Frame ;\n    bg:evokes ex:Nothing ;\n    bg:verb \"nix\" .\n");
    let actor = format!("{PREFIXES}ex:nobody a bg:Militia ; bg:countryCode \"IQ\" .\n");
    let (_kept, path) = overlay(&[("a.ttl", &broken), ("b.ttl", &frame), ("c.ttl", &actor)]);
    let (code, _, told) = run(folder.path(), &["--ontology", path.to_str().unwrap(), "load", "article.txt"]);
    assert_eq!(code, Some(2), "{told}");
    for expected in ["a.ttl:7", "b.ttl:7: the frame", "ex:Nothing", "c.ttl:6: ", "has no name", "nothing was changed"] {
        let expected = expected.replace("ex:", "http://example.org/");
        assert!(told.contains(&expected), "`{expected}` in\n{told}");
    }
    assert!(!folder.path().join("belligraph.db").exists());
}

#[test]
fn other_formats_line_ends_and_byte_order_marks_are_read() {
    let windows = format!("\u{feff}{PREFIXES}ex:W a owl:Class ; rdfs:label \"w\" .\n").replace('\n', "\r\n");
    let xml = r#"<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:owl="http://www.w3.org/2002/07/owl#"
    xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#">
  <owl:Class rdf:about="http://example.org/X"><rdfs:label>x</rdfs:label></owl:Class>
</rdf:RDF>"#;
    let json = r#"{"@context": {"label": "http://www.w3.org/2000/01/rdf-schema#label"},
  "@id": "http://example.org/J", "@type": "http://www.w3.org/2002/07/owl#Class", "label": "j"}"#;
    let (_kept, path) = overlay(&[("w.ttl", &windows), ("x.rdf", xml), ("j.jsonld", json)]);
    let ontology = belligraph::ontology::Ontology::load(&[path]).unwrap();
    for (iri, label) in [("W", "w"), ("X", "x"), ("J", "j")] {
        assert_eq!(ontology.label(&format!("http://example.org/{iri}")), Some(label));
    }
}

#[test]
fn faults_in_other_formats_name_their_lines() {
    let (_kept, path) =
        overlay(&[("x.rdf", "<a>\n<b></a>\n"), ("j.jsonld", "{\n\"@id\": }\n"), ("l.ttl", "ex:a ex:b \"ä\" .\n")]);
    fs::write(path.join("l.ttl"), b"# fine\n\"\xff\"\n").unwrap();
    let error = belligraph::ontology::Ontology::load(&[path]).unwrap_err().to_string();
    for expected in ["x.rdf", "j.jsonld", "l.ttl:2: the file is not UTF-8"] {
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn an_exported_ontology_changes_nothing_as_an_overlay() {
    let folder = with_article();
    let (code, said, told) = run(folder.path(), &["ontology", "export", "mine"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(said.contains("files written to mine"), "{said}");
    let embedded = belligraph::ontology::Ontology::embedded();
    let copy = belligraph::ontology::Ontology::load(&[folder.path().join("mine")]).unwrap();
    assert_eq!(copy.version(), embedded.version());
    assert!(copy.replaced().is_empty());
    assert_eq!(copy.statements().len(), embedded.statements().len());
    // One edited description is all that is replaced, and two edited copies contradict each other only there.
    let path = folder.path().join("mine/events.ttl");
    let edited = fs::read_to_string(&path).unwrap().replacen("\"ambush\"@en", "\"waylaying\"@en", 1);
    fs::write(&path, &edited).unwrap();
    let mine = belligraph::ontology::Ontology::load(&[folder.path().join("mine")]).unwrap();
    assert_eq!(mine.replaced().len(), 1, "{:#?}", mine.replaced());
    assert_ne!(mine.version(), embedded.version());
    let (_kept, other) = overlay(&[("events.ttl", &edited.replacen("\"waylaying\"@en", "\"trap\"@en", 1))]);
    let error = belligraph::ontology::Ontology::load(&[folder.path().join("mine"), other]).unwrap_err().to_string();
    assert!(error.contains("1 problem") && error.contains("mine/events.ttl:"), "{error}");
    // It is not written over by mistake.
    let (code, _, told) = run(folder.path(), &["ontology", "export", "mine"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("--force"), "{told}");
}

const RIVER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/overlays/river-war");

const RIVER_ARTICLE: &str = "Elders haggle on the river

The elders haggled with the militants over the hostages on Monday. River pirates attacked a barge near Mopti. \
The army has blockaded the city of Taiz since March 2015. Clashes broke out in the city of Hesperides.
";

#[test]
fn a_role_a_kind_of_actor_a_situation_and_a_known_place_come_from_an_overlay() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("article.txt"), RIVER_ARTICLE).unwrap();
    let article = extracted(folder.path(), &["--ontology", RIVER]);
    let events = article["events"].as_array().unwrap();
    let haggling = events.iter().find(|e| e["type"] == "Haggling").unwrap();
    assert!(haggling["participants"].as_array().unwrap().iter().any(|p| p["role"] == "negotiator"), "{haggling:#}");
    let relations = article["relations"].as_array().unwrap();
    let blockade = relations.iter().find(|r| r["type"] == "blockadedBy").unwrap();
    assert_eq!(blockade["begin"]["earliest"], "2015-03-01", "{blockade:#}");
    let loads = ["--ontology", RIVER, "load", "--published", "2024-05-14", "article.txt"];
    let (code, _, told) = run(folder.path(), &loads);
    assert_eq!((code, told.as_str()), (Some(0), ""));
    let ask = "SELECT ?wkt WHERE { ?pirates a <http://example.org/river-war#RiverPirates> . \
        ?place <http://example.org/river-war#blockadedBy> ?army . ?event bg:place place:geonames-88319 . \
        place:geonames-88319 geo:hasGeometry/geo:asWKT ?wkt }";
    let (code, rows, told) = run(folder.path(), &["--ontology", RIVER, "query", "--format", "csv", "-e", ask]);
    assert_eq!((code, told.as_str()), (Some(0), ""));
    assert_eq!(rows.lines().collect::<Vec<_>>(), ["wkt", "POINT(20.1 32.1)"], "{article:#}");
    let (code, told, _) = run(folder.path(), &["--ontology", RIVER, "validate"]);
    assert_eq!(code, Some(0), "{told}");
}

#[test]
fn the_worked_overlays_are_clean() {
    let folder = TempDir::new().unwrap();
    for overlay in [GRID, RIVER] {
        let (code, told, _) = run(folder.path(), &["ontology", "check", "--fail-on", "warning", overlay]);
        assert_eq!(code, Some(0), "{told}");
    }
}

#[test]
fn a_place_of_the_gazetteer_is_described_in_one_graph_only() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("article.txt"), "Clashes\n\nClashes broke out in the city of Benghazi.\n").unwrap();
    let load = |options: &[&str]| run(folder.path(), &[options, &["load", "article.txt"]].concat()).0;
    assert_eq!(load(&[]), Some(0));
    assert_eq!(load(&["--ontology", RIVER]), Some(0));
    let (code, told, err) = run(folder.path(), &["stats", "--verify"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{told}");
    let ask = "SELECT ?wkt { place:geonames-88319 geo:hasGeometry/geo:asWKT ?wkt }";
    let (_, rows, _) = run(folder.path(), &["query", "--format", "csv", "-e", ask]);
    assert_eq!(rows.lines().collect::<Vec<_>>(), ["wkt", "POINT(20.1 32.1)"]);
    // Without the overlay the gazetteer counts again.
    assert_eq!(load(&[]), Some(0));
    let (code, told, _) = run(folder.path(), &["stats", "--verify"]);
    assert_eq!(code, Some(0), "{told}");
    let (_, rows, _) = run(folder.path(), &["query", "--format", "csv", "-e", ask]);
    assert!(rows.lines().count() == 2 && !rows.contains("20.1 32.1"), "{rows}");
}

#[test]
fn an_overlay_of_known_places_can_be_loaded_with() {
    let folder = with_article();
    let (code, told, err) = run(folder.path(), &["--ontology", GRID, "load", "article.txt"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{told}");
}

#[test]
fn the_ontology_of_somebody_else_is_passed_over() {
    let folder = with_article();
    fs::create_dir(folder.path().join("ontology")).unwrap();
    let pizza = "<http://example.org/pizza#Pizza> a <http://www.w3.org/2002/07/owl#Class> .\n";
    fs::write(folder.path().join("ontology/pizza.ttl"), pizza).unwrap();
    let (code, _, told) = run(folder.path(), &["load", "article.txt"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("`ontology` is not taken as an overlay"), "{told}");
    assert_eq!(run(folder.path(), &["stats"]).2, "");
    // What is meant as an overlay and broken is still an error.
    fs::write(folder.path().join("ontology/own.ttl"), "bg:X a owl:Class .\n").unwrap();
    assert_eq!(run(folder.path(), &["load", "article.txt"]).0, Some(2));
}
