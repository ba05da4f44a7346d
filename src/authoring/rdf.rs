//! RDF documents from files and folders: any format by the end of the name, compressed or not.
//!
//! [`read`] gives the statements of a path, whatever graphs they are in. Blank nodes are named in the order in which they occur, so
//! that what is printed of them is the same each time, and never meet those of another file.

use crate::ontology::Ontology;
use flate2::read::MultiGzDecoder;
use oxrdf::{BlankNode, NamedOrBlankNode, Term, Triple};
use oxrdfio::{RdfFormat, RdfParser};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a document could not be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RdfError {
    /// The system cannot read it.
    #[error("cannot read `{path}`", path = .path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Its name does not tell what it is.
    #[error(
        "`{path}` has none of the extensions of RDF: .ttl, .nt, .nq, .trig, .rdf, .owl, .jsonld, each also with .gz or .zst",
        path = .0.display()
    )]
    UnknownFormat(PathBuf),
    /// A folder without a document.
    #[error("the folder `{path}` holds no RDF", path = .0.display())]
    Empty(PathBuf),
    /// It breaks the syntax.
    #[error("{path}:{line}: {message}", path = .path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        message: String,
    },
}

/// The statements of a file, or of all RDF files of a folder and those in it, in the order of their paths.
///
/// # Errors
///
/// If something cannot be read, or a folder has nothing to read.
pub fn read(path: &Path) -> Result<Vec<Triple>, RdfError> {
    let mut files = Vec::new();
    if path.is_dir() {
        find(path, &mut files)?;
        files.sort();
        if files.is_empty() {
            return Err(RdfError::Empty(path.to_owned()));
        }
    } else {
        files.push(path.to_owned());
    }
    let mut triples = Vec::new();
    let mut names = Names::default();
    for file in files {
        names.file(read_file(&file)?, &mut triples);
    }
    Ok(triples)
}

/// The statements of an ontology with its overlays, as a store shows them: all but lists of words.
pub fn ontology(ontology: &Ontology) -> Vec<Triple> {
    ontology.sorted_statements().ontology.clone()
}

/// Gives blank nodes new names.
#[derive(Default)]
struct Names {
    next: usize,
}

impl Names {
    fn file(&mut self, file: Vec<Triple>, into: &mut Vec<Triple>) {
        let mut names: HashMap<String, BlankNode> = HashMap::new();
        let mut name = |node: &BlankNode| {
            let next = &mut self.next;
            let fresh = names.entry(node.as_str().to_owned()).or_insert_with(|| {
                *next += 1;
                BlankNode::new_unchecked(format!("b{next}"))
            });
            fresh.clone()
        };
        into.extend(file.into_iter().map(|mut triple| {
            if let NamedOrBlankNode::BlankNode(node) = &triple.subject {
                triple.subject = name(node).into();
            }
            if let Term::BlankNode(node) = &triple.object {
                triple.object = name(node).into();
            }
            triple
        }));
    }
}

/// The format by the extension, the one of a compressed file left out.
fn format_of(path: &Path) -> Option<RdfFormat> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    match name.rsplit_once('.')?.1 {
        "ttl" | "turtle" => Some(RdfFormat::Turtle),
        "nt" => Some(RdfFormat::NTriples),
        "nq" => Some(RdfFormat::NQuads),
        "trig" => Some(RdfFormat::TriG),
        "rdf" | "owl" | "xml" => Some(RdfFormat::RdfXml),
        "jsonld" | "json" => Some(RdfFormat::JsonLd { profile: oxrdfio::JsonLdProfileSet::default() }),
        _ => None,
    }
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), RdfError> {
    let failed = |source| RdfError::File { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if format_of(&path).is_some() {
            files.push(path);
        }
    }
    Ok(())
}

fn read_file(path: &Path) -> Result<Vec<Triple>, RdfError> {
    let failed = |source| RdfError::File { path: path.to_owned(), source };
    let file = BufReader::new(File::open(path).map_err(failed)?);
    let format = format_of(path).ok_or_else(|| RdfError::UnknownFormat(path.to_owned()))?;
    let reader: Box<dyn Read> = match path.extension().and_then(|extension| extension.to_str()) {
        Some("gz") => Box::new(MultiGzDecoder::new(file)),
        Some("zst") => Box::new(zstd::Decoder::with_buffer(file).map_err(failed)?),
        _ => Box::new(file),
    };
    let mut reader = BufReader::new(reader);
    skip_mark(&mut reader).map_err(failed)?;
    let mut parser = RdfParser::from_format(format);
    // Relative IRIs, `<>` among them, are relative to the file.
    if let Ok(whole) = path.canonicalize()
        && let Ok(url) = url::Url::from_file_path(whole)
        && let Ok(with_base) = parser.clone().with_base_iri(url.as_str())
    {
        parser = with_base;
    }
    let mut triples = Vec::new();
    for quad in parser.for_reader(reader) {
        match quad {
            Ok(quad) => triples.push(quad.into()),
            Err(oxrdfio::RdfParseError::Io(source)) => return Err(failed(source)),
            Err(oxrdfio::RdfParseError::Syntax(error)) => {
                let line = error.location().map_or(1, |location| location.start.line + 1);
                return Err(RdfError::Syntax { path: path.to_owned(), line, message: error.to_string() });
            }
        }
    }
    Ok(triples)
}

/// Passes over a byte-order mark.
fn skip_mark(reader: &mut impl io::BufRead) -> io::Result<()> {
    if reader.fill_buf()?.starts_with("\u{feff}".as_bytes()) {
        reader.consume('\u{feff}'.len_utf8());
    }
    Ok(())
}
