//! Why a condition cannot be true on the events of an input: what it asks for and the input has not.

use std::collections::BTreeSet;
use std::fmt;

use aql::bound::{Expr, ExprKind, Literal};
use aql::possible::{Knowledge, Known, Obstacle, Possible};
use schema::tables::event_classes::short_channel;
use syntax::Span;

use super::facts::{CLASS_COLUMNS, ClassFacts, EventClass, FieldValue, InputFacts};
use super::guard::{Absence, Guard};

/// What an input has not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// No event of the log source types or channels.
    LogSource {
        /// What is asked for, such as `Linux OS, channel auditd`.
        wanted: String,
    },
    /// Events of the log source, but none with the event ids.
    EventId {
        /// What is asked for, such as `channel System, event id 7045`.
        wanted: String,
    },
    /// The events are there, but a field that is needed is never filled.
    Fields {
        /// The class that most of the condition fits, and how many events it has.
        class: String,
        /// How many events of the class there are.
        events: u64,
        /// The names of the fields.
        fields: Vec<&'static str>,
    },
    /// The events and their fields are there, but no value ever passes a test.
    Values {
        /// The class that most of the condition fits.
        class: String,
        /// How many events of the class there are.
        events: u64,
        /// The tests, in the text of the query.
        tests: Vec<Span>,
    },
}

impl fmt::Display for Lack {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LogSource { wanted } | Self::EventId { wanted } => write!(formatter, "no event of {wanted}"),
            Self::Fields { fields, .. } => write!(formatter, "never filled: {}", fields.join(", ")),
            Self::Values { class, .. } => write!(formatter, "no value in {class} passes"),
        }
    }
}

/// An input as conditions are asked about it.
#[derive(Debug)]
pub struct Observed<'a> {
    classes: Vec<ObservedClass<'a>>,
    has_others: bool,
}

/// The events of a class.
#[derive(Debug)]
struct ObservedClass<'a> {
    class: &'a EventClass,
    facts: &'a ClassFacts,
    /// The place of the class among all.
    number: usize,
    /// For each field the values, where they are known.
    values: Vec<Option<Vec<Literal>>>,
}

impl<'a> Observed<'a> {
    /// What was counted.
    pub fn new(facts: &'a InputFacts) -> Self {
        let classes = facts.class_facts().into_iter().enumerate();
        let classes = classes.map(|(number, (class, facts))| ObservedClass::new(number, class, facts));
        Self { classes: classes.collect(), has_others: facts.other_classes() > 0 }
    }

    /// The events of the classes that a condition admits, by its tests of the class alone.
    pub fn admitted(&self, condition: &Expr) -> Vec<(&'a EventClass, &'a ClassFacts)> {
        let guard = Guard::of(Some(condition));
        self.classes.iter().filter(|it| guard.admits(it.class)).map(|it| (it.class, it.facts)).collect()
    }

    /// What keeps all of the conditions from being true together; nothing when they might be.
    pub fn lack<'q>(&self, conditions: &[&'q Expr], possible: &mut Possible<'q>) -> Option<Lack> {
        let guard = conditions.iter().map(|it| Guard::of(Some(it))).fold(Guard::of(None), Guard::and);
        if self.has_others {
            return None;
        }
        let is_admitted = |it: &&ObservedClass, possible: &mut Possible<'q>| {
            guard.admits(it.class) && conditions.iter().all(|condition| possible.is_possible(condition, &it.kind()))
        };
        let admitted: Vec<&ObservedClass> = self.classes.iter().filter(|it| is_admitted(it, possible)).collect();
        if admitted.is_empty() {
            return Some(self.absent(&guard));
        }
        for class in &admitted {
            if conditions.iter().all(|it| possible.is_possible(it, *class)) {
                return None;
            }
        }
        let with_obstacles = admitted.into_iter().map(|class| {
            let mut all = Vec::new();
            for condition in conditions {
                class.obstacles(condition, possible, &mut all);
            }
            (class, all)
        });
        // The class that comes nearest: fewest obstacles, then most events.
        let (class, obstacles) =
            with_obstacles.min_by_key(|(class, all)| (all.len(), u64::MAX - class.facts.events))?;
        Some(class.lack(&obstacles))
    }

    fn absent(&self, guard: &Guard) -> Lack {
        let Absence { wanted, has_source } = guard.absence(&self.classes.iter().map(|it| it.class));
        if has_source { Lack::EventId { wanted } } else { Lack::LogSource { wanted } }
    }
}

