//! Upper and lower case.

use super::support::{Edits, Line, text, with_text};
use crate::windows::{is_powershell, program};
use crate::{Action, Example, Platform, Transformation, powershell};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "letter-case",
    summary: "Letters change between upper and lower case.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file",
        "https://www.wietzebeukema.nl/blog/windows-command-line-obfuscation",
        "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_case-sensitivity",
    ],
    events: "Command lines, commands of services, scripts, names of registry values and paths of shares are logged as they \
             were given. The path of a process is that of the file and stays.",
    limits: "Arguments of programs that are not known to ignore case, Base64 and strings of scripts are left alone.",
    examples: &[
        Example::Process("C:\\Windows\\System32\\sc.exe", "sc.exe create abc", "sC.eXe cReAtE aBc"),
        Example::Script("New-Service -Name 'abc'", "nEw-SeRvIcE -nAmE 'abc'"),
        Example::RegistryValue("ImagePath", "iMaGePaTh"),
        Example::SharePath("svcctl", "sVcCtL"),
    ],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    let changed = |text: &str| Some(alternating(text)).filter(|it| it != text);
    match action {
        Action::RegistryValue(name) => changed(name).map(Action::RegistryValue).into_iter().collect(),
        Action::SharePath(path) => changed(path).map(Action::SharePath).into_iter().collect(),
        Action::Service(_) => {
            let changed = text(action).and_then(changed).map(|it| with_text(action, it));
            changed.filter(|_| !holds_script(action)).into_iter().collect()
        }
        Action::Script(script) => {
            let words = powershell::words(script).into_iter();
            let edits: Edits = words.map(|(place, _)| (place.clone(), alternating(&script[place]))).collect();
            let after = crate::windows::replaced(script, &edits);
            if after == *script { Vec::new() } else { vec![Action::Script(after)] }
        }
        _ => Line::of(action).map_or(Vec::new(), |line| line.all_edited([edits(&line)])),
    }
}

/// Whether the command of a service hands a script to PowerShell, in which case may matter.
fn holds_script(action: &Action) -> bool {
    Line::of(action).is_some_and(|it| it.commands.iter().any(|it| is_powershell(&it.program)))
}

fn edits(line: &Line<'_>) -> Edits {
    let mut edits = Edits::new();
    for command in &line.commands {
        let is_known = program(&command.program).is_some();
        for (number, place) in command.words.iter().enumerate() {
            let word = &line.text[place.clone()];
            // Of a script in PowerShell's arguments only the parameters are sure to ignore case.
            let is_script = is_powershell(&command.program) && powershell::program_parameter(word).is_none();
            if number == 0 || (is_known && !is_script) {
                edits.push((place.clone(), alternating(word)));
            }
        }
    }
    edits
}

/// Every other letter in upper case.
fn alternating(text: &str) -> String {
    let mut upper = true;
    let letter = |it: char| {
        if !it.is_ascii_alphabetic() {
            return it;
        }
        upper = !upper;
        if upper { it.to_ascii_uppercase() } else { it.to_ascii_lowercase() }
    };
    text.chars().map(letter).collect()
}
