//! Logons and shares.

use super::hosts::{Account, DOMAIN, SYSTEM};
use super::kinds;
use super::scene::Scene;

/// Where a logon over the network comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    pub(crate) address: &'a str,
    pub(crate) port: u16,
}

const PRIVILEGES: [&str; 8] = [
    "SeSecurityPrivilege",
    "SeBackupPrivilege",
    "SeRestorePrivilege",
    "SeTakeOwnershipPrivilege",
    "SeDebugPrivilege",
    "SeSystemEnvironmentPrivilege",
    "SeLoadDriverPrivilege",
    "SeImpersonatePrivilege",
];

impl Scene<'_> {
    /// A logon of type 2, 5, 7 or so, or of type 3 if it has an origin: Security 4624, and 4672 for administrators.
    /// Returns the identifier of the session.
    pub(crate) fn log_on(&mut self, account: Account, kind: u32, origin: Option<Origin<'_>>) -> u64 {
        let session = if account.is_person() { self.random.between(0x10_0000, 0xff_ffff) } else { account.logon_id };
        let remote = origin.is_some();
        let (package, process) = if remote { ("Kerberos", "Kerberos") } else { ("Negotiate", "Advapi  ") };
        let program = if kind == 5 { r"C:\Windows\System32\services.exe" } else { r"C:\Windows\System32\svchost.exe" };
        let mut values =
            if remote { ["S-1-0-0", "-", "-", "0x0"].map(str::to_owned).to_vec() } else { self.subject(SYSTEM) };
        values.extend([account.sid(), account.name.to_owned()]);
        values.extend([if remote { "NAPLES.EXAMPLE" } else { account.domain }.to_owned(), format!("{session:#x}")]);
        values.extend([kind.to_string(), process.to_owned(), package.to_owned()]);
        values.push(if remote { "-".to_owned() } else { self.host.name.to_owned() });
        let zero_guid = "{00000000-0000-0000-0000-000000000000}".to_owned();
        values.push(if remote { self.host.logon_guid(account) } else { zero_guid });
        values.extend(["-", "-", "0"].map(str::to_owned));
        values.extend(if remote { ["0x0", "-"] } else { ["0x2b4", program] }.map(str::to_owned));
        let (address, port) = origin.map_or(("-", 0), |origin| (origin.address, origin.port));
        values.extend([address.to_owned(), if remote { port.to_string() } else { "-".to_owned() }]);
        values.extend(["%%1833", "-", "-", "-", "%%1843", "0x0"].map(str::to_owned));
        values.push(if account.elevated { "%%1842" } else { "%%1843" }.to_owned());
        self.show(if remote { "network logon" } else { "logon" }, &kinds::LOGON, values);
        if account.elevated {
            let mut values = self.subject(account);
            values[3] = format!("{session:#x}");
            values.push(PRIVILEGES.join("\r\n\t\t\t"));
            self.push(&kinds::SPECIAL_LOGON, values);
        }
        session
    }

    /// The end of a session: Security 4634.
    pub(crate) fn log_off(&mut self, account: Account, kind: u32, session: u64) {
        let values =
            vec![account.sid(), account.name.to_owned(), DOMAIN.to_owned(), format!("{session:#x}"), kind.to_string()];
        self.push(&kinds::LOGOFF, values);
    }

    /// A file or pipe opened through a share of this machine: Security 5140 and 5145.
    pub(crate) fn open_share(
        &mut self,
        account: Account,
        session: u64,
        origin: Origin<'_>,
        (share, local_path): (&str, &str),
        target: &str,
    ) {
        let mut head = self.subject(account);
        head[3] = format!("{session:#x}");
        head.extend(["File".to_owned(), origin.address.to_owned(), origin.port.to_string()]);
        head.extend([format!("\\\\*\\{share}"), local_path.to_owned()]);
        let mut values = head.clone();
        values.extend(["0x1", "%%4416\r\n\t\t\t\t"].map(str::to_owned));
        self.push(&kinds::SHARE_OPENED, values);
        let (mask, rights): (_, &[&str]) = if share == "IPC$" {
            ("0x12019f", &["%%1538", "%%1541", "%%4416", "%%4417", "%%4418", "%%4419", "%%4420", "%%4423", "%%4424"])
        } else {
            ("0x120089", &["%%1538", "%%1541", "%%4416", "%%4419", "%%4423"])
        };
        let rights: String = rights.iter().flat_map(|right| [*right, "\r\n\t\t\t\t"]).collect();
        head.extend([target.to_owned(), mask.to_owned(), rights, "-".to_owned()]);
        self.show("pipe or file of a share", &kinds::SHARE_CHECKED, head);
    }
}
