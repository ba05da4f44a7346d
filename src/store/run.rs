//! A run: a series of changes to the store by one command, each one transaction, noted in the log.

use super::batch::Batch;
use super::implied::{implied, note, noted, noter, said_elsewhere, settle};
use super::layout::vocabulary;
use super::rewrite::is_scattered;
use super::{Store, StoreError};
use jiff::Timestamp;
use oxigraph::store::Transaction;
use oxrdf::vocab::{rdf, xsd};
use oxrdf::{
    GraphName, GraphNameRef, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Quad, QuadRef,
    Term, Triple,
};
use std::collections::{BTreeMap, HashSet};
use std::sync::MutexGuard;

const STARTED: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#startedAtTime");
pub(super) const ENDED: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#endedAtTime");
pub(super) const GENERATED: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#generated");
const ACTIVITY: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#Activity");

/// What a run is, for the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunDescription {
    /// The command.
    pub command: String,
    /// What it works with: ontology, models, seeds, the program itself, each with its version.
    pub versions: BTreeMap<String, String>,
}

impl RunDescription {
    /// A run of this command by this program.
    pub fn new(command: impl Into<String>) -> Self {
        let program = (env!("CARGO_PKG_NAME").to_owned(), env!("CARGO_PKG_VERSION").to_owned());
        Self { command: command.into(), versions: BTreeMap::from([program]) }
    }

    /// The same with one more version.
    #[must_use]
    pub fn with_version(mut self, name: impl Into<String>, version: impl Into<String>) -> Self {
        self.versions.insert(name.into(), version.into());
        self
    }
}

/// Everything one article puts into the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleGraph {
    /// The article, `{base}article/…`; it also names the graph.
    pub article: NamedNode,
    /// The triples of its graph: subjects are minted from this article.
    pub triples: Vec<Triple>,
    /// What it implies about shared actors and places.
    pub shared: Vec<Triple>,
    /// What the gazetteer knows of the places it names.
    pub known: Vec<Triple>,
}

impl ArticleGraph {
    /// An article that implies nothing about shared things.
    pub fn new(article: NamedNode, triples: Vec<Triple>) -> Self {
        Self { article, triples, shared: Vec::new(), known: Vec::new() }
    }

    fn check(&self, store: &Store) -> Result<(), StoreError> {
        check_article(store, self.article.as_ref())?;
        for triple in self.triples.iter().chain(&self.shared).chain(&self.known) {
            check_named(triple)?;
        }
        Ok(())
    }
}

fn check_article(store: &Store, article: NamedNodeRef<'_>) -> Result<(), StoreError> {
    if store.graphs.is_article(article) {
        return Ok(());
    }
    let prefix = store.graphs.article_prefix().to_owned();
    Err(StoreError::NotAnArticle { iri: article.as_str().to_owned(), prefix })
}

fn check_named(triple: &Triple) -> Result<(), StoreError> {
    if matches!(triple.subject, NamedOrBlankNode::BlankNode(_)) || matches!(triple.object, Term::BlankNode(_)) {
        return Err(StoreError::BlankNode(triple.to_string()));
    }
    Ok(())
}

/// What a replacement did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was not there before.
    Added,
    /// It was there and is different now.
    Replaced,
    /// It was there, just so.
    Unchanged,
}

/// The commands of runs that change triples one by one, those of articles too.
pub(super) const BY_HAND: [&str; 3] = ["update", "sparql update", "graph store protocol"];

/// A series of changes, each of them one transaction. One run at a time is open in a process.
#[derive(Debug)]
#[must_use = "a run notes its end only by `finish`"]
pub struct Run<'store> {
    pub(super) store: &'store Store,
    _writer: MutexGuard<'store, ()>,
    pub(super) iri: NamedNode,
    /// New articles that are not written yet.
    batch: Batch,
    wrote_files: bool,
}

impl<'store> Run<'store> {
    pub(super) fn begin(
        store: &'store Store,
        writer: MutexGuard<'store, ()>,
        description: &RunDescription,
    ) -> Result<Self, StoreError> {
        let now = Timestamp::now();
        let iri = NamedNode::new_unchecked(format!("{}run/{}", store.base(), now.as_nanosecond()));
        let mut transaction = store.database().start_transaction()?;
        let run = Self { store, _writer: writer, iri, batch: Batch::default(), wrote_files: false };
        run.log(&mut transaction, rdf::TYPE, ACTIVITY);
        run.log(&mut transaction, rdf::TYPE, vocabulary::RUN);
        run.log(&mut transaction, STARTED, &time(now));
        run.log(&mut transaction, vocabulary::COMMAND, &Literal::from(description.command.as_str()));
        for (name, version) in &description.versions {
            run.log(&mut transaction, vocabulary::USED_VERSION, &Literal::from(format!("{name} {version}")));
        }
        transaction.commit()?;
        Ok(run)
    }

