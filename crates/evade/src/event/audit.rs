//! Events of the Linux audit log: programs that were started, and paths of system calls.
//!
//! What the kernel writes: EXECVE has the arguments as the caller gave them; SYSCALL the file that runs (`exe`) with
//! all links followed, and the first 15 letters of its name (`comm`); PATH the paths as they were given; PROCTITLE the
//! arguments again.

use std::fmt::Write as _;

use ingest::AuditEvent;

use super::Change;
use crate::{Action, Platform, UnixPath, UnixProcess};

/// Letters of a program's name that the kernel keeps.
const NAME_MAX: usize = 15;
/// Bytes of the arguments that PROCTITLE has.
const TITLE_MAX: usize = 128;

fn value<'a>(event: &'a AuditEvent, kind: &str, name: &str) -> Option<&'a str> {
    let record = event.records.iter().filter(|it| it.0 == kind);
    record.flat_map(|it| &it.1).find(|it| it.0 == name).map(|it| it.1.as_str())
}

fn is_argument(name: &str) -> bool {
    name.strip_prefix('a').is_some_and(|it| it.parse::<u32>().is_ok())
}

pub(super) fn action(event: &AuditEvent) -> Option<Action> {
    if let Some((_, fields)) = event.records.iter().find(|it| it.0 == "EXECVE") {
        let arguments: Vec<_> = fields.iter().filter(|it| is_argument(&it.0)).map(|it| it.1.clone()).collect();
        let image = value(event, "SYSCALL", "exe").unwrap_or_default().to_owned();
        return (!arguments.is_empty()).then_some(Action::UnixProcess(UnixProcess {
            platform: Platform::Linux,
            image,
            arguments,
            sudo: false,
        }));
    }
    if let Some(command) = value(event, "USER_CMD", "cmd") {
        let arguments = super::windows::arguments(command);
        let image = String::new();
        return Some(Action::UnixProcess(UnixProcess { platform: Platform::Linux, image, arguments, sudo: true }));
    }
    let paths: Vec<_> = event.records.iter().filter(|it| it.0 == "PATH").filter_map(name).cloned().collect();
    let folder = value(event, "CWD", "cwd")?.to_owned();
    (!paths.is_empty()).then_some(Action::UnixPath(UnixPath { folder, paths }))
}

fn name(record: &(String, Vec<(String, String)>)) -> Option<&String> {
    record.1.iter().find(|it| it.0 == "name").map(|it| &it.1)
}

/// Sets a field of the first record of a type that has it.
fn set(event: &mut AuditEvent, kind: &str, name: &str, after: &str, changes: &mut Vec<Change>) {
    let records = event.records.iter_mut().filter(|it| it.0 == kind);
    let Some((_, value)) = records.flat_map(|it| &mut it.1).find(|it| it.0 == name) else { return };
    replace(&format!("{kind} {name}"), value, after, changes);
}

fn replace(field: &str, value: &mut String, after: &str, changes: &mut Vec<Change>) {
    if value != after {
        let before = std::mem::replace(value, after.to_owned());
        changes.push(Change { field: field.to_owned(), before, after: after.to_owned() });
    }
}

pub(super) fn write(event: &mut AuditEvent, after: &Action) -> Vec<Change> {
    let mut changes = Vec::new();
    match after {
        Action::UnixProcess(process) if process.sudo => {
            set(event, "USER_CMD", "cmd", &process.arguments.join(" "), &mut changes);
        }
        Action::UnixProcess(process) => write_process(event, process, &mut changes),
        Action::UnixPath(path) => {
            let names = event.records.iter_mut().filter(|it| it.0 == "PATH");
            let names = names.flat_map(|it| &mut it.1).filter(|it| it.0 == "name");
            for ((_, value), new) in names.zip(&path.paths) {
                replace("PATH name", value, new, &mut changes);
            }
            set(event, "CWD", "cwd", &path.folder, &mut changes);
        }
        _ => {}
    }
    changes
}

