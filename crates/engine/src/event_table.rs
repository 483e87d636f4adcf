//! The table `events` over a source: only the wanted columns are built, and rows are filtered by the threads that read.

use std::sync::{Arc, Mutex, PoisonError};

use datafusion_common::arrow::array::RecordBatch;
use datafusion_common::arrow::datatypes::SchemaRef;
use datafusion_common::{DataFusionError, Result as PlanResult};
use datafusion_execution::SendableRecordBatchStream;
use datafusion_physical_plan::stream::RecordBatchStreamAdapter;
use ingest::BatchBuilder;

use crate::pass::{Looks, Pass};
use crate::table::Request;
use crate::{EngineError, EventSource, ReadSettings, ReadStatistics, Table, Wanted};

/// Events of a source as a table. Statistics are those of the first pass: a second one reads the same.
#[derive(Debug)]
pub struct EventTable {
    source: Arc<dyn EventSource>,
    settings: ReadSettings,
    statistics: Arc<Mutex<ReadStatistics>>,
    counted: Mutex<bool>,
}

impl EventTable {
    /// The table of a source.
    pub fn new(source: Arc<dyn EventSource>, settings: ReadSettings) -> Self {
        Self { source, settings, statistics: Arc::default(), counted: Mutex::new(false) }
    }

    /// What was read so far.
    pub fn statistics(&self) -> ReadStatistics {
        self.statistics.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where this pass counts what it reads: only the first does.
    fn counter(&self) -> Option<Arc<Mutex<ReadStatistics>>> {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let first = !std::mem::replace(&mut *counted, true);
        first.then(|| Arc::clone(&self.statistics))
    }
}

impl Table for EventTable {
    fn schema(&self) -> SchemaRef {
        schema::EVENTS.arrow_schema()
    }

    fn open(&self, request: Request) -> PlanResult<SendableRecordBatchStream> {
        let schema = Arc::clone(&request.schema);
        let mut columns = request.columns.clone();
        // The pass itself may restrict by time.
        columns.extend(schema::EVENTS.position("starttime"));
        let builder = BatchBuilder::new(&request.columns)?;
        let work =
            move |looks: &Looks<'_>| -> crate::Result<RecordBatch> { Ok(request.keep(&builder.build(looks.events))?) };
        let counter = self.counter();
        let pass =
            Pass::start(&self.source, &self.settings, Wanted::columns(columns), Arc::new(work)).map_err(external)?;
        let batches = pass.filter_map(move |chunk| {
            if let Some(counter) = &counter {
                counter.lock().unwrap_or_else(PoisonError::into_inner).append(chunk.statistics);
            }
            chunk.result.map(|it| it.map_err(external))
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, futures::stream::iter(batches))))
    }
}

/// Carries one of our errors through DataFusion.
pub(crate) fn external(error: EngineError) -> DataFusionError {
    match error {
        EngineError::Plan(error) => *error,
        other => DataFusionError::External(Box::new(other)),
    }
}