    /// The IRI of the run in the log.
    pub fn iri(&self) -> NamedNodeRef<'_> {
        self.iri.as_ref()
    }

    fn log<'a>(
        &'a self,
        transaction: &mut Transaction<'_>,
        predicate: NamedNodeRef<'a>,
        object: impl Into<oxrdf::TermRef<'a>>,
    ) {
        transaction.insert(QuadRef::new(&self.iri, predicate, object, self.store.graphs.log()));
    }

    /// Puts an article into the store as [`Self::replace_article`] does, but lets new ones wait until there are enough of them to be
    /// written together, or until the run ends: many times faster for many articles. Each is wholly there or wholly
    /// absent all the same.
    ///
    /// # Errors
    ///
    /// As [`Self::replace_article`]; the disk may fail for the articles that waited.
    pub fn put_article(&mut self, new: ArticleGraph) -> Result<Change, StoreError> {
        new.check(self.store)?;
        if self.batch.contains(&new.article) {
            self.write_batch()?;
        }
        if self.store.database().contains_named_graph(&new.article)? {
            return self.replace_article(&new);
        }
        self.batch.push(new);
        if self.batch.is_full() {
            self.write_batch()?;
        }
        Ok(Change::Added)
    }

    fn write_batch(&mut self) -> Result<(), StoreError> {
        let batch = std::mem::take(&mut self.batch);
        if batch.is_small() {
            for article in batch.into_articles() {
                self.replace_article(&article)?;
            }
            return Ok(());
        }
        self.write_files(batch)
    }

    fn write_files(&mut self, batch: Batch) -> Result<(), StoreError> {
        self.wrote_files = true;
        let log = GraphName::from(self.store.graphs.log());
        let generated =
            |article: &NamedNode| Quad::new(self.iri.clone(), GENERATED.into_owned(), article.clone(), log.clone());
        for article in batch.commit(&self.store.database, &self.store.graphs, generated)? {
            self.replace_article(&article)?;
        }
        Ok(())
    }

    /// Puts an article into the store in place of what was there under its IRI, and brings what the articles together imply up to
    /// date, in one transaction.
    ///
    /// # Errors
    ///
    /// If the IRI is not one of an article of this store, if a blank node occurs, or if the disk fails. Nothing is changed
    /// then.
    pub fn replace_article(&mut self, new: &ArticleGraph) -> Result<Change, StoreError> {
        new.check(self.store)?;
        if self.batch.contains(&new.article) {
            self.write_batch()?;
        }
        let graphs = &self.store.graphs;
        let mut transaction = self.store.database().start_transaction()?;
        let existed = transaction.contains_named_graph(&new.article)?;
        transaction.insert_named_graph(&new.article);
        let mut changed = replace_triples(&mut transaction, new.article.as_ref(), &new.triples)?.any();
        let shared = new.shared.iter().map(|triple| (triple, graphs.shared()));
        let known = new.known.iter().map(|triple| (triple, graphs.known()));
        let notes = shared.chain(known).map(|(triple, home)| note(triple, home));
        changed |= self.replace_notes(&mut transaction, new.article.as_ref(), notes)?;
        let change = match (existed, changed) {
            (false, _) => Change::Added,
            (true, true) => Change::Replaced,
            (true, false) => Change::Unchanged,
        };
        if change != Change::Unchanged {
            self.log(&mut transaction, GENERATED, &new.article);
        }
        transaction.commit()?;
        Ok(change)
    }

    /// Takes an article and what only it implied out of the store, in one transaction. Tells whether it was there.
    ///
    /// # Errors
    ///
    /// If the IRI is not one of an article of this store, or the disk fails.
    pub fn remove_article(&mut self, article: NamedNodeRef<'_>) -> Result<bool, StoreError> {
        check_article(self.store, article)?;
        if self.batch.contains(&article.into_owned()) {
            self.write_batch()?;
        }
        let mut transaction = self.store.database().start_transaction()?;
        if !transaction.contains_named_graph(article)? {
            return Ok(false);
        }
        transaction.remove_named_graph(article)?;
        self.replace_notes(&mut transaction, article, [])?;
        self.log(&mut transaction, vocabulary::REMOVED, article);
        transaction.commit()?;
        Ok(true)
    }

    /// Brings one of the graphs the program ships (the ontology, seeds) up to date, if the store has another version of
    /// it. Tells whether it was changed.
    ///
    /// Blank nodes are to be replaced by [`super::skolemise`] before. What a user's graph says already is left out.
    ///
    /// # Errors
    ///
    /// If a blank node occurs, or the disk fails.
    pub fn refresh_graph(
        &mut self,
        graph: NamedNodeRef<'_>,
        version: &str,
        triples: impl FnOnce() -> Vec<Triple>,
    ) -> Result<bool, StoreError> {
        if self.store.content_version(graph)?.as_deref() == Some(version) {
            return Ok(false);
        }
        let mut triples = triples();
        triples.iter().try_for_each(check_named)?;
        let graphs = &self.store.graphs;
        let mut transaction = self.store.database().start_transaction()?;
        let mut error = None;
        triples.retain(|triple| match said_elsewhere(&transaction, &self.store.graphs, triple, Some(graph)) {
            Ok(said) => !said,
            Err(failure) => {
                error = Some(failure);
                false
            }
        });
        if let Some(error) = error {
            return Err(error.into());
        }
        transaction.insert_named_graph(graph);
        let difference = replace_triples(&mut transaction, graph, &triples)?;
        for triple in difference.removed.iter().chain(difference.added) {
            settle(&mut transaction, graphs, triple)?;
        }
        let meta = GraphNameRef::from(graphs.meta());
        let old =
            transaction.quads_for_pattern(Some(graph.into()), Some(vocabulary::CONTENT_VERSION), None, Some(meta));
        let old = old.collect::<Result<Vec<_>, _>>()?;
        for quad in &old {
            transaction.remove(quad);
        }
        transaction.insert(QuadRef::new(graph, vocabulary::CONTENT_VERSION, &Literal::from(version), meta));
        transaction.commit()?;
        Ok(true)
    }

    /// Replaces the notes of what an article implies, and settles what they are about. Tells whether any changed.
    fn replace_notes(
        &self,
        transaction: &mut Transaction<'_>,
        article: NamedNodeRef<'_>,
        notes: impl IntoIterator<Item = Literal>,
    ) -> Result<bool, StoreError> {
        let graphs = &self.store.graphs;
        let noter = noter(article);
        let triples: Vec<_> =
            notes.into_iter().map(|note| Triple::new(noter.clone(), vocabulary::IMPLIES, note)).collect();
        let difference =
            replace_described(transaction, graphs.support(), Some(NamedOrBlankNodeRef::from(&noter)), &triples)?;
        for note in difference.removed.iter().chain(difference.added.iter().copied()) {
            if let Some((triple, _)) = noted(&note.object).and_then(implied) {
                settle(transaction, graphs, &triple)?;
            }
        }
        Ok(difference.any())
    }

    /// Notes the end of the run, and writes everything to the disk.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    pub fn finish(mut self) -> Result<(), StoreError> {
        self.write_batch()?;
        let mut transaction = self.store.database().start_transaction()?;
        self.log(&mut transaction, ENDED, &time(Timestamp::now()));
        transaction.commit()?;
        if let Some(path) = &self.store.path {
            self.store.database().flush()?;
            // Only after much was written, so that a compaction costs little beside the run.
            if self.wrote_files && is_scattered(path) {
                self.store.optimize()?;
            }
        }
        Ok(())
    }
}

