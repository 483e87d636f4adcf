//! Correlations as queries that group events by fields and time.
//!
//! AQL can group by a fixed window of time, not by one that slides. A window here begins at a multiple of the timespan, so
//! what a row reports did happen within the timespan; what began in one window and ended in the next may be missed. The
//! page says so.

use syntax::{Diagnostic, Span};

use super::column::{Column, number, quoted};
use super::predicate::Predicate;
use super::rule::Logic;
use super::{Importer, Made};
use crate::rule::{Condition, Correlation, CorrelationKind, Criterion, Quantity, Threshold};

/// The most rules of a correlation.
const RULES_MAX: usize = 50;

/// One rule of a correlation.
struct Part {
    /// The id or name by which the correlation refers to it.
    reference: String,
    /// All names of the rule.
    names: Vec<String>,
    logic: Logic,
}

/// A column of the inner query that groups or is counted.
struct Value {
    /// What the outer query calls it.
    name: String,
    /// What it is in an event.
    expression: String,
}

fn error(span: Span, message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("sigma-correlation", span, message))
}

/// Makes the query of a correlation.
pub(super) fn import(correlation: &Correlation, importer: &Importer) -> Result<Made, Box<Diagnostic>> {
    if correlation.rules.len() > RULES_MAX {
        return Err(error(correlation.span, format!("the correlation refers to more than {RULES_MAX} rules")));
    }
    let parts = correlation.rules.iter().map(|it| part(it, importer)).collect::<Result<Vec<_>, _>>()?;
    let group = correlation.group_by.iter().map(|(name, span)| value(name, *span, correlation, &parts));
    let group = group.collect::<Result<Vec<_>, _>>()?;
    let counted = match &correlation.field {
        Some(name) => Some(value(name, correlation.span, correlation, &parts)?),
        None => None,
    };
    let query = if correlation.kind.is_temporal() {
        temporal(correlation, &parts, &group)?
    } else {
        numeric(correlation, &parts, &group, counted.as_ref())?
    };
    let differences = differences(correlation, parts.len());
    Ok(Made { query, logics: parts.into_iter().map(|it| it.logic).collect(), differences })
}

fn part((name, span): &(String, Span), importer: &Importer) -> Result<Part, Box<Diagnostic>> {
    let Some(place) = importer.by_name.get(name.as_str()) else {
        let help = "read its file together with this one";
        return Err(Box::new(error(*span, format!("no rule `{name}` was read")).with_help(help)));
    };
    if !matches!(place.document.body, Some(crate::rule::Body::Rule(_))) {
        let wrong = if place.document.body.is_none() { "which was refused" } else { "which is itself a correlation" };
        let message = format!("the correlation refers to `{name}`, {wrong}");
        return Err(Box::new(
            error(*span, message)
                .with_note("a query of AQL can group rows of events once, not rows of groups again by time"),
        ));
    }
    let logic = importer
        .logic_of(place.document)
        .map_err(|it| error(*span, format!("the rule `{name}` was refused: {}", it.message)))?;
    let head = &place.document.head;
    let names = [&head.id, &head.name].into_iter().flatten().cloned().collect();
    Ok(Part { reference: name.clone(), names, logic })
}

/// A field or alias of the correlation as an expression over the events of all rules.
fn value(name: &str, span: Span, correlation: &Correlation, parts: &[Part]) -> Result<Value, Box<Diagnostic>> {
    let column = |field: &str| {
        Column::of(field).ok_or_else(|| error(span, format!("no column can be asked for `{field}` like this")))
    };
    let Some((_, fields)) = correlation.aliases.iter().find(|it| it.0 == name) else {
        let column = column(name)?;
        return Ok(Value { name: column.text.clone(), expression: column.text });
    };
    let mut columns = Vec::with_capacity(parts.len());
    for part in parts {
        let field = fields.iter().find(|it| it.0 == part.reference || part.names.contains(&it.0));
        let Some((_, field)) = field else {
            return Err(error(span, format!("the alias `{name}` has no field for the rule `{}`", part.reference)));
        };
        columns.push(column(field)?);
    }
    // A column of that name would win over the alias.
    let is_taken = schema::EVENTS.find(name).is_some();
    let name = if is_taken { quoted(&format!("{name} (alias)")) } else { quoted(name) };
    if columns.iter().all(|it| *it == columns[0]) {
        return Ok(Value { name, expression: columns[0].text.clone() });
    }
    let is_temporal = correlation.kind.is_temporal();
    let mut expression = String::from("CASE");
    for (index, (part, column)) in parts.iter().zip(&columns).enumerate() {
        let of_rule = if is_temporal { format!("rule_{} = 1", index + 1) } else { part.logic.predicate.operand() };
        expression.extend([" WHEN ", &of_rule, " THEN ", &column.as_text()]);
    }
    Ok(Value { name, expression: expression + " END" })
}

/// The window of an event: a multiple of the timespan.
fn window(correlation: &Correlation) -> String {
    format!("starttime - starttime % {}", correlation.timespan_ms)
}

