//! Carets, which escape the next letter for cmd.exe.

use super::support::{Edits, Line};
use crate::{Action, Example, Platform, ServiceKind, Transformation};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "carets",
    summary: "Carets stand before letters of a line that cmd.exe reads.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/cmd",
        "https://ss64.com/nt/syntax-esc.html",
        "https://github.com/danielbohannon/Invoke-DOSfuscation",
    ],
    events: "The line of `cmd /c` keeps them, in process events and in commands of services. cmd.exe removes them before it \
             starts a program, so the events of that program never show any.",
    limits: "Not within quotes, where a caret is an ordinary character. A line that was itself typed into cmd.exe has lost \
             them: the caller must be another program.",
    examples: &[
        Example::Process("C:\\Windows\\System32\\cmd.exe", "cmd /c sc create x", "cmd /c s^c c^reate x"),
        Example::Process("C:\\Windows\\System32\\cmd.exe", "cmd /c sc create x", "cmd /c ^s^c ^c^r^e^a^t^e ^x"),
        Example::Service(ServiceKind::Program, "%COMSPEC% /c echo x > y", "%COMSPEC% /c e^cho x > y"),
    ],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    let Some(line) = Line::of(action) else { return Vec::new() };
    let one = |word: &str| {
        let second = word.char_indices().nth(1).map_or(word.len(), |it| it.0);
        format!("{}^{}", &word[..second], &word[second..])
    };
    let every = |word: &str| {
        let letters = word.chars().map(|it| if it.is_ascii_alphanumeric() { format!("^{it}") } else { it.to_string() });
        letters.collect::<String>()
    };
    line.all_edited([edits(&line, &one), edits(&line, &every)])
}

fn edits(line: &Line<'_>, change: &dyn Fn(&str) -> String) -> Edits {
    let words = line.commands.iter().filter(|it| it.parsed_by_cmd).flat_map(|it| &it.words);
    let is_plain = |word: &str| word.chars().any(char::is_alphabetic) && !word.contains(['"', '^', '%', '>', '<', '\'']);
    let words = words.filter(|it| is_plain(&line.text[(*it).clone()]));
    let edits = words.map(|it| (it.clone(), change(&line.text[it.clone()])));
    edits.filter(|(place, new)| line.text[place.clone()].len() > 1 || new.starts_with('^')).collect()
}
