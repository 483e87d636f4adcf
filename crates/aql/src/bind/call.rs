//! Calls of functions: found in the catalogue, arguments checked against the parameters.

use schema::Type;
use syntax::ast;
use syntax::{Diagnostic, Safety, Span};

use super::arithmetic::number_literal;
use super::{Binder, Clause, type_name};
use crate::bound::{Call, Expr, ExprKind, Literal};
use crate::{Function, Parameter, Standing, functions, lints};

impl<'q> Binder<'_, '_, 'q> {
    pub(super) fn call(&mut self, call: &'q ast::Call, span: Span) -> Expr {
        let Some(function) = functions::find(&call.name.value) else { return self.unknown_function(call, span) };
        if let (crate::Lower::Field(field), Some(refused)) = (&function.lower, schema::refused(function.name))
            && let Some(expr) = self.not_aql_name(refused, field, span)
        {
            return expr;
        }
        self.say_extension(function, call.name.span);
        if matches!(function.lower, crate::Lower::Clause) {
            let message = format!("`{}` stands in a clause of its own, not in an expression", function.name);
            self.context.say(Diagnostic::error("function-in-wrong-place", span, message).with_help(function.summary));
            return Expr::null(span);
        }
        if call.star && function.name != "COUNT" {
            let message = format!("`*` is an argument of COUNT only, not of {}", function.name);
            self.context.say(Diagnostic::error("wrong-argument-count", span, message));
            return Expr::null(span);
        }
        if !call.star && !self.has_right_count(function, call.args.len(), span) {
            return Expr::null(span);
        }
        if function.is_aggregate() && !self.may_aggregate(function, span) {
            return Expr::null(span);
        }
        self.context.say_missing(function, span);
        let around = self.in_aggregate;
        self.in_aggregate |= function.is_aggregate();
        let args = self.arguments(function, call);
        self.in_aggregate = around;
        args.map_or_else(|| Expr::null(span), |it| self.finished_call(function, it, span))
    }

    /// The arguments in types that the parameters take; none, with an error, if one has no way.
    fn arguments(&mut self, function: &Function, call: &'q ast::Call) -> Option<Vec<Expr>> {
        let mut args = Vec::with_capacity(call.args.len());
        for (position, arg) in call.args.iter().enumerate() {
            let Some(parameter) = function.parameter(position) else { continue };
            let bound = self.expr(arg);
            args.push(self.argument(function, parameter, bound)?);
        }
        Some(args)
    }

    fn finished_call(&mut self, function: &'static Function, args: Vec<Expr>, span: Span) -> Expr {
        let types: Vec<Type> = args.iter().map(|it| it.value_type).collect();
        if function.is_aggregate() && args.iter().any(Expr::has_aggregate) {
            let diagnostic = Diagnostic::error("nested-aggregate", span, "an aggregate of an aggregate")
                .with_help("aggregate in a sub-select: SELECT SUM(n) FROM (SELECT COUNT(*) AS n ...)");
            self.context.say(diagnostic);
            return Expr::null(span);
        }
        self.warn_of_text_extreme(function, &args);
        let call = Call { function, args };
        let kind = if function.is_aggregate() { ExprKind::Aggregate(call) } else { ExprKind::Call(call) };
        Expr::new(kind, function.returns.resolve(&types), span)
    }

    /// MIN and MAX of a property order texts, while a comparison with a number reads the number.
    fn warn_of_text_extreme(&mut self, function: &Function, args: &[Expr]) {
        let [value] = args else { return };
        if !matches!(function.name, "MIN" | "MAX") || !matches!(value.kind, ExprKind::Property(_)) {
            return;
        }
        let (name, written) = (function.name, self.context.source(value.span));
        let message = format!("`{name}` compares the values of `{written}` as text");
        let diagnostic = lints::TEXT_MINIMUM
            .at(value.span, message)
            .with_label("here `10` comes before `9`")
            .with_help(format!("for numbers write {name}(LONG({written}))"))
            .with_fix(Safety::Unsafe, vec![(value.span, format!("LONG({written})"))]);
        self.context.say(diagnostic);
    }

    fn may_aggregate(&mut self, function: &Function, span: Span) -> bool {
        let place = match self.clause {
            Clause::Where => "WHERE",
            Clause::GroupBy => "GROUP BY",
            Clause::Session => "SESSION BY",
            Clause::Select | Clause::Having | Clause::OrderBy => return true,
        };
        let message = format!("the aggregate `{}` cannot stand in {place}", function.name);
        let diagnostic = Diagnostic::error("misplaced-aggregate", span, message)
            .with_note("rows are filtered before they are grouped")
            .with_help("tests of aggregates stand in HAVING");
        self.context.say(diagnostic);
        false
    }