fn write_process(event: &mut AuditEvent, process: &UnixProcess, changes: &mut Vec<Change>) {
    let first = value(event, "EXECVE", "a0").unwrap_or_default().to_owned();
    if let Some((_, fields)) = event.records.iter_mut().find(|it| it.0 == "EXECVE") {
        let before = fields.iter().filter(|it| is_argument(&it.0)).map(|it| it.1.as_str()).collect::<Vec<_>>();
        if before.iter().ne(process.arguments.iter()) {
            let (before, after) = (before.join(" "), process.arguments.join(" "));
            changes.push(Change { field: "EXECVE".to_owned(), before, after });
        }
        fields.retain(|it| !is_argument(&it.0) && it.0 != "argc");
        fields.push(("argc".to_owned(), process.arguments.len().to_string()));
        let arguments = process.arguments.iter().enumerate();
        fields.extend(arguments.map(|(number, it)| (format!("a{number}"), it.clone())));
    }
    let title = title(&process.arguments).replace('\0', " ");
    let before = value(event, "SYSCALL", "exe").unwrap_or_default().to_owned();
    if before != process.image {
        set(event, "SYSCALL", "exe", &process.image, changes);
        let name: String = process.program().chars().take(NAME_MAX).collect();
        set(event, "SYSCALL", "comm", &name, changes);
    }
    // The first path of an execve is that of the program, as the shell found or was given it.
    let given = process.arguments.first().filter(|it| it.contains('/')).unwrap_or(&process.image).clone();
    let follows =
        value(event, "PATH", "name").is_some_and(|it| it == before || it.ends_with(&format!("/{}", base(&before))));
    if follows && !given.is_empty() && process.arguments.first() != Some(&first) {
        set(event, "PATH", "name", &given, changes);
    }
    set(event, "PROCTITLE", "proctitle", &title, changes);
}

/// The arguments as the kernel keeps them for PROCTITLE: a zero between each two, cut.
fn title(arguments: &[String]) -> String {
    let mut title = String::new();
    for character in arguments.join("\0").chars() {
        if title.len() + character.len_utf8() > TITLE_MAX {
            break;
        }
        title.push(character);
    }
    title
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The original text with the records as they are now.
pub(super) fn payload(payload: &str, event: &AuditEvent, changes: &[Change]) -> String {
    let execve = event.records.iter().filter(|it| it.0 == "EXECVE").flat_map(|it| &it.1);
    let execve: Vec<_> = execve.filter(|it| is_argument(&it.0)).collect();
    let arguments = execve.iter().fold(String::new(), |mut text, (name, value)| {
        let _ = write!(text, " {}", encoded(name, value));
        text
    });
    let values: Vec<String> = execve.iter().map(|it| it.1.clone()).collect();
    let lines = payload.split_inclusive('\n').map(|line| {
        if let Some(at) = line.find("argc=").filter(|_| line.contains("type=EXECVE")) {
            let count = values.len();
            return format!("{}argc={count}{arguments}{}", &line[..at], end_of(line));
        }
        if let Some(at) = line.find("proctitle=").filter(|_| line.contains("type=PROCTITLE") && !values.is_empty()) {
            return format!("{}{}{}", &line[..at], hexadecimal("proctitle", &title(&values)), end_of(line));
        }
        changes.iter().filter(|it| it.field.contains(' ')).fold(line.to_owned(), |line, change| {
            let (kind, name) = change.field.split_once(' ').unwrap_or_default();
            if !line.contains(&format!("type={kind} ")) {
                return line;
            }
            let before = [encoded(name, &change.before), hexadecimal(name, &change.before)];
            let found = before.iter().find(|it| line.contains(it.as_str()));
            found.map_or(line.clone(), |it| line.replacen(it, &encoded(name, &change.after), 1))
        })
    });
    lines.collect()
}

fn end_of(line: &str) -> &'static str {
    if line.ends_with('\n') { "\n" } else { "" }
}

/// A field as auditd writes it: in quotes, or in hexadecimal where it holds blanks, quotes or other letters.
fn encoded(name: &str, value: &str) -> String {
    let is_plain = value.bytes().all(|it| it.is_ascii_graphic() && it != b'"');
    if is_plain { format!("{name}=\"{value}\"") } else { hexadecimal(name, value) }
}

fn hexadecimal(name: &str, value: &str) -> String {
    let mut text = format!("{name}=");
    for byte in value.bytes() {
        let _ = write!(text, "{byte:02X}");
    }
    text
}
