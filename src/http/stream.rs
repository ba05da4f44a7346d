//! Results as they come: what writes them runs on a thread of its own, the connection sends what there is.
//!
//! The status is sent with the first piece, so that what fails before it is told by its status; what fails later ends the connection
//! before the end of the body, and no client takes the part for the whole.

use super::context::Context;
use super::evaluation::{Question, answer, answer_parsed};
use super::failure::Failure;
use super::negotiation::Representation;
use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::{StreamExt, stream};
use std::future::Future;
use std::io::{self, Write};
use tokio::sync::mpsc::{Sender, channel};

/// A piece that is sent at once.
const PIECE: usize = 32 * 1024;

/// Evaluates a query and answers with its results.
pub(super) async fn results(
    context: &Context,
    question: Question,
    representation: Representation,
) -> Result<Response, Failure> {
    let turn = context.turn().await?;
    let context = context.clone();
    let body = written(move |output| {
        let _turn = turn;
        let abandoned = output.abandoned();
        carry_out(&context, &question, output, abandoned)
    })
    .await?;
    Ok(response(body, representation))
}

/// Has a question answered: here if it is a mere look-up, else by a process of its own, until `abandoned` is ready.
pub(super) fn carry_out(
    context: &Context,
    question: &Question,
    output: &mut impl Write,
    abandoned: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Failure> {
    let (checkpoint, limits) = (context.checkpoint(), &context.settings().limits);
    context.metrics().query(question, context.settings().slow, || {
        let Some(workers) = context.workers() else { return answer(checkpoint.store(), question, limits, output) };
        match question.look_up(context.prefixes()) {
            Some(query) => answer_parsed(checkpoint.store(), &query, question, limits, output),
            None => workers.answer(&checkpoint, question, limits, output, abandoned),
        }
    })
}

/// A body of this type, chosen by `Accept`.
pub(super) fn response(body: Body, representation: Representation) -> Response {
    let mut response = Response::new(body);
    if let Ok(content_type) = HeaderValue::from_str(&representation.content_type()) {
        response.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    response
}

/// The body that `write` writes on a thread where it may wait. Its failure is the answer if it wrote nothing before, else it
/// breaks the body off.
pub(super) async fn written(
    write: impl FnOnce(&mut Pieces) -> Result<(), Failure> + Send + 'static,
) -> Result<Body, Failure> {
    let (sender, mut receiver) = channel::<Result<Bytes, Failure>>(4);
    tokio::task::spawn_blocking(move || {
        let mut pieces = Pieces { sender, held: Vec::with_capacity(PIECE) };
        // If nobody listens any more, nobody is to be told.
        let _ = match write(&mut pieces) {
            Ok(()) => pieces.finish(),
            Err(failure) => pieces.sender.blocking_send(Err(failure)).map_err(|_| io::ErrorKind::BrokenPipe.into()),
        };
    });
    let Some(first) = receiver.recv().await.transpose()? else {
        // Nothing at all, not even the mark of the end: the thread has panicked.
        return Err(Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "the evaluation broke off; this is a fault"));
    };
    if first.is_empty() {
        return Ok(Body::empty());
    }
    let pieces = stream::unfold((Some(first), receiver, false), |(first, mut receiver, ended)| async move {
        if ended {
            return None;
        }
        if let Some(first) = first {
            return Some((Ok(first), (None, receiver, false)));
        }
        match receiver.recv().await {
            // The mark of the end.
            Some(Ok(piece)) if piece.is_empty() => None,
            Some(Ok(piece)) => Some((Ok(piece), (None, receiver, false))),
            Some(Err(failure)) => Some((Err(io::Error::other(failure.message)), (None, receiver, true))),
            None => Some((Err(io::Error::other("the evaluation broke off")), (None, receiver, true))),
        }
    });
    // Compression asks once more after the end.
    Ok(Body::from_stream(pieces.fuse()))
}

/// Gathers what is written into pieces and sends them; waits while the connection is slower.
#[derive(Debug)]
pub(super) struct Pieces {
    sender: Sender<Result<Bytes, Failure>>,
    held: Vec<u8>,
}

impl Pieces {
    /// Ready when nobody listens any more.
    pub(super) fn abandoned(&self) -> impl Future<Output = ()> + Send + 'static {
        let sender = self.sender.clone();
        async move { sender.closed().await }
    }

    fn send(&mut self) -> io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.held, Vec::with_capacity(PIECE));
        self.sender.blocking_send(Ok(piece.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    /// Sends the rest and an empty piece, the mark of the end: a thread that panics leaves none.
    fn finish(mut self) -> io::Result<()> {
        self.send()?;
        self.sender.blocking_send(Ok(Bytes::new())).map_err(|_| io::ErrorKind::BrokenPipe.into())
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
