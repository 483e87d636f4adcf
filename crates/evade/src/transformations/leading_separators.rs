//! What cmd.exe passes over before a command.

use super::support::{Edits, Line};
use crate::{Action, Example, Platform, Transformation};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "leading-separators",
    summary: "Commas, semicolons, an at sign or parentheses stand before a command that cmd.exe runs.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://github.com/danielbohannon/Invoke-DOSfuscation",
        "https://ss64.com/nt/syntax-brackets.html",
    ],
    events: "The line of `cmd /c` keeps them. The program that cmd.exe starts does not see them.",
    limits: "Before a command only: between its name and its arguments they would become part of the first argument.",
    examples: &[
        Example::Process("C:\\Windows\\System32\\cmd.exe", "cmd /c sc create x", "cmd /c ,;sc create x"),
        Example::Process("C:\\Windows\\System32\\cmd.exe", "cmd /c sc create x", "cmd /c @sc create x"),
        Example::Process("C:\\Windows\\System32\\cmd.exe", "cmd /c sc create x", "cmd /c (sc create x)"),
    ],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    let Some(line) = Line::of(action) else { return Vec::new() };
    let mut edits: Vec<Edits> = Vec::new();
    for (before, after) in [(",;", ""), ("@", ""), ("(", ")")] {
        let mut edit = Edits::new();
        for command in line.commands.iter().filter(|it| it.parsed_by_cmd) {
            let (Some(first), Some(last)) = (command.words.first(), command.words.last()) else { continue };
            edit.push((first.start..first.start, before.to_owned()));
            edit.push((last.end..last.end, after.to_owned()));
        }
        edits.push(edit);
    }
    line.all_edited(edits)
}
