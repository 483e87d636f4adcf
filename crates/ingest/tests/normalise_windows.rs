//! The normaliser on Windows events of our own: each trap of the event model is a test.

use ingest::{Body, Event, Locator, Normaliser, RawEvent, Value, WindowsEvent, normalise};
use schema::EVENTS;

const SYSMON: (&str, &str) = ("Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon");
const SECURITY: (&str, &str) = ("Security", "Microsoft-Windows-Security-Auditing");
const SYSTEM: (&str, &str) = ("System", "Service Control Manager");
const POWERSHELL: (&str, &str) = ("Microsoft-Windows-PowerShell/Operational", "Microsoft-Windows-PowerShell");
const TIME: i64 = 1_795_255_201_000;

fn raw((channel, provider): (&str, &str), event_id: u32, data: &[(&str, &str)]) -> WindowsEvent {
    WindowsEvent {
        provider: provider.into(),
        channel: channel.into(),
        event_id,
        time: Some(TIME),
        computer: "ws01.lab.example".into(),
        data: data.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        ..WindowsEvent::default()
    }
}

fn run(windows: WindowsEvent) -> Event {
    let locator = Locator { file: "own".into(), record: 1, offset: 0 };
    normalise(&RawEvent { locator, payload: None, body: Body::Windows(Box::new(windows)) }, &Normaliser::default())
}

fn event(source: (&str, &str), event_id: u32, data: &[(&str, &str)]) -> Event {
    run(raw(source, event_id, data))
}

/// The value of the field with this name or alias, as text; a property behind a `#`.
fn get(event: &Event, name: &str) -> Option<String> {
    if let Some(name) = name.strip_prefix('#') {
        return event.properties.iter().find(|it| *it.0 == *name).map(|it| it.1.to_string());
    }
    let column = EVENTS.find(name).unwrap_or_else(|| panic!("no field `{name}`")) as u16;
    event.fields.iter().find(|it| it.0 == column).map(|it| match &it.1 {
        Value::Text(it) => it.to_string(),
        Value::Integer(it) => it.to_string(),
        Value::Boolean(it) => it.to_string(),
        other => format!("{other:?}"),
    })
}

#[track_caller]
fn check(event: &Event, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        let value = (!value.is_empty()).then_some(*value);
        assert_eq!(get(event, name).as_deref(), value, "{name} of {event:?}");
    }
}

#[test]
fn fields_of_every_event() {
    let installed = event(SYSTEM, 7045, &[("ServiceName", "DemoSvc")]);
    assert!(installed.fields.is_sorted_by(|left, right| left.0 < right.0), "sorted, each index once");
    check(
        &installed,
        &[
            ("EventID", "7045"),
            ("qideventid", "7045"),
            ("qideventcategory", "System"),
            ("Provider_Name", "Service Control Manager"),
            ("devicetype", "12"),
            ("logsourceidentifier", "ws01.lab.example"),
            ("hostname", "ws01.lab.example"),
            ("starttime", "1795255201000"),
            ("devicetime", "1795255201000"),
            ("endtime", "1795255201000"),
            ("eventcount", "1"),
            ("qid", "5002197"),
            ("category", "8030"),
            ("highlevelcategory", "8000"),
            ("severity", "5"),
            ("credibility", "5"),
            ("relevance", "5"),
            ("magnitude", "5"),
            ("hasidentity", "false"),
            ("hasoffense", "false"),
            ("isunparsed", "false"),
            ("identityip", "0.0.0.0"),
        ],
    );
}

#[test]
fn log_sources_have_stable_ids_and_names() {
    let normaliser = Normaliser::default();
    let locator = Locator { file: "own".into(), record: 1, offset: 0 };
    let body = Body::Windows(Box::new(raw(SYSTEM, 7045, &[])));
    let event = normalise(&RawEvent { locator, payload: None, body }, &normaliser);
    let id: i64 = get(&event, "logsourceid").and_then(|it| it.parse().ok()).expect("an id");
    assert_eq!(normaliser.log_sources.name(id).as_deref(), Some("WindowsAuthServer @ ws01.lab.example"));
    assert_eq!(get(&run(raw(SECURITY, 4688, &[])), "logsourceid"), Some(id.to_string()), "same host, same source");
}

