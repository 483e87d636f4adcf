//! What other languages have and AQL has not: each gets its own name, reason and way out.

use crate::ast::{Expr, ExprKind};
use crate::token::{Keyword, Token, TokenKind};
use crate::{Diagnostic, Safety, Span};

use super::cursor::Parser;

/// A word of SQL that begins something which AQL lacks.
struct Unsupported {
    word: &'static str,
    id: &'static str,
    message: &'static str,
    help: &'static str,
}

const UNSUPPORTED: &[Unsupported] = &[
    row("JOIN", "join", "there is no `JOIN`", JOIN),
    row("INNER", "join", "there is no `JOIN`", JOIN),
    row("LEFT", "join", "there is no `JOIN`", JOIN),
    row("RIGHT", "join", "there is no `JOIN`", JOIN),
    row("FULL", "join", "there is no `JOIN`", JOIN),
    row("CROSS", "join", "there is no `JOIN`", JOIN),
    row("OUTER", "join", "there is no `JOIN`", JOIN),
    row("UNION", "union", "there is no `UNION`", "ask in two queries, or join the conditions with OR"),
    row("INTERSECT", "union", "there is no `INTERSECT`", "test with `IN (SELECT ...)`"),
    row("EXCEPT", "union", "there is no `EXCEPT`", "test with `NOT IN (SELECT ...)`"),
    row("MINUS", "union", "there is no `MINUS`", "test with `NOT IN (SELECT ...)`"),
    row(
        "OFFSET",
        "offset",
        "there is no `OFFSET`",
        "take the first rows with LIMIT; pages of rows are taken by the client",
    ),
    row("FETCH", "offset", "there is no `FETCH`", "write `LIMIT 100`"),
    row("WITH", "with-clause", "there is no `WITH`", "use a sub-select: `FROM (SELECT ...)`"),
    row(
        "TIMESPAN",
        "timespan-clause",
        "there is no `TIMESPAN`",
        "use the time clause, such as `LAST 5 MINUTES`, or SESSION BY with TIMEWINDOW",
    ),
    row("WINDOW", "window-function", "there are no window functions", "use GROUP BY, or SESSION BY"),
    row("QUALIFY", "window-function", "there are no window functions", "use HAVING"),
    row("INSERT", "not-a-query", "AQL only reads", "a query begins with `SELECT`"),
    row("UPDATE", "not-a-query", "AQL only reads", "a query begins with `SELECT`"),
    row("DELETE", "not-a-query", "AQL only reads", "a query begins with `SELECT`"),
    row("CREATE", "not-a-query", "AQL only reads", "a query begins with `SELECT`"),
    row("DROP", "not-a-query", "AQL only reads", "a query begins with `SELECT`"),
];

const JOIN: &str = "a query reads one table; test against another with `IN (SELECT ...)` or a reference set";

const fn row(word: &'static str, id: &'static str, message: &'static str, help: &'static str) -> Unsupported {
    Unsupported { word, id, message, help }
}

/// Operators of SQL dialects that stand as words between a text and its pattern.
const FOREIGN_OPERATORS: &[(&str, &str)] = &[
    ("REGEXP", "MATCHES"),
    ("RLIKE", "MATCHES"),
    ("REGEX", "MATCHES"),
    ("CONTAINS", "ILIKE"),
    ("STARTSWITH", "ILIKE"),
    ("ENDSWITH", "ILIKE"),
];

