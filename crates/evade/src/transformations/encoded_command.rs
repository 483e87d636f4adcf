//! PowerShell's script as Base64.

use super::support::{Line, with_text};
use crate::windows::{is_powershell, replaced, unquoted};
use crate::{Action, Example, Platform, Transformation, powershell};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "encoded-command",
    summary: "The script of a PowerShell command line is handed over as Base64.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_powershell_exe",
        "https://attack.mitre.org/techniques/T1027/010/",
    ],
    events: "The command line of PowerShell and a service's command show Base64. The script itself is logged in plain \
             text when it runs (4104), and programs that it starts have their own events: none of these changes.",
    limits: "Only scripts behind `-Command`, or without any option, at the end of the line.",
    examples: &[Example::Process(
        "C:\\x\\powershell.exe",
        "powershell -nop -c \"whoami /all\"",
        "powershell -nop -enc dwBoAG8AYQBtAGkAIAAvAGEAbABsAA==",
    )],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    let Some(line) = Line::of(action) else { return Vec::new() };
    let Some(command) = line.commands.iter().find(|it| is_powershell(&it.program)) else { return Vec::new() };
    let Some(end) = command.words.last().map(|it| it.end) else { return Vec::new() };
    let Some(start) = start_of_script(&line, command) else { return Vec::new() };
    let Some(script) = command.words.iter().find(|it| it.start >= start.1).map(|it| it.start) else {
        return Vec::new();
    };
    // cmd.exe would have removed carets and expanded variables before.
    if command.parsed_by_cmd && line.text[script..end].contains(['^', '%']) {
        return Vec::new();
    }
    let text = unquoted(&line.text[script..end]).replace("\\\"", "\"");
    let new = format!("-enc {}", powershell::encoded(&text));
    vec![with_text(action, replaced(line.text, &[(start.0..end, new)]))]
}

/// Where `-Command` begins and where it ends; the same place where the script stands without it.
fn start_of_script(line: &Line<'_>, command: &crate::windows::Command) -> Option<(usize, usize)> {
    let mut words = command.words.iter().skip(1);
    while let Some(place) = words.next() {
        let word = &line.text[place.clone()];
        let Some((long, _)) = powershell::program_parameter(word) else {
            return (!word.starts_with(['-', '/'])).then_some((place.start, place.start));
        };
        match *long {
            "Command" => return Some((place.start, place.end)),
            "EncodedCommand" | "File" => return None,
            "ExecutionPolicy" | "WindowStyle" | "Version" => drop(words.next()),
            _ => {}
        }
    }
    None
}
