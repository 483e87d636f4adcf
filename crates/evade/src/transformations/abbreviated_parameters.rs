//! Short and long forms of PowerShell's parameters.

use super::support::{Edits, Line};
use crate::powershell::{self, Word};
use crate::windows::{is_powershell, replaced};
use crate::{Action, Example, Platform, Transformation};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "abbreviated-parameters",
    summary: "Parameters of PowerShell stand in a shorter or longer form.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_powershell_exe",
        "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_parameters",
        "https://github.com/wietze/ArgFuscator.net/blob/main/models/powershell.json",
    ],
    events: "Command lines of PowerShell and scripts (4104) show the parameter as it was given. Event 4103 names parameters \
             in full and does not change.",
    limits: "The beginning must mean one parameter of the program or cmdlet only.",
    examples: &[
        Example::Process("C:\\x\\powershell.exe", "powershell -NoProfile -enc AAAA", "powershell -nop -e AAAA"),
        Example::Process(
            "C:\\x\\powershell.exe",
            "powershell -NoProfile -enc AAAA",
            "powershell -NoProfile -EncodedCommand AAAA",
        ),
        Example::Script(
            "New-Service -Name x -BinaryPathName C:\\a.exe",
            "New-Service -N x -B C:\\a.exe",
        ),
        Example::Script("New-Service -Name x", "New-Service -Name:x"),
    ],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    if let Action::Script(script) = action {
        let short = edited(script, &|name, command| Some(format!(" {}", powershell::shortened(command?, name)?)));
        let colon = edited(script, &|name, command| command.map(|_| format!(":{name}")));
        return short.into_iter().chain(colon).map(Action::Script).collect();
    }
    let Some(line) = Line::of(action) else { return Vec::new() };
    let shortest = edits(&line, &|(_, short): &Parameter| short.last().map_or(String::new(), |it| (*it).to_owned()));
    let middle = edits(&line, &|(_, short): &Parameter| short.first().map_or(String::new(), |it| (*it).to_owned()));
    let long = edits(&line, &|(long, _): &Parameter| (*long).to_owned());
    line.all_edited([shortest, middle, long])
}

/// Long form and short ones.
type Parameter = (&'static str, &'static [&'static str]);

fn edits(line: &Line<'_>, form: &dyn Fn(&Parameter) -> String) -> Edits {
    let mut edits = Edits::new();
    for command in line.commands.iter().filter(|it| is_powershell(&it.program)) {
        for place in command.words.iter().skip(1) {
            let word = &line.text[place.clone()];
            let Some(parameter) = powershell::program_parameter(word) else { continue };
            let dash = word.find(|it: char| it.is_ascii_alphabetic()).unwrap_or_default();
            edits.push((place.start + dash..place.start + word.trim_end_matches('"').len(), form(parameter)));
            // What follows is the script.
            if matches!(parameter.0, "Command" | "File" | "EncodedCommand") {
                break;
            }
        }
    }
    edits
}

/// The script with its parameters in another form; what `form` gives begins with what stands between the parameter and
/// its value: a blank, or a colon for `-Name:value`.
fn edited(script: &str, form: &dyn Fn(&str, Option<&str>) -> Option<String>) -> Option<String> {
    let mut edits = Edits::new();
    for (place, word) in powershell::words(script) {
        let Word::Parameter(command) = word else { continue };
        let dash = script[place.clone()].chars().next().map_or(1, char::len_utf8);
        let Some(new) = form(&script[place.start + dash..place.end], command) else { continue };
        match new.strip_prefix(':') {
            // Only before a value.
            Some(_) if script[place.end..].starts_with(' ') && !script[place.end + 1..].starts_with(['-', ' ', '|', ';']) => {
                edits.push((place.end..place.end + 1, ":".to_owned()));
            }
            Some(_) => {}
            None => edits.push((place.start + dash..place.end, new.trim_start().to_owned())),
        }
    }
    let after = replaced(script, &edits);
    (after != script).then_some(after)
}
