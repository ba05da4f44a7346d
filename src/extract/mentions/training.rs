//! Training the model of entity kinds on the entity annotations of GUM.
//!
//! [`train`] reads CoNLL-U whose last column holds `Entity=` brackets (GUM,
//! <https://gucorpling.org/gum/annotations.html>), takes each annotated phrase's head and type, and fits a
//! multinomial logistic regression with adaptive steps. It is deterministic: the same input gives the same bytes.

use super::model::{self, CLASSES, Features, Model, Scores, Sort};
use super::{Knowledge, phrase};
use crate::language::{Deprel, Document, Sentence, Span, Upos, Word, WordId};
use std::collections::BTreeMap;
use std::ops::Range;

const EPOCHS: usize = 10;
/// Share of features hidden at random, in 256ths, so that no single word is trusted alone.
const HIDDEN: u64 = 96;
const RATE: f32 = 0.25;
const DECAY: f32 = 2e-6;

/// Why a treebank was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainingError {
    /// A line that is not CoNLL-U.
    #[error("CoNLL-U line {line}: {reason}")]
    Malformed {
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// No phrase in it has a type.
    #[error("no `Entity=` annotation in the treebank: use GUM's CoNLL-U files")]
    NoEntities,
}

/// How well a model does on a treebank.
#[derive(Clone, Debug, Default)]
pub struct Accuracy {
    /// Phrases with a type.
    pub phrases: usize,
    /// Phrases whose type the model gives.
    pub right: usize,
    /// For each type: its name, the phrases of it, those given it, those given it rightly.
    pub types: Vec<(&'static str, usize, usize, usize)>,
}

struct Example {
    phrase: Features,
    context: Features,
    sort: usize,
}

/// Trains a model and gives its file.
///
/// # Errors
/// A malformed line, or a treebank without entity annotation.
pub fn train(conllu: &str, knowledge: &Knowledge) -> Result<Vec<u8>, TrainingError> {
    let examples = examples(conllu, knowledge)?;
    let mut weights = vec![[0.0_f32; CLASSES]; model::BUCKETS];
    let mut squares = vec![[1e-4_f32; CLASSES]; model::BUCKETS];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut active: Vec<u32> = Vec::new();
    for _ in 0..EPOCHS {
        for i in (1..order.len()).rev() {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            order.swap(i, (seed % (i as u64 + 1)) as usize);
        }
        for &index in &order {
            let example = &examples[index];
            active.clear();
            for &feature in example.phrase.iter().chain(&example.context) {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                if seed >> 56 >= HIDDEN {
                    active.push(feature);
                }
            }
            let mut scores: Scores = [0.0; CLASSES];
            for &feature in &active {
                for (score, weight) in scores.iter_mut().zip(&weights[feature as usize]) {
                    *score += weight;
                }
            }
            let mut gradient = model::probabilities(scores);
            gradient[example.sort] -= 1.0;
            for &feature in &active {
                let row = &mut weights[feature as usize];
                let square = &mut squares[feature as usize];
                for class in 0..CLASSES {
                    let slope = gradient[class] + DECAY * row[class];
                    square[class] += slope * slope;
                    row[class] -= RATE * slope / square[class].sqrt();
                }
            }
        }
    }
    // With nothing hidden the sums are larger by the share that was.
    let keep = 1.0 - HIDDEN as f32 / 256.0;
    for weight in weights.iter_mut().flatten() {
        *weight *= keep;
    }
    Ok(model::to_bytes(&weights))
}

/// Scores the shipped model on a treebank.
///
/// # Errors
/// A malformed line, or a treebank without entity annotation.
pub fn evaluate(conllu: &str, knowledge: &Knowledge) -> Result<Accuracy, TrainingError> {
    let examples = examples(conllu, knowledge)?;
    let mut accuracy = Accuracy { phrases: examples.len(), ..Accuracy::default() };
    let mut counts = [[0_usize; 3]; CLASSES];
    for example in &examples {
        let best = Model::shipped().map_or(0, |m| {
            let inner = m.scores(&example.phrase);
            let outer = m.scores(&example.context);
            (0..CLASSES).max_by(|&a, &b| (inner[a] + outer[a]).total_cmp(&(inner[b] + outer[b]))).unwrap_or(0)
        });
        counts[example.sort][0] += 1;
        counts[best][1] += 1;
        if best == example.sort {
            counts[best][2] += 1;
            accuracy.right += 1;
        }
    }
    let names = ["person", "organization", "place", "time", "event", "object", "abstract"];
    accuracy.types = names.into_iter().zip(counts).map(|(n, [a, b, c])| (n, a, b, c)).collect();
    Ok(accuracy)
}

fn sort_of(name: &str) -> Option<Sort> {
    Some(match name {
        "person" => Sort::Person,
        "organization" => Sort::Organization,
        "place" => Sort::Place,
        "time" => Sort::Time,
        "event" => Sort::Event,
        "object" | "animal" | "plant" | "substance" => Sort::Object,
        "abstract" => Sort::Abstract,
        _ => return None,
    })
}

/// Strings of a treebank live as long as the training run.
#[derive(Default)]
struct Interned(BTreeMap<String, &'static str>);

impl Interned {
    fn get(&mut self, text: &str) -> &'static str {
        if let Some(&known) = self.0.get(text) {
            return known;
        }
        let leaked: &'static str = Box::leak(text.to_owned().into_boxed_str());
        self.0.insert(text.to_owned(), leaked);
        leaked
    }
}

fn examples(conllu: &str, knowledge: &Knowledge) -> Result<Vec<Example>, TrainingError> {
    let mut found = Vec::new();
    let mut interned = Interned::default();
    let mut rows: Vec<Vec<&str>> = Vec::new();
    for (number, line) in conllu.lines().chain(std::iter::once("")).enumerate() {
        if line.starts_with('#') {
            continue;
        }
        if line.is_empty() {
            if rows.iter().any(|r| r[9].contains("Entity=")) {
                sentence_examples(&rows, knowledge, &mut interned, &mut found)
                    .map_err(|reason| TrainingError::Malformed { line: number, reason })?;
            }
            rows.clear();
            continue;
        }
        let columns: Vec<&str> = line.split('\t').collect();
        if columns.len() != 10 {
            let reason = format!("{} columns instead of 10", columns.len());
            return Err(TrainingError::Malformed { line: number + 1, reason });
        }
        if columns[0].bytes().all(|b| b.is_ascii_digit()) {
            rows.push(columns);
        }
    }
    if found.is_empty() { Err(TrainingError::NoEntities) } else { Ok(found) }
}

fn sentence_examples(
    rows: &[Vec<&str>],
    knowledge: &Knowledge,
    interned: &mut Interned,
    found: &mut Vec<Example>,
) -> Result<(), String> {
    let mut text = String::new();
    let mut words = Vec::with_capacity(rows.len());
    for row in rows {
        let start = text.len();
        text.push_str(row[1]);
        let span = Span::new(start, text.len());
        if !row[9].contains("SpaceAfter=No") {
            text.push(' ');
        }
        let head: usize = row[6].parse().map_err(|_| format!("head `{}` is no number", row[6]))?;
        if head > rows.len() {
            return Err(format!("head `{head}` lies outside the sentence"));
        }
        let blank = |s: &str| if s == "_" { String::new() } else { s.to_owned() };
        words.push(Word {
            span,
            continues: false,
            lemma: row[2].into(),
            upos: Upos::parse(row[3]).ok_or_else(|| format!("unknown part of speech `{}`", row[3]))?,
            xpos: interned.get(row[4]),
            feats: interned.get(&blank(row[5])),
            head: head.checked_sub(1),
            deprel: Deprel::parse(row[7]).unwrap_or(Deprel::Dep),
        });
    }
    let sentence = Sentence { span: Span::new(0, text.len()), words: 0..words.len(), headline: false };
    let document = Document::new(text, vec![sentence], words);
    let names = knowledge.names_in(&document);
    for (range, sort) in brackets(rows) {
        let outside = |w: &WordId| document.head(*w).is_none_or(|h| !range.contains(&h));
        let Some(head) = range.clone().find(outside) else { continue };
        if !matches!(document.upos(head), Upos::Noun | Upos::Propn | Upos::Adj | Upos::Num | Upos::X) {
            continue;
        }
        let words = phrase::extent(&document, head);
        let known = knowledge.known(&document, head, &names);
        found.push(Example {
            phrase: model::phrase_features(&document, head, &words, known),
            context: model::context_features(
                &document,
                head,
                &words,
                knowledge.noun_code(&document, document.head(head)),
            ),
            sort: sort as usize,
        });
    }
    Ok(())
}

/// The annotated phrases of a sentence: `(1-person-…` opens, `1)` closes, `(1-person-…)` is one word.
fn brackets(rows: &[Vec<&str>]) -> Vec<(Range<WordId>, Sort)> {
    let mut found = Vec::new();
    let mut open: Vec<(&str, WordId, Option<Sort>)> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let Some(marks) = row[9].split('|').find_map(|m| m.strip_prefix("Entity=")) else { continue };
        let mut rest = marks;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('(') {
                let end = after.find(['(', ')']).unwrap_or(after.len());
                let mut parts = after[..end].split('-');
                let id = parts.next().unwrap_or("");
                let sort = parts.next().and_then(sort_of);
                rest = &after[end..];
                if let Some(after) = rest.strip_prefix(')') {
                    rest = after;
                    found.extend(sort.map(|s| (index..index + 1, s)));
                } else {
                    open.push((id, index, sort));
                }
            } else {
                let Some(end) = rest.find(')') else { break };
                let id = rest[..end].split('-').next().unwrap_or("");
                rest = &rest[end + 1..];
                if let Some(at) = open.iter().rposition(|o| o.0 == id) {
                    let (_, start, sort) = open.remove(at);
                    found.extend(sort.map(|s| (start..index + 1, s)));
                }
            }
        }
    }
    found
}
