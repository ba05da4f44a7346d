//! What a change comes to, found out without making it: the one way to have it evaluated elsewhere.
//!
//! [`Store::difference`] and its like find it out, [`Run::apply`] makes the same change in a store that is as the other was. In
//! between it may go to another process, by [`Difference::write`] and [`Difference::read`].
//!
//! A change of up to fifty thousand quads is one transaction. A larger one would take memory in proportion: it is
//! written to a file beside the store first, and then made in steps; who opens the store after a process that ended in the midst of it
//! goes on where that was, so that all of a change is there for whoever reads, or nothing.

use super::implied;
use super::layout::vocabulary::IMPLIES;
use super::lock::{Lock, file_beside};
use super::update::Updated;
use super::{Access, Run, Store, StoreError, version};
use oxigraph::store::Transaction;
use oxrdf::{GraphName, NamedNode, NamedNodeRef, Quad, Term, Triple};
use oxrdfio::{RdfFormat, RdfParser, RdfSerializer};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

/// How many quads are changed in one transaction. Each takes up to two kilobytes of memory until it is committed.
pub(super) const STEP: usize = 50_000;

/// What a change comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// The graphs that lose all that they hold.
    pub cleared: Vec<GraphName>,
    /// What was there before it in other graphs and is not after.
    pub removed: Vec<Quad>,
    /// What is there after it and was not before, or not after what is removed and cleared.
    pub inserted: Vec<Quad>,
    /// The graphs that it makes.
    pub made: Vec<NamedNode>,
    /// The graphs that it takes away.
    pub dropped: Vec<NamedNode>,
    /// How much it changes.
    pub counts: Updated,
}

/// The first line of a written difference.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Head {
    /// How many of the statements below are removed; the others are inserted.
    removed: usize,
    /// None stands for the unnamed graph.
    cleared: Vec<Option<String>>,
    made: Vec<String>,
    dropped: Vec<String>,
    counts: Updated,
}

impl Difference {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.counts == Updated::default() && self.made.is_empty() && self.dropped.is_empty()
    }

    /// How much it changes.
    pub fn updated(&self) -> Updated {
        self.counts
    }

    fn is_large(&self) -> bool {
        self.counts.removed + self.removed.len() + self.inserted.len() > STEP
    }

    /// Writes it: a line of JSON, then N-Quads.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write(&self, output: &mut impl Write) -> io::Result<()> {
        let iris = |nodes: &[NamedNode]| nodes.iter().map(|node| node.as_str().to_owned()).collect();
        let name = |graph: &GraphName| match graph {
            GraphName::NamedNode(node) => Some(node.as_str().to_owned()),
            _ => None,
        };
        let head = Head {
            removed: self.removed.len(),
            cleared: self.cleared.iter().map(name).collect(),
            made: iris(&self.made),
            dropped: iris(&self.dropped),
            counts: self.counts,
        };
        serde_json::to_writer(&mut *output, &head)?;
        output.write_all(b"\n")?;
        let mut serializer = RdfSerializer::from_format(RdfFormat::NQuads).for_writer(output);
        for quad in self.removed.iter().chain(&self.inserted) {
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
        let Head { removed, cleared, made, dropped, counts } = serde_json::from_str(&head)?;
        let nodes = |iris: Vec<String>| iris.into_iter().map(NamedNode::new_unchecked).collect();
        let graph = |iri: Option<String>| match iri {
            Some(iri) => NamedNode::new_unchecked(iri).into(),
            None => GraphName::DefaultGraph,
        };
        let cleared = cleared.into_iter().map(graph).collect();
        let mut difference = Self { cleared, made: nodes(made), dropped: nodes(dropped), counts, ..Self::default() };
        // It was a database's: no need to look at every IRI once more.
        for quad in RdfParser::from_format(RdfFormat::NQuads).lenient().for_reader(input) {
            let quad = quad.map_err(io::Error::other)?;
            if difference.removed.len() < removed {
                difference.removed.push(quad);
            } else {
                difference.inserted.push(quad);
            }
        }
        Ok(difference)
    }

    /// Makes the change. To make it once more after a part of it was made comes to the same.
    fn make(&self, store: &Store, run: NamedNodeRef<'_>) -> Result<(), StoreError> {
        let mut step = Step::begin(store)?;
        for graph in &self.cleared {
            // Of the store as it was before the first step.
            for quad in store.quads(None, None, None, Some(graph.as_ref())) {
                step.remove(&quad?)?;
            }
        }
        self.removed.iter().try_for_each(|quad| step.remove(quad))?;
        for graph in &self.dropped {
            step.transaction.remove_named_graph(graph)?;
        }
        for graph in &self.made {
            step.transaction.insert_named_graph(graph);
        }
        self.inserted.iter().try_for_each(|quad| step.insert(quad))?;
        version::note(&mut step.transaction, &store.graphs, run, self)?;
        Ok(step.transaction.commit()?)
    }
}

