//! The layout of queries: golden texts in `tests/format/`, random queries, real queries.
//!
//! `UPDATE=1 cargo test -p syntax --test format` accepts the layout as it is.

#![allow(clippy::print_stderr, reason = "says that it was skipped")]

#[allow(dead_code, reason = "each test file uses its part of the random trees")]
mod random;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use syntax::{Format, WIDTH, comments, format_query, parse_query, print_query, tokens};

use random::{flat_query, nested_query};

fn function_name(name: &str) -> Option<&'static str> {
    ["LOWER", "COUNT", "GEO::LOOKUP"].into_iter().find(|it| it.eq_ignore_ascii_case(name))
}

fn format(text: &str, width: usize) -> String {
    match format_query(text, &Format { width, function_name }) {
        Ok(formatted) => formatted,
        Err(errors) => panic!("{text}\n{}", syntax::render(&errors, "query.aql", text, false)),
    }
}

/// All tokens and comments in their order; words in capitals, comments without blanks at the end of a line.
fn content(text: &str) -> Vec<String> {
    let spans = tokens(text);
    let mut pieces: Vec<_> = spans.iter().map(|it| (it.start, text[it.start..it.end].to_ascii_uppercase())).collect();
    pieces.extend(comments(text).iter().map(|it| (it.start, text[it.start..it.end].trim_end().to_owned())));
    pieces.sort();
    pieces.into_iter().map(|(_, it)| it).collect()
}

/// Each comment with whether it follows a token on its line, and whether its line goes on to a token behind it.
fn places(text: &str) -> Vec<(bool, bool)> {
    let spans = tokens(text);
    let comments = comments(text);
    // Line ends within comments are none.
    let is_line_end = |at: usize| comments.iter().all(|it| at < it.start || it.end <= at);
    let line_ends: Vec<_> = text.match_indices('\n').map(|it| it.0).filter(|it| is_line_end(*it)).collect();
    let has_line_end = |start: usize, end: usize| line_ends.iter().any(|it| start <= *it && *it < end);
    let place = |comment: &syntax::Span| {
        let before = spans.iter().rev().find(|it| it.end <= comment.start);
        let after = spans.iter().find(|it| it.start >= comment.end);
        let follows = before.is_some_and(|it| !has_line_end(it.end, comment.start));
        (follows, after.is_some_and(|it| !has_line_end(comment.end, it.start)))
    };
    comments.iter().map(place).collect()
}

/// What must hold of each formatted text; the text.
fn check(text: &str, width: usize) -> Result<String, TestCaseError> {
    let formatted = format(text, width);
    prop_assert_eq!(content(&formatted), content(text), "{}", text);
    prop_assert_eq!(&format(&formatted, width), &formatted, "formatted twice:\n{}", text);
    let (before, after) = (parse_query(text).0, parse_query(&formatted).0);
    prop_assert_eq!(print_query(&before).to_uppercase(), print_query(&after).to_uppercase());
    for (before, after) in places(text).into_iter().zip(places(&formatted)) {
        // A comment at the end of a line stays there, one on a line of its own too; one before a token stays before it.
        prop_assert!(before.1 == after.1 && (before.1 || before.0 == after.0), "{}\n{}", text, formatted);
    }
    Ok(formatted)
}

#[test]
fn golden_texts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format");
    let update = std::env::var_os("UPDATE").is_some();
    let entries = std::fs::read_dir(&folder).expect("the folder exists");
    let mut files: Vec<_> = entries.map(|it| it.expect("an entry").path()).collect();
    files.retain(|it| it.extension().is_some_and(|it| it == "aql"));
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a test is text");
        let formatted = check(&text, WIDTH).expect("the rules hold");
        let golden = file.with_extension("txt");
        if update {
            std::fs::write(&golden, &formatted).expect("the folder can be written");
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(formatted, expected, "{}: UPDATE=1 accepts", file.display());
    }
}

/// Comments as they are inserted: with a line end where one must follow.
const COMMENTS: &[&str] = &[
    " -- at the end\n",
    "\n  -- alone\n",
    "\n\n-- behind a blank line\n\n",
    " /* before */ ",
    "/* of\n two lines */",
    "\n/* begins a line */ ",
    " /* one */ /* two */ -- three \n",
];

/// The query with comments between tokens where the numbers say.
fn with_comments(text: &str, places: &[(prop::sample::Index, prop::sample::Index)]) -> String {
    let spans = tokens(text);
    let mut inserted: Vec<Vec<&str>> = vec![Vec::new(); spans.len() + 1];
    for (place, comment) in places {
        inserted[place.index(spans.len() + 1)].push(COMMENTS[comment.index(COMMENTS.len())]);
    }
    let mut result = String::new();
    let mut end = 0;
    for (index, comments) in inserted.iter().enumerate() {
        let start = spans.get(index).map_or(text.len(), |it| it.start);
        result.push_str(&text[end..start]);
        result.extend(comments.iter().copied());
        end = start;
    }
    result
}

type Places = Vec<(prop::sample::Index, prop::sample::Index)>;

fn places_of_comments() -> impl Strategy<Value = Places> {
    prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_queries(query in flat_query(), places in places_of_comments(), width in prop::sample::select(vec![10, 40, 100])) {
        check(&with_comments(&print_query(&query), &places), width)?;
    }

    #[test]
    fn random_nested_queries(query in nested_query(), places in places_of_comments(), width in 1_usize..140) {
        check(&with_comments(&print_query(&query), &places), width)?;
    }

    #[test]
    fn any_text_is_formatted_or_left(text in "(SELECT )?[ -~é\n‘“]{0,40}") {
        // No panic, whatever it is.
        let _ = format_query(&text, &Format::default());
    }
}

fn samples() -> Option<PathBuf> {
    let folder = std::env::var_os("PROSPERO_SAMPLES").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: PROSPERO_SAMPLES is not set");
    }
    folder
}

/// The longest that one query may take in an unoptimised build; the longest sample has 760,000 characters.
const TIME_MAX: Duration = Duration::from_secs(20);

#[test]
fn real_queries() {
    let Some(folder) = samples() else { return };
    let mut count = 0;
    for file in ["collected.jsonl", "from-sigma.jsonl", "from-stix-shifter.jsonl"] {
        let rows = std::fs::read_to_string(folder.join("aql").join(file)).expect("the samples can be read");
        for row in rows.lines() {
            let row: serde_json::Value = serde_json::from_str(row).expect("each line is JSON");
            let text = row["aql"].as_str().expect("each row has a query");
            if parse_query(text).1.iter().any(syntax::Diagnostic::is_error) {
                assert!(format_query(text, &Format::default()).is_err());
                continue;
            }
            let begin = Instant::now();
            check(text, WIDTH).expect("the rules hold");
            assert!(begin.elapsed() < TIME_MAX, "{} characters took {:?}", text.len(), begin.elapsed());
            count += 1;
        }
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn published_queries() {
    const END: &str = "LAST 24 HOURS";
    let Some(folder) = samples() else { return };
    for entry in std::fs::read_dir(folder.join("../seeds")).expect("the pages stand beside the samples") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("a page is text");
        let start = text.find("\nSELECT").expect("a query begins") + 1;
        let end = text.find(END).expect("a query ends") + END.len();
        check(&text[start..end], WIDTH).expect("the rules hold");
    }
}
