//! Where events come from: parts that can be read again and again, on any thread.

use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;

use ingest::event_file::EventFile;
use ingest::{Damage, DamageLog, Event, Kinds, RawEvent};

use crate::relay::Relay;

/// One thing that a part yields.
#[derive(Clone, Debug)]
pub enum Entry {
    /// An event.
    Event(Look),
    /// An event carved from space that the file no longer counts as used.
    Recovered(Look),
    /// What could not be read.
    Damage(Damage),
}

/// A normalised event with the fields that were wanted.
#[derive(Clone, Debug)]
pub struct Look {
    /// The event.
    pub event: Event,
    /// What [`EventSource::whole`] makes the rest of it from; nothing where the event is whole, or nobody will ask.
    pub raw: Option<RawEvent>,
}

impl From<Event> for Look {
    fn from(event: Event) -> Self {
        Self { event, raw: None }
    }
}

/// What is wanted of each event.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Columns of `schema::EVENTS.arrow_schema()` to fill; all but the original text when absent.
    pub columns: Option<Vec<usize>>,
    /// Whether the original text is wanted.
    pub payload: bool,
    /// The kinds of Windows events that are wanted; of others only what tells the kind and the time is needed.
    pub kinds: Option<Kinds>,
    /// Whether some events will be wanted as a whole.
    pub whole_later: bool,
    /// What the reader of a part leaves to that of the next part of the same file. Whoever reads one part reads those
    /// before it of the same file first, or at the same time.
    pub(crate) relay: Arc<Relay>,
}

impl Wanted {
    /// Whole events, with their original text.
    pub fn everything() -> Self {
        Self { payload: true, ..Self::default() }
    }

    /// The same, and some events will be wanted as a whole.
    #[must_use]
    pub fn with_wholes(self) -> Self {
        Self { whole_later: true, ..self }
    }

    /// The same of events of these kinds.
    #[must_use]
    pub fn of_kinds(self, kinds: Option<Kinds>) -> Self {
        Self { kinds, ..self }
    }

    /// These columns; with the original text when it is among them.
    pub fn columns(columns: Vec<usize>) -> Self {
        let payload = schema::EVENTS.position("payload").is_some_and(|it| columns.contains(&it));
        Self { columns: Some(columns), payload, ..Self::default() }
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

/// Events in parts: files, or pieces of a large file. The order of the parts and of the events of a part never changes.
pub trait EventSource: Debug + Send + Sync {
    /// How many parts there are.
    fn parts(&self) -> usize;
    /// The file of a part, as in [`ingest::Locator::file`]; several consecutive parts may be of one file.
    fn name(&self, part: usize) -> Arc<str>;
    /// Bytes of a part, so that small ones are read one after the other by one thread.
    fn bytes(&self, _part: usize) -> u64 {
        u64::MAX
    }
    /// Whether the file of a part ends with it.
    fn ends_file(&self, _part: usize) -> bool {
        true
    }
    /// Reads a part from its start.
    fn read<'a>(&'a self, part: usize, wanted: &Wanted) -> Box<dyn Iterator<Item = Entry> + 'a>;
    /// The whole event of a first look.
    fn whole(&self, look: &Event, _raw: &RawEvent) -> Event {
        look.clone()
    }
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
        Box::new(self.parts[part].1.iter().map(|it| Entry::Event(it.clone().into())))
    }
}
