//! Apache Parquet: events that `prospero ingest` or another program put into columns.
//!
//! The rows are events already, so they are not normalised again. Row groups are read one after the other, each in
//! batches of [`BATCH_ROWS`] rows; one that is damaged is reported and the next is read.

use std::collections::VecDeque;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, Length};
use schema::{EVENTS, Type};

use super::{Items, ReadOptions, Reader};
use crate::event_file::{EventFile, Target, conform, guarded, properties, reason};
use crate::input::{Content, Head, Seekable};
use crate::normalise::columns;
use crate::{Body, Damage, Item, Locator, RawEvent, StoredEvent, Value};

pub(super) static READER: Reader = Reader {
    names: &["parquet"],
    description: "Apache Parquet, as `ingest` and other programs write it",
    recognises,
    in_pieces: false,
    read,
};

/// Rows that are decoded at a time.
const BATCH_ROWS: usize = 1024;

fn recognises(head: &Head) -> bool {
    head.bytes.starts_with(b"PAR1")
}

fn read(content: &Content, options: &ReadOptions) -> Result<Items, Damage> {
    let damage = |reason: String| Damage { file: content.file.clone(), offset: 0, record: None, reason };
    let input = RandomAccess::new(content.seekable()?).map_err(|error| damage(error.to_string()))?;
    let file = EventFile::open(&input, false).map_err(|error| damage(reason(&error)))?;
    Ok(Box::new(ParquetReader {
        name: content.file.clone(),
        input,
        mask: mask(&file, options.payload),
        file,
        row_group: 0,
        row: 0,
        batches: None,
        items: VecDeque::new(),
    }))
}

/// All columns that an event can hold; the original text only where it is wanted.
fn mask(file: &EventFile, payload: bool) -> ProjectionMask {
    let is_wanted = |target: &Target| match target {
        Target::Field(field) => payload || *field != columns().payload,
        Target::Nothing => false,
        _ => true,
    };
    let roots = file.columns().iter().enumerate().filter(|(_, it)| is_wanted(&it.target)).map(|(root, _)| root);
    ProjectionMask::roots(file.metadata().file_metadata().schema_descr(), roots)
}

struct ParquetReader {
    name: Arc<str>,
    input: RandomAccess,
    file: EventFile,
    mask: ProjectionMask,
    /// The row group that is read next.
    row_group: usize,
    /// Rows before the next batch, over the whole file.
    row: u64,
    batches: Option<ParquetRecordBatchReader>,
    items: VecDeque<Item>,
}

impl Iterator for ParquetReader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Some(item);
            }
            match &mut self.batches {
                None if self.row_group == self.file.metadata().num_row_groups() => return None,
                None => self.open_row_group(),
                Some(batches) => match guarded(|| batches.next().transpose().map_err(ParquetError::from)) {
                    Ok(Some(batch)) => self.take(&batch),
                    Ok(None) => self.batches = None,
                    Err(error) => self.give_up(&error),
                },
            }
        }
    }
}

impl ParquetReader {
    fn open_row_group(&mut self) {
        let before = self.file.metadata().row_groups().iter().take(self.row_group);
        self.row = before.map(|it| u64::try_from(it.num_rows()).unwrap_or(0)).sum();
        let row_group = self.row_group;
        self.row_group += 1;
        let opened = guarded(|| {
            let metadata = self.file.reader_metadata(Arc::clone(self.file.schema()))?;
            ParquetRecordBatchReaderBuilder::new_with_metadata(self.input.clone(), metadata)
                .with_row_groups(vec![row_group])
                .with_projection(self.mask.clone())
                .with_batch_size(BATCH_ROWS)
                .build()
        });
        match opened {
            Ok(batches) => self.batches = Some(batches),
            Err(error) => self.give_up(&error),
        }
    }

    /// The rest of a row group cannot be read.
    fn give_up(&mut self, error: &ParquetError) {
        self.batches = None;
        let row_group = self.row_group - 1;
        let offset = self.file.metadata().row_group(row_group).file_offset().and_then(|it| u64::try_from(it).ok());
        self.items.push_back(Item::Damage(Damage {
            file: Arc::clone(&self.name),
            offset: offset.unwrap_or(0),
            record: Some(self.row + 1),
            reason: format!("row group {} cannot be read from here on: {}", row_group + 1, reason(error)),
        }));
    }

    fn take(&mut self, batch: &RecordBatch) {
        match guarded(|| Ok(events(&self.file, &self.name, self.row, batch)?)) {
            Ok(events) => self.items.extend(events.into_iter().map(Item::Event)),
            Err(error) => self.give_up(&error),
        }
        self.row += batch.num_rows() as u64;
    }
}

