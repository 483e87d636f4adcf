//! A bound query written again as AQL: fields by their own names, aliases replaced by what they stand for, text tests in
//! their canonical form. What is written compiles to the same bound form, conversions of types apart, which AQL makes
//! without a word.

use schema::Type;
use syntax::ast::{self, InList, Node, Quote, TextOperator, TextPattern};
use syntax::{Span, print_expression};

use super::{Boundary, Call, Case, Expr, ExprKind, Literal, Moment, PatternKind, Query, Source, TextTest, Window};

/// Spaces for each level of the layout.
const INDENT: usize = 2;

impl Query {
    /// An expression of this query as AQL on one line.
    ///
    /// ```
    /// let options = aql::Options::new(aql::Environment::new(0));
    /// let query = aql::compile_filter("EventID == 7045 and not lower(username) like 'a%'", &schema::EVENTS, &options);
    /// let query = query.query.expect("there is no error");
    /// let filter = query.filter.as_ref().expect("it is a filter");
    /// assert_eq!(query.written(filter), "\"Event ID\" = '7045' AND LOWER(username) NOT LIKE 'a%'");
    /// ```
    pub fn written(&self, expr: &Expr) -> String {
        print_expression(&Writer(self).expr(expr))
    }

    /// The whole query as AQL, a line for each column, condition and clause.
    pub fn layout(&self) -> String {
        let mut lines = Vec::new();
        self.lay_out(0, &mut lines);
        lines.join("\n")
    }

    fn lay_out(&self, level: usize, lines: &mut Vec<String>) {
        let line = |level: usize, text: &str| format!("{:1$}{text}", "", level * INDENT);
        if !self.columns.is_empty() {
            lines.push(line(level, "SELECT"));
            let last = self.columns.len() - 1;
            for (index, column) in self.columns.iter().enumerate() {
                let alias = column.alias.as_ref().map_or_else(String::new, |it| format!(" AS {}", quoted_name(it)));
                let comma = if index < last { "," } else { "" };
                lines.push(line(level + 1, &format!("{}{alias}{comma}", self.written(&column.expr))));
            }
        }
        match &self.source {
            Source::Query(inner) => {
                lines.push(line(level, "FROM ("));
                inner.lay_out(level + 1, lines);
                lines.push(line(level, ")"));
            }
            Source::Database(database) => lines.push(line(level, &format!("FROM {}", database.name))),
            Source::GlobalView { search, range } => {
                lines.push(line(level, &format!("FROM GLOBALVIEW({}, {})", quoted(search), quoted(range))));
            }
        }
        if let Some(filter) = &self.filter {
            lines.push(line(level, "WHERE"));
            self.conditions(filter, level + 1, None, lines);
        }
        self.clauses(level, lines);
    }

    /// A condition, its operands one below the other. `word` joins it to the operand before; an operand of another one
    /// stands in parentheses.
    fn conditions(&self, expr: &Expr, level: usize, word: Option<&str>, lines: &mut Vec<String>) {
        let indent = " ".repeat(level * INDENT);
        let (operands, own) = match &expr.kind {
            ExprKind::And(operands) => (operands, "AND "),
            ExprKind::Or(operands) => (operands, "OR "),
            _ => return lines.push(format!("{indent}{}{}", word.unwrap_or_default(), self.written(expr))),
        };
        if let Some(word) = word {
            lines.push(format!("{indent}{word}("));
        }
        let inner = level + usize::from(word.is_some());
        for (index, operand) in operands.iter().enumerate() {
            self.conditions(operand, inner, if index > 0 { Some(own) } else { Some("") }, lines);
        }
        if word.is_some() {
            lines.push(format!("{indent})"));
        }
    }

