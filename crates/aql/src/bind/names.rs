//! What a name stands for: a field, an alias, a property (`reference/aql.md` sections 3.5 and 5).

use schema::{Kind, Type};
use syntax::ast::{Name, Quote};
use syntax::{Diagnostic, Safety, Span};

use super::query::DEPTH_MAX;
use super::{Binder, Clause};
use crate::bound::{Expr, ExprKind, Source};
use crate::{Function, functions, lints};

/// How many aliases may stand for one another, one within the next.
const ALIAS_CHAIN_MAX: usize = 64;
/// The pseudo-column of a session.
const SESSION_ID: &str = "sessionid";

/// How a source knows a name.
enum Known {
    /// The name itself.
    Own(usize),
    /// One of its aliases in the event model.
    Alias(usize),
    No,
}

impl Binder<'_, '_, '_> {
    /// The expression for a name within an expression: a field wins over an alias of the same name, save where an
    /// alias of an aggregate was surely meant.
    pub(super) fn name(&mut self, name: &Name, span: Span) -> Expr {
        let known = self.known(&name.text);
        let alias = self.alias(&name.text);
        if let Known::Own(index) = known {
            return match alias.filter(|it| self.is_aggregate_before_field(*it, index)) {
                Some(alias) => self.alias_expr(alias, span),
                None => self.field(index, span),
            };
        }
        match (alias, known) {
            (Some(alias), _) => self.alias_expr(alias, span),
            (None, Known::Alias(index)) => self.field(index, span),
            (None, _) => self.other_name(name, span),
        }
    }

    /// Whether an alias of an aggregate wins over the field of its name: over every field in HAVING and ORDER BY, in the
    /// SELECT list only over a property, whose name the deployment need not have. Within an aggregate the field is meant.
    fn is_aggregate_before_field(&mut self, alias: usize, field: usize) -> bool {
        let may_win = match self.clause {
            Clause::Having | Clause::OrderBy => true,
            Clause::Select => match &self.source {
                Source::Database(database) => database.fields[field].kind == Kind::Property,
                Source::Query(_) | Source::GlobalView { .. } => false,
            },
            Clause::Where | Clause::Session | Clause::GroupBy => false,
        };
        let is_bindable = !self.binding.contains(&alias) && self.binding.len() < ALIAS_CHAIN_MAX;
        may_win && !self.in_aggregate && is_bindable && self.alias_value(alias).has_aggregate()
    }

    /// The expression for a name that is all of a GROUP BY or ORDER BY element: there an alias wins.
    pub(super) fn key_name(&mut self, name: &Name, span: Span) -> Expr {
        if let Some(alias) = self.alias(&name.text) {
            let is_known = !matches!(self.known(&name.text), Known::No);
            let expr = self.alias_expr(alias, span);
            if !(is_known && self.clause == Clause::GroupBy && expr.has_aggregate()) {
                return expr;
            }
        }
        self.name(name, span)
    }

    /// Whether a name means anything here.
    pub(super) fn has_name(&self, text: &str) -> bool {
        let is_property = self.user_property(text).is_some();
        is_property || self.alias(text).is_some() || !matches!(self.known(text), Known::No)
    }

    fn known(&self, text: &str) -> Known {
        let key = schema::key(text);
        match &self.source {
            Source::Database(database) => match database.find(text) {
                Some(index) if schema::key(database.fields[index].name) == key => Known::Own(index),
                Some(index) => Known::Alias(index),
                None => Known::No,
            },
            Source::Query(query) => {
                query.columns.iter().position(|it| schema::key(&it.name) == key).map_or(Known::No, Known::Own)
            }
            Source::GlobalView { .. } => Known::No,
        }
    }

    /// The alias of this name that is not being bound just now.
    pub(super) fn alias(&self, text: &str) -> Option<usize> {
        let key = schema::key(text);
        let found = self.aliases.iter().position(|it| it.key == key)?;
        // `foo AS foo`: within its own expression a name is what stands below it.
        (self.binding.last() != Some(&found)).then_some(found)
    }

    /// What an alias stands for. It is bound when it is first used.
    fn alias_expr(&mut self, alias: usize, span: Span) -> Expr {
        if let Some(problem) = self.alias_problem(alias, span) {
            self.context.say(problem);
            return Expr::null(span);
        }
        let bound = self.alias_value(alias);
        if matches!(self.clause, Clause::Where | Clause::Session) && bound.has_aggregate() {
            let diagnostic = self.misplaced_alias(&bound, span);
            self.context.say(diagnostic);
            return Expr::null(span);
        }
        let mut count = 0;
        bound.visit(&mut |_| count += 1);
        if !self.context.spend(count, span) {
            return Expr::null(span);
        }
        bound
    }

    /// The bound expression of an alias, which is bound once.
    pub(super) fn alias_value(&mut self, alias: usize) -> Expr {
        if let Some(bound) = &self.aliases[alias].bound {
            return bound.clone();
        }
        let expr = self.aliases[alias].expr;
        let clause = std::mem::replace(&mut self.clause, Clause::Select);
        let in_aggregate = std::mem::replace(&mut self.in_aggregate, false);
        self.binding.push(alias);
        let mut bound = self.expr(expr);
        self.binding.pop();
        self.in_aggregate = in_aggregate;
        self.clause = clause;
        if bound.depth() > DEPTH_MAX {
            self.context.say(too_deep(expr.span));
            bound = Expr::null(expr.span);
        }
        self.aliases[alias].bound = Some(bound.clone());
        bound
    }

    /// An alias of an aggregate where rows are not grouped yet.
    fn misplaced_alias(&self, bound: &Expr, span: Span) -> Diagnostic {
        let name = self.context.source(span);
        let defined = self.context.source(bound.span);
        Diagnostic::error(
            "misplaced-aggregate",
            span,
            format!("the alias `{name}` of an aggregate cannot stand in WHERE"),
        )
        .with_label(format!("stands for {defined}"))
        .with_note("rows are filtered before they are grouped")
        .with_help("tests of aggregates stand in HAVING")
    }

    fn alias_problem(&self, alias: usize, span: Span) -> Option<Diagnostic> {
        if self.binding.contains(&alias) {
            let name = self.context.source(span);
            let diagnostic = Diagnostic::error("alias-cycle", span, format!("the alias {name} is defined by itself"));
            return Some(diagnostic.with_help("give one of the aliases another name"));
        }
        (self.binding.len() >= ALIAS_CHAIN_MAX).then(|| too_deep(span))
    }

    /// The column at an index of the source.
    pub(super) fn field(&self, index: usize, span: Span) -> Expr {
        let value_type = self.source.column(index).map_or(Type::Null, |(_, value_type)| value_type);
        Expr::new(ExprKind::Field(index), value_type, span)
    }

    fn user_property(&self, text: &str) -> Option<&crate::Property> {
        let key = schema::key(text);
        self.context.options.properties.iter().find(|it| schema::key(&it.name) == key)
    }

    /// A name that neither the source nor the SELECT list has.
    fn other_name(&mut self, name: &Name, span: Span) -> Expr {
        if self.has_session && schema::key(&name.text) == SESSION_ID {
            return Expr::new(ExprKind::SessionId, Type::Integer, span);
        }
        if let Some(property) = self.user_property(&name.text) {
            let value_type = property.value_type;
            let kind = ExprKind::Property(property.name.clone());
            return Expr::new(kind, Type::Text, span).converted(value_type);
        }
        if let Source::Query(_) = self.source {
            let diagnostic = self.unknown_field(name, span, true);
            self.context.say(diagnostic);
            return Expr::null(span);
        }
        if let Some(replaced) = self.refused_name(name, span) {
            return replaced;
        }
        if let Source::Database(_) = self.source {
            let key = format!("unknown-field {}", schema::key(&name.text));
            if !self.context.has_said(&key) {
                let diagnostic = self.unknown_field(name, span, false);
                self.context.say_once(&key, || diagnostic);
            }
        }
        Expr::new(ExprKind::Property(name.text.clone()), Type::Text, span)
    }

    /// Names that QRadar is known to refuse.
    fn refused_name(&mut self, name: &Name, span: Span) -> Option<Expr> {
        let refused = schema::refused(&name.text)?;
        if let Some(field) = refused.bound_to {
            return self.not_aql_name(refused, field, span);
        }
        let message = format!("no field `{}` in {}", name.text, self.source.title());
        let diagnostic = Diagnostic::error("unknown-field", span, message)
            .with_label("QRadar refuses this name")
            .with_note(refused.reason)
            .with_help(format!("write `{}`", refused.instead));
        self.context.say(diagnostic);
        Some(Expr::null(span))
    }

    /// A name that is not AQL, as field or as function, and what it is read as.
    pub(super) fn not_aql_name(&mut self, refused: &schema::Refused, field: &str, span: Span) -> Option<Expr> {
        let Source::Database(database) = &self.source else { return None };
        let index = database.find(field)?;
        let message = format!("`{}` is neither a field nor a function of QRadar", refused.name.to_uppercase());
        let diagnostic = lints::NOT_AQL_NAME
            .at(span, message)
            .with_label(format!("read as `{field}`"))
            .with_note(refused.reason)
            .with_help(format!("write `{}`", refused.instead))
            .with_fix(Safety::Safe, vec![(span, refused.instead.to_owned())]);
        self.context.say(diagnostic);
        Some(self.field(index, span))
    }

    fn unknown_field(&self, name: &Name, span: Span, is_error: bool) -> Diagnostic {
        let names = self.source_names(&schema::key(&name.text)).into_iter();
        let source = self.source.title();
        let (diagnostic, nearest) = if is_error {
            let message = format!("no field `{}` in {source}", name.text);
            let diagnostic = Diagnostic::error("unknown-field", span, message);
            (diagnostic.with_label("not a column of the sub-select"), syntax::suggest(&name.text, names))
        } else {
            let diagnostic = lints::UNDECLARED_PROPERTY
                .at(span, format!("no field `{}` is known in {source}", name.text))
                .with_label("read from the properties of the log")
                .with_note("custom properties differ between deployments; declare this one to silence the warning");
            if let Some(call) = named_as_function(name) {
                return diagnostic.with_help(format!("a function has this name: `{call}`"));
            }
            // It may well be a custom property: only what looks like a slip is held for one.
            (diagnostic, syntax::suggest_slip(&name.text, names))
        };
        let Some(fix) = nearest.map(|it| quoted(it, name.quote)) else { return diagnostic };
        diagnostic.with_help(format!("did you mean `{fix}`?")).with_fix(Safety::Unsafe, vec![(span, fix)])
    }

    /// All names of the source and the SELECT list, for suggestions instead of the name with this key.
    fn source_names(&self, key: &str) -> Vec<&str> {
        let aliases = self.aliases.iter().filter(|it| it.key != key);
        let mut names: Vec<&str> = aliases.map(|it| it.key.as_str()).collect();
        match &self.source {
            Source::Database(database) => {
                let fields = database.fields.iter().filter(|it| it.kind != Kind::Locator);
                names.extend(fields.map(|it| it.name));
            }
            Source::Query(query) => names.extend(query.columns.iter().map(|it| it.name.as_str())),
            Source::GlobalView { .. } => {}
        }
        names
    }
}

/// The call that is meant by a bare name which is that of a function that looks up names, such as `categoryname`.
fn named_as_function(name: &Name) -> Option<String> {
    let is_meant = name.quote == Quote::None && lints::is_lookup(&name.text);
    functions::find(&name.text).filter(|_| is_meant).map(Function::signature)
}

/// A name as it must be written, in double quotes when it had them or needs them.
fn quoted(name: &str, quote: Quote) -> String {
    let is_plain = name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    if is_plain && quote == Quote::None { name.to_owned() } else { format!("\"{name}\"") }
}

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error("too-complex", span, "aliases are nested too deeply")
        .with_note(format!("at most {ALIAS_CHAIN_MAX} within one another"))
}
