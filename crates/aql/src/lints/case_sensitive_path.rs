//! ## What it does
//!
//! Finds tests of paths, command lines and registry keys of Windows that tell upper from lower case.
//!
//! ## Why
//!
//! Windows does not: `PowerShell.EXE` runs as well as `powershell.exe`, and logs keep the spelling of whoever typed it or
//! made the folder. `=`, IN, LIKE and MATCHES miss every other spelling.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE ProcessPath LIKE '%\powershell.exe' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE ProcessPath ILIKE '%\powershell.exe' LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Patterns with a backslash or an extension of Windows are taken for Windows. Tests of LOWER or UPPER, regular
//! expressions with a flag or with both cases of a letter, and negated tests are left alone.

use syntax::ast::{CompareOperator, ExprKind, InList, TextOperator};
use syntax::{Diagnostic, Safety, Severity, Span, ast};

use super::walk::{WrittenTest, constant, named_field};
use super::{Finder, Group, Lint, Subject};

pub(super) static CASE_SENSITIVE_PATH: Lint = Lint {
    name: "case-sensitive-path",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("case_sensitive_path.rs"),
    finder: Finder::Query(check),
};

/// Fields that hold paths and commands.
const FIELDS: [&str; 13] = [
    "Command",
    "Parent Command",
    "Process Path",
    "Parent Process Path",
    "Source Process Path",
    "Target Process Path",
    "Process Name",
    "Parent Process Name",
    "Loaded Image",
    "Service Filename",
    "File Path",
    "Registry Key",
    "Current Directory",
];

/// Extensions of programs and scripts of Windows.
const EXTENSIONS: [&str; 8] = [".exe", ".dll", ".sys", ".bat", ".ps1", ".vbs", ".msi", ".scr"];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for root in subject.syntax.roots() {
        descend(subject, root, found);
    }
}

/// Looks at an expression and at what is within, but not within NOT.
fn descend(subject: &Subject<'_>, expr: &ast::Expr, found: &mut Vec<Diagnostic>) {
    if matches!(expr.value, ExprKind::Not(_)) {
        return;
    }
    let is_path = |it: &ast::Expr| named_field(subject, it).is_some_and(|it| FIELDS.contains(&it));
    match &expr.value {
        ExprKind::Text { .. } => {
            let test = WrittenTest::new(expr).filter(|it| !it.is_negated && is_path(it.operand));
            found.extend(test.and_then(|it| of_test(&it)));
        }
        ExprKind::Compare(CompareOperator::Equal, left, right) if is_path(left) => {
            let edit = |text: &str| {
                let between = Span::new(left.span.end, right.span.start);
                (!text.contains(['%', '_'])).then(|| (between, " ILIKE ".to_owned()))
            };
            if let Some(text) = constant(right).filter(|it| is_windows(it)) {
                found.push(diagnostic(right.span, edit(text)));
            }
        }
        ExprKind::In { operand, list: InList::Values(values), negated: false } if is_path(operand) => {
            let first = values.iter().find(|it| constant(it).is_some_and(is_windows));
            found.extend(first.map(|it| diagnostic(it.span, None)));
        }
        _ => {}
    }
    for child in expr.children() {
        descend(subject, child, found);
    }
}

fn of_test(test: &WrittenTest<'_>) -> Option<Diagnostic> {
    let (operator, is_regex) = match test.operator {
        TextOperator::Like => ("ILIKE", false),
        TextOperator::Matches => ("IMATCHES", true),
        TextOperator::ILike | TextOperator::IMatches => return None,
    };
    let is_tested = |pattern: &str| {
        if is_regex { !is_any_case(pattern) && is_windows(&plain(pattern)) } else { is_windows(pattern) }
    };
    let (_, span) = test.texts().find(|it| is_tested(it.0))?;
    let between = Span::new(test.operand.span.end, span.start);
    Some(diagnostic(span, (!test.is_list).then(|| (between, format!(" {operator} ")))))
}

fn diagnostic(span: Span, edit: Option<(Span, String)>) -> Diagnostic {
    let diagnostic = CASE_SENSITIVE_PATH
        .at(span, "upper and lower case are told apart, Windows does not")
        .with_label("only this spelling matches")
        .with_help("ILIKE and IMATCHES take any case");
    match edit {
        Some(edit) => diagnostic.with_fix(Safety::Unsafe, vec![edit]),
        None => diagnostic,
    }
}

/// Whether a text with letters speaks of Windows.
fn is_windows(text: &str) -> bool {
    let lower = text.to_lowercase();
    let is_name = lower.contains('\\') || EXTENSIONS.iter().any(|it| lower.contains(it));
    is_name && lower.contains(char::is_alphabetic) && !lower.contains('/')
}

/// What an expression looks for where it escapes a backslash or a dot; other escapes are no part of a path.
fn plain(regex: &str) -> String {
    let mut text = String::new();
    let mut characters = regex.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.extend(characters.next().filter(|it| ['\\', '.'].contains(it))),
            other => text.push(other),
        }
    }
    text
}

/// Whether an expression has the flag for any case, or a set with both cases of a letter, such as `[Pp]`.
fn is_any_case(regex: &str) -> bool {
    let sets = regex.split('[').skip(1).filter_map(|it| it.split(']').next());
    let has_both = |set: &str| set.chars().any(|it| it.is_ascii_lowercase() && set.contains(it.to_ascii_uppercase()));
    regex.contains("(?i") || sets.into_iter().any(has_both)
}
