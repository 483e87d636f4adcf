//! The report in Markdown.

use std::fmt::Write;
use std::time::Duration;

use super::measure::{Contender, Figures};

/// A report in the making.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) text: String,
    /// What must hold and did not: results that differ, a program of ours that failed.
    pub(super) faults: Vec<String>,
}

impl Report {
    pub(super) fn heading(&mut self, text: &str) {
        self.paragraph(&format!("## {text}"));
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text += text;
        self.text.push('\n');
    }

    /// A table; numbers are right-aligned from the second column on.
    pub(super) fn table<const COLUMNS: usize>(&mut self, header: [&str; COLUMNS], rows: &[[String; COLUMNS]]) {
        self.text.push('\n');
        let mut line = |cells: &[&str]| {
            // Writing to a text does not fail.
            let _ = writeln!(self.text, "| {} |", cells.join(" | "));
        };
        line(&header);
        line(&std::array::from_fn::<_, COLUMNS, _>(|column| if column == 0 { "---" } else { "---:" }));
        for row in rows {
            line(&row.each_ref().map(String::as_str));
        }
    }

    /// What was measured: a row for each program, and how many times its CPU and wall time those of the first are.
    pub(super) fn figures(&mut self, contenders: &[Contender], results: &[anyhow::Result<Figures>]) {
        let first = results.first().and_then(|it| it.as_ref().ok()).copied();
        let mut rows = Vec::new();
        let mut failures = Vec::new();
        for (contender, result) in contenders.iter().zip(results) {
            match result {
                Ok(figures) => rows.push(row(&contender.name, figures, first.as_ref())),
                Err(error) => failures.push(format!("{} did not run: {error:#}", contender.name)),
            }
        }
        let header = ["program", "wall s", "CPU s", "peak MB", "results", "CPU: first to this", "wall: first to this"];
        self.table(header, &rows);
        for failure in failures {
            self.paragraph(&failure);
        }
    }

    /// How the programs were started, each once.
    pub(super) fn commands(&mut self, contenders: &[Contender], shortened: &[(String, &str)]) {
        let mut text = "```text\n".to_owned();
        for contender in contenders {
            let mut line = contender.command.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(" ");
            for (long, short) in shortened {
                line = line.replace(long, short);
            }
            let _ = writeln!(text, "{}: {line}", contender.name);
        }
        self.paragraph(&(text + "```"));
    }
}

fn row(name: &str, figures: &Figures, first: Option<&Figures>) -> [String; 7] {
    let ratio = |of: fn(&Figures) -> Duration| match first {
        Some(first) if !of(figures).is_zero() => format!("{:.2}", of(first).as_secs_f64() / of(figures).as_secs_f64()),
        _ => String::new(),
    };
    [
        name.to_owned(),
        seconds(figures.wall),
        seconds(figures.cpu),
        figures.memory.map_or_else(String::new, megabytes),
        figures.count.map_or_else(String::new, |it| it.to_string()),
        ratio(|it| it.cpu),
        ratio(|it| it.wall),
    ]
}

/// Seconds, short times with more digits.
pub(super) fn seconds(time: Duration) -> String {
    let digits = if time < Duration::from_millis(100) { 4 } else { 2 };
    format!("{:.digits$}", time.as_secs_f64())
}

pub(super) fn milliseconds(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1e3)
}

pub(super) fn megabytes(bytes: u64) -> String {
    format!("{:.0}", bytes as f64 / 1e6)
}

fn quoted(argument: &str) -> String {
    if argument.contains(' ') { format!("'{argument}'") } else { argument.to_owned() }
}
