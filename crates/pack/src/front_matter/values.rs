//! The front matter as values, each checked against its [`Key`].

use syntax::{Diagnostic, Span};

use super::keys::{KEYS, Key, Shape};
use crate::detection::{Confidence, Level, Score, Status};
use crate::yaml::{self, Node, Value};

/// What the front matter of a page says. Made only when nothing is missing or wrong.
#[derive(Clone, Debug)]
pub struct FrontMatter {
    /// The permanent name.
    pub id: String,
    /// What an analyst reads first.
    pub title: String,
    /// How far the detection can be trusted.
    pub status: Status,
    /// How bad a true match is.
    pub severity: Level,
    /// How likely a match is true.
    pub confidence: Confidence,
    /// The risk score of a match and where the page says so.
    pub score: (Score, Span),
    /// ATT&CK techniques.
    pub techniques: Vec<String>,
    /// Where the behaviour occurs, and where the page says so.
    pub platforms: Vec<(String, Span)>,
    /// The logs that show it, and where the page says so.
    pub log_sources: Vec<(String, Span)>,
    /// ATT&CK detection strategies.
    pub detection_strategies: Vec<String>,
    /// ATT&CK data components.
    pub data_components: Vec<String>,
    /// GUIDs of Atomic Red Team tests, and where the page says so.
    pub atomics: Vec<(String, Span)>,
    /// How backslashes in strings are read.
    pub escapes: aql::Escapes,
    /// Who wrote the page.
    pub author: Option<String>,
    /// When the query last changed.
    pub date: Option<String>,
    /// Where the page comes from when nobody wrote it here.
    pub origin: Option<String>,
    /// Further labels.
    pub tags: Vec<String>,
}

/// Reads the YAML that starts at byte `offset` of the page.
pub(crate) fn read(text: &str, offset: usize) -> (Option<FrontMatter>, Vec<Diagnostic>) {
    let whole = Span::new(offset, offset + text.len());
    let pairs = match yaml::read(text, offset) {
        Ok(Node { value: Value::Map(pairs), .. }) => pairs,
        Ok(node) => {
            let message = format!("front matter is {}, not a map of keys", node.value.kind());
            return (None, vec![Diagnostic::error("front-matter-not-yaml", node.span, message)]);
        }
        Err(diagnostic) => {
            let message = "front matter is not YAML".to_owned();
            return (None, vec![Diagnostic { id: "front-matter-not-yaml", message, ..*diagnostic }]);
        }
    };
    let mut diagnostics = Vec::new();
    for (index, ((name, span), node)) in pairs.iter().enumerate() {
        match KEYS.iter().find(|it| it.name == name) {
            None => diagnostics.push(unknown_key(name, *span)),
            Some(_) if pairs[..index].iter().any(|((other, _), _)| other == name) => {
                diagnostics.push(Diagnostic::error("duplicate-key", *span, format!("the key `{name}` stands twice")));
            }
            Some(key) => check(key, node, &mut diagnostics),
        }
    }
    for key in KEYS.iter().filter(|it| it.required) {
        if !pairs.iter().any(|((name, _), _)| name == key.name) {
            let message = format!("the key `{}` is missing", key.name);
            let help = format!("add `{}:` with {}", key.name, key.shape.describe());
            diagnostics
                .push(Diagnostic::error("missing-key", Span::new(whole.start, whole.start), message).with_help(help));
        }
    }
    let values = if diagnostics.is_empty() { collect(&pairs) } else { None };
    if let Some(values) = &values
        && values.techniques.is_empty()
        && values.origin.is_none()
    {
        let span = pairs.iter().find(|((name, _), _)| name == "techniques").map_or(whole, |(_, node)| node.span);
        let diagnostic = Diagnostic::error("wrong-value", span, "the page names no technique");
        diagnostics.push(diagnostic.with_help("only a page with the key `origin` may do without"));
    }
    (values, diagnostics)
}

fn unknown_key(name: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error("unknown-key", span, format!("no key `{name}` in the front matter"))
        .with_label("not a key of a detection page");
    if let Some(known) = syntax::suggest(name, KEYS.iter().map(|it| it.name)) {
        return diagnostic.with_help(format!("did you mean `{known}`?"));
    }
    let known: Vec<_> = KEYS.iter().map(|it| it.name).collect();
    diagnostic.with_help(format!("the keys are {}", known.join(", ")))
}

