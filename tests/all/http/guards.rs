//! Queries that were made to harm: each ends within twice its limit with the status it deserves, and nobody else notices.

use super::server::Server;
use std::time::{Duration, Instant};

const QUERY: &str = "application/sparql-query";

fn ask(server: &Server, query: &str) -> (u16, bool, Duration, String) {
    let begun = Instant::now();
    let answer = server.post("/sparql", QUERY, "*/*", query);
    (answer.status, answer.complete, begun.elapsed(), answer.text())
}

/// 6 variables with 20 values each: 64 million solutions, without a look at the dataset.
fn product() -> String {
    let values: Vec<_> = (0..20).map(|n| n.to_string()).collect();
    let blocks = (0..6).map(|n| format!("VALUES ?v{n} {{ {} }}", values.join(" ")));
    blocks.collect::<Vec<_>>().join(" ")
}

/// A literal of 48 million letters.
fn bulk() -> String {
    let tenfold = |from: &str, to: &str| {
        let ten = vec![format!("?{from}"); 10];
        format!("BIND(CONCAT({}) AS ?{to})", ten.join(", "))
    };
    let names = ["a", "b", "c", "d", "e", "f", "g"];
    let steps = names.windows(2).map(|pair| tenfold(pair[0], pair[1]));
    format!("BIND(\"{}\" AS ?a) {}", "a".repeat(48), steps.collect::<Vec<_>>().join(" "))
}

#[test]
fn every_query_ends_in_time_and_harms_nobody() {
    let server = Server::with(None, &["--timeout", "1", "--query-memory", "64"]);
    let easy = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(?p != ?s) }";
    let before = ask(&server, easy);
    assert_eq!((before.0, before.1), (200, true), "{before:?}");
    let nested = |n: usize| format!("SELECT ({}1{} AS ?one) {{}}", "(".repeat(n), ")".repeat(n));
    let unions = "{} UNION ".repeat(100_000);
    let hostile = [
        ("a product", format!("SELECT (COUNT(*) AS ?n) {{ {} }}", product()), [503, 503]),
        ("a sort", format!("SELECT * {{ {} }} ORDER BY ?v5 ?v4", product()), [503, 507]),
        ("a string", format!("SELECT (STRLEN(?g) AS ?n) {{ {} }}", bulk()), [507, 507]),
        ("brackets", nested(100_000), [400, 400]),
        ("unions", format!("SELECT * {{ {unions} {{}} }}"), [400, 503]),
        ("negations", format!("SELECT ({}1 AS ?x) {{}}", "!".repeat(300_000)), [400, 503]),
        (
            "a regular expression",
            "SELECT * { BIND(\"a\" AS ?a) FILTER(REGEX(?a, \"((a{1000}){1000}){1000}\")) }".to_owned(),
            [200, 503],
        ),
    ];
    for (name, query, statuses) in hostile {
        let easy_meanwhile = std::thread::scope(|scope| {
            let other = scope.spawn(|| ask(&server, easy));
            let (status, _, time, text) = ask(&server, &query);
            assert!(statuses.contains(&status), "{name}: {status} {text}");
            // Twice the limit, and what starting a process takes on a busy machine.
            assert!(time < Duration::from_secs(4), "{name}: {time:?}");
            other.join().unwrap()
        });
        assert_eq!((easy_meanwhile.0, &easy_meanwhile.3), (200, &before.3), "beside {name}");
    }
    assert_eq!(ask(&server, easy).3, before.3);
}

#[test]
fn results_cut_short_are_not_taken_for_the_whole() {
    let server = Server::with(None, &["--timeout", "1"]);
    let (status, complete, time, _) = ask(&server, &format!("SELECT * {{ {} }}", product()));
    assert!(!complete, "{status}");
    assert!(time < Duration::from_secs(4), "{time:?}");
}

#[test]
fn the_next_query_waits_and_the_one_after_it_is_told_to_come_back() {
    let server = Server::with(None, &["--timeout", "2", "--parallel", "1", "--queue", "1"]);
    let slow = format!("SELECT (COUNT(*) AS ?n) {{ {} }}", product());
    std::thread::scope(|scope| {
        let running = scope.spawn(|| ask(&server, &slow).0);
        let waiting = scope.spawn(|| ask(&server, &slow).0);
        std::thread::sleep(Duration::from_millis(700));
        let refused = server.post("/sparql", QUERY, "*/*", &slow);
        assert_eq!((refused.status, refused.header("retry-after").is_empty()), (503, false), "{refused:?}");
        assert!(refused.text().contains("waiting"), "{}", refused.text());
        assert_eq!((running.join().unwrap(), waiting.join().unwrap()), (503, 503));
    });
}
