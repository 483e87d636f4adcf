//! An event of the Linux audit log.
//!
//! `Event ID` is the most telling record type: EXECVE, else that of the only record, else PATH, else that of the first
//! record. `Audit Type` has all types. `username` is who logged in (auid) where that is known, else the user of the
//! process (uid); with names where auditd adds them, else the number, 0 being root.

use schema::tables::log_source_types::LINUX;

use super::super::{EventBuilder, Origin, columns};
use super::{audit_properties, derive_paths};
use crate::AuditEvent;
use crate::audit::syscall_name;

/// How a number says that nobody logged in.
const UNSET: [&str; 3] = ["4294967295", "-1", "unset"];

mod category {
    pub(super) const USER_LOGIN_SUCCESS: i64 = 3115;
    pub(super) const USER_LOGIN_FAILURE: i64 = 3116;
    pub(super) const USER_ADDED: i64 = 3031;
    pub(super) const USER_REMOVED: i64 = 3035;
    pub(super) const CONNECTION: i64 = 4012;
    pub(super) const SERVICE_STARTED: i64 = 8009;
    pub(super) const SERVICE_STOPPED: i64 = 8010;
    pub(super) const SERVICE_FAILURE: i64 = 8011;
    pub(super) const FILE_CREATED: i64 = 8028;
    pub(super) const FILE_DELETED: i64 = 8033;
    pub(super) const PROCESS_CREATED: i64 = 8110;
}

/// Looks values up in the records of an event.
#[derive(Clone, Copy)]
pub(super) struct Records<'a>(pub(super) &'a AuditEvent);

impl<'a> Records<'a> {
    /// The first field of this name in records of this type; of any type when it is empty. `?`, `(null)`, `(none)` and
    /// nothing count as absent.
    pub(super) fn value(self, kind: &str, name: &str) -> Option<&'a str> {
        let records = self.0.records.iter().filter(|it| kind.is_empty() || it.0 == kind);
        let found = records.flat_map(|it| &it.1).find(|it| it.0 == name).map(|it| it.1.as_str());
        found.filter(|it| !matches!(*it, "" | "?" | "(null)" | "(none)"))
    }

    fn any(self, names: &[&str]) -> Option<&'a str> {
        names.iter().find_map(|it| self.value("", it))
    }

    fn has(self, kind: &str) -> bool {
        self.0.records.iter().any(|it| it.0 == kind)
    }

    /// The record type by which rules name the event.
    pub(super) fn main_type(self) -> &'a str {
        let kinds = || self.0.records.iter().map(|it| it.0.as_str());
        let single = kinds().next().filter(|_| kinds().count() == 1);
        let known = kinds().find(|it| *it == "EXECVE").or(single).or_else(|| kinds().find(|it| *it == "PATH"));
        known.or_else(|| kinds().next()).unwrap_or_default()
    }

    /// The path that the event is about: one that was made, removed or used before the folder that it is in.
    pub(super) fn path_record(self) -> Option<&'a [(String, String)]> {
        let rank = |record: &&(String, Vec<(String, String)>)| {
            let kind = record.1.iter().find(|it| it.0 == "nametype").map_or("", |it| it.1.as_str());
            ["CREATE", "DELETE", "NORMAL"].iter().position(|it| *it == kind).unwrap_or(if kind == "PARENT" {
                9
            } else {
                3
            })
        };
        self.0.records.iter().filter(|it| it.0 == "PATH").min_by_key(rank).map(|it| it.1.as_slice())
    }

    fn succeeded(self) -> Option<bool> {
        match self.any(&["success", "res"])? {
            "yes" | "success" | "1" => Some(true),
            "no" | "failed" | "0" => Some(false),
            _ => None,
        }
    }
}

/// Fills the fields of an audit event.
pub(in crate::normalise) fn fill(audit: &AuditEvent, event: &mut EventBuilder) -> Origin {
    let records = Records(audit);
    let syscall = syscall(records);
    let columns = columns();
    event.text(columns.event_id, records.main_type());
    event.text(columns.event_category, "auditd");
    event.text(columns.provider_name, "auditd");
    if event.wants(columns.audit_type) {
        event.text(columns.audit_type, audit.records.iter().map(|it| it.0.as_str()).collect::<Vec<_>>().join(" "));
    }
    event.text(columns.audit_key, records.value("", "key").unwrap_or_default());
    event.text(columns.syscall, syscall.unwrap_or_default());
    process(records, event);
    users(records, event);
    file(records, event);
    network(records, syscall, event);
    service(records, event);
    derive_paths(event);
    if event.wants(columns.message) {
        event.text(columns.message, audit_properties::message(audit));
    }
    audit_properties::fill(records, event);
    Origin {
        device_type: LINUX,
        host: audit.host.clone().unwrap_or_default(),
        time: (audit.time != 0).then_some(audit.time),
        category: category(records, syscall),
        ..Origin::default()
    }
}

fn syscall(records: Records<'_>) -> Option<&str> {
    let number = records.value("", "syscall");
    let named = || syscall_name(records.value("", "arch")?, number?);
    records.value("", "SYSCALL").or_else(named).or(number)
}

