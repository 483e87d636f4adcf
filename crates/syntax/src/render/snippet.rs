//! The text that a diagnostic speaks of, with marks and phrases under it.

use std::fmt::Write;

use crate::{Diagnostic, Span};

use super::paint::{Paint, Row, Style};
use super::source::SourceText;
use super::window::Window;

/// A piece of one line that is marked.
struct Mark<'a> {
    line: usize,
    span: Span,
    label: &'a str,
    sign: &'static str,
    style: Style,
}

/// The lines with their marks, from the first bar on.
pub(super) fn snippet(
    diagnostic: &Diagnostic,
    source: &SourceText<'_>,
    margin: usize,
    paint: Paint,
    style: Style,
) -> String {
    let mut marks = Vec::new();
    add_marks(&mut marks, source, diagnostic.span, &diagnostic.label, ("^", style));
    for label in &diagnostic.labels {
        add_marks(&mut marks, source, label.span, &label.message, ("-", Style::Label));
    }
    marks.sort_by_key(|it| (it.line, it.span.start, it.span.end));
    let bar = paint.apply(Style::Margin, &format!("{:margin$} |", ""));
    let mut text = format!("{bar}\n");
    let mut previous: Option<usize> = None;
    let mut rest = marks.as_slice();
    while let Some(first) = rest.first() {
        let line = source.line(first.line);
        let window = Window::cut(source.text, line, first.span);
        let count = rest.iter().take_while(|it| it.line == first.line && window.shows(it.span.start)).count();
        let (group, others) = rest.split_at(count.max(1));
        if previous.is_some_and(|it| it + 1 < first.line) {
            text.push_str(&paint.apply(Style::Margin, "...\n"));
        }
        previous = Some(first.line);
        text.push_str(&source_line(first.line + 1, &window.text, margin, paint));
        for row in mark_rows(group, &window) {
            let _ = writeln!(text, "{bar} {}", row.paint(paint));
        }
        rest = others;
    }
    text
}

/// A numbered line of text.
pub(super) fn source_line(number: usize, text: &str, margin: usize, paint: Paint) -> String {
    let margin = paint.apply(Style::Margin, &format!("{number:>margin$} |"));
    format!("{margin} {text}").trim_end().to_owned() + "\n"
}

/// Adds the marks of a span: one, or for a span of several lines one on its first and one on its last.
fn add_marks<'a>(
    marks: &mut Vec<Mark<'a>>,
    source: &SourceText<'_>,
    span: Span,
    label: &'a str,
    (sign, style): (&'static str, Style),
) {
    let span = source.clamp(span);
    let first = source.line_index(span.start);
    let last = source.line_index(span.end.saturating_sub(1).max(span.start));
    if first == last {
        return marks.push(Mark { line: first, span, label, sign, style });
    }
    let first_end = source.line(first).end.max(span.start);
    marks.push(Mark { line: first, span: Span::new(span.start, first_end), label: "", sign, style });
    let last_line = source.line(last);
    let indent = source.text[last_line.start..last_line.end].len()
        - source.text[last_line.start..last_line.end].trim_start().len();
    let last_start = (last_line.start + indent).min(span.end);
    marks.push(Mark { line: last, span: Span::new(last_start, span.end), label, sign, style });
}

/// The signs under a line, then the phrases: the last on the same row, the others below it, from right to left.
fn mark_rows(marks: &[Mark<'_>], window: &Window) -> Vec<Row> {
    let columns: Vec<(usize, usize)> = marks
        .iter()
        .map(|it| {
            let start = window.column(it.span.start);
            (start, window.column(it.span.end).max(start + 1))
        })
        .collect();
    let mut signs = Row::default();
    for (mark, (start, end)) in marks.iter().zip(&columns) {
        signs.put(*start, &mark.sign.repeat(end - start), mark.style);
    }
    // The place that the message speaks of stays visible where marks overlap.
    for (mark, (start, end)) in marks.iter().zip(&columns).filter(|(mark, _)| mark.sign == "^") {
        signs.put(*start, &mark.sign.repeat(end - start), mark.style);
    }
    let mut pending: Vec<(usize, &Mark<'_>)> =
        columns.iter().map(|it| it.0).zip(marks).filter(|it| !it.1.label.is_empty()).collect();
    let last_end = columns.iter().map(|it| it.1).max().unwrap_or_default();
    let is_last_free =
        marks.last().is_some_and(|it| !it.label.is_empty()) && columns.last().is_some_and(|it| it.1 == last_end);
    if is_last_free && let Some((_, mark)) = pending.pop() {
        signs.put(last_end + 1, mark.label, mark.style);
    }
    let mut rows = vec![signs];
    if !pending.is_empty() {
        rows.push(connectors(&pending));
    }
    while let Some((column, mark)) = pending.pop() {
        let mut row = connectors(&pending);
        row.put(column, mark.label, mark.style);
        rows.push(row);
    }
    rows
}

fn connectors(pending: &[(usize, &Mark<'_>)]) -> Row {
    let mut row = Row::default();
    for (column, mark) in pending {
        row.put(*column, "|", mark.style);
    }
    row
}
