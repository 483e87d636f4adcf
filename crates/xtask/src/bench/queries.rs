//! Queries over Parquet, beside the same in the SQL of other engines.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use aql::Escapes;

use super::Session;
use super::measure::{Account, Contender, Figures, compare};
use super::report::{Report, megabytes, seconds};
use super::rules::{Seed, seeds};
use super::translate::{Dialect, translate};
use super::{events, machine};

/// Stands for the folder of the events in the SQL, until the engine's own word for it is put there.
const TABLE: &str = "{table}";
/// How much smaller the other folder is, which shows how time grows with the data.
const GROWTH: u64 = 10;
/// Polars needs several times as long as the others and runs once.
const SLOW_ROUNDS: usize = 1;

static ENGINES: [(&str, &str, Dialect); 3] = [
    ("DuckDB", "duckdb", Dialect::DuckDb),
    ("chDB (ClickHouse)", "chdb", Dialect::ClickHouse),
    ("Polars", "polars", Dialect::Polars),
];

/// The seeds as files for each engine.
struct Written {
    seed: Seed,
    folder: PathBuf,
}

impl Written {
    fn new(folder: &Path, seed: Seed) -> Result<Self> {
        let folder = folder.join("queries");
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(format!("{}.aql", seed.name)), &seed.query)?;
        for (_, engine, dialect) in &ENGINES {
            let sql = translate(&seed.query, Escapes::CStyle, *dialect, TABLE).with_context(|| seed.name.clone())?;
            std::fs::write(folder.join(format!("{}.{engine}.sql", seed.name)), sql)?;
        }
        Ok(Self { seed, folder })
    }

    fn file(&self, extension: &str) -> String {
        self.folder.join(format!("{}.{extension}", self.seed.name)).display().to_string()
    }
}

/// Measures all queries of the folder, on one thread and on all.
pub(super) fn run(session: &Session, folder: &Path, report: &mut Report) -> Result<()> {
    let seeds = seeds(folder)?;
    let seeds = seeds.into_iter().map(|it| Written::new(&session.folder, it)).collect::<Result<Vec<_>>>()?;
    let rows = session.options.rows;
    let data = events::ensure(&session.folder, rows)?;
    events::warm(&data)?;
    let bytes = events::bytes(&data)?;
    report.heading("Queries over Parquet");
    report.paragraph(&format!(
        "{rows} events of {} columns in {} MB of Parquet; the time clauses are left out. The peers' figures are those \
         of the query alone; Prospero's are those of the whole program.",
        events::COLUMNS,
        megabytes(bytes)
    ));
    let mut threads = vec![1, machine::cores()];
    threads.dedup();
    for threads in threads {
        let engines = engines(session, threads, &data, &seeds);
        let contenders: Vec<_> = engines.iter().flatten().cloned().collect();
        let results = compare(&contenders, session.options.rounds);
        let results: Vec<_> = results.chunks(seeds.len()).collect();
        report.paragraph(&format!(
            "On {}:",
            if threads == 1 { "one thread".to_owned() } else { format!("{threads} threads") }
        ));
        table(report, &seeds, &engines, &results);
        if threads == 1 {
            report.commands(&contenders, &session.shortened());
        }
    }
    growth(session, &seeds, report)
}

/// For each engine the runs of all seeds.
fn engines(session: &Session, threads: usize, data: &Path, seeds: &[Written]) -> Vec<Vec<Contender>> {
    let ours = |seed: &Written| ours(session, threads, data, seed);
    let mut engines: Vec<Vec<_>> = vec![seeds.iter().map(ours).collect()];
    let Ok(python) = &session.peers.query else { return engines };
    let script = crate::root().join("benches/peers/query.py");
    for (name, engine, dialect) in &ENGINES {
        let run = |seed: &Written| {
            let command = [
                python.display().to_string(),
                script.display().to_string(),
                (*engine).to_owned(),
                seed.file(&format!("{engine}.sql")),
                format!("{}/*/*.parquet", data.display()),
                threads.to_string(),
            ];
            let rounds_max = if *dialect == Dialect::Polars { SLOW_ROUNDS } else { usize::MAX };
            Contender { rounds_max, ..Contender::new(*name, command.to_vec(), Account::OwnWords) }
        };
        engines.push(seeds.iter().map(run).collect());
    }
    engines
}

