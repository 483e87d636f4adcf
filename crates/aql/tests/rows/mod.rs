//! Rows of a few fields, and conditions evaluated on them by the plan that runs.

use std::sync::Arc;

use aql::bound::ExprKind;
use aql::reachability::{Value, Witness};
use datafusion_common::DFSchema;
use datafusion_common::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int64Array, ListBuilder, MapBuilder, MapFieldNames, PrimitiveBuilder,
    RecordBatch, StringViewArray, StringViewBuilder,
};
use datafusion_common::arrow::datatypes::{Field, Int64Type, Schema};
use datafusion_expr::Expr;
use datafusion_expr::execution_props::ExecutionProps;
use datafusion_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion_physical_expr::create_physical_expr;
use proptest::prelude::*;
use schema::{EVENTS, PROPERTIES};

/// One event.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    username: Option<String>,
    event_id: Option<String>,
    colour: Option<String>,
    sourceip: Option<String>,
    destinationip: Option<String>,
    sourceport: Option<i64>,
    qid: Option<i64>,
    hasoffense: Option<bool>,
    rules: Option<Vec<i64>>,
}

/// Events with these texts.
pub(crate) fn row(text: impl Strategy<Value = String> + Clone + 'static) -> impl Strategy<Value = Row> {
    let texts = prop::option::weighted(0.85, text);
    let number = prop::option::weighted(
        0.85,
        prop::sample::select(vec![0_i64, 1, 2, 3, 7, 39, 40, 90, -1, i64::MAX, i64::MIN, 1 << 53]),
    );
    let id = prop::option::weighted(0.85, prop::sample::select(vec!["7", "1", "12", "007", "a", "3", "2.5", ""]));
    let address = prop::option::weighted(
        0.85,
        prop::sample::select(vec!["10.0.0.1", "10.0.0.2", "10.0.0.3", "2001:db8::1"]).prop_map(str::to_owned),
    );
    let rules = prop::option::weighted(0.8, prop::collection::vec(1_i64..4, 0..3));
    (
        (texts.clone(), prop_oneof![id.prop_map(|it| it.map(str::to_owned)), texts.clone()], texts),
        (address.clone(), address, number.clone(), number, prop::option::weighted(0.8, prop::bool::ANY), rules),
    )
        .prop_map(
            |((username, event_id, colour), (sourceip, destinationip, sourceport, qid, hasoffense, rules))| Row {
                username,
                event_id,
                colour,
                sourceip,
                destinationip,
                sourceport,
                qid,
                hasoffense,
                rules,
            },
        )
}

/// Rows whose texts are the quoted ones of the conditions, changed a little.
pub(crate) fn from_texts(conditions: &[String], seed: u64, count: usize) -> Vec<Row> {
    let literals: Vec<String> =
        conditions.iter().flat_map(|it| it.split('\'').skip(1).step_by(2)).map(str::to_owned).collect();
    let mut state = seed | 1;
    let mut draw = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let mut text = move || {
        let joined: String = (0..=draw(2)).filter_map(|_| literals.get(draw(literals.len().max(1)))).cloned().collect();
        let filler = ["", "a", "k", "x", "\u{130}", "\n"][draw(6)];
        let text = joined.replace('%', filler).replace('_', ["a", "b", "\u{3a3}"][draw(3)]);
        match draw(6) {
            0 => text.to_uppercase(),
            1 => text.to_lowercase(),
            2 => text.replace(['k', 'K'], "\u{212a}").replace(['s', 'S'], "\u{17f}"),
            3 => format!("{text}\n"),
            _ => text,
        }
    };
    let number = [Some(0_i64), Some(1), Some(2), Some(3), Some(7), Some(40), None];
    (0..count)
        .map(|at| Row {
            username: (at % 7 != 0).then(&mut text),
            event_id: (at % 5 != 0).then(&mut text),
            colour: (at % 6 != 1).then(&mut text),
            sourceip: (at % 4 != 0).then(|| format!("10.0.0.{}", at % 3)),
            destinationip: (at % 5 != 2).then(|| format!("10.0.0.{}", at % 2)),
            sourceport: number[at % 7],
            qid: number[(at / 2) % 7],
            hasoffense: [Some(true), Some(false), None][at % 3],
            rules: (at % 4 != 1).then(|| vec![(at % 4) as i64]),
        })
        .collect()
}

