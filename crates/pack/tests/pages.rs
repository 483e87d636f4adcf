//! Pages: the built-in ones are good, and each fault of a page is said at its place.

use std::path::{Path, PathBuf};

use pack::{Input, Options, read_page};
use pulldown_cmark::{Event, Parser, Tag};

fn options() -> Options {
    let log_sources: Option<std::sync::Arc<dyn aql::LogSources>> = Some(std::sync::Arc::new(aql::NoLogSources));
    Options::new(aql::Environment { log_sources, ..aql::Environment::new(0) })
}

#[test]
fn built_in_pages_are_good() {
    let pages = pack::builtin_pages();
    assert!(!pages.is_empty());
    let mut ids = Vec::new();
    for (file, text) in pages {
        let (detection, diagnostics) = read_page(file, text, &options());
        let rendered = syntax::render(&diagnostics, file, text, false);
        let detection = detection.unwrap_or_else(|| panic!("{rendered}"));
        assert!(diagnostics.iter().all(|it| it.severity < syntax::Severity::Warning), "{rendered}");
        // The first technique is what the page is about; the table has no name for each further one.
        let technique = &detection.techniques[0];
        assert!(schema::tables::attack::technique(technique).is_some(), "{file}: {technique} is no technique");
        ids.push(detection.id);
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id stands on two pages");
}

/// The GUID that the page below names.
const ATOMIC: &str = "f42df4d0-4b1c-4dbc-a2c2-0ed1fb4ad6cd";

/// A small good page; each case changes one part of it.
const GOOD: &str = "\
---
id: sample
title: A sample
status: test
severity: high
confidence: low
score: 50
techniques: [T1543.003]
platforms: [windows]
log_sources: [System]
detection_strategies: [DET0552]
data_components: [DC0060]
atomics: [f42df4d0-4b1c-4dbc-a2c2-0ed1fb4ad6cd]
---

Finds services.

## Query

```aql
SELECT \"Service Name\" AS name FROM events WHERE EventID = 7045
```

## Tests

```json attack \"installed\" name=x atomic=f42df4d0-4b1c-4dbc-a2c2-0ed1fb4ad6cd
{\"Channel\": \"System\", \"EventID\": 7045, \"ServiceName\": \"x\"}
```

```json attack \"again\"
{\"Channel\": \"System\", \"EventID\": 7045, \"ServiceName\": \"y\"}
```

```json evasion \"in capitals\"
{\"Channel\": \"System\", \"EventID\": 7045, \"ServiceName\": \"X\"}
```

```text benign \"stopped, from a file\" file=\"stopped.evtx\"
```

```json benign \"stopped\"
{\"Channel\": \"System\", \"EventID\": 7036}
```
";

#[test]
fn a_good_page_is_read() {
    let (detection, diagnostics) = read_page("sample.md", GOOD, &options());
    assert_eq!(diagnostics, []);
    let detection = detection.expect("the page is good");
    assert_eq!(detection.id, "sample");
    assert_eq!(detection.description, "Finds services.");
    assert_eq!(detection.tests.len(), 5);
    assert_eq!(detection.tests[0].expected, [("name".to_owned(), "x".to_owned())]);
    assert_eq!(detection.detection_strategies, ["DET0552"]);
    assert_eq!(detection.atomics, [ATOMIC]);
    assert_eq!(detection.tests[0].atomic.as_deref(), Some(ATOMIC));
    assert_eq!(detection.tests[3].input, Input::File("stopped.evtx".to_owned()));
    assert_eq!(detection.query.text, "SELECT \"Service Name\" AS name FROM events WHERE EventID = 7045\n");
}

#[test]
fn each_fault_is_said_at_its_place() {
    // What is replaced by what; the diagnostic and the text that it points at.
    let cases = [
        ("severity: high", "severty: high", "unknown-key", "severty"),
        ("severity: high", "severity: urgent", "wrong-value", "urgent"),
        ("severity: high", "severity: high\nseverity: low", "front-matter-not-yaml", "s"),
        ("techniques: [T1543.003]", "techniques: [service]", "wrong-value", "service"),
        ("score: 50", "score: 500", "wrong-value", "500"),
        ("score: 50", "score: risk", "unknown-column", "risk"),
        ("id: sample", "id: A Sample", "wrong-value", "A Sample"),
        ("id: sample\n", "", "missing-key", ""),
        ("## Tests", "## Test", "unknown-heading", "## Test\n"),
        ("7045\n```", "7045 AND\n```", "syntax", ""),
        ("benign \"stopped\"", "harmless \"stopped\"", "wrong-test", "```json harmless \"stopped\""),
        ("\"EventID\": 7036}", "\"EventID\": }", "wrong-test", "}"),
        ("[DET0552]", "[DET552]", "wrong-value", "DET552"),
        ("[f42df4d0-", "[F42DF4D0-", "wrong-value", "F42DF4D0-"),
        ("x atomic=f42df4d0-", "x atomic=a42df4d0-", "unknown-atomic", "```json attack"),
        (" atomic=f42df4d0-4b1c-4dbc-a2c2-0ed1fb4ad6cd", "", "atomic-without-test", "f42df4d0-"),
        ("file=\"stopped.evtx\"", "file=\"../stopped.evtx\"", "wrong-test", "```text benign"),
        ("file=\"stopped.evtx\"\n", "file=\"stopped.evtx\"\nevents\n", "wrong-test", "```text benign"),
        ("name=x", "colour=x", "unknown-column", "```json attack"),
    ];
    for (from, to, id, at) in cases {
        assert!(GOOD.contains(from), "{from}");
        let text = GOOD.replacen(from, to, 1);
        let (detection, diagnostics) = read_page("sample.md", &text, &options());
        let rendered = syntax::render(&diagnostics, "sample.md", &text, false);
        assert!(detection.is_none(), "{to}: {rendered}");
        let found = diagnostics.iter().any(|it| {
            let said = text.get(it.span.start..it.span.end).unwrap_or_default();
            (it.id == id || (id == "syntax" && it.is_error())) && said.starts_with(at)
        });
        assert!(found, "{to}: {id} at `{at}` is missing\n{rendered}");
    }
}

/// What is replaced by what; what is said then, and the beginning of the text of which it is said.
type Declaration = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

#[test]
fn what_is_declared_and_cannot_be_seen_is_said() {
    let cases: &[Declaration] = &[
        ("[windows]", "[windows, linux]", &[("events of the platform `linux`", "linux")]),
        ("[windows]", "[macos, windows]", &[("events of the platform `macos`", "macos")]),
        // Of these nothing is certain.
        ("[windows]", "[windows, containers, cloud]", &[]),
        ("[System]", "[System (7045)]", &[]),
        ("[System]", "[Windows System (7045)]", &[]),
        ("[System]", "[\"System (7045, 7036)\"]", &[("System 7036", "\"System (7045, 7036)\"")]),
        (
            "[System]",
            "[Sysmon (1), \"Windows Security (4688 with command lines, 4697)\", PowerShell (4104)]",
            &[
                ("Sysmon 1", "Sysmon (1)"),
                ("Windows Security 4688 and 4697", "\"Windows Security"),
                ("PowerShell 4104", "PowerShell (4104)"),
            ],
        ),
        // No event id, or one that the event model does not know.
        ("[System]", "[System, Linux audit (EXECVE), System (59999), Some Product (1)]", &[]),
        // A test that runs on Linux may attack a Windows host, whose events show it.
        (ATOMIC, "d9e4f24f-aa67-4c6e-bcbf-85622b697a7c", &[]),
    ];
    for (from, to, expected) in cases {
        assert!(GOOD.contains(from), "{from}");
        let text = GOOD.replace(from, to);
        let (_, said) = pack::check_page("sample.md", &text, &options());
        let unseen = said.iter().filter(|it| it.id == "declared-but-unseen");
        let found: Vec<_> = unseen.map(|it| (it.message.as_str(), &text[it.span.start..it.span.end])).collect();
        assert_eq!(found.len(), expected.len(), "{to}: {said:?}");
        for ((message, place), (what, start)) in found.iter().zip(*expected) {
            assert_eq!(*message, format!("no branch of the query can see {what}"), "{to}");
            assert!(place.starts_with(start), "{to}: {place}");
        }
        // A page is run as it is: only checking says so.
        assert!(read_page("sample.md", &text, &options()).1.iter().all(|it| it.id != "declared-but-unseen"), "{to}");
    }
}

#[test]
fn a_query_that_any_event_may_pass_sees_all_that_is_declared() {
    let text = GOOD.replace("WHERE EventID = 7045", "WHERE \"Service Name\" ILIKE '%x%'");
    let text = text.replace("[windows]", "[windows, linux, macos]").replace("[System]", "[Windows System (7036)]");
    let (_, said) = pack::check_page("sample.md", &text, &options());
    assert!(said.iter().all(|it| it.id != "declared-but-unseen"), "{said:?}");
}

#[test]
fn variants_are_whole_events_that_differ_from_their_base() {
    let variants = "\
```json benign \"others\" of=\"installed\"
{\"EventID\": 7036}
{\"ServiceName\": null, \"Nested\": {\"a\": 1}}
```
";
    let text = format!("{GOOD}\n{variants}");
    let (detection, diagnostics) = read_page("sample.md", &text, &options());
    assert_eq!(diagnostics, []);
    let detection = detection.expect("the page is good");
    let last = detection.tests.last().expect("there are tests");
    assert!(last.each);
    let whole = "{\"Channel\":\"System\",\"EventID\":7036,\"ServiceName\":\"x\"}
{\"Channel\":\"System\",\"EventID\":7045,\"Nested\":{\"a\":1}}
";
    assert_eq!(last.input, Input::Text(whole.to_owned()));

    let first = format!("{GOOD}\n{}", variants.replacen("installed", "installed #1", 1));
    assert_eq!(read_page("sample.md", &first, &options()).1, []);
    for (from, to) in [
        ("of=\"installed\"", "of=\"others\""),
        ("of=\"installed\"", "of=\"stopped, from a file\""),
        ("of=\"installed\"", "of=\"installed #2\""),
        ("```json benign \"others\"", "```text benign \"others\""),
        ("{\"EventID\": 7036}", "7036"),
    ] {
        let text = format!("{GOOD}\n{}", variants.replacen(from, to, 1));
        let (_, diagnostics) = read_page("sample.md", &text, &options());
        let ids: Vec<_> = diagnostics.iter().map(|it| it.id).collect();
        assert_eq!(ids, ["wrong-test"], "{to}");
    }
}

#[test]
fn a_page_with_few_tests_is_warned_of() {
    let text = GOOD.replacen("evasion \"in capitals\"", "attack \"in capitals\"", 1);
    let (detection, diagnostics) = read_page("sample.md", &text, &options());
    assert!(detection.is_some());
    let said: Vec<_> = diagnostics.iter().map(|it| (it.id, it.severity, it.message.as_str())).collect();
    let message = "the page has few tests: 0 of 1 `evasion`";
    assert_eq!(said, [("few-tests", syntax::Severity::Warning, message)]);
}

#[test]
fn a_page_that_was_written_is_read_as_the_same() {
    let awkward = GOOD.replace("title: A sample", r#"title: 'A "sample": #1, C:\Temp'"#);
    let pages = pack::builtin_pages().iter().map(|(_, text)| *text).chain([GOOD, &awkward]);
    for text in pages {
        let first = read_page("page.md", text, &options()).0.expect("the page is good");
        let written = pack::write_page(&first);
        let (second, diagnostics) = read_page("page.md", &written, &options());
        let second = second.unwrap_or_else(|| panic!("{}", syntax::render(&diagnostics, "page.md", &written, false)));
        assert_eq!(pack::Draft::of(&first), pack::Draft::of(&second));
        assert_eq!(first.query.text, second.query.text);
        assert_eq!(first.tests.len(), second.tests.len());
    }
}

#[test]
fn an_imported_page_may_lack_tests_and_techniques() {
    let tests = &GOOD[GOOD.find("## Tests").expect("the page has tests")..];
    let untested = GOOD.replace(tests, "").replace("[T1543.003]", "[]");
    let untested = untested.replace("atomics: [f42df4d0-4b1c-4dbc-a2c2-0ed1fb4ad6cd]\n", "");
    let (detection, diagnostics) = read_page("page.md", &untested, &options());
    assert!(detection.is_none());
    assert_eq!(diagnostics.iter().map(|it| it.id).collect::<Vec<_>>(), ["wrong-value", "missing-heading"]);
    let imported = untested.replace("status: test", "status: test\norigin: Sigma");
    let (detection, diagnostics) = read_page("page.md", &imported, &options());
    assert_eq!(diagnostics.iter().map(|it| it.id).collect::<Vec<_>>(), ["untested"]);
    assert_eq!(detection.expect("a warning stops nothing").origin.as_deref(), Some("Sigma"));
}

#[test]
fn links_between_the_built_in_pages_lead_to_pages() {
    let pages = pack::builtin_pages();
    let mut links = 0;
    for (file, text) in pages {
        let folder = Path::new(file).parent().expect("a page stands in a folder");
        for event in Parser::new(text) {
            let Event::Start(Tag::Link { dest_url, .. }) = event else { continue };
            if dest_url.contains("://") {
                continue;
            }
            let mut target: Vec<_> = folder.iter().collect();
            for part in Path::new(&*dest_url) {
                if part == ".." {
                    target.pop();
                } else {
                    target.push(part);
                }
            }
            let target: PathBuf = target.into_iter().collect();
            assert!(pages.iter().any(|(it, _)| Path::new(it) == target), "{file}: no page {dest_url}");
            links += 1;
        }
    }
    assert!(links > pages.len(), "each page leads to others");
}
