//! Computes a call over the example events: reads it, lowers it and runs it, aggregates included.

use std::sync::Arc;

use datafusion_common::arrow::array::{Array, ArrayRef, RecordBatch};
use datafusion_common::arrow::datatypes::{DataType, Field, Schema};
use datafusion_common::tree_node::{Transformed, TreeNode};
use datafusion_common::{DFSchema, ScalarValue};
use datafusion_expr::execution_props::ExecutionProps;
use datafusion_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion_expr::utils::find_aggregate_exprs;
use datafusion_expr::{Expr, col};
use datafusion_physical_expr::aggregate::AggregateExprBuilder;
use datafusion_physical_expr::create_physical_expr;
use schema::Type;

use super::super::{EXAMPLE_ROWS, find};
use crate::{Argument, Environment};

/// The value of a call, as a literal of AQL: an aggregate over all rows, another function over the first.
pub(super) fn evaluate(environment: &Environment, call: &str) -> Result<String, String> {
    evaluate_rows(environment, call).map(|mut it| it.swap_remove(0))
}

/// The values of a call over the rows.
pub(super) fn evaluate_rows(environment: &Environment, call: &str) -> Result<Vec<String>, String> {
    let mut reader = Reader { environment, rest: call };
    let argument = reader.argument()?;
    if !reader.rest.trim().is_empty() {
        return Err(format!("left over: {}", reader.rest));
    }
    let batch = example_batch();
    let mut expr = argument.expr;
    for aggregate in find_aggregate_exprs([&expr]) {
        let value = aggregate_value(&aggregate, &batch).map_err(|it| it.to_string())?;
        let replaced = expr.transform(|it| {
            let is_it = it == aggregate;
            Ok(if is_it { Transformed::yes(Expr::Literal(value.clone(), None)) } else { Transformed::no(it) })
        });
        expr = replaced.map_err(|it| it.to_string())?.data;
    }
    let values = row_values(&expr, &batch).map_err(|it| it.to_string())?;
    let wanted = argument.value_type.arrow();
    match values.iter().find(|it| !it.is_null() && it.data_type() != wanted && !is_text(it)) {
        Some(value) => Err(format!("{} instead of {:?}", value.data_type(), argument.value_type)),
        None => Ok(values.iter().map(literal).collect()),
    }
}

fn is_text(value: &ScalarValue) -> bool {
    value.try_as_str().is_some()
}

/// Reads calls, names and literals.
struct Reader<'a> {
    environment: &'a Environment,
    rest: &'a str,
}

impl Reader<'_> {
    fn argument(&mut self) -> Result<Argument, String> {
        self.rest = self.rest.trim_start();
        if let Some(text) = self.rest.strip_prefix('\'') {
            let end = text.find('\'').ok_or("no closing quote")?;
            self.rest = &text[end + 1..];
            return Ok(text_literal(&text[..end]));
        }
        let end = self.rest.find(|it: char| !it.is_alphanumeric() && !"_:.-".contains(it)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        match self.rest.strip_prefix('(') {
            Some(rest) => {
                self.rest = rest;
                self.call(word)
            }
            None => name_or_number(word),
        }
    }

    fn call(&mut self, name: &str) -> Result<Argument, String> {
        let function = find(name).ok_or(format!("no function {name}"))?;
        let mut arguments = Vec::new();
        self.rest = self.rest.strip_prefix('*').unwrap_or(self.rest);
        while !self.rest.starts_with(')') {
            arguments.push(self.argument()?);
            self.rest = self.rest.trim_start_matches([',', ' ']);
        }
        self.rest = &self.rest[1..];
        let (least, most) = function.arity();
        if arguments.len() < least || most.is_some_and(|it| arguments.len() > it) {
            return Err(format!("{name} takes {least} to {most:?} arguments"));
        }
        for (position, argument) in arguments.iter().enumerate() {
            let parameter = function.parameter(position).ok_or("no parameter")?;
            if !parameter.accepts(argument.value_type) {
                return Err(format!("{name} does not take {:?}", argument.value_type));
            }
        }
        let types: Vec<Type> = arguments.iter().map(|it| it.value_type).collect();
        let value_type = function.returns.resolve(&types);
        Ok(Argument { expr: function.lower(self.environment, arguments)?, value_type })
    }
}

fn text_literal(text: &str) -> Argument {
    let value = ScalarValue::Utf8View(Some(text.to_owned()));
    Argument { expr: Expr::Literal(value, None), value_type: Type::Text }
}

