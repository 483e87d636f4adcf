//! Three events as a record batch, and expressions evaluated over them.

use std::sync::Arc;

use aql::Environment;
use datafusion_common::DFSchema;
use datafusion_common::arrow::array::{
    ArrayRef, BooleanArray, Int64Array, ListBuilder, MapBuilder, MapFieldNames, PrimitiveBuilder, RecordBatch,
    StringViewArray, StringViewBuilder, new_null_array,
};
use datafusion_common::arrow::datatypes::Int64Type;
use datafusion_common::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion_expr::Expr;
use datafusion_expr::execution_props::ExecutionProps;
use datafusion_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion_physical_expr::create_physical_expr;
use schema::{EVENTS, Type};

/// The 1st of January 2024, without any data.
pub(crate) fn environment() -> Environment {
    Environment::new(1_704_067_200_000)
}

/// The value of an expression for each event; `-` for null. Panics if it does not have the type.
pub(crate) fn evaluate(expr: &Expr, value_type: Type) -> Vec<String> {
    let batch = batch();
    let schema = DFSchema::try_from(batch.schema().as_ref().clone()).expect("names of fields are distinct");
    let context = PhysicalPlanningContext::default();
    let physical = create_physical_expr(expr, &schema, &ExecutionProps::new(), &context).expect("types agree");
    let value = physical.evaluate(&batch).expect("the expression has a value");
    let array = value.into_array(batch.num_rows()).expect("a value for each event");
    assert_eq!(array.data_type(), &value_type.arrow(), "the type of {expr}");
    let options = FormatOptions::default().with_null("-");
    let formatter = ArrayFormatter::try_new(&array, &options).expect("the type can be shown");
    (0..array.len()).map(|it| formatter.value(it).to_string()).collect()
}

/// A service installation, a logon, and an event without any field.
fn batch() -> RecordBatch {
    let schema = EVENTS.arrow_schema();
    let mut columns: Vec<ArrayRef> = schema.fields().iter().map(|it| new_null_array(it.data_type(), 3)).collect();
    let mut set = |name: &str, array: ArrayRef| {
        let index = EVENTS.position(name).unwrap_or_else(|| panic!("no field {name}"));
        columns[index] = array;
    };
    let number = |one, two| -> ArrayRef { Arc::new(Int64Array::from(vec![Some(one), Some(two), None])) };
    let text = |one: &str, two: &str| -> ArrayRef { Arc::new(StringViewArray::from(vec![Some(one), Some(two), None])) };
    set("sourceip", text("10.0.0.1", "2001:db8::1"));
    set("destinationip", text("10.0.0.1", "10.0.0.2"));
    set("sourceport", number(445, 80));
    set("sourcemac", text("00:1a:2b:3c:4d:5e", "00:00:00:00:00:00"));
    set("username", text("Admin", "bob"));
    set("qid", number(5_002_197, 5_000_001));
    set("devicetype", number(12, 11));
    set("starttime", number(1_704_067_200_000, 946_684_800_000));
    set("Event ID", text("7045", "0007"));
    set("payload", text("A new service was installed: sc.exe", "logon of bob"));
    set("hasoffense", Arc::new(BooleanArray::from(vec![Some(true), Some(false), None])));
    let command_line = EVENTS.field("CommandLine").expect("there is a command line").name;
    set(command_line, text(r"C:\Windows\System32\sc.exe create x", "powershell -enc"));
    let mut lists = ListBuilder::new(PrimitiveBuilder::<Int64Type>::new());
    lists.append_value([Some(100), Some(200)]);
    lists.append_value([Some(300)]);
    lists.append_null();
    set("creeventlist", Arc::new(lists.finish()));
    columns[EVENTS.properties_column()] = properties();
    RecordBatch::try_new(schema, columns).expect("columns are those of the schema")
}

fn properties() -> ArrayRef {
    let names = MapFieldNames { entry: "entries".to_owned(), key: "key".to_owned(), value: "value".to_owned() };
    let mut map = MapBuilder::new(Some(names), StringViewBuilder::new(), StringViewBuilder::new());
    let rows: [&[(&str, &str)]; 3] = [
        &[("Colour", "red"), ("Bytes", "12.5"), ("WidgetCount", "600"), ("blue-coat-host", "proxy")],
        &[("colour", "blue"), ("Widget Count", "7")],
        &[],
    ];
    for row in rows {
        for (name, value) in row {
            map.keys().append_value(name);
            map.values().append_value(value);
        }
        map.append(true).expect("as many names as values");
    }
    Arc::new(map.finish())
}
