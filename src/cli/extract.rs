//! `belligraph extract`: what articles say, to standard output, without a store.

use super::inputs::Inputs;
use super::output::Output;
use super::trace::Account;
use super::{Global, Outcome};
use crate::graph::{COLUMNS, DEFAULT_BASE, exchange, rows};
use crate::ontology::Ontology;
use crate::pipeline::{Chain, Reported, in_order};
use crate::store::ArticleGraph;
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use oxrdf::{GraphName, Quad};
use oxrdfio::{JsonLdProfileSet, RdfFormat, RdfSerializer};
use std::io::{self, Write};
use std::path::PathBuf;

/// Print what articles say, without a store
///
/// The jsonl format gives one object an article with its mentions, events and relations; csv one row an event, with the
/// columns of ACLED and UCDP; the others the triples that `load` would store.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  belligraph extract seeds/articles > events.jsonl
  belligraph extract --format csv --output events.csv articles.jsonl.gz
  belligraph extract --explain article.txt | less
  belligraph extract --format turtle --published 2018-01-02 article.txt")]
pub(super) struct Extract {
    #[command(flatten)]
    inputs: Inputs,
    /// The format of the output
    #[arg(long, short, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
    /// Show each fact with its frame, the way through the tree and the words, and why other words gave nothing
    #[arg(long, conflicts_with = "format")]
    explain: bool,
    /// Use the fast models: several times the speed, more mistakes
    #[arg(long)]
    fast: bool,
    /// Where to write, compressed if it ends in `.gz` or `.zst`
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The base of the IRIs
    #[arg(long, value_name = "IRI", default_value = DEFAULT_BASE)]
    base: String,
    /// How many articles are read at the same time; 0 is one for each processor
    #[arg(long, short, value_name = "NUMBER", default_value_t = 0)]
    jobs: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON object an article
    Jsonl,
    /// N-Quads
    Nquads,
    /// `TriG`
    Trig,
    /// Turtle: all graphs as one
    Turtle,
    /// JSON-LD
    Jsonld,
    /// One row an event
    Csv,
}

impl Extract {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(self.jobs).build().context("cannot start threads")?;
        let ontology = super::ontology::load(global)?;
        threads.install(|| self.write(ontology))
    }

    fn write(self, ontology: &'static Ontology) -> Result<Outcome> {
        let chain = if self.fast { Chain::fast(ontology) } else { Chain::new(ontology) };
        if self.explain {
            return self.explain(&chain);
        }
        let mut writer = Writer::new(self.format, &self.base, Output::open(self.output.as_deref(), None)?)?;
        let mut outcome = Outcome::Done;
        let articles = self.inputs.articles().on_warning(|warning| super::report::tell("warning", &warning));
        let work = |read: Result<crate::article::Article, crate::article::ReadError>| {
            read.map(|article| {
                let reported = chain.read(article, &self.base);
                let id = || reported.article.id.clone().unwrap_or_else(|| reported.article.key());
                let notes = reported.facts.notes.iter().map(|note| format!("{}: {note}", id()));
                (notes.collect::<Vec<String>>(), said(&reported, self.format, &chain))
            })
        };
        in_order(articles, work, |result| match result {
            Ok((notes, said)) => {
                for note in notes {
                    super::report::tell("note", &note);
                }
                writer.write(&said?)
            }
            Err(error) => {
                super::report::tell("rejected", &error);
                outcome = Outcome::Rejected;
                Ok(())
            }
        })?;
        writer.finish()?;
        tracing::info!("{}", chain.stages());
        Ok(outcome)
    }
}

