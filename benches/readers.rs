//! How fast articles are read, in bytes of input: `cargo bench --bench readers`.

use belligraph::article::{ReadOptions, read_bytes};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

const FORMATS: [&str; 5] = ["article.txt", "article.md", "article.jsonl", "article.csv", "article.html"];

fn sample(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/readers/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).unwrap_or_default()
}

fn read_all(bencher: Bencher<'_, '_>, name: &str, bytes: &[u8]) {
    bencher
        .counter(BytesCount::of_slice(bytes))
        .bench_local(|| read_bytes(name, black_box(bytes), ReadOptions::default()).on_warning(drop).flatten().count());
}

/// One small article of each format.
#[divan::bench(args = FORMATS)]
fn one_article(bencher: Bencher<'_, '_>, name: &str) {
    read_all(bencher, name, &sample(name));
}

/// A thousand articles in JSON lines.
#[divan::bench]
fn thousand_lines(bencher: Bencher<'_, '_>) {
    read_all(bencher, "articles.jsonl", &sample("article.jsonl").repeat(1000));
}

/// The same in Windows-1252, so that each line has to be decoded by a guess.
#[divan::bench]
fn thousand_lines_guessed(bencher: Bencher<'_, '_>) {
    let line = String::from_utf8(sample("article.json")).unwrap_or_default().replace('\n', " ");
    let (line, ..) = encoding_rs::WINDOWS_1252.encode(line.trim().trim_start_matches('[').trim_end_matches(']'));
    read_all(bencher, "articles.jsonl", &[&line[..], b"\n"].concat().repeat(1000));
}
