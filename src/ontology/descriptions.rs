//! The Turtle files as descriptions: for each subject, in the order of the files, what is said of it and where.
//!
//! A full RDF graph is not needed to read the ontology; what is needed is which file and line a subject stands in, and
//! that an overlay replaces a subject's whole description. Blank nodes are kept apart by file.

use super::{Iri, Problem, Source};
use oxrdf::vocab::rdf;
use oxrdf::{NamedNodeRef, NamedOrBlankNode, Term, Triple};
use std::collections::{BTreeMap, BTreeSet, HashMap};

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

/// A subject of the embedded ontology, or of an earlier overlay, that an overlay describes anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The subject.
    pub iri: Iri,
    /// The overlay's file and the line its description begins on.
    pub file: String,
    /// The line there, counted from 1.
    pub line: Option<u64>,
    /// The file of the description that no longer counts.
    pub old_file: String,
    /// The line there.
    pub old_line: Option<u64>,
    /// Properties that the old description had and the new one has not.
    pub lost: Vec<Iri>,
}

/// All that the files say.
#[derive(Debug)]
pub(super) struct Descriptions<'a> {
    sources: &'a [Source],
    subjects: Vec<Subject>,
    index: HashMap<Iri, SubjectId>,
    /// Descriptions of one subject in further layers, until they are settled.
    more: BTreeMap<Iri, Vec<SubjectId>>,
    /// The layer that counts, for subjects that several layers describe.
    winners: BTreeMap<Iri, usize>,
    replaced: Vec<Replacement>,
}

impl<'a> Descriptions<'a> {
    /// Reads the files; what is broken in them is reported, the rest read all the same.
    pub(super) fn read(sources: &'a [Source], problems: &mut Vec<Problem>) -> Self {
        let mut read = Self {
            sources,
            subjects: Vec::new(),
            index: HashMap::new(),
            more: BTreeMap::new(),
            winners: BTreeMap::new(),
            replaced: Vec::new(),
        };
        for (number, source) in sources.iter().enumerate() {
            for triple in source.statements(problems) {
                read.add(number, triple);
            }
        }
        read.settle(problems);
        read
    }

    pub(super) fn layer(&self, id: SubjectId) -> usize {
        self.sources[self.subjects[id].source].layer
    }