fn time(timestamp: Timestamp) -> Literal {
    Literal::new_typed_literal(format!("{timestamp:.3}"), xsd::DATE_TIME)
}

/// What a replacement took away and put in.
struct Difference<'a> {
    removed: Vec<Triple>,
    added: Vec<&'a Triple>,
}

impl Difference<'_> {
    fn any(&self) -> bool {
        !self.removed.is_empty() || !self.added.is_empty()
    }
}

/// Makes a graph hold just these triples. Only what differs is written: loading the same again costs no disk.
fn replace_triples<'a>(
    transaction: &mut Transaction<'_>,
    graph: NamedNodeRef<'_>,
    triples: &'a [Triple],
) -> Result<Difference<'a>, StoreError> {
    replace_described(transaction, graph, None, triples)
}

/// The same for the triples of one subject, or of all.
fn replace_described<'a>(
    transaction: &mut Transaction<'_>,
    graph: NamedNodeRef<'_>,
    subject: Option<NamedOrBlankNodeRef<'_>>,
    triples: &'a [Triple],
) -> Result<Difference<'a>, StoreError> {
    let wanted: HashSet<&Triple> = triples.iter().collect();
    let old = transaction.quads_for_pattern(subject, None, None, Some(graph.into()));
    let mut kept = HashSet::new();
    let mut removed = Vec::new();
    for quad in old {
        let triple = Triple::from(quad?);
        if wanted.contains(&triple) {
            kept.insert(triple);
        } else {
            removed.push(triple);
        }
    }
    let quad = |triple: &Triple| -> Quad { triple.clone().in_graph(graph.into_owned()) };
    let mut seen = HashSet::new();
    let missing: Vec<&Triple> =
        triples.iter().filter(|triple| !kept.contains(*triple) && seen.insert(*triple)).collect();
    let mut added = Vec::new();
    for triple in &missing {
        if !transaction.contains(&quad(triple))? {
            added.push(*triple);
        }
    }
    for triple in &removed {
        transaction.remove(&quad(triple));
    }
    for triple in missing {
        transaction.insert(&quad(triple));
    }
    // The database keeps numbers and dates by their value: `1.50` comes back as `1.5`, which then was not removed.
    let mut gone = Vec::with_capacity(removed.len());
    for triple in removed {
        if !transaction.contains(&quad(&triple))? {
            gone.push(triple);
        }
    }
    Ok(Difference { removed: gone, added })
}

