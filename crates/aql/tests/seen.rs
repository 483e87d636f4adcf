//! What a query can see: operating systems and kinds of events.

use aql::{Environment, Escapes, Options, Property, Seen};
use schema::Type;
use schema::tables::event_classes::class_of;
use schema::tables::log_source_systems::System;

fn options() -> Options {
    Options { escapes: Escapes::Strict, ..Options::new(Environment::new(0)) }
}

/// The names of the systems whose events a filter can let pass.
fn systems(filter: &str, options: &Options) -> Vec<&'static str> {
    let compiled = aql::compile(&format!("SELECT qid FROM events WHERE {filter}"), options);
    let query = compiled.query.unwrap_or_else(|| panic!("{filter}: {:?}", compiled.diagnostics));
    let mut seen = Seen::new(&query, options).expect("it reads events");
    System::ALL.into_iter().filter(|it| seen.system(*it)).map(System::name).collect()
}

#[test]
fn systems_are_seen_unless_every_branch_asks_for_another() {
    let cases: &[(&str, &[&str])] = &[
        ("username = 'x'", &["windows", "linux", "macos"]),
        ("devicetype = 12", &["windows"]),
        ("devicetype IN (11, 102)", &["linux", "macos"]),
        // A type of an endpoint product may report from any system.
        ("devicetype IN (12, 382)", &["windows", "linux", "macos"]),
        ("NOT devicetype = 12", &["linux", "macos", "windows"]),
        // What a firewall reports has no program.
        ("devicetype IN (12, 14) AND \"Process Path\" IS NOT NULL", &["windows"]),
        ("devicetype IN (12, 14)", &["windows", "linux"]),
        ("qideventcategory = 'Security' OR qideventcategory = 'System'", &["windows"]),
        ("qideventcategory IN ('Security', 'Linux-Sysmon/Operational')", &["windows", "linux"]),
        ("qideventcategory = 'a channel that nobody knows'", &["windows", "linux", "macos"]),
        ("EventID IN (7045, 4697)", &["windows"]),
        // Low ids are used by many products.
        ("EventID = 1", &["windows", "linux", "macos"]),
        ("\"Process Path\" IMATCHES '\\\\(psexec|paexec)(64)?\\.exe$'", &["windows"]),
        ("LOWER(\"Process Path\") MATCHES '.*(psexec\\.exe|psexec64\\.exe).*'", &["windows"]),
        ("CommandLine ILIKE '%sc.exe%create%'", &["windows"]),
        // A command line may name a file of Windows on any system.
        ("CommandLine ILIKE '%wget%.exe%'", &["windows", "linux", "macos"]),
        ("\"Process Path\" IMATCHES '(sc|systemctl)(\\.exe)?$'", &["windows", "linux", "macos"]),
        ("NOT \"Process Path\" ILIKE '%.exe'", &["windows", "linux", "macos"]),
        ("devicetype = 12 AND username = 'x' OR CommandLine ILIKE '%systemctl%'", &["windows", "linux", "macos"]),
    ];
    for (filter, expected) in cases {
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        let mut found = systems(filter, &options());
        found.sort_unstable();
        assert_eq!(found, expected, "{filter}");
    }
}

#[test]
fn a_property_of_the_user_may_be_in_every_event() {
    let filter = "devicetype IN (12, 14) AND \"Process Path\" IS NOT NULL";
    let property = Property { name: "Process Path".to_owned(), value_type: Type::Text };
    let options = Options { properties: vec![property], ..options() };
    assert_eq!(systems(filter, &options), ["windows", "linux"]);
}

#[test]
fn kinds_are_seen_unless_a_field_or_the_class_is_lacking() {
    let cases = [
        ("devicetype = 12 AND CommandLine ILIKE '%sc%'", "Security", "4688", true),
        ("devicetype = 12 AND CommandLine ILIKE '%sc%'", "Microsoft-Windows-PowerShell/Operational", "4104", false),
        ("devicetype = 12 AND \"Process Path\" ILIKE '%sc%'", "Microsoft-Windows-Sysmon/Operational", "3", true),
        ("EventID IN (1, 4688) OR EventID = 3", "Microsoft-Windows-Sysmon/Operational", "3", true),
        ("EventID IN (1, 4688)", "Microsoft-Windows-Sysmon/Operational", "3", false),
        ("devicetype = 12", "Linux-Sysmon/Operational", "1", false),
        ("qideventcategory = 'System' AND EventID = 4697", "Security", "4697", false),
    ];
    for (filter, channel, id, expected) in cases {
        let compiled = aql::compile(&format!("SELECT qid FROM events WHERE {filter}"), &options());
        let query = compiled.query.expect("the query has no error");
        let mut seen = Seen::new(&query, &options()).expect("it reads events");
        let class = class_of(channel, id).expect("the kind is known");
        assert_eq!(seen.kind(class), expected, "{filter}: {channel} {id}");
    }
}

#[test]
fn a_sub_select_sees_too() {
    let text = "SELECT qid FROM events WHERE devicetype = 12 AND sourceip IN (SELECT sourceip FROM events WHERE \
                devicetype = 11)";
    let query = aql::compile(text, &options()).query.expect("the query has no error");
    let mut seen = Seen::new(&query, &options()).expect("it reads events");
    let found: Vec<_> = System::ALL.into_iter().filter(|it| seen.system(*it)).collect();
    assert_eq!(found, [System::Windows, System::Linux]);
}

#[test]
fn of_what_reads_no_events_nothing_is_known() {
    for (text, is_known) in [
        ("SELECT qid FROM events", true),
        ("SELECT sourceip FROM flows", false),
        ("SELECT a FROM (SELECT qid AS a FROM events WHERE devicetype = 12)", true),
    ] {
        let query = aql::compile(text, &options()).query.unwrap_or_else(|| panic!("{text}"));
        assert_eq!(Seen::new(&query, &options()).is_some(), is_known, "{text}");
    }
}
