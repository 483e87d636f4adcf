//! The lines that end a scan.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use engine::ScanSummary;
use ingest::Skipped;
use pack::{Detection, Level};

/// How many silent detections and skipped files are named.
const NAMED_MAX: usize = 10;

/// The lines that differ from run to run over the same input. They have no place in a report.
pub(crate) const VOLATILE: [&str; 3] = ["time", "peak memory", "temporary files"];

/// Name and value of each line; a value may have several lines.
pub(crate) fn lines(
    detections: &[Detection],
    summary: &ScanSummary,
    skipped: &[Skipped],
    elapsed: Duration,
) -> Vec<(String, String)> {
    let statistics = &summary.statistics;
    let mut lines = Lines(Vec::new());
    lines.add("files", format!("{}{}", statistics.files, of_which(statistics.skipped, "skipped, no known log format")));
    lines.add("events", format!("{}{}", statistics.events, of_which(statistics.recovered, "recovered beside them")));
    let rate = (statistics.events as f64 / elapsed.as_secs_f64().max(0.001)).round();
    lines.add("time", format!("{:.1} s, {rate} events/s", elapsed.as_secs_f64()));
    if let Some(bytes) = engine::peak_memory() {
        lines.add("peak memory", format!("{} MiB", bytes >> 20));
    }
    if summary.spilled_bytes > 0 {
        lines.add("temporary files", format!("{} MiB", summary.spilled_bytes >> 20));
    }
    lines.add("damaged records", statistics.damage.count().to_string());
    lines.add("detections", detections.len().to_string());
    lines.add("matches", by_severity(detections, &summary.matches));
    lines.add("techniques", by_technique(detections, &summary.matches));
    if !summary.silent.is_empty() {
        lines.add("could not fire", silent(detections, summary));
    }
    if !skipped.is_empty() {
        let named = skipped.iter().take(NAMED_MAX).map(|it| format!("{}: {}", it.file, it.reason));
        lines.add("skipped files", named.collect::<Vec<_>>().join("\n"));
    }
    if statistics.cancelled {
        lines.add("ended early", "by the user; what was found so far is shown".to_owned());
    }
    lines.0
}

struct Lines(Vec<(String, String)>);

impl Lines {
    fn add(&mut self, name: &str, value: String) {
        if !value.is_empty() {
            self.0.push((name.to_owned(), value));
        }
    }
}

fn of_which(count: u64, what: &str) -> String {
    if count == 0 { String::new() } else { format!(" ({count} {what})") }
}

fn by_severity(detections: &[Detection], matches: &[u64]) -> String {
    let mut text = matches.iter().sum::<u64>().to_string();
    for level in Level::ALL.iter().rev() {
        let of_level = detections.iter().zip(matches).filter(|(it, _)| it.severity == *level);
        let count: u64 = of_level.map(|(_, count)| count).sum();
        if count > 0 {
            let _ = write!(text, ", {level} {count}");
        }
    }
    text
}

fn by_technique(detections: &[Detection], matches: &[u64]) -> String {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (detection, count) in detections.iter().zip(matches).filter(|(_, count)| **count > 0) {
        for technique in &detection.techniques {
            *counts.entry(technique).or_default() += count;
        }
    }
    counts.iter().map(|(technique, count)| format!("{technique} {count}")).collect::<Vec<_>>().join(", ")
}

fn silent(detections: &[Detection], summary: &ScanSummary) -> String {
    let mut lines = Vec::new();
    for silence in summary.silent.iter().take(NAMED_MAX) {
        lines.push(format!("{}: {silence}", detections[silence.detection].id));
    }
    if summary.silent.len() > NAMED_MAX {
        lines.push(format!("and {} more", summary.silent.len() - NAMED_MAX));
    }
    lines.join("\n")
}
