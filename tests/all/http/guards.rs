//! Queries that were made to harm: each ends within twice its limit with the status it deserves, and nobody else notices.

use super::server::{Server, WRITER};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// What a hostile query may take, and what it must have ended in: twice that.
const LIMIT: Duration = Duration::from_secs(3);

const QUERY: &str = "application/sparql-query";

fn ask(server: &Server, query: &str) -> (u16, bool, Duration, String) {
    let begun = Instant::now();
    let answer = server.post("/sparql", QUERY, "*/*", query);
    (answer.status, answer.complete, begun.elapsed(), answer.text())
}

/// 6 variables with 20 values each: 64 million solutions, without a look at the dataset.
pub(super) fn product() -> String {
    let values: Vec<_> = (0..20).map(|n| n.to_string()).collect();
    let blocks = (0..6).map(|n| format!("VALUES ?v{n} {{ {} }}", values.join(" ")));
    blocks.collect::<Vec<_>>().join(" ")
}

/// A sort of four million rows.
fn sort() -> String {
    let values: Vec<_> = (0..45).map(|n| n.to_string()).collect();
    let blocks: Vec<_> = (0..4).map(|n| format!("VALUES ?v{n} {{ {} }}", values.join(" "))).collect();
    format!("SELECT * {{ {} }} ORDER BY DESC(?v3) ?v2 ?v1 ?v0", blocks.join(" "))
}

/// That a query ended within twice the limit, by the time of processors, which does not depend on what else they have to do.
fn assert_ended(server: &Server, before: Option<Duration>, name: &str) {
    let work = server.worked().zip(before).map(|(after, before)| after.saturating_sub(before));
    assert!(work.is_none_or(|work| work < 2 * LIMIT), "{name}: {work:?}");
}

/// A literal of 48 million letters.
pub(super) fn bulk() -> String {
    let tenfold = |from: &str, to: &str| {
        let ten = vec![format!("?{from}"); 10];
        format!("BIND(CONCAT({}) AS ?{to})", ten.join(", "))
    };
    let names = ["a", "b", "c", "d", "e", "f", "g"];
    let steps = names.windows(2).map(|pair| tenfold(pair[0], pair[1]));
    format!("BIND(\"{}\" AS ?a) {}", "a".repeat(48), steps.collect::<Vec<_>>().join(" "))
}

/// An expression that is tried on a million long strings.
fn expression() -> String {
    let values: Vec<_> = (0..100).map(|n| n.to_string()).collect();
    let blocks: Vec<_> = (0..3).map(|n| format!("VALUES ?v{n} {{ {} }}", values.join(" "))).collect();
    let text = format!("CONCAT(\"{}\", STR(?v0), STR(?v1), STR(?v2))", "a".repeat(2000));
    format!("SELECT (COUNT(*) AS ?n) {{ {} FILTER(REGEX({text}, \"^(.*a){{12}}.*b$\", \"i\")) }}", blocks.join(" "))
}

#[test]
fn every_query_ends_in_time_and_harms_nobody() {
    let server = Server::with(None, &["--timeout", "3", "--query-memory", "64"]);
    let easy = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(?p != ?s) }";
    let before = ask(&server, easy);
    assert_eq!((before.0, before.1), (200, true), "{before:?}");
    let nested = |n: usize| format!("SELECT ({}1{} AS ?one) {{}}", "(".repeat(n), ")".repeat(n));
    let unions = "{} UNION ".repeat(100_000);
    let hostile = [
        ("a product", format!("SELECT (COUNT(*) AS ?n) {{ {} }}", product()), [503, 503]),
        ("a sort", format!("SELECT * {{ {} }} ORDER BY ?v5 ?v4", product()), [503, 507]),
        ("a sort of four million rows", sort(), [503, 507]),
        ("a string", format!("SELECT (STRLEN(?g) AS ?n) {{ {} }}", bulk()), [507, 507]),
        ("brackets", nested(100_000), [400, 400]),
        ("unions", format!("SELECT * {{ {unions} {{}} }}"), [503, 507]),
        ("negations", format!("SELECT ({}1 AS ?x) {{}}", "!".repeat(300_000)), [400, 503]),
        ("a regular expression", expression(), [503, 503]),
        (
            "a regular expression that is too large",
            "ASK { FILTER(REGEX(\"a\", \"((a{1000}){1000}){1000}\")) }".to_owned(),
            [200, 200],
        ),
    ];
    for (name, query, statuses) in hostile {
        let before_it = server.worked();
        let easy_meanwhile = std::thread::scope(|scope| {
            let other = scope.spawn(|| ask(&server, easy));
            let (status, _, _, text) = ask(&server, &query);
            // A text that is too long to take apart within the time may meet the bound of memory before.
            assert!(statuses.contains(&status), "{name}: {status} {text}");
            other.join().unwrap()
        });
        assert_ended(&server, before_it, name);
        assert_eq!((easy_meanwhile.0, &easy_meanwhile.3), (200, &before.3), "beside {name}");
    }
    assert_eq!(ask(&server, easy).3, before.3);
}

