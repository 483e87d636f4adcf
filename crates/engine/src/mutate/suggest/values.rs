//! Values that decide a change of a test of text: what the field must hold for the query and the changed query to differ.

use std::collections::HashMap;
use std::ops::Range;

use aql::bound::{Pattern, PatternKind, TextTest};
use aql::text::{Captures, Case, JavaRegex};

use crate::mutate::change::Change;
use crate::mutate::pattern::sample::sample;
use crate::mutate::pattern::{Alternation, Atom, parse};

/// Values proposed for one field of one event.
const VALUES_MAX: usize = 60;

/// Regular expressions that are kept.
const REGEXES_MAX: usize = 4000;

/// Regular expressions, compiled once: the same are asked of each event that is changed.
#[derive(Debug, Default)]
pub(in crate::mutate) struct Regexes(HashMap<(String, Case), Option<JavaRegex>>);

impl Regexes {
    fn get(&mut self, text: &str, case: Case) -> Option<&JavaRegex> {
        if self.0.len() >= REGEXES_MAX {
            self.0.clear();
        }
        self.0.entry((text.to_owned(), case)).or_insert_with(|| JavaRegex::new(text, case).ok()).as_ref()
    }
}

/// Values for a field that now holds `value` (nothing when it is empty), the nearest to it first.
pub(in crate::mutate) fn proposals(
    test: &TextTest,
    change: &Change,
    value: Option<&str>,
    regexes: &mut Regexes,
) -> Vec<String> {
    let mut values = Vec::new();
    match change {
        Change::Patterns(patterns, case) if *case != test.case && patterns.len() == test.patterns.len() => {
            let value = value.unwrap_or_default();
            values.extend([value.to_uppercase(), value.to_lowercase(), swapped(value)]);
            values.extend(test.patterns.iter().filter_map(whole_sample).map(|it| it.to_uppercase()));
        }
        Change::Patterns(patterns, _) => {
            for pattern in test.patterns.iter().filter(|it| !patterns.contains(it)) {
                of_pattern(pattern, patterns, test.case, value, regexes, &mut values);
            }
        }
        _ => {
            for pattern in &test.patterns {
                values.extend(broken(pattern, test.case, value, regexes));
            }
            for pattern in &test.patterns {
                of_pattern(pattern, &[], test.case, value, regexes, &mut values);
            }
        }
    }
    let mut kept: Vec<String> = Vec::new();
    for it in values {
        if Some(it.as_str()) != value && !kept.contains(&it) {
            kept.push(it);
        }
    }
    kept.truncate(VALUES_MAX);
    kept
}

fn swapped(text: &str) -> String {
    text.chars().map(|it| if it.is_uppercase() { it.to_ascii_lowercase() } else { it.to_ascii_uppercase() }).collect()
}

/// Values for a pattern that was changed or left out; `others` has what stands in its place.
fn of_pattern(
    pattern: &Pattern,
    others: &[Pattern],
    case: Case,
    value: Option<&str>,
    regexes: &mut Regexes,
    values: &mut Vec<String>,
) {
    match pattern.kind {
        PatternKind::Equal => {
            let text = &pattern.text;
            values.extend([text.clone(), format!("{text}2"), format!("my{text}"), format!("my{text}2")]);
        }
        PatternKind::Like => {
            let text = pattern.text.trim_matches('%').replace('%', "");
            values.extend([text.clone(), format!("x{text}"), format!("{text}x"), format!("x{text}x")]);
            values.extend(value.map(|it| format!("{it}x")));
            values.extend(value.map(|it| format!("x{it}")));
        }
        PatternKind::Regex => {
            let Some(whole) = parse(&pattern.text) else { return };
            let removed = others.iter().find_map(|it| removed(&pattern.text, &it.text));
            match removed {
                Some(range) => of_part(pattern, &whole, &range, case, value, regexes, values),
                None => of_alternatives(pattern, &whole, case, value, regexes, values),
            }
        }
    }
}

/// Which part of a text is gone in the other, without the `|` that goes with it.
fn removed(text: &str, other: &str) -> Option<Range<usize>> {
    let length = text.len().checked_sub(other.len()).filter(|it| *it > 0)?;
    let starts = (0..=other.len()).filter(|it| {
        // One text may have a character where the other has the middle of one.
        other.is_char_boundary(*it) && text.is_char_boundary(*it) && text.is_char_boundary(it + length)
    });
    let start = starts.into_iter().find(|it| {
        let gone = &text[*it..it + length];
        let is_clean = gone.starts_with(['|', '(']) || gone.ends_with('|') || !gone.contains('|');
        text[..*it] == other[..*it] && text[it + length..] == other[*it..] && is_clean
    })?;
    let mut range = start..start + length;
    if text[range.clone()].starts_with('|') {
        range.start += 1;
    } else if text[range.clone()].ends_with('|') {
        range.end -= 1;
    }
    Some(range)
}

