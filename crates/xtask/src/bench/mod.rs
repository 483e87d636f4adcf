//! `cargo xtask bench`: Prospero beside other programs, on data of its own making. See `docs/performance.md`.

mod callgrind;
mod compile;
mod events;
mod evtx;
mod machine;
mod matching;
mod measure;
mod options;
mod peers;
mod queries;
mod report;
mod rules;
mod scan;
mod start;
mod translate;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;

use self::measure::progress;
use self::options::{Options, Part};
use self::peers::Peers;
use self::report::Report;

pub(crate) const HELP: &str = "bench [--help]            measures against other programs; prints a Markdown report";

/// What all parts need.
struct Session {
    options: Options,
    /// Where data and other programs are kept.
    folder: PathBuf,
    /// Our program.
    program: PathBuf,
    peers: Peers,
}

impl Session {
    /// A command of our program.
    fn ours(&self, arguments: &[&str]) -> Vec<String> {
        let program = self.program.display().to_string();
        std::iter::once(program.as_str()).chain(arguments.iter().copied()).map(str::to_owned).collect()
    }

    /// Paths that are long in commands, and what stands for them in the report.
    fn shortened(&self) -> Vec<(String, &'static str)> {
        let path = |path: &std::path::Path| path.display().to_string();
        let mut shortened = vec![(path(&self.program), "prospero"), (path(&self.folder), "bench")];
        let given = [(&self.options.sigma, "SIGMA"), (&self.options.evtx, "EVTX"), (&self.options.seeds, "SEEDS")];
        shortened.extend(given.iter().filter_map(|(folder, name)| Some((path(folder.as_ref()?), *name))));
        shortened.push((path(&crate::root()), "."));
        shortened
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let options = Options::try_parse_from(arguments).unwrap_or_else(|it| it.exit());
    if cfg!(debug_assertions) && options.program.is_none() {
        return optimised(arguments);
    }
    ensure!(options.rounds > 0, "at least one round is needed");
    let report = measure(options)?;
    ensure!(report.faults.is_empty(), "{}", report.faults.join("\n"));
    Ok(())
}

/// Runs the same with all optimisations: what generates the data would take ten times as long without.
fn optimised(arguments: &[String]) -> Result<()> {
    let cargo = std::env::var_os("CARGO").context("run this with cargo")?;
    let build = ["build", "--release", "--quiet", "--package", "xtask", "--package", "cli"];
    let status = Command::new(&cargo).args(build).current_dir(crate::root()).status()?;
    ensure!(status.success(), "the release programs cannot be built");
    let status = Command::new(crate::root().join("target/release/xtask")).arg("bench").args(arguments).status()?;
    if !status.success() {
        bail!("the benchmark ended with {status}");
    }
    Ok(())
}

/// All parts that are asked for; prints the report.
#[expect(clippy::print_stdout, reason = "the report is the output")]
fn measure(options: Options) -> Result<Report> {
    let folder = options.folder.clone().unwrap_or_else(|| crate::root().join("target/bench"));
    std::fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;
    let program = options.program.clone().unwrap_or_else(|| crate::root().join("target/release/prospero"));
    let program = program.canonicalize().with_context(|| format!("no program `{}`", program.display()))?;
    let wants_peers = |part, data: &Option<PathBuf>| !options.no_peers && data.is_some() && options.wants(part);
    let for_queries = wants_peers(Part::Queries, &options.seeds);
    let for_scans = wants_peers(Part::Scan, &options.evtx);
    let peers = Peers::ensure(&folder, for_queries, for_scans);
    let session = Session { options, folder, program, peers };
    let mut report = Report::default();
    parts(&session, &mut report)?;
    println!("{}", report.text);
    if let Some(output) = &session.options.output {
        std::fs::write(output, &report.text).with_context(|| format!("cannot write `{}`", output.display()))?;
    }
    Ok(report)
}

fn parts(session: &Session, report: &mut Report) -> Result<()> {
    let options = &session.options;
    about(session, report);
    if options.wants(Part::Data) {
        let data = events::ensure(&session.folder, options.rows)?;
        progress(&format!("events in {}", data.display()));
    }
    if let (Some(folder), true) = (&options.seeds, options.wants(Part::Queries)) {
        queries::run(session, folder, report)?;
    }
    if let (Some(folder), true) = (&options.evtx, options.wants(Part::Scan)) {
        scan::run(session, folder, report)?;
    }
    if let (Some(folder), true) = (&options.sigma, options.wants(Part::Matching)) {
        matching::run(folder, report)?;
    }
    if let (Some(folder), true) = (&options.aql, options.wants(Part::Compile)) {
        compile::run(session, folder, report)?;
    }
    if options.wants(Part::Start) {
        start::run(session, report)?;
    }
    if options.wants(Part::Callgrind) {
        callgrind::run(session, report)?;
    }
    Ok(())
}

/// Machine, versions, what is not measured.
fn about(session: &Session, report: &mut Report) {
    report.heading("Machine and versions");
    let mut rows = machine::rows();
    let version = peers::version(&session.program).unwrap_or_default();
    rows.push(["Prospero".to_owned(), version]);
    let shown = ["duckdb", "chdb", "polars", "evtx_dump", "zargunlite", "evtx", "pysigma"];
    let versions = &session.peers.versions;
    rows.extend(shown.iter().filter_map(|it| Some([(*it).to_owned(), versions.get(*it)?.clone()])));
    rows.push(["rounds".to_owned(), format!("{}, medians", session.options.rounds)]);
    report.table(["what", "value"], &rows);
    if session.options.no_peers {
        return;
    }
    let mut absent: Vec<_> = peers::ABSENT.iter().map(|(name, reason)| format!("* {name}: {reason}")).collect();
    let peers = [
        ("DuckDB, chDB, Polars", &session.peers.query),
        ("zargunlite", &session.peers.sigma),
        ("evtx_dump", &session.peers.evtx_dump),
    ];
    absent.extend(peers.iter().filter_map(|(name, it)| Some(format!("* {name}: {:#}", it.as_ref().err()?))));
    report.paragraph(&format!("Not measured:\n\n{}", absent.join("\n")));
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The program that was built with the tests of the whole workspace.
    fn program() -> Option<PathBuf> {
        let tests = std::env::current_exe().ok()?;
        Some(tests.parent()?.parent()?.join("prospero")).filter(|it| it.exists())
    }

    fn options(folder: &Path, program: &Path) -> Options {
        let path = |path: &Path| path.display().to_string();
        let mut arguments = vec!["--no-peers".to_owned(), "--folder".to_owned(), path(folder)];
        for (name, value) in [
            ("--program", path(program)),
            ("--rows", "2000".to_owned()),
            ("--rounds", "1".to_owned()),
            ("--evtx", path(&folder.join("evtx"))),
            ("--evtx-megabytes", "0".to_owned()),
            ("--sigma", path(&folder.join("sigma"))),
            ("--seeds", path(&folder.join("seeds"))),
            ("--aql", path(&folder.join("aql"))),
        ] {
            arguments.extend([name.to_owned(), value]);
        }
        arguments.extend(["queries", "scan", "compile"].iter().flat_map(|it| ["--only".to_owned(), (*it).to_owned()]));
        Options::try_parse_from(arguments).expect("the options are right")
    }

    const RULE: &str = "title: Service installed\nid: 6d1d7e11-5d49-4b8b-9a2e-0f0a8f6f2c11\nlogsource:\n    product: windows\n    \
        service: system\ndetection:\n    selection:\n        EventID: 7045\n    condition: selection\n";

    #[test]
    fn parts_run_over_a_little_data() {
        // It is there when the tests of the whole workspace are built.
        let Some(program) = program() else { return };
        let folder = tempfile::tempdir().expect("a folder");
        let log = std::fs::read(crate::root().join("samples/windows/ws01-System.evtx")).expect("our sample");
        let query = "SELECT \"Service Name\" FROM events WHERE EventID = 7036\nLAST 24 HOURS";
        for (name, content) in [
            ("seeds/odd-services.txt", query.as_bytes()),
            ("aql/queries.jsonl", br#"{"aql": "SELECT qid FROM events"}"#),
            ("sigma/service.yml", RULE.as_bytes()),
            ("evtx/system.evtx", &log),
        ] {
            let file = folder.path().join(name);
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            std::fs::write(file, content).expect("a file");
        }
        let report = measure(options(folder.path(), &program)).expect("it is measured");
        assert!(report.faults.is_empty(), "{:?}", report.faults);
        for text in ["| Prospero |", "| Prospero, Sigma rules |", "| text to checked query to plan |"] {
            assert!(report.text.contains(text), "no `{text}` in\n{}", report.text);
        }
    }
}
