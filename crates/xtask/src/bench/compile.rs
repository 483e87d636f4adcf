//! Compiling many queries: in this process, and all of what `prospero check` does with them.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use aql::{Environment, LowerOptions};

use super::Session;
use super::measure::{Account, Contender, compare, cpu_of_this_process};
use super::report::{Report, milliseconds};
use super::rules::queries;

/// A moment in 2026, in milliseconds since 1970.
const NOW: i64 = 1_795_305_600_000;

/// Measures the queries of a folder's files.
pub(super) fn run(session: &Session, folder: &Path, report: &mut Report) -> Result<()> {
    let queries = queries(folder)?;
    report.heading("Compiling queries");
    let bytes: usize = queries.iter().map(String::len).sum();
    report.paragraph(&format!("{} queries, {} kB of text, one thread.", queries.len(), bytes / 1_000));
    let mut times = Vec::new();
    let mut compiled = 0;
    for _ in 0..session.options.rounds {
        let before = cpu_of_this_process()?;
        compiled = compile(&queries);
        times.push(cpu_of_this_process()?.saturating_sub(before));
    }
    times.sort_unstable();
    let median: Duration = times[times.len() / 2];
    let row = ["text to checked query to plan".to_owned(), milliseconds(median), compiled.to_string()];
    report.table(["what", "CPU ms", "plans"], &[row]);

    let files = session.folder.join("compile");
    std::fs::create_dir_all(&files)?;
    for (number, query) in queries.iter().enumerate() {
        std::fs::write(files.join(format!("{number:05}.aql")), query)?;
    }
    let arguments = ["check", "--exit-zero", "--format", "json", &files.display().to_string()];
    let contenders =
        [Contender::new("Prospero, check of a file for each query", session.ours(&arguments), Account::Silent)];
    let results = compare(&contenders, session.options.rounds);
    report.figures(&contenders, &results);
    report.commands(&contenders, &session.shortened());
    Ok(())
}

/// How many of the queries have a plan.
fn compile(queries: &[String]) -> usize {
    let options = aql::Options::new(Environment::new(NOW));
    let lowering = LowerOptions::new(&options.environment).with_newest_first();
    let has_plan = |query: &&String| aql::compile(query, &options).query.is_some_and(|it| it.lower(&lowering).is_ok());
    queries.iter().filter(has_plan).count()
}
