//! `belligraph ontology export`: the files of the ontology, to start an overlay from.

use super::super::output::Output;
use super::super::{Global, Outcome};
use crate::ontology::embedded::FILES;
use anyhow::{Context, Result, bail};
use clap::Args;
use oxrdf::Triple;
use oxrdfio::{JsonLdProfileSet, RdfFormat, RdfSerializer};
use std::fs;
use std::io::Write;
use std::path::PathBuf;

/// Write the ontology's files into a folder
///
/// Without --merged, the files that are in the program, as they are: keep those you change and delete the others, or
/// keep all; copies change nothing.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  belligraph ontology export my-ontology
  belligraph --ontology power-grid ontology export --merged all.ttl")]
pub(super) struct Export {
    /// The folder, which is made if it is not there; with --merged, a file ending in .ttl, .nt, .rdf or .jsonld
    #[arg(value_name = "DIRECTORY|FILE")]
    to: PathBuf,
    /// One file of everything that counts, with the overlays
    #[arg(long)]
    merged: bool,
    /// Write over files that are there
    #[arg(long)]
    force: bool,
}

impl Export {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let written = if self.merged { self.write_merged(global)? } else { self.write_files()? };
        let mut output = Output::stdout()?;
        writeln!(output, "{written}")?;
        output.finish()?;
        Ok(Outcome::Done)
    }

    fn write_files(&self) -> Result<String> {
        if !self.force
            && let Some(there) = FILES.iter().map(|file| self.to.join(file.path)).find(|path| path.exists())
        {
            bail!("`{}` is there already; name another folder, or say --force to write over it", there.display());
        }
        for file in FILES {
            let path = self.to.join(file.path);
            let folder = path.parent().unwrap_or(&self.to);
            fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
            fs::write(&path, file.turtle).with_context(|| format!("cannot write `{}`", path.display()))?;
        }
        Ok(format!("{} files written to {}", FILES.len(), self.to.display()))
    }

    fn write_merged(&self, global: &Global) -> Result<String> {
        if !self.force && self.to.exists() {
            bail!("`{}` is there already; name another file, or say --force to write over it", self.to.display());
        }
        let format = match self.to.extension().and_then(|e| e.to_str()) {
            Some("ttl") => RdfFormat::Turtle,
            Some("nt") => RdfFormat::NTriples,
            Some("rdf" | "owl") => RdfFormat::RdfXml,
            Some("jsonld") => RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() },
            _ => bail!("`{}` does not end in .ttl, .nt, .rdf or .jsonld", self.to.display()),
        };
        let mut triples: Vec<Triple> = super::load(global)?.statements().into_iter().map(|s| s.triple).collect();
        triples.sort_by_cached_key(|t| (t.subject.to_string(), t.predicate.to_string(), t.object.to_string()));
        triples.dedup();
        let mut serializer = RdfSerializer::from_format(format);
        for (prefix, iri) in crate::sparql::Prefixes::of_base(crate::graph::DEFAULT_BASE).iter() {
            serializer = serializer.with_prefix(prefix, iri)?;
        }
        let file = Output::open(Some(&self.to), None)?;
        let mut serializer = serializer.for_writer(file);
        for triple in &triples {
            serializer.serialize_triple(triple)?;
        }
        serializer.finish()?.finish()?;
        Ok(format!("{} statements written to {}", triples.len(), self.to.display()))
    }
}
