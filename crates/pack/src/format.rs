//! The layout of the queries on a page; nothing else of it changes.

use syntax::{Diagnostic, Span};

use crate::page;

/// The texts of all AQL fences of a Markdown text, be it a detection page or not: what stands between the fences.
///
/// ```
/// let text = "A query:\n\n```aql\nSELECT qid FROM events\n```\n";
/// let fences = pack::fences(text);
/// assert_eq!(&text[fences[0].start..fences[0].end], "SELECT qid FROM events\n");
/// ```
pub fn fences(text: &str) -> Vec<Span> {
    let is_query = |info: &str| info.split_whitespace().next() == Some("aql");
    let content = |fence: page::Fence| {
        if !fence.content.is_empty() {
            return fence.content;
        }
        // Nothing between the fences: behind the line of the first.
        let line = text[fence.span.start..].find('\n').map_or(text.len(), |it| fence.span.start + it + 1);
        Span::new(line, line)
    };
    page::fences(text).into_iter().filter(|it| is_query(&it.info)).map(content).collect()
}

/// Lays out the queries in the AQL fences. One with errors stays as it is, and its errors are given with their places.
///
/// ```
/// let (page, errors) = pack::format_page("```aql\nselect qid from events\n```\n");
/// assert_eq!(page, "```aql\nSELECT qid\nFROM events\n```\n");
/// assert!(errors.is_empty());
/// ```
pub fn format_page(text: &str) -> (String, Vec<Diagnostic>) {
    let mut formatted = String::with_capacity(text.len());
    let mut errors = Vec::new();
    let mut end = 0;
    for fence in fences(text) {
        let query = &text[fence.start..fence.end];
        if query.trim().is_empty() {
            continue;
        }
        let laid_out = aql::format(query).map(|it| indented(text, fence, it));
        formatted.push_str(&text[end..fence.start]);
        match laid_out {
            Ok(Some(laid_out)) => formatted.push_str(&laid_out),
            Ok(None) => formatted.push_str(query),
            Err(found) => {
                formatted.push_str(query);
                errors.extend(found.into_iter().map(|it| it.shifted(fence.start)));
            }
        }
        end = fence.end;
    }
    formatted.push_str(&text[end..]);
    (formatted, errors)
}

/// The query indented as its fence is, such as in a list. None where the lines of the page begin with more than blanks,
/// or where a string or comment of more than one line would change.
fn indented(text: &str, fence: Span, query: String) -> Option<String> {
    let line = text[..fence.start].rfind('\n').map_or(0, |it| it + 1);
    let indentation = &text[line..fence.start];
    if indentation.is_empty() {
        return Some(query);
    }
    let has_lines = |it: &Span| query[it.start..it.end].contains('\n');
    let is_plain = indentation.bytes().all(|it| matches!(it, b' ' | b'\t'));
    if !is_plain || syntax::tokens(&query).iter().chain(&syntax::comments(&query)).any(has_lines) {
        return None;
    }
    let indent = |(index, line): (usize, &str)| {
        let is_bare = index == 0 || line.trim_end().is_empty();
        format!("{}{line}", if is_bare { "" } else { indentation })
    };
    Some(query.split_inclusive('\n').enumerate().map(indent).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_queries_change() {
        let cases = [
            // A list: the lines keep its indentation.
            (
                "- so:\n\n  ```aql\n  select a\n    from events\n  ```\n",
                "- so:\n\n  ```aql\n  SELECT a\n  FROM events\n  ```\n",
            ),
            // A quotation is left alone.
            ("> ```aql\n> select a from events\n> ```\n", "> ```aql\n> select a from events\n> ```\n"),
            // Line ends stay.
            (
                "---\r\nid: x\r\n---\r\n\r\n```aql\r\nselect a from events\r\n```\r\n",
                "---\r\nid: x\r\n---\r\n\r\n```aql\r\nSELECT a\r\nFROM events\r\n```\r\n",
            ),
            // Others fences, and one without an end.
            (
                "```json\nselect a from events\n```\n\n```aql\nselect a from events",
                "```json\nselect a from events\n```\n\n```aql\nSELECT a\nFROM events\n",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(format_page(text).0, expected);
            assert_eq!(format_page(expected).0, expected);
        }
    }

    #[test]
    fn a_query_with_errors_is_left_and_named() {
        let text = "# x\n\n```aql\nselect a frm events\n```\n\n```aql\nselect b from events\n```\n";
        let (formatted, errors) = format_page(text);
        assert_eq!(formatted, text.replace("select b from events", "SELECT b\nFROM events"));
        assert_eq!(&text[errors[0].span.start..errors[0].span.end], "frm");
    }
}
