//! Correlations: rules about what other rules find in some time.

use pack::yaml::{Node, Value};
use syntax::{Diagnostic, Span};

use super::condition::{self, Condition};

/// What a correlation looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CorrelationKind {
    /// How many events there are.
    EventCount,
    /// How many different values a field has.
    ValueCount,
    /// Whether all rules match.
    Temporal,
    /// Whether all rules match in their order.
    TemporalOrdered,
    /// The sum of a field.
    ValueSum,
    /// The mean of a field.
    ValueAverage,
    /// A percentile of a field.
    ValuePercentile,
    /// The median of a field.
    ValueMedian,
}

const KINDS: &[(&str, CorrelationKind)] = &[
    ("event_count", CorrelationKind::EventCount),
    ("value_count", CorrelationKind::ValueCount),
    ("temporal", CorrelationKind::Temporal),
    ("temporal_ordered", CorrelationKind::TemporalOrdered),
    ("ordered_temporal", CorrelationKind::TemporalOrdered),
    ("value_sum", CorrelationKind::ValueSum),
    ("value_avg", CorrelationKind::ValueAverage),
    ("value_percentile", CorrelationKind::ValuePercentile),
    ("value_median", CorrelationKind::ValueMedian),
];

impl CorrelationKind {
    /// The name that rules write.
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|it| it.1 == self).map_or("", |it| it.0)
    }

    /// Whether it asks which rules match, not how much there is of something.
    pub fn is_temporal(self) -> bool {
        matches!(self, Self::Temporal | Self::TemporalOrdered)
    }
}

/// How a count, sum or percentile is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// `gt`
    Greater,
    /// `gte`
    GreaterOrEqual,
    /// `lt`
    Less,
    /// `lte`
    LessOrEqual,
    /// `eq`
    Equal,
    /// `neq`
    NotEqual,
}

const CRITERIA: [(&str, Criterion, &str); 6] = [
    ("gt", Criterion::Greater, ">"),
    ("gte", Criterion::GreaterOrEqual, ">="),
    ("lt", Criterion::Less, "<"),
    ("lte", Criterion::LessOrEqual, "<="),
    ("eq", Criterion::Equal, "="),
    ("neq", Criterion::NotEqual, "<>"),
];

impl Criterion {
    /// The operator of AQL.
    pub fn operator(self) -> &'static str {
        CRITERIA.iter().find(|it| it.1 == self).map_or("", |it| it.2)
    }
}

/// A number and how it is compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// How.
    pub criterion: Criterion,
    /// With what.
    pub value: f64,
}

/// An alias, and for each rule, by id or name, the field that it stands for.
pub type Alias = (String, Vec<(String, String)>);

/// A rule about what other rules find.
#[derive(Clone, Debug)]
pub struct Correlation {
    /// What it looks at.
    pub kind: CorrelationKind,
    /// The rules, by id or name, each with its place.
    pub rules: Vec<(String, Span)>,
    /// The fields or aliases whose values must be the same.
    pub group_by: Vec<(String, Span)>,
    /// The time in which everything must happen, in milliseconds.
    pub timespan_ms: u64,
    /// What the number must be; all of several.
    pub thresholds: Vec<Threshold>,
    /// Of a temporal correlation: which rules must match, where that is not all of them.
    pub expression: Option<Condition>,
    /// The field that is counted, summed and so on.
    pub field: Option<String>,
    /// Which percentile, 0-100.
    pub percentile: Option<f64>,
    /// Names for fields that differ from rule to rule.
    pub aliases: Vec<Alias>,
    /// Whether the rules themselves are detections too.
    pub generates: bool,
    /// Where the section stands.
    pub span: Span,
}

const KEYS: [&str; 7] = ["type", "rules", "group-by", "timespan", "condition", "aliases", "generate"];

fn error(span: Span, message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("sigma-correlation", span, message))
}

