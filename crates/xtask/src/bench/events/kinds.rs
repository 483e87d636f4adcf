//! The kinds of generated events and how often each of them happens.

use std::fmt::Write;

use super::columns::{Batch, Column};
use super::names::Names;
use crate::synthetic::Random;

/// Microsoft Windows Security Event Log: on QRadar the type of all channels.
const WINDOWS: i64 = 12;
/// Microsoft DNS Debug.
const DNS: i64 = 384;
const SYSMON: &str = "Microsoft-Windows-Sysmon/Operational";
const SECURITY: &str = "Security";
const SYSTEM: &str = "System";

/// Of a million events so many are installations of services ...
const INSTALLS_PER_MILLION: u64 = 60;
/// ... and so many something that a detection should find.
const SUSPICIOUS_PER_MILLION: u64 = 100;

type Kind = fn(&mut Row<'_>);

/// The ordinary kinds, of a thousand events so many: a tenth start processes, three fifths name one.
static ORDINARY: [(u64, Kind); 15] = [
    (55, process_created),
    (45, process_audited),
    (15, registry_key),
    (45, registry_value),
    (130, image_loaded),
    (100, connection),
    (70, name_looked_up),
    (100, file_created),
    (40, process_opened),
    (110, logon),
    (90, logoff),
    (40, privileges),
    (100, packet_allowed),
    (20, service_state),
    (40, server_query),
];

/// Writes one row: an event of a kind drawn by its frequency.
pub(super) fn write(batch: &mut Batch, names: &Names, random: &mut Random, text: &mut String, time: i64) {
    let machine = random.below(names.machines.len() as u64) as usize;
    let mut row = Row { batch, names, random, text, machine };
    row.batch.number(Column::StartTime, time);
    row.batch.number(Column::LogSource, 1_000 + machine as i64);
    row.batch.text(Column::Machine, &names.machines[machine]);
    let drawn = row.random.below(1_000_000);
    if drawn < INSTALLS_PER_MILLION {
        service_installed(&mut row);
    } else if drawn < INSTALLS_PER_MILLION + SUSPICIOUS_PER_MILLION {
        suspicious(&mut row);
    } else {
        ordinary(&mut row);
    }
    batch.end_row();
}

fn ordinary(row: &mut Row<'_>) {
    let mut drawn = row.random.below(ORDINARY.iter().map(|it| it.0).sum());
    for (weight, kind) in &ORDINARY {
        if drawn < *weight {
            return kind(row);
        }
        drawn -= weight;
    }
}

/// A row in the making and what its values are drawn from.
struct Row<'a> {
    batch: &'a mut Batch,
    names: &'a Names,
    random: &'a mut Random,
    /// Holds a text while it is put together.
    text: &'a mut String,
    machine: usize,
}

