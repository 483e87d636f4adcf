//! Whole plans: scan, time, filter, sessions, grouping, HAVING, order, limit, columns.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion_common::arrow::datatypes::{Field, Schema};
use datafusion_common::{DFSchema, DFSchemaRef, ScalarValue};
use datafusion_expr::expr::Sort as SortExpr;
use datafusion_expr::logical_plan::{
    Aggregate, EmptyRelation, Extension, Filter, Limit, LogicalPlan, Projection, Sort, TableScanBuilder,
};
use datafusion_expr::{Expr, Operator, lit};
use datafusion_functions::string::expr_fn::lower;
use schema::{Database, PROPERTIES, Type};

use super::aggregate::{Groups, aggregate_name, key_name};
use super::expr::{Lowerer, balanced, binary, column, converted};
use super::session::Clauses;
use super::{LowerError, LowerOptions, SessionBoundary, SessionNode};
use crate::DatabaseTable;
use crate::bound::{self, Query, Source, Subquery};

type Planned = Result<LogicalPlan, LowerError>;

/// The field that the time clause bounds and that orders rows without ORDER BY.
const TIME: &str = "starttime";
/// The same for `simarc`.
const TIME_OF_SIMARC: &str = "lastpackettime";

/// The plan of a query.
pub(super) fn plan(query: &Query, options: &LowerOptions<'_>) -> Planned {
    let mut lowerer = Lowerer::new(query, options);
    let mut plan = source(query, options)?;
    if let Some(range) = time_filter(query, options) {
        plan = filtered(plan, range)?;
    }
    if let Some(filter) = &query.filter {
        plan = filtered(plan, lowerer.filter(filter)?)?;
    }
    if let Some(session) = &query.session {
        plan = sessions(&mut lowerer, plan, session)?;
    }
    if query.is_aggregating() {
        return aggregated(lowerer, plan);
    }
    if let Some(having) = &query.having {
        plan = filtered(plan, lowerer.condition(having)?)?;
    }
    let columns = columns(&mut lowerer)?;
    let order = order(&mut lowerer, options)?;
    finished(query, plan, order, columns)
}

/// Lowers all expressions and forgets them.
pub(super) fn check(query: &Query, options: &LowerOptions<'_>) -> Result<(), LowerError> {
    if let Source::Query(inner) = &query.source {
        check(inner, options)?;
    }
    let mut lowerer = Lowerer::new(query, options);
    let session = query.session.iter().flat_map(bound::Session::roots);
    for expr in query.filter.iter().chain(&query.group_by).chain(session) {
        lowerer.condition(expr)?;
    }
    if query.is_aggregating() {
        lowerer.groups = Some(Groups::new(&query.group_by));
    }
    let columns = query.columns.iter().map(|it| &it.expr);
    let orders = query.order_by.iter().map(|it| &it.expr);
    for expr in columns.chain(&query.having).chain(orders) {
        if !matches!(expr.kind, bound::ExprKind::Field(_)) {
            lowerer.condition(expr)?;
        }
    }
    Ok(())
}

/// The plan of a sub-select in IN: one column of the type that is compared, at most as many rows as IN takes.
pub(super) fn values(subquery: &Subquery, options: &LowerOptions<'_>) -> Planned {
    let options = LowerOptions { newest_first: true, ..*options };
    let mut plan = plan(&subquery.query, &options)?;
    if let [column_of_query] = subquery.query.columns.as_slice() {
        let from = column_of_query.expr.value_type;
        if from.arrow() != subquery.value_type.arrow() {
            let value = converted(column(&column_of_query.name), from, subquery.value_type);
            plan =
                LogicalPlan::Projection(Projection::try_new(vec![value.alias(&column_of_query.name)], Arc::new(plan))?);
        }
    }
    limited(plan, Subquery::ROWS_MAX)
}

fn source(query: &Query, options: &LowerOptions<'_>) -> Planned {
    match &query.source {
        Source::Database(database) => scan(query, database, options),
        Source::Query(inner) => plan(inner, options),
        Source::GlobalView { .. } => {
            let properties = Field::new(PROPERTIES, schema::properties_type(), true);
            let schema = Arc::new(DFSchema::try_from(Schema::new(vec![properties]))?);
            Ok(LogicalPlan::EmptyRelation(EmptyRelation { produce_one_row: false, schema }))
        }
    }
}

/// The scan of the columns that are read. A query that reads none, such as COUNT(*), reads the time.
fn scan(query: &Query, database: &'static Database, options: &LowerOptions<'_>) -> Planned {
    let mut columns = query.fields_read();
    let needs_time = time_filter(query, options).is_some() || is_newest_first(query, options);
    if query.reads_properties() {
        columns.push(database.properties_column());
    }
    if needs_time || columns.is_empty() {
        columns.extend(database.position(time_field(database)));
    }
    columns.sort_unstable();
    columns.dedup();
    let table = Arc::new(DatabaseTable::new(database));
    let scan = TableScanBuilder::new(database.name, table).with_projection(Some(columns)).build()?;
    Ok(LogicalPlan::TableScan(scan))
}

/// The name of the field that the time clause bounds.
fn time_field(database: &Database) -> &'static str {
    if database.position(TIME).is_some() { TIME } else { TIME_OF_SIMARC }
}

/// The time clause as a condition.
fn time_filter(query: &Query, options: &LowerOptions<'_>) -> Option<Expr> {
    let Source::Database(database) = &query.source else { return None };
    let range = options.time?(query.window.as_ref())?;
    let time = || column(time_field(database));
    let from = (range.start != i64::MIN).then(|| binary(time(), Operator::GtEq, lit(range.start)));
    let to = (range.stop != i64::MAX).then(|| binary(time(), Operator::LtEq, lit(range.stop)));
    let bounds: Vec<Expr> = from.into_iter().chain(to).collect();
    (!bounds.is_empty()).then(|| balanced(bounds, Operator::And))
}

