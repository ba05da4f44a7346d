//! Scores of an analysis against a treebank, as the shared task of `CoNLL` 2018 counts them
//! (<https://universaldependencies.org/conll18/evaluation.html>).
//!
//! The entry point is [`evaluate`]. The words of both sides are aligned by their characters, so that the analysis may
//! have cut the text otherwise than the treebank.

use super::Deprel;
use super::conllu::{Tree, TreeWord};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Precision and recall, as counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// How many the treebank and the analysis share.
    pub correct: usize,
    /// How many the treebank has.
    pub gold: usize,
    /// How many the analysis has.
    pub system: usize,
}

impl Score {
    /// The harmonic mean of precision and recall, in percent.
    pub fn f1(self) -> f64 {
        let all = self.gold + self.system;
        if all == 0 { 0.0 } else { 200.0 * self.correct as f64 / all as f64 }
    }

    /// Correct of those the analysis has, in percent.
    pub fn precision(self) -> f64 {
        if self.system == 0 { 0.0 } else { 100.0 * self.correct as f64 / self.system as f64 }
    }

    /// Correct of those the treebank has, in percent.
    pub fn recall(self) -> f64 {
        if self.gold == 0 { 0.0 } else { 100.0 * self.correct as f64 / self.gold as f64 }
    }
}

/// All scores.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scores {
    /// Each metric with its name, in the order of the shared task.
    pub metrics: Vec<(&'static str, Score)>,
    /// Labelled attachment by relation of the treebank (without subtypes), most frequent first.
    pub relations: Vec<(Deprel, Score)>,
}

impl Scores {
    /// The F1 of a metric in percent, 0 for an unknown name.
    pub fn f1(&self, name: &str) -> f64 {
        self.metrics.iter().find(|m| m.0 == name).map_or(0.0, |m| m.1.f1())
    }
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<13}|{:>10} |{:>10} |{:>10}", "metric", "precision", "recall", "F1")?;
        writeln!(f, "{:-<13}+-----------+-----------+----------", "")?;
        for (name, score) in &self.metrics {
            writeln!(f, "{name:<13}|{:>10.2} |{:>10.2} |{:>10.2}", score.precision(), score.recall(), score.f1())?;
        }
        Ok(())
    }
}

struct Placed<'a> {
    /// Characters that are not white space, counted over the whole file.
    start: usize,
    end: usize,
    multiword: bool,
    /// Index of the head in the whole file.
    head: Option<usize>,
    word: &'a TreeWord,
}

#[derive(Default)]
struct Side<'a> {
    characters: Vec<char>,
    tokens: BTreeSet<(usize, usize)>,
    sentences: BTreeSet<(usize, usize)>,
    words: Vec<Placed<'a>>,
}

fn side(trees: &[Tree]) -> Side<'_> {
    let mut side = Side::default();
    for tree in trees {
        let sentence_start = side.characters.len();
        let first = side.words.len();
        for token in &tree.tokens {
            let start = side.characters.len();
            side.characters.extend(token.form.chars().filter(|c| !c.is_whitespace()));
            let end = side.characters.len();
            side.tokens.insert((start, end));
            for word in &tree.words[token.words.clone()] {
                let multiword = token.words.len() > 1;
                side.words.push(Placed { start, end, multiword, head: word.head.map(|h| first + h), word });
            }
        }
        side.sentences.insert((sentence_start, side.characters.len()));
    }
    side
}

/// The two sides are not analyses of the same text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[error("the texts differ at character {at} (white space aside): `{gold}` in the treebank, `{system}` in the analysis")]
pub struct TextMismatch {
    /// Number of characters before the difference.
    pub at: usize,
    /// What the treebank goes on with.
    pub gold: String,
    /// What the analysis goes on with.
    pub system: String,
}

