//! Commands that sudo reports to syslog or the journal: `ann : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id -u`.
//!
//! The shell has read the line before sudo gets it, and sudo has looked for the program: quotes and variables are gone,
//! the path is a full one.

use ingest::SyslogLine;
use serde_json::{Map, Value};

use super::{Change, Written};
use crate::{Action, Platform, UnixProcess};

/// What stands before the command.
const MARK: &str = "COMMAND=";

fn action(program: &str, message: &str) -> Option<Action> {
    if program.rsplit('/').next() != Some("sudo") {
        return None;
    }
    let (_, command) = message.split_once(MARK)?;
    let arguments = super::windows::arguments(command);
    let image = String::new();
    Some(Action::UnixProcess(UnixProcess { platform: Platform::Linux, image, arguments, sudo: true }))
}

/// The message with the other command, and what changed.
fn written(message: &str, before: &Action, after: &Action, is_json: bool) -> (String, Written) {
    let (before, after) = (before.text(), after.text());
    let Some((head, _)) = message.split_once(MARK).filter(|_| before != after) else {
        return (message.to_owned(), Written::default());
    };
    let json = |text: &str| {
        let text = Value::from(text).to_string();
        format!("{MARK}{}", &text[1..text.len() - 1])
    };
    let plain = (format!("{MARK}{before}"), format!("{MARK}{after}"));
    // Within JSON a quote is escaped; a line of syslog has it as it is.
    let texts = if is_json { vec![(json(&before), json(&after))] } else { vec![plain] };
    let text = format!("{head}{MARK}{after}");
    let change = Change { field: "COMMAND".to_owned(), before, after };
    (text, (vec![change], vec![texts]))
}

pub(super) fn in_syslog(line: &SyslogLine) -> Option<Action> {
    action(line.program.as_deref()?, &line.message)
}

pub(super) fn write_syslog(line: &mut SyslogLine, before: &Action, after: &Action) -> Written {
    let (message, written) = written(&line.message, before, after, false);
    line.message = message;
    written
}

pub(super) fn in_journal(entry: &Map<String, Value>) -> Option<Action> {
    action(entry.get("SYSLOG_IDENTIFIER")?.as_str()?, entry.get("MESSAGE")?.as_str()?)
}

pub(super) fn write_journal(entry: &mut Map<String, Value>, before: &Action, after: &Action) -> Written {
    let message = entry.get("MESSAGE").and_then(Value::as_str).unwrap_or_default();
    let (message, written) = written(message, before, after, true);
    entry.insert("MESSAGE".to_owned(), message.into());
    written
}
