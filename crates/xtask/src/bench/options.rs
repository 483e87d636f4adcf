//! What `cargo xtask bench` takes.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Measures Prospero beside other programs on the same data, and prints a Markdown report.
///
/// What is given decides what is measured: queries need `--seeds`, scans `--evtx` and `--sigma`, compiling `--aql`. Data
/// and other programs are kept in `target/bench`.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", no_binary_name = true)]
pub(super) struct Options {
    /// Events in the Parquet folder.
    #[arg(long, value_name = "N", default_value_t = 20_000_000)]
    pub(super) rows: u64,
    /// A folder whose EVTX files are copied in turn.
    #[arg(long, value_name = "DIR")]
    pub(super) evtx: Option<PathBuf>,
    /// How much EVTX is made of them, in millions of bytes.
    #[arg(long, value_name = "MB", default_value_t = 1_000)]
    pub(super) evtx_megabytes: u64,
    /// A folder of Sigma rules.
    #[arg(long, value_name = "DIR")]
    pub(super) sigma: Option<PathBuf>,
    /// A folder of texts, each with an AQL query from SELECT to LAST.
    #[arg(long, value_name = "DIR")]
    pub(super) seeds: Option<PathBuf>,
    /// A folder of files with one JSON object a line, its member `aql` a query.
    #[arg(long, value_name = "DIR")]
    pub(super) aql: Option<PathBuf>,
    /// How often each program runs; the median counts.
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(super) rounds: usize,
    /// Only this part; may be given again.
    #[arg(long, value_enum, value_name = "PART")]
    pub(super) only: Vec<Part>,
    /// Leave the other programs out.
    #[arg(long)]
    pub(super) no_peers: bool,
    /// Also count instructions, with valgrind.
    #[arg(long)]
    pub(super) callgrind: bool,
    /// The program that is measured [default: the release program, which is built].
    #[arg(long, value_name = "FILE")]
    pub(super) program: Option<PathBuf>,
    /// Where data and other programs are kept [default: target/bench].
    #[arg(long, value_name = "DIR")]
    pub(super) folder: Option<PathBuf>,
    /// Write the report to this file too.
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// A part of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Part {
    /// The data only.
    Data,
    /// Queries over Parquet.
    Queries,
    /// Scans of EVTX with Sigma rules.
    Scan,
    /// Sigma rules over events in memory.
    Matching,
    /// Compiling queries.
    Compile,
    /// Starting up.
    Start,
    /// Instructions, as `--callgrind`.
    Callgrind,
}

impl Options {
    /// Whether this part is asked for.
    pub(super) fn wants(&self, part: Part) -> bool {
        match part {
            Part::Callgrind => self.callgrind || self.only.contains(&part),
            _ => self.only.is_empty() || self.only.contains(&part),
        }
    }
}
