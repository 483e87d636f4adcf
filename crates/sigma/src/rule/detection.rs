//! The section `detection`: named searches of maps, lists and keywords.

use pack::yaml::{Node, Value};
use syntax::{Diagnostic, Span};

use super::condition::{self, Condition};
use super::modifier::{Modifier, NAMES};

/// The most searches of a rule.
const SEARCHES_MAX: usize = 500;
/// The most values of a rule.
const VALUES_MAX: usize = 20_000;

/// A named part of a rule.
#[derive(Clone, Debug)]
pub struct Search {
    /// The name that conditions use.
    pub name: String,
    /// What it asks for.
    pub item: Item,
    /// Where its name stands.
    pub span: Span,
}

/// What a search asks for.
#[derive(Clone, Debug)]
pub enum Item {
    /// A map: all of its fields.
    All(Vec<FieldTest>),
    /// A list: any of its entries.
    Any(Vec<Item>),
}

/// A field, or the whole event, and the values that it may have.
#[derive(Clone, Debug)]
pub struct FieldTest {
    /// The field by its name in the rule; none for keywords, which may stand anywhere in the event.
    pub field: Option<String>,
    /// What stands behind `|`, in its order.
    pub modifiers: Vec<Modifier>,
    /// The values; none for an empty list.
    pub values: Vec<Scalar>,
    /// Where the field, or the first keyword, stands.
    pub span: Span,
}

/// A value as written.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// Nothing, true or false, a number, a text.
    pub value: Value,
    /// Where it stands.
    pub span: Span,
}

/// The searches and conditions of a section; the first fault ends the reading.
pub(super) fn read(node: &Node, other_keys: &[&str]) -> Result<(Vec<Search>, Vec<Condition>), Box<Diagnostic>> {
    let Value::Map(pairs) = &node.value else {
        return Err(shape(node.span, format!("the section is {}, not a map of searches", node.value.kind())));
    };
    let mut reader = Reader { values: 0 };
    let mut searches = Vec::new();
    for ((name, span), value) in pairs {
        if name == "condition" || name == "timeframe" || other_keys.contains(&name.as_str()) {
            continue;
        }
        searches.push(Search { name: name.clone(), item: reader.item(value, 0)?, span: *span });
    }
    if searches.len() > SEARCHES_MAX {
        return Err(shape(node.span, format!("more than {SEARCHES_MAX} searches")));
    }
    let Some((_, condition)) = pairs.iter().find(|((name, _), _)| name == "condition") else {
        return Err(shape(node.span, "the section has no `condition`".to_owned()));
    };
    if let Some(((_, span), _)) = pairs.iter().find(|((name, _), _)| name == "timeframe") {
        let error = shape(*span, "`timeframe` belongs to conditions that count, which Sigma has given up".to_owned());
        return Err(Box::new(error.with_help("write a correlation rule with a `timespan`")));
    }
    let names: Vec<&str> = searches.iter().map(|it| it.name.as_str()).collect();
    let conditions = match &condition.value {
        Value::List(items) if !items.is_empty() => items.iter().map(|it| one_condition(it, &names)).collect(),
        _ => one_condition(condition, &names).map(|it| vec![it]),
    }?;
    Ok((searches, conditions))
}

fn one_condition(node: &Node, names: &[&str]) -> Result<Condition, Box<Diagnostic>> {
    match &node.value {
        Value::Text(text) => condition::parse(text, node.span, names),
        other => Err(shape(node.span, format!("the condition is {}", other.kind()))),
    }
}

fn shape(span: Span, message: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("sigma-detection", span, message))
}

struct Reader {
    values: usize,
}

impl Reader {
    fn item(&mut self, node: &Node, depth: usize) -> Result<Item, Box<Diagnostic>> {
        match &node.value {
            Value::Map(pairs) if !pairs.is_empty() => {
                let tests = pairs.iter().map(|((name, span), value)| self.field(name, *span, value));
                Ok(Item::All(tests.collect::<Result<_, _>>()?))
            }
            Value::List(items) if !items.is_empty() && depth < 2 => {
                if items.iter().all(|it| is_scalar(&it.value)) {
                    return Ok(Item::All(vec![self.keywords(items, node.span)?]));
                }
                let items = items.iter().map(|it| self.item(it, depth + 1));
                Ok(Item::Any(items.collect::<Result<_, _>>()?))
            }
            Value::Text(_) | Value::Number(_) | Value::Boolean(_) => {
                Ok(Item::All(vec![self.keywords(std::slice::from_ref(node), node.span)?]))
            }
            other => Err(shape(node.span, format!("a search that is {} finds nothing", other.kind()))),
        }
    }

    fn keywords(&mut self, items: &[Node], span: Span) -> Result<FieldTest, Box<Diagnostic>> {
        Ok(FieldTest { field: None, modifiers: Vec::new(), values: self.scalars(items)?, span })
    }

    fn field(&mut self, name: &str, span: Span, value: &Node) -> Result<FieldTest, Box<Diagnostic>> {
        let mut words = name.split('|');
        let field = words.next().unwrap_or_default().trim();
        let mut modifiers = Vec::new();
        for word in words {
            let Some(modifier) = Modifier::find(word.trim()) else {
                let error = Diagnostic::error("sigma-modifier", span, format!("no modifier `{word}`"));
                let known = syntax::suggest(word, NAMES.iter().map(|it| it.0));
                let all = || NAMES.iter().map(|it| it.0).collect::<Vec<_>>().join(", ");
                let help = known.map_or_else(|| format!("there are {}", all()), |it| format!("did you mean `{it}`?"));
                return Err(Box::new(error.with_help(help)));
            };
            modifiers.push(modifier);
        }
        let values = match &value.value {
            Value::List(items) => self.scalars(items)?,
            _ => self.scalars(std::slice::from_ref(value))?,
        };
        Ok(FieldTest { field: (!field.is_empty()).then(|| field.to_owned()), modifiers, values, span })
    }

    fn scalars(&mut self, items: &[Node]) -> Result<Vec<Scalar>, Box<Diagnostic>> {
        self.values += items.len();
        let mut scalars = Vec::with_capacity(items.len());
        for item in items {
            if !is_scalar(&item.value) || self.values > VALUES_MAX {
                let message = if self.values > VALUES_MAX {
                    format!("the rule has more than {VALUES_MAX} values")
                } else {
                    format!("a value cannot be {}", item.value.kind())
                };
                return Err(shape(item.span, message));
            }
            scalars.push(Scalar { value: item.value.clone(), span: item.span });
        }
        Ok(scalars)
    }
}

fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::List(_) | Value::Map(_))
}
