//! A formula as Sigma's detection: named selections and a condition over them.

use std::collections::HashMap;
use std::fmt::Write as _;

use syntax::Span;

use super::formula::{Atom, FieldKey, Formula, Test};
use super::names::KEYWORDS;
use super::value::{self, Value};
use super::yaml;

/// A detection section: its selections in order, and the condition.
#[derive(Debug, Default)]
pub(super) struct Detection {
    selections: Vec<(String, Selection)>,
    names: HashMap<Selection, String>,
    condition: String,
}

/// One of some maps; each map asks for all of its items.
type Selection = Vec<Vec<Item>>;

/// A key and its values: one of them must be there, or with `all` each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Item {
    field: String,
    modifiers: Vec<&'static str>,
    values: Vec<Value>,
}

/// What cannot be said, and where the query says it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unsaid {
    pub(super) what: String,
    pub(super) help: Option<String>,
    pub(super) span: Span,
}

/// How tight a part of a condition binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Name,
}

/// Whether the parts of a condition must hold or must not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sense {
    Selection,
    Filter,
}

/// The detection of a formula over Sigma's fields; everything that Sigma cannot say.
pub(super) fn detection(formula: &Formula) -> Result<Detection, Vec<Unsaid>> {
    let problems = unsaid(formula);
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut detection = Detection::default();
    detection.condition = detection.expression(formula, Sense::Selection).0;
    detection.plain_names();
    Ok(detection)
}

fn unsaid(formula: &Formula) -> Vec<Unsaid> {
    let mut problems = Vec::new();
    formula.visit(&mut |atom| {
        let help = match &atom.test {
            Test::Unsayable { help, .. } => Some(help.clone()),
            _ => None,
        };
        let problem = match value::written(&atom.test) {
            Err(what) => Unsaid { what, help, span: atom.span },
            Ok(written) if name(atom) == KEYWORDS && !is_keyword(&written) => Unsaid {
                what: "this test of the whole event".to_owned(),
                help: Some("write UTF8(payload) ILIKE '%text%'".to_owned()),
                span: atom.span,
            },
            Ok(_) => return,
        };
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    });
    problems
}

/// Words anywhere in the event are all that Sigma asks of the event as a whole.
fn is_keyword(written: &value::Written) -> bool {
    written.modifiers == ["contains"] || written.modifiers.first() == Some(&"re")
}

fn name(atom: &Atom) -> &str {
    match &atom.field {
        FieldKey::Property(name) => name,
        FieldKey::Column(_) => KEYWORDS,
    }
}

impl Detection {
    /// The condition of a formula; what it names is added to the selections.
    fn expression(&mut self, formula: &Formula, sense: Sense) -> (String, Binding) {
        if let Some(selection) = selection(formula) {
            return (self.name(selection, sense), Binding::Name);
        }
        match formula {
            Formula::And(parts) => (self.joined(parts, sense, true), Binding::And),
            Formula::Or(parts) => (self.joined(parts, sense, false), Binding::Or),
            Formula::Not(inner) => {
                let inner = self.within(inner, Sense::Filter, Binding::Name);
                (format!("not {inner}"), Binding::Not)
            }
            Formula::Atom(_) | Formula::True | Formula::False => (String::new(), Binding::Name),
        }
    }

    /// The condition, in parentheses if it binds looser than `least`.
    fn within(&mut self, formula: &Formula, sense: Sense, least: Binding) -> String {
        let (text, binding) = self.expression(formula, sense);
        if binding < least { format!("({text})") } else { text }
    }

    /// AND puts what fits into one map, OR into one list of maps.
    fn joined(&mut self, parts: &[Formula], sense: Sense, all: bool) -> String {
        let mut written = Vec::new();
        let (simple, others): (Vec<_>, Vec<_>) = parts.iter().partition(|it| selection(it).is_some());
        if all {
            let mut rest = Vec::new();
            let mut items: Vec<Item> = Vec::new();
            for part in simple {
                match item(part) {
                    Some(item) if item.field != KEYWORDS => items.push(item),
                    _ => rest.push(part),
                }
            }
            for map in maps(items) {
                written.push(self.name(vec![map], sense));
            }
            for part in rest {
                written.push(self.within(part, sense, Binding::Not));
            }
        } else if let Some(selection) = alternatives(&simple) {
            written.push(self.name(selection, sense));
        } else {
            written.extend(simple.into_iter().map(|it| self.within(it, sense, Binding::And)));
        }
        let least = if all { Binding::Not } else { Binding::And };
        written.extend(others.into_iter().map(|it| self.within(it, sense, least)));
        written.join(if all { " and " } else { " or " })
    }

