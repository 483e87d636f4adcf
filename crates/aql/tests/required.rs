//! Whatever matches contains what is required of it: of patterns over random values, and of conditions over events.

mod events;

use aql::bound::{Expr, ExprKind, Place, Query};
use aql::text::{Case, JavaRegex, Pattern, TextMatcher, is_candidate, required_texts};
use aql::{LowerOptions, Options, compile_expression, compile_filter};
use proptest::prelude::*;
use schema::{EVENTS, Type};

use events::{environment, evaluate};

/// Parts of values and, with their signs escaped, of patterns; some fold to ASCII letters.
const PARTS: &[&str] = &["sc", "SC", ".exe", "temp", "\\", "k", "\u{212a}", "\u{17f}c", "\u{130}", "é", " ", "7", "ss"];
const LIKE_SIGNS: &[&str] = &["%", "_", "%%"];
const REGEX_PARTS: &[&str] = &[
    "sc",
    "(sc|temp)",
    ".*",
    "temp",
    "[sS]c",
    "(?:temp)+",
    "k",
    "[k-m]?",
    "^",
    "$",
    "\\b",
    "(?=t)",
    "(?i)",
    "x?",
    "\\w",
    "(sc)\\1",
    "(?>s)c",
    "\\.exe",
    "é",
    "s{2}",
    "\\s*",
    "(.*exe|7)",
    "\u{212a}",
    "[^a]",
    "(?<!x)",
];

fn value() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PARTS), 0..8).prop_map(|it| it.concat())
}

fn pattern() -> impl Strategy<Value = Pattern> {
    let like = prop::sample::select([PARTS, LIKE_SIGNS].concat());
    prop_oneof![
        prop::collection::vec(prop::sample::select(PARTS), 1..4).prop_map(|it| Pattern::Equal(it.concat())),
        prop::collection::vec(like, 1..6).prop_map(|it| Pattern::Like(it.concat())),
        prop::collection::vec(prop::sample::select(REGEX_PARTS), 1..6).prop_map(|it| Pattern::Regex(it.concat())),
    ]
}

fn case() -> impl Strategy<Value = Case> {
    prop::sample::select(vec![Case::Sensitive, Case::Lowered, Case::Insensitive])
}

/// Conditions whose tests look at texts, groups of them, and scores.
fn condition() -> impl Strategy<Value = String> {
    let leaves = vec![
        "EventID = '7045'",
        "EventID IN (7045, 7)",
        "devicetype = 12",
        "username LIKE 'A%n'",
        "username ILIKE ANY ('b%', 'admin')",
        "UTF8(payload) ILIKE '%service%sc.exe%'",
        "Command MATCHES '(sc\\.exe|powershell).*(create|-enc)'",
        "LOWER(Command) LIKE '%windows%'",
        "Colour IMATCHES '^(red|blue)$'",
        "Colour = 'red'",
        "username NOT LIKE 'b%'",
        "CASE WHEN Colour = 'red' THEN 40 ELSE 0 END + CASE WHEN Command ILIKE '%enc%' THEN 50 END > 45",
        "CASE WHEN username = 'bob' THEN 'low' WHEN username = 'Admin' THEN 'high' END = 'high'",
        "hasoffense",
        "false",
    ];
    prop::sample::select(leaves).prop_map(str::to_owned).prop_recursive(3, 24, 4, |inner| {
        let many = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            many.clone().prop_map(|it| format!("({})", it.join(" AND "))),
            many.prop_map(|it| format!("({})", it.join(" OR "))),
            inner.prop_map(|it| format!("(NOT {it})")),
        ]
    })
}

/// The text of a place for each event.
fn texts(query: &Query, place: &Place, options: &Options) -> Vec<String> {
    let name = match place {
        Place::Field(index) => format!("\"{}\"", query.source.column(*index).expect("the field exists").0),
        Place::Property(name) => format!("\"{name}\""),
    };
    let value = compile_expression(&name, &EVENTS, options).query.expect("a name compiles");
    let value_type = value.columns[0].expr.value_type;
    let columns = value.lower_columns(&LowerOptions::new(&options.environment)).expect("it was compiled");
    evaluate(&columns[0].1, value_type)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_match_of_a_pattern_contains_a_required_text(
        pattern in pattern(),
        case in case(),
        values in prop::collection::vec(value(), 40),
    ) {
        let Ok(matcher) = TextMatcher::new(std::slice::from_ref(&pattern), case) else { return Ok(()) };
        let regex = if let Pattern::Regex(text) = &pattern { JavaRegex::new(text, case).ok() } else { None };
        if let Some(texts) = required_texts(&pattern, regex.as_ref()) {
            for value in values.iter().filter(|it| matcher.is_match(it)) {
                prop_assert!(texts.iter().any(|it| is_candidate(value, it)), "{:?} {:?} {:?} {:?}", pattern, case, value, texts);
            }
        }
    }

    #[test]
    fn a_match_of_a_condition_goes_by_one_of_its_alternatives(text in condition()) {
        let options = Options::new(environment());
        let query = compile_filter(&text, &EVENTS, &options).query.expect("conditions compile");
        let value = compile_expression(&text, &EVENTS, &options).query.expect("conditions compile");
        let columns = value.lower_columns(&LowerOptions::new(&options.environment)).expect("it was compiled");
        let truths = evaluate(&columns[0].1, Type::Boolean);
        let alternatives = query.alternatives();
        for row in (0..truths.len()).filter(|row| truths[*row] == "true") {
            let takes = alternatives.iter().any(|alternative| {
                let mut literals = alternative.literals.iter().flatten();
                alternative.literals.is_none()
                    || literals.any(|it| it.is_candidate(&texts(&query, &it.place, &options)[row]))
            });
            prop_assert!(takes, "{} row {} {:?}", text, row, alternatives);
        }
    }

    #[test]
    fn what_is_written_compiles_to_the_same(text in condition()) {
        let options = Options::new(environment());
        let query = compile_filter(&text, &EVENTS, &options).query.expect("conditions compile");
        let filter = query.filter.as_ref().expect("it is a filter");
        let written = query.written(filter);
        let again = compile_filter(&written, &EVENTS, &options).query;
        let again = again.unwrap_or_else(|| panic!("{written} compiles"));
        prop_assert_eq!(again.filter.as_ref().expect("it is a filter"), filter, "{}", written);
    }
}

#[test]
fn the_alternatives_of_a_filter() {
    let options = Options::new(environment());
    let text = "devicetype = 12 AND (EventID = 7045 AND ImagePath ILIKE '%temp%' OR EventID = 1 AND Command MATCHES 'certutil|mshta')";
    let query = compile_filter(text, &EVENTS, &options).query.expect("it compiles");
    let alternatives = query.alternatives();
    assert_eq!(alternatives.len(), 2);
    let texts: Vec<Vec<_>> =
        alternatives.iter().map(|it| it.literals.iter().flatten().map(|it| it.text.as_str()).collect()).collect();
    assert_eq!(texts, [vec!["temp"], vec!["certutil", "mshta"]]);
    assert!(alternatives.iter().all(|it| it.guards.len() == 2), "the log source type and the event id of each");
    let is_negated = |it: &Expr| matches!(&it.kind, ExprKind::Text(tested) if tested.negated);
    let none = compile_filter("username NOT LIKE '%a%'", &EVENTS, &options).query.expect("it compiles");
    assert!(none.filter.as_ref().is_some_and(is_negated) && none.alternatives()[0].literals.is_none());
}
