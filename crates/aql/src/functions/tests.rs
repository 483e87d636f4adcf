//! Holds the catalogue to its promises and computes every example.

mod evaluate;
mod example_data;

use evaluate::{evaluate, evaluate_rows};
use example_data::environment;

use super::{EXAMPLE_NOW, FUNCTIONS, NOT_AQL, find, help};
use crate::{Environment, Lower};

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
    let compiled = crate::compile("SELECT HOUR(starttime) FROM events", &crate::Options::new(environment()));
    let help = compiled.diagnostics.iter().find_map(|it| it.help.as_deref());
    assert_eq!(help, Some("DATEFORMAT(starttime, 'HH') gives the hour"));
    for (name, _) in NOT_AQL {
        assert!(find(name).is_none(), "{name} is a function");
    }
}

#[test]
fn every_example_gives_its_value() {
    let environment = environment();
    let mut failures = Vec::new();
    for function in FUNCTIONS.iter().filter(|it| !matches!(it.lower, Lower::Clause)) {
        for example in function.examples {
            match evaluate(&environment, example.call) {
                Ok(value) if value == example.value => {}
                result => failures.push(format!("{} should be {} and is {result:?}", example.call, example.value)),
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn bad_arguments_are_refused_with_a_reason() {
    let refused = [
        ("INCIDR('10.0.0.0/33', sourceip)", "`10.0.0.0/33` is not an address block"),
        ("REFERENCESETCONTAINS('Admins', sourceip)", "no reference set `Admins`; there are `Admin hosts`"),
        ("REFERENCEMAP('Admin hosts', sourceip)", "no reference map `Admin hosts`; there are `Owners`"),
    ];
    let dates = [
        (
            "DATEFORMAT(starttime, 'yyyy-MM-dd b')",
            "`b` means nothing in a date pattern; text stands between single quotes",
        ),
        ("DATEFORMAT(starttime, username)", "the pattern of a date must be a literal"),
        ("PARSETIMESTAMP(username, payload)", "PARSETIMESTAMP does not take Bytes"),
        ("PARSETIMESTAMP(username, username)", "the pattern of a date must be a literal"),
        (
            "PARSETIMESTAMP('nonsense', username)",
            "`n` means nothing in a date pattern; text stands between single quotes",
        ),
        ("REPLACEALL(username, username, 'x')", "the regular expression must be a literal"),
    ];
    for (call, reason) in refused.into_iter().chain(dates) {
        assert_eq!(evaluate(&environment(), call), Err(reason.to_owned()));
    }
}

#[test]
fn without_data_calls_have_a_value_and_say_what_is_missing() {
    let environment = Environment::new(EXAMPLE_NOW);
    let values = [
        ("REFERENCESETCONTAINS('Any', sourceip)", "false", "reference data collections"),
        ("REFERENCEMAP('Any', sourceip)", "null", "reference data collections"),
        ("GEO::LOOKUP_TEXT('192.0.2.7', 'city')", "null", "geographic data"),
        ("LOGSOURCENAME(62)", "null", "names of log sources"),
        ("INOFFENSE(42)", "null", "offenses"),
    ];
    for (call, value, missing) in values {
        assert_eq!(evaluate(&environment, call).as_deref(), Ok(value), "{call}");
        let name = call.split('(').next().expect("a split has a first part");
        assert_eq!(find(name).and_then(|it| it.missing(&environment)), Some(missing), "{call}");
    }
}

#[test]
fn columns_with_nulls_are_computed_row_by_row() {
    let columns: [(&str, [&str; 4]); 5] = [
        ("CONCAT(username, '@', sourceport)", ["'alice@49152'", "'bob@443'", "'@'", "'bob@49153'"]),
        ("LONG(sourceip)", ["167772165", "3221225991", "null", "167772165"]),
        ("STRLEN(username)", ["5", "3", "null", "3"]),
        ("COALESCE(username, sourceport, 'none')", ["'alice'", "'bob'", "'none'", "'bob'"]),
        ("LOGSOURCEGROUPNAME(devicegrouplist)", ["['Servers', 'Domain controllers']", "['Servers']", "[]", "null"]),
    ];
    for (call, expected) in columns {
        let expected: Vec<String> = expected.map(str::to_owned).into();
        assert_eq!(evaluate_rows(&environment(), call), Ok(expected), "{call}");
    }
}

#[test]
fn signatures_show_what_may_be_left_out() {
    let signatures = [
        ("SUBSTRING", "SUBSTRING(text, start[, length])"),
        ("CONCAT", "CONCAT(value, ...)"),
        ("COUNT", "COUNT([value])"),
        ("NOW", "NOW()"),
    ];
    for (name, signature) in signatures {
        assert_eq!(find(name).map(crate::Function::signature).as_deref(), Some(signature));
    }
}
