//! A page as Markdown: front matter, headings and fences with their places.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};
use syntax::{Diagnostic, Span};

use crate::detection::Section;
use crate::heading::{HEADINGS, Heading};

/// The parts of a page.
pub(crate) struct Page {
    /// The bytes between the two lines of `---`.
    pub(crate) front_matter: Span,
    /// The text before the first second-level heading.
    pub(crate) description: String,
    pub(crate) sections: Vec<Section>,
    pub(crate) fences: Vec<Fence>,
}

/// A fenced block.
pub(crate) struct Fence {
    /// The section that it stands in; none before the first.
    pub(crate) heading: Option<Heading>,
    /// What stands after the opening fence.
    pub(crate) info: String,
    /// The whole block, fences included.
    pub(crate) span: Span,
    /// What stands between the fences.
    pub(crate) content: Span,
}

/// Takes a page apart. Nothing without front matter, since then it is not a detection page.
pub(crate) fn parse(text: &str) -> (Option<Page>, Vec<Diagnostic>) {
    let Some(front_matter) = front_matter(text) else {
        let diagnostic = Diagnostic::error("missing-front-matter", Span::new(0, 0), "the page has no front matter")
            .with_help("begin the page with a line `---`, the keys, and a line `---`");
        return (None, vec![diagnostic]);
    };
    let body = text[front_matter.end..].find('\n').map_or(text.len(), |it| front_matter.end + it + 1);
    let mut page = Page { front_matter, description: String::new(), sections: Vec::new(), fences: Vec::new() };
    let mut diagnostics = Vec::new();
    let headings = headings_and_fences(text, body, &mut page, &mut diagnostics);
    let first = headings.first().map_or(text.len(), |(_, span)| span.start);
    text[body..first].trim().clone_into(&mut page.description);
    for (index, (heading, span)) in headings.iter().enumerate() {
        let end = headings.get(index + 1).map_or(text.len(), |(_, next)| next.start);
        let Some(heading) = heading else { continue };
        let content = text[span.end..end].trim().to_owned();
        page.sections.push(Section { heading: *heading, text: content, span: Span::new(span.start, end) });
    }
    check_headings(&page, body, &mut diagnostics);
    (Some(page), diagnostics)
}

/// All fences of a Markdown text, be it a detection page or not.
pub(crate) fn fences(text: &str) -> Vec<Fence> {
    let body = front_matter(text).map_or(0, |it| it.end);
    let body = text[body..].find('\n').filter(|_| body > 0).map_or(body, |it| body + it + 1);
    let mut page =
        Page { front_matter: Span::new(0, 0), description: String::new(), sections: Vec::new(), fences: Vec::new() };
    headings_and_fences(text, body, &mut page, &mut Vec::new());
    page.fences
}

/// The bytes between a first line `---` and the next line `---`.
fn front_matter(text: &str) -> Option<Span> {
    let start = text.find('\n')? + 1;
    if text[..start].trim_end() != "---" {
        return None;
    }
    let mut line = start;
    while line < text.len() {
        let end = text[line..].find('\n').map_or(text.len(), |it| line + it + 1);
        if text[line..end].trim_end() == "---" {
            return Some(Span::new(start, line));
        }
        line = end;
    }
    None
}

/// All second-level headings (none for an unknown one) and, into the page, all fences.
fn headings_and_fences(
    text: &str,
    body: usize,
    page: &mut Page,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(Option<Heading>, Span)> {
    let mut headings: Vec<(Option<Heading>, Span)> = Vec::new();
    let mut title: Option<String> = None;
    let mut fence: Option<Fence> = None;
    for (event, range) in Parser::new(&text[body..]).into_offset_iter() {
        let span = Span::new(body + range.start, body + range.end);
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => title = Some(String::new()),
            Event::End(TagEnd::Heading(HeadingLevel::H2)) => {
                let title = title.take().unwrap_or_default();
                let heading = Heading::find(&title);
                if heading.is_none() {
                    diagnostics.push(unknown_heading(&title, span));
                }
                headings.push((heading, span));
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let heading = headings.last().and_then(|(heading, _)| *heading);
                let content = Span::new(span.end, span.end);
                fence = Some(Fence { heading, info: info.into_string(), span, content });
            }
            Event::End(TagEnd::CodeBlock) => page.fences.extend(fence.take()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(title) = &mut title {
                    title.push_str(&text);
                }
                if let Some(fence) = &mut fence {
                    fence.content = Span::new(fence.content.start.min(span.start), span.end);
                }
            }
            _ => {}
        }
    }
    headings
}

fn unknown_heading(title: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error("unknown-heading", span, format!("no heading `{title}` on a detection page"));
    if let Some(known) = syntax::suggest(title, HEADINGS.iter().map(|it| it.title)) {
        return diagnostic.with_help(format!("did you mean `## {known}`?"));
    }
    let known: Vec<_> = HEADINGS.iter().map(|it| it.title).collect();
    diagnostic.with_help(format!("the headings are {}; deeper headings are free", known.join(", ")))
}

/// Required headings stand once, none stands twice, all in their order.
fn check_headings(page: &Page, body: usize, diagnostics: &mut Vec<Diagnostic>) {
    for (index, section) in page.sections.iter().enumerate() {
        let title = section.heading.title();
        let span = Span::new(section.span.start, section.span.start + title.len() + 3);
        if page.sections[..index].iter().any(|it| it.heading == section.heading) {
            diagnostics.push(Diagnostic::error("duplicate-heading", span, format!("`## {title}` stands twice")));
        } else if let Some(later) = page.sections[..index].iter().find(|it| it.heading > section.heading) {
            let message = format!("`## {title}` stands after `## {}`", later.heading.title());
            let order: Vec<_> = HEADINGS.iter().map(|it| it.title).collect();
            let help = format!("the order is {}", order.join(", "));
            diagnostics.push(Diagnostic::error("heading-order", span, message).with_help(help));
        }
    }
    // Whether a page may lack its tests depends on its front matter: `read` says it.
    for row in HEADINGS.iter().filter(|it| it.required && it.heading != Heading::Tests) {
        if !page.sections.iter().any(|it| it.heading == row.heading) {
            let message = format!("the page has no `## {}`", row.title);
            diagnostics
                .push(Diagnostic::error("missing-heading", Span::new(body, body), message).with_help(row.meaning));
        }
    }
}
