//! Things, documents, and what a crawler needs to keep them.

use super::server::{Server, load};
use oxrdfio::{RdfFormat, RdfParser};
use tempfile::TempDir;

const FORMATS: [(&str, &str, RdfFormat); 5] = [
    ("text/turtle", "ttl", RdfFormat::Turtle),
    ("application/n-triples", "nt", RdfFormat::NTriples),
    ("application/rdf+xml", "rdf", RdfFormat::RdfXml),
    ("application/ld+json", "jsonld", RdfFormat::JsonLd { profile: oxrdfio::JsonLdProfileSet::empty() }),
    ("application/trig", "trig", RdfFormat::TriG),
];

fn count(body: &[u8], format: RdfFormat) -> usize {
    let parser = RdfParser::from_format(format).with_base_iri("http://none/").unwrap();
    parser.for_slice(body).map(Result::unwrap).count()
}

#[test]
fn a_refusal_is_read_by_whoever_asked() {
    let server = Server::start();
    let ask =
        |path: &str, accept: &str| server.request("GET", path, &[("Accept", accept), ("X-Request-Id", "r-1")], b"");
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for path in ["/place/none", "/events?from=%3Cb%3E", "/search?page=x", "/sparql?query=SELEKT", "/nowhere/at/all"] {
        let page = ask(path, browser);
        assert!(page.status == 404 || page.status == 400, "{page:?}");
        assert!(page.header("content-type").starts_with("text/html"), "{page:?}");
        assert!(page.text().contains("</html>") && !page.text().contains("<b>"), "{}", page.text());
        assert!(page.header("content-security-policy").contains("default-src 'none'"), "{page:?}");
        let problem = ask(path, "application/json");
        assert_eq!(problem.header("content-type"), "application/problem+json", "{problem:?}");
        let told: serde_json::Value = serde_json::from_slice(&problem.body).unwrap();
        assert_eq!(told["status"], problem.status);
        assert_eq!((&told["requestId"], told["instance"].as_str()), (&"r-1".into(), path.split('?').next()));
        assert!(told["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{told}");
        let text = ask(path, "*/*");
        assert!(text.header("content-type").starts_with("text/plain"), "{text:?}");
        assert!(text.header("vary").contains("accept"), "{text:?}");
    }
    let refused = server.request("DELETE", "/events", &[("Accept", "application/json")], b"");
    assert_eq!((refused.status, refused.header("content-type").as_str()), (405, "application/problem+json"));
    assert_eq!(server.request("HEAD", "/place/none", &[("Accept", browser)], b"").body, b"");
}

#[test]
fn a_thing_is_no_document() {
    let server = Server::start();
    let mut sizes = Vec::new();
    for (media_type, suffix, format) in FORMATS {
        let thing = server.get("/place/benghazi", media_type);
        assert_eq!(thing.status, 303, "{thing:?}");
        assert_eq!(thing.header("location"), format!("/place/benghazi.{suffix}"));
        assert_eq!(thing.header("vary").to_ascii_lowercase().split(", ").filter(|v| *v == "accept").count(), 1);
        let document = server.get(&thing.header("location"), "image/png");
        assert_eq!(document.status, 200, "{document:?}");
        assert!(document.header("content-type").starts_with(media_type), "{document:?}");
        sizes.push(count(&document.body, format));
        if suffix == "jsonld" {
            let text = document.text();
            assert!(text.contains("\"@context\"") && text.contains("\"place:benghazi\""), "{text}");
            let mut quads = RdfParser::from_format(format).for_slice(&document.body).map(Result::unwrap);
            assert!(quads.all(|quad| quad.graph_name.is_default_graph()), "JSON-LD is of triples: {text}");
        }
        let links = document.header("link");
        for part in
            ["rel=\"alternate\"; type=\"text/html\"", "rel=\"license\"", "rel=\"describes\"", "rel=\"describedby\""]
        {
            assert!(links.contains(part), "{part}: {links}");
        }
        assert!(!links.contains(&format!("<{}>", thing.header("location"))), "an alternate to itself: {links}");
    }
    assert!(sizes.iter().all(|size| *size == sizes[0] && *size > 1), "{sizes:?}");
    let refused = server.get("/place/benghazi", "image/png");
    assert_eq!(refused.status, 406);
    assert!(refused.text().contains("application/ld+json"), "{}", refused.text());
    let links = server.get("/place/benghazi", "*/*").header("link");
    assert!(links.contains("</place/benghazi.ttl>; rel=\"describedby\"; type=\"text/turtle\""), "{links}");
    assert_eq!(
        server.get("/place/benghazi?format=jsonld&page=1", "*/*").header("location"),
        "/place/benghazi.jsonld?page=1"
    );
    assert_eq!(server.get("/place/benghazi.ttl?page=2", "*/*").status, 200);
    for missing in
        ["/place/none", "/place/none.ttl", "/place/benghazi.docx", "/place/benghazi.", "/%00", "/../etc/passwd"]
    {
        assert_eq!(server.get(missing, "*/*").status, 404, "{missing}");
    }
    assert_eq!(server.get("/place/benghazi.ttl?page=0", "*/*").status, 400);
    assert_eq!(server.get("/place/benghazi.ttl?page=x", "*/*").status, 400);
}

#[test]
fn an_article_answers_for_its_mentions_and_for_what_links_to_it() {
    let server = Server::start();
    let document = server.follow("/article/one", "application/n-triples").text();
    assert!(document.contains("<http://localhost:7878/article/one#body=3,5>"), "{document}");
    assert!(
        document.contains("<http://www.w3.org/ns/prov#generated> <http://localhost:7878/article/one>"),
        "{document}"
    );
}

#[test]
fn what_a_client_has_it_need_not_fetch_again() {
    let server = Server::start();
    for path in ["/article/one.ttl", "/graph/meta.nt", "/gsp?default", "/.well-known/void", "/dump.nq", "/sparql"] {
        let first = server.get(path, "*/*");
        assert_eq!(first.status, 200, "{path}: {}", first.text());
        let (tag, date) = (first.header("etag"), first.header("last-modified"));
        assert!(tag.starts_with('"') && date.ends_with(" GMT"), "{path}: {first:?}");
        for condition in [("If-None-Match", tag.as_str()), ("If-Modified-Since", date.as_str())] {
            let again = server.request("GET", path, &[condition], b"");
            assert_eq!((again.status, again.body.len()), (304, 0), "{path} {condition:?}");
            assert_eq!(again.header("etag"), tag, "{path}");
        }
        assert_eq!(server.request("GET", path, &[("If-None-Match", "\"x\"")], b"").status, 200);
        let head = server.request("HEAD", path, &[], b"");
        assert_eq!((head.status, head.body.len(), head.header("etag")), (200, 0, tag.clone()), "{path}");
        assert_eq!(head.header("content-type"), first.header("content-type"), "{path}");
        let mut tags = vec![tag];
        for coding in ["gzip", "br"] {
            let packed = server.request("GET", path, &[("Accept-Encoding", coding)], b"");
            if packed.header("content-encoding").is_empty() {
                // Too short to be worth it.
                assert!(packed.body.len() < 64, "{path}: {packed:?}");
                continue;
            }
            assert_eq!(packed.header("content-encoding"), coding, "{path}");
            assert!(packed.header("vary").to_ascii_lowercase().contains("accept-encoding"), "{packed:?}");
            let tag = packed.header("etag");
            assert!(!tags.contains(&tag), "{path}: one tag for different bytes");
            let again = server.request("GET", path, &[("Accept-Encoding", coding), ("If-None-Match", &tag)], b"");
            assert_eq!((again.status, again.header("etag")), (304, tag.clone()), "{path}");
            tags.push(tag);
        }
    }
}

#[test]
fn other_origins_may_ask() {
    let server = Server::start();
    let preflight = [
        ("Origin", "https://example.org"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "authorization"),
    ];
    let allowed = server.request("OPTIONS", "/sparql", &preflight, b"");
    assert_eq!(allowed.status, 204);
    assert_eq!(allowed.header("access-control-allow-origin"), "*");
    assert!(allowed.header("access-control-allow-methods").contains("POST"));
    assert!(allowed.header("access-control-allow-headers").contains("authorization"));
    let answer = server.request("GET", "/article/one", &[("Origin", "https://example.org")], b"");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(answer.header("access-control-expose-headers").contains("link"));
    for (path, allow) in [("/sparql", "GET, HEAD, POST, OPTIONS"), ("/article/one", "GET, HEAD, PUT, DELETE, OPTIONS")]
    {
        let options = server.request("OPTIONS", path, &[], b"");
        assert_eq!((options.status, options.header("allow")), (204, allow.to_owned()), "{path}");
    }
}

#[test]
fn a_store_with_another_base_is_followed_all_the_same() {
    for base in ["https://example.org/kg/", "http://localhost:7878/"] {
        let server = Server::with(Some(base), &[]);
        for path in ["/article/one", "/kg/article/one"] {
            if path.starts_with("/kg") && !base.ends_with("/kg/") {
                continue;
            }
            let document = server.follow(path, "application/n-triples");
            assert_eq!(document.status, 200, "{base} {path}");
            assert!(document.text().contains(&format!("<{base}article/one>")), "{}", document.text());
        }
        // The endpoint is named by the address that was asked: under the base where that is it, else where the server is found.
        let (_, rest) = base.split_once("://").unwrap();
        let (authority, path) = rest.split_once('/').unwrap();
        for (host, endpoint) in
            [(authority, format!("<{base}sparql>")), ("here", format!("<http://here/{path}sparql>"))]
        {
            let headers = [("Host", host), ("Accept", "application/n-triples")];
            let void = server.request("GET", "/.well-known/void", &headers, b"");
            assert!(void.text().contains(&endpoint), "{host}: {}", void.text());
            assert!(void.header("vary").contains("host"), "{}", void.header("vary"));
            assert!(void.text().contains(&format!("#uriSpace> \"{base}\"")), "{}", void.text());
        }
    }
}

#[test]
fn letters_of_other_scripts_are_answered() {
    let directory = TempDir::new().unwrap();
    load(&directory.path().join("a.db"), None, "سرت", "Sirte");
    let server = Server::over(directory, &[]);
    let encoded = "/article/%D8%B3%D8%B1%D8%AA";
    let thing = server.get(encoded, "text/turtle");
    assert_eq!((thing.status, thing.header("location")), (303, format!("{encoded}.ttl")));
    assert!(server.get(&format!("{encoded}.nt"), "*/*").text().contains("article/سرت>"));
}

#[test]
fn the_dataset_describes_itself() {
    let server = Server::start();
    let void = server.get("/.well-known/void", "application/n-triples").text();
    for part in [
        "void#triples>",
        "void#classPartition>",
        "void#propertyPartition>",
        "void#exampleResource>",
        "void#dataDump>",
        "void#vocabulary> <https://w3id.org/belligraph/ontology#>",
        "void#sparqlEndpoint>",
        "dc/terms/license>",
    ] {
        assert!(void.contains(part), "{part}: {void}");
    }
    let service = server.get("/sparql", "application/n-triples").text();
    for part in ["#SPARQL11Query>", "#UnionDefaultGraph>", "#resultFormat>", "#extensionFunction>", "#defaultDataset>"]
    {
        assert!(service.contains(part), "{part}: {service}");
    }
    assert!(!service.contains("SPARQL11Update"), "{service}");
    for (suffix, format) in [("nq", RdfFormat::NQuads), ("trig", RdfFormat::TriG), ("ttl", RdfFormat::Turtle)] {
        let dump = server.get(&format!("/dump.{suffix}"), "*/*");
        assert_eq!(dump.status, 200, "{}", dump.text());
        assert!(dump.complete && count(&dump.body, format) > 3, "{}", dump.text());
    }
    assert_eq!(server.get("/dump.docx", "*/*").status, 404);
}
