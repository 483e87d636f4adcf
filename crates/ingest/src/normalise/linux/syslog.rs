//! A syslog line: program and text, and what small rules read out of the texts of well-known programs.

use schema::tables::log_source_types::LINUX;

use super::super::{EventBuilder, Origin, columns};
use super::{derive_paths, keep, messages};
use crate::SyslogLine;

pub(in crate::normalise) fn fill(line: &SyslogLine, event: &mut EventBuilder) -> Origin {
    let columns = columns();
    let program = line.program.as_deref().unwrap_or_default();
    event.text(columns.provider_name, program);
    event.text(columns.message, line.message.as_str());
    let category = messages::fill(program, &line.message, event);
    if let Some(id) = line.process_id {
        event.text(columns.process_id, id.to_string());
    }
    event.text(columns.process_name, program.rsplit('/').next().unwrap_or_default());
    derive_paths(event);
    if let Some(priority) = line.priority {
        event.property("facility", (priority / 8).to_string());
        event.property("syslog severity", (priority % 8).to_string());
    }
    for (name, text) in &line.data {
        keep(name, text, event);
    }
    Origin {
        device_type: LINUX,
        host: line.host.clone().unwrap_or_default(),
        time: line.time,
        category,
        severity: line.priority.map(severity),
        unparsed: program.is_empty() && line.host.is_none(),
        ..Origin::default()
    }
}

/// 0 (emergency) to 7 (debug) as 0-10, 10 the gravest.
pub(super) fn severity(priority: u8) -> i64 {
    [10, 9, 8, 7, 5, 3, 2, 1][usize::from(priority % 8)]
}
