//! `belligraph dump`: the store as an RDF document.

use super::output::{Compression, Output};
use super::{Global, Outcome, terminal};
use crate::sparql::Prefixes;
use crate::store::{Access, Store};
use anyhow::Result;
use clap::{Args, ValueEnum};
use oxrdf::NamedNode;
use oxrdfio::RdfFormat;
use std::path::{Path, PathBuf};

/// Write the store, or one graph of it, as an RDF document
#[derive(Args, Debug)]
#[command(long_about = "Write the store, or one graph of it, as an RDF document

N-Quads, TriG and JSON-LD keep the graphs apart. The other formats get the statements of all graphs, each once, \
without the store's own books.")]
#[command(after_help = "\
Examples:
  belligraph dump --output graph.nq.zst
  belligraph dump --format turtle --graph graph:shared")]
pub(super) struct Dump {
    /// The format [default: by the name of the output, else N-Quads]
    #[arg(long, short)]
    format: Option<DumpFormat>,
    /// Only this graph
    #[arg(long, value_name = "IRI")]
    graph: Option<String>,
    /// The file; compressed if its name ends in .gz or .zst [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Compress the output
    #[arg(long)]
    compress: Option<Compression>,
}

/// The formats of a dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DumpFormat {
    Nquads,
    Trig,
    Jsonld,
    Ntriples,
    Turtle,
    Rdfxml,
}

impl DumpFormat {
    fn rdf(self) -> RdfFormat {
        match self {
            Self::Nquads => RdfFormat::NQuads,
            Self::Trig => RdfFormat::TriG,
            Self::Jsonld => RdfFormat::JsonLd { profile: oxrdfio::JsonLdProfileSet::default() },
            Self::Ntriples => RdfFormat::NTriples,
            Self::Turtle => RdfFormat::Turtle,
            Self::Rdfxml => RdfFormat::RdfXml,
        }
    }

    /// By the extension, the one of a compressed file left out.
    fn of(path: &Path) -> Option<RdfFormat> {
        let name = path.to_str()?;
        let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(name);
        RdfFormat::from_extension(Path::new(name).extension()?.to_str()?)
    }
}

impl Dump {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let store = Store::open(&global.store, Access::Read)?;
        let format = match (self.format, &self.output) {
            (Some(format), _) => format.rdf(),
            (None, Some(path)) => DumpFormat::of(path).unwrap_or(RdfFormat::NQuads),
            (None, None) => RdfFormat::NQuads,
        };
        let prefixes = Prefixes::of_base(store.base());
        let graph = self.graph.map(|iri| terminal::iri(&iri, &prefixes)).transpose()?;
        let mut output = Output::open(self.output.as_deref(), self.compress)?;
        store.dump(&mut output, format, graph.as_ref().map(NamedNode::as_ref), prefixes.iter())?;
        output.finish()?;
        Ok(Outcome::Done)
    }
}
