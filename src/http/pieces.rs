//! Output gathered into pieces worth sending: what a query writes, a few bytes at a time, on its way to a connection or to another process.

use std::io::{self, Write};

/// A piece that is sent at once, in bytes.
pub(super) const PIECE: usize = 32 * 1024;

/// Where pieces go.
pub(super) trait Recipient {
    /// Sends a piece, which is not empty; what it leaves in it is not kept.
    fn send(&mut self, piece: &mut Vec<u8>) -> io::Result<()>;
}

/// Gathers what is written.
#[derive(Debug)]
pub(super) struct Pieces<R> {
    recipient: R,
    held: Vec<u8>,
}

impl<R: Recipient> Pieces<R> {
    pub(super) fn new(recipient: R) -> Self {
        Self { recipient, held: Vec::new() }
    }

    pub(super) fn recipient(&self) -> &R {
        &self.recipient
    }

    /// Gives up what is held.
    pub(super) fn into_recipient(self) -> R {
        self.recipient
    }

    /// Sends what is held.
    pub(super) fn send(&mut self) -> io::Result<()> {
        if !self.held.is_empty() {
            self.recipient.send(&mut self.held)?;
            self.held.clear();
        }
        Ok(())
    }
}

impl<R: Recipient> Write for Pieces<R> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(buffer);
        if self.held.len() >= PIECE {
            self.send()?;
        }
        Ok(buffer.len())
    }

    /// Does nothing: the serializers flush at their end, and a piece that is sent decides on the status, or goes with the mark of the end.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
