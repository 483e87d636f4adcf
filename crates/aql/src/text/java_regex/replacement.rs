//! Replacement texts of `Matcher.replaceAll`: `$1`, `${name}`, and a backslash that takes the next character as it is.

use syntax::Span;

use super::super::PatternError;
use super::{Captures, JavaRegex};

/// A parsed replacement text for one regular expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Group(usize),
}

impl Replacement {
    /// Parses a replacement for the groups of `regex`. Refuses, as Java does, a group that does not exist, a `$` without
    /// a group and a backslash at the end.
    pub fn new(text: &str, regex: &JavaRegex) -> Result<Self, PatternError> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let start = text.len() - rest.len();
            rest = &rest[character.len_utf8()..];
            match character {
                '\\' => {
                    let Some(escaped) = rest.chars().next() else {
                        let error = PatternError::new(Span::new(start, text.len()), "backslash at the end");
                        return Err(error.with_help(r"write `\\` for a backslash"));
                    };
                    literal.push(escaped);
                    rest = &rest[escaped.len_utf8()..];
                }
                '$' => {
                    let (group, length) = group_reference(rest, regex).map_err(|reason| {
                        PatternError::new(Span::new(start, start + 1), reason)
                            .with_help(r"write `\$` for a dollar sign")
                    })?;
                    parts.push(Part::Text(std::mem::take(&mut literal)));
                    parts.push(Part::Group(group));
                    rest = &rest[length..];
                }
                other => literal.push(other),
            }
        }
        parts.push(Part::Text(literal));
        Ok(Self { parts })
    }

    /// Writes the replacement of one match; a group that took no part is empty.
    pub(super) fn expand(&self, value: &str, captures: &Captures, result: &mut String) {
        for part in &self.parts {
            match part {
                Part::Text(text) => result.push_str(text),
                Part::Group(group) => {
                    if let Some(range) = captures.get(*group) {
                        result.push_str(&value[range]);
                    }
                }
            }
        }
    }
}

/// The group that the text after `$` names, and the length of the name.
fn group_reference(rest: &str, regex: &JavaRegex) -> Result<(usize, usize), String> {
    if let Some(named) = rest.strip_prefix('{') {
        let name =
            named.split('}').next().filter(|name| name.len() < named.len()).ok_or("`${` without a closing `}`")?;
        let group = regex.group_number(name).ok_or_else(|| format!("no group named `{name}`"))?;
        return Ok((group, name.len() + 2));
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).map(|digit| usize::from(digit - b'0'));
    let mut reference = None;
    for (index, digit) in digits.enumerate() {
        let longer = reference.map_or(digit, |(group, _): (usize, usize)| group * 10 + digit);
        // The first digit always belongs to the number, a further one only when there are so many groups.
        if index > 0 && longer > regex.groups() {
            break;
        }
        reference = Some((longer, index + 1));
    }
    match reference {
        Some((group, _)) if group > regex.groups() => Err(format!("no group {group}")),
        Some(reference) => Ok(reference),
        None => Err("`$` without a group".to_owned()),
    }
}
