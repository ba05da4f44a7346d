//! Throughput of the language analysis on the example articles, in words a second on one core.

use belligraph::language::Pipeline;
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use std::path::Path;

fn main() {
    divan::main();
}

/// The example articles, one after the other.
fn text() -> String {
    let mut files: Vec<_> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/articles"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    let texts: Vec<String> = files.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    texts.join("\n\n")
}

fn analyse(bencher: Bencher<'_, '_>, pipeline: &Pipeline) {
    let text = text();
    let words = pipeline.analyse_text(&text).words().len();
    bencher
        .counter(ItemsCount::new(words))
        .counter(BytesCount::of_str(&text))
        .bench_local(|| pipeline.analyse_text(divan::black_box(&text)));
}

#[divan::bench(sample_count = 5)]
fn accurate(bencher: Bencher<'_, '_>) {
    analyse(bencher, Pipeline::embedded());
}

#[divan::bench(sample_count = 5)]
fn fast(bencher: Bencher<'_, '_>) {
    analyse(bencher, Pipeline::embedded_fast());
}
