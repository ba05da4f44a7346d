//! What is searched: the actors, places and articles of a store, with their names and texts.

use super::{Entry, SearchError};
use crate::ontology::terms::{class, external, property};
use crate::store::Store;
use oxrdf::vocab::{rdf, rdfs};
use oxrdf::{NamedNodeRef, NamedOrBlankNode, Term};
use tantivy::TantivyError;

/// Hands over each thing once.
pub(super) fn each(store: &Store, take: &mut dyn FnMut(Entry) -> Result<(), TantivyError>) -> Result<(), SearchError> {
    for (class, category) in [(class::ACTOR, "actor"), (class::PLACE, "place"), (class::ARTICLE, "article")] {
        for quad in store.quads(None, Some(rdf::TYPE), Some(class.into()), None) {
            let entry = entry(store, &quad?.subject, category)?;
            if !entry.label.is_empty() {
                take(entry)?;
            }
        }
    }
    Ok(())
}

fn entry(store: &Store, subject: &NamedOrBlankNode, category: &'static str) -> Result<Entry, SearchError> {
    let mut entry = Entry { iri: iri(subject), category, ..Entry::default() };
    let mut names: Vec<(u8, usize, String)> = Vec::new();
    for quad in store.quads(Some(subject.as_ref()), None, None, None) {
        let quad = quad?;
        let predicate = quad.predicate.as_ref();
        if predicate == external::GAF_DENOTED_BY {
            entry.weight += 1;
            continue;
        }
        let Term::Literal(literal) = quad.object else { continue };
        if predicate == property::BODY {
            literal.value().clone_into(&mut entry.body);
        } else if let Some(rank) = rank(predicate) {
            let text = literal.value().to_owned();
            // Between names of one rank, those in mixed case and the short ones are what people say.
            let shouts = text.len() > 4 && !text.chars().any(char::is_lowercase);
            names.push((rank, text.len() + if shouts { 1000 } else { 0 }, text));
        }
    }
    names.sort();
    let mut names = names.into_iter().map(|(.., name)| name);
    entry.label = names.next().unwrap_or_default();
    for name in names {
        if name != entry.label && !entry.aliases.contains(&name) {
            entry.aliases.push(name);
        }
    }
    Ok(entry)
}

fn rank(predicate: NamedNodeRef<'_>) -> Option<u8> {
    let ranks = [
        (external::SKOS_PREF_LABEL, 0),
        (property::HEADLINE, 0),
        (rdfs::LABEL, 1),
        (property::NAME, 2),
        (external::SKOS_ALT_LABEL, 3),
        (property::ACRONYM, 3),
    ];
    ranks.into_iter().find(|(name, _)| *name == predicate).map(|(_, rank)| rank)
}

fn iri(subject: &NamedOrBlankNode) -> String {
    match subject {
        NamedOrBlankNode::NamedNode(node) => node.as_str().to_owned(),
        NamedOrBlankNode::BlankNode(node) => node.to_string(),
    }
}
