//! A query as one JSON object; the shape is stable and described in `docs/explain.md`.

use aql::bound::{Alternative, Expr, ExprKind, Guard, GuardValue, Place, Query, Source};
use serde_json::{Value, json};

/// The query. `title` names it.
pub(crate) fn query_json(title: &str, query: &Query) -> Value {
    let mut object = json!({ "query": title });
    if let (Value::Object(object), Value::Object(more)) = (&mut object, describe(query)) {
        object.extend(more);
    }
    object
}

fn describe(query: &Query) -> Value {
    let reads = match &query.source {
        Source::Database(database) => json!(database.name),
        Source::GlobalView { search, .. } => json!({ "saved_search": search }),
        Source::Query(inner) => describe(inner),
    };
    let columns = query.columns.iter().map(|it| {
        json!({ "name": it.name, "type": it.expr.value_type.name(), "aql": query.written(&it.expr), "computed": computed(query, &it.expr) })
    });
    let order = query.order_by.iter().map(|it| json!({ "aql": query.written(&it.expr), "descending": it.descending }));
    json!({
        "reads": reads,
        "where": query.filter.as_ref().map(|it| condition(query, it)),
        "time": query.window.as_ref().map(|it| format!("{it:?}")),
        "group_by": query.group_by.iter().map(|it| query.written(it)).collect::<Vec<_>>(),
        "having": query.having.as_ref().map(|it| condition(query, it)),
        "order_by": order.collect::<Vec<_>>(),
        "limit": query.limit,
        "columns": columns.collect::<Vec<_>>(),
        "class": query.class_guards().iter().map(|it| guard(query, it)).collect::<Vec<_>>(),
        "alternatives": query.alternatives().iter().map(|it| alternative(query, it)).collect::<Vec<_>>(),
        "aql": query.layout(),
    })
}

fn condition(query: &Query, expr: &Expr) -> Value {
    let mut object = json!({
        "says": query.condition_words(expr),
        "aql": query.written(expr),
        "span": [expr.span.start, expr.span.end],
    });
    let all = |operands: &[Expr]| -> Value { operands.iter().map(|it| condition(query, it)).collect() };
    match &expr.kind {
        ExprKind::And(operands) => object["all"] = all(operands),
        ExprKind::Or(operands) => object["any"] = all(operands),
        ExprKind::Not(operand) => object["not"] = condition(query, operand),
        _ => {}
    }
    object
}

/// The arms of a CASE; null for another value.
fn computed(query: &Query, value: &Expr) -> Value {
    match &value.kind {
        ExprKind::Case { arms, otherwise } => {
            let arms = arms.iter().map(|(when, then)| {
                json!({ "when": condition(query, when), "then": query.written(then), "computed": computed(query, then) })
            });
            json!({ "arms": arms.collect::<Vec<_>>(), "else": otherwise.as_ref().map(|it| query.written(it)) })
        }
        ExprKind::Binary(_, left, right) => match (computed(query, left), computed(query, right)) {
            (Value::Null, Value::Null) => Value::Null,
            (left, right) => json!({ "left": left, "right": right }),
        },
        ExprKind::Convert(inner) => computed(query, inner),
        _ => Value::Null,
    }
}

fn alternative(query: &Query, alternative: &Alternative) -> Value {
    let literals = alternative.literals.as_ref().map(|literals| {
        let one = |it: &aql::bound::RequiredLiteral| json!({ "field": place(query, &it.place), "text": it.text });
        literals.iter().map(one).collect::<Vec<_>>()
    });
    json!({
        "span": [alternative.span.start, alternative.span.end],
        "class": alternative.guards.iter().map(|it| guard(query, it)).collect::<Vec<_>>(),
        "literals": literals,
    })
}

fn place(query: &Query, place: &Place) -> String {
    match place {
        Place::Field(index) => query.source.column(*index).map_or_else(String::new, |(name, _)| name.to_owned()),
        Place::Property(name) => name.clone(),
    }
}

fn guard(query: &Query, guard: &Guard) -> Value {
    let value = |it: &GuardValue| match it {
        GuardValue::Integer(number) => json!(number),
        GuardValue::Text(text) => json!(text),
    };
    let values: Vec<_> = guard.values.iter().map(value).collect();
    json!({ "field": place(query, &Place::Field(guard.field)), "values": values })
}
