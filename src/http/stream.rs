//! Results as they come: what writes them runs on a thread of its own, the connection sends what there is.
//!
//! The status is sent with the first piece, so that what fails before it is told by its status; what fails later ends the connection
//! before the end of the body, and no client takes the part for the whole.

use super::context::Context;
use super::evaluation::{Question, answer, answer_parsed, at_once, is_look_up};
use super::failure::Failure;
use super::negotiation::Representation;
use super::pieces::{Pieces, Recipient};
use super::watchdog::IsAbandoned;
use super::worker::Asked;
use super::workers::Begun;
use crate::sparql::Query;
use crate::store::Checkpoint;
use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::{StreamExt, stream};
use std::io::{self, Write};
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::mpsc::error::{SendTimeoutError, TrySendError};
use tokio::sync::mpsc::{Sender, channel};

/// How long a whole graph or the whole store may take to be read.
const WHOLE: Duration = Duration::from_hours(1);

/// Evaluates a query and answers with its results.
pub(super) async fn results(
    context: &Context,
    question: Question,
    representation: Representation,
) -> Result<Response, Failure> {
    let turn = context.turn().await?;
    let (metrics, settings) = (context.metrics(), context.settings());
    let running = metrics.begin();
    let query = question.parsed_if_harmless(context.prefixes());
    let checkpoint = context.checkpoint();
    let at_once = query.as_ref().and_then(|query| at_once(checkpoint.store(), context.prefixes(), query, &question));
    let begun = match (at_once, context.workers()) {
        (Some(results), _) => Some(Begun::Answered(Ok(results))),
        (None, Some(workers)) if !query.as_ref().is_some_and(|query| is_look_up(query, question.format)) => {
            workers.begin(&checkpoint, &Asked::query(&question, &settings.limits), settings.limits.timeout).await
        }
        _ => None,
    };
    let further = match begun {
        Some(Begun::Answered(results)) => {
            metrics.ended(running, &question.text, settings.slow, results.as_ref().err());
            return Ok(response(results?.into(), representation));
        }
        Some(Begun::Further(further)) => Some(further),
        None => None,
    };
    let context = context.clone();
    let time = super::workers::limit(settings.limits.timeout);
    let body = written(time, move |output| {
        let _turn = turn;
        let abandoned = output.recipient().is_abandoned();
        let answered = match (further, context.workers()) {
            (Some(further), Some(workers)) => {
                workers.go_on(&checkpoint, further, context.settings().limits.timeout, output, abandoned)
            }
            _ => answer_here_or_there(&context, &checkpoint, query.as_ref(), &question, output, abandoned),
        };
        context.metrics().ended(running, &question.text, context.settings().slow, answered.as_ref().err());
        answered
    })
    .await?;
    Ok(response(body, representation))
}

/// Has a question answered, until it is abandoned.
pub(super) fn carry_out(
    context: &Context,
    question: &Question,
    output: &mut impl Write,
    is_abandoned: IsAbandoned,
) -> Result<(), Failure> {
    context.metrics().query(&question.text, context.settings().slow, || {
        let query = question.parsed_if_harmless(context.prefixes());
        answer_here_or_there(context, &context.checkpoint(), query.as_ref(), question, output, is_abandoned)
    })
}

/// Has a question answered: here if it is a mere look-up, else by a process of its own. It is parsed already if that harms nobody.
fn answer_here_or_there(
    context: &Context,
    checkpoint: &Checkpoint,
    query: Option<&Query>,
    question: &Question,
    output: &mut impl Write,
    is_abandoned: IsAbandoned,
) -> Result<(), Failure> {
    let (store, prefixes, limits) = (checkpoint.store(), context.prefixes(), &context.settings().limits);
    let Some(workers) = context.workers() else { return answer(store, prefixes, question, limits, output) };
    match query.filter(|query| is_look_up(query, question.format)) {
        Some(query) => answer_parsed(store, prefixes, query, question, limits, output),
        None => workers.answer(checkpoint, &Asked::query(question, limits), limits.timeout, output, is_abandoned),
    }
}

/// The body of a whole graph or of the whole store, which `write` writes: for as long as the client reads, in one of the places for such
/// bodies, so that they hold up no query.
pub(super) async fn whole(
    context: &Context,
    write: impl FnOnce(&mut Pieces<Connection>) -> Result<(), Failure> + Send + 'static,
) -> Result<Body, Failure> {
    let place = context.place().await?;
    let placed = move |output: &mut Pieces<Connection>| {
        let _place = place;
        write(output)
    };
    written(WHOLE, placed).await
}

/// What a handler keeps for as long as somebody waits for its answer, and what tells whether it has been dropped.
pub(super) fn abandonment() -> (Arc<()>, IsAbandoned) {
    let here = Arc::new(());
    let kept = Arc::downgrade(&here);
    (here, Box::new(move || kept.strong_count() == 0))
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

/// The body that `write` writes on a thread where it may wait, for so long. Its failure is the answer if it wrote nothing before, else it
/// breaks the body off.
async fn written(
    time: Duration,
    write: impl FnOnce(&mut Pieces<Connection>) -> Result<(), Failure> + Send + 'static,
) -> Result<Body, Failure> {
    let (sender, mut receiver) = channel::<Result<Bytes, Failure>>(4);
    let end = Instant::now().checked_add(time);
    tokio::task::spawn_blocking(move || {
        let mut pieces = Pieces::new(Connection { sender, end });
        // An empty piece is the mark of the end: a thread that panics leaves none.
        let last = match write(&mut pieces) {
            Ok(()) => pieces.send().map(|()| Ok(Bytes::new())),
            Err(failure) => Ok(Err(failure)),
        };
        if let Ok(last) = last {
            // If nobody listens any more, nobody is to be told.
            let _ = pieces.into_recipient().pass(last);
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

/// Where the pieces of a body go; waits while the connection is slower, until the time is over.
#[derive(Debug)]
pub(super) struct Connection {
    sender: Sender<Result<Bytes, Failure>>,
    /// None if no clock reaches it.
    end: Option<Instant>,
}

impl Connection {
    /// Tells whether nobody listens any more.
    fn is_abandoned(&self) -> IsAbandoned {
        // Weak, for a sender that is kept would keep the connection waiting for the end.
        let sender = self.sender.clone().downgrade();
        Box::new(move || sender.upgrade().is_none_or(|sender| sender.is_closed()))
    }

    fn pass(&self, piece: Result<Bytes, Failure>) -> io::Result<()> {
        let piece = match (self.sender.try_send(piece), self.end) {
            (Ok(()), _) => return Ok(()),
            (Err(TrySendError::Closed(_)), _) => return Err(io::ErrorKind::BrokenPipe.into()),
            (Err(TrySendError::Full(piece)), Some(end)) => {
                let left = end.saturating_duration_since(Instant::now());
                let sent = Handle::current().block_on(self.sender.send_timeout(piece, left));
                return sent.map_err(|error| match error {
                    SendTimeoutError::Timeout(_) => io::ErrorKind::TimedOut.into(),
                    SendTimeoutError::Closed(_) => io::ErrorKind::BrokenPipe.into(),
                });
            }
            (Err(TrySendError::Full(piece)), None) => piece,
        };
        self.sender.blocking_send(piece).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Recipient for Connection {
    fn send(&mut self, piece: &mut Vec<u8>) -> io::Result<()> {
        let next = Vec::with_capacity(piece.capacity());
        let piece = mem::replace(piece, next);
        self.pass(Ok(piece.into()))
    }
}
