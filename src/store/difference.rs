//! What an update would change, found out without changing it: the one way to have it evaluated elsewhere.
//!
//! [`Store::difference`] carries an update out in a transaction that is given up, [`Run::apply`] makes the same change in a store that
//! is as the other was. In between it may go to another process, by [`Difference::write`] and [`Difference::read`].

use super::implied::settle;
use super::update::{Changes, UpdateError, UpdateOptions, Updated};
use super::{Run, Store, StoreError, version};
use oxigraph::sparql::SparqlEvaluator;
use oxrdf::{NamedNode, Quad, Triple};
use oxrdfio::{RdfFormat, RdfParser, RdfSerializer};
use serde::{Deserialize, Serialize};
use spargebra::Update;
use std::io::{self, BufRead, Write};

/// What an update changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// What is there after it and was not before.
    pub inserted: Vec<Quad>,
    /// What was there before it and is not after.
    pub removed: Vec<Quad>,
    /// The graphs that it makes.
    pub made: Vec<NamedNode>,
    /// The graphs that it takes away.
    pub dropped: Vec<NamedNode>,
}

/// The first line of a written difference.
#[derive(Debug, Deserialize, Serialize)]
struct Head {
    /// How many of the statements below are inserted; the others are removed.
    inserted: usize,
    made: Vec<String>,
    dropped: Vec<String>,
}

impl Difference {
    /// Writes it: a line of JSON, then N-Quads.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write(&self, output: &mut impl Write) -> io::Result<()> {
        let iris = |nodes: &[NamedNode]| nodes.iter().map(|node| node.as_str().to_owned()).collect();
        let head = Head { inserted: self.inserted.len(), made: iris(&self.made), dropped: iris(&self.dropped) };
        serde_json::to_writer(&mut *output, &head)?;
        output.write_all(b"\n")?;
        let mut serializer = RdfSerializer::from_format(RdfFormat::NQuads).for_writer(output);
        for quad in self.inserted.iter().chain(&self.removed) {
            serializer.serialize_quad(quad)?;
        }
        serializer.finish()?;
        Ok(())
    }

    /// Reads what was written.
    ///
    /// # Errors
    ///
    /// If it is something else.
    pub fn read(mut input: impl BufRead) -> io::Result<Self> {
        let mut head = String::new();
        input.read_line(&mut head)?;
        let Head { inserted, made, dropped } = serde_json::from_str(&head)?;
        let nodes = |iris: Vec<String>| iris.into_iter().map(NamedNode::new_unchecked).collect();
        let mut difference = Self { made: nodes(made), dropped: nodes(dropped), ..Self::default() };
        // It was a database's: no need to look at every IRI once more.
        for quad in RdfParser::from_format(RdfFormat::NQuads).lenient().for_reader(input) {
            let quad = quad.map_err(io::Error::other)?;
            if difference.inserted.len() < inserted {
                difference.inserted.push(quad);
            } else {
                difference.removed.push(quad);
            }
        }
        Ok(difference)
    }

    /// How much it changes.
    pub fn updated(&self) -> Updated {
        Updated { inserted: self.inserted.len(), removed: self.removed.len() }
    }
}

impl Store {
    /// What an update would change. The store is as it was before, but must be open for writing.
    ///
    /// # Errors
    ///
    /// As [`Run::update`].
    pub fn difference(
        &self,
        evaluator: &SparqlEvaluator,
        update: Update,
        options: UpdateOptions,
    ) -> Result<Difference, UpdateError> {
        let mut changes = Changes::begin(self, options.union)?;
        changes.carry_out(evaluator, update, options)?;
        changes.difference()
    }
}

impl Run<'_> {
    /// Makes the change that [`Store::difference`] found in a store that was as this one is now, in one transaction.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub fn apply(&mut self, difference: &Difference) -> Result<Updated, StoreError> {
        let mut transaction = self.store.database().start_transaction()?;
        for quad in &difference.removed {
            transaction.remove(quad);
        }
        for graph in &difference.dropped {
            transaction.remove_named_graph(graph)?;
        }
        for graph in &difference.made {
            transaction.insert_named_graph(graph);
        }
        for quad in &difference.inserted {
            transaction.insert(quad);
        }
        for quad in difference.inserted.iter().chain(&difference.removed) {
            settle(&mut transaction, &self.store.graphs, &Triple::from(quad.clone()))?;
        }
        version::note(&mut transaction, &self.store.graphs, self.iri.as_ref(), difference)?;
        transaction.commit()?;
        Ok(difference.updated())
    }
}

#[cfg(test)]
mod tests {
    use super::{Difference, Store, UpdateOptions};
    use crate::store::RunDescription;
    use oxigraph::sparql::SparqlEvaluator;
    use spargebra::SparqlParser;

    type Failure = Box<dyn std::error::Error>;

    const BASE: &str = "http://e/";

    fn changed(store: &Store, text: &str) -> Result<Difference, Failure> {
        let update = SparqlParser::new().with_base_iri(BASE)?.parse_update(text)?;
        let options = UpdateOptions { union: true, everything: false };
        Ok(store.difference(&SparqlEvaluator::new(), update, options)?)
    }

    #[test]
    fn what_would_change_is_found_sent_and_made() -> Result<(), Failure> {
        let store = Store::in_memory(BASE)?;
        let text = "INSERT DATA { GRAPH <a> { <s> <p> 1 , \"a\\nb\"@en , _:b . _:b <p> <s> } } ;
            CREATE GRAPH <empty> ; CREATE GRAPH <gone> ; DROP GRAPH <gone> ;
            INSERT { GRAPH <b> { ?s <q> ?o } } WHERE { GRAPH <a> { ?s <p> ?o FILTER(isNumeric(?o)) } }";
        let first = changed(&store, text)?;
        assert_eq!((first.inserted.len(), first.removed.len(), first.made.len(), first.dropped.len()), (5, 0, 3, 0));
        // Nothing has changed so far.
        assert_eq!(changed(&store, text)?.inserted.len(), 5);
        let mut sent = Vec::new();
        first.write(&mut sent)?;
        let received = Difference::read(sent.as_slice())?;
        assert_eq!(received, first);
        let mut run = store.begin_run(&RunDescription::new("sparql update"))?;
        run.apply(&received)?;
        run.finish()?;
        let second = changed(&store, "DROP GRAPH <a> ; DELETE WHERE { GRAPH <b> { <s> <q> ?o } }")?;
        assert_eq!(
            (second.inserted.len(), second.removed.len(), second.made.len(), second.dropped.len()),
            (0, 5, 0, 1)
        );
        Ok(())
    }
}
