//! Whether the store is as it promises: a scan for tests and for the suspicious.

use super::implied::{implied, noted, noter};
use super::{Store, StoreError};
use oxrdf::{GraphName, NamedNodeRef, Quad, QuadRef, Triple};
use std::collections::{BTreeSet, HashSet};
use std::fmt;

/// Something that does not hold in a store.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// A triple stands in more than one graph.
    Twice(Box<Triple>),
    /// A triple that an article implies stands nowhere.
    Missing(Box<Triple>),
    /// A triple stands among the implied ones though no article implies it.
    Unsupported(Box<Triple>),
    /// A note of an article that is not there.
    Stray(Box<Triple>),
    /// A note that cannot be read.
    Unreadable(Box<Triple>),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Twice(triple) => write!(f, "in more than one graph: {triple}"),
            Self::Missing(triple) => write!(f, "implied by an article but missing: {triple}"),
            Self::Unsupported(triple) => write!(f, "implied by no article: {triple}"),
            Self::Stray(triple) => write!(f, "note of an article that is not there: {triple}"),
            Self::Unreadable(triple) => write!(f, "unreadable note: {triple}"),
        }
    }
}

impl Store {
    /// Looks for triples in two graphs and for implied triples that are missing or should be gone. Takes time in
    /// proportion to the store.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    pub fn verify(&self) -> Result<Vec<Problem>, StoreError> {
        let mut problems = Vec::new();
        let mut twice = BTreeSet::new();
        for quad in self.database() {
            let quad = quad?;
            if self.homes(&quad).take(2).count() > 1 {
                let triple = Triple::from(quad);
                if twice.insert(triple.to_string()) {
                    problems.push(Problem::Twice(Box::new(triple)));
                }
            }
        }
        let supported = self.verify_notes(&mut problems)?;
        for home in [self.graphs.shared(), self.graphs.known()] {
            let unsupported = self.graph(home)?.into_iter().filter(|triple| !supported.contains(triple));
            problems.extend(unsupported.map(|triple| Problem::Unsupported(Box::new(triple))));
        }
        Ok(problems)
    }

    /// Looks at what the articles imply, and gives it as it is written where it stands: the database keeps numbers by their
    /// value.
    fn verify_notes(&self, problems: &mut Vec<Problem>) -> Result<HashSet<Triple>, StoreError> {
        let mut supported = HashSet::new();
        let articles: BTreeSet<_> =
            self.articles()?.iter().map(|article| noter(article.as_ref()).into_string()).collect();
        for statement in self.graph(self.graphs.support())? {
            let Some((triple, _)) = noted(&statement.object).and_then(implied) else {
                problems.push(Problem::Unreadable(Box::new(statement)));
                continue;
            };
            let quad = Quad::new(triple.subject, triple.predicate, triple.object, GraphName::DefaultGraph);
            let home = self.homes(&quad).next();
            match home {
                Some(home) => {
                    supported.insert(home?.into());
                }
                None => problems.push(Problem::Missing(Box::new(quad.into()))),
            }
            if !subject_of(&statement).is_some_and(|subject| articles.contains(subject.as_str())) {
                problems.push(Problem::Stray(Box::new(statement)));
            }
        }
        Ok(supported)
    }

    /// The same triple in whatever graph.
    fn homes(&self, quad: &Quad) -> impl Iterator<Item = Result<Quad, StoreError>> {
        let QuadRef { subject, predicate, object, .. } = quad.as_ref();
        self.quads(Some(subject), Some(predicate), Some(object), None)
    }
}

fn subject_of(triple: &Triple) -> Option<NamedNodeRef<'_>> {
    match &triple.subject {
        oxrdf::NamedOrBlankNode::NamedNode(node) => Some(node.as_ref()),
        oxrdf::NamedOrBlankNode::BlankNode(_) => None,
    }
}
