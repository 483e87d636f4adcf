//! Reads a file of definitions. Every fault is reported with its line; a definition with a fault is left out.

use std::collections::HashSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{
    DEFINITIONS_MAX, Definition, DefinitionError, EXPRESSIONS_MAX, Expression, Filter, PATTERN_BYTES_MAX,
    PATTERN_MEMORY_MAX, json_path, xml_path,
};
use crate::{EVENTS, Kind, Type, key};

type Item<'a> = Spanned<DeValue<'a>>;

/// The definitions in the text of a TOML file, and what is wrong with it.
pub fn read(text: &str) -> (Vec<Definition>, Vec<DefinitionError>) {
    let mut reader = Reader { text, errors: Vec::new() };
    let (root, faults) = DeTable::parse_recoverable(text);
    for fault in faults {
        reader.error(fault.span().unwrap_or_default(), fault.message());
    }
    // What stands behind a fault of TOML itself may be read wrongly: then nothing is taken.
    let definitions = if reader.errors.is_empty() { reader.root(root.get_ref()) } else { Vec::new() };
    reader.errors.sort_by_key(|it| it.line);
    (definitions, reader.errors)
}

struct Reader<'a> {
    text: &'a str,
    errors: Vec<DefinitionError>,
}

impl Reader<'_> {
    fn line(&self, span: &Range<usize>) -> usize {
        self.text.bytes().take(span.start).filter(|it| *it == b'\n').count() + 1
    }

    fn error(&mut self, span: Range<usize>, message: impl Into<String>) {
        let line = self.line(&span);
        self.errors.push(DefinitionError { line, message: message.into() });
    }

    fn root(&mut self, root: &DeTable) -> Vec<Definition> {
        self.known_keys(root, &["property"]);
        let Some(list) = root.get("property") else { return Vec::new() };
        let tables = self.tables(list, DEFINITIONS_MAX);
        let mut names = HashSet::new();
        let mut definitions = Vec::new();
        for (table, span) in tables {
            let errors = self.errors.len();
            let definition = self.definition(table, &span);
            if self.errors.len() == errors {
                if names.insert(key(&definition.name)) {
                    definitions.push(definition);
                } else {
                    self.error(span, format!("`{}` is defined twice", definition.name));
                }
            }
        }
        definitions
    }

    fn definition(&mut self, table: &DeTable, span: &Range<usize>) -> Definition {
        self.known_keys(table, &["name", "type", "description", "when", "expression"]);
        let name = self.required(table, "name", span);
        self.check_name(&name, table, span);
        let value_type = self.value_type(table);
        let expressions = table.get("expression").map(|it| self.tables(it, EXPRESSIONS_MAX)).unwrap_or_default();
        if expressions.is_empty() {
            self.error(span.clone(), format!("`{name}` has no [[property.expression]]"));
        }
        Definition {
            value_type,
            description: self.text(table, "description").unwrap_or_default(),
            filter: self.filter(table),
            expressions: expressions.into_iter().filter_map(|(it, span)| self.expression(it, &span)).collect(),
            line: self.line(span),
            name,
        }
    }

    fn check_name(&mut self, name: &str, table: &DeTable, span: &Range<usize>) {
        let span = table.get("name").map_or(span.clone(), Spanned::span);
        if let Some(field) = EVENTS.field(name).filter(|it| it.kind == Kind::BuiltIn) {
            self.error(span, format!("`{}` is a built-in field and cannot be defined again", field.name));
        } else if name.starts_with('$') {
            self.error(span, "a name must not begin with `$`");
        }
    }

    fn value_type(&mut self, table: &DeTable) -> Type {
        let name = self.text(table, "type");
        match name.as_deref().unwrap_or("text") {
            "text" => Type::Text,
            "number" => Type::Double,
            "ip" => Type::Host,
            "port" => Type::Port,
            "time" => Type::Time,
            other => {
                let span = table.get("type").map(Spanned::span).unwrap_or_default();
                self.error(span, format!("no type `{other}`; types are text, number, ip, port, time"));
                Type::Text
            }
        }
    }

    fn filter(&mut self, table: &DeTable) -> Filter {
        let Some(when) = table.get("when") else { return Filter::default() };
        let Some(inner) = when.get_ref().as_table() else {
            self.error(when.span(), "`when` must be a table");
            return Filter::default();
        };
        self.known_keys(inner, &["device_type", "channel", "event_id"]);
        Filter {
            device_type: self.integer(inner, "device_type"),
            channel: self.text(inner, "channel"),
            event_ids: self.event_ids(inner),
        }
    }

    /// One id or a list of ids, each a number or a text.
    fn event_ids(&mut self, table: &DeTable) -> Vec<String> {
        let Some(value) = table.get("event_id") else { return Vec::new() };
        let items: Vec<&Item> = match value.get_ref().as_array() {
            Some(list) => list.iter().collect(),
            None => vec![value],
        };
        let mut ids = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::Integer(it) => {
                    ids.extend(u64::from_str_radix(it.as_str(), it.radix()).map(|it| it.to_string()));
                }
                DeValue::String(it) => ids.push(it.to_string()),
                _ => self.error(item.span(), "an event id is a number or a text"),
            }
        }
        ids
    }

    fn expression(&mut self, table: &DeTable, span: &Range<usize>) -> Option<Expression> {
        let kind = self.required(table, "kind", span);
        let allowed: &[&str] = match kind.as_str() {
            "json" | "xml" => &["kind", "path"],
            "regex" => &["kind", "pattern", "group"],
            "leef" | "cef" => &["kind", "key"],
            "name-value" => &["kind", "key", "delimiter", "separator"],
            "list" => &["kind", "position", "delimiter"],
            "" => return None,
            other => {
                let kinds = "json, xml, regex, leef, cef, name-value, list";
                self.error(span.clone(), format!("no kind of expression `{other}`; kinds are {kinds}"));
                return None;
            }
        };
        self.known_keys(table, allowed);
        match kind.as_str() {
            "json" => self.path(table, span, json_path).map(Expression::Json),
            "xml" => self.path(table, span, xml_path).map(Expression::Xml),
            "regex" => self.regex(table, span),
            "leef" => Some(Expression::Leef(self.required(table, "key", span))),
            "cef" => Some(Expression::Cef(self.required(table, "key", span))),
            "name-value" => Some(Expression::NameValue {
                key: self.required(table, "key", span),
                delimiter: self.parting(table, "delimiter", " "),
                separator: self.parting(table, "separator", "="),
            }),
            _ => {
                let position = self.integer(table, "position").and_then(|it| usize::try_from(it).ok());
                let Some(position) = position.filter(|it| *it > 0) else {
                    self.error(span.clone(), "a list needs a `position`, from 1");
                    return None;
                };
                Some(Expression::List { position, delimiter: self.parting(table, "delimiter", ",") })
            }
        }
    }

    fn path<T>(&mut self, table: &DeTable, span: &Range<usize>, read: fn(&str) -> Result<T, String>) -> Option<T> {
        let text = self.required(table, "path", span);
        let span = table.get("path")?.span();
        read(&text).map_err(|message| self.error(span, message)).ok()
    }

    fn regex(&mut self, table: &DeTable, span: &Range<usize>) -> Option<Expression> {
        let pattern = self.required(table, "pattern", span);
        let span = table.get("pattern")?.span();
        if pattern.len() > PATTERN_BYTES_MAX {
            self.error(span, format!("a pattern may have {PATTERN_BYTES_MAX} bytes"));
            return None;
        }
        let group = self.integer(table, "group").map_or(Some(1), |it| usize::try_from(it).ok());
        let compiled = regex::RegexBuilder::new(&pattern).size_limit(PATTERN_MEMORY_MAX).build();
        match (compiled, group) {
            (Ok(it), Some(group)) if group < it.captures_len() => Some(Expression::Regex { pattern, group }),
            (Ok(it), _) => {
                self.error(
                    span,
                    format!("the pattern has {} groups; `group` must be one of them or 0", it.captures_len() - 1),
                );
                None
            }
            (Err(error), _) => {
                let reason = error.to_string();
                let last = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
                self.error(span, format!("the pattern is not understood: {last}"));
                None
            }
        }
    }

    fn parting(&mut self, table: &DeTable, name: &str, default: &str) -> String {
        match self.text(table, name) {
            Some(it) if it.is_empty() => {
                let span = table.get(name).map(Spanned::span).unwrap_or_default();
                self.error(span, format!("`{name}` must not be empty"));
                it
            }
            Some(it) => it,
            None => default.to_owned(),
        }
    }

    fn required(&mut self, table: &DeTable, name: &str, span: &Range<usize>) -> String {
        match (table.contains_key(name), self.text(table, name)) {
            (_, Some(it)) if !it.trim().is_empty() => it,
            (true, None) => String::new(),
            _ => {
                self.error(span.clone(), format!("`{name}` is missing"));
                String::new()
            }
        }
    }

    fn text(&mut self, table: &DeTable, name: &str) -> Option<String> {
        let value = table.get(name)?;
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.error(value.span(), format!("`{name}` must be a text"));
        }
        text
    }

    fn integer(&mut self, table: &DeTable, name: &str) -> Option<i64> {
        let value = table.get(name)?;
        let number = value.get_ref().as_integer().and_then(|it| i64::from_str_radix(it.as_str(), it.radix()).ok());
        if number.is_none() {
            self.error(value.span(), format!("`{name}` must be a whole number"));
        }
        number
    }

    fn tables<'t, 'i>(&mut self, list: &'t Item<'i>, limit: usize) -> Vec<(&'t DeTable<'i>, Range<usize>)> {
        let items: Vec<&Item> = list.get_ref().as_array().map(|it| it.iter().collect()).unwrap_or_default();
        let tables: Vec<_> = items.iter().filter_map(|it| Some((it.get_ref().as_table()?, it.span()))).collect();
        if list.get_ref().as_array().is_none() || tables.len() < items.len() {
            self.error(list.span(), "tables in double brackets are expected");
        } else if tables.len() > limit {
            self.error(list.span(), format!("more than {limit} entries"));
            return Vec::new();
        }
        tables
    }

    fn known_keys(&mut self, table: &DeTable, known: &[&str]) {
        for name in table.keys().filter(|it| !known.contains(&it.get_ref().as_ref())) {
            self.error(name.span(), format!("unknown key `{}`; keys are {}", name.get_ref(), known.join(", ")));
        }
    }
}
