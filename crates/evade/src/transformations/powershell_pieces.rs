//! Names of commands in pieces.

use super::support::Edits;
use crate::powershell::{self, Word};
use crate::windows::replaced;
use crate::{Action, Example, Platform, Transformation};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "powershell-pieces",
    summary: "Names of cmdlets stand with backticks, as strings put together, or with their module.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://github.com/danielbohannon/Invoke-Obfuscation",
        "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_special_characters",
        "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_operators",
    ],
    events: "Script block logging (4104) has the script as it was given. Event 4103 names the cmdlet that ran and does not \
             change.",
    limits: "Only cmdlets for services and `sc.exe`, at the beginning of a command.",
    examples: &[
        Example::Script("New-Service -Name x", "New-Ser`vice -Name x"),
        Example::Script("New-Service -Name x", "& ('New-'+'Service') -Name x"),
        Example::Script("New-Service -Name x", "& \"New-Service\" -Name x"),
        Example::Script("New-Service -Name x", "Microsoft.PowerShell.Management\\New-Service -Name x"),
        Example::Script("sc.exe create x", "& 'sc.exe' create x"),
    ],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    let Action::Script(script) = action else { return Vec::new() };
    let ways: [fn(&str, bool) -> Option<String>; 6] = [
        |name, _| {
            let at = name.len().saturating_sub(4);
            // A backtick before one of these letters would be another character.
            (!name[at..].starts_with(['a', 'b', 'e', 'f', 'n', 'r', 't', 'u', '0'])).then(|| format!("{}`{}", &name[..at], &name[at..]))
        },
        |name, _| name.split_once('-').map(|(verb, noun)| format!("& ('{verb}-'+'{noun}')")),
        |name, _| Some(format!("& \"{name}\"")),
        |name, _| Some(format!("& '{name}'")),
        |name, is_cmdlet| {
            let is_management = is_cmdlet && !name.eq_ignore_ascii_case("Invoke-CimMethod");
            is_management.then(|| format!("Microsoft.PowerShell.Management\\{name}"))
        },
        |name, is_cmdlet| (!is_cmdlet).then(|| format!("cmd /c {name}")),
    ];
    let scripts = ways.iter().filter_map(|it| edited(script, *it));
    scripts.map(Action::Script).collect()
}

fn edited(script: &str, way: fn(&str, bool) -> Option<String>) -> Option<String> {
    let mut edits = Edits::new();
    for (place, word) in powershell::words(script) {
        let name = &script[place.clone()];
        let before = script[..place.start].trim_end_matches([' ', '\t']);
        let begins = before.is_empty() || before.ends_with([';', '|', '{', '(', '\n', '=']);
        let is_cmdlet = matches!(word, Word::Cmdlet(_));
        if begins && (is_cmdlet || name.eq_ignore_ascii_case("sc.exe")) {
            edits.extend(way(name, is_cmdlet).map(|it| (place, it)));
        }
    }
    let after = replaced(script, &edits);
    (after != script).then_some(after)
}
