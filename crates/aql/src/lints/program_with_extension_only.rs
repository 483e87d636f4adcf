//! ## What it does
//!
//! Finds tests of a command line that look for a program by its name with `.exe` only.
//!
//! ## Why
//!
//! Windows runs `sc create ...` as well as `sc.exe create ...`, and people type the short form. A test for `sc.exe` in the
//! command line misses it.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE CommandLine ILIKE '%schtasks.exe%/create%' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE ProcessPath ILIKE '%\schtasks.exe' AND CommandLine ILIKE '%/create%' LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Only programs that people type are looked at. A query that names the program without `.exe`, or tests the path of the
//! process for it, is left alone, and so are negated tests. Each program is said once of a query.

use syntax::{Diagnostic, Severity, ast};

use super::walk::{WrittenTest, constant, tested_field};
use super::{Finder, Group, Lint, Subject};

pub(super) static PROGRAM_WITH_EXTENSION_ONLY: Lint = Lint {
    name: "program-with-extension-only",
    group: Group::Correctness,
    severity: Severity::Note,
    source: include_str!("program_with_extension_only.rs"),
    finder: Finder::Query(check),
};

/// Programs of Windows that are run by typing their names.
pub(crate) const PROGRAMS: [&str; 24] = [
    "at",
    "attrib",
    "auditpol",
    "bcdedit",
    "bitsadmin",
    "certutil",
    "cmdkey",
    "esentutl",
    "fsutil",
    "icacls",
    "net",
    "net1",
    "netsh",
    "nltest",
    "reg",
    "sc",
    "schtasks",
    "takeown",
    "taskkill",
    "vssadmin",
    "wbadmin",
    "wevtutil",
    "whoami",
    "wmic",
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let texts = texts(subject.syntax);
    let mut told: Vec<&str> = Vec::new();
    visit_positive(subject.syntax, &mut |expr| {
        let Some(test) = WrittenTest::new(expr).filter(|it| !it.is_negated) else { return };
        if tested_field(subject, test.operand) != Some("Command") {
            return;
        }
        for (text, span) in test.texts() {
            let is_missed = |program: &&str| {
                !told.contains(program)
                    && has_program(text, program)
                    && !texts.iter().any(|it| is_named_otherwise(it, program))
            };
            let missed: Vec<&str> = PROGRAMS.into_iter().filter(is_missed).collect();
            if let Some(first) = missed.first() {
                let names: Vec<String> = missed.iter().map(|it| format!("`{it}`")).collect();
                let verb = if names.len() == 1 { "is" } else { "are" };
                let diagnostic = PROGRAM_WITH_EXTENSION_ONLY
                    .at(span, format!("{} {verb} looked for with `.exe` only", names.join(", ")))
                    .with_label(format!("`{first} ...` is not found"))
                    .with_help("test the path of the process for the program, or let `.exe` be absent");
                found.push(diagnostic);
            }
            told.extend(missed);
        }
    });
}

/// Calls `visitor` for the expressions of a query that no NOT is around.
fn visit_positive<'a>(query: &'a ast::Query, visitor: &mut dyn FnMut(&'a ast::Expr)) {
    for root in query.roots() {
        descend(root, visitor);
    }
}

fn descend<'a>(expr: &'a ast::Expr, visitor: &mut dyn FnMut(&'a ast::Expr)) {
    if matches!(expr.value, ast::ExprKind::Not(_)) {
        return;
    }
    visitor(expr);
    for child in expr.children() {
        descend(child, visitor);
    }
}

/// All constant texts of a query, in small letters.
fn texts(query: &ast::Query) -> Vec<String> {
    let mut texts = Vec::new();
    query.visit(&mut |it| texts.extend(constant(it).map(str::to_lowercase)));
    texts
}

/// Whether a pattern names a program with `.exe`, as a word of its own or behind a wildcard.
fn has_program(text: &str, program: &str) -> bool {
    let lower = text.to_lowercase();
    let names = [format!("{program}.exe"), format!(r"{program}\.exe")];
    let is_word = |start: usize| !lower[..start].ends_with(|it: char| it.is_alphanumeric() || "\\-_".contains(it));
    names.iter().any(|it| lower.match_indices(it.as_str()).any(|(start, _)| is_word(start)))
}

/// Whether a text has the program without `.exe`, with `.exe` as a choice, or as the end of a path.
fn is_named_otherwise(text: &str, program: &str) -> bool {
    let is_of_word = |it: char| it.is_alphanumeric() || it == '_';
    text.match_indices(program).any(|(start, _)| {
        let rest = &text[start + program.len()..];
        let before = &text[..start];
        let is_whole = !before.ends_with(is_of_word);
        let is_path = before.ends_with('\\') || before.ends_with('/');
        let has_extension = rest.starts_with(".exe") || rest.starts_with(r"\.exe");
        let is_word = !rest.starts_with(is_of_word);
        is_whole && is_word && (!has_extension || is_path)
    })
}
