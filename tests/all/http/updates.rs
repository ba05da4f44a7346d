//! Updates that were made to harm: each ends within its limits, changes nothing, and holds up nobody.

use super::guards::{bulk, product};
use super::server::{ADMIN, Server, WRITER, load};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const UPDATE: &str = "application/sparql-update";

fn change(server: &Server, text: &str) -> (u16, String) {
    let answer = server.with_token(WRITER, "POST", "/sparql", UPDATE, text.as_bytes());
    (answer.status, answer.text())
}

fn count(server: &Server, pattern: &str) -> String {
    let query = format!("SELECT (COUNT(*) AS ?n) {{ {pattern} }}");
    let (status, told) = patiently(|| {
        let answer = server.post("/sparql", "application/sparql-query", "text/csv", &query);
        (answer.status, answer.text())
    });
    assert_eq!(status, 200, "{told}");
    told.trim_start_matches("n\r\n").trim().to_owned()
}

/// What is asked again until the server has time for it, which says so.
fn patiently<T>(mut ask: impl FnMut() -> (u16, T)) -> (u16, T) {
    let begun = Instant::now();
    loop {
        let (status, told) = ask();
        if status != 503 || begun.elapsed() > Duration::from_mins(2) {
            return (status, told);
        }
    }
}

/// How much work a hostile update may make, far less than it asks for.
const WORK: Duration = Duration::from_secs(8);

/// Sends updates that were made to harm, each while another client writes.
fn are_ended(server: &Server, hostile: &[(&str, String, &[u16])]) {
    for (name, text, statuses) in hostile {
        let before = server.worked();
        let (status, told) = thread::scope(|scope| {
            let other = scope.spawn(|| {
                thread::sleep(Duration::from_millis(200));
                change(server, "INSERT DATA { GRAPH <my/b> { <t> <p> 1 } }")
            });
            let made = change(server, text);
            // Who is held up for longer than the server's patience is refused.
            let (status, told) = other.join().unwrap();
            assert_eq!(status, 200, "beside {name}: {told}");
            made
        });
        assert!(statuses.contains(&status), "{name}: {status} {told}");
        let work = server.worked().zip(before).map(|(after, before)| after.saturating_sub(before));
        assert!(work.is_none_or(|work| work < WORK), "{name}: {work:?}");
        for (graph, pattern) in [("my/b", "<t> ?p ?o"), ("my/a", "<s> <p> 1 , 2")] {
            assert_eq!(count(server, &format!("GRAPH <{graph}> {{ {pattern} }}")), "1", "{graph} after {name}");
        }
    }
    let left = std::fs::read_dir(server.directory.path()).unwrap();
    let names: Vec<_> = left.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    let copies = names.iter().filter(|name| name.contains("checkpoint") && !name.contains(".lock")).count();
    assert!(copies <= 2, "{names:?}");
}

/// A server whose store holds what the hostile updates must not change.
fn server_with(arguments: &[&str]) -> Server {
    let server = Server::writable(arguments);
    let insert = "INSERT { GRAPH <my/a> { <s> <p> ?o } } WHERE { VALUES ?o { 1 2 } }";
    assert_eq!(patiently(|| change(&server, insert)).0, 200);
    server
}

fn insert(pattern: &str) -> String {
    format!("INSERT {{ GRAPH <my/a> {{ <s> <p> ?v5 }} }} WHERE {{ {pattern} }}")
}

#[test]
fn an_update_that_would_take_hours_ends_in_time_and_holds_up_nobody() {
    let server = server_with(&["--timeout", "1", "--query-memory", "64"]);
    let counted = insert(&format!("SELECT (COUNT(*) AS ?v5) {{ {} }}", product()));
    let sorted = insert(&format!("SELECT * {{ {} }} ORDER BY ?v5 ?v4 LIMIT 1", product()));
    are_ended(&server, &[("a product", counted, &[503]), ("a sort", sorted, &[503, 507])]);
}

