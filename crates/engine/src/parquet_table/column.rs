//! Columns of a row group as they are read: numbers of distinct values, or values.

use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use bytes::{Buf, Bytes};
use datafusion_common::arrow::array::{
    Array, ArrayRef, AsArray, BooleanBufferBuilder, RecordBatch, UInt32Array, UInt32Builder, new_null_array,
};
use datafusion_common::arrow::buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use datafusion_common::arrow::compute::{concat, take};
use datafusion_common::arrow::datatypes::{DataType, Int32Type};
use ingest::event_file::{Target, conform, guarded, properties};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, Length};
use schema::{EVENTS, Type};

use super::condition::Test;
use super::file::TableFile;
use crate::{EngineError, Result};

/// Rows of a column that are decoded at a time.
const SEGMENT_ROWS: usize = 16 << 10;

/// A column chunk of up to so many bytes is read at once; of a larger one page after page.
const CHUNK_BYTES_MAX: u64 = 64 << 20;

/// Some rows of a row group.
pub(super) struct Rows<'a> {
    pub(super) file: &'a TableFile,
    pub(super) input: &'a Arc<File>,
    pub(super) row_group: usize,
    /// Within the row group.
    pub(super) span: Range<usize>,
}

/// A column of text as the numbers of its distinct values.
pub(super) struct Distinct {
    /// What was not decoded so far.
    reader: Option<ParquetRecordBatchReader>,
    /// The values, as string views; none while only nulls were read.
    values: Option<ArrayRef>,
    /// Where the text of the values lies.
    identity: usize,
    segments: Vec<(ScalarBuffer<i32>, Option<NullBuffer>)>,
}

impl Distinct {
    /// Starts to read a column whose pages all refer to one dictionary.
    pub(super) fn open(rows: &Rows<'_>, column: usize) -> Result<Self> {
        let root = rows.file.roots(column);
        let input = rows.chunk(column)?;
        let reader = match input {
            Some(input) => rows.reader(input, &rows.file.dictionaries, &root, None, SEGMENT_ROWS),
            None => rows.reader(FileInput(Arc::clone(rows.input)), &rows.file.dictionaries, &root, None, SEGMENT_ROWS),
        };
        let reader = reader.map_err(damaged)?;
        Ok(Self { reader: Some(reader), values: None, identity: 0, segments: Vec::new() })
    }

    /// For which of the candidates a test holds. It is asked once for each distinct value: of all rows, or of the
    /// candidates where these are fewer.
    pub(super) fn rows(&mut self, test: &Test, candidates: &BooleanBuffer) -> Result<BooleanBuffer> {
        let length = candidates.len();
        while self.values.is_none() && self.read_segment()? {}
        let answers = match &self.values {
            Some(values) => {
                let values = Arc::clone(values);
                let asked = self.asked(values.len(), candidates)?;
                test.among(&values, &asked)?
            }
            None => BooleanBuffer::new_unset(0),
        };
        let passing = answers.count_set_bits();
        if passing == 0 && !test.on_null {
            return Ok(BooleanBuffer::new_unset(length));
        }
        if passing == answers.len() && test.on_null {
            return Ok(BooleanBuffer::new_set(length));
        }
        self.finish()?;
        let table: Vec<bool> = answers.iter().collect();
        let (mut truth, mut start) = (BooleanBufferBuilder::new(length), 0);
        for (keys, nulls) in &self.segments {
            let asked = candidates.slice(start.min(length), keys.len().min(length.saturating_sub(start)));
            start += keys.len();
            if asked.count_set_bits() == 0 {
                truth.append_n(keys.len(), false);
                continue;
            }
            let rows = match passing {
                0 => BooleanBuffer::new_unset(keys.len()),
                all if all == table.len() => BooleanBuffer::new_set(keys.len()),
                _ => BooleanBuffer::collect_bool(keys.len(), |row| table[keys[row] as usize]),
            };
            truth.append_buffer(&match nulls {
                None => rows,
                Some(nulls) if test.on_null => &rows | &!nulls.inner(),
                Some(nulls) => &rows & nulls.inner(),
            });
        }
        whole(truth.finish(), length)
    }

