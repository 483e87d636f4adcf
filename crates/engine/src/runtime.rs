//! Where plans run: one thread, a bounded memory pool, and temporary files for what does not fit.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use datafusion_common::arrow::array::RecordBatch;
use datafusion_execution::config::SessionConfig;
use datafusion_execution::memory_pool::FairSpillPool;
use datafusion_execution::runtime_env::RuntimeEnvBuilder;
use datafusion_execution::{SendableRecordBatchStream, TaskContext};
use datafusion_physical_plan::ExecutionPlan;
use futures::{Stream, StreamExt};

use crate::{EngineError, Result};

/// Rows of a batch.
pub const BATCH_ROWS: usize = 8192;

/// Memory for sorting and grouping when nothing else is asked for, in bytes.
pub const MEMORY_DEFAULT: usize = 1 << 30;

/// The most bytes that sorting and grouping may write to temporary files.
const TEMPORARY_BYTES_MAX: u64 = 200 << 30;

/// A single-threaded executor with its memory pool.
#[derive(Debug)]
pub(crate) struct Runtime {
    executor: tokio::runtime::Runtime,
    context: Arc<TaskContext>,
}

impl Runtime {
    /// A runtime whose sorts and aggregates use up to `memory` bytes and then spill.
    pub(crate) fn new(memory: usize) -> Result<Self> {
        let executor = tokio::runtime::Builder::new_current_thread()
            .build()
            .map_err(|source| EngineError::Io { context: "cannot start the query engine".to_owned(), source })?;
        let environment = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(FairSpillPool::new(memory)))
            .with_max_temp_directory_size(TEMPORARY_BYTES_MAX)
            .build_arc()?;
        let config = SessionConfig::new()
            .with_target_partitions(1)
            .with_batch_size(BATCH_ROWS)
            .with_sort_spill_reservation_bytes(memory / 4);
        let context = Arc::new(TaskContext::new(
            None,
            "prospero".to_owned(),
            config,
            HashMap::new(),
            HashMap::new(),
            HashMap::new(),
            HashMap::new(),
            environment,
        ));
        Ok(Self { executor, context })
    }

    /// Starts a plan.
    pub(crate) fn start(&self, plan: &Arc<dyn ExecutionPlan>) -> Result<SendableRecordBatchStream> {
        let _entered = self.executor.enter();
        Ok(plan.execute(0, Arc::clone(&self.context))?)
    }

    /// Waits for the next batch of a plan.
    pub(crate) fn next(&self, stream: &mut SendableRecordBatchStream) -> Option<Result<RecordBatch>> {
        let batch = self.executor.block_on(stream.next())?;
        Some(batch.map_err(EngineError::from))
    }

    /// Drives a plan until `idle` says that it has eaten all there is for now; gives the batches that it made.
    pub(crate) fn drive(
        &self,
        stream: &mut SendableRecordBatchStream,
        idle: impl Fn() -> bool,
    ) -> Result<Vec<RecordBatch>> {
        let mut batches = Vec::new();
        self.executor.block_on(futures::future::poll_fn(|context| {
            loop {
                match Pin::new(&mut *stream).poll_next(context) {
                    Poll::Ready(Some(Ok(batch))) => batches.push(batch),
                    Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(EngineError::from(error))),
                    Poll::Ready(None) => return Poll::Ready(Ok(())),
                    Poll::Pending if idle() => return Poll::Ready(Ok(())),
                    Poll::Pending => return Poll::Pending,
                }
            }
        }))?;
        Ok(batches)
    }
}
