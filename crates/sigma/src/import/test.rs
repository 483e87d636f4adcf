//! A field and its values as a condition of AQL.
//!
//! Text is compared without regard to case: ILIKE, or IMATCHES where the text has a `%` or `_`, which LIKE cannot say
//! of themselves.

use aql::text::{Case, JavaRegex};
use syntax::{Diagnostic, Span};

use super::Placeholders;
use super::column::{self, Column, literal, number, quoted};
use super::predicate::Predicate;
use super::value::{self, Regex, Value, Values};
use crate::rule::{Comparison, FieldTest, TimePart};
use crate::{Part, Text};

/// What a rule's tests are made with, and what they were found to read.
pub(super) struct Context<'a> {
    pub(super) placeholders: &'a Placeholders,
    /// Whether the events come from the Linux audit log, whose records are one event here.
    pub(super) is_audit: bool,
    /// The columns that were tested, in order.
    pub(super) columns: Vec<String>,
    /// What is to be said about the tests.
    pub(super) notes: Vec<Diagnostic>,
}

/// The condition of one field.
pub(super) fn field_test(test: &FieldTest, context: &mut Context) -> Result<Predicate, Box<Diagnostic>> {
    let values = value::apply(test, context.placeholders)?;
    let predicate = match &test.field {
        None => keywords(&values, context)?,
        Some(name) if name == "type" && context.is_audit => record_types(&values, context)?,
        Some(name) => {
            let Some(column) = Column::of(name) else {
                let message = format!("no column can be asked for `{name}` like this");
                return Err(Box::new(Diagnostic::error("sigma-field", test.span, message)));
            };
            context.read(&column.text);
            context.notes.extend(never_equal(name, &column, &values));
            on_column(&column, &values, context)?
        }
    };
    Ok(if values.negated { predicate.negated() } else { predicate })
}

impl Context<'_> {
    fn read(&mut self, column: &str) {
        if !self.columns.iter().any(|it| it == column) {
            self.columns.push(column.to_owned());
        }
    }
}

fn on_column(column: &Column, values: &Values, context: &mut Context) -> Result<Predicate, Box<Diagnostic>> {
    if let Some(list) = list(column, values) {
        return Ok(list);
    }
    let mut predicates = Vec::with_capacity(values.items.len());
    for (forms, span) in &values.items {
        let forms = forms.iter().map(|it| one(column, it, values.cased, *span, context));
        predicates.push(Predicate::or(forms.collect::<Result<_, _>>()?));
    }
    Ok(if values.all { Predicate::and(predicates) } else { Predicate::or(predicates) })
}

/// `column IN (...)`, where every value is equal or not.
fn list(column: &Column, values: &Values) -> Option<Predicate> {
    let constant = |it: &Value| match it {
        Value::Number(value) if matches!(column.values, column::Values::Number | column::Values::Text) => {
            Some(number(*value))
        }
        Value::Text(text) if column.values == column::Values::Host => address(text),
        Value::Text(text) if column.values == column::Values::Number || column.text == "\"Event ID\"" => whole(text),
        Value::Text(text) if values.cased && column.values == column::Values::Text => {
            text.as_literal().filter(|it| !is_nothing(it)).map(literal)
        }
        _ => None,
    };
    if values.all && values.items.len() > 1 {
        return None;
    }
    let constants: Vec<_> = values.items.iter().flat_map(|it| &it.0).map(constant).collect::<Option<_>>()?;
    let text = match constants.as_slice() {
        [one] => format!("{} = {one}", column.text),
        several => format!("{} IN ({})", column.text, several.join(", ")),
    };
    Some(Predicate::Test(text, column.guards()))
}

fn address(text: &Text) -> Option<String> {
    let text = text.as_literal()?;
    text.parse::<std::net::IpAddr>().ok().map(|_| literal(text))
}

