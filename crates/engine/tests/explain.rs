//! The tree of an explanation has the truth that the engine has, on random conditions and events; what decides, what
//! would have to differ, and which events are near.

use std::sync::Arc;

use aql::{Environment, Options};
use engine::arrow::array::{Array, AsArray};
use engine::arrow::datatypes::Int64Type;
use engine::explain::{
    CONDITIONS_MAX, Explainer, NearMissOptions, Predicate, PredicateKind, Truth, VALUE_BYTES_MAX, near_misses,
};
use engine::{EventSource, MemorySource, QueryOptions, ReadSettings, query};
use ingest::{Event, Locator, Value};
use proptest::prelude::*;

/// What is random of an event: class, user, path, number, property.
type Seed = (u8, u8, u8, u8, u8);

fn position(name: &str) -> u16 {
    let index = schema::EVENTS.position(name).expect("the field exists");
    u16::try_from(index).expect("there are fewer fields")
}

fn event(record: u64, (class, user, path, port, colour): Seed) -> Event {
    let text = |it: &str| Value::Text(it.into());
    let time = i64::try_from(record).expect("there are few");
    let (device_type, id, channel) =
        [(12, "1", "Sysmon"), (12, "7045", "System"), (11, "1", "audit")][usize::from(class % 3)];
    let mut fields = vec![
        (position("starttime"), Value::Integer(time * 1000)),
        (position("devicetype"), Value::Integer(device_type)),
        (position("Event ID"), text(id)),
        (position("qideventcategory"), text(channel)),
    ];
    if let Some(user) = ["ann", "Bob", ""].get(usize::from(user % 4)) {
        fields.push((position("username"), text(user)));
    }
    if let Some(path) = [r"C:\Temp\a.exe", r"C:\b.exe"].get(usize::from(path % 3)) {
        fields.push((position("Process Path"), text(path)));
    }
    if port % 3 > 0 {
        fields.push((position("sourceport"), Value::Integer(i64::from(port % 5) * 100)));
    }
    if port % 2 == 0 {
        fields.push((position("creeventlist"), Value::Integers(vec![100, i64::from(port)])));
    }
    if colour % 3 == 0 {
        fields.push((position("hasoffense"), Value::Boolean(colour % 2 == 0)));
    }
    fields.sort_unstable_by_key(|(index, _)| *index);
    let properties = if colour % 2 == 0 {
        vec![("Colour".into(), ["red", "blue"][usize::from(colour / 2 % 2)].into())]
    } else {
        Vec::new()
    };
    Event { locator: Locator { file: "file".into(), record, offset: 0 }, fields, properties }
}

fn source(seeds: &[Seed]) -> (Vec<Event>, Arc<dyn EventSource>) {
    let events: Vec<_> = (1..).zip(seeds).map(|(record, seed)| event(record, *seed)).collect();
    let source = MemorySource::new(vec![("file".into(), events.clone())]);
    (events, Arc::new(source))
}

fn explainer(text: &str, source: &Arc<dyn EventSource>) -> Explainer {
    let compiled = aql::compile(text, &Options::new(Environment::new(0)));
    let query = compiled.query.unwrap_or_else(|| panic!("{text}: {:?}", compiled.diagnostics));
    Explainer::new(&Arc::new(query), &Environment::new(0), source, &ReadSettings::default()).expect("it compiles")
}

/// Trees of conditions of every kind of test.
fn condition() -> impl Strategy<Value = String> {
    let leaves = vec![
        "EventID = '7045'",
        "EventID IN (7045, 3)",
        "devicetype = 12",
        "devicetype NOT IN (11, 12)",
        "username = 'ann'",
        "username LIKE '%o%'",
        "username NOT ILIKE ANY ('b%', 'x')",
        "username IS NULL",
        "\"Process Path\" IMATCHES '\\\\temp\\\\'",
        "LOWER(\"Process Path\") LIKE 'c:%'",
        "sourceport > 100",
        "sourceport BETWEEN 100 AND 300",
        "sourceport = devicetype",
        "sourceport != 200",
        "creeventlist = 100",
        "hasoffense",
        "Colour = 'red'",
        "STRLEN(username) > 0",
        "NULL",
        "true",
        "username IN (SELECT username FROM events WHERE EventID = 1)",
        "CASE WHEN username = 'ann' THEN 'a' WHEN Colour = 'red' THEN 'c' END = 'c'",
        "CASE WHEN username = 'ann' THEN 40 ELSE 0 END + CASE WHEN hasoffense THEN 20 WHEN Colour = 'blue' THEN 5 ELSE 1 END > 20",
        "CASE WHEN sourceport > 100 THEN username ELSE Colour END LIKE '%e%'",
    ];
    prop::sample::select(leaves).prop_map(str::to_owned).prop_recursive(4, 24, 4, |inner| {
        let many = prop::collection::vec(inner.clone(), 2..5);
        prop_oneof![
            many.clone().prop_map(|it| format!("({})", it.join(" AND "))),
            many.prop_map(|it| format!("({})", it.join(" OR "))),
            inner.prop_map(|it| format!("(NOT {it})")),
        ]
    })
}

