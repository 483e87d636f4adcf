//! LIKE, ILIKE, MATCHES, IMATCHES, with or without ANY, in the one canonical form of text tests.

use schema::Type;
use syntax::ast::{self, ExprKind as Ast, Literal as AstLiteral, TextOperator, TextPattern};
use syntax::{Diagnostic, Safety, Span};

use super::{Binder, type_name};
use crate::bound::{Call, Case, Expr, ExprKind, Pattern, PatternKind, TextTest};
use crate::text::JavaRegex;
use crate::{Escapes, dialect, lints};

impl<'q> Binder<'_, '_, 'q> {
    /// `operand LIKE pattern` and its kin, not negated.
    pub(super) fn text_test(
        &mut self,
        operand: &'q ast::Expr,
        operator: TextOperator,
        pattern: &'q TextPattern,
        span: Span,
    ) -> Expr {
        if let Ast::Literal(AstLiteral::Text(text)) = &operand.value {
            self.say_quoted_name(text, operand.span);
        }
        let bound = self.expr(operand);
        let bound = self.text_operand(bound);
        let (kind, case) = match operator {
            TextOperator::Like => (PatternKind::Like, Case::Sensitive),
            TextOperator::ILike => (PatternKind::Like, Case::Insensitive),
            TextOperator::Matches => (PatternKind::Regex, Case::Sensitive),
            TextOperator::IMatches => (PatternKind::Regex, Case::Insensitive),
        };
        let written: Vec<&'q ast::Expr> = match pattern {
            TextPattern::One(pattern) => vec![pattern],
            TextPattern::Any(patterns) => {
                self.say_any(operand, operator, patterns, span);
                patterns.iter().collect()
            }
        };
        let patterns: Vec<Pattern> = written.into_iter().filter_map(|it| self.pattern(it, kind, case)).collect();
        if patterns.is_empty() || bound.value_type == Type::Null {
            return Expr::null(span);
        }
        self.canonical(TextTest { operand: Box::new(bound), patterns, case, negated: false }, span)
    }

    /// The operand of a text operator. QRadar takes text only; an address or a number is read as its text here, with a
    /// word; raw bytes are refused.
    pub(super) fn text_operand(&mut self, operand: Expr) -> Expr {
        let (needed, runs) = match operand.value_type {
            Type::Text | Type::Texts | Type::Mac | Type::Null => return operand,
            _ if self.is_property(&operand) => return operand.converted(Type::Text),
            Type::Bytes => ("UTF8", false),
            Type::Structure | Type::Integers => ("STR", false),
            _ => ("STR", true),
        };
        let span = operand.span;
        let written = self.context.source(span);
        let message = format!("wrong argument type `{}`, `String` is required", type_name(operand.value_type));
        let diagnostic = if runs {
            lints::TEXT_TEST_OF_NON_TEXT.at(span, message).with_label("runs here, QRadar refuses it")
        } else {
            Diagnostic::error("wrong-argument-type", span, message).with_label("a text operator needs text")
        };
        let safety = if runs { Safety::Safe } else { Safety::Unsafe };
        let diagnostic = diagnostic
            .with_help(format!("{needed}({written}) is its text"))
            .with_fix(safety, vec![(span, format!("{needed}({written})"))]);
        self.context.say(diagnostic);
        if runs { operand.converted(Type::Text) } else { Expr::null(span) }
    }

    /// One pattern. It must be a constant.
    fn pattern(&mut self, pattern: &ast::Expr, kind: PatternKind, case: Case) -> Option<Pattern> {
        let span = pattern.span;
        let text = match &pattern.value {
            Ast::Literal(AstLiteral::Text(text)) => text,
            Ast::Literal(AstLiteral::Integer { .. } | AstLiteral::Decimal(_)) => {
                return Some(Pattern { kind, text: self.context.source(span).to_owned(), span, regex: None });
            }
            Ast::Error => return None,
            _ => {
                let diagnostic = Diagnostic::error("pattern-not-constant", span, "a pattern must be a constant text")
                    .with_help("STRPOS(text, part) >= 0 searches for the value of an expression");
                self.context.say(diagnostic);
                return None;
            }
        };
        self.warn_of_backslashes(text, kind, span);
        let text = self.context.options.escapes.read(text).into_owned();
        let regex = match kind {
            PatternKind::Regex => match JavaRegex::new(&text, case) {
                Ok(regex) => Some(regex),
                Err(error) => {
                    let mut diagnostic = Diagnostic::error("invalid-regex", span, error.reason);
                    diagnostic.help = error.help;
                    self.context.say(diagnostic);
                    return None;
                }
            },
            _ => None,
        };
        Some(Pattern { kind, text, span, regex })
    }

    fn warn_of_backslashes(&mut self, text: &str, kind: PatternKind, span: Span) {
        let doubled = match kind {
            _ if self.context.options.escapes != Escapes::Strict => false,
            PatternKind::Regex => dialect::has_doubled_escape(text),
            _ => dialect::has_doubled_backslash(text),
        };
        if !doubled {
            return;
        }
        let written = self.context.source(span).replace(r"\\", r"\");
        let what = if kind == PatternKind::Regex {
            "this looks for two or more in a row"
        } else {
            "this looks for two in a row"
        };
        let diagnostic = lints::DOUBLED_BACKSLASH
            .at(span, "backslashes are doubled in a pattern")
            .with_label(what)
            .with_note("a backslash in a string is an ordinary character of AQL, it is not written twice")
            .with_help("write single backslashes, or read the query with `--escapes c-style`")
            .with_fix(Safety::Unsafe, vec![(span, written)]);
        self.context.say(diagnostic);
    }

    /// `ILIKE ANY (...)` is not AQL; its portable form is a chain of OR.
    fn say_any(&mut self, operand: &ast::Expr, operator: TextOperator, patterns: &[ast::Expr], span: Span) {
        let operator = match operator {
            TextOperator::Like => "LIKE",
            TextOperator::ILike => "ILIKE",
            TextOperator::Matches => "MATCHES",
            TextOperator::IMatches => "IMATCHES",
        };
        let operand = self.context.source(operand.span);
        let terms: Vec<String> =
            patterns.iter().map(|it| format!("{operand} {operator} {}", self.context.source(it.span))).collect();
        let portable = format!("({})", terms.join(" OR "));
        let diagnostic = lints::ANY_PATTERN
            .at(span, format!("`{operator} ANY` is not AQL"))
            .with_label("runs here, QRadar refuses it")
            .with_help("write one test for each pattern, joined by OR");
        let is_negated = self.context.source(span).to_ascii_uppercase().contains(&format!("NOT {operator}"));
        let diagnostic =
            if is_negated { diagnostic } else { diagnostic.with_fix(Safety::Safe, vec![(span, portable)]) };
        self.context.say(diagnostic);
    }

    /// The canonical form: the LOWER of `LOWER(x) LIKE 'low'` goes into the test; so does UPPER, unless a pattern could
    /// then match that did not before.
    pub(super) fn canonical(&mut self, mut test: TextTest, span: Span) -> Expr {
        while let Some((inner, function)) = folded(&test.operand) {
            let case = match (test.case, function) {
                (Case::Insensitive, _) => Case::Insensitive,
                (Case::Sensitive, "LOWER") => Case::Lowered,
                (Case::Sensitive, _) if test.patterns.iter().all(has_no_lower_case) => Case::Insensitive,
                _ => break,
            };
            let operand = inner.clone();
            test = TextTest { operand: Box::new(operand), case, ..test };
        }
        if test.case == Case::Lowered {
            self.warn_of_capitals(&test.patterns);
        }
        Expr::new(ExprKind::Text(test), Type::Boolean, span)
    }

    /// LOWER(x) is never a text with capitals.
    fn warn_of_capitals(&mut self, patterns: &[Pattern]) {
        for pattern in patterns.iter().filter(|it| it.kind != PatternKind::Regex) {
            if !pattern.text.chars().any(char::is_uppercase) {
                continue;
            }
            let lower = self.context.source(pattern.span).to_lowercase();
            let diagnostic = lints::LOWER_AGAINST_CAPITALS
                .at(pattern.span, "LOWER() never yields a text with capitals")
                .with_label("matches nothing")
                .with_help(format!("write {lower}"))
                .with_fix(Safety::Unsafe, vec![(pattern.span, lower)]);
            self.context.say(diagnostic);
        }
    }
}

/// What LOWER or UPPER is applied to, and the name of the function.
fn folded(operand: &Expr) -> Option<(&Expr, &'static str)> {
    let ExprKind::Call(Call { function, args }) = &operand.kind else { return None };
    let inner = args.first().filter(|it| matches!(it.value_type, Type::Text | Type::Texts))?;
    matches!(function.name, "LOWER" | "UPPER").then_some((inner, function.name))
}

/// Whether a pattern matches UPPER(x) exactly when it matches `x` in any case.
fn has_no_lower_case(pattern: &Pattern) -> bool {
    pattern.kind != PatternKind::Regex && !pattern.text.chars().any(char::is_lowercase)
}
