//! The page of an imported rule.

use pack::heading::Heading;
use pack::{Confidence, Draft, Level, Score, Status};

use crate::rule::Head;

/// The longest title, in characters.
const TITLE_MAX: usize = 300;

/// What the logic of a rule gives its page.
pub(super) struct Parts {
    pub(super) query: String,
    pub(super) platforms: Vec<String>,
    pub(super) log_sources: Vec<String>,
    /// What the log source must be set up for, in the words of the rule.
    pub(super) definitions: Vec<String>,
    /// What differs from the rule, in sentences.
    pub(super) differences: Vec<String>,
}

/// The page of a rule.
pub(super) fn draft(head: &Head, parts: &Parts) -> Draft {
    let severity = severity(head.level.as_deref());
    let techniques: Vec<String> = head.tags.iter().filter_map(|it| technique(it)).collect();
    let tags: Vec<String> = head.tags.iter().filter(|it| technique(it).is_none()).cloned().collect();
    let date = [&head.modified, &head.date].into_iter().flatten().find_map(|it| date(it));
    let text = |name, value: Option<String>| value.map(|it| (name, it));
    let texts = [text("author", head.author.clone()), text("date", date), Some(("origin", origin(head)))];
    let mut sections = Vec::new();
    let mut section = |heading, text: String| {
        if !text.is_empty() {
            sections.push((heading, text));
        }
    };
    section(Heading::LogSources, log_sources(parts));
    section(Heading::Query, pack::fenced("aql", &parts.query));
    section(Heading::FalsePositives, list(&head.false_positives));
    let related: Vec<String> = head.related.iter().map(|(kind, id)| format!("{kind}: {id}")).collect();
    section(Heading::RelatedDetections, list(&related));
    section(Heading::References, list(&head.references));
    Draft {
        id: id(head),
        title: title(head),
        status: status(head.status.as_deref()),
        severity,
        confidence: confidence(head.status.as_deref()),
        score: Score::Constant(score(severity)),
        lists: vec![
            ("techniques", unique(techniques)),
            ("platforms", unique(parts.platforms.clone())),
            ("log_sources", unique(parts.log_sources.clone())),
            ("tags", unique(tags)),
        ],
        texts: texts.into_iter().flatten().collect(),
        escapes: aql::Escapes::Strict,
        description: description(head, parts),
        sections,
    }
}

fn unique(values: Vec<String>) -> Vec<String> {
    let mut unique: Vec<String> = Vec::with_capacity(values.len());
    for value in values {
        if !unique.contains(&value) {
            unique.push(value);
        }
    }
    unique
}

/// The id of the rule where it can be that of a page, else its title in that form.
pub(super) fn id(head: &Head) -> String {
    let written = head.id.as_deref().or(head.name.as_deref()).unwrap_or(&head.title).to_ascii_lowercase();
    let words = written.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    let id = words.collect::<Vec<_>>().join("-");
    if id.is_empty() { "sigma-rule".to_owned() } else { id }
}

fn title(head: &Head) -> String {
    let title = head.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = if title.is_empty() { "Sigma rule without a title".to_owned() } else { title };
    title.chars().take(TITLE_MAX).collect()
}

fn origin(head: &Head) -> String {
    let rule = head.id.as_deref().map_or_else(|| "Sigma".to_owned(), |it| format!("Sigma rule {it}"));
    match &head.license {
        Some(license) => format!("{rule}, licence {license}"),
        None => rule,
    }
}

/// `attack.t1543.003`
fn technique(tag: &str) -> Option<String> {
    let id = tag.strip_prefix("attack.t").or_else(|| tag.strip_prefix("attack.T"))?;
    let (main, sub) = id.split_once('.').map_or((id, None), |(main, sub)| (main, Some(sub)));
    let digits = |it: &str, count: usize| it.len() == count && it.bytes().all(|it| it.is_ascii_digit());
    (digits(main, 4) && sub.is_none_or(|it| digits(it, 3))).then(|| format!("T{id}"))
}

/// `2026-11-21`; older rules write `2026/11/21`.
fn date(text: &str) -> Option<String> {
    let date = text.trim().replace('/', "-");
    let fits = |(index, it): (usize, u8)| if matches!(index, 4 | 7) { it == b'-' } else { it.is_ascii_digit() };
    (date.len() == 10 && date.bytes().enumerate().all(fits)).then_some(date)
}

/// A rule without a level is one of medium severity.
fn severity(level: Option<&str>) -> Level {
    level.and_then(|it| it.parse().ok()).unwrap_or(Level::Medium)
}

/// `unsupported` is for rules that their own makers cannot use: kept, and not run unless asked for.
fn status(status: Option<&str>) -> Status {
    match status {
        Some("unsupported") => Status::Deprecated,
        Some(status) => status.parse().unwrap_or(Status::Experimental),
        None => Status::Experimental,
    }
}

fn confidence(status: Option<&str>) -> Confidence {
    match status {
        Some("stable") => Confidence::High,
        Some("test") => Confidence::Medium,
        _ => Confidence::Low,
    }
}

fn score(severity: Level) -> f64 {
    match severity {
        Level::Informational => 10.0,
        Level::Low => 25.0,
        Level::Medium => 50.0,
        Level::High => 75.0,
        Level::Critical => 95.0,
    }
}

fn description(head: &Head, parts: &Parts) -> String {
    let mut paragraphs = vec![markdown(&head.description)];
    if !head.scope.is_empty() {
        paragraphs.push(format!("Scope: {}.", markdown(&head.scope.join(", "))));
    }
    paragraphs.extend(parts.differences.iter().cloned());
    paragraphs.retain(|it| !it.is_empty());
    paragraphs.join("\n\n")
}

fn log_sources(parts: &Parts) -> String {
    parts.definitions.iter().map(|it| markdown(it)).collect::<Vec<_>>().join("\n\n")
}

fn list(items: &[String]) -> String {
    let item = |it: &String| format!("- {}", markdown(it).replace('\n', "\n  "));
    items.iter().map(item).collect::<Vec<_>>().join("\n")
}

/// Text as Markdown: no line of it becomes a heading, a fence, a rule or HTML.
fn markdown(text: &str) -> String {
    let line = |line: &str| {
        let line = line.trim();
        let is_rule = !line.is_empty() && line.chars().all(|it| matches!(it, '-' | '=' | '*' | '_' | ' '));
        // A heading may also stand behind the mark of a list.
        let marks = line.find(|it: char| !matches!(it, '-' | '*' | '+' | '.' | ')' | ' ') && !it.is_ascii_digit());
        let (marks, text) = line.split_at(marks.unwrap_or(line.len()));
        let is_markup = text.starts_with(['#', '<', '`', '~', '>']);
        if is_rule {
            format!("\\{line}")
        } else if is_markup {
            format!("{marks}\\{text}")
        } else {
            line.to_owned()
        }
    };
    text.trim().lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        let text = "a\n## b\n---\n    ```x\n<script>\n- c\n- ## d\n1) > e";
        assert_eq!(markdown(text), "a\n\\## b\n\\---\n\\```x\n\\<script>\n- c\n- \\## d\n1) \\> e");
        assert_eq!(technique("attack.t1543.003").as_deref(), Some("T1543.003"));
        assert_eq!(technique("attack.persistence"), None);
        assert_eq!(date("2026/11/21").as_deref(), Some("2026-11-21"));
        let head = Head { title: "A [rule], named: X".to_owned(), ..Head::default() };
        assert_eq!(id(&head), "a-rule-named-x");
    }
}
