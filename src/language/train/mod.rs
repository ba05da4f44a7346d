//! Training: from a treebank in CoNLL-U to a model file, the same bytes every time.
//!
//! [`run`] reads `train.conllu` in a folder and writes the model. All weights are whole numbers, examples are shuffled by a
//! generator with a fixed seed, and nothing depends on the order of a hash map or on the number of threads.

mod parser;
mod random;
mod segment;
mod tagger;

use super::conllu::{self, ConlluError, Tree};
use super::lemmas::{Backoff, Lemmatiser};
use super::model_file::ModelError;
use super::pipeline::Pipeline;
use super::{Deprel, intern};
use std::collections::BTreeMap;
use std::path::Path;

/// Why training stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// A file could not be read or written.
    #[error("`{path}`: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The treebank is no CoNLL-U.
    #[error("`{path}`: {source}")]
    Treebank {
        /// The file.
        path: String,
        /// Where and why.
        source: ConlluError,
    },
    /// The model just written cannot be read back.
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// Trains all models on the treebank `treebank` and writes them to `to`, telling `progress` what it does.
///
/// # Errors
/// A file that cannot be read or written, or a treebank that is no CoNLL-U.
pub fn run(treebank: &Path, to: &Path, progress: &mut dyn FnMut(&str)) -> Result<(), TrainError> {
    let io = |path: &Path| {
        let path = path.display().to_string();
        move |source| TrainError::Io { path, source }
    };
    let text = std::fs::read_to_string(treebank).map_err(io(treebank))?;
    let trees =
        conllu::parse(&text).map_err(|source| TrainError::Treebank { path: treebank.display().to_string(), source })?;
    let pipeline = pipeline(&trees, progress);
    let file = pipeline.to_bytes();
    Pipeline::from_bytes(&to.display().to_string(), &file)?;
    std::fs::write(to, file).map_err(io(to))
}

/// Trains all models.
pub(super) fn pipeline(trees: &[Tree], progress: &mut dyn FnMut(&str)) -> Pipeline {
    progress("sentences and tokens");
    let segmenter = segment::train(trees);
    progress("tags");
    let tagger = tagger::train(trees);
    progress("lemmas and features");
    let tag_numbers: BTreeMap<_, u32> = tagger.tags.iter().zip(0..).map(|(&tag, n)| (tag, n)).collect();
    let words = || trees.iter().flat_map(|t| &t.words);
    let tag_of = |w: &conllu::TreeWord| tag_numbers.get(&(w.upos, intern::intern(&w.xpos))).copied().unwrap_or(0);
    let examples: Vec<(&str, u32, &str)> = words()
        .filter(|w| w.deprel != Deprel::Goeswith && w.xpos != "GW")
        .map(|w| (w.form.as_str(), tag_of(w), w.lemma.as_str()))
        .collect();
    let lemmatiser = Lemmatiser::learn(&examples);
    let mut numbers: BTreeMap<&str, u16> = BTreeMap::new();
    for word in words() {
        let next = numbers.len() as u16;
        numbers.entry(&word.feats).or_insert(next);
    }
    let mut bundles = vec![""; numbers.len()];
    for (feats, &number) in &numbers {
        bundles[number as usize] = intern::intern(feats);
    }
    let feats = Backoff::learn(words().map(|w| (w.form.as_str(), tag_of(w), numbers[w.feats.as_str()])));
    progress("jackknifed tags");
    let tags = tagger::jackknife(trees, &tagger.tags, 5);
    progress("dependencies");
    let parser = parser::train(trees, &tags, progress);
    Pipeline { segmenter, tagger, lemmatiser, bundles, feats, parser }
}
