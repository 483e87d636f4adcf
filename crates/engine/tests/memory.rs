//! What looks at groups of events keeps to the memory that it may use: it writes to disk, finds the same, or says why not.

use std::sync::Arc;

use aql::{Environment, Options};
use engine::{EventSource, MEMORY_DEFAULT, MemorySource, ReadSettings, ScanOptions, ScanSummary, Subject, scan};
use ingest::{Event, Locator, Value};

const EVENTS: u64 = 30_000;

/// Many groups, aggregates with a state for each, sorts, sessions, and rows that are given before the end.
const QUERIES: [&str; 6] = [
    "SELECT username, COUNT(*) AS events FROM events GROUP BY username",
    "SELECT username, MIN(starttime) AS first, UNIQUECOUNT(EventID) AS ids FROM events GROUP BY username, EventID",
    "SELECT \"Process Path\" AS path, COUNT(*) AS events FROM events GROUP BY path, EventID HAVING events > 1",
    "SELECT username, EventID FROM events GROUP BY username, EventID ORDER BY username DESC, EventID",
    "SELECT sessionId, MIN(starttime) AS started FROM events SESSION BY starttime username BEGIN EventID = 1 \
     GROUP BY sessionId",
    "SELECT user, path FROM (SELECT username AS user, \"Process Path\" AS path FROM events WHERE EventID = 1)",
];

fn subject(text: &str) -> Subject {
    let compiled = aql::compile(text, &Options::new(Environment::new(0)));
    Subject::new(Arc::new(compiled.query.unwrap_or_else(|| panic!("{text}: {:?}", compiled.diagnostics))))
}

fn position(name: &str) -> u16 {
    let index = schema::EVENTS.position(name).expect("the field exists");
    u16::try_from(index).expect("there are fewer fields")
}

fn source() -> Arc<dyn EventSource> {
    let file: Arc<str> = "events".into();
    let event = |record: u64| {
        let text = |it: String| Value::Text(it.into());
        let mut fields = vec![
            (position("starttime"), Value::Integer(i64::try_from(record).unwrap_or_default() * 1000)),
            (position("Event ID"), text((record % 3).to_string())),
            (position("username"), text(format!("a user with some name {}", record * 7_919 % (EVENTS / 2)))),
            (
                position("Process Path"),
                text(format!("C:\\Users\\Public\\program-{}.exe", record * 104_729 % (EVENTS / 4))),
            ),
        ];
        fields.sort_unstable_by_key(|(index, _)| *index);
        Event { locator: Locator { file: Arc::clone(&file), record, offset: 0 }, fields, properties: Vec::new() }
    };
    Arc::new(MemorySource::new(vec![(Arc::clone(&file), (0..EVENTS).map(event).collect())]))
}

/// The matches of each query as text, in the order in which they came, and the summary.
fn run(queries: &[&str], memory: usize) -> (Vec<Vec<String>>, ScanSummary) {
    let subjects: Vec<Subject> = queries.iter().map(|it| subject(it)).collect();
    let options = ScanOptions { read: ReadSettings { threads: 2, ..ReadSettings::default() }, memory };
    let mut matches = vec![Vec::new(); queries.len()];
    let summary = scan(&subjects, &Environment::new(0), &source(), &options, &mut |it| {
        matches[it.detection].push(format!("{:?}", it.columns));
        Ok(())
    });
    (matches, summary.expect("the scan runs"))
}

#[test]
fn little_memory_finds_what_much_memory_finds() {
    let (mut much, summary) = run(&QUERIES, MEMORY_DEFAULT);
    assert!(summary.failures.is_empty() && summary.spilled_bytes == 0, "{summary:?}");
    let (mut little, summary) = run(&QUERIES, 16 << 20);
    assert!(summary.failures.is_empty(), "{:?}", summary.failures);
    assert!(summary.spilled_bytes > 100 << 10, "nothing went to disk");
    for (number, query) in QUERIES.iter().enumerate() {
        assert!(much[number].len() > 1_000, "{query}");
        // Without ORDER BY groups come in any order.
        if !query.contains("ORDER BY") && query.contains("GROUP BY") {
            much[number].sort_unstable();
            little[number].sort_unstable();
        }
        assert!(much[number] == little[number], "{query}");
    }
}

#[test]
fn too_little_memory_is_said() {
    let (matches, summary) = run(&QUERIES[3..5], 64 << 10);
    let message = summary.failures.get(&0).expect("it cannot be run");
    assert!(message.contains("0 MiB of memory, shared by 2 detections") && message.contains("`--memory`"), "{message}");
    assert!(matches[0].is_empty());
}
