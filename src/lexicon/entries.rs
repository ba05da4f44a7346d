//! Word lists of the lexicon: nodes with the words they stand for and the values they carry.
//!
//! [`Entries::read`] turns Turtle into entries by class. Number words, time words and casualty words are lists of this
//! kind; the modules that use them compile them into their own tables once.

use crate::ontology::Ontology;
use oxrdf::{NamedOrBlankNode, Term, Triple};
use oxttl::TurtleParser;
use std::collections::BTreeMap;
use std::sync::LazyLock;

const NAMESPACE: &str = "https://w3id.org/belligraph/ontology#";

/// One node of a word list.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Local names of its classes.
    pub classes: Vec<Box<str>>,
    /// Its values by the local name of the property, as written; for an IRI of the ontology its local name.
    values: BTreeMap<Box<str>, Vec<Box<str>>>,
}

impl Entry {
    /// All values of a property.
    pub fn all<'a>(&'a self, property: &str) -> impl Iterator<Item = &'a str> {
        self.values.get(property).into_iter().flatten().map(AsRef::as_ref)
    }

    /// The first value of a property.
    pub fn one(&self, property: &str) -> Option<&str> {
        self.all(property).next()
    }

    /// The first value of a property as a number.
    pub fn number<N: std::str::FromStr>(&self, property: &str) -> Option<N> {
        self.one(property)?.parse().ok()
    }
}

/// The entries of one or several files.
#[derive(Clone, Debug, Default)]
pub struct Entries(BTreeMap<Box<str>, Entry>);

impl Entries {
    /// The word lists of an ontology, overlays included.
    pub fn of_ontology(ontology: &Ontology) -> Self {
        let mut read = BTreeMap::new();
        for statement in ontology.statements() {
            take(&mut read, &statement.triple);
        }
        Self(read)
    }

    /// The word lists that are compiled into the program.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Entries> = LazyLock::new(|| Entries::of_ontology(Ontology::embedded()));
        &EMBEDDED
    }

    /// Adds the entries of a Turtle text, in place of earlier ones of the same subjects. Terms of other namespaces are passed over.
    ///
    /// # Errors
    /// The first syntax error.
    pub fn read(&mut self, turtle: &str) -> Result<(), oxttl::TurtleSyntaxError> {
        let mut read: BTreeMap<Box<str>, Entry> = BTreeMap::new();
        for triple in TurtleParser::new().for_slice(turtle) {
            take(&mut read, &triple?);
        }
        self.0.extend(read);
        Ok(())
    }

    /// The entries of a class, in the order of their IRIs.
    pub fn of<'a>(&'a self, class: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.0.values().filter(move |e| e.classes.iter().any(|c| &**c == class))
    }
}

fn take(read: &mut BTreeMap<Box<str>, Entry>, triple: &Triple) {
    let key = match &triple.subject {
        NamedOrBlankNode::NamedNode(node) => node.as_str(),
        NamedOrBlankNode::BlankNode(node) => node.as_str(),
    };
    let value = match &triple.object {
        Term::NamedNode(node) => node.as_str().strip_prefix(NAMESPACE).unwrap_or(node.as_str()),
        Term::Literal(literal) => literal.value(),
        Term::BlankNode(node) => node.as_str(),
    };
    let entry = read.entry(key.into()).or_default();
    if triple.predicate == oxrdf::vocab::rdf::TYPE {
        entry.classes.push(value.into());
    } else if let Some(property) = triple.predicate.as_str().strip_prefix(NAMESPACE) {
        entry.values.entry(property.into()).or_default().push(value.into());
    }
}