/// A column of numbers or addresses under the name of a field that the rule compares with words: QRadar's own column has
/// taken the name.
fn never_equal(name: &str, column: &Column, values: &Values) -> Option<Diagnostic> {
    let fits = |text: &Text| {
        text.parts().iter().all(|it| match (it, column.values) {
            (Part::Literal(it), column::Values::Host) => {
                it.chars().all(|it| it.is_ascii_hexdigit() || ".:-".contains(it))
            }
            (Part::Literal(it), column::Values::Number) => {
                it.trim().chars().all(|it| it.is_ascii_digit() || ".-".contains(it))
            }
            _ => true,
        })
    };
    let is_word = |it: &&(Vec<Value>, Span)| it.0.iter().all(|it| matches!(it, Value::Text(text) if !fits(text)));
    let (_, span) = values.items.iter().find(is_word)?;
    let message = format!("`{name}` is the column `{}` here, which holds no such text", column.text);
    Some(Diagnostic::warning("sigma-field", *span, message).with_label("this value is never found"))
}

/// A whole number that is written without anything before it.
fn whole(text: &Text) -> Option<String> {
    let text = text.as_literal()?;
    (text == "0" || !text.starts_with('0')).then_some(())?;
    (!text.is_empty() && text.len() < 16 && text.bytes().all(|it| it.is_ascii_digit())).then(|| text.to_owned())
}

/// What logs write for a value that is not there; such a value is no value of a field here.
fn is_nothing(text: &str) -> bool {
    matches!(text.trim(), "" | "-")
}

/// One value.
fn one(
    column: &Column,
    value: &Value,
    cased: bool,
    span: Span,
    context: &mut Context,
) -> Result<Predicate, Box<Diagnostic>> {
    let guards = column.guards();
    let name = &column.text;
    Ok(match value {
        Value::Exists(true) => Predicate::Sure(format!("{name} IS NOT NULL")),
        Value::Null | Value::Exists(false) => Predicate::Sure(format!("{name} IS NULL")),
        Value::Boolean(value) => boolean(column, *value),
        Value::Number(value) => match column.values {
            column::Values::Text | column::Values::Number | column::Values::Time => {
                Predicate::Test(format!("{name} = {}", number(*value)), guards)
            }
            _ => text_test(column, &Text::literal(&number(*value)), cased),
        },
        Value::Text(text) => text_test(column, text, cased),
        Value::Regex(regex) => regex_test(column, regex, span)?,
        Value::Cidr(block) => {
            let test = format!("INCIDR({}, {name})", literal(block));
            if column.values == column::Values::Host { Predicate::Test(test, guards) } else { Predicate::Unsure(test) }
        }
        Value::Compare(comparison, value) => {
            let test = format!("{name} {} {}", operator(*comparison), number(*value));
            match column.values {
                column::Values::Number | column::Values::Time => Predicate::Test(test, guards),
                column::Values::Text => Predicate::Unsure(test),
                _ => return Err(refused(span, format!("{name} holds no numbers"))),
            }
        }
        Value::Time(part, comparison, value) => time(column, *part, *comparison, *value),
        Value::Field { name, begins, ends } => reference(column, name, (*begins, *ends), cased, span, context)?,
        Value::Bytes(_) => return Err(refused(span, "bytes cannot be searched for".to_owned())),
    })
}

fn refused(span: Span, message: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("sigma-value", span, message))
}

fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

fn boolean(column: &Column, value: bool) -> Predicate {
    match column.values {
        column::Values::Boolean => Predicate::Test(format!("{} = {value}", column.text), column.guards()),
        _ => text_test(column, &Text::literal(&value.to_string()), false),
    }
}

/// A text with or without wildcards.
fn text_test(column: &Column, text: &Text, cased: bool) -> Predicate {
    let name = &column.text;
    if text.is_anything() {
        return Predicate::Sure(format!("{name} IS NOT NULL"));
    }
    if let Some(nothing) = text.as_literal().filter(|it| is_nothing(it)) {
        let absent = Predicate::Sure(format!("{name} IS NULL"));
        if column.values != column::Values::Text {
            return absent;
        }
        return Predicate::or(vec![absent, Predicate::Test(format!("{name} = {}", literal(nothing)), column.guards())]);
    }
    if column.values == column::Values::Boolean
        && let Some(value) = text.as_literal().and_then(|it| it.to_ascii_lowercase().parse::<bool>().ok())
    {
        return Predicate::Test(format!("{name} = {value}"), column.guards());
    }
    Predicate::Test(pattern(&column.as_text(), text, cased), column.guards())
}

