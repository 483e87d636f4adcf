//! Conditions: `selection and not 1 of filter_*`.

use syntax::{Diagnostic, Span};

/// How deep parentheses and `not` may nest.
const DEPTH_MAX: usize = 50;
/// The longest condition, in bytes.
const BYTES_MAX: usize = 16 * 1024;

/// How the named parts of a rule go together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The part of this name.
    Search(String),
    /// All of these.
    And(Vec<Condition>),
    /// Any of these.
    Or(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// So many of the parts that are selected.
    Of(Quantity, Selector),
}

/// How many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// `all of`
    All,
    /// `1 of` or `any of`, or more than one.
    AtLeast(usize),
}

/// Which parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// `them`: all but those whose name begins with `_`.
    Them,
    /// Those of this name, in which `*` is any run of characters.
    Pattern(String),
}

impl Selector {
    /// Whether the part of this name is meant.
    pub fn selects(&self, name: &str) -> bool {
        match self {
            Self::Them => !name.starts_with('_'),
            Self::Pattern(pattern) => glob(pattern, name) && (pattern.starts_with('_') || !name.starts_with('_')),
        }
    }
}

/// Whether a name fits a pattern with `*`.
fn glob(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

/// Reads a condition that stands at this place of the file. `names` are the parts of the rule.
pub(super) fn parse(text: &str, span: Span, names: &[&str]) -> Result<Condition, Box<Diagnostic>> {
    let parser = Parser { tokens: tokens(text), next: 0, names, span };
    if text.len() > BYTES_MAX {
        return Err(parser.error(format!("the condition is longer than {BYTES_MAX} bytes")));
    }
    parser.whole()
}

/// The words and signs of a condition.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_sign = |it: char| matches!(it, '(' | ')' | '|' | ',');
        let length = if is_sign(first) {
            first.len_utf8()
        } else {
            rest.find(|it: char| it.is_whitespace() || is_sign(it)).unwrap_or(rest.len())
        };
        tokens.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    tokens
}

struct Parser<'a> {
    tokens: Vec<&'a str>,
    next: usize,
    names: &'a [&'a str],
    span: Span,
}

impl<'a> Parser<'a> {
    fn error(&self, message: impl Into<String>) -> Box<Diagnostic> {
        Box::new(Diagnostic::error("sigma-condition", self.span, message))
    }

    fn whole(mut self) -> Result<Condition, Box<Diagnostic>> {
        let condition = self.or(0)?;
        match self.peek() {
            None => Ok(condition),
            Some("|") => {
                let error = self.error("the condition counts matches behind `|`, which Sigma has given up");
                Err(Box::new(error.with_help("write a correlation rule that refers to this one")))
            }
            Some(other) => Err(self.error(format!("`{other}` stands behind the end of the condition"))),
        }
    }

