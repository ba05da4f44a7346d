//! Who may change what, and changes beside readers.

use super::server::{ADMIN, READER, Server, WRITER, encode, load};
use tempfile::TempDir;

const UPDATE: &str = "application/sparql-update";
const INSERT: &str = "INSERT DATA { GRAPH <my/notes> { <a> <b> <c> } }";

#[test]
fn without_tokens_nobody_changes_anything() {
    let server = Server::start();
    for (method, path, media_type, body) in [
        ("POST", "/sparql", UPDATE, INSERT),
        ("POST", "/sparql", "application/x-www-form-urlencoded", "update=CLEAR%20ALL"),
        ("PUT", "/gsp?graph=http%3A%2F%2Fe%2Fg", "text/turtle", "<a> <b> <c> ."),
        ("POST", "/gsp", "text/turtle", "<a> <b> <c> ."),
        ("DELETE", "/gsp?default", "text/turtle", ""),
        ("POST", "/articles", "text/plain", "A headline\n\nA body."),
        ("DELETE", "/article/one", "text/plain", ""),
    ] {
        let refused = server.with_token(WRITER, method, path, media_type, body.as_bytes());
        assert_eq!(refused.status, 403, "{method} {path}: {}", refused.text());
        assert!(refused.text().contains("--token-file"), "{}", refused.text());
    }
}

#[test]
fn each_token_has_its_rights() {
    let server = Server::writable(&[]);
    let without = server.post("/sparql", UPDATE, "*/*", INSERT);
    assert_eq!(without.status, 401);
    assert!(without.header("www-authenticate").starts_with("Bearer realm="), "{without:?}");
    let wrong = server.with_token("writer-0123456789abcdeF", "POST", "/sparql", UPDATE, INSERT.as_bytes());
    assert_eq!(wrong.status, 401);
    assert!(wrong.header("www-authenticate").contains("invalid_token"), "{wrong:?}");
    let reader = server.with_token(READER, "POST", "/sparql", UPDATE, INSERT.as_bytes());
    assert_eq!(reader.status, 403);
    assert!(reader.header("www-authenticate").contains("scope=\"write\""), "{reader:?}");
    let writer = server.with_token(WRITER, "POST", "/sparql", UPDATE, INSERT.as_bytes());
    assert_eq!((writer.status, writer.text().as_str()), (200, "1 inserted, 0 removed\n"));
    let ask = "ASK { GRAPH <my/notes> { <a> <b> <c> } }";
    assert!(server.post("/sparql", "application/sparql-query", "*/*", ask).text().contains("true"));
    let all = server.with_token(WRITER, "POST", "/sparql", UPDATE, b"CLEAR ALL");
    assert_eq!(all.status, 403, "{}", all.text());
    assert_eq!(server.with_token(ADMIN, "POST", "/sparql", UPDATE, b"CLEAR ALL").status, 200);
    assert!(server.post("/sparql", "application/sparql-query", "*/*", ask).text().contains("false"));
    for kept in
        ["INSERT DATA { GRAPH <graph/shared> { <a> <b> <c> } }", "DROP GRAPH <graph/meta>", "LOAD <http://127.0.0.1/>"]
    {
        let refused = server.with_token(ADMIN, "POST", "/sparql", UPDATE, kept.as_bytes());
        assert_eq!(refused.status, 403, "{kept}: {}", refused.text());
    }
    assert_eq!(server.with_token(ADMIN, "PUT", "/graph/shared", "text/turtle", b"").status, 405);
    let kept = format!("/gsp?graph={}", encode("http://localhost:7878/graph/shared"));
    assert_eq!(server.with_token(ADMIN, "PUT", &kept, "text/turtle", b"<a> <b> <c> .").status, 403);
}

#[test]
fn a_private_server_is_read_with_a_token_only() {
    let server = Server::writable(&["--private"]);
    for path in ["/", "/sparql?query=ASK%7B%7D", "/.well-known/void", "/gsp?default", "/dump.nq", "/none"] {
        assert_eq!(server.get(path, "*/*").status, 401, "{path}");
        let allowed = server.with_token(READER, "GET", path, "text/plain", b"").status;
        assert!(matches!(allowed, 200 | 303 | 404), "{path}: {allowed}");
    }
    assert_eq!(server.request("OPTIONS", "/sparql", &[], b"").status, 204);
}

#[test]
fn a_private_server_has_no_hole_where_its_base_begins_like_a_check_of_health() {
    let directory = TempDir::new().unwrap();
    load(&directory.path().join("a.db"), Some("http://localhost:7878/health/"), "one", "The first");
    let server = Server::with_tokens(directory, &["--private"]);
    for path in ["/health/article/one.ttl", "/article/one.ttl", "/health/graph/shared.ttl", "/healthy"] {
        assert_eq!(server.get(path, "*/*").status, 401, "{path}");
    }
    assert_eq!(server.with_token(READER, "GET", "/article/one.ttl", "text/plain", b"").status, 200);
    assert_eq!(server.get("/health/ready", "*/*").status, 200);
}

