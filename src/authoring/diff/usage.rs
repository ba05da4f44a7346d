//! Where the terms that changed are used: in the data of a store, and in the saved questions.

use super::Diff;
use super::TermKind;
use crate::sparql::saved::SavedQuery;
use crate::sparql::{Prefixes, Query, SparqlError};
use crate::store::{Store, StoreError};
use oxrdf::NamedNode;
use oxrdf::vocab::rdf;
use thiserror::Error;

/// Where a term is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Instances of a class, statements with a property, statements with anything else as their value; the ontology's own
    /// statements are left out.
    pub data: u64,
    /// The saved questions that name it.
    pub queries: Vec<String>,
}

/// Why uses could not be counted.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum UsageError {
    /// The store cannot be read.
    #[error("the store cannot be read")]
    Store(#[from] StoreError),
    /// A saved question is no SPARQL.
    #[error("the saved query `{name}`: {source}")]
    Query {
        /// The question.
        name: String,
        /// What is wrong.
        source: SparqlError,
    },
}

/// Counts for every changed term where it is used.
///
/// # Errors
///
/// If the store cannot be read, or a question cannot be parsed.
pub fn add_usage(diff: &mut Diff, store: &Store, saved: &[SavedQuery]) -> Result<(), UsageError> {
    let prefixes = Prefixes::of_base(store.base());
    let mut parsed = Vec::new();
    for query in saved {
        let failed = |source| UsageError::Query { name: query.name.clone(), source };
        let algebra = Query::parse(&query.text, &prefixes).map_err(failed)?;
        parsed.push((query.name.as_str(), algebra.algebra().to_string()));
    }
    for change in &mut diff.changes {
        let Some(iri) = &change.iri else { continue };
        if matches!(change.kind, TermKind::Ontology | TermKind::Shape | TermKind::Words) {
            continue;
        }
        let named = format!("<{}>", iri.as_str());
        let queries = parsed.iter().filter(|(_, algebra)| algebra.contains(&named));
        change.usage = Some(Usage {
            data: count(store, iri, change.kind)?,
            queries: queries.map(|(name, _)| (*name).to_owned()).collect(),
        });
    }
    Ok(())
}

fn count(store: &Store, iri: &NamedNode, kind: TermKind) -> Result<u64, StoreError> {
    let ontology = store.graphs().ontology();
    let quads: Box<dyn Iterator<Item = _>> = match kind {
        TermKind::Class => Box::new(store.quads(None, Some(rdf::TYPE), Some(iri.into()), None)),
        TermKind::Property => Box::new(store.quads(None, Some(iri.as_ref()), None, None)),
        _ => Box::new(store.quads(None, None, Some(iri.into()), None)),
    };
    let mut count = 0;
    for quad in quads {
        let quad = quad?;
        count += u64::from(quad.graph_name != ontology.into_owned().into());
    }
    Ok(count)
}
