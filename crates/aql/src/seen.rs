//! What a query can see: events of which kinds, and of which operating systems, some branch of its filter can let pass.
//! Sound in one direction: what is said not to be seen cannot pass; what is said to be seen may still never pass.

use std::collections::{BTreeSet, HashMap};

use schema::tables::event_classes::{self, EventClass};
use schema::tables::log_source_subjects::{Subject, subject_of};
use schema::tables::log_source_systems::{System, system_of};
use schema::tables::log_source_types;
use schema::{EVENTS, Type};

use crate::Options;
use crate::bound::{Expr, ExprKind, GuardValue, Literal, Pattern, PatternKind, Query, Source, TextTest, required};
use crate::lints::event_classes::{COMMON_IDS, Carried, ClassFields, ClassKnowledge, defined};
use crate::lints::places::queries;
use crate::lints::program_with_extension_only::PROGRAMS;
use crate::possible::{Knowledge, Known, Possible};
use crate::reachability::Reachability;

/// Stands for a log source type that no table knows.
const UNKNOWN_TYPE: i64 = -1;
/// Fields that hold the file of a running program.
const PROGRAM_FIELDS: [&str; 5] =
    ["Process Path", "Process Name", "Parent Process Path", "Parent Process Name", "Original File Name"];
/// Fields that hold a command line.
const COMMAND_FIELDS: [&str; 2] = ["Command", "Parent Command"];

/// What a query over events can see.
///
/// ```
/// use schema::tables::log_source_systems::System;
///
/// let options = aql::Options::new(aql::Environment::new(0));
/// let text = "SELECT qid FROM events WHERE devicetype = 12 AND EventID = 7045";
/// let query = aql::compile(text, &options).query.expect("there is no error");
/// let mut seen = aql::Seen::new(&query, &options).expect("it reads events");
/// assert!(seen.system(System::Windows) && !seen.system(System::Linux));
/// ```
#[derive(Debug)]
pub struct Seen<'q> {
    /// The filters of the query and its sub-selects; none where every event passes.
    filters: Vec<Option<&'q Expr>>,
    defined: BTreeSet<usize>,
    fields: ClassFields,
    possible: Possible<'q>,
    reachability: Reachability,
    /// Whether a test asks for a program of Windows.
    programs: HashMap<*const Expr, bool>,
}

impl<'q> Seen<'q> {
    /// Of a query over events, itself or in its sub-selects; nothing of another. Properties that the user defines may be
    /// in any event.
    pub fn new(query: &'q Query, options: &Options) -> Option<Self> {
        let queries = queries(query);
        if queries.iter().any(|it| matches!(it.source, Source::GlobalView { .. })) {
            return None;
        }
        let is_over_events = |it: &&&Query| matches!(it.source, Source::Database(it) if it.name == EVENTS.name);
        let filters: Vec<_> = queries.iter().filter(is_over_events).map(|it| it.filter.as_ref()).collect();
        (!filters.is_empty()).then(|| Self {
            filters,
            defined: defined(options),
            fields: ClassFields::new(),
            possible: Possible::new(),
            reachability: Reachability::new(),
            programs: HashMap::new(),
        })
    }

    /// Whether events of this kind can pass.
    pub fn kind(&mut self, class: &EventClass) -> bool {
        let knowledge = ClassKnowledge::new(class, &self.defined, Carried::ByTable);
        self.filters.iter().any(|it| it.is_none_or(|it| self.possible.is_possible(it, &knowledge)))
    }

    /// Whether events from hosts of this system can pass: those of its log source types, and of all types that may
    /// report from any system. Programs whose file ends in `.exe` and event ids from a thousand on that the event model
    /// knows only of another system are taken to be of that system.
    pub fn system(&mut self, system: System) -> bool {
        let filters = self.filters.clone();
        let of_system = |id: &i64| system_of(*id) == Some(system);
        let of_any = |id: &i64| system_of(*id).is_none();
        let ids = || log_source_types::all().iter().map(|it| it.id);
        let types = ids().filter(of_system).chain([UNKNOWN_TYPE]).chain(ids().filter(of_any));
        for log_source_type in types {
            let knowledge = TypeKnowledge {
                device_type: [Literal::Integer(log_source_type)],
                subject: subject_of(log_source_type),
                device_type_field: self.fields.device_type,
                defined: self.defined.clone(),
            };
            if filters.iter().any(|it| it.is_none_or(|it| self.can_pass(it, system, &knowledge))) {
                return true;
            }
        }
        false
    }

