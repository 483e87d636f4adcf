//! `prospero convert --to sigma`: pages and queries as Sigma rules.

use std::path::Path;

use anyhow::{Context, Result, bail};
use sigma::{ExportOptions, Exported, Subject};
use syntax::{Diagnostic, Severity};

use super::Arguments;
use crate::commands::{self, Outcome};
use crate::output;
use crate::session::CompileSources;

/// A file with what became of it.
struct Converted {
    file: String,
    text: String,
    outcome: Result<Exported, Vec<Diagnostic>>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let options = CompileSources::default().options()?;
    let mut files = Vec::new();
    for path in &arguments.paths {
        commands::collect(path, &mut files)?;
    }
    if files.is_empty() {
        bail!("no detection page and no `.aql` file in {}", commands::list(&arguments.paths));
    }
    let export = ExportOptions { partial: arguments.partial };
    let mut converted = Vec::new();
    for path in files {
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let file = path.display().to_string();
        let Ok(text) = String::from_utf8(bytes) else { bail!("`{file}` is not UTF-8 text") };
        let outcome = one(&file, &text, &options, export);
        converted.push(Converted { file, text, outcome });
    }
    match &arguments.output {
        Some(folder) => write_files(folder, &converted)?,
        None => write_all(&converted)?,
    }
    report(&converted);
    let refused = converted.iter().filter(|it| it.outcome.is_err()).count();
    let rules: usize = converted.iter().filter_map(|it| it.outcome.as_ref().ok()).map(|it| it.files.len()).sum();
    let rules = output::count(rules as u64, "Sigma file");
    output::note(&format!("{rules} from {}, {refused} refused", output::count(converted.len() as u64, "file")));
    Ok(if refused > 0 { Outcome::Found } else { Outcome::Done })
}

/// The rules of a page, or of a query with the name of its file.
fn one(file: &str, text: &str, options: &aql::Options, export: ExportOptions) -> Result<Exported, Vec<Diagnostic>> {
    let errors =
        |diagnostics: Vec<Diagnostic>| diagnostics.into_iter().filter(Diagnostic::is_error).collect::<Vec<_>>();
    if text.starts_with("---") {
        let (detection, diagnostics) = pack::read_page(file, text, options);
        let detection = detection.ok_or_else(|| errors(diagnostics))?;
        return sigma::export(&detection, export);
    }
    let compiled = aql::compile(text, options);
    let query = compiled.query.ok_or_else(|| errors(compiled.diagnostics))?;
    let stem = Path::new(file).file_stem().map_or_else(String::new, |it| it.to_string_lossy().into_owned());
    let words: Vec<&str> = stem.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty()).collect();
    let id = if words.is_empty() { "query".to_owned() } else { words.join("-").to_lowercase() };
    let mut title = words.join(" ");
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let title = if title.is_empty() { "Query".to_owned() } else { title };
    sigma::export_query(&Subject::of_query(&id, &title), &query, export)
}

/// All rules as one stream of documents.
fn write_all(converted: &[Converted]) -> Result<()> {
    let files = converted.iter().filter_map(|it| it.outcome.as_ref().ok()).flat_map(|it| &it.files);
    let texts: Vec<&str> = files.map(|it| it.text.as_str()).collect();
    output::write_all(texts.join("---\n").as_bytes())
}

fn write_files(folder: &Path, converted: &[Converted]) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    for file in converted.iter().filter_map(|it| it.outcome.as_ref().ok()).flat_map(|it| &it.files) {
        let path = folder.join(&file.name);
        std::fs::write(&path, &file.text).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(())
}

/// Says on standard error what Sigma cannot say, and what a reader of the rules should know.
fn report(converted: &[Converted]) {
    for it in converted {
        let diagnostics = match &it.outcome {
            Ok(exported) => exported.diagnostics.iter().filter(|it| it.severity > Severity::Note).cloned().collect(),
            Err(diagnostics) => diagnostics.clone(),
        };
        if !diagnostics.is_empty() {
            let colour = output::colour(&std::io::stderr());
            output::note(syntax::render(&diagnostics, &it.file, &it.text, colour).trim_end());
        }
    }
}
