//! `lx01`: the logs of auditd, systemd and Sysmon for Linux.

use std::fmt::Write;

use super::table::Row;
use super::{DAYS, HOUR, MINUTE, at, attacks};
use crate::synthetic::Random;
use crate::synthetic::formats::{hexadecimal, rfc3339};
use crate::synthetic::scene::utc_time;

const AUDIT: &str = "linux/audit.log";
const SYSLOG: &str = "linux/syslog";
/// What auditd writes for a login user that was never set: a service.
const UNSET: u32 = u32::MAX;
/// Stands for the number of an event until all events are in order.
const NUMBER: &str = "@NUMBER@";
/// The numbers of the first events of auditd and of Sysmon.
const FIRST_NUMBERS: [u64; 2] = [2101, 641];

/// One step on the machine; the logs are sorted by time afterwards.
#[derive(Debug)]
struct Line {
    time: i64,
    text: String,
    shows: Option<(&'static str, &'static str)>,
    value: String,
}

#[derive(Debug)]
struct Machine {
    random: Random,
    process: u32,
    audit: Vec<Line>,
    syslog: Vec<Line>,
    story: Option<&'static str>,
}

/// Who runs a program.
#[derive(Clone, Copy, Debug)]
struct User {
    login: u32,
    effective: u32,
    name: &'static str,
    terminal: &'static str,
    /// The process that starts the programs: the shell of the session, or systemd.
    parent: u32,
}

const GONZALO: User = User { login: 1000, effective: 1000, name: "gonzalo", terminal: "pts0", parent: 1844 };
const GONZALO_ROOT: User = User { login: 1000, effective: 0, name: "root", terminal: "pts0", parent: 1844 };
const SERVICE: User = User { login: UNSET, effective: 0, name: "root", terminal: "(none)", parent: 1 };

/// The files of the machine.
pub(super) fn files(table: &mut Vec<Row>) -> Vec<(String, Vec<u8>)> {
    let mut machine =
        Machine { random: Random::new(1569), process: 1900, audit: Vec::new(), syslog: Vec::new(), story: None };
    machine.days();
    machine.packages(
        at(0, 6, 20) + 611,
        "nginx",
        "nginx.service",
        "A high performance web server and a reverse proxy server",
    );
    machine.packages(
        at(2, 6, 25) + 402,
        "prometheus-node-exporter",
        "prometheus-node-exporter.service",
        "Prometheus exporter for machine metrics",
    );
    machine.story = Some(attacks::STORIES[6]);
    machine.unit(at(3, 9, 5) + 137);
    let [first_audit, first_sysmon] = FIRST_NUMBERS;
    [(AUDIT, machine.audit, first_audit), (SYSLOG, machine.syslog, first_sysmon)]
        .map(|(file, lines, first)| (file.to_owned(), join(file, lines, first, table)))
        .into()
}

fn join(file: &str, mut lines: Vec<Line>, mut number: u64, table: &mut Vec<Row>) -> Vec<u8> {
    lines.sort_by_key(|line| line.time);
    let mut text = String::new();
    let mut line_number = 1;
    for line in lines {
        if let Some(shows) = line.shows {
            let kind = if file == AUDIT { "auditd" } else { line.text.split(' ').nth(2).unwrap_or_default() };
            let kind = kind.trim_end_matches(':').split('[').next().unwrap_or_default();
            table.push(Row::new(shows, (file, line_number), kind, line.time, &line.value));
        }
        line_number += line.text.lines().count() as u64;
        if line.text.contains(NUMBER) {
            text.push_str(&line.text.replace(NUMBER, &number.to_string()));
            number += 1;
        } else {
            text.push_str(&line.text);
        }
    }
    text.into_bytes()
}

