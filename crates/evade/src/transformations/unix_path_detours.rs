//! Detours within paths of Linux and macOS.

use super::support::{unix, with_shell_line};
use crate::{Action, Example, Platform, Transformation, UnixPath};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "unix-path-detours",
    summary: "Paths among the arguments take a detour: doubled slashes, `/./`, a folder and back, from the present folder.",
    platforms: &[Platform::Linux, Platform::MacOs],
    sources: &[
        "https://man7.org/linux/man-pages/man7/path_resolution.7.html",
        "https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap04.html",
    ],
    events: "Arguments and lines of shells show the path as it was given, and so do the records PATH of the audit log, \
             beside the present folder in CWD. Sysmon for Linux and Endpoint Security name the file that was opened: their \
             events of files do not change.",
    limits: "Paths behind `://` are left alone, and so are `/dev/tcp` and `/dev/udp`, which bash reads letter by letter.",
    examples: &[
        Example::Linux("/usr/bin/cp", &["cp", "a", "/etc/systemd/system/x"], &["cp", "a", "/etc//systemd//system//x"]),
        Example::Linux("/usr/bin/cp", &["cp", "a", "/etc/systemd/system/x"], &["cp", "a", "/etc/./systemd/system/x"]),
        Example::Linux(
            "/usr/bin/cp",
            &["cp", "a", "/etc/systemd/system/x"],
            &["cp", "a", "/etc/../etc/systemd/system/x"],
        ),
        Example::Path(["/etc/systemd/system/x", "/root"], ["x", "/etc/systemd/system"]),
        Example::Path(["/etc/systemd/system/x", "/root"], ["systemd/system/x", "/etc"]),
        Example::Path(["/etc/systemd/system/x", "/root"], ["/etc//systemd//system//x", "/root"]),
    ],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    let ways: [fn(&str) -> String; 3] = [
        |path| path.replace('/', "//").replacen("//", "/", 1),
        |path| path.splitn(3, '/').collect::<Vec<_>>().join("/").replacen(&first(path), &format!("{}/.", first(path)), 1),
        |path| path.replacen(&first(path), &format!("{0}/..{0}", first(path)), 1),
    ];
    if let Action::UnixPath(path) = action {
        let changed = ways.iter().map(|way| {
            let paths = path.paths.iter().map(|it| if is_path(it) { way(it) } else { it.clone() }).collect();
            UnixPath { paths, ..path.clone() }
        });
        let all = changed.chain(relative(path)).filter(|it| it != path);
        return all.map(Action::UnixPath).collect();
    }
    let Some(process) = unix(action) else { return Vec::new() };
    let mut actions = Vec::new();
    for way in ways {
        let arguments = process.arguments.iter().enumerate().map(|(place, it)| {
            let (option, path) = it.split_once('=').filter(|_| it.starts_with('-')).map_or(("", it.as_str()), |it| it);
            if place == 0 || !is_path(path) {
                return it.clone();
            }
            if option.is_empty() { way(path) } else { format!("{option}={}", way(path)) }
        });
        let changed = process.with_arguments(arguments.collect());
        if changed != *process {
            actions.push(Action::UnixProcess(changed));
        }
        actions.extend(with_shell_line(process, &|line| Some(in_line(line, way))));
    }
    actions
}

/// The first folder: `/etc`.
fn first(path: &str) -> String {
    path.split('/').nth(1).map_or(String::new(), |it| format!("/{it}"))
}

/// A full path with at least one folder, and nothing but a path.
fn is_path(text: &str) -> bool {
    let is_socket = text.starts_with("/dev/tcp/") || text.starts_with("/dev/udp/");
    text.starts_with('/') && text[1..].contains('/') && !text.contains(' ') && !text.contains("//") && !is_socket
}

/// The paths among the words of a line, rewritten.
fn in_line(line: &str, way: fn(&str) -> String) -> String {
    let is_end = |it: char| it.is_whitespace() || "\"'`;&|<>()$*{}".contains(it);
    let pieces = line.split_inclusive(is_end).map(|piece| {
        let end = piece.char_indices().next_back().filter(|it| is_end(it.1)).map_or(piece.len(), |it| it.0);
        let (word, end) = piece.split_at(end);
        if is_path(word) { format!("{}{end}", way(word)) } else { piece.to_owned() }
    });
    pieces.collect()
}

/// From the folder of the file, and from the one that the first folder names.
fn relative(path: &UnixPath) -> Vec<UnixPath> {
    // A path that is relative already means another file from another folder.
    if !path.paths.iter().all(|it| it.starts_with('/')) {
        return Vec::new();
    }
    let Some(longest) = path.paths.iter().filter(|it| is_path(it)).max_by_key(|it| it.len()) else { return Vec::new() };
    let parent = longest.rsplit_once('/').map_or("", |it| it.0).to_owned();
    let from = |folder: &str| {
        let inner = |it: &String| it.strip_prefix(&format!("{folder}/")).filter(|it| !it.is_empty()).map(str::to_owned);
        let short = |it: &String| inner(it).unwrap_or_else(|| if it == folder { ".".to_owned() } else { it.clone() });
        UnixPath { folder: folder.to_owned(), paths: path.paths.iter().map(short).collect() }
    };
    vec![from(&parent), from(&first(longest))]
}
