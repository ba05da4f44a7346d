//! Servers that clients know by a path: the store's base IRI has one, or a proxy hands on what lies below one.

use super::server::{Answer, Server};

/// Every address in a page.
fn addresses(page: &str) -> Vec<&str> {
    let starts = ["href=\"", "action=\"", "src=\""];
    let of = |start: &'static str| page.split(start).skip(1).filter_map(|rest| rest.split('"').next());
    starts.into_iter().flat_map(of).filter(|address| !address.starts_with('#')).collect()
}

fn lead_below(root: &str, answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = answer.text();
    for address in addresses(&text) {
        assert!(address.starts_with(root) || address.starts_with("http"), "`{address}` leads out of {root}: {text}");
    }
}

fn dereferences(server: &Server, root: &str) {
    // What the proxy hands on with the path, and what it hands on without.
    for path in [format!("{root}/place/benghazi"), "/place/benghazi".to_owned()] {
        let thing = server.get(&path, "text/turtle");
        assert_eq!(thing.status, 303, "{path}: {}", thing.text());
        assert_eq!(thing.header("location"), format!("{root}/place/benghazi.ttl"), "{path}");
        assert!(thing.header("link").contains(&format!("<{root}/place/benghazi.jsonld>")), "{thing:?}");
        let document = server.follow(&path, "text/turtle");
        assert_eq!(document.status, 200, "{path}");
        assert!(document.text().contains("article:one"), "{}", document.text());
        assert!(document.header("link").contains(&format!("<{root}/.well-known/void>")), "{document:?}");
        lead_below(root, &server.follow(&path, "text/html"));
    }
    for page in ["/", "/events", "/search?q=first", "/sparql", "/article/one.html"] {
        lead_below(root, &server.get(&format!("{root}{page}"), "text/html"));
        lead_below(root, &server.get(page, "text/html"));
    }
    let bare = server.get(root, "text/html");
    assert_eq!((bare.status, bare.header("location")), (308, format!("{root}/")));
    for path in ["/sparql?query=ASK%7B%7D", "/dump.nq", "/health/ready", "/events.atom", "/gsp?default"] {
        assert_eq!(server.get(&format!("{root}{path}"), "*/*").status, 200, "{path}");
    }
    let lost = server.get(&format!("{root}/nothing"), "text/html");
    assert_eq!(lost.status, 404);
    for address in addresses(&lost.text()) {
        assert!(address.starts_with(root), "{address}");
    }
    let description = server.get(&format!("{root}/openapi.json"), "*/*").text();
    assert!(description.contains(&format!("\"url\": \"{root}/\"")), "{description:.600}");
}

#[test]
fn a_base_with_a_path_is_served() {
    let server = Server::with(Some("https://example.org/kg/"), &[]);
    dereferences(&server, "/kg");
    let feed = server.get("/kg/events.atom", "*/*").text();
    assert!(feed.contains("href=\"https://example.org/kg/events.atom\""), "{feed}");
}

#[test]
fn a_server_below_a_path_is_served_whatever_the_base() {
    dereferences(&Server::with(None, &["--path", "/war/graph/"]), "/war/graph");
    dereferences(&Server::with(Some("https://example.org/kg/"), &["--path", "/data"]), "/data");
    let forwarded = Server::with(Some("https://example.org/kg/"), &["--path", "/data"]).request(
        "GET",
        "/data/sparql",
        &[("Host", "public.example"), ("X-Forwarded-Proto", "https"), ("Accept", "text/turtle")],
        b"",
    );
    assert!(forwarded.text().contains("<https://public.example/data/sparql>"), "{}", forwarded.text());
}
