//! The pages for people: they hold what they should, and whatever an article says stays text.

use super::server::{Server, encode, load};
use belligraph::store::{ArticleGraph, RunDescription, Store};
use oxrdf::{NamedNode, Triple};
use oxttl::TurtleParser;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const BASE: &str = "http://localhost:7878/";

/// What an article could say to break out of wherever its text is put.
const HOSTILE: &str = r#"\"><script>alert(1)</script><img src=x onerror=alert(1)>'{{ 7*7 }}]]><!--"#;

/// A graph in which every name and text is hostile.
const GRAPH: &str = r#"
@prefix : <http://localhost:7878/> .
@prefix bg: <https://w3id.org/belligraph/ontology#> .
@prefix gaf: <http://groundedannotationframework.org/gaf#> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<article/a> a bg:Article ; bg:headline "Raid HOSTILE" ; bg:body "Raid HOSTILE" ; bg:publisher "HOSTILE" ; bg:author "HOSTILE" ;
  bg:published "2019-07-03"^^xsd:date ; bg:url "javascript:alert(1)" ; bg:articleKey "a" .
<event/a/1> a bg:Event, bg:Violence, bg:AirStrike, bg:Eventuality ; bg:inArticle <article/a> ; bg:rank 1 ; bg:modality bg:actual ;
  bg:initiator <actor/a> ; bg:participant <actor/a> ; bg:target <actor/b> ; bg:place <place/a> ; bg:timeText "HOSTILE" ;
  bg:earliest "2019-07-02"^^xsd:date ; bg:latest "2019-07-02"^^xsd:date ; bg:timePrecision bg:dayPrecision ; gaf:denotedBy <article/a#body=0,4> .
<report/a/1> a bg:CasualtyReport ; bg:ofEvent <event/a/1> ; bg:outcome bg:killed ; bg:min 3 ; bg:countText "HOSTILE" ;
  bg:accordingTo <actor/b> ; bg:side <actor/a> ; bg:victimClass bg:civilian .
<situation/a/1> a bg:Situation, bg:Control, bg:Eventuality ; bg:controller <actor/a> ; bg:place <place/a> ; bg:inArticle <article/a> ;
  bg:beginEarliest "2019-07-02"^^xsd:date ; bg:beginLatest "2019-07-02"^^xsd:date ; gaf:denotedBy <article/a#body=0,4> .
<actor/a> a bg:Actor, bg:Entity ; skos:prefLabel "HOSTILE" ; skos:altLabel "other HOSTILE" ; skos:scopeNote "HOSTILE" ; gaf:denotedBy <article/a#body=5,9> .
<actor/b> a bg:Actor, bg:Entity ; rdfs:label "HOSTILE" ; rdfs:seeAlso <javascript:alert(1)> .
<place/a> a bg:Place, bg:Settlement, bg:Entity ; rdfs:label "HOSTILE" ; bg:name "HOSTILE" ; geo:hasGeometry <place/a#geometry> .
<place/a#geometry> geo:asWKT "POINT(13.19 32.88)"^^geo:wktLiteral .
<article/a#body=0,4> a bg:Mention ; bg:text "Raid" ; bg:field "body" ; bg:beginIndex 0 ; bg:endIndex 4 ; bg:inArticle <article/a> ;
  bg:inSentence <article/a#sentence=body,0,40> .
<article/a#body=5,9> a bg:Mention ; bg:text "HOSTILE" ; bg:field "body" ; bg:beginIndex 5 ; bg:endIndex 9 ; bg:inArticle <article/a> ;
  bg:inSentence <article/a#sentence=body,0,40> ; bg:inEvent <event/a/1> ; bg:fillsRole bg:initiator .
<article/a#sentence=body,0,40> a bg:Sentence ; bg:text "Raid HOSTILE" ; bg:field "body" ; bg:beginIndex 0 ; bg:endIndex 40 ; bg:inArticle <article/a> .
"#;

/// Says of a kind of event what it is called and is a kind of; the pages read it from the store's ontology.
const ONTOLOGY: &str = r#"
@prefix bg: <https://w3id.org/belligraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
bg:AirStrike rdfs:subClassOf bg:Violence ; rdfs:label "air strike"@en .
bg:Violence rdfs:subClassOf bg:Event ; rdfs:label "violence"@en .
bg:Event rdfs:label "event"@en .
bg:Control rdfs:label "control"@en ; bg:subjectRole bg:controller ; bg:objectRole bg:place ; bg:implies bg:controls .
bg:controls rdfs:label "controls"@en .
bg:killed skos:prefLabel "killed"@en .
"#;

fn triples(turtle: &str) -> Vec<Triple> {
    let parser = TurtleParser::new().with_base_iri(BASE).unwrap();
    parser.for_slice(turtle.as_bytes()).map(|triple| triple.unwrap()).collect()
}