    fn add(&mut self, source: usize, triple: Triple) {
        let (key, named) = match triple.subject {
            NamedOrBlankNode::NamedNode(node) => (node.into_string(), true),
            NamedOrBlankNode::BlankNode(node) => (blank_key(source, node.as_str()), false),
        };
        let id = self.subject(key, named, source);
        // A subject belongs to the file that says what it is.
        if triple.predicate == rdf::TYPE {
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

    /// The description of a subject in the layer of a source, begun if it is not there.
    fn subject(&mut self, key: String, named: bool, source: usize) -> SubjectId {
        let Some(&first) = self.index.get(key.as_str()) else {
            return self.insert(key.into(), named, source);
        };
        let layer = self.sources[source].layer;
        if self.layer(first) == layer {
            return first;
        }
        let others = self.more.get(key.as_str()).into_iter().flatten();
        if let Some(&id) = others.into_iter().find(|&&id| self.layer(id) == layer) {
            return id;
        }
        let id = self.subjects.len();
        let key = Iri::from(key);
        self.subjects.push(Subject { key: key.clone(), named, source, statements: Vec::new() });
        self.more.entry(key).or_default().push(id);
        id
    }

    /// Decides which description of a subject counts: an overlay's before the embedded one. A description that says just
    /// what the embedded one says counts for nothing; two overlays that say different things contradict each other.
    fn settle(&mut self, problems: &mut Vec<Problem>) {
        for (iri, others) in std::mem::take(&mut self.more) {
            let first = self.index[&iri];
            let all = std::iter::once(first).chain(others);
            let mut said: Vec<(SubjectId, String)> = all.map(|id| (id, self.written(id, 0))).collect();
            let embedded = (self.layer(first) == 0).then(|| said.remove(0));
            let changed: Vec<(SubjectId, String)> =
                said.into_iter().filter(|(_, text)| embedded.as_ref().is_none_or(|(_, old)| old != text)).collect();
            let Some((winner, text)) = changed.first() else {
                self.winners.insert(iri, 0);
                continue;
            };
            for (id, _) in changed.iter().skip(1).filter(|(_, other)| other != text) {
                let (file, line) = self.place(*winner);
                let there = line.map(|line| format!(":{line}")).unwrap_or_default();
                let message = format!("`{iri}` is described otherwise in {file}{there}");
                let hint = "of two overlays only one may describe a subject; keep one description";
                self.report(*id, message, hint, problems);
            }
            let (id, layer) = (*winner, self.layer(*winner));
            self.winners.insert(iri.clone(), layer);
            if embedded.is_some() {
                let ((file, line), (old_file, old_line)) = (self.place(id), self.place(first));
                let predicates = |id: SubjectId| -> BTreeSet<Iri> {
                    self.subjects[id].statements.iter().map(|(p, _)| Iri::from(p.as_ref())).collect()
                };
                let lost = predicates(first).difference(&predicates(id)).cloned().collect();
                let (file, old_file) = (file.to_owned(), old_file.to_owned());
                self.replaced.push(Replacement { iri, file, line, old_file, old_line, lost });
            }
            if id != first {
                // The description keeps its place in the order.
                let statements = std::mem::take(&mut self.subjects[id].statements);
                self.subjects[first].statements = statements;
                self.subjects[first].source = self.subjects[id].source;
            }
        }
        // What lost is no subject any more.
        let index = &self.index;
        for (id, subject) in self.subjects.iter_mut().enumerate() {
            if index[&subject.key] != id {
                subject.named = false;
                subject.statements.clear();
            }
        }
    }

    /// What is said of a subject, in an order and with names that do not depend on how it is written.
    fn written(&self, id: SubjectId, depth: u8) -> String {
        let statements = self.subjects[id].statements.iter();
        let mut lines: Vec<String> = statements
            .map(|(predicate, object)| match object {
                Object::Literal(value, language) => format!("{predicate} {value:?}@{language}"),
                Object::Reference(key) => match self.index.get(key.as_ref()) {
                    Some(&blank) if key.starts_with("_:") && depth < 8 => {
                        format!("{predicate} [{}]", self.written(blank, depth + 1))
                    }
                    _ => format!("{predicate} {key}"),
                },
            })
            .collect();
        lines.sort_unstable();
        lines.dedup();
        lines.join(";")
    }

    /// The layer that counts, for subjects that several layers describe.
    pub(super) fn into_outcome(self) -> (BTreeMap<Iri, usize>, Vec<Replacement>) {
        (self.winners, self.replaced)
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
    fn place(&self, id: SubjectId) -> (&str, Option<u64>) {
        let source = &self.sources[self.subjects[id].source];
        (&source.path, source.line_of(&self.subjects[id].key))
    }

    /// Reports a problem at the subject (or, for a blank node, at the named subject `owner`).
    pub(super) fn report(&self, owner: SubjectId, message: String, hint: &str, problems: &mut Vec<Problem>) {
        let source = &self.sources[self.subjects[owner].source];
        let key = &self.subjects[owner].key;
        // What stands in backticks beside the subject itself is most likely written there as well.
        let mut quoted = message.split('`').skip(1).step_by(2).filter(|w| *w != key.as_ref());
        let word = quoted.next().map_or("", |w| w.rsplit(['#', '/']).next().unwrap_or(w));
        problems.push(Problem {
            file: source.path.clone(),
            line: source.line_within(key, word),
            message,
            hint: hint.to_owned(),
        });
    }
}

fn blank_key(source: usize, id: &str) -> String {
    format!("_:{source}-{id}")
}
