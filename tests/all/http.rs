//! A running server, asked over a socket.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use belligraph::store::{Access, ArticleGraph, RunDescription, Store};
use oxrdf::{Literal, NamedNode, Triple};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn load(path: &Path, key: &str, title: &str) {
    let store = Store::open_or_create(path, None).unwrap();
    let article = NamedNode::new(format!("http://localhost:7878/article/{key}")).unwrap();
    let label = NamedNode::new("http://www.w3.org/2000/01/rdf-schema#label").unwrap();
    let place = NamedNode::new("http://localhost:7878/place/benghazi").unwrap();
    let about = NamedNode::new("https://w3id.org/belligraph/ontology#place").unwrap();
    let triples =
        vec![Triple::new(article.clone(), label, Literal::from(title)), Triple::new(article.clone(), about, place)];
    let mut run = store.begin_run(&RunDescription::new("load")).unwrap();
    run.replace_article(&ArticleGraph::new(article, triples)).unwrap();
    run.finish().unwrap();
}

/// A server that is stopped when it is dropped.
struct Server {
    child: Child,
    address: SocketAddr,
    directory: TempDir,
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Server {
    fn start() -> Self {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("a.db");
        load(&path, "one", "The first");
        let mut child = Command::new(env!("CARGO_BIN_EXE_belligraph"))
            .args(["--store", path.to_str().unwrap(), "serve", "--bind", "127.0.0.1:0", "--timeout", "2"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).unwrap().split('/').next().unwrap().parse().unwrap();
        Self { child, address, directory }
    }

    fn store(&self) -> PathBuf {
        self.directory.path().join("a.db")
    }

    fn send(&self, request: &str, body: &str) -> Answer {
        let mut socket = TcpStream::connect(self.address).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let length = body.len();
        write!(socket, "{request}\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")
            .unwrap();
        let mut text = String::new();
        socket.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let body = if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
            unchunk(body)
        } else {
            body.to_owned()
        };
        Answer { status, head: head.to_ascii_lowercase(), body }
    }

    fn get(&self, path: &str, accept: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\r\nAccept: {accept}"), "")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn unchunk(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((length, rest)) = body.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16).unwrap();
        if length == 0 {
            return whole;
        }
        whole.push_str(&rest[..length]);
        body = &rest[length + 2..];
    }
    panic!("the body was cut short")
}

const SELECT: &str = "/sparql?query=SELECT%20%3Ft%20%7B%20%3Fa%20rdfs%3Alabel%20%3Ft%20%7D%20ORDER%20BY%20%3Ft";

#[test]
fn queries_are_answered_in_the_format_asked_for() {
    let server = Server::start();
    let answer = server.get(SELECT, "*/*");
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.head.contains("content-type: application/sparql-results+json"), "{}", answer.head);
    assert!(answer.head.contains("vary: accept"), "{}", answer.head);
    assert!(answer.body.contains("\"The first\""), "{}", answer.body);
    assert_eq!(server.get(SELECT, "text/csv").body, "t\r\nThe first\r\n");
    assert_eq!(server.get(&format!("{SELECT}&format=csv"), "image/png").body, "t\r\nThe first\r\n");
    assert_eq!(server.get(SELECT, "image/png").status, 406);
    assert_eq!(server.get("/sparql?query=SELECT", "*/*").status, 400);
    assert_eq!(server.get("/sparql", "application/json").status, 400);
    assert!(server.get("/sparql", "text/html").body.contains("<form"));
    assert_eq!(server.get(&format!("{SELECT}&query=ASK%7B%7D"), "*/*").status, 400);
    assert_eq!(server.get(&format!("{SELECT}&default-graph-uri=http%3A%2F%2Fnone%2F"), "text/csv").body, "t\r\n");
    let form = "query=SELECT+%3Ft+%7B+%3Fa+rdfs%3Alabel+%3Ft+%7D&format=tsv";
    let answer = server.send("POST /sparql HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded", form);
    assert_eq!(answer.body, "?t\n\"The first\"\n");
    let direct = server.send(
        "POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\nAccept: text/turtle",
        "DESCRIBE article:one",
    );
    assert_eq!(direct.status, 200, "{}", direct.body);
    assert!(direct.body.contains("rdfs:label \"The first\""), "{}", direct.body);
    let update = server.send("POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-update", "CLEAR ALL");
    assert_eq!(update.status, 403);
    assert_eq!(server.send("POST /sparql HTTP/1.1\r\nContent-Type: text/plain", "ASK {}").status, 415);
    assert_eq!(server.send("DELETE /sparql HTTP/1.1", "").status, 405);
}

#[test]
fn iris_can_be_followed() {
    let server = Server::start();
    let turtle = server.get("/article/one", "text/turtle");
    assert_eq!(turtle.status, 200, "{}", turtle.body);
    assert!(turtle.body.contains("rdfs:label \"The first\""), "{}", turtle.body);
    let place = server.get("/place/benghazi", "application/n-triples");
    assert!(
        place.body.contains("<http://localhost:7878/article/one> <https://w3id.org/belligraph/ontology#place>"),
        "{}",
        place.body
    );
    assert!(server.get("/place/benghazi", "application/ld+json").body.starts_with(['{', '[']));
    assert!(server.get("/article/one", "text/html,*/*;q=0.8").body.contains("<table>"));
    assert_eq!(server.get("/article/none", "*/*").status, 404);
    assert_eq!(server.get("/article/%zz", "*/*").status, 404);
}

#[test]
fn articles_can_be_loaded_while_the_server_runs() {
    let server = Server::start();
    load(&server.store(), "two", "The second");
    let began = Instant::now();
    while !server.get(SELECT, "text/csv").body.contains("The second") {
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
    let answer = server.send("POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query", &query);
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(answer.body.contains("took longer than 2 s"), "{}", answer.body);
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
    assert_eq!(names, ["a.db", "a.db.lock"]);
}