fn server() -> Server {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("a.db");
    let store = Store::open_or_create(&path, None).unwrap();
    let article = NamedNode::new(format!("{BASE}article/a")).unwrap();
    let mut run = store.begin_run(&RunDescription::new("load")).unwrap();
    run.replace_article(&ArticleGraph::new(article, triples(&GRAPH.replace("HOSTILE", HOSTILE)))).unwrap();
    run.refresh_graph(store.graphs().ontology(), "1", || triples(ONTOLOGY)).unwrap();
    run.finish().unwrap();
    drop(store);
    Server::over(directory, &[])
}

const PAGES: [&str; 17] = [
    "/",
    "/events",
    "/events?actor=script&deaths=1&from=2019-01-01&to=2020-01-01&precision=day&type=Violence",
    "/events?modality=any&place=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/search?q=alert",
    "/search?q=raid&category=article",
    "/search?q=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/article/a",
    "/event/a/1",
    "/actor/a",
    "/actor/b",
    "/place/a",
    "/report/a/1",
    "/situation/a/1",
    "/sparql",
    "/sparql?saved=who-fought-whom&query=%3C%2Ftextarea%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/sparql?query=SELECT%20%2A%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D",
];

#[test]
fn whatever_an_article_says_stays_text() {
    let server = server();
    for path in PAGES {
        let answer = server.follow(path, "text/html");
        let text = answer.text();
        assert!(matches!(answer.status, 200 | 400), "{path}: {} {text}", answer.status);
        assert!(answer.header("content-type").starts_with("text/html"), "{path}: {answer:?}");
        for element in ["<script>", "<img", "onerror=alert(1)>", "href=\"javascript:", "<!--"] {
            assert!(!text.contains(element), "{path} holds {element}: {text}");
        }
        assert!(text.contains("lang=\"en\"") && text.contains("<h1>") && text.contains("<main"), "{path}: {text}");
    }
    let atom = server.get("/events.atom", "*/*");
    assert!(!atom.text().contains("<script>"), "{}", atom.text());
    assert!(atom.text().contains("&#60;script&#62;"), "{}", atom.text());
}

#[test]
fn pages_may_load_nothing_from_elsewhere() {
    let server = server();
    for path in PAGES {
        let answer = server.follow(path, "text/html");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        let text = answer.text();
        assert!(!text.contains("src=\"http") && !text.contains(" style="), "{path}");
        let style = text.split("rel=\"stylesheet\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        assert!(style.starts_with("/assets/"), "{path}: {style}");
    }
    assert_eq!(server.get("/assets/pages.css", "*/*").header("content-type"), "text/css; charset=utf-8");
    assert_eq!(server.get("/assets/none", "*/*").status, 404);
}

#[test]
fn pages_tell_what_is_known() {
    let server = server();
    let event = server.follow("/event/a/1", "text/html").text();
    for words in ["Air strike by ", "2 July 2019", "killed", "class=\"trigger\"", "initiator", "<svg", "/sparql?query="]
    {
        assert!(event.contains(words), "{words}: {event}");
    }
    let place = server.follow("/place/a", "text/html").text();
    for words in ["Who controlled it", "controls", "since 2 July 2019", "class=\"bar\"", "3"] {
        assert!(place.contains(words), "{words}: {place}");
    }
    let home = server.get("/", "text/html").text();
    assert!(home.contains("1 article") && home.contains("class=\"land\"") && home.contains("Air strike"), "{home}");
}

#[test]
fn events_come_as_a_feed() {
    let server = server();
    let json: serde_json::Value = serde_json::from_slice(&server.get("/events.json", "*/*").body).unwrap();
    assert_eq!(json["total"], 1);
    assert_eq!(json["events"][0]["earliest"], "2019-07-02");
    assert_eq!(json["events"][0]["casualties"][0]["min"], 3);
    let geo: serde_json::Value = serde_json::from_slice(&server.get("/events.geojson", "*/*").body).unwrap();
    assert_eq!(geo["features"][0]["geometry"]["coordinates"], serde_json::json!([13.19, 32.88]));
    assert_eq!(server.get("/events", "application/geo+json").header("content-type"), "application/geo+json");
    assert_eq!(server.get("/events", "text/csv").text().lines().count(), 2);
    assert!(server.get("/events?format=atom", "*/*").header("content-type").starts_with("application/atom+xml"));
    for (filters, count) in [
        ("type=AirStrike", 1),
        ("type=Protest", 0),
        ("deaths=3", 1),
        ("deaths=4", 0),
        ("from=2019-07-03", 0),
        ("to=2019-07-01", 0),
        ("from=2019-07-02&to=2019-07-02", 1),
        ("precision=day", 0),
        ("modality=unrealized", 0),
        ("modality=any", 1),
        ("actor=actor:a&place=place:a", 1),
        ("actor=actor:none", 0),
        ("page=2", 1),
    ] {
        let json: serde_json::Value =
            serde_json::from_slice(&server.get(&format!("/events.json?{filters}"), "*/*").body).unwrap();
        assert_eq!(json["total"], count, "{filters}");
    }
    for wrong in ["from=yesterday", "deaths=many", "page=0", "format=pdf"] {
        assert_eq!(server.get(&format!("/events?{wrong}"), "text/html").status, 400, "{wrong}");
    }
}

#[test]
fn a_form_of_a_saved_query_asks_it_with_its_parameters() {
    let server = server();
    let form = server.get("/sparql?saved=control-on-date", "text/html").text();
    assert!(form.contains("name=\"$place\"") && form.contains("name=\"$on\""), "{form}");
    assert_eq!(server.get("/sparql?saved=none", "text/html").status, 404);
    let query = encode("SELECT ?label { ?this rdfs:label ?label }");
    for (value, rows) in [("place:a", 2), ("place:none", 1)] {
        let answer = server.get(&format!("/sparql?query={query}&%24this={}", encode(value)), "text/csv");
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.text().lines().count(), rows, "{value}: {}", answer.text());
    }
    let asked = encode("SELECT ?point ?day (1 AS ?n) { ?p geo:asWKT ?point . ?e bg:earliest ?day }");
    let page = server.get(&format!("/sparql?query={asked}"), "text/html").text();
    for view in ["view=map", "view=timeline", "view=chart", "format=csv", "1 row in"] {
        assert!(page.contains(view), "{view}: {page}");
    }
    for (view, class) in [("map", "class=\"map\""), ("timeline", "class=\"timeline\""), ("chart", "class=\"chart\"")] {
        let page = server.get(&format!("/sparql?query={asked}&view={view}"), "text/html").text();
        assert!(page.contains(class), "{view}: {page}");
    }
    let wrong = server.get("/sparql?query=SELEKT", "text/html");
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("role=\"alert\""), "{}", wrong.text());
}

