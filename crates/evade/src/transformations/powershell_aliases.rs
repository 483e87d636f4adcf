//! Short names of cmdlets.

use super::support::Edits;
use crate::powershell::{self, Word};
use crate::windows::replaced;
use crate::{Action, Example, Platform, Transformation};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "powershell-aliases",
    summary: "Cmdlets stand by their aliases: `sasv` for `Start-Service`, `sp` for `Set-ItemProperty`.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_aliases",
        "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.management/start-service",
        "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.management/set-itemproperty",
    ],
    events: "Script block logging (4104) has the alias. Event 4103 names the cmdlet that ran and does not change.",
    limits: "Only the aliases that PowerShell brings; `New-Service` and `Set-Service` have none.",
    examples: &[
        Example::Script("Start-Service -Name x", "sasv -Name x"),
        Example::Script("Set-ItemProperty HKLM:\\x -Name Start -Value 4", "sp HKLM:\\x -Name Start -Value 4"),
    ],
    rewrite,
};

/// Cmdlets and their aliases.
static ALIASES: &[(&str, &str)] = &[
    ("Start-Service", "sasv"),
    ("Stop-Service", "spsv"),
    ("Set-ItemProperty", "sp"),
    ("Invoke-CimMethod", "icim"),
];

fn rewrite(action: &Action) -> Vec<Action> {
    let Action::Script(script) = action else { return Vec::new() };
    let words = powershell::words(script).into_iter();
    let edits: Edits = words
        .filter_map(|(place, word)| match word {
            Word::Cmdlet(name) => ALIASES.iter().find(|it| it.0 == name).map(|it| (place, it.1.to_owned())),
            _ => None,
        })
        .collect();
    if edits.is_empty() { Vec::new() } else { vec![Action::Script(replaced(script, &edits))] }
}
