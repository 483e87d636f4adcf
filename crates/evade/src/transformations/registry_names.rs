//! Names of the same key of the registry.

use super::support::{Edits, text, with_text};
use crate::windows::replaced;
use crate::{Action, Example, Platform, Transformation};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "registry-names",
    summary: "A key of the registry stands by another of its names.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/reg-add",
        "https://learn.microsoft.com/en-us/windows-hardware/drivers/install/hklm-system-currentcontrolset-services-registry-tree",
        "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_registry_provider",
    ],
    events: "Command lines and scripts show the name as it was given. Events of the registry name the key that was written \
             and do not change.",
    limits: "`ControlSet001` is the present one on nearly all systems, but not on all. `Registry::` is PowerShell's.",
    examples: &[
        Example::Process(
            "C:\\Windows\\System32\\reg.exe",
            "reg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\x",
            "reg add HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\x",
        ),
        Example::Process(
            "C:\\Windows\\System32\\reg.exe",
            "reg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\x",
            "reg add HKLM\\SYSTEM\\ControlSet001\\Services\\x",
        ),
        Example::Script(
            "Set-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Services\\x -Name Start",
            "Set-ItemProperty Registry::HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\x -Name Start",
        ),
    ],
    rewrite,
};

/// What is looked for, in lower case, and what stands in its place.
static NAMES: &[(&str, &str)] = &[
    ("hklm:\\", "Registry::HKEY_LOCAL_MACHINE\\"),
    ("hklm:\\", "Microsoft.PowerShell.Core\\Registry::HKLM\\"),
    ("hklm\\", "HKEY_LOCAL_MACHINE\\"),
    ("hklm\\", "\\\\localhost\\HKLM\\"),
    ("hkey_local_machine\\", "HKLM\\"),
    ("\\currentcontrolset\\", "\\ControlSet001\\"),
];

fn rewrite(action: &Action) -> Vec<Action> {
    let (Action::WindowsProcess(_) | Action::Script(_)) = action else { return Vec::new() };
    let Some(text) = text(action) else { return Vec::new() };
    let folded = text.to_ascii_lowercase();
    let mut actions = Vec::new();
    for (name, new) in NAMES {
        // What another program than reg takes for a server is not known.
        if new.starts_with("\\\\") && !folded.contains("reg") {
            continue;
        }
        let begins = |at: usize| name.starts_with('\\') || !folded[..at].ends_with(|it: char| it.is_alphanumeric() || it == '\\' || it == ':');
        let places = folded.match_indices(name).map(|it| it.0).filter(|it| begins(*it));
        let edits: Edits = places.map(|it| (it..it + name.len(), (*new).to_owned())).collect();
        if !edits.is_empty() {
            actions.push(with_text(action, replaced(text, &edits)));
        }
    }
    actions
}
