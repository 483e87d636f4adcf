//! Values behind keys: LEEF, CEF, and pairs of any form.

use std::borrow::Cow;

/// An attribute of the first LEEF text in a payload; case does not matter, the first of several counts.
///
/// LEEF 1.0 parts attributes by tabs; 2.0 names the character in a header field of its own, as itself or as
/// `x` or `0x` with up to four hexadecimal digits.
pub(super) fn leef<'a>(payload: &'a str, key: &str) -> Option<&'a str> {
    let (_, leef) = payload.split_once("LEEF:")?;
    let mut parts = leef.splitn(6, '|');
    let version = parts.next()?;
    let attributes = parts.nth(4)?;
    let (delimiter, attributes) = match attributes.split_once('|') {
        Some((field, rest)) if version.starts_with('2') => (leef_delimiter(field)?, rest),
        _ => ('\t', attributes),
    };
    let mut pairs = attributes.split(delimiter).filter_map(|it| it.split_once('='));
    pairs.find(|it| it.0.trim().eq_ignore_ascii_case(key)).map(|it| it.1.trim_end())
}

fn leef_delimiter(field: &str) -> Option<char> {
    let digits = field.strip_prefix("0x").or_else(|| field.strip_prefix('x')).filter(|it| !it.is_empty());
    match digits {
        Some(digits) => char::from_u32(u32::from_str_radix(digits, 16).ok()?),
        None if field.is_empty() => Some('\t'),
        None => field.chars().next(),
    }
}

/// An extension of the first CEF text in a payload, by its key or by the label of a custom one: `cs1Label=Badge cs1=7`
/// is found as `cs1` and as `Badge`. A value ends before the last blank in front of the next key.
pub(super) fn cef<'a>(payload: &'a str, key: &str) -> Option<Cow<'a, str>> {
    let (_, cef) = payload.split_once("CEF:")?;
    let extension = cef_extension(cef)?;
    let pairs = cef_pairs(extension);
    let value = |wanted: &str| pairs.iter().find(|it| it.0 == wanted).map(|it| it.1);
    let found = value(key).or_else(|| {
        let labels = pairs.iter().filter_map(|it| Some((it.0.strip_suffix("Label")?, it.1)));
        labels.filter(|it| it.1 == key).find_map(|it| value(it.0))
    });
    found.map(unescape)
}

/// What follows the seventh bar that no backslash hides.
fn cef_extension(cef: &str) -> Option<&str> {
    let (mut bars, mut hidden) = (0, false);
    for (place, character) in cef.char_indices() {
        match character {
            '\\' => hidden = !hidden,
            '|' if !hidden => {
                bars += 1;
                if bars == 7 {
                    return Some(&cef[place + 1..]);
                }
            }
            _ => hidden = false,
        }
    }
    None
}

fn cef_pairs(extension: &str) -> Vec<(&str, &str)> {
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    let mut key_and_start: Option<(&str, usize)> = None;
    for (equals, _) in extension.match_indices('=') {
        let before = &extension[..equals];
        let start = before.rfind(char::is_whitespace).map_or(0, |it| it + 1);
        let key = &before[start..];
        let is_key =
            !key.is_empty() && key.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.' | b'-'));
        if !is_key {
            continue;
        }
        if let Some((name, value)) = key_and_start {
            pairs.push((name, extension[value..start].trim_end()));
        }
        key_and_start = Some((key, equals + 1));
    }
    pairs.extend(key_and_start.map(|(name, value)| (name, extension[value..].trim_end())));
    pairs
}

/// `\=` and `\\` stand for the second character, `\n` and `\r` for the end of a line.
fn unescape(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return Cow::Borrowed(value);
    }
    let mut plain = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match (character, character == '\\') {
            (_, true) => plain.extend(characters.next().map(|it| match it {
                'n' => '\n',
                'r' => '\r',
                other => other,
            })),
            (other, false) => plain.push(other),
        }
    }
    Cow::Owned(plain)
}

/// The value behind a key: what follows `key` and separator up to the next delimiter. A value in double quotes may
/// hold delimiters. Case does not matter.
pub(super) fn name_value<'a>(payload: &'a str, key: &str, delimiter: &str, separator: &str) -> Option<&'a str> {
    let mut rest = payload;
    while let Some(place) = rest.find(separator) {
        let (before, value) = (&rest[..place], &rest[place + separator.len()..]);
        let name = before.rsplit(delimiter).next().unwrap_or(before).trim();
        let quoted = value.strip_prefix('"').and_then(|it| it.split_once('"'));
        let (value, behind) = quoted.unwrap_or_else(|| value.split_once(delimiter).unwrap_or((value, "")));
        if name.eq_ignore_ascii_case(key) {
            return Some(value.trim());
        }
        rest = behind;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leef_attributes() {
        let first = "<13>Nov 21 ws01 LEEF:1.0|Demo|EDR|4|77|cat=x\tusrName=LAB\\ann\tmsg=a|b=c\tcat=later";
        assert_eq!(leef(first, "usrname"), Some("LAB\\ann"));
        assert_eq!(leef(first, "msg"), Some("a|b=c"));
        assert_eq!(leef(first, "cat"), Some("x"));
        assert_eq!(leef(first, "absent"), None);
        assert_eq!(leef("LEEF:2.0|Demo|EDR|4|77|^|a=1^b=2", "b"), Some("2"));
        assert_eq!(leef("LEEF:2.0|Demo|EDR|4|77|x09|a=1\tb=2", "b"), Some("2"));
        assert_eq!(leef("LEEF:2.0|Demo|EDR|4|77||a=1\tb=2", "b"), Some("2"));
        assert_eq!(leef("a=1", "a"), None);
    }

    #[test]
    fn cef_extensions() {
        let text = r"Nov 21 ws01 CEF:0|De\|mo|EDR|4|77|Name|7|fname=two words.exe filePath=C:\\a\=b cs1Label=Badge Id cs1=7 x msg=a\nb";
        assert_eq!(cef(text, "fname").as_deref(), Some("two words.exe"));
        assert_eq!(cef(text, "filePath").as_deref(), Some(r"C:\a=b"));
        assert_eq!(cef(text, "cs1").as_deref(), Some("7 x"));
        assert_eq!(cef(text, "Badge Id").as_deref(), Some("7 x"));
        assert_eq!(cef(text, "msg").as_deref(), Some("a\nb"));
        assert_eq!(cef(text, "FNAME"), None);
        assert_eq!(cef("CEF:0|a|b", "c"), None);
    }

    #[test]
    fn pairs_of_any_form() {
        assert_eq!(name_value("user=ann host=ws01", "HOST", " ", "="), Some("ws01"));
        assert_eq!(name_value("user: ann; badge: 7 b", "badge", ";", ":"), Some("7 b"));
        assert_eq!(name_value("a=\"x y\" b=2", "a", " ", "="), Some("x y"));
        assert_eq!(name_value("a=\"x y\" b=2", "b", " ", "="), Some("2"));
        assert_eq!(name_value("nothing here", "a", " ", "="), None);
        assert_eq!(name_value("xuser=1", "user", " ", "="), None);
    }
}
