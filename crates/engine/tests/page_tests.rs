//! Tests of a page as the engine runs them: each as a log of its own, or each of its events.

use engine::{Failure, PageTests, Subject};

/// A page whose query wants a name, with these tests.
fn page(query: &str, tests: &str) -> String {
    format!(
        "---\nid: sample\ntitle: A sample\nstatus: test\nseverity: low\nconfidence: low\nscore: 5\n\
         techniques: [T1543.003]\nplatforms: [windows]\nlog_sources: [System]\n---\n\nFinds services.\n\n\
         ## Query\n\n```aql\n{query}\n```\n\n## Tests\n\n{tests}\n"
    )
}

const TESTS: &str = r#"
```json attack "first"
{"Channel": "System", "EventID": 7045, "ServiceName": "evil1"}
```

```json attack "one of two is enough"
{"Channel": "System", "EventID": 7045, "ServiceName": "evil1"}
{"Channel": "System", "EventID": 7045, "ServiceName": "good"}
```

```json evasion "both are wanted" each
{"Channel": "System", "EventID": 7045, "ServiceName": "evil1"}
{"Channel": "System", "EventID": 7045, "ServiceName": "good"}
```

```json evasion "variants" of="first" name=evil3
{"ServiceName": "evil3"}
{"ServiceName": "evil2"}
```

```json benign "none is wanted" of="first"
{"ServiceName": "good"}
{"ServiceName": "evil9"}
```
"#;

fn failures(query: &str) -> Vec<(Option<usize>, Option<Failure>)> {
    let environment = aql::Environment::new(0);
    let text = page(query, TESTS);
    let (detection, diagnostics) = pack::read_page("sample.md", &text, &pack::Options::new(environment.clone()));
    let detection = detection.unwrap_or_else(|| panic!("{}", syntax::render(&diagnostics, "sample.md", &text, false)));
    let tests = PageTests::read(&detection, &|_| Err("no file".to_owned()), &std::sync::Arc::default());
    let verdicts = tests.run(&Subject::of(&detection), &environment);
    verdicts.into_iter().map(|it| (it.event, it.failure)).collect()
}

#[test]
fn each_event_of_a_test_with_each_is_a_log_of_its_own() {
    let wrong = Failure::WrongValue { column: "name".into(), expected: "evil3".into(), found: "evil2".into() };
    let expected = vec![
        (None, None),
        (None, None),
        (Some(1), Some(Failure::NoMatch)),
        (Some(1), Some(wrong)),
        (Some(1), Some(Failure::Matched)),
    ];
    let one = r#"SELECT "Service Name" AS name FROM events WHERE "Service Name" LIKE 'evil%'"#;
    assert_eq!(failures(one), expected);
    let groups =
        r#"SELECT "Service Name" AS name, COUNT(*) FROM events WHERE "Service Name" LIKE 'evil%' GROUP BY name"#;
    assert_eq!(failures(groups), expected);
}
