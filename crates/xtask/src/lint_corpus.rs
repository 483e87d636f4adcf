//! All lints over a folder of real queries: how often each finds something, how long a query takes, and a sample of
//! findings for somebody to judge. The queries are other people's, outside of this repository.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use syntax::Diagnostic;

/// The usage.
pub(crate) const HELP: &str = "lint-corpus DIR [--sample N] [--each] [--seed N] [--only NAME]  lints the field `aql` of each line of DIR/*.jsonl: counts, times, a sample to judge (with --each one more of each lint that it missed)";

/// How many of the slowest queries are named.
const SLOWEST: usize = 10;

/// How much of a text is shown around a finding, in characters.
const AROUND: usize = 160;

/// A finding with where it was made.
struct Finding {
    /// File and line.
    query: String,
    text: String,
    said: Diagnostic,
}

/// What the command line says.
struct Options {
    folder: PathBuf,
    sample: usize,
    each: bool,
    seed: u64,
    only: Option<String>,
}

/// Lints all queries and prints what it finds.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let options = options(arguments)?;
    let mut findings = Vec::new();
    let mut times: Vec<(Duration, usize, String)> = Vec::new();
    for file in files(&options.folder)? {
        let name = file.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned());
        let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {name}"))?;
        for (index, line) in text.lines().enumerate() {
            let line: Value = serde_json::from_str(line).with_context(|| format!("{name}:{}", index + 1))?;
            let Some(query) = line["aql"].as_str() else { continue };
            let place = format!("{name}:{}", index + 1);
            let begun = Instant::now();
            let mut said = aql::check(query, &aql::Options::new(aql::Environment::new(1_700_000_000_000)));
            times.push((begun.elapsed(), query.len(), place.clone()));
            said.sort_by(|one, other| key(one).cmp(&key(other)));
            let finding = |said| Finding { query: place.clone(), text: query.to_owned(), said };
            findings.extend(said.into_iter().filter(|it| !it.is_error() && it.id != "missing-data").map(finding));
        }
    }
    findings.retain(|it| options.only.as_ref().is_none_or(|only| it.said.id == only));
    print(&report(&findings, times, &options));
    Ok(())
}

/// The order of findings within a query, which a sample depends on.
fn key(said: &Diagnostic) -> (usize, usize, &str, &str) {
    (said.span.start, said.span.end, said.id, &said.message)
}

#[expect(clippy::print_stdout, reason = "the result of the command")]
fn print(text: &str) {
    println!("{text}");
}

fn options(arguments: &[String]) -> Result<Options> {
    let mut options = Options { folder: PathBuf::new(), sample: 0, each: false, seed: 1, only: None };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().with_context(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--sample" => options.sample = value()?.parse().context("--sample needs a number")?,
            "--each" => options.each = true,
            "--seed" => options.seed = value()?.parse().context("--seed needs a number")?,
            "--only" => options.only = Some(value()?.clone()),
            folder => options.folder = PathBuf::from(folder),
        }
    }
    if options.folder.as_os_str().is_empty() {
        bail!("usage: cargo xtask {HELP}");
    }
    Ok(options)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files = entries.map(|it| it.map(|it| it.path())).collect::<std::io::Result<Vec<_>>>()?;
    files.retain(|it| it.extension().is_some_and(|it| it == "jsonl"));
    files.sort();
    Ok(files)
}

fn report(findings: &[Finding], mut times: Vec<(Duration, usize, String)>, options: &Options) -> String {
    let mut text = format!(
        "{} queries, {} findings\n\n| lint | findings | queries |\n|---|---|---|\n",
        times.len(),
        findings.len()
    );
    let mut counts: BTreeMap<&str, (usize, Vec<&str>)> = BTreeMap::new();
    for it in findings {
        let (count, queries) = counts.entry(it.said.id).or_default();
        *count += 1;
        queries.push(&it.query);
    }
    for (lint, (count, queries)) in &mut counts {
        queries.dedup();
        let _ = writeln!(text, "| {lint} | {count} | {} |", queries.len());
    }
    times.sort();
    text.push_str("\n| milliseconds | bytes | query |\n|---|---|---|\n");
    for (time, bytes, query) in times.iter().rev().take(SLOWEST) {
        let _ = writeln!(text, "| {} | {bytes} | {query} |", time.as_millis());
    }
    for finding in sample(findings, options) {
        let said = &finding.said;
        let place = format!("{}@{}", finding.query, said.span.start);
        let _ = writeln!(text, "\n{place} `{}` {}: {}", said.id, said.message, said.label);
        let _ = writeln!(text, "    {}", excerpt(finding));
        for label in &said.labels {
            let labelled = finding.text.get(label.span.start..label.span.end).unwrap_or_default();
            let _ = writeln!(text, "    {}: {}", label.message, labelled.chars().take(AROUND).collect::<String>());
        }
    }
    text
}

/// So many findings, drawn without putting them back, and then, if asked for, one of each lint that was not hit, in the
/// order of their names. The same seed draws the same.
fn sample<'a>(findings: &'a [Finding], options: &Options) -> Vec<&'a Finding> {
    let mut state = options.seed;
    let mut draw = |left: &mut Vec<&'a Finding>| left.swap_remove((random(&mut state) % left.len() as u64) as usize);
    let mut left: Vec<&Finding> = findings.iter().collect();
    let mut drawn = Vec::new();
    while drawn.len() < options.sample && !left.is_empty() {
        drawn.push(draw(&mut left));
    }
    for lint in aql::lints::LINTS.iter().filter(|_| options.each) {
        let is_hit = drawn.iter().any(|it| it.said.id == lint.name);
        let mut all: Vec<&Finding> = findings.iter().filter(|it| it.said.id == lint.name && !is_hit).collect();
        if !all.is_empty() {
            drawn.push(draw(&mut all));
        }
    }
    drawn
}

/// The next number of a row, by the generator `SplitMix64`.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The text around a finding, on one line, what is spoken of between marks.
fn excerpt(finding: &Finding) -> String {
    let (text, span) = (&finding.text, finding.said.span);
    let part = |start: usize, end: usize| text.get(start..end).unwrap_or_default();
    let before: Vec<char> = part(0, span.start).chars().collect();
    let before: String = before[before.len().saturating_sub(AROUND)..].iter().collect();
    let within: String = part(span.start, span.end).chars().take(2 * AROUND).collect();
    let after: String = part(span.end, text.len()).chars().take(AROUND).collect();
    format!("{before}»{within}«{after}").split_whitespace().collect::<Vec<_>>().join(" ")
}
