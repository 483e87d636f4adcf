//! Which regular expressions of Java mean the same in the dialects of Sigma's targets (PCRE, RE2, Python), and how they
//! are written there.

/// A regular expression for Sigma: the text and the flags of its modifiers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Portable {
    pub(super) text: String,
    /// Of `i`, `m`, `s`, each at most once, sorted.
    pub(super) flags: Vec<char>,
}

/// The expression as Sigma's targets read it, or which part of it they lack.
pub(super) fn portable(java: &str) -> Result<Portable, String> {
    let (mut flags, body) = leading_flags(java)?;
    flags.sort_unstable();
    flags.dedup();
    let mut scanner = Scanner { rest: body, text: String::with_capacity(body.len()) };
    scanner.run()?;
    Ok(Portable { text: scanner.text, flags })
}

/// The regular expression that finds exactly the text, where `%` and `_` are wildcards if `wildcards` says so.
pub(super) fn of_text(text: &str, wildcards: bool) -> Portable {
    let mut written = String::from("^");
    let mut flags = Vec::new();
    for character in text.chars() {
        match character {
            '%' | '_' if wildcards => {
                written.push_str(if character == '%' { ".*" } else { "." });
                flags = vec!['s'];
            }
            _ => push_literal(&mut written, character),
        }
    }
    written.push('$');
    let inner = written.strip_prefix("^.*").map_or(written.as_str(), |it| it);
    let inner = inner.strip_suffix(".*$").unwrap_or(inner);
    Portable { text: inner.to_owned(), flags }
}

fn push_literal(written: &mut String, character: char) {
    if "\\.+*?()|[]{}^$".contains(character) {
        written.push('\\');
    }
    written.push(character);
}

/// `(?i)` and the like at the very start become flags of the modifier.
fn leading_flags(java: &str) -> Result<(Vec<char>, &str), String> {
    let mut flags = Vec::new();
    let mut rest = java;
    while let Some(inner) = rest.strip_prefix("(?") {
        let Some((letters, after)) = inner.split_once(')') else { break };
        if letters.is_empty() || !letters.chars().all(|it| it.is_ascii_lowercase()) {
            break;
        }
        for letter in letters.chars() {
            match letter {
                'i' | 'm' | 's' => flags.push(letter),
                'u' => {}
                other => return Err(format!("the flag `{other}` of the regular expression")),
            }
        }
        rest = after;
    }
    Ok((flags, rest))
}

struct Scanner<'a> {
    rest: &'a str,
    text: String,
}

