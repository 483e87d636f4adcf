//! From a bound expression to the [`Formula`] of when it is true, for one class of events.
//!
//! AQL has three truth values: a test of a missing value is neither true nor false. So there are two questions, when an
//! expression is true and when it is false, and a negation of a test asks for the value to be there.
//! A CASE is folded into whatever tests it: each arm under its condition and the negation of the earlier ones.

use aql::bound::{Call, Case, Expr, ExprKind, Literal, Pattern, PatternKind, TextTest};
use schema::EVENTS;
use syntax::Span;
use syntax::ast::CompareOperator;

use super::class::{Class, Part, text_of};
use super::compare::{compare, field_comparison};
use super::formula::{FieldKey, Formula, Test};
use super::{erase, names, regex};

/// Folds the expressions of one query for one class.
pub(super) struct Folder<'a> {
    pub(super) class: &'a Class,
}

/// What a value is, once CASE and the class are folded away.
pub(super) enum Leaf<'a> {
    Field(FieldKey),
    Literal(&'a Literal),
    /// A column of the class with none of the values that the query names.
    Other(FieldKey),
    /// The text of a field without these characters.
    Without(FieldKey, Vec<char>),
    /// What Sigma cannot say: a formula that says so.
    Unsayable(Formula),
}

impl Folder<'_> {
    /// When the expression is true, or when it is false.
    pub(super) fn truth(&self, expr: &Expr, wanted: bool) -> Formula {
        match &expr.kind {
            ExprKind::Literal(Literal::Boolean(value)) => Formula::constant(*value == wanted),
            ExprKind::Literal(Literal::Null) => Formula::False,
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                let all = matches!(expr.kind, ExprKind::And(_)) == wanted;
                let parts = parts.iter().map(|it| self.truth(it, wanted));
                if all { Formula::and(parts) } else { Formula::or(parts) }
            }
            ExprKind::Not(inner) => self.truth(inner, !wanted),
            ExprKind::Text(test) => self.text_test(test, wanted != test.negated, expr.span),
            ExprKind::In { operand, list, negated } => self.membership(operand, list, wanted != *negated, expr.span),
            ExprKind::Compare(operator, left, right) => self.comparison(*operator, left, right, wanted, expr.span),
            ExprKind::IsNull { operand, negated } => {
                let present = self.over(operand, &|leaf| Self::presence(leaf, expr.span));
                if wanted == *negated { present } else { present.negated() }
            }
            ExprKind::Case { arms, otherwise } => {
                self.arms(arms, otherwise.as_deref(), &|value| self.truth(value, wanted))
            }
            ExprKind::Call(call) => self.call(call, wanted, expr.span),
            ExprKind::Field(_) | ExprKind::Property(_) => self.over(expr, &|leaf| match leaf {
                Leaf::Field(field) => {
                    let is_true = Formula::atom(field.clone(), Test::IsTrue, expr.span);
                    positive(field, is_true, wanted, expr.span)
                }
                other => constant(other, expr.span, |literal| *literal == Literal::Boolean(wanted)),
            }),
            _ => unsayable(expr.span, describe(expr), HELP),
        }
    }

    /// The first arm whose condition is true decides; `test` is asked of its value.
    fn arms(&self, arms: &[(Expr, Expr)], otherwise: Option<&Expr>, test: &dyn Fn(&Expr) -> Formula) -> Formula {
        let null = Expr::null(Span::default());
        let last = test(otherwise.unwrap_or(&null));
        arms.iter()
            .rev()
            .fold(last, |rest, (condition, value)| Formula::choice(&self.truth(condition, true), test(value), rest))
    }

    /// Asks `test` of each value that the operand can have.
    pub(super) fn over(&self, operand: &Expr, test: &dyn Fn(Leaf<'_>) -> Formula) -> Formula {
        match &operand.kind {
            ExprKind::Literal(literal) => test(Leaf::Literal(literal)),
            ExprKind::Field(column) => match self.class.value(*column) {
                Part::Open => test(Leaf::Field(FieldKey::Column(*column))),
                Part::Is(literal) => test(Leaf::Literal(&literal)),
                Part::Other => test(Leaf::Other(FieldKey::Column(*column))),
            },
            ExprKind::Property(name) => test(Leaf::Field(FieldKey::Property(name.clone()))),
            ExprKind::Convert(inner) => self.over(inner, test),
            ExprKind::Case { arms, otherwise } => {
                self.arms(arms, otherwise.as_deref(), &|value| self.over(value, test))
            }
            ExprKind::Call(Call { function, args }) => match (function.name, args.as_slice()) {
                ("STR" | "UTF8", [inner]) => self.over(inner, test),
                ("REPLACEALL", [pattern, inner, replacement])
                    if replacement.as_text() == Some("") && pattern.as_text().and_then(erase::removed).is_some() =>
                {
                    let removed = pattern.as_text().and_then(erase::removed).unwrap_or_default();
                    self.over(inner, &|leaf| match leaf {
                        Leaf::Field(field) | Leaf::Other(field) => test(Leaf::Without(field, removed.clone())),
                        Leaf::Without(field, others) => {
                            test(Leaf::Without(field, others.into_iter().chain(removed.iter().copied()).collect()))
                        }
                        Leaf::Literal(Literal::Text(whole)) => {
                            let kept = whole.chars().filter(|it| !removed.contains(it)).collect();
                            test(Leaf::Literal(&Literal::Text(kept)))
                        }
                        other => test(other),
                    })
                }
                ("COALESCE", _) => args.iter().rev().fold(test(Leaf::Literal(&Literal::Null)), |rest, arg| {
                    let present = self.over(arg, &|leaf| Self::presence(leaf, arg.span));
                    Formula::choice(&present, self.over(arg, test), rest)
                }),
                _ => test(Leaf::Unsayable(unsayable(operand.span, describe(operand), HELP))),
            },
            _ => test(Leaf::Unsayable(unsayable(operand.span, describe(operand), HELP))),
        }
    }

    /// Whether there is a value.
    fn presence(leaf: Leaf<'_>, span: Span) -> Formula {
        match leaf {
            Leaf::Field(field) | Leaf::Other(field) | Leaf::Without(field, _) => {
                Formula::atom(field, Test::Exists, span)
            }
            other => constant(other, span, |literal| *literal != Literal::Null),
        }
    }

    fn text_test(&self, test: &TextTest, wanted: bool, span: Span) -> Formula {
        self.over(&test.operand, &|leaf| match leaf {
            Leaf::Field(field) => {
                let any = Formula::or(test.patterns.iter().map(|it| pattern(&field, it, test.case)));
                positive(field, any, wanted, span)
            }
            Leaf::Other(field) => {
                let is_equal = |it: &&Pattern| is_whole(it);
                let others = test.patterns.iter().filter(|it| !is_equal(it));
                let any = Formula::or(others.map(|it| pattern(&field, it, test.case)));
                positive(field, any, wanted, span)
            }
            Leaf::Without(field, removed) => {
                let any = Formula::or(test.patterns.iter().map(|it| skipping(&field, it, test.case, &removed)));
                positive(field, any, wanted, span)
            }
            Leaf::Literal(Literal::Null) => Formula::False,
            Leaf::Literal(literal) => {
                Formula::constant(text_of(literal).is_some_and(|it| is_match(test, &it)) == wanted)
            }
            Leaf::Unsayable(formula) => formula,
        })
    }

    fn membership(&self, operand: &Expr, list: &[Expr], wanted: bool, span: Span) -> Formula {
        let has_null = list.iter().any(|it| it.as_literal() == Some(&Literal::Null));
        let tests: Vec<Formula> = list
            .iter()
            .filter(|it| it.as_literal() != Some(&Literal::Null))
            .map(|it| self.comparison(CompareOperator::Equal, operand, it, wanted, span))
            .collect();
        if wanted {
            return Formula::or(tests);
        }
        if has_null { Formula::False } else { Formula::and(tests) }
    }

    fn comparison(&self, operator: CompareOperator, left: &Expr, right: &Expr, wanted: bool, span: Span) -> Formula {
        if let Some(formula) = self.computed(operator, left, right, wanted) {
            return formula;
        }
        if let Some(formula) = self.two_fields(operator, left, right, wanted, span) {
            return formula;
        }
        self.over(right, &|right| match right {
            Leaf::Literal(Literal::Null) => Formula::False,
            Leaf::Literal(right) => self.over(left, &|left| match left {
                Leaf::Literal(Literal::Null) => Formula::False,
                Leaf::Literal(left) => Formula::constant(compare(operator, left, right) == Some(wanted)),
                Leaf::Other(field) if matches!(operator, CompareOperator::Equal | CompareOperator::NotEqual) => {
                    let differs = (operator == CompareOperator::NotEqual) == wanted;
                    if differs { Formula::atom(field, Test::Exists, span) } else { Formula::False }
                }
                Leaf::Field(field) | Leaf::Other(field) => field_comparison(field, operator, right, wanted, span),
                Leaf::Without(..) => unsayable(span, "the function `REPLACEALL` here".to_owned(), HELP),
                Leaf::Unsayable(formula) => formula,
            }),
            Leaf::Unsayable(formula) => formula,
            _ => unsayable(span, "a comparison of two fields".to_owned(), "compare with a constant, or two texts by ="),
        })
    }

    /// Two texts of the same event compared by `=`.
    fn two_fields(
        &self,
        operator: CompareOperator,
        left: &Expr,
        right: &Expr,
        wanted: bool,
        span: Span,
    ) -> Option<Formula> {
        let (left, right) = (self.open_field(left)?, self.open_field(right)?);
        let is_equality = matches!(operator, CompareOperator::Equal | CompareOperator::NotEqual);
        if !is_equality {
            return None;
        }
        let wanted = wanted == (operator == CompareOperator::Equal);
        let exists = |field: &FieldKey| Formula::atom(field.clone(), Test::Exists, span);
        let both = [exists(&left), exists(&right)];
        let same = Formula::atom(left, Test::Field(right), span);
        Some(if wanted { same } else { Formula::and(both.into_iter().chain([same.negated()])) })
    }

    fn open_field(&self, expr: &Expr) -> Option<FieldKey> {
        match &expr.kind {
            ExprKind::Field(column) if self.class.value(*column) == Part::Open => Some(FieldKey::Column(*column)),
            ExprKind::Property(name) => Some(FieldKey::Property(name.clone())),
            ExprKind::Convert(inner) => self.open_field(inner),
            ExprKind::Call(Call { function, args }) if matches!(function.name, "LOWER" | "UPPER") => {
                self.open_field(args.first()?)
            }
            _ => None,
        }
    }

    fn call(&self, call: &Call, wanted: bool, span: Span) -> Formula {
        let text = |index: usize| call.args.get(index).and_then(Expr::as_text);
        match (call.function.name, call.args.as_slice()) {
            ("INCIDR", [_, address]) if text(0).is_some() => {
                let block = text(0).unwrap_or_default().trim().to_owned();
                self.over(address, &|leaf| match leaf {
                    Leaf::Field(field) | Leaf::Other(field) => {
                        let inside = Formula::atom(field.clone(), Test::Cidr(block.clone()), span);
                        positive(field, inside, wanted, span)
                    }
                    Leaf::Literal(Literal::Null) => Formula::False,
                    Leaf::Literal(_) | Leaf::Without(..) => {
                        unsayable(span, "an address block and this".to_owned(), HELP)
                    }
                    Leaf::Unsayable(formula) => formula,
                })
            }
            ("REFERENCESETCONTAINS", [_, value]) if text(0).is_some() => {
                let set = text(0).unwrap_or_default().to_owned();
                self.over(value, &|leaf| match leaf {
                    Leaf::Field(field) | Leaf::Other(field) => {
                        let inside = Formula::atom(field, Test::Reference(set.clone()), span);
                        if wanted { inside } else { inside.negated() }
                    }
                    Leaf::Literal(Literal::Null) => Formula::constant(!wanted),
                    Leaf::Literal(_) | Leaf::Without(..) => {
                        unsayable(span, "a reference set and this".to_owned(), HELP)
                    }
                    Leaf::Unsayable(formula) => formula,
                })
            }
            _ => unsayable(span, format!("the function `{}`", call.function.name), HELP),
        }
    }
}