impl<'a> ObservedClass<'a> {
    fn new(number: usize, class: &'a EventClass, facts: &'a ClassFacts) -> Self {
        let literal = |it: &FieldValue| match it {
            FieldValue::Integer(number) => Literal::Integer(*number),
            FieldValue::Text(text) => Literal::Text(text.to_string()),
        };
        let fields = 0..schema::EVENTS.fields.len();
        let values = fields.map(|field| {
            let own = match field {
                _ if field == CLASS_COLUMNS.device_type => class.device_type.map(Literal::Integer),
                _ if field == CLASS_COLUMNS.channel => class.channel.as_ref().map(|it| Literal::Text(it.to_string())),
                _ if field == CLASS_COLUMNS.event_id => class.event_id.as_ref().map(|it| Literal::Text(it.to_string())),
                _ => None,
            };
            let kept = || facts.of_field(field)?.values().map(|it| it.iter().map(literal).collect());
            own.map(|it| vec![it]).or_else(kept)
        });
        Self { class, facts, number, values: values.collect() }
    }

    /// The kind of the events alone: its fields may have any value.
    fn kind(&self) -> KindOnly<'_> {
        KindOnly(self)
    }

    /// What keeps a condition from being true. Of alternatives only those that ask for this kind of event count.
    fn obstacles<'q>(&self, condition: &'q Expr, possible: &mut Possible<'q>, found: &mut Vec<Obstacle<'q>>) {
        if possible.is_possible(condition, self) {
            return;
        }
        match &condition.kind {
            ExprKind::And(operands) => {
                for operand in operands {
                    self.obstacles(operand, possible, found);
                }
            }
            ExprKind::Or(arms) => {
                for arm in arms {
                    if possible.is_possible(arm, &self.kind()) {
                        self.obstacles(arm, possible, found);
                    }
                }
            }
            _ => found.extend(possible.obstacles(condition, self)),
        }
    }

    fn lack(&self, obstacles: &[Obstacle<'_>]) -> Lack {
        let (class, events) = (describe(self.class), self.facts.events);
        let absent: BTreeSet<usize> = obstacles.iter().flat_map(|it| it.absent.iter().copied()).collect();
        // A test that no value passes says more than a field that is missing in another alternative.
        let by_value: Vec<Span> = obstacles.iter().filter(|it| it.absent.is_empty()).map(|it| it.test.span).collect();
        if absent.is_empty() {
            return Lack::Values { class, events, tests: by_value };
        }
        let names = absent.into_iter().filter_map(|it| schema::EVENTS.fields.get(it)).map(|it| it.name);
        Lack::Fields { class, events, fields: names.collect() }
    }
}

/// A class of which only the kind is known.
struct KindOnly<'a>(&'a ObservedClass<'a>);

impl Knowledge for KindOnly<'_> {
    fn field(&self, field: usize) -> Known<'_> {
        let columns = *CLASS_COLUMNS;
        let tells = [columns.device_type, columns.channel, columns.event_id].contains(&field);
        if tells { self.0.field(field) } else { Known::Any }
    }
}

impl Knowledge for ObservedClass<'_> {
    fn identity(&self) -> Option<usize> {
        Some(self.number)
    }

    fn field(&self, field: usize) -> Known<'_> {
        let Some(facts) = self.facts.of_field(field) else { return Known::Absent };
        match self.values.get(field).and_then(Option::as_ref) {
            Some(values) => Known::Values { values, always: facts.filled == self.facts.events },
            None => Known::Any,
        }
    }
}

/// A class in words: `System 7045`.
pub fn describe(class: &EventClass) -> String {
    let source = match (&class.channel, class.device_type) {
        (Some(channel), _) => short_channel(channel).to_owned(),
        (None, Some(id)) => {
            let known = schema::tables::log_source_types::by_id(id);
            known.map_or_else(|| format!("log source type {id}"), |it| it.name().to_owned())
        }
        (None, None) => "an unknown log source".to_owned(),
    };
    match &class.event_id {
        Some(id) => format!("{source} {id}"),
        None => source,
    }
}
