//! Search in names and texts, by the index itself and inside SPARQL.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use belligraph::sparql::search::{Category, Index};
use belligraph::sparql::{Format, Options, Prefixes, Query, TableStyle, evaluate};
use belligraph::store::{Access, ArticleGraph, Checkpoint, RunDescription, Store, UpdateOptions};
use oxrdf::NamedNode;
use oxttl::TurtleParser;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const BASE: &str = "http://localhost:7878/";

const GRAPH: &str = r#"
@prefix bg: <https://w3id.org/belligraph/ontology#> .
@prefix gaf: <http://groundedannotationframework.org/gaf#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<article/KEY> a bg:Article ; bg:headline "Air strike on KEY" ; bg:body "An air strike hit a depot near Tripoli late on Tuesday.\n\nNobody claimed it." .
<actor/haftar> a bg:Actor ; skos:prefLabel "Khalifa Haftar" ; skos:altLabel "Hifter" ; gaf:denotedBy <article/KEY#body=1,2> .
<actor/salame> a bg:Actor ; rdfs:label "Ghassan Salamé" .
<place/tripoli> a bg:Place ; rdfs:label "TRIPOLI", "Tripoli" .
"#;

fn load(store: &Store, key: &str) {
    let turtle = GRAPH.replace("KEY", key);
    let parser = TurtleParser::new().with_base_iri(BASE).unwrap();
    let triples = parser.for_slice(turtle.as_bytes()).map(|triple| triple.unwrap()).collect();
    let article = NamedNode::new(format!("{BASE}article/{key}")).unwrap();
    let mut run = store.begin_run(&RunDescription::new("load")).unwrap();
    run.replace_article(&ArticleGraph::new(article, triples)).unwrap();
    run.finish().unwrap();
}

fn labels(index: &Index, words: &str, only: Option<Category>) -> Vec<String> {
    index.find(words, only, 10, 0).unwrap().hits.into_iter().map(|hit| hit.label).collect()
}

#[test]
fn names_and_texts_are_found() {
    let store = Store::in_memory(BASE).unwrap();
    load(&store, "depot");
    let index = Index::of(&store).unwrap();
    assert_eq!(labels(&index, "haftar", None), ["Khalifa Haftar"]);
    assert_eq!(labels(&index, "hifter", None), ["Khalifa Haftar"]);
    assert_eq!(labels(&index, "salame", None), ["Ghassan Salamé"]);
    assert_eq!(labels(&index, "tripoli", None), ["Tripoli", "Air strike on depot"]);
    assert_eq!(labels(&index, "tripoli", Some(Category::Article)), ["Air strike on depot"]);
    assert_eq!(labels(&index, "strikes hitting", None), ["Air strike on depot"], "words of texts are stemmed");
    assert_eq!(labels(&index, "\"late on tuesday\"", None), ["Air strike on depot"]);
    assert!(labels(&index, "\"tuesday on late\"", None).is_empty());
    assert_eq!(labels(&index, "tripoli -strike", None), ["Tripoli"]);
    for odd in ["", "  ", "\"", "a:b", "(", "+-&&||!(){}[]^\"~*?:\\/", "AND OR NOT", "\u{0}", "*"] {
        index.find(odd, None, 10, 0).unwrap();
    }
}

#[test]
fn what_is_spelled_otherwise_is_found_if_nothing_else_is() {
    let store = Store::in_memory(BASE).unwrap();
    load(&store, "depot");
    let index = Index::of(&store).unwrap();
    let found = index.find("hafter", None, 10, 0).unwrap();
    assert!(found.is_fuzzy);
    assert_eq!(found.hits[0].label, "Khalifa Haftar");
    assert!(!index.find("haftar", None, 10, 0).unwrap().is_fuzzy);
}

#[test]
fn snippets_say_where_the_words_stand() {
    let store = Store::in_memory(BASE).unwrap();
    load(&store, "depot");
    let found = Index::of(&store).unwrap().find("depot tripoli", Some(Category::Article), 1, 0).unwrap();
    let hit = &found.hits[0];
    let words: Vec<_> = hit.highlighted.iter().map(|range| &hit.snippet[range.clone()]).collect();
    assert_eq!(words, ["depot", "Tripoli"]);
    assert_eq!(found.counts[&Category::Article], 1);
}

fn count(path: &Path, words: &str) -> usize {
    let store = Store::open(path, Access::Read).unwrap();
    Index::of(&store).unwrap().find(words, None, 10, 0).unwrap().hits.len()
}

