//! A scan gives the same matches in any size of chunk and on any number of threads, and they are those that each query
//! gives alone.

use std::sync::Arc;

use aql::{Environment, Options};
use engine::{
    EventSource, Lack, MEMORY_DEFAULT, Match, MemorySource, QueryOptions, ReadSettings, ScanOptions, ScanSummary,
    Subject, query, scan,
};
use ingest::{Event, Locator, Value};
use proptest::prelude::*;

const QUERIES: &[&str] = &[
    "SELECT username, EventID FROM events WHERE EventID IN (1, 7045) AND username ILIKE '%a%'",
    "SELECT username FROM events WHERE devicetype = 12 AND (EventID = 4624 OR qideventcategory = 'System') LIMIT 1",
    "SELECT \"Process Path\" AS path FROM events WHERE LOWER(\"Process Path\") LIKE '%\\temp\\%' OR \"Extra\" = '3'",
    "SELECT username, COUNT(*) AS events FROM events GROUP BY username HAVING events > 2 ORDER BY events DESC, username",
    "SELECT username FROM events WHERE username IN (SELECT username FROM events WHERE EventID = 1) AND EventID = 7045",
    "SELECT sessionId, MIN(starttime) AS started FROM events SESSION BY starttime username BEGIN EventID = 1 \
     GROUP BY sessionId ORDER BY sessionId",
    "SELECT starttime FROM events WHERE username IS NULL",
    "SELECT username FROM events WHERE NOT (username = 'ann') AND EventID != '1'",
    "SELECT CASE WHEN username = 'ann' THEN 0 WHEN \"Process Path\" ILIKE '%temp%' THEN 40 END + \
     CASE WHEN EventID = 7045 THEN 20 ELSE 0 END AS score FROM events WHERE score >= 40",
];

fn position(name: &str) -> u16 {
    let index = schema::EVENTS.position(name).expect("the field exists");
    u16::try_from(index).expect("there are fewer fields")
}

fn subjects() -> Vec<Subject> {
    let options = Options::new(Environment::new(0));
    let subject = |text: &&str| {
        let compiled = aql::compile(text, &options);
        let query = compiled.query.unwrap_or_else(|| panic!("{text}: {:?}", compiled.diagnostics));
        Subject { score_column: Some("events".to_owned()), ..Subject::new(Arc::new(query)) }
    };
    QUERIES.iter().map(subject).collect()
}

fn run(source: &Arc<dyn EventSource>, threads: usize, chunk_rows: usize) -> (Vec<Match>, ScanSummary) {
    let read = ReadSettings { threads, chunk_rows, ..ReadSettings::default() };
    let mut matches = Vec::new();
    let options = ScanOptions { read, memory: MEMORY_DEFAULT };
    let summary = scan(&subjects(), &Environment::new(0), source, &options, &mut |it| {
        matches.push(it);
        Ok(())
    });
    let summary = summary.expect("the scan runs");
    assert!(summary.failures.is_empty(), "{:?}", summary.failures);
    (matches, summary)
}

/// What is random of an event: class, user, path, extra property.
type Seed = (u8, u8, u8, u8);

fn event(file: &Arc<str>, record: u64, (class, user, path, extra): Seed) -> Event {
    let text = |it: &str| Value::Text(it.into());
    let mut fields = vec![(position("starttime"), Value::Integer(i64::try_from(record).unwrap_or(0) * 1000))];
    let (device_type, id, channel) =
        [(12, "1", "Sysmon"), (12, "4624", "Security"), (12, "7045", "System"), (11, "1", "audit")]
            [usize::from(class % 4)];
    fields.push((position("devicetype"), Value::Integer(device_type)));
    fields.push((position("Event ID"), text(id)));
    fields.push((position("qideventcategory"), text(channel)));
    if let Some(user) = ["ann", "Bob", "carla"].get(usize::from(user % 4)) {
        fields.push((position("username"), text(user)));
    }
    if path % 2 == 0 {
        fields.push((position("Process Path"), text(if path % 4 == 0 { r"C:\Temp\a.exe" } else { r"C:\b.exe" })));
    }
    fields.sort_unstable_by_key(|(index, _)| *index);
    let properties = vec![("Extra".into(), (extra % 5).to_string().into())];
    Event { locator: Locator { file: Arc::clone(file), record, offset: 0 }, fields, properties }
}

