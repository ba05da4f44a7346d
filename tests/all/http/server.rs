//! A running server and a client that shows all that comes over the socket.

use belligraph::store::{ArticleGraph, RunDescription, Store};
use oxrdf::{Literal, NamedNode, Triple};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// The tokens of the file that [`Server::writable`] starts with.
pub(super) const READER: &str = "reader-0123456789abcdef";
pub(super) const WRITER: &str = "writer-0123456789abcdef";
pub(super) const ADMIN: &str = "admin-0123456789abcdef";

/// Puts an article without events into a store, which is made if there is none.
pub(super) fn load(path: &Path, base: Option<&str>, key: &str, title: &str) {
    let store = Store::open_or_create(path, base).unwrap();
    let base = store.base().to_owned();
    let article = NamedNode::new(format!("{base}article/{key}")).unwrap();
    let label = NamedNode::new("http://www.w3.org/2000/01/rdf-schema#label").unwrap();
    let place = NamedNode::new(format!("{base}place/benghazi")).unwrap();
    let about = NamedNode::new("https://w3id.org/belligraph/ontology#place").unwrap();
    let mention = NamedNode::new(format!("{base}article/{key}#body=3,5")).unwrap();
    let triples = vec![
        Triple::new(article.clone(), label.clone(), Literal::from(title)),
        Triple::new(article.clone(), about, place),
        Triple::new(mention, label, Literal::from("a mention")),
    ];
    let mut run = store.begin_run(&RunDescription::new("load")).unwrap();
    run.replace_article(&ArticleGraph::new(article, triples)).unwrap();
    run.finish().unwrap();
}

/// A server that is stopped when it is dropped.
pub(super) struct Server {
    pub(super) child: Child,
    pub(super) address: SocketAddr,
    pub(super) directory: TempDir,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// Whether the body ended as the head announced it.
    pub(super) complete: bool,
}

