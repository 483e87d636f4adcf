//! TEXT SEARCH: the part of Lucene's query language that people use, as tests of the payload's text: terms, phrases,
//! AND, OR, NOT, `+`, `-`, parentheses, wildcards. A term is a whole word in any case.

use schema::Type;
use syntax::{Diagnostic, Span, ast};

use super::Binder;
use crate::bound::{Case, Expr, ExprKind, Pattern, PatternKind, Source, TextTest};

/// How deep parentheses may be.
const NESTING_MAX: usize = 32;
/// The most terms of one search.
const TERMS_MAX: usize = 1000;

impl Binder<'_, '_, '_> {
    pub(super) fn text_search(&mut self, text: &ast::Node<String>, span: Span) -> Expr {
        self.context.text_searches += 1;
        if self.context.text_searches > 1 {
            let diagnostic = Diagnostic::error("repeated-text-search", span, "TEXT SEARCH stands once in a query")
                .with_help("join the terms within one text: TEXT SEARCH 'one AND two'");
            self.context.say(diagnostic);
            return Expr::null(span);
        }
        let Some(payload) = self.payload(span) else {
            let message = format!("{} has no payload to search", self.source.title());
            self.context.say(Diagnostic::error("no-payload", span, message));
            return Expr::null(span);
        };
        let mut search = Search { tokens: tokens(&text.value), position: 0, payload, span: text.span };
        if search.tokens.len() > TERMS_MAX {
            let message = format!("a search has at most {TERMS_MAX} terms");
            self.context.say(Diagnostic::error("too-complex", text.span, message));
            return Expr::null(span);
        }
        match search.any(0) {
            Some(expr) if search.position == search.tokens.len() => expr,
            _ => {
                let diagnostic = Diagnostic::error("invalid-text-search", text.span, "this is not a search text")
                    .with_note("known are words, \"phrases\", AND, OR, NOT, parentheses and the wildcards * and ?");
                self.context.say(diagnostic);
                Expr::null(span)
            }
        }
    }

    /// The text of the payload.
    fn payload(&self, span: Span) -> Option<Expr> {
        let Source::Database(database) = &self.source else { return None };
        let index = database.find("payload").or_else(|| database.find("sourcepayload"))?;
        Some(self.field(index, span).converted(Type::Text))
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    /// The words of a term or phrase.
    Words(Vec<String>),
}

/// A search text while it is read.
struct Search {
    tokens: Vec<Token>,
    position: usize,
    payload: Expr,
    span: Span,
}

impl Search {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.position)
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.position += usize::from(found);
        found
    }

    /// Terms joined by OR; terms side by side are joined by OR too, as Lucene does.
    fn any(&mut self, depth: usize) -> Option<Expr> {
        let mut operands = vec![self.all(depth)?];
        while self.take(&Token::Or) || self.peek().is_some_and(|it| *it != Token::Close) {
            operands.push(self.all(depth)?);
        }
        Some(Binder::connect(operands, false, self.span))
    }

    fn all(&mut self, depth: usize) -> Option<Expr> {
        let mut operands = vec![self.one(depth)?];
        while self.peek() == Some(&Token::And) || self.peek() == Some(&Token::Not) {
            self.take(&Token::And);
            operands.push(self.one(depth)?);
        }
        Some(Binder::connect(operands, true, self.span))
    }

    fn one(&mut self, depth: usize) -> Option<Expr> {
        if depth > NESTING_MAX {
            return None;
        }
        if self.take(&Token::Not) {
            let operand = self.one(depth + 1)?;
            return Some(Binder::not(operand, self.span));
        }
        if self.take(&Token::Open) {
            let inner = self.any(depth + 1)?;
            return self.take(&Token::Close).then_some(inner);
        }
        let Some(Token::Words(words)) = self.peek().cloned() else { return None };
        self.position += 1;
        let pattern = Pattern { kind: PatternKind::Regex, text: regex(&words), span: self.span, regex: None };
        let operand = Box::new(self.payload.clone());
        let test = TextTest { operand, patterns: vec![pattern], case: Case::Insensitive, negated: false };
        Some(Expr::new(ExprKind::Text(test), Type::Boolean, self.span))
    }
}

/// The regular expression of whole words in this order.
fn regex(words: &[String]) -> String {
    let word = |word: &String| {
        let mut pattern = String::new();
        for character in word.chars() {
            match character {
                '*' => pattern += r"\w*",
                '?' => pattern += r"\w",
                _ if character.is_alphanumeric() || character == '_' => pattern.push(character),
                _ if character.is_ascii_punctuation() => pattern.extend(['\\', character]),
                _ => pattern.push(character),
            }
        }
        let is_word = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
        let begin = if is_word(word.chars().next()) { r"\b" } else { "" };
        let end = if is_word(word.chars().next_back()) { r"\b" } else { "" };
        format!("{begin}{pattern}{end}")
    };
    words.iter().map(word).collect::<Vec<_>>().join(r"\W+")
}

/// Cuts a search text.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '+' => (Token::And, 1),
            '-' | '!' => (Token::Not, 1),
            '"' => {
                let end = rest[1..].find('"').map_or(rest.len(), |it| it + 2);
                let words = rest[1..end].trim_end_matches('"').split_whitespace().map(str::to_owned).collect();
                (Token::Words(words), end)
            }
            _ => {
                let end = rest.find(|it: char| it.is_whitespace() || "()\"".contains(it)).unwrap_or(rest.len());
                (term(&rest[..end]), end)
            }
        };
        // A `+` before the first term of a group says nothing.
        let is_idle = token == Token::And && matches!(tokens.last(), None | Some(Token::Open | Token::And | Token::Or));
        if !is_idle && token != Token::Words(Vec::new()) {
            tokens.push(token);
        }
        rest = rest[length..].trim_start();
    }
    tokens
}

fn term(word: &str) -> Token {
    match word {
        "AND" | "&&" => Token::And,
        "OR" | "||" => Token::Or,
        "NOT" => Token::Not,
        _ => Token::Words(vec![word.to_owned()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_regular_expressions() {
        let cases = [
            (vec!["mimikatz"], r"\bmimikatz\b"),
            (vec!["new", "service"], r"\bnew\b\W+\bservice\b"),
            (vec!["cmd.exe"], r"\bcmd\.exe\b"),
            (vec!["power*"], r"\bpower\w*"),
        ];
        for (words, expected) in cases {
            let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
            assert_eq!(regex(&words), expected);
        }
    }

    #[test]
    fn texts_are_cut_at_blanks_quotes_and_parentheses() {
        let words = |it: &str| Token::Words(it.split(' ').map(str::to_owned).collect());
        let expected = vec![
            Token::Open,
            words("new service"),
            Token::Or,
            words("sc.exe"),
            Token::Close,
            Token::And,
            Token::Not,
            words("benign"),
        ];
        assert_eq!(tokens("(\"new service\" OR sc.exe) AND NOT benign"), expected);
    }
}
