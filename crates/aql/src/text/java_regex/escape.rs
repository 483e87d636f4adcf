//! Escapes of `java.util.regex`: after a backslash, in and out of classes.

use regex_syntax::hir::ClassUnicode;

use super::super::PatternError;
use super::node::{Assertion, Node};
use super::parser::Parser;
use super::property::{parsed, property};
use super::sets;

/// What an escape stands for inside a class.
pub(super) enum ClassEscape {
    Char(char),
    Set(ClassUnicode),
}

impl Parser {
    /// An escape out of a class, from its backslash.
    pub(super) fn escape(&mut self) -> Result<Node, PatternError> {
        let start = self.position;
        if let Some(set) = self.set_escape()? {
            return Ok(Node::Class(set));
        }
        let letter = self.raw_ahead(1).map(|unit| unit.character);
        self.position += 2;
        let unix = self.flags.unix_lines;
        let node = match letter {
            Some('A') => Node::Assertion(Assertion::Start),
            Some('z') => Node::Assertion(Assertion::End),
            Some('Z') => Node::Assertion(Assertion::FinalEnd { unix }),
            Some('G') => Node::Assertion(Assertion::PreviousEnd),
            Some('B') => Node::Assertion(Assertion::NoWordBoundary),
            Some('b')
                if self.raw().is_some_and(|unit| unit.character == '{')
                    && self.raw_ahead(1).is_some_and(|unit| unit.character == 'g') =>
            {
                return Err(self.error_from(start, r"the boundary of graphemes `\b{g}` is not supported"));
            }
            Some('b') => Node::Assertion(Assertion::WordBoundary),
            Some('R') => line_break(),
            Some('X') => Node::Grapheme,
            Some('k') => self.named_reference(start)?,
            Some(digit @ '1'..='9') => self.numbered_reference(digit),
            _ => {
                self.position = start;
                Node::Char(self.character_escape()?, self.flags.fold())
            }
        };
        Ok(node)
    }

    /// An escape in a class, from its backslash.
    pub(super) fn class_escape(&mut self) -> Result<ClassEscape, PatternError> {
        // Java reads `\v` as one character where a range begins.
        let begins_range = self.raw_ahead(2).is_some_and(|unit| !unit.quoted && unit.character == '-');
        if begins_range && self.raw_ahead(1).is_some_and(|unit| unit.character == 'v') {
            self.position += 2;
            return Ok(ClassEscape::Char('\u{b}'));
        }
        match self.set_escape()? {
            Some(set) => Ok(ClassEscape::Set(set)),
            None => self.character_escape().map(ClassEscape::Char),
        }
    }

