//! The verdicts on the tests of pages: for people, for programs, for build servers.

use std::fmt::Write as _;
use std::time::Duration;

use engine::{Failure, Match, NearMiss};
use pack::Kind;
use serde_json::{Map, Value, json};
use syntax::Diagnostic;

use super::Table;
use super::html::escape;
use super::table::{cut, printable};

/// Rows that are shown of a failed test.
const ROWS_MAX: usize = 3;
/// How much of a value, and of a test of the query, is shown, in columns of a terminal.
const VALUE_WIDTH_MAX: usize = 240;

/// The verdicts on all pages.
pub(crate) struct Report {
    /// In the order that they were asked for.
    pub(crate) pages: Vec<TestedPage>,
    /// How long all took.
    pub(crate) elapsed: Duration,
}

/// A page with the verdicts on its tests.
pub(crate) struct TestedPage {
    pub(crate) file: String,
    pub(crate) text: String,
    /// Nothing when the page is wrong.
    pub(crate) id: Option<String>,
    /// Errors and warnings.
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) tests: Vec<TestedTest>,
    pub(crate) elapsed: Duration,
}

/// A test with its verdict.
pub(crate) struct TestedTest {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) atomic: Option<String>,
    /// Of the page, from 1.
    pub(crate) line: usize,
    /// Values that the first row must have.
    pub(crate) expected: Vec<(String, String)>,
    /// The first rows.
    pub(crate) matches: Vec<Match>,
    /// How many rows there are.
    pub(crate) count: u64,
    pub(crate) failure: Option<Failure>,
    /// Of a test with `each` that fails: which of its events shows it, from 0.
    pub(crate) event: Option<usize>,
    /// Where a test that must match fell short.
    pub(crate) nearest: Option<NearMiss>,
}

impl TestedPage {
    /// Whether it could not be understood.
    pub(crate) fn is_wrong(&self) -> bool {
        self.id.is_none()
    }

    fn name(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.file)
    }
}

/// A line a page, then what fails.
pub(crate) fn table(report: &Report, colour: bool) -> String {
    let mut table = Table::new(["page", "attack", "evasion", "benign", "verdict"]);
    for page in &report.pages {
        let share = |kind: Kind| {
            let of_kind = || page.tests.iter().filter(|it| it.kind == kind);
            match (of_kind().filter(|it| it.failure.is_none()).count(), of_kind().count()) {
                (_, 0) => "-".to_owned(),
                (held, all) if held == all => all.to_string(),
                (held, all) => format!("{held} of {all}"),
            }
        };
        let verdict = if page.is_wrong() {
            "page is wrong"
        } else if page.tests.iter().any(|it| it.failure.is_some()) {
            "FAILED"
        } else {
            "ok"
        };
        let shares = [Kind::Attack, Kind::Evasion, Kind::Benign].map(share);
        table.row([page.name(), &shares[0], &shares[1], &shares[2], verdict]);
    }
    let mut text = table.to_string();
    let (start, end) = if colour { ("\x1b[1;91m", "\x1b[0m") } else { ("", "") };
    for page in &report.pages {
        for test in page.tests.iter().filter(|it| it.failure.is_some()) {
            let place = format!("{}:{}", page.file, test.line);
            let _ = writeln!(text, "\n{start}FAILED{end} {} \"{}\"", test.kind.name(), printable(&test.name));
            let _ = writeln!(text, "  {:<9} {place}", page.name());
            for line in details(test) {
                let _ = writeln!(text, "  {line}");
            }
        }
    }
    text
}

/// How many pages and tests, and how they ended.
pub(crate) fn summary(report: &Report) -> String {
    let tests = || report.pages.iter().flat_map(|it| &it.tests);
    let failed = tests().filter(|it| it.failure.is_some()).count();
    let wrong = report.pages.iter().filter(|it| it.is_wrong()).count();
    let held = tests().count() - failed;
    let pages = super::count(report.pages.len() as u64, "page");
    let tests = super::count(tests().count() as u64, "test");
    let wrong = if wrong == 0 { String::new() } else { format!(", {} wrong", super::count(wrong as u64, "page")) };
    format!("{pages}, {tests}: {held} hold, {failed} fail{wrong} ({:.1} s)", report.elapsed.as_secs_f64())
}

