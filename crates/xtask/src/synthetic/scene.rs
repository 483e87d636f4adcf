//! A machine in action: what a step of a program leaves in its logs.

use std::fmt::Write;

use ingest::WindowsEvent;
use jiff::Timestamp;

use super::Random;
use super::hosts::{Account, DOMAIN, Host, Process, SYSTEM};
use super::kinds::{self, Kind};
use super::programs;
use super::random::digest;

/// An event and what it shows, where it belongs to a story that the samples tell.
#[derive(Clone, Debug)]
pub(crate) struct Marked {
    pub(crate) event: WindowsEvent,
    /// The test and the step.
    pub(crate) shows: Option<(&'static str, &'static str)>,
}

/// Writes the events of one machine, with a clock that goes forward by each of them.
#[derive(Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) host: &'a mut Host,
    pub(crate) random: &'a mut Random,
    /// Milliseconds since 1970.
    pub(crate) time: i64,
    pub(crate) events: &'a mut Vec<Marked>,
    /// The test that the next events belong to.
    pub(crate) story: Option<&'static str>,
}

impl Scene<'_> {
    /// Lets up to this many milliseconds pass.
    pub(crate) fn wait(&mut self, milliseconds: u64) {
        self.time += self.random.between(milliseconds / 4, milliseconds) as i64;
    }

    /// The time as Sysmon writes it.
    pub(super) fn utc_time(&self) -> String {
        utc_time(self.time)
    }

    /// Adds an event that is nothing special, even in a story.
    pub(super) fn push(&mut self, kind: &Kind, values: Vec<String>) -> &mut Marked {
        self.time += self.random.between(1, 20) as i64;
        let event = kind.event(self.host.computer, self.time, values);
        self.events.push(Marked { event, shows: None });
        self.events.last_mut().expect("just pushed")
    }

    /// Adds an event that shows a step of the story, if there is one.
    pub(super) fn show(&mut self, step: &'static str, kind: &Kind, values: Vec<String>) -> &mut Marked {
        let story = self.story;
        let marked = self.push(kind, values);
        marked.shows = story.map(|story| (story, step));
        marked
    }

    /// Starts a process: Sysmon 1 and Security 4688.
    pub(crate) fn start(&mut self, parent: &Process, account: Account, image: &str, command_line: &str) -> Process {
        let process = self.host.new_process(self.random, self.time, image, command_line, account);
        let values = self.sysmon_process(&process, parent);
        self.show("process created", &kinds::PROCESS_CREATED, values);
        let values = self.audited_process(&process, parent);
        self.show("process created", &kinds::PROCESS_AUDITED, values);
        process
    }

    fn sysmon_process(&self, process: &Process, parent: &Process) -> Vec<String> {
        let program = programs::describe(&process.image);
        let account = process.account;
        let integrity = match (account.is_person(), account.elevated) {
            (false, _) => "System",
            (true, true) => "High",
            (true, false) => "Medium",
        };
        let directory = match (account.is_person(), account.elevated) {
            (true, false) => format!("C:\\Users\\{}\\", account.name),
            _ => r"C:\Windows\system32\".to_owned(),
        };
        vec![
            "-".into(),
            self.utc_time(),
            process.guid.clone(),
            process.id.to_string(),
            process.image.clone(),
            program.version.into(),
            program.description.into(),
            program.product.into(),
            program.company.into(),
            program.original_name.into(),
            process.command_line.clone(),
            directory,
            account.full_name(),
            self.host.logon_guid(account),
            format!("{:#x}", account.logon_id),
            if account.is_person() { "1" } else { "0" }.into(),
            integrity.into(),
            hashes(&process.image),
            parent.guid.clone(),
            parent.id.to_string(),
            parent.image.clone(),
            parent.command_line.clone(),
            parent.account.full_name(),
        ]
    }

    fn audited_process(&self, process: &Process, parent: &Process) -> Vec<String> {
        let account = process.account;
        let label = match (account.is_person(), account.elevated) {
            (false, _) => "S-1-16-16384",
            (true, true) => "S-1-16-12288",
            (true, false) => "S-1-16-8192",
        };
        let token = if account.is_person() && account.elevated { "%%1937" } else { "%%1936" };
        let mut values = self.subject(account);
        values.extend([
            format!("{:#x}", process.id),
            process.image.clone(),
            token.into(),
            format!("{:#x}", parent.id),
            process.command_line.clone(),
            "S-1-0-0".into(),
            "-".into(),
            "-".into(),
            "0x0".into(),
            parent.image.clone(),
            label.into(),
        ]);
        values
    }

    /// The first four fields of a Security event: who did it.
    pub(super) fn subject(&self, account: Account) -> Vec<String> {
        let name = if account == SYSTEM { format!("{}$", self.host.name) } else { account.name.to_owned() };
        let domain = if account == SYSTEM { DOMAIN } else { account.domain };
        vec![account.sid(), name, domain.to_owned(), format!("{:#x}", account.logon_id)]
    }

    /// The end of a process: Sysmon 5.
    pub(crate) fn end(&mut self, process: &Process) {
        let mut values = self.sysmon_head(process);
        values.push(process.account.full_name());
        self.push(&kinds::PROCESS_ENDED, values);
    }

    /// A new file: Sysmon 11.
    pub(crate) fn create_file(&mut self, process: &Process, path: &str) {
        let mut values = self.sysmon_head(process);
        values.extend([path.to_owned(), self.utc_time(), process.account.full_name()]);
        self.show("file created", &kinds::FILE_CREATED, values);
    }

    /// A registry key made or deleted: Sysmon 12.
    pub(crate) fn registry_key(&mut self, process: &Process, action: &'static str, key: &str) {
        let mut values = self.sysmon_head(process);
        values.insert(1, action.to_owned());
        values.extend([key.to_owned(), process.account.full_name()]);
        self.show(if action == "DeleteKey" { "key deleted" } else { "key created" }, &kinds::REGISTRY_KEY, values);
    }

    /// A registry value set: Sysmon 13.
    pub(crate) fn registry_value(&mut self, process: &Process, value: &str, details: &str) {
        let mut values = self.sysmon_head(process);
        values.insert(1, "SetValue".to_owned());
        values.extend([value.to_owned(), details.to_owned(), process.account.full_name()]);
        self.show("value set", &kinds::REGISTRY_VALUE, values);
    }

    /// A connection from this machine: Sysmon 3.
    pub(crate) fn connect(&mut self, process: &Process, address: &str, name: &str, port: u16) {
        let service = match port {
            53 => "domain",
            80 => "http",
            135 => "epmap",
            389 => "ldap",
            443 => "https",
            445 => "microsoft-ds",
            _ => "-",
        };
        let source_port = self.random.between(49_700, 65_000).to_string();
        let mut values = self.sysmon_head(process);
        values.extend([process.account.full_name(), "tcp".into(), "true".into(), "false".into()]);
        values.extend([self.host.address.to_owned(), self.host.computer.to_owned(), source_port, "-".into()]);
        values.extend(["false".to_owned(), address.to_owned(), name.to_owned(), port.to_string(), service.to_owned()]);
        self.show("connection", &kinds::CONNECTED, values);
    }

    /// A name looked up: Sysmon 22.
    pub(crate) fn query_name(&mut self, process: &Process, name: &str, address: &str) {
        let mut values = self.sysmon_head(process);
        let image = values.pop().unwrap_or_default();
        values.extend([name.to_owned(), "0".into(), format!("::ffff:{address};"), image, process.account.full_name()]);
        self.push(&kinds::NAME_QUERIED, values);
    }

    /// A library loaded: Sysmon 7.
    pub(crate) fn load_library(&mut self, process: &Process, library: &str) {
        let mut values = self.sysmon_head(process);
        values.push(library.to_owned());
        values.extend(["10.0.19041.4522 (WinBuild.160101.0800)", "Windows library"].map(str::to_owned));
        values.extend(["Microsoft® Windows® Operating System", "Microsoft Corporation"].map(str::to_owned));
        values.extend([library.rsplit('\\').next().unwrap_or(library).to_owned(), hashes(library)]);
        values.extend(["true", "Microsoft Windows", "Valid"].map(str::to_owned));
        values.push(process.account.full_name());
        self.push(&kinds::IMAGE_LOADED, values);
    }

    /// A process that opens another one: Sysmon 10.
    pub(crate) fn open_process(&mut self, process: &Process, target: &Process) {
        let thread = self.random.between(300, 3000) * 4;
        let values = vec![
            "-".into(),
            self.utc_time(),
            process.guid.clone(),
            process.id.to_string(),
            thread.to_string(),
            process.image.clone(),
            target.guid.clone(),
            target.id.to_string(),
            target.image.clone(),
            "0x1000".into(),
            r"C:\Windows\SYSTEM32\ntdll.dll+9d5e4|C:\Windows\System32\KERNELBASE.dll+2c13e".into(),
            process.account.full_name(),
            target.account.full_name(),
        ];
        self.push(&kinds::PROCESS_OPENED, values);
    }

    /// A driver loaded: Sysmon 6.
    pub(crate) fn load_driver(&mut self, path: &str, signature: &str) {
        let values = vec![
            "-".into(),
            self.utc_time(),
            path.into(),
            hashes(path),
            "true".into(),
            signature.into(),
            "Valid".into(),
        ];
        self.push(&kinds::DRIVER_LOADED, values);
    }

    /// A script block, cut as PowerShell cuts long ones: 4104.
    pub(crate) fn script_block(&mut self, process: &Process, parts: &[&str], path: &str) {
        let id = format!("{:08x}-7c1d-4b52-9e0a-{:012x}", self.random.next() as u32, self.random.next() >> 16);
        for (index, part) in parts.iter().enumerate() {
            let (number, total) = ((index + 1).to_string(), parts.len().to_string());
            let values = vec![number, total, (*part).to_owned(), id.clone(), path.to_owned()];
            let marked = self.show("script block", &kinds::SCRIPT_BLOCK, values);
            marked.event.user_sid = Some(process.account.sid());
            marked.event.process_id = Some(process.id);
        }
    }

    /// A cmdlet that was called: 4103.
    pub(crate) fn command_run(&mut self, process: &Process, command: &str, parameters: &[(&str, &str)]) {
        let mut payload = format!("CommandInvocation({command}): \"{command}\"\r\n");
        for (name, value) in parameters {
            let _ = write!(payload, "ParameterBinding({command}): name=\"{name}\"; value=\"{value}\"\r\n");
        }
        let context = [
            ("Severity", "Informational".to_owned()),
            ("Host Name", "ConsoleHost".to_owned()),
            ("Host Version", "5.1.19041.4522".to_owned()),
            ("Host ID", "6a1e2f8c-43d1-4f0b-9a7e-1c5b2d9e8f30".to_owned()),
            ("Host Application", process.command_line.clone()),
            ("Engine Version", "5.1.19041.4522".to_owned()),
            ("Runspace ID", "b7c1f6de-0c5e-4c6a-8d61-9e2a41f3b582".to_owned()),
            ("Pipeline ID", "1".to_owned()),
            ("Command Name", command.to_owned()),
            ("Command Type", "Cmdlet".to_owned()),
            ("Script Name", String::new()),
            ("Command Path", String::new()),
            ("Sequence Number", "15".to_owned()),
            ("User", process.account.full_name()),
            ("Connected User", String::new()),
            ("Shell ID", "Microsoft.PowerShell".to_owned()),
        ];
        let context: String =
            context.iter().flat_map(|(name, value)| ["        ", name, " = ", value, "\r\n"]).collect();
        let marked = self.show("cmdlet called", &kinds::COMMAND_RUN, vec![context, String::new(), payload]);
        marked.event.user_sid = Some(process.account.sid());
        marked.event.process_id = Some(process.id);
    }

    fn sysmon_head(&self, process: &Process) -> Vec<String> {
        vec!["-".into(), self.utc_time(), process.guid.clone(), process.id.to_string(), process.image.clone()]
    }
}

/// A time as Sysmon writes it: `2026-03-02 08:15:27.123`.
pub(crate) fn utc_time(milliseconds: i64) -> String {
    let time = Timestamp::from_millisecond(milliseconds).unwrap_or_default();
    time.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()
}

fn hashes(path: &str) -> String {
    format!("MD5={},SHA256={},IMPHASH={}", digest(path, 32), digest(path, 64), digest(&path[1..], 32))
}
