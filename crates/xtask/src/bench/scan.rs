//! Scans of EVTX: with Sigma rules, with the built-in packs, beside a decoder that only prints and other matchers.

use std::path::Path;

use anyhow::Result;

use super::Session;
use super::evtx::{self, Logs};
use super::machine;
use super::measure::{Account, Contender, compare};
use super::report::{Report, megabytes};
use super::rules::rule_folders;

/// Programs that need minutes for this much run once.
const SLOW_ROUNDS: usize = 1;
/// Prospero's exit code when some of the rules were refused; the others have run.
pub(super) const SOME_REFUSED: i32 = 2;
/// What part of the data Zircolite's way gets.
const SLOW_SHARE: u64 = 10;

/// Measures scans of logs made of the EVTX files of a folder.
pub(super) fn run(session: &Session, samples: &Path, report: &mut Report) -> Result<()> {
    let bytes = session.options.evtx_megabytes * 1_000_000;
    let logs = evtx::ensure_logs(&session.folder, samples, bytes)?;
    for file in evtx::evtx_files(&logs.folder)?.iter().chain([&logs.joined]) {
        evtx::warm(file)?;
    }
    let part = evtx::ensure_logs(&session.folder, samples, bytes / SLOW_SHARE)?;
    report.heading("Scans of EVTX");
    report.paragraph(&format!(
        "{} files, {} MB; the joined file holds their chunks, {} MB. evtx_dump prints all events as JSON and tests \
         nothing; a program that reads one file at a time starts {} times for the folder.",
        logs.files,
        megabytes(logs.bytes),
        megabytes(logs.joined.metadata()?.len()),
        logs.files
    ));
    let sigma = match &session.options.sigma {
        Some(folder) => rule_folders(folder)?.iter().map(|it| it.display().to_string()).collect(),
        None => Vec::new(),
    };
    let cores = machine::cores();
    let mut groups = vec![("The folder, on one thread:", of_folder(session, &logs, &sigma, 1))];
    if cores > 1 {
        groups.push(("The folder, on all cores:", of_folder(session, &logs, &sigma, cores)));
    }
    groups.push(("The joined file, on one thread:", of_joined(session, &logs, &sigma, 1)));
    if cores > 1 {
        groups.push(("The joined file, on all cores:", of_joined(session, &logs, &sigma, cores)));
    }
    groups.push(("A tenth of the folder, on one thread:", of_part(session, &part, &sigma)));
    for (title, contenders) in groups {
        let results = compare(&contenders, session.options.rounds);
        report.paragraph(title);
        report.figures(&contenders, &results);
        report.commands(&contenders, &session.shortened());
        if results.first().is_some_and(Result::is_err) {
            report.faults.push(format!("Prospero did not scan: {title}"));
        }
    }
    Ok(())
}

/// Ours, with Sigma rules when there are some, else with the built-in packs.
fn ours(session: &Session, input: &Path, sigma: &[String], threads: usize) -> Contender {
    let (threads, input) = (threads.to_string(), input.display().to_string());
    let mut arguments = vec!["scan", &input, "--threads", &threads, "--format", "jsonl"];
    for folder in sigma {
        arguments.extend(["--sigma", folder]);
    }
    let name = if sigma.is_empty() { "Prospero, built-in packs" } else { "Prospero, Sigma rules" };
    let mut contender = Contender::new(name, session.ours(&arguments), Account::Lines);
    if !sigma.is_empty() {
        contender.code_max = SOME_REFUSED;
    }
    contender
}

fn both(session: &Session, input: &Path, sigma: &[String], threads: usize) -> Vec<Contender> {
    let mut contenders = Vec::new();
    if !sigma.is_empty() {
        contenders.push(ours(session, input, sigma, threads));
    }
    contenders.push(ours(session, input, &[], threads));
    contenders
}

fn of_folder(session: &Session, logs: &Logs, sigma: &[String], threads: usize) -> Vec<Contender> {
    let mut contenders = both(session, &logs.folder, sigma, threads);
    if let Ok(program) = &session.peers.evtx_dump {
        let script = format!(
            "find {} -name '*.evtx' -print0 | xargs -0 -n 1 -P {threads} {} --threads 1 -o jsonl; true",
            logs.folder.display(),
            program.display()
        );
        let command = ["sh", "-c", &script].map(str::to_owned).to_vec();
        contenders.push(Contender::new("evtx_dump, no rules", command, Account::Shell));
    }
    contenders
}

fn of_joined(session: &Session, logs: &Logs, sigma: &[String], threads: usize) -> Vec<Contender> {
    let mut contenders = both(session, &logs.joined, sigma, threads);
    let input = logs.joined.display().to_string();
    if let Ok(program) = &session.peers.evtx_dump {
        let threads = threads.to_string();
        let command = [&program.display().to_string(), "--threads", &threads, "-o", "jsonl", &input];
        let command = command.map(str::to_owned).to_vec();
        contenders.push(Contender::new("evtx_dump, no rules", command, Account::Silent));
    }
    contenders
}

/// A part of the data, which shows how ours grows, and what is too slow for all of it.
fn of_part(session: &Session, logs: &Logs, sigma: &[String]) -> Vec<Contender> {
    let mut contenders = both(session, &logs.folder, sigma, 1);
    let Ok(python) = &session.peers.sigma else { return contenders };
    if !sigma.is_empty() {
        let script = crate::root().join("benches/peers/zargunlite_scan.py");
        let mut command = vec![python.display().to_string(), script.display().to_string()];
        command.push(logs.folder.display().to_string());
        command.extend(sigma.iter().cloned());
        let mut contender = Contender::new("zargunlite (Zircolite's way)", command, Account::OwnWords);
        contender.rounds_max = SLOW_ROUNDS;
        contenders.push(contender);
    }
    contenders
}
