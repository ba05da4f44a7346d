//! Training: from a treebank in CoNLL-U to a model file, the same bytes every time.
//!
//! [`run`] reads treebanks and writes the models. All weights are whole numbers, examples are shuffled by a
//! generator with a fixed seed, and nothing depends on the order of a hash map or on the number of threads.

mod parser;
mod random;
mod segment;
mod tagger;
pub mod variants;

use super::atoms::Atoms;
use super::conllu::{self, ConlluError, Tree, TreeWord};
use super::hashing::hash_lower;
use super::lemmas::{Backoff, Lemmatiser};
use super::model_file::ModelError;
use super::parser::features::Sentence;
use super::pipeline::{Pipeline, Words};
use super::tagger::{Tag, Tagger};
use super::{Deprel, Upos, intern};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::thread::ScopedJoinHandle;

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
    /// A treebank without a sentence.
    #[error("`{path}` holds no sentence: is it a treebank in CoNLL-U?")]
    Empty {
        /// The file.
        path: String,
    },
    /// Sentences that are too few to be cut in parts.
    #[error(
        "{found} sentences are too few to train on: at least {FEWEST} are needed, of which some are left out in turn"
    )]
    TooFew {
        /// How many there are.
        found: usize,
    },
    /// A sentence that is no tree.
    #[error("sentence {number} `{id}`: {reason}")]
    Sentence {
        /// Which of the sentences, from 1.
        number: usize,
        /// Its name in the treebank.
        id: String,
        /// What is wrong with it.
        reason: String,
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

/// Trains all models on the treebanks in the files `treebanks` and writes them to the folder `to`, their names beginning with
/// `language`, telling `progress` what it does.
///
/// # Errors
/// A file that cannot be read or written, a treebank that is no CoNLL-U, or what [`train`] refuses.
pub fn run(treebanks: &[PathBuf], to: &Path, language: &str, progress: &mut dyn FnMut(&str)) -> Result<(), TrainError> {
    let io = |path: &Path| {
        let path = path.display().to_string();
        move |source| TrainError::Io { path, source }
    };
    let mut trees = Vec::new();
    for treebank in treebanks {
        let text = std::fs::read_to_string(treebank).map_err(io(treebank))?;
        let path = || treebank.display().to_string();
        let read = conllu::parse(&text).map_err(|source| TrainError::Treebank { path: path(), source })?;
        if read.is_empty() {
            return Err(TrainError::Empty { path: path() });
        }
        trees.extend(read);
    }
    let file = |part: &str| to.join(format!("{language}-{part}.bglang"));
    // What cannot be written is better known before the training than after it.
    std::fs::create_dir_all(to).map_err(io(to))?;
    let probe = file("probe");
    std::fs::write(&probe, "").and_then(|()| std::fs::remove_file(&probe)).map_err(io(&probe))?;
    let Trained { words, accurate, fast } = train(&trees, progress)?;
    let name = |part: &str| format!("{language}-{part}");
    Pipeline::from_bytes((&name("words"), &words), (&name("accurate"), &accurate))?;
    Pipeline::from_bytes((&name("words"), &words), (&name("fast"), &fast))?;
    for (part, bytes) in [("words", words), ("accurate", accurate), ("fast", fast)] {
        let path = file(part);
        std::fs::write(&path, bytes).map_err(io(&path))?;
    }
    Ok(())
}

const ACCURATE: parser::Settings = parser::Settings { width: 4, rounds: 8, bytes: 10_500_000 };
const GUIDE: parser::Settings = parser::Settings { width: 1, rounds: 8, bytes: 2_800_000 };
const FAST: parser::Settings = parser::Settings { width: 1, rounds: 10, bytes: 3_250_000 };

/// In so many parts a treebank is cut: what learns from the answers of something learned gets, for each part, answers
/// learned on the others.
const FOLDS: usize = 5;

/// The fold of a sentence by its number. Ten sentences in a row go into the same, so that a fold has most documents but not
/// their neighbours.
fn fold(sentence: usize) -> usize {
    sentence / 10 % FOLDS
}

/// With fewer sentences all would be in one fold, and none left to learn from for those who learn from the answers of others.
const FEWEST: usize = 20;

/// The longest sentence, in words: the parser counts them in sixteen bits, and needs one number for the root.
const LONGEST: usize = 65_000;

/// Refuses what cannot be learned from.
fn check(trees: &[Tree]) -> Result<(), TrainError> {
    if trees.len() < FEWEST {
        return Err(TrainError::TooFew { found: trees.len() });
    }
    for (i, tree) in trees.iter().enumerate() {
        let length = tree.words.len();
        let reason = match conllu::fault(tree) {
            Some((_, reason)) => reason,
            None if length == 0 => "it has no words".to_owned(),
            None if length > LONGEST => format!("it has {length} words, more than {LONGEST}"),
            None => continue,
        };
        return Err(TrainError::Sentence { number: i + 1, id: tree.id.clone(), reason });
    }
    Ok(())
}

/// Trains all models.
///
/// # Errors
/// Fewer than twenty sentences, or one whose words are no tree; models that cannot be written as files.
pub fn train(trees: &[Tree], progress: &mut dyn FnMut(&str)) -> Result<Trained, TrainError> {
    check(trees)?;
    let Prepared { words, trees, sources, mut sentences } = prepare(trees, progress);
    progress("dependencies, fast");
    let mut pipeline = Pipeline { words, parser: parser::train(&trees, &sentences, FAST, progress) };
    let (words, fast) = pipeline.to_bytes()?;
    progress("dependencies, from the end");
    let guide = parser::train_guide(&trees, &mut sentences, |i| fold(sources[i]), GUIDE, progress);
    progress("dependencies, accurate");
    pipeline.parser = parser::train(&trees, &sentences, ACCURATE, progress);
    pipeline.parser.guide = Some(Box::new(guide));
    let (_, accurate) = pipeline.to_bytes()?;
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
        std::iter::once(first).chain(others.into_iter().map(joined)).collect()
    })
}

