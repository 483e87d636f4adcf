//! Tuning from outside: what a scan removes, says and refuses.

mod support;

use support::{file, folder, lines, prospero, stderr, stdout};

/// One log and one page, so that the tests are quick.
const LOG: &str = "samples/windows/ws01-System.evtx";
const PAGE: &str = "packs/t1543/service-installed-from-user-writable-path.md";

const TUNING: &str = r#"
[[exclusion]]
id = "tests-of-argus"
detections = ["T1543"]
owner = "ann"
reason = "our own tests"
expires = 2027-01-31
filter = '''ServiceName ILIKE '%argustemp%' '''

[[exclusion]]
id = "workstation"
detections = ["*"]
owner = "bob"
reason = "was once noisy"
expires = "2026-01-31"
filter = '''"Machine Identifier" ILIKE 'ws01%' '''
"#;

/// A folder with that tuning file.
fn tuning_folder(name: &str) -> String {
    let folder = folder(name);
    std::fs::write(folder.join("site.toml"), TUNING).expect("the file can be written");
    folder.display().to_string()
}

#[test]
fn what_an_exclusion_removes_is_gone_counted_and_shown_on_request() {
    let tuning = tuning_folder("tuning-removed");
    let scan = |more: &[&str]| {
        let mut arguments = vec!["scan", LOG, "--format", "jsonl", "--packs", PAGE];
        arguments.extend(more);
        let output = prospero(&arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        output
    };
    let all = lines(&scan(&[]));
    let tuned_output = scan(&["--tuning", &tuning, "--tuning-date", "2026-11-21"]);
    let tuned = lines(&tuned_output);
    let removed = all.len() - tuned.len();
    assert!(removed > 0 && !tuned.is_empty());
    assert!(tuned.iter().all(|it| it.get("excluded_by").is_none()));
    let said = stderr(&tuned_output);
    assert!(said.contains("`workstation` of bob expired after 2026-01-31 and is not applied"), "{said}");
    assert!(said.contains(&format!("tests-of-argus: {removed} match")), "{said}");

    let shown = lines(&scan(&["--tuning", &tuning, "--tuning-date", "2026-11-21", "--show-excluded"]));
    let marked: Vec<_> = shown.iter().filter(|it| it.get("excluded_by").is_some()).collect();
    assert_eq!(shown.len(), all.len());
    assert_eq!(marked.len(), removed);
    assert!(marked.iter().all(|it| it["excluded_by"] == "tests-of-argus" && it.to_string().contains("ArgusTemp")));

    // On a day on which the other holds, nothing of that host is left.
    let earlier = scan(&["--tuning", &tuning, "--tuning-date", "2026-01-31"]);
    assert!(lines(&earlier).iter().all(|it| !it["host"].to_string().contains("ws01")));
}

#[test]
fn an_exclusion_may_look_into_a_reference_set() {
    let folder = folder("tuning-reference-set");
    let sets = folder.join("sets");
    std::fs::create_dir(&sets).expect("the folder can be made");
    file(&sets, "agreed.txt", "ArgusTestSvc\nArgusTempSvc\n");
    let tuning = file(
        &folder,
        "site.toml",
        "[[exclusion]]\nid = \"agreed\"\ndetections = [\"*\"]\nowner = \"ann\"\nreason = \"agreed\"\n\
         expires = 2099-12-31\nfilter = \"REFERENCESETCONTAINS('agreed', \\\"Service Name\\\")\"\n",
    );
    let sets = sets.display().to_string();
    let arguments = ["scan", LOG, "--packs", PAGE, "--tuning", &tuning, "--reference-data", &sets, "--format", "jsonl"];
    let output = prospero(&[&arguments[..], &["--show-excluded"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let rows = lines(&output);
    assert!(rows.iter().any(|it| it["excluded_by"] == "agreed") && rows.iter().any(|it| it["excluded_by"].is_null()));
    for row in rows {
        let name = row["event"]["Service Name"].as_str().unwrap_or_default();
        let is_agreed = ["ArgusTestSvc", "ArgusTempSvc"].contains(&name);
        assert_eq!(row["excluded_by"] == "agreed", is_agreed, "{name}");
    }
}

#[test]
fn what_was_removed_is_marked_in_each_format() {
    let tuning = tuning_folder("tuning-formats");
    for (format, mark) in [
        ("table", "[excluded by tests-of-argus]"),
        ("json", "\"excluded_by\":\"tests-of-argus\""),
        ("csv", ",tests-of-argus\r\n"),
        ("html", "<th>excluded by</th><td>tests-of-argus</td>"),
    ] {
        let arguments =
            ["scan", LOG, "--packs", PAGE, "--tuning", &tuning, "--tuning-date", "2026-11-21", "--format", format];
        let plain = prospero(&arguments);
        assert!(!stdout(&plain).contains(mark), "{format}");
        let shown = prospero(&[&arguments[..], &["--show-excluded", "--color", "never"]].concat());
        assert!(stdout(&shown).contains(mark), "{format}: {}", stderr(&shown));
    }
}

#[test]
fn what_is_wrong_with_tuning_is_said() {
    let folder = folder("tuning-wrong");
    let wrong = folder.join("wrong.toml");
    std::fs::write(&wrong, TUNING.replacen("owner = \"ann\"", "ownr = \"ann\"", 1)).expect("the file can be written");
    let wrong = wrong.display().to_string();
    let good = tuning_folder("tuning-good");
    let cases: [(&[&str], i32, &str); 8] = [
        (&["scan", "samples/linux/audit.log", "--packs", PAGE, "--tuning", &wrong], 2, "did you mean `owner`?"),
        (&["scan", "samples/linux/audit.log", "--packs", PAGE, "--exclude", "scm"], 2, "did you mean `sccm`?"),
        (&["scan", "samples/linux/audit.log", "--packs", PAGE, "--exclude", "sccm,pdq"], 0, "sccm-client: 0 matches"),
        (&["scan", "samples/linux/audit.log", "--packs", PAGE, "--tuning", "no-such-folder"], 2, "no-such-folder"),
        (&["tuning"], 0, "psexec-sanctioned"),
        (&["tuning", "--tuning", &wrong], 1, "unknown-key"),
        (&["tuning", "--tuning", &good, "--tuning-date", "2026-01-31"], 0, "applied"),
        (&["tuning", "--tuning", &good, "--tuning-date", "2026-02-01", "--format", "json"], 1, "\"expired\""),
    ];
    for (arguments, code, said) in cases {
        let output = prospero(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(said) || stdout(&output).contains(said), "{arguments:?}: {}", stderr(&output));
    }
}
