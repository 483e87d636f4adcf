//! The names that Sigma has for our fields. Most follow from the event model; the table below has those that depend on
//! the log: what Sysmon calls `Image` is `NewProcessName` in event 4688.

use std::rc::Rc;

use aql::bound::{Case, PatternKind};
use schema::tables::log_source_types::{LINUX, WINDOWS};
use schema::tables::services;
use schema::{EVENTS, Kind};

use super::class::{Class, Part};
use super::formula::{Atom, FieldKey, Formula, Test};

/// How a field of ours relates to one of Sigma.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// They are the same.
    Same,
    /// Ours is what follows the last separator of Sigma's.
    Last,
    /// Ours is the words for the numbers of Sigma's.
    Words(Spelling),
    /// Ours is Sigma's `Details` when `TargetObject` ends so.
    RegistryValue(&'static str),
}

/// Whether events of a category cannot have a field: what is known of services stands in events of their own.
fn is_absent(field: &FieldKey, scope: &Scope<'_>) -> bool {
    let FieldKey::Column(column) = field else { return false };
    let elsewhere = scope.category.is_some_and(|it| !it.starts_with("registry_"));
    elsewhere && is_windows(scope.class) && EVENTS.fields[*column].name.starts_with("Service ")
}

/// Words of ours for numbers of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling {
    ServiceType,
    StartType,
}

/// One line: our field, category or channel, event ids (none: any), Sigma's name, how they relate.
type Line = (&'static str, &'static str, &'static [&'static str], &'static str, Form);

const SECURITY: &str = "Security";
const SYSTEM: &str = "System";
const SYSMON: &str = "Microsoft-Windows-Sysmon/Operational";

/// The first line that fits counts.
const LINES: &[Line] = &[
    ("Process Path", SECURITY, &["4688"], "NewProcessName", Form::Same),
    ("Process Path", SECURITY, &[], "ProcessName", Form::Same),
    ("Parent Process Path", SECURITY, &[], "ParentProcessName", Form::Same),
    ("Process Path", SYSMON, &["8", "10"], "SourceImage", Form::Same),
    ("Process Path", "create_remote_thread", &[], "SourceImage", Form::Same),
    ("Process Path", "process_access", &[], "SourceImage", Form::Same),
    ("Process Name", SECURITY, &["4688"], "NewProcessName", Form::Last),
    ("Process Name", SECURITY, &[], "ProcessName", Form::Last),
    ("Process Name", "", &[], "Image", Form::Last),
    ("Parent Process Name", SECURITY, &[], "ParentProcessName", Form::Last),
    ("Parent Process Name", "", &[], "ParentImage", Form::Last),
    ("Source Process Name", "", &[], "SourceImage", Form::Last),
    ("Target Process Name", "", &[], "TargetImage", Form::Last),
    ("username", SECURITY, &["4624", "4625", "4634", "4647"], "TargetUserName", Form::Same),
    ("username", SECURITY, &[], "SubjectUserName", Form::Same),
    ("username", SYSMON, &[], "User", Form::Last),
    ("username", "process_creation", &[], "User", Form::Last),
    ("username", "file_event", &[], "User", Form::Last),
    ("username", "registry_set", &[], "User", Form::Last),
    ("username", "registry_event", &[], "User", Form::Last),
    ("username", "network_connection", &[], "User", Form::Last),
    ("Service Filename", SYSTEM, &[], "ImagePath", Form::Same),
    ("Service Filename", SYSMON, &["13"], "Details", Form::RegistryValue("\\ImagePath")),
    ("Service Filename", "registry_set", &[], "Details", Form::RegistryValue("\\ImagePath")),
    ("Service Filename", "registry_event", &[], "Details", Form::RegistryValue("\\ImagePath")),
    ("Service Account", SYSTEM, &["7045"], "AccountName", Form::Same),
    ("Service Type", SECURITY, &["4697"], "ServiceType", Form::Words(Spelling::ServiceType)),
    ("Service Start Type", SECURITY, &["4697"], "ServiceStartType", Form::Words(Spelling::StartType)),
    ("Service Type Code", SECURITY, &["4697"], "ServiceType", Form::Same),
    ("Service Start Type Code", SECURITY, &["4697"], "ServiceStartType", Form::Same),
    ("Service Start Type", SYSTEM, &["7045"], "StartType", Form::Same),
    ("Service Start Type", SYSTEM, &["7040"], "param3", Form::Same),
    ("Service Name", SYSTEM, &["7036", "7000", "7023", "7024", "7031", "7034"], "param1", Form::Same),
    ("Service Name", SYSTEM, &["7040"], "param4", Form::Same),
    ("Service Name", SYSTEM, &["7009"], "param2", Form::Same),
    ("Service State", SYSTEM, &["7036"], "param2", Form::Same),
    ("Service Display Name", SYSTEM, &["7036", "7040"], "param1", Form::Same),
    ("sourceip", SECURITY, &["5156"], "SourceAddress", Form::Same),
    ("sourceip", SECURITY, &[], "IpAddress", Form::Same),
    ("sourceport", SECURITY, &[], "IpPort", Form::Same),
    ("destinationip", SECURITY, &[], "DestAddress", Form::Same),
    ("destinationport", SECURITY, &[], "DestPort", Form::Same),
    ("Filename", "process_creation", &[], "OriginalFileName", Form::Same),
    ("File Path", "file_event", &[], "TargetFilename", Form::Same),
    ("File Path", "file_delete", &[], "TargetFilename", Form::Same),
    ("File Path", "create_stream_hash", &[], "TargetFilename", Form::Same),
    ("Registry Value Name", "registry_set", &[], "TargetObject", Form::Last),
    ("Message Number", "", &[], "MessageNumber", Form::Same),
    ("Message Total", "", &[], "MessageTotal", Form::Same),
];

