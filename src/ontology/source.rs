//! The files of an ontology: where they come from, in which format they are, and on which line a subject stands.
//!
//! [`sources`] lists the embedded files and those of the overlay folders; [`Source::statements`] reads one. A file that
//! is broken gives all its problems, not the first only.

use super::Problem;
use super::embedded::FILES;
use oxrdf::Triple;
use oxrdfio::{JsonLdProfileSet, RdfFormat, RdfParser};
use oxttl::TurtleParser;
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// How many problems of syntax one file may have before the rest of it is passed over.
const MOST_PROBLEMS: usize = 20;

/// The folder beside a store that is taken as an overlay without being asked for.
pub const OVERLAY_FOLDER: &str = "ontology";

/// A file the ontology was read from.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its path: below `ontology/` for an embedded file, as found otherwise.
    pub path: String,
    /// Its text, without a byte-order mark.
    pub text: Cow<'static, str>,
    /// Its format.
    pub format: RdfFormat,
    /// 0 for the embedded files, 1 and up for the overlays in the order they were given.
    pub layer: usize,
    /// Whether an overlay's file is an embedded one, letter for letter.
    pub is_copy: bool,
    index: OnceLock<HashMap<Box<str>, (u64, usize)>>,
}

/// The embedded files and those of the overlays.
pub(super) fn sources(overlays: &[PathBuf], problems: &mut Vec<Problem>) -> Vec<Source> {
    let mut sources: Vec<Source> =
        FILES.iter().map(|f| Source::new(f.path.to_owned(), Cow::Borrowed(f.turtle), RdfFormat::Turtle, 0)).collect();
    for (i, folder) in overlays.iter().enumerate() {
        let mut files = Vec::new();
        if let Err(error) = rdf_files(folder, &mut files) {
            problems.push(Problem {
                file: folder.display().to_string(),
                line: None,
                message: format!("cannot read the folder: {error}"),
                hint: "an overlay is a folder of `.ttl`, `.nt`, `.rdf`, `.owl` or `.jsonld` files".to_owned(),
            });
        } else if files.is_empty() {
            problems.push(Problem {
                file: folder.display().to_string(),
                line: None,
                message: "the folder holds no ontology".to_owned(),
                hint: "an overlay is a folder of `.ttl`, `.nt`, `.rdf`, `.owl` or `.jsonld` files".to_owned(),
            });
        }
        files.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (path, format) in files {
            match std::fs::read(&path).map(String::from_utf8) {
                Ok(Ok(text)) => {
                    let text = match text.strip_prefix('\u{feff}') {
                        Some(rest) => rest.to_owned(),
                        None => text,
                    };
                    let mut source = Source::new(path.display().to_string(), Cow::Owned(text), format, i + 1);
                    source.is_copy = is_embedded(folder, &path, &source.text);
                    sources.push(source);
                }
                Ok(Err(error)) => {
                    let before = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
                    problems.push(Problem {
                        file: path.display().to_string(),
                        line: Some(before.matches('\n').count() as u64 + 1),
                        message: "the file is not UTF-8".to_owned(),
                        hint: "save it as UTF-8".to_owned(),
                    });
                }
                Err(error) => problems.push(Problem {
                    file: path.display().to_string(),
                    line: None,
                    message: format!("cannot read the file: {error}"),
                    hint: String::new(),
                }),
            }
        }
    }
    sources
}

/// What a folder that nobody asked for holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// No folder, or none with a file that an overlay can be made of.
    Nothing,
    /// Files that say nothing of what this program knows: somebody else's ontology.
    Foreign,
    /// An overlay: one of its files names something of this program, by its IRI or the usual prefix.
    Overlay,
}

/// What the names of this program's terms begin with. The prefix counts as well, so that a file that forgot to declare it
/// is read, and its fault is told.
const OWN: [&str; 3] = ["https://w3id.org/belligraph/", "urn:belligraph:", "bg:"];

/// Whether a folder is meant as an overlay.
pub fn found_in(folder: &Path) -> Found {
    let mut files = Vec::new();
    if !folder.is_dir() || rdf_files(folder, &mut files).is_err() || files.is_empty() {
        return Found::Nothing;
    }
    let own = |path: &PathBuf| {
        let bytes = std::fs::read(path).unwrap_or_default();
        OWN.iter().any(|name| memchr::memmem::find(&bytes, name.as_bytes()).is_some())
    };
    if files.iter().any(|(path, _)| own(path)) { Found::Overlay } else { Found::Foreign }
}

/// The format of a file by the end of its name.
fn format_of(path: &Path) -> Option<RdfFormat> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "ttl" => Some(RdfFormat::Turtle),
        "nt" => Some(RdfFormat::NTriples),
        "rdf" | "owl" => Some(RdfFormat::RdfXml),
        "jsonld" => Some(RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() }),
        _ => None,
    }
}

fn rdf_files(folder: &Path, found: &mut Vec<(PathBuf, RdfFormat)>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            continue;
        }
        if path.is_dir() {
            rdf_files(&path, found)?;
        } else if let Some(format) = format_of(&path) {
            found.push((path, format));
        }
    }
    Ok(())
}

fn is_embedded(folder: &Path, path: &Path, text: &str) -> bool {
    let Ok(below) = path.strip_prefix(folder) else { return false };
    let below = below.to_string_lossy().replace('\\', "/");
    FILES.iter().any(|f| f.path == below && f.turtle == text)
}