fn ours(session: &Session, threads: usize, data: &Path, seed: &Written) -> Contender {
    let (threads, data) = (threads.to_string(), data.display().to_string());
    let query = seed.file("aql");
    let arguments =
        ["query", "--file", &query, "--escapes", "c-style", "--threads", &threads, "--format", "jsonl", &data];
    Contender::new("Prospero", session.ours(&arguments), Account::Lines)
}

fn table(report: &mut Report, seeds: &[Written], engines: &[Vec<Contender>], results: &[&[Result<Figures>]]) {
    let all = |results: &[Result<Figures>]| {
        let figures: Option<Vec<_>> = results.iter().map(|it| it.as_ref().ok().copied()).collect();
        figures.map(|it| Sum::of(&it))
    };
    let ours = results.first().and_then(|it| all(it));
    let (mut rows, mut messages) = (Vec::new(), Vec::new());
    for (contenders, results) in engines.iter().zip(results) {
        let name = &contenders[0].name;
        for (seed, error) in seeds.iter().zip(*results).filter_map(|(seed, it)| Some((seed, it.as_ref().err()?))) {
            messages.push(format!("{name} did not run {}: {error:#}", seed.seed.name));
        }
        let Some(sum) = all(results) else { continue };
        let ratio =
            |of: fn(&Sum) -> f64| ours.as_ref().map_or_else(String::new, |it| format!("{:.2}", of(it) / of(&sum)));
        rows.push([
            name.clone(),
            sum.each.iter().map(|it| seconds(it.cpu)).collect::<Vec<_>>().join(" + "),
            format!("{:.2}", sum.cpu),
            format!("{:.2}", sum.wall),
            sum.memory.map_or_else(String::new, megabytes),
            sum.each.iter().map(|it| it.count.unwrap_or(0).to_string()).collect::<Vec<_>>().join(" + "),
            ratio(|it| it.cpu),
            ratio(|it| it.wall),
        ]);
        if let Some(ours) = &ours
            && ours.each.iter().zip(&sum.each).any(|(ours, its)| ours.count != its.count)
        {
            report.faults.push(format!("{name} has other numbers of rows than Prospero"));
        }
    }
    let names = seeds.iter().map(|it| it.seed.name.as_str()).collect::<Vec<_>>().join(" + ");
    let (each, found) = (format!("CPU s: {names}"), format!("rows: {names}"));
    let header = ["engine", &each, "CPU s", "wall s", "peak MB", &found, "CPU: Prospero to it", "wall: Prospero to it"];
    report.table(header, &rows);
    if results.first().is_some_and(|it| it.iter().any(Result::is_err)) {
        report.faults.push("Prospero did not run a query".to_owned());
    }
    for message in messages {
        report.paragraph(&message);
    }
}

/// All seeds together, in seconds.
struct Sum {
    each: Vec<Figures>,
    cpu: f64,
    wall: f64,
    memory: Option<u64>,
}

impl Sum {
    fn of(each: &[Figures]) -> Self {
        Self {
            each: each.to_vec(),
            cpu: each.iter().map(|it| it.cpu.as_secs_f64()).sum(),
            wall: each.iter().map(|it| it.wall.as_secs_f64()).sum(),
            memory: each.iter().filter_map(|it| it.memory).max(),
        }
    }
}

/// Ours over a tenth of the data beside the whole.
fn growth(session: &Session, seeds: &[Written], report: &mut Report) -> Result<()> {
    let rows = [session.options.rows / GROWTH, session.options.rows];
    let mut contenders = Vec::new();
    for rows in rows {
        let data = events::ensure(&session.folder, rows)?;
        for seed in seeds {
            let mut contender = ours(session, 1, &data, seed);
            contender.name = format!("{}, {rows} events", seed.seed.name);
            contenders.push(contender);
        }
    }
    let results = compare(&contenders, session.options.rounds);
    report.paragraph("Growth with the data, on one thread:");
    report.figures(&contenders, &results);
    Ok(())
}
