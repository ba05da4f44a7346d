//! Results as they come: what writes them runs on a thread of its own, the connection sends what there is.
//!
//! The status is sent with the first piece, so that what fails before it is told by its status; what fails later ends the connection
//! before the end of the body, and no client takes the part for the whole.

use super::context::Context;
use super::evaluation::{Question, answer, answer_parsed};
use super::failure::Failure;
use super::negotiation::Representation;
use super::pieces::{Pieces, Recipient};
use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::{StreamExt, stream};
use std::future::Future;
use std::io::{self, Write};
use std::mem;
use tokio::sync::mpsc::{Sender, channel};

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
        let abandoned = output.recipient().abandoned();
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
        let (store, prefixes) = (checkpoint.store(), context.prefixes());
        let Some(workers) = context.workers() else { return answer(store, prefixes, question, limits, output) };
        match question.look_up(prefixes) {
            Some(query) => answer_parsed(store, prefixes, &query, question, limits, output),
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
    write: impl FnOnce(&mut Pieces<Connection>) -> Result<(), Failure> + Send + 'static,
) -> Result<Body, Failure> {
    let (sender, mut receiver) = channel::<Result<Bytes, Failure>>(4);
    tokio::task::spawn_blocking(move || {
        let mut pieces = Pieces::new(Connection(sender));
        // An empty piece is the mark of the end: a thread that panics leaves none.
        let last = match write(&mut pieces) {
            Ok(()) => pieces.send().map(|()| Ok(Bytes::new())),
            Err(failure) => Ok(Err(failure)),
        };
        if let Ok(last) = last {
            // If nobody listens any more, nobody is to be told.
            let _ = pieces.into_recipient().0.blocking_send(last);
        }
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

/// Where the pieces of a body go; waits while the connection is slower.
#[derive(Debug)]
pub(super) struct Connection(Sender<Result<Bytes, Failure>>);

impl Connection {
    /// Ready when nobody listens any more.
    pub(super) fn abandoned(&self) -> impl Future<Output = ()> + Send + 'static {
        let sender = self.0.clone();
        async move { sender.closed().await }
    }
}

impl Recipient for Connection {
    fn send(&mut self, piece: &mut Vec<u8>) -> io::Result<()> {
        let next = Vec::with_capacity(piece.capacity());
        let piece = mem::replace(piece, next);
        self.0.blocking_send(Ok(piece.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}