#[test]
fn process_id_of_4688_is_the_creator() {
    let created = event(
        SECURITY,
        4688,
        &[
            ("SubjectUserSid", "S-1-5-21-7-500"),
            ("SubjectUserName", "ann"),
            ("SubjectDomainName", "LAB"),
            ("SubjectLogonId", "0x3e7"),
            ("NewProcessId", "0x1f4"),
            ("NewProcessName", r"C:\Windows\System32\sc.exe"),
            ("TokenElevationType", "%%1936"),
            ("ProcessId", "0x2a"),
            ("CommandLine", "sc  create demo"),
            ("TargetUserName", "-"),
            ("ParentProcessName", r"C:\Windows\System32\cmd.exe"),
            ("MandatoryLabel", "S-1-16-12288"),
        ],
    );
    check(
        &created,
        &[
            ("ProcessId", "500"),
            ("Process ID", "500"),
            ("ParentProcessId", "42"),
            ("#ProcessId", "0x2a"),
            ("#NewProcessId", "0x1f4"),
            ("Image", r"C:\Windows\System32\sc.exe"),
            ("Process Name", "sc.exe"),
            ("ParentImage", r"C:\Windows\System32\cmd.exe"),
            ("Parent Process Name", "cmd.exe"),
            ("CommandLine", "sc  create demo"),
            ("username", "ann"),
            ("User", r"LAB\ann"),
            ("Account Domain", "LAB"),
            ("SubjectUserName", "ann"),
            ("Target Username", ""),
            ("Integrity Level", "High"),
            ("qid", "5000862"),
            ("category", "8110"),
        ],
    );
}

#[test]
fn account_name_of_7045_is_the_service_account_and_no_actor() {
    let mut windows = raw(
        SYSTEM,
        7045,
        &[
            ("ServiceName", "DemoSvc"),
            ("ImagePath", r"%TEMP%\d.exe -k"),
            ("ServiceType", "user mode service"),
            ("StartType", "demand start"),
            ("AccountName", "LocalSystem"),
        ],
    );
    windows.user_sid = Some("S-1-5-21-7-1104".into());
    let installed = run(windows);
    check(
        &installed,
        &[
            ("ServiceAccount", "LocalSystem"),
            ("AccountName", ""),
            ("#AccountName", "LocalSystem"),
            ("username", "S-1-5-21-7-1104"),
            ("Subject User SID", "S-1-5-21-7-1104"),
            ("ServiceFileName", r"%TEMP%\d.exe -k"),
            ("ImagePath", r"%TEMP%\d.exe -k"),
            ("Service Type", "user mode service"),
            ("Service Type Code", "0x10"),
            ("Service Start Type", "demand start"),
            ("Service Start Type Code", "3"),
            ("CommandLine", ""),
            ("Image", ""),
        ],
    );
}

#[test]
fn service_types_of_4697_are_put_into_words() {
    let installed = event(
        SECURITY,
        4697,
        &[
            ("SubjectUserName", "ann"),
            ("SubjectDomainName", "LAB"),
            ("ServiceName", "DemoSvc"),
            ("ServiceFileName", r"C:\d.exe"),
            ("ServiceType", "0x10"),
            ("ServiceStartType", "2"),
            ("ServiceAccount", "LocalSystem"),
        ],
    );
    check(
        &installed,
        &[
            ("ImagePath", r"C:\d.exe"),
            ("ServiceType", "user mode service"),
            ("Service Type Code", "0x10"),
            ("#ServiceType", "0x10"),
            ("StartType", "auto start"),
            ("Service Start Type Code", "2"),
            ("#ServiceStartType", "2"),
            ("Service Account", "LocalSystem"),
            ("username", "ann"),
            ("qid", "5000871"),
        ],
    );
}

