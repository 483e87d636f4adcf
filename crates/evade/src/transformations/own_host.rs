//! The own host as if it were another one.

use super::support::{Edits, Line};
use crate::{Action, Example, Platform, Transformation};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "own-host",
    summary: "sc is told the own host, by name or address, as if it were another one.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/sc-create",
        "https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/sc-config",
    ],
    events: "The command line shows the host before the verb. What the deed leaves behind (7045, 4697) does not change; the \
             host logs a logon from itself besides, which is not added.",
    limits: "Needs rights of an administrator over the network, as sc has on its own host.",
    examples: &[
        Example::Process("C:\\Windows\\System32\\sc.exe", "sc create x", "sc \\\\localhost create x"),
        Example::Process("C:\\Windows\\System32\\cmd.exe", "cmd /c sc stop x", "cmd /c sc \\\\127.0.0.1 stop x"),
    ],
    rewrite,
};

fn rewrite(action: &Action) -> Vec<Action> {
    let Action::WindowsProcess(_) = action else { return Vec::new() };
    let Some(line) = Line::of(action) else { return Vec::new() };
    let hosts = ["\\\\localhost", "\\\\127.0.0.1"];
    line.all_edited(hosts.iter().map(|it| edits(&line, it)))
}

fn edits(line: &Line<'_>, host: &str) -> Edits {
    let commands = line.commands.iter().filter(|it| it.program == "sc");
    let verbs = commands.filter_map(|it| it.words.get(1)).filter(|it| !line.text[(*it).clone()].contains("\\\\"));
    verbs.map(|it| (it.start..it.start, format!("{host} "))).collect()
}
