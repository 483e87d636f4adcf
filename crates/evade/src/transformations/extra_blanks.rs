//! Blanks and tabs.

use super::support::{Edits, Line, unix, with_shell_line};
use crate::windows::replaced;
use crate::{Action, Example, Platform, ServiceKind, Transformation, powershell};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "extra-blanks",
    summary: "More blanks or tabs stand between the words of a command.",
    platforms: &[Platform::Windows, Platform::Linux, Platform::MacOs],
    sources: &[
        "https://learn.microsoft.com/en-us/cpp/c-language/parsing-c-command-line-arguments",
        "https://github.com/danielbohannon/Invoke-DOSfuscation",
        "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html",
    ],
    events: "Windows logs the line as it was given. On Linux and macOS the shell cuts the line before it starts the \
             program, so only the line that a shell was told to run changes.",
    limits: "Blanks within quotes and within paths are left alone.",
    examples: &[
        Example::Process("C:\\Windows\\System32\\sc.exe", "sc create abc", "sc   create   abc"),
        Example::Process("C:\\Windows\\System32\\sc.exe", "sc create abc", "sc\tcreate\tabc"),
        Example::Service(ServiceKind::Program, "\"C:\\a b\\c.exe\" -k", "\"C:\\a b\\c.exe\"   -k"),
        Example::Script("New-Service -Name 'a b'", "New-Service   -Name   'a b'"),
        Example::Linux(
            "/usr/bin/bash",
            &["bash", "-c", "systemctl enable 'a b'"],
            &["bash", "-c", "systemctl   enable   'a b'"],
        ),
    ],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    let widths = ["   ", "\t"];
    if let Action::Script(script) = action {
        let scripts = widths.iter().map(|it| widened(script, &powershell::code(script), it));
        return scripts.filter(|it| it != script).map(Action::Script).collect();
    }
    if let Some(process) = unix(action) {
        let lines = widths.iter().filter_map(|width| with_shell_line(process, &|line| Some(widened(line, &code(line), width))));
        return lines.collect();
    }
    let Some(line) = Line::of(action) else { return Vec::new() };
    line.all_edited(widths.iter().map(|width| edits(&line, width)))
}

fn edits(line: &Line<'_>, width: &str) -> Edits {
    let gaps = line.commands.iter().flat_map(|it| it.words.windows(2)).map(|it| it[0].end..it[1].start);
    gaps.filter(|it| !line.is_within_path(it.start)).map(|it| (it, width.to_owned())).collect()
}

/// The text with single blanks in these places made wider.
fn widened(text: &str, places: &[std::ops::Range<usize>], width: &str) -> String {
    let blanks = places.iter().flat_map(|it| {
        let blanks = text[it.clone()].match_indices(' ').map(|(at, _)| at + it.start);
        blanks.map(|it| (it..it + 1, width.to_owned()))
    });
    replaced(text, &blanks.collect::<Edits>())
}

/// The parts of a line of a shell outside of quotes; a line of several lines is a script and stays.
fn code(line: &str) -> Vec<std::ops::Range<usize>> {
    if line.contains('\n') { Vec::new() } else { powershell::code(line) }
}
