//! The readers: a table of formats, each in one file.
//!
//! To add a format: write `readers/<format>.rs` with a `pub(super) static READER: Reader`, add `mod <format>;` here
//! and one line to [`READERS`]. The table is in order of recognition: the first reader whose `recognises` accepts the
//! head of a file reads it, so loose formats stand last. A line format builds on [`lines::Lines`]. A JSON format is a
//! shape of the JSON reader (see [`json`]): its `READER` recognises nothing and reads by [`json::read_as`], so that
//! `--input-format` can name it.
//!
//! Memory: a reader holds one buffer of at most [`RECORD_BYTES_MAX`] and the events of one record or one EVTX chunk
//! (64 KiB of file; the crate `evtx` bounds what a chunk renders to at 64 MiB), whatever the size of the file.

mod auditd;
mod evtx;
mod json;
mod lines;
mod parquet;
mod syslog;
mod xml;

pub(crate) use evtx::Survey;

use crate::input::{Content, Head};
use crate::{Damage, Item, Kinds};

/// Bytes of one record of a text format (a line, an XML event, a JSON object); longer ones are damage.
pub const RECORD_BYTES_MAX: usize = 16 << 20;

/// All readers, in order of recognition.
static READERS: &[&Reader] =
    &[&evtx::READER, &parquet::READER, &auditd::READER, &syslog::READER, &xml::READER, &json::READER, &json::QRADAR];

/// How the events of a file are read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Fill [`crate::RawEvent::payload`].
    pub payload: bool,
    /// When records are carved from the unused space of EVTX files; they come as [`Item::Recovered`].
    pub recovery: Recovery,
    /// The time by which times without a year are completed, milliseconds since 1970 UTC; when absent, the time at
    /// which the file was last written. Standard input has none: who reads it gives the time of the day here.
    pub reference_time: Option<i64>,
    /// The kinds of Windows events that are wanted; of others a reader of XML or EVTX gives the header alone. All when
    /// absent.
    pub kinds: Option<Kinds>,
    /// The piece that is read; all of the file when absent.
    pub piece: Option<Piece>,
}

/// When records that a file does not count as its own are searched for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Recovery {
    /// Never.
    Never,
    /// In logs that were copied while in use: their last records may not be flushed.
    #[default]
    Dirty,
    /// Always: deleted records and those of former uses of the file are found too.
    Always,
}

/// One of several consecutive pieces of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Which, from 0.
    pub number: u64,
    /// Of how many: [`crate::InputFile::pieces`].
    pub of: u64,
}

impl Piece {
    /// The only one.
    pub const WHOLE: Self = Self { number: 0, of: 1 };

    /// Whether it is the last one.
    pub fn is_last(self) -> bool {
        self.number + 1 == self.of
    }
}

/// The items of a file, in its order.
pub(crate) type Items = Box<dyn Iterator<Item = Item> + Send>;

/// A log format.
pub(crate) struct Reader {
    /// Names for the command line; the first is shown.
    pub(crate) names: &'static [&'static str],
    /// One sentence for the help.
    pub(crate) description: &'static str,
    /// Whether a file that begins so is of this format.
    pub(crate) recognises: fn(&Head) -> bool,
    /// Whether pieces of a file can be read by themselves.
    pub(crate) in_pieces: bool,
    /// Reads a file; what fails comes as damage.
    pub(crate) read: fn(&Content, &ReadOptions) -> Result<Items, Damage>,
}

/// A log format that can be read: a row of the table of readers.
#[derive(Clone, Copy)]
pub struct InputFormat(pub(crate) &'static Reader);

impl InputFormat {
    /// All formats, in order of recognition.
    pub fn all() -> impl Iterator<Item = Self> {
        READERS.iter().map(|it| Self(it))
    }

    /// The format of a name, in any case: `evtx`, `xml`, `json`, ...
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|it| it.0.names.iter().any(|it| it.eq_ignore_ascii_case(name)))
    }

    /// The name for `--input-format`.
    pub fn name(self) -> &'static str {
        self.0.names[0]
    }

    /// All names, the shown one first.
    pub fn names(self) -> &'static [&'static str] {
        self.0.names
    }

    /// One sentence.
    pub fn description(self) -> &'static str {
        self.0.description
    }

    /// The format of a file that begins so.
    pub(crate) fn detect(head: &Head) -> Option<Self> {
        Self::all().find(|it| (it.0.recognises)(head))
    }
}

impl PartialEq for InputFormat {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for InputFormat {}

impl std::fmt::Debug for InputFormat {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}
