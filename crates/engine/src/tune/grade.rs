//! How much a path says: whether an exclusion may rest on it.

/// What an exclusion may make of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grade {
    /// A program of the system that runs for anyone, or a path that users may write to: nothing may rest on it.
    Nothing,
    /// Others than administrators may write there, or the file alone says little: only together with something else.
    Weak,
    /// A program that one product has put where only administrators write.
    Specific,
}

/// Programs that run what they are told to, wherever they stand.
const INTERPRETERS: &[&str] = &[
    "bash",
    "cmd.exe",
    "cscript.exe",
    "csh",
    "dash",
    "java.exe",
    "launchctl",
    "msbuild.exe",
    "mshta.exe",
    "msiexec.exe",
    "net.exe",
    "net1.exe",
    "node.exe",
    "osascript",
    "perl",
    "perl.exe",
    "powershell.exe",
    "pwsh",
    "pwsh.exe",
    "python",
    "python.exe",
    "python3",
    "pythonw.exe",
    "reg.exe",
    "regsvr32.exe",
    "ruby",
    "rundll32.exe",
    "sc.exe",
    "sh",
    "ssh",
    "sudo",
    "svchost.exe",
    "systemctl",
    "wmic.exe",
    "wscript.exe",
    "zsh",
];

/// Folders of programs of the system.
const SYSTEM: &[&str] = &[
    r"\windows\system32\",
    r"\windows\syswow64\",
    r"\windows\sysnative\",
    r"\windows\winsxs\",
    r"\windows\microsoft.net\",
    r"\windows\servicing\",
    r"\systemroot\",
    "/bin/",
    "/sbin/",
    "/usr/bin/",
    "/usr/sbin/",
    "/usr/lib/systemd/",
    "/lib/systemd/",
    "/usr/libexec/",
    "/system/library/",
    "/usr/lib/",
];

/// Folders that users may write to.
const WRITABLE: &[&str] = &[
    r"\temp\",
    r"\tmp\",
    r"\appdata\",
    r"\downloads\",
    r"\desktop\",
    r"\public\",
    r"\users\",
    r"\perflogs\",
    r"\$recycle.bin\",
    "%temp%",
    "%tmp%",
    "%appdata%",
    "%localappdata%",
    "%userprofile%",
    "%public%",
    "/tmp/",
    "/dev/shm/",
    "/home/",
    "/users/",
    "/var/folders/",
];

