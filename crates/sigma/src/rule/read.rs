//! From the text of a file to its documents.

use pack::yaml::{self, Node, Value};
use syntax::{Diagnostic, Span};

use super::{Body, Document, Filter, Head, LogSource, Rule, correlation, detection};

/// The largest file that is read, in bytes.
pub const RULE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Reads a file of one or more documents. Diagnostics of the file as a whole come beside them.
///
/// ```
/// let text = "title: T\nlogsource: {product: windows}\ndetection: {a: {EventID: 7045}, condition: a}\n";
/// let (documents, diagnostics) = sigma::read(text);
/// assert!(diagnostics.is_empty());
/// assert!(matches!(documents[0].body, Some(sigma::rule::Body::Rule(_))));
/// ```
pub fn read(text: &str) -> (Vec<Document>, Vec<Diagnostic>) {
    if text.len() > RULE_BYTES_MAX {
        let message = format!("the file is larger than {RULE_BYTES_MAX} bytes");
        return (Vec::new(), vec![Diagnostic::error("sigma-file", Span::new(0, 0), message)]);
    }
    match yaml::read_all(text) {
        Ok(nodes) => (nodes.iter().map(document).collect(), Vec::new()),
        Err(diagnostic) => (Vec::new(), vec![*diagnostic]),
    }
}

fn document(node: &Node) -> Document {
    let mut document = Document { head: Head::default(), body: None, diagnostics: Vec::new(), span: node.span };
    let Value::Map(pairs) = &node.value else {
        let message = format!("the document is {}, not a rule", node.value.kind());
        document.diagnostics.push(Diagnostic::error("sigma-document", node.span, message));
        return document;
    };
    document.span = pairs.first().map_or(node.span, |((_, key), _)| key.to(node.span));
    document.head = head(pairs, &mut document.diagnostics);
    match body(pairs, document.span) {
        Ok(body) => document.body = Some(body),
        Err(diagnostic) => document.diagnostics.push(*diagnostic),
    }
    document
}

type Pairs = [((String, Span), Node)];

fn find<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a Node> {
    pairs.iter().find(|((it, _), _)| it == name).map(|(_, node)| node)
}

fn body(pairs: &Pairs, span: Span) -> Result<Body, Box<Diagnostic>> {
    if let Some(((_, span), _)) = pairs.iter().find(|((name, _), _)| name == "action") {
        let error = Diagnostic::error(
            "sigma-action",
            *span,
            "`action` shares parts between documents, which Sigma has given up",
        );
        return Err(Box::new(error.with_help("write each rule as a document of its own")));
    }
    if let Some(node) = find(pairs, "correlation") {
        return correlation::read(node).map(Body::Correlation);
    }
    if let Some(node) = find(pairs, "filter") {
        let rule = rule(pairs, node, &["rules"])?;
        return Ok(Body::Filter(Filter { rules: filtered_rules(node)?, rule }));
    }
    let Some(node) = find(pairs, "detection") else {
        let error =
            Diagnostic::error("sigma-document", Span::new(span.start, span.start), "no rule: it has no `detection`");
        return Err(Box::new(error.with_help("a document has one of `detection`, `correlation`, `filter`")));
    };
    rule(pairs, node, &[]).map(Body::Rule)
}

fn rule(pairs: &Pairs, node: &Node, other_keys: &[&str]) -> Result<Rule, Box<Diagnostic>> {
    let log_source_node = find(pairs, "logsource");
    let log_source = match log_source_node.map(|it| (&it.value, it.span)) {
        Some((Value::Map(pairs), _)) => log_source(pairs),
        Some((other, span)) => {
            let message = format!("the log source is {}, not a map", other.kind());
            return Err(Box::new(Diagnostic::error("sigma-log-source", span, message)));
        }
        None => LogSource::default(),
    };
    let (searches, conditions) = detection::read(node, other_keys)?;
    let log_source_span = log_source_node.map_or(node.span, |it| it.span);
    Ok(Rule { log_source, log_source_span, searches, conditions, span: node.span })
}