impl Machine {
    fn days(&mut self) {
        let commands: [(User, &str, &[&str]); 7] = [
            (GONZALO, "/usr/bin/ls", &["ls", "-la", "/var/log"]),
            (GONZALO, "/usr/bin/git", &["git", "pull", "--rebase"]),
            (GONZALO_ROOT, "/usr/bin/systemctl", &["systemctl", "status", "nginx.service"]),
            (GONZALO_ROOT, "/usr/bin/journalctl", &["journalctl", "-u", "nginx", "--since", "1 hour ago"]),
            (SERVICE, "/usr/bin/dash", &["/bin/sh", "-c", "command -v debian-sa1 > /dev/null && debian-sa1 1 1"]),
            (SERVICE, "/usr/sbin/logrotate", &["/usr/sbin/logrotate", "/etc/logrotate.conf"]),
            (SERVICE, "/usr/lib/apt/apt.systemd.daily", &["/usr/lib/apt/apt.systemd.daily", "update"]),
        ];
        for day in 0..DAYS {
            for _ in 0..30 {
                let time = at(day, 6, 0) + self.random.below(12 * HOUR as u64) as i64;
                let (user, program, arguments) = *self.random.pick(&commands);
                self.execute(time, user, program, arguments, None);
            }
            for (minute, unit, description) in [
                (2, "logrotate.service", "Rotate log files"),
                (17, "apt-daily.service", "Daily apt download activities"),
                (40, "fstrim.service", "Discard unused blocks on filesystems from /etc/fstab"),
            ] {
                let time = at(day, 6, minute) + self.random.below(900) as i64;
                self.service(time, unit, description, None);
            }
            for hour in 6..18 {
                let text = format!("(root) CMD (cd / && run-parts --report /etc/cron.hourly) # {hour}");
                self.log(at(day, hour, 17) + 1013, "CRON[4410]", &text, None, "");
            }
            let port = self.random.between(40_000, 60_000);
            let text =
                format!("Accepted publickey for gonzalo from 10.20.0.21 port {port} ssh2: ED25519 SHA256:3fE1xVqT0s");
            self.log(at(day, 7, 51) + 377, "sshd[2210]", &text, None, "");
        }
    }

    /// The package manager brings a unit: what a detection must not take for an attack.
    fn packages(&mut self, time: i64, package: &str, unit: &str, description: &str) {
        self.execute(time, GONZALO_ROOT, "/usr/bin/apt-get", &["apt-get", "install", "-y", package], None);
        let dpkg = ["/usr/bin/dpkg", "--status-fd", "40", "--configure", "--pending"];
        self.execute(time + 4000, GONZALO_ROOT, "/usr/bin/dpkg", &dpkg, None);
        self.create(
            time + 4200,
            GONZALO_ROOT,
            "/usr/bin/dpkg",
            &format!("/usr/lib/systemd/system/{unit}.dpkg-new"),
            None,
        );
        let enable = ["systemctl", "--system", "daemon-reload"];
        self.execute(time + 6000, GONZALO_ROOT, "/usr/bin/systemctl", &enable, None);
        let link = format!("/etc/systemd/system/multi-user.target.wants/{unit}");
        self.create(time + 6400, GONZALO_ROOT, "/usr/bin/deb-systemd-helper", &link, None);
        self.log(time + 6100, "systemd[1]", "Reloading.", None, "");
        self.service(time + 7000, unit, description, None);
    }

    /// T1569 test 3.
    fn unit(&mut self, time: i64) {
        let unit = "/etc/systemd/system/atomic-test.service";
        let copy = ["sudo", "tee", unit];
        self.execute(time, GONZALO, "/usr/bin/sudo", &copy, Some("sudo"));
        self.execute(time + 30, GONZALO_ROOT, "/usr/bin/tee", &["tee", unit], Some("unit written"));
        self.create(time + 50, GONZALO_ROOT, "/usr/bin/tee", unit, Some("unit file created"));
        for (after, verb) in [(9000, "daemon-reload"), (15_000, "enable"), (22_000, "start")] {
            let mut arguments = vec!["systemctl", verb];
            if verb != "daemon-reload" {
                arguments.push("atomic-test.service");
            }
            self.execute(time + after, GONZALO_ROOT, "/usr/bin/systemctl", &arguments, Some("systemctl"));
        }
        self.log(time + 9300, "systemd[1]", "Reloading requested from client PID 2417 ('systemctl')...", None, "");
        let link = "/etc/systemd/system/multi-user.target.wants/atomic-test.service";
        self.create(time + 15_200, GONZALO_ROOT, "/usr/bin/systemctl", link, Some("unit enabled"));
        let run = ["/bin/bash", "-c", "id > /tmp/atomic-test.out; sleep 600"];
        self.service(time + 22_100, "atomic-test.service", "Atomic test", Some("unit started"));
        self.execute(time + 22_200, SERVICE, "/usr/bin/bash", &run, Some("shell run by systemd as root"));
        let shell = User { parent: self.process, ..SERVICE };
        self.execute(time + 22_230, shell, "/usr/bin/id", &["id"], Some("id run as root"));
        let remove = ["systemctl", "disable", "--now", "atomic-test.service"];
        self.execute(time + 5 * MINUTE, GONZALO_ROOT, "/usr/bin/systemctl", &remove, Some("systemctl"));
    }