/// What was expected, what came, and why nothing came.
fn details(test: &TestedTest) -> Vec<String> {
    let Some(failure) = &test.failure else { return Vec::new() };
    let mut lines = vec![format!("expected  {}", expected(test))];
    lines.extend(test.event.map(|it| format!("of        event {}", it + 1)));
    match failure {
        Failure::Unreadable(_) | Failure::NotEvaluated(_) => lines.push(format!("but       {failure}")),
        Failure::NoMatch => lines.push("actual    no row".to_owned()),
        Failure::Matched | Failure::WrongValue { .. } => {
            lines.push(format!("actual    {}", super::count(test.count, "row")));
            let rows = test.matches.iter().take(ROWS_MAX);
            lines.extend(
                rows.map(|it| format!("          {}", row(it.columns.iter().map(|(name, value)| (&**name, value))))),
            );
        }
    }
    if *failure == Failure::Matched
        && let reasons = test.matches.first().and_then(|it| it.why.as_ref()).map_or_else(Vec::new, engine::Why::reasons)
        && !reasons.is_empty()
    {
        lines.push("decided by".to_owned());
        for reason in &reasons {
            let line = format!("  {} {} '{}'  in  {}", reason.field, reason.operator, reason.literal, reason.value);
            let line = printable(&cut(&line, VALUE_WIDTH_MAX));
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    if let Failure::WrongValue { column, expected, found } = failure {
        lines.push(format!("wrong     {column} is {}, not {expected}", printable(found)));
    }
    lines.extend(test.nearest.iter().flat_map(nearest_lines));
    lines
}

fn expected(test: &TestedTest) -> String {
    if !test.kind.must_match() {
        return "no row".to_owned();
    }
    let values: Vec<_> = test.expected.iter().map(|(column, value)| format!("{column} = {value}")).collect();
    if values.is_empty() { "a row".to_owned() } else { format!("a row with {}", values.join(", ")) }
}

/// The columns of a row that hold something.
fn row<'a>(columns: impl Iterator<Item = (&'a str, &'a Value)>) -> String {
    let filled = columns.filter(|(_, value)| !value.is_null());
    let cells: Vec<_> = filled.map(|(name, value)| format!("{name}={}", plain(value))).collect();
    cut(&printable(&cells.join("  ")), VALUE_WIDTH_MAX)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn nearest_lines(nearest: &NearMiss) -> Vec<String> {
    match nearest {
        NearMiss::Event { position, events, tests } => {
            let mut lines = vec![format!("nearest   event {} of {events}", position + 1)];
            for test in tests {
                let verdict = if test.holds { "holds" } else { "FAILS" };
                lines.push(format!("  {verdict}  {}", cut(&printable(&test.text), VALUE_WIDTH_MAX)));
                for (name, value) in test.values.iter().filter(|_| !test.holds) {
                    let value = if value.is_null() { "empty".to_owned() } else { plain(value) };
                    lines.push(format!("           {name} is {}", cut(&printable(&value), VALUE_WIDTH_MAX)));
                }
            }
            lines
        }
        NearMiss::Rows { condition, rows } => {
            let mut lines = vec![format!("nearest   no row meets  {}", cut(&printable(condition), VALUE_WIDTH_MAX))];
            lines.extend(
                rows.iter().map(|it| format!("          {}", row(it.iter().map(|(name, value)| (&**name, value))))),
            );
            lines
        }
    }
}

/// One object; the shape is stable.
pub(crate) fn json(report: &Report) -> Value {
    let pages: Vec<_> = report.pages.iter().map(page_json).collect();
    let tests = || report.pages.iter().flat_map(|it| &it.tests);
    json!({
        "pages": pages,
        "tests": tests().count(),
        "failed": tests().filter(|it| it.failure.is_some()).count(),
        "wrong_pages": report.pages.iter().filter(|it| it.is_wrong()).count(),
        "seconds": report.elapsed.as_secs_f64(),
    })
}

fn page_json(page: &TestedPage) -> Value {
    let diagnostic = |it: &Diagnostic| {
        let (line, column) = syntax::line_column(&page.text, it.span.start);
        let severity = super::severity_name(it.severity);
        json!({ "id": it.id, "severity": severity, "message": it.message, "line": line, "column": column, "help": it.help })
    };
    json!({
        "id": page.id,
        "file": page.file,
        "passed": !page.is_wrong() && page.tests.iter().all(|it| it.failure.is_none()),
        "seconds": page.elapsed.as_secs_f64(),
        "diagnostics": page.diagnostics.iter().map(diagnostic).collect::<Vec<_>>(),
        "tests": page.tests.iter().map(test_json).collect::<Vec<_>>(),
    })
}

fn test_json(test: &TestedTest) -> Value {
    let rows = test.matches.iter().take(ROWS_MAX).map(|it| object(&it.columns));
    let expected: Map<String, Value> =
        test.expected.iter().map(|(column, value)| (column.clone(), value.as_str().into())).collect();
    let mut object = json!({
        "kind": test.kind.name(),
        "name": test.name,
        "atomic": test.atomic,
        "line": test.line,
        "passed": test.failure.is_none(),
        "expected": expected,
        "count": test.count,
        "rows": rows.collect::<Vec<_>>(),
    });
    if let Some(failure) = &test.failure {
        object["failure"] = failure.to_string().into();
        object["event"] = test.event.map(|it| it + 1).into();
        object["nearest_miss"] = test.nearest.as_ref().map_or(Value::Null, nearest_json);
    }
    object
}

fn object(columns: &[(std::sync::Arc<str>, Value)]) -> Value {
    columns.iter().map(|(name, value)| (name.to_string(), value.clone())).collect::<Map<_, _>>().into()
}

fn nearest_json(nearest: &NearMiss) -> Value {
    match nearest {
        NearMiss::Event { position, events, tests } => {
            let tests =
                tests.iter().map(|it| json!({ "text": it.text, "holds": it.holds, "values": object(&it.values) }));
            json!({ "event": position + 1, "events": events, "tests": tests.collect::<Vec<_>>() })
        }
        NearMiss::Rows { condition, rows } => {
            json!({ "condition": condition, "rows": rows.iter().map(|it| object(it)).collect::<Vec<_>>() })
        }
    }
}

/// The XML of `JUnit`: a suite for each page, a case for each test; a page that is wrong is a case in error.
pub(crate) fn junit(report: &Report) -> String {
    let count = |pages: &[TestedPage], wrong: bool| {
        let failed = pages.iter().flat_map(|it| &it.tests).filter(|it| it.failure.is_some()).count();
        if wrong { pages.iter().filter(|it| it.is_wrong()).count() } else { failed }
    };
    let head = |name: &str, pages: &[TestedPage], elapsed: Duration| {
        let tests = pages.iter().map(|it| it.tests.len().max(usize::from(it.is_wrong()))).sum::<usize>();
        let (failures, errors) = (count(pages, false), count(pages, true));
        let (name, time) = (escape(name), elapsed.as_secs_f64());
        format!("name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" time=\"{time:.3}\"")
    };
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(text, "<testsuites {}>", head("prospero", &report.pages, report.elapsed));
    for page in &report.pages {
        let head = head(page.name(), std::slice::from_ref(page), page.elapsed);
        let _ = writeln!(text, "  <testsuite {head} file=\"{}\">", escape(&page.file));
        if page.is_wrong() {
            let rendered = syntax::render(&page.diagnostics, &page.file, &page.text, false);
            let _ = writeln!(
                text,
                "    <testcase classname=\"{0}\" name=\"page\"><error message=\"the page is wrong\">{1}</error></testcase>",
                escape(page.name()),
                escape(&rendered)
            );
        }
        for test in &page.tests {
            junit_case(&mut text, page, test);
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn junit_case(xml: &mut String, page: &TestedPage, test: &TestedTest) {
    let name = escape(&format!("{}: {}", test.kind.name(), test.name));
    let (class, file) = (escape(page.name()), escape(&page.file));
    let _ = write!(xml, "    <testcase classname=\"{class}\" name=\"{name}\" file=\"{file}\" line=\"{}\"", test.line);
    let Some(failure) = &test.failure else {
        xml.push_str("/>\n");
        return;
    };
    let details = escape(&details(test).join("\n"));
    let message = escape(&failure.to_string());
    let _ = writeln!(xml, "><failure message=\"{message}\">{details}</failure></testcase>");
}
