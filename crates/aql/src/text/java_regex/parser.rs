//! Parser of the syntax of `java.util.regex` (Java 17): alternation, sequence, groups, quantifiers.
//! What Java refuses is refused here too, with a place and a reason.

use syntax::Span;

use super::super::PatternError;
use super::node::{Assertion, Fold, Greed, Look, Node, Repeat};
use super::sets;

/// How deep groups and classes may be nested.
const NESTING_MAX: usize = 100;
/// How often a counted quantifier may repeat.
const REPEAT_MAX: u32 = 100_000;

/// A parsed regular expression.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) node: Node,
    /// Number of capturing groups, without the whole match.
    pub(super) groups: usize,
    /// Named groups with their numbers.
    pub(super) names: Vec<(String, usize)>,
}

/// The flags `(?idmsuxU)`.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one letter of the syntax")]
pub(super) struct Flags {
    pub(super) case_insensitive: bool,
    pub(super) unix_lines: bool,
    pub(super) multiline: bool,
    pub(super) dot_all: bool,
    pub(super) unicode_case: bool,
    pub(super) comments: bool,
    pub(super) unicode_classes: bool,
}

impl Flags {
    pub(super) fn fold(self) -> Fold {
        match (self.case_insensitive, self.unicode_case) {
            (false, _) => Fold::Sensitive,
            (true, false) => Fold::Ascii,
            (true, true) => Fold::Unicode,
        }
    }
}

/// One character of the expression.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    pub(super) character: char,
    /// Byte offset in the text.
    offset: usize,
    /// Whether it stood between `\Q` and `\E` and so means itself.
    pub(super) quoted: bool,
}

pub(super) struct Parser {
    units: Vec<Unit>,
    /// Index of the next unit.
    pub(super) position: usize,
    pub(super) flags: Flags,
    groups: usize,
    names: Vec<(String, usize)>,
    depth: usize,
    length: usize,
}

/// Parses an expression with the flags that are set from outside.
pub(super) fn parse(text: &str, flags: Flags) -> Result<Parsed, PatternError> {
    let mut parser = Parser {
        units: unquoted(text),
        position: 0,
        flags,
        groups: 0,
        names: Vec::new(),
        depth: 0,
        length: text.len(),
    };
    let node = parser.alternation()?;
    if parser.peek().is_some() {
        return Err(parser
            .error_here("closing parenthesis without an opening one")
            .with_help(r"write `\)` for the character"));
    }
    Ok(Parsed { node, groups: parser.groups, names: parser.names })
}

/// The units of the text; `\Q` and `\E` are taken out and what stands between them is marked.
fn unquoted(text: &str) -> Vec<Unit> {
    let mut units = Vec::with_capacity(text.len());
    let mut characters = text.char_indices().peekable();
    let mut quoted = false;
    while let Some((offset, character)) = characters.next() {
        let following = characters.peek().map(|&(_, following)| following);
        match (character, following, quoted) {
            ('\\', Some('E'), true) => {
                quoted = false;
                characters.next();
            }
            ('\\', Some('Q'), false) => {
                quoted = true;
                characters.next();
            }
            ('\\', Some(_), false) => {
                units.push(Unit { character, offset, quoted });
                if let Some((offset, character)) = characters.next() {
                    units.push(Unit { character, offset, quoted });
                }
            }
            _ => units.push(Unit { character, offset, quoted }),
        }
    }
    units
}

impl Parser {
    /// The next unit, after blanks and comments where flag `x` says so.
    pub(super) fn peek(&mut self) -> Option<Unit> {
        while self.flags.comments
            && let Some(unit) = self.raw()
            && !unit.quoted
        {
            match unit.character {
                ' ' | '\t'..='\r' => self.position += 1,
                '#' => {
                    while self.raw().is_some_and(|unit| !self.is_line_end(unit.character)) {
                        self.position += 1;
                    }
                }
                _ => break,
            }
        }
        self.raw()
    }

    fn is_line_end(&self, character: char) -> bool {
        character == '\n' || (!self.flags.unix_lines && matches!(character, '\r' | '\u{85}' | '\u{2028}' | '\u{2029}'))
    }

    /// The next unit as it stands.
    pub(super) fn raw(&self) -> Option<Unit> {
        self.units.get(self.position).copied()
    }

    /// The unit `ahead` places after the next one, as it stands.
    pub(super) fn raw_ahead(&self, ahead: usize) -> Option<Unit> {
        self.units.get(self.position + ahead).copied()
    }

    /// The next character if it is not quoted.
    pub(super) fn special(&mut self) -> Option<char> {
        self.peek().filter(|unit| !unit.quoted).map(|unit| unit.character)
    }

    /// Takes the next character if it is this one and not quoted.
    pub(super) fn eat(&mut self, character: char) -> bool {
        let eaten = self.special() == Some(character);
        self.position += usize::from(eaten);
        eaten
    }

