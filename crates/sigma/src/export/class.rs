//! Which class of event a rule is about: the log source type, the channel and the event id.

use std::sync::LazyLock;

use aql::bound::{Expr, ExprKind, Literal, PatternKind};
use schema::EVENTS;
use schema::tables::windows_events;

/// What is known of one side of the class.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Part<T> {
    /// Nothing: the query's own tests decide.
    Open,
    /// This value.
    Is(T),
    /// None of the values that the query names.
    Other,
}

/// A class of events.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Class {
    pub(super) device_type: Part<i64>,
    pub(super) channel: Part<String>,
    pub(super) event_id: Part<String>,
    pub(super) category: Part<i64>,
}

/// The sides of a class, in the order in which a query is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    DeviceType,
    Channel,
    EventId,
    Category,
}

/// The columns that tell the class.
pub(super) struct Columns {
    pub(super) device_type: usize,
    pub(super) channel: usize,
    pub(super) event_id: usize,
    pub(super) category: usize,
}

pub(super) static COLUMNS: LazyLock<Columns> = LazyLock::new(|| {
    let find = |name| EVENTS.position(name).expect("the event model has the columns of the class");
    Columns {
        device_type: find("devicetype"),
        channel: find("qideventcategory"),
        event_id: find("Event ID"),
        category: find("category"),
    }
});

impl Side {
    pub(super) const ALL: [Self; 4] = [Self::DeviceType, Self::Channel, Self::EventId, Self::Category];

    pub(super) fn column(self) -> usize {
        match self {
            Self::DeviceType => COLUMNS.device_type,
            Self::Channel => COLUMNS.channel,
            Self::EventId => COLUMNS.event_id,
            Self::Category => COLUMNS.category,
        }
    }
}

impl Class {
    /// Of which nothing is known.
    pub(super) const fn open() -> Self {
        Self { device_type: Part::Open, channel: Part::Open, event_id: Part::Open, category: Part::Open }
    }

    pub(super) fn is_open(&self, side: Side) -> bool {
        match side {
            Side::DeviceType => self.device_type == Part::Open,
            Side::Channel => self.channel == Part::Open,
            Side::EventId => self.event_id == Part::Open,
            Side::Category => self.category == Part::Open && self.category().is_none(),
        }
    }

    /// The same class with one side known; none if the value cannot be one of that side.
    pub(super) fn with(&self, side: Side, value: Option<&str>) -> Option<Self> {
        let mut class = self.clone();
        match (side, value) {
            (Side::DeviceType, Some(value)) => class.device_type = Part::Is(value.parse().ok()?),
            (Side::DeviceType, None) => class.device_type = Part::Other,
            (Side::Channel, Some(value)) => class.channel = Part::Is(value.to_owned()),
            (Side::Channel, None) => class.channel = Part::Other,
            (Side::EventId, Some(value)) => class.event_id = Part::Is(value.to_owned()),
            (Side::EventId, None) => class.event_id = Part::Other,
            (Side::Category, Some(value)) => class.category = Part::Is(value.parse().ok()?),
            (Side::Category, None) => class.category = Part::Other,
        }
        Some(class)
    }

    /// The channel, where it is known.
    pub(super) fn channel(&self) -> Option<&str> {
        if let Part::Is(channel) = &self.channel { Some(channel) } else { None }
    }

    /// The event id, where it is known.
    pub(super) fn event_id(&self) -> Option<&str> {
        if let Part::Is(id) = &self.event_id { Some(id) } else { None }
    }

    /// The value of a column that the class tells; `Other` when it is none of those that the query names.
    pub(super) fn value(&self, column: usize) -> Part<Literal> {
        let text = |part: &Part<String>| match part {
            Part::Open => Part::Open,
            Part::Is(text) => Part::Is(Literal::Text(text.clone())),
            Part::Other => Part::Other,
        };
        let columns = &*COLUMNS;
        let number = |part: &Part<i64>| match part {
            Part::Open => Part::Open,
            Part::Is(number) => Part::Is(Literal::Integer(*number)),
            Part::Other => Part::Other,
        };
        if column == columns.device_type {
            return number(&self.device_type);
        }
        if column == columns.channel {
            return text(&self.channel);
        }
        if column == columns.event_id {
            return text(&self.event_id);
        }
        if column == columns.category {
            return self.category().map_or_else(|| number(&self.category), |it| Part::Is(Literal::Integer(it)));
        }
        Part::Open
    }

    /// The low-level category that the kind of event has, where that is known.
    fn category(&self) -> Option<i64> {
        let id = self.event_id()?.parse().ok()?;
        windows_events::category_of(self.channel()?, "", id)
    }
}

/// The values that a query names for one side, in the order of the text.
pub(super) fn named_values(filter: &Expr, side: Side) -> Vec<String> {
    let column = side.column();
    let mut values: Vec<String> = Vec::new();
    let mut add = |value: String| {
        if !values.contains(&value) {
            values.push(value);
        }
    };
    let is_column = |mut it: &Expr| {
        while let ExprKind::Convert(inner) = &it.kind {
            it = inner;
        }
        it.kind == ExprKind::Field(column)
    };
    filter.visit(&mut |expr| match &expr.kind {
        ExprKind::Text(test) if is_column(&test.operand) => {
            let whole = test.patterns.iter().filter(|it| {
                it.kind == PatternKind::Equal || it.kind == PatternKind::Like && !it.text.contains(['%', '_'])
            });
            whole.for_each(|it| add(spelled(side, &it.text)));
        }
        ExprKind::In { operand, list, .. } if is_column(operand) => {
            list.iter().filter_map(|it| it.as_literal().and_then(text_of)).for_each(&mut add);
        }
        ExprKind::Compare(_, left, right) if is_column(left) => {
            right.as_literal().and_then(text_of).into_iter().for_each(&mut add);
        }
        _ => {}
    });
    values
}

/// A channel as the tables spell it: a query may ask for it in any case.
fn spelled(side: Side, text: &str) -> String {
    if side != Side::Channel {
        return text.to_owned();
    }
    let known = windows_events::all().iter().map(|it| it.channel);
    known.into_iter().find(|it| it.eq_ignore_ascii_case(text)).unwrap_or(text).to_owned()
}

/// A constant as text; none for null.
pub(super) fn text_of(literal: &Literal) -> Option<String> {
    match literal {
        Literal::Text(text) => Some(text.clone()),
        Literal::Integer(number) => Some(number.to_string()),
        Literal::Double(number) => Some(number.to_string()),
        Literal::Boolean(value) => Some(value.to_string()),
        Literal::Null => None,
    }
}