impl Extract {
    /// Writes what was read and why, one article after the other.
    fn explain(self, chain: &Chain) -> Result<Outcome> {
        let mut output = Output::open(self.output.as_deref(), None)?;
        let mut outcome = Outcome::Done;
        let articles = self.inputs.articles().on_warning(|warning| super::report::tell("warning", &warning));
        let work = |read: Result<crate::article::Article, crate::article::ReadError>| {
            read.map(|article| {
                let (reported, document, trace) = chain.trace(article, &self.base);
                let account =
                    Account { document: &document, ontology: chain.ontology(), facts: &reported.facts, trace: &trace };
                format!("# {}\n\n{}\n", reported.iris.article(), account.facts())
            })
        };
        in_order(articles, work, |result| match result {
            Ok(text) => output.write_all(text.as_bytes()),
            Err(error) => {
                super::report::tell("rejected", &error);
                outcome = Outcome::Rejected;
                Ok(())
            }
        })?;
        output.finish()?;
        Ok(outcome)
    }
}

/// What an article says, made ready in parallel for a writer that has only one thread.
enum Said {
    Line(Vec<u8>),
    Rows(Vec<[String; COLUMNS.len()]>),
    Graph(Box<ArticleGraph>),
}

fn said(reported: &Reported, format: Format, chain: &Chain) -> Result<Said> {
    let Reported { article, facts, iris } = reported;
    Ok(match format {
        Format::Jsonl => {
            let mut line = serde_json::to_vec(&exchange(article, facts, iris, chain.ontology()))?;
            line.push(b'\n');
            Said::Line(line)
        }
        Format::Csv => Said::Rows(rows(article, facts, iris, chain.ontology())),
        _ => Said::Graph(Box::new(chain.graph(reported))),
    })
}

/// Writes what articles say in one of the formats.
enum Writer {
    Lines(Box<Output>),
    Table(Box<csv::Writer<Output>>),
    Quads { serializer: Box<oxrdfio::WriterQuadSerializer<Output>>, union: bool },
}

impl Writer {
    fn new(format: Format, base: &str, output: Output) -> Result<Self> {
        let rdf = match format {
            Format::Jsonl => return Ok(Self::Lines(Box::new(output))),
            Format::Csv => {
                let mut table = csv::Writer::from_writer(output);
                table.write_record(COLUMNS)?;
                return Ok(Self::Table(Box::new(table)));
            }
            Format::Nquads => RdfFormat::NQuads,
            Format::Trig => RdfFormat::TriG,
            Format::Turtle => RdfFormat::Turtle,
            Format::Jsonld => RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() },
        };
        let mut serializer = RdfSerializer::from_format(rdf);
        for (prefix, iri) in crate::sparql::Prefixes::of_base(base).iter() {
            serializer = serializer.with_prefix(prefix, iri)?;
        }
        Ok(Self::Quads { serializer: Box::new(serializer.for_writer(output)), union: format == Format::Turtle })
    }

    fn write(&mut self, said: &Said) -> Result<()> {
        match (self, said) {
            (Self::Lines(output), Said::Line(line)) => output.write_all(line)?,
            (Self::Table(table), Said::Rows(rows)) => {
                for row in rows {
                    table.write_record(row)?;
                }
            }
            (Self::Quads { serializer, union }, Said::Graph(graph)) => {
                let named: GraphName = if *union { GraphName::DefaultGraph } else { graph.article.clone().into() };
                for triple in &graph.triples {
                    serializer.serialize_quad(&Quad::new(
                        triple.subject.clone(),
                        triple.predicate.clone(),
                        triple.object.clone(),
                        named.clone(),
                    ))?;
                }
                for triple in graph.shared.iter().chain(&graph.known) {
                    serializer.serialize_quad(&triple.clone().in_graph(GraphName::DefaultGraph))?;
                }
            }
            // Both come from the same format.
            _ => {}
        }
        Ok(())
    }

    fn finish(self) -> Result<()> {
        match self {
            Self::Lines(output) => output.finish(),
            Self::Table(table) => {
                let output = table.into_inner().map_err(|e| io::Error::new(e.error().kind(), e.to_string()))?;
                output.finish()
            }
            Self::Quads { serializer, .. } => serializer.finish()?.finish(),
        }
    }
}
