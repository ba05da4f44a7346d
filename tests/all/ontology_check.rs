//! The checker: our own ontology passes, every rule finds what it is for, and reports are what other programs read.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use belligraph::authoring::check::{Format, Level, Options, RULES, Report, check};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const PREFIXES: &str = "@prefix bg: <https://w3id.org/belligraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <http://example.org/onto#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix pattern: <https://w3id.org/belligraph/pattern#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
";

fn overlay(turtle: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("extra.ttl"), format!("{PREFIXES}{turtle}")).unwrap();
    let path = folder.path().to_owned();
    (folder, path)
}

fn checked(turtle: &str, skip_examples: bool) -> Report {
    let (_kept, path) = overlay(turtle);
    check(&Options { overlays: vec![path], skip_examples, ..Options::default() }).unwrap()
}

fn rules(report: &Report) -> BTreeSet<&str> {
    report.findings.iter().map(|f| f.rule.as_str()).collect()
}

#[test]
fn our_own_ontology_passes_and_its_examples_evoke_their_frames() {
    let report = check(&Options::default()).unwrap();
    let wrong = report.write(Format::Text, Level::Warning);
    assert_eq!(report.count(Level::Error), 0, "{wrong}");
    assert!(report.counts.examples > report.counts.frames, "{wrong}");
}

#[test]
fn the_worked_example_passes() {
    let grid = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/overlays/power-grid");
    let report = check(&Options { overlays: vec![grid], ..Options::default() }).unwrap();
    let own: Vec<_> = report.findings.iter().filter(|f| f.file.contains("power-grid")).collect();
    assert!(own.is_empty(), "{own:#?}");
    assert_eq!(report.counts.frames, belligraph::ontology::Ontology::embedded().frames().len() + 1);
}

#[test]
fn every_rule_on_terms_finds_what_it_is_for() {
    let report = checked(
        "
ex:Flood a owl:Class ; rdfs:subClassOf bg:Violence, bg:Event ; skos:definition \"when water comes \" ;
    skos:broadMatch <https://w3id.org/belligraph/code/acled#battles> ; rdfs:seeAlso ex:Fload .
ex:Storm a owl:Class ; rdfs:label \"storm\"@en, \"tempest\"@en ; skos:definition \"One thing.\"@en, \"Another.\"@en .
ex:Gale a owl:Class ; rdfs:label \"storm\"@en ; skos:definition \"One thing.\"@en ; owl:deprecated true .
ex:Wind a owl:Class ; rdfs:label \"wind\"@en ; skos:definition \"Air.\"@en ; rdfs:subClassOf ex:Gale .
ex:depth a owl:DatatypeProperty ; rdfs:label \"depth\"@en .
ex:Width_ a owl:DatatypeProperty ; rdfs:label \"width\"@en ; rdfs:domain ex:Storm, ex:Wind ; owl:deprecated \"yes\" .
skos:mine a owl:Class . ex:list.ttl a owl:Class .
ex:height a owl:DatatypeProperty ; rdfs:label \"height\"@en ; rdfs:domain ex:Storm ; rdfs:range xsd:integer .
ex:shape a sh:NodeShape ; sh:targetClass ex:Wind ; sh:property [ sh:path ex:height ; sh:datatype xsd:string ] .
",
        true,
    );
    let expected = [
        "undeclared",
        "missing-label",
        "several-labels",
        "several-definitions",
        "missing-definition",
        "same-label",
        "same-definition",
        "stray-whitespace",
        "lower-case-definition",
        "missing-domain",
        "missing-range",
        "redundant-parent",
        "missing-header",
        "deprecated-used",
        "unreplaced",
        "unexplained-code",
        "wrong-domain",
        "wrong-range",
        "missing-example",
        "missing-home",
        "unused",
        "several-domains",
        "misused-replacement",
        "naming",
        "built-in-term",
        "file-in-name",
        "no-parent",
        "not-evoked",
    ];
    let found = rules(&report);
    for rule in expected {
        assert!(found.contains(rule), "{rule}:\n{}", report.write(Format::Text, Level::Info));
    }
    let undeclared = report.findings.iter().find(|f| f.rule == "undeclared").unwrap();
    assert_eq!(undeclared.line, Some(12));
    assert!(undeclared.hint.contains("Flood"), "{undeclared:?}");
}

