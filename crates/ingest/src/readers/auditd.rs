//! The Linux audit log: auditd's own file and what `ausearch` prints of it, as events of all records with one serial.

mod joiner;
mod processes;

pub(super) use joiner::{Joiner, Line};

use super::{Reader, syslog};
use crate::audit;
use crate::input::Head;

pub(super) static READER: Reader = Reader {
    names: &["auditd", "audit", "ausearch"],
    description: "The Linux audit log: audit.log and the output of ausearch",
    recognises,
    in_pieces: false,
    read: syslog::read,
};

/// Lines at the start of a file of which one must be a record.
const HEAD_LINES: usize = 5;

/// Lines of ausearch that part events and say their times once more.
pub(super) fn is_decoration(line: &str) -> bool {
    line.starts_with("----") || line.starts_with("time->") || line == "<no matches>"
}

fn recognises(head: &Head) -> bool {
    let mut lines = head.lines().filter(|it| !is_decoration(it)).take(HEAD_LINES);
    lines.any(|it| (it.starts_with("type=") || it.starts_with("node=")) && audit::parse(it).is_some())
}
