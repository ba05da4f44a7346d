//! What every handler shares: the store as it is now, its base IRI, the ontology, the limits.

use super::evaluation::Limits;
use super::failure::Failure;
use super::intake::Intake;
use super::latest::Latest;
use super::layers::Rooms;
use super::operations::Metrics;
use super::readers::Readers;
use super::statistics::Statistics;
use super::tokens::{Right, Tokens};
use super::workers::{WorkerProgram, Workers};
use super::writing::{Current, Writer};
use crate::ontology::Ontology;
use crate::sparql::search::Index;
use crate::sparql::{DefaultGraph, Prefixes};
use crate::store::{Checkpoint, Store};
use axum::http::HeaderMap;
use std::io;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How long a change waits for others at least; twice what a query may take if that is longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many may read whole graphs at a time, the whole store included: each keeps a thread until it has been read.
const WHOLE: usize = 16;

/// How long who wants to waits for that.
const HURRY: Duration = Duration::from_secs(2);

/// The shared state; a copy is cheap.
#[derive(Clone, Debug)]
pub(super) struct Context(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    current: Current,
    /// None if the server only reads.
    writer: Option<Writer>,
    prefixes: Prefixes,
    queries: Arc<Semaphore>,
    statistics: Latest<Statistics>,
    front: Latest<String>,
    index: Latest<Arc<Index>>,
    intake: Intake,
    /// Those that are evaluated and those that wait.
    admitted: Arc<Semaphore>,
    /// Places for those who read whole graphs.
    whole: Arc<Semaphore>,
    rooms: Rooms,
    workers: Option<Workers>,
    readers: Option<Readers>,
    metrics: Metrics,
    settings: Settings,
}

/// What the server was started with.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) limits: Limits,
    /// What the default graph is for a query that does not say.
    pub(super) default_graph: DefaultGraph,
    /// How long the articles of a request may take to be read.
    pub(super) reading: Duration,
    /// How many queries are evaluated at a time.
    pub(super) parallel: usize,
    /// How many others may wait for their turn.
    pub(super) queue: usize,
    /// How to start the processes that answer them.
    pub(super) workers: Option<WorkerProgram>,
    /// A query that takes longer is logged.
    pub(super) slow: Duration,
    /// Under which licence the data is given.
    pub(super) licence: String,
    /// What drives the extraction.
    pub(super) ontology: &'static Ontology,
    /// Who may change the store; nobody if none.
    pub(super) tokens: Option<Tokens>,
    /// Whether reading needs a token too.
    pub(super) private: bool,
    /// The longest body of a change.
    pub(super) longest: usize,
}

impl Context {
    /// Over the store of which `checkpoint` is a copy.
    pub(super) fn new(checkpoint: Checkpoint, settings: Settings) -> io::Result<Self> {
        let prefixes = Prefixes::of_base(checkpoint.store().base());
        let current = Arc::new(RwLock::new(Arc::new(checkpoint)));
        let patience = settings.limits.timeout.saturating_mul(2).max(PATIENCE);
        let writer = settings.tokens.as_ref().map(|_| Writer::start(Arc::clone(&current), patience));
        let queries = Arc::new(Semaphore::new(settings.parallel));
        let intake = Intake::new();
        let base = prefixes.base().to_owned();
        let readers = settings.workers.clone().map(|program| Readers::new(program, base));
        Ok(Self(Arc::new(Inner {
            prefixes,
            current,
            writer: writer.transpose()?,
            queries,
            statistics: Latest::default(),
            front: Latest::default(),
            index: Latest::default(),
            intake,
            admitted: Arc::new(Semaphore::new(settings.parallel + settings.queue)),
            whole: Arc::new(Semaphore::new(WHOLE)),
            rooms: Rooms::new(settings.longest),
            workers: settings.workers.clone().map(|program| Workers::new(program, settings.parallel)),
            readers,
            metrics: Metrics::default(),
            settings,
        })))
    }

    /// Whether the request may do what needs this right.
    pub(super) fn permit(&self, headers: &HeaderMap, needed: Right) -> Result<(), Failure> {
        Tokens::permit(self.0.settings.tokens.as_ref(), headers, needed)
    }

    /// Who changes the store.
    pub(super) fn writer(&self) -> Result<&Writer, Failure> {
        self.0.writer.as_ref().ok_or_else(|| Failure::fault("this server only reads"))
    }