/// Which events any of the rules is about, and of which the values for grouping are there.
fn filter(parts: &[Part], group: &[Value], counted: Option<&Value>) -> String {
    let any = Predicate::or(parts.iter().map(|it| it.logic.predicate.clone()).collect());
    let there = group.iter().chain(counted).map(|it| {
        let text = format!("{} IS NOT NULL", it.name);
        Predicate::Sure(text)
    });
    Predicate::and([any].into_iter().chain(there).collect()).layout(2)
}

fn select(items: &[String]) -> String {
    items.join(",\n  ")
}

fn group_columns(group: &[Value]) -> Vec<String> {
    let column = |it: &Value| {
        if it.name == it.expression { it.name.clone() } else { format!("{} AS {}", it.expression, it.name) }
    };
    group.iter().map(column).collect()
}

/// Counts, sums, means and percentiles.
fn numeric(
    correlation: &Correlation,
    parts: &[Part],
    group: &[Value],
    counted: Option<&Value>,
) -> Result<String, Box<Diagnostic>> {
    let field = counted.map(|it| it.expression.as_str()).unwrap_or_default();
    let (measure, alias) = match correlation.kind {
        CorrelationKind::ValueCount => (format!("UNIQUECOUNT({field})"), "value_count"),
        CorrelationKind::ValueSum => (format!("SUM(DOUBLE({field}))"), "value_sum"),
        CorrelationKind::ValueAverage => (format!("AVG(DOUBLE({field}))"), "value_average"),
        // A row of QRadar may stand for several events.
        _ => ("SUM(eventcount)".to_owned(), "event_count"),
    };
    let conditions: Vec<String> = if let Some(percentile) = correlation.percentile {
        let condition = |it: &Threshold| percentile_condition(*it, percentile, field);
        correlation.thresholds.iter().map(condition).collect::<Option<_>>().ok_or_else(|| {
            let message = "the percentile 0 is the least value, which no correlation asks for";
            error(correlation.span, message)
        })?
    } else {
        let condition = |it: &Threshold| format!("{alias} {} {}", it.criterion.operator(), number(it.value));
        correlation.thresholds.iter().map(condition).collect()
    };
    let mut items = group_columns(group);
    items.push(format!("{} AS window_start", window(correlation)));
    items.push(format!("{measure} AS {alias}"));
    items.push("MIN(starttime) AS first_event".to_owned());
    items.push("MAX(starttime) AS last_event".to_owned());
    let keys: Vec<String> = group.iter().map(|it| it.name.clone()).chain(["window_start".to_owned()]).collect();
    Ok(format!(
        "SELECT\n  {}\nFROM events\nWHERE {}\nGROUP BY {}\nHAVING {}\n",
        select(&items),
        filter(parts, group, counted),
        keys.join(", "),
        conditions.join(" AND "),
    ))
}

/// What the percentile by nearest rank must be, as a count of the values below it. None for the percentile 0.
///
/// The percentile `p` of `n` values is above `v` exactly when fewer than `p * n / 100` of them are at most `v`.
fn percentile_condition(threshold: Threshold, percentile: f64, field: &str) -> Option<String> {
    if percentile <= 0.0 {
        return None;
    }
    let value = number(threshold.value);
    let count = |operator: &str| format!("SUM(CASE WHEN DOUBLE({field}) {operator} {value} THEN 1 ELSE 0 END) * 100");
    let rank = format!("COUNT(DOUBLE({field})) * {}", number(percentile));
    let above = format!("{} < {rank}", count("<="));
    let at_least = format!("{} < {rank}", count("<"));
    let at_most = format!("{} >= {rank}", count("<="));
    let below = format!("{} >= {rank}", count("<"));
    Some(match threshold.criterion {
        Criterion::Greater => above,
        Criterion::GreaterOrEqual => at_least,
        Criterion::Less => below,
        Criterion::LessOrEqual => at_most,
        Criterion::Equal => format!("{at_least} AND {at_most}"),
        Criterion::NotEqual => format!("({below} OR {above})"),
    })
}

/// Whether all rules match, or those that the condition asks for.
fn temporal(correlation: &Correlation, parts: &[Part], group: &[Value]) -> Result<String, Box<Diagnostic>> {
    let flags: Vec<String> = (1..=parts.len()).map(|it| format!("rule_{it}")).collect();
    let mut inner = vec!["starttime".to_owned()];
    for (part, flag) in parts.iter().zip(&flags) {
        let condition = part.logic.predicate.layout(6);
        inner.push(format!("CASE WHEN\n      {condition}\n    THEN 1 ELSE 0 END AS {flag}"));
    }
    inner.extend(group_columns(group));
    let any: Vec<String> = flags.iter().map(|it| format!("{it} = 1")).collect();
    let there = group.iter().map(|it| format!("{} IS NOT NULL", it.name));
    let filter = [format!("({})", any.join(" OR "))].into_iter().chain(there).collect::<Vec<_>>().join(" AND ");
    let mut outer: Vec<String> = group.iter().map(|it| it.name.clone()).collect();
    outer.push(format!("{} AS window_start", window(correlation)));
    for flag in &flags {
        outer.push(format!("SUM({flag}) AS {flag}_count"));
    }
    if correlation.kind == CorrelationKind::TemporalOrdered {
        for flag in &flags {
            outer.push(format!("MIN(CASE WHEN {flag} = 1 THEN starttime END) AS {flag}_first"));
            outer.push(format!("MAX(CASE WHEN {flag} = 1 THEN starttime END) AS {flag}_last"));
        }
    }
    outer.push("MIN(starttime) AS first_event".to_owned());
    outer.push("MAX(starttime) AS last_event".to_owned());
    let keys: Vec<String> = group.iter().map(|it| it.name.clone()).chain(["window_start".to_owned()]).collect();
    Ok(format!(
        "SELECT\n  {}\nFROM (\n  SELECT\n    {}\n  FROM events\n  WHERE {filter}\n)\nGROUP BY {}\nHAVING {}\n",
        select(&outer),
        inner.join(",\n    "),
        keys.join(", "),
        temporal_condition(correlation, parts, &flags)?,
    ))
}

