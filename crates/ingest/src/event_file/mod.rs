//! Parquet files of events: which of their columns are which fields of `schema::EVENTS`, and what the footer says.
//!
//! Files of any program are read: columns are known by name or alias, ignoring case and blanks. What no field takes is
//! a property under the name of its column.

mod columns;
mod convert;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};
use parquet::file::reader::ChunkReader;

pub use columns::{FileColumn, Target};
pub use convert::{conform, conforms, properties};

use crate::LogSources;

/// The key of the footer under which the log sources of a file stand: a JSON array of `[type, identifier]`.
pub const LOG_SOURCES_KEY: &str = "prospero.log_sources";

/// What is known of a Parquet file before its rows are read.
#[derive(Clone, Debug)]
pub struct EventFile {
    metadata: Arc<ParquetMetaData>,
    schema: SchemaRef,
    columns: Arc<[FileColumn]>,
}

impl EventFile {
    /// Reads the footer. The page index is read where `page_index` asks for it.
    ///
    /// # Errors
    /// When the file is damaged, or is written in a way that is not read.
    pub fn open<R: ChunkReader>(reader: &R, page_index: bool) -> Result<Self> {
        let policy = if page_index { PageIndexPolicy::Optional } else { PageIndexPolicy::Skip };
        let options = options().with_page_index_policy(policy);
        let loaded = guarded(|| ArrowReaderMetadata::load(reader, options))?;
        let columns = columns::of(loaded.schema()).into();
        Ok(Self { metadata: Arc::clone(loaded.metadata()), schema: Arc::clone(loaded.schema()), columns })
    }

    /// The footer.
    pub fn metadata(&self) -> &Arc<ParquetMetaData> {
        &self.metadata
    }

    /// The columns as Parquet says that they are, without what a program wrote of its own Arrow types.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// What each column of [`Self::schema`] is.
    pub fn columns(&self) -> &[FileColumn] {
        &self.columns
    }

    /// The column that is a field of `schema::EVENTS`.
    pub fn column_of(&self, field: usize) -> Option<usize> {
        self.columns.iter().position(|it| matches!(it.target, Target::Field(index) if usize::from(index) == field))
    }

    /// For readers of this file: its columns with the types of `schema`, which has the same names.
    ///
    /// # Errors
    /// When a column cannot be read as its type.
    pub fn reader_metadata(&self, schema: SchemaRef) -> Result<ArrowReaderMetadata> {
        ArrowReaderMetadata::try_new(Arc::clone(&self.metadata), ArrowReaderOptions::new().with_schema(schema))
    }

    /// Makes the log sources known that the footer names.
    pub fn register(&self, log_sources: &LogSources) {
        let pairs = self.metadata.file_metadata().key_value_metadata().into_iter().flatten();
        let text = pairs.filter(|it| it.key == LOG_SOURCES_KEY).find_map(|it| it.value.as_deref());
        let Some(rows) = text.and_then(|it| serde_json::from_str::<Vec<(i64, String)>>(it).ok()) else { return };
        for (device_type, identifier) in rows {
            log_sources.id(device_type, &identifier);
        }
    }
}

fn options() -> ArrowReaderOptions {
    ArrowReaderOptions::new().with_skip_arrow_metadata(true)
}

/// Does a part of the reading; a panic of the decoder over a damaged file is an error like others.
///
/// # Errors
/// What `work` gives, and a panic.
pub fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(ParquetError::General("the decoder failed on damaged data".to_owned())))
}

/// The message of an error without the name of its kind.
pub fn reason(error: &ParquetError) -> String {
    match error {
        ParquetError::General(text)
        | ParquetError::NYI(text)
        | ParquetError::EOF(text)
        | ParquetError::ArrowError(text) => text.clone(),
        other => other.to_string(),
    }
}