/// Scores the sentences `system` against `gold`.
///
/// # Errors
/// The two are not analyses of the same text.
pub fn evaluate(gold: &[Tree], system: &[Tree]) -> Result<Scores, TextMismatch> {
    let (gold, system) = (side(gold), side(system));
    if gold.characters != system.characters {
        let at = gold.characters.iter().zip(&system.characters).take_while(|(a, b)| a == b).count();
        let rest = |characters: &[char]| characters.iter().skip(at).take(20).collect();
        return Err(TextMismatch { at, gold: rest(&gold.characters), system: rest(&system.characters) });
    }
    let spans = |gold: &BTreeSet<(usize, usize)>, system: &BTreeSet<(usize, usize)>| Score {
        correct: gold.intersection(system).count(),
        gold: gold.len(),
        system: system.len(),
    };
    let pairs = align(&gold.words, &system.words);
    let to_gold: BTreeMap<usize, usize> = pairs.iter().map(|&(g, s)| (s, g)).collect();
    let count = |same: &dyn Fn(&TreeWord, &TreeWord) -> bool| Score {
        correct: pairs.iter().filter(|&&(g, s)| same(gold.words[g].word, system.words[s].word)).count(),
        gold: gold.words.len(),
        system: system.words.len(),
    };
    let same_head = |g: usize, s: usize| match (gold.words[g].head, system.words[s].head) {
        (None, None) => true,
        (Some(g), Some(s)) => to_gold.get(&s) == Some(&g),
        _ => false,
    };
    let arcs = |same: &dyn Fn(Deprel, Deprel) -> bool, counted: &dyn Fn(Deprel) -> bool| Score {
        correct: pairs
            .iter()
            .filter(|&&(g, s)| {
                let (a, b) = (gold.words[g].word.deprel, system.words[s].word.deprel);
                counted(a) && same_head(g, s) && same(a, b)
            })
            .count(),
        gold: gold.words.iter().filter(|w| counted(w.word.deprel)).count(),
        system: system.words.iter().filter(|w| counted(w.word.deprel)).count(),
    };
    let universal = |a: Deprel, b: Deprel| a.universal() == b.universal();
    let metrics = vec![
        ("Tokens", spans(&gold.tokens, &system.tokens)),
        ("Sentences", spans(&gold.sentences, &system.sentences)),
        ("Words", count(&|_, _| true)),
        ("UPOS", count(&|g, s| g.upos == s.upos)),
        ("XPOS", count(&|g, s| g.xpos == s.xpos)),
        ("UFeats", count(&|g, s| universal_feats(&g.feats).eq(universal_feats(&s.feats)))),
        ("Lemmas", count(&|g, s| g.lemma == "_" || g.lemma == s.lemma)),
        ("UAS", arcs(&|_, _| true, &|_| true)),
        ("LAS", arcs(&universal, &|_| true)),
        ("LAS-subtypes", arcs(&|a, b| a == b, &|_| true)),
        ("CLAS", arcs(&universal, &is_content)),
    ];
    let mut frequency: BTreeMap<Deprel, usize> = BTreeMap::new();
    for word in &gold.words {
        *frequency.entry(word.word.deprel.universal()).or_default() += 1;
    }
    let mut relations: Vec<(Deprel, Score)> =
        frequency.keys().map(|&relation| (relation, arcs(&universal, &|r| r.universal() == relation))).collect();
    relations.sort_by_key(|(relation, _)| std::cmp::Reverse(frequency[relation]));
    Ok(Scores { metrics, relations })
}

/// Relations of words with content; the others are function words and punctuation.
fn is_content(relation: Deprel) -> bool {
    !matches!(
        relation.universal(),
        Deprel::Aux
            | Deprel::Cop
            | Deprel::Mark
            | Deprel::Det
            | Deprel::Clf
            | Deprel::Case
            | Deprel::Cc
            | Deprel::Punct
    )
}

/// The features that the shared task compares.
fn universal_feats(feats: &str) -> impl Iterator<Item = &str> {
    const UNIVERSAL: [&str; 21] = [
        "PronType", "NumType", "Poss", "Reflex", "Foreign", "Abbr", "Gender", "Animacy", "Number", "Case", "Definite",
        "Degree", "VerbForm", "Mood", "Tense", "Aspect", "Voice", "Evident", "Polarity", "Person", "Polite",
    ];
    feats.split('|').filter(|f| UNIVERSAL.contains(&f.split('=').next().unwrap_or("")))
}

/// Pairs the words of both sides: by span, and inside split tokens by the longest common run of forms.
fn align(gold: &[Placed<'_>], system: &[Placed<'_>]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let (mut g, mut s) = (0, 0);
    while g < gold.len() && s < system.len() {
        if gold[g].multiword || system[s].multiword {
            // Find the stretch that both sides cover with whole tokens.
            if gold[g].multiword && !system[s].multiword && system[s].end <= gold[g].start {
                s += 1;
                continue;
            }
            if system[s].multiword && !gold[g].multiword && gold[g].end <= system[s].start {
                g += 1;
                continue;
            }
            let (g_first, s_first) = (g, s);
            let mut end = 0;
            if gold[g].multiword && gold[g].start <= system[s].end {
                end = end.max(gold[g].end);
            }
            if system[s].multiword && system[s].start <= gold[g].end {
                end = end.max(system[s].end);
            }
            loop {
                let before = (g, s, end);
                while g < gold.len() && gold[g].start < end {
                    if gold[g].multiword {
                        end = end.max(gold[g].end);
                    }
                    g += 1;
                }
                while s < system.len() && system[s].start < end {
                    if system[s].multiword {
                        end = end.max(system[s].end);
                    }
                    s += 1;
                }
                if before == (g, s, end) {
                    break;
                }
            }
            if g == g_first && s == s_first {
                g += 1;
                s += 1;
                continue;
            }
            common(&gold[g_first..g], &system[s_first..s], |a, b| pairs.push((g_first + a, s_first + b)));
        } else if (gold[g].start, gold[g].end) == (system[s].start, system[s].end) {
            pairs.push((g, s));
            g += 1;
            s += 1;
        } else if gold[g].start <= system[s].start {
            g += 1;
        } else {
            s += 1;
        }
    }
    pairs
}

/// The longest common subsequence of the forms.
fn common(gold: &[Placed<'_>], system: &[Placed<'_>], mut pair: impl FnMut(usize, usize)) {
    let mut longest = vec![vec![0_usize; system.len() + 1]; gold.len() + 1];
    let same = |g: usize, s: usize| gold[g].word.form.to_lowercase() == system[s].word.form.to_lowercase();
    for g in (0..gold.len()).rev() {
        for s in (0..system.len()).rev() {
            longest[g][s] =
                if same(g, s) { 1 + longest[g + 1][s + 1] } else { longest[g + 1][s].max(longest[g][s + 1]) };
        }
    }
    let (mut g, mut s) = (0, 0);
    while g < gold.len() && s < system.len() {
        if same(g, s) {
            pair(g, s);
            g += 1;
            s += 1;
        } else if longest[g][s] == longest[g + 1][s] {
            g += 1;
        } else {
            s += 1;
        }
    }
}
