//! Detections as Sigma rules.
//!
//! The bound query is read, never its text: the filter becomes a formula of two truth values (`fold`), is taken apart
//! by the class of event (`split`), each class becomes a log source (`source`) with Sigma's names for the fields
//! (`names`), and each formula a detection (`detection`). What Sigma cannot say is refused by name: a rule never
//! asks for more or for less than the query.

mod class;
mod compare;
mod correlation;
mod detection;
mod erase;
mod expression;
mod fold;
mod formula;
mod names;
mod regex;
mod rule;
mod score;
mod source;
mod split;
mod value;
mod yaml;

use aql::bound::{Query, Source, Window};
use pack::Detection;
use syntax::{Diagnostic, Severity, Span};

pub use rule::Subject;

use detection::Unsaid;
use formula::Formula;
use source::Sourced;

use crate::rule::LogSource;

/// How to export.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExportOptions {
    /// Leaves out the log sources whose part Sigma cannot say, and says so in the rules, instead of refusing them all.
    pub partial: bool,
}

/// A Sigma file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFile {
    /// Its name: `page-id.yml`, or `page-id-log-source.yml` when there are several.
    pub name: String,
    /// One rule; with a correlation, all of its rules.
    pub text: String,
}

/// What became of a detection.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The rules.
    pub files: Vec<RuleFile>,
    /// What a reader of the rules should know: notes and warnings, with their place in the query.
    pub diagnostics: Vec<Diagnostic>,
}

/// The Sigma rules of a detection, or why there are none. Places are those of the page.
///
/// ```
/// let options = aql::Options::new(aql::Environment::new(0));
/// let text = "SELECT * FROM events WHERE devicetype = 12 AND qideventcategory = 'System' AND EventID = 7045 \
///             AND ImagePath ILIKE '%\\temp\\%' LAST 1 DAYS";
/// let query = aql::compile(text, &options).query.expect("there is no error");
/// let subject = sigma::Subject::of_query("service-in-temp", "Service in the Temp folder");
/// let exported = sigma::export_query(&subject, &query, sigma::ExportOptions::default()).expect("Sigma can say it");
/// assert!(exported.files[0].text.contains(r"ImagePath|contains: '\temp\'"));
/// ```
pub fn export(detection: &Detection, options: ExportOptions) -> Result<Exported, Vec<Diagnostic>> {
    let start = detection.query.span.start;
    let shifted = |diagnostics: Vec<Diagnostic>| diagnostics.into_iter().map(|it| it.shifted(start)).collect();
    match export_query(&Subject::from(detection), &detection.bound, options) {
        Ok(exported) => Ok(Exported { diagnostics: shifted(exported.diagnostics), ..exported }),
        Err(diagnostics) => Err(shifted(diagnostics)),
    }
}

/// The Sigma rules of a query, or why there are none. Places are those of the query.
pub fn export_query(subject: &Subject, query: &Query, options: ExportOptions) -> Result<Exported, Vec<Diagnostic>> {
    let filter = filter_of(query).map_err(|it| vec![*it])?;
    let leaves = split::split(filter).map_err(|split::TooBig| {
        vec![refusal(filter.span, "a condition of this size", "test fewer things, or export a part of the query")]
    })?;
    if leaves.iter().all(|(_, formula)| *formula == Formula::False) {
        return Err(vec![refusal(filter.span, "a condition that is never true", "no event can pass this filter")]);
    }
    let mut diagnostics: Vec<Diagnostic> = window_note(query, filter.span).into_iter().collect();
    let platform = source::assumed_platform(&leaves, subject.platform.as_deref());
    if let Some(platform) = &platform {
        let message = format!("the query names no log source type; the rule is about {platform}");
        let diagnostic = Diagnostic::new("assumed-log-source", Severity::Note, filter.span, message);
        diagnostics.push(diagnostic.with_help("say it, such as `devicetype = 12` for Windows"));
    }
    let sources = source::group(leaves, platform.as_deref());
    let writable = writable(sources, filter.span, options, &mut diagnostics)?;
    if correlation::is_needed(query) {
        let file = correlation::file(subject, query, &writable.rules).map_err(|it| vec![*it])?;
        return Ok(Exported { files: vec![file], diagnostics });
    }
    Ok(Exported { files: files(subject, &writable), diagnostics })
}

/// Rules that can be written, and the log sources that were left out.
struct Writable {
    rules: Vec<(LogSource, detection::Detection)>,
    left_out: Vec<String>,
}