/// Values that go through one alternative, or meet what an anchor or look-around keeps out.
fn of_part(
    pattern: &Pattern,
    whole: &Alternation,
    part: &Range<usize>,
    case: Case,
    value: Option<&str>,
    regexes: &mut Regexes,
    values: &mut Vec<String>,
) {
    let mut around: Vec<&Alternation> = Vec::new();
    whole.visit(&mut |it| {
        if it.range.start <= part.start && part.end <= it.range.end {
            around.push(it);
        }
    });
    let is_anchor = around.last().is_some_and(|it| {
        it.alternatives.iter().flat_map(|it| &it.items).any(|it| it.range == *part && matches!(it.atom, Atom::Anchor))
    });
    if let Some(value) = value {
        if is_anchor {
            let ends = regexes.get(&pattern.text, case).and_then(|it| it.find(value));
            values.extend(with_more(value, ends));
        }
        // The smallest change first: only what the innermost group holds.
        for alternation in around.iter().rev() {
            if let (Some(held), Some(text)) =
                (held(pattern, alternation, case, value, regexes), sample(alternation, part))
            {
                values.push(format!("{}{text}{}", &value[..held.start], &value[held.end..]));
                values.push(format!("{}{text} {}", &value[..held.start], &value[held.end..]));
            }
        }
        if let Some(text) = sample(whole, part) {
            values.extend(renamed(value, &text));
            values.extend([format!("{value} {text}"), format!("{value}{text}"), format!("{text} {value}")]);
        }
    }
    if let Some(text) = sample(whole, part) {
        values.extend(with_more(&text, Some(0..text.len())));
        values.push(text);
    }
}

/// The path with another last part, when the text is one.
fn renamed(path: &str, text: &str) -> Option<String> {
    let separator = text.chars().next().filter(|it| matches!(it, '\\' | '/'))?;
    let last = path.rfind(separator)?;
    Some(format!("{}{text}", &path[..last]))
}

/// The value with something before or after it, and before or after what was found in it.
fn with_more(value: &str, found: Option<Range<usize>>) -> Vec<String> {
    let found = found.unwrap_or(0..value.len());
    let mut values =
        vec![format!("{value}.bak"), format!("{value}x"), format!("my{value}"), format!(r"C:\Backup\{value}")];
    for text in ["x", " ", ".bak", "my", "\\"] {
        values.push(format!("{}{text}{}", &value[..found.start], &value[found.start..]));
        values.push(format!("{}{text}{}", &value[..found.end], &value[found.end..]));
    }
    values
}

/// What of a value a group of the expression holds.
fn held(
    pattern: &Pattern,
    alternation: &Alternation,
    case: Case,
    value: &str,
    regexes: &mut Regexes,
) -> Option<Range<usize>> {
    let (start, end) = (alternation.range.start, alternation.range.end);
    let text = &pattern.text;
    let named = format!("{}(?<wanted>{}){}", &text[..start], &text[start..end], &text[end..]);
    let regex = regexes.get(&named, case)?;
    let number = regex.group_number("wanted")?;
    regex.captures(value).and_then(|it: Captures| it.get(number))
}

/// A value for each alternative of an expression.
fn of_alternatives(
    pattern: &Pattern,
    whole: &Alternation,
    case: Case,
    value: Option<&str>,
    regexes: &mut Regexes,
    values: &mut Vec<String>,
) {
    let mut parts: Vec<Range<usize>> = Vec::new();
    whole.visit(&mut |it| parts.extend(it.alternatives.iter().map(|it| it.range.clone())));
    let regex = regexes.get(&pattern.text, case);
    for part in parts.into_iter().take(VALUES_MAX / 2) {
        let Some(text) = sample(whole, &part) else { continue };
        let with = value.map(|it| format!("{it} {text}"));
        let renamed = value.and_then(|it| renamed(it, &text));
        values.extend(renamed.into_iter().chain(with).filter(|it| regex.is_some_and(|regex| regex.is_match(it))));
        values.push(text);
    }
}

/// A value that the pattern no longer finds.
fn broken(pattern: &Pattern, case: Case, value: Option<&str>, regexes: &mut Regexes) -> Vec<String> {
    let Some(value) = value else { return Vec::new() };
    match pattern.kind {
        PatternKind::Equal => Vec::new(),
        PatternKind::Like => vec![value.replace(pattern.text.trim_matches('%'), "other")],
        PatternKind::Regex => {
            let Some(found) = regexes.get(&pattern.text, case).and_then(|it| it.find(value)) else {
                return Vec::new();
            };
            let (before, hit, after) = (&value[..found.start], &value[found.clone()], &value[found.end..]);
            let middle = hit.char_indices().nth(hit.chars().count() / 2).map_or(0, |(at, _)| at);
            vec![
                format!("{before}{}x{}{after}", &hit[..middle], &hit[middle..]),
                format!("{before}other{after}"),
                format!("{before}{after}"),
            ]
        }
    }
}

fn whole_sample(pattern: &Pattern) -> Option<String> {
    match pattern.kind {
        PatternKind::Equal => Some(pattern.text.clone()),
        PatternKind::Like => Some(pattern.text.replace('%', "")),
        PatternKind::Regex => sample(&parse(&pattern.text)?, &(0..0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_that_is_gone_is_found_in_any_script() {
        let cases = [
            ("(a|b)c", "(a)c", Some("b")),
            ("(a|b)c", "(b)c", Some("a")),
            ("^a$", "a$", Some("^")),
            (r"[-–—]N\b(x|–y)$", r"[-–—]N(x|–y)$", Some(r"\b")),
            ("–a|—b", "—b", Some("–a")),
            ("a", "a", None),
            ("a", "ab", None),
        ];
        for (text, other, expected) in cases {
            assert_eq!(removed(text, other).map(|it| &text[it]), expected, "{text} {other}");
        }
    }
}
