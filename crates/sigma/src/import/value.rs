//! What modifiers make of values.

use pack::yaml::Value as Yaml;
use syntax::{Diagnostic, Span};

use super::Placeholders;
use super::column::number;
use super::encode;
use crate::rule::{Comparison, FieldTest, Modifier, RegexFlag, Scalar, TimePart};
use crate::{Part, Text};

/// The most values that one value of a rule may stand for.
const FORMS_MAX: usize = 1_000;
/// The characters that begin options on Windows command lines, or pass for one that does.
const DASHES: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];

/// A value, ready to be compared with a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Boolean(bool),
    Number(f64),
    Text(Text),
    /// Bytes that are still to be encoded.
    Bytes(Vec<u8>),
    Regex(Regex),
    Cidr(String),
    Compare(Comparison, f64),
    Time(TimePart, Option<Comparison>, f64),
    Exists(bool),
    Field {
        name: String,
        begins: bool,
        ends: bool,
    },
}

/// A regular expression with its flags.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Regex {
    pub(super) text: String,
    pub(super) ignore_case: bool,
    pub(super) multiline: bool,
    pub(super) dot_all: bool,
}

/// The values of a field after its modifiers.
#[derive(Clone, Debug)]
pub(super) struct Values {
    /// For each value of the rule the forms of which any will do, and where it stands.
    pub(super) items: Vec<(Vec<Value>, Span)>,
    /// Whether all values must be there.
    pub(super) all: bool,
    /// Whether case matters.
    pub(super) cased: bool,
    /// Whether none of them may be there.
    pub(super) negated: bool,
}

/// Applies the modifiers in their order.
pub(super) fn apply(test: &FieldTest, placeholders: &Placeholders) -> Result<Values, Box<Diagnostic>> {
    let has = |it| test.modifiers.contains(&it);
    if test.values.is_empty() {
        return Err(refused(test.span, "the list of values is empty".to_owned()));
    }
    let mut values = Vec::with_capacity(test.values.len());
    for scalar in &test.values {
        let is_regex = has(Modifier::Regex);
        let mut forms = vec![first_form(scalar, is_regex || has(Modifier::Cidr))];
        for modifier in &test.modifiers {
            let mut changed = Vec::with_capacity(forms.len());
            for form in forms {
                changed.extend(step(form, *modifier, scalar.span, placeholders)?);
            }
            if changed.len() > FORMS_MAX {
                return Err(refused(scalar.span, format!("the value stands for more than {FORMS_MAX} values")));
            }
            forms = changed;
        }
        if forms.iter().any(|it| matches!(it, Value::Bytes(_))) {
            let error = refused(scalar.span, "AQL cannot search for the bytes of UTF-16".to_owned());
            return Err(Box::new(error.with_help("the modifier is for values that are then encoded in Base64")));
        }
        values.push((forms, scalar.span));
    }
    Ok(Values { items: values, all: has(Modifier::All), cased: has(Modifier::Cased), negated: has(Modifier::NotEqual) })
}

fn refused(span: Span, message: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("sigma-value", span, message))
}

/// The value as written; a regular expression or a block of addresses has no wildcards.
fn first_form(scalar: &Scalar, verbatim: bool) -> Value {
    match &scalar.value {
        Yaml::Boolean(value) => Value::Boolean(*value),
        Yaml::Number(value) => Value::Number(*value),
        Yaml::Text(text) if verbatim => Value::Text(Text::literal(text)),
        Yaml::Text(text) => Value::Text(Text::parse(text)),
        Yaml::Null | Yaml::List(_) | Yaml::Map(_) => Value::Null,
    }
}

fn step(
    value: Value,
    modifier: Modifier,
    span: Span,
    placeholders: &Placeholders,
) -> Result<Vec<Value>, Box<Diagnostic>> {
    let one = |value| Ok(vec![value]);
    let value = match (modifier, value) {
        // A number has a text to search for.
        (
            Modifier::Contains
            | Modifier::StartsWith
            | Modifier::EndsWith
            | Modifier::Regex
            | Modifier::Cased
            | Modifier::Base64
            | Modifier::Base64Offset
            | Modifier::WindowsDash
            | Modifier::Expand,
            Value::Number(value),
        ) => Value::Text(Text::literal(&number(value))),
        (_, value) => value,
    };
    match (modifier, value) {
        (Modifier::All | Modifier::NotEqual, value) | (Modifier::Cased, value @ (Value::Text(_) | Value::Regex(_))) => {
            one(value)
        }
        (Modifier::Contains | Modifier::StartsWith | Modifier::EndsWith, value) => {
            open(value, modifier).map(|it| vec![it]).ok_or_else(|| misfit(modifier, span))
        }
        (Modifier::Regex, Value::Text(text)) => {
            let text = text.as_literal().unwrap_or_default().to_owned();
            one(Value::Regex(Regex { text, ignore_case: false, multiline: false, dot_all: false }))
        }
        (Modifier::Flag(flag), Value::Regex(mut regex)) => {
            match flag {
                RegexFlag::IgnoreCase => regex.ignore_case = true,
                RegexFlag::Multiline => regex.multiline = true,
                RegexFlag::DotAll => regex.dot_all = true,
            }
            one(Value::Regex(regex))
        }
        (Modifier::Base64 | Modifier::Base64Offset, value @ (Value::Text(_) | Value::Bytes(_))) => {
            let Some(bytes) = bytes(value) else {
                return Err(refused(span, "a value with wildcards cannot be encoded".to_owned()));
            };
            let forms = if modifier == Modifier::Base64 {
                vec![encode::base64(&bytes)]
            } else {
                encode::base64_offsets(&bytes)
            };
            Ok(forms.iter().map(|it| Value::Text(Text::literal(it))).collect())
        }
        (Modifier::Utf16 | Modifier::Utf16Le | Modifier::Utf16Be, Value::Text(text)) => match text.as_literal() {
            Some(text) => one(Value::Bytes(encode::utf16(text, modifier))),
            None => Err(refused(span, "a value with wildcards cannot be encoded".to_owned())),
        },
        (Modifier::WindowsDash, Value::Text(text)) => dashes(&text)
            .ok_or_else(|| refused(span, format!("the dashes of the value stand for more than {FORMS_MAX} values"))),
        (Modifier::Cidr, Value::Text(text)) => {
            let block = text.as_literal().unwrap_or_default().trim().to_owned();
            if is_block(&block) {
                return one(Value::Cidr(block));
            }
            Err(refused(span, format!("`{block}` is no block of addresses")))
        }
        (Modifier::Compare(comparison), value) => {
            compared(comparison, value).map(|it| vec![it]).ok_or_else(|| misfit(modifier, span))
        }
        (Modifier::Time(part), Value::Number(value)) => one(Value::Time(part, None, value)),
        (Modifier::Time(part), Value::Compare(comparison, value)) => one(Value::Time(part, Some(comparison), value)),
        (Modifier::Exists, Value::Boolean(value)) => one(Value::Exists(value)),
        (Modifier::FieldReference, Value::Text(text)) => match field_reference(&text) {
            Some(value) => one(value),
            None => Err(refused(span, "the name of a field has no wildcards".to_owned())),
        },
        (Modifier::Expand, value) => placeholders.expand(value, span),
        (_, _) => Err(misfit(modifier, span)),
    }
}

