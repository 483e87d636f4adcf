//! `equal`: proofs, counter-examples, and what is only searched.

mod support;

use serde_json::Value;
use support::{file, folder, installed, json_of, log, prospero, stdout};

/// A query that passes what the condition passes.
fn query(condition: &str) -> String {
    format!("SELECT username FROM events WHERE {condition}")
}

fn compared(first: &str, second: &str, code: i32) -> Value {
    json_of(&prospero(&["equal", &query(first), &query(second), "--format", "json"]), code)
}

#[test]
fn queries_are_proven_equal_or_one_within_the_other_or_told_apart() {
    // Two conditions, how they relate, and which of them alone match the events that are given.
    let cases = [
        ("EventID IN (1, 2)", "EventID = 2 OR EventID = 1", "equal", ""),
        ("NOT (EventID = 1 OR CommandLine IS NULL)", "CommandLine IS NOT NULL AND NOT EventID = 1", "equal", ""),
        (r"CommandLine ILIKE '%sc.exe%'", r"CommandLine IMATCHES 'sc\.exe'", "equal", ""),
        (r"CommandLine IMATCHES 'sc\.exe\s+create'", r"CommandLine ILIKE '%sc.exe%'", "a_within_b", "b"),
        ("devicetype = 12", "devicetype = 12 AND EventID = 1", "b_within_a", "a"),
        ("username = 'anna'", "username = 'bert'", "different", "ab"),
        ("username LIKE 'Anna%'", "username ILIKE 'anna%' AND STRLEN(username) < 9", "different", "ab"),
    ];
    for (first, second, relation, only) in cases {
        let found = compared(first, second, i32::from(relation != "equal"));
        assert_eq!(found["relation"], relation, "{first} / {second}: {found}");
        let given = ["a", "b"].into_iter().filter(|it| found[format!("only_{it}")]["example"]["event"].is_object());
        assert_eq!(given.collect::<String>(), only, "{first} / {second}: {found}");
    }
}

#[test]
fn a_counter_example_says_why_each_decides_so() {
    let found = compared("EventID = 1 AND username = 'anna'", "EventID = 1 AND username = 'bert'", 1);
    let only = &found["only_a"]["example"];
    assert_eq!(only["event"]["username"], "anna", "{found}");
    assert_eq!(only["fails"][0], "username = 'bert'", "{found}");
    assert!(only["why"].to_string().contains("anna"), "{found}");
}

#[test]
fn what_cannot_be_proven_is_searched_in_logs() {
    let folder = folder("equal-logs");
    let logs = file(&folder, "log.jsonl", &log(&[installed(1, "ws01", "abc", "x"), installed(2, "ws02", "abd", "x")]));
    // What REPLACEALL gives is not looked into.
    let (one, other) = (query("REPLACEALL('[ab]', ServiceName, '') = 'c'"), query("SUBSTRING(ServiceName, 3) = 'c'"));
    let output = prospero(&["equal", &one, &other]);
    assert!(matches!(output.status.code(), Some(1 | 2)), "{}", stdout(&output));
    let undecided = [query("SUBSTRING(ServiceName, 3) = 'c'"), query("REPLACEALL('^ab', ServiceName, '') = 'c'")];
    let found: Value =
        serde_json::from_str(&stdout(&prospero(&["equal", &undecided[0], &undecided[1], &logs, "--format", "json"])))
            .expect("JSON");
    assert_eq!(found["searched"], 2, "{found}");
    assert_ne!(found["relation"], "equal", "{found}");
}

#[test]
fn pages_sigma_rules_and_queries_that_group_can_be_compared() {
    let folder = folder("equal-kinds");
    let rule = file(
        &folder,
        "rule.yml",
        "title: A service in a folder for all\nid: 0e8f6f7e-5f1d-4a3c-9d0a-2f6f5c1f9a01\nstatus: test\n\
         logsource: {product: windows, service: system}\ndetection:\n  selection:\n    EventID: 7045\n    \
         ImagePath|contains: '\\Public\\'\n  condition: selection\n",
    );
    let wide = file(&folder, "wide.aql", "SELECT username FROM events WHERE EventID = 7045");
    let found = json_of(&prospero(&["equal", &rule, &wide, "--format", "json"]), 1);
    assert_eq!(found["relation"], "a_within_b", "{found}");
    let groups = |condition: &str| {
        format!("SELECT username, COUNT(*) AS n FROM events WHERE {condition} GROUP BY username HAVING n > 3")
    };
    let (one, other) = (groups("EventID IN (1, 2)"), groups("EventID = 2 OR EventID = 1"));
    assert_eq!(prospero(&["equal", &one, &other]).status.code(), Some(0));
    let more = one.replace("n > 3", "n > 4");
    let output = prospero(&["equal", &one, &more]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).contains("they look at groups, and differ in more than WHERE"), "{}", stdout(&output));
}
