//! Misspelt words of clauses and operators: reported with the word that was meant, and read as that word.

use crate::token::{Keyword, TokenKind};
use crate::{Diagnostic, Safety, suggest};

use super::cursor::Parser;

/// What may follow the source.
const CLAUSES: &[&str] =
    &["INTO", "WHERE", "SESSION", "GROUP", "HAVING", "ORDER", "LIMIT", "LAST", "START", "STOP", "TIMES", "PARAMETERS"];
/// Operators before a text.
const TEXT_OPERATORS: &[&str] = &["LIKE", "ILIKE", "MATCHES", "IMATCHES"];

impl Parser<'_> {
    /// `SELCT`
    pub(super) fn correct_select(&mut self) -> bool {
        let begins = matches!(self.peek_at(1).kind, TokenKind::Word(_) | TokenKind::QuotedName | TokenKind::Star);
        begins && self.correct(&["SELECT"])
    }

    /// `FORM events`
    pub(super) fn correct_from(&mut self) -> bool {
        let next = self.peek_at(1).kind;
        let begins = matches!(next, TokenKind::Word(None) | TokenKind::QuotedName | TokenKind::OpenParen);
        begins && self.correct(&["FROM"])
    }

    /// `WERE a = 1`, `ODER BY a`: what follows must belong to the clause.
    pub(super) fn correct_clause(&mut self) -> bool {
        let Some(word) = self.meant(CLAUSES) else { return false };
        let next = self.peek_at(1).kind;
        let fits = match word {
            "GROUP" | "ORDER" | "SESSION" => self.keyword_at(1) == Some(Keyword::By),
            "LIMIT" | "LAST" => next == TokenKind::Integer,
            "START" | "STOP" => {
                matches!(next, TokenKind::Text | TokenKind::Integer) || self.word_is(1, "PARSEDATETIME")
            }
            "TIMES" => self.word_is(1, "OFFENSE_TIME"),
            "INTO" | "PARAMETERS" => matches!(next, TokenKind::Word(None)),
            _ => {
                let is_operand = matches!(next, TokenKind::QuotedName | TokenKind::OpenParen | TokenKind::Text);
                is_operand || matches!(next, TokenKind::Word(None | Some(Keyword::Not | Keyword::Case | Keyword::If)))
            }
        };
        fits && self.correct(CLAUSES)
    }

    /// `a LKE 'x'`, `a = 1 ADN b = 2`
    pub(super) fn correct_operator(&mut self) -> bool {
        match self.peek_at(1).kind {
            TokenKind::Text => self.correct(TEXT_OPERATORS) || self.correct(&["AND"]),
            TokenKind::Word(None) | TokenKind::QuotedName => self.correct(&["AND"]),
            _ => false,
        }
    }

    /// The word of the list that the bare word here was probably meant to be.
    fn meant(&self, words: &[&'static str]) -> Option<&'static str> {
        let token = self.peek();
        if token.kind != TokenKind::Word(None) {
            return None;
        }
        suggest(self.source(token.span), words.iter().copied())
    }

    fn correct(&mut self, words: &[&'static str]) -> bool {
        let Some(word) = self.meant(words) else { return false };
        let token = self.peek();
        let message = format!("expected `{word}`, found {}", self.describe(token));
        self.report(
            Diagnostic::error("unexpected-text", token.span, message)
                .with_help(format!("did you mean `{word}`?"))
                .with_fix(Safety::Unsafe, vec![(token.span, word.to_owned())]),
        );
        self.replace(TokenKind::Word(Keyword::from_word(word)));
        true
    }
}
