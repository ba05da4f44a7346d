//! Training of the tagger.

use super::super::atoms::{Atoms, Casing, capitals};
use super::super::conllu::{Tree, neighbourhood_end};
use super::super::intern::intern;
use super::super::lookup::Lookup;
use super::super::tagger::{Around, Context, Known, Lexicon, Scratch, Tag, Tagger, around, best};
use super::super::weights::{Scores, TrainingWeights, Weights};
use super::random::Random;
use super::{FOLDS, fold, joined, trained};
use std::collections::BTreeMap;

/// A word is taken to be always tagged alike if it is this frequent, and nearly always was.
const SURE: u32 = 15;
const EPOCHS: usize = 8;
/// So many taggers are trained, which differ in the order of the sentences and the features left out.
const SEEDS: usize = 3;
/// Sizes of the weights of the two readings in bytes. The first only says what the second begins with.
const FIRST: usize = 1_200_000;
const SECOND: usize = 2_900_000;
/// This share of the features, in percent, is left out whenever weights are learned, so that none relies on the others.
const DROPPED: usize = 20;
/// This share of the words that are not always tagged alike is read again: those the first reading is least certain of.
const AGAIN: f64 = 0.5;
/// This share of the words read again is in doubt.
const DOUBTFUL: f64 = 0.4;

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
        let atoms = atoms_of(trees, sources);
        let words = trees
            .iter()
            .zip(atoms)
            .map(|(tree, atoms)| {
                let gold = tree.words.iter().map(|w| {
                    let tag = (w.upos, intern(&w.xpos));
                    numbers.get(&tag).copied().unwrap_or_else(|| fallback(tag))
                });
                (atoms, gold.collect())
            })
            .collect();
        Self { tags, sources: sources.to_vec(), words }
    }
}

/// The words of a treebank and its variants, each with how its neighbours write it.
pub(super) fn atoms_of(trees: &[Tree], sources: &[usize]) -> Vec<Vec<Atoms>> {
    let mut atoms: Vec<Vec<Atoms>> =
        trees.iter().map(|t| t.words.iter().map(|w| Atoms::of(&w.form)).collect()).collect();
    let own = sources.iter().enumerate().take_while(|&(i, &source)| i == source).count();
    let mut start = 0;
    let mut neighbourhood = Vec::with_capacity(own);
    let mut casing = Casing::default();
    while start < own {
        let end = neighbourhood_end(&trees[..own], start);
        casing.clear();
        atoms[start..end].iter().for_each(|words| casing.add(words));
        casing.complete();
        atoms[start..end].iter_mut().for_each(|words| casing.note(words));
        neighbourhood.resize(end, start..end);
        start = end;
    }
    // A variant stands in the text of the sentence it was made from, in place of it.
    for i in own..trees.len() {
        casing.clear();
        neighbourhood[sources[i]].clone().filter(|&n| n != sources[i]).for_each(|n| casing.add(&atoms[n]));
        casing.complete();
        casing.note(&mut atoms[i]);
    }
    atoms
}

/// What the first reading says of a sentence.
struct First {
    tags: Vec<u16>,
    margins: Vec<f32>,
    around: Vec<Around>,
}

/// Tags given to a sentence, with the next likely ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) tags: Vec<u16>,
    pub(super) others: Vec<u16>,
    pub(super) margins: Vec<f32>,
}

