//! Joins audit records to events. Records of several events may be interleaved; events come out in the order of their
//! first records, and so does everything else that a file of mixed lines holds.
//!
//! An event is complete at its EOE or PROCTITLE record, when a record of a later time follows [`AGE_MAX_MS`] behind it,
//! or when too much waits. A record that comes later still makes an event of its own.

use std::collections::VecDeque;
use std::sync::Arc;

use super::processes::Processes;
use crate::audit::{Record, join_arguments};
use crate::{AuditEvent, Body, Item, Locator, RawEvent};

/// Milliseconds after which no record of an event is expected.
const AGE_MAX_MS: i64 = 2_000;
/// Events that wait, at most.
const WAITING_MAX: usize = 1_024;
/// Bytes of lines that wait, at most.
const WAITING_BYTES_MAX: usize = 16 << 20;
/// Types of records, by their beginnings, that programs write: each is an event.
const OF_PROGRAMS: [&str; 16] = [
    "USER_",
    "CRED_",
    "SERVICE_",
    "SYSTEM_",
    "CRYPTO_",
    "ADD_",
    "DEL_",
    "DAEMON_",
    "ROLE_",
    "ACCT_",
    "GRP_",
    "CHGRP_",
    "CHUSER_",
    "VIRT_",
    "USYS_",
    "SOFTWARE_",
];

/// What waits to be given out.
#[derive(Debug)]
enum Waiting {
    Event(Box<Open>),
    Item(Box<Item>),
}

#[derive(Debug)]
struct Open {
    event: AuditEvent,
    locator: Locator,
    payload: Option<String>,
    bytes: usize,
    complete: bool,
}

/// A line that is a record.
pub(in crate::readers) struct Line {
    pub(in crate::readers) locator: Locator,
    /// The line, when it is to be kept.
    pub(in crate::readers) payload: Option<String>,
    pub(in crate::readers) bytes: usize,
}

#[derive(Debug, Default)]
pub(in crate::readers) struct Joiner {
    waiting: VecDeque<Waiting>,
    bytes: usize,
    newest: i64,
    processes: Processes,
}

impl Joiner {
    /// Takes a record; `time` is that of the line's header, for a record that says none.
    pub(in crate::readers) fn record(&mut self, record: Record, line: Line, host: Option<String>, time: Option<i64>) {
        let host = record.node.or(host);
        let Some((time, serial)) = record.id else {
            let event = AuditEvent { time: time.unwrap_or_default(), host, ..AuditEvent::default() };
            return self.open(event, (record.kind, record.fields), line, true);
        };
        self.newest = self.newest.max(time);
        let kind = record.kind;
        let is_end = matches!(kind.as_str(), "EOE" | "PROCTITLE");
        let found = self.waiting.iter_mut().rev().find_map(|it| match it {
            Waiting::Event(it) if it.event.serial == serial && it.event.time == time && it.event.host == host => {
                Some(it)
            }
            _ => None,
        });
        if let Some(open) = found {
            open.complete |= is_end;
            open.bytes += line.bytes;
            self.bytes += line.bytes;
            if let (Some(all), Some(text)) = (&mut open.payload, line.payload) {
                all.push('\n');
                all.push_str(&text);
            }
            if kind != "EOE" {
                open.event.records.push((kind, record.fields));
            }
        } else if kind != "EOE" {
            // ausearch prints PROCTITLE first.
            let complete = OF_PROGRAMS.iter().any(|it| kind.starts_with(it));
            let event = AuditEvent { time, serial, host, ..AuditEvent::default() };
            self.open(event, (kind, record.fields), line, complete);
        }
    }

    fn open(&mut self, mut event: AuditEvent, record: (String, Vec<(String, String)>), line: Line, complete: bool) {
        event.records.push(record);
        self.bytes += line.bytes;
        let Line { locator, payload, bytes } = line;
        self.waiting.push_back(Waiting::Event(Box::new(Open { event, locator, payload, bytes, complete })));
    }

    /// Takes something else, which keeps its place.
    pub(in crate::readers) fn item(&mut self, item: Item) {
        self.waiting.push_back(Waiting::Item(Box::new(item)));
    }

    /// No event that waits gets further records.
    pub(in crate::readers) fn complete_all(&mut self) {
        for waiting in &mut self.waiting {
            if let Waiting::Event(open) = waiting {
                open.complete = true;
            }
        }
    }

    /// The next item that is complete.
    pub(in crate::readers) fn take(&mut self) -> Option<Item> {
        let full = self.waiting.len() > WAITING_MAX || self.bytes > WAITING_BYTES_MAX;
        let ready = match self.waiting.front()? {
            Waiting::Item(_) => true,
            Waiting::Event(it) => full || it.complete || it.event.time < self.newest.saturating_sub(AGE_MAX_MS),
        };
        if !ready {
            return None;
        }
        match self.waiting.pop_front()? {
            Waiting::Item(item) => Some(*item),
            Waiting::Event(open) => {
                self.bytes -= open.bytes;
                Some(self.finish(*open))
            }
        }
    }

    fn finish(&mut self, open: Open) -> Item {
        let Open { mut event, locator, payload, .. } = open;
        join_parts(&mut event);
        self.relate(&mut event);
        let body = Body::Audit(Box::new(event));
        Item::Event(RawEvent { locator, payload: payload.map(Arc::from), body })
    }

    /// Names the program of the parent, and remembers that of the process.
    fn relate(&mut self, event: &mut AuditEvent) {
        let number = |name| value(event, name).and_then(|it| it.parse().ok());
        let (process, parent) = (number("pid"), number("ppid"));
        let host = event.host.as_ref();
        let parent_path = parent.and_then(|it| self.processes.path(host, it));
        if let (Some(process), Some(path)) = (process, value(event, "exe").filter(|it| it.starts_with('/'))) {
            self.processes.learn(host, process, path);
        }
        event.parent_path = parent_path.map(|it| it.to_string());
    }
}

fn value<'a>(event: &'a AuditEvent, name: &str) -> Option<&'a str> {
    event.records.iter().flat_map(|it| &it.1).find(|it| it.0 == name).map(|it| it.1.as_str())
}

/// Makes one EXECVE record of those that long arguments are spread over.
fn join_parts(event: &mut AuditEvent) {
    let is_part = |it: &(String, Vec<(String, String)>)| it.0 == "EXECVE";
    let Some(first) = event.records.iter().position(is_part) else { return };
    let parts = event.records.iter().filter(|it| is_part(it));
    let joined = join_arguments(parts.flat_map(|it| &it.1));
    let mut position = 0;
    event.records.retain(|it| {
        position += 1;
        !is_part(it) || position == first + 1
    });
    event.records[first].1 = joined;
}
