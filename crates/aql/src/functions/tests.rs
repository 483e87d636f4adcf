//! Holds the catalogue to its promises and computes every example.

mod evaluate;

use evaluate::evaluate;

use super::{FUNCTIONS, NOT_AQL, find, help};
use crate::Lower;

#[test]
fn functions_are_sorted_unique_documented_and_have_examples() {
    for pair in FUNCTIONS.windows(2) {
        assert!(pair[0].name < pair[1].name, "{} stands before {}", pair[0].name, pair[1].name);
    }
    for function in FUNCTIONS {
        let name = function.name;
        assert_eq!(name, name.to_uppercase());
        assert!(function.summary.ends_with('.') && function.summary.len() > 20, "{name} has no summary");
        assert!(!function.examples.is_empty(), "{name} has no example");
        let optional_first = function.parameters.windows(2).any(|it| it[0].optional && !it[1].optional);
        assert!(!optional_first, "{name} has a needed parameter after an optional one");
    }
}

#[test]
fn names_are_found_in_any_case_and_foreign_names_get_help() {
    assert_eq!(find("sTrLeN").map(|it| it.name), Some("STRLEN"));
    assert!(find("HOUR").is_none());
    assert!(help("hour").is_some_and(|it| it.contains("DATEFORMAT(starttime, 'HH')")));
    for (name, _) in NOT_AQL {
        assert!(find(name).is_none(), "{name} is a function");
    }
}

#[test]
fn every_example_gives_its_value() {
    let mut failures = Vec::new();
    for function in FUNCTIONS.iter().filter(|it| !matches!(it.lower, Lower::Clause)) {
        for example in function.examples {
            match evaluate(example.call) {
                Ok(value) if value == example.value => {}
                result => failures.push(format!("{} should be {} and is {result:?}", example.call, example.value)),
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
