//! `belligraph eval`: how well articles are read, by articles that people have annotated.

use super::output::Output;
use super::progress::Progress;
use super::report;
use super::{Global, Outcome};
use crate::article::{self, Input, NumberedLines};
use crate::eval::{
    Evaluation, Floor, Floors, Gold, GoldArticle, GoldError, Miss, Options, Prediction, Predictions, Quotes, Scores,
};
use crate::graph::{DEFAULT_BASE, exchange};
use crate::language::Pipeline;
use crate::ontology::Ontology;
use crate::pipeline::{Chain, in_order};
use anyhow::{Context, Result, anyhow};
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use serde_json::{Value as Json, json};
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The longest line of gold or predictions, in bytes.
const LONGEST_LINE: u64 = 256 << 20;

/// Score what is read from articles against what people read from them
#[derive(Args, Debug)]
#[command(long_about = "Score what is read from articles against what people read from them

GOLD is JSON lines: an annotated article each, with `id`, `headline`, `text`, `published` (a day) and `gold`, an object that \
holds any of these; what is absent was not annotated and does not count, an empty list says that there is none:

  killed, injured, captured   how many people, or {\"min\": 40, \"max\": 44}
  killed_by_group             {\"civilians\": 10, \"noncivilians\": 3}
  location, actor             a name or a list of names, as in the text; of the locations, one is enough
  date                        the day of the main event
  event_type, sub_event_type  of ACLED (Battles; Armed clash), or of PLOVER (ASSAULT)
  plover                      of PLOVER, where `event_type` is of ACLED
  source_actors, target_actors, reciprocal   who did it, to whom, and whether each is both
  entities                    [{\"start\", \"end\", \"type\"}], types Organization, Place, Person, Weapon, Vehicle, Time …
  relations                   [{\"type\", \"source\": [start, end], \"target\": [start, end]}], types opposes, alliedWith, \
supports, memberOf, leads

Offsets count Unicode characters of `text`; the end is the character after the last. `location.first`, `actor.main`, \
`date.top` and the like are of the first event, the one that is taken for the article's news; `any` is of all events.")]
#[command(after_help = "\
Examples:
  belligraph eval tests/gold/articles.jsonl
  belligraph eval --errors=killed,location mine.jsonl | less
  belligraph eval --floors floors.json --format json mine.jsonl.gz > scores.json
  belligraph eval --predictions theirs.jsonl mine.jsonl

An annotated article, on one line:
  {\"id\": \"a1\", \"headline\": \"Blast in Aden\", \"text\": \"A bomb killed 12 people in Aden on Monday.\",
   \"published\": \"2018-02-27\", \"gold\": {\"killed\": 12, \"location\": \"Aden\", \"date\": \"2018-02-26\"}}

Floors are what figures must reach, or the exit code is 1: {\"killed.max_exact\": 0.72, \"location.first\": 0.6}")]
pub(super) struct Eval {
    /// The annotated articles: JSON lines, also packed with gzip or Zstandard, or `-` for standard input
    #[arg(value_name = "GOLD")]
    gold: OsString,
    /// Score these predictions, as `extract` prints them, instead of extracting
    #[arg(long, value_name = "FILE")]
    predictions: Option<OsString>,
    /// Use the fast models: several times the speed, more mistakes
    #[arg(long, conflicts_with = "predictions")]
    fast: bool,
    /// The day of publication of articles that do not say it
    #[arg(long, value_name = "DATE", value_parser = article::parse_date, conflicts_with = "predictions")]
    published: Option<Date>,
    /// Count entities and relations of low confidence too (`entities_low_confidence`, `relations_low_confidence`)
    #[arg(long)]
    all_annotations: bool,
    /// Tell of each article what was missed or misread, with the sentence; of all figures, or of those named
    #[arg(long, value_name = "FIGURE", num_args = 0.., require_equals = true, value_delimiter = ',', value_parser = figures())]
    errors: Option<Vec<String>>,
    /// What the figures must reach: a JSON object of figures, or one that has such an object under the name of GOLD without
    /// its extensions
    #[arg(long, value_name = "FILE")]
    floors: Option<PathBuf>,
    /// The format of the output
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Where to write, compressed if it ends in `.gz` or `.zst`
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How many articles are read at the same time; 0 is one for each processor
    #[arg(long, short, value_name = "NUMBER", default_value_t = 0)]
    jobs: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table for people
    Table,
    /// JSON, with the names of the figures as keys
    Json,
}

fn figures() -> PossibleValuesParser {
    PossibleValuesParser::new(Evaluation::figures())
}

impl Eval {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(self.jobs).build().context("cannot start threads")?;
        let ontology = super::ontology::load(global)?;
        threads.install(|| self.score(ontology))
    }

    fn score(self, ontology: &'static Ontology) -> Result<Outcome> {
        let floors = self.floors.as_deref().map(|path| self.read_floors(path)).transpose()?;
        let gold = Gold::read(lines(&self.gold)?, ontology, self.published);
        tell(&self.gold, &gold.errors);
        for (key, near) in &gold.odd_keys {
            let message = format!("{}: `{key}` is no annotation that is scored; is it `{near}`?", named(&self.gold));
            report::tell("warning", &message);
        }
        let mut rejected = gold.errors.len();
        let options = Options { all_annotations: self.all_annotations };
        let mut scored = Scored {
            evaluation: Evaluation::new(ontology, options),
            listing: Listing { wanted: self.errors.clone(), format: self.format, listed: Vec::new() },
            output: Output::open(self.output.as_deref(), None)?,
        };
        if let Some(file) = &self.predictions {
            let mut predictions = Predictions::read(lines(file)?);
            tell(file, &predictions.errors);
            rejected += predictions.errors.len();
            for article in &gold.articles {
                scored.add(article, predictions.by_id.remove(&article.id).as_ref())?;
            }
            scored.evaluation.add_unknown(predictions.by_id.len());
        } else {
            let chain = if self.fast { Chain::fast(ontology) } else { Chain::new(ontology) };
            extract(&gold.articles, &chain, &mut scored)?;
        }
        let scores = scored.evaluation.scores();
        let floors = floors.map_or_else(Vec::new, |floors| floors.compare(&scores));
        scored.write(&scores, rejected, &floors)?;
        let passed = rejected == 0 && floors.iter().all(Floor::is_reached);
        Ok(if passed { Outcome::Done } else { Outcome::Rejected })
    }

    fn read_floors(&self, path: &Path) -> Result<Floors> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let name = Path::new(&self.gold).file_name().unwrap_or_default().to_string_lossy();
        let set = name.split_once('.').map_or(&*name, |(set, _)| set);
        Floors::read(&text, set).with_context(|| format!("cannot use `{}`", path.display()))
    }
}

/// Reads the articles in parallel and scores them in their order.
fn extract(articles: &[GoldArticle], chain: &Chain, scored: &mut Scored) -> Result<()> {
    let progress = Progress::of_articles(articles.len() as u64);
    let read = |article: &GoldArticle| {
        let reported = chain.read(article.article.clone(), DEFAULT_BASE);
        let record = exchange(&reported.article, &reported.facts, &reported.iris, chain.ontology());
        (reported.facts.notes, Prediction::of_record(record))
    };
    let work = |article| (article, read(article));
    in_order(articles.iter(), work, |(article, (notes, prediction))| {
        for note in notes {
            progress.suspend(|| report::tell("note", &format!("{}: {note}", article.id)));
        }
        let prediction = prediction.map_err(|failure| anyhow!("{}: {failure}", article.id))?;
        progress.advance();
        progress.suspend(|| scored.add(article, Some(&prediction)))
    })?;
    progress.finish();
    Ok(())
}

/// What is scored and told.
struct Scored {
    evaluation: Evaluation,
    listing: Listing,
    output: Output,
}

/// The misses that are told.
struct Listing {
    /// Of which figures; all if empty, nothing if absent.
    wanted: Option<Vec<String>>,
    format: Format,
    listed: Vec<Json>,
}

impl Scored {
    fn add(&mut self, article: &GoldArticle, prediction: Option<&Prediction>) -> Result<()> {
        let misses = self.evaluation.add(article, prediction);
        let Some(wanted) = &self.listing.wanted else { return Ok(()) };
        let is_wanted =
            |miss: &&Miss| wanted.is_empty() || wanted.iter().any(|w| miss.figure.split('.').next() == Some(w));
        let misses: Vec<&Miss> = misses.iter().filter(is_wanted).collect();
        if misses.is_empty() {
            return Ok(());
        }
        let quotes = Quotes::new(&article.article, Pipeline::embedded());
        if self.listing.format == Format::Table {
            writeln!(self.output, "{}  {}", article.id, article.article.headline)?;
        }
        for miss in misses {
            let found = quotes.quote(&miss.evidence);
            if self.listing.format == Format::Json {
                let quotes: Vec<Json> =
                    found.iter().map(|(by, sentence)| json!({"by": by, "sentence": sentence})).collect();
                let miss = json!({"id": article.id, "figure": miss.figure, "message": miss.message, "quotes": quotes});
                self.listing.listed.push(miss);
                continue;
            }
            writeln!(self.output, "  {}: {}", miss.figure, miss.message)?;
            for (by, sentence) in found {
                writeln!(self.output, "    {by}: {sentence}")?;
            }
        }
        if self.listing.format == Format::Table {
            writeln!(self.output)?;
        }
        Ok(())
    }

    fn write(mut self, scores: &Scores, rejected: usize, floors: &[Floor]) -> Result<()> {
        match self.listing.format {
            Format::Json => {
                let mut whole = scores.json();
                if rejected > 0 {
                    whole["records"]["rejected"] = json!(rejected);
                }
                if self.listing.wanted.is_some() {
                    whole["errors"] = Json::Array(self.listing.listed);
                }
                if !floors.is_empty() {
                    let floor = |f: &Floor| json!({"figure": f.figure, "floor": f.floor, "score": f.score, "reached": f.is_reached()});
                    whole["floors"] = floors.iter().map(floor).collect();
                }
                serde_json::to_writer_pretty(&mut self.output, &whole).map_err(std::io::Error::from)?;
                writeln!(self.output)?;
            }
            Format::Table => {
                write!(self.output, "{scores}")?;
                if !floors.is_empty() {
                    writeln!(self.output, "\nfloors")?;
                }
                for Floor { figure, floor, score } in floors {
                    let state = if score.is_none_or(|score| score + 1e-9 < *floor) { "FAIL" } else { "ok" };
                    let score = score.map_or("not there: nothing was scored".to_owned(), |s| format!("{s:.3}"));
                    writeln!(self.output, "{state} {figure}: {score} (floor {floor})")?;
                }
            }
        }
        self.output.finish()
    }
}

fn lines(file: &OsString) -> Result<NumberedLines> {
    let opened = NumberedLines::open(&Input::from_argument(file), LONGEST_LINE);
    opened.map_err(|error| anyhow!("cannot read {error}"))
}

fn named(file: &OsString) -> String {
    if file == "-" { "standard input".to_owned() } else { file.to_string_lossy().into_owned() }
}

/// Tells of the lines that cannot be used.
fn tell(file: &OsString, errors: &[GoldError]) {
    for error in errors {
        report::tell("rejected", &format!("{}: {error}", named(file)));
    }
}
