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

/// What no class of an input satisfies.
pub(crate) struct Absence {
    /// In words.
    pub(crate) wanted: String,
    /// Whether the log source is there, and only the event ids are not.
    pub(crate) has_source: bool,
}

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

    /// What none of some classes satisfies: the alternatives whose log source is there, or all when none is.
    pub(crate) fn absence<'c>(&self, classes: &(impl Iterator<Item = &'c EventClass> + Clone)) -> Absence {
        let alternatives = self.0.as_deref().unwrap_or_default();
        let has_source = |it: &&Alternative| {
            let source = Alternative { event_ids: None, ..(*it).clone() };
            classes.clone().any(|class| source.admits(class))
        };
        let near: Vec<Alternative> = alternatives.iter().filter(has_source).cloned().collect();
        let has_source = !near.is_empty();
        let told = if has_source { Self(Some(near)) } else { Self(Some(sources(alternatives))) };
        Absence { wanted: told.describe().unwrap_or_else(|| "any kind".to_owned()), has_source }
    }

    /// The guard in words, such as `Event ID 7045 or 4697`; nothing when everything is admitted.
    pub(crate) fn describe(&self) -> Option<String> {
        let alternatives = self.0.as_ref()?;
        let texts: Vec<_> = alternatives.iter().map(Alternative::describe).filter(|it| !it.is_empty()).collect();
        (!texts.is_empty()).then(|| texts.join("; or "))
    }

    /// The guard of two conditions that must both hold.
    pub(crate) fn and(self, other: Self) -> Self {
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

/// The log source types and channels of some alternatives, each once, in order.
fn sources(alternatives: &[Alternative]) -> Vec<Alternative> {
    let mut sources: Vec<Alternative> = Vec::new();
    for alternative in alternatives {
        let source = Alternative { event_ids: None, ..alternative.clone() };
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    sources.sort_by_key(Alternative::describe);
    sources
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
        let channels = Texts::both(self.channels.as_ref(), other.channels.as_ref());
        let event_ids = Texts::both(self.event_ids.as_ref(), other.event_ids.as_ref());
        let is_empty = |it: &Option<Texts>| it.as_ref().is_some_and(|it| it.exact.is_empty() && it.folded.is_empty());
        (!is_empty(&channels) && !is_empty(&event_ids)).then_some(Self { device_types, channels, event_ids })
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
    /// What both contain. Where one ignores case the first is kept, which is still necessary.
    fn both(one: Option<&Self>, other: Option<&Self>) -> Option<Self> {
        match (one, other) {
            (Some(one), Some(other)) if one.folded.is_empty() && other.folded.is_empty() => {
                let exact = one.exact.intersection(&other.exact).cloned().collect();
                Some(Self { exact, folded: BTreeSet::new() })
            }
            (one, other) => one.or(other).cloned(),
        }
    }

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
