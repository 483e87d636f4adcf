//! `prospero explain` and `scan --why` from outside: a query in words, stages, an event, near misses, formats, exit codes.

mod support;

use std::path::PathBuf;

use serde_json::Value;
use support::{file, folder, json_of, lines, prospero_in, stderr, stdout};

const PAGE: &str = r#"---
id: odd-service
title: Odd service
status: test
severity: high
confidence: low
score: risk_score
techniques: [T1543.003]
platforms: [windows]
log_sources: [System]
---

Finds services.

## Query

```aql
SELECT "Service Name" AS name,
  CASE WHEN ImagePath IMATCHES '\\temp\\' THEN 'temporary' WHEN ImagePath ILIKE '%powershell%' THEN 'shell' END AS branch,
  CASE WHEN branch = 'temporary' THEN 40 ELSE 0 END + CASE WHEN "Service Name" = 'evil' THEN 50 ELSE 10 END AS risk_score
FROM events
WHERE qideventcategory = 'System' AND EventID = 7045
  AND branch IN ('temporary', 'shell')
  AND NOT (ImagePath ILIKE '%good%' OR "Service Name" = 'x')
ORDER BY starttime DESC
LAST 24 HOURS
```

## Tests

```json attack "one"
{"Channel": "System", "EventID": 7045, "ServiceName": "evil", "ImagePath": "C:\\Temp\\a.exe"}
```

```json benign "two"
{"Channel": "System", "EventID": 7045, "ServiceName": "y", "ImagePath": "C:\\a.exe"}
```
"#;

const LOG: &str = r#"{"Channel":"System","EventID":7045,"Computer":"ws1","ServiceName":"evil","ImagePath":"C:\\Temp\\a.exe","TimeCreated":"2026-03-02T10:00:00Z"}
{"Channel":"System","EventID":7045,"Computer":"ws1","ServiceName":"x","ImagePath":"C:\\Temp\\b.exe","TimeCreated":"2026-03-02T10:01:00Z"}
{"Channel":"System","EventID":7045,"Computer":"ws2","ServiceName":"y","ImagePath":"C:\\Windows\\c.exe","TimeCreated":"2026-03-02T10:02:00Z"}
{"Channel":"System","EventID":7036,"Computer":"ws2","ServiceName":"y","TimeCreated":"2026-03-02T10:03:00Z"}
{"Channel":"System","EventID":7045,"Computer":"ws3","ServiceName":"x","ImagePath":"C:\\good.exe","TimeCreated":"2026-03-02T10:04:00Z"}
"#;

const TUNING: &str = r#"[[exclusion]]
id = "our-installer"
detections = ["odd-service"]
owner = "soc"
reason = "It installs from there."
expires = 2026-01-01
filter = '''ImagePath ILIKE '%\a.exe' '''
"#;

/// A folder with the page, a log and a tuning file.
fn files(name: &str) -> PathBuf {
    let folder = folder(name);
    file(&folder, "odd.md", PAGE);
    file(&folder, "log.json", LOG);
    file(&folder, "our.toml", TUNING);
    folder
}

fn printed(name: &str, arguments: &[&str]) -> String {
    let output = prospero_in(&files(name), arguments);
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    stdout(&output)
}

#[test]
fn a_query_in_words() {
    insta::assert_snapshot!("explain_query", printed("explain-query", &["explain", "odd.md"]));
    let groups = "SELECT username, COUNT(*) AS logons FROM events WHERE EventID = 4625 AND INCIDR('10.0.0.0/8', sourceip) \
                  GROUP BY username HAVING logons > 5 ORDER BY logons DESC LIMIT 10 LAST 2 DAYS";
    insta::assert_snapshot!("explain_groups", printed("explain-groups", &["explain", groups]));
}

#[test]
fn each_stage_is_shown() {
    let query = "SELECT username u FROM events WHERE (EventID==4625 OR u ilike any ('a%', 'b')) AND NOT qid IN (1, 2)";
    let stages: Vec<_> = ["tokens", "syntax", "bound", "logical", "physical"]
        .into_iter()
        .map(|stage| format!("== {stage}\n{}", printed("explain-stage", &["explain", query, "--stage", stage])))
        .collect();
    insta::assert_snapshot!("explain_stages", stages.join("\n"));
}

#[test]
fn an_event_that_matches_and_those_that_do_not() {
    let event = |record: &str| {
        let place = format!("log.json:{record}");
        let arguments = ["explain", "odd.md", "--event", &place, "--tuning", "our.toml", "--tuning-date", "2026-03-01"];
        printed(&format!("explain-event-{record}"), &arguments)
    };
    let events: Vec<_> = ["1", "2", "3", "4"].into_iter().map(event).collect();
    insta::assert_snapshot!("explain_events", events.join("\n"));
}

