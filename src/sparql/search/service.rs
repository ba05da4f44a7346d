//! `SERVICE bg:search { … }` inside a query, answered by the index in this process.
//!
//! ```sparql
//! SELECT ?thing ?score ?snippet {
//!   SERVICE bg:search { ?thing bg:matches "air strike tripoli" ; bg:category "article" ; bg:score ?score ; bg:snippet ?snippet ; bg:limit 10 }
//! }
//! ORDER BY DESC(?score)
//! ```
//!
//! Only `bg:matches` must be there, and its words must be known before the query begins: a literal or a parameter. The category is a
//! literal too, or a variable that takes the category of each thing.
//!
//! The pattern of an update finds what there was before the update.

use super::{Category, Index, SearchError};
use crate::ontology::terms::property;
use crate::store::Store;
use oxigraph::sparql::{QuerySolutionIter, ServiceHandler};
use oxrdf::{Literal, NamedNode, Term, Variable};
use spargebra::algebra::GraphPattern;
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many things are found at most if the pattern does not say.
const LIMIT: usize = 100;

/// How many it may ask for.
const MOST: usize = 10_000;

/// Answers the patterns of `SERVICE bg:search` about one store.
#[derive(Clone)]
pub struct Service {
    index: Arc<dyn Fn() -> Result<Arc<Index>, SearchError> + Send + Sync>,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").finish_non_exhaustive()
    }
}

impl Service {
    /// The service of a store; its index is looked for when a pattern needs it.
    pub fn of(store: &Store) -> Self {
        let store = store.reader();
        Self { index: Arc::new(move || Index::of(&store)) }
    }
}

impl ServiceHandler for Service {
    type Error = SearchError;

    fn handle(
        &self,
        pattern: &GraphPattern,
        _base: Option<&oxiri::Iri<String>>,
    ) -> Result<QuerySolutionIter<'static>, SearchError> {
        let GraphPattern::Bgp { patterns } = pattern else {
            return Err(SearchError::Pattern("anything but triples".to_owned()));
        };
        let asked = Asked::read(patterns)?;
        let found = (self.index)()?.find(&asked.words, asked.category, asked.limit, 0)?;
        let variables: Arc<[Variable]> = asked.variables.values().cloned().collect();
        let rows: Vec<_> = found
            .hits
            .into_iter()
            .map(|hit| {
                let value = |what: &What| -> Option<Term> {
                    Some(match what {
                        What::Thing => NamedNode::new(&hit.iri).ok()?.into(),
                        What::Score => Literal::from(f64::from(hit.score)).into(),
                        What::Snippet => {
                            Literal::from(if hit.snippet.is_empty() { &*hit.label } else { &*hit.snippet }).into()
                        }
                        What::Category => Literal::from(hit.category.name()).into(),
                    })
                };
                Ok(asked.variables.keys().map(value).collect::<Vec<_>>())
            })
            .collect();
        Ok(QuerySolutionIter::from_tuples(variables, rows))
    }
}

/// What a variable takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Thing,
    Score,
    Snippet,
    Category,
}

/// A pattern, understood.
struct Asked {
    words: String,
    category: Option<Category>,
    limit: usize,
    variables: BTreeMap<What, Variable>,
}

impl Asked {
    fn read(patterns: &[TriplePattern]) -> Result<Self, SearchError> {
        let wrong = |what: &str| SearchError::Pattern(what.to_owned());
        let mut asked = Self { words: String::new(), category: None, limit: LIMIT, variables: BTreeMap::new() };
        for TriplePattern { subject, predicate, object } in patterns {
            let TermPattern::Variable(thing) = subject else { return Err(wrong("about a thing that is given")) };
            if asked.variables.insert(What::Thing, thing.clone()).is_some_and(|other| other != *thing) {
                return Err(wrong("about two things at once"));
            }
            let NamedNodePattern::NamedNode(predicate) = predicate else {
                return Err(wrong("a property that is a variable"));
            };
            match (predicate.as_ref(), object) {
                (property::MATCHES, TermPattern::Literal(words)) => words.value().clone_into(&mut asked.words),
                (property::MATCHES, _) => return Err(wrong("words that are not a literal")),
                (property::SCORE, TermPattern::Variable(variable)) => {
                    asked.variables.insert(What::Score, variable.clone());
                }
                (property::SNIPPET, TermPattern::Variable(variable)) => {
                    asked.variables.insert(What::Snippet, variable.clone());
                }
                (property::CATEGORY, TermPattern::Variable(variable)) => {
                    asked.variables.insert(What::Category, variable.clone());
                }
                (property::CATEGORY, TermPattern::Literal(name)) => {
                    let unknown = || SearchError::Pattern(format!("the category `{}`", name.value()));
                    asked.category = Some(Category::of_name(name.value()).ok_or_else(unknown)?);
                }
                (property::LIMIT, TermPattern::Literal(limit)) => {
                    let bad =
                        || SearchError::Pattern(format!("the limit `{}`, not a number up to {MOST},", limit.value()));
                    asked.limit = limit.value().parse().ok().filter(|limit| *limit <= MOST).ok_or_else(bad)?;
                }
                (predicate, _) => return Err(SearchError::Pattern(format!("{predicate} so used"))),
            }
        }
        if asked.words.trim().is_empty() {
            return Err(wrong("without words to search for"));
        }
        Ok(asked)
    }
}