    /// An escape that stands for a set, such as `\d` or `\p{L}`; none, and nothing taken, for another.
    fn set_escape(&mut self) -> Result<Option<ClassUnicode>, PatternError> {
        let Some(letter) = self.raw_ahead(1).map(|unit| unit.character) else { return Ok(None) };
        let unicode = self.flags.unicode_classes;
        let class = match letter.to_ascii_lowercase() {
            'd' if unicode => parsed(r"\p{Nd}"),
            'd' => Some(sets::ranges(&[('0', '9')])),
            's' if unicode => parsed(r"\p{White_Space}"),
            's' => Some(sets::ranges(&[('\t', '\r'), (' ', ' ')])),
            'w' if unicode => parsed(r"[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]"),
            'w' => Some(sets::ranges(&[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')])),
            'h' => Some(sets::horizontal_space()),
            'v' => Some(sets::vertical_space()),
            'p' => return self.property_escape(letter == 'P').map(Some),
            _ => return Ok(None),
        };
        self.position += 2;
        Ok(class.map(|class| sets::negated(class, letter.is_ascii_uppercase())))
    }

    fn property_escape(&mut self, negate: bool) -> Result<ClassUnicode, PatternError> {
        let start = self.position;
        self.position += 2;
        let mut name = String::new();
        if self.raw().is_some_and(|unit| unit.character == '{') {
            self.position += 1;
            loop {
                let Some(unit) = self.raw() else {
                    return Err(self.error_from(start, "name of a class without a closing `}`"));
                };
                self.position += 1;
                if unit.character == '}' {
                    break;
                }
                name.push(unit.character);
            }
        } else if let Some(unit) = self.raw() {
            self.position += 1;
            name.push(unit.character);
        }
        let class = property(&name, self.flags.unicode_classes)
            .ok_or_else(|| self.error_from(start, format!("unknown class of characters `{name}`")))?;
        let either_case = self.flags.case_insensitive && is_letter_case(&name);
        let class = if either_case { letters_of_any_case(&name, class) } else { class };
        Ok(sets::negated(class, negate))
    }

    /// An escape that stands for one character, from its backslash.
    fn character_escape(&mut self) -> Result<char, PatternError> {
        let start = self.position;
        self.position += 1;
        let Some(unit) = self.raw() else {
            return Err(self.error_from(start, "backslash at the end").with_help(r"write `\\` for a backslash"));
        };
        self.position += 1;
        Ok(match unit.character {
            '0' => self.octal(start)?,
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'f' => '\u{c}',
            'a' => '\u{7}',
            'e' => '\u{1b}',
            'c' => self.control(start)?,
            'x' => self.hexadecimal(start)?,
            'u' => self.utf_16(start)?,
            'N' => return Err(self.error_from(start, r"characters by name `\N{...}` are not supported")),
            letter if letter.is_ascii_alphanumeric() => {
                let help = format!(r"write `\\{letter}` for a backslash and `{letter}`");
                return Err(self.error_from(start, format!(r"unknown escape `\{letter}`")).with_help(help));
            }
            other => other,
        })
    }

    fn octal(&mut self, start: usize) -> Result<char, PatternError> {
        let mut code = 0;
        let mut digits = 0;
        while digits < 3
            && let Some(digit) = self.raw().and_then(|unit| unit.character.to_digit(8))
            && code * 8 + digit <= 0o377
        {
            code = code * 8 + digit;
            digits += 1;
            self.position += 1;
        }
        if digits == 0 {
            return Err(self.error_from(start, r"`\0` without octal digits"));
        }
        self.character(start, code)
    }

    fn control(&mut self, start: usize) -> Result<char, PatternError> {
        let Some(unit) = self.raw() else {
            return Err(self.error_from(start, r"`\c` without a character"));
        };
        self.position += 1;
        self.character(start, u32::from(unit.character) ^ 64)
    }

    fn hexadecimal(&mut self, start: usize) -> Result<char, PatternError> {
        if self.raw().is_none_or(|unit| unit.character != '{') {
            let code =
                self.hex_digits(2).ok_or_else(|| self.error_from(start, r"`\x` without two hexadecimal digits"))?;
            return self.character(start, code);
        }
        self.position += 1;
        let mut code = 0_u32;
        let mut digits = 0;
        while let Some(digit) = self.raw().and_then(|unit| unit.character.to_digit(16)) {
            code = code.saturating_mul(16).saturating_add(digit);
            digits += 1;
            self.position += 1;
        }
        if digits == 0 || self.raw().is_none_or(|unit| unit.character != '}') {
            return Err(self.error_from(start, r"`\x{` without hexadecimal digits and a closing `}`"));
        }
        self.position += 1;
        self.character(start, code)
    }

    fn utf_16(&mut self, start: usize) -> Result<char, PatternError> {
        let missing = r"`\u` without four hexadecimal digits";
        let first = self.hex_digits(4).ok_or_else(|| self.error_from(start, missing))?;
        let is_pair = (0xd800..0xdc00).contains(&first)
            && self.raw().is_some_and(|unit| unit.character == '\\')
            && self.raw_ahead(1).is_some_and(|unit| unit.character == 'u');
        if !is_pair {
            return self.character(start, first);
        }
        self.position += 2;
        let second = self.hex_digits(4).ok_or_else(|| self.error_from(start, missing))?;
        let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400);
        self.character(start, low.map_or(second, |low| 0x1_0000 + ((first - 0xd800) << 10) + low))
    }

    fn hex_digits(&mut self, count: usize) -> Option<u32> {
        let mut code = 0;
        for _ in 0..count {
            code = code * 16 + self.raw()?.character.to_digit(16)?;
            self.position += 1;
        }
        Some(code)
    }

    fn character(&self, start: usize, code: u32) -> Result<char, PatternError> {
        char::from_u32(code).ok_or_else(|| {
            self.error_from(start, "not a Unicode character").with_help("half of a surrogate pair never occurs in text")
        })
    }

    fn named_reference(&mut self, start: usize) -> Result<Node, PatternError> {
        if self.raw().is_none_or(|unit| unit.character != '<') {
            return Err(self.error_from(start, r"`\k` without a name in `<>`"));
        }
        self.position += 1;
        let name = self.group_name()?;
        match self.group_number(&name) {
            Some(number) => Ok(Node::Backreference(number, self.flags.fold())),
            None => Err(self.error_from(start, format!("no group named `{name}` before this place"))),
        }
    }

    /// `\1` and on; a further digit belongs to the number only while so many groups exist.
    fn numbered_reference(&mut self, digit: char) -> Node {
        let mut number = digit.to_digit(10).unwrap_or(0) as usize;
        while let Some(digit) = self.raw().and_then(|unit| unit.character.to_digit(10)) {
            let longer = number * 10 + digit as usize;
            if longer > self.groups_so_far() {
                break;
            }
            number = longer;
            self.position += 1;
        }
        Node::Backreference(number, self.flags.fold())
    }
}

/// `\R`
fn line_break() -> Node {
    let pair =
        Node::Concat(vec![Node::Class(sets::ranges(&[('\r', '\r')])), Node::Class(sets::ranges(&[('\n', '\n')]))]);
    Node::Alternate(vec![pair, Node::Class(sets::vertical_space())])
}

/// Whether the class is one of letters of a case, which flag `i` widens to letters of any case.
fn is_letter_case(name: &str) -> bool {
    let name = name.rsplit_once('=').map_or(name, |(_, value)| value);
    matches!(
        name.trim_start_matches("Is").to_ascii_lowercase().as_str(),
        "lower"
            | "upper"
            | "lowercase"
            | "uppercase"
            | "titlecase"
            | "javalowercase"
            | "javauppercase"
            | "javatitlecase"
            | "ll"
            | "lu"
            | "lt"
    )
}

fn letters_of_any_case(name: &str, class: ClassUnicode) -> ClassUnicode {
    let ascii_only = class.iter().all(|range| range.end().is_ascii());
    let wider = if ascii_only {
        Some(sets::ranges(&[('A', 'Z'), ('a', 'z')]))
    } else if name.to_ascii_lowercase().ends_with("case") {
        parsed(r"[\p{Lowercase}\p{Uppercase}\p{Lt}]")
    } else {
        parsed(r"[\p{Ll}\p{Lu}\p{Lt}]")
    };
    wider.unwrap_or(class)
}
