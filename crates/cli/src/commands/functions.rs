//! `prospero functions`

use anyhow::Result;
use aql::{Function, Standing};
use serde_json::json;

use super::Outcome;
use crate::output::{self, CatalogueFormat, Table};

/// What `functions` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero functions
  prospero functions date
  prospero functions --format json")]
pub(crate) struct Arguments {
    /// Only functions of which the name or the summary holds this text.
    #[arg(value_name = "TEXT")]
    search: Option<String>,
    /// How to print them.
    #[arg(long, value_enum, default_value_t = CatalogueFormat::Table)]
    format: CatalogueFormat,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let search = arguments.search.as_ref().map(|it| it.to_lowercase());
    let wanted = |function: &&&Function| {
        search.as_ref().is_none_or(|part| {
            function.name.to_lowercase().contains(part) || function.summary.to_lowercase().contains(part)
        })
    };
    let functions: Vec<_> = aql::functions::FUNCTIONS.iter().filter(wanted).collect();
    match arguments.format {
        CatalogueFormat::Table => {
            let mut table = Table::new(["function", "returns", "what it does"]);
            for function in functions {
                let first = function.summary.split_inclusive(". ").next().unwrap_or_default().trim_end();
                table.row([&function.signature(), &function.returns.to_string(), first]);
            }
            output::write_all(table.to_string().as_bytes())?;
        }
        CatalogueFormat::Json => {
            output::write_json(&functions.into_iter().map(|it| to_json(it)).collect::<Vec<_>>())?;
        }
    }
    Ok(Outcome::Done)
}

fn to_json(function: &Function) -> serde_json::Value {
    json!({
        "name": function.name,
        "signature": function.signature(),
        "returns": function.returns.to_string(),
        "summary": function.summary,
        "extension": matches!(function.standing, Standing::Extension(_)),
        "examples": function.examples.iter().map(|it| json!({ "call": it.call, "value": it.value })).collect::<Vec<_>>(),
    })
}
