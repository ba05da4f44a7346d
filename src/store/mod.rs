//! The embedded store: one named graph per article, kept with everything the articles imply, on disk, in one directory.
//!
//! [`Store::open`] and [`Store::open_or_create`] open it, [`Store::begin_run`] gives the [`Run`] through which every
//! change goes. Each change is one transaction of the database, so an article is wholly there or wholly absent whenever
//! the process ends (what is too large for one is written down first, see `difference`); each is noted in the log, so one can tell what was loaded when and with which versions.
//!
//! # Graphs
//!
//! | graph | what it holds | written by |
//! |---|---|---|
//! | `{base}article/…` | one article: its text, events, mentions | [`Run::put_article`], [`Run::replace_article`], [`Run::remove_article`] |
//! | `{base}graph/shared` | what articles together imply about shared actors and places | kept up with the articles |
//! | `{base}graph/seeds/places` | what the gazetteer knows of the places the articles name | kept up with the articles |
//! | `{base}graph/support` | which article implies which triple of those two | kept up with the articles |
//! | `{base}graph/ontology`, `{base}graph/seeds/…` | what the program ships | [`Run::refresh_graph`] |
//! | `{base}graph/log` | runs: when, what, with which versions | [`Run`] |
//! | `{base}graph/meta` | base IRI, format version, versions of the refreshed graphs | this module |
//! | any other, the unnamed graph included | what users add by SPARQL update | [`Run::update`], [`Run::write_graph`], [`Run::drop_graph`] |
//!
//! # No triple in two graphs
//!
//! A query sees the union of the graphs as a bag, so a triple in two graphs would count twice. What an article implies
//! is therefore first noted in the support graph, as `{article}#implied bgs:implies "…"^^bgs:nquad`, a literal no query
//! for names or text meets; a triple then stands in the first of these that applies, and nowhere else: a graph
//! that says it by itself (ontology, seeds, a user's graph); `{base}graph/seeds/places`; `{base}graph/shared`. See `implied`.

mod batch;
mod changes;
mod checkpoint;
mod difference;
mod dump;
mod implied;
mod layout;
mod lock;
mod rewrite;
mod run;
mod skolem;
mod statistics;
mod template;
mod update;
mod verify;
mod version;
mod xml;

pub use checkpoint::{Checkpoint, Scratch};
pub use difference::Difference;
pub use dump::DumpError;
pub use layout::{DEFAULT_BASE, FORMAT_VERSION, Graphs, vocabulary};
pub use run::{ArticleGraph, Change, Run, RunDescription};
pub use skolem::skolemise;
pub use statistics::{Statistics, Sum};
pub use update::{UpdateError, UpdateOptions, Updated};
pub use verify::Problem;
pub use version::Version;
pub use xml::XmlCharacters;

use layout::Metadata;
use lock::Lock;
use oxigraph::store::StorageError;
use oxrdf::{
    GraphName, GraphNameRef, NamedNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Quad, TermRef, Triple,
};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{fs, io};
use thiserror::Error;

/// Why the store could not be opened, read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is none at this path.
    #[error("there is no store at `{path}`; make one with `belligraph load`, or name another with `--store`", path = .0.display())]
    Missing(PathBuf),
    /// Something else is at this path.
    #[error("`{path}` is not a Belligraph store: {reason}", path = .path.display())]
    NotAStore {
        /// Where.
        path: PathBuf,
        /// What was found or missed.
        reason: &'static str,
    },
    /// The store was made by a newer program.
    #[error("the store at `{path}` has format {found}, this program knows formats up to {FORMAT_VERSION}; use a newer Belligraph", path = .path.display())]
    Format {
        /// Where.
        path: PathBuf,
        /// The format found.
        found: u32,
    },
    /// The base IRI asked for is not the store's.
    #[error("the store's base IRI is `{found}`, not `{asked}`; it is chosen when a store is made")]
    OtherBase {
        /// The store's.
        found: String,
        /// The one asked for.
        asked: String,
    },
    /// The base IRI cannot be one.
    #[error(
        "`{0}` cannot be a base IRI: it must begin with `http://` or `https://`, end with `/` and have no `#` or `?`"
    )]
    BadBase(String),
    /// Another process uses the store.
    #[error("the store at `{path}` is {how} by {holder}; try again when it has ended", path = .path.display())]
    Locked {
        /// Where.
        path: PathBuf,
        /// `being written` or `in use`.
        how: &'static str,
        /// Who, as far as can be told.
        holder: String,
    },
    /// A change was asked of a store opened for reading.
    #[error("the store was opened for reading only")]
    ReadOnly,
    /// A graph of an article must bear the article's IRI, under the store's base.
    #[error("`{iri}` is not the IRI of an article of this store: those begin with `{prefix}`")]
    NotAnArticle {
        /// The IRI given.
        iri: String,
        /// What it must begin with.
        prefix: String,
    },
    /// The graph holds no blank nodes.
    #[error("blank node in `{0}`: what goes into the store is named by IRIs")]
    BlankNode(String),
    /// A file beside the store.
    #[error("cannot {action} `{path}`", path = .path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The database.
    #[error("the database failed")]
    Database(#[from] StorageError),
}

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// To read it, beside other readers.
    Read,
    /// To change it, alone.
    Write,
}