#[test]
fn other_service_events_name_the_service() {
    let state = event(SYSTEM, 7036, &[("param1", "Demo Service"), ("param2", "running")]);
    check(
        &state,
        &[
            ("Service Name", "Demo Service"),
            ("Service State", "running"),
            ("category", "8009"),
            ("#param1", "Demo Service"),
        ],
    );
    let start = event(
        SYSTEM,
        7040,
        &[("param1", "Demo Service"), ("param2", "demand start"), ("param3", "auto start"), ("param4", "demo")],
    );
    check(
        &start,
        &[
            ("Service Name", "demo"),
            ("Service Display Name", "Demo Service"),
            ("Service Start Type", "auto start"),
            ("Service Start Type Code", "2"),
            ("Old Value", "demand start"),
        ],
    );
    check(&event(SYSTEM, 7009, &[("param1", "30000"), ("param2", "demo")]), &[("Service Name", "demo")]);
    check(
        &event(SYSTEM, 7000, &[("param1", "demo"), ("param2", "%%1053")]),
        &[("Service Name", "demo"), ("Error Code", "%%1053")],
    );
}

#[test]
fn registry_roots_become_one() {
    let path = r"\REGISTRY\MACHINE\SYSTEM\ControlSet001\Services\demo\ImagePath";
    let set = event(
        SYSMON,
        13,
        &[
            ("EventType", "SetValue"),
            ("Image", r"C:\Windows\system32\services.exe"),
            ("TargetObject", path),
            ("Details", r"C:\d.exe"),
        ],
    );
    check(
        &set,
        &[
            ("RegistryPath", r"HKLM\System\CurrentControlSet\Services\demo\ImagePath"),
            ("Object Name", path),
            ("#TargetObject", path),
            ("Registry Value Name", "ImagePath"),
            ("Details", r"C:\d.exe"),
            ("ServiceFileName", r"C:\d.exe"),
            ("Service Name", "demo"),
            ("CommandLine", ""),
        ],
    );
    let start = event(
        SYSMON,
        13,
        &[("TargetObject", r"HKLM\System\CurrentControlSet\Services\demo\Start"), ("Details", "DWORD (0x00000002)")],
    );
    check(&start, &[("Service Start Type", "auto start"), ("Service Start Type Code", "2"), ("#TargetObject", "")]);
    let user = event(SYSMON, 13, &[("TargetObject", r"HKU\S-1-5-21-7-500\Software\Run\x"), ("Details", "y")]);
    check(&user, &[("Registry Key", r"HKU\S-1-5-21-7-500\Software\Run\x"), ("ServiceFileName", "")]);
}

#[test]
fn registry_keys_of_services_name_the_service_in_any_case() {
    let image = r"C:\d.exe";
    for key in [
        r"HKLM\System\CurrentControlSet\Services\demo",
        r"HKLM\System\CurrentControlSet\services\demo",
        r"hklm\system\currentcontrolset\services\demo",
        r"HKLM\SYSTEM\ControlSet001\services\demo",
        r"\REGISTRY\MACHINE\SYSTEM\ControlSet001\services\demo",
        r"\registry\machine\system\controlset002\SERVICES\demo",
        r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\services\demo",
    ] {
        let value = format!("{key}\\imagepath");
        for (source, id, data, filename) in [
            (SYSMON, 12, vec![("EventType", "CreateKey"), ("TargetObject", key)], ""),
            (SYSMON, 12, vec![("EventType", "DeleteValue"), ("TargetObject", value.as_str())], ""),
            (SYSMON, 13, vec![("TargetObject", value.as_str()), ("Details", image)], image),
            (SYSMON, 14, vec![("TargetObject", key), ("NewName", r"HKLM\System\other")], ""),
            (SECURITY, 4657, vec![("ObjectName", key), ("ObjectValueName", "ImagePath"), ("NewValue", image)], image),
        ] {
            let changed = event(source, id, &data);
            check(&changed, &[("ServiceName", "demo"), ("ImagePath", filename)]);
        }
    }
    for key in [
        r"HKLM\System\CurrentControlSet\Services",
        r"HKLM\System\CurrentControlSet\Services\",
        r"HKLM\System\CurrentControlSet\ServicesX\demo",
        r"HKLM\Software\Services\demo",
    ] {
        check(&event(SYSMON, 12, &[("TargetObject", key)]), &[("ServiceName", "")]);
    }
}

