//! The one place that orders the stages: article → analysis → facts → triples, in parallel over articles.
//!
//! [`Chain`] holds what the stages need (language models, ontology, words and names), all of it immutable and shared
//! between threads. [`in_order`] keeps the order of its input and holds only a bounded number of articles at a time,
//! so that memory stays flat over a stream of any length.

mod loading;
mod stages;

pub use loading::{Loading, Summary, Toll, known_actors, known_places, stale, stored};
pub use stages::Stages;

use crate::article::{Article, ReadError};
use crate::extract::Extractor;
use crate::extract::trace::Trace;
use crate::facts::Facts;
use crate::graph::{Iris, Versions, article_graph};
use crate::language::identification::EnglishWords;
use crate::language::{Document, Pipeline};
use crate::lexicon::entries::Entries;
use crate::ontology::Ontology;
use crate::store;
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// Articles read ahead for each thread, so that a long one does not leave the others idle.
const AHEAD: usize = 32;

/// How many bytes of articles are read ahead at most, whatever their number.
const AHEAD_BYTES: usize = 64 << 20;

/// How much of a body is read, in bytes: some 150,000 words. Longer ones are no articles, and must not hold up the others.
const LONGEST_BODY: usize = 1_000_000;
/// The same for a headline.
const LONGEST_HEADLINE: usize = 10_000;

/// The stages in their order.
#[derive(Debug)]
pub struct Chain {
    language: &'static Pipeline,
    extractor: Extractor,
    english: EnglishWords,
    stages: Stages,
}

/// An article with what it says and the IRIs of it.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The article.
    pub article: Article,
    /// What it says.
    pub facts: Facts,
    /// Mints the IRIs of its facts.
    pub iris: Iris,
}

impl Chain {
    /// The chain over an ontology, with the embedded language models, places and actors.
    pub fn new(ontology: &'static Ontology) -> Self {
        Self::with_language(ontology, Pipeline::embedded())
    }

    /// The same with the fast models, which are several times as fast and make more mistakes.
    pub fn fast(ontology: &'static Ontology) -> Self {
        Self::with_language(ontology, Pipeline::embedded_fast())
    }

    fn with_language(ontology: &'static Ontology, language: &'static Pipeline) -> Self {
        let english = EnglishWords::new(Entries::embedded().of("FunctionWord").flat_map(|e| e.all("word")));
        Self { language, extractor: Extractor::new(ontology), english, stages: Stages::default() }
    }

    /// The ontology that drives the extraction.
    pub fn ontology(&self) -> &'static Ontology {
        self.extractor.ontology()
    }

    /// Analyses one article and extracts what it says; IRIs are minted under `base`.
    pub fn read(&self, article: Article, base: &str) -> Reported {
        let key = article.key();
        self.read_as(article, &key, base)
    }

    /// The same for an article whose key is known, one that a store keeps.
    pub fn read_as(&self, article: Article, key: &str, base: &str) -> Reported {
        let facts = self.facts(&article);
        let iris = Iris::new(base, key);
        Reported { article, facts, iris }
    }

    /// The same, with the analysis and with what was looked at on the way to the facts.
    pub fn trace(&self, article: Article, base: &str) -> (Reported, Document, Trace) {
        let document = self.language.analyse(&article.headline, &article.body);
        let (facts, trace) = self.extractor.trace(&article, &document);
        let iris = Iris::new(base, &article.key());
        (Reported { article, facts, iris }, document, trace)
    }

    /// What an article says.
    fn facts(&self, article: &Article) -> Facts {
        guarded(|| self.facts_of(article))
    }

    /// What an article says; nothing, with a note, where it is in a language that is not analysed.
    fn facts_of(&self, article: &Article) -> Facts {
        if let Some(language) = self.english.other_language(&article.headline, &article.body) {
            let note = format!("not extracted: it is written in {}, and only English is analysed", language.name);
            return Facts {
                other_language: Some((language.code, language.name)),
                notes: vec![note],
                ..Facts::default()
            };
        }
        let (headline, body) = (&article.headline, &article.body);
        let (read_headline, read_body) = (beginning(headline, LONGEST_HEADLINE), beginning(body, LONGEST_BODY));
        if (read_headline.len(), read_body.len()) == (headline.len(), body.len()) {
            return self.extract(article);
        }
        let shortened =
            Article { headline: read_headline.to_owned(), body: read_body.to_owned(), ..article.clone_description() };
        let mut facts = self.extract(&shortened);
        let note = |part: &str, read: &str, all: &str| {
            format!("only the first {} of {} bytes of the {part} were read", read.len(), all.len())
        };
        if read_headline.len() < headline.len() {
            facts.notes.push(note("headline", read_headline, headline));
        }
        if read_body.len() < body.len() {
            facts.notes.push(note("body", read_body, body));
        }
        facts
    }

    fn extract(&self, article: &Article) -> Facts {
        let began = Instant::now();
        let document = self.language.analyse(&article.headline, &article.body);
        let analysed = Instant::now();
        let facts = self.extractor.extract(article, &document);
        self.stages.add(began, analysed, document.sentences().len());
        facts
    }

    /// How long the stages have taken so far.
    pub fn stages(&self) -> &Stages {
        &self.stages
    }

    /// What an article puts into a store.
    pub fn graph(&self, reported: &Reported) -> store::ArticleGraph {
        let Reported { article, facts, iris } = reported;
        let graph = article_graph(article, facts, iris, self.ontology(), &versions(self.ontology()));
        store::ArticleGraph { article: graph.name, triples: graph.own, shared: graph.shared, known: graph.known }
    }
}

