//! The promises of the store: idempotent loading, exact removal, no triple twice, and articles that are whole or absent.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use belligraph::store::{Access, ArticleGraph, Change, RunDescription, Store, StoreError, UpdateError, UpdateOptions};
use oxigraph::sparql::SparqlEvaluator;
use oxrdf::{Literal, NamedNode, Triple};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use tempfile::TempDir;

const BASE: &str = "http://localhost:7878/";

fn iri(path: &str) -> NamedNode {
    NamedNode::new(format!("{BASE}{path}")).unwrap()
}

fn triple(subject: &str, predicate: &str, object: &str) -> Triple {
    Triple::new(iri(subject), iri(predicate), Literal::from(object))
}

/// An article that implies some of a handful of triples.
fn article(key: u8, text: u8, shared: &[u8], known: &[u8]) -> ArticleGraph {
    let name = iri(&format!("article/{key}"));
    let own = (0..=text % 4).map(|i| Triple::new(name.clone(), iri("p/says"), Literal::from(format!("{text} {i}"))));
    ArticleGraph {
        article: name.clone(),
        triples: own.collect(),
        shared: shared.iter().map(|n| triple(&format!("actor/{n}"), "p/name", "shared")).collect(),
        known: known.iter().map(|n| triple(&format!("actor/{n}"), "p/name", "shared")).collect(),
    }
}

fn load(store: &Store, articles: &[ArticleGraph]) {
    let mut run = store.begin_run(&RunDescription::new("load")).unwrap();
    for article in articles {
        run.replace_article(article).unwrap();
    }
    run.finish().unwrap();
}

/// Everything but the log, which tells when.
fn contents(store: &Store) -> BTreeSet<String> {
    let log = store.graphs().log().into_owned();
    let quads = store.quads(None, None, None, None).map(Result::unwrap);
    quads.filter(|quad| quad.graph_name != log.clone().into()).map(|quad| quad.to_string()).collect()
}

fn arbitrary_article() -> impl Strategy<Value = ArticleGraph> {
    let some = || proptest::collection::vec(0u8..6, 0..5);
    (0u8..4, any::<u8>(), some(), some()).prop_map(|(key, text, shared, known)| article(key, text, &shared, &known))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn loading_twice_equals_once(articles in proptest::collection::vec(arbitrary_article(), 1..8)) {
        let mut last = Vec::<ArticleGraph>::new();
        for article in &articles {
            last.retain(|other| other.article != article.article);
            last.push(article.clone());
        }
        let once = Store::in_memory(BASE).unwrap();
        load(&once, &last);
        let twice = Store::in_memory(BASE).unwrap();
        load(&twice, &articles);
        load(&twice, &last);
        prop_assert_eq!(contents(&once), contents(&twice));
        prop_assert_eq!(twice.verify().unwrap(), []);
    }

    #[test]
    fn removing_takes_away_only_what_the_article_said(articles in proptest::collection::vec(arbitrary_article(), 1..8), removed in 0u8..4) {
        let removed = iri(&format!("article/{removed}"));
        let all = Store::in_memory(BASE).unwrap();
        load(&all, &articles);
        let mut run = all.begin_run(&RunDescription::new("remove")).unwrap();
        run.remove_article(removed.as_ref()).unwrap();
        run.finish().unwrap();
        let others: Vec<_> = articles.into_iter().filter(|article| article.article != removed).collect();
        let without = Store::in_memory(BASE).unwrap();
        load(&without, &others);
        prop_assert_eq!(contents(&all), contents(&without));
        prop_assert_eq!(all.verify().unwrap(), []);
    }

    #[test]
    fn seeds_and_articles_never_say_a_triple_twice(
        articles in proptest::collection::vec(arbitrary_article(), 1..6),
        seeds in proptest::collection::vec(proptest::collection::vec(0u8..6, 0..5), 1..4),
    ) {
        let store = Store::in_memory(BASE).unwrap();
        let graph = store.graphs().seeds("actors");
        for (version, (article, seeds)) in articles.iter().zip(seeds.iter().cycle()).enumerate() {
            load(&store, std::slice::from_ref(article));
            let mut run = store.begin_run(&RunDescription::new("load")).unwrap();
            let triples = || seeds.iter().map(|n| triple(&format!("actor/{n}"), "p/name", "shared")).collect();
            prop_assert!(run.refresh_graph(graph.as_ref(), &version.to_string(), triples).unwrap());
            run.finish().unwrap();
            prop_assert_eq!(store.verify().unwrap(), []);
        }
    }
}

