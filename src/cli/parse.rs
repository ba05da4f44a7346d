//! `belligraph parse`: the language analysis on its own.

use super::output::Output;
use super::trace::Account;
use super::{Global, Outcome};
use crate::article::Article;
use crate::extract::Extractor;
use crate::language::conllu::{self, Tree};
use crate::language::evaluate::evaluate;
use crate::language::{Document, Pipeline};
use crate::lexicon::frames::TriggerIndex;
use crate::ontology::Ontology;
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Analyse text into sentences, words and dependencies
///
/// A text given as an argument is shown as it is read: the tree, the mentions, and for each word that could evoke a
/// frame whether it does, or why not. For files and standard input, Universal Dependencies trees in CoNLL-U are printed.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  belligraph parse 'Rebels seized the town of Kobani from the army.'
  echo 'Rebels seized the town.' | belligraph parse --format tree
  belligraph parse --evaluate test.conllu --fast
  belligraph parse --gold-tokens test.conllu")]
pub(super) struct Parse {
    /// A text of several words, or a file of text, or of CoNLL-U with --gold-tokens [default: standard input]
    #[arg(value_name = "TEXT|FILE")]
    input: Option<String>,
    /// The format of the output [default: reading for a text given here, else conllu]
    #[arg(long, short)]
    format: Option<ParseFormat>,
    /// Read CoNLL-U and keep its sentences and words
    #[arg(long)]
    gold_tokens: bool,
    /// Analyse the text of this treebank, from raw text and with its words, and print the scores
    #[arg(long, value_name = "GOLD.conllu", conflicts_with_all = ["input", "gold_tokens"])]
    evaluate: Option<PathBuf>,
    /// Use the fast models: several times the speed, more mistakes
    #[arg(long)]
    fast: bool,
    /// Use models of this folder and language, for instance `models/english`, instead of those in the program
    #[arg(long, value_name = "FOLDER/LANGUAGE")]
    models: Option<String>,
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
    /// The tree, the mentions, and the frames that fired, or did not and why
    Reading,
}

impl Parse {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let loaded;
        let pipeline = match &self.models {
            None if self.fast => Pipeline::embedded_fast(),
            None => Pipeline::embedded(),
            Some(models) => {
                loaded = load(models, if self.fast { "fast" } else { "accurate" })?;
                &loaded
            }
        };
        let mut output = Output::open(None, None)?;
        if let Some(gold) = &self.evaluate {
            output.write_all(scores(pipeline, gold)?.as_bytes())?;
        } else {
            let given = self.input.as_deref();
            let spoken = given.filter(|text| text.contains(char::is_whitespace) && !Path::new(text).exists());
            let text = match spoken {
                Some(text) => text.to_owned(),
                None => read(given.map(Path::new))?,
            };
            let format = self.format.unwrap_or(match spoken {
                Some(_) if !self.gold_tokens => ParseFormat::Reading,
                _ => ParseFormat::Conllu,
            });
            if format == ParseFormat::Reading {
                output.write_all(reading(pipeline, super::ontology::load(global)?, text).as_bytes())?;
                output.finish()?;
                return Ok(Outcome::Done);
            }
            let trees = if self.gold_tokens {
                let mut trees = conllu::parse(&text)?;
                pipeline.annotate_trees(&mut trees);
                trees
            } else {
                conllu::trees(&pipeline.analyse_text(&text))
            };
            for tree in &trees {
                let text = match format {
                    ParseFormat::Conllu => conllu::write_tree(tree),
                    ParseFormat::Json => json(tree),
                    ParseFormat::Tree | ParseFormat::Reading => drawing(tree),
                };
                output.write_all(text.as_bytes())?;
            }
        }
        output.finish()?;
        Ok(Outcome::Done)
    }
}

/// The trees of a text, its mentions, and what frames made of it.
fn reading(pipeline: &Pipeline, ontology: &'static Ontology, text: String) -> String {
    let article = Article { body: text, ..Article::default() };
    let document = pipeline.analyse("", &article.body);
    let extractor = Extractor::new(ontology);
    let (facts, trace) = extractor.trace(&article, &document);
    let account = Account { document: &document, ontology, facts: &facts, trace: &trace };
    let trees: String = conllu::trees(&document).iter().map(drawing).collect();
    let near = account.near_triggers(&TriggerIndex::frames(ontology));
    format!("{trees}{}\n{}{near}", account.mentions(), account.attempts())
}

fn load(models: &str, kind: &str) -> Result<Pipeline> {
    let read = |part: &str| {
        let path = format!("{models}-{part}.bglang");
        let file = std::fs::read(&path).with_context(|| format!("cannot read `{path}`"))?;
        anyhow::Ok((path, file))
    };
    let (words, parser) = (read("words")?, read(kind)?);
    Ok(Pipeline::from_bytes((&words.0, &words.1), (&parser.0, &parser.1))?)
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

/// The tree as arcs beside the words, one word a line: an arc leaves its head and ends in an arrow at the dependent.
fn drawing(tree: &Tree) -> String {
    let arcs: Vec<(usize, usize)> =
        tree.words.iter().enumerate().filter_map(|(i, w)| w.head.map(|h| (i.min(h), i.max(h)))).collect();
    // Inner arcs stand nearer to the words: an arc's column is one more than the outermost it encloses.
    let mut order: Vec<usize> = (0..arcs.len()).collect();
    order.sort_by_key(|&a| (arcs[a].1 - arcs[a].0, arcs[a].0));
    let mut columns = vec![0_usize; arcs.len()];
    let mut taken: Vec<Vec<usize>> = vec![Vec::new(); tree.words.len()];
    for arc in order {
        let (low, high) = arcs[arc];
        let column = taken[low..=high].iter().flatten().max().map_or(0, |c| c + 1);
        columns[arc] = column;
        for row in &mut taken[low..=high] {
            row.push(column);
        }
    }
    let width = columns.iter().max().map_or(0, |c| c + 1);
    let longest = tree.words.iter().map(|w| w.form.chars().count()).max().unwrap_or(0);
    let mut lines = String::new();
    for (i, word) in tree.words.iter().enumerate() {
        // From the outermost column to the words.
        let mut cells = vec![' '; 2 * width + 1];
        let mut reach = 0;
        for (&(low, high), &column) in arcs.iter().zip(&columns) {
            let at = 2 * (width - 1 - column);
            if i == low || i == high {
                cells[at] = match (i == low, cells[at]) {
                    (_, '╰' | '╭') => '├',
                    (true, _) => '╭',
                    (false, _) => '╰',
                };
                reach = reach.max(column + 1);
            } else if low < i && i < high {
                cells[at] = '│';
            }
        }
        let corner = 2 * width.saturating_sub(reach);
        for cell in cells.iter_mut().skip(corner) {
            if *cell == ' ' {
                *cell = '─';
            } else if *cell == '│' {
                *cell = '┼';
            }
        }
        let end = if word.head.is_some() { '▶' } else { '●' };
        let picture: String = cells.into_iter().collect();
        let gap = longest - word.form.chars().count();
        let (form, upos) = (&word.form, word.upos.as_str());
        let _ = writeln!(lines, "{picture}{end} {form}{:gap$}  {upos:<5} {}", "", word.deprel.as_str());
    }
    lines.push('\n');
    lines
}