/// Reads the section `correlation`; the first fault ends the reading.
pub(super) fn read(node: &Node) -> Result<Correlation, Box<Diagnostic>> {
    let Value::Map(pairs) = &node.value else {
        return Err(error(node.span, format!("the section is {}, not a map", node.value.kind())));
    };
    if let Some(((name, span), _)) = pairs.iter().find(|((name, _), _)| !KEYS.contains(&name.as_str())) {
        return Err(Box::new(
            error(*span, format!("no key `{name}` in a correlation"))
                .with_help(format!("there are {}", KEYS.join(", "))),
        ));
    }
    let find = |name: &str| pairs.iter().find(|((it, _), _)| it == name).map(|(_, node)| node);
    let need = |name: &str| find(name).ok_or_else(|| error(node.span, format!("the correlation has no `{name}`")));
    let kind_node = need("type")?;
    let kind = match &kind_node.value {
        Value::Text(text) => KINDS.iter().find(|it| it.0 == text).map(|it| it.1),
        _ => None,
    };
    let Some(kind) = kind else {
        let known: Vec<_> = KINDS.iter().map(|it| it.0).collect();
        let help = format!("there are {}", known.join(", "));
        return Err(Box::new(error(kind_node.span, "no such type of correlation").with_help(help)));
    };
    let rules = texts(need("rules")?)?;
    if rules.is_empty() {
        return Err(error(node.span, "the correlation refers to no rule"));
    }
    let mut correlation = Correlation {
        kind,
        rules,
        group_by: find("group-by").map_or(Ok(Vec::new()), texts)?,
        timespan_ms: timespan(need("timespan")?)?,
        thresholds: Vec::new(),
        expression: None,
        field: None,
        percentile: None,
        aliases: find("aliases").map_or(Ok(Vec::new()), aliases)?,
        generates: matches!(find("generate").map(|it| &it.value), Some(Value::Boolean(true))),
        span: node.span,
    };
    match find("condition") {
        Some(node) => read_condition(node, &mut correlation)?,
        None if !kind.is_temporal() => return Err(error(node.span, "the correlation has no `condition`")),
        None => {}
    }
    let needs_field = !kind.is_temporal() && kind != CorrelationKind::EventCount;
    if needs_field && correlation.field.is_none() {
        return Err(error(node.span, format!("`{}` needs the key `field` in its condition", kind.name())));
    }
    if kind == CorrelationKind::ValueMedian {
        correlation.percentile = Some(50.0);
    }
    if kind == CorrelationKind::ValuePercentile && correlation.percentile.is_none() {
        return Err(error(node.span, "`value_percentile` needs the key `percentile` in its condition"));
    }
    Ok(correlation)
}

fn read_condition(node: &Node, correlation: &mut Correlation) -> Result<(), Box<Diagnostic>> {
    let pairs = match &node.value {
        Value::Text(text) if correlation.kind.is_temporal() => {
            let names: Vec<&str> = correlation.rules.iter().map(|it| it.0.as_str()).collect();
            correlation.expression = Some(condition::parse(text, node.span, &names)?);
            return Ok(());
        }
        Value::Map(pairs) => pairs,
        other => return Err(error(node.span, format!("the condition is {}", other.kind()))),
    };
    for ((name, span), value) in pairs {
        match (name.as_str(), &value.value) {
            ("field", Value::Text(field)) => correlation.field = Some(field.clone()),
            ("field", Value::List(items)) if items.len() == 1 => {
                correlation.field = texts(value)?.pop().map(|it| it.0);
            }
            ("percentile", Value::Number(number)) if (0.0..=100.0).contains(number) => {
                correlation.percentile = Some(*number);
            }
            (name, Value::Number(number)) if number.is_finite() => {
                let Some(criterion) = CRITERIA.iter().find(|it| it.0 == name).map(|it| it.1) else {
                    return Err(error(*span, format!("no criterion `{name}`")));
                };
                correlation.thresholds.push(Threshold { criterion, value: *number });
            }
            (name, other) => return Err(error(value.span, format!("`{name}` cannot be {}", other.kind()))),
        }
    }
    if correlation.thresholds.is_empty() {
        return Err(error(node.span, "the condition compares with no number"));
    }
    Ok(())
}

fn texts(node: &Node) -> Result<Vec<(String, Span)>, Box<Diagnostic>> {
    let items = match &node.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let text = |it: &Node| match &it.value {
        Value::Text(text) => Ok((text.clone(), it.span)),
        other => Err(error(it.span, format!("{} stands where a name should", other.kind()))),
    };
    items.iter().map(text).collect()
}

/// `5m` in milliseconds.
fn timespan(node: &Node) -> Result<u64, Box<Diagnostic>> {
    let wrong =
        || Box::new(error(node.span, "no such time").with_help("write a number and s, m, h or d, such as `5m`"));
    let Value::Text(text) = &node.value else { return Err(wrong()) };
    let text = text.trim();
    let unit_ms = match text.chars().last() {
        Some('s') => 1_000,
        Some('m') => 60_000,
        Some('h') => 3_600_000,
        Some('d') => 86_400_000,
        Some('w') => 604_800_000,
        _ => return Err(wrong()),
    };
    let number: u64 = text[..text.len() - 1].trim().parse().map_err(|_| wrong())?;
    number.checked_mul(unit_ms).filter(|it| (1..=366 * 86_400_000).contains(it)).ok_or_else(wrong)
}

fn aliases(node: &Node) -> Result<Vec<Alias>, Box<Diagnostic>> {
    let Value::Map(pairs) = &node.value else {
        return Err(error(node.span, "the aliases are not a map"));
    };
    let mut aliases = Vec::new();
    for ((alias, _), fields) in pairs {
        let Value::Map(fields) = &fields.value else {
            return Err(error(fields.span, format!("the alias `{alias}` is not a map of rules and fields")));
        };
        let mut of_rules = Vec::new();
        for ((rule, _), field) in fields {
            let Value::Text(field) = &field.value else {
                return Err(error(field.span, format!("the field of `{rule}` is no name")));
            };
            of_rules.push((rule.clone(), field.clone()));
        }
        aliases.push((alias.clone(), of_rules));
    }
    Ok(aliases)
}
