//! Logs of generated events, the same at each run. They are written by `cargo xtask generate` and kept in the target
//! folder.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The events of a log, unless `PROSPERO_BENCH_EVENTS` says otherwise.
const EVENTS_DEFAULT: u64 = 50_000;
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A log file and its size in bytes.
pub(crate) struct Log {
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
}

/// The log in a format of the generator: `evtx` or `jsonl`. Written first when it is missing.
pub(crate) fn log(format: &str) -> Log {
    let events = std::env::var("PROSPERO_BENCH_EVENTS");
    let events = events.map_or(EVENTS_DEFAULT, |it| it.parse().expect("PROSPERO_BENCH_EVENTS is a number"));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("day-{events}.{format}"));
    if !path.exists() {
        generate(events, format, &path);
    }
    let bytes = path.metadata().expect("the log is there").len();
    Log { path, bytes }
}

/// Writes under another name first, so that a log is whole.
fn generate(events: u64, format: &str, path: &Path) {
    let part = path.with_extension("part");
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(ROOT).args(["run", "--quiet", "--package", "xtask", "--", "generate"]);
    command.args(["--events", &events.to_string(), "--format", format, "-o"]).arg(&part);
    let status = command.status().expect("cargo is there");
    assert!(status.success(), "the generator writes {}", path.display());
    std::fs::rename(&part, path).expect("the log takes its name");
}
