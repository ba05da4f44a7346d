//! Training of the cuts between sentences and tokens.

use super::super::Span;
use super::super::Upos;
use super::super::conllu::Tree;
use super::super::hashing::hash_lower;
use super::super::segment::{
    Gap, JOIN, Piece, Run, Segmenter, TOKEN, WORD, boundary_features, chunks, find_runs, sentence_features,
};
use super::super::tagger::best;
use super::super::weights::{Scores, TrainingWeights};
use super::random::Random;
use std::collections::{BTreeMap, BTreeSet};

/// A text as it stood before the treebank cut it.
pub(in super::super) struct Raw {
    pub(in super::super) text: String,
    pub(in super::super) pieces: Vec<Piece>,
    /// Index of the first piece of each sentence.
    pub(in super::super) starts: Vec<usize>,
}

/// The text of sentences that follow each other, paragraphs divided by a blank line.
pub(in super::super) fn raw(trees: &[Tree]) -> Raw {
    let mut raw = Raw { text: String::new(), pieces: Vec::new(), starts: Vec::new() };
    for tree in trees {
        let mut gap = if raw.text.is_empty() {
            Gap::Paragraph
        } else if tree.paragraph {
            raw.text.truncate(raw.text.trim_end().len());
            raw.text.push_str("\n\n");
            Gap::Paragraph
        } else if raw.text.ends_with(' ') {
            Gap::Space
        } else {
            Gap::None
        };
        raw.starts.push(raw.pieces.len());
        for token in &tree.tokens {
            let start = raw.text.len();
            raw.text.push_str(&token.form);
            let words = &tree.words[token.words.clone()];
            if words.iter().map(|w| w.form.len()).sum::<usize>() == token.form.len() {
                let mut at = start;
                for word in words {
                    let span = Span::new(at, at + word.form.len());
                    raw.pieces.push(Piece { span, continues: at > start, gap });
                    gap = Gap::None;
                    at += word.form.len();
                }
            } else {
                raw.pieces.push(Piece { span: Span::new(start, raw.text.len()), continues: false, gap });
            }
            gap = Gap::None;
            if token.space_after {
                raw.text.push(' ');
                gap = Gap::Space;
            }
        }
    }
    raw
}

pub(super) fn documents(trees: &[Tree]) -> Vec<&[Tree]> {
    let mut starts: Vec<usize> =
        trees.iter().enumerate().filter(|(_, t)| t.document.is_some()).map(|(i, _)| i).collect();
    if starts.first() != Some(&0) {
        starts.insert(0, 0);
    }
    starts.push(trees.len());
    starts.windows(2).map(|w| &trees[w[0]..w[1]]).collect()
}

/// Rows of letters that can be the plural of a noun, by their hashes: the noun with the commonest ending of plurals, unless the treebank
/// has another plural of it. Where such a row is cut in the treebank ("governor|s"), a writer has lost an apostrophe; others have not.
fn plurals(trees: &[Tree]) -> BTreeSet<u32> {
    let mut nouns: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut endings: BTreeMap<&str, u32> = BTreeMap::new();
    for word in trees.iter().flat_map(|tree| &tree.words).filter(|word| word.upos == Upos::Noun) {
        let plurals = nouns.entry(word.lemma.to_lowercase()).or_default();
        if word.feats.split('|').any(|feature| feature == "Number=Plur") {
            plurals.insert(word.form.to_lowercase());
            if let Some(ending) = word.form.strip_prefix(&word.lemma).filter(|ending| !ending.is_empty()) {
                *endings.entry(ending).or_default() += 1;
            }
        }
    }
    let Some((&ending, _)) = endings.iter().max_by_key(|(_, count)| **count) else { return BTreeSet::new() };
    let regular = nouns.into_iter().map(|(noun, plurals)| (noun + ending, plurals));
    let possible = regular.filter(|(plural, plurals)| plurals.is_empty() || plurals.contains(plural));
    possible.map(|(plural, _)| hash_lower(&plural)).collect()
}