impl Source {
    /// A file with its text.
    pub(super) fn new(path: String, text: Cow<'static, str>, format: RdfFormat, layer: usize) -> Self {
        Self { path, text, format, layer, is_copy: false, index: OnceLock::new() }
    }

    /// What the file says; what is wrong with its syntax goes to `problems`.
    pub(super) fn statements(&self, problems: &mut Vec<Problem>) -> Vec<Triple> {
        let mut found = Vec::new();
        let mut faults = 0;
        let mut fault = |line: Option<u64>, message: String, hint: &str| {
            problems.push(Problem { file: self.path.clone(), line, message, hint: hint.to_owned() });
            faults += 1;
            faults < MOST_PROBLEMS
        };
        if self.format == RdfFormat::Turtle {
            let parser = TurtleParser::new();
            // A test reads the embedded files strictly; an author's files are read strictly here.
            let parser = if self.layer == 0 { parser.lenient() } else { parser };
            for triple in parser.for_slice(self.text.as_bytes()) {
                match triple {
                    Ok(triple) => found.push(triple),
                    Err(error) => {
                        let hint = "each statement ends with `.`; a prefix must be declared before it is used";
                        if !fault(Some(error.location().start.line + 1), error.message().to_owned(), hint) {
                            break;
                        }
                    }
                }
            }
        } else {
            for quad in RdfParser::from_format(self.format).for_slice(self.text.as_bytes()) {
                match quad {
                    Ok(quad) => found.push(quad.into()),
                    Err(error) => {
                        let line = error.location().map(|l| l.start.line + 1);
                        let message = error.to_string().replace(char::is_control, " ");
                        fault(line, message, "the end of a file's name says its format");
                        // After a fault in XML or JSON nothing that follows can be read for sure.
                        break;
                    }
                }
            }
        }
        found
    }

    /// The line on which the description of a subject begins, counted from 1.
    pub fn line_of(&self, iri: &str) -> Option<u64> {
        self.place_of(iri).map(|(line, _)| line)
    }

    /// The first line of a subject's description that holds `words`; else the line on which it begins.
    pub fn line_within(&self, iri: &str, words: &str) -> Option<u64> {
        let (line, offset) = self.place_of(iri)?;
        for (i, text) in self.text[offset..].lines().enumerate() {
            // A line that is not indented begins another description.
            if i > 0 && self.format == RdfFormat::Turtle && text.starts_with(|c: char| !c.is_whitespace() && c != '.') {
                break;
            }
            if !words.is_empty() && text.contains(words) {
                return Some(line + i as u64);
            }
        }
        Some(line)
    }

    fn place_of(&self, iri: &str) -> Option<(u64, usize)> {
        let index = self.index.get_or_init(|| self.indexed());
        let local = || iri.rsplit(['#', '/', ':']).next().filter(|l| !l.is_empty());
        index.get(iri).or_else(|| index.get(local()?)).copied()
    }

    /// The places of all subjects, made in one pass: the lines that begin with an IRI or a prefixed name in Turtle, those
    /// that name what is described in other formats. Local names stand in for names whose prefix is not known.
    fn indexed(&self) -> HashMap<Box<str>, (u64, usize)> {
        let mut index: HashMap<Box<str>, (u64, usize)> = HashMap::new();
        let mut indented: Vec<(Box<str>, (u64, usize))> = Vec::new();
        let mut prefixes: HashMap<&str, &str> = HashMap::new();
        let turtle = matches!(self.format, RdfFormat::Turtle | RdfFormat::NTriples);
        let mut offset = 0;
        for (number, line) in self.text.split_inclusive('\n').enumerate() {
            let place = (number as u64 + 1, offset);
            offset += line.len();
            if !turtle {
                if let Some(name) = described(line) {
                    let local = name.rsplit(['#', '/', ':']).next().unwrap_or(name);
                    index.entry(name.into()).or_insert(place);
                    index.entry(local.into()).or_insert(place);
                }
                continue;
            }
            let mut tokens = line.split_whitespace();
            let Some(first) = tokens.next() else { continue };
            if first == "@prefix" || first.eq_ignore_ascii_case("prefix") {
                if let (Some(prefix), Some(iri)) = (tokens.next(), tokens.next()) {
                    let iri = iri.trim_end_matches('.').trim_matches(['<', '>']);
                    prefixes.insert(prefix.trim_end_matches(':'), iri);
                }
                continue;
            }
            let name: Box<str> = if let Some(iri) = first.strip_prefix('<').and_then(|f| f.strip_suffix('>')) {
                iri.into()
            } else if let Some((prefix, local)) = first.split_once(':').filter(|(p, _)| !p.starts_with(['"', '_'])) {
                match prefixes.get(prefix) {
                    Some(iri) => format!("{iri}{local}").into(),
                    None => local.into(),
                }
            } else {
                continue;
            };
            if line.starts_with(char::is_whitespace) {
                indented.push((name, place));
            } else {
                index.entry(name).or_insert(place);
            }
        }
        for (name, place) in indented {
            index.entry(name).or_insert(place);
        }
        index
    }
}

/// What a line of RDF/XML or JSON-LD begins to describe.
fn described(line: &str) -> Option<&str> {
    for mark in ["rdf:about=", "rdf:ID=", "\"@id\""] {
        if let Some((_, rest)) = line.split_once(mark) {
            let rest = rest.trim_start_matches([' ', ':']);
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            return rest[1..].split(quote).next();
        }
    }
    None
}