    /// The values that a test is asked about: those of the candidates, where these are few.
    fn asked(&mut self, values: usize, candidates: &BooleanBuffer) -> Result<BooleanBuffer> {
        if candidates.count_set_bits() >= values {
            return Ok(BooleanBuffer::new_set(values));
        }
        self.finish()?;
        let mut asked = vec![false; values];
        let (mut segment, mut start) = (0, 0);
        for row in candidates.set_indices() {
            while segment + 1 < self.segments.len() && row >= start + self.segments[segment].0.len() {
                start += self.segments[segment].0.len();
                segment += 1;
            }
            let (keys, nulls) = &self.segments[segment];
            if row - start < keys.len() && nulls.as_ref().is_none_or(|it| it.is_valid(row - start)) {
                asked[keys[row - start] as usize] = true;
            }
        }
        Ok(asked.into_iter().collect())
    }

    /// Decodes what is left.
    pub(super) fn finish(&mut self) -> Result<()> {
        while self.read_segment()? {}
        Ok(())
    }

    /// The values of some rows; the column is read to its end.
    pub(super) fn take(&self, rows: &UInt32Array) -> Result<ArrayRef> {
        let Some(values) = &self.values else { return Ok(new_null_array(&DataType::Utf8View, rows.len())) };
        let mut keys = UInt32Builder::with_capacity(rows.len());
        let (mut segment, mut start) = (0, 0);
        for row in rows.values() {
            let row = *row as usize;
            while segment + 1 < self.segments.len() && row >= start + self.segments[segment].0.len() {
                start += self.segments[segment].0.len();
                segment += 1;
            }
            let (numbers, nulls) = &self.segments[segment];
            let is_null = nulls.as_ref().is_some_and(|it| it.is_null(row - start));
            keys.append_option((!is_null).then(|| numbers[row - start] as u32));
        }
        let taken = take(values, &keys.finish(), None)?;
        Ok(compact(taken, rows.len() < values.len()))
    }

    fn read_segment(&mut self) -> Result<bool> {
        let Some(reader) = &mut self.reader else { return Ok(false) };
        let Some(batch) = next_batch(reader)? else {
            self.reader = None;
            return Ok(false);
        };
        let array = batch.column(0).as_dictionary_opt::<Int32Type>().ok_or_else(|| damaged(unexpected()))?;
        let values = array.values().as_string_opt::<i32>().ok_or_else(|| damaged(unexpected()))?;
        if !values.is_empty() && array.null_count() < array.len() {
            let identity = values.value_data().as_ptr() as usize;
            if self.values.is_none() {
                self.values = Some(conform(array.values(), Type::Text)?);
                self.identity = identity;
            } else if self.identity != identity {
                return Err(damaged(ParquetError::General("the column has a second dictionary".to_owned())));
            }
        }
        let keys = array.keys();
        self.segments.push((keys.values().clone(), keys.nulls().cloned()));
        Ok(true)
    }
}

/// A column as values.
pub(super) struct Plain {
    segments: Vec<ArrayRef>,
}

impl Plain {
    /// Reads all rows.
    pub(super) fn read(rows: &Rows<'_>, column: usize) -> Result<Self> {
        let mut reader = read_plain(rows, &[column], None, SEGMENT_ROWS)?;
        let mut segments = Vec::new();
        let mut left = rows.span.len();
        while left > 0 {
            let segment = reader.next(SEGMENT_ROWS.min(left), false)?.swap_remove(0);
            left -= segment.len();
            segments.push(segment);
        }
        Ok(Self { segments })
    }

    /// For which of the candidates a test holds.
    pub(super) fn rows(&self, test: &Test, candidates: &BooleanBuffer) -> Result<BooleanBuffer> {
        let mut truth = BooleanBufferBuilder::new(candidates.len());
        for segment in &self.segments {
            let asked = candidates.slice(truth.len(), segment.len());
            truth.append_buffer(&test.among(segment, &asked)?);
        }
        Ok(truth.finish())
    }

