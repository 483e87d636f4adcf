//! How Windows reads command lines and paths.

mod commands;
mod line;
mod paths;

pub(crate) use commands::{Command, commands};
pub(crate) use line::{replaced, unquoted, words};
pub(crate) use paths::{Path, paths, short_name};

/// The name of a program's file, in lower case and without `.exe`; of a path in quotes or with any slashes.
pub(crate) fn program_of(path: &str) -> String {
    let path = unquoted(path).to_ascii_lowercase();
    let name = path.rsplit(['\\', '/']).next().unwrap_or_default();
    if name == "%comspec%" {
        return "cmd".to_owned();
    }
    name.strip_suffix(".exe").unwrap_or(name).to_owned()
}

/// A program of Windows whose reading of its arguments is known.
pub(crate) struct Program {
    /// Its name, in lower case and without `.exe`.
    pub(crate) name: &'static str,
    /// The folder of its file.
    pub(crate) folder: &'static str,
    /// The name in its version resource.
    pub(crate) original_name: &'static str,
}

const SYSTEM: &str = "C:\\Windows\\System32";

/// Programs whose arguments ignore case and are read by the C runtime or alike, so that quotes within words vanish.
/// Tested with `ArgFuscator` for most.
pub(crate) static PROGRAMS: &[Program] = &[
    Program { name: "sc", folder: SYSTEM, original_name: "sc.exe" },
    Program { name: "net", folder: SYSTEM, original_name: "net.exe" },
    Program { name: "net1", folder: SYSTEM, original_name: "net1.exe" },
    Program { name: "reg", folder: SYSTEM, original_name: "reg.exe" },
    Program { name: "cmd", folder: SYSTEM, original_name: "Cmd.Exe" },
    Program { name: "schtasks", folder: SYSTEM, original_name: "schtasks.exe" },
    Program { name: "taskkill", folder: SYSTEM, original_name: "taskkill.exe" },
    Program { name: "wmic", folder: "C:\\Windows\\System32\\wbem", original_name: "wmic.exe" },
    Program {
        name: "powershell",
        folder: "C:\\Windows\\System32\\WindowsPowerShell\\v1.0",
        original_name: "PowerShell.EXE",
    },
    Program { name: "pwsh", folder: "C:\\Program Files\\PowerShell\\7", original_name: "pwsh.dll" },
];

/// A program whose reading of its arguments is known, by its name without `.exe`.
pub(crate) fn program(name: &str) -> Option<&'static Program> {
    PROGRAMS.iter().find(|it| it.name == name)
}

/// Whether a name is that of PowerShell.
pub(crate) fn is_powershell(name: &str) -> bool {
    matches!(name, "powershell" | "pwsh")
}
