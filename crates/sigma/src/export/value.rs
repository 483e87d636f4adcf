//! A test as Sigma writes it: the modifiers of its key and the value.

use aql::bound::{Case, PatternKind};
use syntax::ast::CompareOperator;

use super::formula::{FieldKey, Test};
use super::regex::{self, Portable};

/// A value of a detection item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Value {
    /// With Sigma's escapes where they are needed.
    Text(String),
    /// A number or `true`, printed without quotes.
    Bare(String),
    Null,
}

/// A test of a named field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Written {
    /// Such as `contains`; joined by `|` behind the name of the field.
    pub(super) modifiers: Vec<&'static str>,
    pub(super) value: Value,
}

/// The test as Sigma writes it; an error names what it cannot say.
pub(super) fn written(test: &Test) -> Result<Written, String> {
    let plain = |modifiers: &[&'static str], value: Value| Ok(Written { modifiers: modifiers.to_vec(), value });
    match test {
        Test::Exists => plain(&["exists"], Value::Bare("true".to_owned())),
        Test::IsTrue => plain(&[], Value::Bare("true".to_owned())),
        Test::Cidr(block) => plain(&["cidr"], Value::Text(block.clone())),
        Test::Reference(set) => plain(&["expand"], Value::Text(format!("%{}%", placeholder(set)))),
        Test::Field(FieldKey::Property(name)) => plain(&["fieldref"], Value::Text(name.clone())),
        Test::Field(FieldKey::Column(_)) => Err("a field without a name".to_owned()),
        Test::Unsayable { what, .. } => Err(what.clone()),
        Test::Number { operator, value } => {
            let modifier = match operator {
                CompareOperator::Equal => return plain(&[], Value::Bare(value.clone())),
                CompareOperator::Less => "lt",
                CompareOperator::LessOrEqual => "lte",
                CompareOperator::Greater => "gt",
                CompareOperator::GreaterOrEqual => "gte",
                CompareOperator::NotEqual => return Err("a number that differs".to_owned()),
            };
            plain(&[modifier], Value::Bare(value.clone()))
        }
        Test::Text { kind, text, case } => text_test(*kind, text, *case),
    }
}

fn text_test(kind: PatternKind, text: &str, case: Case) -> Result<Written, String> {
    match (kind, case) {
        (PatternKind::Regex, _) => {
            let mut portable = regex::portable(text)?;
            match case {
                Case::Sensitive => {}
                Case::Lowered if has_capital(&portable.text) => {
                    return Err("a capital in a regular expression over LOWER()".to_owned());
                }
                Case::Lowered | Case::Insensitive => add_flag(&mut portable, 'i'),
            }
            Ok(of_regex(portable))
        }
        // The modifier `cased` says it too, but no backend for the targets that matter has it.
        (PatternKind::Equal, Case::Sensitive) => Ok(of_regex(regex::of_text(text, false))),
        // As plain values these mean that there is none.
        (PatternKind::Equal, _) if matches!(text.trim(), "" | "-") => Ok(of_regex(regex::of_text(text, false))),
        (PatternKind::Like, Case::Sensitive) => Ok(of_regex(regex::of_text(text, true))),
        (PatternKind::Equal, _) => {
            let is_number = text == "0" || !text.starts_with('0') && is_digits(text) && text.len() <= 18;
            let value = if is_number { Value::Bare(text.to_owned()) } else { Value::Text(escaped(text, false)) };
            Ok(Written { modifiers: Vec::new(), value })
        }
        (PatternKind::Like, _) => Ok(like(text)),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

fn add_flag(portable: &mut Portable, flag: char) {
    if !portable.flags.contains(&flag) {
        portable.flags.insert(0, flag);
    }
}

fn of_regex(portable: Portable) -> Written {
    let flags = portable.flags.iter().map(|it| match it {
        'i' => "i",
        'm' => "m",
        _ => "s",
    });
    Written { modifiers: std::iter::once("re").chain(flags).collect(), value: Value::Text(portable.text) }
}

/// Whether a capital stands in the expression outside of an escape.
fn has_capital(expression: &str) -> bool {
    let mut escaped = false;
    expression.chars().any(|it| {
        let found = !escaped && it.is_uppercase();
        escaped = !escaped && it == '\\';
        found
    })
}

/// LIKE without regard to case.
fn like(pattern: &str) -> Written {
    let inner = pattern.trim_matches('%');
    if inner.is_empty() {
        return Written { modifiers: vec!["exists"], value: Value::Bare("true".to_owned()) };
    }
    let modifiers = match (pattern.starts_with('%'), pattern.ends_with('%')) {
        (true, true) => vec!["contains"],
        (true, false) => vec!["endswith"],
        (false, true) => vec!["startswith"],
        (false, false) => Vec::new(),
    };
    Written { modifiers, value: Value::Text(escaped(inner, true)) }
}

/// The text with Sigma's escapes; `%` and `_` become its wildcards if `wildcards` says so.
fn escaped(text: &str, wildcards: bool) -> String {
    let mut written = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '%' if wildcards => {
                if !written.ends_with('*') || written.ends_with("\\*") {
                    written.push('*');
                }
            }
            '_' if wildcards => written.push('?'),
            '*' | '?' => {
                written.push('\\');
                written.push(character);
            }
            '\\' => {
                // A backslash stands for itself unless it could escape what follows; a run of them is doubled throughout.
                let mut run = 1;
                while characters.next_if_eq(&'\\').is_some() {
                    run += 1;
                }
                let before_special = match characters.peek() {
                    Some('*' | '?') => true,
                    Some('%' | '_') => wildcards,
                    _ => false,
                };
                let double = run > 1 || before_special;
                written.push_str(&"\\".repeat(if double { 2 * run } else { 1 }));
            }
            other => written.push(other),
        }
    }
    written
}

/// The name of a reference set as a placeholder: letters, digits and `_`.
pub(super) fn placeholder(set: &str) -> String {
    set.chars().map(|it| if it.is_alphanumeric() { it.to_ascii_lowercase() } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::{escaped, like};

    #[test]
    fn backslashes_and_wildcards_are_escaped_where_they_must_be() {
        for (text, wildcards, expected) in [
            (r"\sc.exe", false, r"\sc.exe"),
            (r"\\host\share", false, r"\\\\host\share"),
            (r"C:\*", false, r"C:\\\*"),
            (r"a\%b", true, r"a\\*b"),
            ("a?b*", false, r"a\?b\*"),
            ("a%%b_c", true, "a*b?c"),
            (r"end\", false, r"end\"),
        ] {
            assert_eq!(escaped(text, wildcards), expected, "{text}");
        }
    }

    #[test]
    fn outer_wildcards_become_modifiers() {
        for (pattern, modifier) in [("%a%", "contains"), ("%a", "endswith"), ("a%", "startswith"), ("%", "exists")] {
            assert_eq!(like(pattern).modifiers, [modifier], "{pattern}");
        }
        assert!(like("a%b").modifiers.is_empty());
    }
}
