//! Terms with their descriptions, for people: what a class, property or concept is called and what it means.

use super::descriptions::Descriptions;
use super::terms::external;
use super::{Iri, Ontology};
use oxrdf::NamedNodeRef;
use oxrdf::vocab::{rdf, rdfs};

const EXAMPLE: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("http://www.w3.org/2004/02/skos/core#example");

/// A term and its description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermDescription {
    /// Its IRI.
    pub iri: Iri,
    /// `class`, `property` or `concept`.
    pub kind: &'static str,
    /// Its labels in all languages, the English one first.
    pub labels: Vec<Box<str>>,
    /// What it means, in English where it is said in English.
    pub definition: Option<Box<str>>,
    /// An example of it.
    pub example: Option<Box<str>>,
    /// The terms right above it.
    pub parents: Vec<Iri>,
}

impl Ontology {
    /// All classes, properties and concepts with what is said of them, in the order of the files. They are read again.
    pub fn described_terms(&self) -> Vec<TermDescription> {
        let read = Descriptions::read(&self.sources, &mut Vec::new());
        let kinds = [
            (external::OWL_CLASS, "class"),
            (rdfs::CLASS, "class"),
            (external::OWL_OBJECT_PROPERTY, "property"),
            (external::OWL_DATATYPE_PROPERTY, "property"),
            (rdf::PROPERTY, "property"),
            (external::SKOS_CONCEPT, "concept"),
        ];
        let mut found = Vec::new();
        for id in read.named() {
            let types: Vec<&str> = read.objects(id, rdf::TYPE).collect();
            let Some((_, kind)) = kinds.iter().find(|(class, _)| types.contains(&class.as_str())) else { continue };
            let text = |predicate| read.text(id, predicate);
            let mut labels: Vec<Box<str>> = Vec::new();
            let first = text(rdfs::LABEL).or_else(|| text(external::SKOS_PREF_LABEL));
            let others = read.literals(id, rdfs::LABEL);
            for label in first.into_iter().chain(others) {
                if !labels.iter().any(|l| **l == *label) {
                    labels.push(label.into());
                }
            }
            let parents = [rdfs::SUB_CLASS_OF, external::RDFS_SUB_PROPERTY_OF, external::SKOS_BROADER];
            found.push(TermDescription {
                iri: read.iri(id),
                kind,
                labels,
                definition: text(external::SKOS_DEFINITION).or_else(|| text(rdfs::COMMENT)).map(Box::from),
                example: text(EXAMPLE).map(Box::from),
                parents: parents.into_iter().flat_map(|p| read.objects(id, p)).map(Iri::from).collect(),
            });
        }
        found
    }
}
