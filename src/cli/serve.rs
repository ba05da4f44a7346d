//! `belligraph serve`: the store over HTTP.

use super::report::Log;
use super::{Global, Outcome};
use crate::http::{Address, LAST_REQUESTS, ServeOptions, WorkerProgram, available_memory, serve};
use anyhow::{Context, Result};
use clap::Args;
use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};
use tokio::runtime::Builder;

/// How long what requests had begun may go on at least when the last of them has ended or was broken off.
const LAST_WORK: Duration = Duration::from_secs(1);

/// That of the ontology and of the places. What articles say is their publishers', who gives the graph away says so with `--licence`.
const LICENCE: &str = "https://creativecommons.org/licenses/by/4.0/";

/// The stack of a thread that evaluates a query: the deeper the query is nested, the more it takes.
const STACK: usize = 32 * 1024 * 1024;

const MIB: u64 = 1024 * 1024;

/// What a query may take at least, and at most if nobody asks for more, in MiB.
const LEAST: u64 = 64;
const MOST: u64 = 1024;

/// Serve the store over HTTP: SPARQL, linked data, pages
#[derive(Args, Debug)]
#[command(long_about = "Serve the store over HTTP: SPARQL, linked data, pages

  /sparql               SPARQL 1.1 queries by GET or POST, and updates
  /gsp                  whole graphs: ?graph=IRI, ?default, or a name below /gsp/
  /event/…, /actor/… …  every IRI the store minted: 303 to its document, as HTML, Turtle, JSON-LD, RDF/XML, N-Triples or TriG
  /ontology             the ontology, and below it its terms
  /articles             POST: articles to read, as text, HTML, JSON or JSON lines; PUT and DELETE at /article/…
  /.well-known/void     what there is, with statistics; /dump.nq, /dump.trig and /dump.ttl hold all of it

Formats are chosen by Accept, by `format=` or by a suffix. Without --token-file the server only reads. Others may load articles \
meanwhile: the server reads a copy of the store, which it renews when they have ended.")]
#[command(after_help = "\
Examples:
  belligraph serve
  belligraph serve --bind 0.0.0.0:8080 --timeout 10 --token-file tokens
  curl localhost:7878/sparql -H 'Accept: text/csv' --data-urlencode 'query=SELECT * { ?s a bg:Event } LIMIT 5'
  curl -L localhost:7878/place/geonames-88319 -H 'Accept: text/turtle'
  curl localhost:7878/articles -H 'Authorization: Bearer …' -H 'Content-Type: text/plain' --data-binary @article.txt")]
pub(super) struct Serve {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT|unix:PATH", default_value = "127.0.0.1:7878")]
    bind: Address,
    /// The path that clients know the server by, behind a proxy, such as `/kg/`; by default that of the store's base IRI
    #[arg(long, value_name = "PATH", value_parser = path)]
    path: Option<String>,
    #[command(flatten)]
    log: Log,
    /// Log queries that take longer than this
    #[arg(long, value_name = "TIME", value_parser = super::query::duration, default_value = "5")]
    slow_query: Duration,
    /// How many connections there may be at a time; the next ones wait
    #[arg(long, value_name = "NUMBER", default_value_t = 1024)]
    connections: usize,
    /// How long a query may take: seconds, or with a unit such as 500ms or 2m
    #[arg(long, value_name = "TIME", value_parser = super::query::duration, default_value = "30")]
    timeout: Duration,
    /// How long the articles that a request brings may take to be read
    #[arg(long, value_name = "TIME", value_parser = super::query::duration, default_value = "120")]
    reading_time: Duration,
    /// How much memory a query may take, in MiB; by default, what is evaluated at a time shares half of the machine's, up to 1024
    /// each
    #[arg(long, value_name = "MIB")]
    query_memory: Option<u64>,
    /// How many queries are evaluated at a time; by default two for each core
    #[arg(long, value_name = "NUMBER")]
    parallel: Option<usize>,
    /// How many further queries may wait for their turn; the next is told to come back later
    #[arg(long, value_name = "NUMBER", default_value_t = 64)]
    queue: usize,
    /// What the default graph of a query is that does not name one
    #[arg(long, value_name = "GRAPH", default_value = "union")]
    default_graph: super::query::GraphChoice,
    /// The IRI of the licence that the data is given under, told with every document
    #[arg(long, value_name = "IRI", default_value = LICENCE)]
    licence: String,
    /// Take changes from those who send a token of this file: lines of `read TOKEN`, `write TOKEN` or `admin TOKEN`
    #[arg(long, value_name = "FILE", env = "BELLIGRAPH_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    /// Let only those read who send a token
    #[arg(long, requires = "token_file")]
    private: bool,
    /// Let queries ask this other endpoint by SERVICE; can be repeated
    #[arg(long, value_name = "URL")]
    allow_service: Vec<String>,
    /// Let those endpoints be on this machine or in a private network
    #[arg(long, requires = "allow_service")]
    allow_private: bool,
    /// The longest body of a request, as in `500k` or `64M`
    #[arg(long, value_name = "SIZE", value_parser = super::inputs::size, default_value = "64M")]
    max_body: u64,
}

