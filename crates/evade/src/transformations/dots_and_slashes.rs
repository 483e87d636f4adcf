//! Detours within paths of Windows.

use super::support::{RewritePath, with_paths};
use crate::windows::Path;
use crate::{Action, Example, Platform, ServiceKind, Transformation};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "dots-and-slashes",
    summary: "Paths take a detour: `\\.\\`, a folder and back, forward slashes, doubled ones.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://learn.microsoft.com/en-us/dotnet/standard/io/file-path-formats",
        "https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file",
        "https://github.com/wietze/ArgFuscator.net/blob/main/models/powershell.json",
    ],
    events: "Command lines, scripts and commands of services show the path as it was given. The path of the process is \
             normalised before the kernel sees it and stays.",
    limits: "Not for files of drivers: the kernel opens them without normalising. A word with forward slashes that begins a \
             command of cmd.exe would be cut there, and libraries need backslashes: both keep theirs.",
    examples: &[
        Example::Service(ServiceKind::Program, "C:\\Windows\\Temp\\a.exe", "C:\\Windows\\.\\Temp\\a.exe"),
        Example::Service(ServiceKind::Program, "C:\\Windows\\Temp\\a.exe", "C:\\Windows\\Fonts\\..\\Temp\\a.exe"),
        Example::Process(
            "C:\\Windows\\System32\\sc.exe",
            "sc create x binPath= C:\\Windows\\Temp\\a.exe",
            "sc create x binPath= C:/Windows/Temp/a.exe",
        ),
        Example::Service(ServiceKind::Program, "C:\\Windows\\Temp\\a.exe", "C:\\\\Windows\\\\Temp\\\\a.exe"),
    ],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    let keeps = match action {
        Action::Service(it) if it.kind == crate::ServiceKind::Driver => return Vec::new(),
        Action::WindowsProcess(it) => it.program() == "cmd",
        // `LoadLibrary` asks for backslashes.
        Action::Service(it) if it.kind == crate::ServiceKind::Library => true,
        Action::Service(it) => it.path.to_ascii_lowercase().contains("cmd") || it.path.starts_with('%'),
        _ => false,
    };
    let within = |path: &Path, detour: &str| {
        let parts = path.parts();
        let (first, rest) = parts.split_first()?;
        (!rest.is_empty()).then(|| format!("{}\\{first}\\{detour}\\{}", path.drive(), rest.join("\\")))
    };
    let dot = |path: &Path| within(path, ".");
    let back = |path: &Path| within(path, "Fonts\\..");
    let slashes = |path: &Path| (!keeps).then(|| path.text.replace('\\', "/"));
    let doubled = |path: &Path| Some(format!("{}\\\\{}", path.drive(), path.parts().join("\\\\")));
    let ways: [RewritePath<'_>; 4] = [&dot, &back, &slashes, &doubled];
    ways.into_iter().filter_map(|it| with_paths(action, false, it)).collect()
}
