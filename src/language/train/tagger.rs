//! Training of the tagger.

use super::super::atoms::Atoms;
use super::super::conllu::Tree;
use super::super::intern::intern;
use super::super::lookup::Lookup;
use super::super::tagger::{Lexicon, Scratch, Tag, Tagger, best, features};
use super::super::weights::TrainingWeights;
use super::random::Random;
use std::collections::BTreeMap;

/// A word is always tagged alike if it was so this often.
const SURE: u32 = 15;
const EPOCHS: usize = 8;

pub(super) fn train(trees: &[Tree]) -> Tagger {
    let mut counts: BTreeMap<Tag, u32> = BTreeMap::new();
    for word in trees.iter().flat_map(|t| &t.words) {
        *counts.entry((word.upos, intern(&word.xpos))).or_default() += 1;
    }
    let tags: Vec<Tag> = counts.into_iter().filter(|&(_, n)| n >= 2).map(|(tag, _)| tag).collect();
    let chosen: Vec<&Tree> = trees.iter().collect();
    train_on(&chosen, &tags, EPOCHS)
}

/// Tags every sentence with a tagger that has not seen it.
pub(super) fn jackknife(trees: &[Tree], tags: &[Tag], folds: usize) -> Vec<Vec<u16>> {
    let mut given = vec![Vec::new(); trees.len()];
    // Ten sentences in a row go into the same fold, so that a fold has most documents but not their neighbours.
    let fold_of = |i: usize| i / 10 % folds;
    for fold in 0..folds {
        let seen: Vec<&Tree> = trees.iter().enumerate().filter(|&(i, _)| fold_of(i) != fold).map(|(_, t)| t).collect();
        let tagger = train_on(&seen, tags, EPOCHS);
        let mut scratch = Scratch::default();
        for (i, tree) in trees.iter().enumerate().filter(|&(i, _)| fold_of(i) == fold) {
            let atoms: Vec<Atoms> = tree.words.iter().map(|w| Atoms::of(&w.form)).collect();
            tagger.tag(&atoms, &mut given[i], &mut scratch);
        }
    }
    given
}

fn train_on(trees: &[&Tree], tags: &[Tag], epochs: usize) -> Tagger {
    let numbers: BTreeMap<Tag, u16> = tags.iter().zip(0..).map(|(&tag, n)| (tag, n)).collect();
    let fallback = |tag: Tag| tags.iter().position(|t| t.0 == tag.0).unwrap_or(0) as u16;
    let sentences: Vec<(Vec<Atoms>, Vec<u16>)> = trees
        .iter()
        .map(|tree| {
            let gold = tree.words.iter().map(|w| {
                let tag = (w.upos, intern(&w.xpos));
                numbers.get(&tag).copied().unwrap_or_else(|| fallback(tag))
            });
            (tree.words.iter().map(|w| Atoms::of(&w.form)).collect(), gold.collect())
        })
        .collect();
    let lexicon = lexicon(&sentences);
    let mut weights = TrainingWeights::new();
    let mut tagger = Tagger { tags: tags.to_vec(), lexicon, ..Tagger::default() };
    let mut random = Random::new(23);
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    let (mut keys, mut given) = (Vec::new(), Vec::new());
    for _ in 0..epochs {
        random.shuffle(&mut order);
        for &sentence in &order {
            let (atoms, gold) = &sentences[sentence];
            let lexical: Vec<u32> = atoms.iter().map(|a| tagger.lexicon.entry(a.lower)).collect();
            given.clear();
            for i in 0..atoms.len() {
                let tag = tagger.sure(&atoms[i]).unwrap_or_else(|| {
                    features(atoms, &lexical, &given, i, &mut keys);
                    let mut scores = vec![0; tags.len()];
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
    tagger.weights = weights.average();
    tagger
}

fn lexicon(sentences: &[(Vec<Atoms>, Vec<u16>)]) -> Lexicon {
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
        if tags.len() == 1 && total >= SURE {
            words.insert(word, Lexicon::SURE + u32::from(frequent[0].1));
        } else {
            let set: Vec<u16> = frequent.into_iter().take(4).map(|(_, tag)| tag).collect();
            let next = sets.len() as u32;
            words.insert(word, *sets.entry(set).or_insert(next));
        }
    }
    Lexicon { words: Lookup::new(&words) }
}
