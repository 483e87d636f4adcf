//! Another program of Windows that does the same.

use super::support::{Line, with_text};
use crate::powershell::{self, Word};
use crate::windows::{program, replaced, unquoted, words};
use crate::{Action, Example, Platform, Transformation, WindowsProcess};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    name: "other-tool",
    summary: "Another program does it: sc, net, reg, wmic or PowerShell for one another.",
    platforms: &[Platform::Windows],
    sources: &[
        "https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/sc-create",
        "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.management/new-service",
        "https://learn.microsoft.com/en-us/windows/win32/cimwin32prov/create-method-in-class-win32-service",
        "https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/reg-add",
        "https://attack.mitre.org/techniques/T1569/002/",
    ],
    events: "The event of the process becomes that of the other program, with its path, `OriginalFileName` and command line; \
             a script (4104) gets the other command. What the deed leaves behind (7045, 4697, the registry) does not change.",
    limits: "wmic is no longer installed with new versions of Windows 11. A service made with reg alone is known to the \
             service manager after the next start only. Other events that the other program leaves (4104, WMI activity) are \
             not added.",
    examples: &[
        Example::Process(
            "C:\\Windows\\System32\\sc.exe",
            "sc.exe create abc binPath= \"C:\\x\\a.exe -k\" start= auto",
            "powershell.exe New-Service -Name abc -BinaryPathName 'C:\\x\\a.exe -k'",
        ),
        Example::Process("C:\\Windows\\System32\\sc.exe", "sc start abc", "net.exe start abc"),
        Example::Process("C:\\Windows\\System32\\net.exe", "net stop abc", "net1.exe stop abc"),
        Example::Process("C:\\Windows\\System32\\net.exe", "net stop abc", "sc.exe stop abc"),
        Example::Image("sc start abc", "C:\\Windows\\System32\\sc.exe", "C:\\Windows\\System32\\net.exe"),
        Example::Process("C:\\Windows\\System32\\cmd.exe", "cmd /c sc stop abc", "cmd /c net.exe stop abc"),
        Example::Script(
            "New-Service -Name abc -BinaryPathName C:\\x\\a.exe",
            "Invoke-CimMethod -ClassName Win32_Service -MethodName Create -Arguments @{Name='abc';PathName='C:\\x\\a.exe'}",
        ),
    ],
    rewrite,
};

/// What somebody wants of a service.
#[derive(Debug)]
struct Wish {
    /// `create`, `start`, `stop`, `delete`, `config`
    verb: &'static str,
    service: String,
    /// Its command, of `create` and `config`.
    path: String,
}

const VERBS: [&str; 5] = ["create", "start", "stop", "delete", "config"];

fn rewrite(action: &Action) -> Vec<Action> {
    if let Action::Script(script) = action {
        return in_script(script).into_iter().map(Action::Script).collect();
    }
    let (Action::WindowsProcess(process), Some(line)) = (action, Line::of(action)) else { return Vec::new() };
    let Some((command, wish)) = line.commands.iter().find_map(|it| Some((it, wish(&line, it)?))) else {
        return Vec::new();
    };
    let tools = tools(&wish).into_iter().filter(|it| it.0 != command.program);
    let (Some(first), Some(last)) = (command.words.first(), command.words.last()) else { return Vec::new() };
    let actions = tools.filter_map(|(tool, arguments)| {
        let new = format!("{tool}.exe {arguments}");
        let text = replaced(line.text, &[(first.start..last.end, new)]);
        if command.parsed_by_cmd {
            return Some(with_text(action, text));
        }
        let program = program(tool)?;
        Some(Action::WindowsProcess(WindowsProcess {
            image: format!("{}\\{}.exe", program.folder, program.name),
            command_line: text,
            original_name: process.original_name.as_ref().map(|_| program.original_name.to_owned()),
        }))
    });
    actions.collect()
}

/// What a command of sc or net wants; nothing of another host's services.
fn wish(line: &Line<'_>, command: &crate::windows::Command) -> Option<Wish> {
    let word = |place| unquoted(line.word(command, place)).to_owned();
    let verb = VERBS.into_iter().find(|it| it.eq_ignore_ascii_case(&word(1)))?;
    let is_known = match command.program.as_str() {
        "sc" => true,
        "net" | "net1" => matches!(verb, "start" | "stop"),
        _ => false,
    };
    let service = word(2);
    if !is_known || service.is_empty() || service.contains(['\'', '\\', '=']) {
        return None;
    }
    let path = match verb {
        "create" | "config" => binary_path(line, command)?,
        _ => String::new(),
    };
    Some(Wish { verb, service, path })
}

