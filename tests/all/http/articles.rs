//! Articles sent to a running server.

use super::server::{Answer, READER, Server, WRITER};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::io::Write;
use std::thread;

const TEXT: &str = "Army retakes Derna from militants\n\nThe Libyan National Army captured the port city of Derna on Friday, killing at least 12 militants, its spokesman said.\n";

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|e| panic!("{e}: {}", answer.text()))
}

fn post(server: &Server, query: &str, media_type: &str, body: &str) -> Answer {
    server.with_token(WRITER, "POST", &format!("/articles{query}"), media_type, body.as_bytes())
}

#[test]
fn an_article_is_read_stored_and_taken_away() {
    let server = Server::writable(&[]);
    let parameters = "?published=2018-06-29&publisher=Example%20Times&id=7";
    let created = post(&server, parameters, "text/plain; charset=utf-8", TEXT);
    assert_eq!(created.status, 201, "{}", created.text());
    let told = json(&created);
    let path = created.header("location");
    assert_eq!(told["article"], format!("http://localhost:7878{path}"));
    assert_eq!(told["change"], "added");
    let extracted = &told["extracted"];
    assert!(extracted["events"].as_array().is_some_and(|events| !events.is_empty()), "{told}");
    assert!(extracted["mentions"].as_array().is_some_and(|mentions| mentions.len() > 2), "{told}");
    // Who is told sees it at once, and everything it named answers.
    let document = server.follow(&path, "application/n-triples").text();
    assert!(document.contains("Army retakes Derna") && document.contains("Example Times"), "{document}");
    for event in extracted["events"].as_array().unwrap() {
        let path = event["id"].as_str().unwrap().strip_prefix("http://localhost:7878").unwrap();
        let event = server.follow(path, "application/n-triples");
        assert_eq!(event.status, 200, "{path}");
        assert!(event.text().contains("groundedannotationframework.org/gaf#denotedBy"), "{}", event.text());
    }
    let again = post(&server, parameters, "text/plain", TEXT);
    assert_eq!((again.status, json(&again)["change"].as_str()), (200, Some("unchanged")), "{}", again.text());
    let changed = post(&server, parameters, "text/plain", &TEXT.replace("12", "15"));
    assert_eq!((changed.status, json(&changed)["change"].as_str()), (200, Some("replaced")));
    assert_eq!(changed.header("location"), "");
    for (token, status) in [("none-0123456789abcdef", 401), (READER, 403), (WRITER, 204), (WRITER, 404)] {
        assert_eq!(server.with_token(token, "DELETE", &path, "", b"").status, status, "{token}");
    }
    assert_eq!(server.get(&path, "*/*").status, 303, "the log still knows of it");
    assert!(!server.follow(&path, "application/n-triples").text().contains("Army retakes Derna"));
}

#[test]
fn a_put_names_the_article() {
    let server = Server::writable(&[]);
    let put = |path: &str, condition: (&str, &str), body: &str| {
        let authorization = format!("Bearer {WRITER}");
        let headers = [("Authorization", authorization.as_str()), ("Content-Type", "text/plain"), condition];
        server.request("PUT", path, &headers, body.as_bytes())
    };
    let none = ("X-Nothing", "x");
    let created = put("/article/derna-1", none, TEXT);
    assert_eq!((created.status, created.header("location").as_str()), (201, "/article/derna-1"), "{}", created.text());
    assert_eq!(put("/article/derna-1", ("If-None-Match", "*"), TEXT).status, 412);
    assert_eq!(put("/article/derna-2", ("If-Match", "*"), TEXT).status, 412);
    let changed = put("/article/derna-1", none, "Quiet in Derna\n\nNothing happened.");
    assert_eq!((changed.status, json(&changed)["change"].as_str()), (200, Some("replaced")));
    let document = server.follow("/article/derna-1", "application/n-triples").text();
    assert!(document.contains("Quiet in Derna") && !document.contains("Army retakes"), "{document}");
    for wrong in ["/article/a/b", "/article/a.ttl", "/article/a%20b", "/article/a%2Fb"] {
        assert_eq!(put(wrong, none, TEXT).status, 400, "{wrong}");
    }
    assert!(matches!(put("/article/", none, TEXT).status, 400 | 404 | 405));
}

