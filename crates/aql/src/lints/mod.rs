//! The lints: what is said about a query that compiles. One file each, whose header is its documentation in five
//! parts, and one line in [`LINTS`]. The reference page, `check --explain` and hovers are projections of these.
//!
//! Lints are named after the pattern they find, so that `-- allow: NAME` reads well. Names are never reused.

mod alias_as_text;
mod alias_shadows_field;
mod allow;
mod and_or_without_parentheses;
mod any_pattern;
mod c_style_escapes;
mod case_sensitive_path;
mod catastrophic_regex;
mod clause_order;
mod client_without_service;
mod collation;
mod comment;
mod constant_score;
mod count_as_volume;
mod date_pattern;
mod document;
mod doubled_backslash;
mod empty_time_range;
mod environment_variable_in_like;
mod errors;
pub(crate) mod event_classes;
mod event_id_without_channel;
mod event_left_out;
mod extension_function;
mod field_not_in_event;
mod implicit_first;
mod invalid_address;
mod like_without_wildcard;
mod lists_differ;
mod literal_key;
mod local_time_window;
mod lookup_instead_of_id;
mod lower_against_capitals;
mod missing_data;
mod mixed_escapes;
mod mixed_regex_anchoring;
mod never_equal;
mod never_true;
mod no_row_limit;
mod no_time_clause;
mod not_aql_name;
mod null_comparison;
mod number_as_condition;
mod numbered_control_set;
mod pattern_repeated_differently;
mod payload_search_without_index;
pub(crate) mod places;
mod program_name_in_longer_name;
pub(crate) mod program_with_extension_only;
mod quoted_name;
mod quoted_text;
mod redundant_condition;
mod removal;
mod renamed_property;
mod row_without_label;
mod score_bypassed;
mod star_in_like;
mod start_time_without_window;
mod subsumed_pattern;
mod text_minimum;
mod text_test_of_non_text;
mod unaliased_column;
mod undeclared_property;
mod unknown_lint;
mod unknown_parameter;
mod unknown_qid;
mod unquoted_text;
mod unreachable_arm;
mod unrelated_log_source_type;
mod unused_allow;
mod walk;
mod wildcard_in_equality;

pub use allow::Allowed;
pub(crate) use any_pattern::ANY_PATTERN;
pub(crate) use collation::COLLATION;
pub(crate) use comment::find as comments;
pub(crate) use doubled_backslash::DOUBLED_BACKSLASH;
pub(crate) use empty_time_range::EMPTY_TIME_RANGE;
pub use errors::ERRORS;
pub(crate) use extension_function::EXTENSION_FUNCTION;
pub(crate) use invalid_address::INVALID_ADDRESS;
pub(crate) use literal_key::LITERAL_KEY;
pub(crate) use lookup_instead_of_id::is_lookup;
pub(crate) use lower_against_capitals::LOWER_AGAINST_CAPITALS;
pub(crate) use missing_data::MISSING_DATA;
pub(crate) use never_equal::NEVER_EQUAL;
pub(crate) use not_aql_name::NOT_AQL_NAME;
pub(crate) use null_comparison::NULL_COMPARISON;
pub(crate) use number_as_condition::NUMBER_AS_CONDITION;
pub(crate) use quoted_name::QUOTED_NAME;
pub(crate) use quoted_text::QUOTED_TEXT;
pub(crate) use text_minimum::TEXT_MINIMUM;
pub(crate) use text_test_of_non_text::TEXT_TEST_OF_NON_TEXT;
pub(crate) use undeclared_property::UNDECLARED_PROPERTY;
pub(crate) use unknown_lint::UNKNOWN_LINT;
pub(crate) use unknown_parameter::UNKNOWN_PARAMETER;
pub(crate) use unused_allow::UNUSED_ALLOW;

use std::cell::RefCell;

use std::collections::HashSet;

use syntax::{Diagnostic, Severity, Span, ast};

use crate::Options;
use crate::bound::Query;
use crate::reachability::Reachability;

