//! What stands at a place of a query, told by the tokens alone, so that it works in a text that is not finished.

use syntax::{Part, Span};

/// A token: what it is, none for a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) span: Span,
    pub(crate) part: Option<Part>,
}

/// The tokens of a query.
pub(crate) struct Tokens<'a> {
    text: &'a str,
    list: Vec<Token>,
    comments: Vec<Span>,
}

/// What a value is compared with, or given to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A field or alias, without quotes.
    Name(String),
    /// The value of a call: its name in capitals.
    Call(String),
    /// An argument of a call: its name in capitals, the number of the argument from 0.
    Argument(String, usize),
}

/// How far back the beginning of a list or call is looked for, in tokens.
const BACK_MAX: usize = 2000;

impl<'a> Tokens<'a> {
    pub(crate) fn read(text: &'a str) -> Self {
        let parts = syntax::highlight(text);
        let mut parts = parts.into_iter().peekable();
        let mut list = Vec::new();
        for span in syntax::tokens(text) {
            while parts.next_if(|it| it.0.start < span.start).is_some() {}
            let part = parts.next_if(|it| it.0 == span).map(|it| it.1);
            list.push(Token { span, part });
        }
        Self { text, list, comments: syntax::comments(text) }
    }

    pub(crate) fn get(&self, index: usize) -> Option<Token> {
        self.list.get(index).copied()
    }

    pub(crate) fn source(&self, index: usize) -> &'a str {
        self.list.get(index).map_or("", |it| &self.text[it.span.start..it.span.end])
    }

    fn is_word(&self, index: usize, word: &str) -> bool {
        self.source(index).eq_ignore_ascii_case(word)
    }

    /// The text of a token without its quotes.
    pub(crate) fn unquoted(&self, index: usize) -> String {
        unquoted(self.source(index))
    }

    /// The token that covers the place, also just behind its end; the one that begins there if two touch.
    pub(crate) fn at(&self, offset: usize) -> Option<usize> {
        let next = self.list.partition_point(|it| it.span.start <= offset);
        let index = next.checked_sub(1)?;
        let is_name = |it: usize| self.list[it].part.is_some();
        if self.list[index].span.start == offset
            && !is_name(index)
            && index > 0
            && self.list[index - 1].span.end == offset
            && is_name(index - 1)
        {
            return Some(index - 1);
        }
        (offset <= self.list[index].span.end).then_some(index)
    }

    /// How many tokens end at or before the place.
    pub(crate) fn before(&self, offset: usize) -> usize {
        self.list.partition_point(|it| it.span.end <= offset)
    }

    /// The comment that covers the place; one of a line also at its end.
    pub(crate) fn comment_at(&self, offset: usize) -> Option<Span> {
        let covers = |it: &&Span| {
            let is_line = self.text[it.start..].starts_with("--");
            it.start < offset && (offset < it.end || is_line && offset == it.end)
        };
        self.comments.iter().find(covers).copied()
    }

    /// What a value that stands, or would stand, as the token `index` belongs to.
    pub(crate) fn subject(&self, index: usize) -> Option<Subject> {
        let before = index.checked_sub(1)?;
        match self.source(before) {
            "," | "(" => {
                let (opening, argument) = self.opening(before)?;
                let word = opening.checked_sub(1)?;
                match self.list[word].part {
                    Some(Part::Keyword) if self.is_word(word, "IN") || self.is_word(word, "ANY") => self.operand(word),
                    _ => self.called(word).map(|it| Subject::Argument(it, argument)),
                }
            }
            "=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">=" => self.operand(before),
            word if is_text_operator(word) => self.operand(before),
            _ => None,
        }
    }

    /// The opening parenthesis of the list that the comma or parenthesis belongs to, and how many commas stand between.
    fn opening(&self, from: usize) -> Option<(usize, usize)> {
        let (mut depth, mut commas) = (0_usize, 0);
        for index in (from.saturating_sub(BACK_MAX)..=from).rev() {
            match self.source(index) {
                ")" => depth += 1,
                "(" if depth == 0 => return Some((index, commas)),
                "(" => depth -= 1,
                "," if depth == 0 => commas += 1,
                _ => {}
            }
        }
        None
    }

    /// The call that is open at a place, from the number of tokens before it: its name and the number of the argument.
    pub(crate) fn open_call(&self, before: usize) -> Option<(String, usize)> {
        let mut place = before.checked_sub(1)?;
        loop {
            let (opening, argument) = self.opening(place)?;
            let word = opening.checked_sub(1)?;
            if let Some(function) = self.called(word) {
                return Some((function, argument));
            }
            place = word;
        }
    }

    /// What stands before an operator, which may have NOT or further words before it.
    fn operand(&self, operator: usize) -> Option<Subject> {
        let is_operator = |it: usize| self.is_word(it, "NOT") || is_text_operator(self.source(it));
        let mut last = operator.checked_sub(1)?;
        while is_operator(last) {
            last = last.checked_sub(1)?;
        }
        if self.source(last) == ")" {
            let opening = self.partner(last)?;
            let word = opening.checked_sub(1)?;
            return self.called(word).map(Subject::Call);
        }
        let is_name = matches!(self.list[last].part, Some(Part::Name | Part::Keyword));
        is_name.then(|| Subject::Name(self.unquoted(last)))
    }

    /// The parenthesis that opens what closes here.
    fn partner(&self, closing: usize) -> Option<usize> {
        self.opening(closing.checked_sub(1)?).map(|it| it.0)
    }

    /// The function that a word before a parenthesis calls. Some functions are called like keywords: LAST, for one.
    pub(crate) fn called(&self, word: usize) -> Option<String> {
        let function = self.function(word);
        match self.list[word].part? {
            Part::Function => Some(function),
            Part::Keyword | Part::Name => aql::functions::find(&function).map(|_| function),
            Part::Text | Part::Number | Part::Comment => None,
        }
    }

    /// The name of a function whose last word stands here, in capitals.
    pub(crate) fn function(&self, last: usize) -> String {
        let mut name = self.unquoted(last).to_ascii_uppercase();
        let mut first = last;
        while first >= 2 && self.source(first - 1) == "::" {
            first -= 2;
            name = format!("{}::{name}", self.unquoted(first).to_ascii_uppercase());
        }
        name
    }
}