pub(super) const HELP: &str = "test a field of the event with =, LIKE, MATCHES, IN, <, >, INCIDR or IS NULL";

/// A test that is false of a missing value, or its negation, which asks for the value.
pub(super) fn positive(field: FieldKey, test: Formula, wanted: bool, span: Span) -> Formula {
    match wanted {
        true => test,
        // Every event has a text.
        false if names::is_whole_event(&field) => test.negated(),
        false => Formula::and([Formula::atom(field, Test::Exists, span), test.negated()]),
    }
}

fn constant(leaf: Leaf<'_>, span: Span, is_true: impl Fn(&Literal) -> bool) -> Formula {
    match leaf {
        Leaf::Literal(literal) => Formula::constant(is_true(literal)),
        Leaf::Unsayable(formula) => formula,
        Leaf::Field(_) | Leaf::Other(_) => unsayable(span, "a field as a condition".to_owned(), HELP),
        Leaf::Without(..) => unsayable(span, "the function `REPLACEALL` here".to_owned(), HELP),
    }
}

/// A condition that Sigma cannot say.
pub(super) fn unsayable(span: Span, what: String, help: &str) -> Formula {
    // Each stands for itself: two that look alike need not be alike.
    let field = FieldKey::Property(format!("{}..{}", span.start, span.end));
    Formula::atom(field, Test::Unsayable { what, help: help.to_owned() }, span)
}

