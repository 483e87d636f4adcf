//! Regular expressions over text from which characters were removed: `REPLACEALL('["^]', CommandLine, '')` is what
//! detections look at when an attacker may put quotes and carets anywhere.
//!
//! Sigma cannot remove characters, but an expression can skip them: after each character that it takes come any number of
//! removed ones, and it takes none of these itself. That finds the same values. Word boundaries look past removed
//! characters; where that cannot be said, there is no such expression.

use super::expression::{self, Edge, Node, Set, first_edge, last_edge};

/// The characters that a REPLACEALL with this pattern removes; none when it is not a plain set of punctuation.
pub(super) fn removed(pattern: &str) -> Option<Vec<char>> {
    let inner = pattern.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(pattern);
    let is_set = inner.len() < pattern.len();
    let mut characters = Vec::new();
    let mut rest = inner.chars();
    while let Some(character) = rest.next() {
        let literal = match character {
            '\\' => rest.next()?,
            '^' if is_set && characters.is_empty() => return None,
            '[' | ']' | '&' | '-' => return None,
            other => other,
        };
        if !literal.is_ascii_punctuation() || literal == '_' {
            return None;
        }
        characters.push(literal);
    }
    (!characters.is_empty() && (is_set || characters.len() == 1)).then_some(characters)
}

/// The expression that finds in the whole text what `expression` finds in the text without the removed characters; none
/// when there is none in this form. `expression` is in the dialect of [`super::regex::portable`]; with `dot_all` it has
/// the flag `s`.
pub(super) fn skipping(expression: &str, removed: &[char], dot_all: bool) -> Option<String> {
    let node = expression::parsed(expression)?;
    let removed: Vec<char> = {
        let mut unique = removed.to_vec();
        unique.sort_unstable();
        unique.dedup();
        unique
    };
    let writer = Writer { gap: format!("{}*", positive(&removed)), removed, dot_all };
    writer.alternatives(&node, true)?.filter(|it| !it.is_empty())
}

fn positive(characters: &[char]) -> String {
    let set = Set {
        negated: false,
        ranges: characters.iter().map(|it| (*it, *it)).collect(),
        classes: Vec::new(),
        dot: false,
    };
    set.print()
}

struct Writer {
    removed: Vec<char>,
    /// Any number of removed characters.
    gap: String,
    /// Whether a dot takes ends of lines.
    dot_all: bool,
}

impl Writer {
    /// The outer option: none when it cannot be written. The inner one: none when nothing can match.
    #[expect(clippy::option_option, reason = "two questions: whether it can be written, and whether it can match")]
    fn alternatives(&self, node: &Node, whole: bool) -> Option<Option<String>> {
        let arms = match node {
            Node::Alternatives(arms) => arms.as_slice(),
            other => std::slice::from_ref(other),
        };
        let mut written = Vec::new();
        for arm in arms {
            written.extend(self.sequence(arm, whole)?);
        }
        Some((!written.is_empty()).then(|| written.join("|")))
    }

