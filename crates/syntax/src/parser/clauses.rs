//! Which clause begins here, and the clauses that are short.

use crate::ast::{Parameter, Query, Sort};
use crate::token::{Keyword, TokenKind};
use crate::{Diagnostic, Node, Safety, Span};

use super::cursor::Parser;

/// The clauses after the source, in their documented order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Clause {
    From,
    Into,
    Where,
    Session,
    GroupBy,
    Having,
    OrderBy,
    Limit,
    Time,
    Parameters,
}

impl Clause {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::From => "FROM",
            Self::Into => "INTO",
            Self::Where => "WHERE",
            Self::Session => "SESSION BY",
            Self::GroupBy => "GROUP BY",
            Self::Having => "HAVING",
            Self::OrderBy => "ORDER BY",
            Self::Limit => "LIMIT",
            Self::Time => "the time clause",
            Self::Parameters => "PARAMETERS",
        }
    }
}

impl Parser<'_> {
    /// The clause that begins here, told by its first word: for places where nothing else can stand.
    pub(super) fn clause_word(&self) -> Option<Clause> {
        Some(match self.keyword_at(0)? {
            Keyword::From => Clause::From,
            Keyword::Into => Clause::Into,
            Keyword::Where => Clause::Where,
            Keyword::Session => Clause::Session,
            Keyword::Group => Clause::GroupBy,
            Keyword::Having => Clause::Having,
            Keyword::Order => Clause::OrderBy,
            Keyword::Limit => Clause::Limit,
            Keyword::Last | Keyword::Start | Keyword::Stop | Keyword::Times => Clause::Time,
            Keyword::Parameters => Clause::Parameters,
            _ => return None,
        })
    }

    /// The clause that begins here, where a field could have the same name as its first word.
    pub(super) fn clause_start(&self) -> Option<Clause> {
        let clause = self.clause_word()?;
        let next = self.peek_at(1).kind;
        let is_clause = match self.keyword_at(0)? {
            Keyword::Session | Keyword::Group | Keyword::Order => self.keyword_at(1) == Some(Keyword::By),
            Keyword::Limit | Keyword::Last => next == TokenKind::Integer,
            Keyword::Start | Keyword::Stop => {
                let is_point = matches!(next, TokenKind::Text | TokenKind::Integer) || self.word_is(1, "PARSEDATETIME");
                is_point && !self.in_select_list
            }
            Keyword::Times => self.word_is(1, "OFFENSE_TIME"),
            Keyword::Parameters => matches!(next, TokenKind::Word(_)) && self.peek_at(2).kind == TokenKind::Equal,
            _ => true,
        };
        is_clause.then_some(clause)
    }

    /// Reads a clause into its place.
    pub(super) fn clause_body(&mut self, clause: Clause, query: &mut Query) {
        match clause {
            Clause::From => self.second_from(),
            Clause::Into => query.into = self.cursor_name(),
            Clause::Where => query.filter = Some(self.condition()),
            Clause::Session => query.session = Some(self.session()),
            Clause::GroupBy => query.group_by = self.group_by(),
            Clause::Having => query.having = Some(self.condition()),
            Clause::OrderBy => query.order_by = self.order_by(),
            Clause::Limit => query.limit = self.limit(),
            Clause::Time => query.time = self.time(),
            Clause::Parameters => query.parameters = self.parameters(),
        }
    }

    fn second_from(&mut self) {
        let span = self.advance().span;
        if !self.has_error_here() {
            self.report(
                Diagnostic::error("duplicate-clause", span, "FROM is given twice").with_help("keep one of them"),
            );
        }
        self.table_or_query();
    }

    fn condition(&mut self) -> crate::ast::Expr {
        self.advance();
        self.expression()
    }

    fn cursor_name(&mut self) -> Option<Node<String>> {
        self.advance();
        let token = self.peek();
        let Some(name) = self.name_here().filter(|_| self.clause_start().is_none()) else {
            self.expected("the name of a cursor");
            return None;
        };
        self.advance();
        Some(Node::new(name.text, token.span))
    }

    fn group_by(&mut self) -> Vec<crate::ast::Expr> {
        self.advance();
        self.expect_keyword(Keyword::By, "`BY`");
        self.expression_list()
    }

    fn order_by(&mut self) -> Vec<Node<Sort>> {
        self.advance();
        self.expect_keyword(Keyword::By, "`BY`");
        let mut list = vec![self.sort()];
        while self.at(TokenKind::Comma) {
            let comma = self.advance().span;
            if self.clause_start().is_some() || self.at(TokenKind::End) {
                self.report_trailing_comma(comma);
                break;
            }
            list.push(self.sort());
        }
        list
    }

    fn sort(&mut self) -> Node<Sort> {
        let start = self.peek().span.start;
        let expr = self.expression();
        let descending = self.accept_keyword(Keyword::Desc);
        if !descending {
            self.accept_keyword(Keyword::Asc);
        }
        let collate =
            if self.accept_keyword(Keyword::Collate) { self.string("a language tag in single quotes") } else { None };
        if self.word_is(0, "NULLS") {
            self.report_nulls_order();
        }
        Node::new(Sort { expr, descending, collate }, self.span_from(start))
    }

    /// A string literal, or a report that it is missing.
    pub(super) fn string(&mut self, wanted: &str) -> Option<Node<String>> {
        let token = self.peek();
        if token.kind != TokenKind::Text {
            self.expected(wanted);
            return None;
        }
        self.advance();
        Some(Node::new(self.unquoted(token), token.span))
    }

    fn limit(&mut self) -> Option<Node<u64>> {
        self.advance();
        let limit = self.unsigned("a number of rows");
        if self.at(TokenKind::Comma) {
            self.report_offset();
        }
        limit
    }

    fn parameters(&mut self) -> Vec<Node<Parameter>> {
        self.advance();
        let mut list = Vec::new();
        loop {
            list.extend(self.parameter());
            if !self.accept(TokenKind::Comma) {
                return list;
            }
        }
    }

    fn parameter(&mut self) -> Option<Node<Parameter>> {
        let token = self.peek();
        let Some(name) = self.name_here() else {
            self.expected("the name of a parameter");
            return None;
        };
        self.advance();
        if !self.accept(TokenKind::Equal) {
            self.expected("`=`");
            return None;
        }
        let value = self.expression_at(crate::precedence::VALUE);
        Some(Node::new(Parameter { name: name.text, value }, self.span_from(token.span.start)))
    }

    /// Reports a comma after which nothing comes.
    pub(super) fn report_trailing_comma(&mut self, comma: Span) {
        self.report(
            Diagnostic::error("trailing-comma", comma, "nothing follows this comma")
                .with_help("remove it")
                .with_fix(Safety::Safe, vec![(comma, String::new())]),
        );
    }
}