/// What an expression is, in the words of a message.
fn describe(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Call(call) => format!("the function `{}`", call.function.name),
        ExprKind::Aggregate(call) => format!("the aggregate `{}`", call.function.name),
        ExprKind::Binary(..) | ExprKind::Unary(..) => "arithmetic".to_owned(),
        ExprKind::InQuery { .. } => "a sub-select".to_owned(),
        ExprKind::SessionId => "a session".to_owned(),
        _ => "this condition".to_owned(),
    }
}

/// One pattern in its plainest form.
fn pattern(field: &FieldKey, pattern: &Pattern, case: Case) -> Formula {
    let kind = if is_whole(pattern) { PatternKind::Equal } else { pattern.kind };
    let has_case = |it: char| it.is_uppercase() || it.is_lowercase();
    let case = match (kind, case) {
        // LOWER() never yields a capital.
        (PatternKind::Equal | PatternKind::Like, Case::Lowered) if pattern.text.chars().any(char::is_uppercase) => {
            return Formula::False;
        }
        (PatternKind::Equal | PatternKind::Like, Case::Lowered) => Case::Insensitive,
        (PatternKind::Equal | PatternKind::Like, Case::Sensitive)
            if !pattern.text.chars().any(has_case) || names::has_one_spelling(field) =>
        {
            Case::Insensitive
        }
        (_, case) => case,
    };
    Formula::atom(field.clone(), Test::Text { kind, text: pattern.text.clone(), case }, pattern.span)
}

