//! Rows that plans give while the pass goes on, held until its end: few in memory, the others in temporary files.

use std::collections::VecDeque;
use std::sync::Arc;

use datafusion_common::arrow::array::{Array, AsArray, RecordBatch, RecordBatchOptions};
use datafusion_common::arrow::datatypes::{DataType, SchemaRef};
use datafusion_common::arrow::error::ArrowError;
use datafusion_execution::{SendableRecordBatchStream, SpillFile};
use datafusion_physical_plan::SpillManager;
use datafusion_physical_plan::metrics::{ExecutionPlanMetricsSet, SpillMetrics};
use datafusion_physical_plan::spill::get_record_batch_memory_size;

use crate::Result;
use crate::runtime::Runtime;

/// Rows of one plan in the order in which they were given.
pub(super) struct Held {
    batches: VecDeque<RecordBatch>,
    bytes: usize,
    /// The most bytes that are held in memory.
    bytes_max: usize,
    files: VecDeque<Arc<dyn SpillFile>>,
    /// The file that is read.
    reading: Option<SendableRecordBatchStream>,
    disk: SpillManager,
}

impl Held {
    /// Nothing yet, of rows of this schema. More than `bytes_max` bytes go to disk.
    pub(super) fn new(schema: SchemaRef, bytes_max: usize, runtime: &Runtime) -> Self {
        let metrics = SpillMetrics::new(&ExecutionPlanMetricsSet::new(), 0);
        let disk = SpillManager::new(runtime.environment(), metrics, schema);
        Self { batches: VecDeque::new(), bytes: 0, bytes_max, files: VecDeque::new(), reading: None, disk }
    }

    /// Adds rows.
    pub(super) fn push(&mut self, batch: &RecordBatch) -> Result<()> {
        let batch = compact(batch)?;
        self.bytes += get_record_batch_memory_size(&batch);
        self.batches.push_back(batch);
        if self.bytes > self.bytes_max {
            let batches: Vec<_> = self.batches.drain(..).collect();
            self.files.extend(self.disk.spill_record_batch_and_finish(&batches, "rows that wait for the end")?);
            self.bytes = 0;
        }
        Ok(())
    }

    /// The next rows, which are held no more.
    pub(super) fn next(&mut self, runtime: &Runtime) -> Option<Result<RecordBatch>> {
        loop {
            if let Some(batch) = self.reading.as_mut().and_then(|it| runtime.next(it)) {
                return Some(batch);
            }
            self.reading = None;
            let Some(file) = self.files.pop_front() else { return self.batches.pop_front().map(Ok) };
            match self.disk.read_spill_as_stream_unbuffered(file, None) {
                Ok(stream) => self.reading = Some(stream),
                Err(error) => return Some(Err(error.into())),
            }
        }
    }
}

/// The same rows without the texts of others: a filter leaves the texts of all rows behind the few that it keeps.
pub(super) fn compact(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let columns = batch.columns().iter().map(|it| match it.data_type() {
        DataType::Utf8View => Arc::new(it.as_string_view().gc()) as _,
        _ => Arc::clone(it),
    });
    let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(batch.schema(), columns.collect(), &rows)
}
