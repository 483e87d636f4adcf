//! Diagnostics to text, in the form that rustc made familiar: the message, the place, the text with marks under it,
//! and the text as it would be after the fix.

mod fix;
mod paint;
mod snippet;
mod source;
mod window;

use std::fmt::Write;

use crate::{Diagnostic, Severity};

use paint::{Paint, Style};
use source::SourceText;

/// Renders diagnostics, each in a block of its own. The offsets are those of `source_text`.
///
/// ```
/// let text = "SELECT qid FROM events LAST 24";
/// let (_, diagnostics) = syntax::parse_query(text);
/// let report = syntax::render(&diagnostics, "page.aql", text, false);
/// assert!(report.contains("--> page.aql:1:31"));
/// ```
pub fn render(diagnostics: &[Diagnostic], file_name: &str, source_text: &str, color: bool) -> String {
    let source = SourceText::new(source_text);
    let blocks: Vec<String> = diagnostics.iter().map(|it| block(it, file_name, &source, Paint { color })).collect();
    blocks.join("\n")
}

fn block(diagnostic: &Diagnostic, file_name: &str, source: &SourceText<'_>, paint: Paint) -> String {
    let (word, style) = match diagnostic.severity {
        Severity::Error => ("error", Style::Error),
        Severity::Warning => ("warning", Style::Warning),
        Severity::Note => ("note", Style::Note),
    };
    let margin = margin_width(diagnostic, source);
    let mut text = format!(
        "{}{}\n",
        paint.apply(style, &format!("{word}[{}]", diagnostic.id)),
        paint.apply(Style::Strong, &format!(": {}", diagnostic.message))
    );
    let (line, column) = source.line_column(diagnostic.span.start);
    let arrow = paint.apply(Style::Margin, &format!("{:margin$}-->", ""));
    let _ = writeln!(text, "{arrow} {file_name}:{line}:{column}");
    text.push_str(&snippet::snippet(diagnostic, source, margin, paint, style));
    text.push_str(&notes(diagnostic, source, margin, paint));
    text
}

/// Why, what to do, and the text after the fix.
fn notes(diagnostic: &Diagnostic, source: &SourceText<'_>, margin: usize, paint: Paint) -> String {
    let mut text = String::new();
    let fix = diagnostic.fix.as_ref().filter(|it| !it.edits.is_empty());
    let bar = paint.apply(Style::Margin, &format!("{:margin$} |", ""));
    let lone_help = diagnostic.help.as_ref().filter(|_| fix.is_none());
    if fix.is_some() || lone_help.is_some() || diagnostic.note.is_some() {
        let _ = writeln!(text, "{bar}");
    }
    for (word, message) in [("note", diagnostic.note.as_ref()), ("help", lone_help)] {
        if let Some(message) = message {
            let sign = paint.apply(Style::Margin, &format!("{:margin$} =", ""));
            let _ = writeln!(text, "{sign} {}: {message}", paint.apply(Style::Strong, word));
        }
    }
    if let Some(fix) = fix {
        let help = diagnostic.help.as_deref().unwrap_or("write instead");
        let _ = writeln!(text, "{}: {help}\n{bar}", paint.apply(Style::Help, "help"));
        text.push_str(&fix::edited_lines(fix, source, margin, paint));
    }
    text
}

/// The width of the widest line number that is shown.
fn margin_width(diagnostic: &Diagnostic, source: &SourceText<'_>) -> usize {
    let labels = diagnostic.labels.iter().map(|it| it.span);
    let edits = diagnostic.fix.iter().flat_map(|it| it.edits.iter().map(|(span, _)| *span));
    let ends = std::iter::once(diagnostic.span).chain(labels).chain(edits).map(|it| it.end);
    let last = ends.max().unwrap_or_default();
    (source.line_index(last) + 1).to_string().len()
}