/// One pattern over a text without some characters.
fn skipping(field: &FieldKey, pattern: &Pattern, case: Case, removed: &[char]) -> Formula {
    let refused =
        |what: String| unsayable(pattern.span, what, "test the field itself with a pattern that allows for them");
    let portable = match pattern.kind {
        PatternKind::Regex => match regex::portable(&pattern.text) {
            Ok(portable) => portable,
            Err(what) => return refused(what),
        },
        PatternKind::Equal => regex::of_text(&pattern.text, false),
        PatternKind::Like => regex::of_text(&pattern.text, true),
    };
    let Some(text) = erase::skipping(&portable.text, removed, portable.flags.contains(&'s')) else {
        return refused("this pattern over the function `REPLACEALL`".to_owned());
    };
    let flags: String = portable.flags.iter().collect();
    let text = if flags.is_empty() { text } else { format!("(?{flags}){text}") };
    Formula::atom(field.clone(), Test::Text { kind: PatternKind::Regex, text, case }, pattern.span)
}

fn is_whole(pattern: &Pattern) -> bool {
    match pattern.kind {
        PatternKind::Equal => true,
        PatternKind::Like => !pattern.text.contains(['%', '_']),
        PatternKind::Regex => false,
    }
}

/// Whether a constant text passes the test, its negation apart.
fn is_match(test: &TextTest, value: &str) -> bool {
    // The binder has compiled each pattern before.
    test.matcher().is_ok_and(|it| it.is_match(value))
}

/// The name of a field for a message.
pub(super) fn title(field: &FieldKey) -> &str {
    match field {
        FieldKey::Column(column) => EVENTS.fields.get(*column).map_or("?", |it| it.name),
        FieldKey::Property(name) => name,
    }
}