impl Row<'_> {
    /// What every event has: id, channel, type of log source, QID, category, severity.
    fn head(&mut self, id: &str, channel: &str, qid: i64, category: i64) {
        self.batch.number(Column::LogSourceType, WINDOWS);
        self.batch.text(Column::EventId, id);
        self.batch.text(Column::Channel, channel);
        self.batch.number(Column::Qid, qid);
        self.batch.number(Column::Category, category);
        self.batch.number(Column::Severity, 1 + qid % 3);
    }

    fn text(&mut self, column: Column, text: &str) {
        self.batch.text(column, text);
    }

    /// An index below `length`, the small ones more often.
    fn skewed(&mut self, length: usize) -> usize {
        let length = length as u64;
        let (first, second) = (self.random.below(length), self.random.below(length));
        (first * second / length) as usize
    }

    /// A text of a pattern: see [`Names::arguments`].
    fn fill(&mut self, column: Column, pattern: &str) {
        self.text.clear();
        for part in pattern.chars() {
            // Writing to a text does not fail.
            let _ = match part {
                '#' => write!(self.text, "{}", self.random.between(1, 9_999)),
                '^' => write!(self.text, "{}", self.random.between(10, 60)),
                '~' => write!(self.text, "{:08X}", self.random.next() as u32),
                '@' => write!(self.text, "{}", self.random.pick(self.names.people)),
                other => write!(self.text, "{other}"),
            };
        }
        self.batch.text(column, self.text);
    }

    fn user(&mut self) {
        let person = match self.random.below(10) {
            0..4 => "SYSTEM",
            4 => "NETWORK SERVICE",
            _ => self.names.people[(self.machine + self.random.below(3) as usize) % self.names.people.len()],
        };
        self.batch.text(Column::User, person);
    }

    /// The program that an event is about; gives its place in the list.
    fn process(&mut self) -> usize {
        let program = self.skewed(self.names.programs.len());
        self.batch.text(Column::ProcessPath, &self.names.programs[program]);
        self.process_id();
        self.user();
        program
    }

    fn process_id(&mut self) {
        let number = 4 * self.random.between(100, 4_000);
        self.digits(Column::ProcessId, number);
    }

    fn digits(&mut self, column: Column, number: u64) {
        self.text.clear();
        let _ = write!(self.text, "{number}");
        self.batch.text(column, self.text);
    }

    fn address(&mut self, column: Column, inside: bool) {
        let (first, second) = (self.random.below(4), self.random.between(1, 254));
        self.text.clear();
        let _ =
            if inside { write!(self.text, "10.20.{first}.{second}") } else { write!(self.text, "198.51.100.{second}") };
        self.batch.text(column, self.text);
    }

    /// A started program with its command line and parent.
    fn start(&mut self) {
        let program = self.process();
        let names = self.names;
        let arguments = *self.random.pick(names.arguments);
        let path = &names.programs[program];
        self.fill(Column::Command, &command_line(path, arguments));
        let parent = self.skewed(names.programs.len());
        self.batch.text(Column::ParentProcessPath, &names.programs[parent]);
        let arguments = *self.random.pick(names.arguments);
        self.fill(Column::ParentCommand, &command_line(&names.programs[parent], arguments));
    }
}

fn command_line(path: &str, arguments: &str) -> String {
    if path.contains(' ') { format!("\"{path}\" {arguments}") } else { format!("{path} {arguments}") }
}

fn process_created(row: &mut Row<'_>) {
    row.head("1", SYSMON, 5_001_828, 8_052);
    row.start();
}

fn process_audited(row: &mut Row<'_>) {
    row.head("4688", SECURITY, 5_000_862, 8_052);
    row.start();
}

fn registry_key(row: &mut Row<'_>) {
    row.head("12", SYSMON, 5_001_840, 8_058);
    row.process();
    let value = *row.random.pick(row.names.registry_values);
    row.fill(Column::RegistryKey, value.rsplit_once('\\').map_or(value, |it| it.0));
}

fn registry_value(row: &mut Row<'_>) {
    row.head("13", SYSMON, 5_001_841, 8_058);
    row.process();
    let value = *row.random.pick(row.names.registry_values);
    row.fill(Column::RegistryKey, value);
}

fn image_loaded(row: &mut Row<'_>) {
    row.head("7", SYSMON, 5_001_834, 8_052);
    row.process();
    let library = row.skewed(row.names.libraries.len());
    row.batch.text(Column::LoadedImage, &row.names.libraries[library]);
}

fn connection(row: &mut Row<'_>) {
    row.head("3", SYSMON, 5_001_830, 4_002);
    row.process();
    row.address(Column::SourceIp, true);
    let inside = row.random.below(3) > 0;
    row.address(Column::DestinationIp, inside);
    let port = *row.random.pick(&[443, 443, 443, 80, 445, 389, 135, 53, 88, 8080]);
    row.batch.number(Column::DestinationPort, port);
}

fn name_looked_up(row: &mut Row<'_>) {
    row.head("22", SYSMON, 5_001_850, 4_002);
    row.process();
    row.address(Column::DestinationIp, true);
}

fn file_created(row: &mut Row<'_>) {
    row.head("11", SYSMON, 5_001_838, 8_056);
    row.process();
    let file = *row.random.pick(row.names.files);
    row.fill(Column::FilePath, file);
}

