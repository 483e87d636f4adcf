//! Programs that run another one.

use super::support::{unix, with_shell_line};
use crate::windows::replaced;
use crate::{Action, Example, Platform, Transformation, shell};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "unix-wrappers",
    summary: "Another program runs the command: env, nohup, nice, busybox.",
    platforms: &[Platform::Linux, Platform::MacOs],
    sources: &[
        "https://www.gnu.org/software/coreutils/manual/html_node/env-invocation.html",
        "https://busybox.net/downloads/BusyBox.html",
        "https://gtfobins.github.io/gtfobins/env/",
    ],
    events: "What sudo reports and the line of a shell name the wrapper. The wrapped program is started as before, and its own \
             event does not change. An applet of busybox is busybox itself: path, name and arguments of the process are \
             its.",
    limits: "busybox has cp, mv, ln, tee, sed, dd and the like, and neither systemctl nor launchctl; not on macOS.",
    examples: &[
        Example::Sudo(&["/usr/bin/systemctl", "start", "x"], &["/usr/bin/env", "systemctl", "start", "x"]),
        Example::Linux("/usr/bin/cp", &["cp", "a", "/etc/x"], &["busybox", "cp", "a", "/etc/x"]),
        Example::Linux("/usr/bin/sh", &["sh", "-c", "systemctl start x"], &["sh", "-c", "env systemctl start x"]),
        Example::MacOs("/bin/sh", &["sh", "-c", "launchctl load x"], &["sh", "-c", "command launchctl load x"]),
    ],
    rewrite,
};

/// Applets of busybox that pages meet.
const APPLETS: [&str; 14] =
    ["cp", "mv", "ln", "tee", "sed", "dd", "cat", "install", "wget", "sh", "ash", "chmod", "vi", "echo"];
/// Where distributions put it.
const BUSYBOX: &str = "/usr/bin/busybox";

fn rewrite(action: &Action) -> Vec<Action> {
    let Some(process) = unix(action) else { return Vec::new() };
    let mut actions = Vec::new();
    let name = process.arguments[0].rsplit('/').next().unwrap_or_default().to_owned();
    let rest = || process.arguments[1..].iter().cloned();
    if process.sudo && name != "env" {
        let front = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        for wrapper in [&["/usr/bin/env"][..], &["/usr/bin/nice"], &["/usr/bin/nohup"]] {
            let arguments = front(wrapper).into_iter().chain([name.clone()]).chain(rest());
            actions.push(Action::UnixProcess(process.with_arguments(arguments.collect())));
        }
    }
    let is_linux = process.platform == Platform::Linux;
    if is_linux && !process.sudo && APPLETS.contains(&name.as_str()) && process.program() == name {
        let mut wrapped = process.with_arguments(["busybox".to_owned(), name].into_iter().chain(rest()).collect());
        BUSYBOX.clone_into(&mut wrapped.image);
        actions.push(Action::UnixProcess(wrapped));
    }
    for wrapper in ["env", "command", "nohup", "exec"] {
        actions.extend(with_shell_line(process, &|line| {
            let names = shell::program_names(line).into_iter();
            let bare = names.filter(|it| !line[..it.start].ends_with('/'));
            Some(replaced(line, &bare.map(|it| (it.start..it.start, format!("{wrapper} "))).collect::<Vec<_>>()))
        }));
    }
    actions
}
