//! Quotes and backslashes within names, for a shell.

use super::support::{unix, with_shell_line};
use crate::windows::replaced;
use crate::{Action, Example, Platform, Transformation, shell};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "unix-shell-quotes",
    summary: "Names of programs hold quotes or backslashes that the shell removes.",
    platforms: &[Platform::Linux, Platform::MacOs],
    sources: &[
        "https://www.gnu.org/software/bash/manual/html_node/Quoting.html",
        "https://github.com/Bashfuscator/Bashfuscator",
    ],
    events: "Only the line that a shell was told to run (`sh -c`). The shell removes the quotes before it starts the program, \
             whose own event does not change.",
    limits: "Where only the program's own event is logged, there is nothing to see.",
    examples: &[
        Example::Linux("/usr/bin/sh", &["sh", "-c", "systemctl start x"], &["sh", "-c", "sys\"\"temctl start x"]),
        Example::Linux("/usr/bin/sh", &["sh", "-c", "systemctl start x"], &["sh", "-c", "\\systemctl start x"]),
        Example::MacOs("/bin/sh", &["sh", "-c", "launchctl load x"], &["sh", "-c", "'launchctl' load x"]),
    ],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    let Some(process) = unix(action) else { return Vec::new() };
    let middle = |name: &str| name.len().div_ceil(3);
    let ways: [&dyn Fn(&str) -> String; 5] = [
        &|name| format!("{}\"\"{}", &name[..middle(name)], &name[middle(name)..]),
        &|name| format!("{}''{}", &name[..middle(name)], &name[middle(name)..]),
        &|name| format!("\\{name}"),
        &|name| format!("{}\\{}", &name[..middle(name)], &name[middle(name)..]),
        &|name| format!("'{name}'"),
    ];
    let lines = ways.into_iter().filter_map(|way| {
        with_shell_line(process, &|line| {
            let names = shell::program_names(line).into_iter();
            Some(replaced(line, &names.map(|it| (it.clone(), way(&line[it]))).collect::<Vec<_>>()))
        })
    });
    lines.collect()
}