fn log_source(pairs: &Pairs) -> LogSource {
    let text = |name: &str| match find(pairs, name).map(|it| &it.value) {
        Some(Value::Text(text)) => Some(text.trim().to_owned()).filter(|it| !it.is_empty()),
        _ => None,
    };
    let word = |name: &str| text(name).map(|it| it.to_ascii_lowercase());
    LogSource {
        category: word("category"),
        product: word("product"),
        service: word("service"),
        definition: text("definition"),
    }
}

/// The rules that a filter is about; `any` or nothing for all.
fn filtered_rules(node: &Node) -> Result<Vec<(String, Span)>, Box<Diagnostic>> {
    let Value::Map(pairs) = &node.value else { return Ok(Vec::new()) };
    let Some(rules) = find(pairs, "rules") else { return Ok(Vec::new()) };
    match &rules.value {
        Value::Text(text) if text == "any" => Ok(Vec::new()),
        Value::Text(text) => Ok(vec![(text.clone(), rules.span)]),
        Value::List(items) => items
            .iter()
            .map(|it| match &it.value {
                Value::Text(text) => Ok((text.clone(), it.span)),
                other => {
                    let message = format!("{} stands where the id of a rule should", other.kind());
                    Err(Box::new(Diagnostic::error("sigma-filter", it.span, message)))
                }
            })
            .collect(),
        other => {
            let message = format!("the rules of the filter are {}", other.kind());
            Err(Box::new(Diagnostic::error("sigma-filter", rules.span, message)))
        }
    }
}

/// What stands beside the logic. A key of the wrong shape is said and left out: it decides no match.
fn head(pairs: &Pairs, diagnostics: &mut Vec<Diagnostic>) -> Head {
    let mut reader = HeadReader { pairs, diagnostics };
    let title = reader.text("title").unwrap_or_default();
    Head {
        id: reader.text("id"),
        name: reader.text("name"),
        status: reader.text("status").map(|it| it.to_ascii_lowercase()),
        level: reader.text("level").map(|it| it.to_ascii_lowercase()),
        description: reader.text("description").unwrap_or_default(),
        license: reader.text("license"),
        author: reader.text("author"),
        date: reader.text("date"),
        modified: reader.text("modified"),
        references: reader.texts("references"),
        tags: reader.texts("tags"),
        false_positives: reader.texts("falsepositives"),
        fields: reader.texts("fields"),
        related: reader.related(),
        scope: reader.texts("scope"),
        taxonomy: reader.text("taxonomy").filter(|it| it != "sigma"),
        title,
    }
}

struct HeadReader<'a> {
    pairs: &'a Pairs,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl HeadReader<'_> {
    fn wrong(&mut self, name: &str, node: &Node) {
        let message = format!("`{name}` cannot be {}; it is left out", node.value.kind());
        self.diagnostics.push(Diagnostic::warning("sigma-head", node.span, message));
    }

    fn text(&mut self, name: &str) -> Option<String> {
        let node = find(self.pairs, name)?;
        match &node.value {
            Value::Text(text) => Some(text.trim().to_owned()).filter(|it| !it.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null => None,
            _ => {
                self.wrong(name, node);
                None
            }
        }
    }

    fn texts(&mut self, name: &str) -> Vec<String> {
        let Some(node) = find(self.pairs, name) else { return Vec::new() };
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            Value::Null => return Vec::new(),
            _ => std::slice::from_ref(node),
        };
        let mut texts = Vec::new();
        for item in items {
            match &item.value {
                Value::Text(text) => texts.push(text.trim().to_owned()),
                Value::Number(number) => texts.push(number.to_string()),
                Value::Null => {}
                _ => self.wrong(name, item),
            }
        }
        texts.retain(|it| !it.is_empty());
        texts
    }

    fn related(&mut self) -> Vec<(String, String)> {
        let Some(node) = find(self.pairs, "related") else { return Vec::new() };
        let Value::List(items) = &node.value else {
            self.wrong("related", node);
            return Vec::new();
        };
        let mut related = Vec::new();
        for item in items {
            let text = |name: &str| match &item.value {
                Value::Map(pairs) => match find(pairs, name).map(|it| &it.value) {
                    Some(Value::Text(text)) => Some(text.clone()),
                    _ => None,
                },
                _ => None,
            };
            match (text("type"), text("id")) {
                (Some(kind), Some(id)) => related.push((kind, id)),
                _ => self.wrong("related", item),
            }
        }
        related
    }
}