/// The rows of a batch as events. Without columns that say where an event stood it stands in this file.
fn events(
    file: &EventFile,
    name: &Arc<str>,
    first_row: u64,
    batch: &RecordBatch,
) -> Result<Vec<RawEvent>, arrow::error::ArrowError> {
    let mut stored = vec![StoredEvent::default(); batch.num_rows()];
    let mut locators = Locators::default();
    let mut payloads = None;
    let (mut map, mut others) = (None, Vec::new());
    for (column, array) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        match file.columns().iter().find(|it| *it.name == **column.name()).map(|it| &it.target) {
            Some(Target::Field(index)) => {
                let field = &EVENTS.fields[usize::from(*index)];
                let array = conform(array, field.value_type)?;
                match field.name {
                    "payload" => payloads = Some(array),
                    "$file" => locators.file = Some(array),
                    "$record" => locators.record = Some(array),
                    "$offset" => locators.offset = Some(array),
                    _ => fill(*index, field.value_type, &array, &mut stored),
                }
            }
            Some(Target::Properties) => map = Some(array),
            Some(Target::Property(name)) => others.push((Arc::clone(name), Arc::clone(array))),
            Some(Target::Nothing) | None => {}
        }
    }
    if map.is_some() || !others.is_empty() {
        fill_properties(&properties(batch.num_rows(), map, &others)?, &mut stored);
    }
    let event = |(row, mut event): (usize, StoredEvent)| {
        event.fields.sort_unstable_by_key(|it| it.0);
        let payload = payloads.as_ref().and_then(|it| text(it, row));
        let locator = locators.at(row, name, first_row + row as u64 + 1);
        RawEvent { locator, payload, body: Body::Stored(Box::new(event)) }
    };
    Ok(stored.into_iter().enumerate().map(event).collect())
}

/// The columns that say where an event stood.
#[derive(Default)]
struct Locators {
    file: Option<ArrayRef>,
    record: Option<ArrayRef>,
    offset: Option<ArrayRef>,
}

impl Locators {
    fn at(&self, row: usize, name: &Arc<str>, number: u64) -> Locator {
        let value = |it: &Option<ArrayRef>| it.as_ref().and_then(|it| integer(it, row)).map(|it| it as u64);
        match self.file.as_ref().and_then(|it| text(it, row)) {
            Some(file) => Locator {
                file,
                record: value(&self.record).unwrap_or(number),
                offset: value(&self.offset).unwrap_or(0),
            },
            None => Locator { file: Arc::clone(name), record: number, offset: 0 },
        }
    }
}

/// Gives each event its value of a column.
fn fill(field: u16, value_type: Type, array: &ArrayRef, events: &mut [StoredEvent]) {
    for (row, event) in events.iter_mut().enumerate() {
        if let Some(value) = value(array, value_type, row) {
            event.fields.push((field, value));
        }
    }
}

fn value(array: &ArrayRef, value_type: Type, row: usize) -> Option<Value> {
    if array.is_null(row) {
        return None;
    }
    match value_type.arrow() {
        DataType::Int64 => integer(array, row).map(Value::Integer),
        DataType::Float64 => Some(Value::Double(array.as_primitive::<Float64Type>().value(row))),
        DataType::Boolean => Some(Value::Boolean(array.as_boolean().value(row))),
        DataType::Utf8View => text(array, row).map(Value::Text),
        DataType::List(_) => {
            let items = array.as_list::<i32>().value(row);
            Some(Value::Integers(items.as_primitive_opt::<Int64Type>()?.values().to_vec()))
        }
        _ => None,
    }
}

fn integer(array: &ArrayRef, row: usize) -> Option<i64> {
    array.is_valid(row).then(|| array.as_primitive_opt::<Int64Type>().map(|it| it.value(row))).flatten()
}

fn text(array: &ArrayRef, row: usize) -> Option<Arc<str>> {
    array.is_valid(row).then(|| array.as_string_view_opt().map(|it| it.value(row).into())).flatten()
}

fn fill_properties(map: &ArrayRef, events: &mut [StoredEvent]) {
    let Some(map) = map.as_map_opt() else { return };
    let (keys, values, offsets) = (map.keys().as_string_view(), map.values().as_string_view(), map.value_offsets());
    for (row, event) in events.iter_mut().enumerate().filter(|(row, _)| map.is_valid(*row)) {
        for entry in offsets[row] as usize..offsets[row + 1] as usize {
            if values.is_valid(entry) {
                event.properties.push((keys.value(entry).into(), values.value(entry).into()));
            }
        }
    }
}

/// A file, or the copy of a compressed one, for the Parquet reader.
#[derive(Clone)]
struct RandomAccess {
    inner: Arc<Mutex<Seekable>>,
    length: u64,
}

impl RandomAccess {
    fn new(mut seekable: Seekable) -> io::Result<Self> {
        let length = seekable.seek(SeekFrom::End(0))?;
        Ok(Self { inner: Arc::new(Mutex::new(seekable)), length })
    }
}

impl Length for RandomAccess {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for RandomAccess {
    type T = BufReader<Section>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(BufReader::new(Section { input: self.clone(), position: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        if start.saturating_add(length as u64) > self.length {
            return Err(ParquetError::EOF(format!("{length} bytes at byte {start} lie beyond the end of the file")));
        }
        let mut bytes = vec![0; length];
        Section { input: self.clone(), position: start }.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// The bytes from a position on.
struct Section {
    input: RandomAccess,
    position: u64,
}

impl Read for Section {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut input = self.input.inner.lock().unwrap_or_else(PoisonError::into_inner);
        input.seek(SeekFrom::Start(self.position))?;
        let count = input.read(buffer)?;
        self.position += count as u64;
        Ok(count)
    }
}