#[test]
fn articles_come_in_many_forms() {
    let server = Server::writable(&[]);
    let page = "<html><head><title>Shelling in Tripoli</title><meta property=\"og:title\" content=\"Shelling in Tripoli\"></head>\
        <body><article><h1>Shelling in Tripoli</h1><p>Shelling killed five people in southern Tripoli on Monday, the health ministry said in a statement to reporters.</p>\
        <p>Fighting has been going on in the suburbs of the capital for weeks, residents said by telephone on Tuesday.</p></article></body></html>";
    let one = r#"{"id": "a1", "publisher": "P", "headline": "Bomb in Benghazi", "body": "A bomb killed three people in Benghazi on Monday.", "published": "2018-01-02"}"#;
    for (media_type, body) in [
        ("text/html", page),
        ("application/json", one),
        ("text/markdown", "# A headline\n\nRebels shelled the town of Sirte on Monday."),
    ] {
        let created = post(&server, "", media_type, body);
        assert_eq!(created.status, 201, "{media_type}: {}", created.text());
        assert!(created.header("location").starts_with("/article/"), "{created:?}");
    }
    let lines = format!(
        "{one}\n{{\"id\": \"a2\", \"headline\": \"Another\", \"body\": \"Two soldiers died in Sirte.\"}}\nnot json\n{{\"id\": \"a3\"}}\n"
    );
    let created = post(&server, "", "application/x-ndjson", &lines);
    assert_eq!(created.status, 201, "{}", created.text());
    let told = json(&created);
    assert_eq!(told["articles"].as_array().unwrap().len(), 2, "{told}");
    let rejected = told["rejected"].as_array().unwrap();
    assert_eq!(rejected.len(), 2, "{told}");
    assert_eq!(rejected[0]["place"], "body.jsonl:3");
    let none = post(&server, "", "application/x-ndjson", "{\"id\": \"a3\"}\n{\"id\": \"a4\"}\n");
    assert_eq!(none.status, 422, "{}", none.text());
}

#[test]
fn what_is_no_article_is_told_why() {
    let server = Server::writable(&["--max-body", "4k"]);
    for (query, media_type, body, status, part) in [
        ("", "application/pdf", "%PDF", 415, "text/plain"),
        ("", "text/plain", "", 400, "empty"),
        ("", "text/plain", "   \n \n", 400, "nothing to read"),
        ("", "application/json", "{\"headline\": ", 400, "not valid JSON"),
        ("", "application/json", "{\"foo\": 1}", 422, "`foo`"),
        ("?published=yesterday-ish", "text/plain", TEXT, 400, "yesterday-ish"),
        ("?date=2018", "text/plain", TEXT, 400, "`date`"),
        ("", "text/plain", &"word ".repeat(2000), 413, "longer than the 4096 bytes"),
        ("", "text/plain; charset=latin1", TEXT, 415, "UTF-8"),
    ] {
        let refused = post(&server, query, media_type, body);
        assert_eq!(refused.status, status, "{query} {media_type} {body:.20}: {}", refused.text());
        assert!(refused.text().contains(part), "{part}: {}", refused.text());
    }
    assert_eq!(server.get("/articles", "*/*").status, 405);
    let long = "word ".repeat(2000);
    assert_eq!(server.post("/articles", "text/plain", "*/*", &long).status, 401, "the body is read before the token");
}