fn process(records: Records, event: &mut EventBuilder) {
    let columns = columns();
    event.text(columns.process_path, records.value("", "exe").unwrap_or_default());
    event.text(columns.parent_process_path, records.0.parent_path.as_deref().unwrap_or_default());
    for (column, name) in [(columns.process_id, "pid"), (columns.parent_process_id, "ppid")] {
        event.converted(column, records.value("", name).unwrap_or_default());
    }
    event.text(columns.current_directory, records.any(&["cwd"]).unwrap_or_default());
    if event.get(columns.process_path).is_none() {
        event.text(columns.process_name, records.value("", "comm").unwrap_or_default());
    }
    if event.wants(columns.command) {
        let arguments = records.0.records.iter().find(|it| it.0 == "EXECVE").map(|it| arguments(&it.1));
        let other = || records.any(&["proctitle", "cmd"]).map(str::to_owned);
        event.text(columns.command, arguments.filter(|it| !it.is_empty()).or_else(other).unwrap_or_default());
    }
}

/// `a0`, `a1` ... in the order of their numbers, which is that of the log, with blanks between.
fn arguments(fields: &[(String, String)]) -> String {
    let is_argument = |name: &str| name.strip_prefix('a').is_some_and(|it| it.parse::<u32>().is_ok());
    fields.iter().filter(|it| is_argument(&it.0)).map(|it| it.1.as_str()).collect::<Vec<_>>().join(" ")
}

fn users(records: Records, event: &mut EventBuilder) {
    let columns = columns();
    let login = name_of(records, "auid", "AUID");
    let process = name_of(records, "uid", "UID");
    let first = records.0.records.first().map_or("", |it| it.0.as_str());
    let account = records.value("", "acct");
    let changes_account =
        ["ADD_", "DEL_", "USER_MGMT", "USER_CHAUTHTOK", "GRP_"].iter().any(|it| first.starts_with(it));
    if changes_account {
        event.text(columns.target_username, account.or_else(|| records.value("", "id")).unwrap_or_default());
    } else if first.starts_with("USER_") || first.starts_with("CRED_") {
        event.text(columns.username, account.unwrap_or_default());
    }
    event.text(columns.username, login.or(process).unwrap_or_default());
    event.text(columns.user, process.or(login).unwrap_or_default());
}

fn name_of<'a>(records: Records<'a>, number: &str, name: &str) -> Option<&'a str> {
    let known = |it: &&str| !UNSET.contains(it);
    let number = records.value("", number).filter(known);
    records.value("", name).filter(known).or(number.map(|it| if it == "0" { "root" } else { it }))
}

fn file(records: Records, event: &mut EventBuilder) {
    let Some(path) = records.path_record() else { return };
    let value = |name: &str| path.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
    event.text(columns().name_type, value("nametype"));
    let name = value("name");
    if !matches!(name, "" | "?" | "(null)") {
        event.text(columns().file_path, absolute(name, records.value("CWD", "cwd")));
    }
}

/// The path from the root, without `.` and `..`.
fn absolute(name: &str, folder: Option<&str>) -> String {
    let is_relative = !name.starts_with('/');
    let Some(folder) = folder.filter(|it| is_relative && it.starts_with('/')) else { return name.to_owned() };
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(name.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    format!("/{}", parts.join("/"))
}

/// The address of a login is where it came from, that of `connect` where it goes to.
fn network(records: Records, syscall: Option<&str>, event: &mut EventBuilder) {
    let columns = columns();
    event.converted(columns.source_ip, records.any(&["addr", "hostname"]).unwrap_or_default());
    let (address, port) = match syscall {
        Some("connect" | "sendto" | "sendmsg") => (columns.destination_ip, columns.destination_port),
        _ => (columns.source_ip, columns.source_port),
    };
    event.converted(address, records.value("", "laddr").unwrap_or_default());
    event.converted(port, records.value("", "lport").unwrap_or_default());
}

fn service(records: Records, event: &mut EventBuilder) {
    let state = match records.main_type() {
        "SERVICE_START" => "running",
        "SERVICE_STOP" => "stopped",
        _ => return,
    };
    event.text(columns().service_name, records.value("", "unit").unwrap_or_default());
    event.text(columns().service_state, state);
}

fn category(records: Records, syscall: Option<&str>) -> Option<i64> {
    let succeeded = records.succeeded();
    if let Some(succeeded) = succeeded {
        let known = match (records.main_type(), succeeded) {
            ("SERVICE_START", true) => Some(category::SERVICE_STARTED),
            ("SERVICE_START" | "SERVICE_STOP", false) => Some(category::SERVICE_FAILURE),
            ("SERVICE_STOP", true) => Some(category::SERVICE_STOPPED),
            ("USER_LOGIN" | "USER_AUTH", true) => Some(category::USER_LOGIN_SUCCESS),
            ("USER_LOGIN" | "USER_AUTH", false) => Some(category::USER_LOGIN_FAILURE),
            ("ADD_USER", true) => Some(category::USER_ADDED),
            ("DEL_USER", true) => Some(category::USER_REMOVED),
            _ => None,
        };
        // 115: a connection that is being made.
        if known.is_some() || !(succeeded || records.value("", "exit") == Some("-115")) {
            return known;
        }
    }
    if records.has("EXECVE") || matches!(syscall, Some("execve" | "execveat")) {
        return Some(category::PROCESS_CREATED);
    }
    let name_type = records.path_record().and_then(|it| it.iter().find(|it| it.0 == "nametype"));
    let name_type = name_type.map(|it| it.1.as_str());
    match (name_type, syscall) {
        (Some("CREATE"), _) => Some(category::FILE_CREATED),
        (Some("DELETE"), _) => Some(category::FILE_DELETED),
        (_, Some("connect")) if records.value("", "laddr").is_some() => Some(category::CONNECTION),
        _ => None,
    }
}

/// Marks the outcome as `success` or `failure`.
pub(super) fn outcome(records: Records) -> Option<&'static str> {
    records.succeeded().map(|it| if it { "success" } else { "failure" })
}
