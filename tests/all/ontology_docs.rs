//! The documentation: every link within the page leads somewhere, nothing is fetched from elsewhere, and the downloads are the
//! ontology.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use belligraph::article::Article;
use belligraph::authoring::document::{File, Site};
use belligraph::ontology::Ontology;
use belligraph::pipeline::{Chain, Loading};
use belligraph::store::Store;
use oxrdf::Graph;
use oxrdfio::{JsonLdProfileSet, RdfFormat, RdfParser};
use std::collections::BTreeSet;

fn files(store: Option<&Store>) -> Vec<File> {
    Site::new(Ontology::embedded(), store).unwrap().files().unwrap()
}

fn content<'f>(files: &'f [File], name: &str) -> &'f str {
    let file = files.iter().find(|file| file.name == name).unwrap();
    std::str::from_utf8(&file.content).unwrap()
}

/// What stands between quotes after each `before`.
fn values<'t>(text: &'t str, before: &str) -> Vec<&'t str> {
    text.split(before).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn every_link_within_the_page_leads_to_a_term_and_nothing_is_fetched() {
    let files = files(None);
    let page = content(&files, "index.html");
    let all: Vec<&str> = values(page, " id=\"");
    let ids: BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(ids.len(), all.len(), "an anchor occurs twice");
    let dead: BTreeSet<&str> = values(page, "href=\"#").into_iter().filter(|anchor| !ids.contains(anchor)).collect();
    assert_eq!(dead, BTreeSet::new());
    for class in Ontology::embedded().classes() {
        let local = class.rsplit('#').next().unwrap();
        assert!(ids.contains(local), "{class} is not on the page");
    }
    for fetching in ["<img", "rel=\"stylesheet\"", "<script src", "@import", "url("] {
        assert!(!page.contains(fetching), "{fetching}");
    }
    assert!(!page.contains("class=\"count"), "numbers without a store");
}

#[test]
fn the_downloads_are_the_ontology() {
    let files = files(None);
    let jsonld = RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() };
    let read = |name: &str, format: RdfFormat| -> usize {
        let quads = RdfParser::from_format(format).for_slice(content(&files, name).as_bytes());
        quads.map(|quad| oxrdf::Triple::from(quad.unwrap())).collect::<Graph>().len()
    };
    let expected = Ontology::embedded().statements().into_iter().map(|s| s.triple).collect::<Graph>().len();
    assert_eq!(read("ontology.ttl", RdfFormat::Turtle), expected);
    assert_eq!(read("ontology.jsonld", jsonld), expected);
    assert_eq!(read("ontology.rdf", RdfFormat::RdfXml), expected);
    assert!(content(&files, "diagram.svg").contains("href=\"index.html#Event\""));
}

#[test]
fn a_store_gives_numbers_a_sentence_and_a_query_that_runs() {
    let store = Store::in_memory("http://localhost:7878/").unwrap();
    let chain = Chain::new(Ontology::embedded());
    let article = Article {
        headline: "Army clashes with rebels".to_owned(),
        body: "The army clashed with rebels near the airport on Friday.".to_owned(),
        ..Article::default()
    };
    let mut loading = Loading::begin(&store, chain.ontology(), "load").unwrap();
    let reported = chain.read(article, store.base());
    loading.add(&reported, chain.graph(&reported)).unwrap();
    loading.finish().unwrap();
    let files = files(Some(&store));
    let page = content(&files, "index.html");
    let card = page.split("id=\"ArmedClash\"").nth(1).unwrap().split("</article>").next().unwrap();
    assert!(card.contains("<span class=\"count\""), "{card}");
    assert!(card.contains("Army clashes with rebels") || card.contains("The army clashed with rebels"), "{card}");
    let query = card.split("<pre><code>").nth(1).unwrap().split("</code>").next().unwrap();
    let prefixes = belligraph::sparql::Prefixes::of_base(store.base());
    assert!(belligraph::sparql::Query::parse(query, &prefixes).is_ok(), "{query}");
}