/// What ends them is no clock, and so the time that they have is long: on a busy machine nothing else may end them.
#[test]
fn an_update_that_would_take_all_memory_or_break_a_parser_is_refused_and_holds_up_nobody() {
    let server = server_with(&["--timeout", "60", "--query-memory", "64"]);
    let brackets = format!("FILTER({}?s{})", "(".repeat(100_000), ")".repeat(100_000));
    let negated = |negation: &str| format!("DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER({negation}?o) }}");
    let hidden = format!("DELETE {{ ?s <p\\u0027> ?o }} WHERE {{ ?s ?p ?o FILTER({}?o) }}", "!".repeat(400_000));
    are_ended(
        &server,
        &[
            ("a string", insert(&format!("{} BIND(STRLEN(?g) AS ?v5)", bulk())), &[507]),
            ("a string that is written", insert(&format!("{} BIND(?f AS ?v5)", bulk())), &[200, 507]),
            ("brackets", insert(&brackets), &[400]),
            ("lists", format!("INSERT DATA {{ <s> <p> {}{} }}", "(".repeat(100_000), ")".repeat(100_000)), &[400]),
            ("negations", negated(&"!".repeat(400_000)), &[400, 507]),
            ("negations that are spelt", negated(&"\\u0021".repeat(100_000)), &[400, 507]),
            ("a hidden pattern", hidden, &[400, 507]),
            ("sums", negated(&"1+".repeat(200_000)), &[200, 400, 507]),
            ("unions", insert(&format!("{} {{}}", "{} UNION ".repeat(100_000))), &[400, 507]),
        ],
    );
}

#[test]
fn an_update_sees_and_changes_one_state_of_the_store() {
    let server = Server::writable(&["--timeout", "20"]);
    assert_eq!(change(&server, "INSERT DATA { GRAPH <my/n> { <s> <n> 0 } }").0, 200);
    // Each adds one to what it finds: none must be lost.
    let add = "DELETE { GRAPH <my/n> { <s> <n> ?n } } INSERT { GRAPH <my/n> { <s> <n> ?next } }
        WHERE { GRAPH <my/n> { <s> <n> ?n } BIND(?n + 1 AS ?next) }";
    let done: usize = thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|_| {
                let server = &server;
                scope.spawn(move || (0..3).filter(|_| change(server, add).0 == 200).count())
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    // Who met others each time was told so, and changed nothing.
    assert!(done >= 4, "{done}");
    assert_eq!(count(&server, &format!("GRAPH <my/n> {{ <s> <n> {done} }}")), "1");
    assert_eq!(count(&server, "GRAPH <my/n> { ?s ?p ?o }"), "1");
}

#[test]
fn an_update_keeps_what_the_store_keeps() {
    let directory = TempDir::new().unwrap();
    load(&directory.path().join("a.db"), None, "one", "The first");
    let server = Server::with_tokens(directory, &["--timeout", "20"]);
    for (text, status) in [
        ("INSERT { GRAPH ?g { <s> <p> 1 } } WHERE { GRAPH ?g { article:one rdfs:label ?t } }", 403),
        ("DELETE WHERE { GRAPH <article/one> { ?s ?p ?o } }", 403),
        ("INSERT { GRAPH <my/a> { article:one rdfs:label ?t } } WHERE { article:one rdfs:label ?t }", 409),
        ("INSERT { GRAPH <my/a> { ?a <seen> ?t } } WHERE { ?a rdfs:label ?t }", 200),
        ("INSERT { GRAPH <my/a> { ?a <seen> ?t } } WHERE { ?a rdfs:label ?t", 400),
        ("INSERT DATA { GRAPH <my/w> { <band> a bg:Actor ; rdfs:label \"Eagle band\" } }", 200),
        ("INSERT { GRAPH <my/f> { ?a <found> 1 } } WHERE { SERVICE bg:search { ?a bg:matches \"eagle\" } }", 200),
        ("CLEAR ALL ; INSERT { <a> <b> ?o } WHERE { ?s ?p ?o }", 403),
    ] {
        let (found, told) = change(&server, text);
        assert_eq!(found, status, "{text}: {told}");
    }
    assert_eq!(count(&server, "GRAPH <my/a> { ?s <seen> ?t }"), "2");
    assert_eq!(count(&server, "GRAPH <my/f> { <band> <found> 1 }"), "1");
    let form = "using-named-graph-uri=http%3A%2F%2Flocalhost%3A7878%2Fmy%2Fa&update=INSERT%20%7B%20GRAPH%20%3Cmy%2Fc%3E%20\
        %7B%20%3Fs%20%3Cp%3E%20%3Fg%20%7D%20%7D%20WHERE%20%7B%20GRAPH%20%3Fg%20%7B%20%3Fs%20%3Fp%20%3Ft%20%7D%20%7D";
    let answer = server.with_token(ADMIN, "POST", "/sparql", "application/x-www-form-urlencoded", form.as_bytes());
    assert_eq!((answer.status, answer.text().as_str()), (200, "2 inserted, 0 removed\n"));
}
