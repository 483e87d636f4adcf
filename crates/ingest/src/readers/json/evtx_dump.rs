//! The JSON form of an event's XML: `Event.System...` as `evtx_dump`, Velociraptor and converters from XML write it.

use serde_json::{Map, Value};

use super::Shape;
use super::value::{integer, pairs, text, time};
use crate::{Body, WindowsEvent, windows_xml};

pub(in crate::readers) static SHAPE: Shape = Shape { recognises, event };

/// Spellings of the object that holds the attributes of an element.
const ATTRIBUTES: [&str; 3] = ["#attributes", "_attributes", "$"];
/// Spellings of the text of an element that has attributes.
const TEXTS: [&str; 5] = ["#text", "_text", "Value", "$text", "_"];

fn recognises(object: &Map<String, Value>) -> bool {
    let event = object.get("Event").and_then(Value::as_object).unwrap_or(object);
    event.get("System").is_some_and(|it| it.get("EventID").is_some())
}

fn event(mut object: Map<String, Value>) -> Result<Body, String> {
    let object = match object.get_mut("Event").map(Value::take) {
        Some(Value::Object(event)) => event,
        _ => object,
    };
    let system = object.get("System").and_then(Value::as_object).ok_or("no `System`")?;
    let mut event = WindowsEvent::default();
    read_system(system, &mut event);
    if event.event_id == 0 && element_text(system, "EventID").is_none() {
        return Err("`EventID` is no number".into());
    }
    for section in ["EventData", "UserData", "ProcessingErrorData", "DebugData"] {
        if let Some(value) = object.get(section) {
            read_data(value, section == "EventData", &mut event.data);
        }
    }
    let rendered = object.get("RenderingInfo").and_then(|it| it.get("Message"));
    event.message = rendered.or_else(|| object.get("Message")).and_then(text);
    Ok(Body::Windows(Box::new(event)))
}

fn read_system(system: &Map<String, Value>, event: &mut WindowsEvent) {
    let number = |name: &str| element_text(system, name).and_then(|it| it.trim().parse::<u64>().ok());
    event.provider = attribute(system, "Provider", "Name").and_then(text).unwrap_or_default();
    event.event_id = number("EventID").and_then(|it| it.try_into().ok()).unwrap_or_default();
    event.qualifiers = attribute(system, "EventID", "Qualifiers").and_then(integer);
    event.version = number("Version").and_then(|it| it.try_into().ok());
    event.level = number("Level").and_then(|it| it.try_into().ok());
    event.task = number("Task").and_then(|it| it.try_into().ok());
    event.opcode = number("Opcode").and_then(|it| it.try_into().ok());
    event.keywords = element_text(system, "Keywords").and_then(|it| windows_xml::keywords(&it));
    event.time = attribute(system, "TimeCreated", "SystemTime")
        .and_then(time)
        .or_else(|| system.get("TimeCreated").and_then(time));
    event.record_id = number("EventRecordID");
    event.activity_id =
        attribute(system, "Correlation", "ActivityID").and_then(text).and_then(|it| windows_xml::activity_id(&it));
    event.process_id = attribute(system, "Execution", "ProcessID").and_then(integer);
    event.thread_id = attribute(system, "Execution", "ThreadID").and_then(integer);
    event.channel = element_text(system, "Channel").unwrap_or_default();
    event.computer = element_text(system, "Computer").unwrap_or_default();
    event.user_sid = attribute(system, "Security", "UserID").and_then(text).filter(|it| !it.is_empty());
}

/// An attribute of an element: inside of it, or in its neighbour `<name>_attributes`.
fn attribute<'object>(parent: &'object Map<String, Value>, name: &str, attribute: &str) -> Option<&'object Value> {
    let outside = || parent.get(&format!("{name}_attributes"))?.get(attribute);
    parent.get(name).and_then(|it| own_attribute(it, attribute)).or_else(outside)
}

fn own_attribute<'value>(element: &'value Value, attribute: &str) -> Option<&'value Value> {
    let nested = ATTRIBUTES.iter().find_map(|it| element.get(it)?.get(attribute));
    nested.or_else(|| element.get(format!("@{attribute}"))).or_else(|| element.get(attribute))
}

fn element_text(parent: &Map<String, Value>, name: &str) -> Option<String> {
    own_text(parent.get(name)?)
}

fn own_text(element: &Value) -> Option<String> {
    text(element).or_else(|| TEXTS.iter().find_map(|it| text(element.get(it)?)))
}

/// Reads `EventData` or `UserData`: members by name, and `Data` in its many spellings.
fn read_data(value: &Value, event_data: bool, data: &mut Vec<(String, String)>) {
    let Value::Object(members) = value else { return };
    let mut unnamed = 0;
    for (name, value) in members {
        match name.as_str() {
            name if is_attributes(name) => {
                let attributes = value.as_object().into_iter().flatten();
                attributes.filter(|(name, _)| is_field(name)).for_each(|(name, it)| pairs(name, it, None, data));
            }
            name if name.starts_with('@') || name.ends_with("_attributes") => {}
            "Data" if event_data => read_unnamed(value, &mut unnamed, data),
            _ => match own_text(value) {
                Some(text) => data.push((name.clone(), text)),
                None if !event_data && value.is_object() => read_data(value, false, data),
                None => pairs(name, value, Some(""), data),
            },
        }
    }
}

/// Reads `Data`: a text, a list, or elements with a name each.
fn read_unnamed(value: &Value, unnamed: &mut usize, data: &mut Vec<(String, String)>) {
    match value {
        Value::Array(list) => list.iter().for_each(|it| read_unnamed(it, unnamed, data)),
        Value::Object(element) => match (own_attribute(value, "Name").and_then(text), element.get("#text")) {
            (Some(name), _) => data.push((name, own_text(value).unwrap_or_default())),
            (None, Some(list @ Value::Array(_))) => read_unnamed(list, unnamed, data),
            (None, _) => push_unnamed(own_text(value).unwrap_or_default(), unnamed, data),
        },
        Value::Null => push_unnamed(String::new(), unnamed, data),
        scalar => push_unnamed(text(scalar).unwrap_or_default(), unnamed, data),
    }
}

fn push_unnamed(text: String, unnamed: &mut usize, data: &mut Vec<(String, String)>) {
    *unnamed += 1;
    data.push((format!("param{unnamed}"), text));
}

fn is_attributes(name: &str) -> bool {
    ATTRIBUTES.contains(&name)
}

/// Whether an attribute of a data element is a field rather than a namespace.
fn is_field(name: &str) -> bool {
    !name.starts_with("xmlns") && !name.starts_with("xml:")
}
