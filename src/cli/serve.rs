//! `belligraph serve`: the store over HTTP.

use super::{Global, Outcome};
use crate::http::{ServeOptions, serve};
use anyhow::{Context, Result};
use clap::Args;
use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::runtime::Runtime;

/// How long requests may go on after the server was told to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// Answer SPARQL queries over HTTP, read only
#[derive(Args, Debug)]
#[command(long_about = "Answer SPARQL queries over HTTP, read only

Queries go to /sparql, by GET or POST. The IRIs the store minted answer too, as Turtle, JSON-LD, HTML and more by content \
negotiation. Others may load articles meanwhile: the server reads a copy of the store, which it renews when they have ended.")]
#[command(after_help = "\
Examples:
  belligraph serve
  belligraph serve --bind 0.0.0.0:8080 --timeout 10
  curl 'http://localhost:7878/sparql?format=csv' --data-urlencode 'query=SELECT * { ?s a bg:Event } LIMIT 5'")]
pub(super) struct Serve {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7878")]
    bind: SocketAddr,
    /// How long a query may take: seconds, or with a unit such as 500ms or 2m
    #[arg(long, value_name = "TIME", value_parser = super::query::duration, default_value = "30")]
    timeout: Duration,
}

impl Serve {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let runtime = Runtime::new().context("cannot start the threads that serve")?;
        let options = ServeOptions { store: global.store.clone(), bind: self.bind, timeout: self.timeout };
        let store = global.store.display().to_string();
        let ready = |address: SocketAddr| {
            // Who started the server without a terminal needs no greeting.
            let _ = writeln!(std::io::stderr(), "serving {store} at http://{address}/ (Ctrl-C ends)");
        };
        let served = runtime.block_on(async {
            let stopped = stop();
            serve(options, ready, stopped).await
        });
        runtime.shutdown_timeout(PATIENCE);
        served?;
        Ok(Outcome::Done)
    }
}

/// Ready when somebody wants the server to stop.
async fn stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    // Without a way to be told, the server goes on.
    if interrupted.await.is_err() {
        std::future::pending::<()>().await;
    }
}
