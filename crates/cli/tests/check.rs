//! `prospero check` from outside: what it reads, says, mends and writes.

mod support;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use support::{file, folder, installed, json_of, page, prospero, prospero_in, stderr, stdout};

const ANY: &str = "SELECT qid FROM events WHERE username ILIKE ANY ('adm%', 'svc%') LIMIT 9 LAST 1 HOURS";

/// Checks without the settings of whoever runs the tests.
fn check(arguments: &[&str]) -> Output {
    prospero(&[&["check", "--settings", "none"], arguments].concat())
}

fn check_input(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_prospero"))
        .args([&["check", "--settings", "none"], arguments].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("there is an input").write_all(input.as_bytes()).expect("the program reads");
    child.wait_with_output().expect("the program ends")
}

/// The ids of findings in JSON.
fn ids(output: &Output) -> Vec<String> {
    let findings: Value = serde_json::from_str(&stdout(output)).expect("the output is JSON");
    let all = findings.as_array().expect("an array").iter();
    all.map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn a_query_on_the_command_line() {
    let output = check(&[ANY]);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(stdout(&output) + &stderr(&output));
    assert_eq!(check(&[ANY, "--deny", "warnings"]).status.code(), Some(1));
    assert_eq!(check(&[ANY, "--deny", "warnings", "--exit-zero"]).status.code(), Some(0));
    assert_eq!(stdout(&check(&[ANY, "--allow", "portability"])), "");
    for wrong in [&["nothing-here"][..], &[ANY, "--deny", "any-patern"], &[ANY, "--unsafe"], &[]] {
        assert_eq!(check(wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn nothing_is_said_of_our_own_pages() {
    let output = check(&["packs"]);
    assert_eq!((stdout(&output).as_str(), output.status.code()), ("", Some(0)));
}

#[test]
fn standard_input_is_fixed_to_standard_output() {
    let output = check_input(&["-", "--fix"], &format!("{ANY} -- a comment\n"));
    let fixed = "SELECT qid FROM events WHERE (username ILIKE 'adm%' OR username ILIKE 'svc%') LIMIT 9 LAST 1 HOURS";
    assert_eq!(stdout(&output), format!("{fixed} -- a comment\n"));
    let said = stderr(&output);
    assert!(said.contains("note[comment]") && said.contains("fixed: <stdin>: any-pattern 1"), "{said}");
    let output = check_input(&["-", "--fix", "--unsafe"], &format!("{ANY} -- a comment\n"));
    assert_eq!(stdout(&output), format!("{fixed}\n"));
}

#[test]
fn files_are_fixed_whole() {
    let folder = folder("check-fix");
    let query = file(&folder, "a.aql", ANY);
    let good = file(&folder, "b.aql", "SELECT qid FROM events LIMIT 9 LAST 1 HOURS");
    let output = check(&[&query, &good, "--diff"]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(stdout(&output).replace(&folder.display().to_string(), "FOLDER"));
    assert_eq!(std::fs::read_to_string(&query).expect("the file is there"), ANY);
    assert_eq!(check(&[&query, &good, "--fix"]).status.code(), Some(0));
    let fixed = std::fs::read_to_string(&query).expect("the file is there");
    assert!(fixed.contains("ILIKE 'svc%'"), "{fixed}");
    assert_eq!(std::fs::read_dir(&folder).expect("the folder is there").count(), 2, "nothing is left behind");
    assert_eq!(check(&[&query, &good, "--diff"]).status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn a_link_is_not_written_through() {
    let folder = folder("check-link");
    let query = file(&folder, "a.txt", ANY);
    let link = folder.join("b.aql");
    std::os::unix::fs::symlink(&query, &link).expect("a link can be made");
    let output = check(&[&link.display().to_string(), "--fix"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("is a link"), "{}", stderr(&output));
    assert_eq!(std::fs::read_to_string(&query).expect("the file is there"), ANY);
}

#[test]
fn a_query_of_the_other_dialect_becomes_strict() {
    let folder = folder("check-dialect");
    let written =
        r#"SELECT qid FROM events WHERE "Process Path" ILIKE ANY ('%\\Temp\\%', '\\\\srv\\%') LIMIT 9 LAST 1 HOURS"#;
    let meant = r#"SELECT qid FROM events WHERE ("Process Path" ILIKE '%\Temp\%' OR "Process Path" ILIKE '\\srv\%') LIMIT 9 LAST 1 HOURS"#;
    let query = file(&folder, "a.aql", written);
    let output = check(&[&query, "--escapes", "c-style", "--fix"]);
    assert!(stderr(&output).contains("without `--escapes c-style`"), "{}", stderr(&output));
    assert_eq!(std::fs::read_to_string(&query).expect("the file is there"), meant);
    assert_eq!(stdout(&check(&[&query, "--deny", "portability"])), "");

    let event = installed(1, "HOST-1", "x", "y");
    let page = page("c-style", written, &event, &event);
    let hunting =
        "\n## Hunting queries\n\n```aql\nSELECT qid FROM events WHERE username = 'A\\\\b' LIMIT 9 LAST 1 HOURS\n```\n";
    let page = page.replace("severity: high", "dialect: { escapes: c-style }\nseverity: high");
    let page = file(&folder, "a.md", &(page + hunting));
    check(&[&page, "--fix"]);
    let fixed = std::fs::read_to_string(&page).expect("the file is there");
    assert!(fixed.contains("dialect: { escapes: strict }"), "{fixed}");
    assert!(fixed.contains(meant) && fixed.contains(r"'A\b'"), "{fixed}");
}

#[test]
fn pages_are_checked_in_all_their_queries() {
    let folder = folder("check-pages");
    let event = installed(1, "HOST-1", "x", "y");
    let query = "SELECT qid FROM events WHERE devicetype = 12 AND EventID = 1 OR EventID = 2 LIMIT 9 LAST 1 HOURS";
    let text = page("all-queries", query, &event, &event);
    let text = text + &format!("\n## Hunting queries\n\n```aql\n{ANY}\n```\n");
    let page = file(&folder, "a.md", &text);
    let output = check(&[&page, "--format", "json"]);
    let findings = json_of(&output, 0);
    let of = |id: &str| {
        let found = findings.as_array().expect("an array").iter().find(|it| it["id"] == id);
        let span = &found.unwrap_or_else(|| panic!("{id} is found"))["span"];
        let offset = |it: &str| usize::try_from(span[it]["offset"].as_u64().expect("a number")).expect("it fits");
        text[offset("start")..offset("end")].to_owned()
    };
    assert_eq!(of("and-or-without-parentheses"), "devicetype = 12 AND EventID = 1");
    assert_eq!(of("any-pattern"), "username ILIKE ANY ('adm%', 'svc%')");
}

const RULE: &str = "title: A rule
id: 6a7a3b1e-8c0f-4c8e-9d3a-0a1b2c3d4e5f
status: test
logsource: { product: windows, category: process_creation }
detection:
  selection:
    NoSuchField: explorer
  condition: selection
";

#[test]
fn sigma_rules_are_checked() {
    let folder = folder("check-sigma");
    let rule = file(&folder, "rule.yml", RULE);
    file(&folder, "workflow.yml", "on: push\njobs: {}\n");
    let output = check(&[&folder.display().to_string(), "--format", "json"]);
    let found = ids(&output);
    assert!(!found.is_empty() && stderr(&output).starts_with("1 text checked"), "{}", stderr(&output));
    let silenced = RULE.replace("title:", &format!("# allow: {}\ntitle:", found.join(", ")));
    std::fs::write(&rule, silenced).expect("the file can be written");
    assert_eq!(ids(&check(&[&rule, "--format", "json"])), Vec::<String>::new());
    std::fs::write(&rule, RULE.replace("selection\n", "nothing\n")).expect("the file can be written");
    assert_eq!(check(&[&rule]).status.code(), Some(1));
}

#[test]
fn settings_are_those_of_the_nearest_file() {
    let folder = folder("check-settings");
    std::fs::create_dir_all(folder.join("queries/drafts")).expect("a folder can be made");
    file(&folder.join("queries"), "a.aql", ANY);
    file(&folder.join("queries/drafts"), "b.aql", "SELECT");
    let settings = "[check]\nexclude = ['queries/drafts']\nlevels = { any-pattern = 'error' }\n";
    file(&folder, "prospero.toml", settings);
    let run = |arguments: &[&str]| prospero_in(&folder.join("queries"), &[&["check", "."], arguments].concat());
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).starts_with("1 text checked: 1 error"), "{}", stderr(&output));
    assert_eq!(run(&["--warn", "any-pattern"]).status.code(), Some(0));
    file(&folder, "prospero.toml", "[check]\nlevel = { any-pattern = 'error' }\n");
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(stderr(&output).replace(&folder.display().to_string(), "FOLDER"));
}

#[test]
fn sarif_has_rules_regions_and_fixes() {
    let folder = folder("check-sarif");
    file(&folder, "a b.aql", &format!("-- \u{1f600}\n/* \u{1f600} */ {ANY}\n"));
    let output = prospero_in(&folder, &["check", "--settings", "none", "a b.aql", "--format", "sarif"]);
    let log = json_of(&output, 0);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("an array");
    for rule in rules {
        for key in ["shortDescription", "fullDescription", "help"] {
            assert!(rule[key]["text"].as_str().is_some_and(|it| !it.is_empty()), "{key}: {rule}");
        }
    }
    for result in run["results"].as_array().expect("an array") {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("it fits");
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let mut shown = log.clone();
    shown["runs"][0]["tool"]["driver"] = Value::Null;
    for result in shown["runs"][0]["results"].as_array_mut().expect("an array") {
        result["ruleIndex"] = Value::Null;
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&shown).expect("it is JSON"));
}

#[test]
fn annotations_name_file_and_line() {
    let folder = folder("check-github");
    file(&folder, "a.aql", ANY);
    let output = prospero_in(&folder, &["check", "--settings", "none", "a.aql", "--format", "github"]);
    insta::assert_snapshot!(stdout(&output));
}

#[test]
fn lints_are_listed_and_explained() {
    let list = json_of(&check(&["--list", "--format", "json"]), 0);
    let list = list.as_array().expect("an array");
    assert!(list.len() > 20);
    let table = stdout(&check(&["--list"]));
    for lint in list {
        let name = lint["name"].as_str().expect("a name");
        assert!(table.contains(name), "{name}");
        assert!(!lint["summary"].as_str().unwrap_or_default().is_empty(), "{name}");
    }
    let text = stdout(&check(&["--explain", "any-pattern"]));
    assert!(text.starts_with("# any-pattern\n\nwarning, group portability, fixed by --fix\n"), "{text}");
    assert!(stderr(&check(&["--explain", "any-patern"])).contains("did you mean `any-pattern`"));
    assert!(stdout(&check(&["--explain", "few-tests"])).contains("fewer tests"));
}

#[test]
fn each_warning_of_pages_and_rules_is_in_their_lists() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let sources = [
        "pack/src/read.rs",
        "sigma/src/import/mod.rs",
        "sigma/src/import/test.rs",
        "sigma/src/import/rule.rs",
        "sigma/src/rule/read.rs",
    ];
    let mut said = 0;
    for source in sources {
        let text = std::fs::read_to_string(crates.join(source)).expect("the source is there");
        let parts = ["Diagnostic::warning(", "Diagnostic::new("].iter().flat_map(|it| text.split(it).skip(1));
        for name in parts.filter_map(|it| it.trim_start().strip_prefix('"')?.split('"').next()) {
            let output = check(&["--explain", name]);
            assert_eq!(output.status.code(), Some(0), "{source}: `{name}` is in no list");
            said += 1;
        }
    }
    assert!(said >= 6, "{said}");
}
