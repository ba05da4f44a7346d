//! What a store has of the terms: how many, a sentence of one, and how to ask for them.

use super::gather::TermView;
use crate::authoring::validate::{StoreGraph, ValidationError, sentence};
use crate::ontology::Ontology;
use crate::ontology::terms::{NAMESPACE, class, property, short};
use crate::sparql::saved::{EMBEDDED, SavedQuery};
use crate::sparql::{Prefixes, Query};
use crate::store::{Store, StoreError};
use oxrdf::vocab::rdf;
use oxrdf::{NamedNode, NamedNodeRef, Term};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How many properties an example query asks for.
const ASKED: usize = 3;
/// How many instances are looked at for one that has a sentence.
const TRIED: usize = 20;

/// How many statements each property has, how many instances each class, besides what the ontology says.
pub(super) struct Counts<'s> {
    store: &'s Store,
    ontology: &'s Ontology,
    classes: BTreeMap<NamedNode, usize>,
    properties: BTreeMap<String, u64>,
    saved: Vec<(SavedQuery, String)>,
}

impl<'s> Counts<'s> {
    pub(super) fn new(store: &'s Store, ontology: &'s Ontology, properties: &[NamedNode]) -> Result<Self, StoreError> {
        let prefixes = Prefixes::of_base(store.base());
        let saved = EMBEDDED.iter().map(|(name, text)| SavedQuery::new(*name, *text)).filter_map(|query| {
            // A test parses those the program brings along.
            let algebra = Query::parse(&query.text, &prefixes).ok()?.algebra().to_string();
            Some((query, algebra))
        });
        let mut counts = Self {
            store,
            ontology,
            classes: store.statistics()?.classes.into_iter().collect(),
            properties: BTreeMap::new(),
            saved: saved.collect(),
        };
        for property in properties {
            let count = counts.statements(property.as_ref())?;
            counts.properties.insert(property.as_str().to_owned(), count);
        }
        Ok(counts)
    }

    fn statements(&self, property: NamedNodeRef<'_>) -> Result<u64, StoreError> {
        let ontology = self.store.graphs().ontology().into_owned().into();
        let mut count = 0;
        for quad in self.store.quads(None, Some(property), None, None) {
            count += u64::from(quad?.graph_name != ontology);
        }
        Ok(count)
    }

    /// Adds to a term what the store has of it.
    pub(super) fn add(&self, term: &mut TermView) -> Result<(), ValidationError> {
        let iri = NamedNode::new_unchecked(term.iri.clone());
        let named = format!("<{}>", term.iri);
        let naming = self.saved.iter().filter(|(_, algebra)| algebra.contains(&named));
        term.saved = naming.map(|(query, _)| (query.name.clone(), query.title.clone())).collect();
        if term.kind == "class" {
            let count = self.classes.get(&iri).copied().unwrap_or_default() as u64;
            term.count = Some(count);
            if count > 0 {
                term.sentence = self.sentence(&iri)?;
                term.query = Some(self.class_query(term));
            }
        } else if term.kind.ends_with("property") {
            let count = self.properties.get(&term.iri).copied().unwrap_or_default();
            term.count = Some(count);
            if count > 0 {
                term.query =
                    Some(format!("SELECT ?thing ?value WHERE {{\n  ?thing {} ?value .\n}}\nLIMIT 10", term.curie));
            }
        }
        Ok(())
    }

    /// A sentence that an instance was read from. Sentences and articles are shown by nothing shorter than themselves.
    fn sentence(&self, iri: &NamedNode) -> Result<Option<String>, ValidationError> {
        if [class::SENTENCE, class::ARTICLE, class::MENTION].contains(&iri.as_ref()) {
            return Ok(None);
        }
        let graph = StoreGraph::new(self.store);
        for quad in self.store.quads(None, Some(rdf::TYPE), Some(iri.into()), None).take(TRIED) {
            if let Some(sentence) = sentence(&graph, &Term::from(quad?.subject))? {
                return Ok(Some(sentence));
            }
        }
        Ok(None)
    }

    /// A query for instances with the properties that are used most among those the class has.
    fn class_query(&self, term: &TermView) -> String {
        let own = term.uses.iter().map(|one| &one.link);
        let inherited = term.inherited.iter().flat_map(|(_, links)| links);
        let mut properties: Vec<(u64, &str)> = own
            .chain(inherited)
            .filter_map(|link| {
                let iri = format!("{NAMESPACE}{}", link.title.strip_prefix("bg:")?);
                let count = self.properties.get(&iri).copied().unwrap_or_default();
                let is_book_keeping = [property::RANK, property::MODALITY].iter().any(|p| p.as_str() == iri);
                // What is above another is asked for by the narrower one.
                let is_above = self.ontology.properties().any(|p| {
                    self.ontology.superproperties(p).iter().any(|above| **above == *iri)
                        && self.properties.get(&**p).is_some_and(|count| *count > 0)
                });
                (count > 0 && !is_book_keeping && !is_above).then_some((count, link.title.as_str()))
            })
            .collect();
        properties.sort_by(|a, b| b.cmp(a));
        properties.truncate(ASKED);
        let thing = "thing";
        let mut query = format!("SELECT ?{thing}");
        for (_, property) in &properties {
            let _ = write!(query, " ?{}", short_name(property));
        }
        let _ = write!(query, " WHERE {{\n  ?{thing} a {} .\n", term.curie);
        for (_, property) in &properties {
            let _ = writeln!(query, "  OPTIONAL {{ ?{thing} {property} ?{} }}", short_name(property));
        }
        query + "}\nLIMIT 10"
    }
}

fn short_name(curie: &str) -> &str {
    let name = curie.rsplit(':').next().unwrap_or(curie);
    short(name)
}
