//! Marks of queries and clauses.

use crate::Span;
use crate::ast::{Item, Point, Query, Session, Source, Time};
use crate::token::{Keyword, TokenKind};

use super::marks::{BreakKind, Marker, Spelling};

/// A clause by what it holds.
enum Clause<'a> {
    Select,
    From,
    Into(Span),
    Filter(&'a crate::ast::Expr),
    Session(&'a Session, Span),
    Group,
    Order,
    Limit,
    Time(&'a Time, Span),
    Parameters,
}

impl Marker<'_> {
    /// A query from its first to its last token; each clause begins a line.
    pub(super) fn query(&mut self, query: &Query, first: usize, last: usize, kind: BreakKind) {
        let clauses = self.clauses(query, first);
        for (position, (start, clause)) in clauses.iter().enumerate() {
            let end = clauses.get(position + 1).map_or(last, |it| it.0.saturating_sub(1));
            if position > 0 {
                self.line_break(*start, kind, 0);
            }
            self.group(*start, end, 0);
            self.clause(query, clause, *start, end);
        }
    }

    /// The clauses by their first tokens, in the order of the text.
    fn clauses<'q>(&self, query: &'q Query, first: usize) -> Vec<(usize, Clause<'q>)> {
        let mut clauses = vec![(first, Clause::Select)];
        clauses.push((self.at(query.source.span.start).saturating_sub(1), Clause::From));
        if let Some(into) = &query.into {
            clauses.push((self.at(into.span.start).saturating_sub(1), Clause::Into(into.span)));
        }
        for filter in query.filter.iter().chain(&query.having) {
            clauses.push((self.word_before(filter.span), Clause::Filter(filter)));
        }
        if let Some(session) = &query.session {
            clauses.push((self.at(session.span.start), Clause::Session(&session.value, session.span)));
        }
        if let Some(key) = query.group_by.first() {
            clauses.push((self.word_before(key.span).saturating_sub(1), Clause::Group));
        }
        if let Some(sort) = query.order_by.first() {
            clauses.push((self.word_before(sort.value.expr.span).saturating_sub(1), Clause::Order));
        }
        if let Some(limit) = &query.limit {
            clauses.push((self.at(limit.span.start).saturating_sub(1), Clause::Limit));
        }
        if let Some(time) = &query.time {
            clauses.push((self.at(time.span.start), Clause::Time(&time.value, time.span)));
        }
        if let Some(parameter) = query.parameters.first() {
            clauses.push((self.at(parameter.span.start).saturating_sub(1), Clause::Parameters));
        }
        clauses.sort_by_key(|it| it.0);
        clauses
    }

    fn clause(&mut self, query: &Query, clause: &Clause<'_>, start: usize, end: usize) {
        match clause {
            Clause::Select => self.select(query, start, end),
            Clause::From => self.source_of(query),
            Clause::Into(name) => self.keep(*name),
            Clause::Filter(filter) => self.expression(filter),
            Clause::Session(session, span) => self.session(session, *span),
            Clause::Group => {
                self.elements(start + 2, end, query.group_by.iter().map(|it| (it, it.span)));
            }
            Clause::Order => {
                self.elements(start + 2, end, query.order_by.iter().map(|it| (&it.value.expr, it.span)));
            }
            Clause::Limit => {}
            Clause::Time(time, span) => self.time(time, *span),
            Clause::Parameters => {
                for parameter in &query.parameters {
                    self.keep_word(parameter.span);
                }
                let values = query.parameters.iter().map(|it| (&it.value.value, it.span));
                self.elements(start + 1, end, values);
            }
        }
    }

    /// The first token of a span is a name.
    fn keep_word(&mut self, span: Span) {
        self.spell(self.at(span.start), Spelling::Kept);
    }

    fn select(&mut self, query: &Query, start: usize, end: usize) {
        let mut first = start + 1;
        for (position, item) in query.select.iter().enumerate() {
            let comma = self.before(item.span.end) + 1;
            let last = if position + 1 == query.select.len() { end } else { comma };
            self.line_break(first, BreakKind::Soft, 1);
            self.group(first, last, 1);
            if let Item::Expr { expr, alias } = &item.value {
                self.expression(expr);
                if let Some(alias) = alias {
                    let name = self.before(alias.span.end);
                    self.spell(name, Spelling::Kept);
                }
            }
            first = last + 1;
        }
    }

    /// Elements between commas, from the first token to the last; each holds one expression.
    fn elements<'e>(
        &mut self,
        first: usize,
        last: usize,
        elements: impl ExactSizeIterator<Item = (&'e crate::ast::Expr, Span)>,
    ) {
        let count = elements.len();
        let mut start = first;
        for (position, (expression, span)) in elements.enumerate() {
            let end = if position + 1 == count { last } else { self.word_after(span) };
            if count > 1 {
                self.line_break(start, BreakKind::Soft, 1);
            }
            self.group(start, end, 1);
            self.expression(expression);
            start = end + 1;
        }
    }

    fn source_of(&mut self, query: &Query) {
        let span = query.source.span;
        let first = self.at(span.start);
        match &query.source.value {
            Source::Table(_) => self.keep(span),
            Source::Query(query) => self.subselect(query, first),
            Source::GlobalView { .. } => self.call_parenthesis(first + 1),
        }
    }

    /// A query in the parentheses that open here.
    pub(super) fn subselect(&mut self, query: &Query, opening: usize) {
        let closing = self.partner(opening);
        self.list_parenthesis(opening);
        self.group(opening, closing, 0);
        self.line_break(opening + 1, BreakKind::Soft, 1);
        self.group(opening + 1, closing.saturating_sub(1), 1);
        self.query(query, opening + 1, closing.saturating_sub(1), BreakKind::Soft);
        self.line_break(closing, BreakKind::Soft, 0);
    }

    /// The parenthesis of a call stands directly behind the name.
    pub(super) fn call_parenthesis(&mut self, opening: usize) {
        self.list_parenthesis(opening);
        self.tight(opening);
    }

    fn session(&mut self, session: &Session, span: Span) {
        self.expression(&session.time);
        for key in &session.keys {
            self.expression(key);
        }
        for boundary in session.begin.iter().chain(&session.end) {
            self.expression(&boundary.condition);
            let mut word = self.word_before(boundary.condition.span);
            if boundary.explicit {
                word = word.saturating_sub(1);
            }
            self.line_break(word, BreakKind::Soft, 1);
        }
        for index in self.at(span.start)..=self.before(span.end) {
            let is_number = self.kind(index + 1) == TokenKind::Integer;
            if is_number && self.is_keyword(index, Keyword::TimeWindow) && session.window.is_some() {
                self.spell(index + 2, Spelling::Capitals);
            }
        }
    }

    fn time(&mut self, time: &Time, span: Span) {
        match time {
            Time::Last { .. } => {
                let unit = self.before(span.end);
                self.spell(unit, Spelling::Capitals);
            }
            Time::Range { start, stop } => {
                for point in start.iter().chain(stop) {
                    if let Point::Relative(_) = point.value {
                        let name = self.at(point.span.start);
                        self.spell(name, Spelling::Capitals);
                        self.call_parenthesis(name + 1);
                    }
                }
            }
            Time::Offense(offense) => {
                let name = self.at(span.start) + 1;
                self.spell(name, Spelling::Capitals);
                self.call_parenthesis(name + 1);
                self.expression(offense);
            }
        }
    }
}
