//! Double quotes round and within words.

use super::support::{Edits, Line};
use crate::windows::{is_powershell, program};
use crate::{Action, Example, Platform, Transformation, powershell};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "quotes",
    summary: "Double quotes stand round arguments or within them.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://learn.microsoft.com/en-us/cpp/c-language/parsing-c-command-line-arguments",
        "https://github.com/wietze/ArgFuscator.net/blob/main/models/sc.json",
        "https://www.wietzebeukema.nl/blog/windows-command-line-obfuscation",
    ],
    events: "The quotes stay in the command line, in that of cmd.exe and in that of the program that it starts: the \
             program itself removes them.",
    limits: "Only programs that read their arguments with the C runtime. Words that have quotes, that end in a backslash \
             or that are options of cmd.exe itself are left alone, and so is the script of PowerShell.",
    examples: &[
        Example::Process("C:\\Windows\\System32\\sc.exe", "sc create abc", "sc \"create\" \"abc\""),
        Example::Process("C:\\Windows\\System32\\sc.exe", "sc create abc", "sc c\"r\"eate a\"b\"c"),
        Example::Process("C:\\Windows\\System32\\cmd.exe", "cmd /c sc create abc", "cmd /c \"sc\" create abc"),
    ],
    rewrite,
};

/// Programs that cut their command line by rules of their own.
const OTHER_RULES: [&str; 2] = ["cmd", "wmic"];

fn rewrite(action: &Action) -> Vec<Action> {
    let Some(line) = Line::of(action) else { return Vec::new() };
    let round = |word: &str| format!("\"{word}\"");
    let within = |word: &str| {
        let mut letters = word.char_indices().map(|it| it.0).chain([word.len()]).skip(1);
        let (from, to) = (letters.next().unwrap_or_default(), letters.next().unwrap_or(word.len()));
        format!("{}\"{}\"{}", &word[..from], &word[from..to], &word[to..])
    };
    line.all_edited([arguments(&line, &round), arguments(&line, &within), programs(&line)])
}

fn arguments(line: &Line<'_>, change: &dyn Fn(&str) -> String) -> Edits {
    let mut edits = Edits::new();
    for command in &line.commands {
        if program(&command.program).is_none() || OTHER_RULES.contains(&command.program.as_str()) {
            continue;
        }
        for place in command.words.iter().skip(1) {
            let word = &line.text[place.clone()];
            let is_parameter = !is_powershell(&command.program) || powershell::program_parameter(word).is_some();
            let is_plain = word.len() > 1 && !word.contains(['"', '^', '%', '\'']) && !word.ends_with('\\') && !word.starts_with('\\');
            if is_plain && is_parameter && !line.is_within_path(place.start) {
                edits.push((place.clone(), change(word)));
            }
        }
    }
    edits
}

/// The names of the programs that cmd.exe starts, and of the process itself, which may have been typed into it.
fn programs(line: &Line<'_>) -> Edits {
    let names = line.commands.iter().filter(|it| it.program != "cmd" && program(&it.program).is_some());
    let names = names.filter_map(|it| it.words.first()).filter(|it| !line.text[(*it).clone()].contains(['"', '^', '%']));
    names.map(|it| (it.clone(), format!("\"{}\"", &line.text[it.clone()]))).collect()
}
