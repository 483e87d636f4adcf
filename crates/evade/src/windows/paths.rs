//! Paths of files within a text.

use std::ops::Range;

/// A path with a drive letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    /// Where it stands in the text, without quotes.
    pub(crate) place: Range<usize>,
    /// The text.
    pub(crate) text: String,
}

impl Path {
    /// The folders and the file, without the drive.
    pub(crate) fn parts(&self) -> Vec<&str> {
        self.text[2..].split('\\').filter(|it| !it.is_empty()).collect()
    }

    /// `C:`
    pub(crate) fn drive(&self) -> &str {
        &self.text[..2]
    }
}

/// The endings of files at which a path with blanks ends that stands without quotes.
const ENDINGS: [&str; 10] = [".exe", ".sys", ".dll", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".txt", ".log"];

/// The paths with a drive letter in a text: `C:\a\b.exe`. In quotes a path ends at the next quote; without them at a
/// blank, unless it goes on below a folder with a blank in its name, such as `Program Files`.
pub(crate) fn paths(text: &str) -> Vec<Path> {
    let bytes = text.as_bytes();
    let mut paths = Vec::new();
    let mut from = 0;
    while let Some(colon) = text[from..].find(":\\").map(|it| it + from) {
        from = colon + 2;
        let Some(start) = colon.checked_sub(1).filter(|it| bytes[*it].is_ascii_alphabetic()) else { continue };
        if start > 0 && (bytes[start - 1].is_ascii_alphanumeric() || bytes[start - 1] == b'\\') {
            continue;
        }
        let quote = start.checked_sub(1).map(|it| bytes[it]).filter(|it| matches!(it, b'"' | b'\''));
        let end = end_of_path(text, start, quote.map(char::from));
        let path = &text[start..end];
        if path.len() > 3 {
            paths.push(Path { place: start..end, text: path.to_owned() });
        }
        from = end.max(from);
    }
    paths
}

fn end_of_path(text: &str, start: usize, quote: Option<char>) -> usize {
    let rest = &text[start..];
    let is_end =
        |it: char| matches!(it, '"' | '\'' | '<' | '>' | '|' | '&' | ';' | ',' | '\r' | '\n' | '\t' | '*' | '?');
    if let Some(quote) = quote
        && let Some(length) = rest.find(quote)
    {
        // Arguments may follow within the quotes, behind the file.
        let quoted = &rest[..length];
        let folded = quoted.to_ascii_lowercase();
        let ends = ENDINGS.iter().filter_map(|it| folded.find(&format!("{it} ")).map(|at| at + it.len()));
        return start + ends.min().unwrap_or(length).min(quoted.find(is_end).unwrap_or(length));
    }
    let hard = rest.find(is_end).unwrap_or(rest.len());
    let folded = rest[..hard].to_ascii_lowercase();
    let mut end = folded.find(' ').unwrap_or(hard);
    for folder in ["\\program files (x86)\\", "\\program files\\"] {
        if let Some(at) = folded.find(folder).filter(|it| *it == 2) {
            let behind = at + folder.len();
            end = folded[behind..].find(' ').map_or(hard, |it| it + behind);
            break;
        }
    }
    start + end
}

/// The short name of a file or folder, as NTFS makes it for the first of its kind; nothing where the name is short.
/// <https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file>
pub(crate) fn short_name(name: &str) -> Option<String> {
    // Made when Windows is installed, in this order.
    match name.to_ascii_lowercase().as_str() {
        "program files" => return Some("PROGRA~1".to_owned()),
        "program files (x86)" => return Some("PROGRA~2".to_owned()),
        "programdata" => return Some("PROGRA~3".to_owned()),
        _ => {}
    }
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let is_plain = |text: &str| text.chars().all(|it| it.is_ascii_alphanumeric() || "-_{}()~!@#$%^&'`".contains(it));
    let fits = stem.len() <= 8 && extension.len() <= 3 && is_plain(stem) && is_plain(extension) && !stem.is_empty();
    if fits || !name.is_ascii() || name.contains('%') {
        return None;
    }
    let letters = |text: &str, count| {
        text.chars().filter(|it| !matches!(it, ' ' | '.')).take(count).collect::<String>().to_ascii_uppercase()
    };
    let (stem, extension) = (letters(stem, 6), letters(extension, 3));
    if stem.is_empty() {
        return None;
    }
    Some(if extension.is_empty() { format!("{stem}~1") } else { format!("{stem}~1.{extension}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_end_where_they_should() {
        let found = |text: &str| paths(text).into_iter().map(|it| it.text).collect::<Vec<_>>();
        assert_eq!(found(r#"sc create x binPath= "C:\a b\c.exe -k" d:\e.exe f"#), [r"C:\a b\c.exe", r"d:\e.exe"]);
        assert_eq!(found(r"C:\Program Files\Contoso\a.exe -x"), [r"C:\Program Files\Contoso\a.exe"]);
        assert_eq!(found(r"cmd /c C:\Windows\Temp\a.bat&b"), [r"C:\Windows\Temp\a.bat"]);
        assert!(found(r"HKLM:\SYSTEM \\?\C:\a").is_empty());
    }

    #[test]
    fn short_names_are_those_of_ntfs() {
        for (name, short) in [
            ("Program Files", Some("PROGRA~1")),
            ("ProgramData", Some("PROGRA~3")),
            ("Public", None),
            ("a.exe", None),
            ("powershell.exe", Some("POWERS~1.EXE")),
            ("Administrator", Some("ADMINI~1")),
            ("service.config", Some("SERVIC~1.CON")),
        ] {
            assert_eq!(short_name(name).as_deref(), short, "{name}");
        }
    }
}
