//! Sigma's texts: `*` and `?` are wildcards, a backslash takes them, and itself, as they are.

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// These characters.
    Literal(String),
    /// `*`: any run of characters.
    Any,
    /// `?`: one character.
    One,
}

/// A text with wildcards. No two literals stand side by side, and none is empty.
///
/// ```
/// use sigma::{Part, Text};
///
/// let text = Text::parse(r"\\*\Temp\?.exe");
/// let expected = [Part::Literal(r"\".into()), Part::Any, Part::Literal(r"\Temp?.exe".into())];
/// assert_eq!(text.parts(), expected);
/// assert_eq!(text.to_string(), r"\\*\Temp\?.exe");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Text {
    parts: Vec<Part>,
}

impl Text {
    /// Reads a text as Sigma escapes it: `\*`, `\?` and `\\` are the characters themselves; any other backslash is one.
    pub fn parse(written: &str) -> Self {
        let mut text = Self::default();
        let mut characters = written.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '*' => text.push(Part::Any),
                '?' => text.push(Part::One),
                '\\' => match characters.next_if(|it| matches!(it, '*' | '?' | '\\')) {
                    Some(escaped) => text.push_character(escaped),
                    None => text.push_character('\\'),
                },
                other => text.push_character(other),
            }
        }
        text
    }

    /// A text without wildcards.
    pub fn literal(characters: &str) -> Self {
        let mut text = Self::default();
        text.push(Part::Literal(characters.to_owned()));
        text
    }

    /// The parts in their order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The characters, if there is no wildcard.
    pub fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Literal(it)] => Some(it),
            _ => None,
        }
    }

    /// Appends a part.
    pub fn push(&mut self, part: Part) {
        match (self.parts.last_mut(), part) {
            (Some(Part::Literal(last)), Part::Literal(it)) => last.push_str(&it),
            (_, Part::Literal(it)) if it.is_empty() => {}
            (Some(Part::Any), Part::Any) => {}
            (_, part) => self.parts.push(part),
        }
    }

    fn push_character(&mut self, character: char) {
        match self.parts.last_mut() {
            Some(Part::Literal(last)) => last.push(character),
            _ => self.parts.push(Part::Literal(character.into())),
        }
    }

    /// The same text anywhere: with `*` before it and behind it, where asked.
    #[must_use]
    pub fn open(&self, before: bool, behind: bool) -> Self {
        let mut text = Self::default();
        if before {
            text.push(Part::Any);
        }
        for part in &self.parts {
            text.push(part.clone());
        }
        if behind {
            text.push(Part::Any);
        }
        text
    }

    /// Whether it is nothing but `*`.
    pub fn is_anything(&self) -> bool {
        self.parts == [Part::Any]
    }
}

/// As a rule writes it; [`Text::parse`] reads it as the same text.
impl std::fmt::Display for Text {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut written = String::new();
        for (index, part) in self.parts.iter().enumerate() {
            match part {
                Part::Any => written.push('*'),
                Part::One => written.push('?'),
                Part::Literal(it) => write_literal(it, self.parts.get(index + 1).is_some(), &mut written),
            }
        }
        formatter.write_str(&written)
    }
}

/// A backslash is doubled only where a single one would be read with what follows it.
fn write_literal(literal: &str, wildcard_follows: bool, written: &mut String) {
    let mut characters = literal.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            ('*' | '?', _) => written.extend(['\\', character]),
            ('\\', Some('\\' | '*' | '?')) => written.push_str("\\\\"),
            ('\\', None) if wildcard_follows => written.push_str("\\\\"),
            _ => written.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backslashes_are_read_as_the_specification_has_it() {
        let literal = |it: &str| Part::Literal(it.to_owned());
        let cases: [(&str, &[Part]); 12] = [
            (r"a\b", &[literal(r"a\b")]),
            (r"a\\b", &[literal(r"a\b")]),
            (r"a\*", &[literal("a*")]),
            (r"a\\*", &[literal(r"a\"), Part::Any]),
            (r"a\\\*", &[literal(r"a\*")]),
            (r"\\\\x", &[literal(r"\\x")]),
            (r"\\\x", &[literal(r"\\x")]),
            ("a?b*", &[literal("a"), Part::One, literal("b"), Part::Any]),
            (r"\", &[literal(r"\")]),
            ("**", &[Part::Any]),
            ("??", &[Part::One, Part::One]),
            ("", &[]),
        ];
        for (written, parts) in cases {
            let text = Text::parse(written);
            assert_eq!(text.parts(), parts, "{written}");
            assert_eq!(Text::parse(&text.to_string()), text, "{written} as {text}");
        }
    }
}