impl Parser<'_> {
    fn unsupported_here(&self) -> Option<&'static Unsupported> {
        let token = self.peek();
        let TokenKind::Word(None) = token.kind else { return None };
        let word = self.source(token.span);
        UNSUPPORTED.iter().find(|it| it.word.eq_ignore_ascii_case(word))
    }

    /// Whether the word here begins something which AQL lacks, so that it should not pass for an alias.
    pub(super) fn is_unsupported_word(&self) -> bool {
        let is_name = matches!(self.peek_at(1).kind, TokenKind::Comma | TokenKind::End | TokenKind::CloseParen)
            || self.keyword_at(1) == Some(Keyword::From);
        !is_name && self.unsupported_here().is_some()
    }

    /// Reports a macro or a construct of SQL that stands in the place of a clause, and reads over it.
    pub(super) fn report_unsupported(&mut self) -> bool {
        let token = self.peek();
        if token.kind == TokenKind::Macro {
            self.report_macro(true);
            self.advance();
            return true;
        }
        let Some(found) = self.unsupported_here() else { return false };
        self.report(Diagnostic::error(found.id, token.span, found.message).with_help(found.help));
        self.advance();
        self.skip_balanced(true);
        // The rest of the text belongs to what AQL has not.
        if found.id == "union" {
            while !self.at(TokenKind::End) && !self.at(TokenKind::CloseParen) {
                self.advance();
            }
        }
        true
    }

    fn report_macro(&mut self, is_clause: bool) {
        let token = self.peek();
        let message = format!("`{}` is filled in by a dashboard", self.excerpt(token.span));
        let diagnostic = Diagnostic::error("dashboard-macro", token.span, message)
            .with_note("dashboards replace such marks before they send the query; here nobody does");
        self.report(if is_clause {
            diagnostic
                .with_help("write a time clause")
                .with_fix(Safety::Unsafe, vec![(token.span, "LAST 24 HOURS".to_owned())])
        } else {
            diagnostic.with_help("write the value itself")
        });
    }

    pub(super) fn macro_in_expression(&mut self) -> Expr {
        self.report_macro(false);
        let span = self.advance().span;
        Expr::new(ExprKind::Error, span)
    }

    /// `<defined fields>`: words between angle brackets where a value should stand.
    pub(super) fn at_placeholder(&self) -> bool {
        const WORDS_MAX: usize = 12;
        let words = (1..=WORDS_MAX).take_while(|it| {
            matches!(self.peek_at(*it).kind, TokenKind::Word(_) | TokenKind::ForeignWord | TokenKind::Minus)
        });
        let count = words.count();
        count > 0 && self.peek_at(count + 1).kind == TokenKind::Greater
    }

    pub(super) fn placeholder(&mut self) -> Expr {
        let start = self.advance().span.start;
        while !self.accept(TokenKind::Greater) {
            self.advance();
        }
        let span = self.span_from(start);
        let message = format!("`{}` is a placeholder", self.excerpt(span));
        self.report(Diagnostic::error("placeholder", span, message).with_help("write what it stands for"));
        Expr::new(ExprKind::Error, span)
    }

    /// A sub-select where a value should stand; read for its errors only.
    pub(super) fn misplaced_query(&mut self) -> Expr {
        let select = self.peek().span;
        self.report(
            Diagnostic::error("misplaced-subselect", select, "a sub-select cannot stand here")
                .with_note("it may stand after FROM, and in the parentheses of IN"),
        );
        self.subselect();
        self.error_expression(select.start)
    }

    /// `INTERVAL '24' HOUR`, `EXISTS (...)`, `CAST(...)`: begun by a name, and not a name.
    pub(super) fn foreign_expression(&mut self) -> Option<Expr> {
        let token = self.peek();
        let next = self.peek_at(1).kind;
        if self.word_is(0, "INTERVAL") && matches!(next, TokenKind::Text | TokenKind::Integer) && !self.in_select_list {
            return Some(self.interval(token));
        }
        let is_array =
            self.word_is(0, "EXISTS") && next == TokenKind::OpenParen && self.keyword_at(2) == Some(Keyword::Select);
        if !is_array {
            return None;
        }
        self.report(
            Diagnostic::error("exists", token.span, "there is no `EXISTS`")
                .with_help("test with `x IN (SELECT x FROM ...)`"),
        );
        self.advance();
        let opening = self.advance().span;
        self.subselect();
        self.close(opening);
        Some(self.error_expression(token.span.start))
    }

    fn interval(&mut self, interval: Token) -> Expr {
        self.advance();
        let amount = self.advance();
        let digits =
            if amount.kind == TokenKind::Text { self.unquoted(amount) } else { self.source(amount.span).to_owned() };
        let unit = self.unit_here().map(millis);
        if unit.is_some() {
            self.advance();
        }
        let millis = digits.trim().parse().ok().zip(unit).and_then(|(count, unit): (u64, u64)| count.checked_mul(unit));
        let span = self.span_from(interval.span.start);
        self.report(interval_diagnostic(span, millis));
        Expr::new(ExprKind::Error, span)
    }

    /// The diagnostic for `1 HOUR` in an expression; the number was read, the unit stands here.
    pub(super) fn interval_unit(&self, number: Token) -> Option<Diagnostic> {
        if self.in_select_list || number.kind != TokenKind::Integer {
            return None;
        }
        let unit = millis(self.unit_here()?);
        let millis = self.source(number.span).parse().ok().and_then(|it: u64| it.checked_mul(unit));
        Some(interval_diagnostic(number.span.to(self.peek().span), millis))
    }

    /// The operator of another dialect that stands here before a pattern.
    pub(super) fn foreign_operator(&self) -> Option<(&'static str, &'static str)> {
        if self.peek().kind != TokenKind::Word(None) || self.peek_at(1).kind != TokenKind::Text || self.in_select_list {
            return None;
        }
        FOREIGN_OPERATORS.iter().find(|(word, _)| self.word_is(0, word)).copied()
    }

    /// Reports the operator, which has been read, and reads its pattern.
    pub(super) fn foreign_predicate(&mut self, operator: Span, start: usize) -> Expr {
        let word = self.source(operator);
        let other = FOREIGN_OPERATORS.iter().find(|(it, _)| it.eq_ignore_ascii_case(word)).map_or("MATCHES", |it| it.1);
        let help = match other {
            "ILIKE" => "write `ILIKE '%text%'`, where `%` stands for any text",
            _ => "regular expressions are tested with `MATCHES`, in any case with `IMATCHES`",
        };
        let message = format!("`{}` is not an operator of AQL", word.to_ascii_uppercase());
        let mut diagnostic = Diagnostic::error("unknown-operator", operator, message).with_help(help);
        if other == "MATCHES" {
            diagnostic = diagnostic.with_fix(Safety::Unsafe, vec![(operator, other.to_owned())]);
        }
        self.report(diagnostic);
        self.expression_at(crate::precedence::VALUE);
        self.error_expression(start)
    }

    /// What CAST and EXTRACT put into their parentheses.
    pub(super) fn foreign_argument_end(&mut self) {
        let token = self.peek();
        let diagnostic = match token.kind {
            TokenKind::Word(Some(Keyword::As)) => Diagnostic::error("cast", token.span, "there is no `CAST`")
                .with_help("convert with `STR(x)`, `LONG(x)` or `DOUBLE(x)`"),
            TokenKind::Word(Some(Keyword::From)) => Diagnostic::error("extract", token.span, "there is no `EXTRACT`")
                .with_help("take a part of a time with `DATEFORMAT(starttime, 'H')`"),
            TokenKind::Word(Some(Keyword::Order)) => {
                Diagnostic::error("order-in-call", token.span, "a function has no `ORDER BY`")
            }
            _ => return,
        };
        self.report(diagnostic);
        while !matches!(self.peek().kind, TokenKind::End | TokenKind::CloseParen) {
            self.advance();
        }
    }

    /// `f(x) OVER (...)`
    pub(super) fn report_window(&mut self) {
        let over = self.advance().span;
        self.advance();
        self.skip_parentheses();
        let span = self.span_from(over.start);
        self.report(
            Diagnostic::error("window-function", span, "there are no window functions")
                .with_help("use GROUP BY, or SESSION BY"),
        );
    }

    /// Reads to the parenthesis that closes an open one, clauses or not.
    fn skip_parentheses(&mut self) {
        let mut open = 1_usize;
        while open > 0 && !self.at(TokenKind::End) {
            match self.advance().kind {
                TokenKind::OpenParen => open += 1,
                TokenKind::CloseParen => open -= 1,
                _ => {}
            }
        }
    }

    pub(super) fn report_escape_clause(&mut self) {
        let start = self.advance().span;
        let span = start.to(self.advance().span);
        self.report(
            Diagnostic::error("like-escape", span, "LIKE has no `ESCAPE`")
                .with_note("a literal `%` or `_` cannot be written in a LIKE pattern")
                .with_help("use MATCHES with a regular expression"),
        );
    }

    pub(super) fn report_nulls_order(&mut self) {
        let start = self.advance().span;
        let is_place = self.word_is(0, "FIRST") || self.word_is(0, "LAST");
        let span = if is_place { start.to(self.advance().span) } else { start };
        self.report(
            Diagnostic::error("nulls-order", span, "the place of nulls cannot be chosen")
                .with_note("ASC puts nulls first, DESC last")
                .with_fix(Safety::Unsafe, vec![(span, String::new())]),
        );
    }

    /// `LIMIT 10, 20`
    pub(super) fn report_offset(&mut self) {
        let comma = self.peek().span;
        self.report(
            Diagnostic::error("offset", comma, "LIMIT takes one number")
                .with_help("take the first rows with LIMIT; pages of rows are taken by the client"),
        );
        self.skip_balanced(true);
    }
}

fn interval_diagnostic(span: Span, millis: Option<u64>) -> Diagnostic {
    let diagnostic = Diagnostic::error("interval", span, "there are no intervals in AQL")
        .with_note("times are numbers of milliseconds")
        .with_help("write milliseconds here, or use a time clause such as `LAST 24 HOURS`");
    match millis {
        Some(millis) => diagnostic.with_fix(Safety::Unsafe, vec![(span, millis.to_string())]),
        None => diagnostic,
    }
}

const fn millis(unit: crate::ast::Unit) -> u64 {
    match unit {
        crate::ast::Unit::Second => 1_000,
        crate::ast::Unit::Minute => 60_000,
        crate::ast::Unit::Hour => 3_600_000,
        crate::ast::Unit::Day => 86_400_000,
    }
}