/// What the engine makes of a condition, for each event in order.
fn truths(condition: &str, source: &Arc<dyn EventSource>) -> Vec<Truth> {
    let text = format!(
        "SELECT starttime, CASE WHEN {condition} THEN 'true' WHEN NOT ({condition}) THEN 'false' ELSE 'unknown' END AS truth \
         FROM events ORDER BY starttime ASC"
    );
    let compiled = aql::compile(&text, &Options::new(Environment::new(0)));
    let bound = compiled.query.unwrap_or_else(|| panic!("{text}: {:?}", compiled.diagnostics));
    let rows = query(&bound, &Environment::new(0), source, &QueryOptions::default()).expect("it runs");
    let mut truths = Vec::new();
    for batch in rows {
        let batch = batch.expect("it runs");
        assert!(batch.column(0).as_primitive::<Int64Type>().values().is_sorted());
        let names = batch.column(1).as_string_view();
        truths.extend((0..names.len()).map(|row| match names.value(row) {
            "true" => Truth::True,
            "false" => Truth::False,
            _ => Truth::Unknown,
        }));
    }
    truths
}

/// Each group has the truth of its parts, and what decides does.
fn check(predicate: &Predicate, text: &str) {
    let operands = predicate.operands();
    let truths = operands.iter().map(|it| it.truth);
    let joined = match &predicate.kind {
        PredicateKind::All(_) => Truth::all(truths),
        PredicateKind::Any(_) => Truth::any(truths),
        PredicateKind::Not(operand) => operand.truth.negated(),
        PredicateKind::Test(_) => predicate.truth,
    };
    assert_eq!(joined, predicate.truth, "{text}");
    if !operands.is_empty() {
        let deciding = operands.iter().filter(|it| it.decides).count();
        assert_eq!(deciding > 0, predicate.decides, "{text}");
        let others = operands.iter().filter(|it| !it.decides).map(|it| it.truth);
        // The operands that decide do so alone: whatever the others were, the whole would be the same.
        if predicate.decides && predicate.truth != Truth::Unknown {
            let deciding = || operands.iter().filter(|it| it.decides).map(|it| it.truth);
            let alone = match &predicate.kind {
                PredicateKind::Any(_) => Truth::any(deciding()),
                PredicateKind::All(_) => Truth::all(deciding()),
                _ => predicate.truth,
            };
            assert_eq!(alone, predicate.truth, "{text} {:?}", others.collect::<Vec<_>>());
        }
    }
    for operand in operands {
        check(operand, text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn the_tree_has_the_truth_of_the_engine(
        text in condition(),
        seeds in prop::collection::vec(any::<Seed>(), 1..12),
    ) {
        let (events, source) = source(&seeds);
        let explainer = explainer(&format!("SELECT qid FROM events WHERE {text}"), &source);
        let expected = truths(&text, &source);
        prop_assert_eq!(expected.len(), events.len());
        let mut matches = 0;
        for (event, expected) in events.iter().zip(expected) {
            let explanation = explainer.explain(event).expect("it is explained");
            prop_assert_eq!(explanation.truth(), expected, "{} on {:?}", text, event);
            if let Some(condition) = &explanation.condition {
                prop_assert!(condition.decides);
                check(condition, &text);
            }
            let needed = explainer.needed(event).expect("it is measured");
            prop_assert_eq!(expected == Truth::True, needed.is_empty(), "{} on {:?}: {:?}", text, event, needed);
            for it in &needed {
                let holds = it.predicate.truth == Truth::True;
                prop_assert!(!(it.holds && holds) , "{}: {:?} holds already", text, it);
            }
            matches += u64::from(expected == Truth::True);
        }
        let options = NearMissOptions { read: ReadSettings::default(), tests_max: 2, limit: 3 };
        let found = near_misses(&Arc::new(explainer), &source, &options).expect("they are found");
        prop_assert_eq!(found.matches, matches);
        prop_assert!(found.events.len() <= 3 && found.events.iter().all(|it| (1..=2).contains(&it.tests)));
        prop_assert!(found.count + found.matches + found.other_classes <= events.len() as u64);
    }
}

const SCORED: &str = "SELECT CASE WHEN \"Process Path\" ILIKE '%temp%' THEN 40 ELSE 0 END + \
    CASE WHEN username = 'ann' THEN 20 WHEN username = 'Bob' THEN 10 END AS score, \
    CASE WHEN EventID = 1 THEN 'start' WHEN EventID = 7045 THEN 'service' END AS label \
    FROM events WHERE devicetype = 12 AND score >= 45";

#[test]
fn labels_and_scores_say_which_arms_gave_them() {
    let (events, source) = source(&[(1, 0, 0, 0, 1), (1, 1, 1, 0, 1)]);
    let explainer = explainer(SCORED, &source);
    let explanation = explainer.explain(&events[0]).expect("it is explained");
    assert_eq!(explanation.truth(), Truth::True);
    let [score, label] = explanation.columns.as_slice() else { panic!("two columns are computed") };
    assert_eq!((score.value.as_f64(), score.terms.len()), (Some(60.0), 2));
    let terms: Vec<_> = score.terms.iter().map(|it| (it.value.as_f64(), it.taken)).collect();
    assert_eq!(terms, [(Some(40.0), Some(0)), (Some(20.0), Some(0))]);
    assert_eq!((label.value.as_str(), label.terms[0].taken), (Some("service"), Some(1)));
    // The score is what the condition tests: its arms are the reasons.
    let reasons: Vec<_> =
        explanation.reasons().into_iter().map(|it| (it.field.to_string(), it.literal.to_string())).collect();
    let expected = [("devicetype", "12"), ("Process Path", "%temp%"), ("username", "ann")];
    assert_eq!(reasons, expected.map(|(field, literal)| (field.to_owned(), literal.to_owned())));

    // Bob's path would have to be another: 10 and 40 are enough.
    let needed = explainer.needed(&events[1]).expect("it is measured");
    let [only] = needed.as_slice() else { panic!("one test is missing: {needed:?}") };
    assert!(only.holds && &*only.predicate.says == "the process path contains `temp` in any case");
}

#[test]
fn what_is_near_stands_in_order() {
    let (_, source) = source(&[(1, 3, 1, 0, 1), (1, 1, 1, 0, 1), (2, 0, 0, 0, 1), (1, 0, 0, 0, 1), (1, 0, 1, 0, 1)]);
    let text = "SELECT qid FROM events WHERE devicetype = 12 AND username = 'ann' AND \"Process Path\" ILIKE '%temp%'";
    let explainer = Arc::new(explainer(text, &source));
    let options = NearMissOptions { read: ReadSettings::default(), tests_max: 2, limit: 10 };
    let found = near_misses(&explainer, &source, &options).expect("they are found");
    let near: Vec<_> = found.events.iter().map(|it| (it.event.locator.record, it.tests)).collect();
    // One test away, then two; that without a user last.
    assert_eq!(near, [(5, 1), (2, 2), (1, 2)]);
    assert_eq!((found.matches, found.other_classes, found.count), (1, 1, 3));
}

#[test]
fn a_tree_is_bounded() {
    let (mut events, source) = source(&[(0, 0, 0, 0, 0)]);
    let long = format!("{}needle{}", "x".repeat(50_000), "y".repeat(50_000));
    let path = position("Process Path");
    for (index, value) in &mut events[0].fields {
        if *index == path {
            *value = Value::Text(long.as_str().into());
        }
    }
    let many: Vec<_> = (0..2000).map(|it| format!("sourceport = {it}")).collect();
    let long_query =
        format!("SELECT qid FROM events WHERE \"Process Path\" LIKE '%needle%' AND NOT ({})", many.join(" OR "));
    let explanation = explainer(&long_query, &source).explain(&events[0]).expect("it is explained");
    assert!(explanation.left_out >= 2000 - 2 * CONDITIONS_MAX, "{}", explanation.left_out);
    let condition = explanation.condition.expect("there is one");
    let PredicateKind::Test(test) = &condition.operands()[0].kind else { panic!("a test comes first") };
    let value = test.values[0].value.as_deref().expect("it has a value");
    let (start, end) = test.hit.expect("it was hit");
    assert_eq!((&value[start..end], value.len()), ("needle", VALUE_BYTES_MAX));
    assert_eq!(test.values[0].cut.0 + value.len() + test.values[0].cut.1, long.len());
}