#[test]
fn every_rule_on_frames_finds_what_it_is_for() {
    let report = checked(
        "
<http://example.org/onto> a owl:Ontology .
ex:one a bg:Frame ; bg:evokes bg:Ambush ; bg:verb \"bamboozle\", \"bamboozle\" ; bg:slot [ bg:relation \"obj\" ] .
ex:two a bg:Frame ; bg:evokes bg:Protest ; bg:verb \"bamboozle\" ; bg:uses pattern:agent-patient ;
    bg:example \"The cat slept.\" .
ex:three a bg:Frame ; bg:evokes bg:Protest ; bg:verb \"attack\" ; bg:uses pattern:agent-patient ;
    bg:requires [ bg:relation \"obj\" ; bg:lemma \"village\" ] ; bg:forbids [ bg:relation \"obl:in\" ; bg:lemma \"game\" ] ;
    bg:example \"Militants attacked a village.\" .
ex:four a bg:Frame ; bg:evokes bg:Protest ; bg:verb \"ambush\" ; bg:uses pattern:agent-patient ;
    bg:requires [ bg:relation \"obj\" ; bg:lemma \"convoy\" ] ;
    bg:counterExample \"Rebels ambushed an army convoy near Goma.\" .
",
        false,
    );
    let found = rules(&report);
    let text = report.write(Format::Text, Level::Info);
    for rule in [
        "duplicate-trigger",
        "shared-trigger",
        "idle-slot",
        "frame-without-example",
        "example-silent",
        "counter-example-evokes",
        "no-counter-example",
    ] {
        assert!(found.contains(rule), "{rule}:\n{text}");
    }
    let silent = report.findings.iter().find(|f| f.message.contains("The cat slept")).unwrap();
    assert_eq!(silent.line, Some(14), "{text}");
}

#[test]
fn what_is_broken_is_a_finding_and_what_was_replaced_is_told() {
    let report = checked("ex:A a owl:Class\n", true);
    assert_eq!(rules(&report), BTreeSet::from(["broken"]));
    let report = checked("bg:Ambush a owl:Class ; rdfs:subClassOf bg:ArmedClash ; rdfs:label \"trap\"@en .\n", true);
    let text = report.write(Format::Text, Level::Info);
    assert!(text.contains("[replaced] bg:Ambush: replaces the description in events.ttl:"), "{text}");
    assert!(text.contains("[lost] bg:Ambush: ") && text.contains("`skos:definition`"), "{text}");
}

#[test]
fn authors_add_checks_in_sparql() {
    let (_kept, path) = overlay("ex:A a owl:Class ; rdfs:label \"a\"@en .\n");
    let checks = TempDir::new().unwrap();
    let query = "# title: A class of ours is called in capitals\n# level: error\n# hint: shout\n
SELECT ?entity ?property ?value { ?entity a owl:Class ; rdfs:label ?value . BIND(rdfs:label AS ?property)
  FILTER(STRSTARTS(STR(?entity), 'http://example.org/') && UCASE(?value) != ?value) }";
    std::fs::write(checks.path().join("capitals.rq"), query).unwrap();
    let options = Options {
        overlays: vec![path],
        custom: vec![checks.path().to_owned()],
        skip_examples: true,
        ..Options::default()
    };
    let report = check(&options).unwrap();
    let found: Vec<_> = report.findings.iter().filter(|f| f.rule == "capitals").collect();
    assert_eq!(found.len(), 1, "{}", report.write(Format::Text, Level::Info));
    assert_eq!((found[0].level, found[0].line, found[0].hint.as_str()), (Level::Error, Some(10), "shout"));
    assert!(found[0].message.ends_with("`rdfs:label` \"a\""), "{:?}", found[0]);
    std::fs::write(checks.path().join("capitals.rq"), "SELEC").unwrap();
    assert!(check(&options).unwrap_err().to_string().contains("capitals.rq"));
}

#[test]
fn reports_are_what_other_programs_read() {
    let report = checked("ex:A a owl:Class ; rdfs:label \"<a> & \\\"b\\\"\"@en ; rdfs:seeAlso ex:B .\n", true);
    let json: serde_json::Value = serde_json::from_str(&report.write(Format::Json, Level::Info)).unwrap();
    assert_eq!(json["errors"], 1);
    assert!(json["findings"].as_array().unwrap().iter().all(|f| f["file"].is_string() && f["rule"].is_string()));
    let sarif: serde_json::Value = serde_json::from_str(&report.write(Format::Sarif, Level::Info)).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let ids: BTreeSet<&str> = sarif["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["id"].as_str().unwrap())
        .collect();
    assert_eq!(sarif["version"], "2.1.0");
    assert!(!results.is_empty() && results.iter().all(|r| ids.contains(r["ruleId"].as_str().unwrap())));
    assert!(results.iter().any(|r| r["level"] == "error"));
    let junit = report.write(Format::Junit, Level::Info);
    let mut reader = element_names(&junit);
    assert!(reader.remove("testcase"), "{junit}");
    assert!(junit.contains("<failure message=") && junit.contains("undeclared"), "{junit}");
}

/// The names of the elements of a document, which must be well formed.
fn element_names(xml: &str) -> BTreeSet<String> {
    let document = dom_names(xml);
    assert!(document.contains("testsuites"));
    document
}

fn dom_names(xml: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut open: Vec<&str> = Vec::new();
    for tag in xml.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{xml}");
        } else if !tag.starts_with('?') {
            names.insert(name.to_owned());
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "{open:?}");
    names
}

#[test]
fn every_rule_is_documented() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ontology/CHECKS.md")).unwrap();
    for rule in RULES {
        assert!(page.contains(&format!("`{}`", rule.name)), "{}", rule.name);
    }
}

#[test]
fn time_grows_with_the_ontology_and_no_faster() {
    let module = |classes: usize| {
        let mut turtle = String::from(
            "<http://example.org/onto> a owl:Ontology ; dcterms:title \"t\"@en ; dcterms:description \"d\"@en ;
    dcterms:license <http://example.org/l> ; owl:versionInfo \"1\" .\n",
        );
        for i in 0..classes {
            let parent = if i == 0 { "bg:Event".to_owned() } else { format!("ex:C{}", (i - 1) / 8) };
            let _ = writeln!(
                turtle,
                "ex:C{i} a owl:Class ; rdfs:subClassOf {parent} ; rdfs:label \"class {i}\"@en ; skos:definition \"Class {i}.\"@en ."
            );
        }
        turtle
    };
    let time = |classes: usize| {
        let turtle = module(classes);
        let begin = std::time::Instant::now();
        let report = checked(&turtle, true);
        assert!(report.counts.classes > classes);
        assert_eq!(report.count(Level::Warning), 0, "{}", report.write(Format::Text, Level::Warning));
        begin.elapsed().as_secs_f64()
    };
    // In a release build 50,000 classes take a few seconds; here the growth is what counts, on a busy machine too.
    let (small, large) = (time(2_000), time(8_000));
    assert!(large < 12.0 * small + 2.0, "{small} s, then {large} s");
}

#[test]
fn the_sizes_in_the_readme_are_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("ontology");
    let page = std::fs::read_to_string(root.join("README.md")).unwrap();
    let mut rows = 0;
    for row in page.lines().filter(|line| line.starts_with("| [")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, file, _, _, classes, properties, _] = cells[..] else { panic!("{row}") };
        let file = file.split(['[', ']']).nth(1).unwrap();
        let turtle = std::fs::read_to_string(root.join(file)).unwrap();
        let declared = |kind: &str| {
            let is_term = |line: &&str| {
                line.starts_with("bg:") && line.split_once(" a ").is_some_and(|(_, types)| types.contains(kind))
            };
            turtle.lines().filter(is_term).count().to_string()
        };
        assert_eq!((classes, properties), (declared("owl:Class").as_str(), declared("Property").as_str()), "{file}");
        rows += 1;
    }
    assert_eq!(rows, 8);
}
