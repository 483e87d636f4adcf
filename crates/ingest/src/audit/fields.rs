//! The fields of an audit record. Quoted values stand as they are; of the fields that auditd encodes, an unquoted value
//! is the hexadecimal form of its bytes.

use super::socket;

/// Fields whose text comes from users and is therefore encoded when it holds blanks, quotes or control characters.
const ENCODED: [&str; 25] = [
    "acct",
    "cmd",
    "comm",
    "cwd",
    "data",
    "device",
    "dir",
    "exe",
    "file",
    "grp",
    "key",
    "name",
    "new_group",
    "ocomm",
    "old_name",
    "path",
    "proctitle",
    "profile",
    "root_dir",
    "sw",
    "vm",
    "watch",
    "new-disk",
    "old-disk",
    "unit",
];
/// Parts of messages within messages that are read.
const DEPTH_MAX: usize = 4;

/// Reads what stands behind the colon of a record. What auditd adds behind the separator 0x1D is read alike.
pub(super) fn parse(text: &str, kind: &str, interpreted: bool) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for part in text.split('\u{1d}') {
        read(denial(part.trim(), &mut fields), kind, interpreted, 0, &mut fields);
    }
    fields
}

/// The head of a record of `SELinux`: `avc:  denied  { read } for  `.
fn denial<'a>(text: &'a str, fields: &mut Vec<(String, String)>) -> &'a str {
    let Some(rest) = text.strip_prefix("avc:") else { return text };
    let Some((result, rest)) = rest.split_once('{') else { return rest };
    let Some((permissions, rest)) = rest.split_once('}') else { return rest };
    fields.push(("seresult".into(), result.trim().into()));
    fields.push(("seperms".into(), permissions.split_whitespace().collect::<Vec<_>>().join(",")));
    rest
}

fn read(text: &str, kind: &str, interpreted: bool, depth: usize, fields: &mut Vec<(String, String)>) {
    let mut rest = text.trim_start_matches([' ', ',']);
    while !rest.is_empty() {
        let token = rest.find([' ', '=']).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(token);
        let Some(behind) = behind.strip_prefix('=').filter(|_| is_name(name)) else {
            rest = rest[token..].trim_start_matches([' ', ',', '=']);
            continue;
        };
        let (value, next) = value(behind, kind, interpreted);
        match value {
            Raw::Message(inner) if depth < DEPTH_MAX => read(inner, kind, interpreted, depth + 1, fields),
            Raw::Message(text) | Raw::Literal(text) => keep(name, text.to_owned(), kind, true, fields),
            Raw::Plain(text) => keep(name, text.to_owned(), kind, interpreted, fields),
        }
        rest = next.trim_start_matches([' ', ',']);
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'[' | b']' | b'.'))
}

/// A value as it stands.
enum Raw<'a> {
    /// In single quotes: fields of a program.
    Message(&'a str),
    /// In double quotes or braces.
    Literal(&'a str),
    Plain(&'a str),
}

fn value<'a>(text: &'a str, kind: &str, interpreted: bool) -> (Raw<'a>, &'a str) {
    if let Some(inner) = text.strip_prefix('\'') {
        let end = inner.rfind('\'').unwrap_or(inner.len());
        return (Raw::Message(&inner[..end]), inner.get(end + 1..).unwrap_or_default());
    }
    if let Some(inner) = text.strip_prefix('"')
        && let Some((literal, rest)) = inner.split_once('"')
    {
        return (Raw::Literal(literal), rest);
    }
    if text.starts_with('{')
        && let Some(end) = text.find('}')
    {
        return (Raw::Literal(&text[..=end]), &text[end + 1..]);
    }
    let end = match interpreted {
        true if kind == "PROCTITLE" => text.len(),
        true => end_of_interpreted(text),
        false => text.find(' ').unwrap_or(text.len()),
    };
    (Raw::Plain(text[..end].trim_end()), &text[end..])
}

/// A value without quotes ends before the last blank in front of the next name.
fn end_of_interpreted(text: &str) -> usize {
    let mut from = 0;
    while let Some(blank) = text[from..].find(' ').map(|it| from + it) {
        let word = text[blank..].trim_start();
        let name = word.find([' ', '=']).filter(|it| word.as_bytes()[*it] == b'=').map(|it| &word[..it]);
        if name.is_some_and(is_name) {
            return blank;
        }
        from = blank + 1;
    }
    text.len()
}

fn keep(name: &str, text: String, kind: &str, literal: bool, fields: &mut Vec<(String, String)>) {
    if name == "saddr" && !literal {
        fields.push((name.to_owned(), text.clone()));
        fields.extend(socket::decode(&text).into_iter().map(|(name, value)| (name.to_owned(), value)));
        return;
    }
    let is_argument = kind == "EXECVE" && is_argument(name);
    if kind == "EXECVE" && name.ends_with(']') {
        // Joined with the other parts before it is decoded: a character may be cut in two.
        fields.push((name.to_owned(), if literal { format!("\"{text}") } else { text }));
        return;
    }
    let encoded = !literal && (is_argument || ENCODED.contains(&name));
    let text = if encoded { decoded(name, &text).unwrap_or(text) } else { text };
    fields.push((name.to_owned(), text));
}

/// `a0`, `a1`, ...
fn is_argument(name: &str) -> bool {
    name.strip_prefix('a').is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()))
}

fn decoded(name: &str, text: &str) -> Option<String> {
    let bytes = bytes_of(text)?;
    let text = String::from_utf8_lossy(&bytes);
    Some(match name {
        "proctitle" | "data" => text.trim_end_matches('\0').replace('\0', " "),
        // Several keys are parted by 0x01.
        "key" => text.trim_matches('\u{1}').replace('\u{1}', ","),
        _ => text.trim_matches('\0').to_owned(),
    })
}

/// The bytes of a text in hexadecimal.
pub(super) fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let digit = |it: u8| char::from(it).to_digit(16).map(|it| it as u8);
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.is_empty() || !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|it| Some(digit(it[0])? << 4 | digit(it[1])?)).collect()
}

/// Joins the parts of long arguments, `a1[0]` and `a1[1]`, to `a1`, and drops the lengths `a1_len`.
pub(crate) fn join_arguments<'a>(fields: impl Iterator<Item = &'a (String, String)>) -> Vec<(String, String)> {
    let mut joined: Vec<(String, String)> = Vec::new();
    let mut parts: Vec<(&str, String, bool)> = Vec::new();
    for (name, text) in fields {
        if let Some((argument, _)) = name.split_once('[') {
            let (text, literal) = text.strip_prefix('"').map_or((text.as_str(), false), |it| (it, true));
            if let Some(part) = parts.iter_mut().find(|it| it.0 == argument) {
                part.1.push_str(text);
            } else {
                parts.push((argument, text.to_owned(), literal));
                joined.push((argument.to_owned(), String::new()));
            }
        } else if !(name.ends_with("_len") && is_argument(&name[..name.len() - 4])) {
            joined.push((name.clone(), text.clone()));
        }
    }
    for (argument, text, literal) in parts {
        let value = if literal { text } else { decoded(argument, &text).unwrap_or(text) };
        if let Some(field) = joined.iter_mut().find(|it| it.0 == argument && it.1.is_empty()) {
            field.1 = value;
        }
    }
    joined
}
