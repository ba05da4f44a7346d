//! SPARQL updates: what takes time or memory is found out by a process that can be ended, what comes of it is made by the writer.
//!
//! [`carry_out`] has an update parsed and evaluated on a checkpoint by a worker, like a query and within the same limits; the worker answers
//! with the [`Difference`] it would make ([`answer`]). The writer makes it if the store is still as the checkpoint is, so that all of an update sees
//! one state of the store and changes that one. If another change came between, it is found out once more while others wait, for no
//! longer than an update may take. An update that only names data, and is so flat that no parser comes to harm, has nothing to be found
//! out, and goes to the writer at once.

use super::context::Context;
use super::evaluation::{Limits, refuse_deep};
use super::failure::Failure;
use super::graphs::refused;
use super::stream::abandonment;
use super::worker::Asked;
use crate::sparql::{Dataset, Outline, Prefixes, SparqlError, evaluator_within, parse_update, searching};
use crate::store::{Checkpoint, Difference, RunDescription, Scratch, Store, UpdateOptions, Updated};
use axum::http::StatusCode;
use spargebra::algebra::QueryDataset;
use spargebra::{GraphUpdateOperation, Update};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

/// How the log calls it.
const DESCRIPTION: &str = "sparql update";

/// How many brackets may be open at once in an update that is parsed beside other requests.
const FLAT: usize = 8;

/// Up to how many bytes it is.
const SHORT: usize = 1024 * 1024;

/// How often an update is found out anew because other processes have changed the store meanwhile.
const ATTEMPTS: usize = 3;

/// An update that was sent.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) text: String,
    /// The graphs that its `WHERE` is about, if the request names them.
    pub(super) using: Option<Dataset>,
    pub(super) options: UpdateOptions,
}

impl Change {
    /// The update if it is short, only names data or graphs, and no parser comes to harm.
    fn plain(&self, prefixes: &Prefixes) -> Option<Update> {
        let outline = Outline::of(&self.text);
        let is_harmless = self.text.len() <= SHORT && !outline.pattern && !outline.escapes && outline.depth <= FLAT;
        let update = is_harmless.then(|| self.parse(prefixes).ok()).flatten()?;
        Store::can_foresee(&update).then_some(update)
    }

    fn parse(&self, prefixes: &Prefixes) -> Result<Update, Failure> {
        refuse_deep(&self.text)?;
        let mut update = parse_update(&self.text, prefixes)?;
        let Some(dataset) = &self.using else { return Ok(update) };
        for operation in &mut update.operations {
            if let GraphUpdateOperation::DeleteInsert { using, .. } = operation {
                let named = Some(dataset.named.clone());
                if using.replace(QueryDataset { default: dataset.default.clone(), named }).is_some() {
                    let message = "the graphs are named in the update (`USING`, `WITH`) and by the request";
                    return Err(Failure::bad(message));
                }
            }
        }
        Ok(update)
    }
}

/// Carries out an update.
pub(super) async fn carry_out(context: &Context, change: Change) -> Result<Updated, Failure> {
    if let Some(update) = change.plain(context.prefixes()) {
        return at_once(context, update, change.options).await;
    }
    if context.workers().is_none() {
        let update = change.parse(context.prefixes())?;
        return at_once(context, update, change.options).await;
    }
    let change = Arc::new(change);
    for attempt in 0..ATTEMPTS {
        // The first time others go on; most updates meet nobody, and one that never ends is not to hold anybody up.
        let alone = if attempt == 0 { None } else { Some(context.writer()?.alone().await?) };
        let checkpoint = context.checkpoint();
        let difference = find_out(context, &change, &checkpoint).await?;
        let turn = match alone {
            Some(turn) => turn,
            None => context.writer()?.shared().await?,
        };
        let made = move |store: &Store| make(store, &difference, DESCRIPTION).map(|()| difference.updated());
        if let Some(updated) = context.writer()?.write_to(turn, checkpoint, made).await? {
            return Ok(updated);
        }
    }
    Err(Failure::busy("others changed the store each time the update had been evaluated; nothing was changed", 5))
}

