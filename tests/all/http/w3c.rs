//! The requests of the W3C suites for the SPARQL 1.1 Protocol, the Graph Store Protocol and Service Description.

use super::manifest::{CNT, HT, Known, LABEL, MF, Manifest, UT, name, parse, suites, text, value};
use super::server::{ADMIN, Answer, Server, encode};
use oxrdf::dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm};
use oxrdf::{Graph, Term};
use oxrdfio::RdfFormat;
use std::path::Path;

#[test]
fn the_protocol_suite() {
    let Some(root) = suites() else { return };
    let server = Server::writable(&["--default-graph", "unnamed"]);
    let mut known = Known::read();
    run(&server, &root, &Manifest::read(&root, "sparql/sparql11/protocol/manifest.ttl"), &mut known);
    known.judge("SPARQL 1.1 Protocol");
}

#[test]
fn the_graph_store_protocol_suite() {
    let Some(root) = suites() else { return };
    let server = Server::writable(&["--default-graph", "unnamed"]);
    let mut known = Known::read();
    for manifest in Manifest::read(&root, "sparql/sparql11/graph-store-protocol/manifest.ttl").included(&root) {
        run(&server, &root, &manifest, &mut known);
    }
    known.judge("SPARQL 1.1 Graph Store Protocol");
}

#[test]
fn the_service_description_suite() {
    let Some(root) = suites() else { return };
    let server = Server::start();
    let mut known = Known::read();
    let manifest = Manifest::read(&root, "sparql/sparql11/service-description/manifest.ttl");
    let host = format!("{}", server.address);
    let answer = server.request("GET", "/sparql", &[("Host", &host), ("Accept", "text/turtle")], b"");
    let endpoint = format!("http://{host}/sparql");
    for test in manifest.entries() {
        let name = name(&manifest, &test);
        let graph = || parse(&answer.text(), RdfFormat::Turtle, &endpoint);
        let ask = |pattern: &str| graph().iter().any(|triple| triple.to_string().contains(pattern));
        let outcome = match name.rsplit('/').next().unwrap() {
            "returns-rdf" => answer.status == 200 && !graph().is_empty(),
            "has-endpoint-triple" => {
                ask(&format!("<http://www.w3.org/ns/sparql-service-description#endpoint> <{endpoint}>"))
            }
            "conforms-to-schema" => ask("<http://www.w3.org/ns/sparql-service-description#Service>"),
            other => panic!("`{other}` is a new test"),
        };
        known.note(name, if outcome { Ok(()) } else { Err(answer.text()) });
    }
    known.judge("SPARQL 1.1 Service Description");
}

fn run(server: &Server, root: &Path, manifest: &Manifest, known: &mut Known) {
    for test in manifest.entries() {
        let cleared = server.admin("POST", "/sparql", "application/sparql-update", b"DROP ALL");
        assert_eq!(cleared.status, 200, "{}", cleared.text());
        for data in manifest.all(&test, UT, "graphData") {
            let graph = manifest.value(&data, LABEL, "").unwrap();
            let body = text(root, &manifest.value(&data, UT, "graph").unwrap());
            let target = format!("/gsp?graph={}", encode(&graph));
            let loaded = server.admin("PUT", &target, "application/n-triples", body.as_bytes());
            assert_eq!(loaded.status, 201, "{}", loaded.text());
        }
        let action = manifest.one(&test, MF, "action").unwrap();
        let mut location = String::new();
        let mut outcome = Ok(());
        for request in manifest.list(&action, HT, "requests") {
            outcome = outcome.and_then(|()| exchange(server, manifest, &request, &mut location));
        }
        known.note(name(manifest, &test), outcome);
    }
}

