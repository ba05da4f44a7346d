//! Results as they come: a query writes on a thread of its own, the connection sends what there is.
//!
//! The status is sent with the first piece, so that what fails before it is told by its status; what fails later ends the connection
//! before the end of the body, and no client takes the part for the whole.

use super::{Failure, Shared};
use crate::sparql::{Format, Options, Query, SparqlError, TableStyle, WriteError, evaluate};
use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::{StreamExt, stream};
use std::io::{self, Write};
use tokio::sync::mpsc::{Sender, channel};

/// A piece that is sent at once.
const PIECE: usize = 32 * 1024;

/// Evaluates a query and answers with its results in this format.
pub(super) async fn answer(
    shared: Shared,
    query: Query,
    options: Options,
    format: Format,
) -> Result<Response, Failure> {
    let closing = |_| Failure::new(StatusCode::SERVICE_UNAVAILABLE, "the server is stopping");
    let permit = shared.queries.clone().acquire_owned().await.map_err(closing)?;
    let (sender, mut receiver) = channel::<Result<Bytes, Failure>>(4);
    let triples = query.gives_triples();
    tokio::task::spawn_blocking(move || {
        let mut writer = Pieces { sender, held: Vec::with_capacity(PIECE) };
        if let Err(failure) = write(&shared, &query, options, format, &mut writer) {
            // If nobody listens any more, nobody is to be told.
            let _ = writer.sender.blocking_send(Err(failure));
        }
        drop(permit);
    });
    let first = receiver.recv().await.transpose()?;
    let body = match first {
        None => Body::empty(),
        Some(first) => {
            let pieces = stream::unfold((Some(first), receiver), |(first, mut receiver)| async move {
                let piece = match first {
                    Some(first) => Ok(first),
                    None => receiver.recv().await?.map_err(|failure| io::Error::other(failure.message)),
                };
                Some((piece, (None, receiver)))
            });
            // Compression asks once more after the end.
            Body::from_stream(pieces.fuse())
        }
    };
    let mut response = Response::new(body);
    if let Some(media_type) = super::negotiation::media_type(format, triples) {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    }
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

fn write(shared: &Shared, query: &Query, options: Options, format: Format, writer: &mut Pieces) -> Result<(), Failure> {
    let checkpoint = shared.checkpoint();
    let results = evaluate(checkpoint.store(), query, options).map_err(|error| failure(&error))?;
    match results.write(writer, format, &shared.prefixes, TableStyle::default()) {
        Ok(()) => writer.send().map_err(|error| Failure::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())),
        Err(WriteError::Sparql(error)) => Err(failure(&error)),
        Err(error) => Err(Failure::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())),
    }
}

fn failure(error: &SparqlError) -> Failure {
    let status = match error {
        SparqlError::Syntax(_) => StatusCode::BAD_REQUEST,
        SparqlError::TimedOut(_) => StatusCode::SERVICE_UNAVAILABLE,
        SparqlError::Evaluation(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    Failure::new(status, error.to_string())
}

/// Gathers what is written into pieces and sends them; waits while the connection is slower.
struct Pieces {
    sender: Sender<Result<Bytes, Failure>>,
    held: Vec<u8>,
}

impl Pieces {
    fn send(&mut self) -> io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.held, Vec::with_capacity(PIECE));
        self.sender.blocking_send(Ok(piece.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Write for Pieces {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(buffer);
        if self.held.len() >= PIECE {
            self.send()?;
        }
        Ok(buffer.len())
    }

    /// Does nothing: the serializers flush at their end, and a piece that is sent decides on the status.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
