//! Variables in the place of folders.

use super::support::with_paths;
use crate::windows::Path;
use crate::{Action, Example, Platform, ServiceKind, Transformation};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "environment-variables",
    summary: "Folders of Windows stand as variables: `%SystemRoot%`, `%windir%`, `%ProgramData%`, `%TEMP%`, `$env:windir`.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://learn.microsoft.com/en-us/windows/win32/api/winsvc/nf-winsvc-createservicew",
        "https://learn.microsoft.com/en-us/windows/deployment/usmt/usmt-recognized-environment-variables",
        "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_environment_variables",
    ],
    events: "Commands of services keep the variables: the service manager expands them when it starts the service. Lines of \
             `cmd /c` keep them, the programs that cmd.exe starts do not show them. Scripts keep `$env:`.",
    limits: "Not for files of drivers. `%TEMP%` of a service is that of its account, `C:\\Windows\\Temp` for LocalSystem. In a \
             script not within single quotes.",
    examples: &[
        Example::Service(ServiceKind::Program, "C:\\Windows\\Temp\\a.exe -k", "%SystemRoot%\\Temp\\a.exe -k"),
        Example::Service(ServiceKind::Program, "C:\\Windows\\Temp\\a.exe -k", "%TEMP%\\a.exe -k"),
        Example::Service(ServiceKind::Program, "C:\\Windows\\System32\\cmd.exe /c x", "%ComSpec% /c x"),
        Example::Service(ServiceKind::Program, "C:\\Users\\Public\\a.exe", "%PUBLIC%\\a.exe"),
        Example::Process(
            "C:\\Windows\\System32\\cmd.exe",
            "cmd /c sc create x binPath= C:\\ProgramData\\a.exe",
            "cmd /c sc create x binPath= %ProgramData%\\a.exe",
        ),
        Example::Script("sc.exe create x binPath= C:\\ProgramData\\a.exe", "sc.exe create x binPath= $env:ProgramData\\a.exe"),
    ],
    rewrite,
};

/// Beginnings of paths and the variables for them; for a service that runs as the local system.
static FOLDERS: &[(&str, &[&str])] = &[
    ("C:\\Windows\\System32\\cmd.exe", &["ComSpec"]),
    ("C:\\Windows\\Temp\\", &["TEMP", "TMP"]),
    ("C:\\Windows\\", &["SystemRoot", "windir"]),
    ("C:\\Program Files (x86)\\", &["ProgramFiles(x86)"]),
    ("C:\\Program Files\\", &["ProgramFiles"]),
    ("C:\\ProgramData\\", &["ProgramData", "ALLUSERSPROFILE"]),
    ("C:\\Users\\Public\\", &["PUBLIC"]),
    ("C:\\", &["SystemDrive"]),
];

fn rewrite(action: &Action) -> Vec<Action> {
    let is_script = match action {
        Action::Service(it) if it.kind == ServiceKind::Driver => return Vec::new(),
        // The program of a process was found before: its line shows a path, not a variable.
        Action::WindowsProcess(it) if it.program() != "cmd" => return Vec::new(),
        Action::Script(_) => true,
        _ => false,
    };
    let mut actions: Vec<Action> = Vec::new();
    for (folder, names) in FOLDERS {
        for name in *names {
            // Outside of LocalSystem it is the folder of a user.
            if is_script && (matches!(*name, "TEMP" | "TMP") || name.contains('(')) {
                continue;
            }
            let way = |path: &Path| expanded(path, folder, name, is_script);
            let action = if is_script { script(action, &way) } else { with_paths(action, false, &way) };
            actions.extend(action.filter(|it| !actions.contains(it)));
        }
    }
    actions
}

/// The path with its beginning as a variable.
fn expanded(path: &Path, folder: &str, name: &str, is_script: bool) -> Option<String> {
    let head = path.text.get(..folder.len()).filter(|it| it.eq_ignore_ascii_case(folder))?;
    let rest = &path.text[head.trim_end_matches('\\').len()..];
    // `cmd.exe` is a whole path, and what goes on behind it is another file.
    if !folder.ends_with('\\') && !rest.is_empty() {
        return None;
    }
    Some(if is_script { format!("$env:{name}{rest}") } else { format!("%{name}%{rest}") })
}

/// The script with its paths outside of single quotes rewritten.
fn script(action: &Action, way: &dyn Fn(&Path) -> Option<String>) -> Option<Action> {
    let Action::Script(text) = action else { return None };
    let is_literal = |place: usize| {
        let before = &text[..place];
        before.matches('\'').count() % 2 == 1
    };
    let found = crate::windows::paths(text);
    let edits = found.iter().filter(|it| !is_literal(it.place.start));
    let edits: Vec<_> = edits.filter_map(|it| Some((it.place.clone(), way(it)?))).collect();
    let after = crate::windows::replaced(text, &edits);
    (after != *text).then_some(Action::Script(after))
}
