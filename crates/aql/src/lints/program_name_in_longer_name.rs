//! ## What it does
//!
//! Finds the name of a program with nothing before it, where other programs have names that end with it.
//!
//! ## Why
//!
//! `'%sc.exe%'` matches `csc.exe` and `mstsc.exe` too, `net\.exe` matches `telnet.exe`. Compilers and remote desktops
//! then look like service commands.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE ProcessPath ILIKE '%sc.exe' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE ProcessPath ILIKE '%\sc.exe' LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Only names of programs that are common on Windows are compared. In a command line a program may stand without its
//! path: there a regular expression says what may stand before it, `(^|[\\/"\s])sc\.exe`.

use syntax::{Diagnostic, Safety, Severity, Span};

use super::walk::{WrittenTest, tested_field};
use super::{Finder, Group, Lint, Subject};

pub(super) static PROGRAM_NAME_IN_LONGER_NAME: Lint = Lint {
    name: "program-name-in-longer-name",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("program_name_in_longer_name.rs"),
    finder: Finder::Query(check),
};

/// Programs whose name ends other names, and those.
const PROGRAMS: [(&str, &[&str]); 9] = [
    ("at", &["netstat", "nbtstat"]),
    ("ftp", &["sftp", "tftp"]),
    ("nc", &["mobsync", "rsync"]),
    ("net", &["telnet", "dotnet"]),
    ("ping", &["pathping"]),
    ("rar", &["winrar"]),
    ("sc", &["csc", "mstsc"]),
    ("sh", &["bash", "ssh"]),
    ("zip", &["gzip", "winzip"]),
];

/// Fields that hold the path of a program and nothing else.
const PATHS: [&str; 5] =
    ["Process Path", "Parent Process Path", "Source Process Path", "Target Process Path", "Loaded Image"];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    subject.syntax.visit(&mut |expr| {
        let Some(test) = WrittenTest::new(expr) else { return };
        for (text, span) in test.texts() {
            let names: Vec<(usize, &str, &[&str])> = if test.is_like() { in_like(text) } else { in_regex(text) };
            let Some((offset, name, longer)) = names.first().copied() else { continue };
            let quoted: Vec<String> = longer.iter().map(|it| format!("`{it}.exe`")).collect();
            let diagnostic = PROGRAM_NAME_IN_LONGER_NAME
                .at(span, format!("`{name}.exe` is the end of {} too", quoted.join(" and ")))
                .with_label("nothing stands before the name");
            let is_path = tested_field(subject, test.operand).is_some_and(|it| PATHS.contains(&it));
            let is_plain = subject.source(span).len() == text.len() + 2;
            let place = Span::new(span.start + 1 + offset, span.start + 1 + offset);
            let diagnostic = match (test.is_like(), is_path && is_plain) {
                (true, true) => {
                    let edit = vec![(place, "\\".to_owned())];
                    diagnostic.with_help("end the folder before it by a backslash").with_fix(Safety::Unsafe, edit)
                }
                (true, false) => diagnostic.with_help("say what stands before it: a backslash, a blank, a quote"),
                (false, _) => diagnostic.with_help(r#"say what stands before it, such as `(^|[\\/"\s])`"#),
            };
            found.push(diagnostic);
        }
    });
}

/// The names in a LIKE pattern that stand behind its first wildcard, with their places.
fn in_like(text: &str) -> Vec<(usize, &str, &'static [&'static str])> {
    named(text, ".exe", |before| before.ends_with('%'))
}

/// The names in a regular expression before which anything may stand.
fn in_regex(text: &str) -> Vec<(usize, &str, &'static [&'static str])> {
    named(text, r"\.exe", |before| is_open(before.as_bytes()))
}

fn named<'a>(
    text: &'a str,
    extension: &str,
    is_open: impl Fn(&str) -> bool,
) -> Vec<(usize, &'a str, &'static [&'static str])> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for (end, _) in lower.match_indices(extension) {
        let start =
            lower[..end].rfind(|it: char| !it.is_ascii_alphanumeric() && !"-_".contains(it)).map_or(0, |it| it + 1);
        let start = if lower.is_char_boundary(start) { start } else { continue };
        let known = PROGRAMS.iter().find(|it| it.0 == &lower[start..end]);
        if let Some((_, longer)) = known
            && is_open(&text[..start])
        {
            found.push((start, &text[start..end], *longer));
        }
    }
    found
}

/// Whether a regular expression that goes on here may be found behind any character: at its beginning, behind `.*`, or
/// as an alternative of a group that stands so.
fn is_open(before: &[u8]) -> bool {
    let mut rest = before;
    loop {
        if rest.is_empty() || rest.ends_with(b".*") || rest.ends_with(b".+") || rest.ends_with(b".*?") {
            return true;
        }
        let is_escaped = rest.len() > 1 && rest[rest.len() - 2] == b'\\';
        if is_escaped {
            return false;
        }
        rest = match rest.last() {
            Some(b'(') => &rest[..rest.len() - 1],
            Some(b':') if rest.ends_with(b"(?:") => &rest[..rest.len() - 3],
            Some(b')') if rest.ends_with(b"(?i)") => &rest[..rest.len() - 4],
            Some(b'|') => match opening(rest) {
                Some(place) => &rest[..=place],
                None => return true,
            },
            _ => return false,
        };
    }
}

/// The parenthesis that is open at the end.
fn opening(text: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    for place in (0..text.len()).rev() {
        let is_escaped = place > 0 && text[place - 1] == b'\\';
        match text[place] {
            b')' if !is_escaped => depth += 1,
            b'(' if !is_escaped && depth == 0 => return Some(place),
            b'(' if !is_escaped => depth -= 1,
            _ => {}
        }
    }
    None
}