impl Answer {
    /// The values of a header, joined.
    pub(super) fn header(&self, name: &str) -> String {
        let values: Vec<_> = self.headers.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect();
        values.join(", ")
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Server {
    /// The time that processors have given to the server and to all it started, which does not depend on what else they have to do.
    /// None where the system does not tell.
    pub(super) fn worked(&self) -> Option<Duration> {
        // Of a process: its parent, its ticks, and those of its children that have ended.
        let read = |id: &str| -> Option<(String, [u64; 2])> {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
            let ticks = |range: std::ops::Range<usize>| {
                fields.get(range)?.iter().map(|t| t.parse::<u64>().ok()).sum::<Option<u64>>()
            };
            Some(((*fields.get(1)?).to_owned(), [ticks(11..13)?, ticks(13..15)?]))
        };
        let own = self.child.id().to_string();
        let (_, [at_work, ended]) = read(&own)?;
        let names = std::fs::read_dir("/proc").ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let workers =
            names.filter_map(|id| read(&id)).filter(|(parent, _)| *parent == own).map(|(_, [ticks, _])| ticks);
        let ticks = at_work + ended + workers.sum::<u64>();
        // A hundred a second on every system that has this file.
        Some(Duration::from_millis(ticks * 10))
    }

    /// A server over a store with one article that only reads.
    pub(super) fn start() -> Self {
        Self::with(None, &["--timeout", "2"])
    }

    /// A server over an empty store that takes changes.
    pub(super) fn writable(arguments: &[&str]) -> Self {
        let directory = TempDir::new().unwrap();
        drop(Store::open_or_create(directory.path().join("a.db"), None).unwrap());
        Self::with_tokens(directory, arguments)
    }

    /// A server over the store in a directory that takes changes from the three tokens above.
    pub(super) fn with_tokens(directory: TempDir, arguments: &[&str]) -> Self {
        let tokens = format!("# a comment\n\nread {READER}\nwrite {WRITER}\n  admin\t{ADMIN}\n");
        std::fs::write(directory.path().join("tokens"), tokens).unwrap();
        Self::over(directory, &[arguments, &["--token-file", "tokens"]].concat())
    }

    /// A server over a store with this base and one article.
    pub(super) fn with(base: Option<&str>, arguments: &[&str]) -> Self {
        let directory = TempDir::new().unwrap();
        load(&directory.path().join("a.db"), base, "one", "The first");
        Self::over(directory, arguments)
    }

    /// A server over the store `a.db` in a directory.
    pub(super) fn over(directory: TempDir, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_belligraph"))
            .args(["--store", directory.path().join("a.db").to_str().unwrap(), "serve", "--bind", "127.0.0.1:0"])
            .args(arguments)
            .current_dir(directory.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("http://") {
            line.clear();
            assert!(lines.read_line(&mut line).unwrap() > 0, "the server did not start");
        }
        let address = line.split("http://").nth(1).unwrap().split('/').next().unwrap().parse().unwrap();
        // Whoever logs must find a reader.
        std::thread::spawn(move || lines.lines().map_while(Result::ok).for_each(drop));
        Self { child, address, directory }
    }

    pub(super) fn store(&self) -> PathBuf {
        self.directory.path().join("a.db")
    }

    /// Sends a request and reads all that comes.
    pub(super) fn request(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut socket = TcpStream::connect(self.address).unwrap();
        socket.set_read_timeout(Some(Duration::from_mins(4))).unwrap();
        let mut head = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            head.push_str("Host: localhost\r\n");
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() || matches!(method, "POST" | "PUT") {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        socket.write_all(head.as_bytes()).unwrap();
        // A server that refuses a body early may have closed already.
        let _ = socket.write_all(body);
        let mut bytes = Vec::new();
        match socket.read_to_end(&mut bytes) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            Err(error) => panic!("{method} {target}: {error}"),
        }
        parse(method, &bytes)
    }

    pub(super) fn get(&self, target: &str, accept: &str) -> Answer {
        self.request("GET", target, &[("Accept", accept)], b"")
    }

    /// Sends a request and reads nothing of the answer.
    pub(super) fn send(&self, method: &str, target: &str, headers: &str, body: &[u8]) -> TcpStream {
        let mut socket = TcpStream::connect(self.address).unwrap();
        socket.set_read_timeout(Some(Duration::from_mins(2))).unwrap();
        let head = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
        socket.write_all(head.as_bytes()).unwrap();
        socket.write_all(body).unwrap();
        socket
    }

    /// A number of the server's, by its name and labels.
    pub(super) fn metric(&self, name: &str) -> u64 {
        let text = self.get("/metrics", "*/*").text();
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.map_or(0, |value| value.parse().unwrap())
    }

    /// Follows redirects as a client of linked data does.
    pub(super) fn follow(&self, target: &str, accept: &str) -> Answer {
        let answer = self.get(target, accept);
        match answer.status {
            303 => self.get(&answer.header("location"), accept),
            _ => answer,
        }
    }

    /// Sends a request with the right to everything.
    pub(super) fn admin(&self, method: &str, target: &str, media_type: &str, body: &[u8]) -> Answer {
        self.with_token(ADMIN, method, target, media_type, body)
    }

    pub(super) fn with_token(&self, token: &str, method: &str, target: &str, media_type: &str, body: &[u8]) -> Answer {
        let authorization = format!("Bearer {token}");
        self.request(method, target, &[("Authorization", &authorization), ("Content-Type", media_type)], body)
    }

    /// POSTs a body of this type.
    pub(super) fn post(&self, target: &str, media_type: &str, accept: &str, body: &str) -> Answer {
        self.request("POST", target, &[("Content-Type", media_type), ("Accept", accept)], body.as_bytes())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn parse(method: &str, bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("the answer has no head");
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let body = &bytes[end + 4..];
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> = lines
        .map(|line| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_ascii_lowercase(), value.trim().to_owned())
        })
        .collect();
    let header = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
    let (body, complete) = if header("transfer-encoding").is_some_and(|value| value.contains("chunked")) {
        unchunk(body)
    } else {
        let length = header("content-length").and_then(|value| value.parse::<usize>().ok());
        (body.to_vec(), method == "HEAD" || length.is_none_or(|length| length == body.len()))
    };
    Answer { status, headers, body, complete }
}

/// The body without its chunks, and whether its end was marked.
fn unchunk(mut body: &[u8]) -> (Vec<u8>, bool) {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|window| window == b"\r\n") {
        let length = usize::from_str_radix(std::str::from_utf8(&body[..end]).unwrap(), 16).unwrap();
        if length == 0 {
            return (whole, true);
        }
        let Some(chunk) = body.get(end + 2..end + 2 + length) else { break };
        whole.extend_from_slice(chunk);
        body = body.get(end + 4 + length..).unwrap_or_default();
    }
    (whole, false)
}

/// Percent-encodes everything but letters and digits.
pub(super) fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
        encoded
    })
}
