//! Where events come from: parts that can be read again and again, on any thread.

use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;

use ingest::event_file::EventFile;
use ingest::{Damage, DamageLog, Event};

/// One thing that a part yields.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A normalised event.
    Event(Event),
    /// A normalised event carved from space that the file no longer counts as used.
    Recovered(Event),
    /// What could not be read.
    Damage(Damage),
}

/// What is wanted of each event.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Columns of `schema::EVENTS.arrow_schema()` to fill; all but the original text when absent.
    pub columns: Option<Vec<usize>>,
    /// Whether the original text is wanted.
    pub payload: bool,
}

impl Wanted {
    /// These columns; with the original text when it is among them.
    pub fn columns(columns: Vec<usize>) -> Self {
        let payload = schema::EVENTS.position("payload").is_some_and(|it| columns.contains(&it));
        Self { columns: Some(columns), payload }
    }
}

/// A part whose events stand in columns, which a query reads as such.
#[derive(Clone, Debug)]
pub struct ColumnFile {
    /// The name of the part.
    pub name: Arc<str>,
    /// Where it stands.
    pub path: PathBuf,
    /// What its footer says.
    pub file: EventFile,
}

/// Events in parts, usually files. The order of the parts and of the events of a part never changes.
pub trait EventSource: Debug + Send + Sync {
    /// How many parts there are.
    fn parts(&self) -> usize;
    /// The name of a part, as in [`ingest::Locator::file`].
    fn name(&self, part: usize) -> Arc<str>;
    /// Reads a part from its start.
    fn read<'a>(&'a self, part: usize, wanted: &Wanted) -> Box<dyn Iterator<Item = Entry> + 'a>;
    /// The part as columns, where it has such and they say the same as its events; damage where it cannot be opened.
    fn column_file(&self, _part: usize) -> Option<Result<ColumnFile, Damage>> {
        None
    }
    /// The names of the log sources of the events, where they are known.
    fn log_sources(&self) -> Option<Arc<dyn aql::LogSources>> {
        None
    }
    /// What was already found damaged before any part is read, and how many files are no logs.
    fn preface(&self) -> (DamageLog, u64) {
        (DamageLog::default(), 0)
    }
}

/// Events held in memory, each part a list.
#[derive(Clone, Debug, Default)]
pub struct MemorySource {
    parts: Vec<(Arc<str>, Vec<Event>)>,
}

impl MemorySource {
    /// A source of these parts: name and events of each.
    pub fn new(parts: Vec<(Arc<str>, Vec<Event>)>) -> Self {
        Self { parts }
    }
}

impl EventSource for MemorySource {
    fn parts(&self) -> usize {
        self.parts.len()
    }

    fn name(&self, part: usize) -> Arc<str> {
        Arc::clone(&self.parts[part].0)
    }

    fn read<'a>(&'a self, part: usize, _: &Wanted) -> Box<dyn Iterator<Item = Entry> + 'a> {
        Box::new(self.parts[part].1.iter().cloned().map(Entry::Event))
    }
}
