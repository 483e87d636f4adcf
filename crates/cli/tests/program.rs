//! The program from outside: output, exit codes, errors.

mod support;

use serde_json::Value;
use support::{file, folder, lines, prospero, stderr, stdout};

#[test]
fn a_scan_of_the_samples_finds_each_test_of_the_published_pages() {
    let output = prospero(&["scan", "samples", "--format", "jsonl"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let matches = lines(&output);
    let keys = [
        "detection",
        "title",
        "status",
        "techniques",
        "severity",
        "confidence",
        "score",
        "time",
        "host",
        "user",
        "columns",
        "source",
        "event",
    ];
    for found in &matches {
        let object = found.as_object().expect("a match is an object");
        assert_eq!(object.keys().map(String::as_str).collect::<Vec<_>>(), keys);
        // A row of an aggregation stands for several events.
        if found["source"].is_null() {
            assert!(found["event"].is_null(), "{found}");
            continue;
        }
        assert!(found["source"]["file"].is_string() && found["source"]["record"].is_number(), "{found}");
        assert!(found["event"].is_object() && found["time"].is_string(), "{found}");
    }
    // What the eight tests name: the service or unit, and a detection that shows it.
    let signals = [
        ("ArgusTestSvc", "service-command-runs-interpreter"),
        ("ArgusTestSvc", "sc-create-suspicious-service"),
        ("ArgusTestPSSvc", "powershell-service-created-suspicious"),
        ("svchost32.exe", "service-installed-from-user-writable-path"),
        ("svchost32.exe", "service-binary-written-just-before"),
        ("wuauserv", "sc-config-binary-path"),
        ("wuauserv", "well-known-service-hijacked"),
        ("AtomicTestSvc", "service-installed-from-user-writable-path"),
        ("svcctl", "remote-access-to-service-manager"),
        ("atomic-test.service", "systemd-unit-written-by-unusual-process"),
        ("atomic-test.service", "systemctl-service-enabled-or-reloaded"),
        ("PSAtomicTestSvc", "service-installed-from-user-writable-path"),
    ];
    for (name, detection) in signals {
        let shown = matches.iter().any(|it| it.to_string().contains(name) && it["detection"] == detection);
        assert!(shown, "no match of `{detection}` names `{name}`");
    }
}

#[test]
fn output_is_the_same_on_any_number_of_threads() {
    for format in ["jsonl", "csv", "html"] {
        let one = prospero(&["scan", "samples", "--severity", "high", "--format", format, "--threads", "1"]);
        let many = prospero(&["scan", "samples", "--severity", "high", "--format", format, "--threads", "7"]);
        assert!(!one.stdout.is_empty());
        assert!(one.stdout == many.stdout, "{format}");
    }
}

#[test]
fn a_report_holds_no_script_and_asks_for_nothing() {
    let output = prospero(&["scan", "samples", "--format", "html"]);
    let text = stdout(&output);
    for word in ["<script", "http-equiv", "src=", "@import", "url("] {
        assert!(!text.contains(word), "{word}");
    }
    assert!(text.contains("<svg class=\"timeline\"") && text.ends_with("</html>\n"));
}

#[test]
fn exit_codes_mean_something() {
    let folder = folder("exit-codes");
    let good = file(&folder, "good.aql", "SELECT qid FROM events WHERE EventID = 7045");
    let bad = file(&folder, "bad.aql", "SELECT qid FROM event WHERE EventID = 7045");
    let notes = file(&folder, "notes.txt", "Nothing to see here, and no log at all.\n");
    let page = folder.join("pages");
    std::fs::create_dir(&page).expect("the folder can be made");
    file(&page, "wrong.md", "---\nid: wrong\n---\n");
    let page = page.display().to_string();
    let cases: [(&[&str], i32, &str); 11] = [
        (&["check", &good], 0, "1 text checked: 0 errors"),
        (&["check", &bad], 1, "1 error,"),
        (&["check", "packs"], 0, "0 errors"),
        (&["query", "SELECT qid FROM events WHERE EventID = 7045", "samples/windows"], 0, "rows from"),
        (&["query", "SELECT qid FORM events", "samples/windows"], 2, "error["),
        (&["query", "SELECT qid FROM events", "no-such-folder"], 2, "no-such-folder"),
        (&["query", "SELECT qid FROM events", &notes], 2, "no log of a known format"),
        (&["scan", "samples", "--fail-on", "high", "--format", "csv"], 1, "matches"),
        (&["scan", "samples", "--packs", "none", "--fail-on", "low"], 0, ""),
        (&["scan", "samples", "--packs", &page], 2, "wrong"),
        (&["scan", "samples", "--technique", "T1003"], 2, "none of"),
    ];
    for (arguments, code, said) in cases {
        let output = prospero(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(said) || stdout(&output).contains(said), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn rows_are_the_same_in_each_format() {
    let query =
        "SELECT EventID, COUNT(*) AS events FROM events WHERE devicetype = 12 GROUP BY EventID ORDER BY EventID";
    let output = |format: &str| prospero(&["query", query, "samples/windows", "--format", format]);
    let rows = lines(&output("jsonl"));
    assert!(rows.len() > 10);
    let json: Value = serde_json::from_str(&stdout(&output("json"))).expect("an array");
    assert_eq!(json.as_array(), Some(&rows));
    let csv = stdout(&output("csv"));
    assert_eq!(csv.lines().count(), rows.len() + 1);
    assert_eq!(csv.lines().next(), Some("EventID,events"));
    let table = stdout(&output("table"));
    assert_eq!(table.lines().count(), rows.len() + 2);
    assert!(output("parquet").stdout.starts_with(b"PAR1"));
}

#[test]
fn a_mistake_is_shown_at_its_place_with_a_way_out() {
    let output = prospero(&["query", "SELECT LOWR(username) FROM events", "samples/windows"]);
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(said.contains("error[unknown-function]") && said.contains("^^^^") && said.contains("LOWER"), "{said}");
    assert!(output.stdout.is_empty());
}

#[test]
fn check_speaks_json() {
    let folder = folder("check-json");
    let bad = file(&folder, "bad.aql", "SELECT qid\nFROM events WHERE LOWR(username) = 'x'");
    let output = prospero(&["check", &bad, "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let found: Value = serde_json::from_str(&stdout(&output)).expect("an array");
    let first = &found[0];
    for key in ["file", "id", "severity", "message", "span", "help"] {
        assert!(first.get(key).is_some(), "{key}: {first}");
    }
    assert_eq!(first["id"], "unknown-function");
    assert_eq!(first["span"]["start"]["line"], 2);
}

#[test]
fn converted_events_are_read_as_they_were() {
    let folder = folder("convert");
    let evtx = folder.join("all.evtx").display().to_string();
    let output = prospero(&["convert", "samples/windows/srv02-winlogbeat.jsonl", "-o", &evtx]);
    assert!(output.status.success(), "{}", stderr(&output));
    let query = "SELECT starttime, EventID, username, \"Machine Identifier\", ServiceName, ImagePath, CommandLine, qid \
                 FROM events ORDER BY starttime, EventID, CommandLine";
    let rows = |path: &str| stdout(&prospero(&["query", query, path, "--format", "jsonl"]));
    let expected = rows("samples/windows/srv02-winlogbeat.jsonl");
    assert!(expected.lines().count() > 100);
    assert_eq!(rows(&evtx), expected);
}

#[test]
fn each_verb_shows_examples() {
    for verb in ["scan", "query", "check", "fields", "functions", "convert", "completions", "man"] {
        let output = prospero(&[verb, "--help"]);
        assert!(output.status.success());
        assert!(stdout(&output).contains("prospero"), "{verb}");
    }
    assert!(stdout(&prospero(&["fields", "servicefilename"])).contains("Service Filename"));
    assert!(stdout(&prospero(&["functions", "dateformat"])).contains("DATEFORMAT"));
    assert!(stdout(&prospero(&["completions", "bash"])).contains("prospero"));
    assert!(stdout(&prospero(&["man"])).contains(".TH"));
}

/// A detection page for tests: of this technique, for this event id of the log System.
fn page(id: &str, technique: &str, event_id: u16) -> String {
    format!(
        "---\nid: {id}\ntitle: {id}\nstatus: test\nseverity: low\nconfidence: low\nscore: 10\ntechniques: [{technique}]\n\
         platforms: [windows]\nlog_sources: [Windows System]\n---\n\n<b>Text</b> & more\n\n## Query\n\n```aql\nSELECT EventID \
         FROM events WHERE devicetype = 12 AND qideventcategory = 'System' AND EventID = {event_id}\n```\n\n## Tests\n\n\
         ```json attack \"it\"\n{{\"Channel\":\"System\",\"EventID\":{event_id}}}\n```\n\n```json benign \"another\"\n\
         {{\"Channel\":\"System\",\"EventID\":1}}\n```\n"
    )
}

#[test]
fn coverage_tells_the_four_states_apart() {
    let folder = folder("coverage");
    file(&folder, "seen.md", &page("seen", "T1543.003", 7045));
    file(&folder, "lacking.md", &page("lacking", "T1569.002", 7009));
    let broken = page("broken", "T1543.002", 7045).replace("\"EventID\":7045", "\"EventID\":7046");
    file(&folder, "broken.md", &broken);
    let packs = folder.display().to_string();
    let log = file(&folder, "log.json", "{\"Channel\":\"System\",\"EventID\":7045,\"ServiceName\":\"x\"}");
    let output = prospero(&["coverage", &log, "--packs", &packs, "--format", "json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let rows: Vec<Value> = serde_json::from_str(&stdout(&output)).expect("JSON");
    let states = |technique: &str| {
        let row = rows.iter().find(|it| it["technique"] == technique).expect("each technique has a row");
        ["mapped", "tested", "runnable", "seen"].map(|it| row[it].as_bool())
    };
    assert_eq!(states("T1543.003"), [Some(true); 4]);
    assert_eq!(states("T1569.002"), [Some(true), Some(true), Some(false), Some(false)]);
    assert_eq!(states("T1543.002"), [Some(true), Some(false), Some(true), Some(true)]);
    assert_eq!(states("T1543"), [Some(true), Some(false), Some(true), Some(true)], "by its sub-techniques");
    assert_eq!(states("T1569.001"), [Some(false), None, None, None]);

    let output = prospero(&["coverage", &log, "--packs", &packs, "--format", "navigator"]);
    let layer: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let techniques = layer["techniques"].as_array().expect("techniques");
    let score = |id: &str| techniques.iter().find(|it| it["techniqueID"] == id).map(|it| it["score"].clone());
    assert_eq!(score("T1543.003"), Some(4.into()));
    assert_eq!(score("T1569.001"), Some(0.into()));

    let without_logs = prospero(&["coverage", "--packs", &packs, "--format", "json"]);
    let rows: Vec<Value> = serde_json::from_str(&stdout(&without_logs)).expect("JSON");
    assert!(rows.iter().all(|it| it["runnable"].is_null() && it["seen"].is_null()), "nothing is known without logs");
}

#[test]
fn a_catalogue_is_a_site_that_holds_together() {
    let folder = folder("catalogue");
    let packs = folder.join("packs");
    std::fs::create_dir_all(&packs).expect("the folder can be made");
    let linked = page("second", "T1569.002", 7009).replace("## Tests", "## Tests\n\n<script>x</script>")
        + "\n## Related detections\n\n- [it](first.md)\n- [gone](gone.md)\n";
    file(&packs, "first.md", &page("first", "T1543.003", 7045));
    file(&packs, "second.md", &linked);
    let site = folder.join("site");
    let arguments = ["--sigma-cli", "none", "--packs", &packs.display().to_string(), "-o", &site.display().to_string()];
    let output = prospero(&[&["catalogue"], &arguments[..]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    let read = |name: &str| std::fs::read_to_string(site.join(name)).unwrap_or_else(|it| panic!("{name}: {it}"));
    for name in ["index.html", "techniques.html", "platforms.html", "log-sources.html", "severities.html"] {
        let text = read(name);
        assert!(text.contains("href=\"detections/first.html\"") && text.contains("2 of 2 hold"), "{name}");
    }
    let second = read("detections/second.html");
    assert!(second.contains("<a href=\"first.html\">it</a>") && !second.contains("gone.html"), "links lead to pages");
    assert!(!second.contains("<script>x") && !second.contains("<b>"), "the text of a page is no markup");
    assert!(
        second.contains("<span class=\"k\">SELECT</span>")
            && second.contains("https://attack.mitre.org/techniques/T1569/002/")
    );
    assert!(read("sigma/first.yml").contains("EventID: 7045"));
    assert!(
        second.contains("<h2 id=\"evasion\">Evasion</h2>") && second.contains("<dt>Evasion</dt>"),
        "evasion is said"
    );

    let broken = page("first", "T1543.003", 7045).replace("\"EventID\":7045", "\"EventID\":7046");
    file(&packs, "first.md", &broken);
    let output = prospero(&[&["catalogue"], &arguments[..]].concat());
    assert_eq!(output.status.code(), Some(1), "a test that fails is said");
    assert!(read("detections/first.html").contains("FAILS") && stderr(&output).contains("first"));
}