    /// The values of some rows.
    pub(super) fn take(&self, rows: &UInt32Array) -> Result<ArrayRef> {
        let (mut parts, mut start, mut from): (Vec<ArrayRef>, usize, usize) = (Vec::new(), 0, 0);
        for segment in &self.segments {
            let end = start + segment.len();
            let to = from + rows.values()[from..].partition_point(|it| (*it as usize) < end);
            if to > from {
                let places = rows.values()[from..to].iter().map(|it| it - start as u32);
                parts.push(take(segment, &UInt32Array::from_iter_values(places), None)?);
            }
            (start, from) = (end, to);
        }
        let parts: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
        Ok(compact(concat(&parts)?, true))
    }
}

/// Reads values of some columns, in batches.
pub(super) struct PlainReader<'a> {
    file: &'a TableFile,
    columns: Vec<usize>,
    /// None when the file has none of the columns.
    reader: Option<ParquetRecordBatchReader>,
}

/// Starts to read columns: all rows, or those of a selection over the whole row group.
pub(super) fn read_plain<'a>(
    rows: &Rows<'a>,
    columns: &[usize],
    selection: Option<RowSelection>,
    batch_rows: usize,
) -> Result<PlainReader<'a>> {
    let mut roots: Vec<usize> = columns.iter().flat_map(|it| rows.file.roots(*it)).collect();
    roots.sort_unstable();
    roots.dedup();
    let views = &rows.file.views;
    let reader = match (columns, roots.as_slice()) {
        (_, []) => None,
        ([column], [_]) if selection.is_none() => match rows.chunk(*column)? {
            Some(input) => Some(rows.reader(input, views, &roots, None, batch_rows)),
            None => Some(rows.reader(FileInput(Arc::clone(rows.input)), views, &roots, None, batch_rows)),
        },
        _ => Some(rows.reader(FileInput(Arc::clone(rows.input)), views, &roots, selection, batch_rows)),
    };
    Ok(PlainReader { file: rows.file, columns: columns.to_vec(), reader: reader.transpose().map_err(damaged)? })
}

impl PlainReader<'_> {
    /// The next rows, which are so many, as the table has them.
    pub(super) fn next(&mut self, rows: usize, is_sparse: bool) -> Result<Vec<ArrayRef>> {
        let Some(reader) = &mut self.reader else {
            let schema = EVENTS.arrow_schema();
            return Ok(self.columns.iter().map(|it| new_null_array(schema.field(*it).data_type(), rows)).collect());
        };
        let batch = next_batch(reader)?.filter(|it| it.num_rows() == rows);
        let batch = batch.ok_or_else(|| damaged(ParquetError::General("rows are missing".to_owned())))?;
        self.columns.iter().map(|it| Ok(compact(self.column(*it, &batch)?, is_sparse))).collect()
    }

    fn column(&self, column: usize, batch: &RecordBatch) -> Result<ArrayRef> {
        let files = self.file.file.columns();
        let by_root = |root: usize| batch.column_by_name(&files[root].name);
        if let Some(field) = EVENTS.fields.get(column) {
            let array = self.file.file.column_of(column).and_then(by_root);
            return Ok(match array {
                Some(array) => conform(array, field.value_type)?,
                None => new_null_array(&field.value_type.arrow(), batch.num_rows()),
            });
        }
        let (mut stored, mut others) = (None, Vec::new());
        for (root, file_column) in files.iter().enumerate() {
            match (&file_column.target, by_root(root)) {
                (Target::Properties, Some(array)) => stored = Some(array),
                (Target::Property(name), Some(array)) => others.push((Arc::clone(name), Arc::clone(array))),
                _ => {}
            }
        }
        Ok(properties(batch.num_rows(), stored, &others)?)
    }
}

