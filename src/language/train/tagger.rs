//! Training of the tagger.

use super::super::atoms::Atoms;
use super::super::conllu::Tree;
use super::super::intern::intern;
use super::super::lookup::Lookup;
use super::super::tagger::{Context, Lexicon, Scratch, Tag, Tagger, best, capitals};
use super::super::weights::{Scores, TrainingWeights, Weights};
use super::random::Random;
use std::collections::BTreeMap;

/// A word is taken to be always tagged alike if it is this frequent, and nearly always was.
const SURE: u32 = 15;
const EPOCHS: usize = 7;
/// Weights below are left out: with them the models are three times as large, and no better by a tenth of a percent.
const FLOOR: i8 = 19;

/// The sentences of a treebank as the tagger sees them.
struct Sentences {
    tags: Vec<Tag>,
    /// The number of the sentence each was made from.
    sources: Vec<usize>,
    words: Vec<(Vec<Atoms>, Vec<u16>)>,
}

impl Sentences {
    fn of(trees: &[Tree], sources: &[usize]) -> Self {
        let mut counts: BTreeMap<Tag, u32> = BTreeMap::new();
        for word in trees.iter().flat_map(|t| &t.words) {
            *counts.entry((word.upos, intern(&word.xpos))).or_default() += 1;
        }
        let tags: Vec<Tag> = counts.into_iter().filter(|&(_, n)| n >= 3).map(|(tag, _)| tag).collect();
        let numbers: BTreeMap<Tag, u16> = tags.iter().zip(0..).map(|(&tag, n)| (tag, n)).collect();
        let fallback = |tag: Tag| tags.iter().position(|t| t.0 == tag.0).unwrap_or(0) as u16;
        let words = trees
            .iter()
            .map(|tree| {
                let gold = tree.words.iter().map(|w| {
                    let tag = (w.upos, intern(&w.xpos));
                    numbers.get(&tag).copied().unwrap_or_else(|| fallback(tag))
                });
                (tree.words.iter().map(|w| Atoms::of(&w.form)).collect(), gold.collect())
            })
            .collect();
        Self { tags, sources: sources.to_vec(), words }
    }
}

const FOLDS: usize = 5;

/// Tags given to a sentence, with the next likely ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) tags: Vec<u16>,
    pub(super) others: Vec<u16>,
    pub(super) margins: Vec<f32>,
}

/// This share of the words that are not sure of their tag is in doubt.
const DOUBTFUL: f64 = 0.2;

/// Trains the tagger, and tags every sentence with a tagger that has not seen it.
pub(super) fn train(
    trees: &[Tree],
    sources: &[usize],
    jackknife: bool,
    progress: &mut dyn FnMut(&str),
) -> (Tagger, Vec<Given>) {
    let all = Sentences::of(trees, sources);
    // Ten sentences in a row go into the same fold, so that a fold has most documents but not their neighbours.
    let fold_of = |i: usize| sources[i] / 10 % FOLDS;
    let length = all.words.len();
    let everything: Vec<usize> = (0..length).collect();
    let without = |fold: usize| -> Vec<usize> { (0..length).filter(|&i| fold_of(i) != fold).collect() };
    progress("tags, first reading");
    // The folds do not depend on each other: each has its thread.
    let mut before = vec![Vec::new(); length];
    let mut tagger = std::thread::scope(|scope| {
        let all = &all;
        let folds: Vec<_> = (0..FOLDS)
            .map(|fold| {
                let chosen = without(fold);
                scope.spawn(move || {
                    let tagger = train_first(all, &chosen);
                    let mut scratch = Scratch::default();
                    let rest = (0..length).filter(|&i| fold_of(i) == fold);
                    rest.map(|i| {
                        let mut tags = Vec::new();
                        tagger.tag_once(&all.words[i].0, &mut tags, &mut scratch);
                        (i, tags)
                    })
                    .collect::<Vec<_>>()
                })
            })
            .collect();
        let tagger = train_first(all, &everything);
        for (i, tags) in folds.into_iter().flat_map(|fold| fold.join().unwrap_or_default()) {
            before[i] = tags;
        }
        tagger
    });
    progress(&format!("tags, second reading ({:.2} % right so far)", accuracy(&all, &before)));
    let mut given = vec![Given::default(); length];
    let second = std::thread::scope(|scope| {
        let (all, before, tagger) = (&all, &before, &tagger);
        let folds: Vec<_> = (0..if jackknife { FOLDS } else { 0 })
            .map(|fold| {
                let chosen = without(fold);
                scope.spawn(move || {
                    let second = train_second(all, &chosen, before, tagger);
                    let tagger = Tagger { second, doubt: f32::INFINITY, ..tagger.clone() };
                    let mut scratch = Scratch::default();
                    let rest = (0..length).filter(|&i| fold_of(i) == fold);
                    rest.map(|i| {
                        let atoms = &all.words[i].0;
                        let mut given = Given::default();
                        scratch.lexical = atoms.iter().map(|a| tagger.lexicon.entry(a.lower)).collect();
                        scratch.before.clone_from(&before[i]);
                        tagger.tag_again(atoms, &mut given.tags, &mut scratch);
                        given.others.clone_from(&scratch.others);
                        given.margins.clone_from(&scratch.margins);
                        (i, given)
                    })
                    .collect::<Vec<_>>()
                })
            })
            .collect();
        let second = train_second(all, &everything, before, tagger);
        for (i, tags) in folds.into_iter().flat_map(|fold| fold.join().unwrap_or_default()) {
            given[i] = tags;
        }
        second
    });
    tagger.second = second;
    if jackknife {
        let mut margins: Vec<f32> = given.iter().flat_map(|g| &g.margins).copied().filter(|m| m.is_finite()).collect();
        margins.sort_by(f32::total_cmp);
        tagger.doubt = margins.get((margins.len() as f64 * DOUBTFUL) as usize).copied().unwrap_or(0.0);
        for given in &mut given {
            for i in 0..given.tags.len() {
                if given.margins[i] >= tagger.doubt {
                    given.others[i] = given.tags[i];
                }
            }
        }
        let tags: Vec<Vec<u16>> = given.iter().map(|g| g.tags.clone()).collect();
        let others: Vec<Vec<u16>> = given.iter().map(|g| g.others.clone()).collect();
        progress(&format!(
            "  {:.2} % right, the next likely tag {:.2} %",
            accuracy(&all, &tags),
            accuracy(&all, &others)
        ));
    }
    (tagger, given)
}