#[test]
fn what_is_sent_has_a_size_that_is_kept_to_unpacked_too() {
    let server = Server::writable(&["--max-body", "4M"]);
    let packed = |text: &[u8]| {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    };
    let send = |media_type: &str, body: &[u8]| server.with_token(WRITER, "POST", "/articles", media_type, body);
    let line = format!("{{\"headline\": \"a\", \"text\": \"{}\"}}\n", "b".repeat(500_000));
    for (name, media_type, body) in [
        ("lines", "application/x-ndjson", packed(line.repeat(200).as_bytes())),
        ("blank lines", "application/x-ndjson", packed(&vec![b'\n'; 50_000_000])),
        ("one text", "text/plain", packed(&vec![b'a'; 50_000_000])),
        ("a long text", "text/plain", format!("A headline\n\n{}", "a b. ".repeat(300_000)).into_bytes()),
        ("a long body", "text/plain", vec![b'a'; 5_000_000]),
    ] {
        let refused = send(media_type, &body);
        assert_eq!(refused.status, 413, "{name}: {}", refused.text());
        assert!(refused.text().contains("bytes") || refused.text().contains("long"), "{name}: {}", refused.text());
    }
    let some = send(
        "application/x-ndjson",
        &packed(format!("{{\"headline\": \"War\", \"text\": \"They fought.\"}}\n{line}").as_bytes()),
    );
    assert_eq!(some.status, 201, "{}", some.text());
}

#[test]
fn more_than_can_wait_are_told_to_come_back() {
    let server = Server::writable(&[]);
    // The first makes ready what the others find.
    assert_eq!(post(&server, "", "text/plain", TEXT).status, 201);
    let line = format!("{{\"headline\": \"A battle\", \"text\": \"{}\"}}\n", "The army took the town. ".repeat(400));
    let statuses: Vec<u16> = thread::scope(|scope| {
        let senders: Vec<_> = (0..16)
            .map(|_| {
                let (server, line) = (&server, &line);
                scope.spawn(move || {
                    let answer = post(server, "", "application/x-ndjson", line);
                    assert!(answer.status != 503 || !answer.header("retry-after").is_empty(), "{answer:?}");
                    answer.status
                })
            })
            .collect();
        senders.into_iter().map(|sender| sender.join().unwrap()).collect()
    });
    assert!(statuses.iter().all(|status| matches!(status, 200 | 201 | 503)), "{statuses:?}");
    assert!(statuses.contains(&503) && statuses.iter().any(|status| *status != 503), "{statuses:?}");
}

/// A body of thousands of paragraphs of one word each, which takes minutes to be read.
fn endless() -> String {
    format!("News\n\n{}", "bomb\n".repeat(200_000))
}

#[test]
fn an_article_that_takes_too_long_is_given_up_and_the_next_is_read() {
    let server = Server::writable(&["--reading-time", "15"]);
    let before = std::time::Instant::now();
    let answer = post(&server, "", "text/plain", &endless());
    assert_eq!(answer.status, 413, "{}", answer.text());
    assert!(answer.text().contains("15 s"), "{}", answer.text());
    assert!(before.elapsed().as_secs() < 60, "{:?}", before.elapsed());
    assert_eq!(post(&server, "", "text/plain", TEXT).status, 201);
}

#[test]
fn who_hangs_up_has_no_article_read() {
    let server = Server::writable(&["--reading-time", "600"]);
    let body = endless();
    let headers =
        format!("Authorization: Bearer {WRITER}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n", body.len());
    let socket = server.send("POST", "/articles", &headers, body.as_bytes());
    thread::sleep(std::time::Duration::from_secs(5));
    drop(socket);
    // It would wait a minute for its turn.
    let next = post(&server, "", "text/plain", TEXT);
    assert_eq!(next.status, 201, "{}", next.text());
}