/// Trains the tagger, and tags every sentence with a tagger that has not seen it.
pub(super) fn train(trees: &[Tree], sources: &[usize], progress: &mut dyn FnMut(&str)) -> (Tagger, Vec<Given>) {
    let all = Sentences::of(trees, sources);
    let fold_of = |i: usize| fold(sources[i]);
    let length = all.words.len();
    let everything: Vec<usize> = (0..length).collect();
    let without = |fold: usize| -> Vec<usize> { (0..length).filter(|&i| fold_of(i) != fold).collect() };
    progress("tags, first reading");
    let lexicons = lexicons(&all);
    // The folds do not depend on each other: each has its thread.
    let mut before = vec![(Vec::new(), Vec::new()); length];
    let mut tagger = std::thread::scope(|scope| {
        let (all, lexicons) = (&all, &lexicons);
        let folds: Vec<_> = (0..FOLDS)
            .map(|fold| {
                let chosen = without(fold);
                scope.spawn(move || {
                    let tagger = train_first(all, lexicons, &chosen, 1);
                    let mut scratch = Scratch::default();
                    let rest = (0..length).filter(|&i| fold_of(i) == fold);
                    rest.map(|i| {
                        let mut tags = Vec::new();
                        let lexicon = lexicons.for_training(all.sources[i]);
                        lexicon.look_up(&all.words[i].0, &mut scratch.lexical);
                        tagger.read_once(lexicon, &all.words[i].0, &mut tags, &mut scratch);
                        (i, (tags, scratch.margins.clone()))
                    })
                    .collect::<Vec<_>>()
                })
            })
            .collect();
        let tagger = train_first(all, lexicons, &everything, SEEDS);
        for (i, first) in folds.into_iter().flat_map(joined) {
            before[i] = first;
        }
        tagger
    });
    let before: Vec<First> = before
        .into_iter()
        .map(|(tags, margins)| {
            let mut first = First { tags, margins, around: Vec::new() };
            around(&all.tags, &first.tags, &mut first.around);
            first
        })
        .collect();
    let right = accuracy(&all, before.iter().map(|b| &b.tags));
    progress(&format!("tags, second reading ({right:.2} % right so far)"));
    tagger.again = quantile(before.iter().flat_map(|b| &b.margins), AGAIN);
    tagger.doubt = f32::INFINITY;
    let mut given = vec![Given::default(); length];
    tagger.second = std::thread::scope(|scope| {
        let (all, before, tagger, lexicons) = (&all, &before, &tagger, &lexicons);
        let folds: Vec<_> = (0..FOLDS)
            .map(|fold| {
                let chosen = without(fold);
                scope.spawn(move || {
                    let second = train_second(all, lexicons, &chosen, before, tagger.again, 1);
                    let tagger = Tagger { second, ..tagger.clone() };
                    let mut scratch = Scratch::default();
                    let rest = (0..length).filter(|&i| fold_of(i) == fold);
                    rest.map(|i| {
                        let atoms = &all.words[i].0;
                        let mut given = Given::default();
                        lexicons.for_training(all.sources[i]).look_up(atoms, &mut scratch.lexical);
                        scratch.before.clone_from(&before[i].tags);
                        scratch.margins.clone_from(&before[i].margins);
                        tagger.tag_again(atoms, &mut given.tags, &mut scratch);
                        given.others.clone_from(&scratch.others);
                        given.margins.clone_from(&scratch.margins);
                        (i, given)
                    })
                    .collect::<Vec<_>>()
                })
            })
            .collect();
        let second = train_second(all, lexicons, &everything, before, tagger.again, SEEDS);
        for (i, tags) in folds.into_iter().flat_map(joined) {
            given[i] = tags;
        }
        second
    });
    tagger.doubt = quantile(given.iter().flat_map(|g| &g.margins), DOUBTFUL);
    for given in &mut given {
        for i in 0..given.tags.len() {
            if given.margins[i] >= tagger.doubt {
                given.others[i] = given.tags[i];
            }
        }
    }
    progress(&format!("  {:.2} % right", accuracy(&all, given.iter().map(|g| &g.tags))));
    (tagger, given)
}

/// The margin below which this share of those that say something lies.
fn quantile<'a>(margins: impl Iterator<Item = &'a f32>, share: f64) -> f32 {
    let mut margins: Vec<f32> = margins.copied().filter(|m| m.is_finite()).collect();
    margins.sort_by(f32::total_cmp);
    margins.get((margins.len() as f64 * share) as usize).copied().unwrap_or(0.0)
}

fn accuracy<'a>(all: &Sentences, given: impl Iterator<Item = &'a Vec<u16>>) -> f64 {
    let (mut right, mut words) = (0_usize, 0_usize);
    for ((_, gold), given) in all.words.iter().zip(given) {
        words += gold.len();
        right += gold.iter().zip(given).filter(|(a, b)| a == b).count();
    }
    100.0 * right as f64 / words as f64
}

fn train_first(all: &Sentences, lexicons: &Lexicons, chosen: &[usize], times: usize) -> Tagger {
    let mut tagger = Tagger { tags: all.tags.clone(), lexicon: lexicons.whole.clone(), ..Tagger::default() };
    tagger.first = perceptrons(all, lexicons, chosen, FIRST, times, |context, lexical, given, i, _, keys| {
        context.features(lexical, given, i, keys);
        None
    });
    tagger
}

fn train_second(
    all: &Sentences,
    lexicons: &Lexicons,
    chosen: &[usize],
    before: &[First],
    again: f32,
    times: usize,
) -> Weights {
    perceptrons(all, lexicons, chosen, SECOND, times, |context, lexical, given, i, sentence, keys| {
        let first = &before[sentence];
        if first.margins[i] >= again {
            return Some(first.tags[i]);
        }
        context.features(lexical, given, i, keys);
        context.features_after(&first.tags, given, first.around[i], i, keys);
        None
    })
}

