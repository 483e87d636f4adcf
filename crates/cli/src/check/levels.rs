//! How much a finding matters: what the lint says, changed by the settings, changed by the command line. The name of a
//! lint goes before that of its group; `warnings`, all that is a warning then, comes last.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use aql::lints::{self, Group, LINTS};
use clap::ValueEnum;
use syntax::{Diagnostic, Severity};

/// The name that stands for all warnings.
const WARNINGS: &str = "warnings";

/// What becomes of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// It is not said.
    Allow,
    /// A fact worth knowing.
    Note,
    /// Said, and nothing more.
    Warn,
    /// Said, and the check fails.
    Error,
}

impl Level {
    /// The level of this name in settings.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        <Self as ValueEnum>::from_str(name, false).ok()
    }

    fn severity(self) -> Option<Severity> {
        match self {
            Self::Allow => None,
            Self::Note => Some(Severity::Note),
            Self::Warn => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

/// The levels of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels {
    settings: BTreeMap<String, Level>,
    flags: BTreeMap<String, Level>,
}

/// The warnings of pages and rules, which are no lints: name and sentence.
pub(crate) fn warnings_of_pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    pack::WARNINGS.iter().chain(sigma::WARNINGS).copied()
}

/// Whether a level can be given to this name; otherwise what the user may have meant.
pub(crate) fn known(name: &str) -> Result<(), String> {
    let groups = Group::ALL.iter().map(|it| it.name());
    let names = LINTS.iter().map(|it| it.name).chain(groups).chain(warnings_of_pages().map(|it| it.0));
    let names: Vec<&str> = names.chain([WARNINGS]).collect();
    if names.contains(&name) {
        return Ok(());
    }
    Err(match syntax::suggest(name, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`prospero check --list` names them all".to_owned(),
    })
}

impl Levels {
    /// The levels of the settings and, before them, those of the command line: `(names, level)`, the weakest first.
    pub(crate) fn new(settings: &[(String, Level)], flags: &[(&[String], Level)]) -> Result<Self> {
        let mut levels = Self { settings: settings.iter().cloned().collect(), flags: BTreeMap::new() };
        for (names, level) in flags {
            for name in *names {
                if let Err(help) = known(name) {
                    bail!("no lint and no group `{name}`; {help}");
                }
                levels.flags.insert(name.clone(), *level);
            }
        }
        Ok(levels)
    }

    /// What is left to say, with the severities of these levels. Errors stay what they are.
    pub(crate) fn apply(&self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let levelled = |mut it: Diagnostic| {
            it.severity = self.severity(&it)?;
            Some(it)
        };
        diagnostics.into_iter().filter_map(levelled).collect()
    }

    fn severity(&self, diagnostic: &Diagnostic) -> Option<Severity> {
        if diagnostic.is_error() {
            return Some(Severity::Error);
        }
        let group = lints::lint(diagnostic.id).map_or("", |it| it.group.name());
        let of = |levels: &BTreeMap<String, Level>| levels.get(diagnostic.id).or_else(|| levels.get(group)).copied();
        let mut severity = match of(&self.flags).or_else(|| of(&self.settings)) {
            Some(level) => level.severity()?,
            None => diagnostic.severity,
        };
        for levels in [&self.settings, &self.flags] {
            if let (Severity::Warning, Some(level)) = (severity, levels.get(WARNINGS)) {
                severity = level.severity()?;
            }
        }
        Some(severity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syntax::Span;

    #[test]
    fn names_go_before_groups_and_flags_before_settings() {
        let owned = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect::<Vec<String>>();
        let settings = |it: &[(&str, Level)]| it.iter().map(|it| (it.0.to_owned(), it.1)).collect::<Vec<_>>();
        // Settings, denied and allowed on the command line, and what becomes of a warning of the group `portability`.
        let cases = [
            (settings(&[]), owned(&[]), owned(&[]), Some(Severity::Warning)),
            (settings(&[("portability", Level::Allow)]), owned(&[]), owned(&[]), None),
            (
                settings(&[("portability", Level::Allow), ("any-pattern", Level::Note)]),
                owned(&[]),
                owned(&[]),
                Some(Severity::Note),
            ),
            (settings(&[("any-pattern", Level::Allow)]), owned(&["any-pattern"]), owned(&[]), Some(Severity::Error)),
            (settings(&[("any-pattern", Level::Note)]), owned(&["portability"]), owned(&[]), Some(Severity::Error)),
            (settings(&[("any-pattern", Level::Note)]), owned(&["warnings"]), owned(&[]), Some(Severity::Note)),
            (settings(&[]), owned(&["warnings"]), owned(&[]), Some(Severity::Error)),
            (settings(&[]), owned(&["warnings"]), owned(&["any-pattern"]), None),
        ];
        for (settings, denied, allowed, expected) in cases {
            let flags: [(&[String], Level); 2] = [(&allowed, Level::Allow), (&denied, Level::Error)];
            let levels = Levels::new(&settings, &flags).expect("the names are known");
            let said = Diagnostic::warning("any-pattern", Span::default(), "m");
            let left = levels.apply(vec![said]).first().map(|it| it.severity);
            assert_eq!(left, expected, "{levels:?}");
        }
        assert!(Levels::new(&[], &[(&owned(&["anypattern"]), Level::Warn)]).is_err());
        let error = Diagnostic::error("unknown-field", Span::default(), "m");
        let levels = Levels::new(&settings(&[("warnings", Level::Allow)]), &[]).expect("the name is known");
        assert_eq!(levels.apply(vec![error]).len(), 1);
    }
}