    fn peek(&self) -> Option<&'a str> {
        self.tokens.get(self.next).copied()
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|it| it.eq_ignore_ascii_case(word));
        self.next += usize::from(found);
        found
    }

    fn or(&mut self, depth: usize) -> Result<Condition, Box<Diagnostic>> {
        let mut operands = vec![self.and(depth)?];
        while self.take("or") {
            operands.push(self.and(depth)?);
        }
        Ok(if operands.len() == 1 { operands.remove(0) } else { Condition::Or(operands) })
    }

    fn and(&mut self, depth: usize) -> Result<Condition, Box<Diagnostic>> {
        let mut operands = vec![self.not(depth)?];
        while self.take("and") {
            operands.push(self.not(depth)?);
        }
        Ok(if operands.len() == 1 { operands.remove(0) } else { Condition::And(operands) })
    }

    fn not(&mut self, depth: usize) -> Result<Condition, Box<Diagnostic>> {
        if depth > DEPTH_MAX {
            return Err(self.error(format!("the condition nests deeper than {DEPTH_MAX}")));
        }
        if self.take("not") {
            return Ok(Condition::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.take("(") {
            let inner = self.or(depth + 1)?;
            if !self.take(")") {
                return Err(self.error("a parenthesis is not closed"));
            }
            return Ok(inner);
        }
        self.operand()
    }

    fn operand(&mut self) -> Result<Condition, Box<Diagnostic>> {
        let Some(word) = self.peek() else { return Err(self.error("the condition ends too early")) };
        self.next += 1;
        let quantity = match word.to_ascii_lowercase().as_str() {
            "all" => Some(Quantity::All),
            "any" => Some(Quantity::AtLeast(1)),
            number => number.parse().ok().map(Quantity::AtLeast),
        };
        match quantity {
            Some(quantity) if self.take("of") => self.selection(quantity),
            _ if self.names.contains(&word) => Ok(Condition::Search(word.to_owned())),
            _ if matches!(word, "(" | ")" | "|" | ",") || ["and", "or", "of"].contains(&word) => {
                Err(self.error(format!("`{word}` stands where the name of a search should")))
            }
            _ => Err(self.unknown(word)),
        }
    }

    fn selection(&mut self, quantity: Quantity) -> Result<Condition, Box<Diagnostic>> {
        let Some(word) = self.peek() else { return Err(self.error("`of` is followed by nothing")) };
        self.next += 1;
        let selector =
            if word.eq_ignore_ascii_case("them") { Selector::Them } else { Selector::Pattern(word.to_owned()) };
        let count = self.names.iter().filter(|it| selector.selects(it)).count();
        if count == 0 {
            return Err(self.unknown(word));
        }
        match quantity {
            Quantity::AtLeast(wanted) if wanted > count => {
                Err(self.error(format!("{wanted} of `{word}` are asked for and there are {count}")))
            }
            Quantity::AtLeast(0) => Err(self.error("0 of something is always there")),
            _ => Ok(Condition::Of(quantity, selector)),
        }
    }

    fn unknown(&self, word: &str) -> Box<Diagnostic> {
        let error = self.error(format!("no search `{word}` in the section `detection`"));
        let known = syntax::suggest(word, self.names.iter().copied());
        let help =
            known.map_or_else(|| format!("there are {}", self.names.join(", ")), |it| format!("did you mean `{it}`?"));
        Box::new(error.with_help(help))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["selection_a", "selection_b", "filter", "_hidden"];

    fn read(text: &str) -> Result<Condition, String> {
        parse(text, Span::new(0, text.len()), &NAMES).map_err(|it| it.message)
    }

    #[test]
    fn not_binds_tighter_than_and_and_that_tighter_than_or() {
        let search = |it: &str| Condition::Search(it.to_owned());
        let condition = read("selection_a or selection_b AND not filter").expect("it is well formed");
        let not = Condition::Not(Box::new(search("filter")));
        assert_eq!(
            condition,
            Condition::Or(vec![search("selection_a"), Condition::And(vec![search("selection_b"), not])])
        );
        assert_eq!(read("((filter))"), Ok(search("filter")));
        let pattern = Selector::Pattern("selection_*".to_owned());
        assert_eq!(read("2 of selection_*"), Ok(Condition::Of(Quantity::AtLeast(2), pattern)));
        assert_eq!(read("all of them"), Ok(Condition::Of(Quantity::All, Selector::Them)));
        assert!(!Selector::Them.selects("_hidden"));
        assert!(Selector::Pattern("*_a".to_owned()).selects("selection_a"));
        assert!(!Selector::Pattern("s*x*a".to_owned()).selects("selection_a"));
    }

    #[test]
    fn faults_are_refused() {
        let deep = format!("{}filter{}", "(".repeat(60), ")".repeat(60));
        for (text, message) in [
            ("selection_a | count() > 5", "the condition counts matches behind `|`, which Sigma has given up"),
            ("selection", "no search `selection` in the section `detection`"),
            ("3 of selection_*", "3 of `selection_*` are asked for and there are 2"),
            ("(filter", "a parenthesis is not closed"),
            ("filter filter", "`filter` stands behind the end of the condition"),
            ("filter and", "the condition ends too early"),
            ("and filter", "`and` stands where the name of a search should"),
            ("1 of other*", "no search `other*` in the section `detection`"),
            (deep.as_str(), "the condition nests deeper than 50"),
        ] {
            assert_eq!(read(text), Err(message.to_owned()), "{text}");
        }
    }
}
