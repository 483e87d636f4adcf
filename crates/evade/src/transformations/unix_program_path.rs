//! The name of a program on Linux and macOS.

use super::support::{unix, with_shell_line};
use crate::windows::replaced;
use crate::{Action, Example, Platform, Transformation, UnixProcess, shell};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "unix-program-path",
    summary: "The program is named with or without its folder, or by another path of the same file.",
    platforms: &[Platform::Linux, Platform::MacOs],
    sources: &[
        "https://man7.org/linux/man-pages/man2/execve.2.html",
        "https://man7.org/linux/man-pages/man7/path_resolution.7.html",
        "https://www.freedesktop.org/software/systemd/man/latest/file-hierarchy.html",
    ],
    events: "The first argument, as it was given, and the line of a shell. The path of the process (`exe`, `Image`, \
             `executable`) is that of the file and stays. sudo reports the path at which it found the program.",
    limits: "`/bin` is `/usr/bin` on most distributions of Linux, but not on macOS.",
    examples: &[
        Example::Linux("/usr/bin/systemctl", &["systemctl", "start", "x"], &["/bin/systemctl", "start", "x"]),
        Example::Linux("/usr/bin/systemctl", &["/usr/bin/systemctl", "start", "x"], &["systemctl", "start", "x"]),
        Example::Linux("/usr/bin/systemctl", &["systemctl", "start", "x"], &["/usr//bin/./systemctl", "start", "x"]),
        Example::MacOs("/bin/launchctl", &["launchctl", "load", "x"], &["/bin/../bin/launchctl", "load", "x"]),
        Example::Sudo(&["/usr/bin/systemctl", "start", "x"], &["/bin/systemctl", "start", "x"]),
        Example::Linux("/usr/bin/sh", &["sh", "-c", "systemctl start x"], &["sh", "-c", "/usr//bin/./systemctl start x"]),
    ],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    let Some(process) = unix(action) else { return Vec::new() };
    let mut actions: Vec<Action> = Vec::new();
    let names = names(process);
    for name in &names {
        let mut arguments = process.arguments.clone();
        if arguments[0] != *name {
            arguments[0].clone_from(name);
            actions.push(Action::UnixProcess(process.with_arguments(arguments)));
        }
    }
    let in_line = |path: &dyn Fn(&str) -> String| {
        with_shell_line(process, &|line| {
            let places = shell::program_names(line).into_iter();
            let bare = places.filter(|it| !line[..it.start].ends_with('/'));
            Some(replaced(line, &bare.map(|it| (it.clone(), path(&line[it]))).collect::<Vec<_>>()))
        })
    };
    let folder = if process.platform == Platform::MacOs { "/bin" } else { "/usr/bin" };
    actions.extend(in_line(&|name| format!("{folder}/{name}")));
    actions.extend(in_line(&|name| format!("{}/./{name}", folder.replacen("/bin", "//bin", 1))));
    actions
}

/// The names by which the same file is found.
fn names(process: &UnixProcess) -> Vec<String> {
    let given = &process.arguments[0];
    let path = if process.image.is_empty() { given } else { &process.image };
    let Some((folder, name)) = path.rsplit_once('/') else { return Vec::new() };
    // A program that is started under a name of its own, such as an applet, is found by that name only.
    if given.rsplit('/').next() != Some(name) {
        return Vec::new();
    }
    let parent = folder.rsplit('/').next().unwrap_or_default();
    let mut names = vec![path.clone(), format!("{folder}/../{parent}/{name}")];
    names.push(format!("{}/./{name}", if folder.len() > 4 { folder.replacen("/bin", "//bin", 1) } else { format!("/{folder}") }));
    if process.platform == Platform::Linux {
        match folder {
            "/usr/bin" | "/usr/sbin" => names.push(format!("{}/{name}", &folder[4..])),
            "/bin" | "/sbin" => names.push(format!("/usr{folder}/{name}")),
            _ => {}
        }
    }
    if process.sudo {
        // sudo reports what it found: the search path leads to the plain ones.
        names.retain(|it| !it.contains("/."));
    } else {
        names.push(name.to_owned());
    }
    names
}
