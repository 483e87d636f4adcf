//! `backtest`: days, branches, hosts and cost; how pages and logs are told apart.

mod support;

use serde_json::{Value, json};
use support::{file, folder, installed, json_of, log, page, prospero, stderr, stdout};

fn events() -> Vec<Value> {
    vec![
        installed(10, "ws01", "A", r"C:\Windows\Temp\a.exe"),
        installed(10, "ws02", "B", r"\\10.0.0.9\c$\b.exe"),
        installed(12, "ws01", "C", r"C:\Windows\Temp\c.exe"),
        installed(12, "ws01", "D", r"C:\Program Files\D\d.exe"),
        json!({ "@timestamp": "2026-11-12T11:00:00Z", "Channel": "Security", "EventID": 4624,
            "SourceName": "Microsoft-Windows-Security-Auditing", "Hostname": "ws01" }),
    ]
}

const CASE: &str = r#"SELECT "Service Name", CASE
  WHEN "Service Filename" ILIKE '%\temp\%' THEN 'temp'
  WHEN "Service Filename" ILIKE '\\%' THEN 'share'
  WHEN "Service Filename" ILIKE '%.dll' THEN 'library'
  ELSE 'other' END AS detection_branch
FROM events WHERE devicetype = 12 AND EventID = 7045 AND detection_branch <> 'other'"#;

const OR: &str = r#"SELECT "Service Name" FROM events
WHERE EventID = 7045 AND ("Service Filename" ILIKE '%\temp\%' OR "Service Filename"
  ILIKE '\\%' OR "Service Filename" ILIKE '%.dll')"#;

#[test]
fn matches_are_counted_by_day_and_branch() {
    let folder = folder("backtest-counts");
    let logs = file(&folder, "log.jsonl", &log(&events()));
    let attack = installed(1, "a", "x", r"C:\Temp\x.exe");
    let page = file(&folder, "case.md", &page("case", CASE, &attack, &installed(1, "a", "x", r"C:\x.exe")));
    let query = file(&folder, "or.aql", OR);
    let found = json_of(&prospero(&["backtest", &page, &query, &logs, "--format", "json"]), 0);
    let labels = [["temp", "share", "library", "other"].as_slice(), &[r"temp\%'", r"'\\%'", ".dll'"]];
    for (result, labels) in found.as_array().expect("a list").iter().zip(labels) {
        assert_eq!(result["matches"], 3, "{result}");
        let branches = result["branches"].as_array().expect("a list");
        assert_eq!(branches.len(), labels.len(), "a branch that never fired is named: {result}");
        for ((branch, label), matches) in branches.iter().zip(labels).zip([2, 1, 0, 0]) {
            let name = branch["branch"].as_str().expect("a text");
            assert!(name.ends_with(label) && !name.contains('\n'), "{name}");
            assert_eq!(branch["matches"], matches, "{name}");
        }
        let days: Vec<_> =
            result["days"].as_array().expect("a list").iter().map(|it| (&it["day"], &it["matches"])).collect();
        assert_eq!(days, [(&json!("2026-11-10"), &json!(2)), (&json!("2026-11-12"), &json!(1))]);
        assert_eq!(result["hosts"], json!([{ "name": "ws01", "matches": 2 }, { "name": "ws02", "matches": 1 }]));
        assert_eq!(result["cost"]["events"], 5);
        assert_eq!(result["cost"]["events_of_its_kind"], 4, "the logon does not pass the class guard");
        assert!(result["cost"]["seconds"].as_f64().is_some_and(|it| it > 0.0), "{result}");
    }
    let text = stdout(&prospero(&["backtest", &page, &logs, "--time-zone", "+14:00"]));
    for part in ["3 matches", "2026-11-11", "2026-11-13", "#1 1, #2 1", "share", "hosts  2: ws01 2, ws02 1"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn groups_have_the_branches_of_their_rows() {
    let folder = folder("backtest-groups");
    let logs = file(&folder, "log.jsonl", &log(&events()));
    let query = file(
        &folder,
        "groups.aql",
        "SELECT CASE WHEN \"Service Filename\" ILIKE '%temp%' THEN 'temp' ELSE 'other' END AS place, COUNT(*) AS events \
         FROM events WHERE EventID = 7045 GROUP BY place",
    );
    let found = json_of(&prospero(&["backtest", &query, &logs, "--format", "json"]), 0);
    let branches: Vec<_> =
        found[0]["branches"].as_array().expect("a list").iter().map(|it| (&it["branch"], &it["matches"])).collect();
    assert_eq!(branches, [(&json!("temp"), &json!(1)), (&json!("other"), &json!(1))]);
}

#[test]
fn pages_and_logs_are_told_apart() {
    let folder = folder("backtest-words");
    let logs = file(&folder, "log.jsonl", &log(&events()));
    let wrong = file(&folder, "wrong.aql", "SELECT qid FORM events");
    let cases: [(&[&str], i32, &str); 6] = [
        (&["backtest", "service-path-on-network-share", &logs], 0, "5 events"),
        (&["backtest", &logs], 2, "no page"),
        (&["backtest", "service-path-on-network-share"], 2, "no logs"),
        (&["backtest", &wrong, &logs], 2, "error["),
        (&["backtest", "no-such-page.md", &logs], 2, "no-such-page.md"),
        (&["backtest", "service-path-on-network-share", "no-such-log"], 2, "no-such-log"),
    ];
    for (arguments, code, said) in cases {
        let output = prospero(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(said), "{arguments:?}: {}", stderr(&output));
    }
}
