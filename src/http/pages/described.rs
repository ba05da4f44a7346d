//! Things of the graph with all that is said of them, and the names people would call them by.

use super::ask::{Graph, Row};
use super::links::Link;
use crate::ontology::terms::external;
use crate::sparql::SparqlError;
use jiff::civil::Date;
use oxrdf::vocab::{rdf, rdfs, xsd};
use oxrdf::{NamedNode, NamedNodeRef, Term};
use std::collections::BTreeMap;

/// Something with its properties.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    pub(super) iri: NamedNode,
    values: BTreeMap<String, Vec<Value>>,
}

/// A value of a property, and what it is called.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) term: Term,
    name: Option<Name>,
}

/// A name, ranked: preferred names first, those in mixed case before those in capitals, then the short before the long.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    rank: (bool, bool, usize),
    text: String,
}

impl Name {
    /// The name in a row that has `preferred` or `label`.
    pub(super) fn of(row: &Row) -> Option<Self> {
        let (text, is_other) = match row.text("preferred") {
            Some(text) => (text, false),
            None => (row.text("label")?, true),
        };
        Some(Self::new(text, is_other))
    }

    fn new(text: &str, is_other: bool) -> Self {
        let shouts = text.chars().count() > 4 && !text.chars().any(char::is_lowercase);
        Self { rank: (is_other, shouts, text.len()), text: text.to_owned() }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// Describes things; one of which nothing is said is not among them.
pub(super) fn describe<'t>(
    graph: &Graph<'_>,
    things: impl IntoIterator<Item = &'t NamedNode>,
) -> Result<BTreeMap<NamedNode, Thing>, SparqlError> {
    let mut described: BTreeMap<NamedNode, Thing> = BTreeMap::new();
    for row in graph.ask_of(include_str!("queries/described.rq"), "thing", things)? {
        let (Some(iri), Some(property), Some(term)) = (row.iri("thing"), row.iri("property"), row.term("value")) else {
            continue;
        };
        let thing = described.entry(iri.clone()).or_insert_with(|| Thing { iri: iri.clone(), values: BTreeMap::new() });
        let values = thing.values.entry(property.as_str().to_owned()).or_default();
        let name = Name::of(&row);
        match values.iter_mut().find(|value| value.term == *term) {
            Some(value) => value.name = value.name.take().into_iter().chain(name).min(),
            None => values.push(Value { term: term.clone(), name }),
        }
    }
    Ok(described)
}

impl Thing {
    pub(super) fn properties(&self) -> impl Iterator<Item = (&str, &[Value])> {
        self.values.iter().map(|(property, values)| (property.as_str(), values.as_slice()))
    }

    pub(super) fn values(&self, property: NamedNodeRef<'_>) -> &[Value] {
        self.values.get(property.as_str()).map_or(&[], Vec::as_slice)
    }

    pub(super) fn iri_of(&self, property: NamedNodeRef<'_>) -> Option<&NamedNode> {
        self.values(property).iter().find_map(Value::iri)
    }

    pub(super) fn text(&self, property: NamedNodeRef<'_>) -> Option<&str> {
        self.values(property).iter().find_map(Value::text)
    }

    pub(super) fn number(&self, property: NamedNodeRef<'_>) -> Option<u64> {
        self.text(property)?.parse().ok()
    }

    pub(super) fn date(&self, property: NamedNodeRef<'_>) -> Option<Date> {
        self.text(property)?.get(..10)?.parse().ok()
    }

    pub(super) fn is_true(&self, property: NamedNodeRef<'_>) -> bool {
        self.text(property) == Some("true")
    }

    pub(super) fn is_a(&self, class: NamedNodeRef<'_>) -> bool {
        self.values(rdf::TYPE).iter().any(|value| value.iri().is_some_and(|iri| iri.as_ref() == class))
    }

    pub(super) fn types(&self) -> impl Iterator<Item = &str> {
        self.values(rdf::TYPE).iter().filter_map(Value::iri).map(NamedNode::as_str)
    }

    /// What it is called itself, if anything.
    pub(super) fn name(&self) -> Option<String> {
        let names = |property, is_other| {
            let texts = self.values(property).iter().filter_map(Value::text);
            texts.map(move |text| Name::new(text, is_other))
        };
        names(external::SKOS_PREF_LABEL, false).chain(names(rdfs::LABEL, true)).min().map(Name::into_text)
    }
}

impl Value {
    pub(super) fn iri(&self) -> Option<&NamedNode> {
        match &self.term {
            Term::NamedNode(node) => Some(node),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.term {
            Term::Literal(literal) => Some(literal.value()),
            _ => None,
        }
    }

    /// Whether it is a thing without a name.
    pub(super) fn is_unnamed(&self) -> bool {
        self.name.is_none() && self.iri().is_some()
    }

    /// The value as people read it.
    pub(super) fn link(&self, graph: &Graph<'_>) -> Link {
        match &self.term {
            Term::NamedNode(node) => {
                let known = graph.vocabulary.knows(node.as_ref());
                let text = match &self.name {
                    _ if known => graph.vocabulary.label(node.as_str()).to_owned(),
                    Some(name) => name.text.clone(),
                    None => graph.prefixes.shorten(node.as_str()).replace('\\', ""),
                };
                Link { text, href: graph.links.page(node.as_ref()) }
            }
            Term::Literal(literal) if literal.datatype() == xsd::BOOLEAN => {
                let text = if matches!(literal.value(), "true" | "1") { "yes" } else { "no" };
                Link { text: text.to_owned(), href: String::new() }
            }
            Term::Literal(literal) => Link { text: literal.value().to_owned(), href: String::new() },
            Term::BlankNode(node) => Link { text: node.to_string(), href: String::new() },
        }
    }
}
