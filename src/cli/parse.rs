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
use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, ValueEnum};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::ops::Range;
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
    /// Read CoNLL-U, keep its sentences and words, and replace all that it says about them
    #[arg(long)]
    gold_tokens: bool,
    /// Analyse the text of this treebank, from raw text and with its words, and print the scores
    #[arg(long, value_name = "GOLD.conllu", conflicts_with_all = ["input", "gold_tokens", "format"])]
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
    /// Ten columns a word, as Universal Dependencies has them; the last says where a token stands, in characters, and what
    /// follows it, so that the text can be put together again
    Conllu,
    /// One JSON object a sentence, which says where it and its words stand in the text, in characters
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
            let input = Given::of(self.input.as_deref());
            let format = self.format.unwrap_or(match input {
                Given::Text(_) => ParseFormat::Reading,
                _ => ParseFormat::Conllu,
            });
            let trees = if self.gold_tokens {
                let mut trees = self.tokens(input)?;
                pipeline.annotate_trees(&mut trees);
                trees
            } else if format == ParseFormat::Reading {
                let text = input.read()?;
                output.write_all(reading(pipeline, super::ontology::load(global)?, text).as_bytes())?;
                Vec::new()
            } else {
                conllu::trees(&pipeline.analyse_text(&input.read()?))
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

impl Parse {
    /// The sentences and words that are to be kept.
    fn tokens(&self, input: Given<'_>) -> Result<Vec<Tree>> {
        if self.format == Some(ParseFormat::Reading) {
            bail!(
                "`--format reading` is made from running text, not from words given with `--gold-tokens`: \
                 use `conllu`, `json` or `tree`, or leave `--gold-tokens` out"
            );
        }
        if let Given::Text(text) = input {
            bail!("`{text}` is no file: `--gold-tokens` reads CoNLL-U from a file or standard input");
        }
        let name = input.name();
        conllu::parse_tokens(&input.read()?).with_context(|| format!("cannot read {name}"))
    }
}

/// What is to be analysed.
#[derive(Clone, Copy, Debug)]
enum Given<'a> {
    /// A text given as an argument.
    Text(&'a str),
    File(&'a Path),
    StandardInput,
}

impl<'a> Given<'a> {
    /// An argument of several words that is no file is a text.
    fn of(argument: Option<&'a str>) -> Self {
        match argument {
            None | Some("-") => Self::StandardInput,
            Some(text) if text.contains(char::is_whitespace) && !Path::new(text).exists() => Self::Text(text),
            Some(path) => Self::File(Path::new(path)),
        }
    }

    /// What it is called in a message.
    fn name(self) -> String {
        match self {
            Self::Text(_) => "the text".to_owned(),
            Self::File(path) => format!("`{}`", path.display()),
            Self::StandardInput => "standard input".to_owned(),
        }
    }

    fn read(self) -> Result<String> {
        let mut bytes = Vec::new();
        match self {
            Self::Text(text) => return Ok(text.to_owned()),
            Self::File(path) => bytes = std::fs::read(path).with_context(|| unreadable(path))?,
            Self::StandardInput => {
                std::io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
            }
        }
        String::from_utf8(bytes).map_err(|error| {
            let end = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..end].split(|&byte| byte == b'\n').count();
            anyhow!(
                "{} is not UTF-8: byte {} (line {line}) begins no character; \
                 convert it first, for instance with `iconv -f WINDOWS-1252 -t UTF-8`",
                self.name(),
                end + 1
            )
        })
    }
}

/// That a file cannot be read; one that is not there may be meant as a text of one word.
fn unreadable(path: &Path) -> String {
    let path_name = path.display();
    if path.exists() || path.components().count() > 1 || path.extension().is_some_and(|name| !name.is_empty()) {
        return format!("cannot read `{path_name}`");
    }
    format!(
        "cannot read `{path_name}`: one word is taken for the name of a file; \
         to analyse it as a text, give it on standard input: `echo '{path_name}' | belligraph parse`"
    )
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
        let file = std::fs::read(&path).with_context(|| {
            format!("cannot read `{path}`: `--models` wants a folder and what the names of the models begin with, as in `models/english`")
        })?;
        anyhow::Ok((path, file))
    };
    let (words, parser) = (read("words")?, read(kind)?);
    Ok(Pipeline::from_bytes((&words.0, &words.1), (&parser.0, &parser.1))?)
}

fn scores(pipeline: &Pipeline, path: &Path) -> Result<String> {
    let text = Given::File(path).read()?;
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

/// A sentence as JSON. Positions are in Unicode code points, `null` for words of CoNLL-U that does not say them.
fn json(tree: &Tree) -> String {
    let start = |range: Option<&Range<usize>>| range.map(|range| range.start);
    let end = |range: Option<&Range<usize>>| range.map(|range| range.end);
    let (mut words, mut multiword) = (Vec::new(), Vec::new());
    for (number, token) in tree.tokens.iter().enumerate() {
        let ranges = tree.word_ranges(token);
        for (place, i) in token.words.clone().enumerate() {
            let w = &tree.words[i];
            let range = ranges.as_ref().map(|ranges| &ranges[place]);
            words.push(serde_json::json!({
                "id": i + 1, "form": w.form, "lemma": w.lemma, "upos": w.upos.as_str(), "xpos": w.xpos, "feats": w.feats,
                "head": w.head.map_or(0, |h| h + 1), "deprel": w.deprel.as_str(),
                "start": start(range), "end": end(range), "token": number + 1,
            }));
        }
        if token.words.len() > 1 {
            multiword.push(serde_json::json!({
                "token": number + 1, "form": token.form, "words": token.words.clone().map(|i| i + 1).collect::<Vec<_>>(),
                "start": start(token.range.as_ref()), "end": end(token.range.as_ref()),
            }));
        }
    }
    let range = tree.range();
    let sentence = serde_json::json!({
        "id": tree.id, "text": tree.source(), "start": start(range.as_ref()), "end": end(range.as_ref()),
        "paragraph": tree.paragraph, "words": words, "multiword": multiword,
    });
    format!("{sentence}\n")
}

/// The tree as arcs beside the words, one word a line. A line that goes on to the words meets the ends of inner arcs at `┬`,
/// `┴` or `┼`, and crosses an arc that goes past under it without a joint, as in `─│─`.
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
        for (at, cell) in cells.iter_mut().enumerate().skip(corner) {
            *cell = match *cell {
                ' ' => '─',
                '╭' if at > corner => '┬',
                '╰' if at > corner => '┴',
                '├' if at > corner => '┼',
                other => other,
            };
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