    fn can_pass(&mut self, condition: &'q Expr, system: System, knowledge: &TypeKnowledge) -> bool {
        match &condition.kind {
            ExprKind::And(operands) => operands.iter().all(|it| self.can_pass(it, system, knowledge)),
            ExprKind::Or(operands) => operands.iter().any(|it| self.can_pass(it, system, knowledge)),
            _ => self.possible.is_possible(condition, knowledge) && !self.is_of_another(condition, system),
        }
    }

    /// Whether a test asks for what only another system has: its channels, its event ids, its programs.
    fn is_of_another(&mut self, test: &Expr, system: System) -> bool {
        let is_foreign = |classes: &mut dyn Iterator<Item = &EventClass>| {
            let mut classes = classes.peekable();
            classes.peek().is_some() && classes.all(|it| system_of(it.log_source_type) != Some(system))
        };
        let channels = texts(test, self.fields.channel);
        let of_channel = |it: &String| {
            is_foreign(&mut event_classes::all().iter().filter(|class| class.channel.eq_ignore_ascii_case(it)))
        };
        if !channels.is_empty() && channels.iter().all(of_channel) {
            return true;
        }
        let ids = texts(test, self.fields.event_id);
        let of_id = |it: &String| {
            let is_rare = it.parse::<u32>().is_ok_and(|it| it >= COMMON_IDS);
            is_rare && is_foreign(&mut event_classes::by_event_id(it))
        };
        if !ids.is_empty() && ids.iter().all(of_id) {
            return true;
        }
        system != System::Windows && self.asks_for_windows_program(test)
    }

    fn asks_for_windows_program(&mut self, test: &Expr) -> bool {
        let key = std::ptr::from_ref(test);
        if let Some(known) = self.programs.get(&key) {
            return *known;
        }
        let asks = windows_program(test).is_some_and(|it| self.reachability.implies(test, &it));
        self.programs.insert(key, asks);
        asks
    }
}

/// The values of a field of which a test requires one; none where it requires none.
fn texts(test: &Expr, field: usize) -> Vec<String> {
    let written = |value| match value {
        GuardValue::Integer(number) => number.to_string(),
        GuardValue::Text(written) => written,
    };
    required(test, field).unwrap_or_default().into_iter().map(written).collect()
}

/// The test of the same text for a program of Windows; nothing where the test names none.
fn windows_program(test: &Expr) -> Option<Expr> {
    let ExprKind::Text(asked) = &test.kind else { return None };
    let ExprKind::Field(field) = asked.operand.kind else { return None };
    let texts: Vec<String> = asked.patterns.iter().map(|it| it.text.to_ascii_lowercase()).collect();
    if asked.negated || !texts.iter().all(|it| it.contains("exe")) {
        return None;
    }
    let field = EVENTS.fields.get(field)?.name;
    // A command line may name any file; only programs that come with Windows tell.
    let is_named = |it: &&&str| texts.iter().any(|text| text.contains(**it));
    let (kind, name) = if PROGRAM_FIELDS.contains(&field) {
        (PatternKind::Like, "%.exe%".to_owned())
    } else if COMMAND_FIELDS.contains(&field) && PROGRAMS.iter().any(|it| is_named(&it)) {
        let programs: Vec<&str> = PROGRAMS.iter().filter(is_named).copied().collect();
        (PatternKind::Regex, format!(r"({})\.exe", programs.join("|")))
    } else {
        return None;
    };
    let pattern = Pattern { kind, text: name, span: test.span, regex: None };
    let wide = TextTest { operand: asked.operand.clone(), patterns: vec![pattern], case: asked.case, negated: false };
    Some(Expr::new(ExprKind::Text(wide), Type::Boolean, test.span))
}

/// What is known of the events of a log source type.
struct TypeKnowledge {
    device_type: [Literal; 1],
    subject: Option<Subject>,
    device_type_field: usize,
    defined: BTreeSet<usize>,
}

impl Knowledge for TypeKnowledge {
    fn field(&self, field: usize) -> Known<'_> {
        let is_lacking = |subject: Subject| EVENTS.fields.get(field).is_some_and(|it| subject.lacks(it.name));
        if field == self.device_type_field {
            Known::Values { values: &self.device_type, always: true }
        } else if !self.defined.contains(&field) && self.subject.is_some_and(is_lacking) {
            Known::Absent
        } else {
            Known::Any
        }
    }
}
