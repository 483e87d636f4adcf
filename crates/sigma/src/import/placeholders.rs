//! What `%name%` stands for in values with the modifier `expand`.

use std::collections::BTreeMap;

use syntax::{Diagnostic, Span};

use super::test::quoted_regex;
use super::value::Value;
use crate::{Part, Text};

/// The most values that one placeholder may stand for.
pub const PLACEHOLDER_VALUES_MAX: usize = 1_000;

/// Names and the values that they stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placeholders {
    values: BTreeMap<String, Vec<String>>,
}

impl Placeholders {
    /// Adds values to a name.
    pub fn add(&mut self, name: &str, values: impl IntoIterator<Item = String>) {
        self.values.entry(name.to_owned()).or_default().extend(values);
    }

    /// Adds the values of a text: of YAML a map of names and lists, else the values of this name, one a line; empty
    /// lines and those that begin with `#` are none.
    pub fn read(&mut self, name: &str, is_yaml: bool, text: &str) -> Result<(), Box<Diagnostic>> {
        if !is_yaml {
            let lines = text.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#'));
            self.add(name, lines.map(str::to_owned));
            return Ok(());
        }
        let node = pack::yaml::read(text, 0)?;
        let wrong = |span| Diagnostic::error("sigma-placeholders", span, "not a map of names and lists of texts");
        let pack::yaml::Value::Map(pairs) = &node.value else { return Err(Box::new(wrong(node.span))) };
        for ((name, _), values) in pairs {
            let items = match &values.value {
                pack::yaml::Value::List(items) => items.as_slice(),
                _ => std::slice::from_ref(values),
            };
            for item in items {
                match &item.value {
                    pack::yaml::Value::Text(text) => self.add(name, [text.clone()]),
                    pack::yaml::Value::Number(number) => self.add(name, [number.to_string()]),
                    _ => return Err(Box::new(wrong(item.span))),
                }
            }
        }
        Ok(())
    }

    /// All values that a value with placeholders stands for.
    pub(super) fn expand(&self, value: Value, span: Span) -> Result<Vec<Value>, Box<Diagnostic>> {
        match value {
            Value::Text(text) => Ok(self.texts(&text, span)?.into_iter().map(Value::Text).collect()),
            Value::Regex(mut regex) => {
                let Some((before, name, behind)) = placeholder(&regex.text) else {
                    return Ok(vec![Value::Regex(regex)]);
                };
                let values: Vec<_> = self.values_of(name, span)?.iter().map(|it| quoted_regex(it)).collect();
                regex.text = format!("{before}(?:{}){behind}", values.join("|"));
                Ok(vec![Value::Regex(regex)])
            }
            other => Ok(vec![other]),
        }
    }

    fn texts(&self, text: &Text, span: Span) -> Result<Vec<Text>, Box<Diagnostic>> {
        let mut texts = vec![Text::default()];
        for part in text.parts() {
            let Part::Literal(literal) = part else {
                for it in &mut texts {
                    it.push(part.clone());
                }
                continue;
            };
            let mut rest = literal.as_str();
            while let Some((before, name, behind)) = placeholder(rest) {
                let values = self.values_of(name, span)?;
                if texts.len() * values.len() > PLACEHOLDER_VALUES_MAX {
                    let message = format!("the placeholders stand for more than {PLACEHOLDER_VALUES_MAX} values");
                    return Err(Box::new(Diagnostic::error("sigma-placeholder", span, message)));
                }
                let with = |text: &Text, value: &String| {
                    let mut text = text.clone();
                    text.push(Part::Literal(before.to_owned()));
                    Text::parse(value).parts().iter().for_each(|it| text.push(it.clone()));
                    text
                };
                texts = texts.iter().flat_map(|text| values.iter().map(move |value| with(text, value))).collect();
                rest = behind;
            }
            for it in &mut texts {
                it.push(Part::Literal(rest.to_owned()));
            }
        }
        Ok(texts)
    }

    fn values_of(&self, name: &str, span: Span) -> Result<&[String], Box<Diagnostic>> {
        if let Some(values) = self.values.get(name).filter(|it| !it.is_empty()) {
            return Ok(values);
        }
        let error =
            Diagnostic::error("sigma-placeholder", span, format!("nothing is known of the placeholder `%{name}%`"));
        let help = format!("name a file `{name}.txt` with the values, one a line, by `--placeholders`");
        Err(Box::new(error.with_help(help)))
    }
}

/// The first placeholder of a text, with what stands before and behind it.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let is_name =
        |it: &str| !it.is_empty() && it.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '-' | '.'));
    let mut from = 0;
    loop {
        let start = from + text[from..].find('%')?;
        let end = start + 1 + text[start + 1..].find('%')?;
        let name = &text[start + 1..end];
        if is_name(name) {
            return Some((&text[..start], name, &text[end + 1..]));
        }
        from = end;
    }
}
