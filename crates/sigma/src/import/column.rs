//! The fields of rules as columns of AQL.

use schema::{EVENTS, Type};

/// The longest name of a field, in bytes.
const NAME_BYTES_MAX: usize = 256;

/// A column and how its values are compared.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    /// As AQL writes it, quoted where needed.
    pub(super) text: String,
    /// What its values are.
    pub(super) values: Values,
}

/// What the values of a column are, as far as comparing them goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// Text, numbers of a log among it.
    Text,
    /// Addresses.
    Host,
    /// Numbers.
    Number,
    /// Milliseconds since 1970.
    Time,
    /// True and false.
    Boolean,
}

impl Column {
    /// The column of a field of a rule; none when no column can have that name.
    pub(super) fn of(name: &str) -> Option<Self> {
        if name.is_empty() || name.len() > NAME_BYTES_MAX || name.chars().any(char::is_control) {
            return None;
        }
        if name == "eventName" {
            // What CloudTrail calls the event is the name of its kind on QRadar.
            return Some(Self { text: "QIDNAME(qid)".to_owned(), values: Values::Text });
        }
        let Some(field) = EVENTS.find_sigma(name).map(|it| &EVENTS.fields[it]) else {
            return Some(Self { text: quoted(name), values: Values::Text });
        };
        let values = match field.value_type {
            Type::Text | Type::Mac => Values::Text,
            Type::Bytes => {
                return Some(Self { text: format!("UTF8({})", quoted_if_needed(field.name)), values: Values::Text });
            }
            Type::Host => Values::Host,
            Type::Integer | Type::Port | Type::Double => Values::Number,
            Type::Time => Values::Time,
            Type::Boolean => Values::Boolean,
            Type::Integers | Type::Texts | Type::Structure | Type::Null => return None,
        };
        Some(Self { text: quoted_if_needed(field.name), values })
    }

    /// The column as text, whatever it holds.
    pub(super) fn as_text(&self) -> String {
        if self.values == Values::Text { self.text.clone() } else { format!("STR({})", self.text) }
    }

    /// Whether it is null in some events.
    pub(super) fn guards(&self) -> Vec<String> {
        match self.text.as_str() {
            "UTF8(payload)" | "starttime" | "devicetype" => Vec::new(),
            other => vec![other.to_owned()],
        }
    }
}

/// A name in double quotes.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Names of QRadar's own columns are words and need no quotes; properties have them always, so that they are seen.
fn quoted_if_needed(name: &str) -> String {
    if name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit()) { name.to_owned() } else { quoted(name) }
}

/// A text in single quotes.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A number as a rule wrote it.
pub(super) fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 9e15 { format!("{}", value as i64) } else { value.to_string() }
}