/// A lint.
#[derive(Debug)]
pub struct Lint {
    /// The permanent name, which is the id of its diagnostics: lower-case letters and hyphens.
    pub name: &'static str,
    /// What it is about.
    pub group: Group,
    /// How much a finding matters unless the user's settings say otherwise.
    pub severity: Severity,
    /// The text of its file, whose header is its documentation.
    pub(crate) source: &'static str,
    /// What finds it.
    pub(crate) finder: Finder,
}

/// What a lint is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// What can never happen, never decides or is probably not meant.
    Correctness,
    /// What does not fit the events that the query reads.
    EventModel,
    /// What QRadar refuses or runs differently.
    Portability,
    /// What makes the query read or compute more than it needs.
    Cost,
    /// What makes results hard to read or to keep.
    Clarity,
}

/// What finds a lint.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Finder {
    /// A function over the query.
    Query(fn(&Subject<'_>, &mut Vec<Diagnostic>)),
    /// What reads the text says it: the parser, the binder, the reader of comments.
    Binder,
}

/// A query as lints see it. A lint reads the bound form wherever it can: the tree of the text is for what is said about
/// writing, such as missing parentheses.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The text.
    pub text: &'a str,
    /// The tree of the text.
    pub syntax: &'a ast::Query,
    /// The bound query.
    pub query: &'a Query,
    /// How it was read.
    pub options: &'a Options,
    /// What can happen on its rows: asked by several lints, which share its work.
    pub reachability: RefCell<Reachability>,
}

impl<'a> Subject<'a> {
    /// The text of a place.
    pub fn source(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// Whether a pair of parentheses stands round the place, with nothing else within.
    pub fn is_parenthesised(&self, span: Span) -> bool {
        let before = self.text[..span.start].trim_end();
        let after = self.text[span.end..].trim_start();
        before.ends_with('(') && after.starts_with(')')
    }
}

/// All lints, sorted by name.
pub static LINTS: &[&Lint] = &[
    &alias_as_text::ALIAS_AS_TEXT,
    &alias_shadows_field::ALIAS_SHADOWS_FIELD,
    &and_or_without_parentheses::AND_OR_WITHOUT_PARENTHESES,
    &any_pattern::ANY_PATTERN,
    &c_style_escapes::C_STYLE_ESCAPES,
    &case_sensitive_path::CASE_SENSITIVE_PATH,
    &catastrophic_regex::CATASTROPHIC_REGEX,
    &clause_order::CLAUSE_ORDER,
    &client_without_service::CLIENT_WITHOUT_SERVICE,
    &collation::COLLATION,
    &comment::COMMENT,
    &constant_score::CONSTANT_SCORE,
    &count_as_volume::COUNT_AS_VOLUME,
    &date_pattern::DATE_PATTERN,
    &doubled_backslash::DOUBLED_BACKSLASH,
    &empty_time_range::EMPTY_TIME_RANGE,
    &environment_variable_in_like::ENVIRONMENT_VARIABLE_IN_LIKE,
    &event_id_without_channel::EVENT_ID_WITHOUT_CHANNEL,
    &event_left_out::EVENT_LEFT_OUT,
    &extension_function::EXTENSION_FUNCTION,
    &field_not_in_event::FIELD_NOT_IN_EVENT,
    &implicit_first::IMPLICIT_FIRST,
    &invalid_address::INVALID_ADDRESS,
    &like_without_wildcard::LIKE_WITHOUT_WILDCARD,
    &lists_differ::LISTS_DIFFER,
    &literal_key::LITERAL_KEY,
    &local_time_window::LOCAL_TIME_WINDOW,
    &lookup_instead_of_id::LOOKUP_INSTEAD_OF_ID,
    &lower_against_capitals::LOWER_AGAINST_CAPITALS,
    &missing_data::MISSING_DATA,
    &mixed_escapes::MIXED_ESCAPES,
    &mixed_regex_anchoring::MIXED_REGEX_ANCHORING,
    &never_equal::NEVER_EQUAL,
    &never_true::NEVER_TRUE,
    &no_row_limit::NO_ROW_LIMIT,
    &no_time_clause::NO_TIME_CLAUSE,
    &not_aql_name::NOT_AQL_NAME,
    &null_comparison::NULL_COMPARISON,
    &number_as_condition::NUMBER_AS_CONDITION,
    &numbered_control_set::NUMBERED_CONTROL_SET,
    &pattern_repeated_differently::PATTERN_REPEATED_DIFFERENTLY,
    &payload_search_without_index::PAYLOAD_SEARCH_WITHOUT_INDEX,
    &program_name_in_longer_name::PROGRAM_NAME_IN_LONGER_NAME,
    &program_with_extension_only::PROGRAM_WITH_EXTENSION_ONLY,
    &quoted_name::QUOTED_NAME,
    &quoted_text::QUOTED_TEXT,
    &redundant_condition::REDUNDANT_CONDITION,
    &renamed_property::RENAMED_PROPERTY,
    &row_without_label::ROW_WITHOUT_LABEL,
    &score_bypassed::SCORE_BYPASSED,
    &star_in_like::STAR_IN_LIKE,
    &start_time_without_window::START_TIME_WITHOUT_WINDOW,
    &subsumed_pattern::SUBSUMED_PATTERN,
    &text_minimum::TEXT_MINIMUM,
    &text_test_of_non_text::TEXT_TEST_OF_NON_TEXT,
    &unaliased_column::UNALIASED_COLUMN,
    &undeclared_property::UNDECLARED_PROPERTY,
    &unknown_lint::UNKNOWN_LINT,
    &unknown_parameter::UNKNOWN_PARAMETER,
    &unknown_qid::UNKNOWN_QID,
    &unquoted_text::UNQUOTED_TEXT,
    &unreachable_arm::UNREACHABLE_ARM,
    &unrelated_log_source_type::UNRELATED_LOG_SOURCE_TYPE,
    &unused_allow::UNUSED_ALLOW,
    &wildcard_in_equality::WILDCARD_IN_EQUALITY,
];

/// The lint of this name.
pub fn lint(name: &str) -> Option<&'static Lint> {
    LINTS.binary_search_by(|it| it.name.cmp(name)).ok().map(|index| LINTS[index])
}

