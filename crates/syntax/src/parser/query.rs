//! A query: SELECT, FROM and the clauses, in whatever order they stand.

use crate::ast::{Name, Query, Quote, Source};
use crate::token::{Keyword, TokenKind};
use crate::{Diagnostic, Label, Node, Safety, Span};

use super::clauses::Clause;
use super::cursor::Parser;

/// How many levels of nesting a sub-select counts as.
const QUERY_LEVELS: u32 = 3;

/// A query of which nothing could be read.
pub(super) fn empty_query(span: Span) -> Query {
    Query {
        select: Vec::new(),
        source: Node::new(Source::Table(Name { text: "events".to_owned(), quote: Quote::None }), span),
        into: None,
        filter: None,
        session: None,
        group_by: Vec::new(),
        having: None,
        order_by: Vec::new(),
        limit: None,
        time: None,
        parameters: Vec::new(),
    }
}

impl Parser<'_> {
    /// Whether the text begins as a query does; says what is wrong when not.
    pub(super) fn begins_with_select(&mut self) -> bool {
        let token = self.peek();
        if self.at_keyword(Keyword::Select) {
            return true;
        }
        if token.kind == TokenKind::End {
            let place = Span::new(0, 0);
            let message = "there is no query in this text";
            self.report(Diagnostic::error("empty-query", place, message).with_help("a query begins with `SELECT`"));
        } else if self.correct_select() {
            return true;
        } else if !self.report_unsupported() {
            let help = if self.is_bare_filter() {
                "a filter alone is no query: write `SELECT * FROM events WHERE ...`"
            } else {
                "a query reads `SELECT columns FROM events ...`"
            };
            self.expected_with("`SELECT`", |it| it.with_help(help));
        }
        // A query may follow what does not belong there.
        while !matches!(self.peek().kind, TokenKind::End | TokenKind::Word(Some(Keyword::Select))) {
            self.advance();
        }
        self.at_keyword(Keyword::Select)
    }

    /// Whether the text begins with a name and its test, as a filter does.
    fn is_bare_filter(&self) -> bool {
        let is_test = |it| matches!(it, Keyword::Like | Keyword::ILike | Keyword::Matches | Keyword::IMatches);
        let is_word_test =
            |it| is_test(it) || matches!(it, Keyword::In | Keyword::Is | Keyword::Not | Keyword::Between);
        self.name_here().is_some() && (self.at_comparison(1) || self.keyword_at(1).is_some_and(is_word_test))
    }

    /// `SELECT ... FROM ...` and its clauses.
    pub(super) fn query(&mut self) -> Query {
        let start = self.peek().span;
        let mut query = empty_query(start);
        if !self.enter(QUERY_LEVELS) {
            return query;
        }
        let outer_height = std::mem::take(&mut self.height);
        let in_select_list = self.in_select_list;
        self.advance();
        query.select = self.select_list();
        self.in_select_list = false;
        query.source = self.from(start);
        self.clauses(&mut query);
        self.in_select_list = in_select_list;
        self.grow();
        self.height = outer_height.max(self.height);
        self.leave(QUERY_LEVELS);
        query
    }

    /// A query inside parentheses, which the caller opens and closes.
    pub(super) fn subselect(&mut self) -> Query {
        self.subselects += 1;
        let query = self.query();
        self.subselects -= 1;
        query
    }

    fn from(&mut self, start: Span) -> Node<Source> {
        let place = self.end_span();
        if !self.at_keyword(Keyword::From) {
            if !self.has_error_here() {
                let found = self.describe(self.peek());
                self.report(
                    Diagnostic::error("missing-from", place, format!("expected `FROM`, found {found}"))
                        .with_label("expected `FROM events`"),
                );
            }
            self.skip_balanced(true);
        }
        if self.accept_keyword(Keyword::From) { self.table_or_query() } else { empty_query(start).source }
    }

    /// All clauses after the source.
    fn clauses(&mut self, query: &mut Query) {
        let mut seen: Vec<(Clause, Span)> = Vec::new();
        loop {
            if let Some(clause) = self.clause_word() {
                self.clause(clause, query, &mut seen);
            } else if self.at(TokenKind::CloseParen) && self.subselects == 0 {
                self.unmatched_parenthesis();
            } else if self.ends_query() || !self.read_over_unknown(&seen) {
                return;
            }
        }
    }

    fn ends_query(&self) -> bool {
        matches!(self.peek().kind, TokenKind::End | TokenKind::Semicolon | TokenKind::CloseParen)
    }

    fn clause(&mut self, clause: Clause, query: &mut Query, seen: &mut Vec<(Clause, Span)>) {
        let start = self.peek().span;
        let first = seen.iter().find(|(it, _)| *it == clause).map(|(_, span)| *span);
        if let Some(first) = first {
            self.report_duplicate(clause, start, first);
            // Read for its errors only; the first one stays.
            let mut ignored = empty_query(start);
            self.clause_body(clause, &mut ignored);
            return;
        }
        self.clause_body(clause, query);
        let span = self.span_from(start.start);
        let later = seen.iter().filter(|(it, _)| *it > clause).min_by_key(|(_, span)| span.start);
        if let Some((later, place)) = later {
            self.report_order(clause, span, *later, *place);
        }
        seen.push((clause, span));
    }

    fn report_duplicate(&mut self, clause: Clause, second: Span, first: Span) {
        let name = clause.name();
        let mut diagnostic =
            Diagnostic::error("duplicate-clause", second, format!("{name} is given twice")).with_label("given again");
        diagnostic.labels.push(Label { span: first, message: "first given here".to_owned() });
        self.report(diagnostic.with_help("keep one of them"));
    }

    /// The clause is moved to its documented place, with a warning.
    fn report_order(&mut self, clause: Clause, span: Span, later: Clause, place: Span) {
        let text = self.source(span).to_owned();
        let name = clause.name();
        let later = later.name();
        let gap = Span::new(span.start - self.blank_before(span.start), span.end);
        let edits = vec![(Span::new(place.start, place.start), format!("{text} ")), (gap, String::new())];
        self.report(
            Diagnostic::warning("clause-order", span, format!("{name} stands behind {later}"))
                .with_label(format!("belongs before {later}"))
                .with_note(
                    "QRadar expects: INTO, WHERE, SESSION BY, GROUP BY, HAVING, ORDER BY, LIMIT, time, PARAMETERS",
                )
                .with_help(format!("move {name}"))
                .with_fix(Safety::Safe, edits),
        );
    }

    fn blank_before(&self, place: usize) -> usize {
        place - self.text[..place].trim_end().len()
    }

    /// Text that is no clause. False when reading should end here.
    fn read_over_unknown(&mut self, seen: &[(Clause, Span)]) -> bool {
        let reported = self.has_error_here();
        if self.report_unsupported() || !reported && self.correct_clause() {
            return true;
        }
        if reported {
            self.advance();
            self.skip_balanced(true);
            return true;
        }
        let is_complete = seen.iter().any(|(it, _)| matches!(it, Clause::Time | Clause::Parameters));
        if is_complete {
            self.text_after_end();
            return false;
        }
        self.expected("an operator or a clause");
        self.advance();
        self.skip_balanced(true);
        true
    }

    /// What is left after the query is named and read over.
    pub(super) fn text_after_end(&mut self) {
        let first = self.peek();
        let reported = self.has_error_here();
        while !self.at(TokenKind::End) {
            self.advance();
        }
        let span = self.span_from(first.span.start);
        // What is wrong inside that text is of no interest.
        self.diagnostics.retain(|it| it.span.start < span.start || reported);
        if reported {
            return;
        }
        let excerpt = self.excerpt(span);
        let line_end = self.source(span).find('\n').map_or(span.end, |it| span.start + it);
        self.report(
            Diagnostic::error(
                "text-after-query",
                Span::new(span.start, line_end),
                format!("text after the end: `{excerpt}`"),
            )
            .with_label("the query ends before this")
            .with_help("remove it, or write it as a comment: `-- ...`")
            .with_fix(Safety::Unsafe, vec![(span, String::new())]),
        );
    }
}
