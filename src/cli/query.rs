//! `belligraph query`: asks the store a question in SPARQL.

use super::output::Output;
use super::{Global, Outcome, terminal};
use crate::sparql::saved::{self, SavedQuery};
use crate::sparql::{DefaultGraph, Format, Options, Prefixes, Query, evaluate, explain, parse_value};
use crate::store::{Access, Store};
use anyhow::{Context, Result, anyhow, bail};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use jiff::SignedDuration;
use oxrdf::Variable;
use std::io::{Read, Write, stdin};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;
use std::{fs, thread};

/// The folder of the user's own saved queries.
const FOLDER: &str = "queries";

/// How much longer than `--timeout` an evaluation may run that does not look at the clock, a long sort for instance.
const GRACE: Duration = Duration::from_millis(500);

/// Ask the store a question in SPARQL
#[derive(Args, Debug)]
#[command(
    name = "query",
    long_about = "Ask the store a question in SPARQL

The question is a saved query by its name (--list), a file, `-` for standard input, or the text after -e. \
The prefixes bg:, rdf:, rdfs:, xsd:, owl:, skos:, sem:, prov:, schema:, geo:, geof:, uom:, gaf:, nif:, time: and dcterms: \
need no declaration, nor do actor:, article:, event:, place:, report:, situation:, run: and graph: for what the store holds, \
with bgr: for the rest of it. The default graph is the union of all graphs.

SERVICE bg:search { ?thing bg:matches \"words\" } finds actors, places and articles by their names and texts; bg:score, \
bg:snippet, bg:category (\"actor\", \"place\", \"article\") and bg:limit say more, all but the first as wanted.

SELECT and ASK give a table unless another format is asked for, CONSTRUCT and DESCRIBE give Turtle."
)]
#[command(after_help = "\
Examples:
  belligraph query --list
  belligraph query -e 'SELECT ?battle ?where { ?battle a bg:Battle ; bg:place ?where } LIMIT 10'
  belligraph query my.rq --param place=place:benghazi --param from=2017-12-01 --format csv
  belligraph query -e 'DESCRIBE ?who' --param who=actor:libyan-national-army
  echo 'ASK { ?s ?p ?o }' | belligraph query -")]
pub(super) struct Ask {
    /// Name of a saved query, a file, or `-` for standard input
    #[arg(value_name = "NAME|FILE|-", required_unless_present_any = ["execute", "list"])]
    query: Option<String>,
    /// The query itself
    #[arg(short, long, value_name = "SPARQL", conflicts_with = "query")]
    execute: Option<String>,
    /// Show the saved queries with what they answer and their parameters
    #[arg(long, conflicts_with_all = ["query", "execute"])]
    list: bool,
    /// A value for a variable, everywhere in the query: <iri>, prefix:name, "text"@en, number, date, or plain text
    #[arg(long, short, value_name = "NAME=VALUE", value_parser = parameter)]
    param: Vec<(String, String)>,
    /// The format of the results [default: table, or turtle for CONSTRUCT and DESCRIBE]
    #[arg(long, short, value_name = "FORMAT", value_parser = format())]
    format: Option<Format>,
    /// Write to this file, compressed if its name ends in .gz or .zst
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How long it may take: seconds, or with a unit such as 500ms or 2m
    #[arg(long, value_name = "TIME", value_parser = duration)]
    timeout: Option<Duration>,
    /// Show how the query is evaluated, with results and time of each step, instead of its results
    #[arg(long)]
    explain: bool,
    /// What the default graph is
    #[arg(long, value_name = "GRAPH", default_value = "union")]
    default_graph: GraphChoice,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum GraphChoice {
    /// All graphs together
    Union,
    /// Only the graph without a name
    Unnamed,
}

impl From<GraphChoice> for DefaultGraph {
    fn from(choice: GraphChoice) -> Self {
        match choice {
            GraphChoice::Union => Self::Union,
            GraphChoice::Unnamed => Self::Unnamed,
        }
    }
}

fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name))
        .try_map(|name| Format::of_name(&name).ok_or_else(|| anyhow!("no such format")))
}

