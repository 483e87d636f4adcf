//! Variables, substitutions and Base64 in a line of a shell.

use super::support::{RewriteLine, unix, with_shell_line};
use crate::windows::replaced;
use crate::{Action, Example, Platform, Transformation, powershell, shell};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "unix-shell-variables",
    summary: "A line of a shell holds variables that expand to nothing, to blanks or to names, or is Base64 as a whole.",
    platforms: &[Platform::Linux, Platform::MacOs],
    sources: &[
        "https://www.gnu.org/software/bash/manual/html_node/Shell-Parameter-Expansion.html",
        "https://github.com/Bashfuscator/Bashfuscator",
        "https://attack.mitre.org/techniques/T1027/010/",
    ],
    events: "Only the line that a shell was told to run (`sh -c`). The shell expands it before it starts the program, whose \
             own event does not change.",
    limits: "`$@` is empty where the shell has no further arguments. Blanks within quotes are left alone.",
    examples: &[
        Example::Linux("/usr/bin/sh", &["sh", "-c", "systemctl start x"], &["sh", "-c", "sys$@temctl start x"]),
        Example::Linux("/usr/bin/sh", &["sh", "-c", "systemctl start x"], &["sh", "-c", "systemctl${IFS}start${IFS}x"]),
        Example::Linux("/usr/bin/sh", &["sh", "-c", "'systemctl start x'"], &["sh", "-c", "'sys$@temctl start x'"]),
        Example::Linux("/usr/bin/sh", &["sh", "-c", "systemctl start x"], &["sh", "-c", "a=systemctl;$a start x"]),
        Example::Linux(
            "/usr/bin/sh",
            &["sh", "-c", "systemctl start x"],
            &["sh", "-c", "echo c3lzdGVtY3RsIHN0YXJ0IHg=|base64 -d|sh"],
        ),
    ],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    let Some(process) = unix(action) else { return Vec::new() };
    let empty = |line: &str| {
        let names = shell::program_names(line).into_iter().map(|it| it.start + it.len().div_ceil(3));
        Some(replaced(line, &names.map(|it| (it..it, "$@".to_owned())).collect::<Vec<_>>()))
    };
    let blanks = |line: &str| (!line.contains(['\n', '"', '\''])).then(|| line.replace(' ', "${IFS}"));
    let named = |line: &str| {
        let first = shell::program_names(line).into_iter().next().filter(|it| it.start == 0)?;
        Some(format!("a={};$a{}", &line[first.clone()], &line[first.end..]))
    };
    let encoded = |line: &str| Some(format!("echo {}|base64 -d|sh", powershell::base64(line.as_bytes())));
    let ways: [RewriteLine<'_>; 4] = [&empty, &blanks, &named, &encoded];
    ways.into_iter().filter_map(|it| with_shell_line(process, it)).collect()
}
