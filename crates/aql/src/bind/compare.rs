//! Comparisons, IN and BETWEEN, with the conversions of `reference/aql.md` section 3.2: a quoted number compares with
//! a number, a bare number with text as text, an address by what it denotes.

use schema::Type;
use syntax::ast::{self, CompareOperator, ExprKind as Ast, InList};
use syntax::{Diagnostic, Safety, Span};

use super::arithmetic::number_literal;
use super::{Binder, type_name};
use crate::bound::{Case, Expr, ExprKind, Literal, Pattern, PatternKind, TextTest};
use crate::lints;

impl<'q> Binder<'_, '_, 'q> {
    pub(super) fn comparison(
        &mut self,
        operator: CompareOperator,
        left: &'q ast::Expr,
        right: &'q ast::Expr,
        span: Span,
    ) -> Expr {
        self.warn_of_quoted_name(left, right);
        if matches!(left.value, Ast::Name(_)) && self.is_unknown_quoted(right) {
            self.say_quoted_text(right);
        }
        let (left, right) = (self.expr(left), self.expr(right));
        self.compare(operator, left, right, span)
    }

    /// A comparison of bound values. Constants go to the right.
    pub(super) fn compare(&mut self, operator: CompareOperator, left: Expr, right: Expr, span: Span) -> Expr {
        self.warn_of_null(operator, &left, &right, span);
        if left.as_literal().is_some() && right.as_literal().is_none() {
            return self.compare(operator.mirrored(), right, left, span);
        }
        match operator {
            CompareOperator::Equal => self.equality(left, right, span),
            CompareOperator::NotEqual => {
                let equal = self.equality(left, right, span);
                Self::not(equal, span)
            }
            _ => self.ordering(operator, left, right, span),
        }
    }

    fn equality(&mut self, left: Expr, right: Expr, span: Span) -> Expr {
        if matches!(left.value_type, Type::Integers | Type::Texts) {
            return self.membership(left, vec![right], span);
        }
        let right = self.like(&left, right);
        match (left.value_type, right.as_text()) {
            (Type::Text, Some(_)) => self.equals_texts(left, vec![right], span),
            _ => self.same_type(CompareOperator::Equal, left, right, span),
        }
    }

    /// `=` or IN of text against constant texts.
    fn equals_texts(&mut self, operand: Expr, values: Vec<Expr>, span: Span) -> Expr {
        let pattern = |it: Expr| {
            let text = it.as_text().unwrap_or_default().to_owned();
            Pattern { kind: PatternKind::Equal, text, span: it.span, regex: None }
        };
        let patterns = values.into_iter().map(pattern).collect();
        let test = TextTest { operand: Box::new(operand), patterns, case: Case::Sensitive, negated: false };
        self.canonical(test, span)
    }

    fn ordering(&mut self, operator: CompareOperator, left: Expr, right: Expr, span: Span) -> Expr {
        let is_number =
            |it: &Expr| it.value_type.is_numeric() || it.as_text().is_some_and(|it| number_literal(it).is_some());
        let reads_left = left.value_type == Type::Text && is_number(&right);
        let reads_right =
            right.value_type == Type::Text && right.as_literal().is_none() && left.value_type.is_numeric();
        if reads_left || reads_right {
            return self.same_type(operator, as_double(left), as_double(right), span);
        }
        let right = self.like(&left, right);
        self.same_type(operator, left, right, span)
    }