/// What the lints find in a query that was compiled from the text, in the order of the lints, silenced or not. A lint
/// says one thing of a place.
pub(crate) fn find(text: &str, query: &Query, options: &Options) -> Vec<Diagnostic> {
    let (syntax, _) = syntax::parse_query(text);
    let subject = Subject { text, syntax: &syntax, query, options, reachability: RefCell::default() };
    let mut found = Vec::new();
    for lint in LINTS {
        if let Finder::Query(check) = lint.finder {
            check(&subject, &mut found);
        }
    }
    let mut seen = HashSet::new();
    found.retain(|it| seen.insert((it.id, it.span)));
    found
}

impl Lint {
    /// A finding of this lint, without label, help or fix.
    pub(crate) fn at(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.name, self.severity, span, message)
    }
}

impl Group {
    /// All groups, in the order of the documents.
    pub const ALL: [Self; 5] = [Self::Correctness, Self::EventModel, Self::Portability, Self::Cost, Self::Clarity];

    /// The name, as settings and documents spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Correctness => "correctness",
            Self::EventModel => "event-model",
            Self::Portability => "portability",
            Self::Cost => "cost",
            Self::Clarity => "clarity",
        }
    }

    /// What its lints find, in one sentence.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Correctness => "What can never happen, never decides or is probably not meant.",
            Self::EventModel => "What does not fit the events that the query reads.",
            Self::Portability => "What QRadar refuses or runs differently.",
            Self::Cost => "What makes the query read or compute more than it needs.",
            Self::Clarity => "What makes results hard to read or to keep.",
        }
    }
}