#[test]
fn a_replacement_tells_what_it_did() {
    let store = Store::in_memory(BASE).unwrap();
    let mut run = store.begin_run(&RunDescription::new("load")).unwrap();
    assert_eq!(run.replace_article(&article(1, 1, &[1], &[])).unwrap(), Change::Added);
    assert_eq!(run.replace_article(&article(1, 1, &[1], &[])).unwrap(), Change::Unchanged);
    assert_eq!(run.replace_article(&article(1, 1, &[2], &[])).unwrap(), Change::Replaced);
    assert!(run.remove_article(iri("article/1").as_ref()).unwrap());
    assert!(!run.remove_article(iri("article/1").as_ref()).unwrap());
    // The database keeps numbers by their value, so what it gives back can be written otherwise.
    let number = Literal::new_typed_literal("01.50", oxrdf::vocab::xsd::DECIMAL);
    let numbered = ArticleGraph::new(iri("article/9"), vec![Triple::new(iri("article/9"), iri("p/n"), number)]);
    assert_eq!(run.replace_article(&numbered).unwrap(), Change::Added);
    assert_eq!(run.replace_article(&numbered).unwrap(), Change::Unchanged);
    assert_eq!(store.graph(iri("article/9").as_ref()).unwrap().len(), 1);
    let elsewhere = ArticleGraph::new(iri("actor/1"), Vec::new());
    assert!(matches!(run.replace_article(&elsewhere), Err(StoreError::NotAnArticle { .. })));
    run.finish().unwrap();
}

#[test]
fn a_store_keeps_its_base_and_is_found_again() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("a.db");
    assert!(matches!(Store::open(&path, Access::Read), Err(StoreError::Missing(_))));
    let store = Store::open_or_create(&path, Some("https://example.org/kg/")).unwrap();
    let mut run = store.begin_run(&RunDescription::new("load").with_version("ontology", "1")).unwrap();
    let name = NamedNode::new("https://example.org/kg/article/1").unwrap();
    run.replace_article(&ArticleGraph::new(name.clone(), Vec::new())).unwrap();
    run.finish().unwrap();
    drop(store);
    let store = Store::open(&path, Access::Read).unwrap();
    assert_eq!(store.base(), "https://example.org/kg/");
    assert!(store.contains_article(name.as_ref()).unwrap());
    assert!(matches!(store.begin_run(&RunDescription::new("x")), Err(StoreError::ReadOnly)));
    drop(store);
    assert!(matches!(Store::open_or_create(&path, Some("https://example.com/")), Err(StoreError::OtherBase { .. })));
    assert!(matches!(Store::open(directory.path(), Access::Read), Err(StoreError::NotAStore { .. })));
}

#[test]
fn readers_share_and_a_writer_is_alone() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("a.db");
    let writer = Store::open_or_create(&path, None).unwrap();
    let Err(error) = Store::open(&path, Access::Read) else { panic!("a reader met a writer") };
    let process = std::process::id().to_string();
    assert!(matches!(&error, StoreError::Locked { how: "being written", holder, .. } if holder.contains(&process)));
    drop(writer);
    let one = Store::open(&path, Access::Read).unwrap();
    let two = Store::open(&path, Access::Read).unwrap();
    assert!(matches!(Store::open(&path, Access::Write), Err(StoreError::Locked { how: "in use", .. })));
    drop((one, two));
    Store::open(&path, Access::Write).unwrap();
}

