//! Events to columns: the record batches of the table `events`.

use std::borrow::Borrow;
use std::sync::Arc;

use arrow::array::{
    ArrayBuilder, ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, ListBuilder, MapArray, RecordBatch,
    RecordBatchOptions, StringViewBuilder, StructArray, new_null_array,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Fields, SchemaRef};
use schema::EVENTS;

use crate::{Event, Value};

/// The events of one batch, unless the caller says otherwise: memory is bounded by batches in flight.
pub const BATCH_EVENTS: usize = 8192;

/// No column takes this field.
const NOWHERE: u16 = u16::MAX;

/// Makes record batches of events: the chosen columns of `schema::EVENTS.arrow_schema()` in the chosen order.
#[derive(Clone, Debug)]
pub struct BatchBuilder {
    schema: SchemaRef,
    /// The column of each field.
    places: Box<[u16]>,
    locators: [Option<u16>; 3],
    properties: Option<u16>,
}

impl BatchBuilder {
    /// A builder for these columns, each an index of `EVENTS.arrow_schema()`, none twice.
    ///
    /// # Errors
    /// When an index is none of the schema.
    pub fn new(projection: &[usize]) -> Result<Self, arrow::error::ArrowError> {
        let schema = Arc::new(EVENTS.arrow_schema().project(projection)?);
        let mut places = vec![NOWHERE; EVENTS.fields.len() + 1];
        for (place, &column) in projection.iter().enumerate() {
            places[column] = place as u16;
        }
        let place = |column: usize| Some(places[column]).filter(|it| *it != NOWHERE);
        let locators = ["$file", "$record", "$offset"].map(|it| EVENTS.position(it).and_then(place));
        let properties = place(EVENTS.properties_column());
        Ok(Self { schema, places: places.into(), locators, properties })
    }

    /// The columns of the batches.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// One row for each event, in order.
    pub fn build<E: Borrow<Event>>(&self, events: &[E]) -> RecordBatch {
        let mut columns: Vec<_> =
            self.schema.fields().iter().map(|it| Column::new(it.data_type(), events.len())).collect();
        for (row, event) in events.iter().map(Borrow::borrow).enumerate() {
            for (field, value) in &event.fields {
                let place = self.places.get(usize::from(*field)).copied().unwrap_or(NOWHERE);
                if let Some(column) = columns.get_mut(usize::from(place)) {
                    column.append(row, value);
                }
            }
            self.append_locator(row, event, &mut columns);
            if let Some(place) = self.properties {
                columns[usize::from(place)].append_properties(row, event);
            }
        }
        let arrays = columns.into_iter().map(|it| it.finish(events.len())).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(events.len()));
        RecordBatch::try_new_with_options(self.schema(), arrays, &options)
            .expect("every column has the type of its field and a row for each event")
    }

    fn append_locator(&self, row: usize, event: &Event, columns: &mut [Column]) {
        let [file, record, offset] = self.locators;
        if let Some(place) = file {
            columns[usize::from(place)].append_text(row, &event.locator.file);
        }
        for (place, number) in [(record, event.locator.record), (offset, event.locator.offset)] {
            if let Some(place) = place {
                columns[usize::from(place)].append(row, &Value::Integer(number as i64));
            }
        }
    }
}

/// A column in the making. `rows` counts the rows that have been appended; those between are null.
struct Column {
    rows: usize,
    values: Values,
}

enum Values {
    Text(StringViewBuilder),
    Integer(Int64Builder),
    Double(Float64Builder),
    Boolean(BooleanBuilder),
    Integers(ListBuilder<Int64Builder>),
    Properties(Box<Pairs>),
    /// A type that no event has a value of.
    Nothing(DataType),
}

/// The map column: keys and values of all rows, and where each row ends.
struct Pairs {
    keys: StringViewBuilder,
    values: StringViewBuilder,
    ends: Vec<i32>,
    entries: Fields,
}

impl Pairs {
    fn new(entry: &DataType, rows: usize) -> Self {
        let entries = match entry {
            DataType::Struct(fields) => fields.clone(),
            _ => Fields::empty(),
        };
        Self {
            keys: StringViewBuilder::new(),
            values: StringViewBuilder::new(),
            ends: Vec::with_capacity(rows),
            entries,
        }
    }

