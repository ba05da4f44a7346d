//! How much of what a store holds.

use super::{Store, StoreError};
use crate::ontology::terms::{class, external, property};
use oxrdf::vocab::rdf;
use oxrdf::{GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, Term};
use std::collections::{BTreeMap, BTreeSet};

/// What a store holds, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Articles.
    pub articles: usize,
    /// How many things of each class the articles speak of, superclasses included.
    pub classes: BTreeMap<NamedNode, usize>,
    /// The sums of the casualty reports of events that took place or are alleged to have, by outcome; parts of other
    /// figures and totals of longer times are left out.
    pub casualties: BTreeMap<NamedNode, Sum>,
    /// How many triples each graph holds, those of articles together.
    pub graphs: BTreeMap<String, usize>,
}

/// A sum of numbers of which some are bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Of the lower bounds.
    pub min: u64,
    /// Of the upper bounds, or of the lower ones where there is none.
    pub max: u64,
    /// Whether some number has no upper bound.
    pub is_open: bool,
}

impl Store {
    /// Counts what the store holds. Takes time in proportion to it.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    pub fn statistics(&self) -> Result<Statistics, StoreError> {
        let mut statistics = Statistics { articles: self.articles()?.len(), ..Statistics::default() };
        // What the seeds know and no article speaks of does not count.
        let mut things = BTreeSet::new();
        for quad in self.quads(None, Some(external::GAF_DENOTED_BY), None, None) {
            if let NamedOrBlankNode::NamedNode(thing) = quad?.subject {
                things.insert(thing);
            }
        }
        for thing in things {
            for quad in self.quads(Some((&thing).into()), Some(rdf::TYPE), None, None) {
                if let Term::NamedNode(class) = quad?.object {
                    *statistics.classes.entry(class).or_default() += 1;
                }
            }
        }
        for quad in self.quads(None, Some(property::OUTCOME), None, None) {
            let quad = quad?;
            if let Term::NamedNode(outcome) = quad.object {
                self.add_report(&quad.subject, statistics.casualties.entry(outcome).or_default())?;
            }
        }
        for graph in self.graph_names()? {
            let name = match &graph {
                GraphName::NamedNode(node) if self.graphs.is_article(node.as_ref()) => "articles".to_owned(),
                GraphName::DefaultGraph => "unnamed".to_owned(),
                graph => graph.to_string(),
            };
            let count = self.quads(None, None, None, Some(graph.as_ref())).count();
            if count > 0 {
                *statistics.graphs.entry(name).or_default() += count;
            }
        }
        Ok(statistics)
    }

    fn add_report(&self, report: &NamedOrBlankNode, sum: &mut Sum) -> Result<(), StoreError> {
        let one = |predicate: NamedNodeRef<'_>| self.object(report, predicate);
        let apart = [property::IS_CUMULATIVE, property::IS_SUPERSEDED, property::PART_OF_REPORT];
        if apart.into_iter().map(one).collect::<Result<Vec<_>, _>>()?.iter().any(Option::is_some) {
            return Ok(());
        }
        let Some(Term::NamedNode(event)) = one(property::OF_EVENT)? else { return Ok(()) };
        let asserted = self.quads(Some((&event).into()), Some(rdf::TYPE), Some(class::EVENT.into()), None).next();
        if asserted.transpose()?.is_none() {
            return Ok(());
        }
        let number = |term: Option<Term>| match term {
            Some(Term::Literal(literal)) => literal.value().parse::<u64>().ok(),
            _ => None,
        };
        let Some(min) = number(one(property::MIN)?) else { return Ok(()) };
        let max = number(one(property::MAX)?);
        sum.min += min;
        sum.max += max.unwrap_or(min);
        sum.is_open |= max.is_none();
        Ok(())
    }

    /// One object of a thing's property, if it has any.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    pub fn object(&self, subject: &NamedOrBlankNode, predicate: NamedNodeRef<'_>) -> Result<Option<Term>, StoreError> {
        let mut quads = self.quads(Some(subject.as_ref()), Some(predicate), None, None);
        Ok(quads.next().transpose()?.map(|quad| quad.object))
    }
}