/// Folders in which users may make folders of their own, though not write to those of a product.
const SHARED: &[&str] = &[r"\programdata\", "%programdata%", "%allusersprofile%"];

/// The grade of a path or of the command of a service. `is_service` where it is the latter: a file below the folder of
/// the system is then one that somebody put there.
pub(super) fn grade(value: &str, is_service: bool) -> Grade {
    let program = program(value).to_lowercase();
    let name = program.rsplit(['\\', '/']).next().unwrap_or_default();
    if INTERPRETERS.contains(&name) || !program.contains(['\\', '/']) || program.contains("%comspec%") {
        return Grade::Nothing;
    }
    if WRITABLE.iter().any(|it| program.contains(it)) || program.starts_with(r"\\") {
        return Grade::Nothing;
    }
    if SHARED.iter().any(|it| program.contains(it)) {
        return Grade::Weak;
    }
    let is_system =
        SYSTEM.iter().any(|it| if it.starts_with('/') { program.starts_with(it) } else { program.contains(it) });
    let in_windows = program.get(1..).is_some_and(|it| it.starts_with(r":\windows\") && it.matches('\\').count() == 2);
    match (is_system || in_windows, is_service) {
        (true, true) => Grade::Weak,
        (true, false) => Grade::Nothing,
        _ => Grade::Specific,
    }
}

/// The program of a command line: what stands in quotes, else what ends in a known way, else the first word.
fn program(command: &str) -> &str {
    let command = command.trim_start_matches(r"\??\");
    if let Some(quoted) = command.strip_prefix('"') {
        return quoted.split('"').next().unwrap_or_default();
    }
    let lower = command.to_ascii_lowercase();
    let end = [".exe", ".sys", ".dll"].iter().filter_map(|it| lower.find(it).map(|at| at + it.len())).min();
    match end {
        Some(end) => &command[..end],
        None if command.starts_with('/') => command.split(' ').next().unwrap_or_default(),
        None => command,
    }
}

/// The part of a command that names its program, up to the closing quote or blank, where arguments follow it.
pub(super) fn without_arguments(command: &str) -> Option<&str> {
    let end = if let Some(quoted) = command.strip_prefix('"') {
        quoted.find('"')? + 2
    } else {
        let start = command.len() - command.trim_start_matches(r"\??\").len();
        let end = start + program(command).len();
        command.get(end..)?.starts_with(' ').then_some(end + 1)?
    };
    // In a pattern these stand for any character and any text.
    command.get(..end).filter(|it| it.len() < command.len() && !it.contains(['%', '_']))
}

/// The folders of a specific path that an exclusion may name as a prefix, the deepest first: of a product, not of many.
pub(super) fn folders(value: &str) -> Vec<&str> {
    let separator = if value.contains('\\') { '\\' } else { '/' };
    // `C:\Program Files\Vendor\`; `/opt/vendor/`
    let least = 3;
    let end = value.len() - value.trim_start_matches('"').len() + program(value).len();
    let ends = value.match_indices(separator).map(|(at, _)| at + 1).filter(|it| *it <= end);
    let folders = ends.skip(least - 1).map(|it| &value[..it]);
    // In a pattern these stand for any character and any text.
    let mut folders: Vec<_> = folders.filter(|it| !it.contains(['%', '_'])).collect();
    folders.reverse();
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_graded_by_who_may_have_put_them_there() {
        for (value, is_service, expected) in [
            (r"C:\Windows\System32\sc.exe", false, Grade::Nothing),
            (r"C:\Windows\System32\services.exe", false, Grade::Nothing),
            (r"C:\Windows\explorer.exe", false, Grade::Nothing),
            (r"C:\Windows\System32\drivers\vendor.sys", true, Grade::Weak),
            (r"C:\Windows\system32\svchost.exe -k netsvcs", true, Grade::Nothing),
            (r"%COMSPEC% /Q /c echo", true, Grade::Nothing),
            ("cmd.exe /c C:\\Program Files\\Vendor\\a.exe", true, Grade::Nothing),
            (r"C:\Program Files\Vendor\python.exe x.py", true, Grade::Nothing),
            (r#""C:\Program Files\Vendor\agent.exe" --run"#, true, Grade::Specific),
            (r"C:\Windows\CCM\CcmExec.exe", true, Grade::Specific),
            (r"C:\Windows\Temp\agent.exe", true, Grade::Nothing),
            (r"C:\Users\ann\AppData\Local\agent.exe", false, Grade::Nothing),
            (r"%TEMP%\agent.exe", true, Grade::Nothing),
            (r"C:\ProgramData\Vendor\agent.exe", true, Grade::Weak),
            (r"\\server\share\agent.exe", true, Grade::Nothing),
            ("/usr/bin/dpkg", false, Grade::Nothing),
            ("/opt/vendor/bin/agent", false, Grade::Specific),
            ("/tmp/agent", false, Grade::Nothing),
            ("agent", false, Grade::Nothing),
        ] {
            assert_eq!(grade(value, is_service), expected, "{value}");
        }
    }

    #[test]
    fn a_program_is_told_from_its_arguments() {
        for (command, expected) in [
            (r#""C:\Program Files\V\a.exe" -u ann"#, Some(r#""C:\Program Files\V\a.exe""#)),
            (r"C:\Program Files\V\a.exe -u ann", Some(r"C:\Program Files\V\a.exe ")),
            (r#""C:\Program Files\V\a.exe""#, None),
            (r"C:\Program Files\V\a.exe", None),
            (r"%windir%\V\a.exe -u ann", None),
            ("/opt/v/a -u ann", Some("/opt/v/a ")),
        ] {
            assert_eq!(without_arguments(command), expected, "{command}");
        }
    }

    #[test]
    fn only_folders_of_a_product_are_offered() {
        let vendor = r#""C:\Program Files\Vendor\Agent\agent.exe" -d C:\x\y\z"#;
        assert_eq!(folders(vendor), [r#""C:\Program Files\Vendor\Agent\"#, r#""C:\Program Files\Vendor\"#]);
        assert_eq!(folders("/opt/vendor/bin/agent"), ["/opt/vendor/bin/", "/opt/vendor/"]);
        assert_eq!(folders(r"C:\Program Files\a.exe"), Vec::<&str>::new());
        assert_eq!(folders(r"C:\Program Files\a_b\c\d.exe"), Vec::<&str>::new());
    }
}
