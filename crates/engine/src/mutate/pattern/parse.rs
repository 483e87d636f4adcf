//! Reads the structure of a regular expression of Java. What it does not know ends the reading: there is then nothing to
//! leave out.

use std::ops::Range;

use super::{Alternation, Atom, Item, Sequence};

/// Groups within groups that are followed.
const DEPTH_MAX: usize = 50;

/// The structure of an expression; none for one with comments (`(?x)`) or without meaning.
pub(in crate::mutate) fn parse(text: &str) -> Option<Alternation> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let whole = parser.alternation()?;
    (parser.at == text.len()).then_some(whole)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn eat(&mut self, expected: &str) -> bool {
        let found = self.text[self.at..].starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    /// Takes up to and with this character.
    fn through(&mut self, end: char) -> Option<()> {
        self.at += self.text[self.at..].find(end)? + end.len_utf8();
        Some(())
    }

    fn alternation(&mut self) -> Option<Alternation> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return None;
        }
        let start = self.at;
        let mut alternatives = vec![self.sequence()?];
        while self.eat("|") {
            alternatives.push(self.sequence()?);
        }
        self.depth -= 1;
        Some(Alternation { range: start..self.at, alternatives })
    }

    fn sequence(&mut self) -> Option<Sequence> {
        let start = self.at;
        let mut items = Vec::new();
        while self.peek().is_some_and(|it| it != '|' && it != ')') {
            self.item(&mut items)?;
        }
        Some(Sequence { range: start..self.at, items })
    }

    fn item(&mut self, items: &mut Vec<Item>) -> Option<()> {
        let start = self.at;
        if self.eat(r"\Q") {
            return self.quoted(items);
        }
        let atom = self.atom()?;
        let min = self.count()?;
        items.push(Item { range: start..self.at, atom, min });
        Some(())
    }

    fn quoted(&mut self, items: &mut Vec<Item>) -> Option<()> {
        while self.at < self.text.len() && !self.eat(r"\E") {
            let start = self.at;
            let character = self.take()?;
            items.push(Item { range: start..self.at, atom: Atom::Char(character), min: 1 });
        }
        Some(())
    }

    fn atom(&mut self) -> Option<Atom> {
        let start = self.at;
        Some(match self.take()? {
            '(' => self.group()?,
            '[' => {
                self.class()?;
                self.class_of(start..self.at)
            }
            '.' => self.class_of(start..self.at),
            '^' | '$' => Atom::Anchor,
            '\\' => self.escape(start)?,
            '*' | '+' | '?' => return None,
            character => Atom::Char(character),
        })
    }

    fn class_of(&self, range: Range<usize>) -> Atom {
        Atom::Class(self.text[range].to_owned())
    }

    fn group(&mut self) -> Option<Atom> {
        let look = [("?=", false), ("?!", true), ("?<=", false), ("?<!", true)];
        if let Some((_, negative)) = look.into_iter().find(|(opening, _)| self.eat(opening)) {
            return self.rest().map(|inner| Atom::Look(inner, negative));
        }
        if self.eat("?<") {
            self.through('>')?;
        } else if !self.eat("?>") && self.eat("?") {
            let flags = self.text[self.at..].find([')', ':'])?;
            let flags_text = &self.text[self.at..self.at + flags];
            if flags_text.contains('x') || !flags_text.chars().all(|it| it.is_ascii_alphabetic() || it == '-') {
                return None;
            }
            self.at += flags;
            if self.eat(")") {
                return Some(Atom::Other);
            }
            self.take();
        }
        self.rest().map(Atom::Group)
    }

    fn rest(&mut self) -> Option<Alternation> {
        let inner = self.alternation()?;
        self.eat(")").then_some(inner)
    }

    /// The rest of `[...]`, classes within it included.
    fn class(&mut self) -> Option<()> {
        self.eat("^");
        let mut is_first = true;
        loop {
            match self.take()? {
                ']' if !is_first => return Some(()),
                '[' => self.class()?,
                '\\' => drop(self.take()?),
                _ => {}
            }
            is_first = false;
        }
    }

    fn escape(&mut self, start: usize) -> Option<Atom> {
        let escaped = self.take()?;
        Some(match escaped {
            'b' | 'B' | 'A' | 'z' | 'Z' | 'G' => Atom::Anchor,
            'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'h' | 'H' | 'v' | 'V' | 'R' => self.class_of(start..self.at),
            'p' | 'P' => {
                if self.eat("{") {
                    self.through('}')?;
                } else {
                    self.take()?;
                }
                self.class_of(start..self.at)
            }
            't' => Atom::Char('\t'),
            'n' => Atom::Char('\n'),
            'r' => Atom::Char('\r'),
            'k' => {
                self.through('>')?;
                Atom::Other
            }
            'x' if self.eat("{") => {
                self.through('}')?;
                self.class_of(start..self.at)
            }
            'x' => self.digits(start, 2)?,
            'u' => self.digits(start, 4)?,
            it if it.is_ascii_digit() => Atom::Other,
            it if it.is_ascii_alphabetic() => return None,
            it => Atom::Char(it),
        })
    }

    fn digits(&mut self, start: usize, count: usize) -> Option<Atom> {
        for _ in 0..count {
            self.take()?;
        }
        Some(self.class_of(start..self.at))
    }

    /// The count after a part; how often at least.
    fn count(&mut self) -> Option<u32> {
        let min = match self.peek() {
            Some('*' | '?') => {
                self.take();
                0
            }
            Some('+') => {
                self.take();
                1
            }
            Some('{') => {
                let start = self.at + 1;
                self.through('}')?;
                self.text[start..self.at - 1].split(',').next()?.trim().parse().ok()?
            }
            _ => return Some(1),
        };
        let _ = self.eat("?") || self.eat("+");
        Some(min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The alternations of an expression with more than one alternative, as their texts.
    fn alternatives(text: &str) -> Option<Vec<Vec<&str>>> {
        let whole = parse(text)?;
        let mut found = Vec::new();
        whole.visit(&mut |it| {
            if it.alternatives.len() > 1 {
                found.push(it.alternatives.iter().map(|it| &text[it.range.clone()]).collect());
            }
        });
        Some(found)
    }

    #[test]
    fn alternatives_are_found_where_they_stand() {
        let cases: [(&str, Option<Vec<Vec<&str>>>); 8] = [
            ("abc", Some(vec![])),
            ("a|b(c|d)", Some(vec![vec!["a", "b(c|d)"], vec!["c", "d"]])),
            (r"[|)]\||x", Some(vec![vec![r"[|)]\|", "x"]])),
            (r"(?:(?<n>a|b)?|[\]|]{2,3}+)", Some(vec![vec!["(?<n>a|b)?", r"[\]|]{2,3}+"], vec!["a", "b"]])),
            (r"\Qa|b\E|(?!c|d)", Some(vec![vec![r"\Qa|b\E", "(?!c|d)"], vec!["c", "d"]])),
            ("(?i)a|", Some(vec![vec!["(?i)a", ""]])),
            ("(?x) a | b # no", None),
            ("(a", None),
        ];
        for (text, expected) in cases {
            assert_eq!(alternatives(text), expected, "{text}");
        }
    }

    #[test]
    fn an_alternative_can_be_left_out() {
        let text = "^(a|b|c)$";
        let whole = parse(text).expect("it is an expression");
        let Atom::Group(group) = &whole.alternatives[0].items[1].atom else { panic!("a group") };
        let without: Vec<_> = (0..3).map(|it| group.without(text, it)).collect();
        assert_eq!(without, ["^(b|c)$", "^(a|c)$", "^(a|b)$"]);
    }
}