fn temporal_condition(correlation: &Correlation, parts: &[Part], flags: &[String]) -> Result<String, Box<Diagnostic>> {
    let mut conditions = Vec::new();
    let present = |flag: &String| format!("{flag}_count >= 1");
    if let Some(expression) = &correlation.expression {
        conditions.push(expression_of(expression, parts, flags));
    } else if correlation.thresholds.is_empty() {
        conditions.extend(flags.iter().map(present));
    } else {
        let number_of: Vec<String> =
            flags.iter().map(|it| format!("CASE WHEN {} THEN 1 ELSE 0 END", present(it))).collect();
        for threshold in &correlation.thresholds {
            let value = number(threshold.value);
            conditions.push(format!("{} {} {value}", number_of.join(" + "), threshold.criterion.operator()));
        }
    }
    if correlation.kind == CorrelationKind::TemporalOrdered {
        if correlation.expression.is_some() || !correlation.thresholds.is_empty() {
            return Err(error(
                correlation.span,
                "an ordered correlation asks for all of its rules; it has no condition",
            ));
        }
        // Each rule before each that comes later: for two rules that is the order itself.
        for (index, first) in flags.iter().enumerate() {
            conditions.extend(flags[index + 1..].iter().map(|later| format!("{first}_first <= {later}_last")));
        }
    }
    Ok(conditions.join(" AND "))
}

fn expression_of(condition: &Condition, parts: &[Part], flags: &[String]) -> String {
    let flag = |name: &str| {
        let index = parts.iter().position(|it| it.reference == name).unwrap_or_default();
        format!("{}_count >= 1", flags[index])
    };
    let chain = |operands: &[Condition], word: &str| {
        let operands: Vec<_> = operands.iter().map(|it| expression_of(it, parts, flags)).collect();
        format!("({})", operands.join(word))
    };
    match condition {
        Condition::Search(name) => flag(name),
        Condition::And(operands) => chain(operands, " AND "),
        Condition::Or(operands) => chain(operands, " OR "),
        Condition::Not(inner) => format!("NOT ({})", expression_of(inner, parts, flags)),
        Condition::Of(quantity, selector) => {
            let names = parts.iter().map(|it| it.reference.as_str()).filter(|it| selector.selects(it));
            let tests: Vec<_> = names.map(flag).collect();
            match quantity {
                Quantity::All => format!("({})", tests.join(" AND ")),
                Quantity::AtLeast(1) => format!("({})", tests.join(" OR ")),
                Quantity::AtLeast(count) => {
                    let ones: Vec<_> = tests.iter().map(|it| format!("CASE WHEN {it} THEN 1 ELSE 0 END")).collect();
                    format!("{} >= {count}", ones.join(" + "))
                }
            }
        }
    }
}

/// A time in the greatest unit that is whole.
fn duration(milliseconds: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute")];
    let unit = UNITS.iter().find(|it| milliseconds.is_multiple_of(it.0)).copied().unwrap_or((1_000, "second"));
    let count = milliseconds / unit.0;
    if count == 1 { format!("1 {}", unit.1) } else { format!("{count} {}s", unit.1) }
}

/// What the query does otherwise than the correlation says.
fn differences(correlation: &Correlation, rules: usize) -> Vec<String> {
    let mut differences = vec![format!(
        "Time is cut into windows of {} that begin at multiples of that time, since AQL has no window that slides: \
         what a row reports lies within the timespan, but events on both sides of a cut are counted apart, and what only \
         they make up together is missed.",
        duration(correlation.timespan_ms)
    )];
    let is_upper = |it: &Threshold| {
        matches!(it.criterion, Criterion::Less | Criterion::LessOrEqual | Criterion::Equal | Criterion::NotEqual)
    };
    if correlation.thresholds.iter().any(is_upper) {
        differences.push(
            "A count that must stay low is tested for windows in which there is at least one event: a window without any \
             makes no row."
                .to_owned(),
        );
    }
    if correlation.kind == CorrelationKind::TemporalOrdered && rules > 2 {
        differences.push(
            "Of more than two rules each pair is tested for its order by the first and the last event of each rule: rows \
             are possible in which no single chain of events has the whole order."
                .to_owned(),
        );
    }
    differences
}
