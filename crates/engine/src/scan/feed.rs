//! Plans that are fed from the pass of a scan: each batch is given to all of them, and each eats it before the next.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use datafusion_common::arrow::array::RecordBatch;
use datafusion_common::arrow::datatypes::SchemaRef;
use datafusion_common::{DataFusionError, Result as PlanResult};
use datafusion_execution::SendableRecordBatchStream;
use datafusion_expr::LogicalPlan;
use datafusion_physical_plan::stream::RecordBatchStreamAdapter;

use super::held;
use crate::physical::{Planner, prepare};
use crate::runtime::Runtime;
use crate::table::Request;
use crate::{Result, Table, Tables};

/// Batches on their way to one scan of a plan: the parts of one, unless the plan waits for something else.
#[derive(Default)]
struct Queue {
    batches: VecDeque<RecordBatch>,
    closed: bool,
    waker: Option<Waker>,
}

/// The table `events` of one plan.
#[derive(Default)]
struct FeedTable {
    /// The columns of the batches, by their position in the whole schema.
    projection: Vec<usize>,
    queues: Mutex<Vec<Arc<Mutex<Queue>>>>,
}

/// A plan that is fed.
pub(super) struct Feed {
    table: Arc<FeedTable>,
    stream: SendableRecordBatchStream,
    schema: SchemaRef,
    runtime: Arc<Runtime>,
}

impl Feed {
    /// Starts a plan over batches of these columns. Sub-selects in IN are resolved already.
    pub(super) fn start(
        plan: LogicalPlan,
        others: &Tables,
        projection: Vec<usize>,
        runtime: &Arc<Runtime>,
    ) -> Result<Self> {
        let table = Arc::new(FeedTable { projection, queues: Mutex::default() });
        let tables = others.clone().with("events", Arc::clone(&table) as _);
        let plan = Planner::new(&tables).plan(&prepare(plan)?)?;
        let stream = runtime.start(&plan)?;
        Ok(Self { table, stream, schema: plan.schema(), runtime: Arc::clone(runtime) })
    }

    /// Names and types of the columns of the result.
    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Gives a batch to the plan; gives back the rows that it made.
    pub(super) fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>> {
        // Little memory means small batches: a plan must have room for some of them.
        let rows = self.runtime.batch_rows();
        for start in (0..batch.num_rows()).step_by(rows) {
            let part = batch.slice(start, rows.min(batch.num_rows() - start));
            self.table.for_each(|queue| queue.batches.push_back(part.clone()));
        }
        let table = Arc::clone(&self.table);
        self.runtime.drive(&mut self.stream, move || table.is_idle())
    }

    /// Tells the plan that there is no more.
    pub(super) fn close(&self) {
        self.table.for_each(|queue| queue.closed = true);
    }

    /// The next rows of a plan that is closed.
    pub(super) fn next(&mut self) -> Option<Result<RecordBatch>> {
        self.runtime.next(&mut self.stream)
    }

    /// Where it runs.
    pub(super) fn runtime(&self) -> &Runtime {
        &self.runtime
    }
}

impl FeedTable {
    fn queues(&self) -> MutexGuard<'_, Vec<Arc<Mutex<Queue>>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn for_each(&self, change: impl Fn(&mut Queue)) {
        for queue in self.queues().iter() {
            let mut queue = lock(queue);
            change(&mut queue);
            if let Some(waker) = queue.waker.take() {
                waker.wake();
            }
        }
    }

    fn is_idle(&self) -> bool {
        self.queues().iter().all(|it| lock(it).batches.is_empty())
    }
}

fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for FeedTable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("FeedTable").field("projection", &self.projection).finish_non_exhaustive()
    }
}

impl Table for FeedTable {
    fn schema(&self) -> SchemaRef {
        schema::EVENTS.arrow_schema()
    }

    fn open(&self, request: Request) -> PlanResult<SendableRecordBatchStream> {
        let position = |column| self.projection.iter().position(|it| it == column);
        let columns: Option<Vec<usize>> = request.columns.iter().map(position).collect();
        let columns = columns.ok_or_else(|| {
            DataFusionError::Internal("a column that the scan does not read was asked for".to_owned())
        })?;
        let queue = Arc::new(Mutex::new(Queue::default()));
        self.queues().push(Arc::clone(&queue));
        let schema = Arc::clone(&request.schema);
        let batches = futures::stream::poll_fn(move |context| {
            let mut queue = lock(&queue);
            match queue.batches.pop_front() {
                Some(batch) => Poll::Ready(Some(batch)),
                None if queue.closed => Poll::Ready(None),
                None => {
                    queue.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        });
        let rows = futures::StreamExt::map(batches, move |batch| {
            Ok(held::compact(&request.keep(&batch.project(&columns)?)?)?)
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, rows)))
    }
}
