//! The numbered tables: sorted, unique, complete, references between them exist.

use schema::tables::{
    Standing, atomics, attack, categories, log_source_types, protocols, qids, services, windows_events,
};

#[test]
fn tables_are_complete_sorted_and_unique() {
    assert_eq!(log_source_types::all().len(), 407);
    assert!(log_source_types::all().is_sorted_by(|left, right| left.id < right.id));
    assert_eq!(categories::all().len(), 24 + 1271);
    assert_eq!(categories::all().iter().filter(|it| it.is_high_level()).count(), 24);
    assert!(categories::all().is_sorted_by(|left, right| left.id < right.id));
    assert_eq!(qids::all().len(), 75);
    assert!(qids::all().is_sorted_by_key(|it| it.id));
    assert!(protocols::all().len() > 140);
    assert!(protocols::all().is_sorted_by(|left, right| left.0 < right.0));
    let key = |it: &windows_events::WindowsEventKind| (it.channel, it.provider, it.event_id);
    assert!(windows_events::all().is_sorted_by(|left, right| key(left) < key(right)));
    assert_eq!(atomics::all().len(), 30);
    assert!(atomics::all().is_sorted_by_key(|it| it.technique));
    assert!(attack::TECHNIQUES.is_sorted_by(|left, right| left.id < right.id));
}

#[test]
fn references_between_tables_exist() {
    for row in categories::all() {
        assert!(categories::by_id(categories::high_level(row.id)).is_some(), "{}", row.id);
    }
    for row in atomics::all() {
        assert!(attack::technique(row.technique).is_some() && row.guid.len() == 36, "{}", row.guid);
        assert!(["windows", "linux", "macos"].contains(&row.platform), "{}", row.guid);
        assert_eq!(atomics::by_guid(row.guid).map(|it| it.name), Some(row.name));
    }
    for row in qids::all() {
        assert!(row.category.is_none_or(|it| categories::by_id(it).is_some()), "{}", row.id);
        assert!(row.log_source_type.is_none_or(|it| log_source_types::by_id(it).is_some()), "{}", row.id);
        assert_eq!(row.standing == Standing::Unknown, row.event_id.is_none() && row.log_source_type.is_none());
    }
    for row in windows_events::all() {
        assert!(categories::by_id(row.category).is_some_and(|it| !it.is_high_level()), "{row:?}");
        assert!(row.severity <= 10);
    }
    for row in &attack::TECHNIQUES {
        assert!(row.tactics.iter().all(|it| attack::tactic(it).is_some()), "{}", row.id);
        assert_eq!(row.parent().is_some(), row.id.contains('.'), "{}", row.id);
    }
}

#[test]
fn names_and_numbers_of_qradar() {
    assert_eq!(
        log_source_types::by_id(12).map(log_source_types::LogSourceType::name),
        Some("Microsoft Windows Security Event Log")
    );
    assert_eq!(log_source_types::by_name("linux os").map(|it| it.id), Some(log_source_types::LINUX));
    assert_eq!(log_source_types::by_id(12).map(|it| it.internal_name), Some("WindowsAuthServer"));
    assert_eq!(categories::by_id(8030).map(|it| it.name), Some("Service Installed"));
    assert_eq!(categories::by_name("System").map(|it| it.id), Some(8000));
    assert_eq!(protocols::by_id(17), Some("UDP"));
    assert_eq!(protocols::by_id(132), Some("SCTP"));
    assert_eq!(protocols::by_name("tcp"), Some(6));
    assert_eq!(protocols::by_name("89"), Some(89));
}

#[test]
fn qid_depends_on_channel_and_provider() {
    let sysmon = windows_events::SYSMON_CHANNEL;
    let cases = [
        (sysmon, "Microsoft-Windows-Sysmon", 1, Some(5_001_828)),
        ("System", "Microsoft-Windows-Kernel-General", 1, None),
        ("System", "Microsoft-Windows-Kernel-General", 12, None),
        ("System", "Service Control Manager", 7045, Some(5_002_197)),
        ("System", "Somebody Else", 7045, None),
        ("Security", "Microsoft-Windows-Security-Auditing", 4688, Some(5_000_862)),
        ("Security", "Microsoft-Windows-Security-Auditing", 4697, Some(5_000_871)),
        ("", "Microsoft-Windows-Sysmon", 13, Some(5_001_832)),
        ("", "", 1, None),
        ("Application", "MSSQLSERVER", 4688, None),
    ];
    for (channel, provider, event_id, expected) in cases {
        assert_eq!(qids::qid(channel, provider, event_id).map(|it| it.id), expected, "{channel} {provider} {event_id}");
    }
    assert_eq!(qids::by_id(5_000_871).map(|it| it.standing), Some(Standing::Inferred));
    assert_eq!(qids::by_id(5_000_700).map(|it| (it.name, it.standing)), Some((None, Standing::Unknown)));
}

#[test]
fn categories_of_windows_events() {
    let of = windows_events::category_of;
    assert_eq!(of("Security", "", 4688), Some(8110));
    assert_eq!(of("security", "Microsoft-Windows-Security-Auditing", 4697), Some(8030));
    assert_eq!(of("Linux-Sysmon/Operational", "Linux-Sysmon", 11), Some(8028));
    assert_eq!(of("System", "Microsoft-Windows-Kernel-General", 13), None);
}

#[test]
fn service_types_in_words_and_numbers() {
    assert_eq!(services::type_words(0x10), Some("user mode service"));
    assert_eq!(services::type_words(0x20), Some("user mode service"));
    assert_eq!(services::type_number("Kernel mode driver"), Some(1));
    assert_eq!(services::start_words(3), Some("demand start"));
    assert_eq!(services::start_number("auto start"), Some(2));
    assert_eq!(services::start_words(5), None);
}

#[test]
fn techniques_and_tactics() {
    let service = attack::technique("t1543.003").expect("listed");
    assert_eq!(service.parent().map(|it| it.id), Some("T1543"));
    assert_eq!(service.url(), "https://attack.mitre.org/techniques/T1543/003/");
    assert_eq!(attack::tactic("Privilege Escalation").map(|it| it.id), Some("TA0004"));
    assert_eq!(attack::tactic("privilege_escalation").map(|it| it.id), Some("TA0004"));
}