/// The filter of a query that reads events.
fn filter_of(query: &Query) -> Result<&aql::bound::Expr, Box<Diagnostic>> {
    let refuse = |span, what: &str, help: &str| Box::new(refusal(span, what, help));
    let whole = query.columns.first().map_or(Span::default(), |it| it.span);
    match &query.source {
        Source::Database(database) if std::ptr::eq(*database, &raw const schema::EVENTS) => {}
        Source::Database(database) => {
            return Err(refuse(whole, &format!("the database `{}`", database.name), "rules of Sigma read events"));
        }
        _ => return Err(refuse(whole, "a sub-select in FROM", "put its conditions into WHERE")),
    }
    if let Some(session) = &query.session {
        return Err(refuse(session.time.span, "a session", "export the filter alone"));
    }
    query.filter.as_ref().ok_or_else(|| refuse(whole, "a query without WHERE", "say what to look for"))
}

/// A range of fixed dates is not part of a rule.
fn window_note(query: &Query, span: Span) -> Option<Diagnostic> {
    let is_fixed = matches!(query.window, Some(Window::Range { .. } | Window::Offense { .. }));
    is_fixed.then(|| {
        let message = "a range of time is not part of a Sigma rule";
        Diagnostic::new("sigma-time-range", Severity::Note, span, message).with_note("the rule looks at all times")
    })
}

fn refusal(span: Span, what: &str, help: &str) -> Diagnostic {
    Diagnostic::error("not-in-sigma", span, format!("Sigma cannot say {what}")).with_help(help)
}

fn refused(problem: &Unsaid) -> Diagnostic {
    let diagnostic = Diagnostic::error("not-in-sigma", problem.span, format!("Sigma cannot say {}", problem.what));
    match &problem.help {
        Some(help) => diagnostic.with_help(help.clone()),
        None => diagnostic,
    }
}

/// The detections of all log sources.
fn writable(
    sources: Vec<Sourced>,
    span: Span,
    options: ExportOptions,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Writable, Vec<Diagnostic>> {
    let mut writable = Writable { rules: Vec::new(), left_out: Vec::new() };
    let mut problems: Vec<Diagnostic> = Vec::new();
    for (source, formula) in sources {
        if source == LogSource::default() {
            let help = "say it, such as `devicetype = 12` for Windows";
            problems.push(refusal(span, "a rule of any log source", help));
            continue;
        }
        match formula.simplified().factored() {
            Formula::False => {}
            Formula::True => {
                let help = "a rule needs a test of a field beside the log source";
                problems.push(refusal(span, "that every event of a log source matches", help));
            }
            formula => match detection::detection(&formula) {
                Ok(detection) => writable.rules.push((source, detection)),
                Err(unsaid) => {
                    writable.left_out.push(source::title(&source));
                    for diagnostic in unsaid.iter().map(refused) {
                        if !problems.contains(&diagnostic) {
                            problems.push(diagnostic);
                        }
                    }
                }
            },
        }
    }
    if problems.is_empty() {
        return Ok(writable);
    }
    if !options.partial || writable.rules.is_empty() {
        return Err(problems);
    }
    diagnostics.extend(problems.into_iter().map(|it| Diagnostic { severity: Severity::Warning, ..it }));
    Ok(writable)
}

/// One file for each rule.
fn files(subject: &Subject, writable: &Writable) -> Vec<RuleFile> {
    let suffixes = suffixes(&writable.rules);
    let ids: Vec<_> = suffixes.iter().map(|it| rule::id(subject, it)).collect();
    let left_out = (!writable.left_out.is_empty()).then(|| {
        format!("Left out, since Sigma cannot say it: what the detection asks of {}.", writable.left_out.join(", "))
    });
    let parts = writable.rules.iter().zip(&suffixes).enumerate();
    parts
        .map(|(index, ((source, detection), suffix))| {
            let others = ids.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, id)| *id);
            let part = rule::Part {
                suffix: suffix.clone(),
                related: others.collect(),
                left_out: left_out.clone(),
                name: None,
            };
            let ending = if suffix.is_empty() { String::new() } else { format!("-{}", suffix.replace(' ', "-")) };
            RuleFile {
                name: format!("{}{ending}.yml", subject.id),
                text: rule::text(subject, &part, source, detection),
            }
        })
        .collect()
}

/// What tells the rules of one detection apart; empty for an only rule.
fn suffixes(rules: &[(LogSource, detection::Detection)]) -> Vec<String> {
    if rules.len() == 1 {
        return vec![String::new()];
    }
    let mut suffixes: Vec<String> = Vec::new();
    for (source, _) in rules {
        let title = source::title(source);
        let title = match &source.product {
            Some(product) if suffixes.contains(&title) => format!("{product} {title}"),
            _ => title,
        };
        let mut suffix = title.clone();
        let mut number = 2;
        while suffixes.contains(&suffix) {
            suffix = format!("{title} {number}");
            number += 1;
        }
        suffixes.push(suffix);
    }
    suffixes
}
