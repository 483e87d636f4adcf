//! Writes batches of events to files, a folder for each day. A file has a temporary name until it is whole.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use ::ingest::MAXIMUM_LOG_SOURCES;
use ::ingest::event_file::LOG_SOURCES_KEY;
use datafusion_common::arrow::array::{Array, AsArray, Int64Array, RecordBatch};
use datafusion_common::arrow::datatypes::{Int64Type, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::lasting::{lasting_batch, lasting_schema};
use super::layout::{DAY_ROWS_MAX, day_of, event_file_properties, folder_of};
use crate::{EngineError, Result};

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The files, in the order in which they were written.
    pub files: Vec<PathBuf>,
    /// All rows.
    pub rows: u64,
    /// Rows without a time.
    pub undated: u64,
    /// Bytes of the files.
    pub bytes: u64,
}

/// Files of events below a folder. Batches come sorted by time, those without time first or last; each day gets a file,
/// and a further one when it comes again.
#[derive(Debug)]
pub struct EventFiles {
    folder: PathBuf,
    /// What the names of the files begin with.
    stem: String,
    number: u32,
    schema: SchemaRef,
    properties: WriterProperties,
    open: Option<OpenFile>,
    written: Written,
}

impl EventFiles {
    /// Files of these columns, some of `schema::EVENTS`. The names of the files begin with `stem`; a name that is taken
    /// is passed by, so that files are only ever added.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn create(folder: &Path, stem: &str, columns: &SchemaRef) -> Result<Self> {
        fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        let schema = lasting_schema(columns);
        let (folder, stem, properties) = (folder.to_owned(), stem.to_owned(), event_file_properties(&schema));
        Ok(Self { folder, stem, number: 0, schema, properties, open: None, written: Written::default() })
    }

    /// Appends rows.
    ///
    /// # Errors
    /// When a file cannot be written. The file that was open is removed then; those that were whole stay.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let batch = lasting_batch(batch, &self.schema)?;
        let times = batch.column_by_name("starttime").and_then(|it| it.as_primitive_opt::<Int64Type>().cloned());
        let time = |row| times.as_ref().filter(|it: &&Int64Array| it.is_valid(row)).map(|it| it.value(row));
        let mut start = 0;
        while start < batch.num_rows() {
            let day = day_of(time(start));
            let mut end = start + 1;
            while end < batch.num_rows() && day_of(time(end)) == day {
                end += 1;
            }
            self.write_day(day, &batch.slice(start, end - start))?;
            start = end;
        }
        Ok(())
    }

    /// Ends the last file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<Written> {
        self.close()?;
        Ok(std::mem::take(&mut self.written))
    }

    fn write_day(&mut self, day: Option<i64>, batch: &RecordBatch) -> Result<()> {
        if self.open.as_ref().is_some_and(|it| it.day != day || it.rows >= DAY_ROWS_MAX) {
            self.close()?;
        }
        let open = if let Some(open) = &mut self.open {
            open
        } else {
            let path = free_name(&self.folder.join(folder_of(day)), &self.stem, &mut self.number)?;
            self.open.insert(OpenFile::create(path, day, &self.schema, &self.properties)?)
        };
        open.write(batch)?;
        self.written.rows += batch.num_rows() as u64;
        self.written.undated += if day.is_none() { batch.num_rows() as u64 } else { 0 };
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        if let Some(open) = self.open.take() {
            let (path, bytes) = open.finish()?;
            self.written.bytes += bytes;
            self.written.files.push(path);
        }
        Ok(())
    }
}

/// The next name in a folder that no file has, nor one that is being written.
fn free_name(folder: &Path, stem: &str, number: &mut u32) -> Result<PathBuf> {
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    loop {
        *number += 1;
        let path = folder.join(format!("{stem}-{number:04}.parquet"));
        if !path.exists() && !temporary(&path).exists() {
            return Ok(path);
        }
    }
}

/// The name of a file while it is written.
fn temporary(path: &Path) -> PathBuf {
    path.with_extension("parquet.tmp")
}

/// The file that is being written. It is removed when it is dropped before its end.
struct OpenFile {
    path: PathBuf,
    day: Option<i64>,
    rows: u64,
    writer: Option<ArrowWriter<BufWriter<File>>>,
    log_sources: BTreeSet<(i64, String)>,
}

impl OpenFile {
    fn create(path: PathBuf, day: Option<i64>, schema: &SchemaRef, properties: &WriterProperties) -> Result<Self> {
        let name = temporary(&path);
        let file = File::create_new(&name).map_err(|error| failed(&name, error))?;
        // The types that Arrow has beside those of Parquet are of no use to others, and a trap for some.
        let options = ArrowWriterOptions::new().with_properties(properties.clone()).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(BufWriter::new(file), schema.clone(), options);
        let mut open = Self { path, day, rows: 0, writer: None, log_sources: BTreeSet::new() };
        open.writer = Some(writer.map_err(|error| failed(&open.path, std::io::Error::other(error)))?);
        Ok(open)
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.note_log_sources(batch);
        self.rows += batch.num_rows() as u64;
        let path = &self.path;
        let Some(writer) = &mut self.writer else { return Ok(()) };
        writer.write(batch).map_err(|error| failed(path, std::io::Error::other(error)))
    }

    /// Keeps the log sources of the rows, whose names are asked for by their ids.
    fn note_log_sources(&mut self, batch: &RecordBatch) {
        let types = batch.column_by_name("devicetype").and_then(|it| it.as_primitive_opt::<Int64Type>());
        let names = batch.column_by_name("logsourceidentifier").and_then(|it| it.as_string_opt::<i32>());
        let (Some(types), Some(names)) = (types, names) else { return };
        let mut last = None;
        for row in (0..batch.num_rows()).filter(|it| types.is_valid(*it) && names.is_valid(*it)) {
            let source = (types.value(row), names.value(row));
            if last != Some(source) && self.log_sources.len() < MAXIMUM_LOG_SOURCES {
                self.log_sources.insert((source.0, source.1.to_owned()));
                last = Some(source);
            }
        }
    }

    /// Ends the file and gives it its name; gives its size.
    fn finish(mut self) -> Result<(PathBuf, u64)> {
        let Some(mut writer) = self.writer.take() else { return Ok((self.path.clone(), 0)) };
        let written = |error| failed(&self.path, std::io::Error::other(error));
        let log_sources = serde_json::to_string(&self.log_sources).unwrap_or_default();
        writer.append_key_value_metadata(KeyValue::new(LOG_SOURCES_KEY.to_owned(), log_sources));
        let output = writer.into_inner().map_err(written)?;
        let file = output.into_inner().map_err(|error| failed(&self.path, error.into_error()))?;
        let renamed = file.sync_all().and_then(|()| fs::rename(temporary(&self.path), &self.path));
        renamed.map_err(|error| failed(&self.path, error))?;
        let bytes = file.metadata().map_or(0, |it| it.len());
        Ok((self.path.clone(), bytes))
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        // After `finish` there is no such file; what cannot be removed is left to the user.
        let _ = fs::remove_file(temporary(&self.path));
    }
}

impl std::fmt::Debug for OpenFile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("OpenFile").field("path", &self.path).field("rows", &self.rows).finish_non_exhaustive()
    }
}

fn failed(path: &Path, source: std::io::Error) -> EngineError {
    EngineError::Io { context: format!("cannot write `{}`", path.display()), source }
}
