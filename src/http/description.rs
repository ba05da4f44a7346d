//! What the document on a thing says: its facts, what says something of it (in pages), where it was read, and the labels of all that.

use super::failure::Failure;
use crate::ontology::terms::external;
use crate::sparql::SparqlError;
use crate::store::{Store, StoreError};
use oxrdf::vocab::rdfs;
use oxrdf::{GraphNameRef, NamedNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Quad, Term, TermRef};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How many links to the thing stand on one page.
pub(super) const PAGE: usize = 200;

/// How many mentions are told with their sentences on one page.
const MENTIONS: usize = 100;

/// How many blank nodes deep, in what users have added, the facts of a thing go.
const DEPTH: usize = 4;

/// A page of what the store says of a thing.
#[derive(Clone, Debug)]
pub(super) struct Description {
    /// In the order of the database, each once.
    pub(super) quads: Vec<Quad>,
    /// Whether there are more links to the thing, or more of its mentions, on a next page.
    pub(super) continues: bool,
}

/// Describes a thing; `page` is counted from 1. None if nothing is said of it. It fails when the time is over.
pub(super) fn describe(
    store: &Store,
    thing: NamedNodeRef<'_>,
    page: usize,
    timeout: Duration,
) -> Result<Option<Description>, Failure> {
    let end = Instant::now() + timeout;
    let mut gathered = Gathered { store, quads: Vec::new(), seen: BTreeSet::new(), end, timeout };
    gathered.subject(thing.into(), DEPTH)?;
    if store.graphs().is_article(thing) {
        gathered.fragments(thing)?;
    }
    let facts = gathered.quads.len();
    let has_more_links = gathered.links_to(thing, page)?;
    if gathered.quads.is_empty() && (page == 1 || store.quads(None, None, Some(thing.into()), None).next().is_none()) {
        return Ok(None);
    }
    let has_more_mentions = gathered.mentions(facts, page)?;
    gathered.labels()?;
    Ok(Some(Description { quads: gathered.quads, continues: has_more_links || has_more_mentions }))
}

/// Whether anything at all is said of it, or in it.
pub(super) fn is_known(store: &Store, thing: NamedNodeRef<'_>) -> Result<bool, StoreError> {
    if store.quads(Some(thing.into()), None, None, None).next().transpose()?.is_some() {
        return Ok(true);
    }
    if store.quads(None, None, Some(thing.into()), None).next().transpose()?.is_some() {
        return Ok(true);
    }
    is_graph(store, thing)
}

/// Whether it is the name of a graph.
pub(super) fn is_graph(store: &Store, thing: NamedNodeRef<'_>) -> Result<bool, StoreError> {
    Ok(store.database().contains_named_graph(thing)?)
}

struct Gathered<'s> {
    store: &'s Store,
    quads: Vec<Quad>,
    seen: BTreeSet<String>,
    /// When all of it must have been read, and how long that is from its begin.
    end: Instant,
    timeout: Duration,
}

impl<'s> Gathered<'s> {
    /// Looks quads up, until the time is over.
    fn look_up<'q>(
        &self,
        subject: Option<NamedOrBlankNodeRef<'q>>,
        predicate: Option<NamedNodeRef<'q>>,
        object: Option<TermRef<'q>>,
        graph: Option<GraphNameRef<'q>>,
    ) -> impl Iterator<Item = Result<Quad, Failure>> + use<'s, 'q> {
        let (store, end, timeout) = (self.store, self.end, self.timeout);
        store.quads(subject, predicate, object, graph).map(move |quad| -> Result<Quad, Failure> {
            if Instant::now() > end { Err(SparqlError::TimedOut(timeout).into()) } else { Ok(quad?) }
        })
    }

    fn add(&mut self, quad: Quad) {
        // The store's own books tell nothing of the world.
        if quad.graph_name.as_ref() == GraphNameRef::from(self.store.graphs().support()) {
            return;
        }
        if self.seen.insert(quad.to_string()) {
            self.quads.push(quad);
        }
    }

    /// What is said of a subject, and of the blank nodes it leads to.
    fn subject(&mut self, subject: NamedOrBlankNodeRef<'_>, depth: usize) -> Result<(), Failure> {
        let quads: Vec<Quad> = self.look_up(Some(subject), None, None, None).collect::<Result<_, _>>()?;
        for quad in quads {
            let below = match &quad.object {
                Term::BlankNode(node) if depth > 0 => Some(node.clone()),
                _ => None,
            };
            self.add(quad);
            if let Some(node) = below {
                self.subject(node.as_ref().into(), depth - 1)?;
            }
        }
        Ok(())
    }

    /// What the graph of an article says of its fragments, the mentions and sentences: they answer where the article does.
    fn fragments(&mut self, article: NamedNodeRef<'_>) -> Result<(), Failure> {
        let prefix = format!("{}#", article.as_str());
        for quad in self.look_up(None, None, None, Some(article.into())) {
            let quad = quad?;
            if matches!(&quad.subject, NamedOrBlankNode::NamedNode(node) if node.as_str().starts_with(&prefix)) {
                self.add(quad);
            }
        }
        Ok(())
    }

    /// A page of what points at the thing. Tells whether there is another.
    fn links_to(&mut self, thing: NamedNodeRef<'_>, page: usize) -> Result<bool, Failure> {
        let links = self.look_up(None, None, Some(thing.into()), None).skip((page - 1) * PAGE);
        for (i, quad) in links.enumerate() {
            if i == PAGE {
                return Ok(true);
            }
            self.add(quad?);
        }
        Ok(false)
    }

    /// A page of the mentions that the facts lead to, with their sentences. Tells whether there is another.
    fn mentions(&mut self, facts: usize, page: usize) -> Result<bool, Failure> {
        let of = self.quads[..facts].iter().filter(|quad| quad.predicate.as_ref() == external::GAF_DENOTED_BY);
        let mut mentions: Vec<Term> =
            of.skip((page - 1) * MENTIONS).take(MENTIONS + 1).map(|quad| quad.object.clone()).collect();
        let continues = mentions.len() > MENTIONS;
        mentions.truncate(MENTIONS);
        for mention in mentions {
            let Term::NamedNode(mention) = mention else { continue };
            self.subject(mention.as_ref().into(), 0)?;
        }
        Ok(continues)
    }

    /// The labels of everything named so far.
    fn labels(&mut self) -> Result<(), Failure> {
        let mut named = BTreeSet::new();
        for quad in &self.quads {
            if let NamedOrBlankNode::NamedNode(node) = &quad.subject {
                named.insert(node.clone());
            }
            named.insert(quad.predicate.clone());
            if let Term::NamedNode(node) = &quad.object {
                named.insert(node.clone());
            }
        }
        for node in named {
            self.label(&node)?;
        }
        Ok(())
    }

    fn label(&mut self, node: &NamedNode) -> Result<(), Failure> {
        let label: Option<TermRef<'_>> = None;
        let quads = self.look_up(Some(node.as_ref().into()), Some(rdfs::LABEL), label, None);
        let labels: Vec<Quad> = quads.collect::<Result<_, _>>()?;
        for quad in labels {
            self.add(quad);
        }
        Ok(())
    }
}
