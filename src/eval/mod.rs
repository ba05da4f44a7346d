//! Scores what the program reads from articles against what people read from the same articles.
//!
//! [`Evaluation`] is the entry point: it takes one annotated article after the other with what was read from it, and gives
//! [`Scores`]. [`Gold`] reads the annotations, [`Prediction`] is a line of the exchange format, so that the work of any
//! program can be scored, not only of this one. Each figure has a file of its own in `metrics`; all of them are named by a
//! path such as `killed.max_exact`, which floors use too ([`Floors`]). What is not annotated in an article does not count
//! there: a key that is absent says nothing, an empty list says that there is none.

mod floors;
mod gold;
mod metrics;
mod names;
mod prediction;
mod quote;
mod schemes;
mod scores;

pub use floors::{Floor, Floors, FloorsError};
pub use gold::{Annotations, Gold, GoldArticle, GoldError, GoldFailure};
pub use prediction::{Prediction, Predictions};
pub use quote::Quotes;
pub use scores::{Figure, Scores, Section, Value};

use crate::article::Field;
use crate::ontology::Ontology;
use metrics::Metric;
use prediction::Span;
use std::collections::BTreeSet;

/// How the articles are scored.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Count entities and relations of low confidence too.
    pub all_annotations: bool,
}

/// Something that was missed or is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// The figure it lowers, for instance `killed.max_exact`.
    pub figure: &'static str,
    /// What was expected and what was found, in one line.
    pub message: String,
    /// Where in the article that is seen.
    pub evidence: Vec<Passage>,
}

/// A passage of an article, in code points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Passage {
    /// What stands at a place.
    At {
        /// Whose reading it is.
        by: Reader,
        /// Where.
        field: Field,
        /// Its first code point.
        start: usize,
        /// The code point after it.
        end: usize,
    },
    /// Where these words stand, if they do.
    Words(String),
}

/// Who read something from an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The annotator.
    Gold,
    /// The program.
    Predicted,
}

impl Miss {
    fn new(figure: &'static str, message: String) -> Self {
        Self { figure, message, evidence: Vec::new() }
    }

    fn gold(mut self, (start, end): Span) -> Self {
        self.evidence.push(Passage::At { by: Reader::Gold, field: Field::Body, start, end });
        self
    }

    fn predicted(mut self, place: &prediction::Place) -> Self {
        if let Some((field, (start, end))) = place.at() {
            let passage = Passage::At { by: Reader::Predicted, field, start, end };
            if !self.evidence.contains(&passage) {
                self.evidence.push(passage);
            }
        }
        self
    }

    fn words(mut self, words: &str) -> Self {
        self.evidence.push(Passage::Words(words.to_owned()));
        self
    }
}

/// Scores articles one by one.
#[derive(Debug)]
pub struct Evaluation {
    metrics: Vec<Box<dyn Metric>>,
    articles: usize,
    predicted: usize,
    unknown: usize,
}

impl Evaluation {
    /// An evaluation without articles yet. The names of event types are those of the ontology.
    pub fn new(ontology: &Ontology, options: Options) -> Self {
        Self { metrics: metrics::all(ontology, options), articles: 0, predicted: 0, unknown: 0 }
    }

    /// Takes an article with what was read from it, nothing if it was not read, and tells what was missed.
    pub fn add(&mut self, article: &GoldArticle, prediction: Option<&Prediction>) -> Vec<Miss> {
        self.articles += 1;
        self.predicted += usize::from(prediction.is_some());
        let empty = Prediction::default();
        let prediction = prediction.unwrap_or(&empty);
        let mut misses = Vec::new();
        for metric in &mut self.metrics {
            metric.add(&article.gold, prediction, &mut misses);
        }
        misses
    }

    /// Takes note of predictions for articles that are not annotated.
    pub fn add_unknown(&mut self, count: usize) {
        self.unknown += count;
    }

    /// The figures of all articles.
    pub fn scores(&self) -> Scores {
        Scores {
            articles: self.articles,
            predicted: self.predicted,
            unknown: self.unknown,
            sections: self.metrics.iter().filter_map(|metric| metric.section()).collect(),
        }
    }

    /// The names of all figures that there can be errors of.
    pub fn figures() -> BTreeSet<&'static str> {
        metrics::SECTIONS.iter().copied().collect()
    }
}