#[test]
fn a_file_of_tokens_must_be_sound() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("tokens");
    for (text, complaint) in [
        ("", "holds no token"),
        ("write short", "shorter than 16"),
        ("own 0123456789abcdef0123", "no right"),
        ("write 0123456789abcdef0123 more", "not two words"),
    ] {
        std::fs::write(&path, text).unwrap();
        drop(belligraph::store::Store::open_or_create(directory.path().join("a.db"), None).unwrap());
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_belligraph"))
            .args(["--store", "a.db", "serve", "--bind", "127.0.0.1:0", "--token-file", "tokens"])
            .current_dir(directory.path())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(complaint), "{told}");
    }
}

#[test]
fn a_change_waits_for_no_reader_and_no_reader_for_a_change() {
    let server = Server::writable(&[]);
    std::thread::scope(|scope| {
        let writers = (0..4).map(|writer| {
            let server = &server;
            scope.spawn(move || {
                for i in 0..5 {
                    let text = format!("INSERT DATA {{ GRAPH <my/{writer}> {{ <s> <p{writer}> {i} }} }}");
                    let answer = server.with_token(WRITER, "POST", "/sparql", UPDATE, text.as_bytes());
                    assert_eq!(answer.status, 200, "{}", answer.text());
                    let seen = format!("ASK {{ <s> <p{writer}> {i} }}");
                    let seen = server.post("/sparql", "application/sparql-query", "*/*", &seen);
                    assert!(seen.text().contains("true"), "a writer does not see what it wrote");
                }
            })
        });
        let writers: Vec<_> = writers.collect();
        for _ in 0..2 {
            let server = &server;
            scope.spawn(move || {
                for _ in 0..20 {
                    assert_eq!(server.get("/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D", "*/*").status, 200);
                }
            });
        }
        for writer in writers {
            writer.join().unwrap();
        }
    });
    let count = "SELECT (COUNT(*) AS ?n) { <s> ?p ?o }";
    let answer = server.post("/sparql", "application/sparql-query", "text/csv", count);
    assert_eq!(answer.text(), "n\r\n20\r\n");
}

#[test]
fn a_graph_is_changed_only_as_the_client_knows_it() {
    let server = Server::writable(&[]);
    let put = |condition: (&str, &str), body: &str| {
        let authorization = format!("Bearer {WRITER}");
        let headers = [("Authorization", authorization.as_str()), ("Content-Type", "text/turtle"), condition];
        server.request("PUT", "/gsp/notes", &headers, body.as_bytes()).status
    };
    assert_eq!(put(("If-Match", "*"), "<a> <b> 1 ."), 412);
    assert_eq!(put(("If-None-Match", "*"), "<a> <b> 1 ."), 201);
    assert_eq!(put(("If-None-Match", "*"), "<a> <b> 2 ."), 412);
    let tag = server.get("/gsp/notes", "application/ld+json").header("etag");
    assert_eq!(put(("If-Match", &tag), "<a> <b> 3 ."), 204);
    assert_eq!(put(("If-Match", &tag), "<a> <b> 4 ."), 412);
    assert!(server.get("/gsp/notes", "text/turtle").text().contains(" 3 "));
    for (media_type, body, status) in [
        ("text/turtle", "<a> <b", 400),
        ("application/msword", "", 415),
        ("application/ld+json", r#"{"@context": "http://127.0.0.1:1/context", "a": 1}"#, 400),
    ] {
        let refused = server.with_token(WRITER, "PUT", "/gsp/notes", media_type, body.as_bytes());
        assert_eq!(refused.status, status, "{media_type}: {}", refused.text());
    }
}

#[test]
fn other_endpoints_are_asked_only_where_allowed() {
    let other = Server::start();
    let endpoint = format!("http://{}/sparql", other.address);
    let query = |endpoint: &str| {
        format!("SELECT ?t {{ SERVICE <{endpoint}> {{ ?a rdfs:label ?t FILTER(?t = \"The first\") }} }}")
    };
    let ask = |server: &Server, endpoint: &str| {
        server.post("/sparql", "application/sparql-query", "text/csv", &query(endpoint))
    };
    let server = Server::start();
    let refused = ask(&server, &endpoint);
    assert_eq!(refused.status, 403, "{}", refused.text());
    assert!(refused.text().contains("--allow-service"), "{}", refused.text());
    let silent = query(&endpoint).replace("SERVICE", "SERVICE SILENT");
    assert_eq!(server.post("/sparql", "application/sparql-query", "text/csv", &silent).status, 200);
    for address in [endpoint.as_str(), "http://localhost:1/sparql", "http://[::1]/sparql", "file:///etc/passwd"] {
        let server = Server::with(None, &["--allow-service", address]);
        let refused = ask(&server, address);
        assert!(matches!(refused.status, 403 | 502), "{address}: {}", refused.text());
        assert!(refused.text().contains("public") || refused.text().contains("scheme"), "{}", refused.text());
    }
    let server = Server::with(None, &["--allow-service", &endpoint, "--allow-private"]);
    let answer = ask(&server, &endpoint);
    assert_eq!((answer.status, answer.text().as_str()), (200, "t\r\nThe first\r\n"));
    assert!(server.get("/sparql", "text/turtle").text().contains("BasicFederatedQuery"));
    let gone = endpoint.replace("/sparql", "/none");
    assert_eq!(ask(&server, &gone).status, 403);
    let server = Server::with(None, &["--allow-service", &gone, "--allow-private"]);
    assert_eq!(ask(&server, &gone).status, 502);
}