#[test]
fn pages_and_feeds_are_not_sent_twice() {
    let server = Server::start();
    for address in ["/", "/search?q=first", "/events", "/events?page=2", "/events.atom", "/events.csv", "/events.json"]
    {
        let accept = if address == "/events" { "text/html" } else { "*/*" };
        let first = server.get(address, accept);
        assert_eq!(first.status, 200, "{address}: {}", first.text());
        let (tag, modified) = (first.header("etag"), first.header("last-modified"));
        assert!(!tag.is_empty() && !tag.starts_with("W/") && !modified.is_empty(), "{address}: {first:?}");
        assert_eq!(first.header("cache-control"), "no-cache", "{address}");
        for condition in [("If-None-Match", tag.as_str()), ("If-Modified-Since", modified.as_str())] {
            let again = server.request("GET", address, &[("Accept", accept), condition], b"");
            assert_eq!((again.status, again.body.len()), (304, 0), "{address} {condition:?}");
            assert_eq!(again.header("etag"), tag, "{address}");
        }
        let other = server.request("GET", address, &[("Accept", accept), ("If-None-Match", "\"other\"")], b"");
        assert_eq!((other.status, other.header("etag")), (200, tag.clone()), "{address}");
    }
    let page = server.get("/events", "text/html").header("etag");
    assert_ne!(page, server.get("/events", "application/json").header("etag"), "forms have tags of their own");
    let before = server.get("/", "*/*").header("etag");
    load(&server.store(), None, "two", "The second");
    let begun = Instant::now();
    while server.get("/", "*/*").header("etag") == before {
        assert!(begun.elapsed() < Duration::from_secs(20), "the page is not renewed");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(server.request("GET", "/", &[("If-None-Match", &before)], b"").status, 200);
}

/// A server over a store in which one actor is in many events, is named in many sentences and controls many places.
fn crowded() -> Server {
    let directory = TempDir::new().unwrap();
    let store = Store::open_or_create(directory.path().join("a.db"), None).unwrap();
    let prefixes = GRAPH.lines().filter(|line| line.starts_with("@prefix")).collect::<Vec<_>>().join("\n");
    let mut turtle = format!(
        "{prefixes}
         <article/a> a bg:Article ; bg:headline \"H\" ; bg:body \"B\" ; bg:articleKey \"a\" .
         <actor/a> a bg:Actor, bg:Entity ; skos:prefLabel \"The crowd\" .\n"
    );
    for n in 0..130 {
        turtle += &format!(
            "<event/a/{n}> a bg:Event ; bg:participant <actor/a> ; bg:rank 1 ; bg:inArticle <article/a> ; bg:place <place/{n}> .
             <place/{n}> a bg:Place, bg:Entity ; rdfs:label \"P{n}\" .
             <situation/a/{n}> a bg:Situation, bg:Control ; bg:controller <actor/a> ; bg:place <place/{n}> ; bg:inArticle <article/a> .
             <actor/a> gaf:denotedBy <article/a#body={n},{n}> .
             <article/a#body={n},{n}> bg:inSentence <article/a#sentence={n}> ; bg:inArticle <article/a> ; bg:beginIndex {n} ; bg:endIndex {n} .
             <article/a#sentence={n}> bg:inArticle <article/a> ; bg:field \"body\" ; bg:beginIndex {n} ; bg:text \"Sentence {n}.\" .\n"
        );
    }
    let article = NamedNode::new(format!("{BASE}article/a")).unwrap();
    let mut run = store.begin_run(&RunDescription::new("load")).unwrap();
    run.replace_article(&ArticleGraph::new(article, triples(&turtle))).unwrap();
    run.refresh_graph(store.graphs().ontology(), "1", || triples(ONTOLOGY)).unwrap();
    run.finish().unwrap();
    drop(store);
    Server::over(directory, &[])
}

#[test]
fn nothing_is_left_out_without_a_word() {
    let server = crowded();
    let page = server.get("/actor/a.html", "*/*").text();
    for said in [
        "The latest 15 of 130",
        "The latest 12 of 130 sentences",
        "Of 130 situations",
        "part=links",
        "part=sentences",
        "part=situations",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // Every part leads through all there is.
    for (part, mark, all) in [
        ("links", "<a href=\"/event/", 130),
        ("sentences", "Sentence ", 130),
        ("situations", "<a href=\"/situation/", 130),
    ] {
        let (mut address, mut found, mut pages) = (format!("/actor/a.html?part={part}"), BTreeSet::new(), 0);
        loop {
            let text = server.get(&address, "*/*").text();
            let marks =
                text.split(mark).skip(1).map(|rest| rest.split(['"', '.', '>']).next().unwrap_or_default().to_owned());
            found.extend(marks);
            pages += 1;
            let Some(next) = text.split("<link rel=\"next\" href=\"").nth(1) else { break };
            address = next.split('"').next().unwrap_or_default().replace("&amp;", "&").replace("&#38;", "&");
            assert!(pages < 10, "{address}");
        }
        assert_eq!(found.len(), all, "{part} on {pages} pages");
        assert!(pages > 1, "{part}");
    }
    assert_eq!(server.get("/actor/a.html?part=other", "*/*").status, 400);
    // A document says that it goes on, in its head and in itself, and its pages have every mention with its sentence.
    let (mut path, mut sentences, mut pages) = ("/actor/a.nt".to_owned(), BTreeSet::new(), 0);
    loop {
        let document = server.get(&path, "*/*");
        assert_eq!(document.status, 200, "{path}: {}", document.text());
        let text = document.text();
        sentences.extend(text.lines().filter(|line| line.contains("#inSentence>")).map(str::to_owned));
        pages += 1;
        let told = text.lines().find(|line| line.contains("http://www.w3.org/1999/xhtml/vocab#next"));
        let next = document.header("link").split(',').find(|link| link.contains("rel=\"next\"")).map(str::to_owned);
        assert_eq!(told.is_some(), next.is_some(), "{path}");
        let Some(next) = next else { break };
        path = next.trim().trim_start_matches('<').split('>').next().unwrap_or_default().to_owned();
        assert!(told.unwrap().contains(&format!("<http://localhost:7878{path}>")), "{told:?}");
        assert!(pages < 10);
    }
    assert_eq!((sentences.len(), pages > 1), (130, true));
    // Lists of events count all that fit, in every form.
    for address in ["/events", "/events.csv", "/events.json", "/events.geojson", "/events.atom"] {
        let list = server.get(&format!("{address}?limit=50"), "text/html");
        assert_eq!(list.header("x-total-count"), "130", "{address}");
        assert!(list.header("link").contains("rel=\"next\""), "{address}: {list:?}");
    }
    assert_eq!(server.get("/events.csv?limit=1001", "*/*").status, 400);
    assert!(server.get("/events.atom", "*/*").text().contains("<opensearch:totalResults>130<"));
    let features: serde_json::Value = serde_json::from_slice(&server.get("/events.geojson", "*/*").body).unwrap();
    assert_eq!(features["unplaced"].as_array().map(Vec::len), Some(40), "places without a point are told of");
    let many = server.get(&format!("/search?q={}", "a".repeat(201)), "*/*");
    assert_eq!(many.status, 400, "{}", many.text());
}
