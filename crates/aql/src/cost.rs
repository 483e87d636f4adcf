//! What a query costs, told without data: which of its tests keep events from being read, which run on each row that is
//! left, and which of those are expensive. Made of the same guards and fields that a scan uses.

use schema::EVENTS;
use syntax::Span;

use crate::Category;
use crate::bound::{Expr, ExprKind, Guard, GuardValue, PatternKind, Query, TextTest, Window};

/// Values of a guard that are told.
const VALUES_TOLD: usize = 8;

/// What a query costs.
#[derive(Clone, Debug)]
pub struct Cost {
    /// The fields whose tests keep events out before any row is looked at, in words: `devicetype = 12`.
    pub prunes: Vec<String>,
    /// The time clause in words, if there is one: a scan of files ignores it, QRadar reads no more than it.
    pub window: Option<String>,
    /// The fields that are read, by name.
    pub fields: Vec<&'static str>,
    /// Whether the properties that no field describes are read.
    pub reads_properties: bool,
    /// How many tests of text run on a row at most, and with how many patterns.
    pub text_tests: (usize, usize),
    /// How many of the patterns are regular expressions.
    pub regexes: usize,
    /// Tests that cost more than others, in the order of the text.
    pub expensive: Vec<Expense>,
}

/// A test that costs more than others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expense {
    /// The test in the text.
    pub span: Span,
    /// Why, a short phrase.
    pub why: &'static str,
}

impl Query {
    /// What the query costs.
    pub fn cost(&self) -> Cost {
        let mut rows = PerRow::default();
        self.visit(&mut |it| rows.add(it));
        rows.expensive.extend(
            self.subqueries
                .iter()
                .map(|it| Expense { span: it.span, why: "the sub-select is a pass of its own, before the query" }),
        );
        rows.expensive.sort_unstable();
        rows.expensive.dedup();
        let fields = self.fields_read();
        Cost {
            prunes: self.class_guards().iter().map(in_words).collect(),
            window: self.window.as_ref().map(window_in_words),
            fields: fields.into_iter().filter_map(|it| EVENTS.fields.get(it)).map(|it| it.name).collect(),
            reads_properties: self.reads_properties(),
            text_tests: (rows.tests, rows.patterns),
            regexes: rows.regexes,
            expensive: rows.expensive,
        }
    }
}

/// What runs on a row. An alias that stands in several places is counted in each: each is evaluated.
#[derive(Default)]
struct PerRow {
    tests: usize,
    patterns: usize,
    regexes: usize,
    expensive: Vec<Expense>,
}

impl PerRow {
    fn add(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Text(test) => self.add_text(test),
            ExprKind::In { operand, list, .. } => {
                let looks_up = |it: &Expr| {
                    matches!(&it.kind, ExprKind::Call(call) if matches!(
                        call.function.category,
                        Category::Lookup | Category::Asset | Category::Geography | Category::ReferenceData
                    ))
                };
                if looks_up(operand) || list.iter().any(looks_up) {
                    self.expense(expr.span, "a lookup within IN is made again for each row");
                }
            }
            ExprKind::Call(call) if call.function.category == Category::ThreatIntelligence => {
                self.expense(expr.span, "asks a service for each row");
            }
            _ => {}
        }
    }

    fn add_text(&mut self, test: &TextTest) {
        self.tests += 1;
        self.patterns += test.patterns.len();
        let is_payload = reads_payload(&test.operand);
        for pattern in &test.patterns {
            match pattern.kind {
                PatternKind::Regex => {
                    self.regexes += 1;
                    let regex = pattern.regex(test.case);
                    if regex.is_none_or(|it| it.required_literals().is_none()) {
                        self.expense(pattern.span, "a regular expression without fixed text: tried at each character");
                    } else if is_payload {
                        self.expense(pattern.span, "a regular expression over the whole payload");
                    }
                }
                PatternKind::Like if is_payload && pattern.text.starts_with('%') => {
                    self.expense(pattern.span, "a leading wildcard over the whole payload");
                }
                PatternKind::Like | PatternKind::Equal => {}
            }
        }
    }

    fn expense(&mut self, span: Span, why: &'static str) {
        self.expensive.push(Expense { span, why });
    }
}

fn reads_payload(operand: &Expr) -> bool {
    let payload = EVENTS.position("payload");
    let mut found = false;
    operand.visit(&mut |it| found |= matches!(it.kind, ExprKind::Field(field) if Some(field) == payload));
    found
}

fn in_words(guard: &Guard) -> String {
    let name = EVENTS.fields.get(guard.field).map_or("?", |it| it.name);
    let value = |it: &GuardValue| match it {
        GuardValue::Integer(number) => number.to_string(),
        GuardValue::Text(text) => text.clone(),
    };
    let told: Vec<String> = guard.values.iter().take(VALUES_TOLD).map(value).collect();
    let more = guard.values.len().saturating_sub(told.len());
    let rest = if more > 0 { format!(" or {more} more") } else { String::new() };
    format!("{name} {}{rest}", told.join(" or "))
}

fn window_in_words(window: &Window) -> String {
    match window {
        Window::Last { length_ms } => format!("the last {} minutes", length_ms / 60_000),
        Window::Range { .. } => "between START and STOP".to_owned(),
        Window::Offense { id } => format!("the time of offense {id}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Environment, Options, compile_filter};

    #[test]
    fn expressions_without_fixed_text_are_expensive() {
        let options = Options::new(Environment::new(0));
        for (regex, is_expensive) in [
            ("psexec", false),
            (r"\\sc\.exe$", false),
            ("(certutil|mshta)", false),
            (".*", true),
            ("[a-z]+", true),
            (r"\w{4}", true),
            ("(certutil|[0-9]+)", true),
        ] {
            let text = format!("CommandLine MATCHES '{regex}'");
            let query = compile_filter(&text, &EVENTS, &options).query.expect("it compiles");
            assert_eq!(!query.cost().expensive.is_empty(), is_expensive, "{regex}");
        }
    }
}
