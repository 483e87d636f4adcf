//! Matches for people: grouped by detection, the decisive values marked, then a summary.

use std::fmt::Write as _;

use pack::Level;

use super::findings::{Finding, Findings, Group};
use super::table::printable;
use super::why;

/// How many matches of one detection are printed without `--all`; the rest is counted.
pub(crate) const MATCHES_MAX: usize = 20;
/// How much of a decisive value is printed, in characters, around its first hit.
const VALUE_MAX: usize = 160;
/// Blanks before a tree.
const WHY_INDENT: usize = 6;

/// Colours of a terminal, or nothing.
#[derive(Clone, Copy)]
pub(crate) struct Palette {
    colour: bool,
    quotes: bool,
}

impl Palette {
    pub(crate) fn new(colour: bool) -> Self {
        Self { colour, quotes: false }
    }

    /// The same; without colours a hit stands between `«` and `»`.
    pub(crate) fn with_quotes(self) -> Self {
        Self { quotes: true, ..self }
    }

    pub(crate) fn paint(self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn hit(self, text: &str) -> String {
        if self.quotes && !self.colour { format!("«{text}»") } else { self.paint("1;33", text) }
    }

    fn level(self, level: Level) -> String {
        let code = match level {
            Level::Critical => "1;97;45",
            Level::High => "1;91",
            Level::Medium => "1;93",
            Level::Low => "1;92",
            Level::Informational => "1;37",
        };
        self.paint(code, level.name())
    }
}

/// All matches as text.
pub(crate) fn text(findings: &Findings, palette: Palette) -> String {
    let mut text = String::new();
    for group in &findings.groups {
        header(&mut text, group, palette);
        for finding in &group.findings {
            one(&mut text, finding, palette);
        }
        let all = group.count + group.excluded;
        if group.findings.len() < all {
            let _ = writeln!(text, "  ... and {} more (--all prints them)", all - group.findings.len());
        }
        text.push('\n');
    }
    text
}

/// The summary as text.
pub(crate) fn summary(findings: &Findings, palette: Palette) -> String {
    let width = findings.summary.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, value) in &findings.summary {
        let mut lines = value.lines();
        let name = palette.paint("1", &format!("{name:width$}"));
        let _ = writeln!(text, "{name}  {}", lines.next().unwrap_or_default());
        for line in lines {
            let _ = writeln!(text, "{:width$}  {line}", "");
        }
    }
    text
}

fn header(text: &mut String, group: &Group, palette: Palette) {
    let count = group.count;
    let matches = if count == 1 { "match" } else { "matches" };
    let title = palette.paint("1", &group.title);
    let excluded = match group.excluded {
        0 => String::new(),
        excluded => format!(", {excluded} excluded"),
    };
    let _ = writeln!(text, "{} {title}  {count} {matches}{excluded}", palette.level(group.severity));
    let facts = format!("{} · {} · confidence {}", group.id, group.techniques.join(", "), group.confidence);
    let _ = writeln!(text, "  {}", palette.paint("2", &facts));
}

fn one(text: &mut String, finding: &Finding, palette: Palette) {
    let time = finding.time.as_deref().unwrap_or("-");
    let place = finding.source.as_ref().map_or_else(String::new, |(file, record)| format!("{file}:{record}"));
    let who = [&finding.host, &finding.user].map(|it| printable(it.as_deref().unwrap_or("-")));
    let score = finding.score.map_or_else(String::new, |it| format!("  score {it}"));
    let class = finding.class.as_ref().map_or_else(String::new, |it| format!("  {}", printable(it)));
    let place = palette.paint("2", &printable(&place));
    let excluded = finding.excluded_by.as_ref().map_or_else(String::new, |it| format!("  [excluded by {it}]"));
    let _ = writeln!(text, "  {time}  {}  {}{score}{class}  {place}{excluded}", who[0], who[1]);
    for decisive in &finding.decisive {
        let _ = writeln!(text, "      {}  {}", decisive.field, marked(&decisive.value, &decisive.hits, palette));
    }
    if let Some(explained) = &finding.explained {
        text.push_str(&why::text(explained, WHY_INDENT, palette.with_quotes()));
    } else if finding.decisive.is_empty() {
        let columns = finding.columns.iter().filter(|(_, it)| !it.is_null());
        let columns: Vec<_> = columns.map(|(name, value)| format!("{name}={}", plain(value))).collect();
        let _ = writeln!(text, "      {}", printable(&columns.join("  ")));
    }
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The value with its hits marked, cut to a window around the first.
pub(crate) fn marked(value: &str, hits: &[(usize, usize)], palette: Palette) -> String {
    let first = hits.first().map_or(0, |it| it.0);
    let start =
        if value.chars().count() <= VALUE_MAX { 0 } else { boundary(value, first.saturating_sub(VALUE_MAX / 4)) };
    let end = value[start..].char_indices().nth(VALUE_MAX).map_or(value.len(), |(at, _)| start + at);
    let mut text = String::new();
    if start > 0 {
        text.push('…');
    }
    let mut from = start;
    for (hit_start, hit_end) in hits {
        let (hit_start, hit_end) = ((*hit_start).max(from), (*hit_end).min(end));
        if hit_start >= hit_end || !value.is_char_boundary(hit_start) || !value.is_char_boundary(hit_end) {
            continue;
        }
        text.push_str(&printable(&value[from..hit_start]));
        text.push_str(&palette.hit(&printable(&value[hit_start..hit_end])));
        from = hit_end;
    }
    text.push_str(&printable(&value[from..end]));
    if end < value.len() {
        text.push('…');
    }
    text
}

/// The last boundary of a character at or before a byte.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_cut_around_their_hit() {
        let value = format!("{}évil{}", "a".repeat(500), "b".repeat(500));
        let text = marked(&value, &[(500, 505)], Palette::new(true));
        assert!(text.contains("\x1b[1;33mévil\x1b[0m"), "{text}");
        assert!(text.starts_with('…') && text.ends_with('…'));
    }

    #[test]
    fn a_value_cannot_steer_the_terminal() {
        assert_eq!(marked("a\x1b[2Jb", &[], Palette::new(false)), "a [2Jb");
        assert_eq!(marked("abc", &[(1, 2)], Palette::new(false).with_quotes()), "a«b»c");
    }
}
