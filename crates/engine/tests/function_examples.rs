//! Every example of the function catalogue, run as a query over the example events: the whole road from text to rows.

use std::sync::Arc;

use aql::functions::{EXAMPLE_NOW, EXAMPLE_ROWS, FUNCTIONS};
use aql::{Environment, Lower, LowerOptions, Options};
use datafusion_common::ScalarValue;
use engine::arrow::array::{Array, ArrayRef, RecordBatch, new_null_array};
use engine::arrow::datatypes::{DataType, Field};
use engine::{MEMORY_DEFAULT, MemoryTable, Tables, execute};

#[test]
fn examples_give_their_values_as_queries() {
    let tables = Tables::default().with("events", Arc::new(example_events()));
    let mut failures = Vec::new();
    let runs = |it: &Lower| !matches!(it, Lower::Clause | Lower::Provided(..));
    for function in FUNCTIONS.iter().filter(|it| runs(&it.lower)) {
        for example in function.examples {
            let value = run(example.call, &tables);
            if value.as_deref() != Ok(example.value) {
                failures.push(format!("{} should be {} and is {value:?}", example.call, example.value));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The value of a call in the first row.
fn run(call: &str, tables: &Tables) -> Result<String, String> {
    let options = Options::new(Environment::new(EXAMPLE_NOW));
    let compiled = aql::compile(&format!("SELECT {call} AS value FROM events LIMIT 1"), &options);
    let query = compiled.query.ok_or_else(|| format!("{:?}", compiled.diagnostics))?;
    let plan = query.lower(&LowerOptions::new(&options.environment)).map_err(|it| format!("{it:?}"))?;
    let mut rows = execute(plan, tables, MEMORY_DEFAULT).map_err(|it| it.to_string())?;
    let batch = rows.find(|it| it.as_ref().map_or(true, |it| it.num_rows() > 0)).ok_or("no row")?;
    let batch = batch.map_err(|it| it.to_string())?;
    Ok(literal(&ScalarValue::try_from_array(batch.column(0), 0).map_err(|it| it.to_string())?))
}

/// The example events with all fields of the database, of which most are null.
fn example_events() -> MemoryTable {
    let schema = schema::EVENTS.arrow_schema();
    let columns = schema.fields().iter().map(|field| column(field)).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns).expect("the columns follow the schema");
    MemoryTable::new(schema, vec![batch])
}

fn column(field: &Field) -> ArrayRef {
    let Some(example) = EXAMPLE_ROWS.iter().find(|it| it.name.eq_ignore_ascii_case(field.name())) else {
        return new_null_array(field.data_type(), 4);
    };
    let values = example.values.iter().map(|it| scalar(it, field.data_type()));
    ScalarValue::iter_to_array(values).expect("one type for each field")
}

fn scalar(literal: &str, data_type: &DataType) -> ScalarValue {
    if literal == "null" {
        return ScalarValue::try_new_null(data_type).expect("every type has a null");
    }
    if let Some(list) = literal.strip_prefix('[') {
        let numbers = list.trim_end_matches(']').split(", ").filter_map(|it| it.parse().ok());
        let numbers: Vec<ScalarValue> = numbers.map(|it| ScalarValue::Int64(Some(it))).collect();
        return ScalarValue::List(ScalarValue::new_list_nullable(&numbers, &DataType::Int64));
    }
    let text = ScalarValue::Utf8(Some(literal.trim_matches('\'').to_owned()));
    text.cast_to(data_type).expect("example values fit their type")
}

/// A value as a literal of AQL.
fn literal(value: &ScalarValue) -> String {
    match value {
        _ if value.is_null() => "null".to_owned(),
        ScalarValue::Float64(Some(value)) => format!("{value:?}"),
        ScalarValue::List(list) => {
            let values = list.value(0);
            let items = (0..values.len()).map(|it| ScalarValue::try_from_array(&values, it).expect("within the list"));
            format!("[{}]", items.map(|it| literal(&it)).collect::<Vec<_>>().join(", "))
        }
        _ if value.try_as_str().is_some() => format!("'{value}'"),
        _ => value.to_string(),
    }
}