#[test]
fn a_rewritten_store_holds_the_same() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("a.db");
    let store = Store::open_or_create(&path, None).unwrap();
    load(&store, &[article(1, 1, &[1, 2], &[3]), article(2, 2, &[2], &[1]), article(3, 0, &[], &[])]);
    let mut run = store.begin_run(&RunDescription::new("remove")).unwrap();
    run.remove_article(iri("article/1").as_ref()).unwrap();
    run.finish().unwrap();
    let before = contents(&store);
    let articles = store.articles().unwrap();
    drop(store);
    Store::rewrite(&path).unwrap();
    let store = Store::open(&path, Access::Read).unwrap();
    assert_eq!(contents(&store), before);
    assert_eq!(store.articles().unwrap(), articles);
    drop(store);
    // Cut short between the two renames.
    std::fs::rename(&path, directory.path().join("a.db.old")).unwrap();
    let store = Store::open(&path, Access::Read).unwrap();
    assert_eq!(contents(&store), before);
}

#[test]
fn a_checkpoint_is_renewed_after_a_write_and_leaves_nothing_behind() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("a.db");
    load(&Store::open_or_create(&path, None).unwrap(), &[article(1, 1, &[1], &[])]);
    let checkpoint = belligraph::store::Checkpoint::of(&path).unwrap();
    assert_eq!(checkpoint.store().articles().unwrap().len(), 1);
    assert!(checkpoint.renewed().unwrap().is_none());
    let writer = Store::open(&path, Access::Write).unwrap();
    load(&writer, &[article(2, 1, &[1], &[])]);
    assert!(checkpoint.renewed().unwrap().is_none(), "renewed while somebody writes");
    drop(writer);
    let renewed = checkpoint.renewed().unwrap().unwrap();
    assert_eq!(renewed.store().articles().unwrap().len(), 2);
    assert_eq!(checkpoint.store().articles().unwrap().len(), 1);
    drop((checkpoint, renewed));
    let mut names: Vec<_> = std::fs::read_dir(directory.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["a.db", "a.db.lock"]);
}

#[test]
fn a_backup_is_a_store() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("a.db");
    let store = Store::open_or_create(&path, None).unwrap();
    load(&store, &[article(1, 1, &[1], &[2])]);
    let copy = directory.path().join("copies/b.db");
    store.backup(&copy).unwrap();
    assert!(store.backup(&copy).is_err());
    assert_eq!(contents(&Store::open(&copy, Access::Read).unwrap()), contents(&store));
}

fn update(store: &Store, text: &str) -> Result<(usize, usize), UpdateError> {
    let update = spargebra::SparqlParser::new().with_base_iri(BASE).unwrap().parse_update(text).unwrap();
    let mut run = store.begin_run(&RunDescription::new("update")).unwrap();
    let updated = run.update(&SparqlEvaluator::new(), update, UpdateOptions { union: true, everything: false })?;
    run.finish().unwrap();
    Ok((updated.inserted, updated.removed))
}

#[test]
fn an_update_leaves_alone_what_the_store_keeps() {
    let store = Store::in_memory(BASE).unwrap();
    load(&store, &[article(1, 1, &[1], &[])]);
    for refused in [
        "INSERT DATA { GRAPH <article/1> { <a> <b> <c> } }",
        "DELETE DATA { GRAPH <graph/shared> { <actor/1> <p/name> 'shared' } }",
        "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }",
        "CLEAR ALL",
        "DROP NAMED",
        "DROP GRAPH <graph/meta>",
        "LOAD <http://example.org/> INTO GRAPH <mine>",
        "WITH <article/2> INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
        "INSERT DATA { GRAPH <mine> { <article/1> <p/says> '1 0' } }",
    ] {
        let before = contents(&store);
        assert!(update(&store, refused).is_err(), "{refused}");
        assert_eq!(contents(&store), before, "{refused}");
    }
    assert_eq!(
        update(&store, "INSERT { GRAPH <mine> { ?s <p/seen> true } } WHERE { ?s <p/name> ?n }").unwrap(),
        (1, 0)
    );
    assert_eq!(store.verify().unwrap(), []);
}

