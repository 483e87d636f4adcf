//! Windows events, and those of Sysmon for Linux, which have their form.

use ingest::WindowsEvent;

use super::{Change, Written, payload};
use crate::{Action, Platform, ServiceCommand, ServiceKind, UnixProcess, WindowsProcess};

/// What describes the file of a program; it is left out when another program takes its place.
const DESCRIPTIONS: [&str; 5] = ["Description", "Product", "FileVersion", "Hashes", "Company"];
/// Values of a service's key that are command lines or files.
const COMMANDS: [(&str, ServiceKind); 3] = [
    ("imagepath", ServiceKind::Program),
    ("failurecommand", ServiceKind::Program),
    ("servicedll", ServiceKind::Library),
];

/// The kinds of events that show actions, with the names of their fields.
enum Shape {
    Process { image: &'static str },
    UnixProcess,
    Service { path: &'static str },
    Registry { value: &'static str, data: &'static str },
    Script,
    Share,
}

fn shape(event: &WindowsEvent) -> Option<Shape> {
    let channel = event.channel.to_ascii_lowercase();
    let is_sysmon = |name: &str| channel == format!("{name}/operational");
    match event.event_id {
        1 if is_sysmon("microsoft-windows-sysmon") => Some(Shape::Process { image: "Image" }),
        1 if is_sysmon("linux-sysmon") => Some(Shape::UnixProcess),
        4688 if channel == "security" => Some(Shape::Process { image: "NewProcessName" }),
        7045 if channel == "system" => Some(Shape::Service { path: "ImagePath" }),
        4697 if channel == "security" => Some(Shape::Service { path: "ServiceFileName" }),
        13 if is_sysmon("microsoft-windows-sysmon") => Some(Shape::Registry { value: "TargetObject", data: "Details" }),
        4657 if channel == "security" => Some(Shape::Registry { value: "ObjectValueName", data: "NewValue" }),
        4104 if channel.starts_with("microsoft-windows-powershell/") || channel.starts_with("powershellcore/") => {
            Some(Shape::Script)
        }
        5145 if channel == "security" => Some(Shape::Share),
        _ => None,
    }
}

fn value<'a>(event: &'a WindowsEvent, name: &str) -> &'a str {
    event.data.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
}

pub(super) fn actions(event: &WindowsEvent) -> Vec<Action> {
    match shape(event) {
        Some(Shape::Process { image }) => vec![Action::WindowsProcess(WindowsProcess {
            image: value(event, image).to_owned(),
            command_line: value(event, "CommandLine").to_owned(),
            original_name: event.data.iter().find(|it| it.0 == "OriginalFileName").map(|it| it.1.clone()),
        })],
        Some(Shape::UnixProcess) => {
            let image = value(event, "Image").to_owned();
            let arguments = arguments(value(event, "CommandLine"));
            vec![Action::UnixProcess(UnixProcess { platform: Platform::Linux, image, arguments, sudo: false })]
        }
        Some(Shape::Service { path }) => {
            let service_type = value(event, "ServiceType").to_ascii_lowercase();
            let is_driver = service_type.contains("driver") || ["0x1", "0x2", "1", "2"].contains(&&*service_type);
            let kind = if is_driver { ServiceKind::Driver } else { ServiceKind::Program };
            vec![Action::Service(ServiceCommand { path: value(event, path).to_owned(), kind })]
        }
        Some(Shape::Registry { value: name, data }) => registry(value(event, name), value(event, data)),
        Some(Shape::Script) if matches!(value(event, "MessageTotal"), "" | "1") => {
            vec![Action::Script(value(event, "ScriptBlockText").to_owned())]
        }
        Some(Shape::Share) => match value(event, "RelativeTargetName") {
            "" | "\\" => Vec::new(),
            path => vec![Action::SharePath(path.to_owned())],
        },
        _ => Vec::new(),
    }
}

/// The words of a command line of Sysmon for Linux, which joins the arguments with blanks; what follows the option `-c`
/// of a shell is taken as one.
pub(super) fn arguments(line: &str) -> Vec<String> {
    let mut arguments: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let process =
        UnixProcess { platform: Platform::Linux, image: String::new(), arguments: arguments.clone(), sudo: false };
    if let Some(place) = process.shell_line() {
        let rest = arguments.split_off(place).join(" ");
        arguments.push(rest);
    }
    arguments
}

fn registry(path: &str, data: &str) -> Vec<Action> {
    let name = path.rsplit('\\').next().unwrap_or_default();
    let folded = name.to_ascii_lowercase();
    let mut actions = vec![Action::RegistryValue(name.to_owned())];
    if let Some((_, kind)) = COMMANDS.iter().find(|it| it.0 == folded) {
        let is_driver = data.trim_matches('"').to_ascii_lowercase().ends_with(".sys");
        let kind = if is_driver { ServiceKind::Driver } else { *kind };
        actions.push(Action::Service(ServiceCommand { path: data.to_owned(), kind }));
    }
    actions
}

/// Sets fields and notes what changed.
struct Writer<'a> {
    event: &'a mut WindowsEvent,
    written: Written,
}

impl Writer<'_> {
    fn set(&mut self, name: &str, after: &str) {
        let Some((_, value)) = self.event.data.iter_mut().find(|it| it.0 == name) else { return };
        if value == after {
            return;
        }
        let before = std::mem::replace(value, after.to_owned());
        self.written.1.push(payload::field(name, &before, after));
        self.written.0.push(Change { field: name.to_owned(), before, after: after.to_owned() });
    }
}

pub(super) fn write(event: &mut WindowsEvent, before: &Action, after: &Action) -> Written {
    let Some(shape) = shape(event) else { return Written::default() };
    let mut writer = Writer { event, written: Written::default() };
    match (shape, after) {
        (Shape::Process { image }, Action::WindowsProcess(process)) => {
            writer.set("CommandLine", &process.command_line);
            writer.set(image, &process.image);
            let Action::WindowsProcess(old) = before else { return writer.written };
            if let Some(name) = process.original_name.as_ref().filter(|it| old.original_name.as_ref() != Some(*it)) {
                writer.set("OriginalFileName", name);
                writer.event.data.retain(|it| !DESCRIPTIONS.contains(&it.0.as_str()));
            }
        }
        (Shape::UnixProcess, Action::UnixProcess(process)) => {
            writer.set("CommandLine", &process.arguments.join(" "));
            writer.set("Image", &process.image);
        }
        (Shape::Service { path }, Action::Service(service)) => writer.set(path, &service.path),
        (Shape::Registry { data, .. }, Action::Service(service)) => writer.set(data, &service.path),
        (Shape::Registry { value: field, .. }, Action::RegistryValue(name)) => {
            let path = value(writer.event, field);
            let key = path.rsplit_once('\\').map_or(String::new(), |it| format!("{}\\", it.0));
            writer.set(field, &format!("{key}{name}"));
        }
        (Shape::Script, Action::Script(script)) => writer.set("ScriptBlockText", script),
        (Shape::Share, Action::SharePath(path)) => writer.set("RelativeTargetName", path),
        _ => {}
    }
    writer.written
}