    /// The comparison, once both sides are of like type.
    fn same_type(&mut self, operator: CompareOperator, left: Expr, right: Expr, span: Span) -> Expr {
        let (one, other) = (left.value_type, right.value_type);
        let is_text = |it: Type| matches!(it, Type::Text | Type::Host | Type::Mac);
        let fits = one == Type::Null
            || other == Type::Null
            || one.is_numeric() && other.is_numeric()
            || one == other && one != Type::Bytes
            || is_text(one) && is_text(other);
        if fits {
            let kind = ExprKind::Compare(operator, Box::new(left), Box::new(right));
            return Expr::new(kind, Type::Boolean, span);
        }
        let message =
            format!("wrong argument type: `{}` cannot be compared with `{}`", type_name(one), type_name(other));
        let bytes = [&left, &right].into_iter().find(|it| it.value_type == Type::Bytes).map(|it| it.span);
        let mut diagnostic = Diagnostic::error("wrong-argument-type", span, message);
        if let Some(bytes) = bytes {
            let written = self.context.source(bytes);
            diagnostic = diagnostic
                .with_help(format!("UTF8({written}) is its text"))
                .with_fix(Safety::Unsafe, vec![(bytes, format!("UTF8({written})"))]);
        }
        self.context.say(diagnostic);
        Expr::null(span)
    }

    /// `right`, converted to be comparable with `left`. A constant that can never be equal becomes null, with a word.
    pub(super) fn like(&mut self, left: &Expr, right: Expr) -> Expr {
        let span = right.span;
        match (left.value_type, right.as_literal()) {
            (Type::Integer | Type::Double | Type::Port | Type::Time, Some(Literal::Text(text))) => {
                match (self.number_like(left.value_type, text), left.value_type) {
                    (Some(Literal::Integer(value)), Type::Double) => Expr::literal(Literal::Double(value as f64), span),
                    (Some(Literal::Integer(value)), value_type) => {
                        Expr { kind: ExprKind::Literal(Literal::Integer(value)), value_type, span }
                    }
                    (Some(literal), _) => Expr::literal(literal, span),
                    (None, _) => self.never_equal(left, span),
                }
            }
            (Type::Text, Some(Literal::Integer(_) | Literal::Double(_))) => {
                Expr::literal(Literal::Text(self.number_text(span, &right)), span)
            }
            (Type::Text, Some(Literal::Boolean(value))) => Expr::literal(Literal::Text(value.to_string()), span),
            (Type::Boolean, Some(Literal::Text(text))) => match text.to_ascii_lowercase().as_str() {
                "true" => Expr::literal(Literal::Boolean(true), span),
                "false" => Expr::literal(Literal::Boolean(false), span),
                _ => self.never_equal(left, span),
            },
            (Type::Boolean, Some(Literal::Integer(value @ (0 | 1)))) => {
                Expr::literal(Literal::Boolean(*value == 1), span)
            }
            (Type::Host, Some(Literal::Text(text))) => match super::address::canonical_address(text) {
                Some(address) => Expr { kind: ExprKind::Literal(Literal::Text(address)), value_type: Type::Host, span },
                None => self.not_an_address(span),
            },
            (Type::Mac, Some(Literal::Text(text))) => {
                let text = super::address::canonical_mac(text);
                Expr { kind: ExprKind::Literal(Literal::Text(text)), value_type: Type::Mac, span }
            }
            _ => converted_like(left, right),
        }
    }

    /// A constant text as a number of the other side's type; a date for a time.
    fn number_like(&self, wanted: Type, text: &str) -> Option<Literal> {
        let number = number_literal(text);
        if wanted == Type::Time && number.is_none() {
            let zone = &self.context.options.environment.time_zone;
            return super::time::moment_of_text(text, zone).map(Literal::Integer);
        }
        number
    }

    /// A bare number as the text that it is compared with: as it was written, so that `007` stays.
    fn number_text(&self, span: Span, literal: &Expr) -> String {
        let written = self.context.source(span);
        if !written.is_empty() && written.chars().all(|it| it.is_ascii_digit() || it == '.') {
            return written.to_owned();
        }
        match literal.as_literal() {
            Some(Literal::Integer(value)) => value.to_string(),
            Some(Literal::Double(value)) => value.to_string(),
            _ => String::new(),
        }
    }

