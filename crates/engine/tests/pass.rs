//! The table of events gives the same rows in any size of chunk and on any number of threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use datafusion_common::arrow::array::AsArray;
use datafusion_common::arrow::datatypes::Int64Type;
use datafusion_expr::logical_plan::builder::LogicalTableSource;
use datafusion_expr::{LogicalPlanBuilder, col, lit};
use engine::{EventTable, MEMORY_DEFAULT, MemorySource, ReadSettings, Tables, execute};
use ingest::{Event, Locator, Value};

fn position(name: &str) -> u16 {
    let index = schema::EVENTS.position(name).expect("the field exists");
    u16::try_from(index).expect("there are fewer fields")
}

/// Three files of events whose number is their start time; every third has no user.
fn source() -> MemorySource {
    let mut number = 0;
    let parts = [5, 0, 300].into_iter().enumerate().map(|(part, count)| {
        let file: Arc<str> = format!("file{part}").into();
        let events = (0..count).map(|record| {
            number += 1;
            let mut fields = vec![(position("starttime"), Value::Integer(number))];
            if number % 3 != 0 {
                fields.push((position("username"), Value::Text(format!("user{}", number % 5).into())));
            }
            fields.sort_unstable_by_key(|(index, _)| *index);
            let locator = Locator { file: Arc::clone(&file), record, offset: 0 };
            Event { locator, fields, properties: vec![("Extra".into(), number.to_string().into())] }
        });
        (Arc::clone(&file), events.collect())
    });
    MemorySource::new(parts.collect())
}

/// Start times of the events of `user1`.
fn times(settings: ReadSettings) -> (Vec<i64>, engine::ReadStatistics) {
    let table = Arc::new(EventTable::new(Arc::new(source()), settings));
    let events = Arc::new(LogicalTableSource::new(schema::EVENTS.arrow_schema()));
    let plan = LogicalPlanBuilder::scan("events", events, None)
        .and_then(|it| it.filter(col("username").eq(lit("user1"))))
        .and_then(|it| it.project([col("starttime")]))
        .and_then(LogicalPlanBuilder::build)
        .expect("the plan is valid");
    let rows = execute(plan, &Tables::default().with("events", Arc::clone(&table) as _), MEMORY_DEFAULT);
    let mut times = Vec::new();
    for batch in rows.expect("the plan runs") {
        times.extend(batch.expect("nothing fails").column(0).as_primitive::<Int64Type>().values());
    }
    (times, table.statistics())
}

#[test]
fn chunks_and_threads_do_not_matter() {
    let expected: Vec<i64> = (1..=305).filter(|it| it % 3 != 0 && it % 5 == 1).collect();
    for threads in [1, 2, 7] {
        for chunk_rows in [1, 3, 64, 8192] {
            let (times, statistics) = times(ReadSettings { threads, chunk_rows, ..ReadSettings::default() });
            assert_eq!(times, expected, "{threads} threads, chunks of {chunk_rows}");
            assert_eq!((statistics.files, statistics.events, statistics.cancelled), (3, 305, false));
        }
    }
}

#[test]
fn since_and_until_are_included() {
    let (times, _) = times(ReadSettings { since: Some(11), until: Some(26), ..ReadSettings::default() });
    assert_eq!(times, [11, 16, 26]);
}

#[test]
fn a_cancelled_pass_ends() {
    let cancel = Arc::new(AtomicBool::new(false));
    cancel.store(true, Ordering::Relaxed);
    let (times, _) = times(ReadSettings { cancel, ..ReadSettings::default() });
    assert!(times.is_empty());
}
