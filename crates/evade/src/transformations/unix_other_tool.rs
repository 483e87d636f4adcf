//! Another command of Linux or macOS that does the same.

use super::support::unix;
use crate::{Action, Example, Platform, Transformation, UnixProcess};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "unix-other-tool",
    summary: "Another command does it: options in front, service for systemctl, busctl, a new verb of launchctl for an old one.",
    platforms: &[Platform::Linux, Platform::MacOs],
    sources: &[
        "https://www.freedesktop.org/software/systemd/man/latest/systemctl.html",
        "https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.systemd1.html",
        "https://ss64.com/mac/launchctl.html",
    ],
    events: "The event of the process becomes that of the other command, with its path and arguments; so does what sudo \
             reports.",
    limits: "Only commands of one service. `service` starts and stops, but cannot enable; it runs systemctl in turn, which has \
             an event of its own that does not change.",
    examples: &[
        Example::Linux(
            "/usr/bin/systemctl",
            &["systemctl", "start", "x.service"],
            &["systemctl", "--no-ask-password", "start", "x.service"],
        ),
        Example::Linux("/usr/bin/systemctl", &["systemctl", "enable", "x"], &["systemctl", "enable", "--now", "x"]),
        Example::Linux(
            "/usr/bin/systemctl",
            &["systemctl", "start", "x"],
            &[
                "busctl",
                "call",
                "org.freedesktop.systemd1",
                "/org/freedesktop/systemd1",
                "org.freedesktop.systemd1.Manager",
                "StartUnit",
                "ss",
                "x.service",
                "replace",
            ],
        ),
        Example::Sudo(&["/usr/bin/systemctl", "start", "x"], &["/usr/sbin/service", "x", "start"]),
        Example::MacOs(
            "/bin/launchctl",
            &["launchctl", "load", "-w", "/Library/LaunchDaemons/x.plist"],
            &["launchctl", "bootstrap", "system", "/Library/LaunchDaemons/x.plist"],
        ),
    ],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    let Some(process) = unix(action) else { return Vec::new() };
    let name = process.arguments[0].rsplit('/').next().unwrap_or_default();
    let commands = match name {
        "systemctl" => systemctl(process),
        "launchctl" => launchctl(process),
        _ => Vec::new(),
    };
    let written = commands.into_iter().map(|(image, arguments)| {
        let name = image.rsplit('/').next().unwrap_or_default();
        let first = if process.sudo || process.arguments[0].contains('/') { image } else { name };
        let image = if process.image.is_empty() { String::new() } else { image.to_owned() };
        let arguments = std::iter::once(first.to_owned()).chain(arguments).collect();
        Action::UnixProcess(UnixProcess { image, ..process.with_arguments(arguments) })
    });
    written.filter(|it| it != action).collect()
}

/// The path of a program and its arguments.
type Command = (&'static str, Vec<String>);

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|it| (*it).to_owned()).collect()
}

fn systemctl(process: &UnixProcess) -> Vec<Command> {
    const PROGRAM: &str = "/usr/bin/systemctl";
    let arguments = &process.arguments[1..];
    let Some(verb) = arguments.iter().position(|it| !it.starts_with('-')) else { return Vec::new() };
    let with = |place: usize, option: &str| {
        let mut arguments = arguments.to_vec();
        arguments.insert(place, option.to_owned());
        (PROGRAM, arguments)
    };
    let mut commands = vec![with(0, "--no-ask-password"), with(0, "-q"), with(verb + 1, "--no-block")];
    let word = arguments[verb].as_str();
    if word == "enable" {
        commands.push(with(verb + 1, "--now"));
    }
    let units: Vec<_> = arguments[verb + 1..].iter().filter(|it| !it.starts_with('-')).collect();
    let [unit] = units[..] else { return commands };
    let full = if unit.contains('.') { unit.clone() } else { format!("{unit}.service") };
    let user = arguments.iter().any(|it| it == "--user");
    let call = |method: &str, rest: &[&str]| {
        let scope: &[&str] = if user { &["--user"] } else { &[] };
        let fixed = [
            "call",
            "org.freedesktop.systemd1",
            "/org/freedesktop/systemd1",
            "org.freedesktop.systemd1.Manager",
            method,
        ];
        ("/usr/bin/busctl", strings(&[scope, &fixed, rest].concat()))
    };
    match word {
        "start" | "stop" | "restart" => {
            if !user && !unit.contains('/') && (full.ends_with(".service")) {
                let name = full.trim_end_matches(".service");
                commands.push(("/usr/sbin/service", strings(&[name, word])));
            }
            let method = format!("{}{}Unit", word[..1].to_ascii_uppercase(), &word[1..]);
            commands.push(call(&method, &["ss", &full, "replace"]));
        }
        "enable" => commands.push(call("EnableUnitFiles", &["asbb", "1", &full, "false", "true"])),
        _ => {}
    }
    commands
}

fn launchctl(process: &UnixProcess) -> Vec<Command> {
    const PROGRAM: &str = "/bin/launchctl";
    let arguments = &process.arguments[1..];
    let Some(verb) = arguments.first() else { return Vec::new() };
    let Some(file) = arguments.iter().skip(1).find(|it| it.contains('/') && it.to_ascii_lowercase().ends_with(".plist")) else {
        return Vec::new();
    };
    let domain = if file.contains("/LaunchDaemons/") { "system" } else { "gui/501" };
    match verb.as_str() {
        "load" => vec![
            (PROGRAM, strings(&["bootstrap", domain, file])),
            (PROGRAM, strings(&["load", file])),
            (PROGRAM, strings(&["load", "-w", file])),
            (PROGRAM, strings(&["load", "-F", "-w", file])),
        ],
        "bootstrap" => vec![(PROGRAM, strings(&["load", "-w", file])), (PROGRAM, strings(&["load", file]))],
        _ => Vec::new(),
    }
}
