//! Syslog lines (RFC 3164, RFC 5424 and rsyslog's format with ISO times), and what stands in them: audit records,
//! the XML of Sysmon for Linux, Windows events of WinCollect.
//!
//! A time without year is in the year before the reference time: that of [`ReadOptions::reference_time`], else when
//! the file was last written, else the newest time with a year that was read so far. Without any it has no time. A time
//! without zone is UTC.

mod header;
mod stamp;
mod win_collect;

use std::sync::Arc;

use super::auditd::{self, Joiner};
use super::lines::{Line, Lines};
use super::{Items, ReadOptions, Reader};
use crate::input::{Content, Head};
use crate::{Body, Damage, Item, Locator, RawEvent, SyslogLine, audit, windows_xml};

pub(super) static READER: Reader = Reader {
    names: &["syslog"],
    description: "Syslog lines, RFC 3164 and RFC 5424, with audit records, Sysmon for Linux and WinCollect in them",
    recognises,
    in_pieces: false,
    read,
};

/// Lines at the start of a file by which it is recognised.
const HEAD_LINES: usize = 16;

/// Whether at least half of the first lines have the header of a syslog line with a time and a program.
fn recognises(head: &Head) -> bool {
    let lines: Vec<&str> = head.lines().take(HEAD_LINES).collect();
    let found = lines.iter().filter(|it| header::is_certain(it)).count();
    found > 0 && found * 2 >= lines.len()
}

/// Reads lines that are audit records, syslog lines, or syslog lines with audit records.
pub(super) fn read(content: &Content, options: &ReadOptions) -> Result<Items, Damage> {
    let reference = options.reference_time.or_else(|| content.modified());
    Ok(Box::new(SyslogReader {
        lines: Lines::open(content)?,
        payload: options.payload,
        fixed: reference.is_some(),
        reference,
        joiner: Joiner::default(),
        ended: false,
    }))
}

struct SyslogReader {
    lines: Lines,
    payload: bool,
    /// Whether the reference time is given, not read from the lines.
    fixed: bool,
    reference: Option<i64>,
    joiner: Joiner,
    ended: bool,
}

impl Iterator for SyslogReader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.joiner.take() {
                return Some(item);
            }
            if self.ended {
                return None;
            }
            match self.lines.next() {
                Some(Ok(line)) => self.line(&line),
                Some(Err(damage)) => self.joiner.item(Item::Damage(damage)),
                None => {
                    self.ended = true;
                    self.joiner.complete_all();
                }
            }
        }
    }
}

impl SyslogReader {
    fn line(&mut self, line: &Line) {
        let text = line.text.trim();
        if text.is_empty() {
            return;
        }
        if auditd::is_decoration(text) {
            return self.joiner.complete_all();
        }
        if let Some(record) = audit::parse(text) {
            return self.record(record, line, None, None);
        }
        let Some(syslog) = header::parse(text, self.reference) else {
            let reason = "neither a syslog line nor an audit record".to_owned();
            let damage = self.lines.damage(line.offset, Some(line.number), reason);
            return self.joiner.item(Item::Damage(damage));
        };
        if !self.fixed && syslog.has_year {
            self.reference = self.reference.max(syslog.line.time);
        }
        self.body(syslog.line, line);
    }

    fn body(&mut self, syslog: SyslogLine, line: &Line) {
        let program = syslog.program.as_deref().unwrap_or_default();
        let record = audit::parse(&syslog.message)
            .or_else(|| (program == "audit").then(|| audit::parse_message(&syslog.message)).flatten());
        if let Some(record) = record {
            return self.record(record, line, syslog.host, syslog.time);
        }
        let body = match sysmon(&syslog.message) {
            Some(Ok(body)) => body,
            Some(Err(reason)) => {
                let damage = self.lines.damage(line.offset, Some(line.number), reason);
                return self.joiner.item(Item::Damage(damage));
            }
            None => match win_collect::parse(&syslog.message) {
                Some(event) => Body::Windows(Box::new(event)),
                None => Body::Syslog(Box::new(syslog)),
            },
        };
        let payload = self.payload.then(|| line.text.as_str().into());
        self.joiner.item(Item::Event(RawEvent { locator: self.locator(line), payload, body }));
    }

    fn record(&mut self, record: audit::Record, line: &Line, host: Option<String>, time: Option<i64>) {
        let payload = self.payload.then(|| line.text.clone());
        let line = auditd::Line { locator: self.locator(line), payload, bytes: line.text.len() };
        self.joiner.record(record, line, host, time);
    }

    fn locator(&self, line: &Line) -> Locator {
        Locator { file: Arc::clone(self.lines.file()), record: line.number, offset: line.offset }
    }
}

/// The event of a message that is the XML of one, as Sysmon for Linux writes it.
pub(super) fn sysmon(message: &str) -> Option<Result<Body, String>> {
    message.starts_with("<Event>").then_some(())?;
    Some(windows_xml::parse(message, None).map(|it| Body::Windows(Box::new(it))))
}
