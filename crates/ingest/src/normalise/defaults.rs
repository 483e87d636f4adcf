//! The fields that every event has, whatever its family.

use schema::tables::categories;

use super::{EventBuilder, LogSources, Origin, address, columns};
use crate::Value;

/// How far a log source is trusted when nobody says more, 0-10.
const CREDIBILITY: i64 = 5;
/// How much a network matters when nobody says more, 0-10.
const RELEVANCE: i64 = 5;
/// How grave an event of unknown kind is, 0-10.
const SEVERITY: i64 = 3;

pub(super) fn fill(origin: &Origin, event: &mut EventBuilder, log_sources: &LogSources) {
    times(origin.time, event);
    classification(origin, event);
    log_source(origin, event, log_sources);
    addresses(&origin.host, event);
    let columns = columns();
    event.integer(columns.eventcount, 1);
    event.integer(columns.domain_id, 0);
    event.set(columns.is_unparsed, Value::Boolean(origin.unparsed));
    for flag in [
        columns.has_identity,
        columns.has_offense,
        columns.has_records,
        columns.is_rule_event,
        columns.is_duplicate,
        columns.is_log_only,
        columns.is_truncated,
        columns.stored_for_performance,
    ] {
        event.set(flag, Value::Boolean(false));
    }
}

/// An event from a file was received and stored when it happened: else `LAST 24 HOURS` would find nothing in it.
fn times(time: Option<i64>, event: &mut EventBuilder) {
    let Some(time) = time else { return };
    for column in [columns().starttime, columns().endtime, columns().devicetime] {
        event.integer(column, time);
    }
}

fn classification(origin: &Origin, event: &mut EventBuilder) {
    let columns = columns();
    let unknown = if origin.unparsed { categories::STORED } else { categories::INFORMATION };
    event.integer(columns.category, origin.category.unwrap_or(unknown));
    let category = event.get_integer(columns.category).unwrap_or(unknown);
    event.integer(columns.high_level_category, categories::high_level(category));
    if let Some(qid) = origin.qid {
        event.integer(columns.qid, qid);
    }
    event.integer(columns.severity, origin.severity.unwrap_or(SEVERITY));
    let severity = event.get_integer(columns.severity).unwrap_or(SEVERITY);
    event.integer(columns.credibility, CREDIBILITY);
    event.integer(columns.relevance, RELEVANCE);
    event.integer(columns.magnitude, magnitude(severity, CREDIBILITY, RELEVANCE));
}

/// The mean of the three, weighted 3 to 2 to 5.
fn magnitude(severity: i64, credibility: i64, relevance: i64) -> i64 {
    (severity * 3 + credibility * 2 + relevance * 5 + 5) / 10
}

fn log_source(origin: &Origin, event: &mut EventBuilder, log_sources: &LogSources) {
    let columns = columns();
    event.integer(columns.device_type, origin.device_type);
    let device_type = event.get_integer(columns.device_type).unwrap_or(origin.device_type);
    if !origin.host.is_empty() {
        event.integer(columns.log_source_id, log_sources.id(device_type, &origin.host));
        event.text(columns.log_source_identifier, origin.host.as_str());
        event.text(columns.machine, origin.host.as_str());
    }
}

/// Without an address in the event QRadar falls back to that of the log source, where one is known.
fn addresses(host: &str, event: &mut EventBuilder) {
    let columns = columns();
    if let Some(address) = address::host(host) {
        event.text(columns.source_ip, address);
    }
    for (plain, both, v6) in [
        (columns.source_ip, columns.source_address, columns.source_v6),
        (columns.destination_ip, columns.destination_address, columns.destination_v6),
    ] {
        if let Some(text) = event.get_text(plain) {
            if address::is_v6(&text) {
                event.text(v6, std::sync::Arc::clone(&text));
            }
            event.text(both, text);
        }
    }
    event.text(columns.identity_ip, "0.0.0.0");
}