#[test]
fn results_cut_short_are_not_taken_for_the_whole() {
    let server = Server::with(None, &["--timeout", "3"]);
    let before = server.worked();
    let (status, complete, ..) = ask(&server, &format!("SELECT * {{ {} }}", product()));
    assert!(!complete, "{status}");
    assert_ended(&server, before, "a product");
}

/// A server whose store holds a graph of some megabytes.
fn server_of_much(arguments: &[&str]) -> Server {
    let server = Server::writable(arguments);
    let line = |n: usize| format!("<s{n}> <p> \"{n:0>2000}\" .\n");
    let graph: String = (0..6000).map(line).collect();
    let put = server.with_token(WRITER, "PUT", "/gsp/much", "text/turtle", graph.as_bytes());
    assert_eq!(put.status, 201, "{}", put.text());
    server
}

#[test]
fn who_reads_a_dump_slowly_holds_up_no_query() {
    let server = server_of_much(&["--parallel", "1", "--timeout", "5"]);
    let easy = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(?p != ?s) }";
    let before = ask(&server, easy);
    assert_eq!(before.0, 200, "{before:?}");
    let targets = ["/dump.nq", "/dump.nq", "/gsp/much", "/dump.trig"];
    let mut readers: Vec<_> = targets.iter().map(|target| server.send("GET", target, "", b"")).collect();
    std::thread::sleep(Duration::from_millis(500));
    let meanwhile = ask(&server, easy);
    assert_eq!(meanwhile.3, before.3);
    assert!(meanwhile.2 < Duration::from_secs(3), "{:?}", meanwhile.2);
    // Who has no place is told, and the others are not disturbed.
    readers.extend((0..20).map(|_| server.send("GET", "/dump.nq", "", b"")));
    std::thread::sleep(Duration::from_millis(2500));
    let refused = server.get("/dump.nq", "*/*");
    assert_eq!((refused.status, refused.header("retry-after").is_empty()), (503, false), "{}", refused.text());
    assert_eq!(ask(&server, easy).3, before.3);
    let mut whole = Vec::new();
    readers[0].read_to_end(&mut whole).unwrap();
    assert!(whole.len() > 12_000_000 && whole.ends_with(b"0\r\n\r\n"), "{}", whole.len());
}

#[test]
fn who_trickles_or_hardly_reads_is_disconnected() {
    let server = server_of_much(&["--timeout", "5"]);
    let begun = Instant::now();
    let authorization =
        format!("Authorization: Bearer {WRITER}\r\nContent-Type: text/turtle\r\nContent-Length: 1000000\r\n");
    let mut sender = server.send("PUT", "/gsp/slow", &authorization, b"<a> <b> 1 . ");
    let mut reader = server.send("GET", "/dump.nq", "", b"");
    let mut piece = [0; 256];
    // A little each second, for longer than the server has patience.
    let mut refused = None;
    while begun.elapsed() < Duration::from_secs(80) {
        if refused.is_none() && (sender.write_all(b"#").is_err() || begun.elapsed() > Duration::from_secs(45)) {
            refused = Some(begun.elapsed());
        }
        if reader.read(&mut piece).is_ok_and(|read| read == 0) {
            break;
        }
        std::thread::sleep(Duration::from_secs(1));
    }
    let mut answer = Vec::new();
    let _ = sender.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    let mut rest = Vec::new();
    // What the system has taken already comes still, then nothing more.
    let _ = reader.read_to_end(&mut rest);
    assert!(rest.len() < 8_000_000, "{}", rest.len());
    assert_eq!(server.get("/health/ready", "*/*").status, 200);
}

#[test]
fn who_hangs_up_is_no_failure_and_ends_the_query() {
    let server = Server::with(None, &["--timeout", "30", "--parallel", "1"]);
    let slow = format!("SELECT (COUNT(*) AS ?n) {{ {} }}", product());
    for accept in ["text/csv", "text/html"] {
        let head = format!("Content-Type: {QUERY}\r\nAccept: {accept}\r\nContent-Length: {}\r\n", slow.len());
        let client = server.send("POST", "/sparql", &head, slow.as_bytes());
        std::thread::sleep(Duration::from_millis(700));
        drop(client);
        let (status, _, time, text) = ask(&server, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(?p != ?s) }");
        assert_eq!(status, 200, "{accept}: {text}");
        assert!(time < Duration::from_secs(15), "{accept}: the query goes on: {time:?}");
    }
    let outcome = |name: &str| server.metric(&format!("belligraph_queries_total{{outcome=\"{name}\"}}"));
    assert_eq!((outcome("abandoned"), outcome("failed"), outcome("timeout")), (2, 0, 0));
}

#[test]
fn what_keeps_rows_is_answered_by_a_worker() {
    let server = server_of_much(&["--timeout", "20", "--query-memory", "64"]);
    let resident = |server: &Server| server.metric("belligraph_resident_memory_bytes");
    let before = resident(&server);
    for (query, accept) in [
        ("SELECT * { ?s ?p ?o }", "text/plain"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "application/n-triples"),
        ("DESCRIBE ?s { ?s ?p ?o }", "application/n-triples"),
    ] {
        let answer = server.post("/sparql", QUERY, accept, query);
        assert!(matches!(answer.status, 200 | 507), "{query}: {}", answer.status);
    }
    let after = resident(&server);
    assert!(after < before + 40_000_000, "{before} {after}");
}