    fn never_equal(&mut self, left: &Expr, span: Span) -> Expr {
        let message = format!("{} is no `{}`", self.context.source(span), type_name(left.value_type));
        let name = self.context.source(left.span);
        let mut diagnostic = lints::NEVER_EQUAL
            .at(span, message)
            .with_label("this comparison is never true")
            .with_note(format!("{name} is compared with it"));
        // `CASE flowtype ... END AS flowtype`: the text may be one of the column's.
        if matches!(left.kind, ExprKind::Field(_)) && self.alias(name.trim_matches('"')).is_some() {
            diagnostic = diagnostic.with_help("a field wins over the column of its name: give the column another name");
        }
        self.context.say(diagnostic);
        Expr::null(span)
    }

    fn not_an_address(&mut self, span: Span) -> Expr {
        let message = format!("{} is not an address", self.context.source(span));
        let diagnostic = lints::INVALID_ADDRESS
            .at(span, message)
            .with_label("equal to no address")
            .with_note("a text beside an address is read as an IPv4 or IPv6 address")
            .with_help("INCIDR('10.0.0.0/8', ip) tests for a network, STR(ip) LIKE '10.%' for a beginning");
        self.context.say(diagnostic);
        Expr::null(span)
    }

    pub(super) fn in_list(&mut self, operand: &'q ast::Expr, list: &'q InList, negated: bool, span: Span) -> Expr {
        let bound = match list {
            InList::Values(values) => {
                if let Some(first) = values.first() {
                    self.warn_of_quoted_name(operand, first);
                }
                let operand = self.expr(operand);
                let values = values.iter().map(|it| self.expr(it)).collect();
                self.membership(operand, values, span)
            }
            InList::Query(query) => {
                let operand = self.expr(operand);
                self.in_query(operand, query, span)
            }
        };
        if negated { Self::not(bound, span) } else { bound }
    }

    /// `operand IN (values)`; of a list, whether any element is one of the values.
    fn membership(&mut self, operand: Expr, values: Vec<Expr>, span: Span) -> Expr {
        let element = match operand.value_type {
            Type::Integers => Type::Integer,
            Type::Texts => Type::Text,
            other => other,
        };
        let pretended = Expr { value_type: element, ..operand.clone() };
        let values: Vec<Expr> = values.into_iter().map(|it| self.like(&pretended, it)).collect();
        if element == Type::Text && values.iter().all(|it| it.as_text().is_some()) && !values.is_empty() {
            return self.equals_texts(operand, values, span);
        }
        if matches!(operand.value_type, Type::Integers | Type::Texts) {
            return self.list_membership(operand, values, span);
        }
        let mut list = Vec::new();
        for value in values {
            match self.same_type(CompareOperator::Equal, pretended.clone(), value, span).kind {
                ExprKind::Compare(_, _, value) => list.push(*value),
                _ => return Expr::null(span),
            }
        }
        Expr::new(ExprKind::In { operand: Box::new(operand), list, negated: false }, Type::Boolean, span)
    }

    /// A list against constants of its element type.
    fn list_membership(&mut self, operand: Expr, list: Vec<Expr>, span: Span) -> Expr {
        if let Some(other) = list.iter().find(|it| it.as_literal().is_none()) {
            let message = format!("a `{}` is compared with constants only", type_name(operand.value_type));
            self.context.say(Diagnostic::error("wrong-argument-type", other.span, message));
            return Expr::null(span);
        }
        Expr::new(ExprKind::In { operand: Box::new(operand), list, negated: false }, Type::Boolean, span)
    }

    pub(super) fn between(
        &mut self,
        operand: &'q ast::Expr,
        (low, high): (&'q ast::Expr, &'q ast::Expr),
        negated: bool,
        span: Span,
    ) -> Expr {
        let operand = self.expr(operand);
        let (low, high) = (self.expr(low), self.expr(high));
        let from = self.compare(CompareOperator::GreaterOrEqual, operand.clone(), low, span);
        let to = self.compare(CompareOperator::LessOrEqual, operand, high, span);
        if negated {
            return Self::connect(vec![Self::not(from, span), Self::not(to, span)], false, span);
        }
        Self::connect(vec![from, to], true, span)
    }