/// Makes a change. One that is none leaves no trace, so that nobody looks for what is new.
pub(super) fn make(store: &Store, difference: &Difference, description: &str) -> Result<(), Failure> {
    if !difference.is_empty() {
        let mut run = store.begin_run(&RunDescription::new(description))?;
        run.apply(difference)?;
        run.finish()?;
    }
    Ok(())
}

/// Has the writer do all of it.
async fn at_once(context: &Context, update: Update, options: UpdateOptions) -> Result<Updated, Failure> {
    let timeout = context.settings().limits.timeout;
    context
        .write(move |store| {
            let (evaluator, deadline) = evaluator_within(timeout);
            let evaluator = searching(evaluator, store);
            let difference = store.difference(&evaluator, update, options).map_err(|error| match error {
                _ if deadline.is_over() => late(timeout),
                error => refused(error),
            })?;
            make(store, &difference, DESCRIPTION)?;
            Ok(difference.updated())
        })
        .await
}

fn late(timeout: Duration) -> Failure {
    Failure::from(SparqlError::TimedOut(timeout))
}

/// Asks a worker what an update would change.
async fn find_out(
    context: &Context,
    change: &Arc<Change>,
    checkpoint: &Arc<Checkpoint>,
) -> Result<Difference, Failure> {
    let turn = context.turn().await?;
    let (context, change, checkpoint) = (context.clone(), Arc::clone(change), Arc::clone(checkpoint));
    let (_here, gone) = abandonment();
    let found = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let (limits, most) = (&context.settings().limits, context.settings().longest);
        let Some(workers) = context.workers() else { return Err(Failure::fault("there are no workers")) };
        let mut received = Received { bytes: Vec::new(), most };
        let asked = Asked::change(&change, limits);
        let answered = context.metrics().query(&change.text, context.settings().slow, || {
            workers.answer(&checkpoint, &asked, limits.timeout, &mut received, gone)
        });
        if let Err(failure) = answered {
            // One that was killed could not clear up.
            if let Err(error) = checkpoint.clear_left_over() {
                tracing::warn!(%error, "what a worker has left cannot be removed");
            }
            return Err(failure);
        }
        if received.is_over() {
            let message = format!(
                "the update changes more than the {most} bytes that one request may bring; make it in several, or by `belligraph update`"
            );
            return Err(Failure::new(StatusCode::INSUFFICIENT_STORAGE, message));
        }
        Difference::read(received.bytes.as_slice()).map_err(Failure::fault)
    });
    found.await.map_err(Failure::fault)?
}

/// What a worker says, up to a length.
struct Received {
    bytes: Vec<u8>,
    most: usize,
}

impl Received {
    fn is_over(&self) -> bool {
        self.bytes.len() > self.most
    }
}

impl Write for Received {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        // What is too much is not kept, only that it is.
        if !self.is_over() {
            self.bytes.extend_from_slice(buffer);
        }
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What an update would change in a checkpoint: the worker's part.
pub(super) fn answer(
    checkpoint: &Store,
    prefixes: &Prefixes,
    change: &Change,
    limits: &Limits,
    output: &mut impl Write,
) -> Result<(), Failure> {
    let update = change.parse(prefixes)?;
    let (evaluator, deadline) = evaluator_within(limits.timeout);
    let evaluator = searching(evaluator, checkpoint);
    let scratch = if Store::can_foresee(&update) { None } else { Some(Scratch::of(checkpoint)?) };
    let store = scratch.as_ref().map_or(checkpoint, Scratch::store);
    let difference = store.difference(&evaluator, update, change.options).map_err(|error| match error {
        _ if deadline.is_over() => late(limits.timeout),
        error => refused(error),
    })?;
    difference.write(output).map_err(Failure::fault)
}
