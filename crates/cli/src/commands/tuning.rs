//! `prospero tuning`: the exclusions there are, and whether each is applied.

use anyhow::Result;
use serde_json::json;

use super::Outcome;
use crate::output::{self, CatalogueFormat, Table};
use crate::session::CompileSources;
use crate::tuning::{State, TuningArguments};

/// What `tuning` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero tuning
  prospero tuning --tuning our-tuning/ --exclude sccm,pdq
  prospero tuning --tuning our-tuning/ --tuning-date 2027-01-01

Reads the tuning files as `prospero scan` would with the same options, and says what is wrong with them.
Exit codes: 0 all good; 1 a file is wrong or an exclusion is expired; 2 could not read.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    tuning: TuningArguments,
    /// A folder of reference sets, maps and tables (see docs/reference-data.md).
    #[arg(long, value_name = "DIR")]
    reference_data: Option<std::path::PathBuf>,
    /// How to print the list.
    #[arg(long, value_enum, default_value_t = CatalogueFormat::Table)]
    format: CatalogueFormat,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let sources = CompileSources { reference_data: arguments.reference_data.as_deref(), ..CompileSources::default() };
    let tuning = arguments.tuning.load_all(&sources.options()?)?;
    match arguments.format {
        CatalogueFormat::Json => output::write_json(&tuning.all.iter().map(to_json).collect::<Vec<_>>())?,
        CatalogueFormat::Table => {
            let mut table = Table::new(["product", "exclusion", "state", "expires", "owner", "about", "reason"]);
            for (it, state) in &tuning.all {
                table.row([
                    it.product.as_deref().unwrap_or_default(),
                    &it.id,
                    state.name(),
                    it.expires.as_deref().unwrap_or_default(),
                    &it.owner,
                    &it.detections.join(", "),
                    &it.reason,
                ]);
            }
            output::write_all(table.to_string().as_bytes())?;
        }
    }
    let bad = tuning.wrong > 0 || tuning.all.iter().any(|(_, state)| *state == State::Expired);
    Ok(if bad { Outcome::Found } else { Outcome::Done })
}

fn to_json((it, state): &(pack::tuning::Exclusion, State)) -> serde_json::Value {
    json!({
        "id": it.id,
        "product": it.product,
        "state": state.name(),
        "expires": it.expires,
        "owner": it.owner,
        "detections": it.detections,
        "reason": it.reason,
        "filter": it.filter.trim(),
        "file": it.file,
    })
}
