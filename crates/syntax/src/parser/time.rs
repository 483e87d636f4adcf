//! The time clause: LAST, START and STOP, TIMES.

use crate::ast::{ExprKind, Point, Time, Unit};
use crate::token::{Keyword, TokenKind};
use crate::{Diagnostic, Node, Safety, Span};

use super::cursor::Parser;

impl Parser<'_> {
    pub(super) fn time(&mut self) -> Option<Node<Time>> {
        let first = self.peek();
        let time = match self.keyword_at(0)? {
            Keyword::Last => self.last(),
            Keyword::Times => self.offense_time(),
            _ => self.range(),
        };
        time.map(|it| Node::new(it, self.span_from(first.span.start)))
    }

    fn last(&mut self) -> Option<Time> {
        self.advance();
        let token = self.peek();
        if token.kind == TokenKind::Text && self.unquoted(token).bytes().all(|it| it.is_ascii_digit()) {
            let digits = self.unquoted(token);
            self.report(
                Diagnostic::error("quoted-number", token.span, "the number after LAST stands without quotes")
                    .with_fix(Safety::Safe, vec![(token.span, digits)]),
            );
            self.advance();
            self.unit();
            return None;
        }
        let count = self.unsigned("a number, as in `LAST 24 HOURS`");
        if count.is_none() && self.unit_here().is_none() {
            return None;
        }
        let unit = self.unit()?;
        Some(Time::Last { count: count?.value, unit })
    }

    /// A unit of time; reports when there is none.
    pub(super) fn unit(&mut self) -> Option<Unit> {
        if let Some(unit) = self.unit_here() {
            self.advance();
            return Some(unit);
        }
        let token = self.peek();
        let word = self.source(token.span).to_ascii_uppercase();
        let days = match word.as_str() {
            "WEEK" | "WEEKS" => Some(7),
            "MONTH" | "MONTHS" => Some(30),
            "YEAR" | "YEARS" => Some(365),
            _ => None,
        };
        let Some(days) = days else {
            self.expected_with("a unit of time", |it| it.with_help("the units are MINUTES, HOURS and DAYS"));
            return None;
        };
        let count = self.previous().filter(|it| it.kind == TokenKind::Integer).map_or(Span::default(), |it| it.span);
        let number: Option<u64> = self.source(count).parse().ok().and_then(|it: u64| it.checked_mul(days));
        let message = format!("there is no unit `{word}`");
        let mut diagnostic =
            Diagnostic::error("time-unit", token.span, message).with_help("the units are MINUTES, HOURS and DAYS");
        if let Some(number) = number {
            diagnostic = diagnostic.with_fix(Safety::Unsafe, vec![(count.to(token.span), format!("{number} DAYS"))]);
        }
        self.report(diagnostic);
        self.advance();
        None
    }

    /// The unit of time that stands here, if one does.
    pub(super) fn unit_here(&self) -> Option<Unit> {
        const UNITS: [(&str, &str, Unit); 4] = [
            ("SECOND", "SECONDS", Unit::Second),
            ("MINUTE", "MINUTES", Unit::Minute),
            ("HOUR", "HOURS", Unit::Hour),
            ("DAY", "DAYS", Unit::Day),
        ];
        UNITS.iter().find(|(one, many, _)| self.word_is(0, one) || self.word_is(0, many)).map(|it| it.2)
    }

    fn range(&mut self) -> Option<Time> {
        let first_start = self.peek().span;
        let has_start = self.accept_keyword(Keyword::Start);
        let start = if has_start { self.point() } else { None };
        let has_stop = self.accept_keyword(Keyword::Stop);
        let stop = if has_stop { self.point() } else { None };
        if (has_start && start.is_none()) || (has_stop && stop.is_none()) {
            return None;
        }
        if start.is_none() && self.at_keyword(Keyword::Start) {
            let place = self.advance().span;
            let start = self.point()?;
            let stop_text = self.source(Span::new(first_start.start, self.text[..place.start].trim_end().len()));
            let start_text = self.source(self.span_from(place.start));
            let whole = self.span_from(first_start.start);
            let fix = format!("{start_text} {stop_text}");
            self.report(
                Diagnostic::warning("clause-order", place, "START stands behind STOP")
                    .with_help("write START first")
                    .with_fix(Safety::Safe, vec![(whole, fix)]),
            );
            return Some(Time::Range { start: Some(start), stop });
        }
        Some(Time::Range { start, stop })
    }

    fn point(&mut self) -> Option<Node<Point>> {
        let token = self.peek();
        let point = match token.kind {
            TokenKind::Text => {
                self.advance();
                Point::Text(self.unquoted(token))
            }
            TokenKind::Integer => {
                let value = self.unsigned("a time")?;
                let Ok(millis) = i64::try_from(value.value) else {
                    let message = format!("`{}` is too large for a time", value.value);
                    self.report(Diagnostic::error("number-too-large", value.span, message));
                    return None;
                };
                Point::Millis(millis)
            }
            TokenKind::Word(_) if self.word_is(0, "PARSEDATETIME") => {
                self.advance();
                let opening = self.peek().span;
                if !self.open("`(`") {
                    return None;
                }
                let text = self.string("a time in words, such as `'1 hour ago'`")?;
                self.close(opening);
                Point::Relative(text.value)
            }
            _ => {
                let help = "write `'2024-05-01 12:00'`, milliseconds since 1970, or `PARSEDATETIME('1 hour ago')`";
                self.expected_with("a time", |it| it.with_help(help));
                self.skip_balanced(true);
                return None;
            }
        };
        Some(Node::new(point, self.span_from(token.span.start)))
    }

    fn offense_time(&mut self) -> Option<Time> {
        self.advance();
        if !self.word_is(0, "OFFENSE_TIME") {
            self.expected("`OFFENSE_TIME(id)`");
            return None;
        }
        let call = self.expression_at(crate::precedence::VALUE);
        match call.value {
            ExprKind::Call(mut call) if call.args.len() == 1 => call.args.pop().map(Time::Offense),
            _ => {
                let message = "OFFENSE_TIME takes the number of one offense";
                self.report(Diagnostic::error("unexpected-text", call.span, message));
                None
            }
        }
    }
}