/// The arguments with which this program reads articles by the same ontology as the server.
fn reading(global: &Global) -> Vec<OsString> {
    let overlays = global.overlays.iter().flat_map(|folder| ["--ontology".into(), folder.into()]);
    [OsString::from("--store"), global.store.clone().into()]
        .into_iter()
        .chain(overlays)
        .chain(["read".into()])
        .collect()
}

impl Serve {
    /// What of the log this command is asked for.
    pub(super) fn log(&self) -> Log {
        self.log
    }

    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let mut builder = Builder::new_multi_thread();
        let builder = builder.enable_all().thread_stack_size(STACK);
        let runtime = builder.build().context("cannot start the threads that serve")?;
        let program = std::env::current_exe().context("cannot tell where this program is, to start it for queries")?;
        let parallel = self.parallel.unwrap_or_else(|| 2 * available_parallelism().map_or(2, usize::from)).max(1);
        let query_memory = query_memory(self.query_memory, parallel, available_memory());
        let options = ServeOptions {
            store: global.store.clone(),
            bind: self.bind,
            path: self.path,
            connections: self.connections.max(1),
            slow: self.slow_query,
            timeout: self.timeout,
            reading: self.reading_time,
            default_graph: self.default_graph.into(),
            licence: self.licence,
            ontology: super::ontology::load(global)?,
            tokens: self.token_file,
            private: self.private,
            services: self.allow_service,
            private_services: self.allow_private,
            longest: usize::try_from(self.max_body).unwrap_or(usize::MAX),
            workers: Some(WorkerProgram { program, memory: query_memory * MIB, reading: reading(global) }),
            parallel,
            queue: self.queue,
        };
        let store = global.store.display().to_string();
        let ready = |address: &Address| {
            // Who started the server without a terminal needs no greeting.
            let _ = writeln!(std::io::stderr(), "serving {store} at {address} (Ctrl-C ends)");
        };
        let told = Arc::new(OnceLock::new());
        let served = runtime.block_on(async {
            let told = Arc::clone(&told);
            let stop = stop().context("cannot listen for signals")?;
            let stop = async move {
                stop.await;
                let _ = told.set(Instant::now());
            };
            Ok::<_, anyhow::Error>(serve(options, ready, stop).await?)
        });
        // Waiting for the requests and for what they had begun is one wait.
        let waited = told.get().map_or(Duration::ZERO, Instant::elapsed);
        runtime.shutdown_timeout(LAST_REQUESTS.saturating_sub(waited).max(LAST_WORK));
        served?;
        Ok(Outcome::Done)
    }
}

/// How much memory a query may take, in MiB, when so many are evaluated at a time on a machine with so much.
fn query_memory(asked: Option<u64>, parallel: usize, available: Option<u64>) -> u64 {
    let all = available.map_or(u64::MAX, |bytes| bytes / MIB);
    let memory =
        asked.unwrap_or(all / 2 / parallel as u64).clamp(LEAST, if asked.is_some() { u64::MAX / MIB } else { MOST });
    if memory.saturating_mul(parallel as u64) > all {
        tracing::warn!(
            "{parallel} queries at a time, of {memory} MiB each, may take more than the {all} MiB there are: see --query-memory, --parallel"
        );
    }
    memory
}

/// A path with which all addresses of the server begin.
fn path(text: &str) -> Result<String, String> {
    let is_plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-._~".contains(&b));
    if text.starts_with('/') && is_plain && !text.contains("//") {
        Ok(text.to_owned())
    } else {
        Err("write it as /kg/, of letters, digits and `-`, `.`, `_`, `~`".to_owned())
    }
}

/// Listens for signals from now on; what it gives is ready when somebody wants the server to stop.
fn stop() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupted, mut terminated) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(async move {
            tokio::select! {
                _ = interrupted.recv() => {}
                _ = terminated.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        // Without a way to be told, the server goes on.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{MIB, query_memory};

    #[test]
    fn what_is_evaluated_at_a_time_fits_the_machine() {
        let gib = 1024 * MIB;
        for (parallel, available, memory) in [(4, 16, 1024), (4, 4, 512), (32, 32, 512), (32, 2, 64)] {
            assert_eq!(query_memory(None, parallel, Some(available * gib)), memory, "{parallel} {available}");
        }
        assert_eq!(query_memory(None, 4, None), 1024);
        assert_eq!(query_memory(Some(3000), 4, Some(gib)), 3000);
        assert_eq!(query_memory(Some(1), 4, None), 64);
    }
}
