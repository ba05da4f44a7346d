//! How long the stages took, added up over articles and threads: what `--verbose` tells and the speed is measured by.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Time spent in the stages of a chain, and what was read in it.
#[derive(Debug, Default)]
pub struct Stages {
    analysis: AtomicU64,
    extraction: AtomicU64,
    articles: AtomicU64,
    sentences: AtomicU64,
}

impl Stages {
    /// Counts an article of so many sentences, whose analysis began and ended then, and whose extraction ends now.
    pub(super) fn add(&self, began: Instant, analysed: Instant, sentences: usize) {
        let nanoseconds = |time: Duration| time.as_nanos() as u64;
        self.analysis.fetch_add(nanoseconds(analysed - began), Ordering::Relaxed);
        self.extraction.fetch_add(nanoseconds(analysed.elapsed()), Ordering::Relaxed);
        self.articles.fetch_add(1, Ordering::Relaxed);
        self.sentences.fetch_add(sentences as u64, Ordering::Relaxed);
    }

    /// Time spent in the analysis of the language.
    pub fn analysis(&self) -> Duration {
        Duration::from_nanos(self.analysis.load(Ordering::Relaxed))
    }

    /// Time spent between the analysis and the facts.
    pub fn extraction(&self) -> Duration {
        Duration::from_nanos(self.extraction.load(Ordering::Relaxed))
    }
}

impl fmt::Display for Stages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (articles, sentences) = (self.articles.load(Ordering::Relaxed), self.sentences.load(Ordering::Relaxed));
        let (analysis, extraction) = (self.analysis().as_secs_f64(), self.extraction().as_secs_f64());
        write!(f, "{articles} articles, {sentences} sentences, analysis {analysis:.3} s, extraction {extraction:.3} s")
    }
}