pub(super) fn train(trees: &[Tree]) -> Segmenter {
    let plurals = plurals(trees);
    let texts: Vec<Raw> = documents(trees).into_iter().map(raw).collect();
    let mut random = Random::new(11);
    let mut order: Vec<usize> = (0..texts.len()).collect();
    let mut boundaries = TrainingWeights::new(1);
    let mut sentences = TrainingWeights::new(1);
    let mut inner: BTreeMap<u32, BTreeMap<u8, u32>> = BTreeMap::new();
    for epoch in 0..8 {
        random.shuffle(&mut order);
        for &text in &order {
            let count = (epoch == 0).then_some(&mut inner);
            train_boundaries(&texts[text], &mut boundaries, count);
            train_sentences(&texts[text], &mut sentences);
        }
    }
    let inner = inner
        .into_iter()
        .filter_map(|(hash, counts)| {
            let (&at, _) = counts.iter().max_by_key(|&(at, n)| (*n, *at))?;
            // Once may be a slip of the pen.
            (at > 0 && counts[&at] > 1 && !plurals.contains(&hash)).then_some((hash, at))
        })
        .collect();
    Segmenter {
        boundaries: TrainingWeights::average(&[boundaries], usize::MAX),
        sentences: TrainingWeights::average(&[sentences], usize::MAX),
        inner,
    }
}

fn train_boundaries(
    raw: &Raw,
    weights: &mut TrainingWeights,
    mut inner: Option<&mut BTreeMap<u32, BTreeMap<u8, u32>>>,
) {
    let ends: BTreeMap<u32, usize> = raw
        .pieces
        .iter()
        .enumerate()
        .map(|(i, p)| (p.span.end, if raw.pieces.get(i + 1).is_some_and(|n| n.continues) { WORD } else { TOKEN }))
        .collect();
    let mut runs: Vec<Run> = Vec::new();
    let mut keys = Vec::new();
    for (chunk, _) in chunks(&raw.text) {
        find_runs(&raw.text, chunk, &mut runs);
        let mut before = TOKEN;
        for i in 0..runs.len() {
            if runs[i].is_letters()
                && let Some(inner) = &mut inner
            {
                let cut = ends.range(runs[i].start + 1..runs[i].end).next();
                let at = cut.map_or(0, |(&end, _)| raw.text[runs[i].start as usize..end as usize].chars().count());
                *inner.entry(runs[i].hash()).or_default().entry(at as u8).or_default() += 1;
            }
            if i + 1 < runs.len() {
                let gold = ends.get(&runs[i].end).copied().unwrap_or(JOIN);
                boundary_features(&runs, i, before, &mut keys);
                let mut scores = [0; 3];
                weights.add_scores(&keys, &mut scores);
                weights.tick();
                let guess = best(&scores);
                if guess != gold {
                    weights.update(&keys, gold, 1);
                    weights.update(&keys, guess, -1);
                }
                before = gold;
            }
        }
    }
}

fn train_sentences(raw: &Raw, weights: &mut TrainingWeights) {
    let mut keys = Vec::new();
    for (number, &first) in raw.starts.iter().enumerate() {
        let last = raw.starts.get(number + 1).copied().unwrap_or(raw.pieces.len() - 1);
        for next in first + 1..=last {
            if raw.pieces[next].gap != Gap::Space {
                continue;
            }
            let gold = usize::from(raw.starts.get(number + 1) == Some(&next));
            sentence_features(&raw.text, &raw.pieces, first, next, &mut keys);
            let mut scores = [0; 2];
            weights.add_scores(&keys, &mut scores);
            weights.tick();
            let guess = best(&scores);
            if guess != gold {
                weights.update(&keys, gold, 1);
                weights.update(&keys, guess, -1);
            }
        }
    }
}
