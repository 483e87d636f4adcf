//! Words of PowerShell: which parts of a script are code, its commands and parameters, and how they may be shortened.

use std::ops::Range;

/// Parameters of `powershell.exe` and `pwsh`, and the shortest forms that are accepted.
/// <https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_powershell_exe>
pub(crate) static PROGRAM_PARAMETERS: &[(&str, &[&str])] = &[
    ("EncodedCommand", &["enc", "ec", "e"]),
    ("Command", &["c"]),
    ("ExecutionPolicy", &["ep", "exec", "ex"]),
    ("WindowStyle", &["w", "win"]),
    ("NoProfile", &["nop"]),
    ("NonInteractive", &["noni"]),
    ("NoLogo", &["nol"]),
    ("NoExit", &["noe"]),
    ("File", &["f"]),
    ("Version", &["v"]),
];

/// The parameter of `powershell.exe` that a word names, without its dash.
pub(crate) fn program_parameter(word: &str) -> Option<&'static (&'static str, &'static [&'static str])> {
    let name = word.trim_matches('"').strip_prefix(['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'])?;
    let folded = name.to_ascii_lowercase();
    PROGRAM_PARAMETERS.iter().find(|(long, short)| {
        let long = long.to_ascii_lowercase();
        short.contains(&folded.as_str()) || (folded.len() > 2 && long.starts_with(&folded)) || long == folded
    })
}

/// Cmdlets for services with their parameters, those of all cmdlets among them where a short form could mean them.
/// <https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.management/new-service>
static CMDLETS: &[(&str, &[&str])] = &[
    (
        "New-Service",
        &[
            "Name",
            "BinaryPathName",
            "DisplayName",
            "Description",
            "SecurityDescriptorSddl",
            "StartupType",
            "Credential",
            "DependsOn",
        ],
    ),
    (
        "Set-Service",
        &[
            "Name",
            "DisplayName",
            "Credential",
            "Description",
            "StartupType",
            "SecurityDescriptorSddl",
            "Status",
            "InputObject",
            "ComputerName",
            "Force",
            "PassThru",
        ],
    ),
    ("Start-Service", &["InputObject", "Name", "DisplayName", "PassThru", "Include", "Exclude"]),
    ("Stop-Service", &["InputObject", "Name", "DisplayName", "PassThru", "Include", "Exclude", "Force", "NoWait"]),
    ("Restart-Service", &["InputObject", "Name", "DisplayName", "PassThru", "Include", "Exclude", "Force"]),
    ("Remove-Service", &["InputObject", "Name"]),
    (
        "Set-ItemProperty",
        &["Path", "LiteralPath", "Name", "Value", "Type", "InputObject", "PassThru", "Force", "Filter", "Credential"],
    ),
    ("New-ItemProperty", &["Path", "LiteralPath", "Name", "Value", "PropertyType", "Force", "Filter", "Credential"]),
    (
        "Invoke-CimMethod",
        &["ClassName", "MethodName", "Arguments", "Namespace", "ComputerName", "CimSession", "Query", "InputObject"],
    ),
];
/// Parameters of all cmdlets.
static COMMON: &[&str] = &[
    "Verbose",
    "Debug",
    "ErrorAction",
    "ErrorVariable",
    "WarningAction",
    "WarningVariable",
    "InformationAction",
    "InformationVariable",
    "OutVariable",
    "OutBuffer",
    "PipelineVariable",
    "ProgressAction",
    "WhatIf",
    "Confirm",
];

/// The shortest beginning of a parameter that means no other one of its cmdlet.
pub(crate) fn shortened(cmdlet: &str, parameter: &str) -> Option<String> {
    let (_, own) = CMDLETS.iter().find(|it| it.0.eq_ignore_ascii_case(cmdlet))?;
    let name = own.iter().find(|it| it.eq_ignore_ascii_case(parameter))?;
    let begins = |it: &&&str, length: usize| it.len() >= length && it[..length].eq_ignore_ascii_case(&name[..length]);
    let unique = |length: &usize| own.iter().chain(COMMON).filter(|it| begins(it, *length)).count() == 1;
    (1..name.len()).find(unique).map(|it| name[..it].to_owned())
}