fn is_text_operator(word: &str) -> bool {
    ["LIKE", "ILIKE", "MATCHES", "IMATCHES"].iter().any(|it| it.eq_ignore_ascii_case(word))
}

/// A name or text without its quotes; the closing one may be missing.
pub(crate) fn unquoted(source: &str) -> String {
    let Some(quote) = source.chars().next().filter(|it| matches!(it, '\'' | '"')) else { return source.to_owned() };
    let inner = &source[1..];
    let doubled = format!("{quote}{quote}");
    inner.strip_suffix(quote).unwrap_or(inner).replace(&doubled, &quote.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The subject of the value at `|`.
    fn subject(text: &str) -> Option<Subject> {
        let offset = text.find('|').expect("a place is marked");
        let text = text.replacen('|', "", 1);
        let tokens = Tokens::read(&text);
        tokens.subject(tokens.before(offset))
    }

    #[test]
    fn a_value_belongs_to_what_it_is_compared_with() {
        let name = |it: &str| Some(Subject::Name(it.to_owned()));
        let cases = [
            ("SELECT a FROM events WHERE devicetype = |", name("devicetype")),
            ("WHERE \"Event ID\" NOT IN (1, 'b', |", name("Event ID")),
            ("WHERE Command ILIKE ANY ('a', |)", name("Command")),
            ("WHERE x NOT LIKE |", name("x")),
            ("WHERE LOGSOURCETYPENAME(devicetype) = |", Some(Subject::Call("LOGSOURCETYPENAME".to_owned()))),
            ("WHERE REFERENCESETCONTAINS(|", Some(Subject::Argument("REFERENCESETCONTAINS".to_owned(), 0))),
            ("WHERE GEO::LOOKUP(f(a, b), |", Some(Subject::Argument("GEO::LOOKUP".to_owned(), 1))),
            ("WHERE (|", None),
            ("WHERE a AND |", None),
            ("|", None),
        ];
        for (text, expected) in cases {
            assert_eq!(subject(text), expected, "{text}");
        }
    }

    #[test]
    fn an_open_call_is_found_through_parentheses() {
        let text = "SELECT SUBSTRING(a, (1 + ";
        let tokens = Tokens::read(text);
        assert_eq!(tokens.open_call(tokens.before(text.len())), Some(("SUBSTRING".to_owned(), 1)));
    }
}
