//! How fast names of places are found and placed: `cargo bench --bench gazetteer`.

use belligraph::lexicon::{Gazetteer, PlaceContext, PlaceQuery, disambiguate};
use std::path::Path;

fn main() {
    Gazetteer::embedded();
    divan::main();
}

/// The example articles, split at white space.
fn words() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/articles");
    let mut files: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    files.sort();
    let texts = files.iter().filter_map(|f| std::fs::read_to_string(f).ok());
    texts.flat_map(|t| t.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[divan::bench]
fn scan_example_articles(bencher: divan::Bencher<'_, '_>) {
    let words = words();
    let words: Vec<&str> = words.iter().map(|w| w.trim_matches([',', '.', ';', '"', '“', '”'])).collect();
    bencher.counter(divan::counter::ItemsCount::new(words.len())).bench(|| Gazetteer::embedded().scan(&words));
}

#[divan::bench]
fn look_up_one_name() -> usize {
    Gazetteer::embedded().lookup(divan::black_box("Deir ez-Zor")).len()
}

#[divan::bench]
fn place_five_names_together() -> usize {
    let names =
        ["Benghazi", "Tripoli", "Misrata", "Sirte", "Zawiya"].map(|name| PlaceQuery { name, ..PlaceQuery::default() });
    disambiguate(Gazetteer::embedded(), divan::black_box(&names), &PlaceContext::default()).len()
}