impl Rows<'_> {
    fn reader<R: ChunkReader + 'static>(
        &self,
        input: R,
        metadata: &ArrowReaderMetadata,
        roots: &[usize],
        selection: Option<RowSelection>,
        batch_rows: usize,
    ) -> ParquetResult<ParquetRecordBatchReader> {
        guarded(|| {
            let mask = ProjectionMask::roots(metadata.parquet_schema(), roots.iter().copied());
            let total = usize::try_from(self.file.rows(self.row_group)).unwrap_or(usize::MAX);
            let is_part = self.span != (0..total);
            let part =
                is_part.then(|| RowSelection::from_consecutive_ranges(std::iter::once(self.span.clone()), total));
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(input, metadata.clone())
                .with_row_groups(vec![self.row_group])
                .with_projection(mask)
                .with_batch_size(batch_rows);
            match selection.or(part) {
                Some(selection) => builder.with_row_selection(selection).build(),
                None => builder.build(),
            }
        })
    }

    /// The bytes of a column, when they are few enough to be read at once.
    fn chunk(&self, column: usize) -> Result<Option<Chunk>> {
        let Some(chunk) = self.file.chunk(self.row_group, column) else { return Ok(None) };
        let (start, length) = guarded(|| Ok(chunk.byte_range())).map_err(damaged)?;
        if length > CHUNK_BYTES_MAX {
            return Ok(None);
        }
        let bytes = FileInput(Arc::clone(self.input)).get_bytes(start, usize::try_from(length).unwrap_or(usize::MAX));
        Ok(Some(Chunk { start, bytes: bytes.map_err(damaged)? }))
    }
}

fn next_batch(reader: &mut ParquetRecordBatchReader) -> Result<Option<RecordBatch>> {
    guarded(|| Ok(reader.next().transpose()?)).map_err(damaged)
}

/// Text views of few rows keep whole pages in memory: what they show is copied.
fn compact(array: ArrayRef, is_sparse: bool) -> ArrayRef {
    match array.as_string_view_opt() {
        Some(views) if is_sparse => Arc::new(views.gc()),
        _ => array,
    }
}

/// A mask of the expected length.
fn whole(mask: BooleanBuffer, length: usize) -> Result<BooleanBuffer> {
    if mask.len() == length {
        return Ok(mask);
    }
    Err(damaged(ParquetError::General("a column has another number of rows than its row group".to_owned())))
}

fn unexpected() -> ParquetError {
    ParquetError::General("a column is of another type than the directory of the file says".to_owned())
}

/// What is wrong with a file, as an error that [`super`] turns into a report of damage.
pub(super) fn damaged(error: ParquetError) -> EngineError {
    EngineError::Io { context: "damaged".to_owned(), source: std::io::Error::other(error) }
}

/// The file itself.
struct FileInput(Arc<File>);

impl Length for FileInput {
    fn len(&self) -> u64 {
        Length::len(self.0.as_ref())
    }
}

impl ChunkReader for FileInput {
    type T = <File as ChunkReader>::T;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        self.0.get_read(start)
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        if start.saturating_add(length as u64) > self.len() {
            return Err(ParquetError::EOF(format!("{length} bytes at byte {start} lie beyond the end of the file")));
        }
        self.0.get_bytes(start, length)
    }
}

/// The bytes of one column chunk, which are all that is asked for.
struct Chunk {
    start: u64,
    bytes: Bytes,
}

impl Chunk {
    fn from(&self, start: u64) -> ParquetResult<Bytes> {
        let place = start.checked_sub(self.start).and_then(|it| usize::try_from(it).ok());
        let place = place.filter(|it| *it <= self.bytes.len());
        let outside = || ParquetError::EOF(format!("byte {start} lies outside of its column"));
        Ok(self.bytes.slice(place.ok_or_else(outside)?..))
    }
}

impl Length for Chunk {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkReader for Chunk {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(self.from(start)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let bytes = self.from(start)?;
        if length > bytes.len() {
            return Err(ParquetError::EOF(format!(
                "{length} bytes at byte {start} lie beyond the end of their column"
            )));
        }
        Ok(bytes.slice(..length))
    }
}
