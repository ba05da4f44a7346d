//! Training: from a treebank in CoNLL-U to a model file, the same bytes every time.
//!
//! [`run`] reads `train.conllu` in a folder and writes the model. All weights are whole numbers, examples are shuffled by a
//! generator with a fixed seed, and nothing depends on the order of a hash map or on the number of threads.

mod parser;
mod random;
mod segment;
mod tagger;
pub mod variants;

use super::atoms::Atoms;
use super::conllu::{self, ConlluError, Tree};
use super::hashing::hash_lower;
use super::lemmas::{Backoff, Lemmatiser};
use super::model_file::ModelError;
use super::parser::features::Sentence;
use super::pipeline::{Pipeline, Words};
use super::tagger::Tagger;
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

/// The models of a language.
#[derive(Clone, Debug)]
pub struct Trained {
    /// Sentences, tokens, tags, lemmas and features.
    pub words: Vec<u8>,
    /// Dependencies, with several hypotheses.
    pub accurate: Vec<u8>,
    /// Dependencies, with one.
    pub fast: Vec<u8>,
}

/// Trains all models on the treebank `treebank` and writes them to the folder `to`, their names beginning with
/// `language`, telling `progress` what it does.
///
/// # Errors
/// A file that cannot be read or written, or a treebank that is no CoNLL-U.
pub fn run(treebank: &Path, to: &Path, language: &str, progress: &mut dyn FnMut(&str)) -> Result<(), TrainError> {
    let io = |path: &Path| {
        let path = path.display().to_string();
        move |source| TrainError::Io { path, source }
    };
    let text = std::fs::read_to_string(treebank).map_err(io(treebank))?;
    let trees =
        conllu::parse(&text).map_err(|source| TrainError::Treebank { path: treebank.display().to_string(), source })?;
    let Trained { words, accurate, fast } = train(&trees, progress)?;
    Pipeline::from_bytes((language, &words), (language, &accurate))?;
    Pipeline::from_bytes((language, &words), (language, &fast))?;
    for (part, file) in [("words", words), ("accurate", accurate), ("fast", fast)] {
        let path = to.join(format!("{language}-{part}.bglang"));
        std::fs::write(&path, file).map_err(io(&path))?;
    }
    Ok(())
}

const ACCURATE: parser::Settings = parser::Settings { width: 8, rounds: 9, bytes: 11_000_000 };
const FAST: parser::Settings = parser::Settings { width: 1, rounds: 10, bytes: 3_300_000 };

/// Trains all models.
///
/// # Errors
/// If they cannot be written as files.
pub fn train(trees: &[Tree], progress: &mut dyn FnMut(&str)) -> Result<Trained, ModelError> {
    let Prepared { words, trees, sentences } = prepare(trees, progress);
    progress("dependencies");
    let (accurate, fast) = std::thread::scope(|scope| {
        let fast = scope.spawn(|| parser::train(&trees, &sentences, FAST, &mut |_| ()));
        let accurate = parser::train(&trees, &sentences, ACCURATE, progress);
        (accurate, fast.join())
    });
    let mut pipeline = Pipeline { words, parser: accurate };
    let (words, accurate) = pipeline.to_bytes()?;
    pipeline.parser = fast.unwrap_or_default();
    let (_, fast) = pipeline.to_bytes()?;
    Ok(Trained { words, accurate, fast })
}

/// Trains the same so many times, from different seeds, each in a thread of its own; the first tells `progress` how it goes.
fn trained<T: Send>(
    times: usize,
    one: impl Fn(u64, &mut dyn FnMut(&str)) -> T + Sync,
    progress: &mut dyn FnMut(&str),
) -> Vec<T> {
    std::thread::scope(|scope| {
        let one = &one;
        let others: Vec<_> = (1..times as u64).map(|n| scope.spawn(move || one(FIRST_SEED + n, &mut |_| ()))).collect();
        let first = one(FIRST_SEED, progress);
        // A thread that panicked has nothing to give; the panic itself is told by the thread.
        std::iter::once(first).chain(others.into_iter().filter_map(|thread| thread.join().ok())).collect()
    })
}

/// The seeds of what is trained several times begin here.
const FIRST_SEED: u64 = 37;

/// What the parsers are trained on: the models of the words, and the sentences with the tags that the parser will see.
struct Prepared {
    words: Words,
    trees: Vec<Tree>,
    sentences: Vec<Sentence>,
}

/// Trains all but the parsers.
fn prepare(trees: &[Tree], progress: &mut dyn FnMut(&str)) -> Prepared {
    progress("sentences and tokens");
    let segmenter = segment::train(trees);
    let mut sources: Vec<usize> = (0..trees.len()).collect();
    let mut with_variants = trees.to_vec();
    for (source, tree) in variants::variants(trees) {
        sources.push(source);
        with_variants.push(tree);
    }
    let (tagger, given) = tagger::train(&with_variants, &sources, progress);
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
    let sentences = with_variants.iter().zip(&given).map(|(t, g)| sentence(t, g, &tagger, &lemmatiser)).collect();
    let words = Words { segmenter, tagger, lemmatiser, bundles, feats };
    Prepared { words, trees: with_variants, sentences }
}

/// A sentence of the treebank as the parser will see it: with the tags and lemmas that the models give it.
fn sentence(tree: &Tree, given: &tagger::Given, tagger: &Tagger, lemmatiser: &Lemmatiser) -> Sentence {
    let mut sentence = Sentence::default();
    let mut lemma = String::new();
    for (i, word) in tree.words.iter().enumerate() {
        let tag = given.tags[i];
        lemmatiser.lemma(&word.form, u32::from(tag), &mut lemma);
        let pair = tagger.tags[tag as usize];
        sentence.push(&Atoms::of(&word.form), tag, given.others[i], hash_lower(&lemma), pair);
    }
    sentence
}
