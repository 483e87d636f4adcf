//! Logical plans of every kind that AQL lowers to, run over a small table in memory.

use std::sync::Arc;

use datafusion_common::arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringViewArray};
use datafusion_common::arrow::datatypes::Int64Type;
use datafusion_common::arrow::util::pretty::pretty_format_batches;
use datafusion_expr::logical_plan::builder::LogicalTableSource;
use datafusion_expr::{Expr, LogicalPlanBuilder, col, in_subquery, lit, not_in_subquery};
use datafusion_functions_aggregate::expr_fn::{count, sum};
use engine::{MEMORY_DEFAULT, MemoryTable, Tables, execute};

/// Four rows in batches of `rows` each.
fn tables(rows: usize) -> Tables {
    let id: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), Some(2), None, Some(4)]));
    let name: ArrayRef = Arc::new(StringViewArray::from(vec![Some("a"), Some("b"), Some("a"), None]));
    let size: ArrayRef = Arc::new(Int64Array::from(vec![10, 20, 30, 40]));
    let whole =
        RecordBatch::try_from_iter_with_nullable([("id", id, true), ("name", name, true), ("size", size, true)])
            .expect("the columns have the same length");
    let batches = (0..4).step_by(rows).map(|it| whole.slice(it, rows.min(4 - it))).collect();
    Tables::default().with("events", Arc::new(MemoryTable::new(whole.schema(), batches)))
}

fn events() -> LogicalPlanBuilder {
    let schema = tables(4).get("events").expect("the table is there").schema();
    LogicalPlanBuilder::scan("events", Arc::new(LogicalTableSource::new(schema)), None).expect("a scan without filters")
}

/// Runs the plan over batches of one, three and four rows.
fn check(plan: LogicalPlanBuilder, expected: &[&str]) {
    let plan = plan.build().expect("the plan is valid");
    for rows in [1, 3, 4] {
        let batches: Vec<_> = execute(plan.clone(), &tables(rows), MEMORY_DEFAULT)
            .expect("the plan runs")
            .collect::<engine::Result<_>>()
            .expect("the plan ends");
        let text = pretty_format_batches(&batches).expect("the rows can be shown").to_string();
        let lines: Vec<_> = text.lines().filter(|it| !it.starts_with('+')).skip(1).collect();
        assert_eq!(lines, expected, "in batches of {rows}");
    }
}

fn builder(step: datafusion_common::Result<LogicalPlanBuilder>) -> LogicalPlanBuilder {
    step.expect("the step is valid")
}

#[test]
fn filter_and_projection() {
    let plan = builder(events().filter(col("size").gt(lit(10_i64)).and(col("name").eq(lit("a")))));
    check(builder(plan.project([(col("size") + lit(1_i64)).alias("more")])), &["| 31   |"]);
}

#[test]
fn a_filter_on_null_is_not_true() {
    let plan = builder(events().filter(Expr::Not(Box::new(col("id").eq(lit(1_i64))))));
    check(builder(plan.project([col("size")])), &["| 20   |", "| 40   |"]);
}

#[test]
fn grouping_and_having() {
    let plan = builder(events().aggregate([col("name")], [sum(col("size")).alias("total"), count(col("id"))]));
    let plan = builder(plan.filter(col("total").gt(lit(10_i64))));
    let plan = builder(plan.sort([col("total").sort(false, false), col("name").sort(true, true)]));
    check(
        builder(plan.project([col("name"), col("total")])),
        &["|      | 40    |", "| a    | 40    |", "| b    | 20    |"],
    );
}

#[test]
fn sort_puts_nulls_first_and_limit_cuts() {
    let plan = builder(events().sort([col("id").sort(true, true)]));
    let plan = builder(plan.limit(0, Some(2)));
    check(builder(plan.project([col("id"), col("size")])), &["|    | 30   |", "| 1  | 10   |"]);
}

#[test]
fn sub_select_in_from_and_in_list() {
    let inner = builder(builder(events().filter(col("size").gt(lit(20_i64)))).project([col("name")]));
    let inner = Arc::new(inner.build().expect("the plan is valid"));
    let outer = builder(builder(events().project([col("name"), col("size")])).alias("inner"));
    let plan = builder(outer.filter(in_subquery(col("name"), Arc::clone(&inner))));
    check(builder(plan.project([col("size")])), &["| 10   |", "| 30   |"]);
    // A null among the values makes NOT IN unknown for every row.
    let plan = builder(events().filter(not_in_subquery(col("name"), inner)));
    check(builder(plan.project([col("size")])), &[]);
}

#[test]
fn an_unknown_table_is_an_error() {
    let schema = tables(4).get("events").expect("the table is there").schema();
    let plan = LogicalPlanBuilder::scan("flows", Arc::new(LogicalTableSource::new(schema)), None)
        .and_then(LogicalPlanBuilder::build)
        .expect("the plan is valid");
    let error = execute(plan, &tables(4), MEMORY_DEFAULT).expect_err("there are no flows");
    assert_eq!(error.to_string(), "the input has no table `flows`");
}

#[test]
fn sorts_and_groups_that_do_not_fit_go_to_disk() {
    let rows = 300_000_i64;
    let schema = events().schema().inner().clone();
    let batches = (0..rows / 10_000).map(|batch| {
        let ids: Vec<i64> = (0..10_000).map(|it| (batch * 10_000 + it) * 7_919 % rows).collect();
        let names = StringViewArray::from_iter_values(ids.iter().map(|it| format!("a name of some length {it}")));
        let id: ArrayRef = Arc::new(Int64Array::from(ids.clone()));
        let size: ArrayRef = Arc::new(Int64Array::from(ids));
        RecordBatch::try_new(Arc::clone(&schema), vec![id, Arc::new(names), size]).expect("the columns fit")
    });
    let table = MemoryTable::new(Arc::clone(&schema), batches.collect());
    let tables = Tables::default().with("events", Arc::new(table));
    let sorted = builder(events().sort([col("id").sort(true, true)]));
    let grouped = builder(events().aggregate([col("name")], [sum(col("size")).alias("id")]));
    let grouped = builder(builder(grouped.sort([col("id").sort(true, true)])).project([col("id")]));
    for (number, plan) in [sorted, grouped].into_iter().enumerate() {
        let plan = plan.build().expect("the plan is valid");
        let mut next = 0;
        for batch in execute(plan, &tables, 16 << 20).expect("the plan runs") {
            let batch = batch.unwrap_or_else(|error| panic!("plan {number}: {error}"));
            for id in batch.column(0).as_primitive::<Int64Type>().values() {
                assert_eq!(*id, next);
                next += 1;
            }
        }
        assert_eq!(next, rows);
    }
}
