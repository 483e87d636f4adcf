//! `prospero check`: says what is wrong with queries, pages and rules without data, and mends what can be mended.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Result, bail};
use syntax::{Safety, Severity};

use super::Outcome;
use crate::arguments::Escapes;
use crate::check::fix::{self, Mended};
use crate::check::levels::Level;
use crate::check::{Checked, Checker, Levels, Place, Subject, collect, data, list};
use crate::output::report::{self, Format};
use crate::output::{self, cost, firing};
use crate::session::CompileSources;
use crate::settings::Settings;

/// What `check` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero check detections/
  prospero check \"SELECT qid FROM events WHERE username ILIKE ANY ('adm%', 'svc%') LAST 1 HOURS\"
  prospero check detections/ --fix
  prospero check query.aql --escapes c-style --diff
  prospero check rules/ --format sarif > findings.sarif
  prospero check t1543 t1569 --data logs/
  prospero check query.aql --cost --data logs/
  prospero check --explain doubled-backslash

Warnings and notes do not fail: `--deny warnings`, `--deny NAME` or `\"error\"` in prospero.toml makes them errors. A comment
`-- allow: NAME` in a query, `# allow: NAME` in a Sigma rule, silences one (see docs/check.md).

Exit codes: 0 no errors; 1 errors found, or with --diff something to change; 2 could not do it.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Arguments {
    /// Files and folders of `.aql` queries, detection pages and Sigma rules; a built-in page or pack; a query; `-` for a
    /// query on standard input.
    #[arg(value_name = "PATH|QUERY", required_unless_present_any = ["explain", "list"])]
    paths: Vec<String>,
    /// How backslashes in the strings of `.aql` files and queries are read [default: strict]; pages say it themselves.
    #[arg(long, value_enum)]
    escapes: Option<Escapes>,
    /// How to print what is found.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Apply the fixes that keep the results.
    #[arg(long, help_heading = "Fixes")]
    fix: bool,
    /// With --fix or --diff, apply also the fixes that may change the results.
    #[arg(long = "unsafe", help_heading = "Fixes")]
    is_unsafe: bool,
    /// Show what --fix would change, and change nothing.
    #[arg(long, help_heading = "Fixes")]
    diff: bool,
    /// Do not say what this lint, or this group of lints, finds. May be repeated.
    #[arg(long, value_name = "NAME", help_heading = "Levels")]
    allow: Vec<String>,
    /// Say it as a warning. May be repeated.
    #[arg(long, value_name = "NAME", help_heading = "Levels")]
    warn: Vec<String>,
    /// Say it as an error; `warnings` for all warnings. May be repeated.
    #[arg(long, value_name = "NAME", help_heading = "Levels")]
    deny: Vec<String>,
    /// End with 0 whatever is found.
    #[arg(long, help_heading = "Levels")]
    exit_zero: bool,
    /// Print all about one lint.
    #[arg(long, value_name = "NAME", conflicts_with = "list", help_heading = "Documentation")]
    explain: Option<String>,
    /// List the lints.
    #[arg(long, help_heading = "Documentation")]
    list: bool,
    /// Read these logs once and say which detections and branches can fire on them, which cannot and for lack of what,
    /// and how far the fields are filled, instead of what lints find. May be repeated.
    #[arg(long, value_name = "LOGS", conflicts_with_all = ["fix", "diff"], help_heading = "Logs and cost")]
    data: Vec<PathBuf>,
    /// Say what each query costs, instead of what lints find; with --data in events and bytes of these logs.
    #[arg(long, conflicts_with_all = ["fix", "diff"], help_heading = "Logs and cost")]
    cost: bool,
    /// The file of settings, or `none` [default: the nearest `prospero.toml` from here upward, else the user's].
    #[arg(long, value_name = "FILE|none", help_heading = "Settings")]
    settings: Option<PathBuf>,
    /// A TOML file of further properties (see docs/properties.md).
    #[arg(long, value_name = "FILE", help_heading = "Settings")]
    properties: Option<PathBuf>,
    /// A folder of reference sets, maps and tables (see docs/reference-data.md).
    #[arg(long, value_name = "DIR", help_heading = "Settings")]
    reference_data: Option<PathBuf>,
    /// What `%name%` in Sigma rules stands for: NAME.txt with a value a line, or YAML; or a folder of such files.
    #[arg(long, value_name = "FILE|DIR", help_heading = "Settings")]
    placeholders: Vec<PathBuf>,
}

#[expect(clippy::similar_names, reason = "a checker makes what is checked")]
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    if let Some(name) = &arguments.explain {
        output::write_all(list::explain(name)?.as_bytes())?;
        return Ok(Outcome::Done);
    }
    if arguments.list {
        match arguments.format {
            Format::Json => output::write_json(&list::json())?,
            _ => output::write_all(list::table().as_bytes())?,
        }
        return Ok(Outcome::Done);
    }
    if arguments.is_unsafe && !arguments.fix && !arguments.diff {
        bail!("--unsafe goes with --fix or --diff");
    }
    let settings = Settings::load(arguments.settings.as_deref())?;
    let checker = arguments.checker(&settings)?;
    let escapes = arguments.escapes.map(Into::into).or(settings.escapes).unwrap_or_default();
    let subjects = collect(&arguments.paths, escapes, &settings.exclude)?;
    if subjects.is_empty() {
        bail!("no `.aql` file, no detection page and no Sigma rule in `{}`", arguments.paths.join("`, `"));
    }
    if arguments.cost || !arguments.data.is_empty() {
        return arguments.weigh(&checker, &settings, &subjects);
    }
    let mut checked = checker.check_all(subjects)?;
    if arguments.diff {
        return arguments.show_fixes(&checker, &mut checked);
    }
    if arguments.fix {
        arguments.apply_fixes(&checker, &mut checked)?;
    }
    let to_standard_error = arguments.fix && checked.iter().any(|it| it.subject.place == Place::Typed);
    arguments.print(&checked, to_standard_error)?;
    let failed = checked.iter().any(|it| it.diagnostics.iter().any(syntax::Diagnostic::is_error));
    Ok(if failed && !arguments.exit_zero { Outcome::Found } else { Outcome::Done })
}

