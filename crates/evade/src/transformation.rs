//! What a transformation is.

use std::fmt;

use crate::{Action, ServiceCommand, ServiceKind, UnixPath, UnixProcess, WindowsProcess};

/// A way to say the same thing differently, so that it still runs on the real system.
pub struct Transformation {
    /// Lower-case words with hyphens; permanent.
    pub name: &'static str,
    /// What it does, one sentence.
    pub summary: &'static str,
    /// Where it runs.
    pub platforms: &'static [Platform],
    /// Pages of vendors and researchers that say so.
    pub sources: &'static [&'static str],
    /// Which events it changes, and what the real log shows in them.
    pub events: &'static str,
    /// When it does not run on the real system, and what is therefore left alone.
    pub limits: &'static str,
    /// Texts before and after; tests run them.
    pub examples: &'static [Example],
    /// The other ways to do this; none where it does not apply.
    pub rewrite: fn(&Action) -> Vec<Action>,
}

impl fmt::Debug for Transformation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Transformation").field("name", &self.name).finish_non_exhaustive()
    }
}

/// An operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Windows.
    Windows,
    /// Linux.
    Linux,
    /// macOS.
    MacOs,
}

impl Platform {
    /// The name that pages use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::Linux => "linux",
            Self::MacOs => "macos",
        }
    }
}

/// A text before and after.
#[derive(Clone, Copy, Debug)]
pub enum Example {
    /// The command line of a program: its path, before, after.
    Process(&'static str, &'static str, &'static str),
    /// The path of a program whose command line is given: before, after.
    Image(&'static str, &'static str, &'static str),
    /// The command of a service: what it is, before, after.
    Service(ServiceKind, &'static str, &'static str),
    /// The name of a value of the registry: before, after.
    RegistryValue(&'static str, &'static str),
    /// A PowerShell script: before, after.
    Script(&'static str, &'static str),
    /// A path within a share: before, after.
    SharePath(&'static str, &'static str),
    /// Arguments of a program of Linux, its path before them: before, after.
    Linux(&'static str, &'static [&'static str], &'static [&'static str]),
    /// The same on macOS.
    MacOs(&'static str, &'static [&'static str], &'static [&'static str]),
    /// A command that sudo reports on Linux: before, after.
    Sudo(&'static [&'static str], &'static [&'static str]),
    /// A path of a system call of Linux and the present folder: before, after.
    Path([&'static str; 2], [&'static str; 2]),
}

impl Example {
    /// The action before.
    pub fn action(&self) -> Action {
        let windows = |image: &str, line: &str| {
            Action::WindowsProcess(WindowsProcess {
                image: image.to_owned(),
                command_line: line.to_owned(),
                original_name: None,
            })
        };
        let unix = |platform, image: &str, arguments: &[&str], sudo| {
            let arguments = arguments.iter().map(|it| (*it).to_owned()).collect();
            Action::UnixProcess(UnixProcess { platform, image: image.to_owned(), arguments, sudo })
        };
        match self {
            Self::Process(image, before, _) => windows(image, before),
            Self::Image(line, before, _) => windows(before, line),
            Self::Service(kind, before, _) => {
                Action::Service(ServiceCommand { path: (*before).to_owned(), kind: *kind })
            }
            Self::RegistryValue(before, _) => Action::RegistryValue((*before).to_owned()),
            Self::Script(before, _) => Action::Script((*before).to_owned()),
            Self::SharePath(before, _) => Action::SharePath((*before).to_owned()),
            Self::Linux(image, before, _) => unix(Platform::Linux, image, before, false),
            Self::MacOs(image, before, _) => unix(Platform::MacOs, image, before, false),
            Self::Sudo(before, _) => unix(Platform::Linux, "", before, true),
            Self::Path([path, folder], _) => {
                Action::UnixPath(UnixPath { folder: (*folder).to_owned(), paths: vec![(*path).to_owned()] })
            }
        }
    }

    /// The changed text of an action of this kind.
    pub fn changed_text(&self, action: &Action) -> String {
        match (self, action) {
            (Self::Image(..), Action::WindowsProcess(it)) => it.image.clone(),
            (Self::Path(..), Action::UnixPath(it)) => format!("{} {}", it.paths.join(" "), it.folder),
            _ => action.text(),
        }
    }

    /// The text before, as it is shown.
    pub fn before(&self) -> String {
        self.changed_text(&self.action())
    }

    /// The text after, as it is shown.
    pub fn after(&self) -> String {
        match self {
            Self::Process(_, _, after)
            | Self::Image(_, _, after)
            | Self::Service(_, _, after)
            | Self::RegistryValue(_, after)
            | Self::Script(_, after)
            | Self::SharePath(_, after) => (*after).to_owned(),
            Self::Linux(_, _, after) | Self::MacOs(_, _, after) | Self::Sudo(_, after) => after.join(" "),
            Self::Path(_, [path, folder]) => format!("{path} {folder}"),
        }
    }
}
