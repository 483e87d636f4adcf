//! The entry points: text to bound query, with everything that is to be said about it.

use schema::Database;
use syntax::Diagnostic;

use crate::bind::{self, Context};
use crate::bound::Query;
use crate::lints::{self, Allowed};
use crate::{LowerOptions, Options};

/// What became of a text.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The bound query; none if there is an error among the diagnostics.
    pub query: Option<Query>,
    /// Errors, warnings and notes, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles a full query.
///
/// ```
/// let options = aql::Options::new(aql::Environment::new(0));
/// let compiled = aql::compile("SELECT username FROM events WHERE EventID = 7045 LAST 24 HOURS", &options);
/// assert!(compiled.diagnostics.is_empty());
/// let query = compiled.query.expect("there is no error");
/// let plan = query.lower(&aql::LowerOptions::new(&options.environment)).expect("it has a plan");
/// assert!(plan.to_string().contains("TableScan: events"));
/// ```
pub fn compile(text: &str, options: &Options) -> Compiled {
    silenced(text, compile_all(text, options))
}

/// What [`compile`] says, silenced or not.
fn compile_all(text: &str, options: &Options) -> Compiled {
    let (parsed, diagnostics) = syntax::parse_query(text);
    let mut context = Context::new(text, options);
    let query = if has_error(&diagnostics) { None } else { bind::bind_query(&mut context, &parsed) };
    finished(query, diagnostics, context)
}

/// Everything that can be said about a full query without data: what [`compile`] says, and the findings of the lints
/// unless it has an error. In the order of the text, without what a comment `-- allow: NAME` silences.
///
/// ```
/// let options = aql::Options::new(aql::Environment::new(0));
/// let text = "SELECT qid FROM events WHERE qid = 1 AND username = 'a' OR username = 'b' LAST 1 HOURS";
/// assert!(aql::check(text, &options).iter().any(|it| it.id == "and-or-without-parentheses"));
/// ```
pub fn check(text: &str, options: &Options) -> Vec<Diagnostic> {
    compile_and_check(text, options).diagnostics
}

/// Compiles a full query as [`compile`] does, and says all that [`check`] says.
pub fn compile_and_check(text: &str, options: &Options) -> Compiled {
    let Compiled { query, mut diagnostics } = compile_all(text, options);
    let allowed = Allowed::read(text);
    let mut problems = Vec::new();
    if let Some(query) = &query {
        diagnostics.extend(lints::find(text, query, options));
        problems = allowed.problems(&diagnostics);
    }
    diagnostics.retain(|it| !allowed.silences(it));
    diagnostics.extend(problems);
    diagnostics.sort_by_key(|it| it.span.start);
    Compiled { query, diagnostics }
}

/// Compiles a bare filter over a database: what would stand after WHERE. The query has a filter and no columns.
///
/// ```
/// let options = aql::Options::new(aql::Environment::new(0));
/// let compiled = aql::compile_filter("username ILIKE '%admin%'", &schema::EVENTS, &options);
/// assert!(compiled.query.expect("there is no error").filter.is_some());
/// ```
pub fn compile_filter(text: &str, database: &'static Database, options: &Options) -> Compiled {
    let (parsed, diagnostics) = syntax::parse_filter(text);
    let mut context = Context::new(text, options);
    let is_whole = !has_error(&diagnostics);
    let query = is_whole.then(|| bind::bind_filter(&mut context, database, &parsed));
    silenced(text, finished(query, diagnostics, context))
}

/// Compiles a bare value over a database, as of a custom property. The query has one column.
///
/// ```
/// let options = aql::Options::new(aql::Environment::new(0));
/// let compiled = aql::compile_expression("STRLEN(username)", &schema::EVENTS, &options);
/// assert_eq!(compiled.query.expect("there is no error").columns[0].name, "strlen_username");
/// ```
pub fn compile_expression(text: &str, database: &'static Database, options: &Options) -> Compiled {
    let (parsed, diagnostics) = syntax::parse_expression(text);
    let mut context = Context::new(text, options);
    let is_whole = !has_error(&diagnostics);
    let query = is_whole.then(|| bind::bind_expression(&mut context, database, &parsed));
    silenced(text, finished(query, diagnostics, context))
}

/// Functions check their constants when they are lowered, so a query is compiled only when it can be lowered.
fn finished(query: Option<Query>, mut diagnostics: Vec<Diagnostic>, context: Context<'_>) -> Compiled {
    let options = context.options;
    diagnostics.extend(context.diagnostics);
    diagnostics.extend(lints::comments(context.text));
    let mut query = query.filter(|_| !has_error(&diagnostics));
    if let Some(bound) = &query
        && let Err(problem) = bound.check_lowering(&LowerOptions::new(&options.environment))
    {
        diagnostics.push(problem.into_diagnostic());
        query = None;
    }
    diagnostics.sort_by_key(|it| it.span.start);
    Compiled { query, diagnostics }
}

/// Without what comments in the text silence.
fn silenced(text: &str, mut compiled: Compiled) -> Compiled {
    let allowed = Allowed::read(text);
    compiled.diagnostics.retain(|it| !allowed.silences(it));
    compiled
}

fn has_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}
