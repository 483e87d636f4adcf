//! `mutate`: which changes of a query its tests notice, and tests that would notice the others.

mod support;

use serde_json::Value;
use support::{file, folder, installed, json_of, page, prospero, stderr, stdout};

/// Finds services whose program is a script in a folder for all.
const QUERY: &str = r"SELECT ServiceName FROM events WHERE qideventcategory = 'System' AND EventID = 7045 AND ImagePath IMATCHES '\\public\\.*\.(ps1|vbs)$'";

/// The page with further fences.
fn text(more: &str) -> String {
    let attack = installed(1, "ws01", "a", r"C:\Users\Public\a.ps1");
    let benign = installed(1, "ws01", "b", r"C:\Program Files\b.exe");
    format!("{}{more}", page("sample", QUERY, &attack, &benign))
}

fn survivors(found: &Value) -> Vec<(String, String)> {
    let page = &found["pages"][0];
    let survivors = page["survivors"].as_array().unwrap_or_else(|| panic!("{found}"));
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    survivors.iter().map(|it| (text(&it["kind"]), text(&it["text"]))).collect()
}

#[test]
fn what_no_test_decides_survives_at_its_place() {
    let folder = folder("mutate-survivors");
    let sample = file(&folder, "sample.md", &text(""));
    let found = json_of(&prospero(&["mutate", &sample, "--format", "json"]), 0);
    let found = survivors(&found);
    for (kind, part) in [
        ("operand", "qideventcategory = 'System'"),
        ("operand", "EventID = 7045"),
        ("anchor", "$"),
        ("alternative", "vbs"),
    ] {
        assert!(found.contains(&(kind.to_owned(), part.to_owned())), "{kind} {part}: {found:?}");
    }
    // The attack is a `.ps1`, and the benign event another file: these are decided.
    for (kind, part) in [("alternative", "ps1"), ("negate", "EventID = 7045")] {
        assert!(!found.contains(&(kind.to_owned(), part.to_owned())), "{kind} {part}: {found:?}");
    }
    let shown = stdout(&prospero(&["mutate", &sample]));
    assert!(shown.contains("warning[alternative]: no test notices the query without the alternative `vbs`"), "{shown}");
    assert!(shown.contains("sample.md:18:"), "{shown}");
}

#[test]
fn suggested_tests_hold_and_decide_what_survived() {
    let folder = folder("mutate-suggest");
    let sample = file(&folder, "sample.md", &text(""));
    let before = json_of(&prospero(&["mutate", &sample, "--suggest", "--format", "json"]), 0);
    let fences = before["pages"][0]["suggestions"].as_array().expect("there are suggestions");
    let fences: Vec<&str> = fences.iter().filter_map(|it| it["fence"].as_str()).collect();
    let better = file(&folder, "better.md", &text(&format!("\n{}\n", fences.join("\n\n"))));
    let tested = prospero(&["test", &better]);
    assert_eq!(tested.status.code(), Some(0), "{}{}", stdout(&tested), stderr(&tested));
    let after = json_of(&prospero(&["mutate", &better, "--format", "json", "--minimum", "0.95"]), 0);
    let score = |found: &Value| found["pages"][0]["score"].as_f64().expect("a score");
    assert!(score(&before) < 0.7, "{before}");
    assert!(score(&after) > 0.95, "{:?}", survivors(&after));
}

#[test]
fn a_change_that_means_the_same_does_not_count() {
    let folder = folder("mutate-same");
    let query = r"SELECT ServiceName FROM events WHERE EventID = 7045 AND (ImagePath ILIKE '%\public\%' OR ImagePath ILIKE '%\users\public\%')";
    let attack = installed(1, "ws01", "a", r"C:\Users\Public\a.ps1");
    let benign = installed(1, "ws01", "b", r"C:\Program Files\b.exe");
    let sample = file(&folder, "sample.md", &page("sample", query, &attack, &benign));
    let found = json_of(&prospero(&["mutate", &sample, "--format", "json"]), 0);
    assert!(found["pages"][0]["same"].as_u64().expect("a number") >= 1, "{found}");
    let users = r"ImagePath ILIKE '%\users\public\%'".to_owned();
    assert!(!survivors(&found).contains(&("operand".to_owned(), users)), "{found}");
}

#[test]
fn exit_codes_say_whether_the_tests_are_good_enough() {
    let folder = folder("mutate-codes");
    let sample = file(&folder, "sample.md", &text(""));
    assert_eq!(prospero(&["mutate", &sample, "--minimum", "0.2"]).status.code(), Some(0));
    assert_eq!(prospero(&["mutate", &sample, "--minimum", "0.9"]).status.code(), Some(1));
    assert_eq!(prospero(&["mutate", &sample, "--minimum", "2"]).status.code(), Some(2));
    let failing = file(&folder, "failing.md", &text("").replace("a.ps1", "a.txt"));
    let output = prospero(&["mutate", &failing]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("the test \"installed\" does not hold as it is"), "{}", stderr(&output));
}