    #[expect(clippy::option_option, reason = "two questions: whether it can be written, and whether it can match")]
    fn sequence(&self, node: &Node, whole: bool) -> Option<Option<String>> {
        let parts = match node {
            Node::Sequence(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        let mut text = String::new();
        for (index, part) in parts.iter().enumerate() {
            if let Node::Boundary(is_boundary) = part {
                let (before, after) = (&parts[..index], &parts[index + 1..]);
                text.push_str(&self.boundary(*is_boundary, before, after, whole)?);
                continue;
            }
            match self.part(part)? {
                Some(part) => text.push_str(&part),
                None => return Some(None),
            }
        }
        Some(Some(text))
    }

    #[expect(clippy::option_option, reason = "two questions: whether it can be written, and whether it can match")]
    fn part(&self, part: &Node) -> Option<Option<String>> {
        Some(match part {
            Node::Set(set) => {
                set.without(&self.removed, self.dot_all).ok()?.map(|it| format!("{}{}", it.print(), self.gap))
            }
            Node::Start => Some(format!("^{}", self.gap)),
            Node::End => Some("$".to_owned()),
            Node::Boundary(_) => return None,
            Node::Ahead(negative, inner) => match (self.alternatives(inner, false)?, negative) {
                (Some(inner), _) => {
                    let kind = if *negative { "!" } else { "=" };
                    Some(format!("(?{kind}{}(?:{inner}))", self.gap))
                }
                (None, true) => Some(String::new()),
                (None, false) => None,
            },
            Node::Repeat(inner, quantifier, may_be_absent) => self.repeat(inner, quantifier, *may_be_absent)?,
            Node::Alternatives(_) | Node::Sequence(_) => {
                self.alternatives(part, false)?.map(|inner| format!("(?:{inner})"))
            }
        })
    }

    #[expect(clippy::option_option, reason = "two questions: whether it can be written, and whether it can match")]
    fn repeat(&self, inner: &Node, quantifier: &str, may_be_absent: bool) -> Option<Option<String>> {
        if let (Node::Set(set), true) = (inner, quantifier.starts_with('*')) {
            // Removed characters may stand anywhere among those taken.
            return Some(Some(format!("{}{quantifier}", set.with(&self.removed).print())));
        }
        Some(match self.part(inner)? {
            Some(inner) => Some(format!("(?:{inner}){quantifier}")),
            None => may_be_absent.then(String::new),
        })
    }

    /// A boundary of a word between what stands before and after it. One that looks back does so from right behind a
    /// character that was not removed, or from the start.
    fn boundary(&self, wanted: bool, before: &[Node], after: &[Node], whole: bool) -> Option<String> {
        let (last, first) = (before.last().map(last_edge), after.first().map(first_edge));
        let not_word = Set {
            negated: true,
            ranges: self.removed.iter().map(|it| (*it, *it)).collect(),
            classes: vec!['w'],
            dot: false,
        };
        let not_word_or_removed = Set { negated: false, ..not_word.clone() }.print();
        let not_word = not_word.print();
        match (last, first) {
            _ if !wanted => None,
            (Some(Edge::Word), Some(Edge::Other)) | (Some(Edge::Other), Some(Edge::Word)) => Some(String::new()),
            (None, Some(Edge::Word)) if whole => Some(format!("(?:^|{not_word}){}", self.gap)),
            (Some(Edge::Word), None) if whole => Some(format!("(?:{not_word}|$)")),
            (Some(Edge::Word), _) => Some(format!("(?!{}\\w)", self.gap)),
            (_, Some(Edge::Word)) => Some(format!("(?<!{not_word_or_removed}){}", self.gap)),
            (_, Some(Edge::Other)) => Some(format!("(?<=\\w){}", self.gap)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use aql::text::{Case, JavaRegex};

    use super::{removed, skipping};

    #[test]
    fn only_sets_of_punctuation_are_removed() {
        assert_eq!(removed(r#"["^`]"#), Some(vec!['"', '^', '`']));
        assert_eq!(removed(r#"[\^"]"#), Some(vec!['^', '"']));
        assert_eq!(removed("`"), Some(vec!['`']));
        for pattern in [r"\s+", "[^a]", "ab", "[a-z]", r"[\w]", "``"] {
            assert_eq!(removed(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn the_same_is_found_as_without_the_removed_characters() {
        let characters = ['"', '^', '`'];
        let values = [
            "sc create x",
            "s^c cr\"eate x",
            "\"sc\" ^create",
            "xsc create",
            "x^sc create",
            "sc.exe  config",
            "s`c",
            "reg add HKLM\\x",
            "r^eg\" add\" HKLM\\x",
            "sc createx",
            "sc create^x",
            "^^sc create",
            "disc create",
            "",
            "New-Service -Name x",
            "New`-Ser^vice -Name",
            "sc \\\\host create",
            "\"^",
            "add",
            "a\"dd b",
            "sc create",
            "s^c\ncreate",
        ];
        for expression in [
            r"(^|[\\/\s&(])sc(\.exe)?\s+create\b",
            r"\bsc\s+create\s",
            r"\bcreate\b",
            r"(?:sc|reg)\s+(?!config)\S+",
            r"^sc",
            r"sc$",
            r"[^\\]+\\[a-z]",
            r#"["x]sc"#,
            r"s.*e",
            r"(s|r)\w{1,2}\s",
            r"New-Service\b.*-Name",
            r"sc\s+\\{2}\S+\s+create",
            r"\breg\s+add\b",
            r"[\w-]+ -N",
            r"x?sc",
            r"(\breg|\bsc)\s",
            r".*\bcreate",
            r"(c|\bsc) ",
            r"x?\b create",
            r"\w+\b\s*\bx",
            r"sc.create",
            r"(?s)sc.create",
        ] {
            let (dot_all, body) = expression.strip_prefix("(?s)").map_or((false, expression), |it| (true, it));
            let flag = if dot_all { "(?s)" } else { "" };
            let skipping = flag.to_owned() + &skipping(body, &characters, dot_all).expect(expression);
            let plain = JavaRegex::new(expression, Case::Insensitive).expect(expression);
            let other = JavaRegex::new(&skipping, Case::Insensitive).expect(&skipping);
            for value in values {
                let stripped: String = value.chars().filter(|it| !characters.contains(it)).collect();
                assert_eq!(plain.is_match(&stripped), other.is_match(value), "{expression} as {skipping} on {value}");
            }
        }
    }

    #[test]
    fn what_looks_back_is_refused() {
        for expression in [r"(?<!x)sc", r"(a)\1", r".\b.", r"a\B"] {
            assert_eq!(skipping(expression, &['^'], false), None, "{expression}");
        }
    }
}
