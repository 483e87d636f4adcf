//! The columns of the generated events, filled row by row and handed over as record batches.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use engine::arrow::array::{ArrayBuilder, ArrayRef, Int64Builder, RecordBatch, StringBuilder};
use engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use schema::EVENTS;

/// A column; its name is the one at the same place of [`NAMES`].
#[derive(Clone, Copy, Debug)]
pub(super) enum Column {
    StartTime,
    LogSourceType,
    LogSource,
    Qid,
    Category,
    Severity,
    EventId,
    Channel,
    Machine,
    User,
    SourceIp,
    DestinationIp,
    DestinationPort,
    LogonType,
    ProcessPath,
    ProcessId,
    Command,
    ParentProcessPath,
    ParentCommand,
    RegistryKey,
    ServiceName,
    ServiceFile,
    ServiceAccount,
    LoadedImage,
    FilePath,
}

/// How many columns there are.
pub(in crate::bench) const COLUMNS: usize = 25;

/// The names in `schema::EVENTS`.
static NAMES: [&str; COLUMNS] = [
    "starttime",
    "devicetype",
    "logsourceid",
    "qid",
    "category",
    "severity",
    "Event ID",
    "qideventcategory",
    "Machine Identifier",
    "username",
    "sourceip",
    "destinationip",
    "destinationport",
    "Logon Type",
    "Process Path",
    "Process ID",
    "Command",
    "Parent Process Path",
    "Parent Command",
    "Registry Key",
    "Service Name",
    "Service Filename",
    "Service Account",
    "Loaded Image",
    "File Path",
];

/// The schema of the files: text as plain strings, which every program reads.
pub(super) fn file_schema() -> Result<SchemaRef> {
    let fields = NAMES.iter().map(|name| {
        let position = EVENTS.position(name).with_context(|| format!("no field `{name}` in `events`"))?;
        let data_type = match EVENTS.fields[position].value_type.arrow() {
            DataType::Utf8View => DataType::Utf8,
            other => other,
        };
        Ok(Field::new(*name, data_type, true))
    });
    Ok(Arc::new(Schema::new(fields.collect::<Result<Vec<_>>>()?)))
}

/// A batch in the making. What a row does not set is null.
pub(super) struct Batch {
    schema: SchemaRef,
    columns: Vec<Values>,
    /// Rows that are finished.
    rows: usize,
}

enum Values {
    Text(StringBuilder),
    Number(Int64Builder),
}

impl Batch {
    pub(super) fn new(schema: SchemaRef) -> Result<Self> {
        let columns = schema.fields().iter().map(|field| match field.data_type() {
            DataType::Utf8 => Ok(Values::Text(StringBuilder::new())),
            DataType::Int64 => Ok(Values::Number(Int64Builder::new())),
            other => bail!("column `{}` has the type {other}", field.name()),
        });
        Ok(Self { columns: columns.collect::<Result<_>>()?, schema, rows: 0 })
    }

    /// Sets a column of text of the current row.
    pub(super) fn text(&mut self, column: Column, text: &str) {
        if let Values::Text(values) = &mut self.columns[column as usize] {
            values.append_value(text);
        }
    }

    /// Sets a column of numbers of the current row.
    pub(super) fn number(&mut self, column: Column, number: i64) {
        if let Values::Number(values) = &mut self.columns[column as usize] {
            values.append_value(number);
        }
    }

    /// Ends the current row.
    pub(super) fn end_row(&mut self) {
        self.rows += 1;
        for column in &mut self.columns {
            match column {
                Values::Text(values) if values.len() < self.rows => values.append_null(),
                Values::Number(values) if values.len() < self.rows => values.append_null(),
                Values::Text(_) | Values::Number(_) => {}
            }
        }
    }

    /// The rows since the last call.
    pub(super) fn take(&mut self) -> Result<RecordBatch> {
        self.rows = 0;
        let arrays = self.columns.iter_mut().map(|column| match column {
            Values::Text(values) => Arc::new(values.finish()) as ArrayRef,
            Values::Number(values) => Arc::new(values.finish()),
        });
        Ok(RecordBatch::try_new(Arc::clone(&self.schema), arrays.collect())?)
    }
}
