//! What the user may say on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands;

/// Runs AQL detections over logs: which matched, where, and why.
#[derive(Debug, Parser)]
#[command(name = "prospero", version, max_term_width = 100, propagate_version = true)]
#[command(after_help = "Examples:
  prospero scan C:\\Windows\\System32\\winevt\\Logs
  prospero query \"SELECT EventID, COUNT(*) FROM events GROUP BY EventID\" logs/
  prospero check detections/
  prospero test detections/

Exit codes: 0 done; 1 matches (with --fail-on), errors found by check, failed tests; 2 could not do it.")]
pub(crate) struct Arguments {
    /// When to colour the output.
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// When to colour the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On terminals, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The verbs, one file each in `commands/`.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run detections over logs.
    Scan(commands::scan::Arguments),
    /// Run an AQL query over logs.
    Query(commands::query::Arguments),
    /// Put the events of logs into Parquet files, sorted by time, a folder for each day.
    Ingest(commands::ingest::Arguments),
    /// Check AQL files and detection pages without data.
    Check(commands::check::Arguments),
    /// Format AQL files and the queries of detection pages.
    Fmt(commands::fmt::Arguments),
    /// Say what a query asks for, and why events match it or not.
    Explain(commands::explain::Arguments),
    /// Run the tests of detection pages.
    Test(commands::test::Arguments),
    /// Rewrite the attacks of pages as an attacker would, and say what escapes their queries.
    Evade(commands::evade::Arguments),
    /// Change the queries of detection pages and see whether their tests notice.
    Mutate(commands::mutate::Arguments),
    /// Propose exclusions for detections that are noisy on these logs.
    Tune(commands::tune::Arguments),
    /// Run detections over logs and say when, where and at what cost they match.
    Backtest(commands::backtest::Arguments),
    /// Compare what two versions of a page or query find.
    Diff(commands::diff::Arguments),
    /// Say whether two queries match the same events, by proof where there is one.
    Equal(commands::equal::Arguments),
    /// List the exclusions there are, and check tuning files.
    Tuning(commands::tuning::Arguments),
    /// List the fields of the event model.
    Fields(commands::fields::Arguments),
    /// List the functions of AQL.
    Functions(commands::functions::Arguments),
    /// Convert events to EVTX, Sigma rules to AQL and pages.
    Convert(commands::convert::Arguments),
    /// Say which techniques the detections cover, and how far.
    Coverage(commands::coverage::Arguments),
    /// Write a static site about the detections.
    Catalogue(commands::catalogue::Arguments),
    /// Print the completions of a shell.
    Completions(commands::completions::Arguments),
    /// Serve editors over the Language Server Protocol.
    Lsp(commands::lsp::Arguments),
    /// Print the manual page.
    Man(commands::man::Arguments),
}

/// What is read, and how.
#[derive(Debug, Args)]
pub(crate) struct InputArguments {
    /// How all inputs are read, instead of by their content.
    #[arg(long, value_name = "FORMAT", help_heading = "Input", long_help = crate::session::input_formats())]
    pub(crate) input_format: Option<String>,
    /// A TOML file of further properties (see docs/properties.md).
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) properties: Option<PathBuf>,
    /// A folder of reference sets, maps and tables, one CSV or JSON file each (see docs/reference-data.md).
    #[arg(long, value_name = "DIR", help_heading = "Input")]
    pub(crate) reference_data: Option<PathBuf>,
    /// A MaxMind database for the GEO functions.
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) geoip: Option<PathBuf>,
    /// The time zone of DATEFORMAT, START and STOP.
    #[arg(long, value_name = "ZONE", default_value = "UTC", help_heading = "Input")]
    pub(crate) time_zone: String,
    /// How many files are read at the same time [default: all cores].
    #[arg(long, value_name = "N", help_heading = "Input", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// How much memory sorting and grouping may take before they use the disk, in MiB: all detections that look at groups
    /// of events together.
    #[arg(long, value_name = "MIB", default_value_t = 1024, help_heading = "Input", value_parser = clap::value_parser!(u64).range(16..))]
    pub(crate) memory: u64,
}

/// How backslashes in strings are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Escapes {
    /// As QRadar: a backslash is an ordinary character.
    Strict,
    /// `\\` is one backslash.
    CStyle,
}

impl From<Escapes> for aql::Escapes {
    fn from(escapes: Escapes) -> Self {
        match escapes {
            Escapes::Strict => Self::Strict,
            Escapes::CStyle => Self::CStyle,
        }
    }
}
