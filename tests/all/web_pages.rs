//! Fetches pages from a server on this machine: redirects, limits, media types, character sets, and what is refused.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where its premises fail")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use belligraph::article::{Article, Input, ReadError, ReadOptions, read};

/// A server that answers each path in its own way; it ends with the tests.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut request = String::new();
                let mut lines = BufReader::new(&stream);
                lines.read_line(&mut request).unwrap_or_default();
                let mut line = String::new();
                while lines.read_line(&mut line).is_ok_and(|count| count > 2) {
                    line.clear();
                }
                let path = request.split(' ').nth(1).unwrap_or_default();
                let _ = (&stream).write_all(&answer(path));
            });
        }
    });
    format!("http://{address}")
}

fn answer(path: &str) -> Vec<u8> {
    let with = |head: &str, body: &[u8]| {
        let mut answer =
            format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len()).into_bytes();
        answer.extend_from_slice(body);
        answer
    };
    let page = |canonical: &str| {
        format!(
            "<html><head><link rel=canonical href='{canonical}'><title>Head</title></head><body><p>The body.</p></body>"
        )
    };
    match path {
        "/page" => with("200 OK\r\nContent-Type: text/html", page("https://another.example/x").as_bytes()),
        "/latin" => with("200 OK\r\nContent-Type: text/plain; charset=iso-8859-1", b"Head\n\nCaf\xE9 in D\xE9raa."),
        "/lines" => {
            with("200 OK\r\nContent-Type: application/x-ndjson", b"{\"text\": \"One.\"}\n{\"text\": \"Two.\"}\n")
        }
        "/a.jsonl" => with("200 OK", b"{\"text\": \"One.\"}\n"),
        "/moved" => with("302 Found\r\nLocation: /page", b""),
        "/file" => with("302 Found\r\nLocation: file:///etc/passwd", b""),
        "/loop" => with("302 Found\r\nLocation: /loop", b""),
        "/image" => with("200 OK\r\nContent-Type: image/png", b"\x89PNG"),
        "/large" => with("200 OK\r\nContent-Type: text/plain", "x ".repeat(10_000).as_bytes()),
        "/denied" => with("403 Forbidden", b"no"),
        "/slow" => {
            thread::sleep(Duration::from_secs(5));
            Vec::new()
        }
        _ => with("404 Not Found", b"nothing"),
    }
}

fn fetch(url: &str, options: ReadOptions) -> Vec<Result<Article, ReadError>> {
    read([Input::Url(url.to_owned())], options).collect()
}

fn allowed() -> ReadOptions {
    ReadOptions { allow_private: true, max_bytes: 10_000, timeout: Duration::from_secs(2), ..ReadOptions::default() }
}

#[test]
fn pages_are_fetched() {
    let server = server();
    let one = |path: &str| fetch(&format!("{server}{path}"), allowed()).remove(0).unwrap();
    for path in ["/page", "/moved"] {
        let article = one(path);
        assert_eq!((article.headline.as_str(), article.body.as_str()), ("Head", "The body."));
        // A page may not pass for a page of another site.
        assert_eq!(article.url, Some(format!("{server}/page")));
    }
    assert_eq!(one("/latin").body, "Café in Déraa.");
    assert_eq!(fetch(&format!("{server}/lines"), allowed()).len(), 2);
    assert_eq!(one("/a.jsonl").body, "One.");
}

#[test]
fn what_cannot_be_fetched_says_why() {
    let server = server();
    for (path, reason) in [
        ("/missing", "the server answered 404 Not Found"),
        ("/denied", "the server answered 403 Forbidden (the site does not give it to programs"),
        ("/file", "not a web address: the scheme `file` is not fetched"),
        ("/loop", "redirected more than 5 times"),
        ("/image", "`image/png` is no format of articles"),
        ("/large", "larger than the limit of 10000 bytes (raise it with `--max-size`)"),
        ("/slow", "no complete answer within 2s"),
    ] {
        let url = format!("{server}{path}");
        let error = fetch(&url, allowed()).remove(0).expect_err(path).to_string();
        assert!(error.starts_with(&format!("{url}: {reason}")), "{error}");
    }
}

#[test]
fn addresses_that_are_not_public_are_refused() {
    let server = server();
    let port = server.rsplit(':').next().unwrap();
    for host in ["127.0.0.1", "localhost", "[::1]", "127.1", "0x7f000001", "2130706433", "[::ffff:127.0.0.1]"] {
        let url = format!("http://{host}:{port}/page");
        let error = fetch(&url, ReadOptions::default()).remove(0).expect_err(host).to_string();
        assert!(error.contains(": refused: `") && error.contains("not public (`--allow-private`"), "{error}");
    }
}
