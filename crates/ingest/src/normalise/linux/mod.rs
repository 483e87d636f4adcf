//! Events of Linux: the audit log, syslog, the journal.

mod audit;
mod audit_properties;
mod ecs;
mod journald;
mod messages;
mod syslog;

pub(super) use audit::fill as audit;
pub(super) use ecs::fill as ecs;
pub(super) use journald::fill as journald;
pub(super) use syslog::fill as syslog;

use std::sync::Arc;

use super::{EventBuilder, columns, paths};

/// Sets what follows from the paths of programs and files.
fn derive_paths(event: &mut EventBuilder) {
    let columns = columns();
    for (path, name) in
        [(columns.process_path, columns.process_name), (columns.parent_process_path, columns.parent_process_name)]
    {
        if let Some(path) = event.get_text(path) {
            event.text(name, paths::file_name(&path));
        }
    }
    if let Some(path) = event.get_text(columns.file_path) {
        event.text(columns.filename, Arc::clone(&path));
        event.text(columns.file_directory, paths::directory(&path).unwrap_or_default());
        event.text(columns.file_extension, paths::extension(&path).unwrap_or_default());
    }
}

/// Keeps a value under the name of the log, unless the field of that name holds it in this very form.
fn keep(name: &str, text: &str, event: &mut EventBuilder) {
    if !event.wants_properties() {
        return;
    }
    let column = schema::EVENTS.find(name).and_then(|it| u16::try_from(it).ok());
    if !column.is_some_and(|it| event.holds(it, text)) {
        event.property(name, text);
    }
}
