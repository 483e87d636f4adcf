//! Queries to Sigma rules: each `export/NAME.md` has a query and the rules or the refusal that come of it.
//! `UPDATE=1 cargo test -p sigma` writes the results anew.

use std::fmt::Write as _;
use std::path::Path;

use sigma::{ExportOptions, Subject};

#[test]
fn queries_become_the_rules_beside_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export");
    let entries = std::fs::read_dir(&folder).expect("the folder of cases is there");
    let mut files: Vec<_> = entries.map(|it| it.expect("a readable entry").path()).collect();
    files.sort();
    let is_update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file).expect("a readable case");
        let (intro, rest) = text.split_once("```aql\n").expect("a case has a query");
        let (query, _) = rest.split_once("```").expect("the query ends");
        let name = file.file_stem().and_then(|it| it.to_str()).expect("a name of letters");
        let expected = format!("{intro}```aql\n{query}```\n{}", exported(name, query));
        if expected != text {
            wrong.push(format!("{name} gives\n{expected}"));
            if is_update {
                std::fs::write(file, expected).expect("the case can be written");
            }
        }
    }
    assert!(files.len() > 10, "{} cases", files.len());
    assert!(wrong.is_empty() || is_update, "{}", wrong.join("\n"));
}

/// Sigma's own check of tags asks the network; this one asks the tables.
#[test]
fn tags_of_pages_are_tactics_and_techniques_of_attack() {
    let environment =
        aql::Environment { log_sources: Some(std::sync::Arc::new(aql::NoLogSources)), ..aql::Environment::new(0) };
    let options = pack::Options::new(environment);
    let mut count = 0;
    for (file, text) in pack::builtin_pages() {
        let (page, _) = pack::read_page(file, text, &options);
        let page = page.unwrap_or_else(|| panic!("{file} is right"));
        let Ok(exported) = sigma::export(&page, ExportOptions { partial: true }) else { continue };
        for line in exported.files.iter().flat_map(|it| it.text.lines()) {
            let Some(tag) = line.strip_prefix("    - attack.") else { continue };
            let is_tactic = schema::tables::attack::TACTICS.iter().any(|it| it.short_name == tag);
            let is_technique = page.techniques.iter().any(|it| it.to_lowercase() == tag);
            assert!(is_tactic || is_technique, "{file}: {tag}");
            count += 1;
        }
    }
    assert!(count > 100, "{count} tags");
}

fn exported(name: &str, text: &str) -> String {
    let options = aql::Options::new(aql::Environment::new(0));
    let compiled = aql::compile(text, &options);
    let query = compiled.query.unwrap_or_else(|| panic!("{name}: {:?}", compiled.diagnostics));
    let mut result = String::new();
    let partial = name.ends_with("partial");
    let exported = sigma::export_query(&Subject::of_query(name, name), &query, ExportOptions { partial });
    let diagnostics = match exported {
        Ok(exported) => {
            for file in exported.files {
                // What stands before the log source is the same in all cases.
                let is_one = !file.text.contains("\n---\n");
                let start = file.text.find("logsource:").filter(|_| is_one).unwrap_or_default();
                let _ = write!(result, "\n`{}`\n\n```yaml\n{}```\n", file.name, &file.text[start..]);
            }
            exported.diagnostics
        }
        Err(diagnostics) => diagnostics,
    };
    for diagnostic in diagnostics {
        let place = &text[diagnostic.span.start..diagnostic.span.end];
        let line = place.lines().next().unwrap_or_default();
        let _ = write!(result, "\n> {}: `{line}`\n", diagnostic.message);
        if let Some(help) = diagnostic.help {
            let _ = writeln!(result, "> {help}");
        }
    }
    result
}
