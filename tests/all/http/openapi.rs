//! `openapi.json` says of every address what there is, besides those of SPARQL.

use super::server::Server;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What the SPARQL 1.1 Protocol describes, and the endpoint itself.
const SPARQL: [&str; 2] = ["/sparql", "/sparql/"];

/// The documents on things, which have no route of their own: the description names those on articles for all.
const THINGS: [&str; 1] = ["/article/{key}.{suffix}"];

/// The addresses in the routers of the sources.
fn routes(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            routes(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let quoted = text.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
            found.extend(quoted.map(|route| route.replace("{*", "{")));
        }
    }
}

#[test]
fn every_route_is_described() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http");
    let text = fs::read_to_string(source.join("openapi.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let described: BTreeSet<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let mut routed = BTreeSet::new();
    routes(&source, &mut routed);
    assert!(routed.len() > 15, "{routed:?}");
    for route in &routed {
        let (is_sparql, is_described) = (SPARQL.contains(&route.as_str()), described.contains(route.as_str()));
        assert!(is_sparql != is_described, "`{route}` is to be in openapi.json or among those of SPARQL");
    }
    for path in described {
        assert!(THINGS.contains(&path) || routed.contains(path), "openapi.json has `{path}`, the router has not");
    }
}

#[test]
fn what_is_described_answers() {
    let server = Server::start();
    let told = server.get("/openapi.json", "*/*");
    let document: Value = serde_json::from_slice(&told.body).unwrap();
    assert_eq!(document["servers"][0]["url"], "/");
    for (path, operations) in document["paths"].as_object().unwrap() {
        let Some(get) = operations.get("get") else { continue };
        let path = path.replace("{key}", "one").replace("{name}", "pages.css").replace("{path}", "none");
        let path = path.replace("{suffix}", if path.starts_with("/dump") { "nq" } else { "ttl" });
        let answer = server.get(&path, "*/*");
        let responses = get["responses"].as_object().unwrap();
        let as_described = responses.get(&answer.status.to_string());
        assert!(as_described.is_some(), "{path} answers {}: {}", answer.status, answer.text());
        if let Some(content) = as_described.unwrap()["content"].as_object() {
            let media_type = answer.header("content-type").split(';').next().unwrap_or_default().to_owned();
            assert!(content.contains_key(&media_type), "{path} answers in {media_type}");
        }
    }
}
