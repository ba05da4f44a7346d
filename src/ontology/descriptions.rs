//! The Turtle files as descriptions: for each subject, in the order of the files, what is said of it and where.
//!
//! A full RDF graph is not needed to read the ontology; what is needed is which file and line a subject stands in, and
//! that an overlay replaces a subject's whole description. Blank nodes are kept apart by file.

use super::embedded::FILES;
use super::{Iri, Problem};
use oxrdf::vocab::rdf;
use oxrdf::{NamedNodeRef, NamedOrBlankNode, Term, Triple};
use oxttl::TurtleParser;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// A file the ontology was read from.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its path: below `ontology/` for an embedded file, as found otherwise.
    pub path: String,
    /// Its text, without a byte-order mark.
    pub turtle: Cow<'static, str>,
    /// 0 for the embedded files, 1 and up for the overlays in the order they were given.
    pub layer: usize,
}

/// The embedded files and those of the overlays.
pub(super) fn sources(overlays: &[PathBuf], problems: &mut Vec<Problem>) -> Vec<Source> {
    let mut sources: Vec<Source> =
        FILES.iter().map(|f| Source { path: f.path.to_owned(), turtle: Cow::Borrowed(f.turtle), layer: 0 }).collect();
    for (i, dir) in overlays.iter().enumerate() {
        let mut files = Vec::new();
        if let Err(error) = turtle_files(dir, &mut files) {
            problems.push(Problem {
                file: dir.display().to_string(),
                line: None,
                message: format!("cannot read the folder: {error}"),
                hint: "an overlay is a folder of `.ttl` files".to_owned(),
            });
        }
        files.sort();
        for path in files {
            match std::fs::read_to_string(&path) {
                Ok(text) => {
                    let turtle = Cow::Owned(text.trim_start_matches('\u{feff}').to_owned());
                    sources.push(Source { path: path.display().to_string(), turtle, layer: i + 1 });
                }
                Err(error) => problems.push(Problem {
                    file: path.display().to_string(),
                    line: None,
                    message: format!("cannot read the file: {error}"),
                    hint: "Turtle is written in UTF-8".to_owned(),
                }),
            }
        }
    }
    sources
}

fn turtle_files(dir: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            turtle_files(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "ttl") {
            found.push(path);
        }
    }
    Ok(())
}

/// Index of a subject in [`Descriptions`].
pub(super) type SubjectId = usize;

#[derive(Debug)]
struct Subject {
    /// An IRI, or a blank node with the number of its file.
    key: Iri,
    named: bool,
    source: usize,
    statements: Vec<(Box<str>, Object)>,
}

/// What a statement says of its subject.
#[derive(Debug)]
enum Object {
    /// Another subject, by its key.
    Reference(Box<str>),
    /// A literal: its value, and its language tag or nothing.
    Literal(Box<str>, Box<str>),
}

/// All that the files say.
#[derive(Debug)]
pub(super) struct Descriptions<'a> {
    sources: &'a [Source],
    subjects: Vec<Subject>,
    index: HashMap<Iri, SubjectId>,
}

impl<'a> Descriptions<'a> {
    /// Reads the files; those that are no Turtle are reported, the others read all the same.
    pub(super) fn read(sources: &'a [Source], problems: &mut Vec<Problem>) -> Self {
        let mut read = Self { sources, subjects: Vec::new(), index: HashMap::new() };
        for (number, source) in sources.iter().enumerate() {
            let parser = TurtleParser::new();
            // A test reads the embedded files strictly; an author's files are read strictly here.
            let parser = if source.layer == 0 { parser.lenient() } else { parser };
            for triple in parser.for_slice(source.turtle.as_bytes()) {
                match triple {
                    Ok(triple) => read.add(number, triple, problems),
                    Err(error) => {
                        problems.push(Problem {
                            file: source.path.clone(),
                            line: Some(error.location().start.line + 1),
                            message: error.message().to_owned(),
                            hint: "each statement ends with `.`; a prefix must be declared before it is used"
                                .to_owned(),
                        });
                        break;
                    }
                }
            }
        }
        read
    }

    fn add(&mut self, source: usize, triple: Triple, problems: &mut Vec<Problem>) {
        let (key, named) = match triple.subject {
            NamedOrBlankNode::NamedNode(node) => (node.into_string(), true),
            NamedOrBlankNode::BlankNode(node) => (blank_key(source, node.as_str()), false),
        };
        let id = match self.index.get(key.as_str()) {
            Some(&id) => id,
            None => self.insert(key.into(), named, source),
        };
        let (old, new) = (self.sources[self.subjects[id].source].layer, self.sources[source].layer);
        if new > old {
            if old > 0 && !problems.iter().any(|p| p.message.contains(self.subjects[id].key.as_ref())) {
                let earlier = self.place(id);
                problems.push(Problem {
                    file: self.sources[source].path.clone(),
                    line: line_of(&self.sources[source].turtle, &self.subjects[id].key),
                    message: format!("`{}` is also described in {}:{}", self.subjects[id].key, earlier.0, earlier.1),
                    hint: "two overlays may not describe the same subject".to_owned(),
                });
            }
            self.subjects[id].statements.clear();
            self.subjects[id].source = source;
        }
        let object = match triple.object {
            Term::NamedNode(node) => Object::Reference(node.into_string().into()),
            Term::BlankNode(node) => Object::Reference(blank_key(source, node.as_str()).into()),
            Term::Literal(literal) => {
                let language = literal.language().unwrap_or_default().into();
                Object::Literal(literal.value().into(), language)
            }
            #[expect(unreachable_patterns, reason = "the term type grows with the features of the RDF library")]
            _ => return,
        };
        self.subjects[id].statements.push((triple.predicate.into_string().into(), object));
    }

