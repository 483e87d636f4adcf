//! The lints as documentation: a list of all, and all about one.

use anyhow::{Result, bail};
use aql::lints::{self, ERRORS, Group, LINTS, Lint};
use serde_json::{Value, json};
use syntax::Safety;

use super::levels::{self, warnings_of_pages};
use crate::output::{Table, severity_name};

/// All lints as a table: group by group.
pub(crate) fn table() -> String {
    let mut table = Table::new(["group", "name", "level", "fix", "finds"]);
    for group in Group::ALL {
        for lint in LINTS.iter().filter(|it| it.group == group) {
            let fix = fix_name(lint).unwrap_or_default();
            let summary = lint.summary();
            table.row([group.name(), lint.name, severity_name(lint.severity), fix, summary.as_str()]);
        }
    }
    table.to_string()
}

/// All lints for machines.
pub(crate) fn json() -> Vec<Value> {
    let one = |it: &&Lint| {
        json!({
            "name": it.name,
            "group": it.group.name(),
            "level": severity_name(it.severity),
            "fix": fix_name(it),
            "summary": it.summary(),
        })
    };
    LINTS.iter().map(one).collect()
}

/// The documentation of one lint; of a warning of pages and rules its sentence.
pub(crate) fn explain(name: &str) -> Result<String> {
    if let Some(lint) = lints::lint(name) {
        let fix = match lint.fix() {
            Some(Safety::Safe) => "fixed by --fix",
            Some(Safety::Unsafe) => "fixed by --fix --unsafe",
            Some(Safety::DisplayOnly) => "shows what may be meant",
            None => "no fix",
        };
        let (level, group) = (severity_name(lint.severity), lint.group.name());
        return Ok(format!("# {name}\n\n{level}, group {group}, {fix}\n\n{}\n", lint.documentation()));
    }
    if let Some((_, sentence)) = warnings_of_pages().find(|it| it.0 == name) {
        return Ok(format!("# {name}\n\n{sentence}\n"));
    }
    if let Some((_, sentence)) = ERRORS.iter().find(|it| it.0 == name) {
        return Ok(format!("# {name}\n\nerror: it cannot be silenced\n\n{sentence}\n"));
    }
    match levels::known(name) {
        Ok(()) => bail!("`{name}` stands for several lints; `prospero check --list` names them all"),
        Err(help) => bail!("no lint `{name}`; {help}"),
    }
}

/// The name of the fix of a lint; none when it has none.
fn fix_name(lint: &Lint) -> Option<&'static str> {
    Some(match lint.fix()? {
        Safety::Safe => "safe",
        Safety::Unsafe => "unsafe",
        Safety::DisplayOnly => "shown",
    })
}