impl Row {
    /// The row that a witness describes.
    pub(crate) fn of(witness: &Witness) -> Self {
        let mut row = Self::default();
        for (operand, value) in &witness.values {
            let name = match &operand.kind {
                ExprKind::Field(index) => EVENTS.fields[*index].name.to_owned(),
                ExprKind::Property(name) => schema::key(name),
                other => panic!("{other:?} is not a field"),
            };
            let text = || if let Value::Text(text) = value { Some(text.clone()) } else { None };
            let number = || if let Value::Integer(number) = value { Some(*number) } else { None };
            match name.as_str() {
                "username" => row.username = text(),
                "Event ID" => row.event_id = text(),
                "colour" => row.colour = text(),
                "sourceip" => row.sourceip = text(),
                "destinationip" => row.destinationip = text(),
                "sourceport" => row.sourceport = number(),
                "qid" => row.qid = number(),
                "hasoffense" => row.hasoffense = if let Value::Boolean(it) = value { Some(*it) } else { None },
                "creeventlist" => row.rules = if let Value::Integers(it) = value { Some(it.clone()) } else { None },
                other => panic!("no column for {other}"),
            }
        }
        row
    }
}

/// The truth of a condition on each row.
pub(crate) fn truths(condition: &Expr, rows: &[Row]) -> Vec<Option<bool>> {
    let batch = batch(rows);
    let schema = DFSchema::try_from(batch.schema().as_ref().clone()).expect("names of fields are distinct");
    let context = PhysicalPlanningContext::default();
    let physical = create_physical_expr(condition, &schema, &ExecutionProps::new(), &context).expect("types agree");
    let array = physical.evaluate(&batch).and_then(|it| it.into_array(batch.num_rows())).expect("it has a value");
    if array.null_count() == array.len() {
        return vec![None; rows.len()];
    }
    array.as_boolean().iter().collect()
}

fn batch(rows: &[Row]) -> RecordBatch {
    let text = |get: fn(&Row) -> &Option<String>| -> ArrayRef {
        Arc::new(rows.iter().map(|it| get(it).as_deref()).collect::<StringViewArray>())
    };
    let number = |get: fn(&Row) -> Option<i64>| -> ArrayRef { Arc::new(rows.iter().map(get).collect::<Int64Array>()) };
    let mut lists = ListBuilder::new(PrimitiveBuilder::<Int64Type>::new());
    let names = MapFieldNames { entry: "entries".to_owned(), key: "key".to_owned(), value: "value".to_owned() };
    let mut properties = MapBuilder::new(Some(names), StringViewBuilder::new(), StringViewBuilder::new());
    for row in rows {
        lists.append_option(row.rules.as_ref().map(|it| it.iter().copied().map(Some).collect::<Vec<_>>()));
        if let Some(colour) = &row.colour {
            properties.keys().append_value("Colour");
            properties.values().append_value(colour);
        }
        properties.append(true).expect("as many names as values");
    }
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("username", text(|it| &it.username)),
        ("Event ID", text(|it| &it.event_id)),
        ("sourceip", text(|it| &it.sourceip)),
        ("destinationip", text(|it| &it.destinationip)),
        ("sourceport", number(|it| it.sourceport)),
        ("qid", number(|it| it.qid)),
        ("hasoffense", Arc::new(rows.iter().map(|it| it.hasoffense).collect::<BooleanArray>())),
        ("creeventlist", Arc::new(lists.finish())),
        (PROPERTIES, Arc::new(properties.finish())),
    ];
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns.into_iter().map(|(_, it)| it).collect())
        .expect("columns are those of the schema")
}