impl Arguments {
    fn checker(&self, settings: &Settings) -> Result<Checker> {
        let reference_data = self.reference_data.as_ref().or(settings.reference_data.as_ref());
        let sources = CompileSources {
            properties: self.properties.as_deref().or(settings.properties.as_deref()),
            reference_data: reference_data.map(PathBuf::as_path),
            ..CompileSources::default()
        };
        let flags: [(&[String], Level); 3] =
            [(&self.allow, Level::Allow), (&self.warn, Level::Warn), (&self.deny, Level::Error)];
        Ok(Checker {
            options: sources.options()?,
            has_data: reference_data.is_some(),
            levels: Levels::new(&settings.levels, &flags)?,
            placeholders: self.placeholders.clone(),
        })
    }

    /// Says what logs allow the queries, or what these cost.
    fn weigh(&self, checker: &Checker, settings: &Settings, subjects: &[Subject]) -> Result<Outcome> {
        if !matches!(self.format, Format::Text | Format::Json) {
            bail!("--data and --cost are printed as text or json");
        }
        let (asked, left_out) = data::asked(checker, subjects)?;
        let properties = self.properties.as_deref().or(settings.properties.as_deref());
        let allowed = match self.data.as_slice() {
            [] => None,
            logs => Some(data::allowed(&asked, logs, &checker.options.environment, properties)?),
        };
        let (text, json) = match &allowed {
            Some(allowed) if !self.cost => (firing::text(&asked, allowed), firing::to_json(&asked, allowed)),
            _ => (cost::text(&asked, allowed.as_ref()), cost::to_json(&asked, allowed.as_ref())),
        };
        match self.format {
            Format::Json => output::write_json(&json)?,
            _ => output::write_all(text.as_bytes())?,
        }
        if left_out > 0 {
            output::note(&format!("{left_out} left out, since they have errors; `prospero check` says which"));
        }
        Ok(match &allowed {
            Some(allowed) if allowed.summary.statistics.cancelled => Outcome::Interrupted,
            Some(allowed) if !allowed.summary.failures.is_empty() => Outcome::NotUnderstood,
            _ => Outcome::Done,
        })
    }

    fn safety(&self) -> Safety {
        if self.is_unsafe { Safety::Unsafe } else { Safety::Safe }
    }

    /// Applies fixes. A query that is in no file is printed; the findings then go to standard error.
    fn apply_fixes(&self, checker: &Checker, texts: &mut [Checked]) -> Result<()> {
        for it in texts {
            let mended = checker.fix(it, self.safety());
            match &it.subject.place {
                Place::Typed => {
                    let end = if it.subject.text.ends_with('\n') { "" } else { "\n" };
                    output::write_all(format!("{}{end}", it.subject.text).as_bytes())?;
                }
                Place::File(_) if mended.is_some() => fix::write(it)?,
                Place::Builtin if mended.is_some() => bail!("`{}` is a built-in page", it.subject.name),
                Place::File(_) | Place::Builtin => {}
            }
            if let Some(mended) = mended {
                output::note(&format!("fixed: {}: {}", it.subject.name, mended.summary()));
            }
        }
        Ok(())
    }

    /// Shows what fixes would change.
    fn show_fixes(&self, checker: &Checker, texts: &mut [Checked]) -> Result<Outcome> {
        let mut outcome = Outcome::Done;
        for it in texts {
            let Some(mended) = checker.fix(it, self.safety()) else { continue };
            let Mended { before, .. } = &mended;
            output::write_all(fix::diff(&it.subject.name, before, &it.subject.text).as_bytes())?;
            output::note(&format!("would fix: {}: {}", it.subject.name, mended.summary()));
            if !self.exit_zero {
                outcome = Outcome::Found;
            }
        }
        Ok(outcome)
    }

    fn print(&self, checked: &[Checked], to_standard_error: bool) -> Result<()> {
        let reports: Vec<_> = checked.iter().map(Checked::report).collect();
        if to_standard_error {
            output::note(report::text(&reports, output::colour(&std::io::stderr())).trim_end());
        } else {
            report::write(self.format, &reports)?;
        }
        output::note(&summary(checked));
        Ok(())
    }
}

/// How much was found, and how much of it can be fixed.
fn summary(checked: &[Checked]) -> String {
    let all = || checked.iter().flat_map(|it| &it.diagnostics);
    let count = |severity, what| {
        let count = all().filter(|it| it.severity == severity).count();
        output::count(count as u64, what)
    };
    let mut text = format!(
        "{} checked: {}, {}, {}",
        output::count(checked.len() as u64, "text"),
        count(Severity::Error, "error"),
        count(Severity::Warning, "warning"),
        count(Severity::Note, "note"),
    );
    let fixable = |safety| all().filter_map(|it| it.fix.as_ref()).filter(|it| it.safety == safety).count();
    for (safety, flags) in [(Safety::Safe, "--fix"), (Safety::Unsafe, "--fix --unsafe")] {
        let count = fixable(safety);
        if count > 0 {
            let _ = write!(text, "; {count} can be fixed with `{flags}`");
        }
    }
    text
}