    /// The name of a selection; the same selection has one name.
    fn name(&mut self, selection: Selection, sense: Sense) -> String {
        if let Some(name) = self.names.get(&selection) {
            return name.clone();
        }
        let stem = stem(&selection, sense);
        let taken = |name: &str| self.selections.iter().any(|it| it.0 == name);
        let mut name = stem.clone();
        let mut number = 2;
        while taken(&name) {
            name = format!("{stem}_{number}");
            number += 1;
        }
        self.names.insert(selection.clone(), name.clone());
        self.selections.push((name.clone(), selection));
        name
    }

    /// A single selection is called `selection`, a single filter `filter`.
    fn plain_names(&mut self) {
        for plain in ["selection", "filter"] {
            let mut mine = self.selections.iter_mut().filter(|it| it.0.starts_with(plain));
            let (Some(only), None) = (mine.next(), mine.next()) else { continue };
            let words = self.condition.split(' ').map(|word| {
                let name = word.trim_matches(['(', ')']);
                if name == only.0 { word.replace(name, plain) } else { word.to_owned() }
            });
            self.condition = words.collect::<Vec<_>>().join(" ");
            plain.clone_into(&mut only.0);
        }
    }

    /// The lines of the section, each indented by `indent` blanks.
    pub(super) fn lines(&self, indent: usize) -> String {
        let mut text = String::new();
        let pad = " ".repeat(indent);
        for (name, selection) in &self.selections {
            let _ = writeln!(text, "{pad}{name}:");
            write_selection(&mut text, selection, indent + 4);
        }
        let _ = writeln!(text, "{pad}condition: {}", self.condition);
        text
    }
}

fn write_selection(text: &mut String, selection: &Selection, indent: usize) {
    let pad = " ".repeat(indent);
    if selection.iter().all(|map| map.iter().all(|it| it.field == KEYWORDS && it.modifiers.is_empty())) {
        for value in selection.iter().flatten().flat_map(|it| &it.values) {
            let _ = writeln!(text, "{pad}- {}", printed(value));
        }
        return;
    }
    let listed = selection.len() > 1;
    for map in selection {
        for (index, item) in map.iter().enumerate() {
            let lead = match (listed, index) {
                (true, 0) => format!("{pad}- "),
                (true, _) => format!("{pad}  "),
                (false, _) => pad.clone(),
            };
            let key = std::iter::once(item.field.as_str()).chain(item.modifiers.iter().copied());
            let key = yaml::key(&key.collect::<Vec<_>>().join("|"));
            if let [value] = item.values.as_slice() {
                let _ = writeln!(text, "{lead}{key}: {}", printed(value));
                continue;
            }
            let _ = writeln!(text, "{lead}{key}:");
            let deeper = indent + if listed { 6 } else { 4 };
            for value in &item.values {
                let _ = writeln!(text, "{}- {}", " ".repeat(deeper), printed(value));
            }
        }
    }
}

fn printed(value: &Value) -> String {
    match value {
        Value::Text(text) => yaml::quoted(text),
        Value::Bare(text) => text.clone(),
        Value::Null => "null".to_owned(),
    }
}

/// A name that tells the fields: `selection_image_commandline`.
fn stem(selection: &Selection, sense: Sense) -> String {
    let mut stem = if sense == Sense::Selection { "selection" } else { "filter" }.to_owned();
    let mut fields: Vec<&str> = Vec::new();
    for item in selection.iter().flatten() {
        if !fields.contains(&item.field.as_str()) {
            fields.push(&item.field);
        }
    }
    if fields.len() <= 2 {
        for field in fields {
            let word: String = field.chars().filter(char::is_ascii_alphanumeric).collect();
            stem.push('_');
            stem.push_str(if word.is_empty() { "keywords".to_owned() } else { word.to_ascii_lowercase() }.as_str());
        }
    }
    stem
}

/// The formula as one selection, if it is one.
fn selection(formula: &Formula) -> Option<Selection> {
    if let Some(map) = map(formula) {
        return Some(vec![map]);
    }
    match formula {
        Formula::Or(parts) => alternatives(&parts.iter().collect::<Vec<_>>()),
        _ => None,
    }
}

