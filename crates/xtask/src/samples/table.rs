//! `samples/README.md`: what stands in which record.

use std::fmt::Write;

use crate::synthetic::scene::Marked;

/// A record that shows something.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) story: &'static str,
    step: &'static str,
    file: String,
    record: u64,
    event: String,
    time: i64,
    value: String,
}

/// The data that say most of an event, the first that it has.
const DECISIVE: [&str; 10] = [
    "ServiceName",
    "CommandLine",
    "TargetFilename",
    "TargetObject",
    "RelativeTargetName",
    "ScriptBlockText",
    "DestinationPort",
    "TargetUserName",
    "Payload",
    "param1",
];
const LONGEST_VALUE: usize = 90;

impl Row {
    pub(super) fn new(
        (story, step): (&'static str, &'static str),
        (file, record): (&str, u64),
        event: &str,
        time: i64,
        value: &str,
    ) -> Self {
        Self { story, step, file: file.to_owned(), record, event: event.to_owned(), time, value: value.to_owned() }
    }

    pub(super) fn of(file: &str, record: u64, marked: &Marked) -> Option<Self> {
        let shows = marked.shows?;
        let event = &marked.event;
        let value = |name: &&str| event.data.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let channel = event.channel.split('/').next().unwrap_or_default();
        let kind = format!("{} {}", channel.trim_start_matches("Microsoft-Windows-"), event.event_id);
        let value = DECISIVE.iter().find_map(value).unwrap_or_default();
        Some(Self::new(shows, (file, record), &kind, event.time.unwrap_or_default(), value))
    }
}

const HEAD: &str = "\
# Sample logs

Written by `cargo xtask samples`: four days of the fictional network `naples.example`, with the eight tests that the two
published pages name, and ordinary work around them. Nobody's data; free to use under the licence of the project.

| file | holds |
|---|---|
| `windows/ws01-*.evtx` | the workstation on which the administrator tries the tests: Security, System, Sysmon, PowerShell |
| `windows/ws02.zip` | a workstation on which nothing happens, its System and Sysmon logs in an archive |
| `windows/srv02-winlogbeat.jsonl` | the file server, all channels as Winlogbeat sends them; target of the remote test |
| `linux/audit.log` | auditd of `lx01` |
| `linux/syslog` | syslog of `lx01`: systemd and others, and Sysmon for Linux |
| `macos/eslogger.jsonl` | Endpoint Security events of `mac01`, as `eslogger` prints them |

Among the ordinary work: installations of services and drivers (a browser's updater, the definitions of Defender,
software distribution over the network with its own short-lived service, an agent under `ProgramData`, packages of
Linux that bring units), changed start types, `sc query`, logons, shares, `csc.exe /noconfig` and `telnet.exe`, whose
names contain those of tools that are looked for.

The record is the `EventRecordID` of an EVTX file, the line of a text file.
";

/// The whole page.
pub(super) fn page(rows: &[Row]) -> String {
    let mut rows = rows.to_vec();
    rows.sort_by(|a, b| (a.story, a.time, &a.file, a.record).cmp(&(b.story, b.time, &b.file, b.record)));
    let mut page = HEAD.to_owned();
    let mut story = "";
    for row in &rows {
        if row.story != story {
            story = row.story;
            let _ = write!(page, "\n## {story}\n\n| file | record | event | shows | value |\n|---|---|---|---|---|\n");
        }
        let value: String = row.value.chars().take(LONGEST_VALUE).collect();
        let value = value.replace('|', "\\|").replace(['\r', '\n', '`'], " ");
        let Row { file, record, event, step, .. } = row;
        let _ = writeln!(page, "| `{file}` | {record} | {event} | {step} | `{}` |", value.trim());
    }
    page
}
