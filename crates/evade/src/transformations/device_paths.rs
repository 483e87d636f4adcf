//! Prefixes of paths that name the same file through a device.

use super::support::{RewritePath, with_paths};
use crate::windows::Path;
use crate::{Action, Example, Platform, ServiceCommand, ServiceKind, Transformation};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "device-paths",
    summary: "Paths stand with `\\\\?\\`, `\\\\.\\`, through the share of the own disk, or in a form of the kernel.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file",
        "https://learn.microsoft.com/en-us/dotnet/standard/io/file-path-formats",
        "https://learn.microsoft.com/en-us/windows-hardware/drivers/kernel/object-names",
    ],
    events: "Command lines, scripts and commands of services show the path as it was given. The path of the process stays, \
             but for the share, which is left out where it is the program of the process itself.",
    limits: "`\\??\\`, `\\SystemRoot\\` and paths relative to the folder of Windows are understood for drivers only, the \
             others for programs and files only. The share of the disk needs rights of an administrator.",
    examples: &[
        Example::Service(ServiceKind::Program, "C:\\Windows\\Temp\\a.exe -k", "\\\\?\\C:\\Windows\\Temp\\a.exe -k"),
        Example::Service(ServiceKind::Program, "C:\\Windows\\Temp\\a.exe -k", "\\\\.\\C:\\Windows\\Temp\\a.exe -k"),
        Example::Service(ServiceKind::Program, "C:\\Temp\\a.exe", "\\\\localhost\\C$\\Temp\\a.exe"),
        Example::Service(ServiceKind::Driver, "C:\\Windows\\Temp\\a.sys", "\\SystemRoot\\Temp\\a.sys"),
        Example::Service(ServiceKind::Driver, "\\??\\C:\\Windows\\Temp\\a.sys", "Temp\\a.sys"),
        Example::Service(ServiceKind::Driver, "C:\\Users\\a.sys", "\\??\\C:\\Users\\a.sys"),
    ],
    rewrite,
};

/// Forms in which the file of a driver may stand; the first is the one that people write.
const KERNEL_PREFIXES: [&str; 3] = ["\\??\\", "\\DosDevices\\", "\\GLOBAL??\\"];

fn rewrite(action: &Action) -> Vec<Action> {
    if let Action::Service(service) = action
        && service.kind == ServiceKind::Driver
    {
        return driver(&service.path).into_iter().map(|path| Action::Service(ServiceCommand { path, ..*service })).collect();
    }
    let question = |path: &Path| Some(format!("\\\\?\\{}", path.text));
    let dot = |path: &Path| Some(format!("\\\\.\\{}", path.text));
    let drive = |path: &Path| path.drive().trim_end_matches(':').to_owned();
    let share = |path: &Path| Some(format!("\\\\localhost\\{}${}", drive(path), &path.text[2..]));
    let address = |path: &Path| Some(format!("\\\\127.0.0.1\\{}${}", drive(path), &path.text[2..]));
    let ways: [RewritePath<'_>; 4] = [&question, &dot, &share, &address];
    let shares_too = !matches!(action, Action::WindowsProcess(it) if it.command_line.trim_start_matches('"').starts_with(&it.image));
    let ways = ways.into_iter().take(if shares_too { 4 } else { 2 });
    ways.filter_map(|it| with_paths(action, false, it)).collect()
}

/// The other spellings of a driver's file.
fn driver(path: &str) -> Vec<String> {
    let folded = path.to_ascii_lowercase();
    let strip = |prefix: &str| folded.starts_with(&prefix.to_ascii_lowercase()).then(|| &path[prefix.len()..]);
    let below_windows = strip("\\SystemRoot\\").or_else(|| strip("%SystemRoot%\\")).map(|it| format!("C:\\Windows\\{it}"));
    let plain = KERNEL_PREFIXES.iter().find_map(|it| strip(it)).map(str::to_owned).or(below_windows);
    let relative = folded.starts_with("system32\\").then(|| format!("C:\\Windows\\{path}"));
    let plain = plain.or(relative).unwrap_or_else(|| path.to_owned());
    if plain.as_bytes().get(1) != Some(&b':') {
        return Vec::new();
    }
    let mut spellings: Vec<String> = KERNEL_PREFIXES.iter().map(|it| format!("{it}{plain}")).collect();
    if plain.to_ascii_lowercase().starts_with("c:\\windows\\") {
        let below = &plain["c:\\windows\\".len()..];
        spellings.extend([format!("\\SystemRoot\\{below}"), below.to_owned()]);
    }
    spellings.retain(|it| it != path);
    spellings
}
