//! What an input allows detections: whether they and their branches can fire, and for lack of what they cannot.

use std::sync::Arc;

use aql::{Environment, Options};
use engine::{
    Branches, EventSource, Firing, Lack, MEMORY_DEFAULT, MemorySource, ReadSettings, ScanOptions, Subject, fill_rates,
    firing, scan,
};
use ingest::{Event, Locator, Value};

const SYSMON: &str = "Microsoft-Windows-Sysmon/Operational";

fn position(name: &str) -> u16 {
    u16::try_from(schema::EVENTS.position(name).expect("the field exists")).expect("a small number")
}

/// Two started processes, of which one has a parent, and an installed service.
fn source() -> Arc<dyn EventSource> {
    let event = |record: u64, channel: &str, id: &str, texts: &[(&str, &str)]| {
        let mut fields = vec![(position("devicetype"), Value::Integer(12))];
        fields.extend(
            [("qideventcategory", channel), ("Event ID", id)].map(|it| (position(it.0), Value::Text(it.1.into()))),
        );
        fields.extend(texts.iter().map(|it| (position(it.0), Value::Text(it.1.into()))));
        fields.sort_unstable_by_key(|it| it.0);
        Event { locator: Locator { file: "own".into(), record, offset: 0 }, fields, properties: Vec::new() }
    };
    let events = vec![
        event(1, SYSMON, "1", &[("Command", "sc create a"), ("Process Path", r"C:\Windows\sc.exe")]),
        event(
            2,
            SYSMON,
            "1",
            &[("Command", "whoami"), ("Process Path", r"C:\Windows\cmd.exe"), ("Parent Process Path", "x")],
        ),
        event(3, "System", "7045", &[("Service Name", "a"), ("Service Filename", r"C:\a.exe")]),
    ];
    Arc::new(MemorySource::new(vec![("own".into(), events)]))
}

/// What the input allows a query whose WHERE is this.
fn allowed(text: &str) -> (u64, Firing) {
    let compiled = aql::compile(text, &Options::new(Environment::new(0)));
    let query = compiled.query.unwrap_or_else(|| panic!("{text}: {:?}", compiled.diagnostics));
    let (branches, subject) = Branches::of(&Subject::new(Arc::new(query)), text);
    let read = ReadSettings { threads: 1, keep_values: true, ..ReadSettings::default() };
    let options = ScanOptions { read, memory: MEMORY_DEFAULT };
    let mut fired = (0, vec![0; branches.labels.len()]);
    let subjects = [subject];
    let summary = scan(&subjects, &Environment::new(0), &source(), &options, &mut |mut found| {
        fired.0 += 1;
        let label = branches.take(&mut found);
        if let Some(place) = branches.labels.iter().position(|it| Some(it) == label.as_ref()) {
            fired.1[place] += 1;
        }
        Ok(())
    });
    let facts = summary.expect("the scan runs").facts;
    let matches = fired.0;
    let mut all = firing(&subjects, &[branches], &[fired], &facts);
    (matches, all.remove(0))
}

#[test]
fn what_an_input_lacks_is_told() {
    let sysmon = |filter: &str| format!("SELECT Command FROM events WHERE qideventcategory = '{SYSMON}' AND {filter}");
    let class = || "Sysmon 1".to_owned();
    for (filter, expected) in [
        ("EventID = 1 AND Command ILIKE '%sc%create%'", None),
        // Each value is there, though no event has both.
        ("EventID = 1 AND Command ILIKE '%create%' AND ProcessPath ILIKE '%cmd.exe'", None),
        ("EventID = 13", Some(Lack::EventId { wanted: format!("channel {SYSMON}, event id 13") })),
        (
            "EventID = 1 AND \"Parent Command\" ILIKE '%a%'",
            Some(Lack::Fields { class: class(), events: 2, fields: vec!["Parent Command"] }),
        ),
        // A CASE over a field that is there, with an arm for one that is not.
        (
            "EventID = 1 AND CASE WHEN EventID = 4104 THEN ScriptBlockText ELSE Command END ILIKE '%mimikatz%'",
            None::<Lack>,
        ),
    ] {
        let (_, firing) = allowed(&sysmon(filter));
        if filter.contains("mimikatz") {
            let Some(Lack::Values { class, events: 2, tests }) = firing.lack else { panic!("{:?}", firing.lack) };
            assert_eq!((class.as_str(), tests.len()), ("Sysmon 1", 1));
        } else {
            assert_eq!(firing.lack, expected, "{filter}");
        }
    }
    let (_, silent) = allowed("SELECT Command FROM events WHERE devicetype = 11 AND EventID = 1");
    assert_eq!(silent.lack, Some(Lack::LogSource { wanted: "Linux OS".to_owned() }));
}

#[test]
fn each_branch_is_told_by_itself() {
    let text = "SELECT CASE WHEN EventID = 7045 THEN 'service' WHEN EventID = 4697 THEN 'audited' \
                WHEN \"Parent Process Path\" ILIKE '%winword.exe' THEN 'by Word' END AS branch FROM events \
                WHERE EventID IN (1, 7045, 4697)";
    let (matches, firing) = allowed(text);
    assert_eq!((matches, firing.events, &firing.lack), (3, 3, &None));
    let [service, audited, by_word] = &firing.branches[..] else { panic!("{:?}", firing.branches) };
    assert_eq!(service, &None);
    assert_eq!(audited, &Some(Lack::EventId { wanted: "event id 4697".to_owned() }));
    assert!(matches!(by_word, Some(Lack::Values { events: 2, .. })), "{by_word:?}");
}

#[test]
fn bytes_and_fill_rates_are_those_of_the_kinds_asked_for() {
    let text =
        format!("SELECT Command FROM events WHERE qideventcategory = '{SYSMON}' AND \"Parent Process Path\" = 'x'");
    let compiled = aql::compile(&text, &Options::new(Environment::new(0)));
    let subjects = [Subject::new(Arc::new(compiled.query.expect("it is right")))];
    let read = ReadSettings { threads: 1, ..ReadSettings::default() };
    let options = ScanOptions { read, memory: MEMORY_DEFAULT };
    let summary = scan(&subjects, &Environment::new(0), &source(), &options, &mut |_| Ok(())).expect("it runs");
    let rates = fill_rates(&subjects, &summary.facts);
    let parent = rates.iter().find(|it| it.field == usize::from(position("Parent Process Path"))).expect("it is read");
    assert_eq!((parent.detections, parent.filled, parent.events), (1, 1, 2));
    let (_, firing) = allowed(&text);
    let bytes = "sc create a".len() + "whoami".len() + "x".len() + 2 * SYSMON.len();
    assert_eq!((firing.events, firing.bytes), (2, bytes as u64));
}
