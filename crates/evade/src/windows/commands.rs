//! The commands of a command line: that of the process itself, and those that it hands to `cmd /c`.

use std::ops::Range;

use super::{program_of, unquoted, words};

/// A command within a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// The name of the program, in lower case and without `.exe`; of the process itself that of its file.
    pub(crate) program: String,
    /// The program and its arguments, as places in the line; of cmd.exe only up to the option that begins a command.
    pub(crate) words: Vec<Range<usize>>,
    /// Whether cmd.exe parses it, so that carets, variables and further separators have their meaning.
    pub(crate) parsed_by_cmd: bool,
}

/// The commands of a line that started the program of a file.
pub(crate) fn commands(image: &str, line: &str) -> Vec<Command> {
    let mut all = words(line);
    let Some(first) = all.first() else { return Vec::new() };
    let by_line = program_of(&line[first.clone()]);
    let program = if image.is_empty() { by_line } else { program_of(image) };
    if program != "cmd" {
        return vec![Command { program, words: all, parsed_by_cmd: false }];
    }
    let is_switch = |word: &str| matches!(word.to_ascii_lowercase().as_str(), "/c" | "/k" | "/r" | "-c");
    let Some(switch) = all.iter().position(|it| is_switch(&line[it.clone()])) else {
        return vec![Command { program, words: all, parsed_by_cmd: false }];
    };
    let body = inner(line, all[switch].end);
    all.truncate(switch + 1);
    let mut commands = vec![Command { program, words: all, parsed_by_cmd: false }];
    for part in parts(line, body) {
        let words: Vec<_> =
            words(&line[part.clone()]).into_iter().map(|it| it.start + part.start..it.end + part.start).collect();
        let Some(first) = words.first() else { continue };
        let program = program_of(&line[first.clone()].replace(['^', '"'], ""));
        commands.push(Command { program, words, parsed_by_cmd: true });
    }
    commands
}

/// What cmd.exe runs behind the option: without blanks and, where they are round all of it, without quotes.
fn inner(line: &str, from: usize) -> Range<usize> {
    let text = &line[from..];
    let start = from + text.len() - text.trim_start().len();
    let end = from + text.trim_end().len();
    let text = line.get(start..end).unwrap_or_default();
    let Some(content) = text.strip_prefix('"').and_then(|it| it.strip_suffix('"')) else { return start..end };
    // Round the path of a program or a script the quotes belong to the path.
    let folded = unquoted(content).to_ascii_lowercase();
    let is_path = !content.contains('"') && [".exe", ".bat", ".cmd", ".com"].iter().any(|it| folded.ends_with(it));
    if is_path { start..end } else { start + 1..end - 1 }
}

/// The commands between `&` and `|` outside of quotes, without what cmd.exe passes over before a command.
fn parts(line: &str, body: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut quoted, mut escaped, mut start) = (false, false, body.start);
    for (place, character) in line[body.clone()].char_indices().map(|(place, it)| (place + body.start, it)) {
        if character == '"' && !escaped {
            quoted = !quoted;
        }
        if matches!(character, '&' | '|') && !quoted && !escaped {
            parts.push(start..place);
            start = place + 1;
        }
        escaped = character == '^' && !escaped && !quoted;
    }
    parts.push(start..body.end);
    let parts = parts.into_iter().map(|it| without_prefix(line, it));
    parts.filter(|it| !line[it.clone()].trim().is_empty()).collect()
}

fn without_prefix(line: &str, part: Range<usize>) -> Range<usize> {
    let text = &line[part.clone()];
    let inner = text.trim_start_matches([' ', '\t', '@', '(', ',', ';', '=']);
    let start = part.end - inner.len();
    let opened = text[..text.len() - inner.len()].contains('(');
    let end = if opened { start + inner.trim_end_matches([')', ' ']).len() } else { part.end };
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cmd_runs_is_found() {
        let found = |line: &str| {
            let commands = commands("C:\\Windows\\System32\\cmd.exe", line);
            commands.into_iter().map(|it| (it.program, it.words.len(), it.parsed_by_cmd)).collect::<Vec<_>>()
        };
        let cmd = |words| ("cmd".to_owned(), words, false);
        let sc = |words| ("sc".to_owned(), words, true);
        assert_eq!(found("cmd.exe /c sc create x"), [cmd(2), sc(3)]);
        assert_eq!(found("cmd /d /C \"sc stop x & s^c.exe delete x\""), [cmd(3), sc(3), sc(3)]);
        assert_eq!(found("cmd.exe"), [cmd(1)]);
        assert_eq!(found("cmd /c (@sc stop x)"), [cmd(2), sc(3)]);
        assert_eq!(found("cmd /c sc sdset x D:(A;;KA;;;BA)"), [cmd(2), sc(4)]);
        assert_eq!(
            found("cmd.exe /c \"C:\\Program Files (x86)\\a\\start.bat\""),
            [cmd(2), ("start.bat".to_owned(), 1, true)]
        );
    }
}