/// Trains weights of so many bytes so many times and takes the mean; `features` gives the features of a word, or its tag
/// where that is certain.
fn perceptrons(
    all: &Sentences,
    lexicons: &Lexicons,
    chosen: &[usize],
    bytes: usize,
    times: usize,
    features: impl Fn(&Context<'_>, &[Known], &[u16], usize, usize, &mut Vec<u32>) -> Option<u16> + Sync,
) -> Weights {
    let one = |seed: u64, _: &mut dyn FnMut(&str)| perceptron(all, lexicons, chosen, seed, &features);
    TrainingWeights::average(&trained(times, one, &mut |_| ()), bytes)
}

fn perceptron(
    all: &Sentences,
    lexicons: &Lexicons,
    chosen: &[usize],
    seed: u64,
    features: impl Fn(&Context<'_>, &[Known], &[u16], usize, usize, &mut Vec<u32>) -> Option<u16>,
) -> TrainingWeights {
    let mut weights = TrainingWeights::new(2);
    let mut random = Random::new(seed);
    let mut order = chosen.to_vec();
    let (mut keys, mut given, mut lexical) = (Vec::new(), Vec::new(), Vec::new());
    let mut scores = vec![0; all.tags.len()];
    for _ in 0..EPOCHS {
        random.shuffle(&mut order);
        for &sentence in &order {
            let (atoms, gold) = &all.words[sentence];
            let lexicon = lexicons.for_training(all.sources[sentence]);
            lexicon.look_up(atoms, &mut lexical);
            let context = Context { atoms, capitals: capitals(atoms) };
            given.clear();
            for i in 0..atoms.len() {
                let certain =
                    lexicon.sure(&atoms[i]).or_else(|| features(&context, &lexical, &given, i, sentence, &mut keys));
                let tag = certain.unwrap_or_else(|| {
                    keys.retain(|_| !random.percent(DROPPED));
                    weights.note(&keys);
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
    weights
}

/// The lexicon of all sentences, and for each part of them that of the others: a word in training must not find
/// its own tag in it, or the tagger learns to trust the lexicon more than it can be trusted in a new text.
struct Lexicons {
    whole: Lexicon,
    without: Vec<Lexicon>,
}

const PARTS: usize = 10;

impl Lexicons {
    fn part_of(source: usize) -> usize {
        source / 10 % PARTS
    }

    fn for_training(&self, source: usize) -> &Lexicon {
        &self.without[Self::part_of(source)]
    }
}

type Counts = BTreeMap<u32, BTreeMap<u16, u32>>;

/// What words can be is counted without the variants.
fn lexicons(all: &Sentences) -> Lexicons {
    let mut parts = vec![Counts::new(); PARTS];
    for i in (0..all.words.len()).filter(|&i| all.sources[i] == i) {
        let counts = &mut parts[Lexicons::part_of(i)];
        let (atoms, tags) = &all.words[i];
        for (word, &tag) in atoms.iter().zip(tags) {
            *counts.entry(word.lower).or_default().entry(tag).or_default() += 1;
            if word.form != word.lower {
                *counts.entry(word.form).or_default().entry(tag).or_default() += 1;
            }
        }
    }
    let mut whole = Counts::new();
    for (&word, tags) in parts.iter().flatten() {
        for (&tag, &n) in tags {
            *whole.entry(word).or_default().entry(tag).or_default() += n;
        }
    }
    let mut sets: BTreeMap<Vec<u16>, u32> = BTreeMap::new();
    let nothing = Counts::new();
    Lexicons {
        whole: lexicon(&whole, &nothing, &mut sets),
        without: parts.iter().map(|part| lexicon(&whole, part, &mut sets)).collect(),
    }
}

/// The lexicon of what was counted less a part of it. A set of tags, the most frequent first, has its number in `sets`.
fn lexicon(whole: &Counts, part: &Counts, sets: &mut BTreeMap<Vec<u16>, u32>) -> Lexicon {
    let mut words = BTreeMap::new();
    for (&word, tags) in whole {
        let less = part.get(&word);
        let count = |(&tag, &n): (&u16, &u32)| (n - less.and_then(|l| l.get(&tag)).copied().unwrap_or(0), tag);
        let mut frequent: Vec<(u32, u16)> = tags.iter().map(count).filter(|&(n, _)| n > 0).collect();
        let total: u32 = frequent.iter().map(|&(n, _)| n).sum();
        if total == 0 {
            continue;
        }
        frequent.retain(|&(n, _)| n * 20 >= total);
        frequent.sort_by_key(|&(n, tag)| (std::cmp::Reverse(n), tag));
        if total >= SURE && frequent[0].0 * 400 >= total * 399 {
            words.insert(word, Lexicon::SURE + u32::from(frequent[0].1));
        } else {
            let mut set: Vec<u16> = frequent.into_iter().take(4).map(|(_, tag)| tag).collect();
            let often = total >= 5;
            set.push(if often { 1 << 15 } else { total.min(2) as u16 });
            let next = sets.len() as u32;
            words.insert(word, *sets.entry(set).or_insert(next));
        }
    }
    Lexicon { words: Lookup::new(&words) }
}
