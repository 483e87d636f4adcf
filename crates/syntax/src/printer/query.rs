//! Printing of queries and clauses.

use crate::Node;
use crate::ast::{Alias, Expr, ExprKind, Item, Point, Query, Quote, Session, Sort, Source, Time, Unit};
use crate::token::Keyword;

use super::Printer;

impl Printer {
    pub(super) fn query(&mut self, query: &Query) {
        self.push("SELECT ");
        self.list(&query.select, |printer, item| printer.item(&item.value));
        self.push(" FROM ");
        self.source(&query.source.value);
        if let Some(into) = &query.into {
            self.push(" INTO ");
            self.bare_name(&into.value);
        }
        self.optional(" WHERE ", query.filter.as_ref());
        if let Some(session) = &query.session {
            self.session(&session.value);
        }
        if !query.group_by.is_empty() {
            self.push(" GROUP BY ");
            self.list(&query.group_by, Self::expression);
        }
        self.optional(" HAVING ", query.having.as_ref());
        if !query.order_by.is_empty() {
            self.push(" ORDER BY ");
            self.list(&query.order_by, |printer, sort| printer.sort(&sort.value));
        }
        if let Some(limit) = &query.limit {
            self.push(&format!(" LIMIT {}", limit.value));
        }
        if let Some(time) = &query.time {
            self.time(&time.value);
        }
        if !query.parameters.is_empty() {
            self.push(" PARAMETERS ");
            self.list(&query.parameters, |printer, parameter| {
                printer.bare_name(&parameter.value.name);
                printer.push(" = ");
                printer.expression(&parameter.value.value);
            });
        }
    }

    fn optional(&mut self, word: &str, expression: Option<&Expr>) {
        if let Some(expression) = expression {
            self.push(word);
            self.expression(expression);
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Star => self.push("*"),
            Item::Expr { expr, alias } => {
                self.expression(expr);
                if let Some(alias) = alias {
                    self.alias(&alias.value);
                }
            }
        }
    }

    fn alias(&mut self, alias: &Alias) {
        self.push(if alias.has_as { " AS " } else { " " });
        match alias.quote {
            Quote::None => self.bare_name(&alias.name),
            Quote::Single => self.quoted(&alias.name, '\''),
            Quote::Double => self.quoted(&alias.name, '"'),
        }
    }

    fn source(&mut self, source: &Source) {
        match source {
            Source::Table(name) => self.name(name),
            Source::Query(query) => {
                self.push("(");
                self.query(query);
                self.push(")");
            }
            Source::GlobalView { search, range } => {
                self.push("GLOBALVIEW(");
                self.quoted(&search.value, '\'');
                self.push(", ");
                self.quoted(&range.value, '\'');
                self.push(")");
            }
        }
    }

    fn sort(&mut self, sort: &Sort) {
        self.expression(&sort.expr);
        if sort.descending {
            self.push(" DESC");
        }
        if let Some(collate) = &sort.collate {
            self.push(" COLLATE ");
            self.quoted(&collate.value, '\'');
        }
    }

    fn session(&mut self, session: &Session) {
        self.push(" SESSION BY ");
        self.expression(&session.time);
        let can_touch = is_simple(&session.time) && session.keys.first().is_none_or(is_simple);
        self.push(if can_touch { " " } else { ", " });
        self.list(&session.keys, Self::expression);
        for (word, boundary) in [("BEGIN ", &session.begin), ("END ", &session.end)] {
            if let Some(boundary) = boundary {
                self.push(if boundary.explicit { " EXPLICIT " } else { " " });
                self.push(word);
                self.expression(&boundary.condition);
            }
        }
        if let Some(timeout) = session.timeout {
            self.push(&format!(" TIMEOUT {timeout}"));
        }
        if let Some((count, unit)) = session.window {
            self.push(&format!(" TIMEWINDOW {count} {}", unit_text(unit)));
        }
    }

    pub(super) fn time(&mut self, time: &Time) {
        match time {
            Time::Last { count, unit } => self.push(&format!(" LAST {count} {}", unit_text(*unit))),
            Time::Range { start, stop } => {
                self.point(" START ", start.as_ref());
                self.point(" STOP ", stop.as_ref());
            }
            Time::Offense(offense) => {
                self.push(" TIMES OFFENSE_TIME(");
                self.expression(offense);
                self.push(")");
            }
        }
    }

    fn point(&mut self, word: &str, point: Option<&Node<Point>>) {
        let Some(point) = point else { return };
        self.push(word);
        match &point.value {
            Point::Text(text) => self.quoted(text, '\''),
            Point::Millis(millis) => self.push(&millis.to_string()),
            Point::Relative(text) => {
                self.push("PARSEDATETIME(");
                self.quoted(text, '\'');
                self.push(")");
            }
        }
    }
}

/// Whether the expression can stand beside another without a comma: a name that is no word of a clause.
fn is_simple(expression: &Expr) -> bool {
    match &expression.value {
        ExprKind::Name(name) => name.quote == Quote::Double || Keyword::from_word(&name.text).is_none(),
        _ => false,
    }
}

const fn unit_text(unit: Unit) -> &'static str {
    match unit {
        Unit::Second => "SECONDS",
        Unit::Minute => "MINUTES",
        Unit::Hour => "HOURS",
        Unit::Day => "DAYS",
    }
}
