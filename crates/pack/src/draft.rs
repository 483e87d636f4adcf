//! What a page says, before it is text: how pages are written by programs.

use std::fmt::Write as _;

use crate::detection::{Confidence, Detection, Level, Score, Status};
use crate::heading::Heading;

/// The parts of a page. [`Draft::to_page`] writes them; [`read_page`](crate::read_page) reads them again.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The permanent name: lower-case letters, digits and hyphens.
    pub id: String,
    /// What an analyst reads first.
    pub title: String,
    /// How far it can be trusted.
    pub status: Status,
    /// How bad a true match is.
    pub severity: Level,
    /// How likely a match is true.
    pub confidence: Confidence,
    /// The risk score of a match.
    pub score: Score,
    /// Keys whose values are lists, in the order of the page; an empty list is left out unless the key is required.
    pub lists: Vec<(&'static str, Vec<String>)>,
    /// Keys whose values are texts, in the order of the page.
    pub texts: Vec<(&'static str, String)>,
    /// How backslashes in strings are read.
    pub escapes: aql::Escapes,
    /// Markdown before the first heading.
    pub description: String,
    /// Markdown below the headings, in the order of the page.
    pub sections: Vec<(Heading, String)>,
}

/// Lists that stand on a page even when they are empty.
const REQUIRED_LISTS: [&str; 3] = ["techniques", "platforms", "log_sources"];

impl Draft {
    /// The draft of a page that was read.
    pub fn of(detection: &Detection) -> Self {
        let text = |name, value: &Option<String>| value.clone().map(|it| (name, it));
        Self {
            id: detection.id.clone(),
            title: detection.title.clone(),
            status: detection.status,
            severity: detection.severity,
            confidence: detection.confidence,
            score: detection.score.clone(),
            lists: vec![
                ("techniques", detection.techniques.clone()),
                ("platforms", detection.platforms.clone()),
                ("log_sources", detection.log_sources.clone()),
                ("detection_strategies", detection.detection_strategies.clone()),
                ("data_components", detection.data_components.clone()),
                ("atomics", detection.atomics.clone()),
                ("tags", detection.tags.clone()),
            ],
            texts: [
                text("author", &detection.author),
                text("date", &detection.date),
                text("origin", &detection.origin),
            ]
            .into_iter()
            .flatten()
            .collect(),
            escapes: detection.escapes,
            description: detection.description.clone(),
            sections: detection.sections.iter().map(|it| (it.heading, it.text.clone())).collect(),
        }
    }

    /// The page as Markdown.
    pub fn to_page(&self) -> String {
        let mut page = String::from("---\n");
        let mut key = |name: &str, value: &str| {
            // Writing to a string cannot fail.
            let _ = writeln!(page, "{name}: {value}");
        };
        key("id", &scalar(&self.id));
        key("title", &scalar(&self.title));
        key("status", self.status.name());
        key("severity", self.severity.name());
        key("confidence", self.confidence.name());
        match &self.score {
            Score::Constant(number) => key("score", &number.to_string()),
            Score::Column(column) => key("score", &scalar(column)),
        }
        for (name, values) in &self.lists {
            if !values.is_empty() || REQUIRED_LISTS.contains(name) {
                let values: Vec<_> = values.iter().map(|it| scalar(it)).collect();
                key(name, &format!("[{}]", values.join(", ")));
            }
        }
        for (name, value) in &self.texts {
            key(name, &scalar(value));
        }
        if self.escapes == aql::Escapes::CStyle {
            key("dialect", "{ escapes: c-style }");
        }
        page.push_str("---\n");
        if !self.description.is_empty() {
            let _ = write!(page, "\n{}\n", self.description.trim_end());
        }
        for (heading, text) in &self.sections {
            let _ = write!(page, "\n## {}\n\n{}\n", heading.title(), text.trim_end());
        }
        page
    }
}

/// The page of a detection: what [`read_page`](crate::read_page) reads as the same detection.
pub fn write_page(detection: &Detection) -> String {
    Draft::of(detection).to_page()
}

/// A fence of this language around a text, whatever the text holds.
pub fn fenced(language: &str, text: &str) -> String {
    let longest = text.lines().map(|it| it.trim_start().chars().take_while(|it| *it == '`').count()).max();
    let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}", text.trim_end_matches('\n'))
}

/// A text as a scalar of YAML: bare where it reads as itself, else in double quotes.
fn scalar(text: &str) -> String {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let bare = text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, ' ' | '.' | '_' | '-' | '/'))
        && !text.ends_with(' ')
        && !WORDS.iter().any(|it| it.eq_ignore_ascii_case(text));
    if bare {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            it if it.is_control() || matches!(it, '\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(it));
            }
            it => quoted.push(it),
        }
    }
    quoted.push('"');
    quoted
}
