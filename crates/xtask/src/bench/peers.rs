//! The other programs: installed into the folder of the benchmark, from the package indexes of Python and Rust.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::measure::progress;

/// What is not measured, and why.
pub(super) static ABSENT: [(&str, &str); 4] = [
    ("Hayabusa", "no package: the crate of this name is a library for another purpose, PyPI has none"),
    ("Chainsaw", "no package: the crate and the PyPI package of this name are about trees"),
    ("Zircolite", "no package; zargunlite, a package that does the same with its field names, stands for it"),
    ("rsigma", "a crate that tests Sigma rules on EVTX; with some 500 dependencies, it takes an hour to build here"),
];

/// Engines that read Parquet.
static QUERY_PACKAGES: [&str; 3] = ["duckdb", "chdb", "polars"];
/// Zircolite's way: EVTX to a table, Sigma rules to SQL.
static SIGMA_PACKAGES: [&str; 5] =
    ["zargunlite", "evtx", "pysigma-backend-sqlite", "pysigma-pipeline-sysmon", "pysigma-pipeline-windows"];

/// A program of a crate.
struct Crate {
    name: &'static str,
    program: &'static str,
}

static EVTX_DUMP: Crate = Crate { name: "evtx", program: "evtx_dump" };

/// The programs that are there, each with the reason when it is not.
#[derive(Debug)]
pub(super) struct Peers {
    /// A Python with the engines for queries.
    pub(super) query: Result<PathBuf>,
    /// A Python with what Zircolite's way needs.
    pub(super) sigma: Result<PathBuf>,
    pub(super) evtx_dump: Result<PathBuf>,
    /// Names with versions.
    pub(super) versions: BTreeMap<String, String>,
}

impl Peers {
    /// Installs below `folder` what is not there yet, of what queries and scans are measured against.
    pub(super) fn ensure(folder: &Path, for_queries: bool, for_scans: bool) -> Self {
        let wanted = |is_wanted: bool, install: &dyn Fn() -> Result<PathBuf>| {
            if is_wanted { install() } else { bail!("left out") }
        };
        let mut peers = Self {
            query: wanted(for_queries, &|| python(folder, &QUERY_PACKAGES)),
            sigma: wanted(for_scans, &|| python(folder, &SIGMA_PACKAGES)),
            evtx_dump: wanted(for_scans, &|| cargo(folder, &EVTX_DUMP)),
            versions: BTreeMap::new(),
        };
        if let Ok(python) = peers.query.as_ref().or(peers.sigma.as_ref()) {
            peers.versions.extend(package_versions(python).unwrap_or_default());
        }
        if let Some(version) = peers.evtx_dump.as_ref().ok().and_then(|it| version(it).ok()) {
            peers.versions.insert("evtx_dump".to_owned(), version);
        }
        peers
    }
}

/// What a program says of its version, without its name.
pub(super) fn version(program: &Path) -> Result<String> {
    let output = Command::new(program).arg("--version").output()?;
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().next().and_then(|it| it.split(' ').next_back()).unwrap_or_default().to_owned())
}

/// A Python of its own that has these packages.
fn python(folder: &Path, packages: &[&str]) -> Result<PathBuf> {
    let environment = folder.join("venv");
    let python = environment.join("bin/python");
    if !python.exists() {
        progress("python3 -m venv");
        finish(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    }
    let installed = package_versions(&python)?;
    let missing: Vec<_> = packages.iter().filter(|it| !installed.contains_key(**it)).collect();
    if !missing.is_empty() {
        progress(&format!("pip install {missing:?}"));
        finish(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(missing))?;
    }
    Ok(python)
}

/// Packages in lower case with their versions.
fn package_versions(python: &Path) -> Result<BTreeMap<String, String>> {
    let output =
        Command::new(python).args(["-m", "pip", "list", "--format=json", "--disable-pip-version-check"]).output()?;
    let packages: Vec<Value> = serde_json::from_slice(&output.stdout).context("pip does not list its packages")?;
    let text = |package: &Value, name: &str| package[name].as_str().map(str::to_owned);
    Ok(packages.iter().filter_map(|it| Some((text(it, "name")?.to_lowercase(), text(it, "version")?))).collect())
}

fn cargo(folder: &Path, wanted: &Crate) -> Result<PathBuf> {
    let root = folder.join("peers");
    let program = root.join("bin").join(wanted.program);
    if !program.exists() {
        progress(&format!("cargo install {}", wanted.name));
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        finish(command.args(["install", "--quiet", wanted.name, "--root"]).arg(&root).arg("--locked"))?;
    }
    Ok(program)
}

/// Runs an installer to its end.
fn finish(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        let messages = String::from_utf8_lossy(&output.stderr);
        bail!("{}", messages.lines().last().unwrap_or("no reason was given"));
    }
    Ok(())
}
