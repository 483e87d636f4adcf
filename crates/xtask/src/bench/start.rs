//! What passes before the first event is read.

use anyhow::Result;

use super::Session;
use super::measure::{Account, Contender, compare};
use super::report::Report;
use super::rules::{ensure_rules, rule_folders};
use super::scan::SOME_REFUSED;

/// As many rules as a large collection has.
const RULES: usize = 3_000;
/// Short programs run so often in a round: the kernel counts hundredths of seconds.
const REPEAT: u32 = 20;

/// Measures starts.
pub(super) fn run(session: &Session, report: &mut Report) -> Result<()> {
    let log = small_log();
    report.heading("Starting up");
    let contender = |name: &str, arguments: &[&str], repeat| Contender {
        repeat,
        code_max: SOME_REFUSED,
        ..Contender::new(name, session.ours(arguments), Account::Silent)
    };
    let mut contenders = vec![
        contender("--version", &["--version"], REPEAT),
        contender("scan of a small log with the built-in packs", &["scan", &log], REPEAT),
    ];
    if let Some(folder) = &session.options.sigma {
        let rules = ensure_rules(&session.folder, &rule_folders(folder)?, RULES)?.display().to_string();
        let name = format!("scan of a small log with {RULES} Sigma rules");
        contenders.push(contender(&name, &["scan", &log, "--sigma", &rules], 1));
        let name = format!("{name}, one thread");
        contenders.push(contender(&name, &["scan", &log, "--sigma", &rules, "--threads", "1"], 1));
    }
    let results = compare(&contenders, session.options.rounds);
    report.figures(&contenders, &results);
    report.commands(&contenders, &session.shortened());
    Ok(())
}

/// A log of our samples with a few events.
pub(super) fn small_log() -> String {
    crate::root().join("samples/windows/ws01-System.evtx").display().to_string()
}