    fn warn_of_null(&mut self, operator: CompareOperator, left: &Expr, right: &Expr, span: Span) {
        let is_null = |it: &Expr| {
            it.as_literal() == Some(&Literal::Null) && self.context.source(it.span).eq_ignore_ascii_case("null")
        };
        let (null, other) = match (is_null(left), is_null(right)) {
            (false, true) => (right, left),
            (true, false) => (left, right),
            _ => return,
        };
        let test = if operator == CompareOperator::NotEqual { "IS NOT NULL" } else { "IS NULL" };
        let diagnostic = lints::NULL_COMPARISON
            .at(null.span, "a comparison with NULL is never true")
            .with_help(format!("write `{} {test}`", self.context.source(other.span)));
        let edit = format!("{} {test}", self.context.source(other.span));
        self.context.say(diagnostic.with_fix(Safety::Unsafe, vec![(span, edit)]));
    }

    /// `'Some Field' = 'x'`: a literal on the left that names a field was probably meant as that field.
    fn warn_of_quoted_name(&mut self, left: &ast::Expr, right: &ast::Expr) {
        let (Ast::Literal(ast::Literal::Text(text)), Ast::Literal(_)) = (&left.value, &right.value) else { return };
        self.say_quoted_name(text, left.span);
    }

    /// Whether the expression is a name in double quotes that means nothing here.
    fn is_unknown_quoted(&self, expr: &ast::Expr) -> bool {
        let Ast::Name(name) = &expr.value else { return false };
        let is_quoted = self.context.source(expr.span).starts_with('"');
        is_quoted && !self.has_name(&name.text) && schema::refused(&name.text).is_none()
    }

    /// `username = "bob"`: a name without meaning beside a field was probably meant as text.
    fn say_quoted_text(&mut self, expr: &ast::Expr) {
        let Ast::Name(name) = &expr.value else { return };
        let text = format!("'{}'", name.text.replace('\'', "''"));
        let message = format!("`{}` is a name, not a text", self.context.source(expr.span));
        let diagnostic = lints::QUOTED_TEXT
            .at(expr.span, message)
            .with_note("single quotes make text, double quotes make names")
            .with_help(format!("for text write {text}"))
            .with_fix(Safety::DisplayOnly, vec![(expr.span, text)]);
        self.context.say(diagnostic);
    }

    /// Says that a string constant is not the field of that name.
    pub(super) fn say_quoted_name(&mut self, text: &str, span: Span) {
        let message = format!("`'{text}'` is a constant text, not a field");
        let diagnostic = lints::QUOTED_NAME
            .at(span, message)
            .with_note("single quotes make text, double quotes make names")
            .with_help(format!("write \"{text}\""))
            .with_fix(Safety::Unsafe, vec![(span, format!("\"{text}\""))]);
        self.context.say(diagnostic);
    }
}

/// A text read as a number, null if it is none.
fn as_double(expr: Expr) -> Expr {
    match expr.as_text().map(number_literal) {
        Some(Some(literal)) => Expr::literal(literal, expr.span),
        Some(None) => Expr::null(expr.span),
        None if expr.value_type == Type::Text => expr.converted(Type::Double),
        None => expr,
    }
}

/// A value that is no constant, in a type comparable with `left`.
fn converted_like(left: &Expr, right: Expr) -> Expr {
    match (left.value_type, right.value_type) {
        (one, Type::Text) if one.is_numeric() => right.converted(Type::Double),
        (Type::Text, other) if other.is_numeric() || other == Type::Boolean => right.converted(Type::Text),
        (Type::Boolean, Type::Text) => right.converted(Type::Boolean),
        _ => right,
    }
}
