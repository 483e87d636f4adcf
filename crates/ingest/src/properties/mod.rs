//! The values of properties that users define, taken out of events.

mod json;
mod keys;
mod xml;

use std::borrow::Cow;

use regex::{Regex, RegexBuilder};
use schema::properties::{Definition, Expression, Filter, PATTERN_MEMORY_MAX};
use schema::{EVENTS, Type};
use serde_json::{Map, Value as Json};

use crate::normalise::{EventBuilder, Origin, columns};
use crate::{Body, Value};

/// A value may have so many bytes; a longer one is cut at a character.
pub const VALUE_BYTES_MAX: usize = 64 * 1024;

/// Definitions made ready for use. Shared by all threads.
#[derive(Debug, Default)]
pub struct UserProperties(Vec<Ready>);

#[derive(Debug)]
struct Ready {
    definition: Definition,
    /// The field of this name, when it is one of the event model.
    column: Option<u16>,
    /// The pattern of each expression that is one.
    patterns: Vec<Option<Regex>>,
}

/// What an event was read from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Source<'a> {
    /// The original text, where the reader kept it.
    pub(crate) payload: Option<&'a str>,
    /// The object, when the event was JSON.
    pub(crate) object: Option<&'a Map<String, Json>>,
    /// Names and values, when the event had such.
    pub(crate) pairs: &'a [(String, String)],
}

impl<'a> Source<'a> {
    pub(crate) fn of(body: &'a Body, payload: Option<&'a str>) -> Self {
        match body {
            Body::Windows(it) => Self { payload, object: None, pairs: &it.data },
            Body::Json(_, it) => Self { payload, object: Some(it), pairs: &[] },
            Body::Syslog(it) => Self { payload: payload.or(Some(&it.message)), ..Self::default() },
            Body::Audit(_) | Body::Stored(_) => Self { payload, ..Self::default() },
        }
    }
}

impl UserProperties {
    /// Makes definitions ready. A pattern that does not compile, which reading them has reported, finds nothing.
    pub fn new(definitions: Vec<Definition>) -> Self {
        Self(definitions.into_iter().map(Ready::new).collect())
    }

    /// Whether some expression reads the payload: then readers must keep it.
    pub fn need_payload(&self) -> bool {
        !self.0.is_empty()
    }

    /// The definitions.
    pub fn definitions(&self) -> impl Iterator<Item = &Definition> {
        self.0.iter().map(|it| &it.definition)
    }

    /// Gives an event the properties that it has.
    pub(crate) fn fill(&self, source: Source, origin: &Origin, event: &mut EventBuilder) {
        for property in &self.0 {
            if !property.fits(origin, event) {
                continue;
            }
            if let Some(value) = property.find(source) {
                property.give(&value, event);
            }
        }
    }
}

impl Ready {
    fn new(definition: Definition) -> Self {
        let pattern = |it: &Expression| match it {
            Expression::Regex { pattern, .. } => RegexBuilder::new(pattern).size_limit(PATTERN_MEMORY_MAX).build().ok(),
            _ => None,
        };
        Self {
            patterns: definition.expressions.iter().map(pattern).collect(),
            column: EVENTS.find(&definition.name).and_then(|it| u16::try_from(it).ok()),
            definition,
        }
    }

    fn fits(&self, origin: &Origin, event: &EventBuilder) -> bool {
        let Filter { device_type, channel, event_ids } = &self.definition.filter;
        let text_is = |column, wanted: &str| event.get_text(column).is_some_and(|it| it.eq_ignore_ascii_case(wanted));
        device_type.is_none_or(|it| it == origin.device_type)
            && channel.as_ref().is_none_or(|it| text_is(columns().event_category, it))
            && (event_ids.is_empty() || event_ids.iter().any(|it| text_is(columns().event_id, it)))
    }

    fn find<'a>(&self, source: Source<'a>) -> Option<Cow<'a, str>> {
        let mut pairs = self.definition.expressions.iter().zip(&self.patterns);
        pairs.find_map(|(expression, pattern)| {
            evaluate(expression, pattern.as_ref(), source).filter(|it| !it.is_empty())
        })
    }

    /// A value that is not of the type of the property is no value.
    fn give(&self, text: &str, event: &mut EventBuilder) {
        let text = cut(text);
        if let Some(column) = self.column {
            event.converted(column, text);
        } else if let Some(value) = crate::normalise::value(self.definition.value_type, text) {
            event.replace_property(&self.definition.name, &printed(&value, self.definition.value_type, text));
        }
    }
}

/// Properties are kept as text: numbers in decimal, addresses in canonical form.
fn printed<'a>(value: &Value, value_type: Type, text: &'a str) -> Cow<'a, str> {
    match (value, value_type) {
        (Value::Text(it), Type::Host) => Cow::Owned(it.to_string()),
        (Value::Integer(it), _) => Cow::Owned(it.to_string()),
        (Value::Double(it), _) => Cow::Owned(it.to_string()),
        _ => Cow::Borrowed(text),
    }
}

fn cut(text: &str) -> &str {
    if text.len() <= VALUE_BYTES_MAX {
        return text;
    }
    &text[..text.floor_char_boundary(VALUE_BYTES_MAX)]
}

fn evaluate<'a>(expression: &Expression, pattern: Option<&Regex>, source: Source<'a>) -> Option<Cow<'a, str>> {
    let payload = source.payload;
    match expression {
        Expression::Json(path) => json::find(path, source),
        Expression::Regex { group, .. } => {
            pattern?.captures(payload?)?.get(*group).map(|it| Cow::Borrowed(it.as_str()))
        }
        Expression::Leef(key) => keys::leef(payload?, key).map(Cow::Borrowed),
        Expression::Cef(key) => keys::cef(payload?, key),
        Expression::NameValue { key, delimiter, separator } => {
            let of_log = source.pairs.iter().find(|it| it.0.eq_ignore_ascii_case(key)).map(|it| it.1.as_str());
            of_log.or_else(|| keys::name_value(payload?, key, delimiter, separator)).map(Cow::Borrowed)
        }
        Expression::List { position, delimiter } => {
            payload?.split(delimiter.as_str()).nth(position - 1).map(|it| Cow::Borrowed(it.trim()))
        }
        Expression::Xml(path) => xml::find(payload?, path).map(Cow::Owned),
    }
}
