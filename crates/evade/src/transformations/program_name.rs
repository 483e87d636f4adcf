//! The name of the program at the beginning of a command.

use super::support::{Edits, Line};
use crate::windows::{Program, program, unquoted};
use crate::{Action, Example, Platform, Transformation};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "program-name",
    summary: "The program is named with or without `.exe`, with or without its folder.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://learn.microsoft.com/en-us/windows/win32/api/processthreadsapi/nf-processthreadsapi-createprocessw",
        "https://www.wietzebeukema.nl/blog/windows-command-line-obfuscation",
    ],
    events: "The first word of the command line, as it was given. The path of the process stays: the same file is found.",
    limits: "Only programs of Windows whose folder is in the search path; `.exe` is left out only where no folder is given.",
    examples: &[
        Example::Process("C:\\Windows\\System32\\sc.exe", "sc.exe create x", "sc create x"),
        Example::Process("C:\\Windows\\System32\\sc.exe", "sc create x", "C:\\Windows\\System32\\sc.exe create x"),
        Example::Process("C:\\Windows\\System32\\sc.exe", "sc create x", "\"C:\\Windows\\System32\\sc.exe\" create x"),
        Example::Process("C:\\Windows\\System32\\cmd.exe", "cmd /c sc stop x", "cmd /c sc.exe stop x"),
    ],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    let Some(line) = Line::of(action) else { return Vec::new() };
    let forms: [fn(&Program) -> String; 4] = [
        |it| it.name.to_owned(),
        |it| format!("{}.exe", it.name),
        |it| format!("{}\\{}.exe", it.folder, it.name),
        |it| format!("\"{}\\{}.exe\"", it.folder, it.name),
    ];
    line.all_edited(forms.iter().map(|form| edits(&line, *form)))
}

/// The last command is the one that acts: before it stands only the interpreter.
fn edits(line: &Line<'_>, form: fn(&Program) -> String) -> Edits {
    let Some(command) = line.commands.last() else { return Edits::new() };
    let (Some(place), Some(program)) = (command.words.first(), program(&command.program)) else { return Edits::new() };
    let written = line.text[place.clone()].to_ascii_lowercase();
    let is_name = crate::windows::program_of(unquoted(&written)) == program.name;
    // A renamed copy, or a name that is spelt in a way of its own, is not this file.
    if is_name { vec![(place.clone(), form(program))] } else { Edits::new() }
}