/// An open store.
///
/// # Examples
///
/// ```
/// use belligraph::store::{ArticleGraph, RunDescription, Store};
/// use oxrdf::{Literal, NamedNode, Triple};
///
/// let store = Store::in_memory("http://localhost:7878/")?;
/// let article = NamedNode::new("http://localhost:7878/article/example-1")?;
/// let headline = Triple::new(article.clone(), NamedNode::new("https://schema.org/headline")?, Literal::from("Calm returns"));
/// let mut run = store.begin_run(&RunDescription::new("load"))?;
/// run.replace_article(&ArticleGraph::new(article.clone(), vec![headline]))?;
/// run.finish()?;
/// assert_eq!(store.articles()?, [article]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Store {
    database: Database,
    graphs: Graphs,
    writer: Mutex<()>,
    access: Access,
    /// None in memory.
    path: Option<PathBuf>,
    /// The store that a checkpoint is a copy of.
    original: Option<PathBuf>,
    /// Held for as long as the store is open; none in memory and for a checkpoint, which nobody else knows.
    _lock: Option<Lock>,
}

/// Oxigraph's store, which cannot be shown.
struct Database(oxigraph::store::Store);

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Database")
    }
}

impl Store {
    /// Opens the store at `path`.
    ///
    /// # Errors
    ///
    /// If there is none, if it is of another kind or format, if another process holds it, or if the disk fails.
    pub fn open(path: impl AsRef<Path>, access: Access) -> Result<Self, StoreError> {
        let path = path.as_ref();
        rewrite::recover(path)?;
        layout::expect_database(path)?;
        if access == Access::Read {
            difference::complete_at(path)?;
        }
        let lock = Lock::acquire(path, access)?;
        Self::open_locked(path, access, lock)
    }

