//! SESSION BY (`reference/aql.md` section 4.2).

use schema::Type;
use syntax::Diagnostic;
use syntax::ast;

use super::{Binder, Clause, time};
use crate::bound::{Boundary, Session};

impl<'q> Binder<'_, '_, 'q> {
    pub(super) fn session(&mut self, session: &'q ast::Session) -> Session {
        self.clause = Clause::Session;
        let time = self.expr(&session.time);
        if !matches!(time.value_type, Type::Time | Type::Integer | Type::Null) {
            let diagnostic = Diagnostic::error("wrong-argument-type", time.span, "sessions are ordered by a time");
            self.context.say(diagnostic.with_help("such as SESSION BY starttime username"));
        }
        let keys = session.keys.iter().map(|it| self.expr(it)).collect();
        Session {
            time,
            keys,
            begin: session.begin.as_ref().map(|it| self.boundary(it)),
            end: session.end.as_ref().map(|it| self.boundary(it)),
            timeout_ms: session.timeout,
            window_ms: session.window.map(|(count, unit)| time::length_ms(count, unit).unsigned_abs()),
        }
    }

    fn boundary(&mut self, boundary: &'q ast::Boundary) -> Boundary {
        Boundary { explicit: boundary.explicit, condition: self.condition(&boundary.condition) }
    }
}
