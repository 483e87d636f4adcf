//! A syntax tree as an indented outline, a line for each node, as it was read: chains of AND and OR flat, each operand
//! on its own line.

use crate::ast::{Boundary, Expr, ExprKind, InList, Item, Query, Source, TextPattern};
use crate::printer::{print_expression, print_time};

/// The outline of a query.
///
/// ```
/// let (query, _) = syntax::parse_query("SELECT qid FROM events WHERE qid = 5 OR NOT username LIKE 'a%'");
/// assert_eq!(syntax::outline(&query), "\
/// query
///   select
///     qid
///   from events
///   where
///     or
///       qid = 5
///       not
///         username LIKE 'a%'");
/// ```
pub fn outline(query: &Query) -> String {
    let mut lines = Lines(Vec::new());
    lines.query(query, 0);
    lines.0.join("\n")
}

struct Lines(Vec<String>);

impl Lines {
    fn line(&mut self, level: usize, text: &str) {
        self.0.push(format!("{:1$}{text}", "", level * 2));
    }

    fn query(&mut self, query: &Query, level: usize) {
        self.line(level, "query");
        let level = level + 1;
        self.line(level, "select");
        for item in &query.select {
            match &item.value {
                Item::Star => self.line(level + 1, "*"),
                Item::Expr { expr, alias: None } => self.expr(expr, level + 1),
                Item::Expr { expr, alias: Some(alias) } => {
                    self.line(level + 1, &format!("as {}", alias.value.name));
                    self.expr(expr, level + 2);
                }
            }
        }
        match &query.source.value {
            Source::Table(name) => self.line(level, &format!("from {}", name.text)),
            Source::Query(inner) => {
                self.line(level, "from");
                self.query(inner, level + 1);
            }
            Source::GlobalView { search, range } => {
                self.line(level, &format!("from global view '{}', '{}'", search.value, range.value));
            }
        }
        self.clause("where", query.filter.as_ref(), level);
        if let Some(session) = &query.session {
            self.line(level, "session by");
            std::iter::once(&session.value.time).chain(&session.value.keys).for_each(|it| self.expr(it, level + 1));
            for (word, boundary) in [("begin", &session.value.begin), ("end", &session.value.end)] {
                let condition = boundary.as_ref().map(|Boundary { condition, .. }| condition);
                self.clause(word, condition, level + 1);
            }
        }
        if !query.group_by.is_empty() {
            self.line(level, "group by");
            query.group_by.iter().for_each(|it| self.expr(it, level + 1));
        }
        self.clause("having", query.having.as_ref(), level);
        if !query.order_by.is_empty() {
            self.line(level, "order by");
            for key in &query.order_by {
                self.line(level + 1, if key.value.descending { "descending" } else { "ascending" });
                self.expr(&key.value.expr, level + 2);
            }
        }
        if let Some(limit) = &query.limit {
            self.line(level, &format!("limit {}", limit.value));
        }
        if let Some(time) = &query.time {
            self.line(level, &format!("time {}", print_time(&time.value)));
        }
    }

    fn clause(&mut self, word: &str, expr: Option<&Expr>, level: usize) {
        if let Some(expr) = expr {
            self.line(level, word);
            self.expr(expr, level + 1);
        }
    }

    fn expr(&mut self, expr: &Expr, level: usize) {
        match &expr.value {
            ExprKind::And(operands) | ExprKind::Or(operands) => {
                self.line(level, if matches!(expr.value, ExprKind::And(_)) { "and" } else { "or" });
                for operand in operands {
                    self.expr(operand, level + 1);
                }
            }
            ExprKind::Not(operand) => {
                self.line(level, "not");
                self.expr(operand, level + 1);
            }
            ExprKind::Case { operand, arms, otherwise } => {
                self.line(level, "case");
                if let Some(operand) = operand {
                    self.expr(operand, level + 1);
                }
                for (condition, value) in arms {
                    self.clause("when", Some(condition), level + 1);
                    self.clause("then", Some(value), level + 1);
                }
                self.clause("else", otherwise.as_deref(), level + 1);
            }
            ExprKind::If { condition, then, otherwise } => {
                self.clause("if", Some(condition), level);
                self.clause("then", Some(then), level);
                self.clause("else", Some(otherwise), level);
            }
            ExprKind::In { operand, list: InList::Query(query), negated } => {
                self.line(level, if *negated { "not in" } else { "in" });
                self.expr(operand, level + 1);
                self.query(query, level + 1);
            }
            ExprKind::Text { pattern: TextPattern::Any(patterns), .. } if patterns.len() > 1 => {
                let whole = print_expression(expr);
                let head = whole.find(" ANY (").map_or(whole.as_str(), |it| &whole[..it + 4]);
                self.line(level, head);
                for pattern in patterns {
                    self.expr(pattern, level + 1);
                }
            }
            ExprKind::Binary(_, left, right) if [left, right].iter().any(|it| is_tall(it)) => {
                self.line(level, &operator(expr));
                self.expr(left, level + 1);
                self.expr(right, level + 1);
            }
            _ => self.line(level, &print_expression(expr)),
        }
    }
}

/// Whether an expression takes several lines.
fn is_tall(expr: &Expr) -> bool {
    match &expr.value {
        ExprKind::Case { .. } => true,
        ExprKind::Binary(_, left, right) => is_tall(left) || is_tall(right),
        _ => false,
    }
}

/// The sign of an operation.
fn operator(expr: &Expr) -> String {
    let ExprKind::Binary(operator, ..) = &expr.value else { return String::new() };
    format!("{operator:?}").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::outline;
    use crate::{parse_query, print_query};

    #[test]
    fn each_clause_has_its_line() {
        let text = "SELECT CASE WHEN a = 1 THEN 2 ELSE 3 END + 1 AS x FROM (SELECT * FROM events) WHERE b IN (SELECT c FROM \
                    events) AND d ILIKE ANY ('x', 'y') GROUP BY e HAVING COUNT(*) > 2 ORDER BY e DESC LIMIT 3 LAST 2 HOURS";
        let (query, diagnostics) = parse_query(text);
        assert!(diagnostics.iter().all(|it| !it.is_error()), "{}", print_query(&query));
        let found = outline(&query);
        let lines: Vec<&str> = found.lines().map(str::trim_start).collect();
        for line in [
            "as x",
            "add",
            "when",
            "from",
            "in",
            "d ILIKE ANY",
            "group by",
            "descending",
            "limit 3",
            "time LAST 2 HOURS",
        ] {
            assert!(lines.contains(&line), "{line}: {found}");
        }
    }
}