/// The versions of what decides the extraction.
fn versions(ontology: &Ontology) -> Versions {
    Versions {
        labels: vec![format!("belligraph {}", env!("CARGO_PKG_VERSION")), format!("ontology {}", ontology.version())],
    }
}

/// What is read, or if the program fails on it, nothing and a note: a fault that one article brings to light costs no other.
fn guarded(read: impl FnOnce() -> Facts) -> Facts {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Facts {
        notes: vec![
            "not extracted: the program failed on it, which is a fault of the program (please report it)".to_owned(),
        ],
        ..Facts::default()
    })
}

/// The beginning of a text of at most `most` bytes, up to the end of a word if that is near.
fn beginning(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let mut end = most;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let near = text[..end].rfind(char::is_whitespace).filter(|space| end - space < most / 10);
    &text[..near.unwrap_or(end)]
}

/// What an item takes up while it waits.
pub trait Weigh {
    /// About how many bytes.
    fn bytes(&self) -> usize {
        0
    }
}

impl Weigh for Result<Article, ReadError> {
    fn bytes(&self) -> usize {
        self.as_ref().map_or(0, |article| article.headline.len() + article.body.len())
    }
}

impl Weigh for oxrdf::NamedNode {}

impl<T> Weigh for &T {}

/// Runs `work` on every item in parallel and hands the results to `sink` in the order of the items. Stops early
/// when `sink` fails. Only a bounded number of items, and of their bytes, is held at a time.
///
/// # Errors
///
/// The first error of `sink`.
pub fn in_order<T: Send + Weigh, R: Send, E>(
    items: impl Iterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
    mut sink: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let batch = AHEAD * rayon::current_num_threads();
    let mut items = items.fuse();
    loop {
        let mut taken: Vec<T> = Vec::new();
        let mut bytes = 0;
        while taken.len() < batch && bytes < AHEAD_BYTES {
            let Some(item) = items.next() else { break };
            bytes += item.bytes();
            taken.push(item);
        }
        if taken.is_empty() {
            return Ok(());
        }
        let results: Vec<R> = taken.into_par_iter().map(&work).collect();
        for result in results {
            sink(result)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_on_which_the_program_fails_gives_a_note() {
        let nothing: [u8; 0] = [];
        let facts = guarded(|| Facts { notes: vec![nothing[std::hint::black_box(0)].to_string()], ..Facts::default() });
        assert!(facts.events.is_empty());
        assert!(facts.notes.iter().any(|note| note.starts_with("not extracted")), "{:?}", facts.notes);
    }
}
