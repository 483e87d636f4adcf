//! Sections of a page as HTML: links lead to the pages of the catalogue, queries have colours, raw HTML is text.

use std::fmt::Write as _;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use syntax::Part;

use crate::output::html::escape;

/// What links may begin with; any other scheme is left out.
const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];

/// Markdown as HTML. `has_page` says which detections have a page beside this one.
pub(super) fn to_html(markdown: &str, has_page: &dyn Fn(&str) -> bool) -> String {
    let mut events = Vec::new();
    let mut code: Option<(String, String)> = None;
    let mut dropped_links = 0_usize;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or("").to_owned(),
                    CodeBlockKind::Indented => String::new(),
                };
                code = Some((language, String::new()));
            }
            Event::End(TagEnd::CodeBlock) => {
                let (language, text) = code.take().unwrap_or_default();
                events.push(Event::Html(block(&language, &text).into()));
            }
            Event::Text(text) if code.is_some() => {
                if let Some((_, content)) = &mut code {
                    content.push_str(&text);
                }
            }
            // A page is read by people who did not write it: what is not Markdown is text.
            Event::Html(text) | Event::InlineHtml(text) => events.push(Event::Text(text)),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => match target(&dest_url, has_page) {
                Some(dest_url) => events.push(Event::Start(Tag::Link { link_type, dest_url, title, id })),
                None => dropped_links += 1,
            },
            Event::End(TagEnd::Link) if dropped_links > 0 => dropped_links -= 1,
            // Pictures would be requests.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Start(Tag::Heading { level, id, classes, attrs }) => {
                events.push(Event::Start(Tag::Heading { level: deeper(level), id, classes, attrs }));
            }
            Event::End(TagEnd::Heading(level)) => events.push(Event::End(TagEnd::Heading(deeper(level)))),
            other => events.push(other),
        }
    }
    let mut text = String::new();
    html::push_html(&mut text, events.into_iter());
    text
}

/// A heading below a section stands below `h2`.
fn deeper(level: HeadingLevel) -> HeadingLevel {
    level.max(HeadingLevel::H3)
}

/// Where a link leads in the catalogue: a page `../t1569/x.md` is `x.html`. Nothing for a page that is not there.
fn target<'a>(link: &CowStr<'a>, has_page: &dyn Fn(&str) -> bool) -> Option<CowStr<'a>> {
    if SCHEMES.iter().any(|it| link.starts_with(it)) || link.starts_with('#') {
        return Some(link.clone());
    }
    let file = link.rsplit('/').next().unwrap_or(link);
    let id = file.strip_suffix(".md")?;
    has_page(id).then(|| format!("{id}.html").into())
}

/// A block of code; AQL with its parts told apart.
pub(super) fn block(language: &str, text: &str) -> String {
    let text = text.trim_end();
    if language != "aql" {
        return format!("<pre><code>{}</code></pre>\n", escape(text));
    }
    let mut html = String::from("<pre class=\"aql\"><code>");
    let mut from = 0;
    for (span, part) in syntax::highlight(text) {
        let class = match part {
            Part::Keyword => "k",
            Part::Function => "f",
            Part::Text => "t",
            Part::Number => "n",
            Part::Comment => "c",
            Part::Name => continue,
        };
        let (before, part) = (&text[from..span.start], &text[span.start..span.end]);
        let _ = write!(html, "{}<span class=\"{class}\">{}</span>", escape(before), escape(part));
        from = span.end;
    }
    html.push_str(&escape(&text[from..]));
    html.push_str("</code></pre>\n");
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_page_becomes_markup_or_a_request() {
        let cases = [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("[a](javascript:alert(1))", "<p>a</p>\n"),
            ("![a](https://example.com/x.png)", "<p>a</p>\n"),
            ("[a](../t1569/known.md)", "<p><a href=\"known.html\">a</a></p>\n"),
            ("[a](unknown.md)", "<p>a</p>\n"),
            ("# a", "<h3>a</h3>\n"),
            ("```aql\nSELECT 'a<b'\n```", "<span class=\"k\">SELECT</span> <span class=\"t\">&#39;a&lt;b&#39;</span>"),
        ];
        for (markdown, expected) in cases {
            let html = to_html(markdown, &|id| id == "known");
            assert!(html.contains(expected), "{markdown}: {html}");
        }
    }
}
