//! An AQL query as SQL of other engines: the same conditions in the same order, nothing added that would help or hurt.
//! Names of log sources, QIDs and categories and dates as text stay numbers there.

use std::collections::HashMap;
use std::fmt::Write;

use anyhow::{Context, Result, bail};
use aql::Escapes;
use schema::{EVENTS, Type};
use syntax::ast::{
    BinaryOperator, Call, CompareOperator, Expr, ExprKind, InList, Item, Literal, Query, TextOperator, TextPattern,
};

/// An engine that speaks SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    DuckDb,
    ClickHouse,
    Polars,
}

/// The query as SQL over this table. Its time clause is left out.
pub(super) fn translate(aql: &str, escapes: Escapes, dialect: Dialect, table: &str) -> Result<String> {
    let (query, diagnostics) = syntax::parse_query(aql);
    if let Some(error) = diagnostics.iter().find(|it| it.is_error()) {
        bail!("the query is not understood: {}", error.message);
    }
    if !query.group_by.is_empty() || query.having.is_some() || query.session.is_some() {
        bail!("queries that group are not translated");
    }
    Translator { escapes, dialect, aliases: aliases(&query) }.query(&query, table)
}

/// What each new name stands for.
fn aliases(query: &Query) -> HashMap<String, &Expr> {
    let named = query.select.iter().filter_map(|item| match &item.value {
        Item::Expr { expr, alias: Some(alias) } => Some((alias.value.name.to_lowercase(), expr)),
        _ => None,
    });
    named.collect()
}

struct Translator<'a> {
    escapes: Escapes,
    dialect: Dialect,
    aliases: HashMap<String, &'a Expr>,
}

