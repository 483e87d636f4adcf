//! The rules of the samples folder: nearly all of them become detections, the others say why not.
//!
//! Reads the folder that the environment variable `PROSPERO_SAMPLES` names; skipped without it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sigma::{Collection, Outcome};

/// The least part of the rules for Windows, Linux and macOS that must import.
const IMPORTED_MIN: f64 = 0.98;

fn samples() -> Option<PathBuf> {
    std::env::var_os("PROSPERO_SAMPLES").map(PathBuf::from)
}

fn rules(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            rules(&path, files);
        } else if path.extension().is_some_and(|it| it == "yml") {
            files.push(path);
        }
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "the reasons are to be read with --nocapture")]
fn nearly_all_rules_become_detections() {
    let Some(samples) = samples() else {
        eprintln!("skipped: PROSPERO_SAMPLES is not set");
        return;
    };
    let mut files = Vec::new();
    for folder in ["rules", "rules-emerging-threats", "rules-threat-hunting"] {
        rules(&samples.join("sigma").join(folder), &mut files);
    }
    files.sort();
    let mut collection = Collection::default();
    let mut texts = BTreeMap::new();
    for file in &files {
        let text = std::fs::read_to_string(file).expect("a rule is text");
        collection.add(&file.display().to_string(), &text);
        texts.insert(file.display().to_string(), text);
    }
    let mut environment = aql::Environment::new(0);
    environment.log_sources = Some(std::sync::Arc::new(aql::NoLogSources));
    let options = sigma::Options::new(pack::Options::new(environment));
    let (mut all, mut refused) = (0_u32, 0_u32);
    for imported in collection.import(&options) {
        let text = &texts[&imported.file];
        let platform = ["windows", "linux", "macos"].iter().any(|it| text.contains(&format!("product: {it}")));
        all += u32::from(platform);
        if !imported.diagnostics.is_empty() {
            eprintln!("{}", syntax::render(&imported.diagnostics, &imported.file, text, false));
        }
        if let Outcome::Refused = imported.outcome {
            refused += u32::from(platform);
            assert!(imported.diagnostics.iter().any(syntax::Diagnostic::is_error), "{} has no reason", imported.file);
        }
    }
    let imported = 1.0 - f64::from(refused) / f64::from(all);
    eprintln!("{all} rules for Windows, Linux and macOS, {refused} refused");
    assert!(all > 1000 && imported >= IMPORTED_MIN, "{refused} of {all} refused");
}
