//! The normaliser on JSON objects: names and aliases of fields, dotted keys, QRadar's forwarding profile.

use std::io::Cursor;

use ingest::{
    Body, Event, Input, InputOptions, Item, JsonFamily, Locator, Normaliser, RawEvent, ReadOptions, Value, normalise,
};
use schema::EVENTS;

/// Texts of one event each, and what its fields and properties must be.
const SHAPES: &[(&str, &[(&str, &str)])] = &[
    (
        r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","stage":"ResponseComplete","requestURI":"/api/v1/pods","verb":"create","user":{"username":"ann@lab.example","groups":["admins"]},"sourceIPs":["192.0.2.7","192.0.2.8"],"objectRef":{"resource":"daemonsets","namespace":"web"},"responseStatus":{"code":201},"requestReceivedTimestamp":"2026-11-21T10:00:01.000000Z","stageTimestamp":"2026-11-21T10:00:02.000000Z"}"#,
        &[
            ("Event ID", "create daemonsets"),
            ("qideventcategory", "audit.k8s.io"),
            ("devicetype", "446"),
            ("starttime", "1795255201000"),
            ("username", "ann@lab.example"),
            ("sourceip", "192.0.2.7"),
            ("#sourceIPs", r#"["192.0.2.7","192.0.2.8"]"#),
            ("#objectRef.namespace", "web"),
            ("#requestURI", "/api/v1/pods"),
            ("#responseStatus.code", "201"),
        ],
    ),
    (
        r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1beta1","verb":"create","objectRef":{"resource":"pods","subresource":"exec"},"impersonatedUser":{"username":"root"},"stageTimestamp":"2026-11-21T10:00:01Z"}"#,
        &[("Event ID", "create pods/exec"), ("starttime", "1795255201000"), ("Target Username", "root")],
    ),
    (
        r#"{"status":"start","id":"4f","from":"alpine","Type":"container","Action":"start","Actor":{"ID":"4f","Attributes":{"image":"alpine","name":"web"}},"scope":"local","time":1795255201,"timeNano":1795255201000000000}"#,
        &[
            ("Event ID", "container/start"),
            ("qideventcategory", "docker"),
            ("devicetype", "11"),
            ("starttime", "1795255201000"),
            ("#Actor.Attributes.image", "alpine"),
            ("#from", "alpine"),
        ],
    ),
    (
        r#"{"Type":"container","Action":"exec_create: sh -c id","Actor":{"ID":"4f"},"time":1795255201}"#,
        &[("Event ID", "container/exec_create"), ("Command", "sh -c id"), ("starttime", "1795255201000")],
    ),
    (
        r#"{"@timestamp":"2026-11-21T10:00:01.000Z","ecs":{"version":"8.0.0"},"agent":{"type":"auditbeat"},"event":{"action":"executed","module":"auditd","category":["process"],"type":["start"]},"host":{"name":"app01"},"user":{"name":"root"},"process":{"executable":"/usr/bin/systemctl","args":["systemctl","enable","x"],"pid":77,"parent":{"executable":"/usr/bin/bash","pid":12}}}"#,
        &[
            ("Event ID", "executed"),
            ("qideventcategory", "auditd"),
            ("Provider Name", "auditbeat"),
            ("devicetype", "11"),
            ("category", "8110"),
            ("logsourceidentifier", "app01"),
            ("hostname", "app01"),
            ("starttime", "1795255201000"),
            ("ProcessPath", "/usr/bin/systemctl"),
            ("Process Name", "systemctl"),
            ("CommandLine", "systemctl enable x"),
            ("ParentProcessPath", "/usr/bin/bash"),
            ("Parent Process Name", "bash"),
            ("Process ID", "77"),
            ("Parent Process ID", "12"),
            ("username", "root"),
            ("#process.executable", "/usr/bin/systemctl"),
        ],
    ),
    (
        r#"{"@timestamp":"2026-11-21T10:00:01.000Z","event.action":"created","event.category":"file","event.type":"creation","host.name":"app01","host.os.type":"linux","file.path":"/etc/systemd/system/x.service","process.executable":"/usr/bin/tee","process.command_line":"tee x"}"#,
        &[
            ("Event ID", "created"),
            ("category", "8028"),
            ("File Path", "/etc/systemd/system/x.service"),
            ("File Directory", "/etc/systemd/system"),
            ("File Extension", "service"),
            ("ProcessPath", "/usr/bin/tee"),
            ("CommandLine", "tee x"),
            ("devicetype", "11"),
        ],
    ),
];

fn run(family: JsonFamily, object: serde_json::Value) -> Event {
    let serde_json::Value::Object(object) = object else { panic!("an object is needed") };
    let locator = Locator { file: "own".into(), record: 1, offset: 0 };
    normalise(&RawEvent { locator, payload: None, body: Body::Json(family, Box::new(object)) }, &Normaliser::default())
}

fn get(event: &Event, name: &str) -> Option<String> {
    if let Some(name) = name.strip_prefix('#') {
        return event.properties.iter().find(|it| *it.0 == *name).map(|it| it.1.to_string());
    }
    let column = EVENTS.find(name).unwrap_or_else(|| panic!("no field `{name}`")) as u16;
    event.fields.iter().find(|it| it.0 == column).map(|it| match &it.1 {
        Value::Text(it) => it.to_string(),
        Value::Integer(it) => it.to_string(),
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
fn keys_that_name_fields_fill_them_and_others_are_kept() {
    let event = run(
        JsonFamily::Flat,
        serde_json::json!({
            "@timestamp": "2026-11-21T10:00:01Z",
            "EventID": 1,
            "CommandLine": "sc create demo",
            "sourceip": "::ffff:192.0.2.1",
            "destinationport": "445",
            "devicetype": 12,
            "creeventlist": "1,2",
            "hostname": "ws01",
            "colour": "red",
            "nested": { "Shape": { "sides": 3 }, "none": null },
            "list": [1, "a"],
            "destinationip": "not an address",
        }),
    );
    check(
        &event,
        &[
            ("starttime", "1795255201000"),
            ("EventID", "1"),
            ("Command", "sc create demo"),
            ("sourceip", "192.0.2.1"),
            ("#sourceip", "::ffff:192.0.2.1"),
            ("destinationport", "445"),
            ("devicetype", "12"),
            ("creeventlist", "Integers([1, 2])"),
            ("Machine Identifier", "ws01"),
            ("#colour", "red"),
            ("#nested.Shape.sides", "3"),
            ("#nested.none", ""),
            ("#list", "[1,\"a\"]"),
            ("destinationip", ""),
            ("#destinationip", "not an address"),
            ("eventcount", "1"),
        ],
    );
}

#[test]
fn a_log_source_named_by_the_object_agrees_with_its_type() {
    let object = serde_json::json!({ "devicetype": 12, "hostname": "ws01" });
    let windows = run(JsonFamily::Flat, object);
    let generic = run(JsonFamily::Flat, serde_json::json!({ "hostname": "ws01" }));
    assert_ne!(get(&windows, "logsourceid"), get(&generic, "logsourceid"));
    check(&generic, &[("devicetype", "39")]);
}

#[test]
fn events_of_containers_and_of_ecs_fill_the_fields() {
    for (text, expected) in SHAPES {
        let input = Input::from_stream(Cursor::new(text.as_bytes()), &InputOptions::default()).expect("it can be read");
        let mut items = input.files()[0].read(&ReadOptions::default());
        let Some(Item::Event(raw)) = items.next() else { panic!("an event: {text}") };
        check(&normalise(&raw, &Normaliser::default()), expected);
    }
}

#[test]
fn category_of_the_forwarding_profile_is_the_event_id() {
    let event = run(
        JsonFamily::Forwarding,
        serde_json::json!({
            "category": "7045",
            "sev": 6,
            "src": "192.0.2.1",
            "dst": "192.0.2.2",
            "srcPort": 5000,
            "devTimeEpoch": 1_795_255_201_000_i64,
            "startTimeEpoch": 1_795_255_202_000_i64,
            "payload": "the text",
            "eventName": "A service was installed in the system",
            "lowLevelCategory": "Service Installed",
            "highLevelCategory": "System",
            "logSourceType": "Microsoft Windows Security Event Log",
            "logSourceIdentifier": "ws01",
            "hasOffense": true,
            "Service Filename": "C:\\d.exe",
        }),
    );
    check(
        &event,
        &[
            ("EventID", "7045"),
            ("category", "8030"),
            ("highlevelcategory", "8000"),
            ("severity", "6"),
            ("magnitude", "5"),
            ("sourceip", "192.0.2.1"),
            ("destinationaddress", "192.0.2.2"),
            ("sourceport", "5000"),
            ("starttime", "1795255202000"),
            ("devicetime", "1795255201000"),
            ("payload", "the text"),
            ("devicetype", "12"),
            ("logsourceidentifier", "ws01"),
            ("hasoffense", "Boolean(true)"),
            ("ImagePath", "C:\\d.exe"),
            ("qid", "5002197"),
        ],
    );
}