/// The name of a graph, for messages.
pub(super) fn graph_label(graph: &GraphName) -> String {
    match graph {
        GraphName::DefaultGraph => "the unnamed graph".to_owned(),
        other => format!("`{other}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::{ArticleGraph, Batch, RunDescription, Store, StoreError};
    use oxrdf::{Literal, NamedNode, NamedNodeRef, Triple};

    const BASE: &str = "http://localhost:7878/";
    const SAYS: NamedNodeRef<'_> = NamedNodeRef::new_unchecked("http://example.org/says");

    fn article(key: usize, shared: &[usize], known: &[usize]) -> ArticleGraph {
        let name = NamedNode::new_unchecked(format!("{BASE}article/{key}"));
        let own = Triple::new(name.clone(), SAYS, Literal::from(key as u64));
        let about = |n: &usize| {
            let actor = NamedNode::new_unchecked(format!("{BASE}actor/{n}"));
            Triple::new(actor, SAYS, Literal::from("shared"))
        };
        ArticleGraph {
            shared: shared.iter().map(about).collect(),
            known: known.iter().map(about).collect(),
            ..ArticleGraph::new(name, vec![own])
        }
    }

    /// Files give what transactions give, also where a triple moves or a graph says it by itself.
    #[test]
    fn a_batch_equals_its_articles_one_by_one() -> Result<(), StoreError> {
        let before = [article(0, &[1, 2], &[3]), article(1, &[4], &[])];
        let batch =
            [article(2, &[1, 3, 5], &[2, 6]), article(3, &[6, 9], &[5]), article(4, &[], &[]), article(5, &[8], &[8])];
        let mut contents = Vec::new();
        for files in [false, true] {
            let store = Store::in_memory(BASE)?;
            let mut run = store.begin_run(&RunDescription::new("load"))?;
            let seeds = store.graphs().seeds("actors");
            run.refresh_graph(seeds.as_ref(), "1", || article(9, &[9], &[]).shared)?;
            for article in &before {
                run.replace_article(article)?;
            }
            if files {
                let mut waiting = Batch::default();
                for article in &batch {
                    waiting.push(article.clone());
                }
                run.write_files(waiting)?;
            } else {
                for article in &batch {
                    run.replace_article(article)?;
                }
            }
            run.finish()?;
            assert_eq!(store.verify()?, []);
            let log = store.graphs().log().into_owned();
            let mut quads = store.quads(None, None, None, None).collect::<Result<Vec<_>, _>>()?;
            quads.retain(|quad| quad.graph_name != log.clone().into());
            quads.sort_unstable_by_key(ToString::to_string);
            contents.push(quads);
        }
        assert_eq!(contents[0], contents[1]);
        Ok(())
    }
}