/// Fields whose texts the system itself writes, always in one spelling: case does not matter in them.
const ONE_SPELLING: [&str; 6] = ["qideventcategory", "Event ID", "Provider Name", "EventType", "Signed", "Initiated"];

/// Whether case does not matter in the texts of a field.
pub(super) fn has_one_spelling(field: &FieldKey) -> bool {
    matches!(field, FieldKey::Column(column) if ONE_SPELLING.contains(&EVENTS.fields[*column].name))
}

/// Whether the field is the text of the event.
pub(super) fn is_whole_event(field: &FieldKey) -> bool {
    matches!(field, FieldKey::Column(column) if EVENTS.fields[*column].name == "payload")
}

/// The name of a field without a name: the whole event.
pub(super) const KEYWORDS: &str = "";

/// Where a rule looks.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    /// Sigma's category, if the rule has one.
    pub(super) category: Option<&'a str>,
    pub(super) class: &'a Class,
}

/// The formula over Sigma's fields: each is a property with Sigma's name. What has no name there says so.
pub(super) fn named(formula: &Formula, scope: &Scope<'_>) -> Formula {
    match formula {
        Formula::True | Formula::False => formula.clone(),
        Formula::Not(inner) => named(inner, scope).negated(),
        Formula::And(parts) => Formula::and(parts.iter().map(|it| named(it, scope))),
        Formula::Or(parts) => Formula::or(parts.iter().map(|it| named(it, scope))),
        Formula::Atom(atom) => named_atom(atom, scope),
    }
}

fn named_atom(atom: &Rc<Atom>, scope: &Scope<'_>) -> Formula {
    if matches!(atom.test, Test::Unsayable { .. }) {
        return Formula::Atom(Rc::clone(atom));
    }
    if is_absent(&atom.field, scope) {
        return Formula::False;
    }
    let (name, form) = match name(&atom.field, scope) {
        Ok(found) => found,
        Err(problem) => return unnamed(atom, problem),
    };
    let test = match &atom.test {
        Test::Field(other) => match self::name(other, scope) {
            Ok((other, Form::Same)) => Test::Field(FieldKey::Property(other)),
            Ok(_) => return unnamed(atom, "a comparison with a part of a field".to_owned()),
            Err(problem) => return unnamed(atom, problem),
        },
        test => test.clone(),
    };
    let of = |name: &str, test: Test| Formula::atom(FieldKey::Property(name.to_owned()), test, atom.span);
    let found = match form {
        Form::Same => Some(of(&name, test)),
        Form::Last => last_part(&test).map(|tests| Formula::or(tests.into_iter().map(|it| of(&name, it)))),
        Form::Words(spelling) => {
            numbers(&test, spelling).map(|tests| Formula::or(tests.into_iter().map(|it| of(&name, it))))
        }
        Form::RegistryValue(ending) => {
            let ending = Test::Text { kind: PatternKind::Like, text: format!("%{ending}"), case: Case::Insensitive };
            Some(Formula::and([of("TargetObject", ending), of(&name, test)]))
        }
    };
    found.unwrap_or_else(|| {
        unnamed(
            atom,
            format!("this test of `{}`, which Sigma knows as a part of `{name}`", super::fold::title(&atom.field)),
        )
    })
}

fn unnamed(atom: &Atom, what: String) -> Formula {
    super::fold::unsayable(atom.span, what, "test a field that Sigma knows; `prospero fields` lists them")
}

