//! The class guard of a detection: which log source types, channels and event ids it can match at all. A necessary
//! condition derived from the filter; it never looks at anything else of an event.

use std::collections::BTreeSet;

use aql::bound::{Expr, ExprKind, Literal, PatternKind, TextTest};
use aql::text::Case;
use syntax::ast::CompareOperator;

use super::facts::{CLASS_COLUMNS, EventClass};

/// Alternatives that a guard keeps; a filter with more is not guarded.
const ALTERNATIVES_MAX: usize = 64;

/// Any of these; no alternative at all: no event can match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Guard(Option<Vec<Alternative>>);

/// All of these; a set that is absent admits everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Alternative {
    device_types: Option<BTreeSet<i64>>,
    channels: Option<Texts>,
    event_ids: Option<Texts>,
}

/// Texts, compared exactly or without regard to case.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Texts {
    exact: BTreeSet<String>,
    folded: BTreeSet<String>,
}

impl Guard {
    /// A guard that admits everything.
    const OPEN: Self = Self(None);

    /// The guard of a filter.
    pub(crate) fn of(filter: Option<&Expr>) -> Self {
        filter.map_or(Self::OPEN, derive)
    }

    /// Whether an event of this class may match.
    pub(crate) fn admits(&self, class: &EventClass) -> bool {
        let Some(alternatives) = &self.0 else { return true };
        alternatives.iter().any(|it| it.admits(class))
    }

    /// The guard in words, such as `Event ID 7045 or 4697`; nothing when everything is admitted.
    pub(crate) fn describe(&self) -> Option<String> {
        let alternatives = self.0.as_ref()?;
        let texts: Vec<_> = alternatives.iter().map(Alternative::describe).filter(|it| !it.is_empty()).collect();
        (!texts.is_empty()).then(|| texts.join("; or "))
    }

    fn and(self, other: Self) -> Self {
        match (self.0, other.0) {
            (None, other) => Self(other),
            (one, None) => Self(one),
            (Some(one), Some(other)) if one.len() * other.len() <= ALTERNATIVES_MAX => {
                Self(Some(one.iter().flat_map(|a| other.iter().filter_map(|b| a.and(b))).collect()))
            }
            // Either one is a necessary condition; the shorter one is kept.
            (Some(one), Some(other)) => Self(Some(if one.len() <= other.len() { one } else { other })),
        }
    }

    fn or(self, other: Self) -> Self {
        match (self.0, other.0) {
            (Some(mut one), Some(other)) => {
                for alternative in other {
                    if !one.contains(&alternative) {
                        one.push(alternative);
                    }
                }
                if one.len() > ALTERNATIVES_MAX { Self::OPEN } else { Self(Some(one)) }
            }
            _ => Self::OPEN,
        }
    }

    fn only(alternative: Alternative) -> Self {
        Self(Some(vec![alternative]))
    }
}

impl Alternative {
    fn admits(&self, class: &EventClass) -> bool {
        let device_type =
            self.device_types.as_ref().is_none_or(|set| class.device_type.is_some_and(|it| set.contains(&it)));
        let text = |set: &Option<Texts>, value: &Option<std::sync::Arc<str>>| {
            set.as_ref().is_none_or(|set| value.as_deref().is_some_and(|it| set.contains(it)))
        };
        device_type && text(&self.channels, &class.channel) && text(&self.event_ids, &class.event_id)
    }

    /// What both admit; nothing when that is nothing.
    fn and(&self, other: &Self) -> Option<Self> {
        let device_types = match (&self.device_types, &other.device_types) {
            (Some(one), Some(other)) => {
                let both: BTreeSet<_> = one.intersection(other).copied().collect();
                if both.is_empty() {
                    return None;
                }
                Some(both)
            }
            (one, other) => one.clone().or_else(|| other.clone()),
        };
        // Two sets of texts are seldom met on one field; keeping the first is still necessary.
        let first = |one: &Option<Texts>, other: &Option<Texts>| one.clone().or_else(|| other.clone());
        Some(Self {
            device_types,
            channels: first(&self.channels, &other.channels),
            event_ids: first(&self.event_ids, &other.event_ids),
        })
    }

    fn describe(&self) -> String {
        let mut parts = Vec::new();
        if let Some(types) = &self.device_types {
            let names = types.iter().map(|it| match schema::tables::log_source_types::by_id(*it) {
                Some(row) => row.name().to_owned(),
                None => format!("log source type {it}"),
            });
            parts.push(names.collect::<Vec<_>>().join(" or "));
        }
        for (name, texts) in [("channel", &self.channels), ("event id", &self.event_ids)] {
            if let Some(texts) = texts {
                let values: Vec<_> = texts.exact.iter().chain(&texts.folded).map(String::as_str).collect();
                parts.push(format!("{name} {}", values.join(" or ")));
            }
        }
        parts.join(", ")
    }
}

impl Texts {
    fn contains(&self, value: &str) -> bool {
        // Letters beyond ASCII may fold to these; they are left to the exact predicate.
        let may_fold = || !value.is_ascii() || self.folded.contains(&value.to_ascii_lowercase());
        self.exact.contains(value) || (!self.folded.is_empty() && may_fold())
    }
}

/// The guard of a condition that must be true.
fn derive(expr: &Expr) -> Guard {
    match &expr.kind {
        ExprKind::And(operands) => operands.iter().map(derive).fold(Guard::OPEN, Guard::and),
        ExprKind::Or(operands) => operands.iter().map(derive).reduce(Guard::or).unwrap_or(Guard::OPEN),
        ExprKind::Text(test) => text_guard(test),
        ExprKind::Compare(CompareOperator::Equal, left, right) => number_guard(left, std::slice::from_ref(right)),
        ExprKind::In { operand, list, negated: false } => number_guard(operand, list),
        _ => Guard::OPEN,
    }
}

fn text_guard(test: &TextTest) -> Guard {
    let ExprKind::Field(field) = test.operand.kind else { return Guard::OPEN };
    let columns = *CLASS_COLUMNS;
    let is_equality = test.patterns.iter().all(|it| it.kind == PatternKind::Equal);
    let is_plain = test.patterns.iter().all(|it| it.text.is_ascii());
    if test.negated || !is_equality || !is_plain || (field != columns.channel && field != columns.event_id) {
        return Guard::OPEN;
    }
    let values = test.patterns.iter().map(|it| it.text.clone());
    let texts = match test.case {
        Case::Sensitive => Texts { exact: values.collect(), folded: BTreeSet::new() },
        _ => Texts { exact: BTreeSet::new(), folded: values.map(|it| it.to_lowercase()).collect() },
    };
    Guard::only(if field == columns.channel {
        Alternative { channels: Some(texts), ..Alternative::default() }
    } else {
        Alternative { event_ids: Some(texts), ..Alternative::default() }
    })
}

fn number_guard(operand: &Expr, list: &[impl std::borrow::Borrow<Expr>]) -> Guard {
    let ExprKind::Field(field) = operand.kind else { return Guard::OPEN };
    if field != CLASS_COLUMNS.device_type {
        return Guard::OPEN;
    }
    let mut device_types = BTreeSet::new();
    for value in list {
        match value.borrow().as_literal() {
            Some(Literal::Integer(number)) => device_types.insert(*number),
            Some(Literal::Null) => false,
            _ => return Guard::OPEN,
        };
    }
    Guard::only(Alternative { device_types: Some(device_types), ..Alternative::default() })
}
