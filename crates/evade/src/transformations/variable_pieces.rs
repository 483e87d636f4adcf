//! Variables of cmd.exe that expand to nothing or to a letter.

use super::support::{Edits, Line};
use crate::{Action, Example, Platform, Transformation};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "variable-pieces",
    summary: "Words of a line that cmd.exe reads hold variables that expand to nothing or to the missing letter.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://ss64.com/nt/syntax-substring.html",
        "https://github.com/danielbohannon/Invoke-DOSfuscation",
    ],
    events: "The line of `cmd /c` shows the variables. The program that cmd.exe starts gets them expanded, so its events do \
             not change.",
    limits: "Only behind `cmd /c` from another program than cmd.exe. The service manager expands whole variables but knows \
             no substrings; behind `%COMSPEC% /c` it is cmd.exe that expands them.",
    examples: &[
        Example::Process(
            "C:\\Windows\\System32\\cmd.exe",
            "cmd /c sc create x",
            "cmd /c s%OS:~0,0%c c%OS:~0,0%reate x",
        ),
        Example::Process(
            "C:\\Windows\\System32\\cmd.exe",
            "cmd /c sc create x",
            "cmd /c s%ComSpec:~-7,1% create x",
        ),
    ],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    let Some(line) = Line::of(action) else { return Vec::new() };
    let words = || {
        let words = line.commands.iter().filter(|it| it.parsed_by_cmd).flat_map(|it| it.words.iter().take(2));
        words.filter(|it| {
            let word = &line.text[(*it).clone()];
            word.len() > 1 && word.chars().all(|it| it.is_ascii_alphanumeric() || it == '.' || it == '-')
        })
    };
    let empty: Edits = words().map(|it| (it.start + 1..it.start + 1, "%OS:~0,0%".to_owned())).collect();
    // `C:\Windows\system32\cmd.exe`: the letters that can be cut out of it.
    let letters = [('c', -7), ('m', -6), ('d', -5), ('e', -3), ('x', -2), ('s', -14), ('t', -13), ('w', -19)];
    let cut = |place: &std::ops::Range<usize>| {
        let word = &line.text[place.clone()];
        let found = word.char_indices().skip(1).find_map(|(at, it)| {
            let (_, from) = letters.iter().find(|letter| letter.0 == it.to_ascii_lowercase())?;
            Some((at, *from))
        });
        found.map(|(at, from)| (place.start + at..place.start + at + 1, format!("%ComSpec:~{from},1%")))
    };
    let first = words().next();
    let letter: Edits = first.and_then(cut).into_iter().collect();
    line.all_edited([empty, letter])
}