/// Sigma's name for a field; an error says what has none.
fn name(field: &FieldKey, scope: &Scope<'_>) -> Result<(String, Form), String> {
    let column = match field {
        FieldKey::Property(name) => return Ok((name.clone(), Form::Same)),
        FieldKey::Column(column) => *column,
    };
    let row = &EVENTS.fields[column];
    if row.name == "payload" {
        return Ok((KEYWORDS.to_owned(), Form::Same));
    }
    let place = scope.category.or(scope.class.channel()).unwrap_or_default();
    let id = scope.class.event_id();
    let fits = |line: &&Line| {
        let (ours, wanted, ids, ..) = **line;
        ours == row.name
            && (wanted == place || wanted.is_empty() && is_windows(scope.class))
            && (ids.is_empty() || id.is_some_and(|it| ids.contains(&it)))
    };
    if let Some((.., sigma, form)) = LINES.iter().find(fits) {
        return Ok(((*sigma).to_owned(), *form));
    }
    if scope.class.device_type == Part::Is(LINUX) && scope.category.is_none() && row.name == "Process Name" {
        return Ok(("comm".to_owned(), Form::Same));
    }
    match row.sigma.first() {
        Some(sigma) => Ok(((*sigma).to_owned(), Form::Same)),
        None if row.kind == Kind::BuiltIn => Err(format!("`{}`, a column of QRadar alone", row.name)),
        None => Err(format!("`{}`, which has no name in Sigma", row.name)),
    }
}

fn is_windows(class: &Class) -> bool {
    matches!(class.device_type, Part::Is(WINDOWS) | Part::Open)
}

/// A test of the last part of a path, as tests of the path. None when that cannot be said.
fn last_part(test: &Test) -> Option<Vec<Test>> {
    let regex = |text: String, case: Case| Test::Text { kind: PatternKind::Regex, text, case };
    let like_test = |text: String, case: Case| Test::Text { kind: PatternKind::Like, text, case };
    match test {
        Test::Exists => Some(vec![Test::Exists]),
        Test::Text { kind: PatternKind::Equal, text, case } if !text.contains(['%', '_', '\\', '/']) => {
            Some(vec![like_test(format!("%\\{text}"), *case), test.clone()])
        }
        Test::Text { kind: PatternKind::Equal, text, case }
            if !text.contains(['\\', '/']) && *case != Case::Sensitive =>
        {
            // `%` and `_` of the text are no wildcards.
            let mut expression = super::regex::of_text(text, false).text;
            expression.replace_range(..1, r"(^|\\)");
            Some(vec![Test::Text { kind: PatternKind::Regex, text: expression, case: Case::Insensitive }])
        }
        Test::Text { kind: PatternKind::Like, text, case } => {
            let rest = text.strip_prefix('%').filter(|it| !it.contains(['%', '\\', '/']))?;
            Some(vec![like_test(format!("%{rest}"), *case)])
        }
        Test::Text { kind: PatternKind::Regex, text, case } => {
            let parts = text.split('|').map(last_part_regex).collect::<Option<Vec<_>>>()?;
            Some(vec![regex(parts.join("|"), *case)])
        }
        _ => None,
    }
}

/// An expression without alternatives that is to be found in the last part of a path.
fn last_part_regex(text: &str) -> Option<String> {
    let (start, inner) = text.strip_prefix('^').map_or(("", text), |it| (r"(^|\\)", it));
    // What could match a separator could match in an earlier part.
    let is_plain = |it: char| it.is_ascii_alphanumeric() || " _-$\\".contains(it);
    let has_escape = inner.replace("\\$", "").contains('\\');
    if inner.is_empty() || has_escape || !inner.chars().all(is_plain) {
        return None;
    }
    let ends = inner.ends_with('$') && !inner.ends_with("\\$");
    Some(format!("{start}{inner}{}", if ends { "" } else { r"[^\\]*$" }))
}

/// A test of words as tests of the numbers that the log has for them.
fn numbers(test: &Test, spelling: Spelling) -> Option<Vec<Test>> {
    let of = |text: String| Test::Text { kind: PatternKind::Equal, text, case: Case::Insensitive };
    let Test::Text { kind, text, case } = test else {
        return (*test == Test::Exists).then(|| vec![Test::Exists]);
    };
    let pattern = match kind {
        PatternKind::Equal => aql::text::Pattern::Equal(text.clone()),
        PatternKind::Like => aql::text::Pattern::Like(text.clone()),
        PatternKind::Regex => aql::text::Pattern::Regex(text.clone()),
    };
    let matcher = aql::text::TextMatcher::new(&[pattern], *case).ok()?;
    let range = match spelling {
        Spelling::ServiceType => 0..=SERVICE_TYPE_MAX,
        Spelling::StartType => 0..=4,
    };
    let matching = range.filter_map(|number| {
        let (words, printed) = match spelling {
            Spelling::ServiceType => (services::type_words(number)?, format!("0x{number:x}")),
            Spelling::StartType => (services::start_words(number)?, number.to_string()),
        };
        matcher.is_match(words).then(|| of(printed))
    });
    Some(matching.collect())
}

/// The greatest number of a type of service.
const SERVICE_TYPE_MAX: u32 = 0x110;
