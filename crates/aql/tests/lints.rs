//! Each `lints/NAME.md` shows a lint: sections with a query in a fence ```` ```aql ````, what the lint reports of it in a
//! fence ```` ```report ````, and the query after its fix in a fence ```` ```fixed ````. A section headed `Near miss` has
//! neither. `UPDATE=1 cargo test` writes reports and fixed queries anew; an attribute `c-style` or
//! `fix=unsafe` stands behind `aql`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use aql::lints::{ERRORS, Group, LINTS};
use aql::{Environment, Escapes, Options};
use syntax::{Diagnostic, Safety};

/// One section of a file: its heading, and the query with its attributes.
struct Case {
    heading: String,
    attributes: String,
    query: String,
}

#[test]
fn lints_report_what_their_files_show() {
    let mut faults = Vec::new();
    for lint in LINTS {
        let path = folder().join(format!("{}.md", lint.name));
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let cases = cases(&text);
        let is_near_miss = |it: &&Case| it.heading.starts_with("Near miss");
        if cases.iter().filter(is_near_miss).count() == 0 || cases.iter().all(|it| is_near_miss(&it)) {
            faults.push(format!("{} shows no hit or no near miss", path.display()));
        }
        let mut made = format!("# {}\n", lint.name);
        for case in &cases {
            made.push_str(&section(case, lint.name, &mut faults));
        }
        if made != text {
            if std::env::var_os("UPDATE").is_some() {
                std::fs::write(&path, &made).expect("the file can be written");
            } else {
                faults.push(format!("{} should read:\n{made}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn lints_are_sorted_and_documented() {
    assert!(LINTS.windows(2).all(|it| it[0].name < it[1].name), "sorted by name, each once");
    for lint in LINTS {
        let text = lint.documentation();
        let headings: Vec<&str> = text.lines().filter_map(|it| it.strip_prefix("## ")).collect();
        assert_eq!(headings, ["What it does", "Why", "Example", "Instead", "Limits"], "{}", lint.name);
        for (heading, is_hit) in [("Example", true), ("Instead", false)] {
            let (_, part) = text.split_once(&format!("## {heading}")).expect("the heading is there");
            let part = part.split("\n## ").next().expect("a first part");
            for case in cases(&format!("## {heading}\n{part}")) {
                let found = report(&case, lint.name);
                assert_eq!(!found.is_empty(), is_hit, "{}: {heading}: {}", lint.name, case.query);
            }
        }
    }
}

#[test]
fn files_without_a_lint_are_not_there() {
    for entry in std::fs::read_dir(folder()).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        let name = path.file_stem().and_then(|it| it.to_str()).expect("a name");
        assert!(aql::lints::lint(name).is_some(), "{} is of no lint", path.display());
    }
}

#[test]
fn each_warning_is_a_lint() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut said = 0;
    for (folder, may_say) in [("src", false), ("../syntax/src", true)] {
        for (path, text) in sources(&root.join(folder)) {
            if path.ends_with("diagnostic.rs") || path.ends_with("edit.rs") || path.starts_with(root.join("src/lints"))
            {
                continue;
            }
            assert!(!text.contains("Diagnostic::new("), "{} says what is no lint", path.display());
            for part in text.split("Diagnostic::warning(\"").skip(1) {
                let name = part.split('"').next().expect("a first part");
                let lint = aql::lints::lint(name).unwrap_or_else(|| panic!("`{name}` is no lint"));
                assert!(may_say, "{}: use the lint, not its name", path.display());
                assert_eq!(lint.severity, syntax::Severity::Warning, "{name}");
                said += 1;
            }
        }
    }
    assert!(said > 0, "the parser says something");
}

#[test]
fn each_error_has_its_sentence() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(ERRORS.windows(2).all(|it| it[0].0 < it[1].0), "sorted by name, each once");
    let is_listed = |name: &str| ERRORS.iter().any(|it| it.0 == name);
    let sources: Vec<String> =
        ["src", "../syntax/src"].iter().flat_map(|it| sources(&root.join(it))).map(|it| it.1).collect();
    for text in &sources {
        for part in text.split("Diagnostic::error(").skip(1) {
            let Some(name) = part.trim_start().strip_prefix('"').and_then(|it| it.split('"').next()) else { continue };
            assert!(is_listed(name), "`{name}` is in no list");
        }
    }
    for (name, _) in ERRORS {
        let said = sources.iter().any(|it| it.contains(&format!("\"{name}\"")) && !it.contains("pub static ERRORS"));
        assert!(said, "`{name}` is never said");
        assert!(aql::lints::lint(name).is_none(), "`{name}` is a lint");
    }
}

#[test]
fn names_of_groups_are_no_names_of_lints() {
    for group in Group::ALL {
        assert!(aql::lints::lint(group.name()).is_none(), "{}", group.name());
        assert!(LINTS.iter().any(|it| it.group == group) || group == Group::Cost, "{} is empty", group.name());
    }
}

/// The Rust files at or below a folder.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = std::fs::read_to_string(&path).expect("the file can be read");
            files.push((path, text));
        }
    }
    files
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lints")
}

/// The queries of a Markdown text with the heading over each.
fn cases(text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut heading = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            title.clone_into(&mut heading);
        }
        if let Some(attributes) = line.strip_prefix("```aql") {
            let query: Vec<&str> = lines.by_ref().take_while(|it| *it != "```").collect();
            let attributes = attributes.trim().to_owned();
            cases.push(Case { heading: heading.clone(), attributes, query: query.join("\n") });
        }
    }
    cases
}

/// The section as it should read.
fn section(case: &Case, lint: &str, faults: &mut Vec<String>) -> String {
    let Case { heading, attributes, query } = case;
    let space = if attributes.is_empty() { "" } else { " " };
    let mut text = format!("\n## {heading}\n\n```aql{space}{attributes}\n{query}\n```\n");
    let found = report(case, lint);
    if found.is_empty() != heading.starts_with("Near miss") {
        faults.push(format!("{lint}: {heading}: {} findings", found.len()));
    }
    if !found.is_empty() {
        let _ = write!(text, "\n```report\n{}```\n", syntax::render(&found, "query.aql", query, false));
    }
    let safety = if attributes.contains("fix=unsafe") { Safety::Unsafe } else { Safety::Safe };
    let fixed = syntax::apply_fixes(query, &found, safety);
    if fixed.applied > 0 {
        let _ = write!(text, "\n```fixed\n{}\n```\n", fixed.text);
        let errors: Vec<Diagnostic> = aql::check(&fixed.text, &options(case));
        if let Some(error) = errors.iter().find(|it| it.is_error()) {
            faults.push(format!("{lint}: {heading}: the fixed query has an error: {}", error.message));
        }
    }
    text
}

fn report(case: &Case, lint: &str) -> Vec<Diagnostic> {
    let all = aql::check(&case.query, &options(case));
    assert!(!all.iter().any(|it| it.is_error() && it.id != lint), "{lint}: {}: {all:#?}", case.query);
    for said in all.iter().filter(|it| !it.is_error()) {
        assert!(aql::lints::lint(said.id).is_some(), "`{}` is no lint", said.id);
    }
    all.into_iter().filter(|it| it.id == lint).collect()
}

fn options(case: &Case) -> Options {
    let mut options = Options::new(Environment::new(1_763_700_000_000));
    if case.attributes.contains("c-style") {
        options.escapes = Escapes::CStyle;
    }
    options
}
