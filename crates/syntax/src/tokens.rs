//! The tokens of a text for those who look at it stage by stage.

use crate::Span;
use crate::lexer::lex;
use crate::token::TokenKind;

/// The tokens of a text with what each is, in a word or two; comments are none.
///
/// ```
/// let text = "qid = 5";
/// let tokens: Vec<_> = syntax::named_tokens(text).into_iter().map(|(it, kind)| (&text[it.start..it.end], kind)).collect();
/// assert_eq!(tokens, [("qid", "word"), ("=", "sign"), ("5", "number")]);
/// ```
pub fn named_tokens(text: &str) -> Vec<(Span, &'static str)> {
    let tokens = lex(text).tokens;
    tokens.into_iter().filter(|it| it.kind != TokenKind::End).map(|it| (it.span, name(it.kind))).collect()
}

fn name(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Word(Some(_)) => "keyword",
        TokenKind::Word(None) | TokenKind::ForeignWord => "word",
        TokenKind::QuotedName => "quoted name",
        TokenKind::Text => "text",
        TokenKind::Integer | TokenKind::Hex | TokenKind::Decimal => "number",
        TokenKind::Address => "address",
        TokenKind::Macro => "macro",
        _ => "sign",
    }
}