impl Translator<'_> {
    fn query(&self, query: &Query, table: &str) -> Result<String> {
        let select = query.select.iter().map(|item| match &item.value {
            Item::Star => Ok("*".to_owned()),
            Item::Expr { expr, alias: None } => self.expr(expr),
            Item::Expr { expr, alias: Some(alias) } => {
                Ok(format!("{} AS {}", self.expr(expr)?, identifier(&alias.value.name)))
            }
        });
        let mut sql = format!("SELECT {} FROM {table}", select.collect::<Result<Vec<_>>>()?.join(", "));
        if let Some(filter) = &query.filter {
            write!(sql, " WHERE {}", self.expr(filter)?)?;
        }
        let sorts = query.order_by.iter().map(|sort| {
            let expr = match &sort.value.expr.value {
                ExprKind::Name(name) if self.aliases.contains_key(&name.text.to_lowercase()) => identifier(&name.text),
                _ => self.expr(&sort.value.expr)?,
            };
            Ok(if sort.value.descending { expr + " DESC" } else { expr })
        });
        let sorts = sorts.collect::<Result<Vec<_>>>()?;
        if !sorts.is_empty() {
            write!(sql, " ORDER BY {}", sorts.join(", "))?;
        }
        if let Some(limit) = &query.limit {
            write!(sql, " LIMIT {}", limit.value)?;
        }
        Ok(sql)
    }

    fn expr(&self, expr: &Expr) -> Result<String> {
        Ok(match &expr.value {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Name(name) => self.name(&name.text)?,
            ExprKind::Call(call) => self.call(call)?,
            ExprKind::And(operands) => self.joined(operands, " AND ")?,
            ExprKind::Or(operands) => self.joined(operands, " OR ")?,
            ExprKind::Not(operand) => format!("(NOT {})", self.expr(operand)?),
            ExprKind::Binary(BinaryOperator::Add, left, right) => {
                format!("({} + {})", self.expr(left)?, self.expr(right)?)
            }
            ExprKind::Compare(operator, left, right) => {
                let is_text = is_text(left) || is_text(right);
                let (left, right) = (self.operand(left, is_text)?, self.operand(right, is_text)?);
                format!("{left} {} {right}", comparison(*operator))
            }
            ExprKind::In { operand, list: InList::Values(values), negated } => {
                let is_text = is_text(operand);
                let values = values.iter().map(|it| self.operand(it, is_text)).collect::<Result<Vec<_>>>()?;
                format!("{}{} IN ({})", self.expr(operand)?, not(*negated), values.join(", "))
            }
            ExprKind::Text { operand, operator, pattern, negated } => {
                let test = self.text_test(operand, *operator, pattern)?;
                if *negated { format!("(NOT {test})") } else { test }
            }
            ExprKind::IsNull { operand, negated } => format!("{} IS{} NULL", self.expr(operand)?, not(*negated)),
            ExprKind::Case { operand: None, arms, otherwise } => self.case(arms, otherwise.as_deref())?,
            other => bail!("this is not translated: {other:?}"),
        })
    }

    fn joined(&self, operands: &[Expr], operator: &str) -> Result<String> {
        let operands = operands.iter().map(|it| self.expr(it)).collect::<Result<Vec<_>>>()?;
        Ok(format!("({})", operands.join(operator)))
    }

    /// A side of a comparison; numbers beside a column of text are text.
    fn operand(&self, expr: &Expr, is_text: bool) -> Result<String> {
        match &expr.value {
            ExprKind::Literal(Literal::Integer { value, .. }) if is_text => Ok(self.text(&value.to_string())),
            _ => self.expr(expr),
        }
    }

    /// A column under its name in the files, else what a new name stands for.
    fn name(&self, name: &str) -> Result<String> {
        if name.eq_ignore_ascii_case("LOGSOURCETYPEID") {
            return Ok(identifier("devicetype"));
        }
        if let Some(field) = EVENTS.field(name) {
            return Ok(identifier(field.name));
        }
        let expr = self.aliases.get(&name.to_lowercase()).with_context(|| format!("unknown name `{name}`"))?;
        self.expr(expr)
    }

    fn call(&self, call: &Call) -> Result<String> {
        let first = call.args.first().with_context(|| format!("`{}` without argument", call.name.value))?;
        match call.name.value.to_uppercase().as_str() {
            "LOWER" => Ok(format!("lower({})", self.expr(first)?)),
            "LOGSOURCETYPEID" => Ok(identifier("devicetype")),
            "DATEFORMAT" | "LOGSOURCENAME" | "QIDNAME" | "CATEGORYNAME" => self.expr(first),
            other => bail!("the function `{other}` is not translated"),
        }
    }

    fn text_test(&self, operand: &Expr, operator: TextOperator, pattern: &TextPattern) -> Result<String> {
        let operand = self.expr(operand)?;
        let patterns = match pattern {
            TextPattern::One(pattern) => std::slice::from_ref(&**pattern),
            TextPattern::Any(patterns) => patterns,
        };
        let tests = patterns.iter().map(|pattern| match &pattern.value {
            ExprKind::Literal(Literal::Text(text)) => Ok(self.one_test(&operand, operator, &self.escapes.read(text))),
            other => bail!("a pattern that is no text: {other:?}"),
        });
        let tests = tests.collect::<Result<Vec<_>>>()?;
        Ok(if tests.len() == 1 { tests.concat() } else { format!("({})", tests.join(" OR ")) })
    }

    fn one_test(&self, operand: &str, operator: TextOperator, pattern: &str) -> String {
        let (like, expression) = match operator {
            TextOperator::Like => ("LIKE", None),
            TextOperator::ILike => ("ILIKE", None),
            TextOperator::Matches => ("", Some(pattern.to_owned())),
            TextOperator::IMatches => ("", Some(format!("(?i){pattern}"))),
        };
        match (expression, self.dialect) {
            // ClickHouse takes the backslash of a LIKE pattern as an escape.
            (None, Dialect::ClickHouse) => format!("{operand} {like} {}", self.text(&pattern.replace('\\', r"\\"))),
            (None, _) => format!("{operand} {like} {}", self.text(pattern)),
            (Some(it), Dialect::DuckDb) => format!("regexp_matches({operand}, {})", self.text(&it)),
            (Some(it), Dialect::ClickHouse) => format!("match({operand}, {})", self.text(&it)),
            (Some(it), Dialect::Polars) => format!("REGEXP_LIKE({operand}, {})", self.text(&it)),
        }
    }

    fn case(&self, arms: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Result<String> {
        let mut sql = "CASE".to_owned();
        for (condition, value) in arms {
            write!(sql, " WHEN {} THEN {}", self.expr(condition)?, self.expr(value)?)?;
        }
        if let Some(otherwise) = otherwise {
            write!(sql, " ELSE {}", self.expr(otherwise)?)?;
        }
        Ok(sql + " END")
    }

    fn literal(&self, literal: &Literal) -> String {
        match literal {
            Literal::Text(text) => self.text(&self.escapes.read(text)),
            Literal::Integer { value, .. } => value.to_string(),
            Literal::Decimal(value) => value.to_string(),
            Literal::Boolean(value) => value.to_string(),
            Literal::Null => "NULL".to_owned(),
        }
    }

    fn text(&self, text: &str) -> String {
        match self.dialect {
            Dialect::ClickHouse => format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'")),
            Dialect::DuckDb | Dialect::Polars => format!("'{}'", text.replace('\'', "''")),
        }
    }
}