#[test]
fn events_that_came_near() {
    let arguments = ["explain", "odd.md", "--near-misses", "log.json"];
    insta::assert_snapshot!("explain_near", printed("explain-near", &arguments));
    let folder = files("explain-near-json");
    let found = json_of(&prospero_in(&folder, &[&arguments[..], &["--format", "json", "--limit", "1"]].concat()), 0);
    assert_eq!((&found["count"], &found["matches"], &found["other_classes"]), (&2.into(), &1.into(), &1.into()));
    let near = found["near"].as_array().expect("a list");
    assert_eq!((near.len(), &near[0]["source"]["record"]), (1, &2.into()));
    let needed = &near[0]["needed"][0];
    assert_eq!((&needed["must_hold"], &needed["condition"]["truth"]), (&false.into(), &"true".into()));
    assert_eq!(needed["condition"]["test"]["values"][0]["value"], "x");
}

#[test]
fn a_scan_says_why() {
    let scan = |format: &str| {
        let arguments =
            ["scan", "log.json", "--packs", "odd.md", "--why", "--tuning", "our.toml", "--tuning-date", "2026-03-01"];
        prospero_in(&files(&format!("why-{format}")), &[&arguments[..], &["--format", format]].concat())
    };
    let table = stdout(&scan("table"));
    let matches = table.split("\nfiles ").next().expect("the matches come first");
    insta::assert_snapshot!("why_table", matches);

    let found = lines(&scan("jsonl"));
    let why = &found[0]["why"];
    assert_eq!((&why["truth"], &why["left_out"]), (&"true".into(), &0.into()));
    let conditions = why["condition"]["all"].as_array().expect("a list");
    assert_eq!(conditions.len(), 4);
    let label = &conditions[2]["test"];
    assert_eq!((&label["operator"], &label["computed"]["terms"][0]["arm"]), (&"=".into(), &1.into()));
    let test = &label["computed"]["terms"][0]["arms"][0]["condition"]["test"];
    let value = test["values"][0]["value"].as_str().expect("a text");
    let hit: Vec<usize> =
        test["hit"].as_array().expect("a hit").iter().filter_map(|it| usize::try_from(it.as_u64()?).ok()).collect();
    assert_eq!(&value[hit[0]..hit[1]], "\\Temp\\");
    let score = &why["columns"][1];
    let terms: Vec<_> = score["terms"].as_array().expect("a list").iter().map(|it| it["value"].as_f64()).collect();
    assert_eq!((score["value"].as_f64(), terms), (Some(90.0), vec![Some(40.0), Some(50.0)]));
    assert_eq!(
        (&why["exclusions"][0]["id"], &why["exclusions"][0]["removes"]),
        (&"our-installer".into(), &false.into())
    );

    let html = stdout(&scan("html"));
    assert!(html.contains("<details class=\"why\"><summary>Why it matched</summary>"), "{html}");
    assert!(html.contains("<mark>\\Temp\\</mark>") && html.contains("our-installer") && !html.contains("<script"));
    let output = scan("csv");
    assert_eq!(output.status.code(), Some(2), "a tree does not fit into a cell");
}

#[test]
fn colours_mark_what_was_hit() {
    let output = printed("why-colour", &["--color", "always", "scan", "log.json", "--packs", "odd.md", "--why"]);
    assert!(output.contains("\u{1b}[1;33m\\Temp\\\u{1b}[0m") && !output.contains('«'), "{output}");
}

#[test]
fn a_query_as_json() {
    let found: Value =
        serde_json::from_str(&printed("explain-json", &["explain", "odd.md", "--format", "json"])).expect("JSON");
    assert_eq!(
        (&found["reads"], &found["where"]["all"][1]["says"]),
        (&"events".into(), &"the event ID is `7045`".into())
    );
    assert_eq!(found["class"][0]["values"], serde_json::json!(["7045"]));
    let texts = found["alternatives"][0]["literals"].as_array().expect("a list");
    let texts: Vec<_> = texts.iter().filter_map(|it| it["text"].as_str()).collect();
    assert_eq!(texts, ["\\temp\\", "powershell"]);
}

#[test]
fn exit_codes_and_mistakes() {
    let folder = files("explain-mistakes");
    let cases: [(&[&str], i32, &str); 6] = [
        (&["explain", "no-such-page"], 2, "no built-in page"),
        (&["explain", "SELECT qid FORM events"], 2, "error["),
        (&["explain", "SELECT qid FORM events", "--stage", "syntax"], 2, "error["),
        (&["explain", "odd.md", "--event", "log.json"], 2, "no FILE:RECORD"),
        (&["explain", "odd.md", "--event", "log.json:77"], 2, "no record 77"),
        (&["explain", "odd.md", "--event", "gone.evtx:1"], 2, "does not exist"),
    ];
    for (arguments, code, said) in cases {
        let output = prospero_in(&folder, arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(said), "{arguments:?}: {}", stderr(&output));
    }
}
