//! `belligraph parse`: the language analysis on its own.

use super::Outcome;
use super::output::Output;
use crate::language::conllu::{self, Tree};
use crate::language::evaluate::evaluate;
use crate::language::{Deprel, Document, Pipeline};
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Analyse text into sentences, words and dependencies
///
/// Prints Universal Dependencies trees in CoNLL-U.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  echo 'Rebels seized the town.' | belligraph parse --format tree
  belligraph parse --evaluate test.conllu
  belligraph parse --gold-tokens test.conllu")]
pub(super) struct Parse {
    /// The text, or the CoNLL-U of --gold-tokens [default: standard input]
    #[arg(value_name = "FILE")]
    input: Option<PathBuf>,
    /// The format of the output
    #[arg(long, short, default_value = "conllu")]
    format: ParseFormat,
    /// Read CoNLL-U and keep its sentences and words
    #[arg(long)]
    gold_tokens: bool,
    /// Analyse the text of this treebank, from raw text and with its words, and print the scores
    #[arg(long, value_name = "GOLD.conllu", conflicts_with_all = ["input", "gold_tokens"])]
    evaluate: Option<PathBuf>,
    /// Use this model instead of the one in the program
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
}

/// The formats of an analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ParseFormat {
    /// Ten columns a word, as Universal Dependencies has them
    Conllu,
    /// One JSON object a sentence
    Json,
    /// The tree, drawn
    Tree,
}

impl Parse {
    pub(super) fn run(self) -> Result<Outcome> {
        let loaded;
        let pipeline = match &self.model {
            None => Pipeline::embedded(),
            Some(path) => {
                let file = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
                loaded = Pipeline::from_bytes(&path.display().to_string(), &file)?;
                &loaded
            }
        };
        let mut output = Output::open(None, None)?;
        if let Some(gold) = &self.evaluate {
            output.write_all(scores(pipeline, gold)?.as_bytes())?;
        } else {
            let text = read(self.input.as_deref())?;
            let trees = if self.gold_tokens {
                let mut trees = conllu::parse(&text)?;
                pipeline.annotate_trees(&mut trees);
                trees
            } else {
                conllu::trees(&pipeline.analyse_text(&text))
            };
            for tree in &trees {
                let text = match self.format {
                    ParseFormat::Conllu => conllu::write_tree(tree),
                    ParseFormat::Json => json(tree),
                    ParseFormat::Tree => drawing(tree),
                };
                output.write_all(text.as_bytes())?;
            }
        }
        output.finish()?;
        Ok(Outcome::Done)
    }
}

fn read(path: Option<&Path>) -> Result<String> {
    let mut bytes = Vec::new();
    match path {
        Some(path) => bytes = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?,
        None => {
            std::io::stdin().lock().read_to_end(&mut bytes)?;
        }
    }
    String::from_utf8(bytes).context("the input is not UTF-8")
}

fn scores(pipeline: &Pipeline, path: &Path) -> Result<String> {
    let text = read(Some(path))?;
    let gold = conllu::parse(&text).with_context(|| format!("cannot read `{}`", path.display()))?;
    if gold.is_empty() {
        bail!("`{}` holds no sentence", path.display());
    }
    let mut report = String::new();
    let raw: Document = pipeline.analyse_text(&conllu::text_of(&gold));
    write!(report, "From raw text:\n\n{}\n", evaluate(&gold, &conllu::trees(&raw))?)?;
    let mut given = gold.clone();
    pipeline.annotate_trees(&mut given);
    let scores = evaluate(&gold, &given)?;
    write!(report, "With the sentences and words of the treebank:\n\n{scores}\nLAS by relation:\n\n")?;
    for (relation, score) in scores.relations {
        writeln!(
            report,
            "{:<13}|{:>10.2} |{:>10.2} |{:>10.2} |{:>7}",
            relation.as_str(),
            score.precision(),
            score.recall(),
            score.f1(),
            score.gold
        )?;
    }
    Ok(report)
}

fn json(tree: &Tree) -> String {
    let words: Vec<serde_json::Value> = tree
        .words
        .iter()
        .enumerate()
        .map(|(i, w)| {
            serde_json::json!({
                "id": i + 1, "form": w.form, "lemma": w.lemma, "upos": w.upos.as_str(), "xpos": w.xpos, "feats": w.feats,
                "head": w.head.map_or(0, |h| h + 1), "deprel": w.deprel.as_str(),
            })
        })
        .collect();
    format!("{}\n", serde_json::json!({ "text": tree.text(), "words": words }))
}

/// The tree from its root, a word a line, in text order, indented by depth.
fn drawing(tree: &Tree) -> String {
    let mut lines = String::new();
    let depth = |mut i: usize| {
        let mut depth = 0;
        while let Some(head) = tree.words[i].head {
            depth += 1;
            i = head;
            if depth > tree.words.len() {
                break;
            }
        }
        depth
    };
    for (i, word) in tree.words.iter().enumerate() {
        let arrow = match word.head {
            None => "●",
            Some(head) if head > i => "╭",
            Some(_) => "╰",
        };
        let relation = if word.deprel == Deprel::Root { "root" } else { word.deprel.as_str() };
        let _ = writeln!(lines, "{}{arrow} {}  {} {relation}", "  ".repeat(depth(i)), word.form, word.upos.as_str());
    }
    lines.push('\n');
    lines
}
