//! Our own rules, `rules/*.yml`, and beside each file what they become. `UPDATE=1 cargo test` writes it anew.

use std::fmt::Write as _;
use std::path::Path;

use sigma::{Collection, Imported, Options, Outcome};

fn options() -> Options {
    let mut environment = aql::Environment::new(0);
    environment.log_sources = Some(std::sync::Arc::new(aql::NoLogSources));
    let mut options = Options::new(pack::Options::new(environment));
    options.placeholders.add("admins", ["alice".to_owned(), "b*b".to_owned()]);
    options.placeholders.add("sites", ["north".to_owned(), "so.uth".to_owned()]);
    options
}

fn expected(imported: &Imported, text: &str) -> String {
    let mut said = format!("-- {}\n", imported.title);
    for it in &imported.diagnostics {
        let (line, _) = syntax::line_column(text, it.span.start);
        let severity = format!("{:?}", it.severity).to_lowercase();
        // Writing to a string cannot fail.
        let _ = writeln!(said, "--   {severity} at line {line}: {}", it.message);
    }
    match &imported.outcome {
        Outcome::Detection { detection, .. } => said.push_str(&detection.query.text),
        other => {
            let _ = writeln!(said, "--   {other:?}");
        }
    }
    said
}

#[test]
fn rules_become_these_queries() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
    let update = std::env::var_os("UPDATE").is_some();
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        if path.extension().is_none_or(|it| it != "yml") {
            continue;
        }
        count += 1;
        let text = std::fs::read_to_string(&path).expect("a rule is text");
        let mut collection = Collection::default();
        collection.add("rule.yml", &text);
        let imported = collection.import(&options());
        let made: Vec<_> = imported.iter().map(|it| expected(it, &text)).collect();
        let made = made.join("\n");
        let file = path.with_extension("aql");
        if update {
            std::fs::write(&file, &made).expect("the file can be written");
        }
        let wanted = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(made, wanted, "{} (UPDATE=1 writes it anew)", path.display());
    }
    assert!(count > 5);
}

#[test]
fn pages_of_rules_are_written_and_read_as_the_same() {
    let mut collection = Collection::default();
    collection.add(
        "rule.yml",
        r#"
title: 'Awkward: "title" # with [signs]'
id: AAAAAAAA-2222-4333-8444-555555555555
status: unsupported
level: critical
license: DRL-1.1
author: A. Author, B. Author
date: 2024/01/02
modified: 2025-03-04
description: |
    First line.
    ## no heading
    ---
    <b>bold</b>
references: [https://example.com/a_b?c=d]
tags: [attack.t1543.003, attack.persistence, cve.2024-1]
falsepositives: ['# not a heading']
related: [{ id: bbbbbbbb-2222-4333-8444-555555555555, type: similar }]
logsource: { product: windows, service: system, definition: 'Needs ``` this' }
detection:
    selection: { ServiceName: "a\n```\nb" }
    condition: selection
"#,
    );
    let options = options();
    let imported = collection.import(&options);
    let Outcome::Detection { page, detection } = &imported[0].outcome else { panic!("{:?}", imported[0].diagnostics) };
    assert_eq!(detection.id, "aaaaaaaa-2222-4333-8444-555555555555");
    assert_eq!(detection.title, "Awkward: \"title\" # with [signs]");
    assert_eq!(detection.status, pack::Status::Deprecated);
    assert_eq!(detection.severity, pack::Level::Critical);
    assert_eq!(detection.techniques, ["T1543.003"]);
    assert_eq!(detection.tags, ["attack.persistence", "cve.2024-1"]);
    assert_eq!(detection.date.as_deref(), Some("2025-03-04"));
    let origin = "Sigma rule AAAAAAAA-2222-4333-8444-555555555555, licence DRL-1.1";
    assert_eq!(detection.origin.as_deref(), Some(origin));
    assert!(detection.query.text.contains("'a\n```\nb'"), "{page}");
    let written = pack::write_page(detection);
    let (again, _) = pack::read_page("rule.yml", &written, &options.pages);
    let again = again.expect("what was written is a page");
    assert_eq!(pack::Draft::of(detection), pack::Draft::of(&again));
}

#[test]
fn one_bad_rule_stops_no_other() {
    let mut collection = Collection::default();
    let good = "title: Good\nlogsource: {product: windows}\ndetection: {a: {EventID: 1}, condition: a}\n";
    collection.add("bad.yml", "title: [unclosed");
    collection.add("empty.yml", "");
    collection.add("list.yml", "- a\n- b\n");
    collection.add("good.yml", good);
    collection.add("twice.yml", good);
    let outcomes = collection.import(&options());
    let names: Vec<_> =
        outcomes.iter().map(|it| (it.file.as_str(), matches!(it.outcome, Outcome::Detection { .. }))).collect();
    assert_eq!(names, [("bad.yml", false), ("list.yml", false), ("good.yml", true), ("twice.yml", false)]);
    assert!(
        outcomes
            .iter()
            .filter(|it| it.file != "good.yml")
            .all(|it| it.diagnostics.iter().any(syntax::Diagnostic::is_error))
    );
}
