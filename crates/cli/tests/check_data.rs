//! `prospero check --data` and `--cost` from outside, on our own samples.

mod support;

use support::{json_of, prospero, stderr, stdout};

const LOGS: &str = "samples/windows";

fn check(arguments: &[&str]) -> std::process::Output {
    prospero(&[&["check", "--settings", "none"], arguments].concat())
}

#[test]
fn what_logs_lack_is_said_of_a_query() {
    for (name, filter) in [
        ("silent", "devicetype = 11 AND Command ILIKE '%systemctl%'"),
        ("never_seen", "qideventcategory = 'System' AND EventID = 60000"),
        ("never_filled", "qideventcategory = 'System' AND EventID = 7045 AND Command ILIKE '%cmd%'"),
        ("no_value", "qideventcategory = 'System' AND EventID = 7045 AND ServiceName = 'nothing of this name'"),
        ("fired", "qideventcategory = 'System' AND EventID = 7045"),
    ] {
        let query = format!("SELECT username FROM events WHERE {filter}");
        let output = check(&[&query, "--data", LOGS]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let text = stdout(&output);
        // The fill rates are those of all samples, to which others are added.
        let report = text.split("\nFields, in").next().expect("a first part").to_owned();
        let counts = without_counts(&report);
        insta::assert_snapshot!(format!("data_{name}"), counts);
    }
}

/// The report with each number as `N`, so that new samples do not change it.
fn without_counts(text: &str) -> String {
    let words = text.split_inclusive([' ', '\n']).map(|word| {
        let bare = word.trim_end();
        let is_count =
            !bare.is_empty() && bare.bytes().all(|it| it.is_ascii_digit()) && bare != "7045" && bare != "60000";
        if is_count { word.replace(bare, "N") } else { word.to_owned() }
    });
    words.collect()
}

#[test]
fn all_our_pages_at_once_in_json() {
    let report = json_of(&check(&["t1543", "t1569", "--data", LOGS, "--format", "json"]), 0);
    let detections = report["detections"].as_array().expect("an array");
    assert!(detections.len() > 80);
    let of = |name: &str| detections.iter().find(|it| it["name"] == name).expect("our page");
    assert_eq!(of("launchctl-job-loaded")["lacks"]["what"], "log source");
    assert!(detections.iter().any(|it| it["verdict"] == "fired"));
    for it in detections {
        assert_eq!(it["verdict"] == "fired", it["matches"].as_u64() > Some(0), "{it}");
        assert_eq!(it["verdict"] == "cannot fire", !it["lacks"].is_null(), "{it}");
    }
    let fields = report["fields"].as_array().expect("an array");
    assert!(fields.iter().all(|it| it["filled"].as_u64() <= it["events"].as_u64()));
}

#[test]
fn the_cost_is_told_with_and_without_logs() {
    let query = "SELECT UTF8(payload) FROM events WHERE devicetype = 12 AND qideventcategory = 'System' AND EventID = 7045 \
                 AND (UTF8(payload) ILIKE '%mimikatz%' OR ServiceName IMATCHES '[a-z]{8}') LAST 24 HOURS";
    insta::assert_snapshot!("cost", stdout(&check(&[query, "--cost"])));
    let report = json_of(&check(&[query, "--cost", "--data", LOGS, "--format", "json"]), 0);
    assert!(report[0]["events"].as_u64() > Some(0) && report[0]["bytes"].as_u64() > Some(0), "{report}");
    assert_eq!(report[0]["expensive"].as_array().map(Vec::len), Some(2));
}

#[test]
fn what_cannot_be_done_is_refused() {
    for wrong in [
        &["SELECT nothing FROM", "--cost"][..],
        &["t1543", "--cost", "--format", "sarif"],
        &["t1543", "--data", "nowhere"],
    ] {
        assert_eq!(check(wrong).status.code(), Some(2), "{wrong:?}");
    }
}
