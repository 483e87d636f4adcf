//! What an event says that somebody did, in the form that transformations rewrite.

use crate::Platform;

/// What an event shows of a deed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A program was started on Windows: events 1 of Sysmon and 4688 of Security.
    WindowsProcess(WindowsProcess),
    /// A service got a command: events 7045 and 4697, values of the registry (13 of Sysmon, 4657 of Security).
    Service(ServiceCommand),
    /// The name of a value of the registry, as the program gave it that set it.
    RegistryValue(String),
    /// PowerShell ran a script: event 4104.
    Script(String),
    /// A file or pipe of a share was asked for: event 5145.
    SharePath(String),
    /// A program was started on Linux or macOS.
    UnixProcess(UnixProcess),
    /// A system call of Linux got paths: records PATH of the audit log.
    UnixPath(UnixPath),
}

/// A program that was started on Windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowsProcess {
    /// The path of the program's file, as the kernel knows it.
    pub image: String,
    /// The command line, as the caller gave it to the kernel.
    pub command_line: String,
    /// The name in the version resource of the file, where the event has it.
    pub original_name: Option<String>,
}

impl WindowsProcess {
    /// The name of the program's file, in lower case and without `.exe`.
    pub fn program(&self) -> String {
        crate::windows::program_of(&self.image)
    }
}

/// The command of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceCommand {
    /// The text of the service's database: `ImagePath` and the like.
    pub path: String,
    /// What the text is used for.
    pub kind: ServiceKind,
}

/// What the command of a service is used for; this decides which spellings Windows understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceKind {
    /// A command line that the service manager passes to `CreateProcess`, variables expanded.
    Program,
    /// The file of a driver, which the kernel opens.
    Driver,
    /// A library that the host of the service loads.
    Library,
}

/// A program that was started on Linux or macOS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnixProcess {
    /// Linux or macOS.
    pub platform: Platform,
    /// The path of the program's file, as the kernel knows it; empty where the log does not say it.
    pub image: String,
    /// The arguments, the name of the program first.
    pub arguments: Vec<String>,
    /// Whether sudo reports the command: then the name is the path that sudo found, and nothing was started yet.
    pub sudo: bool,
}

impl UnixProcess {
    /// The name of the program's file without folders.
    pub fn program(&self) -> &str {
        let path = if self.image.is_empty() { self.arguments.first().map_or("", |it| it) } else { &self.image };
        path.rsplit('/').next().unwrap_or_default()
    }

    /// The line that a shell was told to run, by its place among the arguments.
    pub fn shell_line(&self) -> Option<usize> {
        const SHELLS: [&str; 6] = ["sh", "bash", "dash", "zsh", "ksh", "ash"];
        let is_shell = |name: &str| SHELLS.contains(&name.rsplit('/').next().unwrap_or_default());
        if !is_shell(self.program()) && !self.arguments.first().is_some_and(|it| is_shell(it)) {
            return None;
        }
        let is_option = |it: &&String| it.starts_with('-') && !it.starts_with("--") && it.ends_with('c');
        let option = self.arguments.iter().position(|it| is_option(&it))?;
        (option + 1 < self.arguments.len()).then_some(option + 1)
    }

    /// The same process with other arguments.
    #[must_use]
    pub fn with_arguments(&self, arguments: Vec<String>) -> Self {
        Self { arguments, ..self.clone() }
    }
}

/// Paths that a program of Linux gave to a system call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnixPath {
    /// The present folder of the program.
    pub folder: String,
    /// The paths, in the order of the records.
    pub paths: Vec<String>,
}

impl Action {
    /// The text that people compare: command line, path, script.
    pub fn text(&self) -> String {
        match self {
            Self::WindowsProcess(it) => it.command_line.clone(),
            Self::Service(it) => it.path.clone(),
            Self::RegistryValue(it) | Self::Script(it) | Self::SharePath(it) => it.clone(),
            Self::UnixProcess(it) => it.arguments.join(" "),
            Self::UnixPath(it) => it.paths.join(" "),
        }
    }
}