fn filtered(plan: LogicalPlan, predicate: Expr) -> Planned {
    Ok(LogicalPlan::Filter(Filter::try_new(predicate, Arc::new(plan))?))
}

fn sessions(lowerer: &mut Lowerer<'_>, plan: LogicalPlan, session: &bound::Session) -> Planned {
    let mut boundary = |it: &Option<bound::Boundary>| -> Result<Option<SessionBoundary>, LowerError> {
        let Some(bound::Boundary { explicit, condition }) = it else { return Ok(None) };
        Ok(Some(SessionBoundary { explicit: *explicit, condition: lowerer.condition(condition)? }))
    };
    let (begin, end) = (boundary(&session.begin)?, boundary(&session.end)?);
    let keys = session.keys.iter().map(|it| lowerer.expr(it)).collect::<Result<_, _>>()?;
    let time = converted(lowerer.expr(&session.time)?, session.time.value_type, Type::Integer);
    let clauses = Clauses { time, keys, begin, end, timeout_ms: session.timeout_ms, window_ms: session.window_ms };
    let node = SessionNode::new(Arc::new(plan), clauses)?;
    Ok(LogicalPlan::Extension(Extension { node: Arc::new(node) }))
}

/// Groups, HAVING, order, limit and columns.
fn aggregated(mut lowerer: Lowerer<'_>, input: LogicalPlan) -> Planned {
    let query = lowerer.query;
    let mut keys = Vec::with_capacity(query.group_by.len());
    for (position, key) in query.group_by.iter().enumerate() {
        keys.push(lowerer.expr(key)?.alias(key_name(position)));
    }
    lowerer.groups = Some(Groups::new(&query.group_by));
    let columns = columns(&mut lowerer)?;
    let having = query.having.as_ref().map(|it| lowerer.condition(it)).transpose()?;
    let options = LowerOptions { newest_first: false, ..*lowerer.options };
    let order = order(&mut lowerer, &options)?;
    let aggregates = lowerer.groups.map(|it| it.aggregates).unwrap_or_default();
    let aggregates = aggregates.into_iter().enumerate().map(|(position, it)| it.alias(aggregate_name(position)));
    let mut plan = LogicalPlan::Aggregate(Aggregate::try_new(Arc::new(input), keys, aggregates.collect())?);
    if let Some(having) = having {
        plan = filtered(plan, having)?;
    }
    finished(query, plan, order, columns)
}

/// The selected columns under their names.
fn columns(lowerer: &mut Lowerer<'_>) -> Result<Vec<Expr>, LowerError> {
    let query = lowerer.query;
    query.columns.iter().map(|it| Ok(lowerer.expr(&it.expr)?.alias(&it.name))).collect()
}

/// The sort keys. Ascending puts nulls first, descending last.
fn order(lowerer: &mut Lowerer<'_>, options: &LowerOptions<'_>) -> Result<Vec<SortExpr>, LowerError> {
    let query = lowerer.query;
    let mut keys = Vec::with_capacity(query.order_by.len());
    for sort in &query.order_by {
        if sort.expr.as_literal().is_some() {
            continue;
        }
        let key = lowerer.expr(&sort.expr)?;
        let key_of = |expr| SortExpr { expr, asc: !sort.descending, nulls_first: !sort.descending };
        if sort.collate.is_some() && sort.expr.value_type == Type::Text {
            keys.push(key_of(lower(key.clone())));
        }
        keys.push(key_of(key));
    }
    if let (true, Source::Database(database)) = (is_newest_first(query, options), &query.source) {
        keys.push(SortExpr { expr: column(time_field(database)), asc: false, nulls_first: false });
    }
    Ok(keys)
}

fn is_newest_first(query: &Query, options: &LowerOptions<'_>) -> bool {
    let is_table = matches!(query.source, Source::Database(_));
    let is_ordered = query.order_by.iter().any(|it| it.expr.as_literal().is_none());
    options.newest_first && is_table && !is_ordered && query.session.is_none() && !query.is_aggregating()
}

/// Order, limit and columns. The order may read what is not selected, so it comes first.
fn finished(query: &Query, mut plan: LogicalPlan, order: Vec<SortExpr>, columns: Vec<Expr>) -> Planned {
    if !order.is_empty() {
        plan = LogicalPlan::Sort(Sort { expr: order, input: Arc::new(plan), fetch: None });
    }
    if let Some(limit) = query.limit {
        plan = limited(plan, usize::try_from(limit).unwrap_or(usize::MAX))?;
    }
    if columns.is_empty() {
        return Ok(plan);
    }
    Ok(LogicalPlan::Projection(Projection::try_new_with_schema(columns, Arc::new(plan), output(query)?)?))
}

/// The columns of the result. Their types are known, and DataFusion would take the square of their number to find them.
fn output(query: &Query) -> Result<DFSchemaRef, LowerError> {
    let field = |it: &bound::Column| Field::new(&it.name, it.expr.value_type.arrow(), true);
    let fields: Vec<Field> = query.columns.iter().map(field).collect();
    Ok(Arc::new(DFSchema::from_unqualified_fields(fields.into(), HashMap::new())?))
}

#[expect(clippy::unnecessary_wraps, reason = "stands among steps that can fail")]
fn limited(plan: LogicalPlan, rows: usize) -> Planned {
    let fetch = Expr::Literal(ScalarValue::Int64(Some(i64::try_from(rows).unwrap_or(i64::MAX))), None);
    Ok(LogicalPlan::Limit(Limit { skip: None, fetch: Some(Box::new(fetch)), input: Arc::new(plan) }))
}