    /// A program executed: auditd's SYSCALL, EXECVE, CWD, PATH and PROCTITLE, and Sysmon 1.
    fn execute(&mut self, time: i64, user: User, program: &str, arguments: &[&str], step: Option<&'static str>) {
        self.process += self.random.between(1, 40) as u32;
        let (process, parent) = (self.process, user.parent);
        let id = audit_id(time);
        let mut text = syscall(&id, user, (59, 2), (process, parent), program, "exec");
        let _ = write!(text, "type=EXECVE {id}: argc={}", arguments.len());
        for (index, argument) in arguments.iter().enumerate() {
            let _ = write!(text, " a{index}={}", audit_text(argument));
        }
        let _ = write!(text, "\ntype=CWD {id}: cwd=\"{}\"\n", if user.effective == 0 { "/" } else { "/home/gonzalo" });
        text.push_str(&path(&id, 0, program, 131_072 + u64::from(process % 977), "0100755", "NORMAL"));
        text.push_str(&path(&id, 1, "/lib64/ld-linux-x86-64.so.2", 3_412, "0100755", "NORMAL"));
        let title = hexadecimal(arguments.join("\0").bytes());
        let _ = writeln!(text, "type=PROCTITLE {id}: proctitle={title}");
        let command_line = arguments.join(" ");
        self.push_audit(time, text, step, &command_line);

        let parent_image = if parent == 1 { "/usr/lib/systemd/systemd" } else { "/usr/bin/bash" };
        let parent_command = if parent == 1 { "/sbin/init" } else { "-bash" };
        let (guid, parent_guid) = (guid(time, process), guid(time - HOUR, parent));
        let logon = guid_of_session(user.login);
        let (number, parent) = (process.to_string(), parent.to_string());
        let (user_id, session) = (user.login.to_string(), if user.login == UNSET { "4294967295" } else { "3" });
        let utc = utc_time(time);
        let data = [
            ("RuleName", "-"),
            ("UtcTime", utc.as_str()),
            ("ProcessGuid", &guid),
            ("ProcessId", &number),
            ("Image", program),
            ("FileVersion", "-"),
            ("Description", "-"),
            ("Product", "-"),
            ("Company", "-"),
            ("OriginalFileName", "-"),
            ("CommandLine", &command_line),
            ("CurrentDirectory", "/"),
            ("User", user.name),
            ("LogonGuid", &logon),
            ("LogonId", &user_id),
            ("TerminalSessionId", session),
            ("IntegrityLevel", "no level"),
            ("Hashes", "-"),
            ("ParentProcessGuid", &parent_guid),
            ("ParentProcessId", &parent),
            ("ParentImage", parent_image),
            ("ParentCommandLine", parent_command),
            ("ParentUser", if parent == "1" { "root" } else { "gonzalo" }),
        ];
        self.sysmon(time, 1, 5, &data, step, &command_line);
    }

    /// A file created: auditd's SYSCALL with PATH, and Sysmon 11.
    fn create(&mut self, time: i64, user: User, program: &str, file: &str, step: Option<&'static str>) {
        let process = self.process;
        let id = audit_id(time);
        let mut text = syscall(&id, user, (257, 2), (process, process - 1), program, "systemd-units");
        let _ = writeln!(text, "type=CWD {id}: cwd=\"/\"");
        let (folder, _) = file.rsplit_once('/').unwrap_or(("/", file));
        text.push_str(&path(&id, 0, &format!("{folder}/"), 2_621, "040755", "PARENT"));
        text.push_str(&path(&id, 1, file, 790_144 + u64::from(process), "0100644", "CREATE"));
        self.push_audit(time, text, step, file);

        let (guid, number, utc) = (guid(time, process), process.to_string(), utc_time(time));
        let data = [
            ("RuleName", "-"),
            ("UtcTime", utc.as_str()),
            ("ProcessGuid", &guid),
            ("ProcessId", &number),
            ("Image", program),
            ("TargetFilename", file),
            ("CreationUtcTime", &utc),
            ("User", user.name),
        ];
        self.sysmon(time, 11, 2, &data, step, file);
    }