    fn has_right_count(&mut self, function: &Function, count: usize, span: Span) -> bool {
        let (least, most) = function.arity();
        let least = if function.name == "COUNT" { 1 } else { least };
        if count >= least && most.is_none_or(|it| count <= it) {
            return true;
        }
        let message = format!("`{}` does not take {count} arguments", function.name);
        let help = format!("its form is {}", function.signature());
        self.context.say(Diagnostic::error("wrong-argument-count", span, message).with_help(help));
        false
    }

    /// An argument in a type that its parameter takes; none, with an error, if there is no way.
    pub(super) fn argument(&mut self, function: &Function, parameter: &Parameter, arg: Expr) -> Option<Expr> {
        if parameter.literal && arg.as_literal().is_none() {
            let message = format!("the argument `{}` of `{}` must be a constant", parameter.name, function.name);
            self.context.say(Diagnostic::error("argument-not-constant", arg.span, message));
            return None;
        }
        if parameter.accepts(arg.value_type) {
            return Some(arg);
        }
        let wanted: Vec<Type> = parameter.types.to_vec();
        let number = wanted
            .iter()
            .copied()
            .find(|it| *it == Type::Double)
            .or_else(|| wanted.iter().copied().find(|it| it.is_numeric()));
        if let Some(number) = number {
            if let Some(literal) = arg.as_text().and_then(number_literal) {
                return Some(Expr::literal(literal, arg.span).converted_literal(number));
            }
            let converts = arg.value_type.is_numeric()
                || arg.value_type == Type::Boolean
                || arg.value_type == Type::Text && self.is_property(&arg);
            if converts {
                return Some(arg.converted(number));
            }
        }
        if wanted.contains(&Type::Text)
            && (arg.as_literal().is_some() || arg.value_type != Type::Bytes && self.is_property(&arg))
        {
            return Some(arg.converted(Type::Text));
        }
        self.wrong_type(function, parameter, &arg);
        None
    }

    fn wrong_type(&mut self, function: &Function, parameter: &Parameter, arg: &Expr) {
        let wanted = parameter.types.first().copied().map_or("value", type_name);
        let message = format!("wrong argument type `{}`, `{wanted}` is required", type_name(arg.value_type));
        let written = self.context.source(arg.span);
        let mut diagnostic = Diagnostic::error("wrong-argument-type", arg.span, message)
            .with_label(format!("the argument `{}` of `{}`", parameter.name, function.name));
        if parameter.types.contains(&Type::Text) {
            let convert = if arg.value_type == Type::Bytes { "UTF8" } else { "STR" };
            diagnostic = diagnostic
                .with_help(format!("{convert}({written}) is its text"))
                .with_fix(Safety::Unsafe, vec![(arg.span, format!("{convert}({written})"))]);
        }
        self.context.say(diagnostic);
    }

    fn unknown_function(&mut self, call: &'q ast::Call, span: Span) -> Expr {
        let name = &call.name.value;
        for arg in &call.args {
            self.expr(arg);
        }
        let diagnostic = if name.contains("::") {
            Diagnostic::error("user-defined-function", call.name.span, format!("the function `{name}` is user-defined"))
                .with_note("functions of content extensions are JavaScript that runs on the console only")
        } else {
            let message = format!("no function `{name}`");
            let diagnostic = Diagnostic::error("unknown-function", call.name.span, message);
            let names = functions::FUNCTIONS.iter().map(|it| it.name);
            match (functions::help(name), syntax::suggest(name, names)) {
                (Some(help), _) => diagnostic.with_help(help),
                (None, Some(nearest)) => diagnostic
                    .with_help(format!("did you mean `{nearest}`?"))
                    .with_fix(Safety::Unsafe, vec![(call.name.span, nearest.to_owned())]),
                (None, None) => diagnostic,
            }
        };
        self.context.say(diagnostic);
        Expr::null(span)
    }

    fn say_extension(&mut self, function: &Function, span: Span) {
        let Standing::Extension(portable) = function.standing else { return };
        let message = format!("`{}` is not a function of QRadar", function.name);
        self.context.say_once(&format!("extension {}", function.name), || {
            let diagnostic = lints::EXTENSION_FUNCTION.at(span, message).with_label("runs here, QRadar refuses it");
            match portable {
                Some(portable) => diagnostic.with_help(format!("the portable form is {portable}")),
                None => diagnostic,
            }
        });
    }
}

impl Expr {
    /// A constant number as one of another type of number.
    fn converted_literal(self, wanted: Type) -> Self {
        let literal = match (self.as_literal(), wanted) {
            (Some(Literal::Integer(value)), Type::Double) => Literal::Double(*value as f64),
            (Some(Literal::Double(value)), Type::Integer | Type::Time | Type::Port) => Literal::Integer(*value as i64),
            (Some(other), _) => other.clone(),
            (None, _) => return self,
        };
        Self { kind: ExprKind::Literal(literal), value_type: wanted, span: self.span }
    }
}
