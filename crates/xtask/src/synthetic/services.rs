//! What the service control manager leaves in the logs.

use super::formats::hexadecimal;
use super::hosts::{Account, Process, SYSTEM};
use super::kinds;
use super::scene::Scene;

/// When a service starts; the names are those of event 7045.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StartType {
    System,
    Automatic,
    Demand,
}

impl StartType {
    fn text(self) -> &'static str {
        match self {
            Self::System => "system start",
            Self::Automatic => "auto start",
            Self::Demand => "demand start",
        }
    }

    fn number(self) -> u32 {
        match self {
            Self::System => 1,
            Self::Automatic => 2,
            Self::Demand => 3,
        }
    }
}

/// A service to be installed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Service<'a> {
    pub(crate) name: &'a str,
    /// The command that it runs.
    pub(crate) path: &'a str,
    pub(crate) start: StartType,
    /// A driver for the kernel, not a program.
    pub(crate) driver: bool,
}

impl Service<'_> {
    fn key(&self) -> String {
        format!("HKLM\\System\\CurrentControlSet\\Services\\{}", self.name)
    }
}

impl Scene<'_> {
    pub(crate) fn service_manager(&self) -> Process {
        let image = r"C:\Windows\system32\services.exe";
        self.host.system_process(image, image, SYSTEM)
    }

    /// A service installed by `client`: Sysmon 12 and 13, System 7045, Security 4697.
    pub(crate) fn install_service(&mut self, client: &Process, service: Service<'_>) {
        let manager = self.service_manager();
        let key = service.key();
        self.registry_key(&manager, "CreateKey", &key);
        let start = format!("DWORD ({:#010x})", service.start.number());
        self.registry_value(&manager, &format!("{key}\\Start"), &start);
        self.registry_value(&manager, &format!("{key}\\ImagePath"), service.path);
        let (kind, mask) = if service.driver { ("kernel mode driver", "0x1") } else { ("user mode service", "0x10") };
        let account = if service.driver { "" } else { "LocalSystem" };
        let values = [service.name, service.path, kind, service.start.text(), account].map(str::to_owned);
        let marked = self.show("service installed", &kinds::SERVICE_INSTALLED, values.to_vec());
        marked.event.user_sid = Some(client.account.sid());

        let mut values = self.subject(client.account);
        values.extend([service.name, service.path, mask].map(str::to_owned));
        values.extend([service.start.number().to_string(), account.to_owned()]);
        let start_key = 0x0013_0000_0000_0000_u64 + u64::from(client.id);
        values.extend([start_key.to_string(), client.id.to_string(), "5164".to_owned()]);
        self.show("service installed", &kinds::SERVICE_AUDITED, values);
    }

    /// The command of a service changed: Sysmon 13 only, nothing is installed.
    pub(crate) fn reconfigure_service(&mut self, name: &str, path: &str) {
        let manager = self.service_manager();
        self.registry_value(&manager, &format!("HKLM\\System\\CurrentControlSet\\Services\\{name}\\ImagePath"), path);
    }

    /// A service deleted: Sysmon 12.
    pub(crate) fn delete_service(&mut self, name: &str) {
        let manager = self.service_manager();
        self.registry_key(&manager, "DeleteKey", &format!("HKLM\\System\\CurrentControlSet\\Services\\{name}"));
    }

    /// A service that entered a state, `running` or `stopped`: System 7036.
    pub(crate) fn service_state(&mut self, name: &str, display_name: &str, state: &'static str) {
        let number = if state == "running" { "4" } else { "1" };
        let values = vec![display_name.to_owned(), state.to_owned(), binary(&format!("{name}/{number}"))];
        self.show("service state", &kinds::SERVICE_STATE, values);
    }

    /// The start type of a service changed: System 7040 and Sysmon 13.
    pub(crate) fn service_start_type(&mut self, account: Account, name: &str, display_name: &str, automatic: bool) {
        let (old, new, number) =
            if automatic { ("demand start", "auto start", 2) } else { ("auto start", "demand start", 3) };
        let manager = self.service_manager();
        let value = format!("HKLM\\System\\CurrentControlSet\\Services\\{name}\\Start");
        self.registry_value(&manager, &value, &format!("DWORD ({number:#010x})"));
        let values = [display_name, old, new, name].map(str::to_owned);
        self.push(&kinds::SERVICE_START_TYPE, values.to_vec()).event.user_sid = Some(account.sid());
    }

    /// A program that is no service was started as one: System 7009 and 7000, half a minute later.
    pub(crate) fn service_timeout(&mut self, name: &str) {
        self.time += 30_000;
        self.show("start timed out", &kinds::SERVICE_TIMEOUT, vec!["30000".into(), name.into(), binary(name)]);
        self.show("start failed", &kinds::SERVICE_FAILED, vec![name.into(), "%%1053".into(), binary(name)]);
    }
}

/// Text as the service control manager attaches it: UTF-16 with a final zero, in hexadecimal.
fn binary(text: &str) -> String {
    hexadecimal(text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes))
}
