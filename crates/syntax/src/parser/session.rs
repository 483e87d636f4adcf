//! SESSION BY (`reference/aql.md` section 4.2).

use crate::Node;
use crate::ast::{Boundary, Session};
use crate::token::{Keyword, TokenKind};

use super::cursor::Parser;

impl Parser<'_> {
    pub(super) fn session(&mut self) -> Node<Session> {
        let start = self.advance().span.start;
        self.expect_keyword(Keyword::By, "`BY`");
        let time = self.expression();
        let has_comma = self.accept(TokenKind::Comma);
        let is_missing = !has_comma && (self.at_session_part() || self.clause_start().is_some());
        if is_missing || self.at(TokenKind::End) {
            self.expected_with("an expression", |it| {
                it.with_help("name what keeps events apart: `SESSION BY starttime sourceip, username`")
            });
        }
        let keys = if is_missing || self.has_error_here() { Vec::new() } else { self.expression_list() };
        let mut session = Session { time, keys, begin: None, end: None, timeout: None, window: None };
        while self.at_session_part() {
            self.session_part(&mut session);
        }
        Node::new(session, self.span_from(start))
    }

    fn at_session_part(&self) -> bool {
        let keyword = self.keyword_at(0);
        let parts = [Keyword::Explicit, Keyword::Begin, Keyword::End, Keyword::Timeout, Keyword::TimeWindow];
        keyword.is_some_and(|it| parts.contains(&it))
    }

    fn session_part(&mut self, session: &mut Session) {
        let first = self.peek();
        let explicit = self.accept_keyword(Keyword::Explicit);
        let word = self.advance();
        let twice = match word.kind {
            TokenKind::Word(Some(Keyword::Begin)) => {
                let boundary = Boundary { explicit, condition: self.expression() };
                session.begin.replace(boundary).is_some()
            }
            TokenKind::Word(Some(Keyword::End)) => {
                let boundary = Boundary { explicit, condition: self.expression() };
                session.end.replace(boundary).is_some()
            }
            TokenKind::Word(Some(Keyword::Timeout)) if !explicit => {
                let timeout = self.unsigned("a number of milliseconds").map(|it| it.value);
                std::mem::replace(&mut session.timeout, timeout).is_some()
            }
            TokenKind::Word(Some(Keyword::TimeWindow)) if !explicit => {
                let count = self.unsigned("a number, as in `TIMEWINDOW 5 MINUTES`");
                let unit = count.as_ref().and_then(|_| self.unit());
                let window = count.map(|it| it.value).zip(unit);
                std::mem::replace(&mut session.window, window).is_some()
            }
            _ => {
                self.expected("`BEGIN` or `END` after `EXPLICIT`");
                false
            }
        };
        if twice {
            let span = first.span.to(word.span);
            let message = format!("{} is given twice", self.source(word.span).to_ascii_uppercase());
            self.report(crate::Diagnostic::error("duplicate-clause", span, message).with_help("keep one of them"));
        }
    }
}
