//! What the reader of one piece of a file hands to the reader of the next: the script blocks of which parts are missing.
//!
//! The pieces of a file are read at the same time by several threads. Each reads ahead by itself, then waits for what
//! the one before leaves, so that the events are the same as if one thread had read the whole file.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use ingest::{Piece, RawEvent, ScriptBlocks};

use crate::pass::CHUNK_BYTES;
use crate::{Entry, Look};

/// Leavings that wait to be taken, by the part that takes them.
#[derive(Debug, Default)]
pub(crate) struct Relay {
    left: Mutex<HashMap<usize, ScriptBlocks>>,
    changed: Condvar,
}

impl Relay {
    /// Waits for what the part before leaves.
    fn take(&self, part: usize) -> ScriptBlocks {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(blocks) = left.remove(&part) {
                return blocks;
            }
            left = self.changed.wait(left).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn leave(&self, part: usize, blocks: ScriptBlocks) {
        self.left.lock().unwrap_or_else(PoisonError::into_inner).insert(part, blocks);
        self.changed.notify_all();
    }
}

/// The entries of a part with their script blocks put together.
pub(crate) struct Joined<I: Iterator<Item = Entry>> {
    entries: I,
    /// What was read ahead.
    ahead: VecDeque<Entry>,
    /// Nothing while the part before has left nothing yet.
    blocks: Option<ScriptBlocks>,
    part: usize,
    /// Whether the next part takes what this one leaves.
    goes_on: bool,
    relay: Arc<Relay>,
}

impl<I: Iterator<Item = Entry>> Joined<I> {
    /// The entries of a part, which is this piece of its file.
    pub(crate) fn new(entries: I, part: usize, piece: Piece, relay: Arc<Relay>) -> Self {
        let blocks = (piece.number == 0).then(ScriptBlocks::default);
        Self { entries, ahead: VecDeque::new(), blocks, part, goes_on: !piece.is_last(), relay }
    }

    /// Reads what may be held: [`CHUNK_BYTES`] of text.
    fn read_ahead(&mut self) {
        let mut bytes = 0;
        while bytes < CHUNK_BYTES {
            let Some(entry) = self.entries.next() else { return };
            if let Entry::Event(look) | Entry::Recovered(look) = &entry {
                bytes += look_bytes(look);
            }
            self.ahead.push_back(entry);
        }
    }

    fn leave(&mut self) {
        if std::mem::replace(&mut self.goes_on, false) {
            self.relay.leave(self.part + 1, self.blocks.take().unwrap_or_default());
        }
    }
}

impl<I: Iterator<Item = Entry>> Iterator for Joined<I> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        if self.blocks.is_none() && self.ahead.is_empty() {
            self.read_ahead();
            self.blocks = Some(self.relay.take(self.part));
        }
        let Some(mut entry) = self.ahead.pop_front().or_else(|| self.entries.next()) else {
            self.leave();
            return None;
        };
        if let (Entry::Event(look), Some(blocks)) = (&mut entry, &mut self.blocks) {
            blocks.join(&mut look.event);
        }
        Some(entry)
    }
}

/// A reader that ends early lets the others go on.
impl<I: Iterator<Item = Entry>> Drop for Joined<I> {
    fn drop(&mut self) {
        self.leave();
    }
}

/// About how many bytes a look takes.
pub(crate) fn look_bytes(look: &Look) -> usize {
    look.event.text_bytes() + look.raw.as_ref().map_or(0, RawEvent::text_bytes)
}
