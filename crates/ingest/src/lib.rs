//! Logs to events: readers, the normaliser, and the columns of the table `events`.
//!
//! One road: input (file, folder, archive, standard input) -> reader -> [`RawEvent`] -> normaliser -> [`Event`] ->
//! record batch. No other crate knows a log format.

mod audit;
mod batch;
mod event;
pub mod event_file;
pub mod evtx_writer;
mod input;
mod item;
mod kinds;
mod normalise;
mod properties;
mod readers;
mod time;
mod windows_xml;

pub use batch::{BATCH_EVENTS, BatchBuilder};
pub use event::{AuditEvent, Body, Event, JsonFamily, Locator, RawEvent, StoredEvent, SyslogLine, Value, WindowsEvent};
pub use input::{
    EXPANSION_FREE_BYTES, EXPANSION_RATIO_MAX, FileReader, HEAD_BYTES, Input, InputError, InputFile, InputOptions,
    PIECE_BYTES, SPOOL_MEMORY_MAX, Skipped, ZSTD_WINDOW_LOG_MAX,
};
pub use item::{DAMAGE_KEPT_MAX, Damage, DamageLog, Item, Statistics};
pub use kinds::Kinds;
pub use normalise::{
    BLOCK_PARTS_MAX, Columns, EventBuilder, LogSource, LogSources, MAXIMUM_LOG_SOURCES, Normaliser, Origin,
    ScriptBlocks, WAITING_BLOCKS_MAX, WAITING_BYTES_MAX, columns, normalise,
};
pub use properties::{UserProperties, VALUE_BYTES_MAX};
pub use readers::{InputFormat, Piece, RECORD_BYTES_MAX, ReadOptions, Recovery};
