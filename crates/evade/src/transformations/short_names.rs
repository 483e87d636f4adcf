//! Short names of folders and files, as DOS had them.

use super::support::with_paths;
use crate::windows::{Path, short_name};
use crate::{Action, Example, Platform, ServiceKind, Transformation};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "short-names",
    summary: "Folders or files of a path stand by their 8.3 names.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file",
        "https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/fsutil-8dot3name",
    ],
    events: "Command lines, scripts and commands of services show the path as it was given. Where the program itself was \
             started so, Sysmon and event 4688 show the same path for the process.",
    limits: "Only where the volume makes short names, as that of Windows does by default. The number is that of the first \
             name of its kind; `PROGRA~1` to `PROGRA~3` are those of a 64-bit Windows.",
    examples: &[
        Example::Service(
            ServiceKind::Program,
            "C:\\Program Files\\Contoso\\service-host.exe -k",
            "C:\\PROGRA~1\\Contoso\\service-host.exe -k",
        ),
        Example::Process(
            "C:\\Windows\\System32\\sc.exe",
            "sc create x binPath= C:\\ProgramData\\longer-name.exe",
            "sc create x binPath= C:\\PROGRA~3\\LONGER~1.EXE",
        ),
        Example::Image("C:\\ProgramData\\a.exe -x", "C:\\ProgramData\\a.exe", "C:\\PROGRA~3\\a.exe"),
    ],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    let folders = |path: &Path| shortened(path, false);
    let all = |path: &Path| shortened(path, true);
    let mut actions: Vec<_> = with_paths(action, true, &folders).into_iter().collect();
    actions.extend(with_paths(action, true, &all).filter(|it| !actions.contains(it)));
    actions
}

fn shortened(path: &Path, file: bool) -> Option<String> {
    let parts = path.parts();
    let last = parts.len().saturating_sub(1);
    let parts = parts.iter().enumerate().map(|(number, it)| {
        let short = short_name(it).filter(|_| number < last || file);
        short.unwrap_or_else(|| (*it).to_owned())
    });
    let short = format!("{}\\{}", path.drive(), parts.collect::<Vec<_>>().join("\\"));
    (short != path.text).then_some(short)
}
