//! The lines of a text as they would be after a fix.

use std::fmt::Write;

use crate::{Fix, Span};

use super::paint::{Paint, Row, Style};
use super::snippet::source_line;
use super::source::SourceText;
use super::window::Window;

/// The most lines that are shown of one edit.
const LINES_MAX: usize = 6;

/// Text after its edits, with the ranges that are new.
struct Edited {
    text: String,
    /// Range of the new text, and whether it replaces something.
    changes: Vec<(Span, bool)>,
}

/// The edited lines: `~` under what was replaced, `+` under what was added; a line that only lost text is shown
/// before and after.
pub(super) fn edited_lines(fix: &Fix, source: &SourceText<'_>, margin: usize, paint: Paint) -> String {
    let mut edits: Vec<(Span, &str)> =
        fix.edits.iter().map(|(span, text)| (source.clamp(*span), text.as_str())).collect();
    edits.sort_by_key(|it| (it.0.start, it.0.end));
    edits.dedup_by(|second, first| second.0.start < first.0.end);
    let last_line = |span: Span| source.line_index(span.end);
    let mut text = String::new();
    for (index, group) in
        edits.chunk_by(|left, right| last_line(left.0) >= source.line_index(right.0.start)).enumerate()
    {
        if index > 0 {
            text.push_str(&paint.apply(Style::Margin, "...\n"));
        }
        text.push_str(&group_lines(group, source, margin, paint));
    }
    text
}

fn group_lines(group: &[(Span, &str)], source: &SourceText<'_>, margin: usize, paint: Paint) -> String {
    let first = group.first().map_or(0, |it| source.line_index(it.0.start));
    let last = group.iter().map(|it| source.line_index(it.0.end)).max().unwrap_or(first);
    let old = source.line(first).to(source.line(last));
    let edited = apply(group, source.text, old);
    let only_removes = group.iter().all(|it| it.1.is_empty());
    let mut text = String::new();
    if only_removes {
        let focus = group.first().map_or(old, |it| it.0);
        for index in first..=last.min(first + LINES_MAX - 1) {
            let window = Window::cut(source.text, source.line(index), focus);
            text.push_str(&changed_line(index + 1, '-', &window.text, margin, paint));
        }
        if last >= first + LINES_MAX {
            text.push_str(&paint.apply(Style::Margin, "...\n"));
        }
    }
    let focus = edited.changes.first().map_or(Span::default(), |it| it.0);
    let mut start = 0;
    for (offset, line) in edited.text.split('\n').enumerate().take(LINES_MAX) {
        let span = Span::new(start, start + line.trim_end_matches('\r').len());
        start += line.len() + 1;
        let number = first + offset + 1;
        if only_removes && edited.text.trim().is_empty() {
            break;
        } else if only_removes {
            let window = Window::cut(&edited.text, span, focus);
            text.push_str(&changed_line(number, '+', &window.text, margin, paint));
        } else {
            text.push_str(&marked_line(number, &edited, span, margin, paint));
        }
    }
    text
}

/// Applies edits to the text of some lines.
fn apply(group: &[(Span, &str)], text: &str, lines: Span) -> Edited {
    let mut edited = Edited { text: String::new(), changes: Vec::new() };
    let mut place = lines.start;
    for (span, replacement) in group {
        edited.text.push_str(&text[place..span.start]);
        let start = edited.text.len();
        edited.text.push_str(replacement);
        edited.changes.push((Span::new(start, edited.text.len()), span.start < span.end));
        place = span.end;
    }
    edited.text.push_str(&text[place.min(lines.end)..lines.end]);
    edited
}

fn changed_line(number: usize, sign: char, text: &str, margin: usize, paint: Paint) -> String {
    let style = if sign == '-' { Style::Removed } else { Style::Added };
    let number = paint.apply(Style::Margin, &format!("{number:>margin$}"));
    let sign = paint.apply(style, &sign.to_string());
    format!("{number} {sign} {text}").trim_end().to_owned() + "\n"
}

/// A line with marks under its new parts; parts that do not fit into one window are shown one after another.
fn marked_line(number: usize, edited: &Edited, line: Span, margin: usize, paint: Paint) -> String {
    let mut changes: Vec<(Span, bool)> = edited.changes.clone();
    changes.retain(|(span, _)| span.start < span.end && span.start <= line.end && span.end > line.start);
    let bar = paint.apply(Style::Margin, &format!("{:margin$} |", ""));
    let mut text = String::new();
    let mut rest = changes.as_slice();
    while let Some((first, _)) = rest.first() {
        let window = Window::cut(&edited.text, line, *first);
        let count = rest.iter().take_while(|it| window.shows(it.0.start.max(line.start))).count().max(1);
        let mut row = Row::default();
        for (span, replaces) in &rest[..count] {
            let start = window.column(span.start.max(line.start));
            let end = window.column(span.end.min(line.end)).max(start + 1);
            row.put(start, &if *replaces { "~" } else { "+" }.repeat(end - start), Style::Added);
        }
        text.push_str(&source_line(number, &window.text, margin, paint));
        let _ = writeln!(text, "{bar} {}", row.paint(paint));
        rest = &rest[count..];
    }
    if changes.is_empty() {
        let window = Window::cut(&edited.text, line, line);
        text.push_str(&source_line(number, &window.text, margin, paint));
    }
    text
}
