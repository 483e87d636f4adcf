//! The machines and accounts of the fictional network `naples.example`.

use super::Random;

/// The `NetBIOS` name of the domain.
pub(crate) const DOMAIN: &str = "NAPLES";
const DOMAIN_SID: &str = "S-1-5-21-1406254710-2812905763-3340219856";

/// An account that starts processes or logs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    /// The name without domain.
    pub(crate) name: &'static str,
    /// The domain, or the authority of a built-in account.
    pub(crate) domain: &'static str,
    /// The last part of a domain account's SID; the whole SID of a built-in one.
    sid: Sid,
    /// The logon session on its own machine.
    pub(crate) logon_id: u64,
    /// Works with elevated rights.
    pub(crate) elevated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sid {
    Domain(u32),
    BuiltIn(&'static str),
}

impl Account {
    /// The SID as text.
    pub(crate) fn sid(&self) -> String {
        match self.sid {
            Sid::Domain(relative) => format!("{DOMAIN_SID}-{relative}"),
            Sid::BuiltIn(sid) => sid.to_owned(),
        }
    }

    /// The account in another session than its own.
    pub(crate) fn in_session(self, logon_id: u64) -> Self {
        Self { logon_id, ..self }
    }

    /// `DOMAIN\name`
    pub(crate) fn full_name(&self) -> String {
        format!("{}\\{}", self.domain, self.name)
    }

    /// Whether it belongs to a person.
    pub(crate) fn is_person(&self) -> bool {
        matches!(self.sid, Sid::Domain(_))
    }
}

const fn person(name: &'static str, relative: u32, logon_id: u64, elevated: bool) -> Account {
    Account { name, domain: DOMAIN, sid: Sid::Domain(relative), logon_id, elevated }
}

const fn built_in(name: &'static str, sid: &'static str, logon_id: u64) -> Account {
    Account { name, domain: "NT AUTHORITY", sid: Sid::BuiltIn(sid), logon_id, elevated: true }
}

pub(crate) const SYSTEM: Account = built_in("SYSTEM", "S-1-5-18", 0x3e7);
pub(crate) const LOCAL_SERVICE: Account = built_in("LOCAL SERVICE", "S-1-5-19", 0x3e5);
pub(crate) const NETWORK_SERVICE: Account = built_in("NETWORK SERVICE", "S-1-5-20", 0x3e4);
/// The administrator who tries the attacks.
pub(crate) const FERDINAND: Account = person("ferdinand", 1107, 0x5_a1c3, true);
/// An office worker.
pub(crate) const MIRANDA: Account = person("miranda", 1112, 0x4_71b2, false);
/// A developer.
pub(crate) const SEBASTIAN: Account = person("sebastian", 1118, 0x6_0d47, false);
/// The account of the software distribution.
pub(crate) const DEPLOYMENT: Account = person("svc-deploy", 1140, 0x9_33e8, true);

/// A process that runs, as later events refer to it.
#[derive(Clone, Debug)]
pub(crate) struct Process {
    pub(crate) image: String,
    pub(crate) command_line: String,
    pub(crate) account: Account,
    pub(crate) id: u32,
    pub(crate) guid: String,
}

/// A Windows machine.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    /// The `NetBIOS` name.
    pub(crate) name: &'static str,
    /// The full name in lower case, as `System/Computer` has it.
    pub(crate) computer: &'static str,
    /// Its address.
    pub(crate) address: &'static str,
    /// Begins every `ProcessGuid` of the machine.
    machine_guid: u32,
    next_process: u32,
    started: u32,
}

impl Host {
    pub(crate) const fn new(
        name: &'static str,
        computer: &'static str,
        address: &'static str,
        machine_guid: u32,
    ) -> Self {
        Self { name, computer, address, machine_guid, next_process: 4200, started: 0 }
    }

    /// A process started now, in milliseconds since 1970.
    pub(crate) fn new_process(
        &mut self,
        random: &mut Random,
        time: i64,
        image: &str,
        command_line: &str,
        account: Account,
    ) -> Process {
        self.next_process = 1200 + (self.next_process + 4 * random.between(3, 90) as u32) % 11_000;
        self.started += 1;
        let guid = self.process_guid(time, self.started);
        let (image, command_line) = (image.to_owned(), command_line.to_owned());
        Process { image, command_line, account, id: self.next_process, guid }
    }

    /// A process that started with Windows.
    pub(crate) fn system_process(&self, image: &str, command_line: &str, account: Account) -> Process {
        let (id, number) = match image.rsplit('\\').next().unwrap_or(image) {
            "System" => (4, 1),
            "services.exe" => (692, 11),
            "lsass.exe" => (716, 12),
            "explorer.exe" => (5164, 131),
            other => (900 + 4 * other.len() as u32 + 8 * (command_line.len() as u32 % 100), 40),
        };
        let guid = self.process_guid(1_772_431_260_000, number);
        Process { image: image.to_owned(), command_line: command_line.to_owned(), account, id, guid }
    }

    fn process_guid(&self, time: i64, number: u32) -> String {
        let seconds = (time / 1000) as u32;
        let (high, low) = (seconds >> 16, seconds & 0xffff);
        format!("{{{:08x}-{low:04x}-{high:04x}-{:04x}-{:012x}}}", self.machine_guid, number & 0xffff, 0x1d00)
    }

    /// The GUID of a logon session.
    pub(crate) fn logon_guid(&self, account: Account) -> String {
        format!("{{{:08x}-4f1c-69a5-{:04x}-{:012x}}}", self.machine_guid, account.logon_id & 0xffff, account.logon_id)
    }
}
