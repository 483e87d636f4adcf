//! The tree as JSON; the shape is stable and described in `docs/explain.md`.

use engine::explain::{Computed, Explanation, Needed, Predicate, PredicateKind, Term, Test};
use serde_json::{Map, Value, json};

use super::{ExclusionHit, Explained};

/// An explanation as one object.
pub(crate) fn json(explained: &Explained) -> Value {
    let mut object = explanation(&explained.explanation);
    object.insert("exclusions".to_owned(), explained.exclusions.iter().map(exclusion).collect());
    Value::Object(object)
}

/// What would have to differ, as a list.
pub(crate) fn needed(needed: &[Needed]) -> Value {
    let one = |it: &Needed| json!({ "must_hold": it.holds, "condition": predicate(&it.predicate) });
    needed.iter().map(one).collect()
}

fn explanation(explanation: &Explanation) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("truth".to_owned(), explanation.truth().name().into());
    object.insert("condition".to_owned(), explanation.condition.as_ref().map_or(Value::Null, predicate));
    object.insert("columns".to_owned(), explanation.columns.iter().map(computed).collect());
    object.insert("left_out".to_owned(), explanation.left_out.into());
    object
}

fn exclusion(hit: &ExclusionHit) -> Value {
    json!({
        "id": hit.id,
        "removes": hit.idle.is_none(),
        "idle": hit.idle,
        "condition": hit.explanation.condition.as_ref().map(predicate),
    })
}

fn predicate(predicate: &Predicate) -> Value {
    let mut object = json!({
        "truth": predicate.truth.name(),
        "decides": predicate.decides,
        "says": &*predicate.says,
        "span": [predicate.span.start, predicate.span.end],
    });
    let operands = || -> Value { predicate.operands().iter().map(self::predicate).collect() };
    match &predicate.kind {
        PredicateKind::All(_) => object["all"] = operands(),
        PredicateKind::Any(_) => object["any"] = operands(),
        PredicateKind::Not(operand) => object["not"] = self::predicate(operand),
        PredicateKind::Test(test) => object["test"] = self::test(test),
    }
    object
}

fn test(test: &Test) -> Value {
    let values =
        test.values.iter().map(|it| json!({ "field": &*it.field, "value": it.value, "cut": [it.cut.0, it.cut.1] }));
    json!({
        "values": values.collect::<Vec<_>>(),
        "operator": test.operator,
        "negated": test.negated,
        "literal": test.literal.as_deref(),
        "literal_span": [test.literal_span.start, test.literal_span.end],
        "literals": test.literals,
        "hit": test.hit.map(|(start, end)| [start, end]),
        "computed": test.computed.as_ref().map(computed),
    })
}

fn computed(value: &Computed) -> Value {
    json!({ "name": &*value.name, "value": value.value, "terms": value.terms.iter().map(term).collect::<Vec<_>>() })
}

fn term(term: &Term) -> Value {
    let arm = |it: &engine::explain::Arm| {
        json!({
            "condition": predicate(&it.condition),
            "gives": &*it.gives,
            "computed": it.computed.as_ref().map(computed),
        })
    };
    json!({
        "value": term.value,
        "minus": term.minus,
        "says": &*term.says,
        "arm": term.taken.map(|it| it + 1),
        "arms": term.arms.iter().map(arm).collect::<Vec<_>>(),
    })
}
