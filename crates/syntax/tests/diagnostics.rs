//! What is said about damaged queries: each `diagnostics/*.aql` is read and its report compared with the `.txt` file
//! beside it. Files named `filter-*` hold a bare filter. `UPDATE=1 cargo test` accepts what is printed.

use std::fs;
use std::path::{Path, PathBuf};

use syntax::{parse_filter, parse_query, render};

#[test]
fn reports_are_as_accepted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder exists").map(|it| it.expect("an entry").path()).collect();
    cases.retain(|it| it.extension().is_some_and(|it| it == "aql"));
    cases.sort();
    assert!(cases.len() > 40, "the cases are there");
    let mut faults = Vec::new();
    for case in cases {
        let text = fs::read_to_string(&case).expect("the case is text");
        let text = text.trim_end_matches('\n');
        let name = case.file_name().and_then(|it| it.to_str()).expect("a name");
        let diagnostics = if name.starts_with("filter-") { parse_filter(text).1 } else { parse_query(text).1 };
        let report = render(&diagnostics, name, text, name.starts_with("color"));
        let expected = case.with_extension("txt");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expected, &report).expect("the report can be written");
        }
        if fs::read_to_string(&expected).unwrap_or_default() != report {
            faults.push(format!("{name}:\n{report}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