fn name_or_number(word: &str) -> Result<Argument, String> {
    let literal = |value, value_type| Ok(Argument { expr: Expr::Literal(value, None), value_type });
    if let Ok(value) = word.parse() {
        return literal(ScalarValue::Int64(Some(value)), Type::Integer);
    }
    if let Ok(value) = word.parse() {
        return literal(ScalarValue::Float64(Some(value)), Type::Double);
    }
    match (word, EXAMPLE_ROWS.iter().find(|it| it.name == word)) {
        ("NULL" | "null", _) => literal(ScalarValue::Null, Type::Null),
        ("true" | "false", _) => literal(ScalarValue::Boolean(Some(word == "true")), Type::Boolean),
        (_, Some(field)) => Ok(Argument { expr: col(word), value_type: field.value_type }),
        _ => Err(format!("no field {word}")),
    }
}

/// The example events.
fn example_batch() -> RecordBatch {
    let mut fields = Vec::new();
    let mut columns: Vec<ArrayRef> = Vec::new();
    for field in EXAMPLE_ROWS {
        let data_type = field.value_type.arrow();
        fields.push(Field::new(field.name, data_type.clone(), true));
        let values = field.values.iter().map(|it| scalar(it, &data_type));
        columns.push(ScalarValue::iter_to_array(values).expect("one type for each field"));
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("four values for each field")
}

fn scalar(literal: &str, data_type: &DataType) -> ScalarValue {
    let Some(list) = literal.strip_prefix('[') else {
        let text = (literal != "null").then(|| literal.trim_matches('\'').to_owned());
        let is_null_list = text.is_none() && matches!(data_type, DataType::List(_));
        return if is_null_list {
            ScalarValue::try_new_null(data_type)
        } else {
            ScalarValue::Utf8(text).cast_to(data_type)
        }
        .expect("example values fit their type");
    };
    let numbers = list.trim_end_matches(']').split(", ").filter_map(|it| it.parse().ok());
    let numbers: Vec<ScalarValue> = numbers.map(|it| ScalarValue::Int64(Some(it))).collect();
    ScalarValue::List(ScalarValue::new_list_nullable(&numbers, &DataType::Int64))
}

fn row_values(expr: &Expr, batch: &RecordBatch) -> datafusion_common::Result<Vec<ScalarValue>> {
    let schema = DFSchema::try_from(batch.schema())?;
    let physical = create_physical_expr(expr, &schema, &ExecutionProps::new(), &PhysicalPlanningContext::default())?;
    let array = physical.evaluate(batch)?.to_array(batch.num_rows())?;
    (0..batch.num_rows()).map(|row| ScalarValue::try_from_array(&array, row)).collect()
}

fn aggregate_value(expr: &Expr, batch: &RecordBatch) -> datafusion_common::Result<ScalarValue> {
    let Expr::AggregateFunction(aggregate) = expr else {
        return Err(datafusion_common::DataFusionError::Internal("not an aggregate".to_owned()));
    };
    let schema = DFSchema::try_from(batch.schema())?;
    let parameters = &aggregate.params;
    let arguments: Vec<_> = parameters
        .args
        .iter()
        .map(|it| create_physical_expr(it, &schema, &ExecutionProps::new(), &PhysicalPlanningContext::default()))
        .collect::<Result<_, _>>()?;
    let ignore_nulls = parameters.null_treatment == Some(datafusion_expr::expr::NullTreatment::IgnoreNulls);
    let physical = AggregateExprBuilder::new(Arc::clone(&aggregate.func), arguments.clone())
        .schema(batch.schema())
        .alias("value")
        .with_distinct(parameters.distinct)
        .with_ignore_nulls(ignore_nulls)
        .build()?;
    let mut accumulator = physical.create_accumulator()?;
    let values: Vec<ArrayRef> =
        arguments.iter().map(|it| it.evaluate(batch)?.to_array(batch.num_rows())).collect::<Result<_, _>>()?;
    accumulator.update_batch(&values)?;
    accumulator.evaluate()
}

fn literal(value: &ScalarValue) -> String {
    match value {
        _ if value.is_null() => "null".to_owned(),
        ScalarValue::Float64(Some(value)) => format!("{value:?}"),
        ScalarValue::List(list) => {
            let values = list.value(0);
            let items: Vec<String> = (0..values.len())
                .map(|it| literal(&ScalarValue::try_from_array(&values, it).expect("within the list")))
                .collect();
            format!("[{}]", items.join(", "))
        }
        _ if is_text(value) => format!("'{value}'"),
        _ => value.to_string(),
    }
}