#[test]
fn key_and_value_of_4657_make_one_path() {
    let changed = event(
        SECURITY,
        4657,
        &[
            ("SubjectUserName", "ann"),
            ("ObjectName", r"\REGISTRY\MACHINE\SYSTEM\ControlSet001\Services\demo"),
            ("ObjectValueName", "ImagePath"),
            ("OldValue", r"C:\old.exe"),
            ("NewValue", r"C:\new.exe"),
            ("ProcessId", "0x10"),
            ("ProcessName", r"C:\Windows\regedit.exe"),
        ],
    );
    check(
        &changed,
        &[
            ("TargetObject", r"HKLM\System\CurrentControlSet\Services\demo\ImagePath"),
            ("ObjectName", r"\REGISTRY\MACHINE\SYSTEM\ControlSet001\Services\demo"),
            ("Registry Value Name", "ImagePath"),
            ("Target Details", r"C:\new.exe"),
            ("NewValue", r"C:\new.exe"),
            ("OldValue", r"C:\old.exe"),
            ("Service Filename", r"C:\new.exe"),
            ("Process ID", "16"),
            ("Process Path", r"C:\Windows\regedit.exe"),
            ("Process Name", "regedit.exe"),
        ],
    );
    let opened = event(SECURITY, 4663, &[("ObjectType", "Key"), ("ObjectName", r"\REGISTRY\MACHINE\SAM")]);
    check(&opened, &[("Registry Key", r"HKLM\SAM"), ("ObjectName", r"\REGISTRY\MACHINE\SAM")]);
    let file = event(SECURITY, 4663, &[("ObjectType", "File"), ("ObjectName", r"C:\x")]);
    check(&file, &[("Registry Key", ""), ("ObjectName", r"C:\x")]);
}

#[test]
fn event_ids_mean_something_only_with_their_channel() {
    let change = event(("System", "Microsoft-Windows-Kernel-General"), 1, &[("NewTime", "x")]);
    check(&change, &[("qid", ""), ("category", "8052"), ("highlevelcategory", "8000"), ("#NewTime", "x")]);
    let stop = event(("System", "Microsoft-Windows-Kernel-General"), 13, &[("TargetObject", "kept")]);
    check(&stop, &[("qid", ""), ("category", "8052"), ("Registry Value Name", "")]);
    check(&event(SYSMON, 1, &[]), &[("qid", "5001828"), ("category", "8110")]);
    // A forwarded event has the original channel and provider; without a channel the provider decides.
    check(&event(("", "Microsoft-Windows-Sysmon"), 13, &[]), &[("qid", "5001832"), ("category", "8012")]);
}