#[test]
fn the_index_follows_the_store_and_is_repaired() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("a.db");
    load(&Store::open_or_create(&path, None).unwrap(), "one");
    assert_eq!(count(&path, "depot"), 1);
    let folder = directory.path().join("a.db.search");
    let made = |folder: &Path| fs::metadata(folder.join("meta.json")).unwrap().modified().unwrap();
    let first = made(&folder);
    assert_eq!(count(&path, "depot"), 1);
    assert_eq!(made(&folder), first, "an index that is up to date is left as it is");

    load(&Store::open(&path, Access::Write).unwrap(), "two");
    assert_eq!(count(&path, "depot"), 2);

    // What has not changed stays in the files it is in, what is gone is found no more.
    let kept = |folder: &Path| -> std::collections::BTreeSet<String> {
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        files.filter(|name| Path::new(name).extension().is_some_and(|e| e == "store")).collect()
    };
    assert!(kept(&folder).len() > 1, "{:?}", kept(&folder));
    {
        let store = Store::open(&path, Access::Write).unwrap();
        let mut run = store.begin_run(&RunDescription::new("remove")).unwrap();
        run.remove_article(NamedNode::new(format!("{BASE}article/two")).unwrap().as_ref()).unwrap();
        run.finish().unwrap();
    }
    assert_eq!(count(&path, "depot"), 1);
    load(&Store::open(&path, Access::Write).unwrap(), "two");
    assert_eq!(count(&path, "depot"), 2);
    {
        let store = Store::open(&path, Access::Write).unwrap();
        let text = "INSERT DATA { GRAPH <http://example.org/notes> { <article/two> <http://www.w3.org/2004/02/skos/core#altLabel> 'Shelling' . \
            <place/tripoli> <http://www.w3.org/2004/02/skos/core#altLabel> 'Oea' } }";
        let update = belligraph::sparql::parse_update(text, &Prefixes::of_base(BASE)).unwrap();
        let mut run = store.begin_run(&RunDescription::new("update")).unwrap();
        run.update(&belligraph::sparql::evaluator(), update, UpdateOptions { union: true, everything: true }).unwrap();
        run.finish().unwrap();
    }
    assert_eq!(count(&path, "shelling"), 1);
    assert_eq!(count(&path, "oea"), 1);

    // A checkpoint uses the index of the store it is a copy of.
    let second = made(&folder);
    let checkpoint = Checkpoint::of(&path).unwrap();
    assert_eq!(Index::of(checkpoint.store()).unwrap().find("depot", None, 10, 0).unwrap().hits.len(), 2);
    assert_eq!(made(&folder), second);
    drop(checkpoint);

    load(&Store::open(&path, Access::Write).unwrap(), "three");
    fs::write(folder.join("meta.json"), "no index").unwrap();
    assert_eq!(count(&path, "depot"), 3);
    fs::remove_dir_all(&folder).unwrap();
    load(&Store::open(&path, Access::Write).unwrap(), "four");
    assert_eq!(count(&path, "depot"), 4);
    assert!(folder.join("meta.json").is_file());
}

fn ask(store: &Store, query: &str) -> Result<String, String> {
    let prefixes = Prefixes::of_base(store.base());
    let query = Query::parse(query, &prefixes).map_err(|error| error.to_string())?;
    let mut csv = Vec::new();
    let results = evaluate(store, &query, Options::default()).map_err(|error| error.to_string())?;
    results.write(&mut csv, Format::Csv, &prefixes, TableStyle::default()).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(csv).unwrap())
}

#[test]
fn queries_search_through_a_service() {
    let store = Store::in_memory(BASE).unwrap();
    load(&store, "depot");
    let answer =
        ask(&store, "SELECT ?name { SERVICE bg:search { ?who bg:matches \"haftar\" } ?who skos:altLabel ?name }");
    assert_eq!(answer.unwrap(), "name\r\nHifter\r\n");
    let answer = ask(
        &store,
        "SELECT ?what ?kind ?snippet { SERVICE bg:search { ?what bg:matches \"tripoli\" ; bg:category ?kind ; bg:score ?score ; \
         bg:snippet ?snippet ; bg:limit 1 } FILTER(?score > 0) }",
    );
    assert_eq!(answer.unwrap(), "what,kind,snippet\r\nhttp://localhost:7878/place/tripoli,place,Tripoli\r\n");
    let only =
        "SELECT (COUNT(*) AS ?n) { SERVICE bg:search { ?what bg:matches \"tripoli\" ; bg:category \"article\" } }";
    assert_eq!(ask(&store, only).unwrap(), "n\r\n1\r\n");
    for wrong in [
        "?what bg:score ?x",
        "?what bg:matches ?words",
        "?what bg:matches \"x\" ; bg:category \"x\"",
        "?what a ?x",
        "FILTER(true)",
    ] {
        let error = ask(&store, &format!("SELECT * {{ SERVICE bg:search {{ {wrong} }} }}")).unwrap_err();
        assert!(error.contains("bg:matches \"words\""), "{wrong}: {error}");
    }
    // Nothing leaves the program.
    assert!(ask(&store, "SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }").is_err());
}