fn parameter(text: &str) -> Result<(String, String)> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => {
            Ok((name.trim_start_matches(['?', '$']).to_owned(), value.to_owned()))
        }
        _ => bail!("write NAME=VALUE"),
    }
}

pub(super) fn duration(text: &str) -> Result<Duration> {
    if let Ok(seconds) = text.parse() {
        return Duration::try_from_secs_f64(seconds).context("no such time");
    }
    let duration: SignedDuration = text.parse().context("write a number of seconds, 500ms, 2m or the like")?;
    Duration::try_from(duration).context("a time cannot be negative")
}

impl Ask {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        if self.list {
            return list();
        }
        let question = self.question()?;
        let Some(timeout) = self.timeout else { return self.answer(&global.store, &question) };
        // The evaluator looks at its deadline only when it reads the store. A thread that does not is left behind.
        let (done, answered) = channel();
        let store = global.store.clone();
        thread::spawn(move || done.send(self.answer(&store, &question)));
        match answered.recv_timeout(timeout + GRACE) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) => Err(crate::sparql::SparqlError::TimedOut(timeout).into()),
            Err(RecvTimeoutError::Disconnected) => bail!("the evaluation broke off; this is a fault of the program"),
        }
    }

    /// The query as text, with its header if it has one.
    fn question(&self) -> Result<SavedQuery> {
        if let Some(text) = &self.execute {
            return Ok(SavedQuery::new("-e", text.clone()));
        }
        let name = self.query.as_deref().unwrap_or("-");
        if name == "-" {
            let mut text = String::new();
            stdin().read_to_string(&mut text).context("cannot read the query from standard input")?;
            return Ok(SavedQuery::new(name, text));
        }
        let path = Path::new(name);
        if path.is_file() || path.extension().is_some() {
            let text = fs::read_to_string(path).with_context(|| format!("cannot read the query `{name}`"))?;
            return Ok(SavedQuery::new(name, text));
        }
        Ok(saved::find(name, Path::new(FOLDER))?)
    }

    fn answer(&self, store: &Path, question: &SavedQuery) -> Result<Outcome> {
        let store = Store::open(store, Access::Read)?;
        let prefixes = Prefixes::of_base(store.base());
        let mut query = Query::parse(&question.text, &prefixes)?;
        for (name, value) in &self.param {
            set(&mut query, name, value, &prefixes)?;
        }
        for parameter in &question.parameters {
            let given = self.param.iter().any(|(name, _)| *name == parameter.name);
            if let Some(default) = parameter.default.as_ref().filter(|_| !given) {
                set(&mut query, &parameter.name, default, &prefixes)?;
            }
        }
        let options = Options { default_graph: self.default_graph.into(), timeout: self.timeout, dataset: None };
        let mut output = Output::open(self.output.as_deref(), None)?;
        if self.explain {
            explain(&store, &query, options, &mut output)?;
        } else {
            let results = evaluate(&store, &query, options)?;
            let format = self.format.unwrap_or(if results.are_triples() { Format::Turtle } else { Format::Table });
            results.write(&mut output, format, &prefixes, terminal::table_style())?;
        }
        output.finish()?;
        Ok(Outcome::Done)
    }
}

fn set(query: &mut Query, name: &str, value: &str, prefixes: &Prefixes) -> Result<()> {
    let variable = Variable::new(name).with_context(|| format!("`{name}` cannot be the name of a variable"))?;
    let value = parse_value(value, prefixes).with_context(|| format!("cannot give `?{name}` a value"))?;
    Ok(query.set(&variable, &value)?)
}

fn list() -> Result<Outcome> {
    let mut output = Output::stdout()?;
    let (bold, plain) = if terminal::colour() { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    for query in saved::list(Path::new(FOLDER))? {
        writeln!(output, "{bold}{}{plain}  {}", query.name, query.title)?;
        if !query.description.is_empty() {
            writeln!(output, "    {}", query.description)?;
        }
        for parameter in &query.parameters {
            write!(output, "    --param {}=…  {}", parameter.name, parameter.description)?;
            match &parameter.default {
                Some(default) => writeln!(output, " [default: {default}]")?,
                None => writeln!(output)?,
            }
        }
    }
    output.finish()?;
    Ok(Outcome::Done)
}
