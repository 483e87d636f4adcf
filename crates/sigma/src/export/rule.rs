//! The text of a rule: what stands around its detection.

use std::fmt::Write as _;

use pack::heading::Heading;
use pack::{Detection as Page, Level, Status};
use schema::tables::attack;
use uuid::Uuid;

use super::detection::Detection;
use super::yaml;
use crate::rule::LogSource;

/// What a rule says beside what it looks for.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The permanent name that the ids of the rules follow from: lower-case letters, digits and hyphens.
    pub id: String,
    /// What an analyst reads first.
    pub title: String,
    /// What it finds and why it matters.
    pub description: String,
    /// How far it can be trusted.
    pub status: Status,
    /// How bad a true match is.
    pub level: Level,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it last changed: `2026-11-21`.
    pub date: Option<String>,
    /// Addresses of pages.
    pub references: Vec<String>,
    /// What else matches.
    pub false_positives: Vec<String>,
    /// ATT&CK techniques, such as `T1543.003`.
    pub techniques: Vec<String>,
    /// Further tags, as Sigma writes them.
    pub tags: Vec<String>,
    /// The operating system that it is about, for queries that do not say: `windows`, `linux` or `macos`.
    pub platform: Option<String>,
}

/// The author of rules whose page names none.
const AUTHOR: &str = "Prospero";
/// The title that Sigma's checks accept has at most so many characters.
const TITLE_MAX: usize = 256;
/// What the ids of all rules follow from, made once by chance.
const NAMESPACE: Uuid = Uuid::from_u128(0x8f0e_36a1_52c7_4d8b_9a44_c0b3_17de_62f9);

impl Subject {
    /// Of a query that stands alone: medium, untested.
    pub fn of_query(id: &str, title: &str) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            description: format!("The AQL query {title}."),
            status: Status::Experimental,
            level: Level::Medium,
            author: None,
            date: None,
            references: Vec::new(),
            false_positives: Vec::new(),
            techniques: Vec::new(),
            tags: Vec::new(),
            platform: None,
        }
    }
}

impl From<&Page> for Subject {
    fn from(page: &Page) -> Self {
        let section = |heading| page.sections.iter().find(|it| it.heading == heading).map_or("", |it| &it.text);
        Self {
            id: page.id.clone(),
            title: page.title.clone(),
            description: page.description.clone(),
            status: page.status,
            level: page.severity,
            author: page.author.clone(),
            date: page.date.clone(),
            references: addresses(section(Heading::References)),
            false_positives: entries(section(Heading::FalsePositives)),
            techniques: page.techniques.clone(),
            tags: page.tags.clone(),
            platform: page.platforms.first().filter(|_| page.platforms.len() == 1).cloned(),
        }
    }
}

/// The addresses of web pages in a text.
fn addresses(text: &str) -> Vec<String> {
    let words = text.split(|it: char| it.is_whitespace() || matches!(it, '<' | '>' | '(' | ')' | '[' | ']'));
    let mut found: Vec<String> = Vec::new();
    for word in words.filter(|it| it.starts_with("https://") || it.starts_with("http://")) {
        let word = word.trim_end_matches([',', '.', ';']).to_owned();
        if !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

/// The entries of a list, or the paragraphs of a text, each on one line.
fn entries(text: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    let mut starts = true;
    for line in text.lines() {
        let line = line.trim();
        let item = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
        match (item, line.is_empty()) {
            (_, true) => starts = true,
            (Some(item), _) => {
                entries.push(item.to_owned());
                starts = false;
            }
            (None, _) if starts || entries.is_empty() => {
                entries.push(line.to_owned());
                starts = false;
            }
            (None, _) => {
                if let Some(last) = entries.last_mut() {
                    last.push(' ');
                    last.push_str(line);
                }
            }
        }
    }
    entries
}

/// What tells one rule of a detection from the others.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// Behind the title and in the id; empty for the only rule.
    pub(super) suffix: String,
    /// The ids of the other rules of the same detection.
    pub(super) related: Vec<Uuid>,
    /// What a rule says of parts that were left out.
    pub(super) left_out: Option<String>,
    /// The name that a correlation knows it by.
    pub(super) name: Option<&'a str>,
}

/// The id of a rule: the same for the same detection and part on every machine.
pub(super) fn id(subject: &Subject, suffix: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, format!("{}/{suffix}", subject.id).as_bytes())
}

/// The text of a rule over one log source.
pub(super) fn text(subject: &Subject, part: &Part<'_>, source: &LogSource, detection: &Detection) -> String {
    let mut text = head(subject, part);
    let _ = writeln!(text, "logsource:");
    for (key, value) in [("category", &source.category), ("product", &source.product), ("service", &source.service)] {
        if let Some(value) = value {
            let _ = writeln!(text, "    {key}: {}", yaml::scalar(value));
        }
    }
    let _ = writeln!(text, "detection:");
    text.push_str(&detection.lines(4));
    text.push_str(&foot(subject));
    text
}

/// The keys before the log source.
pub(super) fn head(subject: &Subject, part: &Part<'_>) -> String {
    let mut text = String::new();
    let mut title = subject.title.clone();
    if !part.suffix.is_empty() {
        title = format!("{title} ({})", part.suffix);
    }
    let title: String = title.chars().take(TITLE_MAX).collect();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "title: {}", yaml::scalar(&title));
    let _ = writeln!(text, "id: {}", id(subject, &part.suffix));
    if let Some(name) = part.name {
        let _ = writeln!(text, "name: {}", yaml::scalar(name));
    }
    if !part.related.is_empty() {
        let _ = writeln!(text, "related:");
        for id in &part.related {
            let _ = writeln!(text, "    - id: {id}\n      type: similar");
        }
    }
    let _ = writeln!(text, "status: {}", subject.status);
    let mut description = subject.description.clone();
    if let Some(left_out) = &part.left_out {
        description = format!("{description}\n\n{left_out}");
    }
    let _ = writeln!(text, "description: {}", yaml::block(description.trim(), 4));
    list(&mut text, "references", &subject.references);
    let _ = writeln!(text, "author: {}", yaml::scalar(subject.author.as_deref().unwrap_or(AUTHOR)));
    if let Some(date) = &subject.date {
        let _ = writeln!(text, "date: {date}");
    }
    list(&mut text, "tags", &tags(subject));
    text
}

/// The keys behind the detection.
pub(super) fn foot(subject: &Subject) -> String {
    let mut text = String::new();
    let unknown = ["Unknown".to_owned()];
    let false_positives = &subject.false_positives;
    list(&mut text, "falsepositives", if false_positives.is_empty() { &unknown } else { false_positives });
    let _ = writeln!(text, "level: {}", subject.level);
    text
}

fn list(text: &mut String, key: &str, values: &[String]) {
    if values.is_empty() {
        return;
    }
    let _ = writeln!(text, "{key}:");
    for value in values {
        let _ = writeln!(text, "    - {}", yaml::scalar(value));
    }
}

/// The tactics and techniques, then the further tags.
fn tags(subject: &Subject) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    let mut add = |tag: String| {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    };
    let known = subject.techniques.iter().filter_map(|it| attack::technique(it));
    known.flat_map(|it| it.tactics).for_each(|it| add(format!("attack.{it}")));
    subject.techniques.iter().for_each(|it| add(format!("attack.{}", it.to_lowercase())));
    subject.tags.iter().cloned().for_each(&mut add);
    tags
}
