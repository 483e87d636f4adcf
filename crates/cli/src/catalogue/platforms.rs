//! Queries of other platforms: what sigma-cli makes of the Sigma rules, where it is installed.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The longest query that is shown, in bytes.
const QUERY_MAX: usize = 256 << 10;

/// A platform that sigma-cli converts to.
struct Platform {
    name: &'static str,
    /// The backend, as `sigma list targets` names it.
    target: &'static str,
    /// The processing pipelines for rules about Windows.
    windows: &'static [&'static str],
}

/// The platforms of the catalogue; those whose backend is not installed are left out.
const PLATFORMS: &[Platform] = &[
    Platform { name: "Splunk", target: "splunk", windows: &["splunk_windows"] },
    Platform { name: "Microsoft Sentinel and Defender XDR (Kusto)", target: "kusto", windows: &["microsoft_xdr"] },
    Platform { name: "Elasticsearch (Lucene)", target: "lucene", windows: &["ecs_windows"] },
    Platform { name: "Elasticsearch (ES|QL)", target: "esql", windows: &["ecs_windows"] },
];

/// A detection in the language of another platform.
pub(crate) struct PlatformQuery {
    pub(crate) name: &'static str,
    /// The query, or why there is none.
    pub(crate) query: Result<String, String>,
}

/// An installed sigma-cli and the platforms that it knows.
pub(crate) struct SigmaCli {
    program: PathBuf,
    platforms: Vec<&'static Platform>,
}

impl SigmaCli {
    /// The program, when it runs.
    pub(crate) fn find(program: &Path) -> Option<Self> {
        let output = Command::new(program).args(["list", "targets"]).output().ok().filter(|it| it.status.success())?;
        let listed = String::from_utf8_lossy(&output.stdout).into_owned();
        let knows =
            |target: &str| listed.split(|it: char| !it.is_ascii_alphanumeric() && it != '_').any(|it| it == target);
        let platforms = PLATFORMS.iter().filter(|it| knows(it.target)).collect();
        Some(Self { program: program.to_owned(), platforms })
    }

    /// The names of the platforms whose backend is installed.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.platforms.iter().map(|it| it.name).collect()
    }

    /// The rules of these files on each platform.
    pub(crate) fn convert(&self, rules: &[PathBuf], is_windows: bool) -> Vec<PlatformQuery> {
        self.platforms
            .iter()
            .map(|it| PlatformQuery { name: it.name, query: self.one(it, rules, is_windows) })
            .collect()
    }

    fn one(&self, platform: &Platform, rules: &[PathBuf], is_windows: bool) -> Result<String, String> {
        let mut command = Command::new(&self.program);
        command.args(["convert", "--target", platform.target]);
        if is_windows && !platform.windows.is_empty() {
            for pipeline in platform.windows {
                command.args(["--pipeline", pipeline]);
            }
        } else {
            command.arg("--without-pipeline");
        }
        let output = command.args(rules).output().map_err(|it| it.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() && !text.is_empty() && text.len() <= QUERY_MAX {
            return Ok(text);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let reason = said.lines().rev().find(|it| !it.trim().is_empty()).unwrap_or("no query came out");
        Err(reason.trim().trim_start_matches("Error: ").to_owned())
    }
}