    /// A unit started: auditd's `SERVICE_START` and the line of systemd.
    fn service(&mut self, time: i64, unit: &str, description: &str, step: Option<&'static str>) {
        let id = audit_id(time);
        let name = unit.trim_end_matches(".service");
        let text = format!(
            "type=SERVICE_START {id}: pid=1 uid=0 auid={UNSET} ses={UNSET} subj=unconfined msg='unit={name} \
             comm=\"systemd\" exe=\"/usr/lib/systemd/systemd\" hostname=? addr=? terminal=? res=success'\n"
        );
        self.push_audit(time, text, step, unit);
        self.log(time + 3, "systemd[1]", &format!("Started {unit} - {description}."), step, unit);
    }

    fn push_audit(&mut self, time: i64, text: String, step: Option<&'static str>, value: &str) {
        let shows = self.story.zip(step);
        self.audit.push(Line { time, text, shows, value: value.to_owned() });
    }

    fn log(&mut self, time: i64, program: &str, message: &str, step: Option<&'static str>, value: &str) {
        let text = format!("{} lx01 {program}: {message}\n", rfc3339(time, 6).replace('Z', "+00:00"));
        let shows = self.story.zip(step);
        self.syslog.push(Line { time, text, shows, value: value.to_owned() });
    }

    fn sysmon(
        &mut self,
        time: i64,
        id: u32,
        version: u8,
        data: &[(&str, &str)],
        step: Option<&'static str>,
        value: &str,
    ) {
        let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let field = |(name, value): &(&str, &str)| format!("<Data Name=\"{name}\">{}</Data>", escape(value));
        let fields = data.iter().map(field).collect::<Vec<String>>().concat();
        let message = format!(
            "<Event><System><Provider Name=\"Linux-Sysmon\" Guid=\"{{ff032593-a8d3-4f13-b0d6-01fc615a0f97}}\"/>\
             <EventID>{id}</EventID><Version>{version}</Version><Level>4</Level><Task>{id}</Task><Opcode>0</Opcode>\
             <Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime=\"{}\"/><EventRecordID>{NUMBER}</EventRecordID>\
             <Correlation/><Execution ProcessID=\"812\" ThreadID=\"812\"/><Channel>Linux-Sysmon/Operational</Channel>\
             <Computer>lx01</Computer><Security UserId=\"0\"/></System><EventData>{fields}</EventData></Event>",
            rfc3339(time, 6).replace('Z', "000Z"),
        );
        self.log(time + 1, "sysmon", &message, step, value);
    }
}

fn syscall(
    id: &str,
    user: User,
    (number, items): (u32, u32),
    (process, parent): (u32, u32),
    program: &str,
    key: &str,
) -> String {
    let (login, uid) = (user.login, user.effective);
    let session = if login == UNSET { UNSET } else { 3 };
    let name: String = program.rsplit('/').next().unwrap_or(program).chars().take(15).collect();
    format!(
        "type=SYSCALL {id}: arch=c000003e syscall={number} success=yes exit=0 a0=5583e8a1c2f0 a1=5583e8a1d410 \
         a2=5583e8a0f010 a3=8 items={items} ppid={parent} pid={process} auid={login} uid={uid} gid={uid} euid={uid} \
         suid={uid} fsuid={uid} egid={uid} sgid={uid} fsgid={uid} tty={} ses={session} comm=\"{name}\" \
         exe=\"{program}\" subj=unconfined key=\"{key}\"\n",
        user.terminal
    )
}

/// The head of the records of an event; the serial number is set when all events are in order.
fn audit_id(time: i64) -> String {
    format!("msg=audit({}.{:03}:{NUMBER})", time / 1000, time % 1000)
}

fn path(id: &str, item: u32, name: &str, inode: u64, mode: &str, kind: &str) -> String {
    format!(
        "type=PATH {id}: item={item} name=\"{name}\" inode={inode} dev=08:01 mode={mode} ouid=0 ogid=0 rdev=00:00 \
         nametype={kind} cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0\n"
    )
}

/// As auditd writes an argument: quoted, or in hexadecimal if it holds blanks, quotes or control characters.
fn audit_text(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"') {
        return format!("\"{text}\"");
    }
    hexadecimal(text.bytes())
}

fn guid(time: i64, process: u32) -> String {
    format!("{{9d3c61a8-{:04x}-{:04x}-{process:04x}-0000000000ff}}", (time / 1000) & 0xffff, (time / 1000) >> 16)
}

fn guid_of_session(login: u32) -> String {
    format!("{{9d3c61a8-0000-0000-{:04x}-{login:012x}}}", login & 0xffff)
}