    /// An error from the unit at `start` to the current place.
    pub(super) fn error_from(&self, start: usize, reason: impl Into<String>) -> PatternError {
        let first = self.offset_of(start);
        let end = self.offset_of(self.position).max(first + usize::from(start < self.units.len()));
        PatternError::new(Span::new(first, end), reason)
    }

    /// An error at the next unit.
    pub(super) fn error_here(&self, reason: impl Into<String>) -> PatternError {
        let (start, end) = (self.offset_of(self.position), self.offset_of(self.position + 1));
        PatternError::new(Span::new(start, end), reason)
    }

    fn offset_of(&self, position: usize) -> usize {
        self.units.get(position).map_or(self.length, |unit| unit.offset)
    }

    /// Goes one level deeper for `parse`.
    pub(super) fn nested<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, PatternError>,
    ) -> Result<T, PatternError> {
        if self.depth == NESTING_MAX {
            return Err(self.error_here(format!("nested more than {NESTING_MAX} deep")));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    fn alternation(&mut self) -> Result<Node, PatternError> {
        let mut branches = vec![self.sequence()?];
        while self.eat('|') {
            branches.push(self.sequence()?);
        }
        Ok(if branches.len() == 1 { branches.swap_remove(0) } else { Node::Alternate(branches) })
    }

    fn sequence(&mut self) -> Result<Node, PatternError> {
        let mut nodes = Vec::new();
        while let Some(unit) = self.peek() {
            if !unit.quoted && matches!(unit.character, '|' | ')') {
                break;
            }
            let start = self.position;
            if let Some(node) = self.atom(unit)? {
                nodes.push(self.quantified(node, start)?);
            }
        }
        Ok(if nodes.len() == 1 { nodes.swap_remove(0) } else { Node::Concat(nodes) })
    }

    /// One atom; none for a group that only sets flags.
    fn atom(&mut self, unit: Unit) -> Result<Option<Node>, PatternError> {
        let character = unit.character;
        if unit.quoted {
            self.position += 1;
            return Ok(Some(Node::Char(character, self.flags.fold())));
        }
        let unix_lines = self.flags.unix_lines;
        Ok(Some(match character {
            '(' => return self.nested(Self::group),
            '[' => Node::Class(self.nested(Self::class)?),
            '\\' => self.escape()?,
            '.' => self.taken(Node::Class(sets::dot(self.flags.dot_all, unix_lines))),
            '^' if self.flags.multiline => self.taken(Node::Assertion(Assertion::LineStart { unix: unix_lines })),
            '^' => self.taken(Node::Assertion(Assertion::Start)),
            '$' if self.flags.multiline => self.taken(Node::Assertion(Assertion::LineEnd { unix: unix_lines })),
            '$' => self.taken(Node::Assertion(Assertion::FinalEnd { unix: unix_lines })),
            '*' | '+' | '?' => {
                let reason = format!("nothing before `{character}` that could be repeated");
                return Err(self.error_here(reason).with_help(format!(r"write `\{character}` for the character")));
            }
            // Counts below; repeats nothing.
            '{' => Node::Empty,
            _ => self.taken(Node::Char(character, self.flags.fold())),
        }))
    }

    fn taken(&mut self, node: Node) -> Node {
        self.position += 1;
        node
    }

    /// The node with the quantifier that follows it, if any.
    fn quantified(&mut self, node: Node, start: usize) -> Result<Node, PatternError> {
        let (min, max) = match self.special() {
            Some('?') => (0, Some(1)),
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('{') => self.counts(start)?,
            _ => return Ok(node),
        };
        self.position += 1;
        let greed = match self.special() {
            Some('?') => Greed::Lazy,
            Some('+') => Greed::Possessive,
            _ => Greed::Greedy,
        };
        self.position += usize::from(greed != Greed::Greedy);
        Ok(Node::Repeat(Box::new(Repeat { node, min, max, greed })))
    }

    /// The numbers of `{n}`, `{n,}`, `{n,m}`; stops at the closing brace.
    fn counts(&mut self, start: usize) -> Result<(u32, Option<u32>), PatternError> {
        let open = self.position;
        self.position += 1;
        if !self.raw().is_some_and(|unit| unit.character.is_ascii_digit()) {
            let help = r"write `\{` for the character, or `{n}`, `{n,}`, `{n,m}` after what is repeated";
            return Err(self.error_from(open, "`{` without a number of repetitions").with_help(help));
        }
        let min = self.count(open)?;
        let max = if self.raw().is_some_and(|unit| unit.character == ',') {
            self.position += 1;
            let bounded = self.raw().is_some_and(|unit| unit.character != '}');
            if bounded { Some(self.count(open)?) } else { None }
        } else {
            Some(min)
        };
        if self.raw().is_none_or(|unit| unit.character != '}') {
            return Err(self.error_from(open, "number of repetitions without a closing `}`"));
        }
        if max.is_some_and(|max| max < min) {
            return Err(self.error_from(open, "the greatest number of repetitions is below the smallest"));
        }
        if min.max(max.unwrap_or(0)) > REPEAT_MAX {
            return Err(self.error_from(start, format!("more than {REPEAT_MAX} repetitions")));
        }
        Ok((min, max))
    }

    fn count(&mut self, open: usize) -> Result<u32, PatternError> {
        let mut count = 0_u32;
        while let Some(digit) = self.raw().and_then(|unit| unit.character.to_digit(10)) {
            self.position += 1;
            count = count
                .checked_mul(10)
                .and_then(|count| count.checked_add(digit))
                .ok_or_else(|| self.error_from(open, "number of repetitions out of range"))?;
        }
        Ok(count)
    }

    /// A group, from its parenthesis; none when it only sets flags for what follows.
    fn group(&mut self) -> Result<Option<Node>, PatternError> {
        let open = self.position;
        let flags = self.flags;
        self.position += 1;
        if self.raw().is_none_or(|unit| unit.quoted || unit.character != '?') {
            self.groups += 1;
            let body = self.body(open, flags)?;
            return Ok(Some(Node::Capture(Box::new(body))));
        }
        self.position += 1;
        let kind = self.raw().map(|unit| unit.character);
        self.position += 1;
        match kind {
            Some(':') => self.body(open, flags).map(Some),
            Some('>') => Ok(Some(Node::Atomic(Box::new(self.body(open, flags)?)))),
            Some(kind @ ('=' | '!')) => self.look(open, flags, false, kind == '!').map(Some),
            Some('<') => self.look_behind_or_named(open, flags).map(Some),
            _ => {
                self.position -= 1;
                self.flag_group(open, flags)
            }
        }
    }

    /// What stands in a group up to its closing parenthesis; sets the flags back to those before it.
    fn body(&mut self, open: usize, flags: Flags) -> Result<Node, PatternError> {
        let node = self.alternation()?;
        let closed = self.eat(')');
        self.flags = flags;
        if closed { Ok(node) } else { Err(self.error_from(open, "group without a closing parenthesis")) }
    }

    fn look(&mut self, open: usize, flags: Flags, behind: bool, negative: bool) -> Result<Node, PatternError> {
        let node = self.body(open, flags)?;
        if behind && node.length_max().is_none() {
            let reason = "look-behind without a greatest length";
            return Err(self.error_from(open, reason).with_help("bound its quantifiers, such as `{0,20}` for `*`"));
        }
        Ok(Node::Look(Box::new(Look { behind, negative, node })))
    }

    fn look_behind_or_named(&mut self, open: usize, flags: Flags) -> Result<Node, PatternError> {
        if let Some(kind @ ('=' | '!')) = self.raw().map(|unit| unit.character) {
            self.position += 1;
            return self.look(open, flags, true, kind == '!');
        }
        let name = self.group_name()?;
        if self.group_number(&name).is_some() {
            return Err(self.error_from(open, format!("there is already a group named `{name}`")));
        }
        self.groups += 1;
        self.names.push((name, self.groups));
        Ok(Node::Capture(Box::new(self.body(open, flags)?)))
    }

    /// A group's name with its closing `>`.
    pub(super) fn group_name(&mut self) -> Result<String, PatternError> {
        let start = self.position;
        let mut name = String::new();
        while let Some(unit) = self.raw()
            && unit.character.is_ascii_alphanumeric()
        {
            name.push(unit.character);
            self.position += 1;
        }
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            let reason = "a group's name begins with a letter of ASCII and goes on with letters and digits";
            return Err(self.error_from(start, reason));
        }
        if self.raw().is_none_or(|unit| unit.character != '>') {
            return Err(self.error_from(start, "name of a group without a closing `>`"));
        }
        self.position += 1;
        Ok(name)
    }

    /// The number of a named group that was opened before this place.
    pub(super) fn group_number(&self, name: &str) -> Option<usize> {
        self.names.iter().find(|(known, _)| known == name).map(|&(_, number)| number)
    }

    /// How many groups were opened before this place.
    pub(super) fn groups_so_far(&self) -> usize {
        self.groups
    }

    fn flag_group(&mut self, open: usize, before: Flags) -> Result<Option<Node>, PatternError> {
        let mut value = true;
        loop {
            let flag = self.raw().map(|unit| unit.character);
            self.position += 1;
            match flag {
                Some('i') => self.flags.case_insensitive = value,
                Some('d') => self.flags.unix_lines = value,
                Some('m') => self.flags.multiline = value,
                Some('s') => self.flags.dot_all = value,
                Some('u') => self.flags.unicode_case = value,
                Some('x') => self.flags.comments = value,
                Some('U') => {
                    self.flags.unicode_classes = value;
                    self.flags.unicode_case = value;
                }
                Some('-') if value => value = false,
                Some(')') => return Ok(None),
                Some(':') => return self.body(open, before).map(Some),
                Some('c') => return Err(self.error_from(open, "canonical equivalence (flag `c`) is not supported")),
                _ => {
                    let help =
                        "after `(?` stands one of `:`, `=`, `!`, `>`, `<=`, `<!`, `<name>` or flags of `idmsuxU`";
                    return Err(self.error_from(open, "unknown kind of group or flag").with_help(help));
                }
            }
        }
    }
}
