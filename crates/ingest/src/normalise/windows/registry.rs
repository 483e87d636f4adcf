//! Registry paths in one form: `HKLM\System\CurrentControlSet\Services\...`.

use std::borrow::Cow;

use schema::tables::windows_events::SYSMON_CHANNEL;

use super::KindOfEvent;
use crate::Value;
use crate::normalise::{EventBuilder, columns, paths};

/// Spellings of the roots and the short form that Sysmon has used since version 6. Longer spellings come first.
const ROOTS: [(&str, &str); 11] = [
    ("\\REGISTRY\\MACHINE", "HKLM"),
    ("\\REGISTRY\\USER", "HKU"),
    ("HKEY_LOCAL_MACHINE", "HKLM"),
    ("HKEY_USERS", "HKU"),
    ("HKEY_CURRENT_USER", "HKCU"),
    ("HKEY_CLASSES_ROOT", "HKCR"),
    ("HKEY_CURRENT_CONFIG", "HKCC"),
    ("HKLM", "HKLM"),
    ("HKU", "HKU"),
    ("HKCU", "HKCU"),
    ("HKCR", "HKCR"),
];

pub(super) fn fill(kind: KindOfEvent, event: &mut EventBuilder) {
    let columns = columns();
    let is_key = event.get_text(columns.object_type).is_some_and(|it| it.eq_ignore_ascii_case("Key"));
    if kind.channel == "Security"
        && is_key
        && let Some(name) = event.get_text(columns.object_name)
    {
        event.text(columns.registry_key, name);
    }
    let Some(path) = event.get_text(columns.registry_key) else { return };
    let mut normal = normal_form(&path).into_owned();
    if kind.is("Security", &[4657])
        && let Some(value) = event.get_text(columns.registry_value_name)
    {
        normal = format!("{normal}\\{value}");
    }
    if kind.is(SYSMON_CHANNEL, &[13]) {
        event.text(columns.registry_value_name, paths::file_name(&normal));
    }
    if *normal != *path {
        event.replace(columns.registry_key, Value::Text(normal.into()));
    }
}

/// The path with a short root, `System` spelled so, and the control set in use instead of a numbered one.
/// What does not begin with a root stays as it is.
pub(super) fn normal_form(path: &str) -> Cow<'_, str> {
    let Some((root, rest)) = ROOTS.iter().find_map(|(long, short)| Some((*short, strip_segment(path, long)?))) else {
        return Cow::Borrowed(path);
    };
    let system = (root == "HKLM").then(|| strip_segment(rest, "\\SYSTEM")).flatten();
    let normal = match system {
        Some(inner) => match control_set(inner) {
            Some(inner) => format!("{root}\\System\\CurrentControlSet{inner}"),
            None => format!("{root}\\System{inner}"),
        },
        None => format!("{root}{rest}"),
    };
    if normal == path { Cow::Borrowed(path) } else { Cow::Owned(normal) }
}

/// What follows `\ControlSet001` or `\CurrentControlSet`.
fn control_set(path: &str) -> Option<&str> {
    if let Some(rest) = strip_segment(path, "\\CurrentControlSet") {
        return Some(rest);
    }
    let name = "\\ControlSet";
    let number = path.get(name.len()..name.len() + 3)?;
    let is_set = path[..name.len()].eq_ignore_ascii_case(name) && number.bytes().all(|it| it.is_ascii_digit());
    let rest = &path[name.len() + 3..];
    (is_set && (rest.is_empty() || rest.starts_with('\\'))).then_some(rest)
}

/// What follows a prefix of whole segments, ignoring case.
fn strip_segment<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = (path.get(..prefix.len())?, path.get(prefix.len()..)?);
    (head.eq_ignore_ascii_case(prefix) && (rest.is_empty() || rest.starts_with('\\'))).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::normal_form;

    #[test]
    fn all_spellings_of_a_root_become_one() {
        for (path, expected) in [
            (r"\REGISTRY\MACHINE\SYSTEM\ControlSet001\Services\x", r"HKLM\System\CurrentControlSet\Services\x"),
            (r"\Registry\Machine\System\CurrentControlSet\Services\x", r"HKLM\System\CurrentControlSet\Services\x"),
            (r"HKEY_LOCAL_MACHINE\SYSTEM\controlset002\Control", r"HKLM\System\CurrentControlSet\Control"),
            (r"HKLM\System\CurrentControlSet\Services\x\Start", r"HKLM\System\CurrentControlSet\Services\x\Start"),
            (r"HKLM\SYSTEM\Setup", r"HKLM\System\Setup"),
            (r"HKLM\SOFTWARE\Vendor", r"HKLM\SOFTWARE\Vendor"),
            (r"HKLM\SYSTEM\ControlSetX\a", r"HKLM\System\ControlSetX\a"),
            (r"HKLM\SYSTEM\ControlSet0010\a", r"HKLM\System\ControlSet0010\a"),
            (r"\REGISTRY\USER\S-1-5-21-7-500\Software", r"HKU\S-1-5-21-7-500\Software"),
            (r"HKEY_CLASSES_ROOT\exefile", r"HKCR\exefile"),
            (r"hklm\software", r"HKLM\software"),
            (r"HKLMX\a", r"HKLMX\a"),
            (r"C:\file", r"C:\file"),
            ("\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet0\u{e9}1", "HKLM\\System\\ControlSet0\u{e9}1"),
        ] {
            assert_eq!(normal_form(path), expected);
            assert_eq!(normal_form(expected), expected, "the normal form of a normal form");
        }
    }
}
