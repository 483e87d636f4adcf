//! Reads a tuning file. Every fault is said at its place; an exclusion with a fault is left out.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use syntax::{Diagnostic, Span};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::places::places;
use super::{Exclusion, KEYS};
use crate::Options;
use crate::front_matter::{Key, Shape, is_id, is_technique};

/// The most exclusions of one file.
pub const EXCLUSIONS_MAX: usize = 10_000;

/// Fields that an attacker names: on them alone nothing should be excluded.
const NAMES: &[&str] =
    &["Service Name", "Service Display Name", "Process Name", "Parent Process Name", "Original File Name", "username"];

type Item<'a> = Spanned<DeValue<'a>>;

/// Reads the text of a tuning file. Filters are compiled with `options`, strings in them are QRadar's: a backslash is an
/// ordinary character.
pub fn read_tuning(file: &str, text: &str, options: &Options) -> (Vec<Exclusion>, Vec<Diagnostic>) {
    let options = Options { escapes: aql::Escapes::Strict, ..options.clone() };
    let mut reader = Reader { file, text, options: &options, diagnostics: Vec::new() };
    let (root, faults) = DeTable::parse_recoverable(text);
    for fault in faults {
        let span = fault.span().unwrap_or_default();
        reader.error("not-toml", &span, format!("this is not TOML: {}", fault.message()));
    }
    // What stands behind a fault of TOML itself may be read wrongly: then nothing is taken.
    let exclusions = if reader.diagnostics.is_empty() { reader.root(root.get_ref()) } else { Vec::new() };
    let mut diagnostics = reader.diagnostics;
    diagnostics.sort_by_key(|it| it.span.start);
    (exclusions, diagnostics)
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    options: &'a Options,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn error(&mut self, id: &'static str, span: &Range<usize>, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::error(id, Span::new(span.start, span.end), message));
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    fn root(&mut self, root: &DeTable) -> Vec<Exclusion> {
        self.known_keys(root, &["exclusion"]);
        let Some(list) = root.get("exclusion") else { return Vec::new() };
        let items: &[Item] = list.get_ref().as_array().map_or(&[], |it| it);
        if items.is_empty() || items.iter().any(|it| !it.get_ref().is_table()) {
            self.error("wrong-value", &list.span(), "wrong value for `exclusion`").help =
                Some("begin each exclusion with a line `[[exclusion]]`".to_owned());
            return Vec::new();
        }
        if items.len() > EXCLUSIONS_MAX {
            self.error("too-many-exclusions", &list.span(), format!("more than {EXCLUSIONS_MAX} exclusions"));
            return Vec::new();
        }
        let mut ids = HashSet::new();
        let mut exclusions = Vec::new();
        for item in items {
            let Some(table) = item.get_ref().as_table() else { continue };
            let Some(exclusion) = self.exclusion(table, &item.span()) else { continue };
            if ids.insert(exclusion.id.clone()) {
                exclusions.push(exclusion);
            } else {
                let span = table.get("id").map_or(item.span(), Spanned::span);
                self.error("duplicate-id", &span, format!("the id `{}` stands twice", exclusion.id));
            }
        }
        exclusions
    }

    fn exclusion(&mut self, table: &DeTable, span: &Range<usize>) -> Option<Exclusion> {
        let errors = self.errors();
        let names: Vec<&str> = KEYS.iter().map(|it| it.name).collect();
        self.known_keys(table, &names);
        for key in KEYS {
            match table.get(key.name) {
                Some(value) => self.check(key, value),
                None if key.required => self.missing(key, span),
                None => {}
            }
        }
        let product = text(table, "product");
        if product.is_none()
            && !table.contains_key("expires")
            && let Some(key) = KEYS.iter().find(|it| it.name == "expires")
        {
            self.missing(key, span);
        }
        let (filter, bound) = self.filter(table)?;
        if self.errors() > errors {
            return None;
        }
        Some(Exclusion {
            id: text(table, "id")?,
            detections: texts(table.get("detections")?),
            owner: text(table, "owner")?,
            reason: text(table, "reason")?,
            expires: table.get("expires").and_then(date),
            enabled: table.get("enabled").and_then(|it| it.get_ref().as_bool()).unwrap_or(true),
            product,
            filter,
            bound: Arc::new(bound),
            file: self.file.to_owned(),
            span: Span::new(span.start, span.end),
        })
    }

    fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|it| it.is_error()).count()
    }

    fn missing(&mut self, key: &Key, span: &Range<usize>) {
        self.error("missing-key", span, format!("the key `{}` is missing", key.name)).help =
            Some(format!("add `{} =` with {}", key.name, key.shape.describe()));
    }

    /// Checks one value against the shape of its key. The filter is compiled apart.
    fn check(&mut self, key: &Key, value: &Item) {
        let given = value.get_ref();
        let good = match (&key.shape, given) {
            (Shape::Id, DeValue::String(text)) => is_id(text),
            (Shape::Text | Shape::Filter, DeValue::String(text)) => !text.trim().is_empty(),
            (Shape::Boolean, DeValue::Boolean(_)) => true,
            (Shape::Date, _) => date(value).is_some(),
            (Shape::Scope, DeValue::Array(items)) => !items.is_empty() && items.iter().all(is_scope),
            _ => false,
        };
        if good {
            return;
        }
        let bad = match given {
            DeValue::Array(items) => items.iter().find(|it| !is_scope(it)).map_or_else(|| value.span(), Spanned::span),
            _ => value.span(),
        };
        let help = format!("write {}", key.shape.describe());
        self.error("wrong-value", &bad, format!("wrong value for `{}`", key.name)).help = Some(help);
    }

    /// The filter as written and bound; what the compiler says of it is said at its place in the file.
    fn filter(&mut self, table: &DeTable) -> Option<(String, aql::bound::Query)> {
        let value = table.get("filter")?;
        let filter = value.get_ref().as_str()?;
        let compiled = aql::compile_filter(filter, &schema::EVENTS, self.options);
        let places = places(self.text, &value.span(), filter);
        let is_verbatim = places.windows(2).all(|it| it[1] == it[0] + 1 || it[1] == it[0]);
        let said = compiled.diagnostics.into_iter().filter(|it| it.severity > syntax::Severity::Note);
        self.diagnostics.extend(said.map(|it| moved(it, &places, is_verbatim)));
        let bound = compiled.query?;
        let span = value.span();
        if !bound.subqueries.is_empty() {
            self.error("sub-select-in-exclusion", &span, "an exclusion cannot hold a sub-select").help =
                Some("keep the values in a reference set: REFERENCESETCONTAINS('set', field)".to_owned());
            return None;
        }
        let fields = bound.fields_read();
        let names = fields.iter().filter_map(|it| schema::EVENTS.fields.get(*it)).map(|it| it.name);
        if !bound.reads_properties() && !fields.is_empty() && names.into_iter().all(|it| NAMES.contains(&it)) {
            let message = "only names are tested, which an attacker chooses";
            let diagnostic = Diagnostic::warning("name-only-exclusion", Span::new(span.start, span.end), message);
            self.diagnostics.push(diagnostic.with_help("test the path of the program too"));
        }
        Some((filter.to_owned(), bound))
    }

    fn known_keys(&mut self, table: &DeTable, known: &[&str]) {
        for name in table.keys().filter(|it| !known.contains(&it.get_ref().as_ref())) {
            let help = match syntax::suggest(name.get_ref(), known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the keys are {}", known.join(", ")),
            };
            let message = format!("no key `{}` in a tuning file", name.get_ref());
            self.error("unknown-key", &name.span(), message).help = Some(help);
        }
    }
}