/// Whether this is a column of text in the files.
fn is_text(expr: &Expr) -> bool {
    let ExprKind::Name(name) = &expr.value else { return false };
    EVENTS.field(&name.text).is_some_and(|it| it.value_type == Type::Text)
}

fn identifier(name: &str) -> String {
    format!("\"{name}\"")
}

fn not(negated: bool) -> &'static str {
    if negated { " NOT" } else { "" }
}

fn comparison(operator: CompareOperator) -> &'static str {
    match operator {
        CompareOperator::Equal => "=",
        CompareOperator::NotEqual => "<>",
        CompareOperator::Less => "<",
        CompareOperator::LessOrEqual => "<=",
        CompareOperator::Greater => ">",
        CompareOperator::GreaterOrEqual => ">=",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUERY: &str = r"SELECT QIDNAME(qid) AS name, CASE WHEN CommandLine ILIKE ANY ('%\\Temp\\%', '%it''s%') THEN 1
        ELSE 0 END AS odd FROM events WHERE EventID IN (1, 4688) AND (odd = 1 OR LOWER(ImagePath) MATCHES '.*\\x\.exe')
        ORDER BY odd DESC, starttime LAST 24 HOURS";

    #[test]
    fn each_engine_reads_the_same_patterns_with_its_own_escapes() {
        let duck = translate(QUERY, Escapes::CStyle, Dialect::DuckDb, "events").expect("it is translated");
        let odd = r#"CASE WHEN ("Command" ILIKE '%\Temp\%' OR "Command" ILIKE '%it''s%') THEN 1 ELSE 0 END"#;
        let expected = format!(
            r#"SELECT "qid" AS "name", {odd} AS "odd" FROM events WHERE ("Event ID" IN ('1', '4688') AND ({odd} = 1 OR regexp_matches(lower("Service Filename"), '.*\x\.exe'))) ORDER BY "odd" DESC, "starttime""#
        );
        assert_eq!(duck, expected);
        let house = translate(QUERY, Escapes::CStyle, Dialect::ClickHouse, "t").expect("it is translated");
        assert!(house.contains(r#""Command" ILIKE '%\\\\Temp\\\\%'"#), "{house}");
        assert!(house.contains(r"'%it\'s%'"), "{house}");
        assert!(house.contains(r#"match(lower("Service Filename"), '.*\\x\\.exe')"#), "{house}");
    }

    #[test]
    fn what_has_no_counterpart_is_refused() {
        for (query, reason) in [
            ("SELECT UTF8(payload) FROM events", "the function `UTF8` is not translated"),
            ("SELECT qid FROM events GROUP BY qid", "queries that group are not translated"),
            ("SELECT nothing FROM events", "unknown name `nothing`"),
        ] {
            let error = translate(query, Escapes::Strict, Dialect::DuckDb, "events").expect_err("it is refused");
            assert_eq!(error.to_string(), reason);
        }
    }
}
