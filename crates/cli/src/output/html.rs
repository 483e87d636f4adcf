//! The report of a scan as one self-contained HTML file, readable without script.

use std::fmt::Write as _;

use engine::EventJson;

use super::findings::{Finding, Findings, Group};
use super::{timeline, why};

const STYLE: &str = include_str!("report.css");

/// The most matches of a detection that a report shows.
pub(crate) const MATCHES_MAX: usize = 5_000;

/// The whole file.
pub(crate) fn report(findings: &Findings) -> String {
    let mut text = String::with_capacity(64 << 10);
    let _ = write!(
        text,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Prospero: {} matches</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>Prospero</h1>\n",
        findings.count()
    );
    summary(&mut text, findings);
    text.push_str("<h2>Timeline</h2>\n");
    let moments: Vec<_> = findings
        .groups
        .iter()
        .flat_map(|group| {
            let standing = group.findings.iter().filter(|it| it.excluded_by.is_none());
            standing.filter_map(|it| Some((it.time_ms?, group.severity)))
        })
        .collect();
    text.push_str(&timeline::svg(&moments, &super::time::rfc3339));
    contents(&mut text, findings);
    for group in &findings.groups {
        detection(&mut text, group);
    }
    text.push_str("</body>\n</html>\n");
    text
}

fn summary(text: &mut String, findings: &Findings) {
    text.push_str("<table class=\"summary\">\n");
    for (name, value) in &findings.summary {
        let _ = writeln!(text, "<tr><th>{}</th><td>{}</td></tr>", escape(name), escape(value));
    }
    text.push_str("</table>\n");
}

fn contents(text: &mut String, findings: &Findings) {
    text.push_str("<h2>Detections</h2>\n<table>\n<tr><th>severity</th><th>detection</th><th>matches</th></tr>\n");
    for group in &findings.groups {
        let _ = writeln!(
            text,
            "<tr><td><span class=\"level {0}\">{0}</span></td><td><a href=\"#{1}\">{2}</a></td><td class=\"number\">{3}</td></tr>",
            group.severity,
            escape(&group.id),
            escape(&group.title),
            number(group)
        );
    }
    text.push_str("</table>\n");
}

/// How many matches, and how many were excluded, where these are wanted.
fn number(group: &Group) -> String {
    if group.excluded == 0 { group.count.to_string() } else { format!("{} ({} excluded)", group.count, group.excluded) }
}

fn detection(text: &mut String, group: &Group) {
    let _ = write!(
        text,
        "<section id=\"{}\">\n<h2><span class=\"level {1}\">{1}</span> {2}</h2>\n\
         <p class=\"facts\">{3} · confidence {4} · status {5} · {6}</p>\n<p>{7}</p>\n",
        escape(&group.id),
        group.severity,
        escape(&group.title),
        escape(&group.id),
        group.confidence,
        group.status,
        escape(&group.techniques.join(", ")),
        escape(&group.description),
    );
    for finding in &group.findings {
        one(text, finding);
    }
    let all = group.count + group.excluded;
    if group.findings.len() < all {
        let _ = writeln!(text, "<p>The report shows the first {} of {all} matches.</p>", group.findings.len());
    }
    text.push_str("</section>\n");
}

fn one(text: &mut String, finding: &Finding) {
    let score = finding.score.map_or_else(String::new, |it| format!(" <span class=\"score\">{it}</span>"));
    let _ = write!(
        text,
        "<details><summary><time>{}</time> {} {}{score} <small>{}{}</small> <span class=\"decisive\">",
        escape(finding.time.as_deref().unwrap_or("")),
        escape(finding.host.as_deref().unwrap_or("")),
        escape(finding.user.as_deref().unwrap_or("")),
        escape(finding.class.as_deref().unwrap_or("")),
        if finding.excluded_by.is_some() { " (excluded)" } else { "" },
    );
    for decisive in &finding.decisive {
        let _ = write!(text, "{}: {} ", escape(&decisive.field), marked(&decisive.value, &decisive.hits));
    }
    text.push_str("</span></summary>\n<table>\n");
    if let Some(exclusion) = &finding.excluded_by {
        let _ = writeln!(text, "<tr><th>excluded by</th><td>{}</td></tr>", escape(exclusion));
    }
    for (name, value) in &finding.columns {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let _ = writeln!(text, "<tr><th>{}</th><td>{}</td></tr>", escape(name), escape(&value));
    }
    if let Some(source) = &finding.source {
        let _ = writeln!(text, "<tr><th>source</th><td>{}, record {}</td></tr>", escape(&source.0), source.1);
    }
    text.push_str("</table>\n");
    if let Some(explained) = &finding.explained {
        text.push_str(&why::html(explained));
    }
    if let Some(event) = &finding.event {
        let _ = writeln!(
            text,
            "<pre>{}</pre>",
            escape(&serde_json::to_string_pretty(&EventJson(event)).unwrap_or_default())
        );
    }
    text.push_str("</details>\n");
}

/// The text with the hit parts marked. Hits are sorted byte ranges of the text.
pub(crate) fn marked(value: &str, hits: &[(usize, usize)]) -> String {
    let mut text = String::new();
    let mut from = 0;
    for &(start, end) in hits {
        let (Some(before), Some(part)) = (value.get(from..start), value.get(start..end)) else { continue };
        let _ = write!(text, "{}<mark>{}</mark>", escape(before), escape(part));
        from = end;
    }
    text.push_str(&escape(&value[from..]));
    text
}

/// The text with nothing in it that HTML would read.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Controls have no place in HTML; a replacement shows that something stood here.
            _ if character.is_control() && character != '\n' && character != '\t' => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_events_cannot_become_markup() {
        let evil = "<script>alert('x')</script>";
        assert_eq!(escape(evil), "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
        assert_eq!(marked("a<b>c", &[(1, 4)]), "a<mark>&lt;b&gt;</mark>c");
    }
}
