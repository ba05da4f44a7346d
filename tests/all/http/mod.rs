//! A running server, asked over a socket.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]
#![expect(clippy::format_push_string, clippy::format_collect, reason = "requests and results are put together once")]
#![expect(clippy::print_stdout, reason = "what was skipped, and how many of a suite passed, is told")]

mod articles;
mod guards;
mod linked_data;
mod manifest;
mod openapi;
mod pages;
mod places;
mod server;
mod suites;
mod tokens;
mod updates;
mod w3c;

use belligraph::store::{Access, Store};
use server::{Server, load};
use std::process::Command;
use std::time::{Duration, Instant};

const SELECT: &str = "/sparql?query=SELECT%20%3Ft%20%7B%20%3Fa%20rdfs%3Alabel%20%3Ft%20FILTER%28STRSTARTS%28%3Ft%2C%20%22The%20%22%29%29%20%7D%20ORDER%20BY%20%3Ft";

#[test]
fn queries_are_answered_in_the_format_asked_for() {
    let server = Server::start();
    let answer = server.get(SELECT, "*/*");
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/sparql-results+json");
    assert!(answer.header("vary").contains("accept"), "{answer:?}");
    assert!(answer.text().contains("\"The first\""), "{}", answer.text());
    assert_eq!(server.get(SELECT, "text/csv").text(), "t\r\nThe first\r\n");
    assert_eq!(server.get(SELECT, "application/json").header("content-type"), "application/json");
    assert_eq!(server.get(&format!("{SELECT}&format=csv"), "image/png").text(), "t\r\nThe first\r\n");
    assert_eq!(server.get(&format!("{SELECT}&format=turtle"), "*/*").status, 400);
    let refused = server.get(SELECT, "image/png");
    assert_eq!(refused.status, 406);
    assert!(refused.text().contains("text/csv"), "{}", refused.text());
    assert_eq!(server.get("/sparql?query=SELECT", "*/*").status, 400);
    assert!(server.get("/sparql", "text/html").text().contains("<form"));
    assert_eq!(server.get(&format!("{SELECT}&query=ASK%7B%7D"), "*/*").status, 400);
    assert_eq!(server.get(&format!("{SELECT}&default-graph-uri=http%3A%2F%2Fnone%2F"), "text/csv").text(), "t\r\n");
    let form = "query=SELECT+%3Ft+%7B+article:one+rdfs%3Alabel+%3Ft+%7D";
    let encoded = "application/x-www-form-urlencoded";
    for (target, body) in [("/sparql", format!("{form}&format=tsv")), ("/sparql?format=tsv", form.to_owned())] {
        let answer = server.post(target, encoded, "*/*", &body);
        assert_eq!(answer.text(), "?t\n\"The first\"\n", "{target}");
    }
    let direct = server.post("/sparql", "application/sparql-query", "text/turtle", "DESCRIBE article:one");
    assert_eq!(direct.status, 200, "{}", direct.text());
    assert!(direct.text().contains("rdfs:label \"The first\""), "{}", direct.text());
    assert_eq!(direct.header("content-type"), "text/turtle; charset=utf-8");
    let direct = server.post("/sparql?format=tsv", "application/sparql-query", "*/*", "SELECT (1 AS ?x) {}");
    assert_eq!(direct.text(), "?x\n1\n");
    assert_eq!(server.post("/sparql", "text/plain", "*/*", "ASK {}").status, 415);
    assert_eq!(server.request("DELETE", "/sparql", &[], b"").status, 405);
}

#[test]
fn iris_can_be_followed() {
    let server = Server::start();
    let answer = server.get("/article/one", "text/turtle");
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(answer.header("location"), "/article/one.ttl");
    let turtle = server.follow("/article/one", "text/turtle");
    assert_eq!(turtle.status, 200, "{}", turtle.text());
    assert!(turtle.text().contains("rdfs:label \"The first\""), "{}", turtle.text());
    let place = server.follow("/place/benghazi", "application/n-triples");
    let link = "<http://localhost:7878/article/one> <https://w3id.org/belligraph/ontology#place>";
    assert!(place.text().contains(link), "{}", place.text());
    assert!(server.follow("/place/benghazi", "application/ld+json").text().starts_with(['{', '[']));
    assert!(server.follow("/article/one", "text/html,*/*;q=0.8").text().contains("<h1>"));
    assert_eq!(server.get("/article/none", "*/*").status, 404);
    assert_eq!(server.get("/article/%zz", "*/*").status, 404);
}

#[test]
fn articles_can_be_loaded_while_the_server_runs() {
    let server = Server::start();
    load(&server.store(), None, "two", "The second");
    let began = Instant::now();
    while !server.get(SELECT, "text/csv").text().contains("The second") {
        assert!(began.elapsed() < Duration::from_secs(20), "the server does not see what was loaded");
        std::thread::sleep(Duration::from_millis(200));
    }
    let _writer = Store::open(server.store(), Access::Write).unwrap();
    assert_eq!(server.get(SELECT, "text/csv").status, 200);
}

#[test]
fn a_query_that_takes_too_long_is_no_success() {
    let server = Server::start();
    let joins = (0..40).map(|i| format!("?a{i} ?p ?b{i} . ")).collect::<Vec<_>>().concat();
    let query = format!("SELECT (COUNT(*) AS ?n) {{ {joins} }}");
    let answer = server.post("/sparql", "application/sparql-query", "*/*", &query);
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert!(answer.text().contains("took longer than 2 s"), "{}", answer.text());
    assert_eq!(answer.header("retry-after"), "60");
}

#[test]
fn results_that_are_cut_short_are_not_taken_for_whole() {
    let server = Server::start();
    let rows = (0..40).map(|i| format!("?a{i} ?p ?b{i} . ")).collect::<Vec<_>>().concat();
    for encoding in ["identity", "gzip", "br"] {
        let headers =
            [("Content-Type", "application/sparql-query"), ("Accept", "text/csv"), ("Accept-Encoding", encoding)];
        let answer = server.request("POST", "/sparql", &headers, format!("SELECT * {{ {rows} }}").as_bytes());
        assert_eq!(answer.status, 200, "{encoding}: {}", answer.text());
        assert!(!answer.body.is_empty() && !answer.complete, "{encoding}: the end of the results is marked");
    }
}

#[cfg(unix)]
#[test]
fn a_server_stops_when_told_and_leaves_nothing_behind() {
    let mut server = Server::start();
    let kill = Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    let mut names: Vec<_> =
        std::fs::read_dir(server.directory.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["a.db", "a.db.lock", "a.db.search"]);
}
