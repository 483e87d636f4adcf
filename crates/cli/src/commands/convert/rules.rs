//! `prospero convert --from sigma`: rules as queries or pages.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;
use sigma::{Imported, Outcome as Made};

use super::Arguments;
use crate::commands::Outcome;
use crate::output;
use crate::session::CompileSources;
use crate::sigma_rules::{self, Rules};

pub(super) fn run(arguments: &Arguments, as_pages: bool) -> Result<Outcome> {
    let options = CompileSources::default().options()?;
    let rules = sigma_rules::read(&arguments.paths, &arguments.placeholders, options)?;
    if let Some(report) = &arguments.report {
        write_report(report, &rules)?;
    }
    match &arguments.output {
        Some(folder) => write_files(folder, &rules, as_pages)?,
        None => write_all(&rules, as_pages)?,
    }
    sigma_rules::report_refused(&rules, usize::MAX);
    output::note(&summary(&rules));
    Ok(if rules.refused() > 0 { Outcome::Found } else { Outcome::Done })
}

/// The text that a rule became.
fn text_of(imported: &Imported, as_pages: bool) -> Option<&str> {
    match &imported.outcome {
        Made::Detection { page, .. } if as_pages => Some(page),
        Made::Detection { detection, .. } => Some(&detection.query.text),
        _ => None,
    }
}

fn write_all(rules: &Rules, as_pages: bool) -> Result<()> {
    let texts: Vec<_> = rules.imported.iter().filter_map(|it| text_of(it, as_pages).map(|text| (it, text))).collect();
    let mut all = String::new();
    for (imported, text) in &texts {
        if !all.is_empty() {
            all.push('\n');
        }
        if texts.len() > 1 && !as_pages {
            all.extend(["-- ", &imported.title, "\n"]);
        }
        all.push_str(text);
    }
    output::write_all(all.as_bytes())
}

/// One file a rule, named as its own file where no other rule is.
fn write_files(folder: &Path, rules: &Rules, as_pages: bool) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let extension = if as_pages { "md" } else { "aql" };
    let mut taken = HashSet::new();
    for imported in &rules.imported {
        let (Some(text), Made::Detection { detection, .. }) = (text_of(imported, as_pages), &imported.outcome) else {
            continue;
        };
        let stem =
            Path::new(&imported.file).file_stem().map_or_else(String::new, |it| it.to_string_lossy().into_owned());
        let name = if taken.insert(stem.clone()) { &stem } else { &detection.id };
        let path: PathBuf = folder.join(format!("{name}.{extension}"));
        std::fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(())
}

fn write_report(path: &Path, rules: &Rules) -> Result<()> {
    let cannot_write = || format!("cannot write `{}`", path.display());
    let file = std::fs::File::create(path).with_context(cannot_write)?;
    let mut writer = std::io::BufWriter::new(file);
    for imported in &rules.imported {
        let text = rules.text(&imported.file);
        let said = imported.diagnostics.iter().map(|it| {
            let (line, column) = syntax::line_column(text, it.span.start);
            json!({
                "id": it.id,
                "severity": output::severity_name(it.severity),
                "message": it.message,
                "line": line,
                "column": column,
                "note": it.note,
                "help": it.help,
            })
        });
        let row = json!({
            "file": imported.file,
            "line": syntax::line_column(text, imported.span.start).0,
            "id": imported.id,
            "title": imported.title,
            "outcome": outcome_name(&imported.outcome),
            "diagnostics": said.collect::<Vec<_>>(),
        });
        writeln!(writer, "{row}").with_context(cannot_write)?;
    }
    writer.flush().with_context(cannot_write)
}

fn outcome_name(outcome: &Made) -> &'static str {
    match outcome {
        Made::Detection { .. } => "imported",
        Made::Part => "part of a correlation",
        Made::Filter => "filter",
        Made::Refused => "refused",
    }
}

fn summary(rules: &Rules) -> String {
    let count = |name: &str| rules.imported.iter().filter(|it| outcome_name(&it.outcome) == name).count();
    let named = [
        ("imported", "rules imported"),
        ("refused", "refused"),
        ("part of a correlation", "parts of correlations"),
        ("filter", "filters"),
    ];
    let said = named.iter().enumerate().map(|(index, (name, words))| (index, count(name), words));
    let said =
        said.filter(|(index, count, _)| *index < 2 || *count > 0).map(|(_, count, words)| format!("{count} {words}"));
    said.collect::<Vec<_>>().join(", ")
}
