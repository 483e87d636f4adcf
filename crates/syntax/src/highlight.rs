//! What each part of an AQL text is, for those who show it in colours.

use crate::Span;
use crate::lexer::{Lexed, lex};
use crate::token::TokenKind;

/// What a part of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// `SELECT`, `ILIKE`
    Keyword,
    /// A name before an opening parenthesis.
    Function,
    /// A name, bare or in double quotes.
    Name,
    /// `'...'`
    Text,
    /// A number or an address.
    Number,
    /// `-- ...` or `/* ... */`
    Comment,
}

/// The parts of a text that are more than signs and blanks, in their order.
pub fn highlight(text: &str) -> Vec<(Span, Part)> {
    let Lexed { tokens, comments, .. } = lex(text);
    let mut parts: Vec<_> = comments.into_iter().map(|span| (span, Part::Comment)).collect();
    for (index, token) in tokens.iter().enumerate() {
        let is_call = || tokens.get(index + 1).is_some_and(|it| it.kind == TokenKind::OpenParen);
        let part = match token.kind {
            TokenKind::Word(Some(_)) => Part::Keyword,
            TokenKind::Word(None) if is_call() => Part::Function,
            TokenKind::Word(None) | TokenKind::ForeignWord | TokenKind::QuotedName | TokenKind::Macro => Part::Name,
            TokenKind::Text => Part::Text,
            TokenKind::Integer | TokenKind::Hex | TokenKind::Decimal | TokenKind::Address => Part::Number,
            _ => continue,
        };
        parts.push((token.span, part));
    }
    parts.sort_by_key(|(span, _)| span.start);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_told_apart() {
        let text = "SELECT LOWER(username), \"Event ID\" FROM events WHERE x = 'y' AND z > 5 -- why";
        let parts: Vec<_> = highlight(text).into_iter().map(|(it, part)| (&text[it.start..it.end], part)).collect();
        let expected = [
            ("SELECT", Part::Keyword),
            ("LOWER", Part::Function),
            ("username", Part::Name),
            ("\"Event ID\"", Part::Name),
            ("FROM", Part::Keyword),
            ("events", Part::Name),
            ("WHERE", Part::Keyword),
            ("x", Part::Name),
            ("'y'", Part::Text),
            ("AND", Part::Keyword),
            ("z", Part::Name),
            ("5", Part::Number),
            ("-- why", Part::Comment),
        ];
        assert_eq!(parts, expected);
    }
}