fn source(parts: &[Vec<Seed>]) -> Arc<dyn EventSource> {
    let mut record = 0;
    let parts = parts.iter().enumerate().map(|(number, seeds)| {
        let file: Arc<str> = format!("file{number}").into();
        let events = seeds.iter().map(|seed| {
            record += 1;
            event(&file, record, *seed)
        });
        (Arc::clone(&file), events.collect())
    });
    Arc::new(MemorySource::new(parts.collect()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]
    #[test]
    fn chunks_and_threads_do_not_matter(
        parts in prop::collection::vec(prop::collection::vec(any::<Seed>(), 0..40), 0..5),
        threads in 1_usize..5,
        chunk_rows in 1_usize..50,
    ) {
        let source = source(&parts);
        let (expected, whole) = run(&source, 1, 8192);
        let (matches, summary) = run(&source, threads, chunk_rows);
        prop_assert!(matches == expected, "matches differ");
        prop_assert_eq!(&summary.matches, &whole.matches);
        prop_assert_eq!(summary.facts.classes(), whole.facts.classes());
        prop_assert_eq!(&summary.silent, &whole.silent);
        for (detection, subject) in subjects().iter().enumerate() {
            let mut alone = (*subject.query).clone();
            if !alone.is_aggregating() {
                alone.limit = None;
            }
            let rows = query(&alone, &Environment::new(0), &source, &QueryOptions::default());
            let rows: usize = rows.expect("it runs").map(|it| it.expect("it runs").num_rows()).sum();
            prop_assert_eq!(summary.matches[detection], rows as u64, "{}", QUERIES[detection]);
        }
    }
}

#[test]
fn a_match_tells_what_where_and_why() {
    let source = source(&[vec![(1, 0, 1, 0), (0, 2, 0, 3)]]);
    let (matches, _) = run(&source, 2, 1);
    let first = matches.iter().find(|it| it.detection == 0).expect("carla's event matches");
    assert_eq!(first.locator.as_ref().map(|it| (&*it.file, it.record)), Some(("file0", 2)));
    assert_eq!((first.time, first.user.as_deref()), (Some(2000), Some("carla")));
    let event = first.event.as_ref().expect("it stands for one event");
    let event = engine::event_json(event);
    assert_eq!((&event["Event ID"], &event["properties"]["Extra"]), (&"1".into(), &"3".into()));
    let reasons = |it: &Match| it.why.as_ref().map(engine::Why::reasons).unwrap_or_default();
    let reasons_of_first = reasons(first);
    let why: Vec<_> = reasons_of_first.iter().map(|it| (&*it.field, it.operator, &*it.literal, it.hit)).collect();
    assert_eq!(why, [("Event ID", "=", "1", Some((0, 1))), ("username", "ILIKE", "%a%", Some((1, 2)))]);
    // Both branches of an OR are given when both are true.
    let third = matches.iter().find(|it| it.detection == 2).expect("both branches match");
    let reasons_of_third = reasons(third);
    let why: Vec<_> = reasons_of_third.iter().map(|it| (&*it.field, &*it.literal, &*it.value)).collect();
    assert_eq!(why, [("Process Path", r"%\temp\%", r"C:\Temp\a.exe"), ("Extra", "3", "3")]);
}

#[test]
fn a_score_is_explained_by_what_it_was_made_of() {
    let source = source(&[vec![(2, 1, 0, 0), (2, 0, 0, 0)]]);
    let (matches, _) = run(&source, 1, 8192);
    let scored: Vec<_> = matches.iter().filter(|it| it.detection == QUERIES.len() - 1).collect();
    assert_eq!(scored.len(), 1, "ann's score is too low");
    let reasons = scored[0].why.as_ref().map(engine::Why::reasons).unwrap_or_default();
    let why: Vec<_> = reasons.iter().map(|it| (&*it.field, &*it.literal)).collect();
    assert_eq!(why, [("Process Path", "%temp%"), ("Event ID", "7045")]);
}

#[test]
fn silent_detections_say_why() {
    let source = source(&[vec![(1, 3, 1, 0), (3, 3, 1, 0)]]);
    let (_, summary) = run(&source, 1, 8192);
    let silence = |detection| summary.silent.iter().find(|it| it.detection == detection);
    let lack = |detection: usize| silence(detection).map(|it| it.lack.clone());
    let Some(Lack::Fields { fields, .. }) = lack(0) else { panic!("nobody acts: {:?}", lack(0)) };
    assert_eq!(fields, ["username"]);
    assert!(silence(1).is_none(), "it fired");
    assert!(silence(2).is_none(), "an unlisted property might have matched");
    assert_eq!(lack(4), Some(Lack::EventId { wanted: "event id 7045".to_owned() }), "no service was installed");
}
