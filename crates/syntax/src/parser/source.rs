//! What follows FROM.

use crate::ast::{Name, Quote, Source};
use crate::token::{Keyword, TokenKind};
use crate::{Diagnostic, Node, Safety, Span};

use super::cursor::Parser;

impl Parser<'_> {
    /// A table, a sub-select or a saved search.
    pub(super) fn table_or_query(&mut self) -> Node<Source> {
        let start = self.peek().span.start;
        let source = self.source_kind();
        let node = Node::new(source, self.span_from(start));
        self.after_source();
        node
    }

    fn source_kind(&mut self) -> Source {
        let unknown = Source::Table(Name { text: "events".to_owned(), quote: Quote::None });
        if self.at(TokenKind::OpenParen) {
            return self.source_in_parentheses(unknown);
        }
        if self.at_keyword(Keyword::GlobalView) && self.peek_at(1).kind == TokenKind::OpenParen {
            return self.global_view().unwrap_or(unknown);
        }
        let token = self.peek();
        let name = self.name_here().filter(|_| self.clause_start().is_none());
        let Some(name) = name else {
            if token.kind == TokenKind::Text {
                self.report_quoted_table();
                self.advance();
            } else {
                self.expected_with("a table", |it| it.with_help("the tables are `events`, `flows` and `simarc`"));
            }
            return unknown;
        };
        self.advance();
        if self.at(TokenKind::Dot) || self.at(TokenKind::OpenParen) {
            self.not_a_table(token.span);
        }
        Source::Table(name)
    }

    fn source_in_parentheses(&mut self, unknown: Source) -> Source {
        let opening = self.advance().span;
        let source = if self.at_keyword(Keyword::Select) {
            Source::Query(Box::new(self.subselect()))
        } else {
            self.expected("`SELECT`");
            self.skip_balanced(true);
            unknown
        };
        self.close(opening);
        source
    }

    fn global_view(&mut self) -> Option<Source> {
        self.advance();
        let opening = self.advance().span;
        let search = self.string("the name of a saved search in single quotes");
        if !self.accept(TokenKind::Comma) {
            self.expected("`,`");
        }
        let range = self.string("a range such as `'NORMAL'`");
        self.close(opening);
        Some(Source::GlobalView { search: search?, range: range? })
    }

    fn report_quoted_table(&mut self) {
        let token = self.peek();
        let name = self.unquoted(token).replace('"', "\"\"");
        self.report(
            Diagnostic::error("quoted-table", token.span, "a table is a name, not a string")
                .with_help("write it bare or in double quotes")
                .with_fix(Safety::Safe, vec![(token.span, format!("\"{name}\""))]),
        );
    }

    /// `schema.table` and `function(x)` after FROM.
    fn not_a_table(&mut self, first: Span) {
        while self.at(TokenKind::Dot) {
            self.advance();
            if self.name_here().is_some() {
                self.advance();
            }
        }
        if self.at(TokenKind::OpenParen) {
            self.advance();
            self.skip_balanced(true);
            self.accept(TokenKind::CloseParen);
        }
        let span = self.span_from(first.start);
        let message = format!("`{}` is not a table", self.excerpt(span));
        self.report(
            Diagnostic::error("not-a-table", span, message)
                .with_note("tables are named alone, and only GLOBALVIEW may stand here as a function")
                .with_help("reference data is read with REFERENCESETCONTAINS, REFERENCEMAP and REFERENCETABLE"),
        );
    }

    /// Names after a table and further tables: neither exists in AQL.
    fn after_source(&mut self) {
        let token = self.peek();
        if token.kind == TokenKind::Comma {
            self.report(
                Diagnostic::error("join", token.span, "a query reads one table only")
                    .with_help("ask each table in a query of its own, or test with `IN (SELECT ...)`"),
            );
            self.skip_balanced(true);
            return;
        }
        if self.correct_clause() {
            return;
        }
        let has_as = self.at_keyword(Keyword::As);
        let name = self.peek_at(usize::from(has_as)).kind;
        let is_name = match name {
            TokenKind::Word(None) => has_as || !self.is_unsupported_word(),
            TokenKind::QuotedName | TokenKind::Text => true,
            _ => false,
        };
        if !is_name || !(has_as || self.name_here().is_some()) {
            return;
        }
        let start = self.advance().span.start;
        if has_as {
            self.advance();
        }
        let span = self.span_from(start);
        let gap = Span::new(self.text[..start].trim_end().len(), span.end);
        self.report(
            Diagnostic::error("table-alias", span, "a table cannot be given another name")
                .with_note("a query reads one table, and its fields are named alone")
                .with_help("remove the name")
                .with_fix(Safety::Unsafe, vec![(gap, String::new())]),
        );
    }
}
