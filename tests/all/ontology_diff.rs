//! Versions of an ontology compared: blank nodes make no difference, and each kind of change asks for its step.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use belligraph::authoring::diff::{Diff, Fate, Step, add_usage};
use belligraph::ontology::Ontology;
use belligraph::sparql::saved::SavedQuery;
use belligraph::store::{ArticleGraph, RunDescription, Store};
use oxrdf::{BlankNode, NamedNode, NamedOrBlankNode, Term, Triple};
use oxttl::TurtleParser;

const HEAD: &str = r"
    @prefix : <http://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix dcterms: <http://purl.org/dc/terms/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
";

const OLD: &str = r#"
    : a owl:Ontology ; owl:versionInfo "1.4.2" .
    :A a owl:Class ; rdfs:label "a" ; rdfs:subClassOf :Top . :Top a owl:Class .
    :p a owl:DatatypeProperty ; rdfs:range xsd:integer .
    :S a sh:NodeShape ; sh:targetClass :A ; sh:property [ sh:path :p ; sh:maxCount 1 ; sh:message "one" ] .
"#;

fn read(text: &str) -> Vec<Triple> {
    let text = format!("{HEAD}{text}");
    TurtleParser::new().for_slice(&text).map(Result::unwrap).collect()
}

fn step(new: &str) -> Step {
    Diff::new(&read(OLD), &read(new)).step()
}

/// The same triples the other way round, with other names for blank nodes.
fn disguised(triples: &[Triple]) -> Vec<Triple> {
    let other = |node: &BlankNode| BlankNode::new_unchecked(format!("other{}", node.as_str()));
    let disguise = |triple: &Triple| {
        let mut triple = triple.clone();
        if let NamedOrBlankNode::BlankNode(node) = &triple.subject {
            triple.subject = other(node).into();
        }
        if let Term::BlankNode(node) = &triple.object {
            triple.object = other(node).into();
        }
        triple
    };
    triples.iter().rev().map(disguise).collect()
}

#[test]
fn the_ontology_is_the_same_whatever_its_blank_nodes_are_called() {
    let triples: Vec<Triple> = Ontology::embedded().statements().into_iter().map(|s| s.triple).collect();
    assert_eq!(Diff::new(&triples, &disguised(&triples)).changes, []);
}

#[test]
fn blank_nodes_that_go_in_circles_are_compared_by_how_they_hang_together() {
    let circle = |second: &str| read(&format!(":A :p _:x . _:x :q _:y . _:y :q _:{second} ."));
    assert_eq!(Diff::new(&circle("x"), &disguised(&circle("x"))).changes, []);
    assert_eq!(Diff::new(&circle("x"), &circle("y")).changes.len(), 1);
}

#[test]
fn each_change_asks_for_its_step() {
    assert_eq!(step(OLD), Step::None);
    for (old, new, expected) in [
        (r#""a""#, r#""an a""#, Step::Patch),
        (r#""one""#, r#""not two""#, Step::Patch),
        ("1.4.2", "1.4.3", Step::Patch),
        (":Top a owl:Class .", ":Top a owl:Class . :B a owl:Class .", Step::Minor),
        ("rdfs:subClassOf :Top", "rdfs:subClassOf :Top , :Other", Step::Minor),
        ("rdfs:subClassOf :Top", "owl:deprecated true ; rdfs:subClassOf :Top", Step::Minor),
        ("sh:maxCount 1 ;", "", Step::Minor),
        ("; rdfs:range xsd:integer", "", Step::Minor),
        ("rdfs:subClassOf :Top .", "rdfs:comment \"none\" .", Step::Major),
        (":Top a owl:Class .", "", Step::Major),
        ("xsd:integer", "xsd:string", Step::Major),
        ("owl:DatatypeProperty", "owl:ObjectProperty", Step::Major),
        ("owl:DatatypeProperty", "owl:DatatypeProperty , owl:FunctionalProperty", Step::Major),
        ("sh:maxCount 1 ;", "sh:maxCount 1 ; sh:minCount 1 ;", Step::Major),
        (":S a", ":T a sh:NodeShape ; sh:targetClass :Top . :S a", Step::Major),
        (":S a", ":T a sh:NodeShape ; sh:targetClass :New . :S a", Step::Minor),
    ] {
        assert!(OLD.contains(old), "{old}");
        assert_eq!(step(&OLD.replace(old, new)), expected, "{old} to {new}");
    }
}

#[test]
fn the_version_that_the_changes_ask_for_is_told() {
    let next = |new: &str| {
        let diff = Diff::new(&read(OLD), &read(new));
        (diff.next_version().unwrap(), diff.is_version_high_enough())
    };
    assert_eq!(next(&OLD.replace(r#""a""#, r#""an a""#)), ("1.4.3".to_owned(), Some(false)));
    assert_eq!(next(&OLD.replace("1.4.2", "1.5.0")), ("1.4.3".to_owned(), Some(true)));
    assert_eq!(
        next(&OLD.replace("1.4.2", "1.5.0").replace("xsd:integer", "xsd:date")),
        ("2.0.0".to_owned(), Some(false))
    );
}

#[test]
fn what_went_names_its_successor_and_its_uses() {
    let new = OLD.replace(":A a owl:Class", ":B a owl:Class").replace("sh:targetClass :A", "sh:targetClass :B");
    let mut diff = Diff::new(&read(OLD), &read(&new));
    let store = Store::in_memory("http://localhost:7878/").unwrap();
    let article = NamedNode::new("http://localhost:7878/article/a").unwrap();
    let mut run = store.begin_run(&RunDescription::new("load")).unwrap();
    run.replace_article(&ArticleGraph::new(article, read("<x> a :A . <y> a :A .".replace('<', "<urn:").as_str())))
        .unwrap();
    run.finish().unwrap();
    let queries = [
        SavedQuery::new("uses", "SELECT * { ?x a <http://example.org/A> }"),
        SavedQuery::new("uses-not", "SELECT * { ?x a <http://example.org/Abc> }"),
    ];
    add_usage(&mut diff, &store, &queries).unwrap();
    let gone = &diff.changes[0];
    assert_eq!((gone.fate, gone.step), (Fate::Removed, Step::Major));
    assert_eq!(gone.successor.as_ref().map(NamedNode::as_str), Some("http://example.org/B"));
    let usage = gone.usage.as_ref().unwrap();
    assert_eq!((usage.data, usage.queries.as_slice()), (2, ["uses".to_owned()].as_slice()));
}