    /// Ends so many rows here.
    fn end(&mut self, rows: usize) {
        let end = i32::try_from(self.keys.len()).expect("a batch has fewer than two thousand million properties");
        self.ends.extend(std::iter::repeat_n(end, rows));
    }

    fn finish(mut self) -> MapArray {
        let offsets = OffsetBuffer::new(std::iter::once(0).chain(self.ends).collect());
        let entry = Field::new("entries", DataType::Struct(self.entries.clone()), false);
        let arrays: Vec<ArrayRef> = vec![Arc::new(self.keys.finish()), Arc::new(self.values.finish())];
        MapArray::new(Arc::new(entry), offsets, StructArray::new(self.entries, arrays, None), None, false)
    }
}

impl Column {
    fn new(data_type: &DataType, rows: usize) -> Self {
        let values = match data_type {
            DataType::Utf8View => Values::Text(StringViewBuilder::with_capacity(rows)),
            DataType::Int64 => Values::Integer(Int64Builder::with_capacity(rows)),
            DataType::Float64 => Values::Double(Float64Builder::with_capacity(rows)),
            DataType::Boolean => Values::Boolean(BooleanBuilder::with_capacity(rows)),
            DataType::List(item) if *item.data_type() == DataType::Int64 => {
                Values::Integers(ListBuilder::new(Int64Builder::new()).with_field(Arc::clone(item)))
            }
            DataType::Map(entry, _) => Values::Properties(Box::new(Pairs::new(entry.data_type(), rows))),
            other => Values::Nothing(other.clone()),
        };
        Self { rows: 0, values }
    }

    /// Appends nulls up to this row.
    fn pad(&mut self, row: usize) {
        let missing = row - self.rows;
        self.rows = row;
        match &mut self.values {
            Values::Text(it) => (0..missing).for_each(|_| it.append_null()),
            Values::Integer(it) => it.append_nulls(missing),
            Values::Double(it) => it.append_nulls(missing),
            Values::Boolean(it) => it.append_nulls(missing),
            Values::Integers(it) => (0..missing).for_each(|_| it.append_null()),
            Values::Properties(it) => it.end(missing),
            Values::Nothing(_) => {}
        }
    }

    /// Appends a value. One that the type of the column does not hold is null; a number in a column of text is decimal.
    fn append(&mut self, row: usize, value: &Value) {
        self.pad(row);
        match (&mut self.values, value) {
            (Values::Text(_), value) => {
                if let Some(text) = value.as_text() {
                    self.append_text(row, &text);
                }
                return;
            }
            (Values::Integer(it), Value::Integer(number)) => it.append_value(*number),
            (Values::Double(it), Value::Double(number)) => it.append_value(*number),
            (Values::Double(it), Value::Integer(number)) => it.append_value(*number as f64),
            (Values::Boolean(it), Value::Boolean(flag)) => it.append_value(*flag),
            (Values::Integers(it), Value::Integers(numbers)) => {
                it.values().append_slice(numbers);
                it.append(true);
            }
            _ => return,
        }
        self.rows = row + 1;
    }

    fn append_text(&mut self, row: usize, text: &str) {
        self.pad(row);
        if let Values::Text(it) = &mut self.values {
            // Fails for a text over 4 GiB only; readers bound records far below.
            if it.try_append_value(text).is_ok() {
                self.rows = row + 1;
            }
        }
    }

    fn append_properties(&mut self, row: usize, event: &Event) {
        self.pad(row);
        if let Values::Properties(it) = &mut self.values {
            for (key, value) in &event.properties {
                it.keys.append_value(key);
                it.values.append_value(value);
            }
            it.end(1);
            self.rows = row + 1;
        }
    }

    fn finish(mut self, rows: usize) -> ArrayRef {
        self.pad(rows);
        match self.values {
            Values::Text(mut it) => Arc::new(it.finish()),
            Values::Integer(mut it) => Arc::new(it.finish()),
            Values::Double(mut it) => Arc::new(it.finish()),
            Values::Boolean(mut it) => Arc::new(it.finish()),
            Values::Integers(mut it) => Arc::new(it.finish()),
            Values::Properties(it) => Arc::new(it.finish()),
            Values::Nothing(data_type) => new_null_array(&data_type, rows),
        }
    }
}