/// What a thread gives. One that panicked leaves nothing to go on with: its panic goes on here.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// The seeds of what is trained several times begin here.
const FIRST_SEED: u64 = 37;

/// What the parsers are trained on: the models of the words, and the sentences with the tags that the parser will see.
struct Prepared {
    words: Words,
    trees: Vec<Tree>,
    /// For each of them the number of the sentence of the treebank that it is, or is a variant of.
    sources: Vec<usize>,
    sentences: Vec<Sentence>,
}

/// Forms with their tag and lemma. The past and the participle of a verb mostly are one form with one lemma: where the
/// treebank has only one of them, it stands for the other.
fn lemma_examples<'t>(trees: &'t [Tree], tag_numbers: &BTreeMap<Tag, u32>) -> Vec<(&'t str, u32, &'t str)> {
    let number = |upos: Upos, xpos: &'static str| tag_numbers.get(&(upos, xpos)).copied();
    let words = || {
        let words = trees.iter().flat_map(|t| &t.words);
        words.filter(|w| w.deprel != Deprel::Goeswith && w.xpos != "GW")
    };
    let example =
        |w: &'t TreeWord| (w.form.as_str(), number(w.upos, intern::intern(&w.xpos)).unwrap_or(0), w.lemma.as_str());
    let mut examples: Vec<_> = words().map(example).collect();
    let seen: BTreeSet<(&str, u32)> = examples.iter().map(|&(form, tag, _)| (form, tag)).collect();
    examples.extend(words().filter_map(|w| {
        let other = match w.xpos.as_str() {
            "VBD" => "VBN",
            "VBN" => "VBD",
            _ => return None,
        };
        let tag = number(w.upos, other)?;
        (!seen.contains(&(w.form.as_str(), tag))).then_some((w.form.as_str(), tag, w.lemma.as_str()))
    }));
    examples
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
    let tag_of = |w: &TreeWord| tag_numbers.get(&(w.upos, intern::intern(&w.xpos))).copied().unwrap_or(0);
    let lemmatiser = Lemmatiser::learn(&lemma_examples(trees, &tag_numbers));
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
    Prepared { words, trees: with_variants, sources, sentences }
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
