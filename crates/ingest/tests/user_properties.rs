//! Properties that users define, on events of each family.

use std::sync::Arc;

use ingest::{
    Body, Event, JsonFamily, Locator, Normaliser, RawEvent, SyslogLine, UserProperties, Value, WindowsEvent, normalise,
};
use schema::EVENTS;

const FILE: &str = r#"
[[property]]
name = "Vendor Risk"
type = "number"
when = { event_id = 77 }
[[property.expression]]
kind = "json"
path = '/"risk"/"scores"[1]'
[[property.expression]]
kind = "regex"
pattern = 'risk=(\w+)'

[[property]]
name = "Peer"
type = "ip"
[[property.expression]]
kind = "name-value"
key = "peer"

[[property]]
name = "CommandLine"
when = { device_type = 12, channel = "vendor/operational" }
[[property.expression]]
kind = "xml"
path = "/Event/Line"

[[property]]
name = "Badge"
[[property.expression]]
kind = "leef"
key = "badge"
[[property.expression]]
kind = "cef"
key = "badge"
[[property.expression]]
kind = "list"
position = 2
delimiter = "|"
"#;

fn run(body: Body, payload: Option<&str>) -> Event {
    let (definitions, errors) = schema::properties::read(FILE);
    assert_eq!(errors, []);
    let normaliser = Normaliser::default().with(Arc::new(UserProperties::new(definitions)));
    let locator = Locator { file: "own".into(), record: 1, offset: 0 };
    normalise(&RawEvent { locator, payload: payload.map(Into::into), body }, &normaliser)
}

fn property(event: &Event, name: &str) -> Option<String> {
    event.properties.iter().find(|it| &*it.0 == name).map(|it| it.1.to_string())
}

fn windows(event_id: u32) -> Body {
    Body::Windows(Box::new(WindowsEvent {
        provider: "Vendor".into(),
        channel: "Vendor/Operational".into(),
        event_id,
        data: vec![("Peer".into(), "::ffff:192.0.2.4".into()), ("badge".into(), "x".into())],
        ..WindowsEvent::default()
    }))
}

fn syslog(message: &str) -> Body {
    Body::Syslog(Box::new(SyslogLine { message: message.into(), ..SyslogLine::default() }))
}

#[test]
fn expressions_are_tried_in_order_and_values_have_their_type() {
    let found = run(windows(77), Some("text risk=12 more"));
    assert_eq!(property(&found, "Vendor Risk").as_deref(), Some("12"));
    assert_eq!(property(&run(windows(77), Some("risk=high")), "Vendor Risk"), None, "no number");
    assert_eq!(property(&run(windows(78), Some("risk=12")), "Vendor Risk"), None, "another event");
    let found = run(windows(77), Some(r#"head {"risk":{"scores":[1,2.5]}} tail risk=12"#));
    assert_eq!(property(&found, "Vendor Risk").as_deref(), Some("2.5"));
}

#[test]
fn a_known_property_is_filled_and_filters_hold() {
    let command = EVENTS.find("Command").expect("a field") as u16;
    let found = run(windows(5), Some("<Event><Line>a &amp; b</Line></Event>"));
    assert_eq!(
        found.fields.iter().find(|it| it.0 == command).map(|it| it.1.clone()),
        Some(Value::Text("a & b".into()))
    );
    let other = run(syslog("<Event><Line>a</Line></Event>"), None);
    assert!(other.fields.iter().all(|it| it.0 != command), "another log source type");
}

#[test]
fn pairs_of_the_log_come_before_its_text() {
    let found = run(windows(5), Some("peer=10.0.0.1"));
    assert_eq!(
        property(&found, "Peer").as_deref(),
        Some("192.0.2.4"),
        "in canonical form, instead of the text of the log"
    );
}

#[test]
fn other_families() {
    let object = serde_json::json!({ "EventID": 77, "risk": { "scores": [1, 2] } });
    let object = object.as_object().cloned().expect("an object");
    let found = run(Body::Json(JsonFamily::Flat, Box::new(object)), None);
    assert_eq!(property(&found, "Vendor Risk").as_deref(), Some("2"));
    assert_eq!(property(&run(syslog("LEEF:1.0|a|b|1|7|badge=41"), None), "Badge").as_deref(), Some("41"));
    assert_eq!(property(&run(syslog("CEF:0|a|b|1|7|n|3|badge=42"), None), "Badge").as_deref(), Some("42"));
    assert_eq!(property(&run(syslog("a| 43 |c"), None), "Badge").as_deref(), Some("43"));
}
