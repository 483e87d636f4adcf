//! The normaliser on JSON objects: names and aliases of fields, dotted keys, QRadar's forwarding profile.

use ingest::{Body, Event, JsonFamily, Locator, Normaliser, RawEvent, Value, normalise};
use schema::EVENTS;

fn run(family: JsonFamily, object: serde_json::Value) -> Event {
    let serde_json::Value::Object(object) = object else { panic!("an object is needed") };
    let locator = Locator { file: "own".into(), record: 1, offset: 0 };
    normalise(RawEvent { locator, payload: None, body: Body::Json(family, Box::new(object)) }, &Normaliser::default())
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