/// The test of a text column for a text.
fn pattern(column: &str, text: &Text, cased: bool) -> String {
    if cased && let Some(text) = text.as_literal() {
        return format!("{column} = {}", literal(text));
    }
    let is_plain = |it: &Part| !matches!(it, Part::Literal(text) if text.contains(['%', '_']));
    if text.parts().iter().all(is_plain) {
        let part = |it: &Part| match it {
            Part::Literal(text) => text.clone(),
            Part::Any => "%".to_owned(),
            Part::One => "_".to_owned(),
        };
        let like = text.parts().iter().map(part).collect::<String>();
        return format!("{column} {} {}", if cased { "LIKE" } else { "ILIKE" }, literal(&like));
    }
    format!("{column} {} {}", if cased { "MATCHES" } else { "IMATCHES" }, literal(&regex_of(text)))
}

/// The regular expression that finds what a text with wildcards is equal to.
pub(super) fn regex_of(text: &Text) -> String {
    let parts = text.parts();
    let begins = !matches!(parts.first(), Some(Part::Any));
    let ends = !matches!(parts.last(), Some(Part::Any));
    let inner = &parts[usize::from(!begins)..parts.len() - usize::from(!ends && parts.len() > 1)];
    let mut regex = String::new();
    if inner.iter().any(|it| !matches!(it, Part::Literal(_))) {
        regex.push_str("(?s)");
    }
    if begins {
        regex.push('^');
    }
    for part in inner {
        match part {
            Part::Literal(text) => regex.push_str(&quoted_regex(text)),
            Part::Any => regex.push_str(".*"),
            Part::One => regex.push('.'),
        }
    }
    if ends {
        regex.push('$');
    }
    regex
}

/// A text as a regular expression that finds it.
pub(super) fn quoted_regex(text: &str) -> String {
    if text.contains(['\\', '.', '^', '$', '|', '?', '*', '+', '(', ')', '[', ']', '{', '}']) {
        format!(r"\Q{}\E", text.replace(r"\E", r"\E\\E\Q")).replace(r"\Q\E", "")
    } else {
        text.to_owned()
    }
}

fn regex_test(column: &Column, regex: &Regex, span: Span) -> Result<Predicate, Box<Diagnostic>> {
    let (text, operator) = checked(regex, span)?;
    Ok(Predicate::Test(format!("{} {operator} {}", column.as_text(), literal(&text)), column.guards()))
}

/// The expression with its flags, and the operator.
fn checked(regex: &Regex, span: Span) -> Result<(String, &'static str), Box<Diagnostic>> {
    let flags: String =
        [(regex.multiline, 'm'), (regex.dot_all, 's')].iter().filter(|it| it.0).map(|it| it.1).collect();
    let text = if flags.is_empty() { regex.text.clone() } else { format!("(?{flags}){}", regex.text) };
    let case = if regex.ignore_case { Case::Insensitive } else { Case::Sensitive };
    if let Err(error) = JavaRegex::new(&text, case) {
        let mut diagnostic =
            Diagnostic::error("sigma-regex", span, format!("the regular expression is wrong: {}", error.reason));
        diagnostic.help = error.help;
        return Err(Box::new(diagnostic));
    }
    Ok((text, if regex.ignore_case { "IMATCHES" } else { "MATCHES" }))
}

/// A part of the time in a field; a field of text is read as ISO 8601.
fn time(column: &Column, part: TimePart, comparison: Option<Comparison>, value: f64) -> Predicate {
    let format = match part {
        TimePart::Minute => "m",
        TimePart::Hour => "H",
        TimePart::Day => "d",
        TimePart::Week => "w",
        TimePart::Month => "M",
        TimePart::Year => "yyyy",
    };
    let name = &column.text;
    let moment = if matches!(column.values, column::Values::Time | column::Values::Number) {
        name.clone()
    } else {
        let text = column.as_text();
        let date_and_time = format!("CONCAT(SUBSTRING({text}, 0, 10), ' ', SUBSTRING({text}, 11, 8))");
        format!("PARSETIMESTAMP('yyyy-MM-dd HH:mm:ss', {date_and_time})")
    };
    let operator = comparison.map_or("=", operator);
    Predicate::Unsure(format!("LONG(DATEFORMAT({moment}, '{format}')) {operator} {}", number(value)))
}