#[test]
fn an_article_is_changed_only_as_the_client_knows_it() {
    let server = Server::writable(&[]);
    let body = |victims: &str| TEXT.replace("12", victims);
    let send = |method: &str, condition: (&str, &str), body: &str| {
        let authorization = format!("Bearer {WRITER}");
        let headers = [("Authorization", authorization.as_str()), ("Content-Type", "text/plain"), condition];
        server.request(method, "/article/derna", &headers, body.as_bytes()).status
    };
    assert_eq!(send("PUT", ("If-Match", "*"), &body("12")), 412);
    assert_eq!(send("PUT", ("If-None-Match", "*"), &body("12")), 201);
    let known = |form: &str| {
        let answer = server.get(form, "*/*");
        assert_eq!(answer.status, 200, "{form}");
        (answer.header("etag"), answer.header("last-modified"))
    };
    let forms =
        ["/article/derna.ttl", "/article/derna.html", "/gsp?graph=http%3A%2F%2Flocalhost%3A7878%2Farticle%2Fderna"];
    let tags = forms.map(|form| known(form).0);
    assert_eq!(send("PUT", ("If-Match", &format!("W/{}", tags[0])), &body("13")), 412);
    assert_eq!(send("PUT", ("If-Match", &tags[0]), &body("13")), 200);
    for tag in &tags {
        assert_eq!(send("PUT", ("If-Match", tag), &body("14")), 412, "{tag}");
        assert_eq!(send("DELETE", ("If-Match", tag), ""), 412, "{tag}");
    }
    // What others write changes names in the document, not the article.
    let (tag, _) = known("/article/derna.html");
    assert_eq!(post(&server, "", "text/plain", &TEXT.replace("Derna", "Sirte")).status, 201);
    assert_eq!(send("PUT", ("If-Match", &tag), &body("14")), 200);
    let (_, then) = known("/article/derna.ttl");
    thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(send("PUT", ("If-Unmodified-Since", &then), &body("15")), 200);
    assert_eq!(send("PUT", ("If-Unmodified-Since", &then), &body("16")), 412);
    let (tag, _) = known("/gsp?graph=http%3A%2F%2Flocalhost%3A7878%2Farticle%2Fderna");
    assert_eq!(send("DELETE", ("If-Match", &tag), ""), 204);
}

#[test]
fn control_characters_make_no_document_unreadable() {
    let server = Server::writable(&[]);
    let headline = "Army\\u0001 retakes Derna";
    let body = "On Friday\\u000b the Libyan National Army captured Derna, killing 12 militants.\\uffff";
    let article = format!(
        "{{\"id\": \"c1\", \"publisher\": \"P\\u0002\", \"published\": \"2018-06-29\", \"headline\": \"{headline}\", \"body\": \"{body}\"}}"
    );
    let created = post(&server, "?author=A%08", "application/json", &article);
    assert_eq!(created.status, 201, "{}", created.text());
    let told = json(&created);
    // One character stands for one: what was read stands where it stood.
    let mentions = told["extracted"]["mentions"].as_array().unwrap();
    let found = mentions.iter().any(|mention| {
        mention["text"].as_str().is_some_and(|text| text.ends_with("Libyan National Army"))
            && mention["end"].as_u64() == Some(35)
    });
    assert!(found, "{told}");
    // What users put into graphs of their own has not gone through a reader.
    let own = "<http://e/a> <http://e/p> \"a\\u0001b\\uFFFEc\" .";
    assert_eq!(server.with_token(WRITER, "PUT", "/gsp?graph=http://e/g", "text/turtle", own.as_bytes()).status, 201);
    let path = created.header("location");
    let query = "SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D";
    for address in [
        "/events.atom".to_owned(),
        format!("{path}.rdf"),
        format!("/sparql?query={query}&format=xml"),
        "/sparql?query=CONSTRUCT%20WHERE%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D&format=rdfxml".to_owned(),
        "/gsp?graph=http://e/g&format=rdfxml".to_owned(),
        "/dump.rdf".to_owned(),
    ] {
        let answer = server.get(&address, "*/*");
        assert_eq!(answer.status, 200, "{address}: {}", answer.text());
        let text = std::str::from_utf8(&answer.body).unwrap();
        let forbidden = text.find(|c: char| c < ' ' && !"\t\n\r".contains(c) || matches!(c, '\u{FFFE}' | '\u{FFFF}'));
        assert_eq!(forbidden, None, "{address}");
        assert!(text.contains('\u{FFFD}') || address.contains(".rdf"), "{address}");
        let mut reader = quick_xml::Reader::from_str(text);
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Eof) => break,
                Ok(_) => {}
                Err(error) => panic!("{address}: {error}"),
            }
        }
    }
}