fn accuracy(all: &Sentences, given: &[Vec<u16>]) -> f64 {
    let (mut right, mut words) = (0_usize, 0_usize);
    for ((_, gold), given) in all.words.iter().zip(given) {
        words += gold.len();
        right += gold.iter().zip(given).filter(|(a, b)| a == b).count();
    }
    100.0 * right as f64 / words as f64
}

fn train_first(all: &Sentences, chosen: &[usize]) -> Tagger {
    // What a word can be is counted without the variants, which come after the treebank's own sentences.
    let lexicon = lexicon(chosen.iter().filter(|&&i| all.sources[i] == i).map(|&i| &all.words[i]));
    let mut tagger = Tagger { tags: all.tags.clone(), lexicon, ..Tagger::default() };
    tagger.first = perceptron(all, chosen, &tagger, |context, lexical, given, i, _, keys| {
        context.features(lexical, given, i, keys);
    });
    tagger
}

fn train_second(all: &Sentences, chosen: &[usize], before: &[Vec<u16>], tagger: &Tagger) -> Weights {
    perceptron(all, chosen, tagger, |context, lexical, given, i, sentence, keys| {
        context.features(lexical, given, i, keys);
        context.features_after(&before[sentence], given, i, keys);
    })
}

fn perceptron(
    all: &Sentences,
    chosen: &[usize],
    tagger: &Tagger,
    features: impl Fn(&Context<'_>, &[u32], &[u16], usize, usize, &mut Vec<u32>),
) -> Weights {
    let mut weights = TrainingWeights::new(2);
    let mut random = Random::new(23);
    let mut order = chosen.to_vec();
    let (mut keys, mut given) = (Vec::new(), Vec::new());
    let mut scores = vec![0; tagger.tags.len()];
    for _ in 0..EPOCHS {
        random.shuffle(&mut order);
        for &sentence in &order {
            let (atoms, gold) = &all.words[sentence];
            let lexical: Vec<u32> = atoms.iter().map(|a| tagger.lexicon.entry(a.lower)).collect();
            let context = Context { atoms, capitals: capitals(atoms) };
            given.clear();
            for i in 0..atoms.len() {
                let tag = tagger.sure(&atoms[i]).unwrap_or_else(|| {
                    features(&context, &lexical, &given, i, sentence, &mut keys);
                    scores.fill(0);
                    weights.add_scores(&keys, &mut scores);
                    weights.tick();
                    let guess = best(&scores);
                    if guess != gold[i] as usize {
                        weights.update(&keys, gold[i] as usize, 1);
                        weights.update(&keys, guess, -1);
                    }
                    guess as u16
                });
                given.push(tag);
            }
        }
    }
    weights.average(FLOOR)
}

fn lexicon<'a>(sentences: impl Iterator<Item = &'a (Vec<Atoms>, Vec<u16>)>) -> Lexicon {
    let mut counts: BTreeMap<u32, BTreeMap<u16, u32>> = BTreeMap::new();
    for (atoms, tags) in sentences {
        for (word, &tag) in atoms.iter().zip(tags) {
            *counts.entry(word.lower).or_default().entry(tag).or_default() += 1;
        }
    }
    let mut sets: BTreeMap<Vec<u16>, u32> = BTreeMap::new();
    let mut words = BTreeMap::new();
    for (&word, tags) in &counts {
        let total: u32 = tags.values().sum();
        if total < 3 {
            continue;
        }
        let mut frequent: Vec<(u32, u16)> =
            tags.iter().filter(|&(_, &n)| n * 20 >= total).map(|(&tag, &n)| (n, tag)).collect();
        frequent.sort_by_key(|&(n, tag)| (std::cmp::Reverse(n), tag));
        if total >= SURE && frequent[0].0 * 400 >= total * 399 {
            words.insert(word, Lexicon::SURE + u32::from(frequent[0].1));
        } else {
            let set: Vec<u16> = frequent.into_iter().take(4).map(|(_, tag)| tag).collect();
            let next = sets.len() as u32;
            words.insert(word, *sets.entry(set).or_insert(next));
        }
    }
    Lexicon { words: Lookup::new(&words) }
}
