//! Rules and pages that went out as Sigma and came in again find the same: on the tests of the pages, and on the logs and
//! rules in the folder that `PROSPERO_SAMPLES` names.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::{EventSource, FileSource, MEMORY_DEFAULT, PageTests, ReadSettings, ScanOptions, Subject, scan};
use ingest::{Input, InputOptions, Recovery};
use pack::Detection;
use sigma::{Collection, ExportOptions, Outcome};

/// Of the Windows rules that can be imported, so many of a hundred must export.
const EXPORTED_PERCENT: usize = 98;

fn environment() -> aql::Environment {
    aql::Environment { log_sources: Some(Arc::new(aql::NoLogSources)), ..aql::Environment::new(0) }
}

fn say(text: &str) {
    // The harness shows this with --nocapture only.
    std::io::stderr().write_all(text.as_bytes()).ok();
}

fn samples() -> Option<PathBuf> {
    let folder = std::env::var_os("PROSPERO_SAMPLES").map(PathBuf::from);
    if folder.is_none() {
        say("skipped: PROSPERO_SAMPLES is not set\n");
    }
    folder
}

/// The queries of the rules that a detection becomes, or why it does not.
fn round_trip(detection: &Detection) -> Result<Vec<Detection>, String> {
    let exported = sigma::export(detection, ExportOptions::default())
        .map_err(|it| it.iter().map(|it| it.message.clone()).collect::<Vec<_>>().join("; "))?;
    let mut rules = Collection::default();
    for file in &exported.files {
        rules.add(&file.name, &file.text);
    }
    let options = sigma::Options::new(pack::Options::new(environment()));
    let mut detections = Vec::new();
    for imported in rules.import(&options) {
        match imported.outcome {
            Outcome::Detection { detection, .. } => detections.push(*detection),
            Outcome::Part | Outcome::Filter => {}
            Outcome::Refused => {
                let texts: Vec<&str> = exported.files.iter().map(|it| it.text.as_str()).collect();
                panic!("{}: {:?}\n{}", detection.id, imported.diagnostics, texts.join("---\n"));
            }
        }
    }
    Ok(detections)
}

/// The events that each detection matches: file and byte.
fn matches(groups: &[Vec<Detection>], source: &Arc<dyn EventSource>) -> Vec<BTreeSet<(String, u64, u64)>> {
    let mut owners = Vec::new();
    let mut subjects = Vec::new();
    for (owner, detections) in groups.iter().enumerate() {
        for detection in detections {
            owners.push(owner);
            subjects.push(Subject::new(Arc::new(detection.bound.clone())));
        }
    }
    let mut found = vec![BTreeSet::new(); groups.len()];
    let options = ScanOptions { read: ReadSettings::default(), memory: MEMORY_DEFAULT };
    let summary = scan(&subjects, &environment(), source, &options, &mut |it| {
        if let Some(locator) = it.locator {
            found[owners[it.detection]].insert((locator.file.to_string(), locator.record, locator.offset));
        }
        Ok(())
    });
    let summary = summary.expect("the scan runs");
    assert!(summary.failures.is_empty(), "{:?}", summary.failures);
    found
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).expect("the folder can be read");
        for path in entries.map(|it| it.expect("the folder can be read").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Compares what each detection and its round trip find, in one scan. Says which differ.
fn differences(
    originals: &[Vec<Detection>],
    returned: &[Vec<Detection>],
    source: &Arc<dyn EventSource>,
) -> Vec<String> {
    let mut before = matches(&[originals, returned].concat(), source);
    let after = before.split_off(originals.len());
    let total: usize = before.iter().map(BTreeSet::len).sum();
    let fired = before.iter().filter(|it| !it.is_empty()).count();
    say(&format!("{} detections, {fired} of them fire, {total} matches\n", originals.len()));
    let mut wrong = Vec::new();
    for (index, (before, after)) in before.iter().zip(&after).enumerate() {
        if before != after {
            let lost: Vec<_> = before.difference(after).take(2).collect();
            let gained: Vec<_> = after.difference(before).take(2).collect();
            wrong.push(format!(
                "{} ({}): {} became {}; lost {lost:?}; gained {gained:?}",
                originals[index][0].title,
                originals[index][0].file,
                before.len(),
                after.len()
            ));
        }
    }
    wrong
}

fn logs(folders: &[PathBuf]) -> Arc<dyn EventSource> {
    let input = Input::open(folders, &InputOptions::default()).expect("the folders can be read");
    Arc::new(FileSource::new(input, Recovery::default()))
}

#[test]
fn rules_of_windows_find_the_same_after_a_round_trip() {
    let Some(folder) = samples() else { return };
    let mut rules = Collection::default();
    for file in files(&folder.join("sigma"), "yml") {
        let text = std::fs::read_to_string(&file).expect("a rule can be read");
        if text.contains("product: windows") {
            rules.add(&file.display().to_string(), &text);
        }
    }
    let options = sigma::Options::new(pack::Options::new(environment()));
    let (mut originals, mut returned, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for imported in rules.import(&options) {
        let Outcome::Detection { detection, .. } = imported.outcome else { continue };
        match round_trip(&detection) {
            Ok(rules) => {
                originals.push(vec![*detection]);
                returned.push(rules);
            }
            Err(reason) => refused.push(format!("{}: {reason}", detection.title)),
        }
    }
    let count = originals.len() + refused.len();
    say(&format!("{} of {count} imported rules export; refused:\n{}\n", originals.len(), refused.join("\n")));
    assert!(originals.len() * 100 >= count * EXPORTED_PERCENT, "{} of {count}", originals.len());
    let source = logs(&[folder.join("evtx"), folder.join("sigma/regression_data")]);
    let wrong = differences(&originals, &returned, &source);
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn pages_find_the_same_after_a_round_trip() {
    let options = pack::Options::new(environment());
    let (mut originals, mut returned, mut wrong, mut refused) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (file, text) in pack::builtin_pages() {
        let (detection, _) = pack::read_page(file, text, &options);
        let detection = detection.expect("the built-in pages are right");
        match round_trip(&detection) {
            Ok(rules) => {
                let beside = |name: &str| {
                    pack::builtin_file(file, name).map(<[u8]>::to_vec).ok_or_else(|| format!("`{name}` does not exist"))
                };
                let tests = PageTests::read(&detection, &beside, &Arc::default());
                wrong.extend(verdicts(&detection, &rules, &tests));
                originals.push(vec![detection]);
                returned.push(rules);
            }
            Err(reason) => refused.push(format!("{}: {reason}", detection.id)),
        }
    }
    say(&format!("{} pages export; refused:\n{}\n", originals.len(), refused.join("\n")));
    if let Some(folder) = samples() {
        wrong.extend(differences(&originals, &returned, &logs(&[folder.join("evtx")])));
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// The tests of a page, of which the rules together must match the same events. A correlation has no events.
fn verdicts(page: &Detection, rules: &[Detection], tests: &PageTests) -> Vec<String> {
    let mut wrong = Vec::new();
    for (index, test) in page.tests.iter().enumerate() {
        let found = matches(&[vec![page.clone()], rules.to_vec()], &tests.source(index));
        if found[0] != found[1] {
            let (before, after) = (found[0].len(), found[1].len());
            wrong.push(format!("{}: \"{}\": {before} became {after}", page.id, test.name));
        }
    }
    wrong
}