impl Scanner<'_> {
    fn next(&mut self) -> Option<char> {
        let character = self.rest.chars().next()?;
        self.rest = &self.rest[character.len_utf8()..];
        Some(character)
    }

    fn run(&mut self) -> Result<(), String> {
        while let Some(character) = self.next() {
            match character {
                '\\' => self.escape(false)?,
                '[' => self.class()?,
                '(' => self.group()?,
                '*' | '+' | '?' | '}' if self.rest.starts_with('+') => {
                    return Err(format!("the possessive `{character}+` of the regular expression"));
                }
                '/' => self.text.push('/'),
                other => self.text.push(other),
            }
        }
        Ok(())
    }

    /// What follows a backslash.
    fn escape(&mut self, in_class: bool) -> Result<(), String> {
        let Some(letter) = self.next() else {
            return Err("the backslash at the end of the regular expression".to_owned());
        };
        match letter {
            'Q' => {
                let (quoted, rest) = self.rest.split_once("\\E").unwrap_or((self.rest, ""));
                quoted.chars().for_each(|it| push_literal(&mut self.text, it));
                self.rest = rest;
            }
            'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'n' | 'r' | 't' | 'f' => self.push_escaped(letter),
            'b' | 'B' | '1'..='9' if !in_class => self.push_escaped(letter),
            'A' if !in_class => self.text.push('^'),
            'x' if self.rest.len() >= 2 && self.rest.is_char_boundary(2) && is_hex(&self.rest[..2]) => {
                let (digits, rest) = self.rest.split_at(2);
                match u8::from_str_radix(digits, 16).map(char::from) {
                    Ok(character) if character.is_ascii_graphic() => self.push_character(character, in_class),
                    _ => self.text.extend(["\\x", digits]),
                }
                self.rest = rest;
            }
            'u' if self.rest.len() >= 4 && self.rest.is_char_boundary(4) && is_hex(&self.rest[..4]) => {
                let number = u32::from_str_radix(&self.rest[..4], 16).ok().and_then(char::from_u32);
                let Some(character) = number else { return Err("a surrogate in the regular expression".to_owned()) };
                push_literal(&mut self.text, character);
                self.rest = &self.rest[4..];
            }
            'h' if !in_class => self.text.push_str("[ \\t]"),
            'h' => self.text.push_str(" \\t"),
            '-' if in_class => self.push_escaped(letter),
            // Outside a class these need no escape, and RE2 and Lucene know none for them.
            '"' | '\'' | '/' | '%' | '&' | ',' | ':' | ';' | '<' | '=' | '>' | '@' | '_' | '`' | '~' | '!' | '#'
            | '-' | ' ' => {
                self.text.push(letter);
            }
            _ if letter.is_ascii_punctuation() => self.push_escaped(letter),
            _ => return Err(format!("`\\{letter}` of the regular expression")),
        }
        Ok(())
    }

    fn push_character(&mut self, character: char, in_class: bool) {
        if in_class && "\\[]^-".contains(character) {
            self.push_escaped(character);
        } else if in_class {
            self.text.push(character);
        } else {
            push_literal(&mut self.text, character);
        }
    }

    fn push_escaped(&mut self, letter: char) {
        self.text.push('\\');
        self.text.push(letter);
    }

    fn class(&mut self) -> Result<(), String> {
        self.text.push('[');
        if self.rest.starts_with('^') {
            self.next();
            self.text.push('^');
        }
        while let Some(character) = self.next() {
            match character {
                ']' => {
                    self.text.push(']');
                    return Ok(());
                }
                '\\' => self.escape(true)?,
                '[' => return Err("a class within a class of the regular expression".to_owned()),
                '&' if self.rest.starts_with('&') => {
                    return Err("the intersection `&&` of the regular expression".to_owned());
                }
                other => self.text.push(other),
            }
        }
        Err("an open class of the regular expression".to_owned())
    }

    fn group(&mut self) -> Result<(), String> {
        self.text.push('(');
        let Some(kind) = self.rest.strip_prefix('?') else { return Ok(()) };
        let known = ["?:", "?=", "?!", "?<=", "?<!"];
        if let Some(opening) = known.iter().rev().find(|it| self.rest.starts_with(**it)) {
            self.text.push_str(opening);
            self.rest = &self.rest[opening.len()..];
            return Ok(());
        }
        if let Some((name, rest)) = kind.strip_prefix('<').and_then(|it| it.split_once('>'))
            && name.chars().all(|it| it.is_ascii_alphanumeric())
        {
            // The name is of no use in a test.
            self.rest = rest;
            return Ok(());
        }
        match kind.split_once(':') {
            Some((flags, rest)) if !flags.is_empty() && flags.chars().all(|it| matches!(it, 'i' | 'm' | 's')) => {
                self.text.extend(["?", flags, ":"]);
                self.rest = rest;
                Ok(())
            }
            _ => Err("this group of the regular expression".to_owned()),
        }
    }
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::{of_text, portable};

    #[test]
    fn what_all_dialects_share_stays() {
        for (java, text, flags) in [
            (r"\\(sc|net)\.exe$", r"\\(sc|net)\.exe$", ""),
            (r"(?i)^a\s+b", r"^a\s+b", "i"),
            (r"(?is)a.b", r"a.b", "is"),
            (r"\Qa.b\E+", r"a\.b+", ""),
            (r"(?<name>a)(?!b)", r"(a)(?!b)", ""),
            (r"\u0041\x42[\x27]", r"AB[']", ""),
            (r"[\w\-.]\/", r"[\w\-.]/", ""),
            (r"(?i:a)b", r"(?i:a)b", ""),
        ] {
            let portable = portable(java).expect(java);
            assert_eq!((portable.text.as_str(), portable.flags), (text, flags.chars().collect()), "{java}");
        }
    }

    #[test]
    fn what_they_lack_is_named() {
        for (java, part) in [
            (r"\p{Alpha}", "`\\p`"),
            ("a++", "possessive"),
            ("[a-z&&[^b]]", "intersection"),
            ("[a[b]]", "class within"),
            (r"(?x)a b", "flag `x`"),
            ("(?>a)", "this group"),
            (r"a\z", "`\\z`"),
        ] {
            assert!(portable(java).expect_err(java).contains(part), "{java}");
        }
    }

    #[test]
    fn texts_become_expressions() {
        assert_eq!(of_text("a.B", false).text, r"^a\.B$");
        assert_eq!(of_text("%x_%", true).text, "x.");
        assert_eq!(of_text("100%", false).text, "^100%$");
    }
}