    /// Opens the store that a checkpoint is a copy of, for writing, and tells whether it is still as the checkpoint is.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub fn open_original(checkpoint: &Checkpoint) -> Result<(Self, bool), StoreError> {
        let path = checkpoint.original();
        rewrite::recover(path)?;
        layout::expect_database(path)?;
        let lock = Lock::acquire(path, Access::Write)?;
        // Before it is opened: that alone changes its files.
        let is_same = checkpoint.is_of_now()?;
        Ok((Self::open_locked(path, Access::Write, lock)?, is_same))
    }

    fn open_locked(path: &Path, access: Access, lock: Lock) -> Result<Self, StoreError> {
        let database = match access {
            Access::Read => oxigraph::store::Store::open_read_only(path)?,
            Access::Write => {
                batch::clean(path)?;
                oxigraph::store::Store::open(path)?
            }
        };
        let store = Self::opened(database, access, path, Some(lock))?;
        if access == Access::Write {
            difference::complete(&store)?;
        }
        Ok(store)
    }

    /// Opens the store at `path` for writing; makes it, with this base IRI or [`DEFAULT_BASE`], if there is none.
    ///
    /// # Errors
    ///
    /// As [`Self::open`]; also if the store has another base than the one given.
    pub fn open_or_create(path: impl AsRef<Path>, base: Option<&str>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let asked = base.map(Graphs::new).transpose()?;
        rewrite::recover(path)?;
        let lock = Lock::acquire(path, Access::Write)?;
        if layout::is_free(path)? {
            let graphs = asked.map_or_else(|| Graphs::new(DEFAULT_BASE), Ok)?;
            let database = oxigraph::store::Store::open(path)?;
            Metadata::write(&database, &graphs)?;
            database.flush()?;
            return Self::opened(database, Access::Write, path, Some(lock));
        }
        layout::expect_database(path)?;
        batch::clean(path)?;
        let database = oxigraph::store::Store::open(path)?;
        if database.is_empty()? {
            // The process that made it ended before it wrote anything.
            Metadata::write(&database, &asked.clone().map_or_else(|| Graphs::new(DEFAULT_BASE), Ok)?)?;
        }
        let store = Self::opened(database, Access::Write, path, Some(lock))?;
        difference::complete(&store)?;
        match asked {
            Some(asked) if asked.base() != store.base() => {
                Err(StoreError::OtherBase { found: store.base().to_owned(), asked: asked.base().to_owned() })
            }
            _ => Ok(store),
        }
    }

    /// A store that lives in memory, for one-off questions and for tests.
    ///
    /// # Errors
    ///
    /// If the base IRI cannot be one.
    pub fn in_memory(base: &str) -> Result<Self, StoreError> {
        let graphs = Graphs::new(base)?;
        let database = oxigraph::store::Store::new()?;
        Metadata::write(&database, &graphs)?;
        Ok(Self {
            database: Database(database),
            graphs,
            writer: Mutex::new(()),
            access: Access::Write,
            path: None,
            original: None,
            _lock: None,
        })
    }

    /// Opens the directory of a [`Checkpoint`], to read it in another process than the one that made it and keeps it; `original` is the store it is
    /// a copy of.
    ///
    /// # Errors
    ///
    /// If it is no store, or the disk fails.
    pub fn open_checkpoint(directory: impl AsRef<Path>, original: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let directory = directory.as_ref();
        layout::expect_database(directory)?;
        let mut store = Self::open_private(directory, Access::Read)?;
        store.original = Some(original.into());
        Ok(store)
    }

    /// A store whose directory nobody else opens: a checkpoint, a store being rewritten.
    fn open_private(path: &Path, access: Access) -> Result<Self, StoreError> {
        let database = match access {
            Access::Read => oxigraph::store::Store::open_read_only(path)?,
            Access::Write => oxigraph::store::Store::open(path)?,
        };
        Self::opened(database, access, path, None)
    }

    fn opened(
        database: oxigraph::store::Store,
        access: Access,
        path: &Path,
        lock: Option<Lock>,
    ) -> Result<Self, StoreError> {
        let metadata = Metadata::read(&database, path)?;
        Ok(Self {
            database: Database(database),
            graphs: metadata.graphs,
            writer: Mutex::new(()),
            access,
            path: Some(path.to_owned()),
            original: None,
            _lock: lock,
        })
    }

    /// The base IRI under which this store's IRIs are minted; it ends with `/`.
    pub fn base(&self) -> &str {
        self.graphs.base()
    }

    /// The names of the graphs the store keeps.
    pub fn graphs(&self) -> &Graphs {
        &self.graphs
    }

    /// Where the store lies; none if it lives in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// A file or folder that belongs to the store and lies beside it, named like it with an extension more. A checkpoint's is that
    /// of the store it is a copy of. None in memory.
    pub fn beside(&self, extension: &str) -> Option<PathBuf> {
        self.original.as_ref().or(self.path.as_ref()).map(|path| lock::file_beside(path, extension))
    }

    /// The same store for reading only, as an evaluation keeps it that may outlive the borrow.
    #[must_use]
    pub fn reader(&self) -> Self {
        Self {
            database: Database(self.database.0.clone()),
            graphs: self.graphs.clone(),
            writer: Mutex::new(()),
            access: Access::Read,
            path: self.path.clone(),
            original: self.original.clone(),
            _lock: None,
        }
    }

    /// A name of what the store holds: after any change, another name. It is the same for a copy.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    pub fn revision(&self) -> Result<String, StoreError> {
        let log = GraphName::from(self.graphs.log());
        let mut last = String::new();
        // The IRIs of runs count the nanoseconds since 1970, in as many digits until 2286.
        for quad in self.quads(None, Some(oxrdf::vocab::rdf::TYPE), Some(vocabulary::RUN.into()), Some(log.as_ref())) {
            if let NamedOrBlankNode::NamedNode(run) = quad?.subject
                && run.as_str() > last.as_str()
            {
                last = run.into_string();
            }
        }
        let Ok(run) = NamedNode::new(last) else { return Ok("empty".to_owned()) };
        // A run that has not ended may change more.
        let ended = self.quads(Some((&run).into()), Some(run::ENDED), None, Some(log.as_ref())).next().transpose()?;
        let ended = ended.map(|quad| quad.object.to_string()).unwrap_or_default();
        Ok(format!("{} {ended}", run.as_str()))
    }

    /// Oxigraph's store underneath, to evaluate queries on. What changes the store goes through [`Self::begin_run`].
    pub fn database(&self) -> &oxigraph::store::Store {
        &self.database.0
    }

    /// Begins a change: waits for any other of this process to end, and notes in the log what begins.
    ///
    /// # Errors
    ///
    /// If the store was opened for reading, or the disk fails.
    pub fn begin_run(&self, description: &RunDescription) -> Result<Run<'_>, StoreError> {
        if self.access == Access::Read {
            return Err(StoreError::ReadOnly);
        }
        // A poisoned lock protects nothing that could be half done: the transaction of the thread that panicked is gone.
        let guard = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        difference::complete(self)?;
        Run::begin(self, guard, description)
    }

    /// The articles that are loaded, in the order of their IRIs.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    pub fn articles(&self) -> Result<Vec<NamedNode>, StoreError> {
        let mut articles = Vec::new();
        for graph in self.database.0.named_graphs() {
            if let NamedOrBlankNode::NamedNode(graph) = graph?
                && self.graphs.is_article(graph.as_ref())
            {
                articles.push(graph);
            }
        }
        articles.sort_unstable();
        Ok(articles)
    }

    /// Whether this article is loaded.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    pub fn contains_article(&self, article: NamedNodeRef<'_>) -> Result<bool, StoreError> {
        Ok(self.graphs.is_article(article) && self.database.0.contains_named_graph(article)?)
    }

    /// The triples of one graph.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    pub fn graph(&self, graph: NamedNodeRef<'_>) -> Result<Vec<Triple>, StoreError> {
        let quads = self.database.0.quads_for_pattern(None, None, None, Some(graph.into()));
        quads.map(|quad| Ok(quad?.into())).collect()
    }

    /// The quads that match, `None` matching everything.
    pub fn quads<'a>(
        &self,
        subject: Option<NamedOrBlankNodeRef<'a>>,
        predicate: Option<NamedNodeRef<'a>>,
        object: Option<TermRef<'a>>,
        graph: Option<GraphNameRef<'a>>,
    ) -> impl Iterator<Item = Result<Quad, StoreError>> {
        self.database.0.quads_for_pattern(subject, predicate, object, graph).map(|quad| quad.map_err(StoreError::from))
    }

    /// The run that wrote an article as it is. None if none is noted.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    pub fn run_of(&self, article: NamedNodeRef<'_>) -> Result<Option<String>, StoreError> {
        let log = GraphName::from(self.graphs.log());
        let mut last = None;
        for quad in self.quads(None, Some(run::GENERATED), Some(article.into()), Some(log.as_ref())) {
            if let NamedOrBlankNode::NamedNode(run) = quad?.subject {
                last = last.max(Some(run.into_string()));
            }
        }
        Ok(last)
    }

    /// The last run that may have changed an article otherwise than by reading it anew; empty if there was none.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    pub fn last_run_besides_articles(&self) -> Result<String, StoreError> {
        let log = GraphName::from(self.graphs.log());
        let mut last = String::new();
        for quad in self.quads(None, Some(vocabulary::COMMAND), None, Some(log.as_ref())) {
            let Quad { subject, object, .. } = quad?;
            let by_hand = matches!(&object, oxrdf::Term::Literal(command) if run::BY_HAND.contains(&command.value()));
            if let NamedOrBlankNode::NamedNode(run) = subject
                && by_hand
                && run.as_str() > last.as_str()
            {
                last = run.into_string();
            }
        }
        Ok(last)
    }

    /// The version recorded when a graph was last refreshed.
    ///
    /// # Errors
    ///
    /// If the disk fails.
    pub fn content_version(&self, graph: NamedNodeRef<'_>) -> Result<Option<String>, StoreError> {
        let meta = GraphName::from(self.graphs.meta());
        let mut found = self.quads(Some(graph.into()), Some(vocabulary::CONTENT_VERSION), None, Some(meta.as_ref()));
        Ok(match found.next().transpose()? {
            Some(Quad { object: oxrdf::Term::Literal(version), .. }) => Some(version.value().to_owned()),
            _ => None,
        })
    }

    /// Copies the whole store into a new directory, which is then a store of its own; on the same file system the
    /// files are hard links, so that it costs little.
    ///
    /// # Errors
    ///
    /// If the directory exists already, or the disk fails.
    pub fn backup(&self, directory: impl AsRef<Path>) -> Result<(), StoreError> {
        let directory = directory.as_ref();
        if let Some(parent) = directory.parent() {
            fs::create_dir_all(parent).map_err(|source| StoreError::File {
                action: "make",
                path: parent.to_owned(),
                source,
            })?;
        }
        Ok(self.database.0.backup(directory)?)
    }
}
