//! What the tests of the program share: running it, folders and files of a test.
#![allow(dead_code, reason = "each test file uses its part")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

/// Runs the program in the root of the project.
pub(crate) fn prospero(arguments: &[&str]) -> Output {
    prospero_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."), arguments)
}

/// Runs the program in a folder.
pub(crate) fn prospero_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_prospero"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .output()
        .expect("the program starts")
}

/// What went to standard output.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("output is UTF-8")
}

/// What went to standard error.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("messages are UTF-8")
}

/// Standard output as one JSON value, of a run that ended with this code.
pub(crate) fn json_of(output: &Output, code: i32) -> Value {
    assert_eq!(output.status.code(), Some(code), "{}", stderr(output));
    serde_json::from_str(&stdout(output)).expect("the output is JSON")
}

/// Standard output as JSON, one value a line.
pub(crate) fn lines(output: &Output) -> Vec<Value> {
    stdout(output).lines().map(|it| serde_json::from_str(it).expect("each line is JSON")).collect()
}

/// A folder of this test, empty.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("the folder is ours");
    }
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// Writes a file; gives its path.
pub(crate) fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("the file can be written");
    path.display().to_string()
}

/// A service was installed: day of November 2026, host, name, program.
pub(crate) fn installed(day: u8, host: &str, name: &str, program: &str) -> Value {
    json!({
        "@timestamp": format!("2026-11-{day:02}T10:00:00Z"), "Channel": "System",
        "SourceName": "Service Control Manager", "EventID": 7045, "Hostname": host,
        "ServiceName": name, "ImagePath": program, "ServiceType": "user mode service", "StartType": "auto start",
        "AccountName": "LocalSystem",
    })
}

/// Events as a log, one a line.
pub(crate) fn log(events: &[Value]) -> String {
    events.iter().map(Value::to_string).collect::<Vec<_>>().join("\n") + "\n"
}

/// A page with this query, an attack event and a benign one.
pub(crate) fn page(id: &str, query: &str, attack: &Value, benign: &Value) -> String {
    format!(
        "---\nid: {id}\ntitle: Services of {id}\nstatus: test\nseverity: high\nconfidence: low\nscore: 50\n\
         techniques: [T1543.003]\nplatforms: [windows]\nlog_sources: [System]\n---\n\nFinds services.\n\n\
         ## Query\n\n```aql\n{query}\n```\n\n## Tests\n\n```json attack \"installed\"\n{attack}\n```\n\n\
         ```json benign \"harmless\"\n{benign}\n```\n"
    )
}