/// Sends one request of a test and compares the answer.
fn exchange(server: &Server, manifest: &Manifest, request: &Term, location: &mut String) -> Result<(), String> {
    let method = manifest.value(request, HT, "methodName").unwrap();
    let path = manifest.value(request, HT, "absolutePath").unwrap().replace("$LOCATION$", location);
    let mut headers = vec![("Authorization".to_owned(), format!("Bearer {ADMIN}"))];
    headers.push(("Host".to_owned(), "www.example".to_owned()));
    headers.extend(fields(manifest, request));
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let body = manifest.one(request, HT, "body").map(|body| content(manifest, &body)).unwrap_or_default();
    let answer = server.request(&method, &path, &headers, &body);
    let response = manifest.one(request, HT, "resp").unwrap();
    let told = format!("{method} {path} answered {} {}", answer.status, answer.text());
    let statuses: Vec<_> = manifest.all(&response, MF, "expectedStatus").iter().map(value).collect();
    if !statuses.iter().any(|expected| is(answer.status, expected)) {
        return Err(format!("{told}\nexpected {statuses:?}"));
    }
    if let Some(expected) = manifest.value(&response, MF, "expectedBoolean")
        && !answer.text().replace(' ', "").contains(&format!("\"boolean\":{expected}"))
    {
        return Err(format!("{told}\nexpected {expected}"));
    }
    if manifest.one(&response, MF, "expectedLocation").is_some() {
        *location = answer.header("location");
        if location.is_empty() {
            return Err(format!("{told}\nexpected a Location"));
        }
    }
    let types: &[&str] = match manifest.value(&response, MF, "expectedFormat").as_deref() {
        Some("boolean") => &["application/sparql-results+json", "application/sparql-results+xml"],
        Some("tabular") => &["application/sparql-results+json", "application/sparql-results+xml", "text/csv"],
        Some("RDF") => &["text/turtle; charset=utf-8", "application/n-triples", "application/rdf+xml"],
        _ => &[],
    };
    let found = answer.header("content-type");
    if !types.is_empty() && !types.contains(&found.as_str()) {
        return Err(format!("{told}\nas {found}"));
    }
    for (name, expected) in fields(manifest, &response) {
        if answer.header(&name) != expected {
            return Err(format!("{told}\nexpected {name}: {expected}"));
        }
    }
    if let Some(body) = manifest.one(&response, HT, "body") {
        let expected = String::from_utf8(content(manifest, &body)).unwrap();
        same_graph(&answer, &expected).map_err(|difference| format!("{told}\n{difference}"))?;
    }
    Ok(())
}

fn same_graph(answer: &Answer, expected: &str) -> Result<(), String> {
    let base = "http://www.example/";
    let (mut expected, mut found) =
        (parse(expected, RdfFormat::Turtle, base), parse(&answer.text(), RdfFormat::Turtle, base));
    for graph in [&mut expected, &mut found] {
        let hash_algorithm = CanonicalizationHashAlgorithm::Sha256;
        graph.canonicalize(CanonicalizationAlgorithm::Rdfc10 { hash_algorithm });
    }
    if expected == found { Ok(()) } else { Err(format!("expected\n{}", show(&expected))) }
}

fn show(graph: &Graph) -> String {
    graph.iter().map(|triple| format!("{triple} .\n")).collect()
}

fn fields(manifest: &Manifest, message: &Term) -> Vec<(String, String)> {
    let headers = manifest.list(message, HT, "headers").into_iter();
    let field = |header: &Term, name| manifest.value(header, HT, name).unwrap();
    headers.map(|header| (field(&header, "fieldName"), field(&header, "fieldValue"))).collect()
}

fn content(manifest: &Manifest, body: &Term) -> Vec<u8> {
    let text = manifest.value(body, CNT, "chars").unwrap();
    match manifest.value(body, CNT, "characterEncoding").as_deref() {
        Some("UTF-16") => "\u{feff}"
            .chars()
            .chain(text.chars())
            .collect::<String>()
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect(),
        _ => text.into_bytes(),
    }
}

/// Whether a status is the one that the vocabulary of the suites names.
fn is(status: u16, expected: &str) -> bool {
    match expected.rsplit('#').next().unwrap() {
        "OK" => status == 200,
        "Created" => status == 201,
        "NoContent" => status == 204,
        "NotFound" => status == 404,
        "StatusCode2xx" => (200..300).contains(&status),
        "StatusCode3xx" => (300..400).contains(&status),
        "StatusCode4xx" => (400..500).contains(&status),
        other => panic!("`{other}` is a new status"),
    }
}
