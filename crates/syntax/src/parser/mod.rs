//! Tokens to syntax tree: a function for each production of `reference/aql.md` section 2.
//!
//! An error never stops the parse. A damaged part becomes [`ExprKind::Error`] with a diagnostic, and reading goes
//! on at the next comma, parenthesis or clause.

mod call;
mod clauses;
mod cursor;
mod expression;
mod misspelt;
mod predicate;
mod primary;
mod query;
mod select;
mod session;
mod source;
mod time;
mod unsupported;

use crate::ast::{Expr, ExprKind, Query};
use crate::lexer::lex;
use crate::token::{Keyword, TokenKind};
use crate::{Diagnostic, Safety, Span};

use cursor::Parser;

/// How deep productions may stand in one another while reading: 200 pairs of parentheses fit whatever stands
/// between them, and the stack of a thread of 2 MB is not used up, even without optimisation.
pub const NESTING_MAX: u32 = 640;

/// The highest tree that is handed out: levels of operators, calls and sub-selects. It bounds the recursion of all
/// who walk the tree. Chains of AND and OR are one level, however long.
pub const HEIGHT_MAX: u32 = 420;

/// The most diagnostics that are given of one text; errors come before warnings.
pub const DIAGNOSTICS_MAX: usize = 200;

/// Reads a full query. The tree is whole even when the text is not: see the diagnostics.
///
/// ```
/// let (query, diagnostics) = syntax::parse_query("SELECT sourceip FROM events LAST 24 HOURS");
/// assert!(diagnostics.is_empty());
/// assert_eq!(query.select.len(), 1);
/// ```
pub fn parse_query(text: &str) -> (Query, Vec<Diagnostic>) {
    let mut parser = Parser::new(text);
    let query = if parser.begins_with_select() { parser.query() } else { query::empty_query(parser.peek().span) };
    parser.end_of_text();
    (query, parser.finish())
}

/// Reads a bare filter: what would stand after WHERE.
///
/// ```
/// let (filter, diagnostics) = syntax::parse_filter("username = 'root' AND qid = 5");
/// assert!(diagnostics.is_empty());
/// assert!(matches!(filter.value, syntax::ast::ExprKind::And(_)));
/// ```
pub fn parse_filter(text: &str) -> (Expr, Vec<Diagnostic>) {
    let mut parser = Parser::new(text);
    let keyword = parser.peek();
    match keyword.kind {
        TokenKind::Word(Some(Keyword::Where)) => {
            parser.report(
                Diagnostic::error("filter-with-where", keyword.span, "a bare filter does not begin with `WHERE`")
                    .with_fix(Safety::Safe, vec![(keyword.span, String::new())]),
            );
            parser.advance();
        }
        TokenKind::Word(Some(Keyword::Select)) => return parser.query_instead_of("filter"),
        _ => {}
    }
    let filter = parser.expression();
    parser.end_of_text();
    (filter, parser.finish())
}

/// Reads a bare expression, such as the text of an AQL property.
///
/// ```
/// let (expression, diagnostics) = syntax::parse_expression("LOWER(username)");
/// assert!(diagnostics.is_empty());
/// assert_eq!(syntax::print_expression(&expression), "LOWER(username)");
/// ```
pub fn parse_expression(text: &str) -> (Expr, Vec<Diagnostic>) {
    let mut parser = Parser::new(text);
    if parser.at_keyword(Keyword::Select) {
        return parser.query_instead_of("expression");
    }
    let expression = parser.expression();
    parser.end_of_text();
    (expression, parser.finish())
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        let lexed = lex(text);
        Self::over(text, lexed.tokens, lexed.diagnostics)
    }

    /// All diagnostics in the order of the text.
    fn finish(self) -> Vec<Diagnostic> {
        let mut diagnostics = self.diagnostics;
        diagnostics.sort_by_key(|it| (it.span.start, it.span.end));
        if diagnostics.len() > DIAGNOSTICS_MAX {
            diagnostics.sort_by_key(|it| !it.is_error());
            diagnostics.truncate(DIAGNOSTICS_MAX);
            diagnostics.sort_by_key(|it| (it.span.start, it.span.end));
        }
        diagnostics
    }

    fn query_instead_of(mut self, wanted: &str) -> (Expr, Vec<Diagnostic>) {
        let select = self.peek().span;
        self.report(
            Diagnostic::error("query-instead-of-expression", select, format!("this is a query, not a bare {wanted}"))
                .with_help("keep only what would stand after WHERE or in the SELECT list"),
        );
        (Expr::new(ExprKind::Error, Span::new(select.start, self.text.len())), self.finish())
    }

    /// An optional semicolon, then nothing.
    fn end_of_text(&mut self) {
        while self.at(TokenKind::CloseParen) {
            self.unmatched_parenthesis();
        }
        if self.accept(TokenKind::Semicolon) && self.at(TokenKind::End) {
            return;
        }
        if !self.at(TokenKind::End) {
            self.text_after_end();
        }
    }
}
