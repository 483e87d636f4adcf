//! What is wrong with a document, as the editor shows it.

use serde_json::{Value, json};
use syntax::{Diagnostic, Severity};

use crate::document::{Document, Kind};
use crate::settings::Settings;

/// Everything that is said about the document, with its places. Nothing about Markdown that is no detection page.
pub(crate) fn diagnose(document: &Document, settings: &Settings) -> Vec<Diagnostic> {
    let text = document.text();
    if document.is_too_long() {
        return Vec::new();
    }
    let said = match document.kind {
        Kind::Query if text.trim().is_empty() => Vec::new(),
        Kind::Query => aql::check(text, &settings.options),
        Kind::Page if !text.starts_with("---") => Vec::new(),
        Kind::Page => pack::check_page(&document.uri, text, &settings.options).1,
    };
    (settings.levels)(said)
}

/// A diagnostic in the shape of the protocol.
pub(crate) fn to_json(document: &Document, diagnostic: &Diagnostic) -> Value {
    let severity = match diagnostic.severity {
        Severity::Error => 1,
        Severity::Warning => 2,
        Severity::Note => 3,
    };
    let more = [&diagnostic.note, &diagnostic.help];
    let lines = std::iter::once(&diagnostic.message).chain(more.into_iter().flatten());
    let message = lines.map(String::as_str).collect::<Vec<_>>().join("\n");
    let related = diagnostic.labels.iter().map(|it| {
        let location = json!({ "uri": document.uri, "range": document.range(it.span) });
        json!({ "location": location, "message": it.message })
    });
    json!({
        "range": document.range(diagnostic.span),
        "severity": severity,
        "code": diagnostic.id,
        "source": "prospero",
        "message": message,
        "relatedInformation": related.collect::<Vec<_>>(),
    })
}
