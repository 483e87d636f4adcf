//! Words of a line of a Unix shell.

use std::ops::Range;

/// Programs whose names are looked for at the beginnings of commands.
pub(crate) static PROGRAMS: &[&str] = &[
    "systemctl",
    "systemd-run",
    "service",
    "launchctl",
    "cp",
    "mv",
    "ln",
    "tee",
    "install",
    "cat",
    "echo",
    "printf",
    "dd",
    "sed",
    "curl",
    "wget",
    "chmod",
    "busctl",
    "gdbus",
    "dbus-send",
    "docker",
    "podman",
    "kubectl",
    "crontab",
    "sh",
    "bash",
];

/// The names of known programs that begin a command of a line, outside of quotes; of a path the last part.
pub(crate) fn program_names(line: &str) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    let mut begins = true;
    for word in unquoted_words(line) {
        let text = &line[word.clone()];
        let name = text.rsplit('/').next().unwrap_or_default();
        let is_prefix =
            matches!(text, "sudo" | "then" | "do" | "else" | "nohup" | "exec" | "{" | "(" | "!") || text.contains('=');
        if begins && PROGRAMS.contains(&name) {
            names.push(word.end - name.len()..word.end);
        }
        begins = (begins && is_prefix) || is_operator(text);
    }
    names
}

fn is_operator(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| matches!(it, ';' | '&' | '|' | '(' | '\n'))
}

/// Words and operators of a line outside of quotes; a word in which quotes occur is left out.
fn unquoted_words(line: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let (mut quote, mut start, mut plain) = (None, None::<usize>, true);
    let push = |words: &mut Vec<Range<usize>>, start: &mut Option<usize>, plain: &mut bool, end: usize| {
        if let Some(from) = start.take()
            && *plain
        {
            words.push(from..end);
        }
        *plain = true;
    };
    for (place, character) in line.char_indices() {
        match quote {
            Some(open) if character == open => quote = None,
            Some(_) => {}
            None if matches!(character, '"' | '\'' | '`') => {
                quote = Some(character);
                start.get_or_insert(place);
                plain = false;
            }
            None if matches!(character, ' ' | '\t') => push(&mut words, &mut start, &mut plain, place),
            None if matches!(character, ';' | '&' | '|' | '(' | ')' | '\n') => {
                push(&mut words, &mut start, &mut plain, place);
                words.push(place..place + 1);
            }
            None => {
                start.get_or_insert(place);
            }
        }
    }
    push(&mut words, &mut start, &mut plain, line.len());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_where_commands_begin() {
        let found = |line: &str| program_names(line).into_iter().map(|it| line[it].to_owned()).collect::<Vec<_>>();
        assert_eq!(found("cd /opt && systemctl daemon-reload;/bin/systemctl enable cp"), ["systemctl", "systemctl"]);
        assert_eq!(found("echo 'systemctl x' | sudo tee /etc/a"), ["echo", "tee"]);
        assert!(found("rm systemctl").is_empty());
    }
}