/// A comparison with another field.
fn reference(
    column: &Column,
    other: &str,
    (begins, ends): (bool, bool),
    cased: bool,
    span: Span,
    context: &mut Context,
) -> Result<Predicate, Box<Diagnostic>> {
    let Some(other) = Column::of(other) else {
        return Err(refused(span, format!("no column can be asked for `{other}` like this")));
    };
    context.read(&other.text);
    let mut guards = column.guards();
    guards.extend(other.guards());
    let is_same_kind = column.values == other.values && column.values != column::Values::Text;
    let folded = |it: &Column| if cased { it.as_text() } else { format!("LOWER({})", it.as_text()) };
    let (one, two) = (folded(column), folded(&other));
    let test = match (begins, ends) {
        (true, true) if is_same_kind => format!("{} = {}", column.text, other.text),
        (true, true) => format!("{one} = {two}"),
        (true, false) => format!("STRPOS({one}, {two}) = 0"),
        (false, true) => {
            let (text, end) = (column.as_text(), other.as_text());
            format!("SUBSTRING({one}, STRLEN({text}) - STRLEN({end})) = {two}")
        }
        (false, false) => format!("STRPOS({one}, {two}) >= 0"),
    };
    Ok(Predicate::Test(test, guards))
}

/// The type of an audit event is that of any of its records.
fn record_types(values: &Values, context: &mut Context) -> Result<Predicate, Box<Diagnostic>> {
    let column = Column { text: quoted("Audit Type"), values: column::Values::Text };
    context.read(&column.text);
    let of_record = |it: &Value| match it {
        Value::Text(text) => text.as_literal().map(|it| {
            let text = format!("(^| ){}( |$)", quoted_regex(it));
            Value::Regex(Regex { text, ignore_case: true, multiline: false, dot_all: false })
        }),
        _ => None,
    };
    let mut values = values.clone();
    for value in values.items.iter_mut().flat_map(|it| &mut it.0) {
        if let Some(regex) = of_record(value) {
            *value = regex;
        }
    }
    on_column(&column, &values, context)
}

/// Values that may stand anywhere in the event: in its text or its message.
fn keywords(values: &Values, context: &mut Context) -> Result<Predicate, Box<Diagnostic>> {
    let payload = Column { text: "UTF8(payload)".to_owned(), values: column::Values::Text };
    let message = Column { text: quoted("Message"), values: column::Values::Text };
    let mut predicates = Vec::new();
    for (forms, span) in &values.items {
        let mut tests = Vec::new();
        for form in forms {
            let anywhere = match form {
                Value::Text(text) => Value::Text(text.open(true, true)),
                Value::Number(value) => Value::Text(Text::literal(&number(*value)).open(true, true)),
                Value::Boolean(value) => Value::Text(Text::literal(&value.to_string()).open(true, true)),
                Value::Regex(_) => form.clone(),
                _ => return Err(refused(*span, "this cannot be searched for in a whole event".to_owned())),
            };
            tests.push(one(&payload, &anywhere, values.cased, *span, context)?);
            if let Value::Text(text) = &anywhere {
                tests.extend(xml_forms(text).iter().map(|it| text_test(&payload, it, values.cased)));
            }
            tests.push(one(&message, &anywhere, values.cased, *span, context)?);
        }
        predicates.push(Predicate::or(tests));
    }
    context.read(&message.text);
    Ok(if values.all { Predicate::and(predicates) } else { Predicate::or(predicates) })
}

/// How a text stands in the XML of an event, where that differs.
fn xml_forms(text: &Text) -> Vec<Text> {
    const MARKUP: [(&str, &str); 3] = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")];
    const QUOTES: [(&str, &str); 2] = [("\"", "&quot;"), ("'", "&apos;")];
    let escaped = |names: &[(&str, &str)]| {
        let mut escaped = Text::default();
        for part in text.parts() {
            escaped.push(match part {
                Part::Literal(it) => {
                    Part::Literal(names.iter().fold(it.clone(), |text, (from, to)| text.replace(from, to)))
                }
                wildcard => wildcard.clone(),
            });
        }
        escaped
    };
    let mut forms = vec![escaped(&MARKUP), escaped(&[&MARKUP[..], &QUOTES[..]].concat())];
    forms.dedup();
    forms.retain(|it| it != text);
    forms
}