/// The name of a cmdlet as Microsoft writes it, where it is one of those known here.
pub(crate) fn cmdlet(name: &str) -> Option<&'static str> {
    CMDLETS.iter().map(|it| it.0).find(|it| it.eq_ignore_ascii_case(name))
}

/// The words of a script outside of strings and comments, in order, with what they are.
pub(crate) fn words(script: &str) -> Vec<(Range<usize>, Word)> {
    let mut words = Vec::new();
    let mut last_command = None;
    for code in code(script) {
        let mut start = code.start;
        while start < code.end {
            let rest = &script[start..code.end];
            let length = rest.find(is_separator).unwrap_or(rest.len());
            let word = &rest[..length];
            let place = start..start + length;
            if let Some(name) = cmdlet(word) {
                last_command = Some(name);
                words.push((place, Word::Cmdlet(name)));
            } else if let Some(name) =
                word.strip_prefix(is_dash).filter(|it| it.chars().all(|it| it.is_ascii_alphabetic()))
                && !name.is_empty()
            {
                words.push((place, Word::Parameter(last_command)));
            } else if !word.is_empty() {
                words.push((place, Word::Other));
            }
            start += length + rest[length..].chars().next().map_or(0, char::len_utf8);
        }
    }
    words
}

/// What a word of a script is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// One of the known cmdlets.
    Cmdlet(&'static str),
    /// A parameter, of the known cmdlet before it.
    Parameter(Option<&'static str>),
    /// Anything else.
    Other,
}

/// Dashes that PowerShell takes for each other.
/// <https://devblogs.microsoft.com/powershell/em-dash-en-dash-dash-dash-dash/>
pub(crate) fn is_dash(character: char) -> bool {
    matches!(character, '-' | '\u{2013}' | '\u{2014}' | '\u{2015}')
}

fn is_separator(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n' | ';' | '|' | '&' | '(' | ')' | '{' | '}' | '=' | ',' | '\\' | ':')
}

/// The parts of a script outside of strings and comments.
pub(crate) fn code(script: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for (place, character) in script.char_indices() {
        match quote {
            None if matches!(character, '"' | '\'' | '#') && !escaped => {
                parts.push(start..place);
                quote = Some(character);
            }
            Some('#') if character == '\n' => {
                quote = None;
                start = place;
            }
            Some(open) if character == open && !escaped && open != '#' => {
                quote = None;
                start = place + 1;
            }
            _ => {}
        }
        escaped = character == '`' && !escaped;
    }
    if quote.is_none() {
        parts.push(start..script.len());
    }
    parts.retain(|it| !it.is_empty());
    parts
}

/// The script in the form of `-EncodedCommand`: Base64 of UTF-16LE.
pub(crate) fn encoded(script: &str) -> String {
    base64(&script.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())
}

/// Base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |place: usize| u32::from(chunk.get(place).copied().unwrap_or_default());
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = LETTERS[(group >> (18 - 6 * place) & 63) as usize];
            text.push(if place > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_mean_one_parameter() {
        assert_eq!(shortened("new-service", "BinaryPathName").as_deref(), Some("B"));
        assert_eq!(shortened("New-Service", "StartupType").as_deref(), Some("St"));
        assert_eq!(shortened("New-Service", "Description").as_deref(), Some("Des"));
        assert_eq!(shortened("New-Service", "Whatever"), None);
    }

    #[test]
    fn strings_and_comments_are_no_code() {
        let found = |script: &str| code(script).into_iter().map(|it| script[it].to_owned()).collect::<Vec<_>>();
        assert_eq!(found("a 'b' c # d\ne"), ["a ", " c ", "\ne"]);
        assert_eq!(found("a `\" b"), ["a `\" b"]);
    }

    #[test]
    fn base64_is_that_of_the_standard() {
        assert_eq!([base64(b"a"), base64(b"ab"), base64(b"abc")], ["YQ==", "YWI=", "YWJj"]);
        assert_eq!(encoded("whoami /all"), "dwBoAG8AYQBtAGkAIAAvAGEAbABsAA==");
    }
}
