//! Every field of every audit record, under its name in the log.
//!
//! Of several records with a field of the same name one has the plain name: EXECVE first, then the path that the event
//! is about, then the order of the log. The others are `item1.name` for the records PATH (by their number), else
//! `SYSCALL.a0`.

use super::super::EventBuilder;
use super::audit::{Records, outcome};
use super::keep;
use crate::AuditEvent;

pub(super) fn fill(records: Records, event: &mut EventBuilder) {
    if !event.wants_properties() {
        return;
    }
    if let Some(outcome) = outcome(records) {
        event.property("outcome", outcome);
    }
    event.property("serial", records.0.serial.to_string());
    let preferred = records.path_record();
    let rank = |kind: &str, fields: &[(String, String)]| match kind {
        "EXECVE" => 0,
        "PATH" if preferred.is_some_and(|it| std::ptr::eq(it, fields)) => 1,
        _ => 2,
    };
    let mut order: Vec<_> = records.0.records.iter().collect();
    order.sort_by_key(|it| rank(&it.0, &it.1));
    let mut taken: Vec<(String, &str)> = Vec::new();
    for (kind, fields) in order {
        for (name, text) in fields {
            let Some(name) = free_name(kind, name, text, fields, &taken) else { continue };
            keep(&name, text, event);
            taken.push((name, text));
        }
    }
    event.property("type", records.main_type());
}

/// The name under which a value is kept; nothing when it is there already.
fn free_name(
    kind: &str,
    name: &str,
    text: &str,
    fields: &[(String, String)],
    taken: &[(String, &str)],
) -> Option<String> {
    let holder = |name: &str| taken.iter().find(|it| it.0 == name).map(|it| it.1);
    let Some(present) = holder(name) else { return Some(name.to_owned()) };
    let item = fields.iter().find(|it| it.0 == "item").map(|it| it.1.as_str());
    let qualified = match item.filter(|_| kind == "PATH") {
        Some(item) => format!("item{item}.{name}"),
        None if present == text => return None,
        None => format!("{kind}.{name}"),
    };
    holder(&qualified).is_none().then_some(qualified)
}

/// All records in words, decoded.
pub(super) fn message(audit: &AuditEvent) -> String {
    let mut message = String::new();
    for (kind, fields) in &audit.records {
        if !message.is_empty() {
            message.push('\n');
        }
        message.push_str("type=");
        message.push_str(kind);
        for (name, text) in fields {
            message.extend([" ", name, "=", text]);
        }
    }
    message
}
