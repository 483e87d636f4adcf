//! YAML as a tree of which each part knows its place: the front matter of pages, rules of other systems.
//!
//! Sizes, nesting and aliases are bounded; `yes` and `on` are texts, as in YAML 1.2.

mod plain;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Options, Spanned};
use syntax::{Diagnostic, Span};

/// The most documents of one text that are read.
pub const DOCUMENTS_MAX: usize = 1_000;
/// How deep lists and maps may nest.
const DEPTH_MAX: usize = 60;
/// The most values of one text.
const NODES_MAX: usize = 200_000;

/// A value with its place in the text.
#[derive(Clone, Debug)]
pub struct Node {
    /// What was written.
    pub value: Value,
    /// Where it stands, in bytes.
    pub span: Span,
}

/// What a value may be.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing, or `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Keys with their places, and what stands behind them.
    Map(Vec<((String, Span), Node)>),
}

impl Value {
    /// What it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Boolean(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }
}

/// Reads the first document of a text that starts at byte `offset` of what the places are meant for.
pub fn read(text: &str, offset: usize) -> Result<Node, Box<Diagnostic>> {
    if let Some(mut documents) = plain::read_all(text, offset).filter(|it| it.len() == 1)
        && let Some(document) = documents.pop()
    {
        return Ok(document);
    }
    match serde_saphyr::from_str_with_options::<Spanned<Tree>>(text, options()) {
        Ok(tree) => Ok(node(tree, offset)),
        Err(error) => Err(Box::new(not_yaml(&error, text, offset))),
    }
}

/// Reads all documents of a text; those without content are left out.
pub fn read_all(text: &str) -> Result<Vec<Node>, Box<Diagnostic>> {
    plain::read_all(text, 0).map_or_else(|| deserialized(text, 0), Ok)
}

/// All documents of any text.
fn deserialized(text: &str, offset: usize) -> Result<Vec<Node>, Box<Diagnostic>> {
    match serde_saphyr::from_multiple_with_options::<Spanned<Tree>>(text, options()) {
        Ok(trees) => Ok(trees.into_iter().map(|it| node(it, offset)).collect()),
        Err(error) => Err(Box::new(not_yaml(&error, text, offset))),
    }
}

fn options() -> Options {
    serde_saphyr::options! {
        strict_booleans: true,
        budget: serde_saphyr::budget! {
            max_documents: DOCUMENTS_MAX,
            max_depth: DEPTH_MAX,
            max_nodes: NODES_MAX,
        },
    }
}

fn not_yaml(error: &serde_saphyr::Error, text: &str, offset: usize) -> Diagnostic {
    let start = error.location().and_then(|it| it.span().byte_offset()).map_or(0, |it| it as usize);
    let mut start = start.min(text.len().saturating_sub(1));
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let end = text[start..].chars().next().map_or(start, |it| start + it.len_utf8());
    let message = error.without_snippet().to_string();
    let message = message.lines().next().unwrap_or_default().to_owned();
    Diagnostic::error("not-yaml", Span::new(offset + start, offset + end), "the text is not YAML").with_label(message)
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

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Boolean(value)))
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
