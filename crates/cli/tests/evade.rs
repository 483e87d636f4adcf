//! `prospero evade` from outside: what escapes, formats, exit codes.

use std::path::Path;
use std::process::{Command, Output};

/// Runs the program in the folder of the tests.
fn prospero(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prospero"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    command.arg("evade").args(arguments).current_dir(folder).output().expect("the program starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("output is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("messages are UTF-8")
}

const PAGE: &str = "evasion_pages/service-made.md";

#[test]
fn what_escapes_is_shown_with_what_it_fails() {
    let output = prospero(&[PAGE, "--transformation", "extra-blanks", "--transformation", "carets"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    insta::assert_snapshot!("escapes", stdout(&output));
    assert!(
        stderr(&output).contains("1 page, 4 variants: 2 caught, 2 escape, 0 of them unseen"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn programs_get_the_same() {
    let output = prospero(&[PAGE, "--transformation", "extra-blanks", "--format", "json", "--exit-zero"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    let page = &json["pages"][0];
    assert_eq!((&page["id"], &page["variants"], &page["caught"]), (&"service-made".into(), &2.into(), &0.into()));
    let escape = &page["escapes"][0];
    assert_eq!(escape["transformation"], "extra-blanks");
    assert_eq!(escape["changes"][0]["after"], "cmd.exe   /c sc   create   abc   binPath=   C:\\a.exe");
    assert!(escape["found_by"].as_array().is_some_and(|it| it.contains(&"sc-create-service".into())), "{escape}");
}

#[test]
fn all_caught_is_good_and_unknown_names_are_said() {
    let output = prospero(&[PAGE, "--transformation", "letter-case"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let output = prospero(&[PAGE, "--transformation", "leter-case"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("did you mean `letter-case`?"), "{}", stderr(&output));
}

#[test]
fn transformations_are_listed_with_their_sources() {
    let text = stdout(&prospero(&["--list"]));
    for transformation in evade::TRANSFORMATIONS {
        assert!(text.contains(transformation.name) && text.contains(transformation.sources[0]), "{text}");
    }
}