/// The value of `binPath=`, behind a blank or not.
fn binary_path(line: &Line<'_>, command: &crate::windows::Command) -> Option<String> {
    let (place, rest) = command.words.iter().enumerate().skip(2).find_map(|(place, it)| {
        let word = line.text[it.clone()].trim_start_matches('"');
        let is_option = word.get(..8).is_some_and(|it| it.eq_ignore_ascii_case("binpath="));
        is_option.then(|| (place, &word[8..]))
    })?;
    let value = if rest.is_empty() { line.word(command, place + 1) } else { rest };
    let value = unquoted(value).replace("\\\"", "\"");
    (!value.is_empty() && !value.contains('\'')).then_some(value)
}

/// The programs that fulfil a wish, with their arguments.
fn tools(wish: &Wish) -> Vec<(&'static str, String)> {
    let Wish { verb, service, path } = wish;
    let key = format!("HKLM\\SYSTEM\\CurrentControlSet\\Services\\{service}");
    let inner = path.replace('"', "\\\"");
    let in_wmic = path.replace('\\', "\\\\").replace('"', "\\\"");
    let value = format!("add {key} /v ImagePath /t REG_EXPAND_SZ /d \"{inner}\" /f");
    match *verb {
        "create" => vec![
            ("powershell", format!("New-Service -Name {service} -BinaryPathName '{path}'")),
            ("wmic", format!("service call create name=\"{service}\", displayname=\"{service}\", pathname=\"{in_wmic}\"")),
            ("reg", value),
        ],
        "config" => vec![
            ("powershell", format!("Set-ItemProperty HKLM:{} -Name ImagePath -Value '{path}'", &key[4..])),
            ("wmic", format!("service {service} call change PathName=\"{in_wmic}\"")),
            ("reg", value),
        ],
        "delete" => vec![
            ("powershell", format!("(Get-WmiObject Win32_Service -Filter name='{service}').Delete()")),
            ("wmic", format!("service {service} delete")),
            ("reg", format!("delete {key} /f")),
        ],
        verb => {
            let cmdlet = if verb == "start" { "Start-Service" } else { "Stop-Service" };
            vec![
                ("sc", format!("{verb} {service}")),
                ("net", format!("{verb} {service}")),
                ("net1", format!("{verb} {service}")),
                ("powershell", format!("{cmdlet} -Name {service}")),
                ("wmic", format!("service {service} call {verb}service")),
            ]
        }
    }
}

/// The scripts that make the same service in other ways.
fn in_script(script: &str) -> Vec<String> {
    let mut found = None;
    let mut values: Vec<(String, String)> = Vec::new();
    let all = powershell::words(script);
    for (number, (place, word)) in all.iter().enumerate() {
        match word {
            Word::Cmdlet("New-Service") if found.is_none() => found = Some(place.start),
            Word::Parameter(Some("New-Service")) if found.is_some() => {
                let end = all.get(number + 1).map_or(script.len(), |_| script.len());
                let rest = script[place.end..end].trim_start_matches([' ', ':']);
                let value = words(rest).first().map_or("", |it| &rest[it.clone()]);
                let value = if let Some(open) = rest.chars().next().filter(|it| matches!(it, '\'' | '"')) {
                    rest[1..].split(open).next().unwrap_or_default()
                } else {
                    value
                };
                let name = script[place.clone()].trim_start_matches(powershell::is_dash);
                values.push((name.to_ascii_lowercase(), value.to_owned()));
            }
            _ => {}
        }
    }
    let value = |name: &str| values.iter().find(|it| name.starts_with(&it.0)).map(|it| it.1.clone());
    // Only a script that is this command alone: what stands round it cannot be told apart.
    let (Some(0), Some(service), Some(path)) = (found, value("name"), value("binarypathname")) else { return Vec::new() };
    if script.contains(['\n', ';', '|', '$']) || path.contains(['\'', '"']) || service.contains(' ') {
        return Vec::new();
    }
    vec![
        format!(
            "Invoke-CimMethod -ClassName Win32_Service -MethodName Create -Arguments @{{Name='{service}';PathName='{path}'}}"
        ),
        format!("sc.exe create {service} binPath= '{path}'"),
        format!(
            "Set-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Services\\{service} -Name ImagePath -Value '{path}'"
        ),
    ]
}
