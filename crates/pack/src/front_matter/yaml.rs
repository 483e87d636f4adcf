//! YAML as a tree of which each part knows its place.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;
use syntax::{Diagnostic, Span};

/// A value with its place in the page.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) span: Span,
}

/// What a value may be.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Boolean,
    Number(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<((String, Span), Node)>),
}

impl Value {
    /// What it is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Boolean => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }
}

/// Reads the front matter that starts at byte `offset` of the page.
pub(crate) fn read(text: &str, offset: usize) -> Result<Node, Box<Diagnostic>> {
    match serde_saphyr::from_str::<Spanned<Tree>>(text) {
        Ok(tree) => Ok(node(tree, offset)),
        Err(error) => {
            let start = error.location().and_then(|it| it.span().byte_offset()).map_or(0, |it| it as usize);
            let start = offset + start.min(text.len().saturating_sub(1));
            let message = error.without_snippet().to_string();
            let message = message.lines().next().unwrap_or_default().to_owned();
            let diagnostic =
                Diagnostic::error("front-matter-not-yaml", Span::new(start, start + 1), "front matter is not YAML");
            Err(Box::new(diagnostic.with_label(message)))
        }
    }
}

/// The tree as the deserializer hands it over.
enum Tree {
    Leaf(Value),
    List(Vec<Spanned<Tree>>),
    Map(Vec<(Spanned<String>, Spanned<Tree>)>),
}

fn span<T>(spanned: &Spanned<T>, offset: usize) -> Span {
    let span = spanned.referenced.span();
    let start = offset + span.byte_offset().map_or(0, |it| it as usize);
    Span::new(start, start + span.byte_len().map_or(1, |it| it as usize))
}

fn node(tree: Spanned<Tree>, offset: usize) -> Node {
    let place = span(&tree, offset);
    let value = match tree.value {
        Tree::Leaf(value) => value,
        Tree::List(items) => Value::List(items.into_iter().map(|it| node(it, offset)).collect()),
        Tree::Map(pairs) => Value::Map(
            pairs
                .into_iter()
                .map(|(key, value)| {
                    let place = span(&key, offset);
                    ((key.value, place), node(value, offset))
                })
                .collect(),
        ),
    };
    Node { value, span: place }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Null))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Boolean))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Number(value as f64)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Number(value as f64)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Number(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Text(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Tree, A::Error> {
        let mut map = Vec::new();
        while let Some(pair) = pairs.next_entry()? {
            map.push(pair);
        }
        Ok(Tree::Map(map))
    }
}
