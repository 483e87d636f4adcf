//! Events become columns: values in their rows, nulls between, what no field names in the map.

use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use ingest::{BatchBuilder, Event, Locator, Value};
use schema::EVENTS;

fn column(name: &str) -> usize {
    EVENTS.find(name).or_else(|| EVENTS.position(name)).expect("a field")
}

fn event(record: u64, fields: &[(&str, Value)], properties: &[(&str, &str)]) -> Event {
    let mut fields: Vec<_> = fields.iter().map(|(name, value)| (column(name) as u16, value.clone())).collect();
    fields.sort_by_key(|it| it.0);
    let properties = properties.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Event { locator: Locator { file: "a.jsonl".into(), record, offset: record * 10 }, fields, properties }
}

fn sample() -> Vec<Event> {
    vec![
        event(1, &[("starttime", Value::Integer(1000)), ("username", Value::Text("ann".into()))], &[("param1", "x")]),
        event(2, &[("isunparsed", Value::Boolean(true)), ("creeventlist", Value::Integers(vec![3, 5]))], &[]),
        event(3, &[("username", Value::Text("bob".into())), ("Value", Value::Integer(2))], &[("a", "1"), ("b", "2")]),
    ]
}

#[test]
fn all_columns_in_the_order_of_the_schema() {
    let projection: Vec<_> = (0..=EVENTS.fields.len()).collect();
    let batch = BatchBuilder::new(&projection).expect("columns of the schema").build(&sample());
    assert_eq!(batch.schema(), EVENTS.arrow_schema());
    let users = batch.column(column("username")).as_string_view();
    assert_eq!(users.iter().collect::<Vec<_>>(), [Some("ann"), None, Some("bob")]);
    let times = batch.column(column("starttime")).as_primitive::<Int64Type>();
    assert_eq!(times.iter().collect::<Vec<_>>(), [Some(1000), None, None]);
    let rules = batch.column(column("creeventlist")).as_list::<i32>();
    assert_eq!((rules.null_count(), rules.value_length(1)), (2, 2));
    let offsets = batch.column(column("$offset")).as_primitive::<Int64Type>();
    assert_eq!(offsets.values().to_vec(), [10, 20, 30]);
    let map = batch.column(EVENTS.properties_column()).as_map();
    assert_eq!((map.value_length(0), map.value_length(1), map.value_length(2)), (1, 0, 2));
    assert_eq!(map.values().as_string_view().value(2), "2");
}

#[test]
fn a_projection_keeps_its_order() {
    let builder = BatchBuilder::new(&[column("username"), column("$file"), column("Value")]).expect("columns");
    let batch = builder.build(&sample());
    let names: Vec<_> = batch.schema().fields().iter().map(|it| it.name().clone()).collect();
    assert_eq!(names, ["username", "$file", "Value"]);
    assert_eq!(batch.column(1).as_string_view().value(2), "a.jsonl");
    assert!((batch.column(2).as_primitive::<arrow::datatypes::Float64Type>().value(2) - 2.0).abs() < 1e-9);
}

#[test]
fn no_columns_still_count_rows() {
    assert_eq!(BatchBuilder::new(&[]).expect("no columns").build(&sample()).num_rows(), 3);
    assert_eq!(BatchBuilder::new(&[0]).expect("a column").build::<Event>(&[]).num_rows(), 0);
    assert!(BatchBuilder::new(&[EVENTS.fields.len() + 1]).is_err());
}