    fn clauses(&self, level: usize, lines: &mut Vec<String>) {
        let mut line = |text: String| lines.push(format!("{:1$}{text}", "", level * INDENT));
        if let Some(session) = &self.session {
            let keys: Vec<_> = std::iter::once(&session.time).chain(&session.keys).map(|it| self.written(it)).collect();
            line(format!("SESSION BY {}", keys.join(" ")));
            for (word, boundary) in [("BEGIN", &session.begin), ("END", &session.end)] {
                let Some(Boundary { explicit, condition }) = boundary else { continue };
                let explicit = if *explicit { "EXPLICIT " } else { "" };
                line(format!("  {explicit}{word} {}", self.written(condition)));
            }
            if let Some(timeout) = session.timeout_ms {
                line(format!("  TIMEOUT {timeout}"));
            }
            if let Some(window) = session.window_ms {
                line(format!("  TIMEWINDOW {}", length(i64::try_from(window).unwrap_or(i64::MAX))));
            }
        }
        let list = |exprs: &[Expr]| exprs.iter().map(|it| self.written(it)).collect::<Vec<_>>().join(", ");
        if !self.group_by.is_empty() {
            line(format!("GROUP BY {}", list(&self.group_by)));
        }
        if let Some(having) = &self.having {
            line(format!("HAVING {}", self.written(having)));
        }
        if !self.order_by.is_empty() {
            let key = |it: &super::Sort| {
                let direction = if it.descending { " DESC" } else { "" };
                let collate = it.collate.as_ref().map_or_else(String::new, |it| format!(" COLLATE {}", quoted(it)));
                format!("{}{direction}{collate}", self.written(&it.expr))
            };
            line(format!("ORDER BY {}", self.order_by.iter().map(key).collect::<Vec<_>>().join(", ")));
        }
        if let Some(limit) = self.limit {
            line(format!("LIMIT {limit}"));
        }
        if let Some(window) = &self.window {
            line(window_text(window));
        }
    }
}

/// A time clause as AQL.
fn window_text(window: &Window) -> String {
    let moment = |moment: &Moment| match moment {
        Moment::Millis(millis) => millis.to_string(),
        Moment::Ago(millis) => format!("PARSEDATETIME('{} seconds ago')", millis / 1000),
    };
    match window {
        Window::Last { length_ms } => format!("LAST {}", length(*length_ms)),
        Window::Range { start, stop } => {
            let start = start.iter().map(|it| format!("START {}", moment(it)));
            let stop = stop.iter().map(|it| format!("STOP {}", moment(it)));
            start.chain(stop).collect::<Vec<_>>().join(" ")
        }
        Window::Offense { id } => format!("TIMES OFFENSE_TIME({id})"),
    }
}

/// A length of time in its largest whole unit.
fn length(millis: i64) -> String {
    for (unit, name) in [(86_400_000, "DAYS"), (3_600_000, "HOURS"), (60_000, "MINUTES")] {
        if millis % unit == 0 {
            return format!("{} {name}", millis / unit);
        }
    }
    format!("{} SECONDS", millis / 1000)
}

fn quoted(text: &str) -> String {
    print_expression(&node(ast::ExprKind::Literal(ast::Literal::Text(text.to_owned()))))
}

fn quoted_name(name: &str) -> String {
    print_expression(&node(named(name)))
}

/// A name, in quotes where it needs them.
fn named(name: &str) -> ast::ExprKind {
    ast::ExprKind::Name(ast::Name { text: name.to_owned(), quote: Quote::None })
}

fn node(kind: ast::ExprKind) -> ast::Expr {
    Node::new(kind, Span::default())
}

/// Turns bound expressions of a query back into syntax.
struct Writer<'a>(&'a Query);