/// A part of a change: one transaction.
struct Step<'s> {
    store: &'s Store,
    transaction: Transaction<'s>,
    count: usize,
}

impl<'s> Step<'s> {
    fn begin(store: &'s Store) -> Result<Self, StoreError> {
        Ok(Self { store, transaction: store.database().start_transaction()?, count: 0 })
    }

    fn remove(&mut self, quad: &Quad) -> Result<(), StoreError> {
        self.next()?;
        self.transaction.remove(quad);
        self.settle(quad)
    }

    fn insert(&mut self, quad: &Quad) -> Result<(), StoreError> {
        self.next()?;
        self.transaction.insert(quad);
        self.settle(quad)
    }

    /// Puts the triple where it belongs now, if an article implies it: which articles do is not changed here.
    fn settle(&mut self, quad: &Quad) -> Result<(), StoreError> {
        let (database, graphs) = (self.store.database(), &self.store.graphs);
        let triple = Triple::from(quad.clone());
        let support = GraphName::from(graphs.support());
        for home in [graphs.known(), graphs.shared()] {
            let note = Term::from(implied::note(&triple, home));
            let mut noted =
                database.quads_for_pattern(None, Some(IMPLIES), Some(note.as_ref()), Some(support.as_ref()));
            if noted.next().transpose()?.is_some() {
                return Ok(implied::settle(&mut self.transaction, graphs, &triple)?);
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Result<(), StoreError> {
        self.count += 1;
        if self.count > STEP {
            let next = self.store.database().start_transaction()?;
            std::mem::replace(&mut self.transaction, next).commit()?;
            // One that was begun before does not see what that has changed.
            self.transaction = self.store.database().start_transaction()?;
            self.count = 1;
        }
        Ok(())
    }
}

impl Run<'_> {
    /// Makes the change that [`Store::difference`] found in a store that was as this one is now: all of it, or nothing.
    ///
    /// # Errors
    ///
    /// If the database or the disk fails.
    pub fn apply(&mut self, difference: &Difference) -> Result<Updated, StoreError> {
        match &self.store.path {
            Some(path) if difference.is_large() => {
                note(path, self.iri.as_ref(), difference)?;
                difference.make(self.store, self.iri.as_ref())?;
                self.store.database().flush()?;
                forget(path)?;
            }
            _ => difference.make(self.store, self.iri.as_ref())?,
        }
        Ok(difference.updated())
    }
}

/// The file that holds a large change for as long as it is being made: a line with the run, then the difference.
fn pending(path: &Path) -> PathBuf {
    file_beside(path, "pending")
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError + use<> {
    let path = path.to_owned();
    move |source| StoreError::File { action, path, source }
}

/// Writes a change down before it is made.
fn note(path: &Path, run: NamedNodeRef<'_>, difference: &Difference) -> Result<(), StoreError> {
    let (name, new) = (pending(path), file_beside(path, "pending-new"));
    let write = || {
        let mut file = BufWriter::new(File::create(&new)?);
        writeln!(file, "{}", run.as_str())?;
        difference.write(&mut file)?;
        file.into_inner().map_err(io::Error::other)?.sync_all()?;
        fs::rename(&new, &name)
    };
    write().map_err(failed("write", &new))
}

fn forget(path: &Path) -> Result<(), StoreError> {
    let name = pending(path);
    fs::remove_file(&name).map_err(failed("remove", &name))
}

/// Ends a large change whose process ended in the midst of it. For who has opened the store for writing.
pub(super) fn complete(store: &Store) -> Result<(), StoreError> {
    let Some(path) = &store.path else { return Ok(()) };
    let name = pending(path);
    let file = match File::open(&name) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed("read", &name)(error)),
    };
    let mut file = BufReader::new(file);
    let mut run = String::new();
    file.read_line(&mut run).map_err(failed("read", &name))?;
    let difference = Difference::read(file).map_err(failed("read", &name))?;
    tracing::info!("ending a change that was broken off");
    difference.make(store, NamedNodeRef::new_unchecked(run.trim_end()))?;
    store.database().flush()?;
    forget(path)
}

/// The same for who is about to read the store at `path`, unless somebody is writing to it.
pub(super) fn complete_at(path: &Path) -> Result<(), StoreError> {
    if !pending(path).exists() {
        return Ok(());
    }
    if let Some(lock) = Lock::try_acquire(path, Access::Write)? {
        drop(lock);
        Store::open(path, Access::Write)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Access, Difference, STEP, Store, note, pending};
    use crate::store::{RunDescription, UpdateOptions};
    use oxigraph::sparql::SparqlEvaluator;
    use oxrdf::{GraphName, Literal, NamedNode, Triple};
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
            (second.inserted.len(), second.updated().removed, second.made.len(), second.dropped.len()),
            (0, 5, 0, 1)
        );
        Ok(())
    }

    #[test]
    fn a_large_change_is_made_in_steps_and_ended_by_the_next() -> Result<(), Failure> {
        let directory = tempfile::tempdir()?;
        let path = directory.path().join("s.db");
        let graph = GraphName::from(NamedNode::new("http://e/a")?);
        let triple = |n: usize| {
            let node = NamedNode::new_unchecked(format!("http://e/{n}"));
            Triple::new(node.clone(), node, Literal::from(n as u64))
        };
        let held = |store: &Store| store.quads(None, None, None, Some(graph.as_ref())).count();
        let options = UpdateOptions { union: true, everything: false };
        let many: Vec<Triple> = (0..STEP + 10).map(triple).collect();
        let run = {
            let store = Store::open_or_create(&path, Some(BASE))?;
            let mut run = store.begin_run(&RunDescription::new("update"))?;
            assert!(run.write_graph(&graph, &many, false, options)?);
            assert_eq!(held(&store), many.len());
            assert!(!pending(&path).exists());
            // Half of it is other, then all: what is there is put in place of.
            let half: Vec<Triple> = (STEP / 2..STEP / 2 + 20).map(triple).collect();
            let difference = store.difference_of_graph(&graph, half.clone(), true, options)?;
            assert_eq!((difference.counts.inserted, difference.counts.removed), (0, many.len() - half.len()));
            // The process ends when it has written down what it is about to do.
            let iri = run.iri().into_owned();
            note(&path, iri.as_ref(), &difference)?;
            iri
        };
        let read = Store::open(&path, Access::Read)?;
        assert_eq!(held(&read), 20);
        assert!(!pending(&path).exists());
        assert_eq!(read.version(graph.as_ref())?.map(|version| version.name), Some(run.into_string()));
        drop(read);
        let store = Store::open(&path, Access::Write)?;
        let dropped = changed(&store, "DROP GRAPH <a> ; INSERT DATA { GRAPH <a> { <s> <p> 1.50 , 1.5 } }")?;
        assert_eq!(dropped.cleared, std::slice::from_ref(&graph));
        let mut run = store.begin_run(&RunDescription::new("update"))?;
        run.apply(&dropped)?;
        run.finish()?;
        assert_eq!(held(&store), 1);
        let again = changed(&store, "CLEAR GRAPH <a> ; INSERT DATA { GRAPH <a> { <s> <p> 1.50 , 1.5 } }")?;
        let mut run = store.begin_run(&RunDescription::new("update"))?;
        run.apply(&again)?;
        run.finish()?;
        assert_eq!(held(&store), 1);
        // The same value in other digits is the same to the database.
        let same =
            changed(&store, "DELETE { GRAPH <a> { <s> <p> 1.500 } } INSERT { GRAPH <a> { <s> <p> 1.5 } } WHERE {}")?;
        let mut run = store.begin_run(&RunDescription::new("update"))?;
        run.apply(&same)?;
        run.finish()?;
        assert_eq!(held(&store), 1);
        Ok(())
    }
}