fn is_scope(value: &Item) -> bool {
    value.get_ref().as_str().is_some_and(|it| it == "*" || is_id(it) || is_technique(it))
}

fn text(table: &DeTable, name: &str) -> Option<String> {
    table.get(name)?.get_ref().as_str().map(str::to_owned)
}

fn texts(value: &Item) -> Vec<String> {
    let items = value.get_ref().as_array().into_iter().flat_map(|it| it.iter());
    items.filter_map(|it| it.get_ref().as_str().map(str::to_owned)).collect()
}

/// A date as `2027-03-31`, whether written as a text or as TOML's own date.
fn date(value: &Item) -> Option<String> {
    let text = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Datetime(date) => date.to_string(),
        _ => return None,
    };
    is_day(&text).then_some(text)
}

/// Whether a text is a day of the calendar, as `2027-03-31`.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |text: &str, length: usize| {
        (text.len() == length && text.bytes().all(|it| it.is_ascii_digit())).then(|| text.parse::<u32>().ok()).flatten()
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// What is said of a filter, said of the file. An edit is kept only where the text stands there as it is.
fn moved(mut diagnostic: Diagnostic, places: &[usize], is_verbatim: bool) -> Diagnostic {
    let last = places.last().copied().unwrap_or_default();
    let place = |at: usize| places.get(at).copied().unwrap_or(last);
    let span = |span: Span| Span::new(place(span.start), place(span.end));
    diagnostic.span = span(diagnostic.span);
    for label in &mut diagnostic.labels {
        label.span = span(label.span);
    }
    if !is_verbatim {
        diagnostic.fix = None;
    }
    for (edit, _) in diagnostic.fix.iter_mut().flat_map(|it| &mut it.edits) {
        *edit = span(*edit);
    }
    diagnostic
}
