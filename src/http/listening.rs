//! Connections: where they come in, how many there may be, and how long one may keep the server waiting.
//!
//! [`Listener::bind`] listens on a port or on a Unix socket, [`Listener::run`] serves until it is told to stop and then lets running
//! requests end. A client that sends its request too slowly, or reads its answer so, loses its connection.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::Request;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::task::{Context as Waker, Poll};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
#[cfg(unix)]
use tokio::net::UnixListener;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Sleep, sleep, timeout};
use tower::ServiceExt;

/// How long the head of a request may take.
const HEAD: Duration = Duration::from_secs(10);

/// How long a client may keep the server waiting, for an answer to be read or a body to be sent, until it is looked at how much of it went: that
/// must be this much for each second, in bytes.
const WINDOW: Duration = Duration::from_secs(30);
const LEAST: u64 = 4 * 1024;

/// How much of an answer the system takes before the client has read it: what has gone there counts as read.
const TAKEN: u32 = 256 * 1024;

/// How many connections may wait to be taken.
const WAITING: u32 = 1024;

/// The longest head of a request, in bytes: room for a query in the address.
const LONGEST_HEAD: usize = 64 * 1024;

/// How long requests may go on after the server was told to stop.
pub const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A port of an address of this machine.
    Port(SocketAddr),
    /// A Unix socket.
    #[cfg(unix)]
    Socket(PathBuf),
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        #[cfg(unix)]
        if let Some(path) = text.strip_prefix("unix:") {
            return if path.is_empty() {
                Err("the path is missing: unix:/run/belligraph.sock".to_owned())
            } else {
                Ok(Self::Socket(path.into()))
            };
        }
        let given = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
        given.as_deref().unwrap_or(text).parse().map(Self::Port).map_err(|_| {
            format!("`{text}` is no address: write it as 127.0.0.1:7878, [::1]:7878, 0.0.0.0:80 or unix:/run/belligraph.sock")
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port(address) => write!(f, "http://{address}/"),
            #[cfg(unix)]
            Self::Socket(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// Who is at the other end of a connection; none for a Unix socket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) Option<SocketAddr>);

/// Takes connections.
#[derive(Debug)]
pub(super) enum Listener {
    Port(TcpListener),
    #[cfg(unix)]
    Socket(UnixListener, SocketFile),
}

/// The file of a Unix socket, which goes with the server.
#[derive(Debug)]
#[cfg(unix)]
pub(super) struct SocketFile(PathBuf);

#[cfg(unix)]
impl Drop for SocketFile {
    fn drop(&mut self) {
        // The next server takes its place if it stays.
        let _ = std::fs::remove_file(&self.0);
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

impl Listener {
    pub(super) async fn bind(address: &Address) -> io::Result<Self> {
        match address {
            Address::Port(address) => {
                let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
                socket.set_reuseaddr(cfg!(unix))?;
                // Its connections inherit it.
                socket.set_send_buffer_size(TAKEN)?;
                socket.bind(*address)?;
                socket.listen(WAITING).map(Self::Port)
            }
            #[cfg(unix)]
            Address::Socket(path) => {
                // A socket that nobody listens on any more is left from a server that was killed.
                if tokio::net::UnixStream::connect(path)
                    .await
                    .is_err_and(|e| e.kind() == io::ErrorKind::ConnectionRefused)
                {
                    std::fs::remove_file(path)?;
                }
                Ok(Self::Socket(UnixListener::bind(path)?, SocketFile(path.clone())))
            }
        }
    }

    /// Where it listens, with the port that was found if none was asked for.
    pub(super) fn address(&self) -> io::Result<Address> {
        match self {
            Self::Port(listener) => listener.local_addr().map(Address::Port),
            #[cfg(unix)]
            Self::Socket(_, file) => Ok(Address::Socket(file.0.clone())),
        }
    }

    async fn accept(&self) -> io::Result<(Box<dyn Stream>, Peer)> {
        match self {
            Self::Port(listener) => {
                let (stream, peer) = listener.accept().await?;
                // Small answers go at once.
                let _ = stream.set_nodelay(true);
                Ok((Box::new(stream), Peer(Some(peer))))
            }
            #[cfg(unix)]
            Self::Socket(listener, _) => Ok((Box::new(listener.accept().await?.0), Peer(None))),
        }
    }

    /// Serves up to `most` connections at a time until `stop` is ready, then lets running requests end.
    pub(super) async fn run(self, router: Router, most: usize, stop: impl Future<Output = ()> + Send) {
        let connections = Arc::new(Semaphore::new(most));
        let (told, stopping) = watch::channel(false);
        let mut stop = std::pin::pin!(stop);
        loop {
            let next = async {
                let permit = Arc::clone(&connections).acquire_owned().await;
                (permit, self.accept().await)
            };
            let (permit, accepted) = tokio::select! {
                next = next => next,
                () = &mut stop => break,
            };
            match (permit, accepted) {
                (Ok(permit), Ok((stream, peer))) => {
                    let connection = serve(stream, peer, router.clone(), stopping.clone());
                    tokio::spawn(async move {
                        connection.await;
                        drop(permit);
                    });
                }
                (_, Err(error)) => {
                    // Too many open files, for instance: it helps to wait until some are closed.
                    tracing::warn!(%error, "a connection could not be taken");
                    sleep(Duration::from_millis(50)).await;
                }
                (Err(_), _) => break,
            }
        }
        // Whoever was there is gone if nobody hears it.
        let _ = told.send(true);
        let ended = connections.acquire_many(u32::try_from(most).unwrap_or(u32::MAX));
        if timeout(LAST_REQUESTS, ended).await.is_err() {
            tracing::warn!("some requests did not end in {} s and are broken off", LAST_REQUESTS.as_secs());
        }
    }
}

async fn serve(stream: Box<dyn Stream>, peer: Peer, router: Router, mut stopping: watch::Receiver<bool>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(|body| Body::new(Paced { body, pace: Pace::default() }));
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request)
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(LONGEST_HEAD);
    let connection = builder.serve_connection(TokioIo::new(Patient { stream, pace: Pace::default() }), service);
    let mut connection = std::pin::pin!(connection);
    // Whoever could tell has ended if this fails.
    let stopped = async { stopping.wait_for(|stopping| *stopping).await.is_ok() };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stopped => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// How much came or went while the other end kept us waiting.
#[derive(Debug, Default)]
struct Pace {
    /// Of this window.
    waited: Duration,
    bytes: u64,
    /// Since when the other end keeps us waiting now, and what tells when the window is over.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Pace {
    /// Notes what came of a try to read or write. Fails when a window of waiting is over and too little has come or gone in it.
    fn judge<T>(&mut self, tried: &Poll<T>, bytes: u64, waker: &mut Waker<'_>) -> io::Result<()> {
        if tried.is_ready() {
            if let Some((since, _)) = self.waiting.take() {
                self.waited += since.elapsed();
            }
            self.bytes = self.bytes.saturating_add(bytes);
            return if self.waited >= WINDOW { self.close() } else { Ok(()) };
        }
        loop {
            let left = WINDOW.saturating_sub(self.waited);
            let (since, end) = self.waiting.get_or_insert_with(|| (Instant::now(), Box::pin(sleep(left))));
            if end.as_mut().poll(waker).is_pending() {
                return Ok(());
            }
            self.waited += since.elapsed();
            self.waiting = None;
            self.close()?;
        }
    }

    /// Ends a window.
    fn close(&mut self) -> io::Result<()> {
        let enough = self.bytes >= LEAST * WINDOW.as_secs();
        (self.waited, self.bytes) = (Duration::ZERO, 0);
        if enough { Ok(()) } else { Err(io::ErrorKind::TimedOut.into()) }
    }
}

/// A stream that gives up when the other end reads too slowly.
struct Patient<S> {
    stream: S,
    pace: Pace,
}

impl<S> Patient<S> {
    /// What a write came to, unless it has waited too long.
    fn judge<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        bytes: impl FnOnce(&T) -> usize,
        waker: &mut Waker<'_>,
    ) -> Poll<io::Result<T>> {
        let bytes = if let Poll::Ready(Ok(done)) = &written { bytes(done) } else { 0 };
        match self.pace.judge(&written, bytes as u64, waker) {
            Ok(()) => written,
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

/// The body of a request, which breaks off when it comes too slowly.
pub(super) struct Paced {
    body: Incoming,
    pace: Pace,
}

impl hyper::body::Body for Paced {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(mut self: Pin<&mut Self>, waker: &mut Waker<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let came = Pin::new(&mut self.body).poll_frame(waker);
        let bytes = match &came {
            Poll::Ready(Some(Ok(frame))) => frame.data_ref().map_or(0, Bytes::len),
            _ => 0,
        };
        match self.pace.judge(&came, bytes as u64, waker) {
            Ok(()) => came.map_err(Into::into),
            Err(error) => Poll::Ready(Some(Err(error.into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(mut self: Pin<&mut Self>, waker: &mut Waker<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(waker, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, waker: &mut Waker<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(waker, bytes);
        self.judge(written, |bytes| *bytes, waker)
    }

    fn poll_flush(mut self: Pin<&mut Self>, waker: &mut Waker<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(waker);
        self.judge(flushed, |()| 0, waker)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, waker: &mut Waker<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(waker)
    }
}

/// Tells systemd, if it started the server as `Type=notify`, what state it is in.
pub(super) fn notify(state: &str) {
    #[cfg(unix)]
    if let Some(path) = std::env::var_os("NOTIFY_SOCKET") {
        let sent =
            std::os::unix::net::UnixDatagram::unbound().and_then(|socket| socket.send_to(state.as_bytes(), path));
        if let Err(error) = sent {
            tracing::warn!(%error, "the service manager could not be told `{state}`");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn addresses_are_ports_or_sockets() {
        for good in ["127.0.0.1:0", "[::1]:80", "localhost:7878", "unix:/tmp/a.sock"] {
            assert!(good.parse::<Address>().is_ok(), "{good}");
        }
        for bad in ["", "7878", "unix:", "example.org:80", "127.0.0.1"] {
            assert!(bad.parse::<Address>().is_err(), "{bad}");
        }
    }
}
