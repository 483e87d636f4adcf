//! Exclusions: what they remove, of single events and of groups, and what is said of it.

use std::sync::Arc;
use std::time::Duration;

use aql::{Environment, Options};
use engine::{
    Clock, EventSource, MEMORY_DEFAULT, Match, MemorySource, ReadSettings, ScanOptions, ScanSummary, Subject,
};
use ingest::{Event, Locator, Value};

/// User and path of each event.
const EVENTS: [(Option<&str>, &str); 6] = [
    (Some("ann"), r"C:\a.exe"),
    (Some("ann"), r"C:\b.exe"),
    (Some("bob"), r"C:\a.exe"),
    (None, r"C:\a.exe"),
    (None, r"C:\c.exe"),
    (Some("bob"), r"C:\c.exe"),
];

fn source() -> Arc<dyn EventSource> {
    let position = |name| {
        let index = schema::EVENTS.position(name).expect("the field exists");
        u16::try_from(index).expect("there are fewer fields")
    };
    let file: Arc<str> = "file".into();
    let event = |(record, (user, path)): (u64, &(Option<&str>, &str))| {
        let mut fields = vec![(position("Process Path"), Value::Text((*path).into()))];
        fields.extend(user.map(|it| (position("username"), Value::Text(it.into()))));
        fields.sort_unstable_by_key(|(index, _)| *index);
        Event { locator: Locator { file: Arc::clone(&file), record, offset: 0 }, fields, properties: Vec::new() }
    };
    let events = (1..).zip(&EVENTS).map(event).collect();
    Arc::new(MemorySource::new(vec![(Arc::clone(&file), events)]))
}

fn run(query: &str, exclusions: &[&str]) -> (Vec<Match>, ScanSummary) {
    let options = Options::new(Environment::new(0));
    let query = aql::compile(query, &options).query.expect("the query is right");
    let filter = |it: &&str| {
        let compiled = aql::compile_filter(it, &schema::EVENTS, &options);
        Arc::new(compiled.query.unwrap_or_else(|| panic!("{it}: {:?}", compiled.diagnostics)))
    };
    let exclusions = exclusions.iter().map(filter).collect();
    let subject = Subject { exclusions, ..Subject::new(Arc::new(query)) };
    let clock = Clock::new(|| Duration::ZERO);
    let read = ReadSettings { threads: 1, clock: Some(clock), ..ReadSettings::default() };
    let options = ScanOptions { read, memory: MEMORY_DEFAULT };
    let mut matches = Vec::new();
    let summary = engine::scan(&[subject], &Environment::new(0), &source(), &options, &mut |it| {
        matches.push(it);
        Ok(())
    });
    let summary = summary.expect("the scan runs");
    assert!(summary.failures.is_empty(), "{:?}", summary.failures);
    (matches, summary)
}

#[test]
fn a_match_goes_when_an_exclusion_is_true_and_stays_when_it_is_unknown() {
    let query = r#"SELECT "Process Path" FROM events WHERE "Process Path" ILIKE 'c:\%'"#;
    // The exclusions; the records that stand; how many each removed.
    let cases: [(&[&str], &[u64], &[u64]); 6] = [
        (&[], &[1, 2, 3, 4, 5, 6], &[]),
        (&["username = 'ann'"], &[3, 4, 5, 6], &[2]),
        // Without a user the filter is unknown, whichever way it is turned.
        (&["NOT username = 'ann'"], &[1, 2, 4, 5], &[2]),
        (&["username = 'ann'", r#""Process Path" = 'C:\a.exe'"#], &[5, 6], &[2, 2]),
        (&[r#""Process Path" = 'C:\a.exe'"#, "username = 'ann'"], &[5, 6], &[3, 1]),
        (&["username IS NULL OR username = 'bob'", "devicetype = 12"], &[1, 2], &[4, 0]),
    ];
    for (exclusions, standing, removed) in cases {
        let (matches, summary) = run(query, exclusions);
        assert_eq!(matches.len(), EVENTS.len(), "{exclusions:?}: what is removed is marked, not lost");
        let records = matches.iter().filter(|it| it.excluded_by.is_none());
        let records: Vec<u64> = records.filter_map(|it| it.locator.as_ref()).map(|it| it.record).collect();
        assert_eq!(records, standing, "{exclusions:?}");
        assert_eq!(summary.excluded, [removed.to_vec()], "{exclusions:?}");
        assert_eq!(summary.matches, [standing.len() as u64], "{exclusions:?}");
        assert_eq!(summary.costs[0].events, EVENTS.len() as u64);
    }
}

#[test]
fn of_groups_an_exclusion_removes_events_before_they_are_put_together() {
    let plain = "SELECT username, COUNT(*) AS events FROM events GROUP BY username HAVING events > 1 ORDER BY username";
    let nested = "SELECT username, COUNT(*) AS events FROM (SELECT username FROM events) \
                  GROUP BY username HAVING events > 1 ORDER BY username";
    for query in [plain, nested] {
        let (matches, summary) = run(query, &[r#""Process Path" = 'C:\b.exe'"#, "username = 'bob'"]);
        let rows: Vec<_> = matches.iter().filter(|it| it.excluded_by.is_none()).map(|it| &it.columns[0].1).collect();
        assert_eq!(rows, [&serde_json::Value::Null], "{query}");
        assert_eq!(summary.excluded, [vec![1, 2]], "{query}");
        let removed: Vec<_> =
            matches.iter().filter_map(|it| Some((it.excluded_by?, it.locator.clone()?.record))).collect();
        assert_eq!(removed, [(0, 2), (1, 3), (1, 6)], "{query}");
    }
}