#[test]
fn sysmon_process_creation() {
    let started = event(
        SYSMON,
        1,
        &[
            ("RuleName", "-"),
            ("UtcTime", "2026-11-21 10:00:01.000"),
            ("ProcessGuid", "{00000000-0000-0000-0000-000000000001}"),
            ("ProcessId", "4242"),
            ("Image", r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"),
            ("OriginalFileName", "PowerShell.EXE"),
            ("CommandLine", "powershell -nop -enc dwBoAG8AYQBtAGkAIAAvAGEAbABsAA=="),
            ("User", r"NT AUTHORITY\SYSTEM"),
            ("Hashes", "SHA1=AA11,MD5=BB22,SHA256=CC33,IMPHASH=DD44"),
            ("ParentProcessId", "17"),
            ("ParentImage", r"C:\Windows\explorer.exe"),
            ("ParentCommandLine", "explorer"),
        ],
    );
    check(
        &started,
        &[
            ("username", "SYSTEM"),
            ("User", r"NT AUTHORITY\SYSTEM"),
            ("Account Domain", "NT AUTHORITY"),
            ("Rule Name", ""),
            ("#RuleName", "-"),
            ("#UtcTime", "2026-11-21 10:00:01.000"),
            ("Process Name", "powershell.exe"),
            ("Filename", "PowerShell.EXE"),
            ("OriginalFileName", "PowerShell.EXE"),
            ("File Path", ""),
            ("Encoded Argument", "whoami /all"),
            ("MD5 Hash", "BB22"),
            ("SHA1 Hash", "AA11"),
            ("SHA256 Hash", "CC33"),
            ("IMP Hash", "DD44"),
            ("Parent Process ID", "17"),
            ("Parent Command", "explorer"),
        ],
    );
    assert!(started.properties.iter().all(|it| &*it.0 != "Image"), "what a field holds as it is stands once");
}

#[test]
fn encoded_commands_of_services_are_decoded_too() {
    let path = "%COMSPEC% /C powershell -Enc dwBoAG8AYQBtAGkAIAAvAGEAbABsAA==";
    check(&event(SYSTEM, 7045, &[("ImagePath", path)]), &[("Encoded Argument", "whoami /all")]);
}

#[test]
fn files_connections_and_accesses_of_sysmon() {
    let file = event(
        SYSMON,
        11,
        &[("Image", r"C:\a.exe"), ("TargetFilename", r"C:\Users\ann\Temp\d.exe"), ("User", r"LAB\ann")],
    );
    check(
        &file,
        &[
            ("Filename", r"C:\Users\ann\Temp\d.exe"),
            ("File Path", r"C:\Users\ann\Temp\d.exe"),
            ("File Directory", r"C:\Users\ann\Temp"),
            ("File Extension", "exe"),
            ("category", "8028"),
        ],
    );
    let connection = event(
        SYSMON,
        3,
        &[
            ("Protocol", "tcp"),
            ("Initiated", "true"),
            ("SourceIp", "192.0.2.1"),
            ("SourcePort", "50000"),
            ("DestinationIp", "2001:db8::7"),
            ("DestinationPort", "445"),
        ],
    );
    check(
        &connection,
        &[
            ("sourceip", "192.0.2.1"),
            ("sourceaddress", "192.0.2.1"),
            ("sourcev6", ""),
            ("destinationip", "2001:db8::7"),
            ("destinationv6", "2001:db8::7"),
            ("destinationport", "445"),
            ("protocolid", "6"),
            ("Initiated", "true"),
        ],
    );
    let access = event(
        SYSMON,
        10,
        &[
            ("SourceImage", r"C:\a.exe"),
            ("TargetImage", r"C:\Windows\lsass.exe"),
            ("SourceUser", r"LAB\ann"),
            ("GrantedAccess", "0x1010"),
        ],
    );
    check(
        &access,
        &[
            ("Source Process Path", r"C:\a.exe"),
            ("Target Process Name", "lsass.exe"),
            ("Process Path", r"C:\a.exe"),
            ("username", "ann"),
            ("Granted Access", "0x1010"),
        ],
    );
}

#[test]
fn addresses_of_logons() {
    for (text, expected) in [("::ffff:192.0.2.9", "192.0.2.9"), ("-", ""), ("LOCAL", ""), ("::1", "::1")] {
        let logon = event(
            SECURITY,
            4624,
            &[
                ("SubjectUserName", "WS01$"),
                ("SubjectDomainName", "LAB"),
                ("TargetUserName", "ann"),
                ("TargetDomainName", "LAB"),
                ("LogonType", "3"),
                ("IpAddress", text),
                ("IpPort", "-"),
            ],
        );
        check(
            &logon,
            &[
                ("sourceip", expected),
                ("sourceport", ""),
                ("Logon Type", "3"),
                ("username", "ann"),
                ("Target Username", "ann"),
                ("Subject Account Name", "WS01$"),
                ("User", r"LAB\ann"),
            ],
        );
    }
    let share = event(
        SECURITY,
        5145,
        &[
            ("SubjectUserName", "ann"),
            ("IpAddress", "192.0.2.3"),
            ("IpPort", "49700"),
            ("ShareName", r"\\*\IPC$"),
            ("RelativeTargetName", "svcctl"),
        ],
    );
    check(
        &share,
        &[
            ("sourceip", "192.0.2.3"),
            ("sourceport", "49700"),
            ("Share Name", r"\\*\IPC$"),
            ("RelativeTargetName", "svcctl"),
        ],
    );
}

#[test]
fn nobody_is_no_user() {
    check(&event(SECURITY, 4688, &[("SubjectUserName", "-")]), &[("username", ""), ("User", "")]);
    let mut windows = raw(SYSMON, 13, &[("TargetObject", r"HKLM\x")]);
    windows.user_sid = Some("S-1-5-18".into());
    check(&run(windows), &[("username", ""), ("Subject User SID", "")]);
    let mut windows = raw(SYSTEM, 7045, &[]);
    windows.user_sid = Some("S-1-5-18".into());
    check(&run(windows), &[("username", "SYSTEM")]);
}

#[test]
fn powershell_texts() {
    let block = event(
        POWERSHELL,
        4104,
        &[
            ("MessageNumber", "1"),
            ("MessageTotal", "1"),
            ("ScriptBlockText", "New-Service x"),
            ("ScriptBlockId", "b"),
            ("Path", r"C:\s.ps1"),
        ],
    );
    check(
        &block,
        &[
            ("ScriptBlockText", "New-Service x"),
            ("Message", "New-Service x"),
            ("File Path", r"C:\s.ps1"),
            ("Message Total", "1"),
        ],
    );
    let context = "        Severity = Informational\n        Host Application = powershell.exe -File s.ps1\n        User = LAB\\ann\n";
    let pipeline = event(
        POWERSHELL,
        4103,
        &[("ContextInfo", context), ("UserData", ""), ("Payload", "CommandInvocation(New-Service)")],
    );
    check(
        &pipeline,
        &[
            ("username", "ann"),
            ("Host Application", "powershell.exe -File s.ps1"),
            ("#Payload", "CommandInvocation(New-Service)"),
        ],
    );
    assert!(get(&pipeline, "Message").is_some_and(|it| it.ends_with("CommandInvocation(New-Service)")));
}

#[test]
fn unknown_events_keep_everything() {
    let unknown =
        event(("Vendor/Operational", "Vendor"), 77, &[("Colour", "red"), ("CommandLine", "x.exe"), ("Empty", "")]);
    check(
        &unknown,
        &[
            ("#Colour", "red"),
            ("CommandLine", "x.exe"),
            ("#Empty", ""),
            ("EventID", "77"),
            ("category", "10006"),
            ("isunparsed", "false"),
        ],
    );
    check(&run(WindowsEvent::default()), &[("isunparsed", "true"), ("starttime", ""), ("hostname", "")]);
}

#[test]
fn sysmon_for_linux_is_a_linux_log_source() {
    let started =
        event(("Linux-Sysmon/Operational", "Linux-Sysmon"), 1, &[("Image", "/usr/bin/systemctl"), ("User", "root")]);
    check(&started, &[("devicetype", "11"), ("Process Name", "systemctl"), ("username", "root"), ("category", "8110")]);
    for source in [("Linux-Sysmon/Operational", ""), ("linux-sysmon/operational", "Sysmon"), ("", "Linux-Sysmon")] {
        let started = event(source, 1, &[("Image", "/usr/bin/systemctl"), ("User", "root")]);
        check(&started, &[("devicetype", "11"), ("Process Name", "systemctl"), ("username", "root")]);
    }
}

#[test]
fn a_projection_fills_what_it_needs_and_the_same_values() {
    let data = [("Image", r"C:\Windows\sc.exe"), ("CommandLine", "sc"), ("Hashes", "MD5=AB"), ("Odd", "1")];
    let names = ["Process Name", "MD5 Hash", "EventID", "sourceaddress", "logsourceid"];
    let projection: Vec<_> = names.iter().filter_map(|it| EVENTS.find(it)).collect();
    let normaliser = Normaliser::default().only(&projection);
    let locator = Locator { file: "own".into(), record: 1, offset: 0 };
    let body = Body::Windows(Box::new(raw(SYSMON, 1, &data)));
    let part = normalise(&RawEvent { locator, payload: None, body }, &normaliser);
    let whole = event(SYSMON, 1, &data);
    for name in names {
        assert_eq!(get(&part, name), get(&whole, name), "{name}");
    }
    check(&part, &[("CommandLine", ""), ("#Odd", "")]);
}
