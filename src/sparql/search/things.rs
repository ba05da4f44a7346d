//! What is searched: the actors, places and articles of a store, with their names and texts.

use super::{Entry, SearchError};
use crate::ontology::terms::{class, external, property};
use crate::store::Store;
use oxrdf::vocab::{rdf, rdfs};
use oxrdf::{NamedNodeRef, NamedOrBlankNode, Term};
use sha2::{Digest, Sha256};

/// What tells a thing from others, and what is in the store of it from what was there before.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownAs {
    pub(super) key: u64,
    pub(super) stamp: u64,
}

/// A thing that can be read.
pub(super) enum Thing<'s> {
    Read(Entry),
    Article(&'s Store, NamedOrBlankNode),
}

impl Thing<'_> {
    pub(super) fn read(self) -> Result<Entry, SearchError> {
        match self {
            Self::Read(entry) => Ok(entry),
            Self::Article(store, article) => entry(store, &article, ARTICLE),
        }
    }
}

const ARTICLE: &str = "article";

/// Hands over each thing once. The texts of articles are the most of it: whether one has changed is told by the run that wrote it, so
/// that those that have not need not be read; what people have changed by hand since makes all of them count as changed.
pub(super) fn each<'s>(
    store: &'s Store,
    take: &mut dyn FnMut(KnownAs, Thing<'s>) -> Result<(), SearchError>,
) -> Result<(), SearchError> {
    let by_hand = store.last_run_besides_articles()?;
    for (class, category) in [(class::ACTOR, "actor"), (class::PLACE, "place"), (class::ARTICLE, ARTICLE)] {
        for quad in store.quads(None, Some(rdf::TYPE), Some(class.into()), None) {
            let subject = quad?.subject;
            let iri = iri(&subject);
            let key = sum([category, &iri]);
            if category == ARTICLE
                && let NamedOrBlankNode::NamedNode(article) = &subject
                && let Some(run) = store.run_of(article.as_ref())?
            {
                take(KnownAs { key, stamp: sum([run.as_str(), by_hand.as_str()]) }, Thing::Article(store, subject))?;
                continue;
            }
            let entry = entry(store, &subject, category)?;
            let weight = entry.weight.to_string();
            let texts = [&entry.label, &entry.body, &weight].into_iter().chain(&entry.aliases);
            let stamp = sum(texts.map(String::as_str));
            take(KnownAs { key, stamp }, Thing::Read(entry))?;
        }
    }
    Ok(())
}

/// A number that other texts hardly have.
fn sum<'t>(texts: impl IntoIterator<Item = &'t str>) -> u64 {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    hash.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
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
