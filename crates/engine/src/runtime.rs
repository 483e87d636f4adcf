//! Where plans run: one thread, a bounded memory pool, and temporary files for what does not fit.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use datafusion_common::DataFusionError;
use datafusion_common::arrow::array::RecordBatch;
use datafusion_execution::config::SessionConfig;
use datafusion_execution::memory_pool::FairSpillPool;
use datafusion_execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
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

/// The part of the memory that is for rows which wait for the end of a pass: one in so many.
const HELD_PART: usize = 16;
/// The part of what a plan may have that a sort keeps for merging what it wrote to disk: one in so many.
const MERGE_PART: usize = 4;
/// The most temporary files that are merged at a time: DataFusion takes as many as fit in the memory, and then has none
/// left to compare their rows.
const FILES_MERGED_MAX: usize = 8;
/// Memory of a plan for each row of a batch, in bytes: where plans share the memory batches may be smaller, since merging
/// what went to disk needs some of them at a time.
const BYTES_FOR_A_ROW: usize = 8 * 1024;
/// The fewest rows of a batch.
const BATCH_ROWS_MIN: usize = 128;

/// A single-threaded executor with its memory pool.
#[derive(Debug)]
pub(crate) struct Runtime {
    executor: tokio::runtime::Runtime,
    context: Arc<TaskContext>,
    memory: usize,
    plans: usize,
}

impl Runtime {
    /// A runtime whose sorts and aggregates use up to `memory` bytes and then spill.
    pub(crate) fn new(memory: usize) -> Result<Self> {
        Self::with_pool(memory, 1, memory)
    }

    /// The same for so many plans that run side by side, each of which has its share of the memory, and holds rows.
    pub(crate) fn for_plans(memory: usize, plans: usize) -> Result<Self> {
        Self::with_pool(memory, plans.max(1), memory - memory / HELD_PART)
    }

    fn with_pool(memory: usize, plans: usize, pool: usize) -> Result<Self> {
        let share = pool / plans;
        let rows = if plans > 1 { (share / BYTES_FOR_A_ROW).clamp(BATCH_ROWS_MIN, BATCH_ROWS) } else { BATCH_ROWS };
        let executor = tokio::runtime::Builder::new_current_thread()
            .build()
            .map_err(|source| EngineError::Io { context: "cannot start the query engine".to_owned(), source })?;
        let environment = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(FairSpillPool::new(pool)))
            .with_max_temp_directory_size(TEMPORARY_BYTES_MAX)
            .build_arc()?;
        environment.disk_manager.set_max_spill_merge_fan_in(FILES_MERGED_MAX);
        let config = SessionConfig::new()
            .with_target_partitions(1)
            .with_batch_size(rows)
            .with_sort_spill_reservation_bytes(share / MERGE_PART);
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
        Ok(Self { executor, context, memory, plans })
    }

    /// The memory pool and the temporary files.
    pub(crate) fn environment(&self) -> Arc<RuntimeEnv> {
        self.context.runtime_env()
    }

    /// The most bytes of rows that a plan may have in memory while they wait for the end of a pass.
    pub(crate) fn held_bytes_max(&self) -> usize {
        self.memory / HELD_PART / self.plans
    }

    /// The most rows of a batch.
    pub(crate) fn batch_rows(&self) -> usize {
        self.context.session_config().batch_size()
    }

    /// What went wrong in a plan.
    fn failure(&self, error: DataFusionError) -> EngineError {
        match error.find_root() {
            DataFusionError::ResourcesExhausted(message) => {
                EngineError::Memory { memory: self.memory, plans: self.plans, message: message.clone() }
            }
            _ => error.into(),
        }
    }

    /// Starts a plan.
    pub(crate) fn start(&self, plan: &Arc<dyn ExecutionPlan>) -> Result<SendableRecordBatchStream> {
        let _entered = self.executor.enter();
        Ok(plan.execute(0, Arc::clone(&self.context))?)
    }

    /// Waits for the next batch of a plan.
    pub(crate) fn next(&self, stream: &mut SendableRecordBatchStream) -> Option<Result<RecordBatch>> {
        let batch = self.executor.block_on(stream.next())?;
        Some(batch.map_err(|error| self.failure(error)))
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
                    Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(self.failure(error))),
                    Poll::Ready(None) => return Poll::Ready(Ok(())),
                    Poll::Pending if idle() => return Poll::Ready(Ok(())),
                    Poll::Pending => return Poll::Pending,
                }
            }
        }))?;
        Ok(batches)
    }
}