/// Checks one value against the shape of its key.
fn check(key: &Key, node: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let wrong = |node: &Node, found: String| {
        Diagnostic::error("wrong-value", node.span, format!("wrong value for `{}`", key.name))
            .with_label(found)
            .with_help(format!("write {}", key.shape.describe()))
    };
    let mut each = |accept: &dyn Fn(&str) -> bool, what: &str| match &node.value {
        Value::List(items) if !items.is_empty() => {
            for item in items {
                match &item.value {
                    Value::Text(text) if accept(text) => {}
                    Value::Text(text) => diagnostics.push(wrong(item, format!("`{text}` is {what}"))),
                    other => diagnostics.push(wrong(item, format!("this is {}", other.kind()))),
                }
            }
        }
        other => diagnostics.push(wrong(node, format!("this is {}", other.kind()))),
    };
    match (&key.shape, &node.value) {
        (Shape::Texts, _) => each(&|text| !text.is_empty(), "empty"),
        (Shape::Words(words), _) => each(&|text| words.contains(&text), "none of these"),
        (Shape::Techniques, Value::List(items)) if items.is_empty() => {}
        (Shape::Techniques, _) => each(&is_technique, "not the id of a technique"),
        (Shape::Numbered(prefix), _) => each(&|text| is_numbered(text, prefix), "not such an id"),
        (Shape::Guids, _) => each(&is_guid, "not a GUID in lower case"),
        (Shape::Text, Value::Text(text)) if !text.trim().is_empty() => {}
        (Shape::Id, Value::Text(text)) if is_id(text) => {}
        (Shape::Word(words), Value::Text(text)) if words.contains(&text.as_str()) => {}
        (Shape::Score, Value::Number(number)) if (0.0..=100.0).contains(number) => {}
        (Shape::Score, Value::Text(text)) if !text.is_empty() => {}
        (Shape::Date, Value::Text(text)) if is_date(text) => {}
        (Shape::Dialect, Value::Map(pairs)) => {
            for ((name, span), value) in pairs {
                match &value.value {
                    _ if name != "escapes" => diagnostics.push(unknown_key(name, *span)),
                    Value::Text(text) if escapes(text).is_some() => {}
                    other => diagnostics.push(wrong(value, format!("this is {}", other.kind()))),
                }
            }
        }
        (_, Value::Text(text)) => diagnostics.push(wrong(node, format!("`{text}` is not accepted"))),
        (_, other) => diagnostics.push(wrong(node, format!("this is {}", other.kind()))),
    }
}

pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit()))
}

pub(crate) fn is_technique(text: &str) -> bool {
    let (technique, sub) = text.split_once('.').map_or((text, None), |(technique, sub)| (technique, Some(sub)));
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|it| it.is_ascii_digit());
    technique.strip_prefix('T').is_some_and(|it| digits(it, 4)) && sub.is_none_or(|it| digits(it, 3))
}

fn is_numbered(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|it| it.len() == 4 && it.bytes().all(|it| it.is_ascii_digit()))
}

/// Groups of 8, 4, 4, 4 and 12 hexadecimal digits, in lower case.
fn is_guid(text: &str) -> bool {
    let digits = |it: &str| it.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.split('-').all(digits)
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(index, it)| if matches!(index, 4 | 7) { it == b'-' } else { it.is_ascii_digit() })
}

fn escapes(text: &str) -> Option<aql::Escapes> {
    match text {
        "strict" => Some(aql::Escapes::Strict),
        "c-style" => Some(aql::Escapes::CStyle),
        _ => None,
    }
}

/// The values of pairs that all passed their checks.
fn collect(pairs: &[((String, Span), Node)]) -> Option<FrontMatter> {
    let find = |name: &str| pairs.iter().find(|((it, _), _)| it == name).map(|(_, node)| node);
    let text = |name: &str| match &find(name)?.value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    let texts = |name: &str| match &find(name)?.value {
        Value::List(items) => items
            .iter()
            .map(|it| if let Value::Text(text) = &it.value { Some(text.clone()) } else { None })
            .collect::<Option<Vec<_>>>(),
        _ => None,
    };
    let placed = |name: &str| match &find(name)?.value {
        Value::List(items) => Some(texts(name)?.into_iter().zip(items.iter().map(|it| it.span)).collect::<Vec<_>>()),
        _ => None,
    };
    let score = find("score")?;
    let dialect = match find("dialect").map(|it| &it.value) {
        Some(Value::Map(pairs)) => pairs.iter().find_map(|(_, node)| match &node.value {
            Value::Text(text) => escapes(text),
            _ => None,
        }),
        _ => None,
    };
    Some(FrontMatter {
        id: text("id")?,
        title: text("title")?,
        status: text("status")?.parse().ok()?,
        severity: text("severity")?.parse().ok()?,
        confidence: text("confidence")?.parse().ok()?,
        score: match &score.value {
            Value::Number(number) => (Score::Constant(*number), score.span),
            Value::Text(column) => (Score::Column(column.clone()), score.span),
            _ => return None,
        },
        techniques: texts("techniques")?,
        platforms: placed("platforms")?,
        log_sources: placed("log_sources")?,
        detection_strategies: texts("detection_strategies").unwrap_or_default(),
        data_components: texts("data_components").unwrap_or_default(),
        atomics: placed("atomics").unwrap_or_default(),
        escapes: dialect.unwrap_or(aql::Escapes::Strict),
        author: text("author"),
        date: text("date"),
        origin: text("origin"),
        tags: texts("tags").unwrap_or_default(),
    })
}
