//! Writes a tuning file.

use std::fmt::Write as _;

/// An exclusion to be written.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Its name.
    pub id: String,
    /// The detection that it is about.
    pub detection: String,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub expires: String,
    /// Whether it is in use.
    pub enabled: bool,
    /// The AQL filter.
    pub filter: String,
}

/// The text of a tuning file that [`super::read_tuning`] takes. Each line of `introduction` becomes a comment.
pub fn write_tuning(introduction: &str, proposals: &[Proposal]) -> String {
    let mut text = String::new();
    for line in introduction.lines() {
        let _ = writeln!(text, "{}", format!("# {line}").trim_end());
    }
    for it in proposals {
        let _ = write!(
            text,
            "\n[[exclusion]]\nid = {}\ndetections = [{}]\nowner = {}\nreason = {}\nexpires = {}\n",
            quoted(&it.id),
            quoted(&it.detection),
            quoted(&it.owner),
            quoted(&it.reason),
            quoted(&it.expires),
        );
        if !it.enabled {
            text.push_str("enabled = false\n");
        }
        let _ = writeln!(text, "filter = {}", literal(&it.filter));
    }
    text
}

/// A text that is best read as it is, such as a filter: in three single quotes where TOML allows it.
fn literal(text: &str) -> String {
    let plain = |it: char| !it.is_control() || it == '\t' || it == '\n';
    if text.contains("'''") || !text.chars().all(plain) {
        return quoted(text);
    }
    // On lines of its own: a quote at its end would run into the closing ones.
    format!("'''\n{text}\n'''")
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            _ if character.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(character));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