    /// Changes the store, and waits until readers see it.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Store) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let writer = self.writer()?;
        writer.write(writer.shared().await?, change).await
    }

    /// The store as it is now; whoever has it keeps it as it is.
    pub(super) fn checkpoint(&self) -> Arc<Checkpoint> {
        Arc::clone(&self.0.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Requests that begin from now on see this state of the store, unless another has taken the place of the one it was made
    /// from: that is newer.
    pub(super) fn renew(&self, from: &Arc<Checkpoint>, to: Checkpoint) {
        let mut current = self.0.current.write().unwrap_or_else(PoisonError::into_inner);
        if Arc::ptr_eq(&current, from) {
            *current = Arc::new(to);
        }
    }

    /// Has a process ready for the next query, and ends those on a store that is not served any more.
    pub(super) fn ready_workers(&self) {
        if let Some(workers) = self.workers() {
            workers.renew(&self.checkpoint());
        }
    }

    /// The base IRI of the store; it ends with `/`.
    pub(super) fn base(&self) -> &str {
        self.0.prefixes.base()
    }

    /// The prefixes that need no declaration.
    pub(super) fn prefixes(&self) -> &Prefixes {
        &self.0.prefixes
    }

    /// Where articles are read.
    pub(super) fn intake(&self) -> &Intake {
        &self.0.intake
    }

    /// What the server was started with.
    pub(super) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The numbers of the store.
    pub(super) fn statistics(&self) -> &Latest<Statistics> {
        &self.0.statistics
    }

    /// The first page.
    pub(super) fn front(&self) -> &Latest<String> {
        &self.0.front
    }

    /// The search index.
    pub(super) fn index(&self) -> &Latest<Arc<Index>> {
        &self.0.index
    }

    /// Waits until one more query may be evaluated; for as long as what it gives is kept, there is one fewer.
    pub(super) async fn turn(&self) -> Result<Turn, Failure> {
        let Ok(admitted) = Arc::clone(&self.0.admitted).try_acquire_owned() else {
            return Err(Failure::busy("too many queries are waiting; try again in a moment", 5));
        };
        let closing = |_| Failure::busy("the server is stopping", 10);
        let _waiting = self.metrics().wait();
        let evaluated = Arc::clone(&self.0.queries).acquire_owned().await.map_err(closing)?;
        Ok(Turn { _evaluated: evaluated, _admitted: admitted })
    }

    /// Waits a moment for one of the places for those who read whole graphs, who may take long and need none of the queries' turns.
    pub(super) async fn place(&self) -> Result<OwnedSemaphorePermit, Failure> {
        let place = Arc::clone(&self.0.whole).acquire_owned();
        let Ok(Ok(place)) = timeout(HURRY, place).await else {
            let message = format!("{WHOLE} others are reading whole graphs; try again in a while");
            return Err(Failure::busy(message, 30));
        };
        Ok(place)
    }

    /// How much memory the bodies of requests may take.
    pub(super) fn rooms(&self) -> &Rooms {
        &self.0.rooms
    }

    /// The numbers of the server.
    pub(super) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// The processes that answer queries, if there are any.
    pub(super) fn workers(&self) -> Option<&Workers> {
        self.0.workers.as_ref()
    }

    /// The process that reads articles, if there is one.
    pub(super) fn readers(&self) -> Option<&Readers> {
        self.0.readers.as_ref()
    }

    /// The path, from the root of the server, at which an IRI that the store minted is answered; percent-encoded, with its
    /// fragment. None for other IRIs.
    pub(super) fn path_of(&self, iri: &str) -> Option<String> {
        super::addresses::path_of(self.base(), iri)
    }

    /// Makes a page from the store, when it is its turn: like a query, it is asked for by anybody and takes time in proportion to
    /// the store.
    pub(super) async fn compose<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Context, &Store) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        self.compose_of(self.checkpoint(), look).await
    }

    /// The same from a certain state of the store.
    pub(super) async fn compose_of<T: Send + 'static>(
        &self,
        checkpoint: Arc<Checkpoint>,
        look: impl FnOnce(&Context, &Store) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (context, turn) = (self.clone(), self.turn().await?);
        let looked = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            look(&context, checkpoint.store())
        });
        looked.await.map_err(Failure::fault)?
    }

    /// Runs a look into the store on a thread where it may wait for the disk.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Context, &Store) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let context = self.clone();
        let looked = tokio::task::spawn_blocking(move || look(&context, context.checkpoint().store())).await;
        looked.map_err(Failure::fault)?
    }
}

/// The right to evaluate a query.
#[derive(Debug)]
pub(super) struct Turn {
    _evaluated: OwnedSemaphorePermit,
    _admitted: OwnedSemaphorePermit,
}
