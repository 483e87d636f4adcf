//! Instructions of the hot paths, counted by valgrind: the same on a busy machine as on a quiet one.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Session;
use super::events;
use super::evtx;
use super::measure::progress;
use super::report::Report;
use super::rules::{rule_folders, seeds};
use super::start::small_log;

/// Events of the Parquet folder: valgrind takes fifty times as long as the machine.
const ROWS: u64 = 200_000;

/// Counts instructions of what the options give data for.
pub(super) fn run(session: &Session, report: &mut Report) -> Result<()> {
    report.heading("Instructions");
    if Command::new("valgrind").arg("--version").output().is_err() {
        report.paragraph("valgrind is not installed.");
        return Ok(());
    }
    let mut rows = Vec::new();
    for (name, arguments) in runs(session)? {
        progress(&format!("callgrind: {name}"));
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let instructions = count(&session.ours(&arguments), &session.folder)?;
        rows.push([name, format!("{:.1}", instructions as f64 / 1e6)]);
    }
    report.table(["what, on one thread", "million instructions"], &rows);
    Ok(())
}

/// A name and the arguments of each run.
fn runs(session: &Session) -> Result<Vec<(String, Vec<String>)>> {
    let options = &session.options;
    let own = |arguments: &[&str]| arguments.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let mut runs = vec![("start: --version".to_owned(), own(&["--version"]))];
    let (log, mut sigma) = (small_log(), Vec::new());
    if let Some(folder) = &options.sigma {
        for folder in rule_folders(folder)? {
            sigma.extend(["--sigma".to_owned(), folder.display().to_string()]);
        }
        let mut arguments = own(&["scan", &log, "--threads", "1"]);
        arguments.extend(sigma.iter().cloned());
        runs.push(("start: Sigma rules read and compiled".to_owned(), arguments));
    }
    runs.push(("start: built-in packs compiled".to_owned(), own(&["scan", &log, "--threads", "1"])));
    if let Some(folder) = &options.evtx {
        let (files, input) = (evtx::evtx_files(folder)?.len(), folder.display().to_string());
        let arguments = own(&["scan", &input, "--threads", "1", "--format", "jsonl"]);
        let mut with_sigma = arguments.clone();
        with_sigma.extend(sigma);
        runs.push((format!("scan of {files} EVTX files with the built-in packs"), arguments));
        runs.push((format!("scan of {files} EVTX files with Sigma rules"), with_sigma));
    }
    if let Some(folder) = &options.seeds {
        let data = events::ensure(&session.folder, ROWS)?.display().to_string();
        let queries = session.folder.join("queries");
        std::fs::create_dir_all(&queries)?;
        for seed in seeds(folder)? {
            let file = queries.join(format!("{}.aql", seed.name));
            std::fs::write(&file, &seed.query)?;
            let file = file.display().to_string();
            let arguments = ["query", "--file", &file, "--escapes", "c-style", "--threads", "1", &data];
            runs.push((format!("query {} over {ROWS} events in Parquet", seed.name), own(&arguments)));
        }
    }
    Ok(runs)
}

/// The instructions that valgrind counts.
fn count(command: &[String], folder: &Path) -> Result<u64> {
    let (program, arguments) = command.split_first().context("an empty command")?;
    let mut valgrind = Command::new("valgrind");
    valgrind.arg("--tool=callgrind");
    valgrind.arg(format!("--callgrind-out-file={}", folder.join("callgrind.out").display()));
    let output = valgrind.arg(program).args(arguments).output()?;
    let messages = String::from_utf8_lossy(&output.stderr);
    let Some(number) = messages.lines().find_map(|it| it.split_once("Collected :")) else {
        bail!("valgrind did not count: {}", messages.lines().last().unwrap_or_default());
    };
    number.1.trim().parse().context("valgrind's count is no number")
}
