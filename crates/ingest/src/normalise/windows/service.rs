//! Services: types and start types in words and in numbers, service values of the registry.

use schema::tables::services;
use schema::tables::windows_events::SYSMON_CHANNEL;

use super::KindOfEvent;
use crate::Value;
use crate::normalise::{EventBuilder, columns, convert};

/// The low-level category Service Started.
const SERVICE_STARTED: i64 = 8009;
/// The low-level category Service Stopped.
const SERVICE_STOPPED: i64 = 8010;
/// Where the registry keeps services.
const SERVICES: &str = "HKLM\\System\\CurrentControlSet\\Services\\";

pub(super) fn fill(kind: KindOfEvent, event: &mut EventBuilder) {
    if kind.is(SYSMON_CHANNEL, &[12, 13, 14]) || kind.is("Security", &[4657]) {
        registry_values(event);
    }
    let columns = columns();
    both_spellings(event, columns.service_type, columns.service_type_code, &ServiceType);
    both_spellings(event, columns.service_start_type, columns.service_start_type_code, &StartType);
}

/// Event 7036 says that a service has started or that it has stopped.
pub(super) fn category(kind: KindOfEvent, event: &EventBuilder) -> Option<i64> {
    if !kind.is("System", &[7036]) {
        return None;
    }
    let state = event.get_text(columns().service_state)?;
    match &*state {
        "running" => Some(SERVICE_STARTED),
        "stopped" => Some(SERVICE_STOPPED),
        _ => None,
    }
}

/// A number with words for its values.
trait Spelling {
    fn words(&self, number: u32) -> Option<&'static str>;
    fn number(&self, words: &str) -> Option<u32>;
    fn print(&self, number: u32) -> String;
}

struct ServiceType;

impl Spelling for ServiceType {
    fn words(&self, number: u32) -> Option<&'static str> {
        services::type_words(number)
    }
    fn number(&self, words: &str) -> Option<u32> {
        services::type_number(words)
    }
    fn print(&self, number: u32) -> String {
        format!("0x{number:x}")
    }
}

struct StartType;

impl Spelling for StartType {
    fn words(&self, number: u32) -> Option<&'static str> {
        services::start_words(number)
    }
    fn number(&self, words: &str) -> Option<u32> {
        services::start_number(words)
    }
    fn print(&self, number: u32) -> String {
        number.to_string()
    }
}

/// Words to one column, the number to the other, whichever the event has.
fn both_spellings(event: &mut EventBuilder, words: u16, code: u16, spelling: &dyn Spelling) {
    let Some(text) = event.get_text(words) else { return };
    let number = convert::integer(text.trim()).and_then(|it| u32::try_from(it).ok());
    if let Some(number) = number {
        event.text(code, spelling.print(number));
        if let Some(name) = spelling.words(number) {
            event.replace(words, Value::Text(name.into()));
        }
    } else if let Some(number) = spelling.number(&text) {
        event.text(code, spelling.print(number));
    }
}

/// A service's key names the service, and the values under it say what events 7045 and 4697 say.
fn registry_values(event: &mut EventBuilder) {
    let columns = columns();
    let Some(path) = event.get_text(columns.registry_key) else { return };
    let Some(inner) = below_services(&path) else { return };
    let (service, value) = inner.split_once('\\').unwrap_or((inner, ""));
    event.text(columns.service_name, service);
    let Some(details) = event.get_text(columns.target_details) else { return };
    let column = match value.to_ascii_lowercase().as_str() {
        "imagepath" => return event.text(columns.service_filename, details),
        "objectname" => return event.text(columns.service_account, details),
        "start" => columns.service_start_type,
        "type" => columns.service_type,
        _ => return,
    };
    if let Some(number) = double_word(&details) {
        event.integer(column, number);
    }
}

/// What follows the key of the services, whose name may be in any case.
fn below_services(path: &str) -> Option<&str> {
    let head = path.get(..SERVICES.len())?;
    head.eq_ignore_ascii_case(SERVICES).then(|| &path[SERVICES.len()..])
}

/// The number in `DWORD (0x00000002)`, or a plain number.
fn double_word(details: &str) -> Option<i64> {
    let inner = details.strip_prefix("DWORD (").and_then(|it| it.strip_suffix(')'));
    convert::integer(inner.unwrap_or(details).trim())
}
