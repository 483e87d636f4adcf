//! Events as Parquet: the layout of the files, the writer, and `ingest`, which sorts events by time and writes them.
//!
//! A folder holds a folder for each day (`day=2026-11-22`, UTC), each with files whose rows are sorted by time. Columns
//! are those of `schema::EVENTS` under their AQL names, the places of the events and the properties that no field takes.

mod ingest;
mod lasting;
mod layout;
mod writer;

pub use self::ingest::{IngestOptions, Ingested, ingest};
pub(crate) use self::lasting::{lasting_batch, lasting_schema};
pub use self::layout::{
    DAY_ROWS_MAX, ROW_GROUP_BYTES_MAX, ROW_GROUP_ROWS, UNDATED_FOLDER, event_file_properties, event_schema,
};
pub use self::writer::{EventFiles, Written};
