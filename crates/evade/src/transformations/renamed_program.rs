//! A copy of a program under another name.

use super::support::{Line, with_text};
use crate::windows::{program, replaced};
use crate::{Action, Example, Platform, Transformation};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "renamed-program",
    summary: "The program runs as a copy under another name.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://attack.mitre.org/techniques/T1036/003/",
        "https://learn.microsoft.com/en-us/sysinternals/downloads/sysmon",
    ],
    events: "Path of the process and first word of the command line change. `OriginalFileName`, description and hashes of \
             Sysmon are those of the file and stay; event 4688 has none of them. A line of cmd.exe shows the new name.",
    limits: "Only programs that run alone, without files beside them. The path of a service's program is not changed: what \
             the service is called there is the attacker's choice anyway.",
    examples: &[
        Example::Image("sc create x", "C:\\Windows\\System32\\sc.exe", "C:\\ProgramData\\updater.exe"),
        Example::Process("C:\\Windows\\System32\\sc.exe", "sc create x", "C:\\ProgramData\\updater.exe create x"),
        Example::Process(
            "C:\\Windows\\System32\\cmd.exe",
            "cmd /c sc create x",
            "cmd /c C:\\ProgramData\\updater.exe create x",
        ),
    ],
    rewrite,
};

/// Where the copy is.
const COPY: &str = "C:\\ProgramData\\updater.exe";

fn rewrite(action: &Action) -> Vec<Action> {
    let (Action::WindowsProcess(process), Some(line)) = (action, Line::of(action)) else { return Vec::new() };
    let Some(command) = line.commands.last() else { return Vec::new() };
    let Some(first) = command.words.first().filter(|_| program(&command.program).is_some()) else { return Vec::new() };
    let mut renamed = with_text(action, replaced(line.text, &[(first.clone(), COPY.to_owned())]));
    if let Action::WindowsProcess(it) = &mut renamed
        && !command.parsed_by_cmd
    {
        if process.image.eq_ignore_ascii_case(COPY) {
            return Vec::new();
        }
        COPY.clone_into(&mut it.image);
    }
    vec![renamed]
}