fn process_opened(row: &mut Row<'_>) {
    row.head("10", SYSMON, 5_001_837, 8_052);
    row.process();
}

fn logon(row: &mut Row<'_>) {
    row.head("4624", SECURITY, 5_000_830, 3_057);
    row.user();
    let kind = *row.random.pick(&["3", "3", "3", "5", "5", "2", "7", "10"]);
    row.text(Column::LogonType, kind);
    row.address(Column::SourceIp, true);
}

fn logoff(row: &mut Row<'_>) {
    row.head("4634", SECURITY, 5_000_841, 3_065);
    row.user();
    row.text(Column::LogonType, "3");
}

fn privileges(row: &mut Row<'_>) {
    row.head("4672", SECURITY, 5_000_846, 3_075);
    row.user();
}

fn packet_allowed(row: &mut Row<'_>) {
    row.head("5156", SECURITY, 5_000_951, 4_002);
    row.process_id();
    row.address(Column::SourceIp, true);
    row.address(Column::DestinationIp, true);
    let port = row.random.between(49_152, 65_535);
    row.batch.number(Column::DestinationPort, port as i64);
}

fn service_state(row: &mut Row<'_>) {
    row.head("7036", SYSTEM, 5_002_190, 8_059);
    let service = row.random.pick(row.names.services).0;
    row.text(Column::ServiceName, service);
}

/// A log source of another type on the same machines.
fn server_query(row: &mut Row<'_>) {
    row.batch.number(Column::LogSourceType, DNS);
    row.batch.number(Column::Qid, 38_750_003);
    row.batch.number(Column::Category, 18_438);
    row.batch.number(Column::Severity, 1);
    row.address(Column::SourceIp, true);
    row.address(Column::DestinationIp, true);
    row.batch.number(Column::DestinationPort, 53);
}

fn service_installed(row: &mut Row<'_>) {
    let (name, file) = *row.random.pick(row.names.services);
    install(row, name, file);
}

/// The QIDs are those by which a published query asks for these events.
fn install(row: &mut Row<'_>, name: &str, file: &str) {
    if row.random.below(2) == 0 {
        row.head("7045", SYSTEM, 5_000_700, 8_059);
    } else {
        row.head("4697", SECURITY, 5_000_100, 8_059);
    }
    row.user();
    row.fill(Column::ServiceName, name);
    row.fill(Column::ServiceFile, file);
    row.text(Column::ServiceAccount, "LocalSystem");
}

/// What services are abused for, in the logs that show it.
fn suspicious(row: &mut Row<'_>) {
    let shell = *row.random.pick(&["cmd", "WindowsPowerShell\\v1.0\\powershell"]);
    let shell = format!("C:\\Windows\\System32\\{shell}.exe");
    match row.random.below(6) {
        0 => install(row, "updater#", "C:\\Users\\@\\AppData\\Local\\Temp\\u#.exe"),
        1 => install(row, "svc~", "\\\\10.20.0.66\\tools\\u#.exe"),
        2 => tool(row, "sc", "sc.exe  create updater# binPath= \"C:\\Users\\Public\\u#.exe\" start= auto", &shell),
        3 => tool(row, "net1", "C:\\Windows\\system32\\net1.exe start updater#", &shell),
        4 => {
            let command = "powershell.exe -NoProfile New-Service -Name u# -BinaryPathName C:\\Windows\\Temp\\u#.exe";
            tool(row, "WindowsPowerShell\\v1.0\\powershell", command, "C:\\Windows\\explorer.exe");
        }
        _ => tool(row, "PsExec", "PsExec.exe -accepteula \\\\ws^ -s cmd.exe /c whoami", &shell),
    }
}

fn tool(row: &mut Row<'_>, name: &str, command: &str, parent: &str) {
    row.head("1", SYSMON, 5_001_828, 8_052);
    row.process_id();
    row.user();
    row.text(Column::ProcessPath, &format!("C:\\Windows\\System32\\{name}.exe"));
    row.fill(Column::Command, command);
    row.text(Column::ParentProcessPath, parent);
    row.text(Column::ParentCommand, parent);
}