impl Writer<'_> {
    fn boxed(&self, expr: &Expr) -> Box<ast::Expr> {
        Box::new(self.expr(expr))
    }

    fn all(&self, exprs: &[Expr]) -> Vec<ast::Expr> {
        exprs.iter().map(|it| self.expr(it)).collect()
    }

    fn expr(&self, expr: &Expr) -> ast::Expr {
        node(match &expr.kind {
            ExprKind::Literal(value) => literal(value),
            ExprKind::Field(index) => named(self.0.source.column(*index).map_or("?", |(name, _)| name)),
            ExprKind::Property(name) => ast::ExprKind::Name(ast::Name { text: name.clone(), quote: Quote::Double }),
            ExprKind::SessionId => named("sessionId"),
            ExprKind::Call(inner) | ExprKind::Aggregate(inner) => self.call(inner),
            ExprKind::Unary(operator, operand) => ast::ExprKind::Unary(*operator, self.boxed(operand)),
            ExprKind::Binary(operator, left, right) => {
                ast::ExprKind::Binary(*operator, self.boxed(left), self.boxed(right))
            }
            ExprKind::And(operands) => ast::ExprKind::And(self.all(operands)),
            ExprKind::Or(operands) => ast::ExprKind::Or(self.all(operands)),
            ExprKind::Not(operand) => ast::ExprKind::Not(self.boxed(operand)),
            ExprKind::Compare(operator, left, right) => {
                ast::ExprKind::Compare(*operator, self.boxed(left), self.boxed(right))
            }
            ExprKind::Text(test) => self.text(test),
            ExprKind::In { operand, list, negated } => ast::ExprKind::In {
                operand: self.boxed(operand),
                list: InList::Values(self.all(list)),
                negated: *negated,
            },
            ExprKind::InQuery { operand, query, negated } => {
                ast::ExprKind::In { operand: self.boxed(operand), list: self.sub_select(*query), negated: *negated }
            }
            ExprKind::IsNull { operand, negated } => {
                ast::ExprKind::IsNull { operand: self.boxed(operand), negated: *negated }
            }
            ExprKind::Case { arms, otherwise } => ast::ExprKind::Case {
                operand: None,
                arms: arms.iter().map(|(when, then)| (self.expr(when), self.expr(then))).collect(),
                otherwise: otherwise.as_ref().map(|it| self.boxed(it)),
            },
            ExprKind::Convert(operand) => return self.converted(operand, expr.value_type),
        })
    }

    /// STR where a value became text; AQL makes the other conversions itself.
    fn converted(&self, operand: &Expr, value_type: Type) -> ast::Expr {
        let is_text = |it: Type| matches!(it, Type::Text | Type::Bytes);
        if value_type != Type::Text || is_text(operand.value_type) || matches!(operand.kind, ExprKind::Property(_)) {
            return self.expr(operand);
        }
        node(call("STR", vec![self.expr(operand)]))
    }

    fn call(&self, inner: &Call) -> ast::ExprKind {
        call(inner.function.name, self.all(&inner.args))
    }

    fn sub_select(&self, query: usize) -> InList {
        let written = self.0.subqueries.get(query).map(|it| it.query.layout());
        let (query, _) = syntax::parse_query(&written.unwrap_or_default());
        InList::Query(Box::new(query))
    }

    fn text(&self, test: &TextTest) -> ast::ExprKind {
        let operand = self.expr(&test.operand);
        let operand = if test.case == Case::Lowered { node(call("LOWER", vec![operand])) } else { operand };
        let literals = |kind| {
            let of_kind = test.patterns.iter().filter(move |it| it.kind == kind);
            of_kind.map(|it| node(ast::ExprKind::Literal(ast::Literal::Text(it.text.clone())))).collect::<Vec<_>>()
        };
        let mut tests = Vec::new();
        for kind in [PatternKind::Equal, PatternKind::Like, PatternKind::Regex] {
            let literals: Vec<ast::Expr> = literals(kind);
            if !literals.is_empty() {
                tests.push(node(text_test(&operand, kind, test, literals)));
            }
        }
        match tests.pop() {
            Some(only) if tests.is_empty() => only.value,
            last => {
                tests.extend(last);
                if test.negated { ast::ExprKind::And(tests) } else { ast::ExprKind::Or(tests) }
            }
        }
    }
}

/// A test of a text against patterns of one kind.
fn text_test(operand: &ast::Expr, kind: PatternKind, test: &TextTest, mut literals: Vec<ast::Expr>) -> ast::ExprKind {
    let (operand, negated) = (Box::new(operand.clone()), test.negated);
    let operator = match (kind, test.case) {
        (PatternKind::Equal | PatternKind::Like, Case::Insensitive) => TextOperator::ILike,
        (PatternKind::Regex, Case::Insensitive) => TextOperator::IMatches,
        (PatternKind::Regex, _) => TextOperator::Matches,
        (PatternKind::Like, _) => TextOperator::Like,
        (PatternKind::Equal, _) if literals.len() > 1 => {
            return ast::ExprKind::In { operand, list: InList::Values(literals), negated };
        }
        (PatternKind::Equal, _) => {
            let operator = if negated { ast::CompareOperator::NotEqual } else { ast::CompareOperator::Equal };
            return ast::ExprKind::Compare(operator, operand, Box::new(literals.remove(0)));
        }
    };
    let pattern =
        if literals.len() > 1 { TextPattern::Any(literals) } else { TextPattern::One(Box::new(literals.remove(0))) };
    ast::ExprKind::Text { operand, operator, pattern, negated }
}

fn call(name: &str, args: Vec<ast::Expr>) -> ast::ExprKind {
    let star = name == "COUNT" && args.is_empty();
    ast::ExprKind::Call(ast::Call { name: Node::new(name.to_owned(), Span::default()), args, star })
}

fn literal(value: &Literal) -> ast::ExprKind {
    ast::ExprKind::Literal(match value {
        Literal::Text(text) => ast::Literal::Text(text.clone()),
        Literal::Integer(value) => ast::Literal::Integer { value: *value, hex: false },
        Literal::Double(value) => ast::Literal::Decimal(*value),
        Literal::Boolean(value) => ast::Literal::Boolean(*value),
        Literal::Null => ast::Literal::Null,
    })
}