#[test]
fn what_begins_as_if_it_were_answered_at_once_comes_whole_or_ends_in_time() {
    let server = server_of_much(&["--timeout", "2", "--parallel", "2"]);
    let graphs = server.post("/sparql", QUERY, "text/csv", "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").text();
    let graph = graphs.lines().find(|graph| graph.ends_with("much")).unwrap();
    // Longer than what is answered at once, by one pattern and by several.
    for (query, lines) in [
        ("SELECT ?o { GRAPH <much> { ?s ?p ?o } }", 6001),
        ("SELECT ?o ?t { GRAPH <much> { ?s ?p ?o OPTIONAL { ?s a ?t } } }", 6001),
        ("SELECT ?s { GRAPH <much> { ?s ?p ?o } } LIMIT 7", 8),
    ] {
        let query = query.replace("<much>", &format!("<{graph}>"));
        let target = format!("/sparql?query={}", super::server::encode(&query));
        let answer = server.get(&target, "text/csv");
        assert_eq!((answer.status, answer.text().lines().count()), (200, lines), "{query}");
    }
    // Two patterns that share nothing: 36 million solutions. None of them is what an ASK looks for in the end.
    let (status, complete, time, _) = ask(&server, "SELECT * { ?a ?b ?c . ?d ?e ?f }");
    assert!(time < Duration::from_secs(10) && (status == 503 || !complete), "{status} {complete} {time:?}");
    assert_eq!(ask(&server, "ASK { ?a ?b ?c . ?d ?e ?f }").0, 200);
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

#[test]
fn a_client_that_dawdles_loses_its_connection_and_nobody_else_does() {
    let server = Server::start();
    let mut slow: Vec<_> = (0..50).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    for socket in &mut slow {
        socket.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ").unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    }
    assert_eq!(server.get("/health/ready", "*/*").status, 200);
    let begun = Instant::now();
    let mut rest = Vec::new();
    // Closed, with or without a word.
    let _ = slow[0].read_to_end(&mut rest);
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
    let head = format!("GET / HTTP/1.1\r\nHost: a\r\nX-Long: {}\r\n\r\n", "a".repeat(200_000));
    let mut long = TcpStream::connect(server.address).unwrap();
    let _ = long.write_all(head.as_bytes());
    let mut answer = Vec::new();
    let _ = long.read_to_end(&mut answer);
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 431"), "{}", String::from_utf8_lossy(&answer));
    assert_eq!(server.get("/health/live", "*/*").status, 200);
}

#[test]
fn the_server_tells_how_it_is() {
    let server = Server::start();
    assert_eq!(server.get("/health/live", "*/*").text(), "{\"status\":\"live\"}\n");
    assert_eq!(server.get("/health/ready", "*/*").text(), "{\"status\":\"ready\"}\n");
    ask(&server, "SELECT * { ?s ?p ?o } LIMIT 1");
    ask(&server, "SELECT * {");
    let answer = server.get("/metrics", "*/*");
    assert!(answer.header("content-type").starts_with("application/openmetrics-text"), "{answer:?}");
    let text = answer.text();
    for line in [
        "belligraph_http_requests_total{method=\"GET\",route=\"/health/live\",status=\"200\"} 1",
        "belligraph_queries_total{outcome=\"done\"} 1",
        "belligraph_queries_total{outcome=\"refused\"} 1",
        "belligraph_query_duration_seconds_count 2",
        "belligraph_queries_running 0",
        "# EOF",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    let given = server.request("GET", "/", &[("X-Request-Id", "abc-1")], b"");
    assert_eq!(given.header("x-request-id"), "abc-1");
    let made = server.request("GET", "/", &[("X-Request-Id", "a b\tc")], b"");
    assert!(!made.header("x-request-id").is_empty() && made.header("x-request-id") != "a b\tc", "{made:?}");
}

#[cfg(unix)]
#[test]
fn a_unix_socket_serves_and_goes_with_the_server() {
    use std::os::unix::net::UnixStream;
    use std::process::{Command, Stdio};
    let directory = tempfile::TempDir::new().unwrap();
    super::server::load(&directory.path().join("a.db"), None, "one", "The first");
    let socket = directory.path().join("a.sock");
    let start = || {
        let mut child = Command::new(env!("CARGO_BIN_EXE_belligraph"))
            .args(["--store", "a.db", "serve", "--bind", "unix:a.sock"])
            .current_dir(directory.path())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        for _ in 0..200 {
            if UnixStream::connect(&socket).is_ok() {
                break;
            }
            assert!(child.try_wait().unwrap().is_none(), "the server did not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        child
    };
    let mut child = start();
    let mut stream = UnixStream::connect(&socket).unwrap();
    stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // Killed, it leaves its socket; the next one takes its place, and told to stop it clears up.
    child.kill().unwrap();
    child.wait().unwrap();
    let mut child = start();
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
    assert!(!socket.exists());
}