#[test]
fn what_a_user_says_too_moves_to_the_users_graph_and_back() {
    let store = Store::in_memory(BASE).unwrap();
    load(&store, &[article(1, 1, &[1], &[])]);
    let before = contents(&store);
    update(&store, "INSERT DATA { GRAPH <mine> { <actor/1> <p/name> 'shared' } }").unwrap();
    assert_eq!(store.verify().unwrap(), []);
    assert!(store.graph(store.graphs().shared()).unwrap().is_empty());
    load(&store, &[article(2, 1, &[1], &[1])]);
    assert_eq!(store.verify().unwrap(), []);
    update(&store, "DROP GRAPH <mine>").unwrap();
    assert_eq!(store.verify().unwrap(), []);
    let mut run = store.begin_run(&RunDescription::new("remove")).unwrap();
    run.remove_article(iri("article/2").as_ref()).unwrap();
    run.finish().unwrap();
    assert_eq!(contents(&store), before);
}

/// How many triples each article of the child has.
const SIZE: usize = 400;

/// Not a test by itself: the process that the next one kills.
#[test]
#[ignore = "run by `killing_the_writer_leaves_every_article_whole_or_absent`"]
fn child_that_writes_until_it_is_killed() {
    let Ok(path) = std::env::var("BELLIGRAPH_TEST_STORE") else { return };
    let store = Store::open_or_create(path, None).unwrap();
    let mut run = store.begin_run(&RunDescription::new("load")).unwrap();
    for round in 0usize.. {
        let key = round % 7;
        let name = iri(&format!("article/{key}"));
        let triples =
            (0..SIZE).map(|i| Triple::new(name.clone(), iri("p/says"), Literal::from(format!("{round} {i}"))));
        let shared = (0..20).map(|i| triple(&format!("actor/{}", (round + i) % 50), "p/name", "shared")).collect();
        let graph = ArticleGraph { shared, ..ArticleGraph::new(name.clone(), triples.collect()) };
        run.replace_article(&graph).unwrap();
        if round % 4 == 3 {
            // Enough new articles at once for files instead of transactions.
            for key in 0..30 {
                let name = iri(&format!("article/{round}-{key}"));
                let triples =
                    (0..SIZE).map(|i| Triple::new(name.clone(), iri("p/says"), Literal::from(format!("{round} {i}"))));
                run.put_article(ArticleGraph {
                    shared: graph.shared.clone(),
                    ..ArticleGraph::new(name.clone(), triples.collect())
                })
                .unwrap();
            }
            run.finish().unwrap();
            run = store.begin_run(&RunDescription::new("load")).unwrap();
        }
        if round % 5 == 4 {
            run.remove_article(name.as_ref()).unwrap();
        }
        if round == 3 {
            writeln!(std::io::stderr(), "ready").unwrap();
        }
    }
}

#[test]
fn killing_the_writer_leaves_every_article_whole_or_absent() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("a.db");
    for pause in [0, 1, 3, 7, 12, 20, 33, 50] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["store::child_that_writes_until_it_is_killed", "--exact", "--ignored", "--nocapture"])
            .env("BELLIGRAPH_TEST_STORE", &path)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let ready = BufReader::new(child.stderr.take().unwrap()).lines().any(|line| line.unwrap() == "ready");
        assert!(ready, "the child ended before it was killed");
        std::thread::sleep(std::time::Duration::from_millis(pause));
        child.kill().unwrap();
        child.wait().unwrap();
        let store = Store::open(&path, Access::Read).unwrap();
        let articles = store.articles().unwrap();
        assert!(!articles.is_empty());
        for article in articles {
            let triples = store.graph(article.as_ref()).unwrap();
            assert_eq!(triples.len(), SIZE, "{article}");
            let rounds: BTreeSet<_> =
                triples.iter().map(|t| t.object.to_string().split(' ').next().unwrap().to_owned()).collect();
            assert_eq!(rounds.len(), 1, "{article} is of several rounds");
        }
        assert_eq!(store.verify().unwrap(), []);
    }
}