/// The name of a field; `contains` and its kin before `fieldref` have put wildcards around it.
fn field_reference(text: &Text) -> Option<Value> {
    let begins = !matches!(text.parts().first(), Some(Part::Any));
    let ends = !matches!(text.parts().last(), Some(Part::Any));
    let mut names = text.parts().iter().filter(|it| !matches!(it, Part::Any));
    match (names.next(), names.next()) {
        (Some(Part::Literal(name)), None) => Some(Value::Field { name: name.clone(), begins, ends }),
        _ => None,
    }
}

fn misfit(modifier: Modifier, span: Span) -> Box<Diagnostic> {
    refused(span, format!("`{}` cannot be applied to this value", modifier.name()))
}

/// With room before it, behind it, or both.
fn open(value: Value, modifier: Modifier) -> Option<Value> {
    let (before, behind) = (modifier != Modifier::StartsWith, modifier != Modifier::EndsWith);
    match value {
        Value::Text(text) => Some(Value::Text(text.open(before, behind))),
        Value::Regex(mut regex) => {
            // Regular expressions are found anywhere as it is.
            if !before {
                regex.text = format!("^(?:{})", regex.text);
            } else if !behind {
                regex.text = format!("(?:{})$", regex.text);
            }
            Some(Value::Regex(regex))
        }
        Value::Field { name, begins, ends } => {
            Some(Value::Field { name, begins: begins && !before, ends: ends && !behind })
        }
        Value::Boolean(it) => Some(Value::Text(Text::literal(&it.to_string()).open(before, behind))),
        _ => None,
    }
}

fn compared(comparison: Comparison, value: Value) -> Option<Value> {
    match value {
        Value::Number(value) => Some(Value::Compare(comparison, value)),
        Value::Text(text) => {
            let value = text.as_literal()?.trim().parse().ok().filter(|it: &f64| it.is_finite())?;
            Some(Value::Compare(comparison, value))
        }
        Value::Time(part, None, value) => Some(Value::Time(part, Some(comparison), value)),
        _ => None,
    }
}

fn bytes(value: Value) -> Option<Vec<u8>> {
    match value {
        Value::Text(text) => text.as_literal().map(|it| it.as_bytes().to_vec()),
        Value::Bytes(bytes) => Some(bytes),
        _ => None,
    }
}

fn is_block(text: &str) -> bool {
    let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
    let Ok(address) = address.parse::<std::net::IpAddr>() else { return false };
    let width = if address.is_ipv4() { 32 } else { 128 };
    prefix.is_none_or(|it| it.parse::<u32>().is_ok_and(|it| it <= width))
}

/// All forms of a text whose option signs stand for each other: a dash or slash before a letter or digit, and behind
/// nothing or what is neither.
fn dashes(text: &Text) -> Option<Vec<Value>> {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let mut forms = vec![Text::default()];
    for part in text.parts() {
        let Part::Literal(literal) = part else {
            for it in &mut forms {
                it.push(part.clone());
            }
            continue;
        };
        let characters: Vec<char> = literal.chars().collect();
        for (index, character) in characters.iter().enumerate() {
            let before = index.checked_sub(1).is_none_or(|it| !is_word(characters[it]));
            let behind = characters.get(index + 1).is_some_and(|it| is_word(*it));
            if !(matches!(character, '-' | '/') && before && behind) {
                for it in &mut forms {
                    it.push(Part::Literal(character.to_string()));
                }
                continue;
            }
            if forms.len() * DASHES.len() > FORMS_MAX {
                return None;
            }
            let with = |form: &Text, dash: char| {
                let mut form = form.clone();
                form.push(Part::Literal(dash.to_string()));
                form
            };
            forms = DASHES.iter().flat_map(|dash| forms.iter().map(move |it| with(it, *dash))).collect();
        }
    }
    Some(forms.into_iter().map(Value::Text).collect())
}
