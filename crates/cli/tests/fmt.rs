//! `prospero fmt`: files and pages in, the same tokens in one layout out.

mod support;

use std::io::Write;
use std::process::{Command, Stdio};

use support::{file, folder, prospero, stderr, stdout};

const UGLY: &str = "select lower(username) from events -- who\nlast 1 hours";
const NEAT: &str = "SELECT LOWER(username)\nFROM events -- who\nLAST 1 HOURS\n";
const WRONG: &str = "select a frm events\n";

#[test]
fn files_are_formatted_once() {
    let folder = folder("fmt-files");
    let ugly = file(&folder, "a.aql", UGLY);
    let page = file(&folder, "b.md", &format!("---\nid: x\n---\n\n* text  \n\n```aql\n{UGLY}\n```\n"));
    file(&folder, "c.md", "no page: ```aql\nselect a\n");
    let place = folder.display().to_string();

    let output = prospero(&["fmt", "--check", &place]);
    assert_eq!((output.status.code(), stdout(&output)), (Some(1), format!("{ugly}\n{page}\n")));
    let output = prospero(&["fmt", "--diff", &ugly]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("-select lower(username) from events -- who\n"), "{}", stdout(&output));
    assert!(stdout(&output).contains("+FROM events -- who\n"), "{}", stdout(&output));
    assert_eq!(std::fs::read_to_string(&ugly).expect("it is there"), UGLY, "--check and --diff write nothing");

    let output = prospero(&["fmt", &place]);
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), "2 files formatted, 0 already so\n".to_owned()));
    assert_eq!(std::fs::read_to_string(&ugly).expect("it is there"), NEAT);
    let formatted = std::fs::read_to_string(&page).expect("it is there");
    assert_eq!(formatted, format!("---\nid: x\n---\n\n* text  \n\n```aql\n{NEAT}```\n"));
    assert_eq!(prospero(&["fmt", "--check", &place]).status.code(), Some(0));
}

#[test]
fn a_query_with_errors_is_left_alone() {
    let folder = folder("fmt-errors");
    let wrong = file(&folder, "a.aql", WRONG);
    let ugly = file(&folder, "b.aql", UGLY);
    let output = prospero(&["fmt", &folder.display().to_string()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("a.aql:1:10"), "{}", stderr(&output));
    assert_eq!(std::fs::read_to_string(wrong).expect("it is there"), WRONG);
    assert_eq!(std::fs::read_to_string(ugly).expect("it is there"), NEAT, "the others are formatted");
}

#[test]
fn standard_input_goes_to_standard_output() {
    for (input, expected, code) in [(UGLY, NEAT, 0), (WRONG, WRONG, 2)] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_prospero"))
            .args(["fmt", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        child.stdin.take().expect("it is piped").write_all(input.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        assert_eq!((stdout(&output).as_str(), output.status.code()), (expected, Some(code)));
    }
}

#[test]
fn the_pages_of_this_project_are_formatted() {
    let output = prospero(&["fmt", "--check", "packs"]);
    assert_eq!(output.status.code(), Some(0), "run `prospero fmt packs`:\n{}{}", stdout(&output), stderr(&output));
}
