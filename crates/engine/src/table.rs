//! What plans read: a table that can be opened for a pass over its rows.

use std::fmt::Debug;
use std::sync::Arc;

use datafusion_common::Result;
use datafusion_common::arrow::array::RecordBatch;
use datafusion_common::arrow::datatypes::SchemaRef;
use datafusion_execution::SendableRecordBatchStream;
use datafusion_physical_plan::PhysicalExpr;
use datafusion_physical_plan::filter::batch_filter;
use datafusion_physical_plan::stream::RecordBatchStreamAdapter;

/// What one pass over a table is to yield.
#[derive(Clone, Debug)]
pub struct Request {
    /// Indices of the wanted columns, in the order in which they are wanted.
    pub columns: Vec<usize>,
    /// The wanted columns.
    pub schema: SchemaRef,
    /// Only rows for which this is true, over the wanted columns. Null is not true.
    pub filter: Option<Arc<dyn PhysicalExpr>>,
}

impl Request {
    /// The rows of a batch of the wanted columns that pass the filter.
    pub fn keep(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        match &self.filter {
            Some(filter) => batch_filter(batch, filter),
            None => Ok(batch.clone()),
        }
    }
}

/// A table: `events`, `flows` or `simarc`. It may be opened more than once, by a sub-select for instance.
pub trait Table: Debug + Send + Sync {
    /// All of its columns.
    fn schema(&self) -> SchemaRef;
    /// Starts a pass over its rows.
    fn open(&self, request: Request) -> Result<SendableRecordBatchStream>;
}

/// The tables that a plan may name, by their names in lower case.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    tables: Vec<(String, Arc<dyn Table>)>,
}

impl Tables {
    /// The databases that logs do not have, without rows.
    pub fn without_events() -> Self {
        let others = schema::DATABASES.iter().filter(|it| it.name != schema::EVENTS.name);
        others.fold(Self::default(), |tables, it| {
            tables.with(it.name, Arc::new(MemoryTable::new(it.arrow_schema(), Vec::new())))
        })
    }

    /// Adds a table.
    #[must_use]
    pub fn with(mut self, name: &str, table: Arc<dyn Table>) -> Self {
        self.tables.push((name.to_lowercase(), table));
        self
    }

    /// The table of this name.
    pub fn get(&self, name: &str) -> Option<&Arc<dyn Table>> {
        self.tables.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, table)| table)
    }
}

/// A table held in memory.
#[derive(Debug)]
pub struct MemoryTable {
    schema: SchemaRef,
    batches: Arc<[RecordBatch]>,
}

impl MemoryTable {
    /// A table of these rows; all batches have the columns of `schema`.
    pub fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self { schema, batches: batches.into() }
    }
}

impl Table for MemoryTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn open(&self, request: Request) -> Result<SendableRecordBatchStream> {
        let batches = Arc::clone(&self.batches);
        let schema = Arc::clone(&request.schema);
        let rows = (0..batches.len()).map(move |it| {
            let batch = batches[it].project(&request.columns)?;
            request.keep(&batch)
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, futures::stream::iter(rows))))
    }
}
