//! What begins an option.

use super::support::{Edits, Line};
use crate::powershell::{self, Word};
use crate::windows::replaced;
use crate::{Action, Example, Platform, Transformation};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "option-characters",
    summary: "Options begin with another dash or with a slash.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://devblogs.microsoft.com/powershell/em-dash-en-dash-dash-dash-dash/",
        "https://github.com/wietze/ArgFuscator.net/blob/main/models/powershell.json",
        "https://github.com/wietze/ArgFuscator.net/blob/main/models/reg.json",
    ],
    events: "Command lines and scripts show the character as it was given.",
    limits: "PowerShell takes the en dash, the em dash and the horizontal bar for a hyphen, in its own options and in \
             scripts, and a slash in its own options. reg, schtasks and taskkill take a hyphen for a slash. sc and net take \
             nothing else. A file of a script must say its encoding for Windows PowerShell to read dashes in it.",
    examples: &[
        Example::Process("C:\\x\\powershell.exe", "powershell -nop -enc AAAA", "powershell \u{2013}nop \u{2013}enc AAAA"),
        Example::Process("C:\\x\\powershell.exe", "powershell -nop -enc AAAA", "powershell /nop /enc AAAA"),
        Example::Process("C:\\x\\reg.exe", "reg add HKLM\\a /v b", "reg add HKLM\\a -v b"),
        Example::Script("New-Service -Name x", "New-Service \u{2015}Name x"),
    ],
    rewrite,
};

/// Programs with the characters that begin their options.
static PROGRAMS: &[(&str, &[char])] = &[
    ("powershell", &['-', '\u{2013}', '\u{2014}', '\u{2015}', '/']),
    ("pwsh", &['-', '\u{2013}', '\u{2014}', '\u{2015}', '/']),
    ("reg", &['/', '-']),
    ("schtasks", &['/', '-']),
    ("taskkill", &['/', '-']),
];

fn rewrite(action: &Action) -> Vec<Action> {
    if let Action::Script(script) = action {
        return ['\u{2013}', '\u{2014}', '\u{2015}'].iter().filter_map(|it| dashes(script, *it)).map(Action::Script).collect();
    }
    let Some(line) = Line::of(action) else { return Vec::new() };
    let all = ['-', '\u{2013}', '\u{2014}', '\u{2015}', '/'];
    line.all_edited(all.iter().map(|it| edits(&line, *it)))
}

/// The options of all programs with this character, where they take it.
fn edits(line: &Line<'_>, new: char) -> Edits {
    let mut edits = Edits::new();
    for command in &line.commands {
        let Some((_, characters)) = PROGRAMS.iter().find(|it| it.0 == command.program) else { continue };
        if !characters.contains(&new) {
            continue;
        }
        let is_powershell = crate::windows::is_powershell(&command.program);
        for place in command.words.iter().skip(1) {
            let word = &line.text[place.clone()];
            let Some(first) = word.chars().next().filter(|it| characters.contains(it)) else { continue };
            let is_option = if is_powershell { powershell::program_parameter(word).is_some() } else { word.len() < 5 };
            if is_option {
                edits.push((place.start..place.start + first.len_utf8(), new.to_string()));
            }
        }
    }
    edits
}

/// The script with this dash before its parameters.
fn dashes(script: &str, dash: char) -> Option<String> {
    let words = powershell::words(script).into_iter().filter(|it| matches!(it.1, Word::Parameter(_)));
    let first = |place: usize| script[place..].chars().next().map_or(1, char::len_utf8);
    let edits: Edits = words.map(|(it, _)| (it.start..it.start + first(it.start), dash.to_string())).collect();
    let after = replaced(script, &edits);
    (after != script).then_some(after)
}
