//! Random text: compiling never panics, and what compiles has a value for every event.

mod events;

use aql::{LowerOptions, Options, compile, compile_expression, compile_filter};
use proptest::prelude::*;
use schema::{EVENTS, Type};

use events::{environment, evaluate};

const LEAVES: &[&str] = &[
    "username",
    "sourceip",
    "sourceport",
    "EventID",
    "hasoffense",
    "creeventlist",
    "payload",
    "starttime",
    "Colour",
    "sourcemac",
    "(EventID = '7045')",
    "(EventID IN (7045, 1))",
    "(devicetype = 12)",
    "(devicetype IN (11, 12))",
    "(qid = 5000001)",
    "NULL",
    "'abc'",
    "'10.0.0.1'",
    "'7'",
    "7",
    "2.5",
    "true",
    "0x0f",
    "'2024-01-01 00:00'",
    "qid",
];

/// Expressions of all kinds, most of them with operands of types that do not fit.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(LEAVES).prop_map(str::to_owned);
    leaf.prop_recursive(4, 32, 4, |inner| {
        let pair = (inner.clone(), inner.clone());
        let infix = prop::sample::select(vec![
            "+", "-", "*", "/", "%", "^", "&", "|", "#", "<<", ">>", ">>>", "=", "!=", "<", ">=", "AND", "OR",
        ]);
        let text =
            prop::sample::select(vec!["LIKE 'a%'", "ILIKE ANY ('%B%', 'c')", "MATCHES '^a'", "NOT IMATCHES 'b+'"]);
        let function =
            prop::sample::select(vec!["LOWER", "UPPER", "STR", "LONG", "DOUBLE", "UTF8", "STRLEN", "BASE64"]);
        prop_oneof![
            (pair.clone(), infix).prop_map(|((left, right), operator)| format!("({left} {operator} {right})")),
            (inner.clone(), text).prop_map(|(operand, test)| format!("({operand} {test})")),
            (inner.clone(), function).prop_map(|(operand, function)| format!("{function}({operand})")),
            inner.clone().prop_map(|it| format!("(NOT {it})")),
            inner.clone().prop_map(|it| format!("(-{it})")),
            inner.clone().prop_map(|it| format!("({it} IS NOT NULL)")),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|it| format!(
                "({} IN ({}))",
                it[0],
                it[1..].join(", ")
            )),
            prop::collection::vec(inner.clone(), 3)
                .prop_map(|it| format!("({} BETWEEN {} AND {})", it[0], it[1], it[2])),
            prop::collection::vec(inner.clone(), 3)
                .prop_map(|it| format!("CASE WHEN {} THEN {} ELSE {} END", it[0], it[1], it[2])),
            prop::collection::vec(inner.clone(), 3)
                .prop_map(|it| format!("CASE {} WHEN {} THEN {} END", it[0], it[1], it[2])),
            prop::collection::vec(inner, 2..4).prop_map(|it| format!("CONCAT({})", it.join(", "))),
        ]
    })
}

/// Trees of conditions, many of them on the class of an event.
fn condition() -> impl Strategy<Value = String> {
    let leaves = vec![
        "EventID = '7045'",
        "EventID IN (7045, 1)",
        "EventID NOT IN (7045)",
        "devicetype = 12",
        "devicetype IN (11, 12)",
        "qid = 5000001",
        "qid > 5",
        "username LIKE 'A%'",
        "username NOT LIKE 'b%'",
        "username ILIKE 'BOB'",
        "hasoffense",
        "EventID IS NULL",
        "true",
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

const WORDS: &[&str] = &[
    "SELECT",
    "FROM",
    "events",
    "flows",
    "WHERE",
    "GROUP BY",
    "HAVING",
    "ORDER BY",
    "LIMIT 5",
    "LAST 5 MINUTES",
    "(",
    ")",
    ",",
    "*",
    "username",
    "qid",
    "AS",
    "a",
    "b",
    "COUNT(*)",
    "SUM(qid)",
    "a + b",
    "a = 1",
    "b LIKE '%x%'",
    "AND",
    "OR",
    "NOT",
    "IN",
    "'a'",
    "SESSION BY",
    "TEXT SEARCH 'x'",
    "DESC",
    "START '2024-01-01 00:00'",
    "sessionId",
    "1",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_compiles_has_a_value(text in expression()) {
        let options = Options::new(environment());
        if let Some(query) = compile_expression(&text, &EVENTS, &options).query {
            let columns = query.lower_columns(&LowerOptions::new(&options.environment)).expect("it was compiled");
            prop_assert_eq!(evaluate(&columns[0].1, query.columns[0].expr.value_type).len(), 3);
        }
    }

    #[test]
    fn guards_lose_no_row(text in condition()) {
        let options = Options::new(environment());
        let lower = LowerOptions::new(&options.environment);
        let value = compile_expression(&text, &EVENTS, &options).query.expect("conditions compile");
        let filter = compile_filter(&text, &EVENTS, &options).query.expect("conditions compile");
        let plain = value.lower_columns(&lower).expect("it was compiled");
        let guarded = filter.lower_filter(&lower).expect("it was compiled").expect("there is a filter");
        let passes = |it: Vec<String>| it.into_iter().map(|it| it == "true").collect::<Vec<_>>();
        let guarded = passes(evaluate(&guarded, Type::Boolean));
        prop_assert_eq!(passes(evaluate(&plain[0].1, Type::Boolean)), guarded);
    }

    #[test]
    fn words_in_any_order_do_not_panic(words in prop::collection::vec(prop::sample::select(WORDS), 0..20)) {
        let options = Options::new(environment());
        for text in [words.join(" "), format!("SELECT {} FROM events WHERE {}", words.join(" "), words.join(" "))] {
            if let Some(query) = compile(&text, &options).query {
                let lowered = query.lower(&LowerOptions::new(&options.environment).with_newest_first());
                prop_assert!(lowered.is_ok(), "{}: {:?}", text, lowered);
            }
        }
    }
}
