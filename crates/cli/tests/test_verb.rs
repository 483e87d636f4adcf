//! `prospero test` from outside: verdicts, the nearest miss, formats, exit codes, what git says changed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs the program in a folder.
fn prospero_in(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prospero"));
    command.arg("test").args(arguments).current_dir(folder).output().expect("the program starts")
}

fn prospero(arguments: &[&str]) -> Output {
    prospero_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), arguments)
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("output is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("messages are UTF-8")
}

/// A folder of this test, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("the folder is ours");
    }
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

#[test]
fn all_built_in_pages_hold() {
    let output = prospero(&[]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn a_failing_test_shows_what_came_and_the_nearest_miss() {
    let output = prospero(&["pages"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    insta::assert_snapshot!("near_miss", stdout(&output));
    assert!(stderr(&output).contains("2 pages, 11 tests: 6 hold, 5 fail ("), "{}", stderr(&output));
}

#[test]
fn programs_and_build_servers_get_the_same_verdicts() {
    let json: serde_json::Value =
        serde_json::from_slice(&prospero(&["pages", "--format", "json"]).stdout).expect("the output is JSON");
    assert_eq!((&json["tests"], &json["failed"], &json["wrong_pages"]), (&11.into(), &5.into(), &0.into()));
    let test = &json["pages"][1]["tests"][1];
    assert_eq!(test["failure"], "no match, and there must be one");
    let failed = &test["nearest_miss"]["tests"][4];
    assert_eq!(failed["text"], "NOT (\"Service Name\" = 'x')");
    assert_eq!((&failed["holds"], &failed["values"]["\"Service Name\""]), (&false.into(), &"x".into()));

    let junit = stdout(&prospero(&["pages", "--format", "junit"]));
    let head = "<testsuites name=\"prospero\" tests=\"11\" failures=\"5\" errors=\"0\"";
    assert!(junit.contains(head), "{junit}");
    assert!(junit.contains("<failure message=\"name is y, not z\">"), "{junit}");
    assert!(junit.contains("FAILS  ImagePath IMATCHES &#39;\\\\public\\\\&#39;"), "{junit}");
}

#[test]
fn a_wrong_page_and_an_unknown_name_are_said() {
    let folder = folder("test-wrong");
    let page = folder.join("wrong.md");
    std::fs::write(&page, "---\nid: wrong\n---\n\n## Query\n").expect("the file can be written");
    let output = prospero_in(&folder, &["wrong.md"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("error[missing-key]"), "{}", stderr(&output));
    let junit = stdout(&prospero_in(&folder, &["wrong.md", "--format", "junit"]));
    assert!(junit.contains("errors=\"1\"") && junit.contains("<error message=\"the page is wrong\">"), "{junit}");

    let output = prospero_in(&folder, &["t1534"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("did you mean `t1543`?"), "{}", stderr(&output));
}

#[test]
fn a_pack_and_a_page_are_named() {
    let json = |name: &str| -> serde_json::Value {
        let output = prospero(&[name, "--format", "json"]);
        assert!(output.status.success(), "{}", stderr(&output));
        serde_json::from_slice(&output.stdout).expect("the output is JSON")
    };
    let pack = json("T1543");
    let pages = pack["pages"].as_array().expect("a list");
    assert!(pages.len() > 1 && pages.iter().all(|it| it["file"].as_str().is_some_and(|it| it.starts_with("t1543/"))));
    let id = pages[0]["id"].as_str().expect("an id");
    assert_eq!(json(id)["pages"].as_array().map(Vec::len), Some(1));
}

#[test]
fn only_what_git_says_changed_is_tested() {
    let folder = folder("test-changed");
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
        let output = Command::new("git").args(identity).args(arguments).current_dir(&folder).output();
        assert!(output.expect("git runs").status.success(), "{arguments:?}");
    };
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    for name in ["near-miss.md", "grouped.md", "five.json"] {
        std::fs::copy(pages.join(name), folder.join(name)).expect("the file can be copied");
    }
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message=pages"]);
    let tested = |arguments: &[&str]| {
        let output = prospero_in(&folder, &[&["--changed", "--format", "json"], arguments].concat());
        if output.stdout.is_empty() {
            assert!(stderr(&output).contains("no page changed since main"), "{}", stderr(&output));
            return Vec::new();
        }
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
        let pages = json["pages"].as_array().cloned().unwrap_or_default();
        pages.iter().filter_map(|it| it["id"].as_str().map(str::to_owned)).collect()
    };
    assert!(tested(&[]).is_empty());
    // A file beside a page, not yet committed; then a page on a branch.
    std::fs::write(folder.join("five.json"), "{\"Channel\": \"System\", \"EventID\": 7045}\n").expect("written");
    assert_eq!(tested(&[]), ["grouped"]);
    git(&["checkout", "--quiet", "-b", "work"]);
    let page = std::fs::read_to_string(folder.join("near-miss.md")).expect("the page is there");
    std::fs::write(folder.join("near-miss.md"), page.replace("Finds", "Seeks")).expect("written");
    git(&["commit", "--quiet", "--all", "--message=change"]);
    assert_eq!(tested(&["."]), ["grouped", "near-miss"]);

    let output = prospero_in(&folder, &["--changed", "t1543"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
}
