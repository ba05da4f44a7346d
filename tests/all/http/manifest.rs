//! The manifests of the W3C suites: RDF that tells what to do and what must come of it.

use oxrdf::vocab::rdf;
use oxrdf::{Graph, NamedNode, NamedOrBlankNode, Term, TermRef};
use oxrdfio::{RdfFormat, RdfParser};
use std::fs;
use std::path::{Path, PathBuf};

/// What the files of the suites are relative to.
const BASE: &str = "https://w3c.github.io/rdf-tests/";

pub(super) const MF: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
pub(super) const QT: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#";
pub(super) const UT: &str = "http://www.w3.org/2009/sparql/tests/test-update#";
pub(super) const HT: &str = "http://www.w3.org/2011/http#";
pub(super) const CNT: &str = "http://www.w3.org/2011/content#";
pub(super) const LABEL: &str = "http://www.w3.org/2000/01/rdf-schema#label";

/// Where the suites are. They are skipped only where there is nothing at all beside the repository: a folder without them is a fault.
pub(super) fn suites() -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    if !shared.is_dir() {
        println!("skipped the W3C suites: there is no `../shared`");
        return None;
    }
    let path = shared.join("w3c");
    assert!(path.join("sparql/sparql11").is_dir(), "`../shared` is there, but has no `w3c/sparql/sparql11`");
    Some(path)
}

/// A file of the suites, by its IRI.
pub(super) fn file(root: &Path, iri: &str) -> PathBuf {
    root.join(iri.strip_prefix(BASE).unwrap_or_else(|| panic!("`{iri}` is no file of the suites")))
}

pub(super) fn text(root: &Path, iri: &str) -> String {
    let path = file(root, iri);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A document of the suites.
pub(super) fn graph(root: &Path, iri: &str) -> Graph {
    let extension = iri.rsplit('.').next().unwrap();
    let format = RdfFormat::from_extension(extension).unwrap_or_else(|| panic!("`{iri}` is no RDF"));
    parse(&text(root, iri), format, iri)
}

/// A document as a graph.
pub(super) fn parse(text: &str, format: RdfFormat, base: &str) -> Graph {
    let parser = RdfParser::from_format(format).with_base_iri(base).unwrap().rename_blank_nodes();
    parser
        .for_slice(text)
        .map(|quad| oxrdf::Triple::from(quad.unwrap_or_else(|e| panic!("{base}: {e}\n{text}"))))
        .collect()
}

/// A manifest.
pub(super) struct Manifest {
    pub(super) iri: String,
    pub(super) graph: Graph,
}

impl Manifest {
    /// The manifest at a path below the suites.
    pub(super) fn read(root: &Path, path: &str) -> Self {
        let iri = format!("{BASE}{path}");
        Self { graph: graph(root, &iri), iri }
    }

    /// The manifests that this one includes.
    pub(super) fn included(&self, root: &Path) -> Vec<Self> {
        let named = self.list(&NamedNode::new(&self.iri).unwrap().into(), MF, "include");
        let paths = named.into_iter().map(|term| match term {
            Term::NamedNode(node) => node.as_str().strip_prefix(BASE).unwrap().to_owned(),
            other => panic!("{other} is no manifest"),
        });
        paths.map(|path| Self::read(root, &path)).collect()
    }

    /// The tests in their order.
    pub(super) fn entries(&self) -> Vec<Term> {
        self.list(&NamedNode::new(&self.iri).unwrap().into(), MF, "entries")
    }

    /// The objects of a property.
    pub(super) fn all(&self, subject: &Term, namespace: &str, name: &str) -> Vec<Term> {
        let subject: NamedOrBlankNode = match subject.clone() {
            Term::NamedNode(node) => node.into(),
            Term::BlankNode(node) => node.into(),
            other @ Term::Literal(_) => panic!("{other} has no properties"),
        };
        let predicate = NamedNode::new(format!("{namespace}{name}")).unwrap();
        self.graph.objects_for_subject_predicate(&subject, &predicate).map(TermRef::into_owned).collect()
    }

    pub(super) fn one(&self, subject: &Term, namespace: &str, name: &str) -> Option<Term> {
        self.all(subject, namespace, name).into_iter().next()
    }

    /// An object as text: the value of a literal or an IRI.
    pub(super) fn value(&self, subject: &Term, namespace: &str, name: &str) -> Option<String> {
        self.one(subject, namespace, name).map(|term| value(&term))
    }

    /// The members of a list.
    pub(super) fn list(&self, subject: &Term, namespace: &str, name: &str) -> Vec<Term> {
        let mut members = Vec::new();
        let Some(mut rest) = self.one(subject, namespace, name) else { return members };
        let namespace = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
        while rest != Term::from(rdf::NIL) {
            members.extend(self.one(&rest, namespace, "first"));
            rest = self.one(&rest, namespace, "rest").unwrap();
        }
        members
    }
}

pub(super) fn value(term: &Term) -> String {
    match term {
        Term::NamedNode(node) => node.as_str().to_owned(),
        Term::Literal(literal) => literal.value().to_owned(),
        other @ Term::BlankNode(_) => other.to_string(),
    }
}

/// The name of a test: its part of the suite and what follows the `#`.
pub(super) fn name(manifest: &Manifest, test: &Term) -> String {
    let part = manifest.iri.rsplit('/').nth(1).unwrap();
    let test = value(test);
    format!("{part}/{}", test.rsplit(['#', '/']).next().unwrap())
}

/// Tests that are known to fail, each with its cause.
pub(super) struct Known {
    list: Vec<(String, String)>,
    outcomes: Vec<(String, Result<(), String>)>,
}

impl Known {
    /// Reads `w3c.tsv` beside this file: the name of a test, whose fault it is, and the cause.
    pub(super) fn read() -> Self {
        let text = include_str!("w3c.tsv");
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let list = lines.map(|line| {
            let mut columns = line.split('\t');
            let (name, whose, cause) = (columns.next(), columns.next(), columns.next());
            assert!(cause.is_some(), "w3c.tsv: not three columns: {line}");
            (name.unwrap().to_owned(), format!("{}: {}", whose.unwrap(), cause.unwrap()))
        });
        Self { list: list.collect(), outcomes: Vec::new() }
    }

    /// Whether a test is known to fail by a fault of Oxigraph's.
    pub(super) fn blames_oxigraph(&self, name: &str) -> bool {
        self.list.iter().any(|(known, cause)| known == name && cause.starts_with("oxigraph"))
    }

    pub(super) fn note(&mut self, name: String, outcome: Result<(), String>) {
        self.outcomes.push((name, outcome));
    }

    /// Fails unless just the tests fail that are known to.
    pub(super) fn judge(self, suite: &str) {
        let mut wrong = Vec::new();
        let (mut passed, mut failed) = (0, 0);
        for (name, outcome) in &self.outcomes {
            let known = self.list.iter().find(|(known, _)| known == name);
            match (outcome, known) {
                (Ok(()), None) => passed += 1,
                (Err(_), Some(_)) => failed += 1,
                (Ok(()), Some(_)) => wrong.push(format!("{name} passes now: take it out of w3c.tsv")),
                (Err(why), None) => wrong.push(format!("{name}: {why}")),
            }
        }
        println!("{suite}: {passed} passed, {failed} fail as known");
        assert!(!self.outcomes.is_empty(), "{suite}: no tests were found");
        assert!(wrong.is_empty(), "{suite}: {} wrong\n{}", wrong.len(), wrong.join("\n"));
    }
}