/// One of some maps: tests of one field in one way become one item with a list of values.
fn alternatives(parts: &[&Formula]) -> Option<Selection> {
    let mut selection: Selection = Vec::new();
    for part in parts {
        let map = map(part)?;
        let same =
            |other: &&mut Vec<Item>| matches!((other.as_slice(), map.as_slice()), ([one], [two]) if joins(one, two));
        match selection.iter_mut().find(same) {
            Some(known) => known[0].values.extend(map.into_iter().flat_map(|it| it.values)),
            None => selection.push(map),
        }
    }
    let keywords = selection.iter().flatten().filter(|it| it.field == KEYWORDS).count();
    // Words of the whole event stand in a list of their own.
    let fits = keywords == 0 || selection.len() == 1;
    (fits && !selection.is_empty()).then_some(selection)
}

/// Whether two items can be one with the values of both.
fn joins(one: &Item, other: &Item) -> bool {
    let is_list =
        |it: &Item| !it.modifiers.iter().any(|it| matches!(*it, "all" | "exists" | "gt" | "gte" | "lt" | "lte"));
    one.field == other.field
        && one.modifiers == other.modifiers
        && is_list(one)
        && !one.values.contains(&Value::Null)
        && !other.values.contains(&Value::Null)
}

/// The formula as one map, if it is one.
fn map(formula: &Formula) -> Option<Vec<Item>> {
    if let Some(item) = item(formula) {
        return Some(vec![item]);
    }
    let Formula::And(parts) = formula else { return None };
    let items = parts.iter().map(item).collect::<Option<Vec<_>>>()?;
    if items.iter().any(|it| it.field == KEYWORDS) {
        return None;
    }
    let mut maps = maps(items);
    if maps.len() == 1 { maps.pop() } else { None }
}

/// The formula as one item, if it is one.
fn item(formula: &Formula) -> Option<Item> {
    match formula {
        Formula::Atom(atom) => {
            let written = value::written(&atom.test).ok()?;
            let field = name(atom).to_owned();
            // A word of the whole event is looked for anywhere in it.
            let is_word = field == KEYWORDS && written.modifiers == ["contains"];
            let modifiers = if is_word { Vec::new() } else { written.modifiers };
            Some(Item { field, modifiers, values: vec![written.value] })
        }
        Formula::Not(inner) => match &**inner {
            Formula::Atom(atom) if atom.test == Test::Exists && name(atom) != KEYWORDS => {
                Some(Item { field: name(atom).to_owned(), modifiers: Vec::new(), values: vec![Value::Null] })
            }
            _ => None,
        },
        Formula::Or(parts) => {
            let mut items = parts.iter().map(item);
            let mut first = items.next()??;
            for item in items {
                let item = item?;
                if !joins(&first, &item) {
                    return None;
                }
                first.values.extend(item.values);
            }
            Some(first)
        }
        _ => None,
    }
}

/// Items in maps of distinct keys. Single values that one field must contain become one item with `all`.
fn maps(items: Vec<Item>) -> Vec<Vec<Item>> {
    let mut maps: Vec<Vec<Item>> = Vec::new();
    for item in items {
        if let Some(known) = maps.iter_mut().flatten().find(|it| together(it, &item)) {
            if known.modifiers.last() != Some(&"all") {
                known.modifiers.push("all");
            }
            known.values.extend(item.values);
            continue;
        }
        let is_new = |map: &&mut Vec<Item>| {
            !map.iter().any(|it| it.field == item.field && without_all(&it.modifiers) == without_all(&item.modifiers))
        };
        match maps.iter_mut().find(is_new) {
            Some(map) => map.push(item),
            None => maps.push(vec![item]),
        }
    }
    maps
}

fn without_all<'a>(modifiers: &'a [&'static str]) -> &'a [&'static str] {
    modifiers.strip_suffix(&["all"]).unwrap_or(modifiers)
}

/// Whether a single value joins an item as one more that must be there.
fn together(known: &Item, item: &Item) -> bool {
    let kind = without_all(&known.modifiers);
    known.field == item.field
        && kind == item.modifiers
        && item.values.len() == 1
        && (known.values.len() == 1 || known.modifiers.last() == Some(&"all"))
        && kind == ["contains"]
}
