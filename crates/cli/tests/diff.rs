//! `diff`: rows gained, lost, kept and moved; tests of both versions; versions from git.

mod support;

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use support::{file, folder, installed, json_of, log, page, prospero, prospero_in, stderr, stdout};

fn events() -> Vec<Value> {
    vec![
        installed(10, "ws01", "A", r"C:\Windows\Temp\a.exe"),
        installed(10, "ws02", "B", r"\\10.0.0.9\c$\b.exe"),
        installed(12, "ws01", "C", r"C:\Users\Public\c.exe"),
        installed(12, "ws01", "D", r"C:\Program Files\D\d.exe"),
    ]
}

fn query(first: &str, second: &str) -> String {
    format!(
        "SELECT \"Service Name\" AS name, CASE WHEN \"Service Filename\" ILIKE '%\\temp\\%' THEN '{first}' \
         WHEN \"Service Filename\" ILIKE '{second}' THEN 'second' ELSE 'other' END AS detection_branch \
         FROM events WHERE devicetype = 12 AND EventID = 7045 AND detection_branch <> 'other'"
    )
}

fn pages(folder: &Path) -> (String, String, String) {
    let attack = installed(1, "a", "x", r"\\server\share\x.exe");
    let benign = installed(1, "a", "x", r"C:\x.exe");
    let old = file(folder, "old.md", &page("old", &query("temp", r"\\%"), &attack, &benign));
    let new = file(folder, "new.md", &page("new", &query("temporary", r"%\public\%"), &attack, &benign));
    (old, new, file(folder, "log.jsonl", &log(&events())))
}

#[test]
fn rows_are_gained_lost_and_kept_by_branch() {
    let folder = folder("diff-rows");
    let (old, new, logs) = pages(&folder);
    let found = json_of(&prospero(&["diff", &old, &new, &logs, "--format", "json"]), 1);
    let count = |key: &str| found[key].as_u64().unwrap_or_else(|| panic!("{key}: {found}"));
    assert_eq!((count("kept"), count("gained"), count("lost"), count("changed")), (1, 1, 1, 1));
    assert_eq!(found["moved"], json!([{ "from": "temp", "to": "temporary", "rows": 1 }]));
    assert_eq!(found["changed_columns"], json!({ "detection_branch": 1 }));
    assert_eq!(found["gained_examples"][0]["columns"]["name"], "C");
    assert_eq!(found["lost_examples"][0]["columns"]["name"], "B");
    assert_eq!(found["lost_examples"][0]["source"]["record"], 2);
    assert_eq!(found["old"]["tests"]["failing"], json!([]));
    assert_eq!(found["new"]["tests"]["failing"][0]["kind"], "attack");
    let text = stdout(&prospero(&["diff", &old, &new, &logs]));
    for part in ["2 of 2 hold", "1 of 2 hold", "1 kept, 1 gained, 1 lost", "moved: 1 from temp to temporary"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn exit_codes_say_whether_anything_differs() {
    let folder = folder("diff-codes");
    let (old, new, logs) = pages(&folder);
    let wrong = file(&folder, "wrong.aql", "SELECT qid FORM events");
    let cases: [(&[&str], i32); 8] = [
        (&["diff", &old, &old, &logs], 0),
        (&["diff", &old, &new, &logs], 1),
        (&["diff", &old, &new, &logs, "--exit-zero"], 0),
        // The same rows, yet its test fails.
        (&["diff", &new, &new, &logs], 1),
        (&["diff", &old, &wrong, &logs], 2),
        (&["diff", &old, &new], 2),
        (&["diff", &old], 2),
        (&["diff", "HEAD:no/such/page.md", &new, &logs], 2),
    ];
    for (arguments, code) in cases {
        let output = prospero(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}{}", stderr(&output), stdout(&output));
    }
}

#[test]
fn groups_are_compared_by_their_columns() {
    let folder = folder("diff-groups");
    let (_, _, logs) = pages(&folder);
    let grouped = |name: &str, least: u8| {
        let query = format!(
            "SELECT \"Machine Identifier\" AS host, COUNT(*) AS installs FROM events WHERE EventID = 7045 \
             GROUP BY host HAVING installs >= {least}"
        );
        file(&folder, name, &query)
    };
    let (old, new) = (grouped("old.aql", 1), grouped("new.aql", 2));
    let found = json_of(&prospero(&["diff", &old, &new, &logs, "--format", "json"]), 1);
    assert_eq!(found["compared_by"], "columns");
    assert_eq!((&found["kept"], &found["gained"], &found["lost"]), (&json!(1), &json!(0), &json!(1)));
    assert_eq!(found["lost_examples"][0]["columns"]["installs"], 1.0);
    assert_eq!(found["old"]["tests"], Value::Null);
}

#[test]
fn a_version_may_come_from_git() {
    let folder = folder("diff-git");
    let (old, new, logs) = pages(&folder);
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
        let status = Command::new("git").args(identity).args(arguments).current_dir(&folder).output();
        let status = status.expect("git is here");
        assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    };
    let packs = folder.join("packs");
    std::fs::create_dir(&packs).expect("the folder can be made");
    std::fs::copy(&old, packs.join("page.md")).expect("it can be copied");
    git(&["init", "-q"]);
    git(&["add", "packs"]);
    git(&["commit", "-q", "-m", "old"]);
    std::fs::copy(&new, packs.join("page.md")).expect("it can be copied");
    let by_name = ["diff", "HEAD:packs/page.md", "packs/page.md", &logs, "--format", "json"];
    let since = ["diff", "--since", "HEAD", "packs/page.md", &logs, "--format", "json"];
    for arguments in [&by_name[..], &since] {
        let found = json_of(&prospero_in(&folder, arguments), 1);
        assert_eq!((&found["kept"], &found["gained"], &found["lost"]), (&json!(1), &json!(1), &json!(1)));
        assert_eq!(found["old"]["tests"]["all"], 2);
    }
}