    fn insert(&mut self, key: Iri, named: bool, source: usize) -> SubjectId {
        let id = self.subjects.len();
        self.index.insert(key.clone(), id);
        self.subjects.push(Subject { key, named, source, statements: Vec::new() });
        id
    }

    /// The subjects that have an IRI, in the order of the files.
    pub(super) fn named(&self) -> impl Iterator<Item = SubjectId> {
        (0..self.subjects.len()).filter(|&id| self.subjects[id].named)
    }

    /// The subjects of a type, in the order of the files.
    pub(super) fn of_type(&self, class: NamedNodeRef<'_>) -> impl Iterator<Item = SubjectId> {
        self.named().filter(move |&id| self.objects(id, rdf::TYPE).any(|o| o == class.as_str()))
    }

    /// The subject with an IRI.
    pub(super) fn find(&self, iri: &str) -> Option<SubjectId> {
        self.index.get(iri).copied()
    }

    /// The IRI of a subject.
    pub(super) fn iri(&self, id: SubjectId) -> Iri {
        self.subjects[id].key.clone()
    }

    /// The IRIs (or keys of blank nodes) that a subject is related to.
    pub(super) fn objects<'s>(
        &'s self,
        id: SubjectId,
        predicate: NamedNodeRef<'s>,
    ) -> impl Iterator<Item = &'s str> + use<'s, 'a> {
        self.subjects[id].statements.iter().filter_map(move |(p, o)| match o {
            Object::Reference(key) if **p == *predicate.as_str() => Some(key.as_ref()),
            _ => None,
        })
    }

    /// The first of [`Self::objects`].
    pub(super) fn object(&self, id: SubjectId, predicate: NamedNodeRef<'_>) -> Option<Iri> {
        self.subjects[id].statements.iter().find_map(|(p, o)| match o {
            Object::Reference(key) if **p == *predicate.as_str() => Some(Iri::from(key.as_ref())),
            _ => None,
        })
    }

    /// The subjects that a subject is related to, blank nodes among them.
    pub(super) fn nodes(&self, id: SubjectId, predicate: NamedNodeRef<'_>) -> Vec<SubjectId> {
        let statements = self.subjects[id].statements.iter();
        statements
            .filter_map(|(p, o)| match o {
                Object::Reference(key) if **p == *predicate.as_str() => self.find(key),
                _ => None,
            })
            .collect()
    }

    /// The literals of a property.
    pub(super) fn literals(&self, id: SubjectId, predicate: NamedNodeRef<'_>) -> Vec<&str> {
        let statements = self.subjects[id].statements.iter();
        statements
            .filter_map(|(p, o)| match o {
                Object::Literal(value, _) if **p == *predicate.as_str() => Some(value.as_ref()),
                _ => None,
            })
            .collect()
    }

    /// The literal of a property: the English one, else the one without a language, else the first.
    pub(super) fn text(&self, id: SubjectId, predicate: NamedNodeRef<'_>) -> Option<&str> {
        let mut best: Option<(u8, &str)> = None;
        for (p, o) in &self.subjects[id].statements {
            if let Object::Literal(value, language) = o
                && **p == *predicate.as_str()
            {
                let grade = match language.as_ref() {
                    "en" => 2,
                    "" => 1,
                    _ => 0,
                };
                if best.is_none_or(|(g, _)| grade > g) {
                    best = Some((grade, value));
                }
            }
        }
        best.map(|(_, value)| value)
    }

    /// [`Self::text`] of every named subject that has it.
    pub(super) fn texts(&self, predicate: NamedNodeRef<'_>) -> BTreeMap<Iri, Box<str>> {
        self.named().filter_map(|id| Some((self.iri(id), self.text(id, predicate)?.into()))).collect()
    }

    /// File and line of a subject.
    fn place(&self, id: SubjectId) -> (&str, u64) {
        let source = &self.sources[self.subjects[id].source];
        (&source.path, line_of(&source.turtle, &self.subjects[id].key).unwrap_or(1))
    }

    /// Reports a problem at the subject (or, for a blank node, at the named subject `owner`).
    pub(super) fn report(&self, owner: SubjectId, message: String, hint: &str, problems: &mut Vec<Problem>) {
        let source = &self.sources[self.subjects[owner].source];
        problems.push(Problem {
            file: source.path.clone(),
            line: line_of(&source.turtle, &self.subjects[owner].key),
            message,
            hint: hint.to_owned(),
        });
    }
}

fn blank_key(source: usize, id: &str) -> String {
    format!("_:{source}-{id}")
}

/// The line on which the description of a subject begins: the first that starts with its IRI or its prefixed name.
fn line_of(turtle: &str, iri: &str) -> Option<u64> {
    let full = format!("<{iri}>");
    let local = iri.rsplit(['#', '/']).next().filter(|l| !l.is_empty())?;
    let suffix = format!(":{local}");
    turtle
        .lines()
        .position(|line| {
            let first = line.split_whitespace().next().unwrap_or_default();
            first == full || (first.ends_with(&suffix) && !first.starts_with('@'))
        })
        .map(|i| i as u64 + 1)
}
