//! Quotation marks of PowerShell that are not those of ASCII.

use crate::{Action, Example, Platform, Transformation};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "unicode-quotes",
    summary: "Strings of a script stand in typographic quotation marks.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://devblogs.microsoft.com/powershell/em-dash-en-dash-dash-dash-dash/",
        "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_quoting_rules",
    ],
    events: "Script block logging (4104) has the script as it was given.",
    limits: "Quotes for other programs that a script starts are left alone where they stand within a string. A file of a \
             script must say its encoding for Windows PowerShell to read such marks.",
    examples: &[
        Example::Script("New-Service -Name 'a b'", "New-Service -Name \u{2018}a b\u{2019}"),
        Example::Script("New-Service -Name \"it's\"", "New-Service -Name \u{201c}it's\u{201d}"),
    ],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    let Action::Script(script) = action else { return Vec::new() };
    let changed = quoted(script);
    if changed == *script { Vec::new() } else { vec![Action::Script(changed)] }
}

/// The script with the marks of its strings replaced.
fn quoted(script: &str) -> String {
    let mut changed = String::with_capacity(script.len());
    let (mut open, mut escaped) = (None, false);
    for character in script.chars() {
        let new = match (open, character) {
            (None, '\'' | '"') if !escaped => {
                open = Some(character);
                if character == '"' { '\u{201c}' } else { '\u{2018}' }
            }
            (Some(mark), _) if mark == character && !escaped => {
                open = None;
                if character == '"' { '\u{201d}' } else { '\u{2019}' }
            }
            _ => character,
        };
        changed.push(new);
        escaped = character == '`' && !escaped;
    }
    changed
}
